//! The fields of one message become one statement, or one page of it.

use super::fields::Field;
use super::line::{self, Line};
use super::text::paragraphs;
use super::{Refusal, Scan, account, entry};
use crate::model::statement::{BalanceKind, Page, Proof, StatementKind};
use crate::model::{Account, At, Currency, Finding, FindingCode, Source, Statement};
use crate::read::statement::FileReading;

/// Characters of a reference. SWIFT allows 16; banks write more.
const REFERENCE_CHARS_MAX: usize = 64;

/// A statement while its fields are read.
pub(super) struct Draft<'a> {
    statement: Statement,
    /// Type of the message by its header, `940`, where it has one.
    message: Option<&'a str>,
    reference: Option<String>,
    currency: Option<Currency>,
    /// A line waits for its texts.
    open: Option<(Line<'a>, Vec<Field<'a>>)>,
    has_reference: bool,
    has_account: bool,
    /// Fields that only intraday and balance reports have.
    is_report: bool,
    /// The closing balance is the last one: `:62F:`.
    is_ended: bool,
}

impl<'a> Draft<'a> {
    /// Begins the statement after `before` others of the file. `message` is the type by the header.
    pub fn new(scan: &Scan, before: usize, message: Option<&'a str>) -> Draft<'a> {
        let source = Source {
            file: scan.file.clone(),
            at: At::Entry {
                statement: before as u32 + 1,
                entry: 0,
                detail: 0,
            },
        };
        Draft {
            statement: blank(source),
            message,
            reference: None,
            currency: None,
            open: None,
            has_reference: false,
            has_account: false,
            is_report: false,
            is_ended: false,
        }
    }

    /// Reads one field.
    pub fn take(&mut self, scan: &mut Scan, field: Field<'a>) -> Result<(), Refusal> {
        match field.tag {
            "86" | "NS" => return self.text(scan, field),
            "61" => {
                self.close_entry();
                let Some(currency) = self.currency.or(self.account_currency()) else {
                    return Err(scan.refuse(FindingCode::TagMissing, "61", field.at(0), vec![":60F:".to_owned()]));
                };
                let line = line::read(scan, &field, currency)?;
                self.open = Some((line, Vec::new()));
                return Ok(());
            }
            _ => self.close_entry(),
        }
        match field.tag {
            "20" => {
                self.has_reference = true;
                self.reference = reference(scan, &field)?;
            }
            "25" | "25P" => {
                once(scan, &field, self.has_account)?;
                self.has_account = true;
                (self.statement.account, self.statement.servicer) = account::own(scan, &field)?;
            }
            "28" | "28C" => {
                once(scan, &field, self.statement.electronic_sequence.is_some())?;
                self.number(scan, &field)?;
            }
            "60F" | "60M" | "62F" | "62M" => self.balance(scan, &field)?,
            "64" | "65" => {
                let balance = scan.balance(&field)?;
                self.statement.balances.push(balance);
            }
            "90C" | "90D" => {
                self.is_report = true;
                let total = scan.total(&field, self.statement.source.clone())?;
                self.statement.control.push(total);
            }
            "34F" => {
                self.is_report = true;
                self.floor_limit(scan, &field)?;
            }
            "13" | "13D" => self.statement.created = moment(scan, &field)?,
            // :21: names another message.
            _ => drop(reference(scan, &field)?),
        }
        Ok(())
    }

    fn account_currency(&self) -> Option<Currency> {
        let written = self.statement.account.currency.as_deref();
        written.filter(|_| self.is_report).and_then(Currency::new)
    }

    /// Reads `5!n/5n`: number and page.
    fn number(&mut self, scan: &Scan, field: &Field<'a>) -> Result<(), Refusal> {
        let text = scan.only_line(field)?;
        let (number, page) = match text.split_once('/') {
            Some((number, page)) => (number, Some(page)),
            None => (text, None),
        };
        let is_number = |text: &str| !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
        let page_number = page.map_or(Some(1), |page| page.parse::<u32>().ok());
        let (true, Some(page_number)) = (is_number(number), page_number) else {
            return Err(scan.wrong(field, "a statement number, and a page number behind `/`"));
        };
        self.statement.electronic_sequence = Some(number.to_owned());
        self.statement.page = Some(Page {
            number: page_number.max(1),
            is_last: false,
        });
        Ok(())
    }

    fn balance(&mut self, scan: &mut Scan, field: &Field<'a>) -> Result<(), Refusal> {
        let balance = scan.balance(field)?;
        let currency = *self.currency.get_or_insert(balance.amount.currency);
        if balance.amount.currency != currency {
            let code = balance.amount.currency.code();
            return Err(scan.wrong_part(field, 7, code, &format!("{currency}, as in the opening balance")));
        }
        self.is_ended = field.tag == "62F";
        self.statement.balances.push(balance);
        Ok(())
    }

    /// Reads `:34F:EURD0,00`: all that counts is the currency.
    fn floor_limit(&mut self, scan: &mut Scan, field: &Field<'a>) -> Result<(), Refusal> {
        let text = scan.only_line(field)?;
        let Some(code) = text.get(..3) else {
            return Err(scan.wrong(field, "a floor limit: currency and amount"));
        };
        let currency = scan.currency(field, 0, code)?;
        self.currency.get_or_insert(currency);
        Ok(())
    }

    /// A text belongs to the line above it; else the bank says something of the whole statement.
    fn text(&mut self, scan: &mut Scan, field: Field<'a>) -> Result<(), Refusal> {
        match &mut self.open {
            Some((_, texts)) => texts.push(field),
            None => {
                let remark = paragraphs(&field).join(" ");
                if !remark.is_empty() {
                    let source = self.statement.source.clone();
                    let finding = Finding::note(FindingCode::StatementRemark, source, vec![remark]);
                    scan.findings.push(finding);
                }
            }
        }
        Ok(())
    }

    fn close_entry(&mut self) {
        let Some((line, texts)) = self.open.take() else { return };
        let mut source = self.statement.source.clone();
        if let At::Entry { entry, .. } = &mut source.at {
            *entry = self.statement.entries.len() as u32 + 1;
        }
        self.statement.entries.push(entry::entry(&line, &texts, source));
    }

    /// Puts the statement to the others; `end` is where it ends. Refuses one that is not whole.
    pub fn finish(mut self, scan: &mut Scan, end: &Field<'_>, reading: &mut FileReading) -> Result<(), Refusal> {
        self.close_entry();
        self.kind(scan, end, reading)?;
        let missing = self.missing();
        let found = &mut self.statement;
        if found.account.number().is_none_or(|number| number.is_empty()) && missing.is_none() {
            let finding = Finding::warning(FindingCode::AccountMissing, found.source.clone(), vec![]);
            scan.findings.push(finding);
        }
        let number = found.electronic_sequence.as_deref().unwrap_or_default();
        found.id = self
            .reference
            .map(|reference| format!("{reference} {number}").trim_end().to_owned());
        if found.account.currency.is_none() {
            found.account.currency = self.currency.map(|currency| currency.code().into());
        }
        page(found, self.is_ended);
        fallbacks(scan, found);
        reading.statements.push(self.statement);
        match missing {
            Some(tag) => Err(scan.refuse(FindingCode::TagMissing, "", end.at(0), vec![tag.to_owned()])),
            None => Ok(()),
        }
    }

    /// Finds out which message it is. Refuses those that are no statements.
    fn kind(&mut self, scan: &Scan, end: &Field<'_>, reading: &mut FileReading) -> Result<(), Refusal> {
        let has_balances = !self.statement.balances.is_empty();
        let message = match self.message {
            Some(kind @ ("940" | "941" | "942" | "950")) => kind,
            Some(other) => {
                let args = vec![format!("MT{other}")];
                return Err(scan.refuse(FindingCode::NotAStatement, "", end.at(0), args));
            }
            None if self.is_report && has_balances && self.statement.entries.is_empty() => "941",
            None if self.is_report && !has_balances => "942",
            None => "940",
        };
        if matches!(message, "941" | "942") {
            self.statement.kind = StatementKind::Report;
        }
        reading.message = Some(format!("MT{message}"));
        Ok(())
    }

    /// Returns the first tag that must be there and is not.
    fn missing(&self) -> Option<&'static str> {
        let has = |kind: &BalanceKind| self.statement.balance(kind).is_some();
        let needs_balances = self.statement.kind == StatementKind::Statement;
        let rules = [
            (self.has_reference, ":20:"),
            (self.has_account, ":25:"),
            (!needs_balances || has(&BalanceKind::Opening), ":60F:"),
            (!needs_balances || has(&BalanceKind::Closing), ":62F:"),
        ];
        rules.into_iter().find(|(is_there, _)| !is_there).map(|(_, tag)| tag)
    }
}

