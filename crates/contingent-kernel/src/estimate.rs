//! From the columns of one experiment to the parts of the answer document that one question gives.
//!
//! Enters: columns, a question, the clock of its model. Leaves: estimates and curves as documents. Always holds: the driver and
//! the browser call the same functions here, so a page that runs the model again cannot word or round an answer otherwise.

use contingent_analysis::{
    Interval, IntervalMethod, OutcomeColumn, ProbabilityEstimate, QuantityEstimate, Scale, Spread, in_100,
    passage_curve, phrase_in,
};
use contingent_engine::OutcomeRole;
use contingent_ensemble::EnsembleResult;
use contingent_model::{Clock, Formula, Measure, Quantity, Question};
use contingent_report::document::answer::{Estimate, Quantile, QuestionKind, Range, Share, SpreadSummary};
use contingent_report::document::answer_parts::{CurveAnswer, CurveMeaning};
use contingent_report::words::date::in_digits;

use crate::time::date_at;

/// An estimate of either kind with what else was learnt on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimated {
    /// The estimate.
    pub estimate: Estimate,
    /// Its spreads; absent when the number may never come.
    pub spread: Option<SpreadSummary>,
    /// How many independent runs it is worth; absent for a number.
    pub effective_runs: Option<f64>,
    /// Runs that did not fail.
    pub n_not_failed: usize,
    /// The number that is compared between views: the probability, the mean or the median.
    pub location: Option<f64>,
}

/// The estimate of a question from its column. `error` is the chance of an error of the interval of a probability.
///
/// # Errors
/// Why there is none, in words.
pub fn estimate(
    column: &OutcomeColumn<'_>,
    question: &Question,
    clock: &Clock,
    words: Scale,
    error: f64,
) -> Result<Estimated, String> {
    let in_words = |reason: contingent_analysis::Unanswerable| reason.to_string();
    if kind_of(question) == QuestionKind::Probability {
        let found = ProbabilityEstimate::at(column, error).map_err(in_words)?;
        let phrase = phrase_in(words, found.probability, found.interval);
        return Ok(Estimated {
            effective_runs: Some(found.effective_runs),
            n_not_failed: found.n_runs - found.n_failed,
            spread: Some(spread_summary(&found.spread, 1.0)),
            location: Some(found.probability),
            estimate: Estimate {
                probability: Some(found.probability),
                mean: None,
                quantiles: Vec::new(),
                never: None,
                interval: interval_range(found.interval, 1.0),
                interval_method: Some(method_name(found.method).to_owned()),
                word: Some(phrase.words.clone()),
                word_range: Some([phrase.low, phrase.high]),
                word_range_text: Some(phrase.range_text()),
                in_100: Some(in_100(found.probability, found.interval)),
                n_runs: found.n_counted,
            },
        });
    }
    let scale = scale_of(question);
    let is_time = kind_of(question) == QuestionKind::FirstTime;
    let found = QuantityEstimate::new(column).map_err(in_words)?;
    let quantiles: Vec<Quantile> = found
        .quantiles
        .iter()
        .map(|quantile| Quantile {
            probability: quantile.probability,
            value: finite(quantile.value / scale),
            interval: interval_range(quantile.interval, scale),
            date: (is_time && quantile.value.is_finite())
                .then(|| date_at(clock, quantile.value))
                .flatten()
                .map(in_digits),
        })
        .collect();
    let mean = found.mean.map(|(mean, _)| mean / scale);
    let median = quantiles[2].clone();
    Ok(Estimated {
        effective_runs: None,
        n_not_failed: found.n_runs - found.n_failed,
        spread: found.spread.map(|spread| spread_summary(&spread, scale)),
        location: if found.mean.is_some() { mean } else { median.value },
        estimate: Estimate {
            probability: None,
            mean,
            quantiles,
            never: found.never.map(|never| Share {
                probability: never.probability,
                interval: interval_range(never.interval, 1.0),
            }),
            interval: found.mean.map_or(median.interval, |(_, interval)| interval_range(interval, scale)),
            interval_method: None,
            word: None,
            word_range: None,
            word_range_text: None,
            in_100: None,
            n_runs: found.n_counted,
        },
    })
}

