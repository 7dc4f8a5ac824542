//! Returned sheets, read as decisions: any sheet, any order of rows and columns; rows are found by their key.
//!
//! Whether a decision can be carried out is not judged here: only whether it can be understood.

mod csv;
mod typed;
mod words;
mod workbook;

use crate::model::decision::{DecisionOutcome, DecisionResult, Target};
use crate::model::payment::PaymentId;
use crate::model::{Action, At, Currency, Decision, Finding, FindingCode, NaiveDate, Source};
use crate::review::cells::{bare, half_width};
use crate::review::columns::Column;
use std::collections::BTreeMap;

/// Rows below the top of a sheet in which its header is looked for.
const HEADER_ROWS: usize = 40;
/// Known columns that make a header although the key of the rows is missing.
const COLUMNS_WITHOUT_KEY_MIN: usize = 4;
/// Longest text that is taken from a cell, in characters.
const CELL_MAX: usize = 8_192;

/// What a returned sheet says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SheetReading {
    /// Rows that carry a decision which can be understood, in the order of the file.
    pub decisions: Vec<Decision>,
    /// Answers to rows whose decision cannot be understood: all REJECTED.
    pub results: Vec<DecisionResult>,
    /// What is to be said about the file.
    pub findings: Vec<Finding>,
    /// True when the file is not finished (open in a program, half copied): nothing of it counts, ask again next run.
    pub is_left: bool,
}

/// A cell of a returned sheet.
#[derive(Clone, PartialEq, Debug)]
enum Written {
    Text(String),
    Number(f64),
    Date(NaiveDate),
}

/// A sheet of a returned file: rows by their number, cells by their column, both counted from 0 and 1 as shown.
struct Grid {
    /// Name of the sheet; empty for CSV.
    sheet: String,
    /// Row number from 1, and the cells that are not empty.
    rows: Vec<(u64, BTreeMap<usize, Written>)>,
}

/// Why a file gives no grids.
enum Unreadable {
    /// Not finished: leave it.
    Left(String),
    /// Finished and of no use.
    Refused(FindingCode, Vec<String>),
}

/// Reads a returned sheet, a workbook or CSV, known by its bytes.
///
/// `folder` is the folder below the decisions folder that it came from; it names who decided where `decided_by` is empty.
/// `currencies` are those of the known payments by payment id: amounts are read by their decimals. Only rows with a word
/// in `decision` count. Never fails: what cannot be understood is answered in `results`.
pub fn read(name: &str, bytes: &[u8], folder: &str, currencies: &BTreeMap<String, Currency>) -> SheetReading {
    let mut reading = SheetReading::default();
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let grids = if base.starts_with("~$") || base.starts_with(".~lock") {
        Err(Unreadable::Left(
            "it marks a sheet that is open in a spreadsheet program".to_owned(),
        ))
    } else if bytes.is_empty() {
        Err(Unreadable::Left("it is empty".to_owned()))
    } else if bytes.starts_with(b"PK") {
        workbook::grids(bytes)
    } else {
        csv::grid(bytes).map(|grid| vec![grid])
    };
    match grids {
        Ok(grids) => Reader {
            name,
            folder,
            currencies,
        }
        .read_grids(&grids, &mut reading),
        Err(Unreadable::Left(why)) => {
            reading.is_left = true;
            let finding = Finding::note(FindingCode::SheetLeft, Source::file(name), vec![why]);
            reading.findings.push(finding);
        }
        Err(Unreadable::Refused(code, args)) => {
            reading.findings.push(Finding::error(code, Source::file(name), args));
        }
    }
    reading
}

/// Where the columns of a sheet stand.
struct Header {
    columns: BTreeMap<Column, usize>,
    /// Position in the rows of the grid.
    position: usize,
}

struct Reader<'a> {
    name: &'a str,
    folder: &'a str,
    currencies: &'a BTreeMap<String, Currency>,
}

