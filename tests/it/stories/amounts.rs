//! Stories about amounts that differ, and about who pays.

use super::*;

#[test]
fn discount_charges_parts_and_more_than_open() {
    for (paid, payer, text, more, expected) in [
        (
            "980.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect!["post: RE-1001 980.00 less discount 20.00 [name/number/terms/discount]"],
        ),
        (
            "980.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-13",
            expect!["post: RE-1001 980.00 less discount 20.00 [name/number/terms/discount]"],
        ),
        (
            "980.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-14",
            expect![
                "propose: RE-1001 980.00 less discount 20.00 [name/number/differs/discount] — 980.00 EUR fits RE-1001 less cash discount, but the discount was no longer open on 2026-03-14. (DISCOUNT_OUT_OF_TERMS)"
            ],
        ),
        (
            "980.00",
            STRANGER,
            "RE-1001",
            "on 2026-03-10",
            expect!["post: RE-1001 980.00 less discount 20.00 [unknown/number/terms/discount]"],
        ),
        (
            "980.00",
            NORDWIND,
            "",
            "on 2026-03-10",
            expect!["post: RE-1001 980.00 less discount 20.00 [name/none/terms/discount]"],
        ),
        (
            "1470.00",
            NORDWIND,
            "RE-1001 RE-1002",
            "on 2026-03-10",
            expect![
                "post: RE-1001 980.00 less discount 20.00 + RE-1002 490.00 less discount 10.00 [name/number/terms/listed]"
            ],
        ),
        (
            "1480.00",
            NORDWIND,
            "RE-1001 RE-1002",
            "on 2026-03-10",
            expect!["post: RE-1001 980.00 less discount 20.00 + RE-1002 500.00 [name/number/terms/listed]"],
        ),
        (
            "985.00",
            NORDWIND,
            "RE-1001",
            "charges 15.00",
            expect!["post: RE-1001 985.00 less charges 15.00 [name/number/terms/charges]"],
        ),
        (
            "985.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 985.00 less charges 15.00 [name/number/differs/charges] — The amount is 15.00 EUR less than RE-1001 (1,000.00 EUR); bank charges may have been kept, but nobody states them. (CHARGES_SUSPECTED)"
            ],
        ),
        (
            "400.00",
            NORDWIND,
            "RE-1001 Teilzahlung",
            "on 2026-03-10",
            expect!["post: RE-1001 400.00 [name/number/differs/part_payment]"],
        ),
        (
            "400.00",
            STRANGER,
            "RE-1001 Teilzahlung",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 400.00 [unknown/number/differs/part_payment] — The amount is 600.00 EUR less than RE-1001 (1,000.00 EUR); it may be a part payment. (PARTIAL)"
            ],
        ),
        (
            "930.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 930.00 [name/number/differs/part_payment] — The amount is 70.00 EUR less than RE-1001 (1,000.00 EUR); no discount is open that would explain it. (AMOUNT_SHORT)"
            ],
        ),
        (
            "500.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 500.00 [name/number/differs/part_payment] — The text names RE-1001, but the amount of 500.00 EUR says otherwise. (REFERENCE_AMOUNT_DIFFERS)"
            ],
        ),
        (
            "1010.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect!["post: RE-1001 1000.00, on account 10.00 [name/number/differs/overpayment]"],
        ),
        (
            "2500.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 1000.00, on account 1500.00 [name/number/differs/overpayment] — The amount is 1,500.00 EUR more than RE-1001 (1,000.00 EUR); what is over would go on account. (AMOUNT_OVER)"
            ],
        ),
        (
            "1010.00",
            STRANGER,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 1000.00, on account 10.00 [unknown/number/differs/overpayment] — The amount is 10.00 EUR more than RE-1001 (1,000.00 EUR); what is over would go on account. (AMOUNT_OVER)"
            ],
        ),
        (
            "98.00",
            NORDWIND,
            "",
            "document RE-1001 98.00",
            expect!["post: RE-1001 98.00 [name/structured/exact/structured]"],
        ),
        (
            "1380.00",
            NORDWIND,
            "",
            "document RE-1001 980.00 discount 20.00 | document RE-1002 400.00",
            expect!["post: RE-1001 980.00 less discount 20.00 + RE-1002 400.00 [name/structured/terms/structured]"],
        ),
    ] {
        tell(
            &format!(
                "
                open RE-1001 | C1 | Nordwind Handels GmbH | 1000.00 EUR | discount 2% until 2026-03-10
                open RE-1002 | C1 | Nordwind Handels GmbH | 500.00 EUR | discount 2% until 2026-03-10
                paid {paid} EUR | {payer} | {text} | {more}
                "
            ),
            expected,
        );
    }
}

