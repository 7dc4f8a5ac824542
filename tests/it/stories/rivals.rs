//! Stories about rivals: equal amounts, competing payments, cut lists; and what must not matter.

use super::*;

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

/// As many payments as items, all alike: each takes the oldest that is left.
#[test]
fn a_dozen_equal_payments_take_a_dozen_equal_items() {
    for count in [3, 8, 12] {
        let mut story = String::new();
        for at in 0..count {
            writeln!(
                story,
                "open RE-10{at:02} | C1 | Nordwind GmbH | 119.00 EUR | due 2026-03-{:02}",
                at + 1
            )
            .expect("text");
            writeln!(story, "paid 119.00 EUR | Nordwind GmbH | Miete").expect("text");
        }
        let told = outcomes(&read(&story), &shipped());
        let mut posted: Vec<&str> = told.lines().filter(|line| line.starts_with("post: RE-10")).collect();
        posted.sort_unstable();
        posted.dedup();
        assert_eq!(posted.len(), count, "{told}");
    }
}

/// All candidates of the first payment, each on its line with its probability.
fn candidates(story: &str, expected: Expect) {
    let world = read(story);
    let explained = world.explain(&shipped());
    let mut told = outcome(&world.payments[0], &explained[0]);
    for candidate in &explained[0].candidates {
        write!(
            told,
            "\n  {} {} {}",
            candidate.probability,
            candidate.customer_id,
            settled(candidate)
        )
        .expect("text");
    }
    expected.assert_eq(&told);
}

