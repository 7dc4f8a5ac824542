//! `set_aside.csv`: what is no receipt, by named rule. UTF-8, `,`, lines end with `\n`, exact values.

use crate::model::date::iso;
use crate::model::{Night, Outcome};
use crate::words::{Words, reason};
use std::io;

/// The columns that `duplicates.csv` has, too.
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

/// Who set it aside, what the decision names (a ledger account, the ERP's document), and why; empty for what the program sets aside.
const DECIDED: [&str; 3] = ["decided_by", "target", "note"];

/// Writes the payments that are set aside, in the order of the night.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS.into_iter().chain(DECIDED))?;
    for judged in &night.payments {
        let Outcome::SetAside(rule) = judged.explanation.outcome else {
            continue;
        };
        let payment = &judged.payment;
        let decided = judged.set_aside_by.as_deref();
        table.write_record([
            payment.id.to_string(),
            payment.bank_ref.to_string(),
            payment.account.to_string(),
            iso(payment.booking_date).to_string(),
            payment.amount.decimal().to_string(),
            payment.amount.currency.to_string(),
            rule.code().to_owned(),
            reason::set_aside(Words::of(night.language), rule),
            decided.map(|decided| decided.decided_by.clone()).unwrap_or_default(),
            decided.map(crate::model::Decision::target_text).unwrap_or_default(),
            decided.map(|decided| decided.note.clone()).unwrap_or_default(),
        ])?;
    }
    table.flush()
}
