//! The fan: how a number could unfold over time.
//!
//! Enters: [`Fan`]. Leaves: a figure with bands, a median, sample paths, what was recorded, a threshold and a ghost of the baseline.
//! Always holds: within the drawing stand, in this order and each only when there is something in it, `g.bands` with
//! `path.band-PERCENT`, `path.ghost`, `g.paths` with `path.single`, `path.median`, `g.recorded`; another fan with the same axes can
//! take the place of their contents. Sample paths beside bands follow Hullman et al. (2015) and Padilla et al. (2022).

use super::draw::{Anchor, Drawing, Path, Style, Words, spread_apart};
use super::scale::{Ruler, TimeRuler};
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

/// Most points of a line; beyond them every second, third, ... is drawn.
const MOST_POINTS: usize = 320;

/// Most recorded values that the table names one by one.
const MOST_RECORDED: usize = 24;

/// Draws a fan.
pub fn fan(data: &Fan) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let width = drawing.width;
    let bands = widest_first(&data.bands);
    let room_right =
        1.0 + end_labels(data, &bands).iter().map(|(text, _)| Style::Quiet.width(text)).fold(0.0, f64::max);
    let area = Area {
        left: 10.0 + widest_tick(data),
        right: width - room_right - 12.0,
        top: 24.0 + 15.0 * (mark_rows(data, width).1 as f64),
        bottom: 0.0,
    };
    let height = (0.46 * width).clamp(190.0, 330.0);
    let area = Area { bottom: area.top + height, ..area };
    let rulers = Rulers::new(data, area);
    draw_axes(&mut drawing, data, area, &rulers, true);
    draw_marks(&mut drawing, data, area, &rulers);
    draw_fan(&mut drawing, data, area, &rulers);
    draw_end_labels(&mut drawing, data, &bands, area, &rulers);
    let words = Words {
        title: data.title.clone(),
        description: description(data, &rulers.time),
        caption: caption(data, &bands),
        table: table(data, &bands, &rulers.time),
    };
    drawing.finish(area.bottom + 40.0 + if rulers.time.name().is_empty() { 0.0 } else { 4.0 }, words)
}

/// Where the lines of a fan are drawn.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

pub(super) struct Rulers<'a> {
    pub(super) time: TimeRuler<'a>,
    pub(super) value: Ruler,
}

impl<'a> Rulers<'a> {
    pub(super) fn new(data: &'a Fan, area: Area) -> Self {
        let earliest =
            data.recorded.iter().map(|point| point.time).filter(|time| time.is_finite()).reduce(f64::min);
        Self {
            time: TimeRuler::new(&data.times, earliest, area.left, area.right),
            value: Ruler::new(data.axis, area.bottom, area.top),
        }
    }
}

pub(super) fn widest_first(bands: &[Band]) -> Vec<&Band> {
    let mut sorted: Vec<&Band> = bands.iter().collect();
    sorted.sort_by_key(|band| std::cmp::Reverse(band.percent));
    sorted
}

pub(super) fn widest_tick(data: &Fan) -> f64 {
    let ruler = Ruler::new(data.axis, 200.0, 0.0);
    ruler.ticks(34.0).iter().map(|&tick| Style::Quiet.width(&data.measure.bare(tick))).fold(0.0, f64::max)
}

/// Axes with their grid, ticks and names.
pub(super) fn draw_axes(drawing: &mut Drawing, data: &Fan, area: Area, rulers: &Rulers<'_>, is_named: bool) {
    drawing.open("axes");
    for tick in rulers.value.ticks(34.0) {
        let y = rulers.value.at(tick);
        drawing.line("grid", (area.left, y), (area.right, y));
        drawing.text((area.left - 6.0, y + 4.0), Anchor::End, Style::Quiet, &data.measure.bare(tick));
    }
    drawing.line("axis", (area.left, area.bottom), (area.right, area.bottom));
    for tick in rulers.time.ticks() {
        drawing.line("axis", (tick.x, area.bottom), (tick.x, area.bottom + 4.0));
        let anchor =
            if tick.x - Style::Quiet.width(&tick.label) / 2.0 < 2.0 { Anchor::Start } else { Anchor::Middle };
        drawing.text((tick.x, area.bottom + 17.0), anchor, Style::Quiet, &tick.label);
        drawing.text((tick.x, area.bottom + 32.0), anchor, Style::Quiet, &tick.below);
    }
    drawing.text((area.right, area.bottom + 33.0), Anchor::End, Style::Quiet, &rulers.time.name());
    if is_named {
        drawing.text((area.left, area.top - 10.0), Anchor::Start, Style::Quiet, &data.measure.name());
    }
    drawing.close();
}

