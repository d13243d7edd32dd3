//! What an exact run computes where: at the times, and between them.
//!
//! Enters: a lowered model with jumps. Leaves: a [`Plan`]. Always holds: operands of an instruction are rows,
//! and come before it; a row between the times is a state that jumps change, what follows from one, or an
//! input that stays as it is until the next time; what nothing needs is not computed.

use std::collections::HashSet;

use crate::graph::{Graph, Node, Operation, Rate};
use crate::lower::{Change, Lowered, Section};
use crate::random::stream_hash;

/// An operation whose operands are rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instruction {
    pub(super) out: u32,
    pub(super) operation: Operation,
}

/// What is done at the times. Rows are those of [`Plan::n_rows`].
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) n_rows: usize,
    pub(super) constants: Vec<(u32, f64)>,
    /// Rows of parameters, with their positions.
    pub(super) parameters: Vec<(u32, u32)>,
    /// The row of the step.
    pub(super) step: Option<u32>,
    /// Once per run.
    pub(super) prologue: Vec<Instruction>,
    /// State and its value at the start.
    pub(super) initial: Vec<(u32, u32)>,
    /// At every time.
    pub(super) grid: Vec<Instruction>,
    /// State that changes from one time to the next by itself, and its next value.
    pub(super) observed: Vec<(u32, u32)>,
    pub(super) advanced: Vec<(u32, u32)>,
    /// The rows of the operands of councils, by position in the graph; empty where one is not needed.
    pub(super) councils: Vec<Vec<u32>>,
    pub(super) recorded: Vec<u32>,
    pub(super) outcomes: Vec<u32>,
    /// Rows of slots, by position; none when nothing needs the slot.
    pub(super) slots: Vec<Option<u32>>,
    /// Rows of `.count` and `.total`.
    pub(super) counts: Vec<(u32, u32)>,
    pub(super) health: u32,
    pub(super) clipped: u32,
    pub(super) kinetics: Kinetics,
}

/// What is done between the times. Rows are those of [`Kinetics::n_rows`].
#[derive(Clone, Debug, Default)]
pub(super) struct Kinetics {
    pub(super) n_rows: usize,
    pub(super) constants: Vec<(u32, f64)>,
    /// Inputs: the row at the times, the row here.
    pub(super) inputs: Vec<(u32, u32)>,
    /// States that jumps change: the row at the times, the row here.
    pub(super) states: Vec<(u32, u32)>,
    /// Propensities from states and inputs.
    pub(super) program: Vec<Instruction>,
    pub(super) jumps: Vec<Jump>,
    /// A row that nothing reads.
    pub(super) spare: u32,
    pub(super) clipped: u32,
}

/// A reaction.
#[derive(Clone, Debug)]
pub(super) struct Jump {
    /// Hash of the stream of its waiting times.
    pub(super) hash: u64,
    /// The row of its propensity.
    pub(super) propensity: u32,
    /// What a forward jump takes one from and gives one to; `spare` outside the model.
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether they must hold one to give.
    pub(super) from_limited: bool,
    pub(super) to_limited: bool,
    /// An event's total.
    pub(super) total: Option<u32>,
    pub(super) effects: Option<Effects>,
}

/// What an event does besides adding to stocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    pub(super) program: Vec<Instruction>,
    /// A state and the row of its next value.
    pub(super) next: Vec<(u32, u32)>,
}

impl Jump {
    /// The states that a jump may change.
    pub(super) fn changed(&self) -> impl Iterator<Item = u32> {
        let effects = self.effects.iter().flat_map(|effects| effects.next.iter().map(|next| next.0));
        [self.from, self.to].into_iter().chain(self.total).chain(effects)
    }
}

/// Gives nodes rows.
#[derive(Default)]
struct Rows {
    of: Vec<Option<u32>>,
    n: usize,
}

impl Rows {
    fn new(n_nodes: usize) -> Self {
        Self { of: vec![None; n_nodes], n: 0 }
    }

    fn fresh(&mut self) -> u32 {
        self.n += 1;
        (self.n - 1) as u32
    }

    fn add(&mut self, node: Node) -> u32 {
        let row = self.fresh();
        self.of[node.index()] = Some(row);
        row
    }

    fn at(&self, node: Node) -> u32 {
        self.of[node.index()].expect("operands are placed before what uses them")
    }

    fn instruction(&self, out: u32, operation: Operation) -> Instruction {
        let row = |node: Node| Node(self.at(node));
        let operation = match operation {
            Operation::Unary(unary, a) => Operation::Unary(unary, row(a)),
            Operation::Binary(binary, a, b) => Operation::Binary(binary, row(a), row(b)),
            Operation::Select(a, b, c) => Operation::Select(row(a), row(b), row(c)),
            Operation::Binomial(a, b, c) => Operation::Binomial(row(a), row(b), row(c)),
            Operation::BinomialAtHazard(a, b, c) => Operation::BinomialAtHazard(row(a), row(b), row(c)),
            Operation::Table(table, a) => Operation::Table(table, row(a)),
            Operation::Health(a, b, c, d) => Operation::Health(row(a), row(b), row(c), row(d)),
            leaf @ (Operation::Constant(_)
            | Operation::Parameter(_)
            | Operation::State(_)
            | Operation::Step
            | Operation::Uniform(_)
            | Operation::UniformAtStart(_)
            | Operation::Series(_)
            | Operation::Bargain(..)) => leaf,
        };
        Instruction { out, operation }
    }
}

