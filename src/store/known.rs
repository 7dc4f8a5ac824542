//! What earlier runs know: read by the next run, by `explain` and by `check`.

use crate::model::decision::DecisionResult;
use crate::model::{Label, NaiveDate, PaymentId, Posting, PostingLine, Source};
use crate::store::Store;
use crate::store::block::{BlockReader, Place};
use crate::store::error::StoreError;
use crate::store::records::{
    InFlight, KnownNotice, KnownPayment, KnownStatement, NewStatement, OpenPayment, State, StoredPayment, StoredPosting,
};
use crate::store::word::{amount, count, currency, day, from_json, from_word, maybe_day, small};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::sync::Arc;

/// Columns of a known payment, in the order of [`known`].
const KNOWN: &str = "p.id, p.account, p.booking_date, p.minor, p.currency, p.bank_ref, j.state, j.rule, p.entry_key, \
    p.ordinal, p.detail, p.servicer_reference, p.end_to_end_id, p.text, p.statement_key, o.sha256, p.first_run, p.number \
    FROM payment p JOIN judgement j ON j.payment = p.number JOIN origin o ON o.number = p.origin";

impl Store {
    /// Returns the run that accepted a statement file of exactly these bytes.
    pub fn file_read_in(&self, sha256: &str) -> Result<Option<u64>, StoreError> {
        self.told(|connection| {
            let sql = "SELECT accepted_in FROM origin WHERE sha256 = ?1 AND accepted_in IS NOT NULL";
            let run = connection
                .prepare_cached(sql)?
                .query_row([sha256], |row| row.get(0))
                .optional()?;
            run.map(count).transpose()
        })
    }

    /// Returns true when an earlier run was given a file of exactly these bytes and did not accept all of it.
    pub fn file_refused_before(&self, sha256: &str) -> Result<bool, StoreError> {
        self.told(|connection| {
            let sql = "SELECT 1 FROM origin WHERE sha256 = ?1 AND accepted_in IS NULL";
            let found: Option<i64> = connection
                .prepare_cached(sql)?
                .query_row([sha256], |row| row.get(0))
                .optional()?;
            Ok(found.is_some())
        })
    }

    /// Returns the payments that a file of exactly these bytes delivered, new or known then, by id.
    pub fn payments_of_file(&self, sha256: &str) -> Result<Vec<KnownPayment>, StoreError> {
        let sql = format!(
            "SELECT {KNOWN} JOIN delivered d ON d.payment = p.number \
             WHERE d.origin = (SELECT number FROM origin WHERE sha256 = ?1) ORDER BY p.id"
        );
        self.told(|connection| known_payments(connection, &sql, [sha256]))
    }

    /// Returns the payments of an account from one booking day to another, both inclusive, by day and id.
    pub fn payments_of_days(
        &self,
        account: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<KnownPayment>, StoreError> {
        let sql = format!(
            "SELECT {KNOWN} WHERE p.account = ?1 AND p.booking_date BETWEEN ?2 AND ?3 ORDER BY p.booking_date, p.id"
        );
        let days = (account, from.to_string(), to.to_string());
        self.told(|connection| known_payments(connection, &sql, days))
    }

    /// Returns the payment of that id, if it is known.
    pub fn payment(&self, id: &PaymentId) -> Result<Option<KnownPayment>, StoreError> {
        let sql = format!("SELECT {KNOWN} WHERE p.id = ?1");
        self.told(|connection| Ok(known_payments(connection, &sql, [&id.0])?.pop()))
    }

    /// Returns the statements of an account in the order in which they were accepted.
    pub fn statements_of_account(&self, account: &str) -> Result<Vec<KnownStatement>, StoreError> {
        self.told(|connection| known_statements(connection, "WHERE s.account = ?1", [account]))
    }

    /// Returns the statements of all accounts in the order in which they were accepted.
    pub fn statements(&self) -> Result<Vec<KnownStatement>, StoreError> {
        self.told(|connection| known_statements(connection, "", []))
    }

    /// Returns true when an entry of a notification with this key was given before.
    pub fn has_notice(&self, key: &str) -> Result<bool, StoreError> {
        self.told(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM notice WHERE key = ?1)";
            Ok(connection.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
        })
    }

