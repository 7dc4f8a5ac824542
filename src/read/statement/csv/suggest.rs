//! A layout for a table that no layout fits: columns by the names that the other layouts know, else by what the rows hold.
//!
//! Nothing is decided here: what comes back is a file for a person to look over, with the first rows as it reads them.

use super::facts::reads;
use super::profile::{FactKind, Meaning, Profile, Role};
use crate::model::{Currency, Finding, FindingCode, NaiveDate, Source};
use crate::read::table::cell::{self, DateFormat, DecimalMark, MarkEvidence};
use crate::read::table::{Document, Header, KnownNames, normalise};
use crate::words::{Words, finding, profile as words};
use std::collections::{BTreeMap, BTreeSet};

/// Rows whose cells are looked at.
const ROWS_SEEN: usize = 200;
/// Entries that are shown below the layout.
const ROWS_SHOWN: usize = 5;
/// Columns that a header must have to be found again.
const COLUMNS_MIN: usize = 3;
/// Ways to write a day, the usual ones first.
const DATES: [&str; 15] = [
    "YYYY-MM-DD",
    "DD.MM.YYYY",
    "DD.MM.YY",
    "YYYYMMDD",
    "YYYY/MM/DD",
    "YYYY.MM.DD",
    "DD-MM-YYYY",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "DD/MM/YY",
    "MM/DD/YY",
    "YYYY年MM月DD日",
    "D.M.YYYY",
    "D/M/YYYY",
    "M/D/YYYY",
];

/// Returns a layout for this table as TOML that can be saved and read as it is; its comments show the first entries.
///
/// Refuses what has no header of at least three columns.
pub fn suggest(name: &str, bytes: &[u8], profiles: &[Profile], as_of: NaiveDate) -> Result<String, Finding> {
    let document = Document::open(name, bytes, None)?;
    let unknown = || {
        let args = vec![document.likely_names()];
        Finding::error(FindingCode::HeaderUnknown, Source::file(name), args)
    };
    let mut known = KnownNames::default();
    profiles.iter().for_each(|profile| profile.names(&mut known));
    let fitting = super::choose(&document, &known, profiles).ok().flatten();
    let known_as = fitting.as_ref().map(|(_, resolved)| resolved.profile.id.clone());
    let header = match fitting {
        Some((header, _)) => header,
        None => document.likely_header().ok_or_else(unknown)?,
    };
    let table = Table::new(&document, header);
    if table.named().count() < COLUMNS_MIN {
        return Err(unknown());
    }
    let columns = Columns::of(&table, profiles);
    let mut lines: Vec<String> = words::head(name, table.header.line, known_as.as_deref());
    comment(&mut lines);
    lines.extend(body(&document, &table, &columns, profiles, name));
    let text = lines.join("\n") + "\n";
    Ok(text.clone() + &shown(name, bytes, &text, as_of))
}

fn comment(lines: &mut [String]) {
    for line in lines {
        *line = format!("# {line}");
    }
}

/// A header with the cells below it, by column.
struct Table {
    header: Header,
    cells: Vec<Vec<String>>,
}

impl Table {
    fn new(document: &Document<'_>, header: Header) -> Table {
        let mut cells = vec![Vec::new(); header.names.len()];
        let mut rows = document.rows(&header);
        for _ in 0..ROWS_SEEN {
            let Ok(Some(row)) = rows.next_row() else { break };
            if row.width() < 2 {
                continue;
            }
            for (column, seen) in cells.iter_mut().enumerate() {
                if !row.cell(column).is_empty() {
                    seen.push(row.raw(column).to_owned());
                }
            }
        }
        Table { header, cells }
    }

    /// Returns the columns whose name no other column has.
    fn named(&self) -> impl Iterator<Item = usize> {
        let names: Vec<String> = self.header.names.iter().map(|name| normalise(name)).collect();
        let is_alone =
            move |at: &usize| !names[*at].is_empty() && names.iter().filter(|other| **other == names[*at]).count() == 1;
        (0..self.header.names.len()).filter(is_alone)
    }

    fn holds(&self, column: usize, is_kind: impl Fn(&str) -> bool) -> bool {
        let seen = &self.cells[column];
        // A footer or two may stand in the column, too.
        let others = seen.iter().filter(|cell| !is_kind(cell)).count();
        !seen.is_empty() && others * 5 <= seen.len()
    }

    fn holds_days(&self, column: usize) -> bool {
        let formats = formats();
        self.holds(column, |text| {
            formats.iter().any(|format| format.read(cell::strip(text)).is_some())
        })
    }

    fn holds_money(&self, column: usize) -> bool {
        self.holds(column, |text| {
            reads(text, DecimalMark::Point) || reads(text, DecimalMark::Comma)
        })
    }
}

