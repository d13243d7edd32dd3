//! What would change our mind: indicators with thresholds and lead times.
//!
//! Enters: the watch list of a [`Report`]. Leaves: blocks. Always holds: only signals that can be told from nothing are shown, one
//! day for each indicator; every number stands with its interval.

use crate::content::{Block, Grid, Line, lead, paragraph, quiet};
use crate::document::report::Report;
use crate::document::watch_list::{MeasuredRecord, SignalRecord, WarningRecord, WatchedQuestion};
use crate::words::iso_date_in_words;
use crate::words::number::{Unit, in_100};
use crate::words::text::{count, number_in_words};

/// Indicators that are shown.
const N_SHOWN: usize = 4;

/// The question that is watched, the headline if it has signals, and its best signals: of each indicator the day on which it
/// says most, those that say most first.
pub(super) fn best_signals(report: &Report) -> Option<(&WatchedQuestion, Vec<&SignalRecord>)> {
    let list = report.watch_list.as_ref()?;
    list.questions.iter().find_map(|question| {
        let mut best: Vec<&SignalRecord> = Vec::new();
        for signal in
            question.signals.iter().filter(|signal| signal.distinguishable && signal.warning.is_some())
        {
            if !best.iter().any(|known| known.indicator == signal.indicator) {
                best.push(signal);
            }
        }
        (!best.is_empty()).then_some((question, best))
    })
}

/// The day of a signal: `on 18 October 2021`, `after 4 weeks`.
pub(super) fn day(signal: &SignalRecord) -> String {
    signal.date.as_ref().map_or_else(
        || format!("after {}", Unit(&signal.time_unit).with(signal.time)),
        |date| format!("on {}", iso_date_in_words(date)),
    )
}

/// The threshold: `at least 34%`, `at most 3 attacks`.
pub(super) fn threshold(signal: &SignalRecord, warning: &WarningRecord) -> String {
    let unit = Unit(if signal.is_share { "share" } else { &signal.unit });
    let side = if warning.is_above { "at least" } else { "at most" };
    format!("{side} {}", unit.with(warning.threshold))
}

/// What a signal does to the answer, as a clause.
pub(super) fn verdict(signal: &SignalRecord) -> Line {
    let Some(warning) = &signal.warning else { return Line::default() };
    Line::ours(format!(
        "{} makes it {} in 100, anything else {}",
        threshold(signal, warning),
        in_100(warning.probability_if.value),
        in_100(warning.probability_unless.value)
    ))
}

fn measured(found: MeasuredRecord) -> String {
    format!("{} ({} to {})", in_100(found.value), in_100(found.low), in_100(found.high))
}

/// The section.
pub(super) fn blocks(report: &Report) -> Vec<Block> {
    let Some(list) = &report.watch_list else {
        return vec![lead(if report.answer.observed.is_empty() {
            Line::ours("Nothing can be said about what to watch, since the model declares no ")
                .and_code("indicator")
                .and(".")
        } else {
            Line::ours("Something is taken as observed already; what to watch beyond it is not told here.")
        })];
    };
    let Some((question, signals)) = best_signals(report) else {
        let reason = list.questions.first().and_then(|question| question.skipped.as_deref());
        let why = reason.map_or_else(
            || "no indicator on any day that was looked at can be told from nothing".to_owned(),
            str::to_owned,
        );
        return vec![lead(Line::ours(format!("There is no sign to watch: {why}.")))];
    };
    let shown: Vec<&&SignalRecord> = signals.iter().take(N_SHOWN).collect();
    let first = shown[0];
    let is_headline = report.answer.questions.first().is_some_and(|headline| headline.id == question.id);
    let mut blocks = vec![lead(
        Line::ours("The strongest sign is ")
            .and_strong(first.label.clone())
            .and(format!(" {}: ", day(first)))
            .then(verdict(first))
            .and("."),
    )];
    if !is_headline {
        blocks.push(paragraph(
            Line::ours("The first question has no sign of its own; this is about: ")
                .and_words(question.label.clone()),
        ));
    }
    let rows = shown
        .iter()
        .filter_map(|signal| {
            let warning = signal.warning.as_ref()?;
            let lead_time = Unit(&signal.time_unit).with(signal.lead);
            let typical = warning.median_lead.map_or_else(
                || lead_time.clone(),
                |typical| {
                    format!(
                        "{lead_time}; where it then comes, half within {}",
                        Unit(&signal.time_unit).with(typical)
                    )
                },
            );
            Some(vec![
                Line::words(signal.label.clone()),
                Line::ours(day(signal)),
                Line::ours(threshold(signal, warning)),
                Line::ours(measured(warning.probability_if)),
                Line::ours(measured(warning.probability_unless)),
                Line::ours(typical),
            ])
        })
        .collect();
    blocks.push(Block::Grid(Grid {
        caption: format!("What to watch for: {}", question.label),
        head: ["Sign", "Looked at", "Threshold", "If so, in 100", "If not, in 100", "Time left"]
            .map(str::to_owned)
            .to_vec(),
        numeric: vec![false, false, false, true, true, false],
        rows,
        is_wide: true,
    }));
    let n_told = question.signals.iter().filter(|signal| signal.distinguishable).count();
    let before = first.probability.map_or_else(String::new, |found| {
        format!(
            " Before anything is looked at the answer among these runs is {} in 100.",
            in_100(found.value)
        )
    });
    blocks.push(quiet(Line::ours(format!(
        "Of {} of sign and day looked at, {} can be told from nothing; of each sign its best day is shown.{before} Judged over {} \
         with {} each, as long as the question was still open; thresholds were chosen on half of the draws and measured on the \
         other; ranges are 95% intervals.",
        count(question.n_compared, "pair"),
        number_in_words(n_told),
        count(list.n_draws, "draw"),
        count(list.n_replications, "replication"),
    ))));
    blocks
}
