//! What a run published and what is left to do: the store's side of the steps after the commit.

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::files::sha256;
use crate::store::word::{count, int};
use rusqlite::{Connection, OptionalExtension};
use std::io::Read;

/// An output file as it was written, with its bytes packed: kept until the next run is committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputFile {
    /// Name in its folder, with `/` between folder and file.
    pub name: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Number of bytes.
    pub bytes: u64,
    /// The bytes as an LZ4 frame.
    pub packed: Vec<u8>,
}

/// An output file as the store remembers it for ever.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublishedFile {
    /// Name in its folder.
    pub name: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Number of bytes.
    pub bytes: u64,
}

/// How far the delivery to the ERP has come. It never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Delivery {
    /// The run has none.
    None,
    /// Nothing of it is on disk for sure.
    Waiting,
    /// It lies whole beside the outbox; one rename is left. Where it is gone, the rename was done.
    Staged,
    /// It was placed. It is never placed again, wherever the ERP took it.
    Placed,
}

impl Delivery {
    fn code(self) -> &'static str {
        match self {
            Delivery::None => "none",
            Delivery::Waiting => "waiting",
            Delivery::Staged => "staged",
            Delivery::Placed => "placed",
        }
    }

    fn of(code: &str) -> Result<Delivery, StoreError> {
        let all = [Delivery::None, Delivery::Waiting, Delivery::Staged, Delivery::Placed];
        let found = all.into_iter().find(|delivery| delivery.code() == code);
        found.ok_or_else(|| StoreError::unreadable(format!("`{code}` is no stage of a delivery")))
    }
}

/// What a committed run publishes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Publication {
    /// The run.
    pub run: u64,
    /// Files of its folder, by name.
    pub files: Vec<PublishedFile>,
    /// The file for the ERP, where it posts.
    pub outbox: Option<PublishedFile>,
    /// How far the delivery has come.
    pub delivery: Delivery,
    /// True when nothing is left to do.
    pub is_complete: bool,
}

impl Store {
    /// Returns the committed run whose publication was interrupted, if there is one.
    pub fn unpublished(&self) -> Result<Option<Publication>, StoreError> {
        self.told(|connection| {
            let sql = "SELECT run FROM publication WHERE is_complete = 0 ORDER BY run LIMIT 1";
            let run: Option<i64> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
            run.map(|run| publication(connection, run)).transpose()
        })
    }

    /// Returns what all runs published, oldest first.
    pub fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        self.told(|connection| {
            let mut statement = connection.prepare("SELECT run FROM publication ORDER BY run")?;
            let runs = statement
                .query_map([], |row| row.get(0))?
                .collect::<Result<Vec<i64>, _>>()?;
            runs.into_iter().map(|run| publication(connection, run)).collect()
        })
    }

    /// Returns the bytes of a file of the latest run; `None` when they are no longer kept.
    pub fn copy_of(&self, file: &PublishedFile) -> Result<Option<Vec<u8>>, StoreError> {
        self.told(|connection| {
            let sql = "SELECT packed FROM copy WHERE sha256 = ?1";
            let found = connection.query_row(sql, [&file.sha256], |row| row.get::<_, Vec<u8>>(0));
            let Some(packed) = found.optional()? else {
                return Ok(None);
            };
            let mut bytes = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or(0));
            let unpacked = lz4_flex::frame::FrameDecoder::new(packed.as_slice())
                .take(file.bytes + 1)
                .read_to_end(&mut bytes);
            if unpacked.is_err() || sha256(&bytes) != file.sha256 {
                return Err(StoreError::unreadable(format!("its copy of {} is damaged", file.name)));
            }
            Ok(Some(bytes))
        })
    }

    /// Remembers that the delivery of a run lies whole beside the outbox.
    pub fn mark_delivery_staged(&mut self, run: u64) -> Result<(), StoreError> {
        self.mark(
            run,
            "UPDATE publication SET delivery = 'staged' WHERE run = ?1 AND delivery IN ('waiting', 'staged')",
        )
    }

    /// Remembers that the delivery of a run was placed: it is never placed again.
    pub fn mark_delivery_placed(&mut self, run: u64) -> Result<(), StoreError> {
        self.mark(
            run,
            "UPDATE publication SET delivery = 'placed' WHERE run = ?1 AND delivery <> 'none'",
        )
    }

    /// Remembers that nothing is left to do for a run.
    pub fn mark_published(&mut self, run: u64) -> Result<(), StoreError> {
        self.mark(
            run,
            "UPDATE publication SET is_complete = 1 WHERE run = ?1 AND is_complete = 0",
        )
    }

    fn mark(&mut self, run: u64, sql: &str) -> Result<(), StoreError> {
        self.writable()?;
        self.told(|connection| {
            if connection.execute(sql, [int(run)?])? == 1 {
                return Ok(());
            }
            Err(StoreError::inconsistent(format!("run {run} has no such step left")))
        })
    }
}

fn publication(connection: &Connection, run: i64) -> Result<Publication, StoreError> {
    let sql = "SELECT delivery, is_complete FROM publication WHERE run = ?1";
    let (delivery, is_complete): (String, bool) =
        connection.query_row(sql, [run], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "SELECT place, name, sha256, bytes FROM output WHERE run = ?1 ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([run])?;
    let (mut files, mut outbox) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let file = PublishedFile {
            name: row.get(1)?,
            sha256: row.get(2)?,
            bytes: count(row.get(3)?)?,
        };
        match row.get_ref(0)?.as_str().unwrap_or_default() {
            "folder" => files.push(file),
            _ => outbox = Some(file),
        }
    }
    Ok(Publication {
        run: count(run)?,
        files,
        outbox,
        delivery: Delivery::of(&delivery)?,
        is_complete,
    })
}
