//! Groups of assumptions, such as all that rest on one source: what learning them together would settle.
//!
//! Enters: the assumptions of an ensemble, ranked once, groups of them, and one outcome column. Leaves:
//! [`GroupedFirstOrder`]. Always holds: an index that the ensemble cannot give is not given; a bound is called a bound.
//!
//! The closed index of a group G is `Var(E[p | x_G]) / V` (Sobol 1993): all that its members do, alone and with one
//! another. For one member it is its first-order index; for two, draws are grouped by the ranks of both. For more the
//! cells would be too many for the draws; the sum of the members' own indices is then told, which is the closed index less
//! what members do only together, so a lower bound where the members are independent. A Saltelli design whose factors
//! are the groups gives the closed index itself.

use crate::column::{OutcomeColumn, Unanswerable};
use crate::first_order::{
    Basis, Denominator, FALSE_ALARM_RATE, Grouped, Prepared, RankedAssumptions, Scatter, summarise,
};
use crate::information::means;
use crate::interval::Interval;
use crate::regression::Basis as RegressionBasis;
use crate::special::{Z_95, chi_squared_critical};

/// Draws that a cell of two assumptions holds on average, at least.
const DRAWS_PER_CELL: f64 = 30.0;

/// The largest number of classes per assumption in cells of two: 15 x 15 cells are 225.
const MOST_CLASSES: usize = 15;

/// A group of assumptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumptionGroup {
    /// Positions of its members among the columns.
    pub members: Vec<usize>,
}

/// What an index of a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupIndexKind {
    /// The closed index.
    Closed,
    /// A lower bound: what a sum of functions of one member each explains.
    AtLeast,
}

/// The index of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupIndex {
    /// Position of the group.
    pub group: usize,
    /// What the index is.
    pub kind: GroupIndexKind,
    /// The index, 0..1.
    pub index: f64,
    /// 95% interval, cut to 0..1.
    pub interval: Interval,
    /// Standard error before it was cut.
    pub standard_error: f64,
    /// Whether it can be told from zero, at a family-wise [`FALSE_ALARM_RATE`] over the groups.
    pub distinguishable: bool,
    /// Whether its rank and that of the next cannot be told apart at 95%.
    pub tied_with_next: bool,
}

/// The indices of the groups for one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedFirstOrder {
    /// What the denominator is.
    pub basis: Basis,
    /// Whether outcomes were replaced by their ranks because some were infinite.
    pub on_ranks: bool,
    /// The denominator.
    pub variance: f64,
    /// Whether it can be told from zero.
    pub variance_distinguishable: bool,
    /// Groups of which something varies and an index can be given, strongest first.
    pub indices: Vec<GroupIndex>,
    /// Groups with too many assumptions for the draws: the ensemble cannot tell.
    pub untold: Vec<usize>,
}

/// What one pass leaves of a group.
struct Summed {
    group: usize,
    kind: GroupIndexKind,
    numerator: f64,
    raw: f64,
    second_order: f64,
    /// Degrees of freedom of the numerator.
    degrees: f64,
    /// The influence of each draw on the numerator.
    influence: Vec<f64>,
    /// Sum over draws of its product with that on the denominator, without what a draw adds to its own fit.
    crossed: f64,
    distinguishable: bool,
}

