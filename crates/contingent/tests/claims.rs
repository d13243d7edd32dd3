//! `contingent claims` and `contingent evidence` as a user meets them.
//!
//! Enters: the page `docs/claims.md` typed in, and articles of our own. Always holds: excerpts of what is printed are compared
//! line by line; no sentence of an article is in a ledger; exit codes are 0 done, 1 changed or missing, 2 wrong usage.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

#[path = "schema/mod.rs"]
mod schema;

const ARTICLE: &str = "The road to the lamp market\n\n\
    \"We do not expect a long siege, and nobody here wants one,\" said Obed Marrin, an envoy of the northern league.\n\n\
    Traders were less sure. Hanna Quell, a seller of lamps, said that prices would double before the month was out unless \
    the pass was cleared.\n\nAccording to a report of the river commission, the stores of the town hold grain for seven \
    weeks.\n\nThe league has to reopen the road, Marrin said.\n";

#[expect(clippy::disallowed_methods, reason = "the test writes articles")]
fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).expect("the file can be written");
}

#[expect(clippy::disallowed_methods, reason = "the test reads what was written")]
fn read(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).expect("the file can be read")
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contingent"))
        .current_dir(directory)
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Standard output of a command that must succeed.
fn done(directory: &Path, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert!(output.status.success(), "{arguments:?}\n{}{}", out(&output), err(&output));
    out(&output)
}

/// What a command says on standard error when it ends with a code.
fn fails(directory: &Path, code: i32, arguments: &[&str]) -> String {
    let output = run(directory, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}{}", out(&output), err(&output));
    err(&output)
}

fn with_article() -> TempDir {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "market.txt", ARTICLE);
    directory
}

