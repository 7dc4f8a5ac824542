//! What stands around the rows: account, currency, balances, counts and totals. Evidence, not noise.

use super::balance::balance;
use super::profile::{Fact, FactKind, Resolved, Role, word};
use super::totals::{Over, Total};
use crate::model::statement::BalanceKind;
use crate::model::{Currency, NaiveDate, Side, Source, Statement};
use crate::read::table::cell::{self, DecimalMark};
use crate::read::table::master::currency_code;
use crate::read::table::{Row, normalise};

/// What was found around the rows.
#[derive(Debug, Default)]
pub struct Facts {
    /// Our account as written.
    pub account: Option<String>,
    /// Its name.
    pub account_name: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    currency: Option<Currency>,
    opening: Option<Written>,
    closing: Option<Written>,
    totals: Vec<StatedTotal>,
    pending: Vec<(FactKind, usize)>,
    seen: Vec<FactKind>,
    has_ended: bool,
    mark: Option<DecimalMark>,
    file: Option<Source>,
}

/// A count or sum as written, with its line.
#[derive(Debug)]
struct StatedTotal {
    line: u64,
    over: Over,
    count: Option<u64>,
    sum: Option<Written>,
}

/// An amount as written, until the currency is known.
#[derive(Clone, Debug)]
struct Written {
    text: String,
    is_debit: bool,
}

impl Facts {
    /// Returns the currency that the file names, its header, or its layout.
    pub fn currency(&self, resolved: &Resolved<'_>) -> Option<Currency> {
        self.currency.or(resolved.currency).or(resolved.profile.currency)
    }

