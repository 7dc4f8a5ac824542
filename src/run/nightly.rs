//! One night, as a story: take the lock, read, recognise, decide, judge, check, commit, publish.

use crate::model::night::{SettledPayment, StatementLine};
use crate::model::run::{InputFile, InputState, Run};
use crate::model::{
    Amendment, Finding, FindingCode, JudgedPayment, Night, PaymentId, Reason, Severity, Source, Waiting,
};
use crate::report::overview::Overview;
use crate::run::decide::{self, Decisions, Desk, Shown};
use crate::run::delivery::{self, StatementFile};
use crate::run::failure::Failure;
use crate::run::ledger::{self, Ledger};
use crate::run::lookup::Lookup;
use crate::run::memory::{self, StoreMemory};
use crate::run::plan::{Plan, Watch};
use crate::run::register::{self, Delivered, Registered};
use crate::run::{
    assemble, booked, chains, claims, commit, figures, in_flight, inputs, known, notices, publish, reminders, returned,
};
use crate::store::{OpenPayment, Store, StoredLesson};
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How a night ended.
pub struct Ended {
    /// Everything that it has to tell.
    pub night: Night,
    /// Its figures.
    pub overview: Overview,
    /// Where the results are; `None` for a dry run.
    pub folder: Option<PathBuf>,
    /// An earlier run that was interrupted and is complete now.
    pub recovered: Option<u64>,
    /// What was read: a program that ends leaves it to the system as a whole.
    pub evening: Evening,
}

/// Runs one night. Publishes everything or nothing.
pub fn run(plan: &Plan, watch: &dyn Watch) -> Result<Ended, Failure> {
    let outputs = &plan.settings.outputs;
    let open = if plan.is_dry_run {
        Store::open_to_try
    } else {
        Store::open
    };
    let mut store = open(&outputs.state, &outputs.out, plan.is_new_store).map_err(Failure::from)?;
    let places = publish::Places::new(&outputs.out, &outputs.outbox);
    let recovered = if plan.is_dry_run {
        None
    } else {
        publish::recover(&mut store, &places)?.map(|published| published.run)
    };
    let evening = gather(plan, &store, watch)?;
    let night = decide_and_judge(plan, &store, &evening, watch)?;
    figures::self_check(&night.night, &evening.ledger)?;
    let overview = Overview::of(&night.night);
    let folder = if plan.is_dry_run {
        None
    } else {
        watch.stage("writing", 0);
        Some(commit::commit(plan, &mut store, &evening, &night, &overview)?)
    };
    Ok(Ended {
        night: night.night,
        overview,
        folder,
        recovered,
        evening,
    })
}

/// Everything that was read, before anything is decided.
pub struct Evening {
    /// Number of this run.
    pub number: u64,
    /// Manifest hash of the run before.
    pub previous_hash: String,
    /// Lines of the report, one for each statement.
    pub statements: Vec<StatementLine>,
    /// Items, customers, what the history teaches.
    pub ledger: Ledger,
    /// What people taught in earlier runs.
    pub lessons: Vec<StoredLesson>,
    /// Decisions of earlier runs that wait for a second person.
    pub waiting: Vec<Waiting>,
    /// New payments and duplicates.
    pub registered: Registered,
    /// Payments that no machine may post tonight, and why.
    pub withheld: BTreeMap<PaymentId, Reason>,
    /// What earlier runs left open.
    pub open: Vec<OpenPayment>,
    /// Payments of files that were read before.
    pub known: Vec<memory::KnownFile>,
    /// Returned sheets.
    pub returned: returned::Returned,
    /// Findings on all inputs, in the order of the files.
    pub findings: Vec<Finding>,
    /// All inputs.
    pub inputs: Vec<InputFile>,
    /// An input was refused or held for the first time.
    pub has_new_refusal: bool,
    /// An input is refused or held.
    pub is_partial: bool,
}

impl Evening {
    /// Returns what waits for a second person after this run, by payment.
    pub fn waiting_after(&self, decisions: &Decisions) -> Vec<Waiting> {
        let ended: BTreeSet<i64> = decisions.waiting_ended.iter().map(|(number, _)| *number).collect();
        let still = self.waiting.iter().filter(|waiting| !ended.contains(&waiting.number));
        let mut waiting: Vec<Waiting> = still.chain(&decisions.waiting).cloned().collect();
        waiting.sort_by(|a, b| a.decision.payment_id.cmp(&b.decision.payment_id));
        waiting
    }
}

