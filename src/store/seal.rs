//! Seals: a hash over what each run added to each table, so that a later edit of the store is found.

use crate::store::error::StoreError;
use crate::store::files::hex;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, Transaction};
use sha2::{Digest, Sha256};

/// A table that only grows, with the columns that never change.
pub(crate) struct Section {
    /// Name of the table.
    pub(crate) name: &'static str,
    columns: &'static str,
}

/// Everything that only grows, by `number`.
pub(crate) const SECTIONS: &[Section] = &[
    Section {
        name: "output",
        columns: "number, run, place, name, sha256, bytes",
    },
    Section {
        name: "statement",
        columns: "number, run, account, key, content_hash, currency, sequence, year, from_day, to_day, opening, closing, \
                  is_proved, origin, format",
    },
    Section {
        name: "block",
        columns: "number, run, bytes, packed",
    },
    Section {
        name: "payment",
        columns: "number, id, first_run, account, booking_date, currency, minor, bank_ref, entry_key, ordinal, detail, \
                  servicer_reference, end_to_end_id, text, statement_key, origin, block, place",
    },
    Section {
        name: "posting",
        columns: "number, run, payment, kind, class, probability, decided_by, currency",
    },
    Section {
        name: "posting_line",
        columns: "number, posting, id, customer_id, item_id, document_number, cash, discount, charges, write_off, \
                  item_minor, item_currency, exported_open, posted, text",
    },
    Section {
        name: "decision_result",
        columns: "number, run, file_sha256, place, payment_id, result",
    },
    Section {
        name: "lesson",
        columns: "number, run, confirmed",
    },
    Section {
        name: "notice",
        columns: "number, run, key, account, booking_date, block, place",
    },
    Section {
        name: "notice_joined",
        columns: "number, run, notice",
    },
    Section {
        name: "period",
        columns: "number, run, statement, from_day, to_day",
    },
    Section {
        name: "reversal",
        columns: "number, run, posting, decided_by, approved_by, note",
    },
    Section {
        name: "reversal_line",
        columns: "number, reversal, posting_line, id, exported_open, posted",
    },
    Section {
        name: "waiting",
        columns: "number, run, payment_id, decision, row_hash",
    },
    Section {
        name: "waiting_ended",
        columns: "number, run, waiting, how",
    },
    Section {
        name: "amendment",
        columns: "number, run, payment, amended, decided_by",
    },
    Section {
        name: "lesson_source",
        columns: "number, run, lesson, kind, payment_id, decided_by, approved_by",
    },
    Section {
        name: "lesson_revoked",
        columns: "number, run, lesson, decided_by",
    },
];

/// What is in flight: sealed whole by every run; only the last seal can be compared.
pub(crate) const IN_FLIGHT: &str = "in_flight";

/// Returns the last number of a section; 0 when it is empty.
pub(crate) fn last_number(connection: &Connection, section: &Section) -> Result<i64, StoreError> {
    let sql = format!("SELECT coalesce(max(number), 0) FROM {}", section.name);
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// Returns the hash over the rows of a section from one number to another, both inclusive.
pub(crate) fn of_rows(connection: &Connection, section: &Section, first: i64, last: i64) -> Result<String, StoreError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE number BETWEEN ?1 AND ?2 ORDER BY number",
        section.columns, section.name
    );
    hash(connection, &sql, [first, last])
}

/// Returns the seal over the rows of a section from a number to the last one.
pub(crate) fn of_new_rows(connection: &Connection, section: &'static Section, first: i64) -> Result<Seal, StoreError> {
    let last = last_number(connection, section)?;
    Ok(Seal {
        section: section.name,
        first,
        last,
        sha256: of_rows(connection, section, first, last)?,
    })
}

/// Returns the hash over everything in flight.
pub(crate) fn of_in_flight(connection: &Connection) -> Result<String, StoreError> {
    let sql =
        "SELECT item_id, currency, exported_open, posted, export_sha256, last_run FROM in_flight ORDER BY item_id";
    hash(connection, sql, [])
}

/// Adds rows to a section and seals them on the way, so that they need not be read again.
pub(crate) struct SealedRows<'t> {
    section: &'static Section,
    insert: Statement<'t>,
    first: i64,
    next: i64,
    hasher: Sha256,
    row: Row,
    /// The row before, whose values are still bound.
    before: Row,
}

/// A row as it is sealed.
#[derive(Default)]
struct Row {
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
}

impl Row {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn put(&mut self, value: ValueRef<'_>) {
        put(&mut self.bytes, value);
        self.ends.push(self.bytes.len());
    }

    /// Returns a value as it is sealed; `None` where the row does not reach so far.
    fn value(&self, at: usize) -> Option<&[u8]> {
        let first = at
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.bytes.get(first..*self.ends.get(at)?)
    }
}

/// The hash over the rows that a run added to a section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Seal {
    /// Name of the section.
    pub(crate) section: &'static str,
    /// Number of the first row.
    pub(crate) first: i64,
    /// Number of the last row; one less than the first when there is none.
    pub(crate) last: i64,
    /// SHA-256.
    pub(crate) sha256: String,
}

