//! A scenario box as small range bars, to stand beside its sentence.
//!
//! Enters: [`Conditions`]. Leaves: a figure. Always holds: one row per condition, in the order given.

use super::draw::{Drawing, Words};
use super::rows::Rows;
use super::scale::Ruler;
use super::shared::{Axis, Frame, Span};
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
    let mut drawing = Drawing::new(&data.frame);
    let rows =
        Rows::new(&drawing, data.rows.iter().map(|row| (row.label.as_str(), row.words.as_str(), false)), 0.0);
    let top = 2.0;
    for (i, row) in data.rows.iter().enumerate() {
        drawing.open("row");
        let y = rows.draw_label(&mut drawing, i, top);
        if row.alternatives.is_empty() {
            drawing.rectangle("whole", (rows.left, y - 5.0), (rows.right - rows.left, 10.0), 3.0);
            if let Some(range) = row.range {
                let ruler = Ruler::new(
                    Axis { low: range.low, high: range.high, is_log: false },
                    rows.left,
                    rows.right,
                );
                let (low, high) = (
                    row.low.map_or(rows.left, |low| ruler.at(low)),
                    row.high.map_or(rows.right, |high| ruler.at(high)),
                );
                drawing.rectangle("inside", (low, y - 5.0), ((high - low).max(2.0), 10.0), 3.0);
                for (bound, x) in [(row.low, low), (row.high, high)] {
                    if bound.is_some() {
                        drawing.line("bound", (x, y - 8.0), (x, y + 8.0));
                    }
                }
            }
        } else {
            let width = (rows.right - rows.left) / row.alternatives.len() as f64;
            for (k, (_, is_inside)) in row.alternatives.iter().enumerate() {
                let class = if *is_inside { "inside" } else { "whole" };
                drawing.rectangle(
                    class,
                    (rows.left + k as f64 * width + 1.0, y - 5.0),
                    ((width - 2.0).max(1.0), 10.0),
                    3.0,
                );
            }
        }
        drawing.close();
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: "Dark: the part of all values that were tried which the scenario needs.".to_owned(),
        table: Table {
            caption: data.title.clone(),
            head: vec!["Assumption".to_owned(), "Needed".to_owned()],
            rows: data.rows.iter().map(|row| vec![row.label.clone(), row.words.clone()]).collect(),
        },
    };
    drawing.finish(top + rows.height() + 4.0, words)
}

fn description(data: &Conditions) -> String {
    let told: Vec<String> = data.rows.iter().map(|row| format!("{}: {}", row.label, row.words)).collect();
    format!(
        "Range bars, one per condition of a scenario: {}. {}.",
        data.title,
        if told.is_empty() { "no condition".to_owned() } else { told.join("; ") }
    )
}
