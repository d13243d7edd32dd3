//! Finding pinned words again in a copy of their source.
//!
//! Enters: pins and the texts of copies. Leaves: for each pin, whether its words are there, and where. Always holds: words are
//! found only when their hash agrees; the short numbers of a sketch rule places out or propose them, and never decide that the
//! words are the same; the time grows with the text times the number of different lengths of pins, not times their number.

use std::collections::HashMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::pin::{
    BASE, CharacterPlaces, Pin, Sketch, digest_words, hexadecimal, pair_number, quick, strict_hash,
    word_number,
};
use crate::words::{LineHyphens, Words};

/// What became of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// They stand where they stood.
    Found,
    /// They stand elsewhere among the other claims of the source.
    Moved,
    /// Something like them is there.
    Changed,
    /// Nothing like them is there.
    Missing,
}

/// Where pinned words were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What became of them.
    pub status: Status,
    /// Which of the copies.
    pub copy: usize,
    /// Where the claim's own words stand in it, in bytes; nothing when they are missing.
    pub span: Option<Range<usize>>,
    /// Whether case and punctuation agree too; nothing when that is not known.
    pub strictly: Option<bool>,
    /// Of words that changed: the share of what the sketch remembers that is still there.
    pub similarity: Option<f64>,
}

/// A stretch this long, in characters, is moved over by headings and captions that one format has and another has not.
const SLACK: usize = 400;
/// Part of the text that words may stand away from where the other claims make one expect them.
const SLACK_SHARE: f64 = 0.05;
/// Part of a sketch that must be there for words to count as changed rather than missing: one word changed in the middle
/// of six leaves three of five pairs, two changed in ten leave five of nine.
const SIMILAR: f64 = 0.5;
/// As [`SIMILAR`], far from where the words stood.
const SIMILAR_ELSEWHERE: f64 = 0.7;
/// Fewest pairs that must be there: two can meet by chance in a long text.
const FEWEST_PAIRS: usize = 3;

/// One reading of a copy.
struct Reading {
    words: Words,
    numbers: Vec<u64>,
    pairs: Vec<u16>,
}

impl Reading {
    fn of(words: Words) -> Self {
        let numbers: Vec<u64> = (0..words.len()).map(|index| word_number(words.word(index))).collect();
        let pairs = numbers.windows(2).map(|pair| pair_number(pair[0], pair[1])).collect();
        Self { words, numbers, pairs }
    }
}

/// A copy of a source, made ready for searches.
pub struct Copy<'a> {
    text: &'a str,
    characters: CharacterPlaces,
    /// With hyphens at the ends of lines joined, and, where there are any, kept.
    readings: Vec<Reading>,
}

impl<'a> Copy<'a> {
    /// Makes a text ready.
    pub fn new(text: &'a str) -> Self {
        let joined = Words::of(text, LineHyphens::Join);
        let is_ambiguous = joined.has_line_hyphens();
        let mut readings = vec![Reading::of(joined)];
        if is_ambiguous {
            readings.push(Reading::of(Words::of(text, LineHyphens::Split)));
        }
        Self { text, characters: CharacterPlaces::of(text), readings }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Where a byte of the text stands, in characters.
    pub fn character(&self, byte: usize) -> usize {
        self.characters.of_byte(self.text, byte)
    }
}

/// A window of words in a reading of a copy.
#[derive(Clone, Copy)]
struct Place {
    copy: usize,
    reading: usize,
    word: usize,
    /// Of its first word, in characters.
    character: usize,
}

/// Looks for pins in copies of their source.
pub fn find(pins: &[&Pin], copies: &[Copy<'_>]) -> Vec<Finding> {
    let places = exact_places(pins, copies);
    let shifts: Vec<Option<i64>> = (0..copies.len()).map(|copy| shift(pins, &places, copy)).collect();
    pins.iter()
        .zip(&places)
        .map(|(pin, places)| {
            let away = |place: &Place| {
                let expected = signed(pin.near) + shifts[place.copy].unwrap_or(0);
                (signed(place.character) - expected).unsigned_abs() as usize
            };
            match places.iter().min_by_key(|place| (away(place), place.copy)) {
                Some(place) => found(pin, place, away(place), &copies[place.copy]),
                None => changed(pin, copies, &shifts),
            }
        })
        .collect()
}

/// A number of characters, to be subtracted.
fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX / 4)
}

