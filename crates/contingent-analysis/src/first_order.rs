//! What the answer hangs on: first-order indices from the one ensemble that gave the answer.
//!
//! Enters: the assumptions, one column of one number per draw each, ranked once by [`RankedAssumptions`], and
//! one outcome column at a time. Leaves: a [`FirstOrder`] with an index, an interval and a direction per
//! assumption. Always holds: neither chance nor the scatter within groups passes for dependence, because the
//! numerator and the denominator are both corrected for noise; an index that chance alone could give is
//! marked, and so are neighbours in rank that cannot be told apart.
//!
//! The index of assumption j is `S_j = Var(E[p | x_j]) / V` with `p` the expected outcome given all
//! assumptions and `V = Var(p)` (Sobol 1993; Saltelli et al. 2010). On 0/1 outcomes the naive ratio with the
//! variance of the single runs below is badly wrong (Sun, Apley and Staum 2011).
//!
//! *Numerator.* Draws are grouped by the rank of `x_j` (equal values and categories stay together). With
//! `w_k` the share of runs in group k, `g_k` the mean of the group minus the mean of all, and `v_k` the
//! sampling variance of `g_k` with draws as clusters, `A = sum w_k g_k^2 - sum w_k (1 - w_k) v_k`. What varies
//! within a group is lost: about 1/K^2 of the index for a smooth monotone effect.
//!
//! *Error.* From the influence of each draw, `2 g_k d_i - g_k^2` on the numerator and the product of two
//! replications on the denominator, plus the part of second order `2 sum w_k^2 v_k^2` that remains when the
//! index is zero. The interval of the ratio is Fieller's (1954), because V is often known to a third only; that of the
//! numerator alone takes its error at the ends of the interval and not at the estimate.
//!
//! *False alarms.* An index is told from zero when `sum w_k g_k^2` exceeds what groups at random would give,
//! by the chi-squared test at the level that Bonferroni assigns, so that over all assumptions of a question
//! the chance of any false alarm is at most [`FALSE_ALARM_RATE`].

use crate::column::{DrawTotals, OutcomeColumn, Unanswerable};
use crate::interval::Interval;
use crate::order::{all_ascending, ascending};
use crate::special::{Z_90, Z_95, chi_squared_critical};
use crate::spread::epistemic_variance;
use crate::threads;

/// The chance that any of the assumptions of a question that do not matter is told from zero.
pub const FALSE_ALARM_RATE: f64 = 0.05;

/// The largest number of groups; a multiple of three, so that thirds are whole groups.
const MOST_GROUPS: usize = 21;

/// One assumption: one number per draw.
#[derive(Clone, Copy, Debug)]
pub struct AssumptionColumn<'a> {
    /// The values, one per draw.
    pub values: &'a [f64],
    /// Whether the values are positions of alternatives, which have no order.
    pub is_category: bool,
}

/// Assumptions grouped by rank, once for all questions.
#[derive(Clone, Debug)]
pub struct RankedAssumptions {
    pub(crate) n_draws: usize,
    pub(crate) grouped: Vec<Grouped>,
}

#[derive(Clone, Debug)]
pub(crate) struct Grouped {
    /// Group of each draw.
    pub(crate) group_of_draw: Vec<u8>,
    /// Lowest value in each group, ascending; for categories the value itself.
    pub(crate) values: Vec<f64>,
    /// Third of each group by its middle rank: 0 low, 1 middle, 2 high.
    pub(crate) third_of_group: Vec<u8>,
    pub(crate) is_category: bool,
}

