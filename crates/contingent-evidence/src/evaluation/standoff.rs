//! Gold of others: attributions in standoff files, as the Political News Attribution Relations Corpus has them (Newell, Margolin and Ruths 2018).
//!
//! Enters: an `.ann` file of brat (`T1<tab>Content 3 9;12 20<tab>words`, `E1<tab>Attribution:T4 Content:T1 Cue:T2 Source:T3`) and its text.
//! Leaves: gold claims. Always holds: what such a corpus marks as one attribution over several paragraphs is a claim for each of them, as
//! `docs/claims-extraction.md` counts; an attribution without content is none.

use std::collections::HashMap;
use std::ops::Range;

use super::{Error, GoldClaim, Placed};
use crate::draft::Voice;

/// Reads the claims of a standoff file; positions are Unicode code points of the text.
///
/// # Errors
/// [`Error::Malformed`] names the line.
pub fn read_standoff(annotations: &str, text: &str) -> Result<Vec<Placed>, Error> {
    let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.push(text.len());
    let quoted = quoted_bytes(text);
    let mut spans: HashMap<&str, Vec<Range<usize>>> = HashMap::new();
    let mut relations: Vec<&str> = Vec::new();
    for (number, line) in annotations.lines().enumerate() {
        let malformed = |what: &str| Error::Malformed { message: format!("line {}: {what}", number + 1) };
        let mut fields = line.split('\t');
        match (fields.next(), fields.next()) {
            (Some(name), Some(place)) if name.starts_with('T') => {
                let (_, places) =
                    place.split_once(' ').ok_or_else(|| malformed("a label without a place"))?;
                let places: Option<Vec<Range<usize>>> = places
                    .split(';')
                    .map(|place| {
                        let (from, to) = place.split_once(' ')?;
                        let from = *starts.get(from.parse::<usize>().ok()?)?;
                        let to = *starts.get(to.parse::<usize>().ok()?)?;
                        (from < to).then_some(from..to)
                    })
                    .collect();
                spans.insert(name, places.ok_or_else(|| malformed("a place that is not in the text"))?);
            }
            (Some(name), Some(relation)) if name.starts_with('E') => relations.push(relation),
            // Notes, and lines that words with a line end were cut into.
            _ => {}
        }
    }
    let mut claims = Vec::new();
    for relation in relations {
        let part = |label: &str| -> Vec<Range<usize>> {
            let mut found: Vec<Range<usize>> = relation
                .split_whitespace()
                .filter_map(|argument| argument.split_once(':'))
                .filter(|(role, _)| role.trim_end_matches(|c: char| c.is_ascii_digit()) == label)
                .flat_map(|(_, name)| spans.get(name).cloned().unwrap_or_default())
                .collect();
            found.sort_by_key(|span| span.start);
            found
        };
        let cue: Vec<&str> = part("Cue").into_iter().map(|span| &text[span]).collect();
        let source = part("Source");
        for spans in by_paragraph(text, &part("Content")) {
            let letters = || {
                spans.iter().flat_map(|span| {
                    text[span.clone()]
                        .char_indices()
                        .filter(|(_, c)| c.is_alphanumeric())
                        .map(|(at, _)| span.start + at)
                })
            };
            let (all, inside) = (letters().count(), letters().filter(|&at| quoted[at]).count());
            let voice = match inside {
                0 => Voice::Reported,
                // A word outside of the marks does not make a quotation a mixed one.
                _ if inside * 20 > all * 19 => Voice::Direct,
                _ => Voice::Mixed,
            };
            let claim = GoldClaim {
                speaker: None,
                voice,
                kind: None,
                content: Vec::new(),
                words: Vec::new(),
                occurrence: None,
            };
            claims.push(Placed { claim, spans, speaker: source.clone(), cue: cue.join(" ") });
        }
    }
    Ok(claims)
}

/// Spans cut at line ends and without the spaces around them, a list for each paragraph that has letters of them.
fn by_paragraph(text: &str, spans: &[Range<usize>]) -> Vec<Vec<Range<usize>>> {
    let mut paragraphs: Vec<(usize, Vec<Range<usize>>)> = Vec::new();
    for span in spans {
        let mut from = span.start;
        for line in text[span.clone()].split_inclusive('\n') {
            let words = line.trim();
            let start = from + (line.len() - line.trim_start().len());
            if words.chars().any(char::is_alphanumeric) {
                let paragraph = text[..start].matches('\n').count();
                let piece = start..start + words.len();
                match paragraphs.last_mut().filter(|(last, _)| *last == paragraph) {
                    Some((_, pieces)) => pieces.push(piece),
                    None => paragraphs.push((paragraph, vec![piece])),
                }
            }
            from += line.len();
        }
    }
    paragraphs.into_iter().map(|(_, pieces)| pieces).collect()
}

/// For every byte whether it stands between double quotation marks of its line.
fn quoted_bytes(text: &str) -> Vec<bool> {
    let mut quoted = vec![false; text.len()];
    let mut open = false;
    let mut single = false;
    for (at, c) in text.char_indices() {
        // Two apostrophes are a mark too.
        let pair = c == '\'' && text[at + 1..].starts_with('\'') && !single;
        single = pair;
        match c {
            '\n' | '”' => open = false,
            '“' => open = true,
            '"' => open = !open,
            '\'' if pair => open = !open,
            _ => quoted[at..at + c.len_utf8()].fill(open),
        }
    }
    quoted
}
