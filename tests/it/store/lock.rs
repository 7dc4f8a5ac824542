use super::night::{Folders, say};
use paymatch::store::{Store, StoreError};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const STATE: &str = "PAYMATCH_TEST_LOCK";

/// Not a test by itself: what a child process of the tests below does.
#[test]
fn child_opens_the_store() {
    let Some(root) = std::env::var_os(STATE).map(std::path::PathBuf::from) else {
        return;
    };
    match Store::open(&root.join("state"), &root.join("out"), false) {
        Ok(_store) => {
            say("answer: won");
            let mut line = String::new();
            let _ = std::io::stdin().read_line(&mut line);
        }
        Err(StoreError::Locked { by, .. }) => say(&format!("answer: locked by {by}")),
        Err(error) => say(&format!("answer: {error}")),
    }
}

fn child(folders: &Folders) -> Child {
    Command::new(std::env::current_exe().expect("test program"))
        .args([
            "--exact",
            "store::lock::child_opens_the_store",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(STATE, folders.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("child")
}

fn answer(child: &mut Child) -> String {
    let out = child.stdout.as_mut().expect("output");
    let mut lines = BufReader::new(out).lines().map(|line| line.expect("line"));
    // The test harness writes on the same line before it.
    let line = lines.find(|line| line.contains("answer: ")).expect("an answer");
    line.split_once("answer: ").expect("answer").1.to_owned()
}

#[test]
fn one_of_sixteen_processes_wins_and_the_others_name_it() {
    let folders = Folders::new();
    let mut children: Vec<Child> = (0..16).map(|_| child(&folders)).collect();
    let answers: Vec<String> = children.iter_mut().map(answer).collect();
    let winners: Vec<usize> = (0..16).filter(|&at| answers[at] == "won").collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let named = format!("locked by process {}, started 20", children[winners[0]].id());
    for (at, answer) in answers.iter().enumerate() {
        assert!(
            at == winners[0] || answer.starts_with(&named),
            "{answer}, expected {named}"
        );
    }
    for mut child in children {
        drop(child.stdin.take());
        child.wait().expect("end");
    }
    folders.open().expect("free again");
}

#[test]
fn the_lock_dies_with_its_process() {
    let folders = Folders::new();
    let mut first = child(&folders);
    assert_eq!(answer(&mut first), "won");
    let error = folders.open().expect_err("in use");
    assert_eq!(error.exit_code(), 75);
    first.kill().expect("killed");
    first.wait().expect("end");
    folders.open().expect("free again, though nobody gave it back");
}

#[test]
fn one_of_sixteen_threads_wins() {
    let folders = Folders::new();
    let results: Vec<Result<Store, StoreError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| folders.open())).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("thread"))
            .collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.into_iter().filter_map(Result::err) {
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    }
}
