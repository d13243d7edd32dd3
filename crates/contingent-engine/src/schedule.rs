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
//! serves both. The last time has code of its own: what is asked of it alone costs nothing at the others.

use std::collections::{HashMap, HashSet};

use crate::code::{Code, Instruction, Opcode, Source};
use crate::graph::{Graph, Node, Operation, Rate};
use crate::lower::{Lowered, Section, Slot};
use crate::selection::Selection;

const PROLOGUE: u8 = 0;
const OBSERVE: u8 = 1;
const ADVANCE: u8 = 2;
const LAST: u8 = 3;

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
    let graph = &lowered.graph;
    let selection = Selection::new(graph, &live.section, &uses);
    let selection_at_last = Selection::new(graph, &live.section_at_last, &live.uses_at_last);
    let slots: Vec<(usize, &Slot)> =
        lowered.slots.iter().enumerate().filter(|(position, _)| live.slots[*position]).collect();
    let mut orderer = Orderer::new(graph, &selection);
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
    for &node in &live.drawn_before_last {
        orderer.place(node);
    }
    let mut order = orderer.order;
    let mut orderer = Orderer::new(graph, &selection_at_last);
    for node in wanted_at_last(lowered) {
        orderer.place(node);
    }
    let mut last = orderer.order;
    if let Order::Grouped(is_grouped) = kind {
        Ranks::new(&selection_at_last, is_grouped).sort(&mut last);
        let mut ranks = Ranks::new(&selection, is_grouped);
        ranks.sort(&mut order[observe_end..]);
        ranks.sort(&mut order[prologue_end..observe_end]);
        ranks.sort(&mut order[..prologue_end]);
    }
    let last = Last { selection: &selection_at_last, order: &last };
    Allocator::new(lowered, &selection, &slots).run(&order, prologue_end, observe_end, &last)
}

/// What is read after the last time: recordings and results, the latter as they are once it has been observed.
fn wanted_at_last(lowered: &Lowered) -> impl Iterator<Item = Node> {
    let recorded = lowered.recorded.iter().map(|recorded| recorded.1);
    recorded.chain(lowered.results().map(|node| lowered.after_last(node)))
}

/// The values that are computed at the last time.
struct Last<'s> {
    selection: &'s Selection,
    order: &'s [Node],
}

/// Which nodes and slots are needed, and where.
struct Liveness {
    /// Part of the program per node; none when it is not needed.
    section: Vec<Option<u8>>,
    uses: Vec<u32>,
    slots: Vec<bool>,
    /// Uses from outside the graph.
    roots: Vec<Node>,
    /// As the first two, for the last time.
    section_at_last: Vec<Option<u8>>,
    uses_at_last: Vec<u32>,
    /// Uniforms of the last step, where that is an odd one: they are drawn in the even step before it.
    drawn_before_last: Vec<Node>,
}

impl Liveness {
    fn new(lowered: &Lowered) -> Self {
        let graph = &lowered.graph;
        let mut live = Self {
            section: vec![None; graph.len()],
            uses: vec![0; graph.len()],
            slots: vec![false; lowered.slots.len()],
            roots: Vec::new(),
            section_at_last: vec![None; graph.len()],
            uses_at_last: vec![0; graph.len()],
            drawn_before_last: Vec::new(),
        };
        let mut pending: Vec<(Node, u8)> = Vec::new();
        let recorded = lowered.recorded.iter().map(|recorded| recorded.1);
        let kept = lowered.slots.iter().filter(|slot| slot.kept).map(|slot| slot.state);
        // A result that is state is followed from the start.
        let states = lowered.results().filter(|&node| matches!(graph.operation(node), Operation::State(_)));
        for node in recorded.chain(kept).chain(states) {
            live.roots.push(node);
            pending.push((node, OBSERVE));
        }
        live.find_last(lowered, &mut pending);
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

    /// What is needed at the last time. What that needs from before is added to `pending`.
    fn find_last(&mut self, lowered: &Lowered, pending: &mut Vec<(Node, u8)>) {
        let graph = &lowered.graph;
        let mut of_last: Vec<Node> = Vec::new();
        let mut need = |node: Node, of_last: &mut Vec<Node>, live: &mut Self| {
            live.uses_at_last[node.index()] += 1;
            if live.uses_at_last[node.index()] > 1 {
                return;
            }
            match (graph.rate(node), graph.operation(node)) {
                (Rate::Constant | Rate::Run, _) | (_, Operation::State(_)) => {
                    live.roots.push(node);
                    pending.push((node, OBSERVE));
                }
                (Rate::Step, operation) => {
                    if matches!(operation, Operation::Uniform(_)) && lowered.n_steps % 2 == 1 {
                        live.roots.push(node);
                        live.drawn_before_last.push(node);
                        pending.push((node, ADVANCE));
                    }
                    live.section_at_last[node.index()] = Some(LAST);
                    of_last.push(node);
                }
            }
        };
        for node in wanted_at_last(lowered) {
            need(node, &mut of_last, self);
        }
        while let Some(node) = of_last.pop() {
            for operand in graph.operands(graph.operation(node)) {
                need(operand, &mut of_last, self);
            }
        }
    }
}

/// Places instructions after their operands, depth first, so that values are used soon.
struct Orderer<'s> {
    selection: &'s Selection,
    placed: Vec<bool>,
    order: Vec<Node>,
}

