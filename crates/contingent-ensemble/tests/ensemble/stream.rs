//! Experiments that are run part by part.

use std::sync::atomic::{AtomicBool, Ordering};

use contingent_ensemble::store::{read_experiment, read_manifest};
use contingent_ensemble::{
    Design, Error, Experiment, Part, RunDirectory, RunOptions, SeriesSummary, Totals, run_experiment,
    stream_experiment, with_threads,
};
use contingent_model::CheckedModel;
use tempfile::TempDir;

use super::support::*;

/// Three parts, which begin in the midst of a draw.
const LARGE: Design = Design { seed: 9, n_draws: 90_001, n_replications: 3 };

/// The parts of an interval of runs, put together again.
fn streamed(
    model: &CheckedModel,
    design: &Design,
    runs: std::ops::Range<usize>,
    n_threads: usize,
    options: &RunOptions<'_>,
) -> (Vec<Vec<f64>>, usize, Totals) {
    let (mut columns, mut n_parts) = (Vec::<Vec<f64>>::new(), 0);
    let mut next = runs.start;
    let mut take = |part: &Part| {
        assert_eq!(part.first_run, next, "parts follow each other");
        next += part.n_runs;
        n_parts += 1;
        columns.resize_with(part.outcome_values.len(), Vec::new);
        for (column, values) in columns.iter_mut().zip(&part.outcome_values) {
            column.extend_from_slice(values);
        }
        Ok(())
    };
    let totals = with_threads(n_threads, || {
        stream_experiment(model, &Experiment::default(), design, runs, true, options, &mut take)
    });
    let totals = totals.unwrap().unwrap();
    (columns, n_parts, totals)
}

fn bits(columns: &[Vec<f64>]) -> Vec<Vec<u64>> {
    columns.iter().map(|column| column.iter().map(|value| value.to_bits()).collect()).collect()
}

#[test]
fn parts_have_the_bits_of_the_whole_for_any_number_of_threads() {
    let model = strike();
    let whole = run_experiment(&model, &Experiment::default(), &LARGE, &RunOptions::default()).unwrap();
    let mut known: Option<SeriesSummary> = None;
    for n_threads in [1, 3] {
        let (columns, n_parts, totals) =
            streamed(&model, &LARGE, 0..LARGE.n_runs(), n_threads, &RunOptions::default());
        assert_eq!(n_parts, 3);
        assert_eq!(bits(&columns), bits(&whole.outcome_values));
        assert_eq!((totals.clipped, totals.n_clipped_runs), (whole.clipped, whole.n_clipped_runs));
        assert!(totals.is_complete() && totals.n_failed_runs == 0);
        assert_eq!(totals.series.n_times(), whole.n_times);
        if let Some(known) = &known {
            assert_eq!(*known, totals.series);
        }
        known = Some(totals.series);
    }
}

#[test]
fn intervals_of_runs_merge_to_the_summary_of_all() {
    let model = strike();
    let n = 5_000;
    let design = Design { seed: 2, n_draws: 2_500, n_replications: 2 };
    let options = RunOptions::default();
    let (columns, _, whole) = streamed(&model, &design, 0..n, 1, &options);
    let mut merged: Option<SeriesSummary> = None;
    let mut together = vec![Vec::new(); columns.len()];
    for interval in [0..1, 1..777, 777..778, 778..n] {
        let (columns, _, totals) = streamed(&model, &design, interval, 2, &options);
        for (all, column) in together.iter_mut().zip(columns) {
            all.extend(column);
        }
        match &mut merged {
            Some(merged) => merged.merge(&totals.series),
            None => merged = Some(totals.series),
        }
    }
    assert_eq!(bits(&together), bits(&columns));
    assert_eq!(merged.unwrap(), whole.series);

    // The summary is that of the trajectories.
    let options = RunOptions { recorded_draws: design.n_draws, ..options };
    let kept = run_experiment(&model, &Experiment::default(), &design, &options).unwrap();
    let last = kept.n_times - 1;
    let values: Vec<f64> = (0..n).map(|run| kept.recorded_value(last, 0, run)).collect();
    let mean = values.iter().sum::<f64>() / n as f64;
    let cell = whole.series.at(last, 0);
    assert_eq!(cell.n(), n as u64);
    assert!((cell.mean() - mean).abs() <= 1e-12 * mean.abs());
    assert_eq!(cell.maximum(), values.iter().copied().fold(f64::MIN, f64::max));
}

