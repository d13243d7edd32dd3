//! Designs, replications, threads, result columns and the run directory.
//!
//! Enters: a `CheckedModel`, an [`Experiment`] (a view, a policy, settings) and a [`Design`] (seed, draws,
//! replications). Leaves: an [`EnsembleResult`], columns of numbers in base units, and on request a run
//! directory of Parquet tables. Always holds: the same model, experiment and design give the same bits for
//! any number of threads; the draws of an assumption depend on the seed, its name and what it is correlated
//! with, never on which other declarations exist or in which order they stand; only `store` touches files. Without the
//! feature `native` there are neither threads nor a store: that is what runs in a browser.

pub mod design;
pub mod error;
pub mod experiment;
#[cfg(feature = "native")]
pub mod manifest;
#[cfg(feature = "native")]
pub mod points;
pub mod run;
pub mod series;
mod spread;
#[cfg(feature = "native")]
pub mod store;
#[cfg(feature = "native")]
pub mod stream;

pub use design::Design;
pub use error::Error;
pub use experiment::{BASE_VIEW, Experiment, NO_POLICY, Settings};
#[cfg(feature = "native")]
pub use manifest::{Manifest, RUN_SCHEMA};
#[cfg(feature = "native")]
pub use points::{Points, PointsResult, run_points};
#[cfg(feature = "native")]
pub use run::with_threads;
pub use run::{Compiled, EnsembleResult, Failure, RunOptions, run_experiment, run_part};
pub use series::{SeriesSummary, Summary};
#[cfg(feature = "native")]
pub use store::{RunDirectory, RunStream};
#[cfg(feature = "native")]
pub use stream::{Part, Totals, stream_experiment};
