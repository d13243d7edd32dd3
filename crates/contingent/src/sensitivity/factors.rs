//! Which assumptions are looked at together.
//!
//! Enters: a model, the experiment that says which grounds hold, the parameters, and what to group by. Leaves: [`Factors`].
//! Always holds: every parameter that varies belongs to exactly one factor; the order is that of the model.

use contingent_engine::Parameter;
use contingent_ensemble::Experiment;
use contingent_model::correlation::correlated_groups;
use contingent_model::{CheckedModel, Grounds, VariableId};

use crate::answer::{assumption_of, parameter_label};

/// What assumptions are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// Not at all: each assumption, and each element of it, alone.
    Assumption,
    /// The actor that an assumption is about.
    Actor,
    /// The sources that it cites.
    Source,
    /// The people whose claims it cites.
    Speaker,
}

impl GroupBy {
    /// As a word of the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assumption => "assumption",
            Self::Actor => "actor",
            Self::Source => "source",
            Self::Speaker => "speaker",
        }
    }
}

/// One assumption or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// A name that no other factor has.
    pub name: String,
    /// In words.
    pub label: String,
    /// Positions of the parameters.
    pub members: Vec<usize>,
}

/// All factors, and what a reader must know of how they came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// In the order of the model.
    pub factors: Vec<Factor>,
    /// In full sentences.
    pub notes: Vec<String>,
}

impl Factors {
    /// The factor of each of `n` parameters.
    pub(crate) fn of_parameters(&self, n: usize) -> Vec<Option<usize>> {
        let mut found = vec![None; n];
        for (place, factor) in self.factors.iter().enumerate() {
            for &member in &factor.members {
                found[member] = Some(place);
            }
        }
        found
    }
}

/// The factors among the parameters that vary. With `together`, correlated assumptions are put into one factor, as a
/// design needs that moves one factor and leaves the others.
pub fn factors(
    model: &CheckedModel,
    experiment: &Experiment,
    parameters: &[Parameter],
    varies: impl Fn(usize) -> bool,
    group_by: GroupBy,
    together: bool,
) -> Factors {
    let mut found = Factors::default();
    for (place, parameter) in parameters.iter().enumerate() {
        if !varies(place) {
            continue;
        }
        let (name, label) = key(model, experiment, parameter, group_by);
        match found.factors.iter_mut().find(|factor| factor.name == name) {
            Some(factor) => factor.members.push(place),
            None => found.factors.push(Factor { name, label, members: vec![place] }),
        }
    }
    if together {
        for group in &correlated_groups(model) {
            merge(&mut found, group, parameters);
        }
    }
    found
}

/// Puts the factors that hold correlated assumptions together.
fn merge(found: &mut Factors, group: &[VariableId], parameters: &[Parameter]) {
    let holds =
        |factor: &Factor| factor.members.iter().any(|&member| group.contains(&parameters[member].variable));
    let places: Vec<usize> = found
        .factors
        .iter()
        .enumerate()
        .filter(|(_, factor)| holds(factor))
        .map(|(place, _)| place)
        .collect();
    if places.len() < 2 {
        return;
    }
    let parts: Vec<Factor> = places.iter().rev().map(|&place| found.factors.remove(place)).collect();
    let parts: Vec<&Factor> = parts.iter().rev().collect();
    let join = |of: fn(&Factor) -> &str, between: &str| {
        parts.iter().map(|factor| of(factor)).collect::<Vec<_>>().join(between)
    };
    let label = join(|factor| &factor.label, " with ");
    found.notes.push(format!("Moved together because the model correlates them: {label}."));
    let mut members: Vec<usize> = parts.iter().flat_map(|factor| factor.members.iter().copied()).collect();
    members.sort_unstable();
    let factor = Factor { name: join(|factor| &factor.name, "+"), label, members };
    found.factors.insert(places[0], factor);
}

/// Name and label of the factor that a parameter belongs to.
fn key(
    model: &CheckedModel,
    experiment: &Experiment,
    parameter: &Parameter,
    group_by: GroupBy,
) -> (String, String) {
    if group_by == GroupBy::Assumption {
        return (parameter.name.clone(), parameter_label(model, parameter));
    }
    group_key(model, parameter.variable, grounds(model, experiment, parameter), group_by)
}

/// Name and label of the group that a variable with these grounds belongs to.
pub(crate) fn group_key(
    model: &CheckedModel,
    id: VariableId,
    grounds: Option<&Grounds>,
    group_by: GroupBy,
) -> (String, String) {
    let judgement = || ("judgement".to_owned(), "judgement alone, no source".to_owned());
    let claims = || grounds.into_iter().flat_map(|grounds| &grounds.claims);
    match group_by {
        GroupBy::Assumption => {
            let name = model.variable(id).name.clone();
            (name.clone(), name)
        }
        GroupBy::Actor => model.variable(id).actor.map_or_else(
            || ("no_actor".to_owned(), "no actor".to_owned()),
            |actor| {
                let actor = &model.actors[actor.index()];
                (format!("actor.{}", actor.name), actor.label.clone())
            },
        ),
        GroupBy::Source => {
            let mut sources: Vec<usize> =
                claims().map(|claim| model.claims[claim.index()].source.index()).collect();
            sources.sort_unstable();
            sources.dedup();
            if sources.is_empty() {
                return judgement();
            }
            let name: Vec<String> =
                sources.iter().map(|&source| format!("source.{}", model.sources[source].name)).collect();
            let label: Vec<&str> =
                sources.iter().map(|&source| model.sources[source].title.as_str()).collect();
            (name.join("+"), label.join(" and "))
        }
        GroupBy::Speaker => {
            if claims().next().is_none() {
                return judgement();
            }
            let mut speakers: Vec<&str> =
                claims().filter_map(|claim| model.claims[claim.index()].speaker.as_deref()).collect();
            speakers.sort_unstable();
            speakers.dedup();
            if speakers.is_empty() {
                return ("unnamed".to_owned(), "speaker not named".to_owned());
            }
            (format!("speaker.{}", speakers.join("+")), speakers.join(" and "))
        }
    }
}

/// The grounds that hold in an experiment: those of its view where it says something else.
fn grounds<'a>(
    model: &'a CheckedModel,
    experiment: &Experiment,
    parameter: &Parameter,
) -> Option<&'a Grounds> {
    let viewed = experiment.view.and_then(|view| {
        model.views[view]
            .overrides
            .iter()
            .find(|(id, ..)| *id == parameter.variable)
            .map(|(.., grounds)| grounds)
    });
    viewed.or_else(|| assumption_of(model, parameter).map(|(grounds, _)| grounds))
}
