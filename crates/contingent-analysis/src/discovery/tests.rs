//! The steps of the search against plain implementations that look at everything, on small tables.

use super::choose::choose;
use super::figures::quasi_p_value;
use super::paste::{paste, round_bounds};
use super::peel::{Peeling, Trajectory, peel};
use super::region::{Region, Restriction, bound_between};
use super::table::{DrawTable, Target, Total};
use super::{DiscoveryOptions, Parts, tree};
use crate::{AssumptionColumn, OutcomeColumn};
use contingent_engine::random::{StreamKey, stream_hash, uniform_pair};
use statrs::distribution::{Binomial, DiscreteCDF};

fn uniforms(name: &str, seed: u64, n: usize) -> Vec<f64> {
    let keys = StreamKey::new(seed, stream_hash(name, "", 0)).round_keys();
    (0..n).map(|draw| uniform_pair(&keys, draw as u32, 0, 0, 0).0).collect()
}

/// A table of a fine number, dice (ties) and four alternatives; the outcome hangs on all of them.
fn example(seed: u64, n: usize, m: usize) -> (Vec<Vec<f64>>, DrawTable, Target) {
    let fine = uniforms("fine", seed, n);
    let dice: Vec<f64> = uniforms("dice", seed, n).iter().map(|u| (6.0 * u).floor()).collect();
    let form: Vec<f64> = uniforms("form", seed, n).iter().map(|u| (4.0 * u).floor()).collect();
    let chance: Vec<Vec<f64>> = (0..m).map(|run| uniforms(&format!("run {run}"), seed, n)).collect();
    let outcomes: Vec<f64> = (0..n * m)
        .map(|run| {
            let draw = run / m;
            let p = 0.1 + 0.4 * fine[draw] + 0.05 * dice[draw] + if form[draw] == 2.0 { 0.2 } else { 0.0 };
            f64::from(u8::from(chance[run % m][draw] < p))
        })
        .collect();
    let columns = vec![fine, dice, form];
    let assumptions: Vec<AssumptionColumn<'_>> = columns
        .iter()
        .enumerate()
        .map(|(j, values)| AssumptionColumn { values, is_category: j == 2 })
        .collect();
    let table = DrawTable::new(&assumptions);
    let target = Target::new(&OutcomeColumn::new(&outcomes, m), |value| value == 1.0).expect("runs count");
    (columns, table, target)
}

/// Peeling from its definition: every slab is found by sorting what is inside.
fn peel_plainly(columns: &[Vec<f64>], target: &Target, draws: &[u32], peeling: Peeling) -> Vec<Vec<u32>> {
    let mut inside = draws.to_vec();
    let mut boxes = vec![inside.clone()];
    let smallest = peeling.smallest * target.total(draws).runs;
    loop {
        let whole = target.total(&inside);
        let usual = peeling.slab * whole.runs;
        let mut best: Option<(f64, Vec<u32>)> = None;
        let mut slabs: Vec<Vec<u32>> = Vec::new();
        for (j, values) in columns.iter().enumerate() {
            let value = |draw: u32| values[draw as usize];
            if j == 2 {
                for form in 0..4 {
                    slabs.push(
                        inside.iter().copied().filter(|&draw| value(draw) == f64::from(form)).collect(),
                    );
                }
                continue;
            }
            for sign in [1.0, -1.0] {
                let mut sorted = inside.clone();
                sorted.sort_by(|&a, &b| (sign * value(a)).total_cmp(&(sign * value(b))));
                let mut runs = 0.0;
                let mut edge = f64::NEG_INFINITY;
                for &draw in &sorted {
                    if runs >= usual {
                        break;
                    }
                    runs += target.per_draw[draw as usize].runs;
                    edge = sign * value(draw);
                }
                slabs.push(inside.iter().copied().filter(|&draw| sign * value(draw) <= edge).collect());
            }
        }
        for slab in slabs {
            let taken = target.total(&slab);
            let left = whole.runs - taken.runs;
            if taken.runs == 0.0 || left < smallest.max(1.0) {
                continue;
            }
            // The rise of the share of hits, written so that slabs that tie do so to the bit.
            let rise = (whole.share() * taken.runs - taken.hits) / left;
            assert!((rise - ((whole.hits - taken.hits) / left - whole.share())).abs() < 1e-12);
            let score = rise / taken.runs.max(usual);
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                best = Some((score, slab));
            }
        }
        let Some((_, slab)) = best else { break };
        inside.retain(|draw| !slab.contains(draw));
        boxes.push(inside.clone());
    }
    boxes
}

