//! What an editor shows and offers for the words of the language, in councils, excited events and classes by number.
//!
//! Enters: small models. Always holds: what is expected is what a newcomer at that place needs to go on.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::client::{Client, uri};
use crate::{PRELUDE, one_model};

const COUNCIL: &str = "subscript wing { old, young, abroad }\nsubscript issue { openness, pace }\n\
    aux stance[wing]: share = { old: 10%, young: 90%, abroad: 60% }\nassume power[wing] = 1 to 3 because judgement \"j\"\n\
    decision line every 4 weeks {\n  option talk at 0%\n  option fight at 100%\n  \
    council of wing with position stance, capability power, salience 1\n  \
    choose council by challenge within 10 turns with logit(3)\n}\naux distance = 1 - line.position\n";

const EXCITED: &str = "event attack[region] at 1 per month when time > 2 weeks\n  excites itself by 0.4 over 3 weeks,\n  \
    excites reprisal by 0.2 over 2 weeks\nevent reprisal at 0.5 per month once\n\
    subscript size 1 to 8\nstock groups[size]: 1 = 10\naux people = sum(size.value * groups over size)\n";

fn hovered(client: &mut Client, path: &Path, text: &str, offset: usize) -> String {
    let at = client.at(path, text, 0, offset);
    let hover = client.request("textDocument/hover", at);
    hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn hover_explains_the_words_of_a_council() {
    let (_keep, path, mut client) = one_model(&format!("{PRELUDE}{COUNCIL}"));
    client.diagnostics(&path, <[serde_json::Value]>::is_empty);
    let who = "council of SUBSCRIPT on SUBSCRIPT with position P, capability C, salience S";
    let line = "council of wing with position stance, capability power, salience 1";
    for word in ["council", "of", "with", "position", "capability", "salience"] {
        let text = hovered(&mut client, &path, line, line.find(word).expect("a word"));
        assert!(text.contains(who), "{word}: {text}");
        for part in ["an element a member", "how much it cares (0 to 1)", "For example:", "option closed at"]
        {
            assert!(text.contains(part), "{word}: {part} is not in\n{text}");
        }
    }
    let line = "choose council by challenge within 10 turns with logit(3)";
    for word in ["choose", "council", "by", "challenge", "within", "turns"] {
        let text = hovered(&mut client, &path, line, line.find(word).expect("a word"));
        assert!(text.contains("choose council by challenge within N turns"), "{word}: {text}");
        assert!(text.contains("make offers and move until they rest"), "{word}: {text}");
    }
    let text = hovered(&mut client, &path, line, line.find("logit").expect("a word"));
    assert!(text.contains("choose logit(R)") && text.contains("the surer the best option"), "{text}");
    let text = hovered(&mut client, &path, "option talk at", 0);
    assert!(text.contains("Where a council decides, options stand `at` a place"), "{text}");
    let text = hovered(&mut client, &path, "line.position", "line.".len());
    assert!(text.contains("DECISION.position") && text.contains("at the last review"), "{text}");
    let text = hovered(&mut client, &path, "line every", 0);
    assert!(text.contains("Decided by the council of `wing`: bargaining within 10 turns."), "{text}");
    // Names stay names, and words in texts and comments are nobody's.
    let text = hovered(&mut client, &path, "position stance", "position ".len());
    assert!(text.contains("*auxiliary* `stance[wing]`"), "{text}");
    assert_eq!(hovered(&mut client, &path, "\"A case\"", 3), "");
    assert_eq!(client.stop(), 0);
}

#[test]
fn hover_explains_the_words_of_excited_events_and_of_classes() {
    let (_keep, path, mut client) = one_model(&format!("{PRELUDE}{EXCITED}"));
    client.diagnostics(&path, <[serde_json::Value]>::is_empty);
    for (line, words) in [
        ("excites itself by 0.4 over 3 weeks", &["excites", "itself", "by", "over"][..]),
        ("excites reprisal by 0.2 over 2 weeks", &["excites", "by", "over"]),
    ] {
        for word in words {
            let text = hovered(&mut client, &path, line, line.find(word).expect("a word"));
            for part in
                ["excites EVENT by RATIO over DURATION", "the branching ratio", "The ratio stays below 1"]
            {
                assert!(text.contains(part), "{word}: {part} is not in\n{text}");
            }
        }
    }
    for word in ["event attack", "at 1 per month", "once", "when time"] {
        let text = hovered(&mut client, &path, word, 0);
        assert!(text.contains("it happens at most once; with `when`"), "{word}: {text}");
    }
    let text = hovered(&mut client, &path, "attack[region]", 0);
    assert!(text.contains("Each occurrence raises the rate of itself, `reprisal` for a while."), "{text}");
    let text = hovered(&mut client, &path, "size.value", "size.".len());
    assert!(
        text.contains("SUBSCRIPT.value") && text.contains("The number that an element is called by"),
        "{text}"
    );
    let text = hovered(&mut client, &path, "subscript size", 0);
    assert!(text.contains("`subscript cohort 1 to 12`"), "{text}");
    assert_eq!(client.stop(), 0);
}

/// The labels that are offered at `|` in a line behind a model, and what the first of them says.
fn offered(client: &mut Client, path: &Path, before: &str, line: &str) -> (Vec<String>, String) {
    let whole = format!("{before}{line}\n");
    let cursor = whole.find('|').expect("a cursor");
    let whole = whole.replacen('|', "", 1);
    client.rewrite(path, &whole);
    let position = client.position(&whole, cursor);
    let at = json!({ "textDocument": { "uri": uri(path) }, "position": position });
    let list = client.request("textDocument/completion", at);
    let items = list["items"].as_array().expect("items");
    let labels = items.iter().map(|item| item["label"].as_str().expect("a label").to_owned()).collect();
    let said = items.first().and_then(|item| item["documentation"]["value"].as_str()).unwrap_or_default();
    (labels, said.to_owned())
}

fn client_with(text: &str) -> (tempfile::TempDir, PathBuf, Client, String) {
    let before = format!("{PRELUDE}{text}");
    let (keep, path, client) = one_model(&before);
    (keep, path, client, before)
}

#[test]
fn completion_leads_through_the_lines_of_a_council() {
    let (_keep, path, mut client, before) = client_with(
        "subscript wing { old, young }\nsubscript issue { openness, pace }\naux stance[wing]: share = 10%\n",
    );
    let mut exactly = |line: &str, expected: &[&str], says: &str| {
        let line =
            format!("decision d every 4 weeks {{\n  option talk at 0%\n  option fight at 100%\n  {line}\n}}");
        let (found, said) = offered(&mut client, &path, &before, &line);
        assert_eq!(found, expected, "{line}");
        assert!(said.contains(says), "{line}: {said}");
    };
    exactly("|", &["option", "council", "choose"], "A choice that is reviewed on a clock");
    exactly("option |", &[], "");
    exactly("option wait |", &["worth", "at"], "one `choose` line");
    exactly("option wait \"Wait\" |", &["worth", "at"], "");
    exactly("council |", &["of"], "Who is in the council");
    exactly("council of |", &["region", "wing", "issue"], "");
    exactly("council of wing |", &["on", "with"], "Who is in the council");
    exactly("council of wing on iss|", &["issue"], "");
    exactly("council of wing on issue |", &["with"], "");
    exactly("council of wing with |", &["position"], "where it stands (0 to 1)");
    exactly("choose |", &["logit", "best", "fixed", "council"], "the surer the best option");
    exactly("choose council |", &["by"], "");
    exactly(
        "choose council by |",
        &["weighted mean", "weighted median", "challenge within 10 turns"],
        "The option nearest to the mean",
    );
    exactly(
        "choose council by chall|",
        &["challenge within 10 turns"],
        "make offers and move until they rest",
    );
    exactly("choose council by weighted |", &["mean", "median"], "");
    exactly("choose council by weighted mean |", &["with"], "");
    exactly("choose council by challenge |", &["within"], "");
    exactly("choose council by challenge within 10 |", &["turns"], "");
    exactly("choose council by challenge within 10 turns |", &["with"], "");
    exactly("choose council by challenge within 10 turns with |", &["logit"], "");
    exactly("choose fixed |", &["talk", "fight"], "");
    let mut starts = |line: &str, expected: &[&str], never: &[&str]| {
        let line = format!("decision d every 4 weeks {{\n  {line}\n}}");
        let (found, _) = offered(&mut client, &path, &before, &line);
        for word in expected {
            assert!(found.iter().any(|label| label == word), "{line}: {word} is not in {found:?}");
        }
        for word in never {
            assert!(found.iter().all(|label| label != word), "{line}: {word} is in {found:?}");
        }
    };
    starts("council of wing with position |", &["stance"], &["capability"]);
    starts("council of wing with position stance, |", &["capability", "salience"], &[]);
    starts("council of wing with position stance, capability 1, |", &["salience"], &["capability"]);
    starts("council of wing with position stance,\n    |", &["capability", "salience"], &["option"]);
    starts("option wait worth stance +\n    |", &["stance", "exp"], &["option"]);
    starts("option wait worth |", &["stance", "exp"], &["at"]);
    assert_eq!(client.stop(), 0);
}

#[test]
fn completion_leads_through_excitations() {
    let (_keep, path, mut client, before) = client_with(
        "assume more = 20% to 40% because judgement \"j\"\nassume delay: week = 1 week to 3 weeks because judgement \"j\"\n\
         event reprisal at 1 per month\nstock fear: 1 = 0\n",
    );
    let mut exactly = |line: &str, expected: &[&str], says: &str| {
        let (found, said) = offered(&mut client, &path, &before, line);
        assert_eq!(found, expected, "{line}");
        assert!(said.contains(says), "{line}: {said}");
    };
    exactly("event raid at 1 per month excites |", &["itself", "reprisal"], "the branching ratio");
    exactly("event raid at 1 per month excites itself |", &["by"], "the branching ratio");
    exactly("event raid at 1 per month\n  excites rep|", &["reprisal"], "");
    exactly("event raid at 1 per month excites itself by 0.4 |", &["over", "per"], "the branching ratio");
    exactly("event raid at 1 per month excites itself by 0.4 over 3 weeks, |", &["excites"], "");
    let mut starts = |line: &str, expected: &[&str], never: &[&str]| {
        let (found, _) = offered(&mut client, &path, &before, line);
        for word in expected {
            assert!(found.iter().any(|label| label == word), "{line}: {word} is not in {found:?}");
        }
        for word in never {
            assert!(found.iter().all(|label| label != word), "{line}: {word} is in {found:?}");
        }
    };
    starts("event raid at 1 per month |", &["excites", "once", "when"], &[]);
    starts("event raid at 1 per month excites itself by |", &["more", "delay", "exp"], &["over"]);
    starts("event raid at 1 per month excites itself by more over |", &["delay"], &["by"]);
    starts("event raid at 1 per month excites itself by 0.4 over 3 |", &["week", "month"], &["delay"]);
    starts(
        "event raid at 1 per month excites itself by 0.4 over 3 weeks {\n  |\n}",
        &["fear", "move"],
        &["itself"],
    );
    starts(
        "event raid at 1 per month excites itself by 0.4 over 3 weeks\n|",
        &["stock", "event"],
        &["itself"],
    );
    assert_eq!(client.stop(), 0);
}
