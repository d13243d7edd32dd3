//! The sections of a report between the answer and the evidence: how it unfolds, how far, what it hangs on, where readings part,
//! when it comes about, what could be done.
//!
//! Enters: a [`Report`]. Leaves: blocks. Always holds: a sentence stands before its chart; a section whose analysis does not apply
//! says why in one sentence.

use contingent_analysis::words::{fixed, thousands};

use super::drawings;
use super::judgements::{self, signed};
use super::numbers::{bare, in_unit, percent, range, unit};
use crate::content::{Block, Grid, Line, lead, paragraph, quiet};
use crate::document::answer::{ComparedMeasure, QuestionAnswer, QuestionKind, SpreadSummary};
use crate::document::discovery::OutcomeDiscovery;
use crate::document::policies::{ObjectiveRecord, PolicyReport};
use crate::document::report::{FanRecord, FuturesRecord, Report};
use crate::words::iso_date_in_words;
use crate::words::number::{Unit, in_100};
use crate::words::sentence::{difference_text, no_difference_text};
use crate::words::text::{capitalised, count, number_in_words, with_stop};

/// How it could unfold.
pub(super) fn unfold(report: &Report, live: Option<Block>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let headline = report.answer.questions.first();
    if let Some(question) = headline {
        blocks.extend(judgements::when_it_comes(question).map(|line| lead(without_link(line))));
    }
    let mut fans = report.fans.iter();
    let first = fans.next();
    // The charts stand behind the controls that redraw them.
    blocks.extend(live);
    blocks.extend(headline.and_then(|question| drawings::on_page(|size| drawings::passage(question, size))));
    blocks.extend(first.map(|first| paragraph(fan_sentence(first))));
    blocks.extend(first.and_then(|first| drawings::on_page(|size| drawings::first_fan(report, first, size))));
    let rest: Vec<Block> = fans
        .flat_map(|record| {
            let chart = drawings::in_row(|size| drawings::fan_of(record, size));
            std::iter::once(paragraph(fan_sentence(record))).chain(chart)
        })
        .collect();
    let n_more = report.fans.len().saturating_sub(1);
    if n_more > 0 {
        blocks.push(Block::Details {
            id: "more-fans".to_owned(),
            summary: Line::ours(match n_more {
                1 => "One more indicator".to_owned(),
                n => capitalised(&format!("{} more indicators", number_in_words(n))),
            }),
            blocks: rest,
        });
    }
    if blocks.is_empty() {
        blocks.push(lead(Line::ours(
            "Nothing was recorded over time: the model declares no indicator, and its first question is about one time only.",
        )));
    } else if report.fans.is_empty() {
        blocks.push(quiet(Line::ours("The model declares no indicator, so no number is drawn over time.")));
    }
    blocks
}

/// A fan in a sentence.
fn fan_sentence(record: &FanRecord) -> Line {
    let unit = Unit(if record.is_share { "share" } else { &record.unit });
    let line = Line::default().and_strong(record.label.clone());
    let (Some(&last), Some(widest)) = (record.median.last(), record.bands.last()) else {
        return line.and(": no run was finite.");
    };
    let (Some(median), Some(&Some(low)), Some(&Some(high))) = (last, widest.low.last(), widest.high.last())
    else {
        return line.and(": no run was finite at the end.");
    };
    let end = record.dates.last().map_or_else(
        || format!("after {}", Unit(&record.time_unit).with(record.times.last().copied().unwrap_or(0.0))),
        |date| format!("on {}", iso_date_in_words(date)),
    );
    if low == high {
        return line.and(format!(
            ": {} {end} in {} of 100 futures or more.",
            unit.with(median),
            widest.percent
        ));
    }
    line.and(format!(
        ": a median of {} {end}; {} of 100 futures end between {} and {}.",
        unit.with(median),
        widest.percent,
        unit.bare(low),
        unit.bare(high)
    ))
}

