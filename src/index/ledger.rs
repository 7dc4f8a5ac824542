//! Items and customers under small numbers, in an order that no file order can change.

use crate::model::{Currency, Customer, NaiveDate, OpenItem};
use rustc_hash::FxHashMap;

/// Position of an item in the open items of the run.
pub type ItemNo = u32;

/// Position of a debtor in [`Ledger::debtors`].
pub type DebtorNo = u32;

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
    /// Open items by due date, document number, item_id.
    pub open: Vec<ItemNo>,
    /// Closed items in the same order.
    pub closed: Vec<ItemNo>,
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
    /// Number of open items.
    pub open_count: u64,
}

impl<'a> Ledger<'a> {
    /// Returns the ledger of these items and customers.
    pub fn new(items: &'a [OpenItem], customers: &'a [Customer]) -> Ledger<'a> {
        let mut keys: Vec<(&str, &str)> = customers.iter().map(|customer| (customer.id.as_str(), "")).collect();
        keys.extend(items.iter().map(debtor_key));
        keys.sort_unstable();
        keys.dedup();
        let numbers: FxHashMap<(&str, &str), DebtorNo> =
            keys.iter().enumerate().map(|(at, key)| (*key, at as u32)).collect();
        let mut debtors: Vec<Debtor<'a>> = keys.iter().map(|(id, name)| Debtor::named(id, name)).collect();
        for customer in customers {
            let debtor = &mut debtors[numbers[&(customer.id.as_str(), "")] as usize];
            debtor.customer = Some(customer);
            debtor.name = customer.name();
        }
        let debtor_of: Vec<DebtorNo> = items.iter().map(|item| numbers[&debtor_key(item)]).collect();
        let by_rank = items_by_rank(items);
        let mut rank = vec![0_u32; items.len()];
        for (place, item) in by_rank.iter().enumerate() {
            rank[*item as usize] = place as u32;
        }
        for item in &by_rank {
            enter(&mut debtors[debtor_of[*item as usize] as usize], items, *item);
        }
        for debtor in &mut debtors {
            debtor
                .open
                .sort_by_key(|item| (due(&items[*item as usize]), rank[*item as usize]));
            debtor
                .closed
                .sort_by_key(|item| (due(&items[*item as usize]), rank[*item as usize]));
        }
        set_groups(&mut debtors, &numbers);
        let open_count = items.iter().filter(|item| !item.is_closed()).count() as u64;
        Ledger {
            items,
            debtors,
            debtor_of,
            rank,
            by_rank,
            open_count,
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

    /// Returns true when a payment of `company` may see the item: the same company, or one side knows none.
    pub fn is_visible(&self, item: ItemNo, company: &str) -> bool {
        let owner = &self.items[item as usize].company;
        company.is_empty() || owner.is_empty() || owner == company
    }

    /// Returns true when a payment of `company` may settle the item in `currency`.
    pub fn is_payable(&self, item: ItemNo, company: &str, currency: Currency) -> bool {
        let record = &self.items[item as usize];
        !record.is_closed() && record.currency == currency && self.is_visible(item, company)
    }
}

impl<'a> Debtor<'a> {
    fn named(id: &'a str, name: &'a str) -> Debtor<'a> {
        Debtor {
            id,
            name,
            customer: None,
            item_names: Vec::new(),
            open: Vec::new(),
            closed: Vec::new(),
            group: 0,
        }
    }
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

fn items_by_rank(items: &[OpenItem]) -> Vec<ItemNo> {
    let mut order: Vec<ItemNo> = (0..items.len() as u32).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&items[*a as usize], &items[*b as usize]);
        (&a.customer_id, &a.document_number, &a.id).cmp(&(&b.customer_id, &b.document_number, &b.id))
    });
    order
}

fn enter<'a>(debtor: &mut Debtor<'a>, items: &'a [OpenItem], item: ItemNo) {
    let record = &items[item as usize];
    if record.is_closed() {
        debtor.closed.push(item);
    } else {
        debtor.open.push(item);
    }
    let name = record.customer_name.as_str();
    if name.is_empty() {
        return;
    }
    if debtor.name.is_empty() {
        debtor.name = name;
    }
    if debtor.name != name && debtor.item_names.len() < 8 && !debtor.item_names.contains(&name) {
        debtor.item_names.push(name);
    }
}

/// Follows parents upwards, at most eight steps, so that a circle in the master data cannot hang the run.
fn set_groups(debtors: &mut [Debtor<'_>], numbers: &FxHashMap<(&str, &str), DebtorNo>) {
    for at in 0..debtors.len() {
        let mut top = at;
        for _ in 0..8 {
            let parent = debtors[top].customer.map_or("", |customer| customer.parent_id.as_str());
            match numbers.get(&(parent, "")) {
                Some(found) if !parent.is_empty() => top = *found as usize,
                _ => break,
            }
        }
        debtors[at].group = top as u32;
    }
}
