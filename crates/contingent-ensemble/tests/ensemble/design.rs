//! Draws of assumptions: what they depend on, and that they have the distributions and correlations asked for.

use contingent_engine::math;
use contingent_ensemble::{Design, Error, Experiment};
use contingent_model::Distribution;

use crate::support::{GROWTH, assumption, bare_assumptions, parameters, strike, values_of};

const DESIGN: Design = Design { seed: 7, n_draws: 4096, n_replications: 1 };

#[test]
fn a_run_is_a_replication_of_a_draw() {
    let design = Design { seed: 1, n_draws: 10, n_replications: 3 };
    assert_eq!(design.n_runs(), 30);
    assert_eq!((design.draw_of(0), design.replication_of(0)), (0, 0));
    assert_eq!((design.draw_of(29), design.replication_of(29)), (9, 2));
    assert_eq!((design.draw_of(4), design.replication_of(4)), (1, 1));
}

#[test]
fn a_design_without_runs_is_refused() {
    let design = Design { seed: 1, n_draws: 10, n_replications: 0 };
    let error = design.parameter_values(&strike(), &[], &Experiment::default()).unwrap_err();
    assert!(matches!(error, Error::EmptyDesign { n_draws: 10, n_replications: 0 }));
}

#[test]
fn draws_do_not_depend_on_other_declarations() {
    let experiment = Experiment::default();
    let model = bare_assumptions(&["a", "b", "c"], &[]);
    let values = values_of(&model, &experiment, &DESIGN, "b");
    for others in [&["b"][..], &["b", "a"], &["c", "b", "a"], &["new", "a", "b", "c", "d"]] {
        let model = bare_assumptions(others, &[]);
        assert_eq!(values_of(&model, &experiment, &DESIGN, "b"), values, "among {others:?}");
    }
    assert_ne!(values_of(&model, &experiment, &DESIGN, "c"), values);
}

#[test]
fn draws_of_correlated_assumptions_do_not_depend_on_the_order_of_declarations() {
    let experiment = Experiment::default();
    let forward = bare_assumptions(&["a", "b", "c", "d"], &[("a", "b", 0.5), ("b", "c", -0.4)]);
    let backward = bare_assumptions(&["d", "c", "b", "a"], &[("c", "b", -0.4), ("b", "a", 0.5)]);
    let uncorrelated = bare_assumptions(&["a", "b", "c", "d"], &[]);
    for name in ["a", "b", "c", "d"] {
        let values = values_of(&forward, &experiment, &DESIGN, name);
        assert_eq!(values_of(&backward, &experiment, &DESIGN, name), values, "{name}");
        let untouched = name == "a" || name == "d";
        assert_eq!(values_of(&uncorrelated, &experiment, &DESIGN, name) == values, untouched, "{name}");
    }
}

#[test]
fn more_draws_extend_the_same_sequence() {
    let model = bare_assumptions(&["a"], &[]);
    let more = Design { n_draws: 5000, ..DESIGN };
    let values = values_of(&model, &Experiment::default(), &DESIGN, "a");
    let extended = values_of(&model, &Experiment::default(), &more, "a");
    assert_eq!(extended[..4096], values[..]);
}

#[test]
fn seeds_change_draws() {
    let model = bare_assumptions(&["a"], &[]);
    let other = Design { seed: 8, ..DESIGN };
    assert_ne!(
        values_of(&model, &Experiment::default(), &DESIGN, "a"),
        values_of(&model, &Experiment::default(), &other, "a")
    );
}

#[test]
fn a_power_of_two_of_draws_has_one_in_each_stratum() {
    let mut model = bare_assumptions(&[], &[]);
    model.variables.push(assumption("u", Distribution::Uniform { low: 0.0, high: 1.0 }));
    let mut values = values_of(&model, &Experiment::default(), &DESIGN, "u");
    values.sort_by(f64::total_cmp);
    for (stratum, value) in values.iter().enumerate() {
        assert_eq!((value * 4096.0).floor() as usize, stratum);
    }
}

#[test]
fn assumptions_without_correlation_fall_independently() {
    // 28 pairs. Over many seeds the rank correlation of two sequences has mean 0 and standard deviation
    // 1.25/sqrt(4096) = 0.02, and the chi-squared of a table of 8 x 8 cells mean 57 and standard deviation 20
    // (simulated with nested scrambling by a strong hash; more than for free permutations, because blocks of draws
    // keep together). The bounds are at five and six standard deviations. Sequences that are scrambled but not
    // shuffled against each other exceed both by far.
    let names = ["a", "b", "c", "d", "share[kabul]", "share[east]", "growth", "start"];
    let model = bare_assumptions(&names, &[]);
    let columns: Vec<Vec<f64>> =
        names.iter().map(|name| ranks(&values_of(&model, &Experiment::default(), &DESIGN, name))).collect();
    for (i, first) in columns.iter().enumerate() {
        for (j, second) in columns.iter().enumerate().skip(i + 1) {
            let rank = pearson(first, second);
            assert!(rank.abs() < 0.1, "{} and {}: {rank}", names[i], names[j]);
            let mut cells = [[0.0_f64; 8]; 8];
            for (x, y) in first.iter().zip(second) {
                cells[(x / 512.0) as usize][(y / 512.0) as usize] += 1.0;
            }
            let chi: f64 = cells.iter().flatten().map(|count| (count - 64.0) * (count - 64.0) / 64.0).sum();
            assert!(chi < 177.0, "{} and {}: {chi}", names[i], names[j]);
        }
    }
}

