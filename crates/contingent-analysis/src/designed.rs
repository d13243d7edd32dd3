//! Outcomes over the points of a design, each point a fixed number of rows.
//!
//! Enters: an outcome column over `point x row x replication`, replication innermost. Leaves: `DesignedOutcome`, the
//! deviations from the mean of all runs, of whole points only. Always holds: a point with a failed run is left out in all
//! its rows; where a run is infinite (never) every value is replaced by its rank among all runs.

use crate::column::{OutcomeColumn, Unanswerable};
use crate::order::all_ascending;
use crate::words::thousands;

/// What a designed analysis cannot use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignUnusable {
    /// No run counts.
    Unanswerable(Unanswerable),
    /// Fewer whole points than an estimate with an error needs.
    TooFewPoints {
        /// Whole points.
        n_points: usize,
        /// The least number.
        least: usize,
    },
}

impl std::fmt::Display for DesignUnusable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Unanswerable(reason) => reason.fmt(out),
            Self::TooFewPoints { n_points, least } => {
                let points = if n_points == 1 { "point" } else { "points" };
                write!(
                    out,
                    "only {} {points} of the design can be used, and {least} are needed",
                    thousands(n_points as f64, 0)
                )
            }
        }
    }
}

impl std::error::Error for DesignUnusable {}

/// The least number of points from which an error is computed.
pub(crate) const LEAST_POINTS: usize = 8;

/// Deviations of the runs of whole points.
pub(crate) struct DesignedOutcome {
    pub(crate) n_rows: usize,
    pub(crate) n_replications: usize,
    /// Points that were left out because a run failed.
    pub(crate) n_points_dropped: usize,
    pub(crate) mean: f64,
    pub(crate) on_ranks: bool,
    /// `n_points x n_rows x n_replications`.
    values: Vec<f64>,
    /// Positions of the points in the design.
    whole: Vec<usize>,
}

impl DesignedOutcome {
    /// # Panics
    /// When the column is no whole number of points of `n_rows` rows, or has a condition: which runs count would then
    /// differ between the rows of a point.
    pub(crate) fn new(column: &OutcomeColumn<'_>, n_rows: usize) -> Result<Self, DesignUnusable> {
        assert!(column.given.is_none(), "a design compares the same runs in every row");
        let n_draws = column.n_draws();
        assert!(n_draws.is_multiple_of(n_rows), "whole points");
        let m = column.n_replications;
        let of_point = n_rows * m;
        let n_all = n_draws / n_rows;
        let is_whole =
            |point: &usize| (point * of_point..(point + 1) * of_point).all(|run| column.counts(run));
        let whole: Vec<usize> = (0..n_all).filter(is_whole).collect();
        if whole.is_empty() && n_all > 0 {
            let n_runs = column.values.len();
            return Err(DesignUnusable::Unanswerable(Unanswerable::EveryRunFailed { n_runs }));
        }
        if whole.len() < LEAST_POINTS {
            return Err(DesignUnusable::TooFewPoints { n_points: whole.len(), least: LEAST_POINTS });
        }
        let mut values: Vec<f64> = whole
            .iter()
            .flat_map(|point| &column.values[point * of_point..(point + 1) * of_point])
            .copied()
            .collect();
        let on_ranks = values.iter().any(|value| value.is_infinite());
        if on_ranks {
            replace_by_ranks(&mut values);
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        for value in &mut values {
            *value -= mean;
        }
        Ok(Self {
            n_rows,
            n_replications: m,
            n_points_dropped: n_all - whole.len(),
            mean,
            on_ranks,
            values,
            whole,
        })
    }

    /// The largest outcome less the least.
    pub(crate) fn range(&self) -> f64 {
        let least = self.values.iter().copied().fold(f64::INFINITY, f64::min);
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least
    }

    pub(crate) fn n_points(&self) -> usize {
        self.values.len() / (self.n_rows * self.n_replications)
    }

    /// The position in the design of a point that counts.
    pub(crate) fn original_point(&self, point: usize) -> usize {
        self.whole[point]
    }

    /// The replications of one row of a point.
    pub(crate) fn row(&self, point: usize, row: usize) -> &[f64] {
        let start = (point * self.n_rows + row) * self.n_replications;
        &self.values[start..start + self.n_replications]
    }

    /// The difference of two rows, replication by replication.
    pub(crate) fn difference(&self, point: usize, row: usize, from: usize) -> Replicated {
        let (a, b) = (self.row(point, row), self.row(point, from));
        Replicated::of(a.iter().zip(b).map(|(a, b)| a - b), self.n_replications)
    }

    /// The expected square of several rows that stand for the same number, each with its own chance.
    pub(crate) fn square_of_rows(&self, point: usize, rows: impl Iterator<Item = usize> + Clone) -> f64 {
        let n = rows.clone().count() * self.n_replications;
        Replicated::of(rows.flat_map(|row| self.row(point, row)).copied(), n).square
    }

    /// The expected square of one row.
    pub(crate) fn square(&self, point: usize, row: usize) -> f64 {
        Replicated::of(self.row(point, row).iter().copied(), self.n_replications).square
    }
}

/// A number seen in several replications.
#[derive(Clone, Copy)]
pub(crate) struct Replicated {
    /// Its mean.
    pub(crate) mean: f64,
    /// Estimates the square of its expectation without bias: the mean product of two different replications. With one
    /// replication the number is taken for its expectation.
    pub(crate) square: f64,
}

impl Replicated {
    fn of(values: impl Iterator<Item = f64>, n: usize) -> Self {
        let (mut sum, mut squares) = (0.0, 0.0);
        for value in values {
            sum += value;
            squares += value * value;
        }
        let m = n as f64;
        let square = if n == 1 { squares } else { (sum * sum - squares) / (m * (m - 1.0)) };
        Self { mean: sum / m, square }
    }
}

/// Replaces values by the share of all values below them, ties counted half.
fn replace_by_ranks(values: &mut [f64]) {
    let order = all_ascending(values);
    let n = values.len() as f64;
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start] as usize];
        let length = order[start..].iter().take_while(|&&run| values[run as usize] == value).count();
        for &run in &order[start..start + length] {
            ranks[run as usize] = (start as f64 + length as f64 / 2.0) / n;
        }
        start += length;
    }
    values.copy_from_slice(&ranks);
}
