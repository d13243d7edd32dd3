//! Jumps: flows and events as reactions whose rates hold until something changes.
//!
//! Enters: rates, hazards and effects. Leaves: per flow element and destination, and per event element, its
//! propensity and what one occurrence does. Always holds: a flow moves one whole thing at a time, backwards
//! where its rate is negative; effects are evaluated on the state just before the jump, in declaration order,
//! each on what the one before it left; nothing here changes a state from one time to the next, so that
//! between the jumps only decisions and what is remembered move with the steps.

use contingent_model::{Event, Method, VariableId, VariableKind};

use super::stocks::{Movement, StockElement};
use super::{Lowering, Moment, Node, Scope};
use crate::graph::Operation;

/// Ordinal of the waiting times of an event or of a flow to its first destination; other destinations count
/// down from it. No declaration has so many draws.
const WAITING: u32 = u32::MAX;

/// The jumps of a model.
#[derive(Clone, Debug)]
pub(crate) struct Jumps {
    pub(crate) reactions: Vec<Reaction>,
    /// Slots of `.count` and `.total` per event element.
    pub(crate) counts: Vec<(u32, u32)>,
    /// The slot that counts clippings.
    pub(crate) clipped: u32,
}

impl Jumps {
    /// What is computed between the times.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node> {
        self.reactions.iter().flat_map(|reaction| {
            let effects: &[(u32, Node)] = match &reaction.change {
                Change::Move { .. } => &[],
                Change::Effects { next, .. } => next,
            };
            effects.iter().map(|effect| effect.1).chain([reaction.propensity])
        })
    }
}

/// Something that happens one at a time.
#[derive(Clone, Debug)]
pub(crate) struct Reaction {
    /// The flow or event, with its element.
    pub(crate) name: String,
    /// The stream of its waiting times.
    pub(crate) stream: u32,
    /// How often per time unit.
    pub(crate) propensity: Node,
    pub(crate) change: Change,
}

/// What one occurrence does.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// One thing leaves one stock for the other, or comes back where the propensity is negative.
    Move { from: Option<JumpStock>, to: Option<JumpStock> },
    /// An event: its total grows by one, and these slots take these values.
    Effects {
        total: u32,
        next: Vec<(u32, Node)>,
        /// The streams that are drawn from afresh at every occurrence.
        streams: Vec<u32>,
    },
}

/// A stock that a flow changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JumpStock {
    pub(crate) slot: u32,
    /// Whether it may go below zero.
    pub(crate) signed: bool,
}

impl<'m> Lowering<'m> {
    /// Whether things move one by one in this configuration.
    pub(super) fn is_exact(&self) -> bool {
        self.model.clock.method == Method::Exact && self.is_drawn()
    }

    /// The reactions of all flows and events. Requires the slot of the clippings.
    pub(super) fn lower_jumps(&mut self, clipped: Node) -> Jumps {
        let mut reactions = Vec::new();
        self.lower_flow_jumps(&mut reactions);
        self.lower_event_jumps(clipped, &mut reactions);
        let counts = self.events.iter().flatten().map(|event| (event.count, event.total)).collect::<Vec<_>>();
        Jumps {
            reactions,
            counts: counts.into_iter().map(|(c, t)| (self.slot_position(c), self.slot_position(t))).collect(),
            clipped: self.slot_position(clipped),
        }
    }

    /// Stocks that stay as they are over a step, for [`Lowering::finish_stocks`].
    pub(super) fn unmoved(&self) -> Movement {
        Movement {
            levels: self.states.clone(),
            clipped: self.states.iter().map(|states| vec![None; states.len()]).collect(),
        }
    }

    fn slot_position(&self, state: Node) -> u32 {
        match self.graph.operation(state) {
            Operation::State(slot) => slot,
            operation => unreachable!("{operation:?} is no state"),
        }
    }

    fn jump_stock(&self, stock: StockElement) -> JumpStock {
        let slot = self.slot_position(self.states[stock.variable.index()][stock.element]);
        JumpStock { slot, signed: self.is_signed(stock) }
    }

