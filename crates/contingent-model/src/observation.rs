//! What the model is compared with: observed values, and the distributions that they are said to come from.
//!
//! Enters: nothing. Leaves: plain data. Always holds: no two values of an observation fall on one step; every
//! value is one that its distribution can give for some parameters.

use contingent_syntax::Span;
use serde::{Deserialize, Serialize};

use crate::checked::{DisplayUnit, Grounds};
use crate::expression::Expression;

/// A distribution that observed values may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Likelihood {
    /// `poisson(mean)`
    Poisson,
    /// `negative_binomial(mean, size)`: the variance is mean + mean^2 / size.
    NegativeBinomial,
    /// `binomial(n, p)`
    Binomial,
    /// `normal(mean, sd)`
    Normal,
    /// `lognormal(median, sdlog)`
    LogNormal,
    /// `student_t(degrees, mean, scale)`
    StudentT,
}

/// What the parameter of a likelihood is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A number in the unit of the data, at least zero.
    Amount,
    /// A number in the unit of the data that may have any sign.
    Location,
    /// A number in the unit of the data, above zero.
    Spread,
    /// A number without unit, above zero.
    Shape,
    /// A number without unit from 0 to 1.
    Probability,
}

impl ParameterKind {
    /// Whether it is in the unit of the data.
    pub fn is_in_unit(self) -> bool {
        matches!(self, Self::Amount | Self::Location | Self::Spread)
    }
}

impl Likelihood {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Poisson,
        Self::NegativeBinomial,
        Self::Binomial,
        Self::Normal,
        Self::LogNormal,
        Self::StudentT,
    ];

    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Poisson => "poisson",
            Self::NegativeBinomial => "negative_binomial",
            Self::Binomial => "binomial",
            Self::Normal => "normal",
            Self::LogNormal => "lognormal",
            Self::StudentT => "student_t",
        }
    }

    /// Its parameters in order.
    pub fn parameters(self) -> &'static [(&'static str, ParameterKind)] {
        use ParameterKind as K;
        match self {
            Self::Poisson => &[("mean", K::Amount)],
            Self::NegativeBinomial => &[("mean", K::Amount), ("size", K::Shape)],
            Self::Binomial => &[("n", K::Amount), ("p", K::Probability)],
            Self::Normal => &[("mean", K::Location), ("sd", K::Spread)],
            Self::LogNormal => &[("median", K::Spread), ("sdlog", K::Shape)],
            Self::StudentT => &[("degrees", K::Shape), ("mean", K::Location), ("scale", K::Spread)],
        }
    }

    /// Whether it gives whole numbers that are not negative.
    pub fn is_count(self) -> bool {
        matches!(self, Self::Poisson | Self::NegativeBinomial | Self::Binomial)
    }

    /// The likelihood that is written so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|likelihood| likelihood.name() == name)
    }
}

/// One observed value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservedValue {
    /// The step at which it is complete: the first at or after the end of its period.
    pub step: usize,
    /// The value in base units.
    pub value: f64,
    /// Which of [`Observation::parameters`] it is compared by.
    pub variant: usize,
}

/// Values from a table of data, and what the model says of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Name.
    pub name: String,
    /// Label in words, if given.
    #[serde(skip)]
    pub label: Option<String>,
    /// The unit of the data.
    pub unit: DisplayUnit,
    /// The distribution that they are said to come from.
    pub likelihood: Likelihood,
    /// The parameters of the distribution, in the order of [`Likelihood::parameters`]; once for each number of steps
    /// that a period has when they look back over a period, else once.
    pub parameters: Vec<Vec<Expression>>,
    /// The values that are compared, by step, in ascending order.
    pub values: Vec<ObservedValue>,
    /// Periods between the first and the last of them without a value.
    pub n_missing: usize,
    /// Values that are left out, as their period is not wholly within the time of the model.
    pub n_outside: usize,
    /// The data file, relative to the main file.
    #[serde(skip)]
    pub file: String,
    /// The period of one value, such as `month`.
    #[serde(skip)]
    pub period: String,
    /// The distribution as the modeller wrote it.
    #[serde(skip)]
    pub written: String,
    /// Why, when given.
    pub grounds: Grounds,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Span,
}
