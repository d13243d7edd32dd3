//! The answer as text for a terminal.
//!
//! Enters: an [`Answer`], a width and what to suggest next. Leaves: text with ANSI styles, which the stream that it
//! is written to (`anstream`) removes where colour is not wanted. Always holds: each question begins with its answer;
//! every word of likelihood carries its range and its number; the spreads stand apart; limits and provenance follow.

use anstyle::Style;
use contingent_analysis::words::{fixed, thousands};

use super::drivers::render_hangs_on;
use super::fan::fan_chart;
use super::further::{
    precision_text, render_confidence, render_curve, render_find_out, render_observed,
    render_without_observed,
};
use super::number::{Unit, in_100, plain, range_of_100};
use super::sentence::{answer_sentence, difference_text, no_difference_text};
use super::strip::Axis;
use super::summary::render_summary;
use super::text::{HEADING, Page, QUIET, STRONG, WARNING, capitalised, count, fit};
use crate::answer::iso_date_in_words;
use crate::answer::{Answer, Estimate, PolicyAnswer, QuestionAnswer, QuestionKind, Range};

/// How the text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions<'a> {
    /// Characters in a line.
    pub width: usize,
    /// Commands to try next, printed last.
    pub hints: &'a [String],
}

impl Default for RenderOptions<'_> {
    /// A hundred characters, no hints.
    fn default() -> Self {
        Self { width: 100, hints: &[] }
    }
}

/// Fans shown; all of them are in the JSON document.
const N_SHOWN_FANS: usize = 3;

/// The text of an answer, with ANSI styles.
pub fn render_answer(answer: &Answer, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    render_observed(&mut page, answer);
    render_summary(&mut page, answer);
    for question in &answer.questions {
        render_question(&mut page, answer, question);
        page.blank();
    }
    for trajectory in answer.trajectories.iter().take(N_SHOWN_FANS) {
        fan_chart(&mut page, trajectory);
        page.blank();
    }
    if answer.trajectories.len() > N_SHOWN_FANS {
        let n = answer.trajectories.len() - N_SHOWN_FANS;
        page.line(
            QUIET,
            &format!("{} not shown here; they are in the JSON output.", count(n, "more indicator")),
        );
        page.blank();
    }
    render_limits(&mut page, answer);
    render_provenance(&mut page, answer, options);
    page.finish()
}

fn render_question(page: &mut Page, answer: &Answer, question: &QuestionAnswer) {
    page.paragraph(STRONG, "", &question.label);
    match (&question.estimate, &question.unanswerable) {
        (Some(estimate), _) => page.paragraph(STRONG, "  ", &answer_sentence(question, estimate)),
        (None, reason) => {
            let reason = reason.as_deref().unwrap_or("nothing was run");
            page.paragraph(WARNING, "  ", &format!("No answer: {reason}."));
        }
    }
    if let Some(given) = question.given {
        let worth = given.effective_runs.map_or_else(String::new, |effective| {
            format!(", worth about {} independent ones", thousands(effective, 0))
        });
        let which = match (question.without_observed.is_some(), answer.observed.is_empty()) {
            (true, false) => "in which what was observed holds",
            _ => "in which its condition held",
        };
        let share = given.n_satisfied as f64 / given.n_runs.max(1) as f64;
        let share = if share < 0.005 { "under 1".to_owned() } else { in_100(share) };
        page.paragraph(
            Style::new(),
            "  ",
            &format!(
                "Counts only the {} of {} {which} ({share} in 100){worth}.",
                thousands(given.n_satisfied as f64, 0),
                count(given.n_runs, "run"),
            ),
        );
    }
    render_without_observed(page, question);
    if let Some(curve) = &question.curve {
        render_curve(page, curve);
    }
    render_confidence(page, question);
    render_views(page, question);
    render_policies(page, question);
    render_hangs_on(page, question);
    render_find_out(page, question);
    if let Some(estimate) = &question.estimate {
        render_spreads(page, question, estimate);
    }
    let base_rate = question.base_rate.as_ref().map_or_else(
        || "none supplied.".to_owned(),
        |rate| {
            let rests_on = match (&rate.judgement, rate.claims.is_empty()) {
                (Some(reason), _) => format!(" (judgement: {reason})"),
                (None, false) => format!(" (claims: {})", rate.claims.join(", ")),
                (None, true) => String::new(),
            };
            let range = range_of_100(Range { low: Some(rate.low), high: Some(rate.high) });
            format!("{range} in 100{rests_on}.")
        },
    );
    page.paragraph(Style::new(), "  Base rate: ", &base_rate);
    page.paragraph(Style::new(), "  Resolves:  ", &question.resolves);
    page.paragraph(QUIET, "  Written:   ", &question.written);
    let prefix = format!("{}: ", question.id);
    for warning in answer.warnings.iter().filter_map(|warning| warning.strip_prefix(&prefix)) {
        page.paragraph(WARNING, "  Warning: ", &capitalised(warning));
    }
}

