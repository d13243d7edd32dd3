//! Elementary effects: which of very many assumptions matter at all.
//!
//! Enters: an outcome column over the rows of a [`MorrisLayout`], and for each factor and point whether the step raises
//! it. Leaves: [`ElementaryEffects`]. Always holds: all rows of a point meet the same chance, so that a factor which
//! changes no run has effects of exactly zero; what chance adds to the size of an effect is taken out.
//!
//! A step moves a factor by half of its range, from u to u + 1/2 or u - 1/2 on the scale of probability, from a start that
//! is spread evenly. An effect is the change of the outcome over the step, counted upwards, and is told in the unit of the
//! outcome. *Trajectory* (Morris 1991): factors are moved one after the other, each from where the one before left off.
//! *Radial* (Campolongo, Saltelli and Cariboni 2011): each is moved alone from the start of the point.
//!
//! With d the change in each of m replications, `d_1 d_2` of different replications has the expectation of the squared
//! effect, whatever chance does. Its mean q gives `sigma^2 = q - mu^2`. The mean absolute effect (Campolongo, Cariboni and
//! Saltelli 2007) has no such product, because the sign of an effect is not seen through chance. It is told as
//! `mu* = r mean |d| + (1 - r) E|N(mu, sigma^2)|` with `r = q / mean d^2` for d the mean over replications: without chance
//! r is 1 and this is the mean absolute effect; the more chance there is, the more it rests on mean and deviation alone.

use contingent_engine::math::{exp, normal_cdf, normal_quantile};
use contingent_engine::random::mix;

use crate::column::OutcomeColumn;
use crate::designed::{DesignUnusable, DesignedOutcome};
use crate::first_order::FALSE_ALARM_RATE;
use crate::interval::{FEW, Interval};
use crate::resample::{BootstrapOptions, Figure, Terms};
use crate::saltelli::{FewTerms, IndexEstimate, estimate};
use crate::special::{Z_95, student_critical};

/// In which order the factors of a point are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// One after the other, each from where the one before left off.
    Trajectory,
    /// Each alone, from the start.
    Radial,
}

/// The rows of each point: the start, then one row per factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MorrisLayout {
    steps: Steps,
    seed: u64,
    /// A key per factor that does not depend on the others.
    keys: Vec<u64>,
}

impl MorrisLayout {
    /// A layout for factors with these keys, such as the hashes of their names. The order of a trajectory is that of
    /// words drawn from seed, point and key, so that a further factor does not change the order of the others.
    pub fn new(steps: Steps, seed: u64, keys: Vec<u64>) -> Self {
        Self { steps, seed, keys }
    }

    /// Number of factors.
    pub fn n_factors(&self) -> usize {
        self.keys.len()
    }

    /// Rows of a point.
    pub fn n_rows(&self) -> usize {
        self.keys.len() + 1
    }

    /// The factors of a point in the order in which they are moved.
    pub fn order(&self, point: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.keys.len()).collect();
        if self.steps == Steps::Trajectory {
            let key = mix(self.seed ^ 0x6d6f_7272) ^ (point as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            order.sort_by_key(|&factor| (mix(mix(key) ^ self.keys[factor]), factor));
        }
        order
    }

    /// The row in which each factor of a point is moved first.
    pub fn rows_of_steps(&self, point: usize) -> Vec<usize> {
        let mut rows = vec![0; self.keys.len()];
        for (place, factor) in self.order(point).into_iter().enumerate() {
            rows[factor] = place + 1;
        }
        rows
    }

    /// Whether a factor that is moved in `row_of_step` has moved in `row`.
    pub fn is_moved(&self, row: usize, row_of_step: usize) -> bool {
        match self.steps {
            Steps::Trajectory => row >= row_of_step,
            Steps::Radial => row == row_of_step,
        }
    }

    fn row_before(&self, row: usize) -> usize {
        match self.steps {
            Steps::Trajectory => row - 1,
            Steps::Radial => 0,
        }
    }
}

