//! The discovery document: what `contingent discover --format json` prints.
//!
//! Enters: nothing. Leaves: [`DiscoveryDocument`] and its parts. Always holds: `schema` is [`DISCOVERY_SCHEMA`] and
//! changes with the meaning of any field; shares and probabilities are 0..1; bounds are in the unit that stands beside
//! them, with a bound itself outside; figures are measured on the half of the draws that had no part in the search.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema that this version writes.
pub const DISCOVERY_SCHEMA: &str = "contingent.discovery/1";

/// What was found for the questions of a model under one view and policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiscoveryDocument {
    /// [`DISCOVERY_SCHEMA`].
    #[schemars(extend("const" = DISCOVERY_SCHEMA))]
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Title of the model.
    pub title: String,
    /// SHA-256 over the texts of the model.
    pub model_hash: String,
    /// The view, `base` for the model's own assumptions.
    pub view: String,
    /// The view in words; absent for the model's own assumptions.
    pub view_label: Option<String>,
    /// The policy, `none` for none.
    pub policy: String,
    /// The policy in words; absent without one.
    pub policy_label: Option<String>,
    /// Key of every random stream, of the halves of the draws too.
    pub seed: u64,
    /// Draws that count.
    pub n_draws: usize,
    /// Replications of each.
    pub n_replications: usize,
    /// Assumptions that vary, each element counted.
    pub n_assumptions: usize,
    /// How the search went.
    pub method: MethodRecord,
    /// One entry per outcome that was searched, in model order.
    pub outcomes: Vec<OutcomeDiscovery>,
    /// What a reader must know before using a number, in full sentences.
    pub warnings: Vec<String>,
    /// Where the runs lie.
    pub run_directory: Option<String>,
}

/// The settings of the search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MethodRecord {
    /// Share of the box that one slab takes off.
    pub slab: f64,
    /// Share of the searched runs that a box holds at least.
    pub smallest: f64,
    /// Level at which a box is claimed.
    pub box_level: f64,
    /// Level at which restrictions are kept, shared out among those of a box.
    pub restriction_level: f64,
    /// Density over the share in all futures that a box needs.
    pub least_lift: f64,
    /// Repeated searches behind the stability.
    pub n_resamples: u32,
}

/// What is searched for: a question, and what of it counts as a hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeDiscovery {
    /// Name of the outcome: that of the question, with `.no`, `.above` or `.below` where that is asked; the column of the
    /// table of boxes.
    pub id: String,
    /// Name of the question.
    pub question: String,
    /// The question in words.
    pub label: String,
    /// The time it is about.
    pub when: String,
    /// What counts as a hit, as a clause: `the answer is yes`.
    pub hit: String,
    /// For a number, the bound in the unit of the question; null when the bound is `never`.
    pub threshold: Option<f64>,
    /// Unit of the bound.
    pub unit: Option<String>,
    /// Whether the question has a condition, so that only runs in which it held count.
    pub is_conditional: bool,
    /// Share of hits in all futures; absent when no run counts.
    pub base: Option<ShareRecord>,
    /// Draws with a run that counts.
    pub n_draws: usize,
    /// Why nothing was searched, or nothing more found, in words.
    pub ending: String,
    /// The same as a word: `enough_boxes`, `not_convincing`, `always_the_same`, `too_few_draws`, `nothing_varies`,
    /// `unanswerable`.
    pub ending_code: String,
    /// The boxes, strongest first.
    pub boxes: Vec<BoxRecord>,
    /// All boxes together.
    pub together: Option<TogetherRecord>,
    /// The search for the first box, from everything to the smallest box.
    pub curve: Vec<CurveRecord>,
    /// The second opinion, the root first; children follow their parent. Empty when none was grown.
    pub tree: Vec<TreeRecord>,
    /// Share of what the assumptions decide that the leaves of the tree account for.
    pub tree_explains: Option<f64>,
}

