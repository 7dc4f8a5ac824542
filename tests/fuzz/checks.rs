//! What holds for any bytes whatsoever: nothing panics, every refusal says why, and what is called proved adds up.

use paymatch::model::NaiveDate;
use paymatch::model::statement::{BalanceKind, EntryStatus, Proof, Statement};
use paymatch::read::statement::csv::Profile;
use paymatch::read::statement::{Options, Split, entry_split, proof, read};
use paymatch::read::{customers, history, open_items};
use paymatch::words::Words;
use paymatch::words::finding::full;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::sync::LazyLock;

static OPTIONS: LazyLock<Options> = LazyLock::new(|| Options {
    profiles: Profile::shipped(),
    as_of: as_of(),
    inverted_reversal_accounts: BTreeSet::new(),
});

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
}

/// Reads bytes as a statement of any format, and proves it.
pub fn statements(name: &str, bytes: &[u8]) {
    let mut readings = read(name, bytes, &OPTIONS);
    proof::prove(&mut readings, &OPTIONS);
    assert!(!readings.is_empty(), "every file has an answer");
    for reading in readings.iter().filter(|reading| !reading.is_refused()) {
        for statement in reading
            .statements
            .iter()
            .filter(|statement| statement.refusal.is_none())
        {
            adds_up(statement);
            splits_add_up(statement);
        }
    }
    for finding in readings.iter().flat_map(|reading| reading.all_findings()) {
        assert!(!full(Words::english(), finding).is_empty(), "every finding has words");
    }
}

/// A proved statement on one page: opening + booked entries = closing.
fn adds_up(statement: &Statement) {
    if statement.proof != Proof::Proved || statement.page.is_some() {
        return;
    }
    let of = |kind: BalanceKind| statement.balances.iter().find(|balance| balance.kind == kind);
    let opening = of(BalanceKind::Opening).or_else(|| of(BalanceKind::PreviousClosing));
    let (Some(opening), Some(closing)) = (opening, of(BalanceKind::Closing)) else {
        return;
    };
    let booked = statement
        .entries
        .iter()
        .filter(|entry| matches!(entry.status, None | Some(EntryStatus::Booked)));
    let sum: i128 = booked.map(|entry| i128::from(entry.signed())).sum();
    assert_eq!(
        i128::from(opening.signed()) + sum,
        i128::from(closing.signed()),
        "what is proved adds up"
    );
}

/// The details of a split entry are the entry, to the minor unit.
fn splits_add_up(statement: &Statement) {
    for entry in &statement.entries {
        if let Split::Details(cash) = entry_split(entry, statement.currency()) {
            let sum: i128 = cash.iter().map(|cash| i128::from(*cash)).sum();
            assert_eq!(sum, i128::from(entry.signed()), "a split adds up to its entry");
        }
    }
}

/// Reads bytes as each of the tables of accounts receivable; a refusal names its faults.
pub fn master_data(name: &str, bytes: &[u8]) {
    for faults in [
        open_items::read(name, bytes, as_of()).err(),
        customers::read(name, bytes, as_of()).err(),
        history::read(name, bytes, as_of()).err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!faults.is_empty(), "a refusal says why");
    }
}

/// Returns a workbook with one sheet: the bytes are its XML, and behind a NUL that of its shared strings. Mutations then reach
/// the cells, where those of a packed file would only break its checksums.
pub fn workbook(bytes: &[u8]) -> Vec<u8> {
    const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    let nul = bytes.iter().position(|byte| *byte == 0);
    let (sheet, strings) = nul.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 1..]));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ] {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name, stored).expect("memory takes it");
        zip.write_all(part).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}