impl Reader<'_> {
    fn read_grids(&self, grids: &[Grid], reading: &mut SheetReading) {
        let mut is_any = false;
        for grid in grids {
            match header(grid) {
                Ok(Some(header)) => {
                    is_any = true;
                    self.read_rows(grid, &header, reading);
                }
                Ok(None) => {}
                Err((row, column)) => {
                    is_any = true;
                    let source = self.source(grid, row);
                    let args = vec![column.header().to_owned()];
                    reading
                        .findings
                        .push(Finding::error(FindingCode::ColumnTwice, source, args));
                }
            }
        }
        if !is_any {
            let has_decisions = grids.iter().any(|grid| names(grid, Column::Decision));
            let missing = if has_decisions {
                Column::PaymentId
            } else {
                Column::Decision
            };
            let args = vec![missing.header().to_owned(), found(grids)];
            let source = Source::file(self.name);
            reading
                .findings
                .push(Finding::error(FindingCode::ColumnMissing, source, args));
        }
    }

    fn source(&self, grid: &Grid, row: u64) -> Source {
        let at = if grid.sheet.is_empty() {
            At::Line(row)
        } else {
            At::Row {
                sheet: grid.sheet.clone(),
                row,
            }
        };
        Source {
            file: self.name.into(),
            at,
        }
    }

    fn read_rows(&self, grid: &Grid, header: &Header, reading: &mut SheetReading) {
        for (number, cells) in &grid.rows[header.position + 1..] {
            let row = Row { cells, header };
            let word = row.text(Column::Decision);
            if word.is_empty() || Column::named(&word) == Some(Column::Decision) {
                continue;
            }
            let source = self.source(grid, *number);
            match self.decision(&row, source.clone()) {
                Ok(decision) => reading.decisions.push(decision),
                Err(reason) => reading.results.push(DecisionResult {
                    source,
                    payment_id: row.text(Column::PaymentId),
                    decision: row.text(Column::Decision),
                    target: row.text(Column::Target),
                    decided_by: self.decided_by(&row),
                    outcome: DecisionOutcome::Rejected,
                    reason,
                    posting_ids: Vec::new(),
                }),
            }
        }
    }

    fn decided_by(&self, row: &Row<'_>) -> String {
        let typed = row.text(Column::DecidedBy);
        if typed.is_empty() {
            self.folder.to_owned()
        } else {
            typed
        }
    }

    fn decision(&self, row: &Row<'_>, source: Source) -> Result<Decision, String> {
        let id = half_width(&row.text(Column::PaymentId)).trim().to_owned();
        let action = words::action(&row.text(Column::Decision))?;
        // What was posted stands in no row of the sheet any more: the id of the posting names it, too.
        let is_named = !id.is_empty() || (action == Action::Undo && !row.text(Column::Target).is_empty());
        if !is_named {
            return Err("the row has no `payment_id`: copy the row from the newest sheet and decide there".to_owned());
        }
        let currency = self
            .currencies
            .get(&id)
            .copied()
            .or_else(|| Currency::new(&half_width(&row.text(Column::Currency)).trim().to_uppercase()));
        let targets = targets(action, row, currency)?;
        let note = row.text(Column::Note);
        if action == Action::Ignore && note.is_empty() {
            return Err("IGNORE needs a reason: write it into `note`".to_owned());
        }
        Ok(Decision {
            payment_id: PaymentId(id),
            action,
            targets,
            currency,
            decided_by: self.decided_by(row),
            folder: self.folder.to_owned(),
            note,
            row_hash: row.text(Column::RowHash),
            seen_run: row.text(Column::Run).parse().ok(),
            seen: row.text(Column::Candidate1),
            typed: typed_target(row),
            source,
        })
    }
}

