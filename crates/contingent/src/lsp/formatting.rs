//! Formatting: one edit of the whole text.
//!
//! Enters: a text. Leaves: edits. Always holds: a text that cannot be formatted, because it cannot be read, is left
//! alone; the capability is told to the editor only while there is a formatter.

use gen_lsp_types::{Range, TextEdit};

use super::position::{Encoding, LineIndex};

/// A formatter: the text as it should stand, or why it cannot be read.
pub(super) type Formatter = fn(&str) -> Result<String, String>;

/// The formatter that the server offers. The single place where it is connected.
pub(super) const FORMATTER: Option<Formatter> = Some(lay_out);

/// Lays out a text; says the first mistake of one that cannot be read.
fn lay_out(text: &str) -> Result<String, String> {
    contingent_syntax::format(text).map_err(|mistakes| {
        mistakes.first().map_or_else(|| "it cannot be read".to_owned(), |first| first.headline.clone())
    })
}

/// The edits that format a text: none when it stands as it should.
pub(super) fn edits(text: &str, formatter: Formatter, encoding: Encoding) -> Result<Vec<TextEdit>, String> {
    let new_text = formatter(text)?;
    if new_text == text {
        return Ok(Vec::new());
    }
    let lines = LineIndex::new(text);
    let end = lines.position(text, text.len() as u32, encoding);
    Ok(vec![TextEdit { range: Range { end, ..Range::default() }, new_text }])
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::Position;

    use super::*;

    #[test]
    fn a_text_is_replaced_whole_or_not_at_all() {
        let tidy = |text: &str| Ok(text.replace("  ", " "));
        assert_eq!(edits("unit a\n", tidy, Encoding::Utf16), Ok(vec![]));
        let found = edits("unit  a\n# \u{1F30D}", tidy, Encoding::Utf16).expect("it can be formatted");
        assert_eq!(found[0].new_text, "unit a\n# \u{1F30D}");
        assert_eq!(found[0].range.end, Position { line: 1, character: 4 });
        assert_eq!(
            edits("(", |_| Err("not readable".to_owned()), Encoding::Utf16),
            Err("not readable".to_owned())
        );
    }
}
