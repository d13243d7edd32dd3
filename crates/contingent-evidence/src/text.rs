//! The text of a source in the one form in which positions are counted.
//!
//! Enters: decoded characters, cut into blocks by whatever read the file. Leaves: one string, its blocks and its hash.
//! Always holds: a plain text keeps every character but a byte-order mark and the carriage return of a line end, so that positions in
//! it are positions in the file as an editor shows it; blocks do not overlap and come in order of the text.

use std::{fmt::Write as _, ops::Range};

use sha2::{Digest, Sha256};

/// What a block of text is, as far as the file says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph of running text.
    Paragraph,
    /// A title or a heading.
    Heading,
    /// Words beside a picture or a figure.
    Caption,
    /// Words set apart as quoted.
    Quotation,
    /// An item of a list or a cell of a table.
    Item,
}

/// A stretch of the text that a reader sees as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it lies, in bytes of [`NormalText::as_str`], on character boundaries.
    pub span: Range<usize>,
}

/// The text of a source in the form in which positions are counted.
#[derive(Debug, Clone)]
pub struct NormalText {
    text: String,
    blocks: Vec<Block>,
}

impl NormalText {
    /// A text with the blocks that its reader found.
    ///
    /// # Panics
    /// If blocks overlap, are out of order or do not lie on character boundaries.
    pub fn new(text: String, blocks: Vec<Block>) -> Self {
        let mut end = 0;
        for block in &blocks {
            assert!(
                block.span.start >= end && text.get(block.span.clone()).is_some(),
                "blocks lie in order on characters"
            );
            end = block.span.end;
        }
        Self { text, blocks }
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// SHA-256 of the UTF-8 bytes, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes what is written");
            text
        })
    }
}
