//! Prints the drafts of a text file, to look at.
//!
//! Enters: the path of a UTF-8 text. Leaves: a line for each draft and each thing left over. Always holds: nothing is written to disk.

use contingent_evidence::extract::{Options, extract};
use contingent_evidence::text::NormalText;

#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "an example reads a file and prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: drafts FILE")?;
    let text = NormalText::new(std::fs::read_to_string(path)?, Vec::new());
    let found = extract(&text, &Options::default());
    let words = text.as_str();
    for draft in &found.drafts {
        let content: Vec<&str> = draft.content.iter().map(|span| &words[span.clone()]).collect();
        println!(
            "{:?}/{:?} {} | {} <{}> ({}) | {}{}",
            draft.voice,
            draft.kind,
            draft.pattern,
            draft.speaker.as_deref().unwrap_or("?"),
            draft.speaker_span.as_ref().map_or("", |span| &words[span.clone()]),
            draft.role.as_deref().unwrap_or(""),
            content.join(" ## "),
            draft.secondhand_of.as_ref().map_or(String::new(), |from| format!(" | via {from}")),
        );
    }
    for left in found.uncaptured_quotations.iter().chain(&found.uncaptured_cues) {
        let from = words[..left.span.start].char_indices().rev().nth(30).map_or(0, |(at, _)| at);
        println!("left: {} [{}]", &words[from..left.span.end], left.reason);
    }
    Ok(())
}
