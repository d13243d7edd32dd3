//! Ledgers: what was drafted from a source, what a person decided about it, and where the words stand.
//!
//! Enters: drafts with their text, or the text of a `.claims.toml`. Leaves: [`Ledger`]; the same file with what changed put in
//! and all comments kept. Always holds: no word of the source but names, roles and verbs of saying is in a ledger: claims are
//! positions, counts and hashes until a person writes them in our words; what a person decided is never lost by drafting again.

mod draw;
mod file;
mod same;
mod speakers;

pub use draw::{draw, merge};
pub use file::{LedgerError, VERSION, rename};
pub use same::{SameWords, link_same};
pub use speakers::{Registry, Speaker};

use crate::draft::{Confidence, Kind, Polarity, Voice};
use crate::pin::Pin;

/// Whether a person has decided about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    /// Nobody has looked at it.
    #[default]
    Draft,
    /// Somebody stands by it.
    Accepted,
    /// Somebody threw it out.
    Rejected,
}

/// Characters of the text from the first to the one after the last.
pub type Characters = (usize, usize);

/// A source and everything that was drafted from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Where the claims come from.
    pub source: SourceEntry,
    /// Who speaks, with other names.
    pub speakers: Vec<Speaker>,
    /// What was drafted and decided.
    pub claims: Vec<ClaimEntry>,
    /// What looks like speech and was not drafted.
    pub uncaptured: Vec<Uncaptured>,
}

/// Where claims come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceEntry {
    /// Its name in a model.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When, as `2021-08-31`.
    pub date: Option<String>,
    /// Admiralty grade, such as `C3`.
    pub grade: Option<String>,
    /// Where it stands.
    pub url: Option<String>,
    /// The name of the file that was read.
    pub file: String,
    /// `txt`, `html`, `pdf` or `docx`.
    pub format: String,
    /// How its characters were written.
    pub encoding: String,
    /// SHA-256 of the text in the form in which positions count.
    pub text_sha256: String,
    /// Its length in characters.
    pub characters: usize,
    /// Characters that could not be read.
    pub replaced: usize,
}

/// What somebody is taken to have said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimEntry {
    /// Its name in this ledger, and in a model.
    pub id: String,
    /// Whether a person has decided about it.
    pub state: State,
    /// What was said, in our words.
    pub says: Option<String>,
    /// The speaker's name; none when the source itself speaks or nobody can be named.
    pub speaker: Option<String>,
    /// What the speaker is.
    pub role: Option<String>,
    /// The verb of saying, in its base form.
    pub verb: Option<String>,
    /// What kinds of statement it is.
    pub kinds: Vec<Kind>,
    /// How the words reach the reader.
    pub voice: Voice,
    /// Whether the main statement is negated.
    pub negated: bool,
    /// Actors of a model that it mentions.
    pub actors: Vec<String>,
    /// Admiralty grade of this claim.
    pub grade: Option<String>,
    /// secondhand, retracted, preliminary.
    pub tags: Vec<String>,
    /// Through whom it reached the speaker.
    pub secondhand_of: Option<String>,
    /// Claims that print the same words: `c3` here, `other:c3` in another ledger.
    pub same_as: Vec<String>,
    /// Assumptions of a model that rest on it.
    pub rests: Vec<String>,
    /// Where its words stand.
    pub content: Vec<Characters>,
    /// Where the words stand that point at the speaker.
    pub speaker_at: Option<Characters>,
    /// Where the words stand that mark it as said.
    pub cue_at: Option<Characters>,
    /// Where the words stand by which the speaker weakens it.
    pub hedges: Vec<Characters>,
    /// Conditions that the speaker attached.
    pub conditions: Vec<ConditionEntry>,
    /// What finds its words again.
    pub pins: Vec<Pin>,
    /// Why it was drafted: the pattern.
    pub pattern: String,
    /// How far to trust the draft.
    pub confidence: Confidence,
    /// What a reviewer should look at.
    pub flags: Vec<String>,
    /// What a reviewer noted.
    pub note: Option<String>,
}

/// A condition that the speaker attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionEntry {
    /// Where it stands.
    pub at: Characters,
    /// Whether the claim needs it to hold or not to hold.
    pub polarity: Polarity,
}

/// What looks like speech and was not drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncaptured {
    /// What it is: `quotation` or `cue`.
    pub what: String,
    /// Why nothing came of it.
    pub reason: String,
    /// Where it stands.
    pub at: Characters,
}

impl ClaimEntry {
    /// The place of its first word.
    pub fn start(&self) -> usize {
        self.content.first().map_or(0, |&(start, _)| start)
    }

    /// How many words its pins count that are its own.
    pub fn n_words(&self) -> usize {
        self.pins.iter().map(|pin| pin.words.saturating_sub(pin.before + pin.after)).sum()
    }

    /// The hashes of its pins, one after the other.
    pub(crate) fn fingerprint(&self) -> String {
        self.pins.iter().map(|pin| pin.sha256.as_str()).collect()
    }
}

impl Ledger {
    /// A claim by its name.
    pub fn claim(&self, id: &str) -> Option<&ClaimEntry> {
        self.claims.iter().find(|claim| claim.id == id)
    }

    /// A claim by its name, to change it.
    pub fn claim_mut(&mut self, id: &str) -> Option<&mut ClaimEntry> {
        self.claims.iter_mut().find(|claim| claim.id == id)
    }

    /// How many claims are in a state.
    pub fn n_in(&self, state: State) -> usize {
        self.claims.iter().filter(|claim| claim.state == state).count()
    }
}

/// Names as the file has them.
macro_rules! words {
    ($kind:ident { $($variant:ident $text:literal,)* }) => {
        impl Words for $kind {
            const ALL: &'static [(Self, &'static str)] = &[$(($kind::$variant, $text),)*];
        }
    };
}

/// A choice among words.
pub trait Words: Sized + Copy + PartialEq + 'static {
    /// The words for each.
    const ALL: &'static [(Self, &'static str)];

    /// The word.
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    /// What a word means.
    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
    }
}

words!(State { Draft "draft", Accepted "accepted", Rejected "rejected", });
words!(Kind {
    Fact "fact", Causal "causal", Forecast "forecast", Conditional "conditional", Intent "intent", Normative "normative",
});
words!(Voice { Direct "direct", Mixed "mixed", Reported "reported", });
words!(Confidence { Low "low", Middle "middle", High "high", });
words!(Polarity { Holds "holds", Fails "fails", });

/// The tags that a claim may have.
pub const TAGS: &[&str] = &["secondhand", "retracted", "preliminary"];

/// Whether a text is a grade of the Admiralty scale.
pub fn is_grade(text: &str) -> bool {
    matches!(text.as_bytes(), [b'A'..=b'F', b'1'..=b'6'])
}

/// Whether a text may be the name of a source or a claim: small letters, digits and low lines, beginning with a letter.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A name made of any text, for the name of a source.
pub fn name_of(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            name.push(character);
        } else if !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    let cut = name.char_indices().nth(40).map_or(name.len(), |(at, _)| at);
    let name = name[..cut].trim_end_matches('_');
    if is_name(name) { name.to_owned() } else { format!("source_{name}").trim_end_matches('_').to_owned() }
}
