//! `contingent answer` and `contingent report` as a user meets them: the page of a run, read as a browser would.
//!
//! Enters: small models in directories of their own. Always holds: every page has all fourteen sections in their order, is well formed,
//! loads and runs nothing but what its policy names, and shows no text of a model as markup.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use contingent_report::document::report::Report;
use contingent_report::page;
use html5gum::{Token, Tokenizer};
use serde_json::Value;
use tempfile::TempDir;

/// The sections in their order.
const SECTIONS: [&str; 14] = [
    "strip",
    "answer",
    "judgements",
    "watch",
    "unfold",
    "how-bad",
    "hangs-on",
    "views",
    "when-wrong",
    "policies",
    "model",
    "validation",
    "sources",
    "limits",
];

/// A model with everything that a report has a section for.
const RICH: &str = r#"model "Will the strike spread?" {
  purpose "Tests"
  not_for "Any real decision"
  time    2024-01-01 to 2024-12-30 step 1 week
  as_of   2023-12-31
  leaves_out "The weather"
}
source paper "A paper" {
  publisher "A publisher"
  date 2023-12-01
  grade C3
  url "https://example.org/a?b=c"
}
claim spreads from paper by "Ada Example" role "a clerk" {
  says "It spreads."
  kind forecast
  voice reported
}
unit striker
assume at_start "Strikers at the start": striker = 200 to 400   because judgement "counts at the gates"
assume spread_rate "How fast it spreads" = 1% to 8% per week    because spreads, judgement "our reading"
assume fatigue "Fatigue" = 1% to 5% per week                    because judgement "nobody is paid"
lever pay: share = 0% range 0% to 100%
stock strikers: striker = at_start
flow joining: -> strikers = poisson(strikers * spread_rate * (1 - pay / 2))
flow leaving: strikers -> = poisson(strikers * fatigue)
view hot "A hot reading" { spread_rate = 4% to 9% per week because spreads, judgement "hot" }
policy raise "A raise is paid" from 2024-02-05 { pay = 80% }
indicator out "How many are out": striker = strikers
question large "Will more than 500 be out within half a year?" {
  P( within 26 weeks: strikers > 500 striker )
  resolves "Yes if the labour office counts more than 500 on any day before July."
  base_rate 10% to 30% because judgement "earlier strikes"
}
question how_many "How many will be out at the end?" {
  distribution( strikers at 52 weeks )
  resolves "As counted."
}
question when_large "When will more than 500 be out?" {
  distribution( first time strikers > 500 striker )
  resolves "The first week in which it is counted."
}
question never "Will a million be out?" {
  P( within 26 weeks: strikers > 1000000 striker )
  resolves "Yes if counted."
}
"#;

/// A model with nothing but a number, without dates.
const BARE: &str = r#"model "How many are left?" {
  purpose "Tests"
  not_for "Any real decision"
  time    0 to 20 step 1 week
}
unit person
assume loss = 1% to 5% per week because judgement "a guess"
stock people: person = 100
flow leaving: people -> = people * loss
question left "How many are left at the end?" {
  distribution( people at 20 weeks )
  resolves "As counted."
}
"#;

fn contingent(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contingent"))
        .current_dir(directory)
        .args(arguments)
        .output()
        .expect("the program can be run")
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file can be written");
}

