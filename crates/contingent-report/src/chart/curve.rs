//! How likely it is to have come, or to have held, by each time.
//!
//! Enters: [`Curve`]. Leaves: a figure. Always holds: each line is `<path class="line-N">` in the order given, with its band as
//! `<path class="interval-N">`.

use super::draw::{Anchor, Drawing, Path, Style, Words, spread_apart};
use super::fan::Mark;
use super::scale::{Ruler, TimeRuler};
use super::shared::{Axis, Frame, Measure, Span, Times};
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
    let mut drawing = Drawing::new(&data.frame);
    let width = drawing.width;
    let label_limit = 0.3 * width;
    let labels: Vec<String> = data
        .lines
        .iter()
        .map(|line| {
            let value = line.probability.last().map(|&p| Measure::InHundred.bare(p)).unwrap_or_default();
            let label = if line.label.is_empty() && line.is_ghost { "baseline" } else { line.label.as_str() };
            if label.is_empty() {
                format!("{value} in 100")
            } else {
                format!(
                    "{value} {}",
                    Style::Quiet.cut(label, label_limit - Style::Quiet.width(&format!("{value} ")))
                )
            }
        })
        .collect();
    let room = labels.iter().map(|label| Style::Quiet.width(label)).fold(0.0, f64::max);
    let n_marks = data.marks.len() as f64;
    let (left, right) = (Style::Quiet.width("100") + 12.0, width - room - 14.0);
    let top = 24.0 + 15.0 * n_marks;
    let bottom = top + (0.4 * width).clamp(150.0, 280.0);
    let time = TimeRuler::new(&data.times, None, left, right);
    let value = Ruler::new(Axis::of_probabilities(), bottom, top);

    drawing.open("axes");
    for tick in value.ticks(40.0) {
        let y = value.at(tick);
        drawing.line("grid", (left, y), (right, y));
        drawing.text((left - 6.0, y + 4.0), Anchor::End, Style::Quiet, &Measure::InHundred.bare(tick));
    }
    drawing.line("axis", (left, bottom), (right, bottom));
    for tick in time.ticks() {
        drawing.line("axis", (tick.x, bottom), (tick.x, bottom + 4.0));
        drawing.text((tick.x, bottom + 17.0), Anchor::Middle, Style::Quiet, &tick.label);
        drawing.text((tick.x, bottom + 32.0), Anchor::Middle, Style::Quiet, &tick.below);
    }
    drawing.text((right, bottom + 33.0), Anchor::End, Style::Quiet, &time.name());
    drawing.text((0.0, top - 10.0), Anchor::Start, Style::Quiet, "in 100");
    drawing.close();

    if !data.marks.is_empty() {
        drawing.open("marks");
        for (row, mark) in data.marks.iter().enumerate() {
            let x = time.at(mark.time);
            let y = top - 10.0 - 15.0 * (n_marks - row as f64);
            drawing.line("mark", (x, y + 3.0), (x, bottom));
            let label = Style::Quiet.cut(&mark.label, width / 2.0);
            let anchor = if x + Style::Quiet.width(&label) > width { Anchor::End } else { Anchor::Start };
            drawing.text((x, y), anchor, Style::Quiet, &label);
            if let (Some(line), true) = (data.lines.first(), n_marks < 3.0)
                && let Some(p) = at_time(&data.times.values, &line.probability, mark.time)
            {
                drawing.circle("point", (x, value.at(p)), 4.0);
            }
        }
        drawing.close();
    }
    let n = data.times.values.len();
    let stride = n.div_ceil(MOST_POINTS).max(1);
    let shown: Vec<usize> = (0..n).filter(|i| i % stride == 0 || i + 1 == n).collect();
    let x = |i: usize| time.at(data.times.values[i]);
    // The main line is drawn last, on top of the others.
    for (k, line) in data.lines.iter().enumerate().rev() {
        let band: Vec<Option<(f64, f64, f64)>> = shown
            .iter()
            .map(|&i| Some((x(i), value.at(*line.low.get(i)?), value.at(*line.high.get(i)?))))
            .collect();
        drawing.path(&format!("interval-area interval-{k}"), &Path::between(&band));
        let points = shown.iter().map(|&i| line.probability.get(i).map(|&p| (x(i), value.at(p))));
        let class = if line.is_ghost { "ghost".to_owned() } else { format!("line dash-{}", k % 6) };
        drawing.path(&format!("{class} line-{k}"), &Path::through(points));
    }
    let wanted: Vec<f64> =
        data.lines.iter().map(|line| value.at(line.probability.last().copied().unwrap_or(0.0))).collect();
    let placed = spread_apart(&wanted, Style::Quiet.line_height(), top - 8.0, bottom + 8.0);
    drawing.open("ends");
    for ((label, wanted), y) in labels.iter().zip(&wanted).zip(placed) {
        drawing.line("leader", (right + 1.0, *wanted), (right + 8.0, y));
        drawing.text((right + 10.0, y + 4.0), Anchor::Start, Style::Quiet, label);
    }
    drawing.close();
    let words = Words {
        title: data.title.clone(),
        description: description(data, &time),
        caption: caption(data),
        table: table(data, &time),
    };
    drawing.finish(bottom + 40.0, words)
}

