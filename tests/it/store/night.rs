//! Small nights of four payments, as the room of runs would commit them.

use paymatch::model::decision::{DecisionOutcome, DecisionResult, PutOff};
use paymatch::model::knowledge::ConfirmedPayment;
use paymatch::model::run::{Class, InputFile, InputRole, InputState, Run, Totals};
use paymatch::model::{
    Amount, At, Currency, Explanation, HypothesisKind, Lesson, LessonKind, NaiveDate, Outcome, Payment, PaymentId,
    Posting, PostingLine, Probability, Reason, References, Remittance, Reversal, SetAsideRule, Source, Standing,
};
use paymatch::run::publish::{self, Places, PublishError};
use paymatch::store::{
    AnsweredDecision, Commit, Delivered, InFlight, NewPayment, NewPosting, NewState, NewStatement, OutputFile, State,
    Store, StoreError,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// State, out and outbox in a folder that goes away with the test.
pub struct Folders(tempfile::TempDir);

impl Folders {
    pub fn new() -> Folders {
        Folders(tempfile::tempdir().expect("folder"))
    }
    pub fn root(&self) -> &Path {
        self.0.path()
    }
    pub fn state(&self) -> PathBuf {
        self.root().join("state")
    }
    pub fn out(&self) -> PathBuf {
        self.root().join("out")
    }
    pub fn outbox(&self) -> PathBuf {
        self.root().join("outbox")
    }
    pub fn places(&self) -> Places<'static> {
        // Leaked paths keep the tests short.
        Places::new(
            Box::leak(self.out().into_boxed_path()),
            Box::leak(self.outbox().into_boxed_path()),
        )
    }
    pub fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.state(), &self.out(), false)
    }
}

pub fn euro() -> Currency {
    Currency::new("EUR").expect("EUR")
}

pub fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("day")
}

pub fn row(line: u64) -> Source {
    Source {
        file: "exceptions.xlsx".into(),
        at: At::Line(line),
    }
}

fn sha(letter: char) -> String {
    letter.to_string().repeat(64)
}

pub fn payment(id: &str, minor: i64) -> Payment {
    Payment {
        id: PaymentId(id.to_owned()),
        account: "DE1".into(),
        company: "".into(),
        booking_date: day(2),
        value_date: None,
        amount: Amount::new(minor, euro()),
        instructed_amount: None,
        charges: 0,
        bank_ref: format!("B-{id}").into(),
        payer_names: Vec::new(),
        payer_account: None,
        references: References::default(),
        remittance: Remittance::default(),
        additional_texts: vec!["Überweisung \u{1f4b6}".to_owned()],
        bank_code: "".into(),
        return_reason: None,
        batch_count: None,
        notified: None,
        correction: None,
        decided_customers: Vec::new(),
        standing: Standing::Receipt,
        source: Source::file("a.xml"),
    }
}

fn posting(id: &str, item: &str, minor: i64, line: &str) -> Posting {
    Posting {
        payment_id: PaymentId(id.to_owned()),
        kind: HypothesisKind::PartPayment,
        class: None,
        probability: Some(Probability(999_000)),
        decided_by: "paymatch".to_owned(),
        lines: vec![PostingLine {
            id: line.into(),
            customer_id: "C1".into(),
            item_id: Some(item.into()),
            document_number: "RE-1".into(),
            amount: minor,
            discount: 0,
            charges: 0,
            write_off: 0,
            item_amount: Amount::new(minor, euro()),
            text: String::new(),
        }],
    }
}

fn flight(item: &str, posted: i64, last_run: u64) -> InFlight {
    InFlight {
        item_id: item.into(),
        currency: euro(),
        exported_open: 10_000,
        posted,
        export_sha256: sha('b').into(),
        last_run,
    }
}

