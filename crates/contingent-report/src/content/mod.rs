//! What a report says, before it is decided how it is written: sections of blocks of lines.
//!
//! Enters: text, from this program or from the model. Leaves: [`Section`]s, which [`hypertext`] and [`markdown`] write. Always
//! holds: text is plain everywhere in here and is escaped by whoever writes it; what the modeller wrote is told from what this
//! program says, so that a page can let it run from right to left.

pub mod hypertext;
pub mod markdown;

use crate::figure::Figure;
use crate::html::{Html, Target};

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What this program says.
    Ours(String),
    /// What the modeller wrote, in whatever script.
    Words(String),
    /// What must be seen first.
    Strong(String),
    /// A name, a formula or a command.
    Code(String),
    /// A link.
    Link(Target, String),
    /// A name with an id that links lead to.
    Anchor(String, String),
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Line(pub Vec<Piece>);

impl Line {
    /// A line that this program says.
    pub fn ours(text: impl Into<String>) -> Self {
        Self(vec![Piece::Ours(text.into())])
    }

    /// A line that the modeller wrote.
    pub fn words(text: impl Into<String>) -> Self {
        Self(vec![Piece::Words(text.into())])
    }

    /// A name or a command.
    pub fn code(text: impl Into<String>) -> Self {
        Self(vec![Piece::Code(text.into())])
    }

    /// A sentence of this program with commands between backticks.
    pub fn with_commands(text: &str) -> Self {
        let pieces = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
        Self(
            pieces
                .map(|(place, piece)| {
                    if place % 2 == 1 { Piece::Code(piece.to_owned()) } else { Piece::Ours(piece.to_owned()) }
                })
                .collect(),
        )
    }

    /// Followed by what this program says.
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Ours(text.into()));
        self
    }

    /// Followed by what the modeller wrote.
    pub fn and_words(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Words(text.into()));
        self
    }

    /// Followed by what must be seen first.
    pub fn and_strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Strong(text.into()));
        self
    }

    /// Followed by a name or a command.
    pub fn and_code(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Code(text.into()));
        self
    }

    /// Followed by a link to an element of the page.
    pub fn and_link(mut self, id: &str, text: impl Into<String>) -> Self {
        self.0.push(Piece::Link(Target::Here(id.to_owned()), text.into()));
        self
    }

    /// Followed by another line.
    pub fn then(mut self, more: Line) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| piece.text().is_empty())
    }

    /// The line without marks.
    pub fn plain(&self) -> String {
        self.0.iter().map(Piece::text).collect()
    }
}

impl Piece {
    /// The text of it.
    pub fn text(&self) -> &str {
        match self {
            Self::Ours(text)
            | Self::Words(text)
            | Self::Strong(text)
            | Self::Code(text)
            | Self::Link(_, text)
            | Self::Anchor(_, text) => text,
        }
    }
}

/// How a paragraph stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Running text.
    #[default]
    Plain,
    /// The answer itself.
    Answer,
    /// The sentence that a section begins with.
    Lead,
    /// What matters less.
    Quiet,
    /// What must not be missed.
    Warning,
}

/// A file to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its text.
    pub text: String,
}

/// A table of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What it holds, for those who do not see where it stands.
    pub caption: String,
    /// Heads of the columns.
    pub head: Vec<String>,
    /// Which columns hold numbers.
    pub numeric: Vec<bool>,
    /// Rows, each as long as `head`; the first cell heads the row.
    pub rows: Vec<Vec<Line>>,
    /// Whether it is wide, so that a narrow page shows each row as a card.
    pub is_wide: bool,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading below that of the section.
    Heading(Line),
    /// A paragraph.
    Paragraph(Tone, Line),
    /// Points.
    Points(Vec<Line>),
    /// Numbered points.
    Numbered(Vec<Line>),
    /// Names of facts with the facts.
    Facts(Vec<(String, Line)>),
    /// A chart.
    Figure {
        /// The drawing.
        wide: Box<Figure>,
        /// The same for a narrow page, where it was drawn again; its numbers are those of the other.
        narrow: Option<Box<Figure>>,
    },
    /// A table.
    Grid(Grid),
    /// What is shown when it is asked for, with an id to link to.
    Details {
        /// Its id, empty for none.
        id: String,
        /// What is always shown.
        summary: Line,
        /// The rest.
        blocks: Vec<Block>,
    },
    /// One of several questions: what is always shown in a row, and the rest when it is asked for.
    Row {
        /// Its id.
        id: String,
        /// The answer as one number.
        number: String,
        /// The range over rival readings, empty for none.
        range: String,
        /// A small drawing that repeats the two.
        mini: Html,
        /// The question.
        label: String,
        /// The rest.
        blocks: Vec<Block>,
    },
    /// Blocks that belong together, by a name for the style sheet.
    Group(&'static str, Vec<Block>),
    /// Text with its line breaks.
    Code(String),
    /// Files to be saved.
    Attachments(Vec<Attachment>),
    /// What only a page in a browser has; other forms leave it out.
    Live(Html),
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its id.
    pub id: &'static str,
    /// Its number among the fourteen; none for what stands between them.
    pub number: Option<usize>,
    /// Its heading.
    pub title: String,
    /// What it is called where there is little room.
    pub short_title: &'static str,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A paragraph of running text.
pub fn paragraph(line: Line) -> Block {
    Block::Paragraph(Tone::Plain, line)
}

/// The sentence that a section begins with.
pub fn lead(line: Line) -> Block {
    Block::Paragraph(Tone::Lead, line)
}

/// A paragraph that matters less.
pub fn quiet(line: Line) -> Block {
    Block::Paragraph(Tone::Quiet, line)
}