fn formats() -> Vec<DateFormat> {
    DATES.iter().filter_map(|pattern| DateFormat::new(pattern)).collect()
}

/// What the columns mean.
#[derive(Default)]
struct Columns {
    roles: BTreeMap<Role, usize>,
    names: Vec<usize>,
    remittance: Vec<usize>,
    /// Those that were chosen by what they hold.
    guessed: BTreeSet<usize>,
}

impl Columns {
    fn of(table: &Table, profiles: &[Profile]) -> Columns {
        let mut columns = Columns::default();
        let votes = votes(table, profiles);
        for column in table.named() {
            match votes.get(&column) {
                Some(Meaning::Role(role)) if fits(table, *role, column) => {
                    columns.roles.entry(*role).or_insert(column);
                }
                Some(Meaning::Name) => columns.names.push(column),
                Some(Meaning::Remittance) => columns.remittance.push(column),
                _ => {}
            }
        }
        columns.guess_sides(table, profiles);
        let has = |role| columns.roles.contains_key(&role);
        let is_split = has(Role::Debit) && has(Role::Credit);
        let unused: &[Role] = if is_split {
            &[Role::Amount, Role::DetailAmount]
        } else {
            &[Role::Debit, Role::Credit, Role::DetailAmount]
        };
        for role in unused {
            columns.roles.remove(role);
        }
        columns.guess(table, Role::BookingDate, Table::holds_days);
        if !is_split {
            columns.guess(table, Role::Amount, |table, column| {
                table.holds_money(column) && !table.holds_days(column)
            });
        }
        if columns.remittance.is_empty() {
            let longest = table
                .named()
                .filter(|column| !columns.is_used(*column))
                .max_by_key(|column| table.cells[*column].iter().map(String::len).sum::<usize>());
            columns.guessed.extend(longest);
            columns.remittance.extend(longest);
        }
        columns
    }

    /// Takes columns of money whose names begin as those of money in, money out and balances do, and a column of nothing but directions.
    fn guess_sides(&mut self, table: &Table, profiles: &[Profile]) {
        let begins = |role: Role, column: usize| {
            let name = normalise(table.header.name(column));
            let known = profiles.iter().flat_map(Profile::meanings);
            let mut known = known
                .filter(|(_, meaning)| *meaning == Meaning::Role(role))
                .map(|(known, _)| known);
            known.any(|known| {
                let known = normalise(known.split(['{', '(', '（']).next().unwrap_or_default());
                known.len() > 3 && name.starts_with(&known)
            })
        };
        for role in [Role::Debit, Role::Credit, Role::Balance] {
            let free = table
                .named()
                .filter(|column| !self.is_used(*column) && table.holds_money(*column));
            let found = free.into_iter().find(|column| begins(role, *column));
            if let (Some(column), false) = (found, self.roles.contains_key(&role)) {
                self.roles.insert(role, column);
                self.guessed.insert(column);
            }
        }
        let is_direction = |text: &str| profiles.iter().any(|profile| profile.is_direction(cell::strip(text)));
        let directions = table
            .named()
            .filter(|column| !self.is_used(*column) && table.holds(*column, is_direction));
        if let (Some(column), false) = (directions.into_iter().next(), self.roles.contains_key(&Role::Direction)) {
            self.roles.insert(Role::Direction, column);
            self.guessed.insert(column);
        }
    }

    /// Takes the first free column that holds what the role needs, else the first free one.
    fn guess(&mut self, table: &Table, role: Role, holds: impl Fn(&Table, usize) -> bool) {
        if self.roles.contains_key(&role) {
            return;
        }
        let free: Vec<usize> = table.named().filter(|column| !self.is_used(*column)).collect();
        let found = free.iter().find(|column| holds(table, **column)).or(free.first());
        if let Some(column) = found {
            self.roles.insert(role, *column);
            self.guessed.insert(*column);
        }
    }

    fn is_used(&self, column: usize) -> bool {
        self.roles
            .values()
            .chain(&self.names)
            .chain(&self.remittance)
            .any(|used| *used == column)
    }
}

/// Returns what most layouts mean by the name of each column.
fn votes(table: &Table, profiles: &[Profile]) -> BTreeMap<usize, Meaning> {
    let mut counts: BTreeMap<usize, BTreeMap<Meaning, usize>> = BTreeMap::new();
    for (name, meaning) in profiles.iter().flat_map(Profile::meanings) {
        if let Ok(Some(column)) = table.header.find(&[name.to_owned()]) {
            *counts.entry(column).or_default().entry(meaning).or_default() += 1;
        }
    }
    let most = |counts: BTreeMap<Meaning, usize>| {
        let ranked = counts
            .into_iter()
            .max_by_key(|(meaning, count)| (*count, std::cmp::Reverse(*meaning)));
        ranked.map(|(meaning, _)| meaning)
    };
    let chosen = counts.into_iter().map(|(column, counts)| (column, most(counts)));
    chosen
        .filter_map(|(column, meaning)| meaning.map(|meaning| (column, meaning)))
        .collect()
}

