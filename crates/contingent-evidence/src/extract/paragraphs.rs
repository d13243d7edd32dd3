//! The paragraphs that the rules read.
//!
//! Enters: a text with its blocks. Leaves: paragraphs as tagged tokens with their quotations and units.
//! Always holds: paragraphs come in order and do not overlap; a text without blocks is cut at its empty lines, or at its line ends
//! where its lines are not wrapped.

use std::collections::HashMap;
use std::ops::Range;

use super::Mode;
use super::quotation::{self, Carry, Quotation};
use super::token::{Token, tokenize};
use super::{grammar, tagging};
use crate::text::{BlockKind, NormalText};

/// One paragraph, read.
pub(super) struct Paragraph<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) quotations: Vec<Quotation>,
    pub(super) units: Vec<Range<usize>>,
    pub(super) kind: BlockKind,
    /// The tokens that name who speaks in it, in a transcript.
    pub(super) label: Option<Range<usize>>,
    /// Whoever speaks in it asks the questions of the transcript.
    pub(super) asks: bool,
}

/// A line longer than this is a paragraph of its own: wrapped lines are shorter.
const WRAPPED: usize = 110;

/// The paragraphs of a text, and whether it is a transcript.
pub(super) fn read(text: &NormalText, mode: Mode) -> (Vec<Paragraph<'_>>, bool) {
    let characters = text.as_str();
    let transcript = match mode {
        Mode::Prose => false,
        Mode::Transcript => true,
        Mode::Detect => looks_like_transcript(characters),
    };
    let mut pieces: Vec<(Range<usize>, BlockKind)> = Vec::new();
    if text.blocks().is_empty() {
        pieces.extend(
            cut(characters, 0..characters.len(), transcript)
                .into_iter()
                .map(|span| (span, BlockKind::Paragraph)),
        );
    } else {
        for block in text.blocks() {
            pieces.extend(
                cut(characters, block.span.clone(), transcript).into_iter().map(|span| (span, block.kind)),
            );
        }
    }
    let mut carry = Carry::default();
    let mut paragraphs: Vec<Paragraph<'_>> = pieces
        .into_iter()
        .map(|(span, kind)| {
            let mut tokens = tokenize(characters, span.start, span.end);
            let quotations = quotation::pair(&mut tokens, &mut carry);
            tagging::tag(&mut tokens);
            let units = grammar::units(&tokens);
            let label = if transcript { label_tokens(&tokens, &characters[span]) } else { None };
            Paragraph { tokens, quotations, units, kind, label, asks: false }
        })
        .filter(|paragraph| !paragraph.tokens.is_empty())
        .collect();
    if transcript {
        mark_interviewers(&mut paragraphs);
    }
    (paragraphs, transcript)
}

/// Cuts a stretch of text into paragraphs.
fn cut(text: &str, span: Range<usize>, transcript: bool) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut at = span.start;
    for line in text[span.clone()].split_inclusive('\n') {
        let trimmed = line.trim_end();
        let start = at + (line.len() - line.trim_start().len()).min(line.len());
        lines.push(if trimmed.is_empty() { at..at } else { start..at + trimmed.len() });
        at += line.len();
    }
    let full: Vec<&Range<usize>> = lines.iter().filter(|line| !line.is_empty()).collect();
    let long = full.iter().filter(|line| line.len() > WRAPPED).count();
    let wrapped = long * 10 < full.len().max(1);
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (number, line) in lines.iter().enumerate() {
        if line.is_empty() {
            open = false;
            continue;
        }
        // In a wrapped text a short line that ends a sentence ends its paragraph, if the next line could have begun on it.
        match paragraphs.last_mut() {
            Some(last) if open && wrapped && !(transcript && label_of(&text[line.clone()]).is_some()) => {
                last.end = line.end;
            }
            _ => paragraphs.push(line.clone()),
        }
        open = wrapped
            && !(ends_paragraph(&text[line.clone()], lines.get(number + 1).map(|next| &text[next.clone()])));
    }
    paragraphs
}

/// Whether a line ends its paragraph: it ends a sentence although the first word of the next line would have fitted on it.
fn ends_paragraph(line: &str, next: Option<&str>) -> bool {
    let ends = line.ends_with(['.', '!', '?', '”', '"', '»', '’', ':', '؟', '。', '…', ')']);
    ends && next.is_some_and(|next| {
        let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
        line.chars().count() + word < 58
    })
}

