//! Which delivered entries are known already. Keeps the maximum count of equal entries, never the sum, never one.

mod cut;

use crate::model::{Currency, Label, NaiveDate};
use crate::run::identity::EntryFacts;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Pairs of one day and amount that are compared one by one.
const COMPARED_MAX: usize = 250_000;

/// A word of more entries than this tells none from the other.
const RARE_MAX: usize = 40;

/// An entry that an earlier delivery brought.
#[derive(Clone, Debug)]
pub struct KnownEntry {
    /// What is compared.
    pub facts: Arc<EntryFacts>,
    /// Format of the delivery: `camt`, `csv:dkb` …
    pub format: String,
    /// Its payments in signed minor units; one where it is not split.
    pub parts: Vec<i64>,
}

/// What a delivered entry is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recognised {
    /// Not seen before.
    New,
    /// The known entry at this position.
    Same(usize),
    /// One payment of the known entry at this position: a sum that another format delivered with its payments.
    Part(usize, usize),
    /// The sum of these known entries, one for each of its payments.
    Sum(Vec<usize>),
    /// Equal in day and amount to a known one, and nothing proves that it is another: a person looks.
    Suspect,
}

/// Returns what each of `delivered`, with its payments in signed minor units, is, compared with the entries of statements that may overlap with this one.
///
/// Entries of one day, amount and currency are compared as multisets and paired by best agreement; a surplus is new when
/// `is_proved` says that the statement's balances prove it, and no entry of another format is left over on that day and side: then
/// the two formats cut the same money differently, as a sum here and one by one there. Source: FIELD, identity.
pub fn recognise(
    delivered: &[(Arc<EntryFacts>, Vec<i64>)],
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
    for (position, (facts, _)) in delivered.iter().enumerate() {
        wanted
            .entry((facts.date, facts.signed, facts.currency))
            .or_default()
            .push(position);
    }
    let mut answers = vec![Recognised::New; delivered.len()];
    let mut is_paired = vec![false; known.len()];
    for (key, positions) in wanted {
        let Some(candidates) = groups.get(&key) else { continue };
        let pairs = best_pairs(&positions, candidates, delivered, format, known);
        for position in positions {
            answers[position] = match pairs.same.get(&position) {
                Some(same) => Recognised::Same(*same),
                None if is_proved && !pairs.doubtful.contains(&position) => Recognised::New,
                None => Recognised::Suspect,
            };
        }
        pairs
            .same
            .into_values()
            .for_each(|candidate| is_paired[candidate] = true);
    }
    let mut left_over: Vec<usize> = (0..known.len())
        .filter(|position| !is_paired[*position] && known[*position].format != format)
        .collect();
    cut::pair(&mut answers, delivered, known, &mut left_over);
    let side = |facts: &EntryFacts| (facts.date, facts.currency, facts.signed < 0);
    let sides: BTreeSet<_> = left_over
        .into_iter()
        .map(|position| side(&known[position].facts))
        .collect();
    for (answer, (facts, _)) in answers.iter_mut().zip(delivered) {
        if *answer == Recognised::New && sides.contains(&side(facts)) {
            *answer = Recognised::Suspect;
        }
    }
    answers
}

/// Which delivered entry is which known one, and which may be one although nothing pairs it.
#[derive(Default)]
struct Pairs {
    same: BTreeMap<usize, usize>,
    doubtful: BTreeSet<usize>,
}

/// Pairs strongest first; ties by position, so that equal entries pair in their order.
fn best_pairs(
    positions: &[usize],
    candidates: &[usize],
    delivered: &[(Arc<EntryFacts>, Vec<i64>)],
    format: &str,
    known: &[KnownEntry],
) -> Pairs {
    let mut pairs = Pairs::default();
    let is_many = positions.len().saturating_mul(candidates.len()) > COMPARED_MAX;
    let (mut positions, mut candidates) = (positions.to_vec(), candidates.to_vec());
    let compared: Vec<(usize, usize)> = if is_many {
        pair_identical(&mut positions, &mut candidates, delivered, known, &mut pairs);
        with_rare_words(&positions, &candidates, delivered, known)
    } else {
        let all = positions.iter();
        all.flat_map(|position| candidates.iter().map(|candidate| (*position, *candidate)))
            .collect()
    };
    let mut scored: Vec<(i64, usize, usize)> = Vec::new();
    for (position, candidate) in compared {
        let entry = &known[candidate];
        let score = delivered[position].0.agreement(&entry.facts, entry.format == format);
        if score >= 0 {
            scored.push((-score, position, candidate));
        }
    }
    scored.sort_unstable();
    let mut taken = BTreeSet::new();
    for (_, position, candidate) in scored {
        if !pairs.same.contains_key(&position) && taken.insert(candidate) {
            pairs.same.insert(position, candidate);
        }
    }
    if is_many {
        positions.retain(|position| !pairs.same.contains_key(position));
        candidates.retain(|candidate| !taken.contains(candidate));
        pair_rest(positions, &candidates, delivered, format, known, &mut pairs);
    }
    pairs
}

