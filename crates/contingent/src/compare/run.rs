//! Runs views, and the mixtures of two of them.
//!
//! Enters: a model, experiments and a design, or a run directory. Leaves: outcomes per view and per mixture. Always holds: row i of every
//! column is the same draw and replication, with the same chance; a mixture takes each group whole from one view.

use std::collections::BTreeMap;
use std::path::Path;

use contingent_analysis::shapley::Orders;
use contingent_engine::{OutcomeColumn, OutcomeRole, Parameter};
use contingent_ensemble::design::Column;
use contingent_ensemble::store::{read_experiment, read_manifest};
use contingent_ensemble::{Design, Error, Experiment, Points, RunOptions, run_points};
use contingent_model::{CheckedModel, Measure};

use super::groups::DifferingGroup;
use crate::discover::{ExperimentColumns, StoredElsewhere};

/// An experiment that is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What is run.
    pub experiment: Experiment,
    /// Name of its view.
    pub view: String,
    /// Name of its policy.
    pub policy: String,
}

impl Compared {
    /// An experiment under the names of its view and its policy.
    pub fn new(model: &CheckedModel, experiment: Experiment) -> Self {
        Self {
            view: experiment.view_name(model).to_owned(),
            policy: experiment.policy_name(model).to_owned(),
            experiment,
        }
    }
}

/// Why nothing was compared.
#[derive(Debug)]
pub enum CompareError {
    /// The ensemble refused.
    Ensemble(Error),
    /// The user interrupted.
    Interrupted,
    /// The run directory is of something else.
    Elsewhere(StoredElsewhere),
    /// Not every run of an experiment of the run directory finished.
    StoppedEarly {
        /// Name of the view.
        view: String,
        /// Name of the policy.
        policy: String,
    },
}

impl From<StoredElsewhere> for CompareError {
    fn from(error: StoredElsewhere) -> Self {
        Self::Elsewhere(error)
    }
}

impl From<Error> for CompareError {
    fn from(error: Error) -> Self {
        Self::Ensemble(error)
    }
}

/// Outcomes over one design: one column per outcome.
#[derive(Clone, Debug)]
pub struct Outcomes {
    /// Their names and questions.
    pub outcomes: Vec<OutcomeColumn>,
    /// One column per outcome, in base units.
    pub values: Vec<Vec<f64>>,
    /// Runs that went non-finite.
    pub n_failed_runs: usize,
}

/// The experiments that stand side by side.
#[derive(Clone, Debug)]
pub struct ViewRuns {
    /// Over what.
    pub design: Design,
    /// One entry per experiment.
    pub runs: Vec<(Compared, Outcomes)>,
}

/// The mixtures of two views.
#[derive(Clone, Debug)]
pub struct GapRuns {
    /// Over what.
    pub design: Design,
    /// The two views: positions among the experiments side by side.
    pub pair: [usize; 2],
    /// In what they differ.
    pub groups: Vec<DifferingGroup>,
    /// The orders in which groups are exchanged.
    pub orders: Orders,
    /// Outcomes per coalition, in the order of [`Orders::coalitions`].
    pub coalitions: Vec<Outcomes>,
}

/// Runs experiments over the same draws and chance. `progress` is told the runs finished before and within each.
pub fn run_views(
    model: &CheckedModel,
    compared: Vec<Compared>,
    design: Design,
    options: &RunOptions<'_>,
) -> Result<ViewRuns, CompareError> {
    let mut runs = Vec::with_capacity(compared.len());
    for (place, compared) in compared.into_iter().enumerate() {
        let parameters = contingent_ensemble::points::parameters(model, &compared.experiment)?;
        let values = design.parameter_values(model, &parameters, &compared.experiment)?;
        let value = |row: usize, parameter: usize| values[parameter][row];
        let before = place * design.n_runs();
        let found = run_rows(model, &compared.experiment, design, 1, &value, before, options)?;
        runs.push((compared, found.into_iter().next().expect("one set of rows was asked for")));
    }
    Ok(ViewRuns { design, runs })
}

