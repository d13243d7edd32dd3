//! The same words printed twice.
//!
//! Enters: ledgers. Leaves: pairs of claims whose words are the same or nearly so. Always holds: only pins are compared, so that no
//! copy of the sources is needed; two claims of one ledger are never linked; words of different speakers are not either.

use std::collections::HashMap;

use super::{ClaimEntry, Ledger};
use crate::pin::Sketch;

/// Part of the pairs of words that two sketches must share (Broder 1997 calls it resemblance).
const RESEMBLANCE: f64 = 0.6;
/// Fewer pairs than this say nothing.
const FEWEST_PAIRS: usize = 4;

/// Two claims that print the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameWords {
    /// The ledger and the claim that come first.
    pub first: (usize, usize),
    /// The other.
    pub second: (usize, usize),
}

/// Finds claims of different ledgers with the same words, and links the later to the earlier by `same_as`.
pub fn link_same(ledgers: &mut [Ledger]) -> Vec<SameWords> {
    let mut by_hash: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    let mut by_pair: HashMap<u16, Vec<(usize, usize)>> = HashMap::new();
    let mut found = Vec::new();
    for l in 0..ledgers.len() {
        for c in 0..ledgers[l].claims.len() {
            let claim = &ledgers[l].claims[c];
            let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
            for pair in pairs(claim) {
                for other in by_pair.get(&pair).into_iter().flatten() {
                    *shared.entry(*other).or_default() += 1;
                }
            }
            let mut candidates: Vec<(usize, usize)> =
                claim.pins.iter().filter_map(|pin| by_hash.get(&pin.sha256)).flatten().copied().collect();
            let mut alike: Vec<_> = shared.into_iter().filter(|&(_, n)| n >= FEWEST_PAIRS).collect();
            alike.sort_by_key(|&(place, n)| (std::cmp::Reverse(n), place));
            candidates.extend(alike.into_iter().map(|(place, _)| place));
            let first = candidates.into_iter().find(|&(other_l, other_c)| {
                is_same(&ledgers[other_l].claims[other_c], &ledgers[l].claims[c])
            });
            if let Some((first_l, first_c)) = first {
                let name = format!("{}:{}", ledgers[first_l].source.id, ledgers[first_l].claims[first_c].id);
                let same_as = &mut ledgers[l].claims[c].same_as;
                if !same_as.contains(&name) {
                    same_as.push(name);
                }
                found.push(SameWords { first: (first_l, first_c), second: (l, c) });
            }
        }
        // Only now: claims of one ledger are not compared, however often a source repeats itself.
        for (c, claim) in ledgers[l].claims.iter().enumerate() {
            for pin in &claim.pins {
                by_hash.entry(pin.sha256.clone()).or_default().push((l, c));
            }
            for pair in pairs(claim) {
                by_pair.entry(pair).or_default().push((l, c));
            }
        }
    }
    found
}

fn pairs(claim: &ClaimEntry) -> Vec<u16> {
    let mut pairs: Vec<u16> = claim
        .pins
        .iter()
        .filter_map(|pin| pin.sketch.as_deref().and_then(Sketch::read))
        .flat_map(|sketch| sketch.pairs)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn is_same(first: &ClaimEntry, second: &ClaimEntry) -> bool {
    if let (Some(a), Some(b)) = (&first.speaker, &second.speaker)
        && !is_one_person(a, b)
    {
        return false;
    }
    if first.pins.iter().any(|pin| second.pins.iter().any(|other| other.sha256 == pin.sha256)) {
        return true;
    }
    let (a, b) = (pairs(first), pairs(second));
    let shared = a.iter().filter(|pair| b.contains(pair)).count();
    // A shorter print of the same words has fewer pairs; a sketch keeps the least of them.
    shared >= FEWEST_PAIRS && shared as f64 >= RESEMBLANCE * a.len().min(b.len()) as f64
}

/// Whether two names may be of one person: equal, or one is the other's last part.
fn is_one_person(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    a == b || last(&a) == last(&b)
}
