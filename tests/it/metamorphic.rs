//! What must not matter does not matter (promise I10): order, names, what is unrelated, how payments are delivered.
//!
//! Each test changes a labelled night in a way that changes no fact about its payments, and compares what is posted.

mod delivered;

use crate::night_maker::Night;
use crate::world::{Shipped, World, amount, customer, item, payment, shipped};
use paymatch::model::{Outcome, Payment, Reason};
use paymatch::propose::Changed;
use paymatch::run::judge::{Bench, Prepared, judge};
use std::collections::{BTreeMap, BTreeSet};

/// Payment → items with what they are reduced by.
type Posted = BTreeMap<String, BTreeSet<(String, i64)>>;

/// Three nights; `PAYMATCH_NIGHTS` asks for more.
fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("PAYMATCH_NIGHTS").ok().and_then(|text| text.parse().ok());
    40..40 + asked.unwrap_or(3_u64)
}

/// A night in which some accounts and names are known from the past.
fn night(seed: u64) -> World {
    let mut night = Night::new(seed, 60);
    for _ in 0..220 {
        night.situation();
    }
    let mut world = night.world;
    for (at, customer) in world.customers.iter().enumerate().filter(|(at, _)| at % 5 == 0) {
        let counts = world
            .knowledge
            .aliases
            .entry(customer.name().to_uppercase())
            .or_default();
        counts.insert(customer.id.clone(), 1 + at as u32 % 3);
        if let Some(account) = customer.accounts.first() {
            let counts = world.knowledge.accounts.entry(account.clone()).or_default();
            counts.insert(customer.id.clone(), 2);
        }
    }
    world
}

/// Judges until a pass posts nothing more, as a run does. Takes what is posted off the items.
fn settle(world: &mut World, shipped: &Shipped) -> (Posted, BTreeMap<String, Reason>) {
    let payments = std::mem::take(&mut world.payments);
    let mut left: Vec<&Payment> = payments.iter().collect();
    let mut kept = Prepared::default();
    let (mut posted, mut reasons) = (Posted::new(), BTreeMap::new());
    loop {
        let bench = Bench {
            items: &world.items,
            customers: &world.customers,
            knowledge: &world.knowledge,
            matching: &shipped.matching,
            policy: &shipped.policy,
        };
        let is_last = |posted: &[bool]| !posted.contains(&true);
        let said = judge(&bench, &mut kept, &left, is_last, &|_| {});
        reasons.clear();
        let mut next = Vec::new();
        for (payment, explanation) in left.into_iter().zip(&said) {
            let Some(explanation) = explanation else {
                next.push(payment);
                continue;
            };
            match explanation.outcome {
                Outcome::Posted => {
                    let parts = explanation.candidates[0].allocations.iter();
                    let parts = parts.map(|part| (part.item_id.to_string(), part.item_reduction));
                    posted.insert(payment.id.0.clone(), parts.collect());
                }
                Outcome::Proposed(reason) | Outcome::Exception(reason) => {
                    reasons.insert(payment.id.0.clone(), reason);
                    next.push(payment);
                }
                Outcome::SetAside(_) => {}
            }
        }
        let is_done = !take(world, &said, &mut kept);
        if is_done {
            break;
        }
        left = next;
    }
    world.payments = payments;
    (posted, reasons)
}

/// Reduces the items by what was posted; returns false when nothing was.
fn take(world: &mut World, said: &[Option<paymatch::model::Explanation>], kept: &mut Prepared) -> bool {
    let posted = said.iter().flatten().filter(|one| one.outcome == Outcome::Posted);
    let parts: Vec<_> = posted.flat_map(|one| one.candidates[0].allocations.clone()).collect();
    for part in &parts {
        let at = world.items.iter().position(|item| item.id == part.item_id);
        let at = at.expect("a known item");
        kept.changed.push(Changed {
            item: at as u32,
            before: world.items[at].open_amount,
        });
        world.items[at].open_amount -= part.item_reduction;
    }
    !parts.is_empty()
}

