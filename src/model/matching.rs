//! What the matcher says: evidence in bits, complete hypotheses, and one outcome per payment.

use crate::model::Label;
use crate::model::evidence::Evidence;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// A probability in millionths: 999 000 is 99.9 %.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Probability(pub u32);

impl Probability {
    /// Certainty.
    pub const ONE: Probability = Probability(1_000_000);
}

impl fmt::Display for Probability {
    /// Writes four decimals: `0.9993`. Rounds down, so that 1.0000 means what it says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:04}", self.0 / 1_000_000, self.0 % 1_000_000 / 100)
    }
}

/// Part of a payment that settles (part of) one item. Minor units of the payment's currency, signed as the item.
///
/// The item is reduced by `cash + discount + charges + write_off`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Allocation {
    /// Position of the item in the open items of the run.
    pub item: u32,
    /// Cash.
    pub cash: i64,
    /// Cash discount.
    pub discount: i64,
    /// Bank charges.
    pub charges: i64,
    /// Written off.
    pub write_off: i64,
    /// For an item in another currency: by how much it is reduced, in minor units of the item's currency.
    /// `None`: payment and item share the currency, and the reduction is [`Allocation::reduction`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_reduction: Option<i64>,
}

impl Allocation {
    /// Returns the allocation of `cash` and nothing else, payment and item in one currency.
    pub fn cash(item: u32, cash: i64) -> Allocation {
        Allocation {
            item,
            cash,
            discount: 0,
            charges: 0,
            write_off: 0,
            item_reduction: None,
        }
    }

    /// Returns by how much the item is reduced, in minor units of the payment's currency.
    pub fn reduction(&self) -> i64 {
        self.cash + self.discount + self.charges + self.write_off
    }

    /// Returns by how much the item is reduced, in minor units of the item's currency.
    pub fn item_reduction(&self) -> i64 {
        self.item_reduction.unwrap_or_else(|| self.reduction())
    }
}

/// How a hypothesis explains a payment. The order is the one in which people are told of equal ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum HypothesisKind {
    /// Structured remittance allocates explicitly.
    Structured,
    /// One item in full.
    Single,
    /// Several items named.
    Listed,
    /// A range of numbers.
    Range,
    /// All items due up to a day.
    DueRun,
    /// The whole account.
    WholeBalance,
    /// The only subset that adds up.
    Subset,
    /// In full, less cash discount.
    Discount,
    /// In full, less bank charges.
    Charges,
    /// A part of one item.
    PartPayment,
    /// In full, the rest on account.
    Overpayment,
    /// A customer's payment that no item explains, on account.
    OnAccount,
    /// A return that opens an item again.
    Return,
}

impl HypothesisKind {
    /// Returns the word of the files: `single`, `part_payment` …
    pub fn code(self) -> &'static str {
        match self {
            HypothesisKind::Structured => "structured",
            HypothesisKind::Single => "single",
            HypothesisKind::Listed => "listed",
            HypothesisKind::Range => "range",
            HypothesisKind::DueRun => "due_run",
            HypothesisKind::WholeBalance => "whole_balance",
            HypothesisKind::Subset => "subset",
            HypothesisKind::Discount => "discount",
            HypothesisKind::Charges => "charges",
            HypothesisKind::PartPayment => "part_payment",
            HypothesisKind::Overpayment => "overpayment",
            HypothesisKind::OnAccount => "on_account",
            HypothesisKind::Return => "return",
        }
    }
}

/// A complete explanation of a payment: Σ cash + on_account = the payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hypothesis {
    /// How it explains the payment.
    pub kind: HypothesisKind,
    /// Customer whose items these are; empty only where the export knows no customers.
    pub customer_id: Label,
    /// Position of the customer.
    pub debtor: u32,
    /// Allocations by item position.
    pub allocations: Vec<Allocation>,
    /// Cash that no item takes, in minor units.
    pub on_account: i64,
    /// What speaks for it and against it.
    pub evidence: Vec<Evidence>,
    /// Class of the evidence.
    pub class: EvidenceClass,
}

impl Hypothesis {
    /// Returns the sum of the evidence in 1/100 bit.
    pub fn weight(&self) -> i32 {
        self.evidence.iter().map(|evidence| evidence.weight).sum()
    }

