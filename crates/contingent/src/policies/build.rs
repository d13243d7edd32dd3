//! Builds the policy report.
//!
//! Enters: alternatives, what is aimed at, and a way to run an experiment. Leaves: a [`PolicyReport`]. Always holds: only
//! what is needed of a run is kept, so that hundreds of alternatives fit; every alternative is compared with doing
//! nothing under the same view, draw by draw.

use contingent_analysis::information::means;
use contingent_analysis::paired::Compared;
use contingent_analysis::special::Z_95;
use contingent_analysis::{
    AssumptionColumn, DrawTotals, Interval, OutcomeColumn, ProbabilityEstimate, RegressionBasis,
    paired_difference, partial_information, regrets, satisficing,
};
use contingent_engine::OutcomeRole;
use contingent_ensemble::{Design, EnsembleResult};
use contingent_model::{CheckedModel, ClaimId, Measure, Quantity};

use super::alternatives::{Alternatives, settings_of};
use super::objective::{Objective, Sense, Threshold};
use crate::answer::{ComparedMeasure, Range, assumption_of};
use contingent_report::document::policies::{
    AlternativeRecord, InformationRecord, ObjectiveRecord, POLICIES_SCHEMA, PolicyQuestion, PolicyReport,
    PolicyRow, RegretRecord, SettingRecord, ThresholdRecord, ThresholdRow, TradeOffRecord, ViewRecord,
};

/// What the report is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyOptions {
    /// Version of the program.
    pub version: String,
    /// What is aimed at.
    pub objectives: Vec<Objective>,
    /// What is good enough.
    pub thresholds: Vec<Threshold>,
}

/// Why there is no report.
#[derive(Debug)]
pub enum PoliciesError<E> {
    /// An experiment could not be run.
    Run(E),
    /// Some experiment was interrupted.
    Interrupted,
}

/// Straight pieces of a fit on one assumption or claim.
const N_PIECES: usize = 4;

/// Alternatives among which the value of knowledge is told.
const MOST_CHOICES: usize = 16;

/// Runs of one alternative under one view, as far as they are needed.
struct Kept {
    view: usize,
    alternative: usize,
    /// Per objective its mean in base units, more being better.
    aims: Vec<Option<f64>>,
    /// Per objective, under the model's own assumptions, alternative minus nothing per draw, more being better.
    differences: Vec<Option<(Vec<f64>, Vec<f64>)>>,
}

