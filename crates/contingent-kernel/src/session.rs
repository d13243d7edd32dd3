//! A model that is answered again and again under other settings.
//!
//! Enters: a model, and [`Request`]s. Leaves: [`LiveAnswer`]s. Always holds: an answer is a function of the model, the design and the
//! request; what is kept between requests (the last runs and those of the baseline) saves time and changes no bit.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Range;

use contingent_analysis::interval::USUAL_ERROR;
use contingent_analysis::{OutcomeColumn, Scale};
use contingent_engine::{OutcomeRole, Parameter, Recording, compile};
use contingent_ensemble::{
    Compiled, Design, EnsembleResult, Error, Experiment, RunOptions, Settings, run_part,
};
use contingent_model::{CheckedModel, VariableKind};
use contingent_report::document::answer::{Estimate, QuestionAnswer, QuestionKind};
use contingent_report::document::answer_parts::CurveMeaning;
use contingent_report::document::live::{LiveAnswer, LiveDigest, LiveDots, LiveFixed};
use contingent_report::words::number::Unit;
use contingent_report::words::sentence::answer_sentence;

use crate::digest::digest;
use crate::estimate::{curve, estimate, kind_of, outcome, scale_of, settles};
use crate::fan::{dots, fan};
use crate::time::when;

/// What is asked, and under which settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Name of the question; empty for the first.
    pub question: String,
    /// Name of the indicator that is drawn; empty for the first.
    pub indicator: String,
    /// Name of a view; none for the model's own assumptions.
    pub view: Option<String>,
    /// Name of a policy.
    pub policy: Option<String>,
    /// Draws of the assumptions.
    pub n_draws: u32,
    /// Assumptions, elements of them or levers that are set, in shown units; a category by the position of an alternative.
    pub settings: Vec<(String, f64)>,
}

/// Why a model cannot be opened or a request cannot be met.
#[derive(Debug)]
pub enum SessionError {
    /// The model has nothing of this name.
    Unknown {
        /// `question`, `indicator`, `view`, `policy` or `setting`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The experiment cannot be run.
    Run {
        /// Why.
        reason: Error,
    },
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { what, name } => write!(f, "the model has no {what} `{name}`"),
            Self::Run { reason } => write!(f, "{reason}"),
        }
    }
}

impl std::error::Error for SessionError {}

impl From<Error> for SessionError {
    fn from(reason: Error) -> Self {
        Self::Run { reason }
    }
}

/// How every request of a session is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// Key of every random stream.
    pub seed: u64,
    /// Replications of each draw.
    pub n_replications: u32,
    /// The scale of words of likelihood.
    pub words: Scale,
    /// What was set when the answer was made.
    pub fixed: Vec<LiveFixed>,
}

/// A model with its last runs.
pub struct Session<M> {
    model: M,
    ground: Ground,
    parameters: Vec<Parameter>,
    compiled: Compiled,
    /// Runs of the first request, the baseline, whose draws are taken over where they are the same.
    first: Option<EnsembleResult>,
    /// Runs of the last other one.
    last: Option<EnsembleResult>,
    /// Draws of the first request, where only a part of its runs was made here.
    draws: Option<EnsembleResult>,
}

impl<M: Borrow<CheckedModel>> Session<M> {
    /// Opens a model.
    pub fn new(model: M, ground: Ground) -> Result<Self, SessionError> {
        let configuration = Experiment::default().configuration(model.borrow(), Recording::Nothing)?;
        let program = compile(model.borrow(), &configuration)
            .map_err(|reason| SessionError::Run { reason: Error::Compile { reason } })?;
        let parameters = program.parameters().to_vec();
        Ok(Self {
            model,
            ground,
            parameters,
            compiled: Compiled::default(),
            first: None,
            last: None,
            draws: None,
        })
    }

    /// The session with the draws that another made of the same assumptions, which need not be made anew.
    #[must_use]
    pub fn with_draws_of(mut self, other: &Self) -> Self {
        self.draws = other.first.as_ref().or(other.draws.as_ref()).map(draws_of);
        self
    }

