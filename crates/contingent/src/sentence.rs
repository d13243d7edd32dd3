//! Where the first sentence of a text ends.
//!
//! Enters: documentation as it is written above a declaration. Leaves: its first sentence and the rest. Always holds:
//! a full stop within a number or after an abbreviation or an initial ends no sentence; an empty line does.

/// Shortened words that stand before more of the sentence.
const ABBREVIATIONS: [&str; 14] =
    ["approx", "ca", "cf", "dr", "fig", "gen", "incl", "mr", "mrs", "ms", "prof", "st", "vol", "vs"];
/// Shortened words that also stand as whole words, or at the end of a sentence: it is a number after them that tells.
const BEFORE_NUMBERS: [&str; 6] = ["max", "min", "no", "nos", "p", "pp"];

/// The first sentence, without its full stop, and what follows it, both with single spaces.
pub(crate) fn first_sentence(text: &str) -> (String, String) {
    let mut paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let words: Vec<&str> = paragraphs.next().unwrap_or("").split_whitespace().collect();
    let end =
        (0..words.len()).find(|&i| ends(words[i], words.get(i + 1).copied())).map_or(words.len(), |i| i + 1);
    let rest: Vec<&str> =
        words[end..].iter().copied().chain(paragraphs.flat_map(str::split_whitespace)).collect();
    let first = words[..end].join(" ");
    (first.strip_suffix('.').unwrap_or(&first).to_owned(), rest.join(" "))
}

/// Whether a word ends a sentence before another.
fn ends(word: &str, next: Option<&str>) -> bool {
    let Some(stem) = word.trim_end_matches(['"', '’', '”', ')']).strip_suffix('.') else { return false };
    let Some(next) = next else { return true };
    let bare = stem.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_initial = stem.chars().count() == 1 && stem.chars().all(char::is_uppercase);
    // `e.g.` and `U.S.`, but not `2.5.`
    let is_dotted = bare.contains('.') && bare.chars().all(|c| c.is_alphabetic() || c == '.');
    let begins_with_number = next.starts_with(|c: char| c.is_ascii_digit());
    let goes_on = bare == "etc" && next.starts_with(char::is_lowercase);
    !(is_initial
        || is_dotted
        || goes_on
        || ABBREVIATIONS.contains(&bare.as_str())
        || begins_with_number && BEFORE_NUMBERS.contains(&bare.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_it_ends() {
        for (text, first, rest) in [
            ("How many join. A count.", "How many join", "A count."),
            ("Growth of 2.5 per cent\na year. Ours.", "Growth of 2.5 per cent a year", "Ours."),
            ("Raids, e.g. at night, a week. Known.", "Raids, e.g. at night, a week", "Known."),
            ("Reports by J. Smith vs. others.", "Reports by J. Smith vs. others", ""),
            ("Rule no. 4 holds. Is there no. No.", "Rule no. 4 holds", "Is there no. No."),
            ("The answer is no. Then", "The answer is no", "Then"),
            ("About 2.5. Or less.", "About 2.5", "Or less."),
            ("Arms, fuel etc. from abroad. Yes.", "Arms, fuel etc. from abroad", "Yes."),
            ("Without a stop\n\nAnother paragraph. More.", "Without a stop", "Another paragraph. More."),
            ("(in brackets.) Then", "(in brackets.)", "Then"),
            ("", "", ""),
        ] {
            assert_eq!(first_sentence(text), (first.to_owned(), rest.to_owned()), "{text}");
        }
    }
}
