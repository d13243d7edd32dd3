//! Units: dimensions as powers of base units, and factors between shown and base units.
//!
//! Enters: declared unit names and the model's time unit. Leaves: [`Dimension`] algebra and [`Unit`]s.
//! Always holds: a dimension lists base units in ascending order with non-zero powers, so equality of
//! values is equality of dimensions; time is base unit 0.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A power of a base unit: a fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Power {
    numerator: i64,
    denominator: i64,
}

/// Powers beyond this are cut: no sensible unit has them, and sums of what is left never overflow.
const MAX_POWER: i64 = 1 << 30;
/// Largest denominator of a power that a number such as 0.5 is read as.
const MAX_READ_DENOMINATOR: i64 = 12;
/// Largest number that is read as a power.
const MAX_READ_POWER: f64 = 100.0;

impl Power {
    const ZERO: Self = Self::whole(0);

    /// A whole power.
    pub(crate) const fn whole(power: i32) -> Self {
        Self { numerator: power as i64, denominator: 1 }
    }

    /// A fraction; `denominator` is positive.
    pub(crate) fn fraction(numerator: i64, denominator: i64) -> Self {
        let divisor = greatest_common_divisor(numerator, denominator).max(1);
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        if denominator > MAX_POWER {
            return Self { numerator: numerator.signum(), denominator: MAX_POWER };
        }
        Self { numerator: numerator.clamp(-MAX_POWER, MAX_POWER), denominator }
    }

    /// The power that a number stands for: a whole number, or a fraction with a small denominator.
    pub(crate) fn from_number(number: f64) -> Option<Self> {
        if number.abs() >= MAX_READ_POWER {
            return None;
        }
        (1..=MAX_READ_DENOMINATOR).find_map(|denominator| {
            let numerator = (number * denominator as f64).round();
            // A written fraction such as `1/3` is the nearest number to it, or off by one rounding.
            let nearest = numerator / denominator as f64;
            ((nearest - number).abs() <= 4.0 * f64::EPSILON * number.abs())
                .then(|| Self::fraction(numerator as i64, denominator))
        })
    }

    fn plus(self, other: Self) -> Self {
        Self::fraction(
            self.numerator * other.denominator + other.numerator * self.denominator,
            self.denominator * other.denominator,
        )
    }

    fn times(self, other: Self) -> Self {
        Self::fraction(self.numerator * other.numerator, self.denominator * other.denominator)
    }
}

