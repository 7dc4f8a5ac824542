//! The store and the steps around the commit point: crashes, damage, two runs at once.

mod crash;
mod damage;
mod lock;
mod night;
mod speed;

use night::{Folders, Night, content_of};
use paymatch::model::{PaymentId, SetAsideRule, Side};
use paymatch::run::{check, publish};
use paymatch::store::{State, Store, StoreError};

#[test]
fn what_is_committed_is_there_after_opening_again() {
    let folders = Folders::new();
    let night = Night::first();
    night.run(&folders, 1);
    let store = folders.open().expect("store");
    assert_eq!(store.next_run().expect("number"), 2);
    assert_eq!(store.last_manifest_hash().expect("hash").len(), 64);
    assert_eq!(store.file_read_in(&night.file).expect("file"), Some(1));
    assert_eq!(store.file_read_in(&"0".repeat(64)).expect("file"), None);

    let known = store.payments_of_file(&night.file).expect("payments");
    let states: Vec<_> = known.iter().map(|known| (known.id.0.as_str(), known.state)).collect();
    let expected = [
        ("p-open", State::Open),
        ("p-out", State::SetAside(SetAsideRule::OutgoingDebit)),
        ("p-posted", State::Posted),
        ("p-proposed", State::Proposed),
    ];
    assert_eq!(states, expected);
    let days = store.payments_of_days("DE1", night.day, night.day).expect("payments");
    assert_eq!(days, known);
    assert_eq!(days[2].servicer_reference.as_deref(), Some("S-p-posted"));
    assert_eq!(days[2].statement_key, "2026/7");

    let statements = store.statements_of_account("DE1").expect("statements");
    assert_eq!((statements[0].statement.sequence, statements[0].run), (Some(7), 1));
    let open = store.open_payments().expect("open");
    let ids: Vec<&str> = open.iter().map(|open| open.payment.id.0.as_str()).collect();
    assert_eq!(ids, ["p-open", "p-proposed"]);
    assert_eq!(
        (open[0].times_seen, open[0].first_run, open[0].row_hash.as_str()),
        (1, 1, "row of p-open")
    );
    let flying = store.in_flight().expect("in flight");
    assert_eq!(
        (flying[0].item_id.as_str(), flying[0].exported_open, flying[0].posted),
        ("I-posted", 10_000, 10_000)
    );
    assert_eq!(store.lessons().expect("lessons").len(), 1);

    let found = store.find_payment("B-p-posted").expect("found");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].postings[0].posting.lines[0].id, "1-1");
    assert_eq!(
        found[0].payment.as_ref().map(|payment| payment.amount.minor),
        Some(10_000)
    );
    assert!(store.find_payment("p-out").expect("found")[0].payment.is_none());
    assert!(store.find_payment("nobody").expect("found").is_empty());
    assert!(
        store
            .payment(&PaymentId("p-open".to_owned()))
            .expect("payment")
            .is_some()
    );
}

#[test]
fn a_second_run_carries_settles_and_answers() {
    let folders = Folders::new();
    Night::first().run(&folders, 1);
    let second = Night::second(&folders);
    second.run(&folders, 2);
    let store = folders.open().expect("store");
    let posted = store.find_payment("p-open").expect("found");
    assert_eq!(
        (posted[0].known.state, posted[0].known.first_run, posted[0].last_run),
        (State::Posted, 1, 2)
    );
    let answered = store
        .decision_answered(&second.sheet, &night::row(3))
        .expect("answer")
        .expect("row 3 was answered");
    assert_eq!((answered.0, answered.1.posting_ids), (2, vec!["2-1".to_owned()]));
    assert!(
        store
            .decision_answered(&second.sheet, &night::row(4))
            .expect("answer")
            .is_none()
    );
    let open = store.open_payments().expect("open");
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].times_seen, open[0].put_off_until), (2, Some(night::day(20))));
    let flying = store.in_flight().expect("in flight");
    let items: Vec<(&str, i64)> = flying.iter().map(|item| (item.item_id.as_str(), item.posted)).collect();
    assert_eq!(items, [("I-open", 700), ("I-posted", 0)]);
    drop(store);
    let report = check::check(&folders.state(), &folders.out(), &folders.outbox());
    assert_eq!(report.findings, [], "{report:?}");
    assert_eq!((report.runs, report.payments), (2, 4));
}