impl RankedAssumptions {
    /// Groups the draws by the rank of each assumption: as many groups as the draws support, 6 to 21.
    ///
    /// # Panics
    /// When the columns differ in length, or a category has more than 255 alternatives.
    pub fn new(columns: &[AssumptionColumn<'_>]) -> Self {
        let n_draws = columns.first().map_or(0, |column| column.values.len());
        assert!(columns.iter().all(|column| column.values.len() == n_draws), "one value per draw");
        let n_groups = 3 * (((n_draws as f64).sqrt() / 8.0) as usize).clamp(2, MOST_GROUPS / 3);
        let grouped = threads::map(columns, |column| group(column, n_groups));
        Self { n_draws, grouped }
    }

    /// Number of assumptions.
    pub fn len(&self) -> usize {
        self.grouped.len()
    }

    /// Whether there are no assumptions.
    pub fn is_empty(&self) -> bool {
        self.grouped.is_empty()
    }
}

fn group(column: &AssumptionColumn<'_>, n_groups: usize) -> Grouped {
    let n_draws = column.values.len();
    let order = all_ascending(column.values);
    let value_at = |rank: usize| column.values[order[rank] as usize];
    let mut n_distinct = usize::from(n_draws > 0);
    n_distinct += (1..n_draws).filter(|&rank| value_at(rank - 1) != value_at(rank)).count();
    let by_value = column.is_category || n_distinct <= n_groups;
    assert!(!column.is_category || n_distinct <= 255, "a category has at most 255 alternatives");
    let mut group_of_draw = vec![0; n_draws];
    let mut values = Vec::new();
    let mut ends = Vec::new();
    // Equal values share the group of the first of them, so that ties are never split at random.
    let mut slot = usize::MAX;
    for (rank, &draw) in order.iter().enumerate() {
        let value = value_at(rank);
        let is_new_value = rank == 0 || value_at(rank - 1) != value;
        if is_new_value {
            let wanted = rank * n_groups / n_draws;
            if by_value || slot != wanted {
                slot = wanted;
                values.push(value);
                ends.push(rank);
            }
        }
        group_of_draw[draw as usize] = (values.len() - 1) as u8;
        if let Some(end) = ends.last_mut() {
            *end = rank + 1;
        }
    }
    let last = values.len().saturating_sub(1);
    let third_of_group = (0..values.len())
        .map(|k| {
            let start = if k == 0 { 0 } else { ends[k - 1] };
            let middle = (start + ends[k]) as f64 / (2.0 * n_draws as f64);
            if k == 0 || middle < 1.0 / 3.0 {
                0
            } else if k == last || middle > 2.0 / 3.0 {
                2
            } else {
                1
            }
        })
        .collect();
    Grouped { group_of_draw, values, third_of_group, is_category: column.is_category }
}

/// What the denominator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The variance of the expected outcome over draws, corrected for chance: needs replications.
    ExpectedOutcome,
    /// The variance of the single run, chance included: all that one replication per draw allows. The indices
    /// of all assumptions then sum to at most the share of the variance that is not chance.
    SingleRun,
}

/// Which way an assumption pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The outcome is higher where the assumption is higher.
    Higher,
    /// The outcome is lower where the assumption is higher.
    Lower,
    /// The difference between the thirds is within its error.
    Unclear,
    /// The assumption is a category, or has one value.
    Unordered,
}

/// How much of what we do not know comes from one assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstOrderIndex {
    /// Position of the assumption among the columns.
    pub assumption: usize,
    /// The index: the share of the variance that knowing this assumption would remove, 0..1.
    pub index: f64,
    /// 95% interval, cut to 0..1.
    pub interval: Interval,
    /// Standard error of the index before it was cut.
    pub standard_error: f64,
    /// The part of the variance itself that knowing this assumption would remove: with the basis `ExpectedOutcome` the
    /// expected gain in Brier score. Its interval holds the error of the variance, too.
    pub gain: f64,
    /// 95% interval of the gain, at least 0.
    pub gain_interval: Interval,
    /// Mean outcome in the third of draws with the lowest values (median, when outcomes may be infinite); for
    /// a category, in the alternative with the lowest outcome.
    pub low_third: f64,
    /// The same in the third with the highest values; for a category, in the alternative with the highest outcome.
    pub high_third: f64,
    /// For a category, the values with the lowest and the highest outcome.
    pub extreme_alternatives: Option<(f64, f64)>,
    /// Which way it pushes.
    pub direction: Direction,
    /// Whether the index can be told from zero, at a family-wise [`FALSE_ALARM_RATE`].
    pub distinguishable: bool,
    /// Whether its rank and that of the next cannot be told apart at 95%.
    pub tied_with_next: bool,
}

