//! Stories: facts in, outcome out, in words that a bookkeeper can check.

use crate::world::{Shipped, World, read, shipped};
use expect_test::{Expect, expect};
use paymatch::model::money::decimal_text;
use paymatch::model::{Candidate, Explanation, HypothesisKind, Outcome, Payment};
use paymatch::words::reason;
use std::fmt::Write as _;

/// Tells what becomes of the payments of a story.
fn tell(story: &str, expected: Expect) {
    let shipped = shipped();
    expected.assert_eq(&outcomes(&read(story), &shipped));
}

/// Tells several stories, each to its own expectation, under one head.
fn outcomes(world: &World, shipped: &Shipped) -> String {
    let mut told = String::new();
    for (payment, explanation) in world.payments.iter().zip(world.explain(shipped)) {
        writeln!(told, "{}", outcome(payment, &explanation)).expect("text");
    }
    told.trim_end().to_owned()
}

fn outcome(payment: &Payment, explanation: &Explanation) -> String {
    let first = explanation.candidates.first();
    let text = reason::sentence(payment, explanation);
    match explanation.outcome {
        Outcome::Posted => format!("post: {}", settled(first.expect("posted"))),
        Outcome::Proposed(reason) => format!(
            "propose: {} — {text} ({})",
            settled(first.expect("proposed")),
            reason.code()
        ),
        Outcome::Exception(reason) => format!("ask: {text} ({})", reason.code()),
        Outcome::SetAside(rule) => format!("set aside: {text} ({})", rule.code()),
    }
}

/// `RE-1 100.00 + RE-2 50.00 less discount 1.00, on account 3.00 [account/number/exact/single]`.
fn settled(candidate: &Candidate) -> String {
    let parts: Vec<String> = candidate
        .allocations
        .iter()
        .map(|part| {
            let decimals = part.open.currency.decimals();
            let mut text = format!("{} {}", part.document_number, decimal_text(part.cash, decimals));
            for (amount, what) in [(part.discount, "discount"), (part.charges, "charges")] {
                if amount != 0 {
                    write!(text, " less {what} {}", decimal_text(amount, decimals)).expect("text");
                }
            }
            if part.item_reduction != part.cash + part.discount + part.charges + part.write_off {
                write!(text, " for {}", decimal_text(part.item_reduction, decimals)).expect("text");
            }
            text
        })
        .collect();
    let over = match candidate.on_account {
        0 => String::new(),
        rest => format!(", on account {}", decimal_text(rest, 2)),
    };
    let parts = if candidate.kind == HypothesisKind::OnAccount {
        vec!["nothing".to_owned()]
    } else {
        parts
    };
    format!("{}{over} [{}]", parts.join(" + "), candidate.class)
}

const NORDWIND: &str = "Nordwind Handels GmbH";
const STRANGER: &str = "Lichtenfels Beteiligungs AG";

