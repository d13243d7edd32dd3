//! Poisson counts by inversion of one uniform.
//!
//! Enters: means and uniforms. Leaves: [`poisson_quantile`] and its version over lanes, with the same bits. Always
//! holds: the count never falls when the uniform or the mean rises (but for ties within the rounding of the
//! distribution function, 1e-14), which keeps common random numbers common.

use super::inversion::{
    BITS, Cumulants, INVERSES, LANES, LEAST_LIMIT, MOST_SPARSE, MOST_SPARSE_LANES, STRETCH, Sparse,
    TERMS_BETWEEN_LOOKS, chance_of_none, is_waiting, load, load_whole, small_count, store,
};
use crate::math::gamma::IncompleteGamma;
use crate::math::{Lane, exp_of_moderate, floor};

/// Up to this mean the terms are summed from zero; beyond it an expansion is cheaper.
const LARGEST_SUMMED: f64 = 32.0;

/// Beyond this mean the expansion decides alone: its error there is below 1e-6 of a count even at |z| = 8.3, and
/// the incomplete gamma function would hardly know better.
const LARGEST_CHECKED: f64 = 1e6;

/// The least `k` with `P(X <= k) >= u` for a Poisson variable of this `mean`, for `u` in 0..1.
///
/// Exact up to ties within 1e-14 of `u` for means up to a million, beyond that to the nearest neighbour. A mean of
/// zero or less gives zero, NaN on either side gives NaN, an infinite mean infinity; `u` <= 0 gives zero, `u` >= 1
/// infinity.
#[inline]
pub fn poisson_quantile(mean: f64, u: f64) -> f64 {
    if is_summed(mean, u) { sum_terms(mean, u) } else { expand(mean, u) }
}

/// [`poisson_quantile`] for each lane: `out[i]` from `means[i]` and `us[i]`, with the same bits.
///
/// # Panics
/// Where the slices differ in length.
#[inline(always)]
pub fn poisson_lanes(means: &[f64], us: &[f64], out: &mut [f64]) {
    assert!(means.len() == out.len() && us.len() == out.len(), "slices of lanes differ in length");
    let (means, last_means) = means.as_chunks::<STRETCH>();
    let (us, last_us) = us.as_chunks::<STRETCH>();
    let (out, last_out) = out.as_chunks_mut::<STRETCH>();
    for ((means, us), out) in means.iter().zip(us).zip(out) {
        counts_of_stretch(means, us, out);
    }
    if !last_out.is_empty() {
        let mut counts = [0.0; STRETCH];
        counts_of_stretch(&load(last_means, 0, 0.0), &load(last_us, 0, 0.5), &mut counts);
        store(last_out, 0, &counts);
    }
}

/// Lanes whose count is zero on sight are left out where they are many; the others then stand close together.
#[inline(always)]
fn counts_of_stretch(means: &[f64; STRETCH], us: &[f64; STRETCH], out: &mut [f64; STRETCH]) {
    let mut open = 0_u64;
    for i in 0..STRETCH {
        open |= if is_surely_zero(means[i], us[i]) { 0 } else { BITS[i] };
    }
    if open.count_ones() > MOST_SPARSE {
        return counts_of_all(means, us, out);
    }
    *out = [0.0; STRETCH];
    let sparse = Sparse::new(open, |i| is_summed(means[i], us[i]));
    for &i in sparse.others() {
        out[usize::from(i)] = expand(means[usize::from(i)], us[usize::from(i)]);
    }
    let (mut within, mut terms, mut open_us) =
        ([0.0; MOST_SPARSE_LANES], [0.0; MOST_SPARSE_LANES], [0.0; MOST_SPARSE_LANES]);
    for (position, &i) in sparse.lanes().iter().enumerate() {
        within[position] = mean_within(means[usize::from(i)]);
        open_us[position] = us[usize::from(i)];
    }
    let n = sparse.lanes().len().next_multiple_of(LANES);
    for (term, mean) in terms[..n].iter_mut().zip(&within[..n]) {
        *term = exp_of_moderate(-*mean);
    }
    let mut counts = [0.0; MOST_SPARSE_LANES];
    for start in (0..n).step_by(LANES) {
        sum_terms_of_lanes(
            load_whole(&within, start),
            load_whole(&terms, start),
            &load_whole(&open_us, start),
            &mut counts[start..],
        );
    }
    for (&i, &count) in sparse.lanes().iter().zip(&counts) {
        out[usize::from(i)] = count;
    }
}