    fn lower_flow_jumps(&mut self, reactions: &mut Vec<Reaction>) {
        let model = self.model;
        for (position, variable) in model.variables.iter().enumerate() {
            let VariableKind::Flow { from, to, .. } = &variable.kind else { continue };
            for element in 0..model.n_elements(&variable.subscripts) {
                let scope = self.scope(&variable.name, &variable.subscripts, element, Moment::Current);
                let from = from
                    .as_ref()
                    .map(|endpoint| self.stock_element(endpoint, &scope))
                    .map(|stock| self.jump_stock(stock));
                let rate = self.value(VariableId(position as u32), element, Moment::Current);
                let name = model.element_name(&variable.name, &variable.subscripts, element);
                self.watch(name.clone(), rate);
                if to.len() <= 1 {
                    let to = to
                        .first()
                        .map(|to| self.stock_element(&to.endpoint, &scope))
                        .map(|stock| self.jump_stock(stock));
                    let stream = self.waiting_stream(&scope, 0);
                    reactions.push(Reaction {
                        name,
                        stream,
                        propensity: rate,
                        change: Change::Move { from, to },
                    });
                    continue;
                }
                // Thinned by their shares, the flows to the destinations are independent of each other.
                let rate = self.graph.positive_part(rate);
                let mut left = self.graph.constant(1.0);
                for (ordinal, destination) in (0..).zip(to) {
                    let share = match &destination.share {
                        Some(share) => {
                            let share = self.expression(share, &scope);
                            self.watch(name.clone(), share);
                            let share = self.graph.positive_part(share);
                            self.graph.minimum(left, share)
                        }
                        None => left,
                    };
                    left = self.graph.subtract(left, share);
                    let propensity = self.graph.multiply(rate, share);
                    let stock = self.stock_element(&destination.endpoint, &scope);
                    let to = Some(self.jump_stock(stock));
                    let stream = self.waiting_stream(&scope, ordinal);
                    let change = Change::Move { from, to };
                    reactions.push(Reaction { name: name.clone(), stream, propensity, change });
                }
            }
        }
    }

    fn lower_event_jumps(&mut self, clipped: Node, reactions: &mut Vec<Reaction>) {
        let model = self.model;
        let one = self.graph.constant(1.0);
        for (position, event) in model.events.iter().enumerate() {
            for element in 0..model.n_elements(&event.subscripts) {
                let scope = self.scope(&event.name, &event.subscripts, element, Moment::Current);
                let name = model.element_name(&event.name, &event.subscripts, element);
                let total = self.events[position][element].total;
                let propensity = self.event_propensity(event, &name, total, &scope);
                // What never happens is no reaction: of pairs of classes, most are not.
                if self.graph.as_constant(propensity) == Some(0.0) {
                    continue;
                }
                let mut movement = self.unmoved();
                let n_streams = self.graph.streams().len();
                self.apply_effects(event, &scope, one, &mut movement);
                let stream = self.waiting_stream(&scope, 0);
                let known = self.graph.streams().iter().enumerate();
                // Draws of the effects; those of auxiliaries were lowered before and hold over the step.
                let streams = known
                    .filter(|(k, other)| *k >= n_streams && other.declaration == event.name)
                    .map(|(k, _)| k as u32)
                    .filter(|&k| k != stream)
                    .collect();
                let total = self.slot_position(total);
                let next = self.changed(movement, clipped);
                let change = Change::Effects { total, next, streams };
                reactions.push(Reaction { name, stream, propensity, change });
            }
        }
    }

    fn event_propensity(&mut self, event: &'m Event, name: &str, total: Node, scope: &Scope<'m>) -> Node {
        let hazard = self.expression(&event.hazard, scope);
        self.names.push((name.to_owned(), hazard));
        let when = event.when.as_ref().map(|when| self.expression(when, scope));
        self.watch_where(name, hazard, when);
        let zero = self.graph.constant(0.0);
        let mut propensity = self.graph.positive_part(hazard);
        if let Some(when) = when {
            propensity = self.graph.select(when, propensity, zero);
        }
        if event.once {
            propensity = self.graph.select(total, zero, propensity);
        }
        propensity
    }

    /// The slots that a movement changes, with their new values.
    fn changed(&mut self, movement: Movement, clipped: Node) -> Vec<(u32, Node)> {
        let mut next = Vec::new();
        for (states, levels) in self.states.iter().zip(movement.levels) {
            for (&state, level) in states.iter().zip(levels) {
                if state != level {
                    next.push((self.slot_position(state), level));
                }
            }
        }
        let marks: Vec<Node> = movement.clipped.into_iter().flatten().flatten().collect();
        if !marks.is_empty() {
            let count = marks.into_iter().fold(clipped, |sum, mark| self.graph.add(sum, mark));
            next.push((self.slot_position(clipped), count));
        }
        next
    }

    /// The stream of the waiting times of a reaction.
    fn waiting_stream(&mut self, scope: &Scope<'m>, ordinal: u32) -> u32 {
        let uniform = self.uniform(WAITING - ordinal, scope);
        match self.graph.operation(uniform) {
            Operation::Uniform(stream) => stream,
            operation => unreachable!("{operation:?} is no draw"),
        }
    }
}
