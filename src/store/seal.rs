//! Seals: a hash over what each run added to each table, so that a later edit of the store is found.

use crate::store::error::StoreError;
use crate::store::files::hex;
use rusqlite::{Connection, types::ValueRef};
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

/// Returns the hash over everything in flight.
pub(crate) fn of_in_flight(connection: &Connection) -> Result<String, StoreError> {
    let sql =
        "SELECT item_id, currency, exported_open, posted, export_sha256, last_run FROM in_flight ORDER BY item_id";
    hash(connection, sql, [])
}

/// Hashes values with their kinds and lengths, so that no two tables have the same bytes by accident.
fn hash(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<String, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params)?;
    let mut hasher = Sha256::new();
    let mut buffer = Vec::new();
    while let Some(row) = rows.next()? {
        buffer.clear();
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => buffer.push(0),
                ValueRef::Integer(integer) => {
                    buffer.push(1);
                    buffer.extend_from_slice(&integer.to_le_bytes());
                }
                ValueRef::Real(real) => {
                    buffer.push(2);
                    buffer.extend_from_slice(&real.to_le_bytes());
                }
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    buffer.push(3);
                    buffer.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
                    buffer.extend_from_slice(bytes);
                }
            }
        }
        hasher.update(&buffer);
    }
    Ok(hex(&hasher.finalize()))
}
