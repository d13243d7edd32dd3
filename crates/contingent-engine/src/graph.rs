//! The node graph: scalar operations over lanes, hash-consed, with constants folded.
//!
//! Enters: operations, one at a time, operands first. Leaves: a [`Graph`] in which equal operations are one
//! node. Always holds: operands have smaller positions than what uses them, so positions are an order of
//! evaluation; a rewrite happens only where the value stays the same for every operand, not-a-number
//! included (the sign of a zero may change, and a square or an inverse is computed as such, not as a power);
//! there is no control flow.

use std::collections::HashMap;
use std::sync::Arc;

use crate::arithmetic;
use crate::council::asked;

/// A position in a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node(pub(crate) u32);

impl Node {
    /// Position in the graph.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The name of a random stream: what it is drawn for, so that no other declaration changes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stream {
    /// Qualified name of the declaration.
    pub(crate) declaration: String,
    /// Elements of its subscripts and of what is iterated within it; empty when there are none.
    pub(crate) element: String,
    /// Position among the draws of the declaration.
    pub(crate) ordinal: u32,
}

/// Operations with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unary {
    Negate,
    Absolute,
    SquareRoot,
    Floor,
    Ceiling,
    /// Halves away from zero.
    Round,
    Exp,
    Log,
    /// exp(x) - 1 without cancellation.
    ExpM1,
    Logistic,
    NormalQuantile,
}

/// Operations with two operands. Comparisons give 0 or 1, and 0 for anything not-a-number except `NotEqual`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// `if a < b { a } else { b }`: the second operand when either is not a number.
    Minimum,
    /// `if a > b { a } else { b }`: the second operand when either is not a number.
    Maximum,
    Power,
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    /// Poisson quantile of (mean, u).
    Poisson,
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    /// A constant, by its bits.
    Constant(u64),
    /// A number per run that the caller supplies.
    Parameter(u32),
    /// The value of a state slot at the time of the step.
    State(u32),
    /// The position of the step, as a float.
    Step,
    /// The uniform of a stream at the step, in the open unit interval.
    Uniform(u32),
    /// The uniform of a stream at step 0, for what is evaluated at the start.
    UniformAtStart(u32),
    Unary(Unary, Node),
    Binary(Binary, Node, Node),
    /// The second operand where the first is not 0, else the third.
    Select(Node, Node, Node),
    /// Binomial quantile of (n, p, u).
    Binomial(Node, Node, Node),
    /// Binomial quantile of (n, 1 - exp(-hazard), u).
    BinomialAtHazard(Node, Node, Node),
    /// A piecewise-linear table.
    Table(u32, Node),
    /// The value of a series from data at the step.
    Series(u32),
    /// The first plus zero where the other three are finite, else not a number.
    Health(Node, Node, Node, Node),
    /// Where a council stands on one dimension after it has bargained: council by position in [`Graph::councils`].
    Bargain(u32, u32),
}

/// A council that bargains: how large it is, for how long, and its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CouncilCall {
    pub(crate) n_dimensions: usize,
    pub(crate) most_turns: usize,
    /// First whether it is asked at all. Then a capability a member; then saliences and then positions, a row a member and
    /// a column a dimension.
    pub(crate) operands: Vec<Node>,
}

impl Operation {
    /// Operands in order, those of councils apart; absent ones are none.
    pub(crate) fn few_operands(self) -> [Option<Node>; 4] {
        match self {
            Self::Constant(_)
            | Self::Parameter(_)
            | Self::State(_)
            | Self::Step
            | Self::Series(_)
            | Self::Uniform(_)
            | Self::UniformAtStart(_)
            | Self::Bargain(..) => [None; 4],
            Self::Unary(_, a) | Self::Table(_, a) => [Some(a), None, None, None],
            Self::Binary(_, a, b) => [Some(a), Some(b), None, None],
            Self::Select(a, b, c) | Self::Binomial(a, b, c) | Self::BinomialAtHazard(a, b, c) => {
                [Some(a), Some(b), Some(c), None]
            }
            Self::Health(a, b, c, d) => [Some(a), Some(b), Some(c), Some(d)],
        }
    }
}

