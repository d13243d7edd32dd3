//! Running: the same bits however the work is divided, prefixes, failures, limits.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use contingent_ensemble::{
    Design, EnsembleResult, Error, Experiment, RunOptions, run_experiment, with_threads,
};

use crate::support::{GROWTH, drain_instead, strike};

/// 1,200 runs, of which 303 are recorded: several blocks of either kind, the last of each not full.
const DESIGN: Design = Design { seed: 42, n_draws: 400, n_replications: 3 };
const RECORDED_DRAWS: u32 = 101;

fn run(n_threads: usize, experiment: &Experiment) -> EnsembleResult {
    let model = strike();
    let options = RunOptions { recorded_draws: RECORDED_DRAWS, ..RunOptions::default() };
    with_threads(n_threads, || run_experiment(&model, experiment, &DESIGN, &options)).unwrap().unwrap()
}

/// Columns as bits, so that not-a-number equals itself.
fn bits(columns: &[Vec<f64>]) -> Vec<Vec<u64>> {
    columns.iter().map(|column| column.iter().map(|value| value.to_bits()).collect()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for experiment in
        [Experiment::default(), Experiment { view: Some(0), policy: Some(0), ..Experiment::default() }]
    {
        let one = run(1, &experiment);
        assert!(one.is_complete());
        assert_eq!(one.n_finished_runs, 1200);
        assert_eq!(one.n_kept_runs, 303);
        assert_eq!(one.trajectories.len(), 31 * 2 * 303);
        for n_threads in [2, 7] {
            let many = run(n_threads, &experiment);
            assert_eq!(bits(&one.outcome_values), bits(&many.outcome_values), "{n_threads} threads");
            assert_eq!(one, many, "{n_threads} threads");
        }
    }
}

#[test]
fn recording_changes_no_outcome_and_agrees_with_it() {
    let model = strike();
    let quiet = run_experiment(&model, &Experiment::default(), &DESIGN, &RunOptions::default()).unwrap();
    let recorded = run(2, &Experiment::default());
    assert_eq!(quiet.outcome_values, recorded.outcome_values);
    assert!(quiet.trajectories.is_empty() && quiet.recorded.is_empty());
    let size = recorded.outcomes.iter().position(|outcome| outcome.name == "size").unwrap();
    for run_index in 0..recorded.n_kept_runs {
        let at_the_end = recorded.recorded_value(20, 0, run_index);
        assert_eq!(at_the_end, recorded.outcome_values[size][run_index]);
        assert_eq!(recorded.recorded_value(20, 1, run_index), 2.0 * at_the_end);
    }
    let start = recorded.parameters.iter().position(|parameter| parameter.name == "start").unwrap();
    for run_index in 0..recorded.n_kept_runs {
        let draw = DESIGN.draw_of(run_index) as usize;
        assert_eq!(recorded.recorded_value(0, 0, run_index), recorded.parameter_values[start][draw]);
    }
}

#[test]
fn outcomes_are_what_their_questions_ask() {
    let result = run(2, &Experiment::default());
    let names: Vec<&str> = result.outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    assert_eq!(names, ["large", "size", "size.given", "first", "large.first_time"]);
    assert!(result.outcome_values.iter().all(|column| column.len() == 1200));
    for column in [0, 2] {
        assert!(result.outcome_values[column].iter().all(|&value| value == 0.0 || value == 1.0));
        let mean = result.outcome_values[column].iter().sum::<f64>() / 1200.0;
        assert!(0.0 < mean && mean < 1.0, "{} is neither sure nor impossible", names[column]);
    }
    let never = result.outcome_values[3].iter().filter(|value| value.is_infinite()).count();
    assert!(0 < never && never < 1200);
    assert!(result.failures.is_empty());
    assert_eq!(result.clipped_share(), 0.0);
}

#[test]
fn replications_differ_by_chance_alone() {
    let result = run(1, &Experiment::default());
    let sizes = &result.outcome_values[1];
    let differ = sizes.chunks_exact(3).filter(|draw| draw[0] != draw[1]).count();
    assert!(differ > 390, "{differ} of 400 draws have replications that differ");
    let view = run(1, &Experiment { view: Some(0), ..Experiment::default() });
    let without_chance = &view.outcome_values[1];
    assert!(without_chance.chunks_exact(3).all(|draw| draw[0] == draw[1]), "the view turns chance off");
}

#[test]
fn a_longer_design_begins_with_the_shorter_one() {
    let model = strike();
    let shorter = Design { n_draws: 130, ..DESIGN };
    let short = run_experiment(&model, &Experiment::default(), &shorter, &RunOptions::default()).unwrap();
    let long = run(2, &Experiment::default());
    for (short, long) in short.outcome_values.iter().zip(&long.outcome_values) {
        assert_eq!(short[..], long[..short.len()]);
    }
}

#[test]
fn what_finished_before_a_cancellation_is_a_prefix() {
    let model = strike();
    let full = run(2, &Experiment::default());
    for n_threads in [1, 4] {
        for least in [1, 300, 700] {
            let cancelled = AtomicBool::new(false);
            let progress = |n_finished: u64| {
                if n_finished >= least {
                    cancelled.store(true, Ordering::Relaxed);
                }
            };
            let options = RunOptions {
                recorded_draws: RECORDED_DRAWS,
                progress: &progress,
                cancelled: &cancelled,
                ..RunOptions::default()
            };
            let experiment = Experiment::default();
            let part = with_threads(n_threads, || run_experiment(&model, &experiment, &DESIGN, &options));
            let part = part.unwrap().unwrap();
            assert!(part.n_finished_runs as u64 >= least);
            if n_threads == 1 {
                assert!(!part.is_complete() && part.n_finished_runs < 1200);
            }
            assert_eq!(part.n_whole_draws(), part.n_finished_runs / 3);
            for (part_column, full_column) in part.outcome_values.iter().zip(&full.outcome_values) {
                assert_eq!(part_column[..], full_column[..part.n_finished_runs]);
            }
            assert_eq!(part.n_kept_runs, part.n_finished_runs.min(303));
            assert_eq!(part.trajectories.len(), 31 * 2 * part.n_kept_runs);
            for run_index in 0..part.n_kept_runs {
                for time_index in 0..31 {
                    for recorded in 0..2 {
                        assert_eq!(
                            part.recorded_value(time_index, recorded, run_index),
                            full.recorded_value(time_index, recorded, run_index)
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_cancellation_before_the_start_leaves_no_runs() {
    let cancelled = AtomicBool::new(true);
    let options = RunOptions { cancelled: &cancelled, recorded_draws: 2, ..RunOptions::default() };
    let result = run_experiment(&strike(), &Experiment::default(), &DESIGN, &options).unwrap();
    assert_eq!(result.n_finished_runs, 0);
    assert_eq!(result.clipped_share(), 0.0);
    assert!(result.outcome_values.iter().all(Vec::is_empty) && result.trajectories.is_empty());
}

#[test]
fn progress_counts_every_run_once() {
    let reports = Mutex::new(Vec::new());
    let progress = |n_finished| reports.lock().unwrap().push(n_finished);
    let options = RunOptions { progress: &progress, ..RunOptions::default() };
    with_threads(3, || run_experiment(&strike(), &Experiment::default(), &DESIGN, &options))
        .unwrap()
        .unwrap();
    let mut reports = reports.into_inner().unwrap();
    reports.sort_unstable();
    reports.dedup();
    assert_eq!(reports.len(), 1200_usize.div_ceil(256));
    assert_eq!(reports.last(), Some(&1200));
}

#[test]
fn a_run_that_goes_non_finite_is_marked_and_the_rest_finish() {
    let model = strike();
    let mut experiment = Experiment::default();
    // So fast that the stock overflows within a few steps, in every run.
    experiment.settings.assumptions.insert(GROWTH, 1e200);
    let result = run_experiment(&model, &experiment, &DESIGN, &RunOptions::default()).unwrap();
    assert!(result.is_complete());
    assert_eq!(result.failures.len(), 1200);
    assert_eq!(result.failed_share(), 1.0);
    assert!(result.failed_runs().iter().all(|&failed| failed));
    for (run_index, failure) in result.failures.iter().enumerate() {
        assert_eq!(failure.run_index, run_index);
        assert_eq!(failure.draw, DESIGN.draw_of(run_index));
        assert_eq!(failure.replication, DESIGN.replication_of(run_index));
        assert!(failure.time.is_finite() && !failure.variable.is_empty() && !failure.cause.is_empty());
    }
    assert!(result.outcome_values.iter().flatten().all(|value| value.is_nan()));
}

#[test]
fn clipped_outflows_are_counted() {
    // 200 leave each week of at most 150, so the outflow is scaled down in every run at once, and at each of
    // the 30 steps: what is left to scale down is nothing at all, which counts no less.
    let mut model = strike();
    drain_instead(&mut model, 200.0);
    let result = run_experiment(&model, &Experiment::default(), &DESIGN, &RunOptions::default()).unwrap();
    assert_eq!(result.n_clipped_runs, 1200);
    assert_eq!(result.clipped_share(), 1.0);
    assert_eq!(result.clipped, 1200 * 30);
    // 60 leave of 50 to 150: some runs are clipped from the first step on, others from the third.
    drain_instead(&mut model, 60.0);
    let later = run_experiment(&model, &Experiment::default(), &DESIGN, &RunOptions::default()).unwrap();
    assert_eq!(later.n_clipped_runs, 1200);
    assert!(1200 * 28 <= later.clipped && later.clipped < 1200 * 30);
}

#[test]
fn results_that_would_not_fit_are_refused_before_they_are_made() {
    let model = strike();
    // Five parameters of 400 draws; four outcomes and one time of 1,200 runs; eight bytes each.
    let needed_bytes = 8 * (5 * 400 + 5 * 1200);
    let options = RunOptions { memory_limit: needed_bytes - 1, ..RunOptions::default() };
    let error = run_experiment(&model, &Experiment::default(), &DESIGN, &options).unwrap_err();
    let Error::TooLarge { needed, limit } = error else { panic!("{error}") };
    assert_eq!((needed, limit), (needed_bytes, needed_bytes - 1));
    let options = RunOptions { memory_limit: needed_bytes, ..RunOptions::default() };
    assert!(run_experiment(&model, &Experiment::default(), &DESIGN, &options).is_ok());

    let all = Design { seed: 1, n_draws: u32::MAX, n_replications: u32::MAX };
    let error = run_experiment(&model, &Experiment::default(), &all, &RunOptions::default()).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }));
}