/// Words of a command line; those between double quotes are one.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(i, part)| match i % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the page is a file")]
fn the_page_on_claims_can_be_typed_in() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/claims.md")).unwrap();
    let directory = TempDir::new().expect("a directory");
    let (mut n_commands, mut n_lines, mut open): (usize, usize, Option<(String, String)>) = (0, 0, None);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some((kind.to_owned(), String::new())),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
            (Some(_), Some(_)) => {
                let (kind, text) = open.take().unwrap();
                if let Some((_, name)) = kind.split_once("file=") {
                    write(directory.path(), name, &text);
                } else if kind == "console" {
                    for command in text.split("$ ").skip(1) {
                        let mut lines = command.lines();
                        let typed = words(lines.next().unwrap());
                        assert_eq!(typed[0], "contingent");
                        let typed: Vec<&str> = typed[1..].iter().map(String::as_str).collect();
                        let printed = done(directory.path(), &typed);
                        n_commands += 1;
                        for (wanted, got) in lines.take_while(|line| *line != "...").zip(printed.lines()) {
                            assert_eq!(got, wanted, "{typed:?} printed\n{printed}");
                            n_lines += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(n_commands > 12 && n_lines > 8, "{n_commands} commands, {n_lines} lines");
    assert!(done(directory.path(), &["check", "model.ctg"]).is_empty());
}

#[test]
fn positions_of_a_plain_text_are_those_of_the_file() {
    let directory = with_article();
    write(directory.path(), "crlf.txt", &format!("\u{feff}{}", ARTICLE.replace('\n', "\r\n")));
    let plain: Value = serde_json::from_str(&done(
        directory.path(),
        &["claims", "extract", "market.txt", "--format", "json"],
    ))
    .unwrap();
    let claims = plain["claims"].as_array().unwrap();
    assert!(claims.len() >= 4);
    let characters: Vec<char> = ARTICLE.chars().collect();
    let span = claims[1]["content"][0].as_array().unwrap();
    let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
    let words: String = characters[start..end].iter().collect();
    assert!(words.starts_with("prices would double") && words.ends_with("was cleared"), "{words}");
    let crlf: Value =
        serde_json::from_str(&done(directory.path(), &["claims", "extract", "crlf.txt", "--format", "json"]))
            .unwrap();
    assert_eq!(crlf["claims"], plain["claims"]);
    assert_eq!(crlf["text_sha256"], plain["text_sha256"]);
}

#[test]
fn articles_that_print_the_same_words_are_linked_and_decisions_survive_drafting_again() {
    let directory = with_article();
    write(directory.path(), "second.txt", &ARTICLE.replace("The road to", "Another road to"));
    let printed = done(directory.path(), &["claims", "extract", "market.txt", "second.txt", "-o", "led"]);
    assert!(printed.contains("claims are printed twice: second:c1 as market:c1"), "{printed}");
    done(
        directory.path(),
        &["claims", "accept", "led/market.claims.toml", "c2", "--says", "Prices double.", "--grade", "C3"],
    );
    // A new name is followed by the links to it.
    done(directory.path(), &["claims", "edit", "led/market.claims.toml", "c1", "--rename", "siege"]);
    let second = read(directory.path(), "led/second.claims.toml");
    assert!(second.contains("same_as = [\"market:siege\"]") && !second.contains("market:c1\""), "{second}");
    let text = read(directory.path(), "led/market.claims.toml").replace("[source]", "# kept\n[source]");
    write(directory.path(), "led/market.claims.toml", &text);
    write(
        directory.path(),
        "market.txt",
        &format!("\"Nobody asked us about the road,\" said Ilse Brand, a carter.\n\n{ARTICLE}"),
    );
    done(directory.path(), &["claims", "extract", "market.txt", "-o", "led"]);
    let after = read(directory.path(), "led/market.claims.toml");
    assert!(
        after.contains("# kept") && after.contains("Prices double.") && after.contains("Ilse Brand"),
        "{after}"
    );
    let list = done(directory.path(), &["claims", "list", "led/market.claims.toml", "--status", "accepted"]);
    assert!(list.contains("c2     accepted"), "{list}");
    for words in ["a long siege", "prices would double", "hold grain"] {
        assert!(!after.contains(words), "{words}");
    }
}

#[test]
fn changed_words_end_with_exit_code_1() {
    let directory = with_article();
    let path = directory.path();
    done(path, &["claims", "extract", "market.txt", "-o", "led"]);
    write(
        path,
        "page.html",
        &format!(
            "<html><body><div>{}</div></body></html>",
            ARTICLE.replace("\n\n", "</p><p>").replace('"', "&quot;")
        ),
    );
    let printed = done(path, &["claims", "verify", "led/market.claims.toml", "--copy", "page.html"]);
    assert!(printed.contains("4 of 4 claims verified"), "{printed}");
    write(
        path,
        "changed.txt",
        &ARTICLE
            .replace("would double", "may double")
            .replace("The league has to reopen the road, Marrin said.", ""),
    );
    let output = run(path, &["claims", "verify", "led", "--copy", "changed.txt", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(document["counts"]["changed"], 1);
    assert_eq!(document["counts"]["missing"], 1);
    assert_eq!(
        document["sentence"],
        "2 of 4 claims verified against the copy you supplied; 1 has changed words, 1 is missing."
    );
    let rules = contingent::schemas::all().into_iter().find(|schema| schema.name == "verification").unwrap();
    assert!(schema::check(&serde_json::to_value(rules.schema).unwrap(), &document).unwrap() > 20);
}

const MODEL: &str = r#"model "Will the siege last?" {
  purpose "Show claims"
  not_for "Any real decision"
  time    2024-01-01 to 2024-12-30 step 1 week
}
source paper "A paper" { grade C3 }
source other "Another" { grade B2 }
# a comment that stays
claim no_siege from paper by "Obed Marrin" {
  says "A long siege is not expected, and nobody wants one."  # ours
  kind forecast
}
claim prices from paper by "Hanna Quell" { says "Prices double within the month unless the pass is cleared.", kind conditional }
claim should from paper by "Obed Marrin" { says "The league has to reopen its road.", kind normative }
claim grain from paper { says "The town stores grain for seven weeks.", kind fact }
claim elsewhere from other by "Somebody Else" { says "Boats are slow.", kind fact }
assume length: week = 4 to 9 because no_siege, should, judgement "our reading"
assume price = 1 to 2 because prices
assume grain_left: week = 7 because grain
assume opening: share = 10% to 40% because should
assume boats = 1 to 2 because elsewhere
assume guess = 1 to 2 because judgement "a guess"
stock stored: 1 = 100
flow sold: stored -> = stored / length * price * guess * boats * opening * (grain_left / 1 week)
question empty "Gone?" {
  P( within 10 weeks: stored < 5 )
  resolves "Yes."
}
"#;

#[test]
fn moved_words_are_counted_among_the_verified() {
    let directory = with_article();
    let path = directory.path();
    done(path, &["claims", "extract", "market.txt", "-o", "led"]);
    for claim in ["c1", "c2", "c3", "c4"] {
        done(path, &["claims", "accept", "led/market.claims.toml", claim, "--says", "In our words."]);
    }
    let last = "The league has to reopen the road, Marrin said.";
    assert!(ARTICLE.contains(last));
    write(path, "moved.txt", &format!("{last}\n\n{}", ARTICLE.replace(last, "")));
    let printed = done(path, &["claims", "verify", "led", "--copy", "moved.txt"]);
    assert!(
        printed.contains("verified against the copy you supplied, 1 of them elsewhere among the others."),
        "{printed}"
    );
}

#[test]
fn pins_are_put_into_a_model_and_nothing_else_changes() {
    let directory = with_article();
    let path = directory.path();
    write(path, "model.ctg", MODEL);
    let dry = done(path, &["claims", "pin", "model.ctg", "--copy", "market.txt", "--dry-run"]);
    assert_eq!(read(path, "model.ctg"), MODEL);
    let printed = done(path, &["claims", "pin", "model.ctg", "--copy", "market.txt"]);
    assert_eq!(dry, printed);
    assert!(printed.contains("4 of 4 claims pinned"), "{printed}");
    let pinned = read(path, "model.ctg");
    let without: String = pinned
        .lines()
        .filter(|line| !line.trim_start().starts_with("pin "))
        .map(|line| match line.find(", pin words") {
            Some(at) => format!("{} }}\n", &line[..at]),
            None => format!("{line}\n"),
        })
        .collect();
    assert_eq!(without, MODEL);
    let verified = done(path, &["claims", "verify", "model.ctg", "--copy", "market.txt"]);
    assert!(
        verified.starts_with(
            "4 of 4 claims verified against the copy you supplied. 1 more claim is of sources without a copy."
        ),
        "{verified}"
    );
    // Again, nothing is left to do; a claim that is named is pinned anew.
    assert!(
        done(path, &["claims", "pin", "model.ctg", "--copy", "market.txt"]).contains("4 had pins before")
    );
    let words = "stores of the town ... seven weeks";
    done(path, &["claims", "pin", "model.ctg", "--copy", "market.txt", "--claim", "grain", "--words", words]);
    assert_eq!(read(path, "model.ctg").matches("pin words").count(), 4);
    assert!(
        fails(path, 2, &["claims", "pin", "model.ctg", "--copy", "market.txt", "--claim", "grian"])
            .contains("did you mean `grain`")
    );
    let error = fails(
        path,
        2,
        &["claims", "pin", "model.ctg", "--copy", "market.txt", "--claim", "grain", "--words", "no such"],
    );
    assert!(error.contains("not in the copy"), "{error}");
    // The answer says it too.
    let answer =
        done(path, &["answer", "model.ctg", "--draws", "40", "--copy", "market.txt", "--out", "run"]);
    assert!(answer.contains("4 of 4 claims verified against the copy you supplied"), "{answer}");
}

#[test]
fn evidence_counts_origins_and_warns_of_what_should_be() {
    let directory = with_article();
    let path = directory.path();
    write(path, "model.ctg", MODEL);
    done(path, &["answer", "model.ctg", "--draws", "200", "--out", "run"]);
    let document: Value =
        serde_json::from_str(&done(path, &["evidence", "model.ctg", "--run", "run", "--format", "json"]))
            .unwrap();
    let rules = contingent::schemas::all().into_iter().find(|schema| schema.name == "evidence").unwrap();
    assert!(schema::check(&serde_json::to_value(rules.schema).unwrap(), &document).unwrap() > 100);
    assert_eq!(document["shares"]["n_judgement_only"], 1);
    assert_eq!(document["shares"]["n_sourced"], 4);
    let assumption = |name: &str| {
        document["assumptions"].as_array().unwrap().iter().find(|a| a["name"] == name).unwrap().clone()
    };
    // Two claims of one speaker are one origin.
    assert_eq!(assumption("length")["n_origins"], 1);
    assert_eq!(assumption("length")["claims"].as_array().unwrap().len(), 2);
    assert_eq!(assumption("boats")["grades"], serde_json::json!(["B2"]));
    let kinds: Vec<&str> =
        document["warnings"].as_array().unwrap().iter().map(|w| w["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "normative_as_forecast").count(), 2);
    assert!(kinds.contains(&"one_origin"));
    let hangs_on = document["answers"][0]["hangs_on"].as_array().unwrap();
    assert!(!hangs_on.is_empty());
    assert!(hangs_on.iter().all(|entry| entry["index"].as_f64().unwrap() > 0.0));
    let text = done(path, &["evidence", "model.ctg", "--run", "run"]);
    assert!(
        text.contains("says what should be, not what will") && text.contains("What `empty` hangs on"),
        "{text}"
    );
    write(path, "model.ctg", &MODEL.replace("4 to 9", "4 to 10"));
    assert!(
        fails(path, 2, &["evidence", "model.ctg", "--run", "run"]).contains("another version of the model")
    );
}

#[test]
fn words_printed_twice_and_secondhand_words_are_one_origin() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path();
    let model = MODEL
        .replace(
            "claim elsewhere from other by \"Somebody Else\" { says \"Boats are slow.\", kind fact }",
            "claim elsewhere from other by \"Somebody Else\" { says \"Prices double.\", same_as prices }\n\
             claim heard from paper by \"A neighbour\" { says \"Grain is short.\", tags secondhand }",
        )
        .replace("assume price = 1 to 2 because prices", "assume price = 1 to 2 because prices, elsewhere")
        .replace("because grain\n", "because grain, heard\n");
    write(path, "model.ctg", &model);
    let document: Value =
        serde_json::from_str(&done(path, &["evidence", "model.ctg", "--format", "json"])).unwrap();
    for name in ["price", "grain_left"] {
        let assumption =
            document["assumptions"].as_array().unwrap().iter().find(|a| a["name"] == name).unwrap();
        assert_eq!(assumption["claims"].as_array().unwrap().len(), 2, "{name}");
        assert_eq!(assumption["n_origins"], 1, "{name}");
    }
}

#[test]
fn a_text_longer_than_a_book_is_refused_and_long_lists_are_cut() {
    let directory = TempDir::new().expect("a directory");
    write(directory.path(), "endless.txt", &"he said that it is so, ".repeat(140_000));
    let told = fails(directory.path(), 1, &["claims", "extract", "endless.txt"]);
    assert!(told.contains("its text is 4 MB long") && told.contains("files of their own"), "{told}");
    write(directory.path(), "cues.txt", &"Nobody was there. Then said.\n\n".repeat(100));
    let shown = done(directory.path(), &["claims", "extract", "cues.txt"]);
    assert!(shown.contains("and 40 more; --format json lists all"), "{shown}");
}

#[test]
fn mistakes_are_told_with_a_way_out() {
    let directory = with_article();
    let path = directory.path();
    done(path, &["claims", "extract", "market.txt", "-o", "led"]);
    let ledger = "led/market.claims.toml";
    write(path, "broken.claims.toml", "claims = 1\n[source\n");
    write(path, "noise.txt", &"\u{1}a\u{2}b\u{e}".repeat(200));
    for (code, arguments, wanted) in [
        (1, vec!["claims", "extract", "nowhere.txt"], "there is no such file"),
        (1, vec!["claims", "list", "broken.claims.toml"], "no sound TOML"),
        (2, vec!["claims", "accept", ledger, "c99"], "no claim `c99`"),
        (2, vec!["claims", "accept", ledger, "c1", "--grade", "Z1"], "Admiralty"),
        (2, vec!["claims", "edit", ledger, "c1", "--tag", "secondhnd"], "did you mean `secondhand`"),
        (2, vec!["claims", "edit", ledger, "c1", "--rename", "C 1"], "small letters"),
        (2, vec!["claims", "edit", ledger, "c1", "--rename", "c2"], "already"),
        (1, vec!["claims", "export", ledger], "no claim was accepted"),
        (2, vec!["claims", "review", ledger], "needs a terminal"),
        (2, vec!["claims", "verify", ledger, "--copy", "papr=market.txt"], "no source `papr`"),
        (2, vec!["claims", "verify", ledger, "--copy", "nowhere.txt"], "nowhere.txt"),
        (2, vec!["claims", "verify", ledger, "--copy", "noise.txt"], "control characters"),
    ] {
        let error = fails(path, code, &arguments);
        assert!(error.contains(wanted) && error.contains("help: "), "{arguments:?}\n{error}");
    }
    // One article that cannot be read does not keep the others back.
    let output = run(path, &["claims", "extract", "market.txt", "nowhere.txt", "-o", "both"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(path.join("both/market.claims.toml").is_file());
}