    /// The answer to a request. Runs nothing when the settings are those of the first request or of the last.
    pub fn answer(&mut self, request: &Request) -> Result<LiveAnswer, SessionError> {
        let model = self.model.borrow();
        let unknown = |what: &'static str, name: &str| SessionError::Unknown { what, name: name.to_owned() };
        let question = position_of(&request.question, model.questions.iter().map(|question| &question.name))
            .ok_or_else(|| unknown("question", &request.question))?;
        if let Some(n_runs) = self.missing(request)? {
            let result = self.run_part(request, 0..n_runs)?;
            self.keep(result);
        }
        let result = self.known(request)?.expect("run above");
        let indicator = if result.recorded.is_empty() {
            None
        } else {
            let names = result.recorded.iter().map(|recorded| &recorded.name);
            let found = position_of(&request.indicator, names);
            Some(found.ok_or_else(|| unknown("indicator", &request.indicator))?)
        };
        Ok(self.read(result, question, indicator))
    }

    /// How many runs have to be made to answer a request; none when they were made already.
    pub fn missing(&self, request: &Request) -> Result<Option<usize>, SessionError> {
        Ok(if self.known(request)?.is_some() { None } else { Some(self.design(request).n_runs()) })
    }

    /// Makes some of the runs of a request, and keeps none of them but, of the first request, its draws.
    pub fn run_part(
        &mut self,
        request: &Request,
        runs: Range<usize>,
    ) -> Result<EnsembleResult, SessionError> {
        // The old runs go before the new ones come: memory in a browser is scarce.
        self.last = None;
        let model = self.model.borrow();
        let design = self.design(request);
        let options = RunOptions {
            recorded_draws: if model.indicators.is_empty() { 0 } else { design.n_draws },
            draws_of: self.first.as_ref().or(self.draws.as_ref()),
            compiled: Some(&self.compiled),
            ..RunOptions::default()
        };
        let part = run_part(model, &self.experiment(request)?, &design, &options, runs)?;
        let is_larger = |draws: &EnsembleResult| draws.design.n_draws < design.n_draws;
        if self.first.is_none() && self.draws.as_ref().is_none_or(is_larger) {
            self.draws = Some(draws_of(&part));
        }
        Ok(part)
    }

    /// Keeps all runs of a request.
    pub fn keep(&mut self, result: EnsembleResult) {
        self.draws = None;
        *(if self.first.is_none() { &mut self.first } else { &mut self.last }) = Some(result);
    }

    fn design(&self, request: &Request) -> Design {
        Design {
            seed: self.ground.seed,
            n_draws: request.n_draws,
            n_replications: self.ground.n_replications,
        }
    }

    fn known(&self, request: &Request) -> Result<Option<&EnsembleResult>, SessionError> {
        let (experiment, design) = (self.experiment(request)?, self.design(request));
        let is_asked = |result: &&EnsembleResult| result.experiment == experiment && result.design == design;
        Ok(self.first.iter().chain(&self.last).find(is_asked))
    }

    /// The digests of every question and every indicator of the first request.
    pub fn digests(&self) -> Vec<LiveDigest> {
        let Some(result) = &self.first else { return Vec::new() };
        let questions = (0..self.model.borrow().questions.len())
            .map(|question| self.digest_of_question(result, question));
        let indicators = (0..result.recorded.len()).map(|indicator| digest_of_indicator(result, indicator));
        questions.chain(indicators).collect()
    }

    fn digest_of_question(&self, result: &EnsembleResult, question: usize) -> LiveDigest {
        let columns = result.outcomes.iter().zip(&result.outcome_values);
        let of_question =
            columns.filter(|(outcome, _)| outcome.question == question).map(|(_, values)| values.as_slice());
        LiveDigest {
            of: "question".to_owned(),
            name: self.model.borrow().questions[question].name.clone(),
            digest: digest(of_question),
        }
    }