fn render_views(page: &mut Page, question: &QuestionAnswer) {
    if question.views.is_empty() {
        return;
    }
    let own = question.view.as_ref().map_or("the model's own", |_| "this view");
    let mut rows: Vec<(&str, Option<&Estimate>)> = Vec::new();
    if question.view.is_none() {
        rows.push((own, question.estimate.as_ref()));
    }
    rows.extend(question.views.iter().map(|view| (view.label.as_str(), view.estimate.as_ref())));
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    let heading = match question.views_gap {
        None => "Rival views:".to_owned(),
        Some(gap) => {
            let readings = count(rows.len(), "reading");
            match question.kind {
                QuestionKind::Probability => {
                    format!("Rival views: across {readings}, {} in 100", range_of_100(gap))
                }
                QuestionKind::Quantity | QuestionKind::FirstTime => {
                    let plural = unit.plural();
                    format!("Rival views: across {readings}, {} {plural}", unit.range(gap))
                }
            }
        }
    };
    page.paragraph(HEADING, "  ", heading.trim_end());
    let label_width =
        rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).clamp(10, page.width / 3);
    let room = page.width.saturating_sub(label_width + 32);
    let (low, high) = if question.kind == QuestionKind::Probability {
        (0.0, 1.0)
    } else {
        let values = || {
            rows.iter()
                .filter_map(|(_, estimate)| *estimate)
                .flat_map(|estimate| estimate.quantiles.iter().filter_map(|quantile| quantile.value))
        };
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let axis = Axis { low, high, width: room.clamp(11, 41) };
    for (label, estimate) in rows {
        let label = fit(label, label_width);
        let (strip, text) = estimate.map_or_else(
            || (" ".repeat(axis.width), "no run counts".to_owned()),
            |estimate| view_row(axis, estimate, unit),
        );
        let row = fit(&format!("    {label}  {strip}  {text}"), page.width);
        page.line(Style::new(), &row);
    }
    let show = |value: f64| {
        if question.kind == QuestionKind::Probability { in_100(value) } else { unit.bare(value) }
    };
    if low.is_finite() && high.is_finite() {
        page.line(QUIET, &format!("    {}  {}", " ".repeat(label_width), axis.labels(show)));
    }
}

fn view_row(axis: Axis, estimate: &Estimate, unit: Unit<'_>) -> (String, String) {
    if let Some(probability) = estimate.probability {
        let interval = estimate.interval.low.zip(estimate.interval.high);
        let text = match estimate.interval_method.as_deref() {
            Some("upper_bound") => format!("in none of {}", count(estimate.n_runs, "run")),
            Some("lower_bound") => format!("in every one of {}", count(estimate.n_runs, "run")),
            _ => {
                format!("{} ({})", estimate.in_100.as_deref().unwrap_or("?"), range_of_100(estimate.interval))
            }
        };
        return (axis.strip(None, interval, probability), text);
    }
    let value = |position: usize| estimate.quantiles.get(position).and_then(|quantile| quantile.value);
    let outer = value(0).map(|low| (low, value(4).unwrap_or(axis.high)));
    let inner = value(1).map(|low| (low, value(3).unwrap_or(axis.high)));
    let Some(median) = value(2) else {
        return (" ".repeat(axis.width), "never, in half of the runs or more".to_owned());
    };
    (axis.strip(outer, inner, median), format!("median {}", unit.bare(median)))
}

