//! `contingent evidence`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use contingent::evidence::{StoredAnswer, build_evidence, render_evidence};
use contingent_model::CheckedModel;

use super::{Format, Outcome, Stop, output};

#[derive(Args)]
pub(super) struct EvidenceArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// A run directory of `contingent answer`: say what its answers hang on, with the grounds
    #[arg(long, value_name = "RUN_DIRECTORY")]
    run: Option<PathBuf>,
    /// Show every row
    #[arg(long)]
    all: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &EvidenceArguments) -> Outcome {
    let model = output::open(&arguments.model)?;
    let stored = arguments.run.as_ref().map(|directory| stored_answer(&model, directory)).transpose()?;
    let document = build_evidence(&model, stored.as_ref());
    match arguments.format {
        Format::Json => output::result(&(serde_json::to_string_pretty(&document)? + "\n"))?,
        Format::Human => output::result(&render_evidence(&document, output::width(), arguments.all))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The answer in a run directory, when it is of this model.
fn stored_answer(model: &CheckedModel, directory: &Path) -> Result<StoredAnswer, Stop> {
    let path = directory.join("answer.json");
    let bytes = std::fs::read(&path).map_err(|error| {
        Stop::Fault(format!(
            "cannot read `{}`: {error}\nhelp: give a run directory that `contingent answer` wrote",
            path.display()
        ))
    })?;
    let answer: StoredAnswer = serde_json::from_slice(&bytes).map_err(|error| {
        Stop::Fault(format!(
            "`{}` is no answer: {error}\nhelp: run `contingent answer` again",
            path.display()
        ))
    })?;
    if answer.model.hash != model.hash {
        return Err(Stop::Fault(format!(
            "the run directory is of another version of the model (\"{}\")\nhelp: run `contingent answer` again, or give the \
             model that was run",
            answer.model.title
        )));
    }
    Ok(answer)
}
