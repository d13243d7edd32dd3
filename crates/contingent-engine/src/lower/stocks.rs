//! Flows and the stocks that they move, with outflows scaled down to what a stock holds.
//!
//! Enters: rates at t. Leaves: levels at t + dt before the effects of events. Always holds: what leaves one
//! stock is the same node as what enters the other; a stock that is not signed never goes below zero; a
//! whole stock stays whole.

use contingent_model::{Endpoint, VariableId, VariableKind};

use super::split::Part;
use super::{Facts, Lowering, Moment, Node, Scope, Section};
use crate::graph::{Binary, Unary};

/// Scales nearer to 1 than this are rounding, not clipping: levels and flows carry relative errors of some
/// 1e-16 per operation.
const CLIPPING_TOLERANCE: f64 = 1e-12;

/// One element of a stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StockElement {
    pub(super) variable: VariableId,
    pub(super) element: usize,
}

/// Levels under way from t to t + dt.
#[derive(Debug)]
pub(super) struct Movement {
    /// Level per variable and element; empty for what is no stock.
    pub(super) levels: Vec<Vec<Node>>,
    /// Conditions under which the element was clipped in this step.
    pub(super) clipped: Vec<Vec<Option<Node>>>,
}

/// One element of a flow.
struct FlowElement {
    from: Option<StockElement>,
    /// None leaves the model; of several, the last takes the rest.
    to: Vec<StockElement>,
    /// Shares of all destinations but the last.
    parts: Vec<Part>,
    /// Rate times dt; negative moves back, unless the flow splits.
    amount: Node,
    /// Whether either end counts whole things.
    whole: bool,
}

impl<'m> Lowering<'m> {
    pub(super) fn stock_element(&self, endpoint: &Endpoint, scope: &Scope<'m>) -> StockElement {
        let subscripts = &self.model.variable(endpoint.stock).subscripts;
        StockElement { variable: endpoint.stock, element: self.element(subscripts, &endpoint.indices, scope) }
    }

    pub(super) fn is_signed(&self, stock: StockElement) -> bool {
        matches!(self.model.variable(stock.variable).kind, VariableKind::Stock { signed: true, .. })
    }

    /// Whether the stock counts whole things in this configuration.
    pub(super) fn is_whole(&self, stock: StockElement) -> bool {
        self.is_drawn()
            && matches!(self.model.variable(stock.variable).kind, VariableKind::Stock { whole: true, .. })
    }

    /// Moves all stocks by the flows together.
    pub(super) fn lower_flows(&mut self) -> Movement {
        let flows = self.flow_elements();
        let outflows = self.outflows(&flows);
        let mut movement = Movement {
            levels: self.states.clone(),
            clipped: self.states.iter().map(|s| vec![None; s.len()]).collect(),
        };
        let mut scales = self.scales(&outflows, &self.states.clone());
        // Where rates are averaged over the step, what enters in it can leave in it. What enters is reckoned
        // with the scales so far, which are too small rather than too large. An empty stock passes on at the
        // second moment what enters, the next one at the third: no chain is longer than that.
        for _ in 1..self.moments().len() {
            let available = self.with_inflows(&flows, &scales);
            scales = self.scales(&outflows, &available);
        }
        for (scales, clipped) in scales.iter().zip(&mut movement.clipped) {
            for (scale, clipped) in scales.iter().zip(clipped) {
                let Some(scale) = scale else { continue };
                let nearly_one = self.graph.constant(1.0 - CLIPPING_TOLERANCE);
                *clipped = Some(self.graph.less(*scale, nearly_one));
            }
        }
        for flow in flows {
            let amount = self.moved(&flow, &scales);
            if let Some(StockElement { variable, element }) = flow.from {
                let level = &mut movement.levels[variable.index()][element];
                *level = self.graph.subtract(*level, amount);
            }
            let amounts = self.split(amount, &flow.parts);
            for (&StockElement { variable, element }, amount) in flow.to.iter().zip(amounts) {
                let level = &mut movement.levels[variable.index()][element];
                *level = self.graph.add(*level, amount);
            }
        }
        for (variable, levels) in movement.levels.iter_mut().enumerate() {
            for (element, level) in levels.iter_mut().enumerate() {
                // Levels never fall below zero by more than rounding here, because outflows were scaled.
                let stock = StockElement { variable: VariableId(variable as u32), element };
                if !self.is_signed(stock) {
                    *level = self.graph.positive_part(*level);
                }
            }
        }
        movement
    }

