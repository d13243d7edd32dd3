//! From the checked model to the node graph.
//!
//! Enters: a `CheckedModel` and a [`Configuration`]. Leaves: [`Lowered`]: the graph, the state with its
//! initial and next values, and which nodes are outcomes or recorded. Always holds: subscripts are expanded
//! to scalars; levers and mechanisms are constants (a policy makes a lever a selection on the step); nothing
//! depends on the order of declarations except where the language says so.

mod council;
mod decisions;
mod events;
mod excitation;
mod expression;
mod jumps;
mod lasting;
mod memory;
mod observations;
mod questions;
mod recording;
mod size;
mod split;
mod stages;
mod stocks;
mod trigonometry;
mod watch;

use std::collections::{HashMap, HashSet};

use contingent_model::{
    CheckedModel, ChoiceRule, EventId, Index, LeverSetting, Shape, SubscriptId, VariableId, VariableKind,
};

use crate::configuration::{ChanceMode, Configuration};
use crate::graph::{Facts, Graph, Node, Operation};
use crate::program::{CompileError, OutcomeColumn, Parameter, Recorded};
pub(crate) use jumps::{Change, Jumps};
use memory::MemoryState;

/// When an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// At time 0, from the initial values of the state.
    Start = 0,
    /// At the time of the step, from the state.
    Current = 1,
    /// Half a step later, by the rates at the time of the step.
    FirstHalf = 2,
    /// Half a step later, by the rates at `FirstHalf`.
    SecondHalf = 3,
    /// A step later, by the rates at `SecondHalf`.
    End = 4,
}

/// In which part of a step a state slot changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// While the state at t is observed: monitors of questions. Done at every time.
    Observe,
    /// On the way to t + dt. Not done at the last time.
    Advance,
}

/// A register of state.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// Name of what it holds, for listings and failures.
    pub(crate) name: String,
    /// `Operation::State` of this slot.
    pub(crate) state: Node,
    /// Value at the start.
    pub(crate) initial: Node,
    /// Value after the section.
    pub(crate) next: Node,
    /// When it changes.
    pub(crate) section: Section,
    /// Whether it must be kept although no outcome needs it: stocks, the count of clippings, the health.
    pub(crate) kept: bool,
}

/// The result of lowering. See the module.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    pub(crate) graph: Graph,
    pub(crate) slots: Vec<Slot>,
    pub(crate) parameters: Vec<Parameter>,
    /// Results, as the observations, `clipped` and `health` are: state, or a value of the last time (see [`Lowered::after_last`]).
    pub(crate) outcomes: Vec<(OutcomeColumn, Node)>,
    /// Per observation its name and the logarithm of its likelihood.
    pub(crate) observations: Vec<(String, Node)>,
    pub(crate) recorded: Vec<(Recorded, Node)>,
    /// State that counts clippings.
    pub(crate) clipped: Node,
    /// Not a number once something was not finite.
    pub(crate) health: Node,
    /// What must be finite at every time, with its name.
    pub(crate) watched: Vec<(String, Node)>,
    /// Names of nodes in evaluation order: variables, then hazards and the like.
    pub(crate) names: Vec<(String, Node)>,
    pub(crate) n_steps: usize,
    pub(crate) dt: f64,
    /// What happens between the times, where things move one by one.
    pub(crate) jumps: Option<Jumps>,
}

impl Lowered {
    /// Everything of which the value after the last time is a result.
    pub(crate) fn results(&self) -> impl Iterator<Item = Node> {
        let outcomes = self.outcomes.iter().map(|outcome| outcome.1);
        let observations = self.observations.iter().map(|observation| observation.1);
        outcomes.chain(observations).chain([self.clipped, self.health])
    }

    /// The node that has, at the last time, the value of a result: what a state that changes while it is observed
    /// changes to, and any other node itself.
    pub(crate) fn after_last(&self, node: Node) -> Node {
        match self.graph.operation(node) {
            Operation::State(slot) if self.slots[slot as usize].section == Section::Observe => {
                self.slots[slot as usize].next
            }
            _ => node,
        }
    }
}

/// Where an expression stands: what its subscripts are bound to and what keys its draws.
#[derive(Clone, Debug)]
struct Scope<'m> {
    /// Qualified name of the declaration.
    declaration: &'m str,
    /// What the subscripts are bound to; the innermost last.
    bindings: Vec<(SubscriptId, usize)>,
    /// When it is evaluated.
    moment: Moment,
}

/// The values of events at time t.
#[derive(Clone, Debug)]
struct EventState {
    /// State: occurrences in the step that has just ended.
    count: Node,
    /// State: occurrences since the start.
    total: Node,
}

