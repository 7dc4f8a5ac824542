//! What the reviewer's morning costs: the workbook of 10,000 exceptions, and one sentence of it, in each language:
//! `cargo bench --bench workbook`.
//!
//! CPU time, the best of a few runs: other work on the machine then hardly matters. Stops when 10,000 exceptions take two
//! seconds or more, or a sentence more than 400 ns.

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]
#![expect(clippy::expect_used, reason = "a bench may stop")]

#[path = "../tests/it/outputs/large.rs"]
mod large;
#[path = "../tests/it/outputs/night.rs"]
mod night;

use paymatch::model::{Evidence, Language, Signal};
use paymatch::review::{sheet, workbook};
use paymatch::words::{Words, evidence};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::time::Duration;

const EXCEPTIONS: usize = 10_000;
const SENTENCES: u32 = 200_000;

fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        now.tv_sec.unsigned_abs(),
        u32::try_from(now.tv_nsec).expect("under a second"),
    )
}

fn best_of<T>(times: u32, mut work: impl FnMut() -> T) -> Duration {
    let run = |_| {
        let start = cpu_time();
        black_box(work());
        cpu_time() - start
    };
    (0..times).map(run).min().unwrap_or_default()
}

fn main() {
    let mut night = large::large_night(EXCEPTIONS);
    for language in Language::ALL {
        night.language = language;
        let words = Words::of(language);
        let took = best_of(3, || {
            workbook::write(&night, &sheet::rows(&night), &std::env::temp_dir()).expect("a workbook")
        });
        let piece = Evidence {
            signal: Signal::NumberExact,
            weight: 1_000,
            detail: "RE-2026-00814".into(),
        };
        let sentences = best_of(5, || {
            for _ in 0..SENTENCES {
                black_box(evidence::clause(words, black_box(&piece)));
            }
        });
        let sentence = sentences / SENTENCES;
        println!(
            "{}: {EXCEPTIONS} exceptions {took:?}, a sentence {sentence:?}",
            language.tag()
        );
        assert!(took < Duration::from_secs(2), "the workbook takes {took:?}");
        assert!(sentence < Duration::from_nanos(400), "a sentence takes {sentence:?}");
    }
    // What one sentence cost before there were catalogues: put together where it is said.
    let plain = best_of(5, || {
        for _ in 0..SENTENCES {
            let number = paymatch::words::finding::visible(black_box("RE-2026-00814"));
            black_box(format!("number {number} stands in the text"));
        }
    });
    println!("the same sentence without a catalogue {:?}", plain / SENTENCES);
}
