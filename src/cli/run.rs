//! `run`: flags and settings → a plan; the night → a summary and an exit code.

use crate::cli::args::{Format, RunArguments};
use crate::cli::{exit, output};
use crate::model::NaiveDate;
use crate::run::{Ended, Failure, Plan, Watch};
use crate::settings::{self, Settings};
use crate::words::catalogue::{Words, say};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

/// Settings file that is taken where none is named.
const USUAL_CONFIG: &str = "config/paymatch.toml";

/// Runs one night and returns the exit code.
pub fn run(arguments: &RunArguments) -> u8 {
    let plan = match plan(arguments) {
        Ok(plan) => plan,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    let threads = plan.settings.run.threads;
    let pool = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool,
        Err(error) => {
            output::error(&format!("error[THREADS]: {threads} threads cannot be started: {error}"));
            return exit::IO;
        }
    };
    let progress = Progress::new();
    let ended = pool.install(|| crate::run::run(&plan, &progress));
    progress.finish();
    match ended {
        Ok(ended) => {
            tell(&ended, &plan, arguments.format);
            let code = if ended.night.has_new_refusal {
                exit::PARTIAL
            } else {
                exit::DONE
            };
            // The process ends here: giving a large night back piece by piece takes longer than letting the system have it.
            std::mem::forget(ended);
            code
        }
        Err(failure) => {
            output::error(&failure.to_string());
            code(&failure)
        }
    }
}

/// Returns the exit code of a failure.
pub fn code(failure: &Failure) -> u8 {
    match failure {
        Failure::NoInput(_) => exit::NO_INPUT,
        Failure::OpenItems(_) => exit::NO_OPEN_ITEMS,
        Failure::SelfCheck(_) => exit::SELF_CHECK,
        Failure::CannotCreate(_) => exit::CANNOT_CREATE,
        Failure::Io(_) => exit::IO,
        Failure::Locked(_) => exit::LOCKED,
        Failure::Permission(_) => exit::PERMISSION,
    }
}

fn tell(ended: &Ended, plan: &Plan, format: Format) {
    let words = Words::of(plan.settings.language);
    if let Some(number) = ended.recovered {
        output::error(&say!(words, "terminal.interrupted", run = number.to_string()));
    }
    let night = &ended.night;
    for finding in night
        .findings
        .iter()
        .filter(|finding| finding.severity == crate::model::Severity::Error)
    {
        output::error(&crate::words::finding::full(words, finding));
    }
    match format {
        Format::Json => {
            let mut bytes = Vec::new();
            if crate::report::summary::write(night, &ended.overview, &mut bytes).is_ok() {
                output::text(&String::from_utf8_lossy(&bytes));
            }
        }
        Format::Text => {
            let mut text = crate::report::terminal::summary_text(night, &ended.overview, output::is_colored());
            match &ended.folder {
                Some(folder) => {
                    let latest = shown(&plan.settings.outputs.out.join("latest"));
                    let mut line = |said: String| text.extend([said.as_str(), "\n"]);
                    let path = |path: &Path| path.display().to_string();
                    line(String::new());
                    line(say!(words, "terminal.results", path = path(&shown(folder))));
                    line(say!(
                        words,
                        "terminal.read_next",
                        path = path(&latest.join("report.html"))
                    ));
                    if night.payments.iter().any(crate::model::JudgedPayment::is_exception) {
                        let sheet = latest.join("exceptions.xlsx");
                        line(say!(words, "terminal.decide_in", path = path(&sheet)));
                    }
                }
                None => text.extend(["\n", words.text("terminal.dry_run"), "\n"]),
            }
            output::text(&text);
        }
    }
}

/// Returns a path without the detours over the settings' folder: `config/../out` is `out`. What is a link stays as it is.
fn shown(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        let is_plain = matches!(short.components().next_back(), Some(Component::Normal(_))) && !short.is_symlink();
        match part {
            Component::ParentDir if is_plain => {
                short.pop();
            }
            Component::CurDir => {}
            part => short.push(part),
        }
    }
    short
}

/// Returns the settings file to use: the one named, else the usual one where it is.
pub fn config_path(named: Option<&Path>) -> Option<PathBuf> {
    named
        .map(Path::to_owned)
        .or_else(|| Some(PathBuf::from(USUAL_CONFIG)).filter(|path| path.is_file()))
}

