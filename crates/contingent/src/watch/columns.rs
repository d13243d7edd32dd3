//! The values of indicators and the outcomes of questions, run by run, whether just run or from a run directory.
//!
//! Enters: an [`EnsembleResult`] or what a run directory holds. Leaves: [`WatchColumns`]. Always holds: only whole draws
//! with trajectories are in it; indicators are in shown units, times in the time unit of the model.

use contingent_engine::OutcomeRole;
use contingent_ensemble::EnsembleResult;
use contingent_ensemble::store::{StoredColumn, StoredExperiment};
use contingent_model::{CheckedModel, Formula, Measure};

use crate::discover::StoredElsewhere;

/// Runs with trajectories.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchColumns {
    /// Name of the view.
    pub view: String,
    /// Name of the policy.
    pub policy: String,
    /// Key of every random stream.
    pub seed: u64,
    /// Replications of each draw.
    pub n_replications: usize,
    /// Runs, a multiple of the replications.
    pub n_runs: usize,
    /// Per question what was asked, its condition and its first time, one value per run.
    pub questions: Vec<QuestionColumns>,
    n_times: usize,
    /// Per indicator, `n_times` x `n_runs`, run innermost.
    indicators: Vec<Vec<f64>>,
}

/// The columns of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionColumns {
    /// What was asked.
    pub value: Vec<f64>,
    /// Whether its condition holds.
    pub given: Option<Vec<f64>>,
    /// When it settles.
    pub first_time: Option<Vec<f64>>,
}

impl WatchColumns {
    /// The values of an indicator at a step, one per run.
    pub fn indicator(&self, position: usize, step: usize) -> &[f64] {
        &self.indicators[position][step * self.n_runs..(step + 1) * self.n_runs]
    }

    /// The runs of a result whose trajectories were kept.
    pub fn of_result(model: &CheckedModel, result: &EnsembleResult) -> Self {
        let m = result.design.n_replications as usize;
        let n_runs = result.n_kept_runs / m * m;
        let n_times = model.clock.n_steps + 1;
        let indicators = model
            .indicators
            .iter()
            .map(|indicator| {
                let place = result.recorded.iter().position(|recorded| recorded.name == indicator.name);
                let place = place.filter(|_| n_runs > 0).unwrap_or(usize::MAX);
                let mut values = Vec::with_capacity(n_times * n_runs);
                if place != usize::MAX {
                    for time in 0..n_times {
                        values.extend(
                            (0..n_runs)
                                .map(|run| result.recorded_value(time, place, run) / indicator.unit.scale),
                        );
                    }
                }
                values
            })
            .collect();
        let find = |question: usize, role: OutcomeRole| {
            let place = result
                .outcomes
                .iter()
                .position(|outcome| outcome.question == question && outcome.role == role)?;
            Some(result.outcome_values[place][..n_runs].to_vec())
        };
        let questions = (0..model.questions.len())
            .map(|question| QuestionColumns {
                value: find(question, OutcomeRole::Value).expect("every question has an outcome column"),
                given: find(question, OutcomeRole::Given),
                first_time: find(question, OutcomeRole::FirstTime),
            })
            .collect();
        Self {
            view: result.experiment.view_name(model).to_owned(),
            policy: result.experiment.policy_name(model).to_owned(),
            seed: result.design.seed,
            n_replications: m,
            n_runs,
            questions,
            n_times,
            indicators,
        }
    }

    /// The runs of a stored experiment whose trajectories were kept; `trajectories` are its columns, a row per run and
    /// time.
    pub fn of_stored(
        model: &CheckedModel,
        stored: &StoredExperiment,
        trajectories: &[StoredColumn],
    ) -> Result<Self, StoredElsewhere> {
        if stored.manifest.model.hash != model.hash {
            return Err(StoredElsewhere::OtherModel { title: stored.manifest.model.title.clone() });
        }
        let n_times = model.clock.n_steps + 1;
        let m = (stored.design().n_replications as usize).max(1);
        let n_rows = trajectories.first().map_or(0, |column| column.values.len());
        let n_runs = n_rows / n_times / m * m;
        let named = |columns: &[StoredColumn], name: &str, n: usize| {
            columns
                .iter()
                .find(|column| column.name == name && column.values.len() >= n)
                .map(|column| column.values[..n].to_vec())
                .ok_or_else(|| StoredElsewhere::NoColumn { name: name.to_owned() })
        };
        let indicators = model
            .indicators
            .iter()
            .map(|indicator| {
                let rows = named(trajectories, &indicator.name, n_runs * n_times)?;
                Ok((0..n_times)
                    .flat_map(|time| (0..n_runs).map(move |run| (time, run)))
                    .map(|(time, run)| rows[run * n_times + time])
                    .collect())
            })
            .collect::<Result<_, _>>()?;
        let questions = model
            .questions
            .iter()
            .map(|question| {
                let name = &question.name;
                let settles = matches!(
                    question.measure,
                    Measure::Probability(
                        Formula::Within { .. } | Formula::Always { .. } | Formula::Before { .. }
                    )
                );
                Ok(QuestionColumns {
                    value: named(&stored.outcomes, name, n_runs)?,
                    given: question
                        .given
                        .is_some()
                        .then(|| named(&stored.outcomes, &format!("{name}.given"), n_runs))
                        .transpose()?,
                    first_time: settles
                        .then(|| named(&stored.outcomes, &format!("{name}.first_time"), n_runs))
                        .transpose()?,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            view: stored.record.view.clone(),
            policy: stored.record.policy.clone(),
            seed: stored.manifest.seed,
            n_replications: m,
            n_runs,
            questions,
            n_times,
            indicators,
        })
    }

    /// Number of times.
    pub fn n_times(&self) -> usize {
        self.n_times
    }
}