fn render_policies(page: &mut Page, question: &QuestionAnswer) {
    if question.policies.is_empty() {
        return;
    }
    page.paragraph(
        HEADING,
        "  ",
        "What could be done, against doing nothing with the same draws and chance:",
    );
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    for policy in question.policies.iter().filter(|policy| shows_something(policy)) {
        page.paragraph(Style::new(), "    ", &format!("{}: {}", policy.label, policy_text(policy, unit)));
        if !policy.by_view.is_empty() {
            let views: Vec<String> = policy
                .by_view
                .iter()
                .map(|found| {
                    let text = difference_text(
                        found.difference,
                        found.interval,
                        found.distinguishable,
                        policy.compared,
                        unit,
                    );
                    format!("{}: {text}", found.label)
                })
                .collect();
            page.paragraph(QUIET, "      ", &format!("Under the views: {}.", views.join("; ")));
        }
    }
    let without: Vec<String> = question
        .policies
        .iter()
        .filter(|policy| !shows_something(policy))
        .map(|policy| {
            policy.interval.map_or_else(
                || policy.label.clone(),
                |interval| {
                    format!("{} ({})", policy.label, no_difference_text(interval, policy.compared, unit))
                },
            )
        })
        .collect();
    if !without.is_empty() {
        let list = without.join("; ");
        page.paragraph(QUIET, "    ", &format!("No difference that this ensemble can show: {list}."));
    }
}

/// Whether a policy needs a line of its own: it makes a difference somewhere, or could not be compared.
fn shows_something(policy: &PolicyAnswer) -> bool {
    policy.distinguishable
        || policy.difference.is_none()
        || policy.by_view.iter().any(|found| found.distinguishable)
}

fn policy_text(policy: &PolicyAnswer, unit: Unit<'_>) -> String {
    let (Some(value), Some(interval)) = (policy.difference, policy.interval) else {
        return "no comparison, because no run counts on one side.".to_owned();
    };
    let text = difference_text(value, interval, policy.distinguishable, policy.compared, unit);
    let percent = |share: f64| {
        if share > 0.0 && share < 0.01 { "under 1%".to_owned() } else { format!("{}%", in_100(share)) }
    };
    format!(
        "{text}; higher in {}, lower in {} of draws.",
        percent(policy.share_higher),
        percent(policy.share_lower)
    )
}

fn render_spreads(page: &mut Page, question: &QuestionAnswer, estimate: &Estimate) {
    let is_probability = question.kind == QuestionKind::Probability;
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    let size = |value: f64| if is_probability { points(value) } else { unit.bare(value) };
    let plural = unit.plural();
    let measured_in = if is_probability { "in 100" } else { plural.as_str() };
    // What never or always happened shows no spread; the bound stands in the first sentence.
    let is_bound = matches!(estimate.interval_method.as_deref(), Some("upper_bound" | "lower_bound"));
    let mut parts = Vec::new();
    let mut asides = Vec::new();
    if let Some(spread) = question.spread.filter(|_| !is_bound) {
        parts.push(format!("simulation {}", size(spread.simulation)));
        match (spread.epistemic, spread.chance) {
            (Some(epistemic), Some(chance)) => {
                if spread.epistemic_distinguishable {
                    parts.push(format!("what we do not know {}", size(epistemic)));
                } else {
                    asides.push("what we do not know is too small for this ensemble to measure".to_owned());
                }
                let total = epistemic * epistemic + chance * chance;
                let share = if total > 0.0 { chance * chance / total } else { 0.0 };
                if is_probability {
                    asides.push(format!("chance is {}% of what is open about one future", in_100(share)));
                } else {
                    parts.push(format!("chance {}", size(chance)));
                }
            }
            _ => asides
                .push("what we do not know and chance cannot be told apart with one replication".to_owned()),
        }
    }
    if let Some(gap) = question.views_gap {
        let gap = if is_probability { range_of_100(gap) } else { unit.range(gap) };
        parts.push(format!("between views {gap}"));
    }
    if parts.is_empty() {
        return;
    }
    asides.insert(0, format!("{} {measured_in}", parts.join(", ")).trim_end().to_owned());
    page.paragraph(
        Style::new(),
        "  ",
        &format!("Spreads (standard deviations, never added up): {}.", asides.join("; ")),
    );
}

/// A spread of a probability in points of a hundred: one decimal below ten points, none above.
fn points(value: f64) -> String {
    let points = 100.0 * value;
    if points >= 10.0 {
        fixed(points, 0)
    } else if points >= 0.05 {
        fixed(points, 1)
    } else {
        plain(points)
    }
}

