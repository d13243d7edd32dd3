//! From characters on pages to paragraphs: lines unwrapped, broken words joined, running heads left out.
//!
//! Enters: the characters of each page in the order in which they are drawn. Leaves: a [`NormalText`]. Always holds: no character
//! between the running heads is dropped; where it cannot be told whether a hyphen at the end of a line belongs to the word, a
//! soft hyphen (U+00AD) stands there, which whoever looks for words reads both ways.

use std::collections::{HashMap, HashSet};

use super::super::Assembly;
use super::content::Glyph;
use crate::text::{BlockKind, NormalText};

/// A gap of this part of the size is a space between words.
const WORD_GAP: f64 = 0.18;
/// A gap of so many sizes begins a new column or cell.
const COLUMN_GAP: f64 = 3.0;
/// Lines of one paragraph stand at most this much farther apart than lines usually do.
const LOOSE: f64 = 1.35;
/// Type is larger than the usual by this factor in headings.
const LARGER: f64 = 1.12;
/// A line that ends before this part of its column is the last of its paragraph when a sentence ends there.
const SHORT: f64 = 0.85;
/// A running head stands at the edge of at least so many pages, or of both of two.
const REPEATED: usize = 3;
/// Lines at the top and the bottom of a page that may be running heads.
const EDGE: usize = 2;

struct Line {
    page: usize,
    x: f64,
    end: f64,
    y: f64,
    size: f64,
    words: String,
}

/// The text of all pages.
pub(super) fn assemble(pages: Vec<Vec<Glyph>>) -> NormalText {
    let mut lines: Vec<Line> = Vec::new();
    for (page, glyphs) in pages.into_iter().enumerate() {
        lines_of(page, &glyphs, &mut lines);
    }
    let heads = running_heads(&lines);
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        !heads.contains(&(at - 1))
    });
    let usual_size = usual(lines.iter().map(|line| (line.size, line.words.len())));
    let leading = usual(
        lines
            .windows(2)
            .filter(|pair| follows(&pair[0], &pair[1]))
            .map(|pair| (pair[0].y - pair[1].y, pair[1].words.len())),
    );
    let known = known_words(&lines);
    let mut assembly = Assembly::default();
    let mut paragraph: Vec<&Line> = Vec::new();
    let columns = columns(&lines);
    for (i, line) in lines.iter().enumerate() {
        if let Some(&last) = paragraph.last()
            && begins_paragraph(&paragraph, last, line, leading, columns[i - 1])
        {
            push(&paragraph, usual_size, &known, &mut assembly);
            paragraph.clear();
        }
        paragraph.push(line);
    }
    push(&paragraph, usual_size, &known, &mut assembly);
    assembly.finish()
}

/// Puts the characters of a page together into lines.
fn lines_of(page: usize, glyphs: &[Glyph], lines: &mut Vec<Line>) {
    let mut open: Option<Line> = None;
    for glyph in glyphs {
        if glyph.size <= 0.0 {
            continue;
        }
        let goes_on = open.as_ref().is_some_and(|line| {
            let size = line.size.max(glyph.size);
            // Raised and lowered characters stay on their line.
            (line.y - glyph.y).abs() < 0.45 * size
                && glyph.x > line.end - 2.0 * size
                && glyph.x - line.end < COLUMN_GAP * size
        });
        if !goes_on {
            lines.extend(open.take().and_then(finished));
        }
        let is_blank = glyph.characters.chars().all(char::is_whitespace);
        match &mut open {
            Some(line) => {
                if (is_blank || glyph.x - line.end > WORD_GAP * glyph.size) && !line.words.ends_with(' ') {
                    line.words.push(' ');
                }
                if !is_blank {
                    // Bold type is sometimes drawn twice in one place.
                    let is_again = line.words.ends_with(&glyph.characters)
                        && glyph.x < line.end - 0.7 * (glyph.end - glyph.x);
                    if !is_again {
                        line.words.push_str(&glyph.characters);
                    }
                    line.size = if line.words.len() < 4 { glyph.size } else { line.size };
                }
                line.end = line.end.max(glyph.end);
            }
            None if is_blank => {}
            None => {
                open = Some(Line {
                    page,
                    x: glyph.x,
                    end: glyph.end,
                    y: glyph.y,
                    size: glyph.size,
                    words: glyph.characters.clone(),
                });
            }
        }
    }
    lines.extend(open.and_then(finished));
}

fn finished(mut line: Line) -> Option<Line> {
    line.words.truncate(line.words.trim_end().len());
    (!line.words.is_empty()).then_some(line)
}

/// Whether a line stands below another in the same column.
fn follows(above: &Line, below: &Line) -> bool {
    above.page == below.page && below.y < above.y && below.x < above.end && above.x < below.end
}

/// The median, weighed by the length of lines. Zero of nothing.
fn usual(values: impl Iterator<Item = (f64, usize)>) -> f64 {
    let mut values: Vec<(f64, usize)> = values.collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
    let mut sum = 0;
    for (value, weight) in values {
        sum += weight;
        if sum >= half {
            return value;
        }
    }
    0.0
}

/// For each line, the right edge of its column: the farthest of the lines around it that follow each other.
fn columns(lines: &[Line]) -> Vec<f64> {
    /// Lines looked at before and after.
    const AROUND: usize = 12;
    (0..lines.len())
        .map(|i| {
            let range = i.saturating_sub(AROUND)..(i + AROUND + 1).min(lines.len());
            lines[range]
                .iter()
                .filter(|line| {
                    line.page == lines[i].page && (line.x - lines[i].x).abs() < 6.0 * lines[i].size
                })
                .map(|line| line.end)
                .fold(lines[i].end, f64::max)
        })
        .collect()
}

