//! What a typed view says, without where it stands.
//!
//! Enters: a [`File`]. Leaves: text. Always holds: two files give the same text exactly when their typed
//! views are equal but for places.

use std::fmt::Write as _;

use crate::ast::File;

/// The typed view as text without places, to compare two texts by what they mean.
///
/// It is taken from the form that the view is debugged with, so that no new form of the language can be
/// forgotten here.
pub fn meaning(file: &File) -> String {
    let mut kept = Unplaced { text: String::new(), state: State::Outside, matched: 0, depth: 0 };
    // Writing to a string cannot fail.
    let _ = write!(kept, "{file:?}");
    kept.text
}

/// How a place begins in the debugged form.
const PLACE: &str = "Span { ";

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Outside,
    InString,
    AfterBackslash,
    InPlace,
}

/// Takes places out of what is written to it; strings go through untouched.
struct Unplaced {
    text: String,
    state: State,
    /// Bytes of [`PLACE`] that stand at the end of the text.
    matched: usize,
    /// Open braces within a place.
    depth: u32,
}

impl std::fmt::Write for Unplaced {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        for character in part.chars() {
            self.push(character);
        }
        Ok(())
    }
}

impl Unplaced {
    fn push(&mut self, character: char) {
        match (self.state, character) {
            (State::InPlace, '{') => self.depth += 1,
            (State::InPlace, '}') => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.state = State::Outside;
                }
            }
            (State::InPlace, _) => {}
            (State::InString, '\\') => self.keep(State::AfterBackslash, character),
            (State::InString, '"') => self.keep(State::Outside, character),
            (State::InString | State::AfterBackslash, _) | (State::Outside, '"') => {
                self.keep(State::InString, character);
            }
            (State::Outside, _) => {
                self.keep(State::Outside, character);
                let expected = PLACE.as_bytes()[self.matched];
                self.matched = if character == char::from(expected) {
                    self.matched + 1
                } else {
                    usize::from(character == 'S')
                };
                if self.matched == PLACE.len() {
                    self.text.truncate(self.text.len() - PLACE.len());
                    (self.state, self.matched, self.depth) = (State::InPlace, 0, 1);
                }
            }
        }
    }

    fn keep(&mut self, next: State, character: char) {
        self.text.push(character);
        if next != State::Outside {
            self.matched = 0;
        }
        self.state = next;
    }
}

#[cfg(test)]
mod tests {
    use crate::{FileId, meaning, parse};

    fn meaning_of(text: &str) -> String {
        let parse = parse(FileId(0), text);
        assert_eq!(parse.diagnostics, vec![]);
        meaning(&parse.file)
    }

    #[test]
    fn places_do_not_count_and_all_else_does() {
        let text = "## A document\naux x \"A Span { in a } label\" = 1 + (2 * y)\n";
        assert_eq!(
            meaning_of(text),
            meaning_of(
                &text
                    .replace(' ', "  ")
                    .replace("  in  a  ", " in a ")
                    .replace("A  Span  {", "A Span {")
                    .replace("}  label", "} label")
                    .replace("A  document", "A document")
            )
        );
        assert!(!meaning_of(text).contains("start"));
        assert!(meaning_of(text).contains("A Span { in a } label"));
        for other in [
            "## Another document\naux x \"A Span { in a } label\" = 1 + (2 * y)\n",
            "## A document\naux x \"A Span { in b } label\" = 1 + (2 * y)\n",
            "## A document\naux x \"A Span { in a } label\" = (1 + 2) * y\n",
            "## A document\naux x \"A Span { in a } label\" = 1 + (2 * z)\n",
        ] {
            assert_ne!(meaning_of(text), meaning_of(other));
        }
    }
}
