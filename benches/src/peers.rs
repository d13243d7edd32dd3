//! The same models in Python, where the packages are installed.
//!
//! Enters: a Python. Leaves: what each peer does per second of a core. Always holds: a package that is missing is
//! left out; the script prints one line per measurement; `PySD` is given the ten stocks as `contingent export xmile` writes
//! them.

use std::process::Command;

use crate::cases;

/// Peer, key of the case, and speed.
#[expect(clippy::disallowed_methods, reason = "a measurement writes the file that a peer reads")]
pub(crate) fn measure(python: &str) -> Result<Vec<(String, String, f64)>, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/measure.py");
    let model = cases::model(include_str!("../models/ten-stocks.ctg"));
    let exported =
        contingent_xmile::export(&model).map_err(|_| "the ten stocks were not exported".to_owned())?;
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = directory.path().join("ten-stocks.xmile");
    std::fs::write(&file, exported.text).map_err(|error| error.to_string())?;
    let output = Command::new(python)
        .arg(script)
        .arg(&file)
        .env("OMP_NUM_THREADS", "1")
        .env("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
        .output()
        .map_err(|error| format!("`{python}` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it failed").to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut measured = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [peer, key, speed] = words.as_slice() else { continue };
        measured.push(((*peer).to_owned(), (*key).to_owned(), speed.parse().unwrap_or(f64::NAN)));
    }
    if measured.is_empty() { Err("numba, JAX and PySD are not installed".to_owned()) } else { Ok(measured) }
}
