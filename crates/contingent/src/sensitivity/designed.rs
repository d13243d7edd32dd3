//! Runs a model at the points of a design that is made to tell what its answers hang on.
//!
//! Enters: a model, an experiment, factors and a [`Plan`]. Leaves: [`DesignedRuns`]. Always holds: the values of a factor at
//! a point depend on the seed, its name and the point; the rows of a point that differ in one factor meet the same chance.

use contingent_analysis::{MorrisLayout, SaltelliLayout, Step, Steps};
use contingent_engine::Parameter;
use contingent_engine::random::stream_hash;
use contingent_ensemble::design::Column;
use contingent_ensemble::{Design, Error, Experiment, Points, PointsResult, RunOptions, run_points};
use contingent_model::CheckedModel;

use super::factors::Factors;
use crate::answer::assumption_of;

/// Which points are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignKind {
    /// Independent draws: the ensemble that gives the answer.
    Ensemble,
    /// Two draws per point and their mixtures, for total indices and interactions.
    Saltelli,
    /// Factors moved one after the other, for screening.
    Morris,
    /// Factors moved one at a time from a start, for screening.
    Radial,
}

impl DesignKind {
    /// As a word of the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ensemble => "ensemble",
            Self::Saltelli => "saltelli",
            Self::Morris => "morris",
            Self::Radial => "radial",
        }
    }
}

/// How many points, and how often each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which points.
    pub kind: DesignKind,
    /// Key of every random stream.
    pub seed: u64,
    /// Points.
    pub n_points: u32,
    /// Replications of each row.
    pub n_replications: u32,
}

/// The least number of points of a plan: an error from fewer means little.
const LEAST_POINTS: usize = 16;

impl Plan {
    /// As many points as `n_runs` runs allow for `n_factors` factors, a power of two where the sequences are evenest for
    /// it.
    pub fn within(kind: DesignKind, seed: u64, n_factors: usize, n_runs: u32, n_replications: u32) -> Self {
        let rows = rows_of_point(kind, n_factors);
        let afforded = (n_runs as usize / (rows * n_replications as usize).max(1)).max(LEAST_POINTS);
        let n_points = match kind {
            DesignKind::Saltelli => 1 << afforded.ilog2(),
            _ => afforded,
        };
        Self { kind, seed, n_points: u32::try_from(n_points).unwrap_or(u32::MAX), n_replications }
    }

    /// Rows of a point.
    pub fn n_rows(&self, n_factors: usize) -> usize {
        rows_of_point(self.kind, n_factors)
    }

    /// Runs in all.
    pub fn n_runs(&self, n_factors: usize) -> usize {
        (self.n_points as usize)
            .saturating_mul(self.n_rows(n_factors))
            .saturating_mul(self.n_replications as usize)
    }
}

fn rows_of_point(kind: DesignKind, n_factors: usize) -> usize {
    match kind {
        DesignKind::Ensemble => 1,
        DesignKind::Saltelli => SaltelliLayout::new(n_factors).n_rows(),
        DesignKind::Morris | DesignKind::Radial => n_factors + 1,
    }
}

/// What was run.
#[derive(Clone, Debug)]
pub struct DesignedRuns {
    /// What was planned.
    pub plan: Plan,
    /// What the factors are.
    pub factors: Factors,
    /// Every element of every assumption.
    pub parameters: Vec<Parameter>,
    /// Per parameter its values in base units: of the draws A and then B of a Saltelli design, of the starts and then of
    /// the places half an axis away of the others; `2 * plan.n_points` of them.
    pub values: Vec<Column>,
    /// The outcomes.
    pub result: PointsResult,
}

impl DesignedRuns {
    /// Rows of a point.
    pub fn n_rows(&self) -> usize {
        self.plan.n_rows(self.factors.factors.len())
    }

    /// Points of which every run finished.
    pub fn n_whole_points(&self) -> usize {
        self.result.n_finished_runs / (self.n_rows() * self.plan.n_replications as usize)
    }

    /// Whether every run of the plan finished.
    pub fn is_complete(&self) -> bool {
        self.n_whole_points() == self.plan.n_points as usize
    }

    /// The layout of a Saltelli design.
    pub(super) fn saltelli(&self) -> SaltelliLayout {
        SaltelliLayout::new(self.factors.factors.len())
    }

    /// The layout of elementary effects.
    pub(super) fn morris(&self) -> MorrisLayout {
        morris_layout(&self.plan, &self.factors)
    }

