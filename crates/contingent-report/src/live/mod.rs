//! The live re-run: the part of a page in which its reader moves assumptions and sees the answer move.
//!
//! Enters: a [`Live`](crate::document::live::Live) document, and what the browser computed. Leaves: controls, drawings, a script.
//! Always holds: the drawings are made by the same functions when a page is written and when its reader moves a slider, on axes
//! that stay; without a script the section is the printed baseline; the script puts no text of the model into markup.
//!
//! The ids: `live` (the section's part), `live-question`, `live-indicator`, `live-view`, `live-policy` (choices),
//! `live-control-N` (sliders), `live-answer` (the sentence), `live-fan`, `live-curve`, `live-dots` (charts), `live-check`,
//! `live-status`, `live-reset`, `live-link`.

#[cfg(feature = "page")]
mod controls;
mod draw;
#[cfg(all(feature = "page", not(target_arch = "wasm32")))]
mod script;

#[cfg(feature = "page")]
pub use controls::{controls, places, verdict};
pub use draw::{Axes, figures};
#[cfg(all(feature = "page", not(target_arch = "wasm32")))]
pub use script::{has_kernel, kernel, of_page, packed};

/// The width that charts are drawn at until the script knows that of the page.
pub const WIDTH: f64 = 680.0;

/// The style sheet of the controls.
#[cfg(feature = "page")]
pub const STYLE: &str = include_str!("live.css");
