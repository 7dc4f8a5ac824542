//! Opening + booked movements = closing, to the minor unit: over all pages of a statement, wherever they lie.
//!
//! Knows nothing of earlier runs: what was delivered before is compared elsewhere.

mod chain;
mod control;

use super::{FileReading, Options};
use crate::model::money::Amount;
use crate::model::statement::{BalanceKind, Entry, EntryStatus, Proof, StatementKind};
use crate::model::{Balance, Currency, Finding, FindingCode, NaiveDate, Side, Statement};
use chain::{Chain, chains};
use std::collections::{BTreeMap, BTreeSet};

/// Which statement of which reading.
type Place = (usize, usize);

/// Proves the statements of all readings, once all files are read: sets proof and refusal, adds findings.
///
/// Pages are chained over files by account and Id, else by sequence number. A statement whose figures do not add up is refused
/// with all its pages; one whose pages are missing is held. Reports and notifications need no proof: they never post.
pub fn prove(readings: &mut [FileReading], options: &Options) {
    note_reports(readings);
    let twice = delivered_twice(readings);
    for chain in chains(readings, &twice) {
        judge(readings, &chain, options);
    }
    for (place, original) in twice {
        say_twice(readings, place, original);
    }
}

fn statement(readings: &[FileReading], place: Place) -> Option<&Statement> {
    readings.get(place.0)?.statements.get(place.1)
}

/// Returns the places of all statements that post, in the order read; refused files are left out.
fn posting_places(readings: &[FileReading]) -> Vec<Place> {
    let mut places = Vec::new();
    for (file, reading) in readings.iter().enumerate() {
        if reading.refusal.is_some() {
            continue;
        }
        for (number, statement) in reading.statements.iter().enumerate() {
            if statement.kind == StatementKind::Statement && statement.refusal.is_none() {
                places.push((file, number));
            }
        }
    }
    places
}

fn note_reports(readings: &mut [FileReading]) {
    for reading in readings.iter_mut().filter(|reading| reading.refusal.is_none()) {
        let mut notes = Vec::new();
        let is_swift = reading.message.as_deref().is_some_and(|name| name.starts_with("MT"));
        for statement in &reading.statements {
            let what = match statement.kind {
                StatementKind::Statement => continue,
                StatementKind::Report if is_swift => "an interim report (MT942, MT941)",
                StatementKind::Report => "an intraday report (camt.052)",
                StatementKind::Notification => "a notification (camt.054)",
            };
            let source = statement.source.clone();
            notes.push(Finding::note(FindingCode::ReportNotPosted, source, vec![what.into()]));
        }
        reading.findings.append(&mut notes);
    }
}

/// Returns statements that stand in this delivery before, with the same entries, and where.
fn delivered_twice(readings: &[FileReading]) -> BTreeMap<Place, Place> {
    let mut known: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let mut twice = BTreeMap::new();
    for place in posting_places(readings) {
        let Some(found) = statement(readings, place) else {
            continue;
        };
        let Some(name) = found.id.as_ref().or(found.electronic_sequence.as_ref()) else {
            continue;
        };
        let account = found.account.number().unwrap_or_default();
        let page = found.page.map_or(0, |page| page.number);
        let same = known.entry(format!("{account}\u{0}{name}\u{0}{page}")).or_default();
        let original = same
            .iter()
            .find(|earlier| statement(readings, **earlier).is_some_and(|earlier| has_same_entries(earlier, found)));
        match original {
            Some(original) => {
                twice.insert(place, *original);
            }
            None => same.push(place),
        }
    }
    twice
}

fn has_same_entries(one: &Statement, other: &Statement) -> bool {
    let is_same = |a: &Entry, b: &Entry| {
        a.amount == b.amount
            && a.side == b.side
            && a.status.as_ref().map(EntryStatus::code) == b.status.as_ref().map(EntryStatus::code)
            && a.booking_date == b.booking_date
            && a.value_date == b.value_date
            && a.servicer_reference == b.servicer_reference
            && a.reference == b.reference
            && a.additional_information == b.additional_information
            && a.details.len() == b.details.len()
    };
    one.electronic_sequence == other.electronic_sequence
        && one.balances == other.balances
        && one.entries.len() == other.entries.len()
        && one.entries.iter().zip(&other.entries).all(|(a, b)| is_same(a, b))
}

