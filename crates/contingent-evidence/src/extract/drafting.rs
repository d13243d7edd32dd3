//! From an attribution to a draft.
//!
//! Enters: an attribution with the tokens of its paragraph, and what is known of people. Leaves: a draft; which drafts are at second hand;
//! which stretches of the text drafts take up. Always holds: spans are those of tokens.

use std::ops::Range;

use super::lexicon::Class;
use super::quotation::Quotation;
use super::statement::Speaking;
use super::token::Token;
use super::{Made, Reading, continuing};
use crate::draft::{Confidence, Draft, Voice};

impl Reading<'_> {
    pub(super) fn draft(&self, tokens: &[Token<'_>], quotations: &[Quotation], made: Made) -> Draft {
        let attribution = made.attribution;
        let mut ranges = attribution.content.clone();
        ranges.sort_by_key(|range| range.start);
        let person = made.resolved.as_ref().is_some_and(|resolved| self.people.is_one_person(resolved.who));
        let own = made.resolved.as_ref().and_then(|resolved| self.people.own_pronoun(resolved.who));
        let by = Speaking { lemma: attribution.lemma, class: attribution.class, person, own };
        let said = self.phrasebook.describe(tokens, &ranges, by);
        let span = |range: &Range<usize>| tokens[range.start].start..tokens[range.end - 1].end;
        let voice = if attribution.pattern == "turn of a transcript" {
            Voice::Direct
        } else {
            voice_of(tokens, &ranges)
        };
        let known = made.resolved.as_ref().map(|resolved| self.people.known(resolved.who));
        let mut flags = Vec::new();
        for range in &ranges {
            if let Some(word) = stops_before(tokens, range) {
                flags.push(format!("stops before '{word}'"));
            }
        }
        let unclosed = ranges.iter().take(50).any(|range| {
            let from = quotations.partition_point(|quotation| quotation.first < range.start);
            quotations[from..]
                .iter()
                .take(4)
                .any(|quotation| quotation.first < range.end && !quotation.closed && !quotation.left_open)
        });
        if unclosed {
            flags.push("the quotation is never closed".to_owned());
        }
        let how = made.resolved.as_ref().map_or("nobody", |resolved| resolved.how);
        match how {
            "misspelt" => flags.push("the name is spelled in another way elsewhere".to_owned()),
            "implicit" => flags.push("the speaker is taken from the words before".to_owned()),
            "nobody" => flags.push("nobody is named".to_owned()),
            _ => {}
        }
        if attribution.pattern == continuing::PATTERN {
            flags.push("without a cue: the speaker's words, or the narrator's".to_owned());
        }
        if attribution.denied {
            flags.push("the cue is negated".to_owned());
        }
        let confidence = if attribution.weak
            || attribution.pattern == continuing::PATTERN
            || how == "nobody"
            || attribution.denied
            || (attribution.class == Class::Thought && voice == Voice::Reported && how == "pronoun")
        {
            Confidence::Low
        } else if made.implicit
            || matches!(how, "implicit" | "misspelt" | "pronoun" | "description")
            || voice != Voice::Direct && attribution.class != Class::Speech
        {
            Confidence::Middle
        } else {
            Confidence::High
        };
        let role = made
            .resolved
            .as_ref()
            .and_then(|resolved| resolved.role.clone())
            .or_else(|| known.and_then(|known| known.role.clone()));
        Draft {
            content: ranges.iter().map(span).collect(),
            speaker: known.map(|known| known.name.clone()),
            speaker_span: attribution.speaker.as_ref().map(span),
            role,
            cue: attribution.cue.as_ref().map(span),
            verb: (attribution.cue.is_some()).then(|| attribution.lemma.to_owned()),
            kind: said.kind,
            voice,
            hedges: said.hedges,
            conditions: said.conditions,
            negated: said.negated,
            actors: said.actors,
            secondhand_of: attribution.through.as_ref().map(|range| self.text[span(range)].to_owned()),
            pattern: attribution.pattern,
            confidence,
            flags,
        }
    }
}

/// Direct where all words are quoted, mixed where some are.
fn voice_of(tokens: &[Token<'_>], ranges: &[Range<usize>]) -> Voice {
    let (mut inside, mut outside) = (0_usize, 0_usize);
    for token in ranges.iter().flat_map(|range| &tokens[range.clone()]).filter(|token| token.is_word()) {
        if token.free() { outside += 1 } else { inside += 1 }
    }
    match (inside, outside) {
        (0, _) => Voice::Reported,
        (_, 0 | 1) => Voice::Direct,
        _ => Voice::Mixed,
    }
}

/// The word after a content that turns it round, if one follows at once.
fn stops_before(tokens: &[Token<'_>], range: &Range<usize>) -> Option<String> {
    let quoted = !tokens[range.end - 1].free();
    let mut at = range.end;
    while tokens.get(at).is_some_and(|token| {
        token.free() && (token.is_comma() || token.is_dash() || token.text == ";" || token.text == ".")
    }) {
        if tokens[at].text == "." && !quoted {
            return None;
        }
        at += 1;
    }
    let word = tokens.get(at)?;
    (word.free() && word.among("but unless except although though however if until"))
        .then(|| word.lower.to_string())
}

/// Words that lie inside what somebody else reports are at second hand.
pub(super) fn mark_secondhand(drafts: &mut [Draft]) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|&number| {
        (drafts[number].content[0].start, std::cmp::Reverse(drafts[number].content[0].end))
    });
    // Drafts that may still hold the next one; spans of one paragraph, so the list stays short.
    let mut open: Vec<usize> = Vec::new();
    for number in order {
        let start = drafts[number].cue.as_ref().map_or(drafts[number].content[0].start, |cue| cue.start);
        open.retain(|&outer| drafts[outer].content.last().is_some_and(|last| last.end > start));
        let holder = open.iter().rev().take(16).copied().find(|&outer| {
            let inside = drafts[outer].content.iter().any(|span| {
                span.start <= start
                    && drafts[number].content[0].end <= span.end
                    && span.start <= drafts[number].content[0].start
            });
            inside
                && drafts[outer].speaker != drafts[number].speaker
                && drafts[outer].content != drafts[number].content
        });
        if let Some(outer) = holder {
            let through = drafts[outer].speaker.clone();
            drafts[number].secondhand_of = through;
            drafts[number].flags.push("at second hand".to_owned());
        }
        open.push(number);
        if open.len() > 64 {
            open.remove(0);
        }
    }
}

/// The stretches of the text that drafts take up.
pub(super) struct Cover(Vec<Range<usize>>);

impl Cover {
    pub(super) fn new(drafts: &[Draft]) -> Self {
        let mut spans: Vec<Range<usize>> =
            drafts.iter().flat_map(|draft| draft.content.iter().chain(draft.cue.as_ref()).cloned()).collect();
        spans.sort_by_key(|span| span.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        Self(merged)
    }

    pub(super) fn touches(&self, span: &Range<usize>) -> bool {
        let next = self.0.partition_point(|covered| covered.end <= span.start);
        self.0.get(next).is_some_and(|covered| covered.start < span.end)
    }
}
