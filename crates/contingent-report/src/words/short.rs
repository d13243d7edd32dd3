//! An answer in a few letters, as a list of questions has it.
//!
//! Enters: a question with its answer. Leaves: text. Always holds: what never or always happened is said so instead of as 0 or 100.

use super::number::{Unit, in_100, range_of_100};
use crate::document::answer::{QuestionAnswer, QuestionKind};

/// The answer as one number: `37 in 100`, `in no run`, `median 9 weeks`.
pub fn number(question: &QuestionAnswer) -> String {
    let Some(estimate) = &question.estimate else { return "no answer".to_owned() };
    match question.kind {
        QuestionKind::Probability => match (estimate.interval_method.as_deref(), &estimate.in_100) {
            (Some("upper_bound"), _) => "in no run".to_owned(),
            (Some("lower_bound"), _) => "in every run".to_owned(),
            (_, Some(number)) => number.clone(),
            (_, None) => "?".to_owned(),
        },
        QuestionKind::Quantity | QuestionKind::FirstTime => {
            let unit = Unit(question.unit.as_deref().unwrap_or("1"));
            estimate
                .median()
                .map_or_else(|| "median never".to_owned(), |value| format!("median {}", unit.with(value)))
        }
    }
}

/// The range over rival views as one text; a hyphen where there are none.
pub fn views(question: &QuestionAnswer) -> String {
    let Some(gap) = question.views_gap else { return "-".to_owned() };
    match question.kind {
        QuestionKind::Probability if gap.low == gap.high => gap.low.map_or_else(String::new, in_100),
        QuestionKind::Probability => range_of_100(gap),
        QuestionKind::Quantity | QuestionKind::FirstTime => {
            Unit(question.unit.as_deref().unwrap_or("1")).range(gap)
        }
    }
}
