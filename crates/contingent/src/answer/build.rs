//! Builds the answer document from the results of the experiments.
//!
//! Enters: a model and one [`EnsembleResult`] per experiment, over the same design. Leaves: an [`Answer`]. Always
//! holds: only draws of which every replication finished count, so an interrupted ensemble answers with what it
//! has; policies are compared with the experiment that differs in nothing else.

use contingent_analysis::interval::USUAL_ERROR;
use contingent_analysis::paired::Compared;
use contingent_analysis::{
    AssumptionColumn, Basis, Direction, FirstOrder, OutcomeColumn, PairedDifference, RankedAssumptions,
    RegressionBasis, Scale, fan, first_order, paired_difference,
};
use contingent_engine::OutcomeRole;
use contingent_ensemble::EnsembleResult;
use contingent_kernel::estimate::{
    Estimated, curve, estimate, finite, interval_range, kind_of, outcome, range, scale_of, settles,
};
use contingent_model::{CheckedModel, Question};
use rayon::prelude::*;

use super::knowledge::{Knowledge, N_PIECES, confidence};
use super::observed;
use super::provenance::{
    assumption_of, claim_names, date_at, evidence, parameter_label, time_in_words, when,
};
use contingent_report::document::answer::{
    ANSWER_SCHEMA, Answer, Bands, BaseRateSummary, ClippingSummary, ComparedMeasure, DesignSummary, Effect,
    FailureSummary, GivenSummary, HangsOn, ModelSummary, NOT_VALIDATED, PolicyAnswer, PolicyUnderView,
    QuestionAnswer, QuestionKind, SensitivitySummary, Trajectory, ViewAnswer,
};
use contingent_report::document::answer_parts::{CurveAnswer, Gain, ObservedSummary, PrecisionSummary};

/// What the caller adds to the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BuildOptions {
    /// Version of the program.
    pub version: String,
    /// Where the runs were written, when they were.
    pub run_directory: Option<String>,
    /// The scale of words of likelihood.
    pub words: Scale,
    /// What is taken as observed, as it was given; the last questions of the model ask for these, in this order, and
    /// are not answered (see [`crate::observed`]).
    pub observed: Vec<String>,
    /// How many draws were decided on, when that was done by looking.
    pub precision: Option<PrecisionSummary>,
}

/// Runs, and draws behind them, below which an answer given what was observed is refused: 100 runs make an interval of
/// twenty points, and fewer than 50 draws of the assumptions say little about what is not known.
const FEWEST_OBSERVED_RUNS: usize = 100;
const FEWEST_OBSERVED_DRAWS: usize = 50;

/// Why no answer can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// There were no results.
    NoExperiment,
    /// Results over different designs cannot be compared.
    DesignsDiffer {
        /// Position of the first result whose design differs from that of the first.
        position: usize,
    },
    /// Not one draw finished in some experiment.
    NoFinishedDraw {
        /// Position of the result.
        position: usize,
    },
    /// What is taken as observed holds in too few runs to say anything.
    ObservedTooRare {
        /// Runs in which all of it holds.
        n_satisfied: usize,
        /// Draws behind them.
        n_draws: usize,
        /// Runs that did not fail.
        n_runs: usize,
    },
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BuildError::NoExperiment => write!(out, "no experiment was run"),
            BuildError::DesignsDiffer { position } => {
                write!(
                    out,
                    "experiment {position} has another seed, number of draws or replications than the first"
                )
            }
            BuildError::NoFinishedDraw { position } => {
                write!(out, "experiment {position} was stopped before one draw finished")
            }
            BuildError::ObservedTooRare { n_satisfied, n_draws, n_runs } => {
                write!(
                    out,
                    "what was observed holds in {n_satisfied} of {n_runs} runs, from {n_draws} draws; fewer than \
                     {FEWEST_OBSERVED_RUNS} runs from {FEWEST_OBSERVED_DRAWS} draws say nothing\nhelp: "
                )?;
                if *n_satisfied == 0 {
                    write!(
                        out,
                        "in this model it as good as never happens; check the date and the number, or give a range \
                         instead of one value"
                    )
                } else {
                    write!(
                        out,
                        "give a range instead of one value, leave one observation out, or run more with `--draws {}`",
                        suggested_draws(*n_satisfied, *n_draws, *n_runs)
                    )
                }
            }
        }
    }
}

