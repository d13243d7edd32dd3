//! `contingent sensitivity` and `contingent compare` as a user meets them: known indices, known gaps, what is written,
//! what is refused.
//!
//! Enters: a small model in directories of its own, whose indices and gaps follow from its hazards. Always holds: threads
//! change nothing; exit codes are those of the other commands.

use std::path::Path;
use std::process::{Command, Output};

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::Value;
use tempfile::TempDir;

/// Over a year the chance of breaking is 1 - exp(-rate), with the rate a product or a choice. `push` and `mood` matter,
/// `dud` does nothing, `crowd` only sets the number of strikers.
const MODEL: &str = r#"model "Will it break?" {
  purpose "To test"
  not_for "Any decision"
  time 2024-01-01 to 2024-12-30 step 1 week
}
unit striker
source paper "A paper" {
  publisher "A house"
  date 2024-01-01
  grade B2
}
claim heard from paper by "Ann" role "Witness" {
  says "They push hard"
  kind fact
  voice direct
}
claim seen from paper by "Ben" role "Witness" {
  says "The guards are loose"
  kind fact
  voice direct
}
actor street "The street" {
  assume push "Push of the street": share = uniform(0%, 100%) because heard
}
actor guards "The guards" {
  assume mood "Mood of the guards": one of tight, loose = tight 50%, loose 50% because seen
}
assume dud "Dud": share = uniform(0%, 100%) because judgement "open"
assume crowd "Crowd": striker = 200 to 400 because judgement "counts"
lever patrols "Patrols": share = 0% range 0% to 100%
stock strikers: striker = crowd * (1 + 0 * dud)
mechanism form "Form": one of plain, doubled = plain because judgement "a reading"
aux open: 1 = match guards.mood { tight: 0.5, loose: 1.5 }
aux twice: 1 = match form { plain: 1, doubled: 2 }
aux rate: 1/year = street.push * open * twice * (1 - patrols) * 1 per year
event breaking at rate once { strikers += 0 striker }
view calm "A calm reading" {
  street.push = uniform(0%, 20%) because heard
  dud = uniform(50%, 100%) because judgement "calm"
}
view wild "A wild reading" {
  street.push = uniform(80%, 100%) because heard
  guards.mood = loose because seen
  form = doubled because judgement "wild"
  dud = uniform(0%, 50%) because judgement "wild"
}
policy watch "Patrols on every corner" {
  patrols = 80%
}
question breaks "Will it break within a year?" {
  P( within 52 weeks: breaking.happened )
  resolves "Yes if seen."
}
question first "When will it break?" {
  distribution( first time breaking.happened )
  resolves "As seen."
}
question size "How many will there be?" {
  distribution( strikers at 52 weeks )
  resolves "As counted."
}
question sized "Will there be many if it breaks?" {
  P( at 52 weeks: strikers > 300 striker )
  given within 52 weeks: breaking.happened
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
fn json(directory: &Path, arguments: &[&str]) -> Value {
    let said = done(directory, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}\n{said}"))
}

#[track_caller]
fn question<'a>(document: &'a Value, id: &str) -> &'a Value {
    let questions = document["questions"].as_array().expect("questions are listed");
    questions.iter().find(|question| question["id"] == id).unwrap_or_else(|| panic!("no question {id}"))
}

#[track_caller]
fn factor<'a>(question: &'a Value, name: &str) -> &'a Value {
    let factors = question["factors"].as_array().expect("factors are listed");
    factors.iter().find(|factor| factor["factor"] == name).unwrap_or_else(|| panic!("no factor {name}"))
}

#[track_caller]
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[track_caller]
fn near(value: &Value, truth: f64, tolerance: f64) {
    assert!((number(value) - truth).abs() < tolerance, "{value} against {truth}");
}

