//! The evaluation of one run, node by node.
//!
//! Enters: the lowered model and one run's identity and parameters. Leaves: the value of every node at every
//! time. Always holds: it reads the graph, not the code, so it checks the scheduler and the interpreter: both
//! give the same bits.

use crate::arithmetic;
use crate::council::asked;
use crate::graph::{Graph, Node, Operation, Rate};
use crate::lower::{Lowered, Section};
use crate::random::{self, RoundKeys};

/// One run under way.
pub(crate) struct Evaluation<'a> {
    lowered: &'a Lowered,
    streams: &'a [RoundKeys],
    draw: u32,
    replication: u32,
    parameters: Vec<f64>,
    state: Vec<f64>,
    values: Vec<f64>,
    step: usize,
}

impl<'a> Evaluation<'a> {
    /// The run at time 0, its state not yet observed.
    pub(crate) fn new(
        lowered: &'a Lowered,
        streams: &'a [RoundKeys],
        draw: u32,
        replication: u32,
        parameters: Vec<f64>,
    ) -> Self {
        let mut evaluation = Self {
            lowered,
            streams,
            draw,
            replication,
            parameters,
            state: vec![0.0; lowered.slots.len()],
            values: vec![0.0; lowered.graph.len()],
            step: 0,
        };
        evaluation.evaluate(|rate| rate != Rate::Step);
        for (position, slot) in lowered.slots.iter().enumerate() {
            evaluation.state[position] = evaluation.value(slot.initial);
        }
        evaluation.evaluate(|rate| rate == Rate::Step);
        evaluation
    }

    /// The run at a step, with a known state.
    pub(crate) fn at(
        lowered: &'a Lowered,
        streams: &'a [RoundKeys],
        draw: u32,
        replication: u32,
        parameters: Vec<f64>,
        state: Vec<f64>,
        step: usize,
    ) -> Self {
        let values = vec![0.0; lowered.graph.len()];
        let mut evaluation = Self { lowered, streams, draw, replication, parameters, state, values, step };
        evaluation.evaluate(|_| true);
        evaluation
    }

    /// The draw and the replication.
    pub(crate) fn identity(&self) -> (u32, u32) {
        (self.draw, self.replication)
    }

    pub(crate) fn value(&self, node: Node) -> f64 {
        self.values[node.index()]
    }

    pub(crate) fn step(&self) -> usize {
        self.step
    }

    /// Updates what changes in a section from the values at this time.
    pub(crate) fn commit(&mut self, section: Section) {
        for (position, slot) in self.lowered.slots.iter().enumerate() {
            if slot.section == section {
                self.state[position] = self.values[slot.next.index()];
            }
        }
    }

    /// Goes on to the next time: the values at it.
    pub(crate) fn advance(&mut self) {
        self.commit(Section::Observe);
        self.commit(Section::Advance);
        self.step += 1;
        self.evaluate(|rate| rate == Rate::Step);
    }

    fn evaluate(&mut self, wanted: impl Fn(Rate) -> bool) {
        let graph = &self.lowered.graph;
        for position in 0..graph.len() {
            let node = Node(position as u32);
            if wanted(graph.rate(node)) {
                self.values[position] = self.apply(graph, node);
            }
        }
    }

    fn apply(&self, graph: &Graph, node: Node) -> f64 {
        let of = |node: Node| self.values[node.index()];
        match graph.operation(node) {
            Operation::Constant(bits) => f64::from_bits(bits),
            Operation::Parameter(parameter) => self.parameters[parameter as usize],
            Operation::State(slot) => self.state[slot as usize],
            Operation::Step => self.step as f64,
            Operation::Series(series) => graph.series()[series as usize].value(self.step),
            Operation::Uniform(stream) => self.uniform(stream, self.step),
            Operation::UniformAtStart(stream) => self.uniform(stream, 0),
            Operation::Unary(unary, a) => arithmetic::unary(unary, of(a)),
            Operation::Binary(binary, a, b) => arithmetic::binary(binary, of(a), of(b)),
            Operation::Select(condition, a, b) => arithmetic::select(of(condition), of(a), of(b)),
            Operation::Binomial(n, p, u) => arithmetic::binomial(of(n), of(p), of(u)),
            Operation::BinomialAtHazard(n, hazard, u) => {
                arithmetic::binomial_at_hazard(of(n), of(hazard), of(u))
            }
            Operation::Table(table, x) => graph.tables()[table as usize].value(of(x)),
            Operation::Bargain(council, dimension) => {
                let call = &graph.councils()[council as usize];
                if of(call.operands[0]) == 0.0 {
                    return 0.0;
                }
                let numbers: Vec<f64> = call.operands[1..].iter().map(|&node| of(node)).collect();
                asked::outcome(call.n_dimensions, call.most_turns, &numbers)[dimension as usize]
            }
            Operation::Health(health, a, b, c) => arithmetic::health(of(health), of(a), of(b), of(c)),
        }
    }

    fn uniform(&self, stream: u32, step: usize) -> f64 {
        let keys = &self.streams[stream as usize];
        let (even, odd) = random::uniform_pair(keys, self.draw, self.replication, (step >> 1) as u32, 0);
        if step.is_multiple_of(2) { even } else { odd }
    }
}
