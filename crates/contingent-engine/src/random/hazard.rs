//! Binomial counts of those whom a hazard reaches, by inversion of one uniform.
//!
//! Enters: numbers exposed, hazards cumulated over the exposure, and uniforms. Leaves: [`binomial_at_hazard_quantile`]
//! and its version over lanes, with the same bits. Always holds: the count is that of the binomial distribution with
//! probability `1 - exp(-hazard)`, and never falls when the uniform, the hazard or the number exposed rises (but for
//! ties within the rounding of the distribution function, 1e-14).

use std::f64::consts::LN_2;

use super::binomial::{
    LARGEST_SUMMED, add_terms, add_terms_of_one, binomial_chunk, binomial_quantile, limit,
};
use super::inversion::{LANES, STRETCH, load, store};
use crate::math::{Lane, exp_of_moderate, expm1, floor};

/// The least `k` with `P(X <= k) >= u` for `n` trials of probability `1 - exp(-hazard)`, for `u` in 0..1.
///
/// A hazard is the negated logarithm of the probability to be spared, so where success is the rarer result its
/// binomial terms need no logarithm. A negative hazard counts as zero; otherwise limits, NaN and accuracy are those
/// of [`binomial_quantile`].
#[inline]
pub fn binomial_at_hazard_quantile(n: f64, hazard: f64, u: f64) -> f64 {
    let exposed = Exposed::new(n, hazard);
    if !exposed.is_direct(u) {
        return binomial_quantile(n, exposed.probability(), u);
    }
    let odds = exposed.odds();
    let scale = (exposed.n + 1.0) * odds;
    add_terms_of_one(exposed.first_term(), scale, odds, limit(exposed.n, exposed.hazard), u)
}

/// [`binomial_at_hazard_quantile`] for each lane: `out[i]` from `ns[i]`, `hazards[i]` and `us[i]`, with the same bits.
///
/// # Panics
/// Where the slices differ in length.
#[inline(always)]
pub fn binomial_at_hazard_lanes(ns: &[f64], hazards: &[f64], us: &[f64], out: &mut [f64]) {
    assert!(
        ns.len() == out.len() && hazards.len() == out.len() && us.len() == out.len(),
        "slices of lanes differ in length"
    );
    for start in (0..out.len()).step_by(STRETCH) {
        let counts =
            counts_of_stretch(&load(ns, start, 0.0), &load(hazards, start, 0.0), &load(us, start, 0.5));
        store(out, start, &counts);
    }
}

/// One loop per stage, which compilers turn into vector code.
#[inline(always)]
fn counts_of_stretch(ns: &[f64; STRETCH], hazards: &[f64; STRETCH], us: &[f64; STRETCH]) -> [f64; STRETCH] {
    let (mut n, mut hazard) = ([0.0; STRETCH], [0.0; STRETCH]);
    let mut n_direct = 0_u64;
    for i in 0..STRETCH {
        let within = Exposed::new(ns[i], hazards[i]).within();
        (n[i], hazard[i]) = (within.n, within.hazard);
        n_direct += u64::from(Exposed::new(ns[i], hazards[i]).is_direct(us[i]));
    }
    let (mut terms, mut odds) = ([0.0; STRETCH], [0.0; STRETCH]);
    for i in 0..STRETCH {
        terms[i] = Exposed { n: n[i], hazard: hazard[i] }.first_term();
    }
    for i in 0..STRETCH {
        odds[i] = Exposed { n: n[i], hazard: hazard[i] }.odds();
    }
    let (mut scales, mut limits) = ([0.0; STRETCH], [0.0; STRETCH]);
    for i in 0..STRETCH {
        scales[i] = (n[i] + 1.0) * odds[i];
        limits[i] = limit(n[i], hazard[i]);
    }
    let mut out = [0.0; STRETCH];
    for start in (0..STRETCH).step_by(LANES) {
        let counts = add_terms(
            load(&terms, start, 0.0),
            &load(&scales, start, 0.0),
            &load(&odds, start, 0.0),
            &load(&limits, start, 0.0),
            &load(us, start, 0.0),
        );
        store(&mut out, start, &counts);
    }
    if n_direct < STRETCH as u64 {
        replace_others(ns, hazards, us, &mut out);
    }
    out
}

/// The counts of the lanes in which success is not rare, or too frequent to be summed.
#[inline(always)]
fn replace_others(
    ns: &[f64; STRETCH],
    hazards: &[f64; STRETCH],
    us: &[f64; STRETCH],
    out: &mut [f64; STRETCH],
) {
    for start in (0..STRETCH).step_by(LANES) {
        let (n, u): ([f64; LANES], [f64; LANES]) = (load(ns, start, 0.0), load(us, start, 0.0));
        let mut p: [f64; LANES] = load(hazards, start, 0.0);
        let mut is_direct = [true; LANES];
        for i in 0..LANES {
            let exposed = Exposed::new(n[i], p[i]);
            (p[i], is_direct[i]) = (exposed.probability(), exposed.is_direct(u[i]));
        }
        if is_direct == [true; LANES] {
            continue;
        }
        let counts = binomial_chunk([n, p, u]);
        for i in 0..LANES {
            if !is_direct[i] {
                out[start + i] = counts[i];
            }
        }
    }
}

/// What is drawn from.
#[derive(Clone, Copy)]
struct Exposed {
    n: f64,
    hazard: f64,
}

impl Exposed {
    #[inline(always)]
    fn new(n: f64, hazard: f64) -> Self {
        Self { n: floor(0.0_f64.greater(n)), hazard: 0.0_f64.greater(hazard) }
    }

    /// Whether success is the rarer result and the sum of its terms applies; false for NaN.
    #[inline(always)]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a branch would keep loops over lanes from being vector code"
    )]
    fn is_direct(self, u: f64) -> bool {
        (self.n * self.hazard <= LARGEST_SUMMED) & (self.hazard <= LN_2) & (u > 0.0) & (u < 1.0)
    }

    /// The same where the sum of terms applies, else nobody.
    #[inline(always)]
    fn within(self) -> Self {
        let is_rare = self.hazard.select_less(LN_2.next_up(), 1.0, 0.0);
        let is_direct = (self.n * self.hazard).select_less(LARGEST_SUMMED.next_up(), is_rare, 0.0);
        let value = |value: f64| (0.5).select_less(is_direct, value, 0.0);
        Self { n: value(self.n), hazard: value(self.hazard) }
    }

    /// The probability of success.
    #[inline(always)]
    fn probability(self) -> f64 {
        -expm1(-self.hazard)
    }

    /// The probability that nobody is reached, where the sum of terms applies.
    #[inline(always)]
    fn first_term(self) -> f64 {
        exp_of_moderate(-(self.n * self.hazard))
    }

    /// The probability of success over that of failure.
    #[inline(always)]
    fn odds(self) -> f64 {
        expm1(self.hazard)
    }
}
