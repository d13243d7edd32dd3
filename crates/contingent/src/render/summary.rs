//! The first lines: every question with its number.
//!
//! Enters: an [`Answer`] with several questions. Leaves: one line per question. Always holds: the range across rival
//! views stands next to each number; words of likelihood, intervals and all else follow with each question.

use anstyle::Style;

use super::text::{HEADING, Page, QUIET, STRONG, fit};
use crate::answer::Answer;
use contingent_report::words::short::{number, views};

/// Writes the summary; nothing for a single question, whose answer is the first line anyway.
pub(super) fn render_summary(page: &mut Page, answer: &Answer) {
    if answer.questions.len() < 2 {
        return;
    }
    let title = answer.model.title.trim_end_matches('.');
    page.paragraph(HEADING, "", &format!("In short: {title}"));
    let rows: Vec<[String; 2]> =
        answer.questions.iter().map(|question| [number(question), views(question)]).collect();
    let width = |column: usize, heading: &str| {
        let texts = rows.iter().map(|row| row[column].chars().count());
        texts.chain([heading.chars().count()]).max().unwrap_or(0)
    };
    let own = answer.questions.iter().all(|question| question.view.is_none());
    let headings = [if own { "the model's own" } else { "this view" }, "rival views"];
    let widths = [width(0, headings[0]), width(1, headings[1])];
    let room = page.width.saturating_sub(widths[0] + widths[1] + 6).max(20);
    let line = |first: &str, second: &str, third: &str| {
        format!("  {}  {}  {}", fit(first, widths[0]), fit(second, widths[1]), fit(third, room))
    };
    page.line(QUIET, &line(headings[0], headings[1], ""));
    for (question, [number, views]) in answer.questions.iter().zip(&rows) {
        page.line(Style::new(), &line(number, views, &question.label));
    }
    page.line(
        STRONG,
        "  All of it holds in this model only; it is a model, not prophecy. Each answer in full:",
    );
    page.blank();
}
