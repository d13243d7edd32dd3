//! Chores of the workspace.
//!
//! Enters: `cargo xtask test`. Leaves: everything that continuous integration checks, in order, stopping at
//! the first failure; other words do one part of it, or write what is made from the implementation. Always holds: what is run is printed, so that any step can be repeated by hand.

mod browser;
mod count;
mod kernel;
mod packing;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => test(),
        ["models"] => models(),
        ["reference"] => reference(),
        ["reference", "--check"] => check_reference(),
        ["man"] => man(),
        ["wasm"] => kernel::build(),
        ["wasm", "--check"] => kernel::check(),
        ["browser"] => browser::test(true),
        ["xmile", models] => xmile(models),
        ["verified"] => verified(),
        ["validate"] => validate(&[]),
        ["validate", "--full"] => validate(&["--full"]),
        ["fuzz-corpus"] => fuzz_corpus(),
        ["bench"] => bench(&["table"]),
        ["bench", "--peers", python] => bench(&["table", "--peers", python]),
        ["count"] => count::compare(),
        ["count", "--record"] => count::record(),
        ["eval-extract", rest @ ..] if !rest.is_empty() => eval_extract(rest),
        _ => Err("usage: cargo xtask test                everything that continuous integration checks\n       \
                  cargo xtask models              check every model and run it small\n       \
                  cargo xtask reference [--check] write docs/reference.md and docs/schemas, or say whether they are \
                  stale\n       \
                  cargo xtask man                 write the man pages to target/man\n       \
                  cargo xtask wasm [--check]      build the kernel that pages carry, or say whether it is stale\n       \
                  cargo xtask browser             try pages in the browsers of this machine\n       \
                  cargo xtask xmile DIRECTORY     compare the XMILE models there with their output: docs/xmile.md\n       \
                  cargo xtask verified            run the published models against what is known of them: \
                  docs/verified.md\n       \
                  cargo xtask validate [--full]   measure every estimator and write docs/validation.md (minutes)\n       \
                  cargo xtask fuzz-corpus         write the texts that fuzzing begins with\n       \
                  cargo xtask bench [--peers PYTHON] measure the engine beside limits written by hand, and Python packages\n       \
                  cargo xtask count [--record]    count the instructions of small pieces of work, and compare or write \
                  benches/instructions.csv\n       \
                  cargo xtask eval-extract DIR    score the extraction of claims on texts with gold; --each, --differences"
            .to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&format!("xtask: {message}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a chore talks to whoever runs it")]
fn say(message: &str) {
    eprintln!("{message}");
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests may choose other random cases")]
fn test() -> Result<(), String> {
    cargo(&["fmt", "--all", "--check"], &[])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])?;
    check_reference()?;
    kernel::check()?;
    // Random tests try the same cases each time here, so that a change is judged by what it changes; `cargo test` tries new ones.
    let seed = std::env::var("PROPTEST_RNG_SEED").unwrap_or_else(|_| "20210830".to_owned());
    cargo(&["test", "--workspace"], &[("PROPTEST_RNG_SEED", &seed)])?;
    cargo(
        &["doc", "--workspace", "--no-deps", "--document-private-items"],
        &[("RUSTDOCFLAGS", "-D warnings")],
    )?;
    models()?;
    count::test_where_possible()?;
    browser::test_where_possible()
}

/// Writes `docs/reference.md` and `docs/schemas/` from the implementation.
fn reference() -> Result<(), String> {
    generate(&["reference", "schemas"], &root().join("docs"))
}

/// Says whether what is committed under `docs/` is what the implementation writes.
#[expect(clippy::disallowed_methods, reason = "a chore compares files")]
fn check_reference() -> Result<(), String> {
    let fresh = target_directory().join("xtask-reference");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh).map_err(|error| error.to_string())?;
    }
    generate(&["reference", "schemas"], &fresh)?;
    let mut names = vec![PathBuf::from("reference.md")];
    for directory in [&fresh, &root().join("docs")] {
        for entry in std::fs::read_dir(directory.join("schemas")).map_err(|error| error.to_string())? {
            names.push(Path::new("schemas").join(entry.map_err(|error| error.to_string())?.file_name()));
        }
    }
    for name in names {
        let read = |directory: &Path| std::fs::read_to_string(directory.join(&name)).ok();
        if read(&fresh).is_none() || read(&fresh) != read(&root().join("docs")) {
            return Err(format!("docs/{} is stale: run `cargo xtask reference`", name.display()));
        }
    }
    Ok(())
}

/// Scores the extraction of claims on a folder of texts with gold: see docs/claims-extraction.md.
fn eval_extract(arguments: &[&str]) -> Result<(), String> {
    let mut command = vec![
        "run",
        "--quiet",
        "--release",
        "--package",
        "contingent-evidence",
        "--example",
        "eval_extract",
        "--",
    ];
    command.extend(arguments);
    cargo(&command, &[])
}

