//! Closed indices of groups from the one ensemble: known values, bounds that are bounds, false alarms.

mod common;

use common::{Stream, cube, happen, within};
use contingent_analysis::groups::{AssumptionGroup, GroupIndexKind, GroupedFirstOrder, group_indices};
use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions, RegressionBasis};

fn group(members: &[usize]) -> AssumptionGroup {
    AssumptionGroup { members: members.to_vec() }
}

fn found(
    seed: u64,
    n: usize,
    groups: &[AssumptionGroup],
    probability: impl Fn(&[f64]) -> f64,
) -> GroupedFirstOrder {
    let mut stream = Stream::new(seed);
    let columns = cube(&mut stream, n, 10_000);
    let probabilities: Vec<f64> = (0..10_000)
        .map(|draw| probability(&columns.iter().map(|column| column[draw]).collect::<Vec<_>>()))
        .collect();
    let outcomes = happen(&mut stream, &probabilities, 2);
    of_columns(&columns, &outcomes, groups)
}

fn of_columns(columns: &[Vec<f64>], outcomes: &[f64], groups: &[AssumptionGroup]) -> GroupedFirstOrder {
    let assumptions: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    let (ranked, basis) = (RankedAssumptions::new(&assumptions), RegressionBasis::new(&assumptions, 4));
    group_indices(&ranked, &basis, &OutcomeColumn::new(outcomes, 2), groups).expect("runs count")
}

/// A pure interaction of the first two, and the third alone: (x0 - 1/2)(x1 - 1/2) has the variance 1/144.
fn interaction(x: &[f64]) -> f64 {
    0.5 + 1.5 * (x[0] - 0.5) * (x[1] - 0.5) + 0.3 * (x[2] - 0.5)
}

#[test]
fn two_that_work_only_together_are_seen_as_a_group() {
    let of_pair = 1.5 * 1.5 / 144.0;
    let truth = of_pair / (of_pair + 0.09 / 12.0);
    let groups = [group(&[0, 1]), group(&[2]), group(&[3, 4])];
    let n = 40;
    let (mut pair, mut inert) = (0.0, 0.0);
    for seed in 0..n {
        let found = found(seed, 5, &groups, interaction);
        let of = |group: usize| found.indices.iter().find(|index| index.group == group).expect("told");
        assert!(of(0).distinguishable && of(0).kind == GroupIndexKind::Closed);
        pair += of(0).index / n as f64;
        inert += of(2).index / n as f64;
    }
    // 15 classes lose 2 x 1/225 of an interaction.
    within("closed index of the pair", pair, truth - 0.06, truth + 0.04);
    within("closed index of the inert pair", inert, 0.0, 0.06);
}

#[test]
fn three_and_more_have_a_lower_bound() {
    let linear = |x: &[f64]| 0.5 + 0.3 * (x[0] - 0.5) + 0.3 * (x[1] - 0.5) + 0.3 * (x[2] - 0.5);
    let groups = [group(&[0, 1, 3]), group(&[2]), group(&[4, 5, 6])];
    let all = found(3, 7, &groups, linear);
    let first = &all.indices[0];
    assert_eq!((first.group, first.kind), (0, GroupIndexKind::AtLeast));
    within("bound where it is the index itself", first.index, 0.58, 0.75);
    assert!(first.interval.contains(2.0 / 3.0) && !first.tied_with_next, "{all:?}");
    // With an interaction inside the group, the bound stays below the closed index.
    let groups = [group(&[0, 1, 3]), group(&[2])];
    let below = found(4, 4, &groups, interaction);
    let bound = below.indices.iter().find(|index| index.group == 0).expect("told");
    within("bound below the closed index of 0.68", bound.index, 0.0, 0.2);
}

#[test]
fn correlated_members_are_counted_once_and_too_many_are_left_untold() {
    // x1 repeats x0, so the group of x0, x1 and x2 knows what x0 and x2 know: two thirds.
    let mut stream = Stream::new(12);
    let mut columns = cube(&mut stream, 5, 6_000);
    columns[1] = columns[0].clone();
    let probabilities: Vec<f64> = (0..6_000)
        .map(|draw| 0.1 + 0.25 * (columns[0][draw] + columns[2][draw] + columns[3][draw]))
        .collect();
    let outcomes = happen(&mut stream, &probabilities, 2);
    let found = of_columns(&columns, &outcomes, &[group(&[0, 1, 2]), group(&[3]), group(&[])]);
    assert_eq!((found.indices.len(), found.indices[0].group), (2, 0));
    within("closed index of two that say the same and one more", found.indices[0].index, 0.6, 0.74);
    assert!(found.indices[0].interval.contains(2.0 / 3.0));
    // Five members of four pieces each want a hundred draws.
    let few: Vec<Vec<f64>> = columns.iter().map(|column| column[..100].to_vec()).collect();
    let found = of_columns(&few, &outcomes[..200], &[group(&[0, 1, 2, 3, 4])]);
    assert_eq!((found.untold, found.indices.len()), (vec![0], 0));
}

#[test]
fn inert_groups_raise_their_stated_rate_of_false_alarms() {
    let groups = [group(&[0]), group(&[1, 2]), group(&[3, 4, 5]), group(&[6, 7])];
    let n = 200;
    let mut alarms = 0.0;
    for seed in 0..n {
        let found = found(seed + 70, 8, &groups, |x| 0.2 + 0.4 * x[0]);
        let alarm = found.indices.iter().any(|index| index.group > 0 && index.distinguishable);
        alarms += f64::from(u8::from(alarm)) / n as f64;
    }
    within("false alarms over three inert groups", alarms, 0.0, 0.08);
}
