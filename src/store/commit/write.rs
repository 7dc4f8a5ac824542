//! Writes a run into the tables, in the order in which they lean on each other.

use crate::model::date::iso;
use crate::model::matching::EvidenceClass;
use crate::model::run::{InputRole, InputState};
use crate::model::{Payment, PaymentId};
use crate::store::block::BlockWriter;
use crate::store::commit::Commit;
use crate::store::error::StoreError;
use crate::store::files::sha256;
use crate::store::publication::OutputFile;
use crate::store::records::{InFlight, NewPayment, NewPosting, State};
use crate::store::seal::{self, Seal, SealedRows};
use crate::store::word::{int, json, word};
use rusqlite::{OptionalExtension, Transaction, params};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// So many values are packed, and then so many rows written, in turn: what is recorded is still at hand, and so is the program that does it.
const TOGETHER: usize = 64;

/// A payment's row.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) number: i64,
    minor: i64,
    currency: crate::model::Currency,
    is_new: bool,
}

/// The transaction of one run, with the rows that it looks up.
pub(super) struct Writer<'t, 'c> {
    pub(super) transaction: &'t Transaction<'t>,
    pub(super) commit: &'c Commit<'c>,
    pub(super) run: i64,
    origins: FxHashMap<&'c str, i64>,
    /// Rows of new payments, in the order of the commit.
    new: Vec<Option<Known>>,
    /// Rows of the payments of earlier runs that were looked up.
    payments: FxHashMap<&'c str, Known>,
    blocks: BlockWriter<'t>,
    sealed: Vec<Seal>,
}

impl<'t, 'c> Writer<'t, 'c> {
    pub(super) fn new(transaction: &'t Transaction<'t>, commit: &'c Commit<'c>) -> Result<Self, StoreError> {
        let run = int(commit.run.number)?;
        Ok(Writer {
            transaction,
            commit,
            run,
            blocks: BlockWriter::new(transaction, run)?,
            sealed: Vec::new(),
            origins: FxHashMap::default(),
            new: vec![None; commit.payments.len()],
            payments: FxHashMap::default(),
        })
    }

