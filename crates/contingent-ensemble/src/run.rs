//! Runs one experiment over a design, in parallel.
//!
//! Enters: a model, an experiment, a design, and [`RunOptions`]. Leaves: an [`EnsembleResult`] of columns in
//! base units. Always holds: every number is written to the place of its run, so the bits do not depend on
//! threads or on the order in which blocks finish; blocks start in order, so whatever finished before a
//! cancellation is a prefix of the runs; the outcomes of a run that failed are not-a-number.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use contingent_engine::{
    Backend, Block, Configuration, OutcomeColumn, Parameter, Program, Recorded, Recording, Workspace,
    compile, run_block,
};
use contingent_model::CheckedModel;

use crate::design::Column;
use crate::series::SeriesSummary;
use crate::spread::each;
use crate::{Design, Error, Experiment};

/// Runs in one block. From 128 to 256 lanes the interpreter's overhead is spread thin and the state of a
/// block stays in the second-level cache.
pub(crate) const N_LANES: usize = 256;

/// The memory that results may take unless the caller says otherwise: 4 GiB.
pub const DEFAULT_MEMORY_LIMIT: u64 = 4 << 30;

static NEVER_CANCELLED: AtomicBool = AtomicBool::new(false);

/// How an ensemble is run; nothing here changes a number.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// The trajectories of the indicators are kept for this many draws from the first, all replications.
    pub recorded_draws: u32,
    /// Bytes that the result may take.
    pub memory_limit: u64,
    /// Called with the number of finished runs after each block, from several threads at once and therefore
    /// not always in ascending order.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// When it becomes true no further block is started.
    pub cancelled: &'a AtomicBool,
    /// A result of the same model and design whose draws are taken over where they are the same.
    pub draws_of: Option<&'a EnsembleResult>,
    /// What runs the program.
    pub backend: Backend,
    /// Where programs of the same model are kept from one experiment to the next.
    pub compiled: Option<&'a Compiled>,
}

impl Default for RunOptions<'_> {
    /// No trajectories, no reports, no cancellation, [`DEFAULT_MEMORY_LIMIT`].
    fn default() -> Self {
        Self {
            recorded_draws: 0,
            memory_limit: DEFAULT_MEMORY_LIMIT,
            progress: &|_| {},
            cancelled: &NEVER_CANCELLED,
            draws_of: None,
            backend: Backend::Automatic,
            compiled: None,
        }
    }
}

/// A run that went non-finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The run.
    pub run_index: usize,
    /// Its draw.
    pub draw: u32,
    /// Its replication.
    pub replication: u32,
    /// When, in the time unit.
    pub time: f64,
    /// What became non-finite first.
    pub variable: String,
    /// Why.
    pub cause: String,
}

/// All runs of one experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsembleResult {
    /// What was run.
    pub experiment: Experiment,
    /// Over what.
    pub design: Design,
    /// Every element of every assumption, in model order.
    pub parameters: Vec<Parameter>,
    /// One column per parameter, one value per draw of the design (also of draws that were not reached), in
    /// base units.
    pub parameter_values: Vec<Column>,
    /// Per question its value and then, if it has one, its condition.
    pub outcomes: Vec<OutcomeColumn>,
    /// One column per outcome, one value per finished run, in base units; 0 or 1 for probability questions,
    /// infinity means never; not-a-number in every outcome of a run that failed.
    pub outcome_values: Vec<Vec<f64>>,
    /// One column per observation of the model, one value per finished run: the logarithm of the likelihood of the
    /// data; minus infinity means impossible, not-a-number a run that failed.
    pub log_likelihoods: Vec<Vec<f64>>,
    /// Number of times that the outflows of a stock were scaled down, over all finished runs.
    pub clipped: u64,
    /// Finished runs in which that happened at least once.
    pub n_clipped_runs: usize,
    /// Finished runs that went non-finite, in order.
    pub failures: Vec<Failure>,
    /// What was recorded: the indicators, when any draw was to be kept.
    pub recorded: Vec<Recorded>,
    /// `n_times` x `n_recorded` x `n_kept_runs`, run innermost, in base units.
    pub trajectories: Vec<f64>,
    /// Number of times of a trajectory.
    pub n_times: usize,
    /// Runs whose trajectories were kept: the first ones.
    pub n_kept_runs: usize,
    /// Runs that finished: all of the design unless it was cancelled, and always the first ones.
    pub n_finished_runs: usize,
}

