//! Workbooks: read like text, whatever sizes they declare.

use super::{as_of, net, options};
use crate::english::full;
use paymatch::model::NaiveDate;
use paymatch::model::statement::Proof;
use paymatch::read::open_items;
use paymatch::read::statement::read;

#[test]
fn workbooks_are_read_like_text() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    for (column, name) in [
        "Kundennr",
        "Rechnungsnummer",
        "Fälligkeit",
        "Währung",
        "Betrag",
        "Offener Betrag",
    ]
    .iter()
    .enumerate()
    {
        sheet.write(2, column as u16, *name).expect("header");
    }
    sheet.write(0, 0, "Offene Posten").expect("title");
    for (row, number, amount) in [(3, "RE-1", 1_119.3), (4, "RE-2", 1.234e3)] {
        sheet.write(row, 0, "C1").expect("customer");
        sheet.write(row, 1, number).expect("number");
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 1).expect("date");
        sheet.write_with_format(row, 2, &date, &day).expect("date");
        sheet.write(row, 3, "EUR").expect("currency");
        sheet.write(row, 4, amount).expect("amount");
        sheet.write(row, 5, amount).expect("amount");
    }
    let bytes = workbook.save_to_buffer().expect("workbook");
    let rows = open_items::read("items.xlsx", &bytes, as_of()).expect("items");
    let read: Vec<_> = rows
        .rows
        .iter()
        .map(|item| (item.open_amount, item.due_date, item.source.to_string()))
        .collect();
    let due = NaiveDate::from_ymd_opt(2026, 3, 1);
    assert_eq!(
        read,
        [
            (111_930, due, "items.xlsx:4".to_owned()),
            (123_400, due, "items.xlsx:5".to_owned())
        ]
    );

    // Sizes that a workbook declares are never believed.
    for (member, from, to) in [
        ("xl/worksheets/sheet1.xml", "ref=\"A1:F5\"", "ref=\"B9:A1\""),
        ("xl/worksheets/sheet1.xml", "ref=\"A1:F5\"", "ref=\"A1:XFD1048576\""),
        ("xl/worksheets/sheet1.xml", "r=\"A4\"", "r=\"XFD4\""),
        ("xl/worksheets/sheet1.xml", "r=\"A4\"", "r=\"A4294967295\""),
        ("xl/sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"99999999999"),
    ] {
        let hostile = rewritten(&bytes, member, from, to);
        match open_items::read("items.xlsx", &hostile, as_of()) {
            Ok(rows) => assert_eq!(rows.rows.len(), 2, "{to}"),
            Err(refusals) => assert!(!refusals.is_empty(), "{to}"),
        }
    }
}

/// The workbook reader takes a number of a text that is none for the first text, and passes over what stands beside a value.
#[test]
fn a_cell_that_would_be_lost_or_taken_for_another_is_refused() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, cell) in ["customer_id", "document_number", "currency", "open_amount"]
        .iter()
        .enumerate()
    {
        sheet.write(0, column as u16, *cell).expect("header");
    }
    for (column, cell) in ["C1", "RE-1", "EUR"].iter().enumerate() {
        sheet.write(1, column as u16, *cell).expect("text");
    }
    sheet.write(1, 3, 119.5).expect("amount");
    let bytes = workbook.save_to_buffer().expect("workbook");
    assert_eq!(
        open_items::read("items.xlsx", &bytes, as_of())
            .expect("items")
            .rows
            .len(),
        1
    );
    for (from, to) in [
        ("<v>4</v>", "<v>-4</v>"),
        ("<v>4</v>", "<v>4.0</v>"),
        ("<v>4</v>", "<v>99</v>"),
        ("<v>119.5</v>", "<v><!-- -->119.5</v>"),
        ("<v>119.5</v>", "<v>119.5<!-- -->7</v>"),
        ("<v>119.5</v>", "<v><![CDATA[119.5]]></v>"),
        ("<v>119.5</v>", "<v>11&#57;.5</v>"),
        ("<v>119.5</v>", "<v><w>119.5</w></v>"),
    ] {
        let hostile = rewritten(&bytes, "xl/worksheets/sheet1.xml", from, to);
        let refusals = open_items::read("items.xlsx", &hostile, as_of()).expect_err(to);
        assert!(!refusals.is_empty(), "{to}");
    }
}

fn statement_workbook(sheets: &[&str]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for text in sheets {
        let sheet = workbook.add_worksheet();
        for (row, line) in text.lines().enumerate() {
            for (column, cell) in line.split(',').enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number).expect("a number"),
                    Err(_) => sheet.write(row, column, cell).expect("a text"),
                };
            }
        }
    }
    workbook.save_to_buffer().expect("workbook")
}

#[test]
fn statements_are_read_from_workbooks_also_inside_archives() {
    let options = options();
    let text = "Export of a bank\n\nbank_ref,booking_date,amount,currency,counterparty_name,purpose,account,balance_after\n\
        B-1,2026-03-02,119.3,EUR,Nordwind,RE-1,DE02120300000000202051,119.3\n\
        B-2,2026-03-03,-19.05,EUR,Papier Krause,Kd 12,DE02120300000000202051,100.25\n";
    let bytes = statement_workbook(&[text]);
    let zipped = {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file("export.xlsx", options).expect("start");
        archive.write_all(&bytes).expect("write");
        archive.finish().expect("finish").into_inner()
    };
    for (name, bytes, place) in [
        ("a.xlsx", &bytes, "a.xlsx:4"),
        ("a.zip", &zipped, "a.zip/export.xlsx:4"),
    ] {
        let readings = read(name, bytes, &options);
        assert_eq!(readings[0].refusal, None, "{name}");
        let statement = &readings[0].statements[0];
        assert_eq!((net(statement), &statement.proof), (10_025, &Proof::Proved), "{name}");
        assert_eq!(statement.entries[0].source.to_string(), place);
    }
    let remark = "A remark,about,nothing\n";
    let second = read("a.xlsx", &statement_workbook(&[remark, text]), &options);
    assert_eq!(
        second[0].statements[0].entries.len(),
        2,
        "the sheet that holds the statement is found"
    );
    let both = read("a.xlsx", &statement_workbook(&[text, text]), &options);
    let refusal = both[0].refusal.as_ref().expect("two statements in one file");
    expect_test::expect![[r#"
        error[SHEETS-SEVERAL]: a.xlsx:3: two sheets hold a statement: Sheet1, Sheet2
        help: save each of them as a file of its own"#]]
    .assert_eq(&full(refusal));
}

/// Returns the workbook with one text of one member replaced.
fn rewritten(bytes: &[u8], member: &str, from: &str, to: &str) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut source = zip::ZipArchive::new(Cursor::new(bytes)).expect("archive");
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..source.len() {
        let mut entry = source.by_index(position).expect("member");
        let name = entry.name().expect("name").into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        if name == member {
            let text = String::from_utf8(content).expect("text");
            assert!(text.contains(from), "{member}: {from}");
            content = text.replacen(from, to, 1).into_bytes();
        }
        target
            .start_file(name, zip::write::SimpleFileOptions::default())
            .expect("start");
        target.write_all(&content).expect("write");
    }
    target.finish().expect("finish").into_inner()
}
