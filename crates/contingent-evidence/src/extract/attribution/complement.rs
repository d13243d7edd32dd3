//! What follows a verb of saying: the person addressed, adverbials, and the words themselves.
//!
//! Enters: a unit and the position after a verb. Leaves: where what is said begins and ends.
//! Always holds: what a verb may take decides, not only what stands there.

use super::{CLAIM_NOUNS, Class, Cue, Scene, Tag, Token, finite, lexicon, next_quotation, phrase_right};

impl Scene<'_> {
    /// After the person addressed: "told reporters", "warned the council", "said to her".
    pub(super) fn after_addressee(&self, from: usize, cue: Cue) -> usize {
        if (cue.takes('a') || cue.lemma == "ask" || cue.lemma == "promise") && self.free(from) {
            if self.among(from, "him her them us me reporters supporters it journalists lawmakers")
                && !(self.is(from, "her")
                    && self
                        .tokens
                        .get(from + 1)
                        .is_some_and(|next| next.free() && matches!(next.tag, Tag::Noun | Tag::Proper)))
            {
                return from + 1;
            }
            if let Some(after) = phrase_right(self.tokens, from, self.end) {
                // A clause without an addressee: "warned the town would fall".
                let verb_follows = self.tokens.get(after).is_some_and(|token| {
                    after < self.end
                        && token.free()
                        && (token.tag == Tag::Auxiliary
                            || (token.tag == Tag::Verb && !token.lower.ends_with("ing")))
                });
                if !(verb_follows && cue.lemma != "tell") {
                    return after;
                }
            }
            return from;
        }
        if self.is(from, "to")
            && !cue.takes('i')
            && let Some(after) = phrase_right(self.tokens, from + 1, self.end)
        {
            return after;
        }
        from
    }

    /// After adverbials that may stand between a cue and its complement: "on Tuesday", "in a statement", "last week".
    pub(super) fn after_adverbials(&self, from: usize) -> usize {
        let tokens = self.tokens;
        let mut at = from;
        for _ in 0..5 {
            let before = at;
            if self.free(at)
                && (lexicon::is_month_or_day(&tokens[at].lower) && tokens[at].is_capital()
                    || (tokens[at].tag == Tag::Adverb
                        && !tokens[at]
                            .among("there here now only even not just never")))
            {
                at += 1;
                // "on Friday night", "Wednesday evening"
                if lexicon::is_month_or_day(&tokens[at - 1].lower) && self.among(at, "night morning afternoon evening") {
                    at += 1;
                }
            } else if (self.among(at, "last this next earlier late early that one")
                && self.free(at + 1)
                && (lexicon::is_month_or_day(&tokens[at + 1].lower)
                    || lexicon::is_time_noun(&tokens[at + 1].lower)))
                || (self.is(at, "at") && self.among(at + 1, "last length first once"))
                || (self.is(at, "in")
                    && self.among(
                        at + 1,
                        "private public passing general short particular turn detail writing return",
                    ))
            {
                at += 2;
            } else if self.among(at, "on in at during after before from by through via to of about when as with following for over outside inside") {
                let mut end = phrase_right(tokens, at + 1, self.end).or_else(|| {
                    (self.free(at + 1)
                        && lexicon::is_month_or_day(&tokens[at + 1].lower)
                        && tokens[at + 1].is_capital())
                    .then_some(at + 2)
                });
                while let Some(reached) = end
                    && self.among(reached, "on in at with of to during from by for")
                {
                    let further = phrase_right(tokens, reached + 1, self.end).or_else(|| {
                        (self.free(reached + 1) && lexicon::is_month_or_day(&tokens[reached + 1].lower))
                            .then_some(reached + 2)
                    });
                    if further.is_none() {
                        break;
                    }
                    end = further;
                }
                if let Some(end) = end
                    && (end >= self.end
                        || self.quoted(end)
                        || self.divides(end)
                        || self.free_colon(end)
                        || self.is(end, "that")
                        // "has said for weeks he is the only one"
                        || self.among(end, "he she they it") && self.among(end - 1, "weeks months years days")
                        || tokens[end].text == ";"
                        || lexicon::is_month_or_day(&tokens[end].lower))
                {
                    at = end;
                }
            }
            if at == before {
                break;
            }
        }
        at
    }

    /// Where the words begin that follow a cue.
    pub(super) fn complement(
        &self,
        at: usize,
        after_cue: usize,
        addressed: usize,
        told: usize,
        cue: Cue,
    ) -> Option<usize> {
        let tokens = self.tokens;
        // "have been arguing for years, at conferences": how long, and not for what.
        let lasts = self.is(after_cue, "for")
            && (after_cue + 1..self.end.min(after_cue + 4))
                .any(|at| self.among(at, "years months weeks days hours decades centuries while time"));
        if lasts && !self.is(told, "that") && !self.quoted(told) {
            return None;
        }
        if cue.lemma == "put" {
            // "put it more bluntly: “...”"
            let colon = (after_cue..self.end.min(after_cue + 8))
                .take_while(|&at| self.free(at))
                .find(|&at| tokens[at].is_colon());
            return colon.filter(|&colon| colon + 1 < self.end).map(|colon| colon + 1);
        }
        for start in [told, addressed, after_cue] {
            if start >= self.end {
                continue;
            }
            if self.quoted(start) {
                // "told the newspaper “Dawn” that"
                let close = (start..self.end.min(start + 12)).find(|&at| tokens[at].free());
                if let Some(close) = close
                    && self.is(close, "that")
                    && cue.takes('t')
                {
                    return Some(close + 1);
                }
                let before = &tokens[start - 1];
                let title = before.among("on of in the called program show book film song a an")
                    || before.tag == Tag::Possessive
                    // "told “Morning Rounds,” a programme of the state radio"
                    || cue.lemma == "tell" && self.is_title(start);
                if !title && (cue.takes('q') || cue.takes('t') || cue.takes('m')) {
                    return Some(start);
                }
                continue;
            }
            let token = &tokens[start];
            // "counts on her fingers: the harvest, the feast"
            let lists = cue.takes == "c";
            if token.is_colon() && start + 1 < self.end && cue.class != Class::Judgement && !lists {
                return Some(start + 1);
            }
            // "said in his memoirs, “A Life in Hats.”": a work, and not what was said.
            let work = start > after_cue
                && token.is_comma()
                && self.quoted(start + 1)
                && self.is_title(start + 1)
                && self.among(start - 1, "book memoir memoirs autobiography novel show film documentary song album column series podcast program programme");
            if work {
                continue;
            }
            if (token.is_comma() || token.is_dash())
                && self.quoted(start + 1)
                && (cue.takes('q') || cue.takes('t'))
            {
                return Some(start + 1);
            }
            // "in states that vote a week later"
            let noun_after_all = || {
                cue.noun_like
                    && !cue.participle
                    && matches!(tokens[start + 1].tag, Tag::Auxiliary | Tag::Verb)
                    && !tokens[start + 1].lower.ends_with("ing")
            };
            // "recommended that and was laughed at": no clause follows.
            if token.is("that")
                && cue.takes('t')
                && start + 2 < self.end
                && !self.is_any(start + 1, &["and", "or", ",", "down", "up", "off", "out"])
                && !lexicon::is_time_noun(&tokens[start + 1].lower)
                // "in a commentary that has been passed round": the clause belongs to the noun.
                && !(start != after_cue
                    && (start != addressed || self.is(after_cue, "to"))
                    && tokens[start + 1].tag == Tag::Auxiliary)
                && !noun_after_all()
            {
                return Some(start + 1);
            }
            // ", in a statement, that"
            if token.is_comma() && cue.takes('t') {
                let that = (start + 1..self.end.min(start + 18))
                    .take_while(|&at| self.free(at))
                    .find(|&at| self.is(at, "that") && self.comma(at - 1));
                if let Some(that) = that {
                    return Some(that + 1);
                }
            }
        }
        // "tells voters who ask why he is silent that he was brought up so": the person addressed has a clause of its own.
        if cue.takes('a') && addressed > after_cue && self.is(addressed, "who") {
            let that = (addressed + 2..self.end.min(addressed + 20))
                .take_while(|&at| self.free(at))
                .find(|&at| self.is(at, "that"));
            return that.map(|that| that + 1);
        }
        let start = addressed;
        // A longer adverbial before "that": "said in an interview with the broadcaster that".
        if self.free(start)
            && cue.takes('t')
            && (matches!(tokens[start].tag, Tag::Preposition | Tag::Adverb)
                || matches!(tokens[start].tag, Tag::Number | Tag::Noun)
                    && !cue.takes('n')
                    && cue.lemma != "hold")
        {
            let that = (start + 1..self.end.min(start + 18))
                .take_while(|&at| {
                    // "on the radio's “Morning Rounds” that"
                    let title = || {
                        self.last_quotation(at + 1).is_some_and(|first| first > start && self.is_title(first))
                    };
                    (self.free(at) || title())
                        && !matches!(tokens[at].text, ";" | ":")
                        && tokens[at].tag != Tag::Auxiliary
                })
                .find(|&at| self.is(at, "that"));
            // So it does here, and in "has ordered forty machines, Pellmar a number that nobody knows".
            let relative = that.is_some_and(|that| {
                that + 1 < self.end
                    && (tokens[that + 1].tag == Tag::Auxiliary
                        || tokens[that + 1].tag == Tag::Verb && !tokens[that + 1].lower.ends_with("ing"))
                    // "bristled at the suggestion that"
                    || self.among(that - 1, CLAIM_NOUNS)
                    || self.among(that - 1, "implication notion idea fact")
                    || tokens[start].tag == Tag::Number && (start..that).any(|at| self.comma(at))
            });
            if let Some(that) = that
                && !relative
                && finite(tokens, that + 1, self.end)
                && matches!(
                    tokens[that - 1].tag,
                    Tag::Noun | Tag::Proper | Tag::Number | Tag::Adverb | Tag::Punctuation | Tag::Mark
                )
            {
                return Some(that + 1);
            }
        }
        for start in [told, addressed, after_cue] {
            if !self.free(start) {
                continue;
            }
            let token = &tokens[start];
            if cue.takes('w')
                && token.is_any(&["how", "why", "what", "where"])
                && (finite(tokens, start + 1, self.end)
                    || start + 2 < self.end && self.free(start + 1) && tokens[start + 1].tag == Tag::Pronoun)
            {
                return Some(start);
            }
            if cue.takes('i')
                && token.is("to")
                && start + 1 < self.end
                && self.free(start + 1)
                && !matches!(tokens[start + 1].tag, Tag::Proper | Tag::Determiner | Tag::Pronoun)
            {
                return Some(start);
            }
        }
        // "told them to close": what they are to do.
        let infinitive = cue.takes('a')
            && cue.takes('o')
            && addressed > after_cue
            && self.is(addressed, "to")
            && addressed + 2 < self.end;
        if infinitive
            && !matches!(
                tokens[addressed + 1].tag,
                Tag::Determiner | Tag::Proper | Tag::Pronoun | Tag::Number
            )
        {
            return Some(addressed);
        }
        // "denied taking livestock"
        let gerund = matches!(
            cue.lemma,
            "deny" | "admit" | "acknowledge" | "recall" | "suggest" | "propose" | "recommend" | "report"
        );
        if gerund
            && self.free(after_cue)
            && after_cue + 2 < self.end
            && tokens[after_cue].lower.len() > 5
            && tokens[after_cue].lower.ends_with("ing")
        {
            return Some(after_cue);
        }
        // "vowed in an audio message to close"
        if cue.takes('i') && self.free(after_cue) && tokens[after_cue].tag == Tag::Preposition {
            let to = (after_cue + 1..self.end.min(after_cue + 9))
                .take_while(|&at| self.free(at) && !tokens[at].is_comma())
                .find(|&at| self.is(at, "to"));
            if let Some(to) = to.filter(|&to| {
                to + 2 < self.end
                    && !matches!(tokens[to + 1].tag, Tag::Proper | Tag::Determiner | Tag::Pronoun)
            }) {
                return Some(to);
            }
        }
        let object = after_cue;
        // "warns against leaving too early"
        if cue.lemma == "warn"
            && self.is(object, "against")
            && object + 2 < self.end
            && self.free(object + 1)
            && tokens[object + 1].lower.ends_with("ing")
        {
            return Some(object + 1);
        }
        // "warned both sides against haste", "assured the Panel of cooperation", "claimed responsibility"
        if cue.lemma == "warn" && addressed > after_cue && self.is(addressed, "against") {
            return Some(after_cue);
        }
        if cue.lemma == "assure"
            && addressed > after_cue
            && self.is(addressed, "of")
            && phrase_right(tokens, addressed + 1, self.end).is_some()
        {
            return Some(addressed + 1);
        }
        if cue.lemma == "assure"
            && let Some(of) = (after_cue + 1..addressed).find(|&at| self.is(at, "of"))
        {
            return Some(of + 1);
        }
        if cue.lemma == "claim" && self.among(object, "responsibility victory credit") {
            return Some(object);
        }
        // "says nothing", but "says nothing will change"
        let states = || {
            self.free(object + 1)
                && object + 2 < self.end
                && (tokens[object + 1].tag == Tag::Auxiliary
                    || tokens[object + 1].tag == Tag::Verb && !tokens[object + 1].lower.ends_with("ing"))
        };
        if self.among(object, "nothing little something anything so") && !self.quoted(object + 1) && !states()
        {
            return None;
        }
        if self.free(object) && (cue.takes('o') || matches!(cue.lemma, "call" | "appeal" | "press" | "push"))
        {
            let object = if self.is_any(object, &["on", "upon", "for"])
                || (cue.lemma == "appeal" && self.is(object, "to"))
            {
                object + 1
            } else {
                object
            };
            let infinitive = (object + 1..self.end.min(object + 24))
                .take_while(|&at| tokens[at].text != ";")
                .find(|&at| {
                    self.is(at, "to")
                        && tokens.get(at + 1).is_some_and(|next| {
                            at + 1 < self.end
                                && !matches!(
                                    next.tag,
                                    Tag::Determiner | Tag::Proper | Tag::Pronoun | Tag::Number
                                )
                        })
                });
            // "called her to say that the road was open": what is said has a verb of its own.
            let says = cue.lemma == "call"
                && infinitive.is_some_and(|to| self.among(to + 1, super::subject::CALLS_TO));
            if says && !self.is_any(after_cue, &["on", "upon", "for"]) {
                return None;
            }
            if infinitive.is_some() && phrase_right(tokens, object, self.end).is_some() {
                return Some(object);
            }
            if self.is(after_cue, "for")
                && matches!(cue.lemma, "call" | "appeal")
                && phrase_right(tokens, after_cue + 1, self.end).is_some()
            {
                return Some(after_cue + 1);
            }
            // "wants the road closed for a month"
            let done = cue.lemma == "want"
                && phrase_right(tokens, object, self.end).is_some_and(|after| {
                    after > object + 1
                        && self.free(after)
                        && after < self.end
                        && tokens[after].tag == Tag::Verb
                        && (tokens[after].lower.ends_with("ed")
                            || lexicon::is_past_form(&tokens[after].lower))
                });
            if done {
                return Some(object);
            }
            if self.is(object, "each") {
                return None;
            }
            if matches!(cue.lemma, "accuse" | "blame" | "attribute" | "credit") {
                let joins: &[&str] = match cue.lemma {
                    "attribute" => &["to"],
                    "credit" => &["with", "for"],
                    _ => &["of", "for", "on"],
                };
                let blamed = (object + 1..self.end.min(object + 20)).find(|&at| self.is_any(at, joins));
                if blamed.is_some() {
                    return Some(object);
                }
            }
        }
        // "said the same a week before"
        if self.is(addressed, "the")
            && self.is_any(addressed + 1, &["same", "opposite", "contrary"])
            && !self.quoted(addressed + 2)
        {
            return None;
        }
        // "maintains a lead over Hale, who is tired", "declared an end to it, and rebels came": these take things as well.
        let things = matches!(
            cue.lemma,
            "maintain"
                | "declare"
                | "assume"
                | "claim"
                | "feel"
                | "counter"
                | "comment"
                | "affirm"
                | "reaffirm"
                | "expect"
                | "hope"
        );
        if self.free(addressed)
            && cue.takes('b')
            && (clause_opens(&tokens[addressed])
                || matches!(
                    tokens[addressed].tag,
                    Tag::Noun
                        | Tag::Adjective
                        | Tag::Preposition
                        | Tag::Adverb
                        | Tag::Verb
                        | Tag::Subordinator
                )
                || self.among(addressed, "having being"))
            && self.bare_clause(addressed, true)
            && (!things
                || tokens[addressed].tag == Tag::Pronoun
                || self.bare_clause(addressed, false)
                || self.past_clause(addressed))
        {
            return Some(addressed);
        }
        // "says wars cost money", "said most died at sea": whatever follows "say" is a clause, be its verb in no list.
        if cue.lemma == "say"
            && self.free(addressed)
            && (clause_opens(&tokens[addressed])
                || matches!(tokens[addressed].tag, Tag::Noun | Tag::Adjective))
            && self.says_more_than_words(addressed)
        {
            return Some(addressed);
        }
        if self.free(told)
            && told != addressed
            && cue.takes('b')
            && clause_opens(&tokens[told])
            && self.bare_clause(told, true)
        {
            return Some(told);
        }
        // "The rebels hold the hills": these verbs take a clause only with "that".
        let marked = matches!(cue.lemma, "hold" | "allow" | "accept" | "grant" | "see");
        if self.free(addressed) && cue.takes('t') && !marked && self.bare_clause(addressed, false) {
            return Some(addressed);
        }
        if self.free(object)
            && cue.lemma == "warn"
            && self.is_any(object, &["of", "against", "about"])
            && phrase_right(tokens, object + 1, self.end).is_some_and(|after| after > object + 2)
        {
            return Some(if self.is(object, "against") { object } else { object + 1 });
        }
        if (cue.takes('c') || matches!(cue.lemma, "claim" | "estimate" | "note" | "confirm"))
            && self.counted(object)
        {
            return Some(object);
        }
        // "denies this account": what it is stands in another sentence.
        let elsewhere = self.among(object, "this that these those")
            && phrase_right(tokens, object, self.end).is_some_and(|after| after - object <= 2);
        if self.free(object)
            && cue.takes('n')
            && !elsewhere
            && phrase_right(tokens, object, self.end).is_some_and(|after| after - object >= 2)
            && !(cue.noun_like && tokens[at].tag != Tag::Verb)
        {
            return Some(object);
        }
        // A noun phrase with quoted words in it: "called the plan “a gift”", "spoke of “two towns”", "said it was “over”".
        if self.free(object) && (cue.takes('m') || cue.takes('t') || cue.takes('n') || cue.takes('q')) {
            let quotation = next_quotation(self.quotations, object, self.end)?;
            let between = &tokens[object..quotation.first];
            let near = between.len() <= 14
                && !between.iter().any(|token| {
                    token.is_comma()
                        || token.text == ";"
                        || (token.tag == Tag::Verb
                            && lexicon::cue(&token.lower)
                                .is_some_and(|cue| cue.class == Class::Speech && !cue.noun_like))
                });
            let words = (quotation.first + 1..quotation.last).filter(|&at| tokens[at].is_word()).count();
            if near && words >= 1 && (cue.takes('m') || words >= 3) {
                return Some(object);
            }
        }
        None
    }

    /// Whether things are counted from `from` on: "at least nine attacks", "211 vessels", "no evidence of fraud".
    pub(super) fn counted(&self, from: usize) -> bool {
        let tokens = self.tokens;
        let mut at = from;
        while at < from + 3
            && self.among(at, "at least most more fewer less than up to about around some nearly almost roughly over only just another as many")
        {
            at += 1;
        }
        let number = self.free(at) && at < self.end && tokens[at].tag == Tag::Number;
        let none =
            at == from && (self.is(at, "no") || (self.is(at, "little") && self.is(at + 1, "evidence")));
        let year = number && tokens[at].text.len() == 4 && at == from && self.free(at + 1) && {
            !matches!(tokens[at + 1].tag, Tag::Noun | Tag::Adjective)
        };
        (number || none) && !year && phrase_right(tokens, at, self.end).is_some_and(|after| after >= at + 2)
    }

    /// Whether a clause without "that" begins at `from`.
    pub(super) fn bare_clause(&self, from: usize, readily: bool) -> bool {
        let tokens = self.tokens;
        if readily {
            return finite(tokens, from, self.end)
                || (tokens[from].tag == Tag::Determiner && self.plain_present(from));
        }
        if tokens[from].among("he she they it there we this") {
            // "knows it too" states nothing.
            let mut verb = from + 1;
            while self.free(verb) && verb < self.end && tokens[verb].tag == Tag::Adverb {
                verb += 1;
            }
            return self.free(verb)
                && verb < self.end
                && matches!(tokens[verb].tag, Tag::Auxiliary | Tag::Verb | Tag::Noun);
        }
        let Some(mut after) = phrase_right(tokens, from, self.end) else { return false };
        while self.free(after) && matches!(tokens[after].tag, Tag::Adverb) {
            after += 1;
        }
        if self.among(after, "in on at of to from between")
            && let Some(further) = phrase_right(tokens, after + 1, self.end)
        {
            after = further;
        }
        self.free(after)
            && after < self.end
            && (tokens[after].tag == Tag::Auxiliary
                || (tokens[after].tag == Tag::Verb
                    && !tokens[after].lower.ends_with("ing")
                    && !tokens[after].lower.ends_with("ed")
                    && !self.reduced(after)))
    }

    /// "the army attacked the town": a noun phrase, a past form, and its object.
    fn past_clause(&self, from: usize) -> bool {
        phrase_right(self.tokens, from, self.end).is_some_and(|verb| {
            self.free(verb)
                && verb + 1 < self.end
                && self.tokens[verb].tag == Tag::Verb
                && self.tokens[verb].lower.ends_with("ed")
                && self.free(verb + 1)
                && (clause_opens(&self.tokens[verb + 1])
                    || matches!(self.tokens[verb + 1].tag, Tag::Noun | Tag::Adjective))
        })
    }

    /// "a round table held in May": a participle that belongs to the noun, not a verb of its own.
    fn reduced(&self, at: usize) -> bool {
        self.among(at, "held made left lost kept brought bought built sent won met paid led found taught sold fought caught shown seen given written")
            && (self.is_any(at + 1, &["in", "by", "at", "from", "on", "to", "under", "between"]) || at + 1 == self.end)
    }

    /// "said the newcomers pay on time": a plural and a word that could be a verb after it, which no list has.
    fn plain_present(&self, from: usize) -> bool {
        let tokens = self.tokens;
        let Some(after) = phrase_right(tokens, from, self.end) else { return false };
        (from + 1..after).any(|at| {
            let (before, this) = (&tokens[at - 1], &tokens[at]);
            before.tag == Tag::Noun
                && (before.lower.ends_with('s')
                    && !["ss", "us", "is"].iter().any(|end| before.lower.ends_with(end))
                    || before.among("police people men women children"))
                && this.tag == Tag::Noun
                && !this.lower.ends_with('s')
                && at + 1 < self.end
                && self.free(at + 1)
                && matches!(
                    tokens[at + 1].tag,
                    Tag::Preposition
                        | Tag::Determiner
                        | Tag::Adverb
                        | Tag::Pronoun
                        | Tag::Number
                        | Tag::Adjective
                )
        })
    }

    /// Whether what follows "say" is longer than the nouns that it takes: "said a prayer", "says the same".
    fn says_more_than_words(&self, from: usize) -> bool {
        let words = (from..self.end)
            .take_while(|&at| self.free(at) && !self.divides(at) && self.tokens[at].text != ";")
            .filter(|&at| self.tokens[at].is_word())
            .take(5)
            .count();
        let noun = (from..self.end.min(from + 3)).any(|at| {
            self.among(at, "lot deal little much nothing something anything so same hello word words prayer prayers mass grace goodbye yes no thanks thing things")
        });
        words >= 3 && !noun && !self.among(from, "he him her them it")
    }

    pub(super) fn free_colon(&self, at: usize) -> bool {
        self.free(at) && self.tokens[at].is_colon()
    }
}

/// Whether a clause may begin with a word.
fn clause_opens(token: &Token<'_>) -> bool {
    matches!(token.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Number)
        || token.among("there if while when unless no what")
}
