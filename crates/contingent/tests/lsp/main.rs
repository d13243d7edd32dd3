//! The language server as an editor sees it: the program is started, and the protocol spoken to it.
//!
//! Enters: a copy of the founding case, and small models. Always holds: nothing waits for a time to pass, except that a
//! server that hangs fails the test.

#![expect(clippy::disallowed_methods, reason = "an editor reads and writes files")]

mod client;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use client::{Client, uri};
use serde_json::{Value, json};

const PRELUDE: &str = "model \"A case\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 2024-01-01 to 2024-12-30 step 1 week\n}\n\
                       unit fighter\nsubscript region { kabul \"Kabul\", east \"The east\" }\n";

/// A copy of the founding case in a folder with a space and an accent in its name.
fn founding_copy() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("the é case");
    std::fs::create_dir(&copy).expect("a folder");
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/taliban-daesh-k");
    for entry in std::fs::read_dir(original).expect("the founding case is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "ctg") {
            std::fs::copy(&path, copy.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    (folder, copy)
}

/// A folder with one model, open in an editor.
fn one_model(text: &str) -> (tempfile::TempDir, PathBuf, Client) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.ctg");
    std::fs::write(&path, text).expect("a file");
    let mut client = Client::start(folder.path(), &[]);
    client.open(&path, text);
    (folder, path, client)
}

fn texts_in(folder: &Path) -> BTreeMap<PathBuf, String> {
    let paths =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path());
    paths.map(|path| (path.clone(), std::fs::read_to_string(&path).expect("a text"))).collect()
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|one| one["code"].as_str()).collect()
}

/// How often a word stands in a text outside of comments and strings.
fn n_words(text: &str, word: &str) -> usize {
    contingent_syntax::lex(text)
        .iter()
        .filter(|token| token.kind == contingent_syntax::SyntaxKind::Word)
        .filter(|token| &text[token.start as usize..token.end as usize] == word)
        .count()
}

#[test]
fn diagnostics_of_an_included_file_appear_while_typing_and_go_away() {
    let (_keep, folder) = founding_copy();
    let path = folder.join("daesh_k.ctg");
    let mut client = Client::start(&folder, &[]);
    client.open_file(&path);
    client.diagnostics(&path, <[Value]>::is_empty);
    client.replace(
        &path,
        "aux strength: person = sum(at_large over region)",
        0,
        "aux strength: person = sum(at_lrge over region)",
    );
    let found = client.diagnostics(&path, |found| !found.is_empty());
    assert_eq!(codes(&found), ["unknown-name"]);
    assert_eq!(client.slice(client.text(&path), &found[0]["range"]), "at_lrge");
    let message = found[0]["message"].as_str().expect("a message");
    assert!(message.contains("did you mean `daesh_k.at_large`?"), "{message}");
    client.replace(&path, "at_lrge", 0, "at_large");
    client.diagnostics(&path, <[Value]>::is_empty);
    assert_eq!(client.stop(), 0);
}

#[test]
fn a_mistake_shows_in_every_file_that_it_touches_and_unsaved_text_stands_in_place_of_the_file() {
    let (_keep, folder) = founding_copy();
    let (groups, today) = (folder.join("groups.ctg"), folder.join("today.ctg"));
    let mut client = Client::start(&folder, &[]);
    client.open_file(&groups);
    client.diagnostics(&groups, <[Value]>::is_empty);
    // An element goes away in one file, without being saved: its uses in files that are not open are one mistake
    // now, which stands at the first of them.
    client.replace(&groups, "  kabul \"Kabul\"\n", 0, "");
    let found = client.diagnostics(&today, |found| !found.is_empty());
    assert_eq!(codes(&found), ["unknown-alternative"], "{found:?}");
    // What is on disk counts again when the editor closes its text.
    client.open_file(&today);
    client.close(&groups);
    client.diagnostics(&today, <[Value]>::is_empty);
    assert_eq!(client.stop(), 0);
}

