//! What a person reads.
//!
//! Enters: an `Answer`. Leaves: text. Always holds: rendering computes no statistics; colour only repeats what the
//! words already say.

mod ascii;
mod compare;
mod council;
mod discover;
mod drivers;
mod fan;
mod further;
mod page;
mod policies;
mod sensitivity;
mod strip;
mod summary;
mod terminal;
pub(crate) mod text;
mod watch;

use contingent_report::words::{number, sentence};

pub use ascii::ascii;
pub use compare::render_comparison;
pub use council::render_council;
pub use discover::render_discovery;
pub use page::render_page;
pub use policies::render_policies;
pub use sensitivity::render_sensitivity;
pub use terminal::{RenderOptions, render_answer};
pub(crate) use text::wrap;
pub use watch::render_watch_list;