/// First-order and total indices of push and mood for `1 - exp(-c u)` with c 0.5 or 1.5, over the steps of the model: the
/// chance per week is that of the hazard, so the year has 52 weeks of a year's rate.
#[expect(clippy::disallowed_methods, reason = "what is compared with need not be exact to the bit")]
fn truths() -> [[f64; 2]; 2] {
    let weeks = 52.0 * 7.0 / 365.25;
    let p = |u: f64, c: f64| 1.0 - (-c * u * weeks).exp();
    let n = 20_000;
    let (mut mean, mut square, mut of_push, mut of_mood) = (0.0, 0.0, 0.0, [0.0; 2]);
    for i in 0..n {
        let u = (f64::from(i) + 0.5) / f64::from(n);
        let both = [p(u, 0.5), p(u, 1.5)];
        let middle = 0.5 * (both[0] + both[1]);
        mean += middle / f64::from(n);
        square += 0.5 * (both[0] * both[0] + both[1] * both[1]) / f64::from(n);
        of_push += middle * middle / f64::from(n);
        of_mood[0] += both[0] / f64::from(n);
        of_mood[1] += both[1] / f64::from(n);
    }
    let whole = square - mean * mean;
    let push = (of_push - mean * mean) / whole;
    let mood = (0.5 * (of_mood[0] * of_mood[0] + of_mood[1] * of_mood[1]) - mean * mean) / whole;
    [[push, 1.0 - mood], [mood, 1.0 - push]]
}

#[test]
fn an_ensemble_has_the_known_indices_and_says_them() {
    let place = place();
    let arguments = ["sensitivity", ".", "--question", "breaks"];
    let document = json(place.path(), &arguments);
    assert_eq!(document["schema"], "contingent.sensitivity/1");
    let found = question(&document, "breaks");
    let [[push, _], [mood, _]] = truths();
    near(&factor(found, "street.push")["first"]["value"], push, 0.07);
    near(&factor(found, "guards.mood")["first"]["value"], mood, 0.07);
    assert_eq!(factor(found, "street.push")["direction_words"], "higher -> more likely");
    assert_eq!(factor(found, "guards.mood")["alternatives"], serde_json::json!(["tight", "loose"]));
    assert_eq!(factor(found, "dud")["distinguishable"], false);
    let said = done(place.path(), &arguments);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Push of the street: higher -> more likely;"), "{said}");
    assert!(flat.contains("in its weakest third,") && flat.contains("in its strongest third."), "{said}");
    assert!(flat.contains("with tight,") && flat.contains("with loose."), "{said}");
    assert!(flat.contains("cannot be told from no effect"), "{said}");
}

#[test]
fn a_saltelli_design_has_the_known_totals_and_nothing_for_the_dud() {
    let place = place();
    let arguments = ["sensitivity", ".", "--question", "breaks", "--design", "saltelli", "--runs", "120000"];
    let document = json(place.path(), &arguments);
    let found = question(&document, "breaks");
    let [[push, push_total], [mood, mood_total]] = truths();
    for (name, first, total) in [("street.push", push, push_total), ("guards.mood", mood, mood_total)] {
        let factor = factor(found, name);
        for (which, truth) in [("first", first), ("total", total)] {
            let off = 4.5 * number(&factor[which]["standard_error"]);
            assert!(off < 0.4, "{factor}");
            near(&factor[which]["value"], truth, off);
        }
        assert_eq!(factor["distinguishable"], true);
    }
    for name in ["dud", "crowd"] {
        let factor = factor(found, name);
        assert_eq!(factor["total"]["value"], 0.0, "it changes no run: {factor}");
        assert_eq!(factor["share_unmoved"], 1.0);
    }
    assert_eq!(document["design"]["kind"], "saltelli");
    let said = done(place.path(), &arguments);
    assert!(said.contains("In all:") && said.contains("Push of the street"), "{said}");
}

#[test]
fn elementary_effects_screen_and_have_a_sign() {
    let place = place();
    for design in ["morris", "radial"] {
        let document = json(
            place.path(),
            &[
                "sensitivity",
                ".",
                "--design",
                design,
                "--runs",
                "20000",
                "--question",
                "breaks",
                "--question",
                "size",
            ],
        );
        let found = question(&document, "breaks");
        // Half of the range moves the probability by the mean of p(u + 1/2) - p(u), about 0.27.
        let push = factor(found, "street.push");
        near(&push["mu"]["value"], 0.27, 0.04);
        near(&push["mu_star"]["value"], 0.27, 0.05);
        assert_eq!(push["direction_words"], "higher -> more likely");
        let mood = factor(found, "guards.mood");
        assert!(mood["mu"].is_null() && mood["distinguishable"] == true, "{mood}");
        assert_eq!(factor(found, "dud")["mu_star"]["value"], 0.0);
        let size = question(&document, "size");
        assert_eq!(size["factors"][0]["factor"], "crowd");
        assert_eq!(factor(size, "street.push")["mu_star"]["value"], 0.0);
    }
}

