//! Receipts that the data decide: each may be posted.

use super::world::{Ours, World, march};
use crate::night::bank::{creditor_reference, in_groups, swiss_reference};
use crate::night::camt::Document;
use anyhow::Result;

/// Adds all of them.
pub fn tell_all(world: &mut World) -> Result<()> {
    numbers(world)?;
    references(world)?;
    lists(world)?;
    terms(world)?;
    parts(world)?;
    others_pay(world)?;
    without_number(world)?;
    structured(world)?;
    batches(world)?;
    chinese(world)
}

fn numbers(w: &mut World) -> Result<()> {
    let c = w.take("Tannhäger")?;
    let a = w.invoice(c, 1_190_000, 32);
    let text = format!("Rechnung {} vom {}", w.number(a), w.items[a].issued.format("%d.%m.%Y"));
    let r = w.paid(Ours::Main, 3, c, 1_190_000, &text);
    w.posted(r, &[a], "number exact, amount exact, account known");

    let a = w.invoice(c, 474_810, 30);
    let text = format!("re{} besten dank", w.number(a)[3..].replace('-', ""));
    let r = w.paid(Ours::Main, 4, c, 474_810, &text);
    w.posted(r, &[a], "number in lower case, without separators");

    let c = w.take("Hagebusch")?;
    let a = w.invoice(c, 867_351, 41);
    let text = format!("RG {} KD {}", &w.number(a)[8..], w.customers[c].number);
    let r = w.paid(Ours::Main, 3, c, 867_351, &text);
    w.posted(
        r,
        &[a],
        "only the counting part of the number, with the customer number",
    );

    let c = w.take("Weidenfels")?;
    let a = w.invoice(c, 325_584, 29);
    let number = w.number(a);
    let text = format!(
        "Zahlung der Rechnung vom Januar {}\n{} wie vereinbart",
        &number[..5],
        &number[5..]
    );
    let r = w.paid(Ours::Main, 3, c, 325_584, &text);
    w.posted(r, &[a], "the bank broke the line inside the number");

    let c = w.take("Eisenmoor")?;
    let a = w.invoice(c, 2_283_610, 33);
    let number = w.number(a);
    let (head, tail) = number.split_at(number.len() - 2);
    let swapped: String = tail.chars().rev().collect();
    let r = w.paid(Ours::Main, 4, c, 2_283_610, &format!("Rechnung {head}{swapped}"));
    w.posted(r, &[a], "two digits of the number swapped; customer and amount agree");

    let c = w.take("Kornspeicher")?;
    let a = w.invoice(c, 96_747, 27);
    let number = w.number(a);
    let text = format!(
        "WARTUNG DER FEUCHTEMESSGERAETE IM SILO 3 UND 4, KUNDENNUMMER {}, {}",
        w.customers[c].number,
        &number[..11]
    );
    let r = w.paid(Ours::Savings, 3, c, 96_747, &text);
    w.posted(r, &[a], "the end of the number is cut off; customer and amount agree");
    Ok(())
}

fn references(w: &mut World) -> Result<()> {
    let c = w.take("Klinikum Sonnhalde")?;
    let a = w.invoice(c, 1_543_900, 36);
    let r = w.paid(Ours::Main, 3, c, 1_543_900, "Besten Dank");
    w.receipts[r].end_to_end_id = w.number(a);
    w.posted(r, &[a], "number only in the end-to-end id");

    let c = w.take("Veenstroom")?;
    let a = w.invoice(c, 712_360, 31);
    let reference = creditor_reference(&w.number(a));
    w.items[a].creditor_reference.clone_from(&reference);
    let r = w.paid(Ours::Main, 3, c, 712_360, "");
    w.receipts[r].creditor_reference = Some(("SCOR", reference));
    w.posted(r, &[a], "creditor reference RF (ISO 11649), structured");

    let c = w.take("Atelier Clairefontenay")?;
    let a = w.invoice(c, 218_475, 44);
    let reference = creditor_reference(&w.number(a));
    w.items[a].creditor_reference.clone_from(&reference);
    let r = w.paid(
        Ours::Main,
        4,
        c,
        218_475,
        &format!("Réf {} merci", in_groups(&reference)),
    );
    w.posted(r, &[a], "creditor reference RF in free text, in groups of four");

    let c = w.take("Stadtwerke Birkenrode")?;
    let a = w.invoice(c, 5_402_600, 28);
    w.items[a].order = "4500081723".to_owned();
    let r = w.paid(Ours::Main, 4, c, 5_402_600, "Bestellung 4500081723 Pos. 10-40");
    w.posted(r, &[a], "only our customer's order number");

    for (day, name, payload) in [
        (4, "Bergkristall", 1_u64),
        (4, "Seerosen", 2),
        (4, "Spital Oberwyna", 3),
    ] {
        let c = w.take(name)?;
        let amount = w.fresh_amount("CHF");
        let a = w.invoice(c, amount, 25);
        let number: u64 = w.number(a)[5..].parse()?;
        let reference = swiss_reference(99_000_000_000 + payload * 10_000_000 + number);
        w.items[a].creditor_reference.clone_from(&reference);
        let r = w.paid(Ours::Swiss, day, c, amount, "");
        w.receipts[r].creditor_reference = Some(("QRR", reference));
        w.posted(r, &[a], "Swiss QR reference of 27 digits");
    }
    Ok(())
}