/// How often a value changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rate {
    /// Never.
    Constant,
    /// From run to run.
    Run,
    /// From step to step.
    Step,
}

/// What is known about a value in every run, unless it is not a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Never below zero.
    pub(crate) non_negative: bool,
    /// Always a whole number.
    pub(crate) whole: bool,
    /// Always 0 or 1.
    pub(crate) truth: bool,
}

impl Facts {
    const NONE: Self = Self { non_negative: false, whole: false, truth: false };
    const COUNT: Self = Self { non_negative: true, whole: true, truth: false };
    const TRUTH: Self = Self { non_negative: true, whole: true, truth: true };
}

/// The graph. See the module.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    operations: Vec<Operation>,
    rates: Vec<Rate>,
    facts: Vec<Facts>,
    positions: HashMap<Operation, Node>,
    state_facts: Vec<Facts>,
    streams: Vec<Stream>,
    stream_positions: HashMap<Stream, u32>,
    tables: Vec<Table>,
    series: Vec<Series>,
    councils: Vec<CouncilCall>,
    /// The last step: comparisons of the step with what lies outside 0..=last fold.
    last_step: f64,
}

/// The points of a piecewise-linear table as segments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    /// (start, value at the start, slope), ascending; the last segment has slope 0.
    pub(crate) segments: Vec<(f64, f64, f64)>,
}

impl Table {
    /// From points strictly ascending in x.
    pub(crate) fn new(points: &[(f64, f64)]) -> Self {
        let mut segments: Vec<_> = points
            .windows(2)
            .map(|pair| (pair[0].0, pair[0].1, (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)))
            .collect();
        if let Some(&(x, y)) = points.last() {
            segments.push((x, y, 0.0));
        }
        Self { segments }
    }

    /// The value at `x`; clamps outside.
    pub(crate) fn value(&self, x: f64) -> f64 {
        let mut out = self.segments[0].1;
        for &(start, value, slope) in &self.segments {
            out = arithmetic::segment(x, out, start, value, slope);
        }
        arithmetic::keep_nan(x, out)
    }
}

/// A series from data, read once per step.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// Values at times 0, dt/2, dt, ...
    half_steps: Arc<[f64]>,
    /// How many half steps after the time of the step it is read.
    offset: usize,
}

impl Series {
    /// The value at a step; beyond the last value, the last.
    pub(crate) fn value(&self, step: usize) -> f64 {
        let position = (2 * step + self.offset).min(self.half_steps.len() - 1);
        self.half_steps[position]
    }
}

impl Graph {
    /// An empty graph of a model with `n_steps` steps.
    pub(crate) fn new(n_steps: usize) -> Self {
        Self {
            operations: Vec::new(),
            rates: Vec::new(),
            facts: Vec::new(),
            positions: HashMap::new(),
            state_facts: Vec::new(),
            streams: Vec::new(),
            stream_positions: HashMap::new(),
            tables: Vec::new(),
            series: Vec::new(),
            councils: Vec::new(),
            last_step: n_steps as f64,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.operations.len()
    }

    pub(crate) fn operation(&self, node: Node) -> Operation {
        self.operations[node.index()]
    }

    pub(crate) fn rate(&self, node: Node) -> Rate {
        self.rates[node.index()]
    }

    pub(crate) fn facts(&self, node: Node) -> Facts {
        self.facts[node.index()]
    }

    pub(crate) fn streams(&self) -> &[Stream] {
        &self.streams
    }

    pub(crate) fn tables(&self) -> &[Table] {
        &self.tables
    }

    pub(crate) fn series(&self) -> &[Series] {
        &self.series
    }

    pub(crate) fn councils(&self) -> &[CouncilCall] {
        &self.councils
    }

    /// What an operation is computed from, in order.
    pub(crate) fn operands(&self, operation: Operation) -> impl DoubleEndedIterator<Item = Node> + '_ {
        let many: &[Node] = match operation {
            Operation::Bargain(council, _) => &self.councils[council as usize].operands,
            _ => &[],
        };
        operation.few_operands().into_iter().flatten().chain(many.iter().copied())
    }

