//! Which delivered entries are known already. Keeps the maximum count of equal entries, never the sum, never one.

use crate::model::{Currency, NaiveDate};
use crate::run::identity::EntryFacts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An entry that an earlier delivery brought.
#[derive(Clone, Debug)]
pub struct KnownEntry {
    /// What is compared.
    pub facts: Arc<EntryFacts>,
    /// Format of the delivery: `camt`, `csv:dkb` …
    pub format: String,
}

/// What a delivered entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recognised {
    /// Not seen before.
    New,
    /// The known entry at this position.
    Same(usize),
    /// Equal in day and amount to a known one, and nothing proves that it is another: a person looks.
    Suspect,
}

/// Returns what each of `delivered` is, compared with the entries of statements that may overlap with this one.
///
/// Entries of one day, amount and currency are compared as multisets and paired by best agreement; a surplus is new when
/// `is_proved` says that the statement's balances prove it. Source: FIELD, identity.
pub fn recognise(
    delivered: &[Arc<EntryFacts>],
    format: &str,
    is_proved: bool,
    known: &[KnownEntry],
) -> Vec<Recognised> {
    if known.is_empty() {
        return vec![Recognised::New; delivered.len()];
    }
    let mut groups: BTreeMap<(NaiveDate, i64, Currency), Vec<usize>> = BTreeMap::new();
    for (position, entry) in known.iter().enumerate() {
        groups
            .entry((entry.facts.date, entry.facts.signed, entry.facts.currency))
            .or_default()
            .push(position);
    }
    let mut wanted: BTreeMap<(NaiveDate, i64, Currency), Vec<usize>> = BTreeMap::new();
    for (position, facts) in delivered.iter().enumerate() {
        wanted
            .entry((facts.date, facts.signed, facts.currency))
            .or_default()
            .push(position);
    }
    let mut answers = vec![Recognised::New; delivered.len()];
    for (key, positions) in wanted {
        let Some(candidates) = groups.get(&key) else { continue };
        let pairs = best_pairs(&positions, candidates, delivered, format, known);
        for position in positions {
            answers[position] = match pairs.get(&position) {
                Some(same) => Recognised::Same(*same),
                None if is_proved => Recognised::New,
                None => Recognised::Suspect,
            };
        }
    }
    answers
}

/// Pairs strongest first; ties by position, so that equal entries pair in their order.
fn best_pairs(
    positions: &[usize],
    candidates: &[usize],
    delivered: &[Arc<EntryFacts>],
    format: &str,
    known: &[KnownEntry],
) -> BTreeMap<usize, usize> {
    let mut scored: Vec<(i64, usize, usize)> = Vec::new();
    for &position in positions {
        for &candidate in candidates {
            let entry = &known[candidate];
            let score = delivered[position].agreement(&entry.facts, entry.format == format);
            if score >= 0 {
                scored.push((-score, position, candidate));
            }
        }
    }
    scored.sort_unstable();
    let mut pairs = BTreeMap::new();
    let mut taken = std::collections::BTreeSet::new();
    for (_, position, candidate) in scored {
        if !pairs.contains_key(&position) && taken.insert(candidate) {
            pairs.insert(position, candidate);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(signed: i64, reference: &str, text: &str) -> Arc<EntryFacts> {
        Arc::new(EntryFacts {
            date: NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date"),
            signed,
            currency: Currency::new("EUR").expect("EUR"),
            servicer_reference: (!reference.is_empty()).then(|| reference.to_owned()),
            end_to_end_id: None,
            text: text.to_owned(),
        })
    }

    fn known(format: &str, facts: Arc<EntryFacts>) -> KnownEntry {
        KnownEntry {
            facts,
            format: format.to_owned(),
        }
    }

    #[test]
    fn entries_pair_across_formats_and_a_surplus_needs_proof() {
        use Recognised::{New, Same, Suspect};
        let noon = [
            known("csv:dkb", entry(100, "", "NORD RE 1")),
            known("csv:dkb", entry(100, "", "SUED RE 2")),
        ];
        let whole_day = [
            entry(100, "A", "WEST RE 3"),
            entry(100, "B", "SUED RE 2"),
            entry(100, "C", "NORD RE 1"),
            entry(7, "D", "X"),
        ];
        assert_eq!(recognise(&whole_day, "camt", true, &noon), [New, Same(1), Same(0), New]);
        assert_eq!(
            recognise(&whole_day, "camt", false, &noon),
            [Suspect, Same(1), Same(0), New]
        );
    }

    #[test]
    fn another_reference_of_the_same_bank_is_another_entry() {
        use Recognised::{New, Same};
        let before = [known("camt", entry(100, "A", "NORD"))];
        assert_eq!(recognise(&[entry(100, "B", "NORD")], "camt", true, &before), [New]);
        assert_eq!(recognise(&[entry(100, "A", "NORD")], "camt", true, &before), [Same(0)]);
    }

    #[test]
    fn two_exports_of_one_layout_share_a_row_only_if_its_text_is_the_same() {
        use Recognised::{Same, Suspect};
        let before = [known("csv:dkb", entry(100, "", "NORD RE 1"))];
        assert_eq!(
            recognise(&[entry(100, "", "SUED RE 2")], "csv:dkb", false, &before),
            [Suspect]
        );
        assert_eq!(
            recognise(&[entry(100, "", "NORD RE 1")], "csv:dkb", false, &before),
            [Same(0)]
        );
    }
}
