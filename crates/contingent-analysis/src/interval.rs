//! Intervals for a proportion, at 95% unless another chance of an error is given.
//!
//! Enters: a proportion and an effective number of independent observations, not necessarily whole. Leaves:
//! an [`Interval`] and the [`IntervalMethod`] that made it. Always holds: `0 <= low <= p <= high <= 1`.

use contingent_engine::math::{expm1, log, normal_quantile};
use serde::{Deserialize, Serialize};

use crate::special::{Z_95, beta_quantile};

/// A range of numbers, both ends included; 95% unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies inside, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// High minus low.
    pub fn width(self) -> f64 {
        self.high - self.low
    }
}

/// How an interval for a proportion was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalMethod {
    /// Wilson 1927.
    Wilson,
    /// Clopper and Pearson 1934, when fewer than [`FEW`] effective occurrences (or non-occurrences) were seen.
    ClopperPearson,
    /// It never happened: one-sided, the upper end is `1 - 0.05^(1/n)`, about 3/n.
    UpperBound,
    /// It always happened: one-sided, the lower end is `0.05^(1/n)`, about 1 - 3/n.
    LowerBound,
}

/// Below this effective number of occurrences (or of non-occurrences) Wilson's interval gives way to Clopper
/// and Pearson's: Wilson's coverage dips under 93% at single-digit counts (Brown, Cai and `DasGupta` 2001).
pub const FEW: f64 = 10.0;

/// The interval for a proportion `p` seen in `n` effective observations; `n` need not be whole (Korn and
/// Graubard 1998 use Clopper-Pearson with an effective sample size in the same way).
pub fn proportion_interval(p: f64, n: f64) -> (Interval, IntervalMethod) {
    proportion_interval_at(p, n, USUAL_ERROR)
}

/// The chance of missing the truth of an interval at 95%.
pub const USUAL_ERROR: f64 = 0.05;

/// As [`proportion_interval`], missing the truth with probability `error` instead of 5%, half of it on either side;
/// all of it on one side where it never or always happened.
pub fn proportion_interval_at(p: f64, n: f64, error: f64) -> (Interval, IntervalMethod) {
    let occurrences = p * n;
    if p <= 0.0 {
        let bound = zero_occurrences_bound_at(n, error);
        return (Interval { low: 0.0, high: bound }, IntervalMethod::UpperBound);
    }
    if p >= 1.0 {
        let bound = zero_occurrences_bound_at(n, error);
        return (Interval { low: 1.0 - bound, high: 1.0 }, IntervalMethod::LowerBound);
    }
    if occurrences.min(n - occurrences) < FEW {
        (clopper_pearson_at(occurrences, n, error), IntervalMethod::ClopperPearson)
    } else {
        (wilson_at(p, n, critical(error)), IntervalMethod::Wilson)
    }
}

/// How many standard errors to either side miss the truth with probability `error`.
pub fn critical(error: f64) -> f64 {
    if error == USUAL_ERROR { Z_95 } else { normal_quantile(1.0 - 0.5 * error) }
}

/// The one-sided 95% upper bound for a proportion when none of `n` observations had it: `1 - 0.05^(1/n)`
/// (Hanley and Lippman-Hand 1983: about 3/n).
pub fn zero_occurrences_bound(n: f64) -> f64 {
    const LN_20: f64 = 2.995_732_273_553_991;
    if n <= 0.0 { 1.0 } else { -expm1(-LN_20 / n) }
}

/// As [`zero_occurrences_bound`] with another chance of an error: `1 - error^(1/n)`.
fn zero_occurrences_bound_at(n: f64, error: f64) -> f64 {
    if error == USUAL_ERROR {
        zero_occurrences_bound(n)
    } else if n <= 0.0 {
        1.0
    } else {
        -expm1(log(error) / n)
    }
}

/// The score interval of Wilson 1927, at 95%.
pub fn wilson(p: f64, n: f64) -> Interval {
    wilson_at(p, n, Z_95)
}

/// The score interval of Wilson 1927 that reaches `z` standard errors to either side.
pub fn wilson_at(p: f64, n: f64, z: f64) -> Interval {
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    Interval { low: (centre - half).clamp(0.0, p), high: (centre + half).clamp(p, 1.0) }
}

/// The interval of Clopper and Pearson 1934 for `k` occurrences in `n` observations, `0 < k < n`, at 95%.
pub fn clopper_pearson(k: f64, n: f64) -> Interval {
    clopper_pearson_at(k, n, USUAL_ERROR)
}

/// As [`clopper_pearson`] with another chance of an error.
pub fn clopper_pearson_at(k: f64, n: f64, error: f64) -> Interval {
    let p = k / n;
    let low = beta_quantile(0.5 * error, k, n - k + 1.0);
    let high = beta_quantile(1.0 - 0.5 * error, k + 1.0, n - k);
    Interval { low: low.min(p), high: high.max(p) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(interval: Interval, low: f64, high: f64) {
        assert!((interval.low - low).abs() < 5e-5 && (interval.high - high).abs() < 5e-5, "{interval:?}");
    }

    #[test]
    fn published_values_are_reproduced() {
        // Newcombe 1998, table I: 81 of 263 and 1 of 29; the score method and the exact method.
        close(wilson(81.0 / 263.0, 263.0), 0.2553, 0.3662);
        close(clopper_pearson(81.0, 263.0), 0.2527, 0.3676);
        close(wilson(1.0 / 29.0, 29.0), 0.0061, 0.1718);
        close(clopper_pearson(1.0, 29.0), 0.0009, 0.1776);
    }

    #[test]
    fn nothing_seen_gives_the_rule_of_three() {
        let (interval, method) = proportion_interval(0.0, 1_000.0);
        assert_eq!(method, IntervalMethod::UpperBound);
        assert_eq!(interval.low, 0.0);
        assert!((interval.high - 0.002_991).abs() < 1e-6);
        let (interval, method) = proportion_interval(1.0, 1_000.0);
        assert_eq!(method, IntervalMethod::LowerBound);
        assert!((interval.low - 0.997_009).abs() < 1e-6);
    }

    #[test]
    fn few_occurrences_take_the_exact_interval_and_many_take_wilson() {
        assert_eq!(proportion_interval(0.0099, 1_000.0).1, IntervalMethod::ClopperPearson);
        assert_eq!(proportion_interval(0.0101, 1_000.0).1, IntervalMethod::Wilson);
        assert_eq!(proportion_interval(0.9950, 1_000.0).1, IntervalMethod::ClopperPearson);
    }
}
