//! The quantile dotplot (Kay et al. 2016): equally likely futures as dots.
//!
//! Enters: [`DotPlot`]. Leaves: a figure. Always holds: one dot per value given, those that never come in a bin of their own; each
//! dot is `<circle class="dot" data-value="...">` so that a threshold can be moved in the page.

use super::draw::{Anchor, Drawing, Style, Words};
use super::fan::Threshold;
use super::scale::{Ruler, TimeRuler};
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

/// Most height of the dots.
const MOST_HEIGHT: f64 = 190.0;

/// Draws a quantile dotplot.
pub fn dot_plot(data: &DotPlot) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let values: Vec<f64> = data.values.iter().copied().flatten().filter(|value| value.is_finite()).collect();
    let n_never = data.values.len() - values.len();
    let never_room = if n_never > 0 { 84.0 } else { 0.0 };
    let (left, right) = (14.0, drawing.width - 14.0 - never_room);
    let ruler = Ruler::new(data.axis, left, right);
    let is_above = |value: f64| data.threshold.as_ref().is_some_and(|threshold| value > threshold.value);
    let (below, above): (Vec<f64>, Vec<f64>) = values.iter().copied().partition(|&value| !is_above(value));
    let [below, above] =
        [below, above].map(|side| side.into_iter().map(|value| ruler.at(value)).collect::<Vec<f64>>());
    let limit = data.threshold.as_ref().map(|threshold| ruler.at(threshold.value));
    let columns_at = |step: f64| sided_columns(&below, &above, limit, step);

    // The largest dots whose tallest column still fits.
    let mut radius = (0.0125 * (right - left)).clamp(4.0, 7.5);
    let mut columns = columns_at(2.0 * radius + 1.0);
    while radius > 2.5 && tallest(&columns) * (2.0 * radius + 1.0) > MOST_HEIGHT {
        radius -= 0.25;
        columns = columns_at(2.0 * radius + 1.0);
    }
    let step = 2.0 * radius + 1.0;
    let per_never_row = 5;
    let never_height = n_never.div_ceil(per_never_row) as f64 * step;
    let dots_height = (tallest(&columns) * step).max(never_height).max(60.0);
    let has_label = data.threshold.is_some();
    let top = if has_label { 26.0 } else { 8.0 };
    let bottom = top + dots_height + 4.0;

    draw_axis(&mut drawing, data, &ruler, (left, right, bottom));
    drawing.open("dots");
    let mut i = 0;
    for (x, n) in &columns {
        for row in 0..*n {
            let y = bottom - radius - 1.5 - row as f64 * step;
            let class = if is_above(values[i]) { "dot above" } else { "dot" };
            let inner = if is_above(values[i]) { radius - 1.0 } else { radius - 0.25 };
            drawing.circle_with(class, (*x, y), inner, &[("data-value", &format!("{}", values[i]))]);
            i += 1;
        }
    }
    drawing.close();
    if n_never > 0 {
        drawing.open("never");
        let middle = right + 14.0 + never_room / 2.0;
        drawing.line("axis", (middle - 30.0, bottom), (middle + 30.0, bottom));
        for k in 0..n_never {
            let x = middle + ((k % per_never_row) as f64 - 2.0) * step;
            let y = bottom - radius - 1.5 - (k / per_never_row) as f64 * step;
            drawing.circle("dot never", (x, y), radius - 1.0);
        }
        drawing.text((middle, bottom + 17.0), Anchor::Middle, Style::Label, "never");
        drawing.text(
            (middle, bottom + 32.0),
            Anchor::Middle,
            Style::Quiet,
            &format!("{n_never} of {}", data.values.len()),
        );
        drawing.close();
    }
    if let Some(threshold) = &data.threshold
        && ruler.holds(threshold.value)
    {
        let x = ruler.at(threshold.value);
        drawing.open("limit");
        drawing.line("threshold", (x, top - 8.0), (x, bottom));
        let label = Style::Alert.cut(&threshold.label, drawing.width - 8.0);
        let width = Style::Alert.width(&label);
        let (anchor, at) = if x + width + 6.0 < drawing.width {
            (Anchor::Start, x + 2.0)
        } else if x - width - 6.0 > 0.0 {
            (Anchor::End, x - 2.0)
        } else {
            (Anchor::End, drawing.width - 4.0)
        };
        drawing.text((at, top - 12.0), anchor, Style::Alert, &label);
        drawing.close();
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data, &values, n_never),
        caption: caption(data, &values, n_never),
        table: table(data),
    };
    drawing.finish(bottom + 54.0, words)
}

/// Columns of dots (Wilkinson 1999): each begins at the leftmost dot that is left and takes in all within one width; it stands at
/// their middle. Returns middles and counts, in order.
fn stacked(positions: &[f64], width: f64) -> Vec<(f64, usize)> {
    let mut columns: Vec<(f64, usize)> = Vec::new();
    let mut i = 0;
    while i < positions.len() {
        let n = positions[i..].iter().take_while(|&&x| x < positions[i] + width).count().max(1);
        let middle = f64::midpoint(positions[i], positions[i + n - 1]);
        // A middle may come nearer to the column before than a width.
        let middle = columns.last().map_or(middle, |&(before, _)| middle.max(before + width));
        columns.push((middle, n));
        i += n;
    }
    columns
}

/// Columns of dots, each on its own side of the limit.
fn sided_columns(below: &[f64], above: &[f64], limit: Option<f64>, step: f64) -> Vec<(f64, usize)> {
    let mut columns = stacked(below, step);
    let mut others = stacked(above, step);
    if let Some(limit) = limit {
        let mut most = limit - step / 2.0;
        for (x, _) in columns.iter_mut().rev() {
            *x = x.min(most);
            most = *x - step;
        }
        let mut least = limit + step / 2.0;
        for (x, _) in &mut others {
            *x = x.max(least);
            least = *x + step;
        }
    }
    columns.extend(others);
    columns
}

