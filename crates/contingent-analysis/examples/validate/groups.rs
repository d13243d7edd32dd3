//! Indices of groups from the one ensemble.

use contingent_analysis::groups::{AssumptionGroup, GroupedFirstOrder, group_indices};
use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions, RegressionBasis};

use crate::common::{Stream, cube, happen, over, shares_of};
use crate::page::{Effort, Promise, Row, Section, Table};

/// Indices that are known.
pub(crate) const KNOWN: Section = Section {
    title: "Groups of assumptions from one ensemble",
    about: "p = 0.5 + 1.5 (x1 - 0.5)(x2 - 0.5) + 0.3 (x3 - 0.5), as coin flips, 10,000 draws with two replications, means\n\
            over some ensembles. Two that work only together have their closed index; for three or more what a sum of\n\
            functions of one each explains is a lower bound and is called one.",
    measure: known,
};

/// How often the intervals cover.
pub(crate) const COVERAGE: Section = Section {
    title: "Coverage of the intervals of groups",
    about: "p = 0.1 + 0.25 (x1 + x3 + x4), where x2 repeats x1 and four more inputs do nothing; 2,000 draws, two\n\
            replications. The group of x1, x2 and x3 has the closed index 2/3, which an additive fit attains.",
    measure: coverage,
};

fn group(members: &[usize]) -> AssumptionGroup {
    AssumptionGroup { members: members.to_vec() }
}

fn known(effort: Effort) -> Vec<Table> {
    let of_pair = 2.25 / 144.0;
    let whole = of_pair + 0.09 / 12.0;
    let groups = [group(&[0, 1]), group(&[2]), group(&[3, 4]), group(&[0, 1, 5])];
    let n = effort.of(50);
    let mut means = [0.0; 4];
    for found in over(n, |seed| interacting(seed, &groups)) {
        for index in &found.indices {
            means[index.group] += index.index / n as f64;
        }
    }
    let (pair, third) = (of_pair / whole, 1.0 - of_pair / whole);
    vec![Table {
        caption: "Closed indices:".to_owned(),
        rows: vec![
            Row::within("inputs 1 and 2, which only work together", pair, means[0], pair - 0.05, pair + 0.05),
            Row::within("input 3", third, means[1], third - 0.05, third + 0.05),
            Row::within("two inert inputs", 0.0, means[2], 0.0, 0.05),
            Row::within("inputs 1, 2 and an inert one: at least", 0.0, means[3], 0.0, pair),
        ],
    }]
}

fn interacting(seed: u64, groups: &[AssumptionGroup]) -> GroupedFirstOrder {
    let mut stream = Stream::new(seed + 400);
    let columns = cube(&mut stream, 6, 10_000);
    let p = |draw: usize| {
        let x = |input: usize| columns[input][draw] - 0.5;
        0.5 + 1.5 * x(0) * x(1) + 0.3 * x(2)
    };
    let outcomes = happen(&mut stream, &(0..10_000).map(p).collect::<Vec<_>>(), 2);
    indices(&columns, &outcomes, groups)
}

fn indices(columns: &[Vec<f64>], outcomes: &[f64], groups: &[AssumptionGroup]) -> GroupedFirstOrder {
    let assumptions: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    let (ranked, basis) = (RankedAssumptions::new(&assumptions), RegressionBasis::new(&assumptions, 4));
    group_indices(&ranked, &basis, &OutcomeColumn::new(outcomes, 2), groups).expect("runs count")
}

fn coverage(effort: Effort) -> Vec<Table> {
    let n = effort.n_ensembles;
    let groups = [group(&[0, 1, 2]), group(&[3]), group(&[4, 5]), group(&[5, 6, 7])];
    let third = 1.0 / 3.0;
    let found = shares_of(n, |ensemble| {
        let mut stream = Stream::new(ensemble * 433_494_437 + 29);
        let mut columns = cube(&mut stream, 8, 2_000);
        columns[1] = columns[0].clone();
        let p = |draw: usize| 0.1 + 0.25 * (columns[0][draw] + columns[2][draw] + columns[3][draw]);
        let outcomes = happen(&mut stream, &(0..2_000).map(p).collect::<Vec<_>>(), 2);
        let found = indices(&columns, &outcomes, &groups);
        let of = |group: usize| found.indices.iter().find(|index| index.group == group).expect("told");
        let holds = |group: usize, truth: f64| of(group).interval.contains(truth);
        let alarm = of(2).distinguishable || of(3).distinguishable;
        [holds(0, 2.0 * third), holds(1, third), holds(2, 0.0), holds(3, 0.0), alarm]
    });
    let rows = vec![
        Row::rate("three of which two say the same, index 2/3", 0.95, found[0], n, Promise::Nominal),
        Row::rate("one alone, index 1/3", 0.95, found[1], n, Promise::Nominal),
        Row::rate("two inert ones", 0.95, found[2], n, Promise::AtLeast),
        Row::rate("three inert ones", 0.95, found[3], n, Promise::AtLeast),
        Row::rate("an inert group is told from zero", 0.05, found[4], n, Promise::AtMost),
    ];
    vec![Table { caption: "Share of ensembles whose interval holds the truth:".to_owned(), rows }]
}