/// Returns true when the column holds what the role needs; an empty column may hold anything.
fn fits(table: &Table, role: Role, column: usize) -> bool {
    let is_empty = table.cells[column].is_empty();
    match role {
        Role::BookingDate | Role::ValueDate => is_empty || table.holds_days(column),
        Role::Amount | Role::Debit | Role::Credit | Role::Balance | Role::Fee => is_empty || table.holds_money(column),
        _ => true,
    }
}

/// Returns the layout without its first lines and its rows.
fn body(document: &Document<'_>, table: &Table, columns: &Columns, profiles: &[Profile], name: &str) -> Vec<String> {
    let mut lines = vec![format!("id = {}", quoted(&id(name))), "banks = []".to_owned()];
    if !matches!(document.encoding, "UTF-16LE" | "UTF-16BE" | "XLSX") {
        lines.push(format!("charset = {}", quoted(&document.encoding.to_ascii_lowercase())));
    }
    if !columns.roles.contains_key(&Role::Currency) {
        match currency(table, columns) {
            Some(currency) => lines.push(format!("currency = {}", quoted(currency.code()))),
            None => {
                lines.push(format!("# {}", words::CURRENCY_MISSING));
                lines.push("# currency = \"EUR\"".to_owned());
            }
        }
    }
    lines.extend(decimal_mark(table, columns));
    lines.extend(dates(table, columns));
    let required = [
        Role::BookingDate,
        Role::Amount,
        Role::Debit,
        Role::Credit,
        Role::Direction,
        Role::Balance,
    ];
    let required = required.iter().filter(|role| columns.roles.contains_key(*role));
    let required: Vec<String> = required.map(|role| quoted(role.field())).collect();
    lines.push(format!("required = [{}]", required.join(", ")));
    lines.push(format!("# {}", words::FINGERPRINT));
    let marks = table.named().filter(|column| {
        let at = |role| columns.roles.get(&role) == Some(column);
        ![
            Role::BookingDate,
            Role::Amount,
            Role::Debit,
            Role::Credit,
            Role::Balance,
        ]
        .into_iter()
        .any(at)
    });
    let marks: Vec<String> = marks
        .map(|column| format!("[{}]", quoted(table.header.name(column))))
        .collect();
    lines.push(format!("fingerprint = [{}]", marks.join(", ")));
    lines.push(String::new());
    lines.extend(column_lines(table, columns));
    lines.extend(facts(document, table, profiles));
    lines
}

fn column_lines(table: &Table, columns: &Columns) -> Vec<String> {
    let mut lines = vec!["[columns]".to_owned()];
    let mut line = |key: &str, columns_of: &[usize], is_list: bool| {
        if columns_of.is_empty() {
            return;
        }
        if columns_of.iter().any(|column| columns.guessed.contains(column)) {
            lines.push(format!("# {}", words::GUESSED));
        }
        let names: Vec<String> = columns_of
            .iter()
            .map(|column| format!("[{}]", quoted(table.header.name(*column))))
            .collect();
        let value = names.join(", ");
        lines.push(if is_list {
            format!("{key} = [{value}]")
        } else {
            format!("{key} = {value}")
        });
    };
    for (role, column) in &columns.roles {
        line(role.field(), &[*column], false);
    }
    line("names", &columns.names, true);
    line("remittance", &columns.remittance, true);
    let unused: Vec<&str> = (0..table.header.names.len())
        .filter(|column| !columns.is_used(*column))
        .map(|column| table.header.name(column))
        .filter(|name| !name.is_empty())
        .collect();
    if !unused.is_empty() {
        lines.push(format!("# {}", words::unused(&unused)));
    }
    lines
}

/// Returns the labels above the header that another layout knows.
fn facts(document: &Document<'_>, table: &Table, profiles: &[Profile]) -> Vec<String> {
    let mut found: BTreeSet<(FactKind, String)> = BTreeSet::new();
    for (_, cells) in document.preamble(&table.header) {
        for cell in cells {
            let key = cell.split([':', '：']).next().unwrap_or_default().trim();
            let compared = normalise(key);
            let mut known = profiles.iter().flat_map(|profile| &profile.facts);
            if let Some(fact) = known.find(|fact| !compared.is_empty() && fact.compared.contains(&compared)) {
                found.insert((fact.kind, key.to_owned()));
            }
        }
    }
    let mut lines = Vec::new();
    for (kind, label) in found {
        let kind = toml::Value::try_from(kind)
            .map(|value| value.to_string())
            .unwrap_or_default();
        lines.push(String::new());
        lines.push("[[facts]]".to_owned());
        lines.push(format!("is = {kind}"));
        lines.push(format!("labels = [{}]", quoted(&label)));
    }
    lines
}