#[expect(clippy::disallowed_methods, reason = "tests read what the program wrote")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A directory in which a model was answered; its run lies in `run`.
fn answered(model: &str, more: &[&str]) -> (TempDir, Output) {
    let directory = tempfile::tempdir().expect("a directory can be made");
    write(&directory.path().join("m.ctg"), model);
    let mut arguments = vec!["answer", "m.ctg", "--draws", "300", "--out", "run"];
    arguments.extend(more);
    let output = contingent(directory.path(), &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (directory, output)
}

/// An element that was opened: its name and attributes.
type Opened = (String, Vec<(String, String)>);

/// What a page holds, in order.
struct Parsed {
    elements: Vec<Opened>,
    /// Text outside of style sheets and scripts.
    text: String,
}

impl Parsed {
    fn values(&self, name: &str) -> Vec<String> {
        let attributes = self.elements.iter().flat_map(|(_, attributes)| attributes);
        attributes.filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    fn named(&self, name: &str) -> Vec<&Opened> {
        self.elements.iter().filter(|(known, _)| known == name).collect()
    }
}

/// Closes the elements that end by themselves where another begins or ends (HTML Living Standard, 13.1.2.4).
fn close_by_themselves(open: &mut Vec<String>, name: &str, is_end: bool) {
    let ends: &[&str] = match name {
        "td" | "th" if !is_end => &["td", "th"],
        "tr" if !is_end => &["td", "th", "tr"],
        "tbody" if !is_end => &["td", "th", "tr", "thead"],
        "thead" | "tbody" | "table" if is_end => &["td", "th", "tr", "tbody"],
        "tr" if is_end => &["td", "th"],
        "dt" | "dd" if !is_end => &["dt", "dd"],
        "dl" if is_end => &["dt", "dd"],
        "p" | "ul" | "ol" | "dl" | "div" | "figure" | "table" | "section" | "details" | "h2" | "h3"
        | "h4"
            if !is_end =>
        {
            &["p"]
        }
        "div" if is_end => &["dt", "dd", "p"],
        "section" | "details" if is_end => &["p"],
        "li" if !is_end => &["li"],
        "ul" | "ol" if is_end => &["li"],
        "option" if !is_end => &["option"],
        "select" if is_end => &["option"],
        _ => &[],
    };
    while open.last().is_some_and(|last| last != name || !is_end)
        && open.last().is_some_and(|last| ends.contains(&last.as_str()))
    {
        open.pop();
    }
}

/// Reads a page; fails when an element is not closed where it should be.
fn parsed(page: &str) -> Parsed {
    let void = ["meta", "br", "hr", "input", "link"];
    let mut found = Parsed { elements: Vec::new(), text: String::new() };
    let mut open: Vec<String> = Vec::new();
    let as_text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut emitter = html5gum::DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = as_text(&tag.name);
                let attributes =
                    tag.attributes.iter().map(|(name, value)| (as_text(name), as_text(value))).collect();
                close_by_themselves(&mut open, &name, false);
                if !tag.self_closing && !void.contains(&name.as_str()) {
                    open.push(name.clone());
                }
                found.elements.push((name, attributes));
            }
            Token::EndTag(tag) => {
                let name = as_text(&tag.name);
                close_by_themselves(&mut open, &name, true);
                assert_eq!(open.pop().as_deref(), Some(name.as_str()), "closed in order");
            }
            Token::String(text) => {
                let inside = open.last().map_or("", String::as_str);
                if inside != "style" && inside != "script" {
                    found.text.push_str(&as_text(&text));
                }
            }
            Token::Error(error) => panic!("{error:?}"),
            _ => {}
        }
    }
    assert_eq!(open, Vec::<String>::new(), "everything is closed");
    found
}

