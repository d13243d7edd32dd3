//! The instruction set: what the interpreter runs, and what later back ends read.
//!
//! Enters: nothing. Leaves: plain data. Always holds: an instruction writes one register that is none of
//! its operands (a uniform draw also writes its spare); there are no jumps.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::graph::{Binary, Unary};

/// What an instruction does. `x`, `y`, `z`, `w` are its operands in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    /// `x`
    Copy,
    Unary(Unary),
    Binary(Binary),
    /// `x != 0 ? y : z`
    Select,
    /// `x < y ? z : w`
    SelectLess,
    /// `x <= y ? z : w`
    SelectLessOrEqual,
    /// `x == y ? z : w`
    SelectEqual,
    /// `x * y + z`, rounded twice like all that follow.
    MultiplyAdd,
    /// `x * y - z`
    MultiplySubtract,
    /// `z - x * y`
    SubtractProduct,
    /// `(x * y) * z`
    MultiplyMultiply,
    /// `(x + y) * z`
    AddMultiply,
    /// `(x - y) * z`
    SubtractMultiply,
    /// `(x + y) + z`
    AddAdd,
    /// `max(k, x + y)`
    AddMaximum,
    /// `max(k, x - y)`
    SubtractMaximum,
    /// `max(k, -x)`
    NegateMaximum,
    /// `x < y ? x / y : 1`: the share of what is asked that can be given.
    Ration,
    /// The uniform of stream `index` at the step, an even one; `spare` takes that of the odd step after it.
    Uniform,
    /// The uniform of stream `index` at step 0.
    UniformAtStart,
    /// Binomial quantile of (x, y, z).
    Binomial,
    /// Binomial quantile of (x, 1 - exp(-y), z).
    BinomialAtHazard,
    /// Table `index` at `x`.
    Table,
    /// Series `index` at the step.
    Series,
    /// `x` plus zero while `y`, `z` and `w` are finite.
    Health,
    /// Where council `index` stands on dimension `spare`, from all its operands.
    Bargain,
}

/// Which of the first two operands is the constant `k`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// None: all operands are registers.
    Registers,
    /// The first: registers hold the others, in order.
    ConstantFirst,
    /// The second: registers hold the others, in order.
    ConstantSecond,
}

/// One instruction; `R` names a value: a node before registers are assigned, a register after.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Instruction<R> {
    pub(crate) opcode: Opcode,
    pub(crate) form: Form,
    pub(crate) out: R,
    /// Register operands, in order; unused ones repeat the first, or `out` when there is none.
    pub(crate) operands: [R; 4],
    /// How many of `operands` are used.
    pub(crate) n_operands: u8,
    /// All operands, where there are more.
    many: Option<Arc<[R]>>,
    pub(crate) constant: f64,
    /// Stream, table, series or council.
    pub(crate) index: u32,
    /// Register that keeps the uniform of the next step; of a council, the dimension.
    pub(crate) spare: u32,
}

impl<R: Copy> Instruction<R> {
    pub(crate) fn new(opcode: Opcode, out: R, operands: &[R]) -> Self {
        let mut all = [operands.first().copied().unwrap_or(out); 4];
        let few = if operands.len() <= all.len() { operands } else { &[] };
        all[..few.len()].copy_from_slice(few);
        Self {
            opcode,
            form: Form::Registers,
            out,
            operands: all,
            n_operands: few.len() as u8,
            many: (few.len() < operands.len()).then(|| operands.into()),
            constant: 0.0,
            index: 0,
            spare: 0,
        }
    }

    pub(crate) fn with_constant(mut self, form: Form, constant: f64) -> Self {
        self.form = form;
        self.constant = constant;
        self
    }

    pub(crate) fn with_index(mut self, index: u32) -> Self {
        self.index = index;
        self
    }

    pub(crate) fn with_spare(mut self, spare: u32) -> Self {
        self.spare = spare;
        self
    }

    pub(crate) fn used(&self) -> &[R] {
        match &self.many {
            Some(many) => many,
            None => &self.operands[..usize::from(self.n_operands)],
        }
    }
}

/// A value that leaves the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    Register(u32),
    Constant(f64),
}

