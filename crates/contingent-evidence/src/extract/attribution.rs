//! Who is said to have said what, one unit at a time.
//!
//! Enters: the tagged tokens of a paragraph and one unit of it. Leaves: attributions as ranges of tokens.
//! Always holds: content, speaker and cue lie in the unit; a cue outside quotations gives at most one attribution.

#![expect(clippy::single_range_in_vec_init, reason = "a content is a list of ranges, most often of one")]

use std::ops::Range;

use super::grammar::{finite, next_quotation, phrase_left, phrase_right};
use super::lexicon::{self, Class, Cue};
use super::quotation::Quotation;
use super::token::{Tag, Token};

/// An attribution, in positions of tokens.
#[derive(Debug, Clone)]
pub(super) struct Attribution {
    pub(super) content: Vec<Range<usize>>,
    pub(super) speaker: Option<Range<usize>>,
    pub(super) role: Option<Range<usize>>,
    pub(super) cue: Option<Range<usize>>,
    pub(super) lemma: &'static str,
    pub(super) class: Class,
    pub(super) pattern: &'static str,
    /// The cue itself is negated: "did not say that".
    pub(super) denied: bool,
    /// The pattern is often something else.
    pub(super) weak: bool,
    /// Who passed the words on: "quoted by", "citing".
    pub(super) through: Option<Range<usize>>,
}

/// One unit of a paragraph.
#[derive(Clone, Copy)]
pub(super) struct Scene<'t> {
    pub(super) tokens: &'t [Token<'t>],
    pub(super) quotations: &'t [Quotation],
    pub(super) low: usize,
    pub(super) end: usize,
}

struct Subject {
    span: Range<usize>,
    role: Option<Range<usize>>,
    /// Where the clause of the subject begins.
    from: usize,
    pattern: Option<&'static str>,
}

/// Words that a noun phrase after them turns into a point of view.
const VIEWS: &[&str] = &[
    "view",
    "opinion",
    "words",
    "assessment",
    "eyes",
    "account",
    "judgement",
    "judgment",
    "telling",
    "reading",
    "estimation",
    "analysis",
    "estimate",
    "estimates",
    "mind",
    "phrase",
    "formulation",
    "interpretation",
];
/// Nouns that take a clause with "that" and belong to whoever is named with them.
const CLAIM_NOUNS: &[&str] = &[
    "claim",
    "claims",
    "warning",
    "warnings",
    "statement",
    "assertion",
    "assertions",
    "argument",
    "arguments",
    "belief",
    "view",
    "allegation",
    "allegations",
    "insistence",
    "contention",
    "conclusion",
    "suggestion",
    "fear",
    "fears",
    "hope",
    "hopes",
    "concern",
    "concerns",
    "prediction",
    "predictions",
    "announcement",
    "admission",
    "complaint",
    "complaints",
    "assessment",
    "accusation",
    "accusations",
    "denial",
    "promise",
    "promises",
    "pledge",
    "assurance",
    "assurances",
    "position",
    "conviction",
    "opinion",
    "suspicion",
    "doubt",
    "doubts",
    "confidence",
    "regret",
    "alarm",
    "optimism",
    "scepticism",
    "skepticism",
    "worry",
    "worries",
    "charge",
    "charges",
    "remark",
    "remarks",
    "observation",
    "point",
    "message",
    "demand",
    "demands",
    "recommendation",
    "estimate",
    "report",
    "reports",
    "readiness",
    "willingness",
    "frustration",
    "anger",
    "dismay",
    "disappointment",
    "satisfaction",
    "support",
    "commitment",
    "determination",
    "intention",
    "caution",
    "unease",
    "surprise",
    "relief",
    "gratitude",
    "thesis",
    "verdict",
    "caveat",
    "answer",
    "response",
];
/// States of mind that take a clause.
const MINDS: &[&str] = &[
    "convinced",
    "confident",
    "certain",
    "sure",
    "adamant",
    "sceptical",
    "skeptical",
    "optimistic",
    "pessimistic",
    "worried",
    "concerned",
    "afraid",
    "hopeful",
    "aware",
    "doubtful",
    "persuaded",
    "satisfied",
    "alarmed",
    "fearful",
    "unconvinced",
    "disappointed",
    "surprised",
    "positive",
    "emphatic",
    "wary",
    "categorical",
    "clear",
    "unequivocal",
    "blunt",
];

