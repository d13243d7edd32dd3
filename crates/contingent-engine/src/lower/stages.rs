//! Within a step: the four evaluations of the classical Runge-Kutta method (Kutta 1901).
//!
//! Enters: stocks at t and rates at t. Leaves: the rates at the stages, and the average with which stocks
//! move. Always holds: stocks and the levels of delays and smoothings take part; draws, events, decisions,
//! lags, windows and what a policy sets keep their values from t; a whole stock, and a flow that touches one,
//! moves at the steps only; a stock that is not signed is not below zero at a stage either.

use contingent_model::{Method, VariableId, VariableKind};

use super::split::Part;
use super::stocks::StockElement;
use super::{Lowering, Moment, Node, Scope};

const EULER: [Moment; 1] = [Moment::Current];
const RUNGE_KUTTA: [Moment; 4] = [Moment::Current, Moment::FirstHalf, Moment::SecondHalf, Moment::End];

impl Moment {
    /// Of a stage after the first: its position among them, the stage whose rates lead to it, and how far
    /// into the step it lies.
    pub(super) fn stage(self) -> Option<(usize, Self, f64)> {
        match self {
            Self::Start | Self::Current => None,
            Self::FirstHalf => Some((0, Self::Current, 0.5)),
            Self::SecondHalf => Some((1, Self::FirstHalf, 0.5)),
            Self::End => Some((2, Self::SecondHalf, 1.0)),
        }
    }

    /// The time from which what is held over a step has its value.
    pub(super) fn held(self) -> Self {
        if self == Self::Start { self } else { Self::Current }
    }
}

impl Lowering<'_> {
    /// The moments of a step at which rates are evaluated.
    pub(super) fn moments(&self) -> &'static [Moment] {
        match self.model.clock.method {
            Method::Euler | Method::Exact => &EULER,
            Method::RungeKutta => &RUNGE_KUTTA,
        }
    }

    /// The rate that holds over the step, from those at its moments.
    pub(super) fn averaged(&mut self, rates: &[Node]) -> Node {
        let &[first, second, third, fourth] = rates else { return rates[0] };
        // A rate that is held moves what it says, to the bit.
        if rates.iter().all(|&rate| rate == first) {
            return first;
        }
        let two = self.graph.constant(2.0);
        let middle = self.graph.add(second, third);
        let middle = self.graph.multiply(two, middle);
        let ends = self.graph.add(first, fourth);
        let sum = self.graph.add(ends, middle);
        let six = self.graph.constant(6.0);
        self.graph.divide(sum, six)
    }

    /// The share of what a flow moves over the step, from its rates and shares at the moments.
    pub(super) fn averaged_share(&mut self, rates: &[Node], shares: &[Node]) -> Node {
        if shares.iter().all(|&share| share == shares[0]) {
            return shares[0];
        }
        let parts: Vec<Node> =
            rates.iter().zip(shares).map(|(&rate, &share)| self.graph.multiply(rate, share)).collect();
        let (part, whole) = (self.averaged(&parts), self.averaged(rates));
        let share = self.graph.divide(part, whole);
        let zero = self.graph.constant(0.0);
        let is_moving = self.graph.less(zero, whole);
        self.graph.select(is_moving, share, shares[0])
    }

    /// Stocks, auxiliaries and rates at the stages of the step, in evaluation order.
    pub(super) fn evaluate_stages(&mut self) {
        let model = self.model;
        for &moment in &self.moments()[1..] {
            self.lower_stage_levels(moment);
            for &id in &model.evaluation_order {
                for element in 0..model.n_elements(&model.variable(id).subscripts) {
                    self.value(id, element, moment);
                }
            }
        }
    }

    /// Whether a flow keeps its rate from t, because it moves whole things.
    pub(super) fn is_held(&self, from: Option<StockElement>, to: &[StockElement]) -> bool {
        from.iter().chain(to).any(|stock| {
            let kind = &self.model.variable(stock.variable).kind;
            matches!(kind, VariableKind::Stock { whole: true, .. })
        })
    }

    fn lower_stage_levels(&mut self, moment: Moment) {
        let Some((_, before, share)) = moment.stage() else { return };
        let model = self.model;
        let time = self.graph.constant(share * model.clock.dt);
        let mut levels = self.states.clone();
        for (position, variable) in model.variables.iter().enumerate() {
            let VariableKind::Flow { from, to, .. } = &variable.kind else { continue };
            for element in 0..model.n_elements(&variable.subscripts) {
                let scope = self.scope(&variable.name, &variable.subscripts, element, before);
                let from = from.as_ref().map(|endpoint| self.stock_element(endpoint, &scope));
                let ends: Vec<_> = to.iter().map(|to| self.stock_element(&to.endpoint, &scope)).collect();
                let moment = if self.is_held(from, &ends) { Moment::Current } else { before };
                let rate = self.value(VariableId(position as u32), element, moment);
                let mut amount = self.graph.multiply(rate, time);
                // Whole things do not move yet: the split is that to be expected.
                let scope = Scope { moment, ..scope };
                let mut parts = Vec::new();
                for share in to.iter().filter_map(|to| to.share.as_ref()) {
                    parts.push(Part { share: self.expression(share, &scope), uniform: None });
                }
                if !parts.is_empty() {
                    amount = self.graph.positive_part(amount);
                }
                if let Some(StockElement { variable, element }) = from {
                    let level = &mut levels[variable.index()][element];
                    *level = self.graph.subtract(*level, amount);
                }
                let amounts = self.split(amount, &parts);
                for (&StockElement { variable, element }, amount) in ends.iter().zip(amounts) {
                    let level = &mut levels[variable.index()][element];
                    *level = self.graph.add(*level, amount);
                }
            }
        }
        for (position, levels) in levels.into_iter().enumerate() {
            for (element, mut level) in levels.into_iter().enumerate() {
                match model.variables[position].kind {
                    VariableKind::Stock { signed: false, whole: false, .. } => {
                        level = self.graph.positive_part(level);
                    }
                    VariableKind::Stock { whole: false, .. } => {}
                    // Whole stocks and decisions.
                    _ => level = self.states[position][element],
                }
                self.values[moment as usize][position][element] = Some(level);
            }
        }
    }
}
