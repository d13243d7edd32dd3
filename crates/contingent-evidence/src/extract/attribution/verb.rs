//! Attributions by a verb.
//!
//! Enters: a unit and the position of a verb. Leaves: the attribution it makes, by whether its clause stands before, after or inside what
//! was said. Always holds: a verb without a subject, or without anything that could be said, makes none.

use super::before::Clause;
use super::{
    Attribution, Class, Cue, Range, Scene, Subject, Tag, finite, lexicon, next_quotation, phrase_right,
};

impl Scene<'_> {
    pub(super) fn verb(&self, at: usize, subject_before: Option<Range<usize>>) -> Option<Attribution> {
        let tokens = self.tokens;
        let token = &tokens[at];
        let mut cue = lexicon::cue(&token.lower)?;
        if cue.lemma == "point" && self.is(at + 1, "out") {
            cue = Cue { lemma: "point out", class: Class::Speech, takes: "tqpbw", noun_like: false, ..cue };
        }
        if cue.lemma == "call" && self.is_any(at + 1, &["for", "on", "upon"]) {
            cue = Cue { lemma: "call", class: Class::Speech, takes: "o", noun_like: false, ..cue };
        }
        // "stopped charging the ferry for a lighthouse", "had hoped to agree a truce": nothing said, and nothing still meant.
        if (cue.lemma == "charge" && cue.participle)
            || (cue.lemma == "hope" && self.is(at + 1, "to") && at > self.low && self.is(at - 1, "had"))
        {
            return None;
        }
        // "without being told what it was", "territory held by the army"
        if at > self.low && self.is(at - 1, "being") || cue.lemma == "hold" && self.is(at + 1, "by") {
            return None;
        }
        // "records maintained by the office", "the man accused of buying them": no subject of these.
        let reduced = token.lower.ends_with("ed")
            && (self.is(at + 1, "by") && cue.class != Class::Thought
                || matches!(cue.lemma, "accuse" | "blame") && self.among(at + 1, "of for"))
            && !self.tokens[self.low..at].iter().rev().take(3).any(|token| token.tag == Tag::Auxiliary);
        if reduced {
            return None;
        }
        // "a large man known to all as Father Anton"
        if token.is("known") && self.among(at + 1, "to as for by") {
            return None;
        }
        if cue.lemma == "go" && !self.is(at + 1, "on") {
            return None;
        }
        if cue.lemma == "put" && !self.is(at + 1, "it") {
            return self.put_at(at);
        }
        if matches!(cue.lemma, "quote" | "cite")
            && let Some(quoted) = self.quoting(at)
        {
            return Some(quoted);
        }
        if token.tag != Tag::Verb || (token.is_capital() && at > self.low) {
            return None;
        }
        let next = at + 1;
        let (left, auxiliaries, denied) = self.before_auxiliaries(at);
        // "Hale on Tuesday accused": a day between the subject and its verb.
        let left = left.and_then(|left| {
            let day = lexicon::is_month_or_day(&tokens[left].lower) && tokens[left].is_capital();
            if !(day && self.free(left)) {
                return Some(left);
            }
            let governed =
                self.among(left.saturating_sub(1), "on in until since last this next by from during");
            let before = left.checked_sub(if governed { 2 } else { 1 });
            before.filter(|&before| before >= self.low)
        });
        // An inverted clause may open the unit: "Said Hale: “...”".
        if at == self.low {
            if !token.is_capital() || cue.class != Class::Speech {
                return None;
            }
            let after = phrase_right(tokens, next, self.end)?;
            if self.free(after)
                && (tokens[after].is_colon() || tokens[after].is_comma())
                && self.quoted(after + 1)
            {
                return self.attribution(
                    vec![after + 1..self.end],
                    Some(next..after),
                    None,
                    at..next,
                    cue.lemma,
                    cue.class,
                    "cue first",
                );
            }
            return None;
        }
        let be =
            |word: &&str| matches!(*word, "is" | "are" | "was" | "were" | "be" | "been" | "being" | "'re");
        let passive = !cue.participle
            && auxiliaries.iter().any(be)
            && !matches!(token.lower.as_ref(), "say" | "says" | "tell" | "think");
        if passive {
            return self.passive(at, cue, left);
        }
        // "recommends that the Council consider": a plain form after one person or body is no statement of theirs.
        let plain = token.lower == cue.lemma
            && auxiliaries.is_empty()
            && !matches!(cue.lemma, "put" | "forecast")
            && left.is_some_and(|left| {
                let before = &tokens[left];
                matches!(before.tag, Tag::Proper | Tag::Noun) && self.number_forbids(left, token)
            });
        if plain {
            return None;
        }
        // "went on to say", "was quick to add"; other infinitives say nothing that was said.
        let mut group = at;
        let mut left = left;
        let mut concluding = None;
        if let Some(to) = left.filter(|&left| self.is(left, "to")) {
            // "led her to conclude that": whoever was led to it speaks.
            let led = to >= self.low + 2
                && self.among(to - 1, "her him them")
                && self.among(to - 2, "led leads forced brought prompted caused");
            if led {
                concluding = Some(to - 1..to);
            } else {
                group = self.governor(to)?;
                left = self.before_auxiliaries(group).0;
            }
        }
        // "can tell both of them that they are wrong": nobody has said so.
        if auxiliaries
            .iter()
            .any(|word| matches!(*word, "can" | "must" | "should" | "cannot" | "could" | "may" | "might"))
        {
            return None;
        }
        if auxiliaries.iter().any(|word| {
            matches!(*word, "would" | "should" | "could" | "may" | "might" | "can" | "will" | "must" | "'ll")
        }) && !matches!(
            cue.lemma,
            "say"
                | "argue"
                | "add"
                | "think"
                | "note"
                | "tell"
                | "suggest"
                | "insist"
                | "expect"
                | "maintain"
        ) {
            return None;
        }
        // The form may be a noun: the number of what stands before decides.
        if cue.noun_like
            && auxiliaries.is_empty()
            && group == at
            && left.is_some_and(|left| self.number_forbids(left, token))
        {
            return None;
        }
        if let Some(inverted) = self.inverted(at, cue, denied) {
            return Some(inverted);
        }
        let mut subject =
            concluding.map(|span| Subject { from: span.start, span, role: None, pattern: None });
        if subject.is_none()
            && let Some(left) = left
        {
            subject = self.subject_left(left, group, cue.participle && auxiliaries.is_empty());
            if cue.participle
                && auxiliaries.is_empty()
                && subject.as_ref().is_some_and(|subject| subject.pattern.is_none())
            {
                // "Hale saying that" is no clause: a participle belongs to the subject of its sentence.
                subject = None;
            }
            if subject.is_none()
                && !cue.participle
                && (tokens[left].is_any(&["and", "but", "or", "then"])
                    || (tokens[left].tag == Tag::Adverb
                        && self.is_any(left.saturating_sub(1), &["and", "but"]))
                    || (tokens[left].is_comma() && subject_before.is_some()))
            {
                let span = self
                    .introduced_as(left)
                    .or_else(|| subject_before.clone())
                    .or_else(|| self.leading_subject(left))?;
                subject = Some(Subject { span, role: None, from: left + 1, pattern: Some("shared subject") });
            }
        }
        // "had stopped hoping"
        if cue.participle && self.among(at - 1, "stop stops stopped") {
            return None;
        }
        if subject.is_none() && cue.participle {
            if !self.participle_tells(at, cue) {
                return None;
            }
            let span = subject_before
                .or_else(|| self.leading_subject(at))
                .or_else(|| self.subject_of_main_clause(at));
            subject = span.map(|span| Subject { span, role: None, from: at, pattern: Some("participle") });
        }
        let subject = subject?;
        let head = &tokens[subject.span.end - 1];
        if head.among("it there this that these")
            && !matches!(
                cue.lemma,
                "say"
                    | "tell"
                    | "report"
                    | "note"
                    | "find"
                    | "show"
                    | "estimate"
                    | "warn"
                    | "add"
                    | "announce"
                    | "claim"
                    | "suggest"
                    | "conclude"
                    | "urge"
                    | "call"
                    | "condemn"
                    | "describe"
                    | "insist"
                    | "deny"
                    | "accuse"
                    | "argue"
                    | "stress"
                    | "recommend"
                    | "state"
                    | "express"
                    | "vow"
                    | "promise"
                    | "pledge"
                    | "threaten"
                    | "advise"
                    | "demand"
                    | "request"
                    | "propose"
                    | "predict"
                    | "forecast"
                    | "confirm"
                    | "concede"
                    | "acknowledge"
                    | "maintain"
                    | "declare"
            )
        {
            return None;
        }
        if cue.class == Class::Document
            && (head.is_any(&["it", "this", "that", "which"]) || head.tag == Tag::Number)
        {
            return None;
        }
        if head.is_any(&["i", "you", "we", "nobody"]) && subject.span.len() == 1 {
            return None;
        }
        // "an examination that neither side knows it is sitting"
        if tokens[subject.span.start].is_any(&["neither", "nobody", "none"])
            && matches!(cue.class, Class::Thought | Class::Speech)
        {
            return None;
        }
        // "The wind favoured the attackers", "the decree allowed that": no person or body does what a speaker does.
        if matches!(cue.lemma, "favour" | "favor" | "allow" | "accept" | "grant")
            && !self.is_somebody(subject.span.clone())
        {
            return None;
        }
        self.with_subject(at, cue, subject, denied)
    }

    pub(super) fn with_subject(
        &self,
        at: usize,
        cue: Cue,
        subject: Subject,
        denied: bool,
    ) -> Option<Attribution> {
        let tokens = self.tokens;
        // "has not said when", "if he says so": nothing was said.
        let supposed = subject.from > self.low && self.is_any(subject.from - 1, &["if", "unless", "whether"]);
        let unknown = denied && matches!(cue.lemma, "know" | "understand" | "realize" | "realise");
        if (denied && cue.class == Class::Speech) || supposed || unknown {
            return None;
        }
        let next = at + 1;
        let particle = (cue.lemma == "point out" && self.is(next, "out"))
            || (cue.lemma == "put" && self.is(next, "it"))
            || (cue.lemma == "go" && self.is(next, "on"));
        let after_cue = if particle { next + 1 } else { next };
        let cue_span = at..after_cue;
        let addressed = self.after_addressee(after_cue, cue);
        // "The only trace, as she tells the story, was a line of print"
        let as_told = subject.from > self.low && self.is(subject.from - 1, "as");
        if !as_told && self.says_nothing(cue, after_cue, addressed) {
            return None;
        }
        let told = self.after_adverbials(addressed);
        let at_end = told >= self.end;
        let mut from = subject.from;
        // "as even the ministry admits"
        if from > self.low + 1 && self.is_any(from - 1, &["even", "also"]) && self.is(from - 2, "as") {
            from -= 1;
        }
        let as_clause = from > self.low && self.is_any(from - 1, &["as", "like"]);
        if as_clause {
            from -= 1;
        }
        // "“Nobody starves,” is how she puts it."
        let is_how = from > self.low + 2
            && self.is(from - 1, "how")
            && self.is_any(from - 2, &["is", "was"])
            && self.quoted(from - 3);
        if is_how {
            from -= 2;
        }
        // "as voters responded to the efforts", "the lending continued", "the debate promises to be long"
        let promises = cue.lemma == "promise" && self.is(after_cue, "to") && self.is(after_cue + 1, "be");
        let goes_on = (cue.lemma == "continue" || promises) && !self.is_somebody(subject.span.clone());
        if goes_on || as_clause && matches!(cue.lemma, "respond" | "reply") && self.is(after_cue, "to") {
            return None;
        }
        let finish = |attribution: Option<Attribution>| {
            attribution.map(|mut made| {
                made.denied = denied;
                made
            })
        };
        let role = subject.role.clone();
        // ---- after or inside what was said
        // "He worries about the police, whose new commander has vowed to clear the road": the clause belongs to what stands before.
        let whose = self.is(from, "whose");
        let mut subject = subject;
        if whose && subject.span.start == from && subject.span.len() > 1 {
            // What somebody is: "new" says nothing of it.
            let head = subject.span.end - 1;
            subject.span.start =
                (from + 1..head).find(|&at| tokens[at].tag != Tag::Adjective).unwrap_or(head);
        }
        let title = self.quoted(from.saturating_sub(1)) && self.opens_with_title(from);
        let preceded = !whose
            && !title
            && from > self.low + 1
            && (as_clause || self.quoted(from - 1) || self.divides(from - 1));
        let quote_before = from > self.low && self.quoted(from - 1)
            || (from > self.low + 1 && self.divides(from - 1) && self.quoted(from - 2));
        // "..., Hale wrote in a paper published in May"
        let trails = preceded
            && self.free(told)
            && told < self.end
            && tokens[told].tag == Tag::Preposition
            && (told..self.end).take(30).all(|at| {
                self.free(at)
                    && !matches!(tokens[at].tag, Tag::Auxiliary | Tag::Subordinator)
                    && !tokens[at].is("that")
                    && !self.divides(at)
            });
        let divided =
            at_end || trails || (self.free(told) && (self.divides(told) || tokens[told].text == ";"));
        // "writes in a commentary that has been passed round": the clause belongs to the noun.
        let of_noun = told > addressed && told + 1 < self.end && tokens[told + 1].tag == Tag::Auxiliary;
        let relative = subject.pattern == Some("relative clause");
        // "It is a lawsuit waiting to happen, he said: nobody knows the law."
        if preceded
            && !quote_before
            && !as_clause
            && !relative
            && !cue.participle
            && cue.takes('p')
            && subject.pattern.is_none()
            && self.free_colon(told)
            && !self.quoted(told + 1)
            && told + 2 < self.end
        {
            let said = self.clause_from(from)..from;
            if said.len() >= 5 && finite(tokens, said.start, said.end) {
                return finish(self.attribution(
                    vec![said, told + 1..self.own_to(told + 1)],
                    Some(subject.span),
                    role,
                    cue_span,
                    cue.lemma,
                    cue.class,
                    "cue between",
                ));
            }
        }
        if preceded
            && !cue.participle
            && !relative
            && subject.pattern != Some("shared subject")
            && (divided
                || (quote_before
                    && self.free(told)
                    && (!self.is(told, "that") || of_noun)
                    && !self.free_colon(told)))
        {
            let before = self.clause_from(from);
            // "promised land — “somewhere green,” as he put it": the quotation alone is his.
            let before = if as_clause && quote_before {
                self.last_quotation(from).map_or(before, |first| first.max(before))
            } else {
                before
            };
            // "He had few friends - “a hard man,” she said - and fewer foes": the quotation stands between dashes.
            let between_dashes = quote_before && self.free(told) && told < self.end && tokens[told].is_dash();
            let dashed = self.last_quotation(from).filter(|&first| {
                between_dashes && first > before + 1 && self.free(first - 1) && tokens[first - 1].is_dash()
            });
            let said = match dashed {
                Some(first) => first,
                None if quote_before => self.after_colon(before, from),
                None => before,
            }..from;
            // "one thing on which she, Hale and Brandt agree": the clause is not what they say.
            if !quote_before
                && said.len() > 3
                && (said.end - 3..said.end).any(|at| self.is_any(at, &["which", "whom"]))
            {
                return None;
            }
            // "As the paper revealed, the council agreed to it": how it is known, and not what was agreed.
            if !quote_before
                && !as_clause
                && self.is(said.start, "as")
                && self.clause_tells(said.start + 1, from)
            {
                return None;
            }
            // "Asked whether he had changed his mind, Hale thought for a moment": what he was asked.
            if !quote_before
                && self.is(said.start, "asked")
                && self.among(said.start + 1, "whether if how why what when where about who")
            {
                return None;
            }
            let follows_quote = !at_end && self.divides(told) && self.quoted(told + 1);
            // "It was, she told the House, “piracy”": the quotation goes on with the sentence.
            let goes_on = follows_quote
                && tokens.get(told + 2).is_some_and(|word| word.is_word() && !word.is_capital())
                && tokens[said.clone()].iter().any(|token| {
                    matches!(token.tag, Tag::Auxiliary | Tag::Verb | Tag::Pronoun | Tag::Noun | Tag::Proper)
                })
                && !matches!(tokens[said.start].tag, Tag::Preposition | Tag::Adverb);
            if goes_on && !as_clause && (cue.takes('p') || cue.takes('q')) {
                let end = self.content_end(told + 1);
                return finish(self.attribution(
                    vec![said, told + 1..end],
                    Some(subject.span),
                    role,
                    cue_span,
                    cue.lemma,
                    cue.class,
                    "cue between",
                ));
            }
            if !quote_before
                && follows_quote
                && !tokens[said.clone()].iter().any(|token| !token.free())
                && !as_clause
            {
                // "On Tuesday, Hale said, “...”": what stands before is no part of it.
                let end = self.content_end(told + 1);
                return finish(self.attribution(
                    vec![told + 1..end],
                    Some(subject.span),
                    role,
                    cue_span,
                    cue.lemma,
                    cue.class,
                    "cue before",
                ));
            }
            // "There would always, he assured me, be something to paint."
            let assures = matches!(cue.lemma, "assure" | "remind") && addressed == after_cue + 1;
            let speaks = cue.takes('p') || (quote_before && cue.takes('q')) || cue.lemma == "put" || assures;
            if speaks {
                let mut content = vec![said.clone()];
                let mut between = false;
                // "They run the registers and, as an official said, nobody reads them": only what follows is said.
                // "It implies, as one trader put it, that peace ...": and so after a relative pronoun.
                let cut = (said.start..said.end)
                    .rev()
                    .find(|&at| !self.comma(at))
                    .filter(|&at| said.len() > 3 && !quote_before && self.joins(at))
                    .or_else(|| {
                        let that = self.comma(told) && self.is(told + 1, "that") && as_clause;
                        that.then_some(told)
                    });
                if cut.is_some() && self.comma(told) && told + 2 < self.end {
                    return finish(self.attribution(
                        vec![told + 1..self.end],
                        Some(subject.span),
                        role,
                        cue_span,
                        cue.lemma,
                        cue.class,
                        "cue between",
                    ));
                }
                if quote_before {
                    // The quotation may go on after the clause.
                    if let Some(rest) = next_quotation(self.quotations, told, self.end)
                        && rest.first <= told + 26
                        && rest.first > told.saturating_sub(1)
                        && (rest.first <= told + 2
                            || (tokens[told..rest.first]
                                .iter()
                                .any(|token| token.is_comma() || token.is_colon())
                                && !tokens[told..rest.first].iter().any(|token| {
                                    token.tag == Tag::Verb && lexicon::cue(&token.lower).is_some()
                                })))
                    {
                        content.push(rest.first..self.content_end(rest.first));
                        between = true;
                    }
                } else if !at_end && self.comma(told) {
                    let follower = &tokens[(told + 1).min(self.end - 1)];
                    if told + 1 < self.end
                        && !follower.lower.ends_with("ing")
                        && !follower.is_any(&["who", "which", "citing"])
                    {
                        content.push(told + 1..self.own_to(told + 1));
                        between = true;
                    }
                } else if !at_end
                    && told + 1 < self.end
                    && (self.divides(told)
                        || (tokens[told].text == ";"
                            && finite(tokens, told + 1, self.end)
                            && !self.somebody_tells(told + 1)))
                {
                    content.push(told + 1..self.end);
                    between = true;
                }
                let clause = quote_before
                    || finite(tokens, said.start, said.end)
                    || (between && self.clause_goes_on(told + usize::from(self.divides(told))))
                    || (at_end && said.len() >= 4)
                    // "In the end, Hale said, voters always end up there."
                    || (between
                        && cue.lemma == "say"
                        && tokens[said.start].tag == Tag::Preposition
                        && told + 5 < self.end
                        && self.free(told + 1)
                        && matches!(
                            tokens[told + 1].tag,
                            Tag::Determiner | Tag::Proper | Tag::Noun | Tag::Number | Tag::Pronoun
                        ))
                    || (between
                        && said.len() >= 5
                        && matches!(cue.lemma, "say" | "add" | "explain" | "note"));
                let long_enough = quote_before || between || said.len() >= 4;
                if clause && long_enough {
                    let pattern = match (as_clause, between) {
                        (true, _) => "as somebody said",
                        (false, true) => "cue between",
                        (false, false) => "cue after",
                    };
                    return finish(self.attribution(
                        content,
                        Some(subject.span),
                        role,
                        cue_span,
                        cue.lemma,
                        cue.class,
                        pattern,
                    ));
                }
            }
        }
        if as_clause && from == self.low && self.comma(told) && (cue.takes('p') || cue.lemma == "put") {
            let end = self.end;
            return finish(self.attribution(
                vec![told + 1..end],
                Some(subject.span),
                role,
                cue_span,
                cue.lemma,
                cue.class,
                "as somebody said",
            ));
        }
        if as_clause && from > self.low {
            return None;
        }
        let clause = Clause { at, after_cue, addressed, told, from };
        finish(self.before_said(clause, cue, subject))
    }

    /// Whether the clause goes on at `from` after an attribution inside it: with its verb, or with a clause.
    pub(super) fn clause_goes_on(&self, from: usize) -> bool {
        let opens = self.free(from)
            && from < self.end
            && (self.tokens[from].tag == Tag::Auxiliary
                || (self.tokens[from].tag == Tag::Verb && !self.tokens[from].lower.ends_with("ing")));
        // "Her critic, she adds, mistakes his bad years for a law": a verb that no list has.
        let third = || {
            from + 2 < self.end
                && self.free(from)
                && self.free(from + 1)
                && self.tokens[from].tag == Tag::Noun
                && self.tokens[from].lower.ends_with('s')
                && !self.tokens[from].lower.ends_with("ss")
                && matches!(
                    self.tokens[from + 1].tag,
                    Tag::Determiner | Tag::Pronoun | Tag::Adverb | Tag::Adjective
                )
        };
        opens || third() || finite(self.tokens, from, self.end)
    }

    /// The subject of a sentence that opens with a preposition and the participle at `at`: "Since announcing that he would leave, Hale has ...".
    fn subject_of_main_clause(&self, at: usize) -> Option<Range<usize>> {
        let opens = at == self.low + 1 && self.among(self.low, "since after before while by in when");
        let comma = (at + 2..self.end.min(at + 40))
            .find(|&at| self.comma(at) && finite(self.tokens, at + 1, self.end))
            .filter(|_| opens)?;
        phrase_right(self.tokens, comma + 1, self.end).map(|after| comma + 1..after)
    }

    /// Whether what stands between `from` and a comma before `to` is a subject and a verb of saying: "the paper revealed".
    fn clause_tells(&self, from: usize, to: usize) -> bool {
        phrase_right(self.tokens, from, to).is_some_and(|verb| {
            let verb = (verb..verb + 2)
                .find(|&at| !(self.free(at) && self.tokens[at].tag == Tag::Adverb))
                .unwrap_or(verb);
            self.speech_verb(verb)
                && (verb + 1..to).all(|at| self.comma(at) || self.tokens[at].tag == Tag::Adverb)
        })
    }

    /// Where words end that begin at `from`: before a semicolon after which the narrator goes on about whoever speaks.
    fn own_to(&self, from: usize) -> usize {
        (from..self.end)
            .take(200)
            .find(|&at| {
                self.free(at) && self.tokens[at].text == ";" && self.is_any(at + 1, &["he", "she"])
                    // "..., he says, by the summer, and has promised to resign": what else the speaker did.
                    || self.comma(at)
                        && self.is(at + 1, "and")
                        && self.is_any(at + 2, &["has", "had"])
                        && self.speech_verb(at + 3)
                    // "..., he says, a gift, by which he means the road": the narrator explains.
                    || self.comma(at)
                        && self.is(at + 1, "by")
                        && self.is(at + 2, "which")
                        && self.among(at + 3, "he she they it")
            })
            .unwrap_or(self.end)
    }

    /// Whether a word before a comma belongs to what follows an attribution: "and", "which", "because".
    fn joins(&self, at: usize) -> bool {
        self.among(at, "and but which who where that because since while although whereas or when until")
    }
}
