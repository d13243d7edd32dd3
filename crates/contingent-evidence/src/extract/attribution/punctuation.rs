//! Attributions by punctuation alone, in any script.
//!
//! Enters: a unit in which no word marks anything as said. Leaves: the attribution that a colon or a dash makes.
//! Always holds: the name stands beside the quotation.

use super::{Attribution, Class, Range, Scene, Tag, Token, lexicon, next_quotation, phrase_left};

impl Scene<'_> {
    /// The name before a colon: "Name: “...”", "Name, who has sold dumplings for years: “...”".
    pub(super) fn before_colon(&self, colon: usize) -> Option<Range<usize>> {
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
        // "PHOTO: Elena Marsh on her balcony: “...”"
        if from + 2 < colon && tokens[from + 1].is_colon() {
            from += 2;
        }
        while from + 1 < colon && foreign_speech(&tokens[from].lower) {
            from += 1;
        }
        let end =
            (from..colon).find(|&at| !(self.free(at) && tokens[at].is_word() && names(at))).unwrap_or(colon);
        let whole = end == colon || self.comma(end) || (from > low && tokens[end].tag == Tag::Preposition);
        (end > from
            && end - from <= 6
            && whole
            && low == self.low
            && tokens[from..end].iter().any(|token| token.tag == Tag::Proper || token.is_capital()))
        .then_some(from..end)
    }

    /// "Name: “...”" and "“...” — Name", in any script.
    pub(super) fn by_punctuation(&self) -> Option<Attribution> {
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
            let Some(speaker) = self.before_colon(colon) else {
                // "Adler is only partly reassured: “...”": whoever the clause is about.
                // "She was seconded by Hale: “...”": whoever the passive names did it.
                let agent = phrase_left(tokens, colon - 1, self.low).filter(|&from| {
                    from > self.low + 1
                        && self.is(from - 1, "by")
                        && matches!(tokens[from - 2].tag, Tag::Verb | Tag::Noun)
                        && tokens[from..colon].iter().any(|token| token.tag == Tag::Proper)
                });
                let speaker = match agent {
                    Some(from) => from..colon,
                    None => self.leading_subject(colon)?,
                };
                let named = tokens[speaker.clone()].iter().any(|token| token.tag == Tag::Proper)
                    || (speaker.len() == 1 && tokens[speaker.start].among("he she they"));
                if !named || words < 6 {
                    return None;
                }
                let mut made = self.attribution(
                    vec![quotation.first..quotation.end()],
                    Some(speaker),
                    None,
                    colon..colon + 1,
                    "colon",
                    Class::Speech,
                    "clause and colon",
                )?;
                made.cue = None;
                made.weak = true;
                return Some(made);
            };
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
            // Scripts without capitals have names too, which only their tag tells.
            let names =
                |token: &Token<'_>| token.tag == Tag::Proper || (token.is_capital() && token.is_word());
            let clause = &tokens[dash + 1..self.end.min(dash + 12)];
            let first = clause.iter().position(names)? + dash + 1;
            let after = (first + 1..self.end)
                .find(|&at| {
                    let token = &tokens[at];
                    !(names(token) || (token.is_word() && lexicon::is_name_particle(&token.lower)))
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