fn say_twice(readings: &mut [FileReading], place: Place, original: Place) {
    let Some(earlier) = statement(readings, original) else {
        return;
    };
    let (proof, refusal) = (earlier.proof.clone(), earlier.refusal.clone());
    let args = vec![format!("in this delivery, {}", earlier.source)];
    let reading = &mut readings[place.0];
    let found = &mut reading.statements[place.1];
    found.proof = proof;
    found.refusal = refusal;
    let source = found.source.clone();
    reading
        .findings
        .push(Finding::warning(FindingCode::StatementTwice, source, args));
}

/// What was found out about a chain of pages.
enum Judgement {
    Proved,
    /// Proved when the side of reversed entries is turned, and the settings say that this bank writes them so.
    ProvedInverted,
    Unproved,
    Missing(u32),
    Broken(Figures),
    /// Adds up only when the side of reversed entries is turned.
    Inverted(Figures),
}

/// The figures of one currency, in minor units.
#[derive(Clone, Copy)]
struct Figures {
    currency: Currency,
    opening: i128,
    movements: i128,
    reversed: i128,
    closing: i128,
}

impl Figures {
    fn computed(&self) -> i128 {
        self.opening + self.movements
    }

    fn inverted(&self) -> i128 {
        self.computed() - 2 * self.reversed
    }
}

fn clamped(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
}

fn judge(readings: &mut [FileReading], chain: &Chain, options: &Options) {
    let pages: Vec<&Statement> = chain
        .pages
        .iter()
        .filter_map(|place| statement(readings, *place))
        .collect();
    let account = pages.first().and_then(|page| page.account.number());
    let is_inverted = account.is_some_and(|account| options.inverted_reversal_accounts.contains(account.as_str()));
    let judgement = match chain.missing {
        Some(page) => Judgement::Missing(page),
        None => balances(&pages, is_inverted),
    };
    let totals = control::compare(&pages);
    let is_table = readings[chain.pages[0].0]
        .message
        .as_deref()
        .is_some_and(|name| name.starts_with("csv"));
    for place in &chain.pages {
        let reading = &mut readings[place.0];
        let found = &mut reading.statements[place.1];
        settle(found, &mut reading.findings, &judgement, is_inverted);
        control::settle(found, &mut reading.findings, &totals, is_table);
    }
}

/// Compares opening, movements and closing, per currency.
fn balances(pages: &[&Statement], is_inverted: bool) -> Judgement {
    if let Some(broken) = broken_page(pages) {
        return Judgement::Broken(broken);
    }
    let mut currencies: BTreeSet<Currency> = BTreeSet::new();
    let mut is_partial = false;
    let mut all: Vec<Figures> = Vec::new();
    let entries = || {
        pages
            .iter()
            .flat_map(|page| &page.entries)
            .filter(|entry| entry.is_booked())
    };
    currencies.extend(entries().map(|entry| entry.amount.currency));
    currencies.extend(
        pages
            .iter()
            .flat_map(|page| &page.balances)
            .map(|balance| balance.amount.currency),
    );
    for currency in currencies {
        let mine = || entries().filter(|entry| entry.amount.currency == currency);
        let (openings, closings) = (openings(pages, currency), closings(pages, currency));
        if openings.is_empty() || closings.is_empty() {
            is_partial |= mine().next().is_some();
        }
        let movements = mine().map(|entry| i128::from(entry.signed())).sum();
        let reversed = mine().filter(|entry| entry.is_reversal);
        let reversed = reversed.map(|entry| i128::from(entry.signed())).sum();
        // Where the bank states two figures of one day, each of them must agree: nobody could say which counts.
        for opening in openings {
            all.extend(closings.iter().map(|closing| Figures {
                currency,
                opening,
                movements,
                reversed,
                closing: *closing,
            }));
        }
    }
    if let Some(broken) = all.iter().find(|figures| figures.computed() != figures.closing) {
        // Some banks label an entry with the payer's currency and still book the figure in the account's.
        let face_value: i128 = entries().map(|entry| i128::from(entry.signed())).sum();
        if all.len() == 1 && is_partial && broken.opening + face_value == broken.closing {
            return Judgement::Proved;
        }
        if all.iter().all(|figures| figures.inverted() == figures.closing) {
            return if is_inverted {
                Judgement::ProvedInverted
            } else {
                Judgement::Inverted(*broken)
            };
        }
        return Judgement::Broken(*broken);
    }
    if all.is_empty() || is_partial {
        Judgement::Unproved
    } else {
        Judgement::Proved
    }
}

