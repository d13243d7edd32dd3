//! The exponential function and what is built from it.
//!
//! Enters: any double. Leaves: [`exp`], [`expm1`] and [`logistic`] within one unit in the last place or so.
//! Always holds: results underflow gradually through the subnormal numbers to zero and overflow to infinity.

use std::f64::consts::LOG2_E;

use super::lane::{Lane, ROUNDING_SHIFT, polynomial, power_of_two};
use super::rounding::absolute;

/// ln 2 in two parts, the first with 32 trailing zero bits, so that its multiples up to 2^20 are exact (Sun
/// Microsystems, fdlibm, 1993).
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
pub(super) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `(exp(r) - 1 - r) / r^2` on |r| <= ln(2)/2 with relative error 2e-16, which is 2e-17 of `exp(r)`; a minimax fit
/// of our own, in 45-digit arithmetic.
const AFTER_LINEAR: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_46,
    0.041_666_666_666_624_21,
    0.008_333_333_333_353_048,
    0.001_388_888_891_719_093,
    0.000_198_412_697_941_785_47,
    2.480_152_131_121_387e-5,
    2.755_734_487_157_291e-6,
    2.762_008_837_944_051e-7,
    2.507_213_303_254_359_5e-8,
];

/// `e^x`, relative error below 1e-16 + half a unit in the last place.
///
/// `exp(-inf) = 0`, `exp(inf) = inf`; below -745.2 the result is zero, above 709.8 it is infinite.
#[inline(always)]
pub fn exp<L: Lane>(x: L) -> L {
    exp_of_sum(x, x.constant(0.0))
}

/// [`exp`] of an `x` in -700..700, with the same bits in fewer operations: the result is a normal number, so that one
/// scaling by a power of two is exact and nothing needs to be held within bounds. Beyond that range the result has
/// no meaning.
#[inline(always)]
pub fn exp_of_moderate<L: Lane>(x: L) -> L {
    let (n, remainder) = reduce(x, x.constant(0.0));
    let mantissa =
        x.constant(1.0) + (remainder + remainder * remainder * polynomial(remainder, &AFTER_LINEAR));
    mantissa * power_of_two(n + x.constant(ROUNDING_SHIFT))
}

/// `e^(high + low)` for a `low` far smaller than one, which extends the precision of the argument.
#[inline(always)]
pub(super) fn exp_of_sum<L: Lane>(high: L, low: L) -> L {
    // Beyond these bounds the result is 0 or infinite anyway; the bound stands first to let NaN pass.
    let x = high.constant(710.0).lesser(high.constant(-746.0).greater(high));
    let (n, remainder) = reduce(x, low);
    let mantissa =
        x.constant(1.0) + (remainder + remainder * remainder * polynomial(remainder, &AFTER_LINEAR));
    // 2^n may be subnormal or infinite where the result is not, so it is applied in two halves, the first of
    // which is exact.
    let shift = x.constant(ROUNDING_SHIFT);
    let half_shifted = n * x.constant(0.5) + shift;
    let rest_shifted = (n - (half_shifted - shift)) + shift;
    (mantissa * power_of_two(half_shifted)) * power_of_two(rest_shifted)
}

/// The whole `n` and the remainder with `x + low = n ln 2 + remainder`, |remainder| <= ln(2)/2.
#[inline(always)]
fn reduce<L: Lane>(x: L, low: L) -> (L, L) {
    let shift = x.constant(ROUNDING_SHIFT);
    let n = (x * x.constant(LOG2_E) + shift) - shift;
    let remainder = (x - n * x.constant(LN_2_HIGH)) - (n * x.constant(LN_2_LOW) - low);
    (n, remainder)
}

/// `e^x - 1`, accurate also for small `x`.
///
/// The share that an event with hazard `h` takes in a step is `-expm1(-h dt)`.
#[inline(always)]
pub fn expm1<L: Lane>(x: L) -> L {
    let bounded = x.constant(709.9).lesser(x.constant(-40.0).greater(x));
    let (n, remainder) = reduce(bounded, x.constant(0.0));
    let minus_one = remainder + remainder * remainder * polynomial(remainder, &AFTER_LINEAR);
    // Half of 2^n, because 2^1024 is not representable; 2^n r' + (2^n - 1) rounds once where it matters.
    let half = x.constant(0.5);
    let scale = power_of_two((n - x.constant(1.0)) + x.constant(ROUNDING_SHIFT));
    let result = (scale * minus_one + (scale - half)) * x.constant(2.0);
    // Below 2^-54 the function is the identity, and the scaling above would lose a subnormal's last bit.
    absolute(x).select_less(x.constant(5.551_115_123_125_783e-17), x, result)
}

/// `1 / (1 + e^-x)`, accurate in relative terms on both sides.
#[inline(always)]
pub fn logistic<L: Lane>(x: L) -> L {
    let one = x.constant(1.0);
    let small = exp(-absolute(x));
    x.select_less(x.constant(0.0), small, one) / (one + small)
}
