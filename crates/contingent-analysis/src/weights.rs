//! Runs weighted by how likely they make the data.
//!
//! Enters: logarithms of likelihoods, one per run. Leaves: how many runs of equal weight the weighted ones are worth.
//! Always holds: the largest weight is taken out first, so that nothing overflows and only ratios count.

use contingent_engine::math::exp;

/// The effective number of runs when each is weighted in proportion to the exponential of its logarithm: the square of
/// the sum of the weights over the sum of their squares (Kish 1965). Runs with minus infinity have no weight; those with
/// not-a-number are not counted. 0 when no run has any weight.
///
/// ```
/// use contingent_analysis::effective_runs;
///
/// assert_eq!(effective_runs(&[-7.0, -7.0, f64::NEG_INFINITY, f64::NAN]), 2.0);
/// assert_eq!(effective_runs(&[f64::NEG_INFINITY]), 0.0);
/// ```
pub fn effective_runs(log_likelihoods: &[f64]) -> f64 {
    let largest =
        log_likelihoods.iter().copied().filter(|value| !value.is_nan()).fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return 0.0;
    }
    let weights = log_likelihoods.iter().filter(|value| !value.is_nan()).map(|value| exp(value - largest));
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    sum * sum / squares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_count_every_run_and_one_large_weight_counts_one() {
        assert_eq!(effective_runs(&[-1e6; 50]), 50.0);
        assert!((effective_runs(&[0.0, -800.0, -900.0]) - 1.0).abs() < 1e-15);
        // Weights 1, 1/2 and 1/2: 2^2 / 1.5.
        let half = -std::f64::consts::LN_2;
        assert!((effective_runs(&[0.0, half, half]) - 4.0 / 1.5).abs() < 1e-14);
        assert_eq!(effective_runs(&[]), 0.0);
    }
}
