//! `contingent check`.

use std::process::ExitCode;

use contingent::{diagnostics, lint, project};
use contingent_engine::{Configuration, compile};
use contingent_syntax::{FileId, parse};

use super::{CheckArguments, Dump, Format, Outcome, output};

pub(super) fn run(arguments: &CheckArguments) -> Outcome {
    let mut checked = project::open(&arguments.model)?;
    if let Some(model) = &checked.model {
        lint::add_warnings(model, &mut checked.diagnostics);
    }
    match arguments.format {
        Format::Human => output::diagnostics(&checked),
        Format::Json => {
            let document = diagnostics::to_json(&checked.diagnostics, &checked.sources);
            output::result(&(serde_json::to_string_pretty(&document)? + "\n"))?;
        }
    }
    if arguments.dump == Some(Dump::Syntax) {
        for (i, file) in checked.sources.files.iter().take(checked.n_files).enumerate() {
            output::result(&format!("{:#?}\n", parse(FileId(i as u32), &file.text).syntax()))?;
        }
    }
    let is_denied = arguments.deny_warnings && !checked.diagnostics.is_empty();
    let Some(model) = checked.model else { return Ok(ExitCode::from(1)) };
    match arguments.dump {
        Some(Dump::Model) => output::result(&contingent::dump::model(&model))?,
        Some(Dump::Program) => output::result(&compile(&model, &Configuration::default())?.dump())?,
        _ => {}
    }
    Ok(if is_denied { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