struct Lowering<'m> {
    model: &'m CheckedModel,
    configuration: &'m Configuration,
    graph: Graph,
    slots: Vec<Slot>,
    parameters: Vec<Parameter>,
    /// Position of the first parameter of each variable.
    parameter_base: Vec<usize>,
    /// State of stocks and decisions, per variable and element; empty for the others.
    states: Vec<Vec<Node>>,
    events: Vec<Vec<EventState>>,
    excitements: Vec<excitation::Excitement>,
    /// Values found so far, per moment, variable and element.
    values: [Vec<Vec<Option<Node>>>; 5],
    /// What is remembered, and where it was found: by the memory and the elements it depends on.
    memories: Vec<MemoryState<'m>>,
    memory_positions: HashMap<(u32, Vec<usize>), usize>,
    tables: Vec<u32>,
    watched: Vec<(String, Node)>,
    watched_nodes: HashSet<Node>,
    /// Conditions that hold at the last time only.
    last_times: HashSet<Node>,
    /// What is watched where such a condition holds.
    watched_at_last: HashSet<Node>,
    set_aside: Vec<watch::SetAside>,
    names: Vec<(String, Node)>,
}

/// Lowers a model with a configuration.
pub(crate) fn lower(model: &CheckedModel, configuration: &Configuration) -> Result<Lowered, CompileError> {
    size::check(model, configuration)?;
    let mut lowering = Lowering::new(model, configuration);
    lowering.evaluate_current();
    lowering.evaluate_stages();
    let (clipped, jumps) = if lowering.is_exact() {
        let clipped = lowering.finish_stocks(lowering.unmoved());
        (clipped, Some(lowering.lower_jumps(clipped)))
    } else {
        lowering.declare_excitements();
        let occurrences = lowering.lower_occurrences();
        let mut movement = lowering.lower_flows();
        lowering.lower_effects(&occurrences, &mut movement);
        let clipped = lowering.finish_stocks(movement);
        lowering.finish_events(&occurrences);
        lowering.finish_excitements(&occurrences);
        (clipped, None)
    };
    lowering.lower_decisions();
    let outcomes = lowering.lower_questions();
    let observations = lowering.lower_observations();
    let recorded = lowering.lower_recording();
    lowering.finish_memories();
    let mut wanted: Vec<Node> = outcomes.iter().map(|outcome| outcome.1).collect();
    wanted.extend(observations.iter().map(|observation| observation.1));
    wanted.extend(recorded.iter().map(|recorded| recorded.1));
    wanted.extend(jumps.iter().flat_map(Jumps::nodes));
    let health = lowering.finish_health(&wanted);
    Ok(Lowered {
        graph: lowering.graph,
        slots: lowering.slots,
        parameters: lowering.parameters,
        outcomes,
        observations,
        recorded,
        clipped,
        health,
        watched: lowering.watched,
        names: lowering.names,
        n_steps: model.clock.n_steps,
        dt: model.clock.dt,
        jumps,
    })
}

impl<'m> Lowering<'m> {
    fn new(model: &'m CheckedModel, configuration: &'m Configuration) -> Self {
        let mut graph = Graph::new(model.clock.n_steps);
        let tables = model
            .lookups
            .iter()
            .map(|lookup| graph.new_table(&lookup.points, lookup.shape == Shape::Stepped))
            .collect();
        let empty: Vec<Vec<Option<Node>>> = model
            .variables
            .iter()
            .map(|variable| vec![None; model.n_elements(&variable.subscripts)])
            .collect();
        let mut lowering = Self {
            model,
            configuration,
            graph,
            slots: Vec::new(),
            parameters: Vec::new(),
            parameter_base: vec![0; model.variables.len()],
            states: vec![Vec::new(); model.variables.len()],
            events: Vec::new(),
            excitements: Vec::new(),
            values: [empty.clone(), empty.clone(), empty.clone(), empty.clone(), empty],
            memories: Vec::new(),
            memory_positions: HashMap::new(),
            tables,
            watched: Vec::new(),
            watched_nodes: HashSet::new(),
            last_times: HashSet::new(),
            watched_at_last: HashSet::new(),
            set_aside: Vec::new(),
            names: Vec::new(),
        };
        lowering.declare_parameters();
        lowering.declare_states();
        lowering.find_initial_values();
        lowering
    }

    fn declare_parameters(&mut self) {
        for (position, variable) in self.model.variables.iter().enumerate() {
            if !matches!(variable.kind, VariableKind::Assumption { .. }) {
                continue;
            }
            self.parameter_base[position] = self.parameters.len();
            for element in 0..self.model.n_elements(&variable.subscripts) {
                self.parameters.push(Parameter {
                    variable: VariableId(position as u32),
                    element,
                    name: self.model.element_name(&variable.name, &variable.subscripts, element),
                });
            }
        }
    }