    /// Returns the cash that it explains, in minor units: all of it.
    pub fn cash(&self) -> i64 {
        self.allocations.iter().map(|allocation| allocation.cash).sum::<i64>() + self.on_account
    }
}

/// What was looked at and what was seen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Signal {
    /// log2 of the number of hypotheses before anything was looked at; always against.
    Prior,
    /// The document number stands in the text as it is.
    NumberExact,
    /// The number stands there in another form: case, separators, prefix, zeros, blanks.
    NumberReformatted,
    /// Only the counting part of the number stands there.
    NumberCounter,
    /// The number with a mistake of one digit.
    NumberTypo,
    /// The number cut at the end of a field.
    NumberCut,
    /// A reference with valid check digits that contains or equals ours.
    CheckedReference,
    /// The customer's order number.
    OrderNumber,
    /// Our end-to-end id, mandate or another reference of the item.
    OtherReference,
    /// Structured remittance names the document.
    StructuredDocument,
    /// (document, amount) pairs in the text add up to the payment.
    PairsInText,
    /// The customer number stands in the text.
    CustomerNumber,
    /// The text names another open item of the same customer that this hypothesis leaves out.
    NumberLeftOut,
    /// The text names a number of another customer.
    NumberOfOtherCustomer,
    /// The text names a closed item.
    NumberClosed,
    /// The text names a number of our form that no open or closed item has.
    NumberUnknown,
    /// The amount agrees to the minor unit.
    AmountExact,
    /// The amount agrees after cash discount in time.
    AmountDiscount,
    /// The amount agrees after cash discount that is too late.
    AmountLateDiscount,
    /// The amount agrees after usual charges.
    AmountCharges,
    /// The amount is less than what is open.
    AmountShort,
    /// The amount is more than what is open.
    AmountOver,
    /// What the payer instructed in the item's currency agrees.
    AmountInstructed,
    /// The account is this customer's in the master data.
    AccountOfCustomer,
    /// Confirmed payments came from this account for this customer.
    AccountConfirmed,
    /// The account belongs to another customer.
    AccountOfOther,
    /// The payer's name is the customer's, legal form included.
    NameEqual,
    /// The payer's name is the customer's but for form, word order or spelling.
    NameAlike,
    /// The payer's name resembles the customer's.
    NameWeak,
    /// The payer's name was confirmed for this customer before.
    NameConfirmed,
    /// The name contradicts: another brand, region, branch or legal form.
    NameContradicts,
    /// The payer's name is another customer's.
    NameOfOther,
    /// The payer's name is nobody's that is known.
    NameUnknown,
    /// Paid around the due date, or as this customer usually does.
    DateUsual,
    /// Paid before the item was issued.
    DateBeforeIssue,
    /// Cost of the description: which items were picked, and out of how many.
    Description,
    /// What this customer usually keeps from its payments.
    History,
    /// The currencies differ.
    CurrencyDiffers,
    /// The customer disputes the item.
    Disputed,
    /// The ERP does not show what was posted on the item, or shows more open than before.
    ItemHeld,
    /// The text speaks of a prepayment, a deposit, a payment on account.
    TextPrepayment,
    /// The text speaks of interest, tax, salaries, refunds: of no receivable.
    TextNotReceivable,
    /// The payer belongs to the customer's group.
    PayerOfGroup,
    /// A person says whose payment it is.
    CustomerDecided,
    /// A salesperson claims the receipt for this customer.
    ClaimOfCustomer,
    /// A salesperson claims the receipt for another customer, and nobody for this one.
    ClaimOfOther,
}

/// How well the payer is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum PayerLevel {
    /// Account of the master data or confirmed before.
    Account,
    /// Name equal to the customer's, or an alias confirmed before.
    Name,
    /// Name alike.
    NameAlike,
    /// Nothing known of the payer.
    Unknown,
    /// What is known contradicts.
    Contradicts,
}

/// How well the reference agrees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum ReferenceLevel {
    /// Structured remittance or a reference with check digits.
    Structured,
    /// Full number, as written or reformatted.
    Number,
    /// Counter, typo or cut number.
    Partial,
    /// None.
    None,
}

/// How well the amount agrees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum AmountLevel {
    /// To the minor unit.
    Exact,
    /// After terms: discount, charges stated.
    Terms,
    /// Only in part, or more than open.
    Differs,
}

