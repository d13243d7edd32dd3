//! Numbers and findings in words, for every place where a person reads them: the terminal, the page, Markdown.
//!
//! Enters: parts of documents. Leaves: text without markup. Always holds: nothing is estimated; a word of likelihood comes with
//! its range and its number; a noun agrees with its number; a sentence that two places need stands here once.

pub mod date;
pub mod number;
pub mod sentence;
pub mod short;
pub mod text;

/// A date `2022-02-28` as `28 February 2022`; other text as it is.
pub fn iso_date_in_words(text: &str) -> String {
    date::parse(text).map_or_else(|| text.to_owned(), date::in_words)
}
