//! Words of likelihood, never without their range and their number: the one place where they stand.
//!
//! Enters: a probability, its interval and a [`Scale`]. Leaves: a [`Phrase`] and texts such as `21 in 100`. Always
//! holds: the words cover the whole interval, two of them when it straddles a boundary; the number has no more digits
//! than the interval supports; below 1% and above 99% the words carry a warning.
//!
//! There are two scales. That of Intelligence Community Directive 203 (Office of the Director of National Intelligence
//! 2015) has no gaps; its ranges share their ends, and here a shared end belongs to the range above it. The yardstick
//! of the Professional Head of Intelligence Assessment (United Kingdom 2019) leaves gaps on purpose, so that nobody
//! argues over a point at a boundary: a number in a gap gets both neighbours, and the number decides.

use serde::{Deserialize, Serialize};

use crate::interval::Interval;

/// One step of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likelihood {
    /// The words.
    pub words: &'static str,
    /// Lower end in percent.
    pub low: u8,
    /// Upper end in percent.
    pub high: u8,
}

/// A scale of words of likelihood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Intelligence Community Directive 203, United States.
    #[default]
    Icd203,
    /// Professional Head of Intelligence Assessment, United Kingdom.
    Phia,
}

/// The scale of Directive 203, from the least to the most likely.
pub const SCALE: [Likelihood; 7] = [
    Likelihood { words: "almost no chance", low: 1, high: 5 },
    Likelihood { words: "very unlikely", low: 5, high: 20 },
    Likelihood { words: "unlikely", low: 20, high: 45 },
    Likelihood { words: "roughly even chance", low: 45, high: 55 },
    Likelihood { words: "likely", low: 55, high: 80 },
    Likelihood { words: "very likely", low: 80, high: 95 },
    Likelihood { words: "almost certain", low: 95, high: 99 },
];

/// The yardstick, from the least to the most likely.
pub const YARDSTICK: [Likelihood; 7] = [
    Likelihood { words: "remote chance", low: 0, high: 5 },
    Likelihood { words: "highly unlikely", low: 10, high: 20 },
    Likelihood { words: "unlikely", low: 25, high: 35 },
    Likelihood { words: "realistic possibility", low: 40, high: 50 },
    Likelihood { words: "likely", low: 55, high: 75 },
    Likelihood { words: "highly likely", low: 80, high: 90 },
    Likelihood { words: "almost certain", low: 95, high: 100 },
];

impl Scale {
    /// Both scales.
    pub const ALL: [Self; 2] = [Self::Icd203, Self::Phia];

    /// The word for it in documents and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Icd203 => "icd203",
            Self::Phia => "phia",
        }
    }

    /// The scale with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scale| scale.name() == name)
    }

    /// Its steps, from the least to the most likely.
    pub fn steps(self) -> &'static [Likelihood] {
        match self {
            Self::Icd203 => &SCALE,
            Self::Phia => &YARDSTICK,
        }
    }

    /// The positions of the steps around a probability: twice the same within a step, neighbours in a gap.
    fn around(self, probability: f64) -> (usize, usize) {
        let steps = self.steps();
        let percent = 100.0 * probability;
        // A hundredth of 5% times a hundred is 5 only after rounding.
        let is_from = |step: &Likelihood| percent >= f64::from(step.low) - 1e-9;
        let below = steps.iter().rposition(is_from).unwrap_or(0);
        let is_over = percent > f64::from(steps[below].high) + 1e-9;
        // Without gaps the next step begins where this one ends.
        if is_over && below + 1 < steps.len() && steps[below + 1].low > steps[below].high {
            (below, below + 1)
        } else {
            (below, below)
        }
    }
}

impl Likelihood {
    /// The step of Directive 203 of a probability; beyond the ends of the scale the outermost.
    pub fn of(probability: f64) -> Self {
        SCALE[Scale::Icd203.around(probability).0]
    }
}

/// Words of likelihood with the range that they stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// The words, lower case; two steps joined by "to" when the interval straddles a boundary, or by "between" and
    /// "and" when all of it lies in a gap between them.
    pub words: String,
    /// Lower end of the range in percent; 0 when the interval reaches below the scale.
    pub low: u8,
    /// Upper end of the range in percent; 100 when the interval reaches above the scale.
    pub high: u8,
    /// The gap of the scale in which the whole interval lies, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<[u8; 2]>,
    /// Whether the interval reaches below 1% or above 99%, where words of likelihood mislead: a model that
    /// gives such a number is more likely to be wrong about its structure than right about the number.
    pub beyond_scale: bool,
}

