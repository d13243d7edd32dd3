//! `contingent describe`.

use std::process::ExitCode;

use contingent::{describe, project};
use contingent_syntax::{FileId, parse};

use super::{DescribeArguments, DescriptionFormat, Outcome, Stop, output};

pub(super) fn run(arguments: &DescribeArguments) -> Outcome {
    let checked = project::open(&arguments.model)?;
    let Some(model) = &checked.model else {
        output::diagnostics(&checked);
        return Err(Stop::Shown);
    };
    let files: Vec<_> = checked
        .sources
        .files
        .iter()
        .enumerate()
        .map(|(i, file)| parse(FileId(i as u32), &file.text).file)
        .collect();
    let description = describe::describe(model, &files);
    match arguments.format {
        DescriptionFormat::Human => output::result(&describe::human(&description, output::width()))?,
        DescriptionFormat::Markdown => output::result(&describe::markdown(&description))?,
        DescriptionFormat::Json => {
            output::result(&format!("{}\n", serde_json::to_string_pretty(&description)?))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