/// What holds of every page.
fn check_page(page: &str) -> Parsed {
    let found = parsed(page);
    let ids = found.values("id");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "ids are unique");
    let places: Vec<usize> = SECTIONS
        .iter()
        .map(|section| {
            ids.iter().position(|id| id == section).unwrap_or_else(|| panic!("no section `{section}`"))
        })
        .collect();
    assert!(places.is_sorted(), "sections in order: {places:?}");
    for (name, attributes) in &found.elements {
        for (attribute, value) in attributes {
            assert!(!attribute.starts_with("on"), "<{name}> has a handler");
            assert_ne!(attribute, "style", "<{name}> has a style that the policy forbids");
            if attribute == "href" {
                let is_known = value.starts_with('#')
                    || value.starts_with("https://")
                    || (value.starts_with("data:text/") || value.starts_with("data:application/gzip;"));
                assert!(is_known, "<{name}> leads to {value}");
                if let Some(id) = value.strip_prefix('#') {
                    assert!(
                        ids.iter().any(|known| known == id),
                        "a link leads to `{id}`, which is not there"
                    );
                }
            }
            assert!(
                !matches!(attribute.as_str(), "src" | "srcset" | "action" | "xlink:href"),
                "<{name}> loads {value}"
            );
            if attribute == "aria-labelledby" {
                for id in value.split(' ') {
                    assert!(ids.iter().any(|known| known == id), "a label `{id}` is not there");
                }
            }
        }
    }
    assert_eq!(found.named("h1").len(), 1);
    let levels: Vec<u8> = found
        .elements
        .iter()
        .filter_map(|(name, _)| match name.as_str() {
            "h1" => Some(1),
            "h2" => Some(2),
            "h3" => Some(3),
            "h4" => Some(4),
            _ => None,
        })
        .collect();
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "a heading of level {} follows one of level {}", pair[1], pair[0]);
    }
    let policy = found.named("meta").iter().find_map(|(_, attributes)| {
        let is_policy = attributes.iter().any(|(_, value)| value == "Content-Security-Policy");
        is_policy
            .then(|| attributes.iter().find(|(name, _)| name == "content").map(|(_, value)| value.clone()))?
    });
    let policy = policy.expect("a content security policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let language =
        found.named("html")[0].1.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str());
    assert_eq!(language, Some("en"));
    // A head without a scope is that of its column in the first row, and that of its row in the first column (HTML Living Standard,
    // 4.9.12.2); elsewhere it would be of nothing.
    let mut before = "";
    let mut in_head = false;
    for (name, _) in &found.elements {
        match name.as_str() {
            "thead" => in_head = true,
            "tbody" => in_head = false,
            "th" => assert!(in_head || before == "tr", "a head of a table says of what"),
            _ => {}
        }
        before = name;
    }
    found
}

