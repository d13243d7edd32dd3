//! Observations: how likely the data are in a run.
//!
//! Enters: observed values at steps, expressions for the parameters of their distributions. Leaves: per observation one
//! state register that holds the sum of the logarithms so far. Always holds: what the data alone determine is computed
//! here and enters as series; a parameter is looked at only at the steps at which a value is compared, and there it must
//! be finite; a run in which a value is impossible has minus infinity and has not failed.

use std::sync::Arc;

use contingent_model::{Likelihood, Observation, ParameterKind};

use super::{Facts, Lowering, Moment, Node};
use crate::likelihood::{self, Algebra as _, OF_AMOUNT, Scalars};

impl<'m> Lowering<'m> {
    /// Per observation its name and the logarithm of the likelihood of all its values.
    pub(super) fn lower_observations(&mut self) -> Vec<(String, Node)> {
        let model = self.model;
        model
            .observations
            .iter()
            .map(|observation| (observation.name.clone(), self.observation(observation)))
            .collect()
    }

    fn observation(&mut self, observation: &'m Observation) -> Node {
        let likelihood = observation.likelihood;
        let is_observed = self.series_of(observation, |_| 1.0);
        let value = self.series_of(observation, |value| match likelihood {
            Likelihood::LogNormal => Scalars.logarithm(value),
            _ => value,
        });
        // A density is per unit in which the data are shown, as whoever compares it elsewhere would write it.
        let of_unit = Scalars.logarithm(observation.unit.scale);
        let known = self.series_of(observation, |value| match likelihood {
            _ if likelihood.is_count() => likelihood::of_count(value),
            Likelihood::LogNormal => OF_AMOUNT + of_unit - Scalars.logarithm(value),
            _ => OF_AMOUNT + of_unit,
        });
        let parameters: Vec<Node> = likelihood
            .parameters()
            .iter()
            .enumerate()
            .map(|(position, &(name, kind))| {
                let node = self.observed_parameter(observation, position);
                self.names.push((format!("{} of {}", name, observation.name), node));
                self.watch_where(&format!("{} of {}", name, observation.name), node, Some(is_observed));
                match kind {
                    ParameterKind::Amount if likelihood == Likelihood::Binomial => self.whole_number(node),
                    ParameterKind::Amount => self.graph.positive_part(node),
                    ParameterKind::Probability => self.graph.unit_interval(node),
                    ParameterKind::Location | ParameterKind::Spread | ParameterKind::Shape => node,
                }
            })
            .collect();
        let graph = &mut self.graph;
        let now = match (likelihood, parameters.as_slice()) {
            (Likelihood::Poisson, &[mean]) => likelihood::poisson(graph, value, known, mean),
            (Likelihood::NegativeBinomial, &[mean, size]) => {
                likelihood::negative_binomial(graph, value, known, mean, size)
            }
            (Likelihood::Binomial, &[n, p]) => likelihood::binomial(graph, value, known, n, p),
            (Likelihood::Normal, &[mean, sd]) => likelihood::normal(graph, value, known, mean, sd),
            (Likelihood::LogNormal, &[median, sdlog]) => {
                let (zero, impossible) = (graph.constant(0.0), graph.constant(f64::NEG_INFINITY));
                let mean = graph.logarithm(median);
                let of_logarithm = likelihood::normal(graph, value, known, mean, sdlog);
                graph.where_less(zero, median, of_logarithm, impossible)
            }
            (Likelihood::StudentT, &[degrees, mean, scale]) => {
                likelihood::student_t(graph, value, known, degrees, mean, scale)
            }
            _ => unreachable!("the checker gives as many parameters as the likelihood has"),
        };
        self.monitor(
            &format!("log_likelihood.{}", observation.name),
            Facts::default(),
            0.0,
            |lowering, sum| {
                let zero = lowering.graph.constant(0.0);
                let added = lowering.graph.select(is_observed, now, zero);
                lowering.graph.add(sum, added)
            },
        )
    }

    /// A parameter at t: that of the variant of the value that is compared at t.
    fn observed_parameter(&mut self, observation: &'m Observation, position: usize) -> Node {
        let scope = self.scope(&observation.name, &[], 0, Moment::Current);
        let mut variants = observation.parameters.iter().rev().map(|of| &of[position]);
        let last = variants.next().expect("an observation has parameters");
        let mut node = self.expression(last, &scope);
        let n_before = observation.parameters.len() - 1;
        for (variant, expression) in (0..n_before).rev().zip(variants) {
            let which = self.variant_series(observation);
            let number = self.graph.constant(variant as f64);
            let here = self.graph.equal(number, which);
            let other = self.expression(expression, &scope);
            node = self.graph.select(here, other, node);
        }
        node
    }

    fn variant_series(&mut self, observation: &Observation) -> Node {
        let at = |values: &mut [f64]| {
            for observed in &observation.values {
                values[2 * observed.step] = observed.variant as f64;
            }
        };
        self.new_series(at)
    }

    /// What is made of each observed value, at its step; 0 at all others.
    fn series_of(&mut self, observation: &Observation, of: impl Fn(f64) -> f64) -> Node {
        self.new_series(|values| {
            for observed in &observation.values {
                values[2 * observed.step] = of(observed.value);
            }
        })
    }

    /// A series at half steps, of which only those at whole steps are read.
    fn new_series(&mut self, fill: impl FnOnce(&mut [f64])) -> Node {
        let mut values = vec![0.0; 2 * self.model.clock.n_steps + 1];
        fill(&mut values);
        let values: Arc<[f64]> = values.into();
        self.graph.series_value(&values, 0)
    }
}
