//! One payment → complete hypotheses, strongest first. One file per kind of hypothesis.
//!
//! Each hypothesis explains the whole payment: items, cash, discount, charges, and what stays on account. All of them,
//! "none" included, are compared by posterior. Nothing is decided here: that is [`crate::assign`].

mod ahead;
mod draft;
mod due_run;
mod foreign;
mod leads;
mod listed;
mod payer;
mod range;
mod reading;
mod returned;
mod single;
mod sought;
mod structured;
mod subset;
mod texts;
mod touched;
mod weigh;
mod work;

pub use payer::{PayerName, PayerNames, look_up};
pub use touched::{Changed, Touched};

use crate::evidence::{Weights, habit};
use crate::index::{
    Accounts, Amounts, Claims, CustomerNumbers, DebtorNo, ItemNo, Ledger, Names, Numbers, Order, Shapes,
};
use crate::model::matching::PayerLevel;
use crate::model::{Customer, Hypothesis, Knowledge, OpenItem, Payment, Probability, Standing};
use crate::text::PayerKind;
use crate::text::bits::Log2;
use serde::Deserialize;

/// What the matcher weighs by, and how far it searches.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// What each signal is worth.
    pub weights: Weights,
    /// How far the search goes.
    pub limits: Limits,
}

/// How far the search goes: in days, shares and steps, never in seconds.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Days after the last day of a cash discount on which it still counts as in time.
    pub discount_grace_days: u32,
    /// Days after the last day, beyond the grace, on which a cash discount is still thought of, as a late one.
    pub discount_late_days: u32,
    /// A shortfall up to so many per mille of the open amount is thought of as charges.
    pub charges_permille: u32,
    /// A shortfall under so many per mille is short, not a part payment.
    pub part_rest_permille: u32,
    /// Open items of one customer that are looked at.
    pub items_per_customer: u32,
    /// Customers that are looked at for one payment.
    pub customers_per_payment: u32,
    /// Steps that the search for a sum may take.
    pub sum_steps: u32,
    /// Items of a free sum when the customer has at most 500 open items.
    pub sum_items: u32,
    /// Items of a free sum when the customer has at most 50 open items.
    pub sum_items_few: u32,
    /// Accidental hits that a sum may expect, in millionths, before it is doubted.
    pub sum_accidents: u32,
    /// Hypotheses that are kept of one payment.
    pub kept: u32,
}

/// Open items of a customer, as a rule.
const ITEMS_OF_DEBTOR: u64 = 10;

/// Everything that is looked up for a payment: prepared once, read by all.
#[derive(Debug)]
pub struct Book<'a> {
    pub(crate) ledger: Ledger<'a>,
    pub(crate) options: &'a Options,
    /// Among how many items one is chosen.
    pub(crate) items: Log2,
    /// Among how many customers one is chosen: a share of the items, so that what is unrelated makes all hypotheses lighter alike.
    pub(crate) debtors: Log2,
    /// Among how many amounts one is looked for.
    pub(crate) population: Log2,
    pub(crate) numbers: Numbers,
    pub(crate) shapes: Shapes,
    pub(crate) amounts: Amounts,
    pub(crate) accounts: Accounts,
    pub(crate) claims: Claims,
    pub(crate) names: Names,
    pub(crate) customer_numbers: CustomerNumbers,
    /// What a deduction weighs of customers of whom something is known, in 1/100 bit.
    pub(crate) habits: rustc_hash::FxHashMap<DebtorNo, i32>,
}

/// What of a book does not change when less is open of its items.
#[derive(Debug)]
pub struct Catalogue {
    order: Order,
    numbers: Numbers,
    shapes: Shapes,
    accounts: Accounts,
    claims: Claims,
    names: Names,
    customer_numbers: CustomerNumbers,
    habits: rustc_hash::FxHashMap<DebtorNo, i32>,
}

impl<'a> Book<'a> {
    /// Returns the weight of a hypothesis in a book of at least the smallest population that is assumed, in 1/100 bit.
    ///
    /// Unrelated items make a hypothesis lighter. What competes for an item must not depend on them: a claim that they push
    /// below a threshold would leave the item to another one.
    pub(crate) fn strength(&self, weight: i32) -> i32 {
        weight + self.items.hundredths() - self.population.hundredths()
    }

    /// Returns what stays the same for the same items and customers, whatever is open.
    pub fn into_catalogue(self) -> Catalogue {
        Catalogue {
            order: self.ledger.into_order(),
            numbers: self.numbers,
            shapes: self.shapes,
            accounts: self.accounts,
            claims: self.claims,
            names: self.names,
            customer_numbers: self.customer_numbers,
            habits: self.habits,
        }
    }

