//! What could be done: paired differences to doing nothing, as intervals around zero.
//!
//! Enters: [`Policies`]. Leaves: a figure. Always holds: rows stand in the order given; a difference that cannot be told from none
//! has a hollow mark.

use super::draw::{Anchor, Drawing, Style, Words};
use super::rows::Rows;
use super::scale::Ruler;
use super::shared::{Axis, Frame, Measure, Span};
use crate::figure::{Figure, Table};

/// What is shown of policies.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is; differences are in the same unit.
    pub measure: Measure,
    /// One row per policy.
    pub rows: Vec<PolicyBar>,
    /// The axis of differences.
    pub axis: Axis,
}

/// One policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyBar {
    /// In words.
    pub label: String,
    /// Policy minus none; absent when one side has no answer.
    pub difference: Option<f64>,
    /// Its 95% interval.
    pub interval: Option<Span>,
    /// Whether the interval leaves out zero.
    pub distinguishable: bool,
    /// The smallest and the largest difference over rival views, when it was run under them.
    pub across_views: Option<Span>,
    /// The answer under the policy in the worst view, and that view in words, where a side is known to be worse.
    pub worst: Option<(f64, String)>,
    /// Share of draws in which the outcome was higher.
    pub share_higher: f64,
    /// Share of draws in which it was lower.
    pub share_lower: f64,
}

/// Draws what policies change.
pub fn policies(data: &Policies) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let texts: Vec<String> = data.rows.iter().map(|row| value_text(data, row)).collect();
    let worst: Vec<Vec<String>> = data.rows.iter().map(|row| worst_text(data, row, drawing.width)).collect();
    let below = 15.0 * worst.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let rows = Rows::new(
        &drawing,
        data.rows.iter().zip(&texts).map(|(row, text)| (row.label.as_str(), text.as_str(), false)),
        below,
    );
    let ruler = Ruler::new(data.axis, rows.left, rows.right);
    let top = 22.0;
    rows.draw_axis(&mut drawing, &ruler, &difference_name(data), top, |tick| {
        data.measure.difference(tick, tick_decimals(data, tick))
    });
    let zero = ruler.at(0.0);
    drawing.open("base");
    drawing.line("base", (zero, top - 4.0), (zero, top + rows.height()));
    let label = "doing nothing";
    let half = Style::Strong.width(label) / 2.0;
    drawing.text((zero.clamp(half, drawing.width - half), top - 9.0), Anchor::Middle, Style::Strong, label);
    drawing.close();
    for (i, row) in data.rows.iter().enumerate() {
        drawing.open("row");
        let y = rows.draw_label(&mut drawing, i, top);
        if let Some(across) = row.across_views {
            drawing.line("spread", (ruler.at(across.low), y), (ruler.at(across.high), y));
        }
        if let Some(interval) = row.interval {
            drawing.line("interval", (ruler.at(interval.low), y), (ruler.at(interval.high), y));
        }
        if let Some(difference) = row.difference {
            let class = if row.distinguishable { "point" } else { "point hollow" };
            drawing.circle(class, (ruler.at(difference), y), 5.5);
        }
        for (k, line) in worst[i].iter().enumerate() {
            drawing.text((rows.left, y + 24.0 + 15.0 * k as f64), Anchor::Start, Style::Halo, line);
        }
        drawing.close();
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: caption(data),
        table: table(data),
    };
    drawing.finish(top + rows.height() + 38.0, words)
}

fn difference_name(data: &Policies) -> String {
    match data.measure.name() {
        name if name.is_empty() => "change".to_owned(),
        name => format!("change, {name}"),
    }
}

/// The worst view in as many lines as it needs left of the numbers.
fn worst_text(data: &Policies, row: &PolicyBar, width: f64) -> Vec<String> {
    let told =
        row.worst.as_ref().map(|(value, view)| format!("worst under {view}: {}", data.measure.told(*value)));
    Style::Halo.wrapped(&told.unwrap_or_default(), if width < 500.0 { 0.58 * width } else { 0.6 * width }, 2)
}

/// Ticks of a narrow axis need decimals.
fn tick_decimals(data: &Policies, tick: f64) -> Option<usize> {
    if matches!(data.measure, Measure::Number { .. }) {
        return None;
    }
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-6;
    Some([100.0, 1_000.0, 10_000.0].iter().position(|power| is_whole(power * tick)).unwrap_or(3))
}

fn value_text(data: &Policies, row: &PolicyBar) -> String {
    match row.difference {
        None => "no answer".to_owned(),
        Some(value) => data.measure.difference_in(value, row.interval),
    }
}

fn caption(data: &Policies) -> String {
    let mut text = "Each row compares the same draws and the same chance with and without the policy; the thick line is the 95% \
                    simulation interval of the difference."
        .to_owned();
    if data.rows.iter().any(|row| !row.distinguishable) {
        text.push_str(" Hollow: cannot be told from no difference.");
    }
    if data.rows.iter().any(|row| row.across_views.is_some()) {
        text.push_str(" Thin line: from the smallest to the largest difference over rival views.");
    }
    text
}

fn description(data: &Policies) -> String {
    let mut text = format!("Differences to doing nothing, one row per policy: {}.", data.title);
    let unit = data.measure.name();
    for row in &data.rows {
        text.push_str(&format!(" {}: ", row.label));
        text.push_str(&match row.difference {
            None => "no answer".to_owned(),
            Some(_) => format!("{} {unit}", value_text(data, row)).trim_end().to_owned(),
        });
        if row.difference.is_some() && !row.distinguishable {
            text.push_str(", which cannot be told from none");
        }
        if let Some(across) = row.across_views {
            text.push_str(&format!(
                "; over rival views from {} to {}",
                data.measure.difference(across.low, None),
                data.measure.difference(across.high, None)
            ));
        }
        if let Some((value, view)) = &row.worst {
            text.push_str(&format!("; at worst {}, under {view}", data.measure.told(*value)));
        }
        text.push('.');
    }
    text
}

fn table(data: &Policies) -> Table {
    let has_views = data.rows.iter().any(|row| row.across_views.is_some());
    let has_worst = data.rows.iter().any(|row| row.worst.is_some());
    let mut head: Vec<String> =
        ["Policy", "Change (95% interval)", "Draws in which it is higher", "Draws in which it is lower"]
            .map(str::to_owned)
            .to_vec();
    if has_views {
        head.push("Change over rival views".to_owned());
    }
    if has_worst {
        head.push("Answer in the worst view".to_owned());
    }
    let none = || "\u{2013}".to_owned();
    let rows =
        data.rows
            .iter()
            .map(|row| {
                let mut cells = vec![
                    row.label.clone(),
                    value_text(data, row),
                    Measure::Percent.bare(row.share_higher),
                    Measure::Percent.bare(row.share_lower),
                ];
                if has_views {
                    cells.push(row.across_views.map_or_else(none, |across| {
                        format!(
                            "{} to {}",
                            data.measure.difference(across.low, None),
                            data.measure.difference(across.high, None)
                        )
                    }));
                }
                if has_worst {
                    cells.push(row.worst.as_ref().map_or_else(none, |(value, view)| {
                        format!("{} ({view})", data.measure.told(*value))
                    }));
                }
                cells
            })
            .collect();
    let unit = data.measure.name();
    let unit = if unit.is_empty() { unit } else { format!(", {unit}") };
    Table { caption: format!("{}{unit}: against doing nothing", data.title), head, rows }
}
