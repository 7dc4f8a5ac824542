//! Receipts that a person has to look at, and entries that are no receipts.

use super::clear::factor_account;
use super::world::{Ours, World, march};
use anyhow::Result;

/// Adds all of them.
pub fn tell_all(world: &mut World) -> Result<()> {
    who(world)?;
    which(world)?;
    how_much(world)?;
    contradictions(world)?;
    already_paid(world)?;
    nothing_owed(world)?;
    bank_forms(world)?;
    chinese(world)?;
    money_out(world);
    Ok(())
}

fn who(w: &mut World) -> Result<()> {
    let (one, two) = (
        w.take("Schmidtkamp Metallbau GmbH")?,
        twin(w, "Schmidtkamp Metallbau GmbH", "Rostock"),
    );
    let (a, b) = (w.invoice(one, 59_976, 31), w.invoice(two, 59_976, 30));
    for c in [one, two] {
        w.customers[c].known_accounts.clear();
    }
    let r = w.unknown(Ours::Main, 3, "Schmidtkamp Metallbau GmbH", 59_976, "Rechnung Januar");
    w.tell(
        r,
        "proposed|exception",
        &[a, b],
        "AMBIGUOUS_CUSTOMER",
        "two customers of the same name owe the same amount",
    );

    let r = w.unknown(Ours::Main, 3, "Quirrenbach Eventtechnik", 43_112, "Danke");
    w.tell(
        r,
        "exception",
        &[],
        "UNKNOWN_PAYER",
        "nobody's name, nobody's number, nobody's amount",
    );

    let c = w.take("Alpenglanz")?;
    w.invoice(c, 268_940, 30);
    let r = w.unknown(Ours::Main, 4, "Filmkollektiv Nachtfalter", 268_940, "Spende");
    w.tell(
        r,
        "exception",
        &[],
        "UNKNOWN_PAYER",
        "unknown payer; the amount fits an invoice by chance",
    );

    let r = w.unknown(Ours::Main, 4, "", 121_550, "");
    w.receipts[r].payer_account.clear();
    w.tell(r, "exception", &[], "NO_REFERENCE_NO_NAME", "no name, no text");

    let r = w.unknown(Ours::Savings, 3, "Petra Vogelsang-Uhl", 23_800, "wie besprochen");
    w.tell(
        r,
        "exception",
        &[],
        "PERSONAL_PAYER|UNKNOWN_PAYER",
        "a private person, no reference",
    );

    let r = w.unknown(
        Ours::Main,
        3,
        "Kontorfaktor Factoring AG",
        318_204,
        "Sammelzahlung Faktura Februar",
    );
    w.receipts[r].payer_account = factor_account();
    w.tell(
        r,
        "exception",
        &[],
        "THIRD_PARTY_PAYER|UNKNOWN_PAYER",
        "the factoring firm again, this time without a number",
    );

    let r = w.unknown(
        Ours::Main,
        4,
        "Marktwirbel Handelsplatz S.à r.l.",
        884_317,
        "Payout 2026-02 net of fees",
    );
    w.tell(
        r,
        "exception",
        &[],
        "PLATFORM_PAYER|UNKNOWN_PAYER",
        "payout of a trading platform",
    );

    let c = w.take("Rotdornblatt")?;
    let a = w.invoice(c, 23_800, 29);
    let r = w.unknown(Ours::Savings, 4, "Rotdorn Medien", 23_800, "Abo");
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "LOW_CONFIDENCE|UNKNOWN_PAYER",
        "the name is only alike, the amount is a common one",
    );
    Ok(())
}

/// Returns the customer of that name in that city, kept for a story.
fn twin(w: &mut World, name: &str, city: &str) -> usize {
    let found = w.customers.iter().position(|c| c.name == name && c.city == city);
    let position = found.unwrap_or_default();
    w.customers[position].is_reserved = true;
    position
}

