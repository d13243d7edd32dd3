//! The checked model as text: every name with its kind, unit and, for assumptions, the shape chosen.
//!
//! Enters: a checked model. Leaves: text. Always holds: one line per declaration, in model order.

use std::fmt::Write as _;

use contingent_engine::quantile::quantile;
use contingent_model::{CheckedModel, Distribution, VariableKind};

/// A listing of the model.
pub fn model(model: &CheckedModel) -> String {
    let mut text = String::new();
    let clock = &model.clock;
    let _ = writeln!(
        text,
        "model \"{}\"\n  {} steps of {} {}\n  hash {}",
        model.title, clock.n_steps, clock.dt, clock.time_unit, model.hash
    );
    for variable in &model.variables {
        let subscripts: Vec<&str> =
            variable.subscripts.iter().map(|id| model.subscripts[id.index()].name.as_str()).collect();
        let index = if subscripts.is_empty() { String::new() } else { format!("[{}]", subscripts.join(",")) };
        let kind = match &variable.kind {
            VariableKind::Assumption { .. } => "assume",
            VariableKind::Lever { .. } => "lever",
            VariableKind::Mechanism { .. } => "mechanism",
            VariableKind::Stock { whole: true, .. } => "whole stock",
            VariableKind::Stock { signed: true, .. } => "signed stock",
            VariableKind::Stock { .. } => "stock",
            VariableKind::Flow { .. } => "flow",
            VariableKind::Auxiliary { .. } => "aux",
            VariableKind::Decision(_) => "decision",
        };
        let _ = write!(text, "{kind} {}{index}: {}", variable.name, variable.unit.text);
        if let VariableKind::Assumption { distributions, alternatives, .. } = &variable.kind {
            if alternatives.is_empty() {
                let mut seen: Vec<&Distribution> = Vec::new();
                for distribution in distributions {
                    if !seen.contains(&distribution) {
                        seen.push(distribution);
                        let shown = |u: f64| quantile(distribution, u) / variable.unit.scale;
                        let _ = write!(
                            text,
                            " = {} ({} / {} / {})",
                            shape(distribution),
                            significant(shown(0.05)),
                            significant(shown(0.5)),
                            significant(shown(0.95))
                        );
                    }
                }
            } else {
                let _ = write!(text, " = one of {}", alternatives.join(", "));
            }
        }
        text.push('\n');
    }
    for event in &model.events {
        let _ = writeln!(text, "event {}{}", event.name, if event.once { " once" } else { "" });
    }
    text
}

/// The name of a shape.
pub fn shape(distribution: &Distribution) -> &'static str {
    match distribution {
        Distribution::Constant(_) => "known",
        Distribution::Normal { .. } => "normal",
        Distribution::LogNormal { .. } => "log-normal",
        Distribution::LogitNormal { .. } => "logit-normal",
        Distribution::Beta { .. } => "beta",
        Distribution::Gamma { .. } => "gamma",
        Distribution::Uniform { .. } => "uniform",
        Distribution::Triangular { .. } => "triangular",
        Distribution::Pert { .. } => "PERT",
        Distribution::StudentT { .. } => "Student's t",
        Distribution::Discrete(_) => "discrete",
        Distribution::OneOf(_) => "one of",
        Distribution::Mixture(_) => "mixture",
        Distribution::Within { inner, .. } => shape(inner),
    }
}

/// Four significant digits.
pub(crate) fn significant(value: f64) -> String {
    let text = format!("{value:.3e}");
    text.parse::<f64>().map_or(text.clone(), |rounded| format!("{rounded}"))
}