/// Draws with which as much as is needed would be expected twice over, as a round number.
fn suggested_draws(n_satisfied: usize, n_draws: usize, n_runs: usize) -> usize {
    let needed = (FEWEST_OBSERVED_RUNS as f64 / n_satisfied as f64)
        .max(FEWEST_OBSERVED_DRAWS as f64 / n_draws.max(1) as f64);
    let wanted = 2.0 * needed * n_runs as f64;
    let mut round = 1_000;
    while (round as f64) < wanted {
        round *= if round.to_string().starts_with('1') { 5 } else { 2 };
    }
    round
}

impl std::error::Error for BuildError {}

/// Builds the answer. The headline is the experiment without view and policy; when that was not run, the first
/// without a policy, else the first.
pub fn build_answer(
    model: &CheckedModel,
    results: &[EnsembleResult],
    options: &BuildOptions,
) -> Result<Answer, BuildError> {
    let first = results.first().ok_or(BuildError::NoExperiment)?;
    if let Some(position) = results.iter().position(|result| result.design != first.design) {
        return Err(BuildError::DesignsDiffer { position });
    }
    if let Some(position) = results.iter().position(|result| result.n_whole_draws() == 0) {
        return Err(BuildError::NoFinishedDraw { position });
    }
    let headline = results
        .iter()
        .find(|result| result.experiment.view.is_none() && result.experiment.policy.is_none())
        .or_else(|| results.iter().find(|result| result.experiment.policy.is_none()))
        .unwrap_or(first);
    let n_draws = results.iter().map(EnsembleResult::n_whole_draws).min().unwrap_or(0);
    let columns = assumption_columns(model, headline, n_draws);
    let basis = RegressionBasis::new(&columns, N_PIECES);
    let all_runs = vec![f64::from(first.design.n_replications); n_draws];
    let builder = Builder {
        model,
        results,
        headline,
        n_draws,
        n_replications: first.design.n_replications as usize,
        ranked: RankedAssumptions::new(&columns),
        knowledge: Knowledge::new(model, &headline.parameters, &basis, &all_runs),
        words: options.words,
        error: options.precision.as_ref().map_or(USUAL_ERROR, |precision| precision.error),
        n_asked: model.questions.len() - options.observed.len(),
        observed: results
            .iter()
            .map(|result| Observed::new(model, result, options.observed.len(), n_draws))
            .collect(),
    };
    let observed = builder.observed_summaries(&options.observed)?;
    let asked = &model.questions[..builder.n_asked];
    let questions: Vec<QuestionAnswer> =
        asked.par_iter().enumerate().map(|(i, question)| builder.question(i, question)).collect();
    let n_finished: usize = results.iter().map(|result| result.n_finished_runs).sum();
    let share = |n: usize| n as f64 / n_finished.max(1) as f64;
    let n_failed = results.iter().map(|result| result.failures.len()).sum();
    let n_clipped = results.iter().map(|result| result.n_clipped_runs).sum();
    let clock = &model.clock;
    let mut answer =
        Answer {
            schema: ANSWER_SCHEMA.to_owned(),
            version: options.version.clone(),
            model: ModelSummary {
                title: model.title.clone(),
                hash: model.hash.clone(),
                purpose: model.purpose.clone(),
                not_for: model.not_for.clone(),
                as_of: model.as_of.map(|date| date.to_string()),
                start: clock.start.map(|date| date.to_string()),
                horizon: date_at(clock, clock.n_steps as f64 * clock.dt)
                    .map_or_else(|| time_in_words(clock, clock.n_steps), |date| date.to_string()),
            },
            seed: first.design.seed,
            design: DesignSummary {
                n_draws,
                n_replications: builder.n_replications,
                n_runs: n_draws * builder.n_replications,
                n_experiments: results.len(),
                complete: results.iter().all(EnsembleResult::is_complete),
            },
            questions,
            trajectories: trajectories(model, headline, builder.holds(headline)),
            evidence: evidence(model),
            verification: None,
            failures: FailureSummary {
                n_runs: n_failed,
                share: share(n_failed),
                first: results.iter().flat_map(|result| &result.failures).next().map(|failure| {
                    format!("{} at time {}: {}", failure.variable, failure.time, failure.cause)
                }),
            },
            clipping: ClippingSummary { n_runs: n_clipped, share: share(n_clipped) },
            comparison: observed::comparison(model, headline, n_draws * builder.n_replications),
            leaves_out: model.leaves_out.clone(),
            warnings: Vec::new(),
            validation_level: NOT_VALIDATED.to_owned(),
            run_directory: options.run_directory.clone(),
            words: options.words.name().to_owned(),
            precision: options.precision.clone(),
            observed,
        };
    answer.warnings = warnings(&answer);
    Ok(answer)
}

