//! One night, as a story: take the lock, read, recognise, decide, judge, check, commit, publish.

use crate::model::night::StatementLine;
use crate::model::run::{InputFile, InputState, Run};
use crate::model::{Finding, FindingCode, JudgedPayment, Night, OpenItem, PaymentId, Reason, Severity, Source};
use crate::run::decide::{self, Decisions, Desk, Shown};
use crate::run::delivery::{self, StatementFile};
use crate::run::failure::Failure;
use crate::run::ledger::{self, Ledger};
use crate::run::lookup::Lookup;
use crate::run::memory::{self, StoreMemory};
use crate::run::plan::{Plan, Watch};
use crate::run::register::{self, Delivered, Registered};
use crate::run::teach::teach;
use crate::run::{assemble, chains, commit, figures, inputs, notices, publish, returned};
use crate::store::{OpenPayment, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How a night ended.
#[derive(Debug)]
pub struct Ended {
    /// Everything that it has to tell.
    pub night: Night,
    /// Where the results are; `None` for a dry run.
    pub folder: Option<PathBuf>,
    /// An earlier run that was interrupted and is complete now.
    pub recovered: Option<u64>,
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
    let folder = if plan.is_dry_run {
        None
    } else {
        watch.stage("writing", 0);
        Some(commit::commit(plan, &mut store, &evening, &night)?)
    };
    Ok(Ended {
        night: night.night,
        folder,
        recovered,
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
    /// Items, customers, knowledge.
    pub ledger: Ledger,
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

fn gather(plan: &Plan, store: &Store, watch: &dyn Watch) -> Result<Evening, Failure> {
    let settings = &plan.settings;
    watch.stage("reading", 0);
    let in_flight = store.in_flight().map_err(Failure::from)?;
    let mut ledger = ledger::read(&settings.inputs, plan.as_of, &in_flight)?;
    for lesson in store.lessons().map_err(Failure::from)? {
        teach(&mut ledger.knowledge, &lesson);
    }
    let found = inputs::find(&settings.inputs.statements)?;
    let known_since = |sha256: &str| store.file_read_in(sha256).map_err(Failure::from);
    let mut files = delivery::read(&found, settings, plan.as_of, &known_since)?;
    let open = store.open_payments().map_err(Failure::from)?;
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
    let registered = register_files(plan, store, &open, &mut files)?;
    let chains = chains::look(store, &registered, settings.statements.on_gap)?;
    let withheld = chains.withheld(&registered, &open, &settings.statements);
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
    let statements = figures::statement_lines(plan, &files);
    let is_partial = refused().next().is_some() || findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(Evening {
        number: store.next_run().map_err(Failure::from)?,
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
        let delivered = delivered(plan, files);
        own_accounts.extend(delivered.iter().map(|one| one.account.clone()));
        let memory = StoreMemory { store };
        let post_from = if settings.run.mode == crate::settings::Mode::Post {
            settings.post_from
        } else {
            None
        };
        let mut registered = register::register(&delivered, &own_accounts, post_from, &memory)?;
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
pub fn delivered<'a>(plan: &Plan, files: &'a [StatementFile]) -> Vec<Delivered<'a>> {
    let mut delivered = Vec::new();
    for file in files {
        for (reading, statement) in file.usable() {
            let message = reading.message.as_deref().unwrap_or_default();
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
                file_sha256: &file.input.sha256,
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
}

fn decide_and_judge(plan: &Plan, store: &Store, evening: &Evening, watch: &dyn Watch) -> Result<Judged, Failure> {
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
    let settled = |id: &PaymentId| memory::how_settled(store, id);
    let lookup = if evening.returned.decisions.is_empty() {
        Lookup::default()
    } else {
        Lookup::new(&evening.ledger.items, &evening.ledger.customers)
    };
    let desk = Desk {
        open: &shown,
        settled: &settled,
        replaced: &evening.registered.replaced,
        items: &evening.ledger.items,
        held_items: &evening.ledger.held_items,
        customers: &evening.ledger.customers,
        lookup: &lookup,
        as_of: plan.as_of,
    };
    let mut decisions = decide::decide(&evening.returned.decisions, &desk);
    let items = items_after(&evening.ledger.items, &decisions);
    let mut payments = assemble::in_play(plan, evening, &decisions);
    watch.stage("matching", payments.len() as u64);
    assemble::judge(plan, evening, &items, &decisions, &mut payments, &|steps| {
        watch.advance(steps)
    });
    let postings = assemble::postings(plan, evening, &lookup, &mut decisions, &mut payments)?;
    let totals = figures::totals(evening, &payments)?;
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
    let judged: Vec<JudgedPayment> = payments.into_iter().map(|payment| payment.judged).collect();
    let night = Night {
        run,
        items,
        customers: evening.ledger.customers.clone(),
        payments: judged,
        postings,
        duplicates: figures::duplicates(evening),
        findings: evening.findings.clone(),
        decision_results,
        statements: evening.statements.clone(),
        is_partial: evening.is_partial,
        has_new_refusal: evening.has_new_refusal,
        is_shadow: plan.settings.run.mode == crate::settings::Mode::Shadow,
    };
    Ok(Judged { night, decisions })
}

fn place(result: &crate::model::decision::DecisionResult) -> (u64, String) {
    match &result.source.at {
        crate::model::At::Line(line) => (*line, String::new()),
        crate::model::At::Cell { row, column } => (*row, column.clone()),
        other => (0, other.to_string()),
    }
}

/// Returns the items less what decisions used up.
fn items_after(items: &[OpenItem], decisions: &Decisions) -> Vec<OpenItem> {
    let mut items = items.to_vec();
    for decided in &decisions.decided {
        if let decide::Effect::Post { allocations, .. } = &decided.effect {
            for allocation in allocations {
                items[allocation.item as usize].open_amount -= allocation.item_reduction();
            }
        }
    }
    items
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
