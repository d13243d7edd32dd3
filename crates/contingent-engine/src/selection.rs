//! Instruction selection: which nodes become instructions, and which are absorbed into the one that uses them.
//!
//! Enters: the graph and which of its nodes are needed. Leaves: per needed node an instruction over nodes,
//! or nothing when it is a leaf or absorbed. Always holds: an absorbed node has a single use; the arithmetic
//! is that of the nodes, in their order, each step rounded on its own.

use crate::code::{Form, Instruction, Opcode};
use crate::graph::{Binary, Graph, Node, Operation, Rate, Unary};

/// The instruction of each node.
pub(crate) struct Selection {
    pub(crate) instructions: Vec<Option<Instruction<Node>>>,
}

impl Selection {
    /// The instruction of each needed node.
    ///
    /// `section` tells which part of the program a needed node belongs to (none when it is not needed);
    /// `uses` how often it is used, uses from outside the graph included.
    pub(crate) fn new(graph: &Graph, section: &[Option<u8>], uses: &[u32]) -> Self {
        let mut selection = Self { instructions: vec![None; graph.len()] };
        let mut absorbed = vec![false; graph.len()];
        let selector = Selector { graph, section, uses };
        for position in (0..graph.len()).rev() {
            let node = Node(position as u32);
            if section[position].is_none() || absorbed[position] || graph.rate(node) == Rate::Constant {
                continue;
            }
            let (instruction, inside) = selector.select(node);
            for inside in inside.into_iter().flatten() {
                absorbed[inside.index()] = true;
            }
            selection.instructions[position] = instruction;
        }
        selection
    }
}

struct Selector<'g> {
    graph: &'g Graph,
    section: &'g [Option<u8>],
    uses: &'g [u32],
}

/// An instruction and the nodes that it absorbs.
type Selected = (Option<Instruction<Node>>, [Option<Node>; 2]);

