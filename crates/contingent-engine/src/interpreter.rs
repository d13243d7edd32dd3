//! The block interpreter: one instruction at a time over all lanes of a block.
//!
//! Enters: code, keys of the random streams, and the lanes' draws, replications and parameters. Leaves:
//! registers after each time. Always holds: every instruction is one loop over the lanes, the same
//! arithmetic on each, so that a lane's bits depend neither on its neighbours nor on how wide the
//! machine's vectors are.

#![expect(
    clippy::inline_always,
    reason = "loops over lanes vectorise for the instruction set of the caller only where all is inlined"
)]

use std::cell::RefCell;

use crate::arithmetic;
use crate::code::{Code, Form, Instruction, Opcode, Source};
use crate::council::asked::Answers;
use crate::graph::{Binary, CouncilCall, Series, Table, Unary};
use crate::math;
use crate::random::{self, RoundKeys};

/// Lanes of a block. Wide enough that the cost of an instruction's dispatch vanishes, narrow enough that the
/// registers of a large model stay in the second-level cache: 128 lanes are 1 KiB a register.
pub(crate) const LANES: usize = 128;

/// Numbers between the lanes of one register and those of the next: one line of the cache. Without it the same lane
/// of all registers would fall into the few places of the first-level cache that addresses 1 KiB apart share.
const PADDING: usize = 8;

/// One value in all lanes.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Lanes(pub(crate) [f64; LANES], [f64; PADDING]);

impl Lanes {
    pub(crate) const ZERO: Self = Self([0.0; LANES], [0.0; PADDING]);
}

/// The lanes of one pass: who they are.
#[derive(Debug)]
pub(crate) struct Identities {
    pub(crate) draws: [u32; LANES],
    pub(crate) replications: [u32; LANES],
}

/// One pass over all times.
pub(crate) struct Pass<'a> {
    pub(crate) code: &'a Code,
    pub(crate) tables: &'a [Table],
    pub(crate) series: &'a [Series],
    pub(crate) councils: &'a [CouncilCall],
    /// What the councils answered last.
    pub(crate) answers: RefCell<Answers>,
    pub(crate) streams: &'a [RoundKeys],
    pub(crate) identities: &'a Identities,
    pub(crate) n_steps: usize,
    /// Where recorded values of this pass go: `n_times` x `n_recorded` rows of `row_length`, this pass from
    /// `first_lane` on, `n_lanes` of it.
    pub(crate) recorded: &'a mut [f64],
    pub(crate) row_length: usize,
    pub(crate) first_lane: usize,
    pub(crate) n_lanes: usize,
}

/// Runs all times of a pass with a variant of [`execute`]. Parameters and constants are already in their registers.
#[inline(always)]
pub(crate) fn run_pass(
    pass: &mut Pass<'_>,
    registers: &mut [Lanes],
    execute: impl Fn(&Pass<'_>, &mut [Lanes], &Instruction<u32>, usize),
) {
    let code = pass.code;
    for step in 0..=pass.n_steps {
        let parity = step % 2;
        if let Some(register) = code.step {
            registers[register as usize].0 = [step as f64; LANES];
        }
        let prologue: &[_] = if step == 0 { &code.prologue } else { &[] };
        let (observe, advance): (&[_], &[_]) = if step < pass.n_steps {
            (&code.observe[parity], &code.advance[parity])
        } else {
            (&code.last, &[])
        };
        for (part, instructions) in [prologue, observe, advance].into_iter().enumerate() {
            if part == 2 {
                record(pass, registers, step);
            }
            for instruction in instructions {
                execute(pass, registers, instruction, step);
            }
        }
    }
}

/// Writes what is recorded at a time.
pub(crate) fn record(pass: &mut Pass<'_>, registers: &[Lanes], step: usize) {
    let recorded = &pass.code.recorded[if step < pass.n_steps { step % 2 } else { 2 }];
    let n_recorded = recorded.len();
    for (position, source) in recorded.iter().enumerate() {
        let start = (step * n_recorded + position) * pass.row_length + pass.first_lane;
        let row = &mut pass.recorded[start..start + pass.n_lanes];
        match *source {
            Source::Register(register) => {
                row.copy_from_slice(&registers[register as usize].0[..pass.n_lanes]);
            }
            Source::Constant(value) => row.fill(value),
        }
    }
}

/// The registers besides the one that is written.
struct Others<'r> {
    below: &'r [Lanes],
    above: &'r [Lanes],
}

