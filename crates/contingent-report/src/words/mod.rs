//! Numbers and findings in words, for every place where a person reads them: the terminal, the page, Markdown.
//!
//! Enters: parts of documents. Leaves: text without markup. Always holds: nothing is estimated; a word of likelihood comes with
//! its range and its number; a noun agrees with its number; a sentence that two places need stands here once.

pub mod number;
pub mod sentence;
pub mod short;
pub mod text;

use jiff::civil::Date;

/// A date `2022-02-28` as `28 February 2022`; other text as it is.
pub fn iso_date_in_words(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |date| date.strftime("%-d %B %Y").to_string())
}
