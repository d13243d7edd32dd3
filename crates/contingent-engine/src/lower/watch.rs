//! What must stay finite for a run to count.
//!
//! Enters: stocks, hazards, worths, and the numbers that conditions of questions compare. Leaves: a value of the last
//! time that is not a number once one of them was not finite. Always holds: a value that is not
//! finite marks the run only where it matters; `x > 0 and y / x > 2` is fine where x is 0, and what a decision weighs
//! from which nothing follows is neither watched nor computed.

use contingent_model::{BinaryOperator, Expression, UnaryOperator, VariableKind};

use super::lasting::Watch;
use super::{Facts, Lowering, Moment, Node, Scope, Section, Slot, lasting};
use crate::graph::{Graph, Operation};

/// Values that are watched if one of the states matters.
#[derive(Clone, Debug)]
pub(super) struct SetAside {
    states: Vec<Node>,
    watched: Vec<(String, Node)>,
}

/// What a value follows from, at any time.
struct Reached {
    nodes: Vec<bool>,
    pending: Vec<Node>,
}

impl Reached {
    fn go_on(&mut self, graph: &Graph, slots: &[Slot]) {
        while let Some(node) = self.pending.pop() {
            if std::mem::replace(&mut self.nodes[node.index()], true) {
                continue;
            }
            match graph.operation(node) {
                Operation::State(slot) => {
                    let slot = &slots[slot as usize];
                    self.pending.extend([slot.initial, slot.next]);
                }
                operation => self.pending.extend(graph.operands(operation)),
            }
        }
    }
}

impl<'m> Lowering<'m> {
    /// Watches a value: a run in which it is not finite has failed.
    pub(super) fn watch(&mut self, name: String, node: Node) {
        let known = match self.graph.as_constant(node) {
            Some(value) => value.is_finite(),
            None => false,
        };
        if !known && self.watched_nodes.insert(node) {
            self.watched.push((name, node));
        }
    }

    /// Takes back what has been watched from the `first` on: it matters only if one of these states does.
    pub(super) fn set_aside(&mut self, first: usize, states: Vec<Node>) {
        let watched = self.watched.split_off(first);
        for (_, node) in &watched {
            self.watched_nodes.remove(node);
        }
        self.set_aside.push(SetAside { states, watched });
    }

    /// Watches what was set aside for states from which something follows that is wanted.
    fn watch_what_matters(&mut self, wanted: &[Node]) {
        let mut reached = Reached { nodes: vec![false; self.graph.len()], pending: wanted.to_vec() };
        let kept = self.slots.iter().filter(|slot| slot.kept).map(|slot| slot.state);
        reached.pending.extend(kept.chain(self.watched.iter().map(|watched| watched.1)));
        loop {
            reached.go_on(&self.graph, &self.slots);
            let (matter, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.set_aside)
                .into_iter()
                .partition(|aside| aside.states.iter().any(|state| reached.nodes[state.index()]));
            self.set_aside = rest;
            if matter.is_empty() {
                return;
            }
            for (name, node) in matter.into_iter().flat_map(|aside| aside.watched) {
                reached.pending.push(node);
                self.watch(name, node);
            }
        }
    }

    /// `wanted` is what the program is for: outcomes, observations, recordings, jumps.
    pub(super) fn finish_health(&mut self, wanted: &[Node]) -> Node {
        for (variable, states) in self.model.variables.iter().zip(self.states.clone()) {
            if matches!(variable.kind, VariableKind::Stock { .. }) {
                for (element, state) in states.into_iter().enumerate() {
                    self.watch(self.model.element_name(&variable.name, &variable.subscripts, element), state);
                }
            }
        }
        self.watch_what_matters(wanted);
        let (mut at_start, mut always, mut at_end) = (Vec::new(), Vec::new(), Vec::new());
        for &(_, node) in &self.watched {
            let watch = match self.graph.operation(node) {
                _ if self.watched_at_last.contains(&node) => Watch::AtEnd,
                // The jumps of exact models leave state to be looked at once a step.
                Operation::State(slot) if !self.is_exact() => {
                    let slot = &self.slots[slot as usize];
                    let watch = lasting::watch(&self.graph, slot);
                    if watch == Watch::AtStartAndEnd {
                        at_start.push(slot.initial);
                    }
                    watch
                }
                _ => Watch::Always,
            };
            if watch == Watch::Always { &mut always } else { &mut at_end }.push(node);
        }
        let zero = self.graph.constant(0.0);
        let mut health = self.graph.health(zero, &at_start);
        if !always.is_empty() || self.is_exact() {
            let initial = health;
            let state = self.new_slot("health".to_owned(), Facts::default(), Section::Observe, true);
            let next = self.graph.health(state, &always);
            let slot = self.slot(state);
            (slot.initial, slot.next) = (initial, next);
            health = if self.is_exact() { state } else { next };
        }
        self.graph.health(health, &at_end)
    }

