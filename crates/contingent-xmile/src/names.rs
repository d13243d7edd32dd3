//! Names of the language for names of a file.
//!
//! Enters: names. Leaves: identifiers. Always holds: no two names get the same identifier, and none gets a word that
//! means something else in the language.

use std::collections::HashSet;

use contingent_model::TIME_UNITS;
use contingent_model::functions::{DISTRIBUTIONS, function_names};
use contingent_syntax::words::may_be_name;

/// Words that the language lets stand for no variable, or that would read as something else.
const OTHER_WORDS: [&str; 14] = [
    "draw",
    "replication",
    "step",
    "view",
    "policy",
    "shard",
    "share",
    "probability",
    "true",
    "false",
    "count",
    "total",
    "happened",
    "unit",
];

/// Gives out identifiers.
#[derive(Clone, Debug)]
pub(crate) struct Identifiers {
    taken: HashSet<String>,
}

impl Identifiers {
    pub(crate) fn new() -> Self {
        let mut taken: HashSet<String> = function_names().into_iter().map(str::to_owned).collect();
        taken.extend(DISTRIBUTIONS.iter().map(|row| row.name.to_owned()));
        taken.extend(OTHER_WORDS.map(str::to_owned));
        taken.extend(contingent_syntax::words::CONTEXT_WORDS.iter().map(|&word| word.to_owned()));
        for (unit, _) in TIME_UNITS {
            taken.insert(unit.to_owned());
            taken.insert(format!("{unit}s"));
        }
        Self { taken }
    }

    /// An identifier like `name` that nothing has yet.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let mut plain = String::with_capacity(name.len());
        for character in name.chars() {
            if character.is_alphanumeric() {
                plain.extend(character.to_lowercase().filter(|c| c.is_alphanumeric()));
            } else if !plain.ends_with('_') && !plain.is_empty() {
                plain.push('_');
            }
        }
        let plain = plain.trim_end_matches('_');
        let plain = if plain.is_empty() { "unnamed" } else { plain };
        let begins_well = plain.starts_with(|c: char| c.is_alphabetic());
        let base = if begins_well { plain.to_owned() } else { format!("n{plain}") };
        let is_free = |text: &str, taken: &HashSet<String>| may_be_name(text) && !taken.contains(text);
        let mut candidate = base.clone();
        let mut number = 2;
        while !is_free(&candidate, &self.taken) {
            candidate = format!("{base}_{number}");
            number += 1;
        }
        self.taken.insert(candidate.clone());
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_differ_and_are_names() {
        let mut identifiers = Identifiers::new();
        let names = [
            "Heat Loss",
            "heat-loss",
            "stock",
            "2nd",
            "",
            "time",
            "max",
            "\u{130}",
            "µ",
            "x",
            "X.",
            "№",
            "weeks",
        ];
        let given: Vec<String> = names.iter().map(|name| identifiers.take(name)).collect();
        let different: HashSet<&String> = given.iter().collect();
        assert_eq!(different.len(), names.len(), "{given:?}");
        assert!(given.iter().all(|name| may_be_name(name)), "{given:?}");
        assert_eq!(given[0], "heat_loss");
    }
}
