//! Pages that belong to one statement.

use super::{Place, posting_places, statement};
use crate::model::Statement;
use crate::read::statement::FileReading;
use std::collections::BTreeMap;

/// Pages by their number.
type Pages = BTreeMap<u32, Place>;

/// A statement with all its pages, in their order.
pub(super) struct Chain {
    /// Its pages; one for most.
    pub pages: Vec<Place>,
    /// The first page that is missing.
    pub missing: Option<u32>,
}

/// Returns the statements of all readings with their pages, less those that were delivered twice.
pub(super) fn chains(readings: &[FileReading], twice: &BTreeMap<Place, Place>) -> Vec<Chain> {
    let mut whole = Vec::new();
    let mut pages = Vec::new();
    for place in posting_places(readings) {
        if twice.contains_key(&place) {
            continue;
        }
        if statement(readings, place).is_some_and(is_page) {
            pages.push(place);
        } else {
            whole.push(Chain {
                pages: vec![place],
                missing: None,
            });
        }
    }
    let by_id = grouped(readings, &pages, |page| page.id.clone());
    let (complete, open): (Vec<Chain>, Vec<Chain>) = by_id.into_iter().partition(|chain| chain.missing.is_none());
    whole.extend(complete);
    // Some banks count the pages of a sequence number and give each an Id of its own.
    let mut open: Vec<Place> = open.into_iter().flat_map(|chain| chain.pages).collect();
    open.sort_unstable();
    whole.extend(grouped(readings, &open, |page| {
        page.electronic_sequence
            .clone()
            .or(page.legal_sequence.clone())
            .or(page.id.clone())
    }));
    whole
}

/// A statement that says it is not alone.
fn is_page(statement: &Statement) -> bool {
    statement.page.is_some_and(|page| page.number != 1 || !page.is_last)
}

/// Groups pages by account and a name; a page number that comes again begins the next statement of that name.
fn grouped(readings: &[FileReading], pages: &[Place], name: fn(&Statement) -> Option<String>) -> Vec<Chain> {
    let mut groups: BTreeMap<(String, Option<String>), Vec<Pages>> = BTreeMap::new();
    for place in pages {
        let Some(found) = statement(readings, *place) else {
            continue;
        };
        let Some(page) = found.page else { continue };
        let key = (found.account.number().unwrap_or_default().into(), name(found));
        let sets = groups.entry(key).or_default();
        match sets.iter_mut().find(|set| !set.contains_key(&page.number)) {
            Some(set) => {
                set.insert(page.number, *place);
            }
            None => sets.push(BTreeMap::from([(page.number, *place)])),
        }
    }
    groups
        .into_values()
        .flatten()
        .map(|set| chained(readings, set))
        .collect()
}

fn chained(readings: &[FileReading], set: Pages) -> Chain {
    let last = set.last_key_value().map(|(number, place)| (*number, *place));
    let (highest, is_ended) = last.map_or((0, false), |(number, place)| {
        let page = statement(readings, place).and_then(|found| found.page);
        (number, page.is_some_and(|page| page.is_last))
    });
    let gap = (1..=highest)
        .zip(set.keys())
        .find(|(expected, found)| expected != *found)
        .map(|(expected, _)| expected);
    let missing = gap.or_else(|| (!is_ended).then(|| highest.saturating_add(1)));
    Chain {
        pages: set.into_values().collect(),
        missing,
    }
}
