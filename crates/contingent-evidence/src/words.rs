//! The words of a text, folded so that copies in other formats have the same.
//!
//! Enters: characters. Leaves: [`Words`]: each word folded (compatibility form of Unicode, letters of one case), with its
//! place. Always holds: punctuation, quotation marks, line ends and soft hyphens change no word; a word that a hyphen
//! breaks at the end of a line is one word, or two, as the reader of the words asks.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a hyphen at the end of a line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineHyphens {
    /// It breaks a word: "agree-" and "ment" are one.
    Join,
    /// It belongs to a compound: "long-" and "term" are two.
    Split,
}

/// The words of a text with their places.
#[derive(Debug, Clone, Default)]
pub struct Words {
    folded: String,
    /// Ends of the words in `folded`.
    ends: Vec<u32>,
    /// Places in the text, in bytes.
    places: Vec<(u32, u32)>,
    /// Whether a hyphen at the end of a line was met.
    has_line_hyphens: bool,
}

impl Words {
    /// The words of `text`.
    pub fn of(text: &str, hyphens: LineHyphens) -> Self {
        let mut words = Self::default();
        let mut characters = text.char_indices().peekable();
        // The word that is being read: its place, and whether it goes on after a hyphen at the end of a line.
        let mut open: Option<(usize, usize)> = None;
        let mut raw = String::new();
        while let Some((at, character)) = characters.next() {
            let end = at + character.len_utf8();
            if is_word_character(character) {
                let (start, _) = open.unwrap_or((at, end));
                open = Some((start, end));
                raw.push(character);
                continue;
            }
            if character == '\u{ad}' {
                // A soft hyphen is no part of a word; where lines are said to split words, it may be a real one.
                words.has_line_hyphens = true;
                if hyphens == LineHyphens::Join {
                    continue;
                }
            }
            if matches!(character, '-' | '\u{2010}')
                && open.is_some()
                && let Some(next) = line_end_then_word(&text[end..])
            {
                words.has_line_hyphens = true;
                if hyphens == LineHyphens::Join {
                    while characters.peek().is_some_and(|&(at, _)| at < end + next) {
                        characters.next();
                    }
                    continue;
                }
            }
            if is_combining_mark(character) && open.is_some() {
                // The compatibility form may take a mark and the letter before it together.
                let (start, _) = open.unwrap_or((at, end));
                open = Some((start, end));
                raw.push(character);
                continue;
            }
            words.close(&mut open, &mut raw);
            // Signs such as "½" or "™" have letters or digits in their compatibility form.
            if !character.is_ascii() && once(character).nfkc().any(is_word_character) {
                open = Some((at, end));
                raw.push(character);
                words.close(&mut open, &mut raw);
            }
        }
        words.close(&mut open, &mut raw);
        words
    }

    /// Takes the word that was read, folded. A fold may fall into several words ("ﷺ" is four).
    fn close(&mut self, open: &mut Option<(usize, usize)>, raw: &mut String) {
        let Some((start, end)) = open.take() else { return };
        let place = (start as u32, end as u32);
        if raw.is_ascii() {
            self.folded.extend(raw.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            self.push(place);
        } else {
            let mut is_open = false;
            for character in fold(raw) {
                if is_word_character(character) {
                    self.folded.push(character);
                    is_open = true;
                } else if is_open {
                    self.push(place);
                    is_open = false;
                }
            }
            if is_open {
                self.push(place);
            }
        }
        raw.clear();
    }

    fn push(&mut self, place: (u32, u32)) {
        self.ends.push(self.folded.len() as u32);
        self.places.push(place);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether the other reading of hyphens at the ends of lines gives other words.
    pub fn has_line_hyphens(&self) -> bool {
        self.has_line_hyphens
    }

    /// A word, folded.
    pub fn word(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.folded[start..self.ends[index] as usize]
    }

    /// Where a word stands in the text, in bytes.
    pub fn place(&self, index: usize) -> Range<usize> {
        let (start, end) = self.places[index];
        start as usize..end as usize
    }

    /// Where some words stand, from the first to the last, in bytes.
    pub fn places(&self, range: Range<usize>) -> Range<usize> {
        self.places[range.start].0 as usize..self.places[range.end - 1].1 as usize
    }

    /// The words that a stretch of the text touches.
    pub fn within(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.places.partition_point(|&(_, end)| end as usize <= span.start);
        let after = self.places.partition_point(|&(start, _)| (start as usize) < span.end);
        first..after.max(first)
    }
}

fn once(character: char) -> std::iter::Once<char> {
    std::iter::once(character)
}

/// Letters, digits and the low line, as regular expressions have `\w`.
fn is_word_character(character: char) -> bool {
    character == '_' || (character.is_alphanumeric() && !is_combining_mark(character))
}

/// Full case folding by way of capitals, which also takes "ß" to "ss" and both forms of the Greek sigma to one.
fn fold(raw: &str) -> impl Iterator<Item = char> + '_ {
    raw.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The bytes of white space with a line end in it, when a word comes after it.
fn line_end_then_word(rest: &str) -> Option<usize> {
    let trimmed = rest.trim_start();
    let white = rest.len() - trimmed.len();
    (rest[..white].contains('\n') && trimmed.chars().next().is_some_and(is_word_character)).then_some(white)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let words = Words::of(text, LineHyphens::Join);
        (0..words.len()).map(|i| words.word(i).to_owned()).collect()
    }

    #[test]
    fn punctuation_quotes_and_case_change_no_word() {
        let plain = words("he said: \"It won't end\", and left");
        assert_eq!(plain, ["he", "said", "it", "won", "t", "end", "and", "left"]);
        assert_eq!(words("He said: “It won’t end” — AND left…"), plain);
        assert_eq!(words("he said\u{a0}: «it won't\nend» and left"), plain);
    }

    #[test]
    fn a_word_broken_at_the_end_of_a_line_is_one_or_two_as_asked() {
        let text = "an agree-\n  ment of long-term aims";
        assert_eq!(words(text), ["an", "agreement", "of", "long", "term", "aims"]);
        let split = Words::of(text, LineHyphens::Split);
        assert_eq!(split.len(), 7);
        assert!(split.has_line_hyphens());
        assert!(!Words::of("a long-term aim", LineHyphens::Join).has_line_hyphens());
    }

    #[test]
    fn folding_takes_forms_of_one_letter_together() {
        assert_eq!(words("STRASSE Straße ﬁre ΟΔΟΣ οδος cafe\u{301} café"), {
            ["strasse", "strasse", "fire", "οδοσ", "οδοσ", "café", "café"]
        });
        assert_eq!(words("co\u{ad}operate"), ["cooperate"]);
        assert_eq!(words("Кабул КАБУЛ كابل 1½"), ["кабул", "кабул", "كابل", "11", "2"]);
    }

    #[test]
    fn places_point_at_the_words() {
        let text = "Ünited – “we go”";
        let words = Words::of(text, LineHyphens::Join);
        let shown: Vec<&str> = (0..words.len()).map(|i| &text[words.place(i)]).collect();
        assert_eq!(shown, ["Ünited", "we", "go"]);
        let quoted = text.find("we").unwrap()..text.len();
        assert_eq!(words.within(&quoted), 1..3);
        assert_eq!(&text[words.places(1..3)], "we go");
    }
}
