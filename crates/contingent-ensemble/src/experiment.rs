//! One scenario with one policy: which assumptions, mechanisms and levers an ensemble is run with.
//!
//! Enters: positions of a view and a policy in the model, and the settings of the caller. Leaves: the
//! `Configuration` of the engine and the distribution of each assumption. Always holds: a setting overrides
//! the view, and the view overrides the model's own declaration; while a policy lasts it overrides the
//! settings of its levers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use contingent_engine::{ChanceMode, Configuration, Parameter, Recording};
use contingent_model::{CheckedModel, Distribution, Override, Policy, VariableId, VariableKind, View};

use crate::Error;

/// The name that stands for the model's own assumptions, where no view is taken.
pub const BASE_VIEW: &str = "base";

/// The name that stands for the levers as declared, where no policy is taken.
pub const NO_POLICY: &str = "none";

/// Values that the caller fixes, such as those of `--set name=value`. All are in base units; they hold for
/// every element, except where an element has a value of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Assumptions that are replaced by a known value; a category by the position of an alternative.
    pub assumptions: BTreeMap<VariableId, f64>,
    /// Single elements of assumptions, by position.
    pub assumption_elements: BTreeMap<(VariableId, usize), f64>,
    /// Levers.
    pub levers: BTreeMap<VariableId, f64>,
    /// Single elements of levers, by position.
    pub lever_elements: BTreeMap<(VariableId, usize), f64>,
    /// Chosen alternatives of mechanisms.
    pub mechanisms: BTreeMap<VariableId, usize>,
}

impl Settings {
    /// The value of one element of an assumption, when the caller fixes it.
    pub fn assumption(&self, id: VariableId, element: usize) -> Option<f64> {
        self.assumption_elements.get(&(id, element)).or_else(|| self.assumptions.get(&id)).copied()
    }
}

/// One view with one policy and the caller's settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Experiment {
    /// A view, by position in `CheckedModel::views`; none means the model's own assumptions.
    pub view: Option<usize>,
    /// A policy, by position in `CheckedModel::policies`; none means the levers as declared.
    pub policy: Option<usize>,
    /// What the caller fixes.
    pub settings: Settings,
}

impl Experiment {
    /// Every view (the model's own assumptions first) with every policy (none first), in model order, all
    /// with the same settings.
    pub fn every(model: &CheckedModel, settings: &Settings) -> Vec<Self> {
        let views = std::iter::once(None).chain((0..model.views.len()).map(Some));
        views
            .flat_map(|view| {
                let policies = std::iter::once(None).chain((0..model.policies.len()).map(Some));
                policies.map(move |policy| Self { view, policy, settings: settings.clone() })
            })
            .collect()
    }