/// The first-order indices of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstOrder {
    /// What the denominator is.
    pub basis: Basis,
    /// Whether outcomes were replaced by their ranks because some were infinite.
    pub on_ranks: bool,
    /// The denominator. With the basis `ExpectedOutcome`, the expected gain in Brier score from learning everything.
    pub variance: f64,
    /// Whether the denominator can be told from zero (one-sided, 5%). When it cannot, the answer hangs on chance
    /// alone as far as this ensemble shows.
    pub variance_distinguishable: bool,
    /// Assumptions that vary, strongest first. Empty when the outcome never varies.
    pub indices: Vec<FirstOrderIndex>,
}

/// What one pass over the draws leaves of one assumption.
pub(crate) struct Grouping {
    assumption: usize,
    /// Mean of each group minus the mean of all.
    pub(crate) means: Vec<f64>,
    pub(crate) numerator: f64,
    /// Sum of w g^2.
    pub(crate) raw: f64,
    /// Sum of w^2 v^2.
    pub(crate) second_order: f64,
    /// Sums over draws of a^2 and a e, with a the influence on the numerator and e that on the denominator.
    squares: f64,
    pub(crate) crossed: f64,
    pub(crate) distinguishable: bool,
    thirds: Thirds,
}

struct Thirds {
    low: f64,
    high: f64,
    extreme_alternatives: Option<(f64, f64)>,
    direction: Direction,
}

/// The totals of an outcome with the influence of each draw on the denominator.
pub(crate) struct Denominator {
    pub(crate) totals: DrawTotals,
    pub(crate) influence: Vec<f64>,
    pub(crate) influence_mean: f64,
    pub(crate) influence_squares: f64,
    /// The denominator as estimated.
    pub(crate) estimated: f64,
    /// The same, raised to the largest numerator where that exceeds it.
    pub(crate) variance: f64,
}

/// An outcome made ready for indices.
pub(crate) struct Prepared {
    pub(crate) basis: Basis,
    pub(crate) on_ranks: bool,
    /// Runs that count in ascending order, when on ranks.
    ordered_runs: Vec<u32>,
    pub(crate) denominator: Denominator,
    pub(crate) variance_distinguishable: bool,
}

impl Prepared {
    pub(crate) fn new(
        assumptions: &RankedAssumptions,
        column: &OutcomeColumn<'_>,
    ) -> Result<Self, Unanswerable> {
        if !assumptions.grouped.is_empty() {
            assert_eq!(column.n_draws(), assumptions.n_draws, "one value of each assumption per draw");
        }
        let on_ranks =
            (0..column.values.len()).any(|run| column.counts(run) && column.values[run].is_infinite());
        let ordered_runs = if on_ranks { ordered_runs(column) } else { Vec::new() };
        let ranks = if on_ranks { middle_ranks(column, &ordered_runs) } else { Vec::new() };
        let effective = OutcomeColumn { values: if on_ranks { &ranks } else { column.values }, ..*column };
        let totals = DrawTotals::new(&effective, |value| value)?;
        let epistemic = epistemic_variance(&totals);
        let basis = if epistemic.is_some() { Basis::ExpectedOutcome } else { Basis::SingleRun };
        let mut denominator = denominator(totals, basis);
        if let Some(epistemic) = epistemic {
            denominator.estimated = epistemic.variance;
            denominator.variance = epistemic.variance;
        }
        let variance_distinguishable = match epistemic {
            Some(epistemic) => epistemic.variance > Z_90 * epistemic.standard_error,
            None => denominator.variance > 0.0,
        };
        Ok(Self { basis, on_ranks, ordered_runs, denominator, variance_distinguishable })
    }
}

