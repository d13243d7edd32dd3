//! From a model to what its assumptions rest on.
//!
//! Enters: a checked model; the part of a stored answer that says what answers hang on. Leaves: an [`EvidenceDocument`]. Always
//! holds: lists are in the order of the model, or by how much rests on them, then in that order.

use contingent_model::{CheckedModel, Claim, ClaimId, Grounds, VariableKind};
use serde::Deserialize;

use super::origins::Origins;
use crate::run_summary::ModelIdentity;
use contingent_report::document::evidence::{
    AnswerEvidence, AssumptionEvidence, EVIDENCE_SCHEMA, EvidenceDocument, EvidenceWarning, GroundKind,
    GroundShares, HangsOnEvidence, SourceEvidence, SpeakerEvidence, WarningKind,
};

/// What is taken from the answer in a run directory.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StoredAnswer {
    /// Which model was run.
    pub model: StoredModel,
    /// Its questions.
    pub questions: Vec<StoredQuestion>,
}

/// Which model was run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredModel {
    /// Its hash.
    pub hash: String,
    /// Its title.
    pub title: String,
}

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StoredQuestion {
    /// Its name.
    pub id: String,
    /// Its text.
    pub label: String,
    /// What it hangs on.
    #[serde(default)]
    pub hangs_on: Vec<StoredIndex>,
}

/// What an answer hangs on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StoredIndex {
    /// The assumption, with its element.
    pub assumption: String,
    /// Its first-order index.
    pub index: f64,
    /// Whether it is distinguishable from nothing.
    pub distinguishable: bool,
}

/// What the assumptions of a model rest on; with a run, what its answers do.
pub fn build_evidence(model: &CheckedModel, run: Option<&StoredAnswer>) -> EvidenceDocument {
    let origins = Origins::of(model);
    let assumptions = assumptions(model, &origins);
    let mut shares = GroundShares { n_assumptions: assumptions.len(), ..GroundShares::default() };
    for assumption in &assumptions {
        match assumption.grounds {
            GroundKind::Sourced => shares.n_sourced += 1,
            GroundKind::OurReading => shares.n_our_reading += 1,
            GroundKind::Judgement => shares.n_judgement_only += 1,
        }
    }
    shares.judgement_share =
        (!assumptions.is_empty()).then(|| shares.n_judgement_only as f64 / assumptions.len() as f64);
    let cited = cited(model);
    let mut document = EvidenceDocument {
        schema: EVIDENCE_SCHEMA.to_owned(),
        model: ModelIdentity { title: model.title.clone(), hash: model.hash.clone() },
        sentences: Vec::new(),
        warnings: warnings(model, &assumptions),
        shares,
        speakers: speakers(model, &assumptions),
        sources: sources(model, &assumptions, &cited),
        uncited_claims: (0..model.claims.len())
            .filter(|&claim| !cited[claim])
            .map(|claim| model.claims[claim].name.clone())
            .collect(),
        answers: run.map_or_else(Vec::new, |run| answers(run, &assumptions)),
        assumptions,
    };
    document.warnings.extend(answer_warnings(&document.answers));
    document.sentences = super::render::sentences(&document);
    document
}

/// The grounds of an assumption: its own, then those of views that read it otherwise.
fn grounds_of(model: &CheckedModel, index: usize) -> Option<(&Grounds, Vec<(&str, &Grounds)>)> {
    let VariableKind::Assumption { grounds, .. } = &model.variables[index].kind else { return None };
    let views = model
        .views
        .iter()
        .flat_map(|view| view.overrides.iter().map(move |(variable, _, grounds)| (view, variable, grounds)))
        .filter(|(_, variable, _)| variable.index() == index)
        .map(|(view, _, grounds)| (view.name.as_str(), grounds))
        .collect();
    Some((grounds, views))
}

/// Claims of an assumption, each once.
fn claims_of(own: &Grounds, views: &[(&str, &Grounds)]) -> Vec<ClaimId> {
    let mut claims: Vec<ClaimId> = Vec::new();
    for id in own.claims.iter().chain(views.iter().flat_map(|(_, grounds)| &grounds.claims)) {
        if !claims.contains(id) {
            claims.push(*id);
        }
    }
    claims
}

