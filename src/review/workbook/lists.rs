//! The sheets beside `Review`: candidates with every evidence as a number, open items, summary, help.

use super::style::{Style, height};
use crate::model::date::days_between;
use crate::model::{Candidate, Currency, HypothesisKind, JudgedPayment, Night, OpenItem, Outcome, Reason, Signal};
use crate::review::cells::Cell;
use crate::review::{help, sheet as exceptions};
use crate::words::catalogue::{Words, say};
use crate::words::{header, reason, shown};
use rust_xlsxwriter::{Format, IgnoreError, Worksheet, XlsxError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// So many payments that wait too long are listed.
const ESCALATED_MAX: usize = 100;

/// Most rows of the sheet of open items: beyond it nobody looks, and the ERP shows them all.
const ITEMS_MAX: usize = 20_000;

/// Writes `Candidates`: one row per candidate, its weight and every evidence in bits.
pub(super) fn write_candidates(sheet: &mut Worksheet, night: &Night, style: &Style) -> Result<(), XlsxError> {
    let judged = exceptions::exceptions(night);
    let candidates = || judged.iter().flat_map(|judged| &judged.explanation.candidates);
    let signals: BTreeSet<Signal> = candidates()
        .flat_map(|candidate| candidate.evidence.iter().map(|evidence| evidence.signal))
        .collect();
    let signals: Vec<Signal> = signals.into_iter().collect();
    let words = Words::of(night.language);
    sheet.set_name(words.text("sheet.candidates"))?;
    let fixed = [
        ("payment_id", 27.0, &style.text),
        ("bank_ref", 22.0, &style.text),
        ("payer_name", 30.0, &style.wrapped),
        ("amount", 14.0, &style.amounts[2]),
        ("currency", 9.0, &style.text),
        ("rank", 6.0, &style.count),
        ("probability", 11.5, &style.rate),
        ("customer_id", 13.0, &style.text),
        ("customer_name", 30.0, &style.wrapped),
        ("items", 32.0, &style.wrapped),
        ("kind", 22.0, &style.text),
        ("on_account", 13.0, &style.amounts[2]),
    ];
    write_header(sheet, words, style, (0, 0), &fixed)?;
    let of_signal: Vec<String> = signals
        .iter()
        .map(|signal| snake_case(&format!("{signal:?}")))
        .collect();
    let names = std::iter::once("weight_bits").chain(of_signal.iter().map(String::as_str));
    let bits: Vec<(&str, f64, &Format)> = names
        .map(|name| (name, name.len().clamp(9, 24) as f64 + 2.0, &style.bits))
        .collect();
    write_header(sheet, words, style, (0, fixed.len() as u16), &bits)?;
    let mut row = 0;
    for judged in &judged {
        for (position, candidate) in judged.explanation.candidates.iter().enumerate() {
            row += 1;
            let cells = candidate_cells(words, judged, position + 1, candidate);
            write_row(sheet, row, style, cells, &fixed)?;
            let bits = |weight: i32| f64::from(weight) / 100.0;
            let weight = fixed.len() as u16;
            sheet.write_number(row, weight, bits(candidate.weight()))?;
            for (column, signal) in (weight + 1..).zip(&signals) {
                let of_signal = candidate.evidence.iter().filter(|evidence| evidence.signal == *signal);
                if of_signal.clone().next().is_some() {
                    let sum: i32 = of_signal.map(|evidence| evidence.weight).sum();
                    sheet.write_number(row, column, bits(sum))?;
                }
            }
        }
    }
    finish(sheet, words, row, (fixed.len() + 1 + signals.len()) as u16)?;
    // On paper the single weights would be too small to read.
    sheet.set_print_area(0, 0, row.max(1), fixed.len() as u16)?;
    Ok(())
}

fn candidate_cells(words: Words, judged: &JudgedPayment, rank: usize, candidate: &Candidate) -> [Cell; 12] {
    let payment = &judged.payment;
    let decimals = payment.amount.currency.decimals();
    let numbers: Vec<String> = candidate
        .allocations
        .iter()
        .map(|part| shown::text(&part.document_number))
        .collect();
    [
        Cell::text(shown::text(&payment.id.0)),
        Cell::text(shown::text(&payment.bank_ref)),
        Cell::text(shown::text(payment.payer_name())),
        Cell::Amount {
            minor: payment.amount.minor,
            decimals,
        },
        Cell::text(payment.amount.currency.code()),
        Cell::Count(rank as i64),
        Cell::Rate(candidate.probability),
        Cell::text(shown::text(&candidate.customer_id)),
        Cell::text(shown::text(&candidate.customer_name)),
        Cell::text(shown::cut(&numbers.join("; "), 8_000)),
        Cell::text(kind_word(words, candidate.kind)),
        match candidate.on_account {
            0 => Cell::Empty,
            minor => Cell::Amount { minor, decimals },
        },
    ]
}

/// Returns how a payment is explained, in words.
pub(super) fn kind_word(words: Words, kind: HypothesisKind) -> &'static str {
    words.find(&format!("kind.{}", kind.code())).unwrap_or(kind.code())
}

