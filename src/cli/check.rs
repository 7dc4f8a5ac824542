//! `check`: the record and the published files against the promises.

use crate::cli::args::CheckArguments;
use crate::cli::{exit, output, run};

/// Checks and says what was looked at; 70 when a promise is broken.
pub fn run(arguments: &CheckArguments) -> u8 {
    let config = run::config_path(arguments.config.as_deref());
    let mut outputs = match run::settings(config.as_deref()) {
        Ok(settings) => settings.outputs,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    if let Some(state) = &arguments.state {
        outputs.state.clone_from(state);
    }
    if let Some(out) = &arguments.out {
        outputs.out.clone_from(out);
        outputs.outbox = out.join("outbox");
    }
    match crate::run::check::check(&outputs.state, &outputs.out, &outputs.outbox) {
        Ok(report) => {
            output::text(&report.to_string());
            if report.is_sound() { exit::DONE } else { exit::SELF_CHECK }
        }
        Err(failure) => {
            let failure = crate::run::Failure::from(failure);
            output::error(&failure.to_string());
            run::code(&failure)
        }
    }
}
