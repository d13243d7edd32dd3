//! The run directory: what is read back is what was computed, and nothing else is ever touched.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use contingent_ensemble::store::{Addition, IntegerColumn, add_to_run, read_experiment, read_manifest};
use contingent_ensemble::{
    Design, EnsembleResult, Error, Experiment, RunDirectory, RunOptions, Settings, run_experiment,
    with_threads,
};
use contingent_model::CheckedModel;
use parquet::basic::{Compression, Type as PhysicalType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use tempfile::TempDir;

use crate::support::{CHANNEL, EFFORT, GROWTH, PER_YEAR, strike};

const DESIGN: Design = Design { seed: 3, n_draws: 150, n_replications: 2 };

fn run(model: &CheckedModel, experiment: &Experiment) -> EnsembleResult {
    let options = RunOptions { recorded_draws: 5, ..RunOptions::default() };
    run_experiment(model, experiment, &DESIGN, &options).unwrap()
}

/// Writes every experiment of the model to `target`.
fn write_all(target: &Path) -> PathBuf {
    let model = strike();
    let mut directory = RunDirectory::create(target, &model, DESIGN).unwrap();
    for experiment in Experiment::every(&model, &Settings::default()) {
        directory.write_result(&run(&model, &experiment)).unwrap();
    }
    directory.write_text("answer.json", "{}\n").unwrap();
    directory.commit().unwrap()
}

struct Table {
    names: Vec<String>,
    types: Vec<PhysicalType>,
    rows: Vec<Vec<Option<f64>>>,
}

fn read_table(path: &Path) -> Table {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let metadata = reader.metadata();
    let columns = metadata.file_metadata().schema_descr().columns();
    assert_eq!(metadata.file_metadata().created_by(), Some("contingent"));
    for group in metadata.row_groups() {
        for column in group.columns() {
            assert_eq!(column.compression(), Compression::SNAPPY);
            assert!(column.statistics().is_some());
        }
    }
    let as_number = |field: &Field| match field {
        Field::Null => None,
        Field::Int(value) => Some(f64::from(*value)),
        Field::Double(value) => Some(*value),
        other => panic!("a column of another type: {other:?}"),
    };
    let rows = reader.get_row_iter(None).unwrap();
    Table {
        names: columns.iter().map(|column| column.name().to_owned()).collect(),
        types: columns.iter().map(|column| column.physical_type()).collect(),
        rows: rows
            .map(|row| row.unwrap().get_column_iter().map(|(_, field)| as_number(field)).collect())
            .collect(),
    }
}

/// Every file below a directory, by relative path.
fn files_below(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(directory).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

fn entries(directory: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(directory).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn tables_hold_what_was_computed_in_shown_units() {
    let home = TempDir::new().unwrap();
    let written = write_all(&home.path().join("run"));
    let model = strike();
    for experiment in Experiment::every(&model, &Settings::default()) {
        let result = run(&model, &experiment);
        let view = experiment.view_name(&model);
        let policy = experiment.policy_name(&model);

        let draws = read_table(&written.join(format!("draws/view={view}/draws.parquet")));
        assert_eq!(draws.names, ["draw", "growth", "share[kabul]", "share[east]", "start", "posture"]);
        assert_eq!(draws.types[0], PhysicalType::INT32);
        assert!(draws.types[1..].iter().all(|&column| column == PhysicalType::DOUBLE));
        assert_eq!(draws.rows.len(), 150);
        for (draw, row) in draws.rows.iter().enumerate() {
            assert_eq!(row[0], Some(draw as f64));
            assert_eq!(row[1], Some(result.parameter_values[0][draw] / PER_YEAR));
            for column in 1..5 {
                assert_eq!(row[column + 1], Some(result.parameter_values[column][draw]));
            }
        }

        let runs = read_table(&written.join(format!("runs/view={view}/policy={policy}/shard=0-300.parquet")));
        let names = ["draw", "replication", "large", "size", "size.given", "first", "large.first_time"];
        assert_eq!(runs.names, names);
        let (int, double) = (PhysicalType::INT32, PhysicalType::DOUBLE);
        assert_eq!(runs.types, [int, int, int, double, int, double, double]);
        assert_eq!(runs.rows.len(), 300);
        for (run_index, row) in runs.rows.iter().enumerate() {
            let value = |outcome: usize| result.outcome_values[outcome][run_index];
            let expected = [
                f64::from(DESIGN.draw_of(run_index)),
                f64::from(DESIGN.replication_of(run_index)),
                value(0),
                value(1) / 1000.0,
                value(2),
                value(3),
                value(4),
            ];
            assert_eq!(row[..], expected.map(Some));
        }

        let name = format!("trajectories/view={view}/policy={policy}/trajectories.parquet");
        let trajectories = read_table(&written.join(name));
        assert_eq!(trajectories.names, ["draw", "replication", "step", "time", "out", "double"]);
        assert_eq!(trajectories.types, [int, int, int, double, double, double]);
        assert_eq!(trajectories.rows.len(), 10 * 31);
        for (position, row) in trajectories.rows.iter().enumerate() {
            let (run_index, step) = (position / 31, position % 31);
            let expected = [
                f64::from(DESIGN.draw_of(run_index)),
                f64::from(DESIGN.replication_of(run_index)),
                step as f64,
                step as f64,
                result.recorded_value(step, 0, run_index) / 1000.0,
                result.recorded_value(step, 1, run_index) / 1000.0,
            ];
            assert_eq!(row[..], expected.map(Some));
        }
    }
}

#[test]
fn the_manifest_lists_what_was_run_and_every_file() {
    let home = TempDir::new().unwrap();
    let written = write_all(&home.path().join("run"));
    let manifest = read_manifest(&written).unwrap();
    assert_eq!(manifest.schema, "contingent.run/1");
    assert_eq!(
        (manifest.model.title.as_str(), manifest.model.hash.as_str()),
        ("Will the strike spread?", "00ff")
    );
    assert_eq!((manifest.seed, manifest.stream_version), (3, 1));
    assert_eq!((manifest.design.n_draws, manifest.design.n_replications), (150, 2));
    assert_eq!((manifest.n_runs, manifest.complete), (1200, true));
    assert_eq!(manifest.experiments.len(), 4);
    assert_eq!(manifest.experiments[3].view, "pessimists");
    assert_eq!(manifest.experiments[3].policy, "calm");

    let mut listed: Vec<String> = manifest.files.iter().map(|file| file.path.clone()).collect();
    listed.push("manifest.json".to_owned());
    listed.sort();
    assert_eq!(listed, files_below(&written));
    for file in &manifest.files {
        assert_eq!(file.n_bytes, fs::metadata(written.join(&file.path)).unwrap().len(), "{}", file.path);
        if file.path.ends_with(".parquet") {
            let table = read_table(&written.join(&file.path));
            assert_eq!(file.n_rows, Some(table.rows.len() as u64));
            assert!(file.columns.iter().map(|column| &column.name).eq(&table.names));
        }
    }
    let draws = &manifest.files[0];
    assert_eq!(draws.path, "draws/view=base/draws.parquet");
    assert_eq!(draws.columns[1].unit, "1/year");
    assert_eq!(draws.columns[1].physical_type, "double");

    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(written.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], "contingent.run/1");
    assert_eq!(json["model"]["title"], "Will the strike spread?");
    assert_eq!(json["files"][0]["columns"][0]["type"], "int32");
    assert_eq!(json["experiments"][0]["settings"], serde_json::json!({}));
}

#[test]
fn settings_stand_in_the_manifest_by_name_and_in_shown_units() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let mut experiment = Experiment::default();
    experiment.settings.assumptions.insert(GROWTH, 2.0 * PER_YEAR);
    experiment.settings.levers.insert(EFFORT, 0.25);
    experiment.settings.mechanisms.insert(CHANNEL, 1);
    let mut directory = RunDirectory::create(&home.path().join("run"), &model, DESIGN).unwrap();
    directory.write_result(&run(&model, &experiment)).unwrap();
    let settings = &read_manifest(&directory.commit().unwrap()).unwrap().experiments[0].settings;
    assert_eq!(settings.assumptions["growth"], 2.0);
    assert_eq!(settings.levers["effort"], 0.25);
    assert_eq!(settings.mechanisms["channel"], "off");
}

#[test]
fn equal_runs_are_equal_bytes() {
    let home = TempDir::new().unwrap();
    let first = with_threads(1, || write_all(&home.path().join("first"))).unwrap();
    let second = with_threads(3, || write_all(&home.path().join("second"))).unwrap();
    let files = files_below(&first);
    assert_eq!(files, files_below(&second));
    assert_eq!(files.len(), 2 + 4 + 4 + 2);
    for file in files {
        assert_eq!(fs::read(first.join(&file)).unwrap(), fs::read(second.join(&file)).unwrap(), "{file}");
    }
}

#[test]
fn many_rows_are_read_back_across_row_groups() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let design = Design { seed: 5, n_draws: 140_000, n_replications: 1 };
    let cancelled = AtomicBool::new(true);
    // No runs are needed: the draws alone fill more than one row group.
    let options = RunOptions { cancelled: &cancelled, ..RunOptions::default() };
    let result = run_experiment(&model, &Experiment::default(), &design, &options).unwrap();
    let mut directory = RunDirectory::create(&home.path().join("run"), &model, design).unwrap();
    directory.write_result(&result).unwrap();
    let written = directory.commit().unwrap();
    let table = read_table(&written.join("draws/view=base/draws.parquet"));
    assert_eq!(table.rows.len(), 140_000);
    for (draw, row) in table.rows.iter().enumerate() {
        assert_eq!((row[0], row[4]), (Some(draw as f64), Some(result.parameter_values[3][draw])));
    }
    assert!(read_table(&written.join("runs/view=base/policy=none/shard=0-0.parquet")).rows.is_empty());
}

