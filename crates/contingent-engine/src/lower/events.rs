//! Events: how often they occur in a step and what they do to the stocks.
//!
//! Enters: hazards and effects at t, levels after the flows. Leaves: levels at t + dt, and the counts that
//! `.count` and `.total` read. Always holds: an effect is evaluated at t and applied only in runs in which
//! its event occurred; effects follow in declaration order, each on what the one before it left.

use contingent_model::{Effect, Endpoint, Event, Expression, SubscriptId};

use super::stocks::{Movement, StockElement};
use super::{Lowering, Moment, Node, Scope};
use crate::graph::{Binary, Unary};

impl<'m> Lowering<'m> {
    /// Occurrences of every event element within the step.
    pub(super) fn lower_occurrences(&mut self) -> Vec<Vec<Node>> {
        let model = self.model;
        let mut occurrences = Vec::with_capacity(model.events.len());
        for (position, event) in model.events.iter().enumerate() {
            let elements = 0..model.n_elements(&event.subscripts);
            occurrences.push(elements.map(|element| self.occurrence(position, event, element)).collect());
        }
        occurrences
    }

    fn occurrence(&mut self, position: usize, event: &'m Event, element: usize) -> Node {
        let scope = self.scope(&event.name, &event.subscripts, element, Moment::Current);
        let name = self.model.element_name(&event.name, &event.subscripts, element);
        let hazard = self.expression(&event.hazard, &scope);
        self.names.push((name.clone(), hazard));
        let when = event.when.as_ref().map(|when| self.expression(when, &scope));
        self.watch_where(&name, hazard, when);
        let hazard = self.excited(position, element, hazard);
        let total = self.events[position][element].total;
        let zero = self.graph.constant(0.0);
        if event.once {
            let p = self.occurrence_probability(hazard);
            if self.is_drawn() {
                let u = self.uniform(0, &scope);
                let mut occurs = self.graph.less(u, p);
                let first = self.graph.not(total);
                occurs = self.graph.and(first, occurs);
                when.map_or(occurs, |when| self.graph.and(when, occurs))
            } else {
                let one = self.graph.constant(1.0);
                let left = self.graph.subtract(one, total);
                let share = self.graph.multiply(p, left);
                when.map_or(share, |when| self.graph.select(when, share, zero))
            }
        } else {
            let hazard = self.graph.positive_part(hazard);
            let mean = self.per_step(hazard);
            let mean = when.map_or(mean, |when| self.graph.select(when, mean, zero));
            if self.is_drawn() && self.graph.as_constant(mean) != Some(0.0) {
                let u = self.uniform(0, &scope);
                self.graph.binary(Binary::Poisson, mean, u)
            } else {
                mean
            }
        }
    }

    /// The next counts of every event element.
    pub(super) fn finish_events(&mut self, occurrences: &[Vec<Node>]) {
        for (position, elements) in occurrences.iter().enumerate() {
            for (element, &count) in elements.iter().enumerate() {
                let state = self.events[position][element].clone();
                let total = if self.graph.facts(state.total).truth {
                    self.graph.or(state.total, count)
                } else {
                    self.graph.add(state.total, count)
                };
                self.slot(state.count).next = count;
                self.slot(state.total).next = total;
            }
        }
    }

    /// Applies the effects of all events to the levels.
    pub(super) fn lower_effects(&mut self, occurrences: &[Vec<Node>], movement: &mut Movement) {
        let model = self.model;
        for (event, counts) in model.events.iter().zip(occurrences) {
            for (element, &count) in counts.iter().enumerate() {
                if self.graph.as_constant(count) == Some(0.0) {
                    continue;
                }
                let scope = self.scope(&event.name, &event.subscripts, element, Moment::Current);
                self.apply_effects(event, &scope, count, movement);
            }
        }
    }

    /// Applies the effects of `count` occurrences of one element of an event.
    pub(super) fn apply_effects(
        &mut self,
        event: &'m Event,
        scope: &Scope<'m>,
        count: Node,
        movement: &mut Movement,
    ) {
        for effect in &event.effects {
            let (Effect::Add { over, .. } | Effect::Set { over, .. } | Effect::Move { over, .. }) = effect;
            for inner in self.scopes_over(scope, over) {
                match effect {
                    Effect::Add { target, amount, .. } => {
                        self.effect_add(target, amount, &inner, count, movement);
                    }
                    Effect::Set { target, value, .. } => {
                        self.effect_set(target, value, &inner, count, movement);
                    }
                    Effect::Move { from, to, quantity, is_share, .. } => {
                        let quantity = self.expression(quantity, &inner);
                        let source = self.stock_element(from, &inner);
                        let destination = to.as_ref().map(|endpoint| self.stock_element(endpoint, &inner));
                        self.effect_move(source, destination, quantity, *is_share, count, movement);
                    }
                }
            }
        }
    }

