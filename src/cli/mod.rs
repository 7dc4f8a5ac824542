//! The command line: one file per subcommand. Turns words into plans and results into exit codes.
//!
//! Exit codes are those of sysexits where they fit; `docs/operators.md` lists them.

mod args;
mod backtest;
mod check;
mod evaluate;
mod explain;
mod init;
pub mod inspect;
mod known;
mod learn;
mod look;
mod output;
mod run;

use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with its arguments and returns its exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = match args::Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            let code = if error.use_stderr() { exit::USAGE } else { exit::DONE };
            let text = error.render();
            if error.use_stderr() {
                output::error(&text.to_string())
            } else {
                output::text(&text.to_string())
            }
            return ExitCode::from(code);
        }
    };
    let code = match parsed.command {
        args::Command::Run(arguments) => run::run(&arguments),
        args::Command::Inspect(arguments) => look::run(&arguments),
        args::Command::Explain(arguments) => explain::run(&arguments),
        args::Command::Learn(arguments) => learn::run(&arguments),
        args::Command::Known(arguments) => known::run(&arguments),
        args::Command::Backtest(arguments) => backtest::run(&arguments),
        args::Command::Evaluate(arguments) => evaluate::run(&arguments),
        args::Command::Check(arguments) => check::run(&arguments),
        args::Command::Init(arguments) => init::run(&arguments.folder),
    };
    ExitCode::from(code)
}

/// Exit codes.
pub mod exit {
    /// Everything done; exceptions are normal work.
    pub const DONE: u8 = 0;
    /// Wrong arguments.
    pub const USAGE: u8 = 2;
    /// Published, but an input was newly refused or held.
    pub const PARTIAL: u8 = 3;
    /// No usable input.
    pub const NO_INPUT: u8 = 65;
    /// Open items missing or unreadable.
    pub const NO_OPEN_ITEMS: u8 = 66;
    /// Self-check failed: nothing was published.
    pub const SELF_CHECK: u8 = 70;
    /// The record is missing or damaged, or a folder cannot be made.
    pub const CANNOT_CREATE: u8 = 73;
    /// Writing failed.
    pub const IO: u8 = 74;
    /// Another run is at work.
    pub const LOCKED: u8 = 75;
    /// No permission.
    pub const PERMISSION: u8 = 77;
    /// Settings wrong.
    pub const SETTINGS: u8 = 78;
}
