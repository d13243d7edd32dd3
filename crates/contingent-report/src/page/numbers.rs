//! The numbers of a question as text.
//!
//! Enters: questions and estimates. Leaves: text. Always holds: the number comes with its unit, and what never comes is said so.

use contingent_analysis::words::fixed;

use crate::document::answer::{QuestionAnswer, QuestionKind, Range};
use crate::words::number::{Unit, in_100, range_of_100};

/// The unit of a question's numbers; dimensionless for a probability.
pub(super) fn unit(question: &QuestionAnswer) -> Unit<'_> {
    Unit(question.unit.as_deref().unwrap_or("1"))
}

/// A number of a question with its unit: `37 in 100`, `2,530 persons`.
pub(super) fn in_unit(question: &QuestionAnswer, value: f64) -> String {
    if question.kind == QuestionKind::Probability {
        format!("{} in 100", in_100(value))
    } else {
        unit(question).with(value)
    }
}

/// A number of a question without its unit; none is never.
pub(super) fn bare(question: &QuestionAnswer, value: Option<f64>) -> String {
    match (question.kind, value) {
        (QuestionKind::Probability, Some(value)) => in_100(value),
        (QuestionKind::Probability, None) => "?".to_owned(),
        (_, value) => unit(question).or_never(value),
    }
}

/// A range of a question with its unit: `15 to 84 in 100`, `1 to 13 weeks`.
pub(super) fn range(question: &QuestionAnswer, range: Range) -> String {
    if question.kind == QuestionKind::Probability {
        return format!("{} in 100", counts_of_100(range));
    }
    let unit = unit(question);
    format!("{} {}", unit.range(range), unit.plural()).trim_end().to_owned()
}

/// A range of probabilities as counts of a hundred; one number where both ends are the same.
pub(super) fn counts_of_100(range: Range) -> String {
    match (range.low, range.high) {
        (Some(low), Some(high)) if low == high => in_100(low),
        _ => range_of_100(range),
    }
}

/// A share as a percentage, `under 1%` at the bottom.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.01 { "under 1%".to_owned() } else { format!("{}%", fixed(100.0 * share, 0)) }
}
