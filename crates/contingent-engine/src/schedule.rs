//! From the graph to code: what is needed, in which part of the program, in which order, in which register.
//!
//! Enters: [`Lowered`]. Leaves: [`Code`]. Always holds: only what an outcome, a recording, a stock, the
//! count of clippings or the health needs is computed; what depends on parameters only is computed once per
//! block; a register is reused after its last reader, most recently freed first, so that the working set
//! stays small.

use std::collections::HashMap;

use crate::code::{Code, Instruction, Opcode, Source};
use crate::graph::{Graph, Node, Operation, Rate};
use crate::lower::{Lowered, Section, Slot};
use crate::selection::Selection;

const PROLOGUE: u8 = 0;
const OBSERVE: u8 = 1;
const ADVANCE: u8 = 2;

/// Schedules a lowered model.
pub(crate) fn schedule(lowered: &Lowered) -> Code {
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
    let order = orderer.order;
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
            for operand in graph.operation(node).operands().into_iter().flatten() {
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
        }
    }

    fn run(mut self, order: &[Node], prologue_end: usize, observe_end: usize) -> Code {
        for (_, slot) in self.slots {
            let register = self.new_register();
            self.registers.insert(slot.state, register);
            self.code.states.push((register, slot.name.clone()));
        }
        self.find_last_uses(order, prologue_end, observe_end);
        let mut prologue = self.emit(order, 0, prologue_end);
        let initial: Vec<(Node, Node)> =
            self.slots.iter().map(|(_, slot)| (slot.state, slot.initial)).collect();
        prologue.extend(self.commit(&initial));
        self.code.prologue = prologue;

        let mut observe = self.emit(order, prologue_end, observe_end);
        self.code.n_before_recording = observe.len();
        observe.extend(self.commit(&self.next_values(Section::Observe)));
        self.code.observe = observe;

        let mut advance = self.emit(order, observe_end, order.len());
        advance.extend(self.commit(&self.next_values(Section::Advance)));
        self.code.advance = advance;

        let recorded = self.lowered.recorded.iter().map(|recorded| recorded.1).collect::<Vec<_>>();
        self.code.recorded = recorded.into_iter().map(|node| self.source(node)).collect();
        let outcomes = self.lowered.outcomes.iter().map(|outcome| outcome.1).collect::<Vec<_>>();
        self.code.outcomes = outcomes.into_iter().map(|node| self.source(node)).collect();
        self.code.clipped = self.source(self.lowered.clipped);
        self.code.health = self.source(self.lowered.health);
        self.code
    }

    fn next_values(&self, section: Section) -> Vec<(Node, Node)> {
        let slots = self.slots.iter().filter(|(_, slot)| slot.section == section);
        slots.map(|(_, slot)| (slot.state, slot.next)).filter(|(state, next)| state != next).collect()
    }

    /// Positions in `order` after which a value is not read. What outlives a step, or its section's end, is
    /// kept longer.
    fn find_last_uses(&mut self, order: &[Node], prologue_end: usize, observe_end: usize) {
        for (position, &node) in order.iter().enumerate() {
            let instruction = self.selection.instructions[node.index()].expect("what is ordered has one");
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
            keep(slot.next, if slot.section == Section::Observe { observe_end } else { order.len() });
        }
        for (_, node) in &self.lowered.recorded {
            keep(*node, observe_end);
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

    fn emit(&mut self, order: &[Node], start: usize, end: usize) -> Vec<Instruction<u32>> {
        let mut emitted = Vec::with_capacity(end - start);
        for (position, &node) in order.iter().enumerate().take(end).skip(start) {
            let instruction = self.selection.instructions[node.index()].expect("what is ordered has one");
            let operands: Vec<u32> =
                instruction.used().iter().map(|&operand| self.register(operand)).collect();
            // The result is placed before the operands are freed: it never overwrites one of them.
            let out = self.free.pop().unwrap_or_else(|| self.new_register());
            self.registers.insert(node, out);
            let mut assigned = Instruction::new(instruction.opcode, out, &operands)
                .with_constant(instruction.form, instruction.constant)
                .with_index(instruction.index);
            if instruction.opcode == Opcode::Uniform {
                assigned.spare = self.new_register();
            }
            emitted.push(assigned);
            self.release(instruction.used(), position);
        }
        // What was kept for the end of this section is free in the next, after the section's commits.
        emitted
    }

    /// Frees the registers of computed values that are not read after `position`.
    fn release(&mut self, operands: &[Node], position: usize) {
        for (i, operand) in operands.iter().enumerate() {
            let is_computed = self.selection.instructions[operand.index()].is_some();
            if is_computed
                && !operands[..i].contains(operand)
                && self.last_use.get(operand) == Some(&position)
            {
                self.free.push(self.registers[operand]);
            }
        }
    }

    /// Copies values into state registers as if all at once.
    fn commit(&mut self, pairs: &[(Node, Node)]) -> Vec<Instruction<u32>> {
        let mut first = Vec::new();
        let mut second = Vec::new();
        for &(state, value) in pairs {
            let target = self.register(state);
            let source = self.register(value);
            let overwritten = matches!(self.graph.operation(value), Operation::State(_));
            let source = if overwritten {
                let copy = self.new_register();
                first.push(Instruction::new(Opcode::Copy, copy, &[source]));
                copy
            } else {
                source
            };
            second.push(Instruction::new(Opcode::Copy, target, &[source]));
        }
        first.extend(second);
        first
    }
}