/// The report. `run` runs a view with a policy of `alternatives.model`, always over the same design.
pub fn policy_report<E>(
    alternatives: &Alternatives,
    design: Design,
    options: &PolicyOptions,
    run: &mut dyn FnMut(Option<usize>, Option<usize>) -> Result<EnsembleResult, E>,
) -> Result<PolicyReport, PoliciesError<E>> {
    let model = &alternatives.model;
    let views: Vec<Option<usize>> = std::iter::once(None).chain((0..model.views.len()).map(Some)).collect();
    let view_id = |view: Option<usize>| {
        view.map_or(contingent_ensemble::BASE_VIEW, |view| model.views[view].name.as_str()).to_owned()
    };
    let mut questions: Vec<PolicyQuestion> = model
        .questions
        .iter()
        .map(|question| PolicyQuestion {
            id: question.name.clone(),
            label: question.text.clone(),
            unit: matches!(question.measure, Measure::Distribution(_)).then(|| question.unit.text.clone()),
            rows: Vec::new(),
        })
        .collect();
    let mut thresholds: Vec<ThresholdRecord> =
        options.thresholds.iter().map(|threshold| threshold_record(model, *threshold)).collect();
    let mut kept: Vec<Kept> = Vec::new();
    let mut own: Option<EnsembleResult> = None;
    for (view_place, &view) in views.iter().enumerate() {
        let mut nothing: Option<EnsembleResult> = None;
        for (place, alternative) in alternatives.list.iter().enumerate() {
            let result = run(view, alternative.policy).map_err(PoliciesError::Run)?;
            if !result.is_complete() {
                return Err(PoliciesError::Interrupted);
            }
            let baseline = nothing.as_ref().unwrap_or(&result);
            for (position, question) in questions.iter_mut().enumerate() {
                let mut row = row(model, &result, baseline, position, place == 0);
                row.view = view_id(view);
                row.alternative.clone_from(&alternative.id);
                question.rows.push(row);
            }
            let basis =
                |n_pieces: usize| RegressionBasis::new(&assumption_columns(model, baseline), n_pieces);
            for (record, threshold) in thresholds.iter_mut().zip(&options.thresholds) {
                let mut row = threshold_row(model, &result, *threshold, &basis(1));
                row.view = view_id(view);
                row.alternative.clone_from(&alternative.id);
                record.rows.push(row);
            }
            let aims = options
                .objectives
                .iter()
                .map(|objective| {
                    let totals =
                        DrawTotals::new(&column(&result, objective.question)?, |value| value).ok()?;
                    Some(objective.sense.sign() * totals.mean)
                })
                .collect();
            let differences = options
                .objectives
                .iter()
                .map(|objective| {
                    (view.is_none() && place > 0)
                        .then(|| differences(&result, baseline, *objective))
                        .flatten()
                })
                .collect();
            kept.push(Kept { view: view_place, alternative: place, aims, differences });
            if place == 0 {
                nothing = Some(result);
            }
        }
        if view.is_none() {
            own = nothing;
        }
    }
    let objectives = options
        .objectives
        .iter()
        .enumerate()
        .map(|(place, objective)| {
            objective_record(alternatives, *objective, place, &kept, &views, own.as_ref())
        })
        .collect();
    Ok(PolicyReport {
        schema: POLICIES_SCHEMA.to_owned(),
        version: options.version.clone(),
        title: model.title.clone(),
        model_hash: model.hash.clone(),
        seed: design.seed,
        n_draws: design.n_draws as usize,
        n_replications: design.n_replications as usize,
        views: views
            .iter()
            .map(|&view| ViewRecord {
                id: view_id(view),
                label: view
                    .map_or_else(|| "The model's own".to_owned(), |view| model.views[view].label.clone()),
            })
            .collect(),
        alternatives: alternatives
            .list
            .iter()
            .map(|alternative| AlternativeRecord {
                id: alternative.id.clone(),
                label: alternative.label.clone(),
                combines: alternative.combines.clone(),
                settings: setting_records(model, alternative.policy),
            })
            .collect(),
        not_combined: alternatives.not_combined.clone(),
        questions,
        objectives,
        trade_offs: trade_offs(alternatives, options, &kept),
        thresholds,
        search: None,
    })
}

pub(super) fn setting_records(model: &CheckedModel, policy: Option<usize>) -> Vec<SettingRecord> {
    settings_of(model, policy)
        .into_iter()
        .map(|(lever, value, unit)| SettingRecord { lever, value, unit })
        .collect()
}

/// The column of a question.
pub(super) fn column(result: &EnsembleResult, question: usize) -> Option<OutcomeColumn<'_>> {
    let find = |role: OutcomeRole| {
        let place = result
            .outcomes
            .iter()
            .position(|outcome| outcome.question == question && outcome.role == role)?;
        Some(result.outcome_values[place].as_slice())
    };
    let column = OutcomeColumn::new(find(OutcomeRole::Value)?, result.design.n_replications as usize);
    Some(column.given(find(OutcomeRole::Given)))
}

fn assumption_columns<'r>(model: &CheckedModel, result: &'r EnsembleResult) -> Vec<AssumptionColumn<'r>> {
    result
        .parameters
        .iter()
        .zip(&result.parameter_values)
        .map(|(parameter, values)| AssumptionColumn {
            values,
            is_category: assumption_of(model, parameter).is_some_and(|(_, names)| !names.is_empty()),
        })
        .collect()
}

fn row(
    model: &CheckedModel,
    result: &EnsembleResult,
    baseline: &EnsembleResult,
    position: usize,
    is_nothing: bool,
) -> PolicyRow {
    let question = &model.questions[position];
    let (Some(with), Some(without)) = (column(result, position), column(baseline, position)) else {
        unreachable!("every question has an outcome column");
    };
    let never_comes = |column: &OutcomeColumn<'_>| {
        (0..column.values.len()).any(|run| column.counts(run) && column.values[run].is_infinite())
    };
    let (compared, measure) = match question.measure {
        Measure::Probability(_) => (Compared::Probability, ComparedMeasure::Probability),
        Measure::Distribution(_) if never_comes(&with) || never_comes(&without) => {
            (Compared::Never, ComparedMeasure::Never)
        }
        Measure::Distribution(_) => (Compared::Mean, ComparedMeasure::Mean),
    };
    let scale = if compared == Compared::Mean { question.unit.scale } else { 1.0 };
    let as_compared = |value: f64| match compared {
        Compared::Never => f64::from(u8::from(value.is_infinite())),
        Compared::Probability | Compared::Mean => value,
    };
    let totals = DrawTotals::new(&with, as_compared).ok();
    let found = (!is_nothing).then(|| paired_difference(&with, &without, compared).ok()).flatten();
    let error_ratio = found.as_ref().and_then(|found| {
        let apart = |column: &OutcomeColumn<'_>| {
            DrawTotals::new(column, as_compared).ok().map(|totals| totals.standard_error())
        };
        let (a, b) = (apart(&with)?, apart(&without)?);
        let unpaired = (a * a + b * b).sqrt();
        (unpaired > 0.0).then(|| found.standard_error / unpaired)
    });
    PolicyRow {
        view: String::new(),
        alternative: String::new(),
        compared: measure,
        value: totals.map(|totals| totals.mean / scale),
        difference: found.map(|found| found.difference / scale),
        interval: found.map(|found| range(found.interval, scale)),
        distinguishable: found.is_some_and(|found| found.is_distinguishable()),
        share_higher: found.map_or(0.0, |found| found.share_higher),
        share_lower: found.map_or(0.0, |found| found.share_lower),
        error_ratio: error_ratio.filter(|ratio| ratio.is_finite()),
    }
}

