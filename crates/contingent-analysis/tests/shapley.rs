//! Shapley waterfalls: the identities, a closed form, intervals, drawn orders against all orders.

mod common;

use common::{Stream, within};
use contingent_analysis::OutcomeColumn;
use contingent_analysis::shapley::{Orders, Valued, Waterfall, shapley};

/// Outcomes of every coalition over the same draws: coin flips with common thresholds and a probability by coalition.
fn flips(
    orders: &Orders,
    n_draws: usize,
    seed: u64,
    probability: impl Fn(&[f64], f64) -> f64,
    n_groups: usize,
) -> Vec<Vec<f64>> {
    let mut stream = Stream::new(seed);
    let draws: Vec<(f64, [f64; 2])> =
        (0..n_draws).map(|_| (stream.uniform(), [stream.uniform(), stream.uniform()])).collect();
    orders
        .coalitions()
        .into_iter()
        .map(|coalition| {
            let taken: Vec<f64> = (0..n_groups).map(|group| ((coalition >> group) & 1) as f64).collect();
            draws
                .iter()
                .flat_map(|(x, thresholds)| {
                    let p = probability(&taken, *x);
                    thresholds.map(|u| f64::from(u8::from(u < p)))
                })
                .collect()
        })
        .collect()
}

fn waterfall(orders: &Orders, outcomes: &[Vec<f64>]) -> Waterfall {
    let columns: Vec<OutcomeColumn<'_>> =
        outcomes.iter().map(|values| OutcomeColumn::new(values, 2)).collect();
    shapley(orders, &columns, Valued::Mean).expect("runs count")
}

/// Groups 0 and 1 do the same; 2 works only together with 0; 3 does nothing; the rest do a little.
fn probability(taken: &[f64], x: f64) -> f64 {
    let rest: f64 = taken[4..].iter().sum();
    0.1 + 0.2 * x + 0.1 * (taken[0] + taken[1]) + 0.2 * taken[0] * taken[2] + 0.01 * rest
}

#[test]
fn parts_sum_to_the_gap_and_the_dummy_has_none() {
    for n_groups in [4, 6, 8, 12] {
        let orders = Orders::new(n_groups, 12, 3);
        assert_eq!(orders.is_exact(), n_groups <= 8);
        let found = waterfall(&orders, &flips(&orders, 800, 5, probability, n_groups));
        let sum: f64 = found.parts.iter().map(|part| part.part.value).sum();
        assert!(
            (sum - found.gap.value).abs() < 1e-14,
            "{n_groups} groups: {sum} against {}",
            found.gap.value
        );
        assert!((found.to - found.from - found.gap.value).abs() < 1e-15);
        assert_eq!(found.parts[3].part.value, 0.0, "the dummy");
        assert_eq!(found.parts[3].part.standard_error, 0.0);
    }
}

#[test]
fn equal_groups_have_equal_parts() {
    let orders = Orders::all(4);
    // Without the interaction of 0 and 2, groups 0 and 1 are exchangeable.
    let symmetric = |taken: &[f64], x: f64| 0.1 + 0.2 * x + 0.3 * taken[0].max(taken[1]) + 0.1 * taken[2];
    let found = waterfall(&orders, &flips(&orders, 800, 6, symmetric, 4));
    assert!((found.parts[0].part.value - found.parts[1].part.value).abs() < 1e-14);
    // Whoever comes first of the two does it all.
    assert!(found.parts[0].first > 0.2 && found.parts[0].last == 0.0);
}

#[test]
fn a_closed_form_is_met_within_the_interval() {
    // v = 0.2 + 0.1 (t0 + t1) + 0.2 t0 t2: the product is shared in halves.
    let truths = [0.2, 0.1, 0.1, 0.0];
    let orders = Orders::all(4);
    let n = 200;
    let mut covered = [0.0; 3];
    for seed in 0..n {
        let found = waterfall(&orders, &flips(&orders, 500, 100 + seed, probability, 4));
        for (group, covered) in covered.iter_mut().enumerate() {
            let is_in = found.parts[group].part.interval.contains(truths[group]);
            *covered += f64::from(u8::from(is_in)) / n as f64;
        }
    }
    for (group, covered) in covered.into_iter().enumerate() {
        within(&format!("coverage of part {group}"), covered, 0.9, 0.99);
    }
}

#[test]
fn drawn_orders_come_near_all_orders_within_their_interval() {
    let n_groups = 8;
    let all = Orders::all(n_groups);
    // Effects of three at once: a pair of an order and its reverse shares those of two exactly, so that nothing is left to drawing.
    let three_at_once = |t: &[f64], x: f64| {
        0.05 + 0.1 * x + 0.3 * t[0] * t[2] * t[4] + 0.2 * t[0] * t[1] * t[3] + 0.2 * t[0] * t[5] * t[6]
    };
    let exact = waterfall(&all, &flips(&all, 800, 9, three_at_once, n_groups));
    let n = 100;
    let mut covered = 0.0;
    for seed in 0..n {
        let drawn = Orders::drawn(n_groups, 12, seed);
        let found = waterfall(&drawn, &flips(&drawn, 800, 9, three_at_once, n_groups));
        let (part, truth) = (found.parts[0].part, exact.parts[0].part);
        // The same draws: what differs is the error of drawing orders alone.
        let of_orders = (part.standard_error.powi(2) - truth.standard_error.powi(2)).max(0.0).sqrt();
        let is_in = (part.value - truth.value).abs() <= 2.20 * of_orders + 1e-12;
        covered += f64::from(u8::from(is_in)) / n as f64;
        assert!((found.gap.value - exact.gap.value).abs() < 1e-15);
    }
    within("coverage of drawn orders", covered, 0.88, 1.0);
}

#[test]
fn conditional_outcomes_and_never_have_parts_that_sum() {
    let orders = Orders::all(3);
    let outcomes =
        flips(&orders, 600, 4, |taken, x| 0.1 + 0.2 * x + 0.2 * taken[0] + 0.1 * taken[1] * taken[2], 3);
    let mut stream = Stream::new(8);
    let given: Vec<f64> = (0..outcomes[0].len()).map(|_| stream.bernoulli(0.6)).collect();
    let columns: Vec<OutcomeColumn<'_>> =
        outcomes.iter().map(|values| OutcomeColumn::new(values, 2).given(Some(&given))).collect();
    let found = shapley(&orders, &columns, Valued::Mean).unwrap();
    let sum: f64 = found.parts.iter().map(|part| part.part.value).sum();
    assert!((sum - found.gap.value).abs() < 1e-14 && found.gap.is_distinguishable());
    let times: Vec<Vec<f64>> = outcomes
        .iter()
        .map(|values| values.iter().map(|&hit| if hit == 1.0 { 3.0 } else { f64::INFINITY }).collect())
        .collect();
    let columns: Vec<OutcomeColumn<'_>> = times.iter().map(|values| OutcomeColumn::new(values, 2)).collect();
    let comes = shapley(&orders, &columns, Valued::Comes).unwrap();
    assert!((comes.gap.value - waterfall(&orders, &outcomes).gap.value).abs() < 1e-15);
}
