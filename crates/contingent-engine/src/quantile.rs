//! Quantiles and distribution functions of assumptions.
//!
//! Enters: a [`Distribution`] whose parameters the resolver has checked, and a probability or a value. Leaves:
//! [`quantile`], [`cdf`] and [`central`]. Always holds: only the deterministic functions of [`crate::math`] are used;
//! both tails are carried along, so that cutting a distribution far out in a tail costs no accuracy.

mod continuous;
mod solve;

use contingent_model::Distribution;

use crate::math::{exp, log, log1p, logistic, normal_cdf, normal_quantile};

/// A probability together with its complement, of which the smaller one is accurate in relative terms.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tails {
    lower: f64,
    upper: f64,
}

impl Tails {
    const NONE_BELOW: Self = Self { lower: 0.0, upper: 1.0 };
    const ALL_BELOW: Self = Self { lower: 1.0, upper: 0.0 };

    fn mirrored(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }

    /// Whether at least the share `wanted` lies below; decided in the smaller tail.
    fn reaches(self, wanted: Self) -> bool {
        if wanted.lower <= wanted.upper { self.lower >= wanted.lower } else { self.upper <= wanted.upper }
    }

    fn of_normal(z: f64) -> Self {
        Self { lower: normal_cdf(z), upper: normal_cdf(-z) }
    }

    fn normal_quantile(self) -> f64 {
        if self.lower <= self.upper { normal_quantile(self.lower) } else { -normal_quantile(self.upper) }
    }
}

/// The value below which the share `u` of the distribution lies: the least `x` with `cdf(x) >= u`.
///
/// `u` lies in 0..1, both ends included (the ends give the ends of the support); values outside give NaN. In the unit
/// of the distribution's parameters; `OneOf` gives the position of the alternative. Monotone in `u` up to rounding.
/// Closed forms are accurate to about 1e-15 of the distance from the centre, the inverses of beta, gamma and Student
/// distributions to 1e-13, mixtures to the accuracy of their distribution function.
///
/// ```
/// use contingent_engine::quantile::quantile;
/// use contingent_model::Distribution;
///
/// let doubt = Distribution::Normal { mean: 10.0, sd: 2.0 };
/// assert!((quantile(&doubt, 0.95) - 13.289_707_253_902_945).abs() < 1e-13);
/// ```
pub fn quantile(distribution: &Distribution, u: f64) -> f64 {
    if (0.0..=1.0).contains(&u) { invert(distribution, Tails { lower: u, upper: 1.0 - u }) } else { f64::NAN }
}

/// The probability of a value of at most `x`; NaN for NaN.
pub fn cdf(distribution: &Distribution, x: f64) -> f64 {
    tails(distribution, x).lower
}

/// The value that stands for the distribution where one value must: the median, or the most probable alternative of
/// `one of` (the first of several).
pub fn central(distribution: &Distribution) -> f64 {
    match distribution {
        Distribution::OneOf(weights) => {
            let mut best = 0;
            for (position, weight) in weights.iter().enumerate() {
                if *weight > weights[best] {
                    best = position;
                }
            }
            best as f64
        }
        other => quantile(other, 0.5),
    }
}

/// Probabilities of a value of at most `x`, and of more than `x`.
fn tails(distribution: &Distribution, x: f64) -> Tails {
    if x.is_nan() {
        return Tails { lower: x, upper: x };
    }
    match distribution {
        Distribution::Constant(value) => step(*value <= x),
        Distribution::Normal { mean, sd } => Tails::of_normal((x - mean) / sd),
        Distribution::LogNormal { median, sdlog } => {
            if x <= 0.0 {
                Tails::NONE_BELOW
            } else {
                Tails::of_normal(log(x / median) / sdlog)
            }
        }
        Distribution::LogitNormal { mean, sd } => {
            if x <= 0.0 || x >= 1.0 {
                step(x >= 1.0)
            } else {
                Tails::of_normal((log(x) - log1p(-x) - mean) / sd)
            }
        }
        Distribution::Beta { alpha, beta } => continuous::beta_tails(*alpha, *beta, x, 1.0 - x),
        Distribution::Gamma { shape, scale } => continuous::gamma_tails(*shape, x / scale),
        Distribution::Uniform { low, high } => {
            if x < *low || x >= *high {
                step(x >= *high)
            } else {
                Tails { lower: (x - low) / (high - low), upper: (high - x) / (high - low) }
            }
        }
        Distribution::Triangular { low, mode, high } => continuous::triangular_tails(*low, *mode, *high, x),
        Distribution::Pert { low, mode, high } => {
            let (alpha, beta) = pert_shapes(*low, *mode, *high);
            continuous::beta_tails(alpha, beta, (x - low) / (high - low), (high - x) / (high - low))
        }
        Distribution::StudentT { degrees, mean, scale } => {
            continuous::student_tails(*degrees, (x - mean) / scale)
        }
        Distribution::Discrete(values) => {
            sum_where(values.iter().map(|(value, weight)| (*weight, step(*value <= x))))
        }
        Distribution::OneOf(weights) => sum_where(
            weights.iter().enumerate().map(|(position, weight)| (*weight, step(position as f64 <= x))),
        ),
        Distribution::Mixture(parts) => {
            sum_where(parts.iter().map(|(weight, part)| (*weight, tails(part, x))))
        }
        Distribution::Within { inner, low, high } => {
            if x < *low || x >= *high {
                return step(x >= *high);
            }
            let cut = Cut::new(inner, *low, *high);
            let at = tails(inner, x);
            let share = |part: f64| (part / cut.mass).clamp(0.0, 1.0);
            if at.lower <= at.upper {
                let lower = share(at.lower - cut.below.lower);
                Tails { lower, upper: 1.0 - lower }
            } else {
                let upper = share(at.upper - cut.above.upper);
                Tails { lower: 1.0 - upper, upper }
            }
        }
    }
}