impl Selector<'_> {
    fn select(&self, node: Node) -> Selected {
        let simple = |opcode, operands: &[Node]| (Some(Instruction::new(opcode, node, operands)), [None; 2]);
        match self.graph.operation(node) {
            Operation::Constant(_) | Operation::Parameter(_) | Operation::State(_) | Operation::Step => {
                (None, [None; 2])
            }
            Operation::Uniform(stream) => {
                (Some(Instruction::new(Opcode::Uniform, node, &[]).with_index(stream)), [None; 2])
            }
            Operation::UniformAtStart(stream) => {
                (Some(Instruction::new(Opcode::UniformAtStart, node, &[]).with_index(stream)), [None; 2])
            }
            Operation::Series(series) => {
                (Some(Instruction::new(Opcode::Series, node, &[]).with_index(series)), [None; 2])
            }
            Operation::Unary(unary, a) => simple(Opcode::Unary(unary), &[a]),
            Operation::Table(table, a) => {
                (Some(Instruction::new(Opcode::Table, node, &[a]).with_index(table)), [None; 2])
            }
            Operation::Binomial(a, b, c) => simple(Opcode::Binomial, &[a, b, c]),
            Operation::BinomialAtHazard(a, b, c) => simple(Opcode::BinomialAtHazard, &[a, b, c]),
            Operation::Health(a, b, c, d) => simple(Opcode::Health, &[a, b, c, d]),
            Operation::Bargain(council, dimension) => {
                let operands = &self.graph.councils()[council as usize].operands;
                let instruction = Instruction::new(Opcode::Bargain, node, operands);
                (Some(instruction.with_index(council).with_spare(dimension)), [None; 2])
            }
            Operation::Select(condition, a, b) => self.select_choice(node, condition, a, b),
            Operation::Binary(binary, a, b) => self.select_binary(node, binary, a, b),
        }
    }

    fn is_absorbable(&self, outer: Node, inner: Node) -> bool {
        self.uses[inner.index()] == 1 && self.section[inner.index()] == self.section[outer.index()]
    }

    /// The operands of `inner` when `outer` may absorb it.
    fn absorbable(&self, outer: Node, inner: Node, binary: Binary) -> Option<(Node, Node)> {
        if !self.is_absorbable(outer, inner) {
            return None;
        }
        match self.graph.operation(inner) {
            Operation::Binary(found, x, y) if found == binary => Some((x, y)),
            _ => None,
        }
    }

    /// An instruction whose first two operands may be a constant and a register.
    fn build(
        &self,
        opcode: Opcode,
        out: Node,
        first: Node,
        second: Node,
        others: &[Node],
    ) -> Instruction<Node> {
        let mut operands = Vec::with_capacity(4);
        let (form, constant) = match (self.graph.as_constant(first), self.graph.as_constant(second)) {
            (Some(constant), _) => {
                operands.push(second);
                (Form::ConstantFirst, constant)
            }
            (_, Some(constant)) => {
                operands.push(first);
                (Form::ConstantSecond, constant)
            }
            _ => {
                operands.extend([first, second]);
                (Form::Registers, 0.0)
            }
        };
        operands.extend_from_slice(others);
        Instruction::new(opcode, out, &operands).with_constant(form, constant)
    }

    fn select_choice(&self, node: Node, condition: Node, a: Node, b: Node) -> Selected {
        let comparisons = [
            (Binary::Less, Opcode::SelectLess, [a, b]),
            (Binary::LessOrEqual, Opcode::SelectLessOrEqual, [a, b]),
            (Binary::Equal, Opcode::SelectEqual, [a, b]),
            (Binary::NotEqual, Opcode::SelectEqual, [b, a]),
        ];
        for (binary, opcode, arms) in comparisons {
            if let Some((x, y)) = self.absorbable(node, condition, binary) {
                if opcode == Opcode::SelectLess
                    && self.absorbable(node, a, Binary::Divide) == Some((x, y))
                    && self.graph.as_constant(b) == Some(1.0)
                    && self.graph.as_constant(x).is_none()
                    && self.graph.as_constant(y).is_none()
                {
                    return (
                        Some(Instruction::new(Opcode::Ration, node, &[x, y])),
                        [Some(condition), Some(a)],
                    );
                }
                return (Some(self.build(opcode, node, x, y, &arms)), [Some(condition), None]);
            }
        }
        (Some(Instruction::new(Opcode::Select, node, &[condition, a, b])), [None; 2])
    }

    fn select_binary(&self, node: Node, binary: Binary, a: Node, b: Node) -> Selected {
        let is_constant = |node| self.graph.as_constant(node).is_some();
        let fused = |opcode, x: Node, y: Node, z: Node, inside| {
            (Some(self.build(opcode, node, x, y, &[z])), [Some(inside), None])
        };
        match binary {
            Binary::Add => {
                for (inner, other) in [(a, b), (b, a)] {
                    if inner != other
                        && let Some((x, y)) = self.absorbable(node, inner, Binary::Multiply)
                    {
                        return fused(Opcode::MultiplyAdd, x, y, other, inner);
                    }
                }
                for (inner, other) in [(a, b), (b, a)] {
                    if inner != other
                        && let Some((x, y)) = self.absorbable(node, inner, Binary::Add)
                    {
                        return fused(Opcode::AddAdd, x, y, other, inner);
                    }
                }
            }
            Binary::Subtract if !is_constant(a) && !is_constant(b) && a != b => {
                if let Some((x, y)) = self.absorbable(node, a, Binary::Multiply) {
                    return fused(Opcode::MultiplySubtract, x, y, b, a);
                }
                if let Some((x, y)) = self.absorbable(node, b, Binary::Multiply) {
                    return fused(Opcode::SubtractProduct, x, y, a, b);
                }
            }
            Binary::Multiply if a != b => {
                let inside = [
                    (Binary::Multiply, Opcode::MultiplyMultiply),
                    (Binary::Subtract, Opcode::SubtractMultiply),
                    (Binary::Add, Opcode::AddMultiply),
                ];
                for (inner, other) in [(a, b), (b, a)] {
                    for (binary, opcode) in inside {
                        if let Some((x, y)) = self.absorbable(node, inner, binary) {
                            return fused(opcode, x, y, other, inner);
                        }
                    }
                }
            }
            Binary::Maximum => {
                if let Some(constant) = self.graph.as_constant(a) {
                    if let Operation::Unary(Unary::Negate, x) = self.graph.operation(b)
                        && self.is_absorbable(node, b)
                    {
                        let instruction = Instruction::new(Opcode::NegateMaximum, node, &[x]);
                        return (Some(instruction.with_constant(Form::Registers, constant)), [Some(b), None]);
                    }
                    let inside =
                        [(Binary::Add, Opcode::AddMaximum), (Binary::Subtract, Opcode::SubtractMaximum)];
                    for (binary, opcode) in inside {
                        if let Some((x, y)) = self.absorbable(node, b, binary)
                            && !is_constant(x)
                            && !is_constant(y)
                        {
                            let instruction = Instruction::new(opcode, node, &[x, y]);
                            return (
                                Some(instruction.with_constant(Form::Registers, constant)),
                                [Some(b), None],
                            );
                        }
                    }
                }
            }
            _ => {}
        }
        (Some(self.build(Opcode::Binary(binary), node, a, b, &[])), [None; 2])
    }
}
