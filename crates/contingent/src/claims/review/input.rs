//! A line that is typed.
//!
//! Enters: keys. Leaves: text and where the cursor stands. Always holds: the cursor stands on a character boundary.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub(super) struct Input {
    text: String,
    cursor: usize,
}

impl Input {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What stands before and behind the cursor.
    pub(super) fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    pub(super) fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
    }

    pub(super) fn key(&mut self, key: KeyEvent) {
        let before = self.text[..self.cursor].chars().next_back().map_or(0, char::len_utf8);
        let behind = self.text[self.cursor..].chars().next().map_or(0, char::len_utf8);
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if control => {
                self.text.replace_range(..self.cursor, "");
                self.cursor = 0;
            }
            KeyCode::Char('w') if control => {
                let kept = self.text[..self.cursor].trim_end().rfind(' ').map_or(0, |at| at + 1);
                self.text.replace_range(kept..self.cursor, "");
                self.cursor = kept;
            }
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.text.len(),
            KeyCode::Char(character) if !control => self.insert(character.encode_utf8(&mut [0; 4])),
            KeyCode::Backspace => {
                self.cursor -= before;
                self.text.replace_range(self.cursor..self.cursor + before, "");
            }
            KeyCode::Delete => self.text.replace_range(self.cursor..self.cursor + behind, ""),
            KeyCode::Left => self.cursor -= before,
            KeyCode::Right => self.cursor += behind,
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => {}
        }
    }

    /// Completes the last of names with commas between them, as far as the known names agree.
    pub(super) fn complete<'n>(&mut self, known: impl Iterator<Item = &'n str>) {
        let start = self.text[..self.cursor].rfind(',').map_or(0, |at| at + 1);
        let typed = self.text[start..self.cursor].trim_start();
        let start = self.cursor - typed.len();
        let mut found: Option<String> = None;
        for name in known.filter(|name| name.starts_with(typed)) {
            found = Some(match found {
                None => name.to_owned(),
                Some(common) => {
                    common.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
                }
            });
        }
        if let Some(common) = found.filter(|common| common.len() > typed.len()) {
            self.text.replace_range(start..self.cursor, &common);
            self.cursor = start + common.len();
        }
    }
}
