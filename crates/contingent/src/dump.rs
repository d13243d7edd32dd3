//! The checked model as text: every name with its kind, unit and, for assumptions, the shape chosen.
//!
//! Enters: a checked model. Leaves: text. Always holds: one line per declaration, in model order.

use std::fmt::Write as _;

use contingent_engine::quantile::quantile;
use contingent_model::{CheckedModel, Distribution, Method, VariableKind};

/// A listing of the model.
pub fn model(model: &CheckedModel) -> String {
    let mut text = String::new();
    let clock = &model.clock;
    let _ = writeln!(
        text,
        "model \"{}\"\n  {} steps of {} {}\n  hash {}",
        model.title, clock.n_steps, clock.dt, clock.time_unit, model.hash
    );
    for conversion in &model.conversions {
        let _ = writeln!(text, "unit {} = {} {}", conversion.name, conversion.number, conversion.unit);
    }
    match clock.method {
        Method::Euler => {}
        Method::RungeKutta => text.push_str("  method rk4\n"),
        Method::Exact => text.push_str("  method exact\n"),
    }
    for subscript in &model.subscripts {
        let elements = subscript.elements.join(", ");
        let _ = match &subscript.within {
            None => writeln!(text, "subscript {} = {elements}", subscript.name),
            Some(within) => {
                let set = &model.subscript(within.set).name;
                writeln!(text, "subscript {} of {set} = {elements}", subscript.name)
            }
        };
    }
    let is_links = |position: usize| model.links.iter().any(|links| links.variable.index() == position);
    for (position, variable) in model.variables.iter().enumerate() {
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
            VariableKind::Auxiliary { .. } if is_links(position) => "links",
            VariableKind::Auxiliary { .. } => "aux",
            VariableKind::Decision(_) => "decision",
            VariableKind::Position(_) => "council's position",
            VariableKind::Input(_) => "input",
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
        if let VariableKind::Input(input) = &variable.kind {
            let how = if input.is_linear { "linear" } else { "held" };
            let _ = write!(text, " = {} rows of {}, {how}", input.n_rows, input.file);
            let values = input.series.iter().flat_map(|series| series.iter().step_by(2));
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
            let shown = |value: f64| significant(value / variable.unit.scale);
            let _ = write!(text, " ({} to {})", shown(low), shown(high));
        }
        text.push('\n');
    }
    for observation in &model.observations {
        let _ = writeln!(
            text,
            "observe {}: {} = {} values of {} by {} ({} missing, {} outside), {}",
            observation.name,
            observation.unit.text,
            observation.values.len(),
            observation.file,
            observation.period,
            observation.n_missing,
            observation.n_outside,
            observation.written,
        );
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
