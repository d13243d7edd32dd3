//! How indicators unfold, as fans with single futures.
//!
//! Enters: recorded runs. Leaves: [`FanRecord`]s. Always holds: numbers have five significant digits, which no eye can tell from
//! all of them; single futures are those of the first draws and were not picked.

use contingent_ensemble::EnsembleResult;
use contingent_model::{CheckedModel, Indicator, Observation};

use crate::answer::{Trajectory, date_at};
use contingent_report::document::report::{BandRecord, FanRecord};

/// Central bands in percent, the narrowest first.
const BANDS: [u8; 3] = [50, 80, 95];

/// Single futures of a fan.
const N_PATHS: usize = 8;

/// The fans of all indicators; with `only`, of the first so many.
pub(super) fn of_result(
    model: &CheckedModel,
    result: &EnsembleResult,
    only: Option<usize>,
) -> Vec<FanRecord> {
    if result.n_kept_runs == 0 {
        return Vec::new();
    }
    let clock = &model.clock;
    let times: Vec<f64> = (0..result.n_times).map(|step| step as f64 * clock.dt).collect();
    let dates: Vec<String> =
        times.iter().filter_map(|&time| date_at(clock, time)).map(|date| date.to_string()).collect();
    let view = result.experiment.view.map(|view| &model.views[view]);
    let m = (result.design.n_replications as usize).max(1);
    result
        .recorded
        .iter()
        .enumerate()
        .take(only.unwrap_or(usize::MAX))
        .map(|(position, recorded)| {
            let scale = recorded.unit.scale;
            let declared = model.indicators.iter().find(|indicator| indicator.name == recorded.name);
            let label = declared.map_or(&recorded.name, |indicator| &indicator.label);
            let mut bands: Vec<BandRecord> = BANDS
                .iter()
                .map(|&percent| BandRecord { percent, low: Vec::new(), high: Vec::new() })
                .collect();
            let mut median = Vec::with_capacity(result.n_times);
            let mut n_runs = usize::MAX;
            let mut ordered = Vec::with_capacity(result.n_kept_runs);
            for time in 0..result.n_times {
                ordered.clear();
                ordered.extend(
                    (0..result.n_kept_runs)
                        .map(|run| result.recorded_value(time, position, run))
                        .filter(|value| value.is_finite()),
                );
                ordered.sort_unstable_by(f64::total_cmp);
                n_runs = n_runs.min(ordered.len());
                let at = |share: f64| shown(quantile(&ordered, share)? / scale);
                median.push(at(0.5));
                for band in &mut bands {
                    let tail = (100.0 - f64::from(band.percent)) / 200.0;
                    band.low.push(at(tail));
                    band.high.push(at(1.0 - tail));
                }
            }
            let paths = (0..N_PATHS)
                .map(|draw| draw * m)
                .filter(|&run| run < result.n_kept_runs)
                .map(|run| {
                    (0..result.n_times)
                        .map(|time| shown(result.recorded_value(time, position, run) / scale))
                        .collect()
                })
                .collect();
            FanRecord {
                indicator: recorded.name.clone(),
                label: label.clone(),
                view: view.map(|view| view.name.clone()),
                view_label: view.map(|view| view.label.clone()),
                unit: recorded.unit.text.clone(),
                is_share: recorded.unit.is_share,
                times: times.clone(),
                time_unit: clock.time_unit.clone(),
                dates: dates.clone(),
                bands,
                median,
                paths,
                recorded: declared.map_or_else(Vec::new, |indicator| observed(model, indicator)),
                n_runs: if n_runs == usize::MAX { 0 } else { n_runs },
            }
        })
        .collect()
}

/// The first indicator under the model's own assumptions and every view; empty with fewer than two of them.
pub(super) fn of_views(model: &CheckedModel, results: &[EnsembleResult]) -> Vec<FanRecord> {
    let fans: Vec<FanRecord> = results
        .iter()
        .filter(|result| {
            result.experiment.policy == results.first().and_then(|first| first.experiment.policy)
        })
        .flat_map(|result| of_result(model, result, Some(1)))
        .map(|fan| FanRecord { paths: Vec::new(), ..fan })
        .collect();
    if fans.len() > 1 { fans } else { Vec::new() }
}

/// A fan of the answer document, which has fewer quantiles and no single futures.
pub(super) fn of_trajectory(model: &CheckedModel, trajectory: &Trajectory) -> FanRecord {
    let bands = &trajectory.bands;
    FanRecord {
        indicator: trajectory.indicator.clone(),
        label: trajectory.label.clone(),
        view: None,
        view_label: None,
        unit: trajectory.unit.clone(),
        is_share: trajectory.is_share,
        times: trajectory.times.clone(),
        time_unit: trajectory.time_unit.clone(),
        dates: trajectory.dates.clone(),
        bands: vec![
            BandRecord { percent: 50, low: bands.p25.clone(), high: bands.p75.clone() },
            BandRecord { percent: 90, low: bands.p05.clone(), high: bands.p95.clone() },
        ],
        median: bands.p50.clone(),
        paths: Vec::new(),
        recorded: model
            .indicators
            .iter()
            .find(|indicator| indicator.name == trajectory.indicator)
            .map_or_else(Vec::new, |indicator| observed(model, indicator)),
        n_runs: trajectory.n_runs,
    }
}

/// What was observed of an indicator, as times since the start with values in its unit: data are drawn over an indicator when they are
/// said to vary about the very expression that it shows, so that both are the same number of the same thing.
fn observed(model: &CheckedModel, indicator: &Indicator) -> Vec<[f64; 2]> {
    let shows = |observation: &&Observation| {
        let place = observation
            .likelihood
            .parameters()
            .iter()
            .position(|(name, _)| matches!(*name, "mean" | "median"));
        place.is_some_and(|place| {
            observation
                .parameters
                .iter()
                .any(|parameters| parameters.get(place) == Some(&indicator.expression))
        })
    };
    let mut points: Vec<[f64; 2]> = model
        .observations
        .iter()
        .filter(shows)
        .flat_map(|observation| &observation.values)
        .filter_map(|seen| {
            Some([seen.step as f64 * model.clock.dt, shown(seen.value / indicator.unit.scale)?])
        })
        .collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    points
}

/// The smallest value with at least the share at or below it (Hyndman and Fan 1996, type 1).
fn quantile(ordered: &[f64], share: f64) -> Option<f64> {
    let rank = ((share * ordered.len() as f64).ceil() as usize).max(1);
    ordered.get(rank - 1).or(ordered.last()).copied()
}

/// A number with five significant digits; none when it is not finite.
fn shown(value: f64) -> Option<f64> {
    value.is_finite().then(|| format!("{value:.4e}").parse().unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_and_numbers_are_short() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(
            [0.025, 0.5, 0.975].map(|share| quantile(&[1.0, 2.0, 3.0, 4.0], share)),
            [Some(1.0), Some(2.0), Some(4.0)]
        );
        assert_eq!(
            [1.0 / 3.0, 123_456.7, 0.0, f64::NAN].map(shown),
            [Some(0.333_33), Some(123_460.0), Some(0.0), None]
        );
    }
}
