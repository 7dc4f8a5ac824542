//! A hypothesis while it is weighed: positions and numbers only, words come when it is kept.

use super::payer::Payer;
use super::reading::{Named, Reading};
use super::sought::Sought;
use super::{Book, Marks};
use crate::evidence::reference;
use crate::index::{DebtorNo, ItemNo, Open, is_of_company};
use crate::model::matching::{AmountLevel, EvidenceClass, PayerLevel, ReferenceLevel};
use crate::model::{Allocation, HypothesisKind, NaiveDate, OpenItem, Payment, Signal};
use crate::text::reference::{self as keys, Edit, edit};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Customers with more open items are not searched by parts of numbers: too many would agree.
const ITEMS_BY_PART_MAX: usize = 500;

/// What a piece of evidence speaks of; turned into words for the hypotheses that are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Nothing more to say.
    None,
    /// Position in the case's or reading's named items.
    Item(ItemNo),
    /// A name of the master data.
    Name(u32),
    /// The payer's name as written.
    Payer,
    /// The payer's account.
    Account,
    /// Another customer.
    Debtor(DebtorNo),
    /// The customer's number.
    CustomerNumber(DebtorNo),
    /// An amount in the payment's currency.
    Amount(i64),
    /// An amount in the item's currency.
    Instructed,
    /// A number of things.
    Count(u64),
    /// Position in the reading's tokens.
    Token(usize),
}

/// A hypothesis while it is weighed.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub kind: HypothesisKind,
    pub debtor: DebtorNo,
    pub allocations: Vec<Allocation>,
    pub on_account: i64,
    pub amount: AmountLevel,
    pub evidence: Vec<(Signal, i32, Detail)>,
    pub class: EvidenceClass,
    pub marks: Marks,
    pub is_substitute: bool,
    pub weight: i32,
    /// Numbers that name its items inside this customer only: counters, cut numbers, typos.
    pub partial: Vec<Named>,
}

/// One customer as the one whose items are paid.
pub(super) struct Case<'b> {
    pub book: &'b Book<'b>,
    pub payment: &'b Payment,
    pub reading: &'b Reading<'b>,
    pub payer: &'b Payer,
    pub debtor: DebtorNo,
    /// Payable items by due date; at most so many as the limits say.
    pub open: Cow<'b, [Open]>,
    /// Items named, strongest number each; whole numbers and, for this customer, counters and cut numbers.
    pub named: Vec<Named>,
    pub paid_on: NaiveDate,
    exact: OnceCell<Vec<Open>>,
    discounted: OnceCell<Vec<Open>>,
}

