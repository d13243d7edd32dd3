//! The commands that teach: `new`, `explain`, `completions`, and the documents written from the implementation.
//!
//! Enters: the built program, in directories of their own. Always holds: what is committed under `docs/` is what the
//! program writes; what the program prints as JSON fits the schema that it writes.

mod schema;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use contingent_model::forms::TABLES;
use contingent_model::functions::{DISTRIBUTIONS, FUNCTIONS};
use contingent_syntax::Code;
use serde_json::Value;
use tempfile::TempDir;

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contingent"))
        .current_dir(directory)
        .args(arguments)
        .env_remove("RUST_BACKTRACE")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
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
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    text(&output.stderr)
}

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory can be made")
}

#[expect(clippy::disallowed_methods, reason = "tests read what was written")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file can be written");
}

fn entries(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_new_model_checks_runs_and_answers_without_a_word_of_complaint() {
    let place = directory();
    let said = done(place.path(), &["new", "hills"]);
    for command in ["contingent check hills", "contingent simulate hills", "contingent answer hills"] {
        assert!(said.contains(command), "{said}");
    }
    assert_eq!(entries(place.path()), ["hills"]);
    assert_eq!(entries(&place.path().join("hills")), ["claims.ctg", "model.ctg"]);
    let output = run(place.path(), &["check", "hills"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr).trim(), "no errors, no warnings");
    assert!(done(place.path(), &["simulate", "hills"]).contains("league.fighters"));
    let answer = json(&done(place.path(), &["answer", "hills", "--draws", "200", "--format", "json"]));
    assert_eq!(answer["model"]["title"], "Will the truce in the hills hold?");
    let questions = answer["questions"].as_array().expect("questions");
    assert_eq!(questions.len(), 2);
    for question in questions {
        assert!(question["estimate"].is_object() && question["views"][0]["estimate"].is_object());
        assert!(question["policies"][0]["estimate"].is_object());
    }
    // A lesson whose answer is certain would teach little.
    let probability = questions[0]["estimate"]["probability"].as_f64().expect("a probability");
    assert!((0.05..0.6).contains(&probability), "{probability}");
    assert_eq!(answer["failures"]["n_runs"], 0);
    assert_eq!(answer["clipping"]["n_runs"], 0);
}

#[test]
fn a_new_model_uses_every_word_that_a_beginner_needs() {
    let files = contingent::template::files("Title");
    let text: String = files.iter().map(|(_, text)| text.as_str()).collect();
    for word in [
        "model",
        "include",
        "unit",
        "actor",
        "source",
        "claim",
        "assume",
        "lever",
        "stock",
        "flow",
        "aux",
        "lookup",
        "event",
        "decision",
        "view",
        "policy",
        "question",
        "indicator",
    ] {
        let used = text.lines().any(|line| line.trim_start().starts_with(&format!("{word} ")));
        assert!(used, "`{word}` is not shown");
    }
}

#[test]
fn the_title_of_a_new_model_may_hold_quotes_and_line_breaks() {
    let place = directory();
    let title = "Will \"peace\"\nhold \\ at all?";
    done(place.path(), &["new", "a model", "--title", title]);
    let said = done(place.path(), &["new", "it's", "--title", title]);
    assert!(said.contains("contingent check 'it'\\''s'"), "{said}");
    let answer = json(&done(place.path(), &["answer", "a model", "--draws", "20", "--format", "json"]));
    assert_eq!(answer["model"]["title"], "Will \"peace\" hold \\ at all?");
    assert!(refused(place.path(), &["new", "other", "--title", " "]).contains("the title is empty"));
    assert!(!place.path().join("other").exists());
}

#[test]
fn new_overwrites_nothing_and_leaves_nothing_half_written() {
    let place = directory();
    std::fs::create_dir(place.path().join("mine")).expect("a directory can be made");
    write(&place.path().join("mine/notes.txt"), "mine");
    write(&place.path().join("file"), "mine");
    for target in ["mine", "file", "file/below"] {
        let said = refused(place.path(), &["new", target]);
        assert!(said.contains("help:"), "{said}");
    }
    assert_eq!(entries(place.path()), ["file", "mine"]);
    assert_eq!(entries(&place.path().join("mine")), ["notes.txt"]);
    // An empty directory is nobody's.
    std::fs::create_dir(place.path().join("empty")).expect("a directory can be made");
    done(place.path(), &["new", "empty"]);
    done(place.path(), &["new", "deep/below"]);
    let here = directory();
    done(here.path(), &["new", "."]);
    assert_eq!(entries(here.path()), ["claims.ctg", "model.ctg"]);
    refused(here.path(), &["new", "."]);
    assert_eq!(entries(&place.path().join("empty")), ["claims.ctg", "model.ctg"]);
    assert_eq!(entries(place.path()), ["deep", "empty", "file", "mine"]);
}

#[test]
fn explain_shows_the_page_of_a_code() {
    let place = directory();
    let said = done(place.path(), &["explain", "unit-clash"]);
    assert!(said.starts_with("unit-clash\n\nTwo quantities"), "{said}");
    assert!(said.contains("\n    flow joining: -> fighters = fighters * 2%\n"), "{said}");
    assert!(!said.contains("```") && !said.contains('\u{1b}'), "{said}");
    let said = done(place.path(), &["explain", "clamp"]);
    assert!(said.contains("`clamp(x, low, high)`"), "{said}");
}

#[test]
fn explain_alone_lists_every_code_with_its_meaning() {
    let place = directory();
    let said = done(place.path(), &["explain"]);
    for code in Code::ALL {
        let line = said.lines().find(|line| line.split(' ').next() == Some(code.as_str()));
        assert!(line.is_some_and(|line| line.ends_with(code.summary())), "{}", code.as_str());
    }
    let document = json(&done(place.path(), &["explain", "--format", "json"]));
    assert_eq!(document["explanations"].as_array().map(Vec::len), Some(Code::ALL.len()));
}

#[test]
fn what_cannot_be_explained_is_met_with_what_can() {
    let place = directory();
    let said = refused(place.path(), &["explain", "unit-crash"]);
    assert!(said.contains("did you mean `unit-clash`?"), "{said}");
    let said = refused(place.path(), &["explain", "zzzzzzzz"]);
    assert!(said.contains("the codes are syntax-error, "), "{said}");
}

#[test]
fn a_failed_check_says_once_where_to_read_more() {
    let place = directory();
    done(place.path(), &["new", "hills"]);
    let path = place.path().join("hills/model.ctg");
    write(&path, &(read(&path) + "aux a = 3 fighters + 1 raid\naux b = nothing_here\n"));
    for command in ["check", "answer"] {
        let output = run(place.path(), &[command, "hills"]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        assert_eq!(said.matches("contingent explain").count(), 1, "{said}");
        assert!(said.ends_with("`contingent explain unit-clash` says more\n"), "{said}");
    }
}

#[test]
fn every_shell_gets_completions_of_every_command() {
    let place = directory();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = done(place.path(), &["completions", shell]);
        for command in ["answer", "check", "explain", "new", "simulate"] {
            assert!(said.contains(command), "{shell} does not know `{command}`");
        }
        assert!(said.contains("unit-clash") || said.contains("draws"), "{shell} knows no option");
    }
    assert!(refused(place.path(), &["completions", "csh"]).contains("powershell"));
}

#[test]
fn the_reference_and_the_schemas_are_what_the_program_writes() {
    let place = directory();
    done(place.path(), &["generate", "reference", "schemas", "--to", "."]);
    let stale = "is stale: run `cargo xtask reference`";
    assert!(
        read(&place.path().join("reference.md")) == read(&documents().join("reference.md")),
        "docs/reference.md {stale}"
    );
    let names = entries(&place.path().join("schemas"));
    assert_eq!(names, entries(&documents().join("schemas")), "docs/schemas {stale}");
    assert!(names.len() >= 4);
    for name in names {
        let name = format!("schemas/{name}");
        assert!(read(&place.path().join(&name)) == read(&documents().join(&name)), "docs/{name} {stale}");
    }
}

#[test]
fn the_reference_names_every_form_function_distribution_and_code() {
    let page = read(&documents().join("reference.md"));
    let forms = TABLES.iter().flat_map(|table| table.forms).map(|form| (form.form, form.example));
    let functions = FUNCTIONS.iter().map(|row| (row.form, row.example));
    let distributions = DISTRIBUTIONS.iter().map(|row| (row.form, row.example));
    for (form, example) in forms.chain(functions).chain(distributions) {
        assert!(page.contains(&format!("\n`{form}`\n")), "`{form}` is missing");
        assert!(page.contains(&format!("\n{example}\n```\n")), "the example of `{form}` is missing");
    }
    for code in Code::ALL {
        assert!(page.contains(&format!("| [{}](", code.as_str())), "{} is missing", code.as_str());
    }
}

#[test]
fn links_of_the_reference_lead_somewhere() {
    let page = read(&documents().join("reference.md"));
    let mut n_links = 0;
    for part in page.split("](").skip(1) {
        let target = part.split(')').next().unwrap_or_default();
        n_links += 1;
        if let Some(anchor) = target.strip_prefix('#') {
            let found = page.lines().any(|line| {
                line.strip_prefix("## ").is_some_and(|title| title.to_lowercase().replace(' ', "-") == anchor)
            });
            assert!(found, "`#{anchor}` is no heading");
        } else {
            assert!(documents().join(target).exists(), "`{target}` does not exist");
        }
    }
    assert!(n_links > 40, "{n_links} links were followed");
}

#[test]
fn every_command_has_a_man_page() {
    let place = directory();
    done(place.path(), &["generate", "man", "--to", "."]);
    let pages = entries(&place.path().join("man"));
    let help = done(place.path(), &["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|&command| command != "help")
        .collect();
    assert!(commands.len() >= 7 && !commands.contains(&"generate"), "{commands:?}");
    for command in &commands {
        let name = format!("contingent-{command}.1");
        assert!(pages.contains(&name), "{name} is missing");
        let page = read(&place.path().join("man").join(name));
        assert!(page.contains(".SH SYNOPSIS") && page.contains(&format!(".TH contingent-{command} ")));
    }
    assert_eq!(pages.len(), commands.len() + 1);
}

#[test]
fn what_is_printed_as_json_fits_its_schema() {
    let place = directory();
    done(place.path(), &["new", "hills"]);
    let schema = |name: &str| json(&read(&documents().join("schemas").join(format!("{name}.json"))));
    let fits = |name: &str, document: &Value| {
        let n_checked =
            schema::check(&schema(name), document).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(n_checked > 5, "{name}: {n_checked} values were looked at");
    };
    let answer = json(&done(place.path(), &["answer", "hills", "--draws", "50", "--format", "json"]));
    fits("answer", &answer);
    fits("run-summary", &json(&done(place.path(), &["run", "hills", "--runs", "50", "--format", "json"])));
    for design in ["ensemble", "saltelli", "morris"] {
        let arguments = ["sensitivity", "hills", "--runs", "800", "--design", design, "--format", "json"];
        fits("sensitivity", &json(&done(place.path(), &arguments)));
    }
    let arguments = ["compare", "hills", "--draws", "20", "--weights", "base=1", "--format", "json"];
    fits("comparison", &json(&done(place.path(), &arguments)));
    let arguments = ["compare", "hills", "--draws", "20", "--policies", "--format", "json"];
    fits("comparison", &json(&done(place.path(), &arguments)));
    fits("explanations", &json(&done(place.path(), &["explain", "--format", "json"])));
    let path = place.path().join("hills/model.ctg");
    write(&path, &(read(&path) + "aux a = 3 fighters + 1 raid\naux b = 2 +\naux idle = 1\n"));
    let output = run(place.path(), &["check", "hills", "--format", "json"]);
    let diagnostics = json(&text(&output.stdout));
    assert!(diagnostics["diagnostics"].as_array().is_some_and(|found| found.len() >= 2));
    fits("diagnostics", &diagnostics);

    // The comparison can fail: a wrong type, a missing field, a field too many, a wrong name of the schema.
    let mut changed = vec![answer.clone(), answer.clone(), answer.clone(), answer.clone()];
    changed[0]["seed"] = Value::from("one");
    changed[1]["questions"][0].as_object_mut().expect("a question").remove("label");
    changed[2]["questions"][0]["mood"] = Value::from(1);
    changed[3]["schema"] = Value::from("contingent.answer/0");
    for document in changed {
        assert!(schema::check(&schema("answer"), &document).is_err());
    }
}
