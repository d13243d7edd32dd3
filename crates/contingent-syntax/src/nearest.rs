//! "Did you mean": the nearest known word.
//!
//! Enters: a word and candidates. Leaves: the nearest candidate when it is near enough. Always holds: the
//! answer does not depend on the order of the candidates.

/// The candidate nearest to `word` by Damerau-Levenshtein distance, when at most a third of the letters
/// differ (always allowing one for words of three letters and more).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = if length < 3 { 0 } else { (length / 3).max(1) };
    if allowed == 0 {
        return candidates.into_iter().find(|&candidate| candidate == word);
    }
    let letters = letters(word);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 4 * allowed)
        .filter(|candidate| is_within(&letters, candidate, allowed))
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How often each letter occurs; letters that share a place count together.
fn letters(word: &str) -> [i32; 64] {
    let mut counts = [0; 64];
    for letter in word.chars() {
        counts[letter as usize % 64] += 1;
    }
    counts
}

/// Whether so few letters differ that the distance can be as small as allowed. Every edit changes the count
/// of at most one letter up and one down, so this passes over nothing that is near; it costs far less than
/// the distance, which matters when thousands of names are compared with thousands of others.
fn is_within(letters: &[i32; 64], candidate: &str, allowed: usize) -> bool {
    let mut counts = *letters;
    for letter in candidate.chars() {
        counts[letter as usize % 64] -= 1;
    }
    let (mut more, mut fewer) = (0, 0);
    for count in counts {
        more += count.max(0);
        fewer -= count.min(0);
    }
    more.max(fewer) as usize <= allowed
}

#[cfg(test)]
mod tests {
    use super::nearest;

    /// The definition, without the letters that are counted first.
    fn slowly<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
        let length = word.chars().count();
        let allowed = if length < 3 { 0 } else { (length / 3).max(1) };
        let distances =
            candidates.iter().map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate));
        distances.filter(|&(distance, _)| distance <= allowed).min().map(|(_, candidate)| candidate)
    }

    #[test]
    fn counting_letters_first_changes_no_answer() {
        let words = [
            "", "a", "ab", "ba", "abc", "acb", "abcd", "badc", "fighter", "figther", "fighters", "figth",
            "größe", "grösse", "gröβe", "region", "regoin", "regions", "religion", "سرعت", "سرعة",
            "strength", "strenght", "stregth", "strong",
        ];
        let mut n_found = 0;
        for word in words {
            for i in 0..words.len() {
                assert_eq!(nearest(word, words[i..].iter().copied()), slowly(word, &words[i..]), "{word}");
                n_found += usize::from(nearest(word, words[i..].iter().copied()).is_some());
            }
        }
        assert!(n_found > 100, "only {n_found} words were near");
    }
}
