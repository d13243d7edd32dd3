//! `contingent council`: how a table of members bargains.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use contingent::council::{Table, bargain};
use contingent::render::{RenderOptions, render_council};

use super::{Format, Outcome, Stop, output};

#[derive(Args)]
pub(super) struct CouncilArguments {
    /// A CSV file in the format of the KAPSARC Toolkit: a line with name, description, number of members and of
    /// dimensions; a line with the names of the columns; a line a member with name, description, power, and position and
    /// salience (0 to 100) on each dimension
    file: PathBuf,
    /// Turns after which bargaining ends even if positions have not come to rest
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    turns: u32,
    /// Show the offers of every turn, not only of the first
    #[arg(long)]
    offers: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &CouncilArguments) -> Outcome {
    let text = contingent::project::read(&arguments.file)
        .map_err(|reason| Stop::Fault(format!("cannot read `{}`: {reason}", arguments.file.display())))?;
    let table = Table::read(&text).map_err(|error| {
        Stop::Model(format!("cannot read `{}` as a council: {error}", arguments.file.display()))
    })?;
    let document = bargain(&table, arguments.turns as usize);
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&document)? + "\n",
        Format::Human => {
            let options = RenderOptions { width: output::width(), ..RenderOptions::default() };
            render_council(&document, arguments.offers, &options)
        }
    };
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}
