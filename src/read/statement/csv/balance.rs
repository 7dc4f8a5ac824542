//! The running balance: checked line by line, whichever way the rows run.

use super::entry::Line;
use crate::model::statement::{Balance, BalanceKind, Entry, Proof};
use crate::model::{Amount, Currency, Finding, FindingCode, Side, Statement};

/// What the running balances of one account say.
pub struct Chain {
    opening: Option<i64>,
    closing: Option<i64>,
    /// Balances that were confirmed by the rows between them.
    links: usize,
    broken: Option<Break>,
    currency: Option<Currency>,
}

struct Break {
    at: crate::model::Source,
    stated: i64,
    computed: i64,
}

/// One way to walk through the rows.
struct Walk {
    links: usize,
    breaks: usize,
    first_break: Option<(usize, i64, i64)>,
    opening: Option<i64>,
    closing: Option<i64>,
}

impl Chain {
    /// Returns the entries of the lines, and what their balances prove.
    pub fn of(lines: Vec<Line>) -> (Vec<Entry>, Chain) {
        let rows: Vec<(i64, Option<i64>)> = lines
            .iter()
            .map(|line| {
                (
                    if line.entry.is_booked() { line.entry.signed() } else { 0 },
                    line.balance,
                )
            })
            .collect();
        let oldest_first = walk(rows.iter().copied());
        let newest_first = walk(rows.iter().rev().copied());
        // The way with fewer breaks is the way the bank wrote; both are right when a single row has a balance.
        let is_reversed = newest_first.breaks < oldest_first.breaks;
        let best = if is_reversed { newest_first } else { oldest_first };
        let broken = best.first_break.map(|(at, stated, computed)| {
            let row = if is_reversed { lines.len() - 1 - at } else { at };
            Break {
                at: lines[row].entry.source.clone(),
                stated,
                computed,
            }
        });
        let chain = Chain {
            opening: best.opening.filter(|_| best.links > 0),
            closing: best.closing.filter(|_| best.links > 0),
            links: best.links,
            broken,
            currency: lines.first().map(|line| line.entry.amount.currency),
        };
        (lines.into_iter().map(|line| line.entry).collect(), chain)
    }

    /// Adds the proof to the statement, and the balances where the file states none.
    pub fn add_to(&self, statement: &mut Statement) {
        let Some(currency) = self.currency else { return };
        if let Some(broken) = &self.broken {
            let text = |minor| Amount::new(minor, currency).to_string();
            let args = vec![format!("a balance of {}", text(broken.stated)), text(broken.computed)];
            let finding = Finding::error(FindingCode::ControlTotalBroken, broken.at.clone(), args);
            statement.proof = Proof::Broken {
                stated: broken.stated,
                computed: broken.computed,
            };
            statement.refusal = Some(finding);
            return;
        }
        if self.links == 0 {
            return;
        }
        statement.proof = Proof::Proved;
        for (kind, minor) in [
            (BalanceKind::Opening, self.opening),
            (BalanceKind::Closing, self.closing),
        ] {
            let Some(minor) = minor else { continue };
            if statement.balance(&kind).is_none() {
                statement.balances.push(balance(kind, minor, currency));
            }
        }
    }
}

/// Returns a balance of signed minor units.
pub fn balance(kind: BalanceKind, minor: i64, currency: Currency) -> Balance {
    Balance {
        kind,
        sub_kind: None,
        amount: Amount::new(minor.saturating_abs(), currency),
        side: Some(Side::of(minor)),
        date: None,
    }
}

/// Walks from old to new: each balance must be the one before plus what was booked since.
fn walk(rows: impl Iterator<Item = (i64, Option<i64>)>) -> Walk {
    let mut walk = Walk {
        links: 0,
        breaks: 0,
        first_break: None,
        opening: None,
        closing: None,
    };
    let mut since = 0_i64;
    let mut last: Option<i64> = None;
    for (at, (moved, balance)) in rows.enumerate() {
        since = since.saturating_add(moved);
        let Some(stated) = balance else { continue };
        match last {
            None => walk.opening = Some(stated.saturating_sub(since)),
            Some(earlier) => {
                let computed = earlier.saturating_add(since);
                if computed == stated {
                    walk.links += 1;
                } else {
                    walk.breaks += 1;
                    walk.first_break = walk.first_break.or(Some((at, stated, computed)));
                }
            }
        }
        last = Some(stated);
        since = 0;
    }
    walk.closing = last.map(|stated| stated.saturating_add(since));
    walk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balances_are_followed_from_old_to_new() {
        for (rows, links, breaks, opening, closing) in [
            (&[(10, Some(110)), (-5, Some(105))][..], 1, 0, Some(100), Some(105)),
            (
                &[(10, None), (-5, Some(105)), (1, None), (1, Some(107))],
                1,
                0,
                Some(100),
                Some(107),
            ),
            (&[(10, Some(110)), (-5, Some(104))], 0, 1, Some(100), Some(104)),
            (&[(10, Some(110))], 0, 0, Some(100), Some(110)),
            (&[(10, None)], 0, 0, None, None),
        ] {
            let walk = walk(rows.iter().copied());
            assert_eq!(
                (walk.links, walk.breaks, walk.opening, walk.closing),
                (links, breaks, opening, closing)
            );
        }
    }
}
