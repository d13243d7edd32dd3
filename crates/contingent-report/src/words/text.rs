//! Small helpers of sentences: capitals, counts, lists.
//!
//! Enters: words and numbers. Leaves: text. Always holds: a noun agrees with its number.

use contingent_analysis::words::thousands;

/// The first letter in upper case.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `1 run`, `2 runs`, `20,000 runs`.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as f64, 0))
}

/// A number up to twelve in letters, as it stands in a sentence; others in digits.
pub fn number_in_words(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS.get(n).map_or_else(|| thousands(n as f64, 0), |word| (*word).to_owned())
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed<T: AsRef<str>>(parts: &[T]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}

/// The text with a full stop, unless it ends a sentence already.
pub fn with_stop(text: &str) -> String {
    let text = text.trim();
    let bare = text.trim_end_matches(['"', '’', '”', ')']);
    if text.is_empty() || bare.ends_with(['.', '?', '!', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_and_lists_agree_with_their_number() {
        assert_eq!(
            [count(0, "run"), count(1, "run"), count(20_000, "run")],
            ["0 runs", "1 run", "20,000 runs"]
        );
        assert_eq!([number_in_words(0), number_in_words(3), number_in_words(14)], ["no", "three", "14"]);
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(
            [listed(&["a"]), listed(&["a", "b"]), listed(&["a", "b", "c"])],
            ["a", "a and b", "a, b and c"]
        );
    }

    #[test]
    fn a_sentence_gets_one_full_stop() {
        assert_eq!(
            ["Yes", "Yes.", "Is it?", "(So it is.)", ""].map(with_stop),
            ["Yes.", "Yes.", "Is it?", "(So it is.)", ""]
        );
    }
}