    /// By what the outflows of each stock element are multiplied, so that no more leaves than is available.
    fn scales(&mut self, outflows: &[Vec<Option<Node>>], available: &[Vec<Node>]) -> Vec<Vec<Option<Node>>> {
        let mut scales: Vec<Vec<Option<Node>>> = outflows.iter().map(|out| vec![None; out.len()]).collect();
        for (variable, elements) in outflows.iter().enumerate() {
            for (element, out) in elements.iter().enumerate() {
                let stock = StockElement { variable: VariableId(variable as u32), element };
                let Some(out) = *out else { continue };
                if self.is_signed(stock) {
                    continue;
                }
                let level = available[variable][element];
                let short = self.graph.less(level, out);
                let share = self.graph.divide(level, out);
                let one = self.graph.constant(1.0);
                scales[variable][element] = Some(self.graph.select(short, share, one));
            }
        }
        scales
    }

    /// What each stock holds and what surely enters it within the step. Whole things leave at the steps only.
    fn with_inflows(&mut self, flows: &[FlowElement], scales: &[Vec<Option<Node>>]) -> Vec<Vec<Node>> {
        let mut available = self.states.clone();
        for flow in flows.iter().filter(|flow| !flow.whole) {
            if !self.never_positive(flow.amount) {
                let entering = self.entering(flow.amount, flow.from, scales);
                let amounts = self.split(entering, &flow.parts);
                for (&StockElement { variable, element }, amount) in flow.to.iter().zip(amounts) {
                    let level = &mut available[variable.index()][element];
                    *level = self.graph.add(*level, amount);
                }
            }
            let backwards = self.graph.unary(Unary::Negate, flow.amount);
            if let Some(StockElement { variable, element }) = flow.from
                && !self.never_positive(backwards)
            {
                let entering = self.entering(backwards, flow.to.first().copied(), scales);
                let level = &mut available[variable.index()][element];
                *level = self.graph.add(*level, entering);
            }
        }
        available
    }

    /// What an amount brings when it is positive, from a source that may hold too little.
    fn entering(&mut self, amount: Node, source: Option<StockElement>, scales: &[Vec<Option<Node>>]) -> Node {
        let entering = self.graph.positive_part(amount);
        match source.and_then(|stock| scales[stock.variable.index()][stock.element]) {
            Some(scale) => self.graph.multiply(entering, scale),
            None => entering,
        }
    }

    fn flow_elements(&mut self) -> Vec<FlowElement> {
        let model = self.model;
        let mut flows = Vec::new();
        for (position, variable) in model.variables.iter().enumerate() {
            let VariableKind::Flow { from, to, split_ordinal, .. } = &variable.kind else { continue };
            for element in 0..model.n_elements(&variable.subscripts) {
                let scope = self.scope(&variable.name, &variable.subscripts, element, Moment::Current);
                let from = from.as_ref().map(|endpoint| self.stock_element(endpoint, &scope));
                let ends: Vec<_> = to.iter().map(|to| self.stock_element(&to.endpoint, &scope)).collect();
                let held = [Moment::Current];
                let moments = if self.is_held(from, &ends) { &held } else { self.moments() };
                let mut rates: Vec<Node> = moments
                    .iter()
                    .map(|&moment| self.value(VariableId(position as u32), element, moment))
                    .collect();
                if to.len() > 1 && rates.len() > 1 {
                    // A flow that splits moves nothing back.
                    rates = rates.into_iter().map(|rate| self.graph.positive_part(rate)).collect();
                }
                let rate = self.averaged(&rates);
                let whole = from.iter().chain(&ends).any(|&stock| self.is_whole(stock));
                let mut parts = Vec::new();
                for (ordinal, to) in (*split_ordinal..).zip(to) {
                    let Some(share) = &to.share else { continue };
                    let shares: Vec<Node> = moments
                        .iter()
                        .map(|&moment| self.expression(share, &Scope { moment, ..scope.clone() }))
                        .collect();
                    self.watch(model.element_name(&variable.name, &variable.subscripts, element), shares[0]);
                    let share = self.averaged_share(&rates, &shares);
                    let uniform = whole.then(|| self.uniform(ordinal, &scope));
                    parts.push(Part { share, uniform });
                }
                let mut amount = self.per_step(rate);
                if !parts.is_empty() {
                    amount = self.graph.positive_part(amount);
                }
                if whole {
                    amount = self.graph.round(amount);
                }
                flows.push(FlowElement { from, to: ends, parts, amount, whole });
            }
        }
        flows
    }

