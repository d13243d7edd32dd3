//! Curves, confidence and what to find out next, as lines for a terminal.
//!
//! Enters: parts of an answer. Leaves: lines. Always holds: a part that is absent leaves no line; confidence stands in a
//! sentence of its own.

use anstyle::Style;
use contingent_analysis::words::{fixed, thousands};

use super::number::in_100;
use super::text::{HEADING, Page, QUIET, count};
use crate::answer::{Answer, ConfidenceLevel, CurveAnswer, CurveMeaning, QuestionAnswer, iso_date_in_words};

/// Heights of a small line.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Characters of a small line.
const LINE_WIDTH: usize = 26;

/// Claims and assumptions shown; all of them are in the JSON document.
const N_SHOWN: usize = 3;

/// What is taken as observed, before anything else.
pub(super) fn render_observed(page: &mut Page, answer: &Answer) {
    if answer.observed.is_empty() {
        return;
    }
    page.line(HEADING, "Taken as observed (what follows holds only if it was)");
    for observed in &answer.observed {
        let share = if observed.share < 0.01 { "under 1".to_owned() } else { in_100(observed.share) };
        page.paragraph(
            Style::new(),
            "  ",
            &format!(
                "{}: the model's state {}; so in {} ({share} in 100).",
                observed.written,
                observed.when,
                count(observed.n_runs, "run"),
            ),
        );
    }
    page.blank();
}

/// The answer without what was observed.
pub(super) fn render_without_observed(page: &mut Page, question: &QuestionAnswer) {
    let Some(estimate) = &question.without_observed else { return };
    if let (Some(text), Some(word), Some(range)) =
        (&estimate.in_100, &estimate.word, &estimate.word_range_text)
    {
        page.paragraph(QUIET, "  ", &format!("Without what was observed: {text}, {word} ({range})."));
    } else if let Some(median) = estimate.quantiles.get(2) {
        let text = median.value.map_or_else(|| "never".to_owned(), |value| fixed(value, 1));
        page.paragraph(QUIET, "  ", &format!("Without what was observed: median {text}."));
    }
}

/// A curve as a small line and a few dates.
pub(super) fn render_curve(page: &mut Page, curve: &CurveAnswer) {
    let n = curve.probability.len();
    if n < 3 {
        return;
    }
    let line: String = (0..LINE_WIDTH)
        .map(|place| {
            let value = curve.probability[place * (n - 1) / (LINE_WIDTH - 1)];
            HEIGHTS[((value * HEIGHTS.len() as f64) as usize).min(HEIGHTS.len() - 1)]
        })
        .collect();
    let marks = [(n - 1) / 4, (n - 1) / 2, 3 * (n - 1) / 4, n - 1];
    let dated: Vec<String> = marks
        .iter()
        .map(|&step| {
            let when = curve.dates.get(step).map_or_else(
                || {
                    let plural = if curve.times[step] == 1.0 { "" } else { "s" };
                    format!("{} {}{plural}", fixed(curve.times[step], 0), curve.time_unit)
                },
                |date| iso_date_in_words(date),
            );
            format!("{when} {}", in_100(curve.probability[step]))
        })
        .collect();
    let first = match curve.meaning {
        CurveMeaning::HasCome => "  Comes by:  ",
        CurveMeaning::HasHeld => "  Holds to:  ",
    };
    page.paragraph(Style::new(), first, &format!("{line} {} in 100.", dated.join(", ")));
}

/// Confidence, in a sentence of its own.
pub(super) fn render_confidence(page: &mut Page, question: &QuestionAnswer) {
    let Some(confidence) = &question.confidence else { return };
    let level = match confidence.level {
        ConfidenceLevel::Low => "low",
        ConfidenceLevel::Moderate => "moderate",
        ConfidenceLevel::High => "high",
    };
    page.paragraph(Style::new(), "  Confidence: ", &format!("{level}; {}.", confidence.grounds.join("; ")));
}

/// What to find out next.
pub(super) fn render_find_out(page: &mut Page, question: &QuestionAnswer) {
    let Some(found) = &question.find_out else { return };
    let gain = |value: f64| if value < 0.000_5 { "under 0.001".to_owned() } else { fixed(value, 3) };
    let assumptions: Vec<String> = question
        .hangs_on
        .iter()
        .filter(|assumption| assumption.distinguishable)
        .filter_map(|assumption| {
            Some(format!("{} {}", assumption.assumption, gain(assumption.brier_gain.as_ref()?.value)))
        })
        .take(N_SHOWN)
        .collect();
    let claims: Vec<String> = found
        .claims
        .iter()
        .filter(|claim| claim.distinguishable)
        .map(|claim| format!("{} {}", claim.claim, gain(claim.gain.value)))
        .take(N_SHOWN)
        .collect();
    if assumptions.is_empty() && claims.is_empty() {
        return;
    }
    // With few runs a part may seem to be worth more than the whole; then the whole is not known.
    let largest = question
        .hangs_on
        .iter()
        .filter(|assumption| assumption.distinguishable)
        .filter_map(|assumption| Some(assumption.brier_gain.as_ref()?.value))
        .fold(0.0, f64::max);
    let whole = if found.if_all_were_known > largest {
        format!(
            "to {} if all were known",
            fixed((found.expected_brier - found.if_all_were_known).max(0.0), 3)
        )
    } else {
        "how far if all were known cannot be told".to_owned()
    };
    let list = |what: &str, of: &[String]| {
        if of.is_empty() { String::new() } else { format!(" {what} {}.", of.join(", ")) }
    };
    page.paragraph(
        Style::new(),
        "  Find out:  ",
        &format!(
            "expected fall of the Brier score from {} ({whole}):{}{}",
            fixed(found.expected_brier, 3),
            list("assumptions", &assumptions),
            list("All that rests on a claim:", &claims),
        ),
    );
}

/// How the number of runs was decided.
pub(super) fn precision_text(answer: &Answer) -> Option<String> {
    let precision = answer.precision.as_ref()?;
    let points = |half: f64| format!("{} points", fixed(100.0 * half, if half < 0.01 { 2 } else { 1 }));
    let met = if precision.met {
        format!("intervals of at most {} to either side", points(precision.requested))
    } else {
        format!(
            "{} to either side were asked for and {} reached at the last look",
            points(precision.requested),
            points(precision.reached)
        )
    };
    Some(format!(
        "{met}; looks were fixed beforehand at {} draws, stopped at {}; intervals at {}%, so that over all looks they miss \
         the truth in at most 5 of 100 cases.",
        precision.looks.iter().map(|look| thousands(look.n_draws as f64, 0)).collect::<Vec<_>>().join(", "),
        thousands(precision.stopped_at as f64, 0),
        fixed(100.0 * (1.0 - precision.error), 2),
    ))
}
