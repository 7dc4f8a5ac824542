//! What confirmed payments teach, and from which rows: for people who want to see it before the program uses it.

use crate::model::NaiveDate;
use crate::words::catalogue::{Words, say};
use crate::words::shown::text;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Rows that are named one by one; JSON has all.
const ROWS_MAX: usize = 6;

/// Everything that the confirmed payments teach.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lessons {
    /// Where they come from, and how many: a file, or the decisions of the record.
    pub sources: Vec<(String, u64)>,
    /// First and last day.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Payer account → what is known of it.
    pub accounts: BTreeMap<String, Lesson>,
    /// Payer name as written → what is known of it.
    pub names: BTreeMap<String, Lesson>,
    /// What is wrong with the inputs, in words.
    pub findings: Vec<String>,
}

/// What is known of an account or a name: customer → the rows that say so.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lesson {
    /// Rows by customer: `history.csv:17`.
    pub customers: BTreeMap<String, Vec<String>>,
    /// Who pays with it pays for many.
    pub is_provider: bool,
}

/// What an account or a name is good for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Worth {
    /// At least two payments, all for one customer: it says who pays.
    Sure,
    /// One payment: it helps, but says nothing alone.
    Once,
    /// Payments for several customers: it never says who pays.
    Shared,
    /// A payment provider's or a factoring firm's, however few customers it paid for so far: it is never learned as one customer's.
    Provider,
}

impl Worth {
    /// Returns the word of the table.
    pub fn code(self) -> &'static str {
        match self {
            Worth::Sure => "sure",
            Worth::Once => "once",
            Worth::Shared => "shared",
            Worth::Provider => "provider",
        }
    }
}

impl Lesson {
    /// Returns what it is good for.
    pub fn worth(&self) -> Worth {
        let rows: usize = self.customers.values().map(Vec::len).sum();
        match (self.customers.len(), rows) {
            _ if self.is_provider => Worth::Provider,
            (0 | 1, 0 | 1) => Worth::Once,
            (0 | 1, _) => Worth::Sure,
            _ => Worth::Shared,
        }
    }
}

impl Lessons {
    /// Returns the lessons for the terminal.
    pub fn text(&self, words: Words) -> String {
        let mut lines: Vec<String> = self
            .sources
            .iter()
            .map(|(name, rows)| say!(words, "lessons.source", name = text(name), count = *rows))
            .collect();
        if let Some((first, last)) = self.days {
            lines.push(say!(words, "lessons.days", first, last));
        }
        lines.extend(self.findings.iter().cloned());
        for (title, lessons) in [("lessons.accounts", &self.accounts), ("lessons.names", &self.names)] {
            let of = |worth: Worth| lessons.values().filter(|lesson| lesson.worth() == worth).count() as u64;
            lines.push(String::new());
            let title = words.text(title);
            let (sure, once, shared) = (of(Worth::Sure), of(Worth::Once), of(Worth::Shared));
            let providers = of(Worth::Provider);
            lines.push(say!(words, "lessons.summary", title, sure, once, shared, providers));
            lines.extend(lessons.iter().map(|(written, lesson)| line(words, written, lesson)));
        }
        lines.join("\n") + "\n"
    }

    /// Returns the lessons for programs, every row included.
    pub fn json(&self) -> Value {
        let of = |lessons: &BTreeMap<String, Lesson>| -> Vec<Value> {
            let each = lessons.iter().map(|(written, lesson)| {
                json!({ "written": written, "worth": lesson.worth().code(), "customers": lesson.customers })
            });
            each.collect()
        };
        json!({
            "sources": self.sources.iter().map(|(name, rows)| json!({ "name": name, "payments": rows })).collect::<Vec<_>>(),
            "accounts": of(&self.accounts),
            "names": of(&self.names),
            "findings": self.findings,
        })
    }
}

/// `  sure     DE02…  C1 3 (history.csv:2, history.csv:5, history.csv:9)`.
fn line(words: Words, written: &str, lesson: &Lesson) -> String {
    let customers: Vec<String> = lesson
        .customers
        .iter()
        .map(|(customer, rows)| {
            let named = rows
                .iter()
                .take(ROWS_MAX)
                .map(|row| text(row))
                .collect::<Vec<_>>()
                .join(", ");
            let more = rows
                .len()
                .checked_sub(ROWS_MAX)
                .filter(|more| *more > 0)
                .map_or_else(String::new, |more| say!(words, "lessons.more", count = more));
            format!("{} {} ({named}{more})", text(customer), words.count(rows.len() as u64))
        })
        .collect();
    format!(
        "  {:<8} {}: {}",
        words.text(match lesson.worth() {
            Worth::Sure => "lessons.sure",
            Worth::Once => "lessons.once",
            Worth::Shared => "lessons.shared",
            Worth::Provider => "lessons.provider",
        }),
        text(written),
        customers.join("; ")
    )
}