    /// The value of a constant node.
    pub(crate) fn as_constant(&self, node: Node) -> Option<f64> {
        match self.operation(node) {
            Operation::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    fn push(&mut self, operation: Operation) -> Node {
        if let Some(&node) = self.positions.get(&operation) {
            return node;
        }
        let node = Node(self.operations.len() as u32);
        let rate = match operation {
            Operation::Constant(_) => Rate::Constant,
            Operation::Parameter(_) | Operation::UniformAtStart(_) => Rate::Run,
            Operation::State(_) | Operation::Step | Operation::Series(_) | Operation::Uniform(_) => {
                Rate::Step
            }
            _ => self.operands(operation).map(|a| self.rate(a)).max().unwrap_or(Rate::Constant),
        };
        let facts = self.derive(operation);
        self.operations.push(operation);
        self.rates.push(rate);
        self.facts.push(facts);
        self.positions.insert(operation, node);
        node
    }

    /// What follows from what is known about the operands.
    fn derive(&self, operation: Operation) -> Facts {
        let of = |node: Node| self.facts(node);
        match operation {
            Operation::Constant(bits) => {
                let value = f64::from_bits(bits);
                let whole = value.is_finite() && value.trunc() == value;
                Facts { non_negative: value >= 0.0, whole, truth: value == 0.0 || value == 1.0 }
            }
            Operation::State(slot) => self.state_facts[slot as usize],
            Operation::Step | Operation::Binomial(..) | Operation::BinomialAtHazard(..) => Facts::COUNT,
            Operation::Uniform(_) | Operation::UniformAtStart(_) | Operation::Bargain(..) => {
                Facts { non_negative: true, ..Facts::NONE }
            }
            Operation::Parameter(_) | Operation::Health(..) => Facts::NONE,
            Operation::Unary(unary, a) => match unary {
                Unary::Negate => Facts { whole: of(a).whole, ..Facts::NONE },
                Unary::Absolute => Facts { non_negative: true, ..of(a) },
                Unary::Floor | Unary::Ceiling | Unary::Round => Facts { whole: true, ..of(a) },
                Unary::SquareRoot | Unary::Exp | Unary::Logistic => {
                    Facts { non_negative: true, ..Facts::NONE }
                }
                Unary::ExpM1 => Facts { non_negative: of(a).non_negative, ..Facts::NONE },
                Unary::Log | Unary::NormalQuantile => Facts::NONE,
            },
            Operation::Binary(Binary::Subtract, a, b) if self.as_constant(a) == Some(1.0) && of(b).truth => {
                Facts::TRUTH
            }
            Operation::Binary(binary, a, b) => {
                let (a, b) = (of(a), of(b));
                let both = Facts {
                    non_negative: a.non_negative && b.non_negative,
                    whole: a.whole && b.whole,
                    truth: a.truth && b.truth,
                };
                match binary {
                    Binary::Add => Facts { truth: false, ..both },
                    Binary::Subtract => Facts { whole: both.whole, ..Facts::NONE },
                    Binary::Multiply | Binary::Minimum => both,
                    Binary::Maximum => Facts { non_negative: a.non_negative || b.non_negative, ..both },
                    Binary::Divide | Binary::Power => {
                        Facts { non_negative: both.non_negative, ..Facts::NONE }
                    }
                    Binary::Less | Binary::LessOrEqual | Binary::Equal | Binary::NotEqual => Facts::TRUTH,
                    Binary::Poisson => Facts::COUNT,
                }
            }
            Operation::Select(_, a, b) => {
                let (a, b) = (of(a), of(b));
                Facts {
                    non_negative: a.non_negative && b.non_negative,
                    whole: a.whole && b.whole,
                    truth: a.truth && b.truth,
                }
            }
            Operation::Series(series) => {
                let values = &self.series[series as usize].half_steps;
                let all = |test: fn(f64) -> bool| values.iter().all(|&value| test(value));
                Facts {
                    non_negative: all(|value| value >= 0.0),
                    whole: all(|value| value.is_finite() && value.trunc() == value),
                    truth: all(|value| value == 0.0 || value == 1.0),
                }
            }
            Operation::Table(table, _) => {
                let segments = &self.tables[table as usize].segments;
                Facts { non_negative: segments.iter().all(|segment| segment.1 >= 0.0), ..Facts::NONE }
            }
        }
    }

    pub(crate) fn constant(&mut self, value: f64) -> Node {
        self.push(Operation::Constant(value.to_bits()))
    }

    pub(crate) fn truth(&mut self, value: bool) -> Node {
        self.constant(f64::from(u8::from(value)))
    }

    pub(crate) fn parameter(&mut self, parameter: usize) -> Node {
        self.push(Operation::Parameter(parameter as u32))
    }

    /// A new state slot of which `facts` hold at all times.
    pub(crate) fn new_state(&mut self, facts: Facts) -> Node {
        let slot = self.state_facts.len() as u32;
        self.state_facts.push(facts);
        self.push(Operation::State(slot))
    }

    pub(crate) fn step(&mut self) -> Node {
        self.push(Operation::Step)
    }

    /// The uniform of a stream, at the step or at the start.
    pub(crate) fn uniform(&mut self, stream: Stream, at_start: bool) -> Node {
        let next = self.streams.len() as u32;
        let position = *self.stream_positions.entry(stream.clone()).or_insert(next);
        if position == next {
            self.streams.push(stream);
        }
        self.push(if at_start { Operation::UniformAtStart(position) } else { Operation::Uniform(position) })
    }

    /// Registers a table.
    pub(crate) fn new_table(&mut self, points: &[(f64, f64)], is_stepped: bool) -> u32 {
        let mut table = Table::new(points);
        if is_stepped {
            table.segments.iter_mut().for_each(|(_, _, slope)| *slope = 0.0);
        }
        self.tables.push(table);
        (self.tables.len() - 1) as u32
    }

    pub(crate) fn table(&mut self, table: u32, x: Node) -> Node {
        if let Some(x) = self.as_constant(x) {
            let value = self.tables[table as usize].value(x);
            return self.constant(value);
        }
        self.push(Operation::Table(table, x))
    }

    /// The value of a series at the step, `offset` half steps later. One that never changes is a constant.
    pub(crate) fn series_value(&mut self, half_steps: &Arc<[f64]>, offset: usize) -> Node {
        let first = half_steps[0];
        if half_steps.iter().all(|value| value.to_bits() == first.to_bits()) {
            return self.constant(first);
        }
        let known = self
            .series
            .iter()
            .position(|known| known.offset == offset && Arc::ptr_eq(&known.half_steps, half_steps));
        let position = known.unwrap_or_else(|| {
            self.series.push(Series { half_steps: Arc::clone(half_steps), offset });
            self.series.len() - 1
        });
        self.push(Operation::Series(position as u32))
    }

    pub(crate) fn unary(&mut self, unary: Unary, a: Node) -> Node {
        if let Some(x) = self.as_constant(a) {
            return self.constant(arithmetic::unary(unary, x));
        }
        match unary {
            Unary::Floor | Unary::Ceiling | Unary::Round if self.facts(a).whole => a,
            Unary::Absolute if self.facts(a).non_negative => a,
            Unary::Negate => match self.operation(a) {
                Operation::Unary(Unary::Negate, inner) => inner,
                Operation::Binary(Binary::Subtract, x, y) => self.binary(Binary::Subtract, y, x),
                _ => self.push(Operation::Unary(unary, a)),
            },
            _ => self.push(Operation::Unary(unary, a)),
        }
    }

    pub(crate) fn binary(&mut self, binary: Binary, a: Node, b: Node) -> Node {
        let (x, y) = (self.as_constant(a), self.as_constant(b));
        if let (Some(x), Some(y)) = (x, y) {
            return self.constant(arithmetic::binary(binary, x, y));
        }
        // Commutative operations are ordered so that equal ones meet, constants first: a minimum or maximum
        // with a constant first lets not-a-number through.
        let (a, b, x, y) = match binary {
            Binary::Add | Binary::Multiply | Binary::Equal | Binary::NotEqual if a > b => (b, a, y, x),
            Binary::Minimum | Binary::Maximum if y.is_some() => (b, a, y, x),
            _ => (a, b, x, y),
        };
        let identity = match (binary, x, y) {
            (Binary::Add, Some(0.0), _) | (Binary::Multiply, Some(1.0), _) => Some(b),
            (Binary::Add | Binary::Subtract, _, Some(0.0))
            | (Binary::Multiply | Binary::Divide | Binary::Power, _, Some(1.0)) => Some(a),
            (Binary::Subtract, Some(0.0), _) => return self.unary(Unary::Negate, b),
            (Binary::Maximum, Some(k), _) if k <= 0.0 && self.facts(b).non_negative => Some(b),
            (Binary::Maximum, Some(k), _) if k <= 0.0 && self.facts(b).truth => Some(b),
            (Binary::Minimum, Some(k), _) if k >= 1.0 && self.facts(b).truth => Some(b),
            (Binary::Minimum | Binary::Maximum, _, _) if a == b => Some(a),
            (Binary::Power, _, Some(2.0)) => return self.binary(Binary::Multiply, a, a),
            (Binary::Power, _, Some(-1.0)) => {
                let one = self.constant(1.0);
                return self.binary(Binary::Divide, one, a);
            }
            _ => None,
        };
        if let Some(node) = identity {
            return node;
        }
        if let Some(value) = self.compare_step(binary, a, b, x, y) {
            return self.truth(value);
        }
        self.push(Operation::Binary(binary, a, b))
    }

    /// A comparison of the step with a number that all steps, or none, fulfil.
    fn compare_step(&self, binary: Binary, a: Node, b: Node, x: Option<f64>, y: Option<f64>) -> Option<bool> {
        let is_step = |node| self.operation(node) == Operation::Step;
        let last = self.last_step;
        match (binary, x, y) {
            (Binary::Less, _, Some(k)) if is_step(a) && k > last => Some(true),
            (Binary::Less, _, Some(k)) if is_step(a) && k <= 0.0 => Some(false),
            (Binary::LessOrEqual, _, Some(k)) if is_step(a) && k >= last => Some(true),
            (Binary::LessOrEqual, _, Some(k)) if is_step(a) && k < 0.0 => Some(false),
            (Binary::Less, Some(k), _) if is_step(b) && k < 0.0 => Some(true),
            (Binary::Less, Some(k), _) if is_step(b) && k >= last => Some(false),
            (Binary::LessOrEqual, Some(k), _) if is_step(b) && k <= 0.0 => Some(true),
            (Binary::LessOrEqual, Some(k), _) if is_step(b) && k > last => Some(false),
            (Binary::Equal, Some(k), _) if is_step(b) && (k < 0.0 || k > last) => Some(false),
            (Binary::Equal, _, Some(k)) if is_step(a) && (k < 0.0 || k > last) => Some(false),
            _ => None,
        }
    }

    pub(crate) fn select(&mut self, condition: Node, a: Node, b: Node) -> Node {
        if let Some(c) = self.as_constant(condition) {
            return if c == 0.0 { b } else { a };
        }
        if a == b {
            return a;
        }
        if self.facts(condition).truth && self.as_constant(a) == Some(1.0) && self.as_constant(b) == Some(0.0)
        {
            return condition;
        }
        self.push(Operation::Select(condition, a, b))
    }

    pub(crate) fn binomial(&mut self, n: Node, p: Node, u: Node) -> Node {
        self.push(Operation::Binomial(n, p, u))
    }

    pub(crate) fn binomial_at_hazard(&mut self, n: Node, hazard: Node, u: Node) -> Node {
        self.push(Operation::BinomialAtHazard(n, hazard, u))
    }

    /// Where a council stands after it has bargained, a node a dimension.
    pub(crate) fn bargain(&mut self, call: CouncilCall) -> Vec<Node> {
        let known: Option<Vec<f64>> = call.operands.iter().map(|&node| self.as_constant(node)).collect();
        if let Some((&is_asked, numbers)) = known.as_deref().and_then(<[f64]>::split_first) {
            let stands = if is_asked == 0.0 {
                vec![0.0; call.n_dimensions]
            } else {
                asked::outcome(call.n_dimensions, call.most_turns, numbers)
            };
            return stands.into_iter().map(|place| self.constant(place)).collect();
        }
        let known = self.councils.iter().position(|known| *known == call);
        let n_dimensions = call.n_dimensions as u32;
        let council = known.unwrap_or_else(|| {
            self.councils.push(call);
            self.councils.len() - 1
        }) as u32;
        (0..n_dimensions).map(|dimension| self.push(Operation::Bargain(council, dimension))).collect()
    }

    /// `health` stays a number while all of `watched` are finite.
    pub(crate) fn health(&mut self, health: Node, watched: &[Node]) -> Node {
        let zero = self.constant(0.0);
        watched.chunks(3).fold(health, |sum, part| {
            let at = |i: usize| part.get(i).copied().unwrap_or(zero);
            self.push(Operation::Health(sum, at(0), at(1), at(2)))
        })
    }
}

/// Shorthands for the operations that lowering writes most.
impl Graph {
    pub(crate) fn add(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Add, a, b)
    }

    pub(crate) fn subtract(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Subtract, a, b)
    }

