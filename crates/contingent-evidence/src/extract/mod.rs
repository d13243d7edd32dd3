//! Drafts of who said what, drawn from the text of an article by rules.
//!
//! Enters: a [`NormalText`], and what the caller knows of actors and of the layout. Leaves: an [`Extraction`]: drafts, and the quotations
//! and cue verbs that became none.
//! Always holds: every quotation and every cue verb outside quotations is in a draft or in a list; spans are bytes of the text on
//! character boundaries; time is linear in the length of the text; no text makes it panic.

mod attribution;
mod continuing;
mod drafting;
mod grammar;
mod json;
mod lexicon;
mod paragraphs;
mod people;
mod quotation;
mod statement;
mod tagging;
mod token;

use std::cell::Cell;
use std::ops::Range;

pub use json::extraction_json;

use self::attribution::{Attribution, Scene};
use self::continuing::Open;
use self::drafting::{Cover, mark_secondhand};
use self::lexicon::Class;
use self::paragraphs::Paragraph;
use self::people::{People, Resolved};
use self::quotation::Quotation;
use self::statement::Phrasebook;
use self::token::{Tag, Token};
use crate::draft::Draft;
use crate::text::{BlockKind, NormalText};

/// An actor of a model, to be found in what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The name in the model.
    pub name: String,
    /// Other words for it in texts.
    pub aliases: Vec<String>,
}

/// How a text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A transcript where the text looks like one, otherwise prose.
    #[default]
    Detect,
    /// Running text.
    Prose,
    /// Names or letters before what each says.
    Transcript,
}

/// What the caller knows beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Actors to be found in claims.
    pub actors: Vec<Actor>,
    /// The layout.
    pub mode: Mode,
}

/// Something that marks words as said and that no draft took up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncaptured {
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// Why nothing came of it.
    pub reason: &'static str,
}

/// Whether a word is a form of a verb of saying that takes a clause or a quotation, as far as the rules know it.
pub fn is_reporting_verb(word: &str) -> bool {
    lexicon::cue(&word.to_lowercase())
        .is_some_and(|cue| cue.class == Class::Speech && ['t', 'b', 'q'].iter().any(|what| cue.takes(*what)))
}

/// Somebody whose words are in the drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The fullest form of the name in the text.
    pub name: String,
    /// What the text says they are.
    pub role: Option<String>,
    /// Other spellings that were taken for the same.
    pub spellings: Vec<String>,
    /// How many drafts are theirs.
    pub n_drafts: usize,
}

/// What rules drew from a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extraction {
    /// Drafts in the order in which their words begin.
    pub drafts: Vec<Draft>,
    /// Quotations in no draft.
    pub uncaptured_quotations: Vec<Uncaptured>,
    /// Cue verbs in no draft.
    pub uncaptured_cues: Vec<Uncaptured>,
    /// Everybody who speaks in a draft, in order of appearance.
    pub speakers: Vec<Speaker>,
    /// Whether the text was read as a transcript.
    pub transcript: bool,
    /// How many tokens the rules looked at, each counted every time: no more than a fixed number for each token of the text.
    pub n_looked_at: u64,
}

/// Draws drafts from a text.
///
/// ```
/// use contingent_evidence::extract::{Options, extract};
/// use contingent_evidence::text::NormalText;
///
/// let text = NormalText::new("“The pass will stay closed,” said Leila Karim, a trader.".to_owned(), Vec::new());
/// let found = extract(&text, &Options::default());
/// assert_eq!(found.drafts[0].speaker.as_deref(), Some("Leila Karim"));
/// ```
pub fn extract(text: &NormalText, options: &Options) -> Extraction {
    let (paragraphs, transcript) = paragraphs::read(text, options.mode);
    let mut reading = Reading {
        text: text.as_str(),
        phrasebook: Phrasebook::new(&options.actors),
        people: People::default(),
        made: Vec::new(),
        transcript,
        turn_of: None,
        several: paragraphs.len() > 1,
        paragraph_before: 0,
        counts: Vec::new(),
        looked_at: Cell::new(0),
    };
    for paragraph in &paragraphs {
        reading.people.survey(&paragraph.tokens);
    }
    for paragraph in &paragraphs {
        reading.people.read(&paragraph.tokens, &paragraph.units);
    }
    reading.people.settle_genders();
    if let Some(first) = paragraphs.first().filter(|_| paragraphs.len() > 1) {
        reading.people.read_headline(&first.tokens);
    }
    for (number, paragraph) in paragraphs.iter().enumerate() {
        reading.paragraph(paragraph, number);
        reading.paragraph_before = paragraph.tokens[0].start;
    }
    let n_looked_at = reading.looked_at.get();
    let mut extraction = reading.finish(&paragraphs);
    extraction.n_looked_at = n_looked_at;
    extraction.transcript = transcript;
    extraction
}

