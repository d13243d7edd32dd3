//! The language server: what an editor asks while a model is written.
//!
//! Enters: messages of the Language Server Protocol on standard input, files of models. Leaves: messages on standard
//! output. Always holds: text that is open in the editor stands in place of the file; an answer is computed from the
//! text at the moment of the question; a fault of one request is answered as an error and ends nothing else; files are
//! read, never written.

mod completion;
mod context;
mod diagnostics;
mod documents;
mod formatting;
mod hover;
mod navigation;
mod position;
mod prose;
mod rename;
mod semantic;
mod server;
mod signature;
mod symbols;
mod workspace;

pub use position::{Encoding, LineIndex};
pub use server::serve;
pub use workspace::Workspace;
