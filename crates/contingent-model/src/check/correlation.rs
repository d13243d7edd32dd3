//! Whether rank correlations can hold together.
//!
//! Enters: the correlations of the model. Leaves: a diagnostic per group of assumptions whose correlations no
//! joint distribution has. Always holds: the test is the one by which the normals behind the assumptions are
//! built, r = 2 sin(pi rho / 6) (Pearson 1907), so that a model that passes can be drawn.

use std::f64::consts::PI;

use contingent_syntax::{Code, Diagnostic};

use super::Checker;
use super::collect::list;
use crate::checked::VariableId;

/// The least pivot of the factor: sums of up to a thousand terms of size one err by 1e-13.
const LEAST_PIVOT: f64 = 1e-10;

impl Checker<'_> {
    pub(super) fn check_correlations(&mut self) {
        let mut groups: Vec<Vec<VariableId>> = Vec::new();
        for correlation in &self.model.correlations {
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
        for group in groups {
            let position = |id| group.iter().position(|&member| member == id);
            let mut matrix = vec![vec![0.0; group.len()]; group.len()];
            let mut spans = Vec::new();
            for (k, row) in matrix.iter_mut().enumerate() {
                row[k] = 1.0;
            }
            for (correlation, &span) in self.model.correlations.iter().zip(&self.correlation_spans) {
                if let (Some(i), Some(j)) = (position(correlation.first), position(correlation.second)) {
                    let pearson = 2.0 * small_sine(PI * correlation.rank / 6.0);
                    (matrix[i][j], matrix[j][i]) = (pearson, pearson);
                    spans.push(span);
                }
            }
            if is_positive_definite(&matrix) {
                continue;
            }
            let names: Vec<String> = group.iter().map(|&id| self.model.variable(id).name.clone()).collect();
            let Some((&last, rest)) = spans.split_last() else { continue };
            let headline = format!("the correlations of {} contradict each other", list(&names));
            let mut diagnostic =
                Diagnostic::error(Code::InvalidCorrelation, headline, last, "cannot hold with the others")
                    .help("bring them closer to 0: what is alike must be alike to the same things");
            for &span in rest {
                diagnostic = diagnostic.and(span, "one of them");
            }
            self.report(diagnostic);
        }
    }
}

/// Whether a symmetric matrix has a Cholesky factor.
fn is_positive_definite(matrix: &[Vec<f64>]) -> bool {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (i, row) in matrix.iter().enumerate() {
        let mut weights: Vec<f64> = Vec::with_capacity(i + 1);
        for (j, earlier) in factor.iter().enumerate() {
            let inner: f64 = weights.iter().zip(earlier).map(|(a, b)| a * b).sum();
            weights.push((row[j] - inner) / earlier[j]);
        }
        let pivot = row[i] - weights.iter().map(|weight| weight * weight).sum::<f64>();
        if pivot < LEAST_PIVOT {
            return false;
        }
        weights.push(pivot.sqrt());
        factor.push(weights);
    }
    true
}

/// The sine for |x| <= pi / 6 by its Taylor series up to x^17; the first term left out is below 1e-22.
fn small_sine(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..=8 {
        term *= -(x * x) / f64::from(2 * n * (2 * n + 1));
        sum += term;
    }
    sum
}
