//! "Did you mean": the nearest known word.
//!
//! Enters: a word and candidates. Leaves: the nearest candidate when it is near enough. Always holds: the
//! answer does not depend on the order of the candidates; most of them are told apart by their lengths and letters
//! alone, so that thousands of words can be looked for among thousands.

/// The candidate nearest to `word` by the number of letters that are put in, taken out, changed or swapped
/// with their neighbours, when that is at most a third of the letters (always allowing one for words of
/// three letters and more).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Words::new(candidates).nearest(word).copied()
}

/// Words among which others are looked for, again and again.
#[derive(Clone, Debug, Default)]
pub struct Words<S> {
    words: Vec<(Shape, S)>,
}

/// What tells most words apart.
#[derive(Clone, Copy, Debug)]
struct Shape {
    n_letters: usize,
    /// A bit for each kind of letter that stands in the word; kinds are letters modulo 64.
    kinds: u64,
}

impl Shape {
    fn of(word: &str) -> Self {
        let mut shape = Self { n_letters: 0, kinds: 0 };
        for letter in word.chars() {
            shape.n_letters += 1;
            shape.kinds |= 1 << (u32::from(letter) % 64);
        }
        shape
    }

    /// A distance that two words have at least: each letter that only one of them has must be put in, taken out or
    /// changed, and a change does away with one of either.
    fn least_distance(self, other: Self) -> usize {
        let only = |a: u64, b: u64| (a & !b).count_ones() as usize;
        let kinds = only(self.kinds, other.kinds).max(only(other.kinds, self.kinds));
        kinds.max(self.n_letters.abs_diff(other.n_letters))
    }
}

impl<S: AsRef<str>> Words<S> {
    /// Takes the words.
    pub fn new(words: impl IntoIterator<Item = S>) -> Self {
        Self { words: words.into_iter().map(|word| (Shape::of(word.as_ref()), word)).collect() }
    }

    /// The word nearest to `word`, as [`nearest`] says; of several the first in the alphabet.
    pub fn nearest(&self, word: &str) -> Option<&S> {
        let shape = Shape::of(word);
        let most = if shape.n_letters < 3 { 0 } else { (shape.n_letters / 3).max(1) };
        let mut search = Search { word: word.chars().collect(), ..Search::default() };
        // Most misspelt words are one or two letters off: among those few are compared at all.
        for allowed in [most.min(1), most.min(2), most] {
            let mut found: Option<(usize, &S)> = None;
            for (other, candidate) in &self.words {
                let text = candidate.as_ref();
                // What is as far as the best so far must come before it in the alphabet.
                let within = match found {
                    None => allowed,
                    Some((distance, best)) if text < best.as_ref() => distance,
                    Some((0, _)) => continue,
                    Some((distance, _)) => distance - 1,
                };
                if shape.least_distance(*other) <= within
                    && let Some(distance) = search.distance(text, within)
                {
                    found = Some((distance, candidate));
                }
            }
            if let Some((_, best)) = found {
                return Some(best);
            }
        }
        None
    }
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
    use super::{Words, nearest};

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

    #[test]
    fn words_of_the_same_letters_are_told_apart_as_defined() {
        // Short words over three letters, in a fixed order without a pattern: many ties and swaps.
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        let words: Vec<String> = (0..300)
            .map(|_| (0..3 + next() % 7).map(|_| ['a', 'b', 'c'][next() as usize % 3]).collect())
            .collect();
        let known: Vec<&str> = words[..200].iter().map(String::as_str).collect();
        let index = Words::new(known.iter().copied());
        let mut n_found = 0;
        for word in &words[200..] {
            let expected = defined(word, &known);
            assert_eq!(index.nearest(word).copied(), expected, "{word}");
            n_found += usize::from(expected.is_some());
        }
        assert!(n_found > 50, "only {n_found} words were near");
    }
}
