//! The outputs of a run: approved texts, escapes, typed cells, and decisions on their way back.

mod languages;
mod large;
mod night;

use calamine::{DataRef, Reader, Xlsx};
use expect_test::expect_file;
use night::HOSTILE;
use paymatch::model::{Currency, Night};
use paymatch::report::overview::Overview;
use paymatch::review::columns::Column;
use paymatch::review::{decisions, sheet};
use paymatch::{post, report, review};
use std::collections::BTreeMap;
use std::io;

/// Returns a night of so many exceptions.
pub fn night_of(exceptions: usize) -> Night {
    large::large_night(exceptions)
}

fn written(write: impl Fn(&mut dyn io::Write) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("a Vec takes everything");
    let mut again = Vec::new();
    write(&mut again).expect("a Vec takes everything");
    assert_eq!(bytes, again, "the same night must give the same bytes");
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn lists_are_as_approved() {
    let night = night::night();
    let rows = sheet::rows(&night);
    let expected = |name: &str| expect_file![format!("../../fixtures/review/expected/{name}")];
    expected("postings.csv").assert_eq(&written(|out| post::postings::write(&night, out)));
    expected("exceptions.csv").assert_eq(&written(|out| review::csv::write(&rows, out)));
    expected("candidates.csv").assert_eq(&written(|out| {
        review::candidates::write(&night, &sheet::rows(&night), out)
    }));
    expected("decisions_result.csv").assert_eq(&written(|out| review::results::write(&night, out)));
    expected("set_aside.csv").assert_eq(&written(|out| report::set_aside::write(&night, out)));
    expected("duplicates.csv").assert_eq(&written(|out| report::duplicates::write(&night, out)));
    expected("findings.csv").assert_eq(&written(|out| report::findings::write(&night, out)));
    expected("summary.json").assert_eq(&written(|out| {
        report::summary::write(&night, &Overview::of(&night), out)
    }));
    expected("terminal.txt").assert_eq(&report::terminal::summary_text(&night, &Overview::of(&night), false));
    expected("report.txt").assert_eq(&page_text(&written(|out| {
        report::html::write(&night, &Overview::of(&night), out)
    })));
}

/// Returns what a reader of the page sees: no tags, one line per block, entities as they are.
fn page_text(page: &str) -> String {
    let body = page.split_once("<body>").expect("a body").1;
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').expect("tags end");
        let is_cell = ["/td", "/th", "span class=\"small\""].contains(&tag);
        text.push_str(if is_cell { " | " } else { "" });
        rest = after;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

#[test]
fn no_text_of_a_payer_reaches_the_page_unescaped() {
    let page = written(|out| report::html::write(&night::night(), &Overview::of(&night::night()), out));
    for harm in [
        "<script",
        "<b>",
        "<i>",
        "\u{202e}",
        "\u{1b}",
        "\u{7}",
        "javascript:",
        "http://evil.example\"",
        " onload",
        "style=\"",
    ] {
        assert!(!page.contains(harm), "{harm:?} stands in the page");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"), "shown, but harmless");
    assert!(page.contains("\\u{202e}txet nedih\\u{1b}[2J"), "shown, but harmless");
    for outside in [
        "src=", "href=", "url(", "@import", "<link", "<iframe", "<object", "<form",
    ] {
        assert!(!page.contains(outside), "{outside:?} points outside the page");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn no_cell_of_a_sheet_is_a_formula() {
    let night = night::night();
    let rows = sheet::rows(&night);
    let texts = [
        written(|out| review::csv::write(&rows, out)),
        written(|out| review::results::write(&night, out)),
        written(|out| report::findings::write(&night, out)),
        written(|out| review::candidates::write(&night, &sheet::rows(&night), out)),
    ];
    for text in texts {
        let mut table = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        for record in table.records() {
            for cell in record.expect("well-formed").iter() {
                let is_amount = cell
                    .strip_prefix('-')
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                assert!(is_amount || !cell.starts_with(['=', '+', '-', '@']), "cell: {cell}");
                assert!(!cell.contains(['\u{202e}', '\u{1b}', '\u{7}']), "cell: {cell:?}");
            }
        }
    }
    let workbook =
        review::workbook::write(&night, &rows, &std::env::temp_dir()).expect("within the limits of a workbook");
    let mut archive = zip::ZipArchive::new(io::Cursor::new(&workbook)).expect("a workbook is an archive");
    for position in 0..archive.len() {
        let member = archive.by_index(position).expect("readable");
        let text = io::read_to_string(member).expect("XML");
        assert!(!text.contains("<f>"), "a formula in member {position}");
        assert!(!text.contains("hyperlink"), "a link in member {position}");
    }
}

#[test]
fn postings_are_exact_for_machines() {
    let mut night = night::night();
    let payment = std::sync::Arc::make_mut(&mut night.payments[0].payment);
    payment.payer_names[0].text = HOSTILE.into();
    payment.bank_ref = "two\nlines, \"quoted\"".into();
    let text = written(|out| post::postings::write(&night, out));
    let mut table = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let first = table.records().next().expect("a row").expect("well-formed");
    assert_eq!(&first[7], HOSTILE);
    assert_eq!(&first[3], "two\nlines, \"quoted\"");
    night.payments[0].posting = None;
    assert!(
        post::postings::write(&night, &mut Vec::new()).is_err(),
        "a posting without its payment is refused"
    );
}

/// Cells of a sheet by row and column, from 0.
fn cells(workbook: &[u8], sheet: &str) -> BTreeMap<(u32, u32), String> {
    let mut workbook: Xlsx<_> = Xlsx::new(io::Cursor::new(workbook)).expect("a workbook");
    let mut reader = workbook.worksheet_cells_reader(sheet).expect("the sheet");
    let mut cells = BTreeMap::new();
    while let Some(cell) = reader.next_cell().expect("readable") {
        let shown = match cell.get_value() {
            DataRef::Float(number) => format!("number {number}"),
            DataRef::DateTime(moment) => {
                let (year, month, day, ..) = moment.to_ymd_hms_milli();
                format!("date {year:04}-{month:02}-{day:02}")
            }
            DataRef::String(text) => format!("text {text}"),
            DataRef::SharedString(text) => format!("text {text}"),
            DataRef::Empty => continue,
            other => format!("{other:?}"),
        };
        cells.insert(cell.get_position(), shown);
    }
    cells
}

#[test]
fn the_workbook_has_typed_cells() {
    let night = night::night();
    let rows = sheet::rows(&night);
    let workbook = review::workbook::write(&night, &rows, &std::env::temp_dir()).expect("a workbook");
    assert_eq!(
        workbook,
        review::workbook::write(&night, &rows, &std::env::temp_dir()).expect("a workbook"),
        "the same night must give the same bytes"
    );
    let cells = cells(&workbook, "Review");
    let column = |column: Column| column as u32;
    for (position, name) in Column::ALL.into_iter().enumerate() {
        assert_eq!(cells[&(0, position as u32)], format!("text {}", name.header()));
    }
    let row = |id: &str| -> u32 {
        let found = cells.iter().find(|(_, text)| **text == format!("text {id}"));
        found.expect(id).0.0
    };
    let harm = row("P0006");
    for (place, expected) in [
        ((harm, column(Column::PayerName)), format!("text {HOSTILE}")),
        ((harm, column(Column::Amount)), "number 50".to_owned()),
        ((harm, column(Column::BookingDate)), "date 2026-03-03".to_owned()),
        ((harm, column(Column::Probability)), "number 0.95".to_owned()),
        ((harm, column(Column::AgeDays)), "number 1".to_owned()),
        (
            (row("P0005"), column(Column::Account)),
            "text 1234567890123456789".to_owned(),
        ),
        ((row("P0009"), column(Column::Amount)), "number 12.345".to_owned()),
        ((1, column(Column::Status)), "text proposed".to_owned()),
        ((10, column(Column::PaymentId)), "text P0014".to_owned()),
    ] {
        assert_eq!(cells[&place], expected, "cell {place:?}");
    }
    assert!(
        !cells.contains_key(&(harm, column(Column::Decision))),
        "decisions are empty"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_told_as_the_disk_tells_it() {
    let night = night::night();
    let nowhere = std::path::Path::new("/nowhere/at/all");
    let error = review::workbook::write(&night, &sheet::rows(&night), nowhere).expect_err("no such folder");
    assert_eq!(error.kind(), io::ErrorKind::NotFound, "{error}");
    assert!(error.raw_os_error().is_some(), "{error}");
}

#[test]
fn the_review_sheet_offers_its_choices() {
    let night = night::night();
    let workbook = review::workbook::write(&night, &sheet::rows(&night), &std::env::temp_dir()).expect("a workbook");
    let mut archive = zip::ZipArchive::new(io::Cursor::new(&workbook)).expect("an archive");
    let sheet = io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").expect("the sheet")).expect("XML");
    for part in [
        "state=\"frozen\"",
        "<autoFilter ref=\"A1:AI11\"/>",
        "\"ACCEPT,APPLY,PARTIAL,WRITE_OFF,CHARGES,DISCOUNT,ON_ACCOUNT,NOT_RECEIVABLE,REFUND,ALIAS,CORRECT_TEXT,CLAIM,LATER,DONE,\
         IGNORE,UNDO,APPROVE\"",
        "<formula1>$T2:$X2</formula1>",
        "errorStyle=\"warning\"",
        "orientation=\"landscape\"",
        "<conditionalFormatting",
        "numberStoredAsText=\"1\"",
    ] {
        assert!(sheet.contains(part), "{part} is missing");
    }
}

#[test]
fn rows_are_known_again_by_their_hash() {
    let mut night = night::night();
    let hash = |night: &Night, position: usize| {
        let judged = &night.payments[position];
        sheet::row_hash(&judged.payment, &judged.explanation)
    };
    let before = hash(&night, 4);
    night.payments[4].age_days += 1;
    night.payments[4].times_seen += 1;
    assert_eq!(hash(&night, 4), before, "age does not count");
    night.payments[4].explanation.candidates[0].allocations[0].cash -= 1;
    assert_ne!(hash(&night, 4), before, "amounts count");
    assert!(before.starts_with('h') && before.len() == 17, "{before}");
}

/// Returns the workbook of the night with decisions typed into the rows of these payments, as a person would save it as CSV.
fn decided_csv(night: &Night, decided: &[(&str, Column, &str)]) -> String {
    let text = written(|out| review::csv::write(&sheet::rows(night), out));
    let mut table = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(table.headers().expect("a header")).expect("written");
    for record in table.records() {
        let record = record.expect("well-formed");
        let cells = record.iter().enumerate().map(|(position, cell)| {
            let typed = decided
                .iter()
                .find(|(id, column, _)| *id == &record[Column::PaymentId as usize] && *column as usize == position);
            typed.map_or(cell, |(_, _, text)| text)
        });
        out.write_record(cells).expect("written");
    }
    String::from_utf8(out.into_inner().expect("flushed")).expect("UTF-8")
}

fn known(night: &Night) -> BTreeMap<String, Currency> {
    let payments = night.payments.iter().map(|judged| &judged.payment);
    payments
        .map(|payment| (payment.id.0.clone(), payment.amount.currency))
        .collect()
}

#[test]
fn decisions_come_back_from_csv() {
    let night = night::night();
    let rows = sheet::rows(&night);
    let chosen = rows[0].cell(Column::Candidate2).csv_text();
    let text = decided_csv(
        &night,
        &[
            ("P0005", Column::Decision, "挂账"),
            ("P0005", Column::Target, &chosen),
            ("P0006", Column::Decision, "accept"),
            ("P0007", Column::Decision, "Zuordnen"),
            ("P0007", Column::Target, "RE-1001=100,00；RE-1002"),
            ("P0008", Column::Decision, "APPLY"),
            ("P0010", Column::Decision, "IGNORE"),
            ("P0013", Column::Decision, "später"),
            ("P0013", Column::Target, "31.3.2026"),
        ],
    );
    let reading = decisions::read("decisions/li.na/x.csv", text.as_bytes(), "li.na", &known(&night));
    let read: Vec<String> = reading
        .decisions
        .iter()
        .map(|decision| {
            let targets: Vec<String> = decision
                .targets
                .iter()
                .map(|target| match target.amount {
                    Some(amount) => format!("{}={amount}", target.text),
                    None => target.text.clone(),
                })
                .collect();
            format!(
                "{} {} {}",
                decision.payment_id,
                decision.action.code(),
                targets.join(";")
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            "P0005 ON_ACCOUNT C00017",
            "P0006 ACCEPT ",
            "P0013 LATER 2026-03-31",
            "P0007 APPLY RE-1001=10000;RE-1002",
        ]
    );
    let rejected: Vec<String> = reading
        .results
        .iter()
        .map(|result| format!("{} {} {}", result.payment_id, result.outcome.code(), result.reason))
        .collect();
    assert_eq!(
        rejected,
        [
            "P0008 REJECTED APPLY needs documents: write their numbers into `target`, or choose a candidate there",
            "P0010 REJECTED IGNORE needs a reason: write it into `note`",
        ]
    );
    assert!(!reading.is_left && reading.findings.is_empty());
    let judged = &night.payments[4];
    assert_eq!(
        reading.decisions[0].row_hash,
        sheet::row_hash(&judged.payment, &judged.explanation)
    );
    assert_eq!(reading.decisions[0].decided_by, "li.na");
}

#[test]
fn decisions_come_back_from_a_workbook() {
    let night = night::night();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let notes = workbook.add_worksheet();
    notes.write_string(0, 0, "my notes").expect("written");
    let sheet = workbook.add_worksheet().set_name("给李娜").expect("named");
    // Moved and inserted columns, a title above, a renamed header, a blank row, a subtotal.
    for (column, name) in ["payment_id", "checked", "目标", "决定 decision", "Zielbetrag", "note"]
        .iter()
        .enumerate()
    {
        sheet.write_string(2, column as u16, *name).expect("written");
    }
    sheet.write_string(0, 0, "Exceptions of run 12").expect("written");
    sheet.write_string(3, 0, "P0008").expect("written");
    sheet.write_string(3, 2, "RE-1001").expect("written");
    sheet.write_string(3, 3, "apply").expect("written");
    sheet.write_number(3, 4, 104.0).expect("written");
    sheet.write_string(5, 2, "Total").expect("written");
    sheet.write_number(5, 4, 104.0).expect("written");
    sheet.write_string(6, 0, "P0013").expect("written");
    sheet.write_string(6, 3, "LATER").expect("written");
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 31).expect("a date");
    let format = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    sheet.write_datetime_with_format(6, 2, &date, &format).expect("written");
    sheet.write_string(7, 3, "DONE").expect("written");
    sheet.write_string(8, 0, "P0010").expect("written");
    sheet.write_string(8, 3, "DONE").expect("written");
    sheet.write_number(8, 2, 4711.0).expect("written");
    let bytes = workbook.save_to_buffer().expect("saved");
    let reading = decisions::read("decisions/any name.xlsx", &bytes, "", &known(&night));
    let read: Vec<String> = reading
        .decisions
        .iter()
        .map(|decision| {
            let (id, target) = (&decision.payment_id, &decision.targets[0]);
            let code = decision.action.code();
            format!("{} {id} {code} {} {:?}", decision.source.at, target.text, target.amount)
        })
        .collect();
    assert_eq!(
        read,
        [
            "给李娜!4 P0008 APPLY RE-1001 Some(10400)",
            "给李娜!7 P0013 LATER 2026-03-31 None",
            "给李娜!9 P0010 DONE 4711 None",
        ]
    );
    assert_eq!(reading.results.len(), 1);
    assert_eq!(
        reading.results[0].source.to_string(),
        "decisions/any name.xlsx:给李娜!8"
    );
    assert!(reading.results[0].reason.contains("no `payment_id`"));
}

#[test]
fn our_own_workbook_without_decisions_says_nothing() {
    let night = night::night();
    let workbook = review::workbook::write(&night, &sheet::rows(&night), &std::env::temp_dir()).expect("a workbook");
    let reading = decisions::read("exceptions.xlsx", &workbook, "", &known(&night));
    assert!(reading.decisions.is_empty() && reading.results.is_empty() && reading.findings.is_empty());
}

#[test]
fn unfinished_and_foreign_files_are_named() {
    let night = night::night();
    let workbook = review::workbook::write(&night, &sheet::rows(&night), &std::env::temp_dir()).expect("a workbook");
    let csv = decided_csv(&night, &[("P0005", Column::Decision, "ACCEPT")]);
    let cut = csv.rfind("BR-P0014").expect("the last row") + 2;
    for (name, bytes, is_left, code) in [
        ("~$exceptions.xlsx", &b"user"[..], true, "SHEET-LEFT"),
        ("empty.csv", b"", true, "SHEET-LEFT"),
        ("half.xlsx", &workbook[..workbook.len() / 2], true, "SHEET-LEFT"),
        ("half.csv", &csv.as_bytes()[..cut], true, "SHEET-LEFT"),
        ("other.csv", b"a,b\n1,2\n", false, "COLUMN-MISSING"),
        (
            "twice.csv",
            b"decision,payment_id,decision\nACCEPT,P1,\n",
            false,
            "COLUMN-TWICE",
        ),
    ] {
        let reading = decisions::read(name, bytes, "", &known(&night));
        assert_eq!(reading.is_left, is_left, "{name}");
        assert!(reading.decisions.is_empty(), "{name}");
        let codes: Vec<&str> = reading.findings.iter().map(|finding| finding.code.code()).collect();
        assert_eq!(codes, [code], "{name}");
    }
}

#[test]
fn decisions_come_back_in_any_encoding() {
    let text = "payment_id;decision;target;note\nP0005;接受;;好\nP0008;APPLY;RE-1001;\n";
    let german = "payment_id\tEntscheidung\tnote\nP0013\tspäter\tprüfen\n";
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let known = known(&night::night());
    for (label, bytes, count) in [
        ("UTF-8", text.as_bytes().to_vec(), 2),
        ("UTF-8 with mark", [b"\xef\xbb\xbf", text.as_bytes()].concat(), 2),
        (
            "UTF-16 LE with mark",
            [&b"\xff\xfe"[..], &utf16(text, false)].concat(),
            2,
        ),
        ("UTF-16 BE without mark", utf16(text, true), 2),
        ("GB18030", encoding_rs::GB18030.encode(text).0.into_owned(), 2),
        (
            "windows-1252",
            encoding_rs::WINDOWS_1252.encode(german).0.into_owned(),
            1,
        ),
    ] {
        let reading = decisions::read("x.csv", &bytes, "li.na", &known);
        assert_eq!(reading.decisions.len(), count, "{label}: {reading:?}");
    }
}

#[test]
#[ignore = "writes files to look at, and says how long 10,000 exceptions take"]
fn show() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, night) in [("small", night::night()), ("large", large::large_night(180))] {
        let page = written(|out| report::html::write(&night, &Overview::of(&night), out));
        std::fs::write(folder.join(format!("{name}.html")), page).expect("written");
        let rows = sheet::rows(&night);
        let workbook = review::workbook::write(&night, &rows, &std::env::temp_dir()).expect("a workbook");
        std::fs::write(folder.join(format!("{name}.xlsx")), workbook).expect("written");
        println!(
            "{}",
            report::terminal::summary_text(&night, &Overview::of(&night), true)
        );
    }
    let night = large::large_night(10_000);
    let start = std::time::Instant::now();
    let rows = sheet::rows(&night);
    println!("rows {:?}", start.elapsed());
    let workbook = review::workbook::write(&night, &rows, &std::env::temp_dir()).expect("a workbook");
    println!("workbook {:?}, {} bytes", start.elapsed(), workbook.len());
    let reading = decisions::read("x.xlsx", &workbook, "", &known(&night));
    println!("read back {:?}, {} findings", start.elapsed(), reading.findings.len());
    written(|out| review::csv::write(&rows, out));
    written(|out| report::html::write(&night, &Overview::of(&night), out));
    println!(
        "CSV and page, twice each {:?}; see {}",
        start.elapsed(),
        folder.display()
    );
}

#[test]
fn decisions_survive_other_programs() {
    let known = known(&night::night());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/review/returned");
    for name in ["openpyxl.xlsx", "libreoffice.xlsx", "libreoffice_gb18030.csv"] {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        let reading = decisions::read(name, &bytes, "li.na", &known);
        let mut read: Vec<String> = reading
            .decisions
            .iter()
            .map(|decision| {
                let targets: Vec<String> = decision
                    .targets
                    .iter()
                    .map(|target| format!("{} {:?}", target.text, target.amount))
                    .collect();
                let (id, code, by) = (&decision.payment_id, decision.action.code(), &decision.decided_by);
                assert!(decision.row_hash.starts_with('h'), "{name}: {}", decision.row_hash);
                format!("{id} {code} [{}] {by} {}", targets.join(", "), decision.note)
            })
            .collect();
        read.sort();
        assert_eq!(
            read,
            [
                "P0005 ACCEPT [] li.na ",
                "P0007 APPLY [RE-1002 None] li.na ",
                "P0008 ON_ACCOUNT [C00001 None] anna ",
                "P0009 APPLY [DAR-1 Some(12345)] li.na ",
                "P0010 IGNORE [] li.na 测试 Prüfung",
                "P0011 DONE [4711 None] li.na ",
                "P0013 LATER [2026-03-31 None] li.na ",
            ],
            "{name}"
        );
        let rejected: Vec<&str> = reading
            .results
            .iter()
            .map(|result| result.payment_id.as_str())
            .collect();
        assert_eq!(rejected, ["P0012"], "{name}");
        assert!(!reading.is_left && reading.findings.is_empty(), "{name}");
    }
}
