//! Worst payers: what a payment costs has a bound that does not depend on how many items are open.

mod payers;

use crate::world::{World, shipped};
use payers::{crowd, paid, pay, with_payers};
use paymatch::model::{Outcome, Payment};
use paymatch::propose::{prepare, propose};

/// Steps of one payment at most. One step is an item, a number or a word looked at.
const STEPS_MAX: u64 = 500_000;

/// The most that any of the payments costs.
fn most(world: &World) -> (u64, String) {
    let shipped = shipped();
    let book = prepare(&world.items, &world.customers, &world.knowledge, &shipped.matching);
    let cost = |paid: &Payment| {
        let text: String = paid.remittance_text().chars().take(40).collect();
        (
            propose(&book, paid).steps,
            format!("{} {} {text}", paid.amount, paid.payer_name()),
        )
    };
    world.payments.iter().map(cost).max().expect("a payment")
}

#[test]
fn what_a_payment_costs_does_not_grow_with_the_open_items() {
    type Amounts = fn(usize) -> usize;
    let worlds: [(&str, Amounts); 2] = [("one amount", |_| 11_900), ("all different", |at| 10_000 + at * 37)];
    for (what, minor) in worlds {
        let (few, _) = most(&with_payers(crowd(4_400, minor)));
        let (many, dearest) = most(&with_payers(crowd(9_000, minor)));
        println!("{what}: {few} steps with 4,400 items, {many} with 9,000: {dearest}");
        assert!(many <= STEPS_MAX, "{what}: {many} steps, {dearest}");
        assert!(many <= few + few / 10, "{what}: {few} steps become {many}, {dearest}");
    }
    // So few that every number is compared with every item.
    let (searched, dearest) = most(&with_payers(crowd(990, |at| 10_000 + at * 37)));
    println!("{searched} steps with 990 items: {dearest}");
    assert!(searched <= STEPS_MAX, "{searched} steps, {dearest}");
}

/// What is too much to look at is asked, never posted.
#[test]
fn popular_amounts_and_words_are_asked() {
    let shipped = shipped();
    let mut world = crowd(5_000, |_| 11_900);
    for payer in [
        "",
        "Hubert Moorhuhn",
        "Handel Bau Service Technik",
        "Kontor Factoring AG",
    ] {
        pay(&mut world, paid("119.00"), payer, "PO4500001 Danke");
        pay(&mut world, paid("238.00"), payer, "Danke");
    }
    for (payment, verdict) in world.payments.iter().zip(world.judge(&shipped)) {
        assert!(
            matches!(verdict.outcome, Outcome::Exception(_) | Outcome::Proposed(_)),
            "{payment:?}"
        );
    }
}