impl EnsembleResult {
    /// Whether every run of the design finished.
    pub fn is_complete(&self) -> bool {
        self.n_finished_runs == self.design.n_runs()
    }

    /// Draws of which every replication finished.
    pub fn n_whole_draws(&self) -> usize {
        self.n_finished_runs / self.design.n_replications as usize
    }

    /// Share of the finished runs in which an outflow was scaled down; 0 when none finished.
    pub fn clipped_share(&self) -> f64 {
        self.share_of_finished(self.n_clipped_runs)
    }

    /// Share of the finished runs that failed; 0 when none finished.
    pub fn failed_share(&self) -> f64 {
        self.share_of_finished(self.failures.len())
    }

    /// One flag per finished run: whether it failed.
    pub fn failed_runs(&self) -> Vec<bool> {
        let mut failed = vec![false; self.n_finished_runs];
        for failure in &self.failures {
            failed[failure.run_index] = true;
        }
        failed
    }

    /// One recorded value of a kept run, in base units. Panics when a position is out of range.
    pub fn recorded_value(&self, time_index: usize, recorded_index: usize, run_index: usize) -> f64 {
        assert!(
            recorded_index < self.recorded.len() && run_index < self.n_kept_runs,
            "position out of range"
        );
        self.trajectories[(time_index * self.recorded.len() + recorded_index) * self.n_kept_runs + run_index]
    }

    fn share_of_finished(&self, n_runs: usize) -> f64 {
        if self.n_finished_runs == 0 { 0.0 } else { n_runs as f64 / self.n_finished_runs as f64 }
    }
}

/// Runs an experiment over a design, on the thread pool of the caller (see [`with_threads`]).
///
/// Fails when the design is empty, when the experiment does not fit the model, when correlations contradict
/// each other, when the engine refuses the model, or when the result would be larger than allowed; the last
/// is known before anything is allocated. A run that goes non-finite is not a failure of the ensemble; see
/// [`EnsembleResult::failures`].
pub fn run_experiment(
    model: &CheckedModel,
    experiment: &Experiment,
    design: &Design,
    options: &RunOptions<'_>,
) -> Result<EnsembleResult, Error> {
    run_part(model, experiment, design, options, 0..design.n_runs())
}

