//! What became of each part of a model on its way into or out of the language.
//!
//! Enters: nothing. Leaves: [`Note`]s and the [`Report`] of them. Always holds: a note names its place and says why.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

/// How much a note weighs, the heaviest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It could not be carried over, and without it the model would be another: nothing is written.
    Refused,
    /// It was carried over as something else; numbers may differ.
    Changed,
    /// It was left out; numbers are the same.
    Lost,
    /// It was written in another form; numbers are the same.
    Rewritten,
}

impl Weight {
    /// Every weight, the heaviest first.
    pub const ALL: [Self; 4] = [Self::Refused, Self::Changed, Self::Lost, Self::Rewritten];

    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Refused => "could not be carried over",
            Self::Changed => "carried over as something else; numbers may differ",
            Self::Lost => "left out; numbers are the same",
            Self::Rewritten => "written in another form; numbers are the same",
        }
    }
}

/// What became of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// How much it weighs.
    pub weight: Weight,
    /// Line of the file, from 1; 0 where there is none.
    pub line: usize,
    /// The variable or part.
    pub place: String,
    /// What became of it, and why.
    pub reason: String,
}

impl Note {
    pub(crate) fn new(weight: Weight, line: usize, place: &str, reason: &str) -> Self {
        Self { weight, line, place: place.to_owned(), reason: reason.to_owned() }
    }
}

/// All notes of one import or export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// The notes, the heaviest first, then in the order of the file.
    pub notes: Vec<Note>,
}

impl Report {
    pub(crate) fn of(mut notes: Vec<Note>) -> Self {
        notes.sort_by_key(|a| (a.weight, a.line));
        notes.dedup();
        Self { notes }
    }

    /// Whether something could not be carried over.
    pub fn is_refused(&self) -> bool {
        self.notes.iter().any(|note| note.weight == Weight::Refused)
    }

    /// The report for people; empty when there is nothing to say.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for weight in Weight::ALL {
            let notes: Vec<&Note> = self.notes.iter().filter(|note| note.weight == weight).collect();
            if notes.is_empty() {
                continue;
            }
            let _ = writeln!(text, "{}:", weight.title());
            for note in notes {
                let line = if note.line == 0 { String::new() } else { format!("line {}, ", note.line) };
                let _ = writeln!(text, "  {line}`{}`: {}", note.place, note.reason);
            }
        }
        text
    }
}