/// Writes `Open items`: those of the customers that occur among the candidates.
pub(super) fn write_open_items(sheet: &mut Worksheet, night: &Night, style: &Style) -> Result<(), XlsxError> {
    let asked: BTreeSet<&str> = night
        .payments
        .iter()
        .filter(|judged| judged.is_exception())
        .flat_map(|judged| &judged.explanation.candidates)
        .map(|candidate| candidate.customer_id.as_str())
        .collect();
    let mut items: Vec<&OpenItem> = night
        .items
        .iter()
        .filter(|item| !item.is_closed() && asked.contains(item.customer_id.as_str()))
        .collect();
    items.sort_by_key(|item| (&item.customer_id, item.due_date, &item.document_number, &item.id));
    let words = Words::of(night.language);
    sheet.set_name(words.text("sheet.open_items"))?;
    let columns = [
        ("customer_id", 13.0, &style.text),
        ("customer_name", 30.0, &style.wrapped),
        ("item_id", 18.0, &style.text),
        ("doc_no", 20.0, &style.text),
        ("doc_type", 9.0, &style.text),
        ("issue_date", 11.5, &style.date),
        ("due_date", 11.5, &style.date),
        ("days_overdue", 13.0, &style.count),
        ("currency", 9.0, &style.text),
        ("amount", 14.0, &style.amounts[2]),
        ("open_amount", 14.0, &style.amounts[2]),
        ("po_number", 18.0, &style.text),
        ("salesperson", 13.0, &style.text),
        ("is_disputed", 11.0, &style.text),
    ];
    write_header(sheet, words, style, (0, 0), &columns)?;
    let mut row = 0;
    for item in items.iter().take(ITEMS_MAX) {
        row += 1;
        write_row(sheet, row, style, item_cells(words, item, night), &columns)?;
    }
    finish(sheet, words, row, columns.len() as u16)?;
    if items.len() > ITEMS_MAX {
        let text = say!(words, "sheet.more_items", count = items.len() - ITEMS_MAX);
        sheet.write_string_with_format(row + 1, 0, text, &style.bold)?;
    }
    Ok(())
}

fn item_cells(words: Words, item: &OpenItem, night: &Night) -> [Cell; 14] {
    let decimals = item.currency.decimals();
    let date = |date: Option<crate::model::NaiveDate>| date.map_or(Cell::Empty, Cell::Date);
    let text = |written: &str| Cell::text(shown::text(written));
    [
        text(&item.customer_id),
        text(&item.customer_name),
        text(&item.id),
        text(&item.document_number),
        Cell::text(item.kind.code()),
        date(item.issue_date),
        date(item.due_date),
        item.due_date
            .map_or(Cell::Empty, |due| Cell::Count(days_between(due, night.run.as_of))),
        Cell::text(item.currency.code()),
        Cell::Amount {
            minor: item.original_amount,
            decimals,
        },
        Cell::Amount {
            minor: item.open_amount,
            decimals,
        },
        text(&item.purchase_order),
        text(&item.salesperson),
        Cell::text(if item.is_disputed { words.text("sheet.yes") } else { "" }),
    ]
}

