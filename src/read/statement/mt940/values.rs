//! The smallest parts: dates, amounts, marks, balances. Strict, and the same for all fields.

use super::fields::Field;
use super::{Refusal, Scan};
use crate::model::date::{self, Datelike};
use crate::model::money::{AmountError, parse_unsigned};
use crate::model::statement::{BalanceKind, ControlTotal};
use crate::model::{Amount, Balance, Currency, FindingCode, NaiveDate, Side, Source};

/// Returns the day of `YYMMDD`: 80 to 99 are years of the last century.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let numbers = numbers(text)?;
    let [year, month, day] = numbers[..] else { return None };
    let century = if year >= 80 { 1900 } else { 2000 };
    NaiveDate::from_ymd_opt(century + year as i32, month, day)
}

/// Returns the day of `MMDD` that lies nearest to `value_date`: an entry of 2 January may have its value on 31 December.
pub(super) fn nearest_day(text: &str, value_date: NaiveDate) -> Option<NaiveDate> {
    let numbers = numbers(text)?;
    let [month, day] = numbers[..] else { return None };
    let years = value_date.year() - 1..=value_date.year() + 1;
    let days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    days.min_by_key(|day| date::days_between(value_date, *day).abs())
}

/// Returns the last day of February for its 29th and 30th where the year has none: banks that count 30 days a month write them.
pub(super) fn commercial_day(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_at_checked(2)?;
    if !matches!(rest, "0229" | "0230") {
        return None;
    }
    day(&format!("{year}0301"))?.pred_opt()
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    Some(
        pairs
            .map(|pair| u32::from(pair[0] - b'0') * 10 + u32::from(pair[1] - b'0'))
            .collect(),
    )
}

impl Scan {
    /// Returns a day of an entry, refused outside of 1990 to 400 days after the run.
    pub fn plausible(&self, field: &Field<'_>, offset: usize, day: NaiveDate) -> Result<NaiveDate, Refusal> {
        if date::is_plausible_bank_date(day, self.as_of) {
            return Ok(day);
        }
        Err(self.refuse(
            FindingCode::DateImplausible,
            field.tag,
            field.at(offset),
            self.implausible(day),
        ))
    }

    fn implausible(&self, day: NaiveDate) -> Vec<String> {
        let last = self.as_of.checked_add_days(date::Days::new(400)).unwrap_or(self.as_of);
        vec![day.to_string(), "1990-01-01".into(), last.to_string()]
    }

    /// Returns the minor units of `1234,5`: digits, one comma, at most the currency's decimals.
    pub fn amount(&self, field: &Field<'_>, offset: usize, text: &str, currency: Currency) -> Result<i64, Refusal> {
        let has_form = text.split_once(',').is_some_and(|(whole, fraction)| {
            !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        });
        if !has_form {
            return Err(self.wrong_part(field, offset, text, "an amount: digits and one decimal comma"));
        }
        parse_unsigned(&text.replace(',', "."), currency.decimals()).map_err(|error| {
            let (code, args) = match error {
                AmountError::TooPrecise => (FindingCode::AmountPrecision, vec![text.into(), currency.code().into()]),
                _ => (FindingCode::AmountTooLarge, vec![text.to_owned()]),
            };
            self.refuse(code, field.tag, field.at(offset), args)
        })
    }

    /// Returns the currency of three capital letters; warns of one that is not in ISO 4217.
    pub fn currency(&mut self, field: &Field<'_>, offset: usize, code: &str) -> Result<Currency, Refusal> {
        let Some(currency) = Currency::new(code) else {
            let args = vec![code.to_owned()];
            return Err(self.refuse(FindingCode::CurrencyUnknown, field.tag, field.at(offset), args));
        };
        if !currency.is_known() {
            self.warn_once(FindingCode::CurrencyUnlisted, field, offset, vec![code.to_owned()]);
        }
        Ok(currency)
    }

    /// Reads `:60F:`, `:62M:`, `:64:` and their kin: mark, day, currency, amount.
    pub fn balance(&mut self, field: &Field<'_>) -> Result<Balance, Refusal> {
        const FORM: &str = "a balance: C or D, YYMMDD, currency, amount";
        let text = self.only_line(field)?;
        let (Some((mark, rest)), true) = (text.split_at_checked(1), text.is_ascii()) else {
            return Err(self.wrong(field, FORM));
        };
        let side = match mark {
            "C" => Side::Credit,
            "D" => Side::Debit,
            _ => return Err(self.wrong(field, FORM)),
        };
        let (Some(written), Some(code), Some(amount)) = (rest.get(..6), rest.get(6..9), rest.get(9..)) else {
            return Err(self.wrong(field, FORM));
        };
        let Some(day) = day(written) else {
            let args = vec![written.to_owned(), "YYMMDD".to_owned()];
            return Err(self.refuse(FindingCode::DateFormat, field.tag, field.at(1), args));
        };
        if !date::is_plausible_bank_date(day, self.as_of) {
            self.warn_once(FindingCode::BalanceDateImplausible, field, 1, self.implausible(day));
        }
        let currency = self.currency(field, 7, code)?;
        let minor = self.amount(field, 10, amount, currency)?;
        let (kind, sub_kind) = match field.tag {
            "60F" => (BalanceKind::Opening, None),
            "60M" => (BalanceKind::Opening, Some("INTM".to_owned())),
            "62F" => (BalanceKind::Closing, None),
            "62M" => (BalanceKind::Closing, Some("INTM".to_owned())),
            "64" => (BalanceKind::Other("CLAV".to_owned()), None),
            _ => (BalanceKind::Other("FWAV".to_owned()), None),
        };
        Ok(Balance {
            kind,
            sub_kind,
            amount: Amount::new(minor, currency),
            side: Some(side),
            date: Some(day),
        })
    }

