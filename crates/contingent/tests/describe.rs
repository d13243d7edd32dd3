//! Models told in plain English: everything is told, and told in sentences.
//!
//! Enters: the founding case and every sound model of `conformance/`. Always holds: each declaration is told by name
//! or stands in a list; no name of the model's text, no formula and no gap shows in the words.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use contingent::describe::{Description, Level, describe, human, markdown};
use contingent::project;
use contingent_model::{Checked, CheckedModel, VariableKind, check, load};
use contingent_syntax::{FileId, parse};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn told(checked: &Checked) -> Option<(&CheckedModel, Description)> {
    let model = checked.model.as_ref()?;
    let files: Vec<_> = checked
        .sources
        .files
        .iter()
        .enumerate()
        .map(|(i, file)| parse(FileId(i as u32), &file.text).file)
        .collect();
    Some((model, describe(model, &files)))
}

fn of_text(text: &str) -> Description {
    let checked = check(load("model.ctg", text.to_owned(), &mut |_| Err(String::new())));
    let diagnostics = format!("{:?}", checked.diagnostics);
    told(&checked).unwrap_or_else(|| panic!("{diagnostics}")).1
}

/// The text as a stream without colour shows it.
fn plain(description: &Description, width: usize) -> String {
    anstream::adapter::strip_str(&human(description, width)).to_string()
}

/// The names of everything that must be told by itself.
fn names(model: &CheckedModel) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    // Where a council stands is told with its decision.
    let alone = |kind: &VariableKind| !matches!(kind, VariableKind::Position(_));
    names.extend(model.variables.iter().filter(|one| alone(&one.kind)).map(|one| one.name.clone()));
    names.extend(model.events.iter().map(|one| one.name.clone()));
    names.extend(model.lookups.iter().map(|one| one.name.clone()));
    names.extend(model.actors.iter().map(|one| one.name.clone()));
    names.extend(model.conversions.iter().map(|one| one.name.clone()));
    names.extend(model.subscripts.iter().map(|one| one.name.clone()));
    names.extend(model.sources.iter().map(|one| one.name.clone()));
    names.extend(model.claims.iter().map(|one| one.name.clone()));
    names.extend(model.views.iter().map(|one| one.name.clone()));
    names.extend(model.policies.iter().map(|one| one.name.clone()));
    names.extend(model.questions.iter().map(|one| one.name.clone()));
    names.extend(model.indicators.iter().map(|one| one.name.clone()));
    names
}

/// What is wrong with the words of a description.
fn faults(model: &CheckedModel, description: &Description) -> Vec<String> {
    let mut faults = Vec::new();
    let paragraphs = || description.sections.iter().flat_map(|section| &section.paragraphs);
    let told: HashSet<&str> = paragraphs().filter_map(|one| one.name.as_deref()).collect();
    for name in names(model) {
        if !told.contains(name.as_str()) {
            faults.push(format!("`{name}` is not told"));
        }
    }
    for paragraph in paragraphs().filter(|one| one.level != Level::Heading) {
        let text = &paragraph.text;
        let mut say = |what: &str| faults.push(format!("{what}: {text}"));
        if !text.trim_end_matches(['’', '”', ')', '"']).ends_with(['.', '?', '!']) {
            say("no full stop");
        }
        for gap in [
            "  ",
            " ,",
            " ;",
            " .",
            ",,",
            ", .",
            ";.",
            ":.",
            "( ",
            " )",
            "‘’",
            "()",
            "otherwise otherwise",
            "it it ",
        ] {
            if text.contains(gap) && !text.contains("...") {
                say(&format!("`{gap}` in it"));
            }
        }
        if text.matches('(').count() != text.matches(')').count() {
            say("brackets do not match");
        }
        if text.matches('‘').count() != text.matches('’').count() {
            say("quotation marks do not match");
        }
        for leftover in
            ["Bound(", "Some(", "None", "Variable", "==", "!=", "VariableId", " * ", "{ ", "NaN", "inf "]
        {
            if text.contains(leftover) {
                say(&format!("`{leftover}` in it"));
            }
        }
        let is_identifier = |word: &str| {
            let letters: Vec<char> = word.chars().collect();
            letters
                .windows(3)
                .any(|three| three[1] == '_' && three[0].is_alphanumeric() && three[2].is_alphanumeric())
        };
        if text.split_whitespace().any(is_identifier) {
            say("a name of the text in it");
        }
        for one in ["1 weeks", "1 days", "1 loops", "1 things", "1 people", "a share of a share"] {
            if text.split(|c: char| !c.is_alphanumeric() && c != ' ').any(|part| part.trim() == one) {
                say("the number does not agree");
            }
        }
    }
    faults
}

