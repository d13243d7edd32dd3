//! Quantiles that intervals and tests need, found by bisection.
//!
//! Enters: numbers. Leaves: beta quantiles and chi-squared critical values. Always holds: everything rests on
//! `contingent_engine::math`, so the bits are the same on every machine.

use contingent_engine::math::beta::incomplete_beta;
use contingent_engine::math::gamma::upper_gamma;

/// The 97.5% quantile of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The 95% quantile of the standard normal distribution.
pub const Z_90: f64 = 1.644_853_626_951_472_2;

/// The quantile of a beta distribution for `0 < p < 1` and positive shapes, to a relative 1e-14.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    bisect(0.0, 1.0, |x| incomplete_beta(a, b, x) < p)
}

/// The value that a chi-squared variable exceeds with probability `alpha`.
pub fn chi_squared_critical(degrees: usize, alpha: f64) -> f64 {
    if degrees == 0 {
        return 0.0;
    }
    let half = degrees as f64 / 2.0;
    // Exceeded with probability below 1e-300 for every number of degrees that is used.
    let bound = 10.0 * degrees as f64 + 1_500.0;
    bisect(0.0, bound, |x| upper_gamma(half, x / 2.0) > alpha)
}

/// The value that the absolute value of a Student variable exceeds with probability `alpha`.
pub fn student_critical(degrees: f64, alpha: f64) -> f64 {
    if degrees <= 0.0 {
        return f64::INFINITY;
    }
    let n = degrees;
    // n / (n + t^2) has a beta distribution with shapes n/2 and 1/2.
    let x = beta_quantile(alpha, n / 2.0, 0.5);
    (n * (1.0 - x) / x).sqrt()
}

/// To how many degrees of freedom the variance of a mean of `n` independent terms around zero is known, from the sums of
/// their squares, cubes and fourth powers (Satterthwaite 1946): twice the squared variance over the variance of its
/// estimate. With `cubes` that variance is taken at a given mean: how far the estimate moves with the mean is what
/// skewness says, and an interval that is corrected for it must not pay twice. At least 2.
pub fn satterthwaite_degrees(n: f64, squares: f64, cubes: Option<f64>, fourths: f64) -> f64 {
    if squares <= 0.0 {
        return 2.0;
    }
    let kurtosis = n * fourths / (squares * squares);
    let moved = cubes.map_or(0.0, |cubes| n * cubes * cubes / (squares * squares * squares));
    // A normal variable leaves n degrees; no variable is known to more than matters.
    (2.0 * n / (kurtosis - 1.0 - moved).max(1e-9)).clamp(2.0, 1e6)
}

/// The point between `low` and `high` where `is_below` turns false.
pub(crate) fn bisect(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    while high - low > 1e-14 * high {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contingent_engine::math::normal_quantile;
    use statrs::distribution::{Beta, ChiSquared, ContinuousCDF, StudentsT};

    #[test]
    fn quantiles_agree_with_a_reference_implementation() {
        assert!((normal_quantile(0.975) - Z_95).abs() < 1e-14);
        assert!((normal_quantile(0.95) - Z_90).abs() < 1e-14);
        // Tolerances are those of the reference.
        for (a, b) in [(1.0, 20_000.0), (3.0, 998.0), (9.5, 40.25), (0.5, 0.5), (4_000.0, 6_000.0)] {
            let reference = Beta::new(a, b).unwrap();
            for p in [0.025, 0.5, 0.975] {
                let x = beta_quantile(p, a, b);
                assert!((reference.cdf(x) - p).abs() < 1e-8, "beta({a}, {b}) at {p}: {x}");
            }
        }
        for degrees in [1, 2, 5, 30, 400] {
            let reference = StudentsT::new(0.0, 1.0, f64::from(degrees)).unwrap();
            for alpha in [0.05, 0.001] {
                let exceeded = 2.0 * (1.0 - reference.cdf(student_critical(f64::from(degrees), alpha)));
                assert!((exceeded / alpha - 1.0).abs() < 1e-5, "{degrees} {alpha}: {exceeded}");
            }
        }
        for degrees in [1, 2, 3, 5, 17] {
            let reference = ChiSquared::new(degrees as f64).unwrap();
            for alpha in [0.05, 0.001, 1e-4] {
                let exceeded = 1.0 - reference.cdf(chi_squared_critical(degrees, alpha));
                assert!((exceeded / alpha - 1.0).abs() < 1e-6, "{degrees} {alpha}: {exceeded}");
            }
        }
    }
}
