//! Units: dimensions as powers of base units, and factors between shown and base units.
//!
//! Enters: declared unit names and the model's time unit. Leaves: [`Dimension`] algebra and [`Unit`]s.
//! Always holds: a dimension lists base units in ascending order with non-zero powers, so equality of
//! values is equality of dimensions; time is base unit 0.

use std::fmt::Write as _;

/// Powers of base units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Dimension(Vec<(u32, i32)>);

/// The base unit of time.
pub(crate) const TIME: u32 = 0;

impl Dimension {
    /// No dimension.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// One base unit to a power.
    pub(crate) fn base(unit: u32, power: i32) -> Self {
        Self(if power == 0 { Vec::new() } else { vec![(unit, power)] })
    }

    /// Whether it has no dimension.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The power of a base unit.
    pub(crate) fn power_of(&self, unit: u32) -> i32 {
        self.0.iter().find(|&&(base, _)| base == unit).map_or(0, |&(_, power)| power)
    }

    /// The product of two dimensions, the second raised to `power`.
    #[must_use]
    pub(crate) fn times(&self, other: &Self, power: i32) -> Self {
        let mut factors = self.0.clone();
        for &(unit, exponent) in &other.0 {
            match factors.binary_search_by_key(&unit, |&(base, _)| base) {
                Ok(i) => factors[i].1 = factors[i].1.saturating_add(exponent.saturating_mul(power)),
                Err(i) => factors.insert(i, (unit, exponent.saturating_mul(power))),
            }
        }
        factors.retain(|&(_, exponent)| exponent != 0);
        Self(factors)
    }

    /// The dimension to a whole power.
    #[must_use]
    pub(crate) fn power(&self, power: i32) -> Self {
        Self::none().times(self, power)
    }

    /// The square root, when all powers are even.
    pub(crate) fn square_root(&self) -> Option<Self> {
        self.0
            .iter()
            .map(|&(unit, power)| (power % 2 == 0).then_some((unit, power / 2)))
            .collect::<Option<Vec<_>>>()
            .map(Self)
    }

    /// The dimension per time.
    #[must_use]
    pub(crate) fn per_time(&self) -> Self {
        self.times(&Self::base(TIME, 1), -1)
    }
}

/// A unit: a dimension and the number of base units in one of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unit {
    /// Dimension.
    pub(crate) dimension: Dimension,
    /// Base units in one of this unit.
    pub(crate) scale: f64,
    /// Whether written `share` or `probability`.
    pub(crate) is_share: bool,
    /// As written.
    pub(crate) text: String,
}

/// All units that a model knows.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    /// Names of base units; position 0 is time.
    bases: Vec<String>,
    days_per_base: f64,
}

/// Time units and their length in days. A year is 365.25 days and a month a twelfth of it.
pub const TIME_UNITS: [(&str, f64); 5] =
    [("day", 1.0), ("week", 7.0), ("month", 365.25 / 12.0), ("quarter", 365.25 / 4.0), ("year", 365.25)];

impl Units {
    /// Units with time measured in `time_unit`, which is `days_per_base` days long.
    pub(crate) fn new(time_unit: &str, days_per_base: f64) -> Self {
        Self { bases: vec![time_unit.to_owned()], days_per_base }
    }

    /// Adds a base unit.
    pub(crate) fn declare(&mut self, name: &str) {
        self.bases.push(name.to_owned());
    }

    /// The dimension and scale of a name, singular or plural.
    pub(crate) fn named(&self, name: &str) -> Option<(Dimension, f64)> {
        if matches!(name, "share" | "probability") {
            return Some((Dimension::none(), 1.0));
        }
        let exact = |name: &str| {
            if let Some(&(_, days)) = TIME_UNITS.iter().find(|&&(unit, _)| unit == name) {
                return Some((Dimension::base(TIME, 1), days / self.days_per_base));
            }
            let position = self.bases.iter().skip(1).position(|base| base == name)?;
            Some((Dimension::base(position as u32 + 1, 1), 1.0))
        };
        exact(name).or_else(|| exact(name.strip_suffix('s')?))
    }

    /// Every name that can be written, for "did you mean".
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        TIME_UNITS
            .iter()
            .map(|&(name, _)| name)
            .chain(self.bases.iter().skip(1).map(String::as_str))
            .chain(["share", "probability"])
    }

    /// A dimension in words, such as `fighter/week`, or `1`.
    pub(crate) fn describe(&self, dimension: &Dimension) -> String {
        let mut text = String::new();
        for (sign, joiner) in [(1, "*"), (-1, "/")] {
            for &(unit, power) in dimension.0.iter().filter(|&&(_, power)| power.signum() == sign) {
                if sign < 0 {
                    if text.is_empty() {
                        text.push('1');
                    }
                    text.push_str(joiner);
                } else if !text.is_empty() {
                    text.push_str(joiner);
                }
                text.push_str(&self.bases[unit as usize]);
                if power.abs() != 1 {
                    let _ = write!(text, "^{}", power.abs());
                }
            }
        }
        if text.is_empty() { "1".to_owned() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn time_units_convert_to_the_unit_of_the_model() {
        let units = Units::new("week", 7.0);
        let (dimension, scale) = units.named("years").expect("a year is known");
        assert_eq!(dimension, Dimension::base(TIME, 1));
        assert_eq!(scale, 365.25 / 7.0);
    }

    #[test]
    fn dimensions_are_described_as_they_are_written() {
        let mut units = Units::new("week", 7.0);
        units.declare("fighter");
        let dimension = Dimension::base(1, 2).per_time();
        assert_eq!(units.describe(&dimension), "fighter^2/week");
        assert_eq!(units.describe(&Dimension::base(TIME, -1)), "1/week");
        assert_eq!(units.describe(&Dimension::none()), "1");
    }

    fn dimension() -> impl Strategy<Value = Dimension> {
        prop::collection::vec((0u32..4, -3i32..4), 0..5).prop_map(|factors| {
            factors
                .iter()
                .fold(Dimension::none(), |d, &(unit, power)| d.times(&Dimension::base(unit, power), 1))
        })
    }

    proptest! {
        #[test]
        fn products_commute_and_quotients_cancel(a in dimension(), b in dimension()) {
            prop_assert_eq!(a.times(&b, 1), b.times(&a, 1));
            prop_assert_eq!(a.times(&b, 1).times(&b, -1), a.clone());
            prop_assert_eq!(a.power(2).square_root(), Some(a.clone()));
            prop_assert!(a.times(&a, -1).is_none());
        }
    }
}