/// How far it could go: equally likely futures as dots.
pub(super) fn how_far(report: &Report) -> Vec<Block> {
    let questions = &report.answer.questions;
    let has = |question: &&QuestionAnswer| report.futures.iter().any(|record| record.question == question.id);
    let chosen = questions
        .iter()
        .filter(|question| question.kind == QuestionKind::Quantity)
        .find(has)
        .or_else(|| questions.iter().filter(|question| question.kind == QuestionKind::FirstTime).find(has))
        .or_else(|| questions.iter().find(has));
    let Some(question) = chosen else {
        return vec![lead(Line::ours(
            "The model asks for no number and for no time, so there is nothing to spread out as single futures.",
        ))];
    };
    let mut blocks = Vec::new();
    if let Some(record) = report.futures.iter().find(|record| record.question == question.id) {
        blocks.push(lead(futures_sentence(question, record)));
    }
    blocks.extend(drawings::on_page(|size| {
        drawings::futures(report, question, &["how", "bad", "futures"], size)
    }));
    blocks
}

/// Equally likely futures in a sentence.
pub(super) fn futures_sentence(question: &QuestionAnswer, record: &FuturesRecord) -> Line {
    let n = record.values.len();
    let n_come = record.values.iter().flatten().count();
    let at = |share: f64| record.values.get((share * n as f64) as usize).copied().flatten();
    let label = Line::words(question.label.clone()).and(" ");
    if question.kind == QuestionKind::Quantity {
        return match (at(0.1), at(0.9)) {
            (Some(low), Some(high)) => label.and(format!(
                "In eight of ten futures between {} and {}; in one of ten below, in one of ten above.",
                bare(question, Some(low)),
                in_unit(question, high)
            )),
            _ => label.and("In some futures the number has no bound."),
        };
    }
    let time_unit =
        question.unit.as_deref().or(question.curve.as_ref().map(|curve| curve.time_unit.as_str()));
    let when = |time: f64| Unit(time_unit.unwrap_or("1")).with(time);
    if n_come == 0 {
        return label.and(format!(
            "In none of {n} equally likely futures does it come within the time of the model."
        ));
    }
    let all = if n_come == n { format!("all {n}") } else { format!("{n_come} of {n}") };
    let middle = record.values[..n_come].get(n_come / 2).copied().flatten();
    let half = middle.map_or_else(String::new, |time| format!(", half of these within {}", when(time)));
    label.and(format!("It comes in {all} equally likely futures within the time of the model{half}."))
}

/// What the answer hangs on.
pub(super) fn hangs_on(report: &Report) -> Vec<Block> {
    let Some(question) = report.answer.questions.first() else { return Vec::new() };
    let mut blocks = vec![lead(hangs_on_line(report, question))];
    blocks.extend(drawings::on_page(|size| drawings::hangs_on(question, size)));
    blocks.extend(spreads(question).map(paragraph));
    blocks.extend(indices(question));
    blocks.extend(find_out(report, question));
    blocks
}

/// What an answer hangs on, or that nothing can be told.
pub(super) fn hangs_on_line(report: &Report, question: &QuestionAnswer) -> Line {
    if let Some(line) = judgements::hangs_on(report, question) {
        return without_link(line);
    }
    let Some(sensitivity) = question.sensitivity else {
        return Line::ours("Without an answer there is nothing to hang on.");
    };
    Line::ours(if sensitivity.n_assumptions == 0 {
        "On nothing: no assumption varies, or the outcome never does."
    } else if sensitivity.variance_distinguishable {
        "No single assumption can be told from no effect; together they matter."
    } else {
        "On chance, as far as these runs can show: no assumption can be told from no effect."
    })
}

/// The line without its last clause in brackets, which leads to where it now stands.
fn without_link(mut line: Line) -> Line {
    if let Some(place) = line.0.iter().position(|piece| matches!(piece, crate::content::Piece::Link(..))) {
        line.0.truncate(place);
        if let Some(crate::content::Piece::Ours(text)) = line.0.last_mut() {
            *text = text.trim_end_matches('(').trim_end().to_owned() + ".";
        }
    }
    line
}

