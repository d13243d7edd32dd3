//! From ensembles to the answer that is printed, stored and drawn.
//!
//! Enters: a checked model and the results of its experiments. Leaves: an [`Answer`], plain data with a
//! versioned schema. Always holds: the three spreads stay apart, no number stands without its interval, and
//! everything that a reader needs to judge the answer travels with it.

mod build;
mod knowledge;
mod observed;
mod provenance;

pub use build::{BuildError, BuildOptions, build_answer};
pub use contingent_report::document::answer::*;
pub use contingent_report::document::answer_parts::*;
pub(crate) use contingent_report::words::iso_date_in_words;
pub use provenance::date_at;
pub(crate) use provenance::{assumption_of, parameter_label, when};

#[cfg(test)]
mod tests;