fn which(w: &mut World) -> Result<()> {
    let c = w.take("Tulpenveld")?;
    let (a, b) = (w.invoice(c, 84_700, 30), w.invoice(c, 84_700, 30));
    let r = w.paid(Ours::Main, 3, c, 84_700, "huur meetapparatuur");
    w.tell(
        r,
        "proposed|exception",
        &[a, b],
        "AMBIGUOUS_INVOICE",
        "two invoices of one customer, same amount, same due date",
    );

    let c = w.take("Transports Chantelune")?;
    let items: Vec<usize> = [100_000, 200_000, 300_000, 400_000, 500_000]
        .iter()
        .map(|m| w.invoice(c, *m, 40))
        .collect();
    let r = w.paid(Ours::Main, 4, c, 700_000, "règlement partiel du compte");
    w.tell(
        r,
        "proposed|exception",
        &items,
        "SUM_NOT_UNIQUE",
        "several sets of invoices add up to the amount",
    );

    let c = w.take("Silberbach")?;
    let r = w.paid(Ours::Main, 4, c, 1_000_000, "Anzahlung Angebot 2026-118");
    w.tell(
        r,
        "exception",
        &[],
        "PREPAYMENT",
        "a known customer pays in advance; nothing is invoiced",
    );
    Ok(())
}

fn how_much(w: &mut World) -> Result<()> {
    let c = w.take("Fährmann")?;
    let a = w.invoice(c, 238_000, 33);
    let r = w.paid(Ours::Main, 3, c, 226_100, &format!("{} abzgl. Maengel", w.number(a)));
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "AMOUNT_SHORT",
        "5 % less than the invoice, without terms",
    );

    let c = w.take("Polderlicht")?;
    let a = w.invoice(c, 147_620, 30);
    let r = w.paid(Ours::Main, 4, c, 150_120, "betaling factuur januari");
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "AMOUNT_OVER",
        "25.00 too much, and no number",
    );

    let c = w.take("İncirdere")?;
    let a = w.invoice(c, 1_836_000, 45);
    let r = w.paid(Ours::Main, 3, c, 1_834_200, &format!("FATURA {}", w.number(a)));
    w.receipts[r].code = ["PMNT", "RCDT", "XBCT"];
    w.receipts[r].payer = "INCIRDERE TEKSTIL AS".to_owned();
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "CHARGES_SUSPECTED|AMOUNT_SHORT",
        "18.00 less: a bank on the way kept its charges",
    );

    let c = w.take("Wolkenstein")?;
    w.customers[c].discount = (2, 10);
    let a = w.invoice(c, 500_000, 28);
    let r = w.paid(Ours::Main, 4, c, 490_000, &format!("{} ./. 2% Skonto", w.number(a)));
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "DISCOUNT_OUT_OF_TERMS",
        "2 % cash discount, three weeks late",
    );

    let c = w.take("Redwater")?;
    let a = w.invoice(c, 1_120_000, 35);
    let r = w.paid(Ours::Main, 4, c, 1_020_480, &format!("wire {}", w.number(a)));
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "CURRENCY_DIFFERS",
        "a dollar invoice paid in euro, and the bank does not say at which rate",
    );

    let c = w.take("Grünspan")?;
    let a = w.invoice(c, 321_300, 30);
    let r = w.unknown(
        Ours::Main,
        3,
        "Zimmerei Altmutter",
        450_000,
        &format!("Rechnung {}", w.number(a)),
    );
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "REFERENCE_AMOUNT_DIFFERS",
        "the number is right, payer and amount are not",
    );
    Ok(())
}

fn contradictions(w: &mut World) -> Result<()> {
    let (one, two) = (w.take("Müllner & Sohn")?, w.take("Müllner & Söhne")?);
    let a = w.invoice(one, 178_381, 31);
    w.invoice(two, 64_260, 30);
    for c in [one, two] {
        w.customers[c].known_accounts.clear();
    }
    let r = w.unknown(
        Ours::Main,
        3,
        "Müllner & Söhne Fördertechnik GmbH",
        178_381,
        "offene Rechnung",
    );
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "NAME_CONFLICT|AMBIGUOUS_CUSTOMER",
        "the amount is the one firm's, the name the other's",
    );

    let (one, two) = (
        w.take("Nordwindler Logistik GmbH & Co")?,
        w.take("Nordwindler Logistik GmbH")?,
    );
    let (a, b) = (w.invoice(one, 207_060, 30), w.invoice(two, 207_060, 29));
    let text = format!("Rechnung {}", w.number(a));
    let r = w.paid(Ours::Main, 4, two, 207_060, &text);
    w.customers[two].known_accounts = vec![w.customers[two].account.clone()];
    w.tell(
        r,
        "proposed|exception",
        &[a, b],
        "REFERENCE_OTHER_CUSTOMER",
        "number of the one firm; account, name and amount of the other",
    );
    Ok(())
}

