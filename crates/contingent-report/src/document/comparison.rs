//! The comparison document: what `contingent compare --format json` prints.
//!
//! Enters: nothing. Leaves: [`ComparisonDocument`] and its parts. Always holds: `schema` is [`COMPARISON_SCHEMA`] and
//! changes with the meaning of any field; the parts of a gap sum to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::QuestionKind;
use super::sensitivity::EstimateRecord;

/// The schema that this version writes.
pub const COMPARISON_SCHEMA: &str = "contingent.comparison/1";

/// Views of a model side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparisonDocument {
    /// [`COMPARISON_SCHEMA`].
    #[schemars(extend("const" = COMPARISON_SCHEMA))]
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Title of the model.
    pub title: String,
    /// SHA-256 over the texts of the model.
    pub model_hash: String,
    /// Key of every random stream.
    pub seed: u64,
    /// Draws of the assumptions, the same everywhere.
    pub n_draws: usize,
    /// Replications of each.
    pub n_replications: usize,
    /// Runs in all.
    pub n_runs: usize,
    /// The views, in model order, the model's own assumptions first.
    pub views: Vec<NamedRecord>,
    /// The policies beside none; empty unless they were asked for.
    pub policies: Vec<NamedRecord>,
    /// Weights of the views, summing to 1; empty unless they were given.
    pub weights: Vec<WeightRecord>,
    /// The two views whose gap is explained; null when none is.
    pub pair: Option<[String; 2]>,
    /// What the differences were grouped by.
    pub group_by: String,
    /// In what the two views differ.
    pub groups: Vec<GroupRecord>,
    /// Orders in which groups were exchanged; null when all were, or no gap is explained.
    pub n_orders: Option<usize>,
    /// One entry per question that was looked at, in model order.
    pub questions: Vec<QuestionComparison>,
    /// What a reader must know before using a number, in full sentences.
    pub warnings: Vec<String>,
    /// Where the document and its tables were written; null when they were not.
    pub directory: Option<String>,
}

/// A view or a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamedRecord {
    /// Name.
    pub id: String,
    /// In words.
    pub label: String,
}

/// The weight of a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeightRecord {
    /// Name of the view.
    pub view: String,
    /// Its share.
    pub share: f64,
}

/// What is exchanged together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupRecord {
    /// Name.
    pub name: String,
    /// In words.
    pub label: String,
    /// Names of the assumptions and mechanisms in it.
    pub members: Vec<String>,
}

/// What is compared of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedNumber {
    /// A probability.
    Probability,
    /// A mean.
    Mean,
    /// The share of futures in which it comes at all by the end, where there are some in which it never does.
    ShareThatComes,
}

/// A question under all views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionComparison {
    /// Name of the question.
    pub id: String,
    /// The question in words.
    pub label: String,
    /// The time it is about.
    pub when: String,
    /// What it asks for.
    pub kind: QuestionKind,
    /// What is compared.
    pub compared: ComparedNumber,
    /// Unit of the numbers; null for a probability or a share.
    pub unit: Option<String>,
    /// One entry per view.
    pub views: Vec<ViewValue>,
    /// The views pooled with the weights; null without weights.
    pub pooled: Option<EstimateRecord>,
    /// How far the views lie apart.
    pub agreement: Option<Agreement>,
    /// Where the gap between two views comes from.
    pub waterfall: Option<WaterfallRecord>,
    /// What the policies change, under each view.
    pub policies: Vec<PolicyChange>,
    /// The findings in sentences.
    pub sentences: Vec<String>,
}

/// A question under one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ViewValue {
    /// Name of the view.
    pub view: String,
    /// The number; null when no run counts.
    pub value: Option<EstimateRecord>,
    /// Why there is none.
    pub unanswerable: Option<String>,
}

/// How far views lie apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// The view with the lowest number.
    pub lowest: String,
    /// The view with the highest.
    pub highest: String,
    /// Highest less lowest, with the interval of the paired difference.
    pub gap: EstimateRecord,
    /// Whether they agree: the gap is at most 5 in 100, or cannot be told from none.
    pub agree: bool,
    /// Whether the gap can be told from none.
    pub distinguishable: bool,
}

/// A gap and its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WaterfallRecord {
    /// The number under the first view.
    pub from: f64,
    /// Under the second.
    pub to: f64,
    /// The second less the first.
    pub gap: EstimateRecord,
    /// Largest first.
    pub parts: Vec<PartRecord>,
}

/// The part of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartRecord {
    /// Name of the group.
    pub group: String,
    /// In words.
    pub label: String,
    /// Its part of the gap: its change averaged over the orders of exchange.
    pub part: EstimateRecord,
    /// Whether it can be told from none.
    pub distinguishable: bool,
    /// What it changes when it alone is exchanged.
    pub first: f64,
    /// What it changes when all others have been exchanged.
    pub last: f64,
}

/// What a policy changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyChange {
    /// Name of the policy.
    pub policy: String,
    /// Name of the view.
    pub view: String,
    /// The number under the policy; null when no run counts.
    pub value: Option<EstimateRecord>,
    /// With the policy less without, over the same draws and chance.
    pub change: Option<EstimateRecord>,
    /// Whether the change can be told from none.
    pub distinguishable: bool,
}
