//! The order in which a region's primitives are done, and when its values are written.
//!
//! Enters: a [`Region`]. Leaves: [`Step`]s. Always holds: a value is computed after its operands and written after it
//! is computed; a register of lanes is written after everything that reads it as it was when the region began.
//!
//! A processor looks some hundred instructions ahead at most, so what takes long must begin early. The list scheduling
//! of Goodman and Hsu 1988: while machine registers are left, the value on the longest way to the end comes next; when
//! few are, one that frees a register does.

use std::collections::HashMap;

use super::primitive::{Pair, Primitive, Value};
use super::region::Region;

/// One thing that machine code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Compute(Value),
    /// Writes a value to a register of lanes.
    Store(u32, Value),
}

impl Step {
    /// The values that it reads.
    pub(super) fn operands(self, primitives: &[Primitive]) -> impl Iterator<Item = Value> {
        let (of_primitive, stored) = match self {
            Self::Compute(value) => (Some(primitives[value.index()].operands()), None),
            Self::Store(_, value) => (None, Some(value)),
        };
        of_primitive.into_iter().flatten().chain(stored)
    }
}

/// Machine registers that are kept for values on their way from memory. Of 0 to 6, three were fastest with sixteen
/// registers.
const RESERVE: usize = 3;

/// Orders a region for a machine with `n_registers` for values.
pub(super) fn order(region: &Region, n_registers: usize) -> Vec<Step> {
    let mut orderer = Orderer::new(region);
    let most_live = n_registers.saturating_sub(RESERVE);
    while let Some(next) = orderer.choose(most_live) {
        orderer.compute(next);
    }
    orderer.finish()
}

/// Cycles until the result of a primitive is there, as on recent processors.
fn latency(primitive: &Primitive) -> u32 {
    match primitive {
        Primitive::Pair(Pair::Divide, ..) => 14,
        Primitive::SquareRoot(_) => 20,
        Primitive::Pair(Pair::Add | Pair::Subtract | Pair::Multiply | Pair::MultiplyLowHalves, ..)
        | Primitive::Round(..)
        | Primitive::Select(..) => 4,
        Primitive::Pair(..) | Primitive::ShiftLeft(..) | Primitive::ShiftRight(..) => 1,
        _ => 0,
    }
}

struct Orderer<'r> {
    region: &'r Region,
    primitives: &'r [Primitive],
    /// Cycles from the beginning of each value to the end of the region; none of a value that is not computed.
    to_end: Vec<Option<u32>>,
    users: Vec<Vec<Value>>,
    /// Operands of each value that are not computed yet.
    n_operands_left: Vec<usize>,
    /// Users of each value that are not computed yet, and stores of it that are not done.
    n_uses_left: Vec<usize>,
    /// Values whose operands are there.
    ready: Vec<Value>,
    /// Computed values that are still to be used.
    n_live: usize,
    /// Per value its stores, by position in the region.
    stores: HashMap<Value, Vec<usize>>,
    /// The value of each register of lanes as it is when the region begins.
    as_begun: HashMap<u32, Value>,
    /// Stores of computed values whose registers are still to be read.
    waiting: Vec<usize>,
    is_stored: Vec<bool>,
    steps: Vec<Step>,
}

