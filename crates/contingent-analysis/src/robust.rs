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
//! The share of draws in which a probability meets a threshold needs the spread of probabilities and not of tosses. What a
//! fit explains of a draw is its expectation, shrunk by the part of its scatter that is noise (James and Stein 1961);
//! around it what the fit leaves of the epistemic variance is taken to have the shape of a beta distribution, as in
//! empirical Bayes estimates of an ensemble of proportions (Louis 1984). Where the fit explains all, draws are counted;
//! where it explains nothing, a beta distribution with the mean and the variance that replications show is read off.

use contingent_engine::math::beta::incomplete_beta;

use crate::column::DrawTotals;
use crate::information::means;
use crate::interval::Interval;
use crate::quantity::quantile_of_ordered;
use crate::regression::Basis;
use crate::special::{Z_90, student_critical};
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
    let design = basis.design(&group, weights);
    let mut expected: Vec<Vec<f64>> = vec![vec![0.0; weights.len()]];
    for values in differences {
        let is_same = values.iter().zip(weights).all(|(&value, &weight)| weight == 0.0 || value == 0.0);
        expected.push(if is_same { vec![0.0; weights.len()] } else { design.as_ref()?.fit(values).fitted });
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

/// The share of draws whose probability is on the good side of a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Satisficing {
    /// The share.
    pub share: f64,
    /// 95% interval: finitely many draws, and the error of mean, variance and fit. It holds as far as the shape does.
    pub interval: Interval,
    /// How much of the epistemic variance the fit explains, 0..1; the rest has the shape of a beta distribution.
    pub explained: f64,
}

/// Parts of the draws that are left out in turn for the error of a share.
const N_PARTS: usize = 20;

/// Classes of fitted values, of equally many draws, over which beta distributions are averaged.
const N_CLASSES: usize = 100;

/// Per draw what it adds to the estimates behind a share.
#[derive(Clone, Copy)]
struct Influence {
    /// Runs, and the sum of their outcomes.
    runs: f64,
    hits: f64,
    /// Pairs of runs, and the sum of their products of deviations.
    pairs: f64,
    products: f64,
    /// Runs times the square of the fitted deviation, and what of it is explained by the outcomes.
    square: f64,
    explained: f64,
}

