//! What the assumptions of a model rest on.
//!
//! Enters: a checked model, and what a run found its answers to hang on, if there is one. Leaves: an [`EvidenceDocument`], plain data
//! with a versioned schema and its sentences written out, and its text. Always holds: nothing is added up across grades; claims that
//! repeat each other count as one origin.

mod build;
mod origins;
mod render;

pub use build::{StoredAnswer, StoredIndex, StoredModel, StoredQuestion, build_evidence};
pub use contingent_report::document::evidence::*;
pub use render::render_evidence;