/// First-order indices of one outcome column; the assumptions must have been drawn in the same draws.
///
/// # Panics
/// When the column has another number of draws than the assumptions.
pub fn first_order(
    assumptions: &RankedAssumptions,
    column: &OutcomeColumn<'_>,
) -> Result<FirstOrder, Unanswerable> {
    let prepared = Prepared::new(assumptions, column)?;
    let Prepared { basis, on_ranks, ordered_runs, mut denominator, variance_distinguishable } = prepared;
    let n_varying = assumptions.grouped.iter().filter(|grouped| grouped.values.len() > 1).count();
    let level = FALSE_ALARM_RATE / n_varying.max(1) as f64;
    let mut groupings: Vec<Grouping> = assumptions
        .grouped
        .iter()
        .enumerate()
        .filter(|(_, grouped)| grouped.values.len() > 1)
        .map(|(position, grouped)| {
            let mut grouping = summarise(position, grouped, &denominator, level);
            if on_ranks {
                set_medians(&mut grouping.thirds, grouped, column, &ordered_runs);
            }
            grouping
        })
        .collect();
    groupings
        .sort_by(|a, b| b.distinguishable.cmp(&a.distinguishable).then(b.numerator.total_cmp(&a.numerator)));
    // A part cannot exceed the whole: where V is uncertain a numerator may exceed it.
    let largest = groupings.iter().map(|g| g.numerator).fold(0.0, f64::max);
    denominator.variance = denominator.variance.max(largest);
    let indices = if denominator.variance > 0.0 {
        (0..groupings.len())
            .map(|i| finish(&groupings[i], groupings.get(i + 1), assumptions, &denominator))
            .collect()
    } else {
        Vec::new()
    };
    Ok(FirstOrder { basis, on_ranks, variance: denominator.variance, variance_distinguishable, indices })
}

fn denominator(totals: DrawTotals, basis: Basis) -> Denominator {
    let n_draws = totals.n_draws_counted as f64;
    let pairs: f64 = totals.counts.iter().map(|m| m * (m - 1.0)).sum();
    let influence: Vec<f64> = match basis {
        Basis::ExpectedOutcome => {
            let scale = n_draws / pairs;
            totals.sums.iter().zip(&totals.squares).map(|(s, q)| (s * s - q) * scale).collect()
        }
        Basis::SingleRun => {
            let scale = n_draws / totals.n_counted as f64;
            totals.squares.iter().map(|q| q * scale).collect()
        }
    };
    let influence_mean = influence.iter().sum::<f64>() / n_draws;
    let influence_squares = influence.iter().map(|e| e * e).sum();
    Denominator {
        totals,
        influence,
        influence_mean,
        influence_squares,
        estimated: influence_mean,
        variance: influence_mean,
    }
}

pub(crate) fn summarise(
    assumption: usize,
    grouped: &Grouped,
    denominator: &Denominator,
    level: f64,
) -> Grouping {
    let totals = &denominator.totals;
    let n_groups = grouped.values.len();
    let n_counted = totals.n_counted as f64;
    let to_draws = totals.n_draws_counted as f64 / n_counted;
    let mut sums = [Sums::default(); 256];
    for ((&k, &s), &m) in grouped.group_of_draw.iter().zip(&totals.sums).zip(&totals.counts) {
        let group = &mut sums[usize::from(k)];
        group.sum += s;
        group.count += m;
        group.count_squares += m * m;
        group.draws += f64::from(u8::from(m > 0.0));
    }
    let sums = &mut sums[..n_groups];
    let mut means = [0.0; 256];
    for (mean, group) in means.iter_mut().zip(sums.iter()) {
        *mean = if group.count > 0.0 { group.sum / group.count } else { 0.0 };
    }
    let (mut squares, mut crossed, mut own) = (0.0, 0.0, 0.0);
    for (draw, &k) in grouped.group_of_draw.iter().enumerate() {
        let (s, m) = (totals.sums[draw], totals.counts[draw]);
        let group = &mut sums[usize::from(k)];
        let mean = means[usize::from(k)];
        let residual = s - mean * m;
        group.residual_squares += residual * residual;
        group.residual_counts += residual * m;
        let influence = (2.0 * mean * s - mean * mean * m) * to_draws;
        squares += influence * influence;
        crossed += influence * denominator.influence[draw];
        // A draw has a part in the mean of its group and so seems to move with its own part in the denominator; the
        // numerator is corrected for that and does not.
        own += residual * residual * (denominator.influence[draw] - denominator.influence_mean) / group.count;
    }
    crossed -= 2.0 * to_draws * own;
    let (mut raw, mut noise, mut second_order, mut n_used) = (0.0, 0.0, 0.0, 0);
    for (group, &mean) in sums.iter().zip(&means) {
        // A group of one draw has no variance of its own; it carries too little to matter.
        if group.draws < 1.0 {
            continue;
        }
        n_used += 1;
        let weight = group.count / n_counted;
        let variance = group.variance_of_mean();
        raw += weight * mean * mean;
        noise += weight * (1.0 - weight) * variance;
        second_order += weight * weight * variance * variance;
    }
    let degrees = n_used.max(1) - 1;
    // Under no effect `raw / noise * degrees` is nearly chi-squared with `degrees` degrees of freedom.
    let distinguishable =
        degrees > 0 && raw > 0.0 && raw * degrees as f64 > noise * chi_squared_critical(degrees, level);
    Grouping {
        assumption,
        numerator: raw - noise,
        raw,
        second_order,
        squares,
        crossed,
        distinguishable,
        thirds: thirds(grouped, sums, &means[..n_groups], totals.mean),
        means: means[..n_groups].to_vec(),
    }
}

