//! Items and customers under small numbers, in an order that no file order can change.

use crate::model::{Currency, Customer, NaiveDate, OpenItem};
use crate::text::reference::{self, Key};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Position of an item in the open items of the run.
pub type ItemNo = u32;

/// Position of a debtor in [`Ledger::debtors`].
pub type DebtorNo = u32;

/// An open item as the matcher walks over it: numbers only, side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    /// The item.
    pub item: ItemNo,
    /// Open amount in minor units.
    pub amount: i64,
    /// Due date as exported.
    pub due_date: Option<NaiveDate>,
    /// Position of its company and currency among [`Debtor::kinds`]; [`KINDS_MAX`] for one that is not among them.
    pub kind: u8,
    /// True when it grants a cash discount on any day.
    pub has_terms: bool,
    /// Its document number at a glance.
    pub glance: Glance,
}

/// What tells at a glance that two numbers cannot agree: by their last digits, and by their beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Glance {
    /// Value of the last three digits; [`Glance::NO_END`] where there are fewer.
    pub end: u16,
    /// What the first five bytes of the key come to; zeros where there are fewer.
    pub head: [u8; 3],
}

impl Glance {
    /// The end of what has fewer than three digits.
    pub const NO_END: u16 = 1_000;

    /// Returns what is seen of a key with these digits.
    pub fn of(key: &str, digits: &str) -> Glance {
        let value = |last: &[u8; 3]| {
            let digits = last.iter().map(|digit| u16::from(digit.wrapping_sub(b'0')) % 10);
            digits.fold(0, |value, digit| value * 10 + digit)
        };
        Glance {
            end: digits.as_bytes().last_chunk().map_or(Glance::NO_END, value),
            head: key.as_bytes().first_chunk().map_or([0; 3], head),
        }
    }

    /// Returns true when both end with the same three digits.
    pub fn has_end_of(&self, other: &Glance) -> bool {
        self.end == other.end && self.end != Glance::NO_END
    }

    fn of_key(key: &Key) -> Glance {
        Glance::of(key, &reference::digits(key))
    }
}

/// Mixed, so that beginnings that differ hardly ever look alike.
fn head(first: &[u8; 5]) -> [u8; 3] {
    let value = first.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let [.., a, b, c] = (value.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40).to_be_bytes();
    [a, b, c]
}

/// Companies with currencies that are told apart at a glance for one customer.
pub const KINDS_MAX: usize = 64;

/// A cash discount that an open item grants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Granted {
    /// Last day.
    pub until: NaiveDate,
    /// Minor units, not zero; signed as the item.
    pub discount: i64,
}

/// Who owes: a customer of the master data, or one that only the items know.
#[derive(Debug)]
pub struct Debtor<'a> {
    /// customer_id; empty where the export has none.
    pub id: &'a str,
    /// Legal name, else the name on the items.
    pub name: &'a str,
    /// The master data, where there are any.
    pub customer: Option<&'a Customer>,
    /// Further names that only the items write.
    pub item_names: Vec<&'a str>,
    /// Open items by kind, then due date, document number, item_id.
    pub open: Vec<Open>,
    /// Closed items in the same order.
    pub closed: Vec<ItemNo>,
    /// Companies with currencies of the open items, each once; those beyond [`KINDS_MAX`] are left out.
    pub kinds: Vec<(&'a str, Currency)>,
    /// The only one of them, where there is one; `None` where there are several or none. Here as well, since it is asked for each case
    /// and lies at hand.
    only_kind: Option<(&'a str, Currency)>,
    /// Debtor of the parent, or the debtor itself: equal for the members of a group.
    pub group: DebtorNo,
}

/// What the engine looks at: items and debtors with their relations.
#[derive(Debug)]
pub struct Ledger<'a> {
    /// The items as given.
    pub items: &'a [OpenItem],
    /// Debtors by customer_id, then name.
    pub debtors: Vec<Debtor<'a>>,
    /// Item → debtor.
    pub debtor_of: Vec<DebtorNo>,
    /// Item → its place among all items by customer_id, document number, item_id.
    pub rank: Vec<u32>,
    /// Items in the order of their rank.
    pub by_rank: Vec<ItemNo>,
    /// Item → key of its document number.
    pub keys: Vec<Key>,
    /// Item → its document number at a glance.
    glances: Vec<Glance>,
    /// Items that the export does not call closed. What is settled during a night still counts: it must not change what the
    /// rest is worth.
    pub population: u64,
    /// Cash discounts of the open items, those of one item side by side.
    granted: Vec<Granted>,
    /// Item → its first discount in `granted`; one more than there are items.
    granted_from: Vec<u32>,
    /// Debtor of each customer of the master data.
    customers: Vec<DebtorNo>,
    /// Debtor → the item that its name may be taken from.
    named_by: Vec<Option<ItemNo>>,
}

