//! A model as far as one of its questions looks.
//!
//! Enters: a checked model and a question. Leaves: the model with that question alone, up to the last time that the question looks
//! at. Always holds: a run of it is the beginning of the run of the whole model with the same draws, so that the answer is the same
//! (but for runs that fail only later: the whole model leaves them out).

use contingent_model::{CheckedModel, Formula, Measure, Quantity, Question};

/// The model up to the answer of a question; none where the question looks to the end, or where runs are weighted by what was
/// observed, which may be later.
pub fn until_answered(mut model: CheckedModel, question: usize) -> Option<CheckedModel> {
    let last = last_step(&model.questions[question])?;
    if last >= model.clock.n_steps || !model.observations.is_empty() {
        return None;
    }
    model.clock.n_steps = last;
    model.questions = vec![model.questions.swap_remove(question)];
    model.indicators.clear();
    Some(model)
}

/// The last step that a question looks at; none where that is the end of the run.
fn last_step(question: &Question) -> Option<usize> {
    let of_formula = |formula: &Formula| match formula {
        Formula::Within { steps, .. } | Formula::Always { steps, .. } => Some(*steps),
        Formula::At { step, .. } => Some(*step),
        Formula::Before { .. } => None,
    };
    let last = match &question.measure {
        Measure::Probability(formula) => of_formula(formula)?,
        Measure::Distribution(Quantity::At { step, .. }) => *step,
        Measure::Distribution(Quantity::FirstTime { .. }) => return None,
    };
    question.given.as_ref().map_or(Some(last), |given| Some(last.max(of_formula(given)?)))
}
