//! Resolved expressions.
//!
//! Enters: nothing. Leaves: [`Expression`], plain data. Always holds: every name is an identifier, every
//! number is in base units (time in the model's time unit), every unit was checked, and every subscript of
//! a reference is either an element, bound by the declaration, or bound by an enclosing [`Reduction`]. A
//! subscript that is bound may be another than that of the reference, when all its elements are in it: a
//! second index over the same set, or a subset.

use contingent_syntax::Span;
use serde::{Deserialize, Serialize};

use crate::{EventId, LookupId, SubscriptId, VariableId};

/// How one subscript position of a reference is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Index {
    /// The element that the subscript has where the expression is evaluated.
    Bound(SubscriptId),
    /// A fixed element, by position.
    Element(SubscriptId, usize),
}

/// Operators with one operand. Conditions are 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnaryOperator {
    /// `-x`
    Negate,
    /// `not x`
    Not,
}

/// Operators with two operands. Conditions are 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BinaryOperator {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a ^ b`
    Power,
    /// `a < b`
    Less,
    /// `a <= b`
    LessOrEqual,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterOrEqual,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// `a and b`
    And,
    /// `a or b`
    Or,
}

/// Deterministic functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Function {
    /// `exp(x)`
    Exp,
    /// `log(x)`, natural
    Log,
    /// `sqrt(x)`
    Sqrt,
    /// `abs(x)`
    Abs,
    /// `floor(x)`
    Floor,
    /// `ceil(x)`
    Ceil,
    /// `round(x)`, halves away from zero
    Round,
    /// `logistic(x)` = 1 / (1 + exp(-x))
    Logistic,
    /// `sin(x)` of an angle in radians
    Sine,
    /// `cos(x)` of an angle in radians
    Cosine,
    /// `tan(x)` of an angle in radians
    Tangent,
    /// `arcsin(x)`, from -pi/2 to pi/2
    ArcSine,
    /// `arccos(x)`, from 0 to pi
    ArcCosine,
    /// `arctan(x)`, from -pi/2 to pi/2
    ArcTangent,
    /// `min(a, b, ...)`, two or more arguments
    Min,
    /// `max(a, b, ...)`, two or more arguments
    Max,
    /// `clamp(x, low, high)`
    Clamp,
    /// `noisy_or(p, q, ...)` = 1 - (1 - p) (1 - q) ..., two or more probabilities, cut to 0..1 (Pearl 1988)
    NoisyOr,
}

/// Chance within the dynamics, drawn each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Chance {
    /// `poisson(mean)`: a count per step. `per_time`: the mean is a rate; the count of Poisson(mean * dt)
    /// is divided by dt.
    Poisson {
        /// Whether the argument and the result are rates.
        per_time: bool,
    },
    /// `binomial(n, p)`. `per_time`: `p` is a hazard h; each of `n` leaves within the step with
    /// probability 1 - exp(-h dt), and the count is divided by dt.
    Binomial {
        /// Whether the second argument is a hazard and the result a rate.
        per_time: bool,
    },
    /// `normal(mean, sd)`.
    Normal,
    /// `uniform(low, high)`.
    Uniform,
    /// `bernoulli(p)`: 1 with probability `p`.
    Bernoulli,
}

/// Reductions over subscripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reduction {
    /// `sum`
    Sum,
    /// `mean`
    Mean,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `product`
    Product,
    /// `noisy_or`: 1 - the product of 1 - p, each p cut to 0..1 (Pearl 1988)
    NoisyOr,
}

/// An element that a reduction leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exclusion {
    /// The subscript that is run over, one of those of the reduction.
    pub subscript: SubscriptId,
    /// A fixed element of it, or the element that another subscript over the same set has here.
    pub excluded: Index,
}

/// What an expression asks of an event. All are state: they change with the stocks at the end of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventReading {
    /// `.count`: occurrences in the step that has just ended; 0 at the start.
    Count,
    /// `.total`: occurrences since the start.
    Total,
    /// `.happened`: 1 when it has occurred at least once, else 0.
    Happened,
}

/// What a window does with the values in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Window {
    /// `sum` of something per time: the step times the values at t - D .. t - dt.
    Integral,
    /// `sum` of anything else: the values at t - D + dt .. t added.
    Sum,
    /// `mean` of the values at t - D + dt .. t.
    Mean,
    /// `min` of the values at t - D + dt .. t.
    Min,
    /// `max` of the values at t - D + dt .. t.
    Max,
}