/// The three spreads, which are never added up.
pub(super) fn spreads(question: &QuestionAnswer) -> Option<Line> {
    let SpreadSummary { simulation, epistemic, chance, epistemic_distinguishable } = question.spread?;
    let is_probability = question.kind == QuestionKind::Probability;
    let estimate = question.estimate.as_ref()?;
    if matches!(estimate.interval_method.as_deref(), Some("upper_bound" | "lower_bound")) {
        return None;
    }
    let size = |value: f64| {
        if is_probability {
            format!("{} points", fixed(100.0 * value, usize::from(value < 0.1)))
        } else {
            unit(question).with(value)
        }
    };
    let mut parts = vec![format!("what more runs would settle, {}", size(simulation))];
    match (epistemic, chance) {
        (Some(epistemic), Some(chance)) => {
            parts.push(if epistemic_distinguishable {
                format!("what we do not know, {}", size(epistemic))
            } else {
                "what we do not know, too little for these runs to measure".to_owned()
            });
            let total = epistemic * epistemic + chance * chance;
            if is_probability && total > 0.0 {
                parts.push(format!(
                    "chance, {} of what is open about one future",
                    percent(chance * chance / total)
                ));
            } else {
                parts.push(format!("chance, {}", size(chance)));
            }
        }
        _ => parts.push("what we do not know and chance, which one replication cannot tell apart".to_owned()),
    }
    if let Some(gap) = question.views_gap {
        parts.push(format!("the gap between readings, {}", range(question, gap)));
    }
    Some(Line::ours(format!("Kept apart, and never added up (standard deviations): {}.", parts.join("; "))))
}

/// All assumptions that matter, with their indices.
fn indices(question: &QuestionAnswer) -> Option<Block> {
    let sensitivity = question.sensitivity?;
    let told: Vec<_> = question.hangs_on.iter().filter(|found| found.distinguishable).collect();
    if told.is_empty() {
        return None;
    }
    let is_probability = question.kind == QuestionKind::Probability;
    let share = |value: f64| fixed(100.0 * value, 0);
    let rows = told
        .iter()
        .map(|found| {
            let (low, high) = (found.interval.low.unwrap_or(0.0), found.interval.high.unwrap_or(1.0));
            let rests_on =
                if found.is_judgement { Line::ours("judgement") } else { claim_links(&found.claims) };
            let mut row = vec![
                Line::words(found.label.clone()),
                Line::ours(format!("{}% ({} to {})", share(found.index), share(low), share(high))),
                Line::ours(bare(question, found.low_third)),
                Line::ours(bare(question, found.high_third)),
                rests_on,
            ];
            if is_probability {
                let gain = found.brier_gain.as_ref();
                row.insert(
                    4,
                    Line::ours(gain.map_or_else(
                        || "-".to_owned(),
                        |gain| {
                            if gain.value < 0.000_5 { "under 0.001".to_owned() } else { fixed(gain.value, 3) }
                        },
                    )),
                );
            }
            row
        })
        .collect();
    let mut head: Vec<String> =
        ["Assumption", "Share of what we do not know", "Answer where low", "Answer where high"]
            .map(str::to_owned)
            .to_vec();
    let mut numeric = vec![false, true, true, true];
    if is_probability {
        head.push("Brier gain".to_owned());
        numeric.push(true);
    }
    head.push("Rests on".to_owned());
    numeric.push(false);
    let n_other = sensitivity.n_assumptions - sensitivity.n_distinguishable;
    let mut blocks = vec![Block::Grid(Grid {
        caption: format!("First-order indices: {}", question.label),
        head,
        numeric,
        rows,
        is_wide: true,
    })];
    let of_what = match (sensitivity.without_chance, sensitivity.on_ranks) {
        (true, false) => {
            "Shares are of the variance of the expected answer over the assumptions, chance taken out"
        }
        (true, true) => "Shares are of what we do not know in the order of the outcomes, as some never come",
        (false, false) => {
            "Shares are of the variance of single runs, chance included, as there is one replication"
        }
        (false, true) => {
            "Shares are of the variance of single runs in the order of the outcomes, chance included"
        }
    };
    blocks.push(quiet(Line::ours(format!(
        "{of_what} (first-order indices, Sobol' 1993), with 95% simulation intervals. {} told from no effect. Low and high \
         are the thirds of the draws with the lowest and the highest values.",
        match n_other {
            0 => "Every assumption that varies can be".to_owned(),
            1 => "One other assumption cannot be".to_owned(),
            n => format!("{} other assumptions cannot be", thousands(n as f64, 0)),
        }
    ))));
    Some(Block::Details {
        id: String::new(),
        summary: Line::ours(format!(
            "All {} that can be told from no effect",
            count(told.len(), "assumption")
        )),
        blocks,
    })
}

