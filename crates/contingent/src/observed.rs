//! What is taken as observed: conditions at a time, given beside the model.
//!
//! Enters: the path of a model and texts such as `kabul_attacks >= 3 at 2021-10-15`. Leaves: the model with one more
//! question per text, `P( at TIME: CONDITION )`, after its own. Always holds: conditions are read and checked by the
//! language itself, so they may say whatever a question may say; the model's own questions, draws and hash stay as they
//! are.
//!
//! An indicator is not a name of the language, since nothing in a model may depend on what is merely watched; here it
//! stands for its expression, in brackets.

use std::collections::BTreeMap;
use std::path::Path;

use contingent_model::{Checked, CheckedModel, Loaded, check};
use contingent_syntax::ast::DeclarationKind;
use contingent_syntax::{Code, SyntaxKind, lex, nearest};
use jiff::civil::Date;

use crate::answer::date_at;
use crate::project::{OpenError, read_model};

/// The name that diagnostics give the texts.
const FILE: &str = "--observed";

/// Why something cannot be taken as observed, apart from diagnostics of its condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObservedError {
    /// The text has no ` at `.
    NoTime {
        /// The text.
        written: String,
    },
    /// A date in a model without dates.
    NoDates {
        /// The text.
        written: String,
    },
    /// A date outside the simulated time.
    Outside {
        /// The text.
        written: String,
        /// First day of the model.
        first: String,
        /// Last day.
        last: String,
    },
    /// Signs that would end the question that the text becomes part of.
    NotACondition {
        /// The text.
        written: String,
    },
}

impl std::fmt::Display for ObservedError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoTime { written } => write!(
                out,
                "`--observed {written}` does not say when\nhelp: write a condition, `at`, and a date or a time since the \
                 start, for example `--observed \"attacks >= 3 at 2021-10-15\"` or `... at 6 weeks\"`"
            ),
            Self::NoDates { written } => write!(
                out,
                "`--observed {written}` gives a date, and the model has none\nhelp: write the time since the start, for \
                 example `at 6 weeks`"
            ),
            Self::Outside { written, first, last } => write!(
                out,
                "`--observed {written}` is outside the simulated time\nhelp: it runs from {first} to {last}"
            ),
            Self::NotACondition { written } => write!(
                out,
                "`--observed {written}` is not one condition\nhelp: write one condition, such as `attacks >= 3`; give \
                 `--observed` again for another"
            ),
        }
    }
}

impl std::error::Error for ObservedError {}

/// What comes of asking for observations.
pub enum Observing {
    /// The checked model with its observations; when a condition is wrong it has diagnostics and no model.
    Checked(Box<Checked>),
    /// A text could not be made a question.
    Refused(ObservedError),
}

/// The model at a path with observations. `model` is the same model without them.
pub fn open_observed(path: &Path, model: &CheckedModel, observed: &[String]) -> Result<Observing, OpenError> {
    let mut loaded = read_model(path)?;
    let indicators = indicators(&loaded);
    let mut text = String::new();
    for (position, written) in observed.iter().enumerate() {
        match question(model, &indicators, position, written) {
            Ok(question) => text += &question,
            Err(error) => return Ok(Observing::Refused(error)),
        }
    }
    loaded.add_text(FILE, text);
    let mut checked = check(loaded);
    for found in &mut checked.diagnostics {
        let is_here = checked.sources.file(found.primary.span.file).name == FILE;
        if is_here && found.code == Code::UnknownName && found.fix.is_none() {
            found.help = Some(what_can_be_observed(&indicators, checked.sources.text(found.primary.span)));
        }
    }
    if let Some(with) = &mut checked.model {
        with.hash.clone_from(&model.hash);
    }
    Ok(Observing::Checked(Box::new(checked)))
}

/// What to write instead of a name that there is not.
fn what_can_be_observed(indicators: &BTreeMap<String, String>, name: &str) -> String {
    let names: Vec<&str> = indicators.keys().map(String::as_str).collect();
    match (nearest(name, names.iter().copied()), names.as_slice()) {
        (Some(near), _) => format!("did you mean the indicator `{near}`?"),
        (None, []) => "name a stock, flow or auxiliary of the model".to_owned(),
        (None, names) => {
            format!("name something in the model, or one of its indicators: {}", names.join(", "))
        }
    }
}

/// The expressions of indicators by name, as they are written.
fn indicators(loaded: &Loaded) -> BTreeMap<String, String> {
    let declarations = loaded.files.iter().flat_map(|file| &file.declarations);
    declarations
        .filter_map(|declaration| match &declaration.kind {
            DeclarationKind::Indicator { head, expression } => {
                Some((head.name.text.clone(), loaded.sources.text(expression.span).to_owned()))
            }
            _ => None,
        })
        .collect()
}

