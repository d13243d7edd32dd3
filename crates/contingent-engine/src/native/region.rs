//! From instructions over registers of lanes to straight regions of primitives.
//!
//! Enters: [`Code`]. Leaves: its sections as [`Item`]s: regions, and instructions that stay calls of the interpreter
//! because they iterate (counts by inversion) or are long. Always holds: a region gives the registers that something after it reads
//! the values that its instructions would give them; the arithmetic of an instruction is traced from the same
//! definitions that the interpreter compiles.

use std::cell::RefCell;
use std::collections::HashMap;

use super::primitive::{Predicate, Primitive, Rounding, Trace, Traced, Value};
use crate::code::{Code, Form, Instruction, Opcode, Source};
use crate::graph::{Binary, Table, Unary};
use crate::math::{self, Lane as _};
use crate::random::{philox_rounds, uniform_from_words};

/// Instructions in one region at most: longer ones would only make the search for registers slow.
const MAX_INSTRUCTIONS: usize = 4_000;

/// Steps up to this many machine instructions, of some seven bytes each, stay in an instruction cache of 32 KiB as a
/// whole; in longer ones, instructions that become more than `MAX_INLINE_LENGTH` stay calls.
const MAX_STEP_LENGTH: usize = 3_500;
const MAX_INLINE_LENGTH: usize = 30;

/// A part of a section.
pub(super) enum Item {
    /// Instructions by position in their section.
    Region(Region),
    /// An instruction that the interpreter executes.
    Call(Instruction<u32>),
}

/// Primitives and the registers that take some of their values.
pub(super) struct Region {
    pub(super) trace: Trace,
    /// Register and value, in the order in which they must be written.
    pub(super) stores: Vec<(u32, Value)>,
}

/// The sections of a program as items.
pub(super) struct Sections {
    pub(super) prologue: Vec<Item>,
    pub(super) observe: [Vec<Item>; 2],
    pub(super) advance: [Vec<Item>; 2],
    pub(super) last: Vec<Item>,
}

/// A stretch of instructions before it is traced.
struct Stretch<'c> {
    instructions: &'c [Instruction<u32>],
    is_call: bool,
}

/// Finds the items of every section; none when a region's copies cannot be ordered.
pub(super) fn sections(code: &Code, tables: &[Table], is_call: fn(Opcode) -> bool) -> Option<Sections> {
    let stretches = [
        stretches(&code.prologue, is_call),
        stretches(&code.observe[0], is_call),
        stretches(&code.advance[0], is_call),
        stretches(&code.observe[1], is_call),
        stretches(&code.advance[1], is_call),
        stretches(&code.last, is_call),
    ];
    let live = live_after(code, &stretches);
    let mut items = stretches.iter().zip(&live).map(|(stretches, live)| {
        stretches
            .iter()
            .zip(live)
            .map(|(stretch, live)| {
                if stretch.is_call {
                    Some(Item::Call(stretch.instructions[0].clone()))
                } else {
                    trace(stretch.instructions, tables, live).map(Item::Region)
                }
            })
            .collect::<Option<Vec<Item>>>()
    });
    let mut next = || items.next().flatten();
    let (prologue, observe_even, advance_even) = (next()?, next()?, next()?);
    let (observe_odd, advance_odd, last) = (next()?, next()?, next()?);
    Some(Sections {
        prologue,
        observe: [observe_even, observe_odd],
        advance: [advance_even, advance_odd],
        last,
    })
}

/// Which instructions stay calls in a program with this code.
pub(super) fn calls(code: &Code, tables: &[Table]) -> fn(Opcode) -> bool {
    // An even step draws the uniforms of the odd one too, so it is the longer one.
    let step = code.observe[0].iter().chain(&code.advance[0]);
    let length: usize = step.map(|instruction| length(instruction, tables)).sum();
    if length > MAX_STEP_LENGTH { iterates_or_is_long } else { iterates }
}

