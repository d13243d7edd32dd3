//! `contingent council` as a user meets it: a table in the format of the KAPSARC Toolkit in, positions over turns out.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

mod schema;

/// The reference table of the toolkit (`dummyData_3Dim.csv`, MIT licence), as it is written there.
const REFERENCE: &str = "DummyData_3Dim ,\"Dummy scenario to test reading format\",7,3,
Actor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,Pstn3,Sal3,
SActor-00, Random Spatial Actor, 102.543, 75.79, 49.53,  6.37,  5.91, 70.45, 28.15,
SActor-01, Random Spatial Actor,  53.393, 82.72, 30.33, 73.50, 21.22, 64.00, 24.79,
SActor-02, Random Spatial Actor, 129.643, 82.45, 48.47, 90.89, 13.55,  0.07, 34.62,
SActor-03, Random Spatial Actor,  75.920, 62.52, 20.76, 50.82, 39.24, 62.33, 22.21,
SActor-04, Random Spatial Actor,  63.224, 82.34, 40.96, 45.77, 25.43, 73.31, 22.59,
SActor-05, Random Spatial Actor, 120.048, 84.48, 22.92, 33.70, 39.35, 88.11, 15.42,
SActor-06, Random Spatial Actor,  54.178, 70.96, 31.75, 33.46, 27.93, 90.36, 26.03,
";

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn council(table: &[u8], arguments: &[&str]) -> Output {
    let directory: TempDir = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path().join("table.csv");
    std::fs::write(&path, table).expect("a file can be written");
    started(&path, arguments)
}

fn started(path: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contingent"))
        .arg("council")
        .arg(path)
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_reference_table_gives_the_reference_s_positions() {
    let output = council(REFERENCE.as_bytes(), &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains("Positions come to rest after 10 turns of bargaining."), "{shown}");
    assert!(shown.contains("SActor-02 does not move."), "{shown}");
    // The history of the toolkit, to every printed decimal.
    for row in [
        "A SActor-00             75.8  79.5  80.6  80.6  78.5  78.5  78.5  78.5  78.6  78.6  78.6",
        "B SActor-01             73.5  56.3  27.5  30.5  30.6  30.6  30.9  31.2  34.4  31.8  31.8",
        "G SActor-06             90.4  72.0  72.0  73.0  73.0  75.9  74.0  74.0  74.1  74.1  74.1",
    ] {
        assert!(shown.contains(row), "{row}\n{shown}");
    }
    assert!(shown.contains("SActor-04 challenges SActor-00 (gains 0.012, wins with 0.58)"), "{shown}");
    insta::assert_snapshot!("council", shown);
}

#[test]
fn the_document_follows_its_schema() {
    let output = council(REFERENCE.as_bytes(), &["--format", "json", "--turns", "3"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/council.json");
    #[expect(clippy::disallowed_methods, reason = "tests read the project's schemas")]
    let schema = std::fs::read_to_string(root).expect("the schema is there");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let n_checked = schema::check(&schema, &document).unwrap_or_else(|misfit| panic!("{misfit}"));
    assert!(n_checked > 300, "only {n_checked} values");
    assert_eq!(document["settled"], false);
    assert_eq!(document["states"].as_array().map(Vec::len), Some(4));
    assert_eq!(document["states"][1]["positions"][4][1], 44.72);
}

#[test]
fn a_mistake_in_the_table_is_named_with_its_line() {
    let with = |from: &str, to: &str| {
        assert!(REFERENCE.contains(from), "{from}");
        REFERENCE.replacen(from, to, 1)
    };
    let cases = [
        (String::new(), "the file is empty"),
        (with(",7,3,", ",seven,3,"), "line 1: `seven` is not the number of members"),
        (with(",7,3,", ",8,3,"), "announces 8 members, but there are 7"),
        (with(",7,3,", ",6,3,"), "line 9: `SActor-06` is one member more than the 6"),
        (with(",Pstn3,Sal3,", ","), "line 2: 7 columns, where there should be 9"),
        (with("SActor-03, Random", "SActor-02, Random"), "line 6: `SActor-02` is a member already"),
        (with(" 62.33, 22.21,", " 62.33,"), "line 6: 8 columns, where there should be 9"),
        (
            with(" 33.46, 27.93", " much, 27.93"),
            "line 9: `SActor-06`: `much` in column 6 (`Pstn2`) is not a number",
        ),
        (with(" 53.393,", " 0,"), "line 4: `SActor-01`: power must be a positive number, not 0"),
        (
            with(" 0.07,", " 107,"),
            "line 5: `SActor-02`: position on `Pstn3` must lie from 0 to 100, not at 107",
        ),
        (
            with(" 49.53,", " -1,"),
            "line 3: `SActor-00`: salience on `Pstn1` must lie from 0 to 100, not at -1",
        ),
        (with(" 49.53,", " 99,"), "line 3: `SActor-00`: saliences over all dimensions must sum to"),
        (with(" 49.53,", " NaN,"), "is not a number"),
    ];
    for (table, message) in cases {
        let output = council(table.as_bytes(), &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{message}: {said}");
        assert!(said.contains(message), "{message}\n{said}");
        assert!(output.stdout.is_empty());
    }
    let missing = started(Path::new("no such table.csv"), &[]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("there is no such file"));
    let other = council(b"\xff\xfe\x00", &[]);
    assert_eq!(other.status.code(), Some(2));
    assert!(text(&other.stderr).contains("not UTF-8"));
}
