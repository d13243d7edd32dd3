//! Pins for the claims of a model, from the user's copy of their source.
//!
//! Enters: a checked model, the text of a copy, and where the user says that words stand. Leaves: the place proposed for each
//! claim, and the changed texts of the model. Always holds: only lines `pin` are put in or taken out; a claim that has pins keeps
//! them unless it is named; what is not clear is not written.
//!
//! A claim is in our words, so that its place is found by its speaker and by the words that both have in common, each weighed
//! by how rare it is in the copy.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use contingent_evidence::extract::{Extraction, Options, extract};
use contingent_evidence::pin::{CharacterPlaces, Pin, Pinnable};
use contingent_evidence::text::NormalText;
use contingent_evidence::words::{LineHyphens, Words};
use contingent_model::{CheckedModel, Claim};
use contingent_syntax::ast::{Declaration, DeclarationKind, Property};
use contingent_syntax::{FileId, Sources, Span, parse};

/// Likeness from which on a place is clear.
const CLEAR: f64 = 0.30;
/// How far the best place must be ahead of the next.
const AHEAD: f64 = 0.06;
/// Likeness from which on a place is shown to be looked at.
const WORTH_SHOWING: f64 = 0.12;
/// Words that are shorter say little.
const SHORTEST: usize = 4;
/// Letters of a word that count, so that "recruits" and "recruiting" are one.
const STEM: usize = 5;

/// What is to be pinned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PinRequest {
    /// These claims, also when they have pins; all without pins when there is none.
    pub only: Vec<String>,
    /// The source that the copy is of.
    pub source: Option<String>,
    /// Words of the copy that the one claim named stands for.
    pub words: Option<String>,
    /// Characters of the copy that the one claim named stands for.
    pub at: Option<(usize, usize)>,
}

/// Where the words of a claim are taken to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// In bytes of the copy.
    pub spans: Vec<Range<usize>>,
    /// In characters of the copy, from the first to the one after the last.
    pub characters: (usize, usize),
    /// How alike they are; 1 when the user said where.
    pub likeness: f64,
    /// Whether that is clear enough to write it.
    pub is_clear: bool,
}

/// What is proposed for a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct PinChange {
    /// The claim.
    pub claim: String,
    /// What it says, in our words.
    pub says: String,
    /// Who says it.
    pub speaker: Option<String>,
    /// The place; none when nothing is like it.
    pub place: Option<Place>,
}

/// What is proposed, and the texts with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PinOutcome {
    /// For each claim that was asked for.
    pub claims: Vec<PinChange>,
    /// Claims that have pins and were left alone.
    pub n_pinned_before: usize,
    /// Files that change: which, and the new text.
    pub files: Vec<(FileId, String)>,
}

/// Why nothing can be pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinError {
    /// There is no such claim.
    NoClaim {
        /// The name.
        name: String,
    },
    /// There is no such source.
    NoSource {
        /// The name.
        name: String,
    },
    /// The model has several sources, and nothing says of which the copy is.
    WhichSource {
        /// Their names.
        names: Vec<String>,
    },
    /// Words or characters were given for more or fewer claims than one.
    NotOneClaim,
    /// The words are not in the copy.
    NoSuchWords,
    /// The text of the model could not be changed.
    Unwritable {
        /// The claim.
        claim: String,
    },
}

impl std::fmt::Display for PinError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoClaim { name } => write!(out, "the model has no claim `{name}`"),
            Self::NoSource { name } => write!(out, "the model has no source `{name}`"),
            Self::WhichSource { names } => write!(
                out,
                "the model has {} sources, and none is clearly the one of this copy\nhelp: say which: `--source {}`",
                names.len(),
                names.first().map_or("NAME", String::as_str)
            ),
            Self::NotOneClaim => {
                write!(out, "`--words` and `--at` are about one claim\nhelp: name it: `--claim NAME`")
            }
            Self::NoSuchWords => write!(
                out,
                "these words are not in the copy\nhelp: give them as they stand there, or `FIRST WORDS ... LAST WORDS`"
            ),
            Self::Unwritable { claim } => {
                write!(
                    out,
                    "the pin of `{claim}` could not be put into its block\nhelp: write its `}}` on a line of its own"
                )
            }
        }
    }
}