/// One loop per stage, which compilers turn into vector code.
#[inline(always)]
fn counts_of_all(means: &[f64; STRETCH], us: &[f64; STRETCH], out: &mut [f64; STRETCH]) {
    let (mut within, mut terms) = ([0.0; STRETCH], [0.0; STRETCH]);
    let mut n_summed = 0_u64;
    for i in 0..STRETCH {
        within[i] = mean_within(means[i]);
        terms[i] = exp_of_moderate(-within[i]);
        n_summed += u64::from(is_summed(means[i], us[i]));
    }
    for start in (0..STRETCH).step_by(LANES) {
        sum_terms_of_lanes(
            load_whole(&within, start),
            load_whole(&terms, start),
            &load_whole(us, start),
            &mut out[start..],
        );
    }
    if n_summed < STRETCH as u64 {
        for i in 0..STRETCH {
            if !is_summed(means[i], us[i]) {
                out[i] = expand(means[i], us[i]);
            }
        }
    }
}

/// Whether the sum of terms applies; false for NaN.
#[inline(always)]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch would keep loops over lanes from being vector code"
)]
fn is_summed(mean: f64, u: f64) -> bool {
    (mean <= LARGEST_SUMMED) & (u < 1.0)
}

/// Whether the count is certainly zero; false for NaN.
#[inline(always)]
fn is_surely_zero(mean: f64, u: f64) -> bool {
    u <= chance_of_none(mean)
}

/// The mean to be summed over: zero where the mean is negative or is not to be summed.
#[inline(always)]
fn mean_within(mean: f64) -> f64 {
    mean.select_less(LARGEST_SUMMED.next_up(), mean, 0.0).greater(0.0)
}

/// A count that is exceeded with a probability below 1e-16; rounding may keep the sum from reaching `u` there.
#[inline(always)]
fn limit(mean: f64) -> f64 {
    floor(2.2 * mean + LEAST_LIMIT as f64)
}

/// Counts the terms, from that of zero on, that leave the sum below `u`.
fn sum_terms(mean: f64, u: f64) -> f64 {
    let mean = mean_within(mean);
    let limit = limit(mean);
    let mut term = exp_of_moderate(-mean);
    let mut total = term;
    let mut count = 0.0;
    while total < u && count < limit {
        count += 1.0;
        term *= mean * (1.0 / count);
        total += term;
    }
    count
}

/// As [`sum_terms`], for lanes of known first terms until the last is done: a finished lane's further steps change
/// nothing. Writes the first places of `out`.
#[inline(always)]
fn sum_terms_of_lanes(means: [f64; LANES], mut terms: [f64; LANES], us: &[f64; LANES], out: &mut [f64]) {
    let mut totals = terms;
    let mut counts = [0_u64; LANES];
    let mut n_looks = 0;
    for inverses in INVERSES.chunks_exact(TERMS_BETWEEN_LOOKS) {
        for &inverse in inverses {
            for i in 0..LANES {
                counts[i] += u64::from(totals[i] < us[i]);
                terms[i] *= means[i] * inverse;
                totals[i] += terms[i];
            }
        }
        n_looks += 1;
        if !is_waiting(&totals, us) {
            break;
        }
    }
    for i in 0..LANES {
        out[i] = small_count(counts[i]);
    }
    if n_looks * TERMS_BETWEEN_LOOKS > LEAST_LIMIT {
        for i in 0..LANES {
            out[i] = out[i].lesser(limit(means[i]));
        }
    }
}

/// Large means and arguments at or beyond the limits.
#[cold]
#[inline(never)]
fn expand(mean: f64, u: f64) -> f64 {
    if mean.is_nan() || u.is_nan() {
        return f64::NAN;
    }
    if mean <= 0.0 || u <= 0.0 {
        return 0.0;
    }
    if u >= 1.0 || mean == f64::INFINITY {
        return f64::INFINITY;
    }
    let cumulants = Cumulants { mean, variance: mean, third: mean, fourth: mean, fifth: mean };
    let tails = |k: f64| {
        let (above, below) = IncompleteGamma::new(k + 1.0).tails(mean);
        (below, above)
    };
    cumulants.quantile(u, f64::INFINITY, (mean <= LARGEST_CHECKED).then_some(tails))
}
