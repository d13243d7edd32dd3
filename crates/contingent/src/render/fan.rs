//! A fan chart in characters.
//!
//! Enters: a [`Trajectory`]. Leaves: lines of text. Always holds: bands and median are told apart by their characters
//! alone.

use super::number::Unit;
use super::strip::Axis;
use super::text::{HEADING, Page, QUIET, capitalised};
use crate::answer::Trajectory;

const N_ROWS: usize = 8;
const MOST_COLUMNS: usize = 60;

/// Draws a fan with its axes and its legend.
pub(super) fn fan_chart(page: &mut Page, trajectory: &Trajectory) {
    let bands = &trajectory.bands;
    let unit = Unit(if trajectory.is_share { "share" } else { &trajectory.unit });
    let shown_unit = unit.plural();
    let heading = match shown_unit.as_str() {
        "" => capitalised(&trajectory.label),
        _ => format!("{} ({shown_unit})", capitalised(&trajectory.label)),
    };
    page.paragraph(HEADING, "", &heading);
    let n_times = trajectory.times.len();
    let finite = || bands.p05.iter().chain(&bands.p95).flatten().copied();
    if n_times == 0 || finite().next().is_none() {
        page.line(QUIET, "  no run was finite");
        return;
    }
    let lowest = finite().fold(f64::INFINITY, f64::min);
    let highest = finite().fold(f64::NEG_INFINITY, f64::max);
    // The axis begins at zero unless that would waste most of it.
    let bottom = if lowest >= 0.0 && lowest < 0.5 * highest { 0.0 } else { lowest };
    let top = if highest > bottom { highest } else { bottom + bottom.abs().max(1.0) };
    let labels = [unit.bare(top), unit.bare(f64::midpoint(top, bottom)), unit.bare(bottom)];
    let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let n_columns = MOST_COLUMNS.min(page.width.saturating_sub(margin + 3)).max(10);

    let row_of = |value: f64| {
        ((value - bottom) / (top - bottom) * N_ROWS as f64 - 0.5).round().clamp(0.0, 7.0) as usize
    };
    let mut cells = vec![vec![' '; n_columns]; N_ROWS];
    for column in 0..n_columns {
        let time = (column * (n_times - 1) + (n_columns - 1) / 2) / (n_columns - 1).max(1);
        for (low, high, symbol) in [(&bands.p05, &bands.p95, '░'), (&bands.p25, &bands.p75, '▒')] {
            if let (Some(low), Some(high)) = (low[time], high[time]) {
                for row in &mut cells[row_of(low)..=row_of(high)] {
                    row[column] = symbol;
                }
            }
        }
        if let Some(median) = bands.p50[time] {
            cells[row_of(median)][column] = '━';
        }
    }
    for (from_top, row) in cells.iter().rev().enumerate() {
        let (label, tick) = match from_top {
            0 => (labels[0].as_str(), '┤'),
            row if row == N_ROWS / 2 => (labels[1].as_str(), '┤'),
            row if row == N_ROWS - 1 => (labels[2].as_str(), '┤'),
            _ => ("", '│'),
        };
        let padding = " ".repeat(margin - label.chars().count());
        let drawn: String = row.iter().collect();
        page.line(anstyle::Style::new(), &format!(" {padding}{label} {tick}{drawn}"));
    }
    let dated = trajectory.dates.len() == n_times;
    let time_axis = Axis { low: 0.0, high: (n_times - 1) as f64, width: n_columns };
    let time_label = |position: f64| {
        let i = (position.round() as usize).min(n_times - 1);
        if dated {
            trajectory.dates[i].clone()
        } else {
            Unit(&trajectory.time_unit).with(trajectory.times[i])
        }
    };
    let indent = " ".repeat(margin + 3);
    page.line(QUIET, &format!("{indent}{}", time_axis.labels(time_label)));
    let legend = format!(
        "━ median, ▒ half of the runs, ░ nine in ten ({})",
        super::text::count(trajectory.n_runs, "run")
    );
    page.paragraph(QUIET, &indent, &legend);
}
