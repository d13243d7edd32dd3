//! Binomial counts by inversion of one uniform.
//!
//! Enters: numbers of trials, probabilities and uniforms. Leaves: [`binomial_quantile`] and its version over lanes,
//! with the same bits. Always holds: the count never falls when the uniform, the probability or the number of trials
//! rises (but for ties within the rounding of the distribution function, 1e-14).

use super::inversion::{
    Cumulants, INVERSES, LANES, LEAST_LIMIT, TERMS_BETWEEN_LOOKS, is_waiting, load, small_count, store,
};
use crate::math::beta::IncompleteBeta;
use crate::math::{Lane, exp_of_moderate, floor, log1p};

/// Up to this mean (of the rarer of success and failure) the terms are summed from zero.
pub(super) const LARGEST_SUMMED: f64 = 32.0;

/// Beyond this variance the expansion decides alone; see the module of the Poisson distribution.
const LARGEST_CHECKED: f64 = 1e6;

/// The least `k` with `P(X <= k) >= u` for `n` trials of probability `p`, for `u` in 0..1.
///
/// Exact up to ties within 1e-14 of `u` for variances up to a million, beyond that to the nearest neighbour. `n` is
/// rounded down, a negative one counts as zero; `p` is held within 0..1. NaN in any place gives NaN; `u` <= 0 gives
/// the least possible count and `u` >= 1 the largest.
#[inline]
pub fn binomial_quantile(n: f64, p: f64, u: f64) -> f64 {
    let trial = Trial::new(n, p, u);
    if trial.is_summed() { trial.restore(sum_terms(&trial)) } else { expand(n, p, u) }
}

/// [`binomial_quantile`] for each lane: `out[i]` from `ns[i]`, `ps[i]` and `us[i]`, with the same bits.
///
/// # Panics
/// Where the slices differ in length.
#[inline(always)]
pub fn binomial_lanes(ns: &[f64], ps: &[f64], us: &[f64], out: &mut [f64]) {
    assert!(
        ns.len() == out.len() && ps.len() == out.len() && us.len() == out.len(),
        "slices of lanes differ in length"
    );
    for start in (0..out.len()).step_by(LANES) {
        let done = binomial_chunk([load(ns, start, 0.0), load(ps, start, 0.0), load(us, start, 0.5)]);
        store(out, start, &done);
    }
}

/// One array per quantity and one loop per stage, which compilers turn into vector code.
#[inline(always)]
pub(super) fn binomial_chunk([ns, ps, us]: [[f64; LANES]; 3]) -> [f64; LANES] {
    let (mut n, mut rare, mut u) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        n[i] = Trial::new(ns[i], ps[i], us[i]).n;
    }
    for i in 0..LANES {
        rare[i] = Trial::new(ns[i], ps[i], us[i]).rare;
    }
    for i in 0..LANES {
        u[i] = Trial::new(ns[i], ps[i], us[i]).u;
    }
    let mut n_summed = 0_u64;
    for i in 0..LANES {
        n_summed += u64::from(Trial::new(ns[i], ps[i], us[i]).is_summed());
    }
    let counts = sum_terms_of_lanes(&n, &rare, &u);
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        out[i] = (0.5).select_less(ps[i], n[i] - counts[i], counts[i]);
    }
    if n_summed < LANES as u64 {
        for i in 0..LANES {
            if !Trial::new(ns[i], ps[i], us[i]).is_summed() {
                out[i] = expand(ns[i], ps[i], us[i]);
            }
        }
    }
    out
}

/// One draw, told for the rarer of success and failure.
#[derive(Clone, Copy)]
struct Trial {
    n: f64,
    /// Probability of the rarer result, at most one half.
    rare: f64,
    /// The uniform on the side of the rarer result.
    u: f64,
    /// Whether success is the commoner result.
    is_mirrored: bool,
}

impl Trial {
    #[inline(always)]
    fn new(n: f64, p: f64, u: f64) -> Self {
        // A zero loses its sign, which no count has.
        let n = floor(0.0_f64.greater(n)) + 0.0;
        let p = 1.0_f64.lesser(0.0_f64.greater(p));
        // P(X <= k) >= u says of the failures Y = n - X that P(Y <= n - k - 1) <= 1 - u. Both complements are
        // exact where they matter: p above one half, u a multiple of 2^-53.
        let is_mirrored = p > 0.5;
        Self { n, rare: (0.5).select_less(p, 1.0 - p, p), u: (0.5).select_less(p, 1.0 - u, u), is_mirrored }
    }

    /// Whether the sum of terms applies; false for NaN.
    #[inline(always)]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a branch would keep loops over lanes from being vector code"
    )]
    fn is_summed(&self) -> bool {
        (self.n * self.rare <= LARGEST_SUMMED) & (self.u > 0.0) & (self.u < 1.0)
    }

    /// The count of successes from the count of the rarer result.
    #[inline(always)]
    fn restore(&self, count: f64) -> f64 {
        if self.is_mirrored { self.n - count } else { count }
    }
}

