//! The units of a file.
//!
//! Enters: the units of variables as a file writes them, and its unit of time. Leaves: units of the language for those
//! variables, or the first that cannot be read. Always holds: time is a plain number in an imported model, so that its
//! unit falls away; one and the same unit has one name whether it stands in the singular or with an `s`. Whether the
//! units fit together is for the checker to say.

use std::collections::{BTreeMap, BTreeSet};

use contingent_model::TIME_UNITS;

use crate::equation::canonical;
use crate::flat::Flat;
use crate::names::Identifiers;

/// Words for "no unit".
const NONE: [&str; 12] = [
    "1",
    "dmnl",
    "dimensionless",
    "unitless",
    "no_units",
    "none",
    "fraction",
    "share",
    "probability",
    "percent",
    "%",
    "dim",
];
/// Highest power of a unit.
const MAX_POWER: i32 = 9;

/// Powers of units, by the name that the file gives them.
type Powers = BTreeMap<String, i32>;

/// The units of a model.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    /// Identifiers by name in the file.
    identifiers: BTreeMap<String, String>,
    /// Per variable its unit, when the file gives one.
    of: Vec<Option<Powers>>,
}

impl Units {
    /// The units of a file; none when it gives none beside those of time.
    pub(crate) fn read(
        flat: &Flat,
        time: Option<&str>,
        names: &mut Identifiers,
    ) -> Result<Option<Self>, String> {
        let mut of = Vec::with_capacity(flat.variables.len());
        for variable in &flat.variables {
            let written = variable.units.as_deref().map(str::trim).filter(|units| !units.is_empty());
            of.push(match written {
                None => None,
                Some(units) => {
                    Some(powers(units).ok_or_else(|| {
                        format!("`{units}`, the unit of `{}`, cannot be read", variable.name)
                    })?)
                }
            });
        }
        let all: BTreeSet<String> = of.iter().flatten().flat_map(|unit| unit.keys().cloned()).collect();
        // `widgets` is `widget` where both stand in the file.
        let same = |name: &str| match name.strip_suffix('s') {
            Some(one) if all.contains(one) => one.to_owned(),
            _ => name.to_owned(),
        };
        let time = time.map(canonical);
        let is_time = |name: &str| {
            time.as_deref().is_some_and(|time| time.trim_end_matches('s') == name.trim_end_matches('s'))
        };
        let mut identifiers = BTreeMap::new();
        for unit in of.iter_mut().flatten() {
            let mut kept = Powers::new();
            for (name, power) in &*unit {
                if is_time(name) {
                    continue;
                }
                if TIME_UNITS.iter().any(|&(known, _)| known == name.trim_end_matches('s')) {
                    return Err(format!("`{name}` is a unit of time, and not that of the file"));
                }
                *kept.entry(same(name)).or_default() += power;
            }
            kept.retain(|_, power| *power != 0);
            *unit = kept;
        }
        for name in of.iter().flatten().flat_map(|unit| unit.keys()) {
            if !identifiers.contains_key(name) {
                identifiers.insert(name.clone(), names.take(name));
            }
        }
        Ok((!identifiers.is_empty()).then_some(Self { identifiers, of }))
    }

    /// The line that declares them.
    pub(crate) fn declaration(&self) -> String {
        let names: Vec<&str> = self.identifiers.values().map(String::as_str).collect();
        format!("unit {}", names.join(", "))
    }

    /// The unit of a variable as the language writes it; none when the file gives none.
    pub(crate) fn written(&self, variable: usize) -> Option<String> {
        let unit = self.of.get(variable)?.as_ref()?;
        let mut text = String::new();
        for (name, &power) in unit.iter().filter(|&(_, &power)| power > 0) {
            if !text.is_empty() {
                text.push('*');
            }
            text.push_str(&raised(&self.identifiers[name], power));
        }
        if text.is_empty() {
            text.push('1');
        }
        for (name, &power) in unit.iter().filter(|&(_, &power)| power < 0) {
            text.push('/');
            text.push_str(&raised(&self.identifiers[name], -power));
        }
        Some(text)
    }

