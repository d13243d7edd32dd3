//! `contingent generate`, hidden: the documents that are written from the implementation.
//!
//! `cargo xtask reference` and `cargo xtask man` call it, and whoever packages the program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contingent::conformance;
use contingent::reference::{CommandHelp, markdown};
use contingent::schemas;
use contingent::verified;

use super::{Outcome, Stop, output};

/// Columns of the help in the reference.
const HELP_WIDTH: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Document {
    /// `reference.md`
    Reference,
    /// `schemas/*.json`
    Schemas,
    /// `man/*.1`
    Man,
    /// `xmile.md`: models of others against their output
    Xmile,
    /// `verified.md`: published models against what is known of them
    Verified,
}

#[derive(Args)]
pub(super) struct GenerateArguments {
    /// What to write
    #[arg(value_enum, required = true)]
    documents: Vec<Document>,
    /// The models that `xmile` and `verified` compare
    #[arg(long, value_name = "DIRECTORY")]
    from: Option<PathBuf>,
    /// Where to write it
    #[arg(long, value_name = "DIRECTORY")]
    to: PathBuf,
}

pub(super) fn run(arguments: &GenerateArguments) -> Outcome {
    for document in &arguments.documents {
        match document {
            Document::Reference => {
                write(&arguments.to.join("reference.md"), &markdown(&help_of_commands()))?;
            }
            Document::Schemas => {
                for schema in schemas::all() {
                    let text = serde_json::to_string_pretty(&schema.schema)? + "\n";
                    write(&arguments.to.join("schemas").join(format!("{}.json", schema.name)), &text)?;
                }
            }
            Document::Verified => {
                let models = verified::verify(models_of(arguments)?).map_err(Stop::Model)?;
                write(&arguments.to.join("verified.md"), &verified::page(&models))?;
            }
            Document::Xmile => {
                let results = conformance::conformance(models_of(arguments)?).map_err(Stop::Fault)?;
                write(&arguments.to.join("xmile.md"), &conformance::page(&results))?;
            }
            Document::Man => {
                for (name, page) in man_pages()? {
                    write(&arguments.to.join("man").join(name), &page)?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn models_of(arguments: &GenerateArguments) -> Result<&Path, Stop> {
    arguments.from.as_deref().ok_or_else(|| Stop::Fault("`--from` says where the models are".to_owned()))
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    output::write_aside(path, text)
}

/// The commands that a user is shown.
fn shown(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command
        .get_subcommands()
        .filter(|subcommand| !subcommand.is_hide_set() && subcommand.get_name() != "help")
}

fn help_of_commands() -> Vec<CommandHelp> {
    let mut command = super::command().term_width(HELP_WIDTH);
    command.build();
    shown(&command)
        .map(|subcommand| {
            let mut subcommand = subcommand.clone().term_width(HELP_WIDTH);
            let help = subcommand.render_long_help().to_string();
            let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
            CommandHelp { name: subcommand.get_name().to_owned(), help: lines.join("\n") }
        })
        .collect()
}

/// One page for the program and one for each command, by file name.
fn man_pages() -> Result<Vec<(String, String)>, Stop> {
    let mut command = super::command();
    command.build();
    let mut pages = vec![("contingent.1".to_owned(), man_page(command.clone())?)];
    for subcommand in shown(&command) {
        pages.push((format!("contingent-{}.1", subcommand.get_name()), man_page(subcommand.clone())?));
    }
    Ok(pages)
}

fn man_page(command: clap::Command) -> Result<String, Stop> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .source(concat!("contingent ", env!("CARGO_PKG_VERSION")))
        .manual("Contingent")
        .render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
