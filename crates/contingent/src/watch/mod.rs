//! What to watch: indicators on given days against questions that are still open then.
//!
//! Enters: a checked model and the runs of one experiment with trajectories, just run or from a run directory. Leaves: a
//! [`WatchList`], plain data with a versioned schema. Always holds: a signal is judged over the runs in which the
//! question was still open on its day; over all signals of a question the chance of a false alarm is at most 5%.

mod build;
mod columns;
mod tables;

pub use build::{WatchOptions, watch_list};
pub use columns::WatchColumns;
pub use contingent_report::document::watch_list::*;
pub use tables::tables;