/// The order of items and debtors, which what is open does not change.
#[derive(Debug)]
pub struct Order {
    debtor_of: Vec<DebtorNo>,
    /// Debtor of each customer of the master data.
    customers: Vec<DebtorNo>,
    groups: Vec<DebtorNo>,
    /// Debtor → the first item of the rank that writes a name, else any.
    named_by: Vec<Option<ItemNo>>,
    rank: Vec<u32>,
    by_rank: Vec<ItemNo>,
    keys: Vec<Key>,
    glances: Vec<Glance>,
}

impl<'a> Ledger<'a> {
    /// Returns the ledger of these items and customers.
    pub fn new(items: &'a [OpenItem], customers: &'a [Customer]) -> Ledger<'a> {
        let mut ledger = Ledger::in_order(items, customers, Order::new(items, customers));
        for item in &ledger.by_rank {
            let debtor = &mut ledger.debtors[ledger.debtor_of[*item as usize] as usize];
            debtor.enter_name(&items[*item as usize].customer_name);
        }
        ledger
    }

    /// Returns the ledger of these items and customers, whose order is known; without [`Debtor::item_names`], which have been looked at.
    pub fn in_order(items: &'a [OpenItem], customers: &'a [Customer], order: Order) -> Ledger<'a> {
        let mut debtors: Vec<Debtor<'a>> = order.groups.iter().map(|group| Debtor::of_group(*group)).collect();
        let named_by = |at: usize| order.named_by[at].map(|item| &items[item as usize]);
        for (at, debtor) in debtors.iter_mut().enumerate() {
            if let Some(item) = named_by(at) {
                (debtor.id, debtor.name) = debtor_key(item);
            }
        }
        for (customer, debtor) in customers.iter().zip(&order.customers) {
            let debtor = &mut debtors[*debtor as usize];
            debtor.id = &customer.id;
            debtor.customer = Some(customer);
            debtor.name = customer.name();
        }
        for (at, debtor) in debtors.iter_mut().enumerate() {
            if let Some(item) = named_by(at).filter(|_| debtor.name.is_empty()) {
                debtor.name = item.customer_name.as_str();
            }
        }
        for item in &order.by_rank {
            let debtor = &mut debtors[order.debtor_of[*item as usize] as usize];
            enter(debtor, items, *item, order.glances[*item as usize]);
        }
        let place = |item: &ItemNo| (due(&items[*item as usize]), order.rank[*item as usize]);
        for debtor in &mut debtors {
            debtor.open.sort_unstable_by_key(|open| (open.kind, place(&open.item)));
            debtor.closed.sort_unstable_by_key(place);
            if let [only] = debtor.kinds.as_slice() {
                debtor.only_kind = Some(*only);
            }
        }
        let (granted, granted_from) = granted(items);
        Ledger {
            items,
            debtors,
            debtor_of: order.debtor_of,
            rank: order.rank,
            by_rank: order.by_rank,
            keys: order.keys,
            glances: order.glances,
            population: items.iter().filter(|item| item.closed_on.is_none()).count() as u64,
            granted,
            granted_from,
            customers: order.customers,
            named_by: order.named_by,
        }
    }

    /// Returns the order, for the same items and customers again.
    pub fn into_order(self) -> Order {
        Order {
            groups: self.debtors.iter().map(|debtor| debtor.group).collect(),
            named_by: self.named_by,
            debtor_of: self.debtor_of,
            customers: self.customers,
            rank: self.rank,
            by_rank: self.by_rank,
            keys: self.keys,
            glances: self.glances,
        }
    }

    /// Returns the item.
    pub fn item(&self, item: ItemNo) -> &'a OpenItem {
        &self.items[item as usize]
    }

    /// Returns the debtor of the item.
    pub fn debtor_of(&self, item: ItemNo) -> DebtorNo {
        self.debtor_of[item as usize]
    }

    /// Returns the debtor.
    pub fn debtor(&self, debtor: DebtorNo) -> &Debtor<'a> {
        &self.debtors[debtor as usize]
    }

    /// Returns the cash discounts that an open item grants, in the order of its terms; none for a closed one.
    pub fn granted(&self, item: ItemNo) -> &[Granted] {
        let at = item as usize;
        &self.granted[self.granted_from[at] as usize..self.granted_from[at + 1] as usize]
    }

    /// Returns how many cash discounts the open items grant.
    pub fn discounts(&self) -> usize {
        self.granted.len()
    }

    /// Returns the open items of a debtor whose company and currency `fits` allows, by due date, at most `most`.
    pub fn open_of(&'_ self, debtor: DebtorNo, most: usize, fits: impl Fn(&str, Currency) -> bool) -> Cow<'_, [Open]> {
        let debtor = self.debtor(debtor);
        // Nearly every customer owes one company in one currency.
        if let Some((company, currency)) = debtor.only_kind {
            let first = if fits(company, currency) { most } else { 0 };
            return Cow::Borrowed(&debtor.open[..first.min(debtor.open.len())]);
        }
        let mut fitting = debtor
            .kinds
            .iter()
            .enumerate()
            .filter(|(_, (company, currency))| fits(company, *currency))
            .map(|(at, _)| at);
        // One kind stands together.
        let only = fitting.next();
        if debtor.kinds.len() < KINDS_MAX && fitting.next().is_none() {
            let kind = only.unwrap_or(debtor.kinds.len());
            let first = debtor.open.partition_point(|open| usize::from(open.kind) < kind);
            let last = debtor.open.partition_point(|open| usize::from(open.kind) <= kind);
            return Cow::Borrowed(&debtor.open[first..last.min(first + most)]);
        }
        let known: Vec<bool> = debtor
            .kinds
            .iter()
            .map(|(company, currency)| fits(company, *currency))
            .collect();
        let mut open: Vec<Open> = Vec::new();
        let mut rest = debtor.open.as_slice();
        while let Some(first) = rest.first() {
            let kind = usize::from(first.kind);
            let (same, others) = rest.split_at(rest.partition_point(|open| usize::from(open.kind) == kind));
            rest = others;
            let is_fit = |open: &&Open| {
                let record = &self.items[open.item as usize];
                let slow = || fits(&record.company, record.currency);
                known.get(kind).copied().unwrap_or_else(slow)
            };
            // Those due first are enough of each kind; of the kinds beyond all counting, as many are looked at.
            open.extend(same.iter().take(most).filter(is_fit));
        }
        open.sort_unstable_by_key(|open| self.place(open.item));
        open.truncate(most);
        Cow::Owned(open)
    }

    /// Returns what open items of one debtor are ordered by: due date, then document number and item_id.
    pub fn place(&self, item: ItemNo) -> (NaiveDate, u32) {
        (due(&self.items[item as usize]), self.rank[item as usize])
    }

    /// Returns the item as the matcher walks over it.
    pub fn open(&self, item: ItemNo) -> Open {
        let glance = self.glances[item as usize];
        Open::of(item, &self.items[item as usize], KINDS_MAX as u8, glance)
    }

    /// Returns true when a payment of `company` may see the item: the same company, or one side knows none.
    pub fn is_visible(&self, item: ItemNo, company: &str) -> bool {
        is_of_company(&self.items[item as usize].company, company)
    }

    /// Returns true when a payment of `company` may settle the item in `currency`.
    pub fn is_payable(&self, item: ItemNo, company: &str, currency: Currency) -> bool {
        let record = &self.items[item as usize];
        !record.is_closed() && record.currency == currency && self.is_visible(item, company)
    }
}

