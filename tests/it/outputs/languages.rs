//! The same night in every language: other words, the same figures, and every decision understood.

use super::{known, night, written};
use paymatch::model::{Action, Language, Night};
use paymatch::report::overview::Overview;
use paymatch::review::cells::Cell;
use paymatch::review::columns::Column;
use paymatch::review::{self, decisions, sheet};
use paymatch::words::{Words, action, header};
use paymatch::{post, report};

/// Columns of CSV files that hold sentences; all others are for machines.
const SENTENCES: [&str; 16] = [
    "reason_text",
    "suggestion",
    "candidate_1",
    "candidate_2",
    "candidate_3",
    "candidate_4",
    "candidate_5",
    "last_result",
    "text",
    "for",
    "against",
    "message",
    "remedy",
    "reason_words",
    "because",
    "explanation",
];

fn in_language(language: Language) -> Night {
    let mut night = night::night();
    night.language = language;
    night
}

/// Returns the cells of a CSV without its sentences.
fn machine_cells(text: &str, sentences: &[&str]) -> Vec<Vec<String>> {
    let mut table = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("well-formed")).collect();
    let is_kept: Vec<bool> = rows[0].iter().map(|name| !sentences.contains(&name)).collect();
    let kept = |row: &csv::StringRecord| {
        row.iter()
            .zip(&is_kept)
            .filter(|(_, is)| **is)
            .map(|(cell, _)| cell.to_owned())
            .collect()
    };
    rows.iter().map(kept).collect()
}

#[test]
fn what_machines_read_is_the_same_in_every_language() {
    let files = |language: Language| -> Vec<Vec<Vec<String>>> {
        let night = in_language(language);
        let rows = sheet::rows(&night);
        let with_reason = [&SENTENCES[..], &["reason"]].concat();
        vec![
            machine_cells(&written(|out| post::postings::write(&night, out)), &SENTENCES),
            machine_cells(&written(|out| review::csv::write(&rows, out)), &SENTENCES),
            machine_cells(
                &written(|out| review::candidates::write(&night, &sheet::rows(&night), out)),
                &SENTENCES,
            ),
            machine_cells(&written(|out| review::results::write(&night, out)), &with_reason),
            machine_cells(&written(|out| report::set_aside::write(&night, out)), &SENTENCES),
            machine_cells(&written(|out| report::duplicates::write(&night, out)), &SENTENCES),
            machine_cells(&written(|out| report::findings::write(&night, out)), &SENTENCES),
        ]
    };
    let english = files(Language::English);
    for language in Language::ALL {
        assert_eq!(files(language), english, "{}", language.tag());
    }
}

#[test]
fn each_workbook_is_known_again_and_every_word_of_it_understood() {
    for language in Language::ALL {
        let words = Words::of(language);
        let night = in_language(language);
        let workbook =
            review::workbook::write(&night, &sheet::rows(&night), &std::env::temp_dir()).expect("a workbook");
        let reading = decisions::read("exceptions.xlsx", &workbook, "", &known(&night));
        assert!(
            reading.findings.is_empty(),
            "{}: {:?}",
            language.tag(),
            reading.findings
        );
        for column in Column::ALL {
            let both = header::bilingual(words, column.header());
            let (word, name) = both.rsplit_once(' ').unwrap_or((&both, &both));
            for written in [both.as_str(), word, name, &both.replace(' ', "\n")] {
                assert_eq!(Column::named(written), Some(column), "{}: {written}", language.tag());
            }
        }
        let columns = [Column::PaymentId, Column::Decision, Column::Target, Column::Note];
        let names = columns.map(|column| header::bilingual(words, column.header()));
        for action in Action::ALL {
            let row = format!("P0010,{},2026-03-31,why\n", action::word(words, action));
            let text = format!("{}\n{row}", names.join(","));
            let reading = decisions::read("x.csv", text.as_bytes(), "li.na", &known(&night));
            let read: Vec<Action> = reading.decisions.iter().map(|decision| decision.action).collect();
            assert_eq!(read, [action], "{}: {row}", language.tag());
        }
    }
}

#[test]
fn the_drop_down_fits_into_a_spreadsheet() {
    for language in Language::ALL {
        let words = Words::of(language);
        let list = Action::ALL.map(|action| action::word(words, action)).join(",");
        assert!(list.chars().count() <= 255, "{}: {list}", language.tag());
    }
}

#[test]
fn people_read_their_own_language() {
    for (language, sentence, file) in [
        (
            Language::German,
            "2 von 11 Zahlungseingängen wurden gebucht (18,1 %).",
            "terminal.de.txt",
        ),
        (
            Language::SimplifiedChinese,
            "11 笔到账中已入账 2 笔（18.1 %）。",
            "terminal.zh-Hans.txt",
        ),
        (
            Language::TraditionalChinese,
            "11 筆收款中已入帳 2 筆（18.1 %）。",
            "terminal.zh-Hant.txt",
        ),
    ] {
        let night = in_language(language);
        let page = written(|out| report::html::write(&night, &Overview::of(&night), out));
        assert!(page.contains(sentence), "{}", language.tag());
        assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
        let expected = expect_test::expect_file![format!("../../../fixtures/review/expected/{file}")];
        expected.assert_eq(&report::terminal::summary_text(&night, &Overview::of(&night), false));
        let sheet = written(|out| review::csv::write(&sheet::rows(&night), out));
        let name = format!("../../../fixtures/review/expected/exceptions.{}.csv", language.tag());
        expect_test::expect_file![name].assert_eq(&sheet);
    }
}

#[test]
fn recognised_numbers_stand_out_and_the_text_stays_whole() {
    let rows = sheet::rows(&night::night());
    let mut bold_pieces = Vec::new();
    for row in &rows {
        let cell = row.cell(Column::Remittance);
        if let Cell::Marked { text, bold } = cell {
            bold_pieces.extend(bold.iter().map(|place| text[place.clone()].to_owned()));
            assert!(cell.csv_text().ends_with(text.as_str()), "the CSV has all of it");
        }
    }
    assert!(bold_pieces.iter().any(|piece| piece == "0042"), "{bold_pieces:?}");
    let workbook = review::workbook::write(&night::night(), &rows, &std::env::temp_dir()).expect("a workbook");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&workbook)).expect("an archive");
    let mut strings = String::new();
    let mut member = archive.by_name("xl/worksheets/sheet1.xml").expect("the sheet");
    std::io::Read::read_to_string(&mut member, &mut strings).expect("UTF-8");
    let after_bold: Vec<&str> = strings.split("<b/>").skip(1).collect();
    assert!(
        after_bold
            .iter()
            .any(|rest| rest.split("</t>").next().is_some_and(|run| run.ends_with(">0042")))
    );
}
