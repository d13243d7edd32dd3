//! The probability that a question comes true.
//!
//! Enters: a 0/1 column. Leaves: a [`ProbabilityEstimate`] with a 95% interval for the simulation error alone.
//! Always holds: the interval lies in 0..1 and contains the estimate; draws, not runs, are the independent
//! units, so two replications of one draw never pass for two pieces of knowledge.

use crate::column::{DrawTotals, OutcomeColumn, Unanswerable};
use crate::interval::{Interval, IntervalMethod, USUAL_ERROR, proportion_interval_at};
use crate::spread::Spread;

/// A probability with the error of having simulated finitely many runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbabilityEstimate {
    /// The share of the runs that count in which it came true.
    pub probability: f64,
    /// 95% interval of the simulation error; one-sided when it never or always came true.
    pub interval: Interval,
    /// How the interval was made.
    pub method: IntervalMethod,
    /// Draws with at least one run that counts.
    pub n_draws: usize,
    /// Runs that count.
    pub n_counted: usize,
    /// Runs in which it came true.
    pub n_true: usize,
    /// Runs in the ensemble.
    pub n_runs: usize,
    /// Runs that failed and are left out.
    pub n_failed: usize,
    /// How many independent runs the runs that count are worth: p (1-p) / standard error squared.
    pub effective_runs: f64,
    /// Simulation, epistemic and chance.
    pub spread: Spread,
}

impl ProbabilityEstimate {
    /// Estimates the probability of a 0/1 column, given its condition when it has one.
    ///
    /// The standard error is that of the mean over draws ([`DrawTotals::standard_error`]). Wilson's interval, or
    /// Clopper and Pearson's when little was seen, is taken with the effective number of runs that this error
    /// implies, at most the number of runs. The clustering of a few occurrences is seen only roughly, so one
    /// pseudo-draw whose runs all agree is added to the design effect; when it never came true that leaves the
    /// number of draws, which is right however strongly the runs of a draw agree.
    pub fn new(column: &OutcomeColumn<'_>) -> Result<Self, Unanswerable> {
        let totals = DrawTotals::new(column, |value| value)?;
        Ok(Self::from_totals(&totals))
    }

    /// The same from sums of a 0/1 column.
    pub fn from_totals(totals: &DrawTotals) -> Self {
        Self::from_totals_at(totals, USUAL_ERROR)
    }

    /// As [`ProbabilityEstimate::new`], with an interval that misses the truth with probability `error`.
    pub fn at(column: &OutcomeColumn<'_>, error: f64) -> Result<Self, Unanswerable> {
        let totals = DrawTotals::new(column, |value| value)?;
        Ok(Self::from_totals_at(&totals, error))
    }

    fn from_totals_at(totals: &DrawTotals, error: f64) -> Self {
        let p = totals.mean;
        let mut spread = Spread::new(totals);
        let n_runs = totals.n_counted as f64;
        let binomial = p * (1.0 - p);
        let effective_runs =
            n_runs / design_effect(p, spread.simulation, n_runs, totals.n_draws_counted as f64);
        let (interval, method) = proportion_interval_at(p, effective_runs, error);
        if let Some(epistemic) = spread.epistemic {
            // Chance as p(1-p) - V, so that the two variances add up to that of a single run.
            spread.chance = Some((binomial - epistemic * epistemic).max(0.0).sqrt());
        }
        Self {
            probability: p,
            interval,
            method,
            n_draws: totals.n_draws_counted,
            n_counted: totals.n_counted,
            n_true: (p * n_runs).round() as usize,
            n_runs: totals.n_runs,
            n_failed: totals.n_failed,
            effective_runs,
            spread,
        }
    }
}

/// How many runs are worth one independent run: 1 when replications share nothing, the number of runs per draw
/// when they always agree.
pub(crate) fn design_effect(p: f64, standard_error: f64, n_runs: f64, n_draws: f64) -> f64 {
    let runs_per_draw = n_runs / n_draws;
    let binomial = p * (1.0 - p);
    let rarer = p.min(1.0 - p) * n_runs;
    if binomial <= 0.0 || !standard_error.is_finite() {
        return runs_per_draw;
    }
    let seen = n_runs * standard_error * standard_error / binomial;
    ((seen * rarer + runs_per_draw * runs_per_draw) / (rarer + runs_per_draw)).max(1.0)
}