impl Order {
    fn new(items: &[OpenItem], customers: &[Customer]) -> Order {
        // Each once, as they come, before they are sorted: a customer has many items.
        let mut numbers: FxHashMap<(&str, &str), DebtorNo> = FxHashMap::default();
        let mut number_of = |key| {
            let next = numbers.len() as DebtorNo;
            *numbers.entry(key).or_insert(next)
        };
        let mut debtors: Vec<DebtorNo> = customers
            .iter()
            .map(|customer| number_of((customer.id.as_str(), "")))
            .collect();
        let mut debtor_of: Vec<DebtorNo> = items.iter().map(|item| number_of(debtor_key(item))).collect();
        let mut sorted: Vec<(&(&str, &str), &mut DebtorNo)> = numbers.iter_mut().collect();
        sorted.sort_unstable_by_key(|(key, _)| **key);
        let mut places = vec![0; sorted.len()];
        for (place, (_, number)) in sorted.into_iter().enumerate() {
            places[*number as usize] = place as DebtorNo;
            *number = place as DebtorNo;
        }
        for number in debtors.iter_mut().chain(&mut debtor_of) {
            *number = places[*number as usize];
        }
        let by_rank = items_by_rank(items, &debtor_of, places.len());
        let mut rank = vec![0_u32; items.len()];
        for (place, item) in by_rank.iter().enumerate() {
            rank[*item as usize] = place as u32;
        }
        let mut masters: Vec<Option<&Customer>> = vec![None; places.len()];
        for (customer, debtor) in customers.iter().zip(&debtors) {
            masters[*debtor as usize] = Some(customer);
        }
        let mut named_by: Vec<Option<ItemNo>> = vec![None; places.len()];
        for item in &by_rank {
            let by = &mut named_by[debtor_of[*item as usize] as usize];
            let has_name = |item: ItemNo| !items[item as usize].customer_name.is_empty();
            if by.is_none_or(|first| !has_name(first) && has_name(*item)) {
                *by = Some(*item);
            }
        }
        let keys: Vec<Key> = items.iter().map(|item| reference::key(&item.document_number)).collect();
        Order {
            groups: groups(&masters, &numbers),
            named_by,
            debtor_of,
            customers: debtors,
            rank,
            by_rank,
            glances: keys.iter().map(Glance::of_key).collect(),
            keys,
        }
    }
}

