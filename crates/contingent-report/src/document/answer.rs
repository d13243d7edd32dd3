//! The answer document: what `--format json` prints and the report draws.
//!
//! Enters: nothing. Leaves: [`Answer`] and its parts. Always holds: `schema` is [`ANSWER_SCHEMA`] and changes with
//! the meaning of any field; probabilities, shares and indices are 0..1; other numbers are in the shown unit;
//! an absent number is null, and within the distribution of a first time null means never.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer_parts::{Confidence, CurveAnswer, FindOut, Gain, ObservedSummary, PrecisionSummary};
use super::verification::VerificationSummary;

/// The schema that this version writes.
pub const ANSWER_SCHEMA: &str = "contingent.answer/1";

/// The level of validation of a model that was never compared with events.
pub const NOT_VALIDATED: &str = "none: not yet compared with events";

/// Everything that one run of the model answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// [`ANSWER_SCHEMA`].
    #[schemars(extend("const" = ANSWER_SCHEMA))]
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// The model.
    pub model: ModelSummary,
    /// Key of every random stream.
    pub seed: u64,
    /// How often chance was met.
    pub design: DesignSummary,
    /// One answer per question, in model order.
    pub questions: Vec<QuestionAnswer>,
    /// The fans of the indicators, in model order; empty when nothing was recorded.
    pub trajectories: Vec<Trajectory>,
    /// What the assumptions rest on.
    pub evidence: EvidenceSummary,
    /// Whether the words of the claims stand in the copies that the user supplied; null when none was supplied.
    pub verification: Option<VerificationSummary>,
    /// Runs that went non-finite, over all experiments.
    pub failures: FailureSummary,
    /// Runs in which outflows were scaled down to what was there, over all experiments.
    pub clipping: ClippingSummary,
    /// How the runs compare with data; absent when the model observes nothing. No answer is conditioned on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<ComparisonSummary>,
    /// What the model leaves out, in the modeller's words.
    pub leaves_out: Vec<String>,
    /// What a reader must know before using a number, in full sentences.
    pub warnings: Vec<String>,
    /// How far the model was compared with events.
    pub validation_level: String,
    /// Where the runs were written, when they were.
    pub run_directory: Option<String>,
    /// The scale of the words of likelihood: `icd203` or `phia`.
    #[serde(default)]
    pub words: String,
    /// How the precision that was asked for was met; absent when none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionSummary>,
    /// What is taken as observed: everything in this document is about the runs in which it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<ObservedSummary>,
}

/// The data that the runs were compared with, and how well they fit the runs of the headline experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparisonSummary {
    /// The observations, in model order.
    pub observations: Vec<ObservationSummary>,
    /// Values compared, over all observations.
    pub n_values: usize,
    /// Runs that were compared: those that count and did not fail.
    pub n_runs: usize,
    /// Runs in which every value is possible.
    pub n_possible_runs: usize,
    /// How many runs they would be worth when weighted by the likelihood of the data.
    pub effective_runs: f64,
}

/// One observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObservationSummary {
    /// Name; its logarithm of likelihood is the column `log_likelihood.NAME` of the runs.
    pub id: String,
    /// Label.
    pub label: Option<String>,
    /// The data file, relative to the main file.
    pub file: String,
    /// The period of one value.
    pub period: String,
    /// The distribution as the modeller wrote it.
    pub written: String,
    /// Values compared.
    pub n_values: usize,
    /// Periods between the first and the last without a value.
    pub n_missing: usize,
    /// Values left out, as their period is not wholly within the time of the model.
    pub n_outside: usize,
}

/// Which model was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelSummary {
    /// Title.
    pub title: String,
    /// SHA-256 over the texts, lower-case hexadecimal.
    pub hash: String,
    /// What it is for.
    pub purpose: String,
    /// What it must not be used for.
    pub not_for: String,
    /// Date of the knowledge in it, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// First date of the simulated time, when the model is dated.
    pub start: Option<String>,
    /// The last time that the model reaches: a date `YYYY-MM-DD`, or such as `52 weeks` in an undated model.
    pub horizon: String,
}