fn assumptions(model: &CheckedModel, origins: &Origins) -> Vec<AssumptionEvidence> {
    (0..model.variables.len())
        .filter_map(|index| {
            let (own, views) = grounds_of(model, index)?;
            let claims = claims_of(own, &views);
            let said: Vec<&Claim> = claims.iter().map(|id| &model.claims[id.index()]).collect();
            let variable = &model.variables[index];
            let mut view_names: Vec<String> = views.iter().map(|(name, _)| (*name).to_owned()).collect();
            view_names.dedup();
            Some(AssumptionEvidence {
                name: variable.name.clone(),
                label: variable
                    .label
                    .clone()
                    .unwrap_or_else(|| variable.name.replace('_', " ").replace('.', ": ")),
                grounds: match (own.claims.is_empty(), own.judgement.is_some()) {
                    (true, _) => GroundKind::Judgement,
                    (false, true) => GroundKind::OurReading,
                    (false, false) => GroundKind::Sourced,
                },
                claims: said.iter().map(|claim| claim.name.clone()).collect(),
                speakers: each_once(said.iter().filter_map(|claim| claim.speaker.clone())),
                sources: each_once(said.iter().map(|claim| model.sources[claim.source.index()].name.clone())),
                n_origins: origins.count(&claims),
                grades: each_once(said.iter().filter_map(|claim| grade(model, claim))),
                views: view_names,
            })
        })
        .collect()
}

/// The grade of a claim: its own, or that of its source.
fn grade(model: &CheckedModel, claim: &Claim) -> Option<String> {
    claim.grade.clone().or_else(|| model.sources[claim.source.index()].grade.clone())
}

fn each_once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Which claims are cited, by anything.
fn cited(model: &CheckedModel) -> Vec<bool> {
    let mut cited = vec![false; model.claims.len()];
    for id in contingent_model::cited_claims(model) {
        cited[id] = true;
    }
    cited
}

fn speakers(model: &CheckedModel, assumptions: &[AssumptionEvidence]) -> Vec<SpeakerEvidence> {
    let mut speakers: Vec<SpeakerEvidence> = Vec::new();
    for claim in &model.claims {
        let source = model.sources[claim.source.index()].name.clone();
        let place = speakers.iter().position(|speaker| speaker.name == claim.speaker).unwrap_or_else(|| {
            speakers.push(SpeakerEvidence {
                name: claim.speaker.clone(),
                role: None,
                claims: Vec::new(),
                sources: Vec::new(),
                assumptions: Vec::new(),
                alone: Vec::new(),
            });
            speakers.len() - 1
        });
        let speaker = &mut speakers[place];
        speaker.role = speaker.role.take().or_else(|| claim.role.clone());
        speaker.claims.push(claim.name.clone());
        if !speaker.sources.contains(&source) {
            speaker.sources.push(source);
        }
    }
    for speaker in &mut speakers {
        for assumption in assumptions {
            if assumption.claims.iter().any(|claim| speaker.claims.contains(claim)) {
                speaker.assumptions.push(assumption.name.clone());
                if assumption.claims.iter().all(|claim| speaker.claims.contains(claim)) {
                    speaker.alone.push(assumption.name.clone());
                }
            }
        }
    }
    speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.assumptions.len()));
    speakers
}

fn sources(model: &CheckedModel, assumptions: &[AssumptionEvidence], cited: &[bool]) -> Vec<SourceEvidence> {
    model
        .sources
        .iter()
        .enumerate()
        .map(|(index, source)| {
            let claims =
                || (0..model.claims.len()).filter(|&claim| model.claims[claim].source.index() == index);
            SourceEvidence {
                name: source.name.clone(),
                title: source.title.clone(),
                grade: source.grade.clone(),
                n_claims: claims().count(),
                n_cited: claims().filter(|&claim| cited[claim]).count(),
                n_pinned: claims().filter(|&claim| !model.claims[claim].pins.is_empty()).count(),
                assumptions: assumptions
                    .iter()
                    .filter(|assumption| assumption.sources.contains(&source.name))
                    .map(|assumption| assumption.name.clone())
                    .collect(),
            }
        })
        .collect()
}

