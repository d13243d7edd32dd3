//! Total indices, first-order indices and interactions from a design made for them.
//!
//! Enters: an outcome column over the rows of a [`SaltelliLayout`]. Leaves: [`SaltelliIndices`] with bootstrap intervals.
//! Always holds: chance is in no index, because each product is of independent replications; a factor that changes no run
//! has indices of exactly zero.
//!
//! A point i has two independent sets of values, A and B. Its rows are A, B, A with factor j from B (`AB_j`), and B with
//! factor j from A (`BA_j`) (Saltelli 2002; Saltelli et al. 2010). The rows of the A side meet the same chance, those of
//! the B side another (common random numbers), so with `a_j = y(AB_j) - y(A)` and `b_j = y(BA_j) - y(B)` most differences
//! are zero even where y is 0 or 1. With p the expectation of y over chance and V the variance of p,
//!
//! ```text
//!     total         T_j V  = 1/2 E[(p(AB_j) - p(A))^2],       estimated by  a_j a_j' and b_j b_j' (Jansen 1999)
//!     first order   S_j V  = -1/2 E[a_j b_j]                  (the differences of Azzini, Mara and Rosati 2021)
//!     interaction   S_jk V =  1/2 E[a_j b_k + a_k b_j]
//! ```
//!
//! where a and a' are different replications; V comes from all replications of A and of its copies, and of B and its. The square of the mean of the replications, as a routine for smooth
//! outputs takes it, would add the variance of chance to every total index (Sun, Apley and Staum 2011).

use crate::column::OutcomeColumn;
use crate::designed::{DesignUnusable, DesignedOutcome};
use crate::first_order::FALSE_ALARM_RATE;
use crate::interval::{FEW, Interval};
use crate::resample::{BootstrapOptions, Figure, Terms, deviation};
use crate::special::{Z_95, bisect, satterthwaite_degrees, student_critical};
use contingent_engine::math::gamma::lower_gamma;
use contingent_engine::math::{normal_cdf, normal_quantile};

/// Up to this many factors their pairs are told too; beyond, the table of pairs would be larger than the rest.
const MOST_PAIRED: usize = 60;

/// The rows of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaltelliLayout {
    /// Factors: assumptions or groups of them that are moved together.
    pub n_factors: usize,
    /// Further rows of A and of B, each with a chance of its own; 0 where there is no chance.
    pub n_copies: usize,
}

impl SaltelliLayout {
    /// A layout for outcomes with chance. The rows of a side share their chance, so the variance is seen through few coin
    /// flips, however many factors there are; its error would be the largest of all. About as many copies as the root
    /// of the number of factors balance that at a small part of the cost.
    pub fn new(n_factors: usize) -> Self {
        Self { n_factors, n_copies: ((n_factors as f64).sqrt().ceil() as usize).max(2) }
    }

    /// A layout for outcomes without chance.
    pub fn without_chance(n_factors: usize) -> Self {
        Self { n_factors, n_copies: 0 }
    }

    /// Rows of a point: A, B, then A with each factor from B, then B with each factor from A, then copies of A and B in
    /// turn.
    pub fn n_rows(self) -> usize {
        2 * (self.n_factors + 1 + self.n_copies)
    }

    /// Whether a factor takes its value from B in a row.
    pub fn is_second(self, row: usize, factor: usize) -> bool {
        match row {
            0 => false,
            1 => true,
            _ if row < Self::with_one(self.n_factors) => row == Self::with_one(factor),
            _ if row < self.copy(0) => row != self.without_one(factor),
            _ => (row - self.copy(0)) % 2 == 1,
        }
    }

    /// Which chance a row meets, below [`SaltelliLayout::n_chances`]: 0 on the A side, 1 on the B side, then one per copy.
    pub fn chance(self, row: usize) -> usize {
        match row {
            0 | 1 => row,
            _ if row < Self::with_one(self.n_factors) => 0,
            _ if row < self.copy(0) => 1,
            _ => 2 + row - self.copy(0),
        }
    }

    /// Different chances that a point meets.
    pub fn n_chances(self) -> usize {
        2 + 2 * self.n_copies
    }

    /// The rows at A (`0`) or at B (`1`).
    fn same(self, side: usize) -> impl Iterator<Item = usize> + Clone {
        std::iter::once(side).chain((0..self.n_copies).map(move |copy| self.copy(copy) + side))
    }