/// The class of an automatic decision: its record is counted as one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
pub struct EvidenceClass {
    /// Payer.
    pub payer: PayerLevel,
    /// Reference.
    pub reference: ReferenceLevel,
    /// Amount.
    pub amount: AmountLevel,
    /// Pattern.
    pub kind: HypothesisKind,
}

impl Serialize for EvidenceClass {
    /// With names for people, without them for the record.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return (self.payer, self.reference, self.amount, self.kind).serialize(serializer);
        }
        let mut fields = serializer.serialize_struct("EvidenceClass", 4)?;
        fields.serialize_field("payer", &self.payer)?;
        fields.serialize_field("reference", &self.reference)?;
        fields.serialize_field("amount", &self.amount)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.end()
    }
}

impl EvidenceClass {
    /// Returns payer, reference, amount and kind as the settings write them.
    pub fn words(&self) -> [&'static str; 4] {
        let payer = match self.payer {
            PayerLevel::Account => "account",
            PayerLevel::Name => "name",
            PayerLevel::NameAlike => "name_alike",
            PayerLevel::Unknown => "unknown",
            PayerLevel::Contradicts => "contradicts",
        };
        let reference = match self.reference {
            ReferenceLevel::Structured => "structured",
            ReferenceLevel::Number => "number",
            ReferenceLevel::Partial => "partial",
            ReferenceLevel::None => "none",
        };
        let amount = match self.amount {
            AmountLevel::Exact => "exact",
            AmountLevel::Terms => "terms",
            AmountLevel::Differs => "differs",
        };
        [payer, reference, amount, self.kind.code()]
    }
}

impl fmt::Display for EvidenceClass {
    /// Writes `account/number/exact/single`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join("/"))
    }
}

/// Why a payment is not posted by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the codes are the documentation; their sentences stand in words::reason"
)]
pub enum Reason {
    NoReferenceNoName,
    UnknownPayer,
    AmbiguousCustomer,
    AmbiguousInvoice,
    AmountShort,
    AmountOver,
    ChargesSuspected,
    DiscountOutOfTerms,
    Partial,
    SumNotUnique,
    ReferenceAmountDiffers,
    ReferenceClosedInvoice,
    ReferenceOtherCustomer,
    NameConflict,
    CurrencyDiffers,
    PlatformPayer,
    PersonalPayer,
    ThirdPartyPayer,
    Reversal,
    Returned,
    DuplicateSuspect,
    Prepayment,
    NotReceivableSuspect,
    OwnTransferSuspect,
    BatchWithoutDetails,
    DetailsDoNotAddUp,
    StatementGap,
    ClaimConflict,
    Disputed,
    ItemHeld,
    LowConfidence,
    StaleDecision,
    TakenBack,
    InputError,
}

impl Reason {
    /// Returns the code of the sheet: `AMBIGUOUS_INVOICE` …
    pub fn code(self) -> &'static str {
        match self {
            Reason::NoReferenceNoName => "NO_REFERENCE_NO_NAME",
            Reason::UnknownPayer => "UNKNOWN_PAYER",
            Reason::AmbiguousCustomer => "AMBIGUOUS_CUSTOMER",
            Reason::AmbiguousInvoice => "AMBIGUOUS_INVOICE",
            Reason::AmountShort => "AMOUNT_SHORT",
            Reason::AmountOver => "AMOUNT_OVER",
            Reason::ChargesSuspected => "CHARGES_SUSPECTED",
            Reason::DiscountOutOfTerms => "DISCOUNT_OUT_OF_TERMS",
            Reason::Partial => "PARTIAL",
            Reason::SumNotUnique => "SUM_NOT_UNIQUE",
            Reason::ReferenceAmountDiffers => "REFERENCE_AMOUNT_DIFFERS",
            Reason::ReferenceClosedInvoice => "REFERENCE_CLOSED_INVOICE",
            Reason::ReferenceOtherCustomer => "REFERENCE_OTHER_CUSTOMER",
            Reason::NameConflict => "NAME_CONFLICT",
            Reason::CurrencyDiffers => "CURRENCY_DIFFERS",
            Reason::PlatformPayer => "PLATFORM_PAYER",
            Reason::PersonalPayer => "PERSONAL_PAYER",
            Reason::ThirdPartyPayer => "THIRD_PARTY_PAYER",
            Reason::Reversal => "REVERSAL",
            Reason::Returned => "RETURNED",
            Reason::DuplicateSuspect => "DUPLICATE_SUSPECT",
            Reason::Prepayment => "PREPAYMENT",
            Reason::NotReceivableSuspect => "NOT_RECEIVABLE_SUSPECT",
            Reason::OwnTransferSuspect => "OWN_TRANSFER_SUSPECT",
            Reason::BatchWithoutDetails => "BATCH_WITHOUT_DETAILS",
            Reason::DetailsDoNotAddUp => "DETAILS_DO_NOT_ADD_UP",
            Reason::StatementGap => "STATEMENT_GAP",
            Reason::ClaimConflict => "CLAIM_CONFLICT",
            Reason::Disputed => "DISPUTED",
            Reason::ItemHeld => "ITEM_HELD",
            Reason::LowConfidence => "LOW_CONFIDENCE",
            Reason::StaleDecision => "STALE_DECISION",
            Reason::TakenBack => "TAKEN_BACK",
            Reason::InputError => "INPUT_ERROR",
        }
    }
}