/// How many runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DesignSummary {
    /// Draws of the assumptions that count: those of which every replication finished.
    pub n_draws: usize,
    /// Replications of each draw.
    pub n_replications: usize,
    /// Runs of one experiment.
    pub n_runs: usize,
    /// Experiments: combinations of a view and a policy.
    pub n_experiments: usize,
    /// Whether every run that was planned finished.
    pub complete: bool,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionAnswer {
    /// Name.
    pub id: String,
    /// The question in words.
    pub label: String,
    /// Whether a probability or a number is asked for.
    pub kind: QuestionKind,
    /// The formula as the modeller wrote it.
    pub written: String,
    /// How it resolves.
    pub resolves: String,
    /// The time it is about, in words that follow the answer: `by 28 February 2022`.
    pub when: String,
    /// Unit of the numbers of the answer; absent for a probability.
    pub unit: Option<String>,
    /// The view that the estimate, the policies and `hangs_on` are about; absent for the model's own assumptions.
    pub view: Option<String>,
    /// The answer; absent when there is none, see `unanswerable`.
    pub estimate: Option<Estimate>,
    /// Why there is no answer.
    pub unanswerable: Option<String>,
    /// Simulation, what we do not know, chance; absent when there is no answer, or when the number may never come.
    pub spread: Option<SpreadSummary>,
    /// Lowest and highest estimate over the model's own assumptions and all views; absent without views.
    pub views_gap: Option<Range>,
    /// What usually happens, for comparison; null when none was supplied.
    pub base_rate: Option<BaseRateSummary>,
    /// For a conditional question, the runs that count.
    pub given: Option<GivenSummary>,
    /// The answer under each rival view, in model order.
    pub views: Vec<ViewAnswer>,
    /// What each policy changes, in model order.
    pub policies: Vec<PolicyAnswer>,
    /// The assumptions that the answer hangs on, strongest first; those that vary only.
    pub hangs_on: Vec<HangsOn>,
    /// How `hangs_on` was computed and what it cannot say.
    pub sensitivity: Option<SensitivitySummary>,
    /// How likely it is to have settled by each time; absent for questions about one time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<CurveAnswer>,
    /// What to find out next; absent for numbers and with one replication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find_out: Option<FindOut>,
    /// How far the answer can be relied on, apart from how likely it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// When something is taken as observed, the answer without that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_observed: Option<Estimate>,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// The probability of something.
    Probability,
    /// The distribution of a number.
    Quantity,
    /// The distribution of the first time of something, which may never come.
    FirstTime,
}

/// Two ends of a range; null is never (for a first time).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// An estimate with its 95% interval of simulation error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// The probability, of a probability question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The mean, of a number; absent when some run never reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// The quantiles, of a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quantiles: Vec<Quantile>,
    /// The share of runs in which it never comes, of a number of which some run never reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never: Option<Share>,
    /// 95% interval of the probability, of the mean, or, where there is no mean, of the median.
    pub interval: Range,
    /// How the interval of a probability was made: `wilson`, `clopper_pearson`, or, one-sided because it never or
    /// always happened, `upper_bound` or `lower_bound` (about 3 in the number of draws).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_method: Option<String>,
    /// The word of likelihood, lower case, two joined by `to` when the interval straddles a boundary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// The range that the word stands for, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_range: Option<[u8; 2]>,
    /// The range as it is written in brackets, such as `20-45%`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word_range_text: Option<String>,
    /// The probability with no more digits than the interval supports: `31 in 100`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_100: Option<String>,
    /// Runs that count.
    pub n_runs: usize,
}

impl Estimate {
    /// The median of a number; none of a probability, and where half of the runs never come to it.
    pub fn median(&self) -> Option<f64> {
        self.quantiles.get(2).and_then(|quantile| quantile.value)
    }