/// Names of claims as links to their rows.
pub(super) fn claim_links(claims: &[String]) -> Line {
    let mut line = Line::default();
    for (place, claim) in claims.iter().enumerate() {
        if place > 0 {
            line = line.and(", ");
        }
        line = line.and_link(&crate::html::id_of(&["claim", claim]), claim.clone());
    }
    line
}

/// What to find out next.
fn find_out(report: &Report, question: &QuestionAnswer) -> Option<Block> {
    let found = question.find_out.as_ref()?;
    let told: Vec<_> = found.claims.iter().filter(|claim| claim.distinguishable).take(3).collect();
    if told.is_empty() || found.if_all_were_known <= 0.0 {
        return None;
    }
    let mut points = Vec::new();
    for gain in told {
        let speaker = report
            .claims
            .iter()
            .find(|claim| claim.name == gain.claim)
            .and_then(|claim| claim.speaker.clone());
        let line = match speaker {
            Some(speaker) => Line::words(speaker).and(": "),
            None => Line::default(),
        };
        points.push(
            line.and("‘")
                .and_words(gain.says.trim_end_matches('.').to_owned())
                .and("’ would settle at most ")
                .and_strong(percent((gain.gain.value / found.if_all_were_known).clamp(0.0, 1.0)))
                .and(" of what we do not know (")
                .and_link(&crate::html::id_of(&["claim", &gain.claim]), gain.claim.clone())
                .and(")."),
        );
    }
    Some(Block::Group(
        "find-out",
        vec![Block::Heading(Line::ours("What to find out next")), Block::Points(points)],
    ))
}

/// Rival views.
pub(super) fn views(report: &Report) -> Vec<Block> {
    let Some(question) = report.answer.questions.first() else { return Vec::new() };
    if question.views.is_empty() {
        let other = report.answer.questions.iter().any(|question| !question.views.is_empty());
        return vec![lead(if report.views.is_empty() {
            Line::ours("The model holds one reading only, its own; a ")
                .and_code("view")
                .and(" sets a rival beside it.")
        } else if other {
            Line::ours("No reading answers the first question.")
        } else {
            Line::ours("This answer is about one reading only; without ")
                .and_code("--view")
                .and(" all of them are compared.")
        })];
    }
    let line = judgements::readings_part(question).map_or_else(
        || Line::ours("One reading gave an answer, so there is nothing to compare."),
        without_link,
    );
    let mut blocks = vec![lead(line)];
    blocks.extend(drawings::on_page(|size| drawings::views_of(question, size)));
    blocks.extend(gap(report));
    if let Some(grid) = drawings::on_page(|size| drawings::fans_of_views(report, size)) {
        let label = report.fans_of_views.first().map(|fan| fan.label.clone()).unwrap_or_default();
        blocks.push(paragraph(
            Line::ours("How ").and_strong(label).and(" unfolds under each, on the same axes:"),
        ));
        blocks.push(grid);
    }
    let points: Vec<Line> = report
        .views
        .iter()
        .filter(|view| !view.differences.is_empty())
        .map(|view| {
            let mut line = Line::default().and_strong(view.label.clone()).and(" differs on ");
            let n = view.differences.len();
            for (place, difference) in view.differences.iter().enumerate() {
                line = match (place, place + 1 == n) {
                    (0, _) => line,
                    (_, true) => line.and(" and "),
                    (_, false) => line.and(", "),
                };
                line = line.and("‘").and_words(difference.label.clone()).and("’");
                if !difference.claims.is_empty() {
                    line = line.and(" (").then(claim_links(&difference.claims)).and(")");
                }
            }
            line.and(".")
        })
        .collect();
    if !points.is_empty() {
        blocks.push(Block::Details {
            id: "they-differ-on".to_owned(),
            summary: Line::ours("They differ on"),
            blocks: vec![Block::Points(points)],
        });
    }
    blocks
}

