//! How wide text is, without a font at hand.
//!
//! Enters: text and a size. Leaves: widths, and text broken into lines. Always holds: the advance widths of `DejaVu Sans`, which is
//! wider than the other faces of the style sheet, so that what fits here fits there.

/// Advance widths of U+0020 to U+007E in hundredths of the size.
const ADVANCES: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63,
    61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97,
    63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// The width of one letter in hundredths of the size.
fn advance(letter: char) -> f64 {
    match letter as u32 {
        code @ 0x20..=0x7e => f64::from(ADVANCES[code as usize - 0x20]),
        // Marks that stand on other letters, joiners, and what only tells a direction.
        0x300..=0x36f
        | 0x591..=0x5c7
        | 0x610..=0x61a
        | 0x64b..=0x65f
        | 0x200b..=0x200f
        | 0x202a..=0x202e
        | 0x2066..=0x2069
        | 0xfe00..=0xfe0f => 0.0,
        0xa0..=0x24f | 0x370..=0x3ff | 0x590..=0x5ff => 66.0,
        0x400..=0x58f | 0x600..=0x8ff => 76.0,
        0x2013 | 0x2018..=0x201f => 50.0,
        _ => 105.0,
    }
}

/// The width of a line of text at a size; bold letters are wider.
pub(crate) fn width(text: &str, size: f64, is_bold: bool) -> f64 {
    let sum: f64 = text.chars().map(advance).sum();
    sum * size * if is_bold { 0.011_5 } else { 0.01 }
}

/// Whether a text has letters that run from right to left.
pub(crate) fn runs_leftwards(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(letter as u32, 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
    })
}

/// Text in at most `n_lines` lines no wider than `limit`; words too wide for a line are broken, and what does not fit is cut with
/// an ellipsis.
pub(crate) fn wrapped(text: &str, limit: f64, n_lines: usize, size: f64, is_bold: bool) -> Vec<String> {
    let fits = |line: &str| width(line, size, is_bold) <= limit;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            if !line.is_empty() && !fits(&format!("{line}{letter}")) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > n_lines.max(1) {
        lines.truncate(n_lines.max(1));
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && !fits(&format!("{last}…")) {
                last.pop();
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    lines
}

/// Text cut to one line of a width, with an ellipsis where it was cut.
pub(crate) fn cut(text: &str, limit: f64, size: f64, is_bold: bool) -> String {
    wrapped(text, limit, 1, size, is_bold).into_iter().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked() {
        let text = "The United States strikes from over the horizon and Donaudampfschifffahrtsgesellschaften";
        for limit in [60.0, 120.0, 300.0] {
            for n_lines in 1..4 {
                let lines = wrapped(text, limit, n_lines, 13.0, false);
                assert!(lines.len() <= n_lines && !lines.is_empty());
                assert!(lines.iter().all(|line| width(line, 13.0, false) <= limit), "{lines:?}");
            }
        }
        assert_eq!(wrapped("one two", 300.0, 2, 13.0, false), ["one two"]);
        assert!(wrapped("one two three four five", 60.0, 2, 13.0, false)[1].ends_with('…'));
        assert!(wrapped("", 60.0, 2, 13.0, false).is_empty());
    }

    #[test]
    fn letters_from_right_to_left_are_seen() {
        assert!(runs_leftwards("قوة"));
        assert!(runs_leftwards("a כוח"));
        assert!(!runs_leftwards("Größe, Сила, 力"));
    }
}
