//! Claims of salespeople: evidence for matching, and compared with what was received.

use super::bank::{Bank, receipt, statement};
use crate::program::rows;
use encoding_rs::GB18030;
use expect_test::expect;

fn bank() -> Bank {
    Bank::with("on_gap = \"warn\"\n[claims]\nfile = \"claims.csv\"\nsheets = true")
}

/// What the comparison says, a line each.
fn compared(bank: &Bank) -> String {
    let told = rows(&bank.latest().join("claims.csv")).into_iter().map(|row| {
        format!(
            "{} | {} | {} | claimed {} | received {} {} | difference {} | {} d\n",
            row["state"],
            row["salesperson"],
            row["customer"],
            row["claimed"],
            row["received"],
            row["payer_name"],
            row["difference"],
            row["age_days"]
        )
    });
    told.collect()
}

/// Evidence of the best candidate of the only exception with that amount.
fn best(bank: &Bank, amount: &str) -> String {
    let shown = rows(&bank.latest().join("exceptions.csv"));
    let row = shown.iter().find(|row| row["amount"] == amount).expect("an exception");
    format!("{} {} {}", row["status"], row["reason"], row["candidate_1"])
}

#[test]
fn claims_and_receipts_are_compared_both_ways() {
    let bank = bank();
    bank.write(
        "claims.csv",
        "salesperson,date,customer,amount,references,note\n\
         Anna,2026-03-03,C1,100.00,RE-2026-1001,\n\
         Bert,2026-03-04,Nordwind Handels GmbH,100.00,,mine\n\
         Bert,2026-03-03,C3,640.00,,=1+1\n\
         Anna,2026-03-02,C4,400.00,,\n\
         Anna,2026-03-09,C4,12.00,,\n\
         Carl,2026-03-03,Nobody & Co,77.00,,\n\
         Carl,2026-03-03,C1,abc,,\n",
    );
    bank.delivers(
        "1.xml",
        &statement(
            Some(1),
            "2026-03-03",
            0,
            &[
                receipt("2026-03-03", "A", 10_000, "Nordwind Handels GmbH", "RE-2026-1001"),
                receipt("2026-03-03", "B", 65_000, "Lindhof Werkzeuge KG", "RE-2026-1003"),
                receipt("2026-03-03", "C", 25_000, "Kiesel Maschinenbau AG", "RE-2026-1002"),
            ],
        ),
    );
    let told = bank.night();
    assert!(told.contains("error CELL-VALUE: `abc` is not an amount"), "{told}");
    assert!(told.contains("CLAIM-CUSTOMER: `Nobody & Co`"), "{told}");
    let expected = expect![[r#"
        NOT_RECEIVED | Anna | C4 | claimed 400.00 | received   | difference  | 8 d
        RECEIVED | Anna | C1 | claimed 100.00 | received 100.00 Nordwind Handels GmbH | difference 0.00 | 7 d
        AMOUNT_DIFFERS | Bert | C3 | claimed 640.00 | received 650.00 Lindhof Werkzeuge KG | difference 10.00 | 7 d
        NOT_RECEIVED | Carl | Nobody & Co | claimed 77.00 | received   | difference  | 7 d
        CLAIMED_TWICE | Bert | Nordwind Handels GmbH | claimed 100.00 | received 100.00 Nordwind Handels GmbH | difference 0.00 | 6 d
        WAITING | Anna | C4 | claimed 12.00 | received   | difference  | 1 d
        UNCLAIMED |  |  | claimed  | received 250.00 Kiesel Maschinenbau AG | difference  | 7 d
    "#]];
    expected.assert_eq(&compared(&bank));
    // What was posted on an earlier night answers the claim, too.
    bank.night();
    expected.assert_eq(&compared(&bank));
    assert!(bank.latest().join("claims.xlsx").is_file());
}

/// Another amount answers a claim where the claim names its document, or where it is near; not because the customer paid something.
#[test]
fn a_payment_of_something_else_is_not_what_was_claimed() {
    let bank = bank();
    bank.write(
        "claims.csv",
        "salesperson,date,customer,amount,references\n\
         Anna,2026-03-03,C2,40.00,\n\
         Bert,2026-03-03,C3,300.00,RE-2026/1003\n\
         Carl,2026-03-03,C1,91.00,RE-2026-9999\n\
         Carl,2026-03-03,C1,89.99,\n",
    );
    let receipts = [
        receipt("2026-03-03", "A", 10_000, "Nordwind Handels GmbH", "RE-2026-1001"),
        receipt("2026-03-03", "B", 25_000, "Kiesel Maschinenbau AG", "RE-2026-1002"),
        receipt("2026-03-03", "C", 65_000, "Lindhof Werkzeuge KG", "RE-2026-1003"),
    ];
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &receipts));
    bank.night();
    let expected = expect![[r#"
        NOT_RECEIVED | Anna | C2 | claimed 40.00 | received   | difference  | 7 d
        AMOUNT_DIFFERS | Bert | C3 | claimed 300.00 | received 650.00 Lindhof Werkzeuge KG | difference 350.00 | 7 d
        AMOUNT_DIFFERS | Carl | C1 | claimed 91.00 | received 100.00 Nordwind Handels GmbH | difference 9.00 | 7 d
        NOT_RECEIVED | Carl | C1 | claimed 89.99 | received   | difference  | 7 d
        UNCLAIMED |  |  | claimed  | received 250.00 Kiesel Maschinenbau AG | difference  | 7 d
    "#]];
    expected.assert_eq(&compared(&bank));
    // What was posted on an earlier night is compared by the record.
    bank.night();
    expected.assert_eq(&compared(&bank));
}

#[test]
fn a_claim_finds_the_customer_and_posts_nothing_by_itself() {
    let bank = bank();
    let unknown = receipt("2026-03-03", "A", 39_500, "Miller Trading Ltd", "Zahlung");
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &[unknown]));
    bank.write(
        "claims.csv",
        "salesperson,date,customer,amount\nAnna,2026-03-20,C4,395.00\n",
    );
    bank.night();
    expect!["open UNKNOWN_PAYER "].assert_eq(&best(&bank, "395.00"));
    // The claim is near enough now.
    let (chinese, _, _) =
        GB18030.encode("业务员,日期,客户,金额,发票号,备注\n王小明,2026-03-04,C4,395.00,RE-2026-1004,差额5元是手续费\n");
    std::fs::write(bank.path("claims.csv"), chinese).expect("a file");
    bank.night();
    expect!["proposed CHARGES_SUSPECTED RE-2026-1004 | C4 Ostkai Spedition GmbH | open 400.00 | diff −5.00 | due +2 d | for: a salesperson claims it for the customer, paid around the due date | against: the amount is exact after bank charges (5.00 EUR), nobody known has the payer's name"].assert_eq(&best(&bank, "395.00"));
    expect![[r#"
        RECEIVED | 王小明 | C4 | claimed 395.00 | received 395.00 Miller Trading Ltd | difference 0.00 | 6 d
    "#]]
    .assert_eq(&compared(&bank));
}

#[test]
fn a_claim_for_another_customer_keeps_a_doubtful_posting_back() {
    let bank = bank();
    // A name and an amount that post without a claim.
    let receipts = [
        receipt("2026-03-03", "A", 40_000, "Ostkai Spedition GmbH", "Zahlung"),
        receipt("2026-03-03", "B", 10_000, "Nordwind Handels GmbH", "RE-2026-1001"),
    ];
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &receipts));
    let claims =
        "Verkäufer;Datum;Kunde;Betrag\nBert;04.03.2026;Kiesel Maschinenbau AG;400,00\nBert;04.03.2026;C2;100,00\n";
    bank.write("claims.csv", claims);
    expect![[r#"
        open 400.00 CLAIM_CONFLICT
        posted 100.00 RE-2026-1001
        read 500.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    expect!["open CLAIM_CONFLICT RE-2026-1004 | C4 Ostkai Spedition GmbH | open 400.00 | diff 0.00 | due +2 d | for: the amount is exact (400.00 EUR), the payer's name is the customer's, paid around the due date | against: a salesperson claims it for Kiesel Maschinenbau AG"].assert_eq(&best(&bank, "400.00"));
    bank.write("claims.csv", "salesperson,date,customer,amount\n");
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        posted 400.00 RE-2026-1004
        read 500.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}
