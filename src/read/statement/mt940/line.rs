//! `:61:`, the statement line: value date, entry date, mark, amount, type, references.

use super::fields::Field;
use super::{Refusal, Scan, values};
use crate::model::{Amount, Currency, FindingCode, NaiveDate, Side};

/// What a statement line says.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub value_date: NaiveDate,
    pub entry_date: Option<NaiveDate>,
    pub side: Side,
    /// RC and RD: the entry undoes an earlier one.
    pub is_reversal: bool,
    /// EC and ED of an intraday report: expected, not booked.
    pub is_expected: bool,
    pub amount: Amount,
    /// `NTRF`: N, S or F and the three characters of the transaction type.
    pub kind: &'a str,
    pub customer_reference: Option<&'a str>,
    pub bank_reference: Option<&'a str>,
    /// What stands below the first line.
    pub supplement: String,
}

/// The first line, taken from its beginning to its end.
struct Rest<'a, 'f> {
    field: &'f Field<'a>,
    text: &'a str,
    offset: usize,
}

impl<'a> Rest<'a, '_> {
    /// Takes `length` bytes; `None`, and takes nothing, where there are not so many whole characters.
    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.text.split_at_checked(length)?;
        self.text = rest;
        self.offset += taken.chars().count();
        Some(taken)
    }

    fn take_while(&mut self, is_part: impl Fn(u8) -> bool) -> &'a str {
        let length = self.text.bytes().take_while(|b| is_part(*b)).count();
        self.take(length).unwrap_or_default()
    }

    fn wrong(&self, scan: &Scan, expected: &str) -> Refusal {
        let written: String = self.text.chars().take(16).collect();
        scan.wrong_part(self.field, self.offset, &written, expected)
    }
}

/// Reads `:61:`. Refuses what its grammar does not have. Source: SWIFT `6!n[4!n]2a[1!a]15d1!a3!c16x[//16x][34x]`.
pub(super) fn read<'a>(scan: &mut Scan, field: &Field<'a>, currency: Currency) -> Result<Line<'a>, Refusal> {
    let text = field.lines.first().copied().unwrap_or_default();
    let mut rest = Rest { field, text, offset: 0 };
    let value_date = value_date(scan, &mut rest)?;
    let entry_date = entry_date(scan, &mut rest, value_date)?;
    let (side, is_reversal, is_expected) = mark(scan, &mut rest)?;
    // The third letter of the currency: R of EUR.
    rest.take_while(|b| b.is_ascii_uppercase());
    let at = rest.offset;
    let written = rest.take_while(|b| !b.is_ascii_alphabetic());
    let minor = scan.amount(field, at, written.trim_end(), currency)?;
    let kind = rest.text.get(..4).filter(|kind| kind.starts_with(['N', 'S', 'F']));
    let Some(kind) = kind else {
        return Err(rest.wrong(scan, "a transaction type: N, S or F and three characters"));
    };
    rest.take(4);
    let (customer, bank) = match rest.text.split_once("//") {
        Some((customer, bank)) => (customer, Some(bank)),
        None => (rest.text, None),
    };
    let reference = |text: &'a str| Some(text.trim()).filter(|text| !text.is_empty());
    let below: Vec<&str> = field.lines.iter().skip(1).map(|line| line.trim()).collect();
    Ok(Line {
        value_date,
        entry_date,
        side,
        is_reversal,
        is_expected,
        amount: Amount::new(minor, currency),
        kind: kind.trim_end(),
        customer_reference: reference(customer),
        bank_reference: bank.and_then(reference),
        supplement: below.join(" ").trim().to_owned(),
    })
}

fn value_date(scan: &mut Scan, rest: &mut Rest<'_, '_>) -> Result<NaiveDate, Refusal> {
    let written = rest.take(6).unwrap_or(rest.text);
    let day = match (values::day(written), values::commercial_day(written)) {
        (Some(day), _) => day,
        (None, Some(day)) => {
            let args = vec![written.to_owned(), day.to_string()];
            scan.warn_once(FindingCode::DateCommercial, rest.field, 0, args);
            day
        }
        (None, None) => {
            let args = vec![written.to_owned(), "YYMMDD".to_owned()];
            return Err(scan.refuse(FindingCode::DateFormat, rest.field.tag, rest.field.at(0), args));
        }
    };
    scan.plausible(rest.field, 0, day)
}

fn entry_date(scan: &Scan, rest: &mut Rest<'_, '_>, value_date: NaiveDate) -> Result<Option<NaiveDate>, Refusal> {
    let at = rest.offset;
    let written = rest.take_while(|b| b.is_ascii_digit());
    if written.is_empty() {
        return Ok(None);
    }
    let day = Some(written).filter(|text| text.len() == 4);
    match day.and_then(|text| values::nearest_day(text, value_date)) {
        Some(day) => scan.plausible(rest.field, at, day).map(Some),
        None => {
            let args = vec![written.to_owned(), "MMDD".to_owned()];
            Err(scan.refuse(FindingCode::DateFormat, rest.field.tag, rest.field.at(at), args))
        }
    }
}

/// Takes C, D, RC, RD, EC or ED. A reversed credit is money out, a reversed debit is money in.
fn mark(scan: &Scan, rest: &mut Rest<'_, '_>) -> Result<(Side, bool, bool), Refusal> {
    let length = if rest.text.starts_with(['R', 'E']) { 2 } else { 1 };
    let found = match rest.text.get(..length) {
        Some("C") => (Side::Credit, false, false),
        Some("D") => (Side::Debit, false, false),
        Some("RC") => (Side::Debit, true, false),
        Some("RD") => (Side::Credit, true, false),
        Some("EC") => (Side::Credit, false, true),
        Some("ED") => (Side::Debit, false, true),
        _ => return Err(rest.wrong(scan, "a mark: C, D, RC or RD")),
    };
    rest.take(length);
    // The funds code is one letter.
    let is_code = |at: usize| rest.text.as_bytes().get(at).is_some_and(u8::is_ascii_uppercase);
    if is_code(0) && is_code(1) {
        return Err(rest.wrong(scan, "at most one letter of the currency, and the amount"));
    }
    Ok(found)
}