/// Straight-line code over registers of lanes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code {
    pub(crate) n_registers: usize,
    /// Registers of state, at even and at odd times, and what they hold.
    pub(crate) states: Vec<([u32; 2], String)>,
    /// Registers that hold a constant throughout.
    pub(crate) constants: Vec<(u32, f64)>,
    /// Registers that hold a parameter throughout, and its position.
    pub(crate) parameters: Vec<(u32, u32)>,
    /// The register of the step, when something reads it.
    pub(crate) step: Option<u32>,
    /// Once per block: what depends on the parameters only, and the state at the start.
    pub(crate) prologue: Vec<Instruction<u32>>,
    /// At every even and at every odd time but the last: what questions and recordings need, and the monitors.
    pub(crate) observe: [Vec<Instruction<u32>>; 2],
    /// After `observe`: the state at t + dt.
    pub(crate) advance: [Vec<Instruction<u32>>; 2],
    /// At the last time: what `observe` does, and what is asked of that time alone.
    pub(crate) last: Vec<Instruction<u32>>,
    /// After `observe`, at even and at odd times, and after `last`.
    pub(crate) recorded: [Vec<Source>; 3],
    /// After `last`, as the two that follow: what is asked, then the likelihoods of observations.
    pub(crate) outcomes: Vec<Source>,
    pub(crate) clipped: Source,
    pub(crate) health: Source,
}

impl Default for Source {
    fn default() -> Self {
        Self::Constant(0.0)
    }
}

impl Code {
    /// A listing, one instruction a line.
    pub(crate) fn listing(&self, streams: &[crate::graph::Stream]) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "registers {}", self.n_registers);
        for ([even, odd], name) in &self.states {
            let registers = if even == odd { format!("r{even}") } else { format!("r{even}/r{odd}") };
            let _ = writeln!(text, "  {registers} = state {name}");
        }
        for (register, value) in &self.constants {
            let _ = writeln!(text, "  r{register} = {value}");
        }
        for (register, parameter) in &self.parameters {
            let _ = writeln!(text, "  r{register} = parameter {parameter}");
        }
        if let Some(register) = self.step {
            let _ = writeln!(text, "  r{register} = step");
        }
        let parts = [
            ("prologue", &self.prologue),
            ("observe, even steps", &self.observe[0]),
            ("advance, even steps", &self.advance[0]),
            ("observe, odd steps", &self.observe[1]),
            ("advance, odd steps", &self.advance[1]),
            ("last step", &self.last),
        ];
        for (title, instructions) in parts {
            let _ = writeln!(text, "{title}");
            for instruction in instructions {
                let _ = write!(text, "  r{} = ", instruction.out);
                match instruction.opcode {
                    Opcode::Unary(unary) => _ = write!(text, "{unary:?}"),
                    Opcode::Binary(binary) => _ = write!(text, "{binary:?}"),
                    opcode => _ = write!(text, "{opcode:?}"),
                }
                let mut operands: Vec<String> =
                    instruction.used().iter().map(|register| format!("r{register}")).collect();
                match instruction.form {
                    Form::Registers => {}
                    Form::ConstantFirst => operands.insert(0, instruction.constant.to_string()),
                    Form::ConstantSecond => operands.insert(1, instruction.constant.to_string()),
                }
                match instruction.opcode {
                    Opcode::Uniform | Opcode::UniformAtStart => {
                        let stream = &streams[instruction.index as usize];
                        operands
                            .push(format!("{}[{}]#{}", stream.declaration, stream.element, stream.ordinal));
                    }
                    Opcode::Table => operands.push(format!("table {}", instruction.index)),
                    Opcode::Bargain => {
                        operands
                            .push(format!("council {} dimension {}", instruction.index, instruction.spare));
                    }
                    Opcode::Series => operands.push(format!("series {}", instruction.index)),
                    Opcode::AddMaximum | Opcode::SubtractMaximum | Opcode::NegateMaximum => {
                        operands.push(format!("k={}", instruction.constant));
                    }
                    _ => {}
                }
                let _ = writeln!(text, "({})", operands.join(", "));
            }
        }
        text
    }
}
