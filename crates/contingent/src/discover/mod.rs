//! From an ensemble to the futures in which something happens: scenario discovery for the questions of a model.
//!
//! Enters: a checked model and the columns of one experiment, from a run or from a run directory. Leaves: a
//! [`DiscoveryDocument`], plain data with a versioned schema and its sentences written out. Always holds: a run and the
//! directory that it was written to give the same document, bit for bit, apart from the place.

mod build;
mod columns;
pub(crate) mod words;

pub use build::{AskedOutcome, BuildOptions, DiscoverError, Found, Wanted, discover_scenarios};
pub use columns::{ExperimentColumns, StoredElsewhere};
pub use contingent_report::document::discovery::*;
