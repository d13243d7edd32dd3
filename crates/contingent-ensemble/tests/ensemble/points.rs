//! Running at points that an analysis chooses: the same runs as an ensemble at its draws, shared chance, prefixes, places.

use std::sync::atomic::{AtomicBool, Ordering};

use contingent_ensemble::manifest::{DesignRecord, ModelRecord};
use contingent_ensemble::store::{
    Addition, AnalysisRecord, TableColumn, TableValues, read_manifest, write_analysis,
};
use contingent_ensemble::{
    Design, Error, Experiment, Points, PointsResult, RunOptions, points, run_experiment, run_points,
    with_threads,
};

use crate::support::strike;

const DESIGN: Design = Design { seed: 42, n_draws: 700, n_replications: 3 };

/// The rows of the design itself, with the value of every parameter changed by `change`.
fn at_draws(
    n_threads: usize,
    options: &RunOptions<'_>,
    change: impl Fn(usize, f64) -> f64 + Sync,
) -> PointsResult {
    let model = strike();
    let experiment = Experiment::default();
    let parameters = points::parameters(&model, &experiment).unwrap();
    let values = DESIGN.parameter_values(&model, &parameters, &experiment).unwrap();
    let points = Points {
        seed: DESIGN.seed,
        n_rows: DESIGN.n_draws as usize,
        n_replications: DESIGN.n_replications,
        draw: &|row| row as u32,
        value: &|row, parameter| change(parameter, values[parameter][row]),
    };
    with_threads(n_threads, || run_points(&model, &experiment, &points, options)).unwrap().unwrap()
}

#[test]
fn the_draws_of_an_ensemble_give_its_runs() {
    let ensemble =
        run_experiment(&strike(), &Experiment::default(), &DESIGN, &RunOptions::default()).unwrap();
    for n_threads in [1, 3] {
        let rows = at_draws(n_threads, &RunOptions::default(), |_, value| value);
        assert_eq!(rows.outcome_values, ensemble.outcome_values, "{n_threads} threads");
        assert_eq!(rows.outcomes, ensemble.outcomes);
        assert_eq!((rows.n_finished_runs, rows.n_failed_runs), (2_100, 0));
    }
}

#[test]
fn rows_of_one_draw_meet_one_chance() {
    // Every row has the values of draw 0: rows that name the same draw are the same, others differ by chance alone.
    let model = strike();
    let experiment = Experiment::default();
    let parameters = points::parameters(&model, &experiment).unwrap();
    let values = DESIGN.parameter_values(&model, &parameters, &experiment).unwrap();
    let points = Points {
        seed: 42,
        n_rows: 40,
        n_replications: 2,
        draw: &|row| (row % 4) as u32,
        value: &|_, parameter| values[parameter][0],
    };
    let found = run_points(&model, &experiment, &points, &RunOptions::default()).unwrap();
    let size = found.outcomes.iter().position(|outcome| outcome.name == "size").unwrap();
    let column = &found.outcome_values[size];
    for row in 4..40 {
        assert_eq!(column[2 * row..2 * row + 2], column[2 * (row % 4)..2 * (row % 4) + 2]);
    }
    let mut distinct: Vec<u64> = column[..8].iter().map(|value| value.to_bits()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(distinct.len() > 4, "chance makes the draws differ");
}

#[test]
fn what_finished_before_a_cancellation_is_a_prefix() {
    let full = at_draws(2, &RunOptions::default(), |_, value| value);
    let cancelled = AtomicBool::new(true);
    let options = RunOptions { cancelled: &cancelled, ..RunOptions::default() };
    let none = at_draws(1, &options, |_, value| value);
    assert_eq!(none.n_finished_runs, 0);
    let cancelled = AtomicBool::new(false);
    let progress = |_: u64| cancelled.store(true, Ordering::Relaxed);
    let options = RunOptions { cancelled: &cancelled, progress: &progress, ..RunOptions::default() };
    let part = at_draws(1, &options, |_, value| value);
    assert!(part.n_finished_runs > 0 && part.n_finished_runs < 2_100, "{}", part.n_finished_runs);
    for (part_column, column) in part.outcome_values.iter().zip(&full.outcome_values) {
        assert_eq!(part_column[..], column[..part.n_finished_runs]);
    }
}

#[test]
fn a_run_that_fails_is_data() {
    let found =
        at_draws(2, &RunOptions::default(), |parameter, value| if parameter == 0 { 1e308 } else { value });
    assert_eq!(found.n_failed_runs, found.n_finished_runs);
    assert!(found.first_failure.is_some());
    assert!(found.outcome_values.iter().all(|column| column.iter().all(|value| value.is_nan())));
}

#[test]
fn a_shift_by_half_an_axis_swaps_the_halves_and_comes_back() {
    let model = strike();
    let experiment = Experiment::default();
    let parameters = points::parameters(&model, &experiment).unwrap();
    let start = parameters.iter().position(|parameter| parameter.name == "start").unwrap();
    let values = DESIGN.parameter_values(&model, &parameters, &experiment).unwrap();
    let moved = DESIGN.shifted_parameter_values(&model, &parameters, &experiment).unwrap();
    // Uniform between 50 and 150: half of the axis is 50.
    for (value, moved) in values[start].iter().zip(moved[start].iter()) {
        let expected = if *value < 100.0 { value + 50.0 } else { value - 50.0 };
        assert!((moved - expected).abs() < 1e-9, "{value} {moved}");
    }
}

#[test]
fn an_analysis_is_written_whole_and_replaces_only_its_kind() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("found");
    let record = || AnalysisRecord {
        model: ModelRecord { title: "T".to_owned(), hash: "h".to_owned() },
        seed: 3,
        design: DesignRecord { method: "saltelli".to_owned(), n_draws: 4, n_replications: 2 },
        n_runs: 80,
        complete: true,
    };
    let table = |rows: usize| {
        let column = |name: &str, values| TableColumn { name: name.to_owned(), unit: "1".to_owned(), values };
        Addition::Table(vec![
            column("name", TableValues::Text((0..rows).map(|row| format!("zeile {row} ü")).collect())),
            column(
                "number",
                TableValues::Number((0..rows).map(|row| (row > 0).then_some(row as f64)).collect()),
            ),
            column("rank", TableValues::Integer((0..rows).map(|row| i32::try_from(row).ok()).collect())),
        ])
    };
    for rows in [3, 0, 5] {
        let files =
            [("t.parquet".to_owned(), table(rows)), ("a/b.txt".to_owned(), Addition::Text("x".to_owned()))];
        write_analysis(&target, record(), &files).unwrap();
        let manifest = read_manifest(&target).unwrap();
        assert_eq!(manifest.files[0].n_rows, Some(rows as u64));
        let types: Vec<&str> =
            manifest.files[0].columns.iter().map(|column| column.physical_type.as_str()).collect();
        assert_eq!(types, ["string", "double", "int32"]);
        assert!(manifest.experiments.is_empty());
    }
    let refused =
        write_analysis(&target, record(), &[("../out.txt".to_owned(), Addition::Text(String::new()))]);
    assert!(matches!(refused, Err(Error::TextOutside { .. })));
    assert_eq!(read_manifest(&target).unwrap().files.len(), 2, "what stood there still stands");
    let names: Vec<_> =
        std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["found"]);
    let mine = place.path().join("mine");
    std::fs::create_dir(&mine).unwrap();
    let refused = write_analysis(&mine, record(), &[]);
    assert!(matches!(refused, Err(Error::NotARunDirectory { .. })));
}
