//! Tables of master data: columns by canonical names and aliases, number and date habits decided by the whole file.
//!
//! Knows nothing of what the columns mean; a habit that the file does not decide is an error, never a guess.

use crate::model::money::AmountError;
use crate::model::{At, Currency, Finding, FindingCode, NaiveDate, Source};
use crate::read::table::cell::{self, DateError, DateFormat, DecimalMark, MarkEvidence};
use crate::read::table::{Document, Header, KnownNames, Row, RowReader};
use rust_decimal::Decimal;

/// The most faults that are listed of one file.
pub const FAULTS_MAX: usize = 50;

/// A column of a canonical layout.
pub struct Column {
    /// Its canonical name.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
}

/// Declares the columns of a canonical layout: a constant with the position of each, and `COLUMNS`.
macro_rules! columns {
    ($($index:ident = $name:literal: $($alias:literal)|*;)*) => {
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "named like the columns of the file")]
        enum Position { $($index,)* }
        $(const $index: usize = Position::$index as usize;)*
        const COLUMNS: &[crate::read::table::master::Column] =
            &[$(crate::read::table::master::Column { name: $name, aliases: &[$($alias),*] },)*];
    };
}
pub(crate) use columns;

/// A table of master data whose header was recognised.
pub struct MasterTable<'b> {
    /// The file.
    pub document: Document<'b>,
    header: Header,
    columns: &'static [Column],
    positions: Vec<Option<usize>>,
    habits: Habits,
}

/// How the file writes numbers and dates.
struct Habits {
    mark: DecimalMark,
    dates: Vec<DateFormat>,
}

const DATES: [&str; 6] = [
    "YYYY-MM-DD",
    "D.M.YYYY",
    "DD.MM.YY",
    "YYYYMMDD",
    "YYYY/M/D",
    "YYYY年M月D日",
];

