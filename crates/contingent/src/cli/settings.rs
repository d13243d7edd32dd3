//! `--set`, `--view` and `--policy`: from words to an experiment.
//!
//! Enters: a model and the words of the user. Leaves: an [`Experiment`]. Always holds: a name or value that
//! does not fit is refused with the nearest one that does.

use contingent_ensemble::{Experiment, Settings};
use contingent_model::{CheckedModel, SubscriptId, VariableId, VariableKind};
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

/// The positions of questions that the user names.
pub(super) fn questions(model: &CheckedModel, names: &[String]) -> Result<Vec<usize>, Stop> {
    let find = |name: &String| {
        model.questions.iter().position(|question| question.name == *name).ok_or_else(|| {
            let known = || model.questions.iter().map(|question| question.name.as_str());
            let hint = nearest(name, known()).map_or_else(
                || format!("the model asks {}", known().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            Stop::Fault(format!("the model has no question `{name}`\nhelp: {hint}"))
        })
    };
    names.iter().map(find).collect()
}

/// What `--set` fixes.
pub(super) fn settings(model: &CheckedModel, words: &[String]) -> Result<Settings, Stop> {
    let mut settings = Settings::default();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Stop::Fault(format!("`--set {word}` has no `=`\nhelp: write `--set name=value`")));
        };
        let (written, value) = (name.trim(), value.trim());
        let (name, brackets) = match written.split_once('[') {
            Some((name, rest)) => {
                let inside = rest.strip_suffix(']').ok_or_else(|| {
                    Stop::Fault(format!("`{written}` has no `]`\nhelp: write `--set 'name[element]=value'`"))
                })?;
                (name.trim_end(), Some(inside))
            }
            None => (written, None),
        };
        let id = find(model, name)?;
        let variable = model.variable(id);
        let elements = brackets.map(|inside| elements(model, id, inside)).transpose()?;
        match &variable.kind {
            VariableKind::Assumption { alternatives, .. } => {
                let value = if alternatives.is_empty() {
                    number(name, value, &variable.unit.text)? * variable.unit.scale
                } else {
                    alternative(name, value, alternatives)? as f64
                };
                match elements {
                    None => _ = settings.assumptions.insert(id, value),
                    Some(elements) => settings
                        .assumption_elements
                        .extend(elements.into_iter().map(|element| ((id, element), value))),
                }
            }
            VariableKind::Lever { .. } => {
                let value = number(name, value, &variable.unit.text)? * variable.unit.scale;
                match elements {
                    None => _ = settings.levers.insert(id, value),
                    Some(elements) => settings
                        .lever_elements
                        .extend(elements.into_iter().map(|element| ((id, element), value))),
                }
            }
            VariableKind::Mechanism { .. } if elements.is_some() => {
                return Err(Stop::Fault(format!(
                    "`{name}` is chosen as a whole\nhelp: write `--set {name}={value}` without brackets"
                )));
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

/// The positions of the elements that stand in brackets: an element, a subset or `*` per subscript.
fn elements(model: &CheckedModel, id: VariableId, inside: &str) -> Result<Vec<usize>, Stop> {
    let variable = model.variable(id);
    let name = &variable.name;
    let words: Vec<&str> = inside.split(',').map(str::trim).collect();
    if words.len() != variable.subscripts.len() {
        let names: Vec<&str> =
            variable.subscripts.iter().map(|&subscript| model.subscript(subscript).name.as_str()).collect();
        let help = if names.is_empty() {
            format!("write `--set {name}=value` without brackets")
        } else {
            format!("write `--set '{name}[{}]=value'` with an element of each", names.join(","))
        };
        return Err(Stop::Fault(format!(
            "`{name}` has {} subscript{}, found {} in brackets\nhelp: {help}",
            names.len(),
            if names.len() == 1 { "" } else { "s" },
            words.len()
        )));
    }
    let mut found = vec![0];
    for (&word, &subscript) in words.iter().zip(&variable.subscripts) {
        let positions = positions(model, subscript, word)?;
        let n = model.subscript(subscript).elements.len();
        found = found
            .into_iter()
            .flat_map(|outer: usize| positions.iter().map(move |&position| outer * n + position))
            .collect();
    }
    Ok(found)
}

/// The positions in a subscript that a word stands for.
fn positions(model: &CheckedModel, subscript: SubscriptId, word: &str) -> Result<Vec<usize>, Stop> {
    let of = model.subscript(subscript);
    if word == "*" {
        return Ok((0..of.elements.len()).collect());
    }
    if let Some(position) = of.elements.iter().position(|element| element == word) {
        return Ok(vec![position]);
    }
    let ids = (0..model.subscripts.len()).map(|position| SubscriptId(position as u32));
    let parts: Vec<SubscriptId> = ids.filter(|&part| model.is_part_of(part, subscript)).collect();
    if let Some(&part) = parts.iter().find(|&&part| model.subscript(part).name == word) {
        let n = model.subscript(part).elements.len();
        return Ok((0..n).filter_map(|position| model.translate(part, position, subscript)).collect());
    }
    let known = of.elements.iter().map(String::as_str);
    let known = known.chain(parts.iter().map(|&part| model.subscript(part).name.as_str()));
    let hint = nearest(word, known).map_or_else(
        || format!("it has {}", of.elements.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Stop::Fault(format!("`{}` has no element `{word}`\nhelp: {hint}", of.name)))
}

fn alternative(name: &str, value: &str, known: &[String]) -> Result<usize, Stop> {
    known.iter().position(|alternative| alternative == value).ok_or_else(|| {
        Stop::Fault(format!("`{name}` has no alternative `{value}`\nhelp: it has {}", known.join(", ")))
    })
}

pub(super) fn number(name: &str, value: &str, unit: &str) -> Result<f64, Stop> {
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
