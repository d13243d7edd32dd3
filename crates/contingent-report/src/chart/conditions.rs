//! A scenario box as small range bars, to stand beside its sentence.
//!
//! Enters: [`Conditions`]. Leaves: a figure. Always holds: one row per condition, in the order given.

use super::shared::{Frame, Span};
use crate::figure::{Figure, Table};

/// What a box demands.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// One row per assumption that is restricted.
    pub rows: Vec<Condition>,
}

/// What is demanded of one assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The assumption in words.
    pub label: String,
    /// The condition in words: `above 22% per year`.
    pub words: String,
    /// All values that were tried, or their middle nine tenths; none for a category.
    pub range: Option<Span>,
    /// Values at or below it lie outside.
    pub low: Option<f64>,
    /// Values at or above it lie outside.
    pub high: Option<f64>,
    /// Alternatives of a category with whether they lie inside; empty for a number.
    pub alternatives: Vec<(String, bool)>,
}

/// Draws the conditions of a box.
pub fn conditions(data: &Conditions) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