/// Where the gap between the two readings that lie farthest apart comes from.
fn gap(report: &Report) -> Vec<Block> {
    let Some(document) = &report.gap else { return Vec::new() };
    let Some(chart) = drawings::on_page(|size| drawings::gap_of(report, size)) else { return Vec::new() };
    let told = document.questions.first().and_then(|question| question.waterfall.as_ref());
    let part = told.and_then(|found| found.parts.first()).filter(|part| part.distinguishable);
    let mut line = Line::ours("Between the two that lie farthest apart");
    line = match part {
        Some(part) => line.and(", the gap comes most from ").and_strong(format!("‘{}’", part.label)).and(":"),
        None => line.and(" no single difference can be told from none:"),
    };
    vec![
        paragraph(line),
        chart,
        quiet(
            Line::ours(format!(
                "Worked out with {} and {}, fewer than the answer; ",
                count(document.n_draws, "draw"),
                document
                    .n_orders
                    .map_or_else(|| "all orders of exchange".to_owned(), |n| count(n, "drawn order")),
            ))
            .and_code("contingent compare")
            .and(" works it out for any two readings."),
        ),
    ]
}

/// Boxes that are shown.
const N_BOXES: usize = 3;

/// When it comes about.
pub(super) fn boxes(report: &Report) -> Vec<Block> {
    let outcome: Option<&OutcomeDiscovery> = report
        .discovery
        .as_ref()
        .and_then(|document| document.outcomes.iter().find(|outcome| outcome.base.is_some()));
    let Some(outcome) = outcome else {
        return vec![lead(Line::ours(if report.answer.observed.is_empty() {
            "No future counts for the first question, so none could be searched."
        } else {
            "Something is taken as observed; the futures beyond it are not searched here."
        }))];
    };
    let about = Line::ours(format!("Searched for: the futures in which {}, {}.", outcome.hit, outcome.when));
    if outcome.boxes.is_empty() || outcome.boxes.iter().all(|found| found.restrictions.is_empty()) {
        return vec![
            lead(Line::ours("No set of assumptions stands out from chance as the place where it happens.")),
            quiet(about.and(" ").and_words(with_stop(&outcome.ending))),
        ];
    }
    let mut blocks = Vec::new();
    for (place, found) in
        outcome.boxes.iter().filter(|found| !found.restrictions.is_empty()).take(N_BOXES).enumerate()
    {
        let sentence = Line::words(found.sentence.clone());
        blocks.push(if place == 0 { lead(sentence) } else { paragraph(sentence) });
        blocks.push(quiet(Line::ours(format!(
            "Density {} in 100 ({} to {}), coverage {} ({} to {}), {} of all futures; {} of {} repeated searches found a box again.",
            in_100(found.density.value),
            in_100(found.density.low),
            in_100(found.density.high),
            percent(found.coverage.value),
            percent(found.coverage.low),
            percent(found.coverage.high),
            percent(found.mass),
            found.n_found_again,
            found.n_resamples
        ))));
        blocks.extend(drawings::on_page(|size| drawings::box_of(place, found, size)));
    }
    let mut rest = about;
    if let Some(explains) = outcome.together.as_ref().and_then(|together| together.explains) {
        rest = rest.and(format!(
            " Whether a future lies in what is listed settles {} of what the assumptions decide; the rest lies in finer differences.",
            percent(explains.clamp(0.0, 1.0))
        ));
    }
    blocks.push(quiet(rest.and(
        " Half of the draws were searched, and every figure is of the other half (PRIM, Friedman and Fisher 1999; Bryant and \
         Lempert 2010).",
    )));
    blocks
}

/// What could be done.
pub(super) fn policies(report: &Report) -> Vec<Block> {
    let Some(question) = report.answer.questions.first() else { return Vec::new() };
    if question.policies.is_empty() {
        return vec![lead(
            Line::ours("Nothing that could be done was compared: a ")
                .and_code("policy")
                .and(" in the model says what could be, and the answer then says what it changes."),
        )];
    }
    let mut blocks = Vec::new();
    blocks.extend(judgements::what_helps(report, question).map(|line| lead(without_link(line))));
    blocks.extend(drawings::on_page(|size| drawings::policies_of(report, question, size)));
    let points = question.policies.iter().map(|policy| policy_line(report, question, policy)).collect();
    blocks.push(Block::Details {
        id: "every-policy".to_owned(),
        summary: Line::ours("Every policy in a sentence"),
        blocks: vec![Block::Points(points)],
    });
    if let Some(found) = &report.policies {
        blocks.extend(found.objectives.iter().map(|objective| regrets(report, found, objective)));
    }
    let aims = report.policies.as_ref().is_some_and(|found| !found.objectives.is_empty());
    let line = Line::ours(
        "Every policy is compared with doing nothing over the same draws and the same chance, so that a difference is an effect \
         and not luck; ranges are 95% simulation intervals. What a policy costs, and who bears it, is not told.",
    );
    blocks.push(quiet(if aims {
        line
    } else {
        line.and(" Nothing says which way is better, so no policy is called best and no regret is told; ")
            .and_code(format!("--objective {}:minimise", question.id))
            .and(" would say it.")
    }));
    blocks
}