fn already_paid(w: &mut World) -> Result<()> {
    let c = w.take("Ardennenstaal")?;
    let a = w.invoice(c, 612_480, 75);
    w.items[a].open = 0;
    w.items[a].closed_on = Some(march(1) - chrono::TimeDelta::days(10));
    let r = w.paid(Ours::Main, 3, c, 612_480, &format!("Facture {}", w.number(a)));
    w.tell(
        r,
        "exception",
        &[a],
        "REFERENCE_CLOSED_INVOICE|DUPLICATE_SUSPECT",
        "paid already, ten days ago: a double payment",
    );

    let c = w.take("Björkhagens")?;
    let a = w.invoice(c, 268_175, 34);
    let text = format!("Faktura {}", w.number(a));
    let r = w.paid(Ours::Main, 3, c, 268_175, &text);
    w.posted(r, &[a], "paid, and paid again the next day: this is the first");
    let r = w.paid(Ours::Main, 4, c, 268_175, &text);
    w.tell(
        r,
        "exception",
        &[a],
        "DUPLICATE_SUSPECT|REFERENCE_CLOSED_INVOICE",
        "paid, and paid again the next day: this is the second",
    );
    Ok(())
}

fn nothing_owed(w: &mut World) -> Result<()> {
    for (ours, day, payer, amount, text) in [
        (
            Ours::Main,
            3,
            "Finanzamt Birkenrode",
            438_112,
            "ERSTATTUNG UMSATZSTEUER 01/2026 ST.NR. 99/815/04711",
        ),
        (
            Ours::Main,
            4,
            "Landeskasse Ahrnstedt",
            18_000,
            "Erstattung Gerichtskosten 7 C 81/25",
        ),
        (
            Ours::Savings,
            5,
            "Nordhut Versicherung a.G.",
            266_400,
            "Schaden 26-44871 Regulierung",
        ),
    ] {
        let r = w.unknown(ours, day, payer, amount, text);
        w.tell(
            r,
            "exception",
            &[],
            "NOT_RECEIVABLE_SUSPECT|UNKNOWN_PAYER",
            "tax, court or insurance: no receivable",
        );
    }
    let r = w.unknown(
        Ours::Main,
        4,
        "Handelsbank Nordmark AG",
        1_247,
        "Habenzinsen Februar 2026",
    );
    w.receipts[r].code = ["ACMT", "MCOP", "INTR"];
    w.tell(
        r,
        "exception",
        &[],
        "NOT_RECEIVABLE_SUSPECT|UNKNOWN_PAYER",
        "interest of our own bank",
    );

    let r = w.unknown(Ours::Main, 4, super::world::OWNER, 5_000_000, "Umbuchung Liquiditaet");
    w.receipts[r].payer_account = Ours::Savings.number();
    w.tell(
        r,
        "set_aside",
        &[],
        "OWN_TRANSFER",
        "from our own account at the other bank",
    );
    let r = w.unknown(
        Ours::Savings,
        4,
        super::world::OWNER,
        -5_000_000,
        "Umbuchung Liquiditaet",
    );
    w.receipts[r].payer_account = Ours::Main.number();
    w.tell(
        r,
        "set_aside",
        &[],
        "OWN_TRANSFER|OUTGOING_DEBIT",
        "to our own account at the other bank",
    );
    Ok(())
}

