//! Deterministic arithmetic: elementary and special functions from exact IEEE-754 operations only.
//!
//! Enters: numbers. Leaves: numbers, the same bits on every machine. Always holds: nothing here calls the
//! platform's mathematical library or contracts a product and a sum; the vector functions are written once over
//! [`Lane`], free of branches, so that a scalar, a vector register and a code emitter compute alike.
//!
//! The vector functions are [`exp`], [`exp_of_moderate`], [`expm1`], [`logistic`], [`log`], [`log1p`], [`pow`], [`floor`],
//! [`ceil`], [`truncate`], [`round`], [`absolute`], [`normal_cdf`] and [`normal_quantile`]. The functions of
//! [`gamma`] and [`beta`] branch and iterate, and take plain `f64`. Every function passes a NaN on; the payload and
//! the sign of a NaN are not specified.

#![expect(
    clippy::inline_always,
    reason = "loops over slices vectorise only where every primitive is inlined"
)]

pub mod beta;
pub mod gamma;

mod exponential;
mod lane;
mod logarithm;
mod normal;
mod power;
mod rounding;

pub use exponential::{exp, exp_of_moderate, expm1, logistic};
pub use lane::{Lane, Word, polynomial};
pub use logarithm::{log, log1p};
pub use normal::{normal_cdf, normal_quantile};
pub use power::pow;
pub use rounding::{absolute, ceil, floor, round, truncate, with_sign_of};
