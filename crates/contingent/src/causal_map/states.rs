//! States of real runs, at which equations are looked at.
//!
//! Enters: a model and a seed. Leaves: states and how far each column spreads over them. Always holds: the same model and seed give
//! the same states; a model whose runs fail gives those states that are finite, perhaps none.

use contingent_engine::{Block, Recording, Workspace, compile, run_block};
use contingent_ensemble::{Design, Experiment};
use contingent_model::CheckedModel;

use super::equation::Columns;

/// Runs that are looked at, one a draw.
const N_RUNS: usize = 24;
/// Times of each.
const N_TIMES: usize = 6;
/// Most numbers that the runs may record; larger models get fewer runs.
const MOST_NUMBERS: usize = 24_000_000;

/// Sampled states.
pub(super) struct States {
    /// Time since the start, and the values of all columns.
    pub(super) states: Vec<(f64, Vec<f64>)>,
    /// Standard deviation of each column over the states.
    pub(super) spreads: Vec<f64>,
}

/// States of runs under the model's own assumptions without a policy.
pub(super) fn sampled(model: &CheckedModel, columns: &Columns, seed: u64) -> States {
    let states = recorded(model, columns, seed).unwrap_or_default();
    let n = states.len().max(1) as f64;
    let spreads = (0..columns.n_columns)
        .map(|column| {
            let mean = states.iter().map(|(_, values)| values[column]).sum::<f64>() / n;
            let squares: f64 =
                states.iter().map(|(_, values)| (values[column] - mean) * (values[column] - mean)).sum();
            (squares / n).sqrt()
        })
        .collect();
    States { states, spreads }
}

fn recorded(model: &CheckedModel, columns: &Columns, seed: u64) -> Option<Vec<(f64, Vec<f64>)>> {
    let n_times = model.clock.n_steps + 1;
    let n_runs = (MOST_NUMBERS / (columns.n_columns.max(1) * n_times)).clamp(1, N_RUNS);
    let experiment = Experiment::default();
    let program = compile(model, &experiment.configuration(model, Recording::Everything).ok()?).ok()?;
    if program.recorded().len() != columns.n_columns {
        return None;
    }
    let design = Design { n_draws: n_runs as u32, n_replications: 1, ..Design::with_seed(seed) };
    let values = design.parameter_values(model, program.parameters(), &experiment).ok()?;
    let parameters: Vec<f64> = values.iter().flat_map(|column| column.iter().copied().take(n_runs)).collect();
    let draws: Vec<u32> = (0..n_runs as u32).collect();
    let replications = vec![0; n_runs];
    let block = Block { seed, draws: &draws, replications: &replications, parameters: &parameters };
    let result = run_block(&program, &block, &mut Workspace::default());
    let mut states = Vec::new();
    for k in 0..N_TIMES.min(n_times) {
        // The end of each part: the start of a run often has nothing moving yet.
        let step = ((k + 1) * n_times).div_ceil(N_TIMES.min(n_times)) - 1;
        for run in 0..n_runs {
            let values: Vec<f64> = (0..columns.n_columns)
                .map(|column| result.recorded[(step * columns.n_columns + column) * n_runs + run])
                .collect();
            if values.iter().all(|value| value.is_finite()) {
                states.push((step as f64 * model.clock.dt, values));
            }
        }
    }
    Some(states)
}
