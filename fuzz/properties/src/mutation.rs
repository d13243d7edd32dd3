//! Texts that are nearly right.
//!
//! Enters: a seed number, texts, and words. Leaves: changed texts. Always holds: the same number gives the
//! same texts.

/// Makes new texts from given ones.
#[derive(Debug)]
pub struct Mutator {
    state: u64,
    words: Vec<String>,
}

impl Mutator {
    /// A mutator that inserts `words`.
    pub fn new(seed: u64, words: Vec<String>) -> Self {
        Self { state: seed, words }
    }

    /// Steele, Lea & Flood 2014, *Fast splittable pseudorandom number generators*.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A text that differs from `text` in one to four places, with pieces of `other`.
    pub fn mutate(&mut self, text: &str, other: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.below(4) {
            text = self.change(&text, other);
        }
        text
    }

    fn change(&mut self, text: &str, other: &str) -> String {
        let at = self.place(text);
        let (before, after) = text.split_at(at);
        match self.below(9) {
            0 => {
                let length = self.below(12);
                format!("{before}{}", after.chars().skip(length).collect::<String>())
            }
            1 | 2 => {
                let word = self.word();
                format!("{before} {word} {after}")
            }
            3 => format!("{before}{}", self.word()) + after,
            4 => {
                // The rest of a line is taken away, or a line break is.
                let end = after.find('\n').map_or(after.len(), |i| i + self.below(2));
                format!("{before}{}", &after[end..])
            }
            5 => {
                let line = self.line(other);
                let start = before.rfind('\n').map_or(0, |i| i + 1);
                format!("{}{line}{}", &text[..start], &text[start..])
            }
            6 => {
                let from = self.place(other);
                let length = self.below(60);
                format!("{before}{}{after}", other[from..].chars().take(length).collect::<String>())
            }
            7 => {
                let breaks =
                    ["\n", "\n\n\n", "\r\n", "\r", "  # a comment\n", "\t", "\u{a0}", "\u{2028}", "  "];
                let inserted = breaks[self.below(breaks.len())];
                format!("{before}{inserted}{after}")
            }
            _ => {
                // Spaces are taken away from here to the end of the line.
                let end = after.find('\n').unwrap_or(after.len());
                format!("{before}{}{}", after[..end].replace(' ', ""), &after[end..])
            }
        }
    }

    fn word(&mut self) -> String {
        let i = self.below(self.words.len());
        self.words.get(i).cloned().unwrap_or_default()
    }

    fn line(&mut self, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let i = self.below(lines.len());
        lines.get(i).map_or_else(String::new, |line| (*line).to_owned())
    }

    fn place(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
    }
}
