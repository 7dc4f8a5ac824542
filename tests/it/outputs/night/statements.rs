//! The statements of the night.

use super::*;

pub(super) fn statements() -> Vec<StatementLine> {
    let line = |file: &str, account: &str, code: &str, proof, is_refused| StatementLine {
        file: file.to_owned(),
        account: account.to_owned(),
        currency: Some(currency(code)),
        name: "2026-044".to_owned(),
        days: Some((day("2026-03-02"), day("2026-03-03"))),
        opening: Some(1_000_000),
        closing: Some(2_388_500),
        credits: (9, 1_482_700),
        debits: (2, -94_200),
        proof,
        is_refused,
    };
    vec![
        line("inbox/stmt.xml", EURO_ACCOUNT, "EUR", Proof::Proved, false),
        StatementLine {
            opening: None,
            closing: None,
            ..line("inbox/工行.csv", YUAN_ACCOUNT, "CNY", Proof::Unproved, false)
        },
        line(
            "inbox/<i>cut</i>.xml",
            EURO_ACCOUNT,
            "EUR",
            Proof::Broken {
                stated: 2_388_500,
                computed: 2_388_600,
            },
            true,
        ),
    ]
}
