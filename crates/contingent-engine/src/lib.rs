//! Lowers a checked model to a program and runs it over blocks of runs.
//!
//! Enters: a `CheckedModel`, a [`Configuration`], a seed, and the values of the assumptions per run.
//! Leaves: outcomes and recorded values per run. Always holds: the same model, configuration, seed, draw and
//! replication give the same bits for any block size, thread count and machine; nothing here reads files,
//! the clock or the environment.

#![cfg_attr(
    not(feature = "exact"),
    allow(dead_code, unused_imports, reason = "some of what jumps one by one need serves nothing else")
)]

#[cfg(test)]
extern crate self as contingent_engine;

#[cfg(test)]
mod agreement;
mod arithmetic;
mod code;
mod configuration;
pub mod council;
mod diagnosis;
mod dispatch;
mod evaluation;
#[cfg(feature = "exact")]
mod exact;
#[cfg(not(feature = "exact"))]
#[path = "exact/absent.rs"]
mod exact;
mod graph;
mod interpreter;
mod likelihood;
mod lower;
pub mod math;
#[cfg(target_arch = "x86_64")]
mod native;
pub mod program;
pub mod quantile;
pub mod random;
mod schedule;
mod selection;

/// The version of everything that decides bits: draws, arithmetic, the order of operations. Equal versions, models,
/// seeds and designs give equal bits, on any machine, with any back end, number of threads and size of block; a change
/// that moves bits on purpose raises it. A test guards it with known digests.
pub const STREAM_VERSION: u32 = 1;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

pub use program::{
    Backend, Block, BlockResult, ChanceMode, CompileError, Configuration, Failure, OutcomeColumn,
    OutcomeRole, Parameter, Program, Recorded, Recording, Workspace, compile, run_block,
};
