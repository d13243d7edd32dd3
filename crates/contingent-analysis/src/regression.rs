//! Least squares on the ranks of assumptions: what is expected of an outcome, given some of them.
//!
//! Enters: assumptions, one number per draw each, turned once into a [`Basis`], of which a [`Design`] takes a group, and
//! responses, one per draw. Leaves: fitted values, and how much of the variance they explain beyond what chance would. Always holds: fitted values are
//! sums over assumptions of continuous piecewise-linear functions of the rank (or of a number per alternative), so
//! interactions are left out; what is explained is corrected for the number of columns.
//!
//! The functions of a rank u in 0..1 are the "hats" at equally spaced knots, which together are any continuous
//! function that is straight between the knots (de Boor 1978, linear B-splines). Ranks make the fit the same whatever
//! the unit or skewness of an assumption.

use crate::first_order::AssumptionColumn;
use crate::order::all_ascending;
use crate::threads;

/// Columns of a design matrix with few entries per row.
#[derive(Clone, Debug)]
pub struct Basis {
    n_draws: usize,
    /// Per assumption how many columns it has; none for one that does not vary.
    columns: Vec<usize>,
    /// Per assumption, per draw: the first of its two entries (a column of the assumption) and the weight of the
    /// second; of categories the second weighs nothing.
    places: Vec<Vec<(u16, f32)>>,
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
        let (columns, places) =
            threads::map(assumptions, |assumption| places(assumption, n_pieces)).into_iter().unzip();
        Self { n_draws, columns, places }
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
        self.columns[assumption] > 0
    }

    /// What is needed to fit responses on a group of assumptions; none when too few draws count for the number of
    /// columns, or when no assumption of the group varies. `weights` holds the runs behind the response of each draw;
    /// a draw with none does not count.
    ///
    /// # Panics
    /// When there is another number of weights than of draws, or the group names an assumption that there is not.
    pub fn design<'a>(&'a self, group: &[usize], weights: &'a [f64]) -> Option<Design<'a>> {
        self.design_where(group, weights, |_| true)
    }

    /// As [`Basis::design`], of the draws for which `is_used` only; the fitted values are of all draws.
    pub fn design_where<'a>(
        &'a self,
        group: &[usize],
        weights: &'a [f64],
        is_used: impl Fn(usize) -> bool,
    ) -> Option<Design<'a>> {
        assert_eq!(weights.len(), self.n_draws, "one weight per draw");
        let mut n_columns = 1;
        let mut members = Vec::with_capacity(group.len());
        for &assumption in group.iter().filter(|&&assumption| self.varies(assumption)) {
            let n_own = self.columns[assumption];
            members.push(Member { places: &self.places[assumption], first: n_columns, n_own });
            n_columns += n_own;
        }
        let used: Vec<usize> =
            (0..self.n_draws).filter(|&draw| weights[draw] > 0.0 && is_used(draw)).collect();
        if n_columns == 1 || used.len() < FEWEST_DRAWS_PER_COLUMN * n_columns {
            return None;
        }
        let total = used.iter().map(|&draw| weights[draw]).sum();
        let mut design =
            Design { weights, used, total, members, factor: Factor { matrix: Vec::new(), kept: Vec::new() } };
        design.factor = Factor::new(design.normal_equations(n_columns), n_columns);
        Some(design)
    }
}

/// How many columns an assumption has, and the places of its draws.
fn places(assumption: &AssumptionColumn<'_>, n_pieces: usize) -> (usize, Vec<(u16, f32)>) {
    let n_draws = assumption.values.len();
    let order = all_ascending(assumption.values);
    let value = |draw: u32| assumption.values[draw as usize];
    let mut values: Vec<f64> = order.iter().map(|&draw| value(draw)).collect();
    values.dedup();
    let mut places = vec![(0, 0.0); n_draws];
    if values.len() < 2 {
        return (0, places);
    }
    // A column less than there are functions, because together they make up the mean.
    if assumption.is_category || values.len() <= n_pieces {
        for (place, &value) in places.iter_mut().zip(assumption.values) {
            *place = (values.partition_point(|&other| other < value) as u16, 0.0);
        }
        return (values.len() - 1, places);
    }
    let mut start = 0;
    while start < n_draws {
        // Equal values share the middle of their ranks.
        let end =
            start + order[start..].iter().take_while(|&&draw| value(draw) == value(order[start])).count();
        let rank = 0.5 * (start + end) as f64 / n_draws as f64 * n_pieces as f64;
        let piece = (rank.floor()).min(n_pieces as f64 - 1.0);
        for &draw in &order[start..end] {
            places[draw as usize] = (piece as u16, (rank - piece) as f32);
        }
        start = end;
    }
    (n_pieces, places)
}

/// A group of assumptions over the draws that count: the normal equations, made and decomposed once for all responses.
///
/// Column 0 is the mean, and each assumption leaves out its last function.
#[derive(Clone, Debug)]
pub struct Design<'a> {
    weights: &'a [f64],
    used: Vec<usize>,
    /// The weight of all used draws.
    total: f64,
    members: Vec<Member<'a>>,
    factor: Factor,
}

/// An assumption of a design and where its columns stand.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    places: &'a [(u16, f32)],
    first: usize,
    n_own: usize,
}

