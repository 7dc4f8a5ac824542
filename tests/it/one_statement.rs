//! One statement, delivered in every format: the same payments from every camt, and nothing new from whatever comes after.

pub mod rendered;

use crate::program::{expect_code, program, rows};
use rendered::{Dialect, Dress, Layout, Movement};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const PLAIN: Dress = Dress {
    version: "08",
    prefix: "",
    is_indented: false,
    is_wide: false,
};

fn movement(
    day: &'static str,
    cents: i64,
    name: &'static str,
    bank_reference: &'static str,
    text: &'static str,
) -> Movement {
    Movement {
        day,
        cents,
        name,
        account: "DE89370400440532013000",
        end_to_end_id: "NOTPROVIDED",
        bank_reference,
        text,
        is_reversal: false,
    }
}

/// Two days: invoices paid, equal amounts of different payers, two entries that are the same, money out, and a credit undone.
fn movements() -> Vec<Movement> {
    vec![
        movement(
            "2026-03-02",
            11_900,
            "Nordlicht Werkzeugbau und Söhne GmbH & Co. KG",
            "B-1",
            "Rechnung RE-2026-1001 vom 12.02.2026, Kundennummer 4711, vielen Dank für die gute Zusammenarbeit im Maschinenbau",
        ),
        movement(
            "2026-03-02",
            11_900,
            "Grünwald Möbel AG",
            "B-2",
            "RE-2026-1005 Bürostühle",
        ),
        movement("2026-03-02", 5_000, "Sportfreunde Beispielstadt", "B-3", "Beitrag"),
        movement("2026-03-02", 5_000, "Sportfreunde Beispielstadt", "B-4", "Beitrag"),
        movement(
            "2026-03-02",
            -8_000,
            "Stadtwerke Musterstadt",
            "B-5",
            "Strom März Vertrag 77",
        ),
        Movement {
            end_to_end_id: "E2E-77",
            ..movement("2026-03-03", 30_000, "Müller & Bäcker OHG", "B-6", "RE-2026-1004")
        },
        Movement {
            is_reversal: true,
            ..movement(
                "2026-03-03",
                -5_000,
                "Sportfreunde Beispielstadt",
                "B-7",
                "Storno Beitrag",
            )
        },
    ]
}

const OPEN_ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount\n\
    1,C1,Nordlicht Werkzeugbau und Söhne GmbH & Co. KG,INV,RE-2026-1001,2026-02-12,2026-03-12,EUR,119.00,119.00\n\
    2,C2,Müller & Bäcker OHG,INV,RE-2026-1004,2026-02-12,2026-03-12,EUR,300.00,300.00\n\
    3,C3,Grünwald Möbel AG,INV,RE-2026-1005,2026-02-12,2026-03-12,EUR,119.00,119.00\n\
    4,C3,Grünwald Möbel AG,INV,RE-2026-1006,2026-02-12,2026-03-12,EUR,119.00,119.00\n\
    5,C4,Holzhandel Musterhausen GmbH,INV,RE-2026-1010,2026-02-12,2026-03-12,EUR,340.00,340.00\n\
    6,C5,Einzelhof Beispiel KG,INV,RE-2026-1011,2026-02-12,2026-03-12,EUR,70.00,70.00\n";

/// All camt files of the statement, by name.
fn camt_files() -> Vec<(&'static str, Vec<u8>)> {
    let dresses = [
        ("v08.xml", PLAIN),
        ("v02.xml", Dress { version: "02", ..PLAIN }),
        ("prefixed.xml", Dress { prefix: "n0", ..PLAIN }),
        ("utf16.xml", Dress { is_wide: true, ..PLAIN }),
        (
            "indented.xml",
            Dress {
                is_indented: true,
                ..PLAIN
            },
        ),
    ];
    let files = dresses.into_iter();
    files
        .map(|(name, dress)| (name, rendered::camt(&movements(), dress)))
        .collect()
}

/// The statement in all other formats, by name.
fn other_files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("german.sta", rendered::mt940(&movements(), Dialect::German)),
        ("german_short.sta", rendered::mt940(&movements(), Dialect::GermanShort)),
        ("code_words.sta", rendered::mt940(&movements(), Dialect::CodeWords)),
        ("plain.sta", rendered::mt940(&movements(), Dialect::Plain)),
        ("sparkasse.csv", rendered::csv(&movements(), Layout::Sparkasse)),
        ("vr_bank.csv", rendered::csv(&movements(), Layout::VrBank)),
        ("generic.csv", rendered::csv(&movements(), Layout::Generic)),
    ]
}

