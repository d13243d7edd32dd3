//! Findings in words.
//!
//! Enters: findings. Leaves: clauses and sentences. Always holds: a direction is said as what a higher value does to the
//! answer; factors that cannot be told apart are said to be so; a share below half a percent is not called a share.

use contingent_analysis::Direction;
use contingent_analysis::words::fixed;

use crate::answer::QuestionKind;
use crate::discover::words::{listed, number_in_100};
use contingent_report::document::sensitivity::{FactorFinding, PairFinding, QuestionSensitivity};
use contingent_report::words::number::Unit;

/// Factors that are told in sentences.
const N_TOLD: usize = 3;

/// A direction as a word of the document and in words.
pub(super) fn direction(direction: Direction, kind: QuestionKind) -> (&'static str, &'static str) {
    let (more, less) = match kind {
        QuestionKind::Probability => ("higher -> more likely", "higher -> less likely"),
        QuestionKind::Quantity => ("higher -> more", "higher -> less"),
        QuestionKind::FirstTime => ("higher -> later", "higher -> earlier"),
    };
    match direction {
        Direction::Higher => ("higher", more),
        Direction::Lower => ("lower", less),
        Direction::Unclear => ("unclear", "no one way"),
        Direction::Unordered => ("unordered", ""),
    }
}

/// A share of the variance as a percentage: `31%`, `under 1%`.
pub(crate) fn share(value: f64) -> String {
    let percent = 100.0 * value;
    if percent <= 0.0 {
        "0%".to_owned()
    } else if percent < 1.0 {
        "under 1%".to_owned()
    } else {
        format!("{}%", fixed(percent.min(100.0), 0))
    }
}

/// A number in the unit of the question, `never` where there is none for a first time.
pub(crate) fn amount(question: &QuestionSensitivity, value: Option<f64>) -> String {
    match (value, question.kind) {
        (None, QuestionKind::FirstTime) => "never".to_owned(),
        (None, _) => "?".to_owned(),
        (Some(value), QuestionKind::Probability) => number_in_100(value.clamp(0.0, 1.0)),
        (Some(value), _) => three_digits(value),
    }
}

/// What follows an amount: ` in 100`, ` fighters`.
pub(crate) fn amount_unit(question: &QuestionSensitivity) -> String {
    match &question.unit {
        None => " in 100".to_owned(),
        Some(unit) => {
            let plural = Unit(unit).plural();
            if plural.is_empty() { plural } else { format!(" {plural}") }
        }
    }
}

