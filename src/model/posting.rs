//! What is booked: one posting per settled payment, with its lines.

use crate::model::Label;
use crate::model::matching::{EvidenceClass, HypothesisKind, Probability};
use crate::model::money::{Amount, Currency};
use crate::model::payment::{Payment, PaymentId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The booking of one payment. Its lines add up to the payment's cash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Posting {
    /// The payment that it settles.
    pub payment_id: PaymentId,
    /// Kind of the hypothesis that was posted.
    pub kind: HypothesisKind,
    /// Evidence class; `None` for a person's decision.
    pub class: Option<EvidenceClass>,
    /// Posterior probability; `None` for a person's decision.
    pub probability: Option<Probability>,
    /// `paymatch`, or the person who decided.
    pub decided_by: String,
    /// Lines in a fixed order.
    pub lines: Vec<PostingLine>,
}

/// One allocation of a posting. All amounts are minor units of the payment's currency, signed as the item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PostingLine {
    /// Posting id, unique over all runs: `<run>-<line of the run>`.
    pub id: Label,
    /// Customer that is credited.
    pub customer_id: Label,
    /// Item that is reduced by amount + discount + charges + write-off; `None`: on account.
    pub item_id: Option<Label>,
    /// Document number of the item; empty on account.
    pub document_number: Label,
    /// Cash.
    pub amount: i64,
    /// Cash discount granted.
    pub discount: i64,
    /// Bank charges borne.
    pub charges: i64,
    /// Written off.
    pub write_off: i64,
    /// Reduction of the item in its own currency.
    pub item_amount: Amount,
    /// Why, in words.
    pub text: String,
}

/// A posting that a person took back: told to the ERP by lines of the opposite sign.
#[derive(Clone, Debug)]
pub struct Reversal {
    /// The payment, which is open again.
    pub payment: Arc<Payment>,
    /// The posting as it was booked.
    pub posting: Posting,
    /// Run that booked it.
    pub run: u64,
    /// One line for each of the posting's, in their order, with new ids and the amounts turned around.
    pub lines: Vec<PostingLine>,
    /// Who decided.
    pub decided_by: String,
    /// Who approved; empty when nobody had to.
    pub approved_by: String,
    /// Why, as the person wrote it.
    pub note: String,
}

impl Reversal {
    /// Returns the cash that comes back from the items, in minor units: the payment's, turned around.
    pub fn cash(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }
}

/// Why lines are no posting.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PostingError {
    /// The lines do not add up to the payment's cash.
    #[error("lines of payment {payment} add up to {lines}, its cash is {cash}")]
    Unbalanced {
        /// The payment.
        payment: PaymentId,
        /// Sum of the lines in minor units.
        lines: i64,
        /// Cash of the payment in minor units.
        cash: i64,
    },
    /// No line at all.
    #[error("payment {0} has no line to post")]
    Empty(PaymentId),
    /// Two lines reduce the same item.
    #[error("payment {0} reduces item {1} twice")]
    ItemTwice(PaymentId, String),
}

impl Posting {
    /// Returns the posting if its lines add up to `cash` and name each item once.
    pub fn new(posting: Posting, cash: i64) -> Result<Posting, PostingError> {
        if posting.lines.is_empty() {
            return Err(PostingError::Empty(posting.payment_id));
        }
        let sum = posting
            .lines
            .iter()
            .try_fold(0_i64, |sum, line| sum.checked_add(line.amount))
            .unwrap_or(i64::MIN);
        if sum != cash {
            return Err(PostingError::Unbalanced {
                payment: posting.payment_id,
                lines: sum,
                cash,
            });
        }
        let mut items: Vec<&str> = posting
            .lines
            .iter()
            .filter_map(|line| line.item_id.as_deref())
            .collect();
        items.sort_unstable();
        if let Some(twice) = items.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(PostingError::ItemTwice(posting.payment_id.clone(), twice[0].to_owned()));
        }
        Ok(posting)
    }
}

impl PostingLine {
    /// Returns the reduction of the item in minor units of the payment's currency.
    pub fn reduction(&self) -> i64 {
        self.amount + self.discount + self.charges + self.write_off
    }

    /// Returns the line that takes this one back; `text` says who decided.
    pub fn reversed(&self, text: &str) -> PostingLine {
        PostingLine {
            id: Label::default(),
            amount: -self.amount,
            discount: -self.discount,
            charges: -self.charges,
            write_off: -self.write_off,
            item_amount: Amount::new(-self.item_amount.minor, self.item_amount.currency),
            text: text.to_owned(),
            ..self.clone()
        }
    }

    /// Returns the currency of the item.
    pub fn item_currency(&self) -> Currency {
        self.item_amount.currency
    }
}
