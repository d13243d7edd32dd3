//! What the analyses of a design cost, the runs themselves left out.
//!
//! `cargo run --release -p contingent-analysis --example sensitivity_cost`

#![expect(clippy::disallowed_methods, reason = "measuring time is what this example is for")]
#![expect(clippy::print_stdout, reason = "the measured times are its output")]

use std::time::Instant;

use contingent_analysis::shapley::{Orders, Valued, shapley};
use contingent_analysis::{BootstrapOptions, OutcomeColumn, SaltelliLayout, saltelli};
use contingent_engine::random::mix;

fn main() {
    let options = BootstrapOptions { n_replicates: 1_000, seed: 1 };
    let flip = |key: u64, p: f64| {
        let u = (mix(key) >> 11) as f64 / 9_007_199_254_740_992.0;
        f64::from(u8::from(u < p))
    };
    for (name, layout, m) in [
        ("without chance, 1 replication", SaltelliLayout::without_chance(20), 1),
        ("with chance, 2 replications", SaltelliLayout::new(20), 2),
    ] {
        let n = 1 << 14;
        let runs = n * layout.n_rows() * m;
        let values: Vec<f64> = (0..runs)
            .map(|run| {
                let row = run / m % layout.n_rows();
                let point = run / m / layout.n_rows();
                let p = (0..20)
                    .map(|factor| {
                        let side = u64::from(layout.is_second(row, factor));
                        (mix((point as u64) << 8 | (factor as u64) << 1 | side) >> 11) as f64
                            / 9_007_199_254_740_992.0
                    })
                    .take(5)
                    .sum::<f64>()
                    / 5.0;
                flip((point as u64) << 16 | (layout.chance(row) as u64) << 8 | (run % m) as u64, p)
            })
            .collect();
        let start = Instant::now();
        let found = saltelli(layout, &OutcomeColumn::new(&values, m), options).expect("points count");
        println!(
            "Saltelli, N = 2^14, D = 20, {name}: first, total and {} interactions, 1,000 bootstraps {:>8.0?}",
            found.pairs.len(),
            start.elapsed()
        );
    }
    let orders = Orders::all(8);
    let n = 10_000;
    let outcomes: Vec<Vec<f64>> = (0..256_u64)
        .map(|coalition| {
            (0..2 * n).map(|run| flip(run, 0.2 + 0.05 * f64::from(coalition.count_ones()))).collect()
        })
        .collect();
    let columns: Vec<OutcomeColumn<'_>> =
        outcomes.iter().map(|values| OutcomeColumn::new(values, 2)).collect();
    let start = Instant::now();
    let found = shapley(&orders, &columns, Valued::Mean).expect("runs count");
    println!(
        "Shapley, 8 groups, 256 coalitions of {n} draws twice: {} parts {:>8.0?}",
        found.parts.len(),
        start.elapsed()
    );
}
