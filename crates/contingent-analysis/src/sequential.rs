//! When to stop: looks at fixed numbers of draws, and how much error each may spend.
//!
//! Enters: how narrow an interval is wanted. Leaves: a [`LookSchedule`]. Always holds: the looks and what each may
//! spend are fixed before the first run, and what all of them spend adds up to the chance of an error that is stated;
//! so by the inequality of Bonferroni the interval at the look at which one stops misses the truth no more often than
//! that, whatever the rule for stopping.
//!
//! What is spent follows a spending function that rises linearly with the draws (Kim and `DeMets` 1987, with exponent
//! 1; the idea of spending is that of Lan and `DeMets` 1983). Their method computes the joint distribution of the looks
//! and is a little sharper; the plain sum needs no distribution, which serves intervals that are not normal, such as
//! those of rare events, and several questions that stop together.

use crate::interval::critical;

/// One look at the runs that have finished.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Draws at which one looks.
    pub n_draws: u32,
    /// The chance of an error that an interval at this look has.
    pub error: f64,
}

/// Fixed looks.
#[derive(Clone, Debug, PartialEq)]
pub struct LookSchedule {
    /// The looks in ascending order.
    pub looks: Vec<Look>,
    /// Half the width of the interval that is wanted.
    pub half_width: f64,
    /// The chance of an error of the interval at which one stops.
    pub error: f64,
}

/// Looks before the one that always suffices: each has half the draws of the next.
const N_EARLY: usize = 5;

/// Looks after it, each with twice the draws: only questions with a condition come to them.
pub const MOST_LATE: usize = 5;

/// The share of the error kept for those.
const LATE_SHARE: f64 = 0.2;

/// Fewer draws than this are not looked at: intervals rest on the scatter over draws.
const FEWEST_DRAWS: f64 = 100.0;

impl LookSchedule {
    /// Looks for an interval that is at most twice `half_width` wide and misses the truth with probability at
    /// most `error`. The look before the late ones is at the number of draws that suffices whatever the probability
    /// and however strongly the replications of a draw agree; with `n_late` there are as many beyond it, for questions
    /// with a condition, in which not every run counts.
    ///
    /// # Panics
    /// When `half_width` is not within 0.0005..0.5, or `n_late` exceeds [`MOST_LATE`].
    pub fn new(half_width: f64, error: f64, n_late: usize) -> Self {
        assert!((0.0005..0.5).contains(&half_width), "a width between 0.05 and 50 points");
        assert!(n_late <= MOST_LATE, "no more late looks than the error is shared over");
        let early_error = if n_late > 0 { (1.0 - LATE_SHARE) * error } else { error };
        // The last early look spends half of the early error. Wilson's interval is never wider than the normal one at
        // p = 0.5, z / (2 sqrt n); one draw more makes up for rounding.
        let z = critical(0.5 * early_error);
        let enough = (0.25 * z * z / (half_width * half_width)).ceil().max(FEWEST_DRAWS) + 1.0;
        let mut looks: Vec<Look> = Vec::new();
        let mut spent = 0.0;
        for position in 0..=N_EARLY {
            let share = 1.0 / f64::from(1_u32 << (N_EARLY - position));
            let n_draws = (enough * share).ceil();
            if n_draws < FEWEST_DRAWS {
                continue;
            }
            let allowed = early_error * share;
            looks.push(Look { n_draws: n_draws as u32, error: allowed - spent });
            spent = allowed;
        }
        for late in 1..=n_late {
            let n_draws = enough * f64::from(1_u32 << late);
            looks.push(Look { n_draws: n_draws as u32, error: LATE_SHARE * error / n_late as f64 });
        }
        Self { looks, half_width, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_errors_of_all_looks_add_up_to_what_is_stated() {
        for half_width in [0.001, 0.01, 0.05, 0.2] {
            for n_late in [0, 5] {
                let schedule = LookSchedule::new(half_width, 0.05, n_late);
                let spent: f64 = schedule.looks.iter().map(|look| look.error).sum();
                assert!((spent - 0.05).abs() < 1e-12, "{schedule:?}");
                assert!(schedule.looks.windows(2).all(|pair| pair[0].n_draws < pair[1].n_draws));
                assert!(schedule.looks.iter().all(|look| look.error > 0.0));
            }
        }
    }

    #[test]
    fn the_last_early_look_is_narrow_enough_for_every_probability() {
        for half_width in [0.002, 0.01, 0.04] {
            let last = *LookSchedule::new(half_width, 0.05, 0).looks.last().unwrap();
            for p in [0.0001, 0.01, 0.2, 0.5, 0.9, 0.999] {
                let n = f64::from(last.n_draws);
                let (interval, _) = crate::interval::proportion_interval_at(p, n, last.error);
                let half = 0.5 * interval.width();
                assert!(half <= half_width, "{half_width} {p}: {half}");
            }
        }
    }
}