/// Which way the step of a factor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Upwards.
    Up,
    /// Downwards.
    Down,
    /// Neither: a category, or several assumptions at once.
    Unordered,
}

/// The effects of a factor, in the unit of the outcome per step of half its range.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementaryEffect {
    /// Position of the factor.
    pub factor: usize,
    /// Mean effect of moving it upwards; none when it has no order.
    pub mu: Option<IndexEstimate>,
    /// Mean absolute effect, corrected for chance.
    pub mu_star: IndexEstimate,
    /// Standard deviation of the effects, corrected for chance: what depends on where the others are, or is not straight.
    /// For a factor without order it is around zero.
    pub sigma: IndexEstimate,
    /// Whether any effect can be told from none, at a family-wise [`FALSE_ALARM_RATE`].
    pub distinguishable: bool,
    /// Whether its rank by the mean absolute effect and that of the next cannot be told apart at 95%.
    pub tied_with_next: bool,
    /// Share of points in which moving it changed no run.
    pub share_unmoved: f64,
}

/// Everything from one outcome over one design.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementaryEffects {
    /// Points that count.
    pub n_points: usize,
    /// Points left out because one of their runs failed.
    pub n_points_dropped: usize,
    /// Mean outcome over all runs that count.
    pub mean: f64,
    /// Whether outcomes were replaced by their ranks because some were infinite.
    pub on_ranks: bool,
    /// Factors, largest mean absolute effect first.
    pub factors: Vec<ElementaryEffect>,
}

/// Terms of one factor at one point.
const N_TERMS: usize = 4;

/// The elementary effects of an outcome over the rows of a layout: the draws of the column are `point * n_rows + row`.
/// `step` says which way a factor goes at a point.
///
/// # Panics
/// When the column is no whole number of points, or has a condition.
pub fn elementary_effects(
    layout: &MorrisLayout,
    column: &OutcomeColumn<'_>,
    step: &dyn Fn(usize, usize) -> Step,
    options: BootstrapOptions,
) -> Result<ElementaryEffects, DesignUnusable> {
    let outcome = DesignedOutcome::new(column, layout.n_rows())?;
    let (n_points, n_factors) = (outcome.n_points(), layout.n_factors());
    let width = 1 + N_TERMS * n_factors;
    let mut values = vec![0.0; n_points * width];
    let mut unmoved = vec![0_usize; n_factors];
    let mut ordered = vec![true; n_factors];
    for (place, terms) in values.chunks_exact_mut(width).enumerate() {
        terms[0] = 1.0;
        // The layout and the steps are those of the point before failed ones were left out.
        let point = outcome.original_point(place);
        for (factor, row) in layout.rows_of_steps(point).into_iter().enumerate() {
            let before = layout.row_before(row);
            let change = outcome.difference(place, row, before);
            let sign = match step(point, factor) {
                Step::Up => 1.0,
                Step::Down => -1.0,
                Step::Unordered => {
                    ordered[factor] = false;
                    0.0
                }
            };
            let of_factor = &mut terms[1 + N_TERMS * factor..][..N_TERMS];
            of_factor[0] = sign * change.mean;
            of_factor[1] = change.mean.abs();
            of_factor[2] = change.mean * change.mean;
            of_factor[3] = change.square;
            unmoved[factor] += usize::from(outcome.row(place, row) == outcome.row(place, before));
        }
    }
    let terms = Terms::new(width, values);
    let sums = terms.sums();
    let resampled = terms.resampled(options);
    let replicates: Vec<&[f64]> = resampled.chunks_exact(width).collect();
    // Two tests per factor: of the mean, and of the mean square.
    let level = FALSE_ALARM_RATE / (2 * n_factors).max(1) as f64;
    let critical = student_critical((n_points - 1) as f64, level);
    let mut factors: Vec<ElementaryEffect> = (0..n_factors)
        .map(|factor| {
            let at = 1 + N_TERMS * factor;
            let is_ordered = ordered[factor];
            let figure = |figure: Figure<'_>| estimate(figure, &terms, &sums, &replicates);
            let (mu, mu_error) = terms.mean_and_error(at);
            let (q, q_error) = terms.mean_and_error(at + 3);
            let few = Few::new(&terms, &sums, at, is_ordered, Z_95 * mu_error, outcome.range());
            ElementaryEffect {
                factor,
                mu: is_ordered.then(|| figure(&|sum| sum(at) / sum(0))),
                mu_star: mu_star(
                    &|shape| figure(&|sum| Moments::of(sum, at, is_ordered).mu_star(shape)),
                    few.as_ref().map(|few| few.mu_star),
                ),
                sigma: sigma(
                    figure(&|sum| Moments::of(sum, at, is_ordered).sigma_square),
                    few.map(|few| few.sigma_square),
                ),
                distinguishable: (is_ordered && mu.abs() > critical * mu_error)
                    || (q > 0.0 && q > normal_quantile(1.0 - level).max(critical) * q_error),
                tied_with_next: false,
                share_unmoved: unmoved[factor] as f64 / n_points as f64,
            }
        })
        .collect();
    factors.sort_by(|a, b| {
        b.distinguishable.cmp(&a.distinguishable).then(b.mu_star.value.total_cmp(&a.mu_star.value))
    });
    for place in 1..factors.len() {
        let (a, b) = (&factors[place - 1], &factors[place]);
        let of = |sum: &dyn Fn(usize) -> f64, effect: &ElementaryEffect| {
            Moments::of(sum, 1 + N_TERMS * effect.factor, effect.mu.is_some()).mu_star(Shape::Normal)
        };
        let gap = estimate(&|sum| of(sum, a) - of(sum, b), &terms, &sums, &replicates).interval;
        factors[place - 1].tied_with_next = (!a.distinguishable && !b.distinguishable) || gap.contains(0.0);
    }
    Ok(ElementaryEffects {
        n_points,
        n_points_dropped: outcome.n_points_dropped,
        mean: outcome.mean,
        on_ranks: outcome.on_ranks,
        factors,
    })
}