fn policy_line(
    report: &Report,
    question: &QuestionAnswer,
    policy: &crate::document::answer::PolicyAnswer,
) -> Line {
    let line = Line::default().and_strong(policy.label.clone()).and(": ");
    let (Some(difference), Some(interval)) = (policy.difference, policy.interval) else {
        return line.and("no comparison, because no run counts on one side.");
    };
    if !policy.distinguishable {
        return line.and(format!(
            "no difference that these runs can show ({}).",
            no_difference_text(interval, policy.compared, unit(question))
        ));
    }
    let text = difference_text(difference, interval, true, policy.compared, unit(question));
    let line = line.and(format!(
        "{text}; higher in {}, lower in {} of the draws",
        percent(policy.share_higher),
        percent(policy.share_lower)
    ));
    match drawings::across_views(report, &question.id, &policy.id, policy.compared) {
        Some(span) if policy.compared == ComparedMeasure::Probability => {
            line.and(format!("; across the readings from {} to {}.", signed(span.low), signed(span.high)))
        }
        _ => line.and("."),
    }
}

/// Regret for something that is aimed at.
fn regrets(report: &Report, found: &PolicyReport, objective: &ObjectiveRecord) -> Block {
    let asked = report.answer.questions.iter().find(|question| question.id == objective.question);
    let label = asked.map_or_else(|| objective.question.clone(), |question| question.label.clone());
    let said = |value: Option<f64>| match (value, &objective.unit) {
        (None, _) => "-".to_owned(),
        (Some(value), None) => format!("{} points", fixed(100.0 * value, 1)),
        (Some(value), Some(unit)) => Unit(unit).with(value),
    };
    let over_draws = objective.regrets.iter().any(|regret| regret.p90.is_some());
    let rows = objective
        .regrets
        .iter()
        .map(|regret| {
            let alternative = found.alternatives.iter().find(|known| known.id == regret.alternative);
            let view =
                regret.worst_view_id.as_ref().and_then(|id| found.views.iter().find(|view| view.id == *id));
            let mut row = vec![
                Line::words(
                    alternative.map_or_else(|| regret.alternative.clone(), |known| known.label.clone()),
                ),
                Line::ours(said(regret.worst_view)),
                Line::words(view.map_or_else(|| "-".to_owned(), |view| view.label.clone())),
            ];
            if over_draws {
                row.push(Line::ours(said(regret.p90)));
                row.push(Line::ours(said(regret.max)));
                row.push(Line::ours(regret.share_best.map_or_else(|| "-".to_owned(), percent)));
            }
            row
        })
        .collect();
    let mut head = vec!["Policy", "Regret in the worst reading", "Which reading"];
    if over_draws {
        head.extend(["Nine draws in ten have at most", "Largest", "Best in"]);
    }
    let mut blocks = Vec::new();
    let sense = if objective.sense == "maximise" { "raised" } else { "lowered" };
    blocks.push(Block::Heading(
        Line::ours(format!("Regret, when the answer is to be {sense}: ")).and_words(label),
    ));
    blocks.push(Block::Grid(Grid {
        caption: "Regret: how much better the best alternative does".to_owned(),
        head: head.into_iter().map(str::to_owned).collect(),
        numeric: vec![false, true, false, true, true, true],
        rows,
        is_wide: true,
    }));
    blocks.push(quiet(Line::ours(format!(
        "Regret is how much better the best policy does under the same reading. From {} of the assumptions under each reading.",
        count(found.n_draws, "draw")
    ))));
    Block::Group("regret", blocks)
}