    /// Returns the book of the same items and customers with other open amounts: the same as [`prepare`] would.
    pub fn again(
        catalogue: Catalogue,
        items: &'a [OpenItem],
        customers: &'a [Customer],
        options: &'a Options,
    ) -> Book<'a> {
        let Catalogue {
            order,
            numbers,
            shapes,
            accounts,
            claims,
            names,
            customer_numbers,
            habits,
        } = catalogue;
        Book {
            numbers,
            shapes,
            accounts,
            claims,
            names,
            customer_numbers,
            habits,
            ..Book::of(Ledger::in_order(items, customers, order), options)
        }
    }

    /// The book of what is open, with nothing to look names and numbers up in.
    fn of(ledger: Ledger<'a>, options: &'a Options) -> Book<'a> {
        let most = u64::from(options.weights.population);
        let items = ledger.population.min(most);
        Book {
            items: Log2::of(items),
            debtors: Log2::of((items / ITEMS_OF_DEBTOR).max(1)),
            population: Log2::of(most),
            amounts: Amounts::new(&ledger),
            ledger,
            options,
            numbers: Numbers::default(),
            shapes: Shapes::default(),
            accounts: Accounts::default(),
            claims: Claims::default(),
            names: Names::default(),
            customer_numbers: CustomerNumbers::default(),
            habits: rustc_hash::FxHashMap::default(),
        }
    }
}

/// Returns the book of these items, customers and of what was learned: all global statistics.
pub fn prepare<'a>(
    items: &'a [OpenItem],
    customers: &'a [Customer],
    knowledge: &'a Knowledge,
    options: &'a Options,
) -> Book<'a> {
    let mut book = Book::of(Ledger::new(items, customers), options);
    book.numbers = Numbers::new(&book.ledger);
    book.shapes = Shapes::new(&book.ledger);
    book.accounts = Accounts::new(&book.ledger, knowledge);
    book.claims = Claims::new(&book.ledger, knowledge);
    book.names = Names::new(&book.ledger, knowledge);
    book.customer_numbers = CustomerNumbers::new(&book.ledger);
    book.habits = habits(&book.ledger, knowledge);
    book
}

fn habits(ledger: &Ledger<'_>, knowledge: &Knowledge) -> rustc_hash::FxHashMap<DebtorNo, i32> {
    let known = ledger.debtors.iter().enumerate().filter_map(|(at, debtor)| {
        let kept = knowledge.deductions.get(debtor.id)?;
        let weight = habit::weight(kept.with_deduction, kept.in_full.saturating_add(kept.with_deduction));
        Some((at as DebtorNo, weight))
    });
    known.filter(|(_, weight)| *weight != 0).collect()
}

/// What is thought of one payment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proposal {
    /// Strongest first.
    pub candidates: Vec<Ranked>,
    /// Posterior of "none of them".
    pub none: Probability,
    /// What of the likely payer's items is worth a look when nothing explains the payment. Has no posterior and is never posted.
    pub leads: Vec<Hypothesis>,
    /// What the decision needs to know beside the hypotheses.
    pub facts: Facts,
    /// Customers whose items it depends on; see [`Touched`].
    pub looked_at: Box<[DebtorNo]>,
    /// What it cost: items, numbers and names looked at, and steps of the search for sums. Bounded, however many items are open.
    pub steps: u64,
}

/// A hypothesis with its posterior.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranked {
    /// The hypothesis.
    pub hypothesis: Hypothesis,
    /// Sum of the evidence in 1/100 bit.
    pub weight: i32,
    /// Posterior.
    pub probability: Probability,
    /// True for an item that is as good as the one of an earlier candidate: taken only when that one is gone. Has no posterior of its own.
    pub is_substitute: bool,
    /// What the decision needs to know of it.
    pub marks: Marks,
}

/// What speaks against posting a hypothesis, however heavy it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Marks {
    /// The text names an open item of the same customer that is left out.
    pub leaves_out: bool,
    /// The text names an item of another customer that is left out.
    pub names_other: bool,
    /// The text names a closed item.
    pub names_closed: bool,
    /// The text names a number of our form that no item has.
    pub names_unknown: bool,
    /// An item is disputed.
    pub is_disputed: bool,
    /// What was posted on an item is missing in the ERP, or does not agree with it.
    pub is_held: bool,
    /// Paid before the item was issued.
    pub is_early: bool,
    /// The cash discount is too late.
    pub is_late_discount: bool,
    /// Charges are assumed that nobody states.
    pub has_unstated_charges: bool,
    /// Payment and item differ in currency, and nothing says how much was meant.
    pub is_converted: bool,
    /// Account and name point to different customers.
    pub is_conflict: bool,
    /// Other customers have this name.
    pub is_shared_name: bool,
    /// The payer's name cannot be trusted by itself: mixed scripts, or only found in the text.
    pub is_weak_name: bool,
    /// More accidental sums are to be expected than permitted.
    pub is_chance: bool,
    /// Another sum explains the payment as well.
    pub has_other_sum: bool,
    /// Another open item of another customer has this amount.
    pub is_common_amount: bool,
    /// Less is open after it than the least part payments leave.
    pub is_small_rest: bool,
    /// Items of several customers.
    pub is_joint: bool,
    /// A salesperson claims the receipt for this customer, and nobody for another one.
    pub is_claimed: bool,
    /// A salesperson claims the receipt for another customer, and nobody for this one.
    pub is_claimed_by_other: bool,
}

