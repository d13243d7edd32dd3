//! Scenario discovery on tables with a known answer: planted boxes, inert assumptions, pure noise, ties.
//!
//! Shares over many tables are compared with bounds of three standard errors around what is promised, wider where the
//! promise is one-sided.

mod common;

use common::{Stream, cube, happen, within};
use contingent_analysis::discovery::{
    Branch, Discovery, DiscoveryOptions, DrawTable, Ending, Region, Restriction, Target, discover,
};
use contingent_analysis::{AssumptionColumn, OutcomeColumn};

fn table(columns: &[Vec<f64>], categories: &[usize]) -> DrawTable {
    let columns: Vec<AssumptionColumn<'_>> = columns
        .iter()
        .enumerate()
        .map(|(j, values)| AssumptionColumn { values, is_category: categories.contains(&j) })
        .collect();
    DrawTable::new(&columns)
}

fn target(outcomes: &[f64], n_replications: usize) -> Target {
    Target::new(&OutcomeColumn::new(outcomes, n_replications), |value| value == 1.0).expect("runs count")
}

/// Without resampling and tree, which most tests do not look at.
fn quick() -> DiscoveryOptions {
    DiscoveryOptions { n_resamples: 0, most_leaves: 0, ..DiscoveryOptions::default() }
}

/// Searches a table in which the chance of the outcome is a function of the assumptions.
fn search(
    seed: u64,
    n_assumptions: usize,
    n_draws: usize,
    m: usize,
    options: &DiscoveryOptions,
    p: impl Fn(&[f64]) -> f64,
) -> Discovery {
    let mut stream = Stream::new(seed);
    let columns = cube(&mut stream, n_assumptions, n_draws);
    let chances: Vec<f64> =
        (0..n_draws).map(|draw| p(&columns.iter().map(|column| column[draw]).collect::<Vec<_>>())).collect();
    let outcomes = happen(&mut stream, &chances, m);
    discover(&table(&columns, &[]), &target(&outcomes, m), options)
}

fn bounds(region: &Region, assumption: usize) -> (f64, f64) {
    match region.restriction(assumption) {
        Some(Restriction::Range { low, high }) => (low.unwrap_or(0.0), high.unwrap_or(1.0)),
        None => (0.0, 1.0),
        Some(Restriction::Alternatives { .. }) => panic!("a range was expected"),
    }
}

fn restricted(region: &Region) -> Vec<usize> {
    region.restrictions.iter().map(|(assumption, _)| *assumption).collect()
}

const INSIDE: f64 = 0.8;
const OUTSIDE: f64 = 0.15;

/// x0 above 0.4, x1 below 0.6, x2 between 0.2 and 0.9.
fn planted(x: &[f64]) -> f64 {
    if x[0] > 0.4 && x[1] < 0.6 && x[2] > 0.2 && x[2] < 0.9 { INSIDE } else { OUTSIDE }
}

#[test]
fn a_planted_box_is_recovered_with_its_figures() {
    let n_tables = 60;
    let (mut exact, mut density_covered, mut coverage_covered, mut worst) = (0, 0, 0, 0.0_f64);
    for seed in 0..n_tables {
        let found = search(seed, 8, 6_000, 2, &quick(), planted);
        let first = &found.boxes[0];
        let region = &first.region;
        exact += usize::from(restricted(region) == [0, 1, 2]);
        // The true figures of the box that was found follow from volumes.
        let overlap = |low: f64, high: f64, (a, b): (f64, f64)| (high.min(b) - low.max(a)).max(0.0);
        let sides: Vec<(f64, f64)> = (0..8).map(|j| bounds(region, j)).collect();
        let volume: f64 = sides.iter().map(|(low, high)| high - low).product();
        let shared = overlap(0.4, 1.0, sides[0])
            * overlap(0.0, 0.6, sides[1])
            * overlap(0.2, 0.9, sides[2])
            * sides[3..].iter().map(|(low, high)| high - low).product::<f64>();
        let hits = shared * INSIDE + (volume - shared) * OUTSIDE;
        let whole = 0.6 * 0.6 * 0.7;
        let all_hits = whole * INSIDE + (1.0 - whole) * OUTSIDE;
        density_covered += usize::from(first.figures.density.interval.contains(hits / volume));
        coverage_covered += usize::from(first.figures.coverage.interval.contains(hits / all_hits));
        let planted_sides = [(0.4, 1.0), (0.0, 0.6), (0.2, 0.9)];
        for (side, planted) in sides.iter().zip(planted_sides) {
            worst = worst.max((side.0 - planted.0).abs()).max((side.1 - planted.1).abs());
        }
    }
    let share = |times: usize| times as f64 / n_tables as f64;
    within("exactly the planted assumptions", share(exact), 0.9, 1.0);
    within("the density's interval covers", share(density_covered), 0.86, 1.0);
    within("the coverage's interval covers", share(coverage_covered), 0.86, 1.0);
    within("farthest bound", worst, 0.0, 0.05);
}