#[derive(Clone, Copy, Default)]
struct Sums {
    sum: f64,
    count: f64,
    count_squares: f64,
    draws: f64,
    residual_squares: f64,
    residual_counts: f64,
}

impl Sums {
    /// Sampling variance of the mean of the group, draws as clusters.
    fn variance_of_mean(&self) -> f64 {
        if self.draws < 2.0 {
            return 0.0;
        }
        self.draws / (self.draws - 1.0) * self.residual_squares / (self.count * self.count)
    }
}

fn thirds(grouped: &Grouped, sums: &[Sums], means: &[f64], grand_mean: f64) -> Thirds {
    if grouped.is_category {
        let mut seen: Vec<usize> = (0..means.len()).filter(|&k| sums[k].count > 0.0).collect();
        seen.sort_by(|&a, &b| means[a].total_cmp(&means[b]));
        let (low, high) = (seen.first().copied().unwrap_or(0), seen.last().copied().unwrap_or(0));
        return Thirds {
            low: grand_mean + means[low],
            high: grand_mean + means[high],
            extreme_alternatives: Some((grouped.values[low], grouped.values[high])),
            direction: Direction::Unordered,
        };
    }
    let third = |wanted: u8| {
        let members = || (0..means.len()).filter(move |&k| grouped.third_of_group[k] == wanted);
        let sum: f64 = members().map(|k| sums[k].sum).sum();
        let count: f64 = members().map(|k| sums[k].count).sum();
        let mean = if count > 0.0 { sum / count } else { 0.0 };
        let scatter: f64 = members()
            .map(|k| {
                let shift = means[k] - mean;
                sums[k].residual_squares
                    + 2.0 * shift * sums[k].residual_counts
                    + shift * shift * sums[k].count_squares
            })
            .sum();
        (mean, if count > 0.0 { scatter / (count * count) } else { f64::INFINITY })
    };
    let ((low, low_variance), (high, high_variance)) = (third(0), third(2));
    let error = Z_95 * (low_variance + high_variance).sqrt();
    let direction = if high - low > error {
        Direction::Higher
    } else if low - high > error {
        Direction::Lower
    } else {
        Direction::Unclear
    };
    Thirds { low: grand_mean + low, high: grand_mean + high, extreme_alternatives: None, direction }
}

