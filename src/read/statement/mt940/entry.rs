//! A statement line and the texts below it become an entry with one transaction.

use super::fields::Field;
use super::line::Line;
use super::text::{joined, paragraphs};
use super::{account, german, slashes};
use crate::model::reference::{CreditorReference, References, Remittance, is_placeholder};
use crate::model::statement::{
    AmountDetails, AmountOrigin, BankCode, Charge, ConvertedAmount, EntryStatus, ReturnInformation,
};
use crate::model::{Account, Amount, Currency, Entry, Label, Parties, Party, Side, Source, TransactionDetails};

/// What a text says, before it is known who is who.
#[derive(Default)]
pub(super) struct Said {
    /// Geschäftsvorfallcode.
    pub transaction_code: String,
    pub booking_text: String,
    pub prima_nota: String,
    pub key_extension: String,
    pub references: References,
    /// The other side, where the text does not say whether it pays or is paid.
    pub name: String,
    pub debtor: Option<String>,
    pub creditor: Option<String>,
    pub ultimate_debtor: Option<String>,
    pub ultimate_creditor: Option<String>,
    /// Identification of a direct debit's creditor, or of an orderer.
    pub scheme_id: Option<String>,
    pub account: Account,
    pub agent: Party,
    pub remittance: Vec<String>,
    pub creditor_references: Vec<CreditorReference>,
    pub purpose: Option<String>,
    pub returned: Option<ReturnInformation>,
    /// What was ordered or debited at first.
    pub original: Option<Amount>,
    pub charges: Vec<Amount>,
    /// What has no place of its own: carried as text.
    pub others: Vec<String>,
}

/// What customer references say instead of a reference: that it stands in the text.
const MARKERS: [&str; 8] = ["NONREF", "KREF+", "KREF", "EREF+", "EREF", "PREF", "MARF", "MREF"];

/// Returns the entry of a statement line and its texts (`:86:`, `:NS:`).
pub(super) fn entry(line: &Line<'_>, texts: &[Field<'_>], source: Source) -> Entry {
    let currency = line.amount.currency;
    let mut said = Said::default();
    for text in texts {
        if text.tag == "86" && said.is_silent() {
            said = read(text, currency);
        } else if text.tag == "86" {
            said.remittance.extend(paragraphs(text));
        } else {
            said.others.extend(paragraphs(text));
        }
    }
    supplement(line, &mut said);
    let customer = line.customer_reference.filter(|reference| !MARKERS.contains(reference));
    let customer = customer.map(Label::from);
    said.references.instruction_id = said.references.instruction_id.take().or(customer.clone());
    if line.kind == "NRTI" {
        said.returned.get_or_insert_default();
    }
    Entry {
        reference: customer,
        servicer_reference: line.bank_reference.map(Label::from),
        amount: line.amount,
        side: line.side,
        is_reversal: line.is_reversal,
        status: line.is_expected.then_some(EntryStatus::Pending),
        booking_date: line.entry_date,
        value_date: Some(line.value_date),
        // Banks leave the entry date out where it is the value date. Source: SWIFT, field 61, subfield 2.
        effective_date: line.entry_date.or(Some(line.value_date)),
        code: code(line, &said),
        charges: said.charges.iter().map(|amount| charge(*amount)).collect(),
        batches: Vec::new(),
        amounts: AmountDetails::default(),
        additional_information: optional(&said.booking_text),
        details: vec![details(line, said)],
        source,
    }
}

impl Said {
    fn is_silent(&self) -> bool {
        self.remittance.is_empty() && self.others.is_empty() && self.name.is_empty() && self.booking_text.is_empty()
    }
}

/// Reads what a text says, by the way it is written.
fn read(field: &Field<'_>, currency: Currency) -> Said {
    let first = field.lines.first().copied().unwrap_or_default();
    let text = joined(field, |line| german::is_mark(first, line) || slashes::is_mark(line));
    german::read(&text, currency)
        .or_else(|| slashes::read(text.trim_start(), currency))
        .or_else(|| german::read_labelled(text.trim_start(), currency))
        .unwrap_or_else(|| Said {
            remittance: paragraphs(field),
            ..Said::default()
        })
}

