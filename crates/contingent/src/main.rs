//! The `contingent` program.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    std::panic::catch_unwind(cli::run).unwrap_or_else(|_| {
        cli::report_panic();
        ExitCode::from(2)
    })
}
