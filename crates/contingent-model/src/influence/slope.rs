//! How an expression moves when one thing that it refers to rises.
//!
//! Enters: resolved expressions, and the interval that every variable lies in. Leaves: the interval of an
//! expression and the interval of its slope in one cause. Always holds: the slope encloses every partial
//! derivative, taken element by element; a jump upwards counts as a slope from zero to infinity. Draws are
//! followed as quantiles: a Poisson or binomial count never falls when its mean rises, whatever the luck.

use super::Node;
use super::interval::Interval;
use crate::checked::{CheckedModel, Destination, Shape, SubscriptId, VariableKind};
use crate::expression::{
    BinaryOperator, Chance, EventReading, Exclusion, Expression, Function, Memory, MemoryKind, Reduction,
    UnaryOperator, Window,
};

/// What is asked to rise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Nothing.
    Nothing,
    /// Something, all the time.
    Now(Node),
    /// Something, but only what it gives to the start of what is remembered.
    AtStart(Node),
}

/// The interval of a value and of its slope in the cause that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Enclosure {
    pub(super) value: Interval,
    pub(super) slope: Interval,
}

impl Enclosure {
    fn fixed(value: Interval) -> Self {
        Self { value, slope: Interval::ZERO }
    }

    fn plus(self, other: Self) -> Self {
        Self { value: self.value.plus(other.value), slope: self.slope.plus(other.slope) }
    }

    fn negated(self) -> Self {
        Self { value: self.value.negated(), slope: self.slope.negated() }
    }

    fn times(self, other: Self) -> Self {
        Self {
            value: self.value.times(other.value),
            slope: self.slope.times(other.value).plus(self.value.times(other.slope)),
        }
    }

    /// One or the other, and nobody knows which.
    fn either(self, other: Self) -> Self {
        Self { value: self.value.hull(other.value), slope: self.slope.hull(other.slope) }
    }

    /// A condition that turns true when `rising` does.
    fn condition(rising: Interval) -> Self {
        Self { value: Interval::UNIT, slope: rising.stretched() }
    }

    fn least(self, other: Self) -> Self {
        if self.value.high <= other.value.low {
            self
        } else if other.value.high <= self.value.low {
            other
        } else {
            Self { value: self.value.least(other.value), slope: self.slope.hull(other.slope) }
        }
    }

    fn greatest(self, other: Self) -> Self {
        self.negated().least(other.negated()).negated()
    }
}

/// Encloses expressions of one model.
pub(super) struct Encloser<'m> {
    pub(super) model: &'m CheckedModel,
    /// The interval of each variable.
    pub(super) values: Vec<Interval>,
    /// Whether draws stand for their averages.
    pub(super) averages: bool,
}

