//! The watch list: what `contingent watch-list --format json` prints.
//!
//! Enters: nothing. Leaves: [`WatchList`] and its parts. Always holds: `schema` is [`WATCH_SCHEMA`] and changes with the
//! meaning of any field; probabilities, shares and areas are 0..1; thresholds are in the unit that stands beside them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema that this version writes.
pub const WATCH_SCHEMA: &str = "contingent.watch-list/1";

/// What to watch for every question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WatchList {
    /// [`WATCH_SCHEMA`].
    #[schemars(extend("const" = WATCH_SCHEMA))]
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Title of the model.
    pub title: String,
    /// SHA-256 over its texts.
    pub model_hash: String,
    /// View whose runs these are, `base` for the model's own assumptions.
    pub view: String,
    /// Policy, `none` for the levers as declared.
    pub policy: String,
    /// Key of every random stream.
    pub seed: u64,
    /// Draws with trajectories.
    pub n_draws: usize,
    /// Replications of each.
    pub n_replications: usize,
    /// The questions, in model order.
    pub questions: Vec<WatchedQuestion>,
}

/// What to watch for one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WatchedQuestion {
    /// Name.
    pub id: String,
    /// The question in words.
    pub label: String,
    /// The time it is about, in words.
    pub when: String,
    /// Why it has no signals: it asks for a number, say.
    pub skipped: Option<String>,
    /// Signals that were looked at together; the chance of any false alarm among them is at most 5%.
    pub n_compared: usize,
    /// The signals, those that can be told from nothing first, by the expected fall of the Brier score.
    pub signals: Vec<SignalRecord>,
}

/// An estimate with its 95% interval of simulation error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeasuredRecord {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One indicator on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignalRecord {
    /// Name of the indicator.
    pub indicator: String,
    /// Its label.
    pub label: String,
    /// Unit of its values.
    pub unit: String,
    /// Whether it is a share, shown as a percentage.
    pub is_share: bool,
    /// Day of the signal, as a time since the start.
    pub time: f64,
    /// The same as a date, in a dated model.
    pub date: Option<String>,
    /// Time from the signal to the end of what the question asks about.
    pub lead: f64,
    /// Unit of `time`, `lead` and `median_lead`, singular.
    pub time_unit: String,
    /// Share of the runs that count in which the question was still open.
    pub share_open: f64,
    /// Runs in which it was still open.
    pub n_runs: usize,
    /// Those of them in which the answer was yes.
    pub n_true: usize,
    /// Why the signal is not judged; the fields below are then absent.
    pub unjudged: Option<String>,
    /// The probability of yes while the question is open, before the indicator is looked at.
    pub probability: Option<MeasuredRecord>,
    /// Area under the curve: the chance that the indicator was higher in a run with yes than in one with no.
    pub area: Option<MeasuredRecord>,
    /// Whether the area can be told from one half.
    pub distinguishable: bool,
    /// Expected fall of the Brier score from learning the value.
    pub gain: Option<MeasuredRecord>,
    /// A warning threshold, measured on the half of the draws that had no part in choosing it.
    pub warning: Option<WarningRecord>,
}

/// A threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WarningRecord {
    /// The threshold, in the unit of the indicator.
    pub threshold: f64,
    /// Whether values at or above it point to yes; otherwise those at or below it.
    pub is_above: bool,
    /// Share of the runs in which it is crossed.
    pub share: f64,
    /// The probability of yes where it is crossed.
    pub probability_if: MeasuredRecord,
    /// The probability where it is not.
    pub probability_unless: MeasuredRecord,
    /// Likelihood ratio of its being crossed.
    pub ratio_if: MeasuredRecord,
    /// Likelihood ratio of its not being crossed.
    pub ratio_unless: MeasuredRecord,
    /// Median time from the signal until it comes, where it is crossed and comes; absent where there is none.
    pub median_lead: Option<f64>,
}
