//! `contingent describe`.

use std::path::Path;
use std::process::ExitCode;

use contingent::{checklists, describe, project};
use contingent_model::CheckedModel;
use contingent_report::document::answer::Answer;
use contingent_syntax::{FileId, parse};

use super::{ChecklistStandard, DescribeArguments, DescriptionFormat, Outcome, Stop, output};

pub(super) fn run(arguments: &DescribeArguments) -> Outcome {
    let checked = project::open(&arguments.model)?;
    let Some(model) = &checked.model else {
        output::diagnostics(&checked);
        return Err(Stop::Shown);
    };
    if let Some(standard) = arguments.checklist {
        return fill(model, standard, arguments);
    }
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

/// Prints a checklist.
fn fill(model: &CheckedModel, standard: ChecklistStandard, arguments: &DescribeArguments) -> Outcome {
    let answer = arguments.answer.as_deref().map(|path| read_answer(path, model)).transpose()?;
    let standard = match standard {
        ChecklistStandard::Odd => checklists::Standard::Odd,
        ChecklistStandard::StressSd => checklists::Standard::StressSd,
        ChecklistStandard::Trace => checklists::Standard::Trace,
    };
    let checklist = checklists::checklist(model, answer.as_ref(), standard);
    match arguments.format {
        DescriptionFormat::Human => output::result(&checklists::human(&checklist, output::width()))?,
        DescriptionFormat::Markdown => output::result(&checklists::markdown(&checklist))?,
        DescriptionFormat::Json => {
            output::result(&format!("{}\n", serde_json::to_string_pretty(&checklist)?))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The answer of a run of this model.
#[expect(clippy::disallowed_methods, reason = "the command line reads files")]
fn read_answer(path: &Path, model: &CheckedModel) -> Result<Answer, Stop> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Stop::Fault(format!(
            "{shown} cannot be read: {error}\nhelp: give the `answer.json` of a run directory"
        ))
    })?;
    let answer: Answer = serde_json::from_str(&text).map_err(|error| {
        Stop::Fault(format!(
            "{shown} is not an answer: {error}\nhelp: give the `answer.json` of a run directory"
        ))
    })?;
    if answer.model.hash != model.hash {
        return Err(Stop::Fault(format!(
            "{shown} is the answer of another model, or of an earlier text of this one\nhelp: run `contingent answer` again"
        )));
    }
    Ok(answer)
}
