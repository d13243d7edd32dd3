//! The primitive operations of which machine code is made, and the tracer that finds them.
//!
//! Enters: arithmetic written over [`Lane`] and [`Word`], called with [`Traced`] numbers. Leaves: a [`Trace`], a list
//! of primitives, operands first. Always holds: equal primitives are one value; an operation on constants is
//! done here, exactly as the machine would do it; a traced function is the function itself, so its bits are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Lane, Word};

/// A position in a [`Trace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Value(pub(super) u32);

impl Value {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Primitives with two operands, on numbers or on their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pair {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// `a < b ? a : b`, x86 `minpd`.
    Minimum,
    /// `a > b ? a : b`, x86 `maxpd`.
    Maximum,
    And,
    Or,
    ExclusiveOr,
    AddWords,
    SubtractWords,
    /// The 64-bit product of the low halves.
    MultiplyLowHalves,
}

impl Pair {
    /// The bits of the result for the bits of the operands.
    pub(super) fn apply(self, a: u64, b: u64) -> u64 {
        let (x, y) = (f64::from_bits(a), f64::from_bits(b));
        match self {
            Self::Add => (x + y).to_bits(),
            Self::Subtract => (x - y).to_bits(),
            Self::Multiply => (x * y).to_bits(),
            Self::Divide => (x / y).to_bits(),
            Self::Minimum => {
                if x < y {
                    a
                } else {
                    b
                }
            }
            Self::Maximum => {
                if x > y {
                    a
                } else {
                    b
                }
            }
            Self::And => a & b,
            Self::Or => a | b,
            Self::ExclusiveOr => a ^ b,
            Self::AddWords => a.wrapping_add(b),
            Self::SubtractWords => a.wrapping_sub(b),
            Self::MultiplyLowHalves => (a & 0xffff_ffff) * (b & 0xffff_ffff),
        }
    }
}

/// Comparisons; false where an operand is not a number, except the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Predicate {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    /// Either is not a number.
    Unordered,
}

/// How a number becomes whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Rounding {
    Floor,
    Ceiling,
}

/// One primitive over all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Primitive {
    /// A register of lanes as it is when the region begins.
    Register(u32),
    /// The same bits in all lanes.
    Constant(u64),
    /// The draw of each lane, as a word.
    Draw,
    /// The replication of each lane, as a word.
    Replication,
    /// Half the step, as a word.
    StepPair,
    /// A round key of a stream.
    Key {
        stream: u32,
        word: u32,
    },
    Pair(Pair, Value, Value),
    ShiftLeft(Value, u8),
    ShiftRight(Value, u8),
    SquareRoot(Value),
    Round(Rounding, Value),
    /// `x ? y`: then the third, else the fourth.
    Select(Predicate, [Value; 4]),
}

impl Primitive {
    /// Its operands, in order.
    pub(super) fn operands(&self) -> impl Iterator<Item = Value> {
        let (operands, n) = match *self {
            Self::Register(_)
            | Self::Constant(_)
            | Self::Draw
            | Self::Replication
            | Self::StepPair
            | Self::Key { .. } => ([Value(0); 4], 0),
            Self::Pair(_, a, b) => ([a, b, a, a], 2),
            Self::ShiftLeft(a, _) | Self::ShiftRight(a, _) | Self::SquareRoot(a) | Self::Round(_, a) => {
                ([a; 4], 1)
            }
            Self::Select(_, operands) => (operands, 4),
        };
        operands.into_iter().take(n)
    }

    /// Whether it is there without being computed.
    pub(super) fn is_leaf(&self) -> bool {
        self.operands().next().is_none()
    }
}

/// Primitives in an order in which operands come first.
#[derive(Debug, Default)]
pub(super) struct Trace {
    primitives: Vec<Primitive>,
    known: HashMap<Primitive, Value>,
}

impl Trace {
    pub(super) fn primitives(&self) -> &[Primitive] {
        &self.primitives
    }

    pub(super) fn value(&mut self, primitive: Primitive) -> Value {
        let primitive = self.folded(primitive);
        if let Some(&known) = self.known.get(&primitive) {
            return known;
        }
        let value = Value(self.primitives.len() as u32);
        self.primitives.push(primitive);
        self.known.insert(primitive, value);
        value
    }

    fn constant(&self, value: Value) -> Option<u64> {
        match self.primitives[value.index()] {
            Primitive::Constant(bits) => Some(bits),
            _ => None,
        }
    }

