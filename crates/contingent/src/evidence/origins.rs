//! How many of some claims are independent of each other.
//!
//! Enters: claims of a model. Leaves: a number of origins. Always holds: a speaker who says a thing twice is one origin; words
//! printed twice are one; what is secondhand is no origin beside the source that prints it; repetition is not corroboration.

use std::collections::HashMap;

use contingent_model::{CheckedModel, ClaimId};

/// The origin of every claim of a model.
pub(super) struct Origins {
    of: Vec<usize>,
}

impl Origins {
    pub(super) fn of(model: &CheckedModel) -> Self {
        let mut keys: HashMap<String, usize> = HashMap::new();
        let mut parents: Vec<usize> = Vec::new();
        let mut of: Vec<usize> = Vec::new();
        for claim in &model.claims {
            let is_secondhand = claim.tags.iter().any(|tag| tag == "secondhand");
            let key = match &claim.speaker {
                Some(speaker) if !is_secondhand => format!("by {}", speaker.trim().to_lowercase()),
                _ => format!("in {}", claim.source.index()),
            };
            let place = *keys.entry(key).or_insert_with(|| {
                parents.push(parents.len());
                parents.len() - 1
            });
            of.push(place);
        }
        // Two speakers with the same words printed twice: one repeats the other.
        let claim_pairs = model
            .claims
            .iter()
            .enumerate()
            .flat_map(|(i, claim)| claim.same_as.iter().map(move |other| (i, other.index())));
        for (a, b) in claim_pairs {
            let (a, b) = (root(&parents, of[a]), root(&parents, of[b]));
            parents[a.max(b)] = a.min(b);
        }
        Self { of: of.into_iter().map(|place| root(&parents, place)).collect() }
    }

    /// How many origins some claims have.
    pub(super) fn count(&self, claims: &[ClaimId]) -> usize {
        let mut places: Vec<usize> = claims.iter().map(|claim| self.of[claim.index()]).collect();
        places.sort_unstable();
        places.dedup();
        places.len()
    }
}

fn root(parents: &[usize], mut place: usize) -> usize {
    while parents[place] != place {
        place = parents[place];
    }
    place
}
