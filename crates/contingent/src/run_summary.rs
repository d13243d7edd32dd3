//! What `contingent run --format json` prints.
//!
//! Enters: nothing. Leaves: [`RunSummary`]. Always holds: `schema` is [`RUN_SUMMARY_SCHEMA`] and changes with the
//! meaning of any field.

use std::path::PathBuf;

pub use contingent_report::document::ModelIdentity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema that this version writes.
pub const RUN_SUMMARY_SCHEMA: &str = "contingent.run-summary/1";

/// An ensemble that was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunSummary {
    /// [`RUN_SUMMARY_SCHEMA`].
    #[schemars(extend("const" = RUN_SUMMARY_SCHEMA))]
    pub schema: String,
    /// Which model was run.
    pub model: ModelIdentity,
    /// Key of every random stream.
    pub seed: u64,
    /// Runs that finished.
    pub n_runs: usize,
    /// Whether all runs that were planned finished.
    pub complete: bool,
    /// Share of the runs that went non-finite.
    pub failed_share: f64,
    /// Share of the runs in which outflows were scaled down to what was there.
    pub clipped_share: f64,
    /// Where the tables were written.
    pub run_directory: PathBuf,
}
