//! Where what is said ends.
//!
//! Enters: a unit and where words begin that somebody says. Leaves: the position after the last of them. Always holds: what another speaker says,
//! and what the narrator adds, is no part of them.

use super::signs::tells_on;
use super::{Class, Scene, Tag, Token, lexicon, next_quotation};

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
                    match self.ends_at_comma(from, at) {
                        Some(true) => return at,
                        Some(false) => {
                            at += 1;
                            continue;
                        }
                        None => {}
                    }
                }
                // "the road is open but Hale insists it is closed": somebody else speaks.
                if token.is_any(&["but", "and", "while", "whereas", "although", "though"])
                    && at > from + 2
                    && self.other_speaks(at + 1)
                {
                    return if self.comma(at - 1) { at - 1 } else { at };
                }
                if at > from + 2 && (self.ends_after_mark(at) || self.ends_at_dash(at)) {
                    return at;
                }
                // "that it was too early while adding that": what else the speaker said.
                if token.is_any(&["while", "before", "after"])
                    && self.free(at + 1)
                    && at + 1 < self.end
                    && at > from + 2
                    && tells_on(&tokens[at + 1])
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
    pub(super) fn thought_verb(&self, at: usize) -> bool {
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
