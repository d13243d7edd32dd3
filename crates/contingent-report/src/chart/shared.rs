//! What the data of all charts have in common: frames, measures, axes, times.
//!
//! Enters: nothing. Leaves: plain types. Always holds: numbers are in the shown unit; a probability or share is 0..1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a chart is to stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Frame {
    /// The id of the drawing, unique on its page; letters, digits, `-`, `_` and `.` only, others are replaced.
    pub id: String,
    /// Width in pixels at which letters have their natural size; 320 at least. The drawing scales to the width it is given; a
    /// page with wide and narrow readers draws a chart at two widths.
    pub width: f64,
}

/// What a number means and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A probability 0..1, written as a count of 100.
    InHundred,
    /// A share 0..1, written as a percentage.
    Percent,
    /// A number with its unit in the singular as the documents have it, such as `fighter` or `event/week`; empty or `1` for none.
    Number {
        /// The unit.
        unit: String,
    },
}

impl Measure {
    /// The measure of a question: a probability when there is no unit.
    pub fn of_question(unit: Option<&str>) -> Self {
        unit.map_or(Self::InHundred, |unit| Self::of_unit(unit, unit == "share" || unit == "probability"))
    }

    /// The measure of an indicator.
    pub fn of_unit(unit: &str, is_share: bool) -> Self {
        if is_share { Self::Percent } else { Self::Number { unit: unit.to_owned() } }
    }
}

/// The two ends of an axis, in the unit of its numbers. What lies outside is drawn at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Left or lower end.
    pub low: f64,
    /// Right or upper end.
    pub high: f64,
    /// Whether equal distances are equal ratios; then both ends are above zero.
    pub is_log: bool,
}

/// An interval of simulation error, or another range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Points in time, as a run records them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// Times since the start, rising, in `unit`.
    pub values: Vec<f64>,
    /// The base time unit of the model, singular: `week`.
    pub unit: String,
    /// Dates of the times, `YYYY-MM-DD`, as many as `values`; empty in an undated model.
    pub dates: Vec<String>,
}

/// A value at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Time since the start; negative before it.
    pub time: f64,
    /// Its value.
    pub value: f64,
}
