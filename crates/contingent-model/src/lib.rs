//! Names, units and subscripts resolved: from typed trees to a [`CheckedModel`].
//!
//! Enters: the texts of a model, parsed by `contingent-syntax`. Leaves: a [`CheckedModel`], or diagnostics.
//! Always holds: a [`CheckedModel`] exists only when no error was found.

mod check;
pub mod checked;
pub mod correlation;
mod data;
pub mod distribution;
pub mod expression;
pub mod forms;
pub mod functions;
pub mod influence;
mod load;
pub mod names;
pub mod observation;
mod period;
mod series;
pub mod stored;
mod unit;

pub use check::{Checked, check, cited_claims, each_resolved, step_too_long};
pub use checked::*;
pub use distribution::Distribution;
pub use expression::{
    BinaryOperator, Chance, EventReading, Exclusion, Expression, Function, Index, Memory, MemoryKind,
    Reduction, UnaryOperator, Window,
};
pub use load::{Loaded, load};
pub use names::{NameDefinition, NameId, NameKind, Names};
pub use observation::{Likelihood, Observation, ObservedValue, ParameterKind};
pub use unit::TIME_UNITS;
