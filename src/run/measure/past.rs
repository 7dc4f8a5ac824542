//! The book as it was: which items were open on each day of the past, from the export and from what the history settled.

use crate::model::date::{Days, days_between};
use crate::model::knowledge::ConfirmedPayment;
use crate::model::{ItemKind, Label, NaiveDate, OpenItem};
use rustc_hash::FxHashMap;

/// Days for which a closed item is still looked at: a second payment of it is recognised.
const CLOSED_DAYS: i64 = 90;

/// The past: items with what is left of them, and confirmed payments with what they settled, in time order.
#[derive(Debug)]
pub struct Past {
    items: Vec<PastItem>,
    /// Items of the export; behind them stand those that only the history names.
    exported: usize,
    /// Confirmed payments by day, then in the order of the file.
    pub payments: Vec<PastPayment>,
}

#[derive(Debug)]
struct PastItem {
    record: OpenItem,
    opened: Option<NaiveDate>,
    left: i64,
    closed: Option<NaiveDate>,
    /// Open amount after the last payment that names it.
    rest: i64,
    /// Last payment that names it.
    last: Option<usize>,
}

/// A confirmed payment and the items that it settled.
#[derive(Clone, Debug)]
pub struct PastPayment {
    /// As the history has it.
    pub confirmed: ConfirmedPayment,
    /// item_ids; `None` when the amount of one of them is not known.
    pub items: Option<Vec<String>>,
    positions: Vec<usize>,
}

impl Past {
    /// Returns the past of a site: `export` holds open and closed items as they are today.
    ///
    /// An item that only the history names is taken to have been open for `open_days` before its first payment; what it was open
    /// with is what was paid and deducted. Of a payment of several such items the amounts of each are not known.
    pub fn new(export: &[OpenItem], mut history: Vec<ConfirmedPayment>, open_days: u32) -> Past {
        history.sort_by_key(|confirmed| confirmed.date);
        let mut past = Past {
            items: export.iter().map(of_export).collect(),
            exported: export.len(),
            payments: Vec::with_capacity(history.len()),
        };
        let mut numbers = Numbers::default();
        for (position, item) in past.items.iter().enumerate() {
            numbers.add(&item.record, position);
        }
        past.add_paid(&history, &mut numbers, open_days);
        for (at, confirmed) in history.into_iter().enumerate() {
            let found: Vec<Option<usize>> = confirmed
                .document_numbers
                .iter()
                .map(|number| numbers.find(&past.items, &confirmed.customer_id, number))
                .collect();
            let mut positions: Vec<usize> = found.iter().flatten().copied().collect();
            // What went out gave something back: it settles nothing.
            positions.retain(|_| confirmed.amount.minor > 0);
            for position in &positions {
                let item = &mut past.items[*position];
                item.last = Some(at);
                item.closed = None;
            }
            let is_known = found.iter().all(Option::is_some);
            let ids = positions
                .iter()
                .map(|position| past.items[*position].record.id.to_string());
            past.payments.push(PastPayment {
                items: is_known.then(|| ids.collect()),
                confirmed,
                positions,
            });
        }
        past
    }

    /// Makes items of the documents that only the history names, where their amounts follow from it.
    fn add_paid(&mut self, history: &[ConfirmedPayment], numbers: &mut Numbers, open_days: u32) {
        for confirmed in history.iter().filter(|confirmed| confirmed.amount.minor > 0) {
            let unknown: Vec<&String> = confirmed
                .document_numbers
                .iter()
                .filter(|number| numbers.find(&self.items, &confirmed.customer_id, number).is_none())
                .collect();
            let [number] = unknown.as_slice() else { continue };
            let others: i64 = confirmed
                .document_numbers
                .iter()
                .filter_map(|other| numbers.find(&self.items, &confirmed.customer_id, other))
                .map(|position| self.items[position].left)
                .sum();
            let amount = confirmed.amount.minor + confirmed.deduction - others;
            if amount == 0 {
                continue;
            }
            let opened = confirmed.date.checked_sub_days(Days::new(u64::from(open_days)));
            numbers.add(&paid(confirmed, number, amount), self.items.len());
            self.items.push(PastItem {
                record: paid(confirmed, number, amount),
                opened,
                left: amount,
                closed: None,
                rest: 0,
                last: None,
            });
        }
        self.add_parts(history, numbers);
    }

