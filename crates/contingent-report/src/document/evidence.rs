//! What `contingent evidence --format json` prints.
//!
//! Enters: nothing. Leaves: [`EvidenceDocument`]. Always holds: `schema` is [`EVIDENCE_SCHEMA`] and changes with the meaning of
//! any field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ModelIdentity;

/// The schema that this version writes.
pub const EVIDENCE_SCHEMA: &str = "contingent.evidence/1";

/// What the assumptions of a model rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceDocument {
    /// [`EVIDENCE_SCHEMA`].
    #[schemars(extend("const" = EVIDENCE_SCHEMA))]
    pub schema: String,
    /// Which model it is.
    pub model: ModelIdentity,
    /// The findings in sentences.
    pub sentences: Vec<String>,
    /// What an analyst should look at.
    pub warnings: Vec<EvidenceWarning>,
    /// How the assumptions are grounded.
    pub shares: GroundShares,
    /// Who speaks, by how many assumptions rest on it.
    pub speakers: Vec<SpeakerEvidence>,
    /// Where it was printed.
    pub sources: Vec<SourceEvidence>,
    /// Every assumption, in the order of the model.
    pub assumptions: Vec<AssumptionEvidence>,
    /// Claims that nothing cites.
    pub uncited_claims: Vec<String>,
    /// What the answers of a run hang on, with its grounds; empty without a run.
    pub answers: Vec<AnswerEvidence>,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceWarning {
    /// What it is about.
    pub kind: WarningKind,
    /// The assumption.
    pub assumption: Option<String>,
    /// The claim.
    pub claim: Option<String>,
    /// In words.
    pub text: String,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// A claim about what should be grounds what will be.
    NormativeAsForecast,
    /// A claim that was taken back is cited.
    RetractedCited,
    /// Several claims are cited that have one origin.
    OneOrigin,
    /// An answer hangs on what has no source.
    AnswerOnJudgement,
    /// An answer hangs on what is doubtful.
    AnswerOnDoubtful,
}

/// How the assumptions are grounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroundShares {
    /// How many there are.
    pub n_assumptions: usize,
    /// A claim states the number.
    pub n_sourced: usize,
    /// The number is our reading of a claim.
    pub n_our_reading: usize,
    /// Judgement alone.
    pub n_judgement_only: usize,
    /// The share of those that are judgement alone; null when there is none.
    pub judgement_share: Option<f64>,
}

/// How an assumption is grounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroundKind {
    /// A claim states the number.
    Sourced,
    /// The number is our reading of a claim.
    OurReading,
    /// Judgement alone.
    Judgement,
}

/// Somebody who speaks, and what rests on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpeakerEvidence {
    /// The name; null for what sources say themselves.
    pub name: Option<String>,
    /// The role.
    pub role: Option<String>,
    /// Claims.
    pub claims: Vec<String>,
    /// Sources that print them.
    pub sources: Vec<String>,
    /// Assumptions that cite them, also in views.
    pub assumptions: Vec<String>,
    /// Assumptions that cite nobody else.
    pub alone: Vec<String>,
}

/// A source, and what rests on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceEvidence {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its grade.
    pub grade: Option<String>,
    /// How many claims it prints.
    pub n_claims: usize,
    /// How many of them are cited.
    pub n_cited: usize,
    /// How many have pins.
    pub n_pinned: usize,
    /// Assumptions that cite them, also in views.
    pub assumptions: Vec<String>,
}

/// An assumption and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssumptionEvidence {
    /// Its name.
    pub name: String,
    /// What it is called in words.
    pub label: String,
    /// How it is grounded.
    pub grounds: GroundKind,
    /// Claims that it cites, also in views.
    pub claims: Vec<String>,
    /// Their speakers.
    pub speakers: Vec<String>,
    /// Their sources.
    pub sources: Vec<String>,
    /// How many of them are independent of each other.
    pub n_origins: usize,
    /// Their grades, each once.
    pub grades: Vec<String>,
    /// Views that read it otherwise.
    pub views: Vec<String>,
}

/// An answer of a run and the grounds of what it hangs on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerEvidence {
    /// The question.
    pub question: String,
    /// Its text.
    pub label: String,
    /// What it hangs on, most first.
    pub hangs_on: Vec<HangsOnEvidence>,
    /// The sum of the first-order indices of what is judgement alone, as far as distinguishable; null when nothing is.
    pub judgement_index: Option<f64>,
}

/// An assumption on which an answer hangs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HangsOnEvidence {
    /// The assumption, with its element.
    pub assumption: String,
    /// Its first-order index.
    pub index: f64,
    /// How it is grounded.
    pub grounds: GroundKind,
    /// Claims that it cites.
    pub claims: Vec<String>,
    /// How many of them are independent of each other.
    pub n_origins: usize,
    /// Their grades.
    pub grades: Vec<String>,
}
