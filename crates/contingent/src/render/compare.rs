//! Views side by side, as text for a terminal.
//!
//! Enters: a [`ComparisonDocument`]. Leaves: text with ANSI styles. Always holds: printed parts of a gap sum to the printed
//! gap; a pooled number never stands without its weights.

use anstyle::Style;
use contingent_analysis::words::thousands;

use super::terminal::RenderOptions;
use super::text::{HEADING, Page, QUIET, STRONG, WARNING, count, fit};
use crate::compare::words::{AGREEING, amount, amount_unit, interval, rounded, signed};
use crate::compare::{ComparedNumber, ComparisonDocument, QuestionComparison, WaterfallRecord};

/// Parts listed one by one; the others are summed.
const N_SHOWN: usize = 10;

/// The text of a comparison, with ANSI styles.
pub fn render_comparison(document: &ComparisonDocument, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    page.paragraph(HEADING, "", &format!("Views side by side: {}", document.title));
    let drawn = match (document.pair.is_some(), document.n_orders) {
        (false, _) => String::new(),
        (true, None) => " The gap is shared out over all orders of exchange.".to_owned(),
        (true, Some(n)) => format!(" The gap is shared out over {n} drawn orders of exchange."),
    };
    page.paragraph(
        QUIET,
        "  ",
        &format!(
            "{}, {} each, the same for every view: {} runs in all.{drawn} All of it holds in this model only.",
            count(document.n_draws, "draw"),
            count(document.n_replications, "replication"),
            thousands(document.n_runs as f64, 0)
        ),
    );
    page.blank();
    for question in &document.questions {
        render_question(&mut page, question, document);
        page.blank();
    }
    page.line(HEADING, "How to read this");
    for (first, text) in how_to_read(document) {
        page.paragraph(Style::new(), first, text);
    }
    for warning in &document.warnings {
        page.paragraph(WARNING, "  Note: ", warning);
    }
    if let Some(place) = &document.directory {
        page.paragraph(QUIET, "  ", &format!("Written to {place}."));
    }
    if !options.hints.is_empty() {
        page.blank();
        page.line(HEADING, "Next");
        for hint in options.hints {
            page.line(QUIET, &format!("  {hint}"));
        }
    }
    page.finish()
}

fn how_to_read(document: &ComparisonDocument) -> Vec<(&'static str, &'static str)> {
    let mut lines = vec![
        ("  (a to b):  ", "95% interval from the simulation alone; it does not say which view is right."),
        (
            "  Agree:     ",
            "the farthest apart differ by at most 5 in 100, or by no more than the simulation can tell.",
        ),
    ];
    if document.pair.is_some() {
        lines.push((
            "  Part:      ",
            "what the gap changes when this is exchanged, averaged over the orders in which all can be exchanged (Shapley \
             value); the parts sum to the gap.",
        ));
        lines.push((
            "  First, last",
            " the change when this alone is exchanged, and when all else has been; far apart where things work together.",
        ));
    }
    if !document.policies.is_empty() {
        lines.push((
            "  Change:    ",
            "with the policy less without, run by run over the same draws and chance.",
        ));
    }
    lines
}

fn render_question(page: &mut Page, question: &QuestionComparison, document: &ComparisonDocument) {
    let what = match question.compared {
        ComparedNumber::Probability => String::new(),
        ComparedNumber::Mean => ", mean".to_owned(),
        ComparedNumber::ShareThatComes => ", share of futures in which it comes".to_owned(),
    };
    page.paragraph(STRONG, "", &format!("{} ({}{what})", question.label, question.when));
    for sentence in &question.sentences {
        page.paragraph(Style::new(), "  ", sentence);
    }
    let unit = amount_unit(question);
    let label = |id: &str| {
        let known = document.views.iter().find(|view| view.id == id);
        known.map_or_else(|| id.to_owned(), |view| view.label.clone())
    };
    let longest = document.views.iter().map(|view| view.label.chars().count()).max().unwrap_or(0);
    let width = longest.min(page.width.saturating_sub(36).max(20));
    for value in &question.views {
        let text = match (&value.value, &value.unanswerable) {
            (Some(found), _) => {
                format!("{:>7}{unit} ({})", amount(question, found.value), interval(question, found))
            }
            (None, Some(reason)) => reason.clone(),
            (None, None) => "?".to_owned(),
        };
        page.line(Style::new(), &format!("    {}  {text}", fit(&label(&value.view), width)));
    }
    if let (Some(waterfall), Some([from, to])) = (&question.waterfall, &document.pair) {
        // A small gap among several questions is told in its sentence.
        if document.questions.len() > 1 && agrees(question, waterfall) {
            page.paragraph(QUIET, "    ", "The two hardly differ here; all parts are in the JSON document.");
        } else {
            render_waterfall(page, question, waterfall, &[label(from), label(to)]);
        }
    }
    if !question.policies.is_empty() {
        render_policies(page, question, document);
    }
}

