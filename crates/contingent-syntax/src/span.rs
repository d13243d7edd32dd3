//! Places in source text.
//!
//! Enters: nothing. Leaves: [`FileId`] and [`Span`]. Always holds: offsets are byte offsets on
//! character boundaries of the file they name.

/// A source file of a model, by its position in the [`Sources`] of the driver that read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of `file`.
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that covers both; both must lie in the same file.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One file of model text, with the name shown to the modeller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The name as the modeller knows it, relative to the model directory.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// All files of a model; `FileId(i)` is `files[i]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The files in the order they were read: the main file first, then includes.
    pub files: Vec<SourceFile>,
}

impl Sources {
    /// The file behind an id. Panics on an id of another set of sources.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }
}
