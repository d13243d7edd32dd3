//! What the answer hangs on, as a table.
//!
//! Enters: the indices of a question. Leaves: lines. Always holds: only assumptions that can be told from no effect are
//! listed, ties are marked, and the others are counted.

use anstyle::Style;
use contingent_analysis::words::thousands;

use super::number::{Unit, in_100};
use super::text::{HEADING, Page, QUIET, count, fit};
use crate::answer::{Effect, HangsOn, QuestionAnswer, QuestionKind};

/// Assumptions shown under each question; all of them are in the JSON document.
const N_SHOWN_ASSUMPTIONS: usize = 5;

/// What the answer hangs on.
pub(super) fn render_hangs_on(page: &mut Page, question: &QuestionAnswer) {
    let Some(sensitivity) = question.sensitivity else { return };
    if sensitivity.n_assumptions == 0 {
        page.paragraph(
            HEADING,
            "  What it hangs on: ",
            "nothing: no assumption varies, or the outcome never does.",
        );
        return;
    }
    if sensitivity.n_distinguishable == 0 {
        let why = if sensitivity.variance_distinguishable {
            "no single assumption can be told from no effect; together they matter."
        } else {
            "chance, as far as this ensemble can show; no assumption can be told from no effect."
        };
        page.paragraph(HEADING, "  What it hangs on: ", why);
        return;
    }
    // Some assumption matters although the whole was too small to measure: its share of the whole is not known.
    let is_measured = sensitivity.variance_distinguishable;
    let of_what = match (sensitivity.without_chance, sensitivity.on_ranks) {
        (true, false) => "share of what we do not know",
        (true, true) => "share of what we do not know, in the order of the outcomes",
        (false, false) => "share of the variance of single runs, chance included",
        (false, true) => {
            "share of the variance of single runs, chance included, in the order of the outcomes"
        }
    };
    let of_what = if is_measured { of_what } else { "shares are too uncertain to tell" };
    let unit = Unit(question.unit.as_deref().unwrap_or("1"));
    let is_probability = question.kind == QuestionKind::Probability;
    let measured_in = if is_probability {
        " in 100".to_owned()
    } else {
        let plural = unit.plural();
        if plural.is_empty() { String::new() } else { format!(" {plural}") }
    };
    page.paragraph(
        HEADING,
        "  ",
        &format!("What it hangs on ({of_what}; answer{measured_in} at low → high):"),
    );
    let shown: Vec<&HangsOn> = question
        .hangs_on
        .iter()
        .filter(|assumption| assumption.distinguishable)
        .take(N_SHOWN_ASSUMPTIONS)
        .collect();
    let show = |value: Option<f64>| {
        if is_probability { value.map_or_else(|| "?".to_owned(), in_100) } else { unit.or_never(value) }
    };
    let thirds: Vec<String> = shown.iter().map(|assumption| thirds_text(assumption, &show)).collect();
    let thirds_width = thirds.iter().map(|text| text.chars().count()).max().unwrap_or(0).min(30);
    let label_width = shown
        .iter()
        .map(|assumption| assumption.label.chars().count())
        .max()
        .unwrap_or(0)
        .min(page.width.saturating_sub(thirds_width + 42).max(16));
    let mut rank = 1;
    let mut any_tied = false;
    for (i, assumption) in shown.iter().enumerate() {
        let tied_with_previous = i > 0 && shown[i - 1].tied_with_next;
        let tied = tied_with_previous || (assumption.tied_with_next && i + 1 < shown.len());
        if !tied_with_previous {
            rank = i + 1;
        }
        any_tied |= tied;
        let mark = if tied { "=" } else { "." };
        let interval = assumption.interval;
        let (low, high) = (interval.low.unwrap_or(0.0), interval.high.unwrap_or(1.0));
        let index = if is_measured {
            format!("{}% ({}-{}%)", in_100(assumption.index), in_100(low), in_100(high))
        } else {
            String::new()
        };
        let rests_on = if assumption.is_judgement {
            "judgement".to_owned()
        } else {
            format!("claims {}", assumption.claims.join(", "))
        };
        let row = format!(
            "    {rank}{mark} {}  {}  {}  {rests_on}",
            fit(&assumption.label, label_width),
            fit(&index, if is_measured { 13 } else { 0 }),
            fit(&thirds[i], thirds_width),
        );
        page.line(Style::new(), fit(&row, page.width).trim_end());
    }
    let n_more = sensitivity.n_distinguishable - shown.len();
    let n_other = sensitivity.n_assumptions - sensitivity.n_distinguishable;
    let mut notes = Vec::new();
    if any_tied {
        notes.push("= ranks that cannot be told apart.".to_owned());
    }
    if n_more > 0 {
        let verb = if n_more == 1 { "matters" } else { "matter" };
        notes.push(format!("{} {verb} less.", count(n_more, "more assumption")));
    }
    if n_other > 0 {
        let others = if n_other == 1 { "other" } else { "others" };
        notes.push(format!("{} {others} cannot be told from no effect.", thousands(n_other as f64, 0)));
    }
    if !notes.is_empty() {
        page.paragraph(QUIET, "    ", &notes.join(" "));
    }
}

fn thirds_text(assumption: &HangsOn, show: &impl Fn(Option<f64>) -> String) -> String {
    let (low, high) = (show(assumption.low_third), show(assumption.high_third));
    match (&assumption.alternatives, assumption.direction) {
        (Some([lowest, highest]), _) => format!("{lowest} {low} → {highest} {high}"),
        (None, Effect::Unclear) => format!("{low} → {high}, not one way"),
        (None, _) => format!("{low} → {high}"),
    }
}
