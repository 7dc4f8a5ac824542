//! Rows of the exceptions sheet: one per payment that is not posted, typed cells in the order of the columns.

use crate::model::date::days_between;
use crate::model::money::decimal_text;
use crate::model::{Candidate, Currency, Explanation, JudgedPayment, Night, Outcome, Payment, PaymentId, Posting};
use crate::review::cells::Cell;
use crate::review::columns::{COUNT, Column};
use crate::review::{matched, suggestion};
use crate::words::catalogue::{Words, say};
use crate::words::{decision, evidence, reason, shown};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExceptionRow {
    cells: Vec<Cell>,
    clauses: Vec<(String, String)>,
}

impl ExceptionRow {
    /// Returns the cell of a column.
    pub fn cell(&self, column: Column) -> &Cell {
        &self.cells[column as usize]
    }

    /// Returns all cells in the order of the columns.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Returns what speaks for and against each candidate of the payment, in words.
    pub fn clauses(&self) -> &[(String, String)] {
        &self.clauses
    }
}

/// Returns the payments of the sheet in its order.
///
/// Proposed first, then open, then those that a person put off; each by amount × (age + 1), largest first, ties by id.
pub fn exceptions(night: &Night) -> Vec<&JudgedPayment> {
    let mut exceptions: Vec<&JudgedPayment> = night.payments.iter().filter(|judged| judged.is_exception()).collect();
    exceptions.sort_by_cached_key(|judged| {
        let rank = match judged.explanation.outcome {
            _ if is_put_off(judged, night) => 2,
            Outcome::Proposed(_) => 0,
            _ => 1,
        };
        (rank, Reverse(urgency(judged)), judged.payment.id.clone())
    });
    exceptions
}

/// Returns the rows of the sheet in its order.
pub fn rows(night: &Night) -> Vec<ExceptionRow> {
    let open = open_by_customer(night);
    let salespeople: FxHashMap<&str, &str> = night
        .customers
        .iter()
        .map(|customer| (customer.id.as_str(), customer.salesperson.as_str()))
        .collect();
    exceptions(night)
        .into_iter()
        .map(|judged| row(night, judged, &open, &salespeople))
        .collect()
}

/// Returns the key that a decision came back with if nothing changed that the person saw: `h` and 16 hex digits.
///
/// Over payment id, amount, status, reason and the candidates' ids and amounts; age and times seen do not count.
/// The letter in front keeps spreadsheets from reading it as a number.
pub fn row_hash(payment: &Payment, explanation: &Explanation) -> String {
    let mut text = String::with_capacity(512);
    push_line(&mut text, &[&payment.id.0]);
    push_line(&mut text, &[&payment.amount.to_string()]);
    if let Outcome::Proposed(reason) | Outcome::Exception(reason) = explanation.outcome {
        push_line(&mut text, &[status(explanation), reason.code()]);
    }
    for candidate in &explanation.candidates {
        let on_account = decimal_text(candidate.on_account, 0);
        push_line(&mut text, &[candidate.kind.code(), &candidate.customer_id, &on_account]);
        for part in &candidate.allocations {
            let parts = [part.cash, part.discount, part.charges, part.write_off];
            let [cash, discount, charges, write_off] = parts.map(|minor| decimal_text(minor, 0));
            let open = part.open.to_string();
            text.push(' ');
            push_line(
                &mut text,
                &[&part.item_id, &open, &cash, &discount, &charges, &write_off],
            );
        }
    }
    short_hash(&text)
}

fn push_line(text: &mut String, words: &[&str]) {
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.push('\n');
}

fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let halves = digest.iter().take(8).flat_map(|byte| [byte >> 4, byte & 15]);
    std::iter::once('h').chain(halves.filter_map(digit)).collect()
}

/// Returns the key of a row about a settled payment: it changes with the posting.
pub fn settled_hash(id: &PaymentId, posting: Option<&Posting>) -> String {
    let mut text = format!("{id}\n");
    for line in posting.iter().flat_map(|posting| &posting.lines) {
        push_line(&mut text, &[&line.id, &decimal_text(line.amount, 0)]);
    }
    short_hash(&text)
}

/// Returns a candidate as one readable cell:
/// `INV-42 | C17 绿邦实业 | open 12,345.67 | diff −15.00 | due +12 d | for: … | against: …`.
///
/// `diff` is payment less open; `due` the days from due date to booking date. The documents stand first, joined by `; `,
/// so that the cell can be chosen as `target`; `ON_ACCOUNT` stands there when no item is settled.
pub fn candidate_cell(words: Words, payment: &Payment, candidate: &Candidate) -> String {
    cell_of(words, payment, candidate, &evidence::for_and_against(words, candidate))
}

