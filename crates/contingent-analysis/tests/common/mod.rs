//! A small keyed generator and ensembles with known answers, for the validation tests.

#![allow(dead_code, reason = "each test file uses a part")]

use rayon::prelude::*;

/// One result per ensemble, in their order, whatever the number of threads.
pub(crate) fn over<T: Send>(n_ensembles: u64, one: impl Fn(u64) -> T + Send + Sync) -> Vec<T> {
    (0..n_ensembles).into_par_iter().map(one).collect()
}

/// The share of ensembles in which something holds.
pub(crate) fn share_of(n_ensembles: u64, holds: impl Fn(u64) -> bool + Send + Sync) -> f64 {
    over(n_ensembles, holds).into_iter().filter(|&held| held).count() as f64 / n_ensembles as f64
}

/// The share of ensembles in which each of several things holds.
pub(crate) fn shares_of<const N: usize>(
    n_ensembles: u64,
    holds: impl Fn(u64) -> [bool; N] + Send + Sync,
) -> [f64; N] {
    let all = over(n_ensembles, holds);
    std::array::from_fn(|place| all.iter().filter(|held| held[place]).count() as f64 / n_ensembles as f64)
}

/// `SplitMix64` (Steele, Lea and Flood 2014): enough for tests, fixed by its seed.
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on the open interval 0..1.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    pub(crate) fn bernoulli(&mut self, p: f64) -> f64 {
        f64::from(u8::from(self.uniform() < p))
    }

    pub(crate) fn normal(&mut self) -> f64 {
        contingent_engine::math::normal_quantile(self.uniform())
    }
}

/// Draws x uniform on the cube, one column per assumption.
pub(crate) fn cube(stream: &mut Stream, n_assumptions: usize, n_draws: usize) -> Vec<Vec<f64>> {
    (0..n_assumptions).map(|_| (0..n_draws).map(|_| stream.uniform()).collect()).collect()
}

/// 0/1 outcomes with m replications per draw of the probability that `p` gives.
pub(crate) fn happen(stream: &mut Stream, probabilities: &[f64], m: usize) -> Vec<f64> {
    probabilities.iter().flat_map(|&p| (0..m).map(move |_| p)).map(|p| stream.bernoulli(p)).collect()
}

/// Checks a share against bounds, with the share in the message.
pub(crate) fn within(what: &str, share: f64, low: f64, high: f64) {
    #[expect(clippy::print_stdout, reason = "the measured numbers are read with --nocapture")]
    {
        println!("{what}: {share:.4} (bounds {low} to {high})");
    }
    assert!(share >= low && share <= high, "{what}: {share} is outside {low}..{high}");
}
