//! A number of each of several councils that bargain side by side.
//!
//! Enters and leaves: `W` numbers. Always holds: every operation is done on each number alone and is exact, so that the number
//! of a council does not depend on its neighbours.

#![expect(
    clippy::inline_always,
    reason = "loops over councils vectorise for the instruction set of the caller only where all is inlined"
)]

use std::ops::{Add, Div, Mul, Neg, Sub};

/// One number of each of `W` councils.
#[derive(Clone, Copy, Debug)]
pub(super) struct Each<const W: usize>(pub(super) [f64; W]);

/// A method that does the same to each number: loops and not closures, which are not compiled for the vectors of their callers.
macro_rules! each {
    ($at:ident => $number:expr) => {{
        let mut numbers = [0.0; W];
        for ($at, number) in numbers.iter_mut().enumerate() {
            *number = $number;
        }
        Self(numbers)
    }};
}

impl<const W: usize> Each<W> {
    #[inline(always)]
    pub(super) fn all(value: f64) -> Self {
        Self([value; W])
    }

    /// What is above 0; 0 where it is not, or is not a number.
    #[inline(always)]
    pub(super) fn positive_part(self) -> Self {
        each!(at => if self.0[at] > 0.0 { self.0[at] } else { 0.0 })
    }

    /// The number, or 1 where it is more or is not a number.
    #[inline(always)]
    pub(super) fn at_most_one(self) -> Self {
        each!(at => if self.0[at] < 1.0 { self.0[at] } else { 1.0 })
    }

    #[inline(always)]
    pub(super) fn square_root(self) -> Self {
        each!(at => self.0[at].sqrt())
    }

    #[inline(always)]
    pub(super) fn floor(self) -> Self {
        each!(at => self.0[at].floor())
    }

    /// `then` where `self` is more than `other`, `or_else` elsewhere.
    #[inline(always)]
    pub(super) fn where_more(self, other: Self, then: Self, or_else: Self) -> Self {
        each!(at => if self.0[at] > other.0[at] { then.0[at] } else { or_else.0[at] })
    }

    /// `then` where `self` equals `other`, `or_else` elsewhere.
    #[inline(always)]
    pub(super) fn where_same(self, other: Self, then: Self, or_else: Self) -> Self {
        each!(at => if self.0[at] == other.0[at] { then.0[at] } else { or_else.0[at] })
    }

    /// Whether one of them is this number.
    #[inline(always)]
    pub(super) fn has(self, value: f64) -> bool {
        let mut found = false;
        for number in self.0 {
            found |= number == value;
        }
        found
    }

    /// Whether all of them are this number.
    #[inline(always)]
    pub(super) fn is_all(self, value: f64) -> bool {
        let mut same = true;
        for number in self.0 {
            same &= number == value;
        }
        same
    }
}

impl<const W: usize> Add for Each<W> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        each!(at => self.0[at] + other.0[at])
    }
}

impl<const W: usize> Sub for Each<W> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        each!(at => self.0[at] - other.0[at])
    }
}

impl<const W: usize> Mul for Each<W> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        each!(at => self.0[at] * other.0[at])
    }
}

impl<const W: usize> Div for Each<W> {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        each!(at => self.0[at] / other.0[at])
    }
}

impl<const W: usize> Neg for Each<W> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        each!(at => -self.0[at])
    }
}
