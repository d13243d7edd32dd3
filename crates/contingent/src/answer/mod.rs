//! From ensembles to the answer that is printed, stored and drawn.
//!
//! Enters: a checked model and the results of its experiments. Leaves: an [`Answer`], plain data with a
//! versioned schema. Always holds: the three spreads stay apart, no number stands without its interval, and
//! everything that a reader needs to judge the answer travels with it.

mod build;
mod document;
mod observed;
mod provenance;

pub use build::{BuildError, BuildOptions, build_answer};
pub use document::*;
pub(crate) use provenance::{assumption_of, date_at, iso_date_in_words, parameter_label, when};

#[cfg(test)]
mod tests;
