//! The one layout of a text of the language.
//!
//! Enters: the text of one file. Leaves: the same text, laid out, or the diagnostics that keep it from being
//! read. Always holds: only spaces and line breaks change; the tokens and comments are the same, in the same
//! order; the typed view means the same; what has been laid out stays as it is.

mod alignment;
mod breaking;
mod layout;
mod line;
mod spacing;
mod token;

use crate::{Diagnostic, FileId, Parse, meaning, parse};

/// Widest line that is left whole, in characters. Strings and comments may run over.
const MAX_WIDTH: usize = 120;

/// Lays out a text. A text that cannot be read is left alone: its diagnostics are the answer.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let read = parse(FileId(0), text);
    if !read.diagnostics.is_empty() {
        return Err(read.diagnostics);
    }
    let laid_out = lay_out(&read, text, Lines::Fitted);
    // A form that allows no line break where others do is left with the lines of its author.
    Ok(if is_same(&read, &laid_out) { laid_out } else { lay_out(&read, text, Lines::Kept) })
}

/// Whether a text means what was read before.
fn is_same(read: &Parse, text: &str) -> bool {
    let again = parse(FileId(0), text);
    again.diagnostics.is_empty() && meaning(&again.file) == meaning(&read.file)
}

/// What happens to the line breaks of the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    /// Long lines are broken, and a block stands on one line or has its braces on lines of their own.
    Fitted,
    /// Line breaks stay as they are.
    Kept,
}

fn lay_out(read: &Parse, text: &str, lines: Lines) -> String {
    let (mut tokens, last_comments) = token::collect(&read.syntax(), text);
    if lines == Lines::Fitted {
        breaking::fit(&mut tokens);
    }
    let mut rows = line::rows(&tokens, last_comments);
    let extra = alignment::columns(&tokens, &rows);
    let placed = layout::place(&tokens, &extra);
    alignment::comments(&tokens, &mut rows, &placed);
    line::write(&tokens, &rows, &placed)
}

#[cfg(test)]
mod tests;
