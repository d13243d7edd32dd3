//! Peeling: the box is cut by a thin slab at a time, always where the fewest hits are lost (Friedman and Fisher 1999,
//! section 9; slabs of unequal size are compared by the gain per run removed, after Kwakkel and Jaxa-Rozen 2016).
//!
//! Enters: a table, a target, the draws to search. Leaves: a [`Trajectory`] of nested boxes. Always holds: values that
//! are tied are removed together; columns are scanned in the order sorted beforehand, and only at their ends.

use super::region::{Region, Restriction, bound_between};
use super::table::{DrawTable, Kind, Target, Total};

/// How finely and how far is peeled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peeling {
    /// Share of the box that one slab takes off.
    pub(super) slab: f64,
    /// Share of the searched runs at which peeling ends.
    pub(super) smallest: f64,
}

/// One box of a trajectory, with its runs and hits among the searched draws.
#[derive(Clone, Debug)]
pub(super) struct Peeled {
    pub(super) region: Region,
    pub(super) inside: Total,
}

/// Nested boxes, the whole space first.
#[derive(Clone, Debug)]
pub(super) struct Trajectory {
    pub(super) boxes: Vec<Peeled>,
    /// Per searched draw, in their order: the first box that does not hold it.
    pub(super) left_at: Vec<u32>,
}

/// A slab that could be taken off.
#[derive(Clone, Copy)]
struct Slab {
    assumption: usize,
    side: Side,
    total: Total,
    score: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Low,
    High,
    Alternative(u32),
}

struct State<'a> {
    table: &'a DrawTable,
    target: &'a Target,
    inside: Vec<bool>,
    /// Per numeric column the draws that may still be inside, in ascending order.
    orders: Vec<Vec<u32>>,
    /// Per numeric column where in its order the first draw inside stands, and one past the last.
    ends: Vec<(usize, usize)>,
    /// Per column with alternatives, runs and hits of each.
    tallies: Vec<Vec<Total>>,
    total: Total,
    n_inside: usize,
    n_when_compacted: usize,
}

/// Peels from the whole space of `draws` down to the smallest box allowed.
pub(super) fn peel(table: &DrawTable, target: &Target, draws: &[u32], peeling: Peeling) -> Trajectory {
    let mut state = State::new(table, target, draws);
    let whole = state.total;
    let smallest = peeling.smallest * whole.runs;
    let mut left_at = vec![u32::MAX; table.n_draws()];
    let mut region = Region::default();
    let mut boxes = vec![Peeled { region: region.clone(), inside: whole }];
    while let Some(slab) = state.best_slab(peeling.slab, smallest) {
        state.remove(slab, peeling.slab, &mut region, |draw| left_at[draw as usize] = boxes.len() as u32);
        boxes.push(Peeled { region: region.clone(), inside: state.total });
    }
    Trajectory { boxes, left_at: draws.iter().map(|&draw| left_at[draw as usize]).collect() }
}

impl<'a> State<'a> {
    fn new(table: &'a DrawTable, target: &'a Target, draws: &[u32]) -> Self {
        let mut inside = vec![false; table.n_draws()];
        for &draw in draws {
            inside[draw as usize] = true;
        }
        let mut orders = Vec::with_capacity(table.columns.len());
        let mut tallies = Vec::with_capacity(table.columns.len());
        for column in &table.columns {
            let (mut order, mut tally) = (Vec::new(), Vec::new());
            match &column.kind {
                Kind::Constant => {}
                Kind::Number => {
                    order = column.order.iter().copied().filter(|&draw| inside[draw as usize]).collect();
                }
                Kind::Category { alternatives, code } => {
                    tally = vec![Total::default(); alternatives.len()];
                    for &draw in draws {
                        let draw = draw as usize;
                        tally[code[draw] as usize].add(target.per_draw[draw]);
                    }
                }
            }
            orders.push(order);
            tallies.push(tally);
        }
        let ends = orders.iter().map(|order: &Vec<u32>| (0, order.len())).collect();
        Self {
            table,
            target,
            inside,
            orders,
            ends,
            tallies,
            total: target.total(draws),
            n_inside: draws.len(),
            n_when_compacted: draws.len(),
        }
    }

