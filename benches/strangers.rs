//! What the worst payers cost, each by itself: `cargo bench --bench strangers`.
//!
//! The books and texts are those whose steps `tests/it/strangers.rs` bounds. The time per payment must not grow with the items.

#![expect(clippy::expect_used, clippy::panic, reason = "a bench may stop")]

#[expect(dead_code, reason = "stories are not read here")]
#[path = "../tests/it/world.rs"]
mod world;

#[path = "../tests/it/strangers/payers.rs"]
mod payers;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use payers::{crowd, with_payers};
use paymatch::propose::{prepare, propose};
use std::hint::black_box;

fn strangers(bench: &mut Criterion) {
    let shipped = world::shipped();
    let mut group = bench.benchmark_group("strangers");
    group.sample_size(10);
    for items in [1_000, 10_000, 100_000] {
        for (what, is_one_amount) in [("one amount", true), ("all different", false)] {
            let minor = |at: usize| if is_one_amount { 11_900 } else { 10_000 + at * 37 };
            let world = with_payers(crowd(items, minor));
            let book = prepare(&world.items, &world.customers, &world.knowledge, &shipped.matching);
            group.throughput(Throughput::Elements(world.payments.len() as u64));
            group.bench_function(BenchmarkId::new(what, items), |timed| {
                timed.iter(|| {
                    for payment in &world.payments {
                        black_box(propose(&book, payment));
                    }
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, strangers);
criterion_main!(benches);