#[test]
fn hover_tells_kind_unit_shape_grounds_and_the_value_at_the_start() {
    let (_keep, folder) = founding_copy();
    let path = folder.join("daesh_k.ctg");
    let mut client = Client::start(&folder, &[]);
    client.open_file(&path);
    let mut shown = |text: &str, n: usize| {
        let at = client.at(&path, text, n, 1);
        let hover = client.request("textDocument/hover", at);
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let assumption = shown("succession_rate", 0);
    for part in [
        "*assumption* `daesh_k.succession_rate`, unit `1/week`, inferred",
        "How fast fallen leaders are replaced.",
        "log-normal: 5% 0.0115, 50% 0.02",
        "because `ali_release`",
        "Obaid Ali",
        "judgement: leaders fell in each year",
    ] {
        assert!(assumption.contains(part), "{part} is not in\n{assumption}");
    }
    let stock = shown("at_large", 0);
    assert!(stock.contains("whole stock at_large[region]: person"), "{stock}");
    assert!(stock.contains("*stock* `daesh_k.at_large[region]`, unit `person`\n"), "{stock}");
    let values = stock.split("At the start, with central values: ").nth(1).unwrap_or_default();
    let total: f64 =
        values.split(", ").filter_map(|part| part.split(": ").nth(1)?.trim().parse::<f64>().ok()).sum();
    assert!(values.starts_with("[kabul]: ") && (1000.0..4000.0).contains(&total), "{values} ({total})");
    let inferred = shown("leader_risk", 0);
    assert!(inferred.contains("unit `1/week`, inferred"), "{inferred}");
    let claim = shown("ali_release", 0);
    assert!(claim.contains("*claim*") && claim.contains("Obaid Ali"), "{claim}");
    let element = shown("at_large[kabul]", 0);
    assert!(element.contains("at_large"), "{element}");
    let at = client.at(&path, "at_large[kabul]", 0, "at_large[k".len());
    let element = client.request("textDocument/hover", at);
    let element = element["contents"]["value"].as_str().expect("a text");
    assert!(element.contains("*element* `kabul` of `region`"), "{element}");
    let at = client.at(&path, "round(strength", 0, 2);
    let function = client.request("textDocument/hover", at);
    assert!(
        function["contents"]["value"].as_str().is_some_and(|text| text.contains("round(x)")),
        "{function}"
    );
    assert_eq!(client.stop(), 0);
}

#[test]
fn definitions_and_references_go_across_files() {
    let (_keep, folder) = founding_copy();
    let (daesh, outside) = (folder.join("daesh_k.ctg"), folder.join("outside.ctg"));
    let mut client = Client::start(&folder, &[]);
    client.open_file(&daesh);
    let at = client.at(&daesh, "ali_release", 0, 3);
    let found = client.request("textDocument/definition", at);
    assert_eq!(found["uri"], uri(&folder.join("claims.ctg")).as_str());
    let claims = std::fs::read_to_string(folder.join("claims.ctg")).expect("a text");
    assert_eq!(client.slice(&claims, &found["range"]), "ali_release");
    // The file behind an `include`.
    let main = folder.join("model.ctg");
    client.open_file(&main);
    let at = client.at(&main, "\"groups.ctg\"", 0, 3);
    let found = client.request("textDocument/definition", at);
    assert_eq!(found["uri"], uri(&folder.join("groups.ctg")).as_str());
    // Every use in every file, against a count of the words themselves: no other thing has this name.
    let mut at = client.at(&daesh, "at_large", 0, 0);
    at["context"] = json!({ "includeDeclaration": true });
    let found = client.request("textDocument/references", at.clone());
    let expected: usize = texts_in(&folder).values().map(|text| n_words(text, "at_large")).sum();
    let found = found.as_array().expect("a list");
    assert!(expected > 10 && found.iter().any(|one| one["uri"] == uri(&outside).as_str()));
    assert_eq!(found.len(), expected);
    at["context"] = json!({ "includeDeclaration": false });
    let uses = client.request("textDocument/references", at.clone());
    assert_eq!(uses.as_array().expect("a list").len(), expected - 1);
    let here = client.request("textDocument/documentHighlight", at);
    assert_eq!(here.as_array().expect("a list").len(), n_words(client.text(&daesh), "at_large"));
    assert_eq!(client.stop(), 0);
}

fn simulated(model: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_contingent"))
        .args(["simulate", "--csv", "-"])
        .arg(model)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn renaming_changes_every_file_and_nothing_else() {
    let (_keep, folder) = founding_copy();
    let path = folder.join("daesh_k.ctg");
    let mut client = Client::start(&folder, &["utf-16", "utf-8"]);
    assert!(client.is_utf8, "the shorter count is agreed on when it is offered");
    client.open_file(&path);
    let before = simulated(&folder);
    let mut texts = texts_in(&folder);
    // What stands before a word keeps the search out of comments.
    let renamings = [
        ("", "at_large", "still_free"),
        ("actor ", "daesh_k", "iskp"),
        ("[", "kabul", "capital"),
        (": ", "person", "man"),
    ];
    for (before, old, new) in renamings {
        let n = texts.values().map(|text| n_words(text, old)).sum::<usize>();
        let mut at = client.at(&path, &format!("{before}{old}"), 0, before.len());
        let prepared = client.request("textDocument/prepareRename", at.clone());
        assert_eq!(prepared["placeholder"], old);
        at["newName"] = json!(new);
        let edit = client.request("textDocument/rename", at);
        client.apply(&edit, &mut texts);
        for (path, text) in &texts {
            std::fs::write(path, text).expect("it is written");
        }
        client.rewrite(&path, &texts[&path]);
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
        assert_eq!(texts.values().map(|text| n_words(text, new)).sum::<usize>(), n, "{old} to {new}");
    }
    // A model with other names runs as it did.
    let after = simulated(&folder);
    let renamed = before.lines().next().expect("a head").replace("daesh_k.", "iskp.");
    let renamed = renamed
        .replace("at_large", "still_free")
        .replace("[kabul", "[capital")
        .replace(",kabul]", ",capital]");
    assert_eq!(after.lines().next(), Some(renamed.as_str()));
    assert!(after.lines().skip(1).eq(before.lines().skip(1)), "the numbers are the same");
    assert_eq!(client.stop(), 0);
}

#[test]
fn a_name_that_does_not_fit_is_refused() {
    let text = format!(
        "{PRELUDE}aux scale = 2\nactor north \"The north\" {{\n  stock fighters: fighter = 10\n  \
         aux doubled = fighters * scale\n  aux third = 3\n}}\nindicator shown = north.doubled + scale * 0 fighters\n"
    );
    let (_keep, path, mut client) = one_model(&text);
    let mut refused = |word: &str, n: usize, new: &str| {
        let mut at = client.at(&path, word, n, 0);
        at["newName"] = json!(new);
        client.refused("textDocument/rename", at)["message"].as_str().unwrap_or_default().to_owned()
    };
    for new in ["stock", "two words", "time", "2nd", ""] {
        assert!(refused("scale", 0, new).contains("cannot be a name"), "{new}");
    }
    assert!(refused("doubled", 0, "third").contains("declared twice"));
    // Inside the actor, `third` is the actor's own: the renamed name would not be reached there.
    assert!(refused("scale", 0, "third").contains("another name would be taken for it"));
    assert!(refused("purpose", 0, "x").contains("no name"), "a word of the language");
    assert_eq!(client.stop(), 0);
}

#[test]
fn completion_offers_what_fits_where_the_cursor_stands() {
    let before = format!(
        "{PRELUDE}source report \"A report\" {{ publisher \"P\" }}\nclaim they_hold from report {{ says \"S\" }}\n\
         mechanism feedback: one of strong, weak = strong because judgement \"j\"\n\
         lever effort: share = 10% range 0% to 100%\nlookup fear(x: 1): 1 = (0, 0) (1, 1)\n\
         actor north \"N\" {{\n  ## Who fights.\n  stock men[region] \"Men\": fighter = 10\n  event raid at 5% per week\n  \
         aux inside = HERE\n}}\nassume rate = 1% to 5% per week because judgement \"j\"\n"
    );
    let (_keep, path, mut client) = one_model(&before.replace("HERE", "0"));
    // The cursor stands at `|`.
    let mut offered = |line: &str| -> Vec<String> {
        let whole = if line.starts_with("inside ") {
            before.replace("HERE", line.trim_start_matches("inside "))
        } else {
            format!("{}{line}\n", before.replace("HERE", "0"))
        };
        let cursor = whole.find('|').expect("a cursor");
        let whole = whole.replacen('|', "", 1);
        client.rewrite(&path, &whole);
        let position = client.position(&whole, cursor);
        let at = json!({ "textDocument": { "uri": uri(&path) }, "position": position });
        let list = client.request("textDocument/completion", at);
        let items = list["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["label"].as_str().expect("a label").to_owned()).collect()
    };
    let exactly = |found: Vec<String>, expected: &[&str]| assert_eq!(found, expected);
    exactly(offered("aux x = north.men[|"), &["kabul", "east", "region"]);
    exactly(offered("aux x = north.men[e|"), &["east", "region"]);
    exactly(offered("aux x = if feedback == |"), &["strong", "weak"]);
    exactly(offered("aux x[region] = if region == |"), &["kabul", "east"]);
    exactly(offered("aux x = match feedback { st|"), &["strong"]);
    exactly(offered("aux x[region] = { kabul: 1, |"), &["kabul", "east"]);
    exactly(offered("aux x = north.|"), &["men", "raid", "inside"]);
    exactly(offered("aux x = north.raid.|"), &["count", "total", "happened"]);
    exactly(offered("assume y = 1 to 2 because |"), &["they_hold", "judgement"]);
    exactly(offered("assume y = 1 to 2\n  because judgement \"j\", th|"), &["they_hold"]);
    exactly(offered("claim c from |"), &["report"]);
    exactly(offered("claim c from report { kind f|"), &["fact", "forecast"]);
    exactly(
        offered("claim c from report {\n  |\n}"),
        &["says", "kind", "voice", "grade", "tags", "same_as", "pin"],
    );
    exactly(offered("flow going: |"), &["north.men"]);
    exactly(offered("policy p \"P\" {\n  |\n}"), &["effort"]);
    exactly(offered("view v \"V\" {\n  |\n}"), &["feedback", "rate"]);
    exactly(offered("view v \"V\" {\n  feedback = w|\n}"), &["weak"]);
    exactly(offered("question q \"Q\" {\n  resol|\n}"), &["resolves"]);
    exactly(offered("stock |"), &[]);
    exactly(offered("signed |"), &["stock"]);
    exactly(offered("aux x = 1 # nor|"), &[]);
    exactly(offered("aux x \"nor|\" = 1"), &[]);
    let starts = |found: Vec<String>, expected: &[&str]| {
        for word in expected {
            assert!(found.iter().any(|label| label == word), "{word} is not in {found:?}");
        }
    };
    starts(offered("|"), &["assume", "stock", "question", "view"]);
    starts(offered("stock new: |"), &["fighter", "week", "share"]);
    starts(offered("aux x = 5 |"), &["fighter", "week", "per"]);
    starts(offered("aux x = 5% per |"), &["week", "year"]);
    starts(offered("assume z = |"), &["normal", "beta", "triangular"]);
    starts(offered("aux x = sum(north.men over |"), &["region"]);
    starts(offered("question q \"Q\" { P( |"), &["within", "always during"]);
    // What data are compared with: the period, the distribution and its mean.
    exactly(offered("observe seen: fi|"), &["fighter"]);
    starts(offered("observe seen: fighter from \"x.csv\" |"), &["column", "by"]);
    exactly(
        offered("observe seen: fighter from \"x.csv\" column x by |"),
        &["day", "week", "month", "quarter", "year", "step"],
    );
    exactly(offered("observe seen: fighter from \"x.csv\" column x by week ~ po|"), &["poisson"]);
    starts(
        offered("observe seen: fighter from \"x.csv\" column x by week ~ poisson(mean = |)"),
        &["north.men", "rate", "exp"],
    );
    let all = offered("aux x = |");
    starts(all.clone(), &["north.men", "feedback", "effort", "fear", "exp", "if", "north", "rate"]);
    assert!(!all.iter().any(|label| label == "they_hold" || label == "fighter"), "{all:?}");
    // Inside the actor its own come first, by their short names, with what is known of them.
    assert_eq!(offered("inside me|")[0], "men");
    let whole = before.replace("HERE", "me");
    client.rewrite(&path, &whole);
    let at = client.at(&path, "aux inside = me", 0, "aux inside = me".len());
    let list = client.request("textDocument/completion", at);
    let item = &list["items"][0];
    assert_eq!(item["detail"], "stock[region], fighter");
    assert!(
        item["documentation"]["value"].as_str().is_some_and(|text| text.contains("Who fights.")),
        "{item}"
    );
    assert_eq!(client.stop(), 0);
}

#[test]
fn signatures_show_the_argument_being_written() {
    let (_keep, path, mut client) = one_model(&format!(
        "{PRELUDE}lookup fear(x: fighter): 1 = (0, 0) (1, 1)\naux y = clamp(0.5, 0, \naux z = fear(\n"
    ));
    let at = client.at(&path, "clamp(0.5, 0, ", 0, "clamp(0.5, 0, ".len());
    let help = client.request("textDocument/signatureHelp", at);
    assert_eq!(help["signatures"][0]["label"], "clamp(x, low, high)");
    assert_eq!(help["activeParameter"], 2);
    let at = client.at(&path, "fear(\n", 0, "fear(".len());
    let help = client.request("textDocument/signatureHelp", at);
    assert_eq!(help["signatures"][0]["label"], "fear(x: fighter): 1");
    assert_eq!(client.stop(), 0);
}

/// The tokens of a file: text, type and whether it is a declaration.
fn tokens(client: &mut Client, path: &Path) -> Vec<(String, String, bool)> {
    let legend = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"].clone();
    let answer =
        client.request("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": uri(path) } }));
    let numbers: Vec<u64> =
        answer["data"].as_array().expect("numbers").iter().filter_map(Value::as_u64).collect();
    let text = client.text(path);
    let (mut line, mut column) = (0, 0);
    let mut found = Vec::new();
    for token in numbers.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let range = json!({ "start": { "line": line, "character": column },
                            "end": { "line": line, "character": column + token[2] } });
        let kind = legend[token[3] as usize].as_str().expect("a known type").to_owned();
        found.push((client.slice(text, &range).to_owned(), kind, token[4] & 1 == 1));
    }
    found
}

