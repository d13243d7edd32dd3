//! Curves, what was observed, precision, words, `watch-list` and `policies` as a user meets them.
//!
//! Enters: a small model whose answers are known in closed form, in directories of its own. Always holds: exit codes are
//! those of the other commands; what is refused says how to write it.
//!
//! With u the push, uniform on 0..1, the hazard over half a year is u, so it breaks with probability 1 - e^-u, on average
//! 1/e. Pressure halves that and adds a quarter, which is better where u > 0.5.

#![allow(
    clippy::disallowed_methods,
    reason = "the closed forms are computed by the platform, and tests read files"
)]

use std::path::Path;
use std::process::{Command, Output};

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;
use serde_json::Value;
use tempfile::TempDir;

const MODEL: &str = r#"model "Will it break?" {
  purpose "To test"
  not_for "Any decision"
  time 2024-01-01 to 2024-12-30 step 1 week
  as_of 2024-01-01
}
unit striker
source paper "A paper" { publisher "A press" }
claim heard from paper by "A. Speaker" { says "There is some push", voice reported }
assume push "Push of the street": share = uniform(0%, 100%) because heard, judgement "our reading"
assume dud "Dud": share = uniform(0%, 100%) because judgement "open"
lever pressure: share = 0% range 0% to 100%
lever talks: share = 0% range 0% to 100%
aux rate: 1/year = (2 per year * push * (1 - 0.5 * pressure) + 0.5 per year * pressure) * (1 - 0.3 * talks)
event breaking at rate once
signed stock crowd: striker = 100 striker * push
flow nothing: -> crowd = 0 striker per week * dud
view hot "A hot reading" { push = uniform(50%, 100%) because heard, judgement "hot" }
policy press "They press" { pressure = 100% }
policy half "They press a little" { pressure = 50% }
policy talk "They talk" { talks = 100% }
policy later "They talk later" from 2024-04-01 { talks = 100% }
question breaks "Will it break within half a year?" {
  P( within 26 weeks: breaking.happened )
  resolves "Yes if seen."
}
question lasts "Will it hold for half a year?" {
  P( always during 26 weeks: not breaking.happened )
  resolves "Yes if seen."
}
question after "If it has not broken in a quarter, will it within half a year?" {
  P( within 26 weeks: breaking.happened )
  given at 13 weeks: not breaking.happened
  resolves "Yes if seen."
}
question size "How many will there be?" {
  distribution( crowd at 26 weeks )
  resolves "As counted."
}
question comes "When will it break?" {
  distribution( first time breaking.happened )
  resolves "The first week."
}
indicator heat "Heat" = 10 * push
indicator dull "Dull" = dud
"#;

