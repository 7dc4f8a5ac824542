//! What reading a statement costs beside a bare XML event loop over the same bytes: `cargo bench --bench reading`.
//!
//! A statement of 100 MB as banks write them (the first account of a night of 200,000 payments). What counts is the ratio of
//! the two, in CPU time: other work on the machine then hardly matters.

#![expect(clippy::expect_used, reason = "a bench may stop")]

#[expect(dead_code, reason = "one statement of a night is read; the tables beside it are not")]
#[path = "../examples/night/mod.rs"]
mod night;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use night::plan::{Sizes, plan};
use night::render;
use paymatch::model::NaiveDate;
use paymatch::read::statement::{Options, proof, read};
use quick_xml::events::Event;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Duration;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn statement() -> Vec<u8> {
    let plan = plan(Sizes {
        payments: 200_000,
        items: 200_000,
        customers: 40_000,
        seed: 1,
    });
    let mut bytes = Vec::new();
    render::statement(&plan, 0, &mut bytes).expect("memory takes it");
    bytes
}

fn bare_loop(text: &str) -> u64 {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut events = 0;
    while reader.read_event().expect("well-formed") != Event::Eof {
        events += 1;
    }
    events
}

/// CPU time of this process.
struct CpuTime;

impl CpuTime {
    fn now() -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::try_from(time).expect("CPU time never is negative")
    }
}

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        CpuTime::now()
    }

    fn end(&self, begun: Duration) -> Duration {
        CpuTime::now() - begun
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

fn reading(criterion: &mut Criterion<CpuTime>) {
    let bytes = statement();
    let options = Options {
        profiles: Vec::new(),
        as_of: NaiveDate::from_ymd_opt(2026, 10, 1).expect("a date"),
        inverted_reversal_accounts: BTreeSet::new(),
    };
    let found = read("night.xml", &bytes, &options);
    let entries: usize = found
        .iter()
        .flat_map(|file| &file.statements)
        .map(|read| read.entries.len())
        .sum();
    assert_eq!(entries, 50_000, "the statement is read");
    let mut group = criterion.benchmark_group("camt.053");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.sample_size(10);
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    group.bench_function("bare loop", |bencher| bencher.iter(|| bare_loop(black_box(text))));
    group.bench_function("read", |bencher| {
        bencher.iter_with_large_drop(|| read("night.xml", black_box(&bytes), &options));
    });
    group.bench_function("read and proved", |bencher| {
        bencher.iter_with_large_drop(|| {
            let mut files = read("night.xml", black_box(&bytes), &options);
            proof::prove(&mut files, &options);
            files
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = reading
}
criterion_main!(benches);
