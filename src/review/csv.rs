//! `exceptions.csv`: the twin of the workbook for machines, and for people who open it in a spreadsheet all the same.
//!
//! UTF-8 without a byte order mark, `,`, lines end with `\n`. Texts that begin like a formula (`=`, `+`, `-`, `@`) have
//! a `'` in front; amounts, dates and counts are exact. Take the `'` off when you need the text as the bank wrote it.

use crate::review::columns::Column;
use crate::review::sheet::ExceptionRow;
use std::io;

/// Writes the rows of the sheet.
pub fn write(rows: &[ExceptionRow], out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(Column::ALL.map(Column::header))?;
    for row in rows {
        for cell in row.cells() {
            table.write_field(cell.csv_text().as_bytes())?;
        }
        table.write_record(None::<&[u8]>)?;
    }
    table.flush()
}
