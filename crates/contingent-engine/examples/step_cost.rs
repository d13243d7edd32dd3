//! Measures what one step of one run costs, on a synthetic model of about 250 scalar equations.
//!
//! Enters: nothing. Leaves: a line on standard output. Run with `--release`.

#[path = "../tests/support/mod.rs"]
mod support;

use contingent_engine::{Backend, Block, ChanceMode, Configuration, Program, Workspace, compile, run_block};

#[expect(clippy::print_stdout, reason = "a measurement prints")]
fn main() {
    let (n_regions, n_steps, n_lanes) = (8, 104, 2048);
    let builder = support::large::model(n_regions, n_steps);
    // `expected` leaves out chance, whose counts iterate and are the same calls for both.
    let is_expected = std::env::args().any(|argument| argument == "expected");
    let chance = if is_expected { ChanceMode::Expected } else { ChanceMode::Drawn };
    let configuration = Configuration { chance, ..Configuration::default() };
    let program = compile(&builder.model, &configuration).expect("the model is small");
    if std::env::args().any(|argument| argument == "dump") {
        println!("{}", program.dump());
        return;
    }
    let draws: Vec<u32> = (0..n_lanes as u32).collect();
    let replications = vec![0; n_lanes];
    let parameters: Vec<f64> =
        support::large::parameters(n_regions).iter().flat_map(|&value| vec![value; n_lanes]).collect();
    let block = Block { seed: 1, draws: &draws, replications: &replications, parameters: &parameters };
    let interpreted = cost(&program.clone().with_backend(Backend::Interpreter), &block);
    let native = if program.is_native() { cost(&program, &block) } else { f64::NAN };
    let equations: usize =
        builder.model.variables.iter().map(|v| builder.model.n_elements(&v.subscripts)).sum();
    println!(
        "{equations} elements, {} instructions; per run-step: interpreter {:.0} ns, machine code {:.0} ns, \
         ratio {:.2}",
        program.n_instructions(),
        interpreted * 1e9 / (n_lanes * n_steps) as f64,
        native * 1e9 / (n_lanes * n_steps) as f64,
        interpreted / native
    );
}

/// The best of five times, in seconds.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn cost(program: &Program, block: &Block<'_>) -> f64 {
    let mut workspace = Workspace::default();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = std::time::Instant::now();
        let result = run_block(program, block, &mut workspace);
        best = best.min(start.elapsed().as_secs_f64());
        assert!(result.failures.is_empty());
    }
    best
}
