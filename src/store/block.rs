//! Blocks of JSON lines, packed together by LZ4: hundreds of payments or explanations that look alike cost little.
//!
//! A line is found by its block and its offset; blocks only grow in number and never change.

use crate::store::error::StoreError;
use crate::store::word::{from_json, int};
use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A block is closed when it holds this many bytes: small enough to read one line quickly, large enough to pack well.
const FULL: usize = 256 << 10;

/// A block that says it is larger than this was not written by us: its last line is one payment.
const SIZE_MAX: usize = 256 << 20;

/// Where a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Number of the block.
    pub(crate) block: i64,
    /// Offset of the line in the block, in bytes.
    pub(crate) at: i64,
}

/// Writes lines into new blocks of a run.
pub(crate) struct BlockWriter<'t> {
    transaction: &'t Transaction<'t>,
    run: i64,
    number: i64,
    lines: Vec<u8>,
}

impl<'t> BlockWriter<'t> {
    /// Returns a writer that begins after the last block. One writer at a time, or they would take the same numbers.
    pub(crate) fn new(transaction: &'t Transaction<'t>, run: i64) -> Result<BlockWriter<'t>, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM block";
        Ok(BlockWriter {
            transaction,
            run,
            number: transaction.query_row(sql, [], |row| row.get(0))?,
            lines: Vec::with_capacity(FULL + (FULL >> 2)),
        })
    }

    /// Adds a line, and returns where it will be.
    pub(crate) fn add<T: Serialize>(&mut self, value: &T) -> Result<Place, StoreError> {
        let place = Place {
            block: self.number,
            at: self.lines.len() as i64,
        };
        serde_json::to_writer(&mut self.lines, value)
            .map_err(|error| StoreError::inconsistent(format!("cannot be written as JSON: {error}")))?;
        self.lines.push(b'\n');
        if self.lines.len() >= FULL {
            self.close()?;
        }
        Ok(place)
    }

    /// Writes what is left. Rows that lean on blocks come after this.
    pub(crate) fn close(&mut self) -> Result<(), StoreError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let packed = lz4_flex::block::compress(&self.lines);
        let sql = "INSERT INTO block (number, run, bytes, packed) VALUES (?1, ?2, ?3, ?4)";
        let bytes = int(self.lines.len() as u64)?;
        self.transaction
            .prepare_cached(sql)?
            .execute(params![self.number, self.run, bytes, packed])?;
        self.number += 1;
        self.lines.clear();
        Ok(())
    }
}

/// Reads lines; keeps the last block, since neighbours are read together.
pub(crate) struct BlockReader<'c> {
    connection: &'c Connection,
    number: i64,
    lines: Vec<u8>,
}

impl<'c> BlockReader<'c> {
    pub(crate) fn new(connection: &'c Connection) -> BlockReader<'c> {
        BlockReader {
            connection,
            number: 0,
            lines: Vec::new(),
        }
    }

    /// Returns the value of a line; `what` names it when it cannot be read.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, place: Place, what: &str) -> Result<T, StoreError> {
        if place.block != self.number {
            self.load(place.block)?;
        }
        let missing = || StoreError::unreadable(format!("{what} is not in block {}", place.block));
        let at = usize::try_from(place.at).map_err(|_| missing())?;
        let rest = self.lines.get(at..).ok_or_else(missing)?;
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(missing)?;
        let line = std::str::from_utf8(&rest[..end]).map_err(|_| missing())?;
        from_json(line, what)
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
        self.lines = unpacked
            .filter(|lines| lines.len() as i64 == bytes)
            .ok_or_else(|| StoreError::unreadable(format!("block {number} cannot be unpacked")))?;
        self.number = number;
        Ok(())
    }
}
