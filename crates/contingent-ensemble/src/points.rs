//! Runs an experiment at points that an analysis chooses, such as those of a Saltelli design.
//!
//! Enters: a model, an experiment for its mechanisms, levers and policy, and [`Points`]: for every row the values of the
//! parameters and the draw whose chance it meets. Leaves: a [`PointsResult`] of columns in base units. Always holds: rows
//! that meet the same draw meet the same chance, so that they differ by their values alone; the bits do not depend on
//! threads; what finished before a cancellation is a prefix of the runs.

use std::sync::atomic::{AtomicU64, Ordering};

use contingent_engine::{Block, OutcomeColumn, Parameter, Recording, Workspace, compile, run_block};
use contingent_model::CheckedModel;
use rayon::prelude::*;

use crate::run::{N_LANES, bytes_of};
use crate::{Error, Experiment, Failure, RunOptions};

/// Blocks per thread between two looks at whether to stop.
const BLOCKS_PER_THREAD: usize = 8;

/// Rows, each with its replications.
#[derive(Clone, Copy)]
pub struct Points<'a> {
    /// Key of every random stream.
    pub seed: u64,
    /// Number of rows.
    pub n_rows: usize,
    /// Replications of each row, at least 1.
    pub n_replications: u32,
    /// The draw whose chance a row meets.
    pub draw: &'a (dyn Fn(usize) -> u32 + Sync),
    /// The value of a parameter (second) in a row (first), in base units.
    pub value: &'a (dyn Fn(usize, usize) -> f64 + Sync),
}

/// The outcomes of all rows.
#[derive(Clone, Debug, PartialEq)]
pub struct PointsResult {
    /// Per question its value and then, if it has one, its condition.
    pub outcomes: Vec<OutcomeColumn>,
    /// One column per outcome, one value per finished run, run `row * n_replications + replication`; as in
    /// [`crate::EnsembleResult::outcome_values`].
    pub outcome_values: Vec<Vec<f64>>,
    /// Finished runs that went non-finite.
    pub n_failed_runs: usize,
    /// The first of them; its run counts rows and replications, its draw is that whose chance the row met.
    pub first_failure: Option<Failure>,
    /// Finished runs in which an outflow was scaled down.
    pub n_clipped_runs: usize,
    /// Runs that finished, the first ones.
    pub n_finished_runs: usize,
}

/// Every element of every assumption, in model order: the parameters that [`Points::value`] is asked for.
pub fn parameters(model: &CheckedModel, experiment: &Experiment) -> Result<Vec<Parameter>, Error> {
    let configuration = experiment.configuration(model, Recording::Nothing)?;
    let program = compile(model, &configuration).map_err(|reason| Error::Compile { reason })?;
    Ok(program.parameters().to_vec())
}

/// Runs an experiment at points, on the thread pool of the caller. Of the options, the memory limit, the progress and
/// the cancellation count. Fails as [`crate::run_experiment`] does.
pub fn run_points(
    model: &CheckedModel,
    experiment: &Experiment,
    points: &Points<'_>,
    options: &RunOptions<'_>,
) -> Result<PointsResult, Error> {
    let m = points.n_replications as usize;
    let Some(n_runs) = points.n_rows.checked_mul(m).filter(|&n_runs| n_runs > 0) else {
        return Err(Error::EmptyDesign {
            n_draws: u32::try_from(points.n_rows).unwrap_or(u32::MAX),
            n_replications: points.n_replications,
        });
    };
    let configuration = experiment.configuration(model, Recording::Nothing)?;
    let program = compile(model, &configuration)
        .map_err(|reason| Error::Compile { reason })?
        .with_backend(options.backend);
    let n_outcomes = program.outcomes().len();
    let n_parameters = program.parameters().len();
    let needed = bytes_of(&[(n_outcomes, n_runs)]);
    if needed > options.memory_limit {
        return Err(Error::TooLarge { needed, limit: options.memory_limit });
    }
    let mut result = PointsResult {
        outcomes: program.outcomes().to_vec(),
        outcome_values: vec![Vec::with_capacity(n_runs); n_outcomes],
        n_failed_runs: 0,
        first_failure: None,
        n_clipped_runs: 0,
        n_finished_runs: 0,
    };
    let n_reported = AtomicU64::new(0);
    let wave = N_LANES * BLOCKS_PER_THREAD * rayon::current_num_threads();
    while result.n_finished_runs < n_runs && !options.cancelled.load(Ordering::Relaxed) {
        let begin = result.n_finished_runs;
        let end = n_runs.min(begin + wave);
        let starts: Vec<usize> = (begin..end).step_by(N_LANES).collect();
        let blocks: Vec<Finished> = starts
            .into_par_iter()
            .map_init(Workspace::default, |workspace, first_run| {
                let runs = first_run..end.min(first_run + N_LANES);
                let n_lanes = runs.len();
                let draws: Vec<u32> = runs.clone().map(|run| (points.draw)(run / m)).collect();
                let replications: Vec<u32> = runs.clone().map(|run| (run % m) as u32).collect();
                let parameters: Vec<f64> = (0..n_parameters)
                    .flat_map(|parameter| runs.clone().map(move |run| (points.value)(run / m, parameter)))
                    .collect();
                let block = Block {
                    seed: points.seed,
                    draws: &draws,
                    replications: &replications,
                    parameters: &parameters,
                };
                let found = run_block(&program, &block, workspace);
                let mut outcomes = found.outcomes;
                for failure in &found.failures {
                    for column in outcomes.chunks_exact_mut(n_lanes) {
                        column[failure.lane] = f64::NAN;
                    }
                }
                let failures = found.failures.into_iter().map(|failure| Failure {
                    run_index: first_run + failure.lane,
                    draw: failure.draw,
                    replication: failure.replication,
                    time: failure.time,
                    variable: failure.variable,
                    cause: failure.cause,
                });
                let failures: Vec<Failure> = failures.collect();
                let finished = n_reported.fetch_add(n_lanes as u64, Ordering::Relaxed) + n_lanes as u64;
                (options.progress)(finished);
                let n_clipped_runs = found.clipped.iter().filter(|&&times| times > 0).count();
                Finished { n_lanes, outcomes, failures, n_clipped_runs }
            })
            .collect();
        for block in blocks {
            let columns = block.outcomes.chunks_exact(block.n_lanes);
            for (column, values) in result.outcome_values.iter_mut().zip(columns) {
                column.extend_from_slice(values);
            }
            result.n_failed_runs += block.failures.len();
            result.n_clipped_runs += block.n_clipped_runs;
            if result.first_failure.is_none() {
                result.first_failure = block.failures.into_iter().next();
            }
        }
        result.n_finished_runs = end;
    }
    Ok(result)
}

/// What one block leaves.
struct Finished {
    n_lanes: usize,
    outcomes: Vec<f64>,
    failures: Vec<Failure>,
    n_clipped_runs: usize,
}