#[test]
fn the_page_of_a_rich_model_is_whole() {
    let (directory, output) = answered(RICH, &["--author", "Somebody", "--objective", "large:minimise"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("report.html"), "the terminal says where the page lies");
    let page = read(&directory.path().join("run/report.html"));
    let found = check_page(&page);
    for expected in [
        "By Somebody",
        "A hot reading",
        "A raise is paid",
        "How many are out",
        "Ada Example",
        "The weather",
        "--author",
    ] {
        assert!(found.text.contains(expected), "`{expected}` is on the page");
    }
    let charts: Vec<&Opened> = found
        .named("svg")
        .into_iter()
        .filter(|(_, attributes)| {
            attributes.iter().any(|(name, value)| name == "class" && value.starts_with("chart"))
        })
        .collect();
    assert!(charts.len() >= 8, "{} charts", charts.len());
    for (_, attributes) in &charts {
        assert!(
            attributes.iter().any(|(name, _)| name == "aria-labelledby"),
            "a chart has title and description"
        );
    }
    // A chart in a column of text is drawn for wide and for narrow pages; both are named by the same title and description.
    let names = |(_, attributes): &&&Opened| -> Option<String> {
        attributes.iter().find(|(name, _)| name == "aria-labelledby").map(|(_, value)| value.clone())
    };
    let named: BTreeSet<String> = charts.iter().filter_map(|chart| names(&chart)).collect();
    assert_eq!(found.named("desc").len(), named.len());
    assert!(2 * found.named("figure").len() >= charts.len());
    // The engine takes some 290 kB of a page and is not yet small enough for 600 kB in all; the rest must not grow.
    let engine = page
        .split("<script type=application/octet-stream id=live-kernel ")
        .nth(1)
        .and_then(|rest| rest.split("</script>").next())
        .map_or(0, str::len);
    let rest = page.len() - engine;
    assert!(engine > 0 && rest < 280_000, "{rest} bytes besides {engine}");
}

#[test]
fn a_page_without_views_policies_dates_and_probabilities_reads_well() {
    let (directory, _) = answered(BARE, &[]);
    let found = check_page(&read(&directory.path().join("run/report.html")));
    for expected in
        ["one reading only", "declares no", "Nothing that could be done was compared", "Not yet known"]
    {
        assert!(found.text.contains(expected), "`{expected}` is on the page");
    }
}

#[test]
fn an_answer_given_what_was_observed_has_its_page() {
    let (directory, _) = answered(RICH, &["--observed", "out >= 300 striker at 2024-02-05"]);
    let found = check_page(&read(&directory.path().join("run/report.html")));
    assert!(found.text.contains("Taken as observed"));
}

#[test]
fn a_model_that_was_stored_for_another_kernel_is_not_given_to_this_one() {
    let (directory, _) = answered(RICH, &[]);
    let path = directory.path().join("run/report.json");
    let mut report: Value = serde_json::from_str(&read(&path)).expect("a document");
    report["live"]["kernel"] = "0123456789abcdef".into();
    write(&path, &report.to_string());
    let output = contingent(directory.path(), &["report", "run"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("another version") && said.contains("contingent answer"), "{said}");
    let page = read(&directory.path().join("run/report.html"));
    let ids = check_page(&page).values("id");
    assert!(!ids.iter().any(|id| id.starts_with("live")), "nothing that runs the model: {ids:?}");
}

#[test]
fn a_page_is_drawn_again_without_running_anything() {
    let (directory, _) = answered(RICH, &[]);
    let first = read(&directory.path().join("run/report.html"));
    let output = contingent(directory.path(), &["report", "run"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        read(&directory.path().join("run/report.html")),
        first,
        "the same document gives the same page"
    );

    let output = contingent(directory.path(), &["report", "run", "--format", "md", "--out", "-"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("# Will the strike spread?"), "{text}");
    for heading in [
        "## Key judgements",
        "## Rival readings",
        "## What could be done",
        "## Limits, and how to run it again",
    ] {
        assert!(text.contains(heading), "{heading}");
    }

    let output = contingent(directory.path(), &["report", "run", "--format", "svg", "--out", "charts"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let chart = read(&directory.path().join("charts/q-large-strip.svg"));
    assert!(chart.starts_with("<?xml") && chart.contains("<svg xmlns="), "{}", &chart[..80]);
}

/// Data of a model that are drawn over the indicator that they are compared with.
const OBSERVED: &str = r#"observe seen "Strikers seen": striker from "seen.csv" column strikers by week dated day ~ poisson(mean = strikers)
observe other "Something else": striker from "seen.csv" column strikers by week dated day ~ poisson(mean = 2 * strikers)
"#;

#[test]
fn what_was_recorded_is_drawn_over_what_it_is_compared_with() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    write(&directory.path().join("m.ctg"), &format!("{RICH}{OBSERVED}"));
    write(
        &directory.path().join("seen.csv"),
        "day,strikers\n2024-01-01,310\n2024-01-08,325\n2024-01-15,\n2024-01-22,360\n",
    );
    let output = contingent(directory.path(), &["answer", "m.ctg", "--draws", "100", "--out", "run"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value =
        serde_json::from_str(&read(&directory.path().join("run/report.json"))).expect("a document");
    // A week is compared at the step at its end.
    assert_eq!(report["fans"][0]["recorded"].to_string(), "[[1.0,310.0],[2.0,325.0],[4.0,360.0]]");
    let found = check_page(&read(&directory.path().join("run/report.html")));
    assert!(found.text.contains("Black: what was recorded.") && found.text.contains("Recorded"));
}

#[cfg(not(feature = "png"))]
#[test]
fn without_what_draws_pictures_the_program_says_how_to_get_it() {
    let (directory, _) = answered(BARE, &[]);
    let output = contingent(directory.path(), &["report", "run", "--format", "png"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("--features png") && said.contains("--format svg"), "{said}");
}

#[test]
fn what_is_no_run_is_refused_with_a_way_on() {
    let (directory, _) = answered(BARE, &[]);
    let refused = |arguments: &[&str], expected: &str| {
        let output = contingent(directory.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(expected), "{said}");
    };
    refused(&["report", "nowhere"], "nowhere");
    refused(&["report", "run", "--format", "svg", "--out", "-"], "--out DIRECTORY");
    write(&directory.path().join("run/report.json"), "{\"schema\": \"contingent.report/0\"}");
    refused(&["report", "run"], "contingent.report/0");
    write(&directory.path().join("run/report.json"), "{");
    refused(&["report", "run"], "contingent answer");
}

/// Texts that would run something, load something or break out of where they stand.
const PAYLOADS: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style></script></title></svg><script>alert(1)</script>",
    "<!-- --><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "]]><x><![CDATA[",
    "&lt;script&gt;&#x3c;b&#x3e;",
    "`${alert(1)}` {{7*7}} \u{2028}\u{0}",
    "\u{202e}\u{5d0} **b** [x](javascript:alert(1)) | <b>",
];

/// The places of all texts.
fn places_of_texts(document: &Value, path: &str, places: &mut Vec<String>) {
    match document {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                places_of_texts(item, &format!("{path}/{place}"), places);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                places_of_texts(field, &format!("{path}/{name}"), places);
            }
        }
        Value::String(_) => places.push(path.to_owned()),
        _ => {}
    }
}

/// The document with a payload in every text that may be any text; texts that stand for one of several words stay.
fn poisoned(document: &Value, payload: &str) -> (Report, usize) {
    let mut places = Vec::new();
    places_of_texts(document, "", &mut places);
    // Texts of one kind stand together: what can be replaced in one element of a list can be in all of them.
    let mut changed = document.clone();
    let mut known: std::collections::BTreeMap<String, bool> = std::collections::BTreeMap::new();
    let mut n = 0;
    for (number, place) in places.iter().enumerate() {
        let kind: String = place
            .split('/')
            .map(|part| if part.parse::<usize>().is_ok() { "*" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let text = format!("{payload}{number}");
        let is_free = *known.entry(kind).or_insert_with(|| {
            let mut one = document.clone();
            *one.pointer_mut(place).expect("a place") = Value::String(text.clone());
            serde_json::from_value::<Report>(one).is_ok()
        });
        if is_free {
            *changed.pointer_mut(place).expect("a place") = Value::String(text);
            n += 1;
        }
    }
    (serde_json::from_value(changed).expect("the document can still be read"), n)
}

#[test]
fn no_text_of_a_document_becomes_markup() {
    let (directory, _) = answered(RICH, &[]);
    let text = read(&directory.path().join("run/report.json"));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let clean = check_page(&page::html(&serde_json::from_value(document.clone()).expect("a report")));
    // Where some text runs from right to left `bdi` isolates it.
    let names = |found: &Parsed| {
        let elements = found.elements.iter().map(|(name, _)| name.clone());
        elements.filter(|name| name != "bdi").collect::<BTreeSet<String>>()
    };
    for payload in PAYLOADS {
        let (report, n) = poisoned(&document, payload);
        assert!(n > 300, "{n} texts were replaced");
        let page = page::html(&report);
        let found = parsed(&page);
        assert!(names(&found).is_subset(&names(&clean)), "{payload}: another element appeared");
        for (name, attributes) in &found.elements {
            for (attribute, value) in attributes {
                assert!(!attribute.starts_with("on"), "{payload}: <{name}> has a handler");
                if attribute == "href" {
                    let is_known = value.starts_with('#')
                        || value.starts_with("http")
                        || (value.starts_with("data:text/") || value.starts_with("data:application/gzip;"));
                    assert!(is_known, "{payload}: <{name}> leads to {value}");
                }
            }
        }
        assert_eq!(found.named("script").len(), clean.named("script").len(), "{payload}");
        let markdown = page::markdown(&report);
        for mark in ["<script", "<img", "<svg", "](javascript:", "<b>", "<!--"] {
            let outside_code = markdown.lines().filter(|line| !line.starts_with("    "));
            assert!(
                outside_code.clone().all(|line| !code_taken_out(line).contains(mark)),
                "{payload}: `{mark}` in Markdown"
            );
        }
        for figure in page::figures(&report) {
            let file = contingent_report::figure::standalone(&figure);
            assert!(
                !file.contains("<script") && !file.contains("onerror=alert(1)>") && !file.contains("<img"),
                "{payload}"
            );
        }
    }
}

/// A line of Markdown without what stands between backquotes, where nothing is markup.
fn code_taken_out(line: &str) -> String {
    line.split('`').step_by(2).collect()
}
