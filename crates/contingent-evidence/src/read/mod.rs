//! Documents: from the bytes of a file to a text with blocks.
//!
//! Enters: bytes and the name of the file. Leaves: a [`Document`], or a [`ReadError`] that says what to do. Always holds:
//! whatever the bytes are, reading ends, with memory and time bounded by limits that stand here; nothing is executed and nothing
//! is fetched; a plain text keeps its characters, so that places in it are places in the file.

mod blocks;
mod docx;
mod encoding;
mod html;
mod pdf;
mod zip;

use std::fmt;

pub use encoding::{Decoded, decode};

use crate::text::{Block, BlockKind, NormalText};

/// Largest file that is read, in bytes. An article is a thousand times smaller; a book of a thousand pages fits.
pub const MAX_BYTES: u64 = 100 * 1024 * 1024;
/// Most bytes that the packed parts of a file may unpack to, all together.
pub(crate) const MAX_UNPACKED: usize = 256 * 1024 * 1024;
/// Most objects of a PDF.
pub(crate) const MAX_OBJECTS: usize = 500_000;
/// Most bytes of text that a document may have.
pub(crate) const MAX_TEXT: usize = 128 * 1024 * 1024;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Characters alone.
    Text,
    /// A web page.
    Html,
    /// Portable Document Format.
    Pdf,
    /// Office Open XML.
    Docx,
}

impl Format {
    /// Its usual ending.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }
}

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Its title.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When, as `2021-08-31`.
    pub date: Option<String>,
    /// Where it stands.
    pub url: Option<String>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its text.
    pub text: NormalText,
    /// How it was written.
    pub format: Format,
    /// How its characters were written, by the name that the web has for it.
    pub encoding: &'static str,
    /// Characters that could not be read and were replaced.
    pub n_replaced: usize,
    /// What it says of itself.
    pub metadata: Metadata,
    /// What a reader should know ("3 of 12 pages have no text").
    pub notes: Vec<String>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// It is too large.
    TooLarge {
        /// Its bytes.
        n_bytes: u64,
    },
    /// What is packed in it is too large.
    Unpacks {
        /// What it is.
        what: &'static str,
    },
    /// It has more parts than any document.
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        most: usize,
    },
    /// It is not what its first bytes promise.
    Broken {
        /// How it is written.
        format: Format,
        /// What is wrong.
        reason: &'static str,
    },
    /// It needs a password.
    Encrypted {
        /// How it is written.
        format: Format,
    },
    /// It is of a kind that is not read.
    OtherKind {
        /// What it is.
        kind: &'static str,
    },
    /// Its characters are not those of a text.
    NotText {
        /// How many of them no text has.
        n_controls: usize,
        /// How many there are.
        n_characters: usize,
    },
    /// There is no text in it.
    NoText {
        /// How it is written.
        format: Format,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { n_bytes } => write!(
                out,
                "it is {} MB large, and at most {} MB are read\nhelp: give the article alone, as text if need be",
                n_bytes / 1_000_000,
                MAX_BYTES / (1024 * 1024)
            ),
            Self::Unpacks { what } => write!(
                out,
                "its {what} unpack to far more than any article has\nhelp: if you trust the file, open it and save it as \
                 plain text"
            ),
            Self::TooMany { what, most } => write!(
                out,
                "it has more than {most} {what}, which no article has\nhelp: if you trust the file, open it and save it as \
                 plain text"
            ),
            Self::Broken { format, reason } => write!(
                out,
                "it is no sound {} file: {reason}\nhelp: open it and save it again, or save it as plain text",
                format.as_str()
            ),
            Self::Encrypted { format } => write!(
                out,
                "this {} file is encrypted\nhelp: open it, and print it to a new file or save it as plain text",
                format.as_str()
            ),
            Self::OtherKind { kind } => {
                write!(out, "this is {kind}, which is not read\nhelp: save it as .txt, .html, .pdf or .docx")
            }
            Self::NotText { n_controls, n_characters } => write!(
                out,
                "it is no text: {n_controls} of its {n_characters} characters are control characters, which no article \
                 has\nhelp: give the file that has the article, as .txt, .html, .pdf or .docx"
            ),
            Self::NoText { format: Format::Pdf } => {
                write!(
                    out,
                    "there is no text in it; it may be scanned pages\nhelp: recognise its characters (OCR) first"
                )
            }
            Self::NoText { .. } => {
                write!(out, "there is no text in it\nhelp: give the file that has the article")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// Refuses a file by its size alone, before it is read.
pub fn check_size(n_bytes: u64) -> Result<(), ReadError> {
    if n_bytes > MAX_BYTES { Err(ReadError::TooLarge { n_bytes }) } else { Ok(()) }
}

/// Reads a file. What it is, its first bytes say; only where they say nothing, its name.
pub fn read(bytes: &[u8], name: &str) -> Result<Document, ReadError> {
    check_size(bytes.len() as u64)?;
    let document = match recognise(bytes, name)? {
        Format::Text => plain(bytes)?,
        Format::Html => html::read(bytes)?,
        Format::Pdf => pdf::read(bytes)?,
        Format::Docx => docx::read(bytes)?,
    };
    if document.text.as_str().trim().is_empty() {
        return Err(ReadError::NoText { format: document.format });
    }
    if matches!(document.format, Format::Text | Format::Html) {
        check_characters(document.text.as_str())?;
    }
    Ok(document)
}

/// Refuses what is no text in any encoding. Of random bytes about one in ten becomes a control character whatever encoding they are
/// taken for; texts have next to none, apart from those that lay out lines and pages. One in fifty lies well between.
fn check_characters(text: &str) -> Result<(), ReadError> {
    let lays_out = |character: char| matches!(character, '\t'..='\r' | '\u{1a}' | '\u{1b}' | '\u{85}');
    let (mut n_controls, mut n_characters) = (0, 0);
    for character in text.chars() {
        n_characters += 1;
        n_controls += usize::from(character.is_control() && !lays_out(character));
    }
    if n_controls > 1 && n_controls * 50 > n_characters {
        return Err(ReadError::NotText { n_controls, n_characters });
    }
    Ok(())
}

fn recognise(bytes: &[u8], name: &str) -> Result<Format, ReadError> {
    let start = &bytes[..bytes.len().min(1024)];
    if start.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Format::Docx);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ReadError::OtherKind { kind: "an old Word document (.doc)" });
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(ReadError::OtherKind { kind: "a Rich Text document (.rtf)" });
    }
    for (magic, kind) in [
        (&b"\x89PNG"[..], "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x1f\x8b", "a packed file"),
        (b"7z\xbc\xaf", "a packed file"),
        (b"Rar!", "a packed file"),
    ] {
        if bytes.starts_with(magic) {
            return Err(ReadError::OtherKind { kind });
        }
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("html" | "htm" | "xhtml" | "shtml") => return Ok(Format::Html),
        Some("txt" | "text" | "md") => return Ok(Format::Text),
        Some("pdf") => {
            return Err(ReadError::Broken { format: Format::Pdf, reason: "it does not begin as one" });
        }
        Some("docx") => {
            return Err(ReadError::Broken { format: Format::Docx, reason: "it does not begin as one" });
        }
        _ => {}
    }
    let decoded = decode(start, None).text.to_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|mark| decoded.trim_start_matches('\u{feff}').trim_start().starts_with(mark));
    Ok(if is_page { Format::Html } else { Format::Text })
}

