//! Runs an experiment part by part, so that memory is bounded whatever the number of runs.
//!
//! Enters: a model, an experiment, a design, an interval of its runs, and somebody who takes each part as it is
//! finished. Leaves: [`Totals`], and the summary of the indicators over time. Always holds: parts come in order,
//! without gaps, and have the bits that the whole would have; while one is taken away the next is run, and more
//! than these two are never kept; after a cancellation what was taken is a prefix of the runs.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use contingent_engine::{OutcomeColumn, Parameter, Recorded};
use contingent_model::CheckedModel;

use crate::design::Column;
use crate::run::{BlockSummary, BlockTargets, N_LANES, Origin, Programs, Scratch, bytes_of, run_target};
use crate::series::SeriesSummary;
use crate::spread::each;
use crate::{Design, Error, Experiment, Failure, RunOptions};

/// The most runs of a part: as many rows as readers of a table take up at a time.
const MOST_RUNS: usize = 1 << 17;
/// The most bytes that the columns of a part take.
const MOST_BYTES: usize = 64 << 20;
/// Failures that are described; the others are counted.
const MOST_FAILURES: usize = crate::manifest::ExperimentRecord::MOST_FAILURES;

/// Consecutive runs that are finished.
#[derive(Clone, Debug)]
pub struct Part {
    /// The first run.
    pub first_run: usize,
    /// The first draw of which a run is among these.
    pub first_draw: u32,
    /// One column per parameter, one value per draw from the first, in base units.
    pub parameter_values: Vec<Column>,
    /// One column per outcome, one value per run from the first, in base units; as in
    /// [`EnsembleResult`](crate::EnsembleResult::outcome_values).
    pub outcome_values: Vec<Vec<f64>>,
    /// One column per observation, one value per run from the first; as in
    /// [`EnsembleResult`](crate::EnsembleResult::log_likelihoods).
    pub log_likelihoods: Vec<Vec<f64>>,
    /// Number of runs, all of them finished.
    pub n_runs: usize,
    /// What the columns of parameters are.
    pub parameters: Arc<[Parameter]>,
    /// What the columns of outcomes are.
    pub outcomes: Arc<[OutcomeColumn]>,
    clipped: u64,
    n_clipped_runs: usize,
    n_failed_runs: usize,
    failures: Vec<Failure>,
}

impl Part {
    /// No runs, and no draws.
    pub(crate) fn empty(totals: &Totals, n_observations: usize) -> Self {
        Self {
            first_run: totals.runs.start,
            first_draw: totals.design.draw_of(totals.runs.start),
            parameter_values: vec![Column::default(); totals.parameters.len()],
            outcome_values: vec![Vec::new(); totals.outcomes.len()],
            log_likelihoods: vec![Vec::new(); n_observations],
            n_runs: 0,
            parameters: Arc::clone(&totals.parameters),
            outcomes: Arc::clone(&totals.outcomes),
            clipped: 0,
            n_clipped_runs: 0,
            n_failed_runs: 0,
            failures: Vec::new(),
        }
    }
}

/// What there was of all parts.
#[derive(Clone, Debug)]
pub struct Totals {
    /// What was run.
    pub experiment: Experiment,
    /// Over what.
    pub design: Design,
    /// Every element of every assumption, in model order.
    pub parameters: Arc<[Parameter]>,
    /// Per question its value and then, if it has one, its condition.
    pub outcomes: Arc<[OutcomeColumn]>,
    /// The indicators, when they were summed up.
    pub recorded: Vec<Recorded>,
    /// The runs that were asked for.
    pub runs: Range<usize>,
    /// How many of them finished: all unless cancelled, and always the first ones.
    pub n_finished_runs: usize,
    /// Number of times that the outflows of a stock were scaled down.
    pub clipped: u64,
    /// Finished runs in which that happened at least once.
    pub n_clipped_runs: usize,
    /// Finished runs that failed.
    pub n_failed_runs: usize,
    /// The first failures, in order.
    pub first_failures: Vec<Failure>,
    /// The indicators at every time, over the runs that did not fail.
    pub series: SeriesSummary,
}

impl Totals {
    /// Whether every run that was asked for finished.
    pub fn is_complete(&self) -> bool {
        self.n_finished_runs == self.runs.len()
    }

