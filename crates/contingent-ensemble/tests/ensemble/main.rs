//! The ensemble crate from outside: designs, runs and run directories of a small model built by hand.

#![expect(clippy::unwrap_used, reason = "what fails in the helpers of a test fails the test")]

mod design;
mod digests;
mod experiment;
mod points;
mod run;
mod run_directory;
mod stream;
mod support;
