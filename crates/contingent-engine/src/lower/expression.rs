//! Expressions: from trees to nodes.
//!
//! Enters: an expression and the scope it stands in. Leaves: a node. Always holds: a reduction is written
//! out over its elements, first to last; both arms of a condition are evaluated and one is selected.

use contingent_model::{
    BinaryOperator, Chance, EventId, EventReading, Exclusion, Expression, Function, Index, LookupId,
    Reduction, Shape, SubscriptId, UnaryOperator,
};

use super::{Lowering, Moment, Scope};
use crate::graph::{Binary, Node, Stream, Unary};

impl<'m> Lowering<'m> {
    pub(super) fn expression(&mut self, expression: &'m Expression, scope: &Scope<'m>) -> Node {
        match expression {
            Expression::Number(value) => self.graph.constant(*value),
            Expression::Time => self.time(scope.moment),
            Expression::Position(subscript) => {
                let position = Self::bound_position(*subscript, scope);
                self.graph.constant(position as f64)
            }
            Expression::Variable { variable, indices } => {
                let element = self.element(&self.model.variable(*variable).subscripts, indices, scope);
                self.value(*variable, element, scope.moment)
            }
            Expression::Event { event, reading, indices } => {
                let element = self.element(&self.model.events[event.index()].subscripts, indices, scope);
                self.event_reading(*event, *reading, element, scope.moment)
            }
            Expression::Unary(operator, operand) => {
                let a = self.expression(operand, scope);
                match operator {
                    UnaryOperator::Negate => self.graph.unary(Unary::Negate, a),
                    UnaryOperator::Not => self.graph.not(a),
                }
            }
            Expression::Binary(operator, left, right) => {
                let a = self.expression(left, scope);
                let b = self.expression(right, scope);
                self.binary_operator(*operator, a, b)
            }
            Expression::If(condition, a, b) => {
                let condition = self.expression(condition, scope);
                match self.graph.as_constant(condition) {
                    Some(0.0) => self.expression(b, scope),
                    Some(_) => self.expression(a, scope),
                    None => {
                        let a = self.expression(a, scope);
                        let b = self.expression(b, scope);
                        self.graph.select(condition, a, b)
                    }
                }
            }
            Expression::Select { selector, alternatives } => self.selection(selector, alternatives, scope),
            Expression::Call(function, arguments) => {
                let nodes: Vec<Node> =
                    arguments.iter().map(|argument| self.expression(argument, scope)).collect();
                self.call(*function, &nodes)
            }
            Expression::Draw { chance, ordinal, arguments } => {
                // Chance is held over the step.
                let scope = &Scope { moment: scope.moment.held(), ..scope.clone() };
                let nodes: Vec<Node> =
                    arguments.iter().map(|argument| self.expression(argument, scope)).collect();
                if let Some(rate) = self.jump_rate(*chance, &nodes) {
                    rate
                } else if self.is_drawn() {
                    let u = self.uniform(*ordinal, scope);
                    self.drawn(*chance, &nodes, u)
                } else {
                    self.expected(*chance, &nodes)
                }
            }
            Expression::Memory(memory) => self.memory(memory, scope),
            Expression::Reduce { reduction, over, except, body } => {
                self.reduction(*reduction, over, except, body, scope)
            }
            Expression::Lookup(lookup, argument) => {
                let x = self.expression(argument, scope);
                self.looked_up(*lookup, x)
            }
        }
    }

    /// The value of a lookup: of its table, and what its ends go on to outside of it.
    fn looked_up(&mut self, lookup: LookupId, x: Node) -> Node {
        let inside = self.graph.table(self.tables[lookup.index()], x);
        let lookup = &self.model.lookups[lookup.index()];
        let (Shape::Extrapolated, Some(&[a, b]), Some(&[c, d])) =
            (lookup.shape, lookup.points.first_chunk::<2>(), lookup.points.last_chunk::<2>())
        else {
            return inside;
        };
        let graph = &mut self.graph;
        let zero = graph.constant(0.0);
        let (first, last) = (graph.constant(a.0), graph.constant(d.0));
        let before = graph.subtract(x, first);
        let before = graph.minimum(zero, before);
        let after = graph.subtract(x, last);
        let after = graph.maximum(zero, after);
        let rise = graph.constant((b.1 - a.1) / (b.0 - a.0));
        let before = graph.multiply(before, rise);
        let rise = graph.constant((d.1 - c.1) / (d.0 - c.0));
        let after = graph.multiply(after, rise);
        let outside = graph.add(before, after);
        graph.add(inside, outside)
    }