#[test]
fn names_are_coloured_by_what_they_mean_also_behind_text_that_is_not_ascii() {
    let text = format!(
        "{PRELUDE}## Größe \u{1F30D}.\nstock männer \"Größe \u{1F30D}\": fighter = 10 fighters\n\
         aux x \"\u{1F30D}\u{1F30D}\" = männer / 1 fighter # \u{1F30D}\naux step = if männer > 5 fighters then exp(x) else 0\n"
    );
    for encodings in [&[][..], &["utf-8"]] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("model.ctg");
        let mut client = Client::start(folder.path(), encodings);
        client.open(&path, &text);
        let found = tokens(&mut client, &path);
        let of = |word: &str| -> Vec<(&str, bool)> {
            found.iter().filter(|(text, ..)| text == word).map(|(_, kind, is)| (kind.as_str(), *is)).collect()
        };
        assert_eq!(of("männer"), [("property", true), ("property", false), ("property", false)]);
        assert_eq!(of("fighter"), [("type", true), ("type", false), ("type", false)]);
        // The same word is a keyword in the model block and a name below.
        assert_eq!(of("step"), [("keyword", false), ("variable", true)]);
        assert_eq!(of("exp"), [("function", false)]);
        assert_eq!(of("kabul"), [("enumMember", true)]);
        assert_eq!(of("## Größe \u{1F30D}."), [("comment", false)]);
        // Hover and typing behind such text.
        let at = client.at(&path, "männer / 1", 0, "mä".len());
        let hover = client.request("textDocument/hover", at);
        assert_eq!(client.slice(&text, &hover["range"]), "männer");
        client.replace(&path, "männer / 1", 0, "mäner / 1");
        let wrong = client.diagnostics(&path, |found| codes(found).contains(&"unknown-name"));
        let wrong = wrong.iter().find(|one| one["code"] == "unknown-name").expect("it was waited for");
        assert_eq!(client.slice(client.text(&path), &wrong["range"]), "mäner");
        assert_eq!(client.stop(), 0);
    }
}

