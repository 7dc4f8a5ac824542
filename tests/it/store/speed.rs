use super::night::{Folders, euro, payment};
use paymatch::model::matching::{AmountLevel, PayerLevel, ReferenceLevel};
use paymatch::model::run::{InputFile, InputRole, InputState, Run, Totals};
use paymatch::model::{
    Amount, Candidate, CandidateAllocation, Evidence, EvidenceClass, Explanation, HypothesisKind, Outcome, PaymentId,
    Posting, PostingLine, Probability, Reason, Signal,
};
use paymatch::store::{Commit, InFlight, NewPayment, NewPosting, NewState, State};

const PAYMENTS: usize = 100_000;

/// Returns the CPU time of this thread in milliseconds.
fn cpu() -> u64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    times
        .split(' ')
        .next()
        .and_then(|nanos| nanos.parse::<u64>().ok())
        .unwrap_or(0)
        / 1_000_000
}

fn candidate(number: usize, minor: i64) -> Candidate {
    let seen = [
        (Signal::Prior, "100000 items"),
        (Signal::NumberExact, "RE-2026-001234"),
        (Signal::AmountExact, ""),
        (Signal::AccountOfCustomer, "DE89…3000"),
        (Signal::NameEqual, "Nordwind Handels GmbH"),
        (Signal::DateUsual, "+3 d"),
    ];
    let class = EvidenceClass {
        payer: PayerLevel::Account,
        reference: ReferenceLevel::Number,
        amount: AmountLevel::Exact,
        kind: HypothesisKind::Single,
    };
    Candidate {
        kind: HypothesisKind::Single,
        customer_id: format!("C{:05}", number % 30_000).into(),
        customer_name: "Nordwind Handels GmbH".into(),
        allocations: vec![CandidateAllocation {
            item_id: format!("I-{number}").into(),
            document_number: format!("RE-2026-{number:06}").into(),
            due_date: None,
            open: Amount::new(minor, euro()),
            cash: minor,
            discount: 0,
            charges: 0,
            write_off: 0,
            item_reduction: minor,
        }],
        on_account: 0,
        evidence: seen
            .map(|(signal, detail)| Evidence {
                signal,
                weight: 612,
                detail: detail.into(),
            })
            .to_vec(),
        class,
        probability: Probability(999_812),
    }
}

fn posting(id: &PaymentId, number: usize, minor: i64) -> Posting {
    Posting {
        payment_id: id.clone(),
        kind: HypothesisKind::Single,
        class: None,
        probability: Some(Probability(999_812)),
        decided_by: "paymatch".to_owned(),
        lines: vec![PostingLine {
            id: format!("1-{number}").into(),
            customer_id: format!("C{:05}", number % 30_000).into(),
            item_id: Some(format!("I-{number}").into()),
            document_number: format!("RE-2026-{number:06}").into(),
            amount: minor,
            discount: 0,
            charges: 0,
            write_off: 0,
            item_amount: Amount::new(minor, euro()),
            text: "RE-2026-001234 paid in full".to_owned(),
        }],
    }
}