/// Runs some consecutive runs of an experiment over a design, as [`run_experiment`] runs them all: the columns of outcomes, the
/// trajectories and the counts are of these runs alone, the columns of parameters of all draws, and failures name their place in the
/// whole. Parts that follow each other have, laid one behind the other, the bits of the whole.
///
/// Fails as [`run_experiment`] does. Panics when the runs are not all in the design, or are none.
pub fn run_part(
    model: &CheckedModel,
    experiment: &Experiment,
    design: &Design,
    options: &RunOptions<'_>,
    runs: Range<usize>,
) -> Result<EnsembleResult, Error> {
    design.check()?;
    assert!(runs.start < runs.end && runs.end <= design.n_runs(), "the runs of a part are in the design");
    let n_runs = runs.len();
    let n_kept_of_all = Design { n_draws: options.recorded_draws.min(design.n_draws), ..*design }.n_runs();
    let n_kept_runs = n_kept_of_all.saturating_sub(runs.start).min(n_runs);
    let programs = match options.compiled {
        Some(compiled) => compiled.programs(model, experiment, options.backend, n_kept_runs, n_runs)?,
        None => Arc::new(Programs::compile(model, experiment, options.backend, n_kept_runs, n_runs)?),
    };
    let program = programs.any();
    let parameters = program.parameters().to_vec();
    let outcomes = program.outcomes().to_vec();
    let n_observations = program.observations().len();
    let n_times = program.n_times();
    let recorded = if n_kept_runs > 0 { program.recorded().to_vec() } else { Vec::new() };
    let n_rows = n_times * recorded.len();

    let sizes = [
        (parameters.len(), design.n_draws as usize),
        (outcomes.len() + n_observations, n_runs),
        (n_rows, n_kept_runs),
    ];
    let needed = bytes_of(&sizes);
    if needed > options.memory_limit {
        return Err(Error::TooLarge { needed, limit: options.memory_limit });
    }

    let parameter_values = design.parameter_values_like(model, &parameters, experiment, options.draws_of)?;
    let mut outcome_values = vec![vec![0.0; n_runs]; outcomes.len() + n_observations];
    let mut trajectories = vec![0.0; n_rows * n_kept_runs];

    let mut targets = BlockTargets {
        next_run: 0,
        n_kept_runs,
        n_runs,
        cancelled: options.cancelled,
        outcomes: outcome_values.iter_mut().map(Vec::as_mut_slice).collect(),
        recorded: match n_kept_runs {
            0 => Vec::new(),
            _ => trajectories.chunks_exact_mut(n_kept_runs).collect(),
        },
    };
    let n_reported = AtomicU64::new(0);
    let mut summaries: Vec<BlockSummary> = each(&mut targets, Scratch::default, |scratch, target| {
        let n_lanes = target.n_lanes;
        let origin = Origin { first_run: runs.start, first_draw: 0 };
        let summary = run_target(target, &programs, design, origin, &parameter_values, scratch, None);
        let n_finished = n_reported.fetch_add(n_lanes as u64, Ordering::Relaxed) + n_lanes as u64;
        (options.progress)(n_finished);
        summary
    });
    let n_finished_runs = targets.next_run;
    summaries.sort_by_key(|summary| summary.first_run);

    for column in &mut outcome_values {
        column.truncate(n_finished_runs);
    }
    let log_likelihoods = outcome_values.split_off(outcomes.len());
    let n_kept_finished = n_kept_runs.min(n_finished_runs);
    keep_first_runs(&mut trajectories, n_rows, n_kept_runs, n_kept_finished);
    Ok(EnsembleResult {
        experiment: experiment.clone(),
        design: *design,
        parameters,
        parameter_values,
        outcomes,
        outcome_values,
        log_likelihoods,
        clipped: summaries.iter().map(|summary| summary.clipped).sum(),
        n_clipped_runs: summaries.iter().map(|summary| summary.n_clipped_runs).sum(),
        failures: summaries.into_iter().flat_map(|summary| summary.failures).collect(),
        recorded,
        trajectories,
        n_times,
        n_kept_runs: n_kept_finished,
        n_finished_runs,
    })
}

/// Does the work on a pool of `n_threads` threads, one per core when 0. Results of this crate do not depend
/// on the number.
#[cfg(feature = "native")]
pub fn with_threads<R: Send>(n_threads: usize, work: impl FnOnce() -> R + Send) -> Result<R, Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build()
        .map_err(|reason| Error::Threads { n_threads, reason })?;
    Ok(pool.install(work))
}

/// The programs that were compiled last, for experiments of one model that differ in nothing but what is drawn: assumptions are
/// columns of a run, and no part of its program.
#[derive(Default)]
pub struct Compiled(Mutex<Option<(Configuration, [bool; 2], Arc<Programs>)>>);

impl Compiled {
    fn programs(
        &self,
        model: &CheckedModel,
        experiment: &Experiment,
        backend: Backend,
        n_kept_runs: usize,
        n_runs: usize,
    ) -> Result<Arc<Programs>, Error> {
        let configuration = experiment.configuration(model, Recording::Nothing)?;
        let kinds = [n_kept_runs > 0, n_kept_runs < n_runs];
        // Whoever panicked while holding it left it whole.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, of, programs)) = &*last
            && *known == configuration
            && *of == kinds
        {
            return Ok(Arc::clone(programs));
        }
        let programs = Arc::new(Programs::compile(model, experiment, backend, n_kept_runs, n_runs)?);
        *last = Some((configuration, kinds, Arc::clone(&programs)));
        Ok(programs)
    }
}

