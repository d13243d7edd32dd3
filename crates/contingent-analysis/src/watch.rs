//! What to watch: how much a number, seen on some day, says about a question that is still open then.
//!
//! Enters: the value of an indicator in every run on the day of the signal, the outcome of the question, and which runs
//! count: those in which the question was still open. Leaves: a [`Signal`] with the area under the curve, a threshold,
//! likelihood ratios, and the expected gain in Brier score. Always holds: the threshold is chosen on one half of the
//! draws and everything that is said about it is measured on the other; draws are the independent units; whether a
//! signal can be told from nothing is judged over all signals that are looked at together.
//!
//! *Area under the curve*: the chance that a run in which it came showed a higher value than one in which it did not,
//! ties counted half (Mann and Whitney 1947); its error from the mean ranks of each run within the other kind (`DeLong`,
//! `DeLong` and Clarke-Pearson 1988), summed over the runs of a draw (Obuchowski 1997).
//!
//! *Gain*: the variance of E[y | value], over groups of equal size by rank, corrected for what chance puts there. That
//! is how much the expected Brier score falls when the value is learnt.

use crate::column::OutcomeColumn;
use crate::interval::{Interval, critical};
use crate::order::ascending;
use crate::probability::ProbabilityEstimate;
use crate::special::Z_95;

/// The values of an indicator on the day of the signal, ranked once for all questions.
#[derive(Clone, Debug)]
pub struct RankedSignal<'a> {
    values: &'a [f64],
    /// Runs with a number, by ascending value.
    order: Vec<u32>,
}

impl<'a> RankedSignal<'a> {
    /// Ranks the runs; those whose value is not finite say nothing.
    pub fn new(values: &'a [f64]) -> Self {
        let finite = (0..values.len() as u32).filter(|&run| values[run as usize].is_finite());
        let order = ascending(values, finite);
        Self { values, order }
    }
}

/// A number with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The estimate.
    pub value: f64,
    /// 95% interval of the simulation error.
    pub interval: Interval,
}

/// What an indicator says on one day about one question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// Runs that count: the question was open and the indicator had a value.
    pub n_runs: usize,
    /// Those of them in which it came true.
    pub n_true: usize,
    /// The probability among the runs that count, before the indicator is looked at.
    pub probability: Measured,
    /// The area under the curve: above one half when higher values point to yes.
    pub area: Measured,
    /// Whether the area can be told from one half, with a chance of 5% over `n_compared` signals of any false alarm.
    pub distinguishable: bool,
    /// Expected fall of the Brier score from learning the value.
    pub gain: Measured,
    /// A warning threshold; absent when no threshold leaves enough runs on both sides.
    pub warning: Option<Warning>,
}

/// A threshold and what it is worth, measured on the half of the draws that had no part in choosing it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warning {
    /// The threshold, with three digits.
    pub threshold: f64,
    /// Whether values at or above it warn; otherwise those at or below it.
    pub is_above: bool,
    /// Share of the runs that count in which it warns.
    pub share: f64,
    /// The probability where it warns.
    pub probability_if: Measured,
    /// The probability where it does not.
    pub probability_unless: Measured,
    /// Likelihood ratio of a warning: how much more often it comes before yes than before no.
    pub ratio_if: Measured,
    /// Likelihood ratio of no warning.
    pub ratio_unless: Measured,
    /// The median time from the signal to the event in the runs that were warned and in which it came; not a number
    /// when there are none or the question has no first time.
    pub median_lead: f64,
}

/// Why a signal is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// It came true, or did not, in too few of the runs in which the question was open.
    TooFew {
        /// Runs in which the question was open.
        n_runs: usize,
        /// Those of them in which it came true.
        n_true: usize,
    },
    /// The indicator had the same value in all of them.
    Constant,
}

/// Runs of either kind below which nothing is said.
pub const FEWEST_RUNS: usize = 50;

/// Groups by rank for the gain.
const N_GROUPS: usize = 20;

/// Share of the runs that a threshold leaves on either side at least.
const SMALLEST_SIDE: f64 = 0.02;