#[test]
fn peeling_is_what_its_definition_says() {
    for seed in 0..6 {
        let (columns, table, target) = example(seed, 240, 2);
        let draws: Vec<u32> = (0..240).filter(|draw| draw % 7 != 0).collect();
        let peeling = Peeling { slab: 0.08, smallest: 0.1 };
        let Trajectory { boxes, left_at } = peel(&table, &target, &draws, peeling);
        let plain = peel_plainly(&columns, &target, &draws, peeling);
        assert_eq!(boxes.len(), plain.len(), "seed {seed}");
        assert!(boxes.len() > 5);
        for (place, (peeled, members)) in boxes.iter().zip(&plain).enumerate() {
            assert_eq!(&peeled.region.members(&table, &draws), members, "seed {seed}, box {place}");
            assert_eq!(peeled.inside, target.total(members));
            let by_leaving: Vec<u32> = draws
                .iter()
                .zip(&left_at)
                .filter(|(_, left_at)| **left_at as usize > place)
                .map(|(draw, _)| *draw)
                .collect();
            assert_eq!(&by_leaving, members);
        }
    }
}

#[test]
fn the_gain_is_the_variance_between_the_parts() {
    let (part, whole) = (Total { runs: 30.0, hits: 21.0 }, Total { runs: 100.0, hits: 37.0 });
    let (inside, outside) = (21.0 / 30.0, 16.0 / 70.0);
    let between = 0.3 * 0.7 * (inside - outside) * (inside - outside);
    assert!((part.gain(whole) - between).abs() < 1e-15);
    let poor = Total { runs: 30.0, hits: 3.0 };
    assert!(poor.gain(whole) < 0.0, "fewer hits than elsewhere is no gain");
    assert_eq!(whole.gain(whole), 0.0);
}

#[test]
fn the_box_taken_is_the_one_that_tells_most_unless_a_simpler_one_does_as_well() {
    let (_, table, target) = example(3, 2_000, 2);
    let draws: Vec<u32> = (0..2_000).collect();
    let trajectory = peel(&table, &target, &draws, Peeling { slab: 0.05, smallest: 0.05 });
    let chosen = choose(&trajectory, &target, &draws).expect("there is something to find");
    let whole = trajectory.boxes[0].inside;
    let gains: Vec<f64> = trajectory.boxes.iter().map(|peeled| peeled.inside.gain(whole)).collect();
    let best = (0..gains.len()).max_by(|&a, &b| gains[a].total_cmp(&gains[b])).expect("there are boxes");
    let n_restricted = |place: usize| trajectory.boxes[place].region.restrictions.len();
    assert!(chosen == best || n_restricted(chosen) < n_restricted(best));
    assert!(gains[chosen] > 0.5 * gains[best], "{} of {}", gains[chosen], gains[best]);
}