    /// Which way a factor goes at a point: known for a single number.
    pub(super) fn step(&self, model: &CheckedModel, point: usize, factor: usize) -> Step {
        let [member] = self.factors.factors[factor].members.as_slice() else { return Step::Unordered };
        let is_category =
            assumption_of(model, &self.parameters[*member]).is_some_and(|(_, names)| !names.is_empty());
        if is_category {
            return Step::Unordered;
        }
        let values = &self.values[*member];
        if values[self.plan.n_points as usize + point] < values[point] { Step::Down } else { Step::Up }
    }
}

fn morris_layout(plan: &Plan, factors: &Factors) -> MorrisLayout {
    let steps = if plan.kind == DesignKind::Radial { Steps::Radial } else { Steps::Trajectory };
    let keys = factors.factors.iter().map(|factor| stream_hash(&factor.name, "order", 0)).collect();
    MorrisLayout::new(steps, plan.seed, keys)
}

/// Runs a Saltelli design or one of elementary effects.
///
/// # Panics
/// When the plan is of an ensemble: that is run as any ensemble is.
pub fn run_design(
    model: &CheckedModel,
    experiment: &Experiment,
    parameters: Vec<Parameter>,
    factors: Factors,
    plan: Plan,
    options: &RunOptions<'_>,
) -> Result<DesignedRuns, Error> {
    let n = plan.n_points as usize;
    let factor_of = factors.of_parameters(parameters.len());
    let n_rows = plan.n_rows(factors.factors.len());
    let too_many = || Error::TooLarge { needed: u64::MAX, limit: options.memory_limit };
    // The draws that name the chances must be countable.
    let n_chances = match plan.kind {
        DesignKind::Saltelli => SaltelliLayout::new(factors.factors.len()).n_chances(),
        _ => 2,
    };
    u32::try_from(n.saturating_mul(n_chances)).map_err(|_| too_many())?;
    let (values, result) = match plan.kind {
        DesignKind::Ensemble => panic!("an ensemble is run by `run_experiment`"),
        DesignKind::Saltelli => {
            let layout = SaltelliLayout::new(factors.factors.len());
            // B is the second half of a sequence of which A is the first: both together are an ensemble.
            let draws = Design { seed: plan.seed, n_draws: 2 * plan.n_points, n_replications: 1 };
            let values = draws.parameter_values(model, &parameters, experiment)?;
            let value = |row: usize, parameter: usize| {
                let (point, row) = (row / n_rows, row % n_rows);
                let is_second = factor_of[parameter].is_some_and(|factor| layout.is_second(row, factor));
                values[parameter][if is_second { n + point } else { point }]
            };
            let draw = |row: usize| (layout.chance(row % n_rows) * n + row / n_rows) as u32;
            let result = run_at(model, experiment, plan, n * n_rows, &draw, &value, options)?;
            (values, result)
        }
        DesignKind::Morris | DesignKind::Radial => {
            let layout = morris_layout(&plan, &factors);
            let draws = Design { seed: plan.seed, n_draws: plan.n_points, n_replications: 1 };
            let starts = draws.parameter_values(model, &parameters, experiment)?;
            let moved = draws.shifted_parameter_values(model, &parameters, experiment)?;
            let steps: Vec<usize> = (0..n).flat_map(|point| layout.rows_of_steps(point)).collect();
            let n_factors = factors.factors.len();
            let value = |row: usize, parameter: usize| {
                let (point, row) = (row / n_rows, row % n_rows);
                let is_moved = factor_of[parameter]
                    .is_some_and(|factor| layout.is_moved(row, steps[point * n_factors + factor]));
                if is_moved { moved[parameter][point] } else { starts[parameter][point] }
            };
            let draw = |row: usize| (row / n_rows) as u32;
            let result = run_at(model, experiment, plan, n * n_rows, &draw, &value, options)?;
            let both = starts.iter().zip(&moved);
            let values =
                both.map(|(a, b)| Column::new(a.iter().chain(b.iter()).copied().collect())).collect();
            (values, result)
        }
    };
    Ok(DesignedRuns { plan, factors, parameters, values, result })
}

fn run_at(
    model: &CheckedModel,
    experiment: &Experiment,
    plan: Plan,
    n_rows: usize,
    draw: &(dyn Fn(usize) -> u32 + Sync),
    value: &(dyn Fn(usize, usize) -> f64 + Sync),
    options: &RunOptions<'_>,
) -> Result<PointsResult, Error> {
    let points = Points { seed: plan.seed, n_rows, n_replications: plan.n_replications, draw, value };
    run_points(model, experiment, &points, options)
}