/// Judges a signal. The condition of `outcome` says in which runs the question was open on the day of the signal; the
/// values of `leads`, when there are any, say how long after that day it settled.
///
/// # Panics
/// When the columns differ in length.
pub fn signal(
    ranked: &RankedSignal<'_>,
    outcome: &OutcomeColumn<'_>,
    leads: Option<&[f64]>,
    n_compared: usize,
) -> Result<Signal, Unjudged> {
    assert_eq!(ranked.values.len(), outcome.values.len(), "one value per run");
    let m = outcome.n_replications;
    let n_draws = outcome.n_draws();
    let order: Vec<u32> = ranked.order.iter().copied().filter(|&run| outcome.counts(run as usize)).collect();
    let is_true = |run: u32| outcome.values[run as usize] == 1.0;
    let value = |run: u32| ranked.values[run as usize];
    let n_runs = order.len();
    let n_true = order.iter().filter(|&&run| is_true(run)).count();
    let n_false = n_runs - n_true;
    if n_true < FEWEST_RUNS || n_false < FEWEST_RUNS {
        return Err(Unjudged::TooFew { n_runs, n_true });
    }
    if value(order[0]) == value(order[n_runs - 1]) {
        return Err(Unjudged::Constant);
    }
    let (trues, falses) = (n_true as f64, n_false as f64);

    // Per draw, the influence on the area.
    let mut influence = vec![0.0; n_draws];
    let mut components: Vec<(u32, f64)> = Vec::with_capacity(n_runs);
    let (mut trues_below, mut falses_below) = (0.0, 0.0);
    let mut start = 0;
    while start < n_runs {
        let end = start + order[start..].iter().take_while(|&&run| value(run) == value(order[start])).count();
        let tied_trues = order[start..end].iter().filter(|&&run| is_true(run)).count() as f64;
        let tied_falses = (end - start) as f64 - tied_trues;
        for &run in &order[start..end] {
            // Of a run in which it came, the share of the others below it; of one in which it did not, that above it.
            let component = if is_true(run) {
                (falses_below + 0.5 * tied_falses) / falses
            } else {
                (trues - trues_below - 0.5 * tied_trues) / trues
            };
            components.push((run, component));
        }
        trues_below += tied_trues;
        falses_below += tied_falses;
        start = end;
    }
    let area = components.iter().filter(|(run, _)| is_true(*run)).map(|(_, c)| c).sum::<f64>() / trues;
    for &(run, component) in &components {
        let of_kind = if is_true(run) { trues } else { falses };
        influence[run as usize / m] += (component - area) / of_kind;
    }
    let error = clustered_error(&influence);
    let level = 0.05 / n_compared.max(1) as f64;
    let distinguishable = (area - 0.5).abs() > critical(level) * error;

    let counted = open_runs(outcome, &order);
    let column = OutcomeColumn { given: Some(&counted), ..*outcome };
    let whole = ProbabilityEstimate::new(&column).expect("runs of either kind count");
    Ok(Signal {
        n_runs,
        n_true,
        probability: Measured { value: whole.probability, interval: whole.interval },
        area: Measured { value: area, interval: on_logit(area, error) },
        distinguishable,
        gain: gain(&order, &is_true, &value, m, n_draws),
        warning: warning(ranked, &order, outcome, leads, area >= 0.5),
    })
}

/// A 0/1 column of the runs in `order`.
fn open_runs(outcome: &OutcomeColumn<'_>, order: &[u32]) -> Vec<f64> {
    let mut counted = vec![0.0; outcome.values.len()];
    for &run in order {
        counted[run as usize] = 1.0;
    }
    counted
}

/// The standard error from the influence of each draw.
fn clustered_error(influence: &[f64]) -> f64 {
    let n = influence.iter().filter(|&&part| part != 0.0).count().max(2) as f64;
    (n / (n - 1.0) * influence.iter().map(|part| part * part).sum::<f64>()).sqrt()
}

/// An interval for a share that is made on the scale of log odds, so that it stays within 0..1.
fn on_logit(share: f64, error: f64) -> Interval {
    use contingent_engine::math::{log, logistic};
    if share <= 0.0 || share >= 1.0 {
        return Interval { low: share, high: share };
    }
    let (middle, half) = (log(share / (1.0 - share)), Z_95 * error / (share * (1.0 - share)));
    Interval { low: logistic(middle - half), high: logistic(middle + half) }
}