/// What a run would commit; tests twist it before.
pub struct Night {
    pub number: u64,
    pub previous_hash: String,
    pub day: NaiveDate,
    pub file: String,
    pub file_of_payments: String,
    pub sheet: String,
    pub payments: Vec<Payment>,
    pub delivered: Vec<PaymentId>,
    pub places: Vec<(PaymentId, State, Explanation)>,
    pub state_twice: bool,
    /// The first payment is said to stand where another one does.
    pub is_misplaced: bool,
    /// New payments are not in the order of all outputs.
    pub is_disordered: bool,
    pub postings: Vec<Posting>,
    pub in_flight: Vec<InFlight>,
    pub statements: Vec<NewStatement>,
    pub results: Vec<DecisionResult>,
    pub lessons: Vec<Lesson>,
    pub reversals: Vec<Reversal>,
    pub put_offs: Vec<PutOff>,
    pub totals: Totals,
}

impl Night {
    /// Four new payments: one of each state.
    pub fn first() -> Night {
        let mut night = Night::empty(1, String::new());
        let posted = Outcome::Posted;
        let proposed = Outcome::Proposed(Reason::LowConfidence);
        let open = Outcome::Exception(Reason::UnknownPayer);
        let out = Outcome::SetAside(SetAsideRule::OutgoingDebit);
        for (id, minor, outcome, class) in [
            ("p-posted", 10_000, posted, Class::Posted),
            ("p-proposed", 500, proposed, Class::Proposed),
            ("p-open", 700, open, Class::Open),
            ("p-out", -300, out, Class::SetAside),
        ] {
            night.payments.push(payment(id, minor));
            night.judge(id, outcome);
            night.total(minor, Class::Read);
            night.total(minor, class);
        }
        night.postings.push(posting("p-posted", "I-posted", 10_000, "1-1"));
        night.in_flight.push(flight("I-posted", 10_000, 1));
        night.statements.push(NewStatement {
            account: "DE1".to_owned(),
            key: "2026/7".to_owned(),
            content_hash: sha('c'),
            format: "camt".to_owned(),
            currency: Some(euro()),
            sequence: Some(7),
            year: 2026,
            from: Some(day(1)),
            period: None,
            to: Some(day(2)),
            opening: Some(-5),
            closing: Some(10_895),
            is_proved: true,
            file_sha256: night.file.clone(),
        });
        let confirmed = ConfirmedPayment {
            date: day(2),
            payer_name: "Nordwind GmbH".to_owned(),
            payer_account: String::new(),
            remittance: String::new(),
            amount: Amount::new(10_000, euro()),
            customer_id: "C1".to_owned(),
            document_numbers: vec!["RE-1".to_owned()],
            deduction: 0,
            source: Source::file("sheet"),
        };
        night.lessons.push(Lesson {
            kind: LessonKind::Confirmed,
            confirmed,
            payment_id: PaymentId("p-posted".to_owned()),
            decided_by: "Anna".to_owned(),
            approved_by: String::new(),
        });
        night
    }

    /// The same file again; a person has the open payment posted and puts off the proposed one.
    pub fn second(folders: &Folders) -> Night {
        let store = Store::open_read_only(&folders.state()).expect("store");
        let mut night = Night::empty(2, store.last_manifest_hash().expect("hash"));
        for id in ["p-posted", "p-proposed", "p-open", "p-out"] {
            night.delivered.push(PaymentId(id.to_owned()));
        }
        night.judge("p-open", Outcome::Posted);
        night.judge("p-proposed", Outcome::Proposed(Reason::LowConfidence));
        for (minor, class) in [
            (10_000, Class::Duplicate),
            (500, Class::Proposed),
            (700, Class::Posted),
            (-300, Class::SetAside),
        ] {
            night.total(minor, Class::Read);
            night.total(minor, class);
        }
        night.postings.push(posting("p-open", "I-open", 700, "2-1"));
        night.in_flight.push(flight("I-open", 700, 2));
        night.in_flight.push(flight("I-posted", 0, 1));
        night.results.push(DecisionResult {
            source: row(3),
            payment_id: "p-open".to_owned(),
            decision: "ACCEPT".to_owned(),
            target: String::new(),
            decided_by: "Anna".to_owned(),
            outcome: DecisionOutcome::Applied,
            reason: String::new(),
            posting_ids: vec!["2-1".to_owned()],
        });
        night.put_offs.push(PutOff {
            payment_id: PaymentId("p-proposed".to_owned()),
            until: Some(day(20)),
        });
        night
    }