#[test]
fn one_number_in_every_form() {
    for (payer, text, expected) in [
        (
            NORDWIND,
            "Rechnung RE-2026-0142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "re 2026/0142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "RE20260142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "RE-2026-\\n0142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "RE-20\\n26-0142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "Rechn.Nr. 2026-0142 vom 01.02.2026",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "RNR20260142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "Rg 0142",
            expect!["post: RE-2026-0142 1190.00 [name/partial/exact/single]"],
        ),
        (
            NORDWIND,
            "142",
            expect!["post: RE-2026-0142 1190.00 [name/partial/exact/single]"],
        ),
        (
            NORDWIND,
            "RE-2O26-O142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "RE-2026-0143",
            expect!["post: RE-2026-0142 1190.00 [name/partial/exact/single]"],
        ),
        (
            NORDWIND,
            "RE-2026-01",
            expect!["post: RE-2026-0142 1190.00 [name/partial/exact/single]"],
        ),
        (
            NORDWIND,
            "xRE-2026-0142",
            expect!["post: RE-2026-0142 1190.00 [name/number/exact/single]"],
        ),
        (
            NORDWIND,
            "NOTPROVIDED",
            expect!["post: RE-2026-0142 1190.00 [name/none/exact/single]"],
        ),
        (
            NORDWIND,
            "RE-2026-0199",
            expect![
                "propose: RE-2026-0142 1190.00 [name/none/exact/single] — RE-2026-0142 fits the amount, but the text names RE-2026-0199, which no item has. (LOW_CONFIDENCE)"
            ],
        ),
        (
            STRANGER,
            "Rechnung RE-2026-0142",
            expect!["post: RE-2026-0142 1190.00 [unknown/number/exact/single]"],
        ),
        (
            STRANGER,
            "2026/0142",
            expect!["post: RE-2026-0142 1190.00 [unknown/number/exact/single]"],
        ),
        (
            STRANGER,
            "Rg 0142",
            expect![
                "propose: RE-2026-0142 1190.00 [unknown/partial/exact/single] — `Lichtenfels Beteiligungs AG` is no customer that is known, and no number in the text settles it; the nearest is RE-2026-0142. (UNKNOWN_PAYER)"
            ],
        ),
        (
            STRANGER,
            "RE-2026-0143",
            expect![
                "propose: RE-2026-0142 1190.00 [unknown/partial/exact/single] — `Lichtenfels Beteiligungs AG` is no customer that is known, and no number in the text settles it; the nearest is RE-2026-0142. (UNKNOWN_PAYER)"
            ],
        ),
        (
            STRANGER,
            "xRE-2026-0142x",
            expect![
                "propose: RE-2026-0142 1190.00 [unknown/none/exact/single] — `Lichtenfels Beteiligungs AG` is no customer that is known, and no number in the text settles it; the nearest is RE-2026-0142. (UNKNOWN_PAYER)"
            ],
        ),
        (
            STRANGER,
            "NOTPROVIDED",
            expect![
                "propose: RE-2026-0142 1190.00 [unknown/none/exact/single] — `Lichtenfels Beteiligungs AG` is no customer that is known, and no number in the text settles it; the nearest is RE-2026-0142. (UNKNOWN_PAYER)"
            ],
        ),
        (
            "",
            "RE-2026-0142",
            expect!["post: RE-2026-0142 1190.00 [unknown/number/exact/single]"],
        ),
        (
            "",
            "",
            expect![
                "propose: RE-2026-0142 1190.00 [unknown/none/exact/single] — The payer is no customer that is known, and no number in the text settles it; the nearest is RE-2026-0142. (UNKNOWN_PAYER)"
            ],
        ),
    ] {
        tell(
            &format!(
                "
                open RE-2026-0142 | C1 | Nordwind Handels GmbH | 1190.00 EUR
                open RE-2026-0177 | C1 | Nordwind Handels GmbH | 355.10 EUR
                open RE-2026-0180 | C2 | Autohaus Kranich KG | 820.00 EUR
                paid 1190.00 EUR | {payer} | {text}
                "
            ),
            expected,
        );
    }
}

#[test]
fn references_beside_the_text() {
    for (extra, expected) in [
        (
            "e2e RE-2026-0142",
            expect!["post: RE-2026-0142 1190.00 [unknown/number/exact/single]"],
        ),
        (
            "e2e NOTPROVIDED",
            expect![
                "ask: 1190.00 EUR fits RE-2026-0142 and 90300013, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)"
            ],
        ),
        (
            "creditor RF18539007547034",
            expect!["post: RE-2026-0142 1190.00 [unknown/structured/exact/single]"],
        ),
        (
            "creditor 210000000003139471430009017",
            expect!["post: 90300013 1190.00 [unknown/structured/exact/single]"],
        ),
        (
            "creditor RE-2026-0142",
            expect!["post: RE-2026-0142 1190.00 [unknown/structured/exact/single]"],
        ),
        (
            "document RE-2026-0142 1190.00",
            expect!["post: RE-2026-0142 1190.00 [unknown/structured/exact/structured]"],
        ),
    ] {
        tell(
            &format!(
                "
                open RE-2026-0142 | C1 | Nordwind Handels GmbH | 1190.00 EUR | ref RF18 5390 0754 7034
                open 90300013 | C2 | Autohaus Kranich KG | 1190.00 EUR | ref 21 00000 00003 13947 14300 09017
                paid 1190.00 EUR | {STRANGER} | | {extra}
                "
            ),
            expected,
        );
    }
    for (text, expected) in [
        (
            "Bestellung PO-77120",
            expect!["post: RE-2026-0142 1190.00 [unknown/number/exact/single]"],
        ),
        (
            "PO77120",
            expect!["post: RE-2026-0142 1190.00 [unknown/number/exact/single]"],
        ),
        (
            "KdNr 70012",
            expect![
                "propose: RE-2026-0142 1190.00 [name_alike/none/exact/single] — RE-2026-0142 fits, but the evidence is not enough to post it. (LOW_CONFIDENCE)"
            ],
        ),
    ] {
        tell(
            &format!(
                "
                customer C1 | Nordwind Handels GmbH | number 70012
                open RE-2026-0142 | C1 | Nordwind Handels GmbH | 1190.00 EUR | order PO-77120
                open RE-2026-0143 | C2 | Autohaus Kranich KG | 1190.00 EUR
                paid 1190.00 EUR | {STRANGER} | {text}
                "
            ),
            expected,
        );
    }
}

