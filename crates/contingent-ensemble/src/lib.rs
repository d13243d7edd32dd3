//! Designs, replications, threads, result columns and the run directory.
//!
//! Enters: a `CheckedModel`, an [`Experiment`] (a view, a policy, settings) and a [`Design`] (seed, draws,
//! replications). Leaves: an [`EnsembleResult`], columns of numbers in base units, and on request a run
//! directory of Parquet tables. Always holds: the same model, experiment and design give the same bits for
//! any number of threads; the draws of an assumption depend on the seed, its name and what it is correlated
//! with, never on which other declarations exist or in which order they stand; only [`store`] touches files.

pub mod design;
pub mod error;
pub mod experiment;
pub mod manifest;
pub mod points;
pub mod run;
pub mod series;
pub mod store;
pub mod stream;

pub use design::Design;
pub use error::Error;
pub use experiment::{BASE_VIEW, Experiment, NO_POLICY, Settings};
pub use manifest::{Manifest, RUN_SCHEMA};
pub use points::{Points, PointsResult, run_points};
pub use run::{EnsembleResult, Failure, RunOptions, run_experiment, with_threads};
pub use series::{SeriesSummary, Summary};
pub use store::{RunDirectory, RunStream};
pub use stream::{Part, Totals, stream_experiment};
