//! The table that is searched: assumptions by draw, and how often the outcome came in each draw.
//!
//! Enters: columns of assumptions, and one outcome column with what counts as a hit. Leaves: a [`DrawTable`], sorted
//! once for all questions, and a [`Target`]. Always holds: a draw counts with the number of its runs that count, so
//! that hits over runs estimate p(theta) and never a single toss; constant columns are never searched.

use crate::column::{OutcomeColumn, Unanswerable};
use crate::first_order::AssumptionColumn;
use crate::order::all_ascending;
use crate::threads;

/// How a column is cut.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// It has one value, so there is nothing to cut.
    Constant,
    /// Cut at a number.
    Number,
    /// Cut between alternatives: the position of each draw in `alternatives`.
    Category { alternatives: Vec<f64>, code: Vec<u32> },
}

#[derive(Clone, Debug)]
pub(super) struct Sorted {
    pub(super) values: Vec<f64>,
    /// Draws in ascending order of the value.
    pub(super) order: Vec<u32>,
    pub(super) kind: Kind,
}

/// The values of the assumptions in every draw, each column sorted once.
#[derive(Clone, Debug)]
pub struct DrawTable {
    pub(super) columns: Vec<Sorted>,
    n_draws: usize,
}

impl DrawTable {
    /// Sorts the columns.
    ///
    /// # Panics
    /// When columns differ in length or hold something that is not a number.
    pub fn new(columns: &[AssumptionColumn<'_>]) -> Self {
        let n_draws = columns.first().map_or(0, |column| column.values.len());
        assert!(columns.iter().all(|column| column.values.len() == n_draws), "one value per draw");
        Self { columns: threads::map(columns, sort), n_draws }
    }

    /// Number of draws.
    pub fn n_draws(&self) -> usize {
        self.n_draws
    }

    /// Number of assumptions, constant ones included.
    pub fn n_assumptions(&self) -> usize {
        self.columns.len()
    }

    /// Number of assumptions that vary.
    pub fn n_varying(&self) -> usize {
        self.columns.iter().filter(|column| !matches!(column.kind, Kind::Constant)).count()
    }
}

fn sort(column: &AssumptionColumn<'_>) -> Sorted {
    let values = column.values.to_vec();
    assert!(values.iter().all(|value| !value.is_nan()), "an assumption is a number in every draw");
    let order = all_ascending(&values);
    let at = |place: usize| values[order[place] as usize];
    let kind = if values.is_empty() || at(0) == at(values.len() - 1) {
        Kind::Constant
    } else if column.is_category {
        let mut alternatives: Vec<f64> = Vec::new();
        let mut code = vec![0; values.len()];
        for &draw in &order {
            let value = values[draw as usize];
            if alternatives.last() != Some(&value) {
                alternatives.push(value);
            }
            code[draw as usize] = alternatives.len() as u32 - 1;
        }
        Kind::Category { alternatives, code }
    } else {
        Kind::Number
    };
    Sorted { values, order, kind }
}

/// How often the outcome came: per draw the runs that count and the hits among them.
#[derive(Clone, Debug)]
pub struct Target {
    /// Side by side, because draws are visited in the order of their values.
    pub(super) per_draw: Vec<Total>,
    n_failed: usize,
}

impl Target {
    /// Counts hits; `is_hit` says of the value of a run whether it is one.
    pub fn new(column: &OutcomeColumn<'_>, is_hit: impl Fn(f64) -> bool) -> Result<Self, Unanswerable> {
        let n_draws = column.n_draws();
        let n_runs = column.values.len();
        let mut target = Self { per_draw: vec![Total::default(); n_draws], n_failed: 0 };
        for run in 0..n_runs {
            let draw = run / column.n_replications;
            if column.is_failed(run) {
                target.n_failed += 1;
            } else if column.counts(run) {
                let hits = f64::from(u8::from(is_hit(column.values[run])));
                target.per_draw[draw].add(Total { runs: 1.0, hits });
            }
        }
        if target.n_failed == n_runs {
            return Err(Unanswerable::EveryRunFailed { n_runs });
        }
        if target.per_draw.iter().all(|draw| draw.runs == 0.0) {
            return Err(Unanswerable::NoRunSatisfied { n_runs: n_runs - target.n_failed });
        }
        Ok(target)
    }

    /// Runs that count.
    pub fn n_counted(&self) -> f64 {
        self.per_draw.iter().map(|draw| draw.runs).sum()
    }

    /// Runs that count and are hits.
    pub fn n_hits(&self) -> f64 {
        self.per_draw.iter().map(|draw| draw.hits).sum()
    }

    /// Runs that failed.
    pub fn n_failed(&self) -> usize {
        self.n_failed
    }

    /// Share of hits among the runs that count.
    pub fn share(&self) -> f64 {
        self.n_hits() / self.n_counted()
    }

    /// The draws with at least one run that counts, in order.
    pub(super) fn draws(&self) -> Vec<u32> {
        (0..self.per_draw.len())
            .filter(|&draw| self.per_draw[draw].runs > 0.0)
            .map(|draw| draw as u32)
            .collect()
    }

    /// Runs and hits over some draws.
    pub(super) fn total(&self, draws: &[u32]) -> Total {
        let mut total = Total::default();
        for &draw in draws {
            total.add(self.per_draw[draw as usize]);
        }
        total
    }
}

/// Runs and hits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Total {
    pub(super) runs: f64,
    pub(super) hits: f64,
}

impl std::ops::Neg for Total {
    type Output = Total;

    fn neg(self) -> Total {
        Total { runs: -self.runs, hits: -self.hits }
    }
}

impl Total {
    pub(super) fn add(&mut self, other: Total) {
        self.runs += other.runs;
        self.hits += other.hits;
    }

    pub(super) fn share(self) -> f64 {
        if self.runs > 0.0 { self.hits / self.runs } else { 0.0 }
    }

    /// What telling whether a run of `whole` lies in this part takes off the expected Brier score: the variance
    /// between the part and the rest, `f (1 - f) (d_in - d_out)^2`; negative when the part has fewer hits.
    pub(super) fn gain(self, whole: Total) -> f64 {
        let rest = whole.runs - self.runs;
        if self.runs <= 0.0 || rest <= 0.0 {
            return 0.0;
        }
        let excess = self.hits - whole.share() * self.runs;
        excess * excess.abs() / (self.runs * rest)
    }
}
