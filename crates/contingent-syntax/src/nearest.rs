//! "Did you mean": the nearest known word.
//!
//! Enters: a word and candidates. Leaves: the nearest candidate when it is near enough. Always holds: the
//! answer does not depend on the order of the candidates.

/// The candidate nearest to `word` by Damerau-Levenshtein distance, when at most a third of the letters
/// differ (always allowing one for words of three letters and more).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = if length < 3 { 0 } else { (length / 3).max(1) };
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}
