//! Bootstrap of means: what the means of many terms over the points of a design would have been with other points.
//!
//! Enters: a table of terms, one row per point. Leaves: per replicate the sum of each term over resampled points. Always
//! holds: a replicate depends on the seed and its position alone, so threads change nothing; whatever is a ratio of sums
//! needs no normalising.
//!
//! Weights are independent with mean 1 and variance 1, all but Poisson (exchangeable weights: Præstgaard and Wellner
//! 1993), instead of counts of a multinomial draw: points then need no sorting and a replicate is one pass over memory.

use contingent_engine::random::mix;
#[cfg(feature = "native")]
use rayon::prelude::*;

/// The largest number of points that are resampled one by one. Beyond, neighbours are resampled together: points are
/// exchangeable, so the variance of a mean is the same, and 2,000 blocks tell a standard error to 2%.
const MOST_ROWS: usize = 4_096;

/// Replicates that share one pass over the terms; their sums stay in the first-level cache.
const N_TOGETHER: usize = 8;

/// Poisson probabilities with mean 1 in 256ths, rounded so that the mean is 1; the variance is 1.008.
const CUMULATIVE: [u16; 5] = [95, 188, 235, 251, 255];

/// How bootstrap intervals are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootstrapOptions {
    /// Replicates.
    pub n_replicates: usize,
    /// Key of the weights.
    pub seed: u64,
}

impl Default for BootstrapOptions {
    fn default() -> Self {
        Self { n_replicates: 1_000, seed: 1 }
    }
}

/// A number that is made of sums of terms: it is given what the sum of a term is.
pub(crate) type Figure<'a> = &'a dyn Fn(&dyn Fn(usize) -> f64) -> f64;

/// Terms, one row per point.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    n_terms: usize,
    values: Vec<f64>,
}

impl Terms {
    pub(crate) fn new(n_terms: usize, values: Vec<f64>) -> Self {
        assert!(n_terms > 0 && values.len().is_multiple_of(n_terms), "whole rows");
        Self { n_terms, values }
    }

    pub(crate) fn n_points(&self) -> usize {
        self.values.len() / self.n_terms
    }

    /// Sum of each term over all points.
    pub(crate) fn sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_terms];
        for row in self.values.chunks_exact(self.n_terms) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        sums
    }

    /// The terms of each point.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.n_terms)
    }

    /// What a figure of the sums would be without each point in turn, less what it is.
    pub(crate) fn without_each(&self, figure: Figure<'_>, sums: &[f64]) -> impl Iterator<Item = f64> {
        let value = figure(&|term| sums[term]);
        self.rows().map(move |row| figure(&|term| sums[term] - row[term]) - value)
    }

    /// Mean of a term and the standard error of that mean.
    pub(crate) fn mean_and_error(&self, term: usize) -> (f64, f64) {
        let n = self.n_points() as f64;
        let of_term = || self.values.iter().skip(term).step_by(self.n_terms);
        let mean = of_term().sum::<f64>() / n;
        let squares: f64 = of_term().map(|value| (value - mean) * (value - mean)).sum();
        (mean, (squares / (n - 1.0) / n).sqrt())
    }

    /// Rows summed in blocks of neighbours.
    fn summed_by(&self, n_together: usize) -> Self {
        let blocks = self.values.chunks(n_together * self.n_terms);
        let values = blocks.flat_map(|block| {
            let mut sums = vec![0.0; self.n_terms];
            for row in block.chunks_exact(self.n_terms) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += value;
                }
            }
            sums
        });
        Self { n_terms: self.n_terms, values: values.collect() }
    }

    /// The sums of `options.n_replicates` resampled sets of points, one after the other.
    pub(crate) fn resampled(&self, options: BootstrapOptions) -> Vec<f64> {
        let n_together = self.n_points().div_ceil(MOST_ROWS);
        if n_together > 1 {
            return self.summed_by(n_together).resampled(options);
        }
        let table = weight_of_byte();
        let mut sums = vec![0.0; options.n_replicates * self.n_terms];
        let resample = |(position, sums): (usize, &mut [f64])| {
            let key = mix(mix(options.seed ^ 0x626f_6f74) ^ position as u64);
            for (point, row) in self.values.chunks_exact(self.n_terms).enumerate() {
                let bytes = mix(key ^ (point as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_le_bytes();
                for (sums, byte) in sums.chunks_exact_mut(self.n_terms).zip(bytes) {
                    let weight = table[usize::from(byte)];
                    for (sum, value) in sums.iter_mut().zip(row) {
                        *sum += weight * value;
                    }
                }
            }
        };
        #[cfg(feature = "native")]
        sums.par_chunks_mut(N_TOGETHER * self.n_terms).enumerate().for_each(resample);
        #[cfg(not(feature = "native"))]
        sums.chunks_mut(N_TOGETHER * self.n_terms).enumerate().for_each(resample);
        sums
    }
}

fn weight_of_byte() -> [f64; 256] {
    std::array::from_fn(|byte| CUMULATIVE.iter().filter(|&&bound| byte >= usize::from(bound)).count() as f64)
}

/// Standard deviation of the replicates of one figure.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 2 {
        return f64::INFINITY;
    }
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_mean_one_and_nearly_variance_one() {
        let table = weight_of_byte();
        let mean = table.iter().sum::<f64>() / 256.0;
        let variance = table.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() / 256.0;
        assert_eq!(mean, 1.0);
        assert!((variance - 1.0).abs() < 0.01, "{variance}");
    }

    #[test]
    fn blocks_of_neighbours_leave_the_standard_error() {
        // 20,000 points of -1, 0, 1, 0 and so on, shuffled: the standard deviation of the mean is sqrt(1/2) / sqrt(20,000).
        let wave = |i: u64| [-1.0, 0.0, 1.0, 0.0][(mix(i) % 4) as usize];
        let terms = Terms::new(2, (0..20_000).flat_map(|i| [wave(i), 1.0]).collect());
        let options = BootstrapOptions { n_replicates: 4_000, seed: 2 };
        let sums = terms.resampled(options);
        let means: Vec<f64> = sums.chunks_exact(2).map(|sums| sums[0] / sums[1]).collect();
        let error = deviation(&means);
        assert!((error / 0.005 - 1.0).abs() < 0.06, "{error}");
        let total = terms.summed_by(5).sums();
        assert_eq!((total[1], terms.summed_by(7).n_points()), (20_000.0, 2_858));
    }

    #[test]
    fn the_bootstrap_of_a_mean_has_its_standard_error_for_any_number_of_threads() {
        // 0, 1, ..., 999 and its negative: the standard deviation of the mean is 288.7 / sqrt(1000) = 9.13; 4,000
        // replicates tell it to 1.1%.
        let values: Vec<f64> = (0..1_000).flat_map(|i| [f64::from(i), -f64::from(i), 1.0]).collect();
        let terms = Terms::new(3, values);
        let options = BootstrapOptions { n_replicates: 4_000, seed: 5 };
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads start");
        let sums = pool(1).install(|| terms.resampled(options));
        assert_eq!(sums, pool(3).install(|| terms.resampled(options)));
        let means: Vec<f64> = sums.chunks_exact(3).map(|sums| sums[0] / sums[2]).collect();
        let error = deviation(&means);
        assert!((error / 9.13 - 1.0).abs() < 0.05, "{error}");
    }
}
