//! Distributions of assumptions, with every parameter resolved to a number in base units.
//!
//! Enters: nothing. Leaves: [`Distribution`], plain data. Always holds: parameters passed the checks of
//! the resolver (positive spreads, ordered bounds, weights that sum to one), so that the quantile
//! functions of the engine need no further checks.

use serde::{Deserialize, Serialize};

/// What is not known about one number, drawn once per run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Distribution {
    /// A single known value.
    Constant(f64),
    /// Normal with `mean` and standard deviation `sd` > 0.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Log-normal: `ln x` is normal with mean `ln(median)` and standard deviation `sdlog` > 0.
    LogNormal {
        /// Median, positive.
        median: f64,
        /// Standard deviation of `ln x`.
        sdlog: f64,
    },
    /// Logit-normal: `ln(x / (1 - x))` is normal.
    LogitNormal {
        /// Mean of the logit.
        mean: f64,
        /// Standard deviation of the logit.
        sd: f64,
    },
    /// Beta on 0..1 with both shapes positive.
    Beta {
        /// First shape.
        alpha: f64,
        /// Second shape.
        beta: f64,
    },
    /// Gamma with positive shape and scale (mean = shape * scale).
    Gamma {
        /// Shape.
        shape: f64,
        /// Scale.
        scale: f64,
    },
    /// Uniform on `low..high`.
    Uniform {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Triangular with `low <= mode <= high`, `low < high`.
    Triangular {
        /// Lower bound.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper bound.
        high: f64,
    },
    /// PERT: beta on `low..high` with shapes 1 + 4 (mode - low)/(high - low) and
    /// 1 + 4 (high - mode)/(high - low) (Malcolm et al. 1959; Vose 2008).
    Pert {
        /// Lower bound.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper bound.
        high: f64,
    },
    /// Student's t with `degrees` > 0 of freedom, shifted by `mean` and stretched by `scale` > 0.
    StudentT {
        /// Degrees of freedom.
        degrees: f64,
        /// Centre.
        mean: f64,
        /// Stretch.
        scale: f64,
    },
    /// Finitely many values with probabilities that sum to one, in ascending order of value.
    Discrete(Vec<(f64, f64)>),
    /// `one of`: alternative `i` with probability `weights[i]`; the value is `i` as a float.
    OneOf(Vec<f64>),
    /// A mixture of (weight, component); weights sum to one.
    Mixture(Vec<(f64, Distribution)>),
    /// A distribution cut to `low..high` and renormalised.
    Within {
        /// The distribution that is cut.
        inner: Box<Distribution>,
        /// Lower bound, may be minus infinity.
        low: f64,
        /// Upper bound, may be infinity.
        high: f64,
    },
}