#[test]
fn the_founding_case_is_told_in_whole_sentences() {
    let checked = project::open(&root().join("models/taliban-daesh-k")).expect("the founding case is there");
    let (model, description) = told(&checked).expect("it has no errors");
    let faults = faults(model, &description);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let text = plain(&description, 80);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 80), "{widest:?}");
    for words in [
        "starts on 30 August 2021",
        "of the Taliban",
        "It grows by recruitment, out of sympathisers",
        "It may happen at most once",
        "Our reading of Obaid Ali",
        "This feeds on itself (through a decision",
        "This holds itself in check",
    ] {
        let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains(words), "{words}");
    }
}

#[test]
fn every_sound_model_of_the_conformance_pages_is_told() {
    let mut n = 0;
    let mut found = Vec::new();
    let prelude = blocks(&root().join("conformance/README.md"))
        .into_iter()
        .find(|(words, _)| words == "ctg prelude")
        .expect("there is a prelude")
        .1;
    for entry in std::fs::read_dir(root().join("conformance")).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let mut all = blocks(&path).into_iter().peekable();
        while let Some((words, text)) = all.next() {
            let text = match words.as_str() {
                "ctg" | "ctg file=model.ctg" => text,
                "ctg fragment" => format!("{prelude}{text}"),
                _ => continue,
            };
            let mut others: HashMap<String, String> = HashMap::new();
            while let Some((words, other)) =
                all.next_if(|(words, _)| words.contains("file=") && !words.ends_with("=model.ctg"))
            {
                let name = words.split_once("file=").map_or("", |(_, name)| name);
                others.insert(name.to_owned(), other);
            }
            let mut read = |path: &str| others.get(path).cloned().ok_or_else(String::new);
            let checked = check(load("model.ctg", text.clone(), &mut read));
            if let Some((model, description)) = told(&checked) {
                n += 1;
                found.extend(
                    faults(model, &description)
                        .into_iter()
                        .map(|fault| format!("{fault}\n  in {}", text.lines().last().unwrap_or(""))),
                );
                assert!(!markdown(&description).is_empty());
            }
        }
    }
    assert!(n > 50, "only {n} models were told");
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn blocks(path: &Path) -> Vec<(String, String)> {
    let markdown =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in markdown.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, Some(words)) => open = Some((words.trim().to_owned(), String::new())),
            (None, None) => {}
        }
    }
    found
}

const SMALL: &str = r#"model "Will it spread?" {
  purpose "Show how a model is told"
  not_for "Any decision"
  time    2024-01-01 to 2024-07-01 step 1 week
  leaves_out "The weather"
}
unit striker
subscript town { port "The port" }
actor police "The police" aka "Guards" {
  ## How many are sent.
  lever effort: share = 10% range 0% to 50% because counts
}
actor union "The union" {
  decision call "What to call for" by union every 1 week {
    option talks worth 0.5
    option strike "A strike" worth mood
    choose best
  }
}
source paper "A paper" { publisher "The press", date 2023-12-01, grade B2 }
claim counts from paper by "A reporter" { says "A few hundred came", kind fact, voice reported }
## Strikers at the start.
assume at_start: striker = 200 to 400 because counts
assume spread_rate = 2% to 8% per week because counts, judgement "earlier strikes"
assume bond: one of loose, tight = loose 60%, tight 40% because judgement "nobody knows"
mechanism fear "Fear": one of on, off = off because judgement "a reading"
stock strikers[town]: striker = at_start
stock mood: share = 40%
flow joining[town]: -> strikers = if fear == off then strikers * spread_rate * (1 - police.effort) else 0
flow leaving[town]: strikers -> = binomial(strikers, if bond == loose then 5% per week else 1% per week)
aux out: striker = sum(strikers)
event rally "A rally" at 2 per year once when mood > 30% { mood += 0.5 * (1 - mood) }
view calm "A calm reading" { spread_rate = 1% to 2% per week because judgement "calm" }
policy hard "Hard measures" from 2024-02-05 to 2024-03-04 { police.effort = 50% }
question large "Will more than 1,000 be out?" {
  P( within 26 weeks: (out > 1_000 strikers) for 2 weeks )
  given within 13 weeks: rally.happened
  resolves "Yes if counted"
  base_rate 10% to 20% because counts
}
indicator seen "On strike": striker = out
"#;

