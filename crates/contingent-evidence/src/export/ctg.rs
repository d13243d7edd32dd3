//! Accepted claims as declarations of the modelling language.
//!
//! Enters: ledgers. Leaves: `source` and `claim` declarations. Always holds: what leaves is sound text of the language.

use std::fmt::Write as _;

use super::{ExportError, accepted, claim_name, same_as};
use crate::ledger::{Ledger, Words as _};

/// Characters of one string; longer texts go on in a second.
const LINE: usize = 96;

/// Declarations of sources and accepted claims.
pub fn to_ctg(ledgers: &[Ledger]) -> Result<String, ExportError> {
    let all = accepted(ledgers)?;
    let mut text =
        String::from("# Who said what, in our words. The sources are cited and paraphrased, never quoted.\n");
    for (ledger, claims) in all.iter().filter(|(_, claims)| !claims.is_empty()) {
        let source = &ledger.source;
        let mut lines = Vec::new();
        lines.extend(
            source.publisher.as_ref().map(|publisher| format!("publisher {}", quoted(publisher, ""))),
        );
        lines.extend(source.date.as_ref().map(|date| format!("date {date}")));
        lines.extend(source.grade.as_ref().map(|grade| format!("grade {grade}")));
        lines.extend(source.url.as_ref().map(|url| format!("url {}", quoted(url, ""))));
        let title = if source.title.is_empty() { &source.file } else { &source.title };
        block(&mut text, &format!("source {} {}", source.id, quoted(title, "")), &lines);
        for claim in claims {
            let mut head = format!("claim {} from {}", claim_name(ledger, claim), source.id);
            if let Some(speaker) = &claim.speaker {
                let _ = write!(head, " by {}", quoted(speaker, ""));
                if let Some(role) = &claim.role {
                    let _ = write!(head, " role {}", quoted(role, ""));
                }
            }
            let mut lines =
                vec![format!("says {}", quoted(claim.says.as_deref().unwrap_or_default(), "       "))];
            if !claim.kinds.is_empty() {
                lines.push(format!(
                    "kind {}",
                    claim.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ")
                ));
            }
            lines.push(format!("voice {}", claim.voice.word()));
            lines.extend(claim.grade.as_ref().map(|grade| format!("grade {grade}")));
            if !claim.tags.is_empty() {
                lines.push(format!("tags {}", claim.tags.join(", ")));
            }
            let same = same_as(ledger, claim, &all);
            if !same.is_empty() {
                lines.push(format!("same_as {}", same.join(", ")));
            }
            for pin in &claim.pins {
                let mut line = format!("pin words {} sha256 \"{}\" near {}", pin.words, pin.sha256, pin.near);
                for (word, digits) in [("strict", &pin.strict), ("sketch", &pin.sketch)] {
                    if let Some(digits) = digits {
                        let _ = write!(line, " {word} \"{digits}\"");
                    }
                }
                lines.push(line);
            }
            if !claim.rests.is_empty() {
                let _ = write!(text, "\n# for {}", claim.rests.join(", "));
            }
            block(&mut text, &head, &lines);
        }
    }
    Ok(text)
}

fn block(text: &mut String, head: &str, lines: &[String]) {
    let _ = write!(text, "\n{head} {{\n");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text.push_str("}\n");
}

/// A string of the language; a long one as several, under each other after so much space.
fn quoted(words: &str, indent: &str) -> String {
    let words = words.replace('\\', "\\\\").replace('"', "\\\"");
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let is_full = !indent.is_empty() && lines.last().is_some_and(|line| line.len() + word.len() > LINE);
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("\"{line}\"")).collect();
    lines.join(&format!("\n{indent}"))
}
