//! Work on several threads where there are any: with the feature `native`, on those of rayon's pool.
//!
//! Enters: independent pieces of work. Leaves: their results in the order of the pieces. Always holds: results do not
//! hang on the number of threads, because no piece sees another.

/// The results of `work` for each item, in their order.
#[cfg(feature = "native")]
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter().map(work).collect()
}

/// The results of `work` for each item, in their order.
#[cfg(not(feature = "native"))]
pub(crate) fn map<T, R>(items: &[T], work: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(work).collect()
}

/// The results of both.
#[cfg(feature = "native")]
pub(crate) fn join<A: Send, B: Send>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(first, second)
}

/// The results of both.
#[cfg(not(feature = "native"))]
pub(crate) fn join<A, B>(first: impl FnOnce() -> A, second: impl FnOnce() -> B) -> (A, B) {
    (first(), second())
}
