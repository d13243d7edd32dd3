//! Attributions by a participle: "was quoted as saying", "is reported to have", "quoting a trader as saying".
//!
//! Enters: a unit and the position of a participle. Leaves: the attribution it makes. Always holds: a participle that tells of nothing said
//! makes none.

use super::{Attribution, Class, Cue, Scene, Tag, Token, lexicon, phrase_right};

impl Scene<'_> {
    /// "was quoted as saying", "was told by Hale that".
    pub(super) fn passive(&self, at: usize, cue: Cue, left: Option<usize>) -> Option<Attribution> {
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
            let says = self.is(after, "that") && cue.takes('t');
            let regards = matches!(cue.lemma, "regard" | "see" | "view" | "describe" | "dismiss")
                && self.is(after, "as");
            if regards
                && self.may_judge(&(at + 2..after), cue)
                && let Some(subject) = left.and_then(|left| self.subject_left(left, at, false))
                && self.tokens[after..self.content_end(after)].iter().all(Token::free)
            {
                return self.attribution(
                    vec![subject.span, after..self.content_end(after)],
                    Some(at + 2..after),
                    None,
                    at..at + 1,
                    cue.lemma,
                    cue.class,
                    "passive",
                );
            }
            let judges = cue.class == Class::Judgement
                && self.is(after, "as")
                && self.tokens[after..self.end.min(after + 20)].iter().any(|token| !token.free());
            if says || judges {
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
    pub(super) fn quoting(&self, at: usize) -> Option<Attribution> {
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
    pub(super) fn hearsay(&self, at: usize) -> Option<Attribution> {
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

    /// Whether a participle introduces words: "adding that", "saying the", "warning: “...”".
    pub(super) fn participle_tells(&self, at: usize, cue: Cue) -> bool {
        let Some(follows) = self.tokens.get(at + 1).filter(|_| at + 1 < self.end) else { return false };
        if at == self.low
            || cue.class == Class::Judgement
                && self.judged(at + 1, cue).is_none()
                && !self.tokens[at..self.end.min(at + 25)].iter().any(|token| !token.free())
        {
            return false;
        }
        let before = &self.tokens[at - 1];
        if before.tag == Tag::Preposition && !before.among("before after by while in without since")
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
}
