//! The workspace keeps its shape: allowed edges between crates, permissive licences.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const PERMISSIVE: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "0BSD",
    "CC0-1.0",
    "MIT-0",
    "BSL-1.0",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads the list of edges")]
fn crates_depend_on_each_other_only_as_listed() {
    let text = std::fs::read_to_string(root().join("crates/edges.txt")).expect("the list of edges exists");
    let allowed: BTreeMap<&str, BTreeSet<&str>> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (name, edges) = line.split_once(':').expect("a line is `crate: dependencies`");
            (name.trim(), edges.split_whitespace().collect())
        })
        .collect();
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().expect("packages are listed");
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(names, allowed.keys().copied().collect(), "every crate of the workspace stands in the list");
    for package in packages {
        let name = package["name"].as_str().expect("a package has a name");
        let found: BTreeSet<&str> = package["dependencies"]
            .as_array()
            .expect("dependencies are listed")
            .iter()
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|dependency| names.contains(dependency))
            .collect();
        let excess: Vec<_> = found.difference(&allowed[name]).collect();
        assert!(excess.is_empty(), "{name} depends on {excess:?}, which crates/edges.txt does not allow");
    }
}

#[test]
fn every_dependency_has_a_permissive_licence() {
    let metadata = metadata(&[]);
    let mut n_compared = 0;
    for package in metadata["packages"].as_array().expect("packages are listed") {
        let name = package["name"].as_str().expect("a package has a name");
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        let choices: Vec<bool> = licence
            .split(" OR ")
            .map(|choice| {
                choice.trim_matches(['(', ')', ' ']).split(" AND ").all(|part| {
                    PERMISSIVE
                        .contains(&part.trim_matches(['(', ')', ' ']).split(" WITH ").next().unwrap_or(""))
                })
            })
            .collect();
        assert!(choices.contains(&true), "{name} has the licence `{licence}`");
        n_compared += 1;
    }
    assert!(n_compared > 50, "only {n_compared} packages were looked at");
}
