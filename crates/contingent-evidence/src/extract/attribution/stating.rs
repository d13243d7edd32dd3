//! Attributions by turns of phrase that state something: "puts the figure at", "puts it down to", "let it be known that".
//!
//! Enters: a unit and the position of a word of the phrase. Leaves: the attribution it makes. Always holds: somebody other than the writer and the
//! reader is its subject.

use super::{Attribution, Class, Range, Scene, Tag, phrase_left, phrase_right};

impl Scene<'_> {
    /// "puts the figure at twice that number": what is put at a number is said.
    pub(super) fn put_at(&self, at: usize) -> Option<Attribution> {
        let tokens = self.tokens;
        if tokens[at].tag != Tag::Verb || tokens[at].lower.ends_with("ing") {
            return None;
        }
        let limit = self.end.min(at + 16);
        // "puts this down to bad weather"
        let down = (at + 2..limit)
            .take_while(|&at| self.free(at) && !tokens[at].is_comma())
            .find(|&at| self.is(at, "down") && self.is(at + 1, "to"));
        if down.is_some_and(|down| down + 2 < self.end) {
            return self.stated(at..at + 1, at + 1, "attribute");
        }
        let sign = (at + 2..limit)
            .take_while(|&at| self.free(at) && !tokens[at].is_comma())
            .find(|&at| self.is(at, "at"))?;
        let measured = self.free(sign + 1)
            && sign + 1 < self.end
            && (tokens[sign + 1].tag == Tag::Number
                || self.among(sign + 1, "more less better worse about around nearly almost some between twice half least roughly under over well close only a"));
        if !measured || phrase_right(tokens, at + 1, self.end).is_none() {
            return None;
        }
        self.stated(at..at + 1, at + 1, "put")
    }

    /// "have let it be known that", "made it clear that"; "The gates, she makes clear, will stay shut".
    pub(super) fn made_known(&self, at: usize) -> Option<Attribution> {
        if !self.is_any(at, &["known", "clear", "plain"]) {
            return None;
        }
        let inside = at >= self.low + 5
            && self.among(at - 1, "made makes")
            && self.among(at - 2, "he she they it")
            && self.comma(at - 3)
            && self.comma(at + 1)
            && self.clause_goes_on(at + 2);
        if inside {
            return self.attribution(
                vec![self.clause_from(at - 3)..at - 3, at + 2..self.end],
                Some(at - 2..at - 1),
                None,
                at - 1..at + 1,
                "make known",
                Class::Speech,
                "cue between",
            );
        }
        let that = self.after_adverbials(at + 1);
        if !self.is(that, "that") {
            return None;
        }
        let verb = if self.is(at.wrapping_sub(1), "be") && self.is(at.wrapping_sub(2), "it") {
            at.checked_sub(3)
        } else if at > self.low && self.is(at - 1, "it") {
            at.checked_sub(2)
        } else {
            None
        }?;
        if verb < self.low || !self.among(verb, "let lets made makes make letting making") {
            return None;
        }
        if that + 1 < self.end { self.stated(verb..at + 1, that + 1, "make known") } else { None }
    }

    /// "His advice to the council is to wait": what somebody's advice is.
    pub(super) fn advice(&self, at: usize) -> Option<Attribution> {
        if at == self.low
            || !self.among(at, "advice recommendation proposal suggestion counsel prescription remedy plea")
        {
            return None;
        }
        let mut verb = at + 1;
        if self.is_any(verb, &["to", "for"]) {
            verb = phrase_right(self.tokens, verb + 1, self.end.min(at + 14))?;
        }
        let said = self.is_any(verb, &["is", "was", "remains"])
            && self.is(verb + 1, "to")
            && verb + 3 < self.end
            && self.free(verb + 2)
            && self.tokens[verb + 2].tag == Tag::Verb;
        if !said {
            return None;
        }
        let low = self.low.max(at.saturating_sub(8));
        let owner = (low..at).rev().take_while(|&before| self.free(before)).find(|&before| {
            self.tokens[before].tag == Tag::Possessive
                || self.is_any(before, &["his", "her", "their", "its"])
                || matches!(self.tokens[before].text, "’" | "'")
        })?;
        let speaker = if self.tokens[owner].tag == Tag::Determiner {
            owner..owner + 1
        } else {
            phrase_left(self.tokens, owner.checked_sub(1)?, self.low)?..owner
        };
        self.attribution(
            vec![verb + 1..self.content_end(verb + 1)],
            Some(speaker),
            None,
            at..at + 1,
            "advise",
            Class::Speech,
            "noun with a clause",
        )
    }

    /// What somebody other than the writer and the reader states from `from` on, with a verb that stands after its subject and opens `cue`.
    fn stated(&self, cue: Range<usize>, from: usize, lemma: &'static str) -> Option<Attribution> {
        let (left, _, denied) = self.before_auxiliaries(cue.start);
        let subject = left.and_then(|left| self.subject_left(left, cue.start, false))?;
        if denied || self.is_any(subject.span.start, &["i", "we", "you"]) {
            return None;
        }
        let content = vec![from..self.content_end(from)];
        self.attribution(content, Some(subject.span), subject.role, cue, lemma, Class::Speech, "cue before")
    }
}
