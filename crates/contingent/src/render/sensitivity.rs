//! What the answers hang on, as text for a terminal.
//!
//! Enters: a [`SensitivityDocument`]. Leaves: text with ANSI styles. Always holds: sentences come first, then the table
//! with its intervals; ties are marked; what cannot be told from no effect is counted, not listed.

use anstyle::Style;
use contingent_analysis::words::{fixed, range_text, thousands};

use super::terminal::RenderOptions;
use super::text::{HEADING, Page, QUIET, STRONG, WARNING, count, fit};
use crate::sensitivity::words::{amount, amount_unit, share};
use crate::sensitivity::{
    EstimateRecord, FactorFinding, PairFinding, QuestionSensitivity, SensitivityDocument,
};

/// Factors listed per question; all are in the JSON document.
const N_SHOWN: usize = 12;

/// The text of a sensitivity document, with ANSI styles.
pub fn render_sensitivity(document: &SensitivityDocument, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    let view = document.view_label.as_ref().map_or_else(String::new, |label| format!(", view: {label}"));
    let policy =
        document.policy_label.as_ref().map_or_else(String::new, |label| format!(", policy: {label}"));
    page.paragraph(HEADING, "", &format!("What do the answers hang on? {}{view}{policy}", document.title));
    page.paragraph(QUIET, "  ", &design_sentence(document));
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

fn design_sentence(document: &SensitivityDocument) -> String {
    let design = &document.design;
    let of_what = match document.group_by.as_str() {
        "assumption" => count(document.factors.len(), "assumption"),
        by => format!("{} of assumptions by {by}", count(document.factors.len(), "group")),
    };
    let runs = thousands(design.n_runs as f64, 0);
    let points = thousands(design.n_points as f64, 0);
    match design.kind.as_str() {
        "ensemble" => format!(
            "{of_what}; the ensemble of {points} draws, {} each. All of it holds in this model only.",
            count(design.n_replications, "replication")
        ),
        "saltelli" => format!(
            "{of_what}; a Saltelli design of {points} points with {} rows, {} each: {runs} runs. All of it holds in this \
             model only.",
            design.n_rows,
            count(design.n_replications, "replication")
        ),
        kind => format!(
            "{of_what}; elementary effects ({}) from {points} starts, {} each: {runs} runs. All of it holds in this model \
             only.",
            if kind == "morris" { "trajectories" } else { "radial" },
            count(design.n_replications, "replication")
        ),
    }
}

fn how_to_read(document: &SensitivityDocument) -> Vec<(&'static str, &'static str)> {
    let alone = (
        "  Alone:     ",
        "share of what the assumptions decide that would be settled by knowing this one (first-order index). Chance is no \
         part of it.",
    );
    let ties = ("  =          ", "neighbours in rank that cannot be told apart.");
    let thirds = (
        "  Thirds:    ",
        "the answer in the third of the draws in which it is weakest, and in that in which it is strongest.",
    );
    let interval = (
        "  (a to b):  ",
        "95% interval from the simulation alone; it does not say whether the model is right.",
    );
    match document.design.kind.as_str() {
        "ensemble" => vec![alone, thirds, interval, ties],
        "saltelli" => vec![
            alone,
            (
                "  In all:    ",
                "share that would stay open if everything else were known (total index): what it does alone and with others.",
            ),
            thirds,
            interval,
            ties,
        ],
        _ => vec![
            (
                "  Size:      ",
                "how far the answer moves, up or down, on average over starts, when this one is moved by half of its range \
                 (mu*).",
            ),
            ("  Up:        ", "the same with its sign, when it is moved upwards (mu)."),
            (
                "  Spread:    ",
                "standard deviation of the moves over starts (sigma): large where it matters what the others are.",
            ),
            interval,
            ties,
        ],
    }
}

fn render_question(page: &mut Page, question: &QuestionSensitivity, document: &SensitivityDocument) {
    let when = if question.when.is_empty() { String::new() } else { format!(" ({})", question.when) };
    let probability = question
        .probability
        .map_or_else(String::new, |value| format!(" {} in 100.", amount(question, Some(value))));
    page.paragraph(STRONG, "", &format!("{}{when}{probability}", question.label));
    for sentence in &question.sentences {
        page.paragraph(Style::new(), "  ", sentence);
    }
    if question.n_points_dropped > 0 {
        let text = format!("{} left out because a run failed.", count(question.n_points_dropped, "point"));
        page.paragraph(QUIET, "  ", &text);
    }
    let told: Vec<&FactorFinding> = question.factors.iter().filter(|factor| factor.distinguishable).collect();
    if !told.is_empty() {
        render_table(page, question, document, &told);
    }
    let untold: Vec<&str> = question
        .factors
        .iter()
        .filter(|factor| factor.first.is_none() && factor.mu_star.is_none())
        .map(|factor| factor.label.as_str())
        .collect();
    if !untold.is_empty() {
        let text = format!(
            "Too few draws to tell for groups of so many assumptions: {}. Run more, or take a Saltelli design.",
            untold.join(", ")
        );
        page.paragraph(QUIET, "    ", &text);
    }
    let n_other = question.factors.len() - told.len() - untold.len();
    if n_other > 0 && !told.is_empty() {
        let verb = if n_other == 1 { "other" } else { "others" };
        let text = format!("{} {verb} cannot be told from no effect.", thousands(n_other as f64, 0));
        page.paragraph(QUIET, "    ", &text);
    }
    let pairs: Vec<&PairFinding> =
        question.pairs.iter().filter(|pair| pair.distinguishable).take(N_SHOWN).collect();
    if !pairs.is_empty() {
        page.line(HEADING, "    What two do only together");
        for pair in pairs {
            let label = format!("{} with {}", pair.labels[0], pair.labels[1]);
            let width = page.width.saturating_sub(26).max(20);
            page.line(Style::new(), &format!("    {}  {}", fit(&label, width), interval_share(&pair.index)));
        }
    }
}

/// A column of the table.
type Shown<'a> = (&'static str, Box<dyn Fn(&FactorFinding) -> String + 'a>);

fn render_table(
    page: &mut Page,
    question: &QuestionSensitivity,
    document: &SensitivityDocument,
    told: &[&FactorFinding],
) {
    let alone: Shown<'_> = (
        "alone",
        Box::new(|factor| {
            factor.first.as_ref().map_or_else(
                || "?".to_owned(),
                |first| {
                    format!(
                        "{}{}",
                        if factor.first_is_bound { "at least " } else { "" },
                        interval_share(first)
                    )
                },
            )
        }),
    );
    let thirds: Shown<'_> = ("weakest to strongest", Box::new(|factor| thirds_text(question, factor)));
    // The words begin with `higher -> `, which stands at the head of the column.
    let direction: Shown<'_> = (
        "higher ->",
        Box::new(|factor| {
            let words = factor.direction_words.as_str();
            words.strip_prefix("higher -> ").unwrap_or(words).to_owned()
        }),
    );
    let columns: Vec<Shown<'_>> = match document.design.kind.as_str() {
        "ensemble" => vec![alone, thirds, direction],
        "saltelli" => vec![
            ("in all", Box::new(|factor| factor.total.as_ref().map_or_else(String::new, interval_share))),
            alone,
            thirds,
            direction,
        ],
        _ => vec![
            ("size", Box::new(|factor| interval_amount(question, factor.mu_star.as_ref()))),
            ("up", Box::new(|factor| interval_amount(question, factor.mu.as_ref()))),
            ("spread", Box::new(|factor| interval_amount(question, factor.sigma.as_ref()))),
            direction,
        ],
    };
    let shown: Vec<&&FactorFinding> = told.iter().take(N_SHOWN).collect();
    let cells: Vec<Vec<String>> =
        shown.iter().map(|factor| columns.iter().map(|(_, cell)| cell(factor)).collect()).collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| {
            let longest = cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            if longest == 0 { 0 } else { longest.max(columns[column].0.chars().count()) }
        })
        .collect();
    let used: usize = widths.iter().filter(|&&width| width > 0).map(|width| width + 2).sum();
    let longest = shown.iter().map(|factor| factor.label.chars().count()).max().unwrap_or(0);
    let label_width = longest.min(page.width.saturating_sub(used + 10).max(18));
    let row = |first: &str, cells: &[String]| {
        let mut line = format!("    {first}");
        for (cell, &width) in cells.iter().zip(&widths) {
            if width > 0 {
                line += &format!("  {}", fit(cell, width));
            }
        }
        line
    };
    let head: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    page.line(QUIET, &row(&fit(&format!("     {}", of_what(question)), label_width + 5), &head));
    for (place, (factor, cells)) in shown.iter().zip(&cells).enumerate() {
        let is_tied = (factor.tied_with_next && place + 1 < told.len())
            || (place > 0 && shown[place - 1].tied_with_next);
        let mark = if is_tied { "=" } else { "." };
        let first = format!("{:>3}{mark} {}", factor.rank, fit(&factor.label, label_width));
        page.line(Style::new(), &row(&first, cells));
    }
    if told.len() > shown.len() {
        let text = format!("{} less.", count(told.len() - shown.len(), "more factor"));
        page.paragraph(QUIET, "    ", &text);
    }
}

