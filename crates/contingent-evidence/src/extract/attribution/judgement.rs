//! What somebody takes something for, without quoted words: "regards the deadline as a trap", "considers the truce dead".
//!
//! Enters: a unit and the position after a verb of judging. Leaves: where the judgement begins and ends: its object and what it is judged
//! to be. Always holds: somebody judges, a person, a body or a text; what a law or a fact makes of a thing is no judgement.

use super::{Attribution, Class, Cue, Range, Scene, Subject, Tag, finite, lexicon, phrase_right};

/// Verbs after which "as" tells what something is taken for.
const AS: &str = "regard see view describe dismiss characterize characterise portray depict paint denounce condemn deride decry hail mock ridicule brand label \
    remember recall frame interpret read criticize criticise deplore";
/// Verbs that take what something is judged to be at once: "calls it a gift".
const AT_ONCE: &str = "call think consider deem judge term brand label";
/// Verbs that take "to be".
const TO_BE: &str = "believe consider think judge deem suppose understand know hold declare pronounce";
/// Participles that say what a thing is to whoever looks at it.
const TRYING: &str = "charming amusing puzzling worrying alarming disturbing convincing unconvincing encouraging misleading promising troubling striking \
    surprising depressing baffling chilling reassuring";
/// What somebody who sees little or much of it judges.
const SEEN: &str = "chance chances reason reasons evidence sign signs point prospect prospects hope danger dangers risk risks need alternative way \
    room difference end cause grounds value merit threat opportunity contradiction parallel parallels advantage benefit sense future";