/// The same references and the same text: pairs in their order, which leave the lists.
fn pair_identical(
    positions: &mut Vec<usize>,
    candidates: &mut Vec<usize>,
    delivered: &[(Arc<EntryFacts>, Vec<i64>)],
    known: &[KnownEntry],
    pairs: &mut Pairs,
) {
    let key = |facts: &'_ EntryFacts| {
        let references = (facts.servicer_reference.clone(), facts.end_to_end_id.clone());
        (references, facts.text.clone())
    };
    let mut equal: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
    for candidate in candidates.iter() {
        equal
            .entry(key(&known[*candidate].facts))
            .or_default()
            .push_back(*candidate);
    }
    let mut taken = BTreeSet::new();
    positions.retain(|position| {
        let same = equal
            .get_mut(&key(&delivered[*position].0))
            .and_then(VecDeque::pop_front);
        if let Some(same) = same {
            pairs.same.insert(*position, same);
            taken.insert(same);
        }
        same.is_none()
    });
    candidates.retain(|candidate| !taken.contains(candidate));
}

/// Pairs that share a word which few entries have: a name, a number, an account. Only they are compared.
fn with_rare_words(
    positions: &[usize],
    candidates: &[usize],
    delivered: &[(Arc<EntryFacts>, Vec<i64>)],
    known: &[KnownEntry],
) -> Vec<(usize, usize)> {
    let mut by_word: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for candidate in candidates {
        for word in words(&known[*candidate].facts) {
            by_word.entry(word).or_default().push(*candidate);
        }
    }
    let mut found = Vec::new();
    for position in positions {
        let mut near: Vec<usize> = words(&delivered[*position].0)
            .into_iter()
            .filter_map(|word| by_word.get(word).filter(|all| all.len() <= RARE_MAX))
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.dedup();
        found.extend(near.into_iter().map(|candidate| (*position, candidate)));
    }
    found
}

fn words(facts: &EntryFacts) -> BTreeSet<&str> {
    let references = [&facts.servicer_reference, &facts.end_to_end_id];
    let references = references.into_iter().flatten().map(Label::as_str);
    facts.text.split(' ').chain(references).collect()
}