/// A company with a record of its own, to which files are delivered night by night.
struct Company {
    folder: tempfile::TempDir,
    nights: u32,
}

impl Company {
    fn new() -> Company {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("open_items.csv"), OPEN_ITEMS).expect("a file");
        let settings = "[inputs]\nstatements = [\"inbox\"]\nopen_items = \"open_items.csv\"\ncustomers = \"\"\nhistory = \"\"\n\
             decisions = \"\"\n[outputs]\nstate = \"state\"\nout = \"out\"\noutbox = \"outbox\"\n[run]\ntime_zone = \"Europe/Berlin\"\n";
        std::fs::write(folder.path().join("paymatch.toml"), settings).expect("a file");
        Company { folder, nights: 0 }
    }

    /// Runs a night with these files; returns the folder of its results.
    fn night(&mut self, files: &[(&'static str, Vec<u8>)]) -> PathBuf {
        self.nights += 1;
        let inbox = self.folder.path().join(format!("inbox-{}", self.nights));
        std::fs::create_dir(&inbox).expect("a folder");
        for (name, bytes) in files {
            std::fs::write(inbox.join(name), bytes).expect("a file");
        }
        let mut command = program();
        command
            .arg("run")
            .arg("--config")
            .arg(self.folder.path().join("paymatch.toml"));
        command.arg("--statements").arg(&inbox).args(["--as-of", "2026-03-09"]);
        expect_code(&mut command, 0);
        self.folder.path().join("out").join(self.nights.to_string())
    }
}

type Row = BTreeMap<String, String>;

fn column(rows: &[Row], name: &str) -> Vec<String> {
    let mut cells: Vec<String> = rows.iter().map(|row| row[name].clone()).collect();
    cells.sort();
    cells
}

/// Each payment with its amount and what became of it.
fn outcomes(out: &Path) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (file, what) in [
        ("postings.csv", "item_id"),
        ("exceptions.csv", "reason"),
        ("set_aside.csv", "rule"),
    ] {
        for row in rows(&out.join(file)) {
            found.push((
                row["payment_id"].clone(),
                row["amount"].clone(),
                format!("{file}: {}", row[what]),
            ));
        }
    }
    found.sort();
    found
}

#[test]
fn every_camt_gives_the_same_payments() {
    let mut expected = None;
    for (name, bytes) in camt_files() {
        let mut company = Company::new();
        let out = company.night(&[(name, bytes)]);
        let found = outcomes(&out);
        assert_eq!(found.len(), movements().len(), "{name}: {found:?}");
        assert_eq!(
            column(&rows(&out.join("postings.csv")), "doc_no"),
            ["RE-2026-1001", "RE-2026-1004", "RE-2026-1005"]
        );
        assert_eq!(&found, expected.get_or_insert(found.clone()), "{name}");
    }
}

/// Whatever comes first, the others bring nothing: each of their entries is listed as the payment that it repeats.
#[test]
fn the_statement_in_another_format_posts_nothing() {
    let mut all = camt_files();
    all.extend(other_files());
    let cents = |row: &Row| row["amount"].replace('.', "").parse::<i64>().expect("an amount");
    for first in ["v08.xml", "german.sta", "plain.sta", "sparkasse.csv"] {
        let mut company = Company::new();
        let (begin, others): (Vec<_>, Vec<_>) = all.clone().into_iter().partition(|(name, _)| *name == first);
        let before = company.night(&begin);
        let told = outcomes(&before);
        let amounts: BTreeMap<String, i64> = {
            let decimal = |text: &str| text.replace('.', "").parse::<i64>().expect("an amount");
            told.iter()
                .map(|(id, amount, _)| (id.clone(), decimal(amount)))
                .collect()
        };
        assert_eq!(told.len(), movements().len(), "{first}: {told:?}");
        assert_eq!(
            column(&rows(&before.join("postings.csv")), "doc_no").len(),
            3,
            "{first}: {told:?}"
        );
        for (name, bytes) in others {
            let out = company.night(&[(name, bytes)]);
            assert_eq!(
                rows(&out.join("postings.csv")),
                Vec::<Row>::new(),
                "{name} after {first}"
            );
            assert_eq!(
                column(&rows(&out.join("exceptions.csv")), "payment_id"),
                column(&rows(&before.join("exceptions.csv")), "payment_id"),
                "{name} after {first}"
            );
            let duplicates = rows(&out.join("duplicates.csv"));
            let repeated: BTreeMap<String, i64> = duplicates
                .iter()
                .map(|row| (row["payment_id"].clone(), cents(row)))
                .collect();
            assert_eq!(repeated, amounts, "{name} after {first}: {duplicates:?}");
        }
    }
}