fn lists(w: &mut World) -> Result<()> {
    let c = w.take("Thalheimer")?;
    let amounts = [119_000, 87_465, 240_023, 61_999];
    let items: Vec<usize> = amounts
        .iter()
        .enumerate()
        .map(|(n, m)| w.invoice(c, *m, 40 - n as i64))
        .collect();
    let tails: Vec<String> = items[1..].iter().map(|i| w.number(*i)[8..].to_owned()).collect();
    let text = format!("{}/{}", w.number(items[0]), tails.join("/"));
    let r = w.paid(Ours::Main, 3, c, amounts.iter().sum(), &text);
    w.posted(r, &items, "list of four, the prefix only before the first");

    let c = w.take("Oxbow")?;
    let amounts = [318_240, 1_005_000, 77_715];
    let items: Vec<usize> = amounts.iter().map(|m| w.invoice(c, *m, 38)).collect();
    let numbers: Vec<String> = items.iter().map(|i| w.number(*i)).collect();
    let text = format!("Invoices {}, {} and {}", numbers[0], numbers[1], numbers[2]);
    let r = w.paid(Ours::Main, 4, c, amounts.iter().sum(), &text);
    w.posted(r, &items, "list of three in full");

    let c = w.take("Brauhaus")?;
    let amounts = [23_800, 47_600, 35_700, 29_155, 41_650];
    let items: Vec<usize> = amounts.iter().map(|m| w.invoice(c, *m, 35)).collect();
    let text = format!("RE {} bis {}", w.number(items[0]), w.number(items[4]));
    let r = w.paid(Ours::Savings, 4, c, amounts.iter().sum(), &text);
    w.posted(r, &items, "range from the first to the last number");

    let c = w.take("Autohaus Rennebaum")?;
    let amounts = [64_379, 12_971, 88_417];
    let items: Vec<usize> = amounts.iter().map(|m| w.invoice(c, *m, 63)).collect();
    w.invoice(c, 51_527, 3);
    let r = w.paid(
        Ours::Main,
        3,
        c,
        amounts.iter().sum(),
        "Ausgleich aller faelligen Posten per 28.02.2026",
    );
    w.posted(r, &items, "no number: everything that is due, and nothing that is not");

    let c = w.take("Van Oosterwaard")?;
    let (a, b) = (w.invoice(c, 260_000, 34), w.invoice(c, 185_000, 30));
    let text = format!("{} 2600,00 {} 1000,00 deelbetaling", w.number(a), w.number(b));
    let r = w.paid(Ours::Main, 4, c, 360_000, &text);
    w.posted(r, &[a, b], "pairs of number and amount in the text, the second a part");
    Ok(())
}

