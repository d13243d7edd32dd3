//! One equation of a model at one state.
//!
//! Enters: an expression, a state, which elements are bound. Leaves: a number. Always holds: chance is its mean, and what is
//! remembered is taken as it is now, so that a change of a cause shows its whole effect at once; what this cannot evaluate is not a
//! number.

use contingent_engine::math;
use contingent_model::{
    BinaryOperator, Chance, CheckedModel, EventReading, Exclusion, Expression, Function, Index, Reduction,
    SubscriptId, UnaryOperator, checked::Shape, influence::Node,
};

/// A moment of a run: every value of every variable and event.
pub(super) struct State<'a> {
    /// Time since the start.
    pub(super) time: f64,
    /// Values by column.
    pub(super) values: &'a [f64],
}

/// Where the values of variables and events stand in a state.
pub(super) struct Columns {
    variables: Vec<usize>,
    events: Vec<usize>,
    /// Columns of a state.
    pub(super) n_columns: usize,
}

impl Columns {
    /// The columns of [`contingent_engine::Recording::Everything`].
    pub(super) fn new(model: &CheckedModel) -> Self {
        let mut n_columns = 0;
        let mut next = |n: usize| {
            let first = n_columns;
            n_columns += n;
            first
        };
        let variables =
            model.variables.iter().map(|variable| next(model.n_elements(&variable.subscripts))).collect();
        // An event has a count and a total per element.
        let events = model.events.iter().map(|event| next(2 * model.n_elements(&event.subscripts))).collect();
        Self { variables, events, n_columns }
    }

    /// The columns of a node.
    pub(super) fn of(&self, model: &CheckedModel, node: Node) -> std::ops::Range<usize> {
        let (first, n) = match node {
            Node::Variable(id) => {
                (self.variables[id.index()], model.n_elements(&model.variable(id).subscripts))
            }
            Node::Event(id) => {
                (self.events[id.index()], 2 * model.n_elements(&model.events[id.index()].subscripts))
            }
        };
        first..first + n
    }
}

/// How far a cause is moved: by an amount, all its elements alike.
#[derive(Clone, Copy)]
pub(super) struct Move {
    pub(super) node: Node,
    pub(super) by: f64,
}

/// An equation being evaluated.
pub(super) struct Equation<'a> {
    pub(super) model: &'a CheckedModel,
    pub(super) columns: &'a Columns,
    /// The least and the greatest value of each variable.
    pub(super) bounds: &'a [(f64, f64)],
    pub(super) state: &'a State<'a>,
    /// Causes that are moved.
    pub(super) moves: &'a [Move],
}

type Bindings = Vec<(SubscriptId, usize)>;