    fn event_reading(
        &mut self,
        event: EventId,
        reading: EventReading,
        element: usize,
        moment: Moment,
    ) -> Node {
        if moment == Moment::Start {
            return self.graph.constant(0.0);
        }
        match reading {
            EventReading::Count => self.events[event.index()][element].count,
            EventReading::Total => self.events[event.index()][element].total,
            EventReading::Happened => {
                let total = self.event_total(event, element, moment);
                self.happened(total)
            }
        }
    }

    /// Whether an event has happened. When chance is replaced by its expectation: more likely than not.
    pub(super) fn happened(&mut self, total: Node) -> Node {
        if self.is_drawn() {
            if self.graph.facts(total).truth {
                return total;
            }
            let zero = self.graph.constant(0.0);
            self.graph.less(zero, total)
        } else {
            let half = self.graph.constant(0.5);
            self.graph.less_or_equal(half, total)
        }
    }

    fn binary_operator(&mut self, operator: BinaryOperator, a: Node, b: Node) -> Node {
        let graph = &mut self.graph;
        match operator {
            BinaryOperator::Add => graph.add(a, b),
            BinaryOperator::Subtract => graph.subtract(a, b),
            BinaryOperator::Multiply => graph.multiply(a, b),
            BinaryOperator::Divide => graph.divide(a, b),
            BinaryOperator::Power => graph.binary(Binary::Power, a, b),
            BinaryOperator::Less => graph.less(a, b),
            BinaryOperator::LessOrEqual => graph.less_or_equal(a, b),
            BinaryOperator::Greater => graph.less(b, a),
            BinaryOperator::GreaterOrEqual => graph.less_or_equal(b, a),
            BinaryOperator::Equal => graph.equal(a, b),
            BinaryOperator::NotEqual => graph.binary(Binary::NotEqual, a, b),
            BinaryOperator::And => graph.and(a, b),
            BinaryOperator::Or => graph.or(a, b),
        }
    }

    fn selection(
        &mut self,
        selector: &'m Expression,
        alternatives: &'m [Expression],
        scope: &Scope<'m>,
    ) -> Node {
        let selector = self.expression(selector, scope);
        let last = alternatives.len().checked_sub(1).expect("a selection has alternatives");
        if let Some(position) = self.graph.as_constant(selector) {
            return self.expression(&alternatives[(position as usize).min(last)], scope);
        }
        let mut node = self.expression(&alternatives[last], scope);
        for position in (0..last).rev() {
            let alternative = self.expression(&alternatives[position], scope);
            let number = self.graph.constant(position as f64);
            let here = self.graph.equal(number, selector);
            node = self.graph.select(here, alternative, node);
        }
        node
    }

    fn call(&mut self, function: Function, arguments: &[Node]) -> Node {
        if function == Function::NoisyOr {
            return self.noisy_or(arguments);
        }
        let graph = &mut self.graph;
        let unary = match function {
            Function::Exp => Unary::Exp,
            Function::Log => Unary::Log,
            Function::Sqrt => Unary::SquareRoot,
            Function::Abs => Unary::Absolute,
            Function::Floor => Unary::Floor,
            Function::Ceil => Unary::Ceiling,
            Function::Round => Unary::Round,
            Function::Logistic => Unary::Logistic,
            Function::Min | Function::Max => {
                let binary = if function == Function::Min { Binary::Minimum } else { Binary::Maximum };
                return self.fold(binary, arguments);
            }
            Function::Clamp => {
                let low = graph.maximum(arguments[1], arguments[0]);
                return graph.minimum(arguments[2], low);
            }
            Function::Sine => return self.sine(arguments[0], 0.0),
            Function::Cosine => return self.sine(arguments[0], 1.0),
            Function::Tangent => {
                let sine = self.sine(arguments[0], 0.0);
                let cosine = self.sine(arguments[0], 1.0);
                return self.graph.divide(sine, cosine);
            }
            Function::ArcSine => return self.arc_sine(arguments[0]),
            Function::ArcCosine => return self.arc_cosine(arguments[0]),
            Function::ArcTangent => return self.arc_tangent(arguments[0]),
            Function::NoisyOr => unreachable!("found above"),
        };
        graph.unary(unary, arguments[0])
    }