/// Words that stand before a colon and name nobody.
const HEADINGS: &[&str] = &[
    "note",
    "update",
    "source",
    "sources",
    "photo",
    "image",
    "editor's note",
    "read more",
    "related",
    "summary",
    "topics",
    "date",
    "updated",
    "published",
    "by",
    "location",
    "picture",
    "video",
    "listen",
    "watch",
    "tags",
    "contact",
    "introduction",
    "conclusion",
];

/// The name before the colon with which a line of a transcript begins.
fn label_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['*', '_', '#', '>', ' ', '\u{200e}', '\u{200f}']);
    let limit = line.char_indices().nth(60).map_or(line.len(), |(at, _)| at);
    let colon = line[..limit].find([':', '：']);
    let (name, after) = match colon {
        Some(colon) => {
            let (name, rest) = line.split_at(colon);
            (name, rest.trim_start_matches([':', '：']))
        }
        None => {
            return ["Q.", "A."]
                .iter()
                .find(|letter| line.starts_with(**letter) && line[2..].starts_with(' '))
                .map(|_| &line[..1]);
        }
    };
    let name = name.trim_matches(['*', '_', ' ']);
    let words: Vec<&str> = name.split_whitespace().collect();
    let named = words.iter().all(|word| {
        let first = word.trim_start_matches(['(', '*']).chars().next();
        first.is_some_and(|first| first.is_uppercase() || (first.is_alphabetic() && !first.is_lowercase()))
            || super::lexicon::is_name_particle(word)
    });
    let heading = HEADINGS.contains(&name.to_lowercase().as_str());
    (!words.is_empty()
        && words.len() <= 6
        && named
        && !heading
        && !after.starts_with("//")
        && !name.ends_with(|c: char| c.is_ascii_digit()))
    .then_some(name)
}

/// A transcript has many lines that begin with a name and a colon, and names that come again.
fn looks_like_transcript(text: &str) -> bool {
    let mut labels: HashMap<&str, usize> = HashMap::new();
    let (mut labelled, mut pieces, mut fresh) = (0_usize, 0_usize, true);
    for line in text.lines() {
        if line.trim().is_empty() {
            fresh = true;
            continue;
        }
        let label = label_of(line);
        if fresh || label.is_some() {
            pieces += 1;
        }
        if let Some(label) = label {
            labelled += 1;
            *labels.entry(label).or_default() += 1;
        }
        fresh = false;
    }
    let again: usize = labels.values().filter(|count| **count > 1).sum();
    labelled >= 3 && again * 2 >= labelled && labelled * 3 >= pieces
}

/// The tokens of a paragraph that are its label, the colon and what decorates it included.
fn label_tokens(tokens: &[Token<'_>], text: &str) -> Option<Range<usize>> {
    label_of(text)?;
    let end = tokens.iter().take(24).position(super::token::Token::is_colon).or_else(|| {
        (tokens.get(1).is_some_and(|token| token.text == ".") || tokens[0].text.ends_with('.'))
            .then_some(usize::from(tokens[0].text.len() == 1))
    })?;
    let mut end = end + 1;
    while tokens.get(end).is_some_and(|token| matches!(token.text, "*" | "_")) {
        end += 1;
    }
    Some(0..end)
}

/// Whoever ends at least half of the turns with a question asks; a label that comes once is no turn where others come again.
fn mark_interviewers(paragraphs: &mut [Paragraph<'_>]) {
    let label = |paragraph: &Paragraph<'_>| {
        paragraph.label.clone().map(|label| super::people::words_of(&paragraph.tokens, label))
    };
    let mut turns: HashMap<String, (usize, usize)> = HashMap::new();
    for paragraph in paragraphs.iter() {
        if let Some(name) = label(paragraph) {
            let asks = paragraph.tokens.last().is_some_and(|token| matches!(token.text, "?" | "؟" | "？"));
            let turn = turns.entry(name).or_default();
            turn.0 += 1;
            turn.1 += usize::from(asks);
        }
    }
    let several = turns.values().filter(|(count, _)| *count > 1).count() >= 2;
    let mut asking = false;
    for paragraph in paragraphs {
        if let Some(name) = label(paragraph) {
            let (count, questions) = turns.get(&name).copied().unwrap_or_default();
            if count == 1 && several && paragraph.label.as_ref().is_some_and(|label| label.len() <= 2) {
                paragraph.label = None;
                continue;
            }
            asking = questions * 2 >= count;
        }
        paragraph.asks = asking;
    }
}