#[test]
fn groups_are_those_of_actors_sources_and_speakers() {
    let place = place();
    for (by, names) in [
        ("actor", vec!["actor.street", "actor.guards", "no_actor"]),
        ("source", vec!["source.paper", "judgement"]),
        ("speaker", vec!["speaker.Ann", "speaker.Ben", "judgement"]),
    ] {
        let document = json(place.path(), &["sensitivity", ".", "--group-by", by, "--question", "breaks"]);
        let found: Vec<&str> = document["factors"]
            .as_array()
            .expect("factors are listed")
            .iter()
            .map(|factor| factor["name"].as_str().expect("a name"))
            .collect();
        assert_eq!(found, names);
    }
    // Push and mood together decide everything: the closed index of the source is 1.
    let by_source = ["sensitivity", ".", "--group-by", "source", "--question", "breaks"];
    let document = json(place.path(), &by_source);
    let of_paper = factor(question(&document, "breaks"), "source.paper");
    assert_eq!(of_paper["first_is_bound"], false);
    assert!(number(&of_paper["first"]["value"]) > 0.85, "{of_paper}");
    let designed =
        json(place.path(), &[&by_source[..], &["--design", "saltelli", "--runs", "60000"]].concat());
    let of_paper = factor(question(&designed, "breaks"), "source.paper");
    let off = 4.5 * number(&of_paper["total"]["standard_error"]);
    near(&of_paper["total"]["value"], 1.0, off);
}

#[test]
fn a_question_without_a_design_says_why() {
    let place = place();
    let document = json(place.path(), &["sensitivity", ".", "--design", "saltelli", "--runs", "3000"]);
    let found = question(&document, "sized");
    assert!(
        found["unanswerable"].as_str().is_some_and(|reason| reason.contains("--design ensemble")),
        "{found}"
    );
    assert_eq!(question(&document, "first")["on_ranks"], true);
}

#[test]
fn run_directories_are_read_with_and_without_their_model() {
    let place = place();
    done(place.path(), &["run", ".", "--runs", "8000", "--replications", "2", "--out", "runs/a"]);
    let afresh = json(place.path(), &["sensitivity", ".", "--runs", "8000"]);
    let with_model = json(place.path(), &["sensitivity", ".", "--from", "runs/a"]);
    assert_eq!(with_model["questions"], afresh["questions"]);
    let alone = json(place.path(), &["sensitivity", "runs/a"]);
    let (a, b) = (question(&alone, "breaks"), question(&afresh, "breaks"));
    assert_eq!(factor(a, "street.push")["first"], factor(b, "street.push")["first"]);
    assert_eq!(factor(a, "street.push")["label"], "street.push");
    assert_eq!(factor(a, "guards.mood")["first"], factor(b, "guards.mood")["first"], "a category");
    assert!(alone["warnings"][0].as_str().is_some_and(|text| text.contains("was not given")));
    let said = refused(place.path(), &["sensitivity", "runs/a", "--design", "saltelli"]);
    assert!(said.contains("needs runs of its own"), "{said}");
    let said = refused(place.path(), &["sensitivity", "runs/a", "--group-by", "source"]);
    assert!(said.contains("--from runs/a"), "{said}");
}