impl Equation<'_> {
    /// The value of an expression with these elements bound.
    pub(super) fn value(&self, expression: &Expression, bound: &Bindings) -> f64 {
        let of = |part: &Expression| self.value(part, bound);
        match expression {
            Expression::Number(value) => *value,
            Expression::Time => self.state.time,
            Expression::Position(subscript) => {
                Self::position(*subscript, bound).map_or(f64::NAN, |position| position as f64)
            }
            Expression::Variable { variable, indices } => {
                let subscripts = &self.model.variable(*variable).subscripts;
                let Some(element) = self.element(subscripts, indices, bound) else { return f64::NAN };
                let value = self.state.values[self.columns.variables[variable.index()] + element];
                let moved = value + self.moved(Node::Variable(*variable));
                let (low, high) = self.bounds[variable.index()];
                if moved == value { value } else { moved.max(low.min(value)).min(high.max(value)) }
            }
            Expression::Event { event, reading, indices } => {
                let subscripts = &self.model.events[event.index()].subscripts;
                let Some(element) = self.element(subscripts, indices, bound) else { return f64::NAN };
                let first = self.columns.events[event.index()] + 2 * element;
                let (count, total) = (self.state.values[first], self.state.values[first + 1]);
                let by = self.moved(Node::Event(*event));
                match reading {
                    EventReading::Count => (count + by).max(0.0),
                    EventReading::Total => (total + by).max(0.0),
                    EventReading::Happened => f64::from(u8::from(total + by > 0.0)),
                }
            }
            Expression::Unary(UnaryOperator::Negate, inner) => -of(inner),
            Expression::Unary(UnaryOperator::Not, inner) => truth(of(inner) == 0.0),
            Expression::Binary(operator, left, right) => binary(*operator, of(left), of(right)),
            Expression::If(condition, yes, no) => {
                if of(condition) == 0.0 {
                    of(no)
                } else {
                    of(yes)
                }
            }
            Expression::Select { selector, alternatives } => {
                let position = of(selector);
                alternatives.get(position.max(0.0) as usize).map_or(f64::NAN, of)
            }
            Expression::Call(function, arguments) => {
                let values: Vec<f64> = arguments.iter().map(of).collect();
                call(*function, &values)
            }
            Expression::Draw { chance, arguments, .. } => {
                let values: Vec<f64> = arguments.iter().map(of).collect();
                self.mean(*chance, &values)
            }
            Expression::Reduce { reduction, over, except, body } => {
                self.reduced(*reduction, over, except, body, bound)
            }
            Expression::Lookup(id, inner) => {
                let lookup = &self.model.lookups[id.index()];
                looked_up(&lookup.points, lookup.shape, of(inner))
            }
            Expression::Memory(memory) => of(&memory.body),
        }
    }

    fn moved(&self, node: Node) -> f64 {
        self.moves.iter().filter(|one| one.node == node).map(|one| one.by).sum()
    }

    fn position(subscript: SubscriptId, bound: &Bindings) -> Option<usize> {
        bound.iter().rev().find(|(id, _)| *id == subscript).map(|&(_, position)| position)
    }

    fn element(&self, subscripts: &[SubscriptId], indices: &[Index], bound: &Bindings) -> Option<usize> {
        let mut element = 0;
        for (&target, index) in subscripts.iter().zip(indices) {
            let (of, position) = match *index {
                Index::Element(of, position) => (of, position),
                Index::Bound(of) => (of, Self::position(of, bound)?),
            };
            let position = self.model.translate(of, position, target)?;
            element = element * self.model.subscript(target).elements.len() + position;
        }
        Some(element)
    }

    fn reduced(
        &self,
        reduction: Reduction,
        over: &[SubscriptId],
        except: &[Exclusion],
        body: &Expression,
        bound: &Bindings,
    ) -> f64 {
        let mut values = Vec::new();
        for combination in self.model.combinations(over) {
            let mut inner = bound.clone();
            inner.extend(combination);
            let is_excluded = |exclusion: &Exclusion| {
                let (of, position) = match exclusion.excluded {
                    Index::Element(of, position) => (of, Some(position)),
                    Index::Bound(of) => (of, Self::position(of, &inner)),
                };
                let there =
                    position.and_then(|position| self.model.translate(of, position, exclusion.subscript));
                there.is_some() && there == Self::position(exclusion.subscript, &inner)
            };
            if !except.iter().any(is_excluded) {
                values.push(self.value(body, &inner));
            }
        }
        let n = values.len() as f64;
        let all = values.into_iter();
        match reduction {
            Reduction::Sum => all.sum(),
            Reduction::Mean => all.sum::<f64>() / n,
            Reduction::Min => all.reduce(f64::min).unwrap_or(f64::NAN),
            Reduction::Max => all.reduce(f64::max).unwrap_or(f64::NAN),
            Reduction::Product => all.product(),
            Reduction::NoisyOr => 1.0 - all.map(|p| 1.0 - p.clamp(0.0, 1.0)).product::<f64>(),
        }
    }

    fn mean(&self, chance: Chance, values: &[f64]) -> f64 {
        match (chance, values) {
            (Chance::Poisson { .. }, [mean]) => mean.max(0.0),
            (Chance::Binomial { per_time: false }, [n, p]) => n * p.clamp(0.0, 1.0),
            (Chance::Binomial { per_time: true }, [n, hazard]) => {
                let dt = self.model.clock.dt;
                -n * math::expm1(-hazard.max(0.0) * dt) / dt
            }
            (Chance::Normal, [mean, _]) => *mean,
            (Chance::Uniform, [low, high]) => f64::midpoint(*low, *high),
            (Chance::Bernoulli, [p]) => p.clamp(0.0, 1.0),
            _ => f64::NAN,
        }
    }
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn binary(operator: BinaryOperator, a: f64, b: f64) -> f64 {
    match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide => a / b,
        BinaryOperator::Power => math::pow(a, b),
        BinaryOperator::Less => truth(a < b),
        BinaryOperator::LessOrEqual => truth(a <= b),
        BinaryOperator::Greater => truth(a > b),
        BinaryOperator::GreaterOrEqual => truth(a >= b),
        BinaryOperator::Equal => truth(a == b),
        BinaryOperator::NotEqual => truth(a != b),
        BinaryOperator::And => truth(a != 0.0 && b != 0.0),
        BinaryOperator::Or => truth(a != 0.0 || b != 0.0),
    }
}

fn call(function: Function, values: &[f64]) -> f64 {
    match (function, values) {
        (Function::Exp, [x]) => math::exp(*x),
        (Function::Log, [x]) => math::log(*x),
        (Function::Sqrt, [x]) => x.sqrt(),
        (Function::Abs, [x]) => x.abs(),
        (Function::Floor, [x]) => x.floor(),
        (Function::Ceil, [x]) => x.ceil(),
        (Function::Round, [x]) => x.round(),
        (Function::Logistic, [x]) => math::logistic(*x),
        (Function::Min, values) => values.iter().copied().reduce(f64::min).unwrap_or(f64::NAN),
        (Function::Max, values) => values.iter().copied().reduce(f64::max).unwrap_or(f64::NAN),
        (Function::Clamp, [x, low, high]) => x.max(*low).min(*high),
        (Function::NoisyOr, values) => 1.0 - values.iter().map(|p| 1.0 - p.clamp(0.0, 1.0)).product::<f64>(),
        // Angles turn every which way; the sign of what hangs on one is left open.
        _ => f64::NAN,
    }
}

fn looked_up(points: &[(f64, f64)], shape: Shape, x: f64) -> f64 {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return f64::NAN };
    let above = points.partition_point(|&(at, _)| at <= x);
    match shape {
        Shape::Stepped if above == 0 => first.1,
        Shape::Stepped => points[above - 1].1,
        Shape::Clamped if x <= first.0 => first.1,
        Shape::Clamped if x >= last.0 => last.1,
        _ => {
            let i = above.clamp(1, points.len().max(2) - 1);
            let Some(&[a, b]) =
                points.get(i - 1..=i).and_then(|pair| <&[(f64, f64); 2]>::try_from(pair).ok())
            else {
                return first.1;
            };
            a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)
        }
    }
}
