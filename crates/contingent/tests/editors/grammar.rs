//! The `TextMate` grammar, built from the word lists of the language.
//!
//! Enters: nothing. Leaves: the grammar as JSON. Always holds: no list of words is written here; expressions look neither
//! ahead nor behind, so that every engine can run them.

use contingent_model::functions::{distribution_signatures, function_signatures};
use contingent_model::{Likelihood, TIME_UNITS};
use contingent_syntax::{RESERVED_WORDS, words};
use serde_json::{Value, json};

/// Words as alternatives of an expression, the longest first, so that none hides another.
fn any_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.into_iter().collect();
    words.sort_unstable_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words.dedup();
    words.join("|")
}

/// The grammar.
pub(crate) fn grammar() -> Value {
    let declaring = any_of(words::declaring_words().iter().copied());
    let n_declaring = words::declaring_words().len();
    let joining = any_of(RESERVED_WORDS[n_declaring..].iter().copied());
    let context = any_of(words::CONTEXT_WORDS.iter().copied());
    let lines = any_of(words::line_words());
    let rules = any_of(words::CHOICE_RULES.iter().copied());
    let kinds = any_of(words::CLAIM_KINDS.iter().copied());
    let voices = any_of(words::CLAIM_VOICES.iter().copied());
    let readings = any_of(words::EVENT_READINGS.iter().copied());
    let functions = any_of(
        function_signatures()
            .chain(distribution_signatures())
            .map(|(name, _)| name)
            .chain(Likelihood::ALL.map(Likelihood::name))
            .collect::<Vec<_>>(),
    );
    let units = any_of(TIME_UNITS.iter().map(|&(unit, _)| unit).chain(["share", "probability"]));
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Contingent",
        "scopeName": "source.contingent",
        "fileTypes": ["ctg"],
        "patterns": [
            { "include": "#documentation" },
            { "include": "#comment" },
            { "include": "#string" },
            { "include": "#declaration" },
            { "include": "#declaring" },
            { "include": "#claim_kind" },
            { "include": "#claim_voice" },
            { "include": "#choice" },
            { "include": "#line" },
            { "include": "#function" },
            { "include": "#reading" },
            { "include": "#joining" },
            { "include": "#context" },
            { "include": "#date" },
            { "include": "#number" },
            { "include": "#unit" },
            { "include": "#operator" },
        ],
        "repository": {
            "documentation": { "name": "comment.line.documentation.contingent", "match": "##.*$" },
            "comment": { "name": "comment.line.number-sign.contingent", "match": "#.*$" },
            "string": { "name": "string.quoted.double.contingent", "match": r#""(?:\\.|[^"\\])*"?"# },
            "declaration": {
                "match": format!(r"^\s*((?:(?:signed|whole)\s+)?(?:{declaring}))\s+([^\W\d]\w*)"),
                "captures": {
                    "1": { "name": "keyword.declaration.contingent" },
                    "2": { "name": "entity.name.contingent" },
                },
            },
            "declaring": { "name": "keyword.declaration.contingent", "match": format!(r"\b(?:{declaring})\b") },
            "claim_kind": {
                "match": format!(r"(?:^\s*|\b)(kind)\s+((?:{kinds})(?:\s*,\s*(?:{kinds}))*)\b"),
                "captures": {
                    "1": { "name": "keyword.other.property.contingent" },
                    "2": { "name": "constant.language.contingent" },
                },
            },
            "claim_voice": {
                "match": format!(r"(?:^\s*|\b)(voice)\s+({voices})\b"),
                "captures": {
                    "1": { "name": "keyword.other.property.contingent" },
                    "2": { "name": "constant.language.contingent" },
                },
            },
            "choice": {
                "match": format!(r"(?:^\s*|\b)(choose)\s+({rules})\b"),
                "captures": {
                    "1": { "name": "keyword.other.property.contingent" },
                    "2": { "name": "keyword.control.contingent" },
                },
            },
            "line": {
                "match": format!(r"^\s*({lines})\b"),
                "captures": { "1": { "name": "keyword.other.property.contingent" } },
            },
            "function": {
                "match": format!(r"\b({functions})\s*\("),
                "captures": { "1": { "name": "support.function.contingent" } },
            },
            "reading": {
                "match": format!(r"\.({readings})\b"),
                "captures": { "1": { "name": "variable.language.contingent" } },
            },
            "joining": { "name": "keyword.control.contingent", "match": format!(r"\b(?:{joining})\b") },
            "context": { "name": "keyword.other.contingent", "match": format!(r"\b(?:{context})\b") },
            "date": { "name": "constant.numeric.date.contingent", "match": r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b" },
            "number": {
                "name": "constant.numeric.contingent",
                "match": r"\b[0-9](?:_?[0-9])*(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9]+)?%?",
            },
            "unit": { "name": "support.type.unit.contingent", "match": format!(r"\b(?:{units})s?\b") },
            "operator": { "name": "keyword.operator.contingent", "match": r"->|\+=|-=|==|!=|<=|>=|[-<>=+*/^~]" },
        },
    })
}

/// The text of the file.
pub(crate) fn text() -> String {
    format!("{:#}\n", grammar())
}
