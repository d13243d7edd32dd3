//! The live re-run: what a page needs to run its model again and to know that it did so rightly.
//!
//! Enters: nothing. Leaves: [`Live`] and its parts. Always holds: a [`LiveAnswer`] is about one question under one set of settings,
//! and is filled by the same functions in the driver and in the browser; numbers are in the shown unit; digests are of bits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer_parts::CurveAnswer;

/// What a page needs to run its model again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Live {
    /// Key of every random stream.
    pub seed: u64,
    /// Draws of the assumptions in one re-run.
    pub n_draws: u32,
    /// Draws of the preview while a slider is moved.
    pub n_preview_draws: u32,
    /// Replications of each draw.
    pub n_replications: u32,
    /// The scale of words of likelihood.
    pub words: String,
    /// The view of the baseline; absent for the model's own assumptions.
    pub view: Option<String>,
    /// What the answer was run with besides: see [`LiveFixed`].
    pub fixed: Vec<LiveFixed>,
    /// The checked model as the kernel of the same program restores it: compressed (zlib) and in base64.
    #[serde(default)]
    pub model: String,
    /// Which kernel that is: the first 16 hexadecimal digits of the SHA-256 of the compressed module.
    #[serde(default)]
    pub kernel: String,
    /// What can be moved, in the order of the page.
    pub controls: Vec<LiveControl>,
    /// Views that can be taken.
    pub views: Vec<LiveChoice>,
    /// Policies that can be taken.
    pub policies: Vec<LiveChoice>,
    /// Questions that can be asked; the first is the headline.
    pub questions: Vec<LiveChoice>,
    /// Indicators that can be drawn.
    pub indicators: Vec<LiveChoice>,
    /// The digest of every question and indicator of the baseline.
    pub digests: Vec<LiveDigest>,
    /// The baseline of the first question.
    pub baseline: LiveAnswer,
}

/// A value that was set when the answer was made, such as by `--set`; in base units, so that it is the same to the bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveFixed {
    /// Name of the assumption, lever or mechanism.
    pub name: String,
    /// The element that is set; absent for all.
    pub element: Option<usize>,
    /// The value; for a mechanism the position of the alternative.
    pub value: f64,
}

/// Something that a reader can move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveControl {
    /// Whether it is ours to set or not known.
    pub kind: LiveControlKind,
    /// Name, with its element.
    pub name: String,
    /// In words.
    pub label: String,
    /// Shown unit, singular.
    pub unit: String,
    /// Whether it is shown as a percentage.
    pub is_share: bool,
    /// Lowest value of the slider.
    pub low: f64,
    /// Highest value of the slider.
    pub high: f64,
    /// Where it stands at first: the value of a lever, the median of an assumption.
    pub middle: f64,
    /// Names of the alternatives of a category, whose value is a position; empty for a number.
    pub alternatives: Vec<String>,
    /// What it rests on.
    pub grounds: Vec<LiveGround>,
    /// The modeller's judgement, where there is one.
    pub judgement: Option<String>,
    /// Names of the questions that can be told to hang on it; empty for a lever, which is offered for all.
    pub questions: Vec<String>,
}

/// What kind of thing a control moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveControlKind {
    /// Ours to set.
    Lever,
    /// Not known; the baseline draws it, a moved slider fixes it.
    Assumption,
}

/// A claim that an assumption rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveGround {
    /// Name of the claim.
    pub claim: String,
    /// What it says, in the words of the model.
    pub says: String,
    /// Who said it; absent for the source itself.
    pub speaker: Option<String>,
}

/// One of several things that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveChoice {
    /// Name.
    pub name: String,
    /// In words.
    pub label: String,
}

/// A digest of the numbers of one question or indicator over all runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveDigest {
    /// `question` or `indicator`.
    pub of: String,
    /// Its name.
    pub name: String,
    /// Sixteen hexadecimal digits.
    pub digest: String,
}

/// The answer to one question under some settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveAnswer {
    /// Name of the question.
    pub question: String,
    /// The question in words.
    pub label: String,
    /// The answer in a sentence, or why there is none.
    pub sentence: String,
    /// The answer in a few words: `37 in 100`, `2,530 persons`.
    pub short: String,
    /// How likely it is to have settled by each time; absent for questions about one time.
    pub curve: Option<CurveAnswer>,
    /// Equally likely futures; absent when there is no number or time to show.
    pub dots: Option<LiveDots>,
    /// An indicator over time; absent when the model has none.
    pub fan: Option<LiveFan>,
    /// Runs that finished.
    pub n_runs: usize,
    /// Runs that went non-finite and are left out.
    pub n_failed_runs: usize,
    /// The digests of the question and of the indicator.
    pub digests: Vec<LiveDigest>,
}

/// Equally likely futures of a number or of a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveDots {
    /// Quantiles at (i - 1/2)/n, rising; null is never, and stands last.
    pub values: Vec<Option<f64>>,
    /// Shown unit, singular.
    pub unit: String,
    /// Whether the number is shown as a percentage.
    pub is_share: bool,
    /// Whether it is the time at which something comes, rather than a number.
    pub is_time: bool,
    /// Runs behind the quantiles.
    pub n_runs: usize,
}

/// How a number unfolds over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveFan {
    /// Name of the indicator.
    pub indicator: String,
    /// Its label.
    pub label: String,
    /// Shown unit, singular.
    pub unit: String,
    /// Whether it is shown as a percentage.
    pub is_share: bool,
    /// Times since the start, in `time_unit`.
    pub times: Vec<f64>,
    /// The base time unit of the model, singular.
    pub time_unit: String,
    /// Dates of the times, `YYYY-MM-DD`; empty in an undated model.
    pub dates: Vec<String>,
    /// Central bands, the widest first.
    pub bands: Vec<LiveBand>,
    /// The median at each time; null where no run was finite.
    pub median: Vec<Option<f64>>,
    /// Single futures: the first replications of the first draws.
    pub paths: Vec<Vec<Option<f64>>>,
    /// Runs behind the bands.
    pub n_runs: usize,
}

/// A central band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveBand {
    /// Share of the runs inside, in percent.
    pub percent: u8,
    /// Lower end at each time.
    pub low: Vec<Option<f64>>,
    /// Upper end at each time.
    pub high: Vec<Option<f64>>,
}