/// A heading above the labels where the numbers are not shares of the usual kind.
fn of_what(question: &QuestionSensitivity) -> &'static str {
    if question.on_ranks {
        "(in the order of outcomes)"
    } else if !question.without_chance {
        "(chance included)"
    } else {
        ""
    }
}

fn thirds_text(question: &QuestionSensitivity, factor: &FactorFinding) -> String {
    if factor.low_third.is_none() && factor.high_third.is_none() {
        return String::new();
    }
    let (low, high) = (amount(question, factor.low_third), amount(question, factor.high_third));
    let unit = amount_unit(question);
    match &factor.alternatives {
        Some([lowest, highest]) => format!("{low} {lowest} → {high} {highest}"),
        None => format!("{low} → {high}{unit}"),
    }
}

/// `31% (27 to 35)`.
fn interval_share(index: &EstimateRecord) -> String {
    let percent = |value: f64| 100.0 * value.clamp(0.0, 1.0);
    format!("{} ({})", share(index.value), range_text(percent(index.low), percent(index.high)))
}

/// `12 (10 to 14)` in the unit of the question.
fn interval_amount(question: &QuestionSensitivity, found: Option<&EstimateRecord>) -> String {
    let Some(found) = found else { return String::new() };
    if question.unit.is_none() || question.on_ranks {
        if found.low == 0.0 && found.high == 0.0 {
            return "0".to_owned();
        }
        let decimals = usize::from(found.value.abs() < 0.0995);
        return format!(
            "{} ({})",
            fixed(100.0 * found.value, decimals),
            range_text(100.0 * found.low, 100.0 * found.high)
        );
    }
    let digits = crate::sensitivity::words::three_digits;
    format!("{} ({} to {})", digits(found.value), digits(found.low), digits(found.high))
}
