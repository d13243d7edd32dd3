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

    /// A straight line by itself.
    pub(crate) fn straight(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.move_to(from.0, from.1);
        let [x, y] = [tenths(to.0) - self.at[0], tenths(to.1) - self.at[1]];
        match (x, y) {
            (_, 0) => {
                self.data.push('h');
                self.push(x);
            }
            (0, _) => {
                self.data.push('v');
                self.push(y);
            }
            _ => self.line_to(to.0, to.1),
        }
    }

    /// Ends a piece; the next begins with [`Path::move_to`].
    pub(crate) fn close(&mut self) {
        self.data.push('Z');
        self.is_line = false;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// A line through points from left to right, without those that the rest shows; where one is missing it begins anew.
    pub(crate) fn through(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> Self {
        let points: Vec<Option<(f64, f64)>> = points.into_iter().collect();
        let mut path = Self::default();
        for piece in points.split(Option::is_none) {
            let piece: Vec<(f64, f64)> = piece.iter().copied().flatten().collect();
            for (i, (x, y)) in telling(&piece).into_iter().enumerate() {
                if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
            }
        }
        path
    }

    /// The area between two lines, each of them left to right; where either is missing it begins anew.
    pub(crate) fn between(points: &[Option<(f64, f64, f64)>]) -> Self {
        let mut path = Self::default();
        for piece in points.split(Option::is_none) {
            let side = |pick: fn(&(f64, f64, f64)) -> (f64, f64)| -> Vec<(f64, f64)> {
                telling(&piece.iter().flatten().map(pick).collect::<Vec<_>>())
            };
            let (lows, highs) = (side(|&(x, low, _)| (x, low)), side(|&(x, _, high)| (x, high)));
            if lows.is_empty() {
                continue;
            }
            for (i, (x, low)) in lows.into_iter().enumerate() {
                if i == 0 { path.move_to(x, low) } else { path.line_to(x, low) }
            }
            for (x, high) in highs.into_iter().rev() {
                path.line_to(x, high);
            }
            path.close();
        }
        path
    }
}

/// How far a point may lie above or below the line between its neighbours that are kept, in pixels: less than can be seen.
const UNSEEN: f64 = 0.3;

/// The points of a line that the others do not show already: those that are left out lie within [`UNSEEN`] of the line through the
/// rest. One pass with a cone that narrows (Sklansky and Gonzalez 1980); the first point and the last are kept.
fn telling(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let Some((&first, rest)) = points.split_first() else { return Vec::new() };
    let mut kept = vec![first];
    let (mut from, mut before) = (first, first);
    let (mut lowest, mut highest) = (f64::NEG_INFINITY, f64::INFINITY);
    for &point in rest {
        let within = |from: (f64, f64), lowest: f64, highest: f64| {
            let slope = (point.1 - from.1) / (point.0 - from.0);
            point.0 > from.0 && slope >= lowest && slope <= highest
        };
        if before != from && !within(from, lowest, highest) {
            kept.push(before);
            from = before;
            (lowest, highest) = (f64::NEG_INFINITY, f64::INFINITY);
        }
        let run = point.0 - from.0;
        if run > 0.0 {
            lowest = lowest.max((point.1 - UNSEEN - from.1) / run);
            highest = highest.min((point.1 + UNSEEN - from.1) / run);
        } else {
            // Nothing shows a point straight above another.
            (lowest, highest) = (f64::INFINITY, f64::NEG_INFINITY);
        }
        before = point;
    }
    if before != first || points.len() > 1 {
        kept.push(before);
    }
    kept
}

/// Groups of lines and of texts that do not lie on each other: their order is free, so that lines of one kind become one path and
/// texts of one kind stand together.
const GATHERED: [&str; 2] = ["axes", "ends"];

/// What was drawn in a group whose order is free.
#[derive(Default)]
struct Gathered {
    lines: Vec<(String, Path)>,
    texts: Vec<((&'static str, &'static str), String)>,
}

/// What is drawn so far.
pub(crate) struct Drawing {
    id: String,
    pub(crate) width: f64,
    body: String,
    gathered: Option<Gathered>,
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
        Self { id, width, body: String::new(), gathered: None }
    }

    /// Opens a group. In one named in [`GATHERED`] there are lines and texts only.
    pub(crate) fn open(&mut self, class: &str) {
        self.gathered = GATHERED.contains(&class).then(Gathered::default);
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
        if let Some(Gathered { lines, texts }) = self.gathered.take() {
            for (class, path) in lines {
                self.path(&class, &path);
            }
            self.body.extend(texts.into_iter().map(|(_, texts)| texts));
        }
        self.body.push_str("</g>");
    }

    /// What a pointer that rests on the open group is told.
    pub(crate) fn hint(&mut self, text: &str) {
        self.body.push_str(&format!("<title>{}</title>", escaped(text)));
    }

    pub(crate) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        if let Some(gathered) = &mut self.gathered {
            let place = gathered.lines.iter().position(|(known, _)| known == class);
            let place = place.unwrap_or_else(|| {
                gathered.lines.push((class.to_owned(), Path::default()));
                gathered.lines.len() - 1
            });
            gathered.lines[place].1.straight((x1, y1), (x2, y2));
            return;
        }
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
            // The style of signs says it.
            _ if style == Style::Sign => "",
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let safe = escaped(text);
        let safe = if letters::runs_leftwards(text) { format!("\u{2068}{safe}\u{2069}") } else { safe };
        // Letters stand on whole pixels.
        let made = format!(
            "<text class=\"{}\" x=\"{}\" y=\"{}\"{anchor}>{safe}</text>",
            style.class(),
            number(x.round()),
            number(y.round())
        );
        match &mut self.gathered {
            Some(gathered) => {
                let kind = (style.class(), anchor);
                match gathered.texts.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, texts)) => texts.push_str(&made),
                    None => gathered.texts.push((kind, made)),
                }
            }
            None => self.body.push_str(&made),
        }
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
    fn points_that_the_others_show_are_left_out_and_none_is_farther_off_than_can_be_seen() {
        let at = |i: i32| f64::from(i);
        let flat: Vec<(f64, f64)> = (0..50).map(|i| (at(i), 7.0)).collect();
        assert_eq!(telling(&flat), [(0.0, 7.0), (49.0, 7.0)]);
        let jump: Vec<(f64, f64)> = (0..20).map(|i| (at(i), if i < 10 { 0.0 } else { 30.0 })).collect();
        assert_eq!(telling(&jump), [(0.0, 0.0), (9.0, 0.0), (10.0, 30.0), (19.0, 30.0)]);
        assert_eq!(telling(&[(1.0, 2.0)]), [(1.0, 2.0)]);
        let step = [(0.0, 0.0), (1.0, 0.0), (1.0, 9.0), (2.0, 9.0)];
        assert_eq!(telling(&step), step);
        // Something that never stands still: a parabola with a tooth of a third of a pixel.
        let curve: Vec<(f64, f64)> =
            (0..300).map(|i| (at(i), at(i) * at(i) / 300.0 + if i % 7 == 0 { 0.33 } else { 0.0 })).collect();
        let kept = telling(&curve);
        assert!(kept.len() < 150 && kept[0] == curve[0] && kept[kept.len() - 1] == curve[299]);
        for &(x, y) in &curve {
            let after = kept.iter().position(|point| point.0 >= x).expect("the last is kept").max(1);
            let ((x0, y0), (x1, y1)) = (kept[after - 1], kept[after]);
            assert!((y0 + (y1 - y0) * (x - x0) / (x1 - x0) - y).abs() <= UNSEEN + 1e-9);
        }
    }

    #[test]
    fn lines_of_one_kind_are_one_path_where_their_order_is_free() {
        let mut drawing = Drawing::new(&Frame { id: "a".to_owned(), width: 400.0 });
        drawing.open("axes");
        drawing.line("grid", (1.0, 2.0), (5.0, 2.0));
        drawing.text((0.4, 2.6), Anchor::End, Style::Quiet, "0");
        drawing.line("grid", (1.0, 4.0), (5.0, 4.0));
        drawing.line("axis", (1.0, 4.0), (1.0, 9.5));
        drawing.close();
        assert_eq!(
            drawing.body,
            "<g class=\"axes\"><path class=\"grid\" d=\"M1 2h4M1 4h4\"/><path class=\"axis\" d=\"M1 4v5.5\"/>\
             <text class=\"quiet\" x=\"0\" y=\"3\" text-anchor=\"end\">0</text></g>"
        );
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
