//! Entries that are no receipts: money of the tax office and of our own bank, returns, lumps, pending ones, money out.

use super::world::{Ours, World, march};
use anyhow::Result;

/// Adds all of them.
pub fn tell_all(world: &mut World) -> Result<()> {
    nothing_owed(world);
    bank_forms(world)?;
    money_out(world);
    Ok(())
}

fn nothing_owed(w: &mut World) {
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