/// What the effects are distributed like, as far as chance hides them.
#[derive(Clone, Copy)]
enum Shape {
    Normal,
    Uniform,
}

/// Intervals where fewer than [`FEW`] starts tell the mean square of the effects: no resampling knows of the others, and
/// the mean square then has the interval of the number of such starts.
struct Few {
    mu_star: Interval,
    sigma_square: Interval,
}

impl Few {
    /// None where more starts tell, or there is no chance. `off` is how far the mean effect may be off, `most` the largest
    /// effect that there can be.
    fn new(terms: &Terms, sums: &[f64], at: usize, is_ordered: bool, off: f64, most: f64) -> Option<Self> {
        let mut of_square = FewTerms::default();
        let mut has_chance = false;
        for row in terms.rows() {
            if row[at + 3] > 0.0 {
                of_square.add(row[at + 3]);
            }
            has_chance |= row[at + 3] != row[at + 2];
        }
        if !has_chance || of_square.count >= FEW {
            return None;
        }
        let found = Moments::of(&|term| sums[term], at, is_ordered);
        let square = found.sigma_square + found.mu * found.mu;
        let negative = of_square.sum / sums[0] - square;
        let of_square = of_square.interval(most * most, 1.0);
        let (low, high) = (of_square.low / sums[0] - negative, of_square.high / sums[0] - negative);
        // The two distances are added as squares (Zou and Donner 2008).
        let distance = |a: f64, b: f64| (a * a + b * b).sqrt();
        let (less, more) = if is_ordered { ((found.mu - off).max(0.0), found.mu + off) } else { (0.0, 0.0) };
        let sigma_square = Interval {
            low: found.sigma_square - distance(square - low, more * more - found.mu * found.mu),
            high: found.sigma_square + distance(high - square, found.mu * found.mu - less * less),
        };
        let mean_absolute = |mu: f64, square: f64, shape: Shape| {
            Moments { mu, sigma_square: square - mu * mu, share: 0.0, naive: 0.0 }.mu_star(shape)
        };
        let mu_star = Interval {
            low: mean_absolute(less, low, Shape::Normal),
            high: mean_absolute(found.mu, high, Shape::Uniform),
        };
        Some(Self { mu_star, sigma_square })
    }
}

