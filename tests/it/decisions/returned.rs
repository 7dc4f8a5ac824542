//! Sheets on their way back: half copied, saved by other programs, sorted, mangled; and the sheets about what is settled.

use super::office::{ALONE, CUSTOMERS, Office, Row};
use calamine::{DataRef, Reader, Xlsx};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::io::Cursor;

const ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount
1,C1,Nordwind Handels GmbH,INV,RE-1001,2026-02-01,2026-03-01,EUR,100.00,100.00
2,C1,Nordwind Handels GmbH,INV,RE-1002,2026-02-01,2026-03-01,EUR,1250.00,1250.00
3,C2,Kiesel Maschinenbau AG,INV,RE-1003,2026-02-01,2026-03-01,EUR,650.00,650.00
";

fn office() -> (Office, Row) {
    let office = Office::new(ITEMS, CUSTOMERS, ALONE);
    office.receives(
        "1.csv",
        &[
            ("B1", "2026-03-02", "1300.00", "Zentralkasse Nord", "", "Danke"),
            ("B2", "2026-03-02", "650.00", "Kiesel Maschinenbau AG", "", "RE-1003"),
        ],
    );
    office.night("2026-03-03");
    let row = office.row("B1");
    (office, row)
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

#[test]
fn a_decision_survives_what_people_and_programs_do_to_the_sheet() {
    for (told, name, sheet) in [
        (
            "semicolons and decimal commas in windows-1252, columns moved and renamed",
            "antwort.csv",
            "Prüfer;Zahlungs-ID;Entscheidung;Ziel;Notiz\nAnna;{id};Zuordnen;RE-1001=60,00 , RE-1002=1.240,00;geprüft\n",
        ),
        (
            "GB18030, sorted, with blank rows and a subtotal",
            "gbk.txt",
            "决定 decision;目标 target;金额 amount;备注;付款编号 payment_id\n;;小计;;\n;;;;\n核销;RE-1001=60.00；RE-1002=1,240.00;1300;已核对;{id}\n;;合计 1300;;\n",
        ),
        (
            "UTF-16 with tabs and full-width characters",
            "utf16.csv",
            "payment_id\tdecision\ttarget\tinserted\n{id}\tＡＰＰＬＹ\tRE-1001＝６０．００；RE-1002＝１２４０．００\tx\n",
        ),
        (
            "UTF-8, a title above, the header lower down",
            "titel.csv",
            "Exceptions of run 1,,,\n,,,\ntarget,decision,x,payment_id\n\"RE-1001=60.00\nRE-1002=1240.00\",apply,1,{id}\n",
        ),
    ] {
        let (office, row) = office();
        let text = sheet.replace("{id}", &row["payment_id"]);
        let bytes = match name {
            "antwort.csv" => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
            "gbk.txt" => encoding_rs::GB18030.encode(&text).0.into_owned(),
            "utf16.csv" => utf16(&text),
            _ => text.into_bytes(),
        };
        office.write(&format!("decisions/anna/{name}"), bytes);
        office.night("2026-03-04");
        assert_eq!(
            office.posted(),
            [
                "2-1 B1 C1 RE-1001 60.00 listed by anna",
                "2-2 B1 C1 RE-1002 1240.00 listed by anna"
            ],
            "{told}: {:?}",
            office.answers()
        );
    }
}

#[test]
fn answers_name_the_row_that_people_see() {
    for (end, rows) in [("\n", ["2", "3"]), ("\r\n", ["2", "3"]), ("\r\n\r\n", ["3", "5"])] {
        let (office, row) = office();
        let id = &row["payment_id"];
        let sheet = format!("payment_id,decision{end}{id},APPLY{end}{id},nonsense{end}");
        office.write("decisions/anna/sheet.csv", sheet);
        office.night("2026-03-04");
        let told: Vec<String> = office
            .rows("decisions_result.csv")
            .iter()
            .map(|row| row["row"].clone())
            .collect();
        assert_eq!(told, rows, "{end:?}");
    }
}

#[test]
fn what_is_open_in_a_program_or_half_copied_is_left_for_the_next_night() {
    let (office, row) = office();
    let apply: &[(&str, &str)] = &[("decision", "APPLY"), ("target", "RE-1001; RE-1002")];
    office.saves("anna", "sheet.csv", &[(&row, &[]), (&row, apply)]);
    let path = office.path("decisions/anna/sheet.csv");
    let whole = std::fs::read(&path).expect("a sheet");
    std::fs::write(&path, &whole[..whole.len() - 30]).expect("half a sheet");
    office.write("decisions/anna/~$sheet.xlsx", b"anna");
    office.write("decisions/anna/.~lock.sheet.csv#", b"anna");
    office.night("2026-03-04");
    assert_eq!(office.answers(), [""; 0]);
    let findings = office.rows("findings.csv");
    let left = findings.iter().find(|row| row["code"] == "SHEET-LEFT");
    assert!(left.is_some(), "{findings:?}");
    std::fs::write(&path, &whole).expect("the whole sheet");
    office.night("2026-03-05");
    assert_eq!(
        office.answers(),
        ["anna APPLY RE-1001; RE-1002: APPLIED booked as decided [3-1;3-2]"]
    );
    office.night("2026-03-06");
    assert_eq!(office.answers(), [""; 0], "answered once");
}

/// Cells of a sheet of the last night's workbook by row and column.
fn cells(office: &Office, sheet: &str) -> BTreeMap<(u32, u32), String> {
    let bytes = std::fs::read(office.path("out/latest/exceptions.xlsx")).expect("a workbook");
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let mut reader = workbook.worksheet_cells_reader(sheet).expect(sheet);
    let mut cells = BTreeMap::new();
    while let Some(cell) = reader.next_cell().expect("readable") {
        let text = match cell.get_value() {
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Float(number) => number.to_string(),
            _ => continue,
        };
        cells.insert(cell.get_position(), text);
    }
    cells
}

#[test]
fn a_posting_is_taken_back_in_the_sheet_of_what_is_posted() {
    let (office, _) = office();
    let mut posted = cells(&office, "Posted");
    let header: BTreeMap<String, u32> = posted
        .iter()
        .filter(|((row, _), _)| *row == 0)
        .map(|((_, column), text)| (text.clone(), *column))
        .collect();
    assert_eq!(posted[&(1, header["doc_no"])], "RE-1003");
    posted.insert((1, header["decision"]), "UNDO".to_owned());
    posted.insert((1, header["note"]), "another Kiesel".to_owned());
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Posted").expect("a sheet");
    for ((row, column), text) in &posted {
        sheet.write_string(*row, *column as u16, text).expect("written");
    }
    office.write("decisions/bert/back.xlsx", workbook.save_to_buffer().expect("saved"));
    office.night("2026-03-04");
    assert_eq!(
        office.posted(),
        ["2-1 B2 C2 RE-1003 -650.00 reversal by bert reverses 1-1"]
    );
    let text = &office.rows("postings.csv")[0]["text"];
    assert_eq!(text, "takes back 1-1, decided by bert: another Kiesel");
    // What became of it stands in the next workbook; saved as it is, that workbook decides nothing.
    let told: Vec<String> = cells(&office, "Decisions").into_values().collect();
    assert!(told.contains(&"APPLIED".to_owned()), "{told:?}");
    assert!(told.iter().any(|text| text.starts_with("1-1 taken back")), "{told:?}");
    let saved = std::fs::read(office.path("out/latest/exceptions.xlsx")).expect("a workbook");
    office.write("decisions/anna/exceptions.xlsx", saved);
    office.night("2026-03-05");
    assert_eq!(office.answers(), [""; 0]);
}

#[test]
fn what_waits_to_be_taken_back_is_shown_to_the_second_person() {
    let office = Office::new(ITEMS, CUSTOMERS, "");
    office.receives(
        "1.csv",
        &[("B2", "2026-03-02", "650.00", "Kiesel Maschinenbau AG", "", "RE-1003")],
    );
    office.night("2026-03-03");
    let row = Row::from([(
        "payment_id".to_owned(),
        office.rows("postings.csv")[0]["payment_id"].clone(),
    )]);
    office.saves(
        "anna",
        "undo.csv",
        &[(&row, &[("decision", "UNDO"), ("note", "another Kiesel")])],
    );
    office.night("2026-03-04");
    office.night("2026-03-05");
    let waits =
        "UNDO by anna (another Kiesel): waits for a second person since run 2: APPROVE in a folder of their own";
    for sheet in ["Posted", "Decisions"] {
        let told: Vec<String> = cells(&office, sheet).into_values().collect();
        assert!(told.contains(&waits.to_owned()), "{sheet}: {told:?}");
        // Whose money it is stands beside it, though an earlier run settled it.
        for fact in ["Kiesel Maschinenbau AG", "650"] {
            assert!(told.contains(&fact.to_owned()), "{sheet}: {told:?}");
        }
    }
}

#[test]
fn a_statement_that_does_not_add_up_is_released_by_two_people() {
    let fixture = crate::program::root().join("fixtures/errors/statements/balance-broken.xml");
    let broken = std::fs::read(fixture).expect("a statement that does not add up");
    let sha256 = paymatch::run::inputs::sha256(&broken);
    let settings = |people: &str| {
        format!(
            "{ALONE}[approval.releases.{sha256}]\nreason = \"confirmed by the bank's letter\"\npeople = [{people}]\n"
        )
    };
    let night = |settings: &str, code: i32| {
        let office = Office::new(ITEMS, CUSTOMERS, settings);
        office.write("inbox/broken.xml", &broken);
        office.night_with_code("2026-03-10", code);
        office
    };
    let codes = |office: &Office| -> Vec<String> {
        let findings = office.rows("findings.csv").into_iter();
        findings.map(|row| row["code"].clone()).collect()
    };
    let refused = night(ALONE, 3);
    assert!(codes(&refused).contains(&"BALANCE-BROKEN".to_owned()));
    let released = night(&settings("\"anna\", \"bert\""), 0);
    assert!(
        codes(&released).contains(&"STATEMENT-RELEASED".to_owned()),
        "{:?}",
        codes(&released)
    );
    assert!(!released.exceptions().is_empty() || !released.rows("set_aside.csv").is_empty());
    for alone in ["\"anna\"", "\"anna\", \"Anna \""] {
        let office = Office::new(ITEMS, CUSTOMERS, &settings(alone));
        let mut run = crate::program::program();
        run.arg("run").arg("--config").arg(office.path("paymatch.toml"));
        let told = crate::program::expect_code(&mut run, 78);
        assert!(told.contains("needs a reason and two different people"), "{told}");
    }
}
