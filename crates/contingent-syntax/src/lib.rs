//! Text to lossless tree and typed view, with spans and diagnostics.
//!
//! Enters: the text of one file. Leaves: a [`Parse`]: a lossless `rowan` tree, the typed view in [`ast`],
//! and [`Diagnostic`]s. Always holds: the tree gives back the text byte for byte, whatever the text;
//! nothing here panics on any text.

pub mod ast;
mod diagnostic;
mod format;
mod kind;
mod lexer;
mod meaning;
mod nearest;
mod parser;
mod span;
pub mod words;

pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
pub use format::format;
pub use kind::{ContingentLanguage, SyntaxKind, SyntaxNode};
pub use lexer::{Token, lex};
pub use meaning::meaning;
pub use nearest::{Words, nearest};
pub use parser::{Parse, RESERVED_WORDS, parse, parse_unit};
pub use span::{FileId, SourceFile, Sources, Span};
pub use words::declaring_words;