/// Writes `Summary`: number and sum of the rows by status, reason and currency, most rows first.
pub(super) fn write_summary(sheet: &mut Worksheet, night: &Night, style: &Style) -> Result<(), XlsxError> {
    let words = Words::of(night.language);
    let mut groups: BTreeMap<(&'static str, Reason, Currency), (i64, i64)> = BTreeMap::new();
    for judged in &night.payments {
        let (status, reason) = match judged.explanation.outcome {
            Outcome::Proposed(reason) => ("status.proposed", reason),
            Outcome::Exception(reason) => ("status.open", reason),
            Outcome::Posted | Outcome::SetAside(_) => continue,
        };
        let amount = judged.payment.amount;
        let group = groups.entry((status, reason, amount.currency)).or_default();
        group.0 += 1;
        group.1 = group.1.saturating_add(amount.minor);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((status, reason, currency), (count, _))| {
        (*status == "status.open", Reverse(*count), *reason, *currency)
    });
    sheet.set_name(words.text("sheet.summary"))?;
    let run = night.run.number.to_string();
    let title = say!(words, "sheet.title_as_of", run, day = night.run.as_of);
    sheet.write_string_with_format(0, 0, title, &style.title)?;
    let columns = [
        ("status", 16.0),
        ("reason_text", 34.0),
        ("reason", 30.0),
        ("currency", 12.0),
        ("payments", 14.0),
        ("amount", 18.0),
    ];
    for (position, (name, width)) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(2, position, header::bilingual(words, name), &style.header)?;
        sheet.set_column_width(position, width)?;
    }
    sheet.set_row_height(2, 30)?;
    let mut last = 3;
    for (row, ((status, reason, currency), (count, sum))) in (3_u32..).zip(groups) {
        let amount = Cell::Amount {
            minor: sum,
            decimals: currency.decimals(),
        };
        let cells = [
            Cell::text(words.text(status)),
            Cell::text(reason::name(words, reason)),
            Cell::text(reason.code()),
            Cell::text(currency.code()),
            Cell::Count(count),
            amount,
        ];
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) => _ = sheet.write_string_with_format(row, column, text, &style.text)?,
                cell => style.put(sheet, (row, column), cell, &style.text)?,
            }
        }
        last = row;
    }
    write_escalated(sheet, last + 2, night, style)?;
    sheet.set_freeze_panes(3, 0)?;
    set_up_print(sheet, words);
    Ok(())
}

/// What waits too long, from a row on; nothing where nothing does.
fn write_escalated(sheet: &mut Worksheet, mut row: u32, night: &Night, style: &Style) -> Result<(), XlsxError> {
    let waiting = night.escalated.len() as u64;
    if waiting == 0 {
        return Ok(());
    }
    let words = Words::of(night.language);
    let title = say!(words, "sheet.escalated", payments = waiting);
    sheet.write_string_with_format(row, 0, title, &style.title)?;
    row += 1;
    let columns = [
        "age_days",
        "payer_name",
        "currency",
        "times_seen",
        "amount",
        "payment_id",
    ];
    for (column, name) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(row, column, header::bilingual(words, name), &style.header)?;
    }
    sheet.set_column_width(5, 28.0)?;
    let listed = night.escalated.iter().take(ESCALATED_MAX);
    for judged in listed.filter_map(|position| night.payments.get(*position)) {
        row += 1;
        let payment = &judged.payment;
        let amount = Cell::Amount {
            minor: payment.amount.minor,
            decimals: payment.amount.currency.decimals(),
        };
        let cells = [
            Cell::Count(judged.age_days),
            Cell::text(shown::text(payment.payer_name())),
            Cell::text(payment.amount.currency.code()),
            Cell::Count(judged.times_seen.into()),
            amount,
            Cell::text(shown::text(&payment.id.0)),
        ];
        for (column, cell) in (0_u16..).zip(cells) {
            style.put(sheet, (row, column), cell, &style.text)?;
        }
    }
    Ok(())
}

