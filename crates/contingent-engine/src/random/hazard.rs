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
use super::inversion::{
    BITS, LANES, MOST_SPARSE, MOST_SPARSE_LANES, STRETCH, Sparse, chance_of_none, load, load_whole, store,
};
use crate::math::{Lane, exp_of_moderate, expm1, floor};

/// Of the lanes that are worked on apart, how many may have to be drawn one by one.
const MOST_SPARSE_OTHERS: u32 = 4;

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
    let (ns, last_ns) = ns.as_chunks::<STRETCH>();
    let (hazards, last_hazards) = hazards.as_chunks::<STRETCH>();
    let (us, last_us) = us.as_chunks::<STRETCH>();
    let (out, last_out) = out.as_chunks_mut::<STRETCH>();
    for (((ns, hazards), us), out) in ns.iter().zip(hazards).zip(us).zip(out) {
        counts_of_stretch(ns, hazards, us, out);
    }
    if !last_out.is_empty() {
        let mut counts = [0.0; STRETCH];
        let (ns, hazards) = (load(last_ns, 0, 0.0), load(last_hazards, 0, 0.0));
        counts_of_stretch(&ns, &hazards, &load(last_us, 0, 0.5), &mut counts);
        store(last_out, 0, &counts);
    }
}

/// Lanes whose count is zero on sight are left out where they are many; the others then stand close together.
#[inline(always)]
fn counts_of_stretch(
    ns: &[f64; STRETCH],
    hazards: &[f64; STRETCH],
    us: &[f64; STRETCH],
    out: &mut [f64; STRETCH],
) {
    let (mut open, mut direct) = (0_u64, 0_u64);
    for i in 0..STRETCH {
        open |= if is_surely_zero(ns[i], hazards[i], us[i]) { 0 } else { BITS[i] };
        direct |= if Exposed::new(ns[i], hazards[i]).is_direct(us[i]) { BITS[i] } else { 0 };
    }
    if open.count_ones() > MOST_SPARSE || (open & !direct).count_ones() > MOST_SPARSE_OTHERS {
        return counts_of_all(ns, hazards, us, out);
    }
    *out = [0.0; STRETCH];
    let sparse = Sparse::new(open, |i| direct >> i & 1 == 1);
    for &i in sparse.others() {
        let i = usize::from(i);
        out[i] = binomial_at_hazard_quantile(ns[i], hazards[i], us[i]);
    }
    let (mut n, mut hazard, mut u) =
        ([0.0; MOST_SPARSE_LANES], [0.0; MOST_SPARSE_LANES], [0.0; MOST_SPARSE_LANES]);
    for (position, &i) in sparse.lanes().iter().enumerate() {
        let exposed = Exposed::new(ns[usize::from(i)], hazards[usize::from(i)]);
        (n[position], hazard[position], u[position]) = (exposed.n, exposed.hazard, us[usize::from(i)]);
    }
    let n_open = sparse.lanes().len().next_multiple_of(LANES);
    let mut counts = [0.0; MOST_SPARSE_LANES];
    counts_of_direct(&n[..n_open], &hazard[..n_open], &u[..n_open], &mut counts[..n_open]);
    for (&i, &count) in sparse.lanes().iter().zip(&counts) {
        out[usize::from(i)] = count;
    }
}

/// As [`counts_of_stretch`], for all lanes alike.
#[inline(always)]
fn counts_of_all(
    ns: &[f64; STRETCH],
    hazards: &[f64; STRETCH],
    us: &[f64; STRETCH],
    out: &mut [f64; STRETCH],
) {
    let (mut n, mut hazard) = ([0.0; STRETCH], [0.0; STRETCH]);
    let mut n_direct = 0_u64;
    for i in 0..STRETCH {
        let within = Exposed::new(ns[i], hazards[i]).within();
        (n[i], hazard[i]) = (within.n, within.hazard);
        n_direct += u64::from(Exposed::new(ns[i], hazards[i]).is_direct(us[i]));
    }
    counts_of_direct(&n, &hazard, us, out);
    if n_direct < STRETCH as u64 {
        replace_others(ns, hazards, us, out);
    }
}

/// The counts where success is rare enough; whole groups of lanes, a stretch of them at most. One loop per stage, which
/// compilers turn into vector code.
#[inline(always)]
fn counts_of_direct(n: &[f64], hazard: &[f64], us: &[f64], out: &mut [f64]) {
    let (mut terms, mut odds, mut scales) = ([0.0; STRETCH], [0.0; STRETCH], [0.0; STRETCH]);
    for ((term, &n), &hazard) in terms.iter_mut().zip(n).zip(hazard) {
        *term = Exposed { n, hazard }.first_term();
    }
    for ((odds, &n), &hazard) in odds.iter_mut().zip(n).zip(hazard) {
        *odds = Exposed { n, hazard }.odds();
    }
    for ((scale, &n), &odds) in scales.iter_mut().zip(n).zip(&odds) {
        *scale = (n + 1.0) * odds;
    }
    for start in (0..out.len()).step_by(LANES) {
        let n = load_whole(n, start);
        let (counts, is_long) = add_terms(
            load_whole(&terms, start),
            &load_whole(&scales, start),
            &load_whole(&odds, start),
            &load_whole(us, start),
        );
        for i in 0..LANES {
            out[start + i] = counts[i].lesser(n[i]);
        }
        if is_long {
            for i in 0..LANES {
                out[start + i] = out[start + i].lesser(limit(n[i], hazard[start + i]));
            }
        }
    }
}

/// Whether the count is certainly zero; false for NaN. For so few expected, the expansion is never asked.
#[inline(always)]
fn is_surely_zero(n: f64, hazard: f64, u: f64) -> bool {
    (u > 0.0) & (u <= chance_of_none(0.0_f64.greater(n) * 0.0_f64.greater(hazard)))
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
        // A zero loses its sign, which no count has.
        Self { n: floor(0.0_f64.greater(n)) + 0.0, hazard: 0.0_f64.greater(hazard) }
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
