//! One outcome of one experiment, and what it amounts to per draw.
//!
//! Enters: a column of numbers, one per run, with the runs that do not count. Leaves: [`DrawTotals`], the sums
//! per draw from which every statistic follows. Always holds: a run that failed, is not a number, or in which
//! the condition did not hold is in no sum; all sums are of deviations from the mean of the runs that count.

use crate::words::thousands;

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// Every run failed.
    EveryRunFailed {
        /// Number of runs.
        n_runs: usize,
    },
    /// No run satisfied the condition of the question.
    NoRunSatisfied {
        /// Number of runs that did not fail.
        n_runs: usize,
    },
}

impl std::fmt::Display for Unanswerable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Unanswerable::EveryRunFailed { n_runs } => {
                write!(out, "every run failed ({})", thousands(n_runs as f64, 0))
            }
            Unanswerable::NoRunSatisfied { n_runs } => {
                write!(out, "the condition held in none of {} runs", thousands(n_runs as f64, 0))
            }
        }
    }
}

impl std::error::Error for Unanswerable {}

/// One outcome of one experiment: one number per run, draw-major.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeColumn<'a> {
    /// One value per run; 0 or 1 for a probability question; infinity means never.
    pub values: &'a [f64],
    /// One 0/1 value per run: only runs with 1 count.
    pub given: Option<&'a [f64]>,
    /// One flag per run: runs that failed.
    pub failed: Option<&'a [bool]>,
    /// Replications per draw, at least 1; divides the number of runs.
    pub n_replications: usize,
}

impl<'a> OutcomeColumn<'a> {
    /// A column in which every run counts.
    pub fn new(values: &'a [f64], n_replications: usize) -> Self {
        Self { values, given: None, failed: None, n_replications }
    }

    /// The same column with a condition.
    #[must_use]
    pub fn given(mut self, given: Option<&'a [f64]>) -> Self {
        self.given = given;
        self
    }

    /// The same column with the runs that failed.
    #[must_use]
    pub fn failed(mut self, failed: Option<&'a [bool]>) -> Self {
        self.failed = failed;
        self
    }

    /// Number of draws.
    ///
    /// # Panics
    /// When the columns differ in length, or the number of runs is no multiple of the replications.
    pub fn n_draws(&self) -> usize {
        let n_runs = self.values.len();
        assert!(
            self.n_replications >= 1 && n_runs.is_multiple_of(self.n_replications),
            "runs are draw-major"
        );
        assert!(self.given.is_none_or(|given| given.len() == n_runs), "one condition per run");
        assert!(self.failed.is_none_or(|failed| failed.len() == n_runs), "one flag per run");
        n_runs / self.n_replications
    }

    /// Whether the run failed: flagged, or not a number, or minus infinity (plus infinity means never).
    pub fn is_failed(&self, run: usize) -> bool {
        self.failed.is_some_and(|failed| failed[run])
            || self.values[run].is_nan()
            || self.values[run] == f64::NEG_INFINITY
            || self.given.is_some_and(|given| given[run].is_nan())
    }

    /// Whether the run counts: it did not fail and the condition held.
    pub fn counts(&self, run: usize) -> bool {
        !self.is_failed(run) && self.given.is_none_or(|given| given[run] == 1.0)
    }
}

/// Sums per draw over the runs that count, as deviations from their mean.
#[derive(Clone, Debug)]
pub struct DrawTotals {
    /// Mean over all runs that count.
    pub mean: f64,
    /// Runs that count, per draw.
    pub counts: Vec<f64>,
    /// Sum of deviations from `mean`, per draw.
    pub sums: Vec<f64>,
    /// Sum of squared deviations from `mean`, per draw.
    pub squares: Vec<f64>,
    /// Replications per draw by design.
    pub n_replications: usize,
    /// Runs in the column.
    pub n_runs: usize,
    /// Runs that failed.
    pub n_failed: usize,
    /// Runs that count.
    pub n_counted: usize,
    /// Draws with at least one run that counts.
    pub n_draws_counted: usize,
}

impl DrawTotals {
    /// Sums a column; `value_of` maps the value of a run to the number that is summed (the identity, or for
    /// instance whether it is finite).
    ///
    /// # Panics
    /// When the column is malformed, see [`OutcomeColumn::n_draws`].
    pub fn new(column: &OutcomeColumn<'_>, value_of: impl Fn(f64) -> f64) -> Result<Self, Unanswerable> {
        let n_draws = column.n_draws();
        let m = column.n_replications;
        let n_runs = column.values.len();
        let mut total = 0.0;
        let (mut n_counted, mut n_failed) = (0, 0);
        for run in 0..n_runs {
            if column.is_failed(run) {
                n_failed += 1;
            } else if column.counts(run) {
                total += value_of(column.values[run]);
                n_counted += 1;
            }
        }
        if n_failed == n_runs {
            return Err(Unanswerable::EveryRunFailed { n_runs });
        }
        if n_counted == 0 {
            return Err(Unanswerable::NoRunSatisfied { n_runs: n_runs - n_failed });
        }
        let mean = total / n_counted as f64;
        let mut totals = Self {
            mean,
            counts: Vec::with_capacity(n_draws),
            sums: Vec::with_capacity(n_draws),
            squares: Vec::with_capacity(n_draws),
            n_replications: m,
            n_runs,
            n_failed,
            n_counted,
            n_draws_counted: 0,
        };
        for draw in 0..n_draws {
            let (mut count, mut sum, mut square) = (0.0, 0.0, 0.0);
            for run in draw * m..(draw + 1) * m {
                if column.counts(run) {
                    let deviation = value_of(column.values[run]) - mean;
                    count += 1.0;
                    sum += deviation;
                    square += deviation * deviation;
                }
            }
            if count > 0.0 {
                totals.n_draws_counted += 1;
            }
            totals.counts.push(count);
            totals.sums.push(sum);
            totals.squares.push(square);
        }
        Ok(totals)
    }

    /// The standard error of the mean with draws as independent clusters: for a balanced ensemble
    /// `sd(mean of a draw) / sqrt(N)`, in general the linearised ratio estimator (Cochran 1977, section 11.7).
    ///
    /// The draws of a scrambled Sobol design are spread more evenly than independent ones, so this is larger
    /// than the true error there, on purpose: the interval is conservative. Infinite with fewer than two draws.
    pub fn standard_error(&self) -> f64 {
        if self.n_draws_counted < 2 {
            return f64::INFINITY;
        }
        let n = self.n_draws_counted as f64;
        let sum_of_squares: f64 = self.sums.iter().map(|s| s * s).sum();
        (n / (n - 1.0) * sum_of_squares).sqrt() / self.n_counted as f64
    }

    /// Variance of the single runs around the mean, with the divisor of an unbiased estimate for independent runs.
    pub fn variance(&self) -> f64 {
        let total: f64 = self.squares.iter().sum();
        if self.n_counted < 2 { 0.0 } else { total / (self.n_counted as f64 - 1.0) }
    }
}
