//! Attributions that no verb makes: "according to", points of view, nouns and states of mind that take a clause.
//!
//! Enters: a unit and the position of a word. Leaves: the attribution that the word begins, if it begins one.
//! Always holds: who is spoken for stands in the same unit.

use super::{
    Attribution, CLAIM_NOUNS, Class, MINDS, Scene, Tag, Token, VIEWS, finite, lexicon, phrase_left,
    phrase_right,
};

/// People whose business it is to have views.
const EXPERTS: &str = "analyst pollster economist historian sociologist anthropologist demographer scholar professor researcher academic lecturer philosopher political-scientist strategist theorist commentator columnist geographer";

impl Scene<'_> {
    pub(super) fn according(&self, at: usize) -> Option<Attribution> {
        let first = if self.is(at, "according") && self.is(at + 1, "to") {
            at + 2
        } else if self.is(at, "per") && at > self.low && self.comma(at - 1) {
            at + 1
        } else {
            return None;
        };
        let after = phrase_right(self.tokens, first, self.end)?;
        let cue = at..first;
        // "told parliament that according to the police, ...": only what follows is theirs.
        if at > self.low && self.is(at - 1, "that") {
            let comma = (after..self.end.min(after + 25)).find(|&at| self.comma(at))?;
            return self.attribution(
                vec![comma..self.content_end(comma + 1)],
                Some(first..after),
                None,
                cue,
                "according to",
                Class::Speech,
                "according to, before",
            );
        }
        let fronted = at == self.low
            || (at == self.low + 1 && matches!(self.tokens[self.low].tag, Tag::Conjunction | Tag::Adverb));
        if fronted {
            let mut role = None;
            let mut content = after;
            let mut comma = (after..self.end.min(after + 25)).find(|&at| self.comma(at) || self.quoted(at));
            if let Some(open) = comma.filter(|&open| self.comma(open))
                // "According to the cable, the minister, Omar Sidi, confided": no text is a minister.
                && !lexicon::is_document_noun(&self.tokens[after - 1].lower)
                // "According to him, the only thing that counts is ...": a pronoun has none.
                && self.tokens[first].tag != Tag::Pronoun
                && let Some(close) = self.apposition(open).filter(|&close| self.comma(close))
            {
                role = Some(open + 1..close);
                comma = Some(close);
            }
            if let Some(comma) = comma {
                content = comma;
            }
            let mut made = self.attribution(
                vec![content..self.clause_to(content)],
                Some(first..after),
                role,
                cue,
                "according to",
                Class::Speech,
                "according to, before",
            )?;
            made.weak = comma.is_none();
            return Some(made);
        }
        let mut tail = after;
        while tail < self.end && !self.divides(tail) && self.free(tail) && self.tokens[tail].text != ";" {
            tail += 1;
        }
        let mut before = at;
        while before > self.low && self.divides(before - 1) {
            before -= 1;
        }
        let from = self.clause_from(before);
        let mut content = vec![from..before];
        let mut role = None;
        let mut pattern = "according to, after";
        if self.comma(tail) {
            if let Some(close) = self.apposition(tail) {
                role = Some(tail + 1..close);
                if close + 2 < self.end
                    && self.comma(close)
                    && !self.is_any(close + 1, &["who", "which", "whose"])
                    && finite(self.tokens, close + 1, self.end)
                {
                    content.push(close..self.end);
                    pattern = "according to, between";
                }
            } else if tail + 3 < self.end
                && !self.tokens[tail + 1].lower.ends_with("ing")
                && (!self.among(tail + 1, "who which but and citing")
                    // ", according to Hale, and keeps them away": the clause goes on.
                    || self.is(tail + 1, "and")
                        && (matches!(self.tokens[tail + 2].tag, Tag::Verb | Tag::Auxiliary)
                            // "..., according to Hale, and three of them can sing"
                            || finite(self.tokens, tail + 2, self.end) && !self.has_cue(tail + 2)))
            {
                content.push(tail..self.end);
                pattern = "according to, between";
            }
        }
        self.attribution(content, Some(first..after), role, cue, "according to", Class::Speech, pattern)
    }

    /// Whether "the leader of the Progressives", or the like, ends before `end`.
    pub(super) fn describes_somebody(&self, end: usize) -> bool {
        let low = self.low.max(end.saturating_sub(8));
        (low..end).rev().take_while(|&at| self.free(at) && !self.comma(at)).any(|at| {
            self.is_any(at, &["of", "for", "at", "from", "in"])
                && at > low + 1
                && lexicon::is_person_noun(&self.tokens[at - 1].lower)
                && self.tokens[at - 1].tag != Tag::Proper
        })
    }

    /// Where an apposition ends that begins after the comma at `comma`: the next comma or the end of the unit.
    pub(super) fn apposition(&self, comma: usize) -> Option<usize> {
        let first = comma + 1;
        if first >= self.end || !self.free(first) {
            return None;
        }
        let token = &self.tokens[first];
        let opens = token.among("a an the who whose which head director chief professor author co-author co-founder former his her one senior") || token.tag == Tag::Number
            || lexicon::is_person_noun(&token.lower)
            || (self.among(first, "formerly now himself herself speaking"));
        let run = self.name_words(first, 6);
        let name = run > 0
            && (first + run >= self.end || self.comma(first + run) || self.tokens[first + run].text == ";")
            && comma > self.low
            && (self.tokens[comma - 1].tag == Tag::Noun || self.describes_somebody(comma));
        if name {
            return Some(first + run);
        }
        if !opens {
            return None;
        }
        let stop = self.end.min(first + 30);
        let mut close = (first..stop)
            .find(|&at| {
                self.comma(at) || self.quoted(at) || self.tokens[at].is_dash() || self.tokens[at].text == ";"
            })
            .unwrap_or(stop);
        // "a professor of law, politics and history at ..., " is one apposition: go on while no finite verb has been seen.
        let relative = token.is_any(&["who", "whose", "which"]);
        let clause = (first..close).find(|&at| self.among(at, "who which that whose where")).unwrap_or(close);
        if !relative && finite(self.tokens, first, clause) {
            return None;
        }
        while self.comma(close)
            && close + 2 < stop
            && self.tokens[close + 1].tag == Tag::Noun
            && !self.tokens[close + 1].lower.ends_with("ing")
        {
            let next = (close + 1..stop).find(|&at| self.comma(at) || self.quoted(at)).unwrap_or(stop);
            if next < stop
                && !finite(self.tokens, close + 1, next)
                && self.tokens[close + 1..next].iter().any(|token| token.is("and"))
            {
                close = next;
            } else {
                break;
            }
        }
        Some(close)
    }

    pub(super) fn point_of_view(&self, at: usize) -> Option<Attribution> {
        let fronted = at == self.low
            || (at == self.low + 1 && matches!(self.tokens[self.low].tag, Tag::Conjunction | Tag::Adverb))
            || (at > self.low + 1 && self.divides(at - 1));
        // "He counted the lorries, and in his experience they come at night"
        let joined =
            !fronted && at > self.low + 2 && self.is_any(at - 1, &["and", "but"]) && self.comma(at - 2);
        if !(fronted || joined) {
            return None;
        }
        let to_somebody = self.is(at, "to")
            && at == self.low
            && self.tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Proper)
            && self.comma(at + 1 + self.name_words(at + 1, 4));
        let (speaker, view) = if self.is_any(at, &["in", "by", "to", "on"]) && !to_somebody {
            // "in Hale's view", "in the view of Hale", "in her words", "to use Hale's words"
            let limit = self.end.min(at + 14);
            let view = (at + 1..limit)
                .take_while(|&next| self.free(next) && !self.tokens[next].is_comma())
                .find(|&next| self.among(next, VIEWS))?;
            // "on her reading of the maps": hers, and not the maps'.
            let owned = self.is_any(view - 1, &["his", "her", "their", "its"])
                || self.tokens[view - 1].tag == Tag::Possessive;
            if self.is(view + 1, "of") && !owned {
                let after = phrase_right(self.tokens, view + 2, self.end)?;
                (view + 2..after, after)
            } else {
                let possessive = (at + 1..view).rev().find(|&next| {
                    self.tokens[next].tag == Tag::Possessive
                        || self.is_any(next, &["his", "her", "their", "its"])
                        || self.tokens[next].text == "’"
                        || self.tokens[next].text == "'"
                })?;
                let pronoun = self.is_any(possessive, &["his", "her", "their", "its"]);
                let span = if pronoun {
                    possessive..possessive + 1
                } else {
                    phrase_left(self.tokens, possessive.checked_sub(1)?, at + 1)?..possessive
                };
                let of = self.is(view + 1, "of").then(|| phrase_right(self.tokens, view + 2, self.end));
                (span, of.flatten().unwrap_or(view + 1))
            }
        } else if self.is_any(at, &["for", "to"])
            && self.tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Proper)
            && at == self.low
        {
            let mut after = phrase_right(self.tokens, at + 1, self.end)?;
            // "For General Hale (retired), "
            if self.free(after) && after < self.end && self.tokens[after].text == "(" {
                let close = (after..self.end.min(after + 8))
                    .find(|&at| self.free(at) && self.tokens[at].text == ")")?;
                after = close + 1;
            }
            // "For Beatrix Hale the siege is a bargain"
            let runs_on = self.is(at, "for")
                && after >= at + 3
                && tokens_name(&self.tokens[at + 1..after])
                && self.free(after)
                && after < self.end
                && (self.tokens[after].tag == Tag::Determiner || self.among(after, "it this there such"));
            if !(self.comma(after) || runs_on) || lexicon::is_month_or_day(&self.tokens[at + 1].lower) {
                return None;
            }
            (at + 1..after, after)
        } else if self.is(at, "for") && self.among(at + 1, "him her") && at == self.low {
            // "For him, the danger is a president", "For her the test will be the election"
            let opens = |next: usize| {
                self.free(next)
                    && next < self.end
                    && (self.tokens[next].is_comma()
                        || self.tokens[next].tag == Tag::Determiner
                        || self.is_any(next, &["it", "there", "nothing"]))
            };
            if !opens(at + 2) {
                return None;
            }
            (at + 1..at + 2, at + 2)
        } else if self.is(at, "for")
            && at == self.low
            && self.is(at + 1, "the")
            && let Some(after) = phrase_right(self.tokens, at + 2, self.end)
            && self.comma(after)
            // "For the former diplomat, the sanctions failed": whoever has been named.
            && (self.is(after + 1, "who")
                // "For the mayor, Leila Karim, the matter is plain"
                || self.name_words(after + 1, 4) >= 2 && self.comma(after + 1 + self.name_words(after + 1, 4))
                || (self.is_any(at + 2, &["former", "retired"])
                    // "For the pollster, the result will hang on the weather": whose business views are.
                    || self.among(after - 1, EXPERTS))
                    && finite(self.tokens, after + 1, self.end))
            && after <= at + 5
            && lexicon::is_person_noun(&self.tokens[after - 1].lower)
            && !self.tokens[after - 1].lower.ends_with('s')
        {
            // "For the commissioner, who receives visitors in a shed, such lists are a nuisance"
            (at + 1..after, after)
        } else {
            return None;
        };
        let bare = self.is_any(at, &["for", "to"]) && view == speaker.end;
        let mut from = view;
        let mut role = None;
        if self.comma(from)
            && let Some(close) = self.apposition(from).filter(|&close| self.comma(close))
        {
            role = Some(from + 1..close);
            from = close;
        }
        let after_sign = self.comma(from)
            || bare
                && self.tokens.get(from).is_some_and(|next| {
                    next.tag == Tag::Determiner || next.is_any(&["it", "this", "there", "such"])
                })
            || self.quoted(from)
            || self.free(from) && (self.tokens[from].is_colon() || self.tokens[from].is_dash());
        let medial = at > self.low + 1 && !joined;
        if medial {
            if !(self.comma(from) || from >= self.end) {
                return None;
            }
            let mut said = self.clause_from(at)..at;
            // "The four are clever, yet clever men, in her experience, ...": what stands against it is a claim of its own.
            let against =
                (said.start + 4..at).rev().find(|&at| self.comma(at) && self.is_any(at + 1, &["but", "yet"]));
            if let Some(against) = against.filter(|&against| against + 3 < at) {
                said.start = against + 2;
            }
            // "fighting in which, by the government's count, hundreds died": only what follows.
            let joined = (said.start..said.end).rev().find(|&at| !self.comma(at)).is_some_and(|at| {
                self.among(at, "which who where whose that because since although while whereas")
                    // "exact, stubborn and, in the words of one, “impossible to bribe”"
                    || self.is_any(at, &["and", "or", "but"]) && self.quoted(from + usize::from(self.comma(from)))
            });
            let mut content = if joined && from < self.end { Vec::new() } else { vec![said] };
            if from < self.end {
                content.push(from..self.end);
            }
            return self.attribution(
                content,
                Some(speaker),
                role,
                at..view.max(at + 1),
                "view",
                Class::Thought,
                "point of view, between",
            );
        }
        if (bare && !after_sign) || !finite(self.tokens, from, self.end) {
            return None;
        }
        // "For Hale, it was a day of joy", "For Dembo, 38% of voters would be alarmed": what came of it, or is counted, is no view.
        let first = from + usize::from(self.comma(from));
        let told = self.is(first, "it") && self.among(first + 1, "was had")
            || self.free(first) && first < self.end && self.tokens[first].tag == Tag::Number;
        if bare && told {
            return None;
        }
        let mut made = self.attribution(
            vec![from..if joined { self.content_end(from) } else { self.clause_to(from) }],
            Some(speaker),
            role,
            at..if bare { at + 1 } else { view },
            if bare { "for" } else { "view" },
            Class::Thought,
            if bare { "for somebody" } else { "point of view" },
        )?;
        made.weak = bare;
        Some(made)
    }

    /// "Hale's warning that ...", "warnings from officials that ...", "his view is that ...".
    pub(super) fn claim_noun(&self, at: usize) -> Option<Attribution> {
        if !self.among(at, CLAIM_NOUNS) || self.tokens[at].tag == Tag::Verb {
            return None;
        }
        let mut next = at + 1;
        let mut speaker = None;
        // "Hale's reply: “...”"
        if self.free(next)
            && self.tokens[next].is_colon()
            && at > self.low
            && (self.quoted(next + 1) || finite(self.tokens, next + 1, self.end))
        {
            let owner = at - 1;
            let pronoun = self.is_any(owner, &["his", "her", "their", "its"]);
            let owned = pronoun || self.tokens[owner].tag == Tag::Possessive;
            let from = if pronoun {
                Some(owner)
            } else {
                owner.checked_sub(1).and_then(|last| phrase_left(self.tokens, last, self.low))
            };
            if let Some(from) = from.filter(|_| owned && self.free(owner)) {
                let span = from..if pronoun { owner + 1 } else { owner };
                return self.attribution(
                    vec![next + 1..self.content_end(next + 1)],
                    Some(span),
                    None,
                    at..at + 1,
                    "reply",
                    Class::Speech,
                    "noun and colon",
                );
            }
        }
        if self.is_any(next, &["by", "from", "of", "among"]) {
            let after = phrase_right(self.tokens, next + 1, self.end)?;
            speaker = Some(next + 1..after);
            next = after;
        }
        // "Its position, set out in a letter, is that"
        if self.comma(next)
            && let Some(close) = (next + 1..self.end.min(next + 14)).find(|&at| self.comma(at))
            && self.is_any(close + 1, &["is", "was"])
        {
            next = close + 1;
        }
        if self.is_any(next, &["is", "was", "has", "remains"]) {
            next += if self.is(next, "has") && self.is(next + 1, "been") { 2 } else { 1 };
            if self
                .tokens
                .get(next)
                .is_some_and(|token| token.tag == Tag::Adverb || token.is("simple") || token.is("clear"))
            {
                next += 1;
            }
            if !(self.is(next, "that") || self.free(next) && self.tokens[next].is_colon()) {
                return None;
            }
        }
        if !(self.is(next, "that") || (self.free(next) && self.tokens[next].is_colon() && next > at + 1))
            || !finite(self.tokens, next + 1, self.end)
        {
            return None;
        }
        if speaker.is_none() && at >= self.low + 4 && self.is_any(at - 1, &["the"]) && self.is(at - 2, "of") {
            // "was of the view that"
            let (left, auxiliaries, _) = self.before_auxiliaries(at - 2);
            if !auxiliaries.is_empty()
                && let Some(subject) = left.and_then(|left| self.subject_left(left, at - 2, false))
            {
                return self.attribution(
                    vec![next + 1..self.content_end(next + 1)],
                    Some(subject.span),
                    subject.role,
                    at - 2..at + 1,
                    "be of the view",
                    Class::Thought,
                    "state of mind",
                );
            }
        }
        if speaker.is_none() {
            // The owner stands before: a possessive, a pronoun, or the subject of "expressed", "repeated", "rejected".
            let low = self.low.max(at.saturating_sub(8));
            let owner = (low..at).rev().take_while(|&before| self.free(before)).find(|&before| {
                self.tokens[before].tag == Tag::Possessive
                    || self.is_any(before, &["his", "her", "their", "its"])
                    || (matches!(self.tokens[before].text, "’" | "'"))
            });
            if let Some(owner) = owner {
                let pronoun = self.tokens[owner].tag == Tag::Determiner;
                speaker = if pronoun {
                    Some(owner..owner + 1)
                } else {
                    phrase_left(self.tokens, owner.checked_sub(1)?, self.low).map(|from| from..owner)
                };
            } else {
                let verb = (low..at)
                    .rev()
                    .take_while(|&before| self.free(before) && !self.tokens[before].is_comma())
                    .find(|&before| {
                        self.among(before, "express expressed expresses expressing voiced voices repeated reiterated made make makes making draws drew issued issues raised stated conveyed advanced has holds shares shared defended offered gave")
                    })?;
                let (left, _, _) = self.before_auxiliaries(verb);
                let subject = self.subject_left(left?, verb, false)?;
                let content = vec![next + 1..self.content_end(next + 1)];
                return self.attribution(
                    content,
                    Some(subject.span),
                    subject.role,
                    verb..at + 1,
                    "express",
                    Class::Speech,
                    "noun with a clause",
                );
            }
        }
        let speaker = speaker?;
        let content = vec![next + 1..self.content_end(next + 1)];
        let mut made = self.attribution(
            content,
            Some(speaker),
            None,
            at..at + 1,
            "claim",
            Class::Speech,
            "noun with a clause",
        )?;
        made.weak = true;
        Some(made)
    }

    /// "Hale is convinced that ...".
    pub(super) fn state_of_mind(&self, at: usize) -> Option<Attribution> {
        if !self.among(at, MINDS) || at == self.low {
            return None;
        }
        let (left, auxiliaries, denied) = self.before_auxiliaries(at);
        let left = left?;
        let copula = auxiliaries
            .iter()
            .any(|word| matches!(*word, "is" | "are" | "was" | "were" | "been" | "be" | "'s" | "'re"))
            || self.among(left, "remain remains remained seems seemed sounded felt feels made make makes");
        if !copula {
            return None;
        }
        let verbal = self.tokens[left].tag == Tag::Verb;
        let subject_at = if verbal { self.before_auxiliaries(left).0? } else { left };
        let next = at + 1;
        let bare = self
            .is_any(at, &["sure", "confident", "convinced", "certain", "afraid", "hopeful", "adamant"])
            && self.free(next)
            && matches!(self.tokens[next].tag, Tag::Pronoun | Tag::Determiner | Tag::Proper)
            && finite(self.tokens, next, self.end.min(next + 12));
        let from = if self.is(next, "that") || (self.free(next) && self.tokens[next].is_colon()) {
            next + 1
        } else if bare {
            next
        } else {
            return None;
        };
        if self.is_any(subject_at, &["it", "there", "this"]) || (self.is_any(subject_at, &["i", "we", "you"]))
        {
            return None;
        }
        let subject = self.subject_left(subject_at, subject_at + 1, false)?;
        // "The way is clear: ...": no mind.
        if self.free_colon(next) && !self.is_somebody(subject.span.clone()) {
            return None;
        }
        let mut made = self.attribution(
            vec![from..self.content_end(from)],
            Some(subject.span),
            subject.role,
            at..at + 1,
            "be convinced",
            Class::Thought,
            "state of mind",
        )?;
        made.denied = denied;
        Some(made)
    }
}

/// Whether all words are a name.
fn tokens_name(words: &[super::Token<'_>]) -> bool {
    words.iter().all(Token::in_name)
}
