//! `contingent discover` as a user meets it: what is found in a model whose answer is known, what is written, what is
//! refused.
//!
//! Enters: a small model in directories of its own. Always holds: a run and the directory it was written to give the same
//! document; exit codes are those of the other commands.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The answer is yes with 80% where the push is above 30% and the mood is loose or torn, else with 5%: the hazard over a
/// year is chosen so. The dud does nothing.
const MODEL: &str = r#"model "Will it break?" {
  purpose "To test"
  not_for "Any decision"
  time 2024-01-01 to 2024-12-30 step 1 week
}
unit striker
assume push "Push of the street": share = uniform(0%, 100%) because judgement "open"
assume mood "Mood of the guards": one of tight, loose, torn = tight 40%, loose 30%, torn 30% because judgement "open"
assume dud "Dud": share = uniform(0%, 100%) because judgement "open"
assume crowd "Crowd": striker = 200 to 400 because judgement "counts"
stock strikers: striker = crowd * (1 + 0 * dud)
mechanism form "Form": one of plain, other = plain because judgement "a reading"
aux open: 1 = match mood { tight: 0, loose: 1, torn: 1 }
aux rate: 1/year = if push > 30% and open > 0.5 then 1.61 per year else 0.0513 per year
event breaking at rate once { strikers += (match form { plain: 0 striker, other: 0 striker }) }
view calm "A calm reading" { push = uniform(0%, 20%) because judgement "calm" }
question breaks "Will it break within a year?" {
  P( within 52 weeks: breaking.happened )
  resolves "Yes if seen."
}
question holds "Will there be anybody?" {
  P( at 52 weeks: strikers > 0 striker )
  resolves "Yes if seen."
}
question size "How many will there be?" {
  distribution( strikers at 52 weeks )
  resolves "As counted."
}
"#;

fn place() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory can be made");
    write(&directory.path().join("model.ctg"), MODEL);
    directory
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file can be written");
}

#[expect(clippy::disallowed_methods, reason = "tests read what the program wrote")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contingent"));
    command.current_dir(directory).args(arguments).env_remove("RUST_BACKTRACE").env("NO_COLOR", "1");
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what is printed is UTF-8")
}

#[track_caller]
fn done(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn refused(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{said}");
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    assert!(!said.contains("mistake in contingent") && !said.contains("panicked"), "{said}");
    said
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn outcome<'a>(document: &'a Value, id: &str) -> &'a Value {
    let outcomes = document["outcomes"].as_array().expect("outcomes are listed");
    outcomes.iter().find(|outcome| outcome["id"] == id).unwrap_or_else(|| panic!("no outcome {id}"))
}

#[test]
fn a_planted_box_is_said_in_a_sentence_with_its_figures() {
    let place = place();
    let said = done(place.path(), &["discover", ".", "--draws", "4000", "--question", "breaks"]);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Will it break within a year?"), "{said}");
    assert!(flat.contains("push of the street is above 30%"), "{said}");
    assert!(flat.contains("mood of the guards is loose or torn"), "{said}");
    assert!(flat.contains("of the futures in which it is."), "{said}");
    assert!(flat.contains("Trade-off of the first box") && flat.contains("Second opinion"), "{said}");
    assert!(!flat.contains("Dud"), "the dud decides nothing: {said}");
    assert!(flat.contains("no further box stands out"), "{said}");
}