    fn copy(self, copy: usize) -> usize {
        2 + 2 * self.n_factors + 2 * copy
    }

    fn with_one(factor: usize) -> usize {
        2 + factor
    }

    fn without_one(self, factor: usize) -> usize {
        2 + self.n_factors + factor
    }
}

/// An index with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexEstimate {
    /// The estimate, without bias and therefore possibly a little below zero.
    pub value: f64,
    /// Standard error by bootstrap.
    pub standard_error: f64,
    /// 95% interval by the bootstrap.
    pub interval: Interval,
}

/// The indices of a factor.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorIndices {
    /// Position of the factor.
    pub factor: usize,
    /// Share of the variance that knowing it would remove.
    pub first: IndexEstimate,
    /// Share of the variance that would remain if all others were known.
    pub total: IndexEstimate,
    /// Total less first: what it does only together with others.
    pub shared: IndexEstimate,
    /// Whether the total can be told from zero, at a family-wise [`FALSE_ALARM_RATE`].
    pub distinguishable: bool,
    /// Whether its rank by the total and that of the next cannot be told apart at 95%.
    pub tied_with_next: bool,
    /// Share of points in which moving it changed no run.
    pub share_unmoved: f64,
}

/// What two factors do together beyond what each does alone.
#[derive(Clone, Debug, PartialEq)]
pub struct PairIndex {
    /// Positions of the factors, the lower first.
    pub factors: [usize; 2],
    /// The share of the variance.
    pub index: IndexEstimate,
    /// Whether it can be told from zero, at a family-wise [`FALSE_ALARM_RATE`] over all pairs.
    pub distinguishable: bool,
}

/// Everything from one outcome over one design.
#[derive(Clone, Debug, PartialEq)]
pub struct SaltelliIndices {
    /// Points that count.
    pub n_points: usize,
    /// Points left out because one of their runs failed.
    pub n_points_dropped: usize,
    /// Mean outcome over all runs that count (of ranks, when on ranks).
    pub mean: f64,
    /// Variance of the expected outcome.
    pub variance: IndexEstimate,
    /// Whether it can be told from zero (one-sided, 5%).
    pub variance_distinguishable: bool,
    /// Whether outcomes were replaced by their ranks because some were infinite.
    pub on_ranks: bool,
    /// Whether no row differed between its replications: the outcome then holds no chance.
    pub without_chance: bool,
    /// Factors, largest total first. Empty when the variance is not above zero.
    pub factors: Vec<FactorIndices>,
    /// Pairs, largest first; empty with one factor or more than 60, or when the variance is not above zero.
    pub pairs: Vec<PairIndex>,
}