#[test]
fn who_pays() {
    for (payer, more, expected) in [
        (
            NORDWIND,
            "account DE11",
            expect!["post: RE-1001 812.33 [account/none/exact/single]"],
        ),
        (
            "",
            "account DE11",
            expect!["post: RE-1001 812.33 [account/none/exact/single]"],
        ),
        (
            "NORDWIND HANDELS GMBH",
            "on 2026-03-10",
            expect!["post: RE-1001 812.33 [name/none/exact/single]"],
        ),
        (
            "Nordwind Handels",
            "on 2026-03-10",
            expect!["post: RE-1001 812.33 [name/none/exact/single]"],
        ),
        (
            "Handels Nordwind GmbH",
            "on 2026-03-10",
            expect!["post: RE-1001 812.33 [name/none/exact/single]"],
        ),
        (
            "Nordwind Handels AG",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 812.33 [unknown/none/exact/single] — `Nordwind Handels AG` is no customer that is known, and no number in the text settles it; the nearest is RE-1001. (UNKNOWN_PAYER)"
            ],
        ),
        (
            "Südwind Handels GmbH",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 812.33 [unknown/none/exact/single] — `Südwind Handels GmbH` is no customer that is known, and no number in the text settles it; the nearest is RE-1001. (UNKNOWN_PAYER)"
            ],
        ),
        (
            STRANGER,
            "account DE11",
            expect!["post: RE-1001 812.33 [account/none/exact/single]"],
        ),
        (
            STRANGER,
            "account DE99",
            expect![
                "propose: RE-1001 812.33 [unknown/none/exact/single] — `Lichtenfels Beteiligungs AG` is no customer that is known, and no number in the text settles it; the nearest is RE-1001. (UNKNOWN_PAYER)"
            ],
        ),
        (
            STRANGER,
            "account DE99 | for Nordwind Handels GmbH",
            expect!["post: RE-1001 812.33 [name/none/exact/single]"],
        ),
        (
            "Frau Wanninger",
            "account DE77",
            expect!["post: RE-1001 812.33 [account/none/exact/single]"],
        ),
        (
            "Frau Wanninger",
            "account DE78",
            expect![
                "propose: RE-1001 812.33 [name_alike/none/exact/single] — RE-1001 fits, but the evidence is not enough to post it. (LOW_CONFIDENCE)"
            ],
        ),
        (
            "Hubert Moorhuhn",
            "on 2026-03-10",
            expect!["post: RE-1001 812.33 [name/none/exact/single]"],
        ),
        (
            "Autohaus Kranich KG",
            "account DE11",
            expect![
                "ask: The payer is known as Autohaus Kranich KG, but the payment fits RE-1001 of Nordwind Handels GmbH. (NAME_CONFLICT)"
            ],
        ),
        (
            "Autohaus Kranich KG",
            "account DE22",
            expect!["ask: Autohaus Kranich KG pays 812.33 EUR, and no open item explains the amount. (LOW_CONFIDENCE)"],
        ),
        (
            "Nordwind Holding SE",
            "account DE33",
            expect![
                "propose: RE-1001 812.33 [name_alike/none/exact/single] — RE-1001 fits, but the evidence is not enough to post it. (LOW_CONFIDENCE)"
            ],
        ),
        (
            "Factoring Elbtal AG",
            "account DE44",
            expect![
                "ask: 812.33 EUR fits RE-1001, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)"
            ],
        ),
    ] {
        tell(
            &format!(
                "
                customer C1 | Nordwind Handels GmbH | account DE11 | parent C3
                customer C2 | Autohaus Kranich KG | account DE22
                customer C3 | Nordwind Holding SE | account DE33
                known account DE77 | C1 | 2
                known account DE78 | C1 | 1
                known name Hubert Moorhuhn | C1 | 3
                known account DE44 | C1 | 4
                known account DE44 | C2 | 5
                open RE-1001 | C1 | Nordwind Handels GmbH | 812.33 EUR
                open RE-1002 | C1 | Nordwind Handels GmbH | 410.05 EUR
                open RE-1003 | C2 | Autohaus Kranich KG | 77.15 EUR
                paid 812.33 EUR | {payer} | Danke | {more}
                "
            ),
            expected,
        );
    }
}