impl Encloser<'_> {
    /// The interval of an expression.
    pub(super) fn value(&self, expression: &Expression) -> Interval {
        self.enclose(expression, Cause::Nothing).value
    }

    /// The interval of an expression and of its slope in `cause`.
    pub(super) fn enclose(&self, expression: &Expression, cause: Cause) -> Enclosure {
        let of = |expression: &Expression| self.enclose(expression, cause);
        match expression {
            Expression::Number(value) => Enclosure::fixed(Interval::at(*value)),
            Expression::Time => {
                let clock = &self.model.clock;
                Enclosure::fixed(Interval::new(0.0, clock.n_steps as f64 * clock.dt))
            }
            Expression::Position(subscript) => {
                let n = self.model.subscripts[subscript.index()].elements.len();
                Enclosure::fixed(Interval::new(0.0, n.saturating_sub(1) as f64))
            }
            Expression::Variable { variable, indices } => Enclosure {
                value: self.values[variable.index()],
                slope: slope_of_reference(cause == Cause::Now(Node::Variable(*variable)), indices.is_empty()),
            },
            Expression::Event { event, reading, indices } => {
                let slope = slope_of_reference(cause == Cause::Now(Node::Event(*event)), indices.is_empty());
                match reading {
                    EventReading::Happened => Enclosure { value: Interval::UNIT, slope: slope.stretched() },
                    EventReading::Count | EventReading::Total => {
                        Enclosure { value: Interval::POSITIVE, slope }
                    }
                }
            }
            Expression::Unary(UnaryOperator::Negate, inner) => of(inner).negated(),
            Expression::Unary(UnaryOperator::Not, inner) => {
                Enclosure::fixed(Interval::ONE).plus(of(inner).negated())
            }
            Expression::Binary(operator, left, right) => self.binary(*operator, left, right, cause),
            Expression::If(condition, yes, no) => {
                let condition = of(condition);
                // Only a condition that moves makes the step between the branches matter: without this, branches
                // within branches would be looked at twice each.
                let rise = if condition.slope.is_zero() { Interval::ZERO } else { self.difference(yes, no) };
                let (yes, no) = (of(yes), of(no));
                if condition.value == Interval::ONE {
                    return yes;
                }
                if condition.value == Interval::ZERO {
                    return no;
                }
                let either = yes.either(no);
                Enclosure { value: either.value, slope: either.slope.plus(condition.slope.times(rise)) }
            }
            Expression::Select { selector, alternatives } => self.select(selector, alternatives, cause),
            Expression::Call(function, arguments) => self.call(*function, arguments, cause),
            Expression::Draw { chance, arguments, .. } => self.draw(*chance, arguments, cause),
            Expression::Reduce { reduction, over, except, body } => {
                self.reduce(*reduction, self.n_reduced(over, except), of(body))
            }
            Expression::Memory(memory) => self.memory(memory, cause),
            Expression::Lookup(lookup, argument) => {
                let lookup = &self.model.lookups[lookup.index()];
                table(&lookup.points, lookup.shape, of(argument))
            }
        }
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        cause: Cause,
    ) -> Enclosure {
        use BinaryOperator as B;
        if operator == B::Divide
            && let Some(share) = self.share_of_sum(left, right, cause)
        {
            return share;
        }
        if matches!(operator, B::Equal | B::NotEqual) {
            let equal = self.equal(left, right, cause);
            return if operator == B::Equal {
                equal
            } else {
                Enclosure::fixed(Interval::ONE).plus(equal.negated())
            };
        }
        let (a, b) = (self.enclose(left, cause), self.enclose(right, cause));
        match operator {
            B::Add => a.plus(b),
            B::Subtract => a.plus(b.negated()),
            B::Multiply => {
                // A square is never negative.
                let product = a.times(b);
                if left == right {
                    let value = product.value.within(Interval::POSITIVE);
                    return Enclosure { value, slope: product.slope };
                }
                product
            }
            B::Divide => {
                let inverse = b.value.inverse();
                // (1/b)' = -b' / b^2; the square is never negative even where b may be zero.
                let square = inverse.times(inverse).within(Interval::POSITIVE);
                let slope = b.slope.negated().times(square);
                a.times(Enclosure { value: inverse, slope })
            }
            B::Power => power(a, b),
            B::Less | B::LessOrEqual => {
                if a.value.high < b.value.low {
                    Enclosure::fixed(Interval::ONE)
                } else {
                    Enclosure::condition(b.slope.minus(a.slope))
                }
            }
            B::Greater | B::GreaterOrEqual => {
                if a.value.low > b.value.high {
                    Enclosure::fixed(Interval::ONE)
                } else {
                    Enclosure::condition(a.slope.minus(b.slope))
                }
            }
            B::And => a.times(b),
            B::Or => {
                let none = Enclosure::fixed(Interval::ONE);
                let neither = none.plus(a.negated()).times(none.plus(b.negated()));
                none.plus(neither.negated())
            }
            B::Equal | B::NotEqual => unreachable!("handled above"),
        }
    }

    /// How much the first is above the second: what is written as the larger of both is never below either.
    fn difference(&self, first: &Expression, second: &Expression) -> Interval {
        let holds = |whole: &Expression, part: &Expression, wanted: Function| matches!(whole, Expression::Call(function, parts) if *function == wanted && parts.contains(part));
        if first == second {
            Interval::ZERO
        } else if holds(first, second, Function::Max) || holds(second, first, Function::Min) {
            Interval::POSITIVE
        } else if holds(first, second, Function::Min) || holds(second, first, Function::Max) {
            Interval::POSITIVE.negated()
        } else {
            // Terms that both sums have cancel.
            let (mut more, mut less) = (Vec::new(), Vec::new());
            flatten(first, &mut more);
            flatten(second, &mut less);
            more.retain(|term| match less.iter().position(|other| other == term) {
                Some(position) => {
                    less.remove(position);
                    false
                }
                None => true,
            });
            let total = |terms: Vec<&Expression>| {
                terms.into_iter().map(|term| self.value(term)).fold(Interval::ZERO, Interval::plus)
            };
            total(more).minus(total(less))
        }
    }

    /// `a == b`. A category is at its last alternative the more, the higher its position.
    fn equal(&self, left: &Expression, right: &Expression, cause: Cause) -> Enclosure {
        let (a, b) = (self.enclose(left, cause), self.enclose(right, cause));
        let (moving, fixed) = if b.slope.is_zero() { (a, b) } else { (b, a) };
        if !fixed.slope.is_zero() {
            return Enclosure { value: Interval::UNIT, slope: Interval::ALL };
        }
        let slope = if moving.slope.is_zero() {
            Interval::ZERO
        } else if fixed.value.low >= moving.value.high {
            moving.slope.stretched()
        } else if fixed.value.high <= moving.value.low {
            moving.slope.negated().stretched()
        } else {
            Interval::ALL
        };
        Enclosure { value: Interval::UNIT, slope }
    }

    /// `a / (a + rest)` with nothing negative: what raises `a` raises the share, although it is below the
    /// line too. The slope has the sign of a' rest - a rest'.
    fn share_of_sum(&self, left: &Expression, right: &Expression, cause: Cause) -> Option<Enclosure> {
        let mut terms = Vec::new();
        flatten(right, &mut terms);
        if terms.len() < 2 {
            return None;
        }
        let own = terms.iter().position(|term| *term == left)?;
        terms.remove(own);
        let part = self.enclose(left, cause);
        let rest = terms
            .into_iter()
            .map(|term| self.enclose(term, cause))
            .fold(Enclosure::fixed(Interval::ZERO), Enclosure::plus);
        if !(part.value.is_never_negative() && rest.value.is_never_negative()) {
            return None;
        }
        let slope = part.slope.times(rest.value).minus(part.value.times(rest.slope));
        Some(Enclosure { value: Interval::UNIT, slope: slope.stretched() })
    }

    fn select(&self, selector: &Expression, alternatives: &[Expression], cause: Cause) -> Enclosure {
        let position = self.enclose(selector, cause);
        let parts: Vec<Enclosure> = alternatives.iter().map(|part| self.enclose(part, cause)).collect();
        let Some((&first, rest)) = parts.split_first() else {
            return Enclosure::fixed(Interval::ALL);
        };
        let either = rest.iter().fold(first, |all, &part| all.either(part));
        // Steps between neighbours tell whether a higher position means more.
        let step = parts
            .windows(2)
            .map(|pair| pair[1].value.minus(pair[0].value))
            .reduce(Interval::hull)
            .unwrap_or(Interval::ZERO);
        let slope = either.slope.plus(position.slope.stretched().times(step.stretched()));
        Enclosure { value: either.value, slope }
    }

    fn call(&self, function: Function, arguments: &[Expression], cause: Cause) -> Enclosure {
        let parts: Vec<Enclosure> = arguments.iter().map(|argument| self.enclose(argument, cause)).collect();
        let Some(&x) = parts.first() else { return Enclosure::fixed(Interval::ALL) };
        let rising = |value: Interval| Enclosure { value, slope: x.slope.stretched() };
        let zero_or = |is: bool, otherwise: f64| if is { 0.0 } else { otherwise };
        match function {
            Function::Exp => rising(Interval::new(
                if x.value.low >= 0.0 { 1.0 } else { 0.0 },
                if x.value.high <= 0.0 { 1.0 } else { f64::INFINITY },
            )),
            Function::Log => rising(Interval::new(
                zero_or(x.value.low >= 1.0, f64::NEG_INFINITY),
                zero_or(x.value.high <= 1.0, f64::INFINITY),
            )),
            Function::Sqrt => {
                rising(Interval::new(x.value.low.max(0.0).sqrt(), x.value.high.max(0.0).sqrt()))
            }
            Function::Logistic => rising(Interval::UNIT),
            Function::Sine | Function::Cosine => {
                Enclosure { value: Interval::new(-1.0, 1.0), slope: Interval::ALL.times(x.slope) }
            }
            Function::Tangent => Enclosure { value: Interval::ALL, slope: Interval::ALL.times(x.slope) },
            Function::ArcSine | Function::ArcTangent => rising(Interval::new(-HALF_TURN, HALF_TURN)),
            Function::ArcCosine => {
                Enclosure { value: Interval::new(0.0, 2.0 * HALF_TURN), slope: x.slope.stretched().negated() }
            }
            Function::Floor => rising(Interval::new(x.value.low.floor(), x.value.high.floor())),
            Function::Ceil => rising(Interval::new(x.value.low.ceil(), x.value.high.ceil())),
            Function::Round => rising(Interval::new(x.value.low.round(), x.value.high.round())),
            Function::Abs => x.greatest(x.negated()).within_positive(),
            Function::Min => parts[1..].iter().fold(x, |least, &part| least.least(part)),
            Function::Max => parts[1..].iter().fold(x, |most, &part| most.greatest(part)),
            Function::Clamp => match parts.as_slice() {
                [x, low, high] => x.least(*high).greatest(*low),
                _ => Enclosure::fixed(Interval::ALL),
            },
            Function::NoisyOr => {
                let one = Enclosure::fixed(Interval::ONE);
                let none_of = parts
                    .iter()
                    .map(|part| one.plus(part.as_probability().negated()))
                    .fold(one, Enclosure::times);
                let any = one.plus(none_of.negated());
                Enclosure { value: any.value.within(Interval::UNIT), slope: any.slope }
            }
        }
    }

    fn draw(&self, chance: Chance, arguments: &[Expression], cause: Cause) -> Enclosure {
        let parts: Vec<Enclosure> = arguments.iter().map(|argument| self.enclose(argument, cause)).collect();
        match (chance, parts.as_slice()) {
            (Chance::Poisson { .. }, [mean]) if self.averages => *mean,
            // Per time, each goes within a step with 1 - exp(-h dt): the average never exceeds n h, and no step
            // is too long for it. The bound from below is what is asked for.
            (Chance::Binomial { per_time: true }, [_, _]) if self.averages => {
                Enclosure { value: Interval::POSITIVE, slope: Interval::ALL }
            }
            (Chance::Binomial { per_time: false }, [n, p]) if self.averages => n.times(*p),
            (Chance::Poisson { .. }, [mean]) => {
                Enclosure { value: Interval::POSITIVE, slope: mean.slope.stretched() }
            }
            (Chance::Bernoulli, [p]) => Enclosure { value: Interval::UNIT, slope: p.slope.stretched() },
            (Chance::Binomial { .. }, [n, p]) => {
                Enclosure { value: Interval::POSITIVE, slope: n.slope.stretched().plus(p.slope.stretched()) }
            }
            // What widens a normal raises it or lowers it, as luck has it.
            (Chance::Normal, [mean, spread]) => {
                Enclosure { value: Interval::ALL, slope: mean.slope.plus(spread.slope.times(Interval::ALL)) }
            }
            (Chance::Uniform, [low, high]) => Enclosure {
                value: low.value.hull(high.value),
                slope: low.slope.times(Interval::UNIT).plus(high.slope.times(Interval::UNIT)),
            },
            _ => Enclosure::fixed(Interval::ALL),
        }
    }

    #[expect(clippy::unused_self, reason = "a rule of the encloser like the others")]
    fn reduce(&self, reduction: Reduction, all: Interval, body: Enclosure) -> Enclosure {
        match reduction {
            Reduction::Sum => Enclosure { value: body.value.times(all), slope: body.slope.times(all) },
            Reduction::Mean | Reduction::Min | Reduction::Max => body,
            Reduction::Product => {
                let value = if body.value.low >= 0.0 && body.value.high <= 1.0 {
                    Interval::UNIT
                } else if body.value.low >= 0.0 {
                    Interval::POSITIVE
                } else {
                    Interval::ALL
                };
                Enclosure { value, slope: body.slope.times(value.stretched()) }
            }
            // Each adds at most what it would alone.
            Reduction::NoisyOr => Enclosure {
                value: Interval::UNIT,
                slope: body.as_probability().slope.times(Interval::new(0.0, all.high)),
            },
        }
    }

    /// How many elements a reduction runs over; what is left out may not be among them.
    fn n_reduced(&self, over: &[SubscriptId], except: &[Exclusion]) -> Interval {
        let (mut least, mut most) = (1, 1);
        for id in over {
            let n = self.model.subscripts[id.index()].elements.len();
            let n_excluded = except.iter().filter(|one| one.subscript == *id).count();
            least *= n.saturating_sub(n_excluded);
            most *= n;
        }
        Interval::new(least as f64, most as f64)
    }

    /// What is remembered lies in what was ever there. A rise is taken as one that lasts: it enters sooner or later,
    /// so that the slope reaches from nothing to that of the present value.
    fn memory(&self, memory: &Memory, cause: Cause) -> Enclosure {
        let body = self.enclose(&memory.body, cause);
        let start = memory.initially.as_ref().map(|initially| {
            let cause = match cause {
                Cause::AtStart(node) => Cause::Now(node),
                Cause::Now(_) | Cause::Nothing => Cause::Nothing,
            };
            self.enclose(initially, cause)
        });
        let past = start.map_or(body, |start| Enclosure {
            value: body.value.hull(start.value),
            slope: body.slope.times(Interval::UNIT).plus(start.slope.times(Interval::UNIT)),
        });
        let lasting = Enclosure { value: past.value, slope: past.slope.times(Interval::UNIT) };
        // A longer time brings forward more of what was less, or the other way round.
        let by_duration = |duration: &Expression| {
            let slope = self.enclose(duration, cause).slope;
            if slope.is_zero() { Interval::ZERO } else { Interval::ALL }
        };
        match &memory.kind {
            MemoryKind::Delay { duration, .. } => {
                // A time that gets shorter lets out at once what came in over long.
                let is_steady = self.is_steady(duration);
                Enclosure {
                    value: if is_steady { past.value } else { past.value.hull(Interval::ZERO).stretched() },
                    slope: if is_steady { lasting.slope } else { past.slope.stretched() }
                        .plus(by_duration(duration)),
                }
            }
            MemoryKind::Smooth { duration, .. } => {
                Enclosure { value: past.value, slope: lasting.slope.plus(by_duration(duration)) }
            }
            MemoryKind::Lag { .. } => lasting,
            MemoryKind::Window { window, steps } => {
                let many = *steps as f64;
                match window {
                    Window::Integral => {
                        let length = Enclosure::fixed(Interval::new(0.0, many * self.model.clock.dt));
                        body.times(length)
                    }
                    Window::Sum => body.times(Enclosure::fixed(Interval::new(1.0, many))),
                    Window::Mean | Window::Min | Window::Max => lasting,
                }
            }
            MemoryKind::Ever => {
                Enclosure { value: body.value.within(Interval::UNIT), slope: body.slope.stretched() }
            }
        }
    }

    /// Whether a value is the same at every time of a run.
    fn is_steady(&self, expression: &Expression) -> bool {
        let mut is_steady = true;
        crate::check::each_resolved(expression, &mut |part| {
            is_steady &= match part {
                Expression::Time
                | Expression::Event { .. }
                | Expression::Draw { .. }
                | Expression::Memory(_) => false,
                Expression::Variable { variable, .. } => matches!(
                    self.model.variable(*variable).kind,
                    VariableKind::Assumption { .. } | VariableKind::Mechanism { .. }
                ),
                _ => true,
            };
        });
        is_steady
    }

    /// The share of a flow that goes to each of its destinations, and its slope in the cause.
    pub(super) fn shares(&self, to: &[Destination], cause: Cause) -> Vec<Enclosure> {
        let one = Enclosure::fixed(Interval::ONE);
        let mut left = one;
        to.iter()
            .map(|destination| match &destination.share {
                Some(share) => {
                    let share = self.enclose(share, cause).as_probability();
                    left = left.plus(share.negated());
                    share
                }
                None => Enclosure { value: left.value.within(Interval::UNIT), slope: left.slope },
            })
            .collect()
    }

    /// The interval of a variable from what it is declared to be, or from its definition.
    pub(super) fn bounds(&self, kind: &VariableKind, is_share: bool) -> Interval {
        let computed = match kind {
            VariableKind::Stock { signed: false, .. } => Interval::POSITIVE,
            VariableKind::Stock { signed: true, .. } => Interval::ALL,
            VariableKind::Flow { rate, .. } => return self.value(rate),
            VariableKind::Auxiliary { definition } => self.value(definition),
            VariableKind::Lever { low, high, .. } => return Interval::new(*low, *high),
            VariableKind::Mechanism { alternatives, .. } => return positions(alternatives.len()),
            VariableKind::Decision(decision) => return positions(decision.options.len()),
            VariableKind::Position(_) => return Interval::UNIT,
            VariableKind::Assumption { .. } => return Interval::ALL,
            VariableKind::Input(input) => {
                let values = input.series.iter().flat_map(|series| series.iter());
                let values = values.map(|&value| Interval::at(value)).reduce(Interval::hull);
                return values.unwrap_or(Interval::ALL);
            }
        };
        if is_share { computed.within(Interval::UNIT) } else { computed }
    }
}