/// The indices of an outcome over the rows of a layout: the draws of the column are `point * n_rows + row`.
///
/// # Panics
/// When the column is no whole number of points, or has a condition.
pub fn saltelli(
    layout: SaltelliLayout,
    column: &OutcomeColumn<'_>,
    options: BootstrapOptions,
) -> Result<SaltelliIndices, DesignUnusable> {
    let outcome = DesignedOutcome::new(column, layout.n_rows())?;
    let places = Places::new(layout.n_factors);
    let (terms, unmoved) = terms(layout, &outcome, &places);
    let sums = terms.sums();
    let resampled = terms.resampled(options);
    let replicates: Vec<&[f64]> = resampled.chunks_exact(places.n_terms).collect();
    let n_points = terms.n_points();
    // No product of two differences is larger, and no term is more than half of one.
    let largest = 0.5 * outcome.range() * outcome.range();
    let ratio = |nature: Nature, part: Figure<'_>| {
        let whole: Figure<'_> = &|sum| sum(Places::VARIANCE);
        ratio_estimate(part, whole, nature, largest, &terms, &sums, &replicates)
    };
    let variance = ratio_estimate(
        &|sum| sum(Places::VARIANCE),
        &|sum| sum(Places::WEIGHT),
        Nature::Signed,
        largest,
        &terms,
        &sums,
        &replicates,
    );
    let variance_distinguishable =
        variance.value > 0.0 && variance.value > normal_quantile(0.95) * variance.standard_error;
    let mut factors = Vec::new();
    let mut pairs = Vec::new();
    if variance.value > 0.0 {
        let level = FALSE_ALARM_RATE / layout.n_factors.max(1) as f64;
        for (factor, &n_unmoved) in unmoved.iter().enumerate() {
            let first = |sum: &dyn Fn(usize) -> f64| sum(Places::first(factor));
            let total = |sum: &dyn Fn(usize) -> f64| sum(places.total(factor));
            factors.push(FactorIndices {
                factor,
                first: ratio(Nature::Signed, &first),
                total: ratio(Nature::Square, &total),
                shared: ratio(Nature::Signed, &|sum| total(sum) - first(sum)),
                distinguishable: is_above_zero(&sums, &replicates, places.total(factor), level),
                tied_with_next: false,
                share_unmoved: n_unmoved as f64 / n_points as f64,
            });
        }
        factors.sort_by(|a, b| {
            b.distinguishable.cmp(&a.distinguishable).then(b.total.value.total_cmp(&a.total.value))
        });
        for place in 1..factors.len() {
            let (a, b) = (places.total(factors[place - 1].factor), places.total(factors[place].factor));
            let both_nothing = !factors[place - 1].distinguishable && !factors[place].distinguishable;
            let gap = ratio(Nature::Signed, &|sum| sum(a) - sum(b));
            factors[place - 1].tied_with_next = both_nothing || gap.interval.contains(0.0);
        }
        for a in 0..places.n_paired {
            for b in a + 1..places.n_paired {
                let place = places.pair(a, b);
                pairs.push(PairIndex {
                    factors: [a, b],
                    index: ratio(Nature::Signed, &|sum| sum(place)),
                    distinguishable: is_above_zero(
                        &sums,
                        &replicates,
                        place,
                        FALSE_ALARM_RATE / places.n_pairs() as f64,
                    ),
                });
            }
        }
        pairs.sort_by(|a, b| {
            b.distinguishable.cmp(&a.distinguishable).then(b.index.value.total_cmp(&a.index.value))
        });
    }
    let without_chance = (0..n_points).all(|point| {
        (0..outcome.n_rows).all(|row| outcome.row(point, row).windows(2).all(|pair| pair[0] == pair[1]))
    });
    Ok(SaltelliIndices {
        n_points,
        n_points_dropped: outcome.n_points_dropped,
        mean: outcome.mean,
        variance,
        variance_distinguishable,
        on_ranks: outcome.on_ranks,
        without_chance,
        factors,
        pairs,
    })
}

/// Where the terms of a point stand.
struct Places {
    n_factors: usize,
    /// Factors of which pairs are told: all or none.
    n_paired: usize,
    n_terms: usize,
}

impl Places {
    fn new(n_factors: usize) -> Self {
        let n_paired = if n_factors <= MOST_PAIRED { n_factors } else { 0 };
        let mut places = Self { n_factors, n_paired, n_terms: 0 };
        places.n_terms = 2 + 2 * n_factors + places.n_pairs();
        places
    }

    fn n_pairs(&self) -> usize {
        self.n_paired * self.n_paired.saturating_sub(1) / 2
    }

    const WEIGHT: usize = 0;
    const VARIANCE: usize = 1;

    fn first(factor: usize) -> usize {
        2 + factor
    }

    fn total(&self, factor: usize) -> usize {
        2 + self.n_factors + factor
    }

    fn pair(&self, a: usize, b: usize) -> usize {
        debug_assert!(a < b, "pairs are ordered");
        2 + 2 * self.n_factors + a * (2 * self.n_factors - a - 1) / 2 + (b - a - 1)
    }
}

