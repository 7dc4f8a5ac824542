//! What a salesperson says a customer has paid, or will have (到账认领).

use crate::model::NaiveDate;
use crate::model::money::Amount;
use crate::model::source::Source;
use serde::{Deserialize, Serialize};

/// One row of `claims.csv`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Who claims.
    pub salesperson: String,
    /// Day of the claim.
    pub claimed_on: NaiveDate,
    /// First and last booking date of a receipt that it may speak of.
    pub booked_between: (NaiveDate, NaiveDate),
    /// The customer as written.
    pub customer: String,
    /// customer_id, where the text names exactly one customer.
    pub customer_id: Option<String>,
    /// Claimed amount.
    pub amount: Amount,
    /// Document numbers as written; may be empty.
    pub references: Vec<String>,
    /// Free text.
    pub note: String,
    /// Where it stands.
    pub source: Source,
}

impl Claim {
    /// Returns true when it may speak of a receipt of this amount and booking date, whoever paid.
    pub fn fits(&self, amount: Amount, booked_on: NaiveDate) -> bool {
        let (first, last) = self.booked_between;
        self.amount == amount && (first..=last).contains(&booked_on)
    }
}

/// What became of a claim, or of a receipt that nobody claims.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClaimState {
    /// The receipt is there.
    Received,
    /// A receipt of the customer is there, with another amount.
    AmountDiffers,
    /// A receipt of this amount is there, and it is another customer's.
    OtherCustomer,
    /// Another claim took the only receipt that fits.
    ClaimedTwice,
    /// No receipt after so many days.
    NotReceived,
    /// No receipt yet.
    Waiting,
    /// A receipt that nobody claims.
    Unclaimed,
}

impl ClaimState {
    /// Returns the word of `claims.csv`.
    pub fn code(self) -> &'static str {
        match self {
            ClaimState::Received => "RECEIVED",
            ClaimState::AmountDiffers => "AMOUNT_DIFFERS",
            ClaimState::OtherCustomer => "OTHER_CUSTOMER",
            ClaimState::ClaimedTwice => "CLAIMED_TWICE",
            ClaimState::NotReceived => "NOT_RECEIVED",
            ClaimState::Waiting => "WAITING",
            ClaimState::Unclaimed => "UNCLAIMED",
        }
    }
}

/// A receipt as the comparison sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// payment_id.
    pub payment_id: String,
    /// bank_ref.
    pub bank_ref: String,
    /// Booking date.
    pub booked_on: NaiveDate,
    /// Cash.
    pub amount: Amount,
    /// Customers that it is posted for; empty while nobody knows.
    pub customer_ids: Vec<String>,
    /// Customers that it may be of: those of its candidates.
    pub candidate_ids: Vec<String>,
    /// Document numbers that it is posted on, else those of its best candidate.
    pub document_numbers: Vec<String>,
    /// Payer as the bank tells.
    pub payer_name: String,
}

/// A line of the comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimLine {
    /// What became of it.
    pub state: ClaimState,
    /// The claim; `None` for a receipt that nobody claims.
    pub claim: Option<Claim>,
    /// The receipt that it is compared with.
    pub receipt: Option<Receipt>,
    /// Salesperson of the claim, else of the receipt's customer; may be empty.
    pub salesperson: String,
    /// Days from the claim, or from the booking of what nobody claims, to the as-of date.
    pub age_days: i64,
}
