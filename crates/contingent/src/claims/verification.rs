//! Whether the words of claims stand in the copies that the user gives.
//!
//! Enters: a ledger or a model with pins, copies. Leaves: a [`Verification`]. Always holds: a copy is held against the claims of
//! one source, the one that the user names or of which most words are in it; claims of sources without a copy are not checked,
//! which is said.

use contingent_evidence::ledger::{Ledger, State};
use contingent_evidence::pin::Pin;
use contingent_evidence::verify::{Copy, Finding, Status, find, status_of_parts};
use contingent_model::CheckedModel;
pub use contingent_report::document::verification::*;

/// A claim as it is checked.
pub struct Pinned {
    /// Its name.
    pub claim: String,
    /// Its source.
    pub source: String,
    /// Its pins.
    pub pins: Vec<Pin>,
}

/// A copy that the user gives.
pub struct GivenCopy<'a> {
    /// Name of the file.
    pub file: String,
    /// The source that the user says it is of.
    pub source: Option<String>,
    /// Its text.
    pub text: &'a str,
    /// SHA-256 of its text.
    pub text_sha256: String,
}

/// The claims of a ledger, but those that were rejected.
pub fn pinned_of_ledger(ledger: &Ledger) -> Vec<Pinned> {
    ledger
        .claims
        .iter()
        .filter(|claim| claim.state != State::Rejected)
        .map(|claim| Pinned {
            claim: claim.id.clone(),
            source: ledger.source.id.clone(),
            pins: claim.pins.clone(),
        })
        .collect()
}

/// The claims of a model.
pub fn pinned_of_model(model: &CheckedModel) -> Vec<Pinned> {
    model
        .claims
        .iter()
        .map(|claim| Pinned {
            claim: claim.name.clone(),
            source: model.sources[claim.source.index()].name.clone(),
            pins: claim.pins.iter().map(pin_of_model).collect(),
        })
        .collect()
}

/// A pin of the language as the evidence crate has it.
pub(crate) fn pin_of_model(pin: &contingent_model::Pin) -> Pin {
    Pin {
        words: pin.n_words,
        sha256: pin.sha256.clone(),
        near: pin.near,
        strict: pin.strict.clone(),
        sketch: pin.sketch.clone(),
        before: 0,
        after: 0,
    }
}

