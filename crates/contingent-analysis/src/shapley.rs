//! Where a gap between two experiments comes from: Shapley values over the groups in which they differ.
//!
//! Enters: the same outcome under every needed mixture of the two experiments ([`Orders::coalitions`]), over the same draws
//! and replications (common random numbers). Leaves: a [`Waterfall`]. Always holds: the parts sum to the gap; a group that
//! changes nothing has part zero; groups that do the same have the same part.
//!
//! A *coalition* is the set of groups that are taken from the second experiment. The part of a group is the change that
//! it makes when it is exchanged, averaged over all orders in which groups can be exchanged one after the other (Shapley
//! 1953; for differences of model outcomes Song, Nelson and Staum 2016). With up to [`MOST_EXACT`] groups all coalitions
//! are run. With more, orders are drawn, each together with its reverse, which lowers the variance (Mitchell et al.
//! 2022); the interval then holds that error too.
//!
//! The error of a part: with `v(S)` a mean over the runs that count, its influence per draw is linearised (Cochran 1977,
//! section 6.10), and a part is a fixed combination of the v(S).

use contingent_engine::random::mix;

use crate::column::{DrawTotals, OutcomeColumn, Unanswerable};
use crate::interval::Interval;
use crate::special::{Z_95, student_critical};

/// The largest number of groups for which every order is taken: 256 coalitions.
pub const MOST_EXACT: usize = 8;

/// The largest number of groups.
pub const MOST_GROUPS: usize = 63;

/// The orders in which groups are exchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orders {
    n_groups: usize,
    /// Drawn orders, each followed by its reverse; none when all are taken.
    drawn: Option<Vec<Vec<usize>>>,
}

impl Orders {
    /// All orders with up to [`MOST_EXACT`] groups, else `n_pairs` drawn ones and their reverses.
    ///
    /// # Panics
    /// When there are more than [`MOST_GROUPS`] groups, or fewer than two pairs would be drawn.
    pub fn new(n_groups: usize, n_pairs: usize, seed: u64) -> Self {
        if n_groups <= MOST_EXACT { Self::all(n_groups) } else { Self::drawn(n_groups, n_pairs, seed) }
    }

    /// All orders.
    ///
    /// # Panics
    /// When there are more than 20 groups: a million coalitions.
    pub fn all(n_groups: usize) -> Self {
        assert!(n_groups <= 20, "2^{n_groups} coalitions are too many");
        Self { n_groups, drawn: None }
    }

    /// Drawn orders.
    ///
    /// # Panics
    /// As [`Orders::new`].
    pub fn drawn(n_groups: usize, n_pairs: usize, seed: u64) -> Self {
        assert!(n_groups <= MOST_GROUPS, "at most {MOST_GROUPS} groups");
        assert!(n_pairs >= 2, "an error needs two pairs of orders");
        let mut orders = Vec::with_capacity(2 * n_pairs);
        for pair in 0..n_pairs {
            let key = mix(mix(seed ^ 0x7368_6170) ^ pair as u64);
            let mut order: Vec<usize> = (0..n_groups).collect();
            order.sort_by_key(|&group| (mix(key ^ mix(group as u64)), group));
            let reversed = order.iter().rev().copied().collect();
            orders.push(order);
            orders.push(reversed);
        }
        Self { n_groups, drawn: Some(orders) }
    }

    /// Whether every order is taken.
    pub fn is_exact(&self) -> bool {
        self.drawn.is_none()
    }

    /// Number of drawn orders; none when all are taken.
    pub fn n_drawn(&self) -> Option<usize> {
        self.drawn.as_ref().map(Vec::len)
    }

    /// The coalitions that must be run, ascending: bit j set when group j is taken from the second experiment. The first
    /// is empty, the last whole.
    pub fn coalitions(&self) -> Vec<u64> {
        let whole = (1_u64 << self.n_groups) - 1;
        match &self.drawn {
            None => (0..=whole).collect(),
            Some(orders) => {
                let mut found = vec![0, whole];
                // First and last alone are shown for every group.
                for group in 0..self.n_groups {
                    found.push(1 << group);
                    found.push(whole & !(1 << group));
                }
                for order in orders {
                    let mut coalition = 0;
                    for &group in order {
                        coalition |= 1 << group;
                        found.push(coalition);
                    }
                }
                found.sort_unstable();
                found.dedup();
                found
            }
        }
    }

