//! The standard normal distribution function and its inverse.
//!
//! Enters: a number of standard deviations, or a probability. Leaves: [`normal_cdf`] and [`normal_quantile`]. Always
//! holds: relative accuracy in the tails as in the centre; both are odd about their centre to within rounding.

use super::exponential::exp_of_sum;
use super::lane::{Lane, exact_product, polynomial};
use super::logarithm::log;
use super::rounding::absolute;

/// `Phi(-t) exp(t^2/2)` on t >= 0 as a quotient of polynomials in `t`, relative error 6e-17 up to t = 39; a minimax
/// fit of our own, in 45-digit arithmetic. All coefficients are positive, so nothing cancels.
const MILLS_OVER: [f64; 10] = [
    0.5,
    0.774_842_219_667_684_5,
    0.593_999_725_148_797_5,
    0.289_298_995_029_918_35,
    0.097_684_064_505_329_49,
    0.023_617_691_038_773_19,
    0.004_088_291_923_713_89,
    0.000_490_266_798_433_555_9,
    3.724_015_911_629_866e-5,
    1.385_057_932_279_295_3e-6,
];
const MILLS_UNDER: [f64; 11] = [
    1.0,
    2.347_569_000_138_224_6,
    2.561_088_510_927_623_6,
    1.714_227_991_973_107_6,
    0.781_942_942_274_381_5,
    0.254_918_759_997_287_47,
    0.060_422_745_533_652_39,
    0.010_341_175_355_514_227,
    0.001_232_388_444_641_062_5,
    9.334_723_579_053_28e-5,
    3.471_825_375_063_562_4e-6,
];

/// The central quotient of Wichura 1988 (Algorithm AS 241, PPND16), in 0.425^2 - (u - 1/2)^2.
const CENTRE_OVER: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_UNDER: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];

/// The quantile's size in the tail as a quotient of polynomials in `sqrt(-ln u) - 1.6` up to 25.7, which reaches the
/// smallest double; relative error 2e-16, a minimax fit of our own in 45-digit arithmetic.
const TAIL_OVER: [f64; 11] = [
    1.423_437_110_749_683_7,
    4.769_846_453_123_938,
    6.253_218_846_672_969,
    4.305_755_677_672_361,
    1.733_271_134_063_674_4,
    0.423_760_246_827_868_34,
    0.062_493_150_391_107_68,
    0.005_287_221_535_720_242,
    0.000_232_297_714_091_045_37,
    4.459_305_881_174_287_5e-6,
    2.598_366_349_835_085e-8,
];
const TAIL_UNDER: [f64; 10] = [
    1.0,
    2.151_199_895_435_782,
    1.898_627_267_337_880_1,
    0.893_804_908_090_560_5,
    0.243_819_834_611_249_95,
    0.038_967_211_666_334_71,
    0.003_492_530_383_571_496,
    0.000_159_327_862_534_927_6,
    3.123_837_156_748_452e-6,
    1.837_318_854_440_383_4e-8,
];

/// The probability that a standard normal variable is at most `x`; the upper tail is `normal_cdf(-x)`.
///
/// Relative error below 1e-15 down to x = -37.5, where results become subnormal; zero below -38.6.
#[inline(always)]
pub fn normal_cdf<L: Lane>(x: L) -> L {
    let size = absolute(x);
    // Beyond 40 the result is 0 or 1; the bound keeps the products finite and lets NaN pass.
    let t = x.constant(40.0).lesser(size);
    let (square, square_low) = exact_product(t, t);
    let half = x.constant(-0.5);
    let density = exp_of_sum(square * half, square_low * half);
    let tail = density * polynomial(t, &MILLS_OVER) / polynomial(t, &MILLS_UNDER);
    x.constant(0.0).select_less(x, x.constant(1.0) - tail, tail)
}

/// The standard normal quantile: the `x` with `normal_cdf(x) = u`. Relative error below 1e-15.
///
/// Minus infinity at 0, infinity at 1, NaN outside 0..1. For probabilities near one the caller who knows `1 - u` to
/// more digits uses `-normal_quantile(1 - u)`. The split into a centre and a tail in `sqrt(-ln u)` is that of
/// Wichura 1988.
#[inline(always)]
pub fn normal_quantile<L: Lane>(u: L) -> L {
    let (zero, half, one) = (u.constant(0.0), u.constant(0.5), u.constant(1.0));
    let offset = u - half;
    let depth = u.constant(0.180_625) - offset * offset;

    let upper = one - u;
    let smaller = u.select_less(half, u, upper);
    let root = (-log(smaller)).square_root();
    // The bound keeps the quotient a number where the root is infinite.
    let distance = u.constant(27.4).lesser(root) - u.constant(1.6);

    let is_central = |yes: L, no: L| zero.select_less(depth, yes, no);
    let over = is_central(offset * polynomial(depth, &CENTRE_OVER), polynomial(distance, &TAIL_OVER));
    let under = is_central(polynomial(depth, &CENTRE_UNDER), polynomial(distance, &TAIL_UNDER));
    let quotient = over / under;
    let signed = is_central(quotient, offset.select_less(zero, -quotient, quotient));

    // Probabilities 0 and 1 are those with an infinite root; those outside 0..1 have a NaN for a root, which the
    // tail has passed on.
    let infinity = u.constant(f64::INFINITY);
    let limit = offset.select_less(zero, -infinity, infinity);
    u.constant(f64::MAX).select_less(root, limit, signed)
}