fn posted(world: &World, shipped: &Shipped) -> Posted {
    settle(&mut world.clone(), shipped).0
}

/// Every posting of `after` stands in `before`; returns how many are lost.
fn lost(seed: u64, before: &Posted, after: &Posted) -> usize {
    for (payment, items) in after {
        assert_eq!(before.get(payment), Some(items), "seed {seed}, payment {payment}");
    }
    before.len() - after.len()
}

#[test]
fn the_order_of_everything_changes_nothing() {
    let shipped = shipped();
    for seed in seeds() {
        let world = night(seed);
        let before = posted(&world, &shipped);
        assert!(
            before.len() * 2 > world.payments.len(),
            "seed {seed}: hardly anything is posted"
        );
        for turn in 1..4_usize {
            let mut other = world.clone();
            other.items.rotate_left(turn * 37 % world.items.len());
            other.payments.rotate_left(turn * 53 % world.payments.len());
            other.customers.rotate_left(turn * 11 % world.customers.len());
            if turn % 2 == 1 {
                other.items.reverse();
                other.customers.reverse();
            }
            if turn > 1 {
                other.payments.reverse();
            }
            assert_eq!(posted(&other, &shipped), before, "seed {seed}, turn {turn}");
        }
    }
}

/// Numbers of customers and items, so that their order turns round, too.
#[test]
fn other_ids_change_nothing() {
    let shipped = shipped();
    for seed in seeds() {
        let world = night(seed);
        let before = posted(&world, &shipped);
        let mut other = world.clone();
        let renamed = |id: &str| format!("K{:05}", 99_999 - id[1..].parse::<u32>().expect("a number"));
        let item_name = |id: &str| {
            let digits: String = id.chars().filter(char::is_ascii_digit).collect();
            format!("{}{}", 900_000 - digits.parse::<u32>().expect("a number"), &id[..1])
        };
        for customer in &mut other.customers {
            customer.id = renamed(&customer.id);
        }
        let mut items = BTreeMap::new();
        for item in &mut other.items {
            item.customer_id = renamed(&item.customer_id).into();
            let name = item_name(&item.id);
            items.insert(name.clone(), std::mem::replace(&mut item.id, name.into()));
        }
        for counts in other
            .knowledge
            .accounts
            .values_mut()
            .chain(other.knowledge.aliases.values_mut())
        {
            *counts = counts.iter().map(|(id, count)| (renamed(id), *count)).collect();
        }
        let mut payments = BTreeMap::new();
        for (at, payment) in other.payments.iter_mut().enumerate() {
            let name = format!("z{}", 10_000 - at);
            payments.insert(name.clone(), std::mem::replace(&mut payment.id.0, name));
        }
        let after = posted(&other, &shipped).into_iter().map(|(payment, parts)| {
            let parts = parts
                .into_iter()
                .map(|(item, cash)| (items[item.as_str()].to_string(), cash));
            (payments[&payment].clone(), parts.collect())
        });
        assert_eq!(after.collect::<Posted>(), before, "seed {seed}");
    }
}

/// Another company's documents would begin with other letters.
#[test]
fn other_letters_before_the_numbers_change_nothing() {
    let shipped = shipped();
    for seed in seeds() {
        let mut world = night(seed);
        // A line break between the letters hides them from the renaming, not from the matcher.
        world
            .payments
            .retain(|payment| !payment.remittance_text().contains('\n'));
        let before = posted(&world, &shipped);
        let mut other = world.clone();
        for item in &mut other.items {
            item.document_number = other_letters(&item.document_number).into();
        }
        for payment in &mut other.payments {
            for line in &mut payment.remittance.unstructured {
                *line = other_letters(line);
            }
            let reference = &mut payment.references.end_to_end_id;
            *reference = reference.take().map(|text| other_letters(&text).into());
        }
        assert_eq!(posted(&other, &shipped), before, "seed {seed}");
    }
}