impl Member<'_> {
    /// Sums per function of the assumption, with room for entries that belong to none of its columns, so that no draw
    /// needs to be told from another.
    fn n_sums(&self) -> usize {
        self.n_own + 2
    }

    /// Place and weight of the first of the two entries of a draw, and the weight of the second, which stands next to it.
    fn entries(&self, draw: usize) -> (usize, f64, f64) {
        let (place, second) = self.places[draw];
        (usize::from(place), 1.0 - f64::from(second), f64::from(second))
    }
}

impl Design<'_> {
    /// Row-major lower triangle of the normal equations.
    fn normal_equations(&self, size: usize) -> Vec<f64> {
        let mut matrix = vec![0.0; size * size];
        matrix[0] = self.total;
        for (i, rows) in self.members.iter().enumerate() {
            let mut sums = vec![0.0; rows.n_sums()];
            for &draw in &self.used {
                let (place, first, second) = rows.entries(draw);
                sums[place] += self.weights[draw] * first;
                sums[place + 1] += self.weights[draw] * second;
            }
            for row in 0..rows.n_own {
                matrix[(rows.first + row) * size] = sums[row];
            }
            for columns in &self.members[..=i] {
                let width = columns.n_sums();
                let mut sums = vec![0.0; rows.n_sums() * width];
                for &draw in &self.used {
                    let (row, first, second) = rows.entries(draw);
                    let (column, of_first, of_second) = columns.entries(draw);
                    let (first, second) = (self.weights[draw] * first, self.weights[draw] * second);
                    let corner = row * width + column;
                    sums[corner] += first * of_first;
                    sums[corner + 1] += first * of_second;
                    sums[corner + width] += second * of_first;
                    sums[corner + width + 1] += second * of_second;
                }
                for row in 0..rows.n_own {
                    let start = (rows.first + row) * size + columns.first;
                    matrix[start..start + columns.n_own]
                        .copy_from_slice(&sums[row * width..row * width + columns.n_own]);
                }
            }
        }
        matrix
    }

    /// Fits a response, one number per draw.
    ///
    /// # Panics
    /// When the response has another number of draws.
    pub fn fit(&self, response: &[f64]) -> Fit {
        assert_eq!(response.len(), self.weights.len(), "one response per draw");
        let (weights, used, total) = (self.weights, &self.used, self.total);
        let mean = used.iter().map(|&draw| weights[draw] * response[draw]).sum::<f64>() / total;
        let mut right = Vec::with_capacity(self.factor.kept.len());
        right.push(used.iter().map(|&draw| weights[draw] * (response[draw] - mean)).sum());
        for member in &self.members {
            let mut sums = vec![0.0; member.n_sums()];
            for &draw in used {
                let (place, first, second) = member.entries(draw);
                let deviation = response[draw] - mean;
                sums[place] += weights[draw] * first * deviation;
                sums[place + 1] += weights[draw] * second * deviation;
            }
            right.extend_from_slice(&sums[..member.n_own]);
        }
        let coefficients = self.factor.solve(right);
        let mut of_draws = vec![coefficients[0]; weights.len()];
        for member in &self.members {
            let mut own = coefficients[member.first..member.first + member.n_own].to_vec();
            own.resize(member.n_sums(), 0.0);
            for (draw, of_draw) in of_draws.iter_mut().enumerate() {
                let (place, first, second) = member.entries(draw);
                *of_draw += first * own[place] + second * own[place + 1];
            }
        }
        let fitted: Vec<f64> = of_draws.into_iter().map(|of_draw| mean + of_draw).collect();
        // Columns that others make up cost nothing.
        let n_kept = self.factor.n_kept();
        let n_columns = n_kept - 1;
        let n = used.len() as f64;
        let share = |draw: usize| weights[draw] * n / total;
        let (mut regression, mut rest) = (0.0, 0.0);
        for &draw in used {
            let explained = fitted[draw] - mean;
            let error = response[draw] - fitted[draw];
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
                let error = response[draw] - fitted[draw];
                let influence = share(draw) * (g * g + 2.0 * g * error) - regression / n;
                influence * influence
            })
            .sum();
        Fit { fitted, mean, explained, standard_error: scatter.sqrt() / n, residual, n_columns }
    }
}

/// The normal equations decomposed after Cholesky; a column that the earlier ones already make up gets no weight, as
/// when two assumptions always agree.
#[derive(Clone, Debug)]
struct Factor {
    /// Row-major lower triangle.
    matrix: Vec<f64>,
    /// Per column whether it has a weight.
    kept: Vec<bool>,
}

impl Factor {
    fn new(mut matrix: Vec<f64>, size: usize) -> Self {
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
        Self { matrix, kept }
    }

    /// Number of columns with a weight.
    fn n_kept(&self) -> usize {
        self.kept.iter().filter(|&&kept| kept).count()
    }

    /// The coefficients for a right-hand side.
    fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        let (matrix, kept, size) = (&self.matrix, &self.kept, self.kept.len());
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
            let known: f64 =
                (j + 1..size).filter(|&i| kept[i]).map(|i| matrix[i * size + j] * right[i]).sum();
            right[j] = (right[j] - known) / matrix[j * size + j];
        }
        right
    }
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
        let fit = basis.design(&[0, 1], &weights).unwrap().fit(&y);
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
        let once = basis.design(&[0], &weights).unwrap().fit(&x);
        let twice = basis.design(&[0, 1], &weights).unwrap().fit(&x);
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
        assert!(basis.design(&[0], &weights).is_none());
        assert!(Basis::new(&columns, 2).design(&[1], &weights).is_none());
        assert!(Basis::new(&columns, 2).design(&[0, 1], &weights).is_some());
    }
}
