//! The record of each evidence class in the site's own past: as a table for people, and as the class table that a run obeys.

use crate::model::{Amount, NaiveDate};
use crate::report::evaluation::{header, right_aligned, table};
use crate::words::shown::{amount, count, fine_percent, plural, text};
use comfy_table::Cell;
use serde_json::{Value, json};

/// Wrong ones that are told one by one; JSON has all.
const WRONG_MAX: usize = 25;

/// Version of the class table.
pub const VERSION: u32 = 1;

/// What the replay of the past counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Backtest {
    /// Confirmed payments.
    pub payments: u64,
    /// First and last day.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Payments that were judged again.
    pub replayed: u64,
    /// Payments not judged: the amount of one of their documents is not known.
    pub unknown: u64,
    /// Payments not judged: money out.
    pub money_out: u64,
    /// Share of right postings that a class needs, in millionths.
    pub target: u32,
    /// Classes, those with most cases first.
    pub classes: Vec<ClassRecord>,
    /// Postings that would have been wrong, in time order, of whatever class.
    pub wrong: Vec<Misjudged>,
    /// What was wrong with single rows of the inputs, in words.
    pub findings: Vec<String>,
}

/// The record of one evidence class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassRecord {
    /// payer/reference/amount/kind.
    pub class: String,
    /// Payments that would have been posted by it.
    pub cases: u64,
    /// Those that were booked the same.
    pub right: u64,
    /// Share of right ones that the record proves at least, in millionths.
    pub at_least: u32,
    /// Share of right ones that the record leaves possible at most, in millionths.
    pub at_most: u32,
    /// Cases that would prove the target with so many errors.
    pub needed: u64,
    /// What the record says.
    pub verdict: Verdict,
    /// What the settings say without it.
    pub posts_now: bool,
}

/// What a record says of its class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Its record proves the target: it may post.
    Post,
    /// More errors than chance allows: it shall not post.
    Hold,
    /// Too few cases to say anything: the settings decide.
    TooFew,
}

impl Verdict {
    /// Returns the word of the class table.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Post => "post",
            Verdict::Hold => "hold",
            Verdict::TooFew => "too_few",
        }
    }
}

/// A payment that would have been posted otherwise than it was booked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misjudged {
    /// Its row: `history.csv:17`.
    pub row: String,
    /// Its day.
    pub date: NaiveDate,
    /// Its amount.
    pub amount: Amount,
    /// Who paid, as written.
    pub payer: String,
    /// What the payer wrote.
    pub text: String,
    /// The class of the evidence.
    pub class: String,
    /// What would have been posted.
    pub would_post: String,
    /// What was booked.
    pub booked: String,
    /// What spoke for it.
    pub speaks_for: String,
    /// What spoke against it.
    pub speaks_against: String,
}

impl Backtest {
    /// Returns the record for the terminal.
    pub fn text(&self) -> String {
        let days = self
            .days
            .map_or_else(String::new, |(first, last)| format!(" from {first} to {last}"));
        let mut parts = self.findings.clone();
        parts.push(format!(
            "{}{days}, each judged with what was known the evening before: {} judged again.",
            plural(self.payments, "confirmed payment", "confirmed payments"),
            count(self.replayed)
        ));
        if self.unknown + self.money_out > 0 {
            parts.push(format!(
                "Not judged again: {} of documents whose amounts are not known, {} of money out. They teach, too.",
                count(self.unknown),
                count(self.money_out)
            ));
        }
        parts.push(String::new());
        parts.push(self.class_table());
        parts.push(String::new());
        let goal = fine_percent(self.target.into(), 1_000_000);
        parts.push(format!(
            "may post: at least {goal} right, exactly counted, with 95 % confidence. must not post: more errors than chance\n\
             allows. too few cases: nothing is recommended; what [policy] posts says holds."
        ));
        if !self.wrong.is_empty() {
            parts.push(String::new());
            parts.push("Wrong:".to_owned());
            parts.extend(self.wrong.iter().take(WRONG_MAX).map(told));
            if let Some(more) = self.wrong.len().checked_sub(WRONG_MAX).filter(|more| *more > 0) {
                parts.push(format!("  and {} more; --format json has all", count(more as u64)));
            }
        }
        parts.join("\n") + "\n"
    }