    /// The answer that runs give.
    fn read(
        &self,
        result: &EnsembleResult,
        question_position: usize,
        indicator: Option<usize>,
    ) -> LiveAnswer {
        let model = self.model.borrow();
        let question = &model.questions[question_position];
        let column = |role: OutcomeRole| {
            let values = outcome(result, question_position, role)?;
            let given = outcome(result, question_position, OutcomeRole::Given);
            Some(OutcomeColumn::new(values, result.design.n_replications as usize).given(given))
        };
        let value = column(OutcomeRole::Value).expect("every question has an outcome column");
        let found = estimate(&value, question, &model.clock, self.ground.words, USUAL_ERROR);
        let (sentence, short) = match &found {
            Ok(found) => {
                let asked = bare_answer(model, question_position, found.estimate.n_runs, found.n_not_failed);
                // Pages write ranges with a dash.
                let range = found.estimate.word_range_text.as_ref().map(|text| text.replace('-', "\u{2013}"));
                let estimate = Estimate { word_range_text: range, ..found.estimate.clone() };
                (answer_sentence(&asked, &estimate), short(&asked, &estimate))
            }
            Err(reason) => (format!("There is no answer: {reason}."), "no answer".to_owned()),
        };
        let settled = settles(question).and_then(|(role, meaning)| Some((column(role)?, meaning)));
        let dots = match (kind_of(question), &settled) {
            (QuestionKind::Quantity, _) => Some((dots(&value, scale_of(question)), false)),
            (_, Some((column, CurveMeaning::HasCome))) => {
                let scale =
                    if kind_of(question) == QuestionKind::FirstTime { scale_of(question) } else { 1.0 };
                Some((dots(column, scale), true))
            }
            _ => None,
        };
        let mut digests = vec![self.digest_of_question(result, question_position)];
        digests.extend(indicator.map(|indicator| digest_of_indicator(result, indicator)));
        LiveAnswer {
            question: question.name.clone(),
            label: question.text.clone(),
            sentence,
            short,
            curve: settled.and_then(|(column, meaning)| curve(&column, meaning, &model.clock)),
            dots: dots.filter(|((values, _), _)| !values.is_empty()).map(|((values, n_runs), is_time)| {
                LiveDots {
                    values,
                    unit: match kind_of(question) {
                        QuestionKind::Probability => model.clock.time_unit.clone(),
                        _ => question.unit.text.clone(),
                    },
                    is_share: !is_time && question.unit.is_share,
                    is_time,
                    n_runs,
                }
            }),
            fan: indicator.map(|indicator| fan(model, result, indicator)),
            n_runs: result.n_finished_runs,
            n_failed_runs: result.failures.len(),
            digests,
        }
    }

