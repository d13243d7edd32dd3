//! The linear algebra behind rank correlations.
//!
//! Enters: the correlations of a model. Leaves: groups of assumptions that hang together, the matrix of the normals
//! behind a group, and its Cholesky factor. Always holds: the checker and the design use the same test, so that a
//! model that passes can be drawn.

use std::f64::consts::PI;

use crate::checked::{CheckedModel, VariableId};

/// The connected components of the correlations, each sorted by name, in the order of their first names.
pub fn correlated_groups(model: &CheckedModel) -> Vec<Vec<VariableId>> {
    let mut groups: Vec<Vec<VariableId>> = Vec::new();
    for correlation in &model.correlations {
        let mut joined = vec![correlation.first, correlation.second];
        groups.retain(|group| {
            let touches = group.contains(&correlation.first) || group.contains(&correlation.second);
            if touches {
                joined.extend(group);
            }
            !touches
        });
        joined.sort_unstable();
        joined.dedup();
        groups.push(joined);
    }
    for group in &mut groups {
        group.sort_by_key(|&id| &model.variable(id).name);
    }
    groups
}

/// The matrix of Pearson correlations of the normals behind a group, from the rank correlations of the model:
/// r = 2 sin(pi rho / 6) (Pearson 1907). Pairs without a `correlate` line are uncorrelated.
pub fn pearson_matrix(model: &CheckedModel, group: &[VariableId]) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; group.len()]; group.len()];
    for (position, row) in matrix.iter_mut().enumerate() {
        row[position] = 1.0;
    }
    for correlation in &model.correlations {
        let first = group.iter().position(|&id| id == correlation.first);
        let second = group.iter().position(|&id| id == correlation.second);
        if let (Some(first), Some(second)) = (first, second) {
            let pearson = 2.0 * small_sine(PI * correlation.rank / 6.0);
            matrix[first][second] = pearson;
            matrix[second][first] = pearson;
        }
    }
    matrix
}

/// The lower Cholesky factor, row `i` with `i + 1` entries; none when the matrix is not positive definite. The
/// least pivot of 1e-10 leaves room for rounding: sums of up to a thousand terms of size one err by 1e-13.
pub fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    const LEAST_PIVOT: f64 = 1e-10;
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (i, row) in matrix.iter().enumerate() {
        let mut weights = Vec::with_capacity(i + 1);
        for j in 0..i {
            let earlier = &factor[j];
            let inner: f64 = weights.iter().zip(earlier).map(|(a, b)| a * b).sum();
            weights.push((row[j] - inner) / earlier[j]);
        }
        let pivot = row[i] - weights.iter().map(|weight| weight * weight).sum::<f64>();
        if pivot < LEAST_PIVOT {
            return None;
        }
        weights.push(pivot.sqrt());
        factor.push(weights);
    }
    Some(factor)
}

/// The sine for |x| <= pi / 6 by its Taylor series up to x^17; the first term left out is below 1e-22.
fn small_sine(x: f64) -> f64 {
    let square = x * x;
    let mut term = x;
    let mut sum = x;
    for n in 1..=8 {
        term *= -square / f64::from(2 * n * (2 * n + 1));
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_exact_to_rounding_where_it_is_used() {
        // Exact values at pi/6, pi/10 and pi/12; the tolerance is a few units in the last place of 0.5.
        let root = |x: f64| x.sqrt();
        for (x, sine) in [
            (PI / 6.0, 0.5),
            (-PI / 6.0, -0.5),
            (PI / 10.0, (root(5.0) - 1.0) / 4.0),
            (PI / 12.0, (root(6.0) - root(2.0)) / 4.0),
            (0.0, 0.0),
        ] {
            assert!((small_sine(x) - sine).abs() < 2e-16, "sine of {x}");
        }
    }

    #[test]
    fn the_factor_multiplies_back_to_the_matrix() {
        let matrix = vec![vec![1.0, 0.6, -0.3], vec![0.6, 1.0, 0.2], vec![-0.3, 0.2, 1.0]];
        let factor = cholesky(&matrix).unwrap();
        for i in 0..3 {
            for j in 0..=i {
                let product: f64 = factor[i].iter().zip(&factor[j]).map(|(a, b)| a * b).sum();
                assert!((product - matrix[i][j]).abs() < 1e-15, "entry {i}, {j}");
            }
        }
    }

    #[test]
    fn a_matrix_that_contradicts_itself_has_no_factor() {
        let matrix = vec![vec![1.0, 0.9, -0.9], vec![0.9, 1.0, 0.9], vec![-0.9, 0.9, 1.0]];
        assert!(cholesky(&matrix).is_none());
    }
}