    /// A number of the unit of a variable; none when it has no unit.
    pub(crate) fn quantity(&self, number: &str, variable: usize) -> Option<String> {
        let unit = self.of.get(variable)?.as_ref()?;
        if unit.is_empty() {
            return None;
        }
        if let [(name, 1)] = unit.iter().map(|(name, &power)| (name, power)).collect::<Vec<_>>()[..] {
            return Some(format!("{number} {}", self.identifiers[name]));
        }
        let mut text = number.to_owned();
        for (name, &power) in unit {
            let (sign, n) = if power > 0 { ('*', power) } else { ('/', -power) };
            for _ in 0..n {
                text.push_str(&format!(" {sign} (1 {})", self.identifiers[name]));
            }
        }
        Some(text)
    }
}

fn raised(name: &str, power: i32) -> String {
    if power == 1 { name.to_owned() } else { format!("{name}^{power}") }
}

/// Reads `people/(square mile*year)`, `1/month`, `$`, `widgets^2` or `people per year`.
fn powers(text: &str) -> Option<Powers> {
    let text = text.replace(" per ", "/");
    let (mut out, mut rest) = (Powers::new(), text.as_str());
    product(&mut rest, 1, &mut out, 0)?;
    if !rest.trim().is_empty() {
        return None;
    }
    out.retain(|_, power| *power != 0);
    out.values().all(|power| power.abs() <= MAX_POWER).then_some(out)
}

/// A product of units, each of them to the power of `sign`.
fn product(rest: &mut &str, sign: i32, out: &mut Powers, depth: usize) -> Option<()> {
    let mut here = sign;
    loop {
        factor(rest, here, out, depth)?;
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('*').or_else(|| rest.strip_prefix('\u{b7}')) {
            (*rest, here) = (after, sign);
        } else if let Some(after) = rest.strip_prefix('/') {
            (*rest, here) = (after, -sign);
        } else {
            return Some(());
        }
    }
}

fn factor(rest: &mut &str, sign: i32, out: &mut Powers, depth: usize) -> Option<()> {
    *rest = rest.trim_start();
    let mut inner = Powers::new();
    if let Some(after) = rest.strip_prefix('(') {
        if depth > 20 {
            return None;
        }
        *rest = after;
        product(rest, 1, &mut inner, depth + 1)?;
        *rest = rest.trim_start().strip_prefix(')')?;
    } else {
        let end = rest.find(['*', '/', '^', '(', ')', '\u{b7}']).unwrap_or(rest.len());
        let name = canonical(&rest[..end]);
        *rest = &rest[end..];
        let is_name = name.chars().any(|c| c.is_alphabetic() || matches!(c, '$' | '€' | '£'));
        if !NONE.contains(&name.as_str()) {
            if !is_name || name.starts_with(|c: char| c.is_numeric()) {
                return None;
            }
            inner.insert(name, 1);
        }
    }
    let mut power = 1;
    if let Some(after) = rest.trim_start().strip_prefix('^') {
        let after = after.trim_start();
        let digits = after.trim_start_matches('-').find(|c: char| !c.is_ascii_digit());
        let sign_length = after.len() - after.trim_start_matches('-').len();
        let end = digits.map_or(after.len(), |digits| digits + sign_length);
        power = after[..end].parse().ok().filter(|power: &i32| power.abs() <= MAX_POWER)?;
        *rest = &after[end..];
    }
    for (name, inner) in inner {
        let known = out.entry(name).or_default();
        *known = known.checked_add(inner.checked_mul(power)?.checked_mul(sign)?)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_products_of_powers() {
        let read = |text: &str| {
            powers(text).map(|powers| {
                powers.into_iter().map(|(name, power)| format!("{name}{power} ")).collect::<String>()
            })
        };
        for (text, expected) in [
            ("Widgets", "widgets1 "),
            ("degrees Fahrenheit/Minute", "degrees_fahrenheit1 minute-1 "),
            ("people/(square mile*year)", "people1 square_mile-1 year-1 "),
            ("1/Month", "month-1 "),
            ("people per year", "people1 year-1 "),
            ("m^2 / (s^2)^1", "m2 s-2 "),
            ("a*b/a", "b1 "),
            ("$/widget", "$1 widget-1 "),
            ("dmnl", ""),
            ("x^-2", "x-2 "),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["2 people", "a/", "(a", "a)", "a^b", "a^99", "a^^2", "*", "a^9^9"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("{}a{}", "(".repeat(1000), ")".repeat(1000))), None, "bounded depth");
    }
}
