//! Which draws and replications an ensemble consists of, and the values of the assumptions in each draw.
//!
//! Enters: a [`Design`], a model and an experiment. Leaves: one column of values per parameter, one value per
//! draw, in base units. Always holds: the uniform coordinate behind an assumption's value depends on the seed,
//! its name, the draw, and the names it is correlated with; views, policies and settings share it (common
//! random numbers), so that they differ by what they say and not by luck.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::spread::in_order;
use crate::{EnsembleResult, Error, Experiment};
use contingent_engine::random::{stratified_uniform, stream_hash};
use contingent_engine::{Parameter, math, quantile};
use contingent_model::correlation::{cholesky, correlated_groups, pearson_matrix};
use contingent_model::{CheckedModel, Distribution, VariableId};

/// How often chance is met: draws of the assumptions, and replications of each with its own chance. Run
/// `draw * n_replications + replication` is one replication of one draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// Key of every random stream.
    pub seed: u64,
    /// Draws of the assumptions.
    pub n_draws: u32,
    /// Replications of each draw.
    pub n_replications: u32,
}

impl Design {
    /// The default: 10,000 draws with 2 replications each, the least from which what is not known can be told
    /// from chance.
    pub fn with_seed(seed: u64) -> Self {
        Self { seed, n_draws: 10_000, n_replications: 2 }
    }

    /// Number of runs of one experiment.
    pub fn n_runs(&self) -> usize {
        (self.n_draws as usize).saturating_mul(self.n_replications as usize)
    }

    /// The draw that a run belongs to.
    pub fn draw_of(&self, run_index: usize) -> u32 {
        (run_index / self.n_replications as usize) as u32
    }

    /// Which replication of its draw a run is.
    pub fn replication_of(&self, run_index: usize) -> u32 {
        (run_index % self.n_replications as usize) as u32
    }

    /// Fails when there are no runs.
    pub fn check(&self) -> Result<(), Error> {
        if self.n_draws == 0 || self.n_replications == 0 {
            return Err(Error::EmptyDesign { n_draws: self.n_draws, n_replications: self.n_replications });
        }
        Ok(())
    }

    /// The values of the parameters in an experiment: one column per parameter, one value per draw, in base
    /// units. Random stream: the stratified uniforms keyed by the name of each parameter. Fails when the
    /// experiment does not fit the model or when the correlations of the model contradict each other.
    pub fn parameter_values(
        &self,
        model: &CheckedModel,
        parameters: &[Parameter],
        experiment: &Experiment,
    ) -> Result<Vec<Column>, Error> {
        self.parameter_values_like(model, parameters, experiment, None)
    }

    /// As [`Design::parameter_values`], with every coordinate moved by half of the axis, upwards where there is room and
    /// downwards elsewhere: what an elementary effect compares a draw with. Correlated assumptions are moved together,
    /// each on the axis of its own stream.
    pub fn shifted_parameter_values(
        &self,
        model: &CheckedModel,
        parameters: &[Parameter],
        experiment: &Experiment,
    ) -> Result<Vec<Column>, Error> {
        self.check()?;
        experiment.check(model)?;
        let copula = Copula::of(model)?;
        let column = |(_, parameter): (usize, &Parameter)| -> Column {
            let distribution = experiment.distribution(model, parameter);
            let values = (0..self.n_draws).map(|draw| match distribution.as_ref() {
                Distribution::Constant(value) => *value,
                distribution => {
                    let at = |stream: u64| half_an_axis_away(stratified_uniform(self.seed, stream, draw));
                    quantile::quantile(distribution, copula.uniform_of(parameter, &at))
                }
            });
            Arc::new(values.collect())
        };
        Ok(in_order(parameters, column))
    }

    /// As [`Design::parameter_values`], taking over from `known` the columns that this experiment draws from the
    /// same distribution: they are the same numbers, and most of the columns of a policy or view are.
    pub(crate) fn parameter_values_like(
        &self,
        model: &CheckedModel,
        parameters: &[Parameter],
        experiment: &Experiment,
        known: Option<&EnsembleResult>,
    ) -> Result<Vec<Column>, Error> {
        self.values_of_draws(model, parameters, experiment, 0..self.n_draws, known)
    }