/// How the past enters an expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MemoryKind {
    /// `delay(x, D, order n)`: `n` levels in a row, each of which lets n / D of what it holds through
    /// (Forrester 1961); material is conserved.
    Delay {
        /// How long material stays on average.
        duration: Expression,
        /// Number of levels.
        order: u32,
    },
    /// `smooth(x, D, order n)`: `n` levels, each of which closes n / D of the gap to the one before it.
    Smooth {
        /// Average age of what is perceived.
        duration: Expression,
        /// Number of levels.
        order: u32,
    },
    /// `lag(x, D)`: the value that long ago.
    Lag {
        /// How many steps ago, at least 1.
        steps: usize,
    },
    /// `sum(x over D)` and the like. Before the start there is nothing.
    Window {
        /// What is done with the values.
        window: Window,
        /// Number of values, at least 1.
        steps: usize,
    },
    /// `ever(C)`: 1 at t when the condition held at some time up to t.
    Ever,
}

/// A function that remembers. Levels and past values are state: known at t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Tells this place of the text from all others of the model; nothing random depends on it.
    pub id: u32,
    /// What is remembered, and how.
    pub kind: MemoryKind,
    /// Of what.
    pub body: Expression,
    /// The value at the start; without it that of the body.
    pub initially: Option<Expression>,
    /// Subscripts bound outside on whose elements it depends.
    pub subscripts: Vec<SubscriptId>,
    /// Whether chance is drawn inside, so that each place in which it stands has draws of its own.
    pub has_chance: bool,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

impl Memory {
    /// Its parts, in the order in which they are written.
    pub fn parts(&self) -> impl Iterator<Item = &Expression> {
        let duration = match &self.kind {
            MemoryKind::Delay { duration, .. } | MemoryKind::Smooth { duration, .. } => Some(duration),
            MemoryKind::Lag { .. } | MemoryKind::Window { .. } | MemoryKind::Ever => None,
        };
        [Some(&self.body), duration, self.initially.as_ref()].into_iter().flatten()
    }

    /// The parts on whose values at t its own value at t depends.
    pub fn present_parts(&self) -> impl Iterator<Item = &Expression> {
        let (duration, body) = match &self.kind {
            MemoryKind::Delay { duration, .. } => (Some(duration), None),
            MemoryKind::Smooth { .. }
            | MemoryKind::Lag { .. }
            | MemoryKind::Window { window: Window::Integral, .. } => (None, None),
            MemoryKind::Window { .. } | MemoryKind::Ever => (None, Some(&self.body)),
        };
        [duration, body].into_iter().flatten()
    }

    /// The part that gives its value at the start; none when it starts at zero.
    pub fn start_part(&self) -> Option<&Expression> {
        match &self.kind {
            MemoryKind::Window { window: Window::Integral, .. } => None,
            MemoryKind::Window { .. } | MemoryKind::Ever => Some(&self.body),
            MemoryKind::Delay { .. } | MemoryKind::Smooth { .. } | MemoryKind::Lag { .. } => {
                Some(self.initially.as_ref().unwrap_or(&self.body))
            }
        }
    }
}

/// A resolved expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Expression {
    /// A constant in base units; conditions are 0 or 1.
    Number(f64),
    /// Time since the start, in the model's time unit.
    Time,
    /// The position of the element that the subscript has here, as a number.
    Position(SubscriptId),
    /// The value of a variable. One index per subscript of the variable, in its order.
    Variable {
        /// The variable.
        variable: VariableId,
        /// One index per subscript.
        indices: Vec<Index>,
    },
    /// A reading of an event. One index per subscript of the event, in its order.
    Event {
        /// The event.
        event: EventId,
        /// Which reading.
        reading: EventReading,
        /// One index per subscript.
        indices: Vec<Index>,
    },
    /// An operator with one operand.
    Unary(UnaryOperator, Box<Expression>),
    /// An operator with two operands.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `if condition then a else b`.
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    /// One alternative per element of a subscript or alternative of a category: the value of `selector`
    /// (a position) picks one of `alternatives`. Covers `match` and element tables.
    Select {
        /// Evaluates to a position 0, 1, ...
        selector: Box<Expression>,
        /// One expression per position.
        alternatives: Vec<Expression>,
    },
    /// A deterministic function.
    Call(Function, Vec<Expression>),
    /// A draw, keyed by the name of the declaration it stands in, the subscripts of that declaration, the
    /// step, and `ordinal`, its position among the draws written in that declaration (0, 1, ...).
    Draw {
        /// Which distribution.
        chance: Chance,
        /// Position among the draws of the declaration.
        ordinal: u32,
        /// Arguments.
        arguments: Vec<Expression>,
    },
    /// A reduction of `body` over all elements of each subscript in `over`.
    Reduce {
        /// Which reduction.
        reduction: Reduction,
        /// Subscripts that are bound within `body`.
        over: Vec<SubscriptId>,
        /// Elements that are left out. Over nothing, a sum and a noisy-or are 0 and a product is 1; the others
        /// are refused where that is known, and are not a number else.
        except: Vec<Exclusion>,
        /// The reduced expression.
        body: Box<Expression>,
    },
    /// A lookup at a value.
    Lookup(LookupId, Box<Expression>),
    /// Something remembered.
    Memory(Box<Memory>),
}
