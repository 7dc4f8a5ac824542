//! Labelled nights: nearly everything that is posted must be right, and nothing in a trap.

use crate::night_maker::Night;
use crate::world::shipped;
use paymatch::assign::assign;
use paymatch::model::{Explanation, Outcome, Payment};
use paymatch::propose::{prepare, propose};
use std::collections::BTreeMap;

#[derive(Default)]
struct Count {
    all: u32,
    right: u32,
    wrong: u32,
    proposed: u32,
}

#[test]
fn labelled_nights_are_posted_right() {
    let shipped = shipped();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut missed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for seed in 0..6 {
        let mut night = Night::new(seed, 320);
        for _ in 0..900 {
            night.situation();
        }
        for ((verdict, truth), paid) in night
            .world
            .judge(&shipped)
            .iter()
            .zip(&night.truths)
            .zip(&night.world.payments)
        {
            let count = counts.entry(truth.situation).or_default();
            count.all += 1;
            let mut posted: Vec<(usize, i64)> = verdict
                .suggestions
                .first()
                .map(|first| {
                    first
                        .hypothesis
                        .allocations
                        .iter()
                        .map(|part| (part.item as usize, part.cash))
                        .collect()
                })
                .unwrap_or_default();
            posted.sort_unstable();
            let mut right = truth.items.clone();
            right.sort_unstable();
            let said = format!(
                "seed {seed} {} {} `{}` {:?} `{}` {:?} {:?}",
                truth.situation,
                paid.amount,
                paid.payer_name(),
                paid.payer_account,
                paid.remittance_text(),
                verdict.outcome,
                verdict.suggestions.first().map(|first| (
                    first.hypothesis.class.to_string(),
                    first.hypothesis.customer_id.clone(),
                    first.probability,
                    first
                        .hypothesis
                        .evidence
                        .iter()
                        .map(|e| format!("{:?} {} {}", e.signal, e.weight, e.detail))
                        .collect::<Vec<_>>()
                ))
            );
            match verdict.outcome {
                Outcome::Posted if posted == right => count.right += 1,
                Outcome::Posted => {
                    count.wrong += 1;
                    wrong.push(said);
                }
                Outcome::Proposed(_) => {
                    count.proposed += 1;
                    missed.entry(truth.situation).or_default().push(said);
                }
                _ => missed.entry(truth.situation).or_default().push(said),
            }
        }
    }
    report(&counts, &missed);
    for line in &wrong {
        println!("WRONG {line}");
    }
    let sum = |of: fn(&Count) -> u32| counts.values().map(of).sum::<u32>();
    let (right, bad) = (sum(|count| count.right), sum(|count| count.wrong));
    assert!(
        u64::from(bad) * 1_000 <= u64::from(right + bad),
        "{bad} of {} postings are wrong",
        right + bad
    );
    let trapped: u32 = counts
        .iter()
        .filter(|(name, _)| name.starts_with("trap"))
        .map(|(_, count)| count.wrong)
        .sum();
    assert_eq!(trapped, 0, "postings in traps");
}

