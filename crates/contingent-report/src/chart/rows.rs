//! Rows with a label, marks along a shared axis and a number at the end.
//!
//! Enters: labels and end texts. Leaves: the place of each row. Always holds: labels stand left of the marks where there is room for
//! both and above them otherwise; nothing of one row reaches into the next.

use super::draw::{Anchor, Drawing, Style};
use super::scale::Ruler;

/// Rows laid out.
pub(super) struct Rows {
    /// Where marks begin.
    pub(super) left: f64,
    /// Where marks end.
    pub(super) right: f64,
    rows: Vec<Row>,
    is_narrow: bool,
    label_width: f64,
    end: f64,
}

struct Row {
    label: Vec<String>,
    text: Vec<String>,
    style: Style,
    height: f64,
}

impl Rows {
    /// Rows of label, text at the end, and whether the label stands out; `below` is more room under the marks of each.
    pub(super) fn new<'a>(
        drawing: &Drawing,
        rows: impl Iterator<Item = (&'a str, &'a str, bool)>,
        below: f64,
    ) -> Self {
        let rows: Vec<(&str, &str, bool)> = rows.collect();
        let is_narrow = drawing.width < 500.0;
        let style = |stands_out: bool| if stands_out { Style::Strong } else { Style::Label };
        let widest_label = rows.iter().map(|&(label, _, out)| style(out).width(label)).fold(0.0, f64::max);
        let end_limit = if is_narrow { 0.34 * drawing.width } else { 0.24 * drawing.width };
        let end_width =
            rows.iter().map(|&(_, text, _)| Style::Label.width(text)).fold(0.0, f64::max).min(end_limit)
                + 1.0;
        let label_width =
            if is_narrow { drawing.width - 8.0 } else { (widest_label + 1.0).min(0.38 * drawing.width) };
        let rows = rows
            .iter()
            .map(|&(label, text, stands_out)| {
                let style = style(stands_out);
                let label = style.wrapped(label, label_width, 2);
                let text = Style::Label.wrapped(text, end_width, 2);
                let label_height = label.len() as f64 * style.line_height();
                let text_height = text.len() as f64 * Style::Label.line_height();
                let height = if is_narrow {
                    label_height + text_height.max(20.0) + 6.0
                } else {
                    label_height.max(text_height).max(22.0) + 6.0
                };
                Row { label, text, style, height: height + below }
            })
            .collect();
        Self {
            left: if is_narrow { 8.0 } else { label_width + 16.0 },
            right: drawing.width - end_width - 16.0,
            rows,
            is_narrow,
            label_width,
            end: drawing.width - end_width,
        }
    }

    /// The height of all rows.
    pub(super) fn height(&self) -> f64 {
        self.rows.iter().map(|row| row.height).sum()
    }

    /// Ticks below all rows, and a grid behind them.
    pub(super) fn draw_axis(
        &self,
        drawing: &mut Drawing,
        ruler: &Ruler,
        name: &str,
        top: f64,
        show: impl Fn(f64) -> String,
    ) {
        let bottom = top + self.height();
        let widest =
            ruler.ticks(40.0).iter().map(|&tick| Style::Quiet.width(&show(tick))).fold(0.0, f64::max);
        drawing.open("axes");
        for tick in ruler.ticks(widest + 18.0) {
            let x = ruler.at(tick);
            drawing.line("grid", (x, top), (x, bottom));
            let label = show(tick);
            let half = Style::Quiet.width(&label) / 2.0;
            drawing.text((x.max(half + 0.5), bottom + 16.0), Anchor::Middle, Style::Quiet, &label);
        }
        drawing.text((self.right, bottom + 32.0), Anchor::End, Style::Quiet, name);
        drawing.close();
    }

    /// Draws the label and the end text of a row; returns the height at which its marks stand.
    pub(super) fn draw_label(&self, drawing: &mut Drawing, i: usize, top: f64) -> f64 {
        let row = &self.rows[i];
        let start = top + self.rows[..i].iter().map(|row| row.height).sum::<f64>();
        let label_height = row.label.len() as f64 * row.style.line_height();
        let text_height = (row.text.len() as f64 * Style::Label.line_height()).max(20.0);
        let y = if self.is_narrow {
            drawing.lines((0.0, start + 3.0 + label_height / 2.0), Anchor::Start, row.style, &row.label);
            start + 3.0 + label_height + text_height / 2.0
        } else {
            let y = start + 3.0 + label_height.max(text_height).max(22.0) / 2.0;
            drawing.lines((self.label_width, y), Anchor::End, row.style, &row.label);
            y
        };
        drawing.lines((self.end, y), Anchor::Start, Style::Label, &row.text);
        y
    }
}