fn range(interval: Interval, scale: f64) -> Range {
    let finite = |value: f64| value.is_finite().then_some(value / scale);
    Range { low: finite(interval.low), high: finite(interval.high) }
}

/// Alternative minus nothing per draw, more being better, with the runs behind each; draws in which either side has no
/// run do not count.
fn differences(
    result: &EnsembleResult,
    baseline: &EnsembleResult,
    objective: Objective,
) -> Option<(Vec<f64>, Vec<f64>)> {
    let totals =
        |result: &EnsembleResult| DrawTotals::new(&column(result, objective.question)?, |value| value).ok();
    let (with, with_weights) = means(&totals(result)?);
    let (without, without_weights) = means(&totals(baseline)?);
    let weights: Vec<f64> = with_weights.iter().zip(&without_weights).map(|(a, b)| a.min(*b)).collect();
    let sign = objective.sense.sign();
    let values = with.iter().zip(&without).map(|(a, b)| sign * (a - b)).collect();
    Some((values, weights))
}

fn threshold_record(model: &CheckedModel, threshold: Threshold) -> ThresholdRecord {
    let question = &model.questions[threshold.question];
    let is_probability = matches!(question.measure, Measure::Probability(_));
    ThresholdRecord {
        question: question.name.clone(),
        at_most: threshold.at_most,
        bound: threshold.bound / if is_probability { 1.0 } else { question.unit.scale },
        share_of: if is_probability { "draws" } else { "runs" }.to_owned(),
        rows: Vec::new(),
    }
}

fn threshold_row(
    model: &CheckedModel,
    result: &EnsembleResult,
    threshold: Threshold,
    basis: &RegressionBasis,
) -> ThresholdRow {
    let mut row = ThresholdRow {
        view: String::new(),
        alternative: String::new(),
        share: None,
        interval: None,
        explained: None,
    };
    let Some(column) = column(result, threshold.question) else { return row };
    let interval = |interval: Interval| Some(range(interval, 1.0));
    if let Measure::Distribution(Quantity::At { .. }) = model.questions[threshold.question].measure {
        let is_good = |value: f64| {
            let good = if threshold.at_most { value <= threshold.bound } else { value >= threshold.bound };
            f64::from(u8::from(good))
        };
        if let Ok(totals) = DrawTotals::new(&column, is_good) {
            let found = ProbabilityEstimate::from_totals(&totals);
            row.share = Some(found.probability);
            row.interval = interval(found.interval);
        }
        return row;
    }
    let Ok(totals) = DrawTotals::new(&column, |value| value) else { return row };
    if let Some(found) = satisficing(basis, &totals, threshold.bound, threshold.at_most) {
        row.share = Some(found.share);
        row.interval = interval(found.interval);
        row.explained = Some(found.explained);
    }
    row
}

