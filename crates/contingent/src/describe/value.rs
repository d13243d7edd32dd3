//! Numbers, units and ranges in words.
//!
//! Enters: written numbers, units and values. Leaves: phrases such as `between 40% and 180% per year`. Always holds:
//! a number keeps the unit in which it was written, and takes the declared one where it was written bare.

use contingent_model::Distribution;
use contingent_syntax::ast::{self, Expression, ExpressionKind, UnitFactor, UnitText, Value, ValueKind};

use super::names::Place;
use super::{Story, joined};

/// A number as people write it: thousands apart, no needless zeros.
pub(super) fn number(value: f64) -> String {
    if value.abs() >= 1e15 || (value != 0.0 && value.abs() < 1e-6) {
        return format!("{value:e}");
    }
    let text = format!("{}", (value * 1e9).round() / 1e9);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("minus ", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{fraction}")
}

/// The plural of a noun.
pub(super) fn plural(noun: &str) -> String {
    let noun = noun.replace('_', " ");
    if noun == "person" {
        return "people".to_owned();
    }
    if let Some(stem) = noun.strip_suffix("man").filter(|stem| stem.is_empty() || *stem == "wo") {
        return format!("{stem}men");
    }
    let consonant_y =
        noun.ends_with('y') && !matches!(noun.chars().rev().nth(1), Some('a' | 'e' | 'i' | 'o' | 'u'));
    if consonant_y {
        return format!("{}ies", &noun[..noun.len() - 1]);
    }
    if noun.ends_with('s') {
        return noun;
    }
    if noun.ends_with('x') || noun.ends_with("ch") || noun.ends_with("sh") {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

/// The singular of a unit written in the plural, where the unit is known in the singular.
fn singular(noun: &str) -> String {
    noun.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(noun).replace('_', " ")
}

fn powered(noun: &str, power: i32, root: i32) -> String {
    match power {
        1 if root == 2 => format!("square root of {noun}"),
        power if root != 1 => format!("{noun} to the power of {power}/{root}"),
        1 => noun.to_owned(),
        2 => format!("{noun} squared"),
        3 => format!("{noun} cubed"),
        other => format!("{noun} to the power of {other}"),
    }
}

/// A unit after a number: ` people per week`, ` per person and week`, empty for a bare number or a share.
pub(super) fn unit_after(factors: &[UnitFactor], is_one: bool) -> String {
    let is_plain = |name: &str| matches!(name, "share" | "probability");
    let mut above = Vec::new();
    let mut below = Vec::new();
    for factor in factors.iter().filter(|factor| !is_plain(&factor.name.text)) {
        let noun = singular(&factor.name.text);
        if factor.power > 0 {
            let noun = if is_one { noun } else { plural(&noun) };
            above.push(powered(&noun, factor.power, factor.root));
        } else {
            below.push(powered(&noun, -factor.power, factor.root));
        }
    }
    let mut text = String::new();
    if !above.is_empty() {
        text += &format!(" {}", above.join(" times "));
    }
    if !below.is_empty() {
        text += &format!(" per {}", joined(&below, "and"));
    }
    text
}

/// A unit on its own: `people`, `attacks per week`; empty when there is none.
pub(super) fn unit_alone(unit: Option<&UnitText>) -> String {
    unit.map(|unit| unit_after(&unit.factors, false).trim().to_owned()).unwrap_or_default()
}

/// A number written without a unit.
fn is_bare(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Number { percent, unit, .. } => !percent && unit.is_none(),
        ExpressionKind::Negate(inner) => is_bare(inner),
        _ => false,
    }
}

/// The unit of a written quantity: what stands after the number.
fn tail(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Number { unit: Some(unit), .. } => {
            Some(unit_after(std::slice::from_ref(unit), false))
        }
        ExpressionKind::Per(inner, unit) => Some(format!(
            "{} per {}",
            tail(inner).unwrap_or_default(),
            powered(&singular(&unit.name.text), unit.power, unit.root)
        )),
        ExpressionKind::Negate(inner) => tail(inner),
        _ => None,
    }
}

impl Story<'_> {
    /// An expression that stands alone as a value: bare numbers take the declared unit.
    pub(super) fn quantity(&self, place: Place, expression: &Expression, unit: Option<&UnitText>) -> String {
        if let ExpressionKind::Table(entries) = &expression.kind {
            let parts: Vec<String> = entries
                .iter()
                .map(|(name, entry)| {
                    let told = self.quantity(place, entry, unit);
                    let told = if matches!(entry.kind, ExpressionKind::Table(_)) {
                        format!("({told})")
                    } else {
                        told
                    };
                    format!("{told} for {}", self.element_named(&name.text))
                })
                .collect();
            return joined(&parts, "and");
        }
        let text = self.words(place, expression);
        if !is_bare(expression) {
            return text;
        }
        let is_one = matches!(expression.kind, ExpressionKind::Number { value: 1.0, .. });
        match unit {
            Some(unit) => format!("{text}{}", unit_after(&unit.factors, is_one)),
            None => text,
        }
    }

    /// The value of an assumption, with its shape.
    pub(super) fn value(
        &self,
        place: Place,
        value: &Value,
        unit: Option<&UnitText>,
        distributions: &[Distribution],
    ) -> String {
        match &value.kind {
            ValueKind::Range(low, high) => {
                let shape = distributions.first().map_or("", range_shape);
                format!("{}{shape}", self.ends(place, low, high, unit))
            }
            ValueKind::Expression(expression) => match &expression.kind {
                ExpressionKind::Call { function, arguments, .. } => {
                    self.distribution(place, &function.text, arguments, unit, distributions)
                }
                _ => format!("{}, taken as known", self.quantity(place, expression, unit)),
            },
            ValueKind::OneOf(alternatives) => {
                let parts: Vec<String> = alternatives
                    .iter()
                    .map(|(name, weight)| {
                        format!("‘{}’ with {}", name.text.replace('_', " "), self.words(place, weight))
                    })
                    .collect();
                joined(&parts, "or")
            }
            ValueKind::Table(entries) => {
                let parts: Vec<String> = entries
                    .iter()
                    .enumerate()
                    .map(|(i, (name, value))| {
                        let own = distributions.get(i).map(std::slice::from_ref).unwrap_or_default();
                        let label = self.element_named(&name.text);
                        let told = self.plain_value(place, value, unit, own);
                        match value.kind {
                            ValueKind::Table(_) => format!("for {label} ({told})"),
                            _ => format!("for {label} {told}"),
                        }
                    })
                    .collect();
                let shape = match distributions {
                    [first, rest @ ..]
                        if entries.iter().all(|(_, value)| matches!(value.kind, ValueKind::Range(..)))
                            && rest.iter().all(|other| range_shape(other) == range_shape(first)) =>
                    {
                        range_shape(first)
                    }
                    _ => "",
                };
                let shape = match shape {
                    "" => String::new(),
                    shape => format!("; each{}", shape.trim_start_matches(',')),
                };
                format!("{}{shape}", parts.join("; "))
            }
            ValueKind::Within(inner, low, high) => {
                let inner_shapes: Vec<Distribution> = distributions
                    .iter()
                    .map(|distribution| match distribution {
                        Distribution::Within { inner, .. } => (**inner).clone(),
                        other => other.clone(),
                    })
                    .collect();
                format!(
                    "{}; what would lie outside {} is ruled out",
                    self.value(place, inner, unit, &inner_shapes),
                    self.ends(place, low, high, unit)
                        .replacen("between ", "", 1)
                        .replacen(" and ", " to ", 1)
                )
            }
        }
    }

    /// A value without its shape.
    fn plain_value(
        &self,
        place: Place,
        value: &Value,
        unit: Option<&UnitText>,
        distributions: &[Distribution],
    ) -> String {
        match &value.kind {
            ValueKind::Range(low, high) => self.ends(place, low, high, unit),
            ValueKind::Expression(expression) if !matches!(expression.kind, ExpressionKind::Call { .. }) => {
                self.quantity(place, expression, unit)
            }
            _ => self.value(place, value, unit, distributions),
        }
    }

    /// `between 1,500 and 2,200 people`, `between 40% and 180% per year`.
    pub(super) fn ends(
        &self,
        place: Place,
        low: &Expression,
        high: &Expression,
        unit: Option<&UnitText>,
    ) -> String {
        let (low_tail, high_tail) = (tail(low), tail(high));
        let mut first = self.words(place, low);
        let second = if high_tail.is_none() && low_tail.is_some() {
            format!("{}{}", self.words(place, high), low_tail.clone().unwrap_or_default())
        } else {
            self.quantity(place, high, unit)
        };
        // The unit is said once, after the second number.
        if let (Some(own), Some(other)) = (&low_tail, &high_tail)
            && own == other
        {
            first = first.strip_suffix(own.as_str()).unwrap_or(&first).to_owned();
        } else if high_tail.is_none()
            && let Some(own) = &low_tail
        {
            first = first.strip_suffix(own.as_str()).unwrap_or(&first).to_owned();
        }
        format!("between {first} and {second}")
    }

    fn distribution(
        &self,
        place: Place,
        name: &str,
        arguments: &[ast::Argument],
        unit: Option<&UnitText>,
        distributions: &[Distribution],
    ) -> String {
        let weighted: Vec<String> = arguments
            .iter()
            .filter_map(|argument| {
                let weight = argument.weight.as_ref()?;
                // `discrete(10: 20%)` puts the value first, `mixture(60%: ...)` the weight.
                Some(if name == "discrete" {
                    let ValueKind::Expression(share) = &argument.value.kind else { return None };
                    format!("{} with {}", self.quantity(place, weight, unit), self.words(place, share))
                } else {
                    format!(
                        "with {} {}",
                        self.words(place, weight),
                        self.plain_value(place, &argument.value, unit, &[])
                    )
                })
            })
            .collect();
        if !weighted.is_empty() {
            return joined(&weighted, "or");
        }
        let shape = match name {
            "normal" => "a bell curve",
            "lognormal" => "a bell curve that tails off upwards",
            "beta" => "a share with a beta shape",
            "gamma" => "a positive number with a gamma shape",
            "uniform" => "anything equally likely",
            "triangular" => "a triangle",
            "pert" => "a smooth hump",
            "student_t" => "a bell curve with heavy tails",
            other => other,
        };
        let known: &[&str] = match name {
            "normal" => &["mean", "sd"],
            "lognormal" => &["median", "sdlog"],
            "beta" => &["alpha", "beta"],
            "gamma" => &["shape", "scale"],
            "uniform" => &["low", "high"],
            "triangular" | "pert" => &["low", "mode", "high"],
            "student_t" => &["degrees", "mean", "scale"],
            _ => &[],
        };
        let parts: Vec<String> = arguments
            .iter()
            .enumerate()
            .map(|(i, argument)| {
                let key = argument.name.as_ref().map(|name| name.text.as_str()).or(known.get(i).copied());
                let shown = match &argument.value.kind {
                    ValueKind::Expression(value)
                        if matches!(key, Some("alpha" | "beta" | "sdlog" | "shape" | "degrees")) =>
                    {
                        self.words(place, value)
                    }
                    ValueKind::Expression(value) => self.quantity(place, value, unit),
                    _ => self.plain_value(place, &argument.value, unit, distributions),
                };
                match key {
                    Some("low") => format!("from {shown}"),
                    Some("high") => format!("up to {shown}"),
                    Some("mode") => format!("most likely {shown}"),
                    Some("mean") => format!("centred on {shown}"),
                    Some("median") => format!("with its middle at {shown}"),
                    Some("sd") => format!("with a standard deviation of {shown}"),
                    Some("sdlog") => {
                        format!("with a standard deviation of {shown} on the scale of logarithms")
                    }
                    Some("scale") => format!("with a scale of {shown}"),
                    Some("shape") => format!("with a shape of {shown}"),
                    Some("degrees") => format!("with {shown} degrees of freedom"),
                    Some("alpha") => format!("with a first shape of {shown}"),
                    Some("beta") => format!("with a second shape of {shown}"),
                    _ => shown,
                }
            })
            .collect();
        format!("{shape} {}", joined(&parts, "and"))
    }

    /// The label of an element of any subscript, by its name.
    pub(super) fn element_named(&self, element: &str) -> String {
        if element == "else" {
            return "all others".to_owned();
        }
        for (i, subscript) in self.model.subscripts.iter().enumerate() {
            if let Some(position) = subscript.elements.iter().position(|known| known == element) {
                return self.names.element(contingent_model::SubscriptId(i as u32), position);
            }
        }
        element.replace('_', " ")
    }
}

/// The shape that a written range has.
fn range_shape(distribution: &Distribution) -> &'static str {
    match distribution {
        Distribution::LogNormal { .. } => ", with a long tail upwards",
        Distribution::LogitNormal { .. } => ", kept within 0% to 100%",
        Distribution::Normal { .. } => ", in a bell curve",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_nouns_read_well() {
        let shown: Vec<String> =
            [0.0, 1.0, -2.5, 1_500.0, 1_234_567.25, 0.1 + 0.2].into_iter().map(number).collect();
        assert_eq!(shown, ["0", "1", "minus 2.5", "1,500", "1,234,567.25", "0.3"]);
        let nouns: Vec<String> = ["fighter", "person", "attack", "country", "day", "woman", "human", "box"]
            .into_iter()
            .map(plural)
            .collect();
        assert_eq!(nouns, ["fighters", "people", "attacks", "countries", "days", "women", "humans", "boxes"]);
    }
}