/// Returns the header of a sheet; `None` when it has no column of decisions; the row and the column that stands twice.
fn header(grid: &Grid) -> Result<Option<Header>, (u64, Column)> {
    for (position, (number, cells)) in grid.rows.iter().take(HEADER_ROWS).enumerate() {
        let mut columns: BTreeMap<Column, usize> = BTreeMap::new();
        let mut twice = None;
        for (place, cell) in cells {
            let Written::Text(text) = cell else { continue };
            let Some(column) = Column::named(text) else { continue };
            let is_read_back = column <= Column::DecidedBy || column == Column::PaymentId;
            if columns.contains_key(&column) && is_read_back {
                twice = Some(column);
            }
            columns.entry(column).or_insert(*place);
        }
        // The word alone is no header: a help text or a note may hold it. Without the key, the rows are answered one by one.
        let is_known = columns.contains_key(&Column::PaymentId) || columns.len() >= COLUMNS_WITHOUT_KEY_MIN;
        if columns.contains_key(&Column::Decision) && is_known {
            return match twice {
                Some(column) => Err((*number, column)),
                None => Ok(Some(Header { columns, position })),
            };
        }
    }
    Ok(None)
}

/// Returns true when a cell near the top names the column.
fn names(grid: &Grid, column: Column) -> bool {
    let rows = grid.rows.iter().take(HEADER_ROWS);
    let mut cells = rows.flat_map(|(_, cells)| cells.values());
    cells.any(|cell| matches!(cell, Written::Text(text) if Column::named(text) == Some(column)))
}

/// Returns the cells of the first row that looks like a header, for a message.
fn found(grids: &[Grid]) -> String {
    let first = grids
        .iter()
        .filter_map(|grid| grid.rows.first())
        .max_by_key(|(_, cells)| cells.len());
    let names: Vec<String> = first
        .iter()
        .flat_map(|(_, cells)| cells.values())
        .map(text_of)
        .take(40)
        .collect();
    names.join(", ")
}

struct Row<'a> {
    cells: &'a BTreeMap<usize, Written>,
    header: &'a Header,
}

impl Row<'_> {
    fn cell(&self, column: Column) -> Option<&Written> {
        self.cells.get(self.header.columns.get(&column)?)
    }

    fn text(&self, column: Column) -> String {
        self.cell(column).map(text_of).unwrap_or_default()
    }
}

fn text_of(cell: &Written) -> String {
    match cell {
        Written::Text(text) => bare(&crate::words::shown::cut(text, CELL_MAX)),
        Written::Number(number) => typed::number_text(*number),
        Written::Date(date) => date.to_string(),
    }
}

/// Returns what the cells `target` and `target_amount` name, as far as the action needs it.
fn targets(action: Action, row: &Row<'_>, currency: Option<Currency>) -> Result<Vec<Target>, String> {
    let target = half_width(&row.text(Column::Target));
    let target = target.trim();
    let is_number = matches!(row.cell(Column::Target), Some(Written::Number(number)) if number.abs() >= 1e15);
    // Documents and customers are restored from the row that is known, if one of its numbers was rounded so; nothing else can be.
    if (is_number || typed::is_mangled(target)) && !names_documents(action) {
        return Err(mangled(target));
    }
    let amount = target_amount(row, currency)?;
    let plain = |text: &str| Target {
        text: text.to_owned(),
        amount: None,
    };
    let customer = |what: &str| match chosen(target) {
        "" => match row.text(Column::CustomerId) {
            customer if customer.is_empty() => Err(format!(
                "{} needs the customer: write {what} into `target`",
                action.code()
            )),
            customer => Ok(vec![plain(&customer)]),
        },
        customer => Ok(vec![plain(customer)]),
    };
    let mut targets = match action {
        Action::Accept | Action::Apply | Action::Partial | Action::WriteOff | Action::Charges | Action::Discount => {
            documents(chosen(target), currency)?
        }
        Action::OnAccount | Action::Alias => customer("the customer_id")?,
        Action::Claim => customer("the customer_id or the salesperson")?,
        // As the person wrote it: full-width characters may be part of the number that is meant.
        Action::CorrectText => match row.text(Column::Target) {
            text if !text.is_empty() => vec![plain(&text)],
            _ if !row.text(Column::Note).is_empty() => vec![plain(&row.text(Column::Note))],
            _ => return Err("CORRECT_TEXT needs the right text: write it into `target`".to_owned()),
        },
        // The approver's row repeats what the other one decided; only that it is the same is looked at.
        Action::Approve => return Ok(Vec::new()),
        Action::Later if target.is_empty() => Vec::new(),
        Action::Later => match typed::date(target) {
            Some(date) => vec![plain(&date.to_string())],
            None => return Err(format!("`{target}` is not a date: write it as 2026-03-31")),
        },
        Action::NotReceivable | Action::Refund | Action::Done | Action::Ignore | Action::Undo if target.is_empty() => {
            Vec::new()
        }
        Action::NotReceivable | Action::Refund | Action::Done | Action::Ignore | Action::Undo => vec![plain(target)],
    };
    if action == Action::Apply && targets.is_empty() {
        return Err("APPLY needs documents: write their numbers into `target`, or choose a candidate there".to_owned());
    }
    if action == Action::Done && targets.is_empty() && row.text(Column::Note).is_empty() {
        return Err("DONE needs the document of the ERP: write its number into `target`".to_owned());
    }
    if let Some(amount) = amount {
        match targets.as_mut_slice() {
            [only] if only.amount.is_none_or(|named| named == amount) => only.amount = Some(amount),
            [_] => return Err("`target` and `target_amount` name different amounts".to_owned()),
            [] => return Err("`target_amount` needs a document in `target`".to_owned()),
            _ => {
                return Err(
                    "`target_amount` fits one document only: write the amounts into `target`, as INV-1=100.00; INV-2=50.00"
                        .to_owned(),
                );
            }
        }
    }
    Ok(targets)
}

