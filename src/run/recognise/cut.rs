//! Money that two formats cut differently: a sum with its payments here, the same payments one by one there.

use super::{KnownEntry, Recognised};
use crate::model::{Currency, NaiveDate};
use crate::run::identity::EntryFacts;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

type Pools = BTreeMap<(NaiveDate, Currency, i64), VecDeque<usize>>;

/// Pairs what is left of both sides: single entries with the payments of a sum, all of them or none.
///
/// `left_over` are known entries of other formats that nothing pairs yet; those that find their like are taken out of it.
pub(super) fn pair(
    answers: &mut [Recognised],
    delivered: &[(Arc<EntryFacts>, Vec<i64>)],
    known: &[KnownEntry],
    left_over: &mut Vec<usize>,
) {
    if left_over.is_empty() {
        return;
    }
    let is_open = |answer: &Recognised| matches!(answer, Recognised::New | Recognised::Suspect);
    let mut pool = Pools::new();
    for (position, (facts, parts)) in delivered.iter().enumerate() {
        if parts.len() == 1 && is_open(&answers[position]) {
            pool.entry((facts.date, facts.currency, facts.signed))
                .or_default()
                .push_back(position);
        }
    }
    left_over.retain(|position| {
        let entry = &known[*position];
        let Some(found) = take_all(&mut pool, &entry.facts, &entry.parts) else {
            return true;
        };
        for (part, single) in found.into_iter().enumerate() {
            answers[single] = Recognised::Part(*position, part);
        }
        false
    });
    let mut pool = Pools::new();
    for position in left_over.iter().filter(|position| known[**position].parts.len() == 1) {
        let facts = &known[*position].facts;
        pool.entry((facts.date, facts.currency, facts.signed))
            .or_default()
            .push_back(*position);
    }
    let mut paired = BTreeSet::new();
    for (answer, (facts, parts)) in answers.iter_mut().zip(delivered) {
        if is_open(answer)
            && let Some(found) = take_all(&mut pool, facts, parts)
        {
            paired.extend(found.iter().copied());
            *answer = Recognised::Sum(found);
        }
    }
    left_over.retain(|position| !paired.contains(position));
}

/// Takes one single entry for each part of a sum; takes none when one is missing.
fn take_all(pool: &mut Pools, sum: &EntryFacts, parts: &[i64]) -> Option<Vec<usize>> {
    if parts.len() < 2 {
        return None;
    }
    let mut needed: BTreeMap<i64, usize> = BTreeMap::new();
    for part in parts {
        *needed.entry(*part).or_default() += 1;
    }
    let has = |part: i64| pool.get(&(sum.date, sum.currency, part)).map_or(0, VecDeque::len);
    if needed.iter().any(|(part, count)| has(*part) < *count) {
        return None;
    }
    let taken = parts
        .iter()
        .filter_map(|part| pool.get_mut(&(sum.date, sum.currency, *part))?.pop_front());
    Some(taken.collect())
}