impl<'b> MasterTable<'b> {
    /// Returns the table, its columns found by name or alias, its habits decided over `amounts` and `dates` (positions in `columns`).
    pub fn open(
        name: &str,
        bytes: &'b [u8],
        columns: &'static [Column],
        amounts: &[usize],
        dates: &[usize],
    ) -> Result<MasterTable<'b>, Vec<Finding>> {
        let document = Document::open(name, bytes, None).map_err(|finding| vec![finding])?;
        let mut known = KnownNames::default();
        for column in columns {
            known.add(column.name);
            column.aliases.iter().for_each(|alias| known.add(alias));
        }
        let Some(header) = document.find_header(&known) else {
            let names: Vec<&str> = columns.iter().take(3).map(|column| column.name).collect();
            let args = vec![names.join("`, `"), document.likely_names()];
            return Err(vec![Finding::error(
                FindingCode::ColumnMissing,
                Source::file(name),
                args,
            )]);
        };
        let mut positions = Vec::with_capacity(columns.len());
        let mut faults = Vec::new();
        for column in columns {
            let names: Vec<String> = std::iter::once(column.name)
                .chain(column.aliases.iter().copied())
                .map(str::to_owned)
                .collect();
            positions.push(header.find(&names).unwrap_or_else(|twice| {
                faults.push(Finding::error(
                    FindingCode::ColumnTwice,
                    document.line(header.line),
                    vec![twice],
                ));
                None
            }));
        }
        let habits = Habits {
            mark: DecimalMark::Point,
            dates: vec![],
        };
        let mut table = MasterTable {
            document,
            header,
            columns,
            positions,
            habits,
        };
        if faults.is_empty() {
            table.habits = table.decide(amounts, dates).unwrap_or_else(|found| {
                faults = found;
                Habits {
                    mark: DecimalMark::Point,
                    dates: vec![],
                }
            });
        }
        if faults.is_empty() { Ok(table) } else { Err(faults) }
    }

    /// Returns true when the file has the column.
    pub fn has(&self, column: usize) -> bool {
        self.positions[column].is_some()
    }

    /// Returns the refusal for a missing column.
    pub fn missing(&self, column: &str) -> Finding {
        let found: Vec<&str> = self
            .header
            .names
            .iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        let args = vec![column.to_owned(), found.join(", ")];
        Finding::error(FindingCode::ColumnMissing, self.document.line(self.header.line), args)
    }

    /// Returns the rows below the header.
    pub fn rows(&self) -> RowReader<'_> {
        self.document.rows(&self.header)
    }

    /// Returns the stripped cell of a row; an empty text where the file has no such column.
    pub fn text<'r>(&self, row: Row<'r>, column: usize) -> &'r str {
        self.positions[column].map_or("", |position| row.cell(position))
    }

    /// Returns the place of a cell.
    pub fn place(&self, row: Row<'_>, column: usize) -> Source {
        let name = self.positions[column].map_or(self.columns[column].name, |position| self.header.name(position));
        Source {
            file: self.document.file.clone(),
            at: At::Cell {
                row: row.line,
                column: name.to_owned(),
            },
        }
    }

    fn wrong(&self, row: Row<'_>, column: usize, expected: String) -> Finding {
        let written = self.text(row, column).to_owned();
        Finding::error(FindingCode::CellValue, self.place(row, column), vec![written, expected])
    }

    /// Returns the fault of a cell that is empty.
    pub fn empty(&self, row: Row<'_>, column: usize, expected: &str) -> Finding {
        Finding::error(
            FindingCode::CellMissing,
            self.place(row, column),
            vec![expected.to_owned()],
        )
    }

    /// Returns the fault of a cell that is not `expected`.
    pub fn unfit(&self, row: Row<'_>, column: usize, expected: &str) -> Finding {
        self.wrong(row, column, expected.to_owned())
    }

    /// Returns the signed minor units of a cell; `None` for an empty one.
    pub fn amount(&self, row: Row<'_>, column: usize, currency: Currency) -> Result<Option<i64>, Finding> {
        let Some(position) = self.positions[column] else {
            return Ok(None);
        };
        cell::amount(row.raw(position), currency, self.habits.mark)
            .map_err(|error| self.wrong(row, column, amount_expected(error, currency)))
    }

    /// Returns the date of a cell; `None` for an empty one.
    pub fn date(&self, row: Row<'_>, column: usize) -> Result<Option<NaiveDate>, Finding> {
        let text = self.text(row, column);
        if text.is_empty() {
            return Ok(None);
        }
        match cell::date(text, &self.habits.dates) {
            Ok(date) if crate::model::date::is_plausible_due_date(date) => Ok(Some(date)),
            Ok(_) => Err(self.unfit(row, column, "a date from 1990 to 2199")),
            Err(DateError::Ambiguous) => Err(self.unfit(row, column, "a date that can be read in one way only")),
            Err(DateError::Unreadable) => Err(self.unfit(row, column, "a date, expected YYYY-MM-DD")),
        }
    }

    /// Returns the currency of a cell.
    pub fn currency(&self, row: Row<'_>, column: usize) -> Result<Currency, Finding> {
        let text = self.text(row, column);
        if text.is_empty() {
            return Err(self.empty(row, column, "a currency code"));
        }
        let known = Currency::new(currency_code(text)).filter(Currency::is_known);
        known.ok_or_else(|| self.unfit(row, column, "a currency code of ISO 4217"))
    }

    /// Returns the percentage of a cell, 0 to 100; `None` for an empty one.
    pub fn percent(&self, row: Row<'_>, column: usize) -> Result<Option<Decimal>, Finding> {
        let text = self.text(row, column);
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.trim_end_matches('%').trim_end().replace(',', ".");
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && digits.len() <= 12;
        let value = if is_plain { digits.parse::<Decimal>().ok() } else { None };
        let value = value.filter(|percent| *percent <= Decimal::ONE_HUNDRED);
        value
            .map(Some)
            .ok_or_else(|| self.unfit(row, column, "a percentage from 0 to 100"))
    }

    /// Returns the truth of a cell; an empty one is false.
    pub fn truth(&self, row: Row<'_>, column: usize) -> Result<bool, Finding> {
        let text = self.text(row, column);
        if text.is_empty() {
            return Ok(false);
        }
        match text.to_lowercase().as_str() {
            "0" | "false" | "no" | "n" | "nein" | "否" | "non" => Ok(false),
            "1" | "true" | "yes" | "y" | "x" | "ja" | "j" | "是" | "oui" => Ok(true),
            _ => Err(self.unfit(row, column, "yes or no")),
        }
    }

    /// Reads the whole file once and decides decimal mark and order of slashed dates.
    fn decide(&self, amounts: &[usize], dates: &[usize]) -> Result<Habits, Vec<Finding>> {
        let at = |columns: &[usize]| {
            columns
                .iter()
                .filter_map(|column| self.positions[*column])
                .collect::<Vec<_>>()
        };
        let (amounts, dates) = (at(amounts), at(dates));
        let (mut marks, mut orders) = (MarkEvidence::default(), MarkEvidence::default());
        let (mut marks_at, mut orders_at) = (None, None);
        let mut reader = self.rows();
        while let Some(row) = reader.next_row().map_err(|finding| vec![finding])? {
            for column in &amounts {
                let before = marks;
                marks.look_at(row.raw(*column));
                if marks_at.is_none()
                    && marks.either + marks.comma.min(marks.point) > before.either + before.comma.min(before.point)
                {
                    marks_at = Some((row.line, *column, row.cell(*column).to_owned()));
                }
            }
            for column in &dates {
                let cell = row.cell(*column);
                if order_evidence(cell, &mut orders) && orders_at.is_none() {
                    orders_at = Some((row.line, *column, cell.to_owned()));
                }
            }
        }
        let undecided = |place: Option<(u64, usize, String)>, what: &str| {
            let (row, column, written) = place.unwrap_or_default();
            let at = At::Cell {
                row,
                column: self.header.name(column).to_owned(),
            };
            let source = Source {
                file: self.document.file.clone(),
                at,
            };
            vec![Finding::error(
                FindingCode::CellValue,
                source,
                vec![written, what.to_owned()],
            )]
        };
        let Some(mark) = marks.mark() else {
            return Err(undecided(
                marks_at,
                "clear in its decimal mark, and no other amount of the file decides it",
            ));
        };
        let Some(order) = orders.mark() else {
            return Err(undecided(
                orders_at,
                "clear in the order of day and month, and no other date of the file decides it",
            ));
        };
        let slashed = match order {
            DecimalMark::Point => ["D/M/YYYY", "D-M-YYYY"],
            DecimalMark::Comma => ["M/D/YYYY", "M-D-YYYY"],
        };
        let dates = DATES
            .iter()
            .chain(&slashed)
            .filter_map(|pattern| DateFormat::new(pattern))
            .collect();
        Ok(Habits { mark, dates })
    }
}