#[test]
fn every_name_of_the_founding_case_has_a_colour() {
    let (_keep, folder) = founding_copy();
    let mut client = Client::start(&folder, &["utf-8"]);
    let mut n_tokens = 0;
    for path in texts_in(&folder).into_keys() {
        client.open_file(&path);
        let found = tokens(&mut client, &path);
        let text = client.text(&path).to_owned();
        let words = contingent_syntax::lex(&text);
        let words = words.iter().filter(|token| token.kind == contingent_syntax::SyntaxKind::Word);
        let mut coloured = found.iter().map(|(text, ..)| text.as_str());
        for word in words.map(|token| &text[token.start as usize..token.end as usize]) {
            // Grades are words of their own.
            let is_grade = word.len() == 2 && word.as_bytes()[1].is_ascii_digit();
            assert!(is_grade || coloured.any(|text| text == word), "{}: {word}", path.display());
        }
        n_tokens += found.len();
    }
    assert!(n_tokens > 3000, "{n_tokens} tokens");
    assert_eq!(client.stop(), 0);
}

#[test]
fn the_outline_nests_what_belongs_to_an_actor() {
    let (_keep, folder) = founding_copy();
    let path = folder.join("daesh_k.ctg");
    let mut client = Client::start(&folder, &[]);
    client.open_file(&path);
    let outline =
        client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri(&path) } }));
    let [actor] = outline.as_array().expect("symbols").as_slice() else { panic!("one actor: {outline}") };
    assert_eq!((actor["name"].as_str(), actor["detail"].as_str()), (Some("daesh_k"), Some("actor, Daesh-K")));
    let members: Vec<&str> = actor["children"]
        .as_array()
        .expect("children")
        .iter()
        .filter_map(|child| child["name"].as_str())
        .collect();
    assert_eq!(members[..2], ["at_large", "freed"]);
    assert!(members.len() > 40 && members.contains(&"mass_attack"), "{members:?}");
    let main = folder.join("model.ctg");
    client.open_file(&main);
    let outline =
        client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri(&main) } }));
    assert_eq!(outline[0]["name"], "Will the Taliban go after Daesh-K?");
    assert_eq!(client.stop(), 0);
}