fn hull(a: Interval, b: Interval) -> Interval {
    Interval { low: a.low.min(b.low), high: a.high.max(b.high) }
}

/// The mean absolute effect with an interval that reaches over both shapes.
fn mu_star(of: &dyn Fn(Shape) -> IndexEstimate, few: Option<Interval>) -> IndexEstimate {
    let (normal, uniform) = (of(Shape::Normal), of(Shape::Uniform));
    let interval = hull(normal.interval, uniform.interval);
    IndexEstimate { interval: few.map_or(interval, |few| hull(interval, few)), ..normal }
}

/// The standard deviation from its square, which is estimated without bias and may be below zero: resampled as it is,
/// because a bootstrap of what was cut at zero does not hold the truth.
fn sigma(square: IndexEstimate, few: Option<Interval>) -> IndexEstimate {
    let root = |value: f64| value.max(0.0).sqrt();
    let of_square = few.unwrap_or(square.interval);
    let interval = Interval { low: root(of_square.low), high: root(of_square.high) };
    // By the slope of the root, and where there is none by half of the interval.
    let value = root(square.value);
    let half = 0.5 * interval.width() / Z_95;
    let standard_error = if value > 0.0 { (0.5 * square.standard_error / value).min(half) } else { half };
    IndexEstimate { value, standard_error, interval }
}

/// What the sums of the terms of a factor say of its effects.
struct Moments {
    /// Size of the mean effect, less what its own error adds; zero without order.
    mu: f64,
    /// Variance of the effects, without bias and therefore possibly below zero.
    sigma_square: f64,
    /// Mean absolute change, chance included.
    naive: f64,
    /// Share of the mean square that is not chance.
    share: f64,
}

impl Moments {
    fn of(sum: &dyn Fn(usize) -> f64, at: usize, is_ordered: bool) -> Self {
        let n = sum(0);
        let mean = |term: usize| sum(at + term) / n;
        let (square, expected_square) = (mean(2), mean(3));
        // The square of an estimated mean is too large by the variance of the estimate.
        let mu_square = if is_ordered {
            let mu = mean(0);
            mu * mu - (square - mu * mu).max(0.0) / n
        } else {
            0.0
        };
        // Differences of nearly equal squares keep the last bits of both.
        let rest = expected_square - mu_square;
        let sigma_square = if rest.abs() > 1e-13 * expected_square.abs() { rest } else { 0.0 };
        let share = if square > 0.0 { (expected_square / square).clamp(0.0, 1.0) } else { 0.0 };
        Self { mu: mu_square.max(0.0).sqrt(), sigma_square, naive: mean(1), share }
    }

    fn mu_star(&self, shape: Shape) -> f64 {
        let sigma = self.sigma_square.max(0.0).sqrt();
        let of_shape = match shape {
            Shape::Normal => mean_absolute_normal(self.mu, sigma),
            Shape::Uniform => mean_absolute_uniform(self.mu, sigma),
        };
        self.share * self.naive + (1.0 - self.share) * of_shape
    }
}

/// The mean absolute value of a uniform variable.
fn mean_absolute_uniform(mu: f64, sigma: f64) -> f64 {
    let half = 3.0_f64.sqrt() * sigma;
    if mu >= half { mu } else { 0.5 * (mu * mu + half * half) / half }
}

/// The mean absolute value of a normal variable (Leone, Nelson and Nottingham 1961).
fn mean_absolute_normal(mu: f64, sigma: f64) -> f64 {
    if sigma <= 0.0 {
        return mu.abs();
    }
    let z = mu / sigma;
    let two_over_pi = std::f64::consts::FRAC_2_PI;
    sigma * two_over_pi.sqrt() * exp(-0.5 * z * z) + mu * (1.0 - 2.0 * normal_cdf(-z))
}
