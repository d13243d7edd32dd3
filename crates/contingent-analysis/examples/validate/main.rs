//! Runs every estimator on cases with a known answer and writes `docs/validation.md`.
//!
//! `cargo xtask validate`, or `cargo run --release -p contingent-analysis --example validate -- docs/validation.md`.
//! Each estimator has a file here with one or more [`Section`]s; a new one is a line in [`SECTIONS`].

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
mod first_order;
#[path = "../../tests/common/functions.rs"]
mod functions;
mod groups;
mod morris;
mod page;
mod saltelli;
mod shapley;

use std::process::ExitCode;

use page::Section;

/// The page, in order.
const SECTIONS: &[Section] = &[
    answers::INTERVALS,
    answers::SEQUENTIAL,
    answers::PASSAGE,
    first_order::KNOWN,
    first_order::COVERAGE,
    groups::KNOWN,
    saltelli::KNOWN,
    saltelli::COVERAGE,
    saltelli::COST,
    morris::KNOWN,
    shapley::KNOWN,
    answers::KNOWLEDGE,
    answers::SIGNALS,
    answers::POLICIES,
];

fn main() -> ExitCode {
    let Some(target) = std::env::args().nth(1) else {
        eprintln!("usage: validate PAGE.md");
        return ExitCode::from(2);
    };
    let (text, failed) = page::write(SECTIONS, |title| eprintln!("validate: {title}"));
    if let Err(error) = std::fs::write(&target, text) {
        eprintln!("validate: cannot write {target}: {error}");
        return ExitCode::from(2);
    }
    for line in &failed {
        eprintln!("validate: does not hold: {line}");
    }
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
