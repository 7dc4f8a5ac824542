//! Outputs rendered, read again and compared; then the commit point; then published.

use crate::model::{Currency, Explanation, JudgedPayment, Night, Outcome, PaymentId, Probability, SetAsideRule};
use crate::report::overview::Overview;
use crate::run::failure::Failure;
use crate::run::in_flight;
use crate::run::nightly::{Evening, Judged};
use crate::run::plan::Plan;
use crate::run::publish::{self, Draft, Places};
use crate::run::verify;
use crate::store::{
    AnsweredDecision, Commit, Delivered, InFlight, NewNotice, NewPayment, NewPosting, NewState, NewStatement,
    OutputFile, State, Store,
};
use crate::{post, report, review};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Name of the file that lists all others; its hash is the link to the next run.
const MANIFEST: &str = "manifest.json";

type Renderer<'a> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + Send + Sync + 'a>;

/// Writes, checks, commits and publishes the night; returns its folder.
pub fn commit(
    plan: &Plan,
    store: &mut Store,
    evening: &Evening,
    judged: &Judged,
    overview: &Overview,
) -> Result<PathBuf, Failure> {
    let places = Places::new(&plan.settings.outputs.out, &plan.settings.outputs.outbox);
    let night = &judged.night;
    let draft = publish::prepare_folder(store, &places)?;
    let mut outputs = render(&draft, night, overview, plan.settings.claims.sheets)?;
    let manifest = manifest(night, &outputs)?;
    outputs.push(draft.write(MANIFEST, |out| out.write_all(manifest.as_bytes()))?);
    draft.seal()?;
    let written = verify::totals_of_files(draft.folder()).map_err(self_check)?;
    verify::compare(&written, &night.run.totals).map_err(self_check)?;
    let outbox = delivery(night, &outputs);
    store_night(store, evening, judged, &outputs, &manifest, outbox.as_ref())?;
    let published = publish::publish(store, &places)?;
    published
        .map(|published| published.folder)
        .ok_or_else(|| Failure::SelfCheck("the run was committed, but nothing waits to be published".to_owned()))
}

fn self_check(error: verify::VerifyError) -> Failure {
    Failure::SelfCheck(format!("what was written does not tie with what was decided: {error}"))
}

/// Renders all files; they are independent, so they are written in parallel.
fn render(
    draft: &Draft<'_>,
    night: &Night,
    overview: &Overview,
    has_claim_sheets: bool,
) -> Result<Vec<OutputFile>, Failure> {
    use rayon::prelude::*;
    let rows = review::sheet::rows(night);
    let rows = &rows;
    let mut files: Vec<(&str, Renderer<'_>)> = vec![
        (
            "exceptions.xlsx",
            Box::new(move |out| {
                let bytes = review::workbook::write(night, rows, draft.folder())?;
                out.write_all(&bytes)
            }),
        ),
        ("postings.csv", Box::new(move |out| post::postings::write(night, out))),
        ("exceptions.csv", Box::new(move |out| review::csv::write(rows, out))),
        (
            "candidates.csv",
            Box::new(move |out| review::candidates::write(night, rows, out)),
        ),
        (
            "set_aside.csv",
            Box::new(move |out| report::set_aside::write(night, out)),
        ),
        (
            "duplicates.csv",
            Box::new(move |out| report::duplicates::write(night, out)),
        ),
        ("findings.csv", Box::new(move |out| report::findings::write(night, out))),
        (
            "decisions_result.csv",
            Box::new(move |out| review::results::write(night, out)),
        ),
        (
            "summary.json",
            Box::new(move |out| report::summary::write(night, overview, out)),
        ),
        (
            "report.html",
            Box::new(move |out| report::html::write(night, overview, out)),
        ),
    ];
    if let Some(claims) = &night.claims {
        files.push(("claims.csv", Box::new(move |out| review::claims::write(claims, out))));
        if has_claim_sheets {
            let workbook = move |out: &mut dyn Write| {
                let bytes = review::workbook::claims::write(night, claims).map_err(io::Error::other)?;
                out.write_all(&bytes)
            };
            files.push(("claims.xlsx", Box::new(workbook)));
        }
    }
    let written: Vec<Result<OutputFile, publish::PublishError>> = files
        .par_iter()
        .map(|(name, render)| draft.write(name, |out| render(out)))
        .collect();
    let mut outputs = Vec::with_capacity(written.len() + 1);
    for file in written {
        outputs.push(file?);
    }
    Ok(outputs)
}