    pub(super) fn fold(&mut self, binary: Binary, nodes: &[Node]) -> Node {
        let (&first, rest) = nodes.split_first().expect("there is at least one operand");
        rest.iter().fold(first, |sum, &node| self.graph.binary(binary, sum, node))
    }

    fn reduction(
        &mut self,
        reduction: Reduction,
        over: &[SubscriptId],
        except: &[Exclusion],
        body: &'m Expression,
        scope: &Scope<'m>,
    ) -> Node {
        let mut inner = scope.clone();
        let mut nodes = Vec::new();
        for combination in self.model.combinations(over) {
            inner.bindings.truncate(scope.bindings.len());
            inner.bindings.extend(combination);
            if !except.iter().any(|exclusion| self.is_excluded(exclusion, &inner)) {
                nodes.push(self.expression(body, &inner));
            }
        }
        if nodes.is_empty() {
            return self.graph.constant(match reduction {
                Reduction::Sum | Reduction::NoisyOr => 0.0,
                Reduction::Product => 1.0,
                Reduction::Mean | Reduction::Min | Reduction::Max => f64::NAN,
            });
        }
        let binary = match reduction {
            Reduction::Sum | Reduction::Mean => Binary::Add,
            Reduction::Min => Binary::Minimum,
            Reduction::Max => Binary::Maximum,
            Reduction::Product => Binary::Multiply,
            Reduction::NoisyOr => return self.noisy_or(&nodes),
        };
        let node = self.fold(binary, &nodes);
        if reduction == Reduction::Mean {
            let n = self.graph.constant(nodes.len() as f64);
            self.graph.divide(node, n)
        } else {
            node
        }
    }

    /// Whether a reduction leaves out the combination that is bound here.
    fn is_excluded(&self, exclusion: &Exclusion, scope: &Scope<'m>) -> bool {
        let here = Self::bound_position(exclusion.subscript, scope);
        let (of, position) = match exclusion.excluded {
            Index::Element(of, position) => (of, position),
            Index::Bound(of) => (of, Self::bound_position(of, scope)),
        };
        self.model.translate(of, position, exclusion.subscript) == Some(here)
    }

    /// The chance that at least one of several independent causes has the effect (Pearl 1988, section 4.3.2):
    /// each argument is cut to a probability.
    fn noisy_or(&mut self, causes: &[Node]) -> Node {
        let one = self.graph.constant(1.0);
        let mut none = one;
        for &cause in causes {
            let cause = self.graph.unit_interval(cause);
            let fails = self.graph.subtract(one, cause);
            none = self.graph.multiply(none, fails);
        }
        self.graph.subtract(one, none)
    }

    /// The uniform of a draw: keyed by the declaration, the elements bound here and the ordinal.
    pub(super) fn uniform(&mut self, ordinal: u32, scope: &Scope<'m>) -> Node {
        let element: Vec<&str> = scope
            .bindings
            .iter()
            .map(|&(id, position)| self.model.subscripts[id.index()].elements[position].as_str())
            .collect();
        let stream =
            Stream { declaration: scope.declaration.to_owned(), element: element.join(","), ordinal };
        self.graph.uniform(stream, scope.moment == Moment::Start)
    }

    /// How often per time something moves that is drawn per time: where things move one by one, chance is in
    /// when they do.
    fn jump_rate(&mut self, chance: Chance, arguments: &[Node]) -> Option<Node> {
        match chance {
            _ if !self.is_exact() => None,
            Chance::Poisson { per_time: true } => Some(self.graph.positive_part(arguments[0])),
            Chance::Binomial { per_time: true } => {
                let n = self.whole_number(arguments[0]);
                let hazard = self.graph.positive_part(arguments[1]);
                Some(self.graph.multiply(n, hazard))
            }
            _ => None,
        }
    }