#[test]
fn fixes_are_offered_and_take_the_mistake_away() {
    let text = format!(
        "{PRELUDE}mechanism way: one of on, off, half = on because judgement \"j\"\n\
         assume rate = 1% to 5% per week\nstock men: fighter = 10\nflow going: men -> = men * rat\n\
         aux many = if men > 5 then 1 else 0\naux how = match way {{\n  on: 1 # as it is\n}}\n\
         question q \"Q\" {{ P( at 1 week: many * how > 0 )\n  resolves \"R\" }}\n"
    );
    let (_keep, path, mut client) = one_model(&text);
    let mut titles = Vec::new();
    loop {
        let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
        let actions = client.request(
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": uri(&path) }, "range": whole, "context": { "diagnostics": [] } }),
        );
        let actions = actions.as_array().expect("actions");
        let Some(action) = actions.iter().find(|action| !titles.contains(&action["title"])) else { break };
        titles.push(action["title"].clone());
        assert_eq!(action["kind"], "quickfix");
        let mut texts = BTreeMap::from([(path.clone(), client.text(&path).to_owned())]);
        client.apply(&action["edit"], &mut texts);
        client.rewrite(&path, &texts[&path]);
        assert!(titles.len() < 20, "{titles:?}");
    }
    let expected = [
        "Insert `because judgement \"\"`",
        "Change `rat` to `rate`",
        "Insert `fighter`",
        "Insert `off: 0 half: 0`",
    ];
    for title in expected {
        assert!(titles.contains(&json!(title)), "{title} is not in {titles:?}");
    }
    // What is left is the reason that only the modeller can give.
    let found = client.diagnostics(&path, |found| codes(found) == ["orphan-assumption"]);
    assert!(found[0]["message"].as_str().is_some_and(|text| text.contains("is empty")), "{found:?}");
    let fixed = client.text(&path);
    assert!(fixed.contains("on: 1 # as it is\n  off: 0\n  half: 0\n}"), "{fixed}");
    // Not where nothing is wrong, and not when another kind of action is asked for.
    let start = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let nothing = client.request(
        "textDocument/codeAction",
        json!({ "textDocument": { "uri": uri(&path) }, "range": start, "context": { "diagnostics": [] } }),
    );
    assert_eq!(nothing, json!([]));
    assert_eq!(client.stop(), 0);
}

