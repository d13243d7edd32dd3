//! Runs in which whole things move one by one (Gillespie 1977).
//!
//! Enters: a lowered model with jumps, blocks of runs. Leaves: what a block of runs gives. Always holds: every
//! reaction has a clock of its own, which runs at its propensity and rings after waiting times from its own
//! stream (the modified next reaction method: Gibson and Bruck 2000, Anderson 2007); hence a reaction that is
//! added, removed or sped up leaves the draws of the others as they are, and a propensity that changes at a
//! step needs nothing to be drawn again. The bits of a run depend neither on its lane nor on its neighbours.
//!
//! A model of few reactions is run [`together`]: many runs side by side, each making its next jump at the same
//! time. Beyond [`MOST_TOGETHER`] reactions a run is worked on [`single`], where a jump costs only what follows
//! from it.

mod abreast;
mod ahead;
mod alone;
mod plan;
mod rows;
mod single;
#[cfg(test)]
mod tests;
mod together;

use crate::council::asked;
use crate::diagnosis;
use crate::evaluation::Evaluation;
use crate::graph::Operation;
use crate::lower::Lowered;
use crate::program::{Block, BlockResult, Failure};
use crate::random::{self, RoundKeys, StreamKey};
use plan::{Instruction, Plan};
use rows::{LANES, Row, apply, rounded};
use single::Dependencies;

/// Jumps of one run within one step beyond which it is given up.
pub(crate) const MOST_JUMPS: u32 = 1_000_000;

/// The most reactions of a model that is run in lanes. Measured on chains of birth and death: there both ways
/// take the same time.
const MOST_TOGETHER: usize = 160;

/// A model with jumps, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    plan: Plan,
    names: Vec<String>,
    /// Of a model that is run one by one.
    dependencies: Option<Dependencies>,
}

/// Memory that is reused from block to block.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// What is known at the times; after the rows of the plan those of the clocks: what is left of each, then how often it has rung.
    home: Vec<Row>,
    staged: Vec<Row>,
    together: together::Scratch,
    single: single::Scratch,
}

/// Why a run was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// The propensity of a reaction is not finite.
    NotFinite(usize),
    /// Too many jumps, the last of which was of this reaction.
    TooMany(usize),
}

/// The runs of one pass.
struct Runs {
    /// How many of the lanes are runs.
    n: usize,
    draws: [u64; LANES],
    replications: [u64; LANES],
    /// Whether the run of a lane was given up.
    failed: [bool; LANES],
    /// The key of the waiting times of every reaction.
    keys: Vec<u64>,
}

impl Exact {
    /// Prepares a model; none when it has no jumps.
    pub(crate) fn new(lowered: &Lowered) -> Option<Self> {
        let n_jumps = lowered.jumps.as_ref()?.reactions.len();
        Some(Self::with_dependencies(lowered, n_jumps > MOST_TOGETHER))
    }

    fn with_dependencies(lowered: &Lowered, is_single: bool) -> Self {
        let jumps = lowered.jumps.as_ref().expect("the caller looked");
        let plan = Plan::new(lowered);
        let dependencies = is_single.then(|| Dependencies::new(&plan.kinetics));
        Self {
            plan,
            names: jumps.reactions.iter().map(|reaction| reaction.name.clone()).collect(),
            dependencies,
        }
    }

    /// The same model, run the other way.
    #[cfg(test)]
    pub(crate) fn other(&self, lowered: &Lowered) -> Self {
        Self::with_dependencies(lowered, self.dependencies.is_none())
    }

    /// A listing of the reactions.
    pub(crate) fn listing(&self) -> String {
        let way = if self.dependencies.is_some() { "one run at a time" } else { "runs side by side" };
        let mut text = format!("jumps, {way}\n");
        for name in &self.names {
            text.push_str("  ");
            text.push_str(name);
            text.push('\n');
        }
        text
    }

    /// Runs a block.
    pub(crate) fn run_block(
        &self,
        lowered: &Lowered,
        streams: &[RoundKeys],
        block: &Block<'_>,
        scratch: &mut Scratch,
    ) -> BlockResult {
        let n_lanes = block.draws.len();
        let plan = &self.plan;
        let mut result = BlockResult {
            outcomes: vec![0.0; plan.outcomes.len() * n_lanes],
            recorded: vec![0.0; (lowered.n_steps + 1) * plan.recorded.len() * n_lanes],
            clipped: vec![0; n_lanes],
            failures: Vec::new(),
        };
        let keys = self.plan.kinetics.jumps.iter();
        let keys: Vec<u64> = keys.map(|jump| StreamKey::new(block.seed, jump.hash).word()).collect();
        for first_lane in (0..n_lanes).step_by(LANES) {
            let n = LANES.min(n_lanes - first_lane);
            // The last lane fills the pass up: it is a run, so nothing strange happens in idle lanes.
            let lane_of = |lane: usize| first_lane + lane.min(n - 1);
            let runs = Runs {
                n,
                draws: std::array::from_fn(|lane| u64::from(block.draws[lane_of(lane)])),
                replications: std::array::from_fn(|lane| u64::from(block.replications[lane_of(lane)])),
                failed: [false; LANES],
                keys: keys.clone(),
            };
            self.run_pass(lowered, streams, block, first_lane, runs, scratch, &mut result);
        }
        result.failures.sort_by_key(|failure| failure.lane);
        result
    }