/// A statement that opens and closes by itself is whole: a further one of the same number and day is numbered `9/2`. The others
/// are pages.
fn page(found: &mut Statement, is_ended: bool) {
    let number = found.page.take().map_or(1, |page| page.number);
    if found.kind != StatementKind::Statement {
        return;
    }
    let opening = found.balance(&BalanceKind::Opening);
    let is_whole = is_ended && opening.is_some_and(|balance| balance.sub_kind.is_none());
    match &mut found.electronic_sequence {
        Some(sequence) if is_whole && number > 1 => sequence.push_str(&format!("/{number}")),
        _ if is_whole => {}
        _ => {
            found.page = Some(Page {
                number,
                is_last: is_ended,
            });
        }
    }
}

/// Says once that entries have no booking date of their own.
fn fallbacks(scan: &mut Scan, found: &Statement) {
    let mut undated = found.entries.iter().filter(|entry| entry.booking_date.is_none());
    let Some(first) = undated.next() else { return };
    let day = first.value_date.map(|day| day.to_string()).unwrap_or_default();
    let more = match undated.count() {
        0 => String::new(),
        more => format!(" (here and for {more} more entries)"),
    };
    let args = vec!["value date".to_owned(), format!("{day}{more}")];
    scan.findings
        .push(Finding::note(FindingCode::DateFallback, first.source.clone(), args));
}