/// The second run takes back what the first one posted: the lines are those of the posting, turned around.
#[test]
fn what_is_taken_back_is_open_again_and_teaches_no_more() {
    type Twist = (Option<&'static str>, fn(&mut Night));
    let twists: [Twist; 4] = [
        (None, |_| {}),
        (Some("does not turn posting 1-1 around"), |night| {
            night.reversals[0].lines[0].amount += 1
        }),
        (Some("only a part of the posting"), |night| {
            night.reversals[0].lines.clear()
        }),
        (Some("is taken back and goes nowhere"), |night| {
            night.places.retain(|(id, ..)| id.0 != "p-posted")
        }),
    ];
    for (refused, twist) in twists {
        let folders = Folders::new();
        Night::first().run(&folders, 1);
        let mut second = Night::taking_back(&folders);
        twist(&mut second);
        let Some(refused) = refused else {
            second.run(&folders, 2);
            let store = folders.open().expect("store");
            let open = store.open_payments().expect("open");
            let back = open
                .iter()
                .find(|open| open.payment.id.0 == "p-posted")
                .expect("open again");
            assert!(back.is_taken_back);
            let flying = store.in_flight().expect("in flight");
            assert_eq!(
                flying.len(),
                1,
                "posting and reversal are both on their way: {flying:?}"
            );
            assert_eq!((flying[0].posted, flying[0].last_run), (0, 2));
            assert_eq!(store.lessons().expect("lessons")[0].revoked_in, Some(2));
            let known = store.find_payment("p-posted").expect("found");
            assert_eq!(known[0].postings[0].revoked_in, Some(2));
            drop(store);
            let report = check::check(&folders.state(), &folders.out(), &folders.outbox());
            assert_eq!(report.findings, [], "{report:?}");
            continue;
        };
        let mut store = folders.open().expect("store");
        let error = second.commit(&mut store, &folders).expect_err(refused);
        assert!(error.to_string().contains(refused), "{refused}: {error}");
        assert_eq!(store.next_run().expect("number"), 2, "{refused}");
        assert_eq!(store.lessons().expect("lessons")[0].revoked_in, None, "{refused}");
    }
}

#[test]
fn a_run_that_contradicts_itself_changes_nothing() {
    type Twist = (&'static str, fn(&mut Night));
    let twists: [Twist; 16] = [
        ("its number is 9", |night| night.number = 9),
        ("does not follow", |night| night.previous_hash = "f".repeat(64)),
        ("goes to two places", |night| night.state_twice = true),
        ("is not the new one", |night| night.is_misplaced = true),
        ("stands behind one that it comes before", |night| {
            night.is_disordered = true
        }),
        ("is in flight twice", |night| {
            night.in_flight.push(night.in_flight[0].clone())
        }),
        ("goes nowhere", |night| drop(night.places.pop())),
        ("is posted without a posting", |night| drop(night.postings.pop())),
        ("do not add up", |night| night.postings[0].lines[0].amount -= 1),
        ("two lines are posting 1-1", |night| {
            let line = night.postings[0].lines[0].clone();
            night.postings[0].lines.push(line);
        }),
        ("reduces item I-posted twice", |night| {
            let mut line = night.postings[0].lines[0].clone();
            line.id = "1-2".into();
            night.postings[0].lines.push(line);
        }),
        ("does not carry the run's number", |night| {
            night.postings[0].lines[0].id = "7-1".into()
        }),
        ("would be reduced by 10000 of 9999", |night| {
            night.in_flight[0].exported_open = 9_999
        }),
        ("not put in flight", |night| night.in_flight.clear()),
        ("its totals do not tie", |night| {
            night.total(1, paymatch::model::run::Class::Read)
        }),
        ("is no statement file of this run", |night| {
            night.file_of_payments = "e".repeat(64)
        }),
    ];
    for (expected, twist) in twists {
        let folders = Folders::new();
        let mut night = Night::first();
        twist(&mut night);
        let mut store = folders.open().expect("store");
        let error = night.commit(&mut store, &folders).expect_err(expected);
        assert!(matches!(error, StoreError::Inconsistent { .. }), "{expected}: {error}");
        assert!(error.to_string().contains(expected), "{expected}: {error}");
        assert_eq!(error.exit_code(), 70);
        assert_eq!(store.next_run().expect("number"), 1, "{expected}");
        assert!(store.open_payments().expect("open").is_empty(), "{expected}");
        assert!(store.unpublished().expect("publication").is_none(), "{expected}");
        Night::first().run_with(&mut store, &folders, 1);
    }
}

#[test]
fn nothing_is_posted_twice_whatever_a_later_run_says() {
    let folders = Folders::new();
    Night::first().run(&folders, 1);
    let mut again = Night::second(&folders);
    again.repost("p-posted", 10_000);
    let mut store = folders.open().expect("store");
    let error = again.commit(&mut store, &folders).expect_err("posted before");
    assert!(
        error.to_string().contains("a posted payment is not judged again"),
        "{error}"
    );
    assert_eq!(error.exit_code(), 70);
    assert_eq!(store.next_run().expect("number"), 2);
}

#[test]
fn a_run_waits_until_the_one_before_is_published() {
    let folders = Folders::new();
    let mut store = folders.open().expect("store");
    let outputs = Night::first().write(&store, &folders.places()).expect("outputs");
    Night::first().commit_outputs(&mut store, &outputs).expect("committed");
    let second = Night::second(&folders);
    let error = publish::prepare_folder(&store, &folders.places())
        .err()
        .expect("not published");
    assert!(matches!(error, publish::PublishError::Waiting { run: 1 }), "{error}");
    let error = second.commit_outputs(&mut store, &outputs).expect_err("not published");
    assert!(error.to_string().contains("run 1 is not published yet"), "{error}");
    publish::publish(&mut store, &folders.places()).expect("published");
    second.commit(&mut store, &folders).expect("committed");
}

#[test]
fn readers_see_whole_runs_only() {
    let folders = Folders::new();
    assert!(matches!(
        Store::open_read_only(&folders.state()),
        Err(StoreError::Missing { .. })
    ));
    Night::first().run(&folders, 1);
    let mut writer = folders.open().expect("store");
    let reader = Store::open_read_only(&folders.state()).expect("reader");
    Night::second(&folders)
        .commit(&mut writer, &folders)
        .expect("committed");
    assert_eq!(reader.next_run().expect("number"), 2, "the reader keeps its moment");
    let later = Store::open_read_only(&folders.state()).expect("reader");
    assert_eq!(later.next_run().expect("number"), 3);
    let mut later = later;
    later.mark_published(2).expect_err("a reader does not write");
}

#[test]
fn an_outgoing_payment_keeps_its_side() {
    let folders = Folders::new();
    Night::first().run(&folders, 1);
    let store = folders.open().expect("store");
    let found = store.find_payment("p-out").expect("found");
    assert_eq!(Side::of(found[0].known.amount.minor), Side::Debit);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let folders = Folders::new();
    Night::first().run(&folders, 1);
    let mode = |path: std::path::PathBuf| std::fs::metadata(&path).expect("metadata").permissions().mode() & 0o777;
    for folder in ["state", "out", "out/1", "out/1/inputs", "outbox"] {
        assert_eq!(mode(folders.root().join(folder)), 0o700, "{folder}");
    }
    for file in [
        "state/paymatch.sqlite",
        "state/paymatch.lock",
        "out/1/postings.csv",
        "outbox/postings-1.csv",
    ] {
        assert_eq!(mode(folders.root().join(file)), 0o600, "{file}");
    }
    assert_eq!(
        content_of(&folders.out().join("latest")),
        content_of(&folders.out().join("1"))
    );
}