/// The share of draws whose probability is at most (or at least) a threshold. None with one replication per draw, or when
/// the spread of probabilities cannot be told from none (one-sided, 5%): the share is then 0 or 1 or anything between.
pub fn satisficing(basis: &Basis, totals: &DrawTotals, threshold: f64, at_most: bool) -> Option<Satisficing> {
    let epistemic = epistemic_variance(totals)?;
    if epistemic.variance <= Z_90 * epistemic.standard_error {
        return None;
    }
    let (values, weights) = means(totals);
    let fit = basis.design(&everything(basis), &weights).map(|design| design.fit(&values));
    let draws: Vec<usize> = (0..weights.len()).filter(|&draw| weights[draw] > 0.0).collect();
    let deviation = |draw: usize| fit.as_ref().map_or(0.0, |fit| fit.fitted[draw] - fit.mean);
    let by_chance = fit.as_ref().map_or(0.0, |fit| fit.n_columns as f64 * fit.residual / draws.len() as f64);
    let influence = |draw: usize| {
        let (runs, sum, g) = (weights[draw], totals.sums[draw], deviation(draw));
        Influence {
            runs,
            hits: sum + totals.mean * runs,
            pairs: runs * (runs - 1.0),
            products: sum * sum - totals.squares[draw],
            square: runs * g * g,
            explained: 2.0 * g * sum - runs * g * g,
        }
    };
    // Parts are of every twentieth draw, before the draws are put in the order of their fitted values.
    let part_of = |place: usize| place % N_PARTS;
    let of_draws: Vec<Influence> = draws.iter().map(|&draw| influence(draw)).collect();
    let zero = Influence { runs: 0.0, hits: 0.0, pairs: 0.0, products: 0.0, square: 0.0, explained: 0.0 };
    let mut parts = [zero; N_PARTS];
    for (place, of_draw) in of_draws.iter().enumerate() {
        parts[part_of(place)].add(of_draw, 1.0);
    }
    let whole = parts.iter().fold(zero, |mut sum, part| {
        sum.add(part, 1.0);
        sum
    });
    let mut classes = vec![(0.0, 0.0); N_CLASSES];
    let mut left_out = vec![[(0.0, 0.0); N_PARTS]; N_CLASSES];
    let mut ordered: Vec<(f64, usize)> =
        draws.iter().enumerate().map(|(place, &draw)| (deviation(draw), part_of(place))).collect();
    ordered.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (rank, &(deviation, part)) in ordered.iter().enumerate() {
        let class = rank * N_CLASSES / ordered.len();
        for (count, sum) in [&mut classes[class], &mut left_out[class][part]] {
            *count += 1.0;
            *sum += deviation;
        }
    }
    let good = |p: f64, variance: f64| {
        let low = if variance <= 1e-9 {
            f64::from(u8::from(p <= threshold))
        } else if threshold <= 0.0 || threshold >= 1.0 {
            f64::from(u8::from(threshold >= 1.0))
        } else {
            let concentration = p * (1.0 - p) / variance - 1.0;
            incomplete_beta(p * concentration, (1.0 - p) * concentration, threshold)
        };
        if at_most { low } else { 1.0 - low }
    };
    let share = |sums: &Influence, classes: &mut dyn Iterator<Item = (f64, f64)>| {
        let mean = sums.hits / sums.runs;
        let variance = (sums.products / sums.pairs).max(0.0);
        let spread = sums.square / sums.runs;
        let explained = (sums.explained / sums.runs - by_chance).clamp(0.0, variance);
        let shrink = if spread > 0.0 { (explained / spread).min(1.0) } else { 0.0 };
        let rest = variance - shrink * shrink * spread;
        let (mut total, mut met) = (0.0, 0.0);
        for (count, sum) in classes {
            if count > 0.0 {
                let p = (mean + shrink * sum / count).clamp(1e-6, 1.0 - 1e-6);
                // No variable between 0 and 1 varies more than a coin does.
                met += count * good(p, rest.clamp(0.0, 0.99 * p * (1.0 - p)));
                total += count;
            }
        }
        (met / total, if variance > 0.0 { explained / variance } else { 0.0 })
    };
    let (found, explained) = share(&whole, &mut classes.iter().copied());
    let without: Vec<f64> = (0..N_PARTS)
        .map(|part| {
            let mut sums = whole;
            sums.add(&parts[part], -1.0);
            let kept = classes.iter().zip(&left_out);
            let mut kept = kept.map(|(all, out)| (all.0 - out[part].0, all.1 - out[part].1));
            share(&sums, &mut kept).0
        })
        .collect();
    let centre = without.iter().sum::<f64>() / N_PARTS as f64;
    let scatter: f64 = without.iter().map(|value| (value - centre) * (value - centre)).sum();
    // The delete-a-group jackknife (Kott 2001).
    let error = ((N_PARTS as f64 - 1.0) / N_PARTS as f64 * scatter).sqrt();
    let half = student_critical((N_PARTS - 1) as f64, 0.05) * error;
    Some(Satisficing {
        share: found,
        interval: Interval { low: (found - half).max(0.0), high: (found + half).min(1.0) },
        explained,
    })
}

impl Influence {
    fn add(&mut self, other: &Self, times: f64) {
        self.runs += times * other.runs;
        self.hits += times * other.hits;
        self.pairs += times * other.pairs;
        self.products += times * other.products;
        self.square += times * other.square;
        self.explained += times * other.explained;
    }
}

fn everything(basis: &Basis) -> Vec<usize> {
    (0..basis.len()).collect()
}
