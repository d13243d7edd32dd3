//! Counts the instructions of small pieces of the engine's work, and compares them with what they were.
//!
//! Enters: the cases of `contingent-benches`, run by valgrind's cachegrind, and `benches/instructions.csv`. Leaves: a table on
//! standard error, an error where a case takes more instructions than it did, or the file written anew. Always holds: counts
//! do not depend on how busy the machine is, so a slower engine is seen where times would say nothing; what valgrind shows a
//! program of the processor ends with AVX2, so counts are compared where there is AVX2 alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use super::{cargo, root, say, target_directory};

/// By how many times a count may differ from what it was: hash tables are placed at random, and another release of the
/// compiler chooses other instructions.
const MOST: f64 = 1.05;

const HEADER: &str = "case,instructions";

/// Compares where the machine can, and says so where it cannot.
pub(crate) fn test_where_possible() -> Result<(), String> {
    if let Some(reason) = reason_against() {
        say(&format!("xtask: SKIPPED: instructions are not counted: {reason}"));
        return Ok(());
    }
    compare()
}

/// Counts and compares with the record.
pub(crate) fn compare() -> Result<(), String> {
    if let Some(reason) = reason_against() {
        return Err(reason);
    }
    let before = recorded()?;
    let now = counted()?;
    say("xtask: instructions, in millions");
    let mut worse = Vec::new();
    for (case, &count) in &now {
        let Some(&was) = before.get(case) else {
            return Err(format!("`{case}` is not in {}: run `cargo xtask count --record`", path().display()));
        };
        let ratio = count as f64 / was as f64;
        say(&format!("  {case:<12} {:>10.2} was {:>10.2}, ratio {ratio:.3}", millions(count), millions(was)));
        if ratio > MOST {
            worse.push(case.as_str());
        } else if ratio < 1.0 / MOST {
            say(&format!("  {case} takes fewer: `cargo xtask count --record` keeps that"));
        }
    }
    if let Some(gone) = before.keys().find(|case| !now.contains_key(*case)) {
        return Err(format!("`{gone}` is recorded and not counted: run `cargo xtask count --record`"));
    }
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more instructions than before, by more than {:.0}%: {}; mend it, or say in the change why and run `cargo xtask count \
         --record`",
        (MOST - 1.0) * 100.0,
        worse.join(", ")
    ))
}

/// Counts and writes the record.
#[expect(clippy::disallowed_methods, reason = "a chore writes its record")]
pub(crate) fn record() -> Result<(), String> {
    if let Some(reason) = reason_against() {
        return Err(reason);
    }
    let mut text = format!("{HEADER}\n");
    for (case, count) in counted()? {
        let _ = writeln!(text, "{case},{count}");
    }
    let aside = path().with_extension("csv.new");
    std::fs::write(&aside, text)
        .and_then(|()| std::fs::rename(&aside, path()))
        .map_err(|error| format!("cannot write {}: {error}", path().display()))
}

/// Why instructions cannot be compared on this machine.
fn reason_against() -> Option<String> {
    #[cfg(target_arch = "x86_64")]
    let has_avx2 = std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    let has_avx2 = false;
    if !has_avx2 {
        return Some("the record is of a processor with AVX2".to_owned());
    }
    // Where a system keeps the symbols that valgrind wants in a package of their own, it is there and does not run.
    let tried = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cachegrind-out-file=/dev/null", "true"])
        .output();
    match tried {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(format!("valgrind does not run: {}", String::from_utf8_lossy(&output.stderr))),
        Err(_) => Some("valgrind is not installed".to_owned()),
    }
}

fn path() -> PathBuf {
    root().join("benches").join("instructions.csv")
}

#[expect(clippy::disallowed_methods, reason = "a chore reads its record")]
fn recorded() -> Result<BTreeMap<String, u64>, String> {
    let text = std::fs::read_to_string(path())
        .map_err(|error| format!("cannot read {}: {error}", path().display()))?;
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err(format!("{} does not begin with `{HEADER}`", path().display()));
    }
    lines
        .map(|line| {
            let (case, count) = line.split_once(',')?;
            Some((case.to_owned(), count.parse().ok()?))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| format!("{} has a line that is no case and number", path().display()))
}

fn counted() -> Result<BTreeMap<String, u64>, String> {
    cargo(&["build", "--release", "--quiet", "--package", "contingent-benches"], &[])?;
    let program = target_directory().join("release").join("contingent-benches");
    let listed = Command::new(&program)
        .arg("counted")
        .output()
        .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut counts = BTreeMap::new();
    for case in listed.lines() {
        let output = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(&program)
            .args(["count", case])
            .output()
            .map_err(|error| format!("cannot run valgrind: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = instructions(&said).filter(|_| output.status.success());
        counts.insert(case.to_owned(), count.ok_or_else(|| format!("`{case}` was not counted: {said}"))?);
    }
    if counts.is_empty() {
        return Err("no case is counted".to_owned());
    }
    Ok(counts)
}

/// The number of instructions in what cachegrind says.
fn instructions(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| {
        // Releases of valgrind put more or less space between the two words.
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).any(|pair| pair == ["I", "refs:"])
    })?;
    let digits: String = line.rsplit(':').next()?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::instructions;

    #[test]
    fn the_count_is_read_from_what_cachegrind_says() {
        let said =
            "==7== Cachegrind, a high-precision tracing profiler\n==7== \n==7== I refs:        12,345,678\n";
        assert_eq!(instructions(said), Some(12_345_678));
        assert_eq!(instructions("==7== I   refs:      26,253,072"), Some(26_253_072));
        assert_eq!(instructions("==7== nothing"), None);
    }
}
