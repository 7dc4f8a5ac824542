//! What the history and the decisions of the record teach, and from which rows.

use crate::model::knowledge::ConfirmedPayment;
use crate::model::{LessonKind, NaiveDate, Source};
use crate::report::lessons::{Lesson, Lessons};
use crate::run::Failure;
use crate::run::inputs::{self, Found};
use crate::store::{Store, StoreError, StoredLesson};
use crate::text;
use crate::words::Words;
use crate::words::finding::full;
use std::path::Path;

/// Reads a history file: the confirmed payments, and what is wrong with single rows.
pub fn history(words: Words, path: &Path, as_of: NaiveDate) -> Result<(Vec<ConfirmedPayment>, Vec<String>), Failure> {
    let refused = |findings: &[crate::model::Finding]| {
        let texts: Vec<String> = findings.iter().map(|finding| full(words, finding)).collect();
        Failure::NoInput(texts.join("\n"))
    };
    let found = Found {
        name: path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        ),
        path: path.to_owned(),
    };
    let input = inputs::read(&found).map_err(|finding| refused(&[finding]))?;
    let rows = crate::read::history::read(&input.name, &input.bytes, as_of).map_err(|findings| refused(&findings))?;
    let said = rows.findings.iter().map(|finding| full(words, finding)).collect();
    Ok((rows.rows, said))
}

/// Returns what the history and the confirmed decisions of a record teach; a record that is not there teaches nothing.
pub fn learn(words: Words, history: Option<&Path>, state: &Path, as_of: NaiveDate) -> Result<Lessons, Failure> {
    let mut lessons = Lessons::default();
    if let Some(path) = history {
        let (rows, findings) = self::history(words, path, as_of)?;
        lessons.findings = findings;
        let name = path.file_name().unwrap_or(path.as_os_str());
        add(&mut lessons, &name.to_string_lossy(), &rows);
    }
    match Store::open_read_only(state).and_then(|store| store.lessons()) {
        Ok(stored) => {
            let is_taught = |lesson: &StoredLesson| lesson.revoked_in.is_none() && lesson.kind != LessonKind::Doubt;
            let taught = stored.into_iter().filter(is_taught).map(|lesson| lesson.confirmed);
            add(
                &mut lessons,
                words.text("lessons.decisions"),
                &taught.collect::<Vec<_>>(),
            );
        }
        Err(StoreError::Missing { .. }) => {}
        Err(error) => return Err(Failure::from(error)),
    }
    if lessons.sources.is_empty() {
        return Err(Failure::NoInput(
            "error[HISTORY]: there is no history and no record to learn from\nhelp: name a history with --history, or a record with --state".to_owned(),
        ));
    }
    Ok(lessons)
}

fn add(lessons: &mut Lessons, name: &str, rows: &[ConfirmedPayment]) {
    lessons.sources.push((name.to_owned(), rows.len() as u64));
    for row in rows {
        let (first, last) = lessons.days.unwrap_or((row.date, row.date));
        lessons.days = Some((first.min(row.date), last.max(row.date)));
        let is_provider = text::pays_for_many(&text::name_form(&row.payer_name));
        for (written, known) in [
            (&row.payer_account, &mut lessons.accounts),
            (&row.payer_name, &mut lessons.names),
        ] {
            if !written.is_empty() && !row.customer_id.is_empty() {
                let lesson = known.entry(written.clone()).or_default();
                lesson.is_provider |= is_provider;
                teach(lesson, &row.customer_id, &row.source);
            }
        }
    }
}

fn teach(lesson: &mut Lesson, customer: &str, source: &Source) {
    let rows = lesson.customers.entry(customer.to_owned()).or_default();
    rows.push(source.to_string());
}
