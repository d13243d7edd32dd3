//! What a word means: codes of diagnostics, functions, distributions, forms.
//!
//! Enters: a word. Leaves: [`Explanation`]s with a page each. Always holds: everything that is said stands in the
//! registries of the language; nothing is known here alone.

use contingent_model::forms::{Form, TABLES, forms_named};
use contingent_model::functions::{DISTRIBUTIONS, distribution_named, function_names, functions_named};
use contingent_syntax::{Code, SyntaxKind, Token, lex, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reference;

/// The schema of [`ExplanationsDocument`].
pub const EXPLANATIONS_SCHEMA: &str = "contingent.explanations/1";

/// What `contingent explain --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExplanationsDocument {
    /// [`EXPLANATIONS_SCHEMA`].
    #[schemars(extend("const" = EXPLANATIONS_SCHEMA))]
    pub schema: String,
    /// What the word means; without a word, every code of diagnostics.
    pub explanations: Vec<Explanation>,
}

impl ExplanationsDocument {
    /// A document of these explanations.
    pub fn new(explanations: Vec<Explanation>) -> Self {
        Self { schema: EXPLANATIONS_SCHEMA.to_owned(), explanations }
    }
}

/// One meaning of a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The word.
    pub word: String,
    /// What kind of word it is.
    pub kind: ExplanationKind,
    /// One sentence.
    pub summary: String,
    /// The page, in Markdown.
    pub page: String,
}

/// What kind of word is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExplanationKind {
    /// A code of diagnostics.
    Code,
    /// A function of expressions.
    Function,
    /// A distribution of assumptions.
    Distribution,
    /// A form of the language.
    Form,
}

/// Every code of diagnostics, in the order of the registry.
pub fn codes() -> Vec<Explanation> {
    Code::ALL.iter().map(|&code| of_code(code)).collect()
}

/// Everything that a word means; nothing when it is not a word of the language.
pub fn explain(word: &str) -> Vec<Explanation> {
    let mut found: Vec<Explanation> = Code::named(word).map(of_code).into_iter().collect();
    found.extend(functions_named(word).map(|row| Explanation {
        word: word.to_owned(),
        kind: ExplanationKind::Function,
        summary: row.meaning.to_owned(),
        page: format!("# {}, a function\n{}", row.name, reference::function(row)),
    }));
    found.extend(distribution_named(word).map(|row| Explanation {
        word: word.to_owned(),
        kind: ExplanationKind::Distribution,
        summary: row.meaning.to_owned(),
        page: format!("# {}, a distribution of assumptions\n{}", row.name, reference::distribution(row)),
    }));
    found.extend(forms_named(word).map(|form| of_form(word, form)));
    if found.is_empty() {
        // A word inside forms that are found by others.
        let forms = TABLES.iter().flat_map(|table| table.forms);
        let written = forms.filter(|form| written_words(form.form).contains(&word));
        found.extend(written.map(|form| of_form(word, form)));
    }
    found
}

/// The words of a form that are written as they are: capital letters stand for other forms.
pub(crate) fn written_words(form: &str) -> Vec<&str> {
    lex(form)
        .into_iter()
        .filter(|token| token.kind == SyntaxKind::Word)
        .map(|Token { start, end, .. }| &form[start as usize..end as usize])
        .filter(|word| !word.starts_with(|first: char| first.is_uppercase()) || *word == "P")
        .collect()
}

/// The word that is explained and nearest to one that is not.
pub fn did_you_mean(word: &str) -> Option<&'static str> {
    let functions = function_names();
    let known = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .chain(functions)
        .chain(DISTRIBUTIONS.iter().map(|row| row.name))
        .chain(TABLES.iter().flat_map(|table| table.forms).map(|form| form.word));
    let word = word.to_lowercase();
    nearest(&word, known.clone()).or_else(|| nearest(&word.replace('_', "-"), known))
}

fn of_form(word: &str, form: &Form) -> Explanation {
    Explanation {
        word: word.to_owned(),
        kind: ExplanationKind::Form,
        summary: form.meaning.to_owned(),
        page: format!("# {}\n{}", form.word, reference::form(form)),
    }
}

fn of_code(code: Code) -> Explanation {
    Explanation {
        word: code.as_str().to_owned(),
        kind: ExplanationKind::Code,
        summary: code.summary().to_owned(),
        page: code.page().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_explained_in_every_sense_that_it_has() {
        let kinds = |word| explain(word).into_iter().map(|found| found.kind).collect::<Vec<_>>();
        assert_eq!(kinds("unit-clash"), [ExplanationKind::Code]);
        assert_eq!(kinds("clamp"), [ExplanationKind::Function]);
        assert_eq!(kinds("normal"), [ExplanationKind::Function, ExplanationKind::Distribution]);
        assert_eq!(kinds("within"), [ExplanationKind::Form, ExplanationKind::Form]);
        assert_eq!(kinds("stock"), [ExplanationKind::Form]);
        assert_eq!(kinds("salience"), [ExplanationKind::Form]);
        assert_eq!(kinds("nonsense"), []);
    }

    #[test]
    fn a_misspelt_word_is_recognised() {
        assert_eq!(did_you_mean("unit_crash"), Some("unit-clash"));
        assert_eq!(did_you_mean("Stok"), Some("stock"));
        assert_eq!(did_you_mean("student_"), Some("student_t"));
        assert_eq!(did_you_mean("mach"), Some("match"));
        assert_eq!(did_you_mean("zzzzzz"), None);
    }
}