    /// The name of its view, [`BASE_VIEW`] when there is none. Panics when the model has no such view.
    pub fn view_name<'a>(&self, model: &'a CheckedModel) -> &'a str {
        self.view.map_or(BASE_VIEW, |position| &model.views[position].name)
    }

    /// The name of its policy, [`NO_POLICY`] when there is none. Panics when the model has no such policy.
    pub fn policy_name<'a>(&self, model: &'a CheckedModel) -> &'a str {
        self.policy.map_or(NO_POLICY, |position| &model.policies[position].name)
    }

    /// What one element of an assumption is drawn from in this experiment. Panics when `parameter` is not of
    /// the model or the view does not exist; see [`Experiment::check`].
    pub fn distribution<'a>(&self, model: &'a CheckedModel, parameter: &Parameter) -> Cow<'a, Distribution> {
        if let Some(value) = self.settings.assumption(parameter.variable, parameter.element) {
            return Cow::Owned(Distribution::Constant(value));
        }
        if let Some(distribution) = self.viewed(model, parameter) {
            return Cow::Borrowed(distribution);
        }
        match &model.variable(parameter.variable).kind {
            VariableKind::Assumption { distributions, .. } => {
                Cow::Borrowed(&distributions[parameter.element])
            }
            _ => unreachable!("the engine takes parameters from assumptions only"),
        }
    }

    /// The configuration of the engine, with chance drawn. Fails when the experiment does not fit the model.
    pub fn configuration(&self, model: &CheckedModel, recording: Recording) -> Result<Configuration, Error> {
        self.check(model)?;
        let mechanisms = ids(model)
            .filter_map(|id| {
                let VariableKind::Mechanism { default, .. } = model.variable(id).kind else { return None };
                let set = self.settings.mechanisms.get(&id).copied();
                let viewed = match self.overriding(model, id) {
                    Some(Override::Alternative(alternative)) => Some(*alternative),
                    _ => None,
                };
                Some((id, set.or(viewed).unwrap_or(default)))
            })
            .collect();
        Ok(Configuration {
            levers: self.settings.levers.clone(),
            lever_elements: self.settings.lever_elements.clone(),
            mechanisms,
            policy: self.policy,
            chance: ChanceMode::Drawn,
            recording,
        })
    }

    /// Fails when the model lacks the view or the policy, or when a setting does not fit what it sets.
    pub fn check(&self, model: &CheckedModel) -> Result<(), Error> {
        self.chosen_view(model)?;
        self.chosen_policy(model)?;
        self.check_elements(model)?;
        let elements = self.settings.assumption_elements.iter().map(|(&(id, _), value)| (id, value));
        for (id, &value) in self.settings.assumptions.iter().map(|(&id, value)| (id, value)).chain(elements) {
            let VariableKind::Assumption { alternatives, .. } = &model.variable(id).kind else {
                return Err(of_another_kind(model, id, "an assumption"));
            };
            check_finite(model, id, value)?;
            let is_alternative = value >= 0.0 && value.fract() == 0.0 && value < alternatives.len() as f64;
            if !alternatives.is_empty() && !is_alternative {
                return Err(not_an_alternative(model, id, value, alternatives));
            }
        }
        let elements = self.settings.lever_elements.iter().map(|(&(id, _), value)| (id, value));
        for (id, &value) in self.settings.levers.iter().map(|(&id, value)| (id, value)).chain(elements) {
            let VariableKind::Lever { low, high, .. } = model.variable(id).kind else {
                return Err(of_another_kind(model, id, "a lever"));
            };
            check_finite(model, id, value)?;
            if value < low || value > high {
                let unit = &model.variable(id).unit;
                return Err(Error::SettingOutOfRange {
                    name: model.variable(id).name.clone(),
                    value: value / unit.scale,
                    low: low / unit.scale,
                    high: high / unit.scale,
                    unit: unit.text.clone(),
                });
            }
        }
        for (&id, &alternative) in &self.settings.mechanisms {
            let VariableKind::Mechanism { alternatives, .. } = &model.variable(id).kind else {
                return Err(of_another_kind(model, id, "a mechanism"));
            };
            if alternative >= alternatives.len() {
                return Err(not_an_alternative(model, id, alternative as f64, alternatives));
            }
        }
        Ok(())
    }

    fn check_elements(&self, model: &CheckedModel) -> Result<(), Error> {
        let of_assumptions = self.settings.assumption_elements.keys();
        for &(id, element) in of_assumptions.chain(self.settings.lever_elements.keys()) {
            let variable = model.variable(id);
            let n_elements = model.n_elements(&variable.subscripts);
            if element >= n_elements {
                return Err(Error::UnknownElement { name: variable.name.clone(), element, n_elements });
            }
        }
        Ok(())
    }

    fn chosen_view<'a>(&self, model: &'a CheckedModel) -> Result<Option<&'a View>, Error> {
        let Some(position) = self.view else { return Ok(None) };
        let n_views = model.views.len();
        model.views.get(position).map(Some).ok_or(Error::UnknownView { position, n_views })
    }

    fn chosen_policy<'a>(&self, model: &'a CheckedModel) -> Result<Option<&'a Policy>, Error> {
        let Some(position) = self.policy else { return Ok(None) };
        let n_policies = model.policies.len();
        model.policies.get(position).map(Some).ok_or(Error::UnknownPolicy { position, n_policies })
    }

    /// What the view says about one element of an assumption.
    fn viewed<'a>(&self, model: &'a CheckedModel, parameter: &Parameter) -> Option<&'a Distribution> {
        let view = &model.views[self.view?];
        let of_variable = view.overrides.iter().filter(|(id, ..)| *id == parameter.variable);
        of_variable.map(|(_, replacement, _)| replacement).find_map(|replacement| match replacement {
            Override::Distributions(distributions) => distributions.get(parameter.element),
            Override::Elements(elements) => elements
                .iter()
                .find(|(element, _)| *element == parameter.element)
                .map(|(_, distribution)| distribution),
            Override::Alternative(_) => None,
        })
    }

    fn overriding<'a>(&self, model: &'a CheckedModel, variable: VariableId) -> Option<&'a Override> {
        let view = &model.views[self.view?];
        view.overrides.iter().find(|(id, ..)| *id == variable).map(|(_, replacement, _)| replacement)
    }
}

fn ids(model: &CheckedModel) -> impl Iterator<Item = VariableId> {
    (0..model.variables.len()).map(|position| VariableId(position as u32))
}

fn of_another_kind(model: &CheckedModel, id: VariableId, expected: &'static str) -> Error {
    Error::SettingOfAnotherKind { name: model.variable(id).name.clone(), expected }
}

fn check_finite(model: &CheckedModel, id: VariableId, value: f64) -> Result<(), Error> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Error::SettingNotFinite { name: model.variable(id).name.clone(), value })
    }
}

fn not_an_alternative(model: &CheckedModel, id: VariableId, value: f64, alternatives: &[String]) -> Error {
    Error::SettingNotAnAlternative {
        name: model.variable(id).name.clone(),
        value,
        alternatives: alternatives.to_vec(),
    }
}
