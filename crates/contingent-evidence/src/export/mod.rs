//! Accepted claims in the forms of others: the modelling language, and three of the web.
//!
//! Enters: ledgers. Leaves: text. Always holds: only accepted claims leave, in our words; the words of the source do not.

mod ctg;
mod json;
mod trig;

pub use ctg::to_ctg;
pub use json::{to_prov_o, to_web_annotation};
pub use trig::to_trig;

use std::fmt;

use crate::ledger::{ClaimEntry, Ledger, State};

/// Why ledgers cannot be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportError {
    /// No claim was accepted.
    NothingAccepted,
    /// Accepted claims that nobody has put into our words.
    NoWords {
        /// Their names.
        claims: Vec<String>,
    },
    /// Two sources have one name.
    SourceTwice {
        /// The name.
        id: String,
    },
}

impl fmt::Display for ExportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingAccepted => write!(
                out,
                "no claim was accepted yet\nhelp: `contingent claims review LEDGER` or `contingent claims accept LEDGER c1 \
                 --says \"...\"`"
            ),
            Self::NoWords { claims } => write!(
                out,
                "accepted, but not in our words yet: {}\nhelp: `contingent claims edit LEDGER {} --says \"...\"`",
                claims.join(", "),
                claims.first().map_or("ID", String::as_str)
            ),
            Self::SourceTwice { id } => write!(
                out,
                "two ledgers call their source `{id}`\nhelp: give one another `id` in its `[source]`"
            ),
        }
    }
}

impl std::error::Error for ExportError {}

/// The accepted claims of each ledger, all with words.
fn accepted(ledgers: &[Ledger]) -> Result<Vec<(&Ledger, Vec<&ClaimEntry>)>, ExportError> {
    for (i, ledger) in ledgers.iter().enumerate() {
        if ledgers[..i].iter().any(|other| other.source.id == ledger.source.id) {
            return Err(ExportError::SourceTwice { id: ledger.source.id.clone() });
        }
    }
    let all: Vec<(&Ledger, Vec<&ClaimEntry>)> = ledgers
        .iter()
        .map(|ledger| (ledger, ledger.claims.iter().filter(|claim| claim.state == State::Accepted).collect()))
        .collect();
    let without: Vec<String> = all
        .iter()
        .flat_map(|(_, claims)| claims)
        .filter(|claim| claim.says.is_none())
        .map(|claim| claim.id.clone())
        .collect();
    if !without.is_empty() {
        return Err(ExportError::NoWords { claims: without });
    }
    if all.iter().all(|(_, claims)| claims.is_empty()) {
        return Err(ExportError::NothingAccepted);
    }
    Ok(all)
}

/// The name of a claim beyond its ledger: its own, or that of its source with its number.
pub fn claim_name(ledger: &Ledger, claim: &ClaimEntry) -> String {
    let is_numbered =
        claim.id.strip_prefix('c').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    if is_numbered { format!("{}_{}", ledger.source.id, claim.id) } else { claim.id.clone() }
}

/// The names of exported claims that print the same words as one.
///
/// A claim that is linked to one that is not exported is linked to the first exported claim that is linked there too: what was
/// rejected in one source must not make two prints of it elsewhere look independent.
fn same_as(ledger: &Ledger, claim: &ClaimEntry, all: &[(&Ledger, Vec<&ClaimEntry>)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for target in targets(ledger, claim) {
        let exported =
            || all.iter().flat_map(|(ledger, claims)| claims.iter().map(move |claim| (*ledger, *claim)));
        let is_target = |(ledger, claim): &(&Ledger, &ClaimEntry)| {
            target == (ledger.source.id.as_str(), claim.id.as_str())
        };
        let found = exported().find(is_target).or_else(|| {
            exported()
                .take_while(|(_, other)| !std::ptr::eq(*other, claim))
                .find(|(ledger, other)| targets(ledger, other).any(|shared| shared == target))
        });
        if let Some(name) = found.map(|(ledger, claim)| claim_name(ledger, claim))
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The source and the name of each claim that one is linked to.
fn targets<'l>(ledger: &'l Ledger, claim: &'l ClaimEntry) -> impl Iterator<Item = (&'l str, &'l str)> {
    claim.same_as.iter().map(|name| name.split_once(':').unwrap_or((&ledger.source.id, name)))
}