    fn folded(&self, primitive: Primitive) -> Primitive {
        let folded = match primitive {
            Primitive::Pair(pair, a, b) => {
                self.constant(a).zip(self.constant(b)).map(|(a, b)| pair.apply(a, b))
            }
            Primitive::ShiftLeft(a, count) => self.constant(a).map(|a| a << count),
            Primitive::ShiftRight(a, count) => self.constant(a).map(|a| a >> count),
            _ => None,
        };
        folded.map_or(primitive, Primitive::Constant)
    }
}

/// A number that remembers how it was made.
#[derive(Clone, Copy)]
pub(super) struct Traced<'t> {
    trace: &'t RefCell<Trace>,
    value: Value,
}

impl<'t> Traced<'t> {
    pub(super) fn leaf(trace: &'t RefCell<Trace>, primitive: Primitive) -> Self {
        Self { trace, value: trace.borrow_mut().value(primitive) }
    }

    pub(super) fn value(self) -> Value {
        self.value
    }

    fn make(self, primitive: Primitive) -> Self {
        Self::leaf(self.trace, primitive)
    }

    fn pair(self, pair: Pair, other: Self) -> Self {
        self.make(Primitive::Pair(pair, self.value, other.value))
    }

    pub(super) fn number(self, value: f64) -> Self {
        self.make(Primitive::Constant(value.to_bits()))
    }

    /// `a` where the comparison with `other` holds, else `b`.
    pub(super) fn select(self, predicate: Predicate, other: Self, a: Self, b: Self) -> Self {
        self.make(Primitive::Select(predicate, [self.value, other.value, a.value, b.value]))
    }

    pub(super) fn round(self, rounding: Rounding) -> Self {
        self.make(Primitive::Round(rounding, self.value))
    }

    /// `self < other ? self : other`.
    pub(super) fn minimum(self, other: Self) -> Self {
        self.pair(Pair::Minimum, other)
    }

    /// `self > other ? self : other`.
    pub(super) fn maximum(self, other: Self) -> Self {
        self.pair(Pair::Maximum, other)
    }
}

impl Add for Traced<'_> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.pair(Pair::Add, other)
    }
}

impl Sub for Traced<'_> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.pair(Pair::Subtract, other)
    }
}

impl Mul for Traced<'_> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.pair(Pair::Multiply, other)
    }
}

impl Div for Traced<'_> {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        self.pair(Pair::Divide, other)
    }
}

impl Neg for Traced<'_> {
    type Output = Self;

    fn neg(self) -> Self {
        self.pair(Pair::ExclusiveOr, self.number(-0.0))
    }
}

impl<'t> Lane for Traced<'t> {
    type Word = Traced<'t>;

    fn constant(self, value: f64) -> Self {
        self.number(value)
    }

    fn select_less(self, other: Self, yes: Self, no: Self) -> Self {
        self.select(Predicate::Less, other, yes, no)
    }

    fn square_root(self) -> Self {
        self.make(Primitive::SquareRoot(self.value))
    }

    fn word(self) -> Self {
        self
    }

    fn lesser(self, other: Self) -> Self {
        self.minimum(other)
    }

    fn greater(self, other: Self) -> Self {
        self.maximum(other)
    }
}

impl<'t> Word for Traced<'t> {
    type Real = Traced<'t>;

    fn constant(self, value: u64) -> Self {
        self.make(Primitive::Constant(value))
    }

    fn real(self) -> Self {
        self
    }

    fn plus(self, other: Self) -> Self {
        self.pair(Pair::AddWords, other)
    }

    fn minus(self, other: Self) -> Self {
        self.pair(Pair::SubtractWords, other)
    }

    fn and(self, other: Self) -> Self {
        self.pair(Pair::And, other)
    }

    fn or(self, other: Self) -> Self {
        self.pair(Pair::Or, other)
    }

    fn xor(self, other: Self) -> Self {
        self.pair(Pair::ExclusiveOr, other)
    }

    fn shift_left(self, count: u32) -> Self {
        self.make(Primitive::ShiftLeft(self.value, count as u8))
    }

    fn shift_right(self, count: u32) -> Self {
        self.make(Primitive::ShiftRight(self.value, count as u8))
    }

    fn multiply_low_halves(self, other: Self) -> Self {
        self.pair(Pair::MultiplyLowHalves, other)
    }
}