fn terms(w: &mut World) -> Result<()> {
    let c = w.take("Solarpark")?;
    w.customers[c].discount = (2, 10);
    let a = w.invoice(c, 1_000_000, 6);
    let r = w.paid(Ours::Main, 3, c, 980_000, &format!("{} abzgl. 2% Skonto", w.number(a)));
    w.posted(r, &[a], "2 % cash discount, in time");

    let c = w.take("Hirschgrund")?;
    w.customers[c].discount = (3, 10);
    let (a, b) = (w.invoice(c, 357_000, 7), w.invoice(c, 119_000, 5));
    let text = format!("{} + {} -3% Skonto", w.number(a), w.number(b));
    let r = w.paid(Ours::Main, 4, c, 476_000 - 10_710 - 3_570, &text);
    w.posted(r, &[a, b], "two invoices, each less 3 % cash discount");

    let c = w.take("Glashütte")?;
    w.customers[c].discount = (2, 10);
    let a = w.invoice(c, 833_000, 9);
    let r = w.paid(Ours::Savings, 5, c, 816_340, &format!("Rg. {} ./. Skonto", w.number(a)));
    w.posted(r, &[a], "cash discount two days late, within the grace of the settings");
    Ok(())
}

fn parts(w: &mut World) -> Result<()> {
    let c = w.take("Havelberger")?;
    let a = w.invoice(c, 2_400_000, 47);
    let r = w.paid(Ours::Main, 3, c, 1_400_000, &format!("Teilzahlung {}", w.number(a)));
    w.posted(r, &[a], "part payment with the exact number: the rest stays open");

    let c = w.take("Copperbeech")?;
    let a = w.invoice(c, 900_000, 52);
    for (day, text) in [(3, "1st instalment"), (4, "2nd instalment")] {
        let r = w.paid(Ours::Main, day, c, 300_000, &format!("{text} {}", w.number(a)));
        w.posted(r, &[a], "one invoice in instalments");
    }

    let c = w.take("Talleres")?;
    let a = w.invoice(c, 156_380, 29);
    let r = w.paid(Ours::Main, 4, c, 165_380, &format!("Factura {}", w.number(a)));
    w.posted(
        r,
        &[a],
        "overpaid (two digits swapped): the invoice in full, 90.00 on account",
    );

    let c = w.take("Verrerie")?;
    let (a, b) = (w.invoice(c, 684_250, 33), w.item(c, "CRN", -48_790, 20));
    let text = format!("Facture {} moins avoir {}", w.number(a), w.number(b));
    let r = w.paid(Ours::Main, 3, c, 635_460, &text);
    w.posted(r, &[a, b], "invoice less a credit note, both named");

    let c = w.take("Drahtseilwerk")?;
    let a = w.item(c, "DPR", 1_500_000, 12);
    let r = w.paid(Ours::Swiss, 4, c, 1_500_000, &format!("Anzahlung gem. {}", w.number(a)));
    w.posted(r, &[a], "down-payment request, paid in full");
    Ok(())
}

fn others_pay(w: &mut World) -> Result<()> {
    let c = w.take("Dachdeckerei")?;
    let a = w.invoice(c, 142_395, 37);
    let text = format!("Re. {} Dachdeckerei Storchennest", w.number(a));
    let r = w.unknown(Ours::Main, 3, "Rosalinde Storch-Ebeling", 142_395, &text);
    w.posted(
        r,
        &[a],
        "somebody else pays: full number, exact amount, the customer's name in the text",
    );

    let parent = w.take("Ostfalen Holding")?;
    let (one, two) = (w.take("Ostfalen Werkzeuge")?, w.take("Ostfalen Lacke")?);
    let parent_id = w.customers[parent].id.clone();
    for child in [one, two] {
        w.customers[child].parent.clone_from(&parent_id);
    }
    let (a, b) = (w.invoice(one, 417_690, 31), w.invoice(two, 288_575, 30));
    let text = format!("{} Werkzeuge, {} Lacke", w.number(a), w.number(b));
    let r = w.paid(Ours::Main, 4, parent, 706_265, &text);
    w.posted(r, &[a, b], "the parent pays for two daughters, both numbers named");

    let c = w.take("Textilwerk")?;
    let a = w.invoice(c, 1_071_000, 45);
    let r = w.unknown(
        Ours::Main,
        3,
        "Kontorfaktor Factoring AG",
        1_071_000,
        &format!("Abtretung Webermann {}", w.number(a)),
    );
    w.receipts[r].payer_account = factor_account();
    w.posted(r, &[a], "a factoring firm pays, with number");

    let c = w.take("Uferlos")?;
    let a = w.invoice(c, 53_550, 26);
    let r = w.unknown(
        Ours::Main,
        4,
        "Kanzlei Dr. Abendroth-Lüders",
        53_550,
        &format!("Mandant Uferlos, {}", w.number(a)),
    );
    w.receipts[r].ultimate = "Uferlos Veranstaltungen UG".to_owned();
    w.posted(r, &[a], "a law firm pays for the ultimate debtor, with number");

    let c = w.take("Juniper Hollow")?;
    let a = w.invoice(c, 1_250_000, 40);
    let r = w.paid(Ours::Main, 3, c, 1_151_415, &format!("INV {}", w.number(a)));
    w.receipts[r].instructed = Some((1_250_000, "USD", "1.08562".to_owned()));
    w.receipts[r].code = ["PMNT", "RCDT", "XBCT"];
    w.posted(
        r,
        &[a],
        "a dollar invoice, booked in euro: what the payer ordered is the open amount",
    );

    let c = w.take("Prairie Lantern")?;
    let a = w.invoice(c, 864_000, 36);
    let r = w.paid(Ours::Main, 4, c, 794_359, &format!("Payment of {}", w.number(a)));
    w.receipts[r].instructed = Some((864_000, "USD", "1.08562".to_owned()));
    w.receipts[r].charges = vec![1_500];
    w.receipts[r].code = ["PMNT", "RCDT", "XBCT"];
    w.posted(r, &[a], "a dollar invoice; the bank kept 15.00 euro and says so");
    Ok(())
}

