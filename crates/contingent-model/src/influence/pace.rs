//! How fast stocks pull on themselves at the values in the middle.
//!
//! Enters: a checked model. Leaves: bounds from below on speeds, one per time. Always holds: a speed is stated
//! only where it holds at every time and for every state that the model allows, assumptions and levers at
//! their middle values and draws at their averages.

use std::collections::HashMap;

use super::interval::Interval;
use super::slope::{Cause, Encloser};
use super::{Node, encloser};
use crate::checked::{CheckedModel, Effect, Endpoint, VariableId, VariableKind};
use crate::distribution::Distribution;
use crate::expression::Expression;

/// Speeds of a model.
pub(crate) struct Pace<'m> {
    model: &'m CheckedModel,
    encloser: Encloser<'m>,
    inflows: HashMap<VariableId, Vec<VariableId>>,
    /// Stocks that something lowers: an outflow, an effect, or an inflow that may turn negative.
    lowered: Vec<bool>,
}

impl<'m> Pace<'m> {
    pub(crate) fn new(model: &'m CheckedModel) -> Self {
        let mut middle = encloser(model);
        middle.averages = true;
        for (i, variable) in model.variables.iter().enumerate() {
            match &variable.kind {
                VariableKind::Assumption { distributions, alternatives, .. } if alternatives.is_empty() => {
                    let middles = distributions.iter().filter_map(middle_of).map(Interval::at);
                    if let Some(values) = middles.reduce(Interval::hull)
                        && distributions.iter().all(|distribution| middle_of(distribution).is_some())
                    {
                        middle.values[i] = values;
                    }
                }
                VariableKind::Lever { defaults, .. } => {
                    let all = defaults.iter().map(|&value| Interval::at(value)).reduce(Interval::hull);
                    middle.values[i] = all.unwrap_or(Interval::ALL);
                }
                VariableKind::Mechanism { default, .. } => middle.values[i] = Interval::at(*default as f64),
                _ => {}
            }
        }
        for &id in &model.evaluation_order {
            let variable = model.variable(id);
            middle.values[id.index()] = middle.bounds(&variable.kind, variable.unit.is_share);
        }
        let mut pace = Self {
            model,
            encloser: middle,
            inflows: HashMap::new(),
            lowered: vec![false; model.variables.len()],
        };
        pace.collect();
        pace
    }

    fn collect(&mut self) {
        for (i, variable) in self.model.variables.iter().enumerate() {
            let VariableKind::Flow { from, to, .. } = &variable.kind else { continue };
            let flow = VariableId(i as u32);
            let rate = self.encloser.values[i];
            if let Some(from) = from {
                self.lowered[from.stock.index()] = true;
            }
            // A flow that splits never moves back.
            let turns = to.len() == 1 && rate.low < 0.0;
            for destination in to {
                let stock = destination.endpoint.stock;
                let flows = self.inflows.entry(stock).or_default();
                if !flows.contains(&flow) {
                    flows.push(flow);
                }
                self.lowered[stock.index()] |= turns;
            }
        }
        for event in &self.model.events {
            for effect in &event.effects {
                match effect {
                    Effect::Add { target, amount, .. } => {
                        self.lowered[target.stock.index()] |= self.encloser.value(amount).low < 0.0;
                    }
                    Effect::Set { target, .. } => self.lowered[target.stock.index()] = true,
                    Effect::Move { from, .. } => self.lowered[from.stock.index()] = true,
                }
            }
        }
    }

    /// The slope of a flow in a stock, through the auxiliaries that it refers to.
    fn slope(&self, expression: &Expression, stock: VariableId, depth: usize) -> Interval {
        let mut total = Interval::ZERO;
        for cause in super::causes(expression) {
            let Node::Variable(id) = cause else { continue };
            let direct = self.encloser.enclose(expression, Cause::Now(cause)).slope;
            if id == stock {
                total = total.plus(direct);
            } else if let VariableKind::Auxiliary { definition } = &self.model.variable(id).kind
                && depth > 0
                && !direct.is_zero()
            {
                total = total.plus(direct.times(self.slope(definition, stock, depth - 1)));
            }
        }
        total
    }