    /// The same file again; a person takes back what was posted.
    pub fn taking_back(folders: &Folders) -> Night {
        let store = Store::open_read_only(&folders.state()).expect("store");
        let mut night = Night::empty(2, store.last_manifest_hash().expect("hash"));
        night.judge("p-posted", Outcome::Exception(Reason::TakenBack));
        for (minor, class) in [
            (10_000, Class::Open),
            (500, Class::Proposed),
            (700, Class::Open),
            (-300, Class::SetAside),
        ] {
            night.total(minor, Class::Read);
            night.total(minor, class);
        }
        night.totals.add_reversed("DE1", euro(), 10_000).expect("sum");
        let posting = posting("p-posted", "I-posted", 10_000, "1-1");
        let mut line = posting.lines[0].reversed("takes back 1-1");
        line.id = "2-1".into();
        night.reversals.push(Reversal {
            payment: std::sync::Arc::new(payment("p-posted", 10_000)),
            posting,
            run: 1,
            lines: vec![line],
            decided_by: "Anna".to_owned(),
            approved_by: "Bert".to_owned(),
            note: String::new(),
        });
        night.in_flight.push(flight("I-posted", 0, 2));
        night
    }

    fn empty(number: u64, previous_hash: String) -> Night {
        Night {
            number,
            previous_hash,
            day: day(2),
            file: sha('a'),
            file_of_payments: sha('a'),
            sheet: sha('d'),
            payments: Vec::new(),
            delivered: Vec::new(),
            places: Vec::new(),
            state_twice: false,
            is_misplaced: false,
            is_disordered: false,
            postings: Vec::new(),
            in_flight: Vec::new(),
            statements: Vec::new(),
            results: Vec::new(),
            lessons: Vec::new(),
            reversals: Vec::new(),
            put_offs: Vec::new(),
            totals: Totals::default(),
        }
    }

    pub fn judge(&mut self, id: &str, outcome: Outcome) {
        let explanation = Explanation {
            outcome,
            candidates: Vec::new(),
            none: Probability(0),
        };
        self.places
            .push((PaymentId(id.to_owned()), State::of(&outcome), explanation));
    }

    pub fn total(&mut self, minor: i64, class: Class) {
        self.totals.add("DE1", euro(), minor, class).expect("sum");
    }

    /// Posts a payment once more.
    pub fn repost(&mut self, id: &str, minor: i64) {
        self.judge(id, Outcome::Posted);
        self.postings.push(posting(id, "I-again", minor, "2-2"));
        self.in_flight.push(flight("I-again", minor, 2));
    }

    pub fn manifest(&self) -> String {
        format!(
            "{{\"run\":{},\"previous_hash\":\"{}\"}}\n",
            self.number, self.previous_hash
        )
    }

    /// Writes the outputs and returns them.
    pub fn write(&self, store: &Store, places: &Places<'_>) -> Result<Vec<OutputFile>, PublishError> {
        let draft = publish::prepare_folder(store, places)?;
        let manifest = self.manifest();
        let long = "line of a report\n".repeat(20_000);
        let outputs = [
            ("postings.csv", format!("posting_id\n{}-1\n", self.number)),
            ("report.html", long),
            ("inputs/a.xml.gz", "\u{1f}compressed".to_owned()),
            ("manifest.json", manifest),
        ]
        .map(|(name, text)| draft.write(name, |out| out.write_all(text.as_bytes())));
        let outputs = outputs.into_iter().collect::<Result<Vec<_>, _>>()?;
        draft.seal()?;
        Ok(outputs)
    }

    /// Writes the hidden folder and commits; publishes nothing.
    pub fn commit(&self, store: &mut Store, folders: &Folders) -> Result<(), StoreError> {
        let outputs = self.write(store, &folders.places()).expect("outputs");
        self.commit_outputs(store, &outputs)
    }

