//! Own postings that the ERP's export does not show yet. Without them, an invoice would be settled twice.

use crate::model::date::days_between;
use crate::model::{Amount, Finding, FindingCode, Label, NaiveDate, Source};
use crate::run::failure::Failure;
use crate::run::ledger::Ledger;
use crate::settings::InFlightRules;
use crate::store::{InFlight, Store};
use crate::words::Words;
use rustc_hash::FxHashMap;

/// What an item is worth tonight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effective {
    /// Open amount less own postings that the export does not show yet, in signed minor units.
    pub open: i64,
    /// Own postings still under way, signed as the item.
    pub under_way: i64,
    /// The export shows more than it did: nobody posts on it until a person looked.
    pub is_held: bool,
}

/// Returns what is really open of an item that an export shows with `exported` minor units (0 when it is gone).
///
/// With the same export nothing is reflected yet. With another one, what it shows less is taken as our own postings,
/// never more than we posted. More open than before is held. Works on magnitudes, so credit notes behave like invoices.
/// Source: FIELD, own postings still on their way.
pub fn effective(in_flight: &InFlight, exported: i64, export_sha256: &str) -> Effective {
    let sign = if in_flight.exported_open < 0 { -1 } else { 1 };
    let (before, posted, now) = (in_flight.exported_open * sign, in_flight.posted * sign, exported * sign);
    let is_same_export = *in_flight.export_sha256 == *export_sha256;
    // What was taken back is under way, too: the export shows more once the ERP knows it.
    let taken_back = posted.min(0);
    let reflected = if is_same_export {
        0
    } else {
        (before - now).clamp(taken_back, posted.max(0))
    };
    let under_way = posted - reflected;
    Effective {
        open: (now - under_way) * sign,
        under_way: under_way * sign,
        is_held: now > before - taken_back,
    }
}

/// Returns true when an export shows a part of what was taken back, or all of it: less of it is under way than was.
pub fn has_come_back(before: &InFlight, under_way: i64) -> bool {
    let sign = if before.exported_open < 0 { -1 } else { 1 };
    before.posted * sign < 0 && under_way != before.posted
}

/// Looks how the ERP keeps up: tells a stale export, and what it booked late, in part or twice.
///
/// Ends the run when the export is too old, and lets no machine post on an item that has waited too long. Source: FIELD, own
/// postings still on their way.
pub fn look(
    words: Words,
    ledger: &mut Ledger,
    store: &Store,
    in_flight: &[InFlight],
    rules: &InFlightRules,
    as_of: NaiveDate,
) -> Result<(), Failure> {
    let export = Source::file(&ledger.export_name);
    let since = store.export_read_since(&ledger.export_sha256)?.unwrap_or(as_of);
    let days = days_between(since, as_of);
    let stale = [since.to_string(), days.to_string()];
    if is_over(days, rules.export_stop_days) {
        let finding = Finding::error(FindingCode::ExportStale, export, stale.to_vec());
        return Err(Failure::open_items(words, &[finding]));
    }
    if is_over(days, rules.export_warn_days) {
        let finding = Finding::warning(FindingCode::ExportStale, export.clone(), stale.to_vec());
        ledger.findings.push(finding);
    }
    let of_other_exports = in_flight
        .iter()
        .filter(|posted| posted.posted != 0 && posted.export_sha256 != ledger.export_sha256);
    let of_other_exports: Vec<&InFlight> = of_other_exports.collect();
    if of_other_exports.is_empty() {
        return Ok(());
    }
    let items = ledger.items.iter().enumerate();
    let positions: FxHashMap<Label, usize> = items.map(|(position, item)| (item.id.clone(), position)).collect();
    for posted in of_other_exports {
        let Some(&position) = positions.get(posted.item_id.as_str()) else {
            continue;
        };
        let posted_on = store.day_of_run(posted.last_run)?.unwrap_or(as_of);
        let days = days_between(posted_on, as_of);
        let under_way = ledger.under_way[position];
        let item = &mut ledger.items[position];
        if under_way != 0 && is_over(days, rules.unbooked_stop_days) {
            item.is_held = true;
        }
        let document = item.document_number.to_string();
        let shown = |minor: i64| Amount::new(minor, posted.currency).to_string();
        let run = posted.last_run.to_string();
        let (code, args) = if under_way == posted.posted && is_over(days, rules.unbooked_warn_days) {
            let args = vec![shown(under_way), document, run, days.to_string()];
            (FindingCode::PostingNotBooked, args)
        } else if under_way != 0 && under_way != posted.posted {
            let args = vec![shown(posted.posted), document, run, shown(posted.posted - under_way)];
            (FindingCode::PostingBookedInPart, args)
        } else if posted.exported_open - ledger.exported[position] == 2 * posted.posted && !is_over(days, TWICE_DAYS) {
            (
                FindingCode::PostingBookedTwice,
                vec![shown(posted.posted), document, run],
            )
        } else {
            continue;
        };
        ledger.findings.push(Finding::warning(code, export.clone(), args));
    }
    Ok(())
}

/// So many days after a posting an item that is reduced twice is told: later it may be anything.
const TWICE_DAYS: u32 = 14;

/// Returns true when so many days are too many; 0 is no limit.
fn is_over(days: i64, limit: u32) -> bool {
    limit > 0 && days >= i64::from(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Currency;

    #[test]
    fn an_invoice_is_never_settled_twice_however_late_the_erp_books() {
        let euro = Currency::new("EUR").expect("EUR");
        let posted = |exported_open, posted| InFlight {
            item_id: "1".into(),
            currency: euro,
            exported_open,
            posted,
            export_sha256: "monday".into(),
            last_run: 1,
        };
        for (told, before, own, export, now, open, under_way, is_held) in [
            ("the export did not change", 100, 100, "monday", 100, 0, 100, false),
            (
                "a new export that does not know yet",
                100,
                100,
                "tuesday",
                100,
                0,
                100,
                false,
            ),
            ("booked: the item is gone", 100, 100, "tuesday", 0, 0, 0, false),
            ("a part was posted and booked", 100, 40, "tuesday", 60, 60, 0, false),
            (
                "a part was posted, nothing booked",
                100,
                40,
                "tuesday",
                100,
                60,
                40,
                false,
            ),
            ("half of it was booked", 100, 40, "tuesday", 80, 60, 20, false),
            ("booked, and something else too", 100, 40, "tuesday", 30, 30, 0, false),
            ("more open than before", 100, 40, "tuesday", 120, 80, 40, true),
            ("a credit note, not booked yet", -50, -50, "tuesday", -50, 0, -50, false),
            ("a credit note, booked", -50, -50, "tuesday", 0, 0, 0, false),
            ("taken back after it was booked", 0, -100, "monday", 0, 100, -100, false),
            ("taken back, the ERP knows it", 0, -100, "tuesday", 100, 100, 0, false),
            (
                "taken back in part, half of it known",
                60,
                -40,
                "tuesday",
                80,
                100,
                -20,
                false,
            ),
            ("taken back, and more than that", 0, -100, "tuesday", 120, 120, 0, true),
            ("taken back, then paid otherwise", 60, -40, "tuesday", 0, 40, -40, false),
            ("taken back and posted again", 0, 0, "tuesday", 0, 0, 0, false),
            (
                "of these, the ERP knows the first only",
                0,
                0,
                "tuesday",
                100,
                100,
                0,
                true,
            ),
        ] {
            let seen = effective(&posted(before, own), now, export);
            assert_eq!(
                seen,
                Effective {
                    open,
                    under_way,
                    is_held
                },
                "{told}"
            );
        }
    }
}