fn once(scan: &Scan, field: &Field<'_>, is_there: bool) -> Result<(), Refusal> {
    if is_there {
        let args = vec![format!(":{}:", field.tag)];
        return Err(scan.refuse(FindingCode::ElementTwice, field.tag, field.at(0), args));
    }
    Ok(())
}

fn reference(scan: &Scan, field: &Field<'_>) -> Result<Option<String>, Refusal> {
    let text = scan.only_line(field)?.trim();
    if text.chars().count() > REFERENCE_CHARS_MAX {
        return Err(scan.wrong(field, "a reference of at most 64 characters"));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Reads `YYMMDDhhmm` with an optional offset: `2610301730+0100` is `2026-10-30T17:30:00+01:00`.
fn moment(scan: &Scan, field: &Field<'_>) -> Result<Option<String>, Refusal> {
    let text = scan.only_line(field)?;
    let wrong = || scan.wrong(field, "YYMMDDhhmm and an offset");
    let (day, rest) = text.split_at_checked(6).ok_or_else(wrong)?;
    let day = super::values::day(day).ok_or_else(wrong)?;
    let is_time = rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-'));
    if !is_time {
        return Err(wrong());
    }
    let (time, offset) = rest.split_at(4);
    let zone = match (offset.get(..3), offset.get(3..5)) {
        (Some(hours), Some(minutes)) if offset.len() == 5 => format!("{hours}:{minutes}"),
        _ if offset.is_empty() => String::new(),
        _ => return Err(wrong()),
    };
    Ok(Some(format!("{day}T{}:{}:00{zone}", &time[..2], &time[2..])))
}

fn blank(source: Source) -> Statement {
    Statement {
        kind: StatementKind::Statement,
        id: None,
        electronic_sequence: None,
        legal_sequence: None,
        page: None,
        created: None,
        from: None,
        to: None,
        copy_indicator: None,
        account: Account::default(),
        owner: None,
        servicer: None,
        balances: Vec::new(),
        entries: Vec::new(),
        control: Vec::new(),
        proof: Proof::NotChecked,
        refusal: None,
        source,
    }
}
