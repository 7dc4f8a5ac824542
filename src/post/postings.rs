//! `postings.csv`: the generic target, one row per allocation, exact values for machines.
//!
//! UTF-8 without a byte order mark, `,`, lines end with `\n`, quotes only where RFC 4180 needs them. Nothing is escaped
//! for spreadsheets: whoever reads it gets what the bank wrote.

use crate::model::money::decimal_text;
use crate::model::{JudgedPayment, Night, Payment, Posting, PostingLine};
use std::io;

/// The columns, in this order.
pub const COLUMNS: [&str; 24] = [
    "posting_id",
    "run",
    "payment_id",
    "bank_ref",
    "account",
    "booking_date",
    "value_date",
    "payer_name",
    "customer_id",
    "item_id",
    "doc_no",
    "kind",
    "amount",
    "discount",
    "charges",
    "write_off",
    "currency",
    "item_amount",
    "item_currency",
    "evidence_class",
    "probability",
    "decided_by",
    "text",
    "reverses",
];

/// Writes every line of every posting of the night, in the order of its payments, and before them what takes earlier postings back.
///
/// A row with `reverses` takes the posting of that id back: the same payment, item and customer, the amounts turned around.
/// `item_amount` and `item_currency` say by how much the item is reduced in its own currency; both are empty on account.
/// Refuses a posting that belongs to no payment of the night: it could not be traced to the bank.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let mut payments: Vec<Option<&JudgedPayment>> = vec![None; night.postings.len()];
    for judged in &night.payments {
        if let Some(place) = judged.posting.and_then(|position| payments.get_mut(position)) {
            *place = Some(judged);
        }
    }
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    for reversal in &night.reversals {
        for (line, of) in reversal.lines.iter().zip(&reversal.posting.lines) {
            let booked = Booked {
                run: night.run.number,
                payment: &reversal.payment,
                kind: "reversal",
                posting: None,
                decided_by: &reversal.decided_by,
                reverses: &of.id,
            };
            table.write_record(cells(&booked, line))?;
        }
    }
    for (posting, judged) in night.postings.iter().zip(payments) {
        let Some(judged) = judged else {
            let message = format!("the posting of payment {} belongs to no payment", posting.payment_id);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        };
        let booked = Booked {
            run: night.run.number,
            payment: &judged.payment,
            kind: posting.kind.code(),
            posting: Some(posting),
            decided_by: &posting.decided_by,
            reverses: "",
        };
        for line in &posting.lines {
            table.write_record(cells(&booked, line))?;
        }
    }
    table.flush()
}

/// What the lines of one posting, or of what takes one back, have in common.
struct Booked<'a> {
    run: u64,
    payment: &'a Payment,
    kind: &'a str,
    /// Whose evidence is told; `None` for what takes one back.
    posting: Option<&'a Posting>,
    decided_by: &'a str,
    reverses: &'a str,
}

fn cells(booked: &Booked<'_>, line: &PostingLine) -> [String; 24] {
    let payment = booked.payment;
    let decimals = payment.amount.currency.decimals();
    let (item_amount, item_currency) = match &line.item_id {
        Some(_) => (line.item_amount.decimal(), line.item_amount.currency.to_string()),
        None => (String::new(), String::new()),
    };
    let class = booked.posting.and_then(|posting| posting.class);
    let probability = booked.posting.and_then(|posting| posting.probability);
    [
        line.id.clone(),
        booked.run.to_string(),
        payment.id.to_string(),
        payment.bank_ref.clone(),
        payment.account.clone(),
        payment.booking_date.to_string(),
        payment.value_date.map(|date| date.to_string()).unwrap_or_default(),
        payment.payer_name().to_owned(),
        line.customer_id.clone(),
        line.item_id.clone().unwrap_or_default(),
        line.document_number.clone(),
        booked.kind.to_owned(),
        decimal_text(line.amount, decimals),
        decimal_text(line.discount, decimals),
        decimal_text(line.charges, decimals),
        decimal_text(line.write_off, decimals),
        payment.amount.currency.to_string(),
        item_amount,
        item_currency,
        class.map(|class| class.to_string()).unwrap_or_default(),
        probability.map(|known| known.to_string()).unwrap_or_default(),
        booked.decided_by.to_owned(),
        line.text.clone(),
        booked.reverses.to_owned(),
    ]
}
