//! Numbers on charts.
//!
//! Enters: measures and values. Leaves: text. Always holds: digits enough to tell a number apart and no more; a difference has its
//! sign, a minus being U+2212.

use contingent_analysis::words::fixed;

use super::shared::{Measure, Span};
use crate::words::number::Unit;

pub(crate) use crate::words::number::plain;

/// A number with its unit.
pub(crate) fn with_unit(value: f64, unit: &str) -> String {
    signed_as_read(&Unit(unit).with(value))
}

fn signed_as_read(text: &str) -> String {
    text.replace('-', "\u{2212}")
}

/// A count of 100: whole, with as many decimals near the ends (at most three) as it takes to tell it from the end.
fn hundredths(value: f64) -> String {
    let hundred = 100.0 * value;
    let from_end = hundred.min(100.0 - hundred);
    let decimals = match from_end {
        off if off <= 0.0 || off >= 1.0 => 0,
        off if off >= 0.05 => 1,
        off if off >= 0.005 => 2,
        _ => 3,
    };
    fixed(hundred, decimals)
}

impl Measure {
    /// The number alone, for ticks and cells.
    pub(crate) fn bare(&self, value: f64) -> String {
        match self {
            Self::InHundred => signed_as_read(&hundredths(value)),
            Self::Percent => format!("{}%", signed_as_read(&hundredths(value))),
            Self::Number { .. } => signed_as_read(&plain(value)),
        }
    }

    /// The number with its unit.
    pub(crate) fn told(&self, value: f64) -> String {
        match self {
            Self::InHundred => format!("{} in 100", self.bare(value)),
            Self::Percent => self.bare(value),
            Self::Number { unit } => with_unit(value, unit),
        }
    }

    /// The number with its unit, or `never`.
    pub(crate) fn told_or_never(&self, value: Option<f64>) -> String {
        value.map_or_else(|| "never".to_owned(), |value| self.told(value))
    }

    /// Two numbers: `36 to 38`.
    pub(crate) fn range(&self, span: Span) -> String {
        format!("{} to {}", self.bare(span.low), self.bare(span.high))
    }

    /// The unit as the name of an axis; empty when the numbers say it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::InHundred => "in 100".to_owned(),
            Self::Percent => String::new(),
            Self::Number { unit } => match unit.strip_prefix("1/") {
                Some(per) => format!("per {}", per.replace('_', " ")),
                None => Unit(unit).plural(),
            },
        }
    }

    /// A difference with its sign and enough decimals for its interval: `+10`, `−0.4`, `0`.
    pub(crate) fn difference(&self, value: f64, decimals: Option<usize>) -> String {
        let sign = if value > 0.0 { "+" } else { "" };
        let text = match (self, decimals) {
            (Self::Number { .. }, None) => plain(value),
            (Self::Number { .. }, Some(decimals)) => fixed(value, decimals),
            (_, decimals) => fixed(100.0 * value, decimals.unwrap_or(0)),
        };
        let percent = if *self == Self::Percent { "%" } else { "" };
        // What rounds to nothing has no sign.
        if text.chars().all(|c| matches!(c, '0' | '.' | '-')) {
            return format!("{}{percent}", text.trim_start_matches('-'));
        }
        format!("{sign}{}{percent}", signed_as_read(&text))
    }

    /// A difference with its interval: `+10 (9 to 11)`; as many decimals as tell its ends apart.
    pub(crate) fn difference_in(&self, value: f64, span: Option<Span>) -> String {
        let Some(span) = span else { return self.difference(value, None) };
        let decimals = if matches!(self, Self::Number { .. })
            && (value.abs() >= 10.0 || span.high - span.low >= 1.0)
        {
            None
        } else {
            let scale = if matches!(self, Self::Number { .. }) { 1.0 } else { 100.0 };
            let shown = |number: f64, decimals: usize| fixed(scale * number, decimals);
            let reads_zero =
                |decimals: usize| shown(value, decimals).chars().all(|c| matches!(c, '0' | '.' | '-'));
            let tells =
                |&n: &usize| shown(span.low, n) != shown(span.high, n) && (value == 0.0 || !reads_zero(n));
            match (0..3).find(tells) {
                None if reads_zero(3) && shown(span.low, 3) == shown(span.high, 3) => {
                    return self.difference(0.0, None);
                }
                found => Some(found.unwrap_or(3)),
            }
        };
        format!(
            "{} ({} to {})",
            self.difference(value, decimals),
            self.difference(span.low, decimals),
            self.difference(span.high, decimals)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_their_measure() {
        assert_eq!(Measure::InHundred.told(0.374), "37 in 100");
        assert_eq!(Measure::InHundred.bare(0.004), "0.4");
        assert_eq!(Measure::InHundred.bare(0.000_299), "0.03");
        assert_eq!(Measure::InHundred.bare(0.999_7), "99.97");
        assert_eq!(Measure::InHundred.bare(1.0), "100");
        assert_eq!(Measure::Percent.told(0.374), "37%");
        let people = Measure::Number { unit: "fighter".to_owned() };
        assert_eq!(people.told(2_534.0), "2,530 fighters");
        assert_eq!(people.name(), "fighters");
        assert_eq!(people.bare(-3.0), "\u{2212}3");
        assert_eq!(Measure::of_question(None), Measure::InHundred);
    }

    #[test]
    fn differences_have_signs_and_enough_digits() {
        let span = |low, high| Some(Span { low, high });
        assert_eq!(Measure::InHundred.difference_in(0.10, span(0.09, 0.11)), "+10 (+9 to +11)");
        assert_eq!(
            Measure::InHundred.difference_in(-0.004, span(-0.006, 0.0)),
            "\u{2212}0.4 (\u{2212}0.6 to 0.0)"
        );
        assert_eq!(
            Measure::InHundred.difference_in(0.000_4, span(-0.000_5, 0.001)),
            "+0.04 (\u{2212}0.05 to +0.10)"
        );
        assert_eq!(Measure::Number { unit: "fighter".to_owned() }.difference(-120.4, None), "\u{2212}120");
    }
}