/// The terms of each point, and per factor the points in which moving it changed no run.
fn terms(layout: SaltelliLayout, outcome: &DesignedOutcome, places: &Places) -> (Terms, Vec<usize>) {
    let n_factors = layout.n_factors;
    let n_points = outcome.n_points();
    let mut values = vec![0.0; n_points * places.n_terms];
    let mut unmoved = vec![0; n_factors];
    let (mut a, mut b) = (vec![0.0; n_factors], vec![0.0; n_factors]);
    for (point, terms) in values.chunks_exact_mut(places.n_terms).enumerate() {
        terms[Places::WEIGHT] = 1.0;
        terms[Places::VARIANCE] = if layout.n_copies == 0 {
            // Every row is a draw of the assumptions, so each sees the variance.
            (0..outcome.n_rows).map(|row| outcome.square(point, row)).sum::<f64>() / outcome.n_rows as f64
        } else {
            0.5 * (0..2).map(|side| outcome.square_of_rows(point, layout.same(side))).sum::<f64>()
        };
        for factor in 0..n_factors {
            let of_a = outcome.difference(point, SaltelliLayout::with_one(factor), 0);
            let of_b = outcome.difference(point, layout.without_one(factor), 1);
            (a[factor], b[factor]) = (of_a.mean, of_b.mean);
            terms[Places::first(factor)] = -0.5 * of_a.mean * of_b.mean;
            terms[places.total(factor)] = 0.25 * (of_a.square + of_b.square);
            let is_same = outcome.row(point, SaltelliLayout::with_one(factor)) == outcome.row(point, 0)
                && outcome.row(point, layout.without_one(factor)) == outcome.row(point, 1);
            unmoved[factor] += usize::from(is_same);
        }
        for first in 0..places.n_paired {
            for second in first + 1..places.n_paired {
                terms[places.pair(first, second)] = 0.5 * (a[first] * b[second] + a[second] * b[first]);
            }
        }
    }
    (Terms::new(places.n_terms, values), unmoved)
}

/// A figure of the sums with its bootstrap error. The percentiles are those of the interval `BCa` (Efron 1987), which takes
/// in that most products are skewed: the correction of bias from the share of replicates below the estimate, the
/// acceleration from the skewness of what each point adds to the figure, by leaving it out. The normal quantile gives way
/// to one of Student with as many degrees as the variance of the points is known to, which are few when few points tell
/// anything.
pub(crate) fn estimate(
    figure: Figure<'_>,
    terms: &Terms,
    sums: &[f64],
    replicates: &[&[f64]],
) -> IndexEstimate {
    let value = figure(&|term| sums[term]);
    let mut values: Vec<f64> = replicates.iter().map(|sums| figure(&|term| sums[term])).collect();
    let standard_error = deviation(&values);
    let n_points = terms.n_points() as f64;
    let without: Vec<f64> = terms.without_each(figure, sums).collect();
    let centre = without.iter().sum::<f64>() / n_points;
    let (mut squares, mut cubes, mut fourths) = (0.0, 0.0, 0.0);
    for change in without {
        // A point that raises the figure lowers what is left without it.
        let u = centre - change;
        let square = u * u;
        squares += square;
        cubes += square * u;
        fourths += square * square;
    }
    let (acceleration, critical) = if squares > 0.0 {
        let degrees = satterthwaite_degrees(n_points, squares, Some(cubes), fourths);
        (cubes / (6.0 * squares * squares.sqrt()), student_critical(degrees, 0.05))
    } else {
        (0.0, Z_95)
    };
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len() as f64;
    let below = values.partition_point(|&other| other < value);
    let up_to = values.partition_point(|&other| other <= value);
    // Replicates that equal the estimate count half.
    let share = (0.5 * (below + up_to) as f64).clamp(0.5, (n - 0.5).max(0.5)) / n.max(1.0);
    let bias = normal_quantile(share);
    let at = |z: f64| {
        let shifted = bias + z;
        let share = normal_cdf(bias + shifted / (1.0 - acceleration * shifted).max(0.1));
        quantile_of_replicates(&values, share).unwrap_or(value)
    };
    // The estimate itself belongs to its interval, whatever the replicates say.
    let interval = Interval { low: at(-critical).min(value), high: at(critical).max(value) };
    IndexEstimate { value, standard_error, interval }
}

