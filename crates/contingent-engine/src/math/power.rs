//! Powers with real exponents.
//!
//! Enters: a base and an exponent. Leaves: [`pow`]. Always holds: the error stays within a few units in the last
//! place over the whole range, because the logarithm carries extra bits.

use super::exponential::exp_of_sum;
use super::lane::{Lane, exact_product};
use super::logarithm::log_in_two;
use super::rounding::{absolute, floor};

/// `x` to the power `y`; relative error below 2e-16 for results near one and 2e-15 near the ends of the range.
///
/// `x^0 = 1`, also for zero and infinite `x`. A negative base needs a whole exponent, else the result is NaN. Zero
/// counts as positive zero: to a negative power it gives infinity. A NaN on either side gives NaN (unlike C, where
/// `pow(1, NaN)` and `pow(NaN, 0)` are 1), so that a broken value is never hidden.
#[inline(always)]
pub fn pow<L: Lane>(x: L, y: L) -> L {
    let (zero, one) = (x.constant(0.0), x.constant(1.0));
    let infinity = x.constant(f64::INFINITY);
    let size = absolute(x);

    // A larger exponent changes no result, since |ln x| >= 2^-54 unless x is one.
    let bound = x.constant(36_893_488_147_419_103_232.0);
    let bounded = bound.lesser((-bound).greater(y));
    let (log_high, log_low) = log_in_two(size);
    let (product, product_low) = exact_product(bounded, log_high);
    let low = product_low + bounded * log_low;
    // Where the result is 0 or infinite anyway, the low part may be large and would upset the exponential.
    let low = absolute(product).select_less(x.constant(750.0), low, zero);
    let regular = exp_of_sum(product, low);

    let positive = |with_positive: L, with_zero: L, with_negative: L| {
        y.select_less(zero, with_negative, zero.select_less(y, with_positive, with_zero))
    };
    // `one + y` is one, or NaN where y is; `inverse` is zero, or NaN where x is.
    let inverse = one / size;
    let of_zero = positive(zero, one + y, infinity);
    let of_infinite = positive(size, one + y + inverse, inverse);
    let magnitude = size.select_less(infinity, regular, of_infinite);
    let magnitude = size.select_less(x.constant(f64::from_bits(1)), of_zero, magnitude);

    // The sign: a whole exponent is odd where its half is not whole.
    let half = y * x.constant(0.5);
    let fraction = y - floor(y);
    let odd = floor(half).select_less(half, -magnitude, magnitude);
    let signed = zero.select_less(fraction, x.constant(f64::NAN), odd);
    x.select_less(zero, signed, magnitude)
}
