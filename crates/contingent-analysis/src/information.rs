//! What to find out next: what knowing some assumptions would be worth.
//!
//! Enters: assumptions as a [`Basis`] or a group of them as a [`Design`], outcomes as [`DrawTotals`], and, for decisions, one outcome per alternative over
//! the same draws. Leaves: an expected gain in Brier score ([`knowledge_gain`]) or in what is aimed at
//! ([`partial_information`]), with intervals. Always holds: chance in the outcomes does not pass for knowledge; draws
//! are the independent units.
//!
//! **Brier gain.** Whoever states p expects the Brier score p (1 - p). Learning the assumptions x of a group changes p
//! to E[y | x], and the expected score by Var(E[y | x]): for one assumption that is its first-order index times the
//! epistemic variance. For a group it is at least the sum of those of its members when they are independent, and may
//! be less when they are correlated; so the group is fitted as a whole.
//!
//! **Partial perfect information** (EVPPI). With alternatives d and a value `y_d` that is aimed at, knowing x is worth
//! `E max_d E[y_d | x] - max_d E[y_d]` (Raiffa and Schlaifer 1961). The inner expectations are fitted by regression
//! on the one ensemble (Strong, Oakley and Brennan 2014), on differences to the first alternative, from which common
//! random numbers take most of the chance. The maximum of fitted values is too high on average, because chance helps
//! to choose; so the alternatives are chosen by fits on four fifths of the draws and valued on the fifth that had no
//! part in them, in turn. What comes out is what a rule that was learnt from fewer draws attains, so it is slightly too
//! low; the upper end of the interval counts from the maximum of the fitted values instead. The interval has to hold the error of not knowing which alternative is best without knowledge: with `G_d` what
//! knowledge adds to alternative d, EVPPI is the least of the `G_d`, and the interval reaches over those of all
//! alternatives that may be the best (their means cannot be told from the highest). The usual figure, which is given beside
//! it, may be off either way, since chance also helps the one alternative that looks best without knowledge.

use crate::column::DrawTotals;
use crate::first_order::interval_of_square;
use crate::interval::Interval;
use crate::regression::{Basis, Design};
use crate::special::Z_95;

/// What knowing a group of assumptions is worth in Brier score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnowledgeGain {
    /// Variance of the expected outcome given the group; not below 0.
    pub gain: f64,
    /// 95% interval, not below 0.
    pub interval: Interval,
    /// Whether it can be told from nothing (one-sided, 5% over `n_compared` groups).
    pub distinguishable: bool,
}

/// The gain from the group of assumptions of a design whose weights are the runs that count. `n_compared` groups are
/// looked at together, over which the false alarms are 5%.
///
/// # Panics
/// When the totals have another number of draws than the design.
pub fn knowledge_gain(design: &Design<'_>, totals: &DrawTotals, n_compared: usize) -> KnowledgeGain {
    let (values, _) = means(totals);
    let fit = design.fit(&values);
    // Where nothing is explained the influence of draws vanishes and what is left is of second order: with k columns
    // the fit then explains residual * (chi-squared with k degrees - k) / n.
    let level = 0.05 / n_compared.max(1) as f64;
    let n_draws = totals.n_draws_counted as f64;
    let k = fit.n_columns as f64;
    let of_chance = fit.residual / n_draws;
    let by_chance = of_chance * (crate::special::chi_squared_critical(fit.n_columns, level) - k);
    let second_order = 2.0 * k * of_chance * of_chance;
    let variance = fit.standard_error * fit.standard_error + second_order;
    KnowledgeGain {
        gain: fit.explained.max(0.0),
        interval: interval_of_square(fit.explained, variance, second_order, fit.n_columns),
        distinguishable: fit.explained > by_chance,
    }
}

/// The mean outcome of each draw and the runs behind it.
pub fn means(totals: &DrawTotals) -> (Vec<f64>, Vec<f64>) {
    let mean = |(&sum, &count): (&f64, &f64)| if count > 0.0 { totals.mean + sum / count } else { 0.0 };
    (totals.sums.iter().zip(&totals.counts).map(mean).collect(), totals.counts.clone())
}

/// What knowing a group of assumptions is worth to whoever chooses among alternatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartialInformation {
    /// What a rule that knows the group attains beyond the best single alternative, on draws that had no part in
    /// making it; may be negative where chance misleads it.
    pub gain: f64,
    /// 95% interval.
    pub interval: Interval,
    /// The usual figure, whose choices are valued by the fits that made them.
    pub in_sample: f64,
    /// Share of draws in which the rule chooses another alternative than without knowledge.
    pub share_changed: f64,
    /// Whether the gain is above zero whichever alternative is the best without knowledge (one-sided).
    pub distinguishable: bool,
}

/// Parts into which draws are divided.
const N_FOLDS: usize = 5;

