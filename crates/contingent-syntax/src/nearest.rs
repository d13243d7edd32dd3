//! "Did you mean": the nearest known word.
//!
//! Enters: a word and candidates. Leaves: the nearest candidate when it is near enough. Always holds: the
//! answer does not depend on the order of the candidates.

/// The candidate nearest to `word` by the number of letters that are put in, taken out, changed or swapped
/// with their neighbours, when that is at most a third of the letters (always allowing one for words of
/// three letters and more).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut search = Search { word: word.chars().collect(), ..Search::default() };
    let length = search.word.len();
    let allowed = if length < 3 { 0 } else { (length / 3).max(1) };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((search.distance(candidate, allowed)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The word that is looked for, and room for the comparison with thousands of others.
#[derive(Default)]
struct Search {
    word: Vec<char>,
    candidate: Vec<char>,
    /// The row of distances being filled, and the two before it.
    rows: [Vec<usize>; 3],
}

impl Search {
    /// The optimal string alignment distance, unless it is more than `allowed`.
    fn distance(&mut self, candidate: &str, allowed: usize) -> Option<usize> {
        if candidate.chars().count().abs_diff(self.word.len()) > allowed {
            return None;
        }
        self.candidate.clear();
        self.candidate.extend(candidate.chars());
        let same = |(a, b): &(&char, &char)| a == b;
        let n_first = self.word.iter().zip(&self.candidate).take_while(same).count();
        let (a, b) = (&self.word[n_first..], &self.candidate[n_first..]);
        let n_last = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
        let (a, b) = (&a[..a.len() - n_last], &b[..b.len() - n_last]);
        let [row, before, twice_before] = &mut self.rows;
        before.clear();
        before.extend(0..=b.len());
        for i in 1..=a.len() {
            row.clear();
            row.push(i);
            let mut least = i;
            for k in 1..=b.len() {
                let changed = before[k - 1] + usize::from(a[i - 1] != b[k - 1]);
                let mut distance = changed.min(before[k] + 1).min(row[k - 1] + 1);
                if i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] {
                    distance = distance.min(twice_before[k - 2] + 1);
                }
                least = least.min(distance);
                row.push(distance);
            }
            // Two rows on, a swap can be one less than this row promises, and no further.
            if least > allowed + 1 {
                return None;
            }
            std::mem::swap(before, twice_before);
            std::mem::swap(row, before);
        }
        Some(before[b.len()]).filter(|&distance| distance <= allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    /// The definition, with the distance of a library.
    fn defined<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
        let length = word.chars().count();
        let allowed = if length < 3 { 0 } else { (length / 3).max(1) };
        let near = candidates.iter().map(|candidate| (strsim::osa_distance(word, candidate), *candidate));
        near.filter(|&(distance, _)| distance <= allowed).min().map(|(_, candidate)| candidate)
    }

    #[test]
    fn the_nearest_word_is_that_of_the_definition() {
        let words = [
            "",
            "a",
            "ab",
            "ba",
            "abc",
            "acb",
            "abcd",
            "badc",
            "fighter",
            "figther",
            "fighters",
            "figth",
            "größe",
            "grösse",
            "gröβe",
            "region",
            "regoin",
            "regions",
            "religion",
            "سرعت",
            "سرعة",
            "strength",
            "strenght",
            "stregth",
            "strong",
            "strength_at_start",
            "strenght_at_strat",
            "at_start",
        ];
        let mut n_found = 0;
        for word in words {
            for i in 0..words.len() {
                assert_eq!(nearest(word, words[i..].iter().copied()), defined(word, &words[i..]), "{word}");
                n_found += usize::from(nearest(word, words[i..].iter().copied()).is_some());
                assert_eq!(nearest(word, [words[i]]), defined(word, &[words[i]]), "{word} {}", words[i]);
            }
        }
        assert!(n_found > 100, "only {n_found} words were near");
    }
}
