//! From drafts to entries of a ledger, and from an old ledger and a new one to one.
//!
//! Enters: a document and what was drafted from its text; the ledger that was there before. Leaves: a ledger. Always holds:
//! entries stand in the order of the text; an entry that a person has touched keeps its name and everything that the person
//! wrote, whether or not it was drafted again.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::Range;

use super::{ClaimEntry, ConditionEntry, Ledger, Registry, SourceEntry, Speaker, State, Uncaptured, name_of};
use crate::draft::Draft;
use crate::extract::Extraction;
use crate::pin::{CharacterPlaces, Pinnable};
use crate::read::Document;

/// A ledger of what was drafted from a document. Names of speakers are those of the registry where it knows them.
pub fn draw(document: &Document, file_name: &str, extraction: &Extraction, registry: &Registry) -> Ledger {
    let text = document.text.as_str();
    let places = CharacterPlaces::of(text);
    let at = |span: &Range<usize>| (places.of_byte(text, span.start), places.of_byte(text, span.end));
    let pinnable = Pinnable::new(text);
    let mut drafts: Vec<&Draft> =
        extraction.drafts.iter().filter(|draft| !draft.content.is_empty()).collect();
    drafts.sort_by_key(|draft| (draft.content[0].start, draft.content[0].end));
    let mut printed_as: HashMap<&str, Vec<&crate::extract::Speaker>> = HashMap::new();
    for printed in &extraction.speakers {
        printed_as.entry(&printed.name).or_default().push(printed);
    }
    let mut claims: Vec<ClaimEntry> = Vec::new();
    let mut speakers: BTreeMap<String, Speaker> = BTreeMap::new();
    for draft in drafts {
        let pins: Vec<_> = draft.content.iter().filter_map(|span| pinnable.pin(span)).collect();
        if pins.is_empty() {
            continue;
        }
        let speaker = draft.speaker.as_ref().map(|name| registry.resolve(name).to_owned());
        if let Some(name) = &speaker {
            let known = speakers.entry(name.clone()).or_insert_with(|| Speaker {
                name: name.clone(),
                role: registry.speaker(name).and_then(|speaker| speaker.role.clone()),
                aliases: Vec::new(),
            });
            known.role = known.role.take().or_else(|| draft.role.clone());
            let printed =
                draft.speaker.as_deref().and_then(|name| printed_as.get(name)).into_iter().flatten();
            for spelling in
                printed.flat_map(|printed| std::iter::once(&printed.name).chain(&printed.spellings))
            {
                if spelling != name && !known.aliases.contains(spelling) {
                    known.aliases.push(spelling.clone());
                }
            }
        }
        claims.push(ClaimEntry {
            id: format!("c{}", claims.len() + 1),
            state: State::Draft,
            says: None,
            speaker,
            role: draft.role.clone(),
            verb: draft.verb.clone(),
            kinds: vec![draft.kind],
            voice: draft.voice,
            negated: draft.negated,
            actors: draft.actors.clone(),
            grade: None,
            tags: if draft.secondhand_of.is_some() { vec!["secondhand".to_owned()] } else { Vec::new() },
            secondhand_of: draft.secondhand_of.as_ref().map(|name| registry.resolve(name).to_owned()),
            same_as: Vec::new(),
            rests: Vec::new(),
            content: draft.content.iter().map(at).collect(),
            speaker_at: draft.speaker_span.as_ref().map(at),
            cue_at: draft.cue.as_ref().map(at),
            hedges: draft.hedges.iter().map(at).collect(),
            conditions: draft
                .conditions
                .iter()
                .map(|condition| ConditionEntry { at: at(&condition.span), polarity: condition.polarity })
                .collect(),
            pins,
            pattern: draft.pattern.to_owned(),
            confidence: draft.confidence,
            flags: draft.flags.clone(),
            note: None,
        });
    }
    let uncaptured = |what: &'static str, missed: &crate::extract::Uncaptured| Uncaptured {
        what: what.to_owned(),
        reason: missed.reason.to_owned(),
        at: at(&missed.span),
    };
    let mut missed: Vec<Uncaptured> =
        extraction.uncaptured_quotations.iter().map(|missed| uncaptured("quotation", missed)).collect();
    missed.extend(extraction.uncaptured_cues.iter().map(|missed| uncaptured("cue", missed)));
    missed.sort_by_key(|uncaptured| uncaptured.at);
    let metadata = &document.metadata;
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    Ledger {
        source: SourceEntry {
            id: name_of(stem),
            title: metadata.title.clone().unwrap_or_else(|| stem.to_owned()),
            publisher: metadata.publisher.clone(),
            date: metadata.date.clone(),
            grade: None,
            url: metadata.url.clone(),
            file: file_name.to_owned(),
            format: document.format.as_str().to_owned(),
            encoding: document.encoding.to_owned(),
            text_sha256: document.text.sha256(),
            characters: places.of_byte(text, text.len()),
            replaced: document.n_replaced,
        },
        speakers: speakers.into_values().collect(),
        claims,
        uncaptured: missed,
    }
}

