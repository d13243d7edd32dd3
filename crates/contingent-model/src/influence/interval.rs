//! Intervals that hold every value, or every slope, that something can have.
//!
//! Enters: bounds, possibly infinite. Leaves: sums, products, quotients of intervals. Always holds: the result
//! contains every result of members; neither bound is NaN; zero times infinity is zero, since an infinite
//! bound stands for "as large as you like" and not for a value.

/// All numbers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Interval {
    pub(crate) const ZERO: Self = Self { low: 0.0, high: 0.0 };
    pub(crate) const ONE: Self = Self { low: 1.0, high: 1.0 };
    pub(crate) const UNIT: Self = Self { low: 0.0, high: 1.0 };
    pub(crate) const POSITIVE: Self = Self { low: 0.0, high: f64::INFINITY };
    pub(crate) const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    pub(crate) fn new(low: f64, high: f64) -> Self {
        if low.is_nan() || high.is_nan() || low > high { Self::ALL } else { Self { low, high } }
    }

    pub(crate) fn at(value: f64) -> Self {
        Self::new(value, value)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.low == 0.0 && self.high == 0.0
    }

    pub(crate) fn is_never_negative(self) -> bool {
        self.low >= 0.0
    }

    pub(crate) fn is_never_positive(self) -> bool {
        self.high <= 0.0
    }

    #[must_use]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }

    #[must_use]
    pub(crate) fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    #[must_use]
    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    #[must_use]
    pub(crate) fn times(self, other: Self) -> Self {
        let product = |a: f64, b: f64| if a == 0.0 || b == 0.0 { 0.0 } else { a * b };
        let corners = [
            product(self.low, other.low),
            product(self.low, other.high),
            product(self.high, other.low),
            product(self.high, other.high),
        ];
        Self::new(
            corners.iter().copied().fold(f64::INFINITY, f64::min),
            corners.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        )
    }

    /// One divided by it. What touches zero may be as large as you like.
    #[must_use]
    pub(crate) fn inverse(self) -> Self {
        if self.low > 0.0 || self.high < 0.0 {
            Self::new(1.0 / self.high, 1.0 / self.low)
        } else if self.low == 0.0 && self.high > 0.0 {
            Self::new(1.0 / self.high, f64::INFINITY)
        } else if self.high == 0.0 && self.low < 0.0 {
            Self::new(f64::NEG_INFINITY, 1.0 / self.low)
        } else {
            Self::ALL
        }
    }

    #[must_use]
    pub(crate) fn hull(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }

    /// What both hold; all of `self` when they share nothing.
    #[must_use]
    pub(crate) fn within(self, other: Self) -> Self {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        if low <= high { Self { low, high } } else { self }
    }

    /// The sign alone: zero stays zero, everything else may be as large as you like.
    #[must_use]
    pub(crate) fn stretched(self) -> Self {
        self.times(Self::POSITIVE)
    }

    /// The least of two, number by number.
    #[must_use]
    pub(crate) fn least(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.min(other.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn interval() -> impl Strategy<Value = Interval> {
        (-4.0..4.0_f64, 0.0..4.0_f64).prop_map(|(low, width)| Interval::new(low, low + width))
    }

    fn holds(interval: Interval, value: f64) -> bool {
        // Rounding of one operation at magnitudes below a hundred.
        value >= interval.low - 1e-12 && value <= interval.high + 1e-12
    }

    proptest! {
        #[test]
        fn results_of_members_are_members(a in interval(), b in interval(), s in 0.0..=1.0_f64, t in 0.0..=1.0_f64) {
            let (x, y) = (a.low + s * (a.high - a.low), b.low + t * (b.high - b.low));
            prop_assert!(holds(a.plus(b), x + y));
            prop_assert!(holds(a.minus(b), x - y));
            prop_assert!(holds(a.times(b), x * y));
            prop_assert!(holds(a.least(b), x.min(y)));
            if y != 0.0 {
                prop_assert!(holds(b.inverse(), 1.0 / y));
            }
        }
    }

    #[test]
    fn nothing_times_anything_is_nothing() {
        assert_eq!(Interval::ZERO.times(Interval::ALL), Interval::ZERO);
        assert_eq!(Interval::UNIT.stretched(), Interval::POSITIVE);
        assert_eq!(Interval::at(f64::NAN), Interval::ALL);
    }
}