    /// A draw from a distribution at its uniform. Arguments out of range are cut to it.
    fn drawn(&mut self, chance: Chance, arguments: &[Node], u: Node) -> Node {
        match chance {
            Chance::Poisson { per_time } => {
                let mean = self.graph.positive_part(arguments[0]);
                let mean = if per_time { self.per_step(mean) } else { mean };
                let count = self.graph.binary(Binary::Poisson, mean, u);
                if per_time { self.per_time(count) } else { count }
            }
            Chance::Binomial { per_time } => {
                let n = self.whole_number(arguments[0]);
                if per_time {
                    let hazard = self.graph.positive_part(arguments[1]);
                    let hazard = self.per_step(hazard);
                    let count = self.graph.binomial_at_hazard(n, hazard, u);
                    self.per_time(count)
                } else {
                    let p = self.graph.unit_interval(arguments[1]);
                    self.graph.binomial(n, p, u)
                }
            }
            Chance::Normal => {
                let z = self.graph.unary(Unary::NormalQuantile, u);
                let sd = self.graph.positive_part(arguments[1]);
                let deviation = self.graph.multiply(sd, z);
                self.graph.add(arguments[0], deviation)
            }
            Chance::Uniform => {
                let width = self.graph.subtract(arguments[1], arguments[0]);
                let offset = self.graph.multiply(width, u);
                self.graph.add(arguments[0], offset)
            }
            Chance::Bernoulli => {
                let p = self.graph.unit_interval(arguments[0]);
                let occurs = self.graph.less(u, p);
                self.tainted(occurs, p)
            }
        }
    }

    /// The mean of a distribution.
    fn expected(&mut self, chance: Chance, arguments: &[Node]) -> Node {
        match chance {
            Chance::Poisson { .. } => self.graph.positive_part(arguments[0]),
            Chance::Binomial { per_time } => {
                let n = self.graph.positive_part(arguments[0]);
                let p = if per_time {
                    self.occurrence_probability(arguments[1])
                } else {
                    self.graph.unit_interval(arguments[1])
                };
                let mean = self.graph.multiply(n, p);
                if per_time { self.per_time(mean) } else { mean }
            }
            Chance::Normal => arguments[0],
            Chance::Uniform => {
                let half = self.graph.constant(0.5);
                let sum = self.graph.add(arguments[0], arguments[1]);
                self.graph.multiply(half, sum)
            }
            Chance::Bernoulli => self.graph.unit_interval(arguments[0]),
        }
    }

    /// `condition`, but not a number where `cause` is not a number: a comparison would hide it.
    pub(super) fn tainted(&mut self, condition: Node, cause: Node) -> Node {
        if self.graph.as_constant(cause).is_some() {
            return condition;
        }
        let taint = self.graph.subtract(cause, cause);
        self.graph.add(condition, taint)
    }

    /// A rate as an amount per step.
    pub(super) fn per_step(&mut self, rate: Node) -> Node {
        let dt = self.graph.constant(self.model.clock.dt);
        self.graph.multiply(rate, dt)
    }

    /// An amount per step as a rate.
    fn per_time(&mut self, amount: Node) -> Node {
        let dt = self.graph.constant(self.model.clock.dt);
        self.graph.divide(amount, dt)
    }

    /// 1 - exp(-h dt) of a hazard h, which is cut at 0.
    pub(super) fn occurrence_probability(&mut self, hazard: Node) -> Node {
        let hazard = self.graph.positive_part(hazard);
        let exponent = self.per_step(hazard);
        let exponent = self.graph.unary(Unary::Negate, exponent);
        let share = self.graph.unary(Unary::ExpM1, exponent);
        self.graph.unary(Unary::Negate, share)
    }

    /// The number of whole things in a quantity: cut at 0 and down to a whole number. The tolerance of 1e-9
    /// is far above the rounding of sums of counts and far below one thing.
    pub(super) fn whole_number(&mut self, n: Node) -> Node {
        let n = self.graph.positive_part(n);
        if self.graph.facts(n).whole {
            return n;
        }
        let tolerance = self.graph.constant(1e-9);
        let n = self.graph.add(n, tolerance);
        self.graph.unary(Unary::Floor, n)
    }
}