/// The model compiled with and without recording, each only when some run needs it.
pub(crate) struct Programs {
    recording: Option<Program>,
    quiet: Option<Program>,
}

impl Programs {
    pub(crate) fn compile(
        model: &CheckedModel,
        experiment: &Experiment,
        backend: Backend,
        n_kept_runs: usize,
        n_runs: usize,
    ) -> Result<Self, Error> {
        let compiled = |recording: Recording| {
            let configuration = experiment.configuration(model, recording)?;
            let program = compile(model, &configuration).map_err(|reason| Error::Compile { reason })?;
            Ok::<_, Error>(program.with_backend(backend))
        };
        Ok(Self {
            recording: if n_kept_runs > 0 { Some(compiled(Recording::Indicators)?) } else { None },
            quiet: if n_kept_runs < n_runs { Some(compiled(Recording::Nothing)?) } else { None },
        })
    }

    pub(crate) fn any(&self) -> &Program {
        self.recording.as_ref().or(self.quiet.as_ref()).expect("a design has at least one run")
    }

    fn of(&self, target: &BlockTarget<'_>) -> &Program {
        let program = if target.is_recorded { &self.recording } else { &self.quiet };
        program.as_ref().expect("compiled for every kind of block that the design has")
    }
}

/// Which run and which draw stand first in the columns.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) first_run: usize,
    pub(crate) first_draw: u32,
}

/// Where the numbers of one block go.
pub(crate) struct BlockTarget<'a> {
    first_run: usize,
    pub(crate) n_lanes: usize,
    is_recorded: bool,
    /// Per outcome, then per observation, one place per lane.
    outcomes: Vec<&'a mut [f64]>,
    /// Per time and recorded value, one place per lane.
    recorded: Vec<&'a mut [f64]>,
}

/// Cuts the columns into blocks from the front, until the runs end or the ensemble is cancelled. A block is
/// all recorded or not at all.
pub(crate) struct BlockTargets<'a> {
    pub(crate) next_run: usize,
    pub(crate) n_kept_runs: usize,
    pub(crate) n_runs: usize,
    pub(crate) cancelled: &'a AtomicBool,
    pub(crate) outcomes: Vec<&'a mut [f64]>,
    pub(crate) recorded: Vec<&'a mut [f64]>,
}

impl<'a> Iterator for BlockTargets<'a> {
    type Item = BlockTarget<'a>;

    fn next(&mut self) -> Option<BlockTarget<'a>> {
        if self.next_run == self.n_runs || self.cancelled.load(Ordering::Relaxed) {
            return None;
        }
        let first_run = self.next_run;
        let is_recorded = first_run < self.n_kept_runs;
        let end = if is_recorded { self.n_kept_runs } else { self.n_runs };
        let n_lanes = N_LANES.min(end - first_run);
        self.next_run += n_lanes;
        let recorded = if is_recorded { cut_front(&mut self.recorded, n_lanes) } else { Vec::new() };
        Some(BlockTarget {
            first_run,
            n_lanes,
            is_recorded,
            outcomes: cut_front(&mut self.outcomes, n_lanes),
            recorded,
        })
    }
}

fn cut_front<'a>(columns: &mut [&'a mut [f64]], n: usize) -> Vec<&'a mut [f64]> {
    let cut = columns.iter_mut().map(|column| column.split_off_mut(..n));
    cut.map(|front| front.expect("a column has a place per run")).collect()
}

/// Memory that one thread reuses from block to block.
#[derive(Default)]
pub(crate) struct Scratch {
    workspace: Workspace,
    draws: Vec<u32>,
    replications: Vec<u32>,
    parameters: Vec<f64>,
}

