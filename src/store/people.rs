//! What people said in earlier runs: lessons with where they come from, amendments, decisions that wait for a second person.

use crate::model::decision::{Amendment, Waiting};
use crate::model::{Amended, PaymentId};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::records::{ReopenedItem, StoredLesson};
use crate::store::word::{count, from_json, from_word};
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;

impl Store {
    /// Returns what people taught, oldest first, revoked lessons included.
    pub fn lessons(&self) -> Result<Vec<StoredLesson>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT l.number, l.run, l.confirmed, s.kind, s.payment_id, s.decided_by, s.approved_by, r.run FROM lesson l \
                 LEFT JOIN lesson_source s ON s.lesson = l.number LEFT JOIN lesson_revoked r ON r.lesson = l.number \
                 ORDER BY l.number",
            )?;
            let mut rows = statement.query([])?;
            let mut lessons = Vec::new();
            while let Some(row) = rows.next()? {
                let (kind, payment_id): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
                let (decided_by, approved_by): (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
                let revoked_in: Option<i64> = row.get(7)?;
                lessons.push(StoredLesson {
                    number: row.get(0)?,
                    run: count(row.get(1)?)?,
                    kind: from_word(kind.as_deref().unwrap_or("Confirmed"))?,
                    confirmed: from_json(row.get_ref(2)?.as_str().unwrap_or_default(), "a lesson")?,
                    payment_id: payment_id.map(PaymentId),
                    decided_by: decided_by.unwrap_or_default(),
                    approved_by: approved_by.unwrap_or_default(),
                    revoked_in: revoked_in.map(count).transpose()?,
                });
            }
            Ok(lessons)
        })
    }

    /// Returns what people said about open payments so that they are matched again, oldest first; nothing from before a posting was
    /// taken back.
    pub fn amendments(&self) -> Result<Vec<Amendment>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT p.id, a.amended, a.decided_by FROM amendment a JOIN payment p ON p.number = a.payment \
                 JOIN judgement j ON j.payment = a.payment WHERE j.state IN ('open', 'proposed') \
                 AND a.run > coalesce((SELECT max(revoked_in) FROM posting g WHERE g.payment = a.payment), 0) ORDER BY a.number",
            )?;
            let mut rows = statement.query([])?;
            let mut amendments = Vec::new();
            while let Some(row) = rows.next()? {
                let amended: Amended = from_json(row.get_ref(1)?.as_str().unwrap_or_default(), "an amendment")?;
                amendments.push(Amendment {
                    payment_id: PaymentId(row.get(0)?),
                    amended,
                    decided_by: row.get(2)?,
                });
            }
            Ok(amendments)
        })
    }

    /// Returns the items whose postings were taken back after the export stopped showing them, as their postings named them.
    pub fn reopened_items(&self) -> Result<BTreeMap<String, ReopenedItem>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT l.item_id, l.customer_id, l.document_number FROM reversal_line b \
                 JOIN posting_line l ON l.number = b.posting_line JOIN in_flight f ON f.item_id = l.item_id \
                 WHERE f.posted < 0 AND f.exported_open = 0 ORDER BY b.number",
            )?;
            let mut rows = statement.query([])?;
            let mut items = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let item = ReopenedItem {
                    customer_id: row.get(1)?,
                    document_number: row.get(2)?,
                };
                items.insert(row.get(0)?, item);
            }
            Ok(items)
        })
    }

    /// Returns the decisions that wait for a second person, oldest first.
    pub fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT number, run, decision, row_hash, EXISTS (SELECT 1 FROM waiting b JOIN waiting_ended e ON e.waiting = b.number \
                 WHERE b.payment_id = w.payment_id AND e.how = 'replaced') FROM waiting w \
                 WHERE NOT EXISTS (SELECT 1 FROM waiting_ended WHERE waiting = w.number) ORDER BY number",
            )?;
            let mut rows = statement.query([])?;
            let mut waiting = Vec::new();
            while let Some(row) = rows.next()? {
                let decision = row.get_ref(2)?.as_str().unwrap_or_default();
                waiting.push(Waiting {
                    number: row.get(0)?,
                    run: count(row.get(1)?)?,
                    decision: from_json(decision, "a decision that waits")?,
                    row_hash: row.get(3)?,
                    is_edited: row.get(4)?,
                });
            }
            Ok(waiting)
        })
    }

    /// Returns the payment that the posting with this id belongs to, be it live or taken back.
    pub fn payment_of_posting(&self, posting_id: &str) -> Result<Option<PaymentId>, StoreError> {
        self.told(|connection| {
            let sql = "SELECT p.id FROM posting_line l JOIN posting g ON g.number = l.posting \
                       JOIN payment p ON p.number = g.payment WHERE l.id = ?1";
            let found: Option<String> = connection
                .prepare_cached(sql)?
                .query_row([posting_id], |row| row.get(0))
                .optional()?;
            Ok(found.map(PaymentId))
        })
    }
}
