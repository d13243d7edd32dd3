//! Pins: where words stand in a source, without the words.
//!
//! Enters: a text and a stretch of it. Leaves: a [`Pin`]: the number of words, a hash of them, a place. Always holds: a pin is
//! the same for every copy that has the same words in the same order; it holds no word and nothing from which a
//! sentence could be read back: a hash of the whole, and short hashes of some pairs of words without their order.

use std::fmt::Write as _;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::words::{LineHyphens, Words};

/// Fewer words than this are found by chance; their pin takes in what stands around them.
pub const MIN_WORDS: usize = 6;
/// Digits of the strict hash: enough to tell whether a comma was moved.
const STRICT_DIGITS: usize = 16;
/// Pairs of words that a sketch keeps. More would tell more about the text than it takes to recognise it.
pub(crate) const SKETCH_PAIRS: usize = 10;

/// Where words stand in a source, without the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// How many words.
    pub words: usize,
    /// SHA-256 over the folded words with one space between them, in hexadecimal.
    pub sha256: String,
    /// Characters (Unicode code points) from the start of the text to the first word.
    pub near: usize,
    /// The first 16 digits of the SHA-256 that keeps case and punctuation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<String>,
    /// Eight digits by which places are ruled out quickly, then four for each of some pairs of words, sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sketch: Option<String>,
    /// How many of the words are not of the claim but stand before it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub before: usize,
    /// How many of the words are not of the claim but stand after it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// A text made ready for pins: its words and where its characters stand.
pub struct Pinnable<'a> {
    text: &'a str,
    words: Words,
    characters: CharacterPlaces,
}

impl<'a> Pinnable<'a> {
    /// Makes a text ready.
    pub fn new(text: &'a str) -> Self {
        Self { text, words: Words::of(text, LineHyphens::Join), characters: CharacterPlaces::of(text) }
    }

    /// The pin of a stretch of the text, given in bytes; none when there is no word in it.
    pub fn pin(&self, span: &Range<usize>) -> Option<Pin> {
        let claimed = self.words.within(span);
        if claimed.is_empty() {
            return None;
        }
        let pinned = with_context(&claimed, self.words.len());
        let place = self.words.places(pinned.clone());
        Some(Pin {
            words: pinned.len(),
            sha256: hash_words(&self.words, &pinned),
            near: self.characters.of_byte(self.text, place.start),
            strict: Some(strict_hash(&self.text[place])),
            sketch: Some(sketch(&self.words, &pinned)),
            before: claimed.start - pinned.start,
            after: pinned.end - claimed.end,
        })
    }
}

/// Words around those that are claimed, until there are enough, taken in turn before and after.
fn with_context(claimed: &Range<usize>, n_words: usize) -> Range<usize> {
    let mut pinned = claimed.clone();
    let mut is_before = true;
    while pinned.len() < MIN_WORDS && pinned.len() < n_words {
        if (is_before && pinned.start > 0) || pinned.end == n_words {
            pinned.start -= 1;
        } else {
            pinned.end += 1;
        }
        is_before = !is_before;
    }
    pinned
}

/// SHA-256 over folded words with one space between them.
pub(crate) fn hash_words(words: &Words, range: &Range<usize>) -> String {
    hexadecimal(&digest_words(words, range))
}

pub(crate) fn digest_words(words: &Words, range: &Range<usize>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for index in range.clone() {
        if index > range.start {
            hasher.update(b" ");
        }
        hasher.update(words.word(index).as_bytes());
    }
    hasher.finalize().into()
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash that keeps case and punctuation, but not the style of quotation marks and dashes nor the kind of space.
pub(crate) fn strict_hash(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_spaced = false;
    for character in text.nfkc() {
        match character {
            '\u{ad}' => {}
            _ if character.is_whitespace() => is_spaced = !kept.is_empty(),
            _ => {
                if std::mem::take(&mut is_spaced) {
                    kept.push(' ');
                }
                kept.push(match character {
                    '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2039}' | '\u{203a}' => '\'',
                    '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => '"',
                    '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                    other => other,
                });
            }
        }
    }
    hexadecimal(&Sha256::digest(kept.as_bytes()))[..STRICT_DIGITS].to_owned()
}

/// A number for a folded word: FNV-1a (Fowler, Noll, Vo), finished as in `MurmurHash3` (Appleby) so that every bit counts.
pub(crate) fn word_number(word: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in word.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash)
}

fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// The base of the rolling number of a window (Karp and Rabin 1987), odd so that no word is lost modulo 2^64.
pub(crate) const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The rolling number of a window of words, as a sketch begins with it.
pub(crate) fn quick(rolling: u64) -> u32 {
    (mix(rolling) >> 32) as u32
}

/// A short number for two words that follow each other.
pub(crate) fn pair_number(first: u64, second: u64) -> u16 {
    (mix(first.wrapping_mul(3).wrapping_add(second)) >> 48) as u16
}

