//! The reviewer's morning: decide in the sheet, save, and the next run carries it out and answers.

mod back;
mod every;
mod eyes;
mod office;
mod others;
mod returned;
mod week;

use crate::program::{demo, expect_code, program, rows};
use std::collections::BTreeMap;
use std::path::Path;

type Row = BTreeMap<String, String>;

/// Writes a sheet as people save it: some columns, other order.
fn save(folder: &Path, name: &str, decided: &[(&Row, &str, &str, &str)]) {
    let path = folder.join("decisions").join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let mut writer = csv::Writer::from_path(path).expect("a sheet");
    writer
        .write_record([
            "payment_id",
            "amount",
            "decision",
            "target",
            "note",
            "row_hash",
            "decided_by",
        ])
        .expect("a header");
    for (row, decision, target, note) in decided {
        let cells = [
            row["payment_id"].as_str(),
            &row["amount"],
            decision,
            target,
            note,
            &row["row_hash"],
            "reviewer",
        ];
        writer.write_record(cells).expect("a row");
    }
    writer.flush().expect("a sheet");
}

fn answers(out: &Path) -> BTreeMap<String, Row> {
    rows(&out.join("decisions_result.csv"))
        .into_iter()
        .map(|row| (row["payment_id"].clone(), row))
        .collect()
}

#[test]
fn decisions_are_carried_out_once_and_each_is_answered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    expect_code(&mut demo(folder.path()), 0);
    let exceptions = rows(&folder.path().join("out/1/exceptions.csv"));
    let proposed: Vec<&Row> = exceptions.iter().filter(|row| row["status"] == "proposed").collect();
    let open: Vec<&Row> = exceptions
        .iter()
        .filter(|row| row["status"] == "open" && !row["amount"].starts_with('-'))
        .collect();
    assert!(
        proposed.len() >= 2 && open.len() >= 6,
        "{} proposed, {} open",
        proposed.len(),
        open.len()
    );
    let customers = rows(&crate::program::root().join("fixtures/demo/customers.csv"));
    let customer = &customers[0]["customer_id"];
    save(
        folder.path(),
        "morning.csv",
        &[
            (proposed[0], "ACCEPT", "", ""),
            (open[0], "on_account", customer, ""),
            (open[1], "NOT_RECEIVABLE", "", "tax refund"),
            (open[2], "稍后", "2026-03-20", ""),
            (open[3], "DONE", "4711", ""),
            (open[4], "IGNORE", "", ""),
            (open[5], "APPLY", "no such number", ""),
        ],
    );
    expect_code(demo(folder.path()).args(["--as-of", "2026-03-10"]), 0);
    let out = folder.path().join("out/2");
    let answers_of_second = answers(&out);
    let outcome = |row: &Row| answers_of_second[&row["payment_id"]]["outcome"].clone();
    assert_eq!(outcome(proposed[0]), "APPLIED");
    assert_eq!(outcome(open[0]), "APPLIED");
    assert_eq!(outcome(open[1]), "APPLIED");
    assert_eq!(outcome(open[2]), "APPLIED");
    assert_eq!(outcome(open[3]), "APPLIED");
    assert_eq!(outcome(open[4]), "REJECTED", "IGNORE needs a note");
    assert_eq!(outcome(open[5]), "REJECTED", "nobody knows the document");
    let posted = rows(&out.join("postings.csv"));
    let ids: std::collections::BTreeSet<&String> = posted.iter().map(|row| &row["payment_id"]).collect();
    assert_eq!(
        ids,
        [&proposed[0]["payment_id"], &open[0]["payment_id"]]
            .into_iter()
            .collect()
    );
    for row in &posted {
        assert_eq!(row["decided_by"], "reviewer");
        assert!(answers_of_second[&row["payment_id"]]["posting_ids"].contains(&row["posting_id"]));
    }
    let set_aside: BTreeMap<String, String> = rows(&out.join("set_aside.csv"))
        .into_iter()
        .filter(|row| row["rule"] == "NOT_RECEIVABLE" || row["rule"] == "DONE")
        .map(|row| (row["payment_id"].clone(), row["rule"].clone()))
        .collect();
    assert_eq!(set_aside[&open[1]["payment_id"]], "NOT_RECEIVABLE");
    assert_eq!(set_aside[&open[3]["payment_id"]], "DONE");
    // The same file again is not answered again, and posts nothing.
    expect_code(demo(folder.path()).args(["--as-of", "2026-03-11"]), 0);
    assert_eq!(answers(&folder.path().join("out/3")).len(), 0);
    assert_eq!(rows(&folder.path().join("out/3/postings.csv")).len(), 0);
    expect_code(
        program()
            .arg("check")
            .arg("--state")
            .arg(folder.path().join("state"))
            .arg("--out")
            .arg(folder.path().join("out")),
        0,
    );
}