impl std::error::Error for PinError {}

/// Proposes pins and puts those that are clear into the texts of a model.
pub fn pin_model(
    model: &CheckedModel,
    sources: &Sources,
    copy: &NormalText,
    request: &PinRequest,
) -> Result<PinOutcome, PinError> {
    for name in &request.only {
        if !model.claims.iter().any(|claim| claim.name == *name) {
            return Err(PinError::NoClaim { name: name.clone() });
        }
    }
    let text = copy.as_str();
    let extraction = extract(copy, &Options::default());
    let source = source(model, &extraction, request)?;
    let pinnable = Pinnable::new(text);
    let characters = CharacterPlaces::of(text);
    let given = given_place(text, &characters, request)?;
    let asked: Vec<&Claim> = model
        .claims
        .iter()
        .filter(|claim| claim.source.index() == source)
        .filter(|claim| request.only.is_empty() || request.only.contains(&claim.name))
        .collect();
    let mut outcome = PinOutcome::default();
    let candidates = Candidates::of(copy, &extraction);
    let mut pins: Vec<(&Claim, Vec<Pin>)> = Vec::new();
    for claim in asked {
        if request.only.is_empty() && !claim.pins.is_empty() {
            outcome.n_pinned_before += 1;
            continue;
        }
        let place = match &given {
            Some(span) => Some((vec![span.clone()], 1.0, true)),
            None => candidates.best(claim),
        };
        let place = place.map(|(spans, likeness, is_clear)| {
            let start = spans.iter().map(|span| span.start).min().unwrap_or(0);
            let end = spans.iter().map(|span| span.end).max().unwrap_or(0);
            Place {
                characters: (characters.of_byte(text, start), characters.of_byte(text, end)),
                spans,
                likeness,
                is_clear,
            }
        });
        if let Some(place) = place.as_ref().filter(|place| place.is_clear) {
            pins.push((claim, place.spans.iter().filter_map(|span| pinnable.pin(span)).collect()));
        }
        outcome.claims.push(PinChange {
            claim: claim.name.clone(),
            says: claim.says.clone(),
            speaker: claim.speaker.clone(),
            place,
        });
    }
    outcome.files = changed_texts(sources, &pins)?;
    Ok(outcome)
}

/// The position of the source that the copy is of.
fn source(model: &CheckedModel, extraction: &Extraction, request: &PinRequest) -> Result<usize, PinError> {
    if let Some(name) = &request.source {
        let place = model.sources.iter().position(|source| source.name == *name);
        return place.ok_or_else(|| PinError::NoSource { name: name.clone() });
    }
    if let Some(name) = request.only.first()
        && let Some(claim) = model.claims.iter().find(|claim| claim.name == *name)
    {
        return Ok(claim.source.index());
    }
    let with_claims: Vec<usize> = (0..model.sources.len())
        .filter(|&source| model.claims.iter().any(|claim| claim.source.index() == source))
        .collect();
    if let [only] = with_claims[..] {
        return Ok(only);
    }
    // The source whose speakers speak in the copy.
    let n_speaking = |source: usize| {
        let names: HashSet<&str> = model
            .claims
            .iter()
            .filter(|claim| claim.source.index() == source)
            .filter_map(|claim| claim.speaker.as_deref())
            .collect();
        names
            .into_iter()
            .filter(|name| extraction.speakers.iter().any(|speaker| is_one_person(name, &speaker.name)))
            .count()
    };
    let mut counted: Vec<(usize, usize)> =
        with_claims.iter().map(|&source| (n_speaking(source), source)).collect();
    counted.sort_by_key(|&(n, _)| std::cmp::Reverse(n));
    match counted[..] {
        [(n, source), (next, _), ..] if n > next => Ok(source),
        _ => Err(PinError::WhichSource {
            names: with_claims.iter().map(|&source| model.sources[source].name.clone()).collect(),
        }),
    }
}