    /// A new slot; its initial and next value are set later and are the state itself until then.
    fn new_slot(&mut self, name: String, facts: Facts, section: Section, kept: bool) -> Node {
        let state = self.graph.new_state(facts);
        self.slots.push(Slot { name, state, initial: state, next: state, section, kept });
        state
    }

    /// The slot of a state node.
    fn slot(&mut self, state: Node) -> &mut Slot {
        let Operation::State(position) = self.graph.operation(state) else {
            unreachable!("only states have slots");
        };
        &mut self.slots[position as usize]
    }

    fn declare_states(&mut self) {
        let counts = self.is_drawn();
        for (position, variable) in self.model.variables.iter().enumerate() {
            let facts = match &variable.kind {
                VariableKind::Stock { signed, whole, .. } => {
                    Facts { non_negative: !signed, whole: *whole && counts, truth: false }
                }
                VariableKind::Decision(decision) => {
                    Facts { non_negative: true, whole: true, truth: decision.options.len() <= 2 }
                }
                VariableKind::Position(_) => Facts { non_negative: true, ..Facts::default() },
                _ => continue,
            };
            let is_stock = matches!(variable.kind, VariableKind::Stock { .. });
            for element in 0..self.model.n_elements(&variable.subscripts) {
                let name = self.model.element_name(&variable.name, &variable.subscripts, element);
                let state = self.new_slot(name.clone(), facts, Section::Advance, is_stock);
                self.states[position].push(state);
                self.values[Moment::Current as usize][position][element] = Some(state);
                self.names.push((name, state));
            }
        }
        for event in &self.model.events {
            let mut elements = Vec::new();
            for element in 0..self.model.n_elements(&event.subscripts) {
                let name = self.model.element_name(&event.name, &event.subscripts, element);
                let total_facts = Facts { non_negative: true, whole: counts, truth: counts && event.once };
                let count = self.new_slot(format!("{name}.count"), total_facts, Section::Advance, false);
                let total = self.new_slot(format!("{name}.total"), total_facts, Section::Advance, false);
                let zero = self.graph.constant(0.0);
                self.slot(count).initial = zero;
                self.slot(total).initial = zero;
                elements.push(EventState { count, total });
            }
            self.events.push(elements);
        }
    }

    fn find_initial_values(&mut self) {
        // Each after what it needs, so that the descent of `value` stays shallow however long the chain is.
        let model = self.model;
        for &id in &model.initial_order {
            for element in 0..model.n_elements(&model.variable(id).subscripts) {
                self.value(id, element, Moment::Start);
            }
        }
        for position in 0..self.model.variables.len() {
            for element in 0..self.states[position].len() {
                let state = self.states[position][element];
                let initial = self.value(VariableId(position as u32), element, Moment::Start);
                self.slot(state).initial = initial;
            }
        }
    }

    /// Auxiliaries and flow rates at t, in evaluation order, with their names.
    fn evaluate_current(&mut self) {
        let model = self.model;
        for &id in &model.evaluation_order {
            let variable = model.variable(id);
            for element in 0..model.n_elements(&variable.subscripts) {
                let node = self.value(id, element, Moment::Current);
                self.names.push((model.element_name(&variable.name, &variable.subscripts, element), node));
            }
        }
    }

    fn is_drawn(&self) -> bool {
        self.configuration.chance == ChanceMode::Drawn
    }

