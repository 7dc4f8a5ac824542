//! What customers owe: open items of accounts receivable.

use crate::model::money::{Amount, Currency};
use crate::model::source::Source;
use crate::model::{Label, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The kind of an open item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum ItemKind {
    /// INV: an invoice, positive.
    Invoice,
    /// CRN: a credit note, negative.
    CreditNote,
    /// DPR: a down-payment request, positive.
    DownPayment,
    /// PAY: a payment on account, negative.
    OnAccount,
}

impl ItemKind {
    /// Returns the code of the export: INV, CRN, DPR, PAY.
    pub fn code(self) -> &'static str {
        match self {
            ItemKind::Invoice => "INV",
            ItemKind::CreditNote => "CRN",
            ItemKind::DownPayment => "DPR",
            ItemKind::OnAccount => "PAY",
        }
    }
}

/// One open item, or a recently closed one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenItem {
    /// item_id of the ERP: unique in the export.
    pub id: Label,
    /// Kind.
    pub kind: ItemKind,
    /// customer_id; may be empty where the export has none.
    pub customer_id: Label,
    /// customer_name as the export writes it; may be empty.
    pub customer_name: Label,
    /// The number that the customer knows.
    pub document_number: Label,
    /// Customer's order number; may be empty.
    pub purchase_order: Label,
    /// Further references: external_ref, creditor_ref, end_to_end_id, mandate_id; none empty.
    pub other_references: Vec<Label>,
    /// Issue date.
    pub issue_date: Option<NaiveDate>,
    /// Due date.
    pub due_date: Option<NaiveDate>,
    /// Original amount in minor units, signed.
    pub original_amount: i64,
    /// Open amount in minor units, signed; 0 for a closed item.
    pub open_amount: i64,
    /// Currency of both.
    pub currency: Currency,
    /// Cash discount terms, best first.
    pub cash_discounts: Vec<CashDiscount>,
    /// Salesperson; may be empty.
    pub salesperson: Label,
    /// True when the customer disputes it.
    pub is_disputed: bool,
    /// True when the ERP does not show what was posted on it, or shows more open than before.
    #[serde(default)]
    pub is_held: bool,
    /// Company; empty where there is one.
    pub company: Label,
    /// The day it was closed, for recently closed items.
    pub closed_on: Option<NaiveDate>,
    /// Where it stands.
    pub source: Source,
}

/// A cash discount: `percent` of the original amount when paid until `until`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CashDiscount {
    /// Percent of the original amount: 2 for 2 %.
    #[serde(with = "rust_decimal::serde::str")]
    pub percent: Decimal,
    /// Last day, inclusive, without grace.
    pub until: NaiveDate,
}

impl OpenItem {
    /// Returns the open amount.
    pub fn open(&self) -> Amount {
        Amount::new(self.open_amount, self.currency)
    }

    /// Returns true for a closed item: it is never matched, but a second payment of it is recognised.
    pub fn is_closed(&self) -> bool {
        self.open_amount == 0
    }

    /// Returns the cash discount in minor units that `terms` give on this item, capped by the open amount.
    ///
    /// Rounds half away from zero to the minor unit, as the ERPs do. Source: FIELD terms `discount_pct`, `discount_date`.
    pub fn discount_of(&self, terms: &CashDiscount) -> i64 {
        self.discount_when_open(terms, self.open_amount)
    }

    /// Returns the same where `open` minor units are open.
    pub fn discount_when_open(&self, terms: &CashDiscount, open: i64) -> i64 {
        // Whole numbers, exact: a night asks often, and decimal division is slow.
        let (digits, scale) = (terms.percent.mantissa(), terms.percent.scale());
        let unit = 10_i128.pow(scale + 2);
        let rounded = i128::from(self.original_amount)
            .checked_mul(digits)
            .and_then(|exact| Some(exact.abs().checked_add(unit / 2)? / unit * exact.signum()))
            .and_then(|rounded| i64::try_from(rounded).ok())
            .unwrap_or(0);
        if open >= 0 {
            rounded.clamp(0, open)
        } else {
            rounded.clamp(open, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    use rust_decimal::prelude::ToPrimitive;

    fn item(original_amount: i64) -> OpenItem {
        OpenItem {
            id: "1".into(),
            kind: ItemKind::Invoice,
            customer_id: Label::default(),
            customer_name: Label::default(),
            document_number: Label::default(),
            purchase_order: Label::default(),
            other_references: Vec::new(),
            issue_date: None,
            due_date: None,
            original_amount,
            open_amount: original_amount,
            currency: Currency::new("EUR").expect("EUR"),
            cash_discounts: Vec::new(),
            salesperson: Label::default(),
            is_disputed: false,
            is_held: false,
            company: Label::default(),
            closed_on: None,
            source: Source::file("items.csv"),
        }
    }

    fn percent(written: &str) -> CashDiscount {
        CashDiscount {
            percent: written.parse().expect("a percentage"),
            until: NaiveDate::MAX,
        }
    }

    #[test]
    fn a_discount_is_rounded_half_away_from_zero_and_is_never_more_than_is_open() {
        for (original, terms, open, expected) in [
            (10_000, "2", 10_000, 200),
            (25, "2", 25, 1),
            (24, "2", 24, 0),
            (-25, "2", -25, -1),
            (10_000, "2.125", 10_000, 213),
            (10_000, "0", 10_000, 0),
            (10_000, "3", 100, 100),
            (10_000, "3", 0, 0),
            (10_000, "3", -5, 0),
            // More than can be counted.
            (i64::MAX, "79228162514264337593543950335", 100, 0),
        ] {
            let found = item(original).discount_when_open(&percent(terms), open);
            assert_eq!(found, expected, "{terms} % of {original}, {open} open");
        }
    }

    proptest! {
        #[test]
        fn a_discount_is_what_decimal_figures_say(original in -1_000_000_000_000_i64..1_000_000_000_000, digits in 0_i64..100_000, scale in 0_u32..6) {
            let terms = CashDiscount { percent: Decimal::new(digits, scale), until: NaiveDate::MAX };
            let exact = Decimal::from(original) * terms.percent / Decimal::ONE_HUNDRED;
            let rounded = exact.round_dp_with_strategy(0, MidpointAwayFromZero).to_i64().expect("small");
            let open = if original < 0 { i64::MIN } else { i64::MAX };
            prop_assert_eq!(item(original).discount_when_open(&terms, open), rounded);
        }
    }
}
