//! `contingent claims pin`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use contingent::claims::{PinError, PinOutcome, PinRequest, pin_model, read_article};
use contingent::project;
use contingent_syntax::{FileId, nearest, parse};

use super::{Outcome, Stop, output};

#[derive(Args)]
pub(crate) struct PinArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// Your copy of the source, in any format
    #[arg(long, value_name = "FILE")]
    copy: PathBuf,
    /// The source that the copy is of; found by who speaks in it unless given
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Only this claim, also when it has pins; may be given several times
    #[arg(long = "claim", value_name = "CLAIM")]
    claims: Vec<String>,
    /// The words of the copy that the one claim stands for, whole or as `FIRST WORDS ... LAST WORDS`
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// The characters of the copy that the one claim stands for: the first, and the one after the last
    #[arg(long, num_args = 2, value_names = ["FIRST", "END"], conflicts_with = "words")]
    at: Option<Vec<usize>>,
    /// Write nothing; show what would be pinned
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &PinArguments) -> Outcome {
    let checked = project::open(&arguments.model)?;
    let Some(model) = &checked.model else {
        output::diagnostics(&checked);
        return Err(Stop::Shown);
    };
    let copy = read_article(&arguments.copy)?;
    for note in &copy.notes {
        output::note(&format!("{}: {note}", arguments.copy.display()));
    }
    let request = PinRequest {
        only: arguments.claims.clone(),
        source: arguments.source.clone(),
        words: arguments.words.clone(),
        at: arguments.at.as_ref().map(|at| (at[0], at[1])),
    };
    let outcome = pin_model(model, &checked.sources, &copy.text, &request).map_err(|error| {
        let near = match &error {
            PinError::NoClaim { name } => nearest(name, model.claims.iter().map(|claim| claim.name.as_str())),
            PinError::NoSource { name } => {
                nearest(name, model.sources.iter().map(|source| source.name.as_str()))
            }
            _ => None,
        };
        let help = near.map(|near| format!("\nhelp: did you mean `{near}`?")).unwrap_or_default();
        Stop::Fault(format!("{error}{help}"))
    })?;
    output::result(&text(&outcome, copy.text.as_str()))?;
    if arguments.dry_run || outcome.files.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let directory = if arguments.model.is_dir() {
        arguments.model.clone()
    } else {
        arguments.model.parent().map(PathBuf::from).unwrap_or_default()
    };
    // Every text is read again before any is written: a model that was sound stays sound.
    for (file, text) in &outcome.files {
        if !parse(FileId(0), text).diagnostics.is_empty() {
            let name = &checked.sources.file(*file).name;
            return Err(Stop::Fault(format!(
                "the pins do not fit into `{name}`; nothing was written\nhelp: lay it out with `contingent fmt` first"
            )));
        }
    }
    for (file, text) in &outcome.files {
        let path = directory.join(&checked.sources.file(*file).name);
        output::write_aside(&path, text)?;
        output::note(&format!("wrote {}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is pinned where, with the words of the copy beside ours, so that the user can judge.
fn text(outcome: &PinOutcome, copy: &str) -> String {
    let clear =
        outcome.claims.iter().filter(|claim| claim.place.as_ref().is_some_and(|place| place.is_clear));
    let n_clear = clear.count();
    let mut text = format!("{n_clear} of {} claims pinned", outcome.claims.len());
    if outcome.n_pinned_before > 0 {
        let _ = write!(text, "; {} had pins before", outcome.n_pinned_before);
    }
    text.push_str(".\n");
    for is_clear in [true, false] {
        let members: Vec<_> = outcome
            .claims
            .iter()
            .filter(|claim| claim.place.as_ref().is_some_and(|place| place.is_clear) == is_clear)
            .collect();
        if members.is_empty() {
            continue;
        }
        text.push_str(if is_clear {
            "\nPinned; read them once, and say better where one is wrong:\n"
        } else {
            "\nNot clear; say where they stand, `--claim NAME --words \"FIRST WORDS ... LAST WORDS\"`:\n"
        });
        for claim in members {
            let speaker = claim.speaker.as_deref().unwrap_or("the source");
            let _ = writeln!(text, "  {}: {speaker}: {}", claim.claim, claim.says);
            match &claim.place {
                Some(place) => {
                    let words: Vec<String> = place
                        .spans
                        .iter()
                        .map(|span| copy[span.clone()].split_whitespace().collect::<Vec<_>>().join(" "))
                        .collect();
                    let (start, end) = place.characters;
                    let _ = writeln!(text, "    characters {start} to {end}: {}", words.join(" ... "));
                }
                None => text.push_str("    nothing in the copy is like it\n"),
            }
        }
    }
    text
}
