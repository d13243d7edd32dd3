//! What `editors/` holds agrees with the language.
//!
//! Enters: the files of `editors/`. Always holds: the grammar is the one that the word lists give; its expressions can be
//! run, and colour the words that they are for; the extension starts a command that exists.

#![expect(clippy::disallowed_methods, reason = "the test reads files")]

mod grammar;

use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::Value;

fn extension() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors/vscode")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn expression(name: &str) -> Regex {
    let grammar = grammar::grammar();
    let text = grammar["repository"][name]["match"].as_str().expect("a rule with an expression").to_owned();
    Regex::new(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_grammar_is_the_one_that_the_words_of_the_language_give() {
    let found = read(&extension().join("syntaxes/contingent.tmLanguage.json"));
    assert_eq!(
        found.replace("\r\n", "\n"),
        grammar::text(),
        "run `cargo run -p contingent --example textmate_grammar > editors/vscode/syntaxes/contingent.tmLanguage.json`"
    );
}

#[test]
fn every_rule_is_used_and_its_expression_can_be_run() {
    let grammar = grammar::grammar();
    let rules = grammar["repository"].as_object().expect("rules");
    let used: Vec<&str> = grammar["patterns"]
        .as_array()
        .expect("patterns")
        .iter()
        .filter_map(|pattern| pattern["include"].as_str()?.strip_prefix('#'))
        .collect();
    assert_eq!(used.len(), rules.len());
    for name in used {
        let rule = expression(name);
        let captured = grammar["repository"][name]["captures"].as_object();
        let n_captures = captured.map_or(0, serde_json::Map::len);
        assert_eq!(rule.captures_len() - 1, n_captures, "{name} names what it captures");
        assert!(!rule.is_match(""), "{name} matches nothing, for ever");
    }
}

#[test]
fn every_word_is_coloured_where_it_has_its_meaning() {
    use contingent_syntax::words;
    let whole = |rule: &Regex, line: &str, word: &str| {
        let found = rule.captures(line).unwrap_or_else(|| panic!("`{line}` is not coloured by {rule}"));
        let last = found.iter().flatten().last().expect("the whole");
        assert_eq!(last.as_str(), word, "in `{line}`");
    };
    let (declaration, declaring) = (expression("declaration"), expression("declaring"));
    for word in words::declaring_words() {
        whole(&declaring, &format!("{word} x"), word);
        whole(&declaration, &format!("  {word} näme_1 = 2"), "näme_1");
    }
    whole(&declaration, "signed stock balance: person = 0", "balance");
    let n_declaring = words::declaring_words().len();
    for word in &contingent_syntax::RESERVED_WORDS[n_declaring..] {
        whole(&expression("joining"), &format!("a {word} b"), word);
    }
    for word in words::CONTEXT_WORDS {
        whole(&expression("context"), &format!("a {word} b"), word);
    }
    for word in words::line_words() {
        whole(&expression("line"), &format!("  {word} \"x\""), word);
    }
    let functions = contingent_model::functions::function_signatures()
        .chain(contingent_model::functions::distribution_signatures());
    for (word, signature) in functions {
        whole(&expression("function"), &format!("2 * {signature}"), word);
    }
    whole(&expression("claim_kind"), "  kind fact, causal", "fact, causal");
    whole(&expression("choice"), "choose logit(3)", "logit");
    // What is a part of a longer word is none.
    assert!(!expression("joining").is_match("candor"));
    assert!(!expression("declaring").is_match("stockpile"));
}

#[test]
fn the_extension_names_files_that_exist_and_a_command_that_the_program_has() {
    let folder = extension();
    let package: Value =
        serde_json::from_str(&read(&folder.join("package.json"))).expect("package.json is JSON");
    let contributed = &package["contributes"];
    let paths = [
        &package["main"],
        &contributed["languages"][0]["configuration"],
        &contributed["grammars"][0]["path"],
    ];
    for path in paths {
        let path = path.as_str().expect("a path");
        assert!(folder.join(path).is_file(), "{path}");
    }
    assert_eq!(contributed["grammars"][0]["scopeName"], grammar::grammar()["scopeName"]);
    assert_eq!(contributed["languages"][0]["extensions"][0], ".ctg");
    let _: Value = serde_json::from_str(&read(&folder.join("language-configuration.json")))
        .expect("the configuration is JSON");
    let script = read(&folder.join("extension.js"));
    assert!(script.contains("\"lsp\""), "it starts `contingent lsp`");
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_contingent"))
        .args(["lsp", "--help"])
        .output()
        .expect("the program runs");
    assert!(help.status.success());
}
