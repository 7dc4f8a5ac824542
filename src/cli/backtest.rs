//! `backtest`: the site's own past, replayed; which evidence classes may post.

use crate::cli::args::{BacktestArguments, Format};
use crate::cli::{exit, output, run};
use crate::run::measure::backtest::{self, Given};

/// Counts the past, and writes the class table where one is wanted.
pub fn run(arguments: &BacktestArguments) -> u8 {
    let config = run::config_path(arguments.config.as_deref());
    let settings = match run::settings(config.as_deref()) {
        Ok(settings) => settings,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    let inputs = &settings.inputs;
    let given = Given {
        history: arguments.history.clone().or_else(|| inputs.history.clone()),
        open_items: arguments.open_items.clone().or_else(|| inputs.open_items.clone()),
        customers: arguments.customers.clone().or_else(|| inputs.customers.clone()),
        open_days: arguments.open_days,
        as_of: run::today(&settings.run.time_zone),
    };
    let counted = match backtest::read(&given).map(|inputs| backtest::backtest(inputs, &settings)) {
        Ok(counted) => counted,
        Err(failure) => {
            output::error(&failure.to_string());
            return run::code(&failure);
        }
    };
    match arguments.format {
        Format::Text => output::text(&counted.text()),
        Format::Json => output::text(&counted.json().to_string()),
    }
    let Some(path) = &arguments.write else {
        return exit::DONE;
    };
    if let Err(failure) = backtest::write(path, &counted) {
        output::error(&failure.to_string());
        return run::code(&failure);
    }
    output::error(&format!(
        "note: wrote {}; runs obey it when [classes] table names it",
        path.display()
    ));
    exit::DONE
}