#[test]
fn a_file_that_belongs_to_no_model_is_checked_for_what_it_says_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("part.ctg");
    let mut client = Client::start(folder.path(), &[]);
    client.open(&path, "aux x = declared_elsewhere * 2\naux y = (1 + \n");
    let found = client.diagnostics(&path, |found| !found.is_empty());
    assert_eq!(codes(&found), ["syntax-error"], "{found:?}");
    assert!(found.iter().any(|one| one["severity"] == 3), "it says that no model includes it: {found:?}");
    // A model that includes it appears in the editor, not on disk.
    let main = folder.path().join("other.ctg");
    client.open(&main, &format!("{PRELUDE}include \"part.ctg\"\naux declared_elsewhere = 1\n"));
    client.replace(&path, "(1 + ", 0, "1");
    let found = client.diagnostics(&path, |found| !codes(found).contains(&"syntax-error"));
    assert!(found.iter().all(|one| one["severity"] == 2), "only warnings are left: {found:?}");
    let at = client.at(&path, "declared_elsewhere", 0, 0);
    let definition = client.request("textDocument/definition", at);
    assert_eq!(definition["uri"], uri(&main).as_str());
    // It goes on alone when the model does not include it any more.
    client.replace(&main, "include \"part.ctg\"\n", 0, "");
    client.diagnostics(&path, |found| found.iter().any(|one| one["severity"] == 3));
    assert_eq!(client.stop(), 0);
}