    /// Returns the notified entries of an account between two booking days, both inclusive, that explain nothing yet, by key.
    pub fn waiting_notices(
        &self,
        account: &str,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<KnownNotice>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT key, account, booking_date, block, place FROM notice n \
                 WHERE account = ?1 AND booking_date BETWEEN ?2 AND ?3 \
                 AND NOT EXISTS (SELECT 1 FROM notice_joined WHERE notice = n.number) ORDER BY block, place",
            )?;
            let mut rows = statement.query((account, from.to_string(), to.to_string()))?;
            let mut blocks = BlockReader::new(connection);
            let mut known = Vec::new();
            while let Some(row) = rows.next()? {
                let place = Place {
                    block: row.get(3)?,
                    at: row.get(4)?,
                };
                known.push(KnownNotice {
                    key: row.get(0)?,
                    account: row.get(1)?,
                    booking_date: day(row.get_ref(2)?.as_str().unwrap_or_default())?,
                    entry: blocks.read(place, "an entry of a notification")?,
                });
            }
            known.sort_by(|one, other| one.key.cmp(&other.key));
            Ok(known)
        })
    }

    /// Returns what earlier runs left open or proposed, by account, booking date, bank reference and id.
    pub fn open_payments(&self) -> Result<Vec<OpenPayment>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT p.block, p.place, j.block, j.place, j.state, p.first_run, j.times_seen, j.last_result, w.until, j.row_hash, p.id, p.statement_key, \
                 EXISTS (SELECT 1 FROM posting g WHERE g.payment = p.number AND g.revoked_in > \
                 coalesce((SELECT max(run) FROM amendment a WHERE a.payment = p.number), 0)) \
                 FROM judgement j JOIN payment p ON p.number = j.payment \
                 LEFT JOIN put_off w ON w.payment = j.payment WHERE j.state IN ('open', 'proposed') ORDER BY j.payment",
            )?;
            let mut rows = statement.query([])?;
            let (mut payments, mut explanations) = (BlockReader::new(connection), BlockReader::new(connection));
            let mut open = Vec::new();
            while let Some(row) = rows.next()? {
                open.push(open_payment(row, &mut payments, &mut explanations)?);
            }
            open.sort_by(|one, other| order_of(one).cmp(&order_of(other)));
            Ok(open)
        })
    }

    /// Returns what was posted on each item since its export, and what that export said; by item.
    pub fn in_flight(&self) -> Result<Vec<InFlight>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT item_id, currency, exported_open, posted, export_sha256, last_run FROM in_flight ORDER BY item_id",
            )?;
            let mut rows = statement.query([])?;
            let mut items = Vec::new();
            // As a rule all were posted against one export.
            let mut export: Arc<str> = "".into();
            while let Some(row) = rows.next()? {
                let written = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?;
                if *export != *written {
                    export = written.into();
                }
                items.push(InFlight {
                    item_id: row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?.into(),
                    currency: currency(row.get_ref(1)?.as_str().unwrap_or_default())?,
                    exported_open: row.get(2)?,
                    posted: row.get(3)?,
                    export_sha256: Arc::clone(&export),
                    last_run: count(row.get(5)?)?,
                });
            }
            Ok(items)
        })
    }

    /// Returns the day of the first of the last runs that all read the export of exactly these bytes; `None` when the last one did not.
    pub fn export_read_since(&self, sha256: &str) -> Result<Option<NaiveDate>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare(
                "SELECT as_of, (SELECT value ->> 'sha256' FROM json_each(manifest, '$.run.inputs') \
                 WHERE value ->> 'role' = 'open_items') FROM run ORDER BY number DESC",
            )?;
            let mut rows = statement.query([])?;
            let mut since = None;
            while let Some(row) = rows.next()? {
                let read: Option<String> = row.get(1)?;
                if read.as_deref() != Some(sha256) {
                    break;
                }
                since = Some(day(row.get_ref(0)?.as_str().unwrap_or_default())?);
            }
            Ok(since)
        })
    }

    /// Returns the day that a run looked from.
    pub fn day_of_run(&self, number: u64) -> Result<Option<NaiveDate>, StoreError> {
        self.told(|connection| {
            let found: Option<String> = connection
                .prepare_cached("SELECT as_of FROM run WHERE number = ?1")?
                .query_row([crate::store::word::int(number)?], |row| row.get(0))
                .optional()?;
            maybe_day(found)
        })
    }

    /// Returns the last answer to a row of a sheet of exactly these bytes, with its run.
    pub fn decision_answered(
        &self,
        file_sha256: &str,
        row: &Source,
    ) -> Result<Option<(u64, DecisionResult)>, StoreError> {
        self.told(|connection| {
            let sql = "SELECT run, result FROM decision_result WHERE file_sha256 = ?1 AND place = ?2 ORDER BY number DESC LIMIT 1";
            let found: Option<(i64, String)> = connection
                .prepare_cached(sql)?
                .query_row((file_sha256, row.at.to_string()), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((run, result)) = found else { return Ok(None) };
            Ok(Some((count(run)?, from_json(&result, "an answer to a decision")?)))
        })
    }

    /// Returns everything known of the payment with that id, or of the payments with that bank reference, by day.
    pub fn find_payment(&self, id_or_bank_ref: &str) -> Result<Vec<StoredPayment>, StoreError> {
        self.told(|connection| {
            let by_id = format!("SELECT {KNOWN} WHERE p.id = ?1");
            let by_reference =
                format!("SELECT {KNOWN} WHERE p.bank_ref = ?1 AND p.bank_ref <> '' ORDER BY p.booking_date, p.number");
            let mut found = numbered_payments(connection, &by_id, [id_or_bank_ref])?;
            if found.is_empty() {
                found = numbered_payments(connection, &by_reference, [id_or_bank_ref])?;
            }
            let stored = found
                .into_iter()
                .map(|(number, known)| stored_payment(connection, number, known));
            stored.collect()
        })
    }
}

