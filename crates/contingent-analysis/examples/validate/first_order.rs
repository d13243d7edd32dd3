//! First-order indices from the one ensemble, read through coin flips.

use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions, first_order};

use crate::common::{Stream, cube, happen, over};
use crate::functions::{Known, interacting, ishigami, linear, sobol_g};
use crate::page::{Effort, Promise, Row, Section, Table};

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
    about: "p = 0.5 + c (u1 + 3 u1 u2 + u3/2) with u = x - 1/2, so that the indices are 1/2, 0, 1/8 and, of a fourth\n\
            input, 0. Intervals of an index of zero end at zero and are one-sided. The variance is that of what is known of\n\
            it, the gain is the index times it. Four replications over a quarter of the usual number of ensembles.",
    measure: coverage,
};

struct Measured {
    mean: Vec<f64>,
    naive: Vec<f64>,
    covered: Vec<f64>,
    gain_covered: Vec<f64>,
    any_false_alarm: f64,
}

/// `variance` is that of the probability, which only the gain needs.
fn over_ensembles(function: &Known, variance: f64, n_draws: usize, m: usize, n_ensembles: u64) -> Measured {
    let n = function.n;
    let zeros = vec![0.0; n];
    let mut measured = Measured {
        mean: zeros.clone(),
        naive: zeros.clone(),
        covered: zeros.clone(),
        gain_covered: zeros,
        any_false_alarm: 0.0,
    };
    let ones = over(n_ensembles, |ensemble| {
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
        (found.variance / (mean * (1.0 - mean)), found.indices)
    });
    let share = 1.0 / n_ensembles as f64;
    for (naive_scale, indices) in ones {
        let mut alarm = false;
        for index in &indices {
            let j = index.assumption;
            measured.mean[j] += share * index.index;
            measured.naive[j] += share * index.index * naive_scale;
            measured.covered[j] += share * f64::from(u8::from(index.interval.contains(function.first[j])));
            let gain = function.first[j] * variance;
            measured.gain_covered[j] += share * f64::from(u8::from(index.gain_interval.contains(gain)));
            alarm |= function.first[j] == 0.0 && index.distinguishable;
        }
        measured.any_false_alarm += share * f64::from(u8::from(alarm));
    }
    measured
}

fn known(effort: Effort) -> Vec<Table> {
    [(linear(), 2, 0.03), (ishigami(), 4, 0.05), (sobol_g(), 4, 0.03)]
        .into_iter()
        .map(|(function, m, tolerance)| {
            let n = effort.of(100);
            let measured = over_ensembles(&function, 0.0, 10_000, m, n);
            let rows: Vec<Row> = (0..function.n)
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
            Table { caption: format!("{}, {m} replications of each draw:", function.name), rows }
        })
        .collect()
}

fn coverage(effort: Effort) -> Vec<Table> {
    let function = interacting();
    // The function is scaled to 0.1..0.9 of its range of 3: V = (0.8 / 3)^2 / 6.
    let variance = (0.8_f64 / 3.0).powi(2) / 6.0;
    let mut rows = Vec::new();
    for (m, n_draws, n) in [(2, 4_000, effort.n_ensembles), (4, 2_000, effort.n_ensembles / 4)] {
        let measured = over_ensembles(&function, variance, n_draws, m, n);
        let of = |name: &str| format!("{name}, {n_draws} draws, {m} replications");
        for (j, promise) in [(0, Promise::Nominal), (2, Promise::Nominal), (3, Promise::AtLeast)] {
            let truth = function.first[j];
            rows.push(Row::rate(of(&format!("index {truth}")), 0.95, measured.covered[j], n, promise));
            rows.push(Row::rate(
                of(&format!("gain of index {truth}")),
                0.95,
                measured.gain_covered[j],
                n,
                promise,
            ));
        }
        rows.push(Row::rate(
            of("an input without index is told from zero"),
            0.05,
            measured.any_false_alarm,
            n,
            Promise::AtMost,
        ));
    }
    vec![Table { caption: "Share of ensembles whose interval holds the truth:".to_owned(), rows }]
}