/// Returns the figures of the first page that does not add up by itself, or does not go on where the page before it ended: pages
/// with balances of their own, which are interim ones.
fn broken_page(pages: &[&Statement]) -> Option<Figures> {
    let is_interim = |balance: &Balance| balance.sub_kind.as_deref() == Some("INTM");
    let mut before: Option<i128> = None;
    for page in pages.iter().filter(|_| pages.len() > 1) {
        let (opening, closing) = (page.balance(&BalanceKind::Opening), page.balance(&BalanceKind::Closing));
        let (Some(opening), Some(closing)) = (opening, closing) else {
            before = None;
            continue;
        };
        if !is_interim(opening) && !is_interim(closing) {
            continue;
        }
        let currency = opening.amount.currency;
        let booked = || page.entries.iter().filter(|entry| entry.is_booked());
        let figures = Figures {
            currency,
            opening: i128::from(opening.signed()),
            movements: booked().map(|entry| i128::from(entry.signed())).sum(),
            reversed: booked()
                .filter(|entry| entry.is_reversal)
                .map(|entry| i128::from(entry.signed()))
                .sum(),
            closing: i128::from(closing.signed()),
        };
        let adds_up = [figures.computed(), figures.inverted()].contains(&figures.closing);
        if !adds_up {
            return Some(figures);
        }
        if let Some(before) = before.filter(|before| is_interim(opening) && *before != figures.opening) {
            return Some(Figures {
                opening: before,
                movements: 0,
                reversed: 0,
                closing: figures.opening,
                ..figures
            });
        }
        before = is_interim(closing).then_some(figures.closing);
    }
    None
}

/// Returns the opening balance in that currency; nothing where none is stated, or several of one day that differ.
pub fn opening(pages: &[&Statement], currency: Currency) -> Option<i128> {
    only(&openings(pages, currency))
}

/// Returns the closing balance in that currency; nothing where none is stated, or several of one day that differ.
pub fn closing(pages: &[&Statement], currency: Currency) -> Option<i128> {
    only(&closings(pages, currency))
}

fn only(figures: &BTreeSet<i128>) -> Option<i128> {
    figures.first().filter(|_| figures.len() == 1).copied()
}

/// Returns the opening balance in that currency: OPBD, else PRCD, of the first page that has one; the earliest where it has several.
/// More than one where several of that day differ.
fn openings(pages: &[&Statement], currency: Currency) -> BTreeSet<i128> {
    let kinds = [BalanceKind::Opening, BalanceKind::PreviousClosing];
    let stated = kinds
        .iter()
        .flat_map(|kind| pages.iter().map(move |page| fitting(page, kind, currency)));
    let first = stated
        .into_iter()
        .find(|balances| !balances.is_empty())
        .unwrap_or_default();
    let day = first.iter().map(|balance| balance.date).min();
    of_day(&first, day)
}