fn render_limits(page: &mut Page, answer: &Answer) {
    page.line(HEADING, "Limits");
    let evidence = &answer.evidence;
    if evidence.n_assumptions > 0 {
        let n = evidence.n_assumptions;
        let n_judged = evidence.n_judgement_only + evidence.n_our_reading;
        let percent = in_100(n_judged as f64 / n as f64);
        page.paragraph(
            Style::new(),
            "  Grounds:    ",
            &format!(
                "{n_judged} of {} {} judgement ({percent}%): {} on judgement alone, {} as our reading of a claim; {} \
                 {} a number that a claim states; {} from {}.",
                count(n, "assumption"),
                if n == 1 { "is" } else { "are" },
                evidence.n_judgement_only,
                evidence.n_our_reading,
                evidence.n_sourced,
                if evidence.n_sourced == 1 { "takes over" } else { "take over" },
                count(evidence.n_claims, "claim"),
                count(evidence.n_sources, "source"),
            ),
        );
    }
    if evidence.n_curves_and_data > 0 {
        let n = evidence.n_curves_and_data;
        let what = match n {
            1 => "1 other lookup, input or unit states its grounds".to_owned(),
            _ => format!("{n} other lookups, inputs and units state their grounds"),
        };
        page.paragraph(
            Style::new(),
            "              ",
            &format!("{what}; {} of them judgement.", evidence.n_curves_and_data_judged),
        );
    }
    if let Some(verification) = &answer.verification {
        page.paragraph(Style::new(), "  Sources:    ", &verification.sentence);
    }
    page.paragraph(Style::new(), "  Validation: ", &format!("{}.", answer.validation_level));
    page.paragraph(Style::new(), "  Not for:    ", &answer.model.not_for);
    for (i, left_out) in answer.leaves_out.iter().enumerate() {
        let start = if i == 0 { "  Left out:   " } else { "              " };
        page.paragraph(Style::new(), start, left_out);
    }
    let of_question = |warning: &str| {
        answer.questions.iter().any(|question| warning.starts_with(&format!("{}: ", question.id)))
    };
    for warning in answer.warnings.iter().filter(|warning| !of_question(warning)) {
        page.paragraph(WARNING, "  Warning:    ", warning);
    }
    if let Some(first) = &answer.failures.first {
        page.paragraph(QUIET, "              ", &format!("First failure: {first}."));
    }
    page.blank();
}

fn render_provenance(page: &mut Page, answer: &Answer, options: &RenderOptions<'_>) {
    page.line(HEADING, "Provenance");
    let model = &answer.model;
    let as_of = model
        .as_of
        .as_ref()
        .map_or_else(|| "no as-of date".to_owned(), |date| format!("as of {}", iso_date_in_words(date)));
    page.paragraph(
        Style::new(),
        "  Model:      ",
        &format!(
            "{}, {as_of}, horizon {}, hash {}",
            model.title,
            iso_date_in_words(&model.horizon),
            short_hash(&model.hash)
        ),
    );
    let design = &answer.design;
    let each = if design.n_experiments == 1 {
        String::new()
    } else {
        format!(" in each of {}", count(design.n_experiments, "experiment"))
    };
    page.paragraph(
        Style::new(),
        "  Runs:       ",
        &format!(
            "{}{each} ({} of the assumptions, {} each), seed {}, version {}",
            count(design.n_runs, "run"),
            count(design.n_draws, "draw"),
            count(design.n_replications, "replication"),
            answer.seed,
            answer.version,
        ),
    );
    if let Some(text) = precision_text(answer) {
        page.paragraph(Style::new(), "  Precision:  ", &text);
    }
    if let Some(directory) = &answer.run_directory {
        page.line(Style::new(), &format!("  Written to: {directory}"));
        page.line(Style::new(), &format!("  Report:     {directory}/report.html"));
    }
    if !options.hints.is_empty() {
        page.blank();
        for (i, hint) in options.hints.iter().enumerate() {
            let start = if i == 0 { "Next: " } else { "      " };
            page.paragraph(QUIET, start, hint);
        }
    }
}

fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[cfg(test)]
mod tests;