impl<'b> Case<'b> {
    /// Looks at `debtor` as the one whose items are paid.
    pub fn new(
        book: &'b Book<'b>,
        payment: &'b Payment,
        reading: &'b Reading<'b>,
        payer: &'b Payer,
        debtor: DebtorNo,
    ) -> Case<'b> {
        let most = book.options.limits.items_per_customer as usize;
        let open = book.ledger.open_of(debtor, most, |owner, currency| {
            currency == payment.amount.currency && is_of_company(owner, &payment.company)
        });
        let named = reading
            .named
            .iter()
            .filter(|named| named.is_open && book.ledger.debtor_of(named.item) == debtor)
            .copied()
            .collect();
        let mut case = Case {
            book,
            payment,
            reading,
            payer,
            debtor,
            open,
            named,
            paid_on: payment.value_date.unwrap_or(payment.booking_date),
            exact: OnceCell::new(),
            discounted: OnceCell::new(),
        };
        case.find_partial();
        reading.work.add(case.open.len());
        case
    }

    /// Looks at these items of several customers instead.
    pub fn of_several(self, open: Vec<Open>, named: Vec<Named>) -> Case<'b> {
        Case {
            open: Cow::Owned(open),
            named,
            exact: OnceCell::new(),
            discounted: OnceCell::new(),
            ..self
        }
    }

    /// Returns the item.
    pub fn item(&self, item: ItemNo) -> &'b OpenItem {
        self.book.ledger.item(item)
    }

    /// Returns the paid amount in minor units.
    pub fn amount(&self) -> i64 {
        self.payment.amount.minor
    }

    /// Returns how the item is named.
    pub fn named_of(&self, item: ItemNo) -> Option<&Named> {
        self.named.iter().find(|named| named.item == item)
    }

    /// Returns the payable items that a whole number names, in the order of the text.
    pub fn strong(&self) -> Vec<ItemNo> {
        let strong = self.named.iter().filter(|named| named.is_strong());
        strong
            .map(|named| named.item)
            .filter(|item| self.is_open_here(*item))
            .collect()
    }

    /// Returns the payable items that any number names, in the order of the text.
    pub fn any_named(&self) -> Vec<ItemNo> {
        let named = self.named.iter().map(|named| named.item);
        named.filter(|item| self.is_open_here(*item)).collect()
    }

    /// Returns true when the item is one of those that are looked at.
    fn is_open_here(&self, item: ItemNo) -> bool {
        let ledger = &self.book.ledger;
        let (company, currency) = (&self.payment.company, self.payment.amount.currency);
        let is_payable = || ledger.is_payable(item, company, currency);
        let is_cut = self.open.len() >= self.book.options.limits.items_per_customer as usize;
        ledger.debtor_of(item) == self.debtor && is_payable() && (!is_cut || self.is_among_first(item))
    }

    /// Of a customer with very many items, those due first are looked at.
    fn is_among_first(&self, item: ItemNo) -> bool {
        let ledger = &self.book.ledger;
        let wanted = ledger.place(item);
        let found = self.open.binary_search_by_key(&wanted, |open| ledger.place(open.item));
        found.is_ok_and(|at| self.open[at].item == item)
    }

    /// Returns the items that are open with exactly this amount, by due date.
    pub fn with_amount(&self, amount: i64) -> Vec<Open> {
        match self.book.amounts.with_amount(self.payment.amount.currency, amount) {
            Some(items) => self.those_here(items),
            None => {
                self.reading.work.add(self.open.len());
                self.open.iter().filter(|open| open.amount == amount).copied().collect()
            }
        }
    }

    /// Returns the items that are open with exactly the paid amount, by due date.
    pub fn exact(&self) -> &[Open] {
        self.exact.get_or_init(|| self.with_amount(self.amount()))
    }

    /// Returns the items that the paid amount settles less one of their discounts, whatever the day, by due date.
    pub fn with_discounted(&self) -> &[Open] {
        let amounts = &self.book.amounts;
        let found = || match amounts.with_discounted(self.payment.amount.currency, self.amount()) {
            Some(items) => self.those_here(items),
            None => {
                self.reading.work.add(self.open.len());
                let all = self.open.iter().filter(|open| self.may_be_discounted(open));
                all.copied().collect()
            }
        };
        self.discounted.get_or_init(found)
    }

    fn those_here(&self, items: impl Iterator<Item = (ItemNo, DebtorNo)>) -> Vec<Open> {
        let here = items.filter(|(item, debtor)| *debtor == self.debtor && self.is_open_here(*item));
        let mut here: Vec<Open> = here.map(|(item, _)| self.book.ledger.open(item)).collect();
        here.sort_unstable_by_key(|open| self.book.ledger.place(open.item));
        here.dedup_by_key(|open| open.item);
        here
    }

    /// Returns true when the paid amount is that of the item less one of its discounts, whatever the day.
    fn may_be_discounted(&self, open: &Open) -> bool {
        let granted = || self.book.ledger.granted(open.item).iter();
        open.has_terms && granted().any(|granted| open.amount - granted.discount == self.amount())
    }

    /// Returns the discounts that the item grants on the day: (amount, in time), best first.
    pub fn discounts(&self, item: ItemNo) -> Vec<(i64, bool)> {
        let limits = &self.book.options.limits;
        let mut discounts: Vec<(i64, bool)> = Vec::new();
        for granted in self.book.ledger.granted(item) {
            let late = crate::model::date::days_between(granted.until, self.paid_on);
            let is_in_time = late <= i64::from(limits.discount_grace_days);
            let is_thought_of = late <= i64::from(limits.discount_grace_days) + i64::from(limits.discount_late_days);
            let is_new = || discounts.iter().all(|(known, _)| *known != granted.discount);
            if is_thought_of && is_new() {
                discounts.push((granted.discount, is_in_time));
            }
        }
        discounts
    }

    /// Returns the largest discount that the item still grants on the day; nothing where it grants none.
    pub fn best_discount(&self, open: &Open) -> i64 {
        if !open.has_terms {
            return 0;
        }
        let grace = i64::from(self.book.options.limits.discount_grace_days);
        let granted = self.book.ledger.granted(open.item).iter();
        let timely = granted.filter(|granted| crate::model::date::days_between(granted.until, self.paid_on) <= grace);
        timely.map(|granted| granted.discount).max().unwrap_or(0)
    }

    /// Gives the drafts the numbers that name their items inside this customer only.
    pub fn name_parts(&self, drafts: &mut [Draft]) {
        for draft in drafts {
            for part in &draft.allocations {
                if let Some(named) = self.named_of(part.item).filter(|named| !named.is_strong()) {
                    draft.partial.push(*named);
                }
            }
        }
    }

    /// Returns what it weighs that this customer keeps something that no terms explain.
    pub fn habit(&self) -> i32 {
        self.book.habits.get(&self.debtor).copied().unwrap_or(0)
    }

    /// Returns true when the customer may be searched for sums that no number names.
    pub fn is_payer_known(&self) -> bool {
        // A claim is enough to search, and changes nothing about how well the payer is known.
        self.payer.knows(self.debtor)
            || self
                .book
                .claims
                .debtors(self.payment)
                .any(|claimed| claimed == self.debtor)
    }

    /// Counters, tails and cut numbers mean something inside one customer; typos only where the amount agrees.
    fn find_partial(&mut self) {
        if self.open.len() > ITEMS_BY_PART_MAX || self.reading.sought.is_empty() {
            return;
        }
        let near = self.near();
        self.reading.work.add(self.open.len() * self.reading.sought.len());
        let mut found: Vec<Named> = Vec::new();
        for open in self.open.iter() {
            let is_near = !near.is_empty() && near.contains(&open.item);
            if !is_near && !self.reading.glances.may_name(&open.glance) {
                continue;
            }
            for sought in &self.reading.sought {
                let (text, token) = &self.reading.tokens[sought.token];
                let Some((signal, weight)) = self.partial(open, sought, is_near) else {
                    continue;
                };
                found.push(Named {
                    item: open.item,
                    signal,
                    level: ReferenceLevel::Partial,
                    weight,
                    text: *text,
                    start: token.start,
                    end: token.end,
                    is_open: true,
                });
            }
        }
        if !found.is_empty() {
            self.keep_partial(found);
        }
    }

    /// One number of the text may stand for several items by its end: each of them then is worth less.
    fn keep_partial(&mut self, mut found: Vec<Named>) {
        let spans: Vec<(usize, usize, usize)> = found.iter().map(|n| (n.text, n.start, n.end)).collect();
        for named in &mut found {
            let reached = spans
                .iter()
                .filter(|span| **span == (named.text, named.start, named.end))
                .count();
            named.weight -= crate::text::bits::log2(reached as u64);
        }
        found.sort_by_key(|named| {
            (
                self.book.ledger.rank[named.item as usize],
                -named.weight,
                named.text,
                named.start,
            )
        });
        found.dedup_by_key(|named| named.item);
        for named in found {
            match self.named.iter_mut().find(|known| known.item == named.item) {
                Some(known) if !known.is_strong() && known.weight < named.weight => *known = named,
                Some(_) => {}
                None => self.named.push(named),
            }
        }
        self.named.sort_by_key(|named| (named.text, named.start, named.end));
    }

    fn partial(&self, open: &Open, sought: &Sought, is_near: bool) -> Option<(Signal, i32)> {
        let may_end = sought.glance.has_end_of(&open.glance);
        let may_begin = sought.is_last && sought.glance.head == open.glance.head;
        if !(may_end || may_begin || is_near) {
            return None;
        }
        let book = self.book;
        let at = open.item as usize;
        let (_, token) = &self.reading.tokens[sought.token];
        let (key, digits) = (token.key.as_str(), sought.digits(token));
        let whole = &*book.ledger.keys[at];
        let all_digits = || keys::digits(whole);
        let weigh = |signal: Signal, agreed: &str| {
            let weight = reference::number(&book.options.weights, signal, agreed, self.reading.numbers, 1);
            Some((signal, weight))
        };
        if sought.is_plain && may_end {
            let bare = digits.trim_start_matches('0');
            if bare.len() >= 3 && bare == keys::counter(&self.item(open.item).document_number) {
                return weigh(Signal::NumberCounter, bare);
            }
            let all_digits = all_digits();
            if digits.len() >= 3 && bare.len() >= 2 && digits.len() < all_digits.len() && all_digits.ends_with(digits) {
                return weigh(Signal::NumberCounter, digits);
            }
        }
        if may_begin && key.len() >= 5 && key.len() < whole.len() && whole.starts_with(key) {
            return weigh(Signal::NumberCut, key);
        }
        if token.parts > 2 || !is_near {
            return None;
        }
        let is_typo = |a: &str, b: &str| a.len() >= 4 && matches!(edit(a, b), Some(step) if step >= Edit::LookAlike);
        let has_typo = || {
            let all_digits = all_digits();
            all_digits.len() >= 5 && is_typo(digits, &all_digits)
        };
        if is_typo(key, whole) || (sought.is_plain && has_typo()) {
            return weigh(Signal::NumberTypo, key);
        }
        None
    }

    /// Items whose amount agrees, with or without discount: only of them a typing mistake may be thought.
    fn near(&self) -> Vec<ItemNo> {
        let discounted = self.with_discounted().iter().filter(|open| {
            let discounts = self.discounts(open.item);
            discounts
                .iter()
                .any(|(discount, _)| open.amount - discount == self.amount())
        });
        self.exact().iter().chain(discounted).map(|open| open.item).collect()
    }
}