/// What the decision needs to know of a payment beside the hypotheses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// The payer is like a customer: by account, by name or by the customer's number in the text.
    pub knows_payer: bool,
    /// What the name of a payer that is no known customer tells.
    pub payer_kind: PayerKind,
    /// The payer's name is that of several customers, and nothing says which one.
    pub shares_name: bool,
    /// The payment has a text or a reference at all.
    pub has_text: bool,
    /// Closed items that the text names.
    pub closed: Vec<ItemNo>,
    /// A closed item of the payer had exactly this amount.
    pub repeats_closed: Option<ItemNo>,
    /// A number of our form that no item has.
    pub names_unknown: bool,
    /// The text speaks of a prepayment.
    pub is_prepayment: bool,
    /// The text speaks of interest, tax, refunds.
    pub is_not_receivable: bool,
    /// The charges that the bank states, or a part payment that the text speaks of.
    pub is_part: bool,
}

/// Payments that go through the stages together. The program of all stages is larger than the innermost memory of a processor: for one
/// payment after the other it would be fetched again each time.
const TOGETHER: usize = 16;

/// Returns what can be thought of one payment. Pure: the same payment and book give the same proposal.
pub fn propose(book: &Book<'_>, payment: &Payment) -> Proposal {
    let all = propose_all(book, &PayerNames::default(), &[payment]);
    all.into_iter().next().unwrap_or_default()
}

/// As [`propose`], for each of the payments, in their order; names that `names` holds are not looked up anew.
pub fn propose_all(book: &Book<'_>, names: &PayerNames, payments: &[&Payment]) -> Vec<Proposal> {
    let mut proposals = Vec::with_capacity(payments.len());
    for together in payments.chunks(TOGETHER) {
        let looked_at: Vec<&Payment> = together
            .iter()
            .copied()
            .filter(|payment| is_looked_at(payment))
            .collect();
        let mut thought = in_stages(book, names, &looked_at).into_iter();
        proposals.extend(together.iter().map(|payment| {
            if is_looked_at(payment) {
                thought.next().unwrap_or_default()
            } else {
                Proposal::default()
            }
        }));
    }
    proposals
}

/// Receipts, and money that goes back.
fn is_looked_at(payment: &Payment) -> bool {
    match payment.standing {
        Standing::Receipt => payment.amount.minor > 0,
        Standing::Held(_) => payment.amount.minor < 0,
        Standing::SetAside(_) => false,
    }
}

/// Each stage for all payments before the next one.
fn in_stages(book: &Book<'_>, names: &PayerNames, payments: &[&Payment]) -> Vec<Proposal> {
    let texts: Vec<Vec<texts::Text<'_>>> = payments.iter().map(|payment| texts::of(payment)).collect();
    let mut readings: Vec<reading::Reading<'_>> = texts.iter().map(|texts| reading::Reading::new(texts)).collect();
    ahead::items(book, &readings);
    for (payment, reading) in payments.iter().zip(&mut readings) {
        reading.find(book, payment);
    }
    let read = payments.iter().zip(&texts).zip(&readings);
    let payers: Vec<payer::Payer> = read
        .map(|((payment, texts), reading)| payer::Payer::new(book, names, payment, texts, reading))
        .collect();
    let known = || payments.iter().copied().zip(&readings).zip(&payers);
    ahead::cases(book, payments, &readings, &payers);
    let drafted: Vec<(Vec<draft::Draft>, Vec<DebtorNo>)> = known()
        .map(|((payment, reading), payer)| match payment.standing {
            Standing::Receipt => of_receipt(book, payment, reading, payer),
            Standing::Held(_) | Standing::SetAside(_) => (returned::propose(book, payment, reading), Vec::new()),
        })
        .collect();
    let weighed = known()
        .zip(drafted)
        .map(|(((payment, reading), payer), (drafts, debtors))| {
            let proposal = weigh::proposal(book, payment, reading, payer, drafts);
            (proposal, debtors)
        });
    let weighed: Vec<(Proposal, Vec<DebtorNo>)> = weighed.collect();
    let complete = known()
        .zip(weighed)
        .map(|(((payment, reading), payer), (proposal, debtors))| {
            complete(book, payment, reading, payer, proposal, debtors)
        });
    complete.collect()
}

