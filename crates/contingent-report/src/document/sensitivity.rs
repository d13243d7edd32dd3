//! The sensitivity document: what `contingent sensitivity --format json` prints.
//!
//! Enters: nothing. Leaves: [`SensitivityDocument`] and its parts. Always holds: `schema` is [`SENSITIVITY_SCHEMA`] and
//! changes with the meaning of any field; indices are shares of a variance; probabilities are 0..1; other numbers are in
//! the unit that stands beside them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::QuestionKind;

/// The schema that this version writes.
pub const SENSITIVITY_SCHEMA: &str = "contingent.sensitivity/1";

/// What the answers of a model hang on, under one view and policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SensitivityDocument {
    /// [`SENSITIVITY_SCHEMA`].
    #[schemars(extend("const" = SENSITIVITY_SCHEMA))]
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Title of the model.
    pub title: String,
    /// SHA-256 over the texts of the model.
    pub model_hash: String,
    /// The view, `base` for the model's own assumptions.
    pub view: String,
    /// The view in words; null for the model's own assumptions.
    pub view_label: Option<String>,
    /// The policy, `none` for none.
    pub policy: String,
    /// The policy in words; null without one.
    pub policy_label: Option<String>,
    /// Key of every random stream.
    pub seed: u64,
    /// What was run.
    pub design: DesignSummary,
    /// What assumptions were grouped by: `assumption` (not at all), `actor`, `source`, `speaker`.
    pub group_by: String,
    /// Assumptions that vary, or groups of them, in model order.
    pub factors: Vec<FactorRecord>,
    /// One entry per question that was looked at, in model order.
    pub questions: Vec<QuestionSensitivity>,
    /// What a reader must know before using a number, in full sentences.
    pub warnings: Vec<String>,
    /// Where the document and its tables were written; null when they were not.
    pub directory: Option<String>,
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DesignSummary {
    /// `ensemble`, `saltelli`, `morris` or `radial`.
    pub kind: String,
    /// Points that count: draws of an ensemble.
    pub n_points: usize,
    /// Rows of each point: mixtures of two draws, or the start and one row per step; 1 in an ensemble.
    pub n_rows: usize,
    /// Replications of each row.
    pub n_replications: usize,
    /// Runs in all.
    pub n_runs: usize,
    /// Whether all that was planned finished.
    pub complete: bool,
    /// Bootstrap replicates behind the intervals; null where they are computed without.
    pub n_bootstraps: Option<usize>,
}

/// An assumption or a group of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactorRecord {
    /// Its name.
    pub name: String,
    /// In words.
    pub label: String,
    /// Names of the assumptions in it.
    pub members: Vec<String>,
}

/// A number with its 95% interval from the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateRecord {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Standard error.
    pub standard_error: f64,
}

/// What the answer to a question hangs on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionSensitivity {
    /// Name of the question.
    pub id: String,
    /// The question in words.
    pub label: String,
    /// The time it is about.
    pub when: String,
    /// What it asks for.
    pub kind: QuestionKind,
    /// Unit of its numbers; null for a probability.
    pub unit: Option<String>,
    /// The probability over all runs; null for other kinds.
    pub probability: Option<f64>,
    /// Why there is nothing to tell; null when there is.
    pub unanswerable: Option<String>,
    /// What the indices are shares of, in words.
    pub share_of: String,
    /// Whether chance was taken out of the variance; false with one replication.
    pub without_chance: bool,
    /// Whether outcomes were replaced by their ranks because some never come.
    pub on_ranks: bool,
    /// The variance behind the indices; null for elementary effects.
    pub variance: Option<f64>,
    /// Whether the answer hangs on the assumptions at all, as far as the runs can show.
    pub distinguishable: bool,
    /// Points left out because one of their runs failed.
    pub n_points_dropped: usize,
    /// Factors, strongest first.
    pub factors: Vec<FactorFinding>,
    /// What two factors do only together, largest first; empty unless the design is `saltelli`.
    pub pairs: Vec<PairFinding>,
    /// The findings in sentences.
    pub sentences: Vec<String>,
}

/// What is found of a factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FactorFinding {
    /// Name of the factor.
    pub factor: String,
    /// In words.
    pub label: String,
    /// Its rank; tied factors share the first of their ranks.
    pub rank: usize,
    /// Whether its rank and that of the next cannot be told apart.
    pub tied_with_next: bool,
    /// Whether it can be told from no effect, at 5% over all factors of the question.
    pub distinguishable: bool,
    /// Share of the variance that knowing it would remove; null when it cannot be given.
    pub first: Option<EstimateRecord>,
    /// Whether `first` is a lower bound: the sum of what the members of a group do alone.
    pub first_is_bound: bool,
    /// Share of the variance that would remain if all others were known.
    pub total: Option<EstimateRecord>,
    /// Total less first: what it does only together with others.
    pub shared: Option<EstimateRecord>,
    /// Mean change of the answer when it is moved up by half of its range.
    pub mu: Option<EstimateRecord>,
    /// Mean size of the change, less what chance adds.
    pub mu_star: Option<EstimateRecord>,
    /// Standard deviation of the change, less what chance adds.
    pub sigma: Option<EstimateRecord>,
    /// Share of points in which moving it changed no run; null in an ensemble.
    pub share_unmoved: Option<f64>,
    /// Which way it pushes: `higher`, `lower`, `unclear`, or `unordered` for alternatives and groups.
    pub direction: String,
    /// The same in words: `higher -> more likely`.
    pub direction_words: String,
    /// The answer in the third of draws in which it is lowest, or with the alternative in which the answer is lowest;
    /// null is never or not known.
    pub low_third: Option<f64>,
    /// The answer in the third of draws in which it is highest, or with the alternative in which the answer is highest.
    pub high_third: Option<f64>,
    /// The two alternatives.
    pub alternatives: Option<[String; 2]>,
}

/// What two factors do only together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairFinding {
    /// Names of the factors.
    pub factors: [String; 2],
    /// In words.
    pub labels: [String; 2],
    /// The share of the variance.
    pub index: EstimateRecord,
    /// Whether it can be told from nothing, at 5% over all pairs.
    pub distinguishable: bool,
}
