//! Three key judgements, written by the program.
//!
//! Enters: a [`Report`]. Leaves: at most three lines, each with a link to its chart. Always holds: a judgement says nothing that
//! the charts do not show; what cannot be told apart is said to be so; where readings part, that comes first.

use contingent_analysis::words::fixed;

use super::drawings::across_views;
use super::numbers::{counts_of_100, in_unit, percent, range, unit};
use super::watch;
use crate::content::Line;
use crate::document::answer::{ComparedMeasure, HangsOn, PolicyAnswer, QuestionAnswer, QuestionKind, Range};
use crate::document::answer_parts::CurveMeaning;
use crate::document::report::Report;
use crate::words::iso_date_in_words;
use crate::words::number::in_100;
use crate::words::sentence::difference_text;
use crate::words::text::{listed, number_in_words};

/// Judgements that a reader keeps in mind.
const N_JUDGEMENTS: usize = 3;

/// Readings this close agree for all that is decided on them (what people say as 35 and 40 in 100).
const AGREEING: f64 = 0.05;

/// The key judgements on the headline question, most important first.
pub(super) fn judgements(report: &Report) -> Vec<Line> {
    let Some(question) = report.answer.questions.first() else { return Vec::new() };
    if question.estimate.is_none() {
        let reason = question.unanswerable.as_deref().unwrap_or("nothing was run");
        return vec![
            Line::ours("The model gives no answer to its first question: ")
                .and_words(reason.to_owned())
                .and(". The other questions stand on their own."),
        ];
    }
    let made = [
        readings_part(question),
        hangs_on(report, question),
        what_helps(report, question),
        first_sign(report),
        base_rate(question),
        when_it_comes(question),
        what_chance_does(question),
    ];
    made.into_iter().flatten().take(N_JUDGEMENTS).collect()
}

/// How far rival readings lie apart.
pub(super) fn readings_part(question: &QuestionAnswer) -> Option<Line> {
    let gap = question.views_gap?;
    let mut known: Vec<(&str, Option<f64>)> = Vec::new();
    if question.view.is_none() {
        known.push(("the model's own", question.estimate.as_ref()?.location()));
    }
    for view in &question.views {
        if let Some(estimate) = &view.estimate {
            known.push((&view.label, estimate.location()));
        }
    }
    // Never (none) lies above every number.
    let of = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    let lowest = known.iter().min_by(|a, b| of(a.1).total_cmp(&of(b.1)))?;
    let highest = known.iter().max_by(|a, b| of(a.1).total_cmp(&of(b.1)))?;
    let n = number_in_words(known.len());
    let chart = "the readings side by side";
    if known.len() < 2 {
        return None;
    }
    let is_probability = question.kind == QuestionKind::Probability;
    let apart = of(highest.1) - of(lowest.1);
    if is_probability && apart <= AGREEING {
        let all = if known.len() == 2 { "Both".to_owned() } else { format!("All {n}") };
        return Some(
            Line::default()
                .and_strong("The readings agree")
                .and(format!(". {all} come to about the same answer, {} (", range(question, gap)))
                .and_link("views", chart)
                .and(")."),
        );
    }
    let said =
        |value: Option<f64>| value.map_or_else(|| "never".to_owned(), |value| in_unit(question, value));
    let line = Line::default()
        .and_strong("The readings part")
        .and(format!(": from {} (", said(lowest.1)))
        .and_words(lowest.0.to_owned())
        .and(format!(") to {} (", said(highest.1)))
        .and_words(highest.0.to_owned())
        .and(")");
    let line = if is_probability && apart > 5.0 * AGREEING {
        line.and("; which of them one believes matters more than any single number here")
    } else {
        line
    };
    Some(line.and(" (").and_link("views", chart).and(")."))
}

/// The assumptions that lead: one, or those tied with it.
fn leaders(question: &QuestionAnswer) -> Vec<&HangsOn> {
    let told: Vec<&HangsOn> = question.hangs_on.iter().filter(|found| found.distinguishable).collect();
    let n_tied = told.iter().take_while(|found| found.tied_with_next).count();
    let n = if n_tied == 0 { 1 } else { (n_tied + 1).min(3) };
    told.into_iter().take(n).collect()
}