struct Builder<'a> {
    model: &'a CheckedModel,
    results: &'a [EnsembleResult],
    headline: &'a EnsembleResult,
    n_draws: usize,
    n_replications: usize,
    ranked: RankedAssumptions,
    knowledge: Knowledge<'a>,
    words: Scale,
    /// The chance of an error of the interval of a probability.
    error: f64,
    /// Questions that are answered; those after them ask for what was observed.
    n_asked: usize,
    /// Per result, in which runs what was observed holds.
    observed: Vec<Observed>,
}

/// In which runs of an experiment what was observed holds.
struct Observed {
    /// One value per run, 0 or 1, not a number in a run that failed; none when nothing was observed.
    holds: Option<Vec<f64>>,
    /// Per question, the same where its own condition holds, too.
    with_condition: Vec<Option<Vec<f64>>>,
}

impl Observed {
    fn new(model: &CheckedModel, result: &EnsembleResult, n_observed: usize, n_draws: usize) -> Self {
        let n_asked = model.questions.len() - n_observed;
        let n_runs = n_draws * result.design.n_replications as usize;
        if n_observed == 0 {
            return Self { holds: None, with_condition: Vec::new() };
        }
        let mut holds = vec![1.0; n_runs];
        let both = |a: &mut Vec<f64>, b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a *= b);
        for question in n_asked..model.questions.len() {
            let values = outcome(result, question, OutcomeRole::Value);
            both(&mut holds, values.expect("every question has an outcome column"));
        }
        let with_condition = (0..n_asked)
            .map(|question| {
                let given = outcome(result, question, OutcomeRole::Given)?;
                let mut all = holds.clone();
                both(&mut all, given);
                Some(all)
            })
            .collect();
        Self { holds: Some(holds), with_condition }
    }
}

fn assumption_columns<'r>(
    model: &CheckedModel,
    result: &'r EnsembleResult,
    n_draws: usize,
) -> Vec<AssumptionColumn<'r>> {
    result
        .parameters
        .iter()
        .zip(&result.parameter_values)
        .map(|(parameter, values)| AssumptionColumn {
            values: &values[..n_draws],
            is_category: assumption_of(model, parameter).is_some_and(|(_, names)| !names.is_empty()),
        })
        .collect()
}

