//! Where in the text a cursor stands, by the words around it.
//!
//! Enters: a text and an offset. Leaves: the word being written, the brackets that are open around it, and the
//! declaration that it stands in. Always holds: it works on text that does not parse, which is the usual state of text
//! that is being written.

use contingent_syntax::words::declaring_words;
use contingent_syntax::{SyntaxKind, Token, lex};

/// A word or sign before the cursor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'t> {
    pub(super) kind: SyntaxKind,
    pub(super) text: &'t str,
    pub(super) start: u32,
    /// Whether it is the first on its line.
    pub(super) is_first: bool,
    /// Whether it stands in the first column.
    is_at_margin: bool,
}

impl Item<'_> {
    /// Whether a declaration begins here.
    fn declares(&self) -> bool {
        self.is_first && self.kind == SyntaxKind::Word && declaring_words().contains(&self.text)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == SyntaxKind::Word && self.text == word
    }
}

/// A bracket that is open at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// Its position among the items.
    pub(super) index: usize,
    pub(super) kind: SyntaxKind,
}

/// The place of a cursor.
pub(super) struct Cursor<'t> {
    /// Everything before the word being written, without spaces and comments.
    pub(super) items: Vec<Item<'t>>,
    /// The part of the word that stands before the cursor.
    pub(super) prefix: &'t str,
    /// Where the word begins.
    pub(super) start: u32,
    /// Whether the word is the first on its line.
    pub(super) is_first: bool,
    /// Whether it stands within a string or comment.
    pub(super) is_silent: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, offset: u32) -> Self {
        let mut items: Vec<Item> = Vec::new();
        let (mut start, mut prefix, mut is_silent) = (offset, "", false);
        let mut is_first = true;
        for Token { kind, start: from, end } in lex(text) {
            if from >= offset {
                break;
            }
            let part = &text[from as usize..end as usize];
            match kind {
                SyntaxKind::Word if offset <= end => {
                    (start, prefix) = (from, &text[from as usize..offset as usize]);
                    break;
                }
                SyntaxKind::Comment | SyntaxKind::DocComment => is_silent = offset <= end,
                SyntaxKind::Text => {
                    is_silent = offset < end || (offset == end && (part.len() < 2 || !part.ends_with('"')));
                }
                _ => {}
            }
            if kind == SyntaxKind::Newline {
                is_first = true;
            } else if !kind.is_trivia() {
                let is_at_margin = from == 0 || text.as_bytes()[from as usize - 1] == b'\n';
                items.push(Item { kind, text: part, start: from, is_first, is_at_margin });
                is_first = false;
            }
        }
        Self { items, prefix, start, is_first, is_silent }
    }

    pub(super) fn last(&self) -> Option<Item<'t>> {
        self.items.last().copied()
    }

    /// What stands before the cursor on its line.
    pub(super) fn line(&self) -> &[Item<'t>] {
        if self.is_first {
            return &[];
        }
        &self.items[self.items.iter().rposition(|item| item.is_first).unwrap_or(0)..]
    }

    /// The brackets that are open at the cursor, the innermost first. A declaration in the first column ends the
    /// search: nothing is open around it, whatever stands before it.
    pub(super) fn open(&self) -> Vec<Open> {
        use SyntaxKind as K;
        let mut closed = 0_u32;
        let mut open = Vec::new();
        for (index, item) in self.items.iter().enumerate().rev() {
            match item.kind {
                K::CloseBrace | K::CloseBracket | K::CloseParenthesis => closed += 1,
                K::OpenBrace | K::OpenBracket | K::OpenParenthesis if closed > 0 => closed -= 1,
                K::OpenBrace | K::OpenBracket | K::OpenParenthesis => {
                    open.push(Open { index, kind: item.kind });
                }
                _ if item.declares() && item.is_at_margin => break,
                _ => {}
            }
        }
        open
    }

    /// The word that begins the declaration before a position of the items, with its own position.
    pub(super) fn declaration_before(&self, index: usize) -> Option<(usize, &'t str)> {
        let found = self.items[..index].iter().rposition(Item::declares)?;
        let word = self.items[found].text;
        Some((found, if matches!(word, "signed" | "whole") { "stock" } else { word }))
    }

    /// The name of the actor in whose block the cursor stands.
    pub(super) fn actor(&self) -> Option<&'t str> {
        self.open().into_iter().filter(|open| open.kind == SyntaxKind::OpenBrace).find_map(|open| {
            let (index, word) = self.declaration_before(open.index)?;
            (word == "actor").then(|| self.items.get(index + 1).map(|name| name.text))?
        })
    }

    /// The dotted name that ends before a position of the items, with the position where it begins.
    pub(super) fn path_before(&self, end: usize) -> Option<(usize, String)> {
        let mut index = end.checked_sub(1)?;
        if self.items[index].kind != SyntaxKind::Word {
            return None;
        }
        let mut path = self.items[index].text.to_owned();
        while index >= 2
            && self.items[index - 1].kind == SyntaxKind::Dot
            && self.items[index - 2].kind == SyntaxKind::Word
        {
            index -= 2;
            path = format!("{}.{path}", self.items[index].text);
        }
        Some((index, path))
    }

    /// How many commas stand at the level of the cursor after the bracket at a position of the items.
    pub(super) fn commas_since(&self, open: usize) -> usize {
        use SyntaxKind as K;
        let (mut depth, mut commas) = (0_i32, 0);
        for item in &self.items[open + 1..] {
            match item.kind {
                K::OpenBrace | K::OpenBracket | K::OpenParenthesis => depth += 1,
                K::CloseBrace | K::CloseBracket | K::CloseParenthesis => depth -= 1,
                K::Comma if depth == 0 => commas += 1,
                _ => {}
            }
        }
        commas
    }
}