/// The least value whose tails reach the wanted ones.
fn invert(distribution: &Distribution, wanted: Tails) -> f64 {
    match distribution {
        Distribution::Constant(value) => *value,
        Distribution::Normal { mean, sd } => mean + sd * wanted.normal_quantile(),
        Distribution::LogNormal { median, sdlog } => median * exp(sdlog * wanted.normal_quantile()),
        Distribution::LogitNormal { mean, sd } => logistic(mean + sd * wanted.normal_quantile()),
        Distribution::Beta { alpha, beta } => continuous::beta_quantile(*alpha, *beta, wanted).0,
        Distribution::Gamma { shape, scale } => scale * continuous::gamma_quantile(*shape, wanted),
        Distribution::Uniform { low, high } => from_nearer_end(*low, *high, wanted.lower, wanted.upper),
        Distribution::Triangular { low, mode, high } => {
            continuous::triangular_quantile(*low, *mode, *high, wanted)
        }
        Distribution::Pert { low, mode, high } => {
            let (alpha, beta) = pert_shapes(*low, *mode, *high);
            let (x, y) = continuous::beta_quantile(alpha, beta, wanted);
            from_nearer_end(*low, *high, x, y)
        }
        Distribution::StudentT { degrees, mean, scale } => {
            mean + scale * continuous::student_quantile(*degrees, wanted)
        }
        Distribution::Discrete(values) => {
            let position = first_reaching(values.iter().map(|(_, weight)| *weight), wanted.lower);
            values[position].0
        }
        Distribution::OneOf(weights) => first_reaching(weights.iter().copied(), wanted.lower) as f64,
        Distribution::Mixture(parts) => {
            // At the same probability one component's quantile is at most, another's at least the mixture's.
            let positions =
                parts.iter().filter(|(weight, _)| *weight > 0.0).map(|(_, part)| invert(part, wanted));
            let (least, greatest) = positions
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), x| {
                    (x.min(least), x.max(greatest))
                });
            solve::least_reaching(least, greatest, wanted, |x| tails(distribution, x))
        }
        Distribution::Within { inner, low, high } => {
            let cut = Cut::new(inner, *low, *high);
            let lower = cut.below.lower + wanted.lower * cut.mass;
            let upper = cut.above.upper + wanted.upper * cut.mass;
            invert(inner, Tails { lower, upper }).clamp(*low, *high)
        }
    }
}

/// What a distribution that is cut to an interval has below it, above it, and within it.
struct Cut {
    below: Tails,
    above: Tails,
    mass: f64,
}

impl Cut {
    fn new(inner: &Distribution, low: f64, high: f64) -> Self {
        // The lower bound itself belongs to the interval, which matters where it carries probability.
        let at_low = tails(inner, low);
        let atom = atom(inner, low);
        let below = Tails { lower: at_low.lower - atom, upper: at_low.upper + atom };
        let above = tails(inner, high);
        // The difference is taken on the side where both numbers are small.
        let mass = if below.lower > 0.5 { below.upper - above.upper } else { above.lower - below.lower };
        Self { below, above, mass }
    }
}

/// The probability of the value `x` itself.
fn atom(distribution: &Distribution, x: f64) -> f64 {
    let sum = |parts: &mut dyn Iterator<Item = (f64, bool)>| -> f64 {
        parts.filter(|(_, is_there)| *is_there).map(|(weight, _)| weight).sum()
    };
    match distribution {
        Distribution::Constant(value) => f64::from(*value == x),
        Distribution::Discrete(values) => {
            sum(&mut values.iter().map(|(value, weight)| (*weight, *value == x)))
        }
        Distribution::OneOf(weights) => {
            sum(&mut weights.iter().enumerate().map(|(position, weight)| (*weight, position as f64 == x)))
        }
        Distribution::Mixture(parts) => parts.iter().map(|(weight, part)| weight * atom(part, x)).sum(),
        Distribution::Within { inner, low, high } if *low <= x && x <= *high => {
            atom(inner, x) / Cut::new(inner, *low, *high).mass
        }
        _ => 0.0,
    }
}

/// `low + x (high - low)` for x + y = 1, computed from the end that is nearer.
fn from_nearer_end(low: f64, high: f64, x: f64, y: f64) -> f64 {
    if x <= y { low + x * (high - low) } else { high - y * (high - low) }
}

fn pert_shapes(low: f64, mode: f64, high: f64) -> (f64, f64) {
    let range = high - low;
    (1.0 + 4.0 * (mode - low) / range, 1.0 + 4.0 * (high - mode) / range)
}

/// The tails of a value that is certainly below, or certainly not.
fn step(is_below: bool) -> Tails {
    if is_below { Tails::ALL_BELOW } else { Tails::NONE_BELOW }
}

/// The weighted sum of tails; each sum is kept within 0..1 against the rounding of the weights.
fn sum_where(parts: impl Iterator<Item = (f64, Tails)>) -> Tails {
    let (lower, upper) = parts.fold((0.0, 0.0), |(lower, upper), (weight, part)| {
        (lower + weight * part.lower, upper + weight * part.upper)
    });
    Tails { lower: f64::min(lower, 1.0), upper: f64::min(upper, 1.0) }
}

/// The first position of positive weight at which the cumulated weight reaches `u`; the last one where rounding
/// keeps it from doing so.
fn first_reaching(weights: impl Iterator<Item = f64>, u: f64) -> usize {
    let (mut cumulated, mut last) = (0.0, 0);
    for (position, weight) in weights.enumerate() {
        if weight > 0.0 {
            cumulated += weight;
            last = position;
            if cumulated >= u {
                break;
            }
        }
    }
    last
}
