//! The tables of forms cover the language: whatever the parser can read has an example.
//!
//! Enters: the variants of the typed view, read from its source, and the examples of the tables, parsed. Always holds:
//! a form that is added to the parser and to no table fails here, under its name.

use std::collections::BTreeSet;

use contingent_model::forms::{PRELUDE, TABLES};
use contingent_model::functions::{DISTRIBUTIONS, FUNCTIONS, FunctionGroup};
use contingent_syntax::{FileId, parse};

const TYPED_VIEW: &str = include_str!("../../contingent-syntax/src/ast.rs");

/// Enumeration and variant, of every enumeration of the typed view.
fn variants() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut enumeration = None;
    for line in TYPED_VIEW.lines() {
        if let Some(rest) = line.strip_prefix("pub enum ") {
            enumeration = rest.split([' ', '{']).next();
        } else if line == "}" {
            enumeration = None;
        }
        let variant = line.strip_prefix("    ").filter(|rest| rest.starts_with(char::is_uppercase));
        if let (Some(enumeration), Some(variant)) = (enumeration, variant) {
            let end = variant.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(variant.len());
            found.push((enumeration, &variant[..end]));
        }
    }
    found
}

/// The words of the debug text of all examples, parsed.
fn words_of_examples() -> BTreeSet<String> {
    let examples = FUNCTIONS
        .iter()
        .map(|row| row.example)
        .chain(DISTRIBUTIONS.iter().map(|row| row.example))
        .chain(TABLES.iter().flat_map(|table| table.forms).map(|form| form.example))
        .chain([PRELUDE]);
    let mut words = BTreeSet::new();
    for example in examples {
        let parsed = parse(FileId(0), example);
        assert_eq!(parsed.diagnostics, vec![], "{example}");
        let text = format!("{:?}", parsed.file);
        words.extend(text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned));
    }
    words
}

#[test]
fn every_form_that_can_be_read_has_an_example() {
    let words = words_of_examples();
    let variants = variants();
    assert!(variants.len() > 50, "only {} variants were found", variants.len());
    let missing: Vec<_> = variants
        .into_iter()
        .filter(|&(_, variant)| variant != "Broken" && !words.contains(variant))
        .collect();
    assert!(missing.is_empty(), "no table of forms or functions has an example of {missing:?}");
}

#[test]
fn every_part_that_may_be_left_out_is_shown_once() {
    // Parts of declarations that are optional, as the debug text of a typed view shows them when they are there.
    let texts: Vec<String> = TABLES
        .iter()
        .flat_map(|table| table.forms)
        .map(|form| format!("{:?}", parse(FileId(0), form.example).file))
        .collect();
    let texts = texts.join("\n");
    for part in [
        "speaker: Some",
        "role: Some",
        "once: true",
        "when: Some",
        "by: Some",
        "initially: Some",
        "from: Some",
        "to: Some",
        "from: None",
        "to: None",
        "given: Some",
        "base_rate: Some",
        "held: Some",
        "range: Some",
        "signed: true",
        "whole: true",
        "is_share: true",
        "is_share: false",
        "label: Some",
        "reading: Some",
    ] {
        assert!(texts.contains(part), "no example shows `{part}`");
    }
}

#[test]
fn every_function_belongs_to_a_group_of_the_reference() {
    for row in FUNCTIONS {
        assert!(FunctionGroup::ALL.contains(&row.group), "{}", row.name);
    }
}
