//! Numbers as people read them.
//!
//! Enters: numbers, units, ranges. Leaves: text. Always holds: thousands are separated by commas, a share is shown as
//! a percentage, and a difference says "more" or "fewer" instead of a sign.

use contingent_analysis::words::{fixed, range_text, thousands};

use crate::document::answer::Range;

/// A number with three significant digits and no needless zeros.
pub fn plain(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1_000.0 {
        let mut step = 1.0;
        while magnitude / step >= 1_000.0 {
            step *= 10.0;
        }
        return thousands((value / step).round() * step, 0);
    }
    let decimals = [100.0, 10.0, 1.0, 0.1, 0.01].iter().take_while(|&&bound| magnitude < bound).count();
    let text = fixed(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A unit that belongs to a question or an indicator.
#[derive(Clone, Copy)]
pub struct Unit<'a>(
    /// The unit in the singular, as documents have it.
    pub &'a str,
);

impl Unit<'_> {
    fn is_share(self) -> bool {
        matches!(self.0, "share" | "probability")
    }

    /// The number alone, as a percentage when it is a share; with a minus where it is below zero, not with a hyphen.
    pub fn bare(self, value: f64) -> String {
        let text = if self.is_share() { format!("{}%", plain(100.0 * value)) } else { plain(value) };
        text.strip_prefix('-').map_or_else(|| text.clone(), |size| format!("\u{2212}{size}"))
    }

    /// The unit in the plural: `fighters`, `fighters/week`, `per week`; empty when there is none to show.
    pub fn plural(self) -> String {
        if self.is_share() || self.0 == "1" || self.0.is_empty() {
            return String::new();
        }
        if let Some(per) = self.0.strip_prefix("1/") {
            return format!("per {}", per.replace('_', " "));
        }
        let end = self.0.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.0.len());
        let (head, rest) = self.0.split_at(end);
        let plural = if head.ends_with('s') || head.chars().all(|c| c.is_ascii_digit()) { "" } else { "s" };
        format!("{}{plural}{rest}", head.replace('_', " "))
    }

    /// The number with its unit: `3,400 fighters`, `1 week`, `34%`.
    pub fn with(self, value: f64) -> String {
        let bare = self.bare(value);
        if let Some(each) = self.0.strip_prefix("1/") {
            return format!("{bare} per {}", each.replace('/', " and ").replace('_', " "));
        }
        match (bare.as_str(), self.plural()) {
            (_, plural) if plural.is_empty() => bare,
            ("1", plural) if plural.starts_with("per ") => format!("1 {plural}"),
            ("1", _) => format!("1 {}", self.0.replace('_', " ")),
            (_, plural) => format!("{bare} {plural}"),
        }
    }

    /// The number or `never`.
    pub fn or_never(self, value: Option<f64>) -> String {
        value.map_or_else(|| "never".to_owned(), |value| self.bare(value))
    }

    /// A range such as `1,200 to 7,900`.
    pub fn range(self, range: Range) -> String {
        format!("{} to {}", self.or_never(range.low), self.or_never(range.high))
    }
}

/// A share of a hundred as a whole number.
pub fn in_100(value: f64) -> String {
    fixed(100.0 * value, 0)
}

/// A range of probabilities as counts of a hundred, without the words `in 100`.
pub fn range_of_100(range: Range) -> String {
    range_text(100.0 * range.low.unwrap_or(0.0), 100.0 * range.high.unwrap_or(1.0))
}

/// A difference in words: `4 more in 100 (3 to 5)`, `0.4 fewer in 100 (0.2 to 0.6)`. `per` follows the number,
/// `show` writes a number with some decimals.
pub fn difference(value: f64, range: Range, per: &str, show: impl Fn(f64, usize) -> String) -> String {
    let (low, high) = (range.low.unwrap_or(value), range.high.unwrap_or(value));
    let (sign, word) = if value < 0.0 { (-1.0, "fewer") } else { (1.0, "more") };
    let (near, far) = if value < 0.0 { (-high, -low) } else { (low, high) };
    let decimals = decimals_to_tell_apart(near, far, &[value, near], &show);
    format!(
        "{} {word}{per} ({} to {})",
        show(sign * value, decimals),
        show(near, decimals),
        show(far, decimals)
    )
}