/// Most points of a line.
const MOST_POINTS: usize = 320;

/// The last value that is known at a time.
fn at_time(times: &[f64], values: &[f64], time: f64) -> Option<f64> {
    let known = times.partition_point(|&known| known <= time + 1e-9);
    values.get(known.checked_sub(1)?).copied()
}

fn caption(data: &Curve) -> String {
    let what = if data.is_held { "has held at every time so far" } else { "has come by then" };
    let mut text = format!("How many in 100 futures in which it {what}.");
    if data.lines.iter().any(|line| !line.low.is_empty()) {
        text.push_str(" Shaded: the 95% simulation interval, each time for itself.");
    }
    if data.lines.iter().any(|line| line.is_ghost) {
        text.push_str(" Dotted: the printed baseline.");
    }
    text
}

fn description(data: &Curve, time: &TimeRuler<'_>) -> String {
    let mut text = format!("Line chart: {}.", data.title);
    for (k, line) in data.lines.iter().enumerate() {
        let name = match (line.label.as_str(), k) {
            ("", 0) => "The line".to_owned(),
            ("", _) => "The baseline".to_owned(),
            (label, _) => label.to_owned(),
        };
        let told: Vec<String> = picked(data, 5)
            .into_iter()
            .filter_map(|i| {
                Some(format!(
                    "{} by {}",
                    Measure::InHundred.told(*line.probability.get(i)?),
                    time.told(data.times.values[i])
                ))
            })
            .collect();
        text.push_str(&format!(" {name}: {}.", told.join(", ")));
    }
    text
}

/// Positions of some times, evenly spread, the last among them.
fn picked(data: &Curve, most: usize) -> Vec<usize> {
    let n = data.times.values.len();
    let n_picked = n.min(most);
    let mut positions: Vec<usize> = (1..=n_picked).map(|k| (k * n).div_ceil(n_picked) - 1).collect();
    positions.dedup();
    positions
}

fn table(data: &Curve, time: &TimeRuler<'_>) -> Table {
    let mut head = vec!["By".to_owned()];
    for line in &data.lines {
        let name = if line.label.is_empty() {
            if line.is_ghost { "Baseline" } else { "In 100" }
        } else {
            &line.label
        };
        head.push(name.to_owned());
        if !line.low.is_empty() {
            head.push(if data.lines.len() == 1 {
                "95% interval".to_owned()
            } else {
                format!("{name}: 95% interval")
            });
        }
    }
    let none = || "\u{2013}".to_owned();
    let rows = picked(data, 9)
        .into_iter()
        .map(|i| {
            let mut row = vec![time.told(data.times.values[i])];
            for line in &data.lines {
                row.push(line.probability.get(i).map_or_else(none, |&p| Measure::InHundred.bare(p)));
                if !line.low.is_empty() {
                    let span = line.low.get(i).zip(line.high.get(i)).map(|(&low, &high)| Span { low, high });
                    row.push(span.map_or_else(none, |span| Measure::InHundred.range(span)));
                }
            }
            row
        })
        .collect();
    Table { caption: format!("{}, in 100", data.title), head, rows }
}
