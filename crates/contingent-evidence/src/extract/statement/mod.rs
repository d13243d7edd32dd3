//! What kind of statement the words make: kind, hedges, conditions, negation, actors.
//!
//! Enters: the tokens of a claim's content. Leaves: what is said of them in a draft.
//! Always holds: spans lie in the content; no more than a fixed number of tokens is looked at.

mod causes;
mod kind;
mod phrases;

use std::ops::Range;

use self::phrases::{CAUSAL, CONDITIONS, HEDGES, Phrases, split};
use super::Actor;
use super::lexicon::Class;
use super::token::{Tag, Token, tokenize};
use crate::draft::{Condition, Kind, Polarity};

/// Tokens of a content that are looked at: a claim of a thousand words is no longer one claim.
const LOOKED_AT: usize = 1500;

/// How and by whom words are said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaking {
    pub(super) lemma: &'static str,
    pub(super) class: Class,
    /// One person speaks, so that "it" and "they" are somebody else.
    pub(super) person: bool,
    /// The pronoun by which whoever speaks means themselves, where that is known.
    pub(super) own: Option<&'static str>,
}

/// What can be said of a content.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) kind: Kind,
    pub(super) hedges: Vec<Range<usize>>,
    pub(super) conditions: Vec<Condition>,
    pub(super) negated: bool,
    pub(super) actors: Vec<String>,
}

/// The tables of phrases, made once a text.
pub(super) struct Phrasebook {
    hedges: Phrases<()>,
    conditions: Phrases<Polarity>,
    causal: Phrases<()>,
    actors: Phrases<usize>,
    names: Vec<String>,
}

impl Phrasebook {
    pub(super) fn new(actors: &[Actor]) -> Self {
        let words = |name: &str| -> Vec<String> {
            tokenize(name, 0, name.len()).into_iter().map(|token| token.lower.into_owned()).collect()
        };
        let aliases = actors.iter().enumerate().flat_map(|(number, actor)| {
            let spelled = actor.name.replace('_', " ");
            std::iter::once(words(&actor.name))
                .chain(std::iter::once(words(&spelled)))
                .chain(actor.aliases.iter().map(|alias| words(alias)))
                .map(move |words| (words, number))
                .collect::<Vec<_>>()
        });
        Self {
            hedges: Phrases::new(HEDGES.iter().map(|phrase| (split(phrase), ()))),
            conditions: Phrases::new(CONDITIONS.iter().map(|(phrase, polarity)| (split(phrase), *polarity))),
            causal: Phrases::new(CAUSAL.iter().map(|phrase| (split(phrase), ()))),
            actors: Phrases::new(aliases),
            names: actors.iter().map(|actor| actor.name.clone()).collect(),
        }
    }

    /// Describes the content made of `ranges` of `tokens`.
    pub(super) fn describe(&self, tokens: &[Token<'_>], ranges: &[Range<usize>], by: Speaking) -> Statement {
        let words: Vec<&Token<'_>> =
            ranges.iter().flat_map(|range| &tokens[range.clone()]).take(LOOKED_AT).collect();
        let hedges = self.hedges_in(&words);
        // Where a piece of the content begins, other than the first.
        let pieces: Vec<usize> = ranges
            .iter()
            .scan(0, |from, range| {
                let begins = *from;
                *from += range.len();
                Some(begins)
            })
            .skip(1)
            .collect();
        let conditions = self.conditions_in(&words, &pieces);
        let mut actors: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.actors.at(&words, at) {
                Some((length, actor)) => {
                    if !actors.contains(&actor) {
                        actors.push(actor);
                    }
                    at += length.max(1);
                }
                None => at += 1,
            }
        }
        let negated = negated(&words) != matches!(by.lemma, "deny" | "doubt");
        let kind = self.kind_of(&words, &conditions, by);
        Statement {
            kind,
            hedges,
            conditions,
            negated,
            actors: actors.into_iter().map(|actor| self.names[actor].clone()).collect(),
        }
    }