impl Open {
    fn of(item: ItemNo, record: &OpenItem, kind: u8, glance: Glance) -> Open {
        Open {
            item,
            amount: record.open_amount,
            due_date: record.due_date,
            kind,
            has_terms: !record.cash_discounts.is_empty(),
            glance,
        }
    }
}

impl<'a> Debtor<'a> {
    fn of_group(group: DebtorNo) -> Debtor<'a> {
        Debtor {
            id: "",
            name: "",
            customer: None,
            item_names: Vec::new(),
            open: Vec::new(),
            closed: Vec::new(),
            kinds: Vec::new(),
            only_kind: None,
            group,
        }
    }

    /// Keeps a further name that an item writes.
    fn enter_name(&mut self, name: &'a str) {
        if !name.is_empty() && self.name != name && self.item_names.len() < 8 && !self.item_names.contains(&name) {
            self.item_names.push(name);
        }
    }
}

/// Returns true when a payment of `company` may see an item of `owner`: the same company, or one side knows none.
pub fn is_of_company(owner: &str, company: &str) -> bool {
    company.is_empty() || owner.is_empty() || owner == company
}

/// Items without a customer_id belong together by the name that they write.
fn debtor_key(item: &OpenItem) -> (&str, &str) {
    if item.customer_id.is_empty() {
        ("", item.customer_name.as_str())
    } else {
        (item.customer_id.as_str(), "")
    }
}

fn due(item: &OpenItem) -> NaiveDate {
    item.due_date.or(item.issue_date).unwrap_or(NaiveDate::MAX)
}

/// Worked out once: every payment asks again.
fn granted(items: &[OpenItem]) -> (Vec<Granted>, Vec<u32>) {
    let mut all = Vec::new();
    let mut from = Vec::with_capacity(items.len() + 1);
    from.push(0);
    for item in items {
        if !item.is_closed() {
            let terms = item.cash_discounts.iter().map(|terms| Granted {
                until: terms.until,
                discount: item.discount_of(terms),
            });
            all.extend(terms.filter(|granted| granted.discount != 0));
        }
        from.push(all.len() as u32);
    }
    (all, from)
}

/// By customer_id, document number, item_id. `debtors` is how many there are.
fn items_by_rank(items: &[OpenItem], debtor_of: &[DebtorNo], debtors: usize) -> Vec<ItemNo> {
    // Debtors are in the order of their ids: only those without an id must be compared by their documents alone.
    let place = |item: usize| {
        if items[item].customer_id.is_empty() {
            0
        } else {
            debtor_of[item] as usize + 1
        }
    };
    // Customer by customer, then each by itself: few items each.
    let mut ends = vec![0_usize; debtors + 1];
    for item in 0..items.len() {
        ends[place(item)] += 1;
    }
    let mut first = 0;
    for end in &mut ends {
        first += std::mem::replace(end, first);
    }
    let mut order: Vec<ItemNo> = vec![0; items.len()];
    for item in 0..items.len() {
        let end = &mut ends[place(item)];
        order[*end] = item as ItemNo;
        *end += 1;
    }
    let mut first = 0;
    for end in ends {
        order[first..end].sort_by(|a, b| {
            let (a, b) = (&items[*a as usize], &items[*b as usize]);
            (&a.document_number, &a.id).cmp(&(&b.document_number, &b.id))
        });
        first = end;
    }
    order
}

fn enter<'a>(debtor: &mut Debtor<'a>, items: &'a [OpenItem], item: ItemNo, glance: Glance) {
    let record = &items[item as usize];
    if record.is_closed() {
        debtor.closed.push(item);
    } else {
        let kind = (record.company.as_str(), record.currency);
        let known = debtor.kinds.iter().position(|known| *known == kind);
        let place = known.unwrap_or(debtor.kinds.len());
        if known.is_none() && place < KINDS_MAX {
            debtor.kinds.push(kind);
        }
        debtor.open.push(Open::of(item, record, place as u8, glance));
    }
}

/// Follows parents upwards, at most eight steps, so that a circle in the master data cannot hang the run.
fn groups(masters: &[Option<&Customer>], numbers: &FxHashMap<(&str, &str), DebtorNo>) -> Vec<DebtorNo> {
    (0..masters.len())
        .map(|at| {
            let mut top = at;
            for _ in 0..8 {
                let parent = masters[top].map_or("", |customer| customer.parent_id.as_str());
                match numbers.get(&(parent, "")) {
                    Some(found) if !parent.is_empty() => top = *found as usize,
                    _ => break,
                }
            }
            top as u32
        })
        .collect()
}
