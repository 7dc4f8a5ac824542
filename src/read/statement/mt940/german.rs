//! `:86:` as German, Austrian and Polish banks divide it: `166?00GUTSCHRIFT?20EREF+…?32NAME`.
//!
//! Source: Deutsche Kreditwirtschaft, DFÜ-Abkommen, Anlage 3, MT940: a transaction code of three digits, then subfields of 27
//! characters, each behind a separator and two digits.

use super::account;
use super::entry::Said;
use super::text::pieces;
use super::values::money;
use crate::model::{Currency, Party};

/// Characters of a subfield; some banks write longer ones.
const SUBFIELD_WIDTH: usize = 27;

/// Marks of what a remittance subfield holds. Source: DK, "Bezeichner"; each begins a subfield.
const LABELS: [&str; 14] = [
    "EREF", "KREF", "MREF", "PREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC", "PURP",
];

/// Transaction codes of returned direct debits and transfers. Source: DK, Geschäftsvorfallcodes.
const RETURNS: [&str; 5] = ["009", "059", "108", "109", "159"];

/// A text that is divided.
struct Divided<'t> {
    /// Geschäftsvorfallcode; empty where the text begins with a subfield.
    code: &'t str,
    subfields: Vec<(u8, &'t str)>,
}

/// Returns the separator of a text that is divided, with the length of the code before it: `166?00…`, `?20…`, `020<00…`.
fn separator(text: &str) -> Option<(char, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let separator = text[digits..].chars().next()?;
    let is_mark =
        separator.is_ascii_punctuation() && !matches!(separator, '/' | '.' | ',' | '-' | ':' | '+' | '(' | ')');
    let number = text.get(digits + 1..digits + 3)?;
    let is_divided = is_mark && matches!(digits, 0 | 3) && number.bytes().all(|b| b.is_ascii_digit());
    is_divided.then_some((separator, digits))
}

/// Returns true for a line that begins with a subfield, where the text's first line is divided.
pub(super) fn is_mark(first: &str, line: &str) -> bool {
    separator(first.trim_start()).is_some_and(|(mark, _)| line.starts_with(mark))
}

fn divide(text: &str) -> Option<Divided<'_>> {
    let (mark, digits) = separator(text)?;
    let (code, rest) = text.split_at(digits);
    let mut subfields: Vec<(u8, &str)> = Vec::new();
    let mut start = 0;
    let is_start = |at: usize| rest.get(at..).and_then(|rest| subfield_number(rest, mark));
    for (at, _) in rest.match_indices(mark).chain([(rest.len(), "")]) {
        // A mark without two digits behind it is text.
        if at > 0 && (at == rest.len() || is_start(at).is_some()) {
            if let Some(number) = is_start(start) {
                subfields.push((number, &rest[start + 3..at]));
            }
            start = at;
        }
    }
    Some(Divided { code, subfields })
}

