//! Why an assumption is made, in sentences.
//!
//! Enters: resolved grounds. Leaves: sentences. Always holds: a number that is our reading is never put in the mouth
//! of a speaker.

use contingent_model::{ClaimId, Grounds};

use super::{Story, list};

impl Story<'_> {
    /// Whose number it is, and why.
    pub(super) fn grounds(&self, grounds: &Grounds) -> String {
        let who = self.speakers(&grounds.claims);
        let reason = grounds.judgement.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (who.is_empty(), reason) {
            (true, None) => String::new(),
            (true, Some(reason)) => format!("This is our own judgement: {}.", closed(reason)),
            (false, None) => format!("The number is taken from {}.", list(&who)),
            (false, Some(reason)) => format!("It is our reading of {}: {}.", list(&who), closed(reason)),
        }
    }

    /// As [`Self::grounds`], where no number is given.
    pub(super) fn reasons(&self, grounds: &Grounds) -> String {
        let who = self.speakers(&grounds.claims);
        let reason = grounds.judgement.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (who.is_empty(), reason) {
            (true, None) => String::new(),
            (true, Some(reason)) => format!("This is our own judgement: {}.", closed(reason)),
            (false, None) => format!("It rests on {}.", list(&who)),
            (false, Some(reason)) => format!("It rests on {}: {}.", list(&who), closed(reason)),
        }
    }

    fn speakers(&self, claims: &[ClaimId]) -> Vec<String> {
        let mut who: Vec<String> = Vec::new();
        for id in claims {
            let claim = &self.model.claims[id.index()];
            let source = &self.model.sources[claim.source.index()];
            let name = match (&claim.speaker, &source.publisher) {
                (Some(speaker), _) => within(speaker),
                (None, Some(publisher)) => within(publisher),
                (None, None) => format!("‘{}’", source.title),
            };
            if !who.contains(&name) {
                who.push(name);
            }
        }
        who
    }
}

/// A name within a sentence: only the article loses its capital.
fn within(name: &str) -> String {
    for article in ["The ", "A ", "An "] {
        if let Some(rest) = name.strip_prefix(article) {
            return format!("{}{rest}", article.to_lowercase());
        }
    }
    name.to_owned()
}

/// A reason without its own full stop.
fn closed(reason: &str) -> &str {
    let bare = reason.trim_end_matches('.');
    if bare.is_empty() { reason } else { bare }
}
