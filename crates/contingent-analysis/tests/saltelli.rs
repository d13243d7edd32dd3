//! Total indices and interactions: known values with and without chance, inert inputs, intervals, determinism.

mod common;
#[path = "common/designed.rs"]
mod designed;
#[path = "common/functions.rs"]
mod functions;

use common::within;
use contingent_analysis::{
    BootstrapOptions, DesignUnusable, OutcomeColumn, SaltelliIndices, SaltelliLayout, saltelli,
};
use designed::{Chance, column, layout, saltelli_outcomes};
use functions::{Known, ishigami, linear, sobol_g};

fn indices(function: &Known, n: usize, m: usize, chance: Chance, seed: u64) -> SaltelliIndices {
    let values = saltelli_outcomes(function, n, m, chance, seed);
    saltelli(layout(function, chance), &column(&values, m), BootstrapOptions::default())
        .expect("points count")
}

fn of(found: &SaltelliIndices, factor: usize) -> (f64, f64) {
    let found = found.factors.iter().find(|found| found.factor == factor).expect("every factor is told");
    (found.first.value, found.total.value)
}

#[test]
fn smooth_functions_have_their_known_indices() {
    for function in [linear(), ishigami(), sobol_g()] {
        let found = indices(&function, 4_096, 1, Chance::None, 3);
        assert!(found.without_chance);
        for j in 0..function.n {
            let (first, total) = of(&found, j);
            let what = format!("{} input {j}", function.name);
            within(&format!("{what} first"), first, function.first[j] - 0.03, function.first[j] + 0.03);
            within(&format!("{what} total"), total, function.total[j] - 0.03, function.total[j] + 0.03);
            if function.total[j] == 0.0 {
                assert_eq!((first, total), (0.0, 0.0), "{what} changes nothing");
            }
        }
    }
}

#[test]
fn coin_flips_have_the_indices_of_their_probability() {
    // Within 4.5 of their own standard errors (one false alarm in 3,000 such tests); the errors themselves are bounded.
    for (function, chance, error) in [
        (linear(), Chance::Common, 0.06),
        (ishigami(), Chance::Common, 0.09),
        (sobol_g(), Chance::Common, 0.09),
        (linear(), Chance::Own, 0.12),
    ] {
        let found = indices(&function, 4_096, 2, chance, 11);
        assert!(found.variance_distinguishable && !found.without_chance);
        for factor in &found.factors {
            let j = factor.factor;
            let what = format!("{} input {j}", function.name);
            for (which, index, truth) in
                [("first", factor.first, function.first[j]), ("total", factor.total, function.total[j])]
            {
                within(&format!("{what} {which}, error"), index.standard_error, 0.0, error);
                // What changes no run in 4,096 points reads zero although it may be a little more.
                let off = (4.5 * index.standard_error).max(0.002);
                within(&format!("{what} {which}"), index.value, truth - off, truth + off);
            }
            if function.total[j] == 0.0 && chance == Chance::Common {
                assert_eq!((factor.first.value, factor.total.value), (0.0, 0.0), "{what} changes no run");
                assert_eq!(factor.share_unmoved, 1.0);
            }
        }
    }
}

#[test]
fn the_interaction_of_ishigami_is_between_its_first_and_third_input() {
    let function = ishigami();
    let found = indices(&function, 4_096, 1, Chance::None, 5);
    assert_eq!(found.pairs.len(), 6);
    let strongest = &found.pairs[0];
    assert_eq!(strongest.factors, [0, 2]);
    let truth = function.total[2];
    within("interaction of 1 and 3", strongest.index.value, truth - 0.03, truth + 0.03);
    assert!(strongest.distinguishable && strongest.index.interval.contains(truth));
    assert!(found.pairs[1..].iter().all(|pair| !pair.distinguishable && pair.index.value.abs() < 0.03));
    let third = found.factors.iter().find(|factor| factor.factor == 2).expect("told");
    assert!(third.shared.interval.contains(truth) && third.shared.interval.low > 0.1, "{third:?}");
}