    /// A document that several payments name by itself was open with the sum of them.
    fn add_parts(&mut self, history: &[ConfirmedPayment], numbers: &Numbers) {
        let mut sums: FxHashMap<usize, (u32, i64)> = FxHashMap::default();
        for confirmed in history.iter().filter(|confirmed| confirmed.amount.minor > 0) {
            if let [number] = confirmed.document_numbers.as_slice()
                && let Some(position) = numbers.find(&self.items, &confirmed.customer_id, number)
                && position >= self.exported
            {
                let sum = sums.entry(position).or_default();
                sum.0 += 1;
                sum.1 += confirmed.amount.minor + confirmed.deduction;
            }
        }
        for (position, (payments, sum)) in sums {
            if payments > 1 {
                let item = &mut self.items[position];
                item.left = sum;
                item.record.original_amount = sum;
            }
        }
    }

    /// Returns the items as they stood on the morning of that day: open ones, and those closed in the last ninety days.
    pub fn items_on(&self, day: NaiveDate) -> Vec<OpenItem> {
        let there = self
            .items
            .iter()
            .filter(|item| item.opened.is_none_or(|opened| opened <= day));
        let stood = there.filter_map(|item| {
            let closed = item.closed.filter(|closed| *closed < day);
            if closed.is_some_and(|closed| days_between(closed, day) > CLOSED_DAYS) {
                return None;
            }
            let mut record = item.record.clone();
            record.open_amount = if closed.is_some() { 0 } else { item.left };
            record.closed_on = closed;
            (closed.is_some() || record.open_amount != 0).then_some(record)
        });
        stood.collect()
    }

    /// Takes what the payment settled off its items: the last payment that names an item leaves what the export says is open.
    pub fn settle(&mut self, payment: usize) {
        let Some(past) = self.payments.get(payment) else { return };
        let (day, positions) = (past.confirmed.date, past.positions.clone());
        let mut cash = past.confirmed.amount.minor + past.confirmed.deduction;
        let (done, parts): (Vec<usize>, Vec<usize>) = positions
            .into_iter()
            .partition(|position| self.items[*position].last == Some(payment));
        for position in done {
            let item = &mut self.items[position];
            cash -= item.left - item.rest;
            item.left = item.rest;
            item.closed = (item.left == 0).then_some(day);
        }
        for position in parts {
            let item = &mut self.items[position];
            let part = cash.clamp(0, item.left.max(0));
            cash -= part;
            item.left -= part;
        }
    }
}

fn of_export(item: &OpenItem) -> PastItem {
    let mut record = item.clone();
    // The history does not tell which company was paid.
    record.company = Label::default();
    PastItem {
        opened: item.issue_date,
        left: if item.original_amount == 0 {
            item.open_amount
        } else {
            item.original_amount
        },
        closed: item.closed_on.filter(|_| item.is_closed()),
        rest: item.open_amount,
        last: None,
        record,
    }
}

/// An item that is known by its payment only.
fn paid(confirmed: &ConfirmedPayment, number: &str, amount: i64) -> OpenItem {
    OpenItem {
        id: format!("{}/{number}", confirmed.customer_id).into(),
        kind: if amount < 0 {
            ItemKind::CreditNote
        } else {
            ItemKind::Invoice
        },
        customer_id: confirmed.customer_id.as_str().into(),
        customer_name: Label::default(),
        document_number: number.into(),
        purchase_order: Label::default(),
        other_references: Vec::new(),
        issue_date: None,
        due_date: None,
        original_amount: amount,
        open_amount: amount,
        currency: confirmed.amount.currency,
        cash_discounts: Vec::new(),
        salesperson: Label::default(),
        is_disputed: false,
        is_held: false,
        company: Label::default(),
        closed_on: None,
        source: confirmed.source.clone(),
    }
}

/// Items by document number.
#[derive(Debug, Default)]
struct Numbers(FxHashMap<String, Vec<usize>>);

impl Numbers {
    fn add(&mut self, item: &OpenItem, position: usize) {
        self.0
            .entry(item.document_number.to_string())
            .or_default()
            .push(position);
    }

    /// Returns the customer's item of that number.
    fn find(&self, items: &[PastItem], customer: &str, number: &str) -> Option<usize> {
        let all = self.0.get(number)?;
        all.iter()
            .copied()
            .find(|position| items[*position].record.customer_id == customer)
    }
}
