//! The JSON of a reading. Key names and nesting are a contract with other tools.

use super::verdict;
use crate::model::reference::{ReferredAmount, ReferredDocument};
use crate::model::statement::{
    AmountDetails, AmountOrigin, BankCode, Batch, Charge, ControlTotal, ConvertedAmount, EntryStatus, ReturnInformation,
};
use crate::model::{
    Account, Amount, Balance, Currency, Entry, Finding, NaiveDate, Parties, Party, References, Side, Statement,
    TransactionDetails,
};
use crate::read::statement::FileReading;
use crate::words::Words;
use crate::words::finding::message;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes a reading piece by piece: as one value, a large statement would stand in memory several times.
pub(super) fn write(out: &mut impl Write, words: Words, reading: &FileReading) -> io::Result<()> {
    let head = json!({
        "file": reading.file,
        "verdict": verdict(reading),
        "message": reading.message,
        "findings": reading.all_findings().into_iter().map(|found| finding(words, found)).collect::<Vec<_>>(),
    });
    with_list(out, &head, "statements", &reading.statements, |out, found| {
        with_list(out, &statement(found), "entries", &found.entries, |out, found| {
            with_list(out, &entry(found), "tx", &found.details, |out, found| {
                write!(out, "{}", transaction(found))
            })
        })
    })
}

/// Writes an object with one more key, whose value is a list that is written item by item.
fn with_list<W: Write, T>(
    out: &mut W,
    object: &Value,
    key: &str,
    items: &[T],
    item: impl Fn(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    let object = object.to_string();
    write!(out, "{},\"{key}\":[", object.strip_suffix('}').unwrap_or(&object))?;
    for (at, found) in items.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        item(out, found)?;
    }
    out.write_all(b"]}")
}

fn finding(words: Words, finding: &Finding) -> Value {
    let said = message(words, finding);
    json!({
        "severity": finding.severity.code(),
        "code": finding.code.code(),
        "place": finding.source.to_string(),
        "message": said.message,
        "remedy": said.remedy,
    })
}

fn statement(statement: &Statement) -> Value {
    json!({
        "kind": statement.kind.element(),
        "id": statement.id,
        "elctrnc_seq": statement.electronic_sequence,
        "lgl_seq": statement.legal_sequence,
        "page": statement.page.map(|page| page.number.to_string()),
        "last_page": statement.page.map(|page| page.is_last.to_string()),
        "created": statement.created,
        "from": date(statement.from),
        "to": date(statement.to),
        "copy_dup": statement.copy_indicator,
        "acct": account(&statement.account),
        "owner": statement.owner.as_ref().map_or_else(|| json!({}), party),
        "servicer": statement.servicer.as_ref().map_or_else(|| json!({}), agent),
        "proof": proof(statement),
        "balances": statement.balances.iter().map(balance).collect::<Vec<_>>(),
        "control": statement.control.iter().map(|total| control(total, statement.currency())).collect::<Vec<_>>(),
    })
}

fn proof(statement: &Statement) -> &'static str {
    use crate::model::statement::Proof;
    match statement.proof {
        Proof::NotChecked => "not checked",
        Proof::Proved => "proved",
        Proof::Unproved => "unproved",
        Proof::Incomplete => "incomplete",
        Proof::Broken { .. } => "broken",
    }
}

/// A count or a sum that the bank states; both sides where no side is named.
fn control(total: &ControlTotal, currency: Option<Currency>) -> Value {
    let sum = total
        .sum
        .zip(currency)
        .map(|(minor, currency)| Amount::new(minor, currency).decimal());
    json!({
        "cdtdbt": total.side.map(Side::code),
        "count": total.count,
        "sum": sum,
        "place": total.source.to_string(),
    })
}

fn balance(balance: &Balance) -> Value {
    json!({
        "type": balance.kind.code(),
        "subtype": balance.sub_kind,
        "amount": balance.amount.decimal(),
        "currency": balance.amount.currency.code(),
        "cdtdbt": balance.side.map(Side::code),
        "date": date(balance.date),
    })
}

fn entry(entry: &Entry) -> Value {
    json!({
        "entry_ref": entry.reference,
        "acct_svcr_ref": entry.servicer_reference,
        "amount": entry.amount.decimal(),
        "currency": entry.amount.currency.code(),
        "cdtdbt": entry.side.code(),
        "reversal": entry.is_reversal,
        "status": entry.status.as_ref().map(EntryStatus::code),
        "booking_date": date(entry.booking_date),
        "value_date": date(entry.value_date),
        "effective_date": date(entry.effective_date),
        "bank_tx_code": bank_code(&entry.code),
        "additional_info": entry.additional_information,
        "charges": charges(&entry.charges),
        "amt_dtls": amounts(&entry.amounts),
        "batch": entry.batches.iter().map(batch).collect::<Vec<_>>(),
    })
}

