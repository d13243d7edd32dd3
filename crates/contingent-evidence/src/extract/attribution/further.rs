//! What else a speaker did, told right after what was said: "called her a fool and accused her of theft".
//!
//! Enters: a unit, the verb by which somebody speaks, and the words after it. Leaves: where the narrator goes on. Always holds: a verb that may
//! belong to what is said is left to it.

use std::ops::Range;

use super::{Class, Cue, Scene, Tag, Token, lexicon};

/// No verb further back than so many tokens goes on after a conjunction.
const INNER: usize = 80;

impl Scene<'_> {
    /// Where a conjunction stands in `said` after which a verb belongs to whoever speaks by the verb at `spoke`.
    pub(super) fn further_act(&self, spoke: usize, cue: Cue, said: Range<usize>) -> Option<usize> {
        let joint = (said.start + 1..said.end.saturating_sub(1))
            .find(|&at| self.is_any(at, &["and", "but"]) && self.acts_on(spoke, cue, said.start, at))?;
        Some(if self.comma(joint - 1) { joint - 1 } else { joint })
    }

    fn acts_on(&self, spoke: usize, cue: Cue, from: usize, joint: usize) -> bool {
        let tokens = self.tokens;
        let Some(verb) = (joint + 1..self.end.min(joint + 4))
            .find(|&at| !(self.free(at) && tokens[at].tag == Tag::Adverb))
        else {
            return false;
        };
        if !self.free(verb) || tokens[verb].tag != Tag::Verb {
            return false;
        }
        let (first, next) = (&tokens[spoke], &tokens[verb]);
        let tells = lexicon::cue(&next.lower).filter(|tells| tells.class != Class::Document);
        // A past form among the last words may go on with another.
        let inner = &tokens[from.max(joint.saturating_sub(INNER))..joint];
        let own_past = (0..inner.len()).any(|at| {
            past(&inner[at])
                && inner[at].free()
                && inner[at].tag == Tag::Verb
                && !(at > 0 && matches!(inner[at - 1].tag, Tag::Auxiliary | Tag::Adverb | Tag::Determiner))
        });
        // "acknowledging that he had a point but warning that", "adding that it would cost nothing, and attacked Dembo"
        if cue.participle {
            let goes_on = tells.is_some_and(|tells| tells.participle && tells.class != Class::Thought);
            return goes_on || self.comma(joint - 1) && past(next) && !own_past && self.has_object(verb + 1);
        }
        // "said Hale was “a crook” and called for his arrest"
        past(first)
            && past(next)
            && !own_past
            && tells.is_some_and(|tells| {
                matches!(tells.class, Class::Judgement | Class::Speech)
                    && (!tells.noun_like || next.lower.ends_with("ed"))
            })
            && self.has_object(verb + 1)
    }

    /// Whether a person or a thing follows, or words.
    fn has_object(&self, at: usize) -> bool {
        self.quoted(at)
            || at < self.end
                && self.free(at)
                && (matches!(
                    self.tokens[at].tag,
                    Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Noun | Tag::Adjective
                ) || self.is_any(at, &["that", "for", "on", "how", "his", "her"]))
    }
}

fn past(token: &Token<'_>) -> bool {
    token.lower.ends_with("ed")
        || lexicon::is_past_form(&token.lower)
        || token.is_any(&["said", "told", "wrote"])
}
