//! The natural logarithm.
//!
//! Enters: any double. Leaves: [`log`] and [`log1p`] within one unit in the last place, and a logarithm with
//! eight more bits for powers. Always holds: zero gives minus infinity, negative numbers give NaN, subnormal numbers
//! are treated like all others.

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::lane::{Lane, Word, exact_product, polynomial};

/// `(ln((1+s)/(1-s)) - 2s) / s^3` as a polynomial in `s^2` on 0..0.02945, relative error 3e-18; a minimax fit of our
/// own, in 45-digit arithmetic.
const AFTER_LINEAR: [f64; 8] = [
    0.666_666_666_666_666_6,
    0.400_000_000_000_008_85,
    0.285_714_285_708_001_2,
    0.222_222_223_924_690_93,
    0.181_817_955_625_852_9,
    0.153_862_437_778_967_85,
    0.132_686_672_460_653_24,
    0.130_877_044_676_959_38,
];

/// The bits of the square root of one half, rounded to 20 mantissa bits.
const ROOT_HALF: u64 = 0x3fe6_a09e_0000_0000;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// 2^52 as bits: or-ing a small whole number into it makes the number 2^52 + n.
const WHOLE: u64 = 0x4330_0000_0000_0000;
const TWO_TO_54: f64 = 18_014_398_509_481_984.0;

/// The whole `k` and `m` in sqrt(1/2)..sqrt(2) with `x = 2^k m`, for positive finite `x`.
#[inline(always)]
fn decompose<L: Lane>(x: L) -> (L, L) {
    let smallest_normal = x.constant(f64::MIN_POSITIVE);
    let scaled = x.select_less(smallest_normal, x * x.constant(TWO_TO_54), x);
    let lift = x.select_less(smallest_normal, x.constant(54.0), x.constant(0.0));
    let word = scaled.word();
    let moved = word.plus(word.constant(ONE - ROOT_HALF));
    let biased = moved.shift_right(52).or(word.constant(WHOLE)).real();
    let exponent = biased - (x.constant(4_503_599_627_370_496.0 + 1023.0) + lift);
    let mantissa = moved.and(word.constant(MANTISSA)).plus(word.constant(ROOT_HALF)).real();
    (exponent, mantissa)
}

/// `finite` where `x` is positive and finite, else the logarithm's limit.
#[inline(always)]
fn with_limits<L: Lane>(x: L, finite: L) -> L {
    let zero = x.constant(0.0);
    let below_infinity = x.select_less(x.constant(f64::INFINITY), finite, x);
    let at_zero = x.select_less(zero, x.constant(f64::NAN), x.constant(f64::NEG_INFINITY));
    x.select_less(x.constant(f64::from_bits(1)), at_zero, below_infinity)
}

/// The natural logarithm of `x`, error below one unit in the last place.
///
/// The formula that keeps `f - f^2/2` apart from the rest is that of fdlibm (Sun Microsystems 1993).
#[inline(always)]
pub fn log<L: Lane>(x: L) -> L {
    with_limits(x, log_with_correction(x, x.constant(0.0)))
}

/// `ln(x) + correction` for positive finite `x` and a correction far below `ln x` or one.
#[inline(always)]
fn log_with_correction<L: Lane>(x: L, correction: L) -> L {
    let (k, m) = decompose(x);
    let f = m - x.constant(1.0);
    let s = f / (f + x.constant(2.0));
    let z = s * s;
    let half_square = x.constant(0.5) * f * f;
    let rest = s * (half_square + z * polynomial(z, &AFTER_LINEAR)) + (k * x.constant(LN_2_LOW) + correction);
    k * x.constant(LN_2_HIGH) - ((half_square - rest) - f)
}

/// `ln(1 + x)`, accurate also for small `x`; minus infinity at -1, NaN below.
///
/// The rounding error of `1 + x` is known exactly and enters as a correction (Higham 2002, section 1.14.1).
#[inline(always)]
pub fn log1p<L: Lane>(x: L) -> L {
    let one = x.constant(1.0);
    let sum = one + x;
    // The part of 1 + x that was rounded away; where x is huge the quotient vanishes either way.
    let lost = x.select_less(one, x - (sum - one), one - (sum - x));
    let quotient = with_limits(sum, log_with_correction(sum, lost / sum));
    // Here the sum is one and the result is x itself, minus zero and subnormal numbers included.
    let size = super::rounding::absolute(x);
    size.select_less(x.constant(5.551_115_123_125_783e-17), x, quotient)
}

/// `ln x` for positive finite `x` as an unevaluated sum of two numbers, relative error 2^-59.
#[inline(always)]
pub(super) fn log_in_two<L: Lane>(x: L) -> (L, L) {
    let one = x.constant(1.0);
    let (k, m) = decompose(x);
    let f = m - one;
    let sum = m + one;
    let sum_low = m - (sum - one);
    let inverse = one / sum;
    let s = f * inverse;
    let (product, product_low) = exact_product(s, sum);
    let s_low = (((f - product) - product_low) - s * sum_low) * inverse;
    let z = s * s;
    let tail = z * s * polynomial(z, &AFTER_LINEAR);
    let twice = s + s;
    let lead = k * x.constant(LN_2_HIGH);
    // Either k is zero or its multiple of ln 2 is the larger summand, so the short exact sum applies (Dekker 1971).
    let high = lead + twice;
    let error = twice - (high - lead);
    let low = error + ((s_low + s_low) + (tail + k * x.constant(LN_2_LOW)));
    let leading = high + low;
    (leading, low - (leading - high))
}
