//! `set_aside.csv`: what is no receipt, by named rule. UTF-8, `,`, lines end with `\n`, exact values.

use crate::model::{Night, Outcome};
use crate::words::{Words, reason};
use std::io;

/// The columns, in this order; `duplicates.csv` has the same.
pub const COLUMNS: [&str; 8] = [
    "payment_id",
    "bank_ref",
    "account",
    "booking_date",
    "amount",
    "currency",
    "rule",
    "text",
];

/// Writes the payments that are set aside, in the order of the night.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    for judged in &night.payments {
        let Outcome::SetAside(rule) = judged.explanation.outcome else {
            continue;
        };
        let payment = &judged.payment;
        table.write_record([
            payment.id.to_string(),
            payment.bank_ref.clone(),
            payment.account.clone(),
            payment.booking_date.to_string(),
            payment.amount.decimal(),
            payment.amount.currency.to_string(),
            rule.code().to_owned(),
            reason::set_aside(Words::of(night.language), rule),
        ])?;
    }
    table.flush()
}