fn gather(plan: &Plan, store: &Store, watch: &dyn Watch) -> Result<Evening, Failure> {
    let settings = &plan.settings;
    watch.stage("reading", 0);
    let in_flight = store.in_flight().map_err(Failure::from)?;
    let words = Words::of(settings.language);
    let reopened = store.reopened_items()?;
    let mut ledger = ledger::read(words, &settings.inputs, plan.as_of, &in_flight, &reopened)?;
    ledger.read_claims(&settings.claims);
    in_flight::look(words, &mut ledger, store, &in_flight, &settings.in_flight, plan.as_of)?;
    known::approve(&mut ledger.knowledge, store)?;
    let found = inputs::find(&settings.inputs.statements)?;
    let known_since = |sha256: &str| store.file_read_in(sha256).map_err(Failure::from);
    let mut files = delivery::read(&found, settings, plan.as_of, &known_since)?;
    let mut open = store.open_payments().map_err(Failure::from)?;
    amend(&mut open, &store.amendments()?);
    let returned = returned::read(settings.inputs.decisions.as_deref(), store, &open)?;
    if files.is_empty() && open.is_empty() && returned.files.is_empty() {
        let places: Vec<String> = settings
            .inputs
            .statements
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(Failure::NoInput(format!(
            "error[INPUT]: there is no statement in {}\nhelp: put the bank's files there, or name others with --statements",
            if places.is_empty() {
                "the settings".to_owned()
            } else {
                places.join(", ")
            }
        )));
    }
    let statements = figures::statement_lines(plan, &files);
    let registered = register_files(plan, store, &open, &mut files)?;
    let chains = chains::look(store, &registered, settings.statements.on_gap)?;
    let mut withheld = chains.withheld(&registered, &open, &settings.statements);
    let taken_back = open.iter().filter(|open| open.is_taken_back);
    withheld.extend(taken_back.map(|open| (open.payment.id.clone(), Reason::TakenBack)));
    let known = memory::known_files(store, &files)?;
    let mut findings = delivery::findings(&files);
    findings.extend(registered.findings.iter().cloned());
    findings.extend(chains.findings);
    findings.extend(ledger.findings.iter().cloned());
    findings.extend(returned.findings.iter().cloned());
    findings.extend(waiting(&settings.outputs.outbox));
    let mut all_inputs: Vec<InputFile> = files.iter().map(|file| file.input.clone()).collect();
    all_inputs.extend(ledger.inputs.iter().cloned());
    all_inputs.extend(returned.files.iter().map(|file| file.input.clone()));
    let refused = || {
        all_inputs
            .iter()
            .filter(|input| matches!(input.state, InputState::Refused | InputState::Held))
    };
    let mut has_new_refusal = false;
    for input in refused() {
        has_new_refusal |= !store.file_refused_before(&input.sha256).map_err(Failure::from)?;
    }
    let is_partial = refused().next().is_some() || findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(Evening {
        number: store.next_run().map_err(Failure::from)?,
        lessons: known::lessons_left(store)?,
        waiting: store.waiting()?,
        previous_hash: store.last_manifest_hash().map_err(Failure::from)?,
        statements,
        ledger,
        registered,
        withheld,
        open,
        known,
        returned,
        findings,
        inputs: all_inputs,
        has_new_refusal,
        is_partial,
    })
}

fn register_files(
    plan: &Plan,
    store: &Store,
    open: &[OpenPayment],
    files: &mut [StatementFile],
) -> Result<Registered, Failure> {
    let settings = &plan.settings;
    let mut own_accounts: BTreeSet<String> = settings.accounts.keys().cloned().collect();
    let registered = {
        let mut delivered = delivered(plan, files);
        own_accounts.extend(delivered.iter().map(|one| one.account.clone()));
        let memory = StoreMemory { store };
        let post_from = if settings.run.mode == crate::settings::Mode::Post {
            settings.post_from
        } else {
            None
        };
        let mut registered = register::register(&mut delivered, &own_accounts, post_from, &memory)?;
        let asking = notices::Asking {
            store,
            open,
            own_accounts: &own_accounts,
            post_from,
        };
        notices::join(&delivered, &asking, &mut registered)?;
        registered
    };
    for file in files
        .iter_mut()
        .filter(|file| registered.refused_files.contains(&file.input.sha256))
    {
        file.input.state = InputState::Refused;
    }
    Ok(registered)
}