/// Puts new drafts into a ledger that was there before. What a person has touched stays, under its name.
pub fn merge(before: &Ledger, after: Ledger) -> Ledger {
    let mut merged = after;
    let mut used: HashSet<String> =
        before.claims.iter().filter(|claim| is_touched(claim)).map(|c| c.id.clone()).collect();
    let mut kept: HashSet<&str> = HashSet::new();
    let mut alike: HashMap<String, VecDeque<&ClaimEntry>> = HashMap::new();
    for old in &before.claims {
        alike.entry(old.fingerprint()).or_default().push_back(old);
    }
    let mut renamed: Vec<ClaimEntry> = Vec::new();
    for mut claim in std::mem::take(&mut merged.claims) {
        // The words may stand there several times: the first that is left.
        let old = alike.get_mut(&claim.fingerprint()).and_then(VecDeque::pop_front);
        if let Some(old) = old {
            kept.insert(&old.id);
            if is_touched(old) {
                claim = ClaimEntry {
                    content: claim.content,
                    speaker_at: claim.speaker_at,
                    cue_at: claim.cue_at,
                    hedges: claim.hedges,
                    conditions: claim.conditions,
                    pins: claim.pins,
                    flags: claim.flags,
                    ..old.clone()
                };
            } else {
                claim.id.clone_from(&old.id);
                used.insert(old.id.clone());
            }
        } else {
            claim.id.clear();
        }
        renamed.push(claim);
    }
    // What a person decided about and was not drafted again.
    for old in before.claims.iter().filter(|old| is_touched(old) && !kept.contains(old.id.as_str())) {
        let mut old = old.clone();
        let flag = "not drafted again".to_owned();
        if !old.flags.contains(&flag) {
            old.flags.push(flag);
        }
        renamed.push(old);
    }
    let mut next = 1;
    for claim in renamed.iter_mut().filter(|claim| claim.id.is_empty()) {
        while used.contains(&format!("c{next}")) {
            next += 1;
        }
        claim.id = format!("c{next}");
        used.insert(claim.id.clone());
    }
    renamed.sort_by_key(ClaimEntry::start);
    merged.claims = renamed;
    let old = &before.source;
    let new = &mut merged.source;
    if !old.id.is_empty() {
        new.id.clone_from(&old.id);
        new.title.clone_from(&old.title);
    }
    new.publisher = old.publisher.clone().or(new.publisher.take());
    new.date = old.date.clone().or(new.date.take());
    new.url = old.url.clone().or(new.url.take());
    new.grade.clone_from(&old.grade);
    let places: HashMap<String, usize> =
        merged.speakers.iter().enumerate().map(|(place, known)| (known.name.clone(), place)).collect();
    for speaker in &before.speakers {
        match places.get(&speaker.name).map(|&place| &mut merged.speakers[place]) {
            Some(known) => {
                known.role = speaker.role.clone().or(known.role.take());
                let more: Vec<String> =
                    speaker.aliases.iter().filter(|alias| !known.aliases.contains(alias)).cloned().collect();
                known.aliases.extend(more);
            }
            None => merged.speakers.push(speaker.clone()),
        }
    }
    merged
}

/// Whether a person has decided or written anything about a claim.
fn is_touched(claim: &ClaimEntry) -> bool {
    claim.state != State::Draft
        || claim.says.is_some()
        || claim.grade.is_some()
        || claim.note.is_some()
        || !claim.rests.is_empty()
}