    /// As [`Design::parameter_values_like`], of some draws: the columns begin with the first of them. What is
    /// known must be of all draws, and so must these be.
    pub(crate) fn values_of_draws(
        &self,
        model: &CheckedModel,
        parameters: &[Parameter],
        experiment: &Experiment,
        draws: Range<u32>,
        known: Option<&EnsembleResult>,
    ) -> Result<Vec<Column>, Error> {
        self.check()?;
        experiment.check(model)?;
        let copula = Copula::of(model)?;
        let known = known.filter(|known| known.design == *self && known.parameters == parameters);
        let column = |(position, parameter): (usize, &Parameter)| -> Column {
            let distribution = experiment.distribution(model, parameter);
            if let Some(known) = known
                && known.experiment.distribution(model, parameter) == distribution
            {
                return Arc::clone(&known.parameter_values[position]);
            }
            match distribution.as_ref() {
                Distribution::Constant(value) => Arc::new(vec![*value; draws.len()]),
                distribution => Arc::new(
                    draws
                        .clone()
                        .map(|draw| {
                            quantile::quantile(distribution, copula.uniform(self.seed, parameter, draw))
                        })
                        .collect(),
                ),
            }
        };
        Ok(in_order(parameters, column))
    }
}

/// One value per draw, in base units; shared between the experiments that draw it alike.
pub type Column = Arc<Vec<f64>>;

/// A Gaussian copula over the assumptions that the model correlates: the standard normal behind an assumption
/// is a weighted sum of those of independent streams, with the weights of a row of the Cholesky factor of the
/// matrix of Pearson correlations. Within a group the order is by name, so that the order of declarations
/// does not matter.
struct Copula {
    rows: BTreeMap<VariableId, Vec<Term>>,
}

/// One term of the sum: the stream it is drawn from, and its weight.
struct Term {
    stream: u64,
    weight: f64,
}

impl Copula {
    fn of(model: &CheckedModel) -> Result<Self, Error> {
        let mut rows = BTreeMap::new();
        for group in correlated_groups(model) {
            let matrix = pearson_matrix(model, &group);
            let Some(factor) = cholesky(&matrix) else {
                let assumptions = group.iter().map(|&id| model.variable(id).name.clone()).collect();
                return Err(Error::CorrelationsContradict { assumptions });
            };
            for (&id, weights) in group.iter().zip(factor) {
                let terms = group.iter().zip(weights);
                let stream = |id: VariableId| design_stream(&model.variable(id).name);
                rows.insert(id, terms.map(|(&of, weight)| Term { stream: stream(of), weight }).collect());
            }
        }
        Ok(Self { rows })
    }

    /// The uniform coordinate of a parameter in a draw, strictly between 0 and 1.
    fn uniform(&self, seed: u64, parameter: &Parameter, draw: u32) -> f64 {
        self.uniform_of(parameter, &|stream| stratified_uniform(seed, stream, draw))
    }

    /// The uniform coordinate of a parameter where those of the streams are `at`.
    fn uniform_of(&self, parameter: &Parameter, at: &dyn Fn(u64) -> f64) -> f64 {
        match self.rows.get(&parameter.variable).map(Vec::as_slice) {
            // The first of a group carries its own stream only and needs no way there and back.
            None | Some([_]) => at(design_stream(&parameter.name)),
            Some(terms) => {
                let z: f64 =
                    terms.iter().map(|term| term.weight * math::normal_quantile(at(term.stream))).sum();
                // Far in the tails the distribution function rounds to 0 or 1, which have no finite quantile.
                math::normal_cdf(z).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)
            }
        }
    }
}

/// The coordinate moved by a half, strictly between 0 and 1 as it was: coordinates are odd multiples of 2^-33.
fn half_an_axis_away(u: f64) -> f64 {
    if u < 0.5 { u + 0.5 } else { u - 0.5 }
}

/// The stream behind the element of an assumption with this name, such as `share[kabul]`.
fn design_stream(name: &str) -> u64 {
    stream_hash(name, "", 0)
}
