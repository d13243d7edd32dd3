//! A council on its own: a table of members in, how their positions move out.
//!
//! Enters: a [`Table`]. Leaves: a [`CouncilDocument`]. Always holds: `schema` is [`COUNCIL_SCHEMA`] and changes with the
//! meaning of any field; positions and saliences are in hundredths of a dimension.

mod table;

use contingent_engine::council::Turn;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use table::{Member, Table, TableError};

/// The schema that this version writes.
pub const COUNCIL_SCHEMA: &str = "contingent.council/1";

/// How a council bargained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CouncilDocument {
    /// [`COUNCIL_SCHEMA`].
    #[schemars(extend("const" = COUNCIL_SCHEMA))]
    pub schema: String,
    /// What is decided.
    pub title: String,
    /// More about it.
    pub description: String,
    /// The dimensions it is decided on.
    pub dimensions: Vec<String>,
    /// The members, in the order of the table.
    pub members: Vec<MemberDocument>,
    /// Whether positions came to rest before the last turn that was allowed.
    pub settled: bool,
    /// The states: the first as given, the last where bargaining ended.
    pub states: Vec<StateDocument>,
}

/// A member of the council.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberDocument {
    /// Its name.
    pub name: String,
    /// More about it.
    pub description: String,
    /// What it can bring to bear.
    pub capability: f64,
    /// How much it cares about each dimension, from 0 to 100.
    pub saliences: Vec<f64>,
}

/// Where all stand, and what they make of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateDocument {
    /// For each member, where it stands on each dimension, from 0 to 100.
    pub positions: Vec<Vec<f64>>,
    /// Mean on each dimension, weighted with capability times salience; null where nobody cares.
    pub weighted_mean: Vec<Option<f64>>,
    /// Median on each dimension, weighted with capability times salience; null where nobody cares.
    pub weighted_median: Vec<Option<f64>>,
    /// For each member, the probability that its position would be chosen now; members at one place share one.
    pub winning: Vec<f64>,
    /// For each member, its attitude to risk, from -0.5 (avoids it) to 1 (seeks it).
    pub risk: Vec<f64>,
    /// The offers that are made, by challenger.
    pub offers: Vec<OfferDocument>,
}

/// An offer that one member makes to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferDocument {
    /// Name of the challenger.
    pub challenger: String,
    /// Name of the challenged.
    pub target: String,
    /// How likely the challenger takes itself to be to win.
    pub probability: f64,
    /// What it expects to gain, in utility.
    pub gain: f64,
    /// How likely the target takes the challenger to be to win.
    pub probability_by_target: f64,
    /// What the target takes the challenger to gain.
    pub gain_by_target: f64,
    /// Where the challenger would stand on each dimension, from 0 to 100.
    pub challenger_moves_to: Vec<f64>,
    /// Where the target would stand on each dimension, from 0 to 100.
    pub target_moves_to: Vec<f64>,
    /// Names of those of the two that take it.
    pub taken_by: Vec<String>,
}

/// Lets the council of a table bargain until positions rest, or for `most_turns`.
pub fn bargain(table: &Table, most_turns: usize) -> CouncilDocument {
    let bargaining = table.council.bargain(&table.positions(), most_turns);
    CouncilDocument {
        schema: COUNCIL_SCHEMA.to_owned(),
        title: table.title.clone(),
        description: table.description.clone(),
        dimensions: table.dimensions.clone(),
        members: table
            .members
            .iter()
            .map(|member| MemberDocument {
                name: member.name.clone(),
                description: member.description.clone(),
                capability: member.capability,
                saliences: member.saliences.clone(),
            })
            .collect(),
        settled: bargaining.settled,
        states: bargaining.turns.iter().map(|turn| state(table, turn)).collect(),
    }
}

fn state(table: &Table, turn: &Turn) -> StateDocument {
    let name = |member: usize| table.members[member].name.clone();
    let offers = turn.bargains.iter().enumerate().map(|(at, bargain)| OfferDocument {
        challenger: name(bargain.challenger),
        target: name(bargain.target),
        probability: bargain.probability,
        gain: bargain.gain,
        probability_by_target: bargain.probability_by_target,
        gain_by_target: bargain.gain_by_target,
        challenger_moves_to: hundredths(&bargain.challenger_moves_to),
        target_moves_to: hundredths(&bargain.target_moves_to),
        taken_by: [bargain.challenger, bargain.target]
            .into_iter()
            .filter(|&member| turn.taken[member] == Some(at))
            .map(name)
            .collect(),
    });
    StateDocument {
        positions: turn.positions.chunks_exact(table.dimensions.len()).map(hundredths).collect(),
        weighted_mean: where_somebody_cares(&table.council.weighted_mean(&turn.positions)),
        weighted_median: where_somebody_cares(&table.council.weighted_median(&turn.positions)),
        winning: turn.winning.clone(),
        risk: turn.risk.clone(),
        offers: offers.collect(),
    }
}

/// As the table and the reference give positions.
fn hundredths(positions: &[f64]) -> Vec<f64> {
    positions.iter().map(|position| 100.0 * position).collect()
}

fn where_somebody_cares(positions: &[f64]) -> Vec<Option<f64>> {
    hundredths(positions)
        .into_iter()
        .map(|position| Some(position).filter(|position| !position.is_nan()))
        .collect()
}