impl<'r> Orderer<'r> {
    fn new(region: &'r Region) -> Self {
        let primitives = region.trace.primitives();
        let n = primitives.len();
        let mut orderer = Self {
            region,
            primitives,
            to_end: vec![None; n],
            users: vec![Vec::new(); n],
            n_operands_left: vec![0; n],
            n_uses_left: vec![0; n],
            ready: Vec::new(),
            n_live: 0,
            stores: HashMap::new(),
            as_begun: HashMap::new(),
            waiting: Vec::new(),
            is_stored: vec![false; region.stores.len()],
            steps: Vec::new(),
        };
        for (position, &(_, value)) in region.stores.iter().enumerate() {
            orderer.n_uses_left[value.index()] += 1;
            orderer.stores.entry(value).or_default().push(position);
        }
        for position in (0..n).rev() {
            let primitive = &primitives[position];
            if let Primitive::Register(register) = *primitive {
                orderer.as_begun.insert(register, Value(position as u32));
            }
            if orderer.n_uses_left[position] == 0 || primitive.is_leaf() {
                continue;
            }
            let value = Value(position as u32);
            let after = orderer.users[position].iter().filter_map(|user| orderer.to_end[user.index()]).max();
            orderer.to_end[position] = Some(after.unwrap_or(0) + latency(primitive));
            let mut operands: Vec<Value> = primitive.operands().collect();
            operands.sort_unstable();
            operands.dedup();
            for operand in operands {
                orderer.users[operand.index()].push(value);
                orderer.n_uses_left[operand.index()] += 1;
                orderer.n_operands_left[position] += usize::from(!primitives[operand.index()].is_leaf());
            }
            if orderer.n_operands_left[position] == 0 {
                orderer.ready.push(value);
            }
        }
        orderer
    }

    /// Takes the value that is computed next; none when all are.
    fn choose(&mut self, most_live: usize) -> Option<Value> {
        let has_room = self.n_live < most_live;
        let rank = |&value: &Value| {
            let frees = if has_room { 0 } else { self.n_freed_by(value) };
            // Where nothing frees a register, what was traced first: it belongs to what is under way.
            let urgency = if has_room || frees > 0 { self.to_end[value.index()] } else { None };
            (frees, urgency, std::cmp::Reverse(value))
        };
        let best = (0..self.ready.len()).max_by_key(|&position| rank(&self.ready[position]))?;
        Some(self.ready.swap_remove(best))
    }

    /// How many values are used by this one for the last time.
    fn n_freed_by(&self, value: Value) -> usize {
        let primitive = &self.primitives[value.index()];
        let operands: Vec<Value> = primitive.operands().collect();
        let is_freed = |operand: &Value| {
            self.n_uses_left[operand.index()] == 1 && !self.primitives[operand.index()].is_leaf()
        };
        operands
            .iter()
            .enumerate()
            .filter(|&(position, operand)| !operands[..position].contains(operand) && is_freed(operand))
            .count()
    }

    fn compute(&mut self, value: Value) {
        self.steps.push(Step::Compute(value));
        self.n_live += 1;
        let primitive = self.primitives[value.index()];
        let operands: Vec<Value> = primitive.operands().collect();
        for (position, &operand) in operands.iter().enumerate() {
            if !operands[..position].contains(&operand) {
                self.use_up(operand);
            }
        }
        for position in 0..self.users[value.index()].len() {
            let user = self.users[value.index()][position];
            let n_left = &mut self.n_operands_left[user.index()];
            *n_left -= 1;
            if *n_left == 0 {
                self.ready.push(user);
            }
        }
        self.waiting.extend(self.stores.get(&value).into_iter().flatten());
        for position in std::mem::take(&mut self.waiting) {
            let (register, value) = self.region.stores[position];
            let as_begun = self.as_begun.get(&register);
            if as_begun.is_some_and(|as_begun| self.n_uses_left[as_begun.index()] > 0) {
                self.waiting.push(position);
            } else {
                self.is_stored[position] = true;
                self.steps.push(Step::Store(register, value));
                self.use_up(value);
            }
        }
    }

    /// What was not written on the way comes in the order of the region, in which nothing is overwritten before it
    /// is read.
    fn finish(mut self) -> Vec<Step> {
        let left = self.region.stores.iter().zip(&self.is_stored).filter(|(_, is_stored)| !**is_stored);
        self.steps.extend(left.map(|(&(register, value), _)| Step::Store(register, value)));
        self.steps
    }

    fn use_up(&mut self, value: Value) {
        let n_left = &mut self.n_uses_left[value.index()];
        *n_left -= 1;
        if *n_left == 0 && !self.primitives[value.index()].is_leaf() {
            self.n_live -= 1;
        }
    }
}