/// A number with three significant digits.
pub(crate) fn three_digits(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1_000.0 {
        return contingent_analysis::words::thousands(value, 0);
    }
    let decimals = [100.0, 10.0, 1.0, 0.1].iter().take_while(|&&bound| magnitude < bound).count();
    let text = fixed(value, decimals.saturating_sub(usize::from(magnitude >= 100.0)));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The sentences of a question.
pub(super) fn sentences(question: &QuestionSensitivity) -> Vec<String> {
    if let Some(reason) = &question.unanswerable {
        return vec![capitalised(reason) + "."];
    }
    let told: Vec<&FactorFinding> = question.factors.iter().filter(|factor| factor.distinguishable).collect();
    if told.is_empty() {
        return vec![nothing(question)];
    }
    let mut said: Vec<String> =
        told.iter().take(N_TOLD).map(|factor| factor_sentence(question, factor)).collect();
    said.extend(ties(&told));
    let alone: f64 = question.factors.iter().filter_map(|factor| factor.first).map(|first| first.value).sum();
    if question.factors.iter().any(|factor| factor.total.is_some()) && alone < 0.95 {
        said.push(format!(
            "What each does alone accounts for {} of what the assumptions decide; the rest they do only together.",
            share(alone)
        ));
    }
    for pair in question.pairs.iter().filter(|pair| pair.distinguishable).take(N_TOLD) {
        said.push(pair_sentence(pair));
    }
    said
}

/// Why no factor is listed.
fn nothing(question: &QuestionSensitivity) -> String {
    if question.factors.is_empty() {
        "It hangs on nothing: no assumption varies, or the outcome never does.".to_owned()
    } else if question.distinguishable
        && question.factors.iter().all(|factor| factor.first.is_none() && factor.mu_star.is_none())
    {
        "There are too few draws to tell for any group.".to_owned()
    } else if question.distinguishable {
        "No single one can be told from no effect; together they matter.".to_owned()
    } else {
        "It hangs on chance, as far as these runs can show: none can be told from no effect.".to_owned()
    }
}

fn factor_sentence(question: &QuestionSensitivity, factor: &FactorFinding) -> String {
    let unit = amount_unit(question);
    let low = amount(question, factor.low_third);
    let high = amount(question, factor.high_third);
    let label = &factor.label;
    if let Some([lowest, highest]) = &factor.alternatives {
        return format!("{label}: {low}{unit} with {lowest}, {high} with {highest}.");
    }
    let has_thirds = factor.low_third.is_some() || factor.high_third.is_some();
    if has_thirds && factor.direction != "unordered" {
        return format!(
            "{label}: {}; {low}{unit} in its weakest third, {high} in its strongest third.",
            factor.direction_words
        );
    }
    if let Some(size) = factor.mu_star {
        let way = if factor.direction_words.is_empty() {
            String::new()
        } else {
            format!("{}; ", factor.direction_words)
        };
        return format!(
            "{label}: {way}moving it by half of its range changes the answer by {}{unit} on average.",
            amount(question, Some(size.value))
        );
    }
    match (factor.total, factor.first) {
        (Some(total), _) => format!(
            "{label}: {} of what the assumptions decide would stay open if all else were known.",
            share(total.value)
        ),
        (None, Some(first)) => {
            let at_least = if factor.first_is_bound { "at least " } else { "" };
            format!(
                "{label}: knowing all of it would settle {at_least}{} of {}.",
                share(first.value),
                question.share_of
            )
        }
        (None, None) => format!("{label}: matters."),
    }
}

/// `A and B cannot be told apart.`: one sentence per chain of ties.
fn ties(told: &[&FactorFinding]) -> Vec<String> {
    let mut said = Vec::new();
    let mut start = 0;
    for place in 0..told.len() {
        let goes_on = told[place].tied_with_next && place + 1 < told.len();
        if goes_on {
            continue;
        }
        let chain = &told[start..=place];
        let labels: Vec<String> = chain.iter().map(|factor| factor.label.clone()).collect();
        if chain.len() == 2 {
            said.push(format!("{} cannot be told apart.", listed(&labels, "and")));
        } else if chain.len() > 2 {
            let last = chain.len().min(5);
            let more = if last < chain.len() { ", ..." } else { "" };
            said.push(format!(
                "Ranks {} to {} cannot be told apart from their neighbours: {}{more}.",
                start + 1,
                place + 1,
                labels[..last].join(", ")
            ));
        }
        start = place + 1;
    }
    said
}

fn pair_sentence(pair: &PairFinding) -> String {
    format!(
        "Only together do {} and {} decide a further {}.",
        pair.labels[0],
        pair.labels[1],
        share(pair.index.value)
    )
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_are_short() {
        let said: Vec<String> =
            [0.0, 0.012_34, 0.5, 3.456, 45.67, 123.4, 4_567.8].into_iter().map(three_digits).collect();
        assert_eq!(said, ["0", "0.0123", "0.5", "3.46", "45.7", "123", "4,568"]);
        let said: Vec<String> = [-0.01, 0.004, 0.314, 1.2].into_iter().map(share).collect();
        assert_eq!(said, ["0%", "under 1%", "31%", "100%"]);
    }

    #[test]
    fn directions_say_what_more_of_it_does() {
        assert_eq!(direction(Direction::Higher, QuestionKind::Probability).1, "higher -> more likely");
        assert_eq!(direction(Direction::Lower, QuestionKind::FirstTime).1, "higher -> earlier");
        assert_eq!(direction(Direction::Unordered, QuestionKind::Quantity), ("unordered", ""));
    }
}