/// `value`, or zero where the draw is not to be summed.
#[inline(always)]
fn value_within(value: f64, n: f64, rare: f64) -> f64 {
    (n * rare).select_less(LARGEST_SUMMED.next_up(), value, 0.0)
}

/// The probability that the rarer result never comes. Its logarithm is above -32 * 2 ln 2.
#[inline(always)]
fn first_term(n: f64, rare: f64) -> f64 {
    exp_of_moderate(n * log1p(-rare))
}

/// A count that is exceeded with a probability below 1e-16; rounding may keep the sum from reaching `u` there. The
/// bound of the Poisson distribution's tail holds all the more here.
#[inline(always)]
pub(super) fn limit(n: f64, rare: f64) -> f64 {
    floor(2.2 * (n * rare) + LEAST_LIMIT as f64).lesser(n)
}

/// Counts the terms, from that of zero on, that leave the sum below `u`. Each term is the one before times
/// (n + 1) odds / k - odds (Kachitvichyanukul and Schmeiser 1988).
fn sum_terms(trial: &Trial) -> f64 {
    let n = value_within(trial.n, trial.n, trial.rare);
    let rare = value_within(trial.rare, trial.n, trial.rare);
    let odds = rare / (1.0 - rare);
    add_terms_of_one(first_term(n, rare), (n + 1.0) * odds, odds, limit(n, rare), trial.u)
}

/// The count of one lane of known first term.
pub(super) fn add_terms_of_one(mut term: f64, scale: f64, odds: f64, limit: f64, u: f64) -> f64 {
    let mut total = term;
    let mut count = 0.0;
    while total < u && count < limit {
        count += 1.0;
        term *= scale * (1.0 / count) - odds;
        total += term;
    }
    count
}

/// As [`sum_terms`], for all lanes until the last is done: a finished lane's further steps change nothing, and terms
/// after the last are cut off by the limit.
#[inline(always)]
fn sum_terms_of_lanes(ns: &[f64; LANES], rares: &[f64; LANES], us: &[f64; LANES]) -> [f64; LANES] {
    let (mut n, mut rare) = ([0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        n[i] = value_within(ns[i], ns[i], rares[i]);
    }
    for i in 0..LANES {
        rare[i] = value_within(rares[i], ns[i], rares[i]);
    }
    let (mut terms, mut odds, mut scales) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        terms[i] = first_term(n[i], rare[i]);
    }
    for i in 0..LANES {
        odds[i] = rare[i] / (1.0 - rare[i]);
    }
    for i in 0..LANES {
        scales[i] = (n[i] + 1.0) * odds[i];
    }
    let (mut out, _) = add_terms(terms, &scales, &odds, us);
    for i in 0..LANES {
        out[i] = out[i].lesser(limit(n[i], rare[i]));
    }
    out
}

/// The counts of lanes of known first terms, not yet held within their limits, and whether some may be above
/// [`LEAST_LIMIT`].
#[inline(always)]
pub(super) fn add_terms(
    mut terms: [f64; LANES],
    scales: &[f64; LANES],
    odds: &[f64; LANES],
    us: &[f64; LANES],
) -> ([f64; LANES], bool) {
    let mut totals = terms;
    let mut counts = [0_u64; LANES];
    let mut n_looks = 0;
    for inverses in INVERSES.chunks_exact(TERMS_BETWEEN_LOOKS) {
        for &inverse in inverses {
            for i in 0..LANES {
                counts[i] += u64::from(totals[i] < us[i]);
                terms[i] *= scales[i] * inverse - odds[i];
                totals[i] += terms[i];
            }
        }
        n_looks += 1;
        if !is_waiting(&totals, us) {
            break;
        }
    }
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        out[i] = small_count(counts[i]);
    }
    (out, n_looks * TERMS_BETWEEN_LOOKS > LEAST_LIMIT)
}

/// Large means and arguments at or beyond the limits.
#[cold]
#[inline(never)]
fn expand(n: f64, p: f64, u: f64) -> f64 {
    if n.is_nan() || p.is_nan() || u.is_nan() {
        return f64::NAN;
    }
    let trial = Trial::new(n, p, u);
    if u <= 0.0 {
        return if p >= 1.0 { trial.n } else { 0.0 };
    }
    if u >= 1.0 {
        return if p <= 0.0 { 0.0 } else { trial.n };
    }
    if trial.n == f64::INFINITY {
        return if p <= 0.0 { 0.0 } else { f64::INFINITY };
    }
    let (n, rare) = (trial.n, trial.rare);
    let common = 1.0 - rare;
    let variance = n * rare * common;
    let asymmetry = common - rare;
    let cumulants = Cumulants {
        mean: n * rare,
        variance,
        third: variance * asymmetry,
        fourth: variance * (1.0 - 6.0 * rare * common),
        fifth: variance * asymmetry * (1.0 - 12.0 * rare * common),
    };
    let tails = |k: f64| {
        if k >= n { (1.0, 0.0) } else { IncompleteBeta::new(n - k, k + 1.0).tails(common, rare) }
    };
    trial.restore(cumulants.quantile(trial.u, n, (variance <= LARGEST_CHECKED).then_some(tails)))
}