/// Returns the closing balance in that currency: CLBD of the last page that has one; the latest where it has several. More than one
/// where several of that day differ.
fn closings(pages: &[&Statement], currency: Currency) -> BTreeSet<i128> {
    let stated = pages
        .iter()
        .rev()
        .map(|page| fitting(page, &BalanceKind::Closing, currency));
    let last = stated
        .into_iter()
        .find(|balances| !balances.is_empty())
        .unwrap_or_default();
    let day = last.iter().map(|balance| balance.date).max();
    of_day(&last, day)
}

fn of_day(balances: &[&Balance], day: Option<Option<NaiveDate>>) -> BTreeSet<i128> {
    let of_it = balances.iter().filter(|balance| Some(balance.date) == day);
    of_it.map(|balance| i128::from(balance.signed())).collect()
}

/// Returns the balances of a kind; those without a sub-type where there are any, because interim ones belong to pages.
fn fitting<'s>(page: &'s Statement, kind: &BalanceKind, currency: Currency) -> Vec<&'s Balance> {
    let all = page
        .balances
        .iter()
        .filter(|balance| balance.kind == *kind && balance.amount.currency == currency);
    let all: Vec<_> = all.collect();
    let plain: Vec<_> = all
        .iter()
        .copied()
        .filter(|balance| balance.sub_kind.is_none())
        .collect();
    if plain.is_empty() { all } else { plain }
}

/// Writes the judgement into one statement of the chain.
fn settle(found: &mut Statement, findings: &mut Vec<Finding>, judgement: &Judgement, is_inverted: bool) {
    let source = found.source.clone();
    match judgement {
        Judgement::Proved => found.proof = Proof::Proved,
        Judgement::ProvedInverted => {
            found.proof = Proof::Proved;
            turn_reversals(found);
        }
        // Totals over a whole table prove its statements before: they are not the statements' own.
        Judgement::Unproved if found.proof == Proof::Proved => {}
        Judgement::Unproved => {
            found.proof = Proof::Unproved;
            if is_inverted {
                turn_reversals(found);
            }
            findings.push(Finding::note(FindingCode::StatementUnproved, source, vec![]));
        }
        Judgement::Missing(page) => {
            found.proof = Proof::Incomplete;
            let args = vec![page.to_string()];
            found.refusal = Some(Finding::warning(FindingCode::PagesIncomplete, source, args));
        }
        Judgement::Broken(figures) => {
            let args = said(figures);
            found.proof = broken(figures);
            found.refusal = Some(Finding::error(FindingCode::BalanceBroken, source, args));
        }
        Judgement::Inverted(figures) => {
            found.proof = broken(figures);
            found.refusal = Some(Finding::error(FindingCode::BalanceReversalInverted, source, vec![]));
        }
    }
}

fn broken(figures: &Figures) -> Proof {
    Proof::Broken {
        stated: clamped(figures.closing),
        computed: clamped(figures.computed()),
    }
}

/// Returns what the sentence names: opening, movements, their sum, closing, the difference.
fn said(figures: &Figures) -> Vec<String> {
    let amount = |minor: i128| Amount::new(clamped(minor), figures.currency).to_string();
    vec![
        amount(figures.opening),
        amount(figures.movements),
        amount(figures.computed()),
        amount(figures.closing),
        amount(figures.closing - figures.computed()),
    ]
}

/// Turns the side of reversed entries; of their details too, where those agreed with the entry.
fn turn_reversals(found: &mut Statement) {
    let turned = |side: Side| match side {
        Side::Credit => Side::Debit,
        Side::Debit => Side::Credit,
    };
    for entry in found.entries.iter_mut().filter(|entry| entry.is_reversal) {
        let sum: i128 = entry
            .details
            .iter()
            .map(|detail| i128::from(detail.side.signed(detail.amount.map_or(0, |amount| amount.minor))))
            .sum();
        let has_agreed = sum == i128::from(entry.signed());
        let old = entry.side;
        entry.side = turned(old);
        for detail in &mut entry.details {
            if has_agreed || detail.side == old {
                detail.side = turned(detail.side);
            }
        }
    }
}