/// Places of lines that stand at the edge of page after page, numbers apart.
fn running_heads(lines: &[Line]) -> HashSet<usize> {
    let mut pages: Vec<Vec<usize>> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if pages.last().is_none_or(|page| lines[page[0]].page != line.page) {
            pages.push(Vec::new());
        }
        if let Some(page) = pages.last_mut() {
            page.push(i);
        }
    }
    let mut seen: HashMap<(String, i64), Vec<usize>> = HashMap::new();
    let mut heads = HashSet::new();
    for page in &mut pages {
        page.sort_by(|&a, &b| lines[b].y.total_cmp(&lines[a].y));
        let edges: HashSet<usize> =
            page.iter().take(EDGE).chain(page.iter().rev().take(EDGE)).copied().collect();
        for i in edges {
            let line = &lines[i];
            let shape: String = line
                .words
                .chars()
                .map(|c| if c.is_numeric() { '0' } else { c })
                .collect::<String>()
                .replace("00", "0");
            seen.entry((shape, (line.y / 3.0).round() as i64)).or_default().push(i);
        }
    }
    for places in seen.into_values() {
        if places.len() >= REPEATED.min(pages.len()).max(2) {
            heads.extend(places);
        }
    }
    // A number alone at the very edge is that of the page.
    if pages.len() > 1 {
        for page in &pages {
            for &i in page.first().into_iter().chain(page.last()) {
                if lines[i].words.chars().all(|c| c.is_numeric() || " -–—/|".contains(c)) {
                    heads.insert(i);
                }
            }
        }
    }
    heads
}

/// Words of the document in small letters, to tell broken words from compounds. Words at the ends of lines do not count.
fn known_words(lines: &[Line]) -> HashSet<String> {
    lines
        .iter()
        .flat_map(|line| {
            let words: Vec<&str> = line.words.split_whitespace().collect();
            let broken = usize::from(line.words.ends_with(['-', '\u{2010}', '\u{ad}']));
            let kept = words.len() - broken.min(words.len());
            words
                .into_iter()
                .take(kept)
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        })
        .collect()
}

fn ends_sentence(words: &str) -> bool {
    let bare = words.trim_end_matches(['"', '”', '’', '\'', '»', ')', ']']);
    bare.ends_with(['.', '!', '?', ':', '…', '؟', '۔'])
}

fn begins_paragraph(paragraph: &[&Line], last: &Line, line: &Line, leading: f64, column: f64) -> bool {
    let first = paragraph[0];
    if (line.size / last.size - 1.0).abs() > LARGER - 1.0 && line.words.chars().count() > 3 {
        return true;
    }
    if line.words.starts_with(['•', '‣', '▪']) {
        return true;
    }
    if !follows(last, line) {
        // The next column, or the next page: the sentence goes on, or it does not.
        let begins_low = line.words.chars().next().is_some_and(char::is_lowercase);
        return ends_sentence(&last.words) && !begins_low || (line.y - last.y).abs() < 0.45 * line.size;
    }
    if leading > 0.0 && last.y - line.y > LOOSE * leading.max(last.size) {
        return true;
    }
    let left = paragraph.iter().skip(1).map(|line| line.x).fold(f64::INFINITY, f64::min);
    let left = if left.is_finite() { left } else { first.x };
    let is_indented = line.x > left + 0.8 * line.size && line.x < left + 6.0 * line.size;
    let is_short = last.end < first.x.min(last.x) + SHORT * (column - first.x.min(last.x));
    ends_sentence(&last.words) && (is_indented || is_short)
}

fn push(paragraph: &[&Line], usual_size: f64, known: &HashSet<String>, assembly: &mut Assembly) {
    let Some(first) = paragraph.first() else { return };
    let mut words = String::new();
    for line in paragraph {
        join(&mut words, &line.words, known);
    }
    let is_short = words.chars().count() <= 150 && paragraph.len() <= 3;
    let kind = if words.starts_with(['•', '‣', '▪']) {
        BlockKind::Item
    } else if is_short && first.size > LARGER * usual_size && !ends_sentence(&words) {
        BlockKind::Heading
    } else {
        BlockKind::Paragraph
    };
    assembly.push(kind, &words);
}

/// Adds a line to the words before it.
fn join(words: &mut String, line: &str, known: &HashSet<String>) {
    let is_hyphen = words.ends_with(['-', '\u{2010}', '\u{ad}']);
    let before = words.trim_end_matches(['-', '\u{2010}', '\u{ad}']);
    let has_word = before.chars().next_back().is_some_and(char::is_alphanumeric);
    let goes_on = line.chars().next().is_some_and(char::is_alphanumeric);
    if !(is_hyphen && has_word && goes_on && words.len() - before.len() <= 2) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(line);
        return;
    }
    let front = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
    let front = front.trim_start_matches(|c: char| !c.is_alphanumeric());
    let back: String = line.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
    let back = back.trim_end_matches('-');
    let joined = format!("{front}{back}").to_lowercase();
    let compound = format!("{front}-{back}").to_lowercase();
    let begins_low = line.chars().next().is_some_and(char::is_lowercase);
    let is_soft = words.ends_with('\u{ad}');
    let kept = before.len();
    words.truncate(kept);
    if !is_soft && (known.contains(&compound) || !begins_low) {
        words.push('-');
    } else if !is_soft && !known.contains(&joined) {
        words.push('\u{ad}');
    }
    words.push_str(line);
}