impl Draft {
    /// Begins a draft for one customer.
    pub fn new(kind: HypothesisKind, debtor: DebtorNo, amount: AmountLevel) -> Draft {
        Draft {
            kind,
            debtor,
            allocations: Vec::new(),
            on_account: 0,
            amount,
            evidence: Vec::with_capacity(12),
            class: EvidenceClass {
                payer: PayerLevel::Unknown,
                reference: ReferenceLevel::None,
                amount,
                kind,
            },
            marks: Marks::default(),
            is_substitute: false,
            weight: 0,
            partial: Vec::new(),
        }
    }

    /// Adds evidence.
    pub fn with(mut self, signal: Signal, weight: i32, detail: Detail) -> Draft {
        self.evidence.push((signal, weight, detail));
        self
    }

    /// Settles a part of the only item.
    pub fn settle(&mut self, part: Allocation) {
        self.allocations.reserve_exact(1);
        self.allocations.push(part);
    }

    /// Settles items in full, with cash alone.
    pub fn in_full(mut self, case: &Case<'_>, items: &[ItemNo]) -> Draft {
        let full = items
            .iter()
            .map(|item| Allocation::cash(*item, case.item(*item).open_amount));
        // Most settle one item, and a night keeps many.
        self.allocations.reserve_exact(items.len());
        self.allocations.extend(full);
        self
    }
}
