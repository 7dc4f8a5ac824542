//! The summary at the end of a run, for the terminal. Nothing in it comes from a payer's text unescaped.

use crate::model::Night;
use crate::model::run::{Class, CountSum};
use crate::report::headline;
use crate::report::overview::{self, AccountFigures, CLASSES, Overview};
use crate::words::catalogue::{Words, say};
use crate::words::{finding, shown};
use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

/// Most accounts whose totals are shown.
const ACCOUNTS_MAX: usize = 8;
/// Most refused inputs that are told one by one.
const REFUSED_MAX: usize = 10;

/// Returns what happened, the totals that tie, refused inputs, and what to do next; `color` for ANSI colours.
pub fn summary_text(night: &Night, overview: &Overview, color: bool) -> String {
    let paint = |code: &str, text: &str| {
        if color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    };
    let words = Words::of(night.language);
    let run = night.run.number.to_string();
    let mut lines = vec![paint("1", &say!(words, "terminal.title", run, day = night.run.as_of))];
    lines.extend(headline::sentences(night, overview));
    if !overview.accounts.is_empty() {
        lines.push(String::new());
        lines.push(totals(words, overview));
        if overview.is_tied {
            lines.push(say!(words, "terminal.tied"));
        }
    }
    let refused = overview::refused(night);
    if !refused.is_empty() {
        lines.push(String::new());
    }
    for (input, findings) in refused.iter().take(REFUSED_MAX) {
        match findings.first() {
            Some(first) => lines.push(paint("31", &finding::full(words, first))),
            None => lines.push(paint(
                "31",
                &say!(words, "terminal.refused", file = shown::text(&input.name)),
            )),
        }
    }
    if refused.len() > REFUSED_MAX {
        lines.push(say!(
            words,
            "terminal.more_refused",
            count = refused.len() - REFUSED_MAX
        ));
    }
    lines.push(String::new());
    lines.push(paint("1", words.text("terminal.next")));
    for (number, step) in (1..).zip(headline::next_steps(night, overview)) {
        lines.push(format!("  {number}. {step}"));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// One block per account and currency, one line per class that has payments; at most [`ACCOUNTS_MAX`] blocks.
fn totals(words: Words, overview: &Overview) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let right = |text: &str| Cell::new(text).set_alignment(CellAlignment::Right);
    table.set_header(vec![
        Cell::new(""),
        right(words.text("terminal.in")),
        right(words.text("terminal.amount")),
        right(words.text("terminal.out")),
        right(words.text("terminal.amount")),
    ]);
    for figures in overview.accounts.iter().take(ACCOUNTS_MAX) {
        let account = format!("{} {}", shown::text(&figures.account), figures.currency);
        table.add_row(vec![Cell::new(account)]);
        for class in CLASSES.into_iter().chain([Class::Reversed]) {
            let (credit, debit) = (figures.credits[class as usize], figures.debits[class as usize]);
            if credit.count + debit.count == 0 {
                continue;
            }
            let mut row = vec![Cell::new(heading(words, class))];
            for total in [credit, debit] {
                row.extend(total_cells(words, total, figures).iter().map(|text| right(text)));
            }
            table.add_row(row);
        }
    }
    let mut text = table.trim_fmt();
    if let Some(more) = overview
        .accounts
        .len()
        .checked_sub(ACCOUNTS_MAX)
        .filter(|more| *more > 0)
    {
        text.push('\n');
        text.push_str(&say!(words, "terminal.more_accounts", count = more));
    }
    text
}

/// Returns number and sum; both empty where there is nothing.
fn total_cells(words: Words, total: CountSum, figures: &AccountFigures) -> [String; 2] {
    if total.count == 0 {
        return [String::new(), String::new()];
    }
    let sum = words.figure(total.sum, figures.currency.decimals());
    [words.count(total.count), sum]
}

fn heading(words: Words, class: Class) -> String {
    let (sign, key) = match class {
        Class::Read => ("", "terminal.read"),
        Class::Carried => ("+ ", "terminal.carried"),
        Class::Posted => ("= ", "terminal.posted"),
        Class::Proposed => ("+ ", "terminal.proposed"),
        Class::Open => ("+ ", "terminal.open"),
        Class::SetAside => ("+ ", "terminal.set_aside"),
        Class::Duplicate => ("+ ", "terminal.duplicates"),
        Class::Reversed => ("", "terminal.taken_back"),
    };
    format!("  {sign}{}", words.text(key))
}
