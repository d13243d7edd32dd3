//! From the primitives of a region to machine code: which value is in which machine register when.
//!
//! Enters: a [`Region`]. Leaves: bytes of a function that does it for all lanes, and how much memory it puts values
//! aside in. Always holds: the code is straight, so the next use of every value is known, and where a register is
//! needed, the value whose next use is furthest away leaves its own (Belady 1966); constants and registers of lanes
//! are read from where they are.

use std::collections::HashMap;

use iced_x86::IcedError;

use super::encode::{Assembler, InstructionSet, Machine, Place, Source};
use super::order::{Step, order};
use super::primitive::{Pair, Primitive, Value};
use super::region::Region;
use crate::interpreter::{LANES, Lanes};
use crate::random::N_ROUNDS;

/// Constants in the order in which they were first needed; shared by all regions of a program.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) constants: Vec<u64>,
    positions: HashMap<u64, usize>,
}

impl Pool {
    fn position(&mut self, bits: u64) -> usize {
        let next = self.constants.len();
        let position = *self.positions.entry(bits).or_insert(next);
        if position == next {
            self.constants.push(bits);
        }
        position
    }
}

/// The machine code of one region.
pub(super) struct Generated {
    pub(super) bytes: Vec<u8>,
    /// Values that it puts aside at most.
    pub(super) n_spilled: usize,
}

/// Generates the code of a region.
pub(super) fn generate(
    set: InstructionSet,
    region: &Region,
    pool: &mut Pool,
) -> Result<Generated, IcedError> {
    let steps = order(region, set.n_registers());
    let mut allocator = Allocator {
        set,
        primitives: region.trace.primitives(),
        pool,
        assembler: Assembler::new(set),
        uses: uses(region, &steps),
        machine: vec![None; region.trace.primitives().len()],
        holds: vec![None; set.n_registers()],
        spilled: HashMap::new(),
        free_spills: Vec::new(),
        n_spilled: 0,
    };
    for &step in &steps {
        match step {
            Step::Compute(value) => allocator.compute(value),
            Step::Store(register, value) => {
                let from = allocator.in_machine(value, &[]);
                allocator.assembler.store(lanes(register), from);
                let left = allocator.used(value);
                allocator.free_spills.extend(left);
            }
        }
    }
    Ok(Generated { n_spilled: allocator.n_spilled, bytes: allocator.assembler.finish(LANES as u32)? })
}

/// Per value the steps that use it, the last first, so that the next use is at the end.
fn uses(region: &Region, steps: &[Step]) -> Vec<Vec<u32>> {
    let primitives = region.trace.primitives();
    let mut uses: Vec<Vec<u32>> = vec![Vec::new(); primitives.len()];
    for (position, step) in steps.iter().enumerate().rev() {
        for operand in step.operands(primitives) {
            if uses[operand.index()].last() != Some(&(position as u32)) {
                uses[operand.index()].push(position as u32);
            }
        }
    }
    uses
}

struct Allocator<'r> {
    set: InstructionSet,
    primitives: &'r [Primitive],
    pool: &'r mut Pool,
    assembler: Assembler,
    uses: Vec<Vec<u32>>,
    /// The machine register of each value.
    machine: Vec<Option<Machine>>,
    /// What each machine register holds.
    holds: Vec<Option<Value>>,
    spilled: HashMap<Value, usize>,
    free_spills: Vec<usize>,
    n_spilled: usize,
}

/// A byte offset. One that no address can hold is refused by the encoder, and with it the whole program.
fn offset(position: usize, size: usize) -> i64 {
    i64::try_from(position.saturating_mul(size)).unwrap_or(i64::MAX)
}

fn lanes(register: u32) -> Place {
    Place::Lanes(offset(register as usize, size_of::<Lanes>()))
}