    pub(super) fn scopes_over(&self, scope: &Scope<'m>, over: &[SubscriptId]) -> Vec<Scope<'m>> {
        self.model
            .combinations(over)
            .into_iter()
            .map(|combination| {
                let mut inner = scope.clone();
                inner.bindings.extend(combination);
                inner
            })
            .collect()
    }

    /// Whether an event occurred, as a condition.
    fn occurred(&mut self, count: Node) -> Node {
        if self.graph.facts(count).truth {
            return count;
        }
        let zero = self.graph.constant(0.0);
        self.graph.less(zero, count)
    }

    fn effect_add(
        &mut self,
        target: &Endpoint,
        amount: &'m Expression,
        scope: &Scope<'m>,
        count: Node,
        movement: &mut Movement,
    ) {
        let stock = self.stock_element(target, scope);
        let amount = self.expression(amount, scope);
        if self.graph.as_constant(amount) == Some(0.0) {
            return;
        }
        // Selected, not only multiplied: an amount that is not finite does no harm where nothing occurred.
        let zero = self.graph.constant(0.0);
        let occurred = self.occurred(count);
        let mut change = self.graph.multiply(count, amount);
        if self.is_whole(stock) {
            change = self.graph.round(change);
        }
        let change = self.graph.select(occurred, change, zero);
        let level = movement.levels[stock.variable.index()][stock.element];
        let next = self.graph.add(level, change);
        self.settle(stock, next, movement);
    }

    fn effect_set(
        &mut self,
        target: &Endpoint,
        value: &'m Expression,
        scope: &Scope<'m>,
        count: Node,
        movement: &mut Movement,
    ) {
        let stock = self.stock_element(target, scope);
        let mut value = self.expression(value, scope);
        let level = movement.levels[stock.variable.index()][stock.element];
        let next = if self.is_drawn() {
            if self.is_whole(stock) {
                value = self.graph.round(value);
            }
            let occurred = self.occurred(count);
            self.graph.select(occurred, value, level)
        } else {
            // The expected share of runs in which it occurs takes the value.
            let one = self.graph.constant(1.0);
            let weight = self.graph.minimum(one, count);
            let difference = self.graph.subtract(value, level);
            let change = self.graph.multiply(weight, difference);
            self.graph.add(level, change)
        };
        self.settle(stock, next, movement);
    }

    /// Writes a level that may have fallen below zero.
    fn settle(&mut self, stock: StockElement, next: Node, movement: &mut Movement) {
        let mut settled = next;
        if !self.is_signed(stock) && !self.graph.facts(next).non_negative {
            let zero = self.graph.constant(0.0);
            let below = self.graph.less(next, zero);
            self.mark_clipped(movement, stock, below);
            settled = self.graph.positive_part(next);
        }
        movement.levels[stock.variable.index()][stock.element] = settled;
    }

    fn effect_move(
        &mut self,
        source: StockElement,
        destination: Option<StockElement>,
        quantity: Node,
        is_share: bool,
        count: Node,
        movement: &mut Movement,
    ) {
        let zero = self.graph.constant(0.0);
        let occurred = self.occurred(count);
        let level = movement.levels[source.variable.index()][source.element];
        let held = self.graph.positive_part(level);
        let wanted = if is_share {
            let share = self.share_moved(quantity, count);
            self.graph.multiply(share, held)
        } else {
            let amount = self.graph.positive_part(quantity);
            self.graph.multiply(count, amount)
        };
        let whole = self.is_whole(source) || destination.is_some_and(|stock| self.is_whole(stock));
        let (wanted, held) = if whole {
            (self.graph.round(wanted), self.graph.unary(Unary::Floor, held))
        } else {
            (wanted, held)
        };
        // With what is held first, an amount that is not a number shows.
        let limited = self.graph.minimum(held, wanted);
        let moved = self.graph.select(occurred, limited, zero);
        let left = self.graph.subtract(level, moved);
        movement.levels[source.variable.index()][source.element] = left;
        if let Some(stock) = destination {
            let level = movement.levels[stock.variable.index()][stock.element];
            movement.levels[stock.variable.index()][stock.element] = self.graph.add(level, moved);
        }
    }

    /// The share that `count` occurrences move: 1 - (1 - share)^count.
    fn share_moved(&mut self, share: Node, count: Node) -> Node {
        let share = self.graph.unit_interval(share);
        if self.graph.facts(count).truth {
            return share;
        }
        let one = self.graph.constant(1.0);
        let stays = self.graph.subtract(one, share);
        let stays = self.graph.binary(Binary::Power, stays, count);
        let several = self.graph.subtract(one, stays);
        let is_single = self.graph.equal(one, count);
        self.graph.select(is_single, share, several)
    }
}
