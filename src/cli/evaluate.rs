//! `evaluate`: the score of runs on labelled nights.

use crate::cli::args::{EvaluateArguments, Format};
use crate::cli::{exit, output, run};
use crate::run::measure::evaluate::{self, Scored};
use std::path::{Path, PathBuf};

/// Scores the nights together; 65 when a truth or its run cannot be read.
pub fn run(arguments: &EvaluateArguments) -> u8 {
    let nights = match nights(arguments) {
        Ok(nights) => nights,
        Err((code, text)) => {
            output::error(&text);
            return code;
        }
    };
    match evaluate::evaluate(&nights) {
        Ok(evaluation) => {
            match arguments.format {
                Format::Text => output::text(&evaluation.text()),
                Format::Json => output::text(&evaluation.json().to_string()),
            }
            exit::DONE
        }
        Err(failure) => {
            output::error(&failure.to_string());
            run::code(&failure)
        }
    }
}

/// Pairs each truth with its results: those named, else `out` beside the truth, else those of the settings.
fn nights(arguments: &EvaluateArguments) -> Result<Vec<Scored>, (u8, String)> {
    if !arguments.out.is_empty() && arguments.out.len() != arguments.truth.len() {
        let text = format!(
            "error[EVALUATE]: {} truths and {} results are named, expected one --out for each --truth\nhelp: give --out as often as --truth, or never: then `out` beside each truth is taken",
            arguments.truth.len(),
            arguments.out.len()
        );
        return Err((exit::USAGE, text));
    }
    let mut nights = Vec::new();
    for (at, truth) in arguments.truth.iter().enumerate() {
        let out = match arguments.out.get(at) {
            Some(out) => out.clone(),
            None => usual_out(arguments.config.as_deref(), truth).map_err(|text| (exit::SETTINGS, text))?,
        };
        nights.push(Scored {
            truth: truth.clone(),
            out,
        });
    }
    Ok(nights)
}

fn usual_out(config: Option<&Path>, truth: &Path) -> Result<PathBuf, String> {
    let folder = if truth.is_dir() {
        truth
    } else {
        truth.parent().unwrap_or(Path::new(""))
    };
    let beside = folder.join("out");
    if beside.is_dir() {
        return Ok(beside);
    }
    let config = run::config_path(config);
    Ok(run::settings(config.as_deref())?.outputs.out)
}