/// The account of the factoring firm: many customers' money comes from it.
pub fn factor_account() -> String {
    crate::night::bank::iban("DE", "999970000815471100")
}

fn without_number(w: &mut World) -> Result<()> {
    let c = w.take("Moorland")?;
    let a = w.invoice(c, 188_377, 30);
    w.customers[c].known_accounts = vec![w.customers[c].account.clone()];
    let r = w.paid(Ours::Main, 3, c, 188_377, "Danke");
    w.posted(
        r,
        &[a],
        "no number: the account is known, the amount fits one item only",
    );

    let c = w.take("Molenkamp")?;
    w.customers[c].known_accounts.clear();
    let a = w.invoice(c, 331_819, 30);
    let r = w.paid(Ours::Main, 4, c, 331_819, "betaling");
    w.posted(
        r,
        &[a],
        "no number, account unknown: the name is equal, the amount fits one item only",
    );

    let c = w.take("Gemeinde Ahrnstedt")?;
    w.customers[c].known_accounts = vec![w.customers[c].account.clone()];
    let (a, _) = (w.invoice(c, 59_500, 61), w.invoice(c, 59_500, 31));
    let r = w.paid(Ours::Main, 3, c, 59_500, "Wartung");
    w.posted(r, &[a], "equal amounts of one customer: the oldest first");

    let c = w.take("Marrowfield")?;
    w.customers[c].known_accounts = vec![w.customers[c].account.clone()];
    let items: Vec<usize> = [184_211, 97_643, 356_018, 71_327, 129_909]
        .iter()
        .map(|m| w.invoice(c, *m, 42))
        .collect();
    let r = w.paid(Ours::Main, 4, c, 184_211 + 71_327, "on account of our purchases");
    w.posted(
        r,
        &[items[0], items[3]],
        "no number: the only two of five items that add up",
    );

    let c = w.take("Fischhandel")?;
    let a = w.invoice(c, 77_469, 20);
    w.customers[c].known_accounts.clear();
    let r = w.unknown(
        Ours::Savings,
        2,
        "FISCHHANDEL JANSSON-PRIEL",
        77_469,
        &format!("RECHNUNGSNR {}", w.number(a)),
    );
    w.posted(r, &[a], "capitals, legal form left out, with number");
    Ok(())
}

fn structured(w: &mut World) -> Result<()> {
    let c = w.take("Ceramiche")?;
    let (a, b) = (w.invoice(c, 456_000, 35), w.invoice(c, 130_500, 28));
    let note = w.item(c, "CRN", -36_500, 15);
    let r = w.paid(Ours::Main, 3, c, 550_000, "");
    let documents = [(a, 456_000), (b, 130_500), (note, 36_500)]
        .map(|(item, minor)| Document {
            kind: if item == note { "CREN" } else { "CINV" },
            number: w.number(item),
            date: w.items[item].issued,
            due: minor,
            discount: 0,
            remitted: minor,
        })
        .to_vec();
    w.receipts[r].documents = documents;
    w.posted(
        r,
        &[a, b, note],
        "structured remittance names two invoices and a credit note with their amounts",
    );

    let c = w.take("Elbauen")?;
    w.customers[c].discount = (2, 10);
    let a = w.invoice(c, 714_000, 4);
    let r = w.paid(Ours::Main, 4, c, 699_720, "");
    w.receipts[r].documents = vec![Document {
        kind: "CINV",
        number: w.number(a),
        date: w.items[a].issued,
        due: 714_000,
        discount: 14_280,
        remitted: 699_720,
    }];
    w.posted(r, &[a], "structured remittance with the cash discount that was applied");
    Ok(())
}

