//! `--precision`: runs the baseline until its probabilities are known closely enough.
//!
//! Enters: a model, the baseline and how close is close enough. Leaves: the result at the look at which it stopped, and
//! what is said about the looks. Always holds: the looks are fixed before the first run; each takes in the runs of the
//! looks before it, because a draw does not depend on how many there are.

use contingent::answer::{LookSummary, PrecisionSummary};
use contingent_analysis::interval::USUAL_ERROR;
use contingent_analysis::sequential::{LookSchedule, MOST_LATE};
use contingent_analysis::{OutcomeColumn, ProbabilityEstimate};
use contingent_engine::OutcomeRole;
use contingent_ensemble::{Design, EnsembleResult, Experiment, RunOptions, run_experiment, with_threads};
use contingent_model::{CheckedModel, Measure};

use super::{Stop, output, settings};
use crate::cli::output::Progress;

/// Narrower than this is not worth the runs, and wider than a coin toss says nothing.
const NARROWEST: f64 = 0.000_5;
const WIDEST: f64 = 0.25;

/// Half the width that is asked for.
pub(super) fn half_width(text: &str) -> Result<f64, Stop> {
    let half = settings::number("precision", text, "1")?;
    if (NARROWEST..=WIDEST).contains(&half) {
        Ok(half)
    } else {
        Err(Stop::Fault(format!(
            "`--precision {text}` is not between 0.05% and 25%\nhelp: write for example `--precision 1%`, which is one \
             point of a hundred to either side"
        )))
    }
}

/// What the looks came to.
pub(super) struct Looked {
    /// The baseline at the last look.
    pub(super) result: EnsembleResult,
    /// What is said about it.
    pub(super) summary: PrecisionSummary,
}

/// The looks for a model: more of them when not every run counts for every question.
pub(super) fn schedule(
    model: &CheckedModel,
    half_width: f64,
    n_observed: usize,
) -> Result<LookSchedule, Stop> {
    let n_asked = model.questions.len() - n_observed;
    let asked = &model.questions[..n_asked];
    if !asked.iter().any(|question| matches!(question.measure, Measure::Probability(_))) {
        return Err(Stop::Fault(
            "`--precision` is about probabilities, and the model asks for none\nhelp: use `--draws` instead"
                .to_owned(),
        ));
    }
    let is_conditional = n_observed > 0 || asked.iter().any(|question| question.given.is_some());
    Ok(LookSchedule::new(half_width, USUAL_ERROR, if is_conditional { MOST_LATE } else { 0 }))
}

/// Runs from look to look.
pub(super) fn run(
    model: &CheckedModel,
    baseline: &Experiment,
    schedule: &LookSchedule,
    design: Design,
    options: &RunOptions<'_>,
    n_observed: usize,
    threads: usize,
) -> Result<Looked, Stop> {
    let mut last = None;
    for look in &schedule.looks {
        let design = Design { n_draws: look.n_draws, ..design };
        let progress = Progress::new(design.n_runs() as u64);
        let options = RunOptions { progress: &|finished| progress.set(finished), ..*options };
        let result = with_threads(threads, || run_experiment(model, baseline, &design, &options))??;
        progress.finish();
        let complete = result.is_complete();
        let reached = widest(model, &result, look.error, n_observed);
        let met = reached <= schedule.half_width;
        last = Some(Looked {
            summary: PrecisionSummary {
                requested: schedule.half_width,
                reached,
                met,
                looks: schedule
                    .looks
                    .iter()
                    .map(|look| LookSummary { n_draws: look.n_draws as usize, error: look.error })
                    .collect(),
                stopped_at: look.n_draws as usize,
                error: look.error,
            },
            result,
        });
        if met || !complete {
            break;
        }
        output::note(&format!(
            "{} draws: the widest interval reaches {:.2} points to either side",
            look.n_draws,
            100.0 * reached
        ));
    }
    last.ok_or_else(|| Stop::Fault("no look was planned".to_owned()))
}

/// Half the width of the widest interval; a question without an answer is as wide as can be.
fn widest(model: &CheckedModel, result: &EnsembleResult, error: f64, n_observed: usize) -> f64 {
    let n_asked = model.questions.len() - n_observed;
    let m = result.design.n_replications as usize;
    let n_runs = result.n_whole_draws() * m;
    let column = |question: usize, role: OutcomeRole| {
        let place = result
            .outcomes
            .iter()
            .position(|outcome| outcome.question == question && outcome.role == role)?;
        Some(&result.outcome_values[place][..n_runs])
    };
    let observed: Vec<&[f64]> = (n_asked..model.questions.len())
        .filter_map(|question| column(question, OutcomeRole::Value))
        .collect();
    let mut widest: f64 = 0.0;
    for (position, question) in model.questions[..n_asked].iter().enumerate() {
        if !matches!(question.measure, Measure::Probability(_)) {
            continue;
        }
        let Some(values) = column(position, OutcomeRole::Value) else { continue };
        let given = column(position, OutcomeRole::Given);
        let condition: Option<Vec<f64>> = (given.is_some() || !observed.is_empty()).then(|| {
            (0..n_runs)
                .map(|run| {
                    observed.iter().map(|column| column[run]).product::<f64>()
                        * given.map_or(1.0, |given| given[run])
                })
                .collect()
        });
        let column = OutcomeColumn::new(values, m).given(condition.as_deref());
        let half = ProbabilityEstimate::at(&column, error).map_or(0.5, |found| 0.5 * found.interval.width());
        widest = widest.max(half);
    }
    widest
}