/// A difference that may be nothing: `between 1 fewer and 2 more in 100`.
pub fn no_difference(range: Range, per: &str, show: impl Fn(f64, usize) -> String) -> String {
    let (low, high) = (range.low.unwrap_or(0.0), range.high.unwrap_or(0.0));
    let decimals = decimals_to_tell_apart(low, high, &[], &show);
    let signed = |value: f64| {
        let text = show(value.abs(), decimals);
        let word = if value < 0.0 { "fewer" } else { "more" };
        if text.chars().all(|c| matches!(c, '0' | '.')) {
            "none".to_owned()
        } else {
            format!("{text} {word}")
        }
    };
    format!("between {} and {}{per}", signed(low), signed(high))
}

/// As many decimals (at most three) as it takes for the ends to differ and for no number of `nonzero` to read zero.
fn decimals_to_tell_apart(
    low: f64,
    high: f64,
    nonzero: &[f64],
    show: &impl Fn(f64, usize) -> String,
) -> usize {
    let reads_zero = |value: f64, decimals: usize| {
        value != 0.0 && show(value.abs(), decimals).chars().all(|c| matches!(c, '0' | '.'))
    };
    (0..3)
        .find(|&decimals| {
            show(low, decimals) != show(high, decimals)
                && !nonzero.iter().any(|&value| reads_zero(value, decimals))
        })
        .unwrap_or(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits_and_separated_thousands() {
        let shown: Vec<String> =
            [0.0, 1.0, 12.0, 123.4, 3_421.0, 1_234_567.0, 0.5, 0.012_34, -3_421.0, 99.96, -0.000_01]
                .into_iter()
                .map(plain)
                .collect();
        assert_eq!(
            shown,
            ["0", "1", "12", "123", "3,420", "1,230,000", "0.5", "0.0123", "-3,420", "100", "-0.00001"]
        );
    }

    #[test]
    fn units_agree_with_their_number() {
        assert_eq!(Unit("fighter").with(3_400.0), "3,400 fighters");
        assert_eq!(Unit("week").with(1.0), "1 week");
        assert_eq!(Unit("fighter/week").with(2.0), "2 fighters/week");
        assert_eq!(
            (Unit("1/week").with(1.0), Unit("1/week").with(2.5)),
            ("1 per week".to_owned(), "2.5 per week".to_owned())
        );
        assert_eq!(Unit("share").with(0.34), "34%");
        assert_eq!(Unit("1/week").with(2.0), "2 per week");
        assert_eq!(Unit("1").with(0.34), "0.34");
        assert_eq!(Unit("week").or_never(None), "never");
    }

    #[test]
    fn differences_say_more_or_fewer() {
        let show = |value: f64, decimals: usize| fixed(100.0 * value, decimals);
        let range = |low: f64, high: f64| Range { low: Some(low), high: Some(high) };
        assert_eq!(difference(0.04, range(0.03, 0.05), " in 100", show), "4 more in 100 (3 to 5)");
        assert_eq!(difference(-0.04, range(-0.05, -0.03), " in 100", show), "4 fewer in 100 (3 to 5)");
        assert_eq!(difference(0.004, range(0.002, 0.006), " in 100", show), "0.4 more in 100 (0.2 to 0.6)");
        let barely = difference(-0.004, range(-0.007, -0.000_4), " in 100", show);
        assert_eq!(barely, "0.40 fewer in 100 (0.04 to 0.70)");
        assert_eq!(no_difference(range(-0.01, 0.02), " in 100", show), "between 1 fewer and 2 more in 100");
        assert_eq!(
            no_difference(range(-0.000_3, 0.000_3), " in 100", show),
            "between 0.03 fewer and 0.03 more in 100"
        );
    }
}
