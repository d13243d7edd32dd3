//! The policy report: what `contingent policies --format json` prints.
//!
//! Enters: nothing. Leaves: [`PolicyReport`] and its parts. Always holds: `schema` is [`POLICIES_SCHEMA`] and changes
//! with the meaning of any field; probabilities and shares are 0..1, other numbers in the shown unit of their question;
//! differences are to doing nothing under the same view.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{ComparedMeasure, Range};

/// The schema that this version writes.
pub const POLICIES_SCHEMA: &str = "contingent.policies/1";

/// What policies do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyReport {
    /// [`POLICIES_SCHEMA`].
    #[schemars(extend("const" = POLICIES_SCHEMA))]
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Title of the model.
    pub title: String,
    /// SHA-256 over its texts.
    pub model_hash: String,
    /// Key of every random stream.
    pub seed: u64,
    /// Draws of the assumptions under each view.
    pub n_draws: usize,
    /// Replications of each.
    pub n_replications: usize,
    /// The views, `base` first.
    pub views: Vec<ViewRecord>,
    /// Doing nothing, the policies in model order, then combinations.
    pub alternatives: Vec<AlternativeRecord>,
    /// Why some policies were not combined.
    pub not_combined: Vec<String>,
    /// Per question, every alternative under every view: the data of a plot.
    pub questions: Vec<PolicyQuestion>,
    /// Per objective, regret and the value of knowledge.
    pub objectives: Vec<ObjectiveRecord>,
    /// Which alternatives are not beaten in all objectives at once by another; empty with fewer than two objectives.
    pub trade_offs: Vec<TradeOffRecord>,
    /// Per threshold, how often it is met.
    pub thresholds: Vec<ThresholdRecord>,
    /// What a search over lever settings found.
    pub search: Option<SearchRecord>,
}

/// A view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViewRecord {
    /// Name, `base` for the model's own assumptions.
    pub id: String,
    /// In words.
    pub label: String,
}

/// An alternative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlternativeRecord {
    /// Name: `none`, a policy, or several joined by `+`.
    pub id: String,
    /// In words.
    pub label: String,
    /// The policies that it combines.
    pub combines: Vec<String>,
    /// What it sets.
    pub settings: Vec<SettingRecord>,
}

/// A lever with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SettingRecord {
    /// The lever, with its element.
    pub lever: String,
    /// The value, in `unit`.
    pub value: f64,
    /// The unit.
    pub unit: String,
}

/// One question under every alternative and view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyQuestion {
    /// Name.
    pub id: String,
    /// In words.
    pub label: String,
    /// Unit of the numbers; absent for a probability.
    pub unit: Option<String>,
    /// View by view, alternative by alternative.
    pub rows: Vec<PolicyRow>,
}

/// One alternative under one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyRow {
    /// Name of the view.
    pub view: String,
    /// Name of the alternative.
    pub alternative: String,
    /// What is compared.
    pub compared: ComparedMeasure,
    /// Its value; absent when no run counts.
    pub value: Option<f64>,
    /// Alternative minus nothing; absent for doing nothing itself, or when one side has no answer.
    pub difference: Option<f64>,
    /// 95% interval of the difference.
    pub interval: Option<Range>,
    /// Whether the interval leaves out zero.
    pub distinguishable: bool,
    /// Share of draws in which the outcome was higher.
    pub share_higher: f64,
    /// Share of draws in which it was lower.
    pub share_lower: f64,
    /// Error of the difference as a share of what it would be if both sides had chance of their own.
    pub error_ratio: Option<f64>,
}

/// What the alternatives mean for something that is aimed at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectiveRecord {
    /// The question.
    pub question: String,
    /// `maximise` or `minimise`.
    pub sense: String,
    /// Unit of the numbers; absent for a probability.
    pub unit: Option<String>,
    /// Regret per alternative, in their order.
    pub regrets: Vec<RegretRecord>,
    /// Why regret over draws is absent, when it is.
    pub no_fit: Option<String>,
    /// What knowing an assumption, or all that rests on a claim, before choosing is worth; largest first.
    pub information: Vec<InformationRecord>,
    /// Alternatives among which the value of knowledge is told: those with the best means.
    pub n_choices: usize,
}

/// Regret: how much better the best alternative does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RegretRecord {
    /// Name of the alternative.
    pub alternative: String,
    /// Of the expected answer, under the view where it is largest.
    pub worst_view: Option<f64>,
    /// That view.
    pub worst_view_id: Option<String>,
    /// Over draws of the model's own assumptions, of the expected outcome of each: mean.
    pub mean: Option<f64>,
    /// Nine draws in ten have no more.
    pub p90: Option<f64>,
    /// The largest.
    pub max: Option<f64>,
    /// Share of draws in which it is the best.
    pub share_best: Option<f64>,
}

/// What knowing something before choosing is worth, in the unit of the objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InformationRecord {
    /// The assumption or the claim.
    pub name: String,
    /// Whether it is a claim, with all assumptions that cite it.
    pub is_claim: bool,
    /// What a rule that knows it attains beyond the best single alternative, on draws that had no part in making it.
    pub gain: f64,
    /// 95% interval.
    pub interval: Range,
    /// The usual figure (EVPPI by regression), whose choices are valued on the draws that made them.
    pub in_sample: f64,
    /// Share of draws in which the choice is another than without it.
    pub share_changed: f64,
    /// Whether it can be told from nothing; over all that are compared the chance of a false alarm is at most 5%.
    pub distinguishable: bool,
}

/// An alternative in all objectives at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TradeOffRecord {
    /// Name of the alternative.
    pub alternative: String,
    /// Its value in each objective, in their order.
    pub values: Vec<f64>,
    /// Whether no other alternative is worse in none and better in one, by more than the simulation error of the difference.
    pub efficient: bool,
}

/// How often an alternative is good enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdRecord {
    /// The question.
    pub question: String,
    /// Whether at most the bound is good; otherwise at least.
    pub at_most: bool,
    /// The bound, in the unit of the question.
    pub bound: f64,
    /// What the shares are of: `draws` whose probability meets the bound, or `runs` whose number does.
    pub share_of: String,
    /// View by view, alternative by alternative.
    pub rows: Vec<ThresholdRow>,
}

/// One alternative under one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdRow {
    /// Name of the view.
    pub view: String,
    /// Name of the alternative.
    pub alternative: String,
    /// The share that meets the bound; absent when it cannot be told.
    pub share: Option<f64>,
    /// 95% interval of simulation error; of draws it holds the error of the fit, and trusts the shape.
    pub interval: Option<Range>,
    /// Of draws, the share of the epistemic variance that the fit explains; the rest is taken to have the shape of a beta
    /// distribution.
    pub explained: Option<f64>,
}

/// What a search over lever settings found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchRecord {
    /// How it was searched.
    pub method: String,
    /// Settings that were tried.
    pub n_tried: usize,
    /// From when on the settings hold, as a time since the start.
    pub from: f64,
    /// Seed of the runs with which what was found was measured again.
    pub measured_with_seed: u64,
    /// Nothing, and the settings that no other beats by more than a tolerance in the worst view of every objective.
    pub found: Vec<FoundRecord>,
}

/// One lever setting that the search kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundRecord {
    /// What is set; empty for doing nothing.
    pub settings: Vec<SettingRecord>,
    /// Per objective, its value under the worst view, measured again with other draws and chance.
    pub worst_view: Vec<f64>,
    /// The same in the search itself, which is on average too good.
    pub in_search: Vec<f64>,
}