    /// Per set of orders and group the exchanges that make up its part. One set when all orders are taken, else one per
    /// pair of orders.
    fn exchanges(&self, coalitions: &[u64]) -> Vec<Vec<Vec<Exchange>>> {
        let place = |coalition: u64| coalitions.binary_search(&coalition).expect("a coalition that was run");
        let exchange = |coalition: u64, group: usize, weight: f64| Exchange {
            before: place(coalition),
            after: place(coalition | 1 << group),
            weight,
        };
        match &self.drawn {
            None => {
                let of_size = exact_weights(self.n_groups);
                let of_group = |group: usize| {
                    let without = coalitions.iter().filter(|&&coalition| coalition & (1 << group) == 0);
                    let weight = |coalition: u64| of_size[coalition.count_ones() as usize];
                    without.map(|&coalition| exchange(coalition, group, weight(coalition))).collect()
                };
                vec![(0..self.n_groups).map(of_group).collect()]
            }
            Some(orders) => orders
                .chunks_exact(2)
                .map(|pair| {
                    let mut of_groups = vec![Vec::new(); self.n_groups];
                    for order in pair {
                        let mut coalition = 0;
                        for &group in order {
                            of_groups[group].push(exchange(coalition, group, 0.5));
                            coalition |= 1 << group;
                        }
                    }
                    of_groups
                })
                .collect(),
        }
    }
}

/// A group is exchanged while others already have been. Kept as a difference, so that a group which changes nothing has a
/// part of exactly zero.
#[derive(Clone, Copy)]
struct Exchange {
    before: usize,
    after: usize,
    weight: f64,
}

/// `s! (g - s - 1)! / g!` for every size s of a coalition without the group.
fn exact_weights(n_groups: usize) -> Vec<f64> {
    let g = n_groups as f64;
    let mut weights = Vec::with_capacity(n_groups);
    let mut weight = 1.0 / g;
    for size in 0..n_groups {
        weights.push(weight);
        let s = size as f64;
        weight *= (s + 1.0) / (g - s - 1.0).max(1.0);
    }
    weights
}

/// What the value of a coalition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Valued {
    /// The mean of the outcome; for 0/1 its probability.
    Mean,
    /// The share of runs in which a number comes at all.
    Comes,
}

impl Valued {
    /// What a run adds.
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Mean => value,
            Self::Comes => f64::from(u8::from(value.is_finite())),
        }
    }
}

/// A difference with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Second less first.
    pub value: f64,
    /// Standard error over draws, and over orders where they were drawn.
    pub standard_error: f64,
    /// 95% interval.
    pub interval: Interval,
}

impl Difference {
    /// Whether the interval leaves out zero.
    pub fn is_distinguishable(&self) -> bool {
        !self.interval.contains(0.0)
    }
}

/// The part of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Position of the group.
    pub group: usize,
    /// Its part of the gap.
    pub part: Difference,
    /// What it changes when it alone is exchanged.
    pub first: f64,
    /// What it changes when all others have been exchanged.
    pub last: f64,
}

/// A gap and its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// The value of the first experiment.
    pub from: f64,
    /// The value of the second.
    pub to: f64,
    /// The second less the first.
    pub gap: Difference,
    /// One part per group, in the order of the groups.
    pub parts: Vec<Part>,
}

