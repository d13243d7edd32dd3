//! The driver: opens and checks models, builds answers and renders them.
//!
//! Enters: paths and settings from the command line. Leaves: documents and text. Always holds: data flows
//! one way, from text over the checked model, programs and ensembles to the answer; the command line only
//! sequences these phases.

pub mod answer;
pub mod causal_map;
pub mod checklists;
pub mod claims;
pub mod compare;
pub mod conformance;
pub mod council;
pub mod describe;
pub mod diagnostics;
pub mod discover;
pub mod dump;
pub mod evidence;
pub mod exchange;
pub mod explanation;
pub mod layout;
pub mod lint;
pub mod live;
pub mod lsp;
pub mod observed;
pub mod policies;
pub mod project;
pub mod reference;
pub mod render;
pub mod report;
pub mod run_summary;
pub mod schemas;
pub mod sensitivity;
mod sentence;
pub mod simulation;
mod table;
pub mod template;
pub mod verified;
pub mod watch;