fn objective_record(
    alternatives: &Alternatives,
    objective: Objective,
    place: usize,
    kept: &[Kept],
    views: &[Option<usize>],
    own: Option<&EnsembleResult>,
) -> ObjectiveRecord {
    let model = &alternatives.model;
    let question = &model.questions[objective.question];
    let is_number = matches!(question.measure, Measure::Distribution(_));
    let scale = if is_number { question.unit.scale } else { 1.0 };
    let n = alternatives.list.len();
    let aim = |view: usize, alternative: usize| {
        kept.iter()
            .find(|kept| kept.view == view && kept.alternative == alternative)
            .and_then(|kept| kept.aims[place])
    };
    let mut record = ObjectiveRecord {
        question: question.name.clone(),
        sense: objective.sense.name().to_owned(),
        unit: is_number.then(|| question.unit.text.clone()),
        regrets: Vec::new(),
        no_fit: None,
        information: Vec::new(),
        n_choices: 0,
    };
    for (alternative, listed) in alternatives.list.iter().enumerate() {
        let of_view = |view: usize| {
            let best = (0..n).filter_map(|other| aim(view, other)).fold(f64::NEG_INFINITY, f64::max);
            aim(view, alternative).map(|own| (best - own) / scale)
        };
        let worst = (0..views.len()).filter_map(|view| Some((view, of_view(view)?))).fold(
            None,
            |worst: Option<(usize, f64)>, (view, regret)| match worst {
                Some((_, largest)) if largest >= regret => worst,
                _ => Some((view, regret)),
            },
        );
        record.regrets.push(RegretRecord {
            alternative: listed.id.clone(),
            worst_view: worst.map(|(_, regret)| regret),
            worst_view_id: worst.map(|(view, _)| {
                views[view].map_or(contingent_ensemble::BASE_VIEW, |view| &model.views[view].name).to_owned()
            }),
            mean: None,
            p90: None,
            max: None,
            share_best: None,
        });
    }
    let of_draws: Option<Vec<&(Vec<f64>, Vec<f64>)>> = (1..n)
        .map(|alternative| {
            kept.iter()
                .find(|kept| kept.view == 0 && kept.alternative == alternative)
                .and_then(|kept| kept.differences[place].as_ref())
        })
        .collect();
    let (Some(of_draws), Some(own)) = (of_draws.filter(|all| !all.is_empty()), own) else {
        record.no_fit = Some("some alternative has no run that counts, or there is none".to_owned());
        return record;
    };
    // A draw counts where it counts for all.
    let n_draws = of_draws[0].1.len();
    let weights: Vec<f64> = (0..n_draws)
        .map(|draw| of_draws.iter().map(|(_, weights)| weights[draw]).fold(f64::INFINITY, f64::min))
        .collect();
    let values: Vec<Vec<f64>> = of_draws.iter().map(|(values, _)| values.clone()).collect();
    let columns = assumption_columns(model, own);
    match regrets(&RegressionBasis::new(&columns, 1), &values, &weights) {
        Some(found) => {
            for (record, regret) in record.regrets.iter_mut().zip(found) {
                record.mean = Some(regret.mean / scale);
                record.p90 = Some(regret.p90 / scale);
                record.max = Some(regret.max / scale);
                record.share_best = Some(regret.share_best);
            }
        }
        None => {
            record.no_fit = Some(
                "too few draws for the number of assumptions, or no assumption varies; run more with `--draws`"
                    .to_owned(),
            );
        }
    }
    let mut choices: Vec<usize> = (0..values.len()).collect();
    choices.sort_by(|&a, &b| {
        let of = |choice: usize| aim(0, choice + 1).unwrap_or(f64::NEG_INFINITY);
        of(b).total_cmp(&of(a)).then(a.cmp(&b))
    });
    choices.truncate(MOST_CHOICES - 1);
    choices.sort_unstable();
    record.n_choices = choices.len() + 1;
    let chosen: Vec<Vec<f64>> = choices.iter().map(|&choice| values[choice].clone()).collect();
    record.information = information(model, own, &columns, &chosen, &weights, scale);
    record
}

