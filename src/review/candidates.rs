//! `candidates.csv`: every hypothesis of every payment that is not posted, one row per item of a hypothesis.
//!
//! UTF-8, `,`, lines end with `\n`. `for` and `against` are sentences for people and are kept from being formulas;
//! everything else is exact. A row without `item_id` is what stays on account. Posted payments have their reasons in
//! `postings.csv`.

use crate::model::money::decimal_text;
use crate::model::{Candidate, JudgedPayment, Night};
use crate::review::cells::safe;
use crate::review::sheet::{self, ExceptionRow};
use crate::words::shown;
use std::io;

/// The columns, in this order.
pub const COLUMNS: [&str; 13] = [
    "payment_id",
    "bank_ref",
    "rank",
    "probability",
    "kind",
    "customer_id",
    "item_id",
    "doc_no",
    "amount",
    "discount",
    "charges",
    "for",
    "against",
];

/// Writes the candidates in the order of the sheet, each payment's strongest first; `rows` are those of the sheet.
///
/// Refuses rows that are not one for each payment: a candidate would be lost.
pub fn write(night: &Night, rows: &[ExceptionRow], out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    let exceptions = sheet::exceptions(night);
    if exceptions.len() != rows.len() {
        let message = format!("{} payments are shown, {} rows were made", exceptions.len(), rows.len());
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    for (judged, row) in exceptions.into_iter().zip(rows) {
        let candidates = judged.explanation.candidates.iter().zip(row.clauses());
        for (position, (candidate, clauses)) in candidates.enumerate() {
            write_one(&mut table, judged, position + 1, candidate, clauses)?;
        }
    }
    table.flush()
}

fn write_one<W: io::Write>(
    table: &mut csv::Writer<W>,
    judged: &JudgedPayment,
    rank: usize,
    candidate: &Candidate,
    (speaks_for, speaks_against): &(String, String),
) -> io::Result<()> {
    let payment = &judged.payment;
    let decimal = |minor: i64| decimal_text(minor, payment.amount.currency.decimals());
    let (rank, probability) = (rank.to_string(), candidate.probability.to_string());
    let (speaks_for, speaks_against) = (shown::text(speaks_for), shown::text(speaks_against));
    let (speaks_for, speaks_against) = (safe(&speaks_for), safe(&speaks_against));
    let mut write = |item: &str, document: &str, amounts: [i64; 3]| -> io::Result<()> {
        let [cash, discount, charges] = amounts.map(decimal);
        let cells: [&str; COLUMNS.len()] = [
            &payment.id.0,
            &payment.bank_ref,
            &rank,
            &probability,
            candidate.kind.code(),
            &candidate.customer_id,
            item,
            document,
            &cash,
            &discount,
            &charges,
            &speaks_for,
            &speaks_against,
        ];
        table.write_record(cells)?;
        Ok(())
    };
    for part in &candidate.allocations {
        write(
            &part.item_id,
            &part.document_number,
            [part.cash, part.discount, part.charges],
        )?;
    }
    if candidate.on_account != 0 || candidate.allocations.is_empty() {
        write("", "", [candidate.on_account, 0, 0])?;
    }
    Ok(())
}