    #[expect(clippy::too_many_arguments, reason = "the pass is part of the block")]
    fn run_pass(
        &self,
        lowered: &Lowered,
        streams: &[RoundKeys],
        block: &Block<'_>,
        first_lane: usize,
        mut runs: Runs,
        scratch: &mut Scratch,
        result: &mut BlockResult,
    ) {
        let plan = &self.plan;
        let n_jumps = plan.kinetics.jumps.len();
        let n_lanes = block.draws.len();
        let n = rounded(runs.n);
        scratch.home.resize(plan.n_rows + 2 * n_jumps, Row::ZERO);
        self.start(lowered, streams, block, first_lane, &runs, scratch, n);
        for step in 0..=lowered.n_steps {
            if let Some(row) = plan.step {
                scratch.home[row as usize].0 = [step as f64; LANES];
            }
            for instruction in &plan.grid {
                evaluate(lowered, plan, streams, &runs, &mut scratch.home, instruction, step, n);
            }
            for (position, &row) in plan.recorded.iter().enumerate() {
                let start = (step * plan.recorded.len() + position) * n_lanes + first_lane;
                let values = &scratch.home[row as usize].0[..runs.n];
                result.recorded[start..start + runs.n].copy_from_slice(values);
            }
            let is_last = step == lowered.n_steps;
            let Scratch { home, staged, together, single } = scratch;
            if is_last {
                commit(home, staged, &plan.observed, &[]);
            } else {
                match &self.dependencies {
                    None => together.load(&plan.kinetics, home, &runs, n),
                    Some(_) => single.load(&plan.kinetics, home),
                }
                commit(home, staged, &plan.observed, &plan.advanced);
            }
            for lane in 0..runs.n {
                if home[plan.health as usize].0[lane].is_nan() && !runs.failed[lane] {
                    runs.failed[lane] = true;
                    let evaluation = self.state_at(lowered, streams, block, first_lane, lane, home, step);
                    result.failures.push(diagnosis::diagnose_at(lowered, &evaluation, first_lane + lane));
                }
            }
            if is_last {
                break;
            }
            staged.clear();
            staged.extend(plan.counts.iter().map(|&(_, total)| home[total as usize]));
            let mut trouble: Vec<(usize, Trouble)> = Vec::new();
            match &self.dependencies {
                None => together.run(plan, lowered, streams, home, &runs, &mut trouble),
                Some(dependencies) => {
                    single.run(plan, dependencies, lowered, streams, home, &runs, &mut trouble);
                }
            }
            for (&(count, total), before) in plan.counts.iter().zip(staged.iter()) {
                for lane in 0..n {
                    home[count as usize].0[lane] = home[total as usize].0[lane] - before.0[lane];
                }
            }
            for (lane, trouble) in trouble {
                // A run is given up once, whatever follows from it.
                if std::mem::replace(&mut runs.failed[lane], true) {
                    continue;
                }
                let evaluation = self.state_at(lowered, streams, block, first_lane, lane, home, step);
                result.failures.push(self.failure(lowered, &evaluation, first_lane + lane, trouble));
            }
        }
        let home = &scratch.home;
        for lane in 0..runs.n {
            result.clipped[first_lane + lane] = home[plan.clipped as usize].0[lane] as u32;
            for (position, &row) in plan.outcomes.iter().enumerate() {
                let value = home[row as usize].0[lane];
                result.outcomes[position * n_lanes + first_lane + lane] = value;
                if value.is_nan() && !runs.failed[lane] {
                    runs.failed[lane] = true;
                    result.failures.push(Failure {
                        lane: first_lane + lane,
                        draw: block.draws[first_lane + lane],
                        replication: block.replications[first_lane + lane],
                        time: lowered.n_steps as f64 * lowered.dt,
                        variable: lowered.outcomes[position].0.name.clone(),
                        cause: "the outcome is not a number".to_owned(),
                    });
                }
            }
            // What was given up on the way has no outcome, whatever its monitors saw until then.
            if runs.failed[lane] {
                for position in 0..plan.outcomes.len() {
                    result.outcomes[position * n_lanes + first_lane + lane] = f64::NAN;
                }
            }
        }
    }

