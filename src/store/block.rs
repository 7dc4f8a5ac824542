//! Blocks of values in MessagePack, packed together by LZ4: hundreds of payments or explanations that look alike cost little.
//!
//! A value is found by its block and its offset; blocks only grow in number and never change. A later version with
//! more fields reads them all: payments and explanations say how, other values have the names of their fields.

use crate::store::error::StoreError;
use crate::store::seal::{Seal, SealedRows};
use crate::store::word::{from_json, int};
use rusqlite::{Connection, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A block is closed when it holds this many bytes: small enough to read one value quickly, large enough to pack well.
const FULL: usize = 256 << 10;

/// A block that says it is larger than this was not written by us: its last value is one payment.
const SIZE_MAX: usize = 256 << 20;

/// Where a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Number of the block.
    pub(crate) block: i64,
    /// Offset of the value in the block, in bytes.
    pub(crate) at: i64,
}

/// Writes values into new blocks of a run.
pub(crate) struct BlockWriter<'t> {
    rows: SealedRows<'t>,
    run: i64,
    values: Vec<u8>,
}

impl<'t> BlockWriter<'t> {
    /// Returns the writer of a run; it begins after the last block.
    pub(crate) fn new(transaction: &'t Transaction<'t>, run: i64) -> Result<BlockWriter<'t>, StoreError> {
        Ok(BlockWriter {
            rows: SealedRows::new(transaction, "block")?,
            run,
            values: Vec::with_capacity(FULL + (FULL >> 2)),
        })
    }

    /// Adds a value, and returns where it will be.
    pub(crate) fn add<T: Serialize>(&mut self, value: &T) -> Result<Place, StoreError> {
        let place = Place {
            block: self.rows.next(),
            at: self.values.len() as i64,
        };
        rmp_serde::encode::write_named(&mut self.values, value)
            .map_err(|error| StoreError::inconsistent(format!("cannot be written as MessagePack: {error}")))?;
        if self.values.len() >= FULL {
            self.close()?;
        }
        Ok(place)
    }

    /// Returns the seal over all blocks of the run; the last one was closed.
    pub(crate) fn seal(self) -> Seal {
        self.rows.seal()
    }

    /// Writes what is left. Rows that lean on blocks come after this.
    pub(crate) fn close(&mut self) -> Result<(), StoreError> {
        if self.values.is_empty() {
            return Ok(());
        }
        let packed = lz4_flex::block::compress(&self.values);
        let bytes = int(self.values.len() as u64)?;
        self.rows.add(&[&self.run, &bytes, &packed])?;
        self.values.clear();
        Ok(())
    }
}

/// Reads values; keeps the last block, since neighbours are read together.
pub(crate) struct BlockReader<'c> {
    connection: &'c Connection,
    number: i64,
    values: Vec<u8>,
}

impl<'c> BlockReader<'c> {
    pub(crate) fn new(connection: &'c Connection) -> BlockReader<'c> {
        BlockReader {
            connection,
            number: 0,
            values: Vec::new(),
        }
    }

    /// Returns the value of a place; `what` names it when it cannot be read.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, place: Place, what: &str) -> Result<T, StoreError> {
        if place.block != self.number {
            self.load(place.block)?;
        }
        let missing = || StoreError::unreadable(format!("{what} is not in block {}", place.block));
        let at = usize::try_from(place.at).map_err(|_| missing())?;
        let rest = self.values.get(at..).ok_or_else(missing)?;
        // The first blocks that were written hold lines of JSON: no map of MessagePack begins with a brace.
        if rest.first() == Some(&b'{') {
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            return from_json(std::str::from_utf8(line).map_err(|_| missing())?, what);
        }
        rmp_serde::from_slice(rest).map_err(|error| StoreError::unreadable(format!("{what} cannot be read: {error}")))
    }

    fn load(&mut self, number: i64) -> Result<(), StoreError> {
        let sql = "SELECT bytes, packed FROM block WHERE number = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([number])?;
        let row = rows
            .next()?
            .ok_or_else(|| StoreError::unreadable(format!("block {number} is gone")))?;
        let bytes: i64 = row.get(0)?;
        let packed = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        self.number = 0;
        let size = usize::try_from(bytes).ok().filter(|size| *size <= SIZE_MAX);
        let unpacked = size.and_then(|size| lz4_flex::block::decompress(packed, size).ok());
        self.values = unpacked
            .filter(|values| values.len() as i64 == bytes)
            .ok_or_else(|| StoreError::unreadable(format!("block {number} cannot be unpacked")))?;
        self.number = number;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;
    use rusqlite::params;
    use serde::Deserialize;
    use std::path::Path;

    #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
    struct Note {
        text: String,
        minor: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<chrono::NaiveDate>,
        kind: Kind,
    }

    #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
    enum Kind {
        Plain,
        Of(u32),
        At { line: u64 },
    }

    fn store() -> Connection {
        let mut connection = Connection::open_in_memory().expect("memory");
        schema::migrate(&mut connection, Path::new("store"), schema::STEPS).expect("tables");
        connection.pragma_update(None, "foreign_keys", 0).expect("no run");
        connection
    }

    fn notes() -> [Note; 3] {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 2);
        [
            (Kind::Plain, "RE-\"7\" 货款", i64::MIN, None),
            (Kind::Of(7), "", 0, day),
            (Kind::At { line: 3 }, "{\n", i64::MAX, day),
        ]
        .map(|(kind, text, minor, day)| Note {
            text: text.to_owned(),
            minor,
            day,
            kind,
        })
    }

    #[test]
    fn what_was_written_is_read_and_sealed_as_it_lies_in_the_table() {
        let mut connection = store();
        let transaction = connection.transaction().expect("transaction");
        let mut writer = BlockWriter::new(&transaction, 1).expect("writer");
        let places: Vec<Place> = notes().iter().map(|note| writer.add(note).expect("room")).collect();
        writer.close().expect("closed");
        let seal = writer.seal();
        assert_eq!((seal.first, seal.last), (1, 1));
        let section = crate::store::seal::SECTIONS
            .iter()
            .find(|section| section.name == "block");
        let read = crate::store::seal::of_rows(&transaction, section.expect("section"), 1, 1);
        assert_eq!(read.expect("rows"), seal.sha256);
        let mut reader = BlockReader::new(&transaction);
        for (place, note) in places.iter().zip(notes()).rev() {
            assert_eq!(reader.read::<Note>(*place, "the note").expect("readable"), note);
        }
        for (block, at) in [(1, 1_000_000), (1, -1), (2, 0)] {
            let place = Place { block, at };
            assert!(reader.read::<Note>(place, "the note").is_err(), "{place:?}");
        }
    }

    #[test]
    fn blocks_of_json_are_read_too() {
        let connection = store();
        let (mut lines, mut places) = (String::new(), Vec::new());
        for note in notes() {
            let at = lines.len() as i64;
            places.push(Place { block: 7, at });
            lines.push_str(&serde_json::to_string(&note).expect("JSON"));
            lines.push('\n');
        }
        let sql = "INSERT INTO block (number, run, bytes, packed) VALUES (7, 1, ?1, ?2)";
        let packed = lz4_flex::block::compress(lines.as_bytes());
        connection
            .execute(sql, params![lines.len() as i64, packed])
            .expect("block");
        let mut reader = BlockReader::new(&connection);
        for (place, note) in places.iter().zip(notes()) {
            assert_eq!(reader.read::<Note>(*place, "the note").expect("readable"), note);
        }
    }
}
