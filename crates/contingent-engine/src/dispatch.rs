//! Which vector instructions the interpreter is compiled for, chosen when it runs.
//!
//! Enters: a pass. Leaves: the same, run. Always holds: the variants are one function compiled for several
//! instruction sets; nothing is reordered or contracted, so they give the same bits.

use crate::code::Instruction;
use crate::interpreter::{self, Lanes, Pass};

/// Which variant of the interpreter to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dispatch {
    /// The widest vectors that this machine has.
    #[default]
    Widest,
    /// What every machine of the target has.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests compare it with the widest"))]
    Portable,
}

/// Runs a pass.
pub(crate) fn run_pass(dispatch: Dispatch, pass: &mut Pass<'_>, registers: &mut [Lanes]) {
    #[cfg(target_arch = "x86_64")]
    if dispatch == Dispatch::Widest && std::arch::is_x86_feature_detected!("avx2") {
        return interpreter::run_pass(pass, registers, execute_widest);
    }
    let _ = dispatch;
    interpreter::run_pass(pass, registers, execute_portable);
}

/// Executes one instruction, on a machine that has AVX2.
#[cfg(target_arch = "x86_64")]
pub(crate) fn execute_widest(
    pass: &Pass<'_>,
    registers: &mut [Lanes],
    instruction: &Instruction<u32>,
    step: usize,
) {
    assert!(
        std::arch::is_x86_feature_detected!("avx2"),
        "the caller checked this before it chose the variant"
    );
    #[expect(unsafe_code, reason = "the line above checked that the machine has the instructions")]
    // SAFETY: the only requirement of `execute_avx2` is that the machine has AVX2.
    unsafe {
        execute_avx2(pass, registers, instruction, step);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn execute_avx2(pass: &Pass<'_>, registers: &mut [Lanes], instruction: &Instruction<u32>, step: usize) {
    interpreter::execute(pass, registers, instruction, step);
}

fn execute_portable(pass: &Pass<'_>, registers: &mut [Lanes], instruction: &Instruction<u32>, step: usize) {
    interpreter::execute(pass, registers, instruction, step);
}