impl<'t> SealedRows<'t> {
    /// Returns what writes after the last row of the section of this name. Nothing else may add to it meanwhile.
    pub(crate) fn new(transaction: &'t Transaction<'t>, name: &str) -> Result<SealedRows<'t>, StoreError> {
        let section = SECTIONS.iter().find(|section| section.name == name);
        let section = section.ok_or_else(|| StoreError::inconsistent(format!("{name} is no section")))?;
        let columns = section.columns.split(',').count();
        let values: Vec<String> = (1..=columns).map(|at| format!("?{at}")).collect();
        let sql = format!(
            "INSERT INTO {name} ({}) VALUES ({})",
            section.columns,
            values.join(", ")
        );
        let first = last_number(transaction, section)? + 1;
        Ok(SealedRows {
            section,
            insert: transaction.prepare(&sql)?,
            first,
            next: first,
            hasher: Sha256::new(),
            row: Row::default(),
            before: Row::default(),
        })
    }

    /// Returns the number that the next row gets.
    pub(crate) fn next(&self) -> i64 {
        self.next
    }

    /// Adds a row: its values in the order of the section's columns, without the number. Returns its number.
    pub(crate) fn add(&mut self, values: &[&dyn ToSql]) -> Result<i64, StoreError> {
        if values.len() + 1 != self.insert.parameter_count() {
            let detail = format!("{} values are no row of {}", values.len(), self.section.name);
            return Err(StoreError::inconsistent(detail));
        }
        std::mem::swap(&mut self.row, &mut self.before);
        self.row.clear();
        self.row.put(ValueRef::Integer(self.next));
        self.insert.raw_bind_parameter(1, self.next)?;
        for (at, value) in values.iter().enumerate() {
            let value = value.to_sql()?;
            match &value {
                ToSqlOutput::Borrowed(value) => self.row.put(*value),
                ToSqlOutput::Owned(value) => self.row.put(ValueRef::from(value)),
                _ => {
                    return Err(StoreError::inconsistent(format!(
                        "a value of {} has no bytes",
                        self.section.name
                    )));
                }
            }
            // Half of the values are those of the row before.
            if self.row.value(at + 1) != self.before.value(at + 1) {
                self.insert.raw_bind_parameter(at + 2, value)?;
            }
        }
        self.insert.raw_execute()?;
        self.hasher.update(&self.row.bytes);
        self.next += 1;
        Ok(self.next - 1)
    }

    /// Returns the seal of what was added.
    pub(crate) fn seal(self) -> Seal {
        Seal {
            section: self.section.name,
            first: self.first,
            last: self.next - 1,
            sha256: hex(&self.hasher.finalize()),
        }
    }
}

/// Writes a value with its kind and length, so that no two rows have the same bytes by accident.
fn put(row: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => row.push(0),
        ValueRef::Integer(integer) => {
            row.push(1);
            row.extend_from_slice(&integer.to_le_bytes());
        }
        ValueRef::Real(real) => {
            row.push(2);
            row.extend_from_slice(&real.to_le_bytes());
        }
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            row.push(3);
            row.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            row.extend_from_slice(bytes);
        }
    }
}

fn hash(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<String, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params)?;
    let mut hasher = Sha256::new();
    let mut buffer = Vec::new();
    while let Some(row) = rows.next()? {
        buffer.clear();
        for column in 0..columns {
            put(&mut buffer, row.get_ref(column)?);
        }
        hasher.update(&buffer);
    }
    Ok(hex(&hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;
    use rusqlite::params;
    use std::path::Path;

    /// What is not bound anew keeps its value; what differs, or is empty now, does not.
    #[test]
    fn values_of_the_row_before_are_written_where_they_are_the_same_only() {
        let mut store = Connection::open_in_memory().expect("memory");
        schema::migrate(&mut store, Path::new("store"), schema::STEPS).expect("tables");
        store.pragma_update(None, "foreign_keys", 0).expect("no runs");
        let transaction = store.transaction().expect("a transaction");
        let mut rows = SealedRows::new(&transaction, "posting").expect("a section");
        let written: [(i64, Option<&str>, Option<i64>, &str); 5] = [
            (1, Some("a"), None, "EUR"),
            (2, Some("a"), Some(7), "EUR"),
            (3, None, Some(7), "EUR"),
            (4, Some(""), None, "USD"),
            (5, Some(""), None, "USD"),
        ];
        for (payment, class, probability, currency) in written {
            let values = params![1, payment, "Single", class, probability, "paymatch", currency];
            rows.add(values).expect("a row");
        }
        let seal = rows.seal();
        let section = SECTIONS
            .iter()
            .find(|section| section.name == "posting")
            .expect("known");
        assert_eq!(of_rows(&transaction, section, 1, 5).expect("rows"), seal.sha256);
        let mut select = transaction
            .prepare("SELECT payment, class, probability, currency FROM posting ORDER BY number")
            .expect("a query");
        let read = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let read: Vec<(i64, Option<String>, Option<i64>, String)> =
            read.expect("rows").map(|row| row.expect("a row")).collect();
        let expected = written.map(|(payment, class, probability, currency)| {
            (payment, class.map(str::to_owned), probability, currency.to_owned())
        });
        assert_eq!(read, expected);
    }
}
