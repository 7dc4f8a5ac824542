//! Killed at any moment, a run is afterwards either absent or whole, and nothing is posted twice.

use crate::program::{demo, differences, expect_code, files};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Moments at which the run is killed.
const KILLS: u32 = 50;

#[test]
fn a_killed_run_is_absent_or_whole_after_the_next_start() {
    let reference = tempfile::tempdir().expect("a temporary folder");
    let started = Instant::now();
    expect_code(&mut demo(reference.path()), 0);
    let whole = started.elapsed();
    let mut completed_by_recovery = 0;
    for kill in 0..KILLS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut child = demo(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Spread over the whole run, the last ones over its end, where files are written and renamed.
        let share = if kill < KILLS / 2 {
            kill * 2
        } else {
            60 + (kill - KILLS / 2) * 44 / (KILLS / 2)
        };
        std::thread::sleep(whole * share / 100 + Duration::from_micros(u64::from(kill * 7919 % 977)));
        let _ = child.kill();
        child.wait().expect("the program ends");
        let was_committed = folder.path().join("out/1").is_dir();
        let told = expect_code(&mut demo(folder.path()), 0);
        let differing = differences(&reference.path().join("out/1"), &folder.path().join("out/1"));
        assert_eq!(
            differing,
            Vec::<String>::new(),
            "killed after {share} % of the run:\n{told}"
        );
        let outbox = files(&folder.path().join("out/outbox"));
        let delivered: Vec<&String> = outbox.keys().collect();
        assert_eq!(
            delivered,
            ["postings-1.csv"],
            "killed after {share} % of the run:\n{told}"
        );
        completed_by_recovery += u32::from(was_committed || told.contains("interrupted"));
    }
    println!("{completed_by_recovery} of {KILLS} killed runs had been committed");
}
