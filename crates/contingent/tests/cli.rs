//! The built program as a user meets it: exit codes, what is printed where, what is left on the disk.
//!
//! Enters: small models in this file, in directories of their own. Always holds: 0 done, 1 the model or its
//! checks failed, 2 wrong usage or a fault outside the model; nothing half-written stays behind.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;
use tempfile::TempDir;

const MODEL: &str = r#"model "Will it spread?" {
  purpose "To test"
  not_for "Any decision"
  time 2024-01-01 to 2024-07-01 step 1 week
}
unit striker
lever pressure: share = 0% range 0% to 100%
assume at_start: striker = 200 to 400 because judgement "counts"
assume spread_rate = 2% to 8% per week because judgement "earlier strikes"
mechanism fear "Fear": one of on, off = off because judgement "a reading"
actor police "Police" { aux effort: share = pressure }
stock strikers: striker = at_start
flow joining: -> strikers = strikers * spread_rate * (1 - police.effort) * (match fear { on: 0.5, off: 1 })
event wave at 2 per year { strikers += 50 }
view quiet "A quiet reading" { spread_rate = 1% to 2% per week because judgement "calm" }
policy press "More pressure" from 2024-02-05 { pressure = 80% }
question large "Will more than 1,000 be out within half a year?" {
  P( within 26 weeks: strikers > 1_000 strikers )
  resolves "Yes if counted."
}
question size "How many will be out?" {
  distribution( strikers at 26 weeks )
  resolves "As counted."
}
indicator out "On strike" = strikers
"#;

/// A directory with files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory can be made");
    for (name, text) in files {
        write(&directory.path().join(name), text.as_bytes());
    }
    directory
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file can be written");
}

#[expect(clippy::disallowed_methods, reason = "tests read what the program wrote")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contingent"));
    command.current_dir(directory).args(arguments).env_remove("RUST_BACKTRACE").env("NO_COLOR", "1");
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    program(directory, arguments).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what is printed is UTF-8")
}

/// Standard output of a run that must succeed.
#[track_caller]
fn done(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}