#[test]
fn rank_correlations_come_out_as_stated() {
    // Without correlation the rank correlation of two sequences of 4,096 draws has a standard deviation of
    // 0.02, and less with correlation; the bound of 0.06 is three of the largest for each of eight pairs.
    for stated in [-0.9, -0.5, 0.3, 0.8] {
        let model = bare_assumptions(&["a", "b", "c"], &[("a", "b", stated), ("b", "c", 0.25)]);
        let of = |name| ranks(&values_of(&model, &Experiment::default(), &DESIGN, name));
        let (a, b, c) = (of("a"), of("b"), of("c"));
        let found = pearson(&a, &b);
        assert!((found - stated).abs() < 0.06, "stated {stated}, found {found}");
        let other = pearson(&b, &c);
        assert!((other - 0.25).abs() < 0.06, "stated 0.25, found {other}");
    }
}

#[test]
fn margins_survive_correlation() {
    // Of 4,096 draws the share below a 5% quantile has a standard error of 0.0034; the bound is four of them.
    let model = bare_assumptions(&["a", "b", "c"], &[("a", "b", 0.7), ("b", "c", -0.6)]);
    for name in ["a", "b", "c"] {
        let values = values_of(&model, &Experiment::default(), &DESIGN, name);
        for level in [0.05, 0.5, 0.95] {
            let quantile = math::normal_quantile(level);
            let below = values.iter().filter(|&&value| value <= quantile).count() as f64 / 4096.0;
            assert!((below - level).abs() < 0.0136, "{name}: {below} below the quantile at {level}");
        }
    }
}

#[test]
fn correlations_that_contradict_each_other_name_the_assumptions() {
    let contradiction = [("x", "y", 0.9), ("y", "z", 0.9), ("z", "x", -0.9), ("a", "b", 0.1)];
    let model = bare_assumptions(&["a", "b", "z", "y", "x"], &contradiction);
    let error = DESIGN.parameter_values(&model, &parameters(&model), &Experiment::default()).unwrap_err();
    let Error::CorrelationsContradict { assumptions } = &error else { panic!("{error}") };
    assert_eq!(assumptions, &["x", "y", "z"]);
    assert!(error.to_string().contains("x, y, z"));
}

#[test]
fn a_view_moves_values_without_drawing_anew() {
    let model = strike();
    let base = Experiment::default();
    let view = Experiment { view: Some(0), ..base.clone() };
    let pairs: Vec<(f64, f64)> = values_of(&model, &base, &DESIGN, "growth")
        .into_iter()
        .zip(values_of(&model, &view, &DESIGN, "growth"))
        .collect();
    let mut sorted = pairs.clone();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(sorted.is_sorted_by(|a, b| a.1 <= b.1), "the map from view to view is monotone");
    assert!(pairs.iter().filter(|(base, view)| base < view).count() > 4000, "and this view believes in more");
    for name in ["share[kabul]", "share[east]", "start", "posture"] {
        assert_eq!(
            values_of(&model, &base, &DESIGN, name),
            values_of(&model, &view, &DESIGN, name),
            "{name}"
        );
    }
}

#[test]
fn a_policy_shares_every_draw() {
    let model = strike();
    let base = Experiment::default();
    let policy = Experiment { policy: Some(0), ..base.clone() };
    let parameters = parameters(&model);
    assert_eq!(
        DESIGN.parameter_values(&model, &parameters, &base).unwrap(),
        DESIGN.parameter_values(&model, &parameters, &policy).unwrap()
    );
}

#[test]
fn a_fixed_assumption_leaves_its_partners_as_they_were() {
    let model = bare_assumptions(&["a", "b"], &[("a", "b", 0.7)]);
    let mut fixed = Experiment::default();
    fixed.settings.assumptions.insert(model.variable_named("a").unwrap(), 2.5);
    assert!(values_of(&model, &fixed, &DESIGN, "a").iter().all(|&value| value == 2.5));
    assert_eq!(
        values_of(&model, &fixed, &DESIGN, "b"),
        values_of(&model, &Experiment::default(), &DESIGN, "b")
    );
}

#[test]
fn a_setting_overrides_the_view() {
    let model = strike();
    let mut experiment = Experiment { view: Some(0), ..Experiment::default() };
    experiment.settings.assumptions.insert(GROWTH, 0.01);
    assert!(values_of(&model, &experiment, &DESIGN, "growth").iter().all(|&value| value == 0.01));
}

/// Ranks from 0; without ties for the continuous columns used here.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    for (rank, &position) in order.iter().enumerate() {
        ranks[position] = rank as f64;
    }
    ranks
}

fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let moment = |x: &[f64], y: &[f64], mean_x: f64, mean_y: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum()
    };
    moment(x, y, mean_x, mean_y) / (moment(x, x, mean_x, mean_x) * moment(y, y, mean_y, mean_y)).sqrt()
}
