//! Everyday receipts, items that nobody pays yet, items that are closed, and what was confirmed in the past.

use super::clear::factor_account;
use super::world::{Ours, Past, World, before, number};
use crate::night::bank::swiss_reference;
use paymatch::model::NaiveDate;

/// Adds receipts until every account has as many as it shall have.
pub fn receipts(w: &mut World) {
    let plan = [
        (Ours::Main, 3, 85),
        (Ours::Main, 4, 83),
        (Ours::Swiss, 4, 38),
        (Ours::Yuan, 2, 9),
        (Ours::Yuan, 3, 10),
        (Ours::Yuan, 4, 11),
        (Ours::Yuan, 5, 11),
        (Ours::Yuan, 6, 11),
        (Ours::Savings, 2, 12),
        (Ours::Savings, 3, 14),
        (Ours::Savings, 4, 14),
        (Ours::Savings, 5, 13),
    ];
    for (ours, day, wanted) in plan {
        let pool = pool(w, ours.currency());
        while w.receipts.iter().filter(|r| r.ours == ours && r.day == day).count() < wanted {
            let customer = pool[w.random.below(pool.len())];
            everyday(w, ours, day, customer);
        }
    }
}

/// Returns the customers of a currency that no story uses.
fn pool(w: &World, currency: &str) -> Vec<usize> {
    let is_free = |c: &usize| !w.customers[*c].is_reserved && w.customers[*c].currency == currency;
    (0..w.customers.len()).filter(is_free).collect()
}

fn everyday(w: &mut World, ours: Ours, day: u32, customer: usize) {
    let (percent, _) = w.customers[customer].discount;
    let chance = w.random.below(100);
    if chance < 12 {
        let count = 2 + w.random.below(3);
        let items: Vec<usize> = (0..count).map(|_| fresh(w, customer, 25)).collect();
        let numbers: Vec<String> = items.iter().map(|item| w.number(*item)).collect();
        let total = items.iter().map(|item| w.items[*item].open).sum();
        let joined = numbers.join([", ", " + ", " / "][w.random.below(3)]);
        let r = w.paid(ours, day, customer, total, &joined);
        w.posted(r, &items, "everyday: list of numbers");
        return;
    }
    if percent > 0 && chance < 60 {
        let item = w.random.between(3, 7);
        let amount = w.fresh_amount("EUR");
        let item = w.invoice(customer, amount, item);
        let discount = (amount * percent + 50) / 100;
        let text = format!("{} abz. {percent}% Skonto", w.number(item));
        let r = w.paid(ours, day, customer, amount - discount, &text);
        w.posted(r, &[item], "everyday: cash discount in time");
        return;
    }
    let item = fresh(w, customer, 20);
    let amount = w.items[item].open;
    if ours == Ours::Swiss && chance < 75 {
        let reference = swiss_reference(99_000_000_000 + w.items[item].id.parse::<u64>().unwrap_or(0));
        w.items[item].creditor_reference.clone_from(&reference);
        let r = w.paid(ours, day, customer, amount, "");
        w.receipts[r].creditor_reference = Some(("QRR", reference));
        w.posted(r, &[item], "everyday: Swiss QR reference");
        return;
    }
    let text = words(w, customer, item);
    let r = w.paid(ours, day, customer, amount, &text);
    if w.random.percent(20) {
        w.receipts[r].end_to_end_id = format!("{}{:07}", day, w.random.below(10_000_000));
    }
    if w.random.percent(30) && ours != Ours::Yuan {
        w.receipts[r].payer = w.receipts[r].payer.to_uppercase();
    }
    w.posted(r, &[item], "everyday: one number");
}

/// Adds an invoice that is about to be paid.
fn fresh(w: &mut World, customer: usize, least: i64) -> usize {
    let amount = w.fresh_amount(w.customers[customer].currency);
    let age = least + w.random.between(0, 35);
    w.invoice(customer, amount, age)
}

/// Returns what a payer of that country writes.
fn words(w: &mut World, customer: usize, item: usize) -> String {
    let number = w.number(item);
    let date = w.items[item].issued.format("%d.%m.%Y").to_string();
    let own = w.customers[customer].number.clone();
    let choices: [String; 4] = match w.customers[customer].country.as_str() {
        "DE" | "AT" | "CH" => [
            format!("Rechnung {number}"),
            format!("RG-NR {number} KD-NR {own}"),
            format!("{number} vom {date}"),
            format!("Re. {} Kundennr. {own} Danke", number.to_lowercase()),
        ],
        "NL" | "BE" => [
            format!("factuur {number}"),
            format!("Betaling factuurnr. {number} klant {own}"),
            number.replace('-', " "),
            format!("{number} dd {date}"),
        ],
        "FR" => [
            format!("Facture {number}"),
            format!("Rglt fact. {number} client {own}"),
            format!("FACT {number} DU {date}"),
            number.replace('-', ""),
        ],
        "CN" => [
            format!("货款 {number}"),
            format!("付货款{number}"),
            format!("支付发票{number}款项"),
            format!("{number}仪器款"),
        ],
        _ => [
            format!("Invoice {number}"),
            format!("INV {number} ACC {own}"),
            format!("/INV/{number}"),
            format!("payment {number} dated {date}"),
        ],
    };
    choices[w.random.below(4)].clone()
}

