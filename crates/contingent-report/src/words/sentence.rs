//! The sentences that carry an estimate or a difference.
//!
//! Enters: estimates. Leaves: sentences. Always holds: a word of likelihood comes with its range and its number, a
//! number with its interval, and what never or always happened is said so instead of as 0 or 100.

use contingent_analysis::words::fixed;

use super::iso_date_in_words;
use super::number::{Unit, difference, in_100, no_difference, range_of_100};
use super::text::{capitalised, count};
use crate::document::answer::{ComparedMeasure, Estimate, QuestionAnswer, QuestionKind, Range};

/// The answer in one sentence, or two for a number.
pub fn answer_sentence(question: &QuestionAnswer, estimate: &Estimate) -> String {
    let when = &question.when;
    let given = if question.given.is_some() { ", given its condition" } else { "" };
    match question.kind {
        QuestionKind::Probability => {
            let word = capitalised(estimate.word.as_deref().unwrap_or("?"));
            let bracket = estimate.word_range_text.as_deref().unwrap_or("?");
            format!("{word} ({bracket}): {}, {when}, in this model{given}.", probability_text(estimate))
        }
        QuestionKind::Quantity => {
            let unit = Unit(question.unit.as_deref().unwrap_or("1"));
            let [low, _, middle, _, high] = estimate.quantiles.as_slice() else {
                return "No quantiles were computed.".to_owned();
            };
            let median = middle.value.map_or_else(|| "unbounded".to_owned(), |value| unit.with(value));
            let mut text = format!(
                "Median {median} (simulation interval {}), nine in ten runs between {} and {}, {when}, in this \
                 model{given}.",
                unit.range(middle.interval),
                unit.or_never(low.value),
                unit.or_never(high.value),
            );
            if let Some(mean) = estimate.mean {
                let interval = unit.range(estimate.interval);
                text = format!("{text} Mean {} (simulation interval {interval}).", unit.with(mean));
            }
            text
        }
        QuestionKind::FirstTime => first_time_sentence(question, estimate, given),
    }
}

fn first_time_sentence(question: &QuestionAnswer, estimate: &Estimate, given: &str) -> String {
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    let when = &question.when;
    let time_of = |position: usize| {
        let quantile = &estimate.quantiles[position];
        match (quantile.value, &quantile.date) {
            (None, _) => "never".to_owned(),
            (Some(value), None) => format!("after {}", unit.with(value)),
            (Some(value), Some(date)) => format!("after {} ({})", unit.with(value), iso_date_in_words(date)),
        }
    };
    if estimate.quantiles.len() != 5 {
        return "No quantiles were computed.".to_owned();
    }
    let Some(never) = estimate.never else {
        return format!(
            "It comes in every run {when}, in this model{given}: half of the time {}, nine times in ten between {} \
             and {}.",
            by_time(&time_of(2)),
            time_of(0),
            time_of(4)
        );
    };
    let comes = 1.0 - never.probability;
    if comes <= 0.0 {
        let bound = fixed(100.0 * (1.0 - never.interval.low.unwrap_or(0.0)), 2);
        return format!(
            "It came in none of {} {when}, in this model{given}, which bounds it at {bound} in 100 (95% confidence).",
            count(estimate.n_runs, "run"),
        );
    }
    let interval = Range {
        low: never.interval.high.map(|high| 1.0 - high),
        high: never.interval.low.map(|low| 1.0 - low),
    };
    let typical = if estimate.quantiles[2].value.is_none() {
        match (estimate.quantiles[0].value, estimate.quantiles[1].value) {
            (_, Some(_)) => format!(
                "In more than half of the runs it never comes; in a quarter of all runs it has come {}",
                by_time(&time_of(1))
            ),
            (Some(_), None) => format!(
                "In more than three quarters of the runs it never comes; in one of twenty runs it has come {}",
                by_time(&time_of(0))
            ),
            (None, None) => "In at least nineteen of twenty runs it never comes".to_owned(),
        }
    } else {
        format!("In half of the runs it has come {}", by_time(&time_of(2)))
    };
    format!(
        "It comes at all in {} of 100 runs (simulation interval {} in 100) {when}, in this model{given}. {typical}.",
        in_100(comes),
        range_of_100(interval),
    )
}

/// `after 23 weeks (date)` as `by 23 weeks (date)`, which reads better after "has come".
fn by_time(after: &str) -> String {
    after.strip_prefix("after ").map_or_else(|| after.to_owned(), |time| format!("by {time}"))
}

/// `31 in 100 (simulation interval 30 to 32 in 100)`, or what stands for it when it never or always happened.
fn probability_text(estimate: &Estimate) -> String {
    let runs = count(estimate.n_runs, "run");
    match estimate.interval_method.as_deref() {
        Some("upper_bound") => {
            let bound = fixed(100.0 * estimate.interval.high.unwrap_or(1.0), 2);
            format!("it happened in none of {runs}, so at most {bound} in 100 (95% confidence)")
        }
        Some("lower_bound") => {
            let bound = fixed(100.0 * estimate.interval.low.unwrap_or(0.0), 2);
            format!("it happened in every one of {runs}, so at least {bound} in 100 (95% confidence)")
        }
        _ => format!(
            "{} (simulation interval {} in 100)",
            estimate.in_100.as_deref().unwrap_or("?"),
            range_of_100(estimate.interval)
        ),
    }
}

/// A difference with its interval, or that there is none to show.
pub fn difference_text(
    value: f64,
    interval: Range,
    distinguishable: bool,
    compared: ComparedMeasure,
    unit: Unit<'_>,
) -> String {
    if !distinguishable {
        let between = no_difference_text(interval, compared, unit);
        return format!("no difference that this ensemble can show ({between})");
    }
    let per = per_what(compared, unit);
    match compared {
        ComparedMeasure::Mean => difference(value, interval, &per, |value, _| unit.bare(value)),
        _ => difference(value, interval, &per, of_100),
    }
}

/// The interval of a difference that may be nothing: `between 1 fewer and 2 more in 100`.
pub fn no_difference_text(interval: Range, compared: ComparedMeasure, unit: Unit<'_>) -> String {
    let per = per_what(compared, unit);
    match compared {
        ComparedMeasure::Mean => no_difference(interval, &per, |value, _| unit.bare(value)),
        _ => no_difference(interval, &per, of_100),
    }
}

fn of_100(value: f64, decimals: usize) -> String {
    fixed(100.0 * value, decimals)
}

/// What a difference is counted in, with a space before it; empty for a bare number.
fn per_what(compared: ComparedMeasure, unit: Unit<'_>) -> String {
    match (compared, unit.plural()) {
        (ComparedMeasure::Probability, _) => " in 100".to_owned(),
        (ComparedMeasure::Never, _) => " in 100 that never come to it".to_owned(),
        (ComparedMeasure::Mean, plural) if plural.is_empty() => plural,
        (ComparedMeasure::Mean, plural) => format!(" {plural}"),
    }
}