/// Returns the usable statements with their accounts.
fn delivered<'a>(plan: &Plan, files: &'a mut [StatementFile]) -> Vec<Delivered<'a>> {
    let mut delivered = Vec::new();
    for file in files {
        let (file_sha256, readings) = file.usable();
        for (message, statement) in readings {
            let account = memory::account_of(statement, message, &plan.settings);
            let company = plan
                .settings
                .accounts
                .get(&account)
                .map(|own| own.company.clone())
                .unwrap_or_default();
            let format = if message.starts_with("camt") {
                "camt".to_owned()
            } else {
                message.to_owned()
            };
            delivered.push(Delivered {
                statement,
                account,
                company,
                format,
                file_sha256,
            });
        }
    }
    delivered
}

/// What the night decided, with what only the record needs.
pub struct Judged {
    /// Everything that is told.
    pub night: Night,
    /// Decisions carried out.
    pub decisions: Decisions,
    /// Position of each payment of the night among those that it registered, where it is one of them.
    pub new: Vec<Option<usize>>,
}

fn decide_and_judge(plan: &Plan, store: &Store, evening: &Evening, watch: &dyn Watch) -> Result<Judged, Failure> {
    let has_decisions = !evening.returned.decisions.is_empty() || !evening.waiting.is_empty();
    let lookup = if has_decisions {
        Lookup::new(&evening.ledger.items, &evening.ledger.customers)
    } else {
        Lookup::default()
    };
    let mut decisions = decide_all(plan, store, evening, &lookup);
    let mut before = assemble::Before::new(evening, &decisions);
    let mut payments = assemble::in_play(plan, evening, &before, &decisions);
    watch.stage("matching", payments.len() as u64);
    assemble::judge(plan, evening, &mut before, &decisions, &mut payments, &|steps| {
        watch.advance(steps)
    });
    let booked = booked::postings(plan, evening, &lookup, &mut decisions, &mut payments)?;
    let totals = figures::totals(evening, &payments, &decisions.undone)?;
    let run = Run {
        number: evening.number,
        as_of: plan.as_of,
        inputs: evening.inputs.clone(),
        settings_hash: inputs::sha256(plan.settings.canonical.as_bytes()),
        totals,
        previous_hash: evening.previous_hash.clone(),
    };
    let mut decision_results = evening.returned.results.clone();
    decision_results.extend(decisions.results.iter().cloned());
    decision_results.sort_by(|a, b| (&a.source.file, place(a)).cmp(&(&b.source.file, place(b))));
    let new: Vec<Option<usize>> = payments.iter().map(|payment| payment.new).collect();
    let judged: Vec<JudgedPayment> = payments.into_iter().map(|payment| payment.judged).collect();
    show_rows(&mut decisions, &judged);
    let mut night = Night {
        run,
        items: before.items,
        customers: evening.ledger.customers.clone(),
        payments: judged,
        postings: booked.postings,
        reversals: booked.reversals,
        waiting: evening.waiting_after(&decisions),
        settled: BTreeMap::new(),
        duplicates: figures::duplicates(evening, &decisions.undone),
        findings: evening.findings.clone(),
        decision_results,
        statements: evening.statements.clone(),
        is_partial: evening.is_partial,
        has_new_refusal: evening.has_new_refusal,
        is_shadow: plan.settings.run.mode == crate::settings::Mode::Shadow,
        language: plan.settings.language,
        escalated: Vec::new(),
        claims: None,
    };
    night.settled = settled(&night, store)?;
    night.escalated = reminders::escalated(&night, &plan.settings.reminders);
    if evening.ledger.has_claims {
        let claims = &evening.ledger.knowledge.claims;
        night.claims = Some(claims::compare(
            claims,
            &night,
            store,
            plan.settings.claims.overdue_days,
        )?);
    }
    Ok(Judged { night, decisions, new })
}

