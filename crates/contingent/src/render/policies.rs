//! The policy report as text for a terminal.
//!
//! Enters: a [`PolicyReport`]. Leaves: text with ANSI styles. Always holds: differences stand with intervals; what cannot
//! be told from no difference is said to be so; regret and the value of knowledge name what they are of.

use anstyle::Style;
use contingent_analysis::words::fixed;

use super::number::{Unit, in_100};
use super::sentence::difference_text;
use super::terminal::RenderOptions;
use super::text::{HEADING, Page, QUIET, STRONG, count, fit};
use crate::answer::{ComparedMeasure, Range};
use crate::policies::{
    ObjectiveRecord, PolicyQuestion, PolicyReport, PolicyRow, SearchRecord, SettingRecord, ThresholdRecord,
};

/// Rows of a table of alternatives; all of them are in the JSON document.
const N_SHOWN: usize = 12;

/// Assumptions and claims shown.
const N_SHOWN_INFORMATION: usize = 5;

/// The text of a policy report, with ANSI styles.
pub fn render_policies(report: &PolicyReport, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    page.paragraph(HEADING, "", &format!("What could be done: {}", report.title));
    page.paragraph(
        QUIET,
        "  ",
        &format!(
            "{} under {}, {} each with {}, seed {}; every alternative met the same draws and the same chance. All of it \
             holds in this model only.",
            count(report.alternatives.len(), "alternative"),
            count(report.views.len(), "view"),
            count(report.n_draws, "draw"),
            count(report.n_replications, "replication"),
            report.seed,
        ),
    );
    for reason in &report.not_combined {
        page.paragraph(QUIET, "  ", &format!("Not combined: {reason}."));
    }
    page.blank();
    // Whoever says what is aimed at wants to read about that.
    let is_aimed_at = |id: &str| {
        report.objectives.iter().any(|objective| objective.question == id)
            || report.thresholds.iter().any(|threshold| threshold.question == id)
    };
    let names_aims = !report.objectives.is_empty() || !report.thresholds.is_empty();
    let shown = report.questions.iter().filter(|question| !names_aims || is_aimed_at(&question.id));
    let n_shown = shown.clone().count();
    for question in shown {
        render_question(&mut page, report, question);
    }
    if n_shown < report.questions.len() {
        let others = count(report.questions.len() - n_shown, "other question");
        page.paragraph(QUIET, "", &format!("{others} of the model: in the JSON document, or without aims."));
        page.blank();
    }
    for objective in &report.objectives {
        render_objective(&mut page, objective);
    }
    if !report.trade_offs.is_empty() {
        render_trade_offs(&mut page, report);
    }
    for threshold in &report.thresholds {
        render_threshold(&mut page, report, threshold);
    }
    if let Some(search) = &report.search {
        render_search(&mut page, report, search);
    }
    for (i, hint) in options.hints.iter().enumerate() {
        page.paragraph(QUIET, if i == 0 { "Next: " } else { "      " }, hint);
    }
    page.finish()
}

fn render_question(page: &mut Page, report: &PolicyReport, question: &PolicyQuestion) {
    page.paragraph(STRONG, "", &question.label);
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    let own: Vec<&PolicyRow> = question.rows.iter().filter(|row| row.view == report.views[0].id).collect();
    let value = |row: &PolicyRow| match (row.value, row.compared) {
        (None, _) => "no run counts".to_owned(),
        (Some(value), ComparedMeasure::Mean) => unit.with(value),
        (Some(value), ComparedMeasure::Probability) => format!("{} in 100", in_100(value)),
        (Some(value), ComparedMeasure::Never) => format!("never in {} of 100", in_100(value)),
    };
    if let Some(nothing) = own.first() {
        page.paragraph(Style::new(), "  ", &format!("Nothing is done: {}.", value(nothing)));
    }
    let mut told: Vec<&PolicyRow> = own.iter().skip(1).copied().filter(|row| row.distinguishable).collect();
    told.sort_by(|a, b| b.difference.unwrap_or(0.0).abs().total_cmp(&a.difference.unwrap_or(0.0).abs()));
    for row in told.iter().take(N_SHOWN) {
        let (Some(difference), Some(interval)) = (row.difference, row.interval) else { continue };
        let text = difference_text(difference, interval, true, row.compared, unit);
        let views = report
            .views
            .iter()
            .skip(1)
            .filter_map(|view| {
                let row = question
                    .rows
                    .iter()
                    .find(|other| other.view == view.id && other.alternative == row.alternative)?;
                Some((row, view))
            })
            .map(|(row, view)| {
                let change = row.difference.map_or_else(
                    || "?".to_owned(),
                    |value| match row.compared {
                        ComparedMeasure::Mean => unit.bare(value),
                        _ => points(100.0 * value),
                    },
                );
                let mark = if row.distinguishable { "" } else { " (not told from 0)" };
                format!("{} {change}{mark}", view.id)
            })
            .collect::<Vec<_>>();
        let views = if views.is_empty() { String::new() } else { format!(" Views: {}.", views.join(", ")) };
        page.paragraph(Style::new(), "  ", &format!("{}: {text}; {}.{views}", row.alternative, value(row)));
    }
    let n_more = told.len().saturating_sub(N_SHOWN);
    let n_silent = own.len().saturating_sub(1) - told.len();
    let mut notes = Vec::new();
    if n_more > 0 {
        notes.push(format!("{} with a smaller difference", count(n_more, "more alternative")));
    }
    if n_silent > 0 {
        notes.push(format!("{n_silent} without a difference that this ensemble can show"));
    }
    if !notes.is_empty() {
        page.paragraph(QUIET, "  ", &format!("Besides: {}.", notes.join("; ")));
    }
    page.blank();
}

