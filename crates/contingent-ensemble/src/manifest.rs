//! The manifest of a run directory: what was run, and which files hold it.
//!
//! Enters: nothing. Leaves: [`Manifest`], which is written to and read from `manifest.json`. Always holds:
//! `schema` is [`RUN_SCHEMA`] and changes with the meaning of any field; every file of the directory but the
//! manifest itself is listed, with `/` between the parts of its path on every system.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The schema of the manifest that this version writes.
pub const RUN_SCHEMA: &str = "contingent.run/1";

pub use contingent_engine::STREAM_VERSION;

/// What a run directory holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`RUN_SCHEMA`].
    pub schema: String,
    /// The model that was run.
    pub model: ModelRecord,
    /// The seed of every random stream.
    pub seed: u64,
    /// Version of the program that wrote this.
    pub version: String,
    /// [`STREAM_VERSION`]: equal versions, models and designs give equal bits.
    pub stream_version: u32,
    /// What ran the program; no number depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// Draws and replications of every experiment.
    pub design: DesignRecord,
    /// What was run, in the order in which it was written.
    pub experiments: Vec<ExperimentRecord>,
    /// Finished runs of all experiments.
    pub n_runs: u64,
    /// Whether every experiment finished every run of the design.
    pub complete: bool,
    /// Every other file, in the order in which it was written.
    pub files: Vec<FileRecord>,
}

/// Which model was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Its title.
    pub title: String,
    /// SHA-256 over its texts, lower-case hexadecimal.
    pub hash: String,
}

/// The size of a design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignRecord {
    /// How draws are placed.
    pub method: String,
    /// Draws of the assumptions.
    pub n_draws: u32,
    /// Replications of each draw.
    pub n_replications: u32,
}

/// One experiment and how it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentRecord {
    /// Name of the view; `base` for the model's own assumptions.
    pub view: String,
    /// Name of the policy; `none` for the levers as declared.
    pub policy: String,
    /// What the caller fixed.
    pub settings: SettingsRecord,
    /// Runs that finished, the first ones of the design.
    pub n_finished_runs: u64,
    /// Finished runs that went non-finite; their outcomes are null.
    pub n_failed_runs: u64,
    /// Finished runs in which an outflow was scaled down.
    pub n_clipped_runs: u64,
    /// First runs whose trajectories were kept.
    pub n_kept_runs: u64,
    /// The first failures, at most [`ExperimentRecord::MOST_FAILURES`].
    pub first_failures: Vec<FailureRecord>,
}

impl ExperimentRecord {
    /// Failures that a manifest describes; the number of all is in `n_failed_runs`.
    pub const MOST_FAILURES: usize = 20;
}

/// What the caller fixed, by name. Numbers are in shown units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsRecord {
    /// Assumptions, or elements of them such as `share[kabul]`; a category by the position of its alternative.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assumptions: BTreeMap<String, f64>,
    /// Levers, or elements of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub levers: BTreeMap<String, f64>,
    /// Mechanisms and their alternatives.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mechanisms: BTreeMap<String, String>,
}

/// A run that went non-finite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailureRecord {
    /// Its draw.
    pub draw: u32,
    /// Its replication.
    pub replication: u32,
    /// When, in the time unit of the model.
    pub time: f64,
    /// What became non-finite first.
    pub variable: String,
    /// Why.
    pub cause: String,
}

/// One file of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Relative path.
    pub path: String,
    /// Size.
    pub n_bytes: u64,
    /// Rows, when it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_rows: Option<u64>,
    /// Columns in order, when it is a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnRecord>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRecord {
    /// Its name.
    pub name: String,
    /// `int32`, `double` or `string`.
    #[serde(rename = "type")]
    pub physical_type: String,
    /// The unit of its numbers; `1` when they have none.
    pub unit: String,
}