    /// Fills the rows with what holds before the first time, and winds up the clocks.
    #[expect(clippy::too_many_arguments, reason = "the pass is part of the block")]
    fn start(
        &self,
        lowered: &Lowered,
        streams: &[RoundKeys],
        block: &Block<'_>,
        first_lane: usize,
        runs: &Runs,
        scratch: &mut Scratch,
        n: usize,
    ) {
        let plan = &self.plan;
        let n_jumps = plan.kinetics.jumps.len();
        let n_lanes = block.draws.len();
        let home = &mut scratch.home;
        for &(row, value) in &plan.constants {
            home[row as usize].0 = [value; LANES];
        }
        for &(row, parameter) in &plan.parameters {
            let values = &block.parameters[parameter as usize * n_lanes..][..n_lanes];
            home[row as usize].0 = std::array::from_fn(|lane| values[first_lane + lane.min(runs.n - 1)]);
        }
        for instruction in &plan.prologue {
            evaluate(lowered, plan, streams, runs, home, instruction, 0, n);
        }
        for &(state, initial) in &plan.initial {
            home[state as usize] = home[initial as usize];
        }
        for (i, &key) in runs.keys.iter().enumerate() {
            home[plan.n_rows + i].0 =
                std::array::from_fn(|lane| waiting_time(key, runs.draws[lane], runs.replications[lane], 0));
            home[plan.n_rows + n_jumps + i] = Row::ZERO;
        }
    }

    /// One run as it stands in its lane.
    #[expect(clippy::too_many_arguments, reason = "the lane is part of the block")]
    fn state_at<'a>(
        &self,
        lowered: &'a Lowered,
        streams: &'a [RoundKeys],
        block: &Block<'_>,
        first_lane: usize,
        lane: usize,
        home: &[Row],
        step: usize,
    ) -> Evaluation<'a> {
        let n_lanes = block.draws.len();
        let at = first_lane + lane;
        let parameters = (0..lowered.parameters.len()).map(|p| block.parameters[p * n_lanes + at]).collect();
        let state =
            self.plan.slots.iter().map(|row| row.map_or(0.0, |row| home[row as usize].0[lane])).collect();
        let (draw, replication) = (block.draws[at], block.replications[at]);
        Evaluation::at(lowered, streams, draw, replication, parameters, state, step)
    }

    fn failure(
        &self,
        lowered: &Lowered,
        evaluation: &Evaluation<'_>,
        lane: usize,
        trouble: Trouble,
    ) -> Failure {
        match trouble {
            Trouble::NotFinite(jump) => {
                let jumps = lowered.jumps.as_ref().expect("an exact program has jumps");
                let reaction = &jumps.reactions[jump];
                diagnosis::diagnose_node(lowered, evaluation, reaction.propensity, &reaction.name, lane)
            }
            Trouble::TooMany(jump) => {
                let (draw, replication) = evaluation.identity();
                Failure {
                    lane,
                    draw,
                    replication,
                    time: evaluation.step() as f64 * lowered.dt,
                    variable: self.names[jump].clone(),
                    cause: format!(
                        "{MOST_JUMPS} jumps within one step, the last of them in '{}'",
                        self.names[jump]
                    ),
                }
            }
        }
    }
}

/// The `counter`th waiting time of a reaction whose clock runs at 1.
#[inline]
fn waiting_time(key: u64, draw: u64, replication: u64, counter: u64) -> f64 {
    -crate::math::log(random::uniform_of_key(key, draw, replication, counter))
}

/// Does an instruction at the time of `step`.
#[expect(clippy::too_many_arguments, reason = "what an instruction reads, and which one it is")]
fn evaluate(
    lowered: &Lowered,
    plan: &Plan,
    streams: &[RoundKeys],
    runs: &Runs,
    rows: &mut [Row],
    instruction: &Instruction,
    step: usize,
    n: usize,
) {
    let uniform = |stream: u32, step: usize, lane: usize| {
        let keys = &streams[stream as usize];
        let (draw, replication) = (runs.draws[lane] as u32, runs.replications[lane] as u32);
        let (even, odd) = random::uniform_pair(keys, draw, replication, (step >> 1) as u32, 0);
        if step.is_multiple_of(2) { even } else { odd }
    };
    let out = instruction.out as usize;
    match instruction.operation {
        Operation::Uniform(stream) => {
            rows[out].0 = std::array::from_fn(|lane| uniform(stream, step, lane));
        }
        Operation::UniformAtStart(stream) => {
            rows[out].0 = std::array::from_fn(|lane| uniform(stream, 0, lane));
        }
        Operation::Series(series) => {
            rows[out].0 = [lowered.graph.series()[series as usize].value(step); LANES];
        }
        Operation::Bargain(council, dimension) => {
            let call = &lowered.graph.councils()[council as usize];
            let operands = &plan.councils[council as usize];
            for lane in 0..n {
                let mut numbers = operands.iter().map(|&row| rows[row as usize].0[lane]);
                let is_asked = numbers.next().is_some_and(|asked| asked != 0.0);
                rows[out].0[lane] = if is_asked {
                    let numbers: Vec<f64> = numbers.collect();
                    asked::outcome(call.n_dimensions, call.most_turns, &numbers)[dimension as usize]
                } else {
                    0.0
                };
            }
        }
        _ => apply(rows, instruction, lowered.graph.tables(), n),
    }
}

/// Gives states their next values, all at once.
fn commit(home: &mut [Row], staged: &mut Vec<Row>, observed: &[(u32, u32)], advanced: &[(u32, u32)]) {
    staged.clear();
    staged.extend(observed.iter().chain(advanced).map(|&(_, next)| home[next as usize]));
    for (&(state, _), &row) in observed.iter().chain(advanced).zip(staged.iter()) {
        home[state as usize] = row;
    }
}
