//! Views side by side, and where the gap between two of them comes from.
//!
//! Enters: a checked model and the experiments to compare. Leaves: a [`ComparisonDocument`], plain data with a versioned
//! schema and its sentences written out. Always holds: everything compared is run over the same draws and the same chance;
//! the parts of a gap sum to it, as numbers and as printed; views are pooled only with weights that were given.

mod build;
mod groups;
mod run;
mod tables;
pub(crate) mod words;

pub use build::{BuildOptions, build_comparison};
pub use contingent_report::document::comparison::*;
pub use groups::{DifferingGroup, differing_groups};
pub use run::{CompareError, Compared, GapRuns, ViewRuns, run_gap, run_views, stored_views};
pub use tables::tables;
