//! Attributions by turns of phrase that state something: "puts the figure at", "puts it down to", "let it be known that".
//!
//! Enters: a unit and the position of a word of the phrase. Leaves: the attribution it makes. Always holds: somebody other than the writer and the
//! reader is its subject.

use super::{Attribution, Class, Range, Scene, Tag, phrase_right};

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

    /// "have let it be known that", "made it clear that".
    pub(super) fn made_known(&self, at: usize) -> Option<Attribution> {
        if !self.is_any(at, &["known", "clear", "plain"]) {
            return None;
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
