//! Builds the watch list.
//!
//! Enters: a model and [`WatchColumns`]. Leaves: a [`WatchList`]. Always holds: a question is looked at only while it is
//! open; the days of signals are the same for every indicator.

use contingent_analysis::watch::{Measured, RankedSignal, Unjudged, Warning, signal};
use contingent_analysis::{Interval, OutcomeColumn};
use contingent_model::{CheckedModel, Formula, Measure, Question};
use rayon::prelude::*;

use super::columns::{QuestionColumns, WatchColumns};
use crate::answer::{date_at, when};
use contingent_report::document::watch_list::{
    MeasuredRecord, SignalRecord, WATCH_SCHEMA, WarningRecord, WatchList, WatchedQuestion,
};

/// What is watched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WatchOptions {
    /// Version of the program.
    pub version: String,
    /// Questions, by position; all of them when empty.
    pub questions: Vec<usize>,
    /// Steps at which indicators are looked at; when empty, an eighth, a quarter, a half and three quarters of the way
    /// to the end of what each question asks about.
    pub steps: Vec<usize>,
}

/// Days of signals, as eighths of the way to the end of a question.
const EIGHTHS: [usize; 4] = [1, 2, 4, 6];

/// The watch list of some runs.
pub fn watch_list(model: &CheckedModel, columns: &WatchColumns, options: &WatchOptions) -> WatchList {
    let wanted = |position: &usize| options.questions.is_empty() || options.questions.contains(position);
    WatchList {
        schema: WATCH_SCHEMA.to_owned(),
        version: options.version.clone(),
        title: model.title.clone(),
        model_hash: model.hash.clone(),
        view: columns.view.clone(),
        policy: columns.policy.clone(),
        seed: columns.seed,
        n_draws: columns.n_runs / columns.n_replications.max(1),
        n_replications: columns.n_replications,
        questions: (0..model.questions.len())
            .into_par_iter()
            .filter(wanted)
            .map(|position| watched(model, columns, position, &options.steps))
            .collect(),
    }
}

fn watched(
    model: &CheckedModel,
    columns: &WatchColumns,
    position: usize,
    steps: &[usize],
) -> WatchedQuestion {
    let question = &model.questions[position];
    let mut found = WatchedQuestion {
        id: question.name.clone(),
        label: question.text.clone(),
        when: when(model, &question.measure),
        skipped: None,
        n_compared: 0,
        signals: Vec::new(),
    };
    let Some(end) = end_of(model, question) else {
        found.skipped = Some("it asks for a number; ask for the probability that it exceeds one".to_owned());
        return found;
    };
    if model.indicators.is_empty() {
        found.skipped = Some("the model has no indicator".to_owned());
        return found;
    }
    let mut days: Vec<usize> = if steps.is_empty() {
        EIGHTHS.iter().map(|eighths| (eighths * end).div_ceil(8)).collect()
    } else {
        steps.to_vec()
    };
    days.retain(|&step| step < end && step < columns.n_times());
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        found.skipped = Some("no day of a signal lies before its end".to_owned());
        return found;
    }
    found.n_compared = days.len() * model.indicators.len();
    for &step in &days {
        for place in 0..model.indicators.len() {
            found.signals.push(judged(model, columns, position, place, step, end, found.n_compared));
        }
    }
    let gain = |record: &SignalRecord| record.gain.map_or(-1.0, |gain| gain.value);
    found.signals.sort_by(|a, b| b.distinguishable.cmp(&a.distinguishable).then(gain(b).total_cmp(&gain(a))));
    found
}

/// The step at which what a question asks about ends; none for a number.
fn end_of(model: &CheckedModel, question: &Question) -> Option<usize> {
    match &question.measure {
        Measure::Probability(Formula::Within { steps, .. } | Formula::Always { steps, .. }) => Some(*steps),
        Measure::Probability(Formula::At { step, .. }) => Some(*step),
        Measure::Probability(Formula::Before { .. }) => Some(model.clock.n_steps),
        Measure::Distribution(_) => None,
    }
}

fn judged(
    model: &CheckedModel,
    columns: &WatchColumns,
    position: usize,
    place: usize,
    step: usize,
    end: usize,
    n_compared: usize,
) -> SignalRecord {
    let clock = &model.clock;
    let indicator = &model.indicators[place];
    let time = step as f64 * clock.dt;
    let question: &QuestionColumns = &columns.questions[position];
    let all = OutcomeColumn::new(&question.value, columns.n_replications).given(question.given.as_deref());
    let n_all = (0..columns.n_runs).filter(|&run| all.counts(run)).count();
    // Open: it has not settled by then, and the run counts.
    let open: Vec<f64> = (0..columns.n_runs)
        .map(|run| {
            let settled =
                question.first_time.as_ref().is_some_and(|first| first[run] <= time + 1e-9 * clock.dt);
            f64::from(u8::from(all.counts(run) && !settled))
        })
        .collect();
    let outcome = OutcomeColumn::new(&question.value, columns.n_replications).given(Some(&open));
    let is_event = !matches!(model.questions[position].measure, Measure::Probability(Formula::Always { .. }));
    let leads: Option<Vec<f64>> = question
        .first_time
        .as_ref()
        .filter(|_| is_event)
        .map(|first| first.iter().map(|first| first - time).collect());
    let ranked = RankedSignal::new(columns.indicator(place, step));
    let found = signal(&ranked, &outcome, leads.as_deref(), n_compared);
    let n_open = open.iter().filter(|&&open| open == 1.0).count();
    let mut record = SignalRecord {
        indicator: indicator.name.clone(),
        label: indicator.label.clone(),
        unit: indicator.unit.text.clone(),
        is_share: indicator.unit.is_share,
        time,
        date: date_at(clock, time).map(|date| date.to_string()),
        lead: (end - step) as f64 * clock.dt,
        time_unit: clock.time_unit.clone(),
        share_open: n_open as f64 / n_all.max(1) as f64,
        n_runs: n_open,
        n_true: 0,
        unjudged: None,
        probability: None,
        area: None,
        distinguishable: false,
        gain: None,
        warning: None,
    };
    match found {
        Ok(signal) => {
            record.n_runs = signal.n_runs;
            record.n_true = signal.n_true;
            record.probability = Some(measured(signal.probability));
            record.area = Some(measured(signal.area));
            record.distinguishable = signal.distinguishable;
            record.gain = Some(measured(signal.gain));
            record.warning = signal.warning.map(warning);
        }
        Err(Unjudged::TooFew { n_runs, n_true }) => {
            record.n_runs = n_runs;
            record.n_true = n_true;
            record.unjudged = Some(format!(
                "it came in {n_true} of {n_runs} runs in which the question was open; fewer than {} of either kind say \
                 nothing",
                contingent_analysis::watch::FEWEST_RUNS
            ));
        }
        Err(Unjudged::Constant) => {
            record.unjudged = Some("it had the same value in every run on that day".to_owned());
        }
    }
    record
}

fn measured(found: Measured) -> MeasuredRecord {
    let Interval { low, high } = found.interval;
    MeasuredRecord { value: found.value, low, high }
}

fn warning(found: Warning) -> WarningRecord {
    WarningRecord {
        threshold: found.threshold,
        is_above: found.is_above,
        share: found.share,
        probability_if: measured(found.probability_if),
        probability_unless: measured(found.probability_unless),
        ratio_if: measured(found.ratio_if),
        ratio_unless: measured(found.ratio_unless),
        median_lead: found.median_lead.is_finite().then_some(found.median_lead),
    }
}