#[test]
fn the_tables_are_written_whole_and_replace_only_their_kind() {
    let place = place();
    let arguments =
        ["sensitivity", ".", "--design", "saltelli", "--runs", "3000", "--question", "breaks", "-o", "found"];
    let document = json(place.path(), &arguments);
    assert_eq!(document["directory"], "found");
    let written: Value =
        serde_json::from_str(&read(&place.path().join("found/sensitivity.json"))).expect("JSON");
    assert_eq!(written["questions"], document["questions"]);
    assert!(written["directory"].is_null(), "equal results are equal bytes");
    for (table, column, rows) in [("indices.parquet", "total", 4), ("pairs.parquet", "index", 6)] {
        let file = std::fs::File::open(place.path().join("found").join(table)).expect("the table is there");
        let reader = SerializedFileReader::new(file).expect("a table");
        let metadata = reader.metadata().file_metadata();
        assert_eq!(metadata.num_rows(), rows);
        let columns = metadata.schema_descr().columns();
        assert!(columns.iter().any(|found| found.name() == column), "{table}");
    }
    let before = std::fs::read(place.path().join("found/indices.parquet")).expect("the table is there");
    done(place.path(), &arguments);
    let after = std::fs::read(place.path().join("found/indices.parquet")).expect("the table is there");
    assert_eq!(before, after);
    let names: Vec<String> = std::fs::read_dir(place.path())
        .expect("the directory is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().all(|name| !name.contains("partial") && !name.contains("replaced")), "{names:?}");
    std::fs::create_dir(place.path().join("mine")).expect("a directory can be made");
    write(&place.path().join("mine/notes.txt"), "kept");
    let said = refused(place.path(), &["sensitivity", ".", "-o", "mine"]);
    assert!(said.contains("mine"), "{said}");
    assert_eq!(read(&place.path().join("mine/notes.txt")), "kept");
}

#[test]
fn threads_change_nothing() {
    let place = place();
    for arguments in [
        vec!["sensitivity", ".", "--design", "saltelli", "--runs", "3000"],
        vec!["sensitivity", ".", "--design", "morris", "--runs", "3000"],
        vec!["compare", ".", "calm", "wild", "--draws", "200"],
    ] {
        let with = |threads: &str| json(place.path(), &[&arguments[..], &["--threads", threads]].concat());
        assert_eq!(with("1"), with("3"), "{arguments:?}");
    }
}

#[test]
fn the_gap_between_two_views_is_shared_out_and_sums() {
    let place = place();
    let document = json(place.path(), &["compare", ".", "calm", "wild", "--draws", "2000"]);
    assert_eq!(document["schema"], "contingent.comparison/1");
    assert_eq!(document["pair"], serde_json::json!(["calm", "wild"]));
    let found = question(&document, "breaks");
    let waterfall = &found["waterfall"];
    let parts = waterfall["parts"].as_array().expect("parts are listed");
    let sum: f64 = parts.iter().map(|part| number(&part["part"]["value"])).sum();
    assert!((sum - number(&waterfall["gap"]["value"])).abs() < 1e-12, "{waterfall}");
    let (from, to) = (number(&waterfall["from"]), number(&waterfall["to"]));
    assert!((to - from - sum).abs() < 1e-12);
    // Under calm 1 - exp(-c u) over u in 0..0.2 and c of 0.5 or 1.5; under wild over u in 0.8..1 with c of 3.
    assert!((from - 0.092).abs() < 0.03 && (to - 0.93).abs() < 0.03, "{from} {to}");
    let part = |name: &str| parts.iter().find(|part| part["group"] == name).expect("the group differs");
    assert_eq!(parts.len(), 4, "push, mood, dud and form differ");
    assert_eq!(part("dud")["part"]["value"], 0.0);
    assert_eq!(part("dud")["distinguishable"], false);
    assert_eq!(parts[0]["group"], "street.push");
    assert!(
        number(&part("form")["part"]["value"]) > 0.05 && number(&part("guards.mood")["part"]["value"]) > 0.02
    );
    // Exchanged alone a doubled form does little to a calm street, at the end much.
    assert!(number(&part("form")["first"]) < number(&part("form")["part"]["value"]));
    assert_eq!(question(&document, "first")["compared"], "share_that_comes");
    let never = question(&document, "first");
    assert!((number(&never["waterfall"]["to"]) - to).abs() < 0.02);
    let said = done(place.path(), &["compare", ".", "calm", "wild", "--draws", "500"]);
    assert!(said.contains("The gap, from A calm reading to A wild reading"), "{said}");
    assert!(said.contains("all orders of exchange"), "{said}");
}

#[test]
fn every_coalition_of_views_is_the_view_itself_at_the_ends() {
    let place = place();
    let document = json(place.path(), &["compare", ".", "calm", "wild", "--draws", "500"]);
    for found in document["questions"].as_array().expect("questions are listed") {
        let value = |view: &str| {
            let values = found["views"].as_array().expect("views are listed");
            number(&values.iter().find(|value| value["view"] == view).expect("the view")["value"]["value"])
        };
        assert!((number(&found["waterfall"]["from"]) - value("calm")).abs() < 1e-12, "{found}");
        assert!((number(&found["waterfall"]["to"]) - value("wild")).abs() < 1e-12, "{found}");
    }
}

#[test]
fn views_stand_side_by_side_and_agree_where_they_do() {
    let place = place();
    let document = json(place.path(), &["compare", ".", "--draws", "1000"]);
    assert_eq!(document["pair"], serde_json::json!(["calm", "wild"]), "the farthest apart");
    let views: Vec<&str> = document["views"]
        .as_array()
        .expect("views are listed")
        .iter()
        .map(|view| view["id"].as_str().expect("a name"))
        .collect();
    assert_eq!(views, ["base", "calm", "wild"]);
    assert_eq!(question(&document, "breaks")["agreement"]["agree"], false);
    // No view says anything about the crowd.
    let size = &question(&document, "size")["agreement"];
    assert_eq!(size["agree"], true);
    assert_eq!(size["gap"]["value"], 0.0);
    let said = done(place.path(), &["compare", ".", "--draws", "500", "--question", "breaks"]);
    assert!(said.contains("The views part:"), "{said}");
    let said = done(place.path(), &["compare", ".", "--draws", "500", "--question", "size"]);
    assert!(said.contains("The views agree:"), "{said}");
}

#[test]
fn views_are_pooled_only_with_weights_and_they_are_printed() {
    let place = place();
    let plain = done(place.path(), &["compare", ".", "--draws", "500", "--question", "breaks"]);
    assert!(!plain.contains("Pooled"), "{plain}");
    let arguments = ["compare", ".", "--draws", "500", "--question", "breaks", "--weights", "calm=3,wild=1"];
    let document = json(place.path(), &arguments);
    let found = question(&document, "breaks");
    let value = |view: &str| {
        let values = found["views"].as_array().expect("views are listed");
        number(&values.iter().find(|value| value["view"] == view).expect("the view")["value"]["value"])
    };
    near(&found["pooled"]["value"], 0.75 * value("calm") + 0.25 * value("wild"), 1e-12);
    let said = done(place.path(), &arguments);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Pooled with your weights (A calm reading 75%, A wild reading 25%)"), "{said}");
}

#[test]
fn policies_are_compared_run_by_run_under_each_view() {
    let place = place();
    let arguments = ["compare", ".", "--policies", "--draws", "1000", "--question", "breaks", "-o", "found"];
    let document = json(place.path(), &arguments);
    assert!(document["pair"].is_null());
    let changes = question(&document, "breaks")["policies"].as_array().expect("policies are listed");
    assert_eq!(changes.len(), 3);
    for change in changes {
        assert_eq!(change["distinguishable"], true, "{change}");
        assert!(number(&change["change"]["high"]) < 0.0, "{change}");
    }
    let said = done(place.path(), &arguments);
    assert!(said.contains("Patrols on every corner: less under every view."), "{said}");
    for table in ["views.parquet", "policies.parquet", "comparison.json", "manifest.json"] {
        assert!(place.path().join("found").join(table).is_file(), "{table}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_with_a_way_out() {
    let place = place();
    for (arguments, part) in [
        (vec!["sensitivity", ".", "--question", "brakes"], "did you mean `breaks`?"),
        (vec!["sensitivity", ".", "--design", "sobol"], "possible values"),
        (vec!["sensitivity", ".", "--design", "morris", "--replications", "1"], "two replications"),
        (vec!["sensitivity", ".", "--from", "nowhere"], "cannot read"),
        (vec!["sensitivity", ".", "--view", "clam"], "did you mean `calm`?"),
        (vec!["compare", ".", "calm"], "one view alone has no gap"),
        (vec!["compare", ".", "calm", "calm"], "named twice"),
        (vec!["compare", ".", "clam", "wild"], "did you mean `calm`?"),
        (vec!["compare", ".", "calm", "wild", "base"], "unexpected"),
        (vec!["compare", ".", "--weights", "calm"], "has no `=`"),
        (vec!["compare", ".", "--weights", "calm=0"], "not a weight"),
        (vec!["compare", ".", "--weights", "calm=nan"], "not a weight"),
        (vec!["compare", ".", "--weights", "calm=1,calm=2"], "two weights"),
        (vec!["compare", ".", "--weights", "clam=1"], "did you mean `calm`?"),
    ] {
        let said = refused(place.path(), &arguments);
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
}