    /// Reads `:90D:` and `:90C:`: number, currency and sum of the debits or credits.
    pub fn total(&mut self, field: &Field<'_>, source: Source) -> Result<ControlTotal, Refusal> {
        const FORM: &str = "a total: number of entries, currency, sum";
        let text = self.only_line(field)?;
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (Some(code), Some(sum)) = (text.get(digits..digits + 3), text.get(digits + 3..)) else {
            return Err(self.wrong(field, FORM));
        };
        let Ok(count) = text[..digits].parse::<u64>() else {
            return Err(self.wrong(field, FORM));
        };
        let currency = self.currency(field, digits, code)?;
        Ok(ControlTotal {
            side: Some(if field.tag == "90C" { Side::Credit } else { Side::Debit }),
            count: Some(count),
            sum: Some(self.amount(field, digits + 3, sum, currency)?),
            source,
        })
    }

    /// Returns the value of a field that has one line, blanks at its ends taken off. Refuses more lines.
    pub fn only_line<'a>(&self, field: &Field<'a>) -> Result<&'a str, Refusal> {
        let mut more = field.lines.iter().skip(1).zip(1_u64..);
        if let Some((line, below)) = more.find(|(line, _)| !line.trim().is_empty()) {
            let args = vec![
                line.to_string(),
                "a tag such as `:61:` at the beginning of the line".to_owned(),
            ];
            return Err(self.refuse(FindingCode::FieldFormat, field.tag, (field.line + below, 1), args));
        }
        Ok(field.lines.first().copied().unwrap_or_default().trim_end())
    }
}

/// Returns an amount with its currency, before or behind it, or with the currency that is given: `EUR5,00`, `5,00 EUR`, `5,00`.
pub(super) fn money(text: &str, currency: Currency) -> Option<Amount> {
    let text = text.trim().trim_end_matches('/');
    let is_code = |code: &&str| Currency::new(code).is_some_and(|currency| currency.is_known());
    let before = text.get(..3).filter(is_code);
    let behind = text.len().checked_sub(3).and_then(|at| text.get(at..)).filter(is_code);
    let (code, number) = match (before, behind) {
        (Some(code), _) => (code, text.get(3..)?),
        (None, Some(code)) => (code, text.get(..text.len() - 3)?),
        (None, None) => (currency.code(), text),
    };
    let currency = Currency::new(code)?;
    let number = number.trim();
    let is_plain = number.bytes().all(|b| b.is_ascii_digit() || b == b',');
    let minor = parse_unsigned(&number.replacen(',', ".", 1), currency.decimals()).ok()?;
    is_plain.then_some(Amount::new(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_take_the_year_that_is_nearest() {
        for (value, entry, booked) in [
            ("260302", "0302", Some("2026-03-02")),
            ("251231", "0102", Some("2026-01-02")),
            ("260102", "1231", Some("2025-12-31")),
            ("240301", "0229", Some("2024-02-29")),
            ("260302", "0230", None),
            ("260302", "1301", None),
        ] {
            let value_date = day(value).expect(value);
            let found = nearest_day(entry, value_date).map(|day| day.to_string());
            assert_eq!(found.as_deref(), booked, "{value} {entry}");
        }
        for (written, read) in [
            ("991231", Some("1999-12-31")),
            ("000101", Some("2000-01-01")),
            ("260230", None),
            ("26023", None),
            ("2602a1", None),
        ] {
            assert_eq!(day(written).map(|day| day.to_string()).as_deref(), read, "{written}");
        }
        for (written, read) in [
            ("260230", Some("2026-02-28")),
            ("240230", Some("2024-02-29")),
            ("260231", None),
            ("260430", None),
        ] {
            assert_eq!(
                commercial_day(written).map(|day| day.to_string()).as_deref(),
                read,
                "{written}"
            );
        }
    }

    #[test]
    fn amounts_in_texts_have_their_currency_on_either_side() {
        let euro = Currency::new("EUR").expect("EUR");
        for (written, read) in [
            ("5,00", Some("5.00 EUR")),
            ("USD1000,5", Some("1000.50 USD")),
            ("3,00 CHF/", Some("3.00 CHF")),
            ("JPY5000", Some("5000 JPY")),
            ("5,001", None),
            ("-5,00", None),
            ("ABC5,00", None),
        ] {
            let found = money(written, euro).map(|amount| amount.to_string());
            assert_eq!(found.as_deref(), read, "{written}");
        }
    }
}