fn warnings(model: &CheckedModel, assumptions: &[AssumptionEvidence]) -> Vec<EvidenceWarning> {
    let mut warnings = Vec::new();
    for assumption in assumptions {
        let claims = || {
            let names = assumption.claims.iter();
            names.filter_map(|name| model.claims.iter().find(|claim| claim.name == *name))
        };
        for claim in claims() {
            let speaker = claim.speaker.as_deref().unwrap_or("The source");
            if !claim.kinds.is_empty() && claim.kinds.iter().all(|kind| kind == "normative") {
                warnings.push(EvidenceWarning {
                    kind: WarningKind::NormativeAsForecast,
                    assumption: Some(assumption.name.clone()),
                    claim: Some(claim.name.clone()),
                    text: format!(
                        "`{}` rests on `{}`, in which {speaker} says what should be, not what will be.",
                        assumption.name, claim.name
                    ),
                });
            }
            if claim.tags.iter().any(|tag| tag == "retracted") {
                warnings.push(EvidenceWarning {
                    kind: WarningKind::RetractedCited,
                    assumption: Some(assumption.name.clone()),
                    claim: Some(claim.name.clone()),
                    text: format!("`{}` rests on `{}`, which was taken back.", assumption.name, claim.name),
                });
            }
        }
        if assumption.claims.len() > 1 && assumption.n_origins == 1 {
            let origin = assumption.speakers.first().or(assumption.sources.first());
            warnings.push(EvidenceWarning {
                kind: WarningKind::OneOrigin,
                assumption: Some(assumption.name.clone()),
                claim: None,
                text: format!(
                    "`{}` cites {} claims that have one origin, {}: they do not confirm each other.",
                    assumption.name,
                    assumption.claims.len(),
                    origin.map_or("nobody", String::as_str)
                ),
            });
        }
    }
    warnings
}

/// The grounds of what each answer hangs on. An element of a subscripted assumption has the grounds of the whole.
fn answers(run: &StoredAnswer, assumptions: &[AssumptionEvidence]) -> Vec<AnswerEvidence> {
    run.questions
        .iter()
        .map(|question| {
            let hangs_on: Vec<HangsOnEvidence> = question
                .hangs_on
                .iter()
                .filter(|entry| entry.distinguishable)
                .filter_map(|entry| {
                    let base = entry.assumption.split('[').next().unwrap_or_default();
                    let assumption = assumptions.iter().find(|assumption| assumption.name == base)?;
                    Some(HangsOnEvidence {
                        assumption: entry.assumption.clone(),
                        index: entry.index,
                        grounds: assumption.grounds,
                        claims: assumption.claims.clone(),
                        n_origins: assumption.n_origins,
                        grades: assumption.grades.clone(),
                    })
                })
                .collect();
            let judged = hangs_on.iter().filter(|entry| entry.grounds == GroundKind::Judgement);
            let judgement_index = (!hangs_on.is_empty()).then(|| judged.map(|entry| entry.index).sum());
            AnswerEvidence {
                question: question.id.clone(),
                label: question.label.clone(),
                hangs_on,
                judgement_index,
            }
        })
        .collect()
}

/// An answer that hangs most on what has no source, or on what is doubtful.
fn answer_warnings(answers: &[AnswerEvidence]) -> Vec<EvidenceWarning> {
    let mut warnings = Vec::new();
    for answer in answers {
        let Some(first) = answer.hangs_on.first() else { continue };
        if first.grounds == GroundKind::Judgement {
            warnings.push(EvidenceWarning {
                kind: WarningKind::AnswerOnJudgement,
                assumption: Some(first.assumption.clone()),
                claim: None,
                text: format!(
                    "The answer to `{}` hangs most on `{}`, which is judgement alone.",
                    answer.question, first.assumption
                ),
            });
        } else if !first.grades.is_empty() && first.grades.iter().all(|grade| is_doubtful(grade)) {
            warnings.push(EvidenceWarning {
                kind: WarningKind::AnswerOnDoubtful,
                assumption: Some(first.assumption.clone()),
                claim: None,
                text: format!(
                    "The answer to `{}` hangs most on `{}`, whose claims are graded {}.",
                    answer.question,
                    first.assumption,
                    first.grades.join(", ")
                ),
            });
        }
    }
    warnings
}

/// Not usually reliable or worse, or doubtful or worse.
fn is_doubtful(grade: &str) -> bool {
    matches!(grade.as_bytes(), [b'D'..=b'F', _] | [_, b'4'..=b'6'])
}
