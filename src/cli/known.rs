//! `known`: what was learned from decisions; listed, approved, revoked.

use crate::cli::args::{KnownAction, KnownArguments, KnownChangeArguments, KnownPlace};
use crate::cli::{exit, output, run};
use crate::run::Failure;
use crate::run::known::{self, Known, Said};
use crate::settings::Settings;
use crate::store::{Store, StoredLesson};
use crate::words::shown;
use serde_json::json;

/// Lists or changes what was learned; 65 when nothing has the key, 75 while a run is at work.
pub fn run(arguments: &KnownArguments) -> u8 {
    let place = match &arguments.action {
        KnownAction::List(place) => place,
        KnownAction::Approve(change) | KnownAction::Revoke(change) => &change.place,
    };
    let config = run::config_path(place.config.as_deref());
    let mut settings = match run::settings(config.as_deref()) {
        Ok(settings) => settings,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    if let Some(state) = &place.state {
        settings.outputs.state.clone_from(state);
    }
    let told = match &arguments.action {
        KnownAction::List(place) => list(&settings).map(|known| listed(&known, place)),
        KnownAction::Approve(said) => change(&settings, said, false),
        KnownAction::Revoke(said) => change(&settings, said, true),
    };
    match told {
        Ok(text) => {
            output::text(&text);
            exit::DONE
        }
        Err(failure) => {
            output::error(&failure.to_string());
            run::code(&failure)
        }
    }
}

fn list(settings: &Settings) -> Result<Vec<Known>, Failure> {
    known::list(&Store::open_read_only(&settings.outputs.state)?)
}

fn change(settings: &Settings, arguments: &KnownChangeArguments, is_revoked: bool) -> Result<String, Failure> {
    let outputs = &settings.outputs;
    // A record that is not there has learned nothing: none is made.
    drop(Store::open_read_only(&outputs.state)?);
    let mut store = Store::open(&outputs.state, &outputs.out, false)?;
    let as_of = arguments.as_of.unwrap_or_else(|| run::today(&settings.run.time_zone));
    let said = Said {
        key: &arguments.key,
        is_revoked,
        changed_by: &arguments.by,
        changed_on: as_of,
        note: &arguments.note,
    };
    let known = known::change(&mut store, said)?;
    Ok(match arguments.place.json {
        true => format!("{}\n", to_json(&known)),
        false => format!("{}\nThe next run follows it.\n", line(&known)),
    })
}

fn listed(all: &[Known], place: &KnownPlace) -> String {
    if place.json {
        let lines = all.iter().map(|known| format!("{}\n", to_json(known)));
        return lines.collect();
    }
    if all.is_empty() {
        return "Nothing was learned from decisions yet.\n".to_owned();
    }
    let mut text = String::new();
    for known in all {
        text.push_str(&line(known));
        text.push('\n');
        for lesson in &known.lessons {
            let documents = lesson.confirmed.document_numbers.join(", ");
            text.push_str(&format!(
                "    run {}: payment {} of {}, {} on {}, decided by {} in {}\n",
                lesson.run,
                payment_of(lesson),
                lesson.confirmed.date,
                lesson.confirmed.amount,
                if documents.is_empty() {
                    "account".to_owned()
                } else {
                    shown::text(&documents)
                },
                shown::text(&lesson.decided_by),
                shown::text(&lesson.confirmed.source.to_string()),
            ));
        }
        if let Some(change) = &known.changed {
            text.push_str(&format!(
                "    {} by {} on {} after run {}{}\n",
                if change.is_revoked { "revoked" } else { "approved" },
                shown::text(&change.changed_by),
                change.changed_on,
                change.after_run,
                if change.note.is_empty() {
                    String::new()
                } else {
                    format!(": {}", shown::text(&change.note))
                },
            ));
        }
    }
    text
}

/// The payment; empty for lessons of older versions.
fn payment_of(lesson: &StoredLesson) -> &str {
    lesson.payment_id.as_ref().map_or("", |id| id.0.as_str())
}

fn line(known: &Known) -> String {
    let (value, customer) = (
        shown::text(&known.learned.value),
        shown::text(&known.learned.customer_id),
    );
    let stands = match known.state() {
        "revoked" => format!("is no longer taken for {customer}"),
        _ => format!(
            "is {customer}: {} of {} confirmed payments",
            known.confirmed, known.confirmed_all
        ),
    };
    format!(
        "{}  {:<8} {} {value} {stands}",
        known.key,
        known.state(),
        known.learned.kind.code()
    )
}

fn to_json(known: &Known) -> serde_json::Value {
    let lessons = known.lessons.iter().map(|lesson| {
        json!({
            "run": lesson.run,
            "payment_id": payment_of(lesson),
            "decided_by": lesson.decided_by,
            "approved_by": lesson.approved_by,
            "revoked_in": lesson.revoked_in,
            "source": lesson.confirmed.source.to_string(),
            "date": lesson.confirmed.date,
            "amount": lesson.confirmed.amount.decimal(),
            "currency": lesson.confirmed.amount.currency.code(),
            "doc_nos": lesson.confirmed.document_numbers,
        })
    });
    let changed = known.changed.as_ref().map(|change| {
        json!({
            "action": if change.is_revoked { "revoke" } else { "approve" },
            "by": change.changed_by,
            "on": change.changed_on,
            "after_run": change.after_run,
            "note": change.note,
        })
    });
    json!({
        "key": known.key,
        "state": known.state(),
        "kind": known.learned.kind.code(),
        "value": known.learned.value,
        "customer_id": known.learned.customer_id,
        "confirmed": known.confirmed,
        "confirmed_all": known.confirmed_all,
        "learned_from": lessons.collect::<Vec<_>>(),
        "changed": changed,
    })
}
