//! `inspect`: how files are read, without matching or storing anything.

use crate::cli::args::{Format, InspectArguments};
use crate::cli::{exit, inspect, output, run};
use crate::read::statement::{self, FileReading};
use crate::run::{delivery, inputs};

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
    let readings = match read(arguments, &settings) {
        Ok(readings) => readings,
        Err(failure) => {
            output::error(&failure.to_string());
            return run::code(&failure);
        }
    };
    for reading in &readings {
        match arguments.format {
            Format::Json => output::text(&inspect::json(reading)),
            Format::Text => output::text(&inspect::text(reading)),
        }
    }
    if readings.iter().any(FileReading::is_refused) {
        exit::PARTIAL
    } else {
        exit::DONE
    }
}

/// Reads each file by itself, as it would be read alone.
fn read(
    arguments: &InspectArguments,
    settings: &crate::settings::Settings,
) -> Result<Vec<FileReading>, crate::run::Failure> {
    let as_of = run::today(&settings.run.time_zone);
    let options = delivery::statement_options(settings, as_of)?;
    let mut readings = Vec::new();
    for path in &arguments.files {
        for mut found in inputs::find(std::slice::from_ref(path))? {
            if path.is_file() {
                found.name = path.display().to_string();
            }
            match inputs::read(&found) {
                Ok(input) => {
                    let mut of_file = statement::read(&input.name, &input.bytes, &options);
                    statement::proof::prove(&mut of_file, &options);
                    readings.extend(of_file);
                }
                Err(finding) => readings.push(FileReading::refused(&found.name, finding)),
            }
        }
    }
    Ok(readings)
}
