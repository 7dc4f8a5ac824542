//! `postings.csv`: the generic target, one row per allocation, exact values for machines.
//!
//! UTF-8 without a byte order mark, `,`, lines end with `\n`, quotes only where RFC 4180 needs them. Nothing is escaped
//! for spreadsheets: whoever reads it gets what the bank wrote.

use crate::model::date::iso;
use crate::model::money::decimal_text;
use crate::model::{JudgedPayment, Night, Payment, Posting, PostingLine};
use std::borrow::Cow;
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
            table.write_record(cells(&booked, line).iter().map(|cell| cell.as_bytes()))?;
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
            table.write_record(cells(&booked, line).iter().map(|cell| cell.as_bytes()))?;
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

fn cells<'a>(booked: &Booked<'a>, line: &'a PostingLine) -> [Cow<'a, str>; 24] {
    let payment = booked.payment;
    let decimals = payment.amount.currency.decimals();
    let amount = |minor: i64| Cow::Owned(decimal_text(minor, decimals));
    let (item_amount, item_currency) = match &line.item_id {
        Some(_) => (line.item_amount.decimal(), line.item_amount.currency.to_string()),
        None => (String::new(), String::new()),
    };
    let class = booked.posting.and_then(|posting| posting.class);
    let probability = booked.posting.and_then(|posting| posting.probability);
    [
        line.id.as_str().into(),
        booked.run.to_string().into(),
        payment.id.0.as_str().into(),
        payment.bank_ref.as_str().into(),
        payment.account.as_str().into(),
        iso(payment.booking_date).into(),
        payment.value_date.map(iso).unwrap_or_default().into(),
        payment.payer_name().into(),
        line.customer_id.as_str().into(),
        line.item_id.as_deref().unwrap_or_default().into(),
        line.document_number.as_str().into(),
        booked.kind.into(),
        amount(line.amount),
        amount(line.discount),
        amount(line.charges),
        amount(line.write_off),
        payment.amount.currency.to_string().into(),
        item_amount.into(),
        item_currency.into(),
        class.map(|class| class.to_string()).unwrap_or_default().into(),
        probability.map(|known| known.to_string()).unwrap_or_default().into(),
        booked.decided_by.into(),
        line.text.as_str().into(),
        booked.reverses.into(),
    ]
}
