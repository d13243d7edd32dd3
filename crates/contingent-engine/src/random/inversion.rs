//! What the inversions of count distributions share: an expansion of the quantile, and the test of its neighbours.
//!
//! Enters: cumulants of a distribution on the whole numbers and a probability. Leaves: its quantile. Always holds:
//! where the expansion cannot decide between two neighbours, the distribution function does.

use crate::math::{Lane as _, floor, normal_quantile};

/// Lanes that are worked on together by the summing loops.
pub(super) const LANES: usize = 8;

/// Lanes for which the first terms are found before any are summed: a loop without a branch, in which one lane's
/// long chain of operations hides behind those of the others.
pub(super) const STRETCH: usize = 64;

/// Most terms that are summed: the limit of the largest mean that is summed.
const MOST_TERMS: usize = 96;

/// Terms that are added between two looks whether every lane is done.
pub(super) const TERMS_BETWEEN_LOOKS: usize = 4;

/// No limit on a count is below this.
pub(super) const LEAST_LIMIT: usize = 24;

/// Of the lanes of a stretch, how many may be worked on apart from the others, which are zero on sight. With more, to
/// pick them out and to put them back costs more than it saves.
pub(super) const MOST_SPARSE: u32 = 36;

/// Room for these, in whole groups of lanes.
pub(super) const MOST_SPARSE_LANES: usize = (MOST_SPARSE as usize).next_multiple_of(LANES);

/// The bit of each lane of a stretch. Not every machine can shift lanes by unlike counts.
pub(super) static BITS: [u64; STRETCH] = {
    let mut bits = [0; STRETCH];
    let mut lane = 0;
    while lane < STRETCH {
        bits[lane] = 1 << lane;
        lane += 1;
    }
    bits
};

/// `1 / k` for `k` from 1 on, at `k - 1`: a division would take longer than the rest of a term.
pub(super) static INVERSES: [f64; MOST_TERMS] = {
    let mut inverses = [0.0; MOST_TERMS];
    let mut k = 0;
    while k < MOST_TERMS {
        inverses[k] = 1.0 / (k + 1) as f64;
        k += 1;
    }
    inverses
};

/// The first five cumulants of a distribution on the whole numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cumulants {
    pub(super) mean: f64,
    pub(super) variance: f64,
    pub(super) third: f64,
    pub(super) fourth: f64,
    pub(super) fifth: f64,
}

impl Cumulants {
    /// A continuous approximation whose whole part is the quantile, with a bound of its error.
    ///
    /// The expansion of Cornish and Fisher 1938 to third order, over cumulants corrected for lattices (Sheppard
    /// 1898); for the Poisson distribution it is expansion (9) of Giles 2016 (Algorithm 955). The error was compared
    /// with the incomplete gamma and beta functions for variances of 16 and more and |z| < 8.3: it stays below six
    /// tenths of this bound.
    fn expand(&self, u: f64) -> (f64, f64) {
        let z = normal_quantile(u);
        let spread = (self.variance - 1.0 / 12.0).sqrt();
        let square = spread * spread;
        let skewness = self.third / (square * spread);
        let kurtosis = (self.fourth + 1.0 / 120.0) / (square * square);
        let fifth = self.fifth / (square * square * spread);
        let z2 = z * z;
        let shape = z
            + skewness * (z2 - 1.0) / 6.0
            + z * (kurtosis * (z2 - 3.0) / 24.0 - skewness * skewness * (2.0 * z2 - 5.0) / 36.0)
            + fifth * (z2 * z2 - 6.0 * z2 + 3.0) / 120.0
            - skewness * kurtosis * (z2 * z2 - 5.0 * z2 + 2.0) / 24.0
            + skewness * skewness * skewness * (12.0 * z2 * z2 - 53.0 * z2 + 17.0) / 324.0;
        let position = self.mean + 0.5 + spread * shape;
        let bound = 0.01 * (1.0 + z2 * z2 * z.abs()) / (square * spread) + 1e-14 * (self.mean + square);
        (position, bound)
    }

