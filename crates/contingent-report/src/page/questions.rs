//! The other questions: one row each, with a small drawing, which opens to the answer in full.
//!
//! Enters: a [`Report`]. Leaves: blocks. Always holds: each row says the number before anything is opened; a drawing repeats what the
//! row says in words.

use super::headline::answer_blocks;
use super::judgements::signed;
use super::numbers::bare;
use super::sections::{hangs_on_line, spreads};
use super::{drawings, watch};
use crate::chart::draw::number;
use crate::content::{Block, Line, paragraph};
use crate::document::answer::{Estimate, QuestionAnswer, QuestionKind};
use crate::document::report::Report;
use crate::html::{Html, element, id_of};
use crate::words::short;
use crate::words::text::number_in_words;

/// What stands between the judgements and the rest: all questions but the first.
pub(super) fn blocks(report: &Report) -> Vec<Block> {
    report.answer.questions.iter().skip(1).map(|question| row(report, question)).collect()
}

/// Their heading.
pub(super) fn title(report: &Report) -> String {
    match report.answer.questions.len().saturating_sub(1) {
        1 => "The other question".to_owned(),
        n => format!("The other {} questions", number_in_words(n)),
    }
}

fn row(report: &Report, question: &QuestionAnswer) -> Block {
    let mut blocks = answer_blocks(report, question);
    // What is asked in the row is not said again by the first figure.
    if question.kind == QuestionKind::FirstTime || question.kind == QuestionKind::Quantity {
        blocks.extend(drawings::in_row(|size| {
            drawings::futures(report, question, &["q", &question.id, "futures"], size)
        }));
    } else {
        blocks.extend(drawings::in_row(|size| drawings::passage(question, size)));
    }
    blocks.push(paragraph(hangs_on_line(report, question)));
    blocks.extend(drawings::in_row(|size| drawings::hangs_on(question, size)));
    blocks.extend(readings_line(question).map(paragraph));
    blocks.extend(policy_line(question).map(paragraph));
    blocks.extend(watch_line(report, question).map(paragraph));
    blocks.extend(spreads(question).map(crate::content::quiet));
    Block::Row {
        id: id_of(&["q", &question.id]),
        number: short::number(question),
        range: match short::views(question).as_str() {
            "-" => String::new(),
            views => views.to_owned(),
        },
        mini: mini(question),
        label: question.label.clone(),
        blocks,
    }
}

/// The answer under each reading, in a line.
fn readings_line(question: &QuestionAnswer) -> Option<Line> {
    if question.views.is_empty() {
        return None;
    }
    let mut line = Line::ours("Under each reading: ");
    if question.view.is_none() {
        line = line.and(format!(
            "the model's own {}",
            bare(question, question.estimate.as_ref().and_then(Estimate::location))
        ));
    }
    for (place, view) in question.views.iter().enumerate() {
        let said = view
            .estimate
            .as_ref()
            .map_or_else(|| "no answer".to_owned(), |estimate| bare(question, estimate.location()));
        line = line
            .and(if place > 0 || question.view.is_none() { "; " } else { "" })
            .and_words(view.label.clone())
            .and(format!(" {said}"));
    }
    Some(line.and(if question.kind == QuestionKind::Probability { " (in 100)." } else { "." }))
}

/// What the policies change, in a line.
fn policy_line(question: &QuestionAnswer) -> Option<Line> {
    let told: Vec<_> = question
        .policies
        .iter()
        .filter(|policy| {
            policy.distinguishable && policy.compared == crate::document::answer::ComparedMeasure::Probability
        })
        .collect();
    if told.is_empty() {
        return None;
    }
    let mut line = Line::ours("What could be done: ");
    for (place, policy) in told.iter().enumerate() {
        if place > 0 {
            line = line.and("; ");
        }
        line = line
            .and("‘")
            .and_words(policy.label.clone())
            .and(format!("’ {} in 100", signed(policy.difference.unwrap_or(0.0))));
    }
    Some(line.and("."))
}

/// The best sign, in a line.
fn watch_line(report: &Report, question: &QuestionAnswer) -> Option<Line> {
    let watched = report.watch_list.as_ref()?.questions.iter().find(|watched| watched.id == question.id)?;
    let signal = watched.signals.iter().find(|signal| signal.distinguishable && signal.warning.is_some())?;
    Some(
        Line::ours("What to watch: ‘")
            .and_words(signal.label.clone())
            .and(format!("’ {}; ", watch::day(signal)))
            .then(watch::verdict(signal))
            .and("."),
    )
}

/// Width and height of a small drawing, in its own units.
const SIZE: (f64, f64) = (120.0, 16.0);

/// The probability on a line from 0 to 100 with the range over readings; nothing for a number, which has no common axis.
fn mini(question: &QuestionAnswer) -> Html {
    let Some(probability) = question.estimate.as_ref().and_then(|estimate| estimate.probability) else {
        return Html::nothing();
    };
    let (width, height) = SIZE;
    let at = |share: f64| number(4.0 + share.clamp(0.0, 1.0) * (width - 8.0));
    let middle = number(height / 2.0);
    let line = |class: &'static str, from: f64, to: f64| {
        element("path").class(class).attribute("d", &format!("M{} {middle}H{}", at(from), at(to)))
    };
    let mut drawing = element("svg")
        .class("mini")
        .attribute("viewBox", &format!("0 0 {width} {height}"))
        .attribute("aria-hidden", "true")
        .child(line("mini-axis", 0.0, 1.0));
    if let Some((low, high)) = question.views_gap.and_then(|gap| gap.low.zip(gap.high)) {
        drawing = drawing.child(line("mini-range", low, high));
    }
    drawing
        .child(
            element("circle")
                .class("mini-dot")
                .attribute("cx", &at(probability))
                .attribute("cy", &middle)
                .attribute("r", "4"),
        )
        .into()
}
