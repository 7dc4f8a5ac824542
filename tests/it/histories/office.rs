//! The office of a history: an inbox, an ERP, people who decide, and the nights that read all of it.

use super::bank::{Bank, Format, Key, date};
use super::erp::{Booking, Erp};
use super::promises::Promises;
use super::words::{GIVEN_AWAY_MAX, IGNORED_MAX, Outcomes, Said};
use super::{Pay, Step};
use paymatch::run::{Ended, Failure, Plan, Unwatched};
use paymatch::settings::{self, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const SETTINGS: &str = "[inputs]\nstatements = [\"inbox\"]\nopen_items = \"items.csv\"\ncustomers = \"\"\nhistory = \"\"\n\
    decisions = \"decisions\"\n[outputs]\nstate = \"state\"\nout = \"out\"\noutbox = \"outbox\"\n[in_flight]\nexport_stop_days = 0\n";

static PARSED: LazyLock<Settings> = LazyLock::new(|| {
    let most = GIVEN_AWAY_MAX;
    let approval = format!(
        "[approval]\nwrite_off_max = {most}\ncharges_max = {most}\ndiscount_max = {most}\nignore_max = {IGNORED_MAX}\n"
    );
    settings::parse("history.toml", &format!("{SETTINGS}{approval}"), Path::new("")).expect("settings")
});

/// What a statement file tells.
#[derive(Clone, Debug)]
pub struct Told {
    pub keys: Vec<Key>,
    /// Positions in the bank's books; none for a file that tells something else than those.
    pub entries: Vec<usize>,
    /// The only statement in it, written as camt.
    pub camt: Option<usize>,
}

/// What lay before a night.
#[derive(Clone, Debug)]
pub struct Handed {
    pub day: u64,
    pub files: BTreeSet<String>,
    pub export: usize,
    /// Files with their only row.
    pub decisions: BTreeMap<String, Said>,
}

pub struct Office {
    folder: tempfile::TempDir,
    bank: Bank,
    pub(super) erp: Erp,
    pub(super) promises: Promises,
    /// Files of the inbox, and all that ever lay there.
    inbox: BTreeSet<String>,
    files: BTreeMap<String, Told>,
    pub(super) decisions: BTreeMap<String, Said>,
    /// Files that no night has read yet.
    pub(super) undecided: bool,
    export: usize,
    /// An export from before something was booked by hand is never used again.
    oldest_export: usize,
    pub(super) day: u64,
}

impl Office {
    pub fn new() -> Office {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let mut office = Office {
            folder: folder.expect("a temporary folder"),
            bank: Bank::new(),
            erp: Erp::default(),
            promises: Promises::default(),
            inbox: BTreeSet::new(),
            files: BTreeMap::new(),
            decisions: BTreeMap::new(),
            undecided: false,
            export: 0,
            oldest_export: 0,
            day: 8,
        };
        for folder in ["inbox", "decisions"] {
            std::fs::create_dir(office.path(folder)).expect("a folder");
        }
        for (customer, cents) in [(0, 10_000), (1, 25_000), (2, 10_000)] {
            office.erp.add(customer, cents, false);
        }
        office.exports(false);
        office
    }

    pub fn outcomes(self) -> Outcomes {
        self.promises.people.outcomes
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Does what the step says, as far as it can be done here; a broken promise is an error.
    pub fn take(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Invoice {
                customer,
                cents,
                has_discount,
            } => self.erp.add(*customer as usize % 4, *cents, *has_discount),
            Step::ByHand(item) => self.books_by_hand(*item as usize),
            Step::Day { account, pays, format } => self.closes_day(*account, pays, *format),
            Step::Again {
                which,
                span,
                format,
                is_pretty,
            } => self.delivers_again(*which, *span, *format, *is_pretty),
            Step::Corrected(which) => self.delivers_corrected(*which),
            Step::Archive(which) => self.archives(*which),
            Step::Books { how, is_done } => self.books(*how, *is_done),
            Step::Exports { lists_closed } => self.exports(*lists_closed),
            Step::OldExport(which) => self.uses_old_export(*which as usize),
            Step::Decide(decision) => self.decides(decision),
            Step::Approve(approval) => self.approves(approval),
            Step::Undo { which, posting, person } => self.undoes(*which, *posting, *person),
            Step::SaveAgain(which) => self.saves_again(*which),
            Step::Night { days, crash } => return self.night(u64::from(*days), *crash),
        }
        Ok(())
    }

    fn books_by_hand(&mut self, item: usize) {
        let position = item % self.erp.invoices.len();
        // Booked by hand between a posting and its booking, nobody could tell one from the other.
        if !self.promises.is_waiting() && self.erp.has_booked(position, self.promises.posted_on(position)) {
            let open = self.erp.invoices[position].open();
            self.erp.invoices[position].by_hand += open / 2;
            self.exports(false);
            self.oldest_export = self.export;
        }
    }

    fn uses_old_export(&mut self, which: usize) {
        let count = self.erp.exports.len() - self.oldest_export;
        self.use_export(self.oldest_export + which % count);
    }

    fn closes_day(&mut self, account: bool, pays: &[Pay], format: Option<Format>) {
        let mut entries = Vec::new();
        for pay in pays {
            let number = self.bank.entries.len() + entries.len();
            let entry = pay.entry(number, &self.erp.invoices, entries.last());
            entries.push(entry);
        }
        let position = self.bank.close_day(usize::from(account), entries);
        if let Some(format) = format {
            self.delivers(&[position], format, false);
        }
    }

    /// Lays statements of one account into the inbox, as one file under a name of its own.
    fn delivers(&mut self, statements: &[usize], format: Format, is_pretty: bool) {
        let entries = statements.iter().flat_map(|position| {
            let statement = &self.bank.statements[*position];
            statement.entries.iter().map(|entry| (statement.account, *entry))
        });
        let told = Told {
            keys: entries
                .clone()
                .map(|(account, entry)| self.bank.key(account, &self.bank.entries[entry]))
                .collect(),
            entries: entries.map(|(_, entry)| entry).collect(),
            camt: (statements.len() == 1 && format == Format::Camt).then(|| statements[0]),
        };
        let ending = match format {
            Format::Camt => "xml",
            Format::Csv => "csv",
            Format::Swift => "sta",
        };
        let text = self.bank.write(statements, format, is_pretty);
        self.lay(ending, &text, told);
    }

    fn lay(&mut self, ending: &str, text: &str, told: Told) {
        // Names do not sort by age: the order of files must not matter.
        let name = format!("{}-{}.{ending}", (self.files.len() * 7) % 10, self.files.len());
        std::fs::write(self.path("inbox").join(&name), text).expect("a file");
        self.inbox.insert(name.clone());
        self.files.insert(name, told);
    }

    fn delivers_again(&mut self, which: u8, span: u8, format: Format, is_pretty: bool) {
        if self.bank.statements.is_empty() {
            return;
        }
        let first = which as usize % self.bank.statements.len();
        let statements = self.bank.span(first, 1 + span as usize);
        self.delivers(&statements, format, is_pretty);
    }

    /// A statement that a night has accepted comes once more, with another amount under the same number.
    fn delivers_corrected(&mut self, which: u8) {
        let known: Vec<usize> = self.promises.accepted_camt.iter().copied().collect();
        let Some(position) = known.get(which as usize % known.len().max(1)).copied() else {
            return;
        };
        let (text, keys) = self.bank.write_corrected(position);
        let told = Told {
            keys,
            entries: Vec::new(),
            camt: None,
        };
        self.lay("xml", &text, told);
    }

    fn archives(&mut self, which: u8) {
        let Some(name) = self.inbox.iter().nth(which as usize % self.inbox.len().max(1)).cloned() else {
            return;
        };
        // What no night has read must stay, or nobody ever reads it.
        if self.promises.settled_files.contains(&name) {
            std::fs::remove_file(self.path("inbox").join(&name)).expect("a delivered file");
            self.inbox.remove(&name);
        }
    }

    fn books(&mut self, how: Booking, is_done: bool) {
        let outbox = self.path("outbox");
        self.erp.book(&outbox, how);
        if is_done && outbox.is_dir() {
            std::fs::create_dir_all(outbox.join("done")).expect("a folder");
            let listed = std::fs::read_dir(&outbox).expect("the outbox");
            for path in listed
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.is_file())
            {
                let name = path.file_name().expect("a name");
                std::fs::rename(&path, outbox.join("done").join(name)).expect("moved");
            }
        }
    }

    fn exports(&mut self, lists_closed: bool) {
        let export = self.erp.export(lists_closed);
        self.use_export(export);
    }

    fn use_export(&mut self, export: usize) {
        self.export = export;
        std::fs::write(self.path("items.csv"), &self.erp.exports[export].text).expect("a file");
    }

    fn plan(&self) -> Plan {
        let mut settings = PARSED.clone();
        let inputs = &mut settings.inputs;
        inputs.statements = vec![self.path("inbox")];
        inputs.open_items = Some(self.path("items.csv"));
        inputs.decisions = Some(self.path("decisions"));
        settings.outputs.state = self.path("state");
        settings.outputs.out = self.path("out");
        settings.outputs.outbox = self.path("outbox");
        Plan {
            settings,
            as_of: date(self.day),
            is_dry_run: false,
            is_new_store: false,
        }
    }

    /// Runs a night, with something in its way where it shall end like a crash.
    fn night(&mut self, days: u64, crash: Option<Crash>) -> Result<(), String> {
        self.day = self.day.max(self.bank.day) + days;
        let plan = self.plan();
        let without = match self.undecided && crash.is_none() {
            true => {
                let mut plan = plan.clone();
                plan.settings.inputs.decisions = None;
                plan.is_dry_run = true;
                paymatch::run::run(&plan, &Unwatched).ok()
            }
            false => None,
        };
        let obstacle = crash.and_then(|crash| Obstacle::lay(crash, self));
        let ended = paymatch::run::run(&plan, &Unwatched);
        if let Some(obstacle) = obstacle {
            obstacle.clear();
        }
        self.promises.attempt(Handed {
            day: self.day,
            files: self.inbox.clone(),
            export: self.export,
            decisions: self.decisions.clone(),
        });
        let ended: Option<Ended> = match ended {
            Ok(ended) => Some(ended),
            Err(Failure::NoInput(_)) if self.inbox.is_empty() => None,
            Err(Failure::Io(_) | Failure::CannotCreate(_)) if crash.is_some() => None,
            Err(failure) => return Err(failure.to_string()),
        };
        if ended.is_some() {
            self.undecided = false;
        }
        self.promises
            .keep(self.folder.path(), &self.bank, &self.erp, &self.files)?;
        if let (Some(without), Some(ended)) = (without, ended) {
            super::alone::changes_only_its_own(&without.night, &ended.night)?;
        }
        Ok(())
    }
}

