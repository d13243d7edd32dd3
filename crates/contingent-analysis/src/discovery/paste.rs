//! Pasting: every bound of a box is moved to where it sharpens most, then written with as few digits as it bears.
//!
//! Enters: a box and the searched draws. Leaves: a box with the same or fewer restrictions. Always holds: no assumption
//! becomes restricted that was not; the gain among the searched draws never falls while bounds are moved.
//!
//! Friedman and Fisher 1999 (section 9) paste slabs back as long as the mean rises, to take back what greedy peeling
//! cut off too much. Here the criterion is the one the box is chosen by, and a bound may also move inward, so that its
//! place is not tied to the width of a slab: for one assumption with the others held, the best place of a bound is found
//! exactly by running sums along the sorted column.

use super::region::{Region, Restriction, bound_between};
use super::table::{DrawTable, Kind, Target, Total};

/// Rounds over all bounds; each raises the gain, and two or three are enough in practice.
const MOST_ROUNDS: usize = 6;

/// Share of the searched runs that may change sides when a bound is written with fewer digits.
const CHANGED_BY_ROUNDING: f64 = 0.005;

/// Moves the bounds of a box. `smallest` is the least number of runs that the box may hold.
pub(super) fn paste(
    region: &Region,
    table: &DrawTable,
    target: &Target,
    draws: &[u32],
    smallest: f64,
) -> Region {
    let whole = target.total(draws);
    let mut region = region.clone();
    let gain = |region: &Region| target.total(&region.members(table, draws)).gain(whole);
    let mut reached = gain(&region);
    for _ in 0..MOST_ROUNDS {
        let assumptions: Vec<usize> = region.restrictions.iter().map(|(assumption, _)| *assumption).collect();
        for assumption in assumptions {
            let others = region.without(assumption).members(table, draws);
            let search = Search { table, target, assumption, smallest, whole };
            match &table.columns[assumption].kind {
                Kind::Constant => {}
                Kind::Number => search.move_bounds(&mut region, &others),
                Kind::Category { alternatives, code } => {
                    search.move_alternatives(&mut region, &others, alternatives, code);
                }
            }
        }
        let now = gain(&region);
        if now <= reached * (1.0 + 1e-6) {
            break;
        }
        reached = now;
    }
    region
}

struct Search<'a> {
    table: &'a DrawTable,
    target: &'a Target,
    assumption: usize,
    smallest: f64,
    whole: Total,
}