/// `RE-2026-00012` → `QX-2026-00012`; words are left alone.
fn other_letters(text: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_border = !written.ends_with(char::is_alphanumeric);
        let found = [("RE", "QX"), ("INV", "FKV"), ("SI", "KU"), ("R", "Q")]
            .iter()
            .find(|(from, _)| {
                let head = rest.get(..from.len()).filter(|head| head.eq_ignore_ascii_case(from));
                let next = rest.get(from.len()..).unwrap_or_default();
                let bare = next.trim_start_matches(['-', '/', ' ']);
                head.is_some() && bare.starts_with(|c: char| c.is_ascii_digit()) && (from.len() > 1 || bare == next)
            });
        let (length, to) = match found {
            Some((from, to)) if is_border => (from.len(), (*to).to_owned()),
            _ => (first.len_utf8(), first.to_string()),
        };
        let is_lower = rest[..length].chars().all(|c| c.is_ascii_lowercase());
        written.push_str(&if is_lower { to.to_lowercase() } else { to });
        rest = &rest[length..];
    }
    written
}

/// Customers, items and payments that share no name, number or amount with what is there.
#[test]
fn unrelated_items_add_no_posting() {
    let shipped = shipped();
    for seed in seeds() {
        let world = night(seed);
        let before = posted(&world, &shipped);
        for (customers, items_of_each) in [(1, 9_000), (120, 8), (900, 1)] {
            let mut other = world.clone();
            for at in 0..customers {
                let (id, name) = (format!("X{at:05}"), format!("Zwiebelturm {} Oy", word(at)));
                other.customers.push(customer(&id, &name));
                for count in 0..items_of_each {
                    let place = at * items_of_each + count;
                    // Nobody pays so much: no amount, and no sum of a few, is met.
                    let open = amount(&format!("{}.{:02} EUR", 9_000_000 + place * 13, place % 100));
                    let number = format!("ZQ{:08}W", 77_000_000 + place * 3);
                    other.items.push(item(&format!("x{place}"), &id, &name, &number, open));
                }
            }
            let lost = lost(seed, &before, &posted(&other, &shipped));
            assert!(
                lost * 20 <= before.len(),
                "seed {seed}: {lost} of {} are lost",
                before.len()
            );
        }
    }
}

#[test]
fn unrelated_payments_change_nothing() {
    let shipped = shipped();
    for seed in seeds() {
        let world = night(seed);
        let before = posted(&world, &shipped);
        let mut other = world.clone();
        let day = world.payments[0].booking_date;
        for at in 0..80_usize {
            let paid = amount(&format!("{}.{:02} EUR", 7_000_000 + at * 17, at));
            let payer = format!("{} Zwiebelturm", word(at));
            let stranger = payment(&format!("stranger{at}"), paid, &payer, "Mitgliedsbeitrag", day);
            other.payments.insert(at * 3 % other.payments.len(), stranger);
        }
        assert_eq!(posted(&other, &shipped), before, "seed {seed}");
    }
}

/// Two nights know less than one: what competes over both is posted on the first. All else is the same.
#[test]
fn a_night_cut_in_two_posts_nothing_else() {
    let shipped = shipped();
    for seed in seeds() {
        let mut whole = night(seed);
        let mut parts = whole.clone();
        let second = parts.payments.split_off(parts.payments.len() / 2);
        let (first, _) = settle(&mut parts, &shipped);
        parts.payments = second;
        let (later, _) = settle(&mut parts, &shipped);
        let (before, reasons) = settle(&mut whole, &shipped);
        for (payment, items) in first.iter().chain(&later) {
            let is_competing = matches!(
                reasons.get(payment),
                Some(Reason::DuplicateSuspect | Reason::ClaimConflict)
            );
            let same = before.get(payment) == Some(items);
            assert!(
                same || is_competing,
                "seed {seed}, payment {payment}: {:?}",
                reasons.get(payment)
            );
        }
    }
}

/// A word that no generated name has.
fn word(at: usize) -> String {
    let letters = ["qua", "xen", "vyl", "jor", "puk", "wim", "zet", "gyx"];
    [at / 64, at / 8, at].iter().map(|place| letters[place % 8]).collect()
}
