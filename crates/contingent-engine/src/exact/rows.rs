//! Operations on rows of lanes, and on one lane of them.
//!
//! Enters: an instruction and rows. Leaves: its row. Always holds: both ways call the same definitions, so that
//! they give the same bits; every operation is one loop over the lanes that are under way.

#![expect(
    clippy::inline_always,
    reason = "loops over lanes vectorise for the instruction set of the caller only where all is inlined"
)]

use super::plan::Instruction;
use crate::arithmetic;
use crate::graph::{Binary, Operation, Table, Unary};

/// Runs that are under way side by side. Few enough that a small model stays in the first-level cache, enough
/// that choosing an operation costs little beside doing it.
pub(super) const LANES: usize = 128;

/// One value in all lanes.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Row(pub(super) [f64; LANES]);

impl Row {
    pub(super) const ZERO: Self = Self([0.0; LANES]);
}

/// Lanes are worked on eight at a time, so that loops have no remainder.
pub(super) fn rounded(n_lanes: usize) -> usize {
    n_lanes.next_multiple_of(8).min(LANES)
}

/// Does an instruction in the first `n` lanes, a number from [`rounded`].
#[inline(always)]
pub(super) fn apply(rows: &mut [Row], instruction: &Instruction, tables: &[Table], n: usize) {
    let (below, rest) = rows.split_at_mut(instruction.out as usize);
    let (out, above) = rest.split_first_mut().expect("the plan numbers rows within the block");
    let out = &mut out.0[..n];
    let row = |node: crate::graph::Node| {
        let row = node.index();
        if row < below.len() { &below[row].0[..n] } else { &above[row - below.len() - 1].0[..n] }
    };
    macro_rules! unary {
        ($operation:expr, $a:expr) => {{
            let a = row($a);
            for lane in 0..n {
                out[lane] = arithmetic::unary($operation, a[lane]);
            }
        }};
    }
    macro_rules! binary {
        ($operation:expr, $a:expr, $b:expr) => {{
            let (a, b) = (row($a), row($b));
            for lane in 0..n {
                out[lane] = arithmetic::binary($operation, a[lane], b[lane]);
            }
        }};
    }
    match instruction.operation {
        // Written out one by one: each becomes a loop of its own.
        Operation::Unary(operation, a) => match operation {
            Unary::Negate => unary!(Unary::Negate, a),
            Unary::Absolute => unary!(Unary::Absolute, a),
            Unary::SquareRoot => unary!(Unary::SquareRoot, a),
            Unary::Floor => unary!(Unary::Floor, a),
            Unary::Ceiling => unary!(Unary::Ceiling, a),
            Unary::Exp => unary!(Unary::Exp, a),
            Unary::Log => unary!(Unary::Log, a),
            _ => unary!(operation, a),
        },
        Operation::Binary(operation, a, b) => match operation {
            Binary::Add => binary!(Binary::Add, a, b),
            Binary::Subtract => binary!(Binary::Subtract, a, b),
            Binary::Multiply => binary!(Binary::Multiply, a, b),
            Binary::Divide => binary!(Binary::Divide, a, b),
            Binary::Minimum => binary!(Binary::Minimum, a, b),
            Binary::Maximum => binary!(Binary::Maximum, a, b),
            Binary::Less => binary!(Binary::Less, a, b),
            Binary::LessOrEqual => binary!(Binary::LessOrEqual, a, b),
            Binary::Equal => binary!(Binary::Equal, a, b),
            Binary::NotEqual => binary!(Binary::NotEqual, a, b),
            _ => binary!(operation, a, b),
        },
        Operation::Select(condition, a, b) => {
            let (condition, a, b) = (row(condition), row(a), row(b));
            for lane in 0..n {
                out[lane] = arithmetic::select(condition[lane], a[lane], b[lane]);
            }
        }
        Operation::Health(health, a, b, c) => {
            let (health, a, b, c) = (row(health), row(a), row(b), row(c));
            for lane in 0..n {
                out[lane] = arithmetic::health(health[lane], a[lane], b[lane], c[lane]);
            }
        }
        Operation::Binomial(number, p, u) => {
            let (number, p, u) = (row(number), row(p), row(u));
            for lane in 0..n {
                out[lane] = arithmetic::binomial(number[lane], p[lane], u[lane]);
            }
        }
        Operation::BinomialAtHazard(number, hazard, u) => {
            let (number, hazard, u) = (row(number), row(hazard), row(u));
            for lane in 0..n {
                out[lane] = arithmetic::binomial_at_hazard(number[lane], hazard[lane], u[lane]);
            }
        }
        Operation::Table(table, x) => {
            let x = row(x);
            for lane in 0..n {
                out[lane] = tables[table as usize].value(x[lane]);
            }
        }
        leaf => unreachable!("{leaf:?} is filled in, not computed"),
    }
}

/// Does an instruction on single values: `read` gives the value of a row.
#[inline(always)]
pub(super) fn apply_single(operation: Operation, tables: &[Table], read: impl Fn(u32) -> f64) -> f64 {
    let of = |node: crate::graph::Node| read(node.0);
    match operation {
        Operation::Unary(unary, a) => arithmetic::unary(unary, of(a)),
        Operation::Binary(binary, a, b) => arithmetic::binary(binary, of(a), of(b)),
        Operation::Select(condition, a, b) => arithmetic::select(of(condition), of(a), of(b)),
        Operation::Health(health, a, b, c) => arithmetic::health(of(health), of(a), of(b), of(c)),
        Operation::Binomial(n, p, u) => arithmetic::binomial(of(n), of(p), of(u)),
        Operation::BinomialAtHazard(n, hazard, u) => arithmetic::binomial_at_hazard(of(n), of(hazard), of(u)),
        Operation::Table(table, x) => tables[table as usize].value(of(x)),
        leaf => unreachable!("{leaf:?} is filled in, not computed"),
    }
}
