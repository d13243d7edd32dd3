//! How well drafts agree with claims that a person marked.
//!
//! Enters: the drafts of a text and its gold. Leaves: counts of hits by voice and kind, from which precision, recall and
//! speaker accuracy follow. Always holds: a gold claim and a draft are matched at most once; the rule is that of `docs/claims-extraction.md`.

mod standoff;

use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;

use crate::draft::{Draft, Kind, Voice};
use crate::extract::{Options, extract, is_reporting_verb};
use crate::text::NormalText;

pub use standoff::read_standoff;

/// A claim that a person marked.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldClaim {
    /// Who said it, by the fullest form of the name in the text.
    pub speaker: Option<String>,
    /// How the words reach the reader.
    pub voice: Voice,
    /// What kind of statement, where somebody judged it.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Where it stands, in Unicode code points, half open.
    #[serde(default)]
    pub content: Vec<(usize, usize)>,
    /// The words themselves: in place of positions, or to check them.
    #[serde(default)]
    pub words: Vec<String>,
    /// Which occurrence of the first words is meant where there are no positions, from 1.
    #[serde(default)]
    pub occurrence: Option<usize>,
}

/// The gold of a text.
#[derive(Debug, Clone, Deserialize)]
pub struct Gold {
    /// Its claims, in any order.
    pub claims: Vec<GoldClaim>,
}

/// Why a gold file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It is no JSON of the form.
    Malformed {
        /// What the reader said.
        message: String,
    },
    /// A claim's words do not stand where it says.
    Misplaced {
        /// Position of the claim in the file, from 1.
        claim: usize,
        /// The words of the claim.
        words: String,
    },
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed { message } => write!(formatter, "the gold is malformed: {message}"),
            Self::Misplaced { claim, words } => {
                write!(formatter, "claim {claim} is not in the text where it says: {words}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// A gold claim in bytes of its text.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The claim.
    pub claim: GoldClaim,
    /// Its spans in bytes.
    pub spans: Vec<Range<usize>>,
    /// Where the words stand that point at the speaker, in bytes, where the gold gives no name but these.
    pub speaker: Vec<Range<usize>>,
    /// The words that mark it as said, where the gold has them.
    pub cue: String,
}

/// How often a word may be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// Words reported inside reported words are a claim too.
    Nested,
    /// Every word is in one claim at most: drafts of words at second hand are left out.
    Once,
}

/// Reads a gold file and finds its claims in the text.
pub fn read_gold(json: &str, text: &str) -> Result<Vec<Placed>, Error> {
    let gold: Gold =
        serde_json::from_str(json).map_err(|error| Error::Malformed { message: error.to_string() })?;
    let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.push(text.len());
    let mut placed = Vec::with_capacity(gold.claims.len());
    for (number, claim) in gold.claims.into_iter().enumerate() {
        let misplaced = || Error::Misplaced { claim: number + 1, words: claim.words.join(" ... ") };
        let mut spans = Vec::new();
        if claim.content.is_empty() {
            let mut from = 0;
            for (piece, words) in claim.words.iter().enumerate() {
                let skip = if piece == 0 { claim.occurrence.unwrap_or(1).max(1) - 1 } else { 0 };
                let (at, _) = text[from..].match_indices(words.as_str()).nth(skip).ok_or_else(misplaced)?;
                spans.push(from + at..from + at + words.len());
                from += at + words.len();
            }
        } else {
            for &(start, end) in &claim.content {
                let (Some(&start), Some(&end)) = (starts.get(start), starts.get(end)) else {
                    return Err(misplaced());
                };
                if start >= end {
                    return Err(misplaced());
                }
                spans.push(start..end);
            }
            if !claim.words.is_empty()
                && !spans.iter().map(|span| &text[span.clone()]).eq(claim.words.iter().map(String::as_str))
            {
                return Err(misplaced());
            }
        }
        if spans.is_empty() {
            return Err(misplaced());
        }
        placed.push(Placed { claim, spans, speaker: Vec::new(), cue: String::new() });
    }
    Ok(placed)
}

/// Hits and misses of one kind of claim.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Gold claims.
    pub n_gold: usize,
    /// Gold claims that a draft matches.
    pub n_found: usize,
    /// Drafts.
    pub n_drafts: usize,
    /// Drafts that match a gold claim.
    pub n_right: usize,
    /// Matches where the gold names a speaker.
    pub n_named: usize,
    /// Matches with the right speaker.
    pub n_speaker: usize,
    /// Matches where the gold gives a kind.
    pub n_kinds: usize,
    /// Matches with the right kind.
    pub n_kind: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.n_gold += other.n_gold;
        self.n_found += other.n_found;
        self.n_drafts += other.n_drafts;
        self.n_right += other.n_right;
        self.n_named += other.n_named;
        self.n_speaker += other.n_speaker;
        self.n_kinds += other.n_kinds;
        self.n_kind += other.n_kind;
    }

    /// Drafts that match, of all drafts.
    pub fn precision(&self) -> f64 {
        share(self.n_right, self.n_drafts)
    }

    /// Gold claims found, of all.
    pub fn recall(&self) -> f64 {
        share(self.n_found, self.n_gold)
    }

    /// Matches with the right speaker, of those with a speaker.
    pub fn speaker_accuracy(&self) -> f64 {
        share(self.n_speaker, self.n_named)
    }

    /// Matches with the right kind, of those with a kind.
    pub fn kind_accuracy(&self) -> f64 {
        share(self.n_kind, self.n_kinds)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
}