impl<'r> Others<'r> {
    #[inline(always)]
    fn at(&self, register: u32) -> &'r [f64; LANES] {
        let register = register as usize;
        if register < self.below.len() {
            &self.below[register].0
        } else {
            &self.above[register - self.below.len() - 1].0
        }
    }
}

#[inline(always)]
fn split(registers: &mut [Lanes], out: u32) -> (&mut [f64; LANES], Others<'_>) {
    let (below, rest) = registers.split_at_mut(out as usize);
    let (out, above) = rest.split_first_mut().expect("the schedule numbers registers within the block");
    (&mut out.0, Others { below, above })
}

#[inline(always)]
fn map1(out: &mut [f64; LANES], x: &[f64; LANES], f: impl Fn(f64) -> f64) {
    for lane in 0..LANES {
        out[lane] = f(x[lane]);
    }
}

#[inline(always)]
fn map2(out: &mut [f64; LANES], x: &[f64; LANES], y: &[f64; LANES], f: impl Fn(f64, f64) -> f64) {
    for lane in 0..LANES {
        out[lane] = f(x[lane], y[lane]);
    }
}

#[inline(always)]
fn map3(
    out: &mut [f64; LANES],
    x: &[f64; LANES],
    y: &[f64; LANES],
    z: &[f64; LANES],
    f: impl Fn(f64, f64, f64) -> f64,
) {
    for lane in 0..LANES {
        out[lane] = f(x[lane], y[lane], z[lane]);
    }
}

#[inline(always)]
fn map4(out: &mut [f64; LANES], [x, y, z, w]: [&[f64; LANES]; 4], f: impl Fn(f64, f64, f64, f64) -> f64) {
    for lane in 0..LANES {
        out[lane] = f(x[lane], y[lane], z[lane], w[lane]);
    }
}

/// Two operands, either of which may be the constant.
#[inline(always)]
fn apply2(
    out: &mut [f64; LANES],
    others: &Others<'_>,
    instruction: &Instruction<u32>,
    f: impl Fn(f64, f64) -> f64,
) {
    let [a, b, ..] = instruction.operands;
    let k = instruction.constant;
    match instruction.form {
        Form::Registers => map2(out, others.at(a), others.at(b), f),
        Form::ConstantFirst => map1(out, others.at(a), |y| f(k, y)),
        Form::ConstantSecond => map1(out, others.at(a), |x| f(x, k)),
    }
}

/// Three operands, either of the first two of which may be the constant.
#[inline(always)]
fn apply3(
    out: &mut [f64; LANES],
    others: &Others<'_>,
    instruction: &Instruction<u32>,
    f: impl Fn(f64, f64, f64) -> f64,
) {
    let [a, b, c, _] = instruction.operands;
    let k = instruction.constant;
    match instruction.form {
        Form::Registers => map3(out, others.at(a), others.at(b), others.at(c), f),
        Form::ConstantFirst => map2(out, others.at(a), others.at(b), |y, z| f(k, y, z)),
        Form::ConstantSecond => map2(out, others.at(a), others.at(b), |x, z| f(x, k, z)),
    }
}

