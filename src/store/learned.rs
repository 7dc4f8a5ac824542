//! What people approved or revoked of what was learned.

use crate::model::knowledge::{KnownChange, KnownKind, Learned};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::word::{count, day, int};
use rusqlite::params;

impl Store {
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
