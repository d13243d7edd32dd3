//! The public face of the engine: what is compiled, what a block of runs takes and gives.

use std::collections::BTreeMap;

use contingent_model::{CheckedModel, DisplayUnit, VariableId};

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
    /// Chosen alternatives of mechanisms.
    pub mechanisms: BTreeMap<VariableId, usize>,
    /// A policy, by position in `CheckedModel::policies`; its settings override `levers` while it lasts.
    pub policy: Option<usize>,
    /// Chance.
    pub chance: ChanceMode,
    /// Recording.
    pub recording: Recording,
}

/// One number per run that the caller supplies: one element of an assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The assumption.
    pub variable: VariableId,
    /// Its element, row-major.
    pub element: usize,
    /// Name such as `share[kabul]`.
    pub name: String,
}

/// One number per run that comes out.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeColumn {
    /// Name of the question; `NAME.given` for its condition.
    pub name: String,
    /// The question, by position in `CheckedModel::questions`.
    pub question: usize,
    /// Whether this is the 0/1 column of the question's `given` formula.
    pub is_given: bool,
}

/// One number per run and time that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Name such as `daesh_k.fighters[kabul]`.
    pub name: String,
    /// Unit; values are in base units, shown = base / scale.
    pub unit: DisplayUnit,
}
// CONTRACT for the parts that are being written (to be replaced by the real thing):
//
// pub struct Program { ... }
// impl Program {
//     pub fn parameters(&self) -> &[Parameter];   // every element of every assumption, in model order, used or not
//     pub fn outcomes(&self) -> &[OutcomeColumn]; // per question, in model order: its value, then `.given` if it has one
//     pub fn recorded(&self) -> &[Recorded];
//     pub fn n_times(&self) -> usize;             // n_steps + 1
//     pub fn dump(&self) -> String;               // readable listing
// }
// pub enum CompileError { TooLarge { values: u64, limit: u64 }, ... }
// pub fn compile(model: &CheckedModel, configuration: &Configuration) -> Result<Program, CompileError>;
//
// pub struct Block<'a> {
//     pub seed: u64,
//     pub draws: &'a [u32],         // one per lane: position of the draw of the assumptions
//     pub replications: &'a [u32],  // one per lane
//     pub parameters: &'a [f64],    // n_parameters x n_lanes, lane innermost, base units
// }
// pub struct Workspace;  // scratch memory, reusable across calls; Default
// pub struct BlockResult {
//     pub outcomes: Vec<f64>,   // n_outcomes x n_lanes, lane innermost; 0/1 for probability questions; infinity = never
//     pub recorded: Vec<f64>,   // n_times x n_recorded x n_lanes, lane innermost
//     pub clipped: Vec<u32>,    // per lane: number of (stock element, step) pairs where outflows were scaled down
//     pub failures: Vec<Failure>,  // lanes whose state went non-finite
// }
// pub struct Failure { pub lane: usize, pub draw: u32, pub replication: u32, pub time: f64, pub variable: String, pub cause: String }
// pub fn run_block(program: &Program, block: &Block, workspace: &mut Workspace) -> BlockResult;