/// The indices of groups from the ensemble that gave the answer. `basis` is of the same assumptions.
///
/// # Panics
/// When a member is no column, or the outcome has another number of draws than the assumptions.
pub fn group_indices(
    assumptions: &RankedAssumptions,
    basis: &RegressionBasis,
    column: &OutcomeColumn<'_>,
    groups: &[AssumptionGroup],
) -> Result<GroupedFirstOrder, Unanswerable> {
    let mut prepared = Prepared::new(assumptions, column)?;
    let denominator = &prepared.denominator;
    let varies = |&member: &usize| assumptions.grouped[member].values.len() > 1;
    let varying: Vec<Vec<usize>> =
        groups.iter().map(|group| group.members.iter().copied().filter(varies).collect()).collect();
    let n_varying = varying.iter().filter(|members| !members.is_empty()).count();
    let level = FALSE_ALARM_RATE / n_varying.max(1) as f64;
    let mut summed = Vec::new();
    let mut untold = Vec::new();
    for (position, members) in varying.iter().enumerate() {
        let cells_of = match members.as_slice() {
            [] => continue,
            [only] => Some(assumptions.grouped[*only].clone()),
            [first, second] => {
                cells(&assumptions.grouped[*first], &assumptions.grouped[*second], assumptions.n_draws)
            }
            _ => None,
        };
        let found = match cells_of {
            Some(cells) => Some(in_cells(position, &cells, denominator, level)),
            None => fitted(position, members, basis, denominator, level),
        };
        match found {
            Some(found) => summed.push(found),
            None => untold.push(position),
        }
    }
    summed
        .sort_by(|a, b| b.distinguishable.cmp(&a.distinguishable).then(b.numerator.total_cmp(&a.numerator)));
    // A part cannot exceed the whole: where V is uncertain a numerator may exceed it.
    let largest = summed.iter().map(|group| group.numerator).fold(0.0, f64::max);
    prepared.denominator.variance = prepared.denominator.variance.max(largest);
    let denominator = &prepared.denominator;
    let indices = if denominator.variance > 0.0 {
        (0..summed.len()).map(|place| finish(&summed[place], summed.get(place + 1), denominator)).collect()
    } else {
        Vec::new()
    };
    Ok(GroupedFirstOrder {
        basis: prepared.basis,
        on_ranks: prepared.on_ranks,
        variance: denominator.variance,
        variance_distinguishable: prepared.variance_distinguishable,
        indices,
        untold,
    })
}

/// Cells of two assumptions; none when one has too many alternatives to be put into few classes.
fn cells(first: &Grouped, second: &Grouped, n_draws: usize) -> Option<Grouped> {
    let side = ((n_draws as f64 / DRAWS_PER_CELL).sqrt() as usize).clamp(2, MOST_CLASSES);
    let n_classes = |grouped: &Grouped| {
        let n = grouped.values.len();
        if grouped.is_category { (n <= side).then_some(n) } else { Some(n.min(side)) }
    };
    let (of_first, of_second) = (n_classes(first)?, n_classes(second)?);
    let class = |grouped: &Grouped, n: usize, draw: usize| {
        usize::from(grouped.group_of_draw[draw]) * n / grouped.values.len()
    };
    let cell = |draw: usize| class(first, of_first, draw) * of_second + class(second, of_second, draw);
    let n_cells = of_first * of_second;
    Some(Grouped {
        group_of_draw: (0..n_draws).map(|draw| cell(draw) as u8).collect(),
        values: (0..n_cells).map(|cell| cell as f64).collect(),
        third_of_group: vec![1; n_cells],
        is_category: true,
    })
}

/// The closed index of draws in cells.
fn in_cells(group: usize, cells: &Grouped, denominator: &Denominator, level: f64) -> Summed {
    let totals = &denominator.totals;
    let to_draws = totals.n_draws_counted as f64 / totals.n_counted as f64;
    let found = summarise(group, cells, denominator, level);
    let influence = |(draw, &cell): (usize, &u8)| {
        let mean = found.means[usize::from(cell)];
        (2.0 * mean * totals.sums[draw] - mean * mean * totals.counts[draw]) * to_draws
    };
    Summed {
        group,
        kind: GroupIndexKind::Closed,
        numerator: found.numerator,
        raw: found.raw,
        second_order: found.second_order,
        degrees: found.means.len().saturating_sub(1).max(1) as f64,
        influence: cells.group_of_draw.iter().enumerate().map(influence).collect(),
        crossed: found.crossed,
        distinguishable: found.distinguishable,
    }
}

