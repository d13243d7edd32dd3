//! What could be done: policies and their combinations across views and across what we do not know.
//!
//! Enters: a checked model, what is aimed at, and a way to run an experiment. Leaves: a [`PolicyReport`], plain data with
//! a versioned schema. Always holds: every alternative is run with the same draws and the same chance as doing nothing,
//! and compared with it run by run; regret and the value of knowledge are told only for what is aimed at, since nothing
//! else says which way is better.

mod alternatives;
mod build;
mod objective;
mod search;
mod tables;

pub use alternatives::{Alternative, Alternatives};
pub use build::{PoliciesError, PolicyOptions, policy_report};
pub use contingent_report::document::policies::*;
pub use objective::{Objective, Sense, Threshold};
pub use search::{RunSetting, search};
pub use tables::tables;