fn cell_of(words: Words, payment: &Payment, candidate: &Candidate, clauses: &(String, String)) -> String {
    let decimals = payment.amount.currency.decimals();
    let documents: Vec<String> = candidate
        .allocations
        .iter()
        .map(|part| shown::text(&part.document_number))
        .collect();
    let mut parts = vec![if documents.is_empty() {
        "ON_ACCOUNT".to_owned()
    } else {
        documents.join("; ")
    }];
    let customer = format!("{} {}", candidate.customer_id, candidate.customer_name);
    parts.push(shown::text(customer.trim()));
    if !candidate.allocations.is_empty() {
        parts.push(say!(
            words,
            "candidate.open",
            amount = open_text(words, payment, candidate)
        ));
    }
    if candidate.on_account != 0 {
        let amount = words.figure(candidate.on_account, decimals);
        parts.push(say!(words, "candidate.on_account", amount));
    }
    let difference = candidate.difference(payment.amount.minor, payment.amount.currency);
    if let Some(difference) = difference.filter(|_| !candidate.allocations.is_empty()) {
        let amount = words.difference(difference, decimals);
        parts.push(say!(words, "candidate.difference", amount));
    }
    if let Some(due) = due_text(words, payment, candidate) {
        parts.push(due);
    }
    let (speaks_for, speaks_against) = clauses;
    if !speaks_for.is_empty() {
        parts.push(say!(words, "candidate.for", clauses = shown::text(speaks_for)));
    }
    if !speaks_against.is_empty() {
        parts.push(say!(words, "candidate.against", clauses = shown::text(speaks_against)));
    }
    shown::cut(&parts.join(" | "), 8_000)
}

/// Returns `proposed` or `open`.
pub fn status(explanation: &Explanation) -> &'static str {
    match explanation.outcome {
        Outcome::Proposed(_) => "proposed",
        _ => "open",
    }
}

fn open_text(words: Words, payment: &Payment, candidate: &Candidate) -> String {
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for part in &candidate.allocations {
        *sums.entry(part.open.currency).or_default() += part.open.minor;
    }
    let texts: Vec<String> = sums
        .into_iter()
        .map(|(currency, minor)| {
            let figure = words.figure(minor, currency.decimals());
            if currency == payment.amount.currency {
                figure
            } else {
                format!("{figure} {currency}")
            }
        })
        .collect();
    texts.join(" + ")
}

fn due_text(words: Words, payment: &Payment, candidate: &Candidate) -> Option<String> {
    let days: Vec<i64> = candidate
        .allocations
        .iter()
        .filter_map(|part| part.due_date)
        .map(|due| days_between(due, payment.booking_date))
        .collect();
    let (first, last) = (days.iter().min()?, days.iter().max()?);
    Some(if first == last {
        say!(words, "candidate.due", days = format!("{first:+}"))
    } else {
        let (first, last) = (format!("{first:+}"), format!("{last:+}"));
        say!(words, "candidate.due_between", first, last)
    })
}

fn is_put_off(judged: &JudgedPayment, night: &Night) -> bool {
    judged.put_off_until.is_some_and(|until| until > night.run.as_of)
}

/// Amount × (age + 1) in one unit over all currencies: ten-thousandths of a major unit and days.
pub fn urgency(judged: &JudgedPayment) -> i128 {
    let amount = judged.payment.amount;
    let unit = 10_i128.pow(4 - u32::from(amount.currency.decimals().min(4)));
    i128::from(amount.minor).abs() * unit * i128::from(judged.age_days.max(0) + 1)
}

fn open_by_customer(night: &Night) -> FxHashMap<(&str, Currency), i64> {
    let mut open = FxHashMap::default();
    for item in &night.items {
        *open.entry((item.customer_id.as_str(), item.currency)).or_default() += item.open_amount;
    }
    open
}

