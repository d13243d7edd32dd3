//! First-order indices from the one ensemble, read through coin flips.

use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions, first_order};

use crate::common::{Stream, cube, happen};
use crate::functions::{Known, ishigami, linear, sobol_g};
use crate::page::{Row, Section, Table};

/// Indices that are known.
pub(crate) const KNOWN: Section = Section {
    title: "First-order indices from one ensemble",
    about: "The outcome is a coin flip whose probability is the function, scaled to 0.1..0.9, which leaves its indices\n\
            as they are. `naive` divides by the variance of the single runs and corrects nothing, as a routine for\n\
            smooth outputs does. Means over ensembles of 10,000 draws; the draws are independent. What varies within a\n\
            group of ranks is lost: a few percent for the two waves of Ishigami's second input.",
    measure: known,
};

/// How often the intervals cover.
pub(crate) const COVERAGE: Section = Section {
    title: "Coverage of the intervals of first-order indices",
    about: "Linear probabilities, 1,000 ensembles each. An interval of 95% that is computed from the ensemble itself is\n\
            allowed two points either way.",
    measure: coverage,
};

struct Measured {
    mean: Vec<f64>,
    naive: Vec<f64>,
    covered: Vec<f64>,
    any_false_alarm: f64,
}

fn over_ensembles(function: &Known, n_draws: usize, m: usize, n_ensembles: u64) -> Measured {
    let n = function.n;
    let zeros = vec![0.0; n];
    let mut measured =
        Measured { mean: zeros.clone(), naive: zeros.clone(), covered: zeros, any_false_alarm: 0.0 };
    let share = 1.0 / n_ensembles as f64;
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 7_919 + 3);
        let columns = cube(&mut stream, n, n_draws);
        let probabilities: Vec<f64> = (0..n_draws)
            .map(|draw| function.probability(&columns.iter().map(|column| column[draw]).collect::<Vec<_>>()))
            .collect();
        let outcomes = happen(&mut stream, &probabilities, m);
        let assumptions: Vec<AssumptionColumn<'_>> =
            columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
        let found = first_order(&RankedAssumptions::new(&assumptions), &OutcomeColumn::new(&outcomes, m))
            .expect("runs count");
        let mean = outcomes.iter().sum::<f64>() / outcomes.len() as f64;
        // What a routine for smooth outputs makes of the first runs: variance of a coin as if it were of p.
        let naive_scale = found.variance / (mean * (1.0 - mean));
        let mut alarm = false;
        for index in &found.indices {
            let j = index.assumption;
            measured.mean[j] += share * index.index;
            measured.naive[j] += share * index.index * naive_scale;
            measured.covered[j] += share * f64::from(u8::from(index.interval.contains(function.first[j])));
            alarm |= function.total[j] == 0.0 && index.distinguishable;
        }
        measured.any_false_alarm += share * f64::from(u8::from(alarm));
    }
    measured
}

fn known() -> Vec<Table> {
    [(linear(), 2, 0.03), (ishigami(), 4, 0.05), (sobol_g(), 4, 0.03)]
        .into_iter()
        .map(|(function, m, tolerance)| {
            let measured = over_ensembles(&function, 10_000, m, 100);
            let mut rows: Vec<Row> = (0..function.n)
                .map(|j| {
                    let truth = function.first[j];
                    let what = format!("input {} (naive {:.2})", j + 1, measured.naive[j]);
                    Row::within(
                        what,
                        truth,
                        measured.mean[j],
                        (truth - tolerance).max(0.0),
                        truth + tolerance,
                    )
                })
                .collect();
            if function.total.contains(&0.0) {
                let what = "ensembles in which any inert input is told from zero";
                rows.push(Row::share(what, 0.05, measured.any_false_alarm, 0.0, 0.12));
            }
            Table { caption: format!("{}, {m} replications of each draw:", function.name), rows }
        })
        .collect()
}

fn coverage() -> Vec<Table> {
    let function = linear();
    let rows = [(3_000, 2), (3_000, 4), (10_000, 2)]
        .into_iter()
        .flat_map(|(n_draws, m)| {
            let measured = over_ensembles(&function, n_draws, m, 1_000);
            (0..2)
                .map(|j| {
                    let what = format!("index {}, {n_draws} draws, {m} replications", function.first[j]);
                    Row::share(what, 0.95, measured.covered[j], 0.93, 0.97)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    vec![Table { caption: "Share of ensembles whose interval holds the truth:".to_owned(), rows }]
}
