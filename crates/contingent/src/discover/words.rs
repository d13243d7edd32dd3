//! Boxes in words: restrictions, what is asked about, the sentence.
//!
//! Enters: restrictions with their bounds, figures. Leaves: clauses and sentences. Always holds: bounds are written with
//! every digit they have, so that what is measured is what is said; alternatives are called by name; a share or a rate
//! is a percentage.

use contingent_analysis::words::thousands;
use contingent_engine::Parameter;
use contingent_model::{CheckedModel, DisplayUnit, TIME_UNITS};

/// How the values of an assumption or a question are shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    /// Shown numbers are the stored ones times this.
    pub(super) factor: f64,
    /// What follows a number directly: `%`, or nothing.
    pub(super) sign: &'static str,
    /// What follows it after a space: `fighters per week`, `per year`, or nothing; in the plural.
    pub(super) unit: String,
}

/// Rates above this many per year are shown in their own unit of time: `3% per week` and not `156% per year`, but
/// `300% per year`.
const MOST_PER_YEAR: f64 = 5.0;

impl Scale {
    /// The scale for numbers in a shown unit. `typical` is the size of a usual value.
    pub(super) fn new(unit: &DisplayUnit, typical: f64) -> Self {
        let text = unit.text.as_str();
        if unit.is_share || matches!(text, "share" | "probability") {
            return Self { factor: 100.0, sign: "%", unit: String::new() };
        }
        if let Some(time) = text.strip_prefix("1/")
            && let Some(&(name, days)) = TIME_UNITS.iter().find(|(name, _)| *name == time)
        {
            let per_year = 365.25 / days;
            return if typical * per_year <= MOST_PER_YEAR {
                Self { factor: 100.0 * per_year, sign: "%", unit: "per year".to_owned() }
            } else if typical <= MOST_PER_YEAR {
                Self { factor: 100.0, sign: "%", unit: format!("per {name}") }
            } else {
                Self { factor: 1.0, sign: "", unit: format!("per {name}") }
            };
        }
        Self { factor: 1.0, sign: "", unit: unit_in_words(text) }
    }

    /// A number with its sign, without its unit.
    fn bare(&self, value: f64) -> String {
        format!("{}{}", exact(value), self.sign)
    }

    fn followed(&self, number: &str) -> String {
        if self.unit.is_empty() { number.to_owned() } else { format!("{number} {}", self.unit) }
    }

    /// A number with its unit: `22% per year`, `1 week`.
    pub(super) fn with(&self, value: f64) -> String {
        let number = self.bare(value);
        if number != "1" {
            return self.followed(&number);
        }
        let (first, rest) = self.unit.split_at(self.unit.find(' ').unwrap_or(self.unit.len()));
        let singular = format!("{}{rest}", first.strip_suffix('s').unwrap_or(first));
        Self { unit: singular, ..self.clone() }.followed(&number)
    }

    /// What follows a number, with the space before it: ` fighters`, `% per year`.
    pub(super) fn suffix(&self) -> String {
        self.followed(self.sign)
    }

    /// `above 22% per year`, `below 3 weeks`, `between 22% and 35% per year`.
    pub(super) fn range(&self, low: Option<f64>, high: Option<f64>) -> String {
        match (low, high) {
            (Some(low), Some(high)) => {
                self.followed(&format!("between {} and {}", self.bare(low), self.bare(high)))
            }
            (Some(low), None) => format!("above {}", self.with(low)),
            (None, Some(high)) => format!("below {}", self.with(high)),
            (None, None) => "anything".to_owned(),
        }
    }
}

/// A number with all its digits, thousands separated.
fn exact(value: f64) -> String {
    let digits = format!("{value}");
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if value.abs() >= 1_000.0 { thousands(value, decimals) } else { digits }
}

/// `fighter/week` as `fighters per week`, `1/person/week` as `per person per week`; nothing for `1`.
fn unit_in_words(text: &str) -> String {
    let mut parts = text.split('/');
    let head = parts.next().unwrap_or("");
    let mut words = if matches!(head, "1" | "") {
        String::new()
    } else if head.ends_with('s') {
        head.replace('_', " ")
    } else {
        format!("{}s", head.replace('_', " "))
    };
    for part in parts {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str("per ");
        words.push_str(&part.replace('_', " "));
    }
    words
}

