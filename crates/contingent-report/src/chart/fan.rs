//! The fan: how a number could unfold over time.
//!
//! Enters: [`Fan`]. Leaves: a figure with bands, a median, sample paths, what was recorded, thresholds and a ghost of the baseline.
//! Always holds: groups are `<g class="bands">`, `"paths"`, `"recorded"`, `"ghost"`, `"marks"` and the median is
//! `<path class="median">`, in that stable order, each present only when there is something in it.

use super::shared::{Axis, Frame, Measure, Point, Times};
use crate::figure::{Figure, Table};

/// What a fan shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words: `Fighters of Daesh-K`.
    pub title: String,
    /// What the numbers are.
    pub measure: Measure,
    /// The times of all bands and paths.
    pub times: Times,
    /// Central bands, in any order.
    pub bands: Vec<Band>,
    /// The median at each time; none where no run was finite.
    pub median: Vec<Option<f64>>,
    /// Single futures, six to nine of them, chosen without looking at them.
    pub paths: Vec<Vec<Option<f64>>>,
    /// What was recorded before the start or is compared with; drawn in black.
    pub recorded: Vec<Point>,
    /// The level that a question is about.
    pub threshold: Option<Threshold>,
    /// The median of the baseline, drawn behind the fan when other settings are shown.
    pub ghost: Option<Vec<Option<f64>>>,
    /// Times that matter, such as the last day of the question.
    pub marks: Vec<Mark>,
    /// The vertical axis.
    pub axis: Axis,
    /// Runs behind the bands.
    pub n_runs: usize,
}

/// A central band.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The share of runs inside, in percent: 50, 80, 95.
    pub percent: u8,
    /// Lower end at each time.
    pub low: Vec<Option<f64>>,
    /// Upper end at each time.
    pub high: Vec<Option<f64>>,
}

/// A level, drawn as a dashed line with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The level, in the unit of the chart.
    pub value: f64,
    /// In words.
    pub label: String,
}

/// A time that matters.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Time since the start.
    pub time: f64,
    /// In words.
    pub label: String,
}

/// Draws a fan.
pub fn fan(data: &Fan) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
