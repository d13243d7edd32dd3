//! The `contingent` program.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::panic::catch_unwind(cli::run) {
        Ok(code) => code,
        Err(_) => {
            cli::report_panic();
            ExitCode::from(2)
        }
    }
}
