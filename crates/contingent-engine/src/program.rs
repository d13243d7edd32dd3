//! The public face of the engine: what is compiled, what a block of runs takes and gives.
//!
//! Enters: a `CheckedModel` and a [`Configuration`], then blocks of runs. Leaves: a [`Program`], then a
//! [`BlockResult`] per block. Always holds: a program is immutable and may be shared between threads; what
//! changes while it runs lives in a [`Workspace`] of the caller.

use std::cell::RefCell;
use std::fmt;
#[cfg(target_arch = "x86_64")]
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(target_arch = "x86_64")]
use std::sync::{Arc, OnceLock};

use contingent_model::{CheckedModel, DisplayUnit, VariableId};

use crate::code::{Code, Source};
pub use crate::configuration::{ChanceMode, Configuration, Recording};
use crate::diagnosis;
use crate::dispatch::{self, Dispatch};
use crate::exact::{self, Exact};
use crate::interpreter::{Identities, LANES, Lanes, Pass};
use crate::lower::{self, Lowered};
#[cfg(target_arch = "x86_64")]
use crate::native::{self, Native};
use crate::random::{RoundKeys, StreamKey, stream_hash};
use crate::schedule::{self, Order};

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
    /// Name of the question; `NAME.given` for its condition, `NAME.first_time` for when it settles.
    pub name: String,
    /// The question, by position in `CheckedModel::questions`.
    pub question: usize,
    /// What it says of the question.
    pub role: OutcomeRole,
}

/// What an outcome column says of its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeRole {
    /// What is asked: 0 or 1, or a number.
    Value,
    /// 0 or 1: whether the question's `given` formula holds.
    Given,
    /// When the question settles, in the time unit since the start, looked for over the whole of the simulated time
    /// and not only up to the time that the question allows; infinite when that never happens. For `within` the
    /// first time at which the condition holds, for `before` the time at which the first wins, for `always` the first
    /// time at which the condition fails. Other questions have no such column.
    FirstTime,
}

/// One number per run and time that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Name such as `daesh_k.fighters[kabul]`.
    pub name: String,
    /// Unit; values are in base units, shown = base / scale.
    pub unit: DisplayUnit,
}

/// A model with a configuration, ready to run. Compile with [`compile`], run with [`run_block`].
#[derive(Clone, Debug)]
pub struct Program {
    lowered: Lowered,
    code: Code,
    /// Of a model in which whole things move one by one.
    exact: Option<Exact>,
    outcomes: Vec<OutcomeColumn>,
    recorded: Vec<Recorded>,
    backend: Backend,
    /// Machine code, once something ran; none where it cannot be had.
    #[cfg(target_arch = "x86_64")]
    native: Arc<OnceLock<Option<Native>>>,
    /// Runs so far.
    #[cfg(target_arch = "x86_64")]
    n_lanes_run: Arc<AtomicU64>,
}

/// Runs after which machine code pays: making it costs about what a few hundred runs of the same program do.
#[cfg(target_arch = "x86_64")]
const MANY_LANES: u64 = 1_024;

/// What runs a program. All give the same bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// Machine code for many runs, where the machine and the system allow it, else the interpreter.
    #[default]
    Automatic,
    /// The block interpreter.
    Interpreter,
    /// Machine code for any number of runs, where the machine and the system allow it, else the interpreter.
    Native,
}

impl Backend {
    /// The back end that runs many runs on this machine: the interpreter or machine code.
    #[must_use]
    pub fn on_this_machine(self) -> Self {
        #[cfg(target_arch = "x86_64")]
        if self != Self::Interpreter && native::is_possible() {
            return Self::Native;
        }
        Self::Interpreter
    }

    /// Its name, as the command line and the manifest have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "auto",
            Self::Interpreter => "interpreter",
            Self::Native => "native",
        }
    }
}

impl Program {
    pub(crate) fn new(lowered: Lowered) -> Self {
        let code = schedule::schedule(&lowered, Order::DepthFirst);
        let outcomes = lowered.outcomes.iter().map(|outcome| outcome.0.clone()).collect();
        let recorded = lowered.recorded.iter().map(|recorded| recorded.0.clone()).collect();
        let exact = Exact::new(&lowered);
        Self {
            lowered,
            code,
            exact,
            outcomes,
            recorded,
            backend: Backend::default(),
            #[cfg(target_arch = "x86_64")]
            native: Arc::default(),
            #[cfg(target_arch = "x86_64")]
            n_lanes_run: Arc::default(),
        }
    }

