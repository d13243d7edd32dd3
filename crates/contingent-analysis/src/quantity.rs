//! The distribution of a number: mean, quantiles, and the share of runs in which it never comes.
//!
//! Enters: a column of numbers, infinite where the number never comes. Leaves: a [`QuantityEstimate`]. Always
//! holds: quantiles are values of the column, so they serve infinite values; the mean, its interval and the
//! spreads are absent when any value is infinite, for they would mean nothing.

use crate::column::{DrawTotals, OutcomeColumn, Unanswerable};
use crate::interval::{Interval, proportion_interval};
use crate::probability::ProbabilityEstimate;
use crate::special::Z_95;
use crate::spread::Spread;

/// The probabilities at which quantiles are given.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];

/// One quantile with its 95% interval; either may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantileEstimate {
    /// The share of runs at or below `value`.
    pub probability: f64,
    /// The quantile: the smallest value with at least that share (Hyndman and Fan 1996, type 1).
    pub value: f64,
    /// 95% interval of the simulation error.
    pub interval: Interval,
}

/// The distribution of a number over runs.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityEstimate {
    /// Mean and its 95% interval, clustered by draw; absent when some run is infinite.
    pub mean: Option<(f64, Interval)>,
    /// Standard deviation over runs; absent when some run is infinite.
    pub standard_deviation: Option<f64>,
    /// Quantiles at [`QUANTILES`].
    pub quantiles: [QuantileEstimate; 5],
    /// The share of runs in which it never comes; absent when every run is finite.
    pub never: Option<ProbabilityEstimate>,
    /// Simulation, epistemic and chance, in the unit of the outcome; absent when some run is infinite.
    pub spread: Option<Spread>,
    /// Runs that count.
    pub n_counted: usize,
    /// Runs in the ensemble.
    pub n_runs: usize,
    /// Runs that failed and are left out.
    pub n_failed: usize,
}

impl QuantityEstimate {
    /// Estimates the distribution of a column of numbers.
    ///
    /// The interval of a quantile q is taken on the scale of probability and read back through the ordered
    /// values (Woodruff 1952), with the effective number of runs of the indicator `value <= q`, so that runs of
    /// one draw that move together widen it.
    pub fn new(column: &OutcomeColumn<'_>) -> Result<Self, Unanswerable> {
        let mut ordered: Vec<f64> = (0..column.values.len())
            .filter(|&run| column.counts(run))
            .map(|run| column.values[run])
            .collect();
        ordered.sort_unstable_by(f64::total_cmp);
        let has_infinite = ordered.last().is_some_and(|value| value.is_infinite());
        let never = if has_infinite {
            let indicator = DrawTotals::new(column, |value| f64::from(u8::from(value.is_infinite())))?;
            Some(ProbabilityEstimate::from_totals(&indicator))
        } else {
            None
        };
        let totals = DrawTotals::new(column, |value| if has_infinite { 0.0 } else { value })?;
        let mut quantiles = Vec::with_capacity(QUANTILES.len());
        for probability in QUANTILES {
            quantiles.push(quantile(column, &ordered, probability)?);
        }
        let quantiles = std::array::from_fn(|i| quantiles[i]);
        let finite = (!has_infinite).then_some(());
        Ok(Self {
            mean: finite.map(|()| {
                let half = Z_95 * totals.standard_error();
                (totals.mean, Interval { low: totals.mean - half, high: totals.mean + half })
            }),
            standard_deviation: finite.map(|()| totals.variance().sqrt()),
            quantiles,
            never,
            spread: finite.map(|()| Spread::new(&totals)),
            n_counted: totals.n_counted,
            n_runs: totals.n_runs,
            n_failed: totals.n_failed,
        })
    }
}

fn quantile(
    column: &OutcomeColumn<'_>,
    ordered: &[f64],
    probability: f64,
) -> Result<QuantileEstimate, Unanswerable> {
    let value = quantile_of_ordered(ordered, probability);
    let below = DrawTotals::new(column, |other| f64::from(u8::from(other <= value)))?;
    let effective_runs = ProbabilityEstimate::from_totals(&below).effective_runs;
    let (on_probability, _) = proportion_interval(probability, effective_runs);
    let n = ordered.len() as f64;
    let low_rank = (n * on_probability.low).floor() as usize;
    let high_rank = (n * on_probability.high).ceil() as usize + 1;
    let at_rank = |rank: usize| ordered[rank.clamp(1, ordered.len()) - 1];
    let interval = Interval { low: at_rank(low_rank), high: at_rank(high_rank) };
    Ok(QuantileEstimate { probability, value, interval })
}

/// The smallest value with at least the share `probability` at or below it (Hyndman and Fan 1996, type 1).
///
/// # Panics
/// When `ordered` is empty.
pub fn quantile_of_ordered(ordered: &[f64], probability: f64) -> f64 {
    // The allowance keeps a product such as 0.05 * 20 from being rounded up to the next rank.
    let rank = (ordered.len() as f64 * probability - 1e-9).ceil().max(1.0) as usize;
    ordered[rank.min(ordered.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_the_column() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let estimate = QuantityEstimate::new(&OutcomeColumn::new(&values, 1)).unwrap();
        assert_eq!(estimate.quantiles.map(|q| q.value), [5.0, 25.0, 50.0, 75.0, 95.0]);
        assert_eq!(estimate.mean.unwrap().0, 50.5);
        assert!(estimate.never.is_none());
        for quantile in estimate.quantiles {
            assert!(quantile.interval.contains(quantile.value), "{quantile:?}");
        }
    }

    #[test]
    fn never_is_counted_and_leaves_no_mean() {
        let values = [1.0, 2.0, f64::INFINITY, f64::INFINITY, f64::INFINITY, 3.0];
        let estimate = QuantityEstimate::new(&OutcomeColumn::new(&values, 2)).unwrap();
        assert_eq!(estimate.mean, None);
        assert_eq!(estimate.spread, None);
        assert_eq!(estimate.never.unwrap().probability, 0.5);
        assert_eq!(estimate.quantiles[2].value, 3.0);
        assert_eq!(estimate.quantiles[3].value, f64::INFINITY);
    }
}
