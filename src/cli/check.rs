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
    let report = crate::run::check::check(&outputs.state, &outputs.out, &outputs.outbox);
    let mut text = format!(
        "{} runs, {} payments and {} published files were looked at.\n",
        report.runs, report.payments, report.files
    );
    if let Some(run) = report.unpublished {
        text.push_str(&format!(
            "Run {run} is committed and not published yet; the next run completes it.\n"
        ));
    }
    for finding in &report.findings {
        let (promise, path) = (finding.promise, finding.path.display());
        text.push_str(&format!(
            "error[{promise}]: {path}: {}\nhelp: {}\n",
            finding.message, finding.remedy
        ));
    }
    if report.is_fine() {
        text.push_str("All is well: nothing was changed, nothing is missing, every figure ties.\n");
        output::text(&text);
        exit::DONE
    } else {
        output::error(&text);
        exit::SELF_CHECK
    }
}
