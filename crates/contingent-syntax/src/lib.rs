//! Text to lossless tree and typed view.
pub mod span;
pub use span::{FileId, SourceFile, Sources, Span};