#[test]
fn the_document_and_the_tables_lie_beside_the_runs() {
    let place = place();
    let printed = json(&done(
        place.path(),
        &["discover", ".", "--draws", "3000", "--format", "json", "--out", "found"],
    ));
    assert_eq!(printed["schema"], "contingent.discovery/1");
    assert_eq!(printed["run_directory"], "found");
    let found = outcome(&printed, "breaks");
    let first = &found["boxes"][0];
    let names: Vec<&str> = first["restrictions"]
        .as_array()
        .expect("restrictions are listed")
        .iter()
        .map(|restriction| restriction["assumption"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["push", "mood"]);
    let near = |value: &Value, truth: f64, tolerance: f64| {
        let value = value.as_f64().expect("a number");
        assert!((value - truth).abs() < tolerance, "{value} against {truth}");
    };
    // 1 - exp(-1.61) = 0.80, 1 - exp(-0.0513) = 0.05; the box holds 0.7 x 0.6 of the futures. Six standard errors.
    near(&first["density"]["value"], 0.80, 0.06);
    near(&first["mass"], 0.42, 0.06);
    near(&first["coverage"]["value"], 0.42 * 0.80 / (0.42 * 0.80 + 0.58 * 0.05), 0.06);
    assert_eq!(first["restrictions"][1]["alternatives"], serde_json::json!(["loose", "torn"]));
    near(&first["restrictions"][0]["low"], 30.0, 1.0);

    let folder = place.path().join("found/discovery/view=base/policy=none");
    let written = json(&read(&folder.join("discovery.json")));
    assert_eq!(written["outcomes"], printed["outcomes"]);
    assert!(written["run_directory"].is_null(), "equal results are equal bytes");
    let manifest = json(&read(&place.path().join("found/manifest.json")));
    let listed: Vec<&str> = manifest["files"]
        .as_array()
        .expect("files are listed")
        .iter()
        .map(|file| file["path"].as_str().expect("a path"))
        .collect();
    for name in ["discovery.json", "boxes.parquet"] {
        let path = format!("discovery/view=base/policy=none/{name}");
        assert!(listed.contains(&path.as_str()), "{listed:?}");
    }
}

#[test]
fn a_run_directory_is_searched_with_the_same_result_and_keeps_its_runs() {
    let place = place();
    let fresh =
        json(&done(place.path(), &["discover", ".", "--draws", "2000", "--format", "json", "--out", "a"]));
    done(place.path(), &["run", ".", "--runs", "4000", "--replications", "2", "--out", "b"]);
    let before = json(&read(&place.path().join("b/manifest.json")));
    for _ in 0..2 {
        let again = json(&done(place.path(), &["discover", ".", "--from", "b", "--format", "json"]));
        assert_eq!(again["outcomes"], fresh["outcomes"]);
    }
    let after = json(&read(&place.path().join("b/manifest.json")));
    let n = |manifest: &Value| manifest["files"].as_array().expect("files are listed").len();
    assert_eq!(n(&after), n(&before) + 2, "added once, then replaced");
    assert_eq!(after["experiments"], before["experiments"]);
    let table = "discovery/view=base/policy=none/boxes.parquet";
    let bytes = |run: &str| std::fs::read(place.path().join(run).join(table)).expect("the table is there");
    assert_eq!(bytes("a"), bytes("b"));
}

#[test]
fn threads_change_nothing() {
    let place = place();
    let with = |threads: &str| {
        let out = format!("runs-{threads}");
        let arguments =
            ["discover", ".", "--draws", "1000", "--format", "json", "--out", &out, "--threads", threads];
        json(&done(place.path(), &arguments))["outcomes"].clone()
    };
    assert_eq!(with("1"), with("3"));
}

#[test]
fn where_there_is_nothing_to_find_it_says_so() {
    let place = place();
    let said = done(place.path(), &["discover", ".", "--draws", "2000", "--question", "holds"]);
    assert!(said.contains("Nothing to find: it is the same in every run"), "{said}");
    // Within the calm view the push never rises: what is left is chance.
    let calm = ["discover", ".", "--draws", "2000", "--view", "calm", "--question", "breaks"];
    let said = done(place.path(), &calm);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("view: A calm reading"), "{said}");
    assert!(flat.contains("Nothing to find: no box of assumptions"), "{said}");
    let said = done(place.path(), &["discover", ".", "--draws", "100", "--question", "breaks"]);
    assert!(said.contains("Too few draws count"), "{said}");
}

#[test]
fn numbers_are_searched_by_thirds_or_by_a_bound() {
    let place = place();
    let thirds = json(&done(
        place.path(),
        &["discover", ".", "--draws", "1000", "--question", "size", "--format", "json"],
    ));
    let (above, below) = (outcome(&thirds, "size.above"), outcome(&thirds, "size.below"));
    assert_eq!(above["boxes"][0]["restrictions"][0]["assumption"], "crowd");
    assert_eq!(below["boxes"][0]["restrictions"][0]["assumption"], "crowd");
    let asked =
        ["discover", ".", "--draws", "1000", "--question", "size", "--above", "300", "--format", "json"];
    let asked = json(&done(place.path(), &asked));
    let found = outcome(&asked, "size.above");
    assert_eq!(found["threshold"], 300.0);
    assert_eq!(found["hit"], "the number is above 300 strikers");
    let low = found["boxes"][0]["restrictions"][0]["low"].as_f64().expect("a bound");
    assert!((low - 300.0).abs() < 3.0, "{low}");
    let sentence = found["boxes"][0]["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("When crowd is above 300 strikers"), "{sentence}");
}

#[test]
fn the_other_answer_can_be_asked_for() {
    let place = place();
    let arguments =
        ["discover", ".", "--draws", "2000", "--question", "breaks", "--where", "no", "--format", "json"];
    let document = json(&done(place.path(), &arguments));
    let found = outcome(&document, "breaks.no");
    assert_eq!(found["hit"], "the answer is no");
    assert!(found["base"]["value"].as_f64().expect("a number") > 0.5);
    assert!(!found["boxes"].as_array().expect("boxes are listed").is_empty());
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_way_out() {
    let place = place();
    for (arguments, part) in [
        (vec!["--question", "brakes"], "did you mean `breaks`?"),
        (vec!["--question", "breaks", "--above", "3"], "asks for a probability"),
        (vec!["--question", "size", "--where", "no"], "asks for a number"),
        (vec!["--above", "3"], "needs one question"),
        (vec!["--question", "size", "--above", "many"], "is not a number"),
        (vec!["--from", "nowhere"], "cannot read"),
        (vec!["--view", "clam"], "did you mean `calm`?"),
    ] {
        let said = refused(place.path(), &[&["discover", "."], arguments.as_slice()].concat());
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
    done(place.path(), &["run", ".", "--runs", "600", "--out", "b"]);
    let said = refused(place.path(), &["discover", ".", "--from", "b", "--view", "calm"]);
    assert!(said.contains("it holds view `base` with policy `none`"), "{said}");
    write(&place.path().join("model.ctg"), &MODEL.replace("400 because", "500 because"));
    let said = refused(place.path(), &["discover", ".", "--from", "b"]);
    assert!(said.contains("another version of the model"), "{said}");
    let both = refused(place.path(), &["discover", ".", "--from", "b", "--draws", "10"]);
    assert!(both.contains("cannot be used with"), "{both}");
}