    pub(crate) fn multiply(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Multiply, a, b)
    }

    pub(crate) fn divide(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Divide, a, b)
    }

    pub(crate) fn minimum(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Minimum, a, b)
    }

    pub(crate) fn maximum(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Maximum, a, b)
    }

    pub(crate) fn less(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Less, a, b)
    }

    pub(crate) fn less_or_equal(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::LessOrEqual, a, b)
    }

    pub(crate) fn equal(&mut self, a: Node, b: Node) -> Node {
        self.binary(Binary::Equal, a, b)
    }

    pub(crate) fn round(&mut self, a: Node) -> Node {
        self.unary(Unary::Round, a)
    }

    /// `max(0, a)`; not-a-number stays.
    pub(crate) fn positive_part(&mut self, a: Node) -> Node {
        let zero = self.constant(0.0);
        self.maximum(zero, a)
    }

    /// `a` cut to 0..1; not-a-number stays.
    pub(crate) fn unit_interval(&mut self, a: Node) -> Node {
        let one = self.constant(1.0);
        let low = self.positive_part(a);
        self.minimum(one, low)
    }

    /// Both of two conditions.
    pub(crate) fn and(&mut self, a: Node, b: Node) -> Node {
        match (self.as_constant(a), self.as_constant(b)) {
            (Some(x), _) => {
                if x == 0.0 {
                    a
                } else {
                    b
                }
            }
            (_, Some(y)) => {
                if y == 0.0 {
                    b
                } else {
                    a
                }
            }
            _ if a == b => a,
            _ => self.multiply(a, b),
        }
    }

    /// At least one of two conditions.
    pub(crate) fn or(&mut self, a: Node, b: Node) -> Node {
        match (self.as_constant(a), self.as_constant(b)) {
            (Some(x), _) => {
                if x == 0.0 {
                    b
                } else {
                    a
                }
            }
            (_, Some(y)) => {
                if y == 0.0 {
                    a
                } else {
                    b
                }
            }
            _ => self.maximum(a, b),
        }
    }

    /// The contrary of a condition.
    pub(crate) fn not(&mut self, a: Node) -> Node {
        let one = self.constant(1.0);
        if let Operation::Binary(Binary::Subtract, x, inner) = self.operation(a)
            && x == one
            && self.facts(inner).truth
        {
            return inner;
        }
        self.subtract(one, a)
    }
}