/// What is posted narrows down the rest; only what it touches is thought over, and nothing may come out differently.
#[test]
fn judging_again_only_what_is_touched_changes_nothing() {
    use paymatch::propose::Changed;
    use paymatch::run::judge::{Bench, Prepared, judge};
    let shipped = shipped();
    let mut later_postings = 0;
    for seed in 20..26 {
        let mut night = Night::new(seed, 120);
        for _ in 0..700 {
            night.situation();
        }
        let world = night.world;
        let mut items = world.items.clone();
        let mut left: Vec<&Payment> = world.payments.iter().collect();
        let (mut kept, mut in_turn) = (Prepared::default(), Prepared::default());
        for pass in 0..6 {
            let bench = Bench {
                items: &items,
                customers: &world.customers,
                knowledge: &world.knowledge,
                matching: &shipped.matching,
                policy: &shipped.policy,
            };
            let told = |kept: &mut Prepared| -> Vec<Explanation> {
                let told = judge(&bench, kept, &left, |_| true, &|_| {});
                told.into_iter().map(|told| told.expect("the last pass")).collect()
            };
            let said = told(&mut kept);
            let anew = told(&mut Prepared::default());
            let told_late = judge(&bench, &mut in_turn, &left, |posted| !posted.contains(&true), &|_| {});
            let is_last = said.iter().all(|one| one.outcome != Outcome::Posted);
            for (((payment, said), anew), late) in left.iter().zip(&said).zip(&anew).zip(&told_late) {
                assert_eq!(said, anew, "seed {seed}, pass {pass}, payment {}", payment.id);
                let is_told = is_last || said.outcome == Outcome::Posted;
                assert_eq!(
                    late.as_ref(),
                    is_told.then_some(said),
                    "seed {seed}, pass {pass}, payment {}",
                    payment.id
                );
            }
            let posted: Vec<bool> = said.iter().map(|one| one.outcome == Outcome::Posted).collect();
            if !posted.contains(&true) {
                break;
            }
            later_postings += posted.iter().filter(|is_posted| pass > 0 && **is_posted).count();
            for one in said.iter().filter(|one| one.outcome == Outcome::Posted) {
                for part in &one.candidates[0].allocations {
                    let at = items
                        .iter()
                        .position(|item| item.id == part.item_id)
                        .expect("a known item");
                    let changed = Changed {
                        item: at as u32,
                        before: items[at].open_amount,
                    };
                    kept.changed.push(changed);
                    in_turn.changed.push(changed);
                    items[at].open_amount -= part.item_reduction;
                }
            }
            let mut posted = posted.iter();
            left.retain(|_| !*posted.next().expect("one outcome per payment"));
        }
    }
    assert!(later_postings > 0, "no later pass posted anything: nothing was tested");
}

fn report(counts: &BTreeMap<&str, Count>, missed: &BTreeMap<&str, Vec<String>>) {
    let (mut decidable, mut posted) = (0, 0);
    for (situation, count) in counts {
        println!(
            "{situation:40} {:5} right {:5} wrong {:3} proposed {:4}",
            count.all, count.right, count.wrong, count.proposed
        );
        if !situation.starts_with("trap") {
            decidable += count.all;
            posted += count.right;
        }
    }
    println!(
        "coverage of what is decidable: {posted} of {decidable} ({} per mille)",
        posted * 1_000 / decidable.max(1)
    );
    if std::env::var("NIGHTS_VERBOSE").is_ok() {
        for (situation, lines) in missed.iter().filter(|(situation, _)| !situation.starts_with("trap")) {
            for line in lines.iter().take(6) {
                println!("missed {situation}: {line}");
            }
        }
    }
}

/// 100,000 payments against about 100,000 items: `cargo test --release --test it speed -- --ignored --nocapture`.
#[test]
#[ignore = "measures; needs a release build"]
fn speed_of_a_large_night() {
    let shipped = shipped();
    let size: usize = std::env::var("NIGHT_CUSTOMERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(14_500);
    let made = std::time::Instant::now();
    let mut night = Night::new(4, size);
    for _ in 0..size * 4 {
        night.situation();
        // A third of a night are strangers.
        if night.dice.chance(10) {
            night.trap_stranger();
        }
    }
    println!("made in {:?}", made.elapsed());
    let world = &night.world;
    let start = std::time::Instant::now();
    let book = prepare(&world.items, &world.customers, &world.knowledge, &shipped.matching);
    let prepared = start.elapsed();
    let mut proposals: Vec<_> = world.payments.iter().map(|payment| propose(&book, payment)).collect();
    let proposed = start.elapsed();
    let payments: Vec<_> = world.payments.iter().collect();
    let verdicts = assign(&book, &payments, &mut proposals, &shipped.policy);
    let all = start.elapsed();
    let posted = verdicts
        .iter()
        .filter(|verdict| verdict.outcome == Outcome::Posted)
        .count();
    println!(
        "{} payments, {} items, {} customers: prepare {prepared:?}, propose {:?}, assign {:?}, {} ns per payment, posted {posted}",
        world.payments.len(),
        world.items.len(),
        world.customers.len(),
        proposed - prepared,
        all - proposed,
        all.as_nanos() / world.payments.len() as u128
    );
    for (name, _) in [("stranger", 0)] {
        let some: Vec<_> = night
            .truths
            .iter()
            .zip(&world.payments)
            .filter(|(truth, _)| truth.situation.contains(name))
            .collect();
        let start = std::time::Instant::now();
        for (_, payment) in &some {
            std::hint::black_box(propose(&book, payment));
        }
        println!(
            "{name}: {} payments, {} ns each",
            some.len(),
            start.elapsed().as_nanos() / some.len().max(1) as u128
        );
    }
}