#[test]
fn the_model_of_a_file_in_a_folder_below_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let below = folder.path().join("parts");
    std::fs::create_dir(&below).expect("a folder");
    std::fs::write(folder.path().join("unrelated.ctg"), PRELUDE).expect("a file");
    std::fs::write(folder.path().join("whole.ctg"), format!("{PRELUDE}include \"parts/a.ctg\"\naux k = 2\n"))
        .expect("a file");
    let path = below.join("a.ctg");
    let mut client = Client::start(folder.path(), &[]);
    client.open(&path, "aux x = k + unknown_thing\n");
    let found = client.diagnostics(&path, |found| codes(found).contains(&"unknown-name"));
    assert!(
        found.iter().all(|one| !one["message"].as_str().unwrap_or_default().contains("no model includes"))
    );
    assert_eq!(client.stop(), 0);
}

#[test]
fn no_text_and_no_request_ends_the_server() {
    let (_keep, path, mut client) = one_model("model \"");
    let broken = [
        "",
        "{",
        "}}}}",
        "((((((((((((((((((((((((((((((((((",
        "\"\u{1F30D}",
        "aux \u{1F30D} = \u{0301}",
        "actor a { actor b { actor",
        "aux x = x[",
        "stock s: = \r\n\r\rflow",
        "model \"m\" { time 2024-13-45 to",
        "include \"model.ctg\"",
        "view v \"V\" { a = { ",
        "subscript r { }\naux x[r] = match r {",
        "\0\u{feff}\u{2028}assume",
        "question q \"\" { P( within",
    ];
    for text in broken {
        client.rewrite(&path, text);
        let last = text.lines().last().unwrap_or_default();
        let end = json!({ "line": text.lines().count().saturating_sub(1), "character": last.encode_utf16().count() });
        for position in
            [json!({ "line": 0, "character": 0 }), end, json!({ "line": 9999, "character": 9999 })]
        {
            let at = json!({ "textDocument": { "uri": uri(&path) }, "position": position });
            for method in
                ["hover", "definition", "completion", "signatureHelp", "prepareRename", "documentHighlight"]
            {
                client.request(&format!("textDocument/{method}"), at.clone());
            }
        }
        for method in ["documentSymbol", "semanticTokens/full"] {
            client
                .request(&format!("textDocument/{method}"), json!({ "textDocument": { "uri": uri(&path) } }));
        }
    }
    // Changes whose range lies outside of the text, or runs backwards.
    for (start, end) in [((50, 3), (90, 0)), ((0, 5), (0, 1))] {
        let range = json!({ "start": { "line": start.0, "character": start.1 }, "end": { "line": end.0, "character": end.1 } });
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri(&path), "version": 99 }, "contentChanges": [{ "range": range, "text": "x" }] }),
        );
    }
    // Requests that make no sense, and one that nobody offers.
    assert_eq!(client.refused("textDocument/hover", json!({ "nonsense": 1 }))["code"], -32602);
    assert_eq!(client.refused("textDocument/unheardOf", json!({}))["code"], -32601);
    // A text that cannot be read is not laid out.
    assert_eq!(client.refused("textDocument/formatting", formatting(&path))["code"], -32803);
    let elsewhere = json!({ "textDocument": { "uri": "file:///nowhere/at/all.ctg" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", elsewhere), Value::Null);
    client.notify("textDocument/didOpen", json!({ "nonsense": true }));
    client.notify("$/unheardOf", json!({}));
    client.rewrite(&path, &format!("{PRELUDE}aux a = b_c\n"));
    client.diagnostics(&path, |found| codes(found).contains(&"unknown-name"));
    assert_eq!(client.stop(), 0);
}

fn formatting(path: &Path) -> Value {
    json!({ "textDocument": { "uri": uri(path) }, "options": { "tabSize": 2, "insertSpaces": true } })
}

#[test]
fn a_request_is_answered_for_the_text_as_it_stands_and_one_that_is_called_off_is_answered_once() {
    let (_keep, path, mut client) = one_model(&format!("{PRELUDE}aux first = 1\n"));
    // No pause between the change and the question.
    client.replace(&path, "first", 0, "renamed");
    let at = client.at(&path, "renamed", 0, 0);
    let hover = client.request("textDocument/hover", at.clone());
    assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("renamed")), "{hover}");
    let id = client.ask("textDocument/hover", at);
    client.notify("$/cancelRequest", json!({ "id": id }));
    let answer = client.answer(id);
    let code = &answer["error"]["code"];
    assert!(answer["result"].is_object() || *code == -32800, "{answer}");
    assert_eq!(client.stop(), 0);
}

#[test]
fn a_server_ends_well_only_after_it_was_shut_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut client = Client::start(folder.path(), &[]);
    client.request("shutdown", Value::Null);
    assert_eq!(client.refused("textDocument/hover", json!({}))["code"], -32600);
    assert_eq!(client.leave(), 0);
    let client = Client::start(folder.path(), &[]);
    assert_eq!(client.leave(), 1);
}
