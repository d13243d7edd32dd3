//! A ruler from 0 to 100 in 100 with the ranges of the words of likelihood and the answer on it.
//!
//! Enters: [`ProbabilityStrip`]. Leaves: a figure. Always holds: words stand with their ranges.

use super::shared::{Frame, Span};
use crate::figure::{Figure, Table};

/// What a ruler shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityStrip {
    /// Where it stands.
    pub frame: Frame,
    /// What is asked, in words.
    pub title: String,
    /// The scale, in rising order; [`WordRange::icd203`] by custom.
    pub words: Vec<WordRange>,
    /// The answer, 0..1.
    pub value: f64,
    /// Its 95% simulation interval.
    pub interval: Option<Span>,
    /// The lowest and highest answer over rival views.
    pub views: Option<Span>,
    /// What usually happens.
    pub base_rate: Option<Span>,
}

/// A word of likelihood with its range in percent.
#[derive(Clone, Debug, PartialEq)]
pub struct WordRange {
    /// The word.
    pub word: String,
    /// Lower end in percent.
    pub low: f64,
    /// Upper end in percent.
    pub high: f64,
}

impl WordRange {
    /// The seven words of Intelligence Community Directive 203 (2015).
    pub fn icd203() -> Vec<Self> {
        [
            ("almost no chance", 0.0, 5.0),
            ("very unlikely", 5.0, 20.0),
            ("unlikely", 20.0, 45.0),
            ("roughly even chance", 45.0, 55.0),
            ("likely", 55.0, 80.0),
            ("very likely", 80.0, 95.0),
            ("almost certain", 95.0, 100.0),
        ]
        .into_iter()
        .map(|(word, low, high)| Self { word: word.to_owned(), low, high })
        .collect()
    }
}

/// Draws a probability on the ruler of words.
pub fn probability_strip(data: &ProbabilityStrip) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
