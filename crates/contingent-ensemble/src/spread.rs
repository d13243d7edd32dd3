//! How work is spread over threads, and done in order where there are none.
//!
//! Enters: pieces of work that do not depend on each other. Leaves: what each gave. Always holds: pieces begin in order; with
//! the feature `native` they run on the thread pool of the caller, without it one after the other, and no result tells which.

#[cfg(feature = "native")]
use rayon::prelude::*;

/// What `work` makes of every piece, in any order, with memory that one thread keeps from piece to piece.
#[cfg(feature = "native")]
pub(crate) fn each<I, S, R>(
    pieces: I,
    memory: impl Fn() -> S + Send + Sync,
    work: impl Fn(&mut S, I::Item) -> R + Send + Sync,
) -> Vec<R>
where
    I: Iterator + Send,
    I::Item: Send,
    R: Send,
{
    pieces.par_bridge().map_init(memory, work).collect()
}

/// What `work` makes of every piece, in any order, with memory that one thread keeps from piece to piece.
#[cfg(not(feature = "native"))]
pub(crate) fn each<I: Iterator, S, R>(
    pieces: I,
    memory: impl Fn() -> S,
    work: impl Fn(&mut S, I::Item) -> R,
) -> Vec<R> {
    let mut memory = memory();
    pieces.map(|piece| work(&mut memory, piece)).collect()
}

/// What `work` makes of every position and its item, in order.
#[cfg(feature = "native")]
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn((usize, &T)) -> R + Send + Sync,
) -> Vec<R> {
    items.par_iter().enumerate().map(work).collect()
}

/// What `work` makes of every position and its item, in order.
#[cfg(not(feature = "native"))]
pub(crate) fn in_order<T, R>(items: &[T], work: impl Fn((usize, &T)) -> R) -> Vec<R> {
    items.iter().enumerate().map(work).collect()
}