/// Writes `Help`: how to decide, and what each decision does.
pub(super) fn write_help(sheet: &mut Worksheet, words: Words, style: &Style) -> Result<(), XlsxError> {
    const WIDTHS: [f64; 4] = [19.0, 34.0, 46.0, 60.0];
    sheet.set_name(words.text("sheet.help"))?;
    sheet.write_string_with_format(0, 0, words.text("help.title"), &style.title)?;
    for (column, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut row = 1;
    for line in help::lines(words) {
        row += 1;
        sheet.merge_range(row, 0, row, 3, line, &style.wrapped)?;
        sheet.set_row_height(row, height(line, WIDTHS.iter().sum(), 4))?;
    }
    row += 2;
    let names = ["help.word", "help.other_words", "help.target", "help.meaning"];
    for (column, name) in (0_u16..).zip(names) {
        sheet.write_string_with_format(row, column, words.text(name), &style.header)?;
    }
    for action in help::actions(words) {
        row += 1;
        let cells = [action.word, &action.other_words, action.target, action.meaning];
        for (column, text) in (0_u16..).zip(cells) {
            let format = if column == 0 { &style.bold } else { &style.wrapped };
            sheet.write_string_with_format(row, column, text, format)?;
        }
        let heights = cells.iter().zip(WIDTHS).map(|(text, width)| height(text, width, 8));
        sheet.set_row_height(row, heights.fold(27.0, f64::max))?;
    }
    set_up_print(sheet, words);
    Ok(())
}

/// Writes names, widths and formats of columns, from a cell on.
pub(super) fn write_header(
    sheet: &mut Worksheet,
    words: Words,
    style: &Style,
    (row, first): (u32, u16),
    columns: &[(&str, f64, &Format)],
) -> Result<(), XlsxError> {
    for (position, (name, width, format)) in (first..).zip(columns) {
        let name = header::bilingual(words, name);
        sheet.write_string_with_format(row, position, &name, &style.header)?;
        // Two lines, and room for the arrow of the filter.
        let header_width = name.split(' ').map(|word| word.chars().count()).max().unwrap_or(0) as f64 + 4.0;
        sheet.set_column_width(position, width.max(header_width))?;
        sheet.set_column_format(position, format)?;
    }
    if row == 0 {
        sheet.set_row_height(0, 30)?;
    }
    Ok(())
}

/// Writes the cells of a row, and makes it as high as its longest wrapped text.
pub(super) fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    style: &Style,
    cells: impl IntoIterator<Item = Cell>,
    columns: &[(&str, f64, &Format)],
) -> Result<(), XlsxError> {
    const LINE: f64 = 15.0;
    let mut highest = LINE;
    for ((column, cell), (_, width, format)) in (0_u16..).zip(cells).zip(columns) {
        if let Cell::Text(text) = &cell
            && std::ptr::eq(*format, &style.wrapped)
        {
            highest = highest.max(height(text, *width, 8));
        }
        style.put(sheet, (row, column), cell, format)?;
    }
    if highest > LINE {
        sheet.set_row_height(row, highest)?;
    }
    Ok(())
}

pub(super) fn finish(sheet: &mut Worksheet, words: Words, last: u32, columns: u16) -> Result<(), XlsxError> {
    sheet.autofilter(0, 0, last.max(1), columns - 1)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.ignore_error_range(1, 0, last.max(1), columns - 1, IgnoreError::NumberStoredAsText)?;
    sheet.set_repeat_rows(0, 0)?;
    set_up_print(sheet, words);
    Ok(())
}

pub(super) fn set_up_print(sheet: &mut Worksheet, words: Words) {
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer(format!("&L&A&R{}", words.text("sheet.page")));
}

/// Returns `NumberExact` as `number_exact`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
