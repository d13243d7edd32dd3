//! The words of the language by where they stand, for everything that shows or colours text.
//!
//! Enters: nothing. Leaves: lists of words. Always holds: every word that the parser asks for stands in one of
//! these lists; a test reads the parser's own text and compares.

use crate::RESERVED_WORDS;

/// How many of the reserved words, the first, begin a declaration.
pub(crate) const N_DECLARING: usize = 26;

/// The words that begin a declaration.
pub fn declaring_words() -> &'static [&'static str] {
    &RESERVED_WORDS[..N_DECLARING]
}

/// Words that have a meaning only where the grammar asks for them; elsewhere they may be names.
pub const CONTEXT_WORDS: &[&str] = &[
    "aka",
    "always",
    "at",
    "before",
    "by",
    "capability",
    "challenge",
    "column",
    "dated",
    "during",
    "every",
    "excites",
    "extrapolated",
    "first",
    "for",
    "from",
    "gaps",
    "held",
    "in",
    "initially",
    "itself",
    "judgement",
    "linear",
    "mean",
    "median",
    "move",
    "near",
    "of",
    "on",
    "once",
    "one",
    "order",
    "over",
    "position",
    "range",
    "rest",
    "role",
    "salience",
    "sha256",
    "sketch",
    "step",
    "stepped",
    "strict",
    "time",
    "turn",
    "turns",
    "up",
    "weighted",
    "when",
    "with",
    "within",
    "words",
    "worth",
];

/// The words that begin a line in the block of a declaration, by the word that begins the declaration.
const LINES: &[(&str, &[&str])] = &[
    ("model", &["purpose", "not_for", "leaves_out", "as_of", "time", "method", "record"]),
    ("source", &["publisher", "date", "grade", "url"]),
    ("claim", &["says", "kind", "voice", "grade", "tags", "same_as", "pin"]),
    ("question", &["P", "distribution", "given", "resolves", "base_rate"]),
    ("decision", &["option", "council", "choose"]),
    ("event", &["move"]),
];

/// The words that begin a line in the block of a declaration; none when its lines begin with names.
pub fn lines_of(declaration: &str) -> &'static [&'static str] {
    LINES.iter().find(|&&(word, _)| word == declaration).map_or(&[], |&(_, lines)| lines)
}

/// Every word that begins a line in some block.
pub fn line_words() -> impl Iterator<Item = &'static str> {
    LINES.iter().flat_map(|&(_, lines)| lines.iter().copied())
}

/// The ways in which a decision chooses, after `choose`.
pub const CHOICE_RULES: &[&str] = &["logit", "best", "fixed", "council"];

/// The ways in which a council comes to a position, after `choose council by`.
pub const COUNCIL_RULES: &[&str] = &["weighted mean", "weighted median", "challenge within 10 turns"];

/// The kinds of a claim, after `kind`.
pub const CLAIM_KINDS: &[&str] = &["fact", "causal", "forecast", "conditional", "intent", "normative"];

/// The voices of a claim, after `voice`.
pub const CLAIM_VOICES: &[&str] = &["direct", "mixed", "reported"];

/// What else is known of a claim, after `tags`.
pub const CLAIM_TAGS: &[&str] = &["secondhand", "retracted", "preliminary"];

/// What can be read of an event, after `.`.
pub const EVENT_READINGS: &[&str] = &["count", "total", "happened"];

/// Whether a text is a single word that may be a name: not reserved, and not `time`.
pub fn may_be_name(text: &str) -> bool {
    let tokens = crate::lexer::lex(text);
    matches!(tokens.as_slice(), [token] if token.kind == crate::SyntaxKind::Word)
        && !RESERVED_WORDS.contains(&text)
        && text != "time"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const PARSER: &[&str] = &[
        include_str!("parser/mod.rs"),
        include_str!("parser/data.rs"),
        include_str!("parser/decision.rs"),
        include_str!("parser/declaration.rs"),
        include_str!("parser/expression.rs"),
        include_str!("parser/question.rs"),
    ];

    /// The first string literal of every call of one of the parser's methods that ask for a word.
    fn words_asked_for() -> BTreeSet<&'static str> {
        let asking = ["at_word(", "eat_word(", "eat_continuation(", "at_word_on_line(", "expect_word("];
        let mut words = BTreeSet::new();
        for text in PARSER {
            for call in asking {
                for (_, rest) in text.match_indices(call).map(|(i, _)| text.split_at(i + call.len())) {
                    if let Some(word) = rest.trim_start().strip_prefix('"').and_then(|r| r.split('"').next())
                    {
                        words.insert(word);
                    }
                }
            }
        }
        words
    }

    #[test]
    fn every_word_that_the_parser_asks_for_is_listed() {
        let asked = words_asked_for();
        assert!(asked.len() > 25, "only {} words were found in the parser", asked.len());
        for word in asked {
            let known = RESERVED_WORDS.contains(&word)
                || CONTEXT_WORDS.contains(&word)
                || CHOICE_RULES.contains(&word)
                || line_words().any(|line| line == word);
            assert!(known, "the parser asks for `{word}`, which no list of words has");
        }
    }

    #[test]
    fn every_listed_word_stands_in_the_parser_or_in_a_block() {
        let checked_by_the_model = ["model", "source", "claim"];
        let from_lines = LINES
            .iter()
            .filter(|(declaration, _)| !checked_by_the_model.contains(declaration))
            .flat_map(|&(_, lines)| lines);
        for word in CONTEXT_WORDS.iter().chain(CHOICE_RULES).chain(from_lines) {
            let quoted = format!("\"{word}\"");
            assert!(PARSER.iter().any(|text| text.contains(&quoted)), "nothing in the parser reads `{word}`");
        }
    }

    #[test]
    fn only_single_words_that_are_not_reserved_may_be_names() {
        for name in ["fighters", "à_cheval", "rate_2", "step"] {
            assert!(may_be_name(name), "{name}");
        }
        for text in ["", "stock", "time", "2nd", "a b", "a.b", " a", "a-b", "\"a\"", "#a"] {
            assert!(!may_be_name(text), "{text}");
        }
    }
}