#[test]
fn outcomes_of_failed_runs_are_null() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let mut experiment = Experiment::default();
    experiment.settings.assumptions.insert(GROWTH, 1e200);
    let mut directory = RunDirectory::create(&home.path().join("run"), &model, DESIGN).unwrap();
    directory.write_result(&run(&model, &experiment)).unwrap();
    let written = directory.commit().unwrap();
    let table = read_table(&written.join("runs/view=base/policy=none/shard=0-300.parquet"));
    assert_eq!(table.rows.len(), 300);
    assert!(table.rows.iter().all(|row| row[0].is_some() && row[2..].iter().all(Option::is_none)));
    let record = &read_manifest(&written).unwrap().experiments[0];
    assert_eq!(record.n_failed_runs, 300);
    assert_eq!(record.first_failures.len(), 20);
}

#[test]
fn a_cancelled_ensemble_is_stored_as_incomplete() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let cancelled = AtomicBool::new(false);
    let progress = |_| cancelled.store(true, Ordering::Relaxed);
    let options = RunOptions { progress: &progress, cancelled: &cancelled, ..RunOptions::default() };
    let part = with_threads(1, || run_experiment(&model, &Experiment::default(), &DESIGN, &options))
        .unwrap()
        .unwrap();
    let n_runs = part.n_finished_runs;
    assert!(0 < n_runs && n_runs < 300);
    let mut directory = RunDirectory::create(&home.path().join("run"), &model, DESIGN).unwrap();
    directory.write_result(&part).unwrap();
    let written = directory.commit().unwrap();
    let manifest = read_manifest(&written).unwrap();
    assert!(!manifest.complete);
    assert_eq!(manifest.n_runs, n_runs as u64);
    let table = read_table(&written.join(format!("runs/view=base/policy=none/shard=0-{n_runs}.parquet")));
    assert_eq!(table.rows.len(), n_runs);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let target = home.path().join("run");
    let mut directory = RunDirectory::create(&target, &model, DESIGN).unwrap();
    directory.write_result(&run(&model, &Experiment::default())).unwrap();
    assert_eq!(entries(home.path()), [format!("run.partial-{}", std::process::id())]);
    drop(directory);
    assert!(entries(home.path()).is_empty());

    // Nor does it touch the run directory that it was to replace.
    write_all(&target);
    let before = files_below(&target);
    drop(RunDirectory::create(&target, &model, DESIGN).unwrap());
    assert_eq!(files_below(&target), before);
    assert_eq!(entries(home.path()), ["run"]);
}