/// The parts of the gap between the first and the last coalition. `columns` are the outcomes under
/// [`Orders::coalitions`], in that order.
///
/// # Panics
/// When the columns differ in shape or are not as many as the coalitions.
pub fn shapley(
    orders: &Orders,
    columns: &[OutcomeColumn<'_>],
    valued: Valued,
) -> Result<Waterfall, Unanswerable> {
    let coalitions = orders.coalitions();
    assert_eq!(columns.len(), coalitions.len(), "one column per coalition");
    let n_draws = columns[0].n_draws();
    assert!(columns.iter().all(|column| column.n_draws() == n_draws), "the same draws everywhere");
    let mut values = Vec::with_capacity(columns.len());
    let mut influences = Vec::with_capacity(columns.len());
    for column in columns {
        let totals = DrawTotals::new(column, |value| valued.of(value))?;
        values.push(totals.mean);
        let scale = 1.0 / totals.n_counted as f64;
        influences.push(totals.sums.iter().map(|sum| sum * scale).collect::<Vec<f64>>());
    }
    let whole = columns.len() - 1;
    let over_draws = |exchanges: &mut dyn Iterator<Item = Exchange>| {
        let mut combined = vec![0.0; n_draws];
        for Exchange { before, after, weight } in exchanges {
            let (before, after) = (&influences[before], &influences[after]);
            for ((sum, before), after) in combined.iter_mut().zip(before).zip(after) {
                *sum += weight * (after - before);
            }
        }
        error_of_sum(&combined)
    };
    let sets = orders.exchanges(&coalitions);
    let n_sets = sets.len() as f64;
    let mut parts: Vec<Part> = (0..orders.n_groups)
        .map(|group| {
            let of_sets: Vec<f64> = sets
                .iter()
                .map(|set| set[group].iter().map(|e| e.weight * (values[e.after] - values[e.before])).sum())
                .collect();
            let value = of_sets.iter().sum::<f64>() / n_sets;
            let mut every = sets
                .iter()
                .flat_map(|set| &set[group])
                .map(|exchange| Exchange { weight: exchange.weight / n_sets, ..*exchange });
            let of_draws = over_draws(&mut every);
            let (of_orders, critical) = if sets.len() > 1 {
                let scatter: f64 = of_sets.iter().map(|part| (part - value) * (part - value)).sum();
                ((scatter / (n_sets - 1.0) / n_sets).sqrt(), student_critical(n_sets - 1.0, 0.05))
            } else {
                (0.0, Z_95)
            };
            // Each error with its own quantile: few drawn orders need a wider interval, many draws do not.
            let half = root_of_squares(Z_95 * of_draws, critical * of_orders);
            let at = |coalition: u64| values[coalitions.binary_search(&coalition).expect("was run")];
            let all = coalitions[whole];
            Part {
                group,
                part: Difference {
                    value,
                    standard_error: root_of_squares(of_draws, of_orders),
                    interval: Interval { low: value - half, high: value + half },
                },
                first: at(1 << group) - values[0],
                last: values[whole] - at(all & !(1 << group)),
            }
        })
        .collect();
    let gap = values[whole] - values[0];
    // What rounding leaves is given to the largest part, so that the sum is exact as far as numbers go.
    let rest = gap - parts.iter().map(|part| part.part.value).sum::<f64>();
    if let Some(largest) = parts.iter_mut().max_by(|a, b| a.part.value.abs().total_cmp(&b.part.value.abs())) {
        largest.part.value += rest;
    }
    let gap_error = over_draws(&mut std::iter::once(Exchange { before: 0, after: whole, weight: 1.0 }));
    Ok(Waterfall {
        from: values[0],
        to: values[whole],
        gap: Difference {
            value: gap,
            standard_error: gap_error,
            interval: Interval { low: gap - Z_95 * gap_error, high: gap + Z_95 * gap_error },
        },
        parts,
    })
}

/// A weighted sum of the values of columns over the same draws, such as a difference or a pool of views, with its error.
///
/// # Panics
/// When there is no column, or the columns differ in shape or are not as many as the weights.
pub fn combined(
    columns: &[OutcomeColumn<'_>],
    weights: &[f64],
    valued: Valued,
) -> Result<Difference, Unanswerable> {
    assert!(!columns.is_empty() && columns.len() == weights.len(), "one weight per column");
    let n_draws = columns[0].n_draws();
    assert!(columns.iter().all(|column| column.n_draws() == n_draws), "the same draws everywhere");
    let mut value = 0.0;
    let mut influences = Vec::with_capacity(columns.len());
    for (column, &weight) in columns.iter().zip(weights) {
        let totals = DrawTotals::new(column, |value| valued.of(value))?;
        value += weight * totals.mean;
        let scale = 1.0 / totals.n_counted as f64;
        influences.push(totals.sums.iter().map(|sum| sum * scale).collect::<Vec<f64>>());
    }
    let standard_error = error_over_draws(&influences, weights, n_draws);
    let half = Z_95 * standard_error;
    Ok(Difference { value, standard_error, interval: Interval { low: value - half, high: value + half } })
}

/// The standard error of a combination of means over the same draws.
fn error_over_draws(influences: &[Vec<f64>], weights: &[f64], n_draws: usize) -> f64 {
    let mut combined = vec![0.0; n_draws];
    for (influence, &weight) in influences.iter().zip(weights) {
        for (sum, value) in combined.iter_mut().zip(influence) {
            *sum += weight * value;
        }
    }
    error_of_sum(&combined)
}

/// By operations that are exact to the last bit everywhere, unlike `hypot`.
fn root_of_squares(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

/// The standard error of a sum over independent draws whose expectation is zero.
fn error_of_sum(combined: &[f64]) -> f64 {
    let n = combined.len() as f64;
    if combined.len() < 2 {
        return f64::INFINITY;
    }
    (n / (n - 1.0) * combined.iter().map(|value| value * value).sum::<f64>()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_the_formula() {
        let factorial = |n: usize| (1..=n).map(|i| i as f64).product::<f64>();
        for g in 1..=8 {
            for (s, weight) in exact_weights(g).into_iter().enumerate() {
                let expected = factorial(s) * factorial(g - s - 1) / factorial(g);
                assert!((weight - expected).abs() < 1e-15, "{g} {s}");
            }
        }
    }

    #[test]
    fn one_group_is_the_whole_gap() {
        let columns =
            [OutcomeColumn::new(&[0.0, 1.0, 0.0, 0.0], 2), OutcomeColumn::new(&[1.0, 1.0, 0.0, 1.0], 2)];
        let found = shapley(&Orders::new(1, 8, 1), &columns, Valued::Mean).unwrap();
        assert_eq!((found.gap.value, found.parts[0].part.value), (0.5, 0.5));
        assert_eq!((found.parts[0].first, found.parts[0].last), (0.5, 0.5));
    }
}