/// What a sum of functions of the members explains; none with too few draws for so many members.
fn fitted(
    group: usize,
    members: &[usize],
    basis: &RegressionBasis,
    denominator: &Denominator,
    level: f64,
) -> Option<Summed> {
    let totals = &denominator.totals;
    let (values, weights) = means(totals);
    let fit = basis.design(members, &weights)?.fit(&values);
    let n = totals.n_draws_counted as f64;
    let to_draws = n / totals.n_counted as f64;
    let influence: Vec<f64> = (0..weights.len())
        .map(|draw| {
            let g = fit.fitted[draw] - fit.mean;
            (2.0 * g * totals.sums[draw] - g * g * totals.counts[draw]) * to_draws
        })
        .collect();
    // With k columns and nothing to explain the fit explains residual * (chi-squared with k degrees - k) / n.
    let k = fit.n_columns as f64;
    // Each draw makes up k / n of its own fit on average.
    let own: f64 = (0..weights.len())
        .filter(|&draw| weights[draw] > 0.0)
        .map(|draw| {
            let residual = values[draw] - fit.fitted[draw];
            weights[draw] * residual * residual * (denominator.influence[draw] - denominator.influence_mean)
        })
        .sum();
    let products = influence.iter().zip(&denominator.influence);
    let crossed = products.map(|(a, e)| a * e).sum::<f64>() - 2.0 * to_draws * own * k / n;
    let of_chance = fit.residual / n;
    Some(Summed {
        group,
        kind: GroupIndexKind::AtLeast,
        numerator: fit.explained,
        raw: influence.iter().sum::<f64>() / n,
        second_order: k * of_chance * of_chance,
        degrees: k.max(1.0),
        influence,
        crossed,
        distinguishable: fit.explained > of_chance * (chi_squared_critical(fit.n_columns, level) - k),
    })
}

/// Variance of a numerator less `ratio` times the denominator, over draws; see [`crate::first_order()`].
fn variance_of(influence: impl Iterator<Item = f64>, raw: f64, ratio: f64, denominator: &Denominator) -> f64 {
    let n = denominator.totals.n_draws_counted as f64;
    let squares: f64 = influence
        .zip(&denominator.influence)
        .map(|(a, e)| {
            let residual = a - ratio * e;
            residual * residual
        })
        .sum();
    let mean = raw - ratio * denominator.influence_mean;
    (squares / n - mean * mean) / n
}

fn finish(summed: &Summed, next: Option<&Summed>, denominator: &Denominator) -> GroupIndex {
    let whole = denominator.variance;
    let index = summed.numerator / whole;
    let scatter = Scatter {
        squares: summed.influence.iter().map(|a| a * a).sum(),
        crossed: summed.crossed,
        of_denominator: denominator.influence_squares,
        raw: summed.raw,
        influence_mean: denominator.influence_mean,
        second_order: summed.second_order,
        degrees: summed.degrees,
        n: denominator.totals.n_draws_counted as f64,
    };
    let standard_error = scatter.variance(index).sqrt() / whole;
    let cut = |value: f64| value.clamp(0.0, 1.0);
    let tied_with_next = next.is_some_and(|next| {
        if !summed.distinguishable && !next.distinguishable {
            return true;
        }
        let difference = summed.numerator - next.numerator;
        let influence = summed.influence.iter().zip(&next.influence).map(|(a, b)| a - b);
        let both = 2.0 * (summed.second_order + next.second_order);
        let variance = variance_of(influence, summed.raw - next.raw, difference / whole, denominator) - both;
        difference.abs() <= Z_95 * variance.max(both).sqrt()
    });
    GroupIndex {
        group: summed.group,
        kind: summed.kind,
        index: cut(index),
        interval: scatter.ratio_interval(summed.numerator, denominator.estimated, cut(index)),
        standard_error,
        distinguishable: summed.distinguishable,
        tied_with_next,
    }
}