#[test]
fn bounds_of_a_sharp_box_are_found_to_a_hundredth() {
    let found = search(3, 6, 20_000, 2, &quick(), planted);
    let region = &found.boxes[0].region;
    assert_eq!(restricted(region), [0, 1, 2]);
    for (side, planted) in [bounds(region, 0), bounds(region, 1), bounds(region, 2)].iter().zip([
        (0.4, 1.0),
        (0.0, 0.6),
        (0.2, 0.9),
    ]) {
        assert!((side.0 - planted.0).abs() < 0.015 && (side.1 - planted.1).abs() < 0.015, "{side:?}");
    }
    let figures = &found.boxes[0].figures;
    assert!((figures.density.value - INSIDE).abs() < 0.03, "{figures:?}");
    let truth = 0.252 * INSIDE / (0.252 * INSIDE + 0.748 * OUTSIDE);
    assert!((figures.coverage.value - truth).abs() < 0.03, "{figures:?} against {truth}");
    assert_eq!(found.ending, Ending::NotConvincing);
    let explained = found.together.expect("a box was found").explained.expect("two replications");
    assert!(explained > 0.93, "the planted box is all there is: {explained}");
}

#[test]
fn pure_noise_gives_no_box() {
    // The level is 1%; with 400 tables three standard errors reach 2.5%.
    let n_tables = 400;
    let mut claimed = 0;
    for seed in 0..n_tables {
        let found = search(seed + 10_000, 6, 1_000, 2, &quick(), |_| 0.3);
        claimed += usize::from(!found.boxes.is_empty());
    }
    within("tables of noise with a box", claimed as f64 / n_tables as f64, 0.0, 0.025);
}

#[test]
fn inert_assumptions_are_seldom_restricted() {
    // The level is 5% for a box, divided among its restrictions; with 150 tables three standard errors reach 10%.
    let n_tables = 150;
    let mut alarms = 0;
    for seed in 0..n_tables {
        let found = search(seed + 500, 12, 2_000, 2, &quick(), |x| if x[0] > 0.5 { 0.6 } else { 0.2 });
        let first = found.boxes.first().expect("the planted half is plain");
        let inert = first.region.restrictions.iter().any(|(assumption, _)| *assumption != 0);
        alarms += usize::from(inert);
    }
    within("boxes that restrict an inert assumption", alarms as f64 / n_tables as f64, 0.0, 0.10);
}

#[test]
fn two_planted_boxes_are_found_one_after_the_other() {
    let found = search(11, 5, 12_000, 2, &quick(), |x| {
        if x[0] > 0.7 && x[1] > 0.5 {
            0.9
        } else if x[2] < 0.3 && x[3] < 0.4 {
            0.8
        } else {
            0.05
        }
    });
    assert_eq!(found.boxes.len(), 2, "{:?}", found.boxes);
    assert_eq!(restricted(&found.boxes[0].region), [0, 1]);
    assert_eq!(restricted(&found.boxes[1].region), [2, 3]);
    assert_eq!(found.ending, Ending::NotConvincing);
    let together = found.together.expect("boxes were found");
    let coverages: f64 = found.boxes.iter().map(|found| found.figures.coverage.value).sum();
    assert!((together.coverage.value - coverages).abs() < 1e-12);
    assert!((together.density_outside.value - 0.05).abs() < 0.02, "{together:?}");
}

