//! Suggested layouts: each loads as it is, is the one that reads its file, and shows the rows as they are read.

use super::{as_of, fixture, shipped};
use crate::program::{expect_code, program};
use crate::tables::expected::FIXTURES;
use expect_test::expect;
use paymatch::model::Severity;
use paymatch::read::statement::csv::{self, Profile};

/// Every layout that is shipped is hidden once: what is suggested for its file must load and be chosen.
#[test]
fn a_suggested_layout_is_read_as_it_is() {
    let mut same = Vec::new();
    for (file, layout, statements) in FIXTURES {
        let others: Vec<Profile> = shipped()
            .iter()
            .filter(|profile| profile.id != *layout)
            .cloned()
            .collect();
        let bytes = fixture(&format!("csv/{file}"));
        let text = csv::suggest(file, &bytes, &others, as_of()).unwrap_or_else(|refusal| panic!("{file}: {refusal:?}"));
        let profile = Profile::from_toml("suggested.toml", &text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
        let id = profile.id.clone();
        let mut profiles = vec![profile];
        profiles.extend(shipped().to_vec());
        let reading = csv::read(file, &bytes, &profiles, as_of());
        assert_eq!(reading.message, Some(format!("csv:{id}")), "{file}\n{text}");
        let read: usize = reading.statements.iter().map(|statement| statement.entries.len()).sum();
        let wanted: usize = statements.iter().map(|(_, _, count, ..)| count).sum();
        let has_errors = reading
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        if read == wanted && !has_errors && !reading.is_refused() {
            same.push(*file);
        }
        let shown = text.lines().filter(|line| line.starts_with("#   2")).count();
        assert_eq!(shown, read.min(5), "{file}\n{text}");
    }
    assert!(same.len() >= 12, "many are right at once: {same:?}");
}

const UNKNOWN: &str = "\
Kontoauszug vom 31.03.2026
IBAN: DE02120300000000202051
Tag;Valuta;Wer;Zweck;Soll in EUR;Haben in EUR;Saldo in EUR
31.03.2026;31.03.2026;Nordwind Handels GmbH;RE-1001;;1.119,00;1.569,00
30.03.2026;30.03.2026;Papier Krause;Kd 12;50,00;;450,00
29.03.2026;29.03.2026;Musterwerk AG;RE-1002;;100,00;500,00
";

#[test]
fn a_suggested_layout_says_what_it_knows_and_what_it_guessed() {
    let text = csv::suggest("inbox/Konto 2026-03.csv", UNKNOWN.as_bytes(), shipped(), as_of()).expect("a layout");
    expect![[r##"
        # A layout for inbox/Konto 2026-03.csv, whose header stands in line 3.
        # Look it over, above all the columns and the signs below; then save it, with the ending .toml, in the
        # folder that `statements.profiles` names in the settings.
        id = "konto_2026_03"
        banks = []
        charset = "utf-8"
        currency = "EUR"
        decimal_mark = ","
        dates = ["DD.MM.YYYY"]
        required = ["booking_date", "debit", "credit", "balance_after"]
        # Columns that a file of this layout must have, besides the required ones; delete those that come and go.
        fingerprint = [["Valuta"], ["Wer"], ["Zweck"]]

        [columns]
        # No name that is known: chosen by how it begins and by what the rows hold.
        booking_date = ["Tag"]
        value_date = ["Valuta"]
        # No name that is known: chosen by how it begins and by what the rows hold.
        debit = ["Soll in EUR"]
        # No name that is known: chosen by how it begins and by what the rows hold.
        credit = ["Haben in EUR"]
        # No name that is known: chosen by how it begins and by what the rows hold.
        balance_after = ["Saldo in EUR"]
        # No name that is known: chosen by how it begins and by what the rows hold.
        remittance = [["Wer"]]
        # Not read: Zweck

        [[facts]]
        is = "account"
        labels = ["IBAN"]

        # The first 3 of 3 entries, as this layout reads them:
        #   2026-03-31 | 1119.00 EUR in | (no name) | Nordwind Handels GmbH
        #   2026-03-30 | 50.00 EUR out | (no name) | Papier Krause
        #   2026-03-29 | 100.00 EUR in | (no name) | Musterwerk AG
    "##]]
    .assert_eq(&text);
}

#[test]
fn what_has_no_columns_gets_no_layout() {
    for text in ["Hello", "a,b\n1,2\n", "2026-03-01,5.00,EUR\n2026-03-02,6.00,EUR\n"] {
        let refusal = csv::suggest("a.csv", text.as_bytes(), shipped(), as_of()).expect_err(text);
        assert_eq!(refusal.code.code(), "HEADER-UNKNOWN", "{text}");
    }
}

#[test]
fn the_printed_layout_makes_the_refused_file_readable() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bank.csv");
    std::fs::write(&file, UNKNOWN).expect("a file");
    let told = expect_code(program().arg("inspect").arg(&file), 3);
    assert!(
        told.contains("Tag, Valuta, Wer, Zweck, Soll in EUR, Haben in EUR, Saldo in EUR"),
        "{told}"
    );
    assert!(told.contains("inspect FILE --suggest-profile"), "{told}");
    let layout = expect_code(program().args(["inspect", "--suggest-profile"]).arg(&file), 0);
    let layouts = folder.path().join("layouts");
    std::fs::create_dir(&layouts).expect("a folder");
    std::fs::write(layouts.join("bank.toml"), layout).expect("a layout");
    let config = folder.path().join("paymatch.toml");
    let shipped = include_str!("../../../config/paymatch.toml");
    let own = shipped.replace("profiles = \"\"", "profiles = \"layouts\"");
    assert_ne!(own, shipped);
    std::fs::write(&config, own).expect("settings");
    let told = expect_code(program().arg("inspect").arg(&file).arg("--config").arg(&config), 0);
    assert!(
        told.contains("accepted (csv:bank)") && told.contains("1,119.00") || told.contains("1119.00"),
        "{told}"
    );
}
