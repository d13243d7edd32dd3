//! In what two views differ.
//!
//! Enters: a model and two experiments that differ in their view. Leaves: [`DifferingGroup`]s. Always holds: every
//! assumption and every mechanism that is not the same in both belongs to exactly one group; nothing else does.

use contingent_engine::{Parameter, Recording};
use contingent_ensemble::{Error, Experiment};
use contingent_model::{CheckedModel, Grounds, VariableId, VariableKind};

use crate::answer::parameter_label;
use crate::sensitivity::{GroupBy, group_key};

/// Assumptions and mechanisms that are exchanged together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferingGroup {
    /// A name that no other group has.
    pub name: String,
    /// In words.
    pub label: String,
    /// Names of what is in it.
    pub members: Vec<String>,
    /// Positions of the parameters.
    pub parameters: Vec<usize>,
    /// Mechanisms, with the alternative of the first and of the second view.
    pub mechanisms: Vec<(VariableId, usize, usize)>,
}

/// The groups in which two experiments differ, in the order of the model.
pub fn differing_groups(
    model: &CheckedModel,
    parameters: &[Parameter],
    first: &Experiment,
    second: &Experiment,
    group_by: GroupBy,
) -> Result<Vec<DifferingGroup>, Error> {
    let mut groups: Vec<DifferingGroup> = Vec::new();
    for (place, parameter) in parameters.iter().enumerate() {
        if first.distribution(model, parameter) == second.distribution(model, parameter) {
            continue;
        }
        let (name, label) = key(model, parameter.variable, Some(parameter), [first, second], group_by);
        let group = found_or_new(&mut groups, name, label);
        group.parameters.push(place);
        group.members.push(parameter.name.clone());
    }
    let chosen = |experiment: &Experiment| {
        experiment.configuration(model, Recording::Nothing).map(|configuration| configuration.mechanisms)
    };
    let (of_first, of_second) = (chosen(first)?, chosen(second)?);
    for (place, variable) in model.variables.iter().enumerate() {
        let VariableKind::Mechanism { default, .. } = variable.kind else { continue };
        let id = VariableId(place as u32);
        let alternative = |chosen: &std::collections::BTreeMap<VariableId, usize>| {
            chosen.get(&id).copied().unwrap_or(default)
        };
        let (a, b) = (alternative(&of_first), alternative(&of_second));
        if a != b {
            let (name, label) = key(model, id, None, [first, second], group_by);
            let group = found_or_new(&mut groups, name, label);
            group.mechanisms.push((id, a, b));
            group.members.push(variable.name.clone());
        }
    }
    Ok(groups)
}

fn found_or_new(groups: &mut Vec<DifferingGroup>, name: String, label: String) -> &mut DifferingGroup {
    let place = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
        groups.push(DifferingGroup {
            name,
            label,
            members: Vec::new(),
            parameters: Vec::new(),
            mechanisms: Vec::new(),
        });
        groups.len() - 1
    });
    &mut groups[place]
}

fn key(
    model: &CheckedModel,
    id: VariableId,
    parameter: Option<&Parameter>,
    experiments: [&Experiment; 2],
    group_by: GroupBy,
) -> (String, String) {
    let variable = model.variable(id);
    if group_by == GroupBy::Assumption {
        // All elements of an assumption are one statement of a view.
        let label = if let Some(parameter) = parameter {
            let label = parameter_label(model, parameter);
            let base = label.rsplit_once(" (").map(|(base, _)| base.to_owned());
            if variable.subscripts.is_empty() { label } else { base.unwrap_or(label) }
        } else {
            let label = variable.label.clone();
            label.unwrap_or_else(|| variable.name.replace('_', " ").replace('.', ": "))
        };
        return (variable.name.clone(), label);
    }
    // Whoever says it differently: the second view if it speaks about it, else the first.
    let grounds = experiments.iter().rev().find_map(|experiment| {
        let view = &model.views[experiment.view?];
        view.overrides.iter().find(|(of, ..)| *of == id).map(|(.., grounds)| grounds)
    });
    let empty = Grounds::default();
    group_key(model, id, Some(grounds.unwrap_or(&empty)), group_by)
}
