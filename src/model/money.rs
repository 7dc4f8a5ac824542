//! Money: whole minor units of a currency, checked arithmetic, a strict grammar. Never a float.

use crate::model::label::{Label, written};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A currency by its ISO 4217 code, with the number of decimals of its minor unit (0 to 4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

impl Currency {
    /// Returns the currency of three upper-case letters. Codes outside ISO 4217 get two decimals; ask [`Currency::is_known`].
    ///
    /// Refuses anything that is not three ASCII letters.
    pub fn new(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        if !bytes.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let decimals = match iso_currency::Currency::from_code(code).map(|known| known.exponent()) {
            Some(Some(exponent)) => exponent.min(4) as u8,
            Some(None) => 0,
            None => 2,
        };
        Some(Currency { code: bytes, decimals })
    }

    /// Returns the three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("???")
    }

    /// Returns the number of decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn decimals(&self) -> u8 {
        self.decimals
    }

    /// Returns true when the code stands in ISO 4217.
    pub fn is_known(&self) -> bool {
        iso_currency::Currency::from_code(self.code()).is_some()
    }

    /// Returns how many minor units make one major unit.
    pub fn minor_per_major(&self) -> i64 {
        10_i64.pow(u32::from(self.decimals))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Currency::new(&code).ok_or_else(|| serde::de::Error::custom(format!("`{code}` is not a currency code")))
    }
}

/// Minor units of one currency. Signed: money in is positive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
pub struct Amount {
    /// Minor units: cents for EUR, yen for JPY.
    pub minor: i64,
    /// The currency that the minor units belong to.
    pub currency: Currency,
}

impl Serialize for Amount {
    /// With names for people, without them for the record.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return (self.minor, self.currency).serialize(serializer);
        }
        let mut fields = serializer.serialize_struct("Amount", 2)?;
        fields.serialize_field("minor", &self.minor)?;
        fields.serialize_field("currency", &self.currency)?;
        fields.end()
    }
}

impl Amount {
    /// Returns the amount of `minor` units.
    pub fn new(minor: i64, currency: Currency) -> Amount {
        Amount { minor, currency }
    }

    /// Returns nothing, in this currency.
    pub fn zero(currency: Currency) -> Amount {
        Amount { minor: 0, currency }
    }

    /// Returns the sum; `None` across currencies or on overflow.
    pub fn checked_add(self, other: Amount) -> Option<Amount> {
        if self.currency != other.currency {
            return None;
        }
        Some(Amount {
            minor: self.minor.checked_add(other.minor)?,
            currency: self.currency,
        })
    }

    /// Returns the difference; `None` across currencies or on overflow.
    pub fn checked_sub(self, other: Amount) -> Option<Amount> {
        if self.currency != other.currency {
            return None;
        }
        Some(Amount {
            minor: self.minor.checked_sub(other.minor)?,
            currency: self.currency,
        })
    }

    /// Returns the amount without its sign.
    pub fn abs(self) -> Amount {
        Amount {
            minor: self.minor.abs(),
            currency: self.currency,
        }
    }

    /// Returns the amount with the opposite sign.
    pub fn negated(self) -> Amount {
        Amount {
            minor: -self.minor,
            currency: self.currency,
        }
    }

    /// Returns the decimal as machines write it: `-12345.60`, with exactly the currency's decimals and no thousands mark.
    pub fn decimal(self) -> Label {
        decimal_text(self.minor, self.currency.decimals())
    }
}

impl Amount {
    /// Returns `12345.60 EUR`.
    pub fn label(self) -> Label {
        let mut text = self.decimal();
        text.push(' ');
        text.push_str(self.currency.code());
        text
    }
}

impl fmt::Display for Amount {
    /// Writes `12345.60 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.decimal(), self.currency))
    }
}

/// Returns `minor` as a decimal with `decimals` places: `(-5, 2)` is `-0.05`.
pub fn decimal_text(minor: i64, decimals: u8) -> Label {
    // Twenty digits, a point and a sign at most, the last one first.
    let decimals = usize::from(decimals);
    let mut rest = minor.unsigned_abs();
    let mut text = [0_u8; 280];
    let mut start = text.len();
    let mut put = |byte: u8| {
        start -= 1;
        text[start] = byte;
    };
    let mut digits = 0;
    while rest > 0 || digits <= decimals {
        if digits == decimals && decimals > 0 {
            put(b'.');
        }
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        digits += 1;
    }
    if minor < 0 {
        put(b'-');
    }
    written(&text[start..])
}

/// Why a text is not an amount. The reader turns it into a message with its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmountError {
    /// Nothing there after trimming.
    Empty,
    /// A character that no amount has: a letter, an exponent, a thousands mark, a second point, a minus sign.
    Malformed,
    /// More than 18 digits.
    TooLong,
    /// Non-zero digits beyond the currency's decimals.
    TooPrecise,
}