/// Marks `roots` and all that they are computed from; where `stop` is true nothing further is marked.
fn reach(
    graph: &Graph,
    marked: &mut [bool],
    roots: impl IntoIterator<Item = Node>,
    stop: impl Fn(Node) -> bool,
) {
    let mut pending: Vec<Node> = roots.into_iter().collect();
    while let Some(node) = pending.pop() {
        if !std::mem::replace(&mut marked[node.index()], true) && !stop(node) {
            pending.extend(graph.operands(graph.operation(node)));
        }
    }
}

/// Slots and streams that change between the times.
struct Moving {
    slots: HashSet<u32>,
    streams: HashSet<u32>,
    /// Per node: whether it follows from one of them.
    nodes: Vec<bool>,
}

impl Moving {
    fn new(lowered: &Lowered) -> Self {
        let jumps = lowered.jumps.as_ref().expect("an exact program has jumps");
        let mut slots = HashSet::from([jumps.clipped]);
        let mut own = HashSet::new();
        for reaction in &jumps.reactions {
            match &reaction.change {
                Change::Move { from, to } => slots.extend(from.iter().chain(to).map(|stock| stock.slot)),
                Change::Effects { total, next, streams } => {
                    slots.insert(*total);
                    slots.extend(next.iter().map(|next| next.0));
                    own.extend(streams.iter().copied());
                }
            }
        }
        let graph = &lowered.graph;
        let mut nodes = vec![false; graph.len()];
        for position in 0..graph.len() {
            nodes[position] = match graph.operation(Node(position as u32)) {
                Operation::State(slot) => slots.contains(&slot),
                Operation::Uniform(stream) => own.contains(&stream),
                operation => graph.operands(operation).any(|node| nodes[node.index()]),
            };
        }
        Self { slots, streams: own, nodes }
    }
}

impl Plan {
    /// Plans a model with jumps.
    pub(super) fn new(lowered: &Lowered) -> Self {
        let moving = Moving::new(lowered);
        let graph = &lowered.graph;
        let mut plan = Self::default();
        let (kinetics, inputs) = Kinetics::new(lowered, &moving);
        plan.kinetics = kinetics;

        // What is needed at the times: a slot needs its initial value, and its next one where it has one.
        let mut needed = vec![false; graph.len()];
        let mut roots: Vec<Node> = inputs.clone();
        roots.extend(lowered.recorded.iter().map(|recorded| recorded.1));
        roots.extend(lowered.outcomes.iter().map(|outcome| outcome.1));
        roots.extend([lowered.clipped, lowered.health]);
        let jumps = lowered.jumps.as_ref().expect("an exact program has jumps");
        let counted: HashSet<u32> = jumps.counts.iter().flat_map(|&(count, total)| [count, total]).collect();
        for (position, slot) in lowered.slots.iter().enumerate() {
            let position = position as u32;
            if slot.kept || moving.slots.contains(&position) || counted.contains(&position) {
                roots.push(slot.state);
            }
        }
        let mut is_placed = vec![false; lowered.slots.len()];
        loop {
            reach(graph, &mut needed, roots.drain(..), |_| false);
            for (position, slot) in lowered.slots.iter().enumerate() {
                if needed[slot.state.index()] && !std::mem::replace(&mut is_placed[position], true) {
                    roots.extend([slot.initial, slot.next]);
                }
            }
            if roots.is_empty() {
                break;
            }
        }

        let mut rows = Rows::new(graph.len());
        for (position, _) in needed.iter().enumerate().filter(|&(_, &is_needed)| is_needed) {
            let node = Node(position as u32);
            let row = rows.add(node);
            match graph.operation(node) {
                Operation::Constant(bits) => plan.constants.push((row, f64::from_bits(bits))),
                Operation::Parameter(parameter) => plan.parameters.push((row, parameter)),
                Operation::Step => plan.step = Some(row),
                Operation::State(_) => {}
                // Drawn at a jump, not at a time.
                Operation::Uniform(stream) if moving.streams.contains(&stream) => {}
                operation => {
                    let instruction = rows.instruction(row, operation);
                    let part =
                        if graph.rate(node) == Rate::Step { &mut plan.grid } else { &mut plan.prologue };
                    part.push(instruction);
                }
            }
        }
        plan.n_rows = rows.n;
        plan.councils = graph
            .councils()
            .iter()
            .map(|council| council.operands.iter().map(|node| rows.of[node.index()]).collect::<Option<_>>())
            .map(Option::unwrap_or_default)
            .collect();
        for (position, slot) in lowered.slots.iter().enumerate() {
            plan.slots.push(is_placed[position].then(|| rows.at(slot.state)));
            if !is_placed[position] {
                continue;
            }
            let state = rows.at(slot.state);
            plan.initial.push((state, rows.at(slot.initial)));
            if slot.next != slot.state {
                let part =
                    if slot.section == Section::Observe { &mut plan.observed } else { &mut plan.advanced };
                part.push((state, rows.at(slot.next)));
            }
        }
        plan.recorded = lowered.recorded.iter().map(|recorded| rows.at(recorded.1)).collect();
        plan.outcomes = lowered.outcomes.iter().map(|outcome| rows.at(outcome.1)).collect();
        plan.health = rows.at(lowered.health);
        plan.clipped = rows.at(lowered.clipped);
        let slot_row = |slot: u32| rows.at(lowered.slots[slot as usize].state);
        plan.counts = jumps.counts.iter().map(|&(count, total)| (slot_row(count), slot_row(total))).collect();
        // Until here they name nodes.
        for (home, _) in plan.kinetics.inputs.iter_mut().chain(&mut plan.kinetics.states) {
            *home = rows.at(Node(*home));
        }
        plan
    }
}

