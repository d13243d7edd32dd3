//! Recorded runs as a fan with single futures, and columns as equally likely futures.
//!
//! Enters: results of an experiment. Leaves: [`LiveFan`] and `LiveDots`. Always holds: quantiles are values of runs; single futures
//! are those of the first draws and were not picked; runs that failed are left out.

use contingent_analysis::OutcomeColumn;
use contingent_analysis::quantity::quantile_of_ordered;
use contingent_ensemble::EnsembleResult;
use contingent_model::CheckedModel;
use contingent_report::document::live::{LiveBand, LiveFan};
use contingent_report::words::date::in_digits;

use crate::estimate::finite;
use crate::time::date_at;

/// Central bands in percent, the widest first.
const BANDS: [u8; 3] = [95, 80, 50];
/// Single futures of a fan.
const N_PATHS: usize = 8;
/// Equally likely futures: 50 dots (Kay et al. 2016).
const N_DOTS: usize = 50;

/// The fan of one recorded indicator.
pub(crate) fn fan(model: &CheckedModel, result: &EnsembleResult, position: usize) -> LiveFan {
    let clock = &model.clock;
    let recorded = &result.recorded[position];
    let scale = recorded.unit.scale;
    let times: Vec<f64> = (0..result.n_times).map(|step| step as f64 * clock.dt).collect();
    let failed = result.failed_runs();
    let row = |time: usize| {
        let start = (time * result.recorded.len() + position) * result.n_kept_runs;
        &result.trajectories[start..start + result.n_kept_runs]
    };
    let empty = |percent: u8| LiveBand { percent, low: Vec::new(), high: Vec::new() };
    let mut bands = BANDS.map(empty);
    let mut median = Vec::with_capacity(times.len());
    let mut n_runs = usize::MAX;
    let mut ordered: Vec<f64> = Vec::with_capacity(result.n_kept_runs);
    for time in 0..result.n_times {
        ordered.clear();
        let counted = row(time).iter().zip(&failed).filter(|&(value, &failed)| !failed && value.is_finite());
        ordered.extend(counted.map(|(value, _)| *value));
        order(&mut ordered);
        n_runs = n_runs.min(ordered.len());
        let at = |share: f64| {
            if ordered.is_empty() { None } else { finite(quantile_of_ordered(&ordered, share) / scale) }
        };
        median.push(at(0.5));
        for band in &mut bands {
            let tail = (100.0 - f64::from(band.percent)) / 200.0;
            band.low.push(at(tail));
            band.high.push(at(1.0 - tail));
        }
    }
    let label = model.indicators.iter().find(|indicator| indicator.name == recorded.name);
    LiveFan {
        indicator: recorded.name.clone(),
        label: label.map_or_else(|| recorded.name.clone(), |indicator| indicator.label.clone()),
        unit: recorded.unit.text.clone(),
        is_share: recorded.unit.is_share,
        time_unit: clock.time_unit.clone(),
        dates: times.iter().filter_map(|&time| date_at(clock, time)).map(in_digits).collect(),
        bands: bands.into(),
        median,
        paths: (0..N_PATHS)
            .map(|draw| draw * result.design.n_replications as usize)
            .filter(|&run| run < result.n_kept_runs)
            .map(|run| (0..times.len()).map(|time| finite(row(time)[run] / scale)).collect())
            .collect(),
        n_runs: if n_runs == usize::MAX { 0 } else { n_runs },
        times,
    }
}

/// Puts numbers in their total order, as `sort_unstable_by(f64::total_cmp)` does, and several times as fast where the standard library
/// is built small: digit by digit, from the lowest (Knuth 1998, The Art of Computer Programming 3, 5.2.5).
fn order(values: &mut [f64]) {
    const SIGN: u64 = 1 << 63;
    let mut keys: Vec<u64> = values
        .iter()
        .map(|value| {
            let bits = value.to_bits();
            if bits & SIGN == 0 { bits | SIGN } else { !bits }
        })
        .collect();
    let mut sorted = vec![0; keys.len()];
    for shift in (0..64).step_by(8) {
        let digit = |key: u64| (key >> shift & 255) as usize;
        let mut places = [0_usize; 256];
        for &key in &keys {
            places[digit(key)] += 1;
        }
        // Most numbers of a column have the same sign and nearly the same size.
        if places.contains(&keys.len()) {
            continue;
        }
        let mut start = 0;
        for place in &mut places {
            (*place, start) = (start, start + *place);
        }
        for &key in &keys {
            let place = &mut places[digit(key)];
            sorted[*place] = key;
            *place += 1;
        }
        std::mem::swap(&mut keys, &mut sorted);
    }
    for (value, key) in values.iter_mut().zip(keys) {
        *value = f64::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN });
    }
}

/// Equally likely futures of a column, rising, in a unit of which `scale` base units make one; empty when no run counts.
pub(crate) fn dots(column: &OutcomeColumn<'_>, scale: f64) -> (Vec<Option<f64>>, usize) {
    let counted = (0..column.values.len()).filter(|&run| !column.is_failed(run) && column.counts(run));
    let mut ordered: Vec<f64> = counted.map(|run| column.values[run]).collect();
    if ordered.is_empty() {
        return (Vec::new(), 0);
    }
    order(&mut ordered);
    let at = |dot: usize| (dot as f64 + 0.5) / N_DOTS as f64;
    let values = (0..N_DOTS).map(|dot| finite(quantile_of_ordered(&ordered, at(dot)) / scale)).collect();
    (values, ordered.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_put_in_their_total_order() {
        let mut state = 7_u64;
        let mut next = || {
            state = contingent_engine::random::mix(state);
            state
        };
        let mut many: Vec<f64> = (0..2_000).map(|_| f64::from_bits(next())).collect();
        many.extend([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0, 1.0, -1.0]);
        let counts: Vec<f64> = (0..500).map(|_| (next() % 12) as f64).collect();
        for values in [many, counts, vec![3.5], Vec::new()] {
            let (mut known, mut found) = (values.clone(), values);
            known.sort_unstable_by(f64::total_cmp);
            order(&mut found);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&found), bits(&known));
        }
    }
}