#[test]
fn a_naive_total_of_coin_flips_is_wrong_where_ours_is_right() {
    // What a routine for smooth outputs does with the first replication: an inert input reads a large total.
    let function = linear();
    let (n, rows) = (4_096, layout(&function, Chance::Own).n_rows());
    let values = saltelli_outcomes(&function, n, 2, Chance::Own, 21);
    let at = |point: usize, row: usize| values[(point * rows + row) * 2];
    let mean = (0..n).map(|point| at(point, 0)).sum::<f64>() / n as f64;
    let naive = |factor: usize| {
        let squares: f64 = (0..n).map(|p| (at(p, 2 + factor) - at(p, 0)).powi(2)).sum();
        0.5 * squares / n as f64 / (mean * (1.0 - mean))
    };
    within("naive total of an inert input", naive(5), 0.5, 1.0);
    let found = indices(&function, n, 2, Chance::Own, 21);
    within("our total of an inert input", of(&found, 5).1, -0.1, 0.1);
    assert!(!found.factors.iter().any(|found| found.factor >= 2 && found.distinguishable));
}

#[test]
fn the_intervals_cover() {
    // 200 designs; 95% give or take 1.5 points of their own error.
    let function = linear();
    let (mut first, mut total) = (0.0, 0.0);
    let n_designs = 200;
    for seed in 0..n_designs {
        let values = saltelli_outcomes(&function, 512, 2, Chance::Common, 900 + seed);
        let options = BootstrapOptions { n_replicates: 400, seed };
        let layout = layout(&function, Chance::Common);
        let found = saltelli(layout, &column(&values, 2), options).unwrap();
        let strongest = found.factors.iter().find(|found| found.factor == 0).unwrap();
        first += f64::from(u8::from(strongest.first.interval.contains(0.71))) / n_designs as f64;
        total += f64::from(u8::from(strongest.total.interval.contains(0.71))) / n_designs as f64;
    }
    within("coverage of the first-order index", first, 0.9, 0.99);
    within("coverage of the total index", total, 0.9, 0.99);
}

#[test]
fn failed_runs_take_their_point_out_and_never_is_ranked_last() {
    let function = linear();
    let mut values = saltelli_outcomes(&function, 1_024, 1, Chance::None, 7);
    let layout = layout(&function, Chance::None);
    let rows = layout.n_rows();
    values[5 * rows + 3] = f64::NAN;
    let found = saltelli(layout, &column(&values, 1), BootstrapOptions::default()).unwrap();
    assert_eq!((found.n_points, found.n_points_dropped), (1_023, 1));
    assert!(!found.on_ranks);
    for value in &mut values {
        *value = if *value > 1.2 { f64::INFINITY } else { *value };
    }
    let found = saltelli(layout, &column(&values, 1), BootstrapOptions::default()).unwrap();
    assert!(found.on_ranks);
    assert_eq!(found.factors[0].factor, 0);
    let failed = vec![f64::NAN; values.len()];
    let refused = saltelli(layout, &column(&failed, 1), BootstrapOptions::default());
    assert!(matches!(refused, Err(DesignUnusable::Unanswerable(_))));
    let few = saltelli(layout, &column(&values[..3 * rows], 1), BootstrapOptions::default());
    assert_eq!(few, Err(DesignUnusable::TooFewPoints { n_points: 3, least: 8 }));
}

#[test]
fn an_outcome_that_never_varies_hangs_on_nothing() {
    let layout = SaltelliLayout::new(2);
    let values = vec![1.0; 64 * layout.n_rows() * 2];
    let found = saltelli(layout, &OutcomeColumn::new(&values, 2), BootstrapOptions::default()).unwrap();
    assert!(found.factors.is_empty() && !found.variance_distinguishable);
}

#[test]
fn threads_change_no_bit() {
    let function = sobol_g();
    let values = saltelli_outcomes(&function, 256, 2, Chance::Common, 7);
    let layout = layout(&function, Chance::Common);
    let with = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads start");
        pool.install(|| saltelli(layout, &column(&values, 2), BootstrapOptions::default())).unwrap()
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn ties_are_told() {
    let function = Known {
        name: "Equal",
        n: 2,
        value: |x| x[0] + x[1],
        range: (0.0, 2.0),
        first: vec![0.5, 0.5],
        total: vec![0.5, 0.5],
    };
    assert!(indices(&function, 1_024, 2, Chance::Common, 4).factors[0].tied_with_next);
    assert!(!indices(&linear(), 4_096, 2, Chance::Common, 4).factors[0].tied_with_next);
}