impl Scene<'_> {
    /// The attribution of a judgement by `subject`, if the verb at `at` makes one.
    pub(super) fn judgement(
        &self,
        at: usize,
        object: usize,
        cue: Cue,
        subject: &Subject,
    ) -> Option<Attribution> {
        // "will settle for less and call it a reform": a plain form belongs to the verb before it.
        let plain = subject.pattern == Some("shared subject") && *self.tokens[at].lower == *cue.lemma;
        if plain || !self.may_judge(&subject.span, cue) {
            return None;
        }
        // "the loan, which one of them describes as the last hope": the object stands before.
        if self.is(object, "as")
            && AS.split_ascii_whitespace().any(|word| word == cue.lemma)
            && subject.from > self.low
            && self.is_any(subject.from - 1, &["which", "whom", "what", "that"])
            && self.names_what(object + 1, self.end)
        {
            let end = (object + 1..self.end).find(|&at| self.comma(at)).unwrap_or(self.end);
            return self.attribution(
                vec![object + 1..end],
                Some(subject.span.clone()),
                subject.role.clone(),
                at..at + 1,
                cue.lemma,
                cue.class,
                "judgement",
            );
        }
        // "The court finds the man guilty": what a body finds is its ruling.
        if cue.lemma == "find" && lexicon::names_bodies(&self.tokens[subject.span.end - 1].lower) {
            return None;
        }
        let content = self.judged(object, cue)?;
        let relative = subject.pattern == Some("relative clause");
        let end = match (content.start..content.end).find(|&at| self.comma(at)) {
            Some(comma) if relative || cue.participle => comma,
            _ => content.end,
        };
        let head = &self.tokens[subject.span.end - 1];
        let body = lexicon::is_body_noun(&head.lower);
        let mut made = self.attribution(
            vec![object..end],
            Some(subject.span.clone()),
            subject.role.clone(),
            at..at + 1,
            cue.lemma,
            cue.class,
            subject.pattern.unwrap_or("judgement"),
        )?;
        // What a body sees in something is often the writer's reading of it.
        made.weak = body && cue.class == Class::Thought;
        Some(made)
    }

    /// Whether whoever the words name can hold a view.
    pub(super) fn may_judge(&self, subject: &Range<usize>, cue: Cue) -> bool {
        let tokens = self.tokens;
        let limit = (subject.start + 1..subject.end)
            .find(|&at| self.free(at) && tokens[at].tag == Tag::Preposition)
            .unwrap_or(subject.end);
        let head = &tokens[limit - 1];
        let text = lexicon::is_document_noun(&head.lower) || head.is("it");
        if text {
            return cue.class == Class::Judgement;
        }
        head.among("he she they who many some most few both others neither all several one latter former everybody everyone nobody none")
            || head.tag == Tag::Proper
            || lexicon::is_person_noun(&head.lower)
            || lexicon::names_bodies(&head.lower)
    }

    /// The object and what it is judged to be, without quoted words.
    pub(super) fn judged(&self, object: usize, cue: Cue) -> Option<Range<usize>> {
        let listed = |words: &str| words.split_ascii_whitespace().any(|word| word == cue.lemma);
        let tokens = self.tokens;
        if object >= self.end || !self.free(object) {
            return None;
        }
        let reflexive = self.among(object, "himself herself itself themselves this that");
        let nothing = self.is(object, "nothing");
        let after =
            if nothing || reflexive && !tokens.get(object + 1).is_some_and(|next| next.tag == Tag::Noun) {
                object + 1
            } else {
                phrase_right(tokens, object, self.end)?
            };
        let end = self.judged_to(object);
        let quoted = tokens[object..end].iter().any(|token| !token.free());
        if quoted {
            return None;
        }
        let by_as = listed(AS)
            && (after..self.end.min(after + 12))
                .take_while(|&at| {
                    self.free(at) && !self.comma(at) && !tokens[at].is_colon() && tokens[at].text != ";"
                })
                .find(|&at| self.is(at, "as"))
                .is_some_and(|sign| {
                    self.names_what(sign + 1, end) && !self.among(sign - 1, "such well same twice just")
                });
        // "call themselves the Home Guard", "call it the white house": a name, and no judgement.
        let named = self.is(after, "the")
            && (tokens.get(after + 1).is_some_and(|name| name.tag == Tag::Proper)
                || tokens[object].tag == Tag::Pronoun && end <= after + 3);
        let naming = cue.lemma == "call" && (reflexive && !self.among(object, "this that") || named);
        let clause = cue.lemma == "think" && self.among(object, "that this");
        let at_once = listed(AT_ONCE) && !clause && !naming && self.at_once(object, after, end)
            || cue.lemma == "find" && self.found_to_be(object, after);
        let to_be = listed(TO_BE) && self.is(after, "to") && self.is(after + 1, "be");
        let seen = cue.lemma == "see"
            && self.among(object, "no little few less more some any much a an another two three the only")
            && (object + 1..after).any(|at| self.among(at, SEEN))
            || cue.lemma == "see"
                && self.among(object, "merit reason sense danger value")
                && (self.is_any(after, &["in", "to", "for"])
                    || self.is_any(object + 1, &["in", "to", "for"]));
        // "sees little to gain from it"
        let seen = seen
            || cue.lemma == "see" && self.among(object, "little nothing much") && self.is(object + 1, "to")
            // "sees nothing odd in it"
            || cue.lemma == "see"
                && nothing
                && tokens.get(object + 1).is_some_and(|next| next.tag == Tag::Adjective)
                && self.is_any(object + 2, &["in", "about"]);
        // "compares the legion to an embassy"
        let compared = matches!(cue.lemma, "compare" | "liken")
            && self.is_any(after, &["to", "with"])
            && after + 1 < end;
        (by_as || at_once || to_be || seen || compared).then_some(object..end)
    }

    /// Whether what follows "as" says what something is, and opens no clause: "as a trap", "as fragile", not "as they left".
    fn names_what(&self, from: usize, end: usize) -> bool {
        if from >= end || !self.free(from) {
            return false;
        }
        let token = &self.tokens[from];
        if token
            .among("soon long well far if though part they he she we i it many much early late usual before")
        {
            return false;
        }
        let opens = matches!(
            token.tag,
            Tag::Determiner | Tag::Adjective | Tag::Noun | Tag::Number | Tag::Proper | Tag::Adverb
        ) || token.tag == Tag::Verb
            && (token.lower.ends_with("ing") || token.lower.ends_with("ed"))
            || token.among("of beyond without above out not neither both in too among");
        let clause = phrase_right(self.tokens, from, end).is_some_and(|after| {
            after < end
                && self.free(after)
                && (self.tokens[after].tag == Tag::Auxiliary
                    || self.tokens[after].tag == Tag::Verb
                        && !self.tokens[after].lower.ends_with("ing")
                        && !self.tokens[after].lower.ends_with("ed"))
        });
        opens && !clause
    }

    /// "it a gift", "the treaty a gift", "the truce dead": two phrases, or one that ends with an adjective, and no time.
    fn at_once(&self, object: usize, after: usize, end: usize) -> bool {
        let tokens = self.tokens;
        let timed = |from: usize| {
            (from..end.min(from + 4)).any(|at| {
                let word = &tokens[at].lower;
                lexicon::is_time_noun(word)
                    || lexicon::is_month_or_day(word)
                    || self.among(at, "hour hours minute minutes days weeks months years later ago again back names quits time")
            })
        };
        let pronoun = after == object + 1;
        if after < end && self.free(after) && !timed(after) {
            let token = &tokens[after];
            let second = token.tag == Tag::Determiner && token.among("a an the no one his her its their");
            if second {
                return phrase_right(tokens, after, end).is_some();
            }
            if pronoun {
                return matches!(token.tag, Tag::Adjective | Tag::Noun)
                    || token.is_any(&["too", "very", "so", "quite"]);
            }
        }
        let adjective = after > object + 2
            && tokens[after - 1].tag == Tag::Adjective
            && !self.among(after - 1, "last next");
        adjective && !timed(object)
    }

    /// "finds the idea fanciful", "finds it hollow", "finds the offer neither new nor kind": what is so to whoever looks at it now; "found the house
    /// empty" is told.
    fn found_to_be(&self, object: usize, after: usize) -> bool {
        let tokens = self.tokens;
        let adjective = |at: usize| {
            self.free(at)
                && at < self.end
                && (tokens[at].tag == Tag::Adjective
                    || tokens[at].lower.ends_with("some")
                    || self.among(at, TRYING))
        };
        let present = object > self.low && self.is_any(object - 1, &["find", "finds"]);
        let said = after > object + 2 && adjective(after - 1) && !self.among(after - 1, "last next")
            || after == object + 1 && tokens[object].tag == Tag::Pronoun && adjective(after)
            || self.among(after, TRYING)
            || self.is_any(after, &["neither", "both", "too", "very"]) && adjective(after + 1);
        present && said
    }

    /// Where a judgement ends that begins at `object`: before what else happened.
    fn judged_to(&self, object: usize) -> usize {
        let tokens = self.tokens;
        let end = self.content_end(object);
        (object + 2..end)
            .find(|&at| {
                if self.comma(at) {
                    // "sees merit in it, but only if it is kept dry"
                    return !(self.is(at + 1, "but") && self.is(at + 2, "only"))
                        && self.among(
                            at + 1,
                            "and but while which who where whereas although though because since when if so",
                        )
                        && finite(tokens, at + 1, end);
                }
                self.is_any(at, &["and", "but"])
                    && tokens.get(at + 1).is_some_and(|next| {
                        next.free()
                            && (next.tag == Tag::Auxiliary
                                || next.tag == Tag::Verb
                                    && !next.lower.ends_with("ing")
                                    && !matches!(tokens[at - 1].tag, Tag::Adjective | Tag::Verb))
                    })
            })
            .unwrap_or(end)
    }
}
