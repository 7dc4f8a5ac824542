//! Writes what people decided beside postings: what they took back, taught, amended, and what waits for a second person.

use super::write::{Writer, in_flight_of};
use crate::model::{PaymentId, Reversal};
use crate::store::error::StoreError;
use crate::store::records::InFlight;
use crate::store::word::{json, word};
use rusqlite::{OptionalExtension, params};
use rustc_hash::FxHashMap;

impl<'c> Writer<'_, 'c> {
    /// Revokes postings before their payments are judged anew. The lines are those of the posting, turned around.
    pub(in crate::store) fn reversals(&mut self) -> Result<(), StoreError> {
        let items = self.commit.in_flight.iter();
        let flying: FxHashMap<&str, &InFlight> = items.map(|item| (item.item_id.as_str(), item)).collect();
        let reversals: &'c [Reversal] = self.commit.reversals;
        for reversal in reversals {
            let payment = self.payment(&reversal.payment.id)?.number;
            let sql = "SELECT number FROM posting WHERE payment = ?1 AND revoked_in IS NULL";
            let posting: Option<i64> = self
                .transaction
                .query_row(sql, [payment], |row| row.get(0))
                .optional()?;
            let posting = posting.ok_or_else(|| {
                let detail = format!("payment {} is taken back, but not posted", reversal.payment.id);
                StoreError::inconsistent(detail)
            })?;
            let sql = "UPDATE posting SET revoked_in = ?1 WHERE number = ?2";
            self.transaction.execute(sql, [self.run, posting])?;
            let sql = "INSERT INTO reversal (run, posting, decided_by, approved_by, note) VALUES (?1, ?2, ?3, ?4, ?5)";
            let people = params![
                self.run,
                posting,
                reversal.decided_by,
                reversal.approved_by,
                reversal.note
            ];
            self.transaction.execute(sql, people)?;
            let number = self.transaction.last_insert_rowid();
            self.reversal_lines(number, posting, reversal, &flying)?;
            self.unlearn(&reversal.payment.id, &reversal.decided_by)?;
        }
        Ok(())
    }

    fn reversal_lines(
        &self,
        reversal: i64,
        posting: i64,
        told: &Reversal,
        flying: &FxHashMap<&str, &InFlight>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO reversal_line (reversal, posting_line, id, exported_open, posted) \
                   SELECT ?1, number, ?3, ?4, ?5 FROM posting_line WHERE posting = ?2 AND id = ?6 AND cash = -?7 \
                   AND item_minor = -?8";
        let mut insert = self.transaction.prepare_cached(sql)?;
        for (line, of) in told.lines.iter().zip(&told.posting.lines) {
            let item = line.item_id.as_deref();
            let flight = item
                .map(|item| in_flight_of(flying, item, self.commit, line))
                .transpose()?;
            let inserted = insert.execute(params![
                reversal,
                posting,
                line.id.as_str(),
                flight.map(|flight| flight.exported_open),
                flight.map(|flight| flight.posted),
                of.id.as_str(),
                line.amount,
                line.item_amount.minor,
            ])?;
            if inserted != 1 {
                let detail = format!("{} does not turn posting {} around", line.id, of.id);
                return Err(StoreError::inconsistent(detail));
            }
        }
        let sql = "SELECT count(*) FROM posting_line WHERE posting = ?1";
        let lines: i64 = self.transaction.query_row(sql, [posting], |row| row.get(0))?;
        if lines != told.lines.len() as i64 {
            let detail = format!(
                "only a part of the posting of payment {} is taken back",
                told.payment.id
            );
            return Err(StoreError::inconsistent(detail));
        }
        Ok(())
    }

    /// What the payment taught does not count any more.
    fn unlearn(&self, payment: &PaymentId, decided_by: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO lesson_revoked (run, lesson, decided_by) \
                   SELECT ?1, s.lesson, ?2 FROM lesson_source s WHERE s.payment_id = ?3 AND s.kind <> 'Doubt' \
                   AND NOT EXISTS (SELECT 1 FROM lesson_revoked r WHERE r.lesson = s.lesson)";
        self.transaction
            .execute(sql, params![self.run, decided_by, payment.0])?;
        Ok(())
    }

    pub(super) fn lessons(&mut self) -> Result<(), StoreError> {
        let sql = "INSERT INTO lesson_source (run, lesson, kind, payment_id, decided_by, approved_by) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert_source = self.transaction.prepare(sql)?;
        let sql = "INSERT INTO lesson (run, confirmed) VALUES (?1, ?2)";
        let mut insert = self.transaction.prepare(sql)?;
        for lesson in self.commit.lessons {
            insert.execute(params![self.run, json(&lesson.confirmed)?])?;
            insert_source.execute(params![
                self.run,
                self.transaction.last_insert_rowid(),
                word(&lesson.kind)?,
                lesson.payment_id.0,
                lesson.decided_by,
                lesson.approved_by,
            ])?;
        }
        Ok(())
    }

    pub(super) fn amendments(&mut self) -> Result<(), StoreError> {
        let sql = "INSERT INTO amendment (run, payment, amended, decided_by) VALUES (?1, ?2, ?3, ?4)";
        let amendments = self.commit.amendments;
        for amendment in amendments {
            let payment = self.payment(&amendment.payment_id)?.number;
            let amended = json(&amendment.amended)?;
            let values = params![self.run, payment, amended, amendment.decided_by];
            self.transaction.execute(sql, values)?;
        }
        Ok(())
    }

    pub(super) fn waiting(&mut self) -> Result<(), StoreError> {
        let sql = "INSERT INTO waiting_ended (run, waiting, how) VALUES (?1, ?2, ?3)";
        for (number, how) in self.commit.waiting_ended {
            self.transaction.execute(sql, params![self.run, number, how.code()])?;
        }
        let sql = "INSERT INTO waiting (run, payment_id, decision, row_hash) VALUES (?1, ?2, ?3, ?4)";
        for waiting in self.commit.waiting {
            let decision = json(&waiting.decision)?;
            let payment_id = &waiting.decision.payment_id.0;
            self.transaction
                .execute(sql, params![self.run, payment_id, decision, waiting.row_hash])?;
        }
        Ok(())
    }
}