/// The manifest: the run, and the hash of every other file.
fn manifest(night: &Night, outputs: &[OutputFile]) -> Result<String, Failure> {
    let mut files: Vec<&OutputFile> = outputs.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let files: Vec<serde_json::Value> = files
        .iter()
        .map(|file| serde_json::json!({ "name": file.name, "sha256": file.sha256, "bytes": file.bytes }))
        .collect();
    let manifest = serde_json::json!({
        "format": 1,
        "program": concat!("paymatch ", env!("CARGO_PKG_VERSION")),
        "partial": night.is_partial,
        "shadow": night.is_shadow,
        "run": night.run,
        "outputs": files,
    });
    let mut text = serde_json::to_string_pretty(&manifest).map_err(|error| Failure::SelfCheck(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// The file for the ERP: `postings.csv` under the name of the run, where the run posts.
fn delivery(night: &Night, outputs: &[OutputFile]) -> Option<OutputFile> {
    if night.postings.is_empty() && night.reversals.is_empty() {
        return None;
    }
    let postings = outputs.iter().find(|output| output.name == "postings.csv")?;
    Some(OutputFile {
        name: publish::delivery_name(night.run.number),
        ..postings.clone()
    })
}

fn store_night(
    store: &mut Store,
    evening: &Evening,
    judged: &Judged,
    outputs: &[OutputFile],
    manifest: &str,
    outbox: Option<&OutputFile>,
) -> Result<(), Failure> {
    let night = &judged.night;
    // New payments in the order of the night: the record has them in that order, too.
    let registered = new_payments(evening);
    let mut payments: Vec<NewPayment<'_>> = Vec::with_capacity(registered.len());
    let mut placed: Vec<(Option<usize>, &JudgedPayment)> = Vec::with_capacity(registered.len());
    let mut earlier: FxHashMap<&PaymentId, &JudgedPayment> = FxHashMap::default();
    let mut of_posting: Vec<Option<Option<usize>>> = vec![None; night.postings.len()];
    for (payment, at) in night.payments.iter().zip(&judged.new) {
        let new = at.and_then(|at| registered.get(at)).map(|new| {
            payments.push(*new);
            payments.len() - 1
        });
        match new {
            Some(_) => placed.push((new, payment)),
            None => _ = earlier.insert(&payment.payment.id, payment),
        }
        if let Some(place) = payment.posting.and_then(|at| of_posting.get_mut(at)) {
            *place = Some(new);
        }
    }
    if payments.len() != registered.len() {
        let (told, read) = (payments.len(), registered.len());
        return Err(Failure::SelfCheck(format!(
            "{read} payments are new, and the night tells of {told}"
        )));
    }
    let known: Vec<(String, PaymentId)> = evening
        .registered
        .duplicates
        .iter()
        .filter(|duplicate| !duplicate.entry.payment_id.is_empty())
        .map(|duplicate| {
            (
                duplicate.file_sha256.clone(),
                PaymentId(duplicate.entry.payment_id.clone()),
            )
        })
        .collect();
    let delivered: Vec<Delivered<'_>> = known
        .iter()
        .map(|(file_sha256, payment_id)| Delivered {
            file_sha256,
            payment_id,
        })
        .collect();
    let ids = evening.open.iter().map(|open| &open.payment.id);
    let ids = ids.chain(judged.decisions.undone.iter().map(|undone| &undone.payment.id));
    placed.extend(ids.filter_map(|id| Some((None, *earlier.get(id)?))));
    let hash = |judged: &JudgedPayment| review::sheet::row_hash(&judged.payment, &judged.explanation);
    let hashes: Vec<String> = placed
        .iter()
        .map(|(_, judged)| {
            if judged.is_exception() {
                hash(judged)
            } else {
                String::new()
            }
        })
        .collect();
    let mut states: Vec<NewState<'_>> = placed
        .iter()
        .zip(&hashes)
        .map(|((new, judged), row_hash)| NewState {
            payment_id: &judged.payment.id,
            new: *new,
            state: State::of(&judged.explanation.outcome),
            explanation: &judged.explanation,
            times_seen: judged.times_seen,
            last_result: &judged.last_result,
            row_hash,
        })
        .collect();
    let detailed = Explanation {
        outcome: Outcome::SetAside(SetAsideRule::Detailed),
        candidates: Vec::new(),
        none: Probability::ONE,
    };
    let replaced = evening.open.iter();
    let replaced = replaced.filter(|open| evening.registered.replaced.contains(&open.payment.id));
    states.extend(replaced.map(|open| NewState {
        payment_id: &open.payment.id,
        new: None,
        state: State::of(&detailed.outcome),
        explanation: &detailed,
        times_seen: open.times_seen,
        last_result: &open.last_result,
        row_hash: "",
    }));
    let postings: Vec<NewPosting<'_>> = night
        .postings
        .iter()
        .zip(of_posting)
        .filter_map(|(posting, new)| Some(NewPosting { posting, new: new? }))
        .collect();
    let results: Vec<AnsweredDecision<'_>> = night
        .decision_results
        .iter()
        .map(|result| AnsweredDecision {
            file_sha256: evening.returned.sha256_of(&result.source.file),
            result,
        })
        .collect();
    let notices = evening.registered.notices.iter();
    let notices: Vec<NewNotice<'_>> = notices
        .map(|notice| NewNotice {
            key: &notice.key,
            account: &notice.account,
            booking_date: notice.booking_date,
            entry: &notice.entry,
        })
        .collect();
    store
        .commit(&Commit {
            run: &night.run,
            manifest,
            outputs,
            outbox,
            statements: &new_statements(evening),
            payments: &payments,
            notices: &notices,
            joined: &evening.registered.joined,
            delivered: &delivered,
            states: &states,
            postings: &postings,
            in_flight: &flying_after(evening, night),
            results: &results,
            lessons: &judged.decisions.lessons,
            reversals: &night.reversals,
            amendments: &judged.decisions.amendments,
            waiting: &judged.decisions.waiting,
            waiting_ended: &judged.decisions.waiting_ended,
            put_offs: &judged.decisions.put_off,
        })
        .map_err(Failure::from)
}

fn new_payments(evening: &Evening) -> Vec<NewPayment<'_>> {
    let mut detail = 0;
    let mut last: Option<(&str, u32)> = None;
    let mut payments = Vec::with_capacity(evening.registered.payments.len());
    for new in &evening.registered.payments {
        let entry = (&*new.entry_key, new.ordinal);
        detail = if last == Some(entry) { detail + 1 } else { 0 };
        last = Some(entry);
        payments.push(NewPayment {
            payment: &new.payment,
            entry_key: &new.entry_key,
            ordinal: new.ordinal,
            detail,
            servicer_reference: new.entry.servicer_reference.as_deref(),
            end_to_end_id: new.entry.end_to_end_id.as_deref(),
            text: &new.entry.text,
            statement_key: &new.statement_key,
            file_sha256: &new.file_sha256,
        });
    }
    payments
}

fn new_statements(evening: &Evening) -> Vec<NewStatement> {
    let statements = evening.registered.statements.iter();
    statements
        .map(|new| NewStatement {
            account: new.account.clone(),
            key: new.facts.key.clone(),
            content_hash: new.facts.content_hash.clone(),
            format: new.format.clone(),
            currency: new.facts.currency,
            sequence: new.facts.sequence.map(|(_, number)| number),
            year: new.facts.sequence.map_or(0, |(year, _)| year),
            from: new.facts.days.map(|(first, _)| first),
            to: new.facts.days.map(|(_, last)| last),
            period: new.facts.period,
            opening: new.facts.opening,
            closing: new.facts.closing,
            is_proved: new.facts.is_proved,
            file_sha256: new.file_sha256.clone(),
        })
        .collect()
}

/// Own postings on their way after this run: what was under way, plus what is posted now, less what is taken back, against today's
/// export. An item that the export does not have any more is open with nothing.
///
/// What adds up to nothing is kept: the ERP may book what takes a posting back before the next one, and the item must be held then.
fn flying_after(evening: &Evening, night: &Night) -> Vec<InFlight> {
    let mut moved: FxHashMap<&str, (Currency, i64)> = FxHashMap::default();
    let posted = night.postings.iter().flat_map(|posting| &posting.lines);
    let reversed = night.reversals.iter().flat_map(|reversal| &reversal.lines);
    for line in posted.chain(reversed) {
        if let Some(item_id) = &line.item_id {
            let item = moved.entry(item_id).or_insert((line.item_amount.currency, 0));
            item.1 += line.item_amount.minor;
        }
    }
    let ledger = &evening.ledger;
    let flight = |item_id: &str, currency, exported_open, posted| InFlight {
        item_id: item_id.into(),
        currency,
        exported_open,
        posted,
        export_sha256: ledger.export_sha256.clone(),
        last_run: night.run.number,
    };
    let mut flying = Vec::new();
    for (position, item) in ledger.items.iter().enumerate() {
        let (exported, under_way) = (ledger.exported[position], ledger.under_way[position]);
        let before = ledger.in_flight.get(item.id.as_str());
        let held = before.filter(|_| ledger.held_items.contains(item.id.as_str()));
        match (moved.remove(item.id.as_str()), held, before) {
            // It is held against what it was: only when it is that again, somebody knows what is open.
            (Some((_, minor)), Some(held), _) => flying.push(InFlight {
                posted: held.posted + minor,
                last_run: night.run.number,
                ..held.clone()
            }),
            (Some((_, minor)), None, _) => flying.push(flight(&item.id, item.currency, exported, under_way + minor)),
            // What was taken back has come: were the item paid otherwise later, it would seem to be on its way again.
            (None, None, Some(before)) if in_flight::has_come_back(before, under_way) => flying.push(InFlight {
                last_run: before.last_run,
                ..flight(&item.id, item.currency, exported, under_way)
            }),
            _ => {}
        }
    }
    // Of an item that is gone nobody knows which way it was open: a credit note is known again when the export shows it.
    let gone = |item_id: &str| ledger.gone.get(item_id).copied().unwrap_or(0);
    let moved: BTreeMap<&str, (Currency, i64)> = moved.into_iter().collect();
    flying.extend(
        moved
            .into_iter()
            .map(|(item_id, (currency, minor))| flight(item_id, currency, 0, (gone(item_id) + minor).min(0))),
    );
    flying
}