#[cfg(test)]
mod tests {
    use super::{Binary, Graph, Node, Operation, Unary};
    use crate::arithmetic;

    const VALUES: [f64; 12] =
        [0.0, 1.0, 2.0, -1.0, 0.5, -2.5, 7.0, 1e300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];

    /// The value of a node when parameter 0 is `p`.
    fn value(graph: &Graph, node: Node, p: f64) -> f64 {
        match graph.operation(node) {
            Operation::Constant(bits) => f64::from_bits(bits),
            Operation::Parameter(_) => p,
            Operation::Unary(unary, a) => arithmetic::unary(unary, value(graph, a, p)),
            Operation::Binary(binary, a, b) => {
                arithmetic::binary(binary, value(graph, a, p), value(graph, b, p))
            }
            operation => unreachable!("{operation:?}"),
        }
    }

    fn is_same(a: f64, b: f64) -> bool {
        // Squares and inverses are rounded once; a general power is within a few units in the last place.
        a == b || (a.is_nan() && b.is_nan()) || ((a - b) / b).abs() < 1e-15
    }

    #[test]
    fn rewrites_keep_the_value_for_every_operand() {
        let binaries = [
            Binary::Add,
            Binary::Subtract,
            Binary::Multiply,
            Binary::Divide,
            Binary::Power,
            Binary::Less,
            Binary::LessOrEqual,
            Binary::Equal,
            Binary::NotEqual,
        ];
        for binary in binaries {
            for k in VALUES {
                for p in VALUES {
                    let mut graph = Graph::new(10);
                    let x = graph.parameter(0);
                    let constant = graph.constant(k);
                    let right = graph.binary(binary, x, constant);
                    let left = graph.binary(binary, constant, x);
                    let same = graph.binary(binary, x, x);
                    assert!(
                        is_same(value(&graph, right, p), arithmetic::binary(binary, p, k)),
                        "{p} {binary:?} {k}"
                    );
                    assert!(
                        is_same(value(&graph, left, p), arithmetic::binary(binary, k, p)),
                        "{k} {binary:?} {p}"
                    );
                    assert!(
                        is_same(value(&graph, same, p), arithmetic::binary(binary, p, p)),
                        "{p} {binary:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn minimum_and_maximum_put_constants_first_so_that_nan_passes() {
        let mut graph = Graph::new(10);
        let x = graph.parameter(0);
        let one = graph.constant(1.0);
        for binary in [Binary::Minimum, Binary::Maximum] {
            let node = graph.binary(binary, x, one);
            assert!(value(&graph, node, f64::NAN).is_nan());
            assert_eq!(node, graph.binary(binary, one, x));
        }
        let node = graph.unit_interval(x);
        assert!(value(&graph, node, f64::NAN).is_nan());
        assert_eq!([-1.0, 0.25, 3.0].map(|p| value(&graph, node, p)), [0.0, 0.25, 1.0]);
    }

    #[test]
    fn equal_operations_are_one_node_and_signs_are_known() {
        let mut graph = Graph::new(10);
        let (x, y) = (graph.parameter(0), graph.parameter(1));
        assert_eq!(graph.add(x, y), graph.add(y, x));
        let size = graph.unary(Unary::Absolute, x);
        assert_eq!(graph.positive_part(size), size);
        assert_ne!(graph.positive_part(x), x);
        let step = graph.step();
        let late = graph.constant(11.0);
        assert_eq!(graph.less(step, late), graph.truth(true));
        let condition = graph.less(x, y);
        let not = graph.not(condition);
        assert_eq!(graph.not(not), condition);
    }
}