/// Carries out what people decided.
fn decide_all(plan: &Plan, store: &Store, evening: &Evening, lookup: &Lookup<'_>) -> Decisions {
    let shown: BTreeMap<PaymentId, Shown<'_>> = evening
        .open
        .iter()
        .filter(|open| !evening.registered.replaced.contains(&open.payment.id))
        .map(|open| {
            let shown = Shown {
                payment: &open.payment,
                explanation: &open.explanation,
                row_hash: &open.row_hash,
            };
            (open.payment.id.clone(), shown)
        })
        .collect();
    let stored = |id: &PaymentId| {
        let found = store.find_payment(&id.0).ok()?;
        found.into_iter().find(|stored| stored.known.id == *id)
    };
    let desk = Desk {
        run: evening.number,
        open: &shown,
        stored: &stored,
        replaced: &evening.registered.replaced,
        waiting: &evening.waiting,
        items: &evening.ledger.items,
        held_items: &evening.ledger.held_items,
        customers: &evening.ledger.customers,
        lookup,
        approval: &plan.settings.approval,
        grace_days: plan.settings.matching.limits.discount_grace_days,
        as_of: plan.as_of,
        words: Words::of(plan.settings.language),
    };
    decide::decide(&evening.returned.decisions, &desk)
}

/// Returns what earlier runs made of the payments that decisions of this run speak of, and that it did not judge.
fn settled(night: &Night, store: &Store) -> Result<BTreeMap<String, SettledPayment>, Failure> {
    let answered = night.decision_results.iter().map(|result| result.payment_id.as_str());
    let waiting = night
        .waiting
        .iter()
        .map(|waiting| waiting.decision.payment_id.0.as_str());
    let mut asked: BTreeSet<&str> = answered.chain(waiting).collect();
    for judged in &night.payments {
        asked.remove(judged.payment.id.0.as_str());
    }
    let mut settled = BTreeMap::new();
    for id in asked {
        let stored = store.find_payment(id)?;
        let Some(stored) = stored.into_iter().find(|stored| stored.known.id.0 == id) else {
            continue;
        };
        let mut postings = stored
            .postings
            .into_iter()
            .filter(|posting| posting.revoked_in.is_none());
        let posting = postings.next().map(|posting| posting.posting);
        if let Some(payment) = stored.payment {
            settled.insert(id.to_owned(), SettledPayment { payment, posting });
        }
    }
    Ok(settled)
}

/// A decision that begins to wait is bound to the row that the second person is shown tonight.
fn show_rows(decisions: &mut Decisions, judged: &[JudgedPayment]) {
    for waiting in &mut decisions.waiting {
        let shown = judged
            .iter()
            .find(|judged| judged.payment.id == waiting.decision.payment_id);
        if let Some(judged) = shown.filter(|judged| judged.is_exception()) {
            waiting.row_hash = crate::review::sheet::row_hash(&judged.payment, &judged.explanation);
        }
    }
}

/// Puts what people said in earlier runs in the place of what the bank delivered.
fn amend(open: &mut [OpenPayment], amendments: &[Amendment]) {
    let mut positions: BTreeMap<PaymentId, usize> = BTreeMap::new();
    if !amendments.is_empty() {
        positions.extend(open.iter().enumerate().map(|(at, open)| (open.payment.id.clone(), at)));
    }
    for amendment in amendments {
        if let Some(at) = positions.get(&amendment.payment_id) {
            std::sync::Arc::make_mut(&mut open[*at].payment).amend(amendment);
        }
    }
}

fn place(result: &crate::model::decision::DecisionResult) -> (u64, String) {
    match &result.source.at {
        crate::model::At::Line(line) => (*line, String::new()),
        crate::model::At::Cell { row, column } => (*row, column.clone()),
        other => (0, other.to_string()),
    }
}

/// Returns a warning for each posting file that the ERP has not picked up.
fn waiting(outbox: &Path) -> Vec<Finding> {
    let Ok(listed) = std::fs::read_dir(outbox) else {
        return Vec::new();
    };
    let names = listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut runs: Vec<u64> = names
        .filter_map(|name| name.strip_prefix("postings-")?.strip_suffix(".csv")?.parse().ok())
        .collect();
    runs.sort_unstable();
    let finding = |run: u64| {
        let source = Source::file(&publish::delivery_name(run));
        Finding::warning(FindingCode::OutboxWaiting, source, vec![run.to_string()])
    };
    runs.into_iter().map(finding).collect()
}