    /// The least `k` in 0..=`largest` with `P(X <= k) >= u`, for `u` strictly between 0 and 1.
    ///
    /// `tails(k)` gives P(X <= k) and P(X > k); it is asked only where the expansion lies close to a whole number,
    /// and never where it is `None`.
    pub(super) fn quantile(&self, u: f64, largest: f64, tails: Option<impl Fn(f64) -> (f64, f64)>) -> f64 {
        let (position, bound) = self.expand(u);
        let mut count = floor(position).max(0.0).min(largest);
        let is_decided = floor(position - bound) == floor(position + bound);
        if let (false, Some(tails)) = (is_decided, tails) {
            let reaches = |k: f64| {
                let (below, above) = tails(k);
                if u <= 0.5 { below >= u } else { above <= 1.0 - u }
            };
            while count < largest && !reaches(count) {
                count += 1.0;
            }
            while count > 0.0 && reaches(count - 1.0) {
                count -= 1.0;
            }
        }
        count
    }
}

/// At most the probability that something of this mean number does not occur, `exp(-mean)`, by 1e-14, which is more
/// than the rounding errors of this and of the exponential; NaN for NaN, no bound (below zero) for means from 8 on.
///
/// `exp(-m) >= (1 - m/8)^8` for all m <= 8, since `exp(-x) >= 1 - x`.
#[inline(always)]
pub(super) fn chance_of_none(mean: f64) -> f64 {
    let eighth = 0.0_f64.greater(1.0 - 0.125 * mean);
    let quarter = eighth * eighth;
    let half = quarter * quarter;
    half * half - 1e-14
}

/// Some lanes of a stretch, by position, in two kinds.
pub(super) struct Sparse {
    /// Those of the first kind from the front, the others from the back.
    positions: [u8; STRETCH],
    n_first: usize,
    n_others: usize,
}

impl Sparse {
    /// The lanes whose bit is set; `is_first` tells of which kind a lane is.
    #[inline(always)]
    pub(super) fn new(mut lanes: u64, is_first: impl Fn(usize) -> bool) -> Self {
        let mut sparse = Self { positions: [0; STRETCH], n_first: 0, n_others: 0 };
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            lanes &= lanes - 1;
            if is_first(lane) {
                sparse.positions[sparse.n_first % STRETCH] = lane as u8;
                sparse.n_first += 1;
            } else {
                sparse.n_others += 1;
                sparse.positions[STRETCH - sparse.n_others] = lane as u8;
            }
        }
        sparse
    }

    /// Lanes of the first kind.
    #[inline(always)]
    pub(super) fn lanes(&self) -> &[u8] {
        &self.positions[..self.n_first]
    }

    /// Lanes of the other kind.
    #[inline(always)]
    pub(super) fn others(&self) -> &[u8] {
        &self.positions[STRETCH - self.n_others..]
    }
}

/// The `LANES` numbers of `input` from `start` on, which are there.
#[inline(always)]
pub(super) fn load_whole(input: &[f64], start: usize) -> [f64; LANES] {
    *input[start..].first_chunk().expect("stretches are whole groups of lanes")
}

/// The `N` numbers of `input` from `start` on, padded with `padding`.
#[inline(always)]
pub(super) fn load<const N: usize>(input: &[f64], start: usize, padding: f64) -> [f64; N] {
    let mut lanes = [padding; N];
    if input.len() - start >= N {
        lanes.copy_from_slice(&input[start..start + N]);
    } else {
        let rest = &input[start..];
        lanes[..rest.len()].copy_from_slice(rest);
    }
    lanes
}

/// Writes `lanes` into `out` from `start` on, as far as it reaches.
#[inline(always)]
pub(super) fn store<const N: usize>(out: &mut [f64], start: usize, lanes: &[f64; N]) {
    if out.len() - start >= N {
        out[start..start + N].copy_from_slice(lanes);
    } else {
        let rest = &mut out[start..];
        let n = rest.len();
        rest.copy_from_slice(&lanes[..n]);
    }
}

/// Whether the sum of some lane has not reached its uniform.
#[inline(always)]
pub(super) fn is_waiting(totals: &[f64; LANES], us: &[f64; LANES]) -> bool {
    let mut waiting = false;
    for i in 0..LANES {
        waiting |= totals[i] < us[i];
    }
    waiting
}

/// A count below 2^52 as a number: its bits under those of 2^52, less 2^52. Exact.
#[inline(always)]
pub(super) fn small_count(count: u64) -> f64 {
    f64::from_bits(0x4330_0000_0000_0000 | count) - 4_503_599_627_370_496.0
}
