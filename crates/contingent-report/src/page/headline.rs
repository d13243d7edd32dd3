//! The first lines of a report: what it is, the question and its answer.
//!
//! Enters: a [`Report`]. Leaves: blocks. Always holds: the word of likelihood stands with its range and its number; the range over
//! rival readings and the base rate, or that there is none, stand beside it; confidence has a sentence of its own.

use contingent_analysis::words::fixed;

use super::drawings;
use super::numbers::{bare, counts_of_100, range, unit};
use crate::content::{Block, Line, Tone, paragraph, quiet};
use crate::document::answer::{Answer, BaseRateSummary, Estimate, QuestionAnswer, QuestionKind, Range};
use crate::document::answer_parts::ConfidenceLevel;
use crate::document::report::Report;
use crate::words::iso_date_in_words;
use crate::words::number::range_of_100;
use crate::words::sentence::answer_sentence;
use crate::words::text::{capitalised, count, number_in_words, with_stop};

/// What a reader must know of the whole before the first number.
pub(super) fn strip(report: &Report) -> Vec<Line> {
    let answer = &report.answer;
    let mut facts = Vec::new();
    if let Some(author) = &report.author {
        facts.push(Line::ours("By ").and_words(author.clone()));
    }
    facts.push(Line::ours(match &answer.model.as_of {
        Some(date) => format!("Knowledge up to {}", iso_date_in_words(date)),
        None => "No as-of date: the knowledge in it is not dated".to_owned(),
    }));
    facts.push(Line::ours("Model ").and_code(short_hash(&answer.model.hash)));
    facts.push(Line::ours(runs(answer)));
    facts
}

/// The first digits of a hash.
pub(super) fn short_hash(hash: &str) -> String {
    hash.chars().take(12).collect()
}

/// `20,000 simulated futures under each of 13 combinations of reading and policy`.
pub(super) fn runs(answer: &Answer) -> String {
    let runs = count(answer.design.n_runs, "simulated future");
    match answer.design.n_experiments {
        1 => runs,
        n => format!("{runs} in each of {n} experiments"),
    }
}

/// The answer to a question as the line that is read first.
pub(super) fn answer_line(question: &QuestionAnswer) -> Line {
    let Some(estimate) = &question.estimate else {
        let reason = question.unanswerable.as_deref().unwrap_or("nothing was run");
        return Line::default().and_strong("No answer").and(": ").and_words(with_stop(reason));
    };
    let given = if question.given.is_some() { ", given its condition" } else { "" };
    match question.kind {
        QuestionKind::Probability => {
            let word = capitalised(estimate.word.as_deref().unwrap_or("?"));
            let bracket = estimate.word_range_text.as_deref().unwrap_or("?").replace('-', "–");
            Line::default()
                .and_strong(word)
                .and(format!(" ({bracket}): "))
                .and_strong(number_text(estimate))
                .and(format!(", {}, in this model{given}.", question.when))
        }
        QuestionKind::Quantity => {
            let [low, _, middle, _, high] = estimate.quantiles.as_slice() else {
                return Line::ours("No quantiles were computed.");
            };
            let median =
                middle.value.map_or_else(|| "unbounded".to_owned(), |value| unit(question).with(value));
            Line::ours("Median ").and_strong(median).and(format!(
                " {}, in this model{given}; nine in ten futures lie between {} and {}.",
                question.when,
                bare(question, low.value),
                bare(question, high.value)
            ))
        }
        QuestionKind::FirstTime => Line::ours(answer_sentence(question, estimate)),
    }
}

/// `37 in 100`, or what stands for it when it never or always happened.
fn number_text(estimate: &Estimate) -> String {
    let runs = count(estimate.n_runs, "run");
    match estimate.interval_method.as_deref() {
        Some("upper_bound") => format!("in none of {runs}"),
        Some("lower_bound") => format!("in every one of {runs}"),
        _ => estimate.in_100.clone().unwrap_or_else(|| "?".to_owned()),
    }
}

/// How far the number is known from the runs alone.
fn interval_line(question: &QuestionAnswer, estimate: &Estimate) -> Option<Line> {
    let bound = |end: Option<f64>, open: f64| fixed(100.0 * end.unwrap_or(open), 2);
    Some(Line::ours(match (question.kind, estimate.interval_method.as_deref()) {
        (QuestionKind::Probability, Some("upper_bound")) => {
            format!("The runs allow at most {} in 100 (95% confidence).", bound(estimate.interval.high, 1.0))
        }
        (QuestionKind::Probability, Some("lower_bound")) => {
            format!("The runs allow at least {} in 100 (95% confidence).", bound(estimate.interval.low, 0.0))
        }
        (QuestionKind::Probability, _) => format!(
            "{} in 100: what the finite number of runs leaves open, and nothing else.",
            range_of_100(estimate.interval)
        ),
        (QuestionKind::Quantity, _) => {
            let median = estimate.quantiles.get(2)?;
            format!(
                "{} for the median: what the finite number of runs leaves open.",
                range(question, median.interval)
            )
        }
        // The sentence of a first time holds its own.
        (QuestionKind::FirstTime, _) => return None,
    }))
}