    pub fn commit_outputs(&self, store: &mut Store, outputs: &[OutputFile]) -> Result<(), StoreError> {
        let input = InputFile {
            role: InputRole::Statement,
            name: "inbox/a.xml".to_owned(),
            sha256: self.file.clone(),
            bytes: 10,
            records: 4,
            state: if self.number == 1 {
                InputState::Read
            } else {
                InputState::Known
            },
        };
        let run = Run {
            number: self.number,
            as_of: self.day,
            inputs: vec![input],
            settings_hash: sha('5'),
            totals: self.totals.clone(),
            previous_hash: self.previous_hash.clone(),
        };
        let mut new: Vec<&Payment> = self.payments.iter().collect();
        if !self.is_disordered {
            new.sort_by(|one, other| one.order().cmp(&other.order()));
        }
        let references: Vec<String> = new.iter().map(|payment| format!("S-{}", payment.id)).collect();
        let payments = new.iter().zip(&references).map(|(payment, reference)| NewPayment {
            payment,
            entry_key: "entry",
            ordinal: 1,
            detail: 0,
            servicer_reference: Some(reference),
            end_to_end_id: None,
            text: "text",
            statement_key: "2026/7",
            file_sha256: &self.file_of_payments,
        });
        let row_hashes: Vec<String> = self.places.iter().map(|(id, ..)| format!("row of {id}")).collect();
        let states = self
            .places
            .iter()
            .zip(&row_hashes)
            .map(|((payment_id, state, explanation), row_hash)| NewState {
                payment_id,
                new: new.iter().position(|payment| payment.id == *payment_id),
                state: *state,
                explanation,
                times_seen: self.number as u32,
                last_result: "",
                row_hash,
            });
        let mut states: Vec<NewState<'_>> = states.collect();
        if self.is_misplaced {
            states[0].new = states[1].new;
        }
        if self.state_twice {
            states.push(states[0]);
        }
        let delivered = self.delivered.iter().map(|payment_id| Delivered {
            file_sha256: &self.file,
            payment_id,
        });
        let postings = self.postings.iter().map(|posting| NewPosting {
            posting,
            new: new.iter().position(|payment| payment.id == posting.payment_id),
        });
        let results = self.results.iter().map(|result| AnsweredDecision {
            file_sha256: &self.sheet,
            result,
        });
        let outbox = outputs.iter().find(|output| output.name == "postings.csv").cloned();
        let outbox = outbox.map(|output| OutputFile {
            name: publish::delivery_name(self.number),
            ..output
        });
        store.commit(&Commit {
            run: &run,
            manifest: &self.manifest(),
            outputs,
            outbox: outbox.as_ref(),
            statements: &self.statements,
            payments: &payments.collect::<Vec<_>>(),
            notices: &[],
            joined: &[],
            delivered: &delivered.collect::<Vec<_>>(),
            states: &states,
            postings: &postings.collect::<Vec<_>>(),
            in_flight: &self.in_flight,
            results: &results.collect::<Vec<_>>(),
            lessons: &self.lessons,
            reversals: &self.reversals,
            amendments: &[],
            waiting: &[],
            waiting_ended: &[],
            put_offs: &self.put_offs,
        })
    }

    /// A whole run, as it should be.
    pub fn run(&self, folders: &Folders, number: u64) {
        let mut store = folders.open().expect("store");
        self.run_with(&mut store, folders, number);
    }

    pub fn run_with(&self, store: &mut Store, folders: &Folders, number: u64) {
        self.commit(store, folders).expect("committed");
        let published = publish::publish(store, &folders.places())
            .expect("published")
            .expect("a run");
        assert_eq!(published.run, number);
        assert!(published.is_delivery_seen && !published.is_rebuilt);
    }
}

/// Returns every file below a folder with its bytes, links with their targets.
pub fn content_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut content = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let Ok(listing) = std::fs::read_dir(&current) else {
            continue;
        };
        for entry in listing {
            let path = entry.expect("entry").path();
            let name = path.strip_prefix(folder).expect("below").to_owned();
            let kind = std::fs::symlink_metadata(&path).expect("metadata").file_type();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_symlink() {
                let target = std::fs::read_link(&path).expect("target");
                content.insert(name, target.to_string_lossy().into_owned().into_bytes());
            } else {
                content.insert(name, std::fs::read(&path).expect("file"));
            }
        }
    }
    content
}

/// Writes a line as a child process would.
pub fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}