/// A plain text: its characters, with the ends of lines in one form.
fn plain(bytes: &[u8]) -> Result<Document, ReadError> {
    let decoded = decode(bytes, None);
    if decoded.text.len() > MAX_TEXT {
        return Err(ReadError::TooLarge { n_bytes: decoded.text.len() as u64 });
    }
    let text = if decoded.text.contains('\r') { decoded.text.replace("\r\n", "\n") } else { decoded.text };
    let blocks = blocks::of_plain(&text);
    Ok(Document {
        text: NormalText::new(text, blocks),
        format: Format::Text,
        encoding: decoded.encoding,
        n_replaced: decoded.n_replaced,
        metadata: Metadata::default(),
        notes: Vec::new(),
    })
}

/// A text that is put together of blocks, with an empty line between them.
#[derive(Default)]
pub(crate) struct Assembly {
    text: String,
    blocks: Vec<Block>,
}

impl Assembly {
    /// Adds a block, without white space at its ends. An empty one is left out.
    pub(crate) fn push(&mut self, kind: BlockKind, words: &str) {
        let words = words.trim();
        if words.is_empty() || self.text.len() + words.len() > MAX_TEXT {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(words);
        self.blocks.push(Block { kind, span: start..self.text.len() });
    }

    /// The text.
    pub(crate) fn finish(mut self) -> NormalText {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        NormalText::new(self.text, self.blocks)
    }
}

/// White space of any kind and length as one space.
pub(crate) fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}