impl Phrase {
    /// The range as text: `20-45%`, `below 5%`, `above 95%`, `any chance`; in a gap both, `10-20% and 25-35%`.
    pub fn range_text(&self) -> String {
        if let Some([from, to]) = self.gap {
            return format!("{}-{from}% and {to}-{}%", self.low, self.high);
        }
        match (self.low, self.high) {
            (0, 100) => "any chance".to_owned(),
            (0, high) => format!("below {high}%"),
            (low, 100) => format!("above {low}%"),
            (low, high) => format!("{low}-{high}%"),
        }
    }
}

impl std::fmt::Display for Phrase {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} ({})", self.words, self.range_text())
    }
}

/// The words of Directive 203 for a probability with its interval.
pub fn phrase(probability: f64, interval: Interval) -> Phrase {
    phrase_in(Scale::Icd203, probability, interval)
}

/// The words of a scale for a probability with its interval.
pub fn phrase_in(scale: Scale, probability: f64, interval: Interval) -> Phrase {
    let lowest = interval.low.min(probability);
    let highest = interval.high.max(probability);
    let steps = scale.steps();
    let (from, to) = (scale.around(lowest), scale.around(highest));
    let (first, last) = (steps[from.0], steps[to.1]);
    let (below, above) = (lowest < 0.01, highest > 0.99);
    if from == to && from.0 != from.1 {
        return Phrase {
            words: format!("between {} and {}", first.words, last.words),
            low: first.low,
            high: last.high,
            gap: Some([first.high, last.low]),
            beyond_scale: false,
        };
    }
    let words =
        if first == last { first.words.to_owned() } else { format!("{} to {}", first.words, last.words) };
    // The yardstick reaches from 0 to 100; the directive's scale does not, and words beyond it are said to be so.
    let (low, high) = match scale {
        Scale::Phia => (first.low, last.high),
        Scale::Icd203 => {
            let low = match (below, lowest > 0.99) {
                (true, _) => 0,
                (_, true) => 99,
                _ => first.low,
            };
            let high = match (above, highest < 0.01) {
                (true, _) => 100,
                (_, true) => 1,
                _ => last.high,
            };
            (low, high)
        }
    };
    Phrase { words, low, high, gap: None, beyond_scale: below || above }
}

/// A probability as a count of a hundred, with no more digits than its interval supports: `21 in 100`, `about
/// 20 in 100` (to the nearest 5 or 10 when the interval is wider than 5 or 20 points), `fewer than 1 in 100`,
/// `more than 99 in 100`.
pub fn in_100(probability: f64, interval: Interval) -> String {
    if probability < 0.01 {
        return "fewer than 1 in 100".to_owned();
    }
    if probability > 0.99 {
        return "more than 99 in 100".to_owned();
    }
    let width = 100.0 * interval.width();
    let step = if width > 20.0 {
        10.0
    } else if width > 5.0 {
        5.0
    } else {
        1.0
    };
    let rounded = (100.0 * probability / step).round() * step;
    if step == 1.0 || rounded <= 0.0 || rounded >= 100.0 {
        format!("{} in 100", (100.0 * probability).round())
    } else {
        format!("about {rounded} in 100")
    }
}

/// An interval as counts of a hundred: `30 to 32 in 100`, with as many digits (at most three) as it takes to
/// tell the ends apart.
pub fn interval_in_100(interval: Interval) -> String {
    let (low, high) = (100.0 * interval.low, 100.0 * interval.high);
    format!("{} in 100", range_text(low, high))
}

/// Two numbers as `low to high`, with as many decimals (at most three) as it takes to tell them apart.
pub fn range_text(low: f64, high: f64) -> String {
    if low == 0.0 && high == 0.0 {
        return "0".to_owned();
    }
    for decimals in 0..3 {
        let (low, high) = (fixed(low, decimals), fixed(high, decimals));
        if low != high {
            return format!("{low} to {high}");
        }
    }
    format!("{} to {}", fixed(low, 3), fixed(high, 3))
}

/// A number with fixed decimals, and no minus sign before a zero.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        _ => text,
    }
}