#[test]
fn two_regions_at_opposite_ends_of_an_assumption_are_both_found() {
    // Peeling sees nothing at either end, since a slab there is as good as any; leaves of a tree do.
    let found = search(12, 6, 12_000, 2, &quick(), |x| if x[2] < 0.15 || x[2] > 0.85 { 0.8 } else { 0.2 });
    assert_eq!(found.boxes.len(), 2, "{:?}", found.boxes);
    let mut sides: Vec<(f64, f64)> = found.boxes.iter().map(|found| bounds(&found.region, 2)).collect();
    sides.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (found, expected) in sides.iter().zip([(0.0, 0.15), (0.85, 1.0)]) {
        assert!((found.0 - expected.0).abs() < 0.02 && (found.1 - expected.1).abs() < 0.02, "{sides:?}");
    }
    for found in &found.boxes {
        assert_eq!(restricted(&found.region), [2]);
    }
    assert!(found.together.expect("boxes were found").density_outside.value < 0.23);
}

#[test]
fn one_replication_or_many_find_the_same_box() {
    for m in [1, 10] {
        let found = search(21, 5, 8_000, m, &quick(), planted);
        assert_eq!(restricted(&found.boxes[0].region), [0, 1, 2], "{m} replications");
        let explained = found.together.expect("a box was found").explained;
        assert_eq!(explained.is_some(), m > 1, "one replication shows no variance of p");
    }
}

#[test]
fn rare_outcomes_are_found_too() {
    // Three in a thousand outside, one in ten in a tenth of the futures.
    let found = search(8, 5, 20_000, 2, &quick(), |x| if x[4] > 0.9 { 0.1 } else { 0.003 });
    let first = &found.boxes[0];
    assert_eq!(restricted(&first.region), [4]);
    assert!((bounds(&first.region, 4).0 - 0.9).abs() < 0.02, "{:?}", first.region);
}

#[test]
fn alternatives_are_told_by_their_values() {
    let mut stream = Stream::new(5);
    let mut columns = cube(&mut stream, 3, 4_000);
    let alternatives: Vec<f64> = (0..4_000).map(|_| (4.0 * stream.uniform()).floor()).collect();
    columns.push(alternatives);
    let chances: Vec<f64> =
        columns[3].iter().map(|&value| if value == 1.0 || value == 3.0 { 0.7 } else { 0.2 }).collect();
    let outcomes = happen(&mut stream, &chances, 2);
    let options = DiscoveryOptions { most_leaves: 8, ..quick() };
    let found = discover(&table(&columns, &[3]), &target(&outcomes, 2), &options);
    let expected = Restriction::Alternatives { kept: vec![1.0, 3.0] };
    assert_eq!(found.boxes[0].region.restrictions, [(3, expected)]);
    let tree = found.tree.expect("a tree was grown");
    let (branch, left, right) = tree.nodes[0].split.clone().expect("the root splits");
    assert_eq!(branch, Branch::OneOf { assumption: 3, alternatives: vec![0.0, 2.0] });
    assert!((tree.nodes[left].share.value - 0.2).abs() < 0.04);
    assert!((tree.nodes[right].share.value - 0.7).abs() < 0.04);
}

#[test]
fn ties_stay_together_and_constants_are_left_alone() {
    let mut stream = Stream::new(9);
    let n = 4_000;
    let dice: Vec<f64> = (0..n).map(|_| 1.0 + (6.0 * stream.uniform()).floor()).collect();
    let columns = vec![vec![7.0; n], dice.clone(), (0..n).map(|_| stream.uniform()).collect()];
    let chances: Vec<f64> = dice.iter().map(|&value| if value >= 5.0 { 0.8 } else { 0.1 }).collect();
    let outcomes = happen(&mut stream, &chances, 2);
    let found = discover(&table(&columns, &[]), &target(&outcomes, 2), &quick());
    let first = &found.boxes[0];
    assert_eq!(restricted(&first.region), [1]);
    let (low, _) = bounds(&first.region, 1);
    assert!((4.0..5.0).contains(&low), "between four and five: {low}");
    assert_eq!(found.boxes.len(), 1);
}

