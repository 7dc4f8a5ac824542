//! Accounts: `:25:` of a statement, and the numbers that stand in texts.

use super::fields::Field;
use super::{Refusal, Scan};
use crate::model::party::account_number;
use crate::model::{Account, Currency, Label, Party};

/// Characters of an account. Source: SWIFT format `35x`, and a currency behind it.
const ACCOUNT_CHARS_MAX: usize = 64;

/// Reads `:25:` and `:25P:`: an IBAN, a German bank code and account, a BIC and account, or a number, each with or without a currency.
///
/// Returns the account and its bank, where one is named.
pub(super) fn own(scan: &Scan, field: &Field<'_>) -> Result<(Account, Option<Party>), Refusal> {
    let written = field.lines.first().copied().unwrap_or_default().trim();
    if written.is_empty() || written.chars().count() > ACCOUNT_CHARS_MAX {
        return Err(scan.wrong(field, "an account: IBAN, or bank code/account"));
    }
    let (bank, number) = match written.split_once('/') {
        Some((bank, number)) => (bank.trim(), number.trim()),
        None => ("", written),
    };
    let (number, currency) = without_currency(number);
    let mut account = of(bank, number);
    account.currency = currency.map(Label::from);
    // The second line of `:25P:` is the BIC.
    let below = field.lines.get(1).map(|line| line.trim()).unwrap_or_default();
    let bic = [bank, below].into_iter().find(|code| is_bic(code));
    let servicer = bic.map(|bic| Party {
        bic: Some(bic.into()),
        ..Party::default()
    });
    Ok((account, servicer))
}

/// Returns the account of a number and the bank code or BIC that stands with it. A German bank code and number are an IBAN.
pub(super) fn of(bank: &str, number: &str) -> Account {
    let number = account_number(number);
    if number.is_empty() {
        return Account::default();
    }
    let iban = Some(number.clone())
        .filter(|number| is_iban(number))
        .or_else(|| german_iban(bank, &number));
    let other = if is_iban(&number) {
        None
    } else if bank.is_empty() || is_bic(bank) || iban.is_some() {
        Some(number)
    } else {
        Some(format!("{bank}/{number}"))
    };
    Account {
        iban: iban.map(Label::from),
        other: other.map(Label::from),
        ..Account::default()
    }
}

/// Takes the currency off the end: `NL69INGB0123456789EUR`, `1234567 EUR`, `123/HUF`.
fn without_currency(number: &str) -> (&str, Option<&str>) {
    let cut = number.len().checked_sub(3).filter(|at| number.is_char_boundary(*at));
    let Some((rest, code)) = cut.map(|at| number.split_at(at)) else {
        return (number, None);
    };
    let rest = rest.trim_end_matches(|c: char| c == '/' || c.is_whitespace());
    let is_currency = Currency::new(code).is_some_and(|currency| currency.is_known());
    // An account that ends in letters by itself is whole with them.
    if is_currency && !rest.is_empty() && !is_iban(&account_number(number)) {
        (rest, Some(code))
    } else {
        (number, None)
    }
}

/// Returns true for a number of which structure and check digits are those of an IBAN.
pub(super) fn is_iban(number: &str) -> bool {
    number.parse::<iban::Iban>().is_ok()
}

/// Returns true for the form of a BIC.
pub(super) fn is_bic(code: &str) -> bool {
    matches!(code.len(), 8 | 11)
        && code.bytes().take(6).all(|b| b.is_ascii_uppercase())
        && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Returns the IBAN of a German bank code of 8 digits and an account of up to 10, by the standard rule 000000 of the Bundesbank.
fn german_iban(bank: &str, number: &str) -> Option<String> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_bank = bank.len() == 8 && is_digits(bank) && !bank.starts_with(['0', '9']);
    if !is_bank || !is_digits(number) || number.len() > 10 {
        return None;
    }
    let basic = format!("{bank}{number:0>10}");
    // DE and the check digits 00 go to the end, as digits: D is 13, E is 14.
    let rest = format!("{basic}131400")
        .bytes()
        .fold(0_u32, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97);
    let iban = format!("DE{:02}{basic}", 98 - rest);
    is_iban(&iban).then_some(iban)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_in_the_forms_of_banks() {
        for (written, number, currency, bic) in [
            ("DE89370400440532013000", "DE89370400440532013000", None, None),
            ("37040044/0532013000", "DE89370400440532013000", None, None),
            ("37040044/532013000EUR", "DE89370400440532013000", Some("EUR"), None),
            ("NL91ABNA0417164300EUR", "NL91ABNA0417164300", Some("EUR"), None),
            (
                "COBADEFFXXX/DE89370400440532013000",
                "DE89370400440532013000",
                None,
                Some("COBADEFFXXX"),
            ),
            ("DABADKKK/111111-11111111", "111111-11111111", None, Some("DABADKKK")),
            ("UBRTHUHB/1234567891/HUF", "1234567891", Some("HUF"), Some("UBRTHUHB")),
            ("0240-123456.01V", "0240-123456.01V", None, None),
            ("517852257", "517852257", None, None),
            ("12345/678", "12345/678", None, None),
        ] {
            let (bank, rest) = written.split_once('/').unwrap_or(("", written));
            let (rest, code) = without_currency(rest);
            let found = of(bank, rest);
            assert_eq!(found.number().as_deref(), Some(number), "{written}");
            assert_eq!(code, currency, "{written}");
            assert_eq!(Some(bank).filter(|bank| is_bic(bank)), bic, "{written}");
        }
    }
}
