//! `--set`, `--view` and `--policy`: from words to an experiment.
//!
//! Enters: a model and the words of the user. Leaves: an [`Experiment`]. Always holds: a name or value that
//! does not fit is refused with the nearest one that does.

use contingent_ensemble::{Experiment, Settings};
use contingent_model::{CheckedModel, VariableId, VariableKind};
use contingent_syntax::nearest;

use super::{ExperimentArguments, Stop};

/// The experiment that the user names.
pub(super) fn experiment(model: &CheckedModel, arguments: &ExperimentArguments) -> Result<Experiment, Stop> {
    let views: Vec<&str> = model.views.iter().map(|view| view.name.as_str()).collect();
    let policies: Vec<&str> = model.policies.iter().map(|policy| policy.name.as_str()).collect();
    let experiment = Experiment {
        view: chosen("view", arguments.view.as_deref(), &views, "base")?,
        policy: chosen("policy", arguments.policy.as_deref(), &policies, "none")?,
        settings: settings(model, &arguments.settings)?,
    };
    // Before anything is written.
    experiment.check(model)?;
    Ok(experiment)
}

fn chosen(what: &str, name: Option<&str>, known: &[&str], neutral: &str) -> Result<Option<usize>, Stop> {
    match name {
        None => Ok(None),
        Some(name) if name == neutral => Ok(None),
        Some(name) => known.iter().position(|&candidate| candidate == name).map(Some).ok_or_else(|| {
            let hint = nearest(name, known.iter().copied()).map_or_else(
                || {
                    format!(
                        "the model has {}",
                        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
                    )
                },
                |near| format!("did you mean `{near}`?"),
            );
            Stop::Fault(format!("the model has no {what} `{name}`\nhelp: {hint}"))
        }),
    }
}

fn settings(model: &CheckedModel, words: &[String]) -> Result<Settings, Stop> {
    let mut settings = Settings::default();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Stop::Fault(format!("`--set {word}` has no `=`\nhelp: write `--set name=value`")));
        };
        let (name, value) = (name.trim(), value.trim());
        let id = find(model, name)?;
        let variable = model.variable(id);
        match &variable.kind {
            VariableKind::Assumption { alternatives, .. } if !alternatives.is_empty() => {
                settings.assumptions.insert(id, alternative(name, value, alternatives)? as f64);
            }
            VariableKind::Assumption { .. } => {
                settings
                    .assumptions
                    .insert(id, number(name, value, &variable.unit.text)? * variable.unit.scale);
            }
            VariableKind::Lever { .. } => {
                settings.levers.insert(id, number(name, value, &variable.unit.text)? * variable.unit.scale);
            }
            VariableKind::Mechanism { alternatives, .. } => {
                settings.mechanisms.insert(id, alternative(name, value, alternatives)?);
            }
            VariableKind::Input(input) => {
                return Err(Stop::Fault(format!(
                    "`{name}` cannot be set: it is read from `{}`\nhelp: assumptions, levers and mechanisms can be set",
                    input.file
                )));
            }
            _ => {
                return Err(Stop::Fault(format!(
                    "`{name}` cannot be set: it is computed\nhelp: assumptions, levers and mechanisms can be set"
                )));
            }
        }
    }
    Ok(settings)
}

fn find(model: &CheckedModel, name: &str) -> Result<VariableId, Stop> {
    if let Some(id) = model.variable_named(name) {
        return Ok(id);
    }
    let known: Vec<&str> = model.variables.iter().map(|variable| variable.name.as_str()).collect();
    let mut same_end = known.iter().filter(|known| known.rsplit('.').next() == Some(name));
    let hint = same_end.next().copied().or_else(|| nearest(name, known.iter().copied())).map_or_else(
        || "`contingent check MODEL --dump model` lists the names".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Stop::Fault(format!("the model has no `{name}`\nhelp: {hint}")))
}

fn alternative(name: &str, value: &str, known: &[String]) -> Result<usize, Stop> {
    known.iter().position(|alternative| alternative == value).ok_or_else(|| {
        Stop::Fault(format!("`{name}` has no alternative `{value}`\nhelp: it has {}", known.join(", ")))
    })
}

fn number(name: &str, value: &str, unit: &str) -> Result<f64, Stop> {
    let (digits, factor) = match value.strip_suffix('%') {
        Some(digits) => (digits.trim(), 0.01),
        None => (value, 1.0),
    };
    match digits.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number * factor),
        _ => Err(Stop::Fault(format!(
            "`{value}` is not a number for `{name}`\nhelp: write a number in `{unit}`, or a percentage such as 30%"
        ))),
    }
}
