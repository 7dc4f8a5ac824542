//! Our workbook through other programs and back. Off unless `tests/round_trip/run` switches it on: it needs an office suite.

use crate::outputs::night_of;
use paymatch::model::{Action, Language};
use paymatch::review::decisions::{self, SheetReading};
use paymatch::review::{sheet, workbook};
use paymatch::words::{Words, action};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const EXCEPTIONS: usize = 60;

/// A decision as it is typed, and as it must be read: action, target, amount, note.
type Wanted = BTreeMap<String, (Action, Vec<(String, Option<i64>)>, String)>;

/// Every action once, and what spreadsheets like to spoil: long digits, leading zeros, amounts, dates, quotes.
fn decided(words: Words, ids: &[String]) -> (Value, Wanted) {
    let mut typed = Vec::new();
    let mut wanted = Wanted::new();
    let long = "202603180000000000042";
    let note = "Rücksprache mit Hrn. Weiß: \"passt\"; 已确认";
    let mut add = |action: Action, target: &str, amount: Option<f64>, read: Vec<(&str, Option<i64>)>| {
        let id = ids[typed.len()].clone();
        let word = action::word(words, action);
        typed.push(
            json!({ "payment_id": id, "decision": word, "target": target, "target_amount": amount, "note": note }),
        );
        let read = read
            .into_iter()
            .map(|(text, amount)| (text.to_owned(), amount))
            .collect();
        wanted.insert(id, (action, read, note.to_owned()));
    };
    for action in Action::ALL {
        match action {
            Action::Later => add(action, "2026-03-31", None, vec![("2026-03-31", None)]),
            // Names no documents: what is approved stands in the row of the first person.
            Action::Approve => add(action, "", None, vec![]),
            action => add(action, "0042", None, vec![("0042", None)]),
        }
    }
    add(Action::Apply, long, None, vec![(long, None)]);
    add(Action::Apply, "RE-1001", Some(104.5), vec![("RE-1001", Some(10_450))]);
    add(
        Action::Apply,
        "RE-1=1.50; RE-2",
        None,
        vec![("RE-1", Some(150)), ("RE-2", None)],
    );
    (Value::Array(typed), wanted)
}

fn read(reading: SheetReading) -> Wanted {
    assert!(reading.results.is_empty(), "{:?}", reading.results);
    let read = reading.decisions.into_iter().map(|decision| {
        let targets = decision.targets.into_iter().map(|target| (target.text, target.amount));
        (
            decision.payment_id.0,
            (decision.action, targets.collect(), decision.note),
        )
    });
    read.collect()
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn libreoffice(folder: &Path, file: &Path, to: &str) -> PathBuf {
    let out = folder.join(format!(
        "office-{}",
        file.file_stem().expect("a name").to_string_lossy()
    ));
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut command = Command::new("soffice");
    command.args([&profile, "--headless", "--convert-to", to, "--outdir"]);
    run(command.arg(&out).arg(file));
    let ending = to.split(':').next().expect("an ending");
    out.join(file.file_name().expect("a name")).with_extension(ending)
}

fn openpyxl(folder: &Path, file: &Path, name: &str, mode: &str) -> PathBuf {
    let script = crate::program::root().join("tests/round_trip/decide.py");
    let out = folder.join(name);
    let mut command = Command::new("python3");
    command.arg(script).arg(file).arg(folder.join("decisions.json"));
    run(command.arg(&out).arg(mode));
    out
}

#[test]
fn every_decision_survives_libreoffice_and_openpyxl() {
    if std::env::var_os("PAYMATCH_ROUND_TRIP").is_none() {
        println!("skipped: tests/round_trip/run switches it on");
        return;
    }
    for language in Language::ALL {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = temporary.path();
        let mut night = night_of(EXCEPTIONS);
        night.language = language;
        let rows = sheet::rows(&night);
        let ids: Vec<String> = sheet::exceptions(&night)
            .iter()
            .filter(|judged| judged.payment.amount.currency.decimals() == 2)
            .map(|judged| judged.payment.id.0.clone())
            .collect();
        let currencies = night
            .payments
            .iter()
            .map(|judged| (judged.payment.id.0.clone(), judged.payment.amount.currency))
            .collect();
        let ours = folder.join("exceptions.xlsx");
        std::fs::write(
            &ours,
            workbook::write(&night, &rows, &std::env::temp_dir()).expect("a workbook"),
        )
        .expect("written");
        let (typed, wanted) = decided(Words::of(language), &ids);
        std::fs::write(folder.join("decisions.json"), typed.to_string()).expect("written");
        let plain = openpyxl(folder, &ours, "decided.xlsx", "");
        let mangled = openpyxl(folder, &ours, "mangled.xlsx", "mangled");
        let resaved = libreoffice(folder, &ours, "xlsx");
        let ways = [
            ("openpyxl", plain.clone()),
            ("openpyxl, mangled", mangled.clone()),
            ("openpyxl, then LibreOffice", libreoffice(folder, &plain, "xlsx")),
            ("mangled, then LibreOffice", libreoffice(folder, &mangled, "xlsx")),
            (
                "LibreOffice, then openpyxl",
                openpyxl(folder, &resaved, "after.xlsx", ""),
            ),
            (
                "as CSV by LibreOffice",
                libreoffice(folder, &plain, "csv:Text - txt - csv (StarCalc):44,34,76"),
            ),
            (
                "as CSV with ; in GB18030",
                libreoffice(folder, &mangled, "csv:Text - txt - csv (StarCalc):59,34,85"),
            ),
        ];
        for (way, file) in ways {
            let bytes = std::fs::read(&file).expect(way);
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            let reading = decisions::read(&name, &bytes, "", &currencies);
            assert!(
                reading.findings.is_empty() && !reading.is_left,
                "{way}: {:?}",
                reading.findings
            );
            assert_eq!(read(reading), wanted, "{}: {way}", language.tag());
            println!("{}: {way}: {} decisions survived", language.tag(), wanted.len());
        }
    }
}
