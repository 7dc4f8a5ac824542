//! The score of labelled nights: what was posted right and wrong, what was left, by situation and by evidence class.
//!
//! Knows figures only: they are counted elsewhere.

use crate::model::Currency;
use crate::model::money::decimal_text;
use crate::words::shown::{count, figure, fine_percent, plural, text};
use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Wrong postings that are told one by one; JSON has all.
const WRONG_MAX: usize = 25;

/// What a run, or several, made of labelled nights.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evaluation {
    /// Nights.
    pub nights: u64,
    /// Payments by kind.
    pub situations: BTreeMap<Kind, Situation>,
    /// Automatic postings by evidence class: right and all.
    pub classes: BTreeMap<String, (u64, u64)>,
    /// Posted value by currency.
    pub values: BTreeMap<Currency, Posted>,
    /// Share of right postings that the count proves at least, in millionths.
    pub at_least: u32,
    /// Wrong postings, in the order of the nights.
    pub wrong: Vec<Differing>,
    /// Receipts that the data decide and that are not posted, in the order of the nights.
    pub missed: Vec<Differing>,
}

/// Payments that are told together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kind {
    /// What they show.
    pub situation: String,
    /// True when the data decide them.
    pub is_decidable: bool,
}

/// Figures of the payments of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Situation {
    /// All payments.
    pub payments: u64,
    /// Booked money in.
    pub receipts: u64,
    /// Posted as the label says.
    pub right: u64,
    /// Posted otherwise, or although the data do not decide it.
    pub wrong: u64,
    /// Proposed.
    pub proposed: u64,
    /// Open.
    pub open: u64,
    /// Set aside by a named rule.
    pub set_aside: u64,
    /// In no file of the run, a duplicate there, or settled by a person's decision.
    pub elsewhere: u64,
    /// Receipts that are not posted and whose label names items.
    pub meant: u64,
    /// Those of them whose items are among the first candidates.
    pub shown: u64,
}

/// Posted value in one currency, in minor units.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Posted {
    /// Posted right.
    pub right: i128,
    /// Posted in all.
    pub all: i128,
    /// Share that nights drawn anew prove at least, in millionths; `None` with one night.
    pub at_least: Option<u32>,
}

/// A payment that became something else than its label says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Differing {
    /// The truth file and the line of the label: `truth.csv:17`.
    pub label: String,
    /// The payment as the label calls it.
    pub reference: String,
    /// Its situation.
    pub situation: String,
    /// Amount with currency.
    pub amount: String,
    /// Evidence class, or why it was not posted.
    pub code: String,
    /// What the run said: items with cash, or the first candidate.
    pub said: String,
    /// What the label says.
    pub right: String,
    /// Why, in words.
    pub because: String,
}

impl Evaluation {
    fn sum(&self, of: impl Fn(&Situation) -> u64) -> u64 {
        self.situations.values().map(of).sum()
    }

    fn sum_where(&self, is_decidable: bool, of: impl Fn(&Situation) -> u64) -> u64 {
        let kinds = self
            .situations
            .iter()
            .filter(|(kind, _)| kind.is_decidable == is_decidable);
        kinds.map(|(_, situation)| of(situation)).sum()
    }

    /// Returns right postings and all.
    pub fn posted(&self) -> (u64, u64) {
        let right = self.sum(|situation| situation.right);
        (right, right + self.sum(|situation| situation.wrong))
    }

    /// Returns the postings of payments of which nothing may be posted.
    pub fn trapped(&self) -> u64 {
        self.sum_where(false, |situation| situation.wrong)
    }

    /// Returns the receipts, and those of them that the data decide.
    pub fn receipts(&self) -> (u64, u64) {
        let of = |situation: &Situation| situation.receipts;
        (self.sum(of), self.sum_where(true, of))
    }

    /// Returns the unposted receipts whose items are among the first candidates, and all that have items.
    pub fn shown(&self) -> (u64, u64) {
        (
            self.sum(|situation| situation.shown),
            self.sum(|situation| situation.meant),
        )
    }