/// Returns the hypotheses of a receipt, and the customers that were looked at for them.
fn of_receipt(
    book: &Book<'_>,
    payment: &Payment,
    reading: &reading::Reading<'_>,
    payer: &payer::Payer,
) -> (Vec<draft::Draft>, Vec<DebtorNo>) {
    let mut drafts: Vec<draft::Draft> = Vec::new();
    let is_explained = is_explained(book, payment, reading);
    let debtors = debtors(book, payment, reading, payer, is_explained);
    for debtor in &debtors {
        let case = draft::Case::new(book, payment, reading, payer, *debtor);
        let before = drafts.len();
        single::propose(&case, &mut drafts);
        listed::propose(&case, &mut drafts);
        range::propose(&case, &mut drafts);
        if !is_explained {
            due_run::propose(&case, &mut drafts);
        }
        subset::propose(&case, &mut drafts);
        foreign::propose(&case, &mut drafts);
        single::on_account(&case, &mut drafts);
        case.name_parts(&mut drafts[before..]);
    }
    structured::propose(book, payment, reading, &mut drafts);
    listed::joint(book, payment, reading, payer, &mut drafts);
    (drafts, debtors)
}

/// Adds what is told beside the hypotheses.
fn complete(
    book: &Book<'_>,
    payment: &Payment,
    reading: &reading::Reading<'_>,
    payer: &payer::Payer,
    mut proposal: Proposal,
    mut debtors: Vec<DebtorNo>,
) -> Proposal {
    if payment.standing == Standing::Receipt {
        let likely = leads::likely(book, payer);
        proposal.leads = leads::propose(book, payment, reading, payer, &likely, &proposal);
        proposal.steps = reading.work.steps();
        debtors.extend(likely);
    }
    proposal.looked_at = touched::looked_at(book, payment, reading, payer, debtors);
    proposal
}

/// The numbers in the text explain the whole amount: who else has this amount open says nothing any more.
fn is_explained(book: &Book<'_>, payment: &Payment, reading: &reading::Reading<'_>) -> bool {
    let (company, currency) = (&payment.company, payment.amount.currency);
    let named = reading.named.iter().filter(|named| named.is_open && named.is_strong());
    let payable = named.filter(|named| book.ledger.is_payable(named.item, company, currency));
    let mut sum = 0;
    for named in payable {
        let open = book.ledger.item(named.item).open_amount;
        if open == payment.amount.minor {
            return true;
        }
        sum += open;
    }
    sum == payment.amount.minor
}

/// The customers worth looking at: those named, those who pay, and, where the numbers explain nothing, those whose name only
/// resembles the payer's, and those few who have just this amount open.
fn debtors(
    book: &Book<'_>,
    payment: &Payment,
    reading: &reading::Reading<'_>,
    payer: &payer::Payer,
    is_explained: bool,
) -> Vec<DebtorNo> {
    let limit = book.options.limits.customers_per_payment as usize;
    let mut debtors: Vec<DebtorNo> = Vec::new();
    let mut enter = |debtor: DebtorNo| {
        if debtors.len() < limit && !debtors.contains(&debtor) {
            debtors.push(debtor);
        }
    };
    for named in reading.named.iter().filter(|named| named.is_open) {
        enter(book.ledger.debtor_of(named.item));
    }
    // Who pays what he names leaves no doubt: nobody else is looked for.
    let mut strong = reading.named.iter().filter(|named| named.is_open && named.is_strong());
    let is_own = strong.all(|named| payer.knows(book.ledger.debtor_of(named.item)));
    let farthest = match (is_explained, is_own) {
        (true, true) => PayerLevel::Name,
        (true, false) => PayerLevel::NameAlike,
        (false, _) => PayerLevel::Contradicts,
    };
    for known in payer.known.iter().filter(|known| known.level <= farthest) {
        enter(known.debtor);
    }
    for debtor in &reading.customers {
        enter(*debtor);
    }
    book.claims.debtors(payment).for_each(&mut enter);
    if is_explained {
        return debtors;
    }
    let (currency, amount) = (payment.amount.currency, payment.amount.minor);
    for (_, debtor) in book.amounts.with_amount(currency, amount).into_iter().flatten() {
        enter(debtor);
    }
    let discounted = book.amounts.with_discounted(currency, amount);
    for (_, debtor) in discounted.into_iter().flatten().take(4) {
        enter(debtor);
    }
    debtors
}
