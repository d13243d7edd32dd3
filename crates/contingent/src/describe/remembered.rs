//! What is remembered, in words.
//!
//! Enters: calls of functions that remember, as they were written. Leaves: phrases. Always holds: how long, in how many
//! stages and with what it begins are all said.

use contingent_syntax::ast::{Argument, Expression, ExpressionKind as K, Operator, ValueKind};

use super::Story;
use super::expression::{Hold, Phrase, atom};
use super::names::{Place, Referent};

impl Story<'_> {
    /// `delay`, `smooth`, `lag` and `ever`; none for every other function.
    pub(super) fn remembered(&self, place: Place, name: &str, arguments: &[Argument]) -> Option<Phrase> {
        if !matches!(name, "delay" | "smooth" | "lag" | "ever") {
            return None;
        }
        let ValueKind::Expression(body) = &arguments.first()?.value.kind else { return None };
        let what = self.held(place, body, Hold::Atom);
        if name == "ever" {
            return Some((
                format!("it has at some time been so that {}", self.words(place, body)),
                Hold::Comparison,
            ));
        }
        let worded = |word: &str| {
            let is_it = |argument: &&Argument| argument.word.as_ref().is_some_and(|own| own.text == word);
            arguments.iter().find(is_it).map(|argument| self.argument(place, argument))
        };
        let mut length = self.argument(place, arguments.get(1)?);
        if !matches!(&arguments[1].value.kind, ValueKind::Expression(e) if matches!(e.kind, K::Number { .. }))
        {
            length = format!("as long as {length}");
        }
        let stages = match worded("order").as_deref() {
            None => String::new(),
            Some("1") => " in one stage".to_owned(),
            Some(n) => format!(" in {} stages", in_words(n)),
        };
        let begins =
            worded("initially").map_or_else(String::new, |value| format!(", beginning with {value}"));
        Some(match name {
            "delay" => {
                let over = length.strip_prefix("as long as ").map_or_else(
                    || format!("over {length}"),
                    |length| format!("over a time given by {length}"),
                );
                (format!("{what}, spread {over}{stages}{begins}"), Hold::Clause)
            }
            "smooth" => {
                let over = length.strip_prefix("as long as ").map_or_else(
                    || format!("by about {length}"),
                    |length| format!("by a time given by {length}"),
                );
                (format!("{what} as it is perceived, lagging behind {over}{stages}{begins}"), Hold::Clause)
            }
            _ if is_condition(self, place, body) => {
                (format!("it was so {length} ago that {}{begins}", self.words(place, body)), Hold::Comparison)
            }
            _ if begins.is_empty() => atom(format!("{what} of {length} ago")),
            _ => (format!("{what} of {length} ago{begins}"), Hold::Clause),
        })
    }

    /// `sum(x over 4 weeks)` and the like.
    pub(super) fn window(
        &self,
        place: Place,
        name: &str,
        arguments: &[Argument],
        window: &Expression,
    ) -> Phrase {
        let Some(ValueKind::Expression(body)) = arguments.first().map(|argument| &argument.value.kind) else {
            return atom(format!("the {name}"));
        };
        let length = self.words(place, window);
        let length = format!("the last {}", length.strip_prefix("1 ").unwrap_or(&length));
        let what = self.held(place, body, Hold::Atom);
        if let K::Reference(reference) = &body.kind
            && let (Some(Referent::Event(_)), Some("count")) = {
                let (found, reading) = self.names.resolve(place, reference);
                (found, reading.as_deref().map(|reading| if reading == "count" { "count" } else { "" }))
            }
            && name == "sum"
        {
            let event = self.names.event(place, reference);
            return atom(format!("the number of times that {event} happened in {length}"));
        }
        let is_condition = is_condition(self, place, body);
        atom(match name {
            "sum" => format!("the total of {what} over {length}"),
            "mean" if is_condition => {
                format!("the share of {length} in which {}", self.words(place, body))
            }
            "mean" => format!("the mean of {what} over {length}"),
            "min" => format!("the lowest that {what} was in {length}"),
            _ => format!("the highest that {what} was in {length}"),
        })
    }
}

/// Whether an expression is true or false.
fn is_condition(story: &Story<'_>, place: Place, expression: &Expression) -> bool {
    match &expression.kind {
        K::Not(_) => true,
        K::Binary(operator, ..) => !matches!(
            operator,
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Power
        ),
        K::Reference(reference) => story.names.resolve(place, reference).1.as_deref() == Some("happened"),
        K::Call { function, arguments, .. } => match (function.text.as_str(), arguments.first()) {
            ("ever", _) => true,
            ("lag", Some(argument)) => {
                matches!(&argument.value.kind, ValueKind::Expression(inner) if is_condition(story, place, inner))
            }
            _ => false,
        },
        _ => false,
    }
}

/// A small number as a word.
fn in_words(number: &str) -> &str {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    number.parse::<usize>().ok().and_then(|n| WORDS.get(n).copied()).unwrap_or(number)
}