/// Measures by hand: `cargo test --release --test it speed -- --ignored --nocapture`.
#[test]
#[ignore = "measures; says nothing about right and wrong"]
fn a_hundred_thousand_payments() {
    let folders = Folders::new();
    let file = "a".repeat(64);
    let mut payments = Vec::new();
    let (mut explanations, mut postings, mut in_flight) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..PAYMENTS {
        let id = format!(
            "{:016x}{number:016x}",
            (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        );
        let minor = 10_000 + number as i64;
        let mut new = payment(&id, minor);
        new.remittance.unstructured = vec![format!("Rechnung RE-2026-{number:06} vom 02.03.2026, danke"); 2];
        new.references.end_to_end_id = Some(format!("E2E-{number}").into());
        let is_posted = number % 10 < 8;
        let outcome = if is_posted {
            Outcome::Posted
        } else {
            Outcome::Exception(Reason::AmbiguousInvoice)
        };
        let candidates = if is_posted { 2 } else { 5 };
        explanations.push(Explanation {
            outcome,
            candidates: (0..candidates).map(|other| candidate(number + other, minor)).collect(),
            none: Probability(12),
        });
        if is_posted {
            postings.push(posting(&new.id, number, minor));
            in_flight.push(InFlight {
                item_id: format!("I-{number}").into(),
                currency: euro(),
                exported_open: minor,
                posted: minor,
                export_sha256: "b".repeat(64).into(),
                last_run: 1,
            });
        }
        payments.push(new);
    }
    let run = Run {
        number: 1,
        as_of: payments[0].booking_date,
        inputs: vec![InputFile {
            role: InputRole::Statement,
            name: "a.xml".to_owned(),
            sha256: file.clone(),
            bytes: 1,
            records: PAYMENTS as u64,
            state: InputState::Read,
        }],
        settings_hash: "5".repeat(64),
        totals: Totals::default(),
        previous_hash: String::new(),
    };
    let new = payments.iter().map(|payment| NewPayment {
        payment,
        entry_key: "DE1|2026-03-02|10000|EUR|S-12345678",
        ordinal: 1,
        detail: 0,
        servicer_reference: Some("S-12345678"),
        end_to_end_id: payment.references.end_to_end_id.as_deref(),
        text: "0123456789abcdef0123456789abcdef",
        statement_key: "2026/7",
        file_sha256: &file,
    });
    let states = payments
        .iter()
        .zip(&explanations)
        .enumerate()
        .map(|(at, (payment, explanation))| NewState {
            payment_id: &payment.id,
            new: Some(at),
            state: State::of(&explanation.outcome),
            explanation,
            times_seen: 1,
            last_result: "",
            row_hash: "0123456789abcdef",
        });
    let places: std::collections::HashMap<&PaymentId, usize> = payments
        .iter()
        .enumerate()
        .map(|(at, payment)| (&payment.id, at))
        .collect();
    let postings = postings.iter().map(|posting| NewPosting {
        posting,
        new: places.get(&posting.payment_id).copied(),
    });
    let outbox = paymatch::run::publish::in_memory("postings-1.csv", b"x").expect("file");
    let mut store = folders.open().expect("store");
    let (new, states, postings): (Vec<_>, Vec<_>, Vec<_>) = (new.collect(), states.collect(), postings.collect());
    let (before, begun) = (cpu(), std::time::Instant::now());
    store
        .commit(&Commit {
            run: &run,
            manifest: "{}",
            outputs: &[],
            outbox: Some(&outbox),
            statements: &[],
            payments: &new,
            notices: &[],
            joined: &[],
            delivered: &[],
            states: &states,
            postings: &postings,
            in_flight: &in_flight,
            results: &[],
            lessons: &[],
            reversals: &[],
            amendments: &[],
            waiting: &[],
            waiting_ended: &[],
            put_offs: &[],
        })
        .expect("committed");
    println!(
        "commit: {} ms CPU, {} ms wall",
        cpu() - before,
        begun.elapsed().as_millis()
    );
    let before = cpu();
    let open = store.open_payments().expect("open");
    println!("open payments: {} in {} ms CPU", open.len(), cpu() - before);
    let before = cpu();
    let known = store.payments_of_file(&file).expect("payments");
    println!("payments of the file: {} in {} ms CPU", known.len(), cpu() - before);
    paymatch::run::publish::publish(&mut store, &folders.places()).ok();
    drop(store);
    let size = std::fs::metadata(folders.state().join("paymatch.sqlite"))
        .expect("file")
        .len();
    let before = cpu();
    drop(folders.open().expect("store"));
    println!(
        "opening {} MB with its quick check: {} ms CPU",
        size >> 20,
        cpu() - before
    );
    let before = cpu();
    let report = paymatch::run::check::check(&folders.state(), &folders.out(), &folders.outbox());
    println!("check: {} ms CPU, {} findings", cpu() - before, report.findings.len());
}