fn finish(
    grouping: &Grouping,
    next: Option<&Grouping>,
    assumptions: &RankedAssumptions,
    denominator: &Denominator,
) -> FirstOrderIndex {
    let n = denominator.totals.n_draws_counted as f64;
    let whole = denominator.variance;
    let index = grouping.numerator / whole;
    // Variance of the mean of `a - s e`, which estimates the numerator minus s times the denominator.
    let scatter = Scatter {
        squares: grouping.squares,
        crossed: grouping.crossed,
        of_denominator: denominator.influence_squares,
        raw: grouping.raw,
        influence_mean: denominator.influence_mean,
        second_order: grouping.second_order,
        degrees: grouping.means.len().saturating_sub(1).max(1) as f64,
        n,
    };
    let standard_error = scatter.variance(index).sqrt() / whole;
    let gain = grouping.numerator.max(0.0);
    let cut = |value: f64| value.clamp(0.0, 1.0);
    FirstOrderIndex {
        assumption: grouping.assumption,
        index: cut(index),
        interval: scatter.ratio_interval(grouping.numerator, denominator.estimated, cut(index)),
        standard_error,
        gain,
        gain_interval: interval_of_square(
            grouping.numerator,
            scatter.variance(0.0),
            2.0 * grouping.second_order,
            grouping.means.len().saturating_sub(1),
        ),
        low_third: grouping.thirds.low,
        high_third: grouping.thirds.high,
        extreme_alternatives: grouping.thirds.extreme_alternatives,
        direction: grouping.thirds.direction,
        distinguishable: grouping.distinguishable,
        tied_with_next: next.is_some_and(|next| is_tied(grouping, next, assumptions, denominator)),
    }
}

/// What the variance of a numerator less some times the denominator is made of.
pub(crate) struct Scatter {
    /// Sums over draws of the square of the influence on the numerator, of its product with that on the denominator, and of
    /// the square of the latter.
    pub(crate) squares: f64,
    pub(crate) crossed: f64,
    pub(crate) of_denominator: f64,
    /// Means of the influences.
    pub(crate) raw: f64,
    pub(crate) influence_mean: f64,
    /// Half of the part of second order, which remains when the numerator is zero.
    pub(crate) second_order: f64,
    /// Degrees of freedom of the numerator.
    pub(crate) degrees: f64,
    /// Draws.
    pub(crate) n: f64,
}

impl Scatter {
    /// The variance with `times` the denominator taken off.
    pub(crate) fn variance(&self, times: f64) -> f64 {
        let squares = self.squares - 2.0 * times * self.crossed + times * times * self.of_denominator;
        let mean = self.raw - times * self.influence_mean;
        let first_order = (squares / self.n - mean * mean) / self.n;
        // Estimated group means inflate the first term by four times the second-order part; two of them are due.
        (first_order - 2.0 * self.second_order).max(2.0 * self.second_order)
    }

    /// The variance of the numerator less `ratio` times the denominator if that were the true ratio. The error of a
    /// numerator grows with its size (see [`interval_of_square`]), so low estimates come with errors that are too low; the
    /// size is therefore what numerator and denominator together make it under that ratio, each by its precision.
    fn variance_if(&self, ratio: f64, numerator: f64, denominator: f64) -> (f64, f64) {
        let of_numerator = self.variance(0.0);
        let growth = growth(numerator, of_numerator, 2.0 * self.second_order, self.degrees);
        let of_denominator =
            (self.of_denominator / self.n - self.influence_mean * self.influence_mean) / self.n;
        let crossed = (self.crossed / self.n - self.raw * self.influence_mean) / self.n;
        let by_denominator = ratio * ratio * of_denominator - ratio * crossed;
        let both = of_numerator + ratio * ratio * of_denominator - 2.0 * ratio * crossed;
        let weight = if both > 0.0 { (by_denominator / both).clamp(0.0, 1.0) } else { 1.0 };
        let size = (weight * numerator + (1.0 - weight) * ratio * denominator).max(0.0);
        let of_size = growth.at(size);
        // What draws add to both grows with the error of the numerator.
        let crossed = if of_numerator > 0.0 { crossed * (of_size / of_numerator).sqrt() } else { crossed };
        let variance =
            (of_size - 2.0 * ratio * crossed + ratio * ratio * of_denominator).max(2.0 * self.second_order);
        let share = if variance > 0.0 { (of_size / variance).sqrt() } else { 0.0 };
        (variance, skewness_of_square(size, growth.of_mean, self.degrees) * share * share * share)
    }

