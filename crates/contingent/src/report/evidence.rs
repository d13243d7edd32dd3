//! Claims, sources, assumptions and views as a report shows them.
//!
//! Enters: a model and its answer. Leaves: records. Always holds: lists are in the order of the model; a weight is an upper bound,
//! since settling a claim tells no more than all that rests on it.

use contingent_model::{CheckedModel, Claim, ClaimId, VariableId, VariableKind};

use crate::answer::Answer;
use contingent_report::document::evidence::GroundKind;
use contingent_report::document::report::{
    AssumptionRecord, ClaimRecord, Difference, SourceRecord, ViewDifferences,
};

/// What a variable is called in words.
fn label_of(model: &CheckedModel, id: VariableId) -> String {
    let variable = model.variable(id);
    variable.label.clone().unwrap_or_else(|| variable.name.replace('_', " ").replace('.', ": "))
}

fn claim_names(model: &CheckedModel, claims: &[ClaimId]) -> Vec<String> {
    claims.iter().map(|id| model.claims[id.index()].name.clone()).collect()
}

/// In what the views differ from the model's own assumptions.
pub(super) fn view_differences(model: &CheckedModel) -> Vec<ViewDifferences> {
    model
        .views
        .iter()
        .map(|view| {
            let mut differences: Vec<Difference> = Vec::new();
            for (variable, _, grounds) in &view.overrides {
                let name = &model.variable(*variable).name;
                // Elements that are set one by one are one statement of a view.
                if differences.iter().any(|known| known.name == *name) {
                    continue;
                }
                differences.push(Difference {
                    name: name.clone(),
                    label: label_of(model, *variable),
                    claims: claim_names(model, &grounds.claims),
                    judgement: grounds.judgement.clone(),
                });
            }
            ViewDifferences { view: view.name.clone(), label: view.label.clone(), differences }
        })
        .collect()
}

/// Who said what, with what rests on it.
pub(super) fn claims(model: &CheckedModel, answer: &Answer) -> Vec<ClaimRecord> {
    let found = answer.questions.first().and_then(|question| question.find_out.as_ref());
    model
        .claims
        .iter()
        .enumerate()
        .map(|(place, claim)| {
            let id = ClaimId(place as u32);
            let rests = |grounds: &contingent_model::Grounds| grounds.claims.contains(&id);
            let mut assumptions: Vec<String> = model
                .variables
                .iter()
                .filter(|variable| match &variable.kind {
                    VariableKind::Assumption { grounds, .. } => rests(grounds),
                    _ => false,
                })
                .map(|variable| variable.name.clone())
                .collect();
            let mut views = Vec::new();
            for view in &model.views {
                for (variable, _, grounds) in view.overrides.iter().filter(|(.., grounds)| rests(grounds)) {
                    let _ = grounds;
                    let name = &model.variable(*variable).name;
                    if !assumptions.contains(name) {
                        assumptions.push(name.clone());
                    }
                    if !views.contains(&view.name) {
                        views.push(view.name.clone());
                    }
                }
            }
            // A share of nothing is no share.
            let whole = found.map_or(0.0, |found| found.if_all_were_known);
            let gain = found
                .filter(|_| whole > 0.0)
                .and_then(|found| found.claims.iter().find(|gain| gain.claim == claim.name));
            let share = |value: f64| (value / whole).clamp(0.0, 1.0);
            ClaimRecord {
                name: claim.name.clone(),
                says: claim.says.clone(),
                speaker: claim.speaker.clone(),
                role: claim.role.clone(),
                source: model.sources[claim.source.index()].name.clone(),
                kinds: claim.kinds.clone(),
                voice: claim.voice.clone(),
                grade: grade(model, claim),
                tags: claim.tags.clone(),
                assumptions,
                views,
                weight: gain.map(|gain| share(gain.gain.value)),
                weight_interval: gain.map(|gain| contingent_report::document::answer::Range {
                    low: gain.gain.interval.low.map(share),
                    high: gain.gain.interval.high.map(share),
                }),
                distinguishable: gain.is_some_and(|gain| gain.distinguishable),
                is_pinned: !claim.pins.is_empty(),
            }
        })
        .collect()
}

fn grade(model: &CheckedModel, claim: &Claim) -> Option<String> {
    claim.grade.clone().or_else(|| model.sources[claim.source.index()].grade.clone())
}

/// Where claims were printed.
pub(super) fn sources(model: &CheckedModel) -> Vec<SourceRecord> {
    model
        .sources
        .iter()
        .map(|source| SourceRecord {
            name: source.name.clone(),
            title: source.title.clone(),
            publisher: source.publisher.clone(),
            date: source.date.map(|date| date.to_string()),
            grade: source.grade.clone(),
            url: source.url.clone(),
        })
        .collect()
}

/// Every assumption with its grounds, and how far the headline answer hangs on it.
pub(super) fn assumptions(model: &CheckedModel, answer: &Answer) -> Vec<AssumptionRecord> {
    let hangs_on = answer.questions.first().map_or(&[] as &[_], |question| question.hangs_on.as_slice());
    model
        .variables
        .iter()
        .enumerate()
        .filter_map(|(place, variable)| {
            let VariableKind::Assumption { grounds, .. } = &variable.kind else { return None };
            let of_this = |name: &str| name.split('[').next() == Some(variable.name.as_str());
            let index = hangs_on
                .iter()
                .filter(|found| found.distinguishable && of_this(&found.assumption))
                .map(|found| found.index)
                .reduce(f64::max);
            Some(AssumptionRecord {
                name: variable.name.clone(),
                label: label_of(model, VariableId(place as u32)),
                grounds: match (grounds.claims.is_empty(), grounds.judgement.is_some()) {
                    (true, _) => GroundKind::Judgement,
                    (false, true) => GroundKind::OurReading,
                    (false, false) => GroundKind::Sourced,
                },
                claims: claim_names(model, &grounds.claims),
                judgement: grounds.judgement.clone(),
                index,
            })
        })
        .collect()
}