fn iterates(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Binary(Binary::Poisson)
            | Opcode::Binomial
            | Opcode::BinomialAtHazard
            | Opcode::Series
            | Opcode::Bargain
    )
}

fn iterates_or_is_long(opcode: Opcode) -> bool {
    iterates(opcode) || length_without_tables(opcode) > MAX_INLINE_LENGTH
}

/// About how many machine instructions an instruction becomes.
fn length(instruction: &Instruction<u32>, tables: &[Table]) -> usize {
    match instruction.opcode {
        Opcode::Table => 6 * tables[instruction.index as usize].segments.len(),
        opcode => length_without_tables(opcode),
    }
}

fn length_without_tables(opcode: Opcode) -> usize {
    match opcode {
        Opcode::Unary(Unary::Exp | Unary::ExpM1 | Unary::Logistic) => 40,
        Opcode::Unary(Unary::Log) => 60,
        Opcode::Unary(Unary::NormalQuantile) => 110,
        Opcode::Unary(Unary::Round) => 15,
        Opcode::Binary(Binary::Power) => 180,
        Opcode::Uniform | Opcode::UniformAtStart => 140,
        _ => 2,
    }
}

fn stretches(instructions: &[Instruction<u32>], is_call: fn(Opcode) -> bool) -> Vec<Stretch<'_>> {
    let is_call = |instruction: &Instruction<u32>| is_call(instruction.opcode);
    let mut stretches = Vec::new();
    let mut start = 0;
    while start < instructions.len() {
        if is_call(&instructions[start]) {
            stretches.push(Stretch { instructions: &instructions[start..=start], is_call: true });
            start += 1;
            continue;
        }
        let rest = &instructions[start..];
        let length = rest.iter().position(is_call).unwrap_or(rest.len()).min(MAX_INSTRUCTIONS);
        stretches.push(Stretch { instructions: &rest[..length], is_call: false });
        start += length;
    }
    stretches
}

/// Per section and stretch, which registers may be read after it before they are written again.
///
/// The sections follow each other: the prologue, then at even times observe and advance, at odd times observe and
/// advance, and so on; the last time comes in the place of any observation.
fn live_after(code: &Code, sections: &[Vec<Stretch<'_>>; 6]) -> Vec<Vec<Vec<bool>>> {
    const LAST: usize = 5;
    const FOLLOWING: [&[usize]; 6] = [&[1, LAST], &[2], &[3, LAST], &[4], &[1, LAST], &[]];
    let n = code.n_registers;
    let mut ends = vec![false; n];
    let read = |into: &mut Vec<bool>, source: &Source| {
        if let Source::Register(register) = *source {
            into[register as usize] = true;
        }
    };
    for source in code.outcomes.iter().chain([&code.clipped, &code.health]) {
        read(&mut ends, source);
    }
    let mut live: Vec<Vec<Vec<bool>>> =
        sections.iter().map(|stretches| vec![vec![false; n]; stretches.len()]).collect();
    let mut at_start = vec![vec![false; n]; 6];
    loop {
        let mut changed = false;
        for section in (0..6).rev() {
            let mut alive = if section == LAST { ends.clone() } else { vec![false; n] };
            for &following in FOLLOWING[section] {
                for (alive, is_read) in alive.iter_mut().zip(&at_start[following]) {
                    *alive |= is_read;
                }
            }
            if let 1 | 3 | LAST = section {
                for source in &code.recorded[section / 2] {
                    read(&mut alive, source);
                }
            }
            for (stretch, live) in sections[section].iter().zip(&mut live[section]).rev() {
                live.clone_from(&alive);
                for instruction in stretch.instructions.iter().rev() {
                    alive[instruction.out as usize] = false;
                    if instruction.opcode == Opcode::Uniform {
                        alive[instruction.spare as usize] = false;
                    }
                    for &operand in instruction.used() {
                        alive[operand as usize] = true;
                    }
                }
            }
            changed |= at_start[section] != alive;
            at_start[section] = alive;
        }
        if !changed {
            return live;
        }
    }
}

fn trace(instructions: &[Instruction<u32>], tables: &[Table], live: &[bool]) -> Option<Region> {
    let trace = RefCell::new(Trace::default());
    let mut tracer = Tracer { trace: &trace, tables, registers: HashMap::new(), order: Vec::new() };
    for instruction in instructions {
        tracer.instruction(instruction);
    }
    // What is only copied goes first, in the order of the last writing, so that no source is overwritten.
    let mut last = HashMap::new();
    for (position, register) in tracer.order.iter().enumerate() {
        last.insert(*register, position);
    }
    let mut copies = Vec::new();
    let mut others = Vec::new();
    for (position, register) in tracer.order.iter().enumerate() {
        if last[register] != position || !live[*register as usize] {
            continue;
        }
        let value = tracer.registers[register].value();
        match trace.borrow().primitives()[value.index()] {
            Primitive::Register(source) if source == *register => {}
            Primitive::Register(source) => {
                if copies.iter().any(|&(written, _)| written == source) {
                    return None;
                }
                copies.push((*register, value));
            }
            _ => others.push((*register, value)),
        }
    }
    drop(tracer);
    Some(Region { trace: trace.into_inner(), stores: copies.into_iter().chain(others).collect() })
}

struct Tracer<'t> {
    trace: &'t RefCell<Trace>,
    tables: &'t [Table],
    registers: HashMap<u32, Traced<'t>>,
    /// Registers as they are written.
    order: Vec<u32>,
}

