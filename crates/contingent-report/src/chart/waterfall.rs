//! Where the gap between two views comes from: Shapley parts as a waterfall.
//!
//! Enters: [`Waterfall`]. Leaves: a figure. Always holds: the parts sum to the gap; what is small is gathered in one bar.

use super::draw::{Drawing, Words};
use super::rows::Rows;
use super::scale::Ruler;
use super::shared::{Axis, Frame, Measure, Span};
use crate::figure::{Figure, Table};

/// What a waterfall shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is.
    pub measure: Measure,
    /// The first view in words, and its answer.
    pub from: (String, f64),
    /// The second view in words, and its answer.
    pub to: (String, f64),
    /// Parts of the gap, largest first.
    pub parts: Vec<Part>,
}

/// One part of a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// In what the views differ.
    pub label: String,
    /// The part.
    pub value: f64,
    /// Its 95% interval.
    pub interval: Option<Span>,
    /// Whether it can be told from none.
    pub distinguishable: bool,
}

/// Most parts that have a bar of their own.
const MOST_PARTS: usize = 9;

/// Draws a waterfall.
pub fn waterfall(data: &Waterfall) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let (told, gathered) = data.parts.split_at(data.parts.len().min(MOST_PARTS));
    let rest: f64 = gathered.iter().map(|part| part.value).sum();
    let mut entries: Vec<(String, f64, Option<Span>, bool)> = told
        .iter()
        .map(|part| (part.label.clone(), part.value, part.interval, part.distinguishable))
        .collect();
    if !gathered.is_empty() {
        let n = gathered.len();
        let label = if n == 1 { gathered[0].label.clone() } else { format!("{n} smaller differences") };
        entries.push((label, rest, None, gathered.iter().any(|part| part.distinguishable)));
    }
    let mut texts = vec![data.measure.told(data.from.1)];
    texts.extend(entries.iter().map(|(_, value, span, _)| data.measure.difference_in(*value, *span)));
    texts.push(data.measure.told(data.to.1));
    let mut labels = vec![data.from.0.clone()];
    labels.extend(entries.iter().map(|(label, ..)| label.clone()));
    labels.push(data.to.0.clone());
    let last = labels.len() - 1;
    let rows = Rows::new(
        &drawing,
        labels
            .iter()
            .zip(&texts)
            .enumerate()
            .map(|(i, (label, text))| (label.as_str(), text.as_str(), i == 0 || i == last)),
        0.0,
    );
    let mut reached = vec![data.from.1];
    for (_, value, ..) in &entries {
        reached.push(reached[reached.len() - 1] + value);
    }
    let mut axis = Axis::holding(reached.iter().copied().chain([data.to.1]));
    if !matches!(data.measure, Measure::Number { .. }) {
        axis.high = axis.high.min(1.0).max(axis.low + 0.01);
    }
    let ruler = Ruler::new(axis, rows.left, rows.right);
    let top = 6.0;
    rows.draw_axis(&mut drawing, &ruler, &data.measure.name(), top, |tick| data.measure.bare(tick));
    let mut before: Option<(f64, f64)> = None;
    for i in 0..labels.len() {
        drawing.open("row");
        let y = rows.draw_label(&mut drawing, i, top);
        let joint = |drawing: &mut Drawing, x: f64| {
            if let Some((x_before, y_before)) = before {
                drawing.line("joint", (x_before, y_before + 7.0), (x, y - 7.0));
            }
        };
        if i == 0 || i == last {
            let value = if i == 0 { data.from.1 } else { data.to.1 };
            let x = ruler.at(value);
            joint(&mut drawing, x);
            drawing.diamond("point", (x, y), 7.0);
            before = Some((x, y));
        } else {
            let (_, value, span, distinguishable) = &entries[i - 1];
            let (from, to) = (ruler.at(reached[i - 1]), ruler.at(reached[i]));
            joint(&mut drawing, from);
            let class = match (distinguishable, *value >= 0.0) {
                (false, _) => "part hollow",
                (true, true) => "part up",
                (true, false) => "part down",
            };
            drawing.rectangle(class, (from.min(to), y - 7.0), ((to - from).abs().max(1.0), 14.0), 0.0);
            if let Some(span) = span {
                let ends = [span.low, span.high].map(|end| ruler.at(reached[i - 1] + end));
                drawing.line("whisker", (ends[0], y), (ends[1], y));
            }
            before = Some((to, y));
        }
        drawing.close();
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: "From the first view to the second: what each difference between them adds, averaged over the orders in which they \
                  can be exchanged (Shapley 1953). Dark: raises it; pale: lowers it; hollow: cannot be told from nothing. Lines: 95% \
                  simulation intervals."
            .to_owned(),
        table: table(data),
    };
    drawing.finish(top + rows.height() + 38.0, words)
}

fn description(data: &Waterfall) -> String {
    let mut text = format!(
        "Waterfall chart: {}. It begins with {}, {}, and ends with {}, {}.",
        data.title,
        data.from.0,
        data.measure.told(data.from.1),
        data.to.0,
        data.measure.told(data.to.1)
    );
    for part in &data.parts {
        text.push_str(&format!(" {}: {}", part.label, data.measure.difference_in(part.value, part.interval)));
        text.push_str(if part.distinguishable { "." } else { ", which cannot be told from nothing." });
    }
    text
}

fn table(data: &Waterfall) -> Table {
    let mut rows = vec![vec![data.from.0.clone(), data.measure.told(data.from.1), String::new()]];
    rows.extend(data.parts.iter().map(|part| {
        let told = if part.distinguishable { "yes" } else { "no" };
        vec![part.label.clone(), data.measure.difference_in(part.value, part.interval), told.to_owned()]
    }));
    rows.push(vec![data.to.0.clone(), data.measure.told(data.to.1), String::new()]);
    Table {
        caption: data.title.clone(),
        head: ["What differs", "Part of the gap (95% interval)", "Can be told from nothing"]
            .map(str::to_owned)
            .to_vec(),
        rows,
    }
}
