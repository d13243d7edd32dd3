//! Solvers for quantiles that have no closed form.
//!
//! Enters: a distribution function as its two tails, the wanted tails, and a start or a bracket. Leaves: the
//! argument. Always holds: a bracket is kept, so the result is right also where a fast step would go astray.

use super::Tails;
use crate::math::{exp, log};

/// A continuous distribution on the positive numbers, as seen by [`solve_positive`].
pub(super) struct Evaluation {
    /// The tails at the point.
    pub(super) tails: Tails,
    /// The density per unit of the natural logarithm of the argument.
    pub(super) logarithmic_density: f64,
}

/// The positive `x` whose tails are the wanted ones, to the rounding of the distribution function.
///
/// Newton's method on the logarithm of the smaller wanted tail as a function of `ln x`, which is nearly straight in
/// the lower tail of gamma and beta distributions; a step that leaves the bracket is replaced by halving it on the
/// logarithmic scale.
pub(super) fn solve_positive(start: f64, wanted: Tails, evaluate: impl Fn(f64) -> Evaluation) -> f64 {
    let is_lower = wanted.lower <= wanted.upper;
    let goal = if is_lower { wanted.lower } else { wanted.upper };
    let log_goal = log(goal);
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut x = start.clamp(f64::MIN_POSITIVE, f64::MAX);
    // Newton's method needs about five steps, halving about sixty more.
    for _ in 0..200 {
        let Evaluation { tails, logarithmic_density } = evaluate(x);
        if tails.reaches(wanted) {
            high = x;
        } else {
            low = x;
        }
        let tail = if is_lower { tails.lower } else { tails.upper };
        let distance = (log(tail) - log_goal) * tail / logarithmic_density;
        let change = if is_lower { -distance } else { distance };
        // The step in ln x; small ones are applied without the rounding of the exponential.
        let next = if change.abs() < 1e-3 {
            x + x * (change + 0.5 * change * change)
        } else {
            x * exp(change.clamp(-8.0, 8.0))
        };
        // 2e-16 is a change in the last place: the next step could only wander. A step below 1e-9 has an error
        // below 1e-15, as convergence is quadratic.
        if change.abs() < 1e-9 {
            return next;
        }
        x = if next > low && next < high { next } else { halve(low, high) };
        if x <= low || x >= high {
            return high;
        }
    }
    x
}

/// A point between two positive numbers: the middle of their logarithms where both are known.
fn halve(low: f64, high: f64) -> f64 {
    if low <= 0.0 {
        (high * 1e-8).max(f64::MIN_POSITIVE)
    } else if high == f64::INFINITY {
        low * 4.0
    } else if high > 2.0 * low {
        low.sqrt() * high.sqrt()
    } else {
        low + 0.5 * (high - low)
    }
}

/// The least `x` between two bounds whose tails reach the wanted ones, for any distribution function.
///
/// Alternates false position (the Illinois variant of Dowell and Jarratt 1971) with halving, the latter over the
/// ordered bit patterns of doubles, so that jumps and flat stretches of the function are found exactly.
pub(super) fn least_reaching(least: f64, greatest: f64, wanted: Tails, tails: impl Fn(f64) -> Tails) -> f64 {
    let residual = |at: Tails| {
        if wanted.lower <= wanted.upper { at.lower - wanted.lower } else { wanted.upper - at.upper }
    };
    let (mut low, mut high) = (least, greatest);
    let at_low = tails(low);
    if at_low.reaches(wanted) || low == high {
        return low;
    }
    let mut below = residual(at_low);
    let mut above = residual(tails(high)).max(0.0);
    let mut is_false_position = true;
    // Every second round halves the distance in representable numbers, of which there are fewer than 2^64.
    for _ in 0..130 {
        let middle = middle_of(low, high);
        if middle <= low || middle >= high {
            break;
        }
        let guess = low + (high - low) * (below / (below - above));
        let x = if is_false_position && guess > low && guess < high { guess } else { middle };
        let at = tails(x);
        if at.reaches(wanted) {
            high = x;
            above = residual(at).max(0.0);
            below *= 0.5;
        } else {
            low = x;
            below = residual(at);
            above *= 0.5;
        }
        is_false_position = !is_false_position;
    }
    high
}

/// The double half way between two in the order of their bit patterns.
fn middle_of(low: f64, high: f64) -> f64 {
    let (low, high) = (ordered(low), ordered(high));
    // The mean without overflow.
    let middle = (low & high) + ((low ^ high) >> 1);
    f64::from_bits(if middle < 0 { i64::MIN - middle } else { middle }.cast_unsigned())
}

/// An integer that orders doubles as their values.
fn ordered(x: f64) -> i64 {
    let bits = x.to_bits().cast_signed();
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}
