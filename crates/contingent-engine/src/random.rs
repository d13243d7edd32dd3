//! Keyed random numbers: no generator has a state, every number is a function of what it is for.
//!
//! Enters: a seed, the hash of a stream's name, and counters (draw, replication, step, slot). Leaves: uniforms in the
//! open interval 0..1, points of the design of assumptions, and counts by inversion. Always holds: a number depends
//! on nothing but its key, so adding, removing or reordering declarations, runs or threads changes no other number.
//!
//! ```
//! use contingent_engine::random::{StreamKey, poisson_quantile, stream_hash};
//!
//! let stream = stream_hash("attacks", "kabul", 0);
//! let keys = StreamKey::new(2026, stream).round_keys();
//! let (even, odd) = contingent_engine::random::uniform_pair(&keys, 17, 0, 3, 0); // steps 6 and 7 of draw 17
//! assert!(0.0 < even && even < 1.0 && even != odd);
//! assert_eq!(poisson_quantile(0.5, 0.7), 1.0);
//! ```

#![expect(
    clippy::inline_always,
    reason = "loops over slices vectorise only where every primitive is inlined"
)]

mod binomial;
mod design;
mod hazard;
mod inversion;
mod philox;
mod poisson;
mod stream;

pub use binomial::{binomial_lanes, binomial_quantile};
pub use design::stratified_uniform;
pub use hazard::{binomial_at_hazard_lanes, binomial_at_hazard_quantile};
pub(crate) use philox::{N_ROUNDS, philox_rounds, uniform_of_key};
pub use philox::{RoundKeys, philox, uniform_from_words, uniform_pair};
pub use poisson::{poisson_lanes, poisson_quantile};
pub use stream::{StreamKey, mix, stream_hash};
