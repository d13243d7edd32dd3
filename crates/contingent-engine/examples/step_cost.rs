//! Measures what one step of one run costs, on a synthetic model of about 250 scalar equations.
//!
//! Enters: nothing. Leaves: a line on standard output. Run with `--release`.

#[path = "../tests/support/mod.rs"]
mod support;

use contingent_engine::{Block, Configuration, Workspace, compile, run_block};

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads the clock and prints"
)]
fn main() {
    let (n_regions, n_steps, n_lanes) = (8, 104, 2048);
    let builder = support::large::model(n_regions, n_steps);
    let program = compile(&builder.model, &Configuration::default()).expect("the model is small");
    if std::env::args().any(|argument| argument == "dump") {
        println!("{}", program.dump());
        return;
    }
    let draws: Vec<u32> = (0..n_lanes as u32).collect();
    let replications = vec![0; n_lanes];
    let parameters: Vec<f64> =
        support::large::parameters(n_regions).iter().flat_map(|&value| vec![value; n_lanes]).collect();
    let block = Block { seed: 1, draws: &draws, replications: &replications, parameters: &parameters };
    let mut workspace = Workspace::default();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = std::time::Instant::now();
        let result = run_block(&program, &block, &mut workspace);
        best = best.min(start.elapsed().as_secs_f64());
        assert!(result.failures.is_empty());
    }
    let equations: usize =
        builder.model.variables.iter().map(|v| builder.model.n_elements(&v.subscripts)).sum();
    println!(
        "{equations} elements, {} instructions, {:.0} ns per run-step",
        program.n_instructions(),
        best * 1e9 / (n_lanes * n_steps) as f64
    );
}