const LIST: &str = "
    open RE-1001 | C1 | Nordwind Handels GmbH | 100.10 EUR
    open RE-1002 | C1 | Nordwind Handels GmbH | 200.20 EUR
    open RE-1003 | C1 | Nordwind Handels GmbH | 300.35 EUR
    open RE-1013 | C1 | Nordwind Handels GmbH | 413.77 EUR
    open GS-0500 | C1 | Nordwind Handels GmbH | -50.05 EUR
    open RE-1008 | C2 | Autohaus Kranich KG | 87.66 EUR
";

#[test]
fn lists_ranges_and_credit_notes() {
    for (paid, payer, text, expected) in [
        (
            "300.30",
            NORDWIND,
            "RE-1001, RE-1002",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 [name/number/exact/listed]"],
        ),
        (
            "714.07",
            NORDWIND,
            "RE-1001/02/13",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1013 413.77 [name/number/exact/listed]"],
        ),
        (
            "714.07",
            NORDWIND,
            "1001, 1002 u. 1013",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1013 413.77 [name/partial/exact/listed]"],
        ),
        (
            "714.07",
            STRANGER,
            "RE-1001, 1002 und 1013",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1013 413.77 [unknown/number/exact/listed]"],
        ),
        (
            "600.65",
            NORDWIND,
            "RE-1001 - RE-1003",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 [name/number/exact/range]"],
        ),
        (
            "600.65",
            NORDWIND,
            "RE-1001 bis 03",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 [name/number/exact/range]"],
        ),
        (
            "600.65",
            NORDWIND,
            "RE 1001-1003",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 [name/number/exact/range]"],
        ),
        (
            "600.65",
            NORDWIND,
            "1001-1003",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 [name/partial/exact/range]"],
        ),
        (
            "600.65",
            STRANGER,
            "RE-1001 thru RE-1003",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 [unknown/number/exact/range]"],
        ),
        (
            "250.25",
            NORDWIND,
            "RE-1001, RE-1002, GS-0500",
            expect!["post: GS-0500 -50.05 + RE-1001 100.10 + RE-1002 200.20 [name/number/exact/listed]"],
        ),
        (
            "250.25",
            NORDWIND,
            "RE-1001, RE-1002 abzgl. Gutschrift",
            expect!["post: GS-0500 -50.05 + RE-1001 100.10 + RE-1002 200.20 [name/number/exact/listed]"],
        ),
        (
            "187.76",
            NORDWIND,
            "RE-1001 und RE-1008",
            expect!["post: RE-1001 100.10 + RE-1008 87.66 [name/number/exact/listed]"],
        ),
        (
            "187.76",
            STRANGER,
            "RE-1001 und RE-1008",
            expect!["post: RE-1001 100.10 + RE-1008 87.66 [unknown/number/exact/listed]"],
        ),
        (
            "250.00",
            NORDWIND,
            "RE-1001, RE-1002",
            expect![
                "propose: RE-1001 100.10 + RE-1002 149.90 [name/number/differs/part_payment] — The amount is 50.30 EUR less than RE-1001 and RE-1002 (300.30 EUR); no discount is open that would explain it. (AMOUNT_SHORT)"
            ],
        ),
        (
            "400.00",
            NORDWIND,
            "RE-1001, RE-1002",
            expect![
                "propose: RE-1001 100.10 + RE-1002 200.20, on account 99.70 [name/number/differs/overpayment] — The amount is 99.70 EUR more than RE-1001 and RE-1002 (300.30 EUR); what is over would go on account. (AMOUNT_OVER)"
            ],
        ),
        (
            "100.10",
            NORDWIND,
            "RE-1001, RE-1002",
            expect![
                "propose: RE-1001 100.10 [name/number/exact/single] — The text names RE-1002, but the amount of 100.10 EUR says otherwise. (REFERENCE_AMOUNT_DIFFERS)"
            ],
        ),
        (
            "250.10",
            NORDWIND,
            "RE-1001 100.10 RE-1003 150.00",
            expect!["post: RE-1001 100.10 + RE-1003 150.00 [name/number/exact/listed]"],
        ),
        (
            "964.37",
            NORDWIND,
            "offene Posten",
            expect![
                "post: GS-0500 -50.05 + RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 + RE-1013 413.77 [name/none/exact/whole_balance]"
            ],
        ),
        (
            "1014.42",
            NORDWIND,
            "alle Rechnungen",
            expect![
                "post: RE-1001 100.10 + RE-1002 200.20 + RE-1003 300.35 + RE-1013 413.77 [name/none/exact/due_run]"
            ],
        ),
        (
            "300.30",
            NORDWIND,
            "",
            expect!["post: RE-1001 100.10 + RE-1002 200.20 [name/none/exact/subset]"],
        ),
        (
            "500.00",
            NORDWIND,
            "",
            expect![
                "ask: Nordwind Handels GmbH pays 500.00 EUR, and no open item explains the amount. (LOW_CONFIDENCE)"
            ],
        ),
    ] {
        tell(&format!("{LIST}\npaid {paid} EUR | {payer} | {text}"), expected);
    }
}

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
                "propose: RE-1001 985.00 less charges 15.00 [name/number/differs/charges] — The amount is 15.00 EUR less than RE-1001 (1000.00 EUR); bank charges may have been kept, but nobody states them. (CHARGES_SUSPECTED)"
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
                "propose: RE-1001 400.00 [unknown/number/differs/part_payment] — The amount is 600.00 EUR less than RE-1001 (1000.00 EUR); it may be a part payment. (PARTIAL)"
            ],
        ),
        (
            "930.00",
            NORDWIND,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 930.00 [name/number/differs/part_payment] — The amount is 70.00 EUR less than RE-1001 (1000.00 EUR); no discount is open that would explain it. (AMOUNT_SHORT)"
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
                "propose: RE-1001 1000.00, on account 1500.00 [name/number/differs/overpayment] — The amount is 1500.00 EUR more than RE-1001 (1000.00 EUR); what is over would go on account. (AMOUNT_OVER)"
            ],
        ),
        (
            "1010.00",
            STRANGER,
            "RE-1001",
            "on 2026-03-10",
            expect![
                "propose: RE-1001 1000.00, on account 10.00 [unknown/number/differs/overpayment] — The amount is 10.00 EUR more than RE-1001 (1000.00 EUR); what is over would go on account. (AMOUNT_OVER)"
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
                "ask: Nordwind Handels GmbH pays 5000.00 EUR, and no open item explains the amount. (LOW_CONFIDENCE)"
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

#[test]
fn equal_amounts() {
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 119.00 EUR | due 2026-03-01
        open RE-1002 | C1 | Nordwind GmbH | 119.00 EUR | due 2026-03-01
        paid 119.00 EUR | Nordwind GmbH | Miete
        ",
        expect!["ask: 119.00 EUR fits RE-1001 and RE-1002 equally. (AMBIGUOUS_INVOICE)"],
    );
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 119.00 EUR | due 2026-04-01
        open RE-1002 | C1 | Nordwind GmbH | 119.00 EUR | due 2026-03-01
        paid 119.00 EUR | Nordwind GmbH | Miete
        ",
        expect!["post: RE-1002 119.00 [name/none/exact/single]"],
    );
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 119.00 EUR | due 2026-04-01
        open RE-1002 | C1 | Nordwind GmbH | 119.00 EUR | due 2026-03-01
        paid 119.00 EUR | Nordwind GmbH | Miete
        paid 119.00 EUR | Nordwind GmbH | Miete | on 2026-03-11
        paid 119.00 EUR | Nordwind GmbH | Miete | on 2026-03-12
        ",
        expect![[r#"
            post: RE-1002 119.00 [name/none/exact/single]
            post: RE-1001 119.00 [name/none/exact/single]
            ask: 119.00 EUR has the look of a second payment of RE-1002. (DUPLICATE_SUSPECT)"#]],
    );
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 119.00 EUR
        open RE-1002 | C2 | Autohaus Kranich KG | 119.00 EUR
        paid 119.00 EUR | | Danke
        paid 119.00 EUR | Hubert Moorhuhn | Danke
        ",
        expect![[r#"
            ask: 119.00 EUR fits RE-1001 and RE-1002, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)
            ask: 119.00 EUR fits RE-1001 and RE-1002, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)"#]],
    );
    tell(
        "
        customer C1 | Nordwind GmbH
        customer C2 | Nordwind GmbH
        open RE-1001 | C1 | Nordwind GmbH | 119.00 EUR
        open RE-1002 | C2 | Nordwind GmbH | 119.00 EUR
        open RE-1003 | C2 | Nordwind GmbH | 254.10 EUR
        paid 119.00 EUR | Nordwind GmbH | Danke
        paid 254.10 EUR | Nordwind GmbH | Danke
        paid 119.00 EUR | Nordwind GmbH | RE-1002
        ",
        expect![[r#"
            ask: 119.00 EUR fits RE-1001 and RE-1002, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)
            ask: 254.10 EUR fits RE-1003, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)
            post: RE-1002 119.00 [name_alike/number/exact/single]"#]],
    );
}

