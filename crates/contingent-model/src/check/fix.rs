//! Changes of the text that take a mistake away.
//!
//! Enters: what a diagnostic found. Leaves: places and texts for [`Diagnostic::fix`]. Always holds: a change that
//! cannot be put into the text for certain is not offered; a missing reason becomes an empty one, which is a mistake
//! until it is filled, and a missing value 0, which the change itself shows.
//!
//! [`Diagnostic::fix`]: contingent_syntax::Diagnostic::fix

use contingent_syntax::Span;

use super::{Checker, Typed};
use crate::unit::Dimension;

impl Checker<'_> {
    /// The text after a bare number that gives it a dimension, such as ` fighter per week`; none when it cannot be
    /// written there.
    pub(super) fn unit_after_number(&self, number: &Typed, dimension: &Dimension) -> Option<(Span, String)> {
        if !number.bare || dimension.is_none() {
            return None;
        }
        let described = self.units.describe(dimension);
        let mut factors = described.split('/');
        let above = factors.next().unwrap_or_default();
        let is_plain = |factor: &str| {
            let (name, power) = factor.split_once('^').unwrap_or((factor, "1"));
            contingent_syntax::words::may_be_name(name) && matches!(power.as_bytes(), [b'1'..=b'9'])
        };
        let below: Vec<&str> = factors.collect();
        if !(above == "1" || is_plain(above)) || !below.iter().copied().all(is_plain) {
            return None;
        }
        // Only right after the number itself: behind a bracket the word would be read as something else.
        if !self.sources.text(number.span).ends_with(|last: char| last.is_ascii_digit()) {
            return None;
        }
        let mut text = if above == "1" { String::new() } else { format!(" {above}") };
        for factor in below {
            text.push_str(" per ");
            text.push_str(factor);
        }
        Some((Span::new(number.span.file, number.span.end, number.span.end), text))
    }

    /// Where and how lines are added at the end of the braced block that ends a span: each on a line of its own, as
    /// the lines before it, or behind a comma when the block stands on one line.
    pub(super) fn lines_at_end_of_block(&self, block: Span, lines: &[String]) -> Option<(Span, String)> {
        let source = &self.sources.file(block.file).text;
        let whole = self.sources.text(block).strip_suffix('}')?;
        let inside = whole.trim_end();
        let end = block.start + inside.len() as u32;
        let place = Span::new(block.file, end, end);
        // Text at the end may be a comment, which a brace or comma inside would hide.
        let line_start = source[..end as usize].rfind('\n').map_or(0, |i| i + 1);
        let last_line = &source[line_start..end as usize];
        if whole[inside.len()..].contains('\n') {
            let mut indent: String = last_line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
            if inside.ends_with('{') {
                indent.push_str("  ");
            }
            let text = lines.iter().fold(String::new(), |text, line| format!("{text}\n{indent}{line}"));
            return Some((place, text));
        }
        if last_line.contains('#') {
            return None;
        }
        let joined = lines.join(", ");
        let before = if inside.ends_with(['{', ',']) { " " } else { ", " };
        // A space stands before the brace already, or is added where the block is empty.
        let after = if whole.len() == inside.len() { " " } else { "" };
        Some((place, format!("{before}{joined}{after}")))
    }
}