/// Bands, ghost, paths, median, recorded values and threshold.
pub(super) fn draw_fan(drawing: &mut Drawing, data: &Fan, area: Area, rulers: &Rulers<'_>) {
    let n_times = data.times.values.len();
    let stride = n_times.div_ceil(MOST_POINTS).max(1);
    let shown: Vec<usize> = (0..n_times).filter(|i| i % stride == 0 || i + 1 == n_times).collect();
    let x = |i: usize| rulers.time.at(data.times.values[i]);
    let value_at = |series: &[Option<f64>], i: usize| {
        series.get(i).copied().flatten().filter(|value| value.is_finite()).map(|value| rulers.value.at(value))
    };
    drawing.open("bands");
    for band in widest_first(&data.bands) {
        let points: Vec<Option<(f64, f64, f64)>> =
            shown.iter().map(|&i| Some((x(i), value_at(&band.low, i)?, value_at(&band.high, i)?))).collect();
        drawing.path(
            &format!("band band-{} shade-{}", band.percent, shade(band.percent)),
            &Path::between(&points),
        );
    }
    drawing.close();
    let line =
        |series: &[Option<f64>]| Path::through(shown.iter().map(|&i| value_at(series, i).map(|y| (x(i), y))));
    if let Some(ghost) = &data.ghost {
        drawing.path("ghost", &line(ghost));
    }
    if !data.paths.is_empty() {
        drawing.open("paths");
        for path in &data.paths {
            drawing.path("single", &line(path));
        }
        drawing.close();
    }
    if let Some(threshold) = &data.threshold
        && rulers.value.holds(threshold.value)
    {
        let y = rulers.value.at(threshold.value);
        drawing.line("threshold", (area.left, y), (area.right, y));
        let label = Style::Alert.cut(&threshold.label, area.right - area.left - 8.0);
        let above = if y - area.top > 16.0 { y - 5.0 } else { y + 14.0 };
        drawing.text((area.left + 5.0, above), Anchor::Start, Style::Alert, &label);
    }
    drawing.path("median", &line(&data.median));
    if !data.recorded.is_empty() {
        let mut recorded: Vec<&Point> =
            data.recorded.iter().filter(|point| point.time.is_finite() && point.value.is_finite()).collect();
        recorded.sort_by(|a, b| a.time.total_cmp(&b.time));
        let place = |point: &Point| (rulers.time.at(point.time), rulers.value.at(point.value));
        drawing.open("recorded");
        drawing.path("events", &Path::through(recorded.iter().map(|point| Some(place(point)))));
        if recorded.len() <= 40 {
            for point in recorded {
                drawing.circle("event", place(point), 2.2);
            }
        }
        drawing.close();
    }
}

/// Darker the narrower: one of three shades.
fn shade(percent: u8) -> u8 {
    match percent {
        0..=60 => 3,
        61..=85 => 2,
        _ => 1,
    }
}

/// What stands above the plot: label, time and anchor, with the row of each and the number of rows.
fn mark_rows(data: &Fan, width: f64) -> (Vec<(f64, String, usize)>, usize) {
    let first = data.times.values.first().copied().unwrap_or(0.0);
    let mut marks: Vec<(f64, String)> =
        data.marks.iter().map(|mark| (mark.time, mark.label.clone())).collect();
    if data.recorded.iter().any(|point| point.time < first) {
        marks.push((first, "recorded \u{25c2}\u{25b8} simulated".to_owned()));
    }
    marks.retain(|(time, _)| time.is_finite());
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Each has a row of its own: labels stand beside their lines, which cross the rows below only.
    let n = marks.len();
    let labelled = marks
        .into_iter()
        .enumerate()
        .map(|(row, (time, label))| (time, Style::Quiet.cut(&label, width / 2.0), row))
        .collect();
    (labelled, n)
}

