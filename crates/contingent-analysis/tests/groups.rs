//! Closed indices of groups from the one ensemble: known values, bounds that are bounds, false alarms.

mod common;

use common::{Stream, cube, happen, within};
use contingent_analysis::groups::{AssumptionGroup, GroupIndexKind, GroupedFirstOrder, group_indices};
use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions};

fn independent(members: &[usize]) -> AssumptionGroup {
    AssumptionGroup { members: members.to_vec(), are_independent: true }
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
    let assumptions: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    group_indices(&RankedAssumptions::new(&assumptions), &OutcomeColumn::new(&outcomes, 2), groups)
        .expect("runs count")
}

/// A pure interaction of the first two, and the third alone: (x0 - 1/2)(x1 - 1/2) has the variance 1/144.
fn interaction(x: &[f64]) -> f64 {
    0.5 + 1.5 * (x[0] - 0.5) * (x[1] - 0.5) + 0.3 * (x[2] - 0.5)
}

#[test]
fn two_that_work_only_together_are_seen_as_a_group() {
    let of_pair = 1.5 * 1.5 / 144.0;
    let truth = of_pair / (of_pair + 0.09 / 12.0);
    let groups = [independent(&[0, 1]), independent(&[2]), independent(&[3, 4])];
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
    let groups = [independent(&[0, 1, 3]), independent(&[2]), independent(&[4, 5, 6])];
    let all = found(3, 7, &groups, linear);
    let first = &all.indices[0];
    assert_eq!((first.group, first.kind), (0, GroupIndexKind::AtLeast));
    within("bound where it is the index itself", first.index, 0.58, 0.75);
    assert!(first.interval.contains(2.0 / 3.0) && !first.tied_with_next, "{all:?}");
    // With an interaction inside the group, the bound stays below the closed index.
    let groups = [independent(&[0, 1, 3]), independent(&[2])];
    let below = found(4, 4, &groups, interaction);
    let bound = below.indices.iter().find(|index| index.group == 0).expect("told");
    within("bound below the closed index of 0.68", bound.index, 0.0, 0.2);
}

#[test]
fn correlated_members_beyond_two_are_left_untold() {
    let groups = [
        AssumptionGroup { members: vec![0, 1, 2], are_independent: false },
        independent(&[3]),
        independent(&[]),
    ];
    let found = found(5, 4, &groups, |x| 0.2 + 0.6 * x[3]);
    assert_eq!(found.untold, [0]);
    assert_eq!(found.indices.len(), 1);
}

#[test]
fn inert_groups_raise_their_stated_rate_of_false_alarms() {
    let groups = [independent(&[0]), independent(&[1, 2]), independent(&[3, 4, 5]), independent(&[6, 7])];
    let n = 200;
    let mut alarms = 0.0;
    for seed in 0..n {
        let found = found(seed + 70, 8, &groups, |x| 0.2 + 0.4 * x[0]);
        let alarm = found.indices.iter().any(|index| index.group > 0 && index.distinguishable);
        alarms += f64::from(u8::from(alarm)) / n as f64;
    }
    within("false alarms over three inert groups", alarms, 0.0, 0.08);
}
