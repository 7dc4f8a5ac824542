//! The bank's own counts and sums: proof where no balances stand, a second look where they do.

use crate::model::money::Amount;
use crate::model::statement::{ControlTotal, Proof};
use crate::model::{Entry, Finding, FindingCode, Side, Statement};

/// What the control totals of a statement say.
pub(super) struct Totals {
    /// Sums for everything that is booked agree.
    is_proof: bool,
    /// The first that disagrees: what the bank states, what the entries add up to.
    broken: Option<Disagreement>,
}

struct Disagreement {
    stated: (i64, String),
    computed: (i64, String),
}

/// Compares all control totals of a statement's pages with its entries.
///
/// Banks count booked entries, or all that they list; either counts as agreement, and so does a net sum where both sides are one.
pub(super) fn compare(pages: &[&Statement]) -> Totals {
    let mut broken = None;
    let (mut proves_credit, mut proves_debit) = (false, false);
    for page in pages {
        for control in &page.control {
            let alone = std::slice::from_ref(page);
            let agreement = disagreement(control, alone).and_then(|found| {
                let is_whole = pages.len() > 1 && disagreement(control, pages).is_none();
                (!is_whole).then_some(found)
            });
            match agreement {
                Some(found) => {
                    broken.get_or_insert(found);
                }
                None if control.sum.is_some() => {
                    proves_credit |= control.side != Some(Side::Debit);
                    proves_debit |= control.side != Some(Side::Credit);
                }
                None => {}
            }
        }
    }
    let has = |side: Side| {
        pages
            .iter()
            .flat_map(|page| &page.entries)
            .any(|entry| entry.is_booked() && entry.side == side)
    };
    let is_covered = (proves_credit || !has(Side::Credit)) && (proves_debit || !has(Side::Debit));
    Totals {
        is_proof: broken.is_none() && is_covered && (proves_credit || proves_debit),
        broken,
    }
}

fn disagreement(control: &ControlTotal, pages: &[&Statement]) -> Option<Disagreement> {
    let on_side = |entry: &&Entry| control.side.is_none_or(|side| side == entry.side);
    let all: Vec<&Entry> = pages.iter().flat_map(|page| &page.entries).filter(on_side).collect();
    let booked: Vec<&Entry> = all.iter().copied().filter(|entry| entry.is_booked()).collect();
    let currency = all.first().map(|entry| entry.amount.currency);
    if all.iter().any(|entry| Some(entry.amount.currency) != currency) {
        return None;
    }
    let counts = [booked.len() as u64, all.len() as u64];
    if let Some(stated) = control.count.filter(|stated| !counts.contains(stated)) {
        return Some(Disagreement {
            stated: (clamped(i128::from(stated)), format!("{stated} entries")),
            computed: (clamped(i128::from(counts[0])), format!("{} entries", counts[0])),
        });
    }
    let stated = control.sum?;
    let gross = |entries: &[&Entry]| entries.iter().map(|entry| i128::from(entry.amount.minor)).sum::<i128>();
    let net = |entries: &[&Entry]| {
        entries
            .iter()
            .map(|entry| i128::from(entry.signed()))
            .sum::<i128>()
            .abs()
    };
    let sums = [gross(&booked), gross(&all), net(&booked), net(&all)];
    if sums.contains(&i128::from(stated)) {
        return None;
    }
    let written = |minor: i128| {
        currency.map_or_else(
            || clamped(minor).to_string(),
            |currency| Amount::new(clamped(minor), currency).to_string(),
        )
    };
    Some(Disagreement {
        stated: (stated, written(i128::from(stated))),
        computed: (clamped(sums[0]), written(sums[0])),
    })
}

fn clamped(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(i64::MAX)
}

/// Writes what the totals say into one statement of the chain.
///
/// Totals of camt are not reliable enough to refuse by: banks leave out what they list elsewhere. A table has nothing but them, so
/// there they refuse.
pub(super) fn settle(found: &mut Statement, findings: &mut Vec<Finding>, totals: &Totals, is_table: bool) {
    if found.refusal.is_some() {
        return;
    }
    let is_unproved = found.proof == Proof::Unproved;
    let source = found.source.clone();
    match &totals.broken {
        Some(broken) if is_unproved && is_table => {
            drop_unproved_note(found, findings);
            let args = vec![broken.stated.1.clone(), broken.computed.1.clone()];
            found.proof = Proof::Broken {
                stated: broken.stated.0,
                computed: broken.computed.0,
            };
            found.refusal = Some(Finding::error(FindingCode::ControlTotalBroken, source, args));
        }
        Some(broken) if !found.control.is_empty() => {
            let args = vec![broken.stated.1.clone(), broken.computed.1.clone()];
            findings.push(Finding::warning(FindingCode::ControlTotalOdd, source, args));
        }
        None if is_unproved && totals.is_proof => {
            drop_unproved_note(found, findings);
            found.proof = Proof::Proved;
        }
        _ => {}
    }
}

fn drop_unproved_note(found: &Statement, findings: &mut Vec<Finding>) {
    findings.retain(|finding| finding.code != FindingCode::StatementUnproved || finding.source != found.source);
}
