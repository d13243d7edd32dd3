//! Lines of text: wrapping, padding, styles.
//!
//! Enters: text and a width in characters. Leaves: lines. Always holds: a style never reaches across a line end.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
pub(crate) use contingent_report::words::text::{capitalised, count};

/// The question and its answer.
pub(crate) const STRONG: Style = Style::new().bold();
/// Headings inside a question.
pub(crate) const HEADING: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
/// What matters less.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// What must not be missed.
pub(crate) const WARNING: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Lines being written, with the width to keep.
pub(crate) struct Page {
    pub(crate) width: usize,
    lines: String,
}

impl Page {
    pub(crate) fn new(width: usize) -> Self {
        Self { width: width.max(40), lines: String::new() }
    }

    /// One line as it is, in a style.
    pub(crate) fn line(&mut self, style: Style, text: &str) {
        let text = text.trim_end();
        if text.is_empty() {
            self.lines.push('\n');
        } else {
            // Writing to a string does not fail.
            let _ = writeln!(self.lines, "{style}{text}{style:#}");
        }
    }

    pub(crate) fn blank(&mut self) {
        self.line(Style::new(), "");
    }

    /// A paragraph: the first line begins with `first`, the others with as many spaces.
    pub(crate) fn paragraph(&mut self, style: Style, first: &str, text: &str) {
        let indent = first.chars().count();
        for (i, line) in wrap(text, self.width.saturating_sub(indent).max(20)).iter().enumerate() {
            let start = if i == 0 { first.to_owned() } else { " ".repeat(indent) };
            self.line(style, &format!("{start}{line}"));
        }
    }

    pub(crate) fn finish(self) -> String {
        self.lines
    }
}

/// Words in lines of at most `width` characters; a longer word stands alone.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Text cut or padded to `width` characters; a cut is shown by an ellipsis.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let n = text.chars().count();
    if n <= width {
        return format!("{text}{}", " ".repeat(width - n));
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    let kept = kept.trim_end();
    format!("{kept}…{}", " ".repeat(width.saturating_sub(kept.chars().count() + 1)))
}