/// What knowing each assumption, and all that rests on each claim, is worth before choosing.
fn information(
    model: &CheckedModel,
    own: &EnsembleResult,
    columns: &[AssumptionColumn<'_>],
    differences: &[Vec<f64>],
    weights: &[f64],
    scale: f64,
) -> Vec<InformationRecord> {
    let basis = RegressionBasis::new(columns, N_PIECES);
    let mut groups: Vec<(String, bool, Vec<usize>)> = Vec::new();
    let mut citing: Vec<(ClaimId, Vec<usize>)> = Vec::new();
    for (position, parameter) in own.parameters.iter().enumerate().filter(|&(place, _)| basis.varies(place)) {
        groups.push((parameter.name.clone(), false, vec![position]));
        let claims =
            assumption_of(model, parameter).map_or(&[] as &[ClaimId], |(grounds, _)| &grounds.claims);
        for &claim in claims {
            match citing.iter_mut().find(|(cited, _)| *cited == claim) {
                Some((_, positions)) => positions.push(position),
                None => citing.push((claim, vec![position])),
            }
        }
    }
    groups.extend(
        citing
            .into_iter()
            .map(|(claim, positions)| (model.claims[claim.index()].name.clone(), true, positions)),
    );
    let error = 0.05 / groups.len().max(1) as f64;
    let mut found: Vec<InformationRecord> = groups
        .into_iter()
        .filter_map(|(name, is_claim, group)| {
            let found = partial_information(&basis, &group, differences, weights, error)?;
            Some(InformationRecord {
                name,
                is_claim,
                gain: found.gain / scale,
                interval: range(found.interval, scale),
                in_sample: found.in_sample / scale,
                share_changed: found.share_changed,
                distinguishable: found.distinguishable,
            })
        })
        .collect();
    found.sort_by(|a, b| b.distinguishable.cmp(&a.distinguishable).then(b.gain.total_cmp(&a.gain)));
    found
}

/// Which alternatives are beaten in all objectives at once: by another that is worse in none and better in one by more than
/// the simulation error of their difference, draw by draw under the model's own assumptions.
fn trade_offs(alternatives: &Alternatives, options: &PolicyOptions, kept: &[Kept]) -> Vec<TradeOffRecord> {
    if options.objectives.len() < 2 {
        return Vec::new();
    }
    let model = &alternatives.model;
    let own = |alternative: usize| kept.iter().find(|kept| kept.view == 0 && kept.alternative == alternative);
    let aims: Vec<Option<Vec<f64>>> = (0..alternatives.list.len())
        .map(|alternative| own(alternative)?.aims.iter().copied().collect())
        .collect();
    // Doing nothing differs from itself by nothing.
    let differences = |alternative: usize, objective: usize| {
        own(alternative).and_then(|kept| kept.differences[objective].as_ref())
    };
    let better = |one: usize, other: usize, objective: usize| -> Option<std::cmp::Ordering> {
        let (one, other) = (differences(one, objective), differences(other, objective));
        let n_draws = one.or(other)?.0.len();
        let at = |of: Option<&(Vec<f64>, Vec<f64>)>, draw: usize| {
            of.map_or((0.0, f64::INFINITY), |(values, weights)| (values[draw], weights[draw]))
        };
        let (mut total, mut sum) = (0.0, 0.0);
        for draw in 0..n_draws {
            let ((a, of_a), (b, of_b)) = (at(one, draw), at(other, draw));
            let weight = of_a.min(of_b);
            total += weight;
            sum += weight * (a - b);
        }
        let mean = sum / total;
        let scatter: f64 = (0..n_draws)
            .map(|draw| {
                let ((a, of_a), (b, of_b)) = (at(one, draw), at(other, draw));
                (of_a.min(of_b) * (a - b - mean)).powi(2)
            })
            .sum();
        let error = scatter.sqrt() / total;
        if mean.abs() > Z_95 * error { mean.partial_cmp(&0.0) } else { Some(std::cmp::Ordering::Equal) }
    };
    let n_objectives = options.objectives.len();
    let is_beaten = |alternative: usize| {
        (0..alternatives.list.len()).filter(|&other| other != alternative && aims[other].is_some()).any(
            |other| {
                let compared: Option<Vec<_>> =
                    (0..n_objectives).map(|objective| better(other, alternative, objective)).collect();
                compared.is_some_and(|compared| {
                    compared.iter().all(|ordering| ordering.is_ge())
                        && compared.iter().any(|ordering| ordering.is_gt())
                })
            },
        )
    };
    alternatives
        .list
        .iter()
        .zip(&aims)
        .enumerate()
        .filter_map(|(place, (alternative, aim))| {
            let aim = aim.as_ref()?;
            let values = aim
                .iter()
                .zip(&options.objectives)
                .map(|(value, objective)| in_shown_unit(model, *objective, *value))
                .collect();
            Some(TradeOffRecord { alternative: alternative.id.clone(), values, efficient: !is_beaten(place) })
        })
        .collect()
}

/// A value that is aimed at, in the unit and with the sign of its question.
pub(super) fn in_shown_unit(model: &CheckedModel, objective: Objective, value: f64) -> f64 {
    let question = &model.questions[objective.question];
    let scale = match question.measure {
        Measure::Probability(_) => 1.0,
        Measure::Distribution(_) => question.unit.scale,
    };
    let sign = match objective.sense {
        Sense::Maximise => 1.0,
        Sense::Minimise => -1.0,
    };
    sign * value / scale
}
