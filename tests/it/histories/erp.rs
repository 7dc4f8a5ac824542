//! The ERP of a history: it owns the invoices, books what paymatch delivers when and as often as it likes, and exports.

use super::bank::decimal;
use crate::program::rows;
use std::collections::BTreeMap;
use std::path::Path;

/// Customers by name.
pub const CUSTOMERS: [&str; 4] = [
    "Nordwind Handels GmbH",
    "Kiesel Maschinenbau AG",
    "Lindhof Werkzeuge KG",
    "Ostkai Spedition GmbH",
];

#[derive(Clone, Debug)]
pub struct Invoice {
    pub customer: usize,
    pub number: String,
    /// Signed cents; a credit note is negative.
    pub cents: i64,
    pub has_discount: bool,
    /// What was booked of paymatch's postings, and of what takes them back.
    pub booked: i64,
    /// What was booked once more, where the ERP books twice.
    pub again: i64,
    /// What people booked in the ERP by themselves.
    pub by_hand: i64,
}

impl Invoice {
    pub fn open(&self) -> i64 {
        self.cents - self.booked - self.again - self.by_hand
    }

    /// Books, and books again as far as the invoice allows.
    fn book(&mut self, cents: i64, is_twice: bool) {
        self.booked += cents;
        if is_twice {
            let (least, most) = (self.open() - self.cents, self.open());
            self.again += cents.clamp(least.min(most), least.max(most));
        }
    }
}

/// An export with what stood behind it.
#[derive(Clone, Debug)]
pub struct Export {
    pub text: String,
    /// Open cents by invoice.
    pub open: Vec<i64>,
    /// Booked by then, by invoice.
    pub booked: Vec<i64>,
}

#[derive(Clone, Debug, Default)]
pub struct Erp {
    pub invoices: Vec<Invoice>,
    /// posting_id → cents of the item booked so far.
    seen: BTreeMap<String, i64>,
    pub exports: Vec<Export>,
}

/// How the ERP books what lies in the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Booking {
    All,
    FirstLine,
    Half,
    Twice,
}

impl Erp {
    pub fn add(&mut self, customer: usize, cents: i64, has_discount: bool) {
        let number = format!("RE-2026-{}", 1001 + self.invoices.len() * 7);
        self.invoices.push(Invoice {
            customer,
            number,
            cents,
            has_discount,
            booked: 0,
            again: 0,
            by_hand: 0,
        });
    }

    /// Books the delivered files of an outbox; those that the ERP took away count, too.
    pub fn book(&mut self, outbox: &Path, how: Booking) {
        let mut lines = Vec::new();
        for folder in [outbox.to_owned(), outbox.join("done")] {
            let Ok(listed) = std::fs::read_dir(&folder) else {
                continue;
            };
            let paths = listed.filter_map(|entry| Some(entry.ok()?.path()));
            for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == "csv")) {
                lines.extend(rows(&path));
            }
        }
        // In the order of the runs: what takes a posting back comes after it.
        lines.sort_by_key(|line| {
            let (run, number) = line["posting_id"].split_once('-').expect("a posting id");
            let number_of = |text: &str| text.parse::<u64>().expect("a number");
            (number_of(run), number_of(number))
        });
        for line in lines.iter().filter(|line| !line["item_id"].is_empty()) {
            let cents: i64 = line["item_amount"].replace('.', "").parse().expect("an amount");
            let position: usize = line["item_id"][1..].parse().expect("an item");
            let seen = self.seen.entry(line["posting_id"].clone()).or_default();
            let left = cents - *seen;
            if left == 0 {
                continue;
            }
            let now = match how {
                Booking::Half => left - left / 2,
                _ => left,
            };
            *seen += now;
            self.invoices[position].book(now, how == Booking::Twice);
            if how == Booking::FirstLine {
                return;
            }
        }
    }

    /// Returns true when all postings on an item are booked: only then people may book on it by hand.
    pub fn has_booked(&self, position: usize, posted: i64) -> bool {
        self.invoices[position].booked == posted
    }

    /// Returns the cash discount that the terms of an item grant, in cents; nothing on account.
    pub fn discount(&self, item_id: &str) -> i64 {
        let position = item_id
            .strip_prefix('I')
            .and_then(|number| number.parse::<usize>().ok());
        let invoice = position.map(|position| &self.invoices[position]);
        invoice
            .filter(|invoice| invoice.has_discount)
            .map_or(0, |invoice| (invoice.cents + 25) / 50)
    }

    /// Writes the open items of now; closed ones are left out, or listed as closed.
    pub fn export(&mut self, lists_closed: bool) -> usize {
        let mut text = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount,discount_pct,discount_date,closed_on\n".to_owned();
        for (position, invoice) in self.invoices.iter().enumerate() {
            let open = invoice.open();
            if open == 0 && !lists_closed {
                continue;
            }
            let discount = if invoice.has_discount { "2,2026-12-31" } else { "," };
            let closed = if open == 0 { "2026-03-02" } else { "" };
            text.push_str(&format!(
                "I{position},C{},{},{},{},2026-02-01,2026-03-01,EUR,{},{},{discount},{closed}\n",
                invoice.customer,
                CUSTOMERS[invoice.customer],
                if invoice.cents < 0 { "CRN" } else { "INV" },
                invoice.number,
                decimal(invoice.cents),
                decimal(open),
            ));
        }
        self.exports.push(Export {
            text,
            open: self.invoices.iter().map(Invoice::open).collect(),
            booked: self.invoices.iter().map(|invoice| invoice.booked).collect(),
        });
        self.exports.len() - 1
    }
}
