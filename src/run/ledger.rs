//! Master data of the night: open items with own postings in flight taken off, customers, what was learned.

use crate::model::run::{InputFile, InputRole, InputState};
use crate::model::{Customer, Finding, FindingCode, ItemKind, Knowledge, Label, NaiveDate, OpenItem, Source};
use crate::read;
use crate::run::claims;
use crate::run::failure::Failure;
use crate::run::in_flight;
use crate::run::inputs::{self, Found, Input};
use crate::run::quality;
use crate::run::teach::teach;
use crate::settings::{ClaimRules, Inputs};
use crate::store::{InFlight, ReopenedItem};
use crate::words::Words;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What the night works with besides statements.
#[derive(Debug)]
pub struct Ledger {
    /// Items, their open amounts less own postings in flight.
    pub items: Vec<OpenItem>,
    /// Open amounts as exported, by position of the item.
    pub exported: Vec<i64>,
    /// Own postings that were in flight before this run, by item.
    pub in_flight: BTreeMap<Label, InFlight>,
    /// Own postings under way, by position of the item, signed as the item.
    pub under_way: Vec<i64>,
    /// Own postings under way on items that the export does not have any more, signed as the item.
    pub gone: BTreeMap<String, i64>,
    /// Items that nobody may post on until a person looked.
    pub held_items: BTreeSet<String>,
    /// Name of the export.
    pub export_name: String,
    /// SHA-256 of the export.
    pub export_sha256: Arc<str>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// History and confirmed decisions.
    pub knowledge: Knowledge,
    /// Claims of salespeople were given, and are in `knowledge`.
    pub has_claims: bool,
    /// Files.
    pub inputs: Vec<InputFile>,
    /// Findings.
    pub findings: Vec<Finding>,
}

/// Reads open items (missing or broken ones end the run), customers and history.
///
/// `reopened` are items that the export does not show any more, and whose postings were taken back.
pub fn read(
    words: Words,
    inputs: &Inputs,
    as_of: NaiveDate,
    in_flight: &[InFlight],
    reopened: &BTreeMap<String, ReopenedItem>,
) -> Result<Ledger, Failure> {
    let Some(path) = &inputs.open_items else {
        return Err(Failure::OpenItems(
            "error[OPEN-ITEMS]: no open items are named\nhelp: set `open_items` in the settings, or give --open-items FILE"
                .to_owned(),
        ));
    };
    let input = open(path).map_err(|finding| Failure::open_items(words, &[finding]))?;
    let rows =
        read::open_items::read(&input.name, &input.bytes, as_of).map_err(|all| Failure::open_items(words, &all))?;
    let mut ledger = Ledger {
        exported: rows.rows.iter().map(|item| item.open_amount).collect(),
        under_way: vec![0; rows.rows.len()],
        in_flight: in_flight
            .iter()
            .map(|flying| (flying.item_id.clone(), flying.clone()))
            .collect(),
        items: rows.rows,
        gone: BTreeMap::new(),
        held_items: BTreeSet::new(),
        export_name: input.name.clone(),
        export_sha256: input.sha256.as_str().into(),
        customers: Vec::new(),
        knowledge: Knowledge::default(),
        has_claims: false,
        inputs: Vec::new(),
        findings: rows.findings,
    };
    ledger.add_input(&input, InputRole::OpenItems, ledger.items.len(), InputState::Read);
    if ledger.items.iter().all(|item| !item.is_closed()) {
        ledger.findings.push(Finding::note(
            FindingCode::NothingClosed,
            Source::file(&input.name),
            Vec::new(),
        ));
    }
    ledger.read_customers(inputs.customers.as_deref(), as_of);
    ledger.findings.extend(quality::of_items(&ledger.items));
    ledger.findings.extend(quality::of_customers(&ledger.customers));
    ledger
        .findings
        .extend(quality::of_both(&ledger.items, &ledger.customers));
    ledger.read_history(inputs.history.as_deref(), as_of);
    ledger.take_off(in_flight, &input.name);
    for flying in in_flight {
        let is_gone = ledger.gone.contains_key(flying.item_id.as_str());
        if let Some(item) = reopened.get(flying.item_id.as_str()).filter(|_| is_gone) {
            ledger.reopen(flying, item, &input.name);
        }
    }
    Ok(ledger)
}

fn open(path: &Path) -> Result<Input, Finding> {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    inputs::read(&Found {
        name,
        path: path.to_owned(),
    })
}

impl Ledger {
    fn add_input(&mut self, input: &Input, role: InputRole, records: usize, state: InputState) {
        self.inputs.push(InputFile {
            role,
            name: input.name.clone(),
            sha256: input.sha256.clone(),
            bytes: input.bytes.len() as u64,
            records: records as u64,
            state,
        });
    }

