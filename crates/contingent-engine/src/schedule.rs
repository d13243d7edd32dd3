//! From the graph to code: what is needed, in which part of the program, in which order, in which register.
//!
//! Enters: [`Lowered`]. Leaves: [`Code`]. Always holds: only what an outcome, a recording, a stock, the
//! count of clippings or the health needs is computed; what depends on parameters only is computed once per
//! block; a register is reused after its last reader, most recently freed first, so that the working set
//! stays small.
//!
//! Values are ordered depth first, so that they are used soon after they are there; or, where instructions between
//! those of a kind are to be run together, in as few stretches as dependencies allow ([`Order::Grouped`]).
//!
//! State is not copied from one time to the next. A value of state has two registers that swap roles at every
//! step, so that the next value is computed straight into the one that is not being read; hence there is code
//! for even and for odd steps. Where nothing reads the old value once the next is there, one register
//! serves both.

use std::collections::{HashMap, HashSet};

use crate::code::{Code, Instruction, Opcode, Source};
use crate::graph::{Graph, Node, Operation, Rate};
use crate::lower::{Lowered, Section, Slot};
use crate::selection::Selection;

const PROLOGUE: u8 = 0;
const OBSERVE: u8 = 1;
const ADVANCE: u8 = 2;

/// In which order a section is done.
#[derive(Clone, Copy)]
pub(crate) enum Order {
    /// What a value needs just before it.
    DepthFirst,
    /// Instructions of these kinds together, and what lies between them together.
    Grouped(fn(Opcode) -> bool),
}

/// Schedules a lowered model.
pub(crate) fn schedule(lowered: &Lowered, kind: Order) -> Code {
    let live = Liveness::new(lowered);
    let mut uses = live.uses;
    for root in live.roots {
        uses[root.index()] += 1;
    }
    let selection = Selection::new(&lowered.graph, &live.section, &uses);
    let slots: Vec<(usize, &Slot)> =
        lowered.slots.iter().enumerate().filter(|(position, _)| live.slots[*position]).collect();
    let mut orderer =
        Orderer { selection: &selection, placed: vec![false; lowered.graph.len()], order: Vec::new() };
    let graph = &lowered.graph;

    for position in 0..graph.len() {
        let node = Node(position as u32);
        if live.section[position] == Some(PROLOGUE) && graph.rate(node) == Rate::Run {
            orderer.place(node);
        }
    }
    let prologue_end = orderer.order.len();
    for (_, node) in &lowered.recorded {
        orderer.place(*node);
    }
    for (_, slot) in slots.iter().filter(|(_, slot)| slot.section == Section::Observe) {
        orderer.place(slot.next);
    }
    let observe_end = orderer.order.len();
    for (_, slot) in slots.iter().filter(|(_, slot)| slot.section == Section::Advance) {
        orderer.place(slot.next);
    }
    let mut order = orderer.order;
    if let Order::Grouped(is_grouped) = kind {
        let mut ranks = Ranks::new(&selection, is_grouped);
        ranks.sort(&mut order[observe_end..]);
        ranks.sort(&mut order[prologue_end..observe_end]);
        ranks.sort(&mut order[..prologue_end]);
    }
    Allocator::new(lowered, &selection, &slots).run(&order, prologue_end, observe_end)
}

/// Which nodes and slots are needed, and where.
struct Liveness {
    /// Part of the program per node; none when it is not needed.
    section: Vec<Option<u8>>,
    uses: Vec<u32>,
    slots: Vec<bool>,
    /// Uses from outside the graph.
    roots: Vec<Node>,
}

