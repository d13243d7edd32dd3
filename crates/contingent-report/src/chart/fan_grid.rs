//! Small fans side by side on shared axes, one per view or policy.
//!
//! Enters: [`FanGrid`]. Leaves: one figure. Always holds: all panels have the axes of the first, however their data say, so that
//! they can be compared; each panel is `g.panel`, headed by the title of its fan.

use super::draw::{Anchor, Drawing, Style, Words};
use super::fan::{Area, Fan, Rulers, draw_axes, draw_fan, widest_first, widest_tick};
use super::shared::Frame;
use crate::figure::{Figure, Table};

/// Fans to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct FanGrid {
    /// Where the grid stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// One panel each; its title heads the panel, its frame is not used.
    pub panels: Vec<Fan>,
}

/// Least width of a panel.
const LEAST_WIDTH: f64 = 165.0;
const GAP: f64 = 18.0;

/// Draws small multiples of fans.
pub fn fan_grid(data: &FanGrid) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let margin = 10.0 + data.panels.iter().map(widest_tick).fold(0.0, f64::max);
    let n_columns =
        (((drawing.width + GAP) / (LEAST_WIDTH + GAP)) as usize).clamp(1, data.panels.len().clamp(1, 4));
    let column = (drawing.width + GAP) / n_columns as f64 - GAP;
    let plot_height = (0.5 * column).clamp(90.0, 150.0);
    let heads: Vec<Vec<String>> =
        data.panels.iter().map(|panel| Style::Strong.wrapped(&panel.title, column - margin, 3)).collect();
    let n_rows = data.panels.len().div_ceil(n_columns);
    let mut top = 0.0;
    for row in 0..n_rows {
        let in_row = row * n_columns..data.panels.len().min((row + 1) * n_columns);
        let n_lines = heads[in_row.clone()].iter().map(Vec::len).max().unwrap_or(1) as f64;
        let plot_top = top + 6.0 + n_lines * Style::Strong.line_height();
        for i in in_row {
            let panel = Fan { axis: data.panels[0].axis, recorded: Vec::new(), ..data.panels[i].clone() };
            let x = (i % n_columns) as f64 * (column + GAP);
            let area =
                Area { left: x + margin, right: x + column, top: plot_top, bottom: plot_top + plot_height };
            let rulers = Rulers::new(&panel, area);
            drawing.open("panel");
            for (line, text) in heads[i].iter().enumerate() {
                let y = top + 13.0 + line as f64 * Style::Strong.line_height();
                drawing.text((area.left, y), Anchor::Start, Style::Strong, text);
            }
            draw_axes(&mut drawing, &panel, area, &rulers, false);
            draw_fan(&mut drawing, &panel, area, &rulers);
            drawing.close();
        }
        top = plot_top + plot_height + 48.0;
    }
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: "The same axes in every panel. Dark line: the median; shaded: the bands of the fan above."
            .to_owned(),
        table: table(data),
    };
    drawing.finish((top - 8.0).max(20.0), words)
}

fn last(series: &[Option<f64>]) -> Option<f64> {
    series.last().copied().flatten()
}

fn description(data: &FanGrid) -> String {
    let mut text = format!("{} small fan charts on the same axes: {}.", data.panels.len(), data.title);
    for panel in &data.panels {
        let Some(median) = last(&panel.median) else {
            text.push_str(&format!(" {}: nothing to show.", panel.title));
            continue;
        };
        text.push_str(&format!(" {}: the median ends at {}", panel.title, panel.measure.told(median)));
        if let Some((percent, low, high)) = widest_first(&panel.bands)
            .first()
            .and_then(|band| Some((band.percent, last(&band.low)?, last(&band.high)?)))
        {
            let (low, high) = (panel.measure.bare(low), panel.measure.bare(high));
            text.push_str(&format!(", {percent} in 100 futures between {low} and {high}"));
        }
        text.push('.');
    }
    text
}

fn table(data: &FanGrid) -> Table {
    let bands: Vec<u8> = data
        .panels
        .first()
        .map(|panel| widest_first(&panel.bands).iter().map(|band| band.percent).collect())
        .unwrap_or_default();
    let mut head = vec!["Panel".to_owned()];
    head.extend(bands.iter().map(|percent| format!("{percent}: low")));
    head.push("Median".to_owned());
    head.extend(bands.iter().rev().map(|percent| format!("{percent}: high")));
    let rows = data
        .panels
        .iter()
        .map(|panel| {
            let cell = |value: Option<f64>| {
                value.map_or_else(|| "\u{2013}".to_owned(), |value| panel.measure.bare(value))
            };
            let end = |percent: u8, is_low: bool| {
                let band = panel.bands.iter().find(|band| band.percent == percent)?;
                last(if is_low { &band.low } else { &band.high })
            };
            let mut row = vec![panel.title.clone()];
            row.extend(bands.iter().map(|&percent| cell(end(percent, true))));
            row.push(cell(last(&panel.median)));
            row.extend(bands.iter().rev().map(|&percent| cell(end(percent, false))));
            row
        })
        .collect();
    Table { caption: format!("{}: the end of each fan", data.title), head, rows }
}
