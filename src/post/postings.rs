//! `postings.csv`: the generic target, one row per allocation, exact values for machines.
//!
//! UTF-8 without a byte order mark, `,`, lines end with `\n`, quotes only where RFC 4180 needs them. Nothing is escaped
//! for spreadsheets: whoever reads it gets what the bank wrote.

use crate::model::date::iso;
use crate::model::money::decimal_text;
use crate::model::{Amount, EvidenceClass, JudgedPayment, Label, Night, Payment, PostingLine};
use rustc_hash::FxHashMap;
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
    let run = night.run.number.to_string();
    for reversal in &night.reversals {
        for (line, of) in reversal.lines.iter().zip(&reversal.posting.lines) {
            let mut booked = Booked::new(&run, &reversal.payment, &reversal.decided_by);
            booked.reverses = &of.id;
            booked.write(&mut table, line)?;
        }
    }
    // Few classes: each is spelled once.
    let mut classes: FxHashMap<EvidenceClass, String> = FxHashMap::default();
    for (posting, judged) in night.postings.iter().zip(payments) {
        let Some(judged) = judged else {
            let message = format!("the posting of payment {} belongs to no payment", posting.payment_id);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        };
        let mut booked = Booked::new(&run, &judged.payment, &posting.decided_by);
        booked.kind = posting.kind.code();
        booked.class = match posting.class {
            None => "",
            Some(class) => classes.entry(class).or_insert_with(|| class.to_string()),
        };
        booked.probability = posting.probability.map(|known| known.to_string()).unwrap_or_default();
        for line in &posting.lines {
            booked.write(&mut table, line)?;
        }
    }
    table.flush()
}

/// What the lines of one posting, or of what takes one back, have in common.
struct Booked<'a> {
    run: &'a str,
    payment: &'a Payment,
    booking_date: Label,
    value_date: Label,
    kind: &'a str,
    /// Whose evidence is told; empty for what takes one back.
    class: &'a str,
    probability: String,
    decided_by: &'a str,
    reverses: &'a str,
}

impl<'a> Booked<'a> {
    /// What takes a posting back, until the rest is said.
    fn new(run: &'a str, payment: &'a Payment, decided_by: &'a str) -> Booked<'a> {
        Booked {
            run,
            payment,
            booking_date: iso(payment.booking_date),
            value_date: payment.value_date.map(iso).unwrap_or_default(),
            kind: "reversal",
            class: "",
            probability: String::new(),
            decided_by,
            reverses: "",
        }
    }

    fn write<W: io::Write>(&self, table: &mut csv::Writer<W>, line: &PostingLine) -> io::Result<()> {
        let payment = self.payment;
        let decimals = payment.amount.currency.decimals();
        let amounts = [line.amount, line.discount, line.charges, line.write_off];
        let [amount, discount, charges, write_off] = amounts.map(|minor| decimal_text(minor, decimals));
        let on_item = line.item_id.as_ref().map(|_| line.item_amount);
        let item_amount = on_item.map(Amount::decimal).unwrap_or_default();
        let cells: [&str; COLUMNS.len()] = [
            &line.id,
            self.run,
            &payment.id.0,
            &payment.bank_ref,
            &payment.account,
            &self.booking_date,
            &self.value_date,
            payment.payer_name(),
            &line.customer_id,
            line.item_id.as_deref().unwrap_or_default(),
            &line.document_number,
            self.kind,
            &amount,
            &discount,
            &charges,
            &write_off,
            payment.amount.currency.code(),
            &item_amount,
            on_item.as_ref().map_or("", |amount| amount.currency.code()),
            self.class,
            &self.probability,
            self.decided_by,
            &line.text,
            self.reverses,
        ];
        table.write_record(cells)?;
        Ok(())
    }
}
