//! The report document: everything that a page says, as `report.json` holds it.
//!
//! Enters: nothing. Leaves: [`Report`] and its parts. Always holds: `schema` is [`REPORT_SCHEMA`] and changes with the meaning of
//! any field; the page and its other forms are functions of this document alone; an analysis that does not apply to a model is
//! absent, and one that was cut short says so in `notes`; numbers are in the shown unit that stands beside them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Range};
use super::checklists::Checklist;
use super::comparison::ComparisonDocument;
use super::discovery::DiscoveryDocument;
use super::evidence::{EvidenceDocument, GroundKind};
use super::live::Live;
use super::policies::PolicyReport;
use super::watch_list::WatchList;
use crate::map::Map;

/// The schema that this version writes.
pub const REPORT_SCHEMA: &str = "contingent.report/1";

/// Everything that a report says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    #[schemars(extend("const" = REPORT_SCHEMA))]
    pub schema: String,
    /// Who answers for it; absent when nobody was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The command that makes it again.
    pub command: String,
    /// The answer; its first question is the headline.
    pub answer: Answer,
    /// How the indicators unfold under the view of the answer, in model order; empty when nothing was recorded.
    pub fans: Vec<FanRecord>,
    /// How the first indicator unfolds under every view that was run; empty without views.
    pub fans_of_views: Vec<FanRecord>,
    /// The numbers that are asked for as equally likely futures.
    pub futures: Vec<FuturesRecord>,
    /// In what the views differ from the model's own assumptions, in model order.
    pub views: Vec<ViewDifferences>,
    /// Where the gap between the two readings that lie farthest apart in the first question comes from; absent without such a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<ComparisonDocument>,
    /// What to watch; absent when there is no indicator.
    pub watch_list: Option<WatchList>,
    /// The futures in which questions come true; absent when nothing varies.
    pub discovery: Option<DiscoveryDocument>,
    /// Policies under every view; absent without policies.
    pub policies: Option<PolicyReport>,
    /// What the assumptions rest on.
    pub evidence: EvidenceDocument,
    /// Who said what.
    pub claims: Vec<ClaimRecord>,
    /// Where it was printed.
    pub sources: Vec<SourceRecord>,
    /// Every assumption with its grounds.
    pub assumptions: Vec<AssumptionRecord>,
    /// Who and what acts on what; absent when it was not drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Map>,
    /// The model told in prose, its feedback loops among it.
    pub description: Vec<DescriptionSection>,
    /// What the model is to be compared with, or was.
    pub backtest: BacktestRecord,
    /// The texts of the model and of its data.
    pub files: Vec<FileText>,
    /// Reporting checklists, filled in as far as the model goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<Checklist>,
    /// What a page needs to run the model again; absent when it cannot be run there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
    /// What was looked at for a part of the questions or with fewer runs only, and why, in sentences.
    pub notes: Vec<String>,
}

/// How a number unfolds over time: quantiles over runs, and some single futures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FanRecord {
    /// Name of the indicator.
    pub indicator: String,
    /// Its label.
    pub label: String,
    /// Name of the view; absent for the model's own assumptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// Label of the view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view_label: Option<String>,
    /// Shown unit, singular.
    pub unit: String,
    /// Whether it is a share.
    pub is_share: bool,
    /// Times since the start, in `time_unit`.
    pub times: Vec<f64>,
    /// The base time unit of the model, singular.
    pub time_unit: String,
    /// Dates of the times, `YYYY-MM-DD`; empty in an undated model.
    pub dates: Vec<String>,
    /// Central bands, the narrowest first.
    pub bands: Vec<BandRecord>,
    /// The median at each time; null where no run was finite.
    pub median: Vec<Option<f64>>,
    /// Single futures: the first replications of the first draws, chosen without looking.
    pub paths: Vec<Vec<Option<f64>>>,
    /// What was recorded of it, as times since the start with values.
    pub recorded: Vec<[f64; 2]>,
    /// Runs behind the bands.
    pub n_runs: usize,
}

/// A central band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BandRecord {
    /// Share of the runs inside, in percent.
    pub percent: u8,
    /// Lower end at each time.
    pub low: Vec<Option<f64>>,
    /// Upper end at each time.
    pub high: Vec<Option<f64>>,
}

/// A number that is asked for, as equally likely futures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FuturesRecord {
    /// Name of the question.
    pub question: String,
    /// Quantiles at (i - 1/2)/n, rising; null is never, and stands last.
    pub values: Vec<Option<f64>>,
    /// Runs behind them.
    pub n_runs: usize,
}