impl<'t> Tracer<'t> {
    fn register(&mut self, register: u32) -> Traced<'t> {
        let trace = self.trace;
        *self.registers.entry(register).or_insert_with(|| Traced::leaf(trace, Primitive::Register(register)))
    }

    fn write(&mut self, register: u32, value: Traced<'t>) {
        self.registers.insert(register, value);
        self.order.push(register);
    }

    fn constant(&self, value: f64) -> Traced<'t> {
        Traced::leaf(self.trace, Primitive::Constant(value.to_bits()))
    }

    /// The operands in the order of the opcode's meaning, the constant among them.
    fn operands(&mut self, instruction: &Instruction<u32>) -> Vec<Traced<'t>> {
        let mut operands: Vec<Traced<'t>> =
            instruction.used().iter().map(|&register| self.register(register)).collect();
        match instruction.form {
            Form::Registers => {}
            Form::ConstantFirst => operands.insert(0, self.constant(instruction.constant)),
            Form::ConstantSecond => operands.insert(1, self.constant(instruction.constant)),
        }
        operands
    }

    fn instruction(&mut self, instruction: &Instruction<u32>) {
        if let Opcode::Uniform | Opcode::UniformAtStart = instruction.opcode {
            return self.uniform(instruction);
        }
        let operands = self.operands(instruction);
        let k = self.constant(instruction.constant);
        let x = operands[0];
        let at = |position: usize| operands[position];
        let value = match instruction.opcode {
            Opcode::Copy => x,
            Opcode::Unary(unary) => self::unary(unary, x),
            Opcode::Binary(binary) => self::binary(binary, x, at(1)),
            Opcode::Select => x.select(Predicate::Equal, x.number(0.0), at(2), at(1)),
            Opcode::SelectLess => x.select(Predicate::Less, at(1), at(2), at(3)),
            Opcode::SelectLessOrEqual => x.select(Predicate::LessOrEqual, at(1), at(2), at(3)),
            Opcode::SelectEqual => x.select(Predicate::Equal, at(1), at(2), at(3)),
            Opcode::MultiplyAdd => x * at(1) + at(2),
            Opcode::MultiplySubtract => x * at(1) - at(2),
            Opcode::SubtractProduct => at(2) - x * at(1),
            Opcode::MultiplyMultiply => (x * at(1)) * at(2),
            Opcode::AddMultiply => (x + at(1)) * at(2),
            Opcode::SubtractMultiply => (x - at(1)) * at(2),
            Opcode::AddAdd => (x + at(1)) + at(2),
            Opcode::AddMaximum => k.maximum(x + at(1)),
            Opcode::SubtractMaximum => k.maximum(x - at(1)),
            Opcode::NegateMaximum => k.maximum(-x),
            Opcode::Ration => x.select(Predicate::Less, at(1), x / at(1), x.number(1.0)),
            Opcode::Table => self.table(instruction.index, x),
            Opcode::Health => x + ((at(1) - at(1)) + (at(2) - at(2)) + (at(3) - at(3))),
            Opcode::Uniform
            | Opcode::UniformAtStart
            | Opcode::Binomial
            | Opcode::BinomialAtHazard
            | Opcode::Series
            | Opcode::Bargain => {
                unreachable!("neither traced here nor part of a region")
            }
        };
        self.write(instruction.out, value);
    }

    /// The table at `x`, as [`crate::arithmetic::segment`] has it.
    fn table(&self, table: u32, x: Traced<'t>) -> Traced<'t> {
        let segments = &self.tables[table as usize].segments;
        let mut out = x.number(segments[0].1);
        for &(start, value, slope) in segments {
            let start = x.number(start);
            let rise = if slope == 0.0 { x.number(0.0) } else { (x - start) * x.number(slope) };
            out = start.select(Predicate::LessOrEqual, x, x.number(value) + rise, out);
        }
        x.select(Predicate::Unordered, x, x, out)
    }

    fn uniform(&mut self, instruction: &Instruction<u32>) {
        let leaf = |primitive| Traced::leaf(self.trace, primitive);
        let at_start = instruction.opcode == Opcode::UniformAtStart;
        let zero = leaf(Primitive::Constant(0));
        let step_pair = if at_start { zero } else { leaf(Primitive::StepPair) };
        let counter = [leaf(Primitive::Draw), leaf(Primitive::Replication), step_pair, zero];
        let key = |round: usize| {
            [0, 1].map(|half| {
                leaf(Primitive::Key { stream: instruction.index, word: (2 * round + half) as u32 })
            })
        };
        let [c0, c1, c2, c3] = philox_rounds(key, counter);
        let now = uniform_from_words(c0, c1);
        let next = uniform_from_words(c2, c3);
        self.write(instruction.out, now);
        if !at_start {
            self.write(instruction.spare, next);
        }
    }
}

