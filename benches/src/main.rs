//! Measures the engine beside hand-written limits, in one run.
//!
//! Enters: `table [--only CASE | --peers PYTHON]`, or `count CASE`. Leaves: a table in Markdown on standard output, or nothing
//! (a `count` is watched from outside, by valgrind). Always holds: a limit computes what the model computes, and
//! the two are compared before anything is measured; times are those that a thread spent on a processor where
//! the system tells them, so that neighbours on the machine change little; the best of several rounds counts.

mod cases;
mod clock;
mod limits;
mod peers;

use std::process::ExitCode;

use cases::Case;
use clock::Stopwatch;

/// Rounds of which the best counts.
const N_ROUNDS: usize = 5;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the table is what the program is for")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["table"] => Ok(table(None, "")),
        ["table", "--only", key] => Ok(table(None, key)),
        ["table", "--peers", python] => Ok(table(Some(python), "")),
        ["count", case] => cases::count(case).map(|()| String::new()),
        ["counted"] => Ok(cases::COUNTED.join("\n") + "\n"),
        _ => Err("usage: contingent-benches table [--only CASE | --peers PYTHON] | counted | count CASE"
            .to_owned()),
    };
    match result {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// What is done per second of a core by `n_threads` threads that do the same work, in one round.
fn round(n_threads: usize, work: &(dyn Fn() -> f64 + Sync)) -> f64 {
    let (done, seconds) = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads)
            .map(|_| {
                scope.spawn(|| {
                    let watch = Stopwatch::start();
                    let mut done = 0.0;
                    while watch.seconds() < 0.3 {
                        done += work();
                    }
                    (done, watch.seconds())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a round of measuring does not fail"))
            .fold((0.0, 0.0), |(d, s), (done, seconds)| (d + done, s + seconds))
    });
    done / seconds
}

/// The best rounds of several kinds of work, in turns, so that what disturbs one disturbs all.
fn best_of_rounds<const N: usize>(works: [(usize, &(dyn Fn() -> f64 + Sync)); N]) -> [f64; N] {
    let mut best = [0.0_f64; N];
    for _ in 0..N_ROUNDS {
        for (best, (n_threads, work)) in best.iter_mut().zip(works) {
            *best = best.max(round(n_threads, work));
        }
    }
    best
}

/// Measures all cases, or those whose key begins with `only`.
fn table(python: Option<&str>, only: &str) -> String {
    let mut text = String::from(
        "| model | counted | engine, 1 thread | engine, 2 threads | interpreter | hand-written | ratio | of the interpreter |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut cases = cases::all();
    cases.retain(|case| case.key.starts_with(only));
    let mut ours = Vec::new();
    for case in &cases {
        case.compare();
        let Case { name, unit, .. } = case;
        let run_engine = || case.run_engine();
        let [engine, two, interpreter, limit] = best_of_rounds([
            (1, &run_engine),
            (2, &run_engine),
            (1, &|| case.run_interpreter()),
            (1, &|| case.run_limit()),
        ]);
        ours.push((case.key, engine));
        text += &format!(
            "| {name} | {unit} | {} | {} | {} | {} | {:.2} | {:.2} |\n",
            short(engine),
            short(two),
            short(interpreter),
            short(limit),
            engine / limit,
            interpreter / limit
        );
    }
    if let Some(python) = python {
        text += "\n| peer | model | per core-second | the engine is faster by |\n|---|---|---|---|\n";
        match peers::measure(python) {
            Ok(measured) => {
                for (peer, key, speed) in measured {
                    let engine =
                        ours.iter().find(|(ours, _)| **ours == key).map_or(f64::NAN, |found| found.1);
                    text += &format!("| {peer} | {key} | {} | {:.1} |\n", short(speed), engine / speed);
                }
            }
            Err(message) => text += &format!("| none: {message} | | | |\n"),
        }
    }
    text
}

/// A large number in three digits.
fn short(number: f64) -> String {
    format!("{number:.2e}")
}
