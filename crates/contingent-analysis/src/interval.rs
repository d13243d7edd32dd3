//! Intervals for a proportion, at 95%.
//!
//! Enters: a proportion and an effective number of independent observations, not necessarily whole. Leaves:
//! an [`Interval`] and the [`IntervalMethod`] that made it. Always holds: `0 <= low <= p <= high <= 1`.

use contingent_engine::math::expm1;
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
    let occurrences = p * n;
    if p <= 0.0 {
        return (Interval { low: 0.0, high: zero_occurrences_bound(n) }, IntervalMethod::UpperBound);
    }
    if p >= 1.0 {
        return (Interval { low: 1.0 - zero_occurrences_bound(n), high: 1.0 }, IntervalMethod::LowerBound);
    }
    if occurrences.min(n - occurrences) < FEW {
        (clopper_pearson(occurrences, n), IntervalMethod::ClopperPearson)
    } else {
        (wilson(p, n), IntervalMethod::Wilson)
    }
}

/// The one-sided 95% upper bound for a proportion when none of `n` observations had it: `1 - 0.05^(1/n)`
/// (Hanley and Lippman-Hand 1983: about 3/n).
pub fn zero_occurrences_bound(n: f64) -> f64 {
    const LN_20: f64 = 2.995_732_273_553_991;
    if n <= 0.0 { 1.0 } else { -expm1(-LN_20 / n) }
}

/// The score interval of Wilson 1927.
pub fn wilson(p: f64, n: f64) -> Interval {
    let z2 = Z_95 * Z_95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    Interval { low: (centre - half).clamp(0.0, p), high: (centre + half).clamp(p, 1.0) }
}

/// The interval of Clopper and Pearson 1934 for `k` occurrences in `n` observations, `0 < k < n`.
pub fn clopper_pearson(k: f64, n: f64) -> Interval {
    let p = k / n;
    let low = beta_quantile(0.025, k, n - k + 1.0);
    let high = beta_quantile(0.975, k + 1.0, n - k);
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
