//! `inspect`: how files are read, without matching or storing anything.

use crate::cli::args::{Format, InspectArguments};
use crate::cli::{exit, inspect, output, run};
use crate::read::statement::{self, FileReading};
use crate::run::inputs::{self, Found};
use crate::run::{Failure, delivery};
use crate::settings::Settings;
use crate::words::Words;
use crate::words::finding::full;

/// Shows what is read from each file; 3 when a file is refused, 65 when one cannot be found.
pub fn run(arguments: &InspectArguments) -> u8 {
    let config = arguments.config.as_deref();
    let settings = match run::settings(config) {
        Ok(settings) => settings,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    let failed = |failure: Failure| {
        output::error(&failure.to_string());
        run::code(&failure)
    };
    if arguments.suggest_profile {
        return suggest(arguments, &settings).unwrap_or_else(failed);
    }
    let readings = match read(arguments, &settings) {
        Ok(readings) => readings,
        Err(failure) => return failed(failure),
    };
    let words = Words::of(settings.language);
    for reading in &readings {
        match arguments.format {
            Format::Json => output::line(|out| inspect::write_json(words, out, reading)),
            Format::Text => output::text(&inspect::text(words, reading)),
        }
    }
    if readings.iter().any(FileReading::is_refused) {
        exit::PARTIAL
    } else {
        exit::DONE
    }
}

/// Prints a layout for each file; those that have no header are named.
fn suggest(arguments: &InspectArguments, settings: &Settings) -> Result<u8, Failure> {
    let options = delivery::statement_options(settings, run::today(&settings.run.time_zone))?;
    let mut code = exit::DONE;
    for found in find(arguments)? {
        let input = inputs::read(&found);
        match input.and_then(|input| statement::suggest_profile(&input.name, &input.bytes, &options)) {
            Ok(layout) => output::text(layout.trim_end()),
            Err(finding) => {
                output::error(&full(Words::of(settings.language), &finding));
                code = exit::PARTIAL;
            }
        }
    }
    Ok(code)
}

/// Returns the files; one that is given itself is named as it was typed.
fn find(arguments: &InspectArguments) -> Result<Vec<Found>, Failure> {
    let mut all = Vec::new();
    for path in &arguments.files {
        for mut found in inputs::find(std::slice::from_ref(path))? {
            if path.is_file() {
                found.name = path.display().to_string();
            }
            all.push(found);
        }
    }
    Ok(all)
}

/// Reads each file by itself, as it would be read alone.
fn read(arguments: &InspectArguments, settings: &Settings) -> Result<Vec<FileReading>, Failure> {
    let options = delivery::statement_options(settings, run::today(&settings.run.time_zone))?;
    let mut readings = Vec::new();
    for found in find(arguments)? {
        match inputs::read(&found) {
            Ok(input) => {
                let mut of_file = statement::read(&input.name, &input.bytes, &options);
                statement::proof::prove(&mut of_file, &options);
                readings.extend(of_file);
            }
            Err(finding) => readings.push(FileReading::refused(&found.name, finding)),
        }
    }
    Ok(readings)
}