impl PartialEq<i32> for Power {
    fn eq(&self, other: &i32) -> bool {
        *self == Self::whole(*other)
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Powers of base units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Dimension(Vec<(u32, Power)>);

/// The base unit of time.
pub(crate) const TIME: u32 = 0;

impl Dimension {
    /// No dimension.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// One base unit to a whole power.
    pub(crate) fn base(unit: u32, power: i32) -> Self {
        Self(if power == 0 { Vec::new() } else { vec![(unit, Power::whole(power))] })
    }

    /// Whether it has no dimension.
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The power of a base unit.
    pub(crate) fn power_of(&self, unit: u32) -> Power {
        self.0.iter().find(|&&(base, _)| base == unit).map_or(Power::ZERO, |&(_, power)| power)
    }

    /// The product of two dimensions, the second raised to a whole `power`.
    #[must_use]
    pub(crate) fn times(&self, other: &Self, power: i32) -> Self {
        self.times_raised(other, Power::whole(power))
    }

    fn times_raised(&self, other: &Self, power: Power) -> Self {
        let mut factors = self.0.clone();
        for &(unit, exponent) in &other.0 {
            let exponent = exponent.times(power);
            match factors.binary_search_by_key(&unit, |&(base, _)| base) {
                Ok(i) => factors[i].1 = factors[i].1.plus(exponent),
                Err(i) => factors.insert(i, (unit, exponent)),
            }
        }
        factors.retain(|&(_, exponent)| exponent != Power::ZERO);
        Self(factors)
    }

    /// The dimension to a whole power.
    #[must_use]
    pub(crate) fn power(&self, power: i32) -> Self {
        self.raised(Power::whole(power))
    }

    /// The dimension to any power.
    #[must_use]
    pub(crate) fn raised(&self, power: Power) -> Self {
        Self::none().times_raised(self, power)
    }

    /// The dimension per time.
    #[must_use]
    pub(crate) fn per_time(&self) -> Self {
        self.times(&Self::base(TIME, 1), -1)
    }
}

/// The positive root of a positive number, by Newton's method from above: the same bits on every machine.
pub(crate) fn nth_root(x: f64, n: i32) -> f64 {
    match n {
        _ if n <= 1 || x == 1.0 => x,
        2 => x.sqrt(),
        _ => {
            let mut root = x.max(1.0);
            loop {
                let rest = (1..n).fold(x, |rest, _| rest / root);
                let next = (f64::from(n - 1) * root + rest) / f64::from(n);
                // From above the steps go down until rounding stops them.
                if next < root {
                    root = next;
                } else {
                    return root;
                }
            }
        }
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
    /// Units that are a number of others: how many base units of which dimension one of them is; none for
    /// one whose definition is broken.
    derived: BTreeMap<String, Option<(Dimension, f64)>>,
    days_per_base: f64,
}

/// What a name of a unit stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NamedUnit {
    /// A dimension and how many base units one of it is.
    Known(Dimension, f64),
    /// Declared, but its definition is broken.
    Broken,
}

/// Time units and their length in days. A year is 365.25 days and a month a twelfth of it.
pub const TIME_UNITS: [(&str, f64); 7] = [
    ("hour", 1.0 / 24.0),
    ("day", 1.0),
    ("week", 7.0),
    ("month", 365.25 / 12.0),
    ("quarter", 365.25 / 4.0),
    ("year", 365.25),
    ("decade", 3652.5),
];

/// What the unit of time is called in a model whose time is a plain number.
pub(crate) const PLAIN_TIME: &str = "unit";

impl Units {
    /// The dimension of time; none where time is a plain number.
    pub(crate) fn time(&self) -> Dimension {
        if self.is_plain() { Dimension::none() } else { Dimension::base(TIME, 1) }
    }

    /// Whether time is a plain number, so that what is per time has no unit for it.
    pub(crate) fn is_plain(&self) -> bool {
        self.bases[0] == PLAIN_TIME
    }

    /// A dimension per time.
    pub(crate) fn per_time(&self, dimension: &Dimension) -> Dimension {
        dimension.times(&self.time(), -1)
    }

    /// Units with time measured in `time_unit`, which is `days_per_base` days long.
    pub(crate) fn new(time_unit: &str, days_per_base: f64) -> Self {
        Self { bases: vec![time_unit.to_owned()], derived: BTreeMap::new(), days_per_base }
    }

    /// Adds a base unit.
    pub(crate) fn declare(&mut self, name: &str) {
        self.bases.push(name.to_owned());
    }

    /// Adds a unit that is a number of others, or one whose definition is broken.
    pub(crate) fn derive(&mut self, name: &str, meaning: Option<(Dimension, f64)>) {
        self.derived.insert(name.to_owned(), meaning);
    }

    /// What a name stands for, singular or plural.
    pub(crate) fn named(&self, name: &str) -> Option<NamedUnit> {
        if matches!(name, "share" | "probability") {
            return Some(NamedUnit::Known(Dimension::none(), 1.0));
        }
        let exact = |name: &str| {
            if let Some(&(_, days)) = TIME_UNITS.iter().find(|&&(unit, _)| unit == name && !self.is_plain()) {
                return Some(NamedUnit::Known(Dimension::base(TIME, 1), self.time_scale(days)));
            }
            if let Some(meaning) = self.derived.get(name) {
                return Some(match meaning {
                    Some((dimension, scale)) => NamedUnit::Known(dimension.clone(), *scale),
                    None => NamedUnit::Broken,
                });
            }
            let position = self.bases.iter().skip(1).position(|base| base == name)?;
            Some(NamedUnit::Known(Dimension::base(position as u32 + 1, 1), 1.0))
        };
        exact(name).or_else(|| exact(name.strip_suffix('s')?))
    }

    /// Base units of time in so many days. An hour is a fraction of a day that no float holds exactly, so a
    /// model in hours multiplies.
    pub(crate) fn time_scale(&self, days: f64) -> f64 {
        if self.days_per_base < 1.0 {
            days * (1.0 / self.days_per_base).round()
        } else {
            days / self.days_per_base
        }
    }

    /// Every name that can be written, for "did you mean".
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        TIME_UNITS
            .iter()
            .map(|&(name, _)| name)
            .chain(self.bases.iter().skip(1).map(String::as_str))
            .chain(self.derived.keys().map(String::as_str))
            .chain(["share", "probability"])
    }

    /// A dimension in words, such as `fighter/week`, or `1`; time stands last.
    pub(crate) fn describe(&self, dimension: &Dimension) -> String {
        let mut text = String::new();
        for (sign, joiner) in [(1, "*"), (-1, "/")] {
            let signed = dimension.0.iter().filter(|&&(_, power)| power.numerator.signum() == sign);
            let (time, things): (Vec<_>, Vec<_>) = signed.partition(|&&(unit, _)| unit == TIME);
            for &(unit, power) in things.into_iter().chain(time) {
                if sign < 0 {
                    if text.is_empty() {
                        text.push('1');
                    }
                    text.push_str(joiner);
                } else if !text.is_empty() {
                    text.push_str(joiner);
                }
                text.push_str(&self.bases[unit as usize]);
                let size = power.numerator.abs();
                if power.denominator != 1 {
                    let _ = write!(text, "^({size}/{})", power.denominator);
                } else if size != 1 {
                    let _ = write!(text, "^{size}");
                }
            }
        }
        if text.is_empty() { "1".to_owned() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contingent_syntax::ast::{DeclarationKind, UnitText};
    use proptest::prelude::*;

    fn units() -> Units {
        let mut units = Units::new("week", 7.0);
        for name in ["fighter", "attack", "euro"] {
            units.declare(name);
        }
        units
    }

    fn known(units: &Units, name: &str) -> (Dimension, f64) {
        match units.named(name) {
            Some(NamedUnit::Known(dimension, scale)) => (dimension, scale),
            other => panic!("{name} is {other:?}"),
        }
    }

    /// The unit of an auxiliary in which `text` is declared as its unit.
    fn parsed(text: &str) -> UnitText {
        let parse = contingent_syntax::parse(contingent_syntax::FileId(0), &format!("aux x: {text} = 0\n"));
        assert_eq!(parse.diagnostics, vec![], "{text}");
        match parse.file.declarations.into_iter().next().map(|declaration| declaration.kind) {
            Some(DeclarationKind::Auxiliary { head, .. }) => head.unit.expect("a unit is written"),
            other => panic!("{text} is read as {other:?}"),
        }
    }

    fn dimension_of(units: &Units, text: &UnitText) -> Dimension {
        text.factors.iter().fold(Dimension::none(), |dimension, factor| {
            let power = Power::fraction(i64::from(factor.power), i64::from(factor.root));
            dimension.times_raised(&known(units, &factor.name.text).0, power)
        })
    }

    #[test]
    fn time_units_convert_to_the_unit_of_the_model() {
        let (dimension, scale) = known(&Units::new("week", 7.0), "years");
        assert_eq!(dimension, Dimension::base(TIME, 1));
        assert_eq!(scale, 365.25 / 7.0);
        assert_eq!(known(&Units::new("year", 365.25), "decades").1, 10.0);
        assert_eq!(known(&Units::new("day", 1.0), "hours").1, 1.0 / 24.0);
    }

    #[test]
    fn in_hours_whole_days_are_whole_numbers() {
        let units = Units::new("hour", 1.0 / 24.0);
        for days in 1..=4000 {
            assert_eq!(units.time_scale(f64::from(days)), f64::from(24 * days));
        }
        assert_eq!(known(&units, "hour").1, 1.0);
        assert_eq!(known(&units, "week").1, 168.0);
    }

    #[test]
    fn dimensions_are_described_as_they_are_written() {
        let units = units();
        let dimension = Dimension::base(1, 2).per_time();
        assert_eq!(units.describe(&dimension), "fighter^2/week");
        assert_eq!(units.describe(&Dimension::base(TIME, -1)), "1/week");
        assert_eq!(units.describe(&Dimension::none()), "1");
        let root = Dimension::base(1, 1).per_time().raised(Power::fraction(1, 2));
        assert_eq!(units.describe(&root), "fighter^(1/2)/week^(1/2)");
    }

    #[test]
    fn numbers_are_read_as_powers_when_they_are_simple_fractions() {
        for (number, numerator, denominator) in [
            (0.5, 1, 2),
            (1.0 / 3.0, 1, 3),
            (-2.0, -2, 1),
            (1.0 - 1.0 / 3.0, 2, 3),
            (0.25, 1, 4),
            (1.2, 6, 5),
        ] {
            assert_eq!(Power::from_number(number), Some(Power::fraction(numerator, denominator)), "{number}");
        }
        for number in [0.33, std::f64::consts::PI, 0.37, 1e9, f64::NAN] {
            assert_eq!(Power::from_number(number), None, "{number}");
        }
    }

    #[test]
    fn roots_of_scales_are_those_of_the_numbers() {
        for n in [2, 3, 5, 12, 99] {
            for x in [1e-200_f64, 0.001, 1.0, 1.18, 12.0, 365.25 / 7.0, 1e200] {
                let root = nth_root(x, n);
                let back = (0..n).fold(1.0, |product, _| product * root);
                // One rounding per multiplication, and the root itself is off by a few.
                assert!((back / x - 1.0).abs() < 1e-15 * 8.0 * f64::from(n), "{x} {n}: {back}");
            }
        }
        assert!(nth_root(f64::INFINITY, 3) > 1e300);
    }

    #[test]
    fn absurd_powers_neither_panic_nor_vanish() {
        let mut dimension = Dimension::base(1, 1);
        for _ in 0..100 {
            dimension = dimension.raised(Power::fraction(1, 11));
        }
        assert!(!dimension.is_none());
        for _ in 0..100 {
            dimension = dimension.raised(Power::fraction(97, 7)).times(&dimension, 99);
        }
        assert!(!dimension.is_none());
    }

    fn dimension() -> impl Strategy<Value = Dimension> {
        prop::collection::vec((0u32..4, -6i64..7, 1i64..5), 0..5).prop_map(|factors| {
            factors.iter().fold(Dimension::none(), |d, &(unit, numerator, denominator)| {
                d.times_raised(&Dimension::base(unit, 1), Power::fraction(numerator, denominator))
            })
        })
    }

    proptest! {
        #[test]
        fn products_commute_and_quotients_cancel(a in dimension(), b in dimension(), c in dimension()) {
            prop_assert_eq!(a.times(&b, 1), b.times(&a, 1));
            prop_assert_eq!(a.times(&b, 1).times(&c, 1), a.times(&b.times(&c, 1), 1));
            prop_assert_eq!(a.times(&b, 1).times(&b, -1), a.clone());
            prop_assert!(a.times(&a, -1).is_none());
        }

        #[test]
        fn roots_undo_powers(a in dimension(), b in dimension(), n in 1i64..9, m in 1i64..9) {
            let (power, root) = (Power::fraction(n, m), Power::fraction(m, n));
            prop_assert_eq!(a.raised(power).raised(root), a.clone());
            prop_assert_eq!(a.times(&b, 1).raised(power), a.raised(power).times(&b.raised(power), 1));
            prop_assert_eq!(
                a.raised(power).times(&a.raised(Power::fraction(1, m)), -1),
                a.raised(Power::fraction(n - 1, m))
            );
        }

        #[test]
        fn what_is_described_is_read_as_the_same(a in dimension()) {
            let units = units();
            let text = units.describe(&a);
            prop_assert_eq!(dimension_of(&units, &parsed(&text)), a, "{}", text);
        }
    }
}