    /// The stock that a flow drives back towards where it comes from, and how fast at the least: the share of
    /// the stock that leaves per time, or of the gap to a goal that closes per time.
    pub(crate) fn least_pull(&self, flow: VariableId) -> Option<(VariableId, f64)> {
        let VariableKind::Flow { from, to, rate, .. } = &self.model.variable(flow).kind else { return None };
        let mut fastest: Option<(VariableId, f64)> = None;
        let shares = self.encloser.shares(to, Cause::Nothing).into_iter().map(|share| share.value.low);
        let destinations = to.iter().map(|to| &to.endpoint).zip(shares);
        let ends = from.iter().map(|end| (end, 1.0, true));
        for (end, share, is_source) in ends.chain(destinations.map(|(end, share)| (end, share, false))) {
            // Element by element only where the stock has a single value: a sum over elements is not one pull.
            let is_single = self.model.variable(end.stock).subscripts.is_empty();
            let slope = if is_single { self.slope(rate, end.stock, 3) } else { self.single(rate, end) };
            let pull = share * if is_source { slope.low } else { slope.negated().low };
            if pull.is_finite() && pull > 0.0 && fastest.is_none_or(|(_, known)| pull > known) {
                fastest = Some((end.stock, pull));
            }
        }
        fastest
    }

    /// The pull of a stock with subscripts, when every reference of the rate is to the flow's own element: then
    /// an element is a stock of its own.
    fn single(&self, rate: &Expression, end: &Endpoint) -> Interval {
        let bare = without_subscripts(rate, end);
        self.encloser.enclose(&bare, Cause::Now(Node::Variable(end.stock))).slope
    }

    /// The greatest value that an expression can have.
    pub(crate) fn most(&self, expression: &Expression) -> f64 {
        self.encloser.value(expression).high
    }

    /// Stocks that are fed by a flow that grows with them, and that nothing lowers.
    pub(crate) fn only_growing(&self) -> Vec<VariableId> {
        (0..self.model.variables.len())
            .map(|i| VariableId(i as u32))
            .filter(|&id| {
                matches!(self.model.variable(id).kind, VariableKind::Stock { signed: false, .. })
                    && !self.lowered[id.index()]
                    && !self.feeding(id).is_empty()
            })
            .collect()
    }

    /// The inflows that grow with a stock.
    pub(crate) fn feeding(&self, stock: VariableId) -> Vec<VariableId> {
        let inflows = self.inflows.get(&stock).map_or(&[][..], Vec::as_slice);
        inflows.iter().copied().filter(|&flow| self.growth(flow, stock) > 0.0).collect()
    }

    fn growth(&self, flow: VariableId, stock: VariableId) -> f64 {
        let VariableKind::Flow { rate, to, .. } = &self.model.variable(flow).kind else { return 0.0 };
        let shares = self.encloser.shares(to, Cause::Nothing);
        let growth: f64 = to
            .iter()
            .zip(shares)
            .filter(|(destination, _)| destination.endpoint.stock == stock)
            .map(|(destination, share)| {
                let slope = if self.model.variable(stock).subscripts.is_empty() {
                    self.slope(rate, stock, 3)
                } else {
                    self.single(rate, &destination.endpoint)
                };
                slope.low * share.value.low
            })
            .sum();
        if growth.is_finite() { growth } else { 0.0 }
    }

    /// How fast a stock grows by itself at the least, as a share of itself per time.
    pub(crate) fn least_growth(&self, stock: VariableId) -> f64 {
        self.feeding(stock).into_iter().map(|flow| self.growth(flow, stock)).sum()
    }
}

/// The expression with references to the element at the end of a flow taken as references to a single value.
fn without_subscripts(expression: &Expression, end: &Endpoint) -> Expression {
    let inner = |expression: &Expression| Box::new(without_subscripts(expression, end));
    match expression {
        Expression::Variable { variable, indices } if *variable == end.stock && *indices == end.indices => {
            Expression::Variable { variable: *variable, indices: Vec::new() }
        }
        Expression::Unary(operator, x) => Expression::Unary(*operator, inner(x)),
        Expression::Binary(operator, a, b) => Expression::Binary(*operator, inner(a), inner(b)),
        Expression::If(a, b, c) => Expression::If(inner(a), inner(b), inner(c)),
        Expression::Call(function, parts) => {
            Expression::Call(*function, parts.iter().map(|part| *inner(part)).collect())
        }
        Expression::Draw { chance, ordinal, arguments } => Expression::Draw {
            chance: *chance,
            ordinal: *ordinal,
            arguments: arguments.iter().map(|part| *inner(part)).collect(),
        },
        // Whatever runs over elements, or looks at several, stays as it is: a slope between zero and one.
        other => other.clone(),
    }
}

/// The value in the middle, where it needs no function of probability.
fn middle_of(distribution: &Distribution) -> Option<f64> {
    match distribution {
        Distribution::Constant(value) => Some(*value),
        Distribution::Normal { mean, .. } | Distribution::StudentT { mean, .. } => Some(*mean),
        Distribution::LogNormal { median, .. } => Some(*median),
        Distribution::Uniform { low, high } => Some((low + high) / 2.0),
        Distribution::Triangular { mode, .. } | Distribution::Pert { mode, .. } => Some(*mode),
        _ => None,
    }
}