/// Returns `target` and `target_amount` as typed, without blanks and case: two rows that say the same are alike.
fn typed_target(row: &Row<'_>) -> String {
    let cells = [row.text(Column::Target), row.text(Column::TargetAmount)];
    let written = half_width(&cells.join("|"));
    let written: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    written.to_lowercase()
}

fn names_documents(action: Action) -> bool {
    matches!(
        action,
        Action::Accept
            | Action::Apply
            | Action::Partial
            | Action::WriteOff
            | Action::Charges
            | Action::Discount
            | Action::OnAccount
            | Action::Alias
            | Action::Claim
    )
}

fn mangled(target: &str) -> String {
    format!("the spreadsheet has changed the number `{target}`: format the cell as text and type it again")
}

fn target_amount(row: &Row<'_>, currency: Option<Currency>) -> Result<Option<i64>, String> {
    let Some(cell) = row.cell(Column::TargetAmount) else {
        return Ok(None);
    };
    let text = text_of(cell);
    if text.is_empty() {
        return Ok(None);
    }
    typed::amount(&text, matches!(cell, Written::Number(_)), currency).map(Some)
}

/// Returns the documents of a candidate cell that was chosen from the list: what stands before its first ` | `.
///
/// A candidate that settles no document stands for its customer.
fn chosen(target: &str) -> &str {
    let Some((documents, rest)) = target.split_once(" | ") else {
        return target;
    };
    if documents.trim() == "ON_ACCOUNT" {
        let customer = rest.split(" | ").next().unwrap_or(rest);
        return customer.split_whitespace().next().unwrap_or("");
    }
    documents.trim()
}

/// Returns documents joined by `;`, `、`, a line break or a comma that stands in no number, each with its amount after `=`.
fn documents(target: &str, currency: Option<Currency>) -> Result<Vec<Target>, String> {
    let mut targets = Vec::new();
    for part in typed::split_list(target) {
        let (text, amount) = match part.rsplit_once('=') {
            Some((text, amount)) if !text.trim().is_empty() && amount.chars().any(|c| c.is_ascii_digit()) => {
                (text.trim(), Some(typed::amount(amount, false, currency)?))
            }
            _ => (part, None),
        };
        let text = bare(text);
        if text.is_empty() {
            continue;
        }
        targets.push(Target { text, amount });
    }
    Ok(targets)
}