#[test]
fn a_small_model_reads_like_this() {
    insta::assert_snapshot!(plain(&of_text(SMALL), 90));
}

#[test]
fn markdown_has_the_same_words() {
    let description = of_text(SMALL);
    let page = markdown(&description);
    assert!(page.starts_with("# Will it spread?\n\n## What it asks\n"));
    assert!(page.contains("\n**Strikers at the start.** Between 200 and 400 strikers"));
    assert!(page.contains("\n- It grows by joining"));
    let words = |text: &str| {
        text.replace(['*', '#', '\\', '-', '.'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(words(&page), words(&plain(&description, 90)));
}

#[test]
fn an_empty_model_is_told_without_empty_sections() {
    let description =
        of_text("model \"Nothing\" {\n purpose \"p\"\n not_for \"n\"\n time 0 to 1 week step 1 week\n}\n");
    assert_eq!(description.sections.len(), 1);
    assert!(plain(&description, 80).contains("runs for 1 week, in steps of 1 week."));
    assert!(description.sections.iter().all(|section| !section.paragraphs.is_empty()));
}

/// The built program with a model in a file of its own.

#[test]
fn a_sum_that_leaves_out_where_it_stands_is_told_as_one_over_the_others() {
    let text = |out: &str| {
        plain(
            &of_text(&format!(
                "model \"A case\" {{\n  purpose \"p\"\n  not_for \"n\"\n  time 0 to 9 weeks step 1 week\n}}\nunit attack\n\
                 subscript region {{ kabul \"Kabul\", east \"The east\", north \"The north\" }}\n\
                 subscript region2 = region\nstock attacks[region]: attack = 3\n\
                 aux felt[region] = sum(attacks[{out}])\nindicator all = sum(felt)\n"
            )),
            100,
        )
    };
    assert!(text("region2 != region").contains("the sum of attacks over all other regions."));
    assert!(text("region != kabul").contains("the sum of attacks over all regions but kabul."));
}

fn program(arguments: &[&str], text: &str) -> std::process::Output {
    use std::io::Write as _;
    let mut file = tempfile::Builder::new().suffix(".ctg").tempfile().expect("a file can be made");
    file.write_all(text.as_bytes()).expect("it can be written");
    std::process::Command::new(env!("CARGO_BIN_EXE_contingent"))
        .args(arguments)
        .arg(file.path())
        .output()
        .expect("the program runs")
}

#[test]
fn the_command_describes_in_three_formats_and_refuses_a_broken_model() {
    let human = program(&["describe"], SMALL);
    assert_eq!(human.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&human.stdout).contains("What feeds back on itself"));
    let markdown = program(&["describe", "--format", "markdown"], SMALL);
    assert!(String::from_utf8_lossy(&markdown.stdout).starts_with("# Will it spread?"));
    let json = program(&["describe", "--format", "json"], SMALL);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(document["schema"], "contingent.description/1");
    assert!(document["sections"].as_array().is_some_and(|sections| sections.len() > 8));
    let broken = program(&["describe"], "aux x = y");
    assert_eq!((broken.status.code(), broken.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("error["));
}

#[test]
fn warnings_are_printed_and_fail_only_when_they_are_denied() {
    let growing = "model \"Growing\" {\n purpose \"p\"\n not_for \"n\"\n time 0 to 52 weeks step 1 week\n}\nunit man\n\
                   stock men: man = 100\nflow joining: -> men = men * 30% per week\n";
    let shown = program(&["check"], growing);
    assert_eq!(shown.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&shown.stderr).contains("warning[unlimited-growth]"));
    assert_eq!(program(&["check", "--deny-warnings"], growing).status.code(), Some(1));
    let sound = growing.replace("30%", "3%");
    assert_eq!(program(&["check", "--deny-warnings"], &sound).status.code(), Some(0));
}