#[test]
fn payments_that_compete() {
    for (story, expected) in [
        (
            "paid 812.33 EUR | Nordwind GmbH | RE-1001
          paid 812.33 EUR | Nordwind GmbH | RE-1001 | on 2026-03-12",
            expect![[r#"
              post: RE-1001 812.33 [name/number/exact/single]
              ask: 812.33 EUR has the look of a second payment of RE-1001. (DUPLICATE_SUSPECT)"#]],
        ),
        (
            "paid 812.33 EUR | Nordwind GmbH | RE-1001
          paid 812.33 EUR | Nordwind GmbH | RE-1001",
            expect![[r#"
              ask: 812.33 EUR has the look of a second payment of RE-1001. (DUPLICATE_SUSPECT)
              ask: 812.33 EUR has the look of a second payment of RE-1001. (DUPLICATE_SUSPECT)"#]],
        ),
        (
            "paid 812.33 EUR | Nordwind GmbH | Danke
          paid 812.33 EUR | Lichtenfels AG | RE-1001",
            expect![[r#"
              ask: 812.33 EUR has the look of a second payment of RE-1001. (DUPLICATE_SUSPECT)
              ask: 812.33 EUR has the look of a second payment of RE-1001. (DUPLICATE_SUSPECT)"#]],
        ),
        (
            "paid 400.00 EUR | Nordwind GmbH | RE-1001
          paid 412.33 EUR | Nordwind GmbH | RE-1001",
            expect![[r#"
              post: RE-1001 400.00 [name/number/differs/part_payment]
              post: RE-1001 412.33 [name/number/differs/part_payment]"#]],
        ),
        (
            "paid 780.00 EUR | Nordwind GmbH | RE-1001
          paid 32.33 EUR | Nordwind GmbH | RE-1001",
            expect![[r#"
                post: RE-1001 780.00 [name/number/differs/part_payment]
                post: RE-1001 32.33 [name/number/differs/part_payment]"#]],
        ),
        (
            "paid 600.00 EUR | Nordwind GmbH | RE-1001
          paid 500.00 EUR | Nordwind GmbH | RE-1001",
            expect![[r#"
              ask: Several payments of this run fit RE-1001. (CLAIM_CONFLICT)
              ask: Several payments of this run fit RE-1001. (CLAIM_CONFLICT)"#]],
        ),
        (
            "paid 812.33 EUR | Nordwind GmbH | RE-1001
          paid 889.48 EUR | Nordwind GmbH | RE-1001 RE-1003",
            expect![[r#"
                ask: 812.33 EUR has the look of a second payment of RE-1001. (DUPLICATE_SUSPECT)
                ask: 889.48 EUR has the look of a second payment of RE-1001 and RE-1003. (DUPLICATE_SUSPECT)"#]],
        ),
    ] {
        tell(
            &format!(
                "
                open RE-1001 | C1 | Nordwind GmbH | 812.33 EUR
                open RE-1003 | C1 | Nordwind GmbH | 77.15 EUR
                {story}
                "
            ),
            expected,
        );
    }
}

#[test]
fn long_lists_that_a_field_cuts_off() {
    let mut items = String::new();
    let mut text = String::new();
    for at in 0..14 {
        let number = format!("RE-2026-{:05}", 1_001 + at * 3);
        items.push_str(&format!(
            "open {number} | C1 | Nordwind GmbH | {}.{:02} EUR | due 2026-03-{:02}\n",
            100 + at * 37,
            at * 7 % 100,
            1 + at
        ));
        text.push_str(&format!("{number}, "));
    }
    text.truncate(140);
    for (paid, extra, expected) in [
        (
            "4773.37",
            "",
            expect![
                "post: RE-2026-01001 100.00 + RE-2026-01004 137.07 + RE-2026-01007 174.14 + RE-2026-01010 211.21 + RE-2026-01013 248.28 + RE-2026-01016 285.35 + RE-2026-01019 322.42 + RE-2026-01022 359.49 + RE-2026-01025 396.56 + RE-2026-01028 433.63 + RE-2026-01031 470.70 + RE-2026-01034 507.77 + RE-2026-01037 544.84 + RE-2026-01040 581.91 [name/none/exact/whole_balance]"
            ],
        ),
        (
            "4773.37",
            "open RE-2026-09000 | C1 | Nordwind GmbH | 55.55 EUR | due 2026-05-01",
            expect![
                "post: RE-2026-01001 100.00 + RE-2026-01004 137.07 + RE-2026-01007 174.14 + RE-2026-01010 211.21 + RE-2026-01013 248.28 + RE-2026-01016 285.35 + RE-2026-01019 322.42 + RE-2026-01022 359.49 + RE-2026-01025 396.56 + RE-2026-01028 433.63 + RE-2026-01031 470.70 + RE-2026-01034 507.77 + RE-2026-01037 544.84 + RE-2026-01040 581.91 [name/none/exact/due_run]"
            ],
        ),
        (
            "4500.00",
            "",
            expect![
                "propose: RE-2026-01001 100.00 + RE-2026-01004 137.07 + RE-2026-01007 174.14 + RE-2026-01010 211.21 + RE-2026-01013 248.28 + RE-2026-01016 285.35 + RE-2026-01019 322.42 + RE-2026-01022 359.49 + RE-2026-01025 396.56, on account 2265.48 [name/number/differs/overpayment] — The amount is 2265.48 EUR more than RE-2026-01001, RE-2026-01004, RE-2026-01007 and 6 more (2234.52 EUR); what is over would go on account. (AMOUNT_OVER)"
            ],
        ),
        (
            "3138.85",
            "",
            expect![
                "post: RE-2026-01001 100.00 + RE-2026-01004 137.07 + RE-2026-01007 174.14 + RE-2026-01010 211.21 + RE-2026-01013 248.28 + RE-2026-01016 285.35 + RE-2026-01019 322.42 + RE-2026-01022 359.49 + RE-2026-01025 396.56 + RE-2026-01028 433.63 + RE-2026-01031 470.70 [name/none/exact/due_run]"
            ],
        ),
    ] {
        tell(
            &format!("{items}{extra}\npaid {paid} EUR | Nordwind GmbH | {text}"),
            expected,
        );
    }
}

#[test]
fn currencies_companies_disputes_and_returns() {
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 1000.00 USD
        open RE-1002 | C1 | Nordwind GmbH | 812.33 EUR
        paid 921.40 EUR | Nordwind GmbH | RE-1001 | ordered 1000.00 USD
        ",
        expect!["post: RE-1001 921.40 for 1000.00 [name/number/exact/single]"],
    );
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 1000.00 USD
        paid 921.40 EUR | Nordwind GmbH | RE-1001
        ",
        expect![
            "propose: RE-1001 921.40 for 1000.00 [name/number/differs/single] — The payment of 921.40 EUR names RE-1001, which is open in another currency; what was ordered in that currency is not said. (CURRENCY_DIFFERS)"
        ],
    );
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 812.33 EUR | company B
        open RE-1001 | C1 | Nordwind GmbH | 812.33 EUR | company A
        open RE-2001 | C1 | Nordwind GmbH | 10.00 EUR | company B
        paid 812.33 EUR | Nordwind GmbH | RE-1001 | company A
        paid 10.00 EUR | Nordwind GmbH | RE-2001 | company A
        ",
        expect![[r#"
            post: RE-1001 812.33 [name/number/exact/single]
            ask: `Nordwind GmbH` pays 10.00 EUR, and no open item explains it: a prepayment? (PREPAYMENT)"#]],
    );
    tell(
        "
        open RE-1001 | C1 | Nordwind GmbH | 812.33 EUR | disputed
        paid 812.33 EUR | Nordwind GmbH | RE-1001
        ",
        expect!["propose: RE-1001 812.33 [name/number/exact/single] — RE-1001 is disputed by the customer. (DISPUTED)"],
    );
    tell(
        "
        closed RE-1001 | C1 | Nordwind GmbH | 812.33 EUR
        paid -815.33 EUR | Nordwind GmbH | Ruecklastschrift RE-1001 | returned
        paid -815.33 EUR | Nordwind GmbH | Ruecklastschrift | returned
        ",
        expect![[r#"
            ask: A payment of -815.33 EUR came back; the nearest is RE-1001. (RETURNED)
            ask: A payment of -815.33 EUR came back. (RETURNED)"#]],
    );
}

#[test]
fn chinese_names_and_numbers() {
    for (payer, text, expected) in [
        (
            "上海绿邦实业有限公司",
            "货款",
            expect!["post: 26117000000012345678 12345.67 [name/none/exact/single]"],
        ),
        (
            "上海綠邦實業有限公司",
            "貨款",
            expect!["post: 26117000000012345678 12345.67 [name/none/exact/single]"],
        ),
        (
            "上海绿源实业有限公司",
            "货款",
            expect![
                "propose: 26117000000012345678 12345.67 [unknown/none/exact/single] — `上海绿源实业有限公司` is no customer that is known, and no number in the text settles it; the nearest is 26117000000012345678. (UNKNOWN_PAYER)"
            ],
        ),
        (
            "北京绿邦实业有限公司",
            "货款",
            expect![
                "propose: 26117000000012345678 12345.67 [unknown/none/exact/single] — `北京绿邦实业有限公司` is no customer that is known, and no number in the text settles it; the nearest is 26117000000012345678. (UNKNOWN_PAYER)"
            ],
        ),
        (
            "王小明",
            "货款",
            expect![
                "propose: 26117000000012345678 12345.67 [unknown/none/exact/single] — `王小明` is no customer that is known, and no number in the text settles it; the nearest is 26117000000012345678. (UNKNOWN_PAYER)"
            ],
        ),
        (
            "王小明",
            "发票号26117000000012345678货款",
            expect!["post: 26117000000012345678 12345.67 [unknown/structured/exact/single]"],
        ),
        (
            "上海绿邦实业有限公司",
            "预付货款",
            expect!["ask: This may be a prepayment, though the amount fits 26117000000012345678. (PREPAYMENT)"],
        ),
    ] {
        tell(
            &format!(
                "
                open 26117000000012345678 | C1 | 上海绿邦实业有限公司 | 12345.67 CNY
                open 26117000000012345699 | C2 | 深圳宏达贸易有限公司 | 888.00 CNY
                paid 12345.67 CNY | {payer} | {text}
                "
            ),
            expected,
        );
    }
}

/// A story of many payments, for the tests that change what must not matter.
const EVENING: &str = "
    customer C1 | Nordwind Handels GmbH | account DE11
    customer C2 | Autohaus Kranich KG | account DE22
    customer C3 | Oderberg Textil AG
    open RE-1001 | C1 | Nordwind Handels GmbH | 812.33 EUR | due 2026-03-01
    open RE-1002 | C1 | Nordwind Handels GmbH | 410.05 EUR | due 2026-03-05
    open RE-1003 | C2 | Autohaus Kranich KG | 77.15 EUR
    open RE-1004 | C2 | Autohaus Kranich KG | 119.00 EUR | due 2026-03-02
    open RE-1005 | C2 | Autohaus Kranich KG | 119.00 EUR | due 2026-04-02
    open RE-1006 | C3 | Oderberg Textil AG | 1000.00 EUR | discount 2% until 2026-03-10
    open RE-1007 | C3 | Oderberg Textil AG | 65.40 EUR
    paid 812.33 EUR | Nordwind Handels GmbH | RE-1001
    paid 812.33 EUR | Nordwind Handels GmbH | RE-1001 | on 2026-03-12
    paid 487.20 EUR | Lichtenfels AG | RE-1002 RE-1003
    paid 119.00 EUR | | Danke | account DE22
    paid 119.00 EUR | Autohaus Kranich KG | Danke | on 2026-03-11
    paid 980.00 EUR | Oderberg Textil AG | RE-1006
    paid 65.40 EUR | Oderberg Textil AG | Danke
    paid 65.40 EUR | Hubert Moorhuhn | Danke
";

/// Payment → the items that it settles, where it is posted.
fn posted(world: &World, shipped: &Shipped) -> std::collections::BTreeMap<String, Vec<(String, i64)>> {
    let mut posted = std::collections::BTreeMap::new();
    for (payment, explanation) in world.payments.iter().zip(world.explain(shipped)) {
        if explanation.outcome == Outcome::Posted {
            let parts = explanation.candidates[0].allocations.iter();
            let items = parts.map(|part| (part.document_number.clone(), part.cash)).collect();
            posted.insert(payment.id.to_string(), items);
        }
    }
    posted
}

#[test]
fn shuffling_changes_nothing() {
    let shipped = shipped();
    let world = read(EVENING);
    let before = posted(&world, &shipped);
    assert_eq!(before.len(), 6, "{before:#?}");
    for turn in 0..24_usize {
        let mut other = world.clone();
        let (items, payments) = (other.items.len(), other.payments.len());
        other.items.rotate_left(turn % items);
        other.payments.rotate_left(turn % payments);
        if turn % 2 == 1 {
            other.items.reverse();
            other.customers.reverse();
        }
        if turn % 3 == 1 {
            other.payments.reverse();
        }
        assert_eq!(posted(&other, &shipped), before, "turn {turn}");
    }
}

#[test]
fn unrelated_items_add_no_posting() {
    let shipped = shipped();
    let world = read(EVENING);
    let before = posted(&world, &shipped);
    let mut other = world.clone();
    for at in 0..200_i64 {
        let name = format!("Wiesengrund {at} Medien GmbH");
        let number = format!("RE-{}", 5_000 + at);
        let open = crate::world::amount(&format!("{}.{:02}", 13 + at * 17, at % 100));
        other.items.push(crate::world::item(
            &format!("x{at}"),
            &format!("X{at}"),
            &name,
            &number,
            open,
        ));
    }
    for (payment, items) in posted(&other, &shipped) {
        assert_eq!(before.get(&payment), Some(&items), "payment {payment}");
    }
}
