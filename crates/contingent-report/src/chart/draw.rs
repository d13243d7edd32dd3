//! A drawing in the making.
//!
//! Enters: shapes in pixels, texts as they are. Leaves: the `<svg>` element of a [`Figure`]. Always holds: every text goes through
//! [`escaped`], right-to-left text stands in an isolate of its own, so that anchors mean the same for it, and coordinates have one
//! decimal.

use super::letters;
use super::shared::Frame;
use crate::figure::{Figure, Table, escaped};

/// Where text stands against its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// How text looks; each has a class in the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// What is read first.
    Label,
    /// What stands out.
    Strong,
    /// Ticks, units, notes.
    Quiet,
    /// The threshold.
    Alert,
    /// Quiet text over marks, with a pale edge.
    Halo,
    /// The sign of a link.
    Sign,
}

impl Style {
    pub(crate) const fn size(self) -> f64 {
        match self {
            Self::Label | Self::Strong => 13.0,
            Self::Quiet | Self::Alert | Self::Halo => 12.0,
            Self::Sign => 14.0,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Strong => "strong",
            Self::Quiet => "quiet",
            Self::Alert => "alert",
            Self::Halo => "halo",
            Self::Sign => "sign",
        }
    }

    const fn is_bold(self) -> bool {
        matches!(self, Self::Strong | Self::Alert | Self::Sign)
    }

    /// The width of a line of text.
    pub(crate) fn width(self, text: &str) -> f64 {
        letters::width(text, self.size(), self.is_bold())
    }

    /// Text in lines.
    pub(crate) fn wrapped(self, text: &str, limit: f64, n_lines: usize) -> Vec<String> {
        letters::wrapped(text, limit, n_lines, self.size(), self.is_bold())
    }

    /// Text in one line.
    pub(crate) fn cut(self, text: &str, limit: f64) -> String {
        letters::cut(text, limit, self.size(), self.is_bold())
    }

    /// The distance of lines below each other.
    pub(crate) fn line_height(self) -> f64 {
        self.size() + 3.0
    }
}

/// A coordinate.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The data of a path: where a piece begins in absolute coordinates, all else as steps from the point before. Steps are counted in
/// tenths of a pixel from rounded points, so that rounding never adds up.
#[derive(Default)]
pub(crate) struct Path {
    data: String,
    at: [i64; 2],
    is_line: bool,
}

/// A coordinate in tenths of a pixel.
fn tenths(value: f64) -> i64 {
    (10.0 * value).round() as i64
}

impl Path {
    /// Writes tenths as a number of pixels in as few letters as can be.
    fn push(&mut self, value: i64) {
        let sign = if value < 0 { "-" } else { "" };
        let (whole, tenth) = (value.abs() / 10, value.abs() % 10);
        if value >= 0 && self.data.ends_with(|letter: char| letter.is_ascii_digit()) {
            self.data.push(' ');
        }
        self.data.push_str(&match (whole, tenth) {
            (0, 0) => "0".to_owned(),
            (0, tenth) => format!("{sign}.{tenth}"),
            (whole, 0) => format!("{sign}{whole}"),
            (whole, tenth) => format!("{sign}{whole}.{tenth}"),
        });
    }

    fn step_to(&mut self, [x, y]: [i64; 2]) {
        let [from_x, from_y] = self.at;
        self.push(x - from_x);
        self.push(y - from_y);
    }

    pub(crate) fn move_to(&mut self, x: f64, y: f64) {
        self.data.push('M');
        self.at = [tenths(x), tenths(y)];
        let [x, y] = self.at;
        self.push(x);
        self.push(y);
        self.is_line = false;
    }

    pub(crate) fn line_to(&mut self, x: f64, y: f64) {
        if !self.is_line {
            self.data.push('l');
            self.is_line = true;
        }
        let to = [tenths(x), tenths(y)];
        self.step_to(to);
        self.at = to;
    }

    pub(crate) fn cubic_to(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, x: f64, y: f64) {
        self.data.push('c');
        self.is_line = false;
        let to = [tenths(x), tenths(y)];
        for point in [[tenths(x1), tenths(y1)], [tenths(x2), tenths(y2)], to] {
            self.step_to(point);
        }
        self.at = to;
    }

