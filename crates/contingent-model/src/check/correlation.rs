//! Whether rank correlations can hold together.
//!
//! Enters: the correlations of the model. Leaves: a diagnostic per group of assumptions whose correlations no
//! joint distribution has. Always holds: the test is the one by which the normals behind the assumptions are
//! built, r = 2 sin(pi rho / 6) (Pearson 1907), so that a model that passes can be drawn.

use contingent_syntax::{Code, Diagnostic};

use super::Checker;
use super::collect::list;
use crate::checked::Correlation;
use crate::correlation::{cholesky, correlated_groups, pearson_matrix};

impl Checker<'_> {
    pub(super) fn check_correlations(&mut self) {
        for group in correlated_groups(&self.model) {
            if cholesky(&pearson_matrix(&self.model, &group)).is_some() {
                continue;
            }
            let within = |correlation: &Correlation| {
                group.contains(&correlation.first) && group.contains(&correlation.second)
            };
            let correlations = self.model.correlations.iter().zip(&self.correlation_spans);
            let spans: Vec<_> =
                correlations.filter(|(correlation, _)| within(correlation)).map(|(_, &span)| span).collect();
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