    /// Share of the finished runs that failed; 0 when none finished.
    pub fn failed_share(&self) -> f64 {
        if self.n_finished_runs == 0 { 0.0 } else { self.n_failed_runs as f64 / self.n_finished_runs as f64 }
    }

    /// Share of the finished runs in which an outflow was scaled down; 0 when none finished.
    pub fn clipped_share(&self) -> f64 {
        if self.n_finished_runs == 0 { 0.0 } else { self.n_clipped_runs as f64 / self.n_finished_runs as f64 }
    }

    fn take(&mut self, part: &mut Part) {
        self.n_finished_runs += part.n_runs;
        self.clipped += part.clipped;
        self.n_clipped_runs += part.n_clipped_runs;
        self.n_failed_runs += part.n_failed_runs;
        let room = MOST_FAILURES - self.first_failures.len();
        self.first_failures.extend(part.failures.drain(..).take(room));
    }
}

/// What every part of an experiment needs.
struct Stream<'a> {
    model: &'a CheckedModel,
    experiment: &'a Experiment,
    design: &'a Design,
    programs: Programs,
    parameters: Arc<[Parameter]>,
    outcomes: Arc<[OutcomeColumn]>,
    /// Shape of the summaries; none when nothing is summed up.
    shape: Option<(usize, usize)>,
    /// Summaries that no thread is using.
    idle: Mutex<Vec<SeriesSummary>>,
    options: &'a RunOptions<'a>,
    n_reported: AtomicU64,
}

/// Runs an interval of the runs of an experiment on the thread pool of the caller, giving each part to `take`.
///
/// With `sums_up`, the indicators at every time are summed up over all runs. Trajectories are not kept here,
/// and nothing is taken over from elsewhere. Fails as [`run_experiment`](crate::run_experiment) does, and when
/// `take` does; more memory than allowed is refused before anything is allocated.
pub fn stream_experiment(
    model: &CheckedModel,
    experiment: &Experiment,
    design: &Design,
    runs: Range<usize>,
    sums_up: bool,
    options: &RunOptions<'_>,
    take: &mut (dyn FnMut(&Part) -> Result<(), Error> + Send),
) -> Result<Totals, Error> {
    design.check()?;
    assert!(runs.end <= design.n_runs(), "the runs are those of the design");
    let sums_up = sums_up && !model.indicators.is_empty();
    let programs = Programs::compile(model, experiment, options.backend, usize::from(sums_up), 1)?;
    let program = programs.any();
    let recorded = if sums_up { program.recorded().to_vec() } else { Vec::new() };
    let n_times = program.n_times();
    let mut totals = Totals {
        experiment: experiment.clone(),
        design: *design,
        parameters: program.parameters().into(),
        outcomes: program.outcomes().into(),
        runs: runs.clone(),
        n_finished_runs: 0,
        clipped: 0,
        n_clipped_runs: 0,
        n_failed_runs: 0,
        first_failures: Vec::new(),
        series: SeriesSummary::new(0, 0),
        recorded,
    };
    let stream = Stream {
        model,
        experiment,
        design,
        parameters: Arc::clone(&totals.parameters),
        outcomes: Arc::clone(&totals.outcomes),
        shape: sums_up.then_some((n_times, totals.recorded.len())),
        programs,
        idle: Mutex::new(Vec::new()),
        options,
        n_reported: AtomicU64::new(0),
    };
    let n_columns = (stream.outcomes.len() + model.observations.len() + stream.parameters.len()).max(1);
    let n_part_runs = stream.n_part_runs(n_columns);
    let needed = stream.bytes(n_columns, n_part_runs.min(runs.len()));
    if needed > options.memory_limit {
        return Err(Error::TooLarge { needed, limit: options.memory_limit });
    }

    let part_at = |first: usize| first..runs.end.min(first + n_part_runs);
    let mut next = if runs.is_empty() { None } else { Some(stream.run(part_at(runs.start))?) };
    while let Some(mut part) = next.take() {
        let end = part.first_run + part.n_runs;
        let is_cut_short = part.n_runs < part_at(part.first_run).len();
        let goes_on = end < runs.end && !is_cut_short && !options.cancelled.load(Ordering::Relaxed);
        totals.take(&mut part);
        let (taken, following) =
            rayon::join(|| take(&part), || goes_on.then(|| stream.run(part_at(end))).transpose());
        taken?;
        next = following?.filter(|part| part.n_runs > 0);
    }
    if let Some((n_times, n_recorded)) = stream.shape {
        let mut series = SeriesSummary::new(n_times, n_recorded);
        for summary in stream.idle.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            series.merge(&summary);
        }
        totals.series = series;
    }
    Ok(totals)
}