/// The line below: amounts before conversion, the account of the other side, or a text of the bank.
fn supplement(line: &Line<'_>, said: &mut Said) {
    let text = line.supplement.as_str();
    if text.is_empty() {
        return;
    }
    if let Some(amounts) = slashes::read(text, line.amount.currency) {
        said.original = said.original.or(amounts.original);
        said.charges.extend(amounts.charges);
        said.others.extend(amounts.remittance.into_iter().chain(amounts.others));
    } else if account::is_iban(text) && said.account.is_empty() {
        said.account = account::of("", text);
    } else {
        said.others.push(text.to_owned());
    }
}

/// Returns the bank's code as German banks write it into camt: `NTRF+166+9310+000`.
fn code(line: &Line<'_>, said: &Said) -> BankCode {
    let parts = [line.kind, &said.transaction_code, &said.prima_nota, &said.key_extension];
    let written: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    BankCode {
        domain: None,
        proprietary: Some(written.join("+").into()),
        issuer: Some(
            if said.transaction_code.is_empty() {
                "SWIFT"
            } else {
                "DK"
            }
            .into(),
        ),
    }
}

fn charge(amount: Amount) -> Charge {
    Charge {
        amount,
        is_total: false,
        side: Some(Side::Debit),
        is_included: None,
        kind: None,
        bearer: None,
    }
}

fn details(line: &Line<'_>, said: Said) -> TransactionDetails {
    let others = said.others.join(" ");
    let instructed = said.original.map(|amount| {
        Box::new(ConvertedAmount {
            amount,
            source_currency: None,
            target_currency: None,
            unit_currency: None,
            rate: None,
            quoted: None,
        })
    });
    TransactionDetails {
        references: said.references.clone(),
        amount: Some(line.amount),
        amount_origin: Some(AmountOrigin::Detail),
        side: line.side,
        amounts: AmountDetails {
            instructed,
            ..AmountDetails::default()
        },
        purpose: said.purpose.as_deref().map(Label::from),
        code: BankCode::default(),
        return_information: said.returned.clone().map(Box::new),
        charges: Vec::new(),
        additional_information: optional(&others),
        remittance: Remittance {
            unstructured: said.remittance.clone(),
            creditor_references: said.creditor_references.clone(),
            ..Remittance::default()
        },
        parties: parties(line.side, said),
    }
}

/// Puts the other side into its place: who pays money in, who is paid money out.
fn parties(side: Side, said: Said) -> Parties {
    let party = |name: Option<String>| {
        let name = name.filter(|name| !name.is_empty() && !is_placeholder(name))?;
        Some(Box::new(Party {
            name: Some(name.into()),
            ..Party::default()
        }))
    };
    let mut debtor = party(said.debtor);
    let mut creditor = party(said.creditor);
    let other = match side {
        Side::Credit => &mut debtor,
        Side::Debit => &mut creditor,
    };
    if let Some(named) = party(Some(said.name)) {
        *other = Some(named);
    }
    if let Some(id) = said.scheme_id {
        other.get_or_insert_default().ids.push((None, id.into()));
    }
    let account = Some(Box::new(said.account)).filter(|account| !account.is_empty());
    let agent = Some(Box::new(said.agent)).filter(|agent| !agent.is_empty());
    let mut parties = Parties {
        debtor,
        creditor,
        ultimate_debtor: party(said.ultimate_debtor),
        ultimate_creditor: party(said.ultimate_creditor),
        ..Parties::default()
    };
    match side {
        Side::Credit => (parties.debtor_account, parties.debtor_agent) = (account, agent),
        Side::Debit => (parties.creditor_account, parties.creditor_agent) = (account, agent),
    }
    parties
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