/// Writes the man pages.
fn man() -> Result<(), String> {
    generate(&["man"], &target_directory())
}

/// Writes `docs/xmile.md` from the models below a directory.
fn xmile(models: &str) -> Result<(), String> {
    let (models, to) = (PathBuf::from(models), root().join("docs").display().to_string());
    let models = std::path::absolute(&models).map_err(|error| error.to_string())?.display().to_string();
    cargo(
        &[
            "run",
            "--quiet",
            "--package",
            "contingent",
            "--",
            "generate",
            "xmile",
            "--from",
            &models,
            "--to",
            &to,
        ],
        &[],
    )
}

/// Writes `docs/verified.md` from the models under `models/verified/`; a test says whether it is stale.
fn verified() -> Result<(), String> {
    let (from, to) = (root().join("models/verified"), root().join("docs"));
    let (from, to) = (from.display().to_string(), to.display().to_string());
    cargo(
        &[
            "run",
            "--release",
            "--quiet",
            "--package",
            "contingent",
            "--",
            "generate",
            "verified",
            "--from",
            &from,
            "--to",
            &to,
        ],
        &[],
    )
}

/// Measures every estimator on cases with a known answer and writes `docs/validation.md`; fails when a figure is outside
/// of its bounds.
fn validate(options: &[&str]) -> Result<(), String> {
    let page = root().join("docs").join("validation.md").display().to_string();
    let mut command = vec![
        "run",
        "--release",
        "--quiet",
        "--package",
        "contingent-analysis",
        "--example",
        "validate",
        "--",
        &page,
    ];
    command.extend(options);
    cargo(&command, &[])
}

/// Runs the hidden command that writes documents from the implementation.
fn generate(documents: &[&str], to: &Path) -> Result<(), String> {
    let to = to.display().to_string();
    let mut arguments = vec!["run", "--quiet", "--package", "contingent", "--", "generate"];
    arguments.extend(documents);
    arguments.extend(["--to", &to]);
    cargo(&arguments, &[])
}

/// Checks every model under `models/`, runs it small and answers it small.
fn models() -> Result<(), String> {
    cargo(&["build", "--release"], &[])?;
    let binary =
        target_directory().join("release").join(format!("contingent{}", std::env::consts::EXE_SUFFIX));
    run(&binary, &["fmt", "--check", "models"])?;
    let mut found = main_files(&root().join("models"))?;
    found.sort();
    if found.is_empty() {
        return Err("there is no model under models/".to_owned());
    }
    let results = target_directory().join("xtask-models");
    for (i, model) in found.iter().enumerate() {
        let model = model.display().to_string();
        let out = |what: &str| results.join(format!("{i}-{what}")).display().to_string();
        run(&binary, &["check", &model])?;
        run(&binary, &["simulate", &model, "--csv", &out("simulate.csv")])?;
        run(&binary, &["run", &model, "--runs", "200", "--out", &out("run"), "--format", "json"])?;
        run(&binary, &["answer", &model, "--draws", "200", "--out", &out("answer"), "--format", "json"])?;
    }
    say(&format!("xtask: {} model(s) checked and run", found.len()));
    Ok(())
}

/// Measures the engine beside limits written by hand, and beside Python packages where they are installed.
fn bench(arguments: &[&str]) -> Result<(), String> {
    let mut all = vec!["run", "--release", "--quiet", "--package", "contingent-benches", "--"];
    all.extend(arguments);
    cargo(&all, &[])
}

/// Writes the models and the blocks of the pages as files for each fuzz target to begin with.
fn fuzz_corpus() -> Result<(), String> {
    let folders = ["parse", "format", "check"].map(|target| format!("fuzz/corpus/{target}"));
    let mut arguments =
        vec!["run", "--quiet", "--package", "contingent-properties", "--example", "corpus", "--"];
    arguments.extend(folders.iter().map(String::as_str));
    cargo(&arguments, &[])
}

/// Every model below `directory`: the `.ctg` files with a `model` block.
#[expect(clippy::disallowed_methods, reason = "a chore reads the models")]
fn main_files(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("cannot list {}: {error}", directory.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            found.extend(main_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "ctg") {
            let text = std::fs::read_to_string(&path).map_err(failed)?;
            if text.lines().any(|line| line.starts_with("model \"")) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).envs(environment.iter().copied()).current_dir(root());
    say(&format!("xtask: cargo {}", arguments.join(" ")));
    finish(command, &format!("cargo {}", arguments.join(" ")))
}

fn run(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdout(std::process::Stdio::null());
    std::fs::create_dir_all(target_directory().join("xtask-models")).map_err(|error| error.to_string())?;
    say(&format!("xtask: contingent {}", arguments.join(" ")));
    finish(command, &format!("contingent {}", arguments.join(" ")))
}

fn finish(mut command: Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{what}` failed: {status}")),
        Err(error) => Err(format!("`{what}` could not be started: {error}")),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