    /// The program, run by another back end.
    #[must_use]
    pub fn with_backend(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// Whether machine code runs many runs of the program. Makes it when that was not done yet.
    pub fn is_native(&self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return self.exact.is_none() && self.backend != Backend::Interpreter && self.native().is_some();
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    #[cfg(target_arch = "x86_64")]
    fn native(&self) -> Option<&Native> {
        self.native.get_or_init(|| Native::compile(&self.lowered, &self.code)).as_ref()
    }

    /// Machine code for the next `n_lanes` runs, unless the interpreter is to run them.
    #[cfg(target_arch = "x86_64")]
    fn native_for(&self, n_lanes: usize) -> Option<&Native> {
        let is_native = match self.backend {
            Backend::Interpreter => false,
            Backend::Native => true,
            Backend::Automatic => {
                let n_before = self.n_lanes_run.fetch_add(n_lanes as u64, Ordering::Relaxed);
                n_before.saturating_add(n_lanes as u64) >= MANY_LANES
            }
        };
        if is_native { self.native() } else { None }
    }

    /// Every element of every assumption, in model order, used or not.
    pub fn parameters(&self) -> &[Parameter] {
        &self.lowered.parameters
    }

    /// The first columns of [`BlockResult::outcomes`]: per question, in model order, its value, then its condition
    /// if it has one; after all of these, in model order, the first times of those that settle at some time.
    pub fn outcomes(&self) -> &[OutcomeColumn] {
        &self.outcomes
    }

    /// The names of the observations, whose logarithms of likelihood follow the outcomes in
    /// [`BlockResult::outcomes`].
    pub fn observations(&self) -> impl ExactSizeIterator<Item = &str> {
        self.lowered.observations.iter().map(|observation| observation.0.as_str())
    }

    /// The columns of [`BlockResult::recorded`].
    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// Number of times, `n_steps + 1`.
    pub fn n_times(&self) -> usize {
        self.lowered.n_steps + 1
    }

    /// A readable listing of the program: registers, then the instructions done once per block, at every
    /// time, and on the way to the next time.
    pub fn dump(&self) -> String {
        let mut listing = self.code.listing(self.lowered.graph.streams());
        if let Some(exact) = &self.exact {
            listing.push_str(&exact.listing());
        }
        listing
    }

    /// Number of instructions in an even step; in an odd one, the uniforms are already drawn.
    pub fn n_instructions(&self) -> usize {
        self.code.observe[0].len() + self.code.advance[0].len()
    }

    /// Number of values that [`BlockResult::recorded`] will hold for a block of `n_lanes` runs, so that a
    /// caller can refuse before they are allocated.
    pub fn n_recorded_values(&self, n_lanes: usize) -> u64 {
        [self.n_times(), self.recorded.len(), n_lanes].iter().fold(1, |n: u64, &m| n.saturating_mul(m as u64))
    }
}

#[cfg(test)]
impl Program {
    pub(crate) fn lowered(&self) -> &Lowered {
        &self.lowered
    }

    pub(crate) fn code(&self) -> &Code {
        &self.code
    }

    /// The same program, making its jumps the other way.
    pub(crate) fn run_the_other_way(mut self) -> Self {
        self.exact = self.exact.map(|exact| exact.other(&self.lowered));
        self
    }

    /// The program where the system refuses machine code.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn without_native(self) -> Self {
        Self { native: Arc::new(OnceLock::from(None)), ..self }
    }
}

/// Why a model cannot be compiled with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// The model expands to more scalar equations than the engine accepts.
    TooLarge {
        /// Estimated number of scalar equations.
        values: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// The expressions, with their sums over subscripts written out, are larger than the engine accepts.
    TooManyOperations {
        /// Estimated number of scalar operations.
        operations: u64,
        /// The most that is accepted.
        limit: u64,
    },
}

impl fmt::Display for CompileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { values, limit } => {
                write!(
                    formatter,
                    "the model expands to about {values} scalar equations; at most {limit} are accepted"
                )
            }
            Self::TooManyOperations { operations, limit } => {
                write!(
                    formatter,
                    "the model expands to about {operations} scalar operations; at most {limit} are accepted"
                )
            }
        }
    }
}

impl std::error::Error for CompileError {}

/// Some runs of one program: lanes of draws and replications.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The seed of the ensemble.
    pub seed: u64,
    /// Position of the draw of the assumptions, one per lane.
    pub draws: &'a [u32],
    /// Replication, one per lane.
    pub replications: &'a [u32],
    /// Values of the parameters in base units, `n_parameters` x `n_lanes`, lane innermost.
    pub parameters: &'a [f64],
}

/// Scratch memory of [`run_block`], reusable across calls, programs and block sizes.
#[derive(Debug, Default)]
pub struct Workspace {
    registers: Vec<Lanes>,
    exact: exact::Scratch,
    /// Where machine code puts values aside.
    #[cfg(target_arch = "x86_64")]
    spill: Vec<u64>,
}

/// What a block of runs gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockResult {
    /// `n_outcomes` x `n_lanes`, lane innermost; 0 or 1 for probability questions; infinity means never. Then
    /// `n_observations` x `n_lanes` logarithms of the likelihood of the data; minus infinity means impossible.
    pub outcomes: Vec<f64>,
    /// `n_times` x `n_recorded` x `n_lanes`, lane innermost.
    pub recorded: Vec<f64>,
    /// Number of (stock element, step) pairs where outflows were scaled down, per lane.
    pub clipped: Vec<u32>,
    /// Lanes whose state went non-finite, in ascending order.
    pub failures: Vec<Failure>,
}