#[test]
fn pasting_finds_the_best_interval_there_is() {
    for seed in 0..4 {
        let (columns, table, target) = example(seed, 120, 2);
        let draws: Vec<u32> = (0..120).collect();
        let whole = target.total(&draws);
        let start = Region { restrictions: vec![(0, Restriction::Range { low: Some(0.5), high: None })] };
        let smallest = 0.1 * whole.runs;
        let pasted = paste(&start, &table, &target, &draws, smallest);
        let gain = |region: &Region| target.total(&region.members(&table, &draws)).gain(whole);
        // Every lower bound there is: each value of the column, and none.
        let best = columns[0]
            .iter()
            .map(|&low| Region { restrictions: vec![(0, Restriction::Range { low: Some(low), high: None })] })
            .filter(|region| target.total(&region.members(&table, &draws)).runs >= smallest)
            .map(|region| gain(&region))
            .fold(0.0, f64::max);
        assert!((gain(&pasted) - best).abs() < 1e-12, "seed {seed}: {} of {best}", gain(&pasted));
        assert!(gain(&pasted) >= gain(&start));
    }
}

#[test]
fn pasting_lifts_a_restriction_that_does_nothing_and_adds_none() {
    let (columns, table, _) = example(1, 1_000, 1);
    let draws: Vec<u32> = (0..1_000).collect();
    let outcomes: Vec<f64> = columns[0].iter().map(|x| f64::from(u8::from(*x > 0.5))).collect();
    let target = Target::new(&OutcomeColumn::new(&outcomes, 1), |value| value == 1.0).expect("runs count");
    let start = Region {
        restrictions: vec![
            (0, Restriction::Range { low: Some(0.4), high: Some(0.99) }),
            (1, Restriction::Range { low: None, high: Some(4.5) }),
            (2, Restriction::Alternatives { kept: vec![0.0, 2.0] }),
        ],
    };
    let pasted = paste(&start, &table, &target, &draws, 100.0);
    assert_eq!(pasted.restrictions.len(), 1, "{pasted:?}");
    let members = pasted.members(&table, &draws);
    assert_eq!(target.total(&members).share(), 1.0);
    assert_eq!(target.total(&members).hits, target.n_hits());
}

#[test]
fn bounds_are_rounded_without_moving_more_than_half_a_percent() {
    let (columns, table, target) = example(2, 4_000, 1);
    let draws: Vec<u32> = (0..4_000).collect();
    let exact = 0.412_345_678;
    let region = Region { restrictions: vec![(0, Restriction::Range { low: Some(exact), high: None })] };
    let rounded = round_bounds(&region, &table, &target, &draws);
    let Some(Restriction::Range { low: Some(low), high: None }) = rounded.restriction(0) else {
        panic!("the bound stays: {rounded:?}");
    };
    assert!(format!("{low}").len() <= 5, "few digits: {low}");
    let moved = columns[0].iter().filter(|x| (**x > exact) != (**x > *low)).count();
    assert!(moved <= 20, "{moved} of 4,000 draws changed sides");
}

#[test]
fn a_bound_lies_between_its_neighbours_or_on_the_outer_one() {
    assert_eq!(bound_between(1.0, 2.0), 1.5);
    assert_eq!(bound_between(2.0, 1.0), 1.5);
    let next = f64::from_bits(1.0_f64.to_bits() + 1);
    assert_eq!(bound_between(1.0, next), 1.0);
    assert_eq!(bound_between(next, 1.0), next);
}

#[test]
fn with_one_replication_the_quasi_p_value_is_the_binomial_tail_of_bryant_and_lempert() {
    let n = 500;
    let hits: Vec<f64> = (0..n).map(|run| f64::from(u8::from(run % 5 < 2))).collect();
    let target = Target::new(&OutcomeColumn::new(&hits, 1), |value| value == 1.0).expect("runs count");
    let wider: Vec<u32> = (0..n as u32).collect();
    for (n_inside, n_hits) in [(60_u64, 30_u64), (60, 25), (40, 40), (200, 95), (10, 4)] {
        let inside = Total { runs: n_inside as f64, hits: n_hits as f64 };
        let p = quasi_p_value(&target, &wider, inside, n_inside as usize, 0.4);
        // P(X >= k) = P(X > k - 1).
        let reference = if n_hits as f64 / n_inside as f64 <= 0.4 {
            1.0
        } else {
            Binomial::new(0.4, n_inside).expect("a distribution").sf(n_hits - 1)
        };
        assert!((p / reference - 1.0).abs() < 1e-6, "{n_hits} of {n_inside}: {p} against {reference}");
    }
}

