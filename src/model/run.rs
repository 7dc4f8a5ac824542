//! One night: its number, its inputs, its totals.

use crate::model::NaiveDate;
use crate::model::matching::SetAsideRule;
use crate::model::money::Currency;
use crate::model::statement::Side;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run, as the manifest records it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Grows by one with every run that was committed.
    pub number: u64,
    /// The day that the run looks from.
    pub as_of: NaiveDate,
    /// What was read.
    pub inputs: Vec<InputFile>,
    /// SHA-256 of the resolved settings, in hex.
    pub settings_hash: String,
    /// Control totals.
    pub totals: Totals,
    /// SHA-256 of the manifest of the run before; empty for the first.
    pub previous_hash: String,
}

/// What an input is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputRole {
    /// A bank statement.
    Statement,
    /// Open items.
    OpenItems,
    /// Customers.
    Customers,
    /// Confirmed history.
    History,
    /// A returned sheet.
    Decisions,
    /// Claims of salespeople.
    Claims,
}

/// One input file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InputFile {
    /// Its role.
    pub role: InputRole,
    /// Name as given.
    pub name: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Records read: entries, items, customers, rows.
    pub records: u64,
    /// What became of it.
    pub state: InputState,
}

/// What became of an input file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputState {
    /// Read in this run.
    Read,
    /// Read by an earlier run, byte for byte the same.
    Known,
    /// Refused, or one of its statements was.
    Refused,
    /// Held: pages are missing.
    Held,
}

/// Where a booked payment went.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Entries of the statements given.
    Read,
    /// Open exceptions of earlier runs whose statement was not given again.
    Carried,
    /// Posted by this run.
    Posted,
    /// Proposed.
    Proposed,
    /// Open exceptions.
    Open,
    /// Set aside by a named rule.
    SetAside,
    /// Known from another delivery, or posted by an earlier run.
    Duplicate,
    /// Posted by an earlier run and taken back by this one: what left the items again, beside the equation of the night.
    Reversed,
}

/// Key of a total.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct TotalKey {
    /// Our account.
    pub account: String,
    /// Its currency.
    pub currency: Currency,
    /// Side.
    pub side: Side,
    /// Class.
    pub class: Class,
}

/// Number and sum of payments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CountSum {
    /// Number.
    pub count: u64,
    /// Sum in signed minor units.
    pub sum: i64,
}

/// Control totals of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// By account, currency, side and class.
    pub classes: BTreeMap<TotalKey, CountSum>,
    /// Set aside, by rule; pending entries are here only.
    pub set_aside: BTreeMap<(String, Currency, SetAsideRule), CountSum>,
}

impl Totals {
    /// Adds one payment of `signed` minor units that was taken back. Refuses overflow by returning `None`.
    pub fn add_reversed(&mut self, account: &str, currency: Currency, signed: i64) -> Option<()> {
        let key = TotalKey {
            account: account.to_owned(),
            currency,
            side: Side::of(signed),
            class: Class::Reversed,
        };
        let total = self.classes.entry(key).or_default();
        total.count += 1;
        total.sum = total.sum.checked_sub(signed)?;
        Some(())
    }

    /// Adds one payment of `signed` minor units. Refuses overflow by returning `None`.
    pub fn add(&mut self, account: &str, currency: Currency, signed: i64, class: Class) -> Option<()> {
        let key = TotalKey {
            account: account.to_owned(),
            currency,
            side: Side::of(signed),
            class,
        };
        let total = self.classes.entry(key).or_default();
        total.count += 1;
        total.sum = total.sum.checked_add(signed)?;
        Some(())
    }

    /// Returns the first account, currency and side where what came in is not what went out; `None` when all tie.
    ///
    /// Read + carried = posted + proposed + open + set aside + duplicates, by count and by sum.
    pub fn first_gap(&self) -> Option<(String, Currency, Side)> {
        let mut gaps: BTreeMap<(String, Currency, Side), (i64, i128)> = BTreeMap::new();
        for (key, total) in &self.classes {
            let sign = match key.class {
                Class::Read | Class::Carried => 1,
                Class::Reversed => continue,
                _ => -1,
            };
            let gap = gaps.entry((key.account.clone(), key.currency, key.side)).or_default();
            gap.0 += sign * total.count as i64;
            gap.1 += i128::from(sign) * i128::from(total.sum);
        }
        gaps.into_iter().find(|(_, gap)| *gap != (0, 0)).map(|(key, _)| key)
    }
}

/// One row of [`Totals`] as it is stored and written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct TotalsRows {
    classes: Vec<(TotalKey, CountSum)>,
    set_aside: Vec<((String, Currency, SetAsideRule), CountSum)>,
}

impl Serialize for Totals {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = TotalsRows {
            classes: self.classes.iter().map(|(key, total)| (key.clone(), *total)).collect(),
            set_aside: self
                .set_aside
                .iter()
                .map(|(key, total)| (key.clone(), *total))
                .collect(),
        };
        rows.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Totals {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = TotalsRows::deserialize(deserializer)?;
        Ok(Totals {
            classes: rows.classes.into_iter().collect(),
            set_aside: rows.set_aside.into_iter().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_show_where_money_is_missing() {
        let euro = Currency::new("EUR").expect("EUR");
        let mut totals = Totals::default();
        for (signed, class) in [
            (100, Class::Read),
            (-40, Class::Read),
            (100, Class::Posted),
            (-40, Class::SetAside),
        ] {
            totals.add("DE1", euro, signed, class).expect("no overflow");
        }
        assert_eq!(totals.first_gap(), None);
        totals.add("DE1", euro, 1, Class::Read).expect("no overflow");
        assert_eq!(totals.first_gap(), Some(("DE1".to_owned(), euro, Side::Credit)));
    }
}
