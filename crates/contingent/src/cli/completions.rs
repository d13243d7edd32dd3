//! `contingent completions`: what a shell needs to complete commands.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::{Outcome, output};

#[derive(Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &CompletionsArguments) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "contingent", &mut text);
    output::result(&String::from_utf8_lossy(&text))?;
    Ok(ExitCode::SUCCESS)
}
