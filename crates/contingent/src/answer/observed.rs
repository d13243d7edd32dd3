//! What the answer says of the data that the model was compared with.
//!
//! Enters: the observations of the model and the logarithms of their likelihood. Leaves: a summary and a sentence. Always
//! holds: where data were compared with, the answer says that it does not use them; nothing here changes a number of
//! an answer.

use contingent_analysis::effective_runs;
use contingent_analysis::words::{fixed, thousands};
use contingent_ensemble::EnsembleResult;
use contingent_model::{CheckedModel, Observation};

use contingent_report::document::answer::{ComparisonSummary, ObservationSummary};

/// How the runs of an experiment compare with the data; none when the model observes nothing.
pub(super) fn comparison(
    model: &CheckedModel,
    result: &EnsembleResult,
    n_runs: usize,
) -> Option<ComparisonSummary> {
    if model.observations.is_empty() {
        return None;
    }
    let mut totals = vec![0.0; n_runs];
    for column in &result.log_likelihoods {
        for (total, value) in totals.iter_mut().zip(column) {
            *total += value;
        }
    }
    let n_possible = totals.iter().filter(|total| total.is_finite()).count();
    let n_compared = totals.iter().filter(|total| !total.is_nan()).count();
    Some(ComparisonSummary {
        observations: model.observations.iter().map(summary).collect(),
        n_values: model.observations.iter().map(|observation| observation.values.len()).sum(),
        n_runs: n_compared,
        n_possible_runs: n_possible,
        effective_runs: effective_runs(&totals),
    })
}

fn summary(observation: &Observation) -> ObservationSummary {
    ObservationSummary {
        id: observation.name.clone(),
        label: observation.label.clone(),
        file: observation.file.clone(),
        period: observation.period.clone(),
        written: observation.written.clone(),
        n_values: observation.values.len(),
        n_missing: observation.n_missing,
        n_outside: observation.n_outside,
    }
}

/// What a reader must know: the data were looked at, and the answers do not follow from them.
pub(super) fn sentence(comparison: &ComparisonSummary) -> String {
    let parts: Vec<String> = comparison
        .observations
        .iter()
        .map(|observation| {
            let mut notes = vec![format!("by {} from {}", observation.period, observation.file)];
            if observation.n_missing > 0 {
                notes.push(format!("{} missing", observation.n_missing));
            }
            if observation.n_outside > 0 {
                notes.push(format!("{} outside the time of the model", observation.n_outside));
            }
            format!("{} of {} ({})", observation.n_values, observation.id, notes.join(", "))
        })
        .collect();
    let n_runs = thousands(comparison.n_runs as f64, 0);
    let values = if comparison.n_values == 1 { "observed value" } else { "observed values" };
    let worth = if comparison.n_possible_runs == 0 {
        format!("in none of {n_runs} runs are these data possible")
    } else {
        let effective = comparison.effective_runs;
        let digits = i32::from(effective < 10.0);
        let impossible = comparison.n_runs - comparison.n_possible_runs;
        let impossible = match impossible {
            0 => String::new(),
            n => format!(", and in {} of them the data are impossible", thousands(n as f64, 0)),
        };
        format!(
            "weighted by how likely they make the data, {n_runs} runs would be worth about {}{impossible}",
            if digits == 0 { thousands(effective, 0) } else { fixed(effective, 1) }
        )
    };
    format!(
        "The answers are not yet conditioned on data: the model was compared with {} {values}, {}, but every run counts \
         alike; {worth}.",
        comparison.n_values,
        parts.join("; ")
    )
}
