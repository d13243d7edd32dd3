//! What the answers of a model hang on: assumptions, or groups of them, in order of what they account for.
//!
//! Enters: a checked model, and the columns of an ensemble or the outcomes over a design made for the purpose. Leaves: a
//! [`SensitivityDocument`], plain data with a versioned schema and its sentences written out. Always holds: chance is in
//! no index; what cannot be told apart is said to be tied; the same runs give the same document for any number of threads.

mod build;
mod designed;
mod factors;
mod tables;
pub(crate) mod words;

pub use build::{
    Asked, BuildOptions, Subject, answers_a_question, from_columns, from_design, from_stored_alone,
};
pub use contingent_report::document::sensitivity::*;
pub use designed::{DesignKind, DesignedRuns, Plan, run_design};
pub(crate) use factors::group_key;
pub use factors::{Factor, Factors, GroupBy, factors};
pub use tables::tables;
