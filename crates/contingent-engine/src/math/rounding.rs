//! Rounding to whole numbers and operations on the sign.
//!
//! Enters: any double. Leaves: a whole number of the same sign, zeros included. Always holds: numbers of 2^52 and
//! more in size, infinities and NaN are returned as they are.

use super::lane::{Lane, Word};

const SIGN: u64 = 1 << 63;
/// 2^52: adding it to a smaller positive number rounds that to a whole one.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// The size of `x`.
#[inline(always)]
pub fn absolute<L: Lane>(x: L) -> L {
    let word = x.word();
    word.and(word.constant(!SIGN)).real()
}

/// The size of `x` with the sign bit of `sign`.
#[inline(always)]
pub fn with_sign_of<L: Lane>(x: L, sign: L) -> L {
    let sign = sign.word();
    sign.and(sign.constant(SIGN)).or(absolute(x).word()).real()
}

/// The nearest whole number, ties to even, for |x| < 2^52; other values are the caller's to replace.
#[inline(always)]
fn nearest<L: Lane>(x: L) -> L {
    let shift = x.constant(WHOLE);
    with_sign_of((absolute(x) + shift) - shift, x)
}

/// `result` where `x` may have a fraction, else `x`.
#[inline(always)]
fn unless_whole<L: Lane>(x: L, result: L) -> L {
    absolute(x).select_less(x.constant(WHOLE), result, x)
}

/// The greatest whole number that is not above `x`.
#[inline(always)]
pub fn floor<L: Lane>(x: L) -> L {
    let near = nearest(x);
    unless_whole(x, x.select_less(near, near - x.constant(1.0), near))
}

/// The least whole number that is not below `x`.
#[inline(always)]
pub fn ceil<L: Lane>(x: L) -> L {
    let near = nearest(x);
    let raised = with_sign_of(near + x.constant(1.0), x);
    unless_whole(x, near.select_less(x, raised, near))
}

/// The whole part of `x`, towards zero.
#[inline(always)]
pub fn truncate<L: Lane>(x: L) -> L {
    with_sign_of(floor(absolute(x)), x)
}

/// The nearest whole number, halves away from zero.
#[inline(always)]
pub fn round<L: Lane>(x: L) -> L {
    let size = absolute(x);
    let whole = floor(size);
    let raised = whole + x.constant(1.0);
    with_sign_of((size - whole).select_less(x.constant(0.5), whole, unless_whole(size, raised)), x)
}