/// Standard error of a run that must end with a code and print no result.
#[track_caller]
fn refused(directory: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(directory, arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{said}");
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    assert!(!said.contains("mistake in contingent") && !said.contains("panicked"), "{said}");
    said
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Names of everything in a directory.
fn entries(directory: &Path) -> BTreeSet<String> {
    let listing = std::fs::read_dir(directory).expect("the directory can be listed");
    listing
        .map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned())
        .collect()
}

fn n_rows(path: &Path) -> i64 {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    SerializedFileReader::new(file).expect("a Parquet file").metadata().file_metadata().num_rows()
}

#[test]
fn check_of_a_sound_model_says_so_and_succeeds() {
    let place = directory(&[("model.ctg", MODEL)]);
    for path in [".", "model.ctg"] {
        let output = run(place.path(), &["check", path]);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(text(&output.stderr).trim(), "no errors, no warnings");
    }
}

#[test]
fn check_of_a_broken_model_shows_the_place_and_fails() {
    let place = directory(&[("model.ctg", &MODEL.replace("= at_start", "= at_stat"))]);
    let said = refused(place.path(), &["check", "."], 1);
    assert!(said.contains("error[unknown-name]: there is no `at_stat`"), "{said}");
    assert!(said.contains("model.ctg:12:27") && said.contains("did you mean `at_start`?"), "{said}");
    assert!(said.ends_with("\n1 error\n`contingent explain unknown-name` says more\n"), "{said}");
    for command in ["answer", "simulate", "run"] {
        let said = refused(place.path(), &[command, "."], 1);
        assert!(said.contains("unknown-name"), "{said}");
    }
    assert_eq!(entries(place.path()), BTreeSet::from(["model.ctg".to_owned()]));
}

#[test]
fn warnings_do_not_fail_a_check() {
    let place = directory(&[("model.ctg", &format!("{MODEL}aux idle = 3\n"))]);
    let output = run(place.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    assert!(said.contains("warning[unused-declaration]") && said.contains("no errors, 1 warning"), "{said}");
}

#[test]
fn what_cannot_be_opened_is_named_with_a_way_out() {
    let place = directory(&[("notes.txt", "hello")]);
    write(&place.path().join("latin.ctg"), b"model \"caf\xe9\" { }\n");
    for (path, part) in [
        ("nowhere", "there is no model at `nowhere`"),
        (".", "has no `model.ctg`"),
        ("latin.ctg", "not UTF-8"),
    ] {
        for command in ["check", "answer", "simulate", "run"] {
            let said = refused(place.path(), &[command, path], 1);
            assert!(said.contains(part) && said.contains("help:"), "{said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = directory(&[("model.ctg", MODEL)]);
    let path = place.path().join("model.ctg");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions can be set");
    if std::fs::File::open(&path).is_ok() {
        // Whoever may read everything cannot be refused.
        return;
    }
    let said = refused(place.path(), &["check", "."], 1);
    assert!(said.contains("permission denied"), "{said}");
}

#[test]
fn a_missing_include_is_one_mistake() {
    let place =
        directory(&[("model.ctg", &format!("include \"parts/claims.ctg\"\n{MODEL}aux x = from_there\n"))]);
    let said = refused(place.path(), &["check", "."], 1);
    assert!(said.contains("cannot read `parts/claims.ctg`: there is no such file"), "{said}");
    assert!(said.contains("\n1 error\n"), "{said}");
}

#[test]
fn diagnostics_as_json_carry_places_and_fixes() {
    let place = directory(&[("model.ctg", &MODEL.replace("= at_start", "= at_stat"))]);
    let output = run(place.path(), &["check", ".", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let document = json(&text(&output.stdout));
    assert_eq!(document["schema"], "contingent.diagnostics/1");
    let first = &document["diagnostics"][0];
    assert_eq!(first["code"], "unknown-name");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["help"], "did you mean `at_start`?");
    let place = &first["primary"];
    assert_eq!(
        (place["file"].as_str(), place["line"].as_u64(), place["column"].as_u64()),
        (Some("model.ctg"), Some(12), Some(27))
    );
    let clean = directory(&[("model.ctg", MODEL)]);
    let document = json(&done(clean.path(), &["check", ".", "--format", "json"]));
    assert_eq!(document["diagnostics"], Value::Array(Vec::new()));
}

#[test]
fn every_form_of_the_model_can_be_printed() {
    let place = directory(&[("model.ctg", MODEL)]);
    let syntax = done(place.path(), &["check", ".", "--dump", "syntax"]);
    assert!(syntax.starts_with("File@0..") && syntax.contains("Declaration@"), "{syntax}");
    let model = done(place.path(), &["check", ".", "--dump", "model"]);
    assert!(model.contains("26 steps of 1 week"), "{model}");
    assert!(model.contains("assume spread_rate: 1/week = log-normal (0.02 / 0.04 / 0.08)"), "{model}");
    assert!(model.contains("aux police.effort: share") && model.contains("event wave"), "{model}");
    let program = done(place.path(), &["check", ".", "--dump", "program"]);
    assert!(program.lines().count() > 10, "{program}");
}

#[test]
fn the_syntax_of_a_broken_model_can_be_printed() {
    let place = directory(&[("model.ctg", "model \"x\" {\n")]);
    let output = run(place.path(), &["check", ".", "--dump", "syntax"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("File@0..12"));
}

#[test]
fn simulate_prints_every_variable_at_five_times() {
    let place = directory(&[("model.ctg", MODEL)]);
    let table = done(place.path(), &["simulate", "."]);
    for name in ["pressure", "at_start", "police.effort", "strikers", "joining", "wave.total"] {
        let row = table.lines().find(|line| line.split_whitespace().next() == Some(name));
        let row = row.unwrap_or_else(|| panic!("no row `{name}` in\n{table}"));
        assert_eq!(row.split_whitespace().count(), 7, "a name, a unit and five numbers: {row}");
    }
    assert!(table.contains("0 w") && table.contains("26 w"), "{table}");
}

/// The columns of a CSV by name.
fn columns(csv: &str) -> Vec<(String, Vec<f64>)> {
    let mut lines = csv.lines();
    let names = lines.next().unwrap_or_default().split(',');
    let mut columns: Vec<(String, Vec<f64>)> = names.map(|name| (name.to_owned(), Vec::new())).collect();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.1.push(cell.parse().unwrap_or_else(|_| panic!("`{cell}` is not a number")));
        }
    }
    columns
}

fn column(csv: &str, name: &str) -> Vec<f64> {
    let found = columns(csv).into_iter().find(|column| column.0 == name);
    found.unwrap_or_else(|| panic!("no column `{name}` in {csv}")).1
}

#[test]
fn csv_has_the_time_first_and_every_variable_as_a_column() {
    let place = directory(&[("model.ctg", MODEL)]);
    let csv = done(place.path(), &["simulate", ".", "--csv", "-"]);
    let found = columns(&csv);
    let names: Vec<&str> = found.iter().map(|column| column.0.as_str()).collect();
    assert_eq!(
        names,
        [
            "time",
            "pressure",
            "at_start",
            "spread_rate",
            "fear",
            "police.effort",
            "strikers",
            "joining",
            "wave.count",
            "wave.total"
        ]
    );
    assert_eq!(found[0].1, (0..=26).map(f64::from).collect::<Vec<_>>());
    assert_eq!(done(place.path(), &["simulate", ".", "--csv", "out.csv"]), "");
    assert_eq!(read(&place.path().join("out.csv")), csv);
}

#[test]
fn set_changes_assumptions_levers_and_mechanisms() {
    let place = directory(&[("model.ctg", MODEL)]);
    let csv = |settings: &[&str]| {
        let mut arguments = vec!["simulate", ".", "--csv", "-"];
        for setting in settings {
            arguments.extend(["--set", setting]);
        }
        done(place.path(), &arguments)
    };
    assert_eq!(column(&csv(&[]), "strikers"), column(&csv(&["pressure=0%"]), "strikers"));
    assert_eq!(column(&csv(&["at_start=1_000"]), "strikers")[0], 1000.0);
    assert_eq!(column(&csv(&["spread_rate=0", "at_start=300"]), "joining"), vec![0.0; 27]);
    assert_eq!(column(&csv(&["pressure=100%"]), "joining"), vec![0.0; 27]);
    let (on, off) = (csv(&["fear=on"]), csv(&["fear=off"]));
    assert_eq!(column(&on, "joining")[0] * 2.0, column(&off, "joining")[0]);
    let under = |option: &str, name: &str| done(place.path(), &["simulate", ".", "--csv", "-", option, name]);
    assert!(column(&under("--view", "quiet"), "joining")[0] < column(&off, "joining")[0]);
    let pressed = column(&under("--policy", "press"), "pressure");
    assert_eq!((pressed[4], pressed[5], pressed[26]), (0.0, 0.8, 0.8));
    assert_eq!(under("--view", "base"), under("--policy", "none"));
}

/// A model with a value per region, a part of the regions, and a matrix.
const REGIONS: &str = r#"model "Where?" {
  purpose "To test"
  not_for "Any decision"
  time 0 to 2 weeks step 1 week
}
subscript region { kabul, east, north }
subscript border of region { kabul, east }
subscript level { low, high }
assume share[region]: share = 50% because judgement "j"
assume mood[region]: one of good, bad = bad because judgement "j"
lever push[region]: share = { kabul: 10%, else: 20% } range 0% to 90%
mechanism fear: one of on, off = off because judgement "j"
indicator i = sum(share) + sum(push) + (match fear { on: 1, off: 0 }) + sum(if mood == good then 1 else 0 over region)
question q "How much?" { distribution( sum(share) at 2 weeks ), resolves "r" }
"#;

#[test]
fn set_reaches_single_elements() {
    let place = directory(&[("model.ctg", REGIONS)]);
    let first = |settings: &[&str], name: &str| {
        let mut arguments = vec!["simulate", ".", "--csv", "-"];
        for setting in settings {
            arguments.extend(["--set", setting]);
        }
        let csv = done(place.path(), &arguments);
        ["kabul", "east", "north"].map(|element| column(&csv, &format!("{name}[{element}]"))[0])
    };
    assert_eq!(first(&["share[kabul]=20%"], "share"), [0.2, 0.5, 0.5]);
    assert_eq!(first(&["share=10%", "share[ east ]=0.3"], "share"), [0.1, 0.3, 0.1]);
    assert_eq!(first(&["share[east]=0.3", "share=10%"], "share"), [0.1, 0.3, 0.1]);
    assert_eq!(first(&["share[border]=20%"], "share"), [0.2, 0.2, 0.5]);
    assert_eq!(first(&["push[*]=30%"], "push"), [0.3, 0.3, 0.3]);
    assert_eq!(first(&["push[north]=40%"], "push"), [0.1, 0.2, 0.4]);
    assert_eq!(first(&["mood[east]=good"], "mood"), [1.0, 0.0, 1.0]);
    let dumped = done(place.path(), &["check", ".", "--dump", "model"]);
    assert!(dumped.contains("subscript border of region = kabul, east\n"), "{dumped}");
    for (setting, part) in [
        ("share[kabool]=3", "did you mean `kabul`?"),
        ("share[boarder]=3", "did you mean `border`?"),
        ("share[kabul=3", "has no `]`"),
        ("share[kabul,low]=3", "write `--set 'share[region]=value'`"),
        ("fear[kabul]=on", "without brackets"),
        ("push[kabul]=95%", "range"),
        ("push[kabul]=many", "not a number"),
    ] {
        let said = refused(place.path(), &["simulate", ".", "--set", setting], 2);
        assert!(said.contains(part), "{setting}: {said}");
    }
}

#[test]
fn settings_of_elements_stand_in_the_manifest() {
    let grid = "assume grid[region, level] = 0 because judgement \"j\"\n";
    let place = directory(&[("model.ctg", &format!("{REGIONS}{grid}indicator g = sum(grid)\n"))]);
    let mut arguments = vec!["run", ".", "--runs", "5", "--out", "out"];
    for setting in ["share[kabul]=20%", "push[east]=30%", "grid[kabul, *]=2", "grid[east,low]=3"] {
        arguments.extend(["--set", setting]);
    }
    done(place.path(), &arguments);
    let manifest = json(&read(&place.path().join("out/manifest.json")));
    let settings = &manifest["experiments"][0]["settings"];
    let expected = serde_json::json!({
        "grid[east,low]": 3.0, "grid[kabul,high]": 2.0, "grid[kabul,low]": 2.0, "share[kabul]": 0.2
    });
    assert_eq!(settings["assumptions"], expected);
    assert_eq!(settings["levers"], serde_json::json!({ "push[east]": 0.3 }));
    let said = refused(place.path(), &["simulate", ".", "--set", "grid[kabul]=3"], 2);
    assert!(said.contains("has 2 subscripts, found 1"), "{said}");
}

#[test]
fn chance_is_drawn_on_request_and_depends_on_the_seed() {
    let place = directory(&[("model.ctg", MODEL)]);
    let drawn = |seed: &str| done(place.path(), &["simulate", ".", "--csv", "-", "--chance", "--seed", seed]);
    assert_eq!(drawn("3"), drawn("3"));
    let totals: BTreeSet<u64> =
        (1..20).map(|seed| column(&drawn(&seed.to_string()), "wave.total")[26] as u64).collect();
    assert!(totals.len() > 1, "{totals:?}");
}

#[test]
fn wrong_settings_are_refused_with_what_was_meant() {
    let place = directory(&[("model.ctg", MODEL)]);
    for (arguments, part) in [
        (["--set", "spred_rate=3"], "did you mean `spread_rate`?"),
        (["--set", "effort=3"], "did you mean `police.effort`?"),
        (["--set", "spread_rate"], "--set name=value"),
        (["--set", "spread_rate=fast"], "not a number"),
        (["--set", "spread_rate=1e999"], "not a number"),
        (["--set", "joining=3"], "it is computed"),
        (["--set", "fear=of"], "it has on, off"),
        (["--set", "pressure=500%"], "range"),
        (["--view", "quit"], "did you mean `quiet`?"),
        (["--policy", "pres"], "did you mean `press`?"),
    ] {
        for command in ["simulate", "run", "answer"] {
            let said = refused(place.path(), &[command, ".", arguments[0], arguments[1]], 2);
            assert!(said.contains(part), "{command} {arguments:?}: {said}");
        }
    }
    let runs = place.path().join("runs");
    assert!(!runs.exists() || entries(&runs).is_empty());
}

#[test]
fn wrong_usage_ends_with_2() {
    let place = directory(&[("model.ctg", MODEL)]);
    for arguments in [
        &[][..],
        &["chek", "."],
        &["check"],
        &["check", ".", "--format", "xml"],
        &["check", ".", "--dump", "everything"],
        &["answer", ".", "--draws", "0"],
        &["answer", ".", "--draws", "many"],
        &["run", ".", "--threads", "0"],
        &["simulate", ".", "--unknown"],
    ] {
        refused(place.path(), arguments, 2);
    }
    assert!(done(place.path(), &["--help"]).contains("answer"));
    assert!(done(place.path(), &["--version"]).starts_with("contingent "));
}

#[test]
fn a_run_writes_the_likelihood_of_the_data_of_each_run() {
    let model = "model \"A case\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 0 to 4 weeks step 1 week\n}\nunit fighter\n\
                 assume level: fighter = 1 to 4 because judgement \"j\"\n\
                 observe seen: fighter from \"seen.csv\" column n by week ~ normal(mean = level, sd = 1 fighter)\n\
                 question q \"Q\" { P( at 4 weeks: level > 2 fighters ), resolves \"r\" }\n";
    let place = directory(&[("model.ctg", model), ("seen.csv", "week,n\n0,3\n1,1\n2,\n")]);
    done(place.path(), &["run", ".", "--runs", "40", "--out", "out"]);
    let rows = |file: &str| -> Vec<BTreeMap<String, f64>> {
        let file = std::fs::File::open(place.path().join("out").join(file)).expect("the table is there");
        let reader = SerializedFileReader::new(file).expect("a Parquet file");
        let numbers = |row: parquet::record::Row| {
            let numbers = row.get_column_iter().filter_map(|(name, field)| match field {
                Field::Double(value) => Some((name.clone(), *value)),
                _ => None,
            });
            numbers.collect()
        };
        reader.get_row_iter(None).expect("rows").map(|row| numbers(row.expect("a row"))).collect()
    };
    let draws = rows("draws/view=base/draws.parquet");
    let runs = rows("runs/view=base/policy=none/shard=0-40.parquet");
    assert_eq!((draws.len(), runs.len()), (40, 40));
    for (draw, of_run) in draws.iter().zip(&runs) {
        let level = draw["level"];
        // Half of the logarithm of 2 pi.
        let around = |x: f64| -0.918_938_533_204_672_7 - (x - level).powi(2) / 2.0;
        let expected = around(3.0) + around(1.0);
        let found = of_run["log_likelihood.seen"];
        assert!((found - expected).abs() < 1e-12 * expected.abs(), "{found} is not {expected}");
    }
}

#[test]
fn run_writes_a_run_directory_with_a_row_per_draw_and_run() {
    let place = directory(&[("model.ctg", MODEL)]);
    let printed = done(
        place.path(),
        &["run", ".", "--runs", "60", "--replications", "3", "--out", "out", "--format", "json"],
    );
    let summary = json(&printed);
    assert_eq!(summary["n_runs"], 60);
    assert_eq!(summary["complete"], true);
    let out = place.path().join("out");
    let manifest = json(&read(&out.join("manifest.json")));
    assert_eq!(manifest["schema"], "contingent.run/1");
    assert_eq!(manifest["model"]["title"], "Will it spread?");
    assert_eq!(manifest["model"]["hash"], summary["model"]["hash"]);
    assert_eq!(manifest["seed"], 1);
    assert_eq!(n_rows(&out.join("draws/view=base/draws.parquet")), 20);
    assert_eq!(n_rows(&out.join("runs/view=base/policy=none/shard=0-60.parquet")), 60);
    for file in manifest["files"].as_array().expect("a list of files") {
        let path = out.join(file["path"].as_str().expect("a path"));
        assert_eq!(
            std::fs::metadata(&path).expect("the file exists").len(),
            file["n_bytes"].as_u64().expect("a size")
        );
    }
    // A second run takes the place of the first.
    done(place.path(), &["run", ".", "--runs", "10", "--out", "out", "--view", "quiet", "--policy", "press"]);
    assert_eq!(n_rows(&out.join("runs/view=quiet/policy=press/shard=0-10.parquet")), 10);
    assert!(!out.join("runs/view=base").exists());
    assert_eq!(entries(place.path()), BTreeSet::from(["model.ctg".to_owned(), "out".to_owned()]));
}

#[test]
fn each_answer_begins_with_the_question_and_its_answer() {
    let place = directory(&[("model.ctg", MODEL)]);
    let printed = done(place.path(), &["answer", ".", "--draws", "200"]);
    assert!(printed.starts_with("In short: "), "several questions begin with a summary\n{printed}");
    let mut lines = printed.lines().skip_while(|line| !line.is_empty()).skip(1);
    assert_eq!(lines.next(), Some("Will more than 1,000 be out within half a year?"));
    let sentence = lines.next().unwrap_or_default().trim();
    let answered = ["almost", "very", "highly", "unlikely", "likely", "roughly", "remote", "nearly", "even"]
        .iter()
        .any(|word| sentence.to_lowercase().starts_with(word));
    assert!(answered, "{sentence}");
    for part in ["How many will be out?", "A quiet reading", "More pressure", "spread rate", "Any decision"] {
        assert!(printed.contains(part), "`{part}` is missing in\n{printed}");
    }
    assert_eq!(
        entries(place.path()),
        BTreeSet::from(["model.ctg".to_owned(), "runs".to_owned()]),
        "results go to `runs`"
    );
}

#[track_caller]
fn assert_range(range: &Value) {
    let (low, high) = (range["low"].as_f64(), range["high"].as_f64());
    assert!(low.is_some() && low <= high, "{range}");
}

#[test]
fn answer_as_json_has_every_field_that_readers_rely_on() {
    let place = directory(&[("model.ctg", MODEL)]);
    let printed = done(place.path(), &["answer", ".", "--draws", "200", "--seed", "7", "--format", "json"]);
    let answer = json(&printed);
    assert_eq!(answer["schema"], "contingent.answer/1");
    assert_eq!(answer["model"]["title"], "Will it spread?");
    assert_eq!(answer["model"]["hash"].as_str().map(str::len), Some(64));
    assert_eq!(answer["seed"], 7);
    let questions = answer["questions"].as_array().expect("questions");
    assert_eq!(questions.len(), 2);
    for (question, (id, label)) in questions.iter().zip([
        ("large", "Will more than 1,000 be out within half a year?"),
        ("size", "How many will be out?"),
    ]) {
        assert_eq!((question["id"].as_str(), question["label"].as_str()), (Some(id), Some(label)));
        assert_range(&question["estimate"]["interval"]);
        for spread in ["simulation", "epistemic", "chance"] {
            assert!(question["spread"][spread].as_f64().is_some_and(|spread| spread >= 0.0), "{spread}");
        }
        assert_eq!(question["views"][0]["id"], "quiet");
        assert_range(&question["views"][0]["estimate"]["interval"]);
        assert_eq!(question["policies"][0]["id"], "press");
        assert!(question["policies"][0]["difference"].as_f64().is_some_and(|difference| difference < 0.0));
        assert_range(&question["policies"][0]["interval"]);
        let hangs_on = question["hangs_on"].as_array().expect("what it hangs on");
        assert_eq!(hangs_on.len(), 2);
        assert_eq!(hangs_on[0]["assumption"], "spread_rate");
        for one in hangs_on {
            assert!(one["index"].is_f64());
            assert_range(&one["interval"]);
        }
    }
    let probability = questions[0]["estimate"]["probability"].as_f64().expect("a probability");
    assert!((0.0..=1.0).contains(&probability));
    assert!(questions[0]["estimate"]["word"].is_string());
    assert!(questions[1]["estimate"]["mean"].is_f64());
    let quantiles = questions[1]["estimate"]["quantiles"].as_array().expect("quantiles");
    assert!(quantiles.len() >= 3);
    assert!(quantiles.windows(2).all(|pair| pair[0]["value"].as_f64() <= pair[1]["value"].as_f64()));
    let stored = read(
        &place
            .path()
            .join(answer["run_directory"].as_str().expect("where it was written"))
            .join("answer.json"),
    );
    assert_eq!(stored, printed, "what is stored is what is printed");
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let place = directory(&[("model.ctg", MODEL)]);
    let with = |threads: &str| {
        done(
            place.path(),
            &["answer", ".", "--draws", "300", "--threads", threads, "--out", "out", "--format", "json"],
        );
        read(&place.path().join("out/answer.json"))
    };
    let one = with("1");
    assert!(one.len() > 1000);
    assert_eq!(one, with("2"));
}

#[test]
fn a_model_without_assumptions_has_an_answer_that_hangs_on_none() {
    let place = directory(&[(
        "model.ctg",
        "model \"Certain\" {\n  purpose \"To test\"\n  not_for \"Any decision\"\n  time 0 to 52 weeks step 1 week\n}\n\
         unit striker\nstock strikers: striker = 300\nflow joining: -> strikers = strikers * 1% per week\n\
         question large \"More than 400?\" {\n  P( within 52 weeks: strikers > 400 strikers )\n  resolves \"By a count.\"\n}\n",
    )]);
    let answer = json(&done(place.path(), &["answer", ".", "--draws", "20", "--format", "json"]));
    let question = &answer["questions"][0];
    assert_eq!(question["estimate"]["probability"], 1.0);
    assert_eq!(question["hangs_on"], json("[]"));
    assert!(done(place.path(), &["answer", ".", "--draws", "20"]).contains("What it hangs on: nothing"));
}

#[test]
fn a_model_without_questions_can_be_run_but_has_no_answer() {
    let text = MODEL.split("question large").next().unwrap_or_default();
    let place = directory(&[("model.ctg", text)]);
    let said = refused(place.path(), &["answer", "."], 1);
    assert!(said.contains("asks no question"), "{said}");
    done(place.path(), &["run", ".", "--runs", "10"]);
}

#[test]
fn a_directory_of_somebody_else_is_left_alone() {
    let place = directory(&[("model.ctg", MODEL)]);
    let foreign = place.path().join("foreign");
    std::fs::create_dir(&foreign).expect("a directory can be made");
    write(&foreign.join("notes.txt"), b"mine");
    write(&foreign.join("manifest.json"), b"{ \"schema\": \"something else\" }");
    for command in ["run", "answer"] {
        let said = refused(place.path(), &[command, ".", "--out", "foreign"], 2);
        assert!(said.contains("not a run directory") || said.contains("left alone"), "{said}");
        assert_eq!(entries(&foreign), BTreeSet::from(["manifest.json".to_owned(), "notes.txt".to_owned()]));
        assert_eq!(read(&foreign.join("notes.txt")), "mine");
    }
    assert_eq!(entries(place.path()), BTreeSet::from(["foreign".to_owned(), "model.ctg".to_owned()]));
}

#[test]
fn nothing_half_written_stays_after_an_error() {
    let place = directory(&[("model.ctg", MODEL), ("file", "mine")]);
    let before = entries(place.path());
    for command in ["run", "answer"] {
        refused(place.path(), &[command, ".", "--out", "file/inside"], 2);
        refused(place.path(), &[command, ".", "--out", "file"], 2);
        refused(place.path(), &[command, ".", "--out", "new", "--set", "pressure=500%"], 2);
    }
    refused(place.path(), &["simulate", ".", "--csv", "nowhere/out.csv"], 2);
    assert_eq!(entries(place.path()), before);
    assert_eq!(read(&place.path().join("file")), "mine");
}

#[test]
fn a_model_that_is_too_large_to_compile_leaves_nothing() {
    let large = format!(
        "{MODEL}subscript a 1 to 1000\nsubscript b 1 to 100\naux x[a, b] = 1\naux y[a, b] = sum(x)\nindicator z = sum(y)\n"
    );
    let place = directory(&[("model.ctg", &large)]);
    for command in ["run", "answer"] {
        let said = refused(place.path(), &[command, ".", "--out", "new"], 1);
        assert!(said.contains("at most"), "{said}");
    }
    assert_eq!(entries(place.path()), BTreeSet::from(["model.ctg".to_owned()]));
}

#[test]
fn a_closed_pipe_is_no_fault() {
    let long = MODEL.replace("to 2024-07-01", "to 2119-10-30");
    let place = directory(&[("model.ctg", &long)]);
    for arguments in [
        &["simulate", ".", "--csv", "-"][..],
        &["check", ".", "--dump", "syntax"],
        &["check", ".", "--dump", "program"],
        &["--help"],
    ] {
        let mut child = program(place.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("standard error").read_to_string(&mut said).expect("UTF-8");
        let status = child.wait().expect("the program ends");
        assert!(
            !said.contains("panicked") && !said.contains("mistake in contingent"),
            "{arguments:?}: {said}"
        );
        assert_eq!(status.code(), Some(0), "{arguments:?}: {said}");
    }
}

#[test]
fn data_are_read_shown_and_run_and_their_mistakes_are_placed() {
    let body = "unit dozen = 12 strikers\n\
                input arrests \"Arrests\": striker/week from \"data/arrests.csv\" column \"taken away\" by month linear then 0\n\
                flow arrested: strikers -> = arrests\naux known = 3 dozen\n\
                indicator seen = arrests\nindicator others = known\n";
    let place = directory(&[("model.ctg", &format!("{MODEL}{body}"))]);
    let said = refused(place.path(), &["check", "."], 1);
    assert!(
        said.contains("error[invalid-data]: cannot read `data/arrests.csv`: there is no such file"),
        "{said}"
    );
    std::fs::create_dir(place.path().join("data")).expect("a directory can be made");
    let data = place.path().join("data/arrests.csv");
    write(&data, b"month,taken away\n2024-01,4\n2024-02,\"4,5\"\n2024-03,7\n");
    let said = refused(place.path(), &["check", "."], 1);
    assert!(said.contains("`data/arrests.csv` line 3, column `taken away`: `4,5` cannot be read"), "{said}");
    assert!(
        said.contains("data/arrests.csv:3:9") && said.contains("write decimals with a point: `4.5`"),
        "{said}"
    );
    write(&data, b"month,taken away\n2024-01,4\n2024-02,4.5\n2024-03,7\n");
    let dump = done(place.path(), &["check", ".", "--dump", "model"]);
    assert!(
        dump.contains("\nunit dozen = 12 strikers\n") && dump.contains("\naux known: striker\n"),
        "{dump}"
    );
    let line = "\ninput arrests: striker/week = 3 rows of data/arrests.csv, linear (0 to 6.655)\n";
    assert!(dump.contains(line), "{dump}");
    let table = done(place.path(), &["simulate", ".", "--csv", "-"]);
    let mut rows = table.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let column = header.iter().position(|&name| name == "arrests").expect("the input is a column");
    let values: Vec<f64> = rows.map(|row| row[column].parse().expect("a number")).collect();
    assert_eq!(values.len(), 27);
    assert!((values[1] - (4.0 + 0.5 * 7.0 / 31.0)).abs() < 1e-12 && values[9] == 0.0, "{values:?}");
    let said = refused(place.path(), &["simulate", ".", "--set", "arrests=3"], 2);
    assert!(said.contains("arrests"), "{said}");
}
