//! A box: what it demands of each assumption, and which draws lie in it.
//!
//! Enters: restrictions. Leaves: membership of draws. Always holds: restrictions stand in ascending order of the
//! assumption, at most one for each; a bound itself lies outside, so that "above 20" means what it says.

use super::table::DrawTable;

/// What a box demands of one assumption.
#[derive(Clone, Debug, PartialEq)]
pub enum Restriction {
    /// Above `low` and below `high`, where they are given; at least one is.
    Range {
        /// Values at or below it lie outside.
        low: Option<f64>,
        /// Values at or above it lie outside.
        high: Option<f64>,
    },
    /// One of these alternatives, in ascending order; at least one and not all.
    Alternatives {
        /// Values of the alternatives inside.
        kept: Vec<f64>,
    },
}

impl Restriction {
    /// Whether a value is allowed.
    pub fn allows(&self, value: f64) -> bool {
        match self {
            Self::Range { low, high } => {
                low.is_none_or(|low| value > low) && high.is_none_or(|high| value < high)
            }
            Self::Alternatives { kept } => kept.contains(&value),
        }
    }
}

/// A box in the space of the assumptions: the draws that satisfy every restriction. Without restrictions it holds
/// everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Region {
    /// Position of the assumption and what is demanded of it.
    pub restrictions: Vec<(usize, Restriction)>,
}

impl Region {
    /// Whether a draw lies in the box.
    pub fn holds(&self, table: &DrawTable, draw: usize) -> bool {
        self.restrictions
            .iter()
            .all(|(assumption, restriction)| restriction.allows(table.columns[*assumption].values[draw]))
    }

    /// The draws of a list that lie in the box.
    pub(super) fn members(&self, table: &DrawTable, draws: &[u32]) -> Vec<u32> {
        draws.iter().copied().filter(|&draw| self.holds(table, draw as usize)).collect()
    }

    /// The draws of a list that lie in the box, and per restriction those that it alone keeps out.
    pub(super) fn members_and_near_misses(
        &self,
        table: &DrawTable,
        draws: &[u32],
    ) -> (Vec<u32>, Vec<Vec<u32>>) {
        let mut members = Vec::new();
        let mut near = vec![Vec::new(); self.restrictions.len()];
        for &draw in draws {
            let mut missed = self.restrictions.iter().enumerate().filter(|(_, (assumption, restriction))| {
                !restriction.allows(table.columns[*assumption].values[draw as usize])
            });
            match (missed.next(), missed.next()) {
                (None, _) => members.push(draw),
                (Some((only, _)), None) => near[only].push(draw),
                (Some(_), Some(_)) => {}
            }
        }
        (members, near)
    }

    /// The box without what it demands of one assumption.
    pub(super) fn without(&self, assumption: usize) -> Self {
        Self {
            restrictions: self
                .restrictions
                .iter()
                .filter(|(other, _)| *other != assumption)
                .cloned()
                .collect(),
        }
    }

    /// The restriction of an assumption.
    pub fn restriction(&self, assumption: usize) -> Option<&Restriction> {
        self.restrictions.iter().find(|(other, _)| *other == assumption).map(|(_, restriction)| restriction)
    }

    /// Replaces or removes the restriction of an assumption.
    pub(super) fn set(&mut self, assumption: usize, restriction: Option<Restriction>) {
        let place = self.restrictions.partition_point(|(other, _)| *other < assumption);
        let stands = self.restrictions.get(place).is_some_and(|(other, _)| *other == assumption);
        match (restriction, stands) {
            (Some(restriction), true) => self.restrictions[place].1 = restriction,
            (Some(restriction), false) => self.restrictions.insert(place, (assumption, restriction)),
            (None, true) => drop(self.restrictions.remove(place)),
            (None, false) => {}
        }
    }

    /// Raises the lower bound of a numeric assumption.
    pub(super) fn cut_below(&mut self, assumption: usize, bound: f64) {
        let high = match self.restriction(assumption) {
            Some(Restriction::Range { high, .. }) => *high,
            _ => None,
        };
        self.set(assumption, Some(Restriction::Range { low: Some(bound), high }));
    }

    /// Lowers the upper bound of a numeric assumption.
    pub(super) fn cut_above(&mut self, assumption: usize, bound: f64) {
        let low = match self.restriction(assumption) {
            Some(Restriction::Range { low, .. }) => *low,
            _ => None,
        };
        self.set(assumption, Some(Restriction::Range { low, high: Some(bound) }));
    }
}

/// A bound between a value that lies outside and the next one inside: in the middle, or the outer value itself where
/// nothing lies between.
pub(super) fn bound_between(outside: f64, inside: f64) -> f64 {
    let middle = outside + (inside - outside) / 2.0;
    let lies_between = if outside < inside {
        outside <= middle && middle < inside
    } else {
        inside < middle && middle <= outside
    };
    if lies_between { middle } else { outside }
}
