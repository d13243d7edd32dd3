//! What scenario discovery costs on a table of 100,000 draws of 20 assumptions.
//!
//! `cargo run --release -p contingent-analysis --example discovery_cost`

#![expect(clippy::disallowed_methods, reason = "measuring time is what this example is for")]
#![expect(clippy::print_stdout, reason = "the measured times are its output")]

use std::time::Instant;

use contingent_analysis::discovery::{DiscoveryOptions, DrawTable, Target, discover};
use contingent_analysis::{AssumptionColumn, OutcomeColumn};
use contingent_engine::random::{StreamKey, stream_hash, uniform_pair};

const N_DRAWS: usize = 100_000;
const N_ASSUMPTIONS: usize = 20;

fn main() {
    let uniforms = |name: &str| -> Vec<f64> {
        let keys = StreamKey::new(1, stream_hash(name, "", 0)).round_keys();
        (0..N_DRAWS).map(|draw| uniform_pair(&keys, draw as u32, 0, 0, 0).0).collect()
    };
    let columns: Vec<Vec<f64>> = (0..N_ASSUMPTIONS).map(|j| uniforms(&format!("x{j}"))).collect();
    let chance = [uniforms("first"), uniforms("second")];
    let outcomes: Vec<f64> = (0..N_DRAWS)
        .flat_map(|draw| {
            let x = |j: usize| columns[j][draw];
            let p = if x(3) > 0.4 && x(7) < 0.6 && x(11) > 0.2 { 0.8 } else { 0.15 };
            [f64::from(u8::from(chance[0][draw] < p)), f64::from(u8::from(chance[1][draw] < p))]
        })
        .collect();

    let start = Instant::now();
    let assumptions: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    let table = DrawTable::new(&assumptions);
    let sorted = start.elapsed();
    let target = Target::new(&OutcomeColumn::new(&outcomes, 2), |value| value == 1.0).expect("runs count");
    let first_box = DiscoveryOptions { most_boxes: 1, n_resamples: 0, ..DiscoveryOptions::default() };
    let start = Instant::now();
    let found = discover(&table, &target, &DiscoveryOptions { most_leaves: 0, ..first_box });
    let searched = start.elapsed();
    let start = Instant::now();
    let everything = discover(&table, &target, &DiscoveryOptions::default());
    let all = start.elapsed();
    println!("{N_DRAWS} draws of {N_ASSUMPTIONS} assumptions, 2 replications");
    println!("sorting once for all questions    {sorted:>10.1?}");
    println!("first box, without the tree       {searched:>10.1?}");
    println!("three boxes, 10 resamples, tree   {all:>10.1?}");
    println!("first box: {:?}", found.boxes.first().map(|found| &found.region));
    println!("boxes found: {}", everything.boxes.len());
}
