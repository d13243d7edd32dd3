//! What a box amounts to among draws that had no part in the search.
//!
//! Enters: the draws in a box and those it is checked on. Leaves: coverage, density and mass with intervals, and quasi-p-values.
//! Always holds: draws, not runs, are the independent units; the figures are of the box exactly as it is written.

use contingent_engine::math::beta::incomplete_beta;

use crate::interval::{Interval, proportion_interval};

use super::table::{Target, Total};

/// A share with the 95% interval of the simulation error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// How much of what is searched for a box holds, and how purely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Of all hits, the share inside the box.
    pub coverage: Share,
    /// Of the runs inside the box, the share of hits.
    pub density: Share,
    /// Of all runs, the share inside the box.
    pub mass: f64,
    /// Draws inside the box among those that were measured.
    pub n_draws: usize,
}

/// Measures the draws in a box against all draws, both ascending. With no hit at all the coverage is 0.
pub(super) fn measure(target: &Target, members: &[u32], draws: &[u32]) -> Figures {
    let is_member = |draw: u32| members.binary_search(&draw).is_ok();
    let inside = target.total(members);
    let whole = target.total(draws);
    let covered = if whole.hits > 0.0 { inside.hits / whole.hits } else { 0.0 };
    let mut coverage = Cluster::new(covered);
    for &draw in draws {
        let hits = target.per_draw[draw as usize].hits;
        if hits > 0.0 {
            coverage.add(hits, if is_member(draw) { hits } else { 0.0 });
        }
    }
    Figures {
        coverage: coverage.share(),
        density: share_of(target, members),
        mass: if whole.runs > 0.0 { inside.runs / whole.runs } else { 0.0 },
        n_draws: members.len(),
    }
}

/// The share of hits among some draws.
pub(super) fn share_of(target: &Target, draws: &[u32]) -> Share {
    let mut cluster = Cluster::new(target.total(draws).share());
    for &draw in draws {
        let Total { runs, hits } = target.per_draw[draw as usize];
        cluster.add(runs, hits);
    }
    cluster.share()
}

/// A ratio of sums over independent draws (Cochran 1977, section 11.7), being gathered.
struct Cluster {
    ratio: f64,
    n: f64,
    whole: f64,
    residual_squares: f64,
}

impl Cluster {
    fn new(ratio: f64) -> Self {
        Self { ratio, n: 0.0, whole: 0.0, residual_squares: 0.0 }
    }

    fn add(&mut self, whole: f64, part: f64) {
        let residual = part - self.ratio * whole;
        self.n += 1.0;
        self.whole += whole;
        self.residual_squares += residual * residual;
    }

    /// The interval for a proportion with as many observations as the scatter over draws says the runs are worth.
    /// The scatter of a few hits is seen only roughly, so one pseudo-draw whose runs all agree is added to the design
    /// effect, as for the probability of a question.
    fn share(&self) -> Share {
        if self.n < 2.0 {
            return Share { value: self.ratio, interval: Interval { low: 0.0, high: 1.0 } };
        }
        let binomial = self.ratio * (1.0 - self.ratio);
        let per_draw = self.whole / self.n;
        let variance = self.n / (self.n - 1.0) * self.residual_squares / (self.whole * self.whole);
        let effect = if binomial > 0.0 {
            let seen = self.whole * variance / binomial;
            let rarer = self.ratio.min(1.0 - self.ratio) * self.whole;
            ((seen * rarer + per_draw * per_draw) / (rarer + per_draw)).max(1.0)
        } else {
            per_draw
        };
        Share { value: self.ratio, interval: proportion_interval(self.ratio, self.whole / effect).0 }
    }
}

/// How likely a box as dense as this, or denser, is by chance if membership meant nothing: the upper tail of the
/// binomial distribution with the share of hits `expected` (Bryant and Lempert 2010, appendix). Their cases are single
/// runs; here the number of observations is what the scatter over draws says the runs are worth, whole or not, which is
/// theirs with one replication of each draw.
pub(super) fn quasi_p_value(
    target: &Target,
    wider: &[u32],
    inside: Total,
    n_inside: usize,
    expected: f64,
) -> f64 {
    if inside.runs <= 0.0 || n_inside == 0 {
        return 1.0;
    }
    let density = inside.share();
    if density <= expected || expected >= 1.0 {
        return 1.0;
    }
    if expected <= 0.0 {
        return 0.0;
    }
    let total = target.total(wider);
    let mean = total.share();
    let squares: f64 = wider
        .iter()
        .map(|&draw| {
            let residual = target.per_draw[draw as usize].hits - mean * target.per_draw[draw as usize].runs;
            residual * residual
        })
        .sum();
    let variance_of_mean = squares / wider.len() as f64 * n_inside as f64 / (inside.runs * inside.runs);
    let binomial = mean * (1.0 - mean);
    let observations =
        if variance_of_mean > 0.0 { (binomial / variance_of_mean).min(inside.runs) } else { n_inside as f64 };
    let hits = density * observations;
    let misses = observations - hits;
    incomplete_beta(hits, misses + 1.0, expected)
}