/// A draft in the making, in positions of tokens.
struct Made {
    attribution: Attribution,
    paragraph: usize,
    resolved: Option<Resolved>,
    implicit: bool,
}

struct Reading<'t> {
    text: &'t str,
    phrasebook: Phrasebook,
    people: People,
    made: Vec<Made>,
    transcript: bool,
    /// Whose turn it is in a transcript.
    turn_of: Option<Resolved>,
    /// The text has more than one paragraph.
    several: bool,
    /// Where the paragraph before begins.
    paragraph_before: usize,
    counts: Vec<usize>,
    looked_at: Cell<u64>,
}

/// A quotation of fewer words is no statement by itself.
const STATEMENT_WORDS: usize = 5;
/// A sentence of a turn with more tokens is no single statement, and no text that a person said.
const LONGEST_STATEMENT: usize = 4000;

impl Reading<'_> {
    fn paragraph(&mut self, paragraph: &Paragraph<'_>, number: usize) {
        let tokens = &paragraph.tokens;
        let first_here = self.made.len();
        let mut pending: Vec<Range<usize>> = Vec::new();
        // The last draft of the paragraph that has quoted words.
        let mut last_quoted: Option<usize> = None;
        if self.transcript
            && (paragraph.label.is_some() || self.turn_of.is_some())
            && paragraph.kind != BlockKind::Heading
        {
            self.turn(paragraph, number);
            return;
        }
        let headline = paragraph.kind == BlockKind::Heading
            || number == 0
                && self.several
                && tokens.len() < 30
                && tokens.last().is_some_and(|last| last.is_word() && last.free());
        let mut unit_before = 0..0;
        // What the sentence before reports, which this one may go on with.
        let mut open: Option<Open> = None;
        for unit in &paragraph.units {
            let scene = Scene {
                tokens,
                quotations: &paragraph.quotations,
                low: unit.start,
                end: unit.end,
                looked_at: &self.looked_at,
            };
            let begun = self.made.len();
            let mut found = scene.attributions();
            if headline {
                // What a headline reports the text reports in full.
                found.retain(|attribution| quoted(tokens, attribution));
            }
            let covered: Vec<Range<usize>> =
                found.iter().flat_map(|attribution| attribution.content.clone()).collect();
            let mut floating: Vec<Range<usize>> = Vec::new();
            let from = paragraph.quotations.partition_point(|quotation| quotation.first < unit.start);
            for quotation in paragraph.quotations[from..]
                .iter()
                .take_while(|quotation| quotation.first < unit.end)
                .filter(|quotation| !quotation.nested)
            {
                let whole = quotation.first <= unit.start + 1 && quotation.end() + 2 >= unit.end;
                let least = if last_quoted.is_some() { 1 } else { STATEMENT_WORDS };
                let taken = covered
                    .iter()
                    .take(200)
                    .any(|range| range.start < quotation.end() && quotation.first < range.end);
                if whole && !taken && words_in(tokens, quotation) >= least {
                    floating.push(quotation.first..quotation.end());
                }
            }
            // Words without a cue belong to what is said before them in the paragraph, or else after.
            for range in floating {
                if let Some(last) = last_quoted {
                    match self.turned_to(last, tokens, unit_before.clone(), range.start) {
                        Some(resolved) => {
                            last_quoted = Some(self.made.len());
                            self.float(vec![range], number, Some(resolved), "quotation after its subject");
                        }
                        None => self.made[last].attribution.content.push(range),
                    }
                } else if let Some(last) = self.made[first_here..].last() {
                    let attribution = Attribution {
                        content: vec![range],
                        cue: None,
                        role: None,
                        pattern: "quotation after its speaker",
                        class: Class::Speech,
                        lemma: "say",
                        denied: false,
                        weak: false,
                        through: None,
                        speaker: None,
                    };
                    let resolved = last.resolved.clone().map(|resolved| Resolved {
                        role: None,
                        how: "implicit",
                        ..resolved
                    });
                    last_quoted = Some(self.made.len());
                    self.made.push(Made { attribution, paragraph: number, resolved, implicit: true });
                } else {
                    pending.push(range);
                }
            }
            for attribution in &mut found {
                if !pending.is_empty() && quoted(tokens, attribution) && attribution.speaker.is_some() {
                    let mut content = std::mem::take(&mut pending);
                    content.append(&mut attribution.content);
                    attribution.content = content;
                }
            }
            let inner: Vec<bool> =
                found.iter().map(|attribution| found.iter().any(|other| holds(other, attribution))).collect();
            let reports = Open::after(tokens, unit, &found, self.made.len()).filter(|_| !headline);
            for (attribution, inner) in found.into_iter().zip(inner) {
                if quotes(tokens, &attribution) {
                    last_quoted = Some(self.made.len());
                }
                self.take(tokens, attribution, number, inner);
            }
            unit_before = unit.clone();
            let (people, drafted) = (&self.people, self.made.len() > begun);
            let next = open.as_mut().filter(|_| !drafted).and_then(|open| {
                open.goes_on(tokens, unit, &self.looked_at, |at| people.names(tokens, at))
                    .map(|range| (open.number, range))
            });
            match next {
                Some((first, range)) => {
                    let resolved = self.made[first].resolved.clone();
                    let resolved =
                        resolved.map(|resolved| Resolved { role: None, how: "implicit", ..resolved });
                    self.float(vec![range], number, resolved, continuing::PATTERN);
                }
                None => open = reports,
            }
        }
        // A quotation of a word or two states nothing.
        let mut here = self.made.split_off(first_here);
        here.retain(|made| states(tokens, &made.attribution));
        self.made.append(&mut here);
        if let Some(first) = pending.first().cloned() {
            let at = tokens[first.start].start;
            let near = self.made.last().is_some_and(|made| made.paragraph + 1 >= number);
            let carries_on = paragraph
                .quotations
                .iter()
                .any(|quotation| quotation.first == first.start && quotation.carries_on);
            // A subject of this paragraph, whoever spoke in the one before, a subject of the one before.
            let mut resolved =
                if first.start > 0 { self.people.subject_near(tokens[0].start, at) } else { None };
            if resolved.is_none() && near {
                resolved = self.people.implicit(at);
            }
            let before = self.paragraph_before;
            let resolved = resolved.or_else(|| self.people.subject_near(before, at));
            let last_number = self.made.len().checked_sub(1);
            if carries_on && let Some(last) = last_number.filter(|_| near) {
                // One quotation over several paragraphs is one statement for each paragraph, all by one speaker.
                let resolved =
                    self.made[last].resolved.clone().map(|resolved| Resolved { role: None, ..resolved });
                self.float(pending, number, resolved, "quotation carried on");
            } else if resolved.is_some() {
                self.float(pending, number, resolved, "quotation without a cue");
            }
        }
    }

    /// Whoever the sentence right before a quotation without a cue is about, if that is somebody else than who spoke in `last`, or others
    /// have spoken since: "“We lost it,” said Prost. Her husband nodded. “And the mule.”"
    fn turned_to(
        &mut self,
        last: usize,
        tokens: &[Token<'_>],
        before: Range<usize>,
        at: usize,
    ) -> Option<Resolved> {
        if before.is_empty() || tokens[before.clone()].iter().any(|token| !token.free()) {
            return None;
        }
        let resolved = self.people.subject_near(tokens[before.start].start, tokens[at].start)?;
        let who = |made: &Made| made.resolved.as_ref().map(|resolved| resolved.who);
        let other = who(&self.made[last]) != Some(resolved.who);
        let others = self.made[last + 1..].iter().rev().take(32).any(|made| who(made) != Some(resolved.who));
        (other || others).then_some(resolved)
    }

    fn float(
        &mut self,
        content: Vec<Range<usize>>,
        paragraph: usize,
        resolved: Option<Resolved>,
        pattern: &'static str,
    ) {
        let attribution = Attribution {
            content,
            speaker: None,
            role: None,
            cue: None,
            lemma: "say",
            class: Class::Speech,
            pattern,
            denied: false,
            weak: false,
            through: None,
        };
        self.made.push(Made { attribution, paragraph, resolved, implicit: true });
    }

    /// What a turn of a transcript says: each sentence that is no question is a statement.
    fn turn(&mut self, paragraph: &Paragraph<'_>, number: usize) {
        let tokens = &paragraph.tokens;
        let after_label = paragraph.label.as_ref().map_or(0, |label| label.end);
        if let Some(label) = &paragraph.label {
            let name: Vec<usize> = label.clone().filter(|&at| tokens[at].is_word()).collect();
            let (Some(&first), Some(&last)) = (name.first(), name.last()) else { return };
            self.turn_of = Some(self.people.labelled(tokens, first..last + 1));
        }
        let Some(resolved) = self.turn_of.clone() else { return };
        if paragraph.asks {
            return;
        }
        let speaker = paragraph.label.as_ref().map(|label| {
            let first = label.clone().find(|&at| tokens[at].is_word()).unwrap_or(label.start);
            let last = label.clone().rev().find(|&at| tokens[at].is_word()).unwrap_or(first);
            first..last + 1
        });
        for unit in &paragraph.units {
            let mut content = unit.start.max(after_label)..unit.end;
            while content.start < content.end
                && !tokens[content.start].is_word()
                && tokens[content.start].free()
            {
                content.start += 1;
            }
            if content.is_empty() || content.len() > LONGEST_STATEMENT {
                continue;
            }
            let asks =
                tokens[content.clone()].last().is_some_and(|token| matches!(token.text, "?" | "؟" | "？"));
            let words =
                tokens[content.clone()].iter().filter(|token| token.is_word()).take(STATEMENT_WORDS).count();
            if !asks && words >= 3 {
                let attribution = Attribution {
                    content: vec![content.clone()],
                    speaker: speaker.clone(),
                    role: None,
                    cue: None,
                    lemma: "say",
                    class: Class::Speech,
                    pattern: "turn of a transcript",
                    denied: false,
                    weak: false,
                    through: None,
                };
                self.people.spoke(resolved.who, tokens[content.start].start);
                self.made.push(Made {
                    attribution,
                    paragraph: number,
                    resolved: Some(resolved.clone()),
                    implicit: false,
                });
            }
            let scene = Scene {
                tokens,
                quotations: &paragraph.quotations,
                low: content.start,
                end: content.end,
                looked_at: &self.looked_at,
            };
            for attribution in scene.attributions() {
                self.take(tokens, attribution, number, false);
            }
        }
    }

    /// `inner` attributions stand in the words of another: whoever speaks in them is not who speaks on.
    fn take(&mut self, tokens: &[Token<'_>], attribution: Attribution, paragraph: usize, inner: bool) {
        let resolved = attribution.speaker.clone().and_then(|span| {
            let said_from = attribution
                .content
                .iter()
                .map(|range| range.start)
                .filter(|&from| from < span.start)
                .max()
                .map(|from| tokens[from].start);
            self.people.resolve(tokens, span, attribution.role.clone(), said_from)
        });
        if let Some(resolved) = resolved.as_ref().filter(|_| !inner) {
            let at = attribution.speaker.as_ref().map_or(0, |span| tokens[span.start].start);
            self.people.spoke(resolved.who, at);
        }
        self.made.push(Made { attribution, paragraph, resolved, implicit: false });
    }

    fn finish(mut self, paragraphs: &[Paragraph<'_>]) -> Extraction {
        let mut drafts = Vec::with_capacity(self.made.len());
        let mut speakers: Vec<usize> = Vec::new();
        for made in std::mem::take(&mut self.made) {
            let tokens = &paragraphs[made.paragraph].tokens;
            if let Some(resolved) = &made.resolved {
                if self.counts.len() <= resolved.who {
                    self.counts.resize(resolved.who + 1, 0);
                }
                if self.counts[resolved.who] == 0 {
                    speakers.push(resolved.who);
                }
                self.counts[resolved.who] += 1;
            }
            drafts.push(self.draft(tokens, &paragraphs[made.paragraph].quotations, made));
        }
        mark_secondhand(&mut drafts);
        drafts.sort_by_key(|draft| (draft.content[0].start, draft.cue.as_ref().map_or(0, |cue| cue.start)));
        let covered = Cover::new(&drafts);
        let mut extraction = Extraction::default();
        for paragraph in paragraphs {
            for quotation in &paragraph.quotations {
                let span = paragraph.tokens[quotation.first].start..paragraph.tokens[quotation.last].end;
                if !covered.touches(&span) {
                    let reason = if words_in(&paragraph.tokens, quotation) < STATEMENT_WORDS {
                        "a few words, or a title"
                    } else {
                        "nobody is named as its speaker"
                    };
                    extraction.uncaptured_quotations.push(Uncaptured { span, reason });
                }
            }
            for token in paragraph
                .tokens
                .iter()
                .filter(|token| token.free() && matches!(token.tag, Tag::Verb | Tag::Adjective))
            {
                if let Some(cue) = lexicon::cue(&token.lower)
                    .filter(|cue| cue.class != Class::Judgement && !matches!(cue.takes, "q" | "i" | "c"))
                    && !covered.touches(&(token.start..token.end))
                {
                    let reason = if cue.class == Class::Thought {
                        "nobody or nothing that is thought was found beside it"
                    } else {
                        "nobody or nothing that is said was found beside it"
                    };
                    extraction.uncaptured_cues.push(Uncaptured { span: token.start..token.end, reason });
                }
            }
        }
        extraction.speakers = speakers
            .into_iter()
            .map(|who| {
                let known = self.people.known(who);
                Speaker {
                    name: known.name.clone(),
                    role: known.role.clone(),
                    spellings: known.spellings.clone(),
                    n_drafts: self.counts[who],
                }
            })
            .collect();
        extraction.drafts = drafts;
        extraction
    }
}

fn words_in(tokens: &[Token<'_>], quotation: &Quotation) -> usize {
    tokens[quotation.first..=quotation.last]
        .iter()
        .filter(|token| token.is_word())
        .take(STATEMENT_WORDS)
        .count()
}

/// Whether the cue of one attribution stands in the words of another.
fn holds(outer: &Attribution, inner: &Attribution) -> bool {
    let cue = inner.cue.as_ref().or(inner.speaker.as_ref());
    cue.is_some_and(|cue| outer.content.iter().any(|range| range.contains(&cue.start)))
}

/// Whether there are quoted words.
fn quotes(tokens: &[Token<'_>], attribution: &Attribution) -> bool {
    attribution.content.iter().flat_map(|range| &tokens[range.clone()]).any(|token| !token.free())
}

/// Whether a quotation begins one of the pieces.
fn quoted(tokens: &[Token<'_>], attribution: &Attribution) -> bool {
    attribution.content.iter().any(|range| !tokens[range.start].free())
}

/// Whether there are three words, or one outside quotations.
fn states(tokens: &[Token<'_>], attribution: &Attribution) -> bool {
    let words = || {
        attribution.content.iter().flat_map(|range| &tokens[range.clone()]).filter(|token| token.is_word())
    };
    words().any(Token::free) || words().take(3).count() == 3
}