fn row(
    night: &Night,
    judged: &JudgedPayment,
    open: &FxHashMap<(&str, Currency), i64>,
    salespeople: &FxHashMap<&str, &str>,
) -> ExceptionRow {
    let words = Words::of(night.language);
    let (payment, explanation) = (&judged.payment, &judged.explanation);
    let best = explanation.candidates.first();
    let text = |written: &str| Cell::text(shown::text(written));
    let count = |number: u64| Cell::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let amount = |minor: i64| Cell::Amount {
        minor,
        decimals: payment.amount.currency.decimals(),
    };
    let mut cells = vec![Cell::Empty; COUNT];
    let mut put = |column: Column, cell: Cell| cells[column as usize] = cell;

    let is_put_off = is_put_off(judged, night);
    put(Column::Status, Cell::text(status(explanation)));
    if let Outcome::Proposed(reason) | Outcome::Exception(reason) = explanation.outcome {
        put(Column::Reason, Cell::text(reason.code()));
    }
    put(Column::ReasonText, text(&reason::sentence(words, payment, explanation)));
    put(
        Column::Suggestion,
        match judged.put_off_until.filter(|_| is_put_off) {
            Some(day) => {
                let suggestion = suggestion::sentence(words, judged);
                Cell::text(say!(words, "suggestion.put_off", day, suggestion))
            }
            None => Cell::text(suggestion::sentence(words, judged)),
        },
    );
    put(
        Column::Probability,
        best.map_or(Cell::Empty, |candidate| Cell::Rate(candidate.probability)),
    );
    put(Column::BookingDate, Cell::Date(payment.booking_date));
    put(Column::ValueDate, payment.value_date.map_or(Cell::Empty, Cell::Date));
    put(Column::Amount, amount(payment.amount.minor));
    put(Column::Currency, Cell::text(payment.amount.currency.code()));
    put(Column::PayerName, text(payment.payer_name()));
    put(
        Column::PayerAccount,
        text(payment.payer_account.as_deref().unwrap_or_default()),
    );
    put(
        Column::Remittance,
        match &payment.correction {
            None => remittance(payment, explanation),
            Some(correction) => text(&decision::corrected_cell(
                &correction.decided_by,
                &payment.remittance_text(),
                &correction.original,
            )),
        },
    );
    put(Column::BankRef, text(&payment.bank_ref));
    put(Column::Account, text(&payment.account));
    let candidates = explanation.candidates.iter();
    let clauses: Vec<(String, String)> = candidates
        .map(|candidate| evidence::for_and_against(words, candidate))
        .collect();
    let candidates = explanation.candidates.iter().zip(&clauses);
    for (column, (candidate, clauses)) in Column::CANDIDATES.into_iter().zip(candidates) {
        put(column, Cell::text(cell_of(words, payment, candidate, clauses)));
    }
    for (column, cell) in customer_cells(judged, open, salespeople) {
        put(column, cell);
    }
    put(Column::AgeDays, Cell::Count(judged.age_days));
    put(Column::TimesSeen, count(judged.times_seen.into()));
    put(Column::FirstRun, count(judged.first_run));
    put(Column::LastResult, text(&last_result(words, &judged.last_result)));
    put(Column::PaymentId, text(&payment.id.0));
    put(Column::RowHash, Cell::text(row_hash(payment, explanation)));
    put(Column::Run, count(night.run.number));
    ExceptionRow { cells, clauses }
}

/// The text that came with the money, what was recognised in it in bold.
fn remittance(payment: &Payment, explanation: &Explanation) -> Cell {
    let text = shown::text(&payment.remittance_text());
    let bold = matched::pieces(&text, explanation);
    if bold.is_empty() {
        Cell::text(text)
    } else {
        Cell::Marked { text, bold }
    }
}

/// `REJECTED: …`: the code, and the reason in words.
fn last_result(words: Words, said: &str) -> String {
    match said.split_once(": ") {
        Some((code, reason)) => format!("{code}: {}", words.phrase(reason)),
        None => said.to_owned(),
    }
}

/// Returns the cells about the customer of the best candidate; none without one.
fn customer_cells(
    judged: &JudgedPayment,
    open: &FxHashMap<(&str, Currency), i64>,
    salespeople: &FxHashMap<&str, &str>,
) -> Vec<(Column, Cell)> {
    let Some(best) = judged.explanation.candidates.first() else {
        return Vec::new();
    };
    let id = best.customer_id.as_str();
    if id.is_empty() {
        return Vec::new();
    }
    let currency = judged.payment.amount.currency;
    let text = |written: &str| Cell::text(shown::text(written));
    let open = Cell::Amount {
        minor: open.get(&(id, currency)).copied().unwrap_or(0),
        decimals: currency.decimals(),
    };
    vec![
        (Column::CustomerId, text(id)),
        (Column::CustomerName, text(&best.customer_name)),
        (
            Column::Salesperson,
            text(salespeople.get(id).copied().unwrap_or_default()),
        ),
        (Column::CustomerOpen, open),
    ]
}
