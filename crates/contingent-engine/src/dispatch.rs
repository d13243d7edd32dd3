//! Which vector instructions the interpreter is compiled for, chosen when it runs.
//!
//! Enters: a pass. Leaves: the same, run. Always holds: the variants are one function compiled for several
//! instruction sets; nothing is reordered or contracted, so they give the same bits.

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
        #[expect(unsafe_code, reason = "the line above checked that the machine has the instructions")]
        // SAFETY: the only requirement of `run_pass_avx2` is that the machine has AVX2.
        unsafe {
            run_pass_avx2(pass, registers);
        }
        return;
    }
    let _ = dispatch;
    run_pass_portable(pass, registers);
}

fn run_pass_portable(pass: &mut Pass<'_>, registers: &mut [Lanes]) {
    interpreter::run_pass(pass, registers);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_pass_avx2(pass: &mut Pass<'_>, registers: &mut [Lanes]) {
    interpreter::run_pass(pass, registers);
}
