//! A small keyed generator and ensembles with known answers, for the validation tests.

#![allow(dead_code, reason = "each test file uses a part")]

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