/// Where the user says that the words stand.
fn given_place(
    text: &str,
    characters: &CharacterPlaces,
    request: &PinRequest,
) -> Result<Option<Range<usize>>, PinError> {
    if request.words.is_none() && request.at.is_none() {
        return Ok(None);
    }
    if request.only.len() != 1 {
        return Err(PinError::NotOneClaim);
    }
    if let Some((first, last)) = request.at {
        let span = characters.to_byte(text, first)..characters.to_byte(text, last);
        return if span.start < span.end { Ok(Some(span)) } else { Err(PinError::NoSuchWords) };
    }
    let words = Words::of(text, LineHyphens::Join);
    let wanted = request.words.as_deref().unwrap_or_default();
    let (first, last) = match wanted.split_once("...").or_else(|| wanted.split_once('…')) {
        Some((first, last)) => (first, Some(last)),
        None => (wanted, None),
    };
    let start = place_of(&words, first, 0).ok_or(PinError::NoSuchWords)?;
    let range = match last {
        None => start,
        Some(last) => start.start..place_of(&words, last, start.end).ok_or(PinError::NoSuchWords)?.end,
    };
    Ok(Some(words.places(range)))
}

/// Where words stand among others, folded, from a place on.
fn place_of(words: &Words, wanted: &str, from: usize) -> Option<Range<usize>> {
    let wanted = Words::of(wanted, LineHyphens::Join);
    let n = wanted.len();
    if n == 0 {
        return None;
    }
    (from..(words.len() + 1).saturating_sub(n))
        .find(|&start| (0..n).all(|i| words.word(start + i) == wanted.word(i)))
        .map(|start| start..start + n)
}

/// Passages of the copy that a claim may stand for.
struct Candidates<'a> {
    extraction: &'a Extraction,
    /// Stems of each draft, then of each sentence.
    drafts: Vec<HashSet<String>>,
    sentences: Vec<(Range<usize>, HashSet<String>)>,
    /// In how many sentences each stem stands.
    n_with: HashMap<String, usize>,
}

impl<'a> Candidates<'a> {
    fn of(copy: &NormalText, extraction: &'a Extraction) -> Self {
        let text = copy.as_str();
        let sentences: Vec<(Range<usize>, HashSet<String>)> =
            sentences(copy).into_iter().map(|span| (span.clone(), stems(&text[span]))).collect();
        let mut n_with: HashMap<String, usize> = HashMap::new();
        for (_, stems) in &sentences {
            for stem in stems {
                *n_with.entry(stem.clone()).or_default() += 1;
            }
        }
        let drafts = extraction
            .drafts
            .iter()
            .map(|draft| draft.content.iter().flat_map(|span| stems(&text[span.clone()])).collect())
            .collect();
        Self { extraction, drafts, sentences, n_with }
    }