/// Where a night stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crash {
    /// Before anything is written.
    Draft,
    /// Committed, the folder is renamed, nothing is delivered.
    Outbox,
    /// Committed, the delivery is not whole.
    Staging,
    /// Committed and delivered, not marked as published.
    Latest,
}

/// Something that stands in a night's way, and what stood there before.
struct Obstacle {
    path: PathBuf,
    aside: Option<PathBuf>,
}

impl Obstacle {
    fn lay(crash: Crash, office: &Office) -> Option<Obstacle> {
        let path = match crash {
            Crash::Draft => office.path("out"),
            Crash::Outbox => office.path("outbox"),
            Crash::Staging => office.path("outbox/.staging"),
            Crash::Latest => office.path("out/latest"),
        };
        if !path.parent()?.is_dir() || (crash == Crash::Draft && !office.path("state").is_dir()) {
            return None;
        }
        let aside = path.symlink_metadata().is_ok().then(|| office.path("aside"));
        if let Some(aside) = &aside {
            std::fs::rename(&path, aside).expect("put aside");
        }
        if crash == Crash::Latest {
            std::fs::create_dir_all(path.join("in the way")).expect("a folder");
        } else {
            std::fs::write(&path, "in the way").expect("a file");
        }
        Some(Obstacle { path, aside })
    }

    fn clear(self) {
        if self.path.is_dir() {
            std::fs::remove_dir_all(&self.path).expect("removed");
        } else {
            std::fs::remove_file(&self.path).expect("removed");
        }
        if let Some(aside) = self.aside {
            std::fs::rename(aside, &self.path).expect("put back");
        }
    }
}