fn draw_marks(drawing: &mut Drawing, data: &Fan, area: Area, rulers: &Rulers<'_>) {
    let (marks, n_rows) = mark_rows(data, drawing.width);
    if marks.is_empty() {
        return;
    }
    drawing.open("marks");
    for (time, label, row) in marks {
        let x = rulers.time.at(time);
        let y = area.top - 10.0 - 15.0 * (n_rows - row) as f64;
        drawing.line("mark", (x, y + 3.0), (x, area.bottom));
        let anchor = if label.contains('\u{25c2}') && x - 80.0 > 0.0 {
            Anchor::Middle
        } else if x + Style::Quiet.width(&label) + 4.0 > drawing.width {
            Anchor::End
        } else {
            Anchor::Start
        };
        drawing.text((x, y), anchor, Style::Quiet, &label);
    }
    drawing.close();
}

fn last_value(series: &[Option<f64>]) -> Option<f64> {
    series.last().copied().flatten().filter(|value| value.is_finite())
}

/// Labels at the right end with the values beside which they stand.
fn end_labels(data: &Fan, bands: &[&Band]) -> Vec<(String, f64)> {
    let mut labels = Vec::new();
    let mut inner: Vec<Option<f64>> = bands.iter().skip(1).map(|band| last_value(&band.high)).collect();
    inner.push(last_value(&data.median));
    for (band, inner) in bands.iter().zip(inner) {
        if let Some(high) = last_value(&band.high) {
            labels.push((format!("{} in 100", band.percent), f64::midpoint(high, inner.unwrap_or(high))));
        }
    }
    if let Some(median) = last_value(&data.median) {
        labels.push(("median".to_owned(), median));
    }
    if let Some(ghost) = data.ghost.as_deref().and_then(last_value) {
        labels.push(("baseline".to_owned(), ghost));
    }
    labels
}

fn draw_end_labels(drawing: &mut Drawing, data: &Fan, bands: &[&Band], area: Area, rulers: &Rulers<'_>) {
    let labels = end_labels(data, bands);
    if labels.is_empty() {
        return;
    }
    let wanted: Vec<f64> = labels.iter().map(|&(_, value)| rulers.value.at(value)).collect();
    let placed = spread_apart(&wanted, Style::Quiet.line_height(), area.top - 6.0, area.bottom + 6.0);
    drawing.open("ends");
    for (((text, _), wanted), y) in labels.iter().zip(&wanted).zip(placed) {
        drawing.line("leader", (area.right + 1.0, *wanted), (area.right + 8.0, y));
        drawing.text((area.right + 10.0, y + 4.0), Anchor::Start, Style::Quiet, text);
    }
    drawing.close();
}

fn caption(data: &Fan, bands: &[&Band]) -> String {
    let percents: Vec<String> = bands.iter().rev().map(|band| band.percent.to_string()).collect();
    let mut text = format!(
        "Dark line: the median, with half of the futures above it and half below. Shaded: the middle {} in 100 of {}.",
        crate::words::text::listed(&percents),
        crate::words::text::count(data.n_runs, "future")
    );
    if !data.paths.is_empty() {
        text.push_str(&format!(
            " Thin lines: {}, chosen without looking at {}.",
            crate::words::text::count(data.paths.len(), "single future"),
            if data.paths.len() == 1 { "it" } else { "them" }
        ));
    }
    if !data.recorded.is_empty() {
        text.push_str(" Black: what was recorded.");
    }
    if data.ghost.is_some() {
        text.push_str(" Dotted: the median of the printed baseline.");
    }
    text
}

