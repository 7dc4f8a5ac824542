//! Items and customers by what people call them: made once, where somebody decided something.

use crate::model::{Customer, OpenItem};
use rustc_hash::FxHashMap;

/// Items and customers by their ids and numbers.
#[derive(Debug, Default)]
pub struct Lookup<'a> {
    items: FxHashMap<&'a str, usize>,
    documents: FxHashMap<&'a str, Vec<usize>>,
    customers: FxHashMap<&'a str, usize>,
    owners: FxHashMap<&'a str, &'a str>,
}

impl<'a> Lookup<'a> {
    /// Returns the look-up of these items and customers; the first of equal ids counts.
    pub fn new(items: &'a [OpenItem], customers: &'a [Customer]) -> Lookup<'a> {
        let mut lookup = Lookup::default();
        for (position, item) in items.iter().enumerate() {
            lookup.items.entry(&item.id).or_insert(position);
            lookup
                .documents
                .entry(&item.document_number)
                .or_default()
                .push(position);
            lookup.owners.entry(&item.customer_id).or_insert(&item.customer_id);
        }
        for (position, customer) in customers.iter().enumerate() {
            for name in [&customer.id, &customer.number] {
                if !name.is_empty() {
                    lookup.customers.entry(name).or_insert(position);
                }
            }
        }
        lookup
    }

    /// Returns the position of the item with this item_id.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.items.get(id).copied()
    }

    /// Returns the positions of the items with this item_id or document number, in the order of the export.
    pub fn named(&self, text: &str) -> Vec<usize> {
        let mut named = self.documents.get(text).cloned().unwrap_or_default();
        named.extend(self.item(text));
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Returns the position of the customer with this customer_id or number.
    pub fn customer(&self, text: &str) -> Option<usize> {
        self.customers.get(text).copied()
    }

    /// Returns the customer_id, if the items know it.
    pub fn owner(&self, text: &str) -> Option<&'a str> {
        self.owners.get(text).copied().filter(|owner| !owner.is_empty())
    }
}