    /// Returns true when nothing of the table follows.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Returns what every file of the layout states and this one does not: it was cut off.
    pub fn missing<'p>(&self, resolved: &Resolved<'p>) -> Option<&'p Fact> {
        let mut always = resolved.profile.facts.iter().filter(|fact| fact.is_always);
        always.find(|fact| !self.seen.contains(&fact.kind))
    }

    /// Forgets labels above the header that had no value.
    pub fn end_preamble(&mut self) {
        self.pending.clear();
    }

    /// Looks at a row below the header; returns true when it is a fact and no entry.
    pub fn look_at_row(&mut self, resolved: &Resolved<'_>, row: Row<'_>) -> bool {
        let facts = &resolved.profile.facts;
        let labelled = row.cells().enumerate().find(|(_, cell)| {
            !cell.is_empty()
                && facts
                    .iter()
                    .any(|fact| fact.labels.iter().any(|label| cell.starts_with(label.as_str())))
        });
        let Some((at, label)) = labelled else {
            return self.take_pending(resolved, row);
        };
        // A payer can write a label, too. What has a day, be it a wrong one, and money is an entry, unless it is nothing but a stated
        // balance.
        let day_at = resolved.position(Role::BookingDate).filter(|column| *column != at);
        let has_day = day_at.is_some_and(|column| !row.cell(column).is_empty());
        let has_money = [Role::Amount, Role::Debit, Role::Credit]
            .iter()
            .any(|role| !super::cell(resolved, row, *role).is_empty());
        if has_day && has_money {
            let is_balance = named(facts, &normalise(label)).is_some_and(|fact| {
                matches!(fact.kind, FactKind::Opening | FactKind::Closing)
                    && fact.labels.iter().any(|known| known == label)
            });
            let texts = [
                Role::ValueDate,
                Role::Account,
                Role::BankRef,
                Role::BookingText,
                Role::EndToEndId,
            ];
            let columns = texts
                .iter()
                .filter_map(|role| resolved.position(*role))
                .chain(resolved.names.iter().copied());
            let is_alone = columns
                .into_iter()
                .all(|column| column == at || row.cell(column).is_empty());
            if !is_balance || !is_alone {
                return false;
            }
        }
        let cells: Vec<String> = row.cells().map(str::to_owned).collect();
        self.look_at(resolved, row.line, &cells)
    }

    /// Takes the row below labels that had no value beside them, when it has amounts and nothing else.
    fn take_pending(&mut self, resolved: &Resolved<'_>, row: Row<'_>) -> bool {
        let pending = std::mem::take(&mut self.pending);
        let is_value = |cell: &str| cell.is_empty() || reads(cell, resolved.profile.mark);
        if pending.is_empty() || !row.cells().all(is_value) {
            return false;
        }
        for (kind, column) in pending {
            let value = row.cell(column);
            match kind {
                FactKind::Opening | FactKind::Closing => self.store_amount(resolved, kind, value, ""),
                _ => self.state_total(kind, row.line, value),
            }
        }
        true
    }

    /// Looks at a row of cells for labels; returns true when one was there.
    pub fn look_at(&mut self, resolved: &Resolved<'_>, line: u64, cells: &[String]) -> bool {
        self.mark = Some(resolved.profile.mark);
        let mut found = false;
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (key, behind) = cell.split_once([':', '：']).unwrap_or((cell, ""));
            let compared = normalise(key);
            let Some(fact) = named(&resolved.profile.facts, &compared) else {
                continue;
            };
            found = true;
            let behind = cell::strip(behind).trim_matches(['[', ']']).to_owned();
            let following = &cells[at + 1..];
            self.store(resolved, fact, line, at, &behind, following);
        }
        found
    }

    fn store(
        &mut self,
        resolved: &Resolved<'_>,
        fact: &Fact,
        line: u64,
        at: usize,
        behind: &str,
        following: &[String],
    ) {
        let next = following.iter().map(String::as_str).find(|cell| !cell.is_empty());
        let value = if behind.is_empty() { next.unwrap_or("") } else { behind };
        let value = value.trim_start_matches('=');
        match fact.kind {
            FactKind::Account if self.account.is_none() || looks_like_iban(value) => {
                let number: &str = value.split([',', ';']).next().unwrap_or("");
                if !number.is_empty() {
                    self.account = Some(number.trim().to_owned());
                }
            }
            FactKind::Account => {}
            FactKind::AccountName => self.account_name = Some(value.to_owned()).filter(|name| !name.is_empty()),
            FactKind::Currency => self.currency = Currency::new(currency_code(value)).filter(Currency::is_known),
            FactKind::From => self.from = cell::date(value, &resolved.profile.dates).ok(),
            FactKind::To => self.to = cell::date(value, &resolved.profile.dates).ok(),
            FactKind::Period => {
                let mut days = dates_in(value, resolved).into_iter();
                (self.from, self.to) = (days.next(), days.next());
            }
            FactKind::Opening | FactKind::Closing => {
                let amounts = std::iter::once(behind).chain(following.iter().map(String::as_str));
                let with_next = amounts.zip(following.iter().map(String::as_str).chain(std::iter::repeat("")));
                let mut readable = with_next.filter(|(text, _)| reads(text, resolved.profile.mark));
                match readable.next() {
                    Some((text, _)) => {
                        let place = following.iter().position(|cell| cell == text);
                        let after = place
                            .and_then(|place| following.get(place + 1))
                            .map_or("", String::as_str);
                        self.store_amount(resolved, fact.kind, text, after);
                    }
                    None => self.pending.push((fact.kind, at)),
                }
            }
            FactKind::Total
            | FactKind::CreditTotal
            | FactKind::DebitTotal
            | FactKind::FeeTotal
            | FactKind::Count
            | FactKind::CreditCount
            | FactKind::DebitCount
            | FactKind::RowCount => self.store_total(fact.kind, line, at, value),
            FactKind::TotalsRow => {
                for (role, side) in [(Role::Debit, Side::Debit), (Role::Credit, Side::Credit)] {
                    let cell = resolved
                        .position(role)
                        .and_then(|column| column.checked_sub(at + 1))
                        .and_then(|column| following.get(column));
                    if let Some(text) = cell.filter(|text| reads(text, resolved.profile.mark)) {
                        let sum = Some(Written {
                            text: text.clone(),
                            is_debit: false,
                        });
                        self.totals.push(StatedTotal {
                            line,
                            over: Over::Side(side),
                            count: None,
                            sum,
                        });
                    }
                }
            }
            FactKind::End => self.has_ended = true,
        }
    }

    fn store_amount(&mut self, resolved: &Resolved<'_>, kind: FactKind, text: &str, after: &str) {
        if !reads(text, resolved.profile.mark) {
            return;
        }
        self.seen.push(kind);
        let is_debit = !after.is_empty() && resolved.profile.debit_words.contains(&word(after));
        let written = Some(Written {
            text: text.to_owned(),
            is_debit,
        });
        match kind {
            FactKind::Opening => self.opening = self.opening.take().or(written),
            _ => self.closing = written,
        }
    }

    /// Stores a count or a sum; one whose value stands in the row below is remembered with its column.
    fn store_total(&mut self, kind: FactKind, line: u64, column: usize, value: &str) {
        if value.bytes().any(|byte| byte.is_ascii_digit()) {
            self.state_total(kind, line, value);
        } else {
            self.pending.push((kind, column));
        }
    }

    fn state_total(&mut self, kind: FactKind, line: u64, value: &str) {
        self.seen.push(kind);
        let over = match kind {
            FactKind::CreditTotal | FactKind::CreditCount => Over::Side(Side::Credit),
            FactKind::DebitTotal | FactKind::DebitCount => Over::Side(Side::Debit),
            FactKind::FeeTotal => Over::Fees,
            FactKind::RowCount => Over::Rows,
            _ => Over::All,
        };
        let is_count = matches!(
            kind,
            FactKind::Count | FactKind::CreditCount | FactKind::DebitCount | FactKind::RowCount
        );
        // `18笔，共14989.00元`: a count before 笔, a sum behind it, or one of them.
        let (count, sum) = match value.split_once('笔') {
            _ if is_count => (Some(count_in(value)), None),
            Some((before, after)) => {
                let states_sum = after.chars().any(char::is_alphanumeric);
                (Some(count_in(before)), states_sum.then(|| number_in(after)))
            }
            None => (None, Some(number_in(value))),
        };
        let sum = sum.map(|text| Written {
            text: text.to_owned(),
            is_debit: false,
        });
        self.totals.push(StatedTotal { line, over, count, sum });
    }

    /// Returns the totals in minor units of the file's currency; unreadable ones are such that they break.
    pub fn totals(&self) -> Vec<Total> {
        let currency = self.currency.or_else(|| Currency::new("EUR"));
        let (Some(currency), Some(file)) = (currency, &self.file) else {
            return vec![];
        };
        let total = |stated: &StatedTotal| Total {
            over: stated.over,
            count: stated.count,
            sum: stated
                .sum
                .as_ref()
                .map(|written| self.minor(written, currency).unwrap_or(i64::MAX)),
            source: Source {
                file: file.file.clone(),
                at: crate::model::At::Line(stated.line),
            },
        };
        self.totals.iter().map(total).collect()
    }

    /// Tells the currency and the file, once the rows are read.
    pub fn settle(&mut self, currency: Option<Currency>, file: Source) {
        self.currency = self.currency.or(currency);
        self.file = Some(file);
    }

    /// Adds opening and closing balance as stated.
    pub fn add_balances(&self, statement: &mut Statement, currency: Currency) {
        for (kind, written) in [
            (BalanceKind::Opening, &self.opening),
            (BalanceKind::Closing, &self.closing),
        ] {
            let minor = written.as_ref().and_then(|written| self.minor(written, currency));
            if let Some(minor) = minor {
                statement.balances.push(balance(kind, minor, currency));
            }
        }
    }

    fn minor(&self, written: &Written, currency: Currency) -> Option<i64> {
        let minor = cell::amount(&written.text, currency, self.mark?).ok().flatten()?;
        Some(if written.is_debit { -minor.abs() } else { minor })
    }
}