#[test]
fn figures_are_those_of_a_plain_count_on_the_measuring_quarter() {
    // With every draw in the box, or none, the parts add up to the whole: mass is the only figure known beforehand.
    let mut stream = Stream::new(31);
    let columns = cube(&mut stream, 3, 3_000);
    let chances: Vec<f64> = columns[0].iter().map(|x| if *x > 0.5 { 0.9 } else { 0.1 }).collect();
    let outcomes = happen(&mut stream, &chances, 2);
    let found = discover(&table(&columns, &[]), &target(&outcomes, 2), &quick());
    let whole = &found.curve[0];
    assert_eq!((whole.coverage, whole.mass, whole.n_draws), (1.0, 1.0, 750));
    assert!(found.curve.windows(2).all(|pair| pair[1].mass <= pair[0].mass));
    assert!(found.curve.windows(2).all(|pair| pair[1].coverage <= pair[0].coverage));
    for point in &found.curve {
        let density = point.coverage * whole.density / point.mass;
        assert!((point.density - density).abs() < 1e-12, "density = coverage x base / mass");
    }
    assert!(found.curve.iter().filter(|point| point.is_chosen).count() <= 1);
    let first = &found.boxes[0];
    let density = first.figures.coverage.value * whole.density / first.figures.mass;
    assert!((first.figures.density.value - density).abs() < 1e-12);
}

#[test]
fn tables_with_nothing_to_find_say_why() {
    let mut stream = Stream::new(1);
    let columns = cube(&mut stream, 3, 1_000);
    let searched = |columns: &[Vec<f64>], outcomes: &[f64]| {
        let found = discover(&table(columns, &[]), &target(outcomes, 1), &DiscoveryOptions::default());
        assert!(found.boxes.is_empty() && found.tree.is_none() && found.together.is_none());
        found.ending
    };
    assert_eq!(searched(&columns, &vec![1.0; 1_000]), Ending::AlwaysTheSame);
    assert_eq!(searched(&columns, &vec![0.0; 1_000]), Ending::AlwaysTheSame);
    let mixed: Vec<f64> = (0..1_000).map(|run| f64::from(run % 2)).collect();
    assert_eq!(searched(&[vec![1.0; 1_000]], &mixed), Ending::NothingVaries);
    let few: Vec<Vec<f64>> = columns.iter().map(|column| column[..150].to_vec()).collect();
    assert_eq!(searched(&few, &mixed[..150]), Ending::TooFewDraws);
}