/// What is left of a block when its numbers are in place.
pub(crate) struct BlockSummary {
    pub(crate) first_run: usize,
    pub(crate) clipped: u64,
    pub(crate) n_clipped_runs: usize,
    pub(crate) failures: Vec<Failure>,
}

/// Runs a block whose place in the columns is counted from `origin`; what it recorded is also summed up in
/// `series`.
pub(crate) fn run_target(
    target: BlockTarget<'_>,
    programs: &Programs,
    design: &Design,
    origin: Origin,
    parameter_values: &[Column],
    scratch: &mut Scratch,
    series: Option<&mut SeriesSummary>,
) -> BlockSummary {
    let program = programs.of(&target);
    let BlockTarget { first_run, n_lanes, mut outcomes, recorded, .. } = target;
    let first_run = origin.first_run + first_run;
    let runs = first_run..first_run + n_lanes;
    scratch.draws.clear();
    scratch.draws.extend(runs.clone().map(|run_index| design.draw_of(run_index)));
    scratch.replications.clear();
    scratch.replications.extend(runs.map(|run_index| design.replication_of(run_index)));
    scratch.parameters.clear();
    for column in parameter_values {
        scratch
            .parameters
            .extend(scratch.draws.iter().map(|&draw| column[(draw - origin.first_draw) as usize]));
    }
    let block = Block {
        seed: design.seed,
        draws: &scratch.draws,
        replications: &scratch.replications,
        parameters: &scratch.parameters,
    };
    let result = run_block(program, &block, &mut scratch.workspace);

    for (place, values) in outcomes.iter_mut().zip(result.outcomes.chunks_exact(n_lanes)) {
        place.copy_from_slice(values);
    }
    for (place, values) in recorded.into_iter().zip(result.recorded.chunks_exact(n_lanes)) {
        place.copy_from_slice(values);
    }
    if let Some(series) = series {
        let mut failed = [false; N_LANES];
        for failure in &result.failures {
            failed[failure.lane] = true;
        }
        series.add_block(&result.recorded, n_lanes, &failed[..n_lanes]);
    }
    for failure in &result.failures {
        for column in &mut outcomes {
            column[failure.lane] = f64::NAN;
        }
    }
    let failures = result.failures.into_iter().map(|failure| Failure {
        run_index: first_run + failure.lane,
        draw: failure.draw,
        replication: failure.replication,
        time: failure.time,
        variable: failure.variable,
        cause: failure.cause,
    });
    BlockSummary {
        first_run,
        clipped: result.clipped.iter().map(|&times| u64::from(times)).sum(),
        n_clipped_runs: result.clipped.iter().filter(|&&times| times > 0).count(),
        failures: failures.collect(),
    }
}

/// Bytes of several tables of numbers given as columns and rows, at most `u64::MAX`.
pub(crate) fn bytes_of(sizes: &[(usize, usize)]) -> u64 {
    let bytes =
        |(columns, rows): (usize, usize)| (columns as u64).saturating_mul(rows as u64).saturating_mul(8);
    sizes.iter().map(|&size| bytes(size)).fold(0, u64::saturating_add)
}

/// Shortens every row of a row-major table from `n_runs` to its first `n_kept` entries, in place.
fn keep_first_runs(values: &mut Vec<f64>, n_rows: usize, n_runs: usize, n_kept: usize) {
    if n_kept < n_runs {
        for row in 0..n_rows {
            values.copy_within(row * n_runs..row * n_runs + n_kept, row * n_kept);
        }
        values.truncate(n_rows * n_kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shortened_to_their_first_entries() {
        let mut values = vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0];
        keep_first_runs(&mut values, 2, 3, 2);
        assert_eq!(values, [0.0, 1.0, 10.0, 11.0]);
        keep_first_runs(&mut values, 2, 2, 0);
        assert!(values.is_empty());
    }

    #[test]
    fn sizes_beyond_all_memory_do_not_wrap() {
        assert_eq!(bytes_of(&[(3, 10), (1, 2)]), 256);
        assert_eq!(bytes_of(&[(usize::MAX, usize::MAX)]), u64::MAX);
    }
}
