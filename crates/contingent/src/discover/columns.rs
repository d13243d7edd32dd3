//! The columns of one experiment in shown units, whether it was just run or lies in a run directory.
//!
//! Enters: an [`EnsembleResult`] or a [`StoredExperiment`]. Leaves: [`ExperimentColumns`]. Always holds: only draws of
//! which every replication finished are in it; the numbers are those that the run directory holds.

use contingent_engine::{OutcomeRole, Parameter};
use contingent_ensemble::store::StoredExperiment;
use contingent_ensemble::{Design, EnsembleResult};
use contingent_model::{CheckedModel, Measure, VariableId, VariableKind};

/// One experiment, ready for analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentColumns {
    /// Name of its view, `base` when there is none.
    pub view: String,
    /// Name of its policy, `none` when there is none.
    pub policy: String,
    /// Draws that count and replications of each.
    pub design: Design,
    /// Whether every run of the design finished.
    pub complete: bool,
    /// Every element of every assumption.
    pub parameters: Vec<Parameter>,
    /// One column per parameter, one value per draw, in shown units.
    pub values: Vec<Vec<f64>>,
    /// Per question its value and its condition if it has one, one value per run, in shown units.
    pub questions: Vec<(Vec<f64>, Option<Vec<f64>>)>,
}

/// Why a stored experiment is not of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredElsewhere {
    /// The texts of the model are not those that were run.
    OtherModel {
        /// Title of the model that was run.
        title: String,
    },
    /// A column is missing.
    NoColumn {
        /// Its name.
        name: String,
    },
}

impl std::fmt::Display for StoredElsewhere {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OtherModel { title } => write!(
                out,
                "the run directory is of another version of the model (\"{title}\")\nhelp: run the model again, or give \
                 the model that was run"
            ),
            Self::NoColumn { name } => {
                write!(out, "the run directory has no column `{name}`\nhelp: run the model again")
            }
        }
    }
}

impl std::error::Error for StoredElsewhere {}

impl ExperimentColumns {
    /// The columns of an experiment that was just run.
    pub fn of_result(model: &CheckedModel, result: &EnsembleResult) -> Self {
        let n_draws = result.n_whole_draws();
        let n_runs = n_draws * result.design.n_replications as usize;
        let values = result
            .parameters
            .iter()
            .zip(&result.parameter_values)
            .map(|(parameter, values)| {
                let scale = model.variable(parameter.variable).unit.scale;
                values[..n_draws].iter().map(|value| value / scale).collect()
            })
            .collect();
        let find = |question: usize, role: OutcomeRole| -> Option<Vec<f64>> {
            let place = result
                .outcomes
                .iter()
                .position(|outcome| outcome.question == question && outcome.role == role)?;
            let is_number = role == OutcomeRole::Value
                && matches!(model.questions[question].measure, Measure::Distribution(_));
            let scale = if is_number { model.questions[question].unit.scale } else { 1.0 };
            Some(result.outcome_values[place][..n_runs].iter().map(|value| value / scale).collect())
        };
        let questions = (0..model.questions.len())
            .map(|question| {
                let value = find(question, OutcomeRole::Value).expect("every question has an outcome column");
                (value, find(question, OutcomeRole::Given))
            })
            .collect();
        Self {
            view: result.experiment.view_name(model).to_owned(),
            policy: result.experiment.policy_name(model).to_owned(),
            design: Design { n_draws: n_draws as u32, ..result.design },
            complete: result.is_complete(),
            parameters: result.parameters.clone(),
            values,
            questions,
        }
    }

    /// The columns of an experiment that lies in a run directory.
    pub fn of_stored(model: &CheckedModel, stored: &StoredExperiment) -> Result<Self, StoredElsewhere> {
        if stored.manifest.model.hash != model.hash {
            return Err(StoredElsewhere::OtherModel { title: stored.manifest.model.title.clone() });
        }
        let design = stored.design();
        let n_finished = usize::try_from(stored.record.n_finished_runs).unwrap_or(0);
        let n_draws = n_finished / design.n_replications.max(1) as usize;
        let n_runs = n_draws * design.n_replications as usize;
        let named = |columns: &[contingent_ensemble::store::StoredColumn], name: &str, n: usize| {
            columns
                .iter()
                .find(|column| column.name == name && column.values.len() >= n)
                .map(|column| column.values[..n].to_vec())
                .ok_or_else(|| StoredElsewhere::NoColumn { name: name.to_owned() })
        };
        let parameters = parameters(model);
        let values = parameters
            .iter()
            .map(|parameter| named(&stored.assumptions, &parameter.name, n_draws))
            .collect::<Result<_, _>>()?;
        let questions = model
            .questions
            .iter()
            .map(|question| {
                let given = question
                    .given
                    .is_some()
                    .then(|| named(&stored.outcomes, &format!("{}.given", question.name), n_runs));
                Ok((named(&stored.outcomes, &question.name, n_runs)?, given.transpose()?))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            view: stored.record.view.clone(),
            policy: stored.record.policy.clone(),
            design: Design { n_draws: n_draws as u32, ..design },
            complete: n_finished == design.n_runs(),
            parameters,
            values,
            questions,
        })
    }
}

/// Every element of every assumption, in model order.
fn parameters(model: &CheckedModel) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for (place, variable) in model.variables.iter().enumerate() {
        let VariableKind::Assumption { .. } = variable.kind else { continue };
        for element in 0..model.n_elements(&variable.subscripts) {
            parameters.push(Parameter {
                variable: VariableId(place as u32),
                element,
                name: model.element_name(&variable.name, &variable.subscripts, element),
            });
        }
    }
    parameters
}