impl Builder<'_> {
    /// The column of a question in a result, cut to the draws that count in every experiment, over the runs in which
    /// what was observed holds.
    fn column<'r>(&'r self, result: &'r EnsembleResult, question: usize) -> OutcomeColumn<'r> {
        self.column_of(result, question, OutcomeRole::Value).expect("every question has an outcome column")
    }

    fn column_of<'r>(
        &'r self,
        result: &'r EnsembleResult,
        question: usize,
        role: OutcomeRole,
    ) -> Option<OutcomeColumn<'r>> {
        let column = self.unconditional(result, question, role)?;
        let observed = &self.observed[self.place_of(result)];
        let condition = observed
            .with_condition
            .get(question)
            .and_then(Option::as_deref)
            .or(observed.holds.as_deref())
            .or(column.given);
        Some(column.given(condition))
    }

    /// The same over all runs in which the question's own condition holds, whatever was observed.
    fn unconditional<'r>(
        &self,
        result: &'r EnsembleResult,
        question: usize,
        role: OutcomeRole,
    ) -> Option<OutcomeColumn<'r>> {
        let n_runs = self.n_draws * self.n_replications;
        let find = |role: OutcomeRole| outcome(result, question, role).map(|values| &values[..n_runs]);
        Some(OutcomeColumn::new(find(role)?, self.n_replications).given(find(OutcomeRole::Given)))
    }

    fn place_of(&self, result: &EnsembleResult) -> usize {
        self.results.iter().position(|other| std::ptr::eq(other, result)).expect("one of the results")
    }

    /// In which runs of a result what was observed holds.
    fn holds(&self, result: &EnsembleResult) -> Option<&[f64]> {
        self.observed[self.place_of(result)].holds.as_deref()
    }

    /// What was observed with the runs in which it holds; refused when these are too few.
    fn observed_summaries(&self, written: &[String]) -> Result<Vec<ObservedSummary>, BuildError> {
        let Some(holds) = self.holds(self.headline) else { return Ok(Vec::new()) };
        let n_runs = holds.iter().filter(|value| !value.is_nan()).count();
        let n_satisfied = holds.iter().filter(|&&value| value == 1.0).count();
        let n_draws = holds.chunks(self.n_replications).filter(|runs| runs.contains(&1.0)).count();
        if n_satisfied < FEWEST_OBSERVED_RUNS || n_draws < FEWEST_OBSERVED_DRAWS {
            return Err(BuildError::ObservedTooRare { n_satisfied, n_draws, n_runs });
        }
        Ok(written
            .iter()
            .enumerate()
            .map(|(place, text)| {
                let question = self.n_asked + place;
                let values = self
                    .unconditional(self.headline, question, OutcomeRole::Value)
                    .map_or(&[] as &[f64], |column| column.values);
                let n_alone = values.iter().filter(|&&value| value == 1.0).count();
                ObservedSummary {
                    written: text.clone(),
                    when: when(self.model, &self.model.questions[question].measure),
                    n_runs: n_alone,
                    share: n_alone as f64 / n_runs.max(1) as f64,
                }
            })
            .collect())
    }

    fn question(&self, position: usize, question: &Question) -> QuestionAnswer {
        let kind = kind_of(question);
        let scale = scale_of(question);
        let column = self.column(self.headline, position);
        let found = self.estimate(&column, question);
        let mut answer = QuestionAnswer {
            id: question.name.clone(),
            label: question.text.clone(),
            kind,
            written: question.written.clone(),
            resolves: question.resolves.clone(),
            when: when(self.model, &question.measure),
            unit: (kind != QuestionKind::Probability).then(|| question.unit.text.clone()),
            view: self.headline.experiment.view.map(|view| self.model.views[view].name.clone()),
            estimate: None,
            unanswerable: None,
            spread: None,
            views_gap: None,
            base_rate: question.base_rate.as_ref().map(|rate| BaseRateSummary {
                low: rate.low,
                high: rate.high,
                claims: claim_names(self.model, &rate.grounds),
                judgement: rate.grounds.judgement.clone(),
            }),
            given: None,
            views: Vec::new(),
            policies: self.policies(position, question),
            hangs_on: Vec::new(),
            sensitivity: None,
            curve: self.curve(position, question),
            find_out: None,
            confidence: None,
            without_observed: None,
        };
        let mut locations = Vec::new();
        match found {
            Ok(found) => {
                let is_conditional = question.given.is_some() || self.holds(self.headline).is_some();
                answer.given = is_conditional.then_some(GivenSummary {
                    n_satisfied: found.estimate.n_runs,
                    n_runs: found.n_not_failed,
                    effective_runs: found.effective_runs,
                });
                answer.spread = found.spread;
                locations.push(found.location);
                answer.estimate = Some(found.estimate);
                if let Ok(hangs_on) = first_order(&self.ranked, &column) {
                    answer.sensitivity = Some(sensitivity(&hangs_on));
                    answer.hangs_on = self.hangs_on(&hangs_on, kind, scale);
                }
                if kind == QuestionKind::Probability {
                    answer.find_out = self.knowledge.find_out(&column);
                }
                if self.holds(self.headline).is_some() {
                    answer.without_observed = self
                        .unconditional(self.headline, position, OutcomeRole::Value)
                        .and_then(|column| self.estimate(&column, question).ok())
                        .map(|found| found.estimate);
                }
            }
            Err(reason) => answer.unanswerable = Some(reason),
        }
        for (id, view) in self.model.views.iter().enumerate() {
            let Some(result) = self.result(Some(id), self.headline.experiment.policy) else { continue };
            let found = self.estimate(&self.column(result, position), question).ok();
            if !std::ptr::eq(result, self.headline) {
                locations.extend(found.as_ref().map(|found| found.location));
            }
            let (estimate, spread) = found.map_or((None, None), |found| (Some(found.estimate), found.spread));
            answer.views.push(ViewAnswer {
                id: view.name.clone(),
                label: view.label.clone(),
                estimate,
                spread,
            });
        }
        if locations.len() > 1 {
            // Never (none) lies above every number.
            let or_never = |location: &Option<f64>| location.unwrap_or(f64::INFINITY);
            let low = locations.iter().map(or_never).fold(f64::INFINITY, f64::min);
            let high = locations.iter().map(or_never).fold(f64::NEG_INFINITY, f64::max);
            answer.views_gap = Some(range(low, high, 1.0));
        }
        let apart = answer.views_gap.and_then(|gap| Some(gap.high? - gap.low?));
        let apart = apart.filter(|_| kind == QuestionKind::Probability);
        answer.confidence = answer.estimate.as_ref().and_then(|_| {
            let is_known = answer.sensitivity.as_ref().is_some_and(|found| found.variance_distinguishable);
            confidence(self.model, &answer.hangs_on, is_known, apart, NOT_VALIDATED)
        });
        answer
    }

    fn result(&self, view: Option<usize>, policy: Option<usize>) -> Option<&EnsembleResult> {
        self.results
            .iter()
            .find(|result| result.experiment.view == view && result.experiment.policy == policy)
    }

    fn estimate(&self, column: &OutcomeColumn<'_>, question: &Question) -> Result<Estimated, String> {
        estimate(column, question, &self.model.clock, self.words, self.error)
    }

    /// When it settles, over the whole of the simulated time; none for questions about one time.
    fn curve(&self, position: usize, question: &Question) -> Option<CurveAnswer> {
        let (role, meaning) = settles(question)?;
        curve(&self.column_of(self.headline, position, role)?, meaning, &self.model.clock)
    }

    fn policies(&self, position: usize, question: &Question) -> Vec<PolicyAnswer> {
        let baseline_view = self.headline.experiment.view;
        let mut answers = Vec::new();
        for (id, policy) in self.model.policies.iter().enumerate() {
            let Some(with) = self.result(baseline_view, Some(id)) else { continue };
            let Some(without) = self.result(baseline_view, None) else { continue };
            let found = self.difference(with, without, position, question);
            let mut by_view = Vec::new();
            for (view_id, view) in self.model.views.iter().enumerate() {
                let (Some(with), Some(without)) =
                    (self.result(Some(view_id), Some(id)), self.result(Some(view_id), None))
                else {
                    continue;
                };
                if let Some((compared, found)) = self.difference(with, without, position, question) {
                    let scale = compared_scale(compared, question);
                    by_view.push(PolicyUnderView {
                        view: view.name.clone(),
                        label: view.label.clone(),
                        difference: found.difference / scale,
                        interval: interval_range(found.interval, scale),
                        distinguishable: found.is_distinguishable(),
                    });
                }
            }
            let (compared, difference) = match found {
                Some((compared, difference)) => (compared, Some(difference)),
                None => (ComparedMeasure::Probability, None),
            };
            let scale = compared_scale(compared, question);
            answers.push(PolicyAnswer {
                id: policy.name.clone(),
                label: policy.label.clone(),
                estimate: self
                    .estimate(&self.column(with, position), question)
                    .ok()
                    .map(|found| found.estimate),
                compared,
                difference: difference.map(|found| found.difference / scale),
                interval: difference.map(|found| interval_range(found.interval, scale)),
                distinguishable: difference.is_some_and(|found| found.is_distinguishable()),
                share_higher: difference.map_or(0.0, |found| found.share_higher),
                share_lower: difference.map_or(0.0, |found| found.share_lower),
                by_view,
            });
        }
        answers
    }

    fn difference(
        &self,
        with: &EnsembleResult,
        without: &EnsembleResult,
        position: usize,
        question: &Question,
    ) -> Option<(ComparedMeasure, PairedDifference)> {
        let (with, without) = (self.column(with, position), self.column(without, position));
        let never_comes = |column: &OutcomeColumn<'_>| {
            (0..column.values.len()).any(|run| column.counts(run) && column.values[run].is_infinite())
        };
        let (compared, measure) = if kind_of(question) == QuestionKind::Probability {
            (Compared::Probability, ComparedMeasure::Probability)
        } else if never_comes(&with) || never_comes(&without) {
            (Compared::Never, ComparedMeasure::Never)
        } else {
            (Compared::Mean, ComparedMeasure::Mean)
        };
        paired_difference(&with, &without, compared).ok().map(|found| (measure, found))
    }

    fn hangs_on(&self, found: &FirstOrder, kind: QuestionKind, scale: f64) -> Vec<HangsOn> {
        // The index times the variance that it is a share of is the expected fall of the Brier score, when the outcome
        // is 0 or 1 and chance is not part of that variance.
        let is_gain = kind == QuestionKind::Probability && found.basis == Basis::ExpectedOutcome;
        found
            .indices
            .iter()
            .map(|index| {
                let parameter = &self.headline.parameters[index.assumption];
                let grounds = assumption_of(self.model, parameter);
                let (claims, is_judgement) = grounds.map_or((Vec::new(), true), |(grounds, _)| {
                    (claim_names(self.model, grounds), grounds.claims.is_empty())
                });
                let name_of = |value: f64| {
                    let names = grounds.map_or(&[] as &[String], |(_, names)| names);
                    names.get(value as usize).cloned().unwrap_or_else(|| value.to_string())
                };
                HangsOn {
                    assumption: parameter.name.clone(),
                    label: parameter_label(self.model, parameter),
                    index: index.index,
                    interval: interval_range(index.interval, 1.0),
                    low_third: finite(index.low_third / scale),
                    high_third: finite(index.high_third / scale),
                    alternatives: index.extreme_alternatives.map(|(low, high)| [name_of(low), name_of(high)]),
                    direction: match index.direction {
                        Direction::Higher => Effect::Higher,
                        Direction::Lower => Effect::Lower,
                        Direction::Unclear => Effect::Unclear,
                        Direction::Unordered => Effect::Unordered,
                    },
                    distinguishable: index.distinguishable,
                    tied_with_next: index.tied_with_next,
                    claims,
                    is_judgement,
                    brier_gain: is_gain.then(|| Gain {
                        value: index.gain,
                        interval: range(index.gain_interval.low, index.gain_interval.high, 1.0),
                    }),
                }
            })
            .collect()
    }
}

