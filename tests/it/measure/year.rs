//! A year of confirmed payments with planted errors: the backtest must find them, class by class, and see nothing too early.

use crate::program::{demo, expect_code, program, root, rows};
use paymatch::model::date::Days;
use paymatch::model::money::decimal_text;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs::write;
use std::path::Path;

const CUSTOMERS: usize = 320;
const DAYS: u64 = 240;

/// How a payer lets us know what is paid, and how often the books say otherwise, per thousand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// The whole number.
    Number,
    /// Nothing: account and amount.
    Silent,
    /// Nothing, and the bank hides the account.
    Nameless,
}

impl Habit {
    fn class(self) -> &'static str {
        match self {
            Habit::Number => "account/number/exact/single",
            Habit::Silent => "account/none/exact/single",
            Habit::Nameless => "name/none/exact/single",
        }
    }
}

/// A year: the history, the export with every item closed, and the errors planted.
struct Year {
    history: String,
    items: String,
    numbers: u64,
    planted: u64,
    state: u64,
}

impl Year {
    fn new() -> Year {
        let mut year = Year {
            history: "date,payer_name,payer_account,remittance,amount,currency,customer_id,doc_nos,deduction\n".to_owned(),
            items: "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount,closed_on\n"
                .to_owned(),
            numbers: 0,
            planted: 0,
            state: 7,
        };
        for day in (0..DAYS).step_by(5) {
            // Every third customer pays on such a day.
            for customer in (0..CUSTOMERS).filter(|customer| (*customer as u64 + day / 5).is_multiple_of(3)) {
                year.pay(customer, day);
            }
        }
        year
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % sides
    }

    /// One payment; of the silent ones, 30 in 1,000 are booked on another item of the customer than the one that fits.
    fn pay(&mut self, customer: usize, day: u64) {
        let habit = match self.roll(100) {
            0 => Habit::Nameless,
            1..=24 => Habit::Silent,
            _ => Habit::Number,
        };
        let amount = 10_000 + self.roll(900_000) as i64;
        let is_planted = habit == Habit::Silent && day > 40 && self.roll(1_000) < 30;
        let fits = self.item(customer, day, amount, if is_planted { day + 3 } else { day });
        let (payer, account) = (name(customer), account(customer));
        let text = if habit == Habit::Number {
            format!("Rechnung {fits}")
        } else {
            String::new()
        };
        let account = if habit == Habit::Nameless { "" } else { &account };
        if !is_planted {
            self.row(day, &payer, account, &text, amount, customer, &fits);
            return;
        }
        self.planted += 1;
        let larger = amount + 50_000 + self.roll(100_000) as i64;
        let booked = self.item(customer, day, larger, day + 2);
        self.row(day, &payer, account, "", amount, customer, &booked);
        self.row(
            day + 2,
            &payer,
            account,
            &format!("Rest {booked}"),
            larger - amount,
            customer,
            &booked,
        );
        self.row(
            day + 3,
            &payer,
            account,
            &format!("Rechnung {fits}"),
            amount,
            customer,
            &fits,
        );
    }

