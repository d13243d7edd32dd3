//! Measures what compiling a model costs, and what one step of one run of it costs.
//!
//! Enters: the path of a model, and `dump` to see its program. Leaves: lines on standard output. Run with `--release`.

use std::collections::BTreeMap;
use std::path::Path;

use contingent_engine::{Backend, Block, Configuration, Program, Workspace, compile, run_block};
use contingent_ensemble::{Design, Experiment};
use contingent_model::{CheckedModel, check, load};

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads the clock and prints"
)]
fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "models/taliban-daesh-k".to_owned());
    let model = open(Path::new(&path));
    let mut best = f64::INFINITY;
    for _ in 0..50 {
        let start = std::time::Instant::now();
        let program = compile(&model, &Configuration::default()).expect("the model is not too large");
        best = best.min(start.elapsed().as_secs_f64());
        assert!(program.n_instructions() > 0);
    }
    let program = compile(&model, &Configuration::default()).expect("the model is not too large");
    if std::env::args().any(|argument| argument == "dump") {
        println!("{}", program.dump());
        return;
    }
    println!("compile {:.2} ms, {} instructions", best * 1e3, program.n_instructions());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let listing = program.dump();
    let step = listing.split("observe, even steps").nth(1).and_then(|rest| rest.split("observe, odd").next());
    for line in step.unwrap_or_default().lines() {
        if let Some((_, rest)) = line.split_once(" = ") {
            *kinds.entry(rest.split('(').next().unwrap_or_default().to_owned()).or_default() += 1;
        }
    }
    println!("{kinds:?}");

    let n_lanes = 1024;
    let design = Design { seed: 1, n_draws: n_lanes as u32, n_replications: 1 };
    let columns = design
        .parameter_values(&model, program.parameters(), &Experiment::default())
        .expect("the assumptions can be drawn");
    let parameters: Vec<f64> = columns.iter().flat_map(|column| column.iter().copied()).collect();
    let draws: Vec<u32> = (0..n_lanes as u32).collect();
    let replications = vec![0; n_lanes];
    let block = Block { seed: 1, draws: &draws, replications: &replications, parameters: &parameters };
    let start = processor_time();
    let is_native = program.clone().with_backend(Backend::Native).is_native();
    println!("machine code made: {is_native}, in {:.2} ms", (processor_time() - start) * 1e3);
    let is_wanted = |name: &str| std::env::args().nth(2).is_none_or(|only| only == name);
    let of = |name: &str, backend: Backend| match program.clone().with_backend(backend) {
        program if is_wanted(name) => cost(&program, &block),
        _ => f64::NAN,
    };
    let interpreted = of("interpreter", Backend::Interpreter);
    let native = of("native", Backend::Native);
    let n_steps = program.n_times() - 1;
    let scale = 1e9 / (n_lanes * n_steps) as f64;
    println!(
        "per run-step: interpreter {:.0} ns, machine code {:.0} ns, ratio {:.2}",
        interpreted * scale,
        native * scale,
        interpreted / native
    );
}

/// The best of some times, in seconds: the processor's time of this thread, so that neighbours count less.
fn cost(program: &Program, block: &Block<'_>) -> f64 {
    let mut workspace = Workspace::default();
    let mut best = f64::INFINITY;
    for _ in 0..60 {
        let start = processor_time();
        let result = run_block(program, block, &mut workspace);
        best = best.min(processor_time() - start);
        assert!(result.failures.len() < block.draws.len());
    }
    best
}

/// Seconds that this thread has run, where the system tells, else the clock.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn processor_time() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let first = told.as_deref().and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    match first {
        Some(nanoseconds) => nanoseconds * 1e-9,
        None => std::time::UNIX_EPOCH.elapsed().map_or(0.0, |elapsed| elapsed.as_secs_f64()),
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads its model")]
fn open(directory: &Path) -> CheckedModel {
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).map_err(|error| error.to_string());
    let text = read("model.ctg").expect("the directory has a model");
    let loaded = load("model.ctg", text, &mut |name| read(name));
    check(loaded).model.expect("the model has no mistakes")
}