#[test]
fn replications_that_always_agree_are_worth_one() {
    let n = 300;
    let single: Vec<f64> = (0..n).map(|draw| f64::from(u8::from(draw % 3 == 0))).collect();
    let doubled: Vec<f64> = single.iter().flat_map(|&value| [value, value]).collect();
    let target = |values: &[f64], m| {
        Target::new(&OutcomeColumn::new(values, m), |value| value == 1.0).expect("runs count")
    };
    let wider: Vec<u32> = (0..n as u32).collect();
    let expected = 1.0 / 3.0;
    let once = quasi_p_value(&target(&single, 1), &wider, Total { runs: 50.0, hits: 25.0 }, 50, expected);
    let twice = quasi_p_value(&target(&doubled, 2), &wider, Total { runs: 100.0, hits: 50.0 }, 50, expected);
    assert!((once / twice - 1.0).abs() < 1e-9, "{once} {twice}");
}

#[test]
fn parts_are_disjoint_complete_and_of_their_sizes() {
    let draws: Vec<u32> = (0..1_001).collect();
    let parts = Parts::of(&draws, 7, 0);
    assert_eq!((parts.search.len(), parts.decide.len(), parts.measure.len()), (500, 250, 251));
    assert_eq!(parts.all(), draws);
    assert_ne!(parts.search, Parts::of(&draws, 7, 1).search);
    // A draw more leaves nearly all others where they were.
    let more: Vec<u32> = (0..1_002).collect();
    let with_one_more = Parts::of(&more, 7, 0).search;
    let moved = parts.search.iter().filter(|draw| with_one_more.binary_search(draw).is_err()).count();
    assert!(moved <= 1, "{moved}");
}

#[test]
fn the_first_split_of_a_tree_is_the_best_there_is() {
    for seed in 0..4 {
        let (columns, table, target) = example(seed + 20, 1_500, 2);
        let draws: Vec<u32> = (0..1_500).collect();
        let grown = tree::grow(&table, &target, &draws, &draws, &DiscoveryOptions::default());
        let (branch, ..) = grown.nodes[0].split.clone().expect("there is something to split");
        let error_of = |part: &[u32]| {
            let total = target.total(part);
            part.iter()
                .map(|&draw| {
                    let runs = target.per_draw[draw as usize].runs;
                    let residual = target.per_draw[draw as usize].hits / runs - total.share();
                    runs * residual * residual
                })
                .sum::<f64>()
        };
        let error_with = |holds: &dyn Fn(u32) -> bool| {
            let (left, right): (Vec<u32>, Vec<u32>) = draws.iter().partition(|&&draw| holds(draw));
            // Leaves of two in a hundred at least, as the tree has them.
            if left.len() < 30 || right.len() < 30 {
                f64::INFINITY
            } else {
                error_of(&left) + error_of(&right)
            }
        };
        let mut best = f64::INFINITY;
        for (j, values) in columns.iter().enumerate() {
            if j == 2 {
                for subset in 1..15_u32 {
                    best = best.min(error_with(&|draw| subset >> (values[draw as usize] as u32) & 1 == 1));
                }
            } else {
                for &bound in values.iter().step_by(if j == 0 { 5 } else { 1 }).take(300) {
                    best = best.min(error_with(&|draw| values[draw as usize] < bound));
                }
            }
        }
        let reached = error_with(&|draw| match &branch {
            tree::Branch::Below { assumption, bound } => columns[*assumption][draw as usize] < *bound,
            tree::Branch::OneOf { assumption, alternatives } => {
                alternatives.contains(&columns[*assumption][draw as usize])
            }
        });
        assert!(reached <= best + 1e-9, "seed {seed}: {reached} against {best}");
    }
}
