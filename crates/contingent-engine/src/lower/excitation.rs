//! Events that excite events (Hawkes 1971): rates that an occurrence raises and that die down again.
//!
//! Enters: the excitations of events, then how often each event occurs in a step. Leaves: what is added to the hazard of each
//! event, as state. Always holds: raised rates that die down equally fast and add to the same rate are one state; over a step
//! one falls by exp(-dt / duration) and rises with an occurrence by ratio (1 - exp(-dt / duration)) / dt, which sums over all
//! later steps to `ratio` occurrences whatever the step.

use super::{Facts, Lowering, Moment, Node, Section};
use crate::graph::Unary;

/// A raised rate.
#[derive(Clone, Debug)]
pub(super) struct Excitement {
    /// The event and its element whose rate is raised.
    target: (usize, usize),
    /// How long it lasts.
    duration: Node,
    state: Node,
    /// What of it is left after a step.
    decay: Node,
    /// Who raises it: event, element, and by how much an occurrence does.
    raised_by: Vec<(usize, usize, Node)>,
}

impl Lowering<'_> {
    /// Finds what is excited by what. Done before the hazards are lowered.
    pub(super) fn declare_excitements(&mut self) {
        let model = self.model;
        for (source, event) in model.events.iter().enumerate() {
            for element in 0..model.n_elements(&event.subscripts) {
                let scope = self.scope(&event.name, &event.subscripts, element, Moment::Current);
                for excitation in &event.excitations {
                    for inner in self.scopes_over(&scope, &excitation.over) {
                        let ratio = self.expression(&excitation.ratio, &inner);
                        let ratio = self.graph.positive_part(ratio);
                        if self.graph.as_constant(ratio) == Some(0.0) {
                            continue;
                        }
                        let duration = self.expression(&excitation.duration, &inner);
                        let duration = self.graph.positive_part(duration);
                        let target = excitation.target.index();
                        let raised = &model.events[target];
                        let at = self.element(&raised.subscripts, &excitation.indices, &inner);
                        let position = self.excitement((target, at), duration);
                        let gain = self.gain(ratio, duration);
                        self.excitements[position].raised_by.push((source, element, gain));
                    }
                }
            }
        }
    }

    /// The share of a raised rate that is gone after a step, less one: -(1 - exp(-dt / duration)).
    fn fall(&mut self, duration: Node) -> Node {
        let dt = self.graph.constant(self.model.clock.dt);
        let steps = self.graph.divide(dt, duration);
        let exponent = self.graph.unary(Unary::Negate, steps);
        self.graph.unary(Unary::ExpM1, exponent)
    }

    fn gain(&mut self, ratio: Node, duration: Node) -> Node {
        let fall = self.fall(duration);
        let share = self.graph.unary(Unary::Negate, fall);
        let all = self.graph.multiply(ratio, share);
        let dt = self.graph.constant(self.model.clock.dt);
        self.graph.divide(all, dt)
    }

    /// The raised rate of a target that lasts so long.
    fn excitement(&mut self, target: (usize, usize), duration: Node) -> usize {
        let known =
            self.excitements.iter().position(|known| known.target == target && known.duration == duration);
        known.unwrap_or_else(|| {
            let event = &self.model.events[target.0];
            let name = self.model.element_name(&event.name, &event.subscripts, target.1);
            let facts = Facts { non_negative: true, ..Facts::default() };
            let state = self.new_slot(format!("{name}.excitement"), facts, Section::Advance, false);
            let zero = self.graph.constant(0.0);
            self.slot(state).initial = zero;
            let fall = self.fall(duration);
            let one = self.graph.constant(1.0);
            let decay = self.graph.add(one, fall);
            self.excitements.push(Excitement { target, duration, state, decay, raised_by: Vec::new() });
            self.excitements.len() - 1
        })
    }

    /// The hazard of an event, which is cut at 0, with what excites it.
    pub(super) fn excited(&mut self, event: usize, element: usize, hazard: Node) -> Node {
        let states: Vec<Node> = self
            .excitements
            .iter()
            .filter(|raised| raised.target == (event, element))
            .map(|raised| raised.state)
            .collect();
        if states.is_empty() {
            return hazard;
        }
        let hazard = self.graph.positive_part(hazard);
        states.into_iter().fold(hazard, |sum, state| self.graph.add(sum, state))
    }

    /// Raised rates at t + dt.
    pub(super) fn finish_excitements(&mut self, occurrences: &[Vec<Node>]) {
        for raised in self.excitements.clone() {
            let left = self.graph.multiply(raised.state, raised.decay);
            let next = raised.raised_by.iter().fold(left, |sum, &(event, element, gain)| {
                let more = self.graph.multiply(occurrences[event][element], gain);
                self.graph.add(sum, more)
            });
            self.slot(raised.state).next = next;
        }
    }
}
