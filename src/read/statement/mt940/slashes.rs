//! `:86:` in code words between slashes, as Dutch banks and SWIFT write it: `/TRTP/SEPA OVERBOEKING/IBAN/…/NAME/…/REMI/…`.

use super::account;
use super::entry::Said;
use super::values::money;
use crate::model::reference::CreditorReference;
use crate::model::{Currency, Party};

/// Code words that are read or carried. Source: SWIFT MT940 guidelines of ABN AMRO, ING and Rabobank.
const WORDS: [&str; 27] = [
    "TRTP", "IBAN", "BIC", "NAME", "REMI", "EREF", "IREF", "KREF", "PREF", "MARF", "CSID", "CNTP", "ORDP", "BENM",
    "ULTD", "ULTC", "ID", "ADDR", "PURP", "RTRN", "ISDT", "SVCL", "OCMT", "CHGS", "EXCH", "INV", "ROC",
];

/// Whom `/NAME/` names.
#[derive(Clone, Copy)]
enum Role {
    Counterparty,
    Orderer,
    Beneficiary,
    UltimateDebtor,
    UltimateCreditor,
}

/// Returns true for a line that begins with a code word.
pub(super) fn is_mark(line: &str) -> bool {
    word(line).is_some()
}

/// Returns the code word that a text begins with, and what stands behind it.
fn word(text: &str) -> Option<(&'static str, &str)> {
    let (written, rest) = text.strip_prefix('/')?.split_once('/')?;
    WORDS.iter().find(|word| **word == written).map(|word| (*word, rest))
}

/// Reads a text that begins with a code word; `None` when it does not. What a word says first counts.
pub(super) fn read(text: &str, currency: Currency) -> Option<Said> {
    let (mut current, mut rest) = word(text)?;
    let mut said = Said::default();
    let mut role = Role::Counterparty;
    loop {
        let next = rest
            .match_indices('/')
            .find_map(|(at, _)| Some((at, word(&rest[at..])?)));
        let value = next
            .map_or(rest, |(at, _)| &rest[..at])
            .trim_matches(|c: char| c == '/' || c.is_whitespace());
        enter(current, value, currency, &mut role, &mut said);
        match next {
            Some((_, (word, behind))) => (current, rest) = (word, behind),
            None => return Some(said),
        }
    }
}

fn enter(word: &str, value: &str, currency: Currency, role: &mut Role, said: &mut Said) {
    match word {
        "ORDP" => *role = Role::Orderer,
        "BENM" => *role = Role::Beneficiary,
        "ULTD" => *role = Role::UltimateDebtor,
        "ULTC" => *role = Role::UltimateCreditor,
        _ => {}
    }
    if value.is_empty() {
        return;
    }
    match word {
        "NAME" => name(value, *role, said),
        // Some banks write the name without a word of its own.
        "ORDP" | "BENM" | "ULTD" | "ULTC" => name(value, *role, said),
        "CNTP" => counterparty(value, said),
        "IBAN" if said.account.is_empty() => said.account = account::of("", value),
        "BIC" if said.agent.is_empty() => said.agent = agent(value),
        "REMI" => remittance(value, said),
        "INV" | "ROC" => said.remittance.push(value.to_owned()),
        "TRTP" if said.booking_text.is_empty() => said.booking_text = value.to_owned(),
        "EREF" => first(&mut said.references.end_to_end_id, value),
        "IREF" | "KREF" => first(&mut said.references.instruction_id, value),
        "PREF" => first(&mut said.references.payment_information_id, value),
        "MARF" => first(&mut said.references.mandate_id, value),
        "CSID" => first(&mut said.scheme_id, value),
        "PURP" => first(&mut said.purpose, value.strip_prefix("CD/").unwrap_or(value)),
        "RTRN" => {
            let code = value.split('/').next().unwrap_or(value);
            first(&mut said.returned.get_or_insert_default().code, code);
        }
        "OCMT" | "CHGS" => match money(value, currency) {
            Some(amount) if word == "OCMT" => said.original = said.original.or(Some(amount)),
            Some(amount) => said.charges.push(amount),
            None => said.others.push(format!("/{word}/{value}")),
        },
        _ => said.others.push(format!("/{word}/{value}")),
    }
}

fn first<T: for<'t> From<&'t str>>(slot: &mut Option<T>, value: &str) {
    slot.get_or_insert_with(|| value.into());
}

fn name(value: &str, role: Role, said: &mut Said) {
    match role {
        Role::Counterparty if said.name.is_empty() => said.name = value.to_owned(),
        Role::Orderer => first(&mut said.debtor, value),
        Role::Beneficiary => first(&mut said.creditor, value),
        Role::UltimateDebtor => first(&mut said.ultimate_debtor, value),
        Role::UltimateCreditor => first(&mut said.ultimate_creditor, value),
        Role::Counterparty => said.others.push(format!("/NAME/{value}")),
    }
}

/// Account, BIC, name and town of the other side, by their order.
fn counterparty(value: &str, said: &mut Said) {
    let mut parts = value.split('/').map(str::trim);
    let mut next = || parts.next().filter(|part| !part.is_empty());
    let (number, bic, name, town) = (next(), next(), next(), next());
    if let Some(number) = number.filter(|_| said.account.is_empty()) {
        said.account = account::of("", number);
    }
    if let Some(bic) = bic.filter(|_| said.agent.is_empty()) {
        said.agent = agent(bic);
    }
    if let Some(name) = name.filter(|_| said.name.is_empty()) {
        said.name = name.to_owned();
    }
    said.others.extend(town.map(str::to_owned));
}

fn agent(code: &str) -> Party {
    Party {
        bic: Some(code.into()),
        ..Party::default()
    }
}

/// `USTD//text`, `STRD/CUR/reference`, or the text itself.
fn remittance(value: &str, said: &mut Said) {
    if let Some(structured) = value.strip_prefix("STRD/") {
        let (issuer, reference) = structured.split_once('/').unwrap_or(("", structured));
        said.creditor_references.push(CreditorReference {
            reference: reference.trim_matches('/').into(),
            issuer: (!issuer.is_empty()).then(|| issuer.into()),
            ..CreditorReference::default()
        });
        return;
    }
    let text = value.strip_prefix("USTD/").unwrap_or(value);
    said.remittance.push(text.trim_matches('/').to_owned());
}