    /// The slab whose removal raises the share of hits most per run removed, among those that leave a box that is
    /// large enough. A slab smaller than the usual one counts as one of the usual size, because its few runs say
    /// little.
    fn best_slab(&self, share: f64, smallest: f64) -> Option<Slab> {
        let usual = share * self.total.runs;
        let mean = self.total.share();
        let mut best: Option<Slab> = None;
        let mut consider = |assumption: usize, side: Side, total: Total| {
            let left = self.total.runs - total.runs;
            if total.runs <= 0.0 || left < smallest.max(1.0) {
                return;
            }
            let score = (mean * total.runs - total.hits) / left / total.runs.max(usual);
            if best.is_none_or(|best| score > best.score) {
                best = Some(Slab { assumption, side, total, score });
            }
        };
        for (assumption, column) in self.table.columns.iter().enumerate() {
            match &column.kind {
                Kind::Constant => {}
                Kind::Number => {
                    for side in [Side::Low, Side::High] {
                        let mut total = Total::default();
                        self.walk(assumption, side, usual, |draw| {
                            total.add(self.target.per_draw[draw as usize]);
                        });
                        consider(assumption, side, total);
                    }
                }
                Kind::Category { .. } => {
                    for (code, &total) in self.tallies[assumption].iter().enumerate() {
                        consider(assumption, Side::Alternative(code as u32), total);
                    }
                }
            }
        }
        best
    }

    /// Visits the draws of the slab at one end of a numeric column: at least `usual` runs, ties included. Leaves the
    /// last value visited and the next one inside.
    fn walk(&self, assumption: usize, side: Side, usual: f64, visit: impl FnMut(u32)) -> Option<(f64, f64)> {
        let (first, end) = self.ends[assumption];
        let order = &self.orders[assumption][first..end];
        let values = &self.table.columns[assumption].values;
        if side == Side::Low {
            self.walk_along(order.iter(), values, usual, visit)
        } else {
            self.walk_along(order.iter().rev(), values, usual, visit)
        }
    }

    #[inline]
    fn walk_along<'o>(
        &self,
        order: impl Iterator<Item = &'o u32>,
        values: &[f64],
        usual: f64,
        mut visit: impl FnMut(u32),
    ) -> Option<(f64, f64)> {
        let mut runs = 0.0;
        let mut last = None;
        for &draw in order {
            let place = draw as usize;
            if !self.inside[place] {
                continue;
            }
            if runs >= usual {
                let value = values[place];
                if let Some(last) = last
                    && last != value
                {
                    return Some((last, value));
                }
            }
            visit(draw);
            runs += self.target.per_draw[place].runs;
            last = Some(values[place]);
        }
        None
    }

    fn remove(&mut self, slab: Slab, share: f64, region: &mut Region, mut note: impl FnMut(u32)) {
        let mut removed = Vec::new();
        let column = &self.table.columns[slab.assumption];
        match (slab.side, &column.kind) {
            (Side::Alternative(removed_code), Kind::Category { alternatives, code }) => {
                let inside = |&draw: &u32| self.inside[draw as usize] && code[draw as usize] == removed_code;
                removed.extend(column.order.iter().copied().filter(inside));
                let tally = &self.tallies[slab.assumption];
                let kept = (0..alternatives.len())
                    .filter(|&other| other != removed_code as usize && tally[other].runs > 0.0)
                    .map(|other| alternatives[other])
                    .collect();
                region.set(slab.assumption, Some(Restriction::Alternatives { kept }));
            }
            (side, _) => {
                let usual = share * self.total.runs;
                let ends = self.walk(slab.assumption, side, usual, |draw| removed.push(draw));
                let (outside, inside) = ends.expect("a slab that may be removed leaves something");
                let bound = bound_between(outside, inside);
                if side == Side::Low {
                    region.cut_below(slab.assumption, bound);
                } else {
                    region.cut_above(slab.assumption, bound);
                }
            }
        }
        for &draw in &removed {
            let place = draw as usize;
            self.inside[place] = false;
            note(draw);
            for (column, tally) in self.table.columns.iter().zip(&mut self.tallies) {
                if let Kind::Category { code, .. } = &column.kind {
                    tally[code[place] as usize].add(-self.target.per_draw[place]);
                }
            }
        }
        self.total.add(-slab.total);
        self.n_inside -= removed.len();
        // Passing over draws that have left costs at most as much again as the draws inside.
        if self.n_inside * 2 < self.n_when_compacted {
            self.n_when_compacted = self.n_inside;
            let inside = &self.inside;
            for (order, ends) in self.orders.iter_mut().zip(&mut self.ends) {
                order.retain(|&draw| inside[draw as usize]);
                *ends = (0, order.len());
            }
        }
        let is_outside = |draw: u32| !self.inside[draw as usize];
        for (order, (first, end)) in self.orders.iter().zip(&mut self.ends) {
            while *first < *end && is_outside(order[*first]) {
                *first += 1;
            }
            while *first < *end && is_outside(order[*end - 1]) {
                *end -= 1;
            }
        }
    }
}
