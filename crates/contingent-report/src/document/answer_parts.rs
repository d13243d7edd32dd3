//! Further parts of the answer document: curves, what to find out next, confidence, how far the runs reach.
//!
//! Enters: nothing. Leaves: plain data. Always holds: as in the document; a part that does not apply is absent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::Range;

/// How likely it is that a question has settled by each time, over the whole of the simulated time and not only up to
/// the time that the question allows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurveAnswer {
    /// What the numbers say.
    pub meaning: CurveMeaning,
    /// Times since the start, in `time_unit`.
    pub times: Vec<f64>,
    /// The base time unit of the model, singular.
    pub time_unit: String,
    /// Dates of the times, `YYYY-MM-DD`; empty in an undated model.
    pub dates: Vec<String>,
    /// The probability at each time.
    pub probability: Vec<f64>,
    /// Lower ends of 95% intervals of simulation error, each for its time alone.
    pub low: Vec<f64>,
    /// Upper ends.
    pub high: Vec<f64>,
    /// Runs that count.
    pub n_runs: usize,
}

/// What a curve says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CurveMeaning {
    /// The probability that it has come by then: the curve rises.
    HasCome,
    /// The probability that it has held at every time up to then: the curve falls.
    HasHeld,
}

/// What knowing something would be worth, as the expected fall of the Brier score (0 is a perfect forecast).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gain {
    /// The expected fall.
    pub value: f64,
    /// 95% interval of simulation error.
    pub interval: Range,
}

/// What to find out next about a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindOut {
    /// The Brier score that the estimate expects of itself: p (1 - p).
    pub expected_brier: f64,
    /// The fall if every assumption were known: the epistemic variance. What is left is chance.
    pub if_all_were_known: f64,
    /// Per claim on which an assumption rests, largest gain first; the gains of assumptions stand in `hangs_on`.
    pub claims: Vec<ClaimGain>,
}

/// What it would be worth to know everything that rests on one claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimGain {
    /// Name of the claim.
    pub claim: String,
    /// What it says, in the model's words.
    pub says: String,
    /// The assumptions that cite it and vary, together; their gains are not simply added, because assumptions that are
    /// correlated tell partly the same.
    pub assumptions: Vec<String>,
    /// The gain, at most: settling the claim tells no more than all of these assumptions.
    pub gain: Gain,
    /// Whether it can be told from nothing; over all claims of a question the chance of a false alarm is at most 5%.
    pub distinguishable: bool,
}

/// How far the answer can be relied on, apart from how likely it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confidence {
    /// `low`, `moderate` or `high`; how it is decided stands in `docs/answers.md`.
    pub level: ConfidenceLevel,
    /// Share of what the answer hangs on that rests on judgement alone.
    pub share_judgement: f64,
    /// Share that rests on the claims of one source.
    pub share_one_source: f64,
    /// Share that rests on claims none of which is in the speaker's own words.
    pub share_second_hand: f64,
    /// How far the answers of rival views lie apart, for a probability.
    pub views_apart: Option<f64>,
    /// Whether the model was compared with events.
    pub validated: bool,
    /// The grounds in words.
    pub grounds: Vec<String>,
}

/// A level of confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfidenceLevel {
    /// Low.
    Low,
    /// Moderate.
    Moderate,
    /// High.
    High,
}

/// How `--precision` was met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PrecisionSummary {
    /// Half the width of the intervals that was asked for.
    pub requested: f64,
    /// Half the width of the widest interval at the last look.
    pub reached: f64,
    /// Whether every probability was as precise as asked.
    pub met: bool,
    /// The looks that were planned before the first run; those up to `stopped_at` were taken.
    pub looks: Vec<LookSummary>,
    /// Draws at the look at which the runs stopped.
    pub stopped_at: usize,
    /// The chance of an error that the intervals of this document have, so that over all looks it is 5% at most.
    pub error: f64,
}

/// One look.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookSummary {
    /// Draws.
    pub n_draws: usize,
    /// The chance of an error that was spent on it.
    pub error: f64,
}

/// Something that is taken as observed: only runs in which it holds count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObservedSummary {
    /// As it was given.
    pub written: String,
    /// The time of the model at which it is looked at, in words.
    pub when: String,
    /// Runs in which it holds, under the view and policy of the estimate.
    pub n_runs: usize,
    /// Their share of the runs that did not fail.
    pub share: f64,
}
