//! Reporting checklists: what `contingent describe --checklist --format json` prints and a page sets at its end.
//!
//! Enters: nothing. Leaves: [`Checklist`] and its parts. Always holds: the items of a standard stand in its order; what an item asks
//! is in our own words; what is filled in follows from the model, its design and its answer alone; an item that nothing fills says
//! what the modeller would write.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema that this version writes.
pub const CHECKLIST_SCHEMA: &str = "contingent.checklist/1";

/// A standard of reporting, filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checklist {
    /// [`CHECKLIST_SCHEMA`].
    #[schemars(extend("const" = CHECKLIST_SCHEMA))]
    pub schema: String,
    /// Which standard: `odd`, `stress-sd` or `trace`.
    pub standard: String,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub source: String,
    /// Title of the model.
    pub model: String,
    /// The items, in the order of the standard.
    pub items: Vec<ChecklistItem>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistItem {
    /// Its number in the standard.
    pub number: String,
    /// Its heading.
    pub heading: String,
    /// What it asks for, in our own words.
    pub asks: String,
    /// What the model says, in sentences; each a paragraph.
    pub filled: Vec<String>,
    /// What is not stated, and what the modeller would write to state it.
    pub missing: Vec<MissingRecord>,
}

/// Something that is not stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingRecord {
    /// What is not stated, as a phrase.
    pub what: String,
    /// What to write.
    pub write: String,
}

impl Checklist {
    /// Items of which nothing is missing.
    pub fn n_complete(&self) -> usize {
        self.items.iter().filter(|item| item.missing.is_empty()).count()
    }
}
