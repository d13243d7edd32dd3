//! What was discovered, as text for a terminal.
//!
//! Enters: a [`DiscoveryDocument`]. Leaves: text with ANSI styles. Always holds: each outcome begins with its sentences;
//! whatever a reader needs to doubt them follows: what each restriction is worth, how the search fared when repeated, the
//! trade-off, a second opinion.

use anstyle::Style;
use contingent_analysis::words::{fixed, thousands};

use super::number::in_100;
use super::terminal::RenderOptions;
use super::text::{HEADING, Page, QUIET, STRONG, WARNING, count, fit};
use crate::discover::{
    BoxRecord, CurveRecord, DiscoveryDocument, OutcomeDiscovery, RestrictionRecord, ShareRecord, words,
};

/// Rows of the trade-off table.
const N_CURVE_ROWS: usize = 7;

/// The text of a discovery, with ANSI styles.
pub fn render_discovery(document: &DiscoveryDocument, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    let view = document.view_label.as_ref().map_or_else(String::new, |label| format!(", view: {label}"));
    let policy =
        document.policy_label.as_ref().map_or_else(String::new, |label| format!(", policy: {label}"));
    page.paragraph(HEADING, "", &format!("In which futures? {}{view}{policy}", document.title));
    page.paragraph(
        QUIET,
        "  ",
        &format!(
            "{} of {} assumptions, {} each. Half of the draws were searched, a quarter decided which conditions stand, \
             and every figure of a box is of the last quarter, which had no part in either. All of it holds in this model \
             only.",
            count(document.n_draws, "draw"),
            document.n_assumptions,
            count(document.n_replications, "replication"),
        ),
    );
    page.blank();
    for outcome in &document.outcomes {
        render_outcome(&mut page, outcome);
        page.blank();
    }
    page.line(HEADING, "How to read this");
    for (first, text) in HOW_TO_READ {
        page.paragraph(Style::new(), first, text);
    }
    for warning in &document.warnings {
        page.paragraph(WARNING, "  Warning: ", warning);
    }
    if let Some(place) = &document.run_directory {
        page.paragraph(QUIET, "  ", &format!("Written to {place}, in `discovery/`."));
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

const HOW_TO_READ: [(&str, &str); 4] = [
    (
        "  Dropped:    ",
        "how often it would come in the same futures without this one condition; the closer to the box, the less the \
         condition matters.",
    ),
    (
        "  By chance:  ",
        "how likely the box would be as good by luck if the condition meant nothing (quasi-p-value, Bryant and Lempert \
         2010).",
    ),
    (
        "  Came back:  ",
        "of the same search on other random parts of the draws, how many used this assumption.",
    ),
    (
        "  Trade-off:  ",
        "a tighter box is purer but leaves more out. The mark shows where the first box began, before its bounds were set.",
    ),
];

fn render_outcome(page: &mut Page, outcome: &OutcomeDiscovery) {
    page.paragraph(STRONG, "", &outcome.label);
    let Some(base) = &outcome.base else {
        page.paragraph(WARNING, "  ", &outcome.ending);
        return;
    };
    let clause = &outcome.hit;
    // A clause about a first time says when itself.
    let when = if clause.starts_with("it ") { String::new() } else { format!(", {}", outcome.when) };
    let counted = if outcome.is_conditional { " of those in which its condition holds" } else { "" };
    page.paragraph(
        Style::new(),
        "  ",
        &format!(
            "Searched for: the futures in which {clause}{when}; it is so in {}{counted}.",
            words::futures(base.value),
        ),
    );
    for (place, found) in outcome.boxes.iter().enumerate() {
        render_box(page, place, found, base);
    }
    let style = if outcome.boxes.is_empty() { STRONG } else { QUIET };
    page.paragraph(style, "  ", &outcome.ending);
    if let Some(together) = &outcome.together {
        let explains = together.explains.map_or_else(String::new, |share| {
            let rest = if share < 0.95 { "; the rest lies in finer differences" } else { "" };
            format!(
                " Whether a future lies in it settles {}% of what the assumptions decide{rest}.",
                in_100(share)
            )
        });
        let all = if outcome.boxes.len() > 1 { "All together: " } else { "" };
        let these = if outcome.boxes.len() > 1 { "these boxes" } else { "this box" };
        let text = format!(
            "{all}{} in {these} against {} outside; {}% of all futures, {}% of those in which {clause}.{explains}",
            words::in_100(together.density.value),
            words::number_in_100(together.density_outside.value),
            in_100(together.mass),
            in_100(together.coverage.value),
        );
        page.paragraph(Style::new(), "  ", &text);
    }
    render_curve(page, outcome);
    render_tree(page, outcome);
}

fn render_box(page: &mut Page, place: usize, found: &BoxRecord, base: &ShareRecord) {
    page.paragraph(STRONG, &format!("  {}. ", place + 1), &found.sentence);
    let labels: Vec<String> = found
        .restrictions
        .iter()
        .map(|restriction| format!("{} {}", restriction.label, restriction.words))
        .collect();
    let widest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let width = widest.min(page.width.saturating_sub(48)).max(20);
    page.line(
        QUIET,
        &format!("     {}  {:>9}  {:>15}  {:>9}", fit("", width), "dropped", "by chance", "came back"),
    );
    for (label, restriction) in labels.iter().zip(&found.restrictions) {
        page.line(
            Style::new(),
            &format!(
                "     {}  {:>9}  {:>15}  {:>9}",
                fit(label, width),
                words::number_in_100(restriction.density_without),
                chance(restriction),
                out_of(restriction.seen_again, found.n_resamples),
            ),
        );
    }
    let mut notes = vec![format!(
        "{}% of all futures; 95% intervals from simulation: {} in 100, {}% of them.",
        in_100(found.mass),
        range(&found.density),
        range(&found.coverage),
    )];
    if place > 0 && (found.share_before.value - base.value).abs() > 0.005 {
        notes.push(format!(
            "Outside of the boxes before, it is {} in 100.",
            words::number_in_100(found.share_before.value)
        ));
    }
    notes.push(stability(found));
    page.paragraph(QUIET, "     ", &notes.join(" "));
}

/// How the search fared when it was repeated, in words.
fn stability(found: &BoxRecord) -> String {
    if found.n_resamples == 0 {
        return "The search was not repeated.".to_owned();
    }
    let weakest = found.restrictions.iter().map(|restriction| restriction.seen_again).fold(1.0, f64::min);
    let firmness = if weakest >= 0.9 && found.overlap >= 0.75 {
        "Firm"
    } else if weakest >= 0.5 && found.overlap >= 0.5 {
        "Fairly firm"
    } else {
        "Not firm: other boxes do about as well"
    };
    let also = if found.also_seen.is_empty() {
        String::new()
    } else {
        let others: Vec<String> = found
            .also_seen
            .iter()
            .take(3)
            .map(|seen| format!("{} ({})", seen.label, out_of(seen.share, found.n_resamples)))
            .collect();
        format!("; sometimes also used: {}", others.join(", "))
    };
    format!(
        "{firmness}: {} repeated searches found a box, with {}% of its futures in common on average{also}.",
        format_args!("{} of {}", found.n_found_again, found.n_resamples),
        in_100(found.overlap),
    )
}

fn chance(restriction: &RestrictionRecord) -> String {
    if restriction.p_value < 0.001 {
        "under 1 in 1,000".to_owned()
    } else {
        format!("{} in 1,000", fixed(1_000.0 * restriction.p_value, 0))
    }
}

fn out_of(share: f64, n: u32) -> String {
    format!("{} of {n}", fixed(share * f64::from(n), 0))
}

fn range(share: &ShareRecord) -> String {
    contingent_analysis::words::range_text(100.0 * share.low, 100.0 * share.high)
}

fn render_curve(page: &mut Page, outcome: &OutcomeDiscovery) {
    let rows = rows_of(&outcome.curve);
    if outcome.boxes.is_empty() || rows.len() < 3 {
        return;
    }
    page.line(HEADING, "  Trade-off of the first box");
    page.line(
        QUIET,
        &format!(
            "    {:>12}  {:>12}  {:>12}  {}",
            "of futures", "hits in 100", "of all hits", "assumptions restricted"
        ),
    );
    for row in rows {
        let mark = if row.is_chosen { "  <" } else { "" };
        page.line(
            Style::new(),
            &format!(
                "    {:>11}%  {:>12}  {:>11}%  {}{mark}",
                in_100(row.mass),
                words::number_in_100(row.density),
                in_100(row.coverage),
                row.n_restricted,
            ),
        );
    }
}

/// Boxes to show: the whole, the one that was chosen, the smallest, and some between that are evenly spread in mass.
fn rows_of(curve: &[CurveRecord]) -> Vec<&CurveRecord> {
    let mut places: Vec<usize> = curve.iter().position(|point| point.is_chosen).into_iter().collect();
    for i in 0..N_CURVE_ROWS - 1 {
        let wanted = 1.0 - i as f64 / (N_CURVE_ROWS - 2) as f64;
        let distance = |place: usize| (curve[place].mass - wanted.max(0.0)).abs();
        places.extend((0..curve.len()).min_by(|&a, &b| distance(a).total_cmp(&distance(b))));
    }
    places.sort_unstable();
    places.dedup();
    let chosen = |place: usize| curve[place].is_chosen;
    let mut rows: Vec<&CurveRecord> = Vec::new();
    for place in places {
        let is_near = rows.last().is_some_and(|last| (last.mass - curve[place].mass).abs() < 0.02);
        if is_near && !chosen(place) {
            continue;
        }
        if is_near && rows.last().is_some_and(|last| last.mass < 1.0) {
            rows.pop();
        }
        rows.push(&curve[place]);
    }
    rows
}

fn render_tree(page: &mut Page, outcome: &OutcomeDiscovery) {
    let Some(root) = outcome.tree.first() else { return };
    if root.is_leaf {
        page.paragraph(QUIET, "  Second opinion: ", "a regression tree finds no split worth making.");
        return;
    }
    let explains = outcome.tree_explains.map_or_else(String::new, |share| {
        format!("; settles {}% of what the assumptions decide", in_100(share))
    });
    page.paragraph(
        HEADING,
        "  ",
        &format!(
            "Second opinion, a regression tree (hits in 100, share of futures{explains}; all: {})",
            words::number_in_100(root.share.value)
        ),
    );
    for node in &outcome.tree[1..] {
        let indent = "  ".repeat(node.depth + 1);
        let width = page.width.saturating_sub(20 + indent.len()).min(72);
        let figures = if node.is_leaf {
            format!("{:>5}  {:>4}%", words::number_in_100(node.share.value), in_100(node.mass))
        } else {
            String::new()
        };
        let style = if node.is_leaf { Style::new() } else { QUIET };
        let rest = 74_usize.saturating_sub(width + indent.len());
        page.line(style, &format!("{indent}{}{}  {figures}", fit(&node.condition, width), " ".repeat(rest)));
    }
    let split_on: std::collections::BTreeSet<&str> =
        outcome.tree.iter().map(|node| node.assumption.as_str()).filter(|name| !name.is_empty()).collect();
    if let Some(first) = outcome.boxes.first() {
        let shared = first
            .restrictions
            .iter()
            .filter(|restriction| split_on.contains(restriction.assumption.as_str()))
            .count();
        let n = first.restrictions.len();
        let agreement = match (shared, n) {
            (shared, n) if shared == n && n == 1 => {
                "It splits on the assumption of the first box too.".to_owned()
            }
            (shared, n) if shared == n => format!("It splits on all {n} assumptions of the first box."),
            (0, _) => {
                "It splits on none of the assumptions of the first box: read both with care.".to_owned()
            }
            (shared, n) => format!(
                "It splits on {} of the {} assumptions of the first box.",
                thousands(shared as f64, 0),
                thousands(n as f64, 0)
            ),
        };
        page.paragraph(QUIET, "    ", &agreement);
    }
}