/// As [`crate::arithmetic::unary`].
fn unary(unary: Unary, x: Traced<'_>) -> Traced<'_> {
    match unary {
        Unary::Negate => -x,
        Unary::Absolute => math::absolute(x),
        Unary::SquareRoot => x.square_root(),
        Unary::Floor => x.round(Rounding::Floor),
        Unary::Ceiling => x.round(Rounding::Ceiling),
        Unary::Round => math::round(x),
        Unary::Exp => math::exp(x),
        Unary::Log => math::log(x),
        Unary::ExpM1 => math::expm1(x),
        Unary::Logistic => math::logistic(x),
        Unary::NormalQuantile => math::normal_quantile(x),
    }
}

/// As [`crate::arithmetic::binary`].
fn binary<'t>(binary: Binary, x: Traced<'t>, y: Traced<'t>) -> Traced<'t> {
    let truth = |predicate| x.select(predicate, y, x.number(1.0), x.number(0.0));
    match binary {
        Binary::Add => x + y,
        Binary::Subtract => x - y,
        Binary::Multiply => x * y,
        Binary::Divide => x / y,
        Binary::Minimum => x.minimum(y),
        Binary::Maximum => x.maximum(y),
        Binary::Power => math::pow(x, y),
        Binary::Less => truth(Predicate::Less),
        Binary::LessOrEqual => truth(Predicate::LessOrEqual),
        Binary::Equal => truth(Predicate::Equal),
        Binary::NotEqual => truth(Predicate::NotEqual),
        Binary::Poisson => unreachable!("stays a call"),
    }
}
