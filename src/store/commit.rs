//! The commit point: everything that one run knows enters the store in one transaction, or nothing does.

mod people;
mod rules;
mod write;

use crate::model::decision::{Amendment, PutOff, Waiting, WaitingEnd};
use crate::model::run::Run;
use crate::model::{Lesson, Reversal};
use crate::store::error::StoreError;
use crate::store::publication::OutputFile;
use crate::store::records::{
    AnsweredDecision, Delivered, InFlight, NewNotice, NewPayment, NewPosting, NewState, NewStatement,
};
use crate::store::{Store, seal};
use rusqlite::TransactionBehavior;

/// Everything that one run adds to the store.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// The run: its number is [`Store::next_run`], its previous hash [`Store::last_manifest_hash`].
    pub run: &'a Run,
    /// The manifest, exactly as published: an output called `manifest.json` has these bytes.
    pub manifest: &'a str,
    /// Files of the run folder.
    pub outputs: &'a [OutputFile],
    /// The file for the ERP, where the run posts.
    pub outbox: Option<&'a OutputFile>,
    /// Statements accepted.
    pub statements: &'a [NewStatement],
    /// Payments seen for the first time, in the order of all outputs; each has one of `states`.
    pub payments: &'a [NewPayment<'a>],
    /// Known payments that files of this run delivered again. New ones are remembered by themselves.
    pub delivered: &'a [Delivered<'a>],
    /// Entries of notifications given for the first time.
    pub notices: &'a [NewNotice<'a>],
    /// Keys of the notified entries, new or known, whose details this run put in the place of an entry.
    pub joined: &'a [String],
    /// Where payments go; those without a change may be left out. Exactly those of `postings` go to Posted.
    pub states: &'a [NewState<'a>],
    /// What is posted.
    pub postings: &'a [NewPosting<'a>],
    /// What is in flight after this run: changed items, and all items that this run posts on. Posted 0 ends one.
    pub in_flight: &'a [InFlight],
    /// Answers to decisions.
    pub results: &'a [AnsweredDecision<'a>],
    /// What people taught.
    pub lessons: &'a [Lesson],
    /// Postings of earlier runs that people took back; their payments are judged anew, and their lessons do not count any more.
    pub reversals: &'a [Reversal],
    /// What people said about payments so that they are matched again.
    pub amendments: &'a [Amendment],
    /// Decisions that begin to wait for a second person; their numbers and runs are given here.
    pub waiting: &'a [Waiting],
    /// Decisions of earlier runs that wait no more.
    pub waiting_ended: &'a [(i64, WaitingEnd)],
    /// Payments that people put off; without a day: no longer.
    pub put_offs: &'a [PutOff],
}

impl Store {
    /// Commits a run. When this returns, the run survives power loss; its publication follows.
    ///
    /// Refuses a run that contradicts itself or the store ([`StoreError::Inconsistent`]); nothing is changed then.
    pub fn commit(&mut self, commit: &Commit<'_>) -> Result<(), StoreError> {
        self.writable()?;
        self.check_place(commit)?;
        let path = self.path.clone();
        self.commit_whole(commit).map_err(|error| error.at(&path))
    }

    /// Refuses a run that is not the next one.
    fn check_place(&self, commit: &Commit<'_>) -> Result<(), StoreError> {
        let (number, next) = (commit.run.number, self.next_run()?);
        if number != next {
            return Err(StoreError::inconsistent(format!(
                "its number is {number}, the next one is {next}"
            )));
        }
        if commit.run.previous_hash != self.last_manifest_hash()? {
            return Err(StoreError::inconsistent(
                "it does not follow the manifest of the run before".to_owned(),
            ));
        }
        if let Some(open) = self.unpublished()? {
            return Err(StoreError::inconsistent(format!(
                "run {} is not published yet",
                open.run
            )));
        }
        rules::check_alone(commit)
    }

    fn commit_whole(&mut self, commit: &Commit<'_>) -> Result<(), StoreError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut before = Vec::with_capacity(seal::SECTIONS.len());
        for section in seal::SECTIONS {
            before.push(seal::last_number(&transaction, section)?);
        }
        let mut writer = write::Writer::new(&transaction, commit)?;
        writer.run()?;
        writer.outputs()?;
        writer.origins()?;
        writer.statements()?;
        writer.payments()?;
        writer.notices()?;
        writer.delivered()?;
        writer.reversals()?;
        writer.states()?;
        writer.postings()?;
        writer.in_flight()?;
        writer.people()?;
        writer.seals(&before)?;
        Ok(transaction.commit()?)
    }
}