impl Allocator<'_> {
    /// Where a value is in memory.
    fn in_memory(&mut self, value: Value) -> Option<Place> {
        match self.primitives[value.index()] {
            Primitive::Register(register) => Some(lanes(register)),
            Primitive::Constant(bits) => {
                Some(Place::Pool(offset(self.pool.position(bits), self.set.width())))
            }
            _ => self.spilled.get(&value).map(|&slot| Place::Spill(offset(slot, self.set.width()))),
        }
    }

    /// A machine register, freed if need be; none of `kept` leaves its own.
    fn free_machine(&mut self, kept: &[Value]) -> Machine {
        if let Some(position) = self.holds.iter().position(Option::is_none) {
            return Machine(position as u8);
        }
        let next_use = |value: &Value| self.uses[value.index()].last().copied().unwrap_or(u32::MAX);
        let furthest = self
            .holds
            .iter()
            .enumerate()
            .filter_map(|(position, held)| held.map(|held| (position, held)))
            .filter(|(_, held)| !kept.contains(held))
            .max_by_key(|(position, held)| (next_use(held), *position));
        let (position, value) = furthest.expect("an operation keeps fewer values than there are registers");
        let machine = Machine(position as u8);
        let is_leaf = self.primitives[value.index()].is_leaf();
        if !is_leaf && !self.uses[value.index()].is_empty() && !self.spilled.contains_key(&value) {
            let slot = self.free_spills.pop().unwrap_or_else(|| {
                self.n_spilled += 1;
                self.n_spilled - 1
            });
            self.spilled.insert(value, slot);
            self.assembler.store(Place::Spill(offset(slot, self.set.width())), machine);
        }
        self.machine[value.index()] = None;
        self.holds[position] = None;
        machine
    }

    fn hold(&mut self, value: Value, machine: Machine) {
        self.machine[value.index()] = Some(machine);
        self.holds[usize::from(machine.0)] = Some(value);
    }

    /// A value in a machine register.
    fn in_machine(&mut self, value: Value, kept: &[Value]) -> Machine {
        if let Some(machine) = self.machine[value.index()] {
            return machine;
        }
        let machine = self.free_machine(kept);
        if let Some(place) = self.in_memory(value) {
            self.assembler.load(machine, place);
        } else {
            let source = match self.primitives[value.index()] {
                Primitive::Draw => Source::Draws,
                Primitive::Replication => Source::Replications,
                Primitive::StepPair => Source::StepPair,
                Primitive::Key { stream, word } => {
                    let position = stream as usize * 2 * N_ROUNDS + word as usize;
                    Source::Key(offset(position, size_of::<u64>()))
                }
                other => unreachable!("{other:?} is read before it is computed"),
            };
            self.assembler.convert(machine, source);
        }
        self.hold(value, machine);
        machine
    }

    /// A value where the second operand of an instruction may be.
    fn anywhere(&mut self, value: Value, kept: &[Value]) -> Place {
        if self.machine[value.index()].is_none() {
            let has_room = self.holds.iter().any(Option::is_none);
            let is_reused = self.uses[value.index()].len() > 1
                && matches!(self.primitives[value.index()], Primitive::Register(_));
            if !(has_room && is_reused)
                && let Some(place) = self.in_memory(value)
            {
                return place;
            }
        }
        Place::Machine(self.in_machine(value, kept))
    }

    /// Notes that a value was used where its next use was. When it is not used again, its machine register is
    /// free, and the place where it was put aside is given back.
    fn used(&mut self, value: Value) -> Option<usize> {
        self.uses[value.index()].pop();
        if !self.uses[value.index()].is_empty() {
            return None;
        }
        if let Some(machine) = self.machine[value.index()].take() {
            self.holds[usize::from(machine.0)] = None;
        }
        self.spilled.remove(&value)
    }

    fn is_in_machine(&self, value: Value) -> bool {
        self.machine[value.index()].is_some()
    }

    fn compute(&mut self, value: Value) {
        let primitive = self.primitives[value.index()];
        match primitive {
            Primitive::Pair(pair, a, b) => {
                let commutes = !matches!(
                    pair,
                    Pair::Subtract | Pair::Divide | Pair::Minimum | Pair::Maximum | Pair::SubtractWords
                );
                let (a, b) =
                    if commutes && !self.is_in_machine(a) && self.is_in_machine(b) { (b, a) } else { (a, b) };
                let first = self.in_machine(a, &[b]);
                let second = self.anywhere(b, &[a]);
                let out = self.result(value, &[a, b]);
                self.assembler.pair(pair, out, first, second);
            }
            Primitive::ShiftLeft(a, count) | Primitive::ShiftRight(a, count) => {
                let from = self.in_machine(a, &[]);
                let out = self.result(value, &[a]);
                let left = matches!(primitive, Primitive::ShiftLeft(..));
                self.assembler.shift(out, from, left, count);
            }
            Primitive::SquareRoot(a) => {
                let from = self.anywhere(a, &[]);
                let out = self.result(value, &[a]);
                self.assembler.square_root(out, from);
            }
            Primitive::Round(rounding, a) => {
                let from = self.anywhere(a, &[]);
                let out = self.result(value, &[a]);
                self.assembler.round(rounding, out, from);
            }
            Primitive::Select(predicate, [x, y, yes, no]) => {
                let all = [x, y, yes, no];
                let first = self.in_machine(x, &all);
                let second = self.anywhere(y, &all);
                self.assembler.compare(predicate, first, second);
                if self.primitives[no.index()] == Primitive::Constant(0) {
                    let yes = self.anywhere(yes, &all);
                    let out = self.result(value, &all);
                    self.assembler.keep(out, yes);
                } else {
                    let no = self.in_machine(no, &all);
                    let yes = self.anywhere(yes, &all);
                    let out = self.result(value, &all);
                    self.assembler.blend(out, yes, no);
                }
            }
            Primitive::Register(_)
            | Primitive::Constant(_)
            | Primitive::Draw
            | Primitive::Replication
            | Primitive::StepPair
            | Primitive::Key { .. } => {}
        }
    }

    /// The register of a result, after its operands were read: one that they leave, if any.
    fn result(&mut self, value: Value, operands: &[Value]) -> Machine {
        let mut left = Vec::new();
        for (position, &operand) in operands.iter().enumerate() {
            if !operands[..position].contains(&operand) {
                left.extend(self.used(operand));
            }
        }
        // Machine registers of operands may be taken: the instruction reads before it writes. Their places in
        // memory may not: what leaves a register is written before the instruction reads.
        let machine = self.free_machine(&[]);
        self.free_spills.extend(left);
        self.hold(value, machine);
        machine
    }
}
