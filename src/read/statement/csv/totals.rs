//! Counts and sums that a file states over its rows: they prove the file, or refuse it.

use super::entry::Line;
use crate::model::money::decimal_text;
use crate::model::statement::{ControlTotal, Proof};
use crate::model::{Finding, FindingCode, Side, Source, Statement};

/// What a count or a sum is taken over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    /// All movements.
    All,
    /// The movements of one side, fees that stand in a column of their own aside.
    Side(Side),
    /// Such fees: paid less given back.
    Fees,
    /// The rows, whatever movements each of them has.
    Rows,
}

/// A count or a sum that a file states.
#[derive(Clone, Debug)]
pub struct Total {
    /// Over what.
    pub over: Over,
    /// Number, where stated; the highest there is where it cannot be read.
    pub count: Option<u64>,
    /// Sum in minor units, where stated; the highest there is where it cannot be read.
    pub sum: Option<i64>,
    /// Where it stands.
    pub source: Source,
}

/// What the rows add up to.
pub struct Tally {
    /// Over what is booked, and over all that is listed: a bank counts either, and one of them throughout.
    counted: [Counted; 2],
}

#[derive(Clone, Copy, Default)]
struct Counted {
    credit: (u64, i64),
    debit: (u64, i64),
    fees: (u64, i64),
}

impl Tally {
    /// Counts and adds up the lines.
    pub fn of(lines: &[Line]) -> Tally {
        let mut counted = [Counted::default(); 2];
        for line in lines {
            let ways = if line.entry.is_booked() { 0..2 } else { 1..2 };
            for found in &mut counted[ways] {
                let minor = line.entry.amount.minor;
                let (place, minor) = match (line.is_fee, line.entry.side) {
                    (true, side) => (&mut found.fees, -side.signed(minor)),
                    (false, Side::Credit) => (&mut found.credit, minor),
                    (false, Side::Debit) => (&mut found.debit, minor),
                };
                *place = (place.0 + 1, place.1.saturating_add(minor));
            }
        }
        Tally { counted }
    }

    fn has_fees(&self) -> bool {
        self.counted[1].fees.0 > 0
    }

    /// Returns the way of counting that all totals agree with; over what is booked where there is none.
    fn way(&self, totals: &[Total]) -> Counted {
        let [booked, listed] = self.counted;
        let agrees = |counted: Counted| totals.iter().all(|total| counted.agrees(total));
        if !agrees(booked) && agrees(listed) {
            listed
        } else {
            booked
        }
    }
}

/// Sides are stated with a sign or without; fees have one.
fn is_sum(over: Over, stated: i64, found: i64) -> bool {
    stated == found || (over != Over::Fees && stated.saturating_abs() == found)
}

impl Counted {
    fn agrees(self, total: &Total) -> bool {
        let (count, sum) = self.over(total.over);
        total.count.is_none_or(|stated| stated == count)
            && total.sum.is_none_or(|stated| is_sum(total.over, stated, sum))
    }

    fn over(self, over: Over) -> (u64, i64) {
        let rows = self.credit.0 + self.debit.0;
        match over {
            Over::All => (rows, self.credit.1.saturating_add(self.debit.1)),
            Over::Side(Side::Credit) => self.credit,
            Over::Side(Side::Debit) => self.debit,
            Over::Fees => self.fees,
            Over::Rows => (rows, 0),
        }
    }
}

/// Checks the totals that the file states over all its rows, and gives them to the statement when there is one only.
pub fn check(totals: &[Total], tally: &Tally, statements: &mut [Statement]) {
    if totals.is_empty() {
        return;
    }
    let decimals = statements
        .first()
        .and_then(Statement::currency)
        .map_or(2, |currency| currency.decimals());
    let text = |minor| decimal_text(minor, decimals);
    let counted = tally.way(totals);
    let (mut broken, mut figures) = (None, None);
    for total in totals {
        let (count, sum) = counted.over(total.over);
        let what = named(total.over);
        if let Some(stated) = total.count.filter(|stated| *stated != count) {
            let stated = if stated == u64::MAX {
                "an unreadable number of".into()
            } else {
                stated.to_string()
            };
            let args = vec![format!("{stated} entries{what}"), count.to_string()];
            broken = broken.or(Some((total.source.clone(), args)));
        }
        if let Some(stated) = total.sum.filter(|stated| !is_sum(total.over, *stated, sum)) {
            figures = figures.or(Some(Proof::Broken { stated, computed: sum }));
            let stated = if stated == i64::MAX {
                "an unreadable sum".into()
            } else {
                text(stated)
            };
            let args = vec![format!("{stated}{what}"), text(sum).to_string()];
            broken = broken.or(Some((total.source.clone(), args)));
        }
    }
    let refusal = broken.map(|(source, args)| Finding::error(FindingCode::ControlTotalBroken, source, args));
    for statement in statements.iter_mut() {
        match &refusal {
            Some(finding) => {
                statement.refusal = statement.refusal.take().or(Some(finding.clone()));
                if !matches!(statement.proof, Proof::Broken { .. }) {
                    statement.proof = figures.clone().unwrap_or(Proof::Broken { stated: 0, computed: 0 });
                }
            }
            None if statement.refusal.is_none() => statement.proof = Proof::Proved,
            None => {}
        }
    }
    // Totals over a part of the movements are none of the statement's as a whole.
    if let ([statement], false) = (statements, tally.has_fees()) {
        statement.control = totals.iter().filter_map(control_total).collect();
    }
}

fn named(over: Over) -> &'static str {
    match over {
        Over::All | Over::Rows => "",
        Over::Side(Side::Credit) => " of money in",
        Over::Side(Side::Debit) => " of money out",
        Over::Fees => " of fees",
    }
}

fn control_total(total: &Total) -> Option<ControlTotal> {
    let side = match total.over {
        Over::All => None,
        Over::Side(side) => Some(side),
        Over::Fees | Over::Rows => return None,
    };
    Some(ControlTotal {
        side,
        count: total.count,
        sum: total.sum.map(i64::saturating_abs),
        source: total.source.clone(),
    })
}