impl Enclosure {
    /// Cut to what a probability can be.
    fn as_probability(self) -> Self {
        self.least(Self::fixed(Interval::ONE)).greatest(Self::fixed(Interval::ZERO))
    }

    fn within_positive(self) -> Self {
        Self { value: self.value.within(Interval::POSITIVE), slope: self.slope }
    }
}

/// Positions of so many alternatives.
pub(super) fn positions(n: usize) -> Interval {
    Interval::new(0.0, n.saturating_sub(1) as f64)
}

/// A reference to something with subscripts may mean the element that rises or another one.
fn slope_of_reference(is_cause: bool, is_scalar: bool) -> Interval {
    match (is_cause, is_scalar) {
        (false, _) => Interval::ZERO,
        (true, true) => Interval::ONE,
        (true, false) => Interval::UNIT,
    }
}

/// The terms of a sum.
fn flatten<'e>(expression: &'e Expression, terms: &mut Vec<&'e Expression>) {
    if let Expression::Binary(BinaryOperator::Add, left, right) = expression {
        flatten(left, terms);
        flatten(right, terms);
    } else {
        terms.push(expression);
    }
}

fn power(base: Enclosure, exponent: Enclosure) -> Enclosure {
    let e = exponent.value;
    if exponent.slope.is_zero() && e.low == e.high {
        let is_even = e.low % 2.0 == 0.0;
        if is_even && e.low > 0.0 {
            // The slope is e b^(e-1) b', and b^(e-1) has the sign of b.
            let slope = base.slope.times(base.value.stretched());
            return Enclosure { value: Interval::POSITIVE, slope };
        }
        let value = power_value(base.value, e);
        let is_monotone = base.value.is_never_negative() || (e.low % 2.0 == 1.0);
        let slope = if e.low == 0.0 {
            Interval::ZERO
        } else if !is_monotone {
            Interval::ALL.times(base.slope)
        } else if e.low > 0.0 {
            base.slope.stretched()
        } else {
            base.slope.negated().stretched()
        };
        return Enclosure { value, slope };
    }
    if !base.value.is_never_negative() {
        return Enclosure { value: Interval::ALL, slope: Interval::ALL };
    }
    // b^e grows with e where b is above one and falls below it; it grows with b where e is positive.
    let by_exponent = if base.value.low >= 1.0 {
        exponent.slope.stretched()
    } else if base.value.high <= 1.0 {
        exponent.slope.negated().stretched()
    } else {
        exponent.slope.times(Interval::ALL)
    };
    let by_base = base.slope.times(e.stretched());
    Enclosure { value: power_value(base.value, e), slope: by_base.plus(by_exponent) }
}

