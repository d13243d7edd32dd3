//! First passage: how likely it is that something has come by each time.
//!
//! Enters: the first time of each run, infinite for never. Leaves: a [`PassageCurve`], one point per time. Always
//! holds: the curve never falls, every interval contains its point, and the point at a time is what
//! [`crate::ProbabilityEstimate`] gives for "it has come by then", because both weigh draws and not runs.
//!
//! The intervals hold for one time each, at 95%; they are no band for the curve as a whole.

use crate::column::{OutcomeColumn, Unanswerable};
use crate::interval::{Interval, IntervalMethod, proportion_interval};
use crate::probability::design_effect;

/// The probability that it has come by each time.
#[derive(Clone, Debug, PartialEq)]
pub struct PassageCurve {
    /// One point per time, from time 0.
    pub points: Vec<PassagePoint>,
    /// Runs that count.
    pub n_counted: usize,
}

/// One point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassagePoint {
    /// The share of the runs that count in which it has come by this time.
    pub probability: f64,
    /// 95% interval of the simulation error, for this time alone.
    pub interval: Interval,
    /// How the interval was made.
    pub method: IntervalMethod,
}

/// The curve of a column of first times, at the times `0, dt, 2 dt, ...`.
///
/// With `k_i` the runs of draw i in which it has come and `n_i` those that count, the error is that of the ratio
/// `sum k_i / sum n_i` with draws as clusters (Cochran 1977, section 11.7), kept up from time to time: a run changes
/// `sum k_i^2` and `sum k_i n_i` once, so the cost is one pass over the runs and one over the times.
///
/// # Panics
/// When the column is malformed, see [`OutcomeColumn::n_draws`], or when `dt` is not positive.
pub fn passage_curve(
    column: &OutcomeColumn<'_>,
    dt: f64,
    n_times: usize,
) -> Result<PassageCurve, Unanswerable> {
    assert!(dt > 0.0, "times ascend");
    let n_draws = column.n_draws();
    let m = column.n_replications;
    let n_runs = column.values.len();
    let mut counts = vec![0_u32; n_draws];
    let mut at_time: Vec<Vec<u32>> = vec![Vec::new(); n_times];
    let (mut n_counted, mut n_failed) = (0_usize, 0_usize);
    for run in 0..n_runs {
        if column.is_failed(run) {
            n_failed += 1;
        } else if column.counts(run) {
            n_counted += 1;
            counts[run / m] += 1;
            let position = (column.values[run] / dt).round();
            if position < n_times as f64 {
                at_time[position.max(0.0) as usize].push((run / m) as u32);
            }
        }
    }
    if n_failed == n_runs {
        return Err(Unanswerable::EveryRunFailed { n_runs });
    }
    if n_counted == 0 {
        return Err(Unanswerable::NoRunSatisfied { n_runs: n_runs - n_failed });
    }
    let total = n_counted as f64;
    let n_clusters = counts.iter().filter(|&&count| count > 0).count() as f64;
    let squared_counts: f64 = counts.iter().map(|&count| f64::from(count) * f64::from(count)).sum();
    let mut come = vec![0_u32; n_draws];
    let (mut n_come, mut squares, mut products) = (0.0, 0.0, 0.0);
    let mut points = Vec::with_capacity(n_times);
    for draws in &at_time {
        for &draw in draws {
            let k = f64::from(come[draw as usize]);
            squares += 2.0 * k + 1.0;
            products += f64::from(counts[draw as usize]);
            n_come += 1.0;
            come[draw as usize] += 1;
        }
        // Whole numbers below 2^53, so the ends are exact.
        let p = n_come / total;
        let scatter: f64 = (squares - 2.0 * p * products + p * p * squared_counts).max(0.0);
        let standard_error = if n_clusters < 2.0 {
            f64::INFINITY
        } else {
            (n_clusters / (n_clusters - 1.0) * scatter).sqrt() / total
        };
        let effective = total / design_effect(p, standard_error, total, n_clusters);
        let (interval, method) = proportion_interval(p, effective);
        points.push(PassagePoint { probability: p, interval, method });
    }
    Ok(PassageCurve { points, n_counted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probability::ProbabilityEstimate;

    #[test]
    fn every_point_is_the_estimate_of_having_come_by_then() {
        // First times spread over the steps, some never, one run failed, and a condition in two runs of three.
        let n_runs = 3_000;
        let values: Vec<f64> = (0..n_runs)
            .map(|run: usize| match run.wrapping_mul(2_654_435_761) % 17 {
                0 => f64::NAN,
                16 => f64::INFINITY,
                step => 0.5 * (step as f64 + (run / 3 % 4) as f64),
            })
            .collect();
        let given: Vec<f64> = (0..n_runs).map(|run| f64::from(u8::from(run % 3 != 1))).collect();
        let column = OutcomeColumn::new(&values, 3).given(Some(&given));
        let curve = passage_curve(&column, 0.5, 25).unwrap();
        let mut previous = 0.0;
        for (step, point) in curve.points.iter().enumerate() {
            let come: Vec<f64> = values
                .iter()
                .map(
                    |&value| {
                        if value.is_nan() { value } else { f64::from(u8::from(value <= 0.5 * step as f64)) }
                    },
                )
                .collect();
            let one = ProbabilityEstimate::new(&OutcomeColumn::new(&come, 3).given(Some(&given))).unwrap();
            assert!((one.probability - point.probability).abs() < 1e-12, "step {step}");
            assert!((one.interval.low - point.interval.low).abs() < 1e-9, "step {step}");
            assert!((one.interval.high - point.interval.high).abs() < 1e-9, "step {step}");
            assert!(point.probability >= previous);
            assert_eq!(one.n_counted, curve.n_counted);
            previous = point.probability;
        }
        assert!(previous > 0.5 && previous < 1.0);
    }

    #[test]
    fn a_curve_without_runs_says_why() {
        let never = [0.0; 4];
        let column = OutcomeColumn::new(&[1.0, 2.0, 3.0, 4.0], 2).given(Some(&never));
        assert_eq!(passage_curve(&column, 1.0, 5), Err(Unanswerable::NoRunSatisfied { n_runs: 4 }));
        let column = OutcomeColumn::new(&[f64::NAN; 2], 2);
        assert_eq!(passage_curve(&column, 1.0, 5), Err(Unanswerable::EveryRunFailed { n_runs: 2 }));
    }
}
