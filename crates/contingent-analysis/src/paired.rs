//! What a policy changes: differences between two experiments with common random numbers.
//!
//! Enters: the same outcome of two experiments over the same draws and replications. Leaves: a
//! [`PairedDifference`]. Always holds: runs are paired, so what the two have in common cancels; draws are the
//! independent units.

use crate::column::{DrawTotals, OutcomeColumn, Unanswerable};
use crate::interval::{FEW, Interval, clopper_pearson, zero_occurrences_bound};
use crate::special::{Z_95, satterthwaite_degrees, student_critical};

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
/// *Shares of the same runs*, the usual case: only runs that differ tell anything, so the interval is that of two shares
/// of runs, those that went up and those that went down: the score interval of Tango 1998, which keeps its coverage
/// where few runs differ and is Wilson's where all of them go one way. Draws are clusters, so it is taken with the
/// effective number of runs that the error over draws implies. With fewer than [`FEW`] effective differing runs the two
/// shares have the intervals of Clopper and Pearson, and their distances are added as squares (Zou and Donner 2008).
/// When no draw differed the one-sided bound on the share of draws that differ gives the width.
///
/// *Means, and shares with conditions that hold in different runs*: the error is that of the difference of two ratio
/// estimators, linearised per draw (Cochran 1977, section 6.10), with the quantile of Student for as many degrees as the
/// variance over draws is known to (Satterthwaite 1946).
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
    let (mut sum_of_squares, mut sum_of_fourths) = (0.0, 0.0);
    let (mut runs_up, mut runs_down) = (0.0, 0.0);
    let (mut identical, mut same_runs) = (true, true);
    for draw in 0..with.counts.len() {
        let (count_with, count_without) = (with.counts[draw], without.counts[draw]);
        if count_with == 0.0 && count_without == 0.0 {
            continue;
        }
        n_either += 1.0;
        let share = with.sums[draw] / n_with - without.sums[draw] / n_without;
        let square = share * share;
        sum_of_squares += square;
        sum_of_fourths += square * square;
        let (mut total_with, mut total_without) = (0.0, 0.0);
        for run in draw * with.n_replications..(draw + 1) * with.n_replications {
            let (counts, counted) = (policy.counts(run), baseline.counts(run));
            let (new, old) = (value_of(policy.values[run]), value_of(baseline.values[run]));
            total_with += if counts { new } else { 0.0 };
            total_without += if counted { old } else { 0.0 };
            same_runs &= counts == counted;
            identical &= counts == counted && (!counts || new == old);
            runs_up += f64::from(u8::from(counts && counted && new > old));
            runs_down += f64::from(u8::from(counts && counted && new < old));
        }
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
    let variance = if n_either < 2.0 { f64::INFINITY } else { n_either / (n_either - 1.0) * sum_of_squares };
    let is_share = compared != Compared::Mean;
    let interval = if identical {
        let half = if is_share { zero_occurrences_bound(n_either) } else { 0.0 };
        Interval { low: difference - half, high: difference + half }
    } else if is_share && same_runs && variance.is_finite() {
        let of_runs = Discordant { up: runs_up / n_with, down: runs_down / n_with };
        of_runs.interval(of_runs.effective_runs(variance, n_with, n_either))
    } else {
        // One pseudo-run that differs keeps the error of shares from being nothing (Agresti and Min 2005).
        let fewer = n_with.min(n_without);
        let pseudo = if is_share { 1.0 / (fewer * fewer) } else { 0.0 };
        let degrees = satterthwaite_degrees(n_either, sum_of_squares, None, sum_of_fourths);
        let half = student_critical(degrees, 0.05) * (variance + pseudo).sqrt();
        Interval { low: difference - half, high: difference + half }
    };
    let interval = if is_share {
        Interval { low: interval.low.max(-1.0), high: interval.high.min(1.0) }
    } else {
        interval
    };
    let standard_error = variance.sqrt();
    let share = |n: f64| if n_both > 0.0 { n / n_both } else { 0.0 };
    Ok(PairedDifference {
        difference,
        interval,
        standard_error,
        share_higher: share(n_higher),
        share_lower: share(n_lower),
        identical,
        n_draws: n_both as usize,
    })
}

/// The shares of runs that one experiment moved up and down against the other.
#[derive(Clone, Copy)]
struct Discordant {
    up: f64,
    down: f64,
}

impl Discordant {
    /// How many independent runs have the variance that the draws show. The clustering of a few differing runs is seen
    /// only roughly, so one pseudo-draw whose runs all agree is added to the design effect.
    fn effective_runs(self, variance: f64, n_runs: f64, n_draws: f64) -> f64 {
        let difference = self.up - self.down;
        let of_run = self.up + self.down - difference * difference;
        let runs_per_draw = n_runs / n_draws;
        if of_run <= 0.0 {
            return n_draws;
        }
        let seen = variance * n_runs / of_run;
        let n_differing = (self.up + self.down) * n_runs;
        let effect = (seen * n_differing + runs_per_draw * runs_per_draw) / (n_differing + runs_per_draw);
        n_runs / effect.max(1.0)
    }

    /// The 95% interval of the difference, over `n` independent runs.
    fn interval(self, n: f64) -> Interval {
        if (self.up + self.down) * n < FEW { self.interval_of_few(n) } else { self.score_interval(n) }
    }

    /// Every difference that the score test does not reject (Tango 1998).
    fn score_interval(self, n: f64) -> Interval {
        let difference = self.up - self.down;
        let is_rejected = |at: f64| {
            let off = difference - at;
            off * off > Z_95 * Z_95 * self.variance_at(at) / n
        };
        // The tests reject more the farther they are from what was seen.
        let end = |limit: f64| {
            let (mut inside, mut outside) = (difference, limit);
            for _ in 0..60 {
                let middle = 0.5 * (inside + outside);
                if is_rejected(middle) { outside = middle } else { inside = middle }
            }
            inside
        };
        Interval { low: end(-1.0), high: end(1.0) }
    }

    /// The variance of the difference of one run if the difference were `at`: with the share of runs that go against it
    /// at its most likely value, the positive root of Tango's quadratic equation.
    fn variance_at(self, at: f64) -> f64 {
        let (along, against) = if at >= 0.0 { (self.up, self.down) } else { (self.down, self.up) };
        let size = at.abs();
        let half = along + against - (2.0 - along + against) * size;
        let root = (half * half + 8.0 * against * size * (1.0 - size)).sqrt();
        let share = ((half + root) / 4.0).max(0.0);
        2.0 * share + size * (1.0 - size)
    }

    fn interval_of_few(self, n: f64) -> Interval {
        let of = |share: f64| {
            if share > 0.0 && share < 1.0 {
                clopper_pearson(share * n, n)
            } else if share <= 0.0 {
                Interval { low: 0.0, high: zero_occurrences_bound(n) }
            } else {
                Interval { low: 1.0 - zero_occurrences_bound(n), high: 1.0 }
            }
        };
        let (up, down) = (of(self.up), of(self.down));
        let distance = |a: f64, b: f64| (a * a + b * b).sqrt();
        let difference = self.up - self.down;
        Interval {
            low: difference - distance(self.up - up.low, down.high - self.down),
            high: difference + distance(up.high - self.up, self.down - down.low),
        }
    }
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