fn compared_scale(compared: ComparedMeasure, question: &Question) -> f64 {
    if compared == ComparedMeasure::Mean { scale_of(question) } else { 1.0 }
}

fn sensitivity(found: &FirstOrder) -> SensitivitySummary {
    SensitivitySummary {
        n_assumptions: found.indices.len(),
        n_distinguishable: found.indices.iter().filter(|index| index.distinguishable).count(),
        without_chance: found.basis == Basis::ExpectedOutcome,
        on_ranks: found.on_ranks,
        variance_distinguishable: found.variance_distinguishable,
    }
}

/// The fans, over the kept runs in which what was observed holds.
fn trajectories(model: &CheckedModel, result: &EnsembleResult, holds: Option<&[f64]>) -> Vec<Trajectory> {
    if result.n_kept_runs == 0 {
        return Vec::new();
    }
    let clock = &model.clock;
    let n_recorded = result.recorded.len();
    let times: Vec<f64> = (0..result.n_times).map(|step| step as f64 * clock.dt).collect();
    let dates: Vec<String> =
        times.iter().filter_map(|&time| date_at(clock, time)).map(|date| date.to_string()).collect();
    result
        .recorded
        .iter()
        .enumerate()
        .map(|(position, recorded)| {
            let rows = (0..result.n_times).map(|time_index| {
                let start = (time_index * n_recorded + position) * result.n_kept_runs;
                &result.trajectories[start..start + result.n_kept_runs]
            });
            let found = match holds {
                None => fan(rows),
                Some(holds) => {
                    let of_those = |row: &[f64]| -> Vec<f64> {
                        let kept = row.iter().zip(holds).filter(|&(_, &holds)| holds == 1.0);
                        kept.map(|(value, _)| *value).collect()
                    };
                    let rows: Vec<Vec<f64>> = rows.map(of_those).collect();
                    fan(rows.iter().map(Vec::as_slice))
                }
            };
            let series = |values: &[f64]| -> Vec<Option<f64>> {
                values.iter().map(|value| finite(value / recorded.unit.scale)).collect()
            };
            let label = model
                .indicators
                .iter()
                .find(|indicator| indicator.name == recorded.name)
                .map_or(&recorded.name, |indicator| &indicator.label);
            let [p05, p25, p50, p75, p95] = &found.quantiles;
            Trajectory {
                indicator: recorded.name.clone(),
                label: label.clone(),
                unit: recorded.unit.text.clone(),
                is_share: recorded.unit.is_share,
                times: times.clone(),
                time_unit: clock.time_unit.clone(),
                dates: dates.clone(),
                n_runs: found.n_used,
                bands: Bands {
                    p05: series(p05),
                    p25: series(p25),
                    p50: series(p50),
                    p75: series(p75),
                    p95: series(p95),
                },
            }
        })
        .collect()
}