fn transaction(detail: &TransactionDetails) -> Value {
    let remittance = &detail.remittance;
    let structured = remittance.creditor_references.iter().map(|reference| {
        json!({
            "ref": reference.reference,
            "type": reference.kind,
            "type_is_prtry": reference.is_proprietary,
            "issuer": reference.issuer,
        })
    });
    let mut value = json!({
        "amount": detail.amount.map(Amount::decimal),
        "amount_source": detail.amount_origin.map(origin),
        "currency": detail.amount.map(|amount| amount.currency.code().to_owned()),
        "cdtdbt": detail.side.code(),
        "refs": references(&detail.references),
        "amt_dtls": amounts(&detail.amounts),
        "parties": parties(&detail.parties),
        "structured_refs": structured.collect::<Vec<_>>(),
        "referred_docs": remittance.referred_documents.iter().map(document).collect::<Vec<_>>(),
        "referred_amts": referred_amounts(&remittance.referred_documents, &remittance.referred_amounts),
        "additional_remittance": (!remittance.additional.is_empty()).then_some(&remittance.additional),
        "unstructured": remittance.unstructured,
        "additional_info": detail.additional_information,
        "charges": charges(&detail.charges),
        "bank_tx_code": bank_code(&detail.code),
        "purpose": detail.purpose,
    });
    if let (Some(map), Some(returned)) = (value.as_object_mut(), &detail.return_information) {
        map.insert("return".to_owned(), return_information(returned));
    }
    value
}

fn origin(origin: AmountOrigin) -> &'static str {
    match origin {
        AmountOrigin::Detail => "TxDtls/Amt",
        AmountOrigin::TransactionAmount => "AmtDtls/TxAmt",
        AmountOrigin::InstructedAmount => "AmtDtls/InstdAmt",
    }
}