/// Returns the fact with the longest label that the key begins with; a short Latin label must be the whole key.
fn named<'f>(facts: &'f [Fact], key: &str) -> Option<&'f Fact> {
    let begins = |label: &String| key == label || (label.len() > 3 && key.starts_with(label.as_str()));
    let longest = |fact: &'f Fact| {
        fact.compared
            .iter()
            .filter(|label| begins(label))
            .map(String::len)
            .max()
    };
    let fitting = facts
        .iter()
        .filter_map(|fact| longest(fact).map(|length| (length, fact)));
    fitting.max_by_key(|(length, _)| *length).map(|(_, fact)| fact)
}

fn looks_like_iban(text: &str) -> bool {
    super::parties::account(text).iban.is_some()
}

/// Returns true for what can be an amount in some currency.
pub(super) fn reads(text: &str, mark: DecimalMark) -> bool {
    let known = ["EUR", "CNY", "KWD", "USD", "GBP"]
        .into_iter()
        .filter_map(Currency::new);
    known
        .into_iter()
        .any(|currency| matches!(cell::amount(text, currency, mark), Ok(Some(_))))
}

/// Returns the longest run of digits and marks, with its sign.
fn number_in(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    let mut runs = text
        .split(|c: char| !is_part(c))
        .filter(|run| run.bytes().any(|byte| byte.is_ascii_digit()));
    runs.next_back().unwrap_or("").trim_end_matches([',', '.'])
}

/// Returns the count that a text states: `18`, `20.0`, `1,234 笔`; one that no table can have where it states none.
fn count_in(text: &str) -> u64 {
    let digits = number_in(text).replace(',', "");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let is_whole = fraction.bytes().all(|byte| byte == b'0');
    whole.parse().ok().filter(|_| is_whole).unwrap_or(u64::MAX)
}

fn dates_in(text: &str, resolved: &Resolved<'_>) -> Vec<NaiveDate> {
    let words = text
        .split([' ', '~', '–', '—', '至'])
        .map(|word| word.trim_matches(['-', ',']));
    words
        .filter_map(|word| cell::date(word, &resolved.profile.dates).ok())
        .collect()
}
