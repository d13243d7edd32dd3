//! The watch list as text for a terminal.
//!
//! Enters: a [`WatchList`]. Leaves: text with ANSI styles. Always holds: only signals that can be told from nothing are
//! listed, the others are counted; every number stands with its interval or the runs behind it.

use anstyle::Style;
use contingent_analysis::words::{fixed, thousands};

use super::number::{Unit, in_100, plain};
use super::terminal::RenderOptions;
use super::text::{HEADING, Page, QUIET, STRONG, count};
use crate::answer::iso_date_in_words;
use crate::watch::{MeasuredRecord, SignalRecord, WatchList, WatchedQuestion};

/// Signals shown under each question; all of them are in the JSON document.
const N_SHOWN: usize = 4;

/// The text of a watch list, with ANSI styles.
pub fn render_watch_list(list: &WatchList, options: &RenderOptions<'_>) -> String {
    let mut page = Page::new(options.width);
    page.paragraph(HEADING, "", &format!("What to watch: {}", list.title));
    page.paragraph(
        QUIET,
        "  ",
        &format!(
            "{}, {} each, view {}, policy {}. Each signal is judged over the runs in which its question was still open on \
             that day; thresholds were chosen on half of the draws and are measured on the other. All of it holds in this \
             model only.",
            count(list.n_draws, "draw"),
            count(list.n_replications, "replication"),
            list.view,
            list.policy,
        ),
    );
    page.blank();
    for question in &list.questions {
        render_question(&mut page, question);
        page.blank();
    }
    for (i, hint) in options.hints.iter().enumerate() {
        page.paragraph(QUIET, if i == 0 { "Next: " } else { "      " }, hint);
    }
    page.finish()
}

fn render_question(page: &mut Page, question: &WatchedQuestion) {
    page.paragraph(STRONG, "", &question.label);
    if let Some(reason) = &question.skipped {
        page.paragraph(QUIET, "  ", &format!("Not watched: {reason}."));
        return;
    }
    let told: Vec<&SignalRecord> = question.signals.iter().filter(|signal| signal.distinguishable).collect();
    for signal in told.iter().take(N_SHOWN) {
        render_signal(page, signal);
    }
    let mut notes = Vec::new();
    if told.len() > N_SHOWN {
        notes.push(format!("{} with a smaller gain", count(told.len() - N_SHOWN, "more signal")));
    }
    let n_unjudged = question.signals.iter().filter(|signal| signal.unjudged.is_some()).count();
    let n_silent = question.signals.len() - told.len() - n_unjudged;
    if n_silent > 0 {
        notes.push(format!("{} that cannot be told from nothing", thousands(n_silent as f64, 0)));
    }
    if n_unjudged > 0 {
        notes.push(format!("{} with too few runs or a constant value", thousands(n_unjudged as f64, 0)));
    }
    if !notes.is_empty() {
        page.paragraph(
            QUIET,
            "  ",
            &format!("Besides, of {} looked at: {}.", question.n_compared, notes.join("; ")),
        );
    }
}

fn render_signal(page: &mut Page, signal: &SignalRecord) {
    let unit =
        |time: f64| format!("{} {}{}", plain(time), signal.time_unit, if time == 1.0 { "" } else { "s" });
    let day = signal.date.as_ref().map_or_else(
        || format!("after {}", unit(signal.time)),
        |date| format!("on {}", iso_date_in_words(date)),
    );
    let (Some(probability), Some(area), Some(gain)) = (signal.probability, signal.area, signal.gain) else {
        return;
    };
    page.paragraph(
        Style::new(),
        "  ",
        &format!("{}, {day} ({} before the end):", signal.label, unit(signal.lead)),
    );
    if let Some(warning) = &signal.warning {
        let shown = if signal.is_share {
            format!("{}%", plain(100.0 * warning.threshold))
        } else {
            Unit(&signal.unit).with(warning.threshold)
        };
        let side = if warning.is_above { "at least" } else { "at most" };
        let soon = warning.median_lead.map_or_else(String::new, |lead| {
            format!(" Where it then comes, half of the time within {}.", unit(lead))
        });
        page.paragraph(
            Style::new(),
            "    ",
            &format!(
                "{side} {shown} (in {} of 100 runs): {} in 100, else {}; before it is looked at {}. Likelihood ratio {}, \
                 else {}.{soon}",
                in_100(warning.share),
                percent(warning.probability_if),
                percent(warning.probability_unless),
                percent(probability),
                ratio(warning.ratio_if),
                ratio(warning.ratio_unless),
            ),
        );
    }
    let p = probability.value;
    page.paragraph(
        QUIET,
        "    ",
        &format!(
            "Area under the curve {} ({} to {}); expected fall of the Brier score {} of {}; still open in {} of 100 runs.",
            fixed(area.value, 2),
            fixed(area.low, 2),
            fixed(area.high, 2),
            fixed(gain.value, 3),
            fixed(p * (1.0 - p), 3),
            in_100(signal.share_open),
        ),
    );
}

fn percent(found: MeasuredRecord) -> String {
    format!("{} ({} to {})", in_100(found.value), in_100(found.low), in_100(found.high))
}

fn ratio(found: MeasuredRecord) -> String {
    let digits = |value: f64| fixed(value, usize::from(value < 10.0));
    let digits = |value: f64| if value < 1.0 { fixed(value, 2) } else { digits(value) };
    format!("{} ({} to {})", digits(found.value), digits(found.low), digits(found.high))
}
