//! Least squares on the ranks of assumptions: what is expected of an outcome, given some of them.
//!
//! Enters: assumptions, one number per draw each, turned once into a [`Basis`], and responses, one per draw. Leaves:
//! fitted values, and how much of the variance they explain beyond what chance would. Always holds: fitted values are
//! sums over assumptions of continuous piecewise-linear functions of the rank (or of a number per alternative), so
//! interactions are left out; what is explained is corrected for the number of columns.
//!
//! The functions of a rank u in 0..1 are the "hats" at equally spaced knots, which together are any continuous
//! function that is straight between the knots (de Boor 1978, linear B-splines). Ranks make the fit the same whatever
//! the unit or skewness of an assumption.

use crate::first_order::AssumptionColumn;

/// Columns of a design matrix with few entries per row.
#[derive(Clone, Debug)]
pub struct Basis {
    n_draws: usize,
    /// Per assumption, its first column and how many it has; none for one that does not vary.
    columns: Vec<(usize, usize)>,
    /// Per assumption, per draw: the first of its two entries (a column of the assumption) and the weight of the
    /// second; of categories the second weighs nothing.
    places: Vec<Vec<(u16, f32)>>,
    n_columns: usize,
}

/// What a fit says.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The expected response of each draw; the mean where a draw does not count.
    pub fitted: Vec<f64>,
    /// The mean response.
    pub mean: f64,
    /// Variance of the expected response over draws, corrected for the columns of the fit; may be negative.
    pub explained: f64,
    /// Standard error of `explained`.
    pub standard_error: f64,
    /// Variance of the response around the fit.
    pub residual: f64,
    /// Columns of the fit, without the mean and without those that others make up.
    pub n_columns: usize,
}

/// A response, one per draw, and which draws count.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The response of each draw.
    pub values: &'a [f64],
    /// Runs behind the response of each draw; a draw with none does not count.
    pub weights: &'a [f64],
}

/// Draws per column below which a fit is refused.
const FEWEST_DRAWS_PER_COLUMN: usize = 5;