fn description(data: &Fan, time: &TimeRuler<'_>) -> String {
    let n_times = data.times.values.len();
    let (Some(&first), Some(&last)) = (data.times.values.first(), data.times.values.last()) else {
        return format!("Fan chart of {} without any time.", data.title);
    };
    let mut text = format!("Fan chart of {}, from {} to {}.", data.title, time.told(first), time.told(last));
    let at = |i: usize| {
        let median = data.median.get(i).copied().flatten()?;
        let mut text = format!("the median is {}", data.measure.told(median));
        let mut bands = widest_first(&data.bands);
        bands.reverse();
        for band in bands {
            let (low, high) = (band.low.get(i).copied().flatten()?, band.high.get(i).copied().flatten()?);
            text.push_str(&format!(
                ", {} in 100 futures lie between {} and {}",
                band.percent,
                data.measure.bare(low),
                data.measure.bare(high)
            ));
        }
        Some(text)
    };
    for (i, name) in [(0, "At the start"), (n_times / 2, "Half-way"), (n_times - 1, "At the end")] {
        if let Some(told) = at(i) {
            text.push_str(&format!(" {name}, {told}."));
        }
    }
    if let Some(threshold) = &data.threshold {
        text.push_str(&format!(
            " A dashed line marks {}: {}.",
            data.measure.told(threshold.value),
            threshold.label
        ));
    }
    if !data.recorded.is_empty() {
        text.push_str(&format!(" {} recorded values are drawn in black.", data.recorded.len()));
    }
    text
}

fn table(data: &Fan, bands: &[&Band], time: &TimeRuler<'_>) -> Table {
    let n_times = data.times.values.len();
    let mut head = vec!["Time".to_owned()];
    head.extend(bands.iter().map(|band| format!("{}: low", band.percent)));
    head.push("Median".to_owned());
    head.extend(bands.iter().rev().map(|band| format!("{}: high", band.percent)));
    let n_rows = n_times.min(9);
    let mut positions: Vec<usize> = (0..n_rows)
        .map(|row| if n_rows < 2 { 0 } else { (row * (n_times - 1) + (n_rows - 1) / 2) / (n_rows - 1) })
        .collect();
    positions.dedup();
    let cell = |series: &[Option<f64>], i: usize| {
        series
            .get(i)
            .copied()
            .flatten()
            .map_or_else(|| "\u{2013}".to_owned(), |value| data.measure.bare(value))
    };
    let none = || "\u{2013}".to_owned();
    let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
    let row = |time_value: f64| {
        let i = data.times.values.iter().position(|&known| known == time_value);
        let cell = |series: &[Option<f64>]| i.map_or_else(none, |i| cell(series, i));
        let mut row = vec![time.told(time_value)];
        row.extend(bands.iter().map(|band| cell(&band.low)));
        row.push(cell(&data.median));
        row.extend(bands.iter().rev().map(|band| cell(&band.high)));
        row
    };
    for i in positions {
        rows.push((data.times.values[i], row(data.times.values[i])));
    }
    if !data.recorded.is_empty() {
        head.push("Recorded".to_owned());
        for (_, row) in &mut rows {
            row.push(none());
        }
        let told = |point: &&Point| point.time.is_finite() && point.value.is_finite();
        for point in data.recorded.iter().filter(told).take(MOST_RECORDED) {
            let place = rows.iter().position(|(time, _)| *time >= point.time).unwrap_or(rows.len());
            if rows.get(place).is_none_or(|(time, _)| *time > point.time) {
                let mut fresh = row(point.time);
                fresh.push(none());
                rows.insert(place, (point.time, fresh));
            }
            let value = data.measure.bare(point.value);
            if let Some(cell) = rows[place].1.last_mut() {
                // Two records of one time stand together.
                *cell = if *cell == none() { value } else { format!("{cell}, {value}") };
            }
        }
    }
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let unit = match data.measure.name() {
        name if name.is_empty() => String::new(),
        name => format!(", {name}"),
    };
    Table {
        caption: format!(
            "{}{unit}: ends of the bands that hold so many in 100 futures, and the median",
            data.title
        ),
        head,
        rows,
    }
}