/// Everything that stands beside an answer: the ruler, the readings, the base rate, confidence, the definition.
pub(super) fn answer_blocks(report: &Report, question: &QuestionAnswer) -> Vec<Block> {
    let answer = &report.answer;
    let mut blocks = vec![Block::Paragraph(Tone::Answer, answer_line(question))];
    // A row of the other questions has a small drawing of the same.
    if answer.questions.first().is_some_and(|first| first.id == question.id) {
        blocks.extend(drawings::on_page(|size| drawings::strip(answer, question, size)));
    }
    blocks.push(Block::Facts(facts(answer, question)));
    blocks.extend(warnings_of(answer, question));
    blocks
}

/// The facts beside an answer.
pub(super) fn facts(answer: &Answer, question: &QuestionAnswer) -> Vec<(String, Line)> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, line: Line| facts.push((name.to_owned(), line));
    if let Some(line) = readings(question) {
        fact("Rival readings", line);
    }
    fact("Base rate", base_rate(question.base_rate.as_ref()));
    if let Some(confidence) = &question.confidence {
        let level = match confidence.level {
            ConfidenceLevel::Low => "Low",
            ConfidenceLevel::Moderate => "Moderate",
            ConfidenceLevel::High => "High",
        };
        fact(
            "Confidence",
            Line::default().and_strong(level).and(format!(": {}.", confidence.grounds.join("; "))),
        );
    }
    if let Some(estimate) = &question.estimate
        && let Some(line) = interval_line(question, estimate)
    {
        fact("Simulation interval", line);
    }
    if let Some(given) = question.given {
        let held = if answer.observed.is_empty() { "its condition holds" } else { "what was observed holds" };
        fact(
            "Condition",
            Line::ours(format!(
                "Only the {} of {} in which {held} count.",
                contingent_analysis::words::thousands(given.n_satisfied as f64, 0),
                count(given.n_runs, "run"),
            )),
        );
    }
    if let Some(without) = question.without_observed.as_ref() {
        let text = if let (Some(number), Some(word), Some(bracket)) =
            (&without.in_100, &without.word, &without.word_range_text)
        {
            format!("{number}, {word} ({bracket}).")
        } else {
            let median = without.median();
            format!("Median {}.", bare(question, median))
        };
        fact("Without what was observed", Line::ours(text));
    }
    fact("How it resolves", Line::words(with_stop(&question.resolves)));
    fact("As written", Line::code(question.written.clone()));
    facts
}

/// The range over rival readings.
pub(super) fn readings(question: &QuestionAnswer) -> Option<Line> {
    let n = question.views.len() + usize::from(question.view.is_none());
    if question.views.is_empty() {
        return None;
    }
    let readings = if n == 1 { "one reading".to_owned() } else { format!("{} readings", number_in_words(n)) };
    Some(match question.views_gap {
        Some(gap) => Line::default().and_strong(range(question, gap)).and(format!(" across {readings}.")),
        None => Line::ours(format!("Only {readings} gave an answer.")),
    })
}

/// The base rate, or that none was supplied.
pub(super) fn base_rate(rate: Option<&BaseRateSummary>) -> Line {
    let Some(rate) = rate else {
        return Line::ours("None supplied, so nothing here says how unusual this would be.");
    };
    let text = counts_of_100(Range { low: Some(rate.low), high: Some(rate.high) });
    let line = Line::default().and_strong(format!("{text} in 100"));
    match (&rate.judgement, rate.claims.as_slice()) {
        (Some(reason), _) => line.and(" by judgement: ").and_words(with_stop(reason)),
        (None, []) => line.and("."),
        (None, [only]) => line.and(" by the claim ").and_code(only.clone()).and("."),
        (None, claims) => line.and(format!(" by the claims {}.", claims.join(", "))),
    }
}

/// What must not be missed about one question.
pub(super) fn warnings_of(answer: &Answer, question: &QuestionAnswer) -> Vec<Block> {
    let prefix = format!("{}: ", question.id);
    answer
        .warnings
        .iter()
        .filter_map(|warning| warning.strip_prefix(&prefix))
        .map(|warning| Block::Paragraph(Tone::Warning, Line::ours(capitalised(warning))))
        .collect()
}

/// What is taken as observed, before anything else.
pub(super) fn observed(answer: &Answer) -> Vec<Block> {
    if answer.observed.is_empty() {
        return Vec::new();
    }
    let points = answer
        .observed
        .iter()
        .map(|observed| {
            Line::code(observed.written.clone()).and(format!(
                ": the model's state {}; so in {} ({} of them).",
                observed.when,
                count(observed.n_runs, "run"),
                super::numbers::percent(observed.share)
            ))
        })
        .collect();
    vec![
        paragraph(
            Line::default().and_strong("Taken as observed").and("; what follows holds only if it was:"),
        ),
        Block::Points(points),
    ]
}

/// A line that says what kind of thing this is.
pub(super) fn not_prophecy(answer: &Answer) -> Block {
    quiet(
        Line::ours("A model, not prophecy. Every number holds in this model only. Not for: ")
            .and_words(with_stop(&answer.model.not_for)),
    )
}