fn decimal_mark(table: &Table, columns: &Columns) -> Vec<String> {
    let mut evidence = MarkEvidence::default();
    for role in [Role::Amount, Role::Debit, Role::Credit, Role::Balance] {
        let cells = columns.roles.get(&role).map(|column| &table.cells[*column]);
        cells.into_iter().flatten().for_each(|cell| evidence.look_at(cell));
    }
    match evidence.mark() {
        Some(DecimalMark::Point) => vec!["decimal_mark = \".\"".to_owned()],
        Some(DecimalMark::Comma) => vec!["decimal_mark = \",\"".to_owned()],
        None => vec![
            format!("# {}", words::MARK_UNDECIDED),
            "decimal_mark = \".\"".to_owned(),
        ],
    }
}

/// Returns the formats that read all days; where two of them read other days, both, so that nothing is guessed.
fn dates(table: &Table, columns: &Columns) -> Vec<String> {
    let roles = [Role::BookingDate, Role::ValueDate];
    let cells = roles
        .iter()
        .filter_map(|role| columns.roles.get(role))
        .flat_map(|column| &table.cells[*column]);
    let days: Vec<&str> = cells
        .map(|cell| cell::strip(cell))
        .filter(|text| formats().iter().any(|format| format.read(text).is_some()))
        .collect();
    let read = |format: &DateFormat| days.iter().map(|text| format.read(text)).collect::<Vec<_>>();
    let mut chosen: Vec<DateFormat> = Vec::new();
    for format in formats() {
        let reads_all = read(&format).iter().all(Option::is_some);
        let says_other = chosen.iter().all(|earlier| read(earlier) != read(&format));
        if reads_all && says_other {
            chosen.push(format);
        }
    }
    if chosen.is_empty() {
        chosen = formats()
            .into_iter()
            .filter(|format| read(format).iter().any(Option::is_some))
            .collect();
    }
    let is_ambiguous = chosen.len() > 1 && chosen.iter().all(|format| read(format).iter().all(Option::is_some));
    let patterns: Vec<String> = chosen.iter().map(|format| quoted(format.pattern())).collect();
    let mut lines = vec![format!("dates = [{}]", patterns.join(", "))];
    if is_ambiguous {
        lines.insert(0, format!("# {}", words::DATES_AMBIGUOUS));
    }
    lines
}

/// Returns the currency that the name of a column of money or the money itself is marked with.
fn currency(table: &Table, columns: &Columns) -> Option<Currency> {
    let roles = [Role::Amount, Role::Debit, Role::Credit, Role::Balance];
    let money = roles.iter().filter_map(|role| columns.roles.get(role));
    let mut texts = money.flat_map(|column| {
        let cells = table.cells[*column].iter().map(String::as_str).take(1);
        std::iter::once(table.header.name(*column)).chain(cells)
    });
    texts.find_map(|text| {
        let signs = [("€", "EUR"), ("元", "CNY"), ("￥", "CNY"), ("£", "GBP")];
        let signed = signs
            .iter()
            .find(|(sign, _)| text.contains(sign))
            .map(|(_, code)| *code);
        let mut words = text
            .split(|c: char| !c.is_ascii_uppercase())
            .filter(|word| word.len() == 3);
        let written = words.find_map(|word| Currency::new(word).filter(Currency::is_known));
        signed.and_then(Currency::new).or(written)
    })
}

/// Returns the first entries as comments, with what is to be said about them.
fn shown(name: &str, bytes: &[u8], text: &str, as_of: NaiveDate) -> String {
    let profile = match Profile::from_toml("the suggested layout", text) {
        Ok(profile) => profile,
        Err(problem) => return format!("# {}\n", problem.replace('\n', "\n# ")),
    };
    let reading = super::read(name, bytes, std::slice::from_ref(&profile), as_of);
    let entries: Vec<_> = reading
        .statements
        .iter()
        .flat_map(|statement| &statement.entries)
        .collect();
    let mut lines = vec![words::rows_head(entries.len().min(ROWS_SHOWN), entries.len())];
    lines.extend(
        entries
            .iter()
            .take(ROWS_SHOWN)
            .map(|entry| format!("  {}", words::row(entry))),
    );
    for said in reading.all_findings().into_iter().take(ROWS_SHOWN) {
        lines.extend(finding::full(Words::english(), said).lines().map(str::to_owned));
    }
    comment(&mut lines);
    format!("\n{}\n", lines.join("\n"))
}

/// Returns an id of the file's name: letters, digits and `_`.
fn id(name: &str) -> String {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default();
    let words = stem
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let id = words.collect::<Vec<_>>().join("_").to_lowercase();
    if id.is_empty() { "own_layout".to_owned() } else { id }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
