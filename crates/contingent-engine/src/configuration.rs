//! What distinguishes one program from another of the same model.
//!
//! Enters: choices of the caller. Leaves: [`Configuration`], plain data. Always holds: everything here is
//! known when the program is compiled, so that levers, mechanisms and the mode of chance cost nothing in a
//! step and what they switch off folds away.

use std::collections::BTreeMap;

use contingent_model::VariableId;

/// Whether chance is drawn or replaced by its expectation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChanceMode {
    /// Draws from the keyed random streams.
    #[default]
    Drawn,
    /// Every draw is its mean; an event occurs its expected number of times (a `once` event the expected
    /// share that is left); a logit decision takes the likeliest option. Whole stocks are not rounded.
    Expected,
}

/// What is recorded at every time, besides the outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recording {
    /// Nothing.
    #[default]
    Nothing,
    /// The indicators, in model order.
    Indicators,
    /// Every variable and event reading, every element, in model order.
    Everything,
}

/// What distinguishes one program from another of the same model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    /// Values of levers for the whole run, all elements, in base units.
    pub levers: BTreeMap<VariableId, f64>,
    /// Values of single elements of levers for the whole run, by position, in base units; they override `levers`.
    pub lever_elements: BTreeMap<(VariableId, usize), f64>,
    /// Chosen alternatives of mechanisms.
    pub mechanisms: BTreeMap<VariableId, usize>,
    /// A policy, by position in `CheckedModel::policies`; its settings override both while it lasts.
    pub policy: Option<usize>,
    /// Chance.
    pub chance: ChanceMode,
    /// Recording.
    pub recording: Recording,
}