/// The experiments of a run directory, all over its draws and chance.
///
/// # Errors
/// When the directory lacks one of them, is of another model, or was stopped early.
pub fn stored_views(
    model: &CheckedModel,
    directory: &Path,
    compared: Vec<Compared>,
) -> Result<ViewRuns, CompareError> {
    let manifest = read_manifest(directory)?;
    let design = Design {
        seed: manifest.seed,
        n_draws: manifest.design.n_draws,
        n_replications: manifest.design.n_replications,
    };
    let mut runs = Vec::with_capacity(compared.len());
    for compared in compared {
        let stored = read_experiment(directory, &compared.view, &compared.policy)?;
        let columns = ExperimentColumns::of_stored(model, &stored)?;
        if !columns.complete {
            return Err(CompareError::StoppedEarly { view: compared.view, policy: compared.policy });
        }
        let (mut outcomes, mut values) = (Vec::new(), Vec::new());
        for (question, (asked, (value, given))) in model.questions.iter().zip(columns.questions).enumerate() {
            let is_number = matches!(asked.measure, Measure::Distribution(_));
            let scale = if is_number { asked.unit.scale } else { 1.0 };
            let name = asked.name.clone();
            outcomes.push(OutcomeColumn { name, question, role: OutcomeRole::Value });
            values.push(value.into_iter().map(|value| value * scale).collect());
            if let Some(given) = given {
                let name = format!("{}.given", asked.name);
                outcomes.push(OutcomeColumn { name, question, role: OutcomeRole::Given });
                values.push(given);
            }
        }
        let n_failed_runs = usize::try_from(stored.record.n_failed_runs).unwrap_or(usize::MAX);
        runs.push((compared, Outcomes { outcomes, values, n_failed_runs }));
    }
    Ok(ViewRuns { design, runs })
}

/// Runs the mixtures of two experiments that a waterfall needs. Progress counts from zero.
pub fn run_gap(
    model: &CheckedModel,
    views: &ViewRuns,
    pair: [usize; 2],
    parameters: &[Parameter],
    groups: Vec<DifferingGroup>,
    orders: Orders,
    options: &RunOptions<'_>,
) -> Result<GapRuns, CompareError> {
    let design = views.design;
    let [first, second] = pair.map(|place| &views.runs[place].0.experiment);
    let columns = |experiment: &Experiment| design.parameter_values(model, parameters, experiment);
    let (of_first, of_second): (Vec<Column>, Vec<Column>) = (columns(first)?, columns(second)?);
    let mut group_of = vec![None; parameters.len()];
    for (place, group) in groups.iter().enumerate() {
        for &parameter in &group.parameters {
            group_of[parameter] = Some(place);
        }
    }
    // Coalitions with the same mechanisms are one program.
    let coalitions = orders.coalitions();
    let with_mechanisms: u64 = groups
        .iter()
        .enumerate()
        .filter(|(_, group)| !group.mechanisms.is_empty())
        .map(|(place, _)| 1 << place)
        .sum();
    let mut of_program: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for &coalition in &coalitions {
        of_program.entry(coalition & with_mechanisms).or_default().push(coalition);
    }
    let mut found: BTreeMap<u64, Outcomes> = BTreeMap::new();
    let n_draws = design.n_draws as usize;
    for (chosen, members) in of_program {
        let mut experiment = first.clone();
        for (place, group) in groups.iter().enumerate() {
            for &(id, of_first, of_second) in &group.mechanisms {
                let alternative = if chosen & (1 << place) == 0 { of_first } else { of_second };
                experiment.settings.mechanisms.insert(id, alternative);
            }
        }
        let value = |row: usize, parameter: usize| {
            let (coalition, draw) = (members[row / n_draws], row % n_draws);
            let is_second = group_of[parameter].is_some_and(|group: usize| coalition & (1 << group) != 0);
            if is_second { of_second[parameter][draw] } else { of_first[parameter][draw] }
        };
        let before = found.len() * design.n_runs();
        let outcomes = run_rows(model, &experiment, design, members.len(), &value, before, options)?;
        found.extend(members.iter().copied().zip(outcomes));
    }
    let coalitions = found.into_values().collect();
    Ok(GapRuns { design, pair, groups, orders, coalitions })
}

/// Runs `n_sets` sets of rows, each over all draws of the design and its chance.
fn run_rows(
    model: &CheckedModel,
    experiment: &Experiment,
    design: Design,
    n_sets: usize,
    value: &(dyn Fn(usize, usize) -> f64 + Sync),
    n_before: usize,
    options: &RunOptions<'_>,
) -> Result<Vec<Outcomes>, CompareError> {
    let n_draws = design.n_draws as usize;
    let points = Points {
        seed: design.seed,
        n_rows: n_sets * n_draws,
        n_replications: design.n_replications,
        draw: &|row| (row % n_draws) as u32,
        value,
    };
    let progress = |finished: u64| (options.progress)(n_before as u64 + finished);
    let options = RunOptions { progress: &progress, ..*options };
    let result = run_points(model, experiment, &points, &options)?;
    let n_runs = design.n_runs();
    if result.n_finished_runs < n_sets * n_runs {
        return Err(CompareError::Interrupted);
    }
    Ok((0..n_sets)
        .map(|set| {
            let values: Vec<Vec<f64>> = result
                .outcome_values
                .iter()
                .map(|column| column[set * n_runs..(set + 1) * n_runs].to_vec())
                .collect();
            let n_failed_runs =
                (0..n_runs).filter(|&run| values.iter().any(|column| column[run].is_nan())).count();
            Outcomes { outcomes: result.outcomes.clone(), values, n_failed_runs }
        })
        .collect())
}
