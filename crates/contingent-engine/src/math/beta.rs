//! The regularised incomplete beta function, for one number at a time.
//!
//! Enters: positive shapes, and an argument together with its complement. Leaves: both tails at once. Always holds:
//! the argument is given as `x` and `1 - x`, so that accuracy near one equals that near zero.

use super::exp;
use super::gamma::{TWO_PI, away_from_zero, deviance, stirling_error};

/// A beta distribution's shapes with the constants that every evaluation needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncompleteBeta {
    a: f64,
    b: f64,
    /// `1 / B(a, b)` divided by what [`deviance`] contributes at its minimum.
    scale: f64,
}

impl IncompleteBeta {
    /// Prepares `I_x(a, b)` for shapes `a`, `b` > 0.
    pub fn new(a: f64, b: f64) -> Self {
        let n = a + b;
        let correction = stirling_error(n) - stirling_error(a) - stirling_error(b);
        Self { a, b, scale: exp(correction) * (a * (b / n) / TWO_PI).sqrt() }
    }

    /// The same function seen from the other end: `I_y(b, a)`.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self { a: self.b, b: self.a, scale: self.scale }
    }

    /// The first and second shape.
    pub fn shapes(&self) -> (f64, f64) {
        (self.a, self.b)
    }

    /// `x^a y^b / B(a, b)` for `y = 1 - x`, both positive: the density times `x y`, that is per unit of the logit
    /// (the binomial form of Loader 2000).
    pub fn logistic_density(&self, x: f64, y: f64) -> f64 {
        let n = self.a + self.b;
        self.scale * exp(-(deviance(self.a, n * x) + deviance(self.b, n * y)))
    }

    /// `I_x(a, b)` and its complement `I_y(b, a)`, for `y = 1 - x`.
    ///
    /// Relative error of the smaller one about 1e-14 for shapes up to a thousand, 1e-12 at a million. The work
    /// grows as the square root of the shapes. Continued fraction of Didonato and Morris 1992 (Algorithm 708), evaluated
    /// by the method of Lentz 1976.
    pub fn tails(&self, x: f64, y: f64) -> (f64, f64) {
        if x.is_nan() || y.is_nan() || self.scale.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        if y <= 0.0 {
            return (1.0, 0.0);
        }
        let front = self.logistic_density(x, y);
        if x * (self.a + self.b + 2.0) < self.a + 1.0 {
            let lower = (front / fraction(self.a, self.b, x, y)).min(1.0);
            (lower, 1.0 - lower)
        } else {
            let upper = (front / fraction(self.b, self.a, y, x)).min(1.0);
            (1.0 - upper, upper)
        }
    }
}

/// The denominator of `I_x(a, b)` under `x^a y^b / B(a, b)`, a continued fraction in which `y` stands wherever `1 - x`
/// would cancel.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let skew = a * y - b * x + 1.0;
    let mut fraction = away_from_zero(a * skew / (a + 1.0), TINY);
    let (mut c, mut d) = (fraction, 0.0);
    let mut m = 0.0;
    loop {
        m += 1.0;
        let middle = a + 2.0 * m - 1.0;
        let numerator = ((a + m - 1.0) / middle * x) * ((a + b + m - 1.0) / middle * x) * m * (b - m);
        let denominator = m + m * (b - m) * x / middle + (a + m) / (middle + 2.0) * (skew + m * (1.0 + y));
        d = 1.0 / away_from_zero(denominator + numerator * d, TINY);
        c = away_from_zero(denominator + numerator / c, TINY);
        let factor = c * d;
        fraction *= factor;
        // The factors approach one until rounding stops them; 4e-16 is two units of rounding.
        if (factor - 1.0).abs() < 4e-16 || m > 1e6 {
            return fraction;
        }
    }
}

/// The regularised incomplete beta function `I_x(a, b)`; see [`IncompleteBeta::tails`].
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    IncompleteBeta::new(a, b).tails(x, 1.0 - x).0
}
