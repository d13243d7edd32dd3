//! How the search fares on other parts of the draws.
//!
//! Enters: the draws that a box was found among. Leaves: [`Stability`]. Always holds: the whole search is repeated, with
//! pruning; the partings are keyed, so the figures do not change from call to call.
//!
//! Bryant and Lempert 2010 repeat the search on random parts of the cases and report how often each dimension comes
//! back; parts of one half are those of stability selection (Meinshausen and Bühlmann 2010).

use crate::threads;

use super::region::Region;
use super::{Parts, Searcher};

/// How often a box came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// Searches that were repeated.
    pub n_resamples: u32,
    /// Searches that found a box at all.
    pub n_found: u32,
    /// Per assumption, the number of searches in whose box it is restricted.
    pub n_restricted: Vec<u32>,
    /// Of the draws in this box or in that of another search, the share in both (Jaccard 1901), averaged over searches;
    /// a search without a box counts as zero.
    pub overlap: f64,
}

/// Repeats the search for a box among the draws of all parts.
pub(super) fn resample(searcher: &Searcher<'_>, region: &Region, active: &Parts) -> Stability {
    let draws = active.all();
    let members = region.members(searcher.table, &draws);
    let n_resamples = searcher.options.n_resamples;
    let mut stability = Stability {
        n_resamples,
        n_found: 0,
        n_restricted: vec![0; searcher.table.n_assumptions()],
        overlap: 0.0,
    };
    let search_again = |&parting: &u32| -> Option<Region> {
        let parts = Parts::of(&draws, searcher.options.seed, parting);
        let (candidate, _) = searcher.search(&parts);
        candidate.map(|candidate| candidate.region).filter(|region| !region.restrictions.is_empty())
    };
    let partings: Vec<u32> = (1..=n_resamples).collect();
    for other in threads::map(&partings, search_again).into_iter().flatten() {
        stability.n_found += 1;
        for (assumption, _) in &other.restrictions {
            stability.n_restricted[*assumption] += 1;
        }
        let others = other.members(searcher.table, &draws);
        let in_both = others.iter().filter(|draw| members.binary_search(draw).is_ok()).count();
        let in_either = members.len() + others.len() - in_both;
        stability.overlap += in_both as f64 / in_either.max(1) as f64 / f64::from(n_resamples);
    }
    stability
}
