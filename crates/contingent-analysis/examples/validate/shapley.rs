//! Shapley waterfalls.

use contingent_analysis::OutcomeColumn;
use contingent_analysis::shapley::{Orders, Valued, Waterfall, combined, shapley};

use crate::common::{Stream, over, share_of, shares_of};
use crate::page::{Effort, Promise, Row, Section, Table};

/// Identities and a closed form.
pub(crate) const KNOWN: Section = Section {
    title: "Where a gap between two views comes from",
    about: "Coin flips with p = 0.1 + 0.2 x + 0.1 (t1 + t2) + 0.2 t1 t3 + 0.01 (t5 + ...), where t_j is 1 when group j is\n\
            taken from the second view; group 4 does nothing. All coalitions meet the same draws and chance. The parts of\n\
            1, 2 and 3 are 0.2, 0.1 and 0.1: what two do together is halved.",
    measure: known,
};

fn probability(taken: &[f64], x: f64) -> f64 {
    let rest: f64 = taken[4..].iter().sum();
    0.1 + 0.2 * x + 0.1 * (taken[0] + taken[1]) + 0.2 * taken[0] * taken[2] + 0.01 * rest
}

fn waterfall(
    orders: &Orders,
    n_groups: usize,
    n_draws: usize,
    seed: u64,
    probability: impl Fn(&[f64], f64) -> f64,
) -> Waterfall {
    let mut stream = Stream::new(seed);
    let draws: Vec<[f64; 3]> =
        (0..n_draws).map(|_| [stream.uniform(), stream.uniform(), stream.uniform()]).collect();
    let outcomes: Vec<Vec<f64>> = orders
        .coalitions()
        .into_iter()
        .map(|coalition| {
            let taken: Vec<f64> = (0..n_groups).map(|group| ((coalition >> group) & 1) as f64).collect();
            draws
                .iter()
                .flat_map(|&[x, u, v]| {
                    let p = probability(&taken, x);
                    [f64::from(u8::from(u < p)), f64::from(u8::from(v < p))]
                })
                .collect()
        })
        .collect();
    let columns: Vec<OutcomeColumn<'_>> =
        outcomes.iter().map(|values| OutcomeColumn::new(values, 2)).collect();
    shapley(orders, &columns, Valued::Mean).expect("runs count")
}

fn known(effort: Effort) -> Vec<Table> {
    let mut identities = Vec::new();
    for n_groups in [4, 8, 12] {
        let orders = Orders::new(n_groups, 12, 2);
        let found = waterfall(&orders, n_groups, 1_000, 6, probability);
        let sum: f64 = found.parts.iter().map(|part| part.part.value).sum();
        let name = if orders.is_exact() { "all orders" } else { "24 drawn orders" };
        identities.push(Row::at_most(
            format!("{n_groups} groups, {name}: sum of the parts less the gap"),
            sum - found.gap.value,
            1e-13,
        ));
        identities.push(Row::at_most(
            format!("{n_groups} groups, {name}: part of the group that does nothing"),
            found.parts[3].part.value,
            0.0,
        ));
    }
    let symmetric = |taken: &[f64], x: f64| 0.1 + 0.2 * x + 0.3 * taken[0].max(taken[1]) + 0.1 * taken[2];
    let found = waterfall(&Orders::all(3), 3, 1_000, 7, symmetric);
    identities.push(Row::at_most(
        "two groups that do the same: difference of their parts",
        found.parts[0].part.value - found.parts[1].part.value,
        1e-13,
    ));
    let orders = Orders::all(4);
    let truths = [0.2, 0.1, 0.1];
    let n = effort.n_ensembles;
    let ones = over(n, |seed| waterfall(&orders, 4, 300, 10_000 + seed, probability));
    let mut closed = Vec::new();
    for (group, truth) in truths.into_iter().enumerate() {
        let mean = ones.iter().map(|found| found.parts[group].part.value).sum::<f64>() / n as f64;
        let held = ones.iter().filter(|found| found.parts[group].part.interval.contains(truth)).count();
        let name = format!("part of group {}", group + 1);
        closed.push(Row::within(name.clone(), truth, mean, truth - 0.003, truth + 0.003));
        closed.push(Row::rate(
            format!("{name}: coverage"),
            0.95,
            held as f64 / n as f64,
            n,
            Promise::Nominal,
        ));
    }
    let gaps = ones.iter().filter(|found| found.gap.interval.contains(0.4)).count();
    closed.push(Row::rate("the gap: coverage", 0.95, gaps as f64 / n as f64, n, Promise::Nominal));
    let pooled = share_of(n, |seed| {
        let mut stream = Stream::new(900_000 + seed);
        let draws: Vec<[f64; 3]> =
            (0..300).map(|_| [stream.uniform(), stream.uniform(), stream.uniform()]).collect();
        let view = |shift: f64| -> Vec<f64> {
            let happens = |&[x, u, v]: &[f64; 3]| {
                [u, v].map(|chance| f64::from(u8::from(chance < 0.1 + shift + 0.4 * x)))
            };
            draws.iter().flat_map(happens).collect()
        };
        let views = [view(0.0), view(0.3)];
        let columns = views.each_ref().map(|values| OutcomeColumn::new(values, 2));
        // 0.25 of 0.3 and 0.75 of 0.6.
        let found = combined(&columns, &[0.25, 0.75], Valued::Mean).expect("runs count");
        found.interval.contains(0.525)
    });
    closed.push(Row::rate("two views pooled 1 to 3: coverage", 0.95, pooled, n, Promise::Nominal));
    // Ten groups: the parts of the first three as before, 0.01 each of the last six.
    let many = shares_of(n, |seed| {
        let drawn = Orders::drawn(10, 8, seed);
        let found = waterfall(&drawn, 10, 150, 500_000 + seed, probability);
        let holds = |group: usize, truth: f64| found.parts[group].part.interval.contains(truth);
        [holds(0, 0.2), holds(1, 0.1), holds(2, 0.1), holds(6, 0.01)]
    });
    let drawn = ["part of group 1", "part of group 2", "part of group 3", "part of group 7"]
        .into_iter()
        .zip(many)
        .map(|(name, found)| Row::rate(format!("{name}: coverage"), 0.95, found, n, Promise::AtLeast))
        .collect();
    let sizes = [4, 8, 12, 16]
        .into_iter()
        .map(|n_groups| {
            let n = Orders::new(n_groups, 12, 1).coalitions().len();
            let name = if n_groups <= 8 { "all orders" } else { "24 drawn orders" };
            Row::figure(format!("{n_groups} groups, {name}"), n.to_string())
        })
        .collect();
    vec![
        Table { caption: "Identities:".to_owned(), rows: identities },
        Table { caption: "Closed form, 300 draws:".to_owned(), rows: closed },
        Table {
            caption: "Ten groups, eight drawn orders and their reverses, 150 draws:".to_owned(),
            rows: drawn,
        },
        Table { caption: "Mixtures that must be run:".to_owned(), rows: sizes },
    ]
}