#[test]
fn disagreeing_files_and_stale_rows_post_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    expect_code(&mut demo(folder.path()), 0);
    let exceptions = rows(&folder.path().join("out/1/exceptions.csv"));
    let proposed: Vec<&Row> = exceptions.iter().filter(|row| row["status"] == "proposed").collect();
    let mut stale = proposed[1].clone();
    stale.insert("row_hash".into(), "0123456789abcdef".into());
    save(
        folder.path(),
        "anna/sheet.csv",
        &[(proposed[0], "ACCEPT", "", ""), (&stale, "ACCEPT", "", "")],
    );
    save(
        folder.path(),
        "bert/sheet.csv",
        &[(proposed[0], "NOT_RECEIVABLE", "", "")],
    );
    expect_code(&mut demo(folder.path()), 0);
    let out = folder.path().join("out/2");
    let told = rows(&out.join("decisions_result.csv"));
    let outcomes: Vec<(&str, &str)> = told
        .iter()
        .map(|row| (row["payment_id"].as_str(), row["outcome"].as_str()))
        .collect();
    assert_eq!(
        outcomes.iter().filter(|(_, outcome)| *outcome == "CONFLICT").count(),
        2,
        "{outcomes:?}"
    );
    assert!(
        outcomes.contains(&(proposed[1]["payment_id"].as_str(), "STALE")),
        "{outcomes:?}"
    );
    assert_eq!(rows(&out.join("postings.csv")).len(), 0);
}

/// An item that is held because its open amount grew since the last posting is refused, whether it is named or accepted.
#[test]
fn held_items_are_posted_by_no_decision() {
    use crate::world::{amount, day, item, payment, shipped};
    use paymatch::model::decision::{Action, Decision, DecisionOutcome, Target};
    use paymatch::model::{PaymentId, Source};
    use paymatch::run::decide::{Desk, Shown, decide};
    use paymatch::run::lookup::Lookup;
    let mut world = crate::world::World::default();
    world
        .items
        .push(item("I1", "C1", "Nordwind GmbH", "RE-1001", amount("100.00")));
    world.payments.push(payment(
        "P1",
        amount("100.00"),
        "Nordwind GmbH",
        "RE-1001",
        day("2026-03-02"),
    ));
    let explanations = world.explain(&shipped());
    let shown = Shown {
        payment: &world.payments[0],
        explanation: &explanations[0],
        row_hash: "",
    };
    let open = BTreeMap::from([(PaymentId("P1".to_owned()), shown)]);
    let lookup = Lookup::new(&world.items, &[]);
    let approval = paymatch::settings::Approval {
        always: Vec::new(),
        write_off_max: 0,
        charges_max: 0,
        discount_max: 0,
        ignore_max: 0,
        payment_max: 0,
        releases: BTreeMap::new(),
    };
    for (held, action, target, expected) in [
        (true, Action::Accept, None, DecisionOutcome::Rejected),
        (true, Action::Apply, Some("RE-1001"), DecisionOutcome::Rejected),
        (false, Action::Accept, None, DecisionOutcome::Applied),
        (false, Action::Apply, Some("RE-1001"), DecisionOutcome::Applied),
    ] {
        let desk = Desk {
            open: &open,
            run: 2,
            stored: &|_| None,
            waiting: &[],
            approval: &approval,
            grace_days: 3,
            replaced: &Default::default(),
            items: &world.items,
            held_items: &held.then(|| "I1".to_owned()).into_iter().collect(),
            customers: &[],
            lookup: &lookup,
            words: paymatch::words::Words::english(),
            as_of: day("2026-03-03"),
        };
        let decision = Decision {
            payment_id: PaymentId("P1".to_owned()),
            action,
            targets: target
                .into_iter()
                .map(|text| Target {
                    text: text.to_owned(),
                    amount: None,
                })
                .collect(),
            currency: None,
            decided_by: "Reviewer".to_owned(),
            folder: String::new(),
            note: String::new(),
            row_hash: String::new(),
            seen_run: None,
            seen: String::new(),
            typed: String::new(),
            source: Source::file("decisions.csv"),
        };
        let decided = decide(&[decision], &desk);
        assert_eq!(
            decided.results[0].outcome, expected,
            "held: {held}, {action:?}: {}",
            decided.results[0].reason
        );
        assert_eq!(decided.decided.len(), usize::from(!held), "held: {held}, {action:?}");
    }
}