    /// The one number that stands for all: the probability, the mean, or the median where there is no mean.
    pub fn location(&self) -> Option<f64> {
        self.probability.or(self.mean).or_else(|| self.median())
    }
}

/// A probability with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// The share.
    pub probability: f64,
    /// 95% interval of simulation error.
    pub interval: Range,
}

/// One quantile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantile {
    /// The share of runs at or below.
    pub probability: f64,
    /// The value; null is never.
    pub value: Option<f64>,
    /// 95% interval of simulation error.
    pub interval: Range,
    /// For a first time in a dated model, the date of `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Three spreads of one answer within one view, as standard deviations in the unit of the answer. They answer
/// different questions and are never added up; the gap between views is a fourth, in `views_gap`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpreadSummary {
    /// Standard error of the estimate: more runs make it smaller.
    pub simulation: f64,
    /// What we do not know: how far the expected answer moves over the assumptions. Null with one replication.
    pub epistemic: Option<f64>,
    /// What chance does once the assumptions are fixed. Null with one replication.
    pub chance: Option<f64>,
    /// Whether the epistemic spread can be told from zero (one-sided, 5%).
    pub epistemic_distinguishable: bool,
}

/// What usually happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BaseRateSummary {
    /// Lower end, 0..1.
    pub low: f64,
    /// Upper end, 0..1.
    pub high: f64,
    /// Names of the claims that it rests on.
    pub claims: Vec<String>,
    /// The modeller's judgement, when it rests on that.
    pub judgement: Option<String>,
}

/// The runs that count for a conditional question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GivenSummary {
    /// Runs in which the condition held.
    pub n_satisfied: usize,
    /// Runs that did not fail.
    pub n_runs: usize,
    /// How many independent runs those in which it held are worth; null for a number.
    pub effective_runs: Option<f64>,
}

/// The answer under one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ViewAnswer {
    /// Name of the view.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The answer; absent when there is none.
    pub estimate: Option<Estimate>,
    /// Spreads within the view.
    pub spread: Option<SpreadSummary>,
}

/// What a policy changes, with the same draws and the same chance on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyAnswer {
    /// Name of the policy.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The answer under the policy; absent when there is none.
    pub estimate: Option<Estimate>,
    /// What is compared.
    pub compared: ComparedMeasure,
    /// Policy minus no policy; absent when one side has no answer.
    pub difference: Option<f64>,
    /// 95% interval of simulation error.
    pub interval: Option<Range>,
    /// Whether the interval leaves out zero.
    pub distinguishable: bool,
    /// Share of draws in which the outcome was higher under the policy.
    pub share_higher: f64,
    /// Share of draws in which it was lower.
    pub share_lower: f64,
    /// The same difference within each view that was run with the policy.
    pub by_view: Vec<PolicyUnderView>,
}

/// What is compared between a policy and none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedMeasure {
    /// The probability.
    Probability,
    /// The mean.
    Mean,
    /// The share of runs in which it never comes.
    Never,
}

/// The difference that a policy makes within a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyUnderView {
    /// Name of the view.
    pub view: String,
    /// Label of the view.
    pub label: String,
    /// Policy minus no policy.
    pub difference: f64,
    /// 95% interval of simulation error.
    pub interval: Range,
    /// Whether the interval leaves out zero.
    pub distinguishable: bool,
}

