//! One row becomes one entry with its transaction.

use super::facts::Facts;
use super::parties::parties;
use super::profile::{Resolved, Role, word};
use crate::model::reference::{References, Remittance};
use crate::model::statement::{AmountDetails, AmountOrigin, BankCode, Entry, EntryStatus};
use crate::model::{
    Amount, At, Currency, Finding, FindingCode, NaiveDate, Parties, Severity, Side, Source, TransactionDetails,
};
use crate::read::table::cell::{self, DateError};
use crate::read::table::master::{amount_expected, currency_code};
use crate::read::table::{Document, Header, Row};
use std::collections::BTreeMap;

const FAULTS_MAX: usize = 50;

/// An entry with what the row says beside it.
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// Our account as the row or the file names it; may be empty.
    pub account: String,
    /// Balance after the row.
    pub balance: Option<i64>,
    /// The fee of the row above, which the bank writes in a column of its own.
    pub is_fee: bool,
    details: Vec<Detail>,
}

/// A row below an entry that tells more of it.
struct Detail {
    signed: Option<i64>,
    texts: Vec<String>,
    details: TransactionDetails,
}

/// Collects entries and faults row by row.
pub struct RowEntries<'a> {
    document: &'a Document<'a>,
    header: &'a Header,
    resolved: &'a Resolved<'a>,
    account: String,
    currency: Option<Currency>,
    as_of: NaiveDate,
    lines: Vec<Line>,
    findings: Vec<Finding>,
    /// How many findings are not listed.
    unlisted: BTreeMap<Severity, u64>,
}