/// Holds claims against copies.
pub fn verify(claims: &[Pinned], given: &[GivenCopy<'_>]) -> Verification {
    let copies: Vec<Copy<'_>> = given.iter().map(|copy| Copy::new(copy.text)).collect();
    let mut sources: Vec<&str> = Vec::new();
    for claim in claims {
        if !sources.contains(&claim.source.as_str()) {
            sources.push(&claim.source);
        }
    }
    let of: Vec<Option<&str>> = assign(claims, &sources, given, &copies);
    let mut checks: Vec<Option<ClaimCheck>> = claims.iter().map(|_| None).collect();
    for source in &sources {
        let places: Vec<usize> = (0..given.len()).filter(|&copy| of[copy] == Some(source)).collect();
        let members: Vec<usize> =
            (0..claims.len()).filter(|&claim| claims[claim].source == *source).collect();
        let chosen: Vec<Copy<'_>> = places.iter().map(|&copy| Copy::new(given[copy].text)).collect();
        let pins: Vec<&Pin> = members.iter().flat_map(|&claim| &claims[claim].pins).collect();
        let mut findings = if chosen.is_empty() { Vec::new() } else { find(&pins, &chosen) }.into_iter();
        for member in members {
            let claim = &claims[member];
            let parts: Vec<Finding> = findings.by_ref().take(claim.pins.len()).collect();
            let verdict = match status_of_parts(parts.iter().map(|part| part.status)) {
                _ if chosen.is_empty() => Verdict::NoCopy,
                _ if claim.pins.is_empty() => Verdict::NoPin,
                None => Verdict::NoCopy,
                Some(Status::Found) => Verdict::Found,
                Some(Status::Moved) => Verdict::Moved,
                Some(Status::Changed) => Verdict::Changed,
                Some(Status::Missing) => Verdict::Missing,
            };
            let shown: Vec<&Finding> = parts.iter().filter(|part| part.span.is_some()).collect();
            checks[member] = Some(ClaimCheck {
                claim: claim.claim.clone(),
                source: claim.source.clone(),
                verdict,
                file: shown.first().map(|part| given[places[part.copy]].file.clone()),
                places: shown
                    .iter()
                    .filter_map(|part| {
                        let span = part.span.as_ref()?;
                        let copy = &chosen[part.copy];
                        Some([copy.character(span.start), copy.character(span.end)])
                    })
                    .collect(),
                strictly: if parts.is_empty() {
                    None
                } else {
                    parts.iter().map(|part| part.strictly).try_fold(true, |all, part| Some(all && part?))
                },
                similarity: parts.iter().filter_map(|part| part.similarity).reduce(f64::min),
            });
        }
    }
    let claims: Vec<ClaimCheck> = checks.into_iter().flatten().collect();
    let counts = count(&claims);
    Verification {
        schema: VERIFICATION_SCHEMA.to_owned(),
        copies: given
            .iter()
            .zip(&copies)
            .zip(&of)
            .map(|((given, copy), source)| CopySummary {
                file: given.file.clone(),
                source: source.map(str::to_owned),
                text_sha256: given.text_sha256.clone(),
                n_characters: copy.character(given.text.len()),
            })
            .collect(),
        sentence: sentence(&counts, given.len()),
        claims,
        counts,
    }
}

/// The source of each copy: the one that the user names, the only one, or the one of which most words are in it.
fn assign<'s>(
    claims: &[Pinned],
    sources: &[&'s str],
    given: &[GivenCopy<'_>],
    copies: &[Copy<'_>],
) -> Vec<Option<&'s str>> {
    given
        .iter()
        .zip(copies)
        .map(|(given, copy)| {
            if let Some(named) = &given.source {
                return sources.iter().copied().find(|source| source == named);
            }
            if let [only] = sources {
                return Some(*only);
            }
            let n_found = |source: &&str| {
                let pins: Vec<&Pin> = claims
                    .iter()
                    .filter(|claim| claim.source == **source)
                    .flat_map(|claim| &claim.pins)
                    .collect();
                let is_there = |finding: &&Finding| finding.span.is_some();
                find(&pins, std::slice::from_ref(copy)).iter().filter(is_there).count()
            };
            let counted = sources.iter().map(|source| (n_found(source), *source));
            counted.filter(|(n, _)| *n > 0).max_by_key(|(n, _)| *n).map(|(_, source)| source)
        })
        .collect()
}

fn count(claims: &[ClaimCheck]) -> Counts {
    let n = |verdict: Verdict| claims.iter().filter(|claim| claim.verdict == verdict).count();
    Counts {
        found: n(Verdict::Found),
        moved: n(Verdict::Moved),
        changed: n(Verdict::Changed),
        missing: n(Verdict::Missing),
        no_pin: n(Verdict::NoPin),
        no_copy: n(Verdict::NoCopy),
    }
}

/// The counts in a sentence: "27 of 31 claims verified against the copy you supplied: ..."
fn sentence(counts: &Counts, n_copies: usize) -> String {
    let copies = if n_copies == 1 { "the copy" } else { "the copies" };
    let n = counts.n_checked() + counts.no_pin;
    let mut details = Vec::new();
    for (count, what) in [
        (counts.changed, "have changed words"),
        (counts.missing, "are missing"),
        (counts.no_pin, "have no pin"),
    ] {
        if count > 0 {
            // Of one, the verb has another form.
            let what = if count == 1 {
                what.replacen("have", "has", 1).replacen("are", "is", 1)
            } else {
                what.to_owned()
            };
            details.push(format!("{count} {what}"));
        }
    }
    let claims = if n == 1 { "claim" } else { "claims" };
    let mut sentence =
        format!("{} of {n} {claims} verified against {copies} you supplied", counts.n_verified());
    if counts.moved > 0 {
        // Moved words are verified: they are part of the count before them.
        sentence += &format!(", {} of them elsewhere among the others", counts.moved);
    }
    if !details.is_empty() {
        sentence += &format!("; {}", details.join(", "));
    }
    sentence += ".";
    if counts.no_copy > 0 {
        let claims = if counts.no_copy == 1 { "claim is" } else { "claims are" };
        sentence += &format!(" {} more {claims} of sources without a copy.", counts.no_copy);
    }
    sentence
}
