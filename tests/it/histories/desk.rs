//! People at their desks: they decide about rows of a sheet, approve what colleagues decided, and take back what was settled.

use super::bank::date;
use super::files::Row;
use super::office::Office;
use super::words::{APPROVE, Does, Said, UNDO, Word};
use super::{Approval, Approves, Decision};
use crate::program::rows;

const PEOPLE: [&str; 2] = ["anna", "bert"];

impl Office {
    /// The sheet of a run so many runs ago; empty when there was none.
    fn sheet(&self, age: u8) -> Vec<Row> {
        let run = self.promises.last_run.saturating_sub(u64::from(age));
        let sheet = self.path(&format!("out/{run}/exceptions.csv"));
        if sheet.is_file() { rows(&sheet) } else { Vec::new() }
    }

    pub(super) fn decides(&mut self, decision: &Decision) {
        let mut shown = self.sheet(decision.sheet_age);
        let waiting = |row: &Row| {
            let mut waiting = self.promises.people.waiting();
            waiting.find(|said| said.payment == row["payment_id"])
        };
        if decision.is_edit {
            shown.retain(|row| waiting(row).is_some());
        }
        let Some(shown) = shown.get(decision.row as usize % shown.len().max(1)) else {
            return;
        };
        // Who edits what they decided says it of something else, or something else altogether.
        let edited = waiting(shown).filter(|_| decision.is_edit);
        let is_word_kept = decision.target.is_some();
        let word = edited.filter(|_| is_word_kept).map_or(decision.word, |said| said.word);
        let person = edited.map_or(PEOPLE[decision.person as usize % 2], |said| said.person);
        // Money that may be there twice is for the bank to explain; nobody books it.
        if shown["reason"] == "DUPLICATE_SUSPECT" && word.does == Does::Books {
            return;
        }
        let target = self.target(word, shown, decision.target);
        self.say(person, shown, word, target);
    }

    /// What a person types into `target`.
    fn target(&self, word: &Word, shown: &Row, target: Option<u8>) -> String {
        let target = target.map_or_else(|| self.first_candidate(shown), usize::from);
        let invoice = &self.erp.invoices[target % self.erp.invoices.len()];
        match word.target {
            "number" => invoice.number.clone(),
            "customer" => format!("C{}", invoice.customer),
            "day" => date(self.day + 2 + target as u64 % 3).to_string(),
            other => other.to_owned(),
        }
    }

    /// The position of the invoice that the row suggests.
    fn first_candidate(&self, shown: &Row) -> usize {
        let first = shown["candidate_1"].split([';', ' ']).next().unwrap_or_default();
        let position = self.erp.invoices.iter().position(|invoice| invoice.number == first);
        position.unwrap_or(0)
    }

    /// Approves a decision that waits, or that a colleague saved this evening; one's own, too.
    pub(super) fn approves(&mut self, approval: &Approval) {
        let people = &self.promises.people;
        let fresh = self.decisions.values().filter(|said| !people.is_answered(said));
        let decided: Vec<&Said> = people.waiting().chain(fresh).collect();
        let decided: Vec<&Said> = decided
            .into_iter()
            .filter(|said| said.word.does != Does::Approves)
            .collect();
        let Some(decided) = decided.get(approval.which as usize % decided.len().max(1)) else {
            return;
        };
        let target = match approval.says {
            Approves::Nothing => String::new(),
            Approves::Same => decided.target.clone(),
            Approves::Other => format!("{}9", decided.target),
        };
        let shown = self.sheet(approval.sheet_age);
        let shown = shown.into_iter().find(|row| row["payment_id"] == decided.payment);
        let shown = shown.unwrap_or_else(|| self.settled_row(&decided.payment));
        let is_first = (decided.person == PEOPLE[0]) == approval.is_own;
        self.say(PEOPLE[usize::from(!is_first)], &shown, &APPROVE, target);
    }

    /// Takes back what is posted or set aside, or what was taken back before; by the payment, or by the id of one of its postings.
    pub(super) fn undoes(&mut self, which: u8, posting: Option<u8>, person: u8) {
        let people = &self.promises.people;
        let ids: Vec<&str> = people.ever_settled().into_iter().collect();
        let Some(id) = ids.get(which as usize % ids.len().max(1)) else {
            return;
        };
        let of_posting = people.posting_ids(id);
        let posting = posting.and_then(|posting| of_posting.get(posting as usize % of_posting.len().max(1)));
        let (row, target) = (self.settled_row(id), posting.cloned().unwrap_or_default());
        self.say(PEOPLE[person as usize % 2], &row, &UNDO, target);
    }

    /// A row about a settled payment: it has no hash.
    fn settled_row(&self, id: &str) -> Row {
        let run = self.promises.last_run.to_string();
        let cells = [("payment_id", id), ("row_hash", ""), ("run", &run)];
        cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).into()
    }

    /// Saves the row with what the person typed, as a file of its own.
    fn say(&mut self, person: &'static str, shown: &Row, word: &'static Word, target: String) {
        let number = self.decisions.len();
        let said = Said {
            number,
            person,
            payment: shown["payment_id"].clone(),
            word,
            target,
            run: shown["run"].parse().expect("a run"),
            hash: shown["row_hash"].clone(),
        };
        // Who names the posting need not name the payment.
        let is_by_posting = word.target == "posting" && !said.target.is_empty();
        let payment = if is_by_posting { "" } else { said.payment.as_str() };
        let text = format!(
            "payment_id,decision,target,note,row_hash,run\n{payment},{},{},note {number},{},{}\n",
            word.code, said.target, said.hash, said.run
        );
        let name = format!("{}/{number}.csv", said.person);
        self.save(&name, &text, said);
    }

    fn save(&mut self, name: &str, text: &str, said: Said) {
        let path = self.path("decisions").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
        self.decisions.insert(name.to_owned(), said);
        self.undecided = true;
    }

    /// Somebody saves a copy of a file into a folder of their own.
    pub(super) fn saves_again(&mut self, which: u8) {
        let listed: Vec<(&String, &Said)> = self.decisions.iter().collect();
        let Some((name, said)) = listed.get(which as usize % listed.len().max(1)) else {
            return;
        };
        let text = std::fs::read_to_string(self.path("decisions").join(name)).expect("a sheet");
        let person = PEOPLE[1];
        let said = Said {
            person,
            ..(*said).clone()
        };
        self.save(&format!("{person}/copy-{}.csv", self.decisions.len()), &text, said);
    }
}
