//! Attributions whose verb stands before its subject: "…," said Karim.
//!
//! Enters: a unit and the position of a verb. Leaves: the attribution it makes. Always holds: what was said stands before the verb, and
//! the subject is a phrase after it.

use super::{Attribution, Class, Cue, Scene, Tag, Token, finite, lexicon, next_quotation, phrase_right};

impl Scene<'_> {
    /// Content, CUE SPEAKER.
    pub(super) fn inverted(&self, at: usize, cue: Cue, denied: bool) -> Option<Attribution> {
        let tokens = self.tokens;
        let mut before = at;
        while before > self.low && self.free(before - 1) && tokens[before - 1].tag == Tag::Adverb {
            before -= 1;
        }
        if before == self.low || cue.participle || cue.lemma == "tell" {
            return None;
        }
        // "Hale, host of “Morning Rounds,” said the minister had lied": a title in an apposition.
        let title = self.last_quotation(before).is_some_and(|first| {
            first > self.low + 2
                && self.is_title(first)
                && phrase_right(tokens, self.low + usize::from(self.is(self.low, "as")), before)
                    .is_some_and(|after| self.comma(after) && after < first)
        });
        if title {
            return None;
        }
        let quote_before = self.quoted(before - 1)
            || (before > self.low + 1 && self.divides(before - 1) && self.quoted(before - 2));
        // "That, says the researcher, changes everything": what is said may open with a single pronoun.
        let opens = before - self.low > 3
            || (before - self.low == 2
                && self.among(self.low, "that this it they these those he she none nobody everything"));
        // "The truce, insists Hale, is a fiction"
        let goes_on = || {
            before - self.low == 3
                && phrase_right(tokens, at + 1, self.end).is_some_and(|after| {
                    let after = self.apposition(after).filter(|_| self.comma(after)).unwrap_or(after);
                    self.comma(after) && after + 1 < self.end && tokens[after + 1].tag == Tag::Auxiliary
                })
        };
        if !(quote_before || (self.divides(before - 1) && cue.takes('p') && (opens || goes_on())))
            || !(cue.takes('q') || cue.takes('p'))
        {
            return None;
        }
        let first = at + 1;
        let after = phrase_right(tokens, first, self.end)?;
        if tokens[first..after].len() == 1
            && tokens[first].among("him her them us me little much nothing more so something")
        {
            return None;
        }
        // "says a statement signed by nine of them, “...”"
        let reduced = self.free(after)
            && after < self.end
            && tokens[after].tag == Tag::Verb
            && tokens[after].lower.ends_with("ed")
            && tokens[after - 1].tag == Tag::Noun;
        let after = if reduced {
            (after..self.end.min(after + 10)).find(|&at| self.comma(at)).unwrap_or(after)
        } else {
            after
        };
        let follows = tokens.get(after).filter(|_| after < self.end);
        let open = follows.is_none_or(|token| {
            !token.free()
                || token.is_comma()
                || token.is_dash()
                || matches!(token.text, ";" | ":" | "(")
                || matches!(token.tag, Tag::Preposition | Tag::Adverb | Tag::Conjunction)
                || token.among("who when as while during after whose")
        });
        if !open {
            return None;
        }
        // "That clan, he points out, holds none of the ports": what stands before is another attribution.
        let verb = if before >= self.low + 4 && self.is(before - 2, "out") {
            before - 3
        } else {
            before.saturating_sub(2)
        };
        let another = !quote_before
            && verb > self.low
            && (self.speech_verb(verb) || verb + 3 == before)
            && self.subject_left(verb - 1, verb, false).is_some();
        if another {
            return None;
        }
        if !quote_before {
            // "Hale, a former captain, tweeted a warning": a thing, and nobody who speaks.
            let thing = tokens[first].is_any(&["a", "an"])
                && !tokens[first..after].iter().any(|token| token.tag == Tag::Proper)
                && phrase_right(tokens, first, self.end).is_some_and(|after| {
                    !self.is_somebody(first..after) && !lexicon::is_document_noun(&tokens[after - 1].lower)
                });
            let pronoun = thing || tokens[first].tag == Tag::Pronoun;
            if pronoun
                || cue.class == Class::Judgement
                || self.subject_left(before - 1, before, false).is_some_and(|subject| {
                    subject
                        .role
                        .as_ref()
                        .is_some_and(|role| !finite(tokens, subject.span.start, role.start) && cue.noun_like)
                })
            {
                return None;
            }
            // "Hale, a historian, says the town ...": an apposition, not an inverted clause.
            if follows.is_some_and(|token| token.tag == Tag::Auxiliary)
                || self.subject_with_apposition(before - 1).is_some_and(|(name, _)| name.start == self.low)
            {
                return None;
            }
            // "Late last month, says a person with knowledge of the talks, the envoy put ...": the clause comes after.
            let goes_on = self.comma(after)
                && (self.clause_goes_on(after + 1)
                    // "That, says Hale, changes everything"
                    || before - self.low == 2 && self.free(after + 1) && tokens[(after + 1).min(self.end - 1)].lower.ends_with('s'));
            // "A lorry pays four times at the port, says Hale": a clause of some length, be its verb in no list.
            let from = self.clause_from(before);
            let long = cue.lemma == "say"
                && before - from >= 6
                && matches!(tokens[from].tag, Tag::Determiner | Tag::Proper | Tag::Noun | Tag::Number)
                && follows.is_none_or(|token| token.is_comma() || token.among("who whose"));
            if !goes_on && !long && !finite(tokens, from, before - 1) {
                return None;
            }
        }
        // "a tram driver outside the bank"
        let mut after = after;
        if self.among(after, "outside across near inside behind")
            && !tokens[first..after].iter().any(|token| token.tag == Tag::Proper)
            && let Some(further) = phrase_right(tokens, after + 1, self.end)
        {
            after = further;
        }
        let mut tail = after;
        let mut role = None;
        if self.comma(tail)
            && let Some(close) = self.apposition(tail)
        {
            role = Some(tail + 1..close);
            tail = close;
        }
        // "said its leader, Viktor Hale": the apposition is the name.
        let mut speaker = first..after;
        if let Some(inner) = role.clone()
            && inner.len() <= 5
            && tokens[inner.clone()].iter().all(Token::in_name)
            && (tokens[after - 1].tag != Tag::Proper || self.describes_somebody(after))
        {
            role = Some(speaker);
            speaker = inner;
        }
        let clause = self.clause_from(before);
        let mut content = vec![if quote_before { self.after_colon(clause, before) } else { clause }..before];
        let mut pattern = "inverted cue";
        if let Some(rest) = next_quotation(self.quotations, tail, self.end)
            && quote_before
            && rest.first <= tail + 26
            // "said Hale, host of “Morning Rounds.”"
            && !(self.is_title(rest.first) && self.among(rest.first - 1, "of on in the"))
            && tokens[after..=rest.first]
                .iter()
                .any(|token| token.is_comma() || token.is_colon() || token.is_dash())
            && !(tail..rest.first).any(|at| {
                tokens[at].tag == Tag::Verb
                    // "pointing at the water"
                    && lexicon::cue(&tokens[at].lower).is_some_and(|cue| cue.lemma != "point" || self.is(at + 1, "out"))
            })
        {
            content.push(rest.first..self.content_end(rest.first));
            pattern = "inverted cue between";
        } else if !quote_before
            && role.is_none()
            && self.comma(after)
            && (self.clause_goes_on(after + 1) || before - self.low == 2 && after + 2 < self.end)
            && !tokens[after + 1].lower.ends_with("ing")
            && !self.is_any(after + 1, &["who", "which", "whose"])
        {
            content.push(after + 1..self.end);
            pattern = "inverted cue between";
        } else if !quote_before
            && role.is_some()
            && self.comma(tail)
            && tail + 2 < self.end
            && tokens[tail + 1].tag == Tag::Auxiliary
        {
            // "The six hundred, maintains the former general, who led the army, were the small change."
            content.push(tail + 1..self.end);
            pattern = "inverted cue between";
        } else if !quote_before
            && role.is_none()
            && self.comma(after)
            && after + 8 > self.end
            && self.among(after + 1, "within without until before after since by despite during under")
        {
            // "It is issued, says the clerk, within a day."
            content.push(after + 1..self.end);
            pattern = "inverted cue between";
        } else if !quote_before
            && role.is_some()
            && self.comma(tail)
            && self.among(tail + 1, "and because but since")
            && finite(tokens, tail + 2, self.end)
            && !self.has_cue(tail + 2)
        {
            // "..., says its owner, Old Matthias, because a name is not enough"
            content.push(tail + 1..self.end);
            pattern = "inverted cue between";
        } else if !quote_before
            && let Some(sign) = (tail..self.end.min(tail + 12)).find(|&at| {
                self.free(at)
                    && (self.tokens[at].text == ";"
                        || (at == tail && self.free_colon(at) && !self.quoted(at + 1)))
            })
            && finite(tokens, sign + 1, self.end)
            && !self.has_cue(sign + 1)
        {
            // "..., predicts Hale; neither can admit it"
            content.push(sign + 1..self.end);
            pattern = "inverted cue between";
        }
        let mut made =
            self.attribution(content, Some(speaker), role, at..at + 1, cue.lemma, cue.class, pattern)?;
        made.denied = denied;
        Some(made)
    }
}