/// A number with fixed decimals and thousands separated by commas.
pub fn thousands(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrow(probability: f64) -> Interval {
        Interval { low: probability, high: probability }
    }

    #[test]
    fn every_boundary_belongs_to_the_step_above_it() {
        let below_at: [(f64, &str, &str); 6] = [
            (0.05, "almost no chance (1-5%)", "very unlikely (5-20%)"),
            (0.20, "very unlikely (5-20%)", "unlikely (20-45%)"),
            (0.45, "unlikely (20-45%)", "roughly even chance (45-55%)"),
            (0.55, "roughly even chance (45-55%)", "likely (55-80%)"),
            (0.80, "likely (55-80%)", "very likely (80-95%)"),
            (0.95, "very likely (80-95%)", "almost certain (95-99%)"),
        ];
        for (boundary, below, at) in below_at {
            assert_eq!(phrase(boundary - 1e-9, narrow(boundary - 1e-9)).to_string(), below);
            assert_eq!(phrase(boundary, narrow(boundary)).to_string(), at);
        }
    }

    #[test]
    fn the_yardstick_has_gaps_that_get_both_neighbours() {
        let said = |low: f64, probability: f64, high: f64| {
            phrase_in(Scale::Phia, probability, Interval { low, high }).to_string()
        };
        for (at, text) in [
            (0.0, "remote chance (below 5%)"),
            (0.05, "remote chance (below 5%)"),
            (0.07, "between remote chance and highly unlikely (0-5% and 10-20%)"),
            (0.10, "highly unlikely (10-20%)"),
            (0.22, "between highly unlikely and unlikely (10-20% and 25-35%)"),
            (0.35, "unlikely (25-35%)"),
            (0.45, "realistic possibility (40-50%)"),
            (0.52, "between realistic possibility and likely (40-50% and 55-75%)"),
            (0.55, "likely (55-75%)"),
            (0.80, "highly likely (80-90%)"),
            (0.97, "almost certain (above 95%)"),
        ] {
            assert_eq!(said(at, at, at), text);
        }
        // From within a gap into a step, both neighbours of the gap are covered.
        assert_eq!(said(0.22, 0.24, 0.28), "highly unlikely to unlikely (10-35%)");
        assert_eq!(said(0.12, 0.2, 0.22), "highly unlikely to unlikely (10-35%)");
        assert_eq!(said(0.12, 0.14, 0.16), "highly unlikely (10-20%)");
        assert_eq!(said(0.07, 0.2, 0.38), "remote chance to realistic possibility (below 50%)");
        assert_eq!(Scale::named("phia"), Some(Scale::Phia));
        assert_eq!(Scale::named("words"), None);
    }

    #[test]
    fn steps_of_a_scale_ascend() {
        for scale in Scale::ALL {
            assert!(
                scale
                    .steps()
                    .windows(2)
                    .all(|pair| pair[0].high <= pair[1].low && pair[0].low < pair[0].high)
            );
        }
    }

    #[test]
    fn the_ends_of_the_scale_warn() {
        for (probability, text, warns) in [
            (0.0, "almost no chance (below 1%)", true),
            (0.009_9, "almost no chance (below 1%)", true),
            (0.01, "almost no chance (1-5%)", false),
            (0.99, "almost certain (95-99%)", false),
            (0.990_1, "almost certain (above 99%)", true),
            (1.0, "almost certain (above 99%)", true),
        ] {
            let found = phrase(probability, narrow(probability));
            assert_eq!((found.to_string().as_str(), found.beyond_scale), (text, warns));
        }
        let reaching = phrase(0.012, Interval { low: 0.008, high: 0.02 });
        assert_eq!(
            (reaching.to_string().as_str(), reaching.beyond_scale),
            ("almost no chance (below 5%)", true)
        );
    }

    #[test]
    fn an_interval_over_a_boundary_takes_both_words() {
        let two = phrase(0.44, Interval { low: 0.42, high: 0.46 });
        assert_eq!(two.to_string(), "unlikely to roughly even chance (20-55%)");
        let many = phrase(0.4, Interval { low: 0.1, high: 0.7 });
        assert_eq!(many.to_string(), "very unlikely to likely (5-80%)");
        let all = phrase(0.5, Interval { low: 0.0, high: 1.0 });
        assert_eq!(all.to_string(), "almost no chance to almost certain (any chance)");
    }

    #[test]
    fn numbers_have_no_more_digits_than_the_interval_supports() {
        let around = |p: f64, half: f64| in_100(p, Interval { low: p - half, high: p + half });
        assert_eq!(around(0.213, 0.004), "21 in 100");
        assert_eq!(around(0.213, 0.04), "about 20 in 100");
        assert_eq!(around(0.234, 0.04), "about 25 in 100");
        assert_eq!(around(0.234, 0.15), "about 20 in 100");
        assert_eq!(around(0.04, 0.15), "4 in 100");
        assert_eq!(around(0.002, 0.001), "fewer than 1 in 100");
        assert_eq!(around(0.998, 0.001), "more than 99 in 100");
        assert_eq!(around(0.01, 0.001), "1 in 100");
        assert_eq!(interval_in_100(Interval { low: 0.302, high: 0.322 }), "30 to 32 in 100");
        assert_eq!(interval_in_100(Interval { low: 0.311, high: 0.313 }), "31.1 to 31.3 in 100");
        assert_eq!(interval_in_100(Interval { low: 0.0, high: 0.0003 }), "0.00 to 0.03 in 100");
        assert_eq!(range_text(-0.2, 3.1), "0 to 3");
    }
}