/// The column that tells when a question settles, and what its curve says; none for a question about one time.
pub fn settles(question: &Question) -> Option<(OutcomeRole, CurveMeaning)> {
    match &question.measure {
        Measure::Probability(Formula::Always { .. }) => Some((OutcomeRole::FirstTime, CurveMeaning::HasHeld)),
        Measure::Probability(_) => Some((OutcomeRole::FirstTime, CurveMeaning::HasCome)),
        Measure::Distribution(Quantity::FirstTime { .. }) => {
            Some((OutcomeRole::Value, CurveMeaning::HasCome))
        }
        Measure::Distribution(Quantity::At { .. }) => None,
    }
}

/// When a question settles, over the whole of the simulated time, from the column that [`settles`] names; none when no run
/// counts.
pub fn curve(column: &OutcomeColumn<'_>, meaning: CurveMeaning, clock: &Clock) -> Option<CurveAnswer> {
    let found = passage_curve(column, clock.dt, clock.n_steps + 1).ok()?;
    let times: Vec<f64> = (0..=clock.n_steps).map(|step| step as f64 * clock.dt).collect();
    let (probability, (low, high)) = found
        .points
        .iter()
        .map(|point| match meaning {
            CurveMeaning::HasCome => (point.probability, (point.interval.low, point.interval.high)),
            CurveMeaning::HasHeld => {
                (1.0 - point.probability, (1.0 - point.interval.high, 1.0 - point.interval.low))
            }
        })
        .unzip();
    Some(CurveAnswer {
        meaning,
        time_unit: clock.time_unit.clone(),
        dates: times.iter().filter_map(|&time| date_at(clock, time)).map(in_digits).collect(),
        times,
        probability,
        low,
        high,
        n_runs: found.n_counted,
    })
}

/// A column of a question, one value per finished run.
pub fn outcome(result: &EnsembleResult, question: usize, role: OutcomeRole) -> Option<&[f64]> {
    let position =
        result.outcomes.iter().position(|outcome| outcome.question == question && outcome.role == role)?;
    Some(&result.outcome_values[position])
}

/// What a question asks for.
pub fn kind_of(question: &Question) -> QuestionKind {
    match question.measure {
        Measure::Probability(_) => QuestionKind::Probability,
        Measure::Distribution(Quantity::FirstTime { .. }) => QuestionKind::FirstTime,
        Measure::Distribution(Quantity::At { .. }) => QuestionKind::Quantity,
    }
}

/// Base units in one shown unit of the numbers of a question.
pub fn scale_of(question: &Question) -> f64 {
    match question.measure {
        Measure::Probability(_) => 1.0,
        Measure::Distribution(_) => question.unit.scale,
    }
}

/// The number, or none when it is not finite.
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A range in the shown unit of which `scale` base units make one.
pub fn range(low: f64, high: f64, scale: f64) -> Range {
    Range { low: finite(low / scale), high: finite(high / scale) }
}

/// An interval in the shown unit of which `scale` base units make one.
pub fn interval_range(interval: Interval, scale: f64) -> Range {
    range(interval.low, interval.high, scale)
}

fn method_name(method: IntervalMethod) -> &'static str {
    match method {
        IntervalMethod::Wilson => "wilson",
        IntervalMethod::ClopperPearson => "clopper_pearson",
        IntervalMethod::UpperBound => "upper_bound",
        IntervalMethod::LowerBound => "lower_bound",
    }
}

fn spread_summary(spread: &Spread, scale: f64) -> SpreadSummary {
    SpreadSummary {
        simulation: spread.simulation / scale,
        epistemic: spread.epistemic.map(|value| value / scale),
        chance: spread.chance.map(|value| value / scale),
        epistemic_distinguishable: spread.epistemic_distinguishable,
    }
}
