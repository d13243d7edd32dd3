//! Flows that split: what leaves is what arrives, and whole things go their ways by chance.

mod support;

use contingent_engine::{ChanceMode, Configuration, Recording};
use contingent_model::Expression;
use support::*;

const N_RUNS: usize = 4_000;

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

/// 40% and 35% and the rest of a whole outflow of `rate` from a stock of 100.
fn camps(rate: Expression) -> Builder {
    let mut b = Builder::new(3, 1.0);
    let camp = b.whole_stock("camp", &[], number(100.0));
    let home = b.whole_stock("home", &[], number(0.0));
    let abroad = b.whole_stock("abroad", &[], number(0.0));
    let town = b.whole_stock("town", &[], number(0.0));
    b.split_flow(
        "leaving",
        Some(end(camp)),
        vec![(end(home), Some(number(0.4))), (end(abroad), Some(number(0.35))), (end(town), None)],
        rate,
    );
    b
}

/// Levels of camp, home, abroad and town after one step, per run.
fn after_one_step(b: &Builder) -> Vec<[f64; 4]> {
    let program = compiled(b, &everything());
    let result = replications(&program, 7, N_RUNS, &[]);
    let n_columns = program.recorded().len();
    let position =
        |name: &str| program.recorded().iter().position(|column| column.name == name).expect("a column");
    let columns = ["camp", "home", "abroad", "town"].map(position);
    (0..N_RUNS)
        .map(|lane| columns.map(|column| result.recorded[(n_columns + column) * N_RUNS + lane]))
        .collect()
}

#[test]
fn real_amounts_are_shared_in_proportion() {
    let mut b = Builder::new(2, 0.5);
    let x = b.stock("x", &[], number(10.0));
    let y = b.stock("y", &[], number(0.0));
    let z = b.stock("z", &[], number(1.0));
    b.split_flow("f", Some(end(x)), vec![(end(y), Some(number(0.25))), (end(z), None)], number(4.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x"), [10.0, 8.0, 6.0]);
    assert_eq!(column(&program, &result, "y"), [0.0, 0.5, 1.0]);
    assert_eq!(column(&program, &result, "z"), [1.0, 2.5, 4.0]);
}

#[test]
fn a_scarce_source_scales_all_parts_together() {
    let mut b = Builder::new(1, 1.0);
    let x = b.stock("x", &[], number(10.0));
    let y = b.stock("y", &[], number(0.0));
    let z = b.stock("z", &[], number(0.0));
    b.split_flow("f", Some(end(x)), vec![(end(y), Some(number(0.25))), (end(z), None)], number(40.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x"), [10.0, 0.0]);
    assert_eq!(column(&program, &result, "y"), [0.0, 2.5]);
    assert_eq!(column(&program, &result, "z"), [0.0, 7.5]);
    assert_eq!(result.clipped, [1]);
}

#[test]
fn shares_of_more_than_all_leave_nothing_for_those_after_them() {
    let mut b = Builder::new(1, 1.0);
    let too_much = b.assume("too_much", &[]);
    let [x, y, z, w] = ["x", "y", "z", "w"].map(|name| b.stock(name, &[], number(8.0)));
    let to = vec![(end(y), Some(read(too_much))), (end(z), Some(number(0.5))), (end(w), None)];
    b.split_flow("f", Some(end(x)), to, number(4.0));
    let program = compiled(&b, &everything());
    for (share, expected) in [(0.75, [11.0, 9.0, 8.0]), (2.0, [12.0, 8.0, 8.0]), (-1.0, [8.0, 10.0, 10.0])] {
        let result = single(&program, &[share]);
        let after = ["y", "z", "w"].map(|name| column(&program, &result, name)[1]);
        assert_eq!(after, expected, "share {share}");
    }
}

#[test]
fn a_negative_rate_moves_nothing() {
    let mut b = Builder::new(1, 1.0);
    let [x, y, z] = ["x", "y", "z"].map(|name| b.stock(name, &[], number(8.0)));
    b.split_flow("f", Some(end(x)), vec![(end(y), Some(number(0.5))), (end(z), None)], number(-4.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(["x", "y", "z"].map(|name| column(&program, &result, name)[1]), [8.0; 3]);
}

#[test]
fn whole_things_stay_whole_and_none_is_lost() {
    for levels in after_one_step(&camps(number(30.0))) {
        assert_eq!(levels.iter().sum::<f64>(), 100.0);
        assert_eq!(levels[0], 70.0);
        assert!(levels.iter().all(|level| level.fract() == 0.0 && *level >= 0.0), "{levels:?}");
    }
}

/// Counts of 30 things are multinomial with shares 0.4, 0.35 and 0.25: means n p, variances n p (1 - p) and
/// covariances -n p q. The bounds are 4.5 standard errors over 4,000 runs, for nine numbers: a false alarm in
/// 16,000 seeds.
#[test]
fn whole_counts_are_multinomial() {
    let runs = after_one_step(&camps(number(30.0)));
    let (n, p, count) = (30.0, [0.4, 0.35, 0.25], N_RUNS as f64);
    let mean = |f: &dyn Fn(&[f64; 4]) -> f64| runs.iter().map(f).sum::<f64>() / count;
    for i in 0..3 {
        let variance = n * p[i] * (1.0 - p[i]);
        let found = mean(&|levels| levels[i + 1]);
        assert!((found - n * p[i]).abs() < 4.5 * (variance / count).sqrt(), "mean {i}: {found}");
        for j in 0..=i {
            let expected = if i == j { variance } else { -n * p[i] * p[j] };
            let products = |levels: &[f64; 4]| (levels[i + 1] - n * p[i]) * (levels[j + 1] - n * p[j]);
            let found = mean(&products);
            let spread = mean(&|levels| (products(levels) - expected).powi(2));
            assert!((found - expected).abs() < 4.5 * (spread / count).sqrt(), "covariance {i} {j}: {found}");
        }
    }
}

#[test]
fn without_chance_whole_things_are_shared_in_proportion() {
    let configuration = Configuration { chance: ChanceMode::Expected, ..everything() };
    let program = compiled(&camps(number(30.0)), &configuration);
    let result = single(&program, &[]);
    let after = ["camp", "home", "abroad", "town"].map(|name| column(&program, &result, name)[1]);
    for (found, expected) in after.into_iter().zip([70.0, 12.0, 10.5, 7.5]) {
        assert!((found - expected).abs() < 1e-12, "{after:?}");
    }
}