/// What no word pairs: entries of another format pair in their order, as many as there are. Entries of the same format are others,
/// unless one of them may be the same: then a person must look.
fn pair_rest(
    positions: Vec<usize>,
    candidates: &[usize],
    delivered: &[(Arc<EntryFacts>, Vec<i64>)],
    format: &str,
    known: &[KnownEntry],
    pairs: &mut Pairs,
) {
    let (own, others): (Vec<usize>, Vec<usize>) = candidates
        .iter()
        .partition(|candidate| known[**candidate].format == format);
    let mut others = others.into_iter();
    let mut texts: BTreeMap<&str, &EntryFacts> = BTreeMap::new();
    for candidate in own {
        let facts = &known[candidate].facts;
        texts.entry(&facts.text).or_insert(facts);
    }
    for position in positions {
        if let Some(candidate) = others.next() {
            pairs.same.insert(position, candidate);
            continue;
        }
        let may_be = |facts: &&EntryFacts| delivered[position].0.agreement(facts, true) >= 0;
        if texts.len() > RARE_MAX || texts.values().any(may_be) {
            pairs.doubtful.insert(position);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(signed: i64, reference: &str, text: &str) -> Arc<EntryFacts> {
        Arc::new(EntryFacts {
            date: NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date"),
            signed,
            currency: Currency::new("EUR").expect("EUR"),
            servicer_reference: (!reference.is_empty()).then(|| reference.into()),
            end_to_end_id: None,
            text: text.to_owned(),
        })
    }

    fn known(format: &str, facts: Arc<EntryFacts>) -> KnownEntry {
        let parts = vec![facts.signed];
        KnownEntry {
            facts,
            format: format.to_owned(),
            parts,
        }
    }

    fn recognise(
        delivered: &[Arc<EntryFacts>],
        format: &str,
        is_proved: bool,
        known: &[KnownEntry],
    ) -> Vec<Recognised> {
        let whole = delivered.iter().map(|facts| (facts.clone(), vec![facts.signed]));
        super::recognise(&whole.collect::<Vec<_>>(), format, is_proved, known)
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
    fn money_that_another_format_cuts_differently_is_the_same_or_for_a_person() {
        use Recognised::{New, Part, Same, Sum, Suspect};
        let split = |mut entry: KnownEntry, parts: &[i64]| {
            entry.parts = parts.to_vec();
            entry
        };
        let (sum, other) = (
            known("camt", entry(300, "A", "COLLECTION")),
            known("camt", entry(50, "B", "NORD")),
        );
        let singly = [
            entry(100, "", "ONE"),
            entry(200, "", "TWO"),
            entry(50, "", "NORD"),
            entry(-7, "", "FEE"),
        ];
        let with_details = [split(sum.clone(), &[200, 100]), other.clone()];
        assert_eq!(
            recognise(&singly, "MT940", true, &with_details),
            [Part(0, 1), Part(0, 0), Same(1), New]
        );
        // Without its payments, a sum may be these entries, or others.
        let alone = [sum.clone(), other.clone()];
        assert_eq!(
            recognise(&singly, "MT940", true, &alone),
            [Suspect, Suspect, Same(1), New]
        );
        let missing = [split(sum.clone(), &[100, 150, 50]), other.clone()];
        assert_eq!(
            recognise(&singly, "MT940", true, &missing),
            [Suspect, Suspect, Same(1), New]
        );
        // The same bank in the same format: the statement of the evening has more than the one of noon.
        assert_eq!(
            recognise(&singly, "camt", true, &with_details),
            [New, New, Same(1), New]
        );
        let before: Vec<KnownEntry> = singly.iter().map(|facts| known("MT940", facts.clone())).collect();
        let later = [(sum.facts, vec![200, 100]), (other.facts, vec![50])];
        assert_eq!(
            super::recognise(&later, "camt", true, &before),
            [Sum(vec![1, 0]), Same(2)]
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

    #[test]
    fn thousands_of_equal_amounts_are_told_apart_by_their_words() {
        use Recognised::{New, Same, Suspect};
        let named = |at: usize, rest: &str| entry(999, "", &format!("MEMBER{at} {rest}"));
        let before: Vec<KnownEntry> = (0..3_000)
            .map(|at| known("csv:dkb", named(at, "MONTHLY FEE")))
            .collect();
        let again: Vec<_> = (0..3_000).rev().map(|at| named(at, "FEE OF MARCH")).collect();
        let answers = recognise(&again, "camt", true, &before);
        let expected: Vec<Recognised> = (0..3_000).rev().map(Same).collect();
        assert_eq!(answers, expected, "another format, another order, other words");
        let alike: Vec<KnownEntry> = (0..3_000)
            .map(|_| known("csv:dkb", entry(999, "", "MONTHLY FEE")))
            .collect();
        let more: Vec<_> = (0..3_001).map(|_| entry(999, "", "MONTHLY FEE")).collect();
        for (is_proved, surplus) in [(true, New), (false, Suspect)] {
            let answers = recognise(&more, "csv:dkb", is_proved, &alike);
            assert_eq!(answers[..3_000], (0..3_000).map(Same).collect::<Vec<_>>());
            assert_eq!(answers[3_000], surplus);
        }
        for (text, expected) in [("OTHER WORDS", New), ("MONTHLY FEE MONTHLY", Suspect)] {
            let others: Vec<_> = (0..3_000).map(|_| entry(999, "", text)).collect();
            let answers = recognise(&others, "csv:dkb", true, &alike);
            assert!(answers.iter().all(|one| *one == expected), "{text}");
        }
    }
}