/// A share with its 95% simulation interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareRecord {
    /// The share.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoxRecord {
    /// The box in a sentence.
    pub sentence: String,
    /// Share of hits inside.
    pub density: ShareRecord,
    /// Share of all hits that lie inside.
    pub coverage: ShareRecord,
    /// Share of all futures that lie inside.
    pub mass: f64,
    /// Share of hits among the futures outside of earlier boxes, among which this one was searched.
    pub share_before: ShareRecord,
    /// Draws inside, of the checking half.
    pub n_draws: usize,
    /// How likely a box as dense is by chance.
    pub p_value: f64,
    /// What it demands.
    pub restrictions: Vec<RestrictionRecord>,
    /// Repeated searches.
    pub n_resamples: u32,
    /// Repeated searches that came to any box.
    pub n_found_again: u32,
    /// Share of futures that this box and those of the repeated searches have in common.
    pub overlap: f64,
    /// Assumptions that are not in this box but in that of a quarter or more of the repeated searches, with that share.
    pub also_seen: Vec<SeenRecord>,
}

/// What a box demands of one assumption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RestrictionRecord {
    /// Name of the assumption, with its element.
    pub assumption: String,
    /// The assumption in words.
    pub label: String,
    /// Unit of the bounds, as it follows a number: `% per year`, ` fighters`; empty for alternatives.
    pub unit: String,
    /// Values at or below it lie outside.
    pub low: Option<f64>,
    /// Values at or above it lie outside.
    pub high: Option<f64>,
    /// The middle nine tenths of the values that were tried; absent for alternatives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<[f64; 2]>,
    /// Names of the alternatives that are outside; empty for a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives_outside: Vec<String>,
    /// Names of the alternatives inside; empty for a number.
    pub alternatives: Vec<String>,
    /// The restriction in words: `above 22% per year`.
    pub words: String,
    /// How likely the box would be as dense by chance if this restriction meant nothing (quasi-p-value).
    pub p_value: f64,
    /// Share of hits in the box without this restriction.
    pub density_without: f64,
    /// Share of all hits in the box without this restriction.
    pub coverage_without: f64,
    /// Share of the repeated searches whose box restricts the assumption.
    pub seen_again: f64,
}

/// An assumption that repeated searches restricted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeenRecord {
    /// Name.
    pub assumption: String,
    /// In words.
    pub label: String,
    /// Share of the repeated searches.
    pub share: f64,
}

/// All boxes together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TogetherRecord {
    /// Share of all hits inside.
    pub coverage: ShareRecord,
    /// Share of hits inside.
    pub density: ShareRecord,
    /// Share of hits outside.
    pub density_outside: ShareRecord,
    /// Share of all futures inside.
    pub mass: f64,
    /// Of what the assumptions decide (the variance of p over draws), the share that the boxes account for; absent when
    /// that is too small to measure.
    pub explains: Option<f64>,
}

/// A box on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurveRecord {
    /// Share of all futures inside.
    pub mass: f64,
    /// Share of hits inside.
    pub density: f64,
    /// Share of all hits inside.
    pub coverage: f64,
    /// Assumptions that are restricted.
    pub n_restricted: usize,
    /// Draws inside, of the checking half.
    pub n_draws: usize,
    /// Whether the first box began as this one.
    pub is_chosen: bool,
    /// The restrictions in words: `war cost below 0.3`.
    pub restrictions: Vec<String>,
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TreeRecord {
    /// Steps from the root.
    pub depth: usize,
    /// Position of the parent; none for the root.
    pub parent: Option<usize>,
    /// What leads here from the parent, in words; empty for the root.
    pub condition: String,
    /// Name of the assumption that the condition is about; empty for the root.
    pub assumption: String,
    /// Whether it is a leaf.
    pub is_leaf: bool,
    /// Share of hits.
    pub share: ShareRecord,
    /// Share of all futures.
    pub mass: f64,
}
