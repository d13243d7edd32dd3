//! What `contingent claims verify --format json` prints, and its short form in an answer.
//!
//! Enters: nothing. Leaves: [`Verification`]. Always holds: `schema` is [`VERIFICATION_SCHEMA`] and changes with the meaning of
//! any field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema that this version writes.
pub const VERIFICATION_SCHEMA: &str = "contingent.verification/1";

/// The claims of a ledger or a model, held against copies of their sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verification {
    /// [`VERIFICATION_SCHEMA`].
    #[schemars(extend("const" = VERIFICATION_SCHEMA))]
    pub schema: String,
    /// The copies, in the order in which they were given.
    pub copies: Vec<CopySummary>,
    /// Every claim that was not rejected.
    pub claims: Vec<ClaimCheck>,
    /// How many claims came out how.
    pub counts: Counts,
    /// The result in a sentence.
    pub sentence: String,
}

/// The short form of a [`Verification`], as it stands in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerificationSummary {
    /// The result in a sentence.
    pub sentence: String,
    /// How many claims came out how.
    pub counts: Counts,
    /// The copies.
    pub copies: Vec<CopySummary>,
}

impl From<Verification> for VerificationSummary {
    fn from(verification: Verification) -> Self {
        Self { sentence: verification.sentence, counts: verification.counts, copies: verification.copies }
    }
}

/// A copy that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CopySummary {
    /// Name of the file.
    pub file: String,
    /// The source that it was held against; null when none of its claims are in it.
    pub source: Option<String>,
    /// SHA-256 of its text in the form in which positions count.
    pub text_sha256: String,
    /// Its length in characters.
    pub n_characters: usize,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its words stand where they stood.
    Found,
    /// Its words stand elsewhere.
    Moved,
    /// Something like its words is there.
    Changed,
    /// Nothing like its words is there.
    Missing,
    /// It has no pin.
    NoPin,
    /// No copy of its source was given.
    NoCopy,
}

/// A claim and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimCheck {
    /// Its name.
    pub claim: String,
    /// Its source.
    pub source: String,
    /// What became of it.
    pub verdict: Verdict,
    /// The file in which it was found; null when it was not.
    pub file: Option<String>,
    /// Where each part of it stands, in characters from the start of the text.
    pub places: Vec<[usize; 2]>,
    /// Whether case and punctuation agree too; null when that is not known.
    pub strictly: Option<bool>,
    /// Of changed words: the part of what is remembered that is still there.
    pub similarity: Option<f64>,
}

/// How many claims came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Their words stand where they stood.
    pub found: usize,
    /// Their words stand elsewhere.
    pub moved: usize,
    /// Something like their words is there.
    pub changed: usize,
    /// Nothing like their words is there.
    pub missing: usize,
    /// They have no pin.
    pub no_pin: usize,
    /// No copy of their source was given.
    pub no_copy: usize,
}

impl Counts {
    /// Claims whose words are there.
    pub fn n_verified(&self) -> usize {
        self.found + self.moved
    }

    /// Claims that could be checked.
    pub fn n_checked(&self) -> usize {
        self.n_verified() + self.changed + self.missing
    }

    /// Whether a claim's words are not there as they were.
    pub fn is_failed(&self) -> bool {
        self.changed + self.missing > 0
    }
}
