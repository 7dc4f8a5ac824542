//! Values in and out of the tables: enums as the model spells them, JSON, days, whole numbers.

use crate::model::date::parse_iso;
use crate::model::{Amount, Currency, NaiveDate};
use crate::store::error::StoreError;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};

/// Returns the JSON of a value.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::inconsistent(format!("cannot be written as JSON: {error}")))
}

/// Returns the value of a stored JSON; `what` names it when it cannot be read.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::unreadable(format!("{what} cannot be read: {error}")))
}

/// Returns the word of an enum without fields: `PartPayment`.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    Ok(json(value)?.trim_matches('"').to_owned())
}

/// Returns the enum of a word.
pub(crate) fn from_word<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, StoreError> {
    let deserializer: StrDeserializer<'_, WordError> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|error| StoreError::unreadable(format!("`{text}`: {error}")))
}

/// Returns the day of a stored text.
pub(crate) fn day(text: &str) -> Result<NaiveDate, StoreError> {
    parse_iso(text).ok_or_else(|| StoreError::unreadable(format!("`{text}` is no day")))
}

/// Returns the day of a stored text, where there is one.
pub(crate) fn maybe_day(text: Option<String>) -> Result<Option<NaiveDate>, StoreError> {
    text.as_deref().map(day).transpose()
}

/// Returns the currency of a stored code.
pub(crate) fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::new(code).ok_or_else(|| StoreError::unreadable(format!("`{code}` is no currency")))
}

/// Returns the amount of stored minor units.
pub(crate) fn amount(minor: i64, code: &str) -> Result<Amount, StoreError> {
    Ok(Amount::new(minor, currency(code)?))
}

/// Returns a count as the database keeps it.
pub(crate) fn int(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::inconsistent(format!("{number} is too large")))
}

/// Returns a stored count.
pub(crate) fn count(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::unreadable(format!("{number} is no count")))
}

/// Returns a stored small count.
pub(crate) fn small(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::unreadable(format!("{number} is no small count")))
}
