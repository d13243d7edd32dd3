//! How likely observed values are: logarithms of probabilities and densities.
//!
//! Enters: an observed value, the parameters of a distribution. Leaves: one number. Always holds: every formula is
//! written once over [`Algebra`], free of branches, so that numbers and nodes of the graph give the same bits; a value
//! that cannot be has minus infinity, never not-a-number, as long as the parameters are finite; large terms that
//! cancel are never formed (Loader 2000, "Fast and accurate computation of binomial probabilities").

use crate::arithmetic;
use crate::graph::{Binary, Graph, Node, Unary};

/// ln(2 pi).
const LN_TWO_PI: f64 = 1.837_877_066_409_345_3;

/// The operations that the formulas are made of.
pub(crate) trait Algebra {
    /// What is computed with.
    type Number: Copy;

    fn number(&mut self, value: f64) -> Self::Number;
    fn sum(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn difference(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn product(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn quotient(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    fn logarithm(&mut self, a: Self::Number) -> Self::Number;
    /// `yes` where `a < b`, else `no`.
    fn where_less(
        &mut self,
        a: Self::Number,
        b: Self::Number,
        yes: Self::Number,
        no: Self::Number,
    ) -> Self::Number;
}

/// Plain numbers.
#[derive(Debug)]
pub(crate) struct Scalars;

impl Algebra for Scalars {
    type Number = f64;

    fn number(&mut self, value: f64) -> f64 {
        value
    }

    fn sum(&mut self, a: f64, b: f64) -> f64 {
        arithmetic::binary(Binary::Add, a, b)
    }

    fn difference(&mut self, a: f64, b: f64) -> f64 {
        arithmetic::binary(Binary::Subtract, a, b)
    }

    fn product(&mut self, a: f64, b: f64) -> f64 {
        arithmetic::binary(Binary::Multiply, a, b)
    }

    fn quotient(&mut self, a: f64, b: f64) -> f64 {
        arithmetic::binary(Binary::Divide, a, b)
    }

    fn logarithm(&mut self, a: f64) -> f64 {
        arithmetic::unary(Unary::Log, a)
    }

    fn where_less(&mut self, a: f64, b: f64, yes: f64, no: f64) -> f64 {
        arithmetic::select(arithmetic::binary(Binary::Less, a, b), yes, no)
    }
}

impl Algebra for Graph {
    type Number = Node;

    fn number(&mut self, value: f64) -> Node {
        self.constant(value)
    }

    fn sum(&mut self, a: Node, b: Node) -> Node {
        self.add(a, b)
    }

    fn difference(&mut self, a: Node, b: Node) -> Node {
        self.subtract(a, b)
    }

    fn product(&mut self, a: Node, b: Node) -> Node {
        self.multiply(a, b)
    }

    fn quotient(&mut self, a: Node, b: Node) -> Node {
        self.divide(a, b)
    }

    fn logarithm(&mut self, a: Node) -> Node {
        self.unary(Unary::Log, a)
    }

    fn where_less(&mut self, a: Node, b: Node, yes: Node, no: Node) -> Node {
        let is_less = self.less(a, b);
        self.select(is_less, yes, no)
    }
}

/// The polynomial `coefficients[0] + coefficients[1] x + ...` by the scheme of Horner.
fn polynomial<A: Algebra>(of: &mut A, x: A::Number, coefficients: &[f64]) -> A::Number {
    let mut sum = of.number(0.0);
    for &coefficient in coefficients.iter().rev() {
        let shifted = of.product(sum, x);
        let coefficient = of.number(coefficient);
        sum = of.sum(shifted, coefficient);
    }
    sum
}

/// 1/3 + w/5 + w^2/7 + ...: with w = v^2 <= 0.01 what is left out is below 1e-19.
const ODD_INVERSES: [f64; 9] =
    [1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0];
/// Below this square of the relative difference the series is used.
const NEAR: f64 = 0.01;

/// ln(1 + u) for `u` >= 0, without loss near 0: 2 artanh(u / (2 + u)).
fn log_one_plus<A: Algebra>(of: &mut A, u: A::Number) -> A::Number {
    let (one, two, near) = (of.number(1.0), of.number(2.0), of.number(NEAR));
    let bottom = of.sum(two, u);
    let v = of.quotient(u, bottom);
    let w = of.product(v, v);
    let series = polynomial(of, w, &ODD_INVERSES);
    let rest = of.product(w, series);
    let sum = of.sum(one, rest);
    let doubled = of.product(two, v);
    let close = of.product(doubled, sum);
    let whole = of.sum(one, u);
    let far = of.logarithm(whole);
    of.where_less(w, near, close, far)
}

/// `x ln(x/m) + m - x` without cancellation near `x = m`, for `x` and `m` not negative (`bd0` of Loader 2000); `m`
/// where `x` is 0, infinite where only `m` is 0.
fn deviance<A: Algebra>(of: &mut A, x: A::Number, m: A::Number) -> A::Number {
    let (zero, two, near) = (of.number(0.0), of.number(2.0), of.number(NEAR));
    let (difference, sum) = (of.difference(x, m), of.sum(x, m));
    let v = of.quotient(difference, sum);
    let w = of.product(v, v);
    let series = polynomial(of, w, &ODD_INVERSES);
    let (first, xv) = (of.product(difference, v), of.product(x, v));
    let doubled = of.product(two, xv);
    let scaled = of.product(doubled, w);
    let rest = of.product(scaled, series);
    let close = of.sum(first, rest);
    let ratio = of.quotient(x, m);
    let logarithm = of.logarithm(ratio);
    let product = of.product(x, logarithm);
    let far = of.difference(product, difference);
    let value = of.where_less(w, near, close, far);
    of.where_less(zero, x, value, m)
}

/// The error of Stirling's formula, `ln Gamma(x) - (x - 1/2) ln x + x - ln sqrt(2 pi)`, for `x` > 0; 0 where `x` is 0.
///
/// Stirling's series from ten on (Abramowitz and Stegun 1964, 6.1.41), below it by ten steps of the recurrence
/// `Gamma(x + 1) = x Gamma(x)`. Absolute error 2e-14.
pub(crate) fn stirling_error<A: Algebra>(of: &mut A, x: A::Number) -> A::Number {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let (zero, one, ten, half) = (of.number(0.0), of.number(1.0), of.number(10.0), of.number(0.5));
    let beyond = of.sum(x, ten);
    let z = of.where_less(x, ten, beyond, x);
    let inverse = of.quotient(one, z);
    let square = of.product(inverse, inverse);
    let terms = polynomial(of, square, &TERMS);
    let series = of.product(inverse, terms);
    let mut product = x;
    for k in 1..10 {
        let k = of.number(f64::from(k));
        let factor = of.sum(x, k);
        product = of.product(product, factor);
    }
    let (ln_z, ln_x, ln_product) = (of.logarithm(z), of.logarithm(x), of.logarithm(product));
    let (z_less, x_less) = (of.difference(z, half), of.difference(x, half));
    let (of_z, of_x) = (of.product(z_less, ln_z), of.product(x_less, ln_x));
    let both = of.difference(of_z, of_x);
    let without = of.difference(both, ln_product);
    let shift = of.difference(without, ten);
    let below_ten = of.where_less(x, ten, shift, zero);
    let value = of.sum(series, below_ten);
    of.where_less(zero, x, value, zero)
}

/// `value` where all of `positive` are above zero, else minus infinity.
fn only_if_positive<A: Algebra>(of: &mut A, positive: &[A::Number], value: A::Number) -> A::Number {
    let (zero, impossible) = (of.number(0.0), of.number(f64::NEG_INFINITY));
    positive.iter().fold(value, |value, &parameter| of.where_less(zero, parameter, value, impossible))
}

/// The part of the logarithm of a probability of a count that depends on the count alone:
/// `ln(y^y e^-y / y!)`, 0 where it is 0.
pub(crate) fn of_count(y: f64) -> f64 {
    if y > 0.0 { -stirling_error(&mut Scalars, y) - 0.5 * (LN_TWO_PI + Scalars.logarithm(y)) } else { 0.0 }
}

/// The part of the logarithm of a density that depends on nothing: `ln(1 / sqrt(2 pi))`.
pub(crate) const OF_AMOUNT: f64 = -0.5 * LN_TWO_PI;

/// The Poisson distribution of `mean` >= 0; `known` is [`of_count`] of `y`.
pub(crate) fn poisson<A: Algebra>(of: &mut A, y: A::Number, known: A::Number, mean: A::Number) -> A::Number {
    let deviance = deviance(of, y, mean);
    of.difference(known, deviance)
}

/// The negative binomial distribution with this mean >= 0 and size: `mean + mean^2 / size` is its variance. With
/// `n = y + size` it is `size / n` times the binomial probability of `size` in `n` at `size / (size + mean)`.
pub(crate) fn negative_binomial<A: Algebra>(
    of: &mut A,
    y: A::Number,
    known: A::Number,
    mean: A::Number,
    size: A::Number,
) -> A::Number {
    let half = of.number(0.5);
    let (n, both) = (of.sum(y, size), of.sum(size, mean));
    let (p, q) = (of.quotient(size, both), of.quotient(mean, both));
    let (np, nq) = (of.product(n, p), of.product(n, q));
    let (error_n, error_size) = (stirling_error(of, n), stirling_error(of, size));
    let (of_size, of_y) = (deviance(of, size, np), deviance(of, y, nq));
    let ratio = of.quotient(size, n);
    let logarithm = of.logarithm(ratio);
    let root = of.product(half, logarithm);
    let errors = of.difference(error_n, error_size);
    let deviances = of.sum(of_size, of_y);
    let value = of.sum(known, errors);
    let value = of.sum(value, root);
    let value = of.difference(value, deviances);
    only_if_positive(of, &[size], value)
}

/// The binomial distribution of whole `n` >= 0 and `p` in 0..1.
pub(crate) fn binomial<A: Algebra>(
    of: &mut A,
    y: A::Number,
    known: A::Number,
    n: A::Number,
    p: A::Number,
) -> A::Number {
    let (zero, one, half) = (of.number(0.0), of.number(1.0), of.number(0.5));
    let impossible = of.number(f64::NEG_INFINITY);
    let (q, rest) = (of.difference(one, p), of.difference(n, y));
    let (np, nq) = (of.product(n, p), of.product(n, q));
    let (error_n, error_rest) = (stirling_error(of, n), stirling_error(of, rest));
    let (of_y, of_rest) = (deviance(of, y, np), deviance(of, rest, nq));
    // ln sqrt(n / (n - y)); where all of n happened, what takes the root in `known` back.
    let ratio = of.quotient(n, rest);
    let logarithm = of.logarithm(ratio);
    let (two_pi, ln_n) = (of.number(LN_TWO_PI), of.logarithm(n));
    let of_all = of.sum(two_pi, ln_n);
    let of_all = of.where_less(zero, n, of_all, zero);
    let logarithm = of.where_less(zero, rest, logarithm, of_all);
    let root = of.product(half, logarithm);
    let errors = of.difference(error_n, error_rest);
    let deviances = of.sum(of_y, of_rest);
    let value = of.sum(known, errors);
    let value = of.sum(value, root);
    let value = of.difference(value, deviances);
    of.where_less(n, y, impossible, value)
}

/// The normal density; `known` is [`OF_AMOUNT`] and what depends on the value alone. Of logarithms it is the log-normal
/// one, when `known` holds minus the logarithm of the value.
pub(crate) fn normal<A: Algebra>(
    of: &mut A,
    y: A::Number,
    known: A::Number,
    mean: A::Number,
    sd: A::Number,
) -> A::Number {
    let half = of.number(0.5);
    let difference = of.difference(y, mean);
    let z = of.quotient(difference, sd);
    let square = of.product(z, z);
    let exponent = of.product(half, square);
    let ln_sd = of.logarithm(sd);
    let value = of.difference(known, ln_sd);
    let value = of.difference(value, exponent);
    only_if_positive(of, &[sd], value)
}

/// The density of Student's t with a location and a scale. With x = degrees / 2 and the errors d of Stirling's formula
/// it is `known - 1/2 + x ln(1 + 1 / 2x) + d(x + 1/2) - d(x) - ln scale - (x + 1/2) ln(1 + z^2 / 2x)`.
pub(crate) fn student_t<A: Algebra>(
    of: &mut A,
    y: A::Number,
    known: A::Number,
    degrees: A::Number,
    mean: A::Number,
    scale: A::Number,
) -> A::Number {
    let (half, one) = (of.number(0.5), of.number(1.0));
    let x = of.product(half, degrees);
    let more = of.sum(x, half);
    let inverse = of.quotient(one, degrees);
    let growth = log_one_plus(of, inverse);
    let growth = of.product(x, growth);
    let (error_more, error) = (stirling_error(of, more), stirling_error(of, x));
    let errors = of.difference(error_more, error);
    let difference = of.difference(y, mean);
    let z = of.quotient(difference, scale);
    let square = of.product(z, z);
    let excess = of.quotient(square, degrees);
    let tail = log_one_plus(of, excess);
    let tail = of.product(more, tail);
    let ln_scale = of.logarithm(scale);
    let value = of.difference(known, half);
    let value = of.sum(value, growth);
    let value = of.sum(value, errors);
    let value = of.difference(value, ln_scale);
    let value = of.difference(value, tail);
    only_if_positive(of, &[degrees, scale], value)
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{
        Binomial, Continuous, Discrete, LogNormal, NegativeBinomial, Normal, Poisson, StudentsT,
    };

    use super::*;

    #[track_caller]
    fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
        let size = expected.abs().max(1.0);
        assert!((found - expected).abs() <= tolerance * size, "{what}: {found} is not {expected}");
    }

    const SIZES: [f64; 16] =
        [1e-8, 1e-3, 0.1, 0.5, 0.9, 1.0, 1.7, 2.0, 3.5, 9.99, 10.0, 12.5, 77.0, 1e3, 1e6, 1e12];

    #[test]
    fn the_error_of_stirling_gives_the_gamma_function() {
        for x in SIZES {
            let found =
                (x - 0.5) * Scalars.logarithm(x) - x + 0.5 * LN_TWO_PI + stirling_error(&mut Scalars, x);
            assert_near(found, statrs::function::gamma::ln_gamma(x), 1e-12, &format!("ln gamma of {x}"));
        }
        assert_eq!(stirling_error(&mut Scalars, 0.0), 0.0);
    }

    #[test]
    fn counts_agree_with_another_implementation() {
        let counts = [0, 1, 2, 7, 40, 350, 9_000_u64];
        let mut compared = 0;
        for y in counts {
            let (value, known) = (y as f64, of_count(y as f64));
            for mean in [0.01, 0.8, 3.0, 41.5, 300.0, 8_900.0] {
                let found = poisson(&mut Scalars, value, known, mean);
                let expected = Poisson::new(mean).expect("a mean").ln_pmf(y);
                assert_near(found, expected, 1e-11, &format!("Poisson({mean}) at {y}"));
                for size in [0.05, 1.0, 4.5, 60.0, 2_000.0] {
                    let found = negative_binomial(&mut Scalars, value, known, mean, size);
                    let expected =
                        NegativeBinomial::new(size, size / (size + mean)).expect("a size").ln_pmf(y);
                    assert_near(
                        found,
                        expected,
                        1e-10,
                        &format!("negative binomial ({mean}, {size}) at {y}"),
                    );
                    compared += 1;
                }
            }
            for n in [1, 2, 40, 400, 10_000_u64] {
                for p in [0.01, 0.5, 0.93] {
                    let found = binomial(&mut Scalars, value, known, n as f64, p);
                    let expected = Binomial::new(p, n).expect("a probability").ln_pmf(y);
                    if y > n {
                        assert_eq!((found, expected), (f64::NEG_INFINITY, f64::NEG_INFINITY));
                    } else {
                        assert_near(found, expected, 1e-10, &format!("binomial ({n}, {p}) at {y}"));
                    }
                }
            }
        }
        assert_eq!(compared, 210);
    }

    #[test]
    fn amounts_agree_with_another_implementation() {
        for y in [-40.0, -0.3, 0.0, 1.5, 900.0] {
            for mean in [-3.0, 0.0, 1.5, 880.0] {
                for sd in [0.02, 1.0, 250.0] {
                    let found = normal(&mut Scalars, y, OF_AMOUNT, mean, sd);
                    let expected = Normal::new(mean, sd).expect("a deviation").ln_pdf(y);
                    assert_near(found, expected, 1e-12, &format!("normal ({mean}, {sd}) at {y}"));
                    for degrees in [0.4, 1.0, 4.0, 35.0, 1e5] {
                        let found = student_t(&mut Scalars, y, OF_AMOUNT, degrees, mean, sd);
                        let expected = StudentsT::new(mean, sd, degrees).expect("degrees").ln_pdf(y);
                        // The other one takes the difference of two large logarithms where the degrees are many.
                        assert_near(found, expected, 1e-9, &format!("t ({degrees}, {mean}, {sd}) at {y}"));
                    }
                }
            }
        }
        for y in [0.001, 0.7, 30.0] {
            let ln_y = Scalars.logarithm(y);
            for (median, sdlog) in [(1.0, 0.5), (20.0, 2.0)] {
                let location = Scalars.logarithm(median);
                let found = normal(&mut Scalars, ln_y, OF_AMOUNT - ln_y, location, sdlog);
                let expected = LogNormal::new(location, sdlog).expect("a deviation").ln_pdf(y);
                assert_near(found, expected, 1e-12, &format!("log-normal ({median}, {sdlog}) at {y}"));
            }
        }
    }

    #[test]
    fn a_large_size_or_many_degrees_give_the_limiting_distribution() {
        // The difference is of the order of (y - mean)^2 / size.
        for size in [1e8, 1e10, 1e13] {
            let found = negative_binomial(&mut Scalars, 20.0, of_count(20.0), 18.0, size);
            let limit = poisson(&mut Scalars, 20.0, of_count(20.0), 18.0);
            assert!((found - limit).abs() < 40.0 / size + 1e-13, "{size}: {found}, {limit}");
            let found = student_t(&mut Scalars, 3.0, OF_AMOUNT, size, 1.0, 2.0);
            let limit = normal(&mut Scalars, 3.0, OF_AMOUNT, 1.0, 2.0);
            assert!((found - limit).abs() < 40.0 / size + 1e-13, "{size}: {found}, {limit}");
        }
    }

    #[test]
    fn probabilities_of_all_counts_add_up_to_one() {
        let mut total = [0.0; 3];
        for y in 0..400 {
            let (value, known) = (f64::from(y), of_count(f64::from(y)));
            total[0] += crate::math::exp(poisson(&mut Scalars, value, known, 12.3));
            total[1] += crate::math::exp(negative_binomial(&mut Scalars, value, known, 9.0, 2.5));
            total[2] += crate::math::exp(binomial(&mut Scalars, value, known, 17.0, 0.3));
        }
        for sum in total {
            assert!((sum - 1.0).abs() < 1e-13, "{sum}");
        }
    }

    #[test]
    fn what_cannot_be_has_minus_infinity_and_what_must_be_zero() {
        let impossible = f64::NEG_INFINITY;
        let of = &mut Scalars;
        assert_eq!(poisson(of, 3.0, of_count(3.0), 0.0), impossible);
        assert_eq!(poisson(of, 0.0, of_count(0.0), 0.0), 0.0);
        assert_eq!(negative_binomial(of, 3.0, of_count(3.0), 0.0, 2.0), impossible);
        assert_eq!(negative_binomial(of, 0.0, 0.0, 0.0, 2.0), 0.0);
        assert_eq!(negative_binomial(of, 3.0, of_count(3.0), 4.0, 0.0), impossible);
        assert_eq!(negative_binomial(of, 3.0, of_count(3.0), 4.0, -1.0), impossible);
        assert_eq!(binomial(of, 3.0, of_count(3.0), 3.0, 1.0), 0.0);
        assert_eq!(binomial(of, 3.0, of_count(3.0), 4.0, 1.0), impossible);
        assert_eq!(binomial(of, 3.0, of_count(3.0), 4.0, 0.0), impossible);
        assert_eq!(binomial(of, 0.0, 0.0, 4.0, 0.0), 0.0);
        assert_eq!(binomial(of, 0.0, 0.0, 0.0, 0.4), 0.0);
        assert_eq!(binomial(of, 1.0, of_count(1.0), 0.0, 0.4), impossible);
        assert_eq!(normal(of, 1.0, OF_AMOUNT, 1.0, 0.0), impossible);
        assert_eq!(normal(of, 1.0, OF_AMOUNT, -1e200, 1e-200), impossible);
        assert_eq!(student_t(of, 1.0, OF_AMOUNT, 0.0, 1.0, 1.0), impossible);
        assert_eq!(student_t(of, 1.0, OF_AMOUNT, 3.0, 1.0, -1.0), impossible);
    }
}
