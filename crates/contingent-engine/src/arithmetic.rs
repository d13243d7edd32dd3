//! What each operation of the graph means on one lane.
//!
//! Enters: numbers. Leaves: numbers. Always holds: this is the only definition; constant folding, the
//! evaluation of single runs and the loops of the interpreter all call it, so they agree to the bit.

#![expect(
    clippy::inline_always,
    reason = "loops over lanes vectorise for the instruction set of the caller only where all is inlined"
)]

use crate::graph::{Binary, Unary};
use crate::{math, random};

/// `if a < b { a } else { b }`, the order of x86 `minpd`.
#[inline(always)]
pub(crate) fn minimum(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// `if a > b { a } else { b }`, the order of x86 `maxpd`.
#[inline(always)]
pub(crate) fn maximum(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// A condition as a number.
#[inline(always)]
pub(crate) fn truth(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// `a` where the condition is not 0, else `b`.
#[inline(always)]
pub(crate) fn select(condition: f64, a: f64, b: f64) -> f64 {
    if condition == 0.0 { b } else { a }
}

/// One segment of a table, from `start` on; before it `so_far`.
#[inline(always)]
pub(crate) fn segment(x: f64, so_far: f64, start: f64, value: f64, slope: f64) -> f64 {
    // An infinite x on a flat segment would give infinity times zero.
    let rise = if slope == 0.0 { 0.0 } else { (x - start) * slope };
    if x >= start { value + rise } else { so_far }
}

/// `value`, or `x` when it is not a number.
#[inline(always)]
pub(crate) fn keep_nan(x: f64, value: f64) -> f64 {
    if x.is_nan() { x } else { value }
}

/// `health` plus zero when `a`, `b` and `c` are finite, else not a number.
#[inline(always)]
#[expect(clippy::eq_op, reason = "x - x is zero for finite x and not a number for the others")]
pub(crate) fn health(health: f64, a: f64, b: f64, c: f64) -> f64 {
    health + ((a - a) + (b - b) + (c - c))
}

/// An operation with one operand.
#[inline(always)]
pub(crate) fn unary(unary: Unary, x: f64) -> f64 {
    match unary {
        Unary::Negate => -x,
        Unary::Absolute => x.abs(),
        Unary::SquareRoot => x.sqrt(),
        Unary::Floor => x.floor(),
        Unary::Ceiling => x.ceil(),
        Unary::Round => x.round(),
        Unary::Exp => math::exp(x),
        Unary::Log => math::log(x),
        Unary::ExpM1 => math::expm1(x),
        Unary::Logistic => math::logistic(x),
        Unary::NormalQuantile => math::normal_quantile(x),
    }
}

/// An operation with two operands.
#[inline(always)]
pub(crate) fn binary(binary: Binary, x: f64, y: f64) -> f64 {
    match binary {
        Binary::Add => x + y,
        Binary::Subtract => x - y,
        Binary::Multiply => x * y,
        Binary::Divide => x / y,
        Binary::Minimum => minimum(x, y),
        Binary::Maximum => maximum(x, y),
        Binary::Power => math::pow(x, y),
        Binary::Less => truth(x < y),
        Binary::LessOrEqual => truth(x <= y),
        Binary::Equal => truth(x == y),
        Binary::NotEqual => truth(x != y),
        Binary::Poisson => poisson(x, y),
    }
}

/// The Poisson quantile at `u`; not-a-number for a mean that is not finite.
pub(crate) fn poisson(mean: f64, u: f64) -> f64 {
    random::poisson_quantile(mean, u)
}

/// The binomial quantile at `u`.
pub(crate) fn binomial(n: f64, p: f64, u: f64) -> f64 {
    random::binomial_quantile(n, p, u)
}

/// The binomial quantile at `u` for the probability of a hazard.
pub(crate) fn binomial_at_hazard(n: f64, hazard: f64, u: f64) -> f64 {
    random::binomial_at_hazard_quantile(n, hazard, u)
}
