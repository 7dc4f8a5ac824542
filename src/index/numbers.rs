//! Items by the numbers that can stand for them: document number, order number, further references.

use super::ledger::{ItemNo, Ledger};
use super::lengths::Lengths;
use crate::model::reference::is_placeholder;
use crate::text::reference::{self, Key};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry as Slot;

/// Which field of the item a number comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Field {
    /// The document number.
    Document,
    /// One of the further references: end-to-end id, creditor reference, mandate.
    Other,
    /// The customer's order number.
    Order,
}

/// In which form it is looked up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Form {
    /// All letters and digits.
    Full,
    /// All digits, leading zeros dropped.
    Digits,
    /// Letters that look like digits written as digits.
    LookAlike,
}

/// One way to write an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The item.
    pub item: ItemNo,
    /// Field of the item.
    pub field: Field,
    /// Form of the number.
    pub form: Form,
    next: u32,
}

const END: u32 = u32::MAX;

/// Items of one number that are looked at.
const FOUND_MAX: usize = 512;

/// Shorter keys are no numbers.
const KEY_MIN: usize = 3;

/// Items by number.
#[derive(Debug, Default)]
pub struct Numbers {
    /// The first entry of each key, at hand: most have no other.
    first: FxHashMap<Key, Entry>,
    lengths: Lengths,
    /// The others.
    further: Vec<Entry>,
}

impl Numbers {
    /// Returns the numbers of all items, the closed ones too.
    pub fn new(ledger: &Ledger<'_>) -> Numbers {
        let mut numbers = Numbers {
            first: FxHashMap::with_capacity_and_hasher(ledger.items.len() * 3, rustc_hash::FxBuildHasher),
            lengths: Lengths::default(),
            further: Vec::new(),
        };
        // Backwards, because each new entry stands before the older ones of its key.
        for item in ledger.by_rank.iter().rev() {
            let record = ledger.item(*item);
            numbers.enter(&record.purchase_order, *item, Field::Order);
            for other in record.other_references.iter().rev() {
                numbers.enter(other, *item, Field::Other);
            }
            let own = ledger.keys[*item as usize].clone();
            numbers.enter_key(&record.document_number, own, *item, Field::Document);
        }
        numbers
    }

    fn enter(&mut self, written: &str, item: ItemNo, field: Field) {
        if !written.is_empty() {
            self.enter_key(written, reference::key(written), item, field);
        }
    }

    fn enter_key(&mut self, written: &str, key: Key, item: ItemNo, field: Field) {
        if key.len() < KEY_MIN || !key.bytes().any(|byte| byte.is_ascii_digit()) || is_placeholder(written) {
            return;
        }
        let plain = reference::digits(&key);
        let digits = plain.trim_start_matches('0');
        if digits.len() >= KEY_MIN && digits != key && field != Field::Order {
            self.add(digits.into(), item, field, Form::Digits);
        }
        if reference::has_look_alike(&key) {
            self.add(reference::look_alike(&key), item, field, Form::LookAlike);
        }
        self.add(key, item, field, Form::Full);
    }

    fn add(&mut self, key: Key, item: ItemNo, field: Field, form: Form) {
        self.lengths.enter(&key);
        let first = Entry {
            item,
            field,
            form,
            next: END,
        };
        match self.first.entry(key) {
            Slot::Vacant(free) => {
                free.insert(first);
            }
            Slot::Occupied(mut known) => {
                let next = self.further.len() as u32;
                self.further.push(known.insert(Entry { next, ..first }));
            }
        }
    }

    /// Returns true when some number has this many bytes.
    pub fn has_length_of(&self, key: &str) -> bool {
        self.lengths.has(key)
    }

    /// Returns the items that a key stands for, in stable order; at most 512: a number that so many have says nothing.
    pub fn find<'n>(&'n self, key: &str) -> impl Iterator<Item = Entry> + 'n {
        let mut next = self.has_length_of(key).then(|| self.first.get(key).copied()).flatten();
        let all = std::iter::from_fn(move || {
            let entry = next?;
            next = self.further.get(entry.next as usize).copied();
            Some(entry)
        });
        all.take(FOUND_MAX)
    }
}