impl<'a> RowEntries<'a> {
    /// Starts with what stands above the header.
    pub fn new(
        document: &'a Document<'a>,
        header: &'a Header,
        resolved: &'a Resolved<'a>,
        facts: &Facts,
        as_of: NaiveDate,
    ) -> RowEntries<'a> {
        RowEntries {
            document,
            header,
            resolved,
            account: facts.account.clone().unwrap_or_default(),
            currency: facts.currency(resolved),
            as_of,
            lines: vec![],
            findings: vec![],
            unlisted: BTreeMap::new(),
        }
    }

    /// Notes a row that cannot be used, or a doubt about one. Many of one severity are counted, and leave room for the other.
    pub fn refuse(&mut self, finding: Finding) {
        let same = self
            .findings
            .iter()
            .filter(|earlier| earlier.severity == finding.severity);
        if same.count() < FAULTS_MAX {
            self.findings.push(finding);
        } else {
            *self.unlisted.entry(finding.severity).or_default() += 1;
        }
    }

    /// Refuses the row that was taken last: its width shows that its cells are not where they belong.
    pub fn replace_last(&mut self, ragged: Finding) {
        let is_same = |source: &Source| match (&source.at, &ragged.source.at) {
            (At::Line(line) | At::Cell { row: line, .. }, At::Line(wanted)) => line == wanted,
            _ => false,
        };
        while self.lines.pop_if(|line| is_same(&line.entry.source)).is_some() {}
        self.findings.retain(|finding| !is_same(&finding.source));
        self.refuse(ragged);
    }

    fn has_money(&self, row: Row<'_>) -> bool {
        let roles = [Role::Amount, Role::Debit, Role::Credit];
        roles.iter().any(|role| !self.text(row, *role).is_empty())
    }

    /// Returns true for what can only be an entry, wherever it stands.
    pub fn has_day_and_money(&self, row: Row<'_>) -> bool {
        self.has_money(row) && matches!(self.date(row, Role::BookingDate), Ok(Some(_)))
    }

    /// Reads a row: an entry, a detail of the entry above, or a fault.
    pub fn take(&mut self, row: Row<'_>) {
        let has_money = self.has_money(row);
        if !has_money && self.resolved.profile.has_details && !self.lines.is_empty() {
            match self.detail(row) {
                Ok(detail) => {
                    if let Some(line) = self.lines.last_mut() {
                        line.details.push(detail);
                    }
                }
                Err(fault) => self.refuse(fault),
            }
            return;
        }
        let has_date = !self.text(row, Role::BookingDate).is_empty() && self.date(row, Role::BookingDate).is_ok();
        if !has_money && !has_date {
            // No day and no money: a remark of the bank. It moves nothing, but it is not passed over in silence.
            let first = row.cells().find(|cell| !cell.is_empty()).unwrap_or_default().to_owned();
            let args = vec![
                first,
                "a row of the table; it has no money and was passed over".to_owned(),
            ];
            self.refuse(Finding::warning(
                FindingCode::CellValue,
                self.document.line(row.line),
                args,
            ));
            return;
        }
        let line = self.line(row);
        let with_fee = line.and_then(|line| Ok((self.fee(row, &line)?, line)));
        match with_fee {
            Ok((fee, line)) => {
                self.tell_mangled(row);
                self.lines.push(line);
                self.lines.extend(fee);
            }
            Err(fault) => self.refuse(fault),
        }
    }

    /// Returns the entries and what is to be said.
    pub fn finish(self) -> (Vec<Line>, Vec<Finding>) {
        let mut lines = self.lines;
        lines.iter_mut().for_each(Line::settle_details);
        let mut findings = self.findings;
        for (severity, count) in self.unlisted {
            let source = Source {
                file: self.document.file.clone(),
                at: At::File,
            };
            findings.push(Finding {
                severity,
                code: FindingCode::MoreOfTheSame,
                source,
                args: vec![severity.code().to_owned(), count.to_string()],
            });
        }
        (lines, findings)
    }

    fn text<'r>(&self, row: Row<'r>, role: Role) -> &'r str {
        super::cell(self.resolved, row, role)
    }

    fn place(&self, row: Row<'_>, role: Role) -> Source {
        let Some(column) = self.resolved.position(role) else {
            return self.document.line(row.line);
        };
        let column = self.header.name(column).to_owned();
        Source {
            file: self.document.file.clone(),
            at: At::Cell { row: row.line, column },
        }
    }

    fn wrong(&self, row: Row<'_>, role: Role, expected: &str) -> Finding {
        let args = vec![self.text(row, role).to_owned(), expected.to_owned()];
        Finding::error(FindingCode::CellValue, self.place(row, role), args)
    }

    fn date(&self, row: Row<'_>, role: Role) -> Result<Option<NaiveDate>, Finding> {
        let text = self.text(row, role);
        if text.is_empty() {
            return Ok(None);
        }
        match cell::date(text, &self.resolved.profile.dates) {
            Ok(date) if crate::model::date::is_plausible_bank_date(date, self.as_of) => Ok(Some(date)),
            Ok(_) => Err(self.wrong(row, role, "a plausible day, expected 1990 to 400 days from now")),
            Err(DateError::Ambiguous) => Err(self.wrong(row, role, "a date that can be read in one way only")),
            Err(DateError::Unreadable) => {
                let patterns: Vec<&str> = self
                    .resolved
                    .profile
                    .dates
                    .iter()
                    .map(|format| format.pattern())
                    .collect();
                Err(self.wrong(row, role, &format!("a date, expected {}", patterns.join(" or "))))
            }
        }
    }

    fn amount(&self, row: Row<'_>, role: Role, currency: Currency) -> Result<Option<i64>, Finding> {
        let Some(position) = self.resolved.position(role) else {
            return Ok(None);
        };
        cell::amount(row.raw(position), currency, self.resolved.profile.mark)
            .map_err(|error| self.wrong(row, role, &amount_expected(error, currency)))
    }

    fn row_currency(&self, row: Row<'_>) -> Result<Currency, Finding> {
        let written = self.text(row, Role::Currency);
        if written.is_empty() {
            let fallback = self.resolved.currency.or(self.currency);
            let missing = || {
                let args = vec!["a currency code".to_owned()];
                Finding::error(FindingCode::CellMissing, self.place(row, Role::Currency), args)
            };
            return fallback.ok_or_else(missing);
        }
        let known = Currency::new(currency_code(written)).filter(Currency::is_known);
        known.ok_or_else(|| self.wrong(row, Role::Currency, "a currency code of ISO 4217"))
    }

    /// Returns unsigned minor units, side, and whether the bank undoes an earlier entry.
    fn money(&self, row: Row<'_>, currency: Currency) -> Result<(i64, Side, bool), Finding> {
        let (debit, credit) = (
            self.amount(row, Role::Debit, currency)?,
            self.amount(row, Role::Credit, currency)?,
        );
        let is_filled = |amount: Option<i64>| amount.is_some_and(|minor| minor != 0);
        if is_filled(debit) && is_filled(credit) {
            let args = vec![
                self.text(row, Role::Credit).to_owned(),
                self.text(row, Role::Debit).to_owned(),
            ];
            return Err(Finding::error(
                FindingCode::DirectionBoth,
                self.document.line(row.line),
                args,
            ));
        }
        if let (Some(minor), true) = (debit, is_filled(debit)) {
            return Ok((minor.abs(), Side::Debit, false));
        }
        if let Some(minor) = credit.or(debit) {
            return Ok(if minor < 0 {
                (-minor, Side::Debit, true)
            } else {
                (minor, Side::Credit, false)
            });
        }
        let Some(minor) = self.amount(row, Role::Amount, currency)? else {
            let role = if self.resolved.position(Role::Amount).is_some() {
                Role::Amount
            } else {
                Role::Credit
            };
            let args = vec!["an amount".to_owned()];
            return Err(Finding::error(FindingCode::CellMissing, self.place(row, role), args));
        };
        let direction = self.text(row, Role::Direction);
        if self.resolved.position(Role::Direction).is_none() {
            return Ok((minor.abs(), Side::of(minor), false));
        }
        let spoken = word(direction);
        if self.resolved.profile.debit_words.contains(&spoken) {
            Ok((minor.abs(), Side::Debit, false))
        } else if self.resolved.profile.credit_words.contains(&spoken) {
            let side = Side::of(minor);
            Ok((minor.abs(), side, side == Side::Debit))
        } else {
            Err(self.wrong(
                row,
                Role::Direction,
                "a direction, expected money in or money out in the words of the layout",
            ))
        }
    }

    fn line(&self, row: Row<'_>) -> Result<Line, Finding> {
        let booking_date = self.date(row, Role::BookingDate)?;
        let value_date = self.date(row, Role::ValueDate)?;
        let status = self.status(row);
        let is_booked = status.as_ref().is_none_or(|status| *status == EntryStatus::Booked);
        if booking_date.is_none() && value_date.is_none() && is_booked {
            let args = vec!["a date".to_owned()];
            return Err(Finding::error(
                FindingCode::CellMissing,
                self.place(row, Role::BookingDate),
                args,
            ));
        }
        let currency = self.row_currency(row)?;
        let (minor, side, is_reversal) = self.money(row, currency)?;
        let amount = Amount::new(minor, currency);
        let balance = self.amount(row, Role::Balance, currency)?;
        let details = self.details(row, side, Some(amount));
        let code = details.code.clone();
        let own = self.text(row, Role::OwnAccount);
        if cell::is_mangled(own) {
            return Err(self.wrong(
                row,
                Role::OwnAccount,
                "an account number, expected all its digits, as text",
            ));
        }
        Ok(Line {
            account: if own.is_empty() {
                self.account.clone()
            } else {
                own.to_owned()
            },
            balance,
            is_fee: false,
            details: vec![],
            entry: Entry {
                reference: optional(self.text(row, Role::BankRef)),
                servicer_reference: None,
                amount,
                side,
                is_reversal,
                status,
                booking_date,
                value_date,
                effective_date: booking_date.or(value_date),
                code,
                charges: vec![],
                batches: vec![],
                amounts: AmountDetails::default(),
                additional_information: optional(self.text(row, Role::BookingText)),
                details: vec![details],
                source: self.document.line(row.line),
            },
        })
    }

    /// Says that the counterparty's account was spoilt by a spreadsheet; it then identifies nobody.
    fn tell_mangled(&mut self, row: Row<'_>) {
        for role in [Role::Account, Role::PayerAccount, Role::PayeeAccount] {
            let text = self.text(row, role);
            if cell::is_mangled(text) {
                let args = vec![text.to_owned()];
                let place = self.place(row, role);
                self.refuse(Finding::warning(FindingCode::NumberMangled, place, args));
            }
        }
    }

    /// Returns the fee of a row as a movement of its own: money out, or given back where it is negative.
    fn fee(&self, row: Row<'_>, of: &Line) -> Result<Option<Line>, Finding> {
        let paid = self.amount(row, Role::Fee, of.entry.amount.currency)?;
        let Some(paid) = paid.filter(|paid| *paid != 0) else {
            return Ok(None);
        };
        let side = Side::of(-paid);
        let amount = Amount::new(paid.saturating_abs(), of.entry.amount.currency);
        let name = self
            .resolved
            .position(Role::Fee)
            .map_or("", |position| self.header.name(position));
        let mut entry = of.entry.clone();
        (entry.amount, entry.side, entry.is_reversal) = (amount, side, side == Side::Credit);
        entry.additional_information = optional(name);
        for detail in &mut entry.details {
            (detail.amount, detail.side) = (Some(amount), side);
            // The fee is the platform's: who bought what says nothing about it.
            detail.parties = Parties::default();
            detail.remittance = Remittance {
                unstructured: vec![name.to_owned()],
                ..Remittance::default()
            };
        }
        Ok(Some(Line {
            entry,
            account: of.account.clone(),
            balance: None,
            is_fee: true,
            details: vec![],
        }))
    }

    fn status(&self, row: Row<'_>) -> Option<EntryStatus> {
        let written = self.text(row, Role::Status);
        let spoken = word(written);
        let profile = self.resolved.profile;
        if written.is_empty() {
            None
        } else if profile.pending_words.contains(&spoken) {
            Some(EntryStatus::Pending)
        } else if profile.booked_words.contains(&spoken) {
            Some(EntryStatus::Booked)
        } else {
            Some(EntryStatus::Other(written.to_owned()))
        }
    }

    fn details(&self, row: Row<'_>, side: Side, amount: Option<Amount>) -> TransactionDetails {
        let texts = self.resolved.remittance.iter().map(|column| row.cell(*column));
        let mut unstructured: Vec<String> = Vec::new();
        for text in texts.filter(|text| !text.is_empty()) {
            if unstructured.last().is_none_or(|last| last != text) {
                unstructured.push(text.to_owned());
            }
        }
        let references = References {
            end_to_end_id: optional(self.text(row, Role::EndToEndId)),
            mandate_id: optional(self.text(row, Role::Mandate)),
            ..References::default()
        };
        TransactionDetails {
            references,
            amount,
            amount_origin: amount.map(|_| AmountOrigin::Detail),
            side,
            amounts: AmountDetails::default(),
            parties: parties(self.resolved, row, side, &unstructured),
            remittance: Remittance {
                unstructured,
                ..Remittance::default()
            },
            purpose: None,
            code: BankCode {
                proprietary: optional(self.text(row, Role::BankCode)),
                ..BankCode::default()
            },
            return_information: None,
            charges: vec![],
            additional_information: None,
        }
    }

    fn detail(&self, row: Row<'_>) -> Result<Detail, Finding> {
        let side_above = self.lines.last().map_or(Side::Credit, |line| line.entry.side);
        let currency = match self.lines.last() {
            Some(line) => line.entry.amount.currency,
            None => self.row_currency(row)?,
        };
        let signed = self.amount(row, Role::DetailAmount, currency)?;
        let side = match signed {
            Some(minor) if minor < 0 => Side::Debit,
            _ => side_above,
        };
        let amount = signed.map(|minor| Amount::new(minor.abs(), currency));
        let details = self.details(row, side, amount);
        let mut texts: Vec<String> = self
            .resolved
            .names
            .iter()
            .map(|column| row.cell(*column).to_owned())
            .collect();
        texts.push(self.text(row, Role::BookingText).to_owned());
        texts.extend(details.remittance.unstructured.iter().cloned());
        texts.retain(|text| !text.is_empty());
        texts.dedup();
        Ok(Detail {
            signed: amount.map(|amount| side.signed(amount.minor)),
            texts,
            details,
        })
    }
}

impl Line {
    /// Splits the entry when its details have amounts that add up to it; else their texts join the entry's own.
    fn settle_details(&mut self) {
        let mut rows = std::mem::take(&mut self.details);
        let signed: Vec<i64> = rows.iter().filter_map(|row| row.signed).collect();
        let sum = signed.iter().try_fold(0_i64, |sum, minor| sum.checked_add(*minor));
        if signed.len() > 1 && sum == Some(self.entry.signed()) {
            rows.retain_mut(|row| row.signed.is_some());
            self.entry.details = rows.into_iter().map(|row| row.details).collect();
            return;
        }
        let Some(own) = self.entry.details.first_mut() else {
            return;
        };
        for row in rows {
            for text in row.texts {
                if !own.remittance.unstructured.contains(&text) {
                    own.remittance.unstructured.push(text);
                }
            }
        }
    }
}

pub(super) fn optional<T: for<'t> From<&'t str>>(text: &str) -> Option<T> {
    (!text.is_empty()).then(|| text.into())
}