#[test]
fn a_run_directory_is_replaced_whole() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let target = home.path().join("run");
    write_all(&target);
    let mut directory = RunDirectory::create(&target, &model, DESIGN).unwrap();
    directory.write_text("reports/answer.txt", "later").unwrap();
    directory.commit().unwrap();
    assert_eq!(files_below(&target), ["manifest.json", "reports/answer.txt"]);
    assert_eq!(entries(home.path()), ["run"]);
}

#[test]
fn what_is_not_a_run_directory_is_left_alone() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let thesis = home.path().join("thesis");
    fs::create_dir(&thesis).unwrap();
    let put = |name: &str, text: &str| {
        std::io::Write::write_all(&mut File::create(thesis.join(name)).unwrap(), text.as_bytes()).unwrap();
    };
    let refused = |target: &Path| {
        let error = RunDirectory::create(target, &model, DESIGN).unwrap_err();
        assert!(matches!(error, Error::NotARunDirectory { .. }), "{error}");
        assert!(error.to_string().contains(target.file_name().unwrap().to_str().unwrap()));
    };
    refused(&thesis);
    put("chapter.txt", "text");
    refused(&thesis);
    put("manifest.json", "{\"schema\": \"of.somebody/else\"}");
    refused(&thesis);
    put("manifest.json", "not json");
    refused(&thesis);
    refused(&thesis.join("chapter.txt"));
    assert_eq!(entries(&thesis), ["chapter.txt", "manifest.json"]);
    assert_eq!(entries(home.path()), ["thesis"]);
    assert!(matches!(
        RunDirectory::create(&home.path().join("nowhere").join(".."), &model, DESIGN).unwrap_err(),
        Error::RunDirectoryUnnamed { .. }
    ));
}