fn tallest(columns: &[(f64, usize)]) -> f64 {
    columns.iter().map(|&(_, n)| n).max().unwrap_or(0) as f64
}

fn draw_axis(drawing: &mut Drawing, data: &DotPlot, ruler: &Ruler, (left, right, bottom): (f64, f64, f64)) {
    drawing.open("axes");
    drawing.line("axis", (left, bottom), (right, bottom));
    let mut name = data.measure.name();
    let dated = data.times.as_ref().filter(|times| !times.dates.is_empty());
    if let Some(times) = dated {
        let within = Times {
            values: times
                .values
                .iter()
                .copied()
                .filter(|&time| time >= data.axis.low && time <= data.axis.high)
                .collect(),
            dates: times
                .values
                .iter()
                .zip(&times.dates)
                .filter(|(time, _)| **time >= data.axis.low && **time <= data.axis.high)
                .map(|(_, date)| date.clone())
                .collect(),
            unit: times.unit.clone(),
        };
        for tick in TimeRuler::new(
            &within,
            Some(data.axis.low),
            left,
            ruler.at(within.values.last().copied().unwrap_or(0.0)),
        )
        .ticks()
        {
            drawing.line("axis", (tick.x, bottom), (tick.x, bottom + 4.0));
            let anchor = if tick.x < 20.0 { Anchor::Start } else { Anchor::Middle };
            drawing.text((tick.x, bottom + 17.0), anchor, Style::Quiet, &tick.label);
            drawing.text((tick.x, bottom + 32.0), anchor, Style::Quiet, &tick.below);
        }
        name = String::new();
    } else {
        let widest = |ticks: &[f64]| {
            ticks.iter().map(|&tick| Style::Quiet.width(&data.measure.bare(tick))).fold(0.0, f64::max)
        };
        let gap = widest(&ruler.ticks(50.0)) + 20.0;
        for tick in ruler.ticks(gap) {
            let x = ruler.at(tick);
            let label = data.measure.bare(tick);
            let half = Style::Quiet.width(&label) / 2.0;
            drawing.line("axis", (x, bottom), (x, bottom + 4.0));
            let x = x.clamp(half + 1.0, (drawing.width - half - 1.0).max(half + 1.0));
            drawing.text((x, bottom + 17.0), Anchor::Middle, Style::Quiet, &label);
        }
    }
    if data.axis.is_log {
        name = if name.is_empty() {
            "equal distances are equal ratios".to_owned()
        } else {
            format!("{name} (equal distances are equal ratios)")
        };
    }
    drawing.text(
        (right, bottom + if dated.is_some() { 47.0 } else { 34.0 }),
        Anchor::End,
        Style::Quiet,
        &name,
    );
    drawing.close();
}

fn caption(data: &DotPlot, values: &[f64], n_never: usize) -> String {
    let n = data.values.len();
    let mut text = String::new();
    if let Some(threshold) = &data.threshold {
        let above = values.iter().filter(|&&value| value > threshold.value).count();
        let verb = if above == 1 { "lies" } else { "lie" };
        text.push_str(&format!(
            "{above} of {n} equally likely futures {verb} above {}. ",
            data.measure.told(threshold.value)
        ));
    }
    if n_never > 0 {
        text.push_str(&format!("In {n_never} of {n} it never comes within the time of the model. "));
    }
    if n > 0 {
        let chance = crate::words::number::plain(100.0 / n as f64);
        text.push_str(&format!(
            "Each dot is one of {n} equally likely futures: a chance of {chance} in 100."
        ));
    }
    text.trim_end().to_owned()
}

fn told(data: &DotPlot, value: Option<f64>) -> String {
    match (value, &data.times) {
        (Some(value), Some(times)) if !times.dates.is_empty() => {
            format!("{} ({})", data.measure.told(value), TimeRuler::new(times, None, 0.0, 1.0).told(value))
        }
        _ => data.measure.told_or_never(value),
    }
}

/// The value that a share of the dots does not exceed.
fn at(data: &DotPlot, share: f64) -> Option<f64> {
    let n = data.values.len();
    data.values.get(((share * n as f64) as usize).min(n.saturating_sub(1))).copied().flatten()
}

fn description(data: &DotPlot, values: &[f64], n_never: usize) -> String {
    if data.values.is_empty() {
        return format!("Dot plot of {} without any future.", data.title);
    }
    let mut text = format!(
        "Dot plot of {} equally likely futures: {}. Half of them lie at or below {}; one in ten at or below {}, one in ten above {}.",
        data.values.len(),
        data.title,
        told(data, at(data, 0.5)),
        told(data, at(data, 0.1)),
        told(data, at(data, 0.9)),
    );
    if let (Some(&low), Some(&high)) = (values.first(), values.last()) {
        text.push_str(&format!(
            " The dots reach from {} to {}.",
            told(data, Some(low)),
            told(data, Some(high))
        ));
    }
    if data.threshold.is_some() || n_never > 0 {
        text.push(' ');
        text.push_str(&caption(data, values, n_never));
    }
    text
}

fn table(data: &DotPlot) -> Table {
    let rows = if data.values.is_empty() {
        Vec::new()
    } else {
        [5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0]
            .iter()
            .map(|&percent| vec![format!("{percent}"), told(data, at(data, percent / 100.0))])
            .collect()
    };
    Table {
        caption: format!("{}: so many in 100 futures lie at or below", data.title),
        head: vec!["In 100".to_owned(), "At or below".to_owned()],
        rows,
    }
}