#[test]
fn a_stream_leaves_the_tables_that_a_whole_result_does_and_the_series() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let design = Design { seed: 4, n_draws: 300, n_replications: 2 };
    let result = run_experiment(&model, &Experiment::default(), &design, &RunOptions::default()).unwrap();
    let mut directory = RunDirectory::create(&home.path().join("whole"), &model, design).unwrap();
    directory.write_result(&result).unwrap();
    let whole = directory.commit().unwrap();

    let mut directory = RunDirectory::create(&home.path().join("parts"), &model, design).unwrap();
    let mut tables = directory.stream(&Experiment::default()).unwrap();
    let totals = stream_experiment(
        &model,
        &Experiment::default(),
        &design,
        0..600,
        true,
        &RunOptions::default(),
        &mut |part| tables.append(part),
    );
    directory.finish_stream(tables, &totals.unwrap()).unwrap();
    assert!(matches!(directory.stream(&Experiment::default()), Err(Error::ExperimentTwice { .. })));
    let parts = directory.commit().unwrap();

    let read = |place: &std::path::Path| read_experiment(place, "base", "none").unwrap();
    let (one, other) = (read(&whole), read(&parts));
    for (a, b) in [(&one.assumptions, &other.assumptions), (&one.outcomes, &other.outcomes)] {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            assert_eq!((&a.name, &a.unit), (&b.name, &b.unit));
            assert_eq!(bits(std::slice::from_ref(&a.values)), bits(std::slice::from_ref(&b.values)));
        }
    }
    let files = read_manifest(&parts).unwrap().files;
    let series = files.iter().find(|file| file.path == "series/view=base/policy=none/series.parquet");
    let series = series.expect("the manifest lists the series");
    assert_eq!(series.n_rows, Some(result.n_times as u64));
    assert_eq!(series.columns.len(), 2 + 9 * model.indicators.len());
}

#[test]
fn what_is_cancelled_is_a_prefix() {
    let model = strike();
    let (whole, ..) = streamed(&model, &LARGE, 0..LARGE.n_runs(), 2, &RunOptions::default());
    for stop_at in [0, 300, 140_000] {
        let cancelled = AtomicBool::new(stop_at == 0);
        let progress = |n: u64| {
            if n >= stop_at {
                cancelled.store(true, Ordering::Relaxed);
            }
        };
        let options = RunOptions { progress: &progress, cancelled: &cancelled, ..RunOptions::default() };
        let (columns, _, totals) = streamed(&model, &LARGE, 0..LARGE.n_runs(), 2, &options);
        let n = totals.n_finished_runs;
        assert!(!totals.is_complete() && n as u64 >= stop_at, "{n}");
        for (part, whole) in columns.iter().zip(&whole) {
            assert_eq!(part.len(), n);
            assert_eq!(bits(std::slice::from_ref(part)), bits(&[whole[..n].to_vec()]));
        }
        assert!(n == 0 || totals.series.at(0, 0).n() == n as u64);
    }
}

#[test]
fn memory_does_not_grow_with_the_number_of_runs() {
    let model = strike();
    let many = Design { seed: 1, n_draws: 2_000_000_000, n_replications: 1 };
    let stopped = AtomicBool::new(true);
    let options = RunOptions { cancelled: &stopped, memory_limit: 64 << 20, ..RunOptions::default() };
    // Nothing is refused: what is kept at a time is small.
    let (_, _, totals) = streamed(&model, &many, 0..many.n_runs(), 2, &options);
    assert_eq!(totals.n_finished_runs, 0);
    let options = RunOptions { memory_limit: 1 << 20, ..options };
    let refused = stream_experiment(
        &model,
        &Experiment::default(),
        &many,
        0..many.n_runs(),
        true,
        &options,
        &mut |_| Ok(()),
    );
    assert!(matches!(refused, Err(Error::TooLarge { limit, .. }) if limit == 1 << 20));
}