    fn class_table(&self) -> String {
        if self.classes.is_empty() {
            return "No payment of the past would have been posted by any class.".to_owned();
        }
        let mut table = table();
        table.set_header(header(&[
            "evidence class (payer/reference/amount/kind)",
            "cases",
            "wrong",
            "right",
            "at least",
            "coverage",
            "settings",
            "recommended",
        ]));
        for record in &self.classes {
            let wrong = record.cases - record.right;
            let recommended = match record.verdict {
                Verdict::Post => "may post".to_owned(),
                Verdict::Hold => "must not post".to_owned(),
                Verdict::TooFew => format!("too few cases, {} needed", count(record.needed)),
            };
            let settings = if record.posts_now { "post" } else { "propose" };
            let mut row = vec![Cell::new(&record.class)];
            let shares = [
                count(record.cases),
                count(wrong),
                fine_percent(record.right.into(), record.cases.into()),
                fine_percent(record.at_least.into(), 1_000_000),
                fine_percent(record.cases.into(), self.replayed.into()),
                settings.to_owned(),
            ];
            row.extend(shares.iter().map(|share| right_aligned(share)));
            row.push(Cell::new(recommended));
            table.add_row(row);
        }
        table.trim_fmt()
    }

    /// Returns everything for programs. Rates are in millionths.
    pub fn json(&self) -> Value {
        let classes = self.classes.iter().map(|record| {
            json!({
                "class": record.class,
                "cases": record.cases,
                "right": record.right,
                "at_least": record.at_least,
                "at_most": record.at_most,
                "needed": record.needed,
                "verdict": record.verdict.code(),
                "posts_now": record.posts_now,
            })
        });
        let wrong = self.wrong.iter().map(|one| {
            json!({
                "row": one.row,
                "date": one.date,
                "amount": one.amount.decimal(),
                "currency": one.amount.currency,
                "payer": one.payer,
                "text": one.text,
                "class": one.class,
                "would_post": one.would_post,
                "booked": one.booked,
                "for": one.speaks_for,
                "against": one.speaks_against,
            })
        });
        json!({
            "payments": self.payments,
            "replayed": self.replayed,
            "amounts_unknown": self.unknown,
            "money_out": self.money_out,
            "first_day": self.days.map(|days| days.0),
            "last_day": self.days.map(|days| days.1),
            "target": self.target,
            "classes": classes.collect::<Vec<_>>(),
            "wrong": wrong.collect::<Vec<_>>(),
            "findings": self.findings,
        })
    }

    /// Returns the class table that a run obeys.
    pub fn class_file(&self) -> String {
        let mut lines = vec![
            "# Counted by `paymatch backtest`. A run obeys it where [classes] table names this file:".to_owned(),
            "# post: the class posts. hold: it does not. too_few: [policy] posts decides.".to_owned(),
            format!("version = {VERSION}"),
            format!("target = {}", self.target),
        ];
        if let Some((first, last)) = self.days {
            lines.push(format!("first_day = \"{first}\"\nlast_day = \"{last}\""));
        }
        for record in &self.classes {
            lines.push(format!(
                "\n[[class]]\nclass = \"{}\"\nverdict = \"{}\"\ncases = {}\nright = {}\nat_least = {}",
                record.class,
                record.verdict.code(),
                record.cases,
                record.right,
                record.at_least
            ));
        }
        lines.join("\n") + "\n"
    }
}

fn told(one: &Misjudged) -> String {
    let against = if one.speaks_against.is_empty() {
        "nothing"
    } else {
        &one.speaks_against
    };
    format!(
        "  {} {} {} from {} `{}`: {} would be posted, {} was booked\n    {}; for: {}; against: {}",
        one.row,
        one.date,
        amount(one.amount),
        text(&one.payer),
        text(&one.text),
        text(&one.would_post),
        text(&one.booked),
        one.class,
        text(&one.speaks_for),
        text(against)
    )
}
