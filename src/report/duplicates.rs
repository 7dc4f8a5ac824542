//! `duplicates.csv`: entries known from another delivery. UTF-8, `,`, lines end with `\n`, exact values.

use crate::model::Night;
use crate::model::money::decimal_text;
use crate::report::set_aside::COLUMNS;
use crate::words::Words;
use std::io;

/// Writes the entries that are no new payments, in the order of the night.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    let words = Words::of(night.language);
    for entry in &night.duplicates {
        table.write_record([
            entry.payment_id.clone(),
            entry.bank_ref.clone(),
            entry.account.clone(),
            entry.booking_date.to_string(),
            decimal_text(entry.amount, entry.currency.decimals()).to_string(),
            entry.currency.to_string(),
            entry.rule.to_owned(),
            words.phrase(&entry.text),
        ])?;
    }
    table.flush()
}