/// 1/e.
const BREAKS: f64 = 0.367_879;

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
fn json(directory: &Path, arguments: &[&str]) -> Value {
    let printed = done(directory, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"))
}

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
fn number(value: &Value, pointer: &str) -> f64 {
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no number at {pointer}: {value}"))
}

/// The interval at a place holds the truth, and is no wider than asked.
#[track_caller]
fn holds(value: &Value, pointer: &str, truth: f64, widest: f64) {
    let (low, high) = (number(value, &format!("{pointer}/low")), number(value, &format!("{pointer}/high")));
    assert!(low <= truth && truth <= high, "{pointer}: {truth} is not within {low}..{high}");
    assert!(high - low <= widest, "{pointer}: {low}..{high} is wider than {widest}");
}

#[test]
fn the_curve_of_a_question_passes_through_its_answer_and_reaches_the_horizon() {
    let place = place();
    let answer = json(place.path(), &["answer", ".", "--draws", "4000"]);
    let curve = &answer["questions"][0]["curve"];
    assert_eq!(curve["meaning"], "has_come");
    assert_eq!(curve["probability"].as_array().map(Vec::len), Some(53));
    assert_eq!(curve["dates"][26], "2024-07-01");
    // The same runs summed in another order.
    let estimate = &answer["questions"][0]["estimate"];
    assert!((number(curve, "/probability/26") - number(estimate, "/probability")).abs() < 1e-12);
    assert!((number(curve, "/low/26") - number(estimate, "/interval/low")).abs() < 1e-12);
    // Over t half years: 1 - (1 - e^-t) / t; the year has 365.25 days, and 52 weeks are 364.
    for (step, t) in [(13, 0.498), (26, 0.997), (52, 1.993)] {
        let truth = 1.0 - (1.0 - f64::exp(-t)) / t;
        let at = |part: &str| number(curve, &format!("/{part}/{step}"));
        assert!(at("low") <= truth && truth <= at("high"), "step {step}: {truth}");
    }
    let falls = &answer["questions"][1]["curve"];
    assert_eq!(falls["meaning"], "has_held");
    for step in 0..53 {
        let sum =
            number(falls, &format!("/probability/{step}")) + number(curve, &format!("/probability/{step}"));
        assert!((sum - 1.0).abs() < 1e-12, "step {step}: {sum}");
    }
    assert!(answer["questions"][3].get("curve").is_none(), "a number at one time has no curve");
    assert_eq!(answer["questions"][4]["curve"]["probability"], curve["probability"]);
    let printed = done(place.path(), &["answer", ".", "--draws", "500"]);
    assert!(printed.contains("Comes by:") && printed.contains("Holds to:"), "{printed}");
}

#[test]
fn confidence_stands_in_a_sentence_of_its_own_with_its_grounds() {
    let place = place();
    let answer = json(place.path(), &["answer", ".", "--draws", "4000"]);
    let confidence = &answer["questions"][0]["confidence"];
    assert_eq!(confidence["level"], "low");
    // All of it hangs on the push, which cites one claim, in words that are not the speaker's own, of one source.
    assert!((number(confidence, "/share_one_source") - 1.0).abs() < 1e-9, "{confidence}");
    assert!((number(confidence, "/share_second_hand") - 1.0).abs() < 1e-9, "{confidence}");
    assert!(number(confidence, "/share_judgement").abs() < 1e-9);
    assert_eq!(confidence["validated"], false);
    let printed = done(place.path(), &["answer", ".", "--draws", "500"]);
    let line = printed.lines().find(|line| line.contains("Confidence:")).expect("a sentence");
    assert!(!line.contains("unlikely"), "{line}");
}

#[test]
fn what_knowing_is_worth_is_the_variance_of_the_expected_answer() {
    let place = place();
    let answer = json(place.path(), &["answer", ".", "--draws", "10000"]);
    let question = &answer["questions"][0];
    // Var(e^-u) = (1 - e^-2)/2 - (1 - e^-1)^2.
    let truth = (1.0 - f64::exp(-2.0)) / 2.0 - (1.0 - f64::exp(-1.0)).powi(2);
    let push = &question["hangs_on"][0];
    assert_eq!(push["assumption"], "push");
    holds(push, "/brier_gain/interval", truth, 0.02);
    let claim = &question["find_out"]["claims"][0];
    assert_eq!((claim["claim"].as_str(), claim["distinguishable"].as_bool()), (Some("heard"), Some(true)));
    assert_eq!(claim["assumptions"][0], "push");
    holds(claim, "/gain/interval", truth, 0.02);
    let most = number(question, "/find_out/if_all_were_known");
    assert!((most - truth).abs() < 0.006, "{most} against {truth}");
    assert!((number(question, "/find_out/expected_brier") - BREAKS * (1.0 - BREAKS)).abs() < 0.01);
    assert!(question["hangs_on"][1]["brier_gain"]["value"].as_f64().is_some_and(|gain| gain < 0.003));
    assert!(answer["questions"][3].get("find_out").is_none(), "a number has no Brier score");
}

/// A column of the runs that an answer wrote.
fn column(directory: &Path, name: &str) -> Vec<f64> {
    let folder = directory.join("out/runs/view=base/policy=none");
    let file = std::fs::read_dir(folder).expect("a folder").next().expect("a file").expect("a file").path();
    let reader =
        SerializedFileReader::new(std::fs::File::open(file).expect("it opens")).expect("it is Parquet");
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let place = schema.columns().iter().position(|column| column.name() == name).expect(name);
    let rows = reader.get_row_iter(None).expect("rows");
    rows.map(|row| f64::from(row.expect("a row").get_int(place).expect("a number"))).collect()
}

#[test]
fn an_answer_given_what_was_observed_is_that_over_the_runs_in_which_it_holds() {
    let place = place();
    let arguments = ["answer", ".", "--draws", "5000", "--out", "out"];
    let observed = ["--observed", "not breaking.happened at 2024-04-03"];
    let answer = json(place.path(), &[&arguments[..], &observed].concat());
    let (breaks, seen) = (column(place.path(), "breaks"), column(place.path(), "observed_1"));
    let kept: Vec<f64> =
        breaks.iter().zip(&seen).filter(|(_, seen)| **seen == 1.0).map(|(y, _)| *y).collect();
    let by_hand = kept.iter().sum::<f64>() / kept.len() as f64;
    let question = &answer["questions"][0];
    let estimate = number(question, "/estimate/probability");
    assert!((estimate - by_hand).abs() < 1e-12, "{estimate} against {by_hand}");
    assert_eq!(number(question, "/given/n_satisfied"), kept.len() as f64);
    // The day lies in the week that begins at 13 weeks; survivors of it are weighted by e^-(u/2).
    let truth = 1.0 - (1.0 - f64::exp(-1.0)) / (2.0 * (1.0 - f64::exp(-0.5)));
    holds(question, "/estimate/interval", truth, 0.04);
    // A question with this very condition says the same.
    assert_eq!(answer["questions"][2]["estimate"]["probability"], question["estimate"]["probability"]);
    holds(question, "/without_observed/interval", BREAKS, 0.04);
    assert_eq!(answer["observed"][0]["written"], observed[1]);
    assert_eq!(answer["questions"].as_array().map(Vec::len), Some(5), "observations are no questions");

    // Names of indicators stand for what they say, and the hash is that of the model.
    let arguments = ["answer", ".", "--draws", "5000", "--observed", "heat >= 5 at 4 weeks"];
    let hotter = json(place.path(), &arguments);
    // u is uniform on 0.5..1: 1 - 2 (e^-0.5 - e^-1).
    holds(&hotter, "/questions/0/estimate/interval", 0.5227, 0.06);
    assert_eq!(hotter["model"]["hash"], answer["model"]["hash"]);
    let printed = done(place.path(), &arguments);
    assert!(
        printed.contains("Taken as observed") && printed.contains("Without what was observed"),
        "{printed}"
    );
    assert!(printed.contains("independent ones"), "the effective number of runs is told: {printed}");
}

#[test]
fn what_cannot_be_taken_as_observed_is_refused_with_a_way_out() {
    let place = place();
    for (text, code, wanted) in [
        ("heat >= 5", 2, "does not say when"),
        ("heat >= 5 at 2026-01-01", 2, "outside the simulated time"),
        ("heat >= 5 at 99 weeks", 1, "invalid-time"),
        ("heet >= 5 at 4 weeks", 1, "unknown-name"),
        ("rainfall >= 5 at 4 weeks", 1, "one of its indicators: "),
        ("heat >= 3 strikers at 4 weeks", 1, "unit-clash"),
        ("heat at 4 weeks", 1, "type-clash"),
        ("heat > 11 at 4 weeks", 1, "holds in 0 of 400 runs"),
        ("heat > 9.7 at 4 weeks", 1, "--draws"),
        ("heat > 3 ) resolves \"a\" } at 4 weeks", 2, "not one condition"),
        ("heat > 3 # x at 4 weeks", 2, "not one condition"),
        (" at 4 weeks", 2, "does not say when"),
    ] {
        let said = refused(place.path(), &["answer", ".", "--draws", "200", "--observed", text], code);
        assert!(said.contains(wanted), "{text}: {said}");
        assert!(said.contains("help"), "{text}: {said}");
    }
}

#[test]
fn runs_go_on_until_the_interval_is_as_narrow_as_asked() {
    let place = place();
    let answer = json(place.path(), &["answer", ".", "--precision", "3%"]);
    let precision = &answer["precision"];
    assert_eq!(precision["met"], true);
    let looks = precision["looks"].as_array().expect("looks");
    let spent: f64 = looks.iter().map(|look| look["error"].as_f64().expect("a number")).sum();
    assert!((spent - 0.05).abs() < 1e-9, "{spent}");
    assert_eq!(precision["stopped_at"], answer["design"]["n_draws"]);
    assert!(looks.iter().any(|look| look["n_draws"] == precision["stopped_at"]));
    for question in 0..3 {
        let of = |end: &str| number(&answer, &format!("/questions/{question}/estimate/interval/{end}"));
        assert!(of("high") - of("low") <= 0.06, "question {question}");
    }
    holds(&answer, "/questions/0/estimate/interval", BREAKS, 0.06);
    // More runs for a narrower interval, and the same draws in both.
    let finer = json(place.path(), &["answer", ".", "--precision", "1.5%"]);
    assert!(number(&finer, "/design/n_draws") > number(&answer, "/design/n_draws"));
    let printed = done(place.path(), &["answer", ".", "--precision", "5%"]);
    assert!(printed.contains("looks were fixed beforehand"), "{printed}");
    for wrong in ["0", "60%", "little", "-1%"] {
        let said = refused(place.path(), &["answer", ".", &format!("--precision={wrong}")], 2);
        assert!(said.contains("help"), "{said}");
    }
    refused(place.path(), &["answer", ".", "--precision", "3%", "--draws", "100"], 2);
}

#[test]
fn the_words_of_another_scale_have_gaps() {
    let place = place();
    let answer = json(place.path(), &["answer", ".", "--draws", "2000", "--words", "phia"]);
    assert_eq!(answer["words"], "phia");
    let word = answer["questions"][0]["estimate"]["word"].as_str().expect("words");
    let text = answer["questions"][0]["estimate"]["word_range_text"].as_str().expect("a range");
    // 37 in 100 lies between 35 and 40.
    assert_eq!(word, "between unlikely and realistic possibility");
    assert_eq!(text, "25-35% and 40-50%");
    let usual = json(place.path(), &["answer", ".", "--draws", "2000"]);
    assert_eq!(usual["words"], "icd203");
    assert_eq!(usual["questions"][0]["estimate"]["word"], "unlikely");
}

#[test]
fn what_to_watch_is_the_indicator_that_tells_and_how_early() {
    let place = place();
    let list = json(place.path(), &["watch-list", ".", "--draws", "3000", "--out", "list.json"]);
    assert_eq!(list["schema"], "contingent.watch-list/1");
    assert_eq!(
        serde_json::from_str::<Value>(&read(&place.path().join("list.json"))).expect("JSON"),
        list,
        "the file is what is printed"
    );
    let question = &list["questions"][0];
    assert_eq!(question["n_compared"], 8);
    for signal in question["signals"].as_array().expect("signals") {
        let tells = signal["indicator"] == "heat";
        assert_eq!(signal["distinguishable"], tells, "{signal}");
        if !tells {
            // Six intervals of 95% are not all expected to hold 0.5.
            assert!((number(signal, "/area/value") - 0.5).abs() < 0.06, "{signal}");
            continue;
        }
        let warning = &signal["warning"];
        assert_eq!(warning["is_above"], true);
        assert!(number(warning, "/ratio_if/value") > 1.5 && number(warning, "/ratio_unless/value") < 0.8);
        // While it is open after t half years u has density e^-(ut), and it breaks with 1 - e^-(u (1-t)).
        let t = number(signal, "/time") / 26.0 * 0.997;
        let open = (1.0 - f64::exp(-t)) / t;
        assert!((number(signal, "/share_open") - open).abs() < 0.02, "{signal}");
        let unbroken = (1.0 - f64::exp(-0.997)) / 0.997;
        holds(signal, "/probability", 1.0 - unbroken / open, 0.05);
        assert!(number(signal, "/gain/value") < number(signal, "/probability/value") * 0.25);
    }
    assert!(list["questions"][3]["skipped"].as_str().is_some_and(|reason| reason.contains("number")));
    // From the trajectories that an answer keeps.
    done(place.path(), &["answer", ".", "--draws", "1000", "--out", "out"]);
    let stored = json(place.path(), &["watch-list", ".", "--from", "out"]);
    let fresh = json(place.path(), &["watch-list", ".", "--draws", "1000"]);
    assert_eq!(stored["questions"][0], fresh["questions"][0], "a run directory says what a run says");

    let printed = done(place.path(), &["watch-list", ".", "--draws", "2000", "--question", "breaks"]);
    assert!(printed.contains("Heat") && printed.contains("Likelihood ratio"), "{printed}");
    assert!(printed.contains("--observed \"heat >="), "{printed}");
    let on = json(place.path(), &["watch-list", ".", "--at", "2024-02-29", "--question", "breaks"]);
    assert_eq!(on["questions"][0]["signals"][0]["date"], "2024-02-26");
    for arguments in [
        &["watch-list", ".", "--question", "break"][..],
        &["watch-list", ".", "--at", "tomorrow"],
        &["watch-list", ".", "--at", "2030-01-01"],
        &["watch-list", ".", "--from", "nowhere"],
    ] {
        refused(place.path(), arguments, 2);
    }
}

#[test]
fn policies_are_compared_combined_and_judged_by_what_is_aimed_at() {
    let place = place();
    let report = json(
        place.path(),
        &[
            "policies",
            ".",
            "--combine",
            "--objective",
            "breaks:minimise",
            "--objective",
            "size",
            "--threshold",
            "breaks <= 30%",
            "--threshold",
            "size >= 50 striker",
            "--draws",
            "4000",
            "--out",
            "report.json",
        ],
    );
    assert_eq!(report["schema"], "contingent.policies/1");
    let ids: Vec<&str> = report["alternatives"]
        .as_array()
        .expect("alternatives")
        .iter()
        .map(|alternative| alternative["id"].as_str().expect("a name"))
        .collect();
    assert_eq!(ids, ["none", "press", "half", "talk", "later", "press+talk", "half+talk"]);
    let reasons = report["not_combined"].to_string();
    assert!(reasons.contains("press and half set pressure to different values"), "{reasons}");
    assert!(reasons.contains("talk and later do not last for the same time"), "{reasons}");

    let row = |question: usize, view: &str, alternative: &str| -> Value {
        let rows = report["questions"][question]["rows"].as_array().expect("rows");
        let found = rows.iter().find(|row| row["view"] == view && row["alternative"] == alternative);
        found.expect("a row").clone()
    };
    // E[1 - e^-(u/2 + 1/4)] = 1 - 2 e^-1/4 (1 - e^-1/2); the same over u in 0.5..1.
    let pressed = 1.0 - 2.0 * f64::exp(-0.25) * (1.0 - f64::exp(-0.5));
    holds(&row(0, "base", "press"), "/interval", pressed - BREAKS, 0.04);
    let hot = 1.0 - 2.0 * (f64::exp(-0.5) - f64::exp(-1.0));
    let hot_pressed = 1.0 - 4.0 * f64::exp(-0.25) * (f64::exp(-0.25) - f64::exp(-0.5));
    holds(&row(0, "hot", "press"), "/interval", hot_pressed - hot, 0.04);
    let ratio = number(&row(0, "base", "talk"), "/error_ratio");
    assert!(ratio < 0.75, "common random numbers: {ratio}");

    let aim = &report["objectives"][0];
    assert_eq!((aim["question"].as_str(), aim["sense"].as_str()), (Some("breaks"), Some("minimise")));
    let regrets = aim["regrets"].as_array().expect("regrets");
    let regret = |id: &str| regrets.iter().find(|row| row["alternative"] == id).expect("a row").clone();
    for row in regrets {
        assert!(number(row, "/p90") >= 0.0 && number(row, "/max") >= number(row, "/p90"), "{row}");
        assert!(number(row, "/worst_view") >= 0.0);
    }
    assert!(number(&regret("talk"), "/worst_view") < number(&regret("none"), "/worst_view"));
    let best: f64 = regrets.iter().map(|row| number(row, "/share_best")).sum();
    assert!((best - 1.0).abs() < 1e-6, "{best}");
    // Pressing pays where the push is strong: worth knowing, and the dud is not.
    let information = aim["information"].as_array().expect("information");
    let named = |name: &str| information.iter().find(|row| row["name"] == name).expect("a row").clone();
    assert_eq!(named("push")["distinguishable"], true);
    assert_eq!(named("heard")["is_claim"], true);
    assert_eq!(named("dud")["distinguishable"], false);

    let share = |place: usize, view: &str, alternative: &str| {
        let rows = report["thresholds"][place]["rows"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["view"] == view && row["alternative"] == alternative);
        row.expect("a row")["share"].as_f64()
    };
    let of_all = |place: usize| share(place, "base", "none").expect("a share");
    // 1 - e^-u is at most 0.3 for u up to 0.357, and never for u above 0.5; the fit is straight.
    assert!((of_all(0) - 0.357).abs() < 0.05);
    // Under `hot` probabilities may be too close together for the share to be told; no share then, rather than any.
    assert!(share(0, "hot", "none").is_none_or(|share| share < 0.03));
    assert!((of_all(1) - 0.5).abs() < 0.02, "a number is counted in runs");
    let trade_offs = report["trade_offs"].as_array().expect("trade-offs");
    assert_eq!(trade_offs.len(), 7);
    assert!(trade_offs.iter().any(|row| row["efficient"] == true));
    assert_eq!(read(&place.path().join("report.json")).lines().next(), Some("{"));
}

#[test]
fn the_value_of_knowing_before_choosing_agrees_with_its_closed_form() {
    let place = place();
    let model = MODEL.replace("policy half \"They press a little\" { pressure = 50% }\n", "");
    let model = model.replace("policy talk \"They talk\" { talks = 100% }\n", "");
    let model = model.replace("policy later \"They talk later\" from 2024-04-01 { talks = 100% }\n", "");
    write(&place.path().join("model.ctg"), &model);
    let report = json(
        place.path(),
        &["policies", ".", "--objective", "breaks:minimise", "--draws", "20000", "--set", "talks=0%"],
    );
    let push = report["objectives"][0]["information"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["name"] == "push"))
        .expect("a row")
        .clone();
    // Doing nothing where u < 0.5 and pressing where it is not, against doing nothing.
    let informed =
        (0.5 - (1.0 - f64::exp(-0.5))) + (0.5 - 2.0 * f64::exp(-0.25) * (f64::exp(-0.25) - f64::exp(-0.5)));
    holds(&push, "/interval", BREAKS - informed, 0.012);
    assert!((number(&push, "/share_changed") - 0.5).abs() < 0.1);
    assert!(number(&push, "/in_sample") >= number(&push, "/gain") - 0.002);
}

