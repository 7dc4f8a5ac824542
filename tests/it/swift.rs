//! MT940 where a fixture does not tell enough: cut off anywhere, pages in any order, limits, what goes into which place.

use paymatch::model::statement::{Proof, StatementKind};
use paymatch::model::{NaiveDate, Side};
use paymatch::read::statement::{FileReading, Options, proof, read};
use std::collections::BTreeSet;

fn options() -> Options {
    Options {
        profiles: Vec::new(),
        as_of: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date"),
        inverted_reversal_accounts: BTreeSet::new(),
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(crate::program::root().join("fixtures/statements").join(name)).expect(name)
}

fn proved(files: &[(&str, Vec<u8>)]) -> Vec<FileReading> {
    let mut readings: Vec<FileReading> = files
        .iter()
        .flat_map(|(name, bytes)| read(name, bytes, &options()))
        .collect();
    proof::prove(&mut readings, &options());
    readings
}

fn one(text: &str) -> FileReading {
    proved(&[("a.sta", text.as_bytes().to_vec())]).remove(0)
}

const HEAD: &str = ":20:X\n:25:DE89370400440532013000\n:28C:5\n:60F:C260301EUR0,00\n";

#[test]
fn a_block_that_is_cut_off_anywhere_is_refused() {
    let whole = fixture("mt940_block.sta");
    let end = whole.windows(2).position(|pair| pair == b"-}").expect("an end") + 2;
    assert!(!proved(&[("a.sta", whole.clone())])[0].is_refused());
    for length in 0..end {
        let readings = proved(&[("a.sta", whole[..length].to_vec())]);
        assert!(readings[0].is_refused(), "cut after {length} of {end} bytes");
    }
}

/// Without a block around it, a statement is whole from its closing balance on, and not before.
#[test]
fn a_bare_statement_that_is_cut_off_before_its_closing_balance_is_refused() {
    let whole = fixture("mt940_german.sta");
    let closing = whole.windows(5).position(|part| part == b":62F:").expect("a balance");
    let end = closing + b":62F:C260302EUR1517,".len();
    for length in 0..end {
        let readings = proved(&[("a.sta", whole[..length].to_vec())]);
        assert!(readings[0].is_refused(), "cut after {length} of {end} bytes");
    }
}

#[test]
fn pages_prove_each_other_whatever_file_they_lie_in() {
    let (first, second) = ("mt940_page_1_of_2.sta", "mt940_page_2_of_2.sta");
    for order in [[first, second], [second, first]] {
        for reading in proved(&order.map(|name| (name, fixture(name)))) {
            assert_eq!(reading.statements[0].proof, Proof::Proved, "{}", reading.file);
            assert_eq!(reading.statements[0].refusal, None);
        }
    }
    for alone in [first, second] {
        let readings = proved(&[(alone, fixture(alone))]);
        assert_eq!(readings[0].statements[0].proof, Proof::Incomplete, "{alone}");
    }
}

#[test]
fn a_report_of_the_day_never_posts() {
    for name in ["mt941.sta", "mt942.sta"] {
        let readings = proved(&[(name, fixture(name))]);
        assert_eq!(readings[0].statements[0].kind, StatementKind::Report, "{name}");
    }
}

/// Mark → side, and whether an earlier entry is undone.
#[test]
fn marks_say_side_and_reversal() {
    for (mark, side, is_reversal) in [
        ("C", Side::Credit, false),
        ("D", Side::Debit, false),
        ("RC", Side::Debit, true),
        ("RD", Side::Credit, true),
        ("CR", Side::Credit, false),
        ("DR", Side::Debit, false),
        ("RCR", Side::Debit, true),
        ("RDR", Side::Credit, true),
    ] {
        let closing = if side == Side::Credit { "C" } else { "D" };
        let reading = one(&format!(
            "{HEAD}:61:2603020302{mark}7,00NTRFNONREF\n:62F:{closing}260302EUR7,00\n-\n"
        ));
        let statement = &reading.statements[0];
        let entry = &statement.entries[0];
        assert_eq!((entry.side, entry.is_reversal), (side, is_reversal), "{mark}");
        assert_eq!(statement.proof, Proof::Proved, "{mark}");
    }
}

/// `:86:` → name, account, texts, end-to-end id.
#[test]
fn texts_are_read_in_the_ways_of_banks() {
    let iban = "DE02120300000000202051";
    for (written, name, account, texts, end_to_end_id) in [
        (
            "166?00GUT?20EREF+E1?21SVWZ+RE-1?30BYLADEM1001?31DE02120300000000202051?32A GmbH",
            "A GmbH",
            iban,
            "RE-1",
            "E1",
        ),
        (
            "166?20SVWZ+RE-1?3012030000?310000202051?32A GmbH",
            "A GmbH",
            iban,
            "RE-1",
            "",
        ),
        (
            "166?20SVWZ+Rechnung vom 1. Februa?21r RE-1?32Wirklich sehr langer Name, ?33GmbH",
            "Wirklich sehr langer Name, GmbH",
            "",
            "Rechnung vom 1. Februar RE-1",
            "",
        ),
        ("166?20RE-1?21RE-2?32A GmbH", "A GmbH", "", "RE-1|RE-2", ""),
        ("166?20SVWZ+WHY? YES?32A GmbH", "A GmbH", "", "WHY? YES", ""),
        (
            "166?20IBAN+DE02120300000000202051?21BIC+BYLADEM1001?22SVWZ+RE-1?32A",
            "A",
            iban,
            "RE-1",
            "",
        ),
        ("?20SVWZ+RE-1?32A GmbH", "A GmbH", "", "RE-1", ""),
        ("020~00GUT~20RE-1~32A GmbH", "A GmbH", "", "RE-1", ""),
        ("/EREF/E1/ORDP//NAME/A GmbH/REMI/RE-1", "A GmbH", "", "RE-1", "E1"),
        (
            "/TRTP/SEPA/IBAN/DE02120300000000202051/NAME/A B.V./REMI/2026/01 RE-1",
            "A B.V.",
            iban,
            "2026/01 RE-1",
            "",
        ),
        (
            "/CNTP/DE02120300000000202051/BYLADEM1001/A B.V./TOWN///REMI/USTD//RE-1/",
            "A B.V.",
            iban,
            "RE-1",
            "",
        ),
        ("EREF+E1 SVWZ+RE-1 and more", "", "", "RE-1 and more", "E1"),
        ("RE-1 from A GmbH", "", "", "RE-1 from A GmbH", ""),
        ("RE-1\nfrom A GmbH", "", "", "RE-1|from A GmbH", ""),
        ("RE-1\n:86:from A GmbH", "", "", "RE-1|from A GmbH", ""),
        ("999PN5477SCHECK-NR. 1", "", "", "999PN5477SCHECK-NR. 1", ""),
    ] {
        let reading = one(&format!(
            "{HEAD}:61:2603020302C7,00NTRFNONREF\n:86:{written}\n:62F:C260302EUR7,00\n-\n"
        ));
        let detail = &reading.statements[0].entries[0].details[0];
        let parties = &detail.parties;
        let debtor = parties.debtor.as_ref().and_then(|debtor| debtor.name.clone());
        let number = parties.debtor_account.as_ref().and_then(|account| account.number());
        assert_eq!(debtor.unwrap_or_default(), name, "{written}");
        assert_eq!(number.unwrap_or_default(), account, "{written}");
        assert_eq!(detail.remittance.unstructured.join("|"), texts, "{written}");
        let found = detail.references.end_to_end_id.clone().unwrap_or_default();
        assert_eq!(found, end_to_end_id, "{written}");
    }
}

/// What a payer writes is no account: in the bank's own subfields, only their beginning is a label.
#[test]
fn a_payer_cannot_write_an_account() {
    let written = "166?20SVWZ+RE-1 IBAN+DE0212030?210000000202051 EREF+E9?31DE89370400440532013000?32A";
    let reading = one(&format!(
        "{HEAD}:61:2603020302C7,00NTRFNONREF\n:86:{written}\n:62F:C260302EUR7,00\n-\n"
    ));
    let detail = &reading.statements[0].entries[0].details[0];
    let account = detail
        .parties
        .debtor_account
        .as_ref()
        .and_then(|account| account.number());
    assert_eq!(account.as_deref(), Some("DE89370400440532013000"));
    assert_eq!(detail.references.end_to_end_id, None);
}

#[test]
fn a_packed_file_is_read_as_it_is() {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&fixture("mt940_german.sta")).expect("memory");
    let readings = proved(&[("a.sta.gz", packed.finish().expect("memory"))]);
    assert_eq!(readings[0].message.as_deref(), Some("MT940"));
    assert_eq!(readings[0].statements[0].proof, Proof::Proved);
}

#[test]
fn fields_are_counted() {
    let endless = format!(
        "{}{}",
        &HEAD[..HEAD.find(":60F:").expect("a balance")],
        ":21:X\n".repeat(2_000_001)
    );
    let refusal = one(&endless).refusal.expect("refused");
    assert_eq!(refusal.code.code(), "FIELD-LIMIT");
}