fn known_payments(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<KnownPayment>, StoreError> {
    let numbered = numbered_payments(connection, sql, params)?;
    Ok(numbered.into_iter().map(|(_, known)| known).collect())
}

fn numbered_payments(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<(i64, KnownPayment)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut payments = Vec::new();
    while let Some(row) = rows.next()? {
        payments.push((row.get(17)?, known(row)?));
    }
    Ok(payments)
}

fn known(row: &Row<'_>) -> Result<KnownPayment, StoreError> {
    Ok(KnownPayment {
        id: PaymentId(row.get(0)?),
        account: row.get(1)?,
        booking_date: day(row.get_ref(2)?.as_str().unwrap_or_default())?,
        amount: amount(row.get(3)?, row.get_ref(4)?.as_str().unwrap_or_default())?,
        bank_ref: row.get(5)?,
        state: state(row.get_ref(6)?.as_str().unwrap_or_default(), row.get(7)?)?,
        entry_key: row.get(8)?,
        ordinal: small(row.get(9)?)?,
        detail: small(row.get(10)?)?,
        servicer_reference: row.get(11)?,
        end_to_end_id: row.get(12)?,
        text: row.get(13)?,
        statement_key: row.get(14)?,
        file_sha256: row.get(15)?,
        first_run: count(row.get(16)?)?,
    })
}

fn state(code: &str, rule: Option<String>) -> Result<State, StoreError> {
    match (code, rule) {
        ("open", None) => Ok(State::Open),
        ("proposed", None) => Ok(State::Proposed),
        ("posted", None) => Ok(State::Posted),
        ("duplicate", None) => Ok(State::Duplicate),
        ("set_aside", Some(rule)) => Ok(State::SetAside(from_word(&rule)?)),
        _ => Err(StoreError::unreadable(format!("`{code}` is no state of a payment"))),
    }
}

fn known_statements(
    connection: &Connection,
    filter: &str,
    params: impl Params,
) -> Result<Vec<KnownStatement>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT s.account, s.key, s.content_hash, s.currency, s.sequence, s.year, s.from_day, s.to_day, s.opening, \
         s.closing, s.is_proved, o.sha256, s.run, s.format, o.name, d.from_day, d.to_day \
         FROM statement s JOIN origin o ON o.number = s.origin LEFT JOIN period d ON d.statement = s.number \
         {filter} ORDER BY s.number"
    ))?;
    let mut rows = statement.query(params)?;
    let mut known = Vec::new();
    while let Some(row) = rows.next()? {
        known.push(known_statement(row)?);
    }
    Ok(known)
}

fn known_statement(row: &Row<'_>) -> Result<KnownStatement, StoreError> {
    let code: Option<String> = row.get(3)?;
    let sequence: Option<i64> = row.get(4)?;
    Ok(KnownStatement {
        statement: NewStatement {
            account: row.get(0)?,
            key: row.get(1)?,
            content_hash: row.get(2)?,
            currency: code.as_deref().map(currency).transpose()?,
            sequence: sequence.map(count).transpose()?,
            year: row.get(5)?,
            from: maybe_day(row.get(6)?)?,
            to: maybe_day(row.get(7)?)?,
            period: maybe_day(row.get(15)?)?.zip(maybe_day(row.get(16)?)?),
            opening: row.get(8)?,
            closing: row.get(9)?,
            is_proved: row.get(10)?,
            file_sha256: row.get(11)?,
            format: row.get(13)?,
        },
        run: count(row.get(12)?)?,
        file: row.get(14)?,
    })
}