/// Points of a hundred with their sign: `+15`, `-0.4`, `0`.
fn points(value: f64) -> String {
    let text = fixed(value, usize::from(value.abs() < 0.95));
    match text.as_str() {
        "0.0" => "0".to_owned(),
        _ if value > 0.0 => format!("+{text}"),
        _ => text,
    }
}

fn amount(value: f64, unit: Option<&str>) -> String {
    match unit {
        None => format!("{} in 100", fixed(100.0 * value, 1)),
        Some(unit) => Unit(unit).with(value),
    }
}

fn render_objective(page: &mut Page, objective: &ObjectiveRecord) {
    let unit = objective.unit.as_deref();
    page.paragraph(
        HEADING,
        "",
        &format!(
            "Aim: {} {} (regret: how much better the best alternative does)",
            objective.sense, objective.question
        ),
    );
    let mut rows: Vec<_> = objective.regrets.iter().collect();
    rows.sort_by(|a, b| {
        a.worst_view.unwrap_or(f64::INFINITY).total_cmp(&b.worst_view.unwrap_or(f64::INFINITY))
    });
    for row in rows.iter().take(N_SHOWN) {
        let worst = match (row.worst_view, &row.worst_view_id) {
            (Some(regret), Some(view)) => format!("{} under the worst view ({view})", amount(regret, unit)),
            _ => "no view has an answer".to_owned(),
        };
        let draws = match (row.p90, row.max, row.share_best) {
            (Some(p90), Some(max), Some(best)) => format!(
                "; nine draws in ten at most {}, at most {} in any; best in {} of 100 draws",
                amount(p90, unit),
                amount(max, unit),
                in_100(best)
            ),
            _ => String::new(),
        };
        page.paragraph(Style::new(), "  ", &format!("{}: {worst}{draws}.", row.alternative));
    }
    if rows.len() > N_SHOWN {
        page.paragraph(
            QUIET,
            "  ",
            &format!("{} with more regret.", count(rows.len() - N_SHOWN, "more alternative")),
        );
    }
    if let Some(reason) = &objective.no_fit {
        page.paragraph(QUIET, "  ", &format!("No regret over draws: {reason}."));
    } else {
        page.paragraph(
            QUIET,
            "  ",
            "Regret over draws is of what is expected in a draw, by an additive fit; interactions are not in it.",
        );
    }
    let told: Vec<String> = objective
        .information
        .iter()
        .filter(|found| found.distinguishable)
        .take(N_SHOWN_INFORMATION)
        .map(|found| {
            let what = if found.is_claim { "all that rests on " } else { "" };
            format!(
                "{what}{} {} (another choice in {} of 100 draws)",
                found.name,
                amount(found.gain, unit),
                in_100(found.share_changed)
            )
        })
        .collect();
    let text = if told.is_empty() {
        "nothing that would change the choice by more than its error".to_owned()
    } else {
        told.join("; ")
    };
    page.paragraph(
        Style::new(),
        "  ",
        &format!(
            "Worth knowing before choosing (among {}): {text}.",
            count(objective.n_choices, "alternative")
        ),
    );
    page.blank();
}