    /// The 95% interval of numerator over denominator within 0..1: every ratio that the two do not contradict (Fieller
    /// 1954), by the variance that they would have if it were the true one. With an uncertain denominator it is wider
    /// upwards than the linearised interval, as it must be. It holds `shown`.
    pub(crate) fn ratio_interval(&self, numerator: f64, denominator: f64, shown: f64) -> Interval {
        let fits = |ratio: f64| {
            let rest = numerator - ratio * denominator;
            let (variance, skewness) = self.variance_if(ratio, numerator, denominator);
            let z = if rest > 0.0 { Z_95 + shift_of(skewness) } else { Z_95 - shift_of(skewness) };
            rest * rest <= z * z * variance
        };
        // What fits is one stretch, which holds what is shown, but where the denominator may be zero, and then the hull is
        // wanted; so the ends are looked for from outside, in steps that end at what is shown however narrow the stretch is.
        let end = |from: f64| {
            const N_STEPS: u32 = 64;
            let at = |step: u32| from + (shown - from) * f64::from(step) / f64::from(N_STEPS);
            match (0..=N_STEPS).find(|&step| fits(at(step))) {
                None => shown,
                Some(0) => from,
                Some(step) => {
                    let (mut outside, mut inside) = (at(step - 1), at(step));
                    for _ in 0..40 {
                        let middle = 0.5 * (outside + inside);
                        if fits(middle) { inside = middle } else { outside = middle }
                    }
                    inside
                }
            }
        };
        Interval { low: end(0.0).min(shown), high: end(1.0).max(shown) }
    }
}

/// How the variance of an estimated sum of squares depends on what it estimates.
struct Growth {
    /// The variance of one of the means behind it.
    of_mean: f64,
    /// The variance when there is nothing.
    nothing: f64,
    /// How much it grows per unit.
    growth: f64,
}

impl Growth {
    fn at(&self, size: f64) -> f64 {
        self.nothing + self.growth * size
    }
}

/// The skewness of a sum of squares of `degrees` means with the variance `of_mean` each.
fn skewness_of_square(size: f64, of_mean: f64, degrees: f64) -> f64 {
    if of_mean <= 0.0 {
        return 0.0;
    }
    let distance = size.max(0.0) / of_mean;
    let spread = degrees + 2.0 * distance;
    2.0 * 2.0_f64.sqrt() * (degrees + 3.0 * distance) / (spread * spread.sqrt())
}

/// By how many standard errors skewness moves the quantiles of an interval at 95%: the first term of Cornish and Fisher
/// 1938.
fn shift_of(skewness: f64) -> f64 {
    ((Z_95 * Z_95 - 1.0) / 6.0 * skewness).min(0.7)
}

/// See [`interval_of_square`].
fn growth(estimate: f64, variance: f64, second_order: f64, degrees: f64) -> Growth {
    // A sum of squares of means has a non-central chi-squared distribution in units of the variance of a mean.
    let of_mean = (second_order / (2.0 * degrees)).sqrt();
    let is_told = estimate > Z_95 * variance.sqrt();
    let growth = if is_told { (variance - second_order).max(0.0) / estimate } else { 4.0 * of_mean };
    Growth { of_mean, nothing: second_order, growth }
}

/// The 95% interval of something that is a square by nature, such as a variance: every size that the estimate does not
/// contradict. `variance` is that of the estimate and `second_order` the part of it that remains when there is nothing, from
/// the squares of `degrees` means; the rest grows with the size itself, which is why low estimates have errors that are
/// too low.
pub(crate) fn interval_of_square(
    estimate: f64,
    variance: f64,
    second_order: f64,
    degrees: usize,
) -> Interval {
    let degrees = degrees.max(1) as f64;
    let half = Z_95 * variance.sqrt();
    let Growth { of_mean, growth, .. } = growth(estimate, variance, second_order, degrees);
    let shift = shift_of(skewness_of_square(estimate, of_mean, degrees));
    // The roots of (estimate - size)^2 = z^2 (second_order + growth size).
    let roots = |z: f64| {
        let middle = estimate + 0.5 * z * z * growth;
        let off = (middle * middle - estimate * estimate + z * z * second_order).max(0.0).sqrt();
        (middle - off, middle + off)
    };
    let high = roots(Z_95 - shift).1.max(estimate).max(0.0);
    if estimate <= half {
        return Interval { low: 0.0, high };
    }
    Interval { low: roots(Z_95 + shift).0.clamp(0.0, estimate), high }
}