/// Four operands, either of the first two of which may be the constant.
#[inline(always)]
fn apply4(
    out: &mut [f64; LANES],
    others: &Others<'_>,
    instruction: &Instruction<u32>,
    f: impl Fn(f64, f64, f64, f64) -> f64,
) {
    let [a, b, c, d] = instruction.operands;
    let k = instruction.constant;
    match instruction.form {
        Form::Registers => map4(out, [others.at(a), others.at(b), others.at(c), others.at(d)], f),
        Form::ConstantFirst => map3(out, others.at(a), others.at(b), others.at(c), |y, z, w| f(k, y, z, w)),
        Form::ConstantSecond => map3(out, others.at(a), others.at(b), others.at(c), |x, z, w| f(x, k, z, w)),
    }
}

/// Executes one instruction in all lanes.
#[inline(always)]
pub(crate) fn execute(pass: &Pass<'_>, registers: &mut [Lanes], instruction: &Instruction<u32>, step: usize) {
    if instruction.opcode == Opcode::Uniform {
        return uniform(pass, registers, instruction, step);
    }
    let (out, others) = split(registers, instruction.out);
    let [a, b, c, d] = instruction.operands;
    let k = instruction.constant;
    // The loop is written here, not passed a closure: a long closure is not inlined, and its loop no vector code.
    macro_rules! unary {
        ($operation:expr) => {{
            let x = others.at(a);
            for lane in 0..LANES {
                out[lane] = arithmetic::unary($operation, x[lane]);
            }
        }};
    }
    macro_rules! binary {
        ($operation:expr) => {
            apply2(out, &others, instruction, |x, y| arithmetic::binary($operation, x, y))
        };
    }
    match instruction.opcode {
        Opcode::Copy => out.copy_from_slice(others.at(a)),
        // Written out one by one: each becomes a loop of its own.
        Opcode::Unary(operation) => match operation {
            Unary::Negate => unary!(Unary::Negate),
            Unary::Absolute => unary!(Unary::Absolute),
            Unary::SquareRoot => unary!(Unary::SquareRoot),
            Unary::Floor => unary!(Unary::Floor),
            Unary::Ceiling => unary!(Unary::Ceiling),
            Unary::Round => unary!(Unary::Round),
            Unary::Exp => unary!(Unary::Exp),
            Unary::Log => unary!(Unary::Log),
            Unary::ExpM1 => unary!(Unary::ExpM1),
            Unary::Logistic => unary!(Unary::Logistic),
            Unary::NormalQuantile => unary!(Unary::NormalQuantile),
        },
        Opcode::Binary(operation) => match operation {
            Binary::Add => binary!(Binary::Add),
            Binary::Subtract => binary!(Binary::Subtract),
            Binary::Multiply => binary!(Binary::Multiply),
            Binary::Divide => binary!(Binary::Divide),
            Binary::Minimum => binary!(Binary::Minimum),
            Binary::Maximum => binary!(Binary::Maximum),
            // One loop for all forms: it is long.
            Binary::Power => {
                let constant = [k; LANES];
                let (x, y) = match instruction.form {
                    Form::Registers => (others.at(a), others.at(b)),
                    Form::ConstantFirst => (&constant, others.at(a)),
                    Form::ConstantSecond => (others.at(a), &constant),
                };
                for lane in 0..LANES {
                    out[lane] = math::pow(x[lane], y[lane]);
                }
            }
            Binary::Less => binary!(Binary::Less),
            Binary::LessOrEqual => binary!(Binary::LessOrEqual),
            Binary::Equal => binary!(Binary::Equal),
            Binary::NotEqual => binary!(Binary::NotEqual),
            Binary::Poisson => match instruction.form {
                Form::Registers => random::poisson_lanes(others.at(a), others.at(b), out),
                Form::ConstantFirst => random::poisson_lanes(&[k; LANES], others.at(a), out),
                Form::ConstantSecond => random::poisson_lanes(others.at(a), &[k; LANES], out),
            },
        },
        Opcode::Select => map3(out, others.at(a), others.at(b), others.at(c), arithmetic::select),
        Opcode::SelectLess => apply4(out, &others, instruction, |x, y, z, w| if x < y { z } else { w }),
        Opcode::SelectLessOrEqual => {
            apply4(out, &others, instruction, |x, y, z, w| if x <= y { z } else { w });
        }
        Opcode::SelectEqual => apply4(out, &others, instruction, |x, y, z, w| if x == y { z } else { w }),
        Opcode::MultiplyAdd => apply3(out, &others, instruction, |x, y, z| x * y + z),
        Opcode::MultiplySubtract => apply3(out, &others, instruction, |x, y, z| x * y - z),
        Opcode::SubtractProduct => apply3(out, &others, instruction, |x, y, z| z - x * y),
        Opcode::MultiplyMultiply => apply3(out, &others, instruction, |x, y, z| (x * y) * z),
        Opcode::AddMultiply => apply3(out, &others, instruction, |x, y, z| (x + y) * z),
        Opcode::SubtractMultiply => apply3(out, &others, instruction, |x, y, z| (x - y) * z),
        Opcode::AddAdd => apply3(out, &others, instruction, |x, y, z| (x + y) + z),
        Opcode::AddMaximum => map2(out, others.at(a), others.at(b), |x, y| arithmetic::maximum(k, x + y)),
        Opcode::SubtractMaximum => {
            map2(out, others.at(a), others.at(b), |x, y| arithmetic::maximum(k, x - y));
        }
        Opcode::NegateMaximum => map1(out, others.at(a), |x| arithmetic::maximum(k, -x)),
        Opcode::Ration => map2(out, others.at(a), others.at(b), |x, y| if x < y { x / y } else { 1.0 }),
        Opcode::Uniform => {}
        Opcode::UniformAtStart => {
            let keys = &pass.streams[instruction.index as usize];
            let Identities { draws, replications } = pass.identities;
            for lane in 0..LANES {
                out[lane] = random::uniform_pair(keys, draws[lane], replications[lane], 0, 0).0;
            }
        }
        Opcode::Binomial => random::binomial_lanes(others.at(a), others.at(b), others.at(c), out),
        Opcode::BinomialAtHazard => {
            random::binomial_at_hazard_lanes(others.at(a), others.at(b), others.at(c), out);
        }
        Opcode::Table => {
            let x = others.at(a);
            let segments = &pass.tables[instruction.index as usize].segments;
            *out = [segments[0].1; LANES];
            for &(start, value, slope) in segments {
                for lane in 0..LANES {
                    out[lane] = arithmetic::segment(x[lane], out[lane], start, value, slope);
                }
            }
            for lane in 0..LANES {
                out[lane] = arithmetic::keep_nan(x[lane], out[lane]);
            }
        }
        Opcode::Series => *out = [pass.series[instruction.index as usize].value(step); LANES],
        Opcode::Bargain => {
            let council = instruction.index as usize;
            let operands = instruction.used();
            pass.answers.borrow_mut().bargain(
                (council, &pass.councils[council]),
                instruction.spare as usize,
                |k| others.at(operands[k]),
                pass.n_lanes,
                out,
            );
        }
        Opcode::Health => {
            map4(out, [others.at(a), others.at(b), others.at(c), others.at(d)], arithmetic::health);
        }
    }
}

/// The uniforms of an even step and of the odd one after it, from one call of the generator.
#[inline(always)]
fn uniform(pass: &Pass<'_>, registers: &mut [Lanes], instruction: &Instruction<u32>, step: usize) {
    let pair = registers.get_disjoint_mut([instruction.out as usize, instruction.spare as usize]);
    let [out, spare] = pair.expect("the schedule gives a draw two registers");
    let keys = &pass.streams[instruction.index as usize];
    let Identities { draws, replications } = pass.identities;
    for lane in 0..LANES {
        let (now, next) = random::uniform_pair(keys, draws[lane], replications[lane], (step >> 1) as u32, 0);
        out.0[lane] = now;
        spare.0[lane] = next;
    }
}