/// The text of the question that asks for one observation.
fn question(
    model: &CheckedModel,
    indicators: &BTreeMap<String, String>,
    position: usize,
    written: &str,
) -> Result<String, ObservedError> {
    let written_again = || written.trim().to_owned();
    let (condition, time) =
        written.rsplit_once(" at ").ok_or_else(|| ObservedError::NoTime { written: written_again() })?;
    let (condition, time) = (condition.trim(), time.trim());
    if condition.is_empty() || time.is_empty() {
        return Err(ObservedError::NoTime { written: written_again() });
    }
    if !is_one_expression(condition) || !is_one_expression(time) {
        return Err(ObservedError::NotACondition { written: written_again() });
    }
    let time = match time.parse::<Date>() {
        Ok(date) => since_start(model, date, written)?,
        Err(_) => time.to_owned(),
    };
    let mut name = format!("observed_{}", position + 1);
    while model.questions.iter().any(|question| question.name == name) {
        name.push('_');
    }
    let condition = spelled_out(model, indicators, condition);
    Ok(format!(
        "question {name} \"Observed {}\" {{\n  P( at {time}: ({condition}) )\n  resolves \"Taken as observed.\"\n}}\n",
        position + 1
    ))
}

/// Whether a text cannot reach beyond its place: brackets match, and there is no brace, string, comment or line end.
fn is_one_expression(text: &str) -> bool {
    let mut open = Vec::new();
    for token in lex(text) {
        match token.kind {
            SyntaxKind::OpenParenthesis | SyntaxKind::OpenBracket => open.push(token.kind),
            SyntaxKind::CloseParenthesis if open.pop() != Some(SyntaxKind::OpenParenthesis) => {
                return false;
            }
            SyntaxKind::CloseBracket if open.pop() != Some(SyntaxKind::OpenBracket) => {
                return false;
            }
            _ => {}
        }
    }
    open.is_empty() && !text.contains(['{', '}', '"', '#', '\n', '\r', ':'])
}

/// The last step at or before a date, as a time since the start: what is observed on a day is compared with the state
/// of the model that was in force on that day.
fn since_start(model: &CheckedModel, date: Date, written: &str) -> Result<String, ObservedError> {
    let clock = &model.clock;
    let written = written.trim().to_owned();
    let Some(start) = clock.start else { return Err(ObservedError::NoDates { written }) };
    let day = |step: usize| date_at(clock, step as f64 * clock.dt);
    // The last step stands for the days up to where the next would be.
    let next = day(clock.n_steps + 1);
    if date < start || next.is_some_and(|next| date >= next) {
        let last = day(clock.n_steps).map_or_else(String::new, |day| day.to_string());
        return Err(ObservedError::Outside { written, first: start.to_string(), last });
    }
    let step = (0..=clock.n_steps).rev().find(|&step| day(step).is_some_and(|day| day <= date)).unwrap_or(0);
    Ok(format!("{} {}s", step as f64 * clock.dt, clock.time_unit))
}

/// A condition in which names of indicators are replaced by their expressions.
fn spelled_out(model: &CheckedModel, indicators: &BTreeMap<String, String>, condition: &str) -> String {
    let tokens = lex(condition);
    let mut text = String::new();
    for (place, token) in tokens.iter().enumerate() {
        let word = &condition[token.start as usize..token.end as usize];
        let beside = |other: Option<usize>| {
            other
                .and_then(|other| tokens.get(other))
                .is_some_and(|other| &condition[other.start as usize..other.end as usize] == ".")
        };
        let is_part_of_a_path = beside(place.checked_sub(1)) || beside(Some(place + 1));
        match indicators.get(word) {
            Some(expression) if !is_part_of_a_path && model.variable_named(word).is_none() => {
                text.push('(');
                text += expression;
                text.push(')');
            }
            _ => text += word,
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_reach_beyond_their_place_are_no_condition() {
        for sound in ["a > 3", "(a + b) * 2 > sum(c over r)", "x[kabul] >= 3 and not e.happened"] {
            assert!(is_one_expression(sound), "{sound}");
        }
        for broken in
            ["a > 3 )", "a > (3", "a } resolves", "a > 3 # b", "a\nb", "x[1)", "within 3 weeks: a", "\"a\""]
        {
            assert!(!is_one_expression(broken), "{broken}");
        }
    }
}