/// Counts over texts.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// By voice: of the gold for what was to be found, of the draft for what was drafted.
    pub voices: [Count; 3],
    /// By kind, likewise.
    pub kinds: [Count; 6],
    /// Gold claims in reported speech whose cue has a verb of saying that the rules know.
    pub with_verb: Count,
    /// All together.
    pub total: Count,
    /// What differs, a line each.
    pub differences: Vec<String>,
}

const VOICES: [(Voice, &str); 3] =
    [(Voice::Direct, "direct"), (Voice::Mixed, "mixed"), (Voice::Reported, "reported")];
const KINDS: [(Kind, &str); 6] = [
    (Kind::Fact, "fact"),
    (Kind::Causal, "causal"),
    (Kind::Forecast, "forecast"),
    (Kind::Conditional, "conditional"),
    (Kind::Intent, "intent"),
    (Kind::Normative, "normative"),
];

impl Score {
    /// Adds the counts of another text.
    pub fn add(&mut self, other: Self) {
        for (mine, theirs) in self.voices.iter_mut().zip(other.voices) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.kinds.iter_mut().zip(other.kinds) {
            mine.add(theirs);
        }
        self.with_verb.add(other.with_verb);
        self.total.add(other.total);
        self.differences.extend(other.differences);
    }

    /// A table of the counts.
    pub fn table(&self) -> String {
        let mut table = format!(
            "{:<12} {:>6} {:>6} {:>10} {:>8} {:>9} {:>7}\n",
            "", "gold", "drafts", "precision", "recall", "speaker", "kind"
        );
        let rows = VOICES.iter().zip(&self.voices).map(|((_, name), count)| (*name, count));
        let rows = rows.chain(KINDS.iter().zip(&self.kinds).map(|((_, name), count)| (*name, count)));
        let with_verb = (self.with_verb.n_gold > 0).then_some(("with a verb", &self.with_verb));
        for (name, count) in rows.chain(with_verb).chain([("all", &self.total)]) {
            let percent =
                |share: f64| if share.is_nan() { "-".to_owned() } else { format!("{:.1}%", share * 100.0) };
            let _ = writeln!(
                table,
                "{name:<12} {:>6} {:>6} {:>10} {:>8} {:>9} {:>7}",
                count.n_gold,
                if name == "with a verb" { "-".to_owned() } else { count.n_drafts.to_string() },
                percent(count.precision()),
                percent(count.recall()),
                percent(count.speaker_accuracy()),
                percent(count.kind_accuracy()),
            );
        }
        table
    }
}

/// The words of spans, by where they begin: what is compared, so that marks and signs do not count.
fn words(text: &str, spans: &[Range<usize>]) -> HashSet<usize> {
    let mut starts = HashSet::new();
    for span in spans {
        let mut inside = false;
        for (at, c) in text[span.clone()].char_indices() {
            let letter = c.is_alphanumeric() || (inside && matches!(c, '\'' | '’' | '-' | '‑'));
            if letter && !inside {
                starts.insert(span.start + at);
            }
            inside = letter;
        }
    }
    starts
}

/// Two names for one: the same but for case, an article before them, and signs.
fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        let words: Vec<String> = name
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let from = usize::from(
            words.len() > 1
                && ["the", "a", "an", "my", "our", "his", "her", "its", "their"].contains(&words[0].as_str()),
        );
        words[from..].join(" ")
    };
    plain(one) == plain(other)
}

/// Pairs of spans that agree, the best first, each once: for each of `mine` its partner among `theirs`, and the other way round. Of pairs that
/// agree equally well a `preferred` one is taken.
fn matched(
    mine: &[HashSet<usize>],
    theirs: &[HashSet<usize>],
    preferred: impl Fn(usize, usize) -> bool,
) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (one, words) in mine.iter().enumerate() {
        for (other, others) in theirs.iter().enumerate() {
            let shared = words.intersection(others).count();
            let agreement = share(shared, words.len() + others.len() - shared);
            if agreement >= AGREEMENT {
                pairs.push((agreement, one, other));
            }
        }
    }
    pairs.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then(preferred(other.1, other.2).cmp(&preferred(one.1, one.2)))
            .then(one.1.cmp(&other.1))
            .then(one.2.cmp(&other.2))
    });
    let mut of_mine: Vec<Option<usize>> = vec![None; mine.len()];
    let mut of_theirs: Vec<Option<usize>> = vec![None; theirs.len()];
    for (_, one, other) in pairs {
        if of_mine[one].is_none() && of_theirs[other].is_none() {
            of_mine[one] = Some(other);
            of_theirs[other] = Some(one);
        }
    }
    (of_mine, of_theirs)
}

