//! Weighs the evidence that a payment settles an open item. One file per signal.
//!
//! Integers of 1/100 bit, for and against. Knows nothing of thresholds: whether the weight is enough is decided in
//! [`crate::assign`]. Knows nothing of indexes: it is told what was found.

pub mod account;
pub mod amount;
pub mod date;
pub mod habit;
pub mod name;
pub mod reference;
pub mod sum;
pub mod wording;

use serde::Deserialize;

/// What each signal is worth, in 1/100 bit: 100 doubles the odds, 1,000 makes them a thousand times better. Negative speaks against.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Smallest population assumed for items, customers and amounts: in a small book a coincidence is no likelier than in the world.
    pub population: u32,
    /// A number: for each digit.
    pub number_digit: i32,
    /// A number: for each letter, three at most.
    pub number_letter: i32,
    /// A number: at most.
    pub number_max: i32,
    /// A number in another form: separators, prefix, zeros.
    pub number_reformatted: i32,
    /// A letter that looks like a digit, or the other way round.
    pub number_look_alike: i32,
    /// One wrong, missing, doubled or swapped character.
    pub number_typo: i32,
    /// A list that gives only the end of the later numbers.
    pub number_inherited: i32,
    /// A reference with valid check digits, in addition.
    pub checked: i32,
    /// Structured remittance, in addition.
    pub structured: i32,
    /// (document, amount) pairs that add up, in addition.
    pub pairs: i32,
    /// An order number instead of ours.
    pub order_number: i32,
    /// The customer's number stands in the text.
    pub customer_number: i32,
    /// The text names an open item of the customer that is left out.
    pub left_out: i32,
    /// The text names an item of another customer.
    pub number_of_other: i32,
    /// The text names a closed item.
    pub number_closed: i32,
    /// The text names a number of our form that no item has.
    pub number_unknown: i32,
    /// The exact sum of items that the text names.
    pub amount_sum: i32,
    /// Cash discount in time, beside the exact amount.
    pub discount: i32,
    /// Cash discount too late, beside the exact amount.
    pub late_discount: i32,
    /// Charges that the bank states, beside the exact amount.
    pub charges_stated: i32,
    /// Charges that nobody states.
    pub charges_unstated: i32,
    /// Less than open.
    pub short: i32,
    /// Less than open, by little.
    pub slightly_short: i32,
    /// More than open.
    pub over: i32,
    /// The instructed amount in the item's currency agrees.
    pub instructed: i32,
    /// The account: at most.
    pub account_max: i32,
    /// The account is another customer's.
    pub account_of_other: i32,
    /// The name is the same.
    pub name_equal: i32,
    /// The same but for the legal form, or the order of words.
    pub name_core: i32,
    /// The beginning of the name, cut at a field's end.
    pub name_cut: i32,
    /// Nearly the same.
    pub name_alike: i32,
    /// Something in common.
    pub name_weak: i32,
    /// Another legal form, brand, region, branch.
    pub name_contradicts: i32,
    /// The name is another customer's.
    pub name_of_other: i32,
    /// Nobody known has this name.
    pub name_unknown: i32,
    /// The payer belongs to the customer's group.
    pub group: i32,
    /// Paid around the due date.
    pub date_usual: i32,
    /// Paid before the issue date.
    pub before_issue: i32,
    /// All due up to a day, or the whole account: for each way to draw the line.
    pub description_run: i32,
    /// A credit note that nobody names.
    pub description_credit_note: i32,
    /// The customer disputes the item.
    pub disputed: i32,
    /// The text speaks of a prepayment.
    pub prepayment: i32,
    /// The text speaks of interest, tax, refunds.
    pub not_receivable: i32,
    /// A payment on account that no item explains.
    pub on_account: i32,
    /// A salesperson claims the receipt for the customer.
    pub claim: i32,
    /// The claim names just these documents, in addition.
    pub claim_documents: i32,
    /// The receipt is claimed for another customer only.
    pub claim_of_other: i32,
}