/// Adds what a slashed date says: day first counts as point, month first as comma. Returns true when it leaves both open or they clash.
fn order_evidence(cell: &str, orders: &mut MarkEvidence) -> bool {
    let bytes = cell.as_bytes();
    if bytes.len() < 6 || !matches!((bytes[1], bytes[2]), (b'/' | b'-', _) | (_, b'/' | b'-')) {
        return false;
    }
    let mut parts = cell.split(['/', '-']);
    let (Some(first), Some(second), Some(third)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    if first.len() > 2 || second.len() > 2 || !third.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let (Ok(first), Ok(second)) = (first.parse::<u8>(), second.parse::<u8>()) else {
        return false;
    };
    match (first > 12, second > 12) {
        (true, _) => orders.point += 1,
        (false, true) => orders.comma += 1,
        (false, false) if first == second => {}
        (false, false) => orders.either += 1,
    }
    (first <= 12 && second <= 12) || (orders.point > 0 && orders.comma > 0)
}

/// Returns the code of a currency that is written by its name.
pub fn currency_code(text: &str) -> &str {
    match text {
        "人民币" | "人民币元" | "RMB" | "元" => "CNY",
        "美元" => "USD",
        "欧元" => "EUR",
        "港币" | "港元" => "HKD",
        "日元" => "JPY",
        "英镑" => "GBP",
        "€" => "EUR",
        _ => text,
    }
}

/// Returns what an amount cell should have held.
pub fn amount_expected(error: AmountError, currency: Currency) -> String {
    match error {
        AmountError::TooLong => "an amount, expected at most 18 digits".to_owned(),
        AmountError::TooPrecise => format!("an amount in {currency}, it has more decimals than {currency} has"),
        AmountError::Empty | AmountError::Malformed => "an amount, expected digits and one decimal mark".to_owned(),
    }
}