    /// Watches the numbers that a condition compares, where `guard` holds.
    pub(super) fn watch_compared(
        &mut self,
        name: &str,
        expression: &'m Expression,
        scope: &Scope<'m>,
        guard: Option<Node>,
    ) {
        match expression {
            Expression::Unary(UnaryOperator::Not, inner) => self.watch_compared(name, inner, scope, guard),
            Expression::Binary(operator @ (BinaryOperator::And | BinaryOperator::Or), left, right) => {
                self.watch_compared(name, left, scope, guard);
                let mut decided_by_right = self.expression(left, scope);
                if *operator == BinaryOperator::Or {
                    decided_by_right = self.graph.not(decided_by_right);
                }
                let guard = self.guarded(guard, decided_by_right);
                self.watch_compared(name, right, scope, Some(guard));
            }
            Expression::Binary(
                BinaryOperator::Less
                | BinaryOperator::LessOrEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterOrEqual
                | BinaryOperator::Equal
                | BinaryOperator::NotEqual,
                left,
                right,
            ) => {
                for side in [left, right] {
                    if let Expression::Memory(_) = **side {
                        self.watch_compared(name, side, scope, guard);
                        continue;
                    }
                    let node = self.expression(side, scope);
                    self.watch_where(name, node, guard);
                }
            }
            Expression::Memory(memory) => {
                let node = self.expression(expression, scope);
                self.watch_where(name, node, guard);
                // A condition that is remembered was decided at other times as well.
                let body = self.expression(&memory.body, scope);
                if self.graph.facts(body).truth {
                    self.watch_compared(name, &memory.body, scope, None);
                }
            }
            Expression::If(condition, a, b) => {
                self.watch_compared(name, condition, scope, guard);
                let condition = self.expression(condition, scope);
                let contrary = self.graph.not(condition);
                let on_a = self.guarded(guard, condition);
                let on_b = self.guarded(guard, contrary);
                self.watch_compared(name, a, scope, Some(on_a));
                self.watch_compared(name, b, scope, Some(on_b));
            }
            Expression::Variable { variable, indices } => {
                let declared = self.model.variable(*variable);
                let element = self.element(&declared.subscripts, indices, scope);
                let node = self.value(*variable, element, Moment::Current);
                match &declared.kind {
                    VariableKind::Auxiliary { definition } if self.graph.facts(node).truth => {
                        let inner =
                            self.scope(&declared.name, &declared.subscripts, element, Moment::Current);
                        self.watch_compared(name, definition, &inner, guard);
                    }
                    _ => self.watch_where(name, node, guard),
                }
            }
            _ => {
                let node = self.expression(expression, scope);
                self.watch_where(name, node, guard);
            }
        }
    }

    fn guarded(&mut self, guard: Option<Node>, condition: Node) -> Node {
        let Some(guard) = guard else { return condition };
        let both = self.graph.and(guard, condition);
        if self.last_times.contains(&guard) {
            self.last_times.insert(both);
        }
        both
    }

    /// Watches a value where `guard` holds.
    pub(super) fn watch_where(&mut self, name: &str, node: Node, guard: Option<Node>) {
        let Some(guard) = guard else { return self.watch(name.to_owned(), node) };
        if self.graph.as_constant(node).is_some_and(f64::is_finite) || self.watched_nodes.contains(&node) {
            return;
        }
        let zero = self.graph.constant(0.0);
        let where_it_matters = self.graph.select(guard, node, zero);
        if self.last_times.contains(&guard) {
            self.watched_at_last.insert(where_it_matters);
        }
        self.watch(name.to_owned(), where_it_matters);
    }
}
