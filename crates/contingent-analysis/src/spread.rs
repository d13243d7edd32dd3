//! Three spreads that are never merged: simulation error, what we do not know, chance.
//!
//! Enters: [`DrawTotals`]. Leaves: [`Spread`]. Always holds: with one replication per draw the epistemic part
//! and chance cannot be told apart and both are absent; a negative estimate of a variance is set to zero and
//! flagged.

use serde::{Deserialize, Serialize};

use crate::column::DrawTotals;
use crate::special::Z_90;

/// The spreads of one answer within one view, as standard deviations in the unit of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Standard error of the estimate: more runs make it smaller.
    pub simulation: f64,
    /// Standard deviation of the expected outcome over what we do not know; better knowledge makes it smaller.
    /// Absent with one replication per draw.
    pub epistemic: Option<f64>,
    /// Standard deviation of chance once the assumptions are known; nothing makes it smaller.
    /// Absent with one replication per draw.
    pub chance: Option<f64>,
    /// Whether the estimated epistemic variance was negative and was set to zero.
    pub epistemic_clamped: bool,
    /// Whether the epistemic variance is above zero by more than its own sampling error (one-sided, 5%).
    pub epistemic_distinguishable: bool,
}

impl Spread {
    /// Decomposes the variance by one-way analysis of variance with random effects, which serves unequal
    /// numbers of runs per draw (Searle, Casella and `McCulloch` 1992, section 3.6). For a 0/1 outcome with m
    /// replications in each of N draws it equals `sum (p_i - p)^2 / (N-1) - sum p_i (1-p_i) / (N (m-1))`
    /// (Sun, Apley and Staum 2011).
    pub fn new(totals: &DrawTotals) -> Self {
        let simulation = totals.standard_error();
        let Some(epistemic) = epistemic_variance(totals) else {
            return Self {
                simulation,
                epistemic: None,
                chance: None,
                epistemic_clamped: false,
                epistemic_distinguishable: false,
            };
        };
        let clamped = epistemic.variance.max(0.0);
        Self {
            simulation,
            epistemic: Some(clamped.sqrt()),
            chance: Some(epistemic.within.sqrt()),
            epistemic_clamped: epistemic.variance < 0.0,
            epistemic_distinguishable: epistemic.variance > Z_90 * epistemic.standard_error,
        }
    }
}

/// The estimated variance of the expected outcome over draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpistemicVariance {
    /// V, unbiased and therefore possibly negative.
    pub variance: f64,
    /// Standard error of V over draws.
    pub standard_error: f64,
    /// Mean variance within draws: chance.
    pub within: f64,
}

/// V and the variance within draws; none unless some draw has two runs that count.
pub fn epistemic_variance(totals: &DrawTotals) -> Option<EpistemicVariance> {
    let n_draws = totals.n_draws_counted as f64;
    let n_runs = totals.n_counted as f64;
    if n_runs <= n_draws || n_draws < 2.0 {
        return None;
    }
    let (mut between, mut within, mut squared_counts, mut pairs) = (0.0, 0.0, 0.0, 0.0);
    for ((&count, &sum), &square) in totals.counts.iter().zip(&totals.sums).zip(&totals.squares) {
        if count > 0.0 {
            let explained = sum * sum / count;
            between += explained;
            within += square - explained;
            squared_counts += count * count;
            pairs += count * (count - 1.0);
        }
    }
    let within = (within / (n_runs - n_draws)).max(0.0);
    let typical_count = (n_runs - squared_counts / n_runs) / (n_draws - 1.0);
    let variance = (between / (n_draws - 1.0) - within) / typical_count;
    // V is also the mean product of the deviations of two runs of one draw; its scatter gives the error.
    let mean_product: f64 =
        totals.sums.iter().zip(&totals.squares).map(|(s, q)| s * s - q).sum::<f64>() / pairs;
    let scatter: f64 = totals
        .sums
        .iter()
        .zip(&totals.squares)
        .zip(&totals.counts)
        .map(|((s, q), m)| {
            let residual = s * s - q - mean_product * m * (m - 1.0);
            residual * residual
        })
        .sum();
    Some(EpistemicVariance { variance, standard_error: scatter.sqrt() / pairs, within })
}
