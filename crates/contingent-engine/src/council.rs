//! Decisions by a council: members with a position, a capability and a salience on one or more dimensions.
//!
//! Enters: members and where they stand. Leaves: the position that the council takes, or how the positions move as its members
//! bargain. Always holds: positions and saliences lie on 0 to 1; only additions, multiplications, divisions and square
//! roots are used, so that the same members give the same bits on every machine.

pub(crate) mod asked;
mod average;
mod challenge;
mod each;
mod sight;
mod together;

use std::fmt;

pub use challenge::{Bargain, Bargaining, Turn};

/// The members of a council and what they bring to it.
#[derive(Debug, Clone)]
pub struct Council {
    n_dimensions: usize,
    capability: Vec<f64>,
    /// One row a member, one column a dimension.
    salience: Vec<f64>,
}

/// Why numbers do not make a council. Members and dimensions are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum CouncilError {
    /// Fewer than two members.
    TooFew,
    /// More members than [`Council::MOST_MEMBERS`].
    TooMany {
        /// How many were given.
        n_members: usize,
    },
    /// A capability that is not a positive number.
    Capability {
        /// The member.
        member: usize,
        /// What was given.
        value: f64,
    },
    /// A salience outside 0 to 1.
    Salience {
        /// The member.
        member: usize,
        /// The dimension.
        dimension: usize,
        /// What was given, on 0 to 1.
        value: f64,
    },
    /// Saliences of a member that sum to nothing, or to more than 1.
    TotalSalience {
        /// The member.
        member: usize,
        /// Their sum, on 0 to 1.
        total: f64,
    },
    /// A position outside 0 to 1.
    Position {
        /// The member.
        member: usize,
        /// The dimension.
        dimension: usize,
        /// What was given, on 0 to 1.
        value: f64,
    },
}

impl fmt::Display for CouncilError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew => write!(f, "a council needs at least two members"),
            Self::TooMany { n_members } => {
                write!(f, "a council has at most {} members, not {n_members}", Council::MOST_MEMBERS)
            }
            Self::Capability { member, value } => {
                write!(f, "member {member}: a capability must be positive, not {value}")
            }
            Self::Salience { member, dimension, value } => {
                write!(
                    f,
                    "member {member}, dimension {dimension}: a salience lies from 0 to 1, not at {value}"
                )
            }
            Self::TotalSalience { member, total } => {
                write!(f, "member {member}: saliences must sum to more than 0 and at most 1, not to {total}")
            }
            Self::Position { member, dimension, value } => {
                write!(
                    f,
                    "member {member}, dimension {dimension}: a position lies from 0 to 1, not at {value}"
                )
            }
        }
    }
}

impl std::error::Error for CouncilError {}

/// Rounding of saliences that were percentages may carry their sum this far above 1.
const SALIENCE_TOLERANCE: f64 = 1e-9;

impl Council {
    /// Most members that bargain: chances are products over all others, which must not vanish.
    pub const MOST_MEMBERS: usize = 200;

    /// A council of `capability.len()` members; `salience` has one row a member and one column a dimension, on 0 to 1.
    ///
    /// # Errors
    /// What does not make a council, with its place.
    ///
    /// # Panics
    /// If `salience` is not a whole number of columns for every member.
    pub fn new(capability: Vec<f64>, salience: Vec<f64>) -> Result<Self, CouncilError> {
        let n_members = capability.len();
        if n_members < 2 {
            return Err(CouncilError::TooFew);
        }
        if n_members > Self::MOST_MEMBERS {
            return Err(CouncilError::TooMany { n_members });
        }
        let n_dimensions = salience.len() / n_members;
        assert!(
            n_dimensions > 0 && salience.len() == n_members * n_dimensions,
            "one salience a member and dimension"
        );
        for (member, &value) in capability.iter().enumerate() {
            if !(value.is_finite() && value > 0.0) {
                return Err(CouncilError::Capability { member, value });
            }
        }
        for (member, row) in salience.chunks_exact(n_dimensions).enumerate() {
            for (dimension, &value) in row.iter().enumerate() {
                if !(0.0..=1.0).contains(&value) {
                    return Err(CouncilError::Salience { member, dimension, value });
                }
            }
            let total: f64 = row.iter().sum();
            if total <= 0.0 || total > 1.0 + SALIENCE_TOLERANCE {
                return Err(CouncilError::TotalSalience { member, total });
            }
        }
        Ok(Self { n_dimensions, capability, salience })
    }

    /// How many members there are.
    pub fn n_members(&self) -> usize {
        self.capability.len()
    }

    /// How many dimensions they decide on.
    pub fn n_dimensions(&self) -> usize {
        self.n_dimensions
    }

    /// Whether positions, one row a member and one column a dimension, lie where positions can lie.
    ///
    /// # Errors
    /// The first that does not.
    ///
    /// # Panics
    /// If there is not one a member and dimension.
    pub fn check_positions(&self, positions: &[f64]) -> Result<(), CouncilError> {
        assert_eq!(positions.len(), self.salience.len(), "one position a member and dimension");
        match positions.iter().position(|value| !(0.0..=1.0).contains(value)) {
            None => Ok(()),
            Some(at) => Err(CouncilError::Position {
                member: at / self.n_dimensions,
                dimension: at % self.n_dimensions,
                value: positions[at],
            }),
        }
    }

    fn saliences(&self, member: usize) -> &[f64] {
        &self.salience[member * self.n_dimensions..][..self.n_dimensions]
    }

    fn row<'a>(&self, positions: &'a [f64], member: usize) -> &'a [f64] {
        &positions[member * self.n_dimensions..][..self.n_dimensions]
    }
}
