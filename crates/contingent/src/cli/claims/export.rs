//! `contingent claims export`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contingent_evidence::export::{to_ctg, to_prov_o, to_trig, to_web_annotation};
use contingent_evidence::ledger::Ledger;
use contingent_syntax::format;

use super::{Outcome, Stop, ledgers, output};

#[derive(Args)]
pub(crate) struct ExportArguments {
    /// Ledgers, or directories of ledgers
    #[arg(required = true, value_name = "LEDGER")]
    ledgers: Vec<PathBuf>,
    /// The form
    #[arg(long, value_enum, default_value_t = Form::Ctg)]
    to: Form,
    /// The file; standard output unless given
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A form in which claims leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Declarations of the modelling language
    Ctg,
    /// W3C Web Annotations, JSON-LD
    WebAnnotation,
    /// W3C PROV-O, JSON-LD
    ProvO,
    /// Nanopublications, `TriG`
    Trig,
}

pub(super) fn run(arguments: &ExportArguments) -> Outcome {
    let ledgers: Vec<Ledger> = ledgers(&arguments.ledgers)?.into_iter().map(|open| open.ledger).collect();
    let text = match arguments.to {
        Form::Ctg => {
            let text = to_ctg(&ledgers)?;
            format(&text).map_err(|diagnostics| {
                let headline = diagnostics.first().map_or("it cannot be read", |first| first.headline.as_str());
                Stop::Fault(format!(
                    "a claim cannot be written in the language: {headline}\nhelp: rename it with `contingent claims edit \
                     LEDGER ID --rename NAME`, or its source in the ledger"
                ))
            })?
        }
        Form::WebAnnotation => serde_json::to_string_pretty(&to_web_annotation(&ledgers)?)? + "\n",
        Form::ProvO => serde_json::to_string_pretty(&to_prov_o(&ledgers)?)? + "\n",
        Form::Trig => to_trig(&ledgers)?,
    };
    match &arguments.out {
        Some(path) => output::write_aside(path, &text)?,
        None => output::result(&text)?,
    }
    Ok(ExitCode::SUCCESS)
}