    pub(super) fn run(&mut self) -> Result<(), StoreError> {
        let run = self.commit.run;
        self.transaction.execute(
            "INSERT INTO run (number, as_of, settings_hash, totals, manifest, manifest_hash, previous_hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.run,
                run.as_of.to_string(),
                run.settings_hash,
                json(&run.totals)?,
                self.commit.manifest,
                sha256(self.commit.manifest.as_bytes()),
                run.previous_hash,
            ],
        )?;
        Ok(())
    }

    /// Files by name, and their bytes in place of those of the run before.
    pub(super) fn outputs(&mut self) -> Result<(), StoreError> {
        self.transaction.execute("DELETE FROM copy", [])?;
        let mut outputs: Vec<&OutputFile> = self.commit.outputs.iter().collect();
        outputs.sort_by(|one, other| one.name.cmp(&other.name));
        for output in &outputs {
            self.output("folder", output)?;
            self.copy(output)?;
        }
        if let Some(outbox) = self.commit.outbox {
            self.output("outbox", outbox)?;
            // As a rule it has the bytes of a file of the folder.
            if outputs.iter().all(|output| output.sha256 != outbox.sha256) {
                self.copy(outbox)?;
            }
        }
        let delivery = if self.commit.outbox.is_some() {
            "waiting"
        } else {
            "none"
        };
        let sql = "INSERT INTO publication (run, delivery, is_complete) VALUES (?1, ?2, 0)";
        self.transaction.execute(sql, params![self.run, delivery])?;
        Ok(())
    }

    fn output(&self, place: &str, file: &OutputFile) -> Result<(), StoreError> {
        let sql = "INSERT INTO output (run, place, name, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        let bytes = int(file.bytes)?;
        self.transaction
            .execute(sql, params![self.run, place, file.name, file.sha256, bytes])?;
        Ok(())
    }

    fn copy(&self, file: &OutputFile) -> Result<(), StoreError> {
        let sql = "INSERT INTO copy (sha256, packed) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.transaction.execute(sql, params![file.sha256, file.packed])?;
        Ok(())
    }

    /// Statement files of this run; the first that accepts a file is remembered.
    pub(super) fn origins(&mut self) -> Result<(), StoreError> {
        let mut insert = self.transaction.prepare(
            "INSERT INTO origin (sha256, name, accepted_in) VALUES (?1, ?2, ?3) \
             ON CONFLICT (sha256) DO UPDATE SET accepted_in = excluded.accepted_in \
             WHERE accepted_in IS NULL AND excluded.accepted_in IS NOT NULL",
        )?;
        let mut select = self
            .transaction
            .prepare("SELECT number FROM origin WHERE sha256 = ?1")?;
        let inputs = self.commit.run.inputs.iter();
        for input in inputs.filter(|input| input.role == InputRole::Statement && !input.sha256.is_empty()) {
            let accepted_in = (input.state == InputState::Read).then_some(self.run);
            insert.execute(params![input.sha256, input.name, accepted_in])?;
            let number = select.query_row([&input.sha256], |row| row.get(0))?;
            self.origins.insert(&input.sha256, number);
        }
        Ok(())
    }

    fn origin(&self, sha256: &str) -> Result<i64, StoreError> {
        if let Some(number) = self.origins.get(sha256) {
            return Ok(*number);
        }
        // Details that arrive later belong to the file of their entry, which an earlier run read.
        let sql = "SELECT number FROM origin WHERE sha256 = ?1";
        let known = self
            .transaction
            .prepare_cached(sql)?
            .query_row([sha256], |row| row.get(0))
            .optional()?;
        known.ok_or_else(|| {
            StoreError::inconsistent(format!("{sha256} is no statement file of this run or an earlier one"))
        })
    }

    pub(super) fn statements(&mut self) -> Result<(), StoreError> {
        let mut insert = self.transaction.prepare(
            "INSERT INTO statement (run, account, key, content_hash, currency, sequence, year, from_day, to_day, opening, \
             closing, is_proved, origin, format) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?;
        for new in self.commit.statements {
            insert.execute(params![
                self.run,
                new.account,
                new.key,
                new.content_hash,
                new.currency.as_ref().map(|currency| currency.code()),
                new.sequence.map(int).transpose()?,
                new.year,
                new.from.map(|day| day.to_string()),
                new.to.map(|day| day.to_string()),
                new.opening,
                new.closing,
                new.is_proved,
                self.origin(&new.file_sha256)?,
                new.format,
            ])?;
            if let Some((from, to)) = new.period {
                let sql = "INSERT INTO period (run, statement, from_day, to_day) VALUES (?1, ?2, ?3, ?4)";
                let number = self.transaction.last_insert_rowid();
                self.transaction.prepare_cached(sql)?.execute(params![
                    self.run,
                    number,
                    from.to_string(),
                    to.to_string()
                ])?;
            }
        }
        Ok(())
    }

    /// Notified entries in the order of their keys, and those that gave their details to an entry.
    pub(super) fn notices(&mut self) -> Result<(), StoreError> {
        let mut notices: Vec<_> = self.commit.notices.iter().collect();
        notices.sort_by_key(|new| new.key);
        let mut places = Vec::with_capacity(notices.len());
        for new in &notices {
            places.push(self.blocks.add(new.entry)?);
        }
        self.blocks.close()?;
        let sql = "INSERT INTO notice (run, key, account, booking_date, block, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = self.transaction.prepare(sql)?;
        for (new, place) in notices.into_iter().zip(places) {
            let day = new.booking_date.to_string();
            insert.execute(params![self.run, new.key, new.account, day, place.block, place.at])?;
        }
        let sql = "INSERT INTO notice_joined (run, notice) SELECT ?1, number FROM notice WHERE key = ?2";
        let mut insert = self.transaction.prepare(sql)?;
        for key in self.commit.joined {
            if insert.execute(params![self.run, key])? != 1 {
                return Err(StoreError::inconsistent(format!("notice {key} is not known")));
            }
        }
        Ok(())
    }

    /// New payments in the order of all outputs, so that the order of the input does not matter: neighbours look alike and pack
    /// well, and most indexes only grow at their end. The open ones, which are read again tomorrow, together. Each is recorded whole
    /// and as a row while it is at hand.
    pub(super) fn payments(&mut self) -> Result<(), StoreError> {
        let mut rows = SealedRows::new(self.transaction, "payment")?;
        let first = rows.next();
        let mut states = vec![State::Open; self.commit.payments.len()];
        for state in self.commit.states {
            if let Some(place) = state.new.and_then(|at| states.get_mut(at)) {
                *place = state.state;
            }
        }
        let of_kind = |is_open: bool| {
            let new = self.commit.payments.iter().zip(&states).enumerate();
            let new = new.filter(move |(_, (_, state))| state.is_open() == is_open);
            new.map(|(at, (new, state))| (at, *state, new))
        };
        let payments: Vec<(usize, State, &'c NewPayment<'c>)> = of_kind(false).chain(of_kind(true)).collect();
        let mut before: Option<(bool, &Payment)> = None;
        let mut places = Vec::with_capacity(TOGETHER);
        for together in payments.chunks(TOGETHER) {
            places.clear();
            for (_, state, new) in together {
                // What is set aside keeps its bank facts only.
                places.push(match state {
                    State::SetAside(_) | State::Duplicate => None,
                    _ => Some(self.blocks.add(new.payment)?),
                });
            }
            for ((at, state, new), place) in together.iter().zip(&places) {
                let payment: &'c Payment = new.payment;
                let is_behind = |(is_open, before): (bool, &Payment)| {
                    is_open == state.is_open() && before.order() > payment.order()
                };
                if before.is_some_and(is_behind) {
                    let detail = format!("payment {} stands behind one that it comes before", payment.id);
                    return Err(StoreError::inconsistent(detail));
                }
                before = Some((state.is_open(), payment));
                let origin = self.origin(new.file_sha256)?;
                let number = rows.add(params![
                    payment.id.0,
                    self.run,
                    payment.account.as_str(),
                    iso(payment.booking_date).as_str(),
                    payment.amount.currency.code(),
                    payment.amount.minor,
                    payment.bank_ref.as_str(),
                    new.entry_key,
                    new.ordinal,
                    new.detail,
                    new.servicer_reference,
                    new.end_to_end_id,
                    new.text,
                    new.statement_key,
                    origin,
                    place.map(|place| place.block),
                    place.map(|place| place.at),
                ])?;
                self.new[*at] = Some(Known {
                    number,
                    minor: payment.amount.minor,
                    currency: payment.amount.currency,
                    is_new: true,
                });
            }
        }
        self.blocks.close()?;
        let sql = "INSERT INTO delivered (origin, payment) SELECT origin, number FROM payment WHERE number >= ?1";
        self.transaction.execute(sql, [first])?;
        self.sealed.push(rows.seal());
        Ok(())
    }

    /// Returns the row of a payment: new by its position, else known.
    fn new_or_known(&mut self, new: Option<usize>, id: &'c PaymentId) -> Result<Known, StoreError> {
        match new.and_then(|at| self.new.get(at).copied().flatten()) {
            Some(row) => Ok(row),
            None => self.payment(id),
        }
    }

    /// Returns the row of a payment by its id.
    pub(super) fn payment(&mut self, id: &'c PaymentId) -> Result<Known, StoreError> {
        if let Some(known) = self.payments.get(id.0.as_str()) {
            return Ok(*known);
        }
        let sql = "SELECT number, minor, currency FROM payment WHERE id = ?1";
        let mut select = self.transaction.prepare_cached(sql)?;
        let found: Option<(i64, i64, String)> = select
            .query_row([&id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let (number, minor, code) =
            found.ok_or_else(|| StoreError::inconsistent(format!("payment {id} is not known")))?;
        let known = Known {
            number,
            minor,
            currency: crate::store::word::currency(&code)?,
            is_new: false,
        };
        self.payments.insert(&id.0, known);
        Ok(known)
    }

    pub(super) fn delivered(&mut self) -> Result<(), StoreError> {
        let sql = "INSERT INTO delivered (origin, payment) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        let mut insert = self.transaction.prepare(sql)?;
        for again in self.commit.delivered {
            insert.execute([self.origin(again.file_sha256)?, self.payment(again.payment_id)?.number])?;
        }
        Ok(())
    }

    pub(super) fn states(&mut self) -> Result<(), StoreError> {
        let mut insert = self.transaction.prepare(
            "INSERT INTO judgement (run, state, rule, times_seen, last_result, row_hash, block, place, payment) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let mut update = self.transaction.prepare(
            "UPDATE judgement SET run = ?1, state = ?2, rule = ?3, times_seen = ?4, last_result = ?5, row_hash = ?6, \
             block = ?7, place = ?8 WHERE payment = ?9",
        )?;
        let mut order = Vec::with_capacity(self.commit.states.len());
        for new in self.commit.states {
            order.push((self.new_or_known(new.new, new.payment_id)?, new));
        }
        order.sort_by_key(|(known, _)| known.number);
        let mut places = Vec::with_capacity(TOGETHER);
        for together in order.chunks(TOGETHER) {
            places.clear();
            for (_, new) in together {
                places.push(self.blocks.add(new.explanation)?);
            }
            for ((known, new), place) in together.iter().zip(&places) {
                let rule = match new.state {
                    State::SetAside(rule) => Some(word(&rule)?),
                    _ => None,
                };
                let statement = if known.is_new { &mut insert } else { &mut update };
                statement.execute(params![
                    self.run,
                    new.state.code(),
                    rule,
                    new.times_seen,
                    new.last_result,
                    new.row_hash,
                    place.block,
                    place.at,
                    known.number,
                ])?;
            }
        }
        self.blocks.close()
    }

    pub(super) fn postings(&mut self) -> Result<(), StoreError> {
        let mut rows = SealedRows::new(self.transaction, "posting")?;
        let mut lines = SealedRows::new(self.transaction, "posting_line")?;
        let flying: FxHashMap<&str, &InFlight> = self
            .commit
            .in_flight
            .iter()
            .map(|item| (item.item_id.as_str(), item))
            .collect();
        // Few classes: each is spelled once.
        let mut classes: FxHashMap<EvidenceClass, String> = FxHashMap::default();
        for new in self.commit.postings {
            let posting = new.posting;
            let known = self.new_or_known(new.new, &posting.payment_id)?;
            let cash = posting
                .lines
                .iter()
                .try_fold(0_i64, |sum, line| sum.checked_add(line.amount));
            if cash != Some(known.minor) {
                let detail = format!("the lines of payment {} do not add up to its cash", posting.payment_id);
                return Err(StoreError::inconsistent(detail));
            }
            let class = match posting.class {
                None => None,
                Some(class) => Some(match classes.entry(class) {
                    Entry::Occupied(known) => &*known.into_mut(),
                    Entry::Vacant(new) => &*new.insert(json(&class)?),
                }),
            };
            let number = rows.add(params![
                self.run,
                known.number,
                word(&posting.kind)?,
                class,
                posting.probability.map(|probability| probability.0),
                posting.decided_by,
                known.currency.code(),
            ])?;
            self.posting_lines(&mut lines, number, new, &flying)?;
        }
        self.sealed.extend([rows.seal(), lines.seal()]);
        Ok(())
    }

    fn posting_lines(
        &self,
        rows: &mut SealedRows<'_>,
        number: i64,
        new: &NewPosting<'_>,
        flying: &FxHashMap<&str, &InFlight>,
    ) -> Result<(), StoreError> {
        for line in &new.posting.lines {
            let flight = line
                .item_id
                .as_deref()
                .map(|item| in_flight_of(flying, item, self.commit, line));
            let flight = flight.transpose()?;
            rows.add(params![
                number,
                line.id.as_str(),
                line.customer_id.as_str(),
                line.item_id.as_deref(),
                line.document_number.as_str(),
                line.amount,
                line.discount,
                line.charges,
                line.write_off,
                line.item_amount.minor,
                line.item_amount.currency.code(),
                flight.map(|flight| flight.exported_open),
                flight.map(|flight| flight.posted),
                line.text,
            ])?;
        }
        Ok(())
    }

    pub(super) fn in_flight(&mut self) -> Result<(), StoreError> {
        let mut upsert = self.transaction.prepare(
            "INSERT INTO in_flight (item_id, currency, exported_open, posted, export_sha256, last_run) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (item_id) DO UPDATE SET currency = excluded.currency, \
             exported_open = excluded.exported_open, posted = excluded.posted, export_sha256 = excluded.export_sha256, \
             last_run = excluded.last_run",
        )?;
        let mut items: Vec<&InFlight> = self.commit.in_flight.iter().collect();
        items.sort_by(|one, other| one.item_id.cmp(&other.item_id));
        if let Some(pair) = items.windows(2).find(|pair| pair[0].item_id == pair[1].item_id) {
            let detail = format!("item {} is in flight twice", pair[0].item_id);
            return Err(StoreError::inconsistent(detail));
        }
        for item in items {
            upsert.execute(params![
                item.item_id.as_str(),
                item.currency.code(),
                item.exported_open,
                item.posted,
                item.export_sha256,
                int(item.last_run)?,
            ])?;
        }
        Ok(())
    }

    /// Answers, lessons and what was put off.
    pub(super) fn people(&mut self) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO decision_result (run, file_sha256, place, payment_id, result) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.transaction.prepare(sql)?;
        for answered in self.commit.results {
            let result = answered.result;
            let place = result.source.at.to_string();
            insert.execute(params![
                self.run,
                answered.file_sha256,
                place,
                result.payment_id,
                json(result)?
            ])?;
        }
        self.lessons()?;
        self.amendments()?;
        self.waiting()?;
        for put_off in self.commit.put_offs {
            let number = self.payment(&put_off.payment_id)?.number;
            match put_off.until {
                Some(until) => self.transaction.execute(
                    "INSERT INTO put_off (payment, until) VALUES (?1, ?2) ON CONFLICT (payment) DO UPDATE SET until = excluded.until",
                    params![number, until.to_string()],
                )?,
                None => self.transaction.execute("DELETE FROM put_off WHERE payment = ?1", [number])?,
            };
        }
        Ok(())
    }

    /// Seals what this run added; `before` holds the last numbers of the sections before it.
    pub(super) fn seals(mut self, before: &[i64]) -> Result<(), StoreError> {
        self.sealed.push(self.blocks.seal());
        let sql = "INSERT INTO seal (run, section, first, last, sha256) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.transaction.prepare(sql)?;
        for (section, before) in seal::SECTIONS.iter().zip(before) {
            let written = self.sealed.iter().find(|seal| seal.section == section.name);
            let seal = match written {
                Some(seal) => seal.clone(),
                None => seal::of_new_rows(self.transaction, section, before + 1)?,
            };
            insert.execute(params![self.run, seal.section, seal.first, seal.last, seal.sha256])?;
        }
        let hash = seal::of_in_flight(self.transaction)?;
        insert.execute(params![self.run, seal::IN_FLIGHT, 0, 0, hash])?;
        Ok(())
    }
}

/// Returns what is in flight on the item of a line; this run must have said it.
pub(super) fn in_flight_of<'f>(
    flying: &FxHashMap<&str, &'f InFlight>,
    item: &str,
    commit: &Commit<'_>,
    line: &crate::model::PostingLine,
) -> Result<&'f InFlight, StoreError> {
    let flight = flying.get(item).copied();
    flight
        .filter(|flight| flight.last_run == commit.run.number && flight.currency == line.item_amount.currency)
        .ok_or_else(|| {
            let detail = format!(
                "posting {} reduces item {item}, which is not put in flight by this run",
                line.id
            );
            StoreError::inconsistent(detail)
        })
}