impl Search<'_> {
    /// Moves the bounds that there are, one given the other, until neither moves.
    fn move_bounds(&self, region: &mut Region, others: &[u32]) {
        let Some(Restriction::Range { low, high }) = region.restriction(self.assumption) else { return };
        let (mut low, mut high) = (*low, *high);
        let groups = self.tied_groups(others);
        for _ in 0..MOST_ROUNDS {
            let before = (low, high);
            if low.is_some() {
                let below = |value: f64| high.is_none_or(|high| value < high);
                let end = groups.partition_point(|(value, _)| below(*value));
                low = self.best_bound(groups[..end].iter());
            }
            if high.is_some() {
                let above = |value: f64| low.is_none_or(|low| value > low);
                let start = groups.partition_point(|(value, _)| !above(*value));
                high = self.best_bound(groups[start..].iter().rev());
            }
            if (low, high) == before {
                break;
            }
        }
        let is_bounded = low.is_some() || high.is_some();
        region.set(self.assumption, is_bounded.then_some(Restriction::Range { low, high }));
    }

    /// Where the groups that come first are best cut off; none when nothing should be.
    fn best_bound<'g>(&self, groups: impl Iterator<Item = &'g (f64, Total)> + Clone) -> Option<f64> {
        let mut inside = Total::default();
        for (_, group) in groups.clone() {
            inside.add(*group);
        }
        let mut best = (inside.gain(self.whole), None);
        let mut last = None;
        for (value, group) in groups {
            if let Some(last) = last {
                if inside.runs < self.smallest {
                    break;
                }
                let gain = inside.gain(self.whole);
                if gain > best.0 {
                    best = (gain, Some(bound_between(last, *value)));
                }
            }
            inside.add(-*group);
            last = Some(*value);
        }
        best.1
    }

    /// Runs and hits of each value of the assumption among some draws, ascending.
    fn tied_groups(&self, draws: &[u32]) -> Vec<(f64, Total)> {
        let values = &self.table.columns[self.assumption].values;
        let mut sorted: Vec<(f64, u32)> = draws.iter().map(|&draw| (values[draw as usize], draw)).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut groups: Vec<(f64, Total)> = Vec::new();
        for (value, draw) in sorted {
            if groups.last().is_none_or(|(last, _)| *last != value) {
                groups.push((value, Total::default()));
            }
            let (_, total) = groups.last_mut().expect("a group was opened");
            total.add(self.target.per_draw[draw as usize]);
        }
        groups
    }

    /// Takes alternatives in or out, one at a time, as long as the gain rises; always the one that raises it most.
    fn move_alternatives(&self, region: &mut Region, others: &[u32], alternatives: &[f64], code: &[u32]) {
        let Some(Restriction::Alternatives { kept }) = region.restriction(self.assumption) else { return };
        let mut is_kept: Vec<bool> = alternatives.iter().map(|value| kept.contains(value)).collect();
        let mut tally = vec![Total::default(); alternatives.len()];
        for &draw in others {
            let place = draw as usize;
            tally[code[place] as usize].add(self.target.per_draw[place]);
        }
        let total_of = |is_kept: &[bool]| {
            let mut total = Total::default();
            for (kept, part) in is_kept.iter().zip(&tally) {
                if *kept {
                    total.add(*part);
                }
            }
            total
        };
        let mut reached = total_of(&is_kept).gain(self.whole);
        loop {
            let mut best = None;
            for alternative in 0..alternatives.len() {
                let mut changed = is_kept.clone();
                changed[alternative] = !changed[alternative];
                let total = total_of(&changed);
                let gain = total.gain(self.whole);
                if total.runs >= self.smallest && gain > best.as_ref().map_or(reached, |(gain, _)| *gain) {
                    best = Some((gain, changed));
                }
            }
            let Some((gain, changed)) = best else { break };
            (reached, is_kept) = (gain, changed);
        }
        let restricts = tally.iter().zip(&is_kept).any(|(part, kept)| !kept && part.runs > 0.0);
        let kept: Vec<f64> =
            alternatives.iter().zip(&is_kept).filter(|(_, kept)| **kept).map(|(value, _)| *value).collect();
        region.set(self.assumption, restricts.then_some(Restriction::Alternatives { kept }));
    }
}

/// Writes every bound with as few significant digits as leave all but half a percent of the searched runs on their side.
/// What is measured afterwards is measured of the bounds as written, so that a sentence is true to the letter.
pub(super) fn round_bounds(region: &Region, table: &DrawTable, target: &Target, draws: &[u32]) -> Region {
    let runs = target.total(draws).runs;
    let mut rounded = region.clone();
    for (assumption, restriction) in &region.restrictions {
        let Restriction::Range { low, high } = restriction else { continue };
        let values = &table.columns[*assumption].values;
        let fewest_digits = |bound: f64| {
            let changed = |written: f64| {
                let between =
                    |value: f64| (value > bound) != (value > written) || (value < bound) != (value < written);
                draws
                    .iter()
                    .filter(|&&draw| between(values[draw as usize]))
                    .map(|&draw| target.per_draw[draw as usize].runs)
                    .sum::<f64>()
            };
            (0..8)
                .filter_map(|digits| format!("{bound:.digits$e}").parse::<f64>().ok())
                .find(|&written| changed(written) <= CHANGED_BY_ROUNDING * runs)
                .unwrap_or(bound)
        };
        let (low, high) = (low.map(fewest_digits), high.map(fewest_digits));
        if low.zip(high).is_none_or(|(low, high)| low < high) {
            rounded.set(*assumption, Some(Restriction::Range { low, high }));
        }
    }
    rounded
}