    fn hedges_in(&self, words: &[&Token<'_>]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let number_follows = words.get(at + 1).is_some_and(|next| next.tag == Tag::Number);
            match self.hedges.at(words, at) {
                Some((1, ()))
                    if words[at].among("about around some nearly almost rather") && !number_follows =>
                {
                    at += 1;
                }
                Some((1, ()))
                    if words[at].is("can") || (words[at].is("may") && words[at].is_capital() && at > 0) =>
                {
                    at += 1;
                }
                Some((length, ())) => {
                    found.push(words[at].start..words[at + length - 1].end);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    fn conditions_in(&self, words: &[&Token<'_>], pieces: &[usize]) -> Vec<Condition> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let marker = self.conditions.at(words, at).filter(|(length, _)| conditional(words, at, *length));
            let inverted = marker.is_none()
                && words[at].is("should")
                && at.checked_sub(1).is_none_or(|before| !words[before].is_word())
                && words.get(at + 1).is_some_and(|next| {
                    matches!(next.tag, Tag::Pronoun | Tag::Determiner | Tag::Proper | Tag::Number | Tag::Noun)
                });
            // "Had the garrison been paid, the ferry would have turned round": before a clause with "would".
            let counterfactual = marker.is_none()
                && words[at].is_any(&["had", "were"])
                && at.checked_sub(1).is_none_or(|before| !words[before].is_word())
                && words.get(at + 1).is_some_and(|next| {
                    matches!(next.tag, Tag::Pronoun | Tag::Determiner | Tag::Proper | Tag::Noun)
                })
                && words[at + 1..]
                    .iter()
                    .take(30)
                    .take_while(|token| !token.ends_sentence())
                    .any(|token| token.among("would could might 'd"));
            let marker = marker.or((inverted || counterfactual).then_some((1, Polarity::Holds)));
            let Some((length, polarity)) = marker else {
                at += 1;
                continue;
            };
            let mut end = at + length;
            // "Without Anselm we would have eaten the mules": what a preposition governs ends where the clause begins.
            let governs = words[at].among("without absent barring but");
            while end < words.len()
                && pieces.binary_search(&end).is_err()
                && !(governs
                    && end > at + length
                    && (matches!(words[end].tag, Tag::Auxiliary)
                        || words[end].among("he she they we i it there nobody")
                        || (words[end].tag == Tag::Verb
                            && matches!(words[end - 1].tag, Tag::Noun | Tag::Proper | Tag::Pronoun)
                            && !words[end].lower.ends_with("ing"))))
                && !(words[end].is_comma()
                    || words[end].ends_sentence()
                    || words[end].is_dash()
                    || words[end].text == ";"
                    || (words[end].tag == Tag::Mark && end > at + length + 1))
            {
                end += 1;
            }
            if let (Some(first), Some(last)) = (words.get(at), words.get(end - 1)) {
                // Content of several pieces: a condition that runs over an attribution ends with its piece.
                if last.end > first.start {
                    found.push(Condition { span: first.start..last.end, polarity });
                }
            }
            at = end.max(at + 1);
        }
        found
    }
}

/// Whether a marker of a condition is one here: "asked if", "as if", "even if", "if any" are none.
fn conditional(words: &[&Token<'_>], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).map(|before| words[before]);
    match words[at].lower.as_ref() {
        "if" => {
            !before.is_some_and(|before| {
                before.among("as even ask asked asking wonder wondered wondering know knows see doubt what")
            }) && !words.get(at + length).is_some_and(|next| {
                next.among("any anything only ever not necessary possible needed required")
                    && !words.get(at + length + 1).is_some_and(|further| matches!(further.tag, Tag::Noun))
            })
        }
        // "last about as long as the ink is wet": a measure.
        "as" | "so" if words.get(at + 1).is_some_and(|next| next.is("long")) => {
            !before.is_some_and(|before| before.among("about almost last lasts lasted twice nearly just"))
        }
        // "would leave them without help": a state.
        "without"
            if words[at.saturating_sub(6)..at]
                .iter()
                .any(|token| token.among("leave leaves left leaving")) =>
        {
            false
        }
        "without" => !words
            .get(at + 1)
            .is_some_and(|next| next.among("saying naming giving elaborating doubt warning")),
        "until" => {
            words[at..]
                .iter()
                .skip(1)
                .take(12)
                .take_while(|token| !token.is_comma() && !token.ends_sentence())
                .any(|token| matches!(token.tag, Tag::Auxiliary | Tag::Verb))
                && words[..at].iter().rev().take(20).any(|token| is_negation(token))
        }
        "provided" if length == 1 => before.is_none_or(|before| {
            !matches!(before.tag, Tag::Auxiliary | Tag::Noun | Tag::Proper | Tag::Pronoun | Tag::Determiner)
                || before.is_comma()
        }),
        // "once the funds have been released" waits for something; "once more" and "once again" do not.
        "once" => {
            before.is_some_and(Token::is_word)
                && words.get(at + 1).is_some_and(|next| {
                    matches!(next.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Noun)
                        && !next.is_any(&["more", "a", "every", "each"])
                })
                && words[at + 1..]
                    .iter()
                    .take(10)
                    .take_while(|token| !token.is_comma())
                    .any(|token| matches!(token.tag, Tag::Auxiliary | Tag::Verb))
                && words[..at].iter().rev().take(25).any(|token| {
                    token.among(
                        "will would shall 'll intends intend plans plan promises promised vows vowed to",
                    )
                })
        }
        "absent" | "barring" => before.is_none_or(|before| !before.is_word()),
        "otherwise" => !before.is_some_and(|before| before.is_any(&["say", "said", "claim", "suggest"])),
        _ => true,
    }
}

fn is_negation(token: &Token<'_>) -> bool {
    token.among("not never no neither nor cannot nobody nothing none hardly nowhere")
        || token.lower.ends_with("n't")
}

/// Whether the first clause is negated.
fn negated(words: &[&Token<'_>]) -> bool {
    words
        .iter()
        .take(30)
        .take_while(|token| {
            (token.tag != Tag::Subordinator || token.is_any(&["that", "what", "once"]))
                && token.text != ";"
                && !token.is_any(&["who", "which"])
        })
        .enumerate()
        .any(|(at, token)| {
            is_negation(token)
                && !(token.is("no")
                    && words.get(at + 1).is_some_and(|next| {
                        next.is_any(&["doubt", "matter", "longer"]) && !next.is("longer")
                    }))
                && !(token.is("not") && words.get(at + 1).is_some_and(|next| next.is("only")))
        })
}
