//! Fans: quantiles over runs at every time.
//!
//! Enters: recorded values, one row of runs per time. Leaves: a [`Fan`]. Always holds: values that are not
//! finite are left out and the smallest number of runs used at any time is told.

use crate::quantity::{QUANTILES, quantile_of_ordered};

/// Quantiles of a trajectory over runs, one of each per time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fan {
    /// Quantiles at [`QUANTILES`], each with one value per time; not a number where no run was finite.
    pub quantiles: [Vec<f64>; 5],
    /// The smallest number of runs used at any time.
    pub n_used: usize,
}

/// The fan of one recorded variable: `rows` gives, per time, the values of all runs in any order.
pub fn fan<'a>(rows: impl IntoIterator<Item = &'a [f64]>) -> Fan {
    let mut fan = Fan { quantiles: Default::default(), n_used: usize::MAX };
    let mut finite = Vec::new();
    for row in rows {
        finite.clear();
        finite.extend(row.iter().copied().filter(|value| value.is_finite()));
        finite.sort_unstable_by(f64::total_cmp);
        fan.n_used = fan.n_used.min(finite.len());
        for (series, probability) in fan.quantiles.iter_mut().zip(QUANTILES) {
            series.push(if finite.is_empty() { f64::NAN } else { quantile_of_ordered(&finite, probability) });
        }
    }
    if fan.n_used == usize::MAX {
        fan.n_used = 0;
    }
    fan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fan_has_quantiles_at_every_time_and_skips_what_is_not_finite() {
        let start: Vec<f64> = vec![10.0; 20];
        let later: Vec<f64> = (1..=21).map(|i| if i == 21 { f64::NAN } else { f64::from(i) }).collect();
        let fan = fan([start.as_slice(), later.as_slice()]);
        assert_eq!(fan.n_used, 20);
        assert_eq!(fan.quantiles[0], [10.0, 1.0]);
        assert_eq!(fan.quantiles[2], [10.0, 10.0]);
        assert_eq!(fan.quantiles[4], [10.0, 19.0]);
    }
}
