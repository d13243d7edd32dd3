//! Total indices and interactions from a Saltelli design.

use contingent_analysis::{BootstrapOptions, SaltelliIndices, saltelli};

use crate::common::{over, shares_of};
use crate::designed::{Chance, column, layout, saltelli_outcomes};
use crate::functions::{Known, interacting, ishigami, linear, sobol_g};
use crate::page::{Effort, Promise, Row, Section, Table};

/// Indices that are known.
pub(crate) const KNOWN: Section = Section {
    title: "Total indices and interactions from a Saltelli design",
    about: "Smooth functions first, then coin flips with the function as their probability, two replications of each row.\n\
            `naive` is what the same estimators give on the first replication without any correction: a total index of\n\
            coin flips is then mostly chance. Tolerances of the coin flips are four standard errors of the mean over the\n\
            designs.",
    measure: known,
};

/// How often the intervals cover, and inert inputs.
pub(crate) const COVERAGE: Section = Section {
    title: "Coverage of the bootstrap intervals of indices",
    about: "u1 + 3 u1 u2 + u3/2 with u = x - 1/2, and an inert input, as coin flips: the total indices are 7/8, 3/8, 1/8\n\
            and 0, the first-order indices 1/2, 0, 1/8 and 0, and the first two do 3/8 only together. `own chance` gives\n\
            every row a chance of its own, the hardest case, which the program never does: it gives the rows of a point the\n\
            same chance. All but the first over a quarter of the usual number of designs. 1,000 bootstrap replicates in the\n\
            first, as the program takes, 300 in the others.",
    measure: coverage,
};

/// What a design costs.
pub(crate) const COST: Section = Section {
    title: "What a design costs",
    about: "Runs for one question, and what they buy: standard errors of the total index of 0.71 in the linear case above\n\
            (mean over 20 designs), for the same number of points. Without the copies of A and B the error of the\n\
            variance would dominate. Times are printed by `cargo run --release -p contingent-analysis --example\n\
            sensitivity_cost`.",
    measure: cost,
};

fn indices(
    function: &Known,
    n: usize,
    m: usize,
    chance: Chance,
    n_replicates: usize,
    seed: u64,
) -> SaltelliIndices {
    let values = saltelli_outcomes(function, n, m, chance, seed);
    saltelli(layout(function, chance), &column(&values, m), BootstrapOptions { n_replicates, seed })
        .expect("points count")
}

/// First-order and total index of each input and their standard errors, means over designs.
fn over_designs(
    function: &Known,
    n: usize,
    m: usize,
    chance: Chance,
    n_designs: u64,
) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    let mut means = vec![[0.0; 2]; function.n];
    let mut errors = vec![[0.0; 2]; function.n];
    let share = 1.0 / n_designs as f64;
    for found in over(n_designs, |seed| indices(function, n, m, chance, 300, seed + 17)) {
        for factor in found.factors {
            means[factor.factor][0] += share * factor.first.value;
            means[factor.factor][1] += share * factor.total.value;
            errors[factor.factor][0] += share * factor.first.standard_error;
            errors[factor.factor][1] += share * factor.total.standard_error;
        }
    }
    (means, errors)
}

fn known(effort: Effort) -> Vec<Table> {
    let mut tables = Vec::new();
    for function in [linear(), ishigami(), sobol_g()] {
        let (smooth, _) = over_designs(&function, 8_192, 1, Chance::None, 4);
        let mut rows = Vec::new();
        for (input, found) in smooth.iter().enumerate() {
            for (which, name, truth) in
                [(0, "first order", function.first[input]), (1, "total", function.total[input])]
            {
                rows.push(Row::within(
                    format!("input {}, {name}", input + 1),
                    truth,
                    found[which],
                    truth - 0.02,
                    truth + 0.02,
                ));
            }
        }
        if function.name == "Ishigami" {
            let found = indices(&function, 8_192, 1, Chance::None, 300, 2);
            let truth = function.total[2];
            let pair = &found.pairs[0];
            let what = format!("interaction of inputs {} and {}", pair.factors[0] + 1, pair.factors[1] + 1);
            rows.push(Row::within(what, truth, pair.index.value, truth - 0.02, truth + 0.02));
        }
        tables.push(Table {
            caption: format!("{}, as it is, 8,192 points, means over 4 designs:", function.name),
            rows,
        });
        let n_designs = effort.of(20).max(20);
        let (flips, errors) = over_designs(&function, 4_096, 2, Chance::Common, n_designs);
        let naive = naive_totals(&function, 4_096);
        let mut rows = Vec::new();
        for (input, found) in flips.iter().enumerate() {
            for (which, name, truth) in
                [(0, "first order", function.first[input]), (1, "total", function.total[input])]
            {
                // Where a probability hardly moves no coin falls differently.
                let off = (4.0 * errors[input][which] / (n_designs as f64).sqrt()).max(0.001);
                let what = if which == 1 {
                    format!("input {}, {name} (naive {:.2})", input + 1, naive[input])
                } else {
                    format!("input {}, {name}", input + 1)
                };
                rows.push(Row::within(what, truth, found[which], truth - off, truth + off));
            }
        }
        tables.push(Table {
            caption: format!(
                "{}, as coin flips, 4,096 points, means over {n_designs} designs:",
                function.name
            ),
            rows,
        });
    }
    tables
}