/// The value that a further replicate would not exceed with probability `share`: n replicates divide the line into n + 1
/// parts that are equally likely to hold it (Davison and Hinkley 1997, section 2.4).
fn quantile_of_replicates(ordered: &[f64], share: f64) -> Option<f64> {
    let last = ordered.len().checked_sub(1)?;
    let place = (share * (ordered.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let below = place as usize;
    let above = ordered[(below + 1).min(last)];
    Some(ordered[below] + (place - below as f64) * (above - ordered[below]))
}

/// What the terms of an index are by nature.
#[derive(Clone, Copy, PartialEq)]
enum Nature {
    /// Products whose expectation is a square at every point: without the other sign, and for 0/1 outcomes of one size.
    Square,
    /// Of either sign, and of more than one size.
    Signed,
}

/// A ratio of sums. Where fewer than [`FEW`] points of either sign tell anything of `part`, no resampling knows of the
/// others; the interval is then that of the number of points: one for the points of each sign, whose distances from what
/// was seen, and that of the error of the whole, are added as squares (Zou and Donner 2008).
fn ratio_estimate(
    part: Figure<'_>,
    whole: Figure<'_>,
    nature: Nature,
    largest: f64,
    terms: &Terms,
    sums: &[f64],
    replicates: &[&[f64]],
) -> IndexEstimate {
    let ratio = |sum: &dyn Fn(usize) -> f64| part(sum) / whole(sum);
    let mut found = estimate(&ratio, terms, sums, replicates);
    let (mut up, mut down) = (FewTerms::default(), FewTerms::default());
    for row in terms.rows() {
        let own = part(&|term| row[term]);
        if own > 0.0 {
            up.add(own);
        } else if own < 0.0 {
            down.add(-own);
        }
    }
    let n_telling = up.count + down.count;
    if up.count < FEW && down.count < FEW {
        let unseen = if n_telling > 0.0 { (up.sum + down.sum) / n_telling } else { largest };
        let beyond = if nature == Nature::Square { 0.5 } else { 1.0 };
        let (of_up, of_down) = (up.interval(unseen, beyond), down.interval(unseen, beyond));
        let of_down = if nature == Nature::Square && down.count == 0.0 {
            Interval { low: 0.0, high: 0.0 }
        } else {
            of_down
        };
        let of_whole = whole(&|term| sums[term]);
        let n_points = terms.n_points() as f64;
        // The error of the whole, in units of the part.
        let scatter: f64 = terms
            .rows()
            .map(|row| {
                let off = whole(&|term| row[term]) - of_whole / n_points;
                off * off
            })
            .sum();
        let error = Z_95 * found.value * scatter.sqrt();
        let distance = |a: f64, b: f64| (a * a + b * b + error * error).sqrt() / of_whole;
        found.interval = Interval {
            low: found.value - distance(up.sum - of_up.low, of_down.high - down.sum),
            high: found.value + distance(of_up.high - up.sum, down.sum - of_down.low),
        };
    }
    found
}

/// A sum of few terms of one sign.
#[derive(Clone, Copy, Default)]
pub(crate) struct FewTerms {
    pub(crate) count: f64,
    pub(crate) sum: f64,
    squares: f64,
    largest: f64,
}

impl FewTerms {
    pub(crate) fn add(&mut self, term: f64) {
        self.count += 1.0;
        self.sum += term;
        self.squares += term * term;
        self.largest = self.largest.max(term);
    }

    /// The 95% interval of the expected sum, the terms being rare: that for a weighted sum of Poisson counts by gamma
    /// distributions (Fay and Feuer 1997). `unseen` is the size of a term when none was seen. `beyond` is how much of the
    /// chance of what was seen counts as beyond it: all of it, which is conservative where terms differ in size, or half
    /// ("mid-p", Fay and Kim 2017).
    pub(crate) fn interval(&self, unseen: f64, beyond: f64) -> Interval {
        let largest = if self.count > 0.0 { self.largest } else { unseen };
        let (more, more_squares) = (self.sum + largest, self.squares + largest * largest);
        let seen = |x: f64| if self.sum > 0.0 { lower_gamma_of(self.sum, self.squares, x) } else { 1.0 };
        let and_one = |x: f64| lower_gamma_of(more, more_squares, x);
        let far = self.sum + 20.0 * (self.squares.sqrt() + largest);
        let high = bisect(0.0, far, |x| (1.0 - beyond) * seen(x) + beyond * and_one(x) < 0.975);
        let low = if self.count > 0.0 {
            bisect(0.0, self.sum, |x| beyond * seen(x) + (1.0 - beyond) * and_one(x) < 0.025)
        } else {
            0.0
        };
        Interval { low, high }
    }
}

/// The chance that a gamma variable with a mean and a variance is at most `x`.
fn lower_gamma_of(mean: f64, variance: f64, x: f64) -> f64 {
    lower_gamma(mean * mean / variance, x * mean / variance)
}

/// Whether the sum of a term is above zero at a level, one-sided.
fn is_above_zero(sums: &[f64], replicates: &[&[f64]], place: usize, level: f64) -> bool {
    let values: Vec<f64> = replicates.iter().map(|sums| sums[place]).collect();
    sums[place] > 0.0 && sums[place] > normal_quantile(1.0 - level) * deviation(&values)
}