impl<'t> Scene<'t> {
    fn free(&self, at: usize) -> bool {
        at < self.end && self.tokens[at].free()
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.free(at) && self.tokens[at].is(word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        self.free(at) && self.tokens[at].is_any(words)
    }

    fn among(&self, at: usize, words: &str) -> bool {
        self.free(at) && self.tokens[at].among(words)
    }

    fn comma(&self, at: usize) -> bool {
        self.free(at) && self.tokens[at].is_comma()
    }

    fn quoted(&self, at: usize) -> bool {
        at < self.end && !self.tokens[at].free()
    }

    /// A sign that divides clauses: a comma, a dash.
    fn divides(&self, at: usize) -> bool {
        self.free(at) && (self.tokens[at].is_comma() || self.tokens[at].is_dash())
    }

    /// The attributions of the unit, in the order of their cues.
    pub(super) fn attributions(mut self) -> Vec<Attribution> {
        while self.end > self.low
            && self.tokens[self.end - 1].free()
            && self.tokens[self.end - 1].ends_sentence()
        {
            self.end -= 1;
        }
        self.low = self.after_dateline();
        let mut found: Vec<Attribution> = Vec::new();
        for at in self.low..self.end {
            if !self.free(at) {
                continue;
            }
            let subject_before = found.last().and_then(|last| last.speaker.clone());
            let attribution = self
                .according(at)
                .or_else(|| self.point_of_view(at))
                .or_else(|| self.claim_noun(at))
                .or_else(|| self.state_of_mind(at))
                .or_else(|| self.hearsay(at))
                .or_else(|| self.verb(at, subject_before));
            if let Some(attribution) = attribution {
                let taken = found.iter().any(|other| {
                    other.cue.as_ref().is_some_and(|cue| {
                        attribution
                            .cue
                            .as_ref()
                            .is_some_and(|mine| cue.start < mine.end && mine.start < cue.end)
                    })
                });
                if !taken {
                    found.push(attribution);
                }
            }
        }
        if found.is_empty() {
            found.extend(self.by_punctuation());
        }
        prune(found)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of an attribution, each of its own kind")]
    fn attribution(
        &self,
        content: Vec<Range<usize>>,
        speaker: Option<Range<usize>>,
        role: Option<Range<usize>>,
        cue: Range<usize>,
        lemma: &'static str,
        class: Class,
        pattern: &'static str,
    ) -> Option<Attribution> {
        let mut content: Vec<Range<usize>> =
            content.into_iter().filter_map(|range| self.trim(range)).collect();
        // A conjunction or an adverb alone before a medial attribution is no part of what was said.
        if content.len() > 1
            && content[0].len() <= 2
            && self.tokens[content[0].clone()].iter().all(|token| {
                token.free() && matches!(token.tag, Tag::Conjunction | Tag::Adverb | Tag::Preposition)
            })
        {
            content.remove(0);
        }
        if content.is_empty() {
            return None;
        }
        Some(Attribution {
            content,
            speaker,
            role,
            cue: Some(cue),
            lemma,
            class,
            pattern,
            denied: false,
            weak: false,
            through: None,
        })
    }

    /// "MERROW, 12 May (Wire) - " is no part of the first sentence.
    fn after_dateline(&self) -> usize {
        let first = &self.tokens[self.low];
        let capitals = self.low == 0
            && first.free()
            && first.text.chars().count() >= 3
            && first.text.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
            && first.is_capital();
        if !capitals {
            return self.low;
        }
        let limit = self.end.min(self.low + 16);
        (self.low + 1..limit)
            .take_while(|&at| {
                self.free(at) && !matches!(self.tokens[at].tag, Tag::Verb | Tag::Auxiliary | Tag::Pronoun)
            })
            .find(|&at| self.tokens[at].is_dash())
            .map_or(self.low, |dash| if dash + 1 < self.end { dash + 1 } else { self.low })
    }

    fn trim(&self, range: Range<usize>) -> Option<Range<usize>> {
        let (mut from, mut to) = (range.start, range.end.min(self.end));
        let edge = |token: &Token<'_>| {
            token.free()
                && (token.is_comma()
                    || token.is_colon()
                    || token.is_dash()
                    || token.text == ";"
                    || token.text == "."
                    || token.text == "-")
        };
        while from < to && edge(&self.tokens[from]) {
            from += 1;
        }
        while to > from && edge(&self.tokens[to - 1]) {
            to -= 1;
        }
        (from < to).then_some(from..to)
    }

    // ---- according to, in the view of, for ------------------------------------------------------------------------

    fn according(&self, at: usize) -> Option<Attribution> {
        let first = if self.is(at, "according") && self.is(at + 1, "to") {
            at + 2
        } else if self.is(at, "per") && at > self.low && self.comma(at - 1) {
            at + 1
        } else {
            return None;
        };
        let after = phrase_right(self.tokens, first, self.end)?;
        let fronted = at == self.low
            || (at == self.low + 1 && matches!(self.tokens[self.low].tag, Tag::Conjunction | Tag::Adverb));
        let cue = at..first;
        if fronted {
            let mut role = None;
            let mut content = after;
            let mut comma = (after..self.end.min(after + 25)).find(|&at| self.comma(at) || self.quoted(at));
            if let Some(open) = comma.filter(|&open| self.comma(open))
                && let Some(close) = self.apposition(open).filter(|&close| self.comma(close))
            {
                role = Some(open + 1..close);
                comma = Some(close);
            }
            if let Some(comma) = comma {
                content = comma;
            }
            let mut made = self.attribution(
                vec![content..self.end],
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
                if close + 2 < self.end && self.comma(close) && finite(self.tokens, close + 1, self.end) {
                    content.push(close..self.end);
                    pattern = "according to, between";
                }
            } else if tail + 3 < self.end
                && !self.tokens[tail + 1].lower.ends_with("ing")
                && !self.among(tail + 1, "who which but and citing")
            {
                content.push(tail..self.end);
                pattern = "according to, between";
            }
        }
        self.attribution(content, Some(first..after), role, cue, "according to", Class::Speech, pattern)
    }

    /// Where an apposition ends that begins after the comma at `comma`: the next comma or the end of the unit.
    fn apposition(&self, comma: usize) -> Option<usize> {
        let first = comma + 1;
        if first >= self.end || !self.free(first) {
            return None;
        }
        let token = &self.tokens[first];
        let opens = token.among("a an the who whose which head director chief professor author co-author co-founder former his her one senior") || token.tag == Tag::Number
            || lexicon::is_person_noun(&token.lower)
            || (self.among(first, "formerly now himself herself speaking"));
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

    /// Where the clause begins that ends before `to`: after a semicolon, or at the beginning of the unit.
    fn clause_from(&self, to: usize) -> usize {
        let low = self.low.max(to.saturating_sub(300));
        (low..to).rev().find(|&at| self.free(at) && self.tokens[at].text == ";").map_or(self.low, |at| at + 1)
    }

    fn point_of_view(&self, at: usize) -> Option<Attribution> {
        let fronted = at == self.low
            || (at == self.low + 1 && matches!(self.tokens[self.low].tag, Tag::Conjunction | Tag::Adverb))
            || (at > self.low + 1 && self.divides(at - 1));
        if !fronted {
            return None;
        }
        let (speaker, view) = if self.is(at, "in") || self.is(at, "by") || self.is(at, "to") {
            // "in Hale's view", "in the view of Hale", "in her words", "to use Hale's words"
            let limit = self.end.min(at + 14);
            let view = (at + 1..limit)
                .take_while(|&next| self.free(next) && !self.tokens[next].is_comma())
                .find(|&next| self.is_any(next, VIEWS))?;
            if self.is(view + 1, "of") {
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
                (span, view + 1)
            }
        } else if self.is_any(at, &["for", "to"])
            && self.tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Proper)
            && at == self.low
        {
            let after = phrase_right(self.tokens, at + 1, self.end)?;
            if !self.comma(after) || lexicon::is_month_or_day(&self.tokens[at + 1].lower) {
                return None;
            }
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
            || self.quoted(from)
            || self.free(from) && (self.tokens[from].is_colon() || self.tokens[from].is_dash());
        let medial = at > self.low + 1;
        if medial {
            if !(self.comma(from) || from >= self.end) {
                return None;
            }
            let mut content = vec![self.clause_from(at)..at];
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
        if !after_sign || !(finite(self.tokens, from, self.end)) {
            return None;
        }
        let mut made = self.attribution(
            vec![from..self.end],
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
    fn claim_noun(&self, at: usize) -> Option<Attribution> {
        if !self.is_any(at, CLAIM_NOUNS) || self.tokens[at].tag == Tag::Verb {
            return None;
        }
        let mut next = at + 1;
        let mut speaker = None;
        if self.is_any(next, &["by", "from", "of", "among"]) {
            let after = phrase_right(self.tokens, next + 1, self.end)?;
            speaker = Some(next + 1..after);
            next = after;
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
                        self.among(before, "express expressed expresses expressing voiced voices repeated reiterated made issued issues raised stated conveyed advanced has holds shares shared defended offered gave")
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
    fn state_of_mind(&self, at: usize) -> Option<Attribution> {
        if !self.is_any(at, MINDS) || at == self.low {
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

    // ---- verbs ------------------------------------------------------------------------------------------------------

    /// Skips adverbs and auxiliaries to the left of a verb: where the subject ends, the auxiliaries, whether negated.
    fn before_auxiliaries(&self, verb: usize) -> (Option<usize>, Vec<&'t str>, bool) {
        let mut auxiliaries = Vec::new();
        let mut negated = false;
        let mut at = verb;
        let low = self.low.max(verb.saturating_sub(10));
        while at > low && self.tokens[at - 1].free() {
            let token = &self.tokens[at - 1];
            let not =
                token.is_any(&["not", "never", "nor"]) || token.lower.ends_with("n't") || token.is("cannot");
            if !matches!(token.tag, Tag::Auxiliary | Tag::Adverb)
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
    fn subject_left(&self, last: usize, before: usize, participle: bool) -> Option<Subject> {
        let tokens = self.tokens;
        if !self.free(last) {
            return None;
        }
        if tokens[last].is_comma() && !participle {
            return self.subject_with_apposition(last).map(|(span, role)| Subject {
                from: span.start,
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
        let from = phrase_left(tokens, last, self.low)?;
        if participle && from > self.low && self.free(from - 1) && tokens[from - 1].tag == Tag::Verb {
            return None;
        }
        if tokens[last].is_any(&["who", "which", "whom"]) {
            let mut end = from;
            if end > self.low && self.comma(end - 1) {
                end -= 1;
            }
            let antecedent = phrase_left(tokens, end.checked_sub(1)?, self.low);
            if self.comma(from.checked_sub(1)?)
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
            let start = antecedent?;
            return Some(Subject {
                span: start..end,
                role: None,
                from: start,
                pattern: Some("relative clause"),
            });
        }
        // "Analysts who follow the group say": the subject is what the relative clause belongs to.
        if from > self.low
            && self.free(from - 1)
            && matches!(tokens[from - 1].tag, Tag::Verb | Tag::Preposition | Tag::Adverb | Tag::Auxiliary)
        {
            let low = self.low.max(from.saturating_sub(14));
            let relative = (low..from)
                .rev()
                .take_while(|&at| self.free(at) && !tokens[at].is_comma())
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
        Some(Subject { span: from..last + 1, role: None, from, pattern: None })
    }

    /// NAME, apposition, at the comma that closes the apposition: the name and the apposition.
    fn subject_with_apposition(&self, comma: usize) -> Option<(Range<usize>, Range<usize>)> {
        let tokens = self.tokens;
        let low = self.low.max(comma.saturating_sub(32));
        let mut fallback = None;
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
            ) || first.among("who which whose of in with speaking writing citing quoting for from like asked when at on himself herself referring addressing") || first.tag == Tag::Verb;
            if !opens {
                continue;
            }
            let Some(from) = phrase_left(tokens, open - 1, self.low) else { continue };
            let name = from..open;
            let role = open + 1..comma;
            let named =
                |range: &Range<usize>| tokens[range.clone()].iter().any(|token| token.tag == Tag::Proper);
            let from_inner =
                role.start + usize::from(tokens[role.start].is_any(&["the", "a", "an"]) && role.len() > 1);
            let inner_named = tokens[from_inner..role.end]
                .iter()
                .all(|token| token.tag == Tag::Proper || lexicon::is_name_particle(&token.lower));
            let pair = if inner_named && !named(&name) { (role, name) } else { (name, role) };
            if named(&pair.0) || tokens[pair.0.clone()].iter().any(|token| token.tag == Tag::Pronoun) {
                return Some(pair);
            }
            fallback = fallback.or(Some(pair));
        }
        fallback
    }

    /// The subject of the unit: the noun phrase that opens it, after a fronted phrase.
    fn leading_subject(&self, before: usize) -> Option<Range<usize>> {
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
            from = (from..before.min(from + 25)).find(|&at| self.comma(at))? + 1;
        }
        let after = phrase_right(self.tokens, from, before)?;
        // "A spokesperson for the ministry, Lidia Cheng, rejected ... saying": the name is in the apposition.
        if self.comma(after) && !self.tokens[from..after].iter().all(|token| token.tag == Tag::Proper) {
            let close = (after + 1..before.min(after + 8)).find(|&at| self.comma(at));
            if let Some(close) = close
                && close > after + 1
                && self.tokens[after + 1..close]
                    .iter()
                    .all(|token| token.tag == Tag::Proper || lexicon::is_name_particle(&token.lower))
            {
                return Some(after + 1..close);
            }
        }
        Some(from..after)
    }

    fn verb(&self, at: usize, subject_before: Option<Range<usize>>) -> Option<Attribution> {
        let tokens = self.tokens;
        let token = &tokens[at];
        let mut cue = lexicon::cue(&token.lower)?;
        if cue.lemma == "point" && self.is(at + 1, "out") {
            cue = Cue { lemma: "point out", class: Class::Speech, takes: "tqpbw", noun_like: false, ..cue };
        }
        if cue.lemma == "call" && self.is_any(at + 1, &["for", "on", "upon"]) {
            cue = Cue { lemma: "call", class: Class::Speech, takes: "o", noun_like: false, ..cue };
        }
        if cue.lemma == "put" && !self.is(at + 1, "it") {
            return None;
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
        // "went on to say", "was quick to add"; other infinitives say nothing that was said.
        let mut group = at;
        let mut left = left;
        if left.is_some_and(|left| self.is(left, "to")) {
            group = self.governor(left?)?;
            left = self.before_auxiliaries(group).0;
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
        let mut subject = None;
        if let Some(left) = left {
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
                let span = subject_before.clone().or_else(|| self.leading_subject(left))?;
                subject = Some(Subject { span, role: None, from: left + 1, pattern: Some("shared subject") });
            }
        }
        if subject.is_none() && cue.participle {
            if !self.participle_tells(at, cue) {
                return None;
            }
            let span = subject_before.or_else(|| self.leading_subject(at));
            subject = span.map(|span| Subject { span, role: None, from: at, pattern: Some("participle") });
        }
        let subject = subject?;
        let head = &tokens[subject.span.end - 1];
        if head.among("it there this that these")
            && !matches!(
                cue.lemma,
                "say"
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
            )
        {
            return None;
        }
        if head.is_any(&["i", "you", "we"]) && subject.span.len() == 1 {
            return None;
        }
        self.with_subject(at, cue, subject, denied)
    }

    fn with_subject(&self, at: usize, cue: Cue, subject: Subject, denied: bool) -> Option<Attribution> {
        let tokens = self.tokens;
        // "has not said when", "if he says so": nothing was said.
        let supposed = subject.from > self.low && self.is_any(subject.from - 1, &["if", "unless", "whether"]);
        if (denied && cue.class == Class::Speech) || supposed {
            return None;
        }
        let next = at + 1;
        let after_cue = if self.is(next, "out") && cue.lemma == "point out" { next + 1 } else { next };
        let cue_span = at..after_cue;
        let addressed = self.after_addressee(after_cue, cue);
        let told = self.after_adverbials(addressed);
        let at_end = told >= self.end;
        let mut from = subject.from;
        let as_clause = from > self.low && self.is_any(from - 1, &["as", "like"]);
        if as_clause {
            from -= 1;
        }
        let finish = |attribution: Option<Attribution>| {
            attribution.map(|mut made| {
                made.denied = denied;
                made
            })
        };
        let role = subject.role.clone();
        // ---- after or inside what was said
        let preceded = from > self.low + 1 && (as_clause || self.quoted(from - 1) || self.divides(from - 1));
        let quote_before = from > self.low && self.quoted(from - 1)
            || (from > self.low + 1 && self.divides(from - 1) && self.quoted(from - 2));
        let divided = at_end || (self.free(told) && (self.divides(told) || tokens[told].text == ";"));
        let relative = subject.pattern == Some("relative clause");
        if preceded
            && !cue.participle
            && !relative
            && subject.pattern != Some("shared subject")
            && (divided
                || (quote_before && self.free(told) && !self.is(told, "that") && !self.free_colon(told)))
        {
            let before = self.clause_from(from);
            let said = before..from;
            let follows_quote = !at_end && self.divides(told) && self.quoted(told + 1);
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
            let speaks = cue.takes('p') || (quote_before && cue.takes('q')) || cue.lemma == "put";
            if speaks {
                let mut content = vec![said.clone()];
                let mut between = false;
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
                        content.push(told + 1..self.end);
                        between = true;
                    }
                } else if !at_end
                    && told + 1 < self.end
                    && (self.divides(told)
                        || (tokens[told].text == ";"
                            && finite(tokens, told + 1, self.end)
                            && !self.has_cue(told + 1)))
                {
                    content.push(told + 1..self.end);
                    between = true;
                }
                let clause = quote_before
                    || finite(tokens, said.start, said.end)
                    || (between && finite(tokens, told, self.end))
                    || (at_end && said.len() >= 4);
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
        // ---- before what was said
        let start = self.complement(at, after_cue, addressed, told, cue)?;
        let end = self.content_end(start);
        let mut made = self.attribution(
            vec![start..end],
            Some(subject.span),
            role,
            cue_span,
            cue.lemma,
            cue.class,
            subject.pattern.unwrap_or("cue before"),
        )?;
        made.weak = cue.class == Class::Judgement
            && !tokens[start..end.min(tokens.len())].iter().any(|token| !token.free());
        finish(Some(made))
    }

    /// Whether a cue verb stands outside quotations at or after `from`.
    fn has_cue(&self, from: usize) -> bool {
        (from..self.end.min(from + 60)).any(|at| {
            self.free(at)
                && self.tokens[at].tag == Tag::Verb
                && lexicon::cue(&self.tokens[at].lower).is_some_and(|cue| cue.class == Class::Speech)
        })
    }

    fn free_colon(&self, at: usize) -> bool {
        self.free(at) && self.tokens[at].is_colon()
    }

    /// Content, CUE SPEAKER.
    fn inverted(&self, at: usize, cue: Cue, denied: bool) -> Option<Attribution> {
        let tokens = self.tokens;
        let mut before = at;
        while before > self.low && self.free(before - 1) && tokens[before - 1].tag == Tag::Adverb {
            before -= 1;
        }
        if before == self.low || cue.participle {
            return None;
        }
        let quote_before = self.quoted(before - 1)
            || (before > self.low + 1 && self.divides(before - 1) && self.quoted(before - 2));
        if !(quote_before || (self.divides(before - 1) && cue.takes('p') && before - self.low > 3))
            || !(cue.takes('q') || cue.takes('p'))
        {
            return None;
        }
        let first = at + 1;
        let after = phrase_right(tokens, first, self.end)?;
        if tokens[first..after].len() == 1 && tokens[first].among("him her them us me") {
            return None;
        }
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
        if !quote_before {
            let pronoun = tokens[first].tag == Tag::Pronoun;
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
            if !finite(tokens, self.clause_from(before), before - 1) {
                return None;
            }
        }
        let mut tail = after;
        let mut role = None;
        if self.comma(tail)
            && let Some(close) = self.apposition(tail)
        {
            role = Some(tail + 1..close);
            tail = close;
        }
        let mut content = vec![self.clause_from(before)..before];
        let mut pattern = "inverted cue";
        if let Some(rest) = next_quotation(self.quotations, tail, self.end)
            && quote_before
            && rest.first <= tail + 26
            && tokens[after..=rest.first]
                .iter()
                .any(|token| token.is_comma() || token.is_colon() || token.is_dash())
            && !tokens[tail..rest.first]
                .iter()
                .any(|token| token.tag == Tag::Verb && lexicon::cue(&token.lower).is_some())
        {
            content.push(rest.first..self.content_end(rest.first));
            pattern = "inverted cue between";
        } else if !quote_before
            && role.is_none()
            && self.comma(after)
            && finite(tokens, after + 1, self.end)
            && !tokens[after + 1].lower.ends_with("ing")
            && !self.is_any(after + 1, &["who", "which", "whose"])
        {
            content.push(after + 1..self.end);
            pattern = "inverted cue between";
        }
        let mut made =
            self.attribution(content, Some(first..after), role, at..at + 1, cue.lemma, cue.class, pattern)?;
        made.denied = denied;
        Some(made)
    }

    /// "was quoted as saying", "was told by Hale that".
    fn passive(&self, at: usize, cue: Cue, left: Option<usize>) -> Option<Attribution> {
        if cue.lemma == "quote"
            && self.is(at + 1, "as")
            && self.among(at + 2, "saying telling warning stating writing")
        {
            let subject = self.subject_left(left?, at, false)?;
            let start = self.complement(
                at + 2,
                at + 3,
                at + 3,
                self.after_adverbials(at + 3),
                lexicon::cue("saying")?,
            )?;
            return self.attribution(
                vec![start..self.content_end(start)],
                Some(subject.span),
                subject.role,
                at..at + 3,
                "quote as saying",
                Class::Speech,
                "quoted as saying",
            );
        }
        if self.is(at + 1, "by") {
            let after = phrase_right(self.tokens, at + 2, self.end)?;
            if self.is(after, "that") && cue.takes('t') {
                return self.attribution(
                    vec![after + 1..self.content_end(after + 1)],
                    Some(at + 2..after),
                    None,
                    at..at + 1,
                    cue.lemma,
                    cue.class,
                    "passive",
                );
            }
            if cue.class == Class::Judgement
                && self.is(after, "as")
                && self.tokens[after..self.end.min(after + 20)].iter().any(|token| !token.free())
            {
                return self.attribution(
                    vec![after + 1..self.content_end(after + 1)],
                    Some(at + 2..after),
                    None,
                    at..at + 1,
                    cue.lemma,
                    cue.class,
                    "passive",
                );
            }
        }
        None
    }

    /// "quotes an accountant as saying that": the accountant speaks, through whoever quotes.
    fn quoting(&self, at: usize) -> Option<Attribution> {
        let after = phrase_right(self.tokens, at + 1, self.end)?;
        if !self.is(after, "as") {
            return None;
        }
        let mut told = after + 1;
        if self.is(told, "having") {
            told += 1;
        }
        let cue = lexicon::cue(&self.tokens.get(told)?.lower)
            .filter(|cue| told < self.end && cue.class == Class::Speech)?;
        let start = self.complement(told, told + 1, told + 1, self.after_adverbials(told + 1), cue)?;
        let mut made = self.attribution(
            vec![start..self.content_end(start)],
            Some(at + 1..after),
            None,
            told..told + 1,
            cue.lemma,
            Class::Speech,
            "quoted as saying",
        )?;
        let (left, _, _) = self.before_auxiliaries(at);
        made.through = left.and_then(|left| self.subject_left(left, at, false)).map(|subject| subject.span);
        Some(made)
    }

    /// "had heard from a colleague that": the colleague speaks, through whoever heard it.
    fn hearsay(&self, at: usize) -> Option<Attribution> {
        let learnt = self.among(at, "heard hears learned learnt understood") && self.is(at + 1, "from");
        if !learnt {
            return None;
        }
        let after = phrase_right(self.tokens, at + 2, self.end)?;
        if !self.is(after, "that") || after + 2 >= self.end {
            return None;
        }
        let mut made = self.attribution(
            vec![after + 1..self.content_end(after + 1)],
            Some(at + 2..after),
            None,
            at..at + 2,
            "hear from",
            Class::Speech,
            "heard from somebody",
        )?;
        let (left, _, _) = self.before_auxiliaries(at);
        made.through = left.and_then(|left| self.subject_left(left, at, false)).map(|subject| subject.span);
        Some(made)
    }

    /// The verb that governs an infinitive of saying, if the saying took place: "went on to say" begins at "went".
    fn governor(&self, to: usize) -> Option<usize> {
        let before = to.checked_sub(1).filter(|&before| before >= self.low && self.free(before))?;
        let token = &self.tokens[before];
        if token.is("on") && before > self.low && self.is_any(before - 1, &["went", "goes", "go", "going"]) {
            return Some(before - 1);
        }
        if token.among("continued continues continue rushed moved hastened came dared proceeded used chose") {
            return Some(before);
        }
        if token.among("quick keen careful eager first right pains likely") {
            return Some(before);
        }
        None
    }

    /// "the reports state" may be a verb, "the report states" too, but "security reports" is a noun after a plural, and so on.
    fn number_forbids(&self, left: usize, token: &Token<'_>) -> bool {
        let before = &self.tokens[left];
        if !before.free()
            || before.tag == Tag::Pronoun
            || token.lower.ends_with("ed")
            || token.lower.ends_with("ing")
            || before.is_comma()
            || before.is_any(&["who", "which", "and", "that"])
        {
            return before.tag == Tag::Pronoun && before.among("him her them us me");
        }
        let word: &str = &before.lower;
        let plural = (word.ends_with('s')
            && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
            && (before.tag != Tag::Proper || !token.lower.ends_with('s')))
            || matches!(
                word,
                "people" | "police" | "men" | "women" | "many" | "some" | "both" | "most" | "few" | "several"
            );
        let joined = (self.low.max(left.saturating_sub(5))..left).any(|at| self.is(at, "and"));
        if token.lower.ends_with('s') && !matches!(token.lower.as_ref(), "stress" | "guess") {
            plural
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

    /// Whether a participle introduces words: "adding that", "saying the", "warning: “...”".
    fn participle_tells(&self, at: usize, cue: Cue) -> bool {
        let Some(follows) = self.tokens.get(at + 1).filter(|_| at + 1 < self.end) else { return false };
        if at == self.low
            || cue.class == Class::Judgement
                && !self.tokens[at..self.end.min(at + 25)].iter().any(|token| !token.free())
        {
            return false;
        }
        let before = &self.tokens[at - 1];
        if before.tag == Tag::Preposition && !before.among("before after by while in without")
            || before.tag == Tag::Auxiliary
        {
            return false;
        }
        !follows.free()
            || follows.is_colon()
            || follows.is_comma()
            || cue.takes('o')
            || cue.takes('n')
            || cue.class == Class::Judgement
            || (cue.takes('t')
                && (follows.among("that how why whether to")
                    || matches!(
                        follows.tag,
                        Tag::Pronoun
                            | Tag::Determiner
                            | Tag::Proper
                            | Tag::Adverb
                            | Tag::Preposition
                            | Tag::Noun
                            | Tag::Number
                            | Tag::Adjective
                    )))
    }

    /// After the person addressed: "told reporters", "warned the council", "said to her".
    fn after_addressee(&self, from: usize, cue: Cue) -> usize {
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
    fn after_adverbials(&self, from: usize) -> usize {
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
            } else if self.among(at, "last this next earlier late early that one")
                && self.free(at + 1)
                && (lexicon::is_month_or_day(&tokens[at + 1].lower)
                    || lexicon::is_time_noun(&tokens[at + 1].lower))

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
    fn complement(
        &self,
        at: usize,
        after_cue: usize,
        addressed: usize,
        told: usize,
        cue: Cue,
    ) -> Option<usize> {
        let tokens = self.tokens;
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
                    || before.tag == Tag::Possessive;
                if !title && (cue.takes('q') || cue.takes('t') || cue.takes('m')) {
                    return Some(start);
                }
                continue;
            }
            let token = &tokens[start];
            if token.is_colon() && start + 1 < self.end && !matches!(cue.class, Class::Judgement) {
                return Some(start + 1);
            }
            if (token.is_comma() || token.is_dash())
                && self.quoted(start + 1)
                && (cue.takes('q') || cue.takes('t'))
            {
                return Some(start + 1);
            }
            if token.is("that") && cue.takes('t') && start + 2 < self.end {
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
        let start = addressed;
        // A longer adverbial before "that": "said in an interview with the broadcaster that".
        if self.free(start)
            && cue.takes('t')
            && matches!(tokens[start].tag, Tag::Preposition | Tag::Adverb | Tag::Number | Tag::Noun)
        {
            let that = (start + 1..self.end.min(start + 18))
                .take_while(|&at| {
                    self.free(at) && !matches!(tokens[at].text, ";" | ":") && tokens[at].tag != Tag::Auxiliary
                })
                .find(|&at| self.is(at, "that"));
            if let Some(that) = that
                && finite(tokens, that + 1, self.end)
                && matches!(
                    tokens[that - 1].tag,
                    Tag::Noun | Tag::Proper | Tag::Number | Tag::Adverb | Tag::Punctuation
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
                && finite(tokens, start + 1, self.end)
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
        let object = after_cue;
        if self.free(object) && (cue.takes('o') || matches!(cue.lemma, "call" | "appeal" | "press" | "push"))
        {
            let object = if self.is_any(object, &["on", "upon", "for"]) { object + 1 } else { object };
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
            if infinitive.is_some() && phrase_right(tokens, object, self.end).is_some() {
                return Some(object);
            }
            if self.is(after_cue, "for")
                && cue.lemma == "call"
                && phrase_right(tokens, after_cue + 1, self.end).is_some()
            {
                return Some(after_cue + 1);
            }
            if matches!(cue.lemma, "accuse" | "blame") {
                let blamed =
                    (object + 1..self.end.min(object + 20)).find(|&at| self.is_any(at, &["of", "for", "on"]));
                if blamed.is_some() {
                    return Some(object);
                }
            }
        }
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
                ))
            && self.bare_clause(addressed, true)
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
        if self.free(addressed) && cue.takes('t') && self.bare_clause(addressed, false) {
            return Some(addressed);
        }
        if self.free(object)
            && cue.lemma == "warn"
            && self.is_any(object, &["of", "against", "about"])
            && phrase_right(tokens, object + 1, self.end).is_some()
        {
            return Some(object);
        }
        if self.free(object)
            && cue.takes('n')
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

    /// Whether a clause without "that" begins at `from`.
    fn bare_clause(&self, from: usize, readily: bool) -> bool {
        let tokens = self.tokens;
        if readily {
            return finite(tokens, from, self.end);
        }
        if tokens[from].among("he she they it there we this") {
            return self.free(from + 1)
                && matches!(tokens[from + 1].tag, Tag::Auxiliary | Tag::Verb | Tag::Adverb);
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
                    && !tokens[after].lower.ends_with("ed")))
    }

    /// Where the words end that begin at `from`.
    fn content_end(&self, from: usize) -> usize {
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
            if token.free() {
                if token.text == ";" {
                    return at;
                }
                if token.is_comma() && self.free(at + 1) {
                    let next = &tokens[at + 1];
                    if next.among("but according adding saying noting citing arguing insisting warning stressing though calling describing claiming urging blaming accusing")
                    {
                        return at;
                    }
                    if next.is_any(&["and", "while", "although", "whereas"])
                        && (at + 2..self.end.min(at + 14)).any(|later| self.speech_verb(later))
                    {
                        return at;
                    }
                }
                if token.is_any(&["but", "and"])
                    && at + 1 < self.end
                    && (self.speech_verb(at + 1)
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

    fn speech_verb(&self, at: usize) -> bool {
        self.free(at)
            && self.tokens[at].tag == Tag::Verb
            && lexicon::cue(&self.tokens[at].lower).is_some_and(|cue| {
                cue.class == Class::Speech
                    && !cue.participle
                    && (!cue.noun_like || self.tokens[at].lower.ends_with("ed"))
            })
    }

    // ---- punctuation alone --------------------------------------------------------------------------------------------

    /// The name before a colon: "Name: “...”", "Name, who has sold dumplings for years: “...”".
    fn before_colon(&self, colon: usize) -> Option<Range<usize>> {
        let tokens = self.tokens;
        let low = self.low.max(colon.saturating_sub(30));
        let names = |at: usize| {
            tokens[at].tag == Tag::Proper
                || (tokens[at].is_capital() && tokens[at].is_word())
                || lexicon::is_name_particle(&tokens[at].lower)
                || !tokens[at].text.is_ascii()
        };
        let mut from = low;
        while from < colon && !(self.free(from) && tokens[from].is_word() && tokens[from].tag != Tag::Number)
        {
            from += 1;
        }
        while from + 1 < colon && foreign_speech(&tokens[from].lower) {
            from += 1;
        }
        let end =
            (from..colon).find(|&at| !(self.free(at) && tokens[at].is_word() && names(at))).unwrap_or(colon);
        let whole = end == colon || self.comma(end);
        (end > from
            && end - from <= 6
            && whole
            && low == self.low
            && tokens[from..end].iter().any(|token| token.tag == Tag::Proper || token.is_capital()))
        .then_some(from..end)
    }

    /// "Name: “...”" and "“...” — Name", in any script.
    fn by_punctuation(&self) -> Option<Attribution> {
        let tokens = self.tokens;
        let quotation = next_quotation(self.quotations, self.low, self.end)?;
        let words = quotation.last - quotation.first;
        if words < 4 {
            return None;
        }
        if quotation.first > self.low + 1
            && tokens[quotation.first - 1].is_colon()
            && tokens[quotation.first - 1].free()
        {
            let colon = quotation.first - 1;
            let speaker = self.before_colon(colon)?;
            let mut made = self.attribution(
                vec![quotation.first..quotation.end()],
                Some(speaker),
                None,
                colon..colon + 1,
                "colon",
                Class::Speech,
                "name and colon",
            )?;
            made.cue = None;
            return Some(made);
        }
        let mut dash = quotation.end();
        while dash < self.end && self.comma(dash) {
            dash += 1;
        }
        if quotation.first == self.low && dash < self.end && tokens[dash].is_dash() {
            let clause = &tokens[dash + 1..self.end.min(dash + 12)];
            let first = clause
                .iter()
                .position(|token| token.tag == Tag::Proper || (token.is_capital() && token.is_word()))?
                + dash
                + 1;
            let after = (first..self.end)
                .find(|&at| {
                    !(tokens[at].is_word()
                        && (tokens[at].is_capital() || lexicon::is_name_particle(&tokens[at].lower)))
                })
                .unwrap_or(self.end);
            let mut made = self.attribution(
                vec![quotation.first..quotation.end()],
                Some(first..after),
                None,
                dash..dash + 1,
                "dash",
                Class::Speech,
                "dash and name",
            )?;
            made.cue = None;
            made.weak = first > dash + 1;
            return Some(made);
        }
        None
    }
}

/// The commonest verbs of saying before a colon in scripts without capitals.
fn foreign_speech(word: &str) -> bool {
    matches!(
        word,
        "قال"
            | "وقال"
            | "قالت"
            | "وقالت"
            | "أكد"
            | "وأكد"
            | "أضاف"
            | "وأضاف"
            | "صرح"
            | "сказал"
            | "сказала"
            | "заявил"
            | "заявила"
            | "отметил"
            | "сообщил"
            | "сообщила"
            | "говорит"
    )
}

fn clause_opens(token: &Token<'_>) -> bool {
    matches!(token.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Number)
        || token.among("there if while when unless no what")
}

/// Drops what was found twice.
fn prune(found: Vec<Attribution>) -> Vec<Attribution> {
    let mut kept: Vec<Attribution> = Vec::new();
    for attribution in found {
        let length: usize = attribution.content.iter().map(Range::len).sum();
        let twice = kept.iter().rev().take(8).any(|other| other.content == attribution.content);
        if length >= 2 && !twice {
            kept.push(attribution);
        }
    }
    kept
}
