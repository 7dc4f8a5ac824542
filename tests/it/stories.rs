//! Stories: facts in, outcome out, in words that a bookkeeper can check.

mod amounts;
mod rivals;

use crate::world::{Shipped, World, read, shipped};
use expect_test::{Expect, expect};
use paymatch::model::money::decimal_text;
use paymatch::model::{Candidate, Explanation, HypothesisKind, Outcome, Payment};
use paymatch::words::{Words, reason};
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
    let text = reason::sentence(Words::english(), payment, explanation);
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
                "ask: 1,190.00 EUR fits RE-2026-0142 and 90300013, but nothing says for certain which customer paid. (AMBIGUOUS_CUSTOMER)"
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