/// One assumption, and how far the answer hangs on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HangsOn {
    /// Name, with its element: `share[kabul]`.
    pub assumption: String,
    /// In words.
    pub label: String,
    /// First-order index: the share of the variance that knowing this assumption alone would remove.
    pub index: f64,
    /// 95% interval of simulation error.
    pub interval: Range,
    /// The answer in the third of draws with the lowest values; for a category, in the alternative with the lowest
    /// answer. Null is never.
    pub low_third: Option<f64>,
    /// The same in the third with the highest values; for a category, in the alternative with the highest answer.
    pub high_third: Option<f64>,
    /// For a category, the names of the alternatives with the lowest and the highest answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<[String; 2]>,
    /// Which way the answer goes when the assumption is higher.
    pub direction: Effect,
    /// Whether the index can be told from zero; over all assumptions of a question the chance of a false alarm is
    /// at most 5%.
    pub distinguishable: bool,
    /// Whether its rank and that of the next cannot be told apart at 95%.
    pub tied_with_next: bool,
    /// Names of the claims that it cites.
    pub claims: Vec<String>,
    /// Whether it rests on judgement alone, without a claim.
    pub is_judgement: bool,
    /// Of a probability, what knowing this assumption would be worth; absent with one replication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brier_gain: Option<Gain>,
}

/// Which way the answer goes when an assumption is higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The answer is higher.
    Higher,
    /// The answer is lower.
    Lower,
    /// The difference between the thirds is within its error.
    Unclear,
    /// The assumption has no order.
    Unordered,
}

/// How the indices of a question were computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SensitivitySummary {
    /// Assumptions that vary.
    pub n_assumptions: usize,
    /// Those of them that can be told from no effect.
    pub n_distinguishable: usize,
    /// Whether the indices are shares of what we do not know (chance taken out). Otherwise, with one replication,
    /// they are shares of the variance of a single run, chance included.
    pub without_chance: bool,
    /// Whether they are of the order of the outcomes, because some outcomes never come.
    pub on_ranks: bool,
    /// Whether what we do not know can be told from zero.
    pub variance_distinguishable: bool,
}

/// The fan of an indicator: quantiles over runs at every time, under the model's own assumptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trajectory {
    /// Name of the indicator.
    pub indicator: String,
    /// Its label.
    pub label: String,
    /// Shown unit.
    pub unit: String,
    /// Whether it is a share, shown as a percentage.
    pub is_share: bool,
    /// Times since the start, in `time_unit`.
    pub times: Vec<f64>,
    /// The base time unit of the model, singular.
    pub time_unit: String,
    /// Dates of the times, `YYYY-MM-DD`; empty in an undated model.
    pub dates: Vec<String>,
    /// Runs that were recorded.
    pub n_runs: usize,
    /// The bands.
    pub bands: Bands,
}

/// Quantiles over runs, one value per time each; null where no run was finite.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bands {
    /// 5%.
    pub p05: Vec<Option<f64>>,
    /// 25%.
    pub p25: Vec<Option<f64>>,
    /// 50%.
    pub p50: Vec<Option<f64>>,
    /// 75%.
    pub p75: Vec<Option<f64>>,
    /// 95%.
    pub p95: Vec<Option<f64>>,
}

/// What the assumptions of the model rest on; each is counted once, however many elements it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceSummary {
    /// Assumptions.
    pub n_assumptions: usize,
    /// Those that rest on judgement alone.
    pub n_judgement_only: usize,
    /// Those that cite a claim whose number is our reading.
    pub n_our_reading: usize,
    /// Those whose number a claim states.
    pub n_sourced: usize,
    /// Lookups, inputs and rates between units that state their grounds.
    #[serde(default)]
    pub n_curves_and_data: usize,
    /// Those of them that rest on judgement, alone or as our reading of a claim.
    #[serde(default)]
    pub n_curves_and_data_judged: usize,
    /// Claims in the model.
    pub n_claims: usize,
    /// Sources in the model.
    pub n_sources: usize,
}

/// Runs that went non-finite.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FailureSummary {
    /// How many, over all experiments.
    pub n_runs: usize,
    /// Their share of the runs of all experiments.
    pub share: f64,
    /// The first of them in words, when there are any.
    pub first: Option<String>,
}

/// Runs in which outflows were scaled down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClippingSummary {
    /// How many, over all experiments.
    pub n_runs: usize,
    /// Their share of the runs of all experiments.
    pub share: f64,
}
