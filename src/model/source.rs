//! Where a record comes from: printed in every message.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The file a record was read from, and its place there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The file's name as it was given, never used as a path again.
    pub file: Arc<str>,
    /// The place in the file.
    pub at: At,
}

/// A place in a file; lines, columns, entries and details count from 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum At {
    /// The file as a whole.
    File,
    /// A line of a text file, or a row of a sheet.
    Line(u64),
    /// A cell: its row and the column's name.
    Cell {
        /// Row, counted from 1, the header included.
        row: u64,
        /// The column's header as the file writes it.
        column: String,
    },
    /// A row of a sheet of a workbook.
    Row {
        /// The sheet's name.
        sheet: String,
        /// Row, counted from 1, the header included.
        row: u64,
    },
    /// An element of an XML file.
    Element {
        /// Line of the element's start.
        line: u64,
        /// Column of the element's start, in characters.
        column: u64,
        /// Path below the message, with ordinals: `Stmt[1]/Ntry[7]/Amt`.
        path: String,
    },
    /// An entry of a statement, or one of its details.
    Entry {
        /// Ordinal of the statement in the file.
        statement: u32,
        /// Ordinal of the entry in the statement; 0 for the statement itself.
        entry: u32,
        /// Ordinal of the detail in the entry; 0 for the entry itself.
        detail: u32,
    },
}

impl Source {
    /// Returns the source that names a file as a whole.
    pub fn file(name: &str) -> Source {
        Source {
            file: name.into(),
            at: At::File,
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::File => Ok(()),
            At::Line(line) => write!(f, "{line}"),
            At::Cell { row, column } => write!(f, "{row}:{column}"),
            At::Row { sheet, row } => write!(f, "{sheet}!{row}"),
            At::Element { line, column, path } if path.is_empty() => write!(f, "{line}:{column}"),
            At::Element { line, column, path } => write!(f, "{line}:{column}: {path}"),
            At::Entry {
                statement, entry: 0, ..
            } => write!(f, "Stmt[{statement}]"),
            At::Entry {
                statement,
                entry,
                detail: 0,
            } => write!(f, "Stmt[{statement}]/Ntry[{entry}]"),
            At::Entry {
                statement,
                entry,
                detail,
            } => write!(f, "Stmt[{statement}]/Ntry[{entry}]/TxDtls[{detail}]"),
        }
    }
}

impl fmt::Display for Source {
    /// Writes `inbox/stmt.xml:14:27: Stmt[1]/Ntry[3]/Amt`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            At::File => f.write_str(&self.file),
            _ => write!(f, "{}:{}", self.file, self.at),
        }
    }
}