impl Stream<'_> {
    /// Runs of a part: whole blocks, and few enough for the bound on bytes.
    fn n_part_runs(&self, n_columns: usize) -> usize {
        let fitting = MOST_BYTES / (8 * n_columns);
        (fitting.min(MOST_RUNS) / N_LANES * N_LANES).max(N_LANES)
    }

    /// What is kept at a time: two parts, and per thread what a block records and its summary.
    fn bytes(&self, n_columns: usize, n_runs: usize) -> u64 {
        let parts = bytes_of(&[(n_columns, n_runs)]).saturating_mul(2);
        let Some((n_times, n_recorded)) = self.shape else { return parts };
        let block = bytes_of(&[(n_times.saturating_mul(n_recorded), N_LANES)]);
        let thread = block.saturating_add(SeriesSummary::typical_bytes(n_times, n_recorded));
        // One more summary, into which those of the threads are merged.
        parts.saturating_add(thread.saturating_mul(rayon::current_num_threads() as u64 + 1))
    }

    fn run(&self, runs: Range<usize>) -> Result<Part, Error> {
        let n_runs = runs.len();
        let first_draw = self.design.draw_of(runs.start);
        let draws = first_draw..self.design.draw_of(runs.end - 1) + 1;
        let parameter_values =
            self.design.values_of_draws(self.model, &self.parameters, self.experiment, draws, None)?;
        let n_values = self.outcomes.len() + self.model.observations.len();
        let mut outcome_values = vec![vec![0.0; n_runs]; n_values];
        let mut targets = BlockTargets {
            next_run: 0,
            n_kept_runs: if self.shape.is_some() { n_runs } else { 0 },
            n_runs,
            cancelled: self.options.cancelled,
            outcomes: outcome_values.iter_mut().map(Vec::as_mut_slice).collect(),
            recorded: Vec::new(),
        };
        let origin = Origin { first_run: runs.start, first_draw };
        let mut summaries: Vec<BlockSummary> = each(&mut targets, Scratch::default, |scratch, target| {
            let n_lanes = target.n_lanes as u64;
            let mut series = self.shape.map(|shape| self.summary(shape));
            let summary = run_target(
                target,
                &self.programs,
                self.design,
                origin,
                &parameter_values,
                scratch,
                series.as_mut(),
            );
            if let Some(series) = series {
                self.lock().push(series);
            }
            let n_finished = self.n_reported.fetch_add(n_lanes, Ordering::Relaxed) + n_lanes;
            (self.options.progress)(n_finished);
            summary
        });
        let n_finished = targets.next_run;
        summaries.sort_by_key(|summary| summary.first_run);
        for column in &mut outcome_values {
            column.truncate(n_finished);
        }
        let log_likelihoods = outcome_values.split_off(self.outcomes.len());
        let mut part = Part {
            first_run: runs.start,
            first_draw,
            parameter_values,
            outcome_values,
            log_likelihoods,
            n_runs: n_finished,
            parameters: Arc::clone(&self.parameters),
            outcomes: Arc::clone(&self.outcomes),
            clipped: 0,
            n_clipped_runs: 0,
            n_failed_runs: 0,
            failures: Vec::new(),
        };
        for summary in summaries {
            part.clipped += summary.clipped;
            part.n_clipped_runs += summary.n_clipped_runs;
            part.n_failed_runs += summary.failures.len();
            let room = MOST_FAILURES - part.failures.len();
            part.failures.extend(summary.failures.into_iter().take(room));
        }
        Ok(part)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<SeriesSummary>> {
        // A summary is pushed whole or not at all, so a panic elsewhere leaves nothing half done.
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A summary that no other thread is using.
    fn summary(&self, (n_times, n_recorded): (usize, usize)) -> SeriesSummary {
        let idle = self.lock().pop();
        idle.unwrap_or_else(|| SeriesSummary::new(n_times, n_recorded))
    }
}