#[test]
fn runs_that_failed_or_miss_the_condition_do_not_count() {
    let mut stream = Stream::new(77);
    let n = 4_000;
    let columns = cube(&mut stream, 3, n);
    let chances: Vec<f64> = columns[0].iter().map(|x| if *x > 0.6 { 0.9 } else { 0.1 }).collect();
    let mut outcomes = happen(&mut stream, &chances, 2);
    // Where x1 is low the condition fails and the outcome is turned over; where x2 is high the run failed.
    let given: Vec<f64> = (0..2 * n).map(|run| f64::from(u8::from(columns[1][run / 2] > 0.3))).collect();
    for run in 0..2 * n {
        if given[run] == 0.0 {
            outcomes[run] = 1.0 - outcomes[run];
        }
        if columns[2][run / 2] > 0.9 {
            outcomes[run] = f64::NAN;
        }
    }
    let column = OutcomeColumn::new(&outcomes, 2).given(Some(&given));
    let target = Target::new(&column, |value| value == 1.0).expect("runs count");
    assert_eq!(target.n_failed(), 2 * columns[2].iter().filter(|x| **x > 0.9).count());
    let found = discover(&table(&columns, &[]), &target, &quick());
    assert_eq!(restricted(&found.boxes[0].region), [0]);
    assert!((found.boxes[0].figures.density.value - 0.9).abs() < 0.03);
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_assumption_changes_no_halving() {
    let mut stream = Stream::new(13);
    let mut columns = cube(&mut stream, 4, 2_000);
    let chances: Vec<f64> = columns[0].iter().map(|x| if *x > 0.5 { 0.8 } else { 0.2 }).collect();
    let outcomes = happen(&mut stream, &chances, 2);
    let options = DiscoveryOptions { n_resamples: 4, ..DiscoveryOptions::default() };
    let again = |columns: &[Vec<f64>]| discover(&table(columns, &[]), &target(&outcomes, 2), &options);
    let first = again(&columns);
    assert_eq!(format!("{first:?}"), format!("{:?}", again(&columns)));
    columns.push(vec![3.0; 2_000]);
    let with_constant = again(&columns);
    assert_eq!(first.boxes[0].region, with_constant.boxes[0].region);
    assert_eq!(first.boxes[0].figures, with_constant.boxes[0].figures);
    assert_eq!(first.base, with_constant.base);
}

#[test]
fn stability_tells_a_plain_box_from_a_doubtful_one() {
    let options = DiscoveryOptions { most_leaves: 0, n_resamples: 10, ..DiscoveryOptions::default() };
    let plain = search(2, 6, 4_000, 2, &options, |x| if x[0] > 0.5 && x[1] > 0.5 { 0.9 } else { 0.1 });
    let stability = &plain.boxes[0].stability;
    assert_eq!((stability.n_found, &stability.n_restricted[..2]), (10, &[10, 10][..]));
    assert!(stability.n_restricted[2..].iter().all(|&times| times <= 2), "{stability:?}");
    assert!(stability.overlap > 0.9, "{stability:?}");
    // Two assumptions that are one in truth: which of them is restricted is a toss of the coin.
    let mut stream = Stream::new(4);
    let mut columns = cube(&mut stream, 4, 4_000);
    columns[1] = columns[0].iter().map(|x| x + 0.02 * stream.uniform()).collect();
    let chances: Vec<f64> =
        (0..4_000).map(|draw| if columns[0][draw] + columns[1][draw] > 1.1 { 0.8 } else { 0.2 }).collect();
    let outcomes = happen(&mut stream, &chances, 2);
    let twins = discover(&table(&columns, &[]), &target(&outcomes, 2), &options);
    let times = &twins.boxes[0].stability.n_restricted;
    assert!(times[0] < 10 || times[1] < 10, "neither of the twins is needed every time: {times:?}");
}

#[test]
fn a_tree_splits_where_the_steps_are_and_not_on_noise() {
    let options = DiscoveryOptions { n_resamples: 0, ..DiscoveryOptions::default() };
    let found = search(17, 6, 6_000, 2, &options, |x| {
        if x[0] < 0.5 {
            0.1
        } else if x[3] < 0.3 {
            0.4
        } else {
            0.9
        }
    });
    let tree = found.tree.expect("a tree was grown");
    let leaves = tree.leaves();
    assert_eq!(leaves.len(), 3, "{tree:?}");
    let mut shares: Vec<f64> = leaves.iter().map(|leaf| tree.nodes[leaf.node].share.value).collect();
    shares.sort_by(f64::total_cmp);
    for (share, truth) in shares.iter().zip([0.1, 0.4, 0.9]) {
        assert!((share - truth).abs() < 0.04, "{shares:?}");
    }
    let masses: f64 = leaves.iter().map(|leaf| tree.nodes[leaf.node].mass).sum();
    assert!((masses - 1.0).abs() < 1e-12);
    assert!(tree.explained_without_chance.expect("two replications") > 0.95, "{tree:?}");

    let n_tables = 60;
    let mut split = 0;
    for seed in 0..n_tables {
        let found = search(seed + 900, 5, 800, 2, &options, |_| 0.4);
        let tree = found.tree.expect("a tree was grown");
        split += usize::from(tree.nodes.len() > 1);
    }
    within("trees on noise that split", split as f64 / n_tables as f64, 0.0, 0.12);
}