    /// Ends a piece; the next begins with [`Path::move_to`].
    pub(crate) fn close(&mut self) {
        self.data.push('Z');
        self.is_line = false;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// A line through points; where one is missing it begins anew.
    pub(crate) fn through(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> Self {
        let mut path = Self::default();
        let mut is_open = false;
        for point in points {
            match point {
                Some((x, y)) if is_open => path.line_to(x, y),
                Some((x, y)) => path.move_to(x, y),
                None => {}
            }
            is_open = point.is_some();
        }
        path
    }

    /// The area between two lines, each of them left to right; where either is missing it begins anew.
    pub(crate) fn between(points: &[Option<(f64, f64, f64)>]) -> Self {
        let mut path = Self::default();
        for piece in points.split(Option::is_none) {
            let piece: Vec<(f64, f64, f64)> = piece.iter().copied().flatten().collect();
            if piece.is_empty() {
                continue;
            }
            for (i, &(x, low, _)) in piece.iter().enumerate() {
                if i == 0 { path.move_to(x, low) } else { path.line_to(x, low) }
            }
            for &(x, _, high) in piece.iter().rev() {
                path.line_to(x, high);
            }
            path.close();
        }
        path
    }
}

/// What is drawn so far.
pub(crate) struct Drawing {
    id: String,
    pub(crate) width: f64,
    body: String,
}

impl Drawing {
    pub(crate) fn new(frame: &Frame) -> Self {
        let mut id: String = frame
            .id
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' })
            .collect();
        if !id.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            id.insert_str(0, "chart-");
        }
        let width = if frame.width.is_finite() { frame.width.clamp(320.0, 2_000.0) } else { 640.0 };
        Self { id, width, body: String::new() }
    }

    /// Opens a group.
    pub(crate) fn open(&mut self, class: &str) {
        self.body.push_str(&format!("<g class=\"{}\">", escaped(class)));
    }

    /// Opens a group with further attributes; values are escaped here.
    pub(crate) fn open_with(&mut self, class: &str, attributes: &[(&str, &str)]) {
        self.body.push_str(&format!("<g class=\"{}\"", escaped(class)));
        for (name, value) in attributes {
            self.body.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
        self.body.push('>');
    }

    pub(crate) fn close(&mut self) {
        self.body.push_str("</g>");
    }

    /// What a pointer that rests on the open group is told.
    pub(crate) fn hint(&mut self, text: &str) {
        self.body.push_str(&format!("<title>{}</title>", escaped(text)));
    }

    pub(crate) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.body.push_str(&format!(
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            number(x1),
            number(y1),
            number(x2),
            number(y2)
        ));
    }

    /// A box; a negative width or height is turned round.
    pub(crate) fn rectangle(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        round: f64,
    ) {
        let (x, width) = if width < 0.0 { (x + width, -width) } else { (x, width) };
        let (y, height) = if height < 0.0 { (y + height, -height) } else { (y, height) };
        let round = if round > 0.0 { format!(" rx=\"{}\"", number(round)) } else { String::new() };
        self.body.push_str(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{round}/>",
            number(x),
            number(y),
            number(width),
            number(height)
        ));
    }

    pub(crate) fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        self.circle_with(class, (x, y), radius, &[]);
    }

    pub(crate) fn circle_with(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        radius: f64,
        attributes: &[(&str, &str)],
    ) {
        self.body.push_str(&format!(
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"",
            number(x),
            number(y),
            number(radius)
        ));
        for (name, value) in attributes {
            self.body.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
        self.body.push_str("/>");
    }

    pub(crate) fn path(&mut self, class: &str, path: &Path) {
        if !path.is_empty() {
            self.body.push_str(&format!("<path class=\"{class}\" d=\"{}\"/>", path.data));
        }
    }

    /// A square on its corner, so that it is told from a circle without colour.
    pub(crate) fn diamond(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let mut path = Path::default();
        path.move_to(x, y - radius);
        path.line_to(x + radius, y);
        path.line_to(x, y + radius);
        path.line_to(x - radius, y);
        path.close();
        self.path(class, &path);
    }

    /// A line of text on the baseline `y`.
    pub(crate) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let safe = escaped(text);
        let safe = if letters::runs_leftwards(text) { format!("\u{2068}{safe}\u{2069}") } else { safe };
        self.body.push_str(&format!(
            "<text class=\"{}\" x=\"{}\" y=\"{}\"{anchor}>{safe}</text>",
            style.class(),
            number(x),
            number(y)
        ));
    }

    /// Lines of text, centred on `y`.
    pub(crate) fn lines(&mut self, (x, y): (f64, f64), anchor: Anchor, style: Style, lines: &[String]) {
        let height = style.line_height();
        // Letters without ascent reach to about 0.72 of the size above the baseline.
        let first = y - height * (lines.len() as f64 - 1.0) / 2.0 + 0.36 * style.size();
        for (i, line) in lines.iter().enumerate() {
            self.text((x, first + height * i as f64), anchor, style, line);
        }
    }

    /// The figure, of a height.
    pub(crate) fn finish(self, height: f64, words: Words) -> Figure {
        let Words { title, description, caption, table } = words;
        let id = &self.id;
        let svg = format!(
            "<svg class=\"chart\" id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {} {}\" \
             width=\"{}\" height=\"{}\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{}</svg>",
            number(self.width),
            number(height),
            number(self.width),
            number(height),
            escaped(&title),
            escaped(&description),
            self.body
        );
        Figure { id: self.id, title, description, svg, table, caption }
    }
}