    /// The scope of one element of a declaration.
    fn scope(
        &self,
        declaration: &'m str,
        subscripts: &[SubscriptId],
        element: usize,
        moment: Moment,
    ) -> Scope<'m> {
        let mut rest = element;
        let mut bindings: Vec<_> = subscripts
            .iter()
            .rev()
            .map(|&id| {
                let size = self.model.subscripts[id.index()].elements.len();
                let position = rest % size;
                rest /= size;
                (id, position)
            })
            .collect();
        bindings.reverse();
        Scope { declaration, bindings, moment }
    }

    /// Where one index of a reference points, as a position in `subscript`.
    fn position(&self, index: Index, subscript: SubscriptId, scope: &Scope<'m>) -> usize {
        let (of, position) = match index {
            Index::Element(of, position) => (of, position),
            Index::Bound(of) => (of, Self::bound_position(of, scope)),
        };
        let found = self.model.translate(of, position, subscript);
        found.expect("the resolver checked that every element of an index is one of the subscript")
    }

    fn bound_position(subscript: SubscriptId, scope: &Scope<'m>) -> usize {
        let binding = scope.bindings.iter().rev().find(|binding| binding.0 == subscript);
        binding.expect("the resolver checked that every subscript is bound").1
    }

    /// The row-major element that `indices` name.
    fn element(&self, subscripts: &[SubscriptId], indices: &[Index], scope: &Scope<'m>) -> usize {
        assert_eq!(subscripts.len(), indices.len(), "the resolver gives one index per subscript");
        subscripts.iter().zip(indices).fold(0, |element, (id, &index)| {
            element * self.model.subscripts[id.index()].elements.len() + self.position(index, *id, scope)
        })
    }

    /// The value of one element of a variable.
    fn value(&mut self, id: VariableId, element: usize, moment: Moment) -> Node {
        if let Some(node) = self.values[moment as usize][id.index()][element] {
            return node;
        }
        let node = self.find_value(id, element, moment);
        self.values[moment as usize][id.index()][element] = Some(node);
        node
    }

    fn find_value(&mut self, id: VariableId, element: usize, moment: Moment) -> Node {
        let model = self.model;
        let variable = model.variable(id);
        match &variable.kind {
            VariableKind::Assumption { .. } => {
                self.graph.parameter(self.parameter_base[id.index()] + element)
            }
            VariableKind::Lever { defaults, .. } => self.lever(id, element, defaults[element], moment),
            VariableKind::Mechanism { default, .. } => {
                let chosen = self.configuration.mechanisms.get(&id).unwrap_or(default);
                self.graph.constant(*chosen as f64)
            }
            VariableKind::Stock { initial, signed, whole } => {
                let scope = self.scope(&variable.name, &variable.subscripts, element, moment);
                let mut node = self.expression(initial, &scope);
                if *whole && self.is_drawn() {
                    node = self.graph.round(node);
                }
                if *signed { node } else { self.graph.positive_part(node) }
            }
            VariableKind::Flow { rate: definition, .. } | VariableKind::Auxiliary { definition } => {
                let scope = self.scope(&variable.name, &variable.subscripts, element, moment);
                self.expression(definition, &scope)
            }
            VariableKind::Decision(decision) => self.graph.constant(decision.initially as f64),
            VariableKind::Position(council) => {
                let VariableKind::Decision(decision) = &model.variable(council.decision).kind else {
                    unreachable!("a council belongs to a decision");
                };
                let ChoiceRule::Council { places, .. } = &decision.rule else {
                    unreachable!("the resolver gives a council's decision its rule");
                };
                let scope = self.scope(&variable.name, &variable.subscripts, element, moment);
                let place = self.expression(&places[decision.initially], &scope);
                self.graph.unit_interval(place)
            }
            VariableKind::Input(input) => match moment {
                Moment::Start => self.graph.constant(input.series[element][0]),
                Moment::Current => self.graph.series_value(&input.series[element], 0),
                Moment::FirstHalf | Moment::SecondHalf => self.graph.series_value(&input.series[element], 1),
                Moment::End => self.graph.series_value(&input.series[element], 2),
            },
        }
    }

    /// A lever: a constant, or under a policy a selection on the step.
    fn lever(&mut self, id: VariableId, element: usize, default: f64, moment: Moment) -> Node {
        let of_element = self.configuration.lever_elements.get(&(id, element));
        let base = of_element.or_else(|| self.configuration.levers.get(&id)).copied().unwrap_or(default);
        let base = self.graph.constant(base);
        let Some(policy) = self.configuration.policy.map(|position| &self.model.policies[position]) else {
            return base;
        };
        let holds = |setting: &&LeverSetting| {
            setting.lever == id && setting.element.is_none_or(|only| only == element)
        };
        let Some(setting) = policy.settings.iter().rev().find(holds) else {
            return base;
        };
        let setting = self.graph.constant(setting.value);
        let step = self.step(moment);
        let from = self.graph.constant(policy.from_step as f64);
        let until = self.graph.constant(policy.until_step as f64);
        let begun = self.graph.less_or_equal(from, step);
        let not_over = self.graph.less(step, until);
        let holds = self.graph.and(begun, not_over);
        self.graph.select(holds, setting, base)
    }

    /// The position of the step.
    fn step(&mut self, moment: Moment) -> Node {
        match moment {
            Moment::Start => self.graph.constant(0.0),
            _ => self.graph.step(),
        }
    }

    /// Time since the start.
    fn time(&mut self, moment: Moment) -> Node {
        let mut step = self.step(moment);
        if let Some((_, _, share)) = moment.stage() {
            let share = self.graph.constant(share);
            step = self.graph.add(step, share);
        }
        let dt = self.graph.constant(self.model.clock.dt);
        self.graph.multiply(step, dt)
    }

    /// A reading of one element of an event.
    fn event_total(&mut self, event: EventId, element: usize, moment: Moment) -> Node {
        match moment {
            Moment::Start => self.graph.constant(0.0),
            _ => self.events[event.index()][element].total,
        }
    }
}