fn batches(w: &mut World) -> Result<()> {
    for (name, group, mandate) in [
        ("Bäckerei Oskar", 1, "M-0007"),
        ("Zweirad", 1, "M-0012"),
        ("Kräuterwald", 1, "M-0013"),
        ("Quellgrund", 1, "M-0021"),
        ("Labor Dr. Isenbart", 1, "M-0022"),
    ] {
        let c = w.take(name)?;
        let amount = w.fresh_amount("EUR") / 100 + 1_000;
        let a = w.invoice(c, amount, 14);
        let end_to_end_id = format!("LS-{}", w.items[a].id);
        w.items[a].end_to_end_id.clone_from(&end_to_end_id);
        w.items[a].mandate_id = mandate.to_owned();
        let r = w.paid(Ours::Main, 4, c, amount, &format!("Wartungsvertrag {}", w.number(a)));
        let receipt = &mut w.receipts[r];
        receipt.end_to_end_id = end_to_end_id;
        receipt.mandate_id = mandate.to_owned();
        receipt.group = Some(group);
        receipt.code = ["PMNT", "IDDT", "ESDD"];
        receipt.information = "SAMMEL-GUTSCHRIFT LASTSCHRIFTEN";
        w.posted(
            r,
            &[a],
            "one of five direct debits in one entry, each with its own amount",
        );
    }
    Ok(())
}

fn chinese(w: &mut World) -> Result<()> {
    let c = w.take("样城市云岫")?;
    let (a, b) = (w.invoice(c, 8_640_000, 33), w.invoice(c, 3_725_050, 21));
    let r = w.paid(Ours::Yuan, 2, c, 8_640_000, &format!("貨款 {}", w.number(a)));
    w.receipts[r].payer = "樣城市雲岫實業有限公司".to_owned();
    w.posted(r, &[a], "payer in traditional characters, with number");
    let r = w.paid(Ours::Yuan, 5, c, 3_725_050, "貨款");
    w.receipts[r].payer = "樣城市雲岫實業有限公司".to_owned();
    w.posted(
        r,
        &[b],
        "payer in traditional characters, no number: name and amount agree",
    );

    let c = w.take("样城鹭汀")?;
    let a = w.invoice(c, 12_430_000, 27);
    w.items[a].external_reference = "26999000000041573308".to_owned();
    let r = w.paid(Ours::Yuan, 3, c, 12_430_000, "发票号26999000000041573308");
    w.posted(r, &[a], "number of the digital invoice, 20 digits");

    let c = w.take("例州澄硕")?;
    let amounts = [5_650_000, 2_260_000, 1_130_000];
    let items: Vec<usize> = amounts.iter().map(|m| w.invoice(c, *m, 40)).collect();
    let numbers: Vec<String> = items.iter().map(|i| w.number(*i)).collect();
    let r = w.paid(
        Ours::Yuan,
        4,
        c,
        amounts.iter().sum(),
        &format!("货款{}", numbers.join("、")),
    );
    w.posted(r, &items, "list of three numbers");

    let c = w.take("样城禾笙")?;
    let a = w.invoice(c, 6_000_000, 45);
    let r = w.paid(Ours::Yuan, 6, c, 2_000_000, &format!("部分货款 {}", w.number(a)));
    w.posted(r, &[a], "part payment with number");

    let c = w.take("样城湄岸")?;
    let a = w.invoice(c, 4_187_360, 36);
    w.items[a].order = format!("HT-{}-017", march(1).format("%Y"));
    let r = w.paid(Ours::Yuan, 6, c, 4_187_360, "支付合同HT-2026-017货款");
    w.posted(r, &[a], "number of the contract");
    Ok(())
}