/// Whether two views differ by so little that they are said to agree.
fn agrees(question: &QuestionComparison, waterfall: &WaterfallRecord) -> bool {
    question.compared != ComparedNumber::Mean && waterfall.gap.value.abs() <= AGREEING
}

fn render_waterfall(
    page: &mut Page,
    question: &QuestionComparison,
    waterfall: &WaterfallRecord,
    [from, to]: &[String; 2],
) {
    let unit = amount_unit(question);
    let (parts, gap) = rounded(question, waterfall);
    page.paragraph(HEADING, "    ", &format!("The gap, from {from} to {to}"));
    let longest = waterfall.parts.iter().map(|part| part.label.chars().count()).max().unwrap_or(0);
    let width = longest.max(12).min(page.width.saturating_sub(56).max(18));
    let scale = if question.compared == ComparedNumber::Mean { 1.0 } else { 100.0 };
    let short = |value: f64| {
        if scale == 100.0 {
            signed(&contingent_analysis::words::fixed(100.0 * value, 1))
        } else {
            signed(&crate::sensitivity::words::three_digits(value))
        }
    };
    page.line(
        QUIET,
        &format!("    {}  {:>8}  {:<16}  {:>8}  {:>8}", fit("", width), "part", "", "first", "last"),
    );
    page.line(
        Style::new(),
        &format!("    {}  {:>8}{unit}", fit(from, width), amount(question, waterfall.from)),
    );
    let n_shown = if waterfall.parts.len() <= N_SHOWN + 1 { waterfall.parts.len() } else { N_SHOWN };
    for (part, text) in waterfall.parts.iter().zip(&parts).take(n_shown) {
        let mark = if part.distinguishable { "" } else { " ?" };
        page.line(
            Style::new(),
            &format!(
                "    {}  {text:>8}  {:<16}  {:>8}  {:>8}{mark}",
                fit(&part.label, width),
                format!("({})", interval(question, &part.part)),
                short(part.first),
                short(part.last),
            ),
        );
    }
    if n_shown < waterfall.parts.len() {
        let decimals = parts[0].split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let rest: f64 = parts[n_shown..].iter().filter_map(|text| text.parse::<f64>().ok()).sum();
        let n = waterfall.parts.len() - n_shown;
        let text = signed(&contingent_analysis::words::fixed(rest, decimals));
        page.line(Style::new(), &format!("    {}  {text:>8}", fit(&format!("{n} smaller ones"), width)));
    }
    page.line(
        Style::new(),
        &format!(
            "    {}  {:>8}{unit}  (gap {gap}: {})",
            fit(to, width),
            amount(question, waterfall.to),
            interval(question, &waterfall.gap)
        ),
    );
    if waterfall.parts.iter().any(|part| !part.distinguishable) {
        page.paragraph(QUIET, "    ", "? cannot be told from no change.");
    }
}

fn render_policies(page: &mut Page, question: &QuestionComparison, document: &ComparisonDocument) {
    let longest = document.views.iter().map(|view| view.label.chars().count()).max().unwrap_or(0);
    let width = longest.min(page.width.saturating_sub(48).max(20));
    for policy in &document.policies {
        page.paragraph(HEADING, "    ", &policy.label);
        for change in question.policies.iter().filter(|change| change.policy == policy.id) {
            let view = document.views.iter().find(|view| view.id == change.view);
            let label = view.map_or(change.view.as_str(), |view| view.label.as_str());
            let text = match (&change.value, &change.change) {
                (Some(value), Some(difference)) => {
                    let size = if question.compared == ComparedNumber::Mean {
                        signed(&crate::sensitivity::words::three_digits(difference.value))
                    } else {
                        signed(&contingent_analysis::words::fixed(100.0 * difference.value, 1))
                    };
                    let mark = if change.distinguishable { "" } else { " ?" };
                    format!(
                        "{:>7}{}  change {size} ({}){mark}",
                        amount(question, value.value),
                        amount_unit(question),
                        interval(question, difference)
                    )
                }
                _ => "no run counts".to_owned(),
            };
            page.line(Style::new(), &format!("      {}  {text}", fit(label, width)));
        }
    }
}
