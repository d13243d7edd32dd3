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

pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use format::format;
pub use kind::{ContingentLanguage, SyntaxKind, SyntaxNode};
pub use meaning::meaning;
pub use nearest::nearest;
pub use parser::{Parse, RESERVED_WORDS, declaring_words, parse};
pub use span::{FileId, SourceFile, Sources, Span};