impl Basis {
    /// Ranks the assumptions; each gets `n_pieces` straight pieces, a category a column per alternative.
    ///
    /// # Panics
    /// When the columns differ in length, or `n_pieces` is 0.
    pub fn new(assumptions: &[AssumptionColumn<'_>], n_pieces: usize) -> Self {
        assert!(n_pieces > 0, "a function has a piece");
        let n_draws = assumptions.first().map_or(0, |column| column.values.len());
        assert!(assumptions.iter().all(|column| column.values.len() == n_draws), "one value per draw");
        let mut basis = Self { n_draws, columns: Vec::new(), places: Vec::new(), n_columns: 0 };
        for assumption in assumptions {
            let mut order: Vec<u32> = (0..n_draws as u32).collect();
            let value = |draw: u32| assumption.values[draw as usize];
            order.sort_unstable_by(|&a, &b| value(a).total_cmp(&value(b)).then(a.cmp(&b)));
            let mut values: Vec<f64> = order.iter().map(|&draw| value(draw)).collect();
            values.dedup();
            let mut places = vec![(0, 0.0); n_draws];
            // A column less than there are functions, because together they make up the mean.
            let n_own = if values.len() < 2 {
                0
            } else if assumption.is_category || values.len() <= n_pieces {
                for (place, &value) in places.iter_mut().zip(assumption.values) {
                    *place = (values.partition_point(|&other| other < value) as u16, 0.0);
                }
                values.len() - 1
            } else {
                let mut start = 0;
                while start < n_draws {
                    // Equal values share the middle of their ranks.
                    let end = start
                        + order[start..]
                            .iter()
                            .take_while(|&&draw| value(draw) == value(order[start]))
                            .count();
                    let rank = 0.5 * (start + end) as f64 / n_draws as f64 * n_pieces as f64;
                    let piece = (rank.floor()).min(n_pieces as f64 - 1.0);
                    for &draw in &order[start..end] {
                        places[draw as usize] = (piece as u16, (rank - piece) as f32);
                    }
                    start = end;
                }
                n_pieces
            };
            basis.columns.push((basis.n_columns, n_own));
            basis.n_columns += n_own;
            basis.places.push(places);
        }
        basis
    }

    /// Number of assumptions.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no assumptions.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Whether an assumption varies.
    pub fn varies(&self, assumption: usize) -> bool {
        self.columns[assumption].1 > 0
    }

    /// Fits the response on a group of assumptions; none when too few draws count for the number of columns, or when
    /// no assumption of the group varies.
    ///
    /// # Panics
    /// When the response has another number of draws, or the group names an assumption that there is not.
    pub fn fit(&self, group: &[usize], response: Response<'_>) -> Option<Fit> {
        self.fit_where(group, response, |_| true)
    }

    /// As [`Basis::fit`], on the draws for which `is_used` only; the fitted values are of all draws.
    pub fn fit_where(
        &self,
        group: &[usize],
        response: Response<'_>,
        is_used: impl Fn(usize) -> bool,
    ) -> Option<Fit> {
        assert_eq!(response.values.len(), self.n_draws, "one response per draw");
        assert_eq!(response.weights.len(), self.n_draws, "one weight per draw");
        let group: Vec<usize> = group.iter().copied().filter(|&a| self.varies(a)).collect();
        let n_columns: usize = group.iter().map(|&a| self.columns[a].1).sum();
        let counts = |draw: usize| response.weights[draw] > 0.0 && is_used(draw);
        let used: Vec<usize> = (0..self.n_draws).filter(|&draw| counts(draw)).collect();
        if n_columns == 0 || used.len() < FEWEST_DRAWS_PER_COLUMN * (n_columns + 1) {
            return None;
        }
        let total: f64 = used.iter().map(|&draw| response.weights[draw]).sum();
        let mean =
            used.iter().map(|&draw| response.weights[draw] * response.values[draw]).sum::<f64>() / total;
        // Row-major lower triangle of the normal equations, the mean first.
        let size = n_columns + 1;
        let mut matrix = vec![0.0; size * size];
        let mut right = vec![0.0; size];
        let mut row = Row::default();
        for &draw in &used {
            let weight = response.weights[draw];
            let deviation = response.values[draw] - mean;
            self.row(&group, draw, &mut row);
            for (i, &(column, entry)) in row.entries.iter().enumerate() {
                right[column] += weight * entry * deviation;
                for &(other, of_other) in &row.entries[..=i] {
                    matrix[column * size + other] += weight * entry * of_other;
                }
            }
        }
        let (coefficients, n_kept) = solve(&mut matrix, right, size);
        // Columns that others make up cost nothing.
        let n_columns = n_kept - 1;
        let mut fitted = vec![mean; self.n_draws];
        for (draw, place) in fitted.iter_mut().enumerate() {
            self.row(&group, draw, &mut row);
            *place += row.entries.iter().map(|&(column, entry)| entry * coefficients[column]).sum::<f64>();
        }
        let n = used.len() as f64;
        let share = |draw: usize| response.weights[draw] * n / total;
        let (mut regression, mut rest) = (0.0, 0.0);
        for &draw in &used {
            let explained = fitted[draw] - mean;
            let error = response.values[draw] - fitted[draw];
            regression += share(draw) * explained * explained;
            rest += share(draw) * error * error;
        }
        let residual = rest / (n - n_kept as f64);
        let explained = (regression - n_columns as f64 * residual) / n;
        // The influence of a draw on the variance of an expectation, g^2 + 2 g e - V.
        let scatter: f64 = used
            .iter()
            .map(|&draw| {
                let g = fitted[draw] - mean;
                let error = response.values[draw] - fitted[draw];
                let influence = share(draw) * (g * g + 2.0 * g * error) - regression / n;
                influence * influence
            })
            .sum();
        Some(Fit { fitted, mean, explained, standard_error: scatter.sqrt() / n, residual, n_columns })
    }

    /// The entries of a draw, columns ascending; column 0 is the mean, and each assumption leaves out its last.
    fn row(&self, group: &[usize], draw: usize, row: &mut Row) {
        row.entries.clear();
        row.entries.push((0, 1.0));
        let mut first = 1;
        for &assumption in group {
            let n_own = self.columns[assumption].1;
            let (place, second) = self.places[assumption][draw];
            let (place, second) = (usize::from(place), f64::from(second));
            if place < n_own && second < 1.0 {
                row.entries.push((first + place, 1.0 - second));
            }
            if place + 1 < n_own && second > 0.0 {
                row.entries.push((first + place + 1, second));
            }
            first += n_own;
        }
    }
}

/// The entries of one draw.
#[derive(Default)]
struct Row {
    entries: Vec<(usize, f64)>,
}

/// Solves the normal equations by the decomposition of Cholesky; a column that the earlier ones already make up gets
/// no weight, as when two assumptions always agree. Also says how many columns have one.
fn solve(matrix: &mut [f64], mut right: Vec<f64>, size: usize) -> (Vec<f64>, usize) {
    /// What is left of a column, as a share of it, below which it is made up by others; rounding leaves about 1e-15
    /// times the number of rows behind.
    const DEPENDENT: f64 = 1e-9;
    let mut kept = vec![true; size];
    for j in 0..size {
        let whole = matrix[j * size + j];
        let known: f64 =
            (0..j).filter(|&k| kept[k]).map(|k| matrix[j * size + k] * matrix[j * size + k]).sum();
        let pivot = whole - known;
        if whole <= 0.0 || pivot <= DEPENDENT * whole {
            kept[j] = false;
            continue;
        }
        let root = pivot.sqrt();
        matrix[j * size + j] = root;
        for i in j + 1..size {
            let known: f64 =
                (0..j).filter(|&k| kept[k]).map(|k| matrix[i * size + k] * matrix[j * size + k]).sum();
            matrix[i * size + j] = (matrix[i * size + j] - known) / root;
        }
    }
    for j in 0..size {
        if !kept[j] {
            right[j] = 0.0;
            continue;
        }
        let known: f64 = (0..j).filter(|&k| kept[k]).map(|k| matrix[j * size + k] * right[k]).sum();
        right[j] = (right[j] - known) / matrix[j * size + j];
    }
    for j in (0..size).rev() {
        if !kept[j] {
            continue;
        }
        let known: f64 = (j + 1..size).filter(|&i| kept[i]).map(|i| matrix[i * size + j] * right[i]).sum();
        right[j] = (right[j] - known) / matrix[j * size + j];
    }
    (right, kept.iter().filter(|&&kept| kept).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(n: usize) -> Vec<f64> {
        (0..n).map(|draw| (draw * 37 % n) as f64).collect()
    }

    #[test]
    fn a_function_that_is_straight_between_the_knots_is_fitted_exactly() {
        let x = ladder(400);
        let category: Vec<f64> = (0..400).map(|draw| f64::from(draw % 3)).collect();
        let y: Vec<f64> = x
            .iter()
            .zip(&category)
            .map(|(&x, &c)| (x + 0.5 - 200.0).abs() + [5.0, 0.0, 100.0][c as usize])
            .collect();
        let columns = [
            AssumptionColumn { values: &x, is_category: false },
            AssumptionColumn { values: &category, is_category: true },
        ];
        let basis = Basis::new(&columns, 4);
        let weights = vec![2.0; 400];
        let fit = basis.fit(&[0, 1], Response { values: &y, weights: &weights }).unwrap();
        assert_eq!(fit.n_columns, 6);
        for (fitted, y) in fit.fitted.iter().zip(&y) {
            // Weights are kept as f32.
            assert!((fitted - y).abs() < 1e-3, "{fitted} {y}");
        }
    }

    #[test]
    fn columns_that_say_the_same_are_used_once() {
        let x = ladder(300);
        let columns = [AssumptionColumn { values: &x, is_category: false }; 2];
        let basis = Basis::new(&columns, 3);
        let weights = vec![1.0; 300];
        let response = Response { values: &x, weights: &weights };
        let once = basis.fit(&[0], response).unwrap();
        let twice = basis.fit(&[0, 1], response).unwrap();
        for (a, b) in once.fitted.iter().zip(&twice.fitted) {
            assert!((a - b).abs() < 1e-6);
        }
        assert_eq!((once.n_columns, twice.n_columns), (3, 3));
    }

    #[test]
    fn too_few_draws_and_what_never_varies_give_no_fit() {
        let (x, same) = (ladder(20), vec![1.0; 20]);
        let columns = [
            AssumptionColumn { values: &x, is_category: false },
            AssumptionColumn { values: &same, is_category: false },
        ];
        let basis = Basis::new(&columns, 5);
        let weights = vec![1.0; 20];
        let response = Response { values: &x, weights: &weights };
        assert_eq!(basis.fit(&[0], response), None);
        assert_eq!(Basis::new(&columns, 2).fit(&[1], response), None);
        assert!(Basis::new(&columns, 2).fit(&[0, 1], response).is_some());
    }
}