    /// The passage most like a claim: where it stands, how alike it is, and whether that is clear.
    fn best(&self, claim: &Claim) -> Option<(Vec<Range<usize>>, f64, bool)> {
        let wanted = stems(&claim.says);
        let mut ranked: Vec<(f64, Vec<Range<usize>>)> = Vec::new();
        for (draft, stems) in self.extraction.drafts.iter().zip(&self.drafts) {
            let by_speaker = match (&claim.speaker, &draft.speaker) {
                (Some(a), Some(b)) if is_one_person(a, b) => 1.0,
                // Somebody else's words are not the claim's, however alike.
                (Some(_), Some(_)) => continue,
                (Some(_), None) => 0.6,
                (None, _) => 0.8,
            };
            ranked.push((by_speaker * self.likeness(&wanted, stems), draft.content.clone()));
        }
        // What the source says itself is in no draft; whose words were not drafted may still be there.
        let weight = if claim.speaker.is_some() { 0.5 } else { 1.0 };
        for (span, stems) in &self.sentences {
            let is_drafted = ranked
                .iter()
                .any(|(_, spans)| spans.iter().any(|own| own.start < span.end && span.start < own.end));
            if !(is_drafted && claim.speaker.is_some()) {
                ranked.push((weight * self.likeness(&wanted, stems), vec![span.clone()]));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (likeness, spans) = ranked.first()?.clone();
        // A passage that overlaps the best is no rival.
        let overlaps = |other: &[Range<usize>]| {
            other.iter().any(|a| spans.iter().any(|b| a.start < b.end && b.start < a.end))
        };
        let next =
            ranked.iter().skip(1).find(|(_, other)| !overlaps(other)).map_or(0.0, |(likeness, _)| *likeness);
        (likeness >= WORTH_SHOWING).then_some((
            spans,
            likeness,
            likeness >= CLEAR && likeness - next >= AHEAD,
        ))
    }

    /// The share of what both say in what either says, each word weighed by how rare it is in the copy.
    fn likeness(&self, a: &HashSet<String>, b: &HashSet<String>) -> f64 {
        let weight = |stem: &String| 1.0 / (1.0 + self.n_with.get(stem).copied().unwrap_or(0) as f64).sqrt();
        let sum = |stems: &HashSet<String>| {
            // In one order, so that the sum is the same each time.
            let mut sorted: Vec<&String> = stems.iter().collect();
            sorted.sort();
            sorted.into_iter().map(weight).sum::<f64>()
        };
        let shared: HashSet<String> = a.intersection(b).cloned().collect();
        let both = (sum(a) * sum(b)).sqrt();
        if both > 0.0 { sum(&shared) / both } else { 0.0 }
    }
}

/// Words that say nothing about what is said.
const EMPTY: &[&str] = &[
    "about", "after", "again", "against", "also", "been", "before", "being", "both", "could", "does", "down",
    "each", "ever", "every", "from", "have", "having", "here", "however", "into", "just", "like", "many",
    "more", "most", "much", "must", "only", "other", "over", "said", "same", "says", "should", "some",
    "such", "than", "that", "their", "them", "then", "there", "these", "they", "this", "those", "through",
    "under", "until", "very", "were", "what", "when", "where", "which", "while", "will", "with", "without",
    "would", "your",
];

fn stems(text: &str) -> HashSet<String> {
    let words = Words::of(text, LineHyphens::Join);
    (0..words.len())
        .map(|index| words.word(index))
        .filter(|word| {
            word.chars().count() >= SHORTEST && !EMPTY.contains(word) || word.chars().all(char::is_numeric)
        })
        .map(|word| word.chars().take(STEM).collect())
        .collect()
}

/// Sentences of a text, as far as punctuation tells.
fn sentences(copy: &NormalText) -> Vec<Range<usize>> {
    let text = copy.as_str();
    let mut sentences = Vec::new();
    let mut blocks: Vec<Range<usize>> = copy.blocks().iter().map(|block| block.span.clone()).collect();
    if blocks.is_empty() {
        blocks.push(0..text.len());
    }
    for block in &blocks {
        let mut start = block.start;
        let mut characters = text[block.clone()].char_indices().peekable();
        let mut is_end = false;
        while let Some((at, character)) = characters.next() {
            match character {
                '.' | '!' | '?' | '؟' | '۔' => is_end = true,
                '"' | '”' | '’' | ')' | '»' if is_end => {}
                _ if character.is_whitespace() && is_end => {
                    if characters.peek().is_none_or(|(_, next)| !next.is_lowercase()) {
                        sentences.push(start..block.start + at);
                        start = block.start + at + character.len_utf8();
                    }
                    is_end = false;
                }
                _ => is_end = false,
            }
        }
        if !text[start..block.end].trim().is_empty() {
            sentences.push(start..block.end);
        }
    }
    sentences
}

/// Whether two names may be of one person: the last name of one is in the other.
fn is_one_person(a: &str, b: &str) -> bool {
    let words =
        |name: &str| -> Vec<String> { name.to_lowercase().split_whitespace().map(str::to_owned).collect() };
    let (a, b) = (words(a), words(b));
    match (a.last(), b.last()) {
        (Some(last_a), Some(last_b)) => last_a == last_b || b.contains(last_a) || a.contains(last_b),
        _ => false,
    }
}

/// The line of a pin.
fn line(pin: &Pin) -> String {
    let mut line = format!("pin words {} sha256 \"{}\" near {}", pin.words, pin.sha256, pin.near);
    if let Some(strict) = &pin.strict {
        line += &format!(" strict \"{strict}\"");
    }
    if let Some(sketch) = &pin.sketch {
        line += &format!(" sketch \"{sketch}\"");
    }
    line
}

/// Puts pins into the blocks of their claims.
fn changed_texts(sources: &Sources, pins: &[(&Claim, Vec<Pin>)]) -> Result<Vec<(FileId, String)>, PinError> {
    let mut by_file: Vec<(FileId, Vec<&(&Claim, Vec<Pin>)>)> = Vec::new();
    for entry in pins {
        match by_file.iter_mut().find(|(file, _)| *file == entry.0.span.file) {
            Some((_, entries)) => entries.push(entry),
            None => by_file.push((entry.0.span.file, vec![entry])),
        }
    }
    let mut files = Vec::new();
    for (file, mut entries) in by_file {
        let mut text = sources.file(file).text.clone();
        let parsed = parse(file, &text);
        let mut claims: HashMap<&str, (Span, &[Property])> = HashMap::new();
        collect_claims(&parsed.file.declarations, &mut claims);
        // From the end, so that places before stay as they are.
        entries.sort_by_key(|(claim, _)| std::cmp::Reverse(claim.span.start));
        for (claim, pins) in entries {
            let unwritable = || PinError::Unwritable { claim: claim.name.clone() };
            let &(span, properties) = claims.get(claim.name.as_str()).ok_or_else(unwritable)?;
            let lines: Vec<String> = pins.iter().map(line).collect();
            text = with_pins(&text, span, properties, &lines).ok_or_else(unwritable)?;
        }
        files.push((file, text));
    }
    Ok(files)
}

fn collect_claims<'t>(
    declarations: &'t [Declaration],
    claims: &mut HashMap<&'t str, (Span, &'t [Property])>,
) {
    for declaration in declarations {
        match &declaration.kind {
            DeclarationKind::Claim { name, properties, .. } => {
                claims.insert(&name.text, (declaration.span, properties));
            }
            DeclarationKind::Actor { declarations, .. } => collect_claims(declarations, claims),
            _ => {}
        }
    }
}

