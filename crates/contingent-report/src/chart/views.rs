//! Rival views as rows of dots with their simulation intervals.
//!
//! Enters: [`Views`]. Leaves: a figure. Always holds: rows stand in the order given; a view without an answer says so.

use super::draw::{Anchor, Drawing, Style, Words};
use super::rows::Rows;
use super::scale::Ruler;
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
    let mut drawing = Drawing::new(&data.frame);
    let texts: Vec<String> = data.rows.iter().map(|row| value_text(data, row)).collect();
    let rows = Rows::new(
        &drawing,
        data.rows.iter().zip(&texts).map(|(row, text)| (row.label.as_str(), text.as_str(), row.is_base)),
        0.0,
    );
    let top = if data.base_rate.is_some() { 22.0 } else { 6.0 };
    let ruler = Ruler::new(data.axis, rows.left, rows.right);
    let bottom = top + rows.height();
    if let Some(rate) = data.base_rate {
        drawing.open("base-rate");
        let (low, high) = (ruler.at(rate.low), ruler.at(rate.high));
        drawing.rectangle("usual", (low, top - 4.0), ((high - low).max(1.0), bottom - top + 4.0), 0.0);
        let label = format!("usually {}", data.measure.range(rate));
        let half = Style::Quiet.width(&label) / 2.0;
        let x = f64::midpoint(low, high).clamp(half, (drawing.width - half).max(half));
        drawing.text((x, top - 9.0), Anchor::Middle, Style::Quiet, &label);
        drawing.close();
    }
    rows.draw_axis(&mut drawing, &ruler, &data.measure.name(), top, |tick| data.measure.bare(tick));
    for (i, row) in data.rows.iter().enumerate() {
        drawing.open("row");
        let y = rows.draw_label(&mut drawing, i, top);
        drawing.line("track", (rows.left, y), (rows.right, y));
        if let Some(spread) = row.spread {
            drawing.line("spread", (ruler.at(spread.low), y), (ruler.at(spread.high), y));
        }
        if let Some(interval) = row.interval {
            drawing.line("interval", (ruler.at(interval.low), y), (ruler.at(interval.high), y));
        }
        match row.value {
            Some(value) if row.is_base => drawing.circle("point", (ruler.at(value), y), 6.0),
            Some(value) => drawing.diamond("point", (ruler.at(value), y), 6.0),
            None => {}
        }
        drawing.close();
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: caption(data),
        table: table(data),
    };
    drawing.finish(bottom + 38.0, words)
}

fn value_text(data: &Views, row: &ViewDot) -> String {
    match (row.value, &row.note) {
        (Some(value), _) => data.measure.bare(value),
        (None, Some(note)) => note.clone(),
        (None, None) => "never".to_owned(),
    }
}

fn caption(data: &Views) -> String {
    let mut text =
        "Circle: the model's own assumptions; diamonds: rival views, with the same chance.".to_owned();
    if data.rows.iter().any(|row| row.spread.is_some()) {
        text.push_str(" Thin line: nine in ten futures.");
    }
    if data.rows.iter().any(|row| row.interval.is_some()) {
        text.push_str(" Thick line: the simulation interval, often no wider than its mark.");
    }
    text
}

fn description(data: &Views) -> String {
    let mut text = format!("Dots on a line, one row per view: {}.", data.title);
    for row in &data.rows {
        text.push_str(&format!(" {}: ", row.label));
        match (row.value, &row.note) {
            (None, Some(note)) => text.push_str(note),
            (value, _) => text.push_str(&data.measure.told_or_never(value)),
        }
        if let (Some(interval), Some(_)) = (row.interval, row.value) {
            text.push_str(&format!(" (simulation interval {})", data.measure.range(interval)));
        }
        text.push('.');
    }
    if let Some(rate) = data.base_rate {
        text.push_str(&format!(" A pale band marks what usually happens: {}.", data.measure.range(rate)));
    }
    text
}

fn table(data: &Views) -> Table {
    let has_spread = data.rows.iter().any(|row| row.spread.is_some());
    let mut head = vec!["View".to_owned(), "Answer".to_owned(), "Simulation interval".to_owned()];
    if has_spread {
        head.push("Nine in ten futures".to_owned());
    }
    let span =
        |span: Option<Span>| span.map_or_else(|| "\u{2013}".to_owned(), |span| data.measure.range(span));
    Table {
        caption: data.title.clone(),
        head,
        rows: data
            .rows
            .iter()
            .map(|row| {
                let value = match (row.value, &row.note) {
                    (None, Some(note)) => note.clone(),
                    (value, _) => data.measure.told_or_never(value),
                };
                let mut cells = vec![row.label.clone(), value, span(row.interval)];
                if has_spread {
                    cells.push(span(row.spread));
                }
                cells
            })
            .collect(),
    }
}
