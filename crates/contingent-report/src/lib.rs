//! What people read: the documents of results, and the pages and charts drawn from them.
//!
//! Enters: documents filled by the driver. Leaves: text. Always holds: nothing is estimated here; a page says what its document
//! says.

#[cfg(feature = "page")]
pub mod archive;
pub mod chart;
#[cfg(feature = "page")]
pub mod content;
pub mod document;
pub mod figure;
#[cfg(feature = "page")]
pub mod html;
pub mod live;
#[cfg(feature = "page")]
pub mod map;
#[cfg(feature = "page")]
pub mod page;
#[cfg(feature = "page")]
mod printable;
pub mod words;
