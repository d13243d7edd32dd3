//! The report: everything that a page says, from the results of one answer.
//!
//! Enters: a checked model with its texts, the results of its experiments, the answer built from them. Leaves: a [`Report`], plain
//! data with a versioned schema. Always holds: an analysis that does not apply is absent; one that was cut short says so in the
//! notes; the page is a function of the report alone, so that it can be drawn again without running anything.

mod build;
mod evidence;
mod fans;
mod prose;

pub use build::{ReportOptions, ReportSources, build_report};
pub use contingent_report::document::report::*;

/// The name of the page in a run directory.
pub const PAGE: &str = "report.html";

/// The name of the document in a run directory.
pub const DOCUMENT: &str = "report.json";
