//! Runs every estimator on cases with a known answer and writes `docs/validation.md`.
//!
//! `cargo xtask validate [--full]`, or `cargo run --release -p contingent-analysis --example validate -- PAGE.md`, which
//! also takes `--only WORDS` for the sections whose title holds the words. `--full` takes 10,000 ensembles for each
//! coverage instead of 1,000, some minutes of one processor. Each estimator has a file here with one or more [`Section`]s; a new one is a line in [`SECTIONS`].

#![expect(clippy::print_stderr, reason = "a chore talks to whoever runs it")]
#![expect(
    clippy::disallowed_methods,
    reason = "a chore writes its page; the test functions need no fixed bits"
)]

mod answers;
#[path = "../../tests/common/cases.rs"]
mod cases;
#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../../tests/common/designed.rs"]
mod designed;
mod discovery;
mod first_order;
#[path = "../../tests/common/functions.rs"]
mod functions;
mod groups;
mod morris;
mod page;
mod saltelli;
mod shapley;

use std::process::ExitCode;

use page::{Effort, FULL, Section};

/// The page, in order.
const SECTIONS: &[Section] = &[
    answers::INTERVALS,
    answers::QUANTITIES,
    answers::SEQUENTIAL,
    answers::PASSAGE,
    first_order::KNOWN,
    first_order::COVERAGE,
    groups::KNOWN,
    groups::COVERAGE,
    saltelli::KNOWN,
    saltelli::COVERAGE,
    saltelli::COST,
    morris::KNOWN,
    morris::COVERAGE,
    shapley::KNOWN,
    discovery::PLANTED,
    answers::KNOWLEDGE,
    answers::SIGNALS,
    answers::POLICIES,
];

/// What was asked for.
struct Asked {
    page: String,
    effort: Effort,
    only: Option<String>,
}

fn asked() -> Option<Asked> {
    let (mut page, mut only, mut n_ensembles) = (None, None, FULL / 10);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--full" => n_ensembles = FULL,
            "--only" => only = Some(arguments.next()?),
            _ if page.is_none() && !argument.starts_with('-') => page = Some(argument),
            _ => return None,
        }
    }
    Some(Asked { page: page?, effort: Effort { n_ensembles }, only })
}

fn main() -> ExitCode {
    let Some(Asked { page, effort, only }) = asked() else {
        eprintln!("usage: validate PAGE.md [--full] [--only WORDS]");
        return ExitCode::from(2);
    };
    let start = std::time::Instant::now();
    let (text, failed) = page::write(SECTIONS, effort, only.as_deref(), |title| {
        eprintln!("validate: {title} ({:.0} s)", start.elapsed().as_secs_f64());
    });
    if let Err(error) = std::fs::write(&page, text) {
        eprintln!("validate: cannot write {page}: {error}");
        return ExitCode::from(2);
    }
    for line in &failed {
        eprintln!("validate: does not hold: {line}");
    }
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