/// In what a view differs from the model's own assumptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ViewDifferences {
    /// Name of the view.
    pub view: String,
    /// Its label.
    pub label: String,
    /// What it assumes otherwise, in the order of the model.
    pub differences: Vec<Difference>,
}

/// What a view assumes otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Name of the assumption or mechanism.
    pub name: String,
    /// In words.
    pub label: String,
    /// Claims that the view cites for it.
    pub claims: Vec<String>,
    /// The modeller's judgement, where there is one.
    pub judgement: Option<String>,
}

/// Who said what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimRecord {
    /// Name.
    pub name: String,
    /// What was said, in the words of the model, not of the source.
    pub says: String,
    /// Who said it; null for the source itself.
    pub speaker: Option<String>,
    /// The speaker's role.
    pub role: Option<String>,
    /// Name of the source.
    pub source: String,
    /// fact, causal, forecast, conditional, intent or normative.
    pub kinds: Vec<String>,
    /// direct, mixed or reported.
    pub voice: Option<String>,
    /// Its Admiralty grade, or that of its source.
    pub grade: Option<String>,
    /// secondhand, retracted, preliminary.
    pub tags: Vec<String>,
    /// Names of assumptions that rest on it, also in views.
    pub assumptions: Vec<String>,
    /// Names of views that cite it.
    pub views: Vec<String>,
    /// At most this share of what is not known about the headline answer would go if everything that rests on it were settled;
    /// null when it cannot be told.
    pub weight: Option<f64>,
    /// The 95% interval of the weight.
    pub weight_interval: Option<Range>,
    /// Whether the weight can be told from nothing.
    pub distinguishable: bool,
    /// Whether it has pins, so that a reader with a copy can find its words.
    pub is_pinned: bool,
}

/// Where claims were printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceRecord {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: Option<String>,
    /// Date of publication, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Admiralty grade.
    pub grade: Option<String>,
    /// Address.
    pub url: Option<String>,
}

/// An assumption with its grounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssumptionRecord {
    /// Name.
    pub name: String,
    /// In words.
    pub label: String,
    /// How it is grounded.
    pub grounds: GroundKind,
    /// Claims that it cites.
    pub claims: Vec<String>,
    /// The modeller's judgement, where there is one.
    pub judgement: Option<String>,
    /// The largest first-order index of its elements for the headline question, as far as it can be told from none.
    pub index: Option<f64>,
}

/// A section of the model in prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescriptionSection {
    /// Heading.
    pub heading: String,
    /// What it is about: `loops` for the feedback loops, `other` for all else.
    pub about: DescriptionKind,
    /// Paragraphs.
    pub paragraphs: Vec<DescriptionParagraph>,
}

/// What a section of prose is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DescriptionKind {
    /// The feedback loops.
    Loops,
    /// All else.
    Other,
}

/// A paragraph of prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescriptionParagraph {
    /// How it stands.
    pub level: DescriptionLevel,
    /// What it tells of, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whole sentences.
    pub text: String,
}

/// How a paragraph stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DescriptionLevel {
    /// Text of the section.
    Text,
    /// A heading within it.
    Heading,
    /// About one declaration.
    Entry,
    /// A point under the entry before it.
    Point,
}

/// How the model was compared with events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestRecord {
    /// Scores, misses first; empty when nothing was compared yet.
    pub scores: Vec<ScoreRecord>,
    /// What would be compared: per question what is looked up, and when it is due.
    pub due: Vec<DueRecord>,
}

/// A score of a forecast beside that of a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreRecord {
    /// The question in words.
    pub label: String,
    /// Name of the score: `brier`, `crps`.
    pub score: String,
    /// That of the model; lower is better.
    pub value: f64,
    /// That of the baseline.
    pub baseline: f64,
    /// Which baseline.
    pub baseline_name: String,
    /// Whether the model did worse than the baseline.
    pub is_miss: bool,
}

/// A question that events will settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueRecord {
    /// Name of the question.
    pub question: String,
    /// The last day that it is about, in words; absent where the model has no dates.
    pub by: Option<String>,
}

/// A text of the model or of its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileText {
    /// Name, relative to the main file.
    pub name: String,
    /// Whether it is data and not a text of the model.
    pub is_data: bool,
    /// The text.
    pub text: String,
}