    /// Returns the score for the terminal.
    pub fn text(&self) -> String {
        let payments = self.sum(|situation| situation.payments);
        let (receipts, decidable) = self.receipts();
        let mut parts = vec![
            format!(
                "{}: {} of which {} are receipts and {} of them decided by the data.",
                plural(self.nights, "labelled night", "labelled nights"),
                plural(payments, "payment", "payments"),
                count(receipts),
                count(decidable)
            ),
            self.scores(),
            self.situation_table(),
            self.class_table(),
        ];
        let elsewhere = self.sum(|situation| situation.elsewhere);
        if elsewhere > 0 {
            parts.push(format!(
                "{} not posted, proposed, open or set aside: not in the runs, a duplicate there, or decided by a person.",
                plural(elsewhere, "payment of the truth is", "payments of the truth are")
            ));
        }
        if !self.wrong.is_empty() {
            parts.push(self.wrong_ones());
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n") + "\n"
    }

    fn scores(&self) -> String {
        let (right, posted) = self.posted();
        let (receipts, decidable) = self.receipts();
        let (shown, meant) = self.shown();
        let mut table = table();
        let mut line = |what: &str, share: String, how: String| {
            table.add_row(vec![Cell::new(what), right_aligned(&share), Cell::new(how)]);
        };
        line(
            "precision by count",
            fine_percent(right.into(), posted.into()),
            format!(
                "{} of {} are right; at least {} (exact, 95 %)",
                count(right),
                plural(posted, "posting", "postings"),
                millionths(self.at_least)
            ),
        );
        for (currency, value) in &self.values {
            let bound = match value.at_least {
                Some(least) => format!("at least {} (nights drawn anew, 95 %)", millionths(least)),
                None => "no bound from one night".to_owned(),
            };
            line(
                "precision by value",
                fine_percent(value.right.unsigned_abs(), value.all.unsigned_abs()),
                format!("{} {currency} posted; {bound}", big_figure(value.all, *currency)),
            );
        }
        line(
            "coverage of receipts",
            fine_percent(right.into(), receipts.into()),
            "posted right".to_owned(),
        );
        line(
            "coverage of decidable",
            fine_percent(right.into(), decidable.into()),
            "posted right".to_owned(),
        );
        line(
            "posted in traps",
            count(self.trapped()),
            "postings where nothing may be posted".to_owned(),
        );
        line(
            "truth suggested",
            fine_percent(shown.into(), meant.into()),
            format!(
                "{} of {} not posted, among the first three",
                count(shown),
                plural(meant, "receipt", "receipts")
            ),
        );
        table.trim_fmt()
    }

    /// Decidable situations first, each group by size.
    fn situation_table(&self) -> String {
        let mut table = table();
        table.set_header(header(&[
            "situation",
            "payments",
            "right",
            "wrong",
            "proposed",
            "open",
            "set aside",
            "covered",
            "suggested",
        ]));
        let mut rows: Vec<(&Kind, &Situation)> = self.situations.iter().collect();
        rows.sort_by_key(|(kind, one)| (!kind.is_decidable, std::cmp::Reverse(one.payments), (*kind).clone()));
        let mut was_decidable = true;
        for (kind, situation) in rows {
            if was_decidable && !kind.is_decidable {
                table.add_row(vec![Cell::new("not to be posted:")]);
            }
            was_decidable = kind.is_decidable;
            let covered = if kind.is_decidable {
                fine_percent(situation.right.into(), situation.payments.into())
            } else {
                String::new()
            };
            let suggested = if situation.meant == 0 {
                String::new()
            } else {
                fine_percent(situation.shown.into(), situation.meant.into())
            };
            let counts = [
                situation.payments,
                situation.right,
                situation.wrong,
                situation.proposed,
                situation.open,
                situation.set_aside,
            ];
            let mut row = vec![Cell::new(text(&kind.situation))];
            row.extend(counts.iter().map(|number| right_aligned(&count(*number))));
            row.extend([covered, suggested].iter().map(|share| right_aligned(share)));
            table.add_row(row);
        }
        table.trim_fmt()
    }

    fn class_table(&self) -> String {
        if self.classes.is_empty() {
            return String::new();
        }
        let mut table = table();
        table.set_header(header(&[
            "evidence class (payer/reference/amount/kind)",
            "posted",
            "wrong",
        ]));
        let mut rows: Vec<(&String, &(u64, u64))> = self.classes.iter().collect();
        rows.sort_by_key(|(name, (_, all))| (std::cmp::Reverse(*all), (*name).clone()));
        for (name, (right, all)) in rows {
            let mut row = vec![Cell::new(text(name))];
            row.extend([*all, all - right].iter().map(|number| right_aligned(&count(*number))));
            table.add_row(row);
        }
        table.trim_fmt()
    }

    fn wrong_ones(&self) -> String {
        let mut lines = vec!["Wrong:".to_owned()];
        for one in self.wrong.iter().take(WRONG_MAX) {
            lines.push(format!(
                "  {}: {} {}, {}: posted {}, right is {}\n    {}: {}",
                one.label,
                text(&one.reference),
                one.amount,
                text(&one.situation),
                text(&one.said),
                text(&one.right),
                text(&one.code),
                text(&one.because)
            ));
        }
        if let Some(more) = self.wrong.len().checked_sub(WRONG_MAX).filter(|more| *more > 0) {
            lines.push(format!("  and {} more; --format json has all", count(more as u64)));
        }
        lines.join("\n")
    }

    /// Returns everything for programs. Rates are in millionths, values are decimal texts.
    pub fn json(&self) -> Value {
        let (right, posted) = self.posted();
        let (receipts, decidable) = self.receipts();
        let (shown, meant) = self.shown();
        let values = self.values.iter().map(|(currency, value)| {
            let figures = json!({
                "right": big_decimal(value.right, *currency),
                "posted": big_decimal(value.all, *currency),
                "at_least": value.at_least,
            });
            (currency.to_string(), figures)
        });
        let situations = self.situations.iter().map(|(kind, one)| {
            json!({
                "situation": kind.situation,
                "is_decidable": kind.is_decidable,
                "payments": one.payments,
                "receipts": one.receipts,
                "right": one.right,
                "wrong": one.wrong,
                "proposed": one.proposed,
                "open": one.open,
                "set_aside": one.set_aside,
                "elsewhere": one.elsewhere,
                "unposted_with_items": one.meant,
                "suggested": one.shown,
            })
        });
        let classes = self
            .classes
            .iter()
            .map(|(name, (right, all))| (name.clone(), json!({ "posted": all, "right": right })));
        json!({
            "nights": self.nights,
            "receipts": receipts,
            "decidable_receipts": decidable,
            "posted": posted,
            "right": right,
            "at_least": self.at_least,
            "value": values.collect::<serde_json::Map<String, Value>>(),
            "posted_in_traps": self.trapped(),
            "unposted_with_items": meant,
            "suggested": shown,
            "situations": situations.collect::<Vec<Value>>(),
            "classes": classes.collect::<serde_json::Map<String, Value>>(),
            "wrong": self.wrong.iter().map(differing).collect::<Vec<_>>(),
            "missed": self.missed.iter().map(differing).collect::<Vec<_>>(),
        })
    }
}

fn differing(one: &Differing) -> Value {
    json!({
        "label": one.label,
        "reference": one.reference,
        "situation": one.situation,
        "amount": one.amount,
        "code": one.code,
        "said": one.said,
        "right": one.right,
        "because": one.because,
    })
}

pub(super) fn table() -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table
}

pub(super) fn header(names: &[&str]) -> Vec<Cell> {
    let (first, rest) = names.split_first().unwrap_or((&"", &[]));
    std::iter::once(Cell::new(first))
        .chain(rest.iter().map(|name| right_aligned(name)))
        .collect()
}

pub(super) fn right_aligned(shown: &str) -> Cell {
    Cell::new(shown).set_alignment(CellAlignment::Right)
}

/// Returns a rate of millionths in percent: `99.934 %`.
fn millionths(rate: u32) -> String {
    fine_percent(rate.into(), 1_000_000)
}

/// Sums over many nights may be larger than one amount can be.
fn big_figure(minor: i128, currency: Currency) -> String {
    i64::try_from(minor).map_or_else(|_| minor.to_string(), |minor| figure(minor, currency.decimals()))
}

fn big_decimal(minor: i128, currency: Currency) -> String {
    i64::try_from(minor).map_or_else(
        |_| minor.to_string(),
        |minor| decimal_text(minor, currency.decimals()).to_string(),
    )
}