fn bank_forms(w: &mut World) -> Result<()> {
    let r = w.unknown(Ours::Main, 3, "", 1_483_320, "");
    w.receipts[r].lump = Some(7);
    w.receipts[r].information = "SAMMELGUTSCHRIFT 7 POSTEN";
    w.tell(
        r,
        "exception",
        &[],
        "BATCH_WITHOUT_DETAILS",
        "the bank lumped seven payments together",
    );

    let c = w.take("Holzhof")?;
    let a = w.invoice(c, 45_815, 60);
    w.items[a].open = 0;
    w.items[a].closed_on = Some(march(1) - chrono::TimeDelta::days(4));
    w.items[a].end_to_end_id = format!("LS-{}", w.items[a].id);
    let r = w.paid(Ours::Main, 3, c, -46_115, &format!("RUECKLASTSCHRIFT {}", w.number(a)));
    let receipt = &mut w.receipts[r];
    receipt.end_to_end_id = format!("LS-{}", 800_001 + a);
    receipt.return_reason = Some(("AM04", "Deckung fehlt"));
    receipt.charges = vec![300];
    receipt.code = ["PMNT", "IDDT", "UPDD"];
    receipt.information = "RUECKLASTSCHRIFT";
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "RETURNED",
        "our direct debit came back, with 3.00 of charges",
    );

    let r = w.unknown(
        Ours::Main,
        4,
        "Ziegelwerk Hohenbruch GmbH",
        77_350,
        "RUECKUEBERWEISUNG KONTO ERLOSCHEN",
    );
    w.receipts[r].return_reason = Some(("AC04", "Konto erloschen"));
    w.receipts[r].code = ["PMNT", "ICDT", "RRTN"];
    w.tell(
        r,
        "exception",
        &[],
        "RETURNED",
        "our own payment to a supplier came back",
    );

    let r = w.unknown(Ours::Main, 3, "Handelsbank Nordmark AG", 1_190, "STORNO KONTOFUEHRUNG");
    w.receipts[r].is_reversal = true;
    w.receipts[r].code = ["ACMT", "MDOP", "CHRG"];
    w.tell(
        r,
        "set_aside",
        &[],
        "REVERSED_DEBIT",
        "the bank takes back a charge: a credit that undoes our debit",
    );

    let r = w.unknown(
        Ours::Main,
        4,
        "Bootsverleih Kranichsee",
        -35_700,
        "STORNO FEHLBUCHUNG GUTSCHRIFT",
    );
    w.receipts[r].is_reversal = true;
    w.tell(r, "exception", &[], "REVERSAL", "the bank takes back a credit");

    for (name, group, amount, short) in [("Druckhaus", 2, 71_400, true), ("Ingenieurbüro", 2, 35_105, false)] {
        let c = w.take(name)?;
        let a = w.invoice(c, amount, 30);
        let r = w.paid(Ours::Main, 3, c, amount, &format!("Rechnung {}", w.number(a)));
        w.receipts[r].group = Some(group);
        w.receipts[r].surplus = if short { 4_850 } else { 0 };
        w.receipts[r].information = "SAMMELGUTSCHRIFT";
        w.tell(
            r,
            "exception",
            &[a],
            "DETAILS_DO_NOT_ADD_UP",
            "the details are 48.50 short of their entry: it is kept whole",
        );
    }

    for (payer, amount) in [
        ("Larkhill Instruments Ltd", 415_000),
        ("Papeterie Montcorbeau SAS", 92_618),
    ] {
        let r = w.unknown(Ours::Main, 3, payer, amount, "vorgemerkt");
        w.receipts[r].status = "PDNG";
        w.tell(r, "set_aside", &[], "PENDING", "not booked yet");
    }
    let r = w.unknown(Ours::Savings, 5, "Kornspeicher Malchin GmbH", 35_700, "Rechnung folgt");
    w.receipts[r].status = "PDNG";
    w.tell(r, "set_aside", &[], "PENDING", "not booked yet");
    Ok(())
}

