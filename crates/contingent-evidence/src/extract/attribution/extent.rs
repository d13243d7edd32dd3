//! Where what is said ends.
//!
//! Enters: a unit and where words begin that somebody says. Leaves: the position after the last of them. Always holds: what another speaker says,
//! and what the narrator adds, is no part of them.

use super::{CLAIM_NOUNS, Class, Scene, Tag, Token, lexicon, next_quotation, phrase_right};

impl Scene<'_> {
    /// Where the words end that begin at `from`.
    pub(super) fn content_end(&self, from: usize) -> usize {
        let tokens = self.tokens;
        let mut at = from;
        if self.quoted(at) {
            while self.quoted(at) && tokens[at].quote == tokens[from].quote {
                at += 1;
            }
            let closes = at.checked_sub(2).map(|last| &tokens[last]);
            let long = at - from >= 7;
            if closes.is_some_and(|token| token.is_comma() || token.ends_sentence())
                || (self.free(at)
                    && at < self.end
                    && (tokens[at].is_dash() || (long && tokens[at].is_comma())))
            {
                return at;
            }
        }
        while at < self.end {
            let token = &tokens[at];
            self.spend(1);
            if token.free() {
                // "that the matter is closed; that the valley is at peace; and that visitors are welcome"
                if token.text == ";" {
                    let listed = self.is(at + 1, "that") || self.is(at + 1, "and") && self.is(at + 2, "that");
                    if listed && self.is(from - 1, "that") {
                        at += 1;
                        continue;
                    }
                    return at;
                }
                // "warned against haste: “They took it with thirty men,” he said": the quotation has a cue of its own.
                if token.is_colon()
                    && self.quoted(at + 1)
                    && at > from
                    && self.tokens[from..at].iter().all(Token::free)
                    && next_quotation(self.quotations, at + 1, self.end)
                        .is_some_and(|quotation| self.has_cue(quotation.end()))
                {
                    return at;
                }
                if token.is_comma() && self.free(at + 1) {
                    let next = &tokens[at + 1];
                    // "a use for it, but only if it is kept dry"
                    if next.is("but")
                        && self.is(at + 2, "only")
                        && self.among(at + 3, "if when after once where")
                    {
                        at += 1;
                        continue;
                    }
                    // "a fool, but a brave one": no clause, and so still said.
                    let adds = next.is_any(&["but", "though"])
                        && tokens.get(at + 2).is_some_and(|what| what.tag != Tag::Proper)
                        && !(at + 2..self.end)
                            .take(14)
                            .take_while(|&at| self.free(at) && !self.comma(at))
                            .any(|at| {
                                matches!(tokens[at].tag, Tag::Auxiliary | Tag::Pronoun)
                                    || tokens[at].tag == Tag::Verb && !tokens[at].lower.ends_with("ing")
                            });
                    if adds {
                        at += 1;
                        continue;
                    }
                    // "..., which is to say that", "..., said a teacher"
                    let told = next.among("said says") && at > from + 2;
                    if told || next.is("which") && self.is(at + 2, "is") && self.is(at + 3, "to") {
                        return at;
                    }
                    // "..., by which she means the northern gate": the narrator explains.
                    if next.is("by") && self.is(at + 2, "which") && self.among(at + 3, "he she they it") {
                        return at;
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
                                && lexicon::cue(&tokens[at + 3].lower)
                                    .is_some_and(|cue| cue.class == Class::Judgement))
                        && (at + 3..self.end.min(at + 8)).any(|later| {
                            tokens[later].tag == Tag::Verb
                                && lexicon::cue(&tokens[later].lower)
                                    .is_some_and(|cue| cue.takes('m') || self.speech_verb(later))
                        });
                    if judged {
                        return at;
                    }
                    if next
                        .among("but yet according citing though calling describing blaming accusing compared pointing")
                        || lexicon::cue(&next.lower)
                            .is_some_and(|cue| cue.participle && cue.class == Class::Speech && !cue.noun_like)
                    {
                        return at;
                    }
                    // "..., the Orlando paper reported", "..., a court ruled on Monday": who says so comes last.
                    let last = phrase_right(tokens, at + 1, self.end).is_some_and(|verb| {
                        self.free(verb)
                            && verb < self.end
                            && tokens[verb].tag == Tag::Verb
                            && lexicon::cue(&tokens[verb].lower).is_some_and(|cue| {
                                matches!(cue.class, Class::Speech | Class::Document)
                                    && cue.takes('p')
                                    && !cue.participle
                            })
                            && self.after_adverbials(verb + 1) >= self.end
                    });
                    // "on the fuel standard, as have her rivals"
                    let likewise =
                        next.is("as") && self.among(at + 2, "have has had did do does is are was were");
                    if last && at > from + 2 || likewise {
                        return at;
                    }
                    // ", as one of them put it", ", a position that is disputed"
                    let aside = next.is("as")
                        && (at + 2..self.end.min(at + 9))
                            .any(|later| self.speech_verb(later) || self.is(later, "put"));
                    let comment = next.is_any(&["a", "an"])
                        && (self.among(at + 2, CLAIM_NOUNS) && self.is_any(at + 3, &["that", "which"])
                            || self.remarks(at + 1));
                    if aside || comment {
                        return at;
                    }
                    // "to look into it, the priest recalls, and then knelt": somebody else tells it.
                    if next.tag == Tag::Determiner
                        && let Some(verb) = (at + 3..self.end.min(at + 6)).find(|&at| self.speech_verb(at))
                        && self.comma(verb + 1)
                        && self.tokens[at + 2..verb].iter().all(|token| token.tag == Tag::Noun)
                        && lexicon::is_person_noun(&self.tokens[verb - 1].lower)
                    {
                        return at;
                    }
                    if next.is_any(&["while", "before", "after"])
                        && self.free(at + 2)
                        && lexicon::cue(&tokens[at + 2].lower)
                            .is_some_and(|cue| cue.participle && cue.class == Class::Speech)
                    {
                        return at;
                    }
                    if next.is_any(&["and", "while", "although", "whereas"])
                        && (at + 2..self.end.min(at + 14)).any(|later| self.speech_verb(later))
                    {
                        return at;
                    }
                    // ", and would prefer that it went to the clerks": what else the speaker wishes.
                    if next.is("and")
                        && self.among(at + 2, "would has had have")
                        && (self.among(at + 3, "prefer preferred like rather welcome welcomed")
                            || self.speech_verb(at + 3))
                    {
                        return at;
                    }
                    // ", and she intends to prove it": what somebody means to do is a claim of its own.
                    if next.is("and")
                        && self.among(at + 2, "he she they it")
                        && (self.among(at + 3, "intends intend plans plan intended planned")
                            || self.thought_verb(at + 3))
                    {
                        return at;
                    }
                }
                // "the road is open but Hale insists it is closed": somebody else speaks.
                if token.is_any(&["but", "and", "while", "whereas", "although", "though"])
                    && at > from + 2
                    && self.other_speaks(at + 1)
                {
                    return if self.comma(at - 1) { at - 1 } else { at };
                }
                // "calling Hale “a buffoon,” Dembo said as she left": the cue of other words.
                let closed = at > from + 2
                    && !tokens[at - 1].free()
                    && tokens[..at].iter().rev().take(2).any(|token| token.is_comma());
                if closed
                    && (token.is("according")
                        || token.is_any(&["and", "but", "while"])
                            && self.among(at + 1, "he she they it his her their its"))
                {
                    return at;
                }
                if closed {
                    let verb = at + self.name_words(at, 4);
                    if (verb > at || token.is_any(&["he", "she", "they"]))
                        && self.speech_verb(verb + usize::from(verb == at))
                        && !self.is(verb + usize::from(verb == at) + 1, "that")
                    {
                        return at;
                    }
                }
                // "... two years - a step that no bank has taken", "... - saying it was too late", "... - “who has heard of it?” he said"
                if token.is_dash() && at > from + 2 && at + 1 < self.end {
                    let next = &tokens[at + 1];
                    let tells = next.free()
                        && lexicon::cue(&next.lower).is_some_and(|cue| {
                            cue.participle && cue.class == Class::Speech && !cue.noun_like
                        });
                    let spoken = !next.free()
                        && next_quotation(self.quotations, at + 1, self.end).is_some_and(|quotation| {
                            let after = quotation.end();
                            (after..self.end.min(after + 5)).any(|at| self.speech_verb(at))
                        });
                    if tells || spoken || self.remarks(at + 1) {
                        return at;
                    }
                }
                // "that it was too early while adding that": what else the speaker said.
                if token.is_any(&["while", "before", "after"])
                    && self.free(at + 1)
                    && at + 1 < self.end
                    && at > from + 2
                    && lexicon::cue(&tokens[at + 1].lower)
                        .is_some_and(|cue| cue.participle && cue.class == Class::Speech && !cue.noun_like)
                {
                    return at;
                }
                if token.is_any(&["but", "and"])
                    && at + 1 < self.end
                    && !(self.is_any(at + 1, &["asks", "asked", "ask"]) && self.is(at + 2, "for"))
                    && (self.speech_verb(at + 1) && self.tells_more(at + 1)
                        || self.thought_verb(at + 1)
                        || (self.free(at + 1)
                            && tokens[at + 1].tag == Tag::Adverb
                            && self.speech_verb(at + 2)))
                {
                    return at;
                }
            }
            at += 1;
        }
        self.end
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

    pub(super) fn speech_verb(&self, at: usize) -> bool {
        let called = self.is_any(at, &["called", "calls", "appealed", "appeals"])
            && self.is_any(at + 1, &["for", "on", "upon", "to"]);
        called
            || self.free(at)
                && self.tokens[at].tag == Tag::Verb
                // "to be read by nobody"
                && !self.among(at.saturating_sub(1), "be been is are was were being")
                && lexicon::cue(&self.tokens[at].lower).is_some_and(|cue| {
                    cue.class == Class::Speech
                        && !cue.participle
                        // "the brigade that holds the district"
                        && (cue.lemma != "hold" || self.is(at + 1, "that"))
                        && (cue.lemma != "go" || self.is(at + 1, "on"))
                        && (!cue.noun_like || self.tokens[at].lower.ends_with("ed"))
                })
    }

    /// Whether a verb of saying after "and" is what the speaker does further: "and write the books" is what is said of others.
    fn tells_more(&self, verb: usize) -> bool {
        let plain =
            lexicon::cue(&self.tokens[verb].lower).is_some_and(|cue| *cue.lemma == *self.tokens[verb].lower);
        !plain || self.quoted(verb + 1) || self.is(verb + 1, "that") || self.free_colon(verb + 1)
    }

    /// How many words of a name stand from `first` on, counted up to `most`.
    pub(super) fn name_words(&self, first: usize, most: usize) -> usize {
        (first..self.end.min(first + most))
            .take_while(|&at| self.free(at) && self.tokens[at].in_name())
            .count()
    }

    /// Whether a name or a pronoun and a verb of saying or thinking in the present follow.
    fn other_speaks(&self, from: usize) -> bool {
        let names = self.name_words(from, 4);
        let verb = from + names;
        names > 0
            && verb < self.end
            && !self.tokens[verb].lower.ends_with("ed")
            && self.tokens[verb].lower.ends_with('s')
            && (self.speech_verb(verb) || self.thought_verb(verb))
    }

    /// "thinks", "believed": a finite verb of thinking.
    fn thought_verb(&self, at: usize) -> bool {
        self.among(at, "thinks believes expects suspects fears hopes doubts believed suspected considers thought expected")
            && self.tokens[at].tag == Tag::Verb
    }

    /// Whether somebody is said to say something at or after `from`: "asked for the post" and "wants to hear" are what is told of them.
    pub(super) fn somebody_tells(&self, from: usize) -> bool {
        let other = !self.among(from, "he she they it");
        (from..self.end.min(from + 60)).any(|at| {
            self.speech_verb(at)
                && !self.is(at - 1, "to")
                && (other || !self.is_any(at, &["asked", "say", "says"]) || self.is(at + 1, "that"))
                && !(self.is(at, "asked") && self.is(at + 1, "for"))
        })
    }

    /// Whether a cue verb stands outside quotations at or after `from`.
    pub(super) fn has_cue(&self, from: usize) -> bool {
        (from..self.end.min(from + 60)).any(|at| {
            self.free(at)
                && self.tokens[at].tag == Tag::Verb
                && !self.is(at - 1, "to")
                && lexicon::cue(&self.tokens[at].lower).is_some_and(|cue| {
                    cue.class == Class::Speech && !matches!(cue.lemma, "go" | "put" | "read")
                })
        })
    }
}