    fn experiment(&self, request: &Request) -> Result<Experiment, SessionError> {
        let model = self.model.borrow();
        let unknown = |what: &'static str, name: &str| SessionError::Unknown { what, name: name.to_owned() };
        let named = |what, name: &Option<String>, found: &dyn Fn(&str) -> Option<usize>| {
            name.as_deref().map(|name| found(name).ok_or_else(|| unknown(what, name))).transpose()
        };
        let view = |name: &str| model.views.iter().position(|view| view.name == name);
        let policy = |name: &str| model.policies.iter().position(|policy| policy.name == name);
        let mut experiment = Experiment {
            view: named("view", &request.view, &view)?,
            policy: named("policy", &request.policy, &policy)?,
            settings: Settings::default(),
        };
        let settings = &mut experiment.settings;
        for LiveFixed { name, element, value } in &self.ground.fixed {
            let id = model.variable_named(name).ok_or_else(|| unknown("setting", name))?;
            match (&model.variable(id).kind, element) {
                (VariableKind::Mechanism { .. }, _) => _ = settings.mechanisms.insert(id, *value as usize),
                (VariableKind::Lever { .. }, None) => _ = settings.levers.insert(id, *value),
                (VariableKind::Lever { .. }, Some(element)) => {
                    settings.lever_elements.insert((id, *element), *value);
                }
                (_, None) => _ = settings.assumptions.insert(id, *value),
                (_, Some(element)) => _ = settings.assumption_elements.insert((id, *element), *value),
            }
        }
        for (name, value) in &request.settings {
            if let Some(parameter) = self.parameters.iter().find(|parameter| parameter.name == *name) {
                let variable = model.variable(parameter.variable);
                let is_category = matches!(&variable.kind, VariableKind::Assumption { alternatives, .. } if !alternatives.is_empty());
                let scale = if is_category { 1.0 } else { variable.unit.scale };
                settings.assumption_elements.insert((parameter.variable, parameter.element), value * scale);
                continue;
            }
            let id = model.variable_named(name).ok_or_else(|| unknown("setting", name))?;
            let VariableKind::Lever { low, high, .. } = model.variable(id).kind else {
                return Err(unknown("setting", name));
            };
            settings.lever_elements.retain(|(lever, _), _| *lever != id);
            // An end of a slider is the end of the range, whatever the shown unit rounds.
            settings.levers.insert(id, (value * model.variable(id).unit.scale).clamp(low, high));
        }
        Ok(experiment)
    }
}

/// A result with the draws of another and none of its runs.
fn draws_of(result: &EnsembleResult) -> EnsembleResult {
    EnsembleResult {
        experiment: result.experiment.clone(),
        design: result.design,
        parameters: result.parameters.clone(),
        parameter_values: result.parameter_values.clone(),
        outcomes: Vec::new(),
        outcome_values: Vec::new(),
        log_likelihoods: Vec::new(),
        clipped: 0,
        n_clipped_runs: 0,
        failures: Vec::new(),
        recorded: Vec::new(),
        trajectories: Vec::new(),
        n_times: result.n_times,
        n_kept_runs: 0,
        n_finished_runs: 0,
    }
}

/// The position of a name, the first when it is empty.
pub(crate) fn position_of<'a>(name: &str, mut names: impl Iterator<Item = &'a String>) -> Option<usize> {
    names.position(|known| name.is_empty() || known == name)
}

fn digest_of_indicator(result: &EnsembleResult, indicator: usize) -> LiveDigest {
    let n_recorded = result.recorded.len();
    let rows =
        result.trajectories.chunks_exact(result.n_kept_runs.max(1)).skip(indicator).step_by(n_recorded);
    LiveDigest {
        of: "indicator".to_owned(),
        name: result.recorded[indicator].name.clone(),
        digest: digest(rows),
    }
}

/// As much of the answer document as its sentence needs.
fn bare_answer(model: &CheckedModel, position: usize, n_satisfied: usize, n_runs: usize) -> QuestionAnswer {
    let question = &model.questions[position];
    let kind = kind_of(question);
    QuestionAnswer {
        id: question.name.clone(),
        label: question.text.clone(),
        kind,
        written: String::new(),
        resolves: String::new(),
        when: when(model, &question.measure),
        unit: (kind != QuestionKind::Probability).then(|| question.unit.text.clone()),
        view: None,
        estimate: None,
        unanswerable: None,
        spread: None,
        views_gap: None,
        base_rate: None,
        given: question.given.is_some().then_some(contingent_report::document::answer::GivenSummary {
            n_satisfied,
            n_runs,
            effective_runs: None,
        }),
        views: Vec::new(),
        policies: Vec::new(),
        hangs_on: Vec::new(),
        sensitivity: None,
        curve: None,
        find_out: None,
        confidence: None,
        without_observed: None,
    }
}

/// The answer in a few words.
fn short(question: &QuestionAnswer, estimate: &Estimate) -> String {
    if let Some(in_100) = &estimate.in_100 {
        return in_100.clone();
    }
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    match estimate.median() {
        Some(median) => format!("median {}", unit.with(median)),
        None => "never in more than half of the runs".to_owned(),
    }
}
