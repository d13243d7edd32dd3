//! Words and marks that look like something said and are none: titles of works, tales, farewells.
//!
//! Enters: a unit and where a quotation begins, or a verb with the position after it. Leaves: whether nothing was said there. Always holds: scans are
//! bounded.

use super::{Class, Cue, Scene, Tag};

/// A title, and what stands before it in its sentence, have no more tokens.
const TITLED: usize = 40;

impl Scene<'_> {
    /// Whether a verb and what follows it tell of nothing that was said: "said goodbye to the guests", "told the story of a widow", "requested
    /// anonymity", "continues to lead", "believes in the spring".
    pub(super) fn says_nothing(&self, cue: Cue, after_cue: usize, addressed: usize) -> bool {
        const TALES: &str = "story stories joke jokes tale tales lie lies";
        match cue.lemma {
            "say" => self.among(after_cue, "goodbye hello farewell thanks sorry grace prayers"),
            "tell" => {
                self.among(after_cue, TALES)
                    || self.among(after_cue, "the a his her their")
                        && (self.among(after_cue + 1, TALES) || self.among(after_cue + 2, TALES))
                    || self.is(addressed, "about")
            }
            "request" => self.is(after_cue, "anonymity"),
            "continue" => self.among(after_cue, "to in with"),
            "believe" => self.is(after_cue, "in"),
            "remember" => {
                self.free(after_cue) && after_cue < self.end && self.tokens[after_cue].lower.ends_with("ing")
            }
            _ => {
                cue.class == Class::Document
                    && self.is(after_cue, "no")
                    && self.among(
                        after_cue + 1,
                        "sign signs interest mercy respect desire intention inclination",
                    )
            }
        }
    }

    /// Whether the quotation that begins at `from` is a title: a few words with capitals.
    pub(super) fn is_title(&self, from: usize) -> bool {
        let quote = self.tokens[from].quote;
        let words = || {
            self.tokens[from..self.end.min(from + 14)]
                .iter()
                .take_while(|token| token.quote == quote)
                .filter(|token| token.is_word())
        };
        (1..=7).contains(&words().count())
            && words().all(|word| word.is_capital() || word.text.chars().count() <= 3)
            && !words().next().is_some_and(|word| word.is_any(&["i", "we", "you", "he", "she", "they", "it"]))
            && (words().count() >= 2 || words().all(|word| word.text.chars().count() >= 4))
            && !self.tokens[from..self.end.min(from + 14)]
                .iter()
                .take_while(|token| token.quote == quote)
                .any(|token| matches!(token.text, "!" | "?"))
    }

    /// Whether the unit opens with a phrase that ends with a title right before `from`: "In an interview on “Morning Rounds,” Hale said the road was open",
    /// "Hale, host of “Morning Rounds,” said".
    pub(super) fn opens_with_title(&self, from: usize) -> bool {
        let tokens = self.tokens;
        self.last_quotation(from).is_some_and(|first| {
            first > self.low
                && first - self.low <= TITLED
                && self.is_title(first)
                && !tokens[self.low..first].iter().any(|token| {
                    matches!(token.tag, Tag::Verb | Tag::Auxiliary | Tag::Pronoun) || !token.free()
                })
                && (tokens[self.low].tag == Tag::Preposition
                    || self.among(first - 1, "of on in")
                    || tokens[first - 1].tag == Tag::Possessive)
        })
    }
}