/// The gain over groups by rank; ties are never split.
fn gain(
    order: &[u32],
    is_true: &impl Fn(u32) -> bool,
    value: &impl Fn(u32) -> f64,
    m: usize,
    n_draws: usize,
) -> Measured {
    let n = order.len() as f64;
    let p = order.iter().filter(|&&run| is_true(run)).count() as f64 / n;
    let mut influence = vec![0.0; n_draws];
    let mut of_draw = vec![0.0; n_draws];
    let mut touched: Vec<usize> = Vec::new();
    let (mut raw, mut bias, mut second_order) = (0.0, 0.0, 0.0);
    let mut whole_noise = vec![0.0; n_draws];
    let mut start = 0;
    for group in 0..N_GROUPS {
        let mut end = ((group + 1) * order.len() / N_GROUPS).max(start);
        while end > start && end < order.len() && value(order[end]) == value(order[end - 1]) {
            end += 1;
        }
        if end == start {
            continue;
        }
        let members = &order[start..end];
        let size = members.len() as f64;
        let mean = members.iter().filter(|&&run| is_true(run)).count() as f64 / size;
        let deviation = mean - p;
        raw += size / n * deviation * deviation;
        touched.clear();
        for &run in members {
            let y = f64::from(u8::from(is_true(run)));
            let draw = run as usize / m;
            touched.push(draw);
            of_draw[draw] += y - mean;
            whole_noise[draw] += y - p;
            influence[draw] += (deviation * deviation + 2.0 * deviation * (y - mean)) / n;
        }
        // A draw with several runs in the group is listed several times and counted once.
        let mut scatter = 0.0;
        for &draw in &touched {
            scatter += of_draw[draw] * of_draw[draw];
            of_draw[draw] = 0.0;
        }
        let noise = scatter / (size * (size - 1.0).max(1.0));
        bias += size / n * noise;
        second_order += 2.0 * (size / n * noise) * (size / n * noise);
        start = end;
    }
    bias -= whole_noise.iter().map(|part| part * part).sum::<f64>() / (n * n);
    let estimate = raw - bias;
    // The influence of a run has the mean `raw`; a draw carries that of all its runs.
    for &run in order {
        influence[run as usize / m] -= raw / n;
    }
    let variance = influence.iter().map(|part| part * part).sum::<f64>() + second_order;
    let half = Z_95 * variance.sqrt();
    Measured {
        value: estimate.max(0.0),
        interval: Interval { low: (estimate - half).max(0.0), high: (estimate + half).max(0.0) },
    }
}

/// Whether a draw has a part in choosing the threshold: a random half of them, by a fixed shuffle.
fn chooses(draw: usize) -> bool {
    contingent_engine::random::mix(draw as u64 ^ 0x7761_7463_6821).is_multiple_of(2)
}

fn warning(
    ranked: &RankedSignal<'_>,
    order: &[u32],
    outcome: &OutcomeColumn<'_>,
    leads: Option<&[f64]>,
    is_above: bool,
) -> Option<Warning> {
    let m = outcome.n_replications;
    let is_true = |run: u32| outcome.values[run as usize] == 1.0;
    let value = |run: u32| ranked.values[run as usize];
    let (choosing, measuring): (Vec<u32>, Vec<u32>) =
        order.iter().partition(|&&run| chooses(run as usize / m));
    // The split into below and from here on with the largest gain, w (1 - w) (p1 - p0)^2.
    let n = choosing.len() as f64;
    let all_true = choosing.iter().filter(|&&run| is_true(run)).count() as f64;
    let (mut below, mut true_below, mut best) = (0.0, 0.0, (0.0, None));
    for (position, &run) in choosing.iter().enumerate() {
        if position > 0 && value(run) > value(choosing[position - 1]) {
            let above = n - below;
            if below.min(above) >= SMALLEST_SIDE * n {
                let difference = (all_true - true_below) / above - true_below / below;
                let split = below * above * difference * difference;
                if split > best.0 && (difference > 0.0) == is_above {
                    best = (split, Some((value(choosing[position - 1]), value(run))));
                }
            }
        }
        below += 1.0;
        true_below += f64::from(u8::from(is_true(run)));
    }
    let (last_below, first_above) = best.1?;
    let threshold = few_digits(last_below, first_above, is_above);
    let warns = |run: u32| if is_above { value(run) >= threshold } else { value(run) <= threshold };

    let side = |wanted: bool| -> Vec<u32> {
        measuring.iter().copied().filter(|&run| warns(run) == wanted).collect()
    };
    let (with, without) = (side(true), side(false));
    let estimate = |runs: &[u32]| -> Option<Measured> {
        let counted = open_runs(outcome, runs);
        let found = ProbabilityEstimate::new(&OutcomeColumn { given: Some(&counted), ..*outcome }).ok()?;
        Some(Measured { value: found.probability, interval: found.interval })
    };
    let ratio = |of_warning: bool| likelihood_ratio(&measuring, &is_true, &|run| warns(run) == of_warning, m);
    let mut until: Vec<f64> = leads.map_or_else(Vec::new, |leads| {
        with.iter().filter(|&&run| is_true(run)).map(|&run| leads[run as usize]).collect()
    });
    until.sort_unstable_by(f64::total_cmp);
    Some(Warning {
        threshold,
        is_above,
        share: with.len() as f64 / measuring.len().max(1) as f64,
        probability_if: estimate(&with)?,
        probability_unless: estimate(&without)?,
        ratio_if: ratio(true),
        ratio_unless: ratio(false),
        median_lead: if until.is_empty() {
            f64::NAN
        } else {
            crate::quantity::quantile_of_ordered(&until, 0.5)
        },
    })
}