#[test]
fn what_appears_in_the_meantime_is_left_alone() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let target = home.path().join("run");
    let directory = RunDirectory::create(&target, &model, DESIGN).unwrap();
    fs::create_dir(&target).unwrap();
    assert!(matches!(directory.commit().unwrap_err(), Error::NotARunDirectory { .. }));
    assert_eq!(entries(home.path()), ["run"]);
    assert!(entries(&target).is_empty());
}

#[test]
fn texts_stay_inside() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let mut directory = RunDirectory::create(&home.path().join("run"), &model, DESIGN).unwrap();
    for relative in ["../escaped", "/escaped", "", "manifest.json", "./manifest.json"] {
        let error = directory.write_text(relative, "text").unwrap_err();
        assert!(matches!(error, Error::TextOutside { .. }), "{relative}: {error}");
    }
    directory.write_text("answer.json", "once").unwrap();
    assert!(matches!(directory.write_text("answer.json", "twice").unwrap_err(), Error::File { .. }));
}

#[test]
fn experiments_of_one_directory_belong_together() {
    let home = TempDir::new().unwrap();
    let model = strike();
    let mut directory = RunDirectory::create(&home.path().join("run"), &model, DESIGN).unwrap();
    let base = run(&model, &Experiment::default());
    directory.write_result(&base).unwrap();
    assert!(matches!(directory.write_result(&base).unwrap_err(), Error::ExperimentTwice { .. }));
    let other_design = EnsembleResult { design: Design { seed: 4, ..DESIGN }, ..base };
    assert!(matches!(directory.write_result(&other_design).unwrap_err(), Error::ExperimentsDiffer { .. }));
    let mut fixed = Experiment { policy: Some(0), ..Experiment::default() };
    fixed.settings.assumptions.insert(GROWTH, 0.01);
    assert!(matches!(
        directory.write_result(&run(&model, &fixed)).unwrap_err(),
        Error::ExperimentsDiffer { .. }
    ));
}