#[test]
fn what_nothing_explains_shows_the_open_items_of_who_may_pay() {
    let open = "
        customer C1 | Nordwind Handels GmbH | account DE1
        customer C2 | Autohaus Kranich KG
        customer C3 | Autohaus Kranich KG
        customer C4 | Lichtenfels Textil AG
        open RE-1001 | C1 | Nordwind Handels GmbH | 100.00 EUR | due 2026-02-01
        open RE-1002 | C1 | Nordwind Handels GmbH | 612.33 EUR | due 2026-03-01
        open RE-1003 | C1 | Nordwind Handels GmbH | 250.00 EUR | due 2026-04-01
        open RE-1004 | C1 | Nordwind Handels GmbH | 900.00 EUR | due 2026-05-01
        open RE-1005 | C1 | Nordwind Handels GmbH | 800.00 USD | due 2026-05-01
        open RE-2001 | C2 | Autohaus Kranich KG | 119.00 EUR
        open RE-3001 | C3 | Autohaus Kranich KG | 254.10 EUR
        open RE-4001 | C4 | Lichtenfels Textil AG | 80.00 EUR
    ";
    // The oldest first, and the nearest amounts.
    candidates(
        &format!("{open}\npaid 300.00 EUR | Nordwind Handels GmbH | Danke"),
        expect![[r#"
        ask: Nordwind Handels GmbH pays 300.00 EUR, and no open item explains the amount. (LOW_CONFIDENCE)
          0.9696 C1 nothing, on account 300.00 [name/none/differs/on_account]
          0.0000 C1 RE-1003 250.00, on account 50.00 [name/none/differs/overpayment]
          0.0000 C1 RE-1001 100.00 + RE-1002 200.00 [name/none/differs/part_payment]
          0.0000 C1 RE-1001 100.00, on account 200.00 [name/none/differs/overpayment]
          0.0000 C1 RE-1002 300.00 [name/none/differs/part_payment]"#]],
    );
    // Nothing is open in this currency.
    candidates(
        &format!("{open}\npaid 750.00 CHF | Nordwind Handels GmbH | Danke"),
        expect![[r#"
        ask: Nordwind Handels GmbH pays 750.00 CHF, and no open item explains the amount. (LOW_CONFIDENCE)
          0.9696 C1 nothing, on account 750.00 [name/none/differs/on_account]
          0.0000 C1 RE-1001 750.00 for 100.00 [name/none/differs/single]
          0.0000 C1 RE-1002 750.00 for 612.33 [name/none/differs/single]"#]],
    );
    // One of two who have the name.
    candidates(
        &format!("{open}\npaid 101.00 EUR | Autohaus Kranich KG | Danke"),
        expect![[r#"
            ask: `Autohaus Kranich KG` is the name of several customers (C2 and C3), and 101.00 EUR fits nothing that they owe. (AMBIGUOUS_CUSTOMER)
              0.0000 C2 RE-2001 101.00 [name_alike/none/differs/part_payment]
              0.0000 C3 RE-3001 101.00 [name_alike/none/differs/part_payment]"#]],
    );
    // Another customer's item fits, but the name is that of these two.
    candidates(
        &format!("{open}\npaid 80.00 EUR | Autohaus Kranich KG | Danke"),
        expect![[r#"
        ask: The payer is known as Autohaus Kranich KG, but the payment fits RE-4001 of Lichtenfels Textil AG. (NAME_CONFLICT)
          0.4142 C4 RE-4001 80.00 [contradicts/none/exact/single]
          0.0000 C2 RE-2001 80.00 [name_alike/none/differs/part_payment]
          0.0000 C3 RE-3001 80.00 [name_alike/none/differs/part_payment]"#]],
    );
    candidates(
        &format!("{open}\npaid 80.00 EUR | Autohaus Kranich KG | RE-4001"),
        expect![[r#"
        propose: RE-4001 80.00 [contradicts/number/exact/single] — The payer is known as Autohaus Kranich KG, but the payment fits RE-4001 of Lichtenfels Textil AG. (NAME_CONFLICT)
          0.9999 C4 RE-4001 80.00 [contradicts/number/exact/single]"#]],
    );
    // Cut off by the bank.
    candidates(
        &format!("{open}\npaid 81.00 EUR | Lichtenfels Texti | Danke"),
        expect![[r#"
        ask: Lichtenfels Textil AG seems to pay 81.00 EUR, and no open item explains the amount. (LOW_CONFIDENCE)
          0.0000 C4 RE-4001 80.00, on account 1.00 [name_alike/none/differs/overpayment]"#]],
    );
    // Nobody's name: nothing to look at.
    candidates(
        &format!("{open}\npaid 81.00 EUR | Hubert Moorhuhn | Danke"),
        expect![
            "ask: `Hubert Moorhuhn` is no customer that is known, and no number in the text settles it. (UNKNOWN_PAYER)"
        ],
    );
    // Who pays for others, or is a person, is told apart from nobody.
    candidates(
        &format!("{open}\npaid 81.00 EUR | Stripe Payments Europe Ltd | Danke"),
        expect!["ask: `Stripe Payments Europe Ltd` pays for others: for whom is not said. (PLATFORM_PAYER)"],
    );
    candidates(
        &format!("{open}\npaid 80.00 EUR | Kontor Factoring AG | Danke"),
        expect![[r#"
            propose: RE-4001 80.00 [unknown/none/exact/single] — `Kontor Factoring AG` pays for somebody else; the nearest is RE-4001. (THIRD_PARTY_PAYER)
              0.9972 C4 RE-4001 80.00 [unknown/none/exact/single]"#]],
    );
    candidates(
        &format!("{open}\npaid 81.00 EUR | 欧阳知夏 | 货款"),
        expect!["ask: `欧阳知夏` is most likely a person and no customer. (PERSONAL_PAYER)"],
    );
    // Without a payer, and with four customers, anybody may have paid.
    candidates(
        &format!("{open}\npaid 81.00 EUR | | Danke"),
        expect!["ask: The payer is no customer that is known, and no number in the text settles it. (UNKNOWN_PAYER)"],
    );
    candidates(
        "
        open RE-1001 | C1 | Nordwind Handels GmbH | 350.00 EUR
        open GS-1002 | C1 | Nordwind Handels GmbH | -50.00 EUR
        open RE-1003 | C1 | Nordwind Handels GmbH | 119.00 EUR
        paid 419.00 EUR | | Danke
        ",
        expect![[r#"
            ask: The payer is no customer that is known, and no number in the text settles it; the nearest is GS-1002, RE-1001 and RE-1003. (UNKNOWN_PAYER)
              0.0000 C1 GS-1002 -50.00 + RE-1001 350.00 + RE-1003 119.00 [unknown/none/exact/whole_balance]
              0.0000 C1 RE-1001 350.00, on account 69.00 [unknown/none/differs/overpayment]
              0.0000 C1 RE-1001 350.00 + RE-1003 69.00 [unknown/none/differs/part_payment]
              0.0000 C1 RE-1003 119.00, on account 300.00 [unknown/none/differs/overpayment]"#]],
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
                "propose: RE-2026-01001 100.00 + RE-2026-01004 137.07 + RE-2026-01007 174.14 + RE-2026-01010 211.21 + RE-2026-01013 248.28 + RE-2026-01016 285.35 + RE-2026-01019 322.42 + RE-2026-01022 359.49 + RE-2026-01025 396.56, on account 2265.48 [name/number/differs/overpayment] — The amount is 2,265.48 EUR more than RE-2026-01001, RE-2026-01004, RE-2026-01007 and 6 more (2,234.52 EUR); what is over would go on account. (AMOUNT_OVER)"
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
            ask: The text names RE-2001, which no item has, and nothing fits the amount. (LOW_CONFIDENCE)"#]],
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
            ask: A payment of −815.33 EUR came back; the nearest is RE-1001. (RETURNED)
            ask: A payment of −815.33 EUR came back. (RETURNED)"#]],
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
                "propose: 26117000000012345678 12345.67 [unknown/none/exact/single] — `王小明` is most likely a person and no customer; the nearest is 26117000000012345678. (PERSONAL_PAYER)"
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
            let items = parts
                .map(|part| (part.document_number.to_string(), part.cash))
                .collect();
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

/// The beginning of a number is no shortened number, although its digits would complete one: 2601-0|2601.
#[test]
fn a_list_of_whole_numbers_names_nothing_else() {
    tell(
        "
        open 2601-00310 | C1 | Nordwind Handels GmbH | 900.00 EUR
        open 2601-00315 | C1 | Nordwind Handels GmbH | 357.00 EUR
        open 2601-00320 | C1 | Nordwind Handels GmbH | 100.00 EUR
        open 2601-02601 | C1 | Nordwind Handels GmbH | 1553.61 EUR
        paid 1257.00 EUR | Nordwind Handels GmbH | 2601-00310, 2601-00315
        paid 1653.61 EUR | Nordwind Handels GmbH | 2601-00320/02601
        ",
        expect![[r#"
            post: 2601-00310 900.00 + 2601-00315 357.00 [name/number/exact/listed]
            post: 2601-00320 100.00 + 2601-02601 1553.61 [name/number/exact/listed]"#]],
    );
}