fn sketch(words: &Words, range: &Range<usize>) -> String {
    let numbers: Vec<u64> = range.clone().map(|index| word_number(words.word(index))).collect();
    let rolling = numbers.iter().fold(0_u64, |sum, number| sum.wrapping_mul(BASE).wrapping_add(*number));
    let mut pairs: Vec<u16> = numbers.windows(2).map(|pair| pair_number(pair[0], pair[1])).collect();
    // The least of the numbers are a choice that does not depend on the place in the sentence (Broder 1997).
    pairs.sort_unstable();
    pairs.dedup();
    pairs.truncate(SKETCH_PAIRS);
    let mut text = format!("{:08x}", quick(rolling));
    for pair in pairs {
        let _ = write!(text, "{pair:04x}");
    }
    text
}

/// A sketch, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) quick: u32,
    pub(crate) pairs: Vec<u16>,
}

impl Sketch {
    /// None when the text is no sketch.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let digits = text.is_ascii().then_some(text)?;
        let quick = u32::from_str_radix(digits.get(..8)?, 16).ok()?;
        let pairs = digits.as_bytes()[8..]
            .chunks(4)
            .map(|chunk| u16::from_str_radix(std::str::from_utf8(chunk).ok()?, 16).ok())
            .collect::<Option<Vec<u16>>>()?;
        Some(Self { quick, pairs })
    }
}

/// From bytes to characters and back, in a text that may be long.
pub struct CharacterPlaces {
    /// Characters before every `STRIDE`th byte.
    marks: Vec<u32>,
}

/// Bytes between two marks: short to count, few to keep.
const STRIDE: usize = 1024;

impl CharacterPlaces {
    /// Counts the characters of a text.
    pub fn of(text: &str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut n = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            marks.push(n);
            n += chunk.iter().filter(|&&byte| is_first(byte)).count() as u32;
        }
        marks.push(n);
        Self { marks }
    }

    /// Characters before a byte of the same text.
    pub fn of_byte(&self, text: &str, byte: usize) -> usize {
        let byte = byte.min(text.len());
        let mark = byte / STRIDE;
        let rest = text.as_bytes()[mark * STRIDE..byte].iter().filter(|&&byte| is_first(byte)).count();
        self.marks[mark] as usize + rest
    }

    /// The byte at which a character of the same text begins; its end when there are fewer.
    pub fn to_byte(&self, text: &str, character: usize) -> usize {
        let mark = self.marks.partition_point(|&n| n as usize <= character).saturating_sub(1);
        let mut left = character - (self.marks[mark] as usize).min(character);
        for (offset, byte) in text.as_bytes().iter().enumerate().skip(mark * STRIDE) {
            if is_first(*byte) {
                if left == 0 {
                    return offset;
                }
                left -= 1;
            }
        }
        text.len()
    }
}

/// Whether a byte begins a character.
fn is_first(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_the_hash_of_the_folded_words() {
        let text = "Nobody was there. “We won’t\n leave, ever”, she said.";
        let span = text.find("We").unwrap()..text.find("”").unwrap();
        let pin = Pinnable::new(text).pin(&span).unwrap();
        // Five words; one of what stands before them is taken in.
        assert_eq!((pin.words, pin.before, pin.after), (6, 1, 0));
        assert_eq!(pin.sha256, hexadecimal(&Sha256::digest(b"there we won t leave ever")));
        assert_eq!(pin.near, 11);
    }

    #[test]
    fn short_pins_take_in_words_on_both_sides_and_stop_at_the_ends() {
        let text = "one two three four five six seven";
        let pinnable = Pinnable::new(text);
        let middle = pinnable.pin(&(8..18)).unwrap();
        assert_eq!((middle.words, middle.before, middle.after), (6, 2, 2));
        let last = pinnable.pin(&(28..33)).unwrap();
        assert_eq!((last.words, last.before, last.after), (6, 5, 0));
        assert_eq!(Pinnable::new("only two").pin(&(0..8)).unwrap().words, 2);
        assert_eq!(Pinnable::new("… –").pin(&(0..3)), None);
    }

    #[test]
    fn the_strict_hash_keeps_case_and_commas_but_not_the_style_of_quotes() {
        assert_eq!(strict_hash("“It won’t — end”"), strict_hash("\"It  won't - end\""));
        assert_ne!(strict_hash("It, ended"), strict_hash("It ended"));
        assert_ne!(strict_hash("it ended"), strict_hash("It ended"));
    }

    #[test]
    fn a_sketch_reads_back_and_says_nothing_of_the_order() {
        let text = "a long and bitter war is about to begin in the hills";
        let pin = Pinnable::new(text).pin(&(0..text.len())).unwrap();
        let sketch = Sketch::read(pin.sketch.as_deref().unwrap()).unwrap();
        assert_eq!(sketch.pairs.len(), SKETCH_PAIRS);
        assert!(sketch.pairs.is_sorted());
        assert_eq!(Sketch::read("xyz"), None);
        assert_eq!(Sketch::read("é2345678"), None);
    }

    #[test]
    fn characters_and_bytes_lead_to_each_other() {
        let text = "aé€😀".repeat(2_000);
        let places = CharacterPlaces::of(&text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(places.of_byte(&text, byte), n);
            if n % 97 == 0 {
                assert_eq!(places.to_byte(&text, n), byte);
            }
        }
        assert_eq!(places.to_byte(&text, usize::MAX), text.len());
    }
}
