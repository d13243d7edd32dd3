//! The tornado: what an answer hangs on, as the answer in the weakest and the strongest third of each assumption.
//!
//! Enters: [`Tornado`]. Leaves: a figure. Always holds: bars stand in the order given; ties are marked beside their ranks.

use super::draw::{Anchor, Drawing, Style, Words};
use super::scale::Ruler;
use super::shared::{Axis, Frame, Measure};
use crate::figure::{Figure, Table};

/// What a tornado shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is.
    pub measure: Measure,
    /// The answer over all draws.
    pub base: f64,
    /// Assumptions, strongest first.
    pub bars: Vec<Bar>,
    /// The horizontal axis.
    pub axis: Axis,
}

/// One assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The assumption in words.
    pub label: String,
    /// Its rank; tied ones share the first of their ranks.
    pub rank: usize,
    /// Whether its rank is shared.
    pub is_tied: bool,
    /// The answer where the assumption is lowest, or under the alternative with the lowest answer; none is never.
    pub low: Option<f64>,
    /// The answer where it is highest.
    pub high: Option<f64>,
    /// What the ends are called, `low` and `high` by custom, or the names of two alternatives.
    pub ends: [String; 2],
    /// Share of what is not known that it alone accounts for.
    pub share: f64,
    /// Its 95% interval.
    pub interval: super::shared::Span,
}

/// Draws a tornado.
pub fn tornado(data: &Tornado) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let is_narrow = drawing.width < 480.0;
    let label_width = if is_narrow { drawing.width - 40.0 } else { (0.36 * drawing.width).min(300.0) };
    let rank_width = Style::Quiet.width("10=") + 6.0;
    let end_texts: Vec<[String; 2]> = data
        .bars
        .iter()
        .map(|bar| {
            [bar.low, bar.high]
                .map(|value| value.map_or_else(|| "never".to_owned(), |value| data.measure.bare(value)))
        })
        .zip(&data.bars)
        .map(|(values, bar)| {
            [0, 1].map(|i| format!("{} {}", Style::Quiet.cut(&bar.ends[i], 74.0), values[i]))
        })
        .collect();
    let end_width = end_texts.iter().flatten().map(|text| Style::Quiet.width(text)).fold(0.0, f64::max) + 6.0;
    let left = if is_narrow { end_width + 2.0 } else { rank_width + label_width + end_width + 8.0 };
    let right = drawing.width - end_width - 2.0;
    let ruler = Ruler::new(data.axis, left, right);
    let labels: Vec<Vec<String>> =
        data.bars.iter().map(|bar| Style::Label.wrapped(&bar.label, label_width, 2)).collect();
    let heights: Vec<f64> = labels
        .iter()
        .map(|lines| {
            let text = lines.len().max(1) as f64 * Style::Label.line_height();
            if is_narrow { text + 26.0 } else { (text + 6.0).max(28.0) }
        })
        .collect();
    let top = 24.0;
    let bottom = top + heights.iter().sum::<f64>();

    drawing.open("axes");
    for tick in ruler.ticks(46.0) {
        let x = ruler.at(tick);
        drawing.line("grid", (x, top), (x, bottom));
        drawing.text((x, bottom + 16.0), Anchor::Middle, Style::Quiet, &data.measure.bare(tick));
    }
    drawing.text((right, bottom + 32.0), Anchor::End, Style::Quiet, &data.measure.name());
    drawing.close();

    let base = ruler.at(data.base);
    if !data.bars.is_empty() {
        drawing.open("base");
        drawing.line("base", (base, top - 4.0), (base, bottom));
        let label = format!("{} over all draws", data.measure.told(data.base));
        let half = Style::Strong.width(&label) / 2.0;
        let x = base.clamp(half.min(drawing.width / 2.0), (drawing.width - half).max(drawing.width / 2.0));
        drawing.text((x, top - 9.0), Anchor::Middle, Style::Strong, &label);
        drawing.close();
    }
    let mut y = top;
    for (i, bar) in data.bars.iter().enumerate() {
        drawing.open("row");
        let (bar_middle, label_middle) = if is_narrow {
            let text = heights[i] - 26.0;
            (y + text + 12.0, y + text / 2.0 + 3.0)
        } else {
            (y + heights[i] / 2.0, y + heights[i] / 2.0)
        };
        let rank = format!("{}{}", bar.rank, if bar.is_tied { "=" } else { "" });
        if is_narrow {
            drawing.lines((rank_width, label_middle), Anchor::Start, Style::Label, &labels[i]);
        } else {
            drawing.lines((rank_width + label_width, label_middle), Anchor::End, Style::Label, &labels[i]);
        }
        drawing.lines((0.0, label_middle), Anchor::Start, Style::Quiet, &[rank]);
        let x = |value: Option<f64>| value.map_or(right, |value| ruler.at(value));
        let (low, high) = (x(bar.low), x(bar.high));
        let is_around = (low <= base) != (high <= base);
        let joint = if is_around { base } else { f64::midpoint(low, high) };
        drawing.rectangle("low", (low.min(joint), bar_middle - 8.0), ((joint - low).abs(), 16.0), 0.0);
        drawing.rectangle("high", (high.min(joint), bar_middle - 8.0), ((high - joint).abs(), 16.0), 0.0);
        let [low_text, high_text] = &end_texts[i];
        let (first, last) = if low <= high { (low_text, high_text) } else { (high_text, low_text) };
        drawing.text((low.min(high) - 5.0, bar_middle + 4.0), Anchor::End, Style::Quiet, first);
        drawing.text((low.max(high) + 5.0, bar_middle + 4.0), Anchor::Start, Style::Quiet, last);
        drawing.close();
        y += heights[i];
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: caption(data),
        table: table(data),
    };
    drawing.finish(bottom + 38.0, words)
}