impl<'s> Orderer<'s> {
    fn new(graph: &Graph, selection: &'s Selection) -> Self {
        Self { selection, placed: vec![false; graph.len()], order: Vec::new() }
    }

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

    fn run(mut self, order: &[Node], prologue_end: usize, observe_end: usize, last: &Last<'l>) -> Code {
        self.find_last_uses(order, prologue_end, observe_end, last);
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
            }
            if self.lowered.n_steps % 2 == parity {
                self.run_last(last, is_odd);
            }
            for (home, (_, slot)) in self.homes.iter().zip(self.slots) {
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
            self.targets.clear();
        }
        self.code
    }

    /// The code of the last time, when state is where it is at its parity; leaves everything as it was for the code of
    /// the other times, but for the registers that it adds.
    fn run_last(&mut self, last: &Last<'l>, is_odd: bool) {
        let lowered = self.lowered;
        let free = self.free.clone();
        let last_use = std::mem::take(&mut self.last_use);
        let selection = std::mem::replace(&mut self.selection, last.selection);
        self.find_last_uses_in(last.order, 0);
        for node in wanted_at_last(lowered) {
            self.last_use.insert(node, usize::MAX);
        }
        self.code.last = self.emit(last.order, 0, last.order.len(), is_odd);
        self.code.recorded[2] = lowered.recorded.iter().map(|recorded| self.source(recorded.1)).collect();
        let outcomes = lowered.outcomes.iter().map(|outcome| outcome.1);
        let observations = lowered.observations.iter().map(|observation| observation.1);
        let mut result = |node| self.source(lowered.after_last(node));
        let outcomes = outcomes.chain(observations).map(&mut result).collect();
        let (clipped, health) = (result(lowered.clipped), result(lowered.health));
        self.code.outcomes = outcomes;
        (self.code.clipped, self.code.health) = (clipped, health);
        (self.selection, self.last_use, self.free) = (selection, last_use, free);
        // Leaves that were found here keep their registers.
        for node in last.order {
            self.registers.remove(node);
        }
    }

    /// Positions in `order` after which a value is not read. What outlives a step, or its section's end, is
    /// kept longer.
    fn find_last_uses(&mut self, order: &[Node], prologue_end: usize, observe_end: usize, last: &Last<'_>) {
        self.find_last_uses_in(order, prologue_end);
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
        // What is not of a step is there at the last time.
        let read_at_last = last
            .order
            .iter()
            .flat_map(|node| last.selection.instructions[node.index()].iter().flat_map(Instruction::used));
        for node in read_at_last.copied().chain(wanted_at_last(self.lowered)) {
            if self.graph.rate(node) != Rate::Step {
                keep(node, usize::MAX);
            }
        }
    }

    /// As [`Self::find_last_uses`], of the instructions alone.
    fn find_last_uses_in(&mut self, order: &[Node], prologue_end: usize) {
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
