//! XMILE in and out: the interchange format of system dynamics (OASIS, XMILE 1.0, 2015).
//!
//! Enters: the text of a file, or a checked model. Leaves: text of the language, or XMILE, each with a report of what
//! became of every part. Always holds: what cannot be carried over is said with its place and the reason; what is
//! written reads back; nothing panics on any text.

mod document;
mod equation;
mod export;
mod flat;
mod import;
mod names;
mod report;
mod translate;
mod units;
mod xml;

pub use equation::{Equation, EquationError, Index, Operator, canonical, parse};
pub use export::{Exported, export};
pub use import::{ImportError, Imported, import};
pub use report::{Note, Report, Weight};
pub use xml::{MAX_BYTES, XmlError};