/// Adds items that nobody pays in these days, and some that are closed.
pub fn quiet_items(w: &mut World, wanted: usize) {
    let pool: Vec<usize> = (0..w.customers.len())
        .filter(|c| !w.customers[*c].is_reserved)
        .collect();
    for n in 0..45 {
        let customer = pool[w.random.below(pool.len())];
        let amount = w.fresh_amount(w.customers[customer].currency);
        let age = w.random.between(60, 110);
        let item = w.invoice(customer, amount, age);
        w.items[item].open = 0;
        w.items[item].closed_on = Some(before(w.random.between(1, 30)));
        w.items[item].discount = w.items[item].discount.filter(|_| n % 2 == 0);
    }
    for n in 0.. {
        if w.items.len() >= wanted {
            break;
        }
        let customer = pool[w.random.below(pool.len())];
        let currency = w.customers[customer].currency;
        // Maintenance contracts cost the same everywhere: a common amount proves little.
        let is_common = currency == "EUR" && n % 9 == 0;
        let amount = if is_common { 23_800 } else { w.fresh_amount(currency) };
        let age = w.random.between(1, 70);
        let kind = if n % 17 == 5 { "CRN" } else { "INV" };
        let item = w.item(customer, kind, if kind == "CRN" { -amount / 10 } else { amount }, age);
        let is_partly_paid = kind == "INV" && n % 23 == 7;
        if is_partly_paid {
            w.items[item].open = amount / 2;
        }
        w.items[item].is_disputed = n % 41 == 3;
        if w.random.percent(30) {
            w.items[item].order = format!("45000{:05}", w.random.below(100_000));
        }
    }
    // Payments of the past that found no invoice.
    for _ in 0..4 {
        let customer = pool[w.random.below(pool.len())];
        let amount = w.fresh_amount(w.customers[customer].currency);
        w.item(customer, "PAY", -amount / 3, 50);
    }
}

/// Adds what was confirmed in the past: who paid for whom, from which account, with which deduction.
pub fn history(w: &mut World, wanted: usize) {
    for name in ["Textilwerk", "Eisenmoor", "Thalheimer", "Hagebusch"] {
        let position = w
            .customers
            .iter()
            .position(|c| c.name.starts_with(name))
            .unwrap_or_default();
        for n in 0..6 {
            past(w, position, n * 40 + 30, Some("Kontorfaktor Factoring AG"));
        }
    }
    let known: Vec<usize> = (0..w.customers.len())
        .filter(|c| !w.customers[*c].is_reserved || !w.customers[*c].known_accounts.is_empty())
        .collect();
    let mut round = 0;
    while w.history.len() < wanted {
        for customer in &known {
            if w.history.len() < wanted {
                let age = 20 + round * 45 + w.random.between(0, 30);
                past(w, *customer, age, None);
            }
        }
        round += 1;
    }
    w.history
        .sort_by(|a, b| (a.date, &a.documents).cmp(&(b.date, &b.documents)));
}

fn past(w: &mut World, customer: usize, age: i64, payer: Option<&str>) {
    let owner = w.customers[customer].clone();
    let date: NaiveDate = before(age);
    // Numbers 26 to 30 of a day: none of the items has them.
    let nth = 26 + w.random.below(5) as u32;
    let series = match owner.currency {
        "CHF" => "CH",
        "CNY" => "XS",
        _ => "RE",
    };
    let number = number(series, before(age + 35), nth);
    let amount = w.random.amount();
    let (percent, _) = owner.discount;
    let deduction = if percent > 0 && w.random.percent(60) {
        (amount * percent + 50) / 100
    } else {
        0
    };
    w.history.push(Past {
        date,
        payer: payer.unwrap_or(&owner.name).to_owned(),
        account: if payer.is_some() {
            factor_account()
        } else {
            owner.account
        },
        text: format!("{} {number}", if owner.country == "CN" { "货款" } else { "Rechnung" }),
        amount: amount - deduction,
        currency: if owner.currency == "USD" { "EUR" } else { owner.currency },
        customer,
        documents: number,
        deduction,
    });
}
