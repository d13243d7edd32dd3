//! A ruler from 0 to 100 in 100 with the ranges of the words of likelihood and the answer on it.
//!
//! Enters: [`ProbabilityStrip`]. Leaves: a figure. Always holds: words stand with their ranges.

use super::draw::{Anchor, Drawing, Style, Words};
use super::scale::Ruler;
use super::shared::{Axis, Frame, Measure, Span};
use crate::figure::{Figure, Table};

/// What a ruler shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityStrip {
    /// Where it stands.
    pub frame: Frame,
    /// What is asked, in words.
    pub title: String,
    /// The scale, in rising order; [`WordRange::icd203`] by custom.
    pub words: Vec<WordRange>,
    /// The answer, 0..1.
    pub value: f64,
    /// Its 95% simulation interval.
    pub interval: Option<Span>,
    /// The lowest and highest answer over rival views.
    pub views: Option<Span>,
    /// What usually happens.
    pub base_rate: Option<Span>,
}

/// A word of likelihood with its range in percent.
#[derive(Clone, Debug, PartialEq)]
pub struct WordRange {
    /// The word.
    pub word: String,
    /// Lower end in percent.
    pub low: f64,
    /// Upper end in percent.
    pub high: f64,
}

impl WordRange {
    /// The seven words of Intelligence Community Directive 203 (2015).
    pub fn icd203() -> Vec<Self> {
        [
            ("almost no chance", 0.0, 5.0),
            ("very unlikely", 5.0, 20.0),
            ("unlikely", 20.0, 45.0),
            ("roughly even chance", 45.0, 55.0),
            ("likely", 55.0, 80.0),
            ("very likely", 80.0, 95.0),
            ("almost certain", 95.0, 100.0),
        ]
        .into_iter()
        .map(|(word, low, high)| Self { word: word.to_owned(), low, high })
        .collect()
    }
}

/// Draws a probability on the ruler of words.
pub fn probability_strip(data: &ProbabilityStrip) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let (left, right) = (12.0, drawing.width - 12.0);
    let ruler = Ruler::new(Axis::of_probabilities(), left, right);
    let measure = Measure::InHundred;
    let x = ruler.at(data.value);

    // Above the ruler: the answer, then what it is read against.
    let mut y = 18.0;
    let told = measure.told(data.value);
    let half = Style::Strong.width(&told) / 2.0;
    let n_asides = [data.views, data.base_rate].iter().flatten().count() as f64;
    drawing.line("needle", (x, y + 1.0), (x, y + 18.0 + 20.0 * n_asides));
    drawing.open("answer");
    drawing.text(
        (x.clamp(half, (drawing.width - half).max(half)), y - 4.0),
        Anchor::Middle,
        Style::Strong,
        &told,
    );
    drawing.close();
    let asides = [("rival views", data.views, "spread"), ("base rate", data.base_rate, "usual-line")];
    let asides: Vec<(&str, Span, &str)> =
        asides.into_iter().filter_map(|(name, span, class)| Some((name, span?, class))).collect();
    let first_aside = y + 10.0;
    let ruler_top = y + 12.0 + 20.0 * asides.len() as f64;
    for (i, (name, span, class)) in asides.iter().enumerate() {
        let middle = first_aside + 20.0 * i as f64;
        let (low, high) = (ruler.at(span.low), ruler.at(span.high));
        drawing.open("aside");
        drawing.line(class, (low, middle), (high, middle));
        for end in [low, high] {
            drawing.line("end", (end, middle - 4.0), (end, middle + 4.0));
        }
        let label = format!("{name} {}", measure.range(*span));
        let beside = |label: &str| {
            let width = Style::Quiet.width(label);
            if high + width + 10.0 < drawing.width {
                Some((Anchor::Start, high + 7.0))
            } else if low - width - 10.0 > 0.0 {
                Some((Anchor::End, low - 7.0))
            } else {
                None
            }
        };
        // On the line, in the longer part beside the needle.
        let (from, to) = if x - low > high - x { (low, x.min(high)) } else { (x.max(low), high) };
        let half = Style::Quiet.width(&label) / 2.0 + 4.0;
        let (label, anchor, at) = if let Some((anchor, at)) = beside(&label) {
            (label, anchor, at)
        } else if let Some((anchor, at)) = beside(name).filter(|_| to - from < 2.0 * half + 16.0) {
            // A label as long as the line would hide it; its ends are told below.
            ((*name).to_owned(), anchor, at)
        } else {
            let at = f64::midpoint(from, to).clamp(half, (drawing.width - half).max(half));
            drawing.rectangle("paper", (at - half, middle - 7.0), (2.0 * half, 14.0), 0.0);
            (label, Anchor::Middle, at)
        };
        drawing.text((at, middle + 4.0), anchor, Style::Halo, &label);
        drawing.close();
    }
    y = ruler_top;
    let ruler_height = 16.0;
    drawing.open("words");
    for (i, word) in data.words.iter().enumerate() {
        let (low, high) = (ruler.at(word.low / 100.0), ruler.at(word.high / 100.0));
        let class = if holds(word, data, i) { "step here" } else { "step" };
        drawing.rectangle(class, (low + 0.75, y), ((high - low - 1.5).max(1.0), ruler_height), 0.0);
    }
    drawing.close();
    let bottom = draw_words(&mut drawing, data, &ruler, y + ruler_height);
    drawing.open("answer");
    if let Some(interval) = data.interval {
        let middle = y + ruler_height / 2.0;
        drawing.line("interval", (ruler.at(interval.low), middle), (ruler.at(interval.high), middle));
    }
    drawing.diamond("point", (x, y + ruler_height / 2.0), 6.5);
    drawing.close();
    let words = Words {
        title: data.title.clone(),
        description: description(data),
        caption: "The words of likelihood with the ranges that they stand for, in 100. Diamond: the answer."
            .to_owned(),
        table: table(data),
    };
    drawing.finish(bottom + 6.0, words)
}