/// Alternatives kept, of so many: `loose`, `loose or fractured`, `a, b or c`, or `not loose` when it is the only one of
/// four or more that is left out.
pub(super) fn alternatives(kept: &[String], left_out: &[String]) -> String {
    let spaced = |names: &[String]| names.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>();
    match left_out {
        [only] if kept.len() >= 3 => format!("not {}", only.replace('_', " ")),
        _ => listed(&spaced(kept), "or"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// The label of a parameter as it stands within a sentence: with a small first letter unless the word is a name.
pub(super) fn subject(model: &CheckedModel, parameter: &Parameter) -> String {
    let label = crate::answer::parameter_label(model, parameter);
    let first = label.split([' ', ',', '(']).next().unwrap_or("");
    let word = |text: &str| text.split([' ', '\'', ',']).any(|word| word == first.trim_end_matches("'s"));
    let is_name = first.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric())
        || first.contains('-')
        || model
            .actors
            .iter()
            .any(|actor| word(&actor.label) || actor.aliases.iter().any(|alias| word(alias)))
        || model.subscripts.iter().any(|subscript| subscript.labels.iter().any(|label| word(label)));
    if is_name {
        return label;
    }
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_lowercase().chain(letters).collect())
}

/// What a sentence about a box says.
pub(super) struct Claim<'a> {
    /// What the box demands: `recruitment is above 22% per year`.
    pub(super) conditions: &'a [String],
    /// Whether earlier boxes took their futures away.
    pub(super) is_later: bool,
    /// What counts as a hit: `the answer is yes`.
    pub(super) hit: &'a str,
    /// The same after "in which": `it is`.
    pub(super) short: &'a str,
    /// Share of hits inside.
    pub(super) density: f64,
    /// Share of hits in all futures.
    pub(super) base: f64,
    /// Share of all hits inside.
    pub(super) coverage: f64,
}

/// The box in a sentence, or what is said of all futures when it demands nothing.
pub(super) fn sentence(claim: &Claim<'_>) -> String {
    let Claim { conditions, hit, short, .. } = claim;
    if conditions.is_empty() {
        return format!("Whatever is assumed, {hit} in {}.", futures(claim.base));
    }
    let (start, further) = if claim.is_later { ("Elsewhere, when", "a further ") } else { ("When", "") };
    format!(
        "{start} {}, {hit} in {} (against {} in all); these are {further}{} of the futures in which {short}.",
        listed(conditions, "and"),
        futures(claim.density),
        against(claim.density, claim.base),
        percent(claim.coverage),
    )
}

/// `71 in 100 futures`, with a decimal below 10 and `fewer than 1 in 1,000` at the very bottom.
pub(crate) fn futures(share: f64) -> String {
    if share <= 0.0 {
        return "no future".to_owned();
    }
    if share >= 1.0 {
        return "every future".to_owned();
    }
    format!("{} futures", in_100(share))
}

/// A share as a count of a hundred, finer at the ends.
pub(crate) fn in_100(share: f64) -> String {
    if share > 0.0 && share < 0.001 {
        "fewer than 1 in 1,000".to_owned()
    } else if share < 1.0 && share > 0.999 {
        "more than 999 in 1,000".to_owned()
    } else {
        format!("{} in 100", number_in_100(share))
    }
}

