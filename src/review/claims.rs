//! `claims.csv`: what salespeople claim, compared with what was received.
//!
//! UTF-8, `,`, lines end with `\n`. What people typed is kept from being a formula.

use crate::model::Amount;
use crate::model::claim::ClaimLine;
use crate::review::cells::Cell;
use crate::words::shown;
use std::io;

/// The columns, in this order.
pub const COLUMNS: [&str; 18] = [
    "state",
    "salesperson",
    "claimed_on",
    "customer",
    "customer_id",
    "claimed",
    "currency",
    "references",
    "note",
    "age_days",
    "payment_id",
    "bank_ref",
    "booking_date",
    "received",
    "difference",
    "payer_name",
    "received_for",
    "source",
];

/// Returns the cells of a line, by column.
pub(super) fn cells(line: &ClaimLine) -> [Cell; 18] {
    let (claim, receipt) = (line.claim.as_ref(), line.receipt.as_ref());
    let text = |written: Option<&str>| Cell::text(shown::text(written.unwrap_or_default()));
    let amount = |amount: Option<Amount>| match amount {
        Some(amount) => Cell::Amount {
            minor: amount.minor,
            decimals: amount.currency.decimals(),
        },
        None => Cell::Empty,
    };
    let claimed = claim.map(|claim| claim.amount);
    let received = receipt.map(|receipt| receipt.amount);
    let both = claimed.zip(received);
    let difference = both.map(|(claimed, received)| Amount::new(received.minor - claimed.minor, received.currency));
    [
        Cell::text(line.state.code()),
        text(Some(&line.salesperson)),
        claim.map_or(Cell::Empty, |claim| Cell::Date(claim.claimed_on)),
        text(claim.map(|claim| claim.customer.as_str())),
        text(claim.and_then(|claim| claim.customer_id.as_deref())),
        amount(claimed),
        text(claimed.or(received).as_ref().map(|amount| amount.currency.code())),
        text(claim.map(|claim| claim.references.join("; ")).as_deref()),
        text(claim.map(|claim| claim.note.as_str())),
        Cell::Count(line.age_days),
        text(receipt.map(|receipt| receipt.payment_id.as_str())),
        text(receipt.map(|receipt| receipt.bank_ref.as_str())),
        receipt.map_or(Cell::Empty, |receipt| Cell::Date(receipt.booked_on)),
        amount(received),
        amount(difference),
        text(receipt.map(|receipt| receipt.payer_name.as_str())),
        text(receipt.map(|receipt| receipt.customer_ids.join("; ")).as_deref()),
        text(claim.map(|claim| claim.source.to_string()).as_deref()),
    ]
}

/// Writes the comparison: claims by day and place, then receipts that nobody claims.
pub fn write(lines: &[ClaimLine], out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    for line in lines {
        table.write_record(cells(line).iter().map(|cell| cell.csv_text().into_owned()))?;
    }
    table.flush()
}
