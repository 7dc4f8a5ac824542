//! The shapes that our document numbers have, learned from the items: what looks like one of ours and is none.

use super::ledger::Ledger;
use super::lengths::Lengths;
use crate::text::reference::{self, Key};
use rustc_hash::{FxHashMap, FxHashSet};

/// A shape counts when so many documents have it.
const SHAPE_MIN: u32 = 3;

/// Shapes of document numbers, and the letters that stand before their digits.
#[derive(Debug, Default)]
pub struct Shapes {
    shapes: FxHashMap<Key, Shape>,
    lengths: Lengths,
    /// With the words that only say that a number follows.
    prefixes: FxHashSet<Key>,
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    count: u32,
    lowest: u128,
    highest: u128,
}

/// Letters that stand glued before a number and say only that it is one.
const LABELS: &[&str] = &[
    "RE",
    "RG",
    "RNR",
    "RGNR",
    "RENR",
    "RECHNUNG",
    "RECHN",
    "RECH",
    "RECHNR",
    "RECHNUNGNR",
    "RECHNUNGSNR",
    "BELEG",
    "NR",
    "NO",
    "NUM",
    "N",
    "INV",
    "INVOICE",
    "INVOICES",
    "INVNO",
    "INVNR",
    "FACT",
    "FACTURE",
    "FACTURA",
    "FA",
    "FT",
    "FAK",
    "FAKT",
    "FAKTUR",
    "FACTUUR",
    "FATTURA",
    "BILL",
    "DOC",
    "REF",
    "REFNR",
    "R",
    "GS",
    "CN",
    "CRN",
    "SI",
    "AR",
    "RF",
    "PO",
    "FACTUURNR",
    "FACTUURNUMMER",
    "NUMMER",
    "RECHNUNGSNUMMER",
    "RECHNUNGNUMMER",
];

impl Shapes {
    /// Returns the shapes of the document numbers of all items, the closed ones too.
    pub fn new(ledger: &Ledger<'_>) -> Shapes {
        let mut shapes = Shapes {
            prefixes: LABELS.iter().map(|label| Key::from(*label)).collect(),
            ..Shapes::default()
        };
        for item in &ledger.by_rank {
            let key = &ledger.keys[*item as usize];
            shapes.learn(key);
        }
        shapes
    }

    fn learn(&mut self, key: &str) {
        let Some(value) = value(key) else { return };
        let shape = shape(key);
        self.lengths.enter(&shape);
        let entry = self.shapes.entry(shape).or_insert(Shape {
            count: 0,
            lowest: value,
            highest: value,
        });
        entry.count += 1;
        entry.lowest = entry.lowest.min(value);
        entry.highest = entry.highest.max(value);
        let prefix = leading_letters(key);
        if !prefix.is_empty() && !self.prefixes.contains(prefix) {
            self.prefixes.insert(prefix.into());
        }
    }

    /// Returns true when a number of this key could be one of ours: the shape of several of them, and near their values.
    pub fn is_ours(&self, key: &str) -> bool {
        if !self.lengths.has(key) || key.bytes().filter(u8::is_ascii_digit).count() < 4 {
            return false;
        }
        let Some(value) = value(key) else { return false };
        let Some(shape) = self.shapes.get(shape(key).as_str()) else {
            return false;
        };
        if shape.count < SHAPE_MIN {
            return false;
        }
        let span = (shape.highest - shape.lowest) / 4 + 100;
        value + span >= shape.lowest && value <= shape.highest + span
    }

    /// Returns the digits of a key whose letters in front only say that a number follows: our own prefix, or a word like `RNR`.
    pub fn without_label<'k>(&self, key: &'k str) -> Option<&'k str> {
        let prefix = leading_letters(key);
        let rest = &key[prefix.len()..];
        let is_number = rest.len() >= 3 && rest.bytes().all(|byte| byte.is_ascii_digit());
        let is_label = || !prefix.is_empty() && self.prefixes.contains(prefix);
        (is_number && is_label()).then_some(rest)
    }
}

fn leading_letters(key: &str) -> &str {
    let end = key
        .char_indices()
        .find(|(_, c)| c.is_ascii_digit())
        .map_or(key.len(), |(at, _)| at);
    &key[..end]
}

fn shape(key: &str) -> Key {
    let in_shape = |c: char| if c.is_ascii_digit() { '9' } else { c };
    if key.is_ascii() {
        return reference::of_ascii(key.len(), key.bytes().map(|byte| in_shape(char::from(byte)) as u8));
    }
    key.chars().map(in_shape).collect()
}

fn value(key: &str) -> Option<u128> {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits > 30 {
        return None;
    }
    Some(
        key.bytes()
            .filter(u8::is_ascii_digit)
            .fold(0_u128, |value, digit| value * 10 + u128::from(digit - b'0')),
    )
}

/// Returns the key of a document number, for [`Shapes::new`].
pub fn key_of(number: &str) -> Key {
    reference::key(number)
}
