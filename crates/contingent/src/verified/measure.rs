//! What a model gives for its figures.
//!
//! Enters: a checked model and its figures. Leaves: each figure with the number that the model gives. Always holds: a
//! view is run once for all figures without chance and once for all of those with it; assumptions have their central
//! values; 10,000 runs of seed 1 stand behind an estimate, whose standard error is that of its own sample.

use std::collections::BTreeMap;

use contingent_engine::quantile::central;
use contingent_engine::{Block, ChanceMode, Program, Recording, Workspace, compile, run_block};
use contingent_ensemble::Experiment;
use contingent_model::CheckedModel;
use contingent_syntax::nearest;

use super::{Compared, Figure, Measure};

/// Runs behind an estimate.
pub(super) const N_RUNS: u32 = 10_000;
/// Runs that are worked on together: their recordings lie in memory.
const N_LANES: u32 = 250;
/// The seed of all runs.
const SEED: u64 = 1;

/// Runs the model for all figures.
pub(super) fn compare(model: &CheckedModel, figures: Vec<Figure>) -> Result<Vec<Compared>, String> {
    let mut groups: BTreeMap<(Option<String>, bool), Vec<usize>> = BTreeMap::new();
    for (position, figure) in figures.iter().enumerate() {
        groups.entry((figure.view.clone(), figure.measure.is_of_chance())).or_default().push(position);
    }
    let mut found = vec![(f64::NAN, None); figures.len()];
    for ((view, is_of_chance), positions) in &groups {
        let here: Vec<&Figure> = positions.iter().map(|&position| &figures[position]).collect();
        let numbers = run(model, view.as_deref(), *is_of_chance, &here)
            .map_err(|why| format!("line {}: {why}", here[0].line))?;
        for (&position, number) in positions.iter().zip(numbers) {
            found[position] = number;
        }
    }
    let compared = figures.into_iter().zip(found);
    Ok(compared.map(|(figure, (found, error))| Compared { figure, found, error }).collect())
}

/// The numbers of figures of one view, with their standard errors where they are estimated.
fn run(
    model: &CheckedModel,
    view: Option<&str>,
    is_of_chance: bool,
    figures: &[&Figure],
) -> Result<Vec<(f64, Option<f64>)>, String> {
    let view = match view {
        None => None,
        Some(name) => Some(
            model
                .views
                .iter()
                .position(|view| view.name == name)
                .ok_or_else(|| format!("the model has no view `{name}`"))?,
        ),
    };
    let experiment = Experiment { view, ..Experiment::default() };
    let mut configuration =
        experiment.configuration(model, Recording::Everything).map_err(|error| error.to_string())?;
    configuration.chance = if is_of_chance { ChanceMode::Drawn } else { ChanceMode::Expected };
    let program = compile(model, &configuration).map_err(|error| error.to_string())?;
    let columns = columns(&program, figures)?;
    let steps = steps(model, &program, figures)?;
    let values: Vec<f64> = program
        .parameters()
        .iter()
        .map(|parameter| central(&experiment.distribution(model, parameter)))
        .collect();
    let n_runs = if is_of_chance { N_RUNS } else { 1 };
    let mut samples: Vec<Vec<f64>> = vec![Vec::new(); figures.len()];
    let mut workspace = Workspace::default();
    for first in (0..n_runs).step_by(N_LANES as usize) {
        let replications: Vec<u32> = (first..n_runs.min(first + N_LANES)).collect();
        let n_lanes = replications.len();
        let parameters: Vec<f64> =
            values.iter().flat_map(|&value| std::iter::repeat_n(value, n_lanes)).collect();
        let draws = vec![0; n_lanes];
        let block = Block { seed: SEED, draws: &draws, replications: &replications, parameters: &parameters };
        let result = run_block(&program, &block, &mut workspace);
        if let Some(failure) = result.failures.first() {
            return Err(format!("`{}` fails at time {}: {}", failure.variable, failure.time, failure.cause));
        }
        let n_recorded = program.recorded().len();
        for ((sample, &column), range) in samples.iter_mut().zip(&columns).zip(&steps) {
            let scale = program.recorded()[column].unit.scale;
            for step in range.clone() {
                let values = &result.recorded[(step * n_recorded + column) * n_lanes..][..n_lanes];
                sample.extend(values.iter().map(|value| value / scale));
            }
        }
    }
    Ok(figures.iter().zip(&samples).map(|(figure, sample)| taken(model, figure, sample)).collect())
}

/// The recorded column of each figure.
fn columns(program: &Program, figures: &[&Figure]) -> Result<Vec<usize>, String> {
    let known = || program.recorded().iter().map(|column| column.name.as_str());
    figures
        .iter()
        .map(|figure| {
            known().position(|name| name == figure.name).ok_or_else(|| {
                let hint = nearest(&figure.name, known())
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                format!("the model has no `{}`{hint}", figure.name)
            })
        })
        .collect()
}

/// The steps that each figure looks at.
fn steps(
    model: &CheckedModel,
    program: &Program,
    figures: &[&Figure],
) -> Result<Vec<std::ops::Range<usize>>, String> {
    let clock = &model.clock;
    figures
        .iter()
        .map(|figure| {
            let Some(at) = figure.at else { return Ok(0..program.n_times()) };
            let steps = (at - clock.origin) / clock.dt;
            let step = steps.round();
            if (steps - step).abs() > 1e-6 || step < 0.0 || step >= program.n_times() as f64 {
                return Err(format!("the model has no step at {at} {}", clock.time_unit));
            }
            Ok(step as usize..step as usize + 1)
        })
        .collect()
}

/// What a figure takes of its sample, and the standard error.
fn taken(model: &CheckedModel, figure: &Figure, sample: &[f64]) -> (f64, Option<f64>) {
    let n = sample.len() as f64;
    match figure.measure {
        Measure::Value => (sample[0], None),
        Measure::Least => (sample.iter().copied().fold(f64::INFINITY, f64::min), None),
        Measure::Greatest => (sample.iter().copied().fold(f64::NEG_INFINITY, f64::max), None),
        Measure::First => {
            let step = sample.iter().position(|&value| value != 0.0);
            let time = step.map(|step| model.clock.origin + step as f64 * model.clock.dt);
            (time.unwrap_or(f64::INFINITY), None)
        }
        Measure::Mean | Measure::Variance | Measure::Share => {
            let mean = sample.iter().sum::<f64>() / n;
            let central = |power: i32| sample.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
            let (second, fourth) = (central(2), central(4));
            match figure.measure {
                Measure::Mean => (mean, Some((second / (n - 1.0)).sqrt())),
                // The standard error of a share is that of the expected one: a share of 0 or 1 has none of its own.
                Measure::Share => {
                    (mean, Some((figure.expected * (1.0 - figure.expected) / n).max(0.0).sqrt()))
                }
                _ => (second * n / (n - 1.0), Some(((fourth - second * second) / n).sqrt())),
            }
        }
    }
}
