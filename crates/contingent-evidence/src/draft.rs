//! A draft: what a machine takes somebody to have said, before a person has looked at it.
//!
//! Always holds: spans are in bytes of the text they were drawn from, on character boundaries; a draft says why it was made.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What kind of statement a claim is (`kind` of a claim in the language).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something is or was so.
    Fact,
    /// Something brings something else about.
    Causal,
    /// Something will be so.
    Forecast,
    /// Something will be so if something else is.
    Conditional,
    /// The speaker's side means to do something.
    Intent,
    /// Something should be so.
    Normative,
}

/// How the words reach the reader (`voice` of a claim in the language).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// Quoted whole.
    Direct,
    /// Partly quoted, partly told.
    Mixed,
    /// Told without quotation.
    Reported,
}

/// How far a draft is to be trusted before anybody has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The pattern is often something else.
    Low,
    /// The pattern is usually right, something in it was guessed.
    Middle,
    /// The pattern is rarely wrong and nothing was guessed.
    High,
}

/// A condition that the speaker attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Where it stands.
    pub span: Range<usize>,
    /// Whether the claim needs it to hold ("if", "as long as") or not to hold ("unless", "without").
    pub polarity: Polarity,
}

/// Whether a claim needs its condition to hold or not to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// The claim needs the condition to hold.
    Holds,
    /// The claim needs the condition not to hold.
    Fails,
}

/// What a machine takes somebody to have said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The words of the claim: one span, or several where an attribution interrupts a quotation.
    pub content: Vec<Range<usize>>,
    /// The speaker as resolved over the whole text; absent where nobody can be named.
    pub speaker: Option<String>,
    /// The words that point at the speaker here ("he", "the analyst", "Ali").
    pub speaker_span: Option<Range<usize>>,
    /// What the text says the speaker is.
    pub role: Option<String>,
    /// The words that mark it as said ("said", "according to").
    pub cue: Option<Range<usize>>,
    /// The cue's verb in its base form.
    pub verb: Option<String>,
    /// What kind of statement.
    pub kind: Kind,
    /// How the words reach the reader.
    pub voice: Voice,
    /// Words by which the speaker weakens it ("may", "probably").
    pub hedges: Vec<Range<usize>>,
    /// Conditions that the speaker attached.
    pub conditions: Vec<Condition>,
    /// Whether the main statement is negated.
    pub negated: bool,
    /// Names of a model's actors that the claim mentions, in the model's spelling.
    pub actors: Vec<String>,
    /// The person through whom this reached the speaker, for words reported at second hand.
    pub secondhand_of: Option<String>,
    /// Why the draft was made: the pattern's name.
    pub pattern: &'static str,
    /// How far to trust it.
    pub confidence: Confidence,
    /// What a reviewer should look at ("stops before 'unless'").
    pub flags: Vec<String>,
}