fn chinese(w: &mut World) -> Result<()> {
    let (one, two) = (w.take("样城市沐砚")?, w.take("样城市沐砾")?);
    let a = w.invoice(one, 7_910_000, 30);
    w.invoice(two, 2_147_000, 28);
    w.customers[one].known_accounts.clear();
    w.customers[two].known_accounts.clear();
    let r = w.paid(Ours::Yuan, 3, two, 7_910_000, "货款");
    w.tell(
        r,
        "proposed|exception",
        &[a],
        "NAME_CONFLICT|AMOUNT_OVER",
        "one character differs: another firm",
    );

    let (one, two) = (w.take("珞岚科技(样城)")?, w.take("珞岚科技(例州)")?);
    let (a, b) = (w.invoice(one, 3_390_000, 31), w.invoice(two, 3_390_000, 30));
    for c in [one, two] {
        w.customers[c].known_accounts.clear();
    }
    let r = w.unknown(Ours::Yuan, 4, "珞岚科技", 3_390_000, "货款");
    w.tell(
        r,
        "proposed|exception",
        &[a, b],
        "AMBIGUOUS_CUSTOMER",
        "the region in brackets is missing, both owe the same",
    );

    let (branch, head) = (
        w.take("例州砺衡仪表有限公司样城分公司")?,
        twin(w, "例州砺衡仪表有限公司", "例州"),
    );
    let a = w.invoice(branch, 1_808_000, 33);
    w.customers[head].known_accounts = vec![w.customers[head].account.clone()];
    let r = w.paid(Ours::Yuan, 5, head, 1_808_000, &format!("付货款{}", w.number(a)));
    let reason = "REFERENCE_OTHER_CUSTOMER|THIRD_PARTY_PAYER|NAME_CONFLICT";
    w.tell(
        r,
        "proposed",
        &[a],
        reason,
        "the head office pays the invoice of a branch that is a customer of its own",
    );

    let r = w.unknown(Ours::Yuan, 4, "欧阳知夏", 586_000, "货款");
    w.tell(
        r,
        "exception",
        &[],
        "PERSONAL_PAYER|UNKNOWN_PAYER",
        "a private person, no reference",
    );
    let r = w.unknown(Ours::Yuan, 5, "样城市税务局", 1_263_540, "增值税退税");
    w.tell(
        r,
        "exception",
        &[],
        "NOT_RECEIVABLE_SUSPECT|UNKNOWN_PAYER",
        "tax refund",
    );
    let r = w.unknown(Ours::Yuan, 6, "", 8_127, "结息");
    w.receipts[r].payer_account.clear();
    w.tell(
        r,
        "exception",
        &[],
        "NOT_RECEIVABLE_SUSPECT|NO_REFERENCE_NO_NAME",
        "interest of our own bank",
    );
    for (day, payer, amount, text) in [
        (2, "", -2_500, "对公账户维护费"),
        (3, "样城物业服务有限公司", -1_980_000, "3月房租"),
        (6, "", -18_640_000, "代发工资"),
    ] {
        let r = w.unknown(Ours::Yuan, day, payer, amount, text);
        w.tell(r, "set_aside", &[], "OUTGOING_DEBIT", "money out");
    }
    Ok(())
}

fn money_out(w: &mut World) {
    for (ours, day, payer, amount, text) in [
        (
            Ours::Main,
            3,
            "Ziegelwerk Hohenbruch GmbH",
            -77_350,
            "Rechnung 2026/0815",
        ),
        (Ours::Main, 3, "Stahlkontor Auenthal AG", -1_264_870, "RG 99417 KD 5511"),
        (Ours::Main, 3, "Spedition Wegener-Lohse", -38_080, "Frachten KW 8"),
        (Ours::Main, 3, "Finanzamt Birkenrode", -2_144_900, "LOHNSTEUER 02/2026"),
        (Ours::Main, 4, "Kantinenbetriebe Löffelholz", -118_405, "Februar 2026"),
        (Ours::Main, 4, "Softwarehaus Ypsilon-Grad", -59_500, "Wartung Q1"),
        (
            Ours::Main,
            4,
            "Handelsbank Nordmark AG",
            -4_210,
            "Kontofuehrung Februar",
        ),
        (Ours::Main, 4, "Chipmanufaktur Nebelhorn", -8_330_000, "PO 7700193"),
        (
            Ours::Savings,
            2,
            "Vermietung Sonneneck GbR",
            -1_150_000,
            "Miete Maerz 2026",
        ),
        (Ours::Savings, 3, "Stadtreinigung Birkenrode", -21_360, "Gebuehren I/26"),
        (Ours::Savings, 5, "Energie Ahrntal eG", -147_733, "Abschlag 03/26"),
        (Ours::Swiss, 4, "Zollstelle Rheinau", -91_845, "Einfuhrabgaben Februar"),
        (Ours::Swiss, 4, "Treuhand Hinterburg AG", -215_400, "Honorar 2025"),
    ] {
        let r = w.unknown(ours, day, payer, amount, text);
        w.tell(r, "set_aside", &[], "OUTGOING_DEBIT", "money out");
    }
    let r = w.unknown(Ours::Main, 4, "", -14_855_230, "");
    w.receipts[r].lump = Some(61);
    w.receipts[r].information = "GEHAELTER FEBRUAR";
    w.tell(
        r,
        "set_aside",
        &[],
        "OUTGOING_DEBIT",
        "wages, one debit for 61 transfers",
    );
}
