//! The subject of a verb of saying.
//!
//! Enters: a unit and where the verb group begins. Leaves: the noun phrase that speaks, with what the text says it is.
//! Always holds: the phrase lies in the unit, before the verb or at its beginning.

use super::{Range, Scene, Subject, Tag, Token, lexicon, phrase_left, phrase_right};

/// What somebody calls or writes to do.
pub(super) const CALLS_TO: &str = "say tell announce complain report warn ask";

impl<'t> Scene<'t> {
    /// Skips adverbs and auxiliaries to the left of a verb: where the subject ends, the auxiliaries, whether negated.
    pub(super) fn before_auxiliaries(&self, verb: usize) -> (Option<usize>, Vec<&'t str>, bool) {
        let mut auxiliaries = Vec::new();
        let mut negated = false;
        let mut at = verb;
        let low = self.low.max(verb.saturating_sub(10));
        while at > low && self.tokens[at - 1].free() {
            let token = &self.tokens[at - 1];
            let not =
                token.is_any(&["not", "never", "nor"]) || token.lower.ends_with("n't") || token.is("cannot");
            // "has since denied"
            let since = token.is("since") && at >= low + 2 && self.tokens[at - 2].tag == Tag::Auxiliary;
            if !(since || matches!(token.tag, Tag::Auxiliary | Tag::Adverb))
                || (token.tag == Tag::Adverb && token.among("there here today yesterday tonight"))
            {
                break;
            }
            negated |= not;
            let tokens: &'t [Token<'t>] = self.tokens;
            auxiliaries.push(tokens[at - 1].lower.as_ref());
            at -= 1;
        }
        (at.checked_sub(1).filter(|&left| left >= self.low && at > self.low), auxiliaries, negated)
    }

    /// The subject whose last token is `last`; `before` is where the verb group begins.
    pub(super) fn subject_left(&self, last: usize, before: usize, participle: bool) -> Option<Subject> {
        let tokens = self.tokens;
        if !self.free(last) {
            return if participle { None } else { self.titled_subject(last) };
        }
        if tokens[last].is_comma() && !participle {
            return self.subject_with_apposition(last).map(|(span, role)| Subject {
                from: span.start.min(role.start),
                span,
                role: Some(role),
                pattern: None,
            });
        }
        if tokens[last].is_dash() && !participle && before > 0 {
            let open = (self.low..last).rev().take(30).find(|&at| self.free(at) && tokens[at].is_dash())?;
            let from = phrase_left(tokens, open.checked_sub(1)?, self.low)?;
            return Some(Subject { span: from..open, role: Some(open + 1..last), from, pattern: None });
        }
        // "they both believe"
        if tokens[last].is_any(&["both", "all"]) && last > self.low && self.is_any(last - 1, &["they", "we"])
        {
            return self.subject_left(last - 1, last, participle);
        }
        // "Strand and Anaya, who agree on little else, both consider"
        if tokens[last].among("both all each") && last > self.low + 2 && self.comma(last - 1) && !participle {
            return self.subject_left(last - 1, last, participle);
        }
        // "Hale himself has told"
        if tokens[last].among("himself herself itself themselves") && last > self.low && !participle {
            return self.subject_left(last - 1, before, participle);
        }
        // "A fisherman who saw the ship go down said": whatever the relative clause ends with.
        let Some(from) = phrase_left(tokens, last, self.low) else {
            let relative = self.own_relative(last)?;
            let start = phrase_left(tokens, relative - 1, self.low)?;
            return Some(Subject {
                span: start..relative,
                role: Some(relative..last + 1),
                from: start,
                pattern: None,
            });
        };
        if participle && from > self.low && self.free(from - 1) && tokens[from - 1].tag == Tag::Verb {
            return None;
        }
        if tokens[last].is_any(&["who", "which", "whom"]) {
            let mut end = from;
            if end > self.low && self.comma(end - 1) {
                end -= 1;
            }
            let antecedent = phrase_left(tokens, end.checked_sub(1)?, self.low);
            // "burned twice, according to local officials, who said": what a preposition governs is no apposition.
            let governed = antecedent.is_some_and(|antecedent| {
                antecedent > self.low
                    && self.is_any(antecedent - 1, &["to", "by"])
                    && tokens[last].is("who")
                    && lexicon::is_person_noun(&tokens[end - 1].lower)
            });
            if self.comma(from.checked_sub(1)?)
                && !governed
                && let Some((span, role)) = self.subject_with_apposition(from - 1)
                && antecedent.is_none_or(|antecedent| {
                    !tokens[antecedent..end].iter().any(|token| token.tag == Tag::Proper)
                        || span.start < antecedent
                            && tokens[span.clone()].iter().all(|token| token.tag == Tag::Proper)
                })
            {
                return Some(Subject {
                    from: span.start,
                    span,
                    role: Some(role),
                    pattern: Some("relative clause"),
                });
            }
            let mut start = antecedent?;
            // "the log of a sergeant, who noted": of a thing and a person, the person is meant by "who".
            if tokens[last].is("who")
                && let Some(of) = (start..end).rev().find(|&at| tokens[at].is("of"))
                && of + 2 < end
                && tokens[of + 1].tag == Tag::Determiner
                && lexicon::is_person_noun(&tokens[end - 1].lower)
                && !tokens[start..of].iter().any(|token| lexicon::is_person_noun(&token.lower))
            {
                start = of + 1;
            }
            return Some(Subject {
                span: start..end,
                role: None,
                from: start,
                pattern: Some("relative clause"),
            });
        }
        // "Imagery obtained by the group shows", "women consulted by the mission said"
        if from >= self.low + 3 && self.is(from - 1, "by") {
            // "traders interviewed separately by the Panel"
            let verb = if self.free(from - 2) && tokens[from - 2].tag == Tag::Adverb && from >= self.low + 4 {
                from - 3
            } else {
                from - 2
            };
            if tokens[verb].tag == Tag::Verb
                && self.free(verb)
                && matches!(tokens[verb - 1].tag, Tag::Noun | Tag::Proper)
                && !self.speech_verb(verb)
                && let Some(start) = phrase_left(tokens, verb - 1, self.low)
            {
                return Some(Subject { span: start..verb, role: None, from: start, pattern: None });
            }
        }
        // "Analysts who follow the group say": the subject is what the relative clause belongs to.
        if from > self.low
            && self.free(from - 1)
            && tokens[from - 1].is_word()
            && tokens[from - 1].tag != Tag::Conjunction
        {
            let low = self.low.max(from.saturating_sub(14));
            let relative = (low..from)
                .rev()
                .take_while(|&at| self.free(at) && !tokens[at].is_comma() && !self.speech_verb(at))
                .find(|&at| tokens[at].is_any(&["who", "that", "whose"]));
            if let Some(relative) = relative
                && relative > self.low
                && matches!(tokens[relative - 1].tag, Tag::Noun | Tag::Proper | Tag::Determiner)
                && (tokens[relative].is("who")
                    || tokens[relative].is("whose")
                    || lexicon::is_body_noun(&tokens[relative - 1].lower))
                && let Some(start) = phrase_left(tokens, relative - 1, self.low)
            {
                return Some(Subject {
                    span: start..relative,
                    role: Some(relative..last + 1),
                    from: start,
                    pattern: None,
                });
            }
        }
        // "A businessman with interests in the port, he claimed": what stands before describes whom the pronoun means.
        let described = tokens[last].is_any(&["he", "she", "they"])
            && from > self.low + 2
            && self.comma(from - 1)
            && self.is_any(self.low, &["a", "an"])
            && from - self.low <= 16
            && tokens[self.low..from - 1]
                .iter()
                .take_while(|token| token.tag != Tag::Preposition)
                .any(|token| lexicon::is_person_noun(&token.lower))
            && !tokens[self.low..from - 1].iter().any(|token| {
                !token.free() || token.is_comma() || matches!(token.tag, Tag::Verb | Tag::Auxiliary)
            });
        let role = described.then(|| self.low..from - 1);
        Some(Subject { span: from..last + 1, role, from, pattern: None })
    }

    /// "Hale, host of “Morning Rounds,”": the name before an apposition that ends with a title.
    fn titled_subject(&self, last: usize) -> Option<Subject> {
        let title =
            self.last_quotation(last + 1).filter(|&first| first > self.low + 2 && self.is_title(first))?;
        let comma =
            phrase_right(self.tokens, self.low, title).filter(|&comma| self.comma(comma) && comma < title)?;
        let span = self.low..comma;
        let named = self.tokens[span.clone()].iter().any(|token| token.tag == Tag::Proper);
        let plain = title - comma <= 12
            && !self.tokens[comma..title].iter().any(|token| token.tag == Tag::Auxiliary || token.is_dash());
        (named && plain).then(|| Subject {
            from: self.low,
            span,
            role: Some(comma + 1..last + 1),
            pattern: None,
        })
    }

    /// Where a relative clause begins that ends with `last` and belongs to a person, without a comma: "who" of "a fisherman who saw it go down".
    fn own_relative(&self, last: usize) -> Option<usize> {
        let tokens = self.tokens;
        let low = self.low.max(last.saturating_sub(14));
        let relative = (low + 1..last)
            .rev()
            .take_while(|&at| self.free(at) && !tokens[at].is_comma() && !self.speech_verb(at))
            .find(|&at| tokens[at].is("who"))?;
        (self.free(last) && tokens[last].is_word() && lexicon::is_person_noun(&tokens[relative - 1].lower))
            .then_some(relative)
    }

    /// NAME, apposition, at the comma that closes the apposition: the name and the apposition.
    pub(super) fn subject_with_apposition(&self, comma: usize) -> Option<(Range<usize>, Range<usize>)> {
        let tokens = self.tokens;
        let low = self.low.max(comma.saturating_sub(32));
        let mut fallback = None;
        // "a captain who was there, and who has left since, told me"
        let again = (low + 3..comma)
            .rev()
            .find(|&at| self.is(at, "who") && self.is(at - 1, "and") && self.comma(at - 2));
        if let Some(again) = again
            && let Some(first) = (low + 1..again - 2).find(|&at| self.is(at, "who"))
            && let Some(from) = phrase_left(tokens, first - 1, self.low)
        {
            return Some((from..first, first..comma));
        }
        for open in (low..comma).rev() {
            if !self.free(open) {
                break;
            }
            if !tokens[open].is_comma() || open + 1 >= comma || open == self.low {
                continue;
            }
            let first = &tokens[open + 1];
            let opens = matches!(
                first.tag,
                Tag::Determiner | Tag::Number | Tag::Noun | Tag::Adjective | Tag::Proper | Tag::Adverb
            ) || first.among("who which whose to through via of in by with speaking writing citing quoting for from like asked when at on himself herself referring addressing while although though despite after before unlike along together however meanwhile too among including notably especially") || first.tag == Tag::Verb;
            if !opens {
                continue;
            }
            let Some(from) = phrase_left(tokens, open - 1, self.low) else { continue };
            let name = from..open;
            let role = open + 1..comma;
            // "Hale's wife, Lena, says": whose wife she is does not name her.
            let named = |range: &Range<usize>| {
                let owner = range
                    .clone()
                    .rev()
                    .find(|&at| tokens[at].tag == Tag::Possessive || matches!(tokens[at].text, "’" | "'"));
                let own = owner.map_or(range.start, |owner| owner + 1);
                tokens[own..range.end].iter().any(|token| token.tag == Tag::Proper)
            };
            let from_inner =
                role.start + usize::from(tokens[role.start].is_any(&["the", "a", "an"]) && role.len() > 1);
            let inner = &tokens[from_inner..role.end];
            let bracketed = inner.len() <= 8
                && inner.iter().any(|token| token.text == "(")
                && inner.iter().all(|token| {
                    matches!(
                        token.tag,
                        Tag::Proper | Tag::Noun | Tag::Adjective | Tag::Punctuation | Tag::Verb
                    )
                });
            let inner_named =
                inner.iter().all(Token::in_name) || (bracketed && tokens[role.end - 1].tag == Tag::Proper);
            let described = tokens[name.start].tag == Tag::Determiner
                || tokens[name.clone()].iter().any(|token| token.tag == Tag::Possessive)
                || tokens[name.start].is_any(&["its", "his", "her", "their", "my"]);
            // "Its chair, Foreign Minister Aisha Dembo of Karan, said"
            let titled = described
                && !named(&name)
                && inner.len() <= 9
                && inner.iter().take_while(|token| token.tag == Tag::Proper).count() >= 2
                && inner.iter().all(|token| {
                    token.tag == Tag::Proper || token.among("of from the in for") || token.tag == Tag::Number
                });
            // "The head of the team, retired general Piet Vaandrager, said": a role in small letters before the name.
            let small = inner.iter().take_while(|token| token.tag != Tag::Proper).count();
            let ranked = described
                && !named(&name)
                && (1..=4).contains(&small)
                && inner.len() >= small + 2
                && inner[..small]
                    .iter()
                    .any(|token| lexicon::is_person_noun(&token.lower) || token.lower.ends_with("-year-old"))
                && inner[..small].iter().all(|token| {
                    matches!(token.tag, Tag::Noun | Tag::Adjective | Tag::Number)
                        || token.lower.ends_with("ed")
                        || token.text == "-"
                })
                && inner[small..].iter().all(Token::in_name);
            // "One, a teacher, stated"
            let counted = name.len() == 1
                && tokens[name.start].among("one another two three several others")
                && tokens[role.start].tag == Tag::Determiner;
            if counted {
                return Some((role, name));
            }
            let pair = if (inner_named || titled || ranked) && (described || !named(&name)) {
                (role, name)
            } else {
                (name, role)
            };
            if named(&pair.0) || tokens[pair.0.clone()].iter().any(|token| token.tag == Tag::Pronoun) {
                return Some(pair);
            }
            fallback = fallback.or(Some(pair));
        }
        fallback
    }

    /// "He identified himself as Major Hale and said": the name by which the subject introduces itself before `to`.
    fn introduced_as_from(&self, to: usize) -> Option<usize> {
        let low = self.low.max(to.saturating_sub(12));
        (low..to).rev().find(|&at| {
            self.is(at, "as")
                && at > low
                && self.is_any(at - 1, &["himself", "herself", "themselves", "themself"])
        })
    }

    /// The name after "identified himself as", if one stands between the subject and `to`.
    pub(super) fn introduced_as(&self, to: usize) -> Option<Range<usize>> {
        let from = self.introduced_as_from(to)? + 1;
        let after = phrase_right(self.tokens, from, to)?;
        self.tokens[from..after].iter().any(|token| token.tag == Tag::Proper).then_some(from..after)
    }

    /// The subject of the unit: the noun phrase that opens it, after a fronted phrase.
    pub(super) fn leading_subject(&self, before: usize) -> Option<Range<usize>> {
        let mut from = self.low;
        while from < before
            && (matches!(self.tokens[from].tag, Tag::Conjunction | Tag::Adverb)
                || self.tokens[from].is_comma())
        {
            from += 1;
        }
        if from < before
            && (matches!(self.tokens[from].tag, Tag::Preposition | Tag::Subordinator)
                || (self.tokens[from].tag == Tag::Verb))
        {
            let comma = (from..before.min(from + 25)).find(|&at| self.comma(at));
            from = match comma.filter(|&comma| comma + 1 < before) {
                Some(comma) => comma + 1,
                // "On Sunday morning Hale made a third attempt, writing that"
                None if self.among(from, "on in")
                    && self.free(from + 1)
                    && lexicon::is_month_or_day(&self.tokens[from + 1].lower) =>
                {
                    from + 2 + usize::from(self.among(from + 2, "night morning afternoon evening"))
                }
                None => return None,
            };
        }
        let after = phrase_right(self.tokens, from, before)?;
        // "A spokesperson for the ministry, Lidia Cheng, rejected ... saying": the name is in the apposition.
        if self.comma(after) && !self.tokens[from..after].iter().all(|token| token.tag == Tag::Proper) {
            let close = (after + 1..before.min(after + 8)).find(|&at| self.comma(at));
            if let Some(close) = close
                && close > after + 1
                && self.tokens[after + 1..close].iter().all(Token::in_name)
            {
                return Some(after + 1..close);
            }
        }
        Some(from..after)
    }

    /// The verb that governs an infinitive of saying, if the saying took place: "went on to say" begins at "went".
    pub(super) fn governor(&self, to: usize) -> Option<usize> {
        let before = to.checked_sub(1).filter(|&before| before >= self.low && self.free(before))?;
        let token = &self.tokens[before];
        if token.is("on") && before > self.low && self.is_any(before - 1, &["went", "goes", "go", "going"]) {
            return Some(before - 1);
        }
        // "had called her on Sunday to say that"
        let called = (self.low.max(to.saturating_sub(7))..to)
            .rev()
            .take_while(|&at| self.free(at) && !self.comma(at) && self.tokens[at].tag != Tag::Conjunction)
            .find(|&at| self.among(at, "called phoned telephoned rang wrote radioed"));
        if called.is_some_and(|called| called > self.low) && self.among(to + 1, CALLS_TO) {
            return called;
        }
        if token.among(
            "likes liked loves continued continues continue rushed moved hastened came come comes dared proceeded used chose",
        ) {
            return Some(before);
        }
        if token.is("first") && before > self.low && self.is(before - 1, "the") {
            return Some(before - 1);
        }
        if token.among("quick keen careful eager first right pains likely") {
            return Some(before);
        }
        None
    }

    /// "the reports state" may be a verb, "the report states" too, but "security reports" is a noun after a plural, and so on.
    pub(super) fn number_forbids(&self, left: usize, token: &Token<'_>) -> bool {
        let before = &self.tokens[left];
        if !before.free()
            || before.tag == Tag::Pronoun
            || token.lower.ends_with("ed")
            || token.lower.ends_with("ing")
            || before.is_comma()
            || before.is_any(&["who", "which", "and", "that"])
        {
            // "Both of them say"
            let of_them = left > self.low && self.is(left - 1, "of");
            return before.tag == Tag::Pronoun && before.among("him her them us me") && !of_them;
        }
        // "the former suspects that", "her firm forecasts that"
        if before.is_any(&["former", "latter", "firm"]) {
            return false;
        }
        // "Diplomats who helped to draft the text concede": the verb agrees with whom the clause belongs to.
        let before = self.own_relative(left).map_or(before, |relative| &self.tokens[relative - 1]);
        // "Records obtained by the Panel show": what stands before is not what the verb agrees with.
        if (self.low.max(left.saturating_sub(3))..left).any(|at| self.is(at, "by")) {
            return false;
        }
        // "Analysts at Northern Watch expect": the head of the phrase, and not what a preposition governs.
        let relative = self.own_relative(left).is_some();
        let before = phrase_left(self.tokens, left, self.low)
            .filter(|_| !relative)
            .and_then(|from| {
                (from + 1..left)
                    .find(|&at| self.tokens[at].tag == Tag::Preposition && self.free(at))
                    .map(|at| at - 1)
            })
            // "People close to the governor insist"
            .map(|head| {
                if head > self.low
                    && (self.tokens[head].tag == Tag::Adjective || self.among(head, "close familiar present"))
                {
                    head - 1
                } else {
                    head
                }
            })
            .map_or(before, |head| &self.tokens[head]);
        let word: &str = &before.lower;
        let plural = (word.ends_with('s')
            && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
            && (before.tag != Tag::Proper || !token.lower.ends_with('s')))
            || matches!(
                word,
                "people" | "police" | "men" | "women" | "many" | "some" | "both" | "most" | "few" | "several"
            );
        let joined = (self.low.max(left.saturating_sub(5))..left).any(|at| self.is(at, "and"));
        // "in nine states"
        let counted = before.tag == Tag::Number && !before.is("one");
        if token.lower.ends_with('s') && !token.lower.ends_with("ss") {
            plural
                || counted
                || before.tag == Tag::Preposition
                || before.tag == Tag::Adjective
                || before.tag == Tag::Verb
        } else {
            !plural
                && !joined
                && !matches!(token.lower.as_ref(), "say" | "think")
                && !matches!(token.lower.as_ref(), "said" | "forecast" | "thought" | "quote")
        }
    }
}
