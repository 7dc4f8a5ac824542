//! The program: parses, calls, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    paymatch::cli::main(std::env::args_os())
}