    /// An item that was issued 20 days before, due 10 days later; returns its number.
    fn item(&mut self, customer: usize, day: u64, amount: i64, closed: u64) -> String {
        self.numbers += 1 + self.roll(3);
        let number = format!("RE-2025-{:06}", self.numbers);
        let amount = decimal_text(amount, 2);
        writeln!(
            self.items,
            "{0},{1},{2},INV,{number},{3},{4},EUR,{amount},0.00,{5}",
            self.numbers,
            id(customer),
            name(customer),
            date(day),
            date(day + 30),
            date(closed + 20),
        )
        .expect("text");
        number
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of the history")]
    fn row(&mut self, day: u64, payer: &str, account: &str, text: &str, amount: i64, customer: usize, number: &str) {
        let (date, amount, customer) = (date(day + 20), decimal_text(amount, 2), id(customer));
        writeln!(
            self.history,
            "{date},{payer},{account},{text},{amount},EUR,{customer},{number},0.00"
        )
        .expect("text");
    }
}

fn date(day: u64) -> String {
    let first = paymatch::model::NaiveDate::from_ymd_opt(2025, 1, 2).expect("a day");
    first.checked_add_days(Days::new(day)).expect("a day").to_string()
}

fn id(customer: usize) -> String {
    format!("C{customer:03}")
}

fn name(customer: usize) -> String {
    const FIRST: [&str; 20] = [
        "Nordwind",
        "Kranich",
        "Falkenau",
        "Oderberg",
        "Quellhof",
        "Steinwald",
        "Zellmar",
        "Ahornix",
        "Dornbusch",
        "Eichsfeld",
        "Hasselbach",
        "Immenhof",
        "Kestrel",
        "Larkhill",
        "Norbury",
        "Oakshott",
        "Quorndale",
        "Ravensby",
        "Westhoek",
        "Clairmont",
    ];
    const SECOND: [&str; 16] = [
        "Logistik",
        "Medien",
        "Textil",
        "Metallbau",
        "Druckhaus",
        "Optik",
        "Pumpen",
        "Feinkost",
        "Armaturen",
        "Papier",
        "Keramik",
        "Elektro",
        "Brauerei",
        "Zimmerei",
        "Gartenbau",
        "Reederei",
    ];
    format!("{} {} GmbH", FIRST[customer % 20], SECOND[customer / 20])
}

fn account(customer: usize) -> String {
    format!("DE{:02}99990001{:010}", customer % 90 + 10, customer * 7_919)
}

fn backtest(folder: &Path, more: &[&str]) -> std::process::Command {
    let mut command = program();
    command
        .current_dir(folder)
        .args(["backtest", "--history", "history.csv"])
        .args(more);
    command
}

#[test]
fn a_backtest_finds_what_was_planted_and_recommends_only_what_is_proved() {
    let folder = tempfile::tempdir().expect("a folder");
    let year = Year::new();
    write(folder.path().join("history.csv"), &year.history).expect("history");
    write(folder.path().join("open_items.csv"), &year.items).expect("items");
    let arguments = [
        "--open-items",
        "open_items.csv",
        "--write",
        "classes.toml",
        "--format",
        "json",
    ];
    let output = backtest(folder.path(), &arguments)
        .output()
        .expect("the program starts");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let json: Value = serde_json::from_slice(&output.stdout).expect("json");
    let record = |habit: Habit| -> &Value {
        let classes = json["classes"].as_array().expect("classes");
        let found = classes.iter().find(|record| record["class"] == habit.class());
        found.unwrap_or_else(|| panic!("{}: {classes:#?}", habit.class()))
    };
    let figure = |habit: Habit, name: &str| record(habit)[name].as_u64().expect("a count");
    assert_eq!(json["payments"], json["replayed"]);

    assert!(figure(Habit::Number, "cases") >= 2_995, "{}", record(Habit::Number));
    assert_eq!(
        figure(Habit::Number, "cases"),
        figure(Habit::Number, "right"),
        "{}",
        json["wrong"]
    );
    assert_eq!(record(Habit::Number)["verdict"], "post");

    let (cases, right) = (figure(Habit::Silent, "cases"), figure(Habit::Silent, "right"));
    assert!(
        year.planted >= 25 && cases >= 900,
        "{} planted, {cases} cases",
        year.planted
    );
    let planted = 1_000_000 - year.planted * 1_000_000 / cases;
    assert!(
        (figure(Habit::Silent, "at_least")..=figure(Habit::Silent, "at_most")).contains(&planted),
        "{planted} millionths are planted, {}",
        record(Habit::Silent)
    );
    assert_eq!(
        cases - right,
        year.planted,
        "every planted error is found, and no other"
    );
    assert_eq!(record(Habit::Silent)["verdict"], "hold");

    assert!(
        (20..300).contains(&figure(Habit::Nameless, "cases")),
        "{}",
        record(Habit::Nameless)
    );
    assert_eq!(record(Habit::Nameless)["verdict"], "too_few");
    let wrong = json["wrong"].as_array().expect("wrong ones");
    assert!(
        wrong
            .iter()
            .all(|one| one["row"].as_str().is_some_and(|row| row.starts_with("history.csv:")))
    );
    assert!(
        wrong
            .iter()
            .all(|one| !one["for"].as_str().unwrap_or_default().is_empty())
    );

    let table = std::fs::read_to_string(folder.path().join("classes.toml")).expect("a class table");
    for (class, verdict) in [
        (Habit::Number, "post"),
        (Habit::Silent, "hold"),
        (Habit::Nameless, "too_few"),
    ] {
        let said = format!("class = \"{}\"\nverdict = \"{verdict}\"", class.class());
        assert!(table.contains(&said), "{said}: {table}");
    }
}

/// Without an export the items are made of the history; the first two payments of an account are not known by it.
#[test]
fn a_payment_teaches_from_the_next_day_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut history =
        "date,payer_name,payer_account,remittance,amount,currency,customer_id,doc_nos,deduction\n".to_owned();
    for (day, number) in ["2025-03-03", "2025-03-03", "2025-03-03", "2025-03-04"].iter().zip(1..) {
        writeln!(
            history,
            "{day},,DE07999900011,Rechnung RE-{number:04},{number}17.31,EUR,C1,RE-{number:04},0"
        )
        .expect("text");
    }
    history.push_str("2025-03-05,,DE07999900011,RE-9001 RE-9002,700.00,EUR,C1,RE-9001;RE-9002,0\n");
    history.push_str("2025-03-05,Nordwind GmbH,DE07999900011,Rechnung RE-0005,517.31,EUR,C1,RE-0006,0\n");
    history.push_str("2025-03-07,Nordwind GmbH,DE07999900011,Rechnung RE-0005,517.31,EUR,C1,RE-0005,0\n");
    history.push_str("2025-03-06,,DE07999900011,zurueck,-17.31,EUR,C1,RE-0001,0\n");
    write(folder.path().join("history.csv"), history).expect("history");
    let told = expect_code(&mut backtest(folder.path(), &[]), 0);
    expect_test::expect![[r#"
        8 confirmed payments from 2025-03-03 to 2025-03-07, each judged with what was known the evening before: 6 judged again.
        Not judged again: 1 of documents whose amounts are not known, 1 of money out. They teach, too.

         evidence class (payer/reference/amount/kind)  cases  wrong      right  at least  coverage  settings                  recommended
         account/number/exact/single                       3      1   66.666 %  13.535 %  50.000 %      post  must not post
         unknown/number/exact/single                       3      0  100.000 %  36.840 %  50.000 %      post  too few cases, 2,995 needed

        may post: at least 99.900 % right, exactly counted, with 95 % confidence. must not post: more errors than chance
        allows. too few cases: nothing is recommended; what [policy] posts says holds.

        Wrong:
          history.csv:7 2025-03-05 517.31 EUR from Nordwind GmbH `Rechnung RE-0005`: RE-0005 of C1 would be posted, RE-0006 of C1 was booked
            account/number/exact/single; for: number RE-0005 stands in the text, the account was confirmed for the customer before, the amount is exact (517.31 EUR); against: nothing
    "#]].assert_eq(&told);
    let told = expect_code(&mut backtest(folder.path(), &["--format", "json"]), 0);
    let json: Value = serde_json::from_str(&told).expect("json");
    let cases: Vec<(&str, u64)> = json["classes"]
        .as_array()
        .expect("classes")
        .iter()
        .map(|record| {
            (
                record["class"].as_str().expect("class"),
                record["cases"].as_u64().expect("cases"),
            )
        })
        .collect();
    assert_eq!(
        cases,
        [("account/number/exact/single", 3), ("unknown/number/exact/single", 3)]
    );
    for (figure, expected) in [
        ("payments", 8),
        ("replayed", 6),
        ("amounts_unknown", 1),
        ("money_out", 1),
    ] {
        assert_eq!(json[figure], expected, "{figure}: {told}");
    }
}

#[test]
fn a_run_obeys_the_class_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = std::fs::read_to_string(root().join("config/paymatch.toml")).expect("settings");
    let fixtures = root().join("fixtures/demo");
    let settings = settings
        .replace("../fixtures/demo", &fixtures.display().to_string())
        .replace("[classes]\n", "[classes]\n# counted\n")
        .replace("\ntable = \"\"", "\ntable = \"classes.toml\"");
    let path = folder.path().join("paymatch.toml");
    write(&path, settings).expect("settings");
    let run = || {
        let mut command = demo(folder.path());
        command.arg("--config").arg(&path);
        command
    };
    let told = expect_code(&mut run(), 78);
    assert!(
        told.contains("error[CLASSES]") && told.contains("paymatch backtest --write"),
        "{told}"
    );
    let table = "version = 1\ntarget = 999000\n[[class]]\nclass = \"account/number/exact/single\"\nverdict = \"hold\"\n\
        cases = 50\nright = 40\nat_least = 682000\n";
    write(folder.path().join("classes.toml"), table).expect("a table");
    expect_code(&mut run(), 0);
    let classes = |folder: &Path| -> Vec<String> {
        let posted = rows(&folder.join("out/1/postings.csv"));
        posted.into_iter().map(|row| row["evidence_class"].clone()).collect()
    };
    let held = classes(folder.path());
    assert!(!held.is_empty() && !held.iter().any(|class| class == "account/number/exact/single"));
    let control = tempfile::tempdir().expect("a folder");
    expect_code(&mut demo(control.path()), 0);
    assert!(
        classes(control.path())
            .iter()
            .any(|class| class == "account/number/exact/single")
    );
}

#[test]
fn a_past_that_cannot_be_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    expect_code(&mut backtest(folder.path(), &[]), 65);
    write(folder.path().join("history.csv"), "date,amount,currency,customer_id\n").expect("history");
    let told = expect_code(&mut backtest(folder.path(), &[]), 65);
    assert!(told.contains("it holds no confirmed payment"), "{told}");
    write(
        folder.path().join("history.csv"),
        "date,amount,currency,customer_id,doc_nos\n2025-01-02,5.00,EUR,C1,R1\n",
    )
    .expect("history");
    expect_code(&mut backtest(folder.path(), &["--open-items", "nowhere.csv"]), 66);
    expect_code(
        &mut backtest(folder.path(), &["--write", "no/such/folder/classes.toml"]),
        74,
    );
}