fn power_value(base: Interval, exponent: Interval) -> Interval {
    if !base.is_never_negative() {
        return Interval::ALL;
    }
    let below_one = base.high <= 1.0 && exponent.is_never_negative();
    let above_one = base.low >= 1.0 && exponent.is_never_negative();
    match (below_one, above_one) {
        (true, _) => Interval::UNIT,
        (false, true) => Interval::new(1.0, f64::INFINITY),
        _ => Interval::POSITIVE,
    }
}

/// A table of straight lines, flat outside.
/// A quarter of a turn, and a little more for rounding.
const HALF_TURN: f64 = std::f64::consts::FRAC_PI_2;

fn table(points: &[(f64, f64)], shape: Shape, argument: Enclosure) -> Enclosure {
    let (mut value, mut slope): (Option<Interval>, Option<Interval>) = (None, None);
    let mut include = |part: Interval, steepness: f64| {
        value = Some(value.map_or(part, |all| all.hull(part)));
        let steepness = Interval::at(steepness);
        slope = Some(slope.map_or(steepness, |all| all.hull(steepness)));
    };
    if let (Some(&(first, low)), Some(&(last, high))) = (points.first(), points.last()) {
        let is_outside = argument.value.low < first || argument.value.high > last;
        if shape == Shape::Extrapolated && is_outside {
            for pair in [points.first_chunk::<2>(), points.last_chunk::<2>()].into_iter().flatten() {
                include(Interval::ALL, (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0));
            }
        } else {
            if argument.value.low < first {
                include(Interval::at(low), 0.0);
            }
            if argument.value.high > last {
                include(Interval::at(high), 0.0);
            }
        }
    }
    for pair in points.windows(2) {
        let [(x, y), (next, then)] = [pair[0], pair[1]];
        if argument.value.high >= x && argument.value.low <= next {
            include(Interval::at(y).hull(Interval::at(then)), (then - y) / (next - x));
        }
    }
    Enclosure {
        value: value.unwrap_or(Interval::ALL),
        slope: match (shape, slope.unwrap_or(Interval::ALL)) {
            // A step is steeper than the line between its ends.
            (Shape::Stepped, slope) => slope.stretched().times(argument.slope.stretched()),
            (_, slope) => slope.times(argument.slope),
        },
    }
}
