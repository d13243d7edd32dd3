//! The primitives of which all arithmetic is made.
//!
//! Enters: one number, or a register of numbers. Leaves: the same kind of thing. Always holds: every operation is an
//! exactly specified IEEE-754 or integer operation, so implementations of [`Lane`] for vectors or for an emitter of
//! code give the same bits as the one for `f64` below.

#![expect(
    clippy::return_self_not_must_use,
    reason = "these are the operators of arithmetic; none works by effect"
)]

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number, or several side by side, in double precision.
///
/// The four operators and [`square_root`](Lane::square_root) round to nearest, ties to even; subnormal numbers are
/// neither flushed nor read as zero.
pub trait Lane:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The bits of this kind of lane.
    type Word: Word<Real = Self>;

    /// The constant `value`; `self` only lends its context (an emitter's graph, a vector's width).
    fn constant(self, value: f64) -> Self;

    /// `yes` where `self < other`, else `no`. A comparison with NaN is false and hence gives `no`.
    fn select_less(self, other: Self, yes: Self, no: Self) -> Self;

    /// The square root; NaN for negative numbers.
    fn square_root(self) -> Self;

    /// The bit pattern.
    fn word(self) -> Self::Word;

    /// `self < other ? self : other`, the rule of x86 `minpd`: where either is NaN, and for zeros of unlike sign,
    /// the result is `other`. Putting a bound first thus lets a NaN pass: `bound.lesser(x)`.
    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        self.select_less(other, self, other)
    }

    /// `self > other ? self : other`, the rule of x86 `maxpd`: where either is NaN, and for zeros of unlike sign,
    /// the result is `other`.
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        other.select_less(self, self, other)
    }
}

/// The 64 bits of a [`Lane`], as an unsigned integer that wraps.
pub trait Word: Copy {
    /// The number with these bits.
    type Real: Lane<Word = Self>;

    /// The constant `value`; `self` only lends its context.
    fn constant(self, value: u64) -> Self;
    /// The number with this bit pattern.
    fn real(self) -> Self::Real;
    /// Sum modulo 2^64.
    fn plus(self, other: Self) -> Self;
    /// Difference modulo 2^64.
    fn minus(self, other: Self) -> Self;
    /// Bitwise and.
    fn and(self, other: Self) -> Self;
    /// Bitwise or.
    fn or(self, other: Self) -> Self;
    /// Bitwise exclusive or.
    fn xor(self, other: Self) -> Self;
    /// Shift towards the high bits by `count` < 64, filling with zeros.
    fn shift_left(self, count: u32) -> Self;
    /// Shift towards the low bits by `count` < 64, filling with zeros.
    fn shift_right(self, count: u32) -> Self;
    /// The 64-bit product of the low 32 bits of both, x86 `pmuludq`.
    fn multiply_low_halves(self, other: Self) -> Self;
}

impl Lane for f64 {
    type Word = u64;

    #[inline(always)]
    fn constant(self, value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn select_less(self, other: Self, yes: Self, no: Self) -> Self {
        if self < other { yes } else { no }
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        self.sqrt()
    }

    #[inline(always)]
    fn word(self) -> u64 {
        self.to_bits()
    }
}

impl Word for u64 {
    type Real = f64;

    #[inline(always)]
    fn constant(self, value: u64) -> Self {
        value
    }

    #[inline(always)]
    fn real(self) -> f64 {
        f64::from_bits(self)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    fn shift_left(self, count: u32) -> Self {
        self << count
    }

    #[inline(always)]
    fn shift_right(self, count: u32) -> Self {
        self >> count
    }

    #[inline(always)]
    fn multiply_low_halves(self, other: Self) -> Self {
        (self & 0xffff_ffff).wrapping_mul(other & 0xffff_ffff)
    }
}

/// The polynomial `coefficients[0] + coefficients[1] x + ...`, even and odd powers in two chains.
///
/// Two Horner chains in `x^2` halve the latency of one. `N` is at least two.
#[inline(always)]
pub fn polynomial<L: Lane, const N: usize>(x: L, coefficients: &[f64; N]) -> L {
    let square = x * x;
    let mut leading = x.constant(coefficients[N - 1]);
    let mut other = x.constant(coefficients[N - 2]);
    let mut index = N - 2;
    while index >= 2 {
        leading = leading * square + x.constant(coefficients[index - 1]);
        other = other * square + x.constant(coefficients[index - 2]);
        index -= 2;
    }
    // Whatever the parity of N, `leading` now is one power above `other`, by one more step where N is odd.
    if index == 1 {
        leading = leading * square + x.constant(coefficients[0]);
        leading + other * x
    } else {
        other + leading * x
    }
}

/// 1.5 * 2^52: adding it rounds a number below 2^51 in size to the nearest whole one and puts that, in two's
/// complement, in the low bits.
pub(super) const ROUNDING_SHIFT: f64 = 6_755_399_441_055_744.0;

/// `2^n` for the whole number `n` in -1022..=1023 that was shifted by [`ROUNDING_SHIFT`].
#[inline(always)]
pub(super) fn power_of_two<L: Lane>(shifted: L) -> L {
    let word = shifted.word();
    word.plus(word.constant(1023)).shift_left(52).real()
}

/// An exact product as an unevaluated sum (Dekker 1971, with the splitting of Veltkamp).
///
/// Exact unless a factor exceeds 2^996 in size or the product nears the subnormal range.
#[inline(always)]
pub(super) fn exact_product<L: Lane>(a: L, b: L) -> (L, L) {
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let product = a * b;
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

#[inline(always)]
fn split<L: Lane>(a: L) -> (L, L) {
    let scaled = a * a.constant(134_217_729.0);
    let high = scaled - (scaled - a);
    (high, a - high)
}