/// Below this many independent runs a conditional answer is called thin: an interval of ten points or more.
const FEW_EFFECTIVE_RUNS: f64 = 400.0;

fn warnings(answer: &Answer) -> Vec<String> {
    let mut warnings = Vec::new();
    if !answer.design.complete {
        warnings.push(format!(
            "The ensemble was stopped early: {} {} in every experiment.",
            answer.design.n_draws,
            if answer.design.n_draws == 1 { "draw counts" } else { "draws count" }
        ));
    }
    if answer.failures.n_runs > 0 {
        let n = answer.failures.n_runs;
        let percent = 100.0 * answer.failures.share;
        let share = if percent < 0.1 { "under 0.1%".to_owned() } else { format!("{percent:.1}%") };
        let (noun, verb) = if n == 1 { ("run", "is") } else { ("runs", "are") };
        warnings.push(format!("{n} {noun} failed and {verb} left out ({share})."));
    }
    if answer.clipping.share > 0.01 {
        warnings.push(format!(
            "In {:.0}% of the runs more was to flow out of a stock than was in it, and the flow was cut to fit.",
            100.0 * answer.clipping.share
        ));
    }
    warnings.extend(answer.comparison.as_ref().map(observed::sentence));
    if answer.design.n_replications == 1 {
        warnings.push(
            "With one replication per draw, what we do not know cannot be told from chance.".to_owned(),
        );
    }
    for question in &answer.questions {
        let id = &question.id;
        let reaches_beyond = question.estimate.as_ref().is_some_and(|estimate| {
            estimate.probability.is_some()
                && (estimate.interval.low.is_some_and(|low| low < 0.01)
                    || estimate.interval.high.is_some_and(|high| high > 0.99))
        });
        if reaches_beyond {
            warnings.push(format!(
                "{id}: the answer reaches below 1 or above 99 in 100; a model is more likely to be wrong than to \
                 know a probability so extreme."
            ));
        }
        if let Some(effective) = question.given.and_then(|given| given.effective_runs)
            && effective < FEW_EFFECTIVE_RUNS
        {
            warnings.push(format!("{id}: few runs count; the answer rests on little."));
        }
    }
    warnings
}