fn open_payment(
    row: &Row<'_>,
    payments: &mut BlockReader<'_>,
    explanations: &mut BlockReader<'_>,
) -> Result<OpenPayment, StoreError> {
    let what = row.get_ref(10)?.as_str().unwrap_or_default();
    let place = |block: usize| -> Result<Place, StoreError> {
        Ok(Place {
            block: row.get(block)?,
            at: row.get(block + 1)?,
        })
    };
    Ok(OpenPayment {
        payment: payments.read(place(0)?, what)?,
        explanation: explanations.read(place(2)?, what)?,
        state: state(row.get_ref(4)?.as_str().unwrap_or_default(), None)?,
        first_run: count(row.get(5)?)?,
        times_seen: small(row.get(6)?)?,
        last_result: row.get(7)?,
        put_off_until: maybe_day(row.get(8)?)?,
        row_hash: row.get(9)?,
        statement_key: row.get(11)?,
        is_taken_back: row.get(12)?,
    })
}

/// People and outputs see payments in this order.
fn order_of(open: &OpenPayment) -> (&str, NaiveDate, &str, &PaymentId) {
    let payment = &open.payment;
    (&payment.account, payment.booking_date, &payment.bank_ref, &payment.id)
}

fn stored_payment(connection: &Connection, number: i64, known: KnownPayment) -> Result<StoredPayment, StoreError> {
    let what = format!("payment {}", known.id);
    let sql = "SELECT p.block, p.place, j.block, j.place, j.run, j.times_seen, j.last_result \
        FROM payment p JOIN judgement j ON j.payment = p.number WHERE p.number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([number])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let mut blocks = BlockReader::new(connection);
    let content: Option<i64> = row.get(0)?;
    let payment = match content {
        Some(block) => Some(blocks.read(Place { block, at: row.get(1)? }, &what)?),
        None => None,
    };
    let explanation = Place {
        block: row.get(2)?,
        at: row.get(3)?,
    };
    let sql = "SELECT result FROM decision_result WHERE payment_id = ?1 ORDER BY number";
    Ok(StoredPayment {
        payment,
        explanation: blocks.read(explanation, &what)?,
        last_run: count(row.get(4)?)?,
        times_seen: small(row.get(5)?)?,
        last_result: row.get(6)?,
        postings: postings(connection, number, &known.id)?,
        decisions: stored_json(connection, sql, [&known.id.0], "an answer to a decision")?,
        known,
    })
}

fn postings(connection: &Connection, payment: i64, id: &PaymentId) -> Result<Vec<StoredPosting>, StoreError> {
    let sql = "SELECT number, run, kind, class, probability, decided_by, revoked_in FROM posting WHERE payment = ?1 ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([payment])?;
    let mut postings = Vec::new();
    while let Some(row) = rows.next()? {
        let (class, probability): (Option<String>, Option<u32>) = (row.get(3)?, row.get(4)?);
        let revoked_in: Option<i64> = row.get(6)?;
        postings.push(StoredPosting {
            run: count(row.get(1)?)?,
            posting: Posting {
                payment_id: id.clone(),
                kind: from_word(row.get_ref(2)?.as_str().unwrap_or_default())?,
                class: class.map(|class| from_json(&class, "an evidence class")).transpose()?,
                probability: probability.map(crate::model::Probability),
                decided_by: row.get(5)?,
                lines: posting_lines(connection, row.get(0)?)?,
            },
            revoked_in: revoked_in.map(count).transpose()?,
        });
    }
    Ok(postings)
}

fn posting_lines(connection: &Connection, posting: i64) -> Result<Vec<PostingLine>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, customer_id, item_id, document_number, cash, discount, charges, write_off, item_minor, item_currency, text \
         FROM posting_line WHERE posting = ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([posting])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(PostingLine {
            id: row.get::<_, String>(0)?.into(),
            customer_id: row.get::<_, String>(1)?.into(),
            item_id: row.get::<_, Option<String>>(2)?.map(Label::from),
            document_number: row.get::<_, String>(3)?.into(),
            amount: row.get(4)?,
            discount: row.get(5)?,
            charges: row.get(6)?,
            write_off: row.get(7)?,
            item_amount: amount(row.get(8)?, row.get_ref(9)?.as_str().unwrap_or_default())?,
            text: row.get(10)?,
        });
    }
    Ok(lines)
}

/// Returns the values of a column of JSON.
pub(crate) fn stored_json<T: serde::de::DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    what: &str,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(from_json(row.get_ref(0)?.as_str().unwrap_or_default(), what)?);
    }
    Ok(values)
}
