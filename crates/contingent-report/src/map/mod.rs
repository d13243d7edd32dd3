//! The actor map: who and what acts on what in a model, as signed links.
//!
//! Enters: [`Map`]. Leaves: a figure. Always holds: the same map gives the same bytes; every node is `<g class="node ..."
//! data-node="N">`, N its position, and every link `<g class="link ..." data-from="N" data-to="N">`, so that a page can dim what does
//! not touch what is pointed at; names do not overlap; what is said of a link stands in the table.

mod draw;
mod geometry;
mod layout;
mod route;
mod stress;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::chart::Frame;
use crate::figure::Figure;

/// A model as a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Map {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// Actors, or other groups, in model order.
    pub groups: Vec<Group>,
    /// What acts and is acted upon.
    pub nodes: Vec<Node>,
    /// Who acts on what.
    pub links: Vec<Link>,
    /// Feedback loops, the strongest or shortest first.
    pub loops: Vec<Loop>,
    /// What was left out of the drawing, in sentences.
    pub left_out: Vec<String>,
}

/// An actor, or another group of nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Name, unique among groups.
    pub id: String,
    /// In words.
    pub label: String,
}

/// What acts or is acted upon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// Name, unique among nodes.
    pub id: String,
    /// In words, short.
    pub label: String,
    /// What it is.
    pub kind: NodeKind,
    /// Position of its group; none when it belongs to nobody.
    pub group: Option<usize>,
    /// Share of the answer that hangs on it, 0..1.
    pub weight: f64,
    /// A sentence about it.
    pub note: String,
}

/// What a node stands for; each kind has its own outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// What accumulates.
    Stock,
    /// What is computed from the state.
    Auxiliary,
    /// A choice of an actor.
    Decision,
    /// What happens by chance.
    Event,
    /// What can be set.
    Lever,
    /// What is not known.
    Assumption,
    /// What is asked.
    Question,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Position of the node that acts.
    pub from: usize,
    /// Position of the node that is acted upon.
    pub to: usize,
    /// Which way it pushes.
    pub sign: LinkSign,
    /// Share of the answer that hangs on it, 0..1.
    pub weight: f64,
    /// A sentence about it.
    pub note: String,
}

/// Which way a link pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkSign {
    /// More of the one means more of the other.
    Positive,
    /// More of the one means less of the other.
    Negative,
    /// It depends on the state.
    Mixed,
}

/// A feedback loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loop {
    /// A short name: `R1`, `B2`.
    pub name: String,
    /// The loop in a sentence.
    pub told: String,
    /// Positions of its nodes, in order.
    pub nodes: Vec<usize>,
}

/// Draws a map.
pub fn map(data: &Map) -> Figure {
    draw::draw(data)
}
