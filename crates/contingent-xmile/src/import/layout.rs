//! The order and form of what is written.
//!
//! Enters: declarations with what they belong to. Leaves: text by group, and by kind where there are no groups. Always
//! holds: names and descriptions of a file never end the string or comment that they stand in.

use std::fmt::Write as _;

use super::Import;

/// A declaration with what it belongs to.
pub(super) struct Line {
    pub(super) owner: usize,
    pub(super) section: Section,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Tables,
    Stocks,
    Flows,
    Others,
}

impl Section {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Tables => "Graphical functions",
            Self::Stocks => "Stocks",
            Self::Flows => "Flows",
            Self::Others => "Constants and auxiliaries",
        }
    }
}

impl Import<'_> {
    /// Writes declarations by group, and by section where there are no groups.
    pub(super) fn lay_out(&self, text: &mut String, lines: &[Line]) {
        let mut order: Vec<usize> = (0..lines.len()).collect();
        let group = |line: &Line| self.flat.variables[line.owner].group.unwrap_or(usize::MAX);
        order.sort_by_key(|&i| (group(&lines[i]), lines[i].section, lines[i].owner));
        let mut before: Option<(usize, Section)> = None;
        for i in order {
            let line = &lines[i];
            let here = (group(line), line.section);
            if before.is_none_or(|before| before.0 != here.0)
                && let Some((name, doc)) = self.flat.groups.get(here.0)
            {
                let _ = writeln!(text, "\n# {}", commented(name));
                for part in doc.lines().map(str::trim).filter(|part| !part.is_empty()) {
                    let _ = writeln!(text, "# {}", commented(part));
                }
            }
            if before.is_none_or(|before| before != here) {
                text.push('\n');
                if self.flat.groups.get(here.0).is_none() {
                    let _ = writeln!(text, "# {}\n", line.section.title());
                }
            }
            before = Some(here);
            text.push_str(&line.text);
            text.push('\n');
            if line.text.starts_with("##") {
                text.push('\n');
            }
        }
    }
}

/// A string of the language.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Text for a comment of one line.
fn commented(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim_start_matches('#')
        .trim()
        .to_owned()
}

/// Documentation, a line for each line.
pub(super) fn documented(text: &str) -> String {
    let mut out = String::new();
    for line in text.replace("\\n", "\n").lines().map(commented).filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "## {line}");
    }
    out
}
