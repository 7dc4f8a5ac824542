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
        Outcome::Proposed(reason) => format!("propose: {} — {text} ({})", settled(first.expect("proposed")), reason.code()),
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
    let parts = if candidate.kind == HypothesisKind::OnAccount { vec!["nothing".to_owned()] } else { parts };
    format!("{}{over} [{}]", parts.join(" + "), candidate.class)
}

const NORDWIND: &str = "Nordwind Handels GmbH";

#[test]
fn one_number_in_every_form() {
    for (payer, text, expected) in [
        (NORDWIND, "Rechnung RE-2026-0142", expect![""]),
        (NORDWIND, "re 2026/0142", expect![""]),
        (NORDWIND, "RE20260142", expect![""]),
        (NORDWIND, "RE-2026-\\n0142", expect![""]),
        (NORDWIND, "Rechn.Nr. 2026-0142 vom 01.02.2026", expect![""]),
        (NORDWIND, "RNR20260142", expect![""]),
        (NORDWIND, "Rg 0142", expect![""]),
        (NORDWIND, "142", expect![""]),
        (NORDWIND, "RE-2O26-O142", expect![""]),
        (NORDWIND, "RE-2026-0143", expect![""]),
        (NORDWIND, "RE-2026-01", expect![""]),
        (NORDWIND, "xRE-2026-0142", expect![""]),
        (NORDWIND, "NOTPROVIDED", expect![""]),
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
