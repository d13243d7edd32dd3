//! What a comma, a dash or a closing mark tells of where words end.
//!
//! Enters: a unit and the position of a sign in what is said. Leaves: whether the words end there. Always holds: what somebody else says, and what the
//! narrator remarks, is behind the sign.

use super::{CLAIM_NOUNS, Class, Scene, Tag, Token, lexicon, next_quotation, phrase_right};

impl Scene<'_> {
    /// Whether words that begin at `from` end at the comma at `at`; `Some(false)` where what follows it is still said.
    pub(super) fn ends_at_comma(&self, from: usize, at: usize) -> Option<bool> {
        let tokens = self.tokens;
        let next = &tokens[at + 1];
        // "a use for it, but only if it is kept dry"
        if next.is("but") && self.is(at + 2, "only") && self.among(at + 3, "if when after once where") {
            return Some(false);
        }
        // "a fool, but a brave one": no clause, and so still said.
        let adds = next.is_any(&["but", "though"])
            && tokens.get(at + 2).is_some_and(|what| what.tag != Tag::Proper)
            && !(at + 2..self.end).take(14).take_while(|&at| self.free(at) && !self.comma(at)).any(|at| {
                matches!(tokens[at].tag, Tag::Auxiliary | Tag::Pronoun)
                    || tokens[at].tag == Tag::Verb && !tokens[at].lower.ends_with("ing")
            });
        if adds {
            return Some(false);
        }
        // "..., which is to say that", "..., said a teacher"
        let told = next.among("said says") && at > from + 2;
        if told || next.is("which") && self.is(at + 2, "is") && self.is(at + 3, "to") {
            return Some(true);
        }
        // "..., by which she means the northern gate": the narrator explains.
        if next.is("by") && self.is(at + 2, "which") && self.among(at + 3, "he she they it") {
            return Some(true);
        }
        // "a tribunal, which the government regards as an insult": what somebody else makes of it.
        let judged = next.is("which")
            && !(at + 2..self.end.min(at + 30)).any(|later| self.comma(later))
            && self.free(at + 2)
            && at + 2 < self.end
            && (matches!(tokens[at + 2].tag, Tag::Determiner | Tag::Proper)
                || tokens[at + 2].is_any(&["he", "she", "they"])
                    && self.free(at + 3)
                    && at + 3 < self.end
                    && lexicon::cue(&tokens[at + 3].lower).is_some_and(|cue| cue.class == Class::Judgement))
            && (at + 3..self.end.min(at + 8)).any(|later| {
                tokens[later].tag == Tag::Verb
                    && lexicon::cue(&tokens[later].lower)
                        .is_some_and(|cue| cue.takes('m') || self.speech_verb(later))
            });
        if judged {
            return Some(true);
        }
        if next.among("but yet according citing though calling describing blaming accusing compared pointing")
            || tells_on(next)
        {
            return Some(true);
        }
        // "..., the Orlando paper reported", "..., a court ruled on Monday": who says so comes last.
        let last = phrase_right(tokens, at + 1, self.end).is_some_and(|verb| {
            self.free(verb)
                && verb < self.end
                && tokens[verb].tag == Tag::Verb
                && lexicon::cue(&tokens[verb].lower).is_some_and(|cue| {
                    matches!(cue.class, Class::Speech | Class::Document) && cue.takes('p') && !cue.participle
                })
                && self.after_adverbials(verb + 1) >= self.end
        });
        // "on the fuel standard, as have her rivals"
        let likewise = next.is("as") && self.among(at + 2, "have has had did do does is are was were");
        if last && at > from + 2 || likewise {
            return Some(true);
        }
        // ", as one of them put it", ", a position that is disputed"
        let aside = next.is("as")
            && (at + 2..self.end.min(at + 9)).any(|later| self.speech_verb(later) || self.is(later, "put"));
        let comment = next.is_any(&["a", "an"])
            && (self.among(at + 2, CLAIM_NOUNS) && self.is_any(at + 3, &["that", "which"])
                || self.remarks(at + 1));
        if aside || comment {
            return Some(true);
        }
        // "to look into it, the priest recalls, and then knelt": somebody else tells it.
        if next.tag == Tag::Determiner
            && let Some(verb) = (at + 3..self.end.min(at + 6)).find(|&at| self.speech_verb(at))
            && self.comma(verb + 1)
            && self.tokens[at + 2..verb].iter().all(|token| token.tag == Tag::Noun)
            && lexicon::is_person_noun(&self.tokens[verb - 1].lower)
        {
            return Some(true);
        }
        if next.is_any(&["and", "while", "although", "whereas"])
            && (at + 2..self.end.min(at + 14)).any(|later| self.speech_verb(later))
        {
            return Some(true);
        }
        // ", and would prefer that it went to the clerks": what else the speaker wishes.
        if next.is("and")
            && self.among(at + 2, "would has had have")
            && (self.among(at + 3, "prefer preferred like rather welcome welcomed")
                || self.speech_verb(at + 3))
        {
            return Some(true);
        }
        // ", and she intends to prove it": what somebody means to do is a claim of its own.
        if next.is("and")
            && self.among(at + 2, "he she they it")
            && (self.among(at + 3, "intends intend plans plan intended planned") || self.thought_verb(at + 3))
        {
            return Some(true);
        }
        None
    }

    /// Whether words end before `at`, right after a closing mark with a comma inside it: "calling Hale “a buffoon,” Dembo said as she left".
    pub(super) fn ends_after_mark(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let closed =
            !self.tokens[at - 1].free() && self.tokens[..at].iter().rev().take(2).any(Token::is_comma);
        if !closed {
            return false;
        }
        let turns = token.is("according")
            || tells_on(token)
            || token.is_any(&["and", "but", "while"])
                && self.among(at + 1, "he she they it his her their its");
        // Who says so comes last: a name or a pronoun, and a verb without a clause of its own.
        let verb = at + self.name_words(at, 4).max(usize::from(token.is_any(&["he", "she", "they"])));
        turns || verb > at && self.speech_verb(verb) && !self.is(verb + 1, "that")
    }

    /// Whether words end at a dash at `at`: "... two years - a step that no bank has taken", "... - saying it was too late", "... - “who has heard
    /// of it?” he said".
    pub(super) fn ends_at_dash(&self, at: usize) -> bool {
        if !self.tokens[at].is_dash() || at + 1 >= self.end {
            return false;
        }
        let next = &self.tokens[at + 1];
        let tells = next.free() && tells_on(next);
        let spoken = !next.free()
            && next_quotation(self.quotations, at + 1, self.end).is_some_and(|quotation| {
                let after = quotation.end();
                (after..self.end.min(after + 5)).any(|at| self.speech_verb(at))
            });
        tells || spoken || self.remarks(at + 1)
    }

    /// Whether the narrator calls by a noun what was said before: "a step that no bank has taken", "a proposal he has raised".
    fn remarks(&self, from: usize) -> bool {
        const REMARKS: &str = "approach development move call swipe step proposal policy practice reference decision shift departure reversal tactic theme stance prospect scenario figure tally feat line theory notion idea comparison situation";
        if !self.among(from, "a an something") {
            return false;
        }
        let something = self.is(from, "something");
        let noun = if something { from } else { from + 1 + usize::from(!self.among(from + 1, REMARKS)) };
        (something || self.among(noun, REMARKS))
            && (self.among(noun + 1, "that which he she they")
                || self.free(noun + 1)
                    && noun + 1 < self.end
                    && (matches!(self.tokens[noun + 1].tag, Tag::Proper | Tag::Determiner)
                        || self.tokens[noun + 1].tag == Tag::Verb
                            && self.tokens[noun + 1].lower.ends_with("ed")))
    }
}

/// Whether a word is a participle by which a speaker goes on: "adding", "saying".
pub(super) fn tells_on(token: &Token<'_>) -> bool {
    lexicon::cue(&token.lower).is_some_and(|cue| cue.participle && cue.class == Class::Speech)
}