/// What the answer hangs on most.
pub(super) fn hangs_on(report: &Report, question: &QuestionAnswer) -> Option<Line> {
    let found = leaders(question);
    let (first, others) = found.split_first()?;
    let chart = "what it hangs on";
    if !others.is_empty() {
        let mut line =
            Line::default().and_strong("No single assumption leads").and(": the answer hangs most on ");
        for (place, assumption) in found.iter().enumerate() {
            line = match (place, place + 1 == found.len()) {
                (0, _) => line,
                (_, true) => line.and(" and "),
                (_, false) => line.and(", "),
            };
            line = line.and("‘").and_words(assumption.label.clone()).and("’");
        }
        return Some(line.and(", whose ranks cannot be told apart (").and_link("hangs-on", chart).and(")."));
    }
    let said =
        |value: Option<f64>| value.map_or_else(|| "never".to_owned(), |value| in_unit(question, value));
    let line = Line::ours("The answer hangs most on ").and_strong(format!("‘{}’", first.label));
    let line = match &first.alternatives {
        Some([low, high]) => line
            .and(format!(": {} with ", said(first.low_third)))
            .and_words(low.replace('_', " "))
            .and(format!(", {} with ", said(first.high_third)))
            .and_words(high.replace('_', " ")),
        None => line.and(format!(
            ": {} where it is low, {} where it is high",
            said(first.low_third),
            said(first.high_third)
        )),
    };
    let line = match grounds(report, first) {
        Some(grounds) => line.and("; ").then(grounds),
        None => line,
    };
    Some(line.and(" (").and_link("hangs-on", chart).and(")."))
}

/// What an assumption rests on, as a clause.
fn grounds(report: &Report, found: &HangsOn) -> Option<Line> {
    if found.is_judgement {
        return Some(Line::ours("it rests on judgement alone"));
    }
    let mut speakers: Vec<&str> = Vec::new();
    for name in &found.claims {
        let claim = report.claims.iter().find(|claim| claim.name == *name)?;
        let speaker = claim.speaker.as_deref().unwrap_or(&claim.source);
        if !speakers.contains(&speaker) {
            speakers.push(speaker);
        }
    }
    Some(match speakers.as_slice() {
        [] => return None,
        [only] => Line::ours("it rests on the word of ").and_words((*only).to_owned()).and(" alone"),
        several => Line::ours("it rests on the word of ").and_words(listed(several)),
    })
}

/// The policy that changes the answer most.
pub(super) fn what_helps(report: &Report, question: &QuestionAnswer) -> Option<Line> {
    if question.policies.is_empty() {
        return None;
    }
    let told: Vec<&PolicyAnswer> = question.policies.iter().filter(|policy| policy.distinguishable).collect();
    let chart = "what could be done";
    // Differences of the share that never comes and of means are not compared with each other.
    let compared = told.first().map(|policy| policy.compared);
    let size = |policy: &&PolicyAnswer| policy.difference.map_or(0.0, f64::abs);
    let strongest = told
        .iter()
        .filter(|policy| Some(policy.compared) == compared)
        .max_by(|a, b| size(a).total_cmp(&size(b)));
    let Some(strongest) = strongest else {
        let line = match question.policies.as_slice() {
            [only] => Line::default()
                .and_strong("The one policy makes no difference that these runs can show")
                .and(": ")
                .and_words(only.label.clone()),
            several => Line::default().and_strong(format!(
                "None of the {} policies makes a difference that these runs can show",
                number_in_words(several.len())
            )),
        };
        return Some(line.and(" (").and_link("policies", chart).and(")."));
    };
    let text =
        difference_text(strongest.difference?, strongest.interval?, true, strongest.compared, unit(question));
    let line = match question.policies.len() {
        1 => Line::ours("The one policy, "),
        n => Line::ours(format!("Of the {} policies, ", number_in_words(n))),
    };
    let line = line.and_strong(format!("‘{}’", strongest.label)).and(if question.policies.len() == 1 {
        ", changes the answer: "
    } else {
        " changes the answer most: "
    });
    let line = line.and(text);
    let line = match across_views(report, &question.id, &strongest.id, strongest.compared) {
        Some(span) if strongest.compared == ComparedMeasure::Probability => {
            line.and(format!("; from {} to {} across the readings", signed(span.low), signed(span.high)))
        }
        _ => line,
    };
    Some(line.and(" (").and_link("policies", chart).and(")."))
}