/// Why an entry is no receipt: nothing to match, counted by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum SetAsideRule {
    /// Money out that is no return.
    OutgoingDebit,
    /// Not in the books yet; outside the totals.
    Pending,
    /// For information, or another status that is not booked; outside the totals.
    NotBooked,
    /// A credit that undoes our own debit.
    ReversedDebit,
    /// Zero.
    ZeroAmount,
    /// Booked before the start date of the settings.
    BeforeStart,
    /// Between our own accounts.
    OwnTransfer,
    /// A person said that it is no receivable.
    NotReceivable,
    /// A person booked it in the ERP.
    Done,
    /// A person said that nothing is to be done.
    Ignored,
    /// A person said that it is to be paid back.
    Refund,
    /// A batch whose details arrived: they stand in its place, in all lists and totals.
    Detailed,
}

impl SetAsideRule {
    /// Returns the code of `set_aside.csv`.
    pub fn code(self) -> &'static str {
        match self {
            SetAsideRule::OutgoingDebit => "OUTGOING_DEBIT",
            SetAsideRule::Pending => "PENDING",
            SetAsideRule::NotBooked => "NOT_BOOKED",
            SetAsideRule::ReversedDebit => "REVERSED_DEBIT",
            SetAsideRule::ZeroAmount => "ZERO_AMOUNT",
            SetAsideRule::BeforeStart => "BEFORE_START",
            SetAsideRule::OwnTransfer => "OWN_TRANSFER",
            SetAsideRule::NotReceivable => "NOT_RECEIVABLE",
            SetAsideRule::Done => "DONE",
            SetAsideRule::Ignored => "IGNORED",
            SetAsideRule::Refund => "REFUND",
            SetAsideRule::Detailed => "DETAILED",
        }
    }

    /// Returns true for what a person decided, and may take back.
    pub fn is_decided(self) -> bool {
        matches!(
            self,
            SetAsideRule::NotReceivable | SetAsideRule::Done | SetAsideRule::Ignored | SetAsideRule::Refund
        )
    }

    /// Returns true when the entry is in the books and so part of the totals.
    pub fn is_booked(self) -> bool {
        !matches!(self, SetAsideRule::Pending | SetAsideRule::NotBooked)
    }
}

/// One hypothesis with its posterior.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Suggestion {
    /// The hypothesis.
    pub hypothesis: Hypothesis,
    /// Posterior over all hypotheses of the payment, none of them included.
    pub probability: Probability,
}

/// Exactly one per payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// The first suggestion is booked.
    Posted,
    /// The first suggestion is good, but below the bar: one ACCEPT away.
    Proposed(Reason),
    /// Open; suggestions may help.
    Exception(Reason),
    /// No receipt.
    SetAside(SetAsideRule),
}

/// What the matcher says of one payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// Strongest first, at most five, two of what is posted; the first is the match of Posted and Proposed.
    pub suggestions: Vec<Suggestion>,
    /// Posterior of "none of them".
    pub none: Probability,
}

impl Verdict {
    /// Returns the margin in 1/100 bit between the first suggestion and the next; `None` with fewer than two.
    pub fn margin(&self) -> Option<i32> {
        let [first, second, ..] = self.suggestions.as_slice() else {
            return None;
        };
        Some(first.hypothesis.weight() - second.hypothesis.weight())
    }
}