fn found(pin: &Pin, place: &Place, away: usize, copy: &Copy<'_>) -> Finding {
    let words = &copy.readings[place.reading].words;
    let length = copy.character(copy.text.len());
    let slack = SLACK + (length as f64 * SLACK_SHARE) as usize;
    let window = words.places(place.word..place.word + pin.words);
    // A ledger that was edited by hand may say more context than there are words.
    let first = place.word + pin.before.min(pin.words - 1);
    let after = (place.word + pin.words).saturating_sub(pin.after).max(first + 1);
    Finding {
        status: if away > slack { Status::Moved } else { Status::Found },
        copy: place.copy,
        span: Some(words.places(first..after)),
        strictly: pin.strict.as_ref().map(|strict| *strict == strict_hash(&copy.text[window])),
        similarity: None,
    }
}

/// How far the words of a copy stand from where their pins were made: the median, so that a few that moved do not count.
/// Nothing when too few were found to tell.
fn shift(pins: &[&Pin], places: &[Vec<Place>], copy: usize) -> Option<i64> {
    let mut shifts: Vec<i64> = pins
        .iter()
        .zip(places)
        .filter_map(|(pin, places)| {
            match places.iter().filter(|place| place.copy == copy).collect::<Vec<_>>()[..] {
                [place] => Some(signed(place.character) - signed(pin.near)),
                _ => None,
            }
        })
        .collect();
    shifts.sort_unstable();
    (shifts.len() >= 3).then(|| shifts[shifts.len() / 2])
}

/// Every place at which the hash of a pin agrees.
fn exact_places(pins: &[&Pin], copies: &[Copy<'_>]) -> Vec<Vec<Place>> {
    /// Of one passage printed again and again, so many places are enough to choose from.
    const ENOUGH: usize = 64;
    let mut places: Vec<Vec<Place>> = vec![Vec::new(); pins.len()];
    let mut by_length: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, pin) in pins.iter().enumerate() {
        by_length.entry(pin.words).or_default().push(index);
    }
    let mut lengths: Vec<_> = by_length.into_iter().filter(|&(n, _)| n > 0).collect();
    lengths.sort_unstable();
    for (n_words, members) in &lengths {
        let mut by_quick: HashMap<u32, Vec<usize>> = HashMap::new();
        // Pins without a sketch are looked up by their hash at every place.
        let mut by_hash: HashMap<&str, Vec<usize>> = HashMap::new();
        for &member in members {
            match pins[member].sketch.as_deref().and_then(Sketch::read) {
                Some(sketch) => by_quick.entry(sketch.quick).or_default().push(member),
                None => by_hash.entry(pins[member].sha256.as_str()).or_default().push(member),
            }
        }
        for (copy_index, copy) in copies.iter().enumerate() {
            for (reading_index, reading) in copy.readings.iter().enumerate() {
                for_each_window(&reading.numbers, *n_words, |word, rolling| {
                    let proposed = by_quick.get(&quick(rolling));
                    if proposed.is_none() && by_hash.is_empty() {
                        return;
                    }
                    let hash = hexadecimal(&digest_words(&reading.words, &(word..word + n_words)));
                    let sketched =
                        proposed.into_iter().flatten().filter(|&&member| pins[member].sha256 == hash);
                    let plain = by_hash.get(hash.as_str()).into_iter().flatten();
                    for &member in sketched.chain(plain) {
                        let start = reading.words.place(word).start;
                        let place = Place {
                            copy: copy_index,
                            reading: reading_index,
                            word,
                            character: copy.character(start),
                        };
                        // The other reading of hyphens finds most words a second time.
                        let is_new = places[member]
                            .iter()
                            .all(|known| (known.copy, known.character) != (copy_index, place.character));
                        if is_new && places[member].len() < ENOUGH {
                            places[member].push(place);
                        }
                    }
                });
            }
        }
    }
    places
}

/// Calls with each window's first word and rolling number (Karp and Rabin 1987).
fn for_each_window(numbers: &[u64], n_words: usize, mut visit: impl FnMut(usize, u64)) {
    if numbers.len() < n_words {
        return;
    }
    let leading = (1..n_words).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut rolling =
        numbers[..n_words].iter().fold(0_u64, |sum, number| sum.wrapping_mul(BASE).wrapping_add(*number));
    visit(0, rolling);
    for (first, (leaving, entering)) in numbers.iter().zip(&numbers[n_words..]).enumerate() {
        rolling =
            rolling.wrapping_sub(leaving.wrapping_mul(leading)).wrapping_mul(BASE).wrapping_add(*entering);
        visit(first + 1, rolling);
    }
}