#[test]
fn numbers_of_others_and_of_nobody() {
    for (paid, payer, text, expected) in [
        (
            "812.33",
            NORDWIND,
            "RE-1003",
            expect![
                "ask: The text names RE-1003, an item of another customer than the one who seems to pay. (REFERENCE_OTHER_CUSTOMER)"
            ],
        ),
        (
            "812.33",
            NORDWIND,
            "RE-1001 RE-1003",
            expect!["post: RE-1001 812.33 [name/number/exact/single]"],
        ),
        (
            "77.15",
            NORDWIND,
            "RE-1003",
            expect![
                "propose: RE-1003 77.15 [contradicts/number/exact/single] — The payer is known as Nordwind Handels GmbH, but the payment fits RE-1003 of Autohaus Kranich KG. (NAME_CONFLICT)"
            ],
        ),
        (
            "812.33",
            NORDWIND,
            "RE-0990",
            expect![
                "ask: The text names RE-0990, which is settled already: a double payment? (REFERENCE_CLOSED_INVOICE)"
            ],
        ),
        (
            "500.00",
            NORDWIND,
            "RE-0990",
            expect![
                "ask: The text names RE-0990, which is settled already: a double payment? (REFERENCE_CLOSED_INVOICE)"
            ],
        ),
        (
            "500.00",
            NORDWIND,
            "RE-0990 RE-1001",
            expect![
                "ask: The text names RE-0990, which is settled already: a double payment? (REFERENCE_CLOSED_INVOICE)"
            ],
        ),
        (
            "812.33",
            NORDWIND,
            "RE-1044",
            expect![
                "propose: RE-1001 812.33 [name/none/exact/single] — RE-1001 fits the amount, but the text names RE-1044, which no item has. (LOW_CONFIDENCE)"
            ],
        ),
        (
            "812.33",
            NORDWIND,
            "Anzahlung Auftrag",
            expect!["ask: This may be a prepayment, though the amount fits RE-1001. (PREPAYMENT)"],
        ),
        (
            "812.33",
            STRANGER,
            "Habenzinsen",
            expect![
                "ask: The text speaks of interest, tax, insurance or a refund, of no invoice. (NOT_RECEIVABLE_SUSPECT)"
            ],
        ),
        (
            "412.00",
            NORDWIND,
            "Vorkasse",
            expect![
                "ask: `Nordwind Handels GmbH` pays 412.00 EUR, and no open item explains it: a prepayment? (PREPAYMENT)"
            ],
        ),
        (
            "5000.00",
            NORDWIND,
            "Zahlung",
            expect![
                "ask: Nordwind Handels GmbH pays 5,000.00 EUR, and no open item explains the amount. (LOW_CONFIDENCE)"
            ],
        ),
        (
            "812.33",
            NORDWIND,
            "Tel. 030 1003 vom 10.03.2026",
            expect!["post: RE-1001 812.33 [name/none/exact/single]"],
        ),
        (
            "500.00",
            NORDWIND,
            "",
            expect![
                "ask: 500.00 EUR has the look of a second payment of the account of Nordwind Handels GmbH. (DUPLICATE_SUSPECT)"
            ],
        ),
    ] {
        tell(
            &format!(
                "
                open RE-1001 | C1 | Nordwind Handels GmbH | 812.33 EUR
                open RE-1002 | C1 | Nordwind Handels GmbH | 410.05 EUR
                open RE-1003 | C2 | Autohaus Kranich KG | 77.15 EUR
                closed RE-0990 | C1 | Nordwind Handels GmbH | 500.00 EUR
                paid {paid} EUR | {payer} | {text}
                "
            ),
            expected,
        );
    }
}

