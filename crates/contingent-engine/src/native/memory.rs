//! Executable memory, and the one place where machine code is called.
//!
//! Enters: bytes of functions that `encode` made. Leaves: [`Executable`]. Always holds: a page is writable or
//! executable, never both; a call passes addresses of memory that outlives it and is as large as the code assumes.

#![expect(unsafe_code, reason = "machine code is called here, and nowhere else")]

use memmap2::{Mmap, MmapMut};

use crate::interpreter::{LANES, Lanes};
use crate::random::{N_ROUNDS, RoundKeys};

/// What the code of a region reads besides the registers of lanes. The order is that of the addresses that its
/// first instructions load.
#[repr(C)]
struct Context {
    pool: *const u64,
    keys: *const u64,
    draws: *const u32,
    replications: *const u32,
    spill: *mut u64,
    step_pair: u64,
}

/// Byte offset of `Context::step_pair`.
pub(super) const STEP_PAIR_OFFSET: i64 = 40;

type Function = unsafe extern "sysv64" fn(*mut f64, *const Context);

/// Functions in executable memory.
#[derive(Debug)]
pub(super) struct Executable {
    pages: Mmap,
    starts: Vec<usize>,
    /// Sizes that the functions assume, in words.
    needs: Needs,
}

/// How much memory the functions of a program use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    /// Registers of lanes.
    pub(super) n_registers: usize,
    /// Streams in the table of keys.
    pub(super) n_streams: usize,
    /// Words of constants.
    pub(super) pool: usize,
    /// Words for values put aside.
    pub(super) spill: usize,
}

/// Memory that calls share.
pub(super) struct Memory<'m> {
    pub(super) registers: &'m mut [Lanes],
    pub(super) streams: &'m [RoundKeys],
    pub(super) draws: &'m [u32; LANES],
    pub(super) replications: &'m [u32; LANES],
    pub(super) pool: &'m [u64],
    pub(super) spill: &'m mut [u64],
}

impl Executable {
    /// Puts functions into executable pages; none where the system does not allow it.
    pub(super) fn new(functions: &[Vec<u8>], needs: Needs) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut starts = Vec::with_capacity(functions.len());
        for function in functions {
            // The first instruction at the beginning of a cache line.
            bytes.resize(bytes.len().next_multiple_of(64), 0xcc);
            starts.push(bytes.len());
            bytes.extend_from_slice(function);
        }
        let mut pages = MmapMut::map_anon(bytes.len().max(1)).ok()?;
        pages[..bytes.len()].copy_from_slice(&bytes);
        Some(Self { pages: pages.make_exec().ok()?, starts, needs })
    }

    /// Calls a function.
    ///
    /// # Panics
    ///
    /// When `memory` is smaller than what was stated when the functions were made.
    pub(super) fn call(&self, function: usize, memory: &mut Memory<'_>, step_pair: u64) {
        let needs = self.needs;
        assert!(memory.registers.len() >= needs.n_registers, "as many registers as the program has");
        assert!(memory.streams.len() >= needs.n_streams, "the keys of every stream");
        assert!(memory.pool.len() >= needs.pool && memory.spill.len() >= needs.spill, "room as stated");
        const { assert!(std::mem::offset_of!(Context, step_pair) as i128 == STEP_PAIR_OFFSET as i128) };
        const { assert!(size_of::<RoundKeys>() == 2 * N_ROUNDS * size_of::<u64>()) };
        const { assert!(size_of::<Lanes>() >= LANES * size_of::<f64>()) };
        let context = Context {
            pool: memory.pool.as_ptr(),
            keys: memory.streams.as_ptr().cast(),
            draws: memory.draws.as_ptr(),
            replications: memory.replications.as_ptr(),
            spill: memory.spill.as_mut_ptr(),
            step_pair,
        };
        let start = self.pages[self.starts[function]..].as_ptr();
        // SAFETY: the bytes at `start` are a whole function with this signature that `encode` made for a machine
        // that has its instructions (checked when the set was chosen). It writes within the first `n_registers`
        // registers of lanes and the first `spill` words, reads within these, the pool, the keys of the first
        // `n_streams` streams and `LANES` draws and replications, all of them checked above; it keeps to the calling
        // convention: no stack, only registers that a callee may change, and the upper halves are cleared.
        unsafe {
            let function: Function = std::mem::transmute(start);
            function(memory.registers.as_mut_ptr().cast(), &raw const context);
        }
    }
}