/// Returns the minor units of an unsigned decimal with at most one point: digits, an optional leading `+`, blanks around it.
///
/// At most 18 significant digits before the point and the currency's decimals after it; zeros beyond those decimals are nothing.
/// Never rounds. Source: ISO 20022 `ActiveOrHistoricCurrencyAndAmount` (xs:decimal without a sign).
pub fn parse_unsigned(text: &str, decimals: u8) -> Result<i64, AmountError> {
    let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let digits = trimmed.strip_prefix('+').unwrap_or(trimmed);
    if digits.is_empty() {
        return Err(AmountError::Empty);
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(AmountError::Malformed);
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(AmountError::Malformed);
    }
    let whole = whole.trim_start_matches('0');
    let wanted = usize::from(decimals);
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > wanted {
        return Err(AmountError::TooPrecise);
    }
    if whole.len() + wanted > 18 {
        return Err(AmountError::TooLong);
    }
    let padding = std::iter::repeat_n(b'0', wanted - fraction.len());
    let minor = whole
        .bytes()
        .chain(fraction.bytes())
        .chain(padding)
        .fold(0_i64, |sum, b| sum * 10 + i64::from(b - b'0'));
    Ok(minor)
}

/// Returns the minor units of a decimal with an optional leading sign; otherwise as [`parse_unsigned`].
pub fn parse_signed(text: &str, decimals: u8) -> Result<i64, AmountError> {
    let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace());
    match trimmed.strip_prefix('-') {
        Some(rest) if rest.starts_with(['+', '-', ' ']) => Err(AmountError::Malformed),
        Some(rest) => parse_unsigned(rest, decimals).map(|minor| -minor),
        None => parse_unsigned(trimmed, decimals),
    }
}

impl FromStr for Currency {
    type Err = ();

    fn from_str(code: &str) -> Result<Currency, ()> {
        Currency::new(code).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_strictly() {
        for (written, decimals, read) in [
            ("100.00", 2, Ok(10_000)),
            (" +100 ", 2, Ok(10_000)),
            ("100.00000", 2, Ok(10_000)),
            ("000000000000100.00", 2, Ok(10_000)),
            (".5", 2, Ok(50)),
            ("5.", 2, Ok(500)),
            ("12", 0, Ok(12)),
            ("1.234", 3, Ok(1_234)),
            ("9999999999999999.99", 2, Ok(999_999_999_999_999_999)),
            ("99999999999999999.99", 2, Err(AmountError::TooLong)),
            ("100.001", 2, Err(AmountError::TooPrecise)),
            ("12.5", 0, Err(AmountError::TooPrecise)),
            ("", 2, Err(AmountError::Empty)),
            (".", 2, Err(AmountError::Malformed)),
            ("-1.00", 2, Err(AmountError::Malformed)),
            ("1e2", 2, Err(AmountError::Malformed)),
            ("1_000", 2, Err(AmountError::Malformed)),
            ("1,000.00", 2, Err(AmountError::Malformed)),
            ("NaN", 2, Err(AmountError::Malformed)),
            ("1.0.0", 2, Err(AmountError::Malformed)),
            ("１００", 2, Err(AmountError::Malformed)),
        ] {
            assert_eq!(parse_unsigned(written, decimals), read, "written: {written}");
        }
    }

    #[test]
    fn signs_stand_once_and_in_front() {
        for (written, read) in [
            ("-12.50", Ok(-1_250)),
            ("12.50", Ok(1_250)),
            ("--1", Err(AmountError::Malformed)),
            ("-+1", Err(AmountError::Malformed)),
            ("1-", Err(AmountError::Malformed)),
        ] {
            assert_eq!(parse_signed(written, 2), read, "written: {written}");
        }
    }

    #[test]
    fn decimals_follow_the_currency() {
        for (code, minor, written) in [
            ("EUR", -5, "-0.05"),
            ("JPY", 1200, "1200"),
            ("KWD", 1_234, "1.234"),
            ("CNY", 1_000_000, "10000.00"),
        ] {
            let currency = Currency::new(code).expect(code);
            assert_eq!(Amount::new(minor, currency).decimal(), written, "{code}");
            assert_eq!(parse_signed(written, currency.decimals()), Ok(minor), "{code}");
        }
        assert_eq!(Currency::new("eur"), None);
        assert_eq!(Currency::new("EURO"), None);
    }

    #[test]
    fn sums_refuse_to_mix_currencies() {
        let euro = Amount::new(100, Currency::new("EUR").expect("EUR"));
        let yuan = Amount::new(100, Currency::new("CNY").expect("CNY"));
        assert_eq!(euro.checked_add(yuan), None);
        assert_eq!(euro.checked_add(euro).map(Amount::decimal), Some("2.00".into()));
        assert_eq!(Amount::new(i64::MAX, euro.currency).checked_add(euro), None);
    }
}