/// Jansen's estimator on the first replication of rows with chances of their own, divided by the variance of a coin.
fn naive_totals(function: &Known, n: usize) -> Vec<f64> {
    let values = saltelli_outcomes(function, n, 2, Chance::Own, 3);
    let rows = layout(function, Chance::Own).n_rows();
    let at = |point: usize, row: usize| values[(point * rows + row) * 2];
    let mean = (0..n).map(|point| at(point, 0)).sum::<f64>() / n as f64;
    (0..function.n)
        .map(|input| {
            let squares: f64 = (0..n).map(|point| (at(point, 2 + input) - at(point, 0)).powi(2)).sum();
            0.5 * squares / n as f64 / (mean * (1.0 - mean))
        })
        .collect()
}

fn coverage(effort: Effort) -> Vec<Table> {
    let function = interacting();
    let mut tables = Vec::new();
    for (chance, name, n_points) in [
        (Chance::Common, "common", 1_024),
        (Chance::Common, "common", 256),
        (Chance::Common, "common", 512),
        (Chance::Common, "common", 2_048),
        (Chance::Own, "own", 1_024),
    ] {
        let is_usual = chance == Chance::Common && n_points == 1_024;
        let n = if is_usual { effort.n_ensembles } else { effort.n_ensembles / 4 };
        let found = shares_of(n, |seed| {
            let n_replicates = if is_usual { 1_000 } else { 300 };
            let found = indices(&function, n_points, 2, chance, n_replicates, 3_000 + seed);
            let of = |input: usize| {
                found
                    .factors
                    .iter()
                    .find(|factor| factor.factor == input)
                    .expect("the variance is above zero")
            };
            let total = |input: usize| of(input).total.interval.contains(function.total[input]);
            let first = |input: usize| of(input).first.interval.contains(function.first[input]);
            let pair = found.pairs.iter().find(|pair| pair.factors == [0, 1]).expect("pairs are told");
            let shared = of(0).shared.interval.contains(function.total[0] - function.first[0]);
            [
                total(0),
                total(1),
                total(2),
                first(0),
                first(1),
                first(2),
                shared,
                pair.index.interval.contains(0.375),
                of(3).distinguishable,
            ]
        });
        let names = [
            "total index 7/8",
            "total index 3/8",
            "total index 1/8",
            "first-order index 1/2",
            "first-order index 0",
            "first-order index 1/8",
            "total less first order, 3/8",
            "what the first two do only together, 3/8",
        ];
        let mut rows: Vec<Row> = names
            .into_iter()
            .zip(found)
            .map(|(name, found)| {
                // Where few points tell anything the interval is that of their number, which is conservative.
                let promise = if n_points < 1_000 { Promise::AtLeast } else { Promise::Nominal };
                Row::rate(name, 0.95, found, n, promise)
            })
            .collect();
        rows.push(Row::rate("the inert input is told from zero", 0.05, found[8], n, Promise::AtMost));
        tables.push(Table {
            caption: format!(
                "Share of designs of {n_points} points whose interval holds the truth, {name} chance:"
            ),
            rows,
        });
    }
    tables
}

fn cost(_: Effort) -> Vec<Table> {
    let function = linear();
    let layout = layout(&function, Chance::Common);
    let mut rows = vec![
        Row::figure("rows of a point with 8 factors", layout.n_rows().to_string()),
        Row::figure("of these copies of A and B", (2 * layout.n_copies).to_string()),
    ];
    let mut with = [0.0; 2];
    for (place, chance) in [Chance::Common, Chance::Own].into_iter().enumerate() {
        with[place] = over_designs(&function, 1_024, 2, chance, 20).1[0][1];
    }
    rows.push(Row::figure("standard error of a total of 0.71, common chance", format!("{:.3}", with[0])));
    rows.push(Row::figure("the same, own chance", format!("{:.3}", with[1])));
    let ratio = (with[1] / with[0]).powi(2);
    rows.push(Row::figure("runs that common chance saves, as a ratio", format!("{ratio:.1}")));
    vec![Table { caption: "2,048 points, two replications:".to_owned(), rows }]
}
