//! What could be done: paired differences to doing nothing, as intervals around zero.
//!
//! Enters: [`Policies`]. Leaves: a figure. Always holds: rows stand in the order given; a difference that cannot be told from none
//! has a hollow mark.

use super::shared::{Axis, Frame, Measure, Span};
use crate::figure::{Figure, Table};

/// What is shown of policies.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// Where it stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// What the answer is; differences are in the same unit.
    pub measure: Measure,
    /// One row per policy.
    pub rows: Vec<PolicyBar>,
    /// The axis of differences.
    pub axis: Axis,
}

/// One policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyBar {
    /// In words.
    pub label: String,
    /// Policy minus none; absent when one side has no answer.
    pub difference: Option<f64>,
    /// Its 95% interval.
    pub interval: Option<Span>,
    /// Whether the interval leaves out zero.
    pub distinguishable: bool,
    /// The smallest and the largest difference over rival views, when it was run under them.
    pub across_views: Option<Span>,
    /// The answer under the policy in the worst view, and that view in words, where a side is known to be worse.
    pub worst: Option<(f64, String)>,
    /// Share of draws in which the outcome was higher.
    pub share_higher: f64,
    /// Share of draws in which it was lower.
    pub share_lower: f64,
}

/// Draws what policies change.
pub fn policies(data: &Policies) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
