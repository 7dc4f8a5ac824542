//! What is right for a payment of a labelled night.

use crate::model::source::Source;

/// One row of a truth file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelledPayment {
    /// The bank's reference, or the payment_id: what the results call the payment.
    pub reference: String,
    /// What the payment shows: `number_exact` …
    pub situation: String,
    /// True when the data decide it: it should be posted. What is posted otherwise is wrong, whatever it is.
    pub is_decidable: bool,
    /// Signed amount in 1/10,000 of the unit of its currency; `None` where the file does not tell.
    pub amount: Option<i64>,
    /// The customer who paid; empty where nobody did.
    pub customer_id: String,
    /// What it settles; of a payment that the data do not decide: what the payer meant, where there is such a thing.
    pub items: Vec<LabelledItem>,
    /// Where it stands.
    pub source: Source,
}

/// An item that a payment settles.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LabelledItem {
    /// item_id.
    pub item_id: String,
    /// Cash in 1/10,000 of the unit of the payment's currency, signed as the item; `None` where the file does not tell.
    pub cash: Option<i64>,
}