/// All files in one night: each payment once, and as camt tells it.
#[test]
fn all_formats_at_once_are_one_statement() {
    let mut all = camt_files();
    all.extend(other_files());
    let mut company = Company::new();
    let out = company.night(&all);
    let found = outcomes(&out);
    assert_eq!(found.len(), movements().len(), "{found:?}");
    assert_eq!(rows(&out.join("postings.csv")).len(), 3, "{found:?}");
    let mut alone = Company::new();
    assert_eq!(found, outcomes(&alone.night(&camt_files()[..1])));
    assert_eq!(
        rows(&out.join("duplicates.csv")).len(),
        movements().len() * (all.len() - 1)
    );
}

/// What the other format has more than the known one is new, and nothing else is.
#[test]
fn a_later_statement_of_another_format_brings_only_what_is_new() {
    let (morning, evening) = (&movements()[..3], movements());
    let mut company = Company::new();
    company.night(&[("morning.csv", rendered::csv(morning, Layout::Generic))]);
    let out = company.night(&[("evening.sta", rendered::mt940(&evening, Dialect::German))]);
    assert_eq!(column(&rows(&out.join("postings.csv")), "doc_no"), ["RE-2026-1004"]);
    assert_eq!(rows(&out.join("duplicates.csv")).len(), 3);
}

/// A collection that camt delivers with its payments: other formats list the sum, or the payments one by one.
#[test]
fn a_collection_is_the_same_money_however_it_is_cut() {
    let mut singly = movements();
    let collected = movement(
        "2026-03-03",
        34_000,
        "Holzhandel Musterhausen GmbH",
        "B-8",
        "RE-2026-1010",
    );
    singly.push(collected.clone());
    singly.push(Movement {
        cents: 7_000,
        name: "Einzelhof Beispiel KG",
        text: "RE-2026-1011",
        ..collected.clone()
    });
    let mut summed = movements();
    summed.push(Movement {
        cents: 41_000,
        name: "",
        account: "",
        text: "SAMMELGUTSCHRIFT",
        ..collected
    });
    let files = [
        ("details.xml", rendered::camt(&singly, PLAIN)),
        ("singly.sta", rendered::mt940(&singly, Dialect::German)),
        ("singly.csv", rendered::csv(&singly, Layout::Sparkasse)),
        ("sum.sta", rendered::mt940(&summed, Dialect::Plain)),
        ("sum.csv", rendered::csv(&summed, Layout::Generic)),
    ];
    for first in ["details.xml", "singly.sta"] {
        let mut company = Company::new();
        let (begin, others): (Vec<_>, Vec<_>) = files.clone().into_iter().partition(|(name, _)| *name == first);
        let before = company.night(&begin);
        assert_eq!(
            column(&rows(&before.join("postings.csv")), "doc_no").len(),
            5,
            "{first}"
        );
        for (name, bytes) in others {
            let out = company.night(&[(name, bytes)]);
            assert_eq!(
                rows(&out.join("postings.csv")),
                Vec::<Row>::new(),
                "{name} after {first}"
            );
            // A sum without its payments may be others: then a person looks, and it is not posted.
            let is_for_a_person = first == "singly.sta" && name == "sum.sta";
            let suspects = rows(&out.join("exceptions.csv"));
            let suspects = suspects
                .iter()
                .filter(|row| row["amount"] == "410.00" && row["times_seen"] == "1");
            assert_eq!(suspects.count(), usize::from(is_for_a_person), "{name} after {first}");
        }
    }
}

/// Two currencies of one account: each has a statement of that number, and they are no contradiction.
#[test]
fn an_account_of_two_currencies_has_two_statements_of_a_number() {
    let statement = |currency: &str, text: &str| {
        let sta = format!(
            ":20:X\r\n:25:{}{currency}\r\n:28C:9/1\r\n:60F:C260301{currency}0,00\r\n:61:2603020302C119,00NTRFNONREF\r\n\
             :86:166?20SVWZ+{text}?32Nordlicht Werkzeugbau\r\n:62F:C260302{currency}119,00\r\n-\r\n",
            rendered::ACCOUNT
        );
        sta.into_bytes()
    };
    let mut company = Company::new();
    let files = [
        ("eur.sta", statement("EUR", "RE-2026-1001")),
        ("usd.sta", statement("USD", "RE-77")),
    ];
    let out = company.night(&files);
    assert_eq!(column(&rows(&out.join("postings.csv")), "doc_no"), ["RE-2026-1001"]);
    assert_eq!(column(&rows(&out.join("exceptions.csv")), "currency"), ["USD"]);
}