fn subfield_number(text: &str, mark: char) -> Option<u8> {
    let digits = text.strip_prefix(mark)?.get(..2)?;
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

/// Reads a text that is divided into subfields; `None` when it is not.
pub(super) fn read(text: &str, currency: Currency) -> Option<Said> {
    let divided = divide(text.trim())?;
    let of = |wanted: &[u8]| -> Vec<&str> {
        let subfields = divided.subfields.iter();
        subfields
            .filter(|(number, _)| wanted.contains(number))
            .map(|(_, text)| *text)
            .collect()
    };
    let one = |wanted: u8| of(&[wanted]).concat().trim().to_owned();
    let mut said = Said {
        transaction_code: divided.code.to_owned(),
        booking_text: one(0),
        prima_nota: one(10),
        key_extension: one(34),
        name: pieces(&of(&[32, 33]), SUBFIELD_WIDTH),
        ..Said::default()
    };
    let (bank, number) = (one(30), one(31));
    said.account = account::of(&bank, &number);
    said.agent = agent(&bank);
    let remittance: Vec<&str> = divided
        .subfields
        .iter()
        .filter(|(number, _)| matches!(number, 20..=29 | 60..=63))
        .map(|(_, text)| *text)
        .collect();
    labelled(&remittance, currency, &mut said);
    for (number, text) in &divided.subfields {
        let text = text.trim();
        match number {
            0 | 10 | 20..=29 | 30..=34 | 60..=63 => {}
            38 if account::is_iban(text) && said.account.iban.is_none() => said.account = account::of("", text),
            _ if text.is_empty() => {}
            _ => said.others.push(text.to_owned()),
        }
    }
    if RETURNS.contains(&divided.code) {
        let reason = [divided.code, said.key_extension.as_str()];
        let reason: Vec<&str> = reason.into_iter().filter(|part| !part.is_empty()).collect();
        said.returned.get_or_insert_default().proprietary = Some(reason.join("/"));
    }
    Some(said)
}

fn agent(bank: &str) -> Party {
    if account::is_bic(bank) {
        Party {
            bic: Some(bank.into()),
            ..Party::default()
        }
    } else {
        Party {
            member_id: (!bank.is_empty()).then(|| bank.into()),
            ..Party::default()
        }
    }
}

/// Reads a text in one piece that begins with a label: `EREF+X1 SVWZ+RE-1001`; `None` when it does not.
pub(super) fn read_labelled(text: &str, currency: Currency) -> Option<Said> {
    label(text)?;
    let mut cuts: Vec<usize> = vec![0];
    let blanks = text
        .match_indices(char::is_whitespace)
        .map(|(at, blank)| at + blank.len());
    cuts.extend(blanks.filter(|at| label(&text[*at..]).is_some()));
    cuts.push(text.len());
    let parts: Vec<&str> = cuts.windows(2).map(|cut| text[cut[0]..cut[1]].trim_end()).collect();
    let mut said = Said::default();
    labelled(&parts, currency, &mut said);
    Some(said)
}

/// Returns label and rest of a subfield that begins with one: `SVWZ+RE-1001`.
fn label(text: &str) -> Option<(&'static str, &str)> {
    LABELS
        .iter()
        .find_map(|label| Some((*label, text.strip_prefix(label)?.strip_prefix('+')?)))
}

/// Sorts the remittance subfields by their labels. Without any label each stays a line of its own.
fn labelled(subfields: &[&str], currency: Currency, said: &mut Said) {
    let width = subfields.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let width = width.max(SUBFIELD_WIDTH);
    let mut sections: Vec<(Option<&'static str>, Vec<&str>)> = Vec::new();
    for subfield in subfields {
        match (label(subfield.trim_start()), sections.last_mut()) {
            (Some((label, _)), _) => sections.push((Some(label), vec![subfield.trim_start()])),
            (None, Some((_, parts))) => parts.push(subfield),
            (None, None) => sections.push((None, vec![subfield])),
        }
    }
    for (label, parts) in sections {
        match label {
            None => said.remittance.extend(lines(&parts, width)),
            Some(label) => {
                let whole = pieces(&parts, width);
                let value = whole.get(label.len() + 1..).unwrap_or_default().trim();
                if !value.is_empty() {
                    enter(label, value, currency, said);
                }
            }
        }
    }
}

/// Returns pieces without a label as lines: one that is full goes on in the next one.
fn lines(parts: &[&str], width: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_wrapped = false;
    for part in parts {
        match found.last_mut().filter(|_| is_wrapped) {
            Some(last) => last.push_str(part),
            None => found.push((*part).to_owned()),
        }
        is_wrapped = part.chars().count() >= width;
    }
    let trimmed = found.iter().map(|line| line.trim().to_owned());
    trimmed.filter(|line| !line.is_empty()).collect()
}

fn enter(label: &str, value: &str, currency: Currency, said: &mut Said) {
    let text = || Some(value.to_owned());
    match label {
        "EREF" => said.references.end_to_end_id = Some(value.into()),
        "KREF" => said.references.instruction_id = Some(value.into()),
        "MREF" => said.references.mandate_id = Some(value.into()),
        "PREF" => said.references.payment_information_id = Some(value.into()),
        "SVWZ" => said.remittance.push(value.to_owned()),
        "ABWA" => said.ultimate_debtor = text(),
        "ABWE" => said.ultimate_creditor = text(),
        "CRED" | "DEBT" => said.scheme_id = text(),
        "PURP" => said.purpose = text(),
        "IBAN" if said.account.is_empty() => said.account = account::of("", value),
        "BIC" if said.agent.is_empty() => said.agent = agent(value),
        "OAMT" | "COAM" => match money(value, currency) {
            Some(amount) if label == "OAMT" => said.original = Some(amount),
            Some(amount) => said.charges.push(amount),
            None => said.others.push(format!("{label}+{value}")),
        },
        _ => said.others.push(format!("{label}+{value}")),
    }
}
