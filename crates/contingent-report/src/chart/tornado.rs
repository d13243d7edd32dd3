//! The tornado: what an answer hangs on, as the answer in the weakest and the strongest third of each assumption.
//!
//! Enters: [`Tornado`]. Leaves: a figure. Always holds: bars stand in the order given; ties are marked beside their ranks.

use super::shared::{Axis, Frame, Measure};
use crate::figure::{Figure, Table};

/// What a tornado shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is.
    pub measure: Measure,
    /// The answer over all draws.
    pub base: f64,
    /// Assumptions, strongest first.
    pub bars: Vec<Bar>,
    /// The horizontal axis.
    pub axis: Axis,
}

/// One assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The assumption in words.
    pub label: String,
    /// Its rank; tied ones share the first of their ranks.
    pub rank: usize,
    /// Whether its rank is shared.
    pub is_tied: bool,
    /// The answer where the assumption is lowest, or under the alternative with the lowest answer; none is never.
    pub low: Option<f64>,
    /// The answer where it is highest.
    pub high: Option<f64>,
    /// What the ends are called, `low` and `high` by custom, or the names of two alternatives.
    pub ends: [String; 2],
    /// Share of what is not known that it alone accounts for.
    pub share: f64,
    /// Its 95% interval.
    pub interval: super::shared::Span,
}

/// Draws a tornado.
pub fn tornado(data: &Tornado) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
