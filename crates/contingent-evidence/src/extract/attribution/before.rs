//! Attributions whose verb stands before what was said: "Karim says that …", "Karim warned against …".
//!
//! Enters: a unit, a cue verb with its subject, and where the words after it begin. Leaves: the attribution it makes. Always holds: what somebody else
//! says, and what is told of the speaker, is no part of what was said.

use super::{Attribution, Class, Cue, Scene, Subject, Tag, Token, finite, lexicon};

/// Where the parts of a clause with a cue verb stand.
#[derive(Clone, Copy)]
pub(super) struct Clause {
    /// The verb.
    pub(super) at: usize,
    /// The position after the verb and its particle.
    pub(super) after_cue: usize,
    /// The position after the person addressed.
    pub(super) addressed: usize,
    /// The position after the adverbials that follow.
    pub(super) told: usize,
    /// Where the clause begins.
    pub(super) from: usize,
}

impl Scene<'_> {
    /// CUE, content.
    pub(super) fn before_said(&self, clause: Clause, cue: Cue, subject: Subject) -> Option<Attribution> {
        let tokens = self.tokens;
        let Clause { at, after_cue, addressed, told, from } = clause;
        if let Some(judgement) = self.judgement(at, after_cue, cue, &subject) {
            return Some(judgement);
        }
        let start = self.complement(at, after_cue, addressed, told, cue)?;
        // "Does she think that she will live there again?"
        let asks = tokens.get(self.end).is_some_and(|token| token.text == "?")
            && tokens[self.low].tag == Tag::Auxiliary
            && from <= self.low + 2
            && !self.quoted(start);
        if asks {
            return None;
        }
        // "the people who know the coast best": a clause in a relative clause has its "that".
        if subject.pattern == Some("relative clause")
            && cue.class == Class::Thought
            && !self.quoted(start)
            && !self.is(start - 1, "that")
        {
            return None;
        }
        // "A man who believes that he is on a list behaves as if he were": nobody in particular.
        let anybody = subject.pattern == Some("relative clause")
            && cue.class == Class::Thought
            && tokens[subject.span.start]
                .is_any(&["a", "an", "any", "anyone", "anybody", "those", "someone"])
            && subject.span.len() <= 2;
        if anybody {
            return None;
        }
        // "conceded when the polls closed", "worried while they waited": when, and not what.
        let when = self.among(start, "when while after before until since because")
            || self.is(start, "as") && matches!(cue.class, Class::Speech | Class::Thought);
        if when
            && cue.lemma != "say"
            && !self.is(start - 1, "that")
            && !(start..self.end.min(start + 12)).any(|at| self.quoted(at))
        {
            return None;
        }
        // "would think about it"
        if cue.lemma == "think" && self.is_any(start, &["about", "of"]) {
            return None;
        }
        let end = self.said_to(clause, start, cue, &subject);
        // "does not think they will", "thinks they know", "charges it rejects": what they will and know is in another place.
        if (start + 1..=start + 2).contains(&end)
            && end == self.end
            && self.free(end - 1)
            && (tokens[end - 1].tag == Tag::Auxiliary
                || tokens[start].tag == Tag::Pronoun && lexicon::cue(&tokens[end - 1].lower).is_some())
        {
            return None;
        }
        // "concedes the point but adds that": no clause after all.
        let bare = !"nmoci".chars().any(|kind| cue.takes(kind));
        let told_things = cue.lemma == "tell"
            && start < end
            && !self.is(start - 1, "that")
            && !self.is(start, "to")
            && tokens[start..end].iter().all(Token::free)
            && !finite(tokens, start, end)
            && !tokens[start].is_any(&["how", "why", "what", "where"]);
        if told_things {
            return None;
        }
        if bare
            && start < end
            && end - start <= 3
            && tokens[start].tag == Tag::Determiner
            && tokens[start..end]
                .iter()
                .all(|token| token.free() && !matches!(token.tag, Tag::Verb | Tag::Auxiliary))
        {
            return None;
        }
        // "If they sign in the spring, she expects the ships to come back": what it depends on is said too.
        let mut content = vec![start..end];
        if from > self.low + 3
            && self.comma(from - 1)
            && self.is_any(self.low, &["if", "once", "unless"])
            && matches!(cue.class, Class::Thought)
            && !(self.low..from - 1)
                .any(|at| self.comma(at) || !self.free(at) || self.among(at, "was were had did"))
        {
            content.insert(0, self.low..from - 1);
        }
        let mut made = self.attribution(
            content,
            Some(subject.span),
            subject.role,
            at..after_cue,
            cue.lemma,
            cue.class,
            subject.pattern.unwrap_or("cue before"),
        )?;
        made.weak = cue.class == Class::Judgement
            && !tokens[start..end.min(tokens.len())].iter().any(|token| !token.free());
        Some(made)
    }

    /// Whether the clause that begins at `from` stands before the main clause of its sentence: "After all, while", "Now that", "Although Hale agreed and".
    fn fronted(&self, from: usize) -> bool {
        /// The subject of such a clause, and what stands before it, have no more tokens.
        const FRONTED: usize = 40;
        const OPENS: &str = "when after as since because although while before once though whereas";
        let mut first = self.low;
        // "But", "Even", "Still,"
        while first < from
            && first < self.low + 4
            && (matches!(self.tokens[first].tag, Tag::Conjunction | Tag::Adverb)
                || self.comma(first)
                || self.among(first, "after in") && self.is(first + 1, "all")
                || self.is(first, "all"))
        {
            first += 1;
        }
        let opens = self.among(first, OPENS)
            // "By announcing that it was over, Hale has ..."
            || self.among(self.low, "by in") && from == self.low + 1
            || self.is(first, "that") && first > self.low && self.is(first - 1, "now");
        opens
            && first < from
            && from - first <= FRONTED
            && !(first + 1..from)
                .any(|at| self.comma(at) || !self.free(at) || self.among(at, "that who which"))
    }

    /// Where words end without what tells on which occasion they were said: "called it “a gift” in a letter on Monday".
    fn without_occasion(&self, start: usize, end: usize) -> usize {
        const OCCASIONS: &str = "tweet tweets statement interview speech letter email e-mail memo post message telephone call briefing broadcast twitter facebook condition";
        let tail = (start + 2..end).rev().take(14).find(|&at| {
            self.among(at, "in on via during at")
                && (!self.tokens[at - 1].free()
                    || self.is(at + 1, "condition")
                    || self.is(at + 2, "condition"))
                && (at + 1..end.min(at + 6)).any(|at| self.among(at, OCCASIONS))
        });
        tail.unwrap_or(end)
    }

    /// Where the words end that begin at `start` after a cue.
    fn said_to(&self, clause: Clause, start: usize, cue: Cue, subject: &Subject) -> usize {
        let tokens = self.tokens;
        let Clause { at, after_cue, from, .. } = clause;
        let mut end = self.content_end(start);
        // "insists that the guards are tired; they have been up since four": after one person's "that", "they" and "it" are what is spoken of.
        let limit = (subject.span.start + 1..subject.span.end)
            .find(|&at| self.free(at) && tokens[at].tag == Tag::Preposition)
            .unwrap_or(subject.span.end);
        let one = tokens[limit - 1].is_any(&["he", "she"])
            || tokens[limit - 1].tag == Tag::Proper && !self.is(subject.span.start, "the")
            || lexicon::is_person_noun(&tokens[limit - 1].lower) && !tokens[limit - 1].lower.ends_with('s');
        if one
            && self.is(start - 1, "that")
            && end + 2 < self.end
            && self.free(end)
            && tokens[end].text == ";"
            // "said that it would be renewed; it was not": what came of it is told.
            && (self.is(end + 1, "they") || self.is(end + 1, "it") && tokens[at].lower.ends_with('s'))
            && !(end + 2..self.end).any(|at| self.speech_verb(at))
        {
            end = self.content_end(end + 1);
        }
        // "Officials concede that the form runs to forty pages and asks for a stamp": the verb agrees with another subject.
        let plain = *tokens[at].lower == *cue.lemma;
        if plain
            && self.is_any(end, &["and", "but"])
            && tokens
                .get(end + 1)
                .is_some_and(|verb| end + 1 < self.end && verb.lower.ends_with('s') && verb.tag == Tag::Verb)
        {
            end = self.content_end(end + 1);
        }
        // "Hale says he spoke to Dembo and asked him to leave": nor does a past form go on with a verb in the present.
        if tokens[at].lower.ends_with('s')
            && self.is(end, "and")
            && tokens.get(end + 1).is_some_and(|verb| {
                end + 1 < self.end && (verb.lower.ends_with("ed") || verb.is_any(&["said", "told", "wrote"]))
            })
        {
            end = self.content_end(end + 1);
        }
        // "When the mainland announced that ..., islanders took it badly": the clause ends at the comma.
        if self.fronted(from)
            && let Some(comma) = (start..end).find(|&at| self.comma(at))
            && finite(tokens, comma, end)
        {
            end = comma;
        }
        // "Hale, who says the road is open, wrote that": the clause ends where the verb of the sentence stands.
        let relative = subject.pattern == Some("relative clause")
            // "The strike, which officials said killed two, was the third"
            || from > self.low + 1 && self.among(from - 1, "which who") && self.comma(from - 2);
        if relative
            && let Some(comma) = (start + 1..end).find(|&at| {
                self.comma(at)
                    && self.free(at + 1)
                    && at + 1 < end
                    && (tokens[at + 1].tag == Tag::Auxiliary
                        || tokens[at + 1].tag == Tag::Verb && !tokens[at + 1].lower.ends_with("ing"))
            })
        {
            end = comma;
        }
        if let Some(further) = self.further_act(at, cue, start..end) {
            end = further;
        }
        end = self.without_occasion(start, end);
        // "what former clerks have called a “scheme” took a turn": the verb of the sentence.
        if cue.class == Class::Judgement
            && from > self.low
            && self.among(from - 1, "what which who whom")
            && let Some(close) = (start..end).find(|&at| {
                !tokens[at].free()
                    && self.free(at + 1)
                    && at + 1 < end
                    && matches!(tokens[at + 1].tag, Tag::Verb | Tag::Auxiliary)
            })
        {
            end = close + 1;
        }
        // "A petition calling on him to resign has reached the palace"
        if cue.participle
            && !self.comma(at - 1)
            && tokens[at - 1].tag == Tag::Noun
            && let Some(verb) = (start + 2..end)
                .take_while(|&at| {
                    self.free(at)
                        && !matches!(tokens[at].tag, Tag::Subordinator | Tag::Pronoun | Tag::Conjunction)
                        && !self.comma(at)
                })
                .find(|&at| self.is_any(at, &["has", "have", "is", "was", "were", "are"]))
            && !finite(tokens, start, verb)
        {
            end = verb;
        }
        // "dismissed the paper as “arithmetic” and expelled its author": what else was done is not said.
        if cue.class == Class::Judgement
            && let Some(close) = (start..end).rev().find(|&at| !tokens[at].free())
            && let Some(and) = (close + 1..end).find(|&at| {
                tokens[at].is_any(&["and", "but"])
                    && tokens.get(at + 1).is_some_and(|next| {
                        matches!(next.tag, Tag::Verb | Tag::Auxiliary)
                            // "called him a “nice guy” and he did not reply"
                            || next.is_any(&["he", "she", "they", "it"])
                            || next.tag == Tag::Proper && finite(tokens, at + 1, end)
                    })
            })
        {
            end = and - usize::from(self.comma(and - 1));
        }
        // "She suspects that the commander has lost control, and she is not alone": without a second "that" the narrator goes on about the subject.
        let head = &tokens[subject.span.end - 1];
        let accused = matches!(cue.lemma, "accuse" | "blame" | "credit" | "attribute");
        let again = |at: usize| {
            self.comma(at)
                && self.is(at + 1, "and")
                && tokens.get(at + 2 + usize::from(self.is(at + 2, "then"))).is_some_and(|next| {
                    next.is_any(&["he", "she", "they", "it"])
                        && (next.lower == head.lower
                            // "accuses them of having fled, and she has a list"
                            || accused && head.tag == Tag::Proper && next.is_any(&["he", "she"])
                            || next.is("it") && lexicon::is_document_noun(&head.lower))
                })
        };
        if (self.is(start - 1, "that") || self.is(start, "to") || accused)
            && let Some(comma) = (start + 1..end).find(|&at| again(at))
        {
            end = comma;
        }
        // "claims 4,000 members, which is doubtful", "put the cost at sixty million, a figure that deputies dismissed": the things, and not what is told of them.
        let things = cue.takes('c') || matches!(cue.lemma, "claim" | "estimate" | "blame");
        if things
            && start == after_cue
            && let Some(comma) = (start + 1..end).find(|&at| {
                self.comma(at)
                    && (self.among(at + 1, "which compared")
                        || self.is_any(at + 1, &["a", "an"]) && self.among(at + 3, "that which"))
            })
            && (cue.lemma == "blame" || !finite(tokens, start, comma) || self.counted(start))
        {
            end = comma;
        }
        // "favours this course and has asked for more time": what else was done is not said.
        if cue.takes('n')
            && start == after_cue
            && let Some(and) = (start + 1..end).find(|&at| {
                self.is_any(at, &["and", "but"]) && self.free(at + 1) && tokens[at + 1].tag == Tag::Auxiliary
            })
        {
            end = and;
        }
        end
    }
}