/// The passage most like what a pin's sketch remembers.
fn changed(pin: &Pin, copies: &[Copy<'_>], shifts: &[Option<i64>]) -> Finding {
    let missing = Finding { status: Status::Missing, copy: 0, span: None, strictly: None, similarity: None };
    let Some(sketch) = pin.sketch.as_deref().and_then(Sketch::read) else { return missing };
    if sketch.pairs.len() < FEWEST_PAIRS {
        return missing;
    }
    let mut best: Option<(f64, usize, Finding)> = None;
    for (copy_index, copy) in copies.iter().enumerate() {
        let reading = &copy.readings[0];
        let expected = signed(pin.near) + shifts[copy_index].unwrap_or(0);
        let slack = SLACK + (copy.character(copy.text.len()) as f64 * SLACK_SHARE * 2.0) as usize;
        let mut consider = |n_there: usize, range: Range<usize>| {
            let similarity = n_there as f64 / sketch.pairs.len() as f64;
            let start = reading.words.place(range.start).start;
            let away = (signed(copy.character(start)) - expected).unsigned_abs() as usize;
            let needed = if away <= slack { SIMILAR } else { SIMILAR_ELSEWHERE };
            if n_there < FEWEST_PAIRS || similarity < needed {
                return;
            }
            let is_better = best.as_ref().is_none_or(|(known, distance, _)| {
                similarity > *known || (similarity == *known && away < *distance)
            });
            if is_better {
                let finding = Finding {
                    status: Status::Changed,
                    copy: copy_index,
                    span: Some(reading.words.places(range)),
                    strictly: None,
                    similarity: Some(similarity),
                };
                best = Some((similarity, away, finding));
            }
        };
        similar_windows(&reading.pairs, &sketch, pin.words, &mut consider);
    }
    best.map_or(missing, |(_, _, finding)| finding)
}

/// Calls with the windows in which many pairs of a sketch stand: how many, and which words.
fn similar_windows(
    pairs: &[u16],
    sketch: &Sketch,
    n_words: usize,
    consider: &mut impl FnMut(usize, Range<usize>),
) {
    // Words may have been put in.
    let width = n_words + n_words / 3 + 1;
    let mut is_wanted = vec![0_u64; 1024];
    for &pair in &sketch.pairs {
        is_wanted[usize::from(pair) / 64] |= 1 << (pair % 64);
    }
    // Places of pairs that the sketch remembers, in order.
    let mut hits: std::collections::VecDeque<(usize, u16)> = std::collections::VecDeque::new();
    for (at, &number) in pairs.iter().enumerate() {
        if is_wanted[usize::from(number) / 64] & (1 << (number % 64)) == 0 {
            continue;
        }
        hits.push_back((at, number));
        while hits.front().is_some_and(|&(first, _)| first + width < at + 2) {
            hits.pop_front();
        }
        if hits.len() < FEWEST_PAIRS {
            continue;
        }
        let mut distinct: Vec<u16> = hits.iter().map(|&(_, number)| number).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let first = hits.front().map_or(at, |&(first, _)| first);
        consider(distinct.len(), first..at + 2);
    }
}

/// The worst of what became of the parts of a claim; one part found and another missing is a change.
pub fn status_of_parts(parts: impl IntoIterator<Item = Status>) -> Option<Status> {
    let parts: Vec<Status> = parts.into_iter().collect();
    let worst = parts.iter().max().copied()?;
    let is_partly_there = parts.iter().any(|status| *status != Status::Missing);
    Some(if worst == Status::Missing && is_partly_there { Status::Changed } else { worst })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pin::Pinnable;

    const ARTICLE: &str = "The council met on Tuesday. “We do not expect a long siege, and nobody here wants one,” said \
        the envoy, who had arrived the night before. Traders in the old market were less sure of it than he was. One of \
        them, a seller of lamps, thought that prices would double before the first snow unless the northern road was \
        opened again. The envoy did not answer questions about the road. He said that talks would go on in the spring.";

    fn pins_of(parts: &[&str]) -> Vec<Pin> {
        let pinnable = Pinnable::new(ARTICLE);
        parts
            .iter()
            .map(|part| {
                let start = ARTICLE.find(part).unwrap();
                pinnable.pin(&(start..start + part.len())).unwrap()
            })
            .collect()
    }

    fn status(pins: &[Pin], text: &str) -> Vec<Status> {
        let pins: Vec<&Pin> = pins.iter().collect();
        find(&pins, &[Copy::new(text)]).iter().map(|finding| finding.status).collect()
    }

    const PARTS: &[&str] = &[
        "We do not expect a long siege, and nobody here wants one",
        "prices would double before the first snow unless the northern road was opened again",
        "talks would go on in the spring",
        "the old market",
    ];

    #[test]
    fn words_are_found_whatever_the_layout() {
        let pins = pins_of(PARTS);
        let wrapped = ARTICLE.replace("nobody here", "no-\nbody\nhere").replace('“', "\"").to_uppercase();
        assert_eq!(status(&pins, &wrapped), [Status::Found; 4]);
        let shifted = format!("{}\n\n{ARTICLE}", "Another story altogether. ".repeat(400));
        assert_eq!(status(&pins, &shifted), [Status::Found; 4]);
    }

    #[test]
    fn a_compound_at_the_end_of_a_line_is_found_too() {
        let text = "They called it a long-term plan for the whole of the valley.";
        let pin = Pinnable::new(text).pin(&(0..text.len())).unwrap();
        assert_eq!(
            status(std::slice::from_ref(&pin), &text.replace("long-term", "long-\nterm")),
            [Status::Found]
        );
    }

    #[test]
    fn changed_words_are_told_from_missing_ones() {
        let pins = pins_of(PARTS);
        let altered = ARTICLE.replace("would double", "may double").replace("a long siege", "a short siege");
        assert_eq!(status(&pins, &altered), [Status::Changed, Status::Changed, Status::Found, Status::Found]);
        let cut = ARTICLE.replace("He said that talks would go on in the spring.", "");
        assert_eq!(status(&pins, &cut)[2], Status::Missing);
        assert_eq!(status(&pins, "Something else altogether."), [Status::Missing; 4]);
    }

    #[test]
    fn words_that_stand_elsewhere_are_moved() {
        let filler = "Nothing of note was said in this part of the report, which went on about the weather. "
            .repeat(40);
        let article = format!("{ARTICLE} {filler}");
        let pinnable = Pinnable::new(&article);
        let pins: Vec<Pin> = PARTS
            .iter()
            .map(|part| {
                let start = article.find(part).unwrap();
                pinnable.pin(&(start..start + part.len())).unwrap()
            })
            .collect();
        let moved = format!("{} {filler} {}", ARTICLE.replace(PARTS[2], "…"), PARTS[2]);
        assert_eq!(status(&pins, &moved)[..3], [Status::Found, Status::Found, Status::Moved]);
    }

    #[test]
    fn the_strict_hash_tells_when_only_punctuation_differs() {
        let pins = pins_of(&PARTS[..1]);
        let strictly = |text: &str| find(&[&pins[0]], &[Copy::new(text)])[0].strictly;
        assert_eq!(strictly(ARTICLE), Some(true));
        assert_eq!(strictly(&ARTICLE.replace("siege, and", "siege and")), Some(false));
    }

    #[test]
    fn pins_without_a_sketch_are_found_by_their_hash() {
        let mut pins = pins_of(PARTS);
        for pin in &mut pins {
            pin.sketch = None;
        }
        assert_eq!(status(&pins, ARTICLE), [Status::Found; 4]);
    }

    #[test]
    fn the_span_is_of_the_claim_without_its_context() {
        let pins = pins_of(&PARTS[3..]);
        let finding = &find(&[&pins[0]], &[Copy::new(ARTICLE)])[0];
        assert_eq!(&ARTICLE[finding.span.clone().unwrap()], PARTS[3]);
    }

    #[test]
    fn a_part_that_is_missing_beside_one_that_is_found_is_a_change() {
        assert_eq!(status_of_parts([Status::Found, Status::Missing]), Some(Status::Changed));
        assert_eq!(status_of_parts([Status::Missing, Status::Missing]), Some(Status::Missing));
        assert_eq!(status_of_parts([Status::Moved, Status::Found]), Some(Status::Moved));
        assert_eq!(status_of_parts([]), None);
    }
}
