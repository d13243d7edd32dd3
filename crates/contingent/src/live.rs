//! What a page needs to run its model again.
//!
//! Enters: a model, the runs that the answer is about, the answer. Leaves: a [`Live`] document. Always holds: its baseline is
//! computed by the code that the page runs, with the seed of the answer and fewer draws; controls are levers and the assumptions that
//! an answer can be told to hang on, in the range that nine of ten draws lie in.

use contingent_engine::{Parameter, quantile};
use contingent_ensemble::EnsembleResult;
use contingent_kernel::{Ground, Request, Session};
use contingent_model::{CheckedModel, Distribution, Grounds, VariableKind};
use contingent_report::document::answer::{Answer, QuestionAnswer};
use contingent_report::document::live::{
    Live, LiveChoice, LiveControl, LiveControlKind, LiveFixed, LiveGround,
};

use crate::answer::{assumption_of, parameter_label};

/// Draws of one re-run; with two replications 2,000 runs, whose interval is about four points wide.
const N_DRAWS: u32 = 1_000;
/// Draws of the preview while a slider moves: with two replications one block of runs.
const N_PREVIEW_DRAWS: u32 = 128;
/// Assumptions that are offered for a question, the strongest.
const MOST_ASSUMPTIONS: usize = 6;

/// The live part of a report on an answer about `result`; none when its baseline cannot be run.
pub fn build_live(model: &CheckedModel, result: &EnsembleResult, answer: &Answer) -> Option<Live> {
    let words = contingent_analysis::Scale::named(&answer.words).unwrap_or_default();
    let fixed = fixed(model, result);
    let n_replications = result.design.n_replications;
    let ground = Ground { seed: answer.seed, n_replications, words, fixed: fixed.clone() };
    let n_draws = (2 * N_DRAWS).div_ceil(n_replications);
    let view = result.experiment.view.map(|view| model.views[view].name.clone());
    let mut session = Session::new(model, ground).ok()?;
    let request = Request { view: view.clone(), n_draws, ..Request::default() };
    let baseline = session.answer(&request).ok()?;
    let choice = |name: &str, label: &str| LiveChoice { name: name.to_owned(), label: label.to_owned() };
    Some(Live {
        seed: answer.seed,
        n_draws,
        n_preview_draws: (2 * N_PREVIEW_DRAWS).div_ceil(n_replications).min(n_draws),
        n_replications,
        words: answer.words.clone(),
        view,
        fixed,
        kernel: contingent_report::live::kernel(model.clock.method == contingent_model::Method::Exact),
        model: contingent_report::live::packed(&contingent_model::stored::store(model)),
        controls: levers(model, result).chain(assumptions(model, result, answer)).collect(),
        views: model.views.iter().map(|view| choice(&view.name, &view.label)).collect(),
        policies: model.policies.iter().map(|policy| choice(&policy.name, &policy.label)).collect(),
        questions: model.questions.iter().map(|question| choice(&question.name, &question.text)).collect(),
        indicators: model
            .indicators
            .iter()
            .map(|indicator| choice(&indicator.name, &indicator.label))
            .collect(),
        digests: session.digests(),
        baseline,
    })
}

/// What the caller had set.
fn fixed(model: &CheckedModel, result: &EnsembleResult) -> Vec<LiveFixed> {
    let settings = &result.experiment.settings;
    let name = |id: contingent_model::VariableId| model.variable(id).name.clone();
    let whole = settings.assumptions.iter().chain(&settings.levers);
    let whole = whole.map(|(&id, &value)| LiveFixed { name: name(id), element: None, value });
    let elements = settings.assumption_elements.iter().chain(&settings.lever_elements);
    let elements =
        elements.map(|(&(id, element), &value)| LiveFixed { name: name(id), element: Some(element), value });
    let chosen = settings.mechanisms.iter();
    let chosen =
        chosen.map(|(&id, &position)| LiveFixed { name: name(id), element: None, value: position as f64 });
    whole.chain(elements).chain(chosen).collect()
}

fn grounds_of(model: &CheckedModel, grounds: &Grounds) -> Vec<LiveGround> {
    let of = grounds.claims.iter().map(|id| &model.claims[id.index()]);
    of.map(|claim| LiveGround {
        claim: claim.name.clone(),
        says: claim.says.clone(),
        speaker: claim.speaker.clone(),
    })
    .collect()
}

fn levers<'a>(model: &'a CheckedModel, result: &'a EnsembleResult) -> impl Iterator<Item = LiveControl> + 'a {
    let ids = (0..model.variables.len()).map(|position| contingent_model::VariableId(position as u32));
    ids.filter_map(move |id| {
        let variable = model.variable(id);
        let VariableKind::Lever { defaults, low, high, grounds } = &variable.kind else { return None };
        let scale = variable.unit.scale;
        let parameter = Parameter { variable: id, element: 0, name: variable.name.clone() };
        let label = if variable.subscripts.is_empty() {
            parameter_label(model, &parameter)
        } else {
            variable.label.clone().unwrap_or_else(|| variable.name.replace('_', " "))
        };
        (high > low).then(|| LiveControl {
            kind: LiveControlKind::Lever,
            name: variable.name.clone(),
            label,
            unit: variable.unit.text.clone(),
            is_share: variable.unit.is_share,
            low: low / scale,
            high: high / scale,
            middle: result.experiment.settings.levers.get(&id).unwrap_or(&defaults[0]) / scale,
            alternatives: Vec::new(),
            grounds: grounds_of(model, grounds),
            judgement: grounds.judgement.clone(),
            questions: Vec::new(),
        })
    })
}

/// The assumptions that some question can be told to hang on, those of the first question first.
fn assumptions<'a>(
    model: &'a CheckedModel,
    result: &'a EnsembleResult,
    answer: &'a Answer,
) -> impl Iterator<Item = LiveControl> + 'a {
    let strongest = |question: &'a QuestionAnswer| {
        let told = question.hangs_on.iter().filter(|found| found.distinguishable);
        told.take(MOST_ASSUMPTIONS).map(|found| found.assumption.as_str())
    };
    let mut names: Vec<&str> = Vec::new();
    for name in answer.questions.iter().flat_map(strongest) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().filter_map(move |name| {
        let parameter = result.parameters.iter().find(|parameter| parameter.name == name)?;
        let variable = model.variable(parameter.variable);
        let (grounds, alternatives) = assumption_of(model, parameter)?;
        let distribution = result.experiment.distribution(model, parameter);
        if matches!(distribution.as_ref(), Distribution::Constant(_)) {
            return None;
        }
        let scale = if alternatives.is_empty() { variable.unit.scale } else { 1.0 };
        let at = |share: f64| quantile::quantile(&distribution, share) / scale;
        let (low, high) = if alternatives.is_empty() { (at(0.05), at(0.95)) } else { (0.0, 1.0) };
        (high > low).then(|| LiveControl {
            kind: LiveControlKind::Assumption,
            name: name.to_owned(),
            label: parameter_label(model, parameter),
            unit: variable.unit.text.clone(),
            is_share: variable.unit.is_share,
            low,
            high,
            middle: if alternatives.is_empty() { at(0.5) } else { 0.0 },
            alternatives: alternatives.to_vec(),
            grounds: grounds_of(model, grounds),
            judgement: grounds.judgement.clone(),
            questions: answer
                .questions
                .iter()
                .filter(|question| strongest(question).any(|found| found == name))
                .map(|question| question.id.clone())
                .collect(),
        })
    })
}
