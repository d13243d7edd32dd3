//! Machine code for x86-64, from the same code and the same arithmetic as the interpreter runs.
//!
//! Enters: [`Code`] and its tables. Leaves: [`Native`], which runs a pass as the interpreter does. Always holds: the
//! bits are those of the interpreter; where the machine or the system does not allow it, there is no `Native` and
//! the interpreter runs instead.
//!
//! A section of the code is cut into regions at the instructions that stay calls of the interpreter: those that
//! iterate (counts), and in large programs those that are long (exponentials, draws), because machine code that
//! does not fit into the processor's instruction cache is slower than loops that do. A region is traced into primitives ([`primitive`]), each value is given a machine register
//! ([`allocate`]) and the primitives become instructions ([`encode`]) of a loop over the lanes of a block, a few at a
//! time, in pages that are not writable any more when they are executed ([`memory`]).

mod allocate;
#[cfg(test)]
mod emulation;
mod encode;
mod memory;
mod order;
mod primitive;
mod region;

use std::sync::OnceLock;

use allocate::{Pool, generate};
pub(crate) use encode::InstructionSet;
use memory::{Executable, Memory, Needs, STEP_PAIR_OFFSET};
use region::Item;

use crate::code::{Code, Instruction};
use crate::dispatch;
use crate::interpreter::{LANES, Lanes, Pass, record};
use crate::lower::Lowered;
use crate::schedule::{Order, schedule};

/// Bytes of a value in an address: registers of lanes hold 8-byte numbers, draws are 4-byte words.
const LANES_PER_VALUE_ADDRESS: u32 = 8;
const LANES_PER_DRAW_ADDRESS: u32 = 4;

/// Whether this machine has the instructions and its system lets a page be executed.
pub(crate) fn is_possible() -> bool {
    static IS_POSSIBLE: OnceLock<bool> = OnceLock::new();
    *IS_POSSIBLE.get_or_init(|| {
        let nothing = Needs { n_registers: 0, n_streams: 0, pool: 0, spill: 0 };
        InstructionSet::of_this_machine().is_some() && Executable::new(&[Vec::new()], nothing).is_some()
    })
}

/// A step of a section.
#[derive(Clone, Debug)]
enum Part {
    /// A function of the executable memory.
    Function(usize),
    /// An instruction of the interpreter.
    Interpreted(Instruction<u32>),
}

/// A program as machine code.
#[derive(Debug)]
pub(crate) struct Native {
    /// What it was made from: the values of the program, with calls of the interpreter grouped.
    code: Code,
    executable: Executable,
    /// Constants, each as often as the machine has lanes.
    pool: Vec<u64>,
    n_spilled_words: usize,
    prologue: Vec<Part>,
    observe: [Vec<Part>; 2],
    advance: [Vec<Part>; 2],
    last: Vec<Part>,
}

impl Native {
    /// Compiles for the widest instruction set of this machine. `code` is that of the interpreter.
    pub(crate) fn compile(lowered: &Lowered, code: &Code) -> Option<Self> {
        Self::compile_for(InstructionSet::of_this_machine()?, lowered, code)
    }

    /// Compiles for an instruction set that this machine has.
    pub(crate) fn compile_for(set: InstructionSet, lowered: &Lowered, code: &Code) -> Option<Self> {
        let tables = lowered.graph.tables();
        let is_call = region::calls(code, tables);
        let code = schedule(lowered, Order::Grouped(is_call));
        let sections = region::sections(&code, tables, is_call)?;
        let mut functions = Vec::new();
        let mut pool = Pool::default();
        let mut n_spilled = 0;
        let mut parts = |items: &[Item]| {
            let mut parts = Vec::with_capacity(items.len());
            for item in items {
                match item {
                    Item::Call(instruction) => parts.push(Part::Interpreted(instruction.clone())),
                    Item::Region(region) if region.stores.is_empty() => {}
                    Item::Region(region) => {
                        let generated = generate(set, region, &mut pool).ok()?;
                        n_spilled = n_spilled.max(generated.n_spilled);
                        parts.push(Part::Function(functions.len()));
                        functions.push(generated.bytes);
                    }
                }
            }
            Some(parts)
        };
        let prologue = parts(&sections.prologue)?;
        let observe = [parts(&sections.observe[0])?, parts(&sections.observe[1])?];
        let advance = [parts(&sections.advance[0])?, parts(&sections.advance[1])?];
        let last = parts(&sections.last)?;
        let pool: Vec<u64> =
            pool.constants.iter().flat_map(|&bits| std::iter::repeat_n(bits, set.n_lanes())).collect();
        let n_spilled_words = n_spilled * set.n_lanes();
        let needs = Needs {
            n_registers: code.n_registers,
            n_streams: lowered.graph.streams().len(),
            pool: pool.len(),
            spill: n_spilled_words,
        };
        let executable = Executable::new(&functions, needs)?;
        Some(Self { code, executable, pool, n_spilled_words, prologue, observe, advance, last })
    }

    /// The code that tells where a pass finds its parameters and leaves its results.
    pub(crate) fn code(&self) -> &Code {
        &self.code
    }

    /// Runs all times of a pass over [`Native::code`]. Parameters and constants are already in their registers.
    pub(crate) fn run_pass(&self, pass: &mut Pass<'_>, registers: &mut [Lanes], spill: &mut Vec<u64>) {
        if spill.len() < self.n_spilled_words {
            spill.resize(self.n_spilled_words, 0);
        }
        for step in 0..=pass.n_steps {
            let parity = step % 2;
            if let Some(register) = pass.code.step {
                registers[register as usize].0 = [step as f64; LANES];
            }
            if step == 0 {
                self.run_parts(&self.prologue, pass, registers, spill, step);
            }
            let is_last = step == pass.n_steps;
            let observe = if is_last { &self.last } else { &self.observe[parity] };
            self.run_parts(observe, pass, registers, spill, step);
            record(pass, registers, step);
            if !is_last {
                self.run_parts(&self.advance[parity], pass, registers, spill, step);
            }
        }
    }

    fn run_parts(
        &self,
        parts: &[Part],
        pass: &Pass<'_>,
        registers: &mut [Lanes],
        spill: &mut [u64],
        step: usize,
    ) {
        for part in parts {
            match part {
                Part::Function(function) => {
                    let mut memory = Memory {
                        registers: &mut *registers,
                        streams: pass.streams,
                        draws: &pass.identities.draws,
                        replications: &pass.identities.replications,
                        pool: &self.pool,
                        spill: &mut *spill,
                    };
                    self.executable.call(*function, &mut memory, (step >> 1) as u64);
                }
                Part::Interpreted(instruction) => {
                    dispatch::execute_widest(pass, registers, instruction, step);
                }
            }
        }
    }
}
