//! How alternatives do across what we do not know: regret, and the share of draws that are good enough.
//!
//! Enters: a [`Basis`] over all assumptions and one outcome per alternative and draw. Leaves: [`Regret`] per
//! alternative, and shares of draws. Always holds: what is compared is the expected outcome of a draw, fitted, and not
//! the toss or two that a draw shows; regret is never negative, and in every draw some alternative has none.
//!
//! The regret of an alternative in a draw is how much better the best alternative does there (Savage 1951). Expected
//! outcomes are fitted on differences to the first alternative, with common random numbers; what an additive fit cannot
//! see, interactions above all, is not in it, so regret is told as far as the fit goes.
//!
//! The share of draws in which an expected outcome meets a threshold needs the spread of expected outcomes and not of
//! tosses. A fit alone spreads too little; its values are stretched around their mean so that their variance is the
//! epistemic variance of the outcome, as estimated from replications (Louis 1984; Ghosh 1992: constrained estimates for
//! an ensemble).

use crate::column::DrawTotals;
use crate::information::means;
use crate::interval::{Interval, proportion_interval};
use crate::quantity::quantile_of_ordered;
use crate::regression::{Basis, Response};
use crate::spread::epistemic_variance;

/// The regret of one alternative over draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regret {
    /// Mean over draws.
    pub mean: f64,
    /// The value that nine draws in ten do not exceed.
    pub p90: f64,
    /// The largest in any draw.
    pub max: f64,
    /// Share of draws in which it is the best of all, ties shared evenly.
    pub share_best: f64,
}

/// Differences smaller than this share of their largest are ties.
const TIE: f64 = 1e-9;

/// Regret of the first alternative and then of each in `differences`: its outcome minus that of the first per draw,
/// more being better. None when too few draws count for a fit.
///
/// # Panics
/// When lengths differ.
pub fn regrets(basis: &Basis, differences: &[Vec<f64>], weights: &[f64]) -> Option<Vec<Regret>> {
    let group = everything(basis);
    let mut expected: Vec<Vec<f64>> = vec![vec![0.0; weights.len()]];
    for values in differences {
        let fit = basis.fit(&group, Response { values, weights });
        let is_same = values.iter().zip(weights).all(|(&value, &weight)| weight == 0.0 || value == 0.0);
        expected.push(if is_same { vec![0.0; weights.len()] } else { fit?.fitted });
    }
    let draws: Vec<usize> = (0..weights.len()).filter(|&draw| weights[draw] > 0.0).collect();
    let n = draws.len() as f64;
    let mut best_shares = vec![0.0; expected.len()];
    let mut of_draws: Vec<Vec<f64>> = vec![Vec::with_capacity(draws.len()); expected.len()];
    for &draw in &draws {
        let best = expected.iter().map(|values| values[draw]).fold(f64::NEG_INFINITY, f64::max);
        let size = expected.iter().map(|values| values[draw].abs()).fold(0.0, f64::max);
        let is_best = |values: &[f64]| best - values[draw] <= TIE * size;
        let n_best = expected.iter().filter(|values| is_best(values)).count() as f64;
        for (position, values) in expected.iter().enumerate() {
            of_draws[position].push(best - values[draw]);
            if is_best(values) {
                best_shares[position] += 1.0 / (n_best * n);
            }
        }
    }
    Some(
        of_draws
            .into_iter()
            .zip(best_shares)
            .map(|(mut regrets, share_best)| {
                regrets.sort_unstable_by(f64::total_cmp);
                Regret {
                    mean: regrets.iter().sum::<f64>() / n,
                    p90: quantile_of_ordered(&regrets, 0.9),
                    max: regrets.last().copied().unwrap_or(0.0),
                    share_best,
                }
            })
            .collect(),
    )
}

/// The share of draws whose expected outcome is on the good side of a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Satisficing {
    /// The share.
    pub share: f64,
    /// 95% interval for having finitely many draws; the error of the fit is not in it.
    pub interval: Interval,
    /// How much of the epistemic variance the fit explains before it is stretched, 0..1.
    pub explained: f64,
}

/// The share of draws whose expected outcome is at most (or at least) a threshold; none with one replication per draw,
/// where chance cannot be told from what we do not know.
pub fn satisficing(basis: &Basis, totals: &DrawTotals, threshold: f64, at_most: bool) -> Option<Satisficing> {
    let epistemic = epistemic_variance(totals)?.variance.max(0.0);
    let (values, weights) = means(totals);
    let fit = basis.fit(&everything(basis), Response { values: &values, weights: &weights });
    let draws: Vec<usize> = (0..weights.len()).filter(|&draw| weights[draw] > 0.0).collect();
    let n = draws.len() as f64;
    let (stretched, explained): (Vec<f64>, f64) = match fit {
        Some(fit) if fit.explained > 0.0 && epistemic > 0.0 => {
            let spread = draws.iter().map(|&draw| (fit.fitted[draw] - fit.mean).powi(2)).sum::<f64>() / n;
            let stretch = (epistemic / spread).sqrt();
            let values =
                draws.iter().map(|&draw| totals.mean + stretch * (fit.fitted[draw] - fit.mean)).collect();
            (values, (fit.explained / epistemic).min(1.0))
        }
        _ => (vec![totals.mean; draws.len()], 0.0),
    };
    let is_good = |value: f64| if at_most { value <= threshold } else { value >= threshold };
    let share = stretched.iter().filter(|&&value| is_good(value)).count() as f64 / n;
    Some(Satisficing { share, interval: proportion_interval(share, n).0, explained })
}

fn everything(basis: &Basis) -> Vec<usize> {
    (0..basis.len()).collect()
}