/// What the settings permit is posted, and no day and no cent more. Limits: config/labelled.toml.
#[test]
fn late_discounts_and_kept_charges_are_posted_within_the_limits_of_the_settings() {
    for (paid, payer, more, expected) in [
        (
            "980.00",
            NORDWIND,
            "on 2026-03-20",
            expect!["post: RE-1001 980.00 less discount 20.00 [name/number/differs/discount]"],
        ),
        (
            "980.00",
            NORDWIND,
            "on 2026-03-21",
            expect![
                "propose: RE-1001 980.00 less discount 20.00 [name/number/differs/discount] — 980.00 EUR fits RE-1001 less cash discount, but the discount was no longer open on 2026-03-21. (DISCOUNT_OUT_OF_TERMS)"
            ],
        ),
        (
            "965.00",
            NORDWIND,
            "on 2026-03-10",
            expect!["post: RE-1001 965.00 less charges 35.00 [name/number/differs/charges]"],
        ),
        (
            "964.99",
            NORDWIND,
            "on 2026-03-10",
            expect![
                "propose: RE-1001 964.99 less charges 35.01 [name/number/differs/charges] — The amount is 35.01 EUR less than RE-1001 (1,000.00 EUR); bank charges may have been kept, but nobody states them. (CHARGES_SUSPECTED)"
            ],
        ),
        (
            "965.00",
            STRANGER,
            "on 2026-03-10",
            expect![
                "propose: RE-1001 965.00 less charges 35.00 [unknown/number/differs/charges] — The amount is 35.00 EUR less than RE-1001 (1,000.00 EUR); bank charges may have been kept, but nobody states them. (CHARGES_SUSPECTED)"
            ],
        ),
    ] {
        let mut permitted = shipped();
        permitted.policy.charges_max = 3_500;
        permitted.policy.late_discount_days = 7;
        let story = format!(
            "open RE-1001 | C1 | {NORDWIND} | 1000.00 EUR | discount 2% until 2026-03-10
             paid {paid} EUR | {payer} | RE-1001 | {more}"
        );
        expected.assert_eq(&outcomes(&read(&story), &permitted));
    }
}

#[test]
fn a_customer_who_often_keeps_something_is_known_for_it() {
    use paymatch::model::Signal;
    use paymatch::model::knowledge::Deductions;
    let shipped = shipped();
    let mut world = read(
        "
        open RE-1001 | C1 | Nordwind GmbH | 1000.00 EUR
        paid 990.00 EUR | Nordwind GmbH | RE-1001
    ",
    );
    let mut shares = Vec::new();
    for (in_full, with_deduction) in [(20, 0), (0, 0), (2, 18)] {
        let kept = Deductions {
            in_full,
            with_deduction,
        };
        world.knowledge.deductions.insert("C1".to_owned(), kept);
        let explanation = world.explain(&shipped).remove(0);
        let charges = explanation
            .candidates
            .iter()
            .find(|one| one.kind == HypothesisKind::Charges);
        let charges = charges.expect("charges are thought of");
        let habit = charges.evidence.iter().find(|piece| piece.signal == Signal::History);
        shares.push((charges.probability, habit.map_or(0, |piece| piece.weight)));
    }
    assert!(shares.is_sorted() && shares[0].0 < shares[2].0, "{shares:?}");
    assert_eq!(
        shares.iter().map(|(_, habit)| *habit).collect::<Vec<_>>(),
        [-200, 0, 200]
    );
}