/// The same as a bare number.
pub(crate) fn number_in_100(share: f64) -> String {
    let points = 100.0 * share;
    let decimals = usize::from((0.0 < points && points < 9.95) || (90.05 < points && points < 100.0));
    let text = format!("{points:.decimals$}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// The base beside a density: without `in 100`, which was just said, unless it is too small for that.
fn against(density: f64, base: f64) -> String {
    if (0.001..=0.999).contains(&base) && (0.001..=0.999).contains(&density) {
        number_in_100(base)
    } else {
        in_100(base)
    }
}

/// A share as a whole percentage, `under 1%` at the bottom.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.01 { "under 1%".to_owned() } else { format!("{:.0}%", 100.0 * share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> DisplayUnit {
        DisplayUnit { text: text.to_owned(), scale: 1.0, is_share: text == "share" }
    }

    fn said(conditions: &[&str], is_later: bool, density: f64, base: f64) -> String {
        let conditions: Vec<String> = conditions.iter().map(|text| (*text).to_owned()).collect();
        let (hit, short) = ("the answer is yes", "it is");
        sentence(&Claim { conditions: &conditions, is_later, hit, short, density, base, coverage: 0.64 })
    }

    #[test]
    fn sentences_take_none_one_and_several_restrictions() {
        assert_eq!(
            said(&[], false, 0.37, 0.37),
            "Whatever is assumed, the answer is yes in 37 in 100 futures."
        );
        assert_eq!(
            said(&["recruitment is above 22% per year"], false, 0.71, 0.37),
            "When recruitment is above 22% per year, the answer is yes in 71 in 100 futures (against 37 in all); \
             these are 64% of the futures in which it is."
        );
        assert_eq!(
            said(&["recruitment is above 22% per year", "cohesion is loose or fractured"], false, 0.71, 0.37),
            "When recruitment is above 22% per year and cohesion is loose or fractured, the answer is yes in 71 in 100 \
             futures (against 37 in all); these are 64% of the futures in which it is."
        );
        assert_eq!(
            said(&["a is above 1", "b is below 2", "c is x"], true, 0.055, 0.000_4),
            "Elsewhere, when a is above 1, b is below 2 and c is x, the answer is yes in 5.5 in 100 futures (against \
             fewer than 1 in 1,000 in all); these are a further 64% of the futures in which it is."
        );
    }

    #[test]
    fn ranges_are_said_in_the_units_of_the_assumption() {
        let rate = Scale::new(&unit("1/week"), 0.02);
        assert_eq!((rate.factor, rate.sign), (100.0 * 365.25 / 7.0, "%"));
        assert_eq!(rate.range(Some(22.0), None), "above 22% per year");
        assert_eq!(rate.range(None, Some(35.5)), "below 35.5% per year");
        assert_eq!(rate.range(Some(22.0), Some(35.0)), "between 22% and 35% per year");
        assert_eq!(Scale::new(&unit("1/week"), 0.3).range(Some(20.0), None), "above 20% per week");
        assert_eq!(Scale::new(&unit("1/day"), 12.0).range(Some(20.0), None), "above 20 per day");
        assert_eq!(Scale::new(&unit("share"), 0.3).range(Some(20.0), Some(40.0)), "between 20% and 40%");
        assert_eq!(Scale::new(&unit("fighter"), 900.0).range(Some(12_500.0), None), "above 12,500 fighters");
        assert_eq!(Scale::new(&unit("week"), 9.0).range(None, Some(1.0)), "below 1 week");
        assert_eq!(Scale::new(&unit("1"), 1.0).range(None, Some(-0.25)), "below -0.25");
        assert_eq!(
            Scale::new(&unit("1/person/week"), 0.01).range(Some(0.005), None),
            "above 0.005 per person per week"
        );
        assert_eq!(Scale::new(&unit("fighter/week"), 3.0).suffix(), " fighters per week");
        assert_eq!(Scale::new(&unit("1/week"), 0.02).suffix(), "% per year");
    }

    #[test]
    fn alternatives_are_said_by_name() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(alternatives(&names("loose"), &names("tight fractured")), "loose");
        assert_eq!(alternatives(&names("loose fractured"), &names("tight")), "loose or fractured");
        assert_eq!(alternatives(&names("a b c"), &names("d e")), "a, b or c");
        assert_eq!(alternatives(&names("a b c"), &names("wide_open")), "not wide open");
    }

    #[test]
    fn counts_of_a_hundred_are_finer_at_the_ends() {
        let said: Vec<String> =
            [0.0, 0.000_4, 0.004, 0.05, 0.123, 0.5, 0.97, 0.999_5, 1.0].map(in_100).to_vec();
        assert_eq!(
            said,
            [
                "0 in 100",
                "fewer than 1 in 1,000",
                "0.4 in 100",
                "5 in 100",
                "12 in 100",
                "50 in 100",
                "97 in 100",
                "more than 999 in 1,000",
                "100 in 100"
            ]
        );
    }
}