/// Reads settings; without a file, the shipped ones without the demo's paths and with results in the working directory.
pub fn settings(path: Option<&Path>) -> Result<Settings, String> {
    let Some(path) = path else {
        let mut settings =
            settings::parse(USUAL_CONFIG, settings::SHIPPED, Path::new("")).map_err(|e| e.to_string())?;
        settings.inputs = settings::Inputs::default();
        settings.outputs = settings::Outputs {
            state: "state".into(),
            out: "out".into(),
            outbox: "outbox".into(),
        };
        return Ok(settings);
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("error[SETTINGS]: {name}: {error}\nhelp: name the settings file with --config, or make one with `paymatch init DIR`"))?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    settings::parse(&name, &text, &folder).map_err(|error| error.to_string())
}

fn plan(arguments: &RunArguments) -> Result<Plan, String> {
    let config = config_path(arguments.config.as_deref());
    let mut settings = settings(config.as_deref())?;
    let inputs = &mut settings.inputs;
    if !arguments.statements.is_empty() {
        inputs.statements.clone_from(&arguments.statements);
    }
    let win = |flag: &Option<PathBuf>, setting: &mut Option<PathBuf>| {
        if flag.is_some() {
            setting.clone_from(flag);
        }
    };
    win(&arguments.open_items, &mut inputs.open_items);
    win(&arguments.customers, &mut inputs.customers);
    win(&arguments.history, &mut inputs.history);
    win(&arguments.decisions, &mut inputs.decisions);
    if let Some(claims) = &arguments.claims {
        settings.claims.file.clone_from(claims);
    }
    if let Some(state) = &arguments.state {
        settings.outputs.state.clone_from(state);
    }
    if let Some(out) = &arguments.out {
        settings.outputs.out.clone_from(out);
        settings.outputs.outbox = out.join("outbox");
    }
    if let Some(outbox) = &arguments.outbox {
        settings.outputs.outbox.clone_from(outbox);
    }
    if let Some(threads) = arguments.threads {
        settings.run.threads = threads;
    }
    obey_classes(&mut settings)?;
    let as_of = arguments.as_of.unwrap_or_else(|| today(&settings.run.time_zone));
    Ok(Plan {
        settings,
        as_of,
        is_dry_run: arguments.dry_run,
        is_new_store: arguments.new_store,
    })
}

/// Lays the class table over the policy, where the settings name one.
fn obey_classes(settings: &mut Settings) -> Result<(), String> {
    let Some(path) = settings.class_table.clone() else {
        return Ok(());
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        format!("error[CLASSES]: {name}: {error}\nhelp: write it with `paymatch backtest --write {name}`, or set `table = \"\"` in [classes]")
    })?;
    settings.obey(&name, &text).map_err(|error| error.to_string())
}

/// The only look at the clock: the calendar day in the configured zone.
pub fn today(zone: &str) -> NaiveDate {
    let now = chrono::Utc::now();
    zone.parse::<chrono_tz::Tz>()
        .map_or_else(|_| now.date_naive(), |zone| now.with_timezone(&zone).date_naive())
}

/// A progress bar on a terminal, nothing elsewhere.
struct Progress {
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    fn new() -> Progress {
        Progress { bar: Mutex::new(None) }
    }

    fn finish(&self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Progress {
    fn stage(&self, name: &'static str, steps: u64) {
        self.finish();
        let bar = if steps == 0 {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::new(steps)
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        let template = if steps == 0 {
            "{msg} {spinner}"
        } else {
            "{msg} {wide_bar} {human_pos}/{human_len} ETA {eta}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name);
        if let Ok(mut current) = self.bar.lock() {
            *current = Some(bar);
        }
    }

    fn advance(&self, steps: u64) {
        if let Ok(current) = self.bar.lock()
            && let Some(bar) = current.as_ref()
        {
            bar.inc(steps);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_without_detours() {
        for (path, expected) in [
            ("config/../out/1", "out/1"),
            ("./out/latest", "out/latest"),
            ("../out", "../out"),
            ("a/b/../../out", "out"),
            ("/srv/books/../out", "/srv/out"),
            ("out", "out"),
        ] {
            assert_eq!(shown(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
