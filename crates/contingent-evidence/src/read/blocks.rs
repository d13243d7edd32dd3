//! Paragraphs of a plain text.
//!
//! Enters: a text. Leaves: blocks. Always holds: a block begins and ends with a character that is no white space.

use std::ops::Range;

use crate::text::{Block, BlockKind};

/// Lines of at least this many characters are paragraphs of their own when the text has no empty lines between them.
const LONG_LINE: usize = 120;
/// A heading is at most this long.
const LONGEST_HEADING: usize = 120;

/// The blocks of a plain text. Empty lines separate them; in a text of long lines, every line end does.
pub(super) fn of_plain(text: &str) -> Vec<Block> {
    let lines: Vec<Range<usize>> = lines(text).collect();
    let filled: Vec<&Range<usize>> = lines.iter().filter(|line| !line.is_empty()).collect();
    let n_long = filled.iter().filter(|line| line.len() > LONG_LINE).count();
    let every_line = n_long > 0 && n_long * 4 >= filled.len();
    let mut blocks = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for line in &lines {
        if line.is_empty() || every_line {
            close(text, &mut open, &mut blocks);
        }
        if !line.is_empty() {
            open = Some(open.map_or(line.clone(), |block| block.start..line.end));
        }
    }
    close(text, &mut open, &mut blocks);
    blocks
}

fn close(text: &str, open: &mut Option<Range<usize>>, blocks: &mut Vec<Block>) {
    let Some(span) = open.take() else { return };
    blocks.push(Block { kind: kind(&text[span.clone()]), span });
}

/// A short line without a mark at its end is a heading; one that begins with a bullet is an item.
fn kind(words: &str) -> BlockKind {
    if words.starts_with(['•', '‣', '▪', '*']) || words.starts_with("- ") {
        return BlockKind::Item;
    }
    let is_short = words.chars().count() <= LONGEST_HEADING && !words.contains('\n');
    let ends_openly =
        !words.ends_with(['.', '!', '?', ':', ';', ',', '"', '”', '»', '\'', '’', ')', '…', '؟', '۔']);
    if is_short && ends_openly { BlockKind::Heading } else { BlockKind::Paragraph }
}

/// Lines without white space at their ends.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.split_inclusive(['\n', '\u{2029}']).scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        let trimmed = line.trim();
        let from = start + (line.len() - line.trim_start().len());
        Some(from..from + trimmed.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(BlockKind, &str)> {
        of_plain(text).into_iter().map(|block| (block.kind, &text[block.span])).collect()
    }

    #[test]
    fn empty_lines_separate_blocks_and_wrapped_lines_stay_together() {
        let text = "  The siege goes on\n\nTraders said on Monday\nthat prices rose.\n \n- one thing\n";
        assert_eq!(
            shown(text),
            [
                (BlockKind::Heading, "The siege goes on"),
                (BlockKind::Paragraph, "Traders said on Monday\nthat prices rose."),
                (BlockKind::Item, "- one thing"),
            ]
        );
    }

    #[test]
    fn long_lines_are_paragraphs_of_their_own() {
        let long = "Word after word goes on and on in a line that nobody wrapped, ".repeat(3);
        let text = format!("{long}end.\n{long}end.\n");
        assert_eq!(shown(&text).len(), 2);
        assert!(shown("").is_empty());
    }
}