fn caption(data: &Tornado) -> String {
    let mut text = "The answer among the futures in which an assumption is in its lowest third (pale) and in its highest third (dark)."
        .to_owned();
    if data.bars.iter().any(|bar| bar.ends != ["low".to_owned(), "high".to_owned()]) {
        text.push_str(" Of alternatives, the two with the lowest and the highest answer.");
    }
    if data.bars.iter().any(|bar| bar.is_tied) {
        text.push_str(" = marks ranks that cannot be told apart.");
    }
    text
}

fn description(data: &Tornado) -> String {
    let mut text = format!(
        "Bar chart: {}. Over all draws the answer is {}. From the strongest assumption to the weakest:",
        data.title,
        data.measure.told(data.base)
    );
    for bar in &data.bars {
        text.push_str(&format!(
            " {}, rank {}{}: {} with {}, {} with {}.",
            bar.label,
            bar.rank,
            if bar.is_tied { ", tied" } else { "" },
            data.measure.told_or_never(bar.low),
            bar.ends[0],
            data.measure.told_or_never(bar.high),
            bar.ends[1],
        ));
    }
    text
}

fn table(data: &Tornado) -> Table {
    let share = |value: f64| Measure::Percent.bare(value.max(0.0));
    Table {
        caption: data.title.clone(),
        head: [
            "Assumption",
            "Rank",
            "Answer at the low end",
            "Answer at the high end",
            "Share of what we do not know",
            "95% interval",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: data
            .bars
            .iter()
            .map(|bar| {
                let end = |name: &str, usual: &str, value: Option<f64>| {
                    let told = data.measure.told_or_never(value);
                    if name == usual { told } else { format!("{told} ({name})") }
                };
                vec![
                    bar.label.clone(),
                    format!("{}{}", bar.rank, if bar.is_tied { "=" } else { "" }),
                    end(&bar.ends[0], "low", bar.low),
                    end(&bar.ends[1], "high", bar.high),
                    share(bar.share),
                    format!("{} to {}", share(bar.interval.low), share(bar.interval.high)),
                ]
            })
            .collect(),
    }
}
