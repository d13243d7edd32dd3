//! Which alternatives there are: doing nothing, each policy, and all combinations of policies that agree.
//!
//! Enters: a model. Leaves: the model with a policy for each alternative. Always holds: a combination sets no lever
//! twice to different values, and its parts last for the same time; combinations that set the same are listed once.

use contingent_model::{CheckedModel, LeverSetting, Policy, VariableKind};

/// More alternatives than this are refused: nobody reads them, and each is run under every view.
const MOST_ALTERNATIVES: usize = 256;

/// One alternative.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Its position among the policies of the model; none for doing nothing.
    pub policy: Option<usize>,
    /// Its name: `none`, that of a policy, or several joined by `+`.
    pub id: String,
    /// In words.
    pub label: String,
    /// The policies that it combines; empty for doing nothing, and one for a policy by itself.
    pub combines: Vec<String>,
}

/// All alternatives, and the model that holds a policy for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternatives {
    /// The model, with the combinations as further policies.
    pub model: CheckedModel,
    /// Doing nothing, the policies in model order, then the combinations.
    pub list: Vec<Alternative>,
    /// Why some policies are not combined, in sentences.
    pub not_combined: Vec<String>,
}

impl Alternatives {
    /// Doing nothing and each policy.
    pub fn single(model: &CheckedModel) -> Self {
        let nothing = Alternative {
            policy: None,
            id: contingent_ensemble::NO_POLICY.to_owned(),
            label: "Nothing is done".to_owned(),
            combines: Vec::new(),
        };
        let policies = model.policies.iter().enumerate().map(|(position, policy)| Alternative {
            policy: Some(position),
            id: policy.name.clone(),
            label: policy.label.clone(),
            combines: vec![policy.name.clone()],
        });
        Self {
            model: model.clone(),
            list: std::iter::once(nothing).chain(policies).collect(),
            not_combined: Vec::new(),
        }
    }

    /// Besides, every combination of two policies or more that agree. None when there are too many.
    pub fn combined(model: &CheckedModel) -> Option<Self> {
        let mut found = Self::single(model);
        let n = model.policies.len();
        let mut apart = Vec::new();
        for first in 0..n {
            for second in first + 1..n {
                if let Some(reason) = disagreement(model, &model.policies[first], &model.policies[second]) {
                    apart.push((first, second));
                    found.not_combined.push(reason);
                }
            }
        }
        // Grown one policy at a time from what agrees, so that only combinations that are kept are ever looked at.
        let mut sets: Vec<Vec<usize>> = (0..n).map(|position| vec![position]).collect();
        let mut next = 0;
        while next < sets.len() {
            let set = sets[next].clone();
            next += 1;
            for more in set.last().map_or(0, |last| last + 1)..n {
                if set.iter().any(|&member| apart.contains(&(member, more))) {
                    continue;
                }
                let mut larger = set.clone();
                larger.push(more);
                let policy = joined(model, &larger);
                let is_known = found.model.policies.iter().any(|known| does_the_same(known, &policy));
                // One that does what another does may still grow into something new.
                sets.push(larger.clone());
                if !is_known {
                    found.list.push(Alternative {
                        policy: Some(found.model.policies.len()),
                        id: policy.name.clone(),
                        label: policy.label.clone(),
                        combines: larger.iter().map(|&part| model.policies[part].name.clone()).collect(),
                    });
                    found.model.policies.push(policy);
                }
                if found.list.len() > MOST_ALTERNATIVES || sets.len() > 16 * MOST_ALTERNATIVES {
                    return None;
                }
            }
        }
        Some(found)
    }
}

/// Why two policies cannot be combined.
fn disagreement(model: &CheckedModel, a: &Policy, b: &Policy) -> Option<String> {
    if (a.from_step, a.until_step) != (b.from_step, b.until_step) {
        return Some(format!("{} and {} do not last for the same time", a.name, b.name));
    }
    let meets = |x: &LeverSetting, y: &LeverSetting| {
        x.lever == y.lever && (x.element.is_none() || y.element.is_none() || x.element == y.element)
    };
    a.settings
        .iter()
        .flat_map(|x| b.settings.iter().map(move |y| (x, y)))
        .find(|(x, y)| meets(x, y) && x.value != y.value)
        .map(|(x, _)| {
            format!("{} and {} set {} to different values", a.name, b.name, model.variable(x.lever).name)
        })
}

fn joined(model: &CheckedModel, parts: &[usize]) -> Policy {
    let of = |part: &usize| &model.policies[*part];
    let mut settings: Vec<LeverSetting> = Vec::new();
    for setting in parts.iter().flat_map(|part| &of(part).settings) {
        if !settings.contains(setting) {
            settings.push(*setting);
        }
    }
    Policy {
        name: parts.iter().map(|part| of(part).name.as_str()).collect::<Vec<_>>().join("+"),
        label: parts.iter().map(|part| of(part).label.as_str()).collect::<Vec<_>>().join(" and "),
        from_step: of(&parts[0]).from_step,
        until_step: of(&parts[0]).until_step,
        settings,
    }
}

/// Whether two policies set the same for the same time.
fn does_the_same(a: &Policy, b: &Policy) -> bool {
    let sets_all = |a: &Policy, b: &Policy| a.settings.iter().all(|setting| b.settings.contains(setting));
    (a.from_step, a.until_step) == (b.from_step, b.until_step) && sets_all(a, b) && sets_all(b, a)
}

/// The settings of an alternative in words: lever, value in its shown unit, unit.
pub(super) fn settings_of(model: &CheckedModel, policy: Option<usize>) -> Vec<(String, f64, String)> {
    let Some(policy) = policy else { return Vec::new() };
    model.policies[policy]
        .settings
        .iter()
        .map(|setting| {
            let variable = model.variable(setting.lever);
            debug_assert!(matches!(variable.kind, VariableKind::Lever { .. }));
            let name = setting.element.map_or_else(
                || variable.name.clone(),
                |element| model.element_name(&variable.name, &variable.subscripts, element),
            );
            (name, setting.value / variable.unit.scale, variable.unit.text.clone())
        })
        .collect()
}