impl Liveness {
    fn new(lowered: &Lowered) -> Self {
        let graph = &lowered.graph;
        let mut live = Self {
            section: vec![None; graph.len()],
            uses: vec![0; graph.len()],
            slots: vec![false; lowered.slots.len()],
            roots: Vec::new(),
        };
        let mut pending: Vec<(Node, u8)> = Vec::new();
        let wanted = lowered.recorded.iter().map(|recorded| recorded.1);
        let wanted = wanted.chain(lowered.outcomes.iter().map(|outcome| outcome.1));
        let wanted = wanted.chain(lowered.observations.iter().map(|observation| observation.1));
        let kept = lowered.slots.iter().filter(|slot| slot.kept).map(|slot| slot.state);
        for node in wanted.chain(kept) {
            live.roots.push(node);
            pending.push((node, OBSERVE));
        }
        while let Some((node, section)) = pending.pop() {
            let section = match graph.rate(node) {
                Rate::Constant | Rate::Run => PROLOGUE,
                Rate::Step => section,
            };
            let known = live.section[node.index()];
            if known.is_some_and(|known| known <= section) {
                continue;
            }
            live.section[node.index()] = Some(section);
            if let Operation::State(slot) = graph.operation(node) {
                if known.is_none() {
                    let position = slot as usize;
                    live.slots[position] = true;
                    let slot = &lowered.slots[position];
                    let next = if slot.section == Section::Observe { OBSERVE } else { ADVANCE };
                    live.roots.extend([slot.initial, slot.next]);
                    pending.extend([(slot.initial, PROLOGUE), (slot.next, next)]);
                }
                continue;
            }
            for operand in graph.operands(graph.operation(node)) {
                if known.is_none() {
                    live.uses[operand.index()] += 1;
                }
                pending.push((operand, section));
            }
        }
        live
    }
}

/// Places instructions after their operands, depth first, so that values are used soon.
struct Orderer<'s> {
    selection: &'s Selection,
    placed: Vec<bool>,
    order: Vec<Node>,
}

impl Orderer<'_> {
    fn place(&mut self, root: Node) {
        let mut pending = vec![(root, false)];
        while let Some((node, operands_placed)) = pending.pop() {
            let Some(instruction) = &self.selection.instructions[node.index()] else { continue };
            if operands_placed {
                self.order.push(node);
            } else if !self.placed[node.index()] {
                self.placed[node.index()] = true;
                pending.push((node, true));
                pending.extend(instruction.used().iter().rev().map(|&operand| (operand, false)));
            }
        }
    }
}

/// How many stretches, of instructions of some kinds and of others by turns, follow a node in its section: even for
/// others. Every value is computed in the last stretch in which it can be, so that few outlive theirs.
struct Ranks<'s> {
    selection: &'s Selection,
    is_grouped: fn(Opcode) -> bool,
    of_nodes: HashMap<Node, usize>,
}

impl<'s> Ranks<'s> {
    fn new(selection: &'s Selection, is_grouped: fn(Opcode) -> bool) -> Self {
        Self { selection, is_grouped, of_nodes: HashMap::new() }
    }

    /// Sorts the nodes of one section, which stand after their operands and stay so.
    fn sort(&mut self, section: &mut [Node]) {
        self.of_nodes.clear();
        for &node in section.iter().rev() {
            let Some(instruction) = &self.selection.instructions[node.index()] else { continue };
            let parity = usize::from((self.is_grouped)(instruction.opcode));
            let known = self.of_nodes.get(&node).copied().unwrap_or(0);
            let rank = known + (known + parity) % 2;
            self.of_nodes.insert(node, rank);
            for operand in instruction.used() {
                let needed = self.of_nodes.entry(*operand).or_insert(0);
                *needed = (*needed).max(rank);
            }
        }
        section.sort_by_key(|node| std::cmp::Reverse(self.of_nodes.get(node).copied().unwrap_or(0)));
    }
}

/// Where a value of state lives.
#[derive(Clone, Copy, Debug)]
struct Home {
    /// Its register at even times and at odd ones.
    registers: [u32; 2],
    /// Whether the instruction of the next value writes it; else that value is copied.
    is_target: bool,
}

/// Assigns registers.
struct Allocator<'l> {
    lowered: &'l Lowered,
    graph: &'l Graph,
    selection: &'l Selection,
    slots: &'l [(usize, &'l Slot)],
    code: Code,
    registers: HashMap<Node, u32>,
    last_use: HashMap<Node, usize>,
    free: Vec<u32>,
    /// Registers of values that are computed in a step and do not outlive it.
    temporary: Vec<u32>,
    /// Per slot.
    homes: Vec<Home>,
    /// Registers that instructions have to write, by node: the state at the time after.
    targets: HashMap<Node, u32>,
    /// Registers of the uniforms of the next odd step.
    spares: HashMap<Node, u32>,
}