/// How many claims of one annotator match a claim of another, by the rule of [`score`].
pub fn n_agreed(text: &str, one: &[Placed], other: &[Placed]) -> usize {
    let words = |claims: &[Placed]| -> Vec<HashSet<usize>> {
        claims.iter().map(|claim| words(text, &claim.spans)).collect()
    };
    matched(&words(one), &words(other), |_, _| false).0.iter().flatten().count()
}

/// Scores the drafts of a text against its gold.
///
/// A draft matches a gold claim when the words they share are at least 70 in 100 of the words that either holds, and no other pair
/// agrees better. Each is matched once.
pub fn score(name: &str, text: &NormalText, gold: &[Placed], marking: Marking) -> Score {
    let mut found = extract(text, &Options::default());
    if marking == Marking::Once {
        found.drafts.retain(|draft| draft.secondhand_of.is_none());
    }
    let characters = text.as_str();
    let draft_words: Vec<HashSet<usize>> =
        found.drafts.iter().map(|draft| words(characters, &draft.content)).collect();
    let gold_words: Vec<HashSet<usize>> = gold.iter().map(|claim| words(characters, &claim.spans)).collect();
    let same_speaker = |draft: &Draft, claim: &GoldClaim| match (&claim.speaker, &draft.speaker) {
        (Some(gold), Some(mine)) => same_name(gold, mine),
        _ => false,
    };
    // Of two drafts of the same words the one with the right speaker is meant.
    let (of_draft, of_claim) = matched(&draft_words, &gold_words, |draft, claim| {
        same_speaker(&found.drafts[draft], &gold[claim].claim)
    });
    let mut score = Score::default();
    let shown = |spans: &[Range<usize>]| {
        spans.iter().map(|span| &characters[span.clone()]).collect::<Vec<_>>().join(" ## ")
    };
    for (draft, matched) in found.drafts.iter().zip(&of_draft) {
        let count = Count { n_drafts: 1, n_right: usize::from(matched.is_some()), ..Count::default() };
        score.voices[place(&VOICES, draft.voice)].add(count);
        score.kinds[place(&KINDS, draft.kind)].add(count);
        score.total.add(count);
        if matched.is_none() {
            score.differences.push(format!(
                "{name}: not in the gold: {} [{}]: {}",
                draft.speaker.as_deref().unwrap_or("?"),
                draft.pattern,
                shown(&draft.content)
            ));
        }
    }
    for (claim, matched) in gold.iter().zip(&of_claim) {
        let mut count = Count { n_gold: 1, n_found: usize::from(matched.is_some()), ..Count::default() };
        let speaker = claim.claim.speaker.as_deref();
        if let Some(draft) = matched.map(|draft| &found.drafts[draft]) {
            if !claim.speaker.is_empty() {
                let points = |span: &Range<usize>| {
                    claim.speaker.iter().any(|source| span.start < source.end && source.start < span.end)
                };
                count.n_named = 1;
                count.n_speaker = usize::from(draft.speaker_span.as_ref().is_some_and(points));
            }
            if let Some(speaker) = speaker {
                let right = same_speaker(draft, &claim.claim);
                count.n_named = 1;
                count.n_speaker = usize::from(right);
                if !right {
                    score.differences.push(format!(
                        "{name}: speaker {} for {speaker} [{}]: {}",
                        draft.speaker.as_deref().unwrap_or("?"),
                        draft.pattern,
                        shown(&claim.spans)
                    ));
                }
            }
            if let Some(kind) = claim.claim.kind {
                count.n_kinds = 1;
                count.n_kind = usize::from(kind == draft.kind);
                if kind != draft.kind {
                    score.differences.push(format!(
                        "{name}: kind {:?} for {kind:?}: {}",
                        draft.kind,
                        shown(&claim.spans)
                    ));
                }
            }
        } else {
            score.differences.push(format!(
                "{name}: missed: {}: {}",
                speaker.unwrap_or("?"),
                shown(&claim.spans)
            ));
        }
        score.voices[place(&VOICES, claim.claim.voice)].add(count);
        let known = || claim.cue.split(|c: char| !c.is_alphanumeric()).any(is_reporting_verb);
        if claim.claim.voice == Voice::Reported && known() {
            score.with_verb.add(count);
        }
        if let Some(kind) = claim.claim.kind {
            score.kinds[place(&KINDS, kind)].add(count);
        }
        score.total.add(count);
    }
    score
}

/// Below this share of common words two spans are not the same claim: it lets a missing "also" pass and no missing clause.
const AGREEMENT: f64 = 0.7;

fn place<T: PartialEq + Copy>(rows: &[(T, &str)], value: T) -> usize {
    rows.iter().position(|(row, _)| *row == value).unwrap_or(0)
}
