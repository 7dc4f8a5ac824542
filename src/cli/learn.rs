//! `learn`: what confirmed payments teach, before a run uses it. Stores nothing.

use crate::cli::args::{Format, LearnArguments};
use crate::cli::{exit, output, run};
use crate::run::measure::learn;
use crate::words::Words;

/// Shows the lessons; 65 when there is nothing to learn from.
pub fn run(arguments: &LearnArguments) -> u8 {
    let config = run::config_path(arguments.config.as_deref());
    let settings = match run::settings(config.as_deref()) {
        Ok(settings) => settings,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    let history = arguments.history.as_ref().or(settings.inputs.history.as_ref());
    let state = arguments.state.as_ref().unwrap_or(&settings.outputs.state);
    let words = Words::of(settings.language);
    let as_of = run::today(&settings.run.time_zone);
    match learn::learn(words, history.map(std::path::PathBuf::as_path), state, as_of) {
        Ok(lessons) => {
            match arguments.format {
                Format::Text => output::text(&lessons.text(words)),
                Format::Json => output::text(&lessons.json().to_string()),
            }
            exit::DONE
        }
        Err(failure) => {
            output::error(&failure.to_string());
            run::code(&failure)
        }
    }
}