impl<'l> Allocator<'l> {
    fn new(lowered: &'l Lowered, selection: &'l Selection, slots: &'l [(usize, &'l Slot)]) -> Self {
        Self {
            lowered,
            graph: &lowered.graph,
            selection,
            slots,
            code: Code::default(),
            registers: HashMap::new(),
            last_use: HashMap::new(),
            free: Vec::new(),
            temporary: Vec::new(),
            homes: Vec::new(),
            targets: HashMap::new(),
            spares: HashMap::new(),
        }
    }

    fn run(mut self, order: &[Node], prologue_end: usize, observe_end: usize) -> Code {
        self.find_last_uses(order, prologue_end, observe_end);
        self.find_homes(order, observe_end);
        let mut prologue = self.emit(order, 0, prologue_end, false);
        for (position, (_, slot)) in self.slots.iter().enumerate() {
            let initial = self.register(slot.initial);
            prologue.push(Instruction::new(Opcode::Copy, self.homes[position].registers[0], &[initial]));
        }
        self.code.prologue = prologue;

        let free = self.free.clone();
        for parity in [0, 1] {
            let is_odd = parity == 1;
            for node in &order[prologue_end..] {
                self.registers.remove(node);
            }
            self.free.clone_from(&free);
            self.free.extend(&self.temporary);
            for (home, (_, slot)) in self.homes.iter().zip(self.slots) {
                self.registers.insert(slot.state, home.registers[parity]);
                if home.is_target {
                    self.targets.insert(slot.next, home.registers[1 - parity]);
                }
            }
            let mut observe = self.emit(order, prologue_end, observe_end, is_odd);
            observe.extend(self.copies(Section::Observe, parity));
            self.code.observe[parity] = observe;
            let lowered = self.lowered;
            self.code.recorded[parity] =
                lowered.recorded.iter().map(|recorded| self.source(recorded.1)).collect();
            let mut advance = self.emit(order, observe_end, order.len(), is_odd);
            advance.extend(self.copies(Section::Advance, parity));
            self.code.advance[parity] = advance;
        }

        // The last time is observed, not advanced from.
        let last = self.lowered.n_steps % 2;
        for (home, (_, slot)) in self.homes.iter().zip(self.slots) {
            let parity = if slot.section == Section::Observe { 1 - last } else { last };
            self.registers.insert(slot.state, home.registers[parity]);
        }
        let outcomes = self.lowered.outcomes.iter().map(|outcome| outcome.1);
        let observations = self.lowered.observations.iter().map(|observation| observation.1);
        let outcomes = outcomes.chain(observations).collect::<Vec<_>>();
        self.code.outcomes = outcomes.into_iter().map(|node| self.source(node)).collect();
        self.code.clipped = self.source(self.lowered.clipped);
        self.code.health = self.source(self.lowered.health);
        self.code
    }

    /// Positions in `order` after which a value is not read. What outlives a step, or its section's end, is
    /// kept longer.
    fn find_last_uses(&mut self, order: &[Node], prologue_end: usize, observe_end: usize) {
        for (position, &node) in order.iter().enumerate() {
            let instruction =
                self.selection.instructions[node.index()].as_ref().expect("what is ordered has one");
            for &operand in instruction.used() {
                let persistent = self.graph.rate(operand) != Rate::Step && position >= prologue_end;
                let last = if persistent { usize::MAX } else { position };
                let known = self.last_use.entry(operand).or_insert(last);
                *known = (*known).max(last);
            }
        }
        let mut keep = |node: Node, until: usize| {
            let until = if self.graph.rate(node) == Rate::Step { until } else { usize::MAX };
            let known = self.last_use.entry(node).or_insert(until);
            *known = (*known).max(until);
        };
        for (_, slot) in self.slots {
            keep(slot.initial, usize::MAX);
            if slot.next != slot.state {
                keep(slot.next, if slot.section == Section::Observe { observe_end } else { order.len() });
            }
        }
        for (_, node) in &self.lowered.recorded {
            keep(*node, observe_end);
        }
    }

    /// Gives every slot its registers. Requires the last uses.
    fn find_homes(&mut self, order: &[Node], observe_end: usize) {
        let placed: HashMap<Node, usize> =
            order.iter().enumerate().map(|(position, &node)| (node, position)).collect();
        let mut claimed = HashSet::new();
        for (_, slot) in self.slots {
            let instruction = self.selection.instructions[slot.next.index()].as_ref();
            // A uniform of an odd step is already there and is not computed.
            let is_computed = self.graph.rate(slot.next) == Rate::Step
                && instruction.is_some_and(|instruction| instruction.opcode != Opcode::Uniform);
            let is_target = is_computed && claimed.insert(slot.next);
            let is_over = is_target && {
                let position = placed[&slot.next];
                // At the last time, what belongs to the way to the next must not change.
                let is_in_section = (position < observe_end) == (slot.section == Section::Observe);
                is_in_section && self.last_use.get(&slot.state).is_none_or(|&last| last < position)
            };
            let first = self.new_register();
            let second = if is_over || slot.next == slot.state { first } else { self.new_register() };
            self.homes.push(Home { registers: [first, second], is_target });
            self.code.states.push(([first, second], slot.name.clone()));
        }
        for (home, (_, slot)) in self.homes.iter().zip(self.slots) {
            if home.is_target {
                self.last_use.insert(slot.next, usize::MAX);
            }
        }
    }

    fn new_register(&mut self) -> u32 {
        self.code.n_registers += 1;
        (self.code.n_registers - 1) as u32
    }

    /// The register of a value; leaves get one that lasts.
    fn register(&mut self, node: Node) -> u32 {
        if let Some(&register) = self.registers.get(&node) {
            return register;
        }
        let register = self.new_register();
        match self.graph.operation(node) {
            Operation::Constant(bits) => self.code.constants.push((register, f64::from_bits(bits))),
            Operation::Parameter(parameter) => self.code.parameters.push((register, parameter)),
            Operation::Step => self.code.step = Some(register),
            operation => unreachable!("{operation:?} is read before it is computed"),
        }
        self.registers.insert(node, register);
        register
    }

    fn source(&mut self, node: Node) -> Source {
        match self.graph.as_constant(node) {
            Some(constant) => Source::Constant(constant),
            None => Source::Register(self.register(node)),
        }
    }

    fn emit(&mut self, order: &[Node], start: usize, end: usize, is_odd: bool) -> Vec<Instruction<u32>> {
        let mut emitted = Vec::with_capacity(end - start);
        for (position, &node) in order.iter().enumerate().take(end).skip(start) {
            let selection = self.selection;
            let instruction = selection.instructions[node.index()].as_ref().expect("what is ordered has one");
            if is_odd && instruction.opcode == Opcode::Uniform {
                self.registers.insert(node, self.spares[&node]);
                continue;
            }
            let operands: Vec<u32> =
                instruction.used().iter().map(|&operand| self.register(operand)).collect();
            // The result is placed before the operands are freed: it never overwrites one of them.
            let out = self.place_result(node);
            let mut assigned = Instruction::new(instruction.opcode, out, &operands)
                .with_constant(instruction.form, instruction.constant)
                .with_index(instruction.index)
                .with_spare(instruction.spare);
            if instruction.opcode == Opcode::Uniform {
                assigned.spare = self.new_register();
                self.spares.insert(node, assigned.spare);
            }
            emitted.push(assigned);
            self.release(instruction.used(), position, is_odd);
        }
        emitted
    }

    /// The register that the instruction of `node` writes.
    fn place_result(&mut self, node: Node) -> u32 {
        let out = match (self.targets.get(&node), self.free.pop()) {
            (Some(&target), popped) => {
                self.free.extend(popped);
                target
            }
            (None, Some(freed)) => freed,
            (None, None) => {
                let made = self.new_register();
                if self.graph.rate(node) == Rate::Step {
                    self.temporary.push(made);
                }
                made
            }
        };
        self.registers.insert(node, out);
        out
    }

    /// Frees the registers of computed values that are not read after `position`.
    fn release(&mut self, operands: &[Node], position: usize, is_odd: bool) {
        for (i, operand) in operands.iter().enumerate() {
            let Some(instruction) = &self.selection.instructions[operand.index()] else { continue };
            let is_spare = is_odd && instruction.opcode == Opcode::Uniform;
            if !is_spare && !operands[..i].contains(operand) && self.last_use.get(operand) == Some(&position)
            {
                self.free.push(self.registers[operand]);
            }
        }
    }

    /// Copies of the next values that no instruction writes into place.
    fn copies(&mut self, section: Section, parity: usize) -> Vec<Instruction<u32>> {
        let mut copies = Vec::new();
        for (position, (_, slot)) in self.slots.iter().enumerate() {
            let home = self.homes[position];
            if slot.section == section && !home.is_target && slot.next != slot.state {
                let source = self.register(slot.next);
                copies.push(Instruction::new(Opcode::Copy, home.registers[1 - parity], &[source]));
            }
        }
        copies
    }
}