/// P(sign | yes) / P(sign | no) with half a run added to every count, so that it is finite; the interval on the log
/// scale with draws as clusters.
fn likelihood_ratio(
    runs: &[u32],
    is_true: &impl Fn(u32) -> bool,
    has_sign: &impl Fn(u32) -> bool,
    m: usize,
) -> Measured {
    use contingent_engine::math::{exp, log};
    let count = |of_true: bool| {
        let of_kind = runs.iter().filter(|&&run| is_true(run) == of_true);
        let n = of_kind.clone().count() as f64;
        (of_kind.filter(|&&run| has_sign(run)).count() as f64, n)
    };
    let ((k1, n1), (k0, n0)) = (count(true), count(false));
    let (s1, s0) = ((k1 + 0.5) / (n1 + 1.0), (k0 + 0.5) / (n0 + 1.0));
    let (mut variance, mut part, mut current) = (0.0, 0.0, usize::MAX);
    // Runs come by value, so they are brought together by draw.
    let mut by_draw: Vec<u32> = runs.to_vec();
    by_draw.sort_unstable();
    for &run in &by_draw {
        if run as usize / m != current {
            variance += part * part;
            (part, current) = (0.0, run as usize / m);
        }
        let sign = f64::from(u8::from(has_sign(run)));
        part += if is_true(run) { (sign - s1) / ((n1 + 1.0) * s1) } else { (s0 - sign) / ((n0 + 1.0) * s0) };
    }
    variance += part * part;
    let (middle, half) = (log(s1 / s0), Z_95 * variance.sqrt());
    Measured { value: exp(middle), interval: Interval { low: exp(middle - half), high: exp(middle + half) } }
}

/// The number with the fewest digits that lies above `last_below` and at or below `first_above` (for a threshold from
/// below: at or above `last_below` and below `first_above`).
fn few_digits(last_below: f64, first_above: f64, is_above: bool) -> f64 {
    let size = last_below.abs().max(first_above.abs());
    for digits in 0..6 {
        let unit = power_of_ten(size, digits);
        let candidate =
            if is_above { (first_above / unit).floor() * unit } else { (last_below / unit).ceil() * unit };
        let splits = if is_above {
            candidate > last_below && candidate <= first_above
        } else {
            candidate >= last_below && candidate < first_above
        };
        if splits {
            return candidate;
        }
    }
    if is_above { first_above } else { last_below }
}

/// A unit that leaves `digits` digits after the first of a number of this size.
fn power_of_ten(size: f64, digits: i32) -> f64 {
    let mut unit: f64 = 1.0;
    while unit * 10.0 <= size {
        unit *= 10.0;
    }
    while unit > size && unit > 1e-300 {
        unit /= 10.0;
    }
    for _ in 0..digits {
        unit /= 10.0;
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_have_as_few_digits_as_they_can() {
        assert_eq!(few_digits(5.0, 6.0, true), 6.0);
        assert_eq!(few_digits(5.0, 6.0, false), 5.0);
        assert!((few_digits(0.1234, 0.1287, true) - 0.128).abs() < 1e-12);
        assert!(few_digits(1_873.2, 1_873.9, true) > 1_873.2);
        assert_eq!(few_digits(-1.0, 0.0, true), 0.0);
    }

    #[test]
    fn what_cannot_be_judged_is_said_to_be_so() {
        let values: Vec<f64> = (0..200).map(f64::from).collect();
        let outcomes: Vec<f64> = (0..200).map(|run| f64::from(u8::from(run < 20))).collect();
        let column = OutcomeColumn::new(&outcomes, 2);
        let ranked = RankedSignal::new(&values);
        assert_eq!(signal(&ranked, &column, None, 1), Err(Unjudged::TooFew { n_runs: 200, n_true: 20 }));
        let outcomes: Vec<f64> = (0..200).map(|run| f64::from(u8::from(run % 2 == 0))).collect();
        let same = vec![3.0; 200];
        let column = OutcomeColumn::new(&outcomes, 2);
        assert_eq!(signal(&RankedSignal::new(&same), &column, None, 1), Err(Unjudged::Constant));
    }
}
