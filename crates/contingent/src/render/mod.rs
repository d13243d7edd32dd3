//! What a person reads.
//!
//! Enters: an `Answer`. Leaves: text. Always holds: rendering computes no statistics; colour only repeats what the
//! words already say.

mod drivers;
mod fan;
mod number;
mod sentence;
mod strip;
mod summary;
mod terminal;
pub(crate) mod text;

pub use terminal::{RenderOptions, render_answer};