#[test]
fn a_name_that_the_tables_use_themselves_is_refused_at_the_start() {
    let home = TempDir::new().unwrap();
    let mut model = strike();
    model.questions[0].name = "draw".to_owned();
    let error = RunDirectory::create(&home.path().join("run"), &model, DESIGN).unwrap_err();
    assert!(matches!(error, Error::ReservedColumn { declaration: "question", .. }));
    assert!(entries(home.path()).is_empty());
}

#[test]
fn an_experiment_is_read_back_as_it_was_computed() {
    let place = TempDir::new().unwrap();
    let target = write_all(&place.path().join("run"));
    let model = strike();
    for experiment in Experiment::every(&model, &Settings::default()) {
        let result = run(&model, &experiment);
        let (view, policy) = (experiment.view_name(&model), experiment.policy_name(&model));
        let stored = read_experiment(&target, view, policy).unwrap();
        assert_eq!(stored.design(), DESIGN);
        assert_eq!(stored.assumptions.len(), result.parameters.len());
        for ((column, parameter), values) in
            stored.assumptions.iter().zip(&result.parameters).zip(&result.parameter_values)
        {
            let scale = model.variable(parameter.variable).unit.scale;
            assert_eq!(column.name, parameter.name);
            assert_eq!(column.values, values.iter().map(|value| value / scale).collect::<Vec<_>>());
        }
        assert_eq!(stored.outcomes.len(), result.outcomes.len());
        for (column, (outcome, values)) in
            stored.outcomes.iter().zip(result.outcomes.iter().zip(&result.outcome_values))
        {
            assert_eq!(column.name, outcome.name);
            assert_eq!(column.values.len(), values.len());
            for (read, computed) in column.values.iter().zip(values) {
                assert_eq!(read.is_nan(), computed.is_nan(), "null is not-a-number");
            }
        }
    }
    let missing = read_experiment(&target, "base", "nobody");
    assert!(matches!(missing, Err(Error::ExperimentMissing { .. })), "{missing:?}");
}

#[test]
fn what_an_analysis_adds_is_listed_replaced_and_never_takes_the_place_of_a_run() {
    let place = TempDir::new().unwrap();
    let target = write_all(&place.path().join("run"));
    let before = read_manifest(&target).unwrap();
    let columns = |last: Option<i32>| {
        Addition::Integers(vec![IntegerColumn { name: "box".to_owned(), values: vec![Some(2), None, last] }])
    };
    for last in [Some(7), None] {
        let additions = [
            ("found/boxes.parquet".to_owned(), columns(last)),
            ("found/found.json".to_owned(), Addition::Text("{}\n".to_owned())),
        ];
        add_to_run(&target, &additions).unwrap();
        let table = read_table(&target.join("found/boxes.parquet"));
        assert_eq!(table.rows, [[Some(2.0)], [None], [last.map(f64::from)]]);
    }
    let after = read_manifest(&target).unwrap();
    assert_eq!(after.files.len(), before.files.len() + 2);
    assert_eq!(after.experiments, before.experiments);
    for refused in ["runs/x.json", "draws/x", "manifest.json", "../x", "/x", ""] {
        let result = add_to_run(&target, &[(refused.to_owned(), Addition::Text(String::new()))]);
        assert!(matches!(result, Err(Error::TextOutside { .. })), "{refused}: {result:?}");
    }
    assert_eq!(read_manifest(&target).unwrap(), after, "a refusal changes nothing");
}
