//! Indices of groups from the one ensemble.

use contingent_analysis::groups::{AssumptionGroup, GroupedFirstOrder, group_indices};
use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions};

use crate::common::{Stream, cube, happen};
use crate::page::{Row, Section, Table};

/// Indices that are known.
pub(crate) const KNOWN: Section = Section {
    title: "Groups of assumptions from one ensemble",
    about: "p = 0.5 + 1.5 (x1 - 0.5)(x2 - 0.5) + 0.3 (x3 - 0.5), as coin flips, 10,000 draws with two replications, means\n\
            over 50 ensembles. Two that work only together have their closed index; for three or more the sum of their\n\
            own indices is a lower bound and is called one.",
    measure: known,
};

fn known() -> Vec<Table> {
    let of_pair = 2.25 / 144.0;
    let whole = of_pair + 0.09 / 12.0;
    let group = |members: &[usize]| AssumptionGroup { members: members.to_vec(), are_independent: true };
    let groups = [group(&[0, 1]), group(&[2]), group(&[3, 4]), group(&[0, 1, 5])];
    let n = 50;
    let mut means = [0.0; 4];
    let mut alarms = 0.0;
    for seed in 0..n {
        let found = one(seed, &groups);
        for index in &found.indices {
            means[index.group] += index.index / n as f64;
            if index.group == 2 {
                alarms += f64::from(u8::from(index.distinguishable)) / n as f64;
            }
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
            Row::share("ensembles in which the inert pair is told from zero", 0.05 / 4.0, alarms, 0.0, 0.08),
        ],
    }]
}

fn one(seed: u64, groups: &[AssumptionGroup]) -> GroupedFirstOrder {
    let mut stream = Stream::new(seed + 400);
    let columns = cube(&mut stream, 6, 10_000);
    let probabilities: Vec<f64> = (0..10_000)
        .map(|draw| {
            let x = |input: usize| columns[input][draw] - 0.5;
            0.5 + 1.5 * x(0) * x(1) + 0.3 * x(2)
        })
        .collect();
    let outcomes = happen(&mut stream, &probabilities, 2);
    let assumptions: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    group_indices(&RankedAssumptions::new(&assumptions), &OutcomeColumn::new(&outcomes, 2), groups)
        .expect("runs count")
}
