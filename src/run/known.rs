//! What was learned from decisions, listed with where it came from; approved and revoked by key.

use crate::model::knowledge::{KnownChange, KnownKind, Learned};
use crate::model::{Knowledge, LessonKind, NaiveDate};
use crate::run::failure::Failure;
use crate::run::identity;
use crate::store::{Store, StoredLesson};
use std::collections::BTreeMap;

/// One alias or account, with all that speaks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// What people name it by.
    pub key: String,
    /// What was learned.
    pub learned: Learned,
    /// Confirmed payments that still count.
    pub confirmed: u32,
    /// Confirmed payments of the same account or name for anybody that still count.
    pub confirmed_all: u32,
    /// The last change: approved or revoked.
    pub changed: Option<KnownChange>,
    /// Where it came from, oldest first; revoked ones included.
    pub lessons: Vec<StoredLesson>,
}

impl Known {
    /// Returns `learned`, `approved` or `revoked`.
    pub fn state(&self) -> &'static str {
        match &self.changed {
            Some(change) if change.is_revoked && self.confirmed == 0 => "revoked",
            Some(change) if !change.is_revoked => "approved",
            _ => "learned",
        }
    }
}

/// Returns what decisions taught, less what people revoked.
pub fn lessons_left(store: &Store) -> Result<Vec<StoredLesson>, Failure> {
    let changes = store.known_changes()?;
    let mut lessons = store.lessons()?;
    for lesson in lessons.iter_mut().filter(|lesson| lesson.kind != LessonKind::Doubt) {
        lesson.confirmed = lesson.confirmed.less(lesson.run, &changes);
    }
    Ok(lessons)
}

/// Counts what people approved once more.
pub fn approve(knowledge: &mut Knowledge, store: &Store) -> Result<(), Failure> {
    for known in list(store)? {
        if known.state() == "approved" && known.confirmed > 0 {
            knowledge.approve(&known.learned);
        }
    }
    Ok(())
}

/// Returns all that was learned, by kind, value and customer.
pub fn list(store: &Store) -> Result<Vec<Known>, Failure> {
    let changes = store.known_changes()?;
    let mut found: BTreeMap<Learned, Known> = BTreeMap::new();
    let mut counts: BTreeMap<(KnownKind, String), u32> = BTreeMap::new();
    let taught = store.lessons()?.into_iter();
    for lesson in taught.filter(|lesson| lesson.kind != LessonKind::Doubt) {
        let left = lesson.confirmed.less(lesson.run, &changes);
        for learned in Learned::of(&lesson.confirmed) {
            let counts_still = u32::from(lesson.revoked_in.is_none() && Learned::of(&left).contains(&learned));
            *counts.entry((learned.kind, learned.value.clone())).or_default() += counts_still;
            let known = found.entry(learned.clone()).or_insert_with(|| Known {
                key: key(&learned),
                confirmed: 0,
                confirmed_all: 0,
                changed: changes.iter().rev().find(|change| change.learned == learned).cloned(),
                lessons: Vec::new(),
                learned,
            });
            known.confirmed += counts_still;
            known.lessons.push(lesson.clone());
        }
    }
    let mut all: Vec<Known> = found.into_values().collect();
    for known in &mut all {
        let whole = (known.learned.kind, known.learned.value.clone());
        known.confirmed_all = counts.get(&whole).copied().unwrap_or(0);
    }
    Ok(all)
}

/// Ten hex digits over kind, value and customer: the same in every run.
fn key(learned: &Learned) -> String {
    let hash = identity::hash(&[learned.kind.code(), &learned.value, &learned.customer_id]);
    hash.chars().take(10).collect()
}

/// What a person says about one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Said<'a> {
    /// Its key.
    pub key: &'a str,
    /// True to revoke, false to approve.
    pub is_revoked: bool,
    /// Who.
    pub changed_by: &'a str,
    /// The day.
    pub changed_on: NaiveDate,
    /// Why.
    pub note: &'a str,
}

/// Records an approval or a revocation, and returns what it leaves. Refuses an unknown key.
pub fn change(store: &mut Store, said: Said<'_>) -> Result<Known, Failure> {
    let known = find(store, said.key)?;
    store.change_known(&KnownChange {
        after_run: store.next_run()?.saturating_sub(1),
        learned: known.learned,
        is_revoked: said.is_revoked,
        changed_by: said.changed_by.to_owned(),
        changed_on: said.changed_on,
        note: said.note.to_owned(),
    })?;
    find(store, said.key)
}

fn find(store: &Store, key: &str) -> Result<Known, Failure> {
    let found = list(store)?.into_iter().find(|known| known.key == key);
    found.ok_or_else(|| {
        Failure::NoInput(format!(
            "error[KNOWN]: nothing that was learned has the key `{key}`\nhelp: `paymatch known list` shows all keys"
        ))
    })
}