/// Whether the interval of the difference of two indices contains zero.
fn is_tied(a: &Grouping, b: &Grouping, assumptions: &RankedAssumptions, denominator: &Denominator) -> bool {
    if !a.distinguishable && !b.distinguishable {
        return true;
    }
    let totals = &denominator.totals;
    let n = totals.n_draws_counted as f64;
    let to_draws = n / totals.n_counted as f64;
    let difference = a.numerator - b.numerator;
    let ratio = difference / denominator.variance;
    let (groups_a, groups_b) =
        (&assumptions.grouped[a.assumption].group_of_draw, &assumptions.grouped[b.assumption].group_of_draw);
    let mut sum_of_squares = 0.0;
    for draw in 0..groups_a.len() {
        let (s, m) = (totals.sums[draw], totals.counts[draw]);
        let (g, h) = (a.means[usize::from(groups_a[draw])], b.means[usize::from(groups_b[draw])]);
        let influence =
            (2.0 * (g - h) * s - (g * g - h * h) * m) * to_draws - ratio * denominator.influence[draw];
        sum_of_squares += influence * influence;
    }
    let mean = a.raw - b.raw - ratio * denominator.influence_mean;
    let second_order = 2.0 * (a.second_order + b.second_order);
    let variance = ((sum_of_squares / n - mean * mean) / n - second_order).max(second_order);
    difference.abs() <= Z_95 * variance.sqrt()
}

/// Runs that count, in ascending order of the outcome.
fn ordered_runs(column: &OutcomeColumn<'_>) -> Vec<u32> {
    let counting = (0..column.values.len()).filter(|&run| column.counts(run)).map(|run| run as u32);
    ascending(column.values, counting)
}

/// The share of runs below each run, ties counted half; zero for runs that do not count.
fn middle_ranks(column: &OutcomeColumn<'_>, order: &[u32]) -> Vec<f64> {
    let mut ranks: Vec<f64> =
        column.values.iter().map(|value| if value.is_nan() { f64::NAN } else { 0.0 }).collect();
    let n = order.len() as f64;
    let mut start = 0;
    while start < order.len() {
        let value = column.values[order[start] as usize];
        let length = order[start..].iter().take_while(|&&run| column.values[run as usize] == value).count();
        for &run in &order[start..start + length] {
            ranks[run as usize] = (start as f64 + length as f64 / 2.0) / n;
        }
        start += length;
    }
    ranks
}

/// Replaces the means of the ranks in the two thirds (or alternatives) by medians of the outcome.
fn set_medians(thirds: &mut Thirds, grouped: &Grouped, column: &OutcomeColumn<'_>, order: &[u32]) {
    let m = column.n_replications as u32;
    let median = |belongs: &dyn Fn(usize) -> bool| {
        let members =
            || order.iter().filter(|&&run| belongs(usize::from(grouped.group_of_draw[(run / m) as usize])));
        let middle = members().count().div_ceil(2).max(1) - 1;
        members().nth(middle).map_or(f64::NAN, |&run| column.values[run as usize])
    };
    if let Some((lowest, highest)) = thirds.extreme_alternatives {
        thirds.low = median(&|k| grouped.values[k] == lowest);
        thirds.high = median(&|k| grouped.values[k] == highest);
    } else {
        thirds.low = median(&|k| grouped.third_of_group[k] == 0);
        thirds.high = median(&|k| grouped.third_of_group[k] == 2);
    }
}