#[test]
fn a_search_keeps_settings_that_no_other_beats_and_measures_them_again() {
    let place = place();
    let arguments = [
        "policies",
        ".",
        "--objective",
        "breaks:minimise",
        "--draws",
        "500",
        "--search",
        "24",
        "--seed",
        "3",
    ];
    let report = json(place.path(), &arguments);
    let search = &report["search"];
    assert_eq!((search["n_tried"].as_u64(), search["measured_with_seed"].as_u64()), (Some(24), Some(4)));
    let found = search["found"].as_array().expect("settings");
    assert_eq!(found[0]["settings"].as_array().map(Vec::len), Some(0), "doing nothing stands first");
    assert!(found.len() >= 2);
    // Much talk is what helps under the hot reading; the worst view is the hot one.
    let best = &found[1];
    assert!(number(best, "/worst_view/0") < number(&found[0], "/worst_view/0"));
    let talks = best["settings"].as_array().and_then(|all| all.iter().find(|one| one["lever"] == "talks"));
    assert!(talks.and_then(|talks| talks["value"].as_f64()).is_some_and(|value| value > 0.5), "{best}");
    assert_eq!(report, json(place.path(), &arguments), "the same search finds the same");
    let printed = done(place.path(), &arguments);
    assert!(printed.contains("measured again with seed 4"), "{printed}");
}

#[test]
fn aims_and_bounds_that_make_no_sense_are_refused() {
    let place = place();
    for arguments in [
        &["--objective", "brakes"][..],
        &["--objective", "breaks:down"],
        &["--objective", "comes"],
        &["--threshold", "breaks"],
        &["--threshold", "breaks <= much"],
        &["--threshold", "breaks <= 300%"],
        &["--search", "5"],
        &["--search", "0", "--objective", "breaks"],
    ] {
        refused(place.path(), &[&["policies", "."], arguments].concat(), 2);
    }
    write(
        &place.path().join("bare.ctg"),
        &MODEL.lines().filter(|line| !line.starts_with("policy")).collect::<Vec<_>>().join("\n"),
    );
    let said = refused(place.path(), &["policies", "bare.ctg"], 1);
    assert!(said.contains("--search"), "{said}");
    // Nothing to combine, but something to search.
    done(place.path(), &["policies", "bare.ctg", "--objective", "breaks", "--search", "2", "--draws", "50"]);
}