    /// Returns the path of a file that is there; a missing one is said, and the night goes on without it.
    fn present<'p>(&mut self, path: Option<&'p Path>) -> Option<&'p Path> {
        let path = path?;
        if path.symlink_metadata().is_ok() {
            return Some(path);
        }
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        self.findings.push(Finding::warning(
            FindingCode::FileMissing,
            Source::file(&name),
            Vec::new(),
        ));
        None
    }

    /// A broken customer list is refused, and the night goes on without it.
    fn read_customers(&mut self, path: Option<&Path>, as_of: NaiveDate) {
        let Some(path) = self.present(path) else { return };
        match open(path) {
            Err(finding) => self.findings.push(finding),
            Ok(input) => match read::customers::read(&input.name, &input.bytes, as_of) {
                Ok(rows) => {
                    self.add_input(&input, InputRole::Customers, rows.rows.len(), InputState::Read);
                    self.customers = rows.rows;
                    self.findings.extend(rows.findings);
                }
                Err(findings) => {
                    self.add_input(&input, InputRole::Customers, 0, InputState::Refused);
                    self.findings.extend(findings);
                }
            },
        }
    }

    fn read_history(&mut self, path: Option<&Path>, as_of: NaiveDate) {
        let Some(path) = self.present(path) else { return };
        match open(path) {
            Err(finding) => self.findings.push(finding),
            Ok(input) => match read::history::read(&input.name, &input.bytes, as_of) {
                Ok(rows) => {
                    self.add_input(&input, InputRole::History, rows.rows.len(), InputState::Read);
                    rows.rows.iter().for_each(|row| teach(&mut self.knowledge, row));
                    self.findings.extend(rows.findings);
                }
                Err(findings) => {
                    self.add_input(&input, InputRole::History, 0, InputState::Refused);
                    self.findings.extend(findings);
                }
            },
        }
    }

    /// Claims are evidence for this night; a broken table is refused, and the night goes on without it.
    pub fn read_claims(&mut self, rules: &ClaimRules) {
        let Some(path) = self.present(rules.table()) else {
            return;
        };
        match open(path) {
            Err(finding) => self.findings.push(finding),
            Ok(input) => match claims::read(&input, rules, &self.items, &self.customers) {
                Ok(rows) => {
                    self.add_input(&input, InputRole::Claims, rows.rows.len(), InputState::Read);
                    self.knowledge.claims = rows.rows;
                    self.findings.extend(rows.findings);
                    self.has_claims = true;
                }
                Err(findings) => {
                    self.add_input(&input, InputRole::Claims, 0, InputState::Refused);
                    self.findings.extend(findings);
                }
            },
        }
    }

    /// Returns true when a master file was refused.
    pub fn has_refusal(&self) -> bool {
        self.inputs.iter().any(|input| input.state == InputState::Refused)
    }

    /// What was taken back is open, before the export says so. Its dates and terms are the ERP's: they come with the export.
    fn reopen(&mut self, flying: &InFlight, reopened: &ReopenedItem, export: &str) {
        let under_way = self.gone.remove(flying.item_id.as_str()).unwrap_or(0);
        self.items.push(OpenItem {
            id: flying.item_id.as_str().into(),
            kind: ItemKind::Invoice,
            customer_id: reopened.customer_id.as_str().into(),
            customer_name: Label::default(),
            document_number: reopened.document_number.as_str().into(),
            purchase_order: Label::default(),
            other_references: Vec::new(),
            issue_date: None,
            due_date: None,
            original_amount: -under_way,
            open_amount: -under_way,
            currency: flying.currency,
            cash_discounts: Vec::new(),
            salesperson: Label::default(),
            is_disputed: false,
            is_held: false,
            company: Label::default(),
            closed_on: None,
            source: Source::file(export),
        });
        self.exported.push(0);
        self.under_way.push(under_way);
    }

    /// Takes own postings in flight off the items.
    fn take_off(&mut self, in_flight: &[InFlight], export: &str) {
        if in_flight.is_empty() {
            return;
        }
        let positions: FxHashMap<&str, usize> = self
            .items
            .iter()
            .enumerate()
            .map(|(position, item)| (item.id.as_str(), position))
            .collect();
        let mut changes = Vec::new();
        // An item that is gone is booked. Its record is kept: were an older export given again, it would come back.
        for posted in in_flight {
            let Some(&position) = positions.get(posted.item_id.as_str()) else {
                let seen = in_flight::effective(posted, 0, &self.export_sha256);
                self.gone.insert(posted.item_id.to_string(), seen.under_way);
                continue;
            };
            changes.push((position, posted));
        }
        for (position, posted) in changes {
            let item = &mut self.items[position];
            let seen = in_flight::effective(posted, self.exported[position], &self.export_sha256);
            item.open_amount = seen.open;
            self.under_way[position] = seen.under_way;
            let is_turned = seen.open != 0 && (seen.open < 0) != (item.original_amount < 0);
            if seen.is_held || is_turned {
                let before = crate::model::Amount::new(posted.exported_open, item.currency);
                let now = crate::model::Amount::new(self.exported[position], item.currency);
                let why = format!("it was open with {before} when we posted on it, the export now says {now}");
                item.is_held = true;
                self.held_items.insert(item.id.to_string());
                let args = vec![item.document_number.to_string(), why];
                self.findings
                    .push(Finding::warning(FindingCode::ItemHeld, Source::file(export), args));
            }
        }
    }
}