/// A difference of probabilities as a count of a hundred: `2 fewer`, `17 more`, `no change`.
pub(super) fn signed(difference: f64) -> String {
    let points = fixed(100.0 * difference.abs(), 0);
    match (points.as_str(), difference < 0.0) {
        ("0", _) => "no change".to_owned(),
        (_, true) => format!("{points} fewer"),
        (_, false) => format!("{points} more"),
    }
}

/// The indicator that says most.
fn first_sign(report: &Report) -> Option<Line> {
    let (_, signals) = watch::best_signals(report)?;
    let signal = signals.first()?;
    Some(
        Line::ours("The sign to watch first is ")
            .and_strong(format!("‘{}’", signal.label))
            .and(format!(" {}: ", watch::day(signal)))
            .then(watch::verdict(signal))
            .and(" (")
            .and_link("watch", "what to watch")
            .and(")."),
    )
}

/// How the answer lies to what usually happens.
pub(super) fn base_rate(question: &QuestionAnswer) -> Option<Line> {
    if question.kind != QuestionKind::Probability {
        return None;
    }
    let probability = question.estimate.as_ref()?.probability?;
    let chart = "the answer";
    let Some(rate) = &question.base_rate else {
        return Some(
            Line::default()
                .and_strong("No base rate was supplied")
                .and(", so nothing here says how unusual this would be (")
                .and_link("answer", chart)
                .and(")."),
        );
    };
    let text = counts_of_100(Range { low: Some(rate.low), high: Some(rate.high) });
    let place = if probability < rate.low {
        "below"
    } else if probability > rate.high {
        "above"
    } else {
        "within"
    };
    Some(
        Line::ours("The answer lies ")
            .and_strong(format!("{place} what usually happens"))
            .and(format!(": {text} in 100 ("))
            .and_link("answer", chart)
            .and(")."),
    )
}

/// By when it comes, where it comes.
pub(super) fn when_it_comes(question: &QuestionAnswer) -> Option<Line> {
    let curve = question.curve.as_ref()?;
    let last = *curve.probability.last()?;
    if curve.meaning != CurveMeaning::HasCome || last <= 0.0 {
        return None;
    }
    let half = curve.probability.iter().position(|&probability| probability >= 0.5 * last)?;
    let time = curve.dates.get(half).map_or_else(
        || crate::words::number::Unit(&curve.time_unit).with(curve.times[half]),
        |date| iso_date_in_words(date),
    );
    let by = if curve.dates.is_empty() { "within" } else { "by" };
    Some(
        Line::ours("Where it comes at all, half of the time it has come ")
            .and_strong(format!("{by} {time}"))
            .and(format!("; by the end of the model, in {} of 100 futures (", in_100(last)))
            .and_link("unfold", "how it unfolds")
            .and(")."),
    )
}

/// How much of one future is chance.
pub(super) fn what_chance_does(question: &QuestionAnswer) -> Option<Line> {
    let spread = question.spread?;
    let (epistemic, chance) = (spread.epistemic?, spread.chance?);
    let total = epistemic * epistemic + chance * chance;
    if total <= 0.0 {
        return None;
    }
    let share = chance * chance / total;
    Some(
        Line::ours("Of what is open about one future, ")
            .and_strong(format!("{} is chance", percent(share)))
            .and(", which no better knowledge of the assumptions would remove (")
            .and_link("hangs-on", "what it hangs on")
            .and(")."),
    )
}
