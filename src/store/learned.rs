//! What people approved or revoked of what was learned; and what was posted for whom.

use crate::model::claim::Receipt;
use crate::model::knowledge::{KnownChange, KnownKind, Learned};
use crate::model::{NaiveDate, Payment};
use crate::store::Store;
use crate::store::block::{BlockReader, Place};
use crate::store::error::StoreError;
use crate::store::word::{amount, count, day, int};
use rusqlite::params;

impl Store {
    /// Returns the receipts of booking dates, both inclusive, that runs posted and nobody took back, in the order of the record.
    pub fn posted_receipts(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Receipt>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare(
                "SELECT p.id, p.booking_date, p.minor, p.currency, p.bank_ref, p.block, p.place, g.number \
                 FROM posting g JOIN payment p ON p.number = g.payment \
                 WHERE g.revoked_in IS NULL AND p.minor > 0 AND p.booking_date BETWEEN ?1 AND ?2 ORDER BY p.number",
            )?;
            let mut customers =
                connection.prepare("SELECT DISTINCT customer_id FROM posting_line WHERE posting = ?1 ORDER BY 1")?;
            let mut documents = connection
                .prepare("SELECT DISTINCT document_number FROM posting_line WHERE posting = ?1 ORDER BY 1")?;
            let mut rows = statement.query([from.to_string(), to.to_string()])?;
            let mut blocks = BlockReader::new(connection);
            let mut receipts = Vec::new();
            while let Some(row) = rows.next()? {
                let payment_id: String = row.get(0)?;
                let payment: Option<Payment> = match row.get::<_, Option<i64>>(5)? {
                    Some(block) => Some(blocks.read(Place { block, at: row.get(6)? }, &payment_id)?),
                    None => None,
                };
                let posting: i64 = row.get(7)?;
                let customer_ids = customers.query_map([posting], |row| row.get(0))?;
                let document_numbers = documents.query_map([posting], |row| row.get(0))?;
                receipts.push(Receipt {
                    bank_ref: row.get(4)?,
                    booked_on: day(row.get_ref(1)?.as_str().unwrap_or_default())?,
                    amount: amount(row.get(2)?, row.get_ref(3)?.as_str().unwrap_or_default())?,
                    customer_ids: customer_ids.collect::<Result<_, _>>()?,
                    candidate_ids: Vec::new(),
                    document_numbers: document_numbers.collect::<Result<_, _>>()?,
                    payer_name: payment.map_or_else(String::new, |payment| payment.payer_name().to_owned()),
                    payment_id,
                });
            }
            Ok(receipts)
        })
    }

    /// Returns what people approved and revoked, oldest first.
    pub fn known_changes(&self) -> Result<Vec<KnownChange>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare(
                "SELECT after_run, kind, value, customer_id, action, changed_by, changed_on, note FROM known_change ORDER BY number",
            )?;
            let mut rows = statement.query([])?;
            let mut changes = Vec::new();
            while let Some(row) = rows.next()? {
                let (kind, action): (String, String) = (row.get(1)?, row.get(4)?);
                changes.push(KnownChange {
                    after_run: count(row.get(0)?)?,
                    learned: Learned {
                        kind: if kind == "account" { KnownKind::Account } else { KnownKind::Name },
                        value: row.get(2)?,
                        customer_id: row.get(3)?,
                    },
                    is_revoked: action == "revoke",
                    changed_by: row.get(5)?,
                    changed_on: day(row.get_ref(6)?.as_str().unwrap_or_default())?,
                    note: row.get(7)?,
                });
            }
            Ok(changes)
        })
    }

    /// Records that a person approved or revoked something; the next run follows it. Refuses without the lock.
    pub fn change_known(&mut self, change: &KnownChange) -> Result<(), StoreError> {
        self.writable()?;
        let path = self.path.clone();
        let action = if change.is_revoked { "revoke" } else { "approve" };
        let learned = &change.learned;
        let write = |store: &Store| -> Result<(), StoreError> {
            store.connection.execute(
                "INSERT INTO known_change (after_run, kind, value, customer_id, action, changed_by, changed_on, note) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    int(change.after_run)?,
                    learned.kind.code(),
                    learned.value,
                    learned.customer_id,
                    action,
                    change.changed_by,
                    change.changed_on.to_string(),
                    change.note
                ],
            )?;
            Ok(())
        };
        write(self).map_err(|error| error.at(&path))
    }
}
