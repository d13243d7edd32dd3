//! `contingent claims`: from articles to claims that can be checked.

mod decide;
mod export;
mod extract;
mod pin;
mod review;
mod verify;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use contingent::claims::{FileError, OpenLedger, read_ledger};
use contingent_evidence::export::ExportError;
use contingent_evidence::ledger::{ClaimEntry, Ledger, Words};

use super::{Outcome, Stop, output};

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<ExportError> for Stop {
    fn from(error: ExportError) -> Self {
        Self::Model(error.to_string())
    }
}

#[derive(Args)]
pub(super) struct ClaimsArguments {
    #[command(subcommand)]
    command: ClaimsCommand,
}

#[derive(Subcommand)]
enum ClaimsCommand {
    /// Draft who said what from articles: .txt, .html, .pdf, .docx
    Extract(extract::ExtractArguments),
    /// Look at drafts one by one in the terminal: accept, edit, reject, in our words
    Review(review::ReviewArguments),
    /// List the claims of a ledger
    List(decide::ListArguments),
    /// Accept claims of a ledger
    Accept(decide::AcceptArguments),
    /// Reject claims of a ledger
    Reject(decide::RejectArguments),
    /// Change what a ledger says about a claim
    Edit(decide::EditArguments),
    /// Say which assumptions of a model rest on a claim
    Link(decide::LinkArguments),
    /// Check that the words of claims stand in your copy of the source
    Verify(verify::VerifyArguments),
    /// Put pins into the claims of a model, from your copy of the source
    Pin(pin::PinArguments),
    /// Write accepted claims in the language or in a form of the web
    Export(export::ExportArguments),
}

pub(super) fn run(arguments: &ClaimsArguments) -> Outcome {
    match &arguments.command {
        ClaimsCommand::Extract(arguments) => extract::run(arguments),
        ClaimsCommand::Review(arguments) => review::run(arguments),
        ClaimsCommand::List(arguments) => decide::list(arguments),
        ClaimsCommand::Accept(arguments) => decide::accept(arguments),
        ClaimsCommand::Reject(arguments) => decide::reject(arguments),
        ClaimsCommand::Edit(arguments) => decide::edit(arguments),
        ClaimsCommand::Link(arguments) => decide::link(arguments),
        ClaimsCommand::Verify(arguments) => verify::run(arguments),
        ClaimsCommand::Pin(arguments) => pin::run(arguments),
        ClaimsCommand::Export(arguments) => export::run(arguments),
    }
}

/// How many claims of a model stand in the copies that the user supplies; nothing without a copy.
pub(super) fn verification(
    model: &contingent_model::CheckedModel,
    copies: &[String],
) -> Result<Option<contingent::claims::VerificationSummary>, Stop> {
    if copies.is_empty() {
        return Ok(None);
    }
    let claims = contingent::claims::pinned_of_model(model);
    let copies = verify::read_copies(copies, &claims)?;
    Ok(Some(verify::check(&claims, &copies).into()))
}

/// Writes a ledger back, with its comments.
fn save(open: &OpenLedger, ledger: &Ledger) -> Result<(), Stop> {
    output::write_aside(&open.path, ledger.update(&open.text))?;
    // What an interrupted review decided is in the file now.
    contingent::claims::forget_journal(&open.path);
    Ok(())
}

/// The claim of a name, or the nearest name.
fn find<'l>(ledger: &'l Ledger, id: &str) -> Result<&'l ClaimEntry, Stop> {
    ledger.claim(id).ok_or_else(|| {
        let near = contingent_syntax::nearest(id, ledger.claims.iter().map(|claim| claim.id.as_str()));
        let help = near.map_or_else(
            || "`contingent claims list LEDGER` shows them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Stop::Fault(format!("the ledger has no claim `{id}`\nhelp: {help}"))
    })
}

/// Opens ledgers; a directory stands for the ledgers in it.
fn ledgers(paths: &[PathBuf]) -> Result<Vec<OpenLedger>, Stop> {
    let mut opened = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut below: Vec<PathBuf> = std::fs::read_dir(path)
                .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
                .map_err(|error| Stop::Fault(format!("cannot read `{}`: {error}", path.display())))?
                .into_iter()
                .map(|entry| entry.path())
                .filter(|path| is_ledger(path))
                .collect();
            below.sort();
            if below.is_empty() {
                return Err(Stop::Model(format!(
                    "there is no ledger in `{}`\nhelp: `contingent claims extract ARTICLE -o {}`",
                    path.display(),
                    path.display()
                )));
            }
            for path in below {
                opened.push(read_ledger(&path)?);
            }
        } else {
            opened.push(read_ledger(path)?);
        }
    }
    Ok(opened)
}

fn is_ledger(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(contingent::claims::LEDGER_ENDING))
}

/// The kind of a statement, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindArgument {
    /// Something is or was so
    Fact,
    /// Something brings something else about
    Causal,
    /// Something will be so
    Forecast,
    /// Something will be so if something else is
    Conditional,
    /// The speaker's side means to do something
    Intent,
    /// Something should be so
    Normative,
}

/// The voice of a claim, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum VoiceArgument {
    /// Quoted whole
    Direct,
    /// Partly quoted, partly told
    Mixed,
    /// Told without quotation
    Reported,
}

/// Whether somebody has decided, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StateArgument {
    /// Nobody has looked at it
    Draft,
    /// Somebody stands by it
    Accepted,
    /// Somebody threw it out
    Rejected,
}

/// A word of the command line as the ledger has it.
fn word_of<W: Words>(argument: &impl ValueEnum) -> W {
    let value = argument.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    W::of_word(&value).expect("the command line has the words of the ledger")
}
