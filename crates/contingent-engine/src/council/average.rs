//! What a council decides without bargaining: the mean or the median of where its members stand, weighted with
//! capability times salience (Scholz, Calbert & Smith 2011, for the median as the forecast of a spatial vote).

use super::Council;

impl Council {
    /// The mean of the positions on each dimension, weighted with capability times salience.
    ///
    /// A dimension that nobody cares about has no mean: NaN.
    pub fn weighted_mean(&self, positions: &[f64]) -> Vec<f64> {
        (0..self.n_dimensions)
            .map(|dimension| {
                let (mut sum, mut weight) = (0.0, 0.0);
                for member in 0..self.n_members() {
                    let own = self.weight(member, dimension);
                    sum += own * self.row(positions, member)[dimension];
                    weight += own;
                }
                sum / weight
            })
            .collect()
    }

    /// The median of the positions on each dimension, weighted with capability times salience: the least position at which half
    /// of the weight, or more, stands there or below.
    ///
    /// A dimension that nobody cares about has no median: NaN.
    pub fn weighted_median(&self, positions: &[f64]) -> Vec<f64> {
        let mut standing = Vec::with_capacity(self.n_members());
        (0..self.n_dimensions)
            .map(|dimension| {
                standing.clear();
                standing.extend(
                    (0..self.n_members()).map(|member| {
                        (self.row(positions, member)[dimension], self.weight(member, dimension))
                    }),
                );
                median(&mut standing)
            })
            .collect()
    }

    fn weight(&self, member: usize, dimension: usize) -> f64 {
        self.capability[member] * self.saliences(member)[dimension]
    }
}

/// The weighted median of positions with their weights; sorts them. Where nothing has weight there is none: NaN.
pub(super) fn median(standing: &mut [(f64, f64)]) -> f64 {
    standing.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = standing.iter().map(|&(_, weight)| weight).sum::<f64>() / 2.0;
    if half <= 0.0 {
        return f64::NAN;
    }
    let mut below = 0.0;
    for &(position, weight) in &*standing {
        below += weight;
        if below >= half {
            return position;
        }
    }
    standing[standing.len() - 1].0
}