/// What is said beside a drawing.
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) caption: String,
    pub(crate) table: Table,
}

/// Moves marks of given sizes apart along a line as little as possible, in their order: returns their middles. When they do not
/// fit between the ends they keep their distances and stand out at the far end.
pub(crate) fn spread_apart(wanted: &[f64], size: f64, low: f64, high: f64) -> Vec<f64> {
    // Least squares under order constraints: pool adjacent violators on what is left of the positions after the sizes before
    // them (Barlow et al. 1972).
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (i, &k) in order.iter().enumerate() {
        let mut pool = (wanted[k] - size * i as f64, 1_usize);
        while let Some(&(mean, n)) = pools.last() {
            if mean <= pool.0 {
                break;
            }
            pools.pop();
            pool = ((mean * n as f64 + pool.0 * pool.1 as f64) / (n + pool.1) as f64, n + pool.1);
        }
        pools.push(pool);
    }
    let last = wanted.len().saturating_sub(1) as f64;
    let (first_least, first_most) = (low + size / 2.0, high - size / 2.0 - size * last);
    let mut middles = vec![0.0; wanted.len()];
    let mut i = 0;
    for (mean, n) in pools {
        for _ in 0..n {
            middles[order[i]] = mean.min(first_most).max(first_least) + size * i as f64;
            i += 1;
        }
    }
    middles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_step_from_rounded_points_so_that_rounding_never_adds_up() {
        let mut path = Path::default();
        path.move_to(0.0, 10.04);
        for i in 1..=4 {
            path.line_to(0.26 * f64::from(i), 10.0 - f64::from(i));
        }
        path.close();
        path.move_to(5.0, 5.0);
        path.cubic_to(6.0, 5.0, 6.0, 6.5, 4.0, 7.0);
        assert_eq!(path.data, "M0 10l.3-1 .2-1 .3-1 .2-1ZM5 5c1 0 1 1.5-1 2");
    }

    #[test]
    fn marks_that_would_touch_are_moved_apart_and_others_stay() {
        assert_eq!(spread_apart(&[10.0, 50.0], 10.0, 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread_apart(&[50.0, 50.0], 10.0, 0.0, 100.0), [45.0, 55.0]);
        assert_eq!(spread_apart(&[52.0, 48.0, 50.0], 10.0, 0.0, 100.0), [60.0, 40.0, 50.0]);
        assert_eq!(spread_apart(&[1.0, 99.0], 10.0, 0.0, 100.0), [5.0, 95.0]);
        let many: Vec<f64> = spread_apart(&[30.0; 20], 10.0, 0.0, 100.0);
        assert!(many.windows(2).all(|pair| pair[1] - pair[0] >= 10.0));
    }

    #[test]
    fn ids_are_safe_and_texts_escaped() {
        let frame = Frame { id: "7\"><script>".to_owned(), width: f64::NAN };
        let mut drawing = Drawing::new(&frame);
        drawing.text((0.0, 0.0), Anchor::Start, Style::Label, "<script>&\"قوة");
        let words = Words {
            title: "</title><script>".to_owned(),
            description: "]]>".to_owned(),
            caption: String::new(),
            table: Table::default(),
        };
        let figure = drawing.finish(20.0, words);
        assert_eq!(figure.id, "chart-7---script-");
        assert!(!figure.svg.contains("<script"));
        assert!(figure.svg.contains("\u{2068}&lt;script&gt;&amp;&quot;قوة\u{2069}"));
    }
}
