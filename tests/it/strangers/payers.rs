//! Books and payers that cost most: popular amounts, common words, texts full of numbers, customers with thousands of items.

use crate::world::{World, amount, customer, item, payment};
use std::fmt::Write as _;

const NAMES: &[&str] = &["Handel", "Bau", "Service", "Technik", "Logistik", "Medien", "Textil"];

fn euro(minor: usize) -> paymatch::model::Amount {
    amount(&format!("{}.{:02} EUR", minor / 100, minor % 100))
}

pub fn paid(text: &str) -> paymatch::model::Amount {
    amount(&format!("{text} EUR"))
}

/// Adds a payment.
pub fn pay(world: &mut World, cash: paymatch::model::Amount, payer: &str, text: &str) {
    let id = format!("p{}", world.payments.len());
    let on = crate::world::day("2026-03-10");
    world.payments.push(payment(&id, cash, payer, text, on));
}

/// Two customers with all the items, and a crowd of customers with common words in their names.
pub fn crowd(items: usize, minor: impl Fn(usize) -> usize) -> World {
    let mut world = World::default();
    let owners = [("C1", "Nordwind Handel und Bau GmbH"), ("C2", "Kranich Service KG")];
    for at in 0..items {
        let (id, name) = owners[at % 2];
        let number = format!("RE-2026-{:06}", at + 1);
        let mut record = item(&format!("i{at}"), id, name, &number, euro(minor(at)));
        record.due_date = Some(crate::world::day("2026-01-01") + paymatch::model::date::Days::new(at as u64 % 400));
        record.purchase_order = "PO4500001".into();
        world.items.push(record);
    }
    world.customers = owners.iter().map(|(id, name)| customer(id, name)).collect();
    for at in 0..items / 4 {
        let name = format!("{} {} {at}", NAMES[at % 7], NAMES[(at / 7) % 7]);
        world.customers.push(customer(&format!("D{at}"), &name));
    }
    let counts = world
        .knowledge
        .accounts
        .entry("DE27100777770209299700".into())
        .or_default();
    counts.extend((0..items / 4).map(|at| (format!("D{at}"), 1 + at as u32 % 3)));
    let counts = world
        .knowledge
        .aliases
        .entry("Kontor Factoring AG".to_owned())
        .or_default();
    counts.extend((0..items / 4).map(|at| (format!("D{at}"), 1 + at as u32 % 3)));
    world
}

/// Ten lines of 140 characters full of numbers.
fn numbers(of: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0.. {
        let number = of(at);
        if text.len() + number.len() > 1_400 {
            return text;
        }
        let _ = write!(text, "{number} ");
    }
    text
}

/// Adds payments of customers, of strangers and of a factoring firm, with every kind of text.
pub fn with_payers(mut world: World) -> World {
    let strange = numbers(|at| format!("{}", 7_310_000 + at * 7_919 % 90_000));
    let near = numbers(|at| format!("{:06}", 1 + at * 13));
    let whole = numbers(|at| format!("RE-2026-{:06}", 1 + at * 2));
    let ranges = numbers(|at| format!("RE-2026-{:06}-{:06}", 1 + at * 2, 9 + at * 4));
    for payer in [
        "",
        "Hubert Moorhuhn",
        "Handel Bau Service Technik",
        "Nordwind Handel und Bau GmbH",
        "Kontor Factoring AG",
    ] {
        for text in ["", "PO4500001", &strange, &near, &whole, &ranges] {
            for cash in ["119.00", "1190.00", "777.77"] {
                pay(&mut world, paid(cash), payer, text);
                let last = world.payments.last_mut().expect("a payment");
                last.payer_account = payer.starts_with("Kontor").then(|| "DE27100777770209299700".into());
            }
        }
    }
    world
}
