//! An extraction as JSON, with positions for programs.
//!
//! Enters: a text and what was drawn from it. Leaves: a JSON value. Always holds: positions count Unicode code points of the text,
//! half open.

use std::ops::Range;

use serde_json::{Value, json};

use super::{Extraction, Uncaptured};
use crate::text::NormalText;

/// Code points before each byte that begins a piece of the text: byte positions are turned into code points by a short count.
struct CodePoints<'t> {
    text: &'t str,
    /// Code points before every multiple of [`STEP`] bytes.
    marks: Vec<usize>,
}

const STEP: usize = 256;

impl<'t> CodePoints<'t> {
    fn new(text: &'t str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at % STEP == 0 {
                marks.push(count);
            }
            // A byte that continues a character begins none.
            count += usize::from(byte & 0xC0 != 0x80);
        }
        marks.push(count);
        Self { text, marks }
    }

    fn at(&self, byte: usize) -> usize {
        let from = byte / STEP * STEP;
        let begun = self.text.as_bytes()[from..byte].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        if byte == self.text.len() && from == byte {
            self.marks[self.marks.len() - 1]
        } else {
            self.marks[byte / STEP] + begun
        }
    }

    fn span(&self, span: &Range<usize>) -> Value {
        json!([self.at(span.start), self.at(span.end)])
    }
}

/// The extraction with positions in Unicode code points of the normalised text.
pub fn extraction_json(text: &NormalText, extraction: &Extraction) -> Value {
    let points = CodePoints::new(text.as_str());
    let spans = |spans: &[Range<usize>]| spans.iter().map(|span| points.span(span)).collect::<Vec<_>>();
    let claims: Vec<Value> = extraction
        .drafts
        .iter()
        .map(|draft| {
            let conditions: Vec<Value> =
                draft.conditions.iter().map(|condition| json!({ "span": points.span(&condition.span), "polarity": condition.polarity })).collect();
            json!({
                "content": spans(&draft.content),
                "speaker": draft.speaker,
                "speaker_span": draft.speaker_span.as_ref().map(|span| points.span(span)),
                "role": draft.role,
                "cue_span": draft.cue.as_ref().map(|span| points.span(span)),
                "verb": draft.verb,
                "kind": draft.kind,
                "voice": draft.voice,
                "hedges": spans(&draft.hedges),
                "condition": conditions,
                "negated": draft.negated,
                "actors": draft.actors,
                "secondhand_of": draft.secondhand_of,
                "pattern": draft.pattern,
                "confidence": draft.confidence,
                "flags": draft.flags,
            })
        })
        .collect();
    let left = |list: &[Uncaptured]| {
        list.iter()
            .map(|one| json!({ "span": points.span(&one.span), "reason": one.reason }))
            .collect::<Vec<_>>()
    };
    json!({
        "text_sha256": text.sha256(),
        "transcript": extraction.transcript,
        "claims": claims,
        "uncaptured_quotations": left(&extraction.uncaptured_quotations),
        "uncaptured_cues": left(&extraction.uncaptured_cues),
        "speakers": extraction.speakers.iter().map(|speaker| json!({
            "name": speaker.name, "role": speaker.role, "spellings": speaker.spellings, "drafts": speaker.n_drafts,
        })).collect::<Vec<_>>(),
    })
}