/// A run that went non-finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Lane within the block.
    pub lane: usize,
    /// Position of its draw of the assumptions.
    pub draw: u32,
    /// Its replication.
    pub replication: u32,
    /// The first time at which something was not finite, in the time unit.
    pub time: f64,
    /// The first variable in evaluation order that was not finite then.
    pub variable: String,
    /// Why, in words.
    pub cause: String,
}

/// Compiles a model with a configuration.
///
/// # Errors
///
/// When the model, its subscripts written out, is too large; nothing has been allocated then.
pub fn compile(model: &CheckedModel, configuration: &Configuration) -> Result<Program, CompileError> {
    lower::lower(model, configuration).map(Program::new)
}

/// Runs a block of runs of any length.
///
/// # Panics
///
/// When the slices of `block` do not have the lengths that [`Block`] states.
pub fn run_block(program: &Program, block: &Block<'_>, workspace: &mut Workspace) -> BlockResult {
    run_block_with(Dispatch::Widest, program, block, workspace)
}

pub(crate) fn run_block_with(
    dispatch: Dispatch,
    program: &Program,
    block: &Block<'_>,
    workspace: &mut Workspace,
) -> BlockResult {
    let n_lanes = block.draws.len();
    assert_eq!(block.replications.len(), n_lanes, "one replication per lane");
    assert_eq!(block.parameters.len(), program.parameters().len() * n_lanes, "n_parameters x n_lanes values");
    let lowered = &program.lowered;
    let streams = stream_keys(lowered, block.seed);
    if let Some(exact) = &program.exact {
        return exact.run_block(lowered, &streams, block, &mut workspace.exact);
    }
    #[cfg(target_arch = "x86_64")]
    let native = if dispatch == Dispatch::Widest { program.native_for(n_lanes) } else { None };
    #[cfg(target_arch = "x86_64")]
    let code = native.map_or(&program.code, Native::code);
    #[cfg(not(target_arch = "x86_64"))]
    let code = &program.code;
    if workspace.registers.len() < code.n_registers {
        workspace.registers.resize(code.n_registers, Lanes::ZERO);
    }
    let registers = &mut workspace.registers[..code.n_registers];
    for &(register, constant) in &code.constants {
        registers[register as usize].0.fill(constant);
    }
    let mut result = BlockResult {
        outcomes: vec![0.0; code.outcomes.len() * n_lanes],
        recorded: vec![0.0; program.n_times() * program.recorded.len() * n_lanes],
        clipped: vec![0; n_lanes],
        failures: Vec::new(),
    };
    for first_lane in (0..n_lanes).step_by(LANES) {
        let n_live = LANES.min(n_lanes - first_lane);
        // Lanes beyond the block repeat its first one: their results are not read.
        let lane_of = |lane: usize| first_lane + if lane < n_live { lane } else { 0 };
        let identities = Identities {
            draws: std::array::from_fn(|lane| block.draws[lane_of(lane)]),
            replications: std::array::from_fn(|lane| block.replications[lane_of(lane)]),
        };
        for &(register, parameter) in &code.parameters {
            let row = &block.parameters[parameter as usize * n_lanes..][..n_lanes];
            registers[register as usize].0 = std::array::from_fn(|lane| row[lane_of(lane)]);
        }
        let mut pass = Pass {
            code,
            tables: lowered.graph.tables(),
            series: lowered.graph.series(),
            councils: lowered.graph.councils(),
            answers: RefCell::default(),
            streams: &streams,
            identities: &identities,
            n_steps: lowered.n_steps,
            recorded: &mut result.recorded,
            row_length: n_lanes,
            first_lane,
            n_lanes: n_live,
        };
        #[cfg(target_arch = "x86_64")]
        match native {
            Some(native) => native.run_pass(&mut pass, registers, &mut workspace.spill),
            None => dispatch::run_pass(dispatch, &mut pass, registers),
        }
        #[cfg(not(target_arch = "x86_64"))]
        dispatch::run_pass(dispatch, &mut pass, registers);
        let read = |source: Source, lane: usize| match source {
            Source::Register(register) => registers[register as usize].0[lane],
            Source::Constant(value) => value,
        };
        for lane in 0..n_live {
            result.clipped[first_lane + lane] = read(code.clipped, lane) as u32;
            let mut is_failed = read(code.health, lane).is_nan();
            for (position, &source) in code.outcomes.iter().enumerate() {
                let value = read(source, lane);
                is_failed |= value.is_nan();
                result.outcomes[position * n_lanes + first_lane + lane] = value;
            }
            if is_failed {
                result.failures.push(diagnosis::diagnose(lowered, &streams, block, first_lane + lane));
            }
        }
    }
    result
}

/// The keys of every stream of the program under a seed.
pub(crate) fn stream_keys(lowered: &Lowered, seed: u64) -> Vec<RoundKeys> {
    let hashes = lowered
        .graph
        .streams()
        .iter()
        .map(|stream| stream_hash(&stream.declaration, &stream.element, stream.ordinal));
    hashes.map(|hash| StreamKey::new(seed, hash).round_keys()).collect()
}
