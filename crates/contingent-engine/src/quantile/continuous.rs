//! The continuous families that need more than a line: beta, gamma, Student, triangular.
//!
//! Enters: shapes and a standardised value, or wanted tails. Leaves: tails and quantiles. Always holds: the
//! quantile of a tail is solved in that tail, and a beta variable comes with its complement.

use super::Tails;
use super::solve::{Evaluation, solve_positive};
use crate::math::beta::IncompleteBeta;
use crate::math::gamma::{IncompleteGamma, ln_gamma};
use crate::math::{exp, log};

/// The tails of a beta variable at `x`, where `y = 1 - x`.
pub(super) fn beta_tails(alpha: f64, beta: f64, x: f64, y: f64) -> Tails {
    let (lower, upper) = IncompleteBeta::new(alpha, beta).tails(x, y);
    Tails { lower, upper }
}

/// The quantile of a beta variable, and its complement; each is accurate in relative terms where it is the smaller.
pub(super) fn beta_quantile(alpha: f64, beta: f64, wanted: Tails) -> (f64, f64) {
    if wanted.lower <= 0.0 {
        return (0.0, 1.0);
    }
    if wanted.upper <= 0.0 {
        return (1.0, 0.0);
    }
    let function = IncompleteBeta::new(alpha, beta);
    // The solution is sought as a distance from the end on whose side of the mean it lies.
    let mean = alpha / (alpha + beta);
    let (lower, upper) = function.tails(mean, 1.0 - mean);
    let is_mirrored = !Tails { lower, upper }.reaches(wanted);
    let (function, wanted) =
        if is_mirrored { (function.mirrored(), wanted.mirrored()) } else { (function, wanted) };
    let (a, b) = function.shapes();
    // Near zero I_x(a, b) = x^a / (a B(a, b)); away from it, the mean is a start as good as any.
    let log_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let near_zero = exp((log(wanted.lower) + log(a) + log_beta) / a);
    let x = solve_positive(near_zero.min(a / (a + b)), wanted, |x| {
        let y = 1.0 - x;
        let (lower, upper) = function.tails(x, y);
        Evaluation { tails: Tails { lower, upper }, logarithmic_density: function.logistic_density(x, y) / y }
    });
    if is_mirrored { (1.0 - x, x) } else { (x, 1.0 - x) }
}

/// The tails of a gamma variable of unit scale.
pub(super) fn gamma_tails(shape: f64, x: f64) -> Tails {
    let (lower, upper) = IncompleteGamma::new(shape).tails(x);
    Tails { lower, upper }
}

/// The quantile of a gamma variable of unit scale.
pub(super) fn gamma_quantile(shape: f64, wanted: Tails) -> f64 {
    if wanted.lower <= 0.0 {
        return 0.0;
    }
    if wanted.upper <= 0.0 {
        return f64::INFINITY;
    }
    let function = IncompleteGamma::new(shape);
    // Near zero P(a, x) = x^a / Gamma(a + 1); elsewhere the cube root is nearly normal (Wilson and Hilferty 1931).
    let near_zero = exp((log(wanted.lower) + ln_gamma(shape + 1.0)) / shape);
    let ninth = 1.0 / (9.0 * shape);
    let root = 1.0 - ninth + wanted.normal_quantile() * ninth.sqrt();
    let start = if root > 0.3 { shape * root * root * root } else { near_zero };
    solve_positive(start, wanted, |x| {
        let (lower, upper) = function.tails(x);
        Evaluation { tails: Tails { lower, upper }, logarithmic_density: function.logarithmic_density(x) }
    })
}

/// The tails of Student's t: the square is a quotient of gammas, `nu / (nu + t^2)` is beta with nu/2 and 1/2.
pub(super) fn student_tails(degrees: f64, t: f64) -> Tails {
    let square = t * t;
    let sum = degrees + square;
    let beyond = if sum == f64::INFINITY {
        // Far out only the leading term is left, which the normal range of doubles hides for few degrees.
        let x = (degrees.sqrt() / t.abs()) * (degrees.sqrt() / t.abs());
        beta_tails(0.5 * degrees, 0.5, x, 1.0)
    } else {
        beta_tails(0.5 * degrees, 0.5, degrees / sum, square / sum)
    };
    let tail = Tails { lower: 0.5 * beyond.lower, upper: 1.0 - 0.5 * beyond.lower };
    if t < 0.0 { tail } else { tail.mirrored() }
}

/// The quantile of Student's t.
pub(super) fn student_quantile(degrees: f64, wanted: Tails) -> f64 {
    if wanted.lower > wanted.upper {
        return -student_quantile(degrees, wanted.mirrored());
    }
    if wanted.lower <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let both = Tails { lower: 2.0 * wanted.lower, upper: 1.0 - 2.0 * wanted.lower };
    let (x, y) = beta_quantile(0.5 * degrees, 0.5, both);
    -(degrees * y / x).sqrt()
}

/// The tails of the triangular distribution.
pub(super) fn triangular_tails(low: f64, mode: f64, high: f64, x: f64) -> Tails {
    if x <= low {
        return Tails::NONE_BELOW;
    }
    if x >= high {
        return Tails::ALL_BELOW;
    }
    let range = high - low;
    if x < mode {
        let lower = (x - low) / range * ((x - low) / (mode - low));
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = (high - x) / range * ((high - x) / (high - mode));
        Tails { lower: 1.0 - upper, upper }
    }
}

/// The quantile of the triangular distribution.
pub(super) fn triangular_quantile(low: f64, mode: f64, high: f64, wanted: Tails) -> f64 {
    let range = high - low;
    let rising = (mode - low) / range;
    if wanted.lower < rising {
        low + (wanted.lower * (mode - low)).sqrt() * range.sqrt()
    } else {
        high - (wanted.upper * (high - mode)).sqrt() * range.sqrt()
    }
}