    /// What leaves each stock element within the step if nothing is scaled.
    fn outflows(&mut self, flows: &[FlowElement]) -> Vec<Vec<Option<Node>>> {
        let mut outflows: Vec<Vec<Option<Node>>> = self.states.iter().map(|s| vec![None; s.len()]).collect();
        let zero = self.graph.constant(0.0);
        for flow in flows {
            let backwards = self.graph.unary(Unary::Negate, flow.amount);
            for (end, amount) in [(flow.from, flow.amount), (flow.to.first().copied(), backwards)] {
                let Some(StockElement { variable, element }) = end else { continue };
                if self.never_positive(amount) {
                    continue;
                }
                let taken = self.graph.positive_part(amount);
                let out = &mut outflows[variable.index()][element];
                *out = Some(self.graph.add(out.unwrap_or(zero), taken));
            }
        }
        outflows
    }

    /// Whether an amount is known to be zero or less.
    fn never_positive(&self, amount: Node) -> bool {
        use crate::graph::Operation;
        match self.graph.operation(amount) {
            Operation::Constant(bits) => f64::from_bits(bits) <= 0.0,
            Operation::Unary(Unary::Negate, inner) => self.graph.facts(inner).non_negative,
            _ => false,
        }
    }

    /// The amount that a flow moves, forwards when positive.
    fn moved(&mut self, flow: &FlowElement, scales: &[Vec<Option<Node>>]) -> Node {
        let scaled = |end: Option<StockElement>, lowering: &mut Self| {
            let scale = end.and_then(|stock| scales[stock.variable.index()][stock.element])?;
            let amount = lowering.graph.multiply(flow.amount, scale);
            // Towards zero: the whole things that a scaled flow can still move.
            Some(if flow.whole { lowering.truncated(amount, scale, flow.amount) } else { amount })
        };
        let forwards = scaled(flow.from, self);
        let backwards = scaled(flow.to.first().copied(), self);
        let never_back = self.graph.facts(flow.amount).non_negative;
        match (forwards, backwards) {
            (None, None) => flow.amount,
            (forwards, _) if never_back => forwards.unwrap_or(flow.amount),
            _ => {
                let forwards = forwards.unwrap_or(flow.amount);
                let backwards = backwards.unwrap_or(flow.amount);
                let zero = self.graph.constant(0.0);
                let is_back = self.graph.less(flow.amount, zero);
                self.graph.select(is_back, backwards, forwards)
            }
        }
    }

    /// `scaled` cut towards zero to a whole number where `scale` is below 1, else `unscaled`.
    fn truncated(&mut self, scaled: Node, scale: Node, unscaled: Node) -> Node {
        let one = self.graph.constant(1.0);
        let size = self.graph.unary(Unary::Absolute, scaled);
        let mut cut = self.graph.unary(Unary::Floor, size);
        if !self.graph.facts(unscaled).non_negative {
            let zero = self.graph.constant(0.0);
            let is_back = self.graph.less(unscaled, zero);
            let negated = self.graph.unary(Unary::Negate, cut);
            cut = self.graph.select(is_back, negated, cut);
        }
        let is_short = self.graph.less(scale, one);
        self.graph.select(is_short, cut, unscaled)
    }

    /// Marks a stock element as clipped in this step where `condition` holds.
    pub(super) fn mark_clipped(&mut self, movement: &mut Movement, stock: StockElement, condition: Node) {
        let mark = &mut movement.clipped[stock.variable.index()][stock.element];
        *mark = Some(mark.map_or(condition, |before| self.graph.or(before, condition)));
    }

    /// Writes the levels as the next values of the stocks; gives the state that counts clippings.
    pub(super) fn finish_stocks(&mut self, movement: Movement) -> Node {
        for (variable, levels) in movement.levels.into_iter().enumerate() {
            if !matches!(self.model.variables[variable].kind, VariableKind::Stock { .. }) {
                continue;
            }
            for (element, level) in levels.into_iter().enumerate() {
                let state = self.states[variable][element];
                self.slot(state).next = level;
            }
        }
        let facts = Facts { non_negative: true, whole: true, truth: false };
        let clipped = self.new_slot("clipped".to_owned(), facts, Section::Advance, true);
        let mut next = clipped;
        for condition in movement.clipped.into_iter().flatten().flatten() {
            next = self.graph.binary(Binary::Add, next, condition);
        }
        let zero = self.graph.constant(0.0);
        let slot = self.slot(clipped);
        slot.initial = zero;
        slot.next = next;
        clipped
    }
}
