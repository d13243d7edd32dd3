//! `contingent explain`: what a code, a function or a word of the language means.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use contingent::explanation::{ExplanationsDocument, codes, did_you_mean, explain};
use contingent::render::render_page;

use super::{Format, Outcome, Stop, output};

#[derive(Args)]
pub(super) struct ExplainArguments {
    /// A code of a diagnostic such as `unit-clash`, a function, a distribution, or a word of a declaration; all codes are
    /// listed unless given
    word: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(arguments: &ExplainArguments) -> Outcome {
    let found = match arguments.word.as_deref().map(str::trim) {
        None => codes(),
        Some(word) => {
            let found = explain(word);
            if found.is_empty() {
                return Err(unknown(word));
            }
            found
        }
    };
    match arguments.format {
        Format::Json => {
            output::result(&(serde_json::to_string_pretty(&ExplanationsDocument::new(found))? + "\n"))?;
        }
        Format::Human if arguments.word.is_none() => {
            let width = found.iter().map(|code| code.word.len()).max().unwrap_or(0);
            let mut text = String::new();
            for code in &found {
                let _ = writeln!(text, "{:width$}  {}", code.word, code.summary);
            }
            text += "\n`contingent explain CODE` shows an example of each, wrong and right\n";
            output::result(&text)?;
        }
        Format::Human => {
            let pages: Vec<String> =
                found.iter().map(|found| render_page(&found.page, output::width())).collect();
            output::result(&pages.join("\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn unknown(word: &str) -> Stop {
    let help = did_you_mean(word).map_or_else(
        || {
            let codes: Vec<String> = codes().into_iter().map(|code| code.word).collect();
            format!("the codes are {}", codes.join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    );
    Stop::Fault(format!("there is nothing to explain under `{word}`\nhelp: {help}"))
}