/// The value of knowing a group before choosing. `differences` holds, per alternative after the first, its outcome
/// minus that of the first per draw, more being better; `weights` the runs behind each draw. None when too few draws
/// count. `error` is the chance that nothing is told from zero by mistake.
///
/// # Panics
/// When lengths differ.
pub fn partial_information(
    basis: &Basis,
    group: &[usize],
    differences: &[Vec<f64>],
    weights: &[f64],
    error: f64,
) -> Option<PartialInformation> {
    let n_draws = weights.len();
    // 0 is the first alternative, d + 1 the alternative behind `differences[d]`.
    let value = |choice: usize, draw: usize| if choice == 0 { 0.0 } else { differences[choice - 1][draw] };
    let counting: Vec<usize> = (0..n_draws).filter(|&draw| weights[draw] > 0.0).collect();
    let mean_of = |choice: usize, draws: &mut dyn Iterator<Item = usize>| -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        for draw in draws {
            sum += weights[draw] * value(choice, draw);
            total += weights[draw];
        }
        if total > 0.0 { sum / total } else { 0.0 }
    };
    let best = |of: &dyn Fn(usize) -> f64| -> usize {
        (1..=differences.len()).fold(0, |best, choice| if of(choice) > of(best) { choice } else { best })
    };
    let (mut informed_values, mut fixed_values) = (vec![0.0; n_draws], vec![0.0; n_draws]);
    let mut n_changed = 0.0;
    for fold in 0..N_FOLDS {
        let is_used = |draw: usize| fold_of(draw) != fold;
        let design = basis.design_where(group, weights, is_used)?;
        let fits: Vec<Vec<f64>> = differences.iter().map(|values| design.fit(values).fitted).collect();
        let fixed =
            best(&|choice| mean_of(choice, &mut counting.iter().copied().filter(|&draw| is_used(draw))));
        for &draw in counting.iter().filter(|&&draw| !is_used(draw)) {
            let chosen = best(&|choice| if choice == 0 { 0.0 } else { fits[choice - 1][draw] });
            informed_values[draw] = value(chosen, draw);
            fixed_values[draw] = value(fixed, draw);
            n_changed += f64::from(u8::from(chosen != fixed));
        }
    }
    let n = counting.len() as f64;
    let total: f64 = counting.iter().map(|&draw| weights[draw]).sum();
    // Mean and standard error over draws of a number per draw.
    let measured = |of: &dyn Fn(usize) -> f64| {
        let mean = counting.iter().map(|&draw| weights[draw] * of(draw)).sum::<f64>() / total;
        let scatter: f64 = counting
            .iter()
            .map(|&draw| {
                let influence = weights[draw] * (of(draw) - mean);
                influence * influence
            })
            .sum();
        (mean, (n / (n - 1.0) * scatter).sqrt() / total)
    };
    let (gain, _) = measured(&|draw| informed_values[draw] - fixed_values[draw]);
    let highest = best(&|choice| mean_of(choice, &mut counting.iter().copied()));
    let may_be_best = (0..=differences.len()).filter(|&choice| {
        let (behind, error) = measured(&|draw| value(highest, draw) - value(choice, draw));
        choice == highest || behind <= Z_95 * error
    });
    let critical = crate::interval::critical(2.0 * error);
    let mut interval = Interval { low: gain, high: gain };
    let mut distinguishable = true;
    for choice in may_be_best {
        let (of_choice, error) = measured(&|draw| informed_values[draw] - value(choice, draw));
        interval.low = interval.low.min(of_choice - Z_95 * error);
        interval.high = interval.high.max(of_choice + Z_95 * error);
        distinguishable &= of_choice > critical * error;
    }
    let design = basis.design(group, weights)?;
    let fits: Vec<Vec<f64>> = differences.iter().map(|values| design.fit(values).fitted).collect();
    let fitted = |choice: usize, draw: usize| if choice == 0 { 0.0 } else { fits[choice - 1][draw] };
    let informed = counting
        .iter()
        .map(|&draw| weights[draw] * fitted(best(&|choice| fitted(choice, draw)), draw))
        .sum::<f64>()
        / total;
    let all = |choice: usize| mean_of(choice, &mut counting.iter().copied());
    // Where alternatives are nearly equal, errors of the fits cost the rule that was learnt from them something, and raise
    // the mean of the fitted maximum by as much (to second order, half of the density there times the mean square of the
    // error). So the truth lies between the two, and the interval runs from the lower end by the one to the upper end by
    // the other. Nothing that is known is worth less than nothing.
    let (attained, _) = measured(&|draw| informed_values[draw]);
    interval.high = (interval.high + (informed - attained).max(0.0)).max(0.0);
    Some(PartialInformation {
        gain,
        interval,
        in_sample: informed - all(best(&all)),
        share_changed: n_changed / n,
        distinguishable,
    })
}

/// The part that a draw belongs to, by a fixed shuffle: neighbouring draws of a stratified design complete each other.
fn fold_of(draw: usize) -> usize {
    (contingent_engine::random::mix(draw as u64 ^ 0x666f_6c64) % N_FOLDS as u64) as usize
}