fn date(date: Option<NaiveDate>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn amount(amount: Amount) -> Value {
    json!({ "amount": amount.decimal(), "currency": amount.currency.code() })
}

/// Builds an object of what is known; what is not has no key.
#[derive(Default)]
struct Known(Map<String, Value>);

impl Known {
    fn text<T: AsRef<str>>(mut self, key: &str, text: Option<T>) -> Known {
        if let Some(text) = text {
            self.0.insert(key.to_owned(), Value::from(text.as_ref()));
        }
        self
    }

    fn value(mut self, key: &str, value: Option<Value>) -> Known {
        if let Some(value) = value {
            self.0.insert(key.to_owned(), value);
        }
        self
    }

    fn list(self, key: &str, list: &[String]) -> Known {
        let value = (!list.is_empty()).then(|| json!(list));
        self.value(key, value)
    }

    fn object(self) -> Value {
        Value::Object(self.0)
    }

    fn object_or_null(self) -> Value {
        if self.0.is_empty() { Value::Null } else { self.object() }
    }
}

fn account(account: &Account) -> Value {
    Known::default()
        .text("iban", account.iban.as_ref())
        .text("other", account.other.as_ref())
        .text("scheme", account.scheme.as_ref())
        .text("ccy", account.currency.as_ref())
        .text("name", account.name.as_ref())
        .object()
}

fn party(party: &Party) -> Value {
    // A party's BIC stands among its identifiers already.
    let bic = party
        .bic
        .as_ref()
        .filter(|bic| !party.ids.iter().any(|(_, id)| id == *bic));
    let ids = (!party.ids.is_empty()).then(|| json!(party.ids));
    Known::default()
        .text("bic", bic)
        .text("member", party.member_id.as_ref())
        .text("name", party.name.as_ref())
        .list("address", &party.address_lines)
        .list("address_parts", &party.address_parts)
        .value("ids", ids)
        .object()
}

/// An agent shows what identifies it; its address says nothing about a payer.
fn agent(agent: &Party) -> Value {
    Known::default()
        .text("bic", agent.bic.as_ref())
        .text("member", agent.member_id.as_ref())
        .text("name", agent.name.as_ref())
        .object()
}

fn parties(parties: &Parties) -> Value {
    let party_of = |found: &Option<Box<Party>>| found.as_deref().map(party);
    let agent_of = |found: &Option<Box<Party>>| found.as_deref().map(agent).filter(|agent| *agent != json!({}));
    let account_of = |found: &Option<Box<Account>>| found.as_deref().map(account);
    Known::default()
        .value("InitgPty", party_of(&parties.initiating_party))
        .value("Dbtr", party_of(&parties.debtor))
        .value("DbtrAcct", account_of(&parties.debtor_account))
        .value("UltmtDbtr", party_of(&parties.ultimate_debtor))
        .value("Cdtr", party_of(&parties.creditor))
        .value("CdtrAcct", account_of(&parties.creditor_account))
        .value("UltmtCdtr", party_of(&parties.ultimate_creditor))
        .value("DbtrAgt", agent_of(&parties.debtor_agent))
        .value("CdtrAgt", agent_of(&parties.creditor_agent))
        .object()
}

fn references(references: &References) -> Value {
    let proprietary = (!references.proprietary.is_empty()).then(|| json!(references.proprietary));
    let known = Known::default()
        .text("MsgId", references.message_id.as_ref())
        .text("AcctSvcrRef", references.servicer_reference.as_ref())
        .text("PmtInfId", references.payment_information_id.as_ref())
        .text("InstrId", references.instruction_id.as_ref())
        .text("EndToEndId", references.end_to_end_id.as_ref())
        .text("TxId", references.transaction_id.as_ref())
        .text("UETR", references.uetr.as_ref())
        .text("MndtId", references.mandate_id.as_ref())
        .text("ClrSysRef", references.clearing_reference.as_ref())
        .text("ChqNb", references.cheque_number.as_ref())
        .value("Prtry", proprietary);
    let others = references.others.iter();
    others
        .fold(known, |known, (name, text)| known.text(name, Some(text)))
        .object()
}

fn bank_code(code: &BankCode) -> Value {
    Known::default()
        .text("domain", code.domain.as_ref())
        .text("prtry", code.proprietary.as_ref())
        .text("prtry_issr", code.issuer.as_ref())
        .object_or_null()
}

/// Writes the records; a total only where no record stands.
fn charges(charges: &[Charge]) -> Vec<Value> {
    let has_records = charges.iter().any(|charge| !charge.is_total);
    let shown = charges.iter().filter(|charge| charge.is_total != has_records);
    shown
        .map(|charge| {
            if charge.is_total {
                return json!({ "total": amount(charge.amount) });
            }
            json!({
                "amt": amount(charge.amount),
                "cdtdbt": charge.side.map(Side::code),
                "incl": charge.is_included.map(|is_included| is_included.to_string()),
                "type": charge.kind,
                "bearer": charge.bearer,
            })
        })
        .collect()
}

fn converted(found: &ConvertedAmount) -> Value {
    let exchange = Known::default()
        .text("SrcCcy", found.source_currency.as_ref())
        .text("TrgtCcy", found.target_currency.as_ref())
        .text("UnitCcy", found.unit_currency.as_ref())
        .text("XchgRate", found.rate.as_ref())
        .text("QtnDt", found.quoted.as_ref());
    let mut value = amount(found.amount);
    if let (Some(map), false) = (value.as_object_mut(), exchange.0.is_empty()) {
        map.insert("fx".to_owned(), exchange.object());
    }
    value
}

fn amounts(amounts: &AmountDetails) -> Value {
    let of = |found: &Option<Box<ConvertedAmount>>| found.as_deref().map(converted);
    let known = Known::default()
        .value("InstdAmt", of(&amounts.instructed))
        .value("TxAmt", of(&amounts.transaction))
        .value("CntrValAmt", of(&amounts.counter_value))
        .value("AnncdPstngAmt", of(&amounts.announced_posting));
    let proprietary: Vec<Value> = amounts
        .proprietary
        .iter()
        .map(|(kind, found)| json!({ "type": kind, "amount": converted(found) }))
        .collect();
    let proprietary = (!proprietary.is_empty()).then(|| Value::from(proprietary));
    known.value("PrtryAmt", proprietary).object_or_null()
}

fn batch(batch: &Batch) -> Value {
    Known::default()
        .text("msg_id", batch.message_id.as_ref())
        .text("pmt_inf_id", batch.payment_information_id.as_ref())
        .value("nb", batch.count.map(|count| Value::from(count.to_string())))
        .value("ttl", batch.total.map(|total| Value::from(total.decimal().as_str())))
        .value("cdtdbt", batch.side.map(|side| Value::from(side.code())))
        .object()
}

fn document(document: &ReferredDocument) -> Value {
    json!({ "type": document.kind, "number": document.number, "date": date(document.date) })
}

/// Collects the amounts of all documents under their elements' names.
fn referred_amounts(documents: &[ReferredDocument], free: &[ReferredAmount]) -> Value {
    let mut map: Map<String, Value> = Map::new();
    for found in documents.iter().flat_map(|document| &document.amounts).chain(free) {
        let mut value = amount(found.amount);
        if let Some(fields) = value.as_object_mut() {
            if let Some(side) = found.side {
                fields.insert("cdtdbt".to_owned(), Value::from(side.code()));
            }
            if let Some(reason) = &found.reason {
                fields.insert("reason".to_owned(), Value::from(reason.as_str()));
            }
        }
        let list = map
            .entry(found.element.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(list) = list.as_array_mut() {
            list.push(value);
        }
    }
    if map.is_empty() {
        Value::Null
    } else {
        Value::Object(map)
    }
}

fn return_information(found: &ReturnInformation) -> Value {
    json!({
        "code": found.code,
        "prtry": found.proprietary,
        "orig_bank_code": found.original_code,
        "info": found.information,
    })
}