fn render_trade_offs(page: &mut Page, report: &PolicyReport) {
    let aims: Vec<String> = report
        .objectives
        .iter()
        .map(|objective| format!("{} {}", objective.sense, objective.question))
        .collect();
    page.paragraph(HEADING, "", &format!("Trade-offs: {}", aims.join("; ")));
    let width = report
        .trade_offs
        .iter()
        .map(|row| row.alternative.chars().count())
        .max()
        .unwrap_or(0)
        .min(page.width / 2);
    let mut rows: Vec<_> = report.trade_offs.iter().collect();
    rows.sort_by_key(|row| !row.efficient);
    for row in rows.iter().take(2 * N_SHOWN) {
        let values: Vec<String> = row
            .values
            .iter()
            .zip(&report.objectives)
            .map(|(&value, objective)| fit(&amount(value, objective.unit.as_deref()), 14))
            .collect();
        let mark = if row.efficient { "not beaten" } else { "" };
        let text = format!("  {}  {}  {mark}", fit(&row.alternative, width), values.join("  "));
        page.line(Style::new(), text.trim_end());
    }
    page.blank();
}

fn render_threshold(page: &mut Page, report: &PolicyReport, threshold: &ThresholdRecord) {
    let question = report.questions.iter().find(|question| question.id == threshold.question);
    let unit = question.and_then(|question| question.unit.as_deref());
    let side = if threshold.at_most { "at most" } else { "at least" };
    page.paragraph(
        HEADING,
        "",
        &format!(
            "Good enough: {} {side} {} (share of {} in 100, lowest over views first)",
            threshold.question,
            amount(threshold.bound, unit),
            threshold.share_of
        ),
    );
    let mut rows: Vec<(&str, f64, String)> = report
        .alternatives
        .iter()
        .map(|alternative| {
            let of: Vec<_> = threshold.rows.iter().filter(|row| row.alternative == alternative.id).collect();
            let lowest = of.iter().filter_map(|row| row.share).fold(f64::INFINITY, f64::min);
            let list = of
                .iter()
                .map(|row| match (row.share, row.interval) {
                    (Some(share), Some(Range { low: Some(low), high: Some(high) })) => {
                        format!("{} {} ({}-{})", row.view, in_100(share), in_100(low), in_100(high))
                    }
                    _ => format!("{} ?", row.view),
                })
                .collect::<Vec<_>>();
            (alternative.id.as_str(), lowest, list.join(", "))
        })
        .collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (alternative, lowest, list) in rows.iter().take(N_SHOWN) {
        let lowest = if lowest.is_finite() { in_100(*lowest) } else { "?".to_owned() };
        page.paragraph(Style::new(), "  ", &format!("{alternative}: {lowest} at least ({list})."));
    }
    if threshold.rows.iter().any(|row| row.share.is_none()) {
        page.paragraph(
            QUIET,
            "  ",
            "? cannot be told: the spread of the probability over the draws cannot be told from none, or no run counts.",
        );
    }
    let explained = threshold.rows.iter().filter_map(|row| row.explained).fold(f64::INFINITY, f64::min);
    if explained.is_finite() {
        page.paragraph(
            QUIET,
            "  ",
            &format!(
                "Probabilities of draws are fitted; what the fit leaves of their spread, which replications show, is taken \
                 to have the shape of a beta distribution. The fits explain at least {} of 100 parts of it.",
                in_100(explained)
            ),
        );
    }
    page.blank();
}

fn setting_text(settings: &[SettingRecord]) -> String {
    if settings.is_empty() {
        return "nothing is done".to_owned();
    }
    settings
        .iter()
        .map(|setting| {
            let unit = match setting.unit.as_str() {
                "1" => String::new(),
                "share" | "probability" => {
                    return format!("{} {}%", setting.lever, fixed(100.0 * setting.value, 0));
                }
                unit => format!(" {unit}"),
            };
            format!("{} {}{unit}", setting.lever, fixed(setting.value, 2))
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn render_search(page: &mut Page, report: &PolicyReport, search: &SearchRecord) {
    page.paragraph(
        HEADING,
        "",
        &format!("Searched: {} of the levers, {}", count(search.n_tried, "setting"), search.method),
    );
    for found in &search.found {
        let values: Vec<String> = report
            .objectives
            .iter()
            .zip(&found.worst_view)
            .map(|(objective, &value)| {
                format!("{} {} at worst", objective.question, amount(value, objective.unit.as_deref()))
            })
            .collect();
        page.paragraph(
            Style::new(),
            "  ",
            &format!("{}: {}.", setting_text(&found.settings), values.join("; ")),
        );
    }
    page.paragraph(
        QUIET,
        "  ",
        &format!(
            "Values are those of the worst view, measured again with seed {}; in the search itself they looked better on \
             average.",
            search.measured_with_seed
        ),
    );
    page.blank();
}