impl Kinetics {
    /// The kinetics, with nodes where the rows at the times will be, and the nodes of all inputs.
    fn new(lowered: &Lowered, moving: &Moving) -> (Self, Vec<Node>) {
        let graph = &lowered.graph;
        let jumps = lowered.jumps.as_ref().expect("an exact program has jumps");
        let is_held = |node: Node| !moving.nodes[node.index()];
        let mut in_program = vec![false; graph.len()];
        reach(graph, &mut in_program, jumps.reactions.iter().map(|reaction| reaction.propensity), is_held);
        let mut needed = in_program.clone();
        let effects = jumps.reactions.iter().flat_map(|reaction| match &reaction.change {
            Change::Move { .. } => &[],
            Change::Effects { next, .. } => next.as_slice(),
        });
        reach(graph, &mut needed, effects.map(|next| next.1), is_held);
        let mut slots: Vec<u32> = moving.slots.iter().copied().collect();
        slots.sort_unstable();
        for &slot in &slots {
            needed[lowered.slots[slot as usize].state.index()] = true;
        }

        let mut kinetics = Self::default();
        let mut inputs = Vec::new();
        let mut rows = Rows::new(graph.len());
        for (position, _) in needed.iter().enumerate().filter(|&(_, &is_needed)| is_needed) {
            let node = Node(position as u32);
            let row = rows.add(node);
            match graph.operation(node) {
                Operation::Constant(bits) => kinetics.constants.push((row, f64::from_bits(bits))),
                _ if is_held(node) => {
                    kinetics.inputs.push((node.0, row));
                    inputs.push(node);
                }
                Operation::State(_) => kinetics.states.push((node.0, row)),
                operation => {
                    if in_program[position] {
                        kinetics.program.push(rows.instruction(row, operation));
                    }
                }
            }
        }
        kinetics.spare = rows.fresh();
        kinetics.n_rows = rows.n;
        let state_row = |slot: u32| rows.at(lowered.slots[slot as usize].state);
        kinetics.clipped = state_row(jumps.clipped);
        for reaction in &jumps.reactions {
            let stream = &graph.streams()[reaction.stream as usize];
            let mut jump = Jump {
                hash: stream_hash(&stream.declaration, &stream.element, stream.ordinal),
                propensity: rows.at(reaction.propensity),
                from: kinetics.spare,
                to: kinetics.spare,
                from_limited: false,
                to_limited: false,
                total: None,
                effects: None,
            };
            match &reaction.change {
                Change::Move { from, to } => {
                    if let Some(stock) = from {
                        (jump.from, jump.from_limited) = (state_row(stock.slot), !stock.signed);
                    }
                    if let Some(stock) = to {
                        (jump.to, jump.to_limited) = (state_row(stock.slot), !stock.signed);
                    }
                }
                Change::Effects { total, next, .. } => {
                    jump.total = Some(state_row(*total));
                    if !next.is_empty() {
                        jump.effects =
                            Some(Effects::new(graph, &rows, next, &in_program, is_held, state_row));
                    }
                }
            }
            kinetics.jumps.push(jump);
        }
        (kinetics, inputs)
    }
}

impl Effects {
    fn new(
        graph: &Graph,
        rows: &Rows,
        next: &[(u32, Node)],
        in_program: &[bool],
        is_held: impl Fn(Node) -> bool,
        state_row: impl Fn(u32) -> u32,
    ) -> Self {
        let mut seen = HashSet::new();
        let mut nodes = Vec::new();
        let mut pending: Vec<Node> = next.iter().map(|next| next.1).collect();
        while let Some(node) = pending.pop() {
            let is_there = in_program[node.index()] || is_held(node);
            if is_there || matches!(graph.operation(node), Operation::State(_)) || !seen.insert(node) {
                continue;
            }
            nodes.push(node);
            pending.extend(graph.operands(graph.operation(node)));
        }
        nodes.sort_unstable();
        Self {
            program: nodes
                .into_iter()
                .map(|node| rows.instruction(rows.at(node), graph.operation(node)))
                .collect(),
            next: next.iter().map(|&(slot, node)| (state_row(slot), rows.at(node))).collect(),
        }
    }
}