/// A text with the pins of one claim replaced.
fn with_pins(text: &str, claim: Span, properties: &[Property], lines: &[String]) -> Option<String> {
    let close = claim.start as usize + text.get(claim.start as usize..claim.end as usize)?.rfind('}')?;
    let mut changed = text.to_owned();
    let is_own_line = text[..close].rfind('\n').is_some_and(|end| text[end..close].trim().is_empty());
    if is_own_line {
        let start = text[..close].rfind('\n')? + 1;
        let indent = format!("{}  ", &text[start..close]);
        let block: String = lines.iter().map(|line| format!("{indent}{line}\n")).collect();
        changed.insert_str(start, &block);
    } else {
        let before = text[..close].trim_end();
        let joint = if before.ends_with(['{', ',']) { " " } else { ", " };
        let end = before.len();
        changed.replace_range(end..close, &format!("{joint}{} ", lines.join(", ")));
    }
    // Pins that were there before, from the last.
    for property in properties.iter().filter(|property| property.key.text == "pin").rev() {
        let (start, end) = (property.span.start as usize, property.span.end as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |end| end + 1);
        let line_end = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
        let is_alone = text[line_start..start].trim().is_empty() && text[end..line_end].trim().is_empty();
        if is_alone {
            changed.replace_range(line_start..line_end, "");
        } else {
            let from = text[..start].trim_end().strip_suffix(',').map_or(start, str::len);
            changed.replace_range(from..end, "");
        }
    }
    Some(changed)
}