/// Whether the answer lies in the range of a word; a shared end belongs to the range above it.
fn holds(word: &WordRange, data: &ProbabilityStrip, i: usize) -> bool {
    let percent = 100.0 * data.value;
    let is_last = i + 1 == data.words.len();
    percent >= word.low - 1e-9 && (percent < word.high - 1e-9 || is_last && percent <= 100.0)
}

/// Words below the ruler, in as many rows as they need; returns where the last ends.
fn draw_words(drawing: &mut Drawing, data: &ProbabilityStrip, ruler: &Ruler, top: f64) -> f64 {
    let mut rows: Vec<f64> = Vec::new();
    let mut placed = Vec::new();
    for (i, word) in data.words.iter().enumerate() {
        let style = if holds(word, data, i) { Style::Strong } else { Style::Quiet };
        let range = format!(
            "{}\u{2013}{}",
            crate::words::number::plain(word.low),
            crate::words::number::plain(word.high)
        );
        let half = style.width(&word.word).max(style.width(&range)) / 2.0 + 4.0;
        let middle = f64::midpoint(ruler.at(word.low / 100.0), ruler.at(word.high / 100.0));
        let x = middle.clamp(half.min(drawing.width / 2.0), (drawing.width - half).max(drawing.width / 2.0));
        let row = rows.iter().position(|&end| x - half >= end).unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(0.0);
        }
        rows[row] = x + half;
        placed.push((x, middle, row, style, range));
    }
    // Where a leader to a lower row passes a word of a higher one it would strike it through; rows are few and leaders are short.
    drawing.open("names");
    for (word, (x, middle, row, style, range)) in data.words.iter().zip(placed) {
        let y = top + 17.0 + 36.0 * row as f64;
        drawing.line("leader", (middle, top + 1.0), (middle, top + 4.0));
        drawing.text((x, y), Anchor::Middle, style, &word.word);
        drawing.text((x, y + 15.0), Anchor::Middle, style, &range);
    }
    drawing.close();
    top + 36.0 * rows.len() as f64
}

fn description(data: &ProbabilityStrip) -> String {
    let measure = Measure::InHundred;
    let mut text = format!(
        "A ruler from 0 to 100 in 100: {} The answer stands at {}",
        crate::words::text::with_stop(&data.title),
        measure.told(data.value)
    );
    if let Some(interval) = data.interval {
        text.push_str(&format!(" (simulation interval {})", measure.range(interval)));
    }
    if let Some((_, word)) = data.words.iter().enumerate().find(|(i, word)| holds(word, data, *i)) {
        text.push_str(&format!(
            ", in the range of \u{2018}{}\u{2019}, {} to {} in 100",
            word.word, word.low, word.high
        ));
    }
    text.push('.');
    if let Some(views) = data.views {
        text.push_str(&format!(" Rival views reach from {}.", measure.range(views)));
    }
    if let Some(rate) = data.base_rate {
        text.push_str(&format!(" The base rate is {} in 100.", measure.range(rate)));
    }
    text
}

fn table(data: &ProbabilityStrip) -> Table {
    let measure = Measure::InHundred;
    let mut rows = vec![vec!["Answer".to_owned(), measure.bare(data.value)]];
    for (name, span) in
        [("Simulation interval", data.interval), ("Rival views", data.views), ("Base rate", data.base_rate)]
    {
        rows.extend(span.map(|span| vec![name.to_owned(), measure.range(span)]));
    }
    rows.extend(
        data.words.iter().map(|word| vec![word.word.clone(), format!("{} to {}", word.low, word.high)]),
    );
    Table { caption: data.title.clone(), head: vec!["What".to_owned(), "In 100".to_owned()], rows }
}
