//! What a policy changes: differences between two experiments with common random numbers.
//!
//! Enters: the same outcome of two experiments over the same draws and replications. Leaves: a
//! [`PairedDifference`]. Always holds: runs are paired, so what the two have in common cancels; draws are the
//! independent units.

use crate::column::{DrawTotals, OutcomeColumn, Unanswerable};
use crate::interval::{Interval, zero_occurrences_bound};
use crate::special::Z_95;

/// What is compared between two experiments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The probability of a 0/1 outcome.
    Probability,
    /// The mean of a finite number.
    Mean,
    /// The share of runs in which a number never comes.
    Never,
}

/// The outcome under a policy minus the outcome without it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedDifference {
    /// Policy minus baseline.
    pub difference: f64,
    /// 95% interval of the simulation error.
    pub interval: Interval,
    /// Standard error, clustered by draw.
    pub standard_error: f64,
    /// Share of draws in which the mean over replications is higher under the policy. With few replications
    /// chance takes part in it: it counts what was seen, not what is expected.
    pub share_higher: f64,
    /// Share of draws in which it is lower.
    pub share_lower: f64,
    /// Whether no draw differed at all.
    pub identical: bool,
    /// Draws with runs that count on both sides.
    pub n_draws: usize,
}

impl PairedDifference {
    /// Whether the interval leaves out zero and enough draws differ for that to mean something: with fewer than
    /// six, even if all point the same way, a sign test does not reach 5% (2 / 2^5 = 6%), and the normal
    /// approximation behind the interval does not hold.
    pub fn is_distinguishable(&self) -> bool {
        const FEWEST_DIFFERING: f64 = 6.0;
        let n_differing = ((self.share_higher + self.share_lower) * self.n_draws as f64).round();
        !self.interval.contains(0.0) && n_differing >= FEWEST_DIFFERING
    }
}

/// The paired difference between two columns over the same draws.
///
/// The error is that of the difference of two ratio estimators, linearised per draw (Cochran 1977, section
/// 6.10); it serves columns whose conditions hold in different runs. For probabilities one pseudo-run that
/// differs is added to the variance (Agresti and Min 2005), and when no draw differed the one-sided bound on
/// the share of draws that differ gives the width.
///
/// # Panics
/// When the columns differ in shape.
pub fn paired_difference(
    policy: &OutcomeColumn<'_>,
    baseline: &OutcomeColumn<'_>,
    compared: Compared,
) -> Result<PairedDifference, Unanswerable> {
    assert_eq!(policy.values.len(), baseline.values.len(), "paired columns have the same runs");
    assert_eq!(policy.n_replications, baseline.n_replications, "paired columns have the same runs");
    let value_of = |value: f64| match compared {
        Compared::Never => f64::from(u8::from(value.is_infinite())),
        Compared::Probability | Compared::Mean => value,
    };
    let with = DrawTotals::new(policy, value_of)?;
    let without = DrawTotals::new(baseline, value_of)?;
    let difference = with.mean - without.mean;
    let (n_with, n_without) = (with.n_counted as f64, without.n_counted as f64);
    let (mut n_either, mut n_both, mut n_higher, mut n_lower) = (0.0, 0.0, 0.0, 0.0);
    let mut sum_of_squares = 0.0;
    let mut identical = true;
    for draw in 0..with.counts.len() {
        let (count_with, count_without) = (with.counts[draw], without.counts[draw]);
        if count_with == 0.0 && count_without == 0.0 {
            continue;
        }
        n_either += 1.0;
        let share = with.sums[draw] / n_with - without.sums[draw] / n_without;
        sum_of_squares += share * share;
        let runs = draw * with.n_replications..(draw + 1) * with.n_replications;
        let total = |column: &OutcomeColumn<'_>| -> f64 {
            runs.clone().filter(|&run| column.counts(run)).map(|run| value_of(column.values[run])).sum()
        };
        let (total_with, total_without) = (total(policy), total(baseline));
        let same_runs = runs.clone().all(|run| {
            policy.counts(run) == baseline.counts(run)
                && (!policy.counts(run) || value_of(policy.values[run]) == value_of(baseline.values[run]))
        });
        identical &= same_runs;
        if count_with > 0.0 && count_without > 0.0 {
            n_both += 1.0;
            let (mean_with, mean_without) = (total_with / count_with, total_without / count_without);
            if mean_with > mean_without {
                n_higher += 1.0;
            } else if mean_with < mean_without {
                n_lower += 1.0;
            }
        }
    }
    let mut variance =
        if n_either < 2.0 { f64::INFINITY } else { n_either / (n_either - 1.0) * sum_of_squares };
    if compared != Compared::Mean {
        let fewer = n_with.min(n_without);
        variance += 1.0 / (fewer * fewer);
    }
    let standard_error = variance.sqrt();
    let half = if !identical {
        Z_95 * standard_error
    } else if compared == Compared::Mean {
        0.0
    } else {
        zero_occurrences_bound(n_either)
    };
    let (mut low, mut high) = (difference - half, difference + half);
    if compared != Compared::Mean {
        low = low.max(-1.0);
        high = high.min(1.0);
    }
    let share = |n: f64| if n_both > 0.0 { n / n_both } else { 0.0 };
    Ok(PairedDifference {
        difference,
        interval: Interval { low, high },
        standard_error,
        share_higher: share(n_higher),
        share_lower: share(n_lower),
        identical,
        n_draws: n_both as usize,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helps_and_hurts_are_counted_per_draw() {
        let baseline = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0];
        let policy = [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0];
        let found = paired_difference(
            &OutcomeColumn::new(&policy, 2),
            &OutcomeColumn::new(&baseline, 2),
            Compared::Probability,
        )
        .unwrap();
        assert_eq!(found.difference, 0.0);
        assert_eq!((found.share_higher, found.share_lower), (0.25, 0.25));
        assert!(!found.identical && !found.is_distinguishable());
    }

    #[test]
    fn a_handful_of_differing_draws_shows_nothing() {
        let baseline = vec![0.0; 1_000];
        for (n_differing, shows) in [(5, false), (40, true)] {
            let mut policy = baseline.clone();
            policy[..n_differing].fill(1.0);
            let found = paired_difference(
                &OutcomeColumn::new(&policy, 1),
                &OutcomeColumn::new(&baseline, 1),
                Compared::Probability,
            )
            .unwrap();
            assert_eq!(found.is_distinguishable(), shows, "{n_differing} draws differ");
        }
    }

    #[test]
    fn identical_experiments_still_have_a_width() {
        let column = [0.0, 1.0, 1.0, 0.0];
        let found = paired_difference(
            &OutcomeColumn::new(&column, 1),
            &OutcomeColumn::new(&column, 1),
            Compared::Probability,
        )
        .unwrap();
        assert!(found.identical);
        assert!(found.interval.low < 0.0 && found.interval.high > 0.0);
    }

    #[test]
    fn never_is_compared_as_a_share() {
        let never = f64::INFINITY;
        let found = paired_difference(
            &OutcomeColumn::new(&[never, never, 2.0, 3.0], 1),
            &OutcomeColumn::new(&[1.0, never, 2.0, 3.0], 1),
            Compared::Never,
        )
        .unwrap();
        assert_eq!(found.difference, 0.25);
    }
}
