//! What somebody thinks, told after a colon without a verb of saying: "Hale is blunter: the money is gone", "Her answer is simple: …".
//!
//! Enters: a unit and the position of a colon. Leaves: the attribution it makes. Always holds: a short clause before the colon says of somebody that
//! they hold a view, and a clause without quoted words stands after it.

use super::{Attribution, Class, Scene, Tag, finite, lexicon, phrase_right};

/// The clause before the colon is no longer than this.
const LONGEST: usize = 16;
/// How somebody stands to what is discussed.
const STANCES: &str = "blunt blunter clear clearer sure surer certain confident convinced unconvinced persuaded unpersuaded sceptical skeptical optimistic pessimistic hopeful \
    gloomy gloomier cautious careful dismissive scathing harsh harsher adamant categorical emphatic impressed unimpressed doubtful dubious wary worried unsure explicit franker frank \
    sanguine bleaker terse stern sterner sharper cynical firm unequivocal outspoken undecided ambivalent alarmed unmoved curt torn calm calmer milder bitter divided relaxed";
/// Verbs that state a stance by themselves.
const STANDS: &str = "disagree disagrees disagreed agree agrees agreed demur demurs demurred differ differs differed concurs concurred dissents dissented";
/// What somebody may have or offer who holds a view.
const VIEWS_HELD: &str = "explanation explanations answer reading theory view stance doubt doubts worry suspicion advice lesson objection argument thesis remedy recipe prescription diagnosis \
    verdict conclusion warning prediction forecast guess interpretation hypothesis proposal suggestion solution reply response assessment conviction opinion complaint point";

impl Scene<'_> {
    /// "Hale is blunter: ...", "Hale disagrees: ...", "Hale has another explanation: ...", "Hale's answer is simple: ...".
    pub(super) fn attitude(&self, colon: usize) -> Option<Attribution> {
        let tokens = self.tokens;
        if !self.free_colon(colon) || colon < self.low + 2 || colon + 3 >= self.end || self.quoted(colon + 1)
        {
            return None;
        }
        let from = self.clause_start(colon);
        if colon - from > LONGEST || !(from..colon).all(|at| self.free(at)) {
            return None;
        }
        // "To this the lawyer has an answer: ..."
        let from = if self.is_any(from, &["to", "on"]) && self.is_any(from + 1, &["this", "that"]) {
            from + 2
        } else {
            from
        };
        let first = (from..colon)
            .find(|&at| !matches!(tokens[at].tag, Tag::Conjunction | Tag::Adverb | Tag::Punctuation))?;
        let after = phrase_right(tokens, first, colon)?;
        let mut verb = after;
        let mut role = None;
        // "Hale, who has seen the figures, is blunter:"
        if self.comma(after)
            && let Some(close) = self.apposition(after).filter(|&close| close < colon && self.comma(close))
        {
            role = Some(after + 1..close);
            verb = close + 1;
        }
        while verb < colon && tokens[verb].tag == Tag::Adverb
            || self.is_any(verb, &["himself", "herself", "too"])
        {
            verb += 1;
        }
        // "Her prediction for October is gloomy"
        if verb < colon && tokens[verb].tag == Tag::Preposition {
            verb = (verb..colon.min(verb + 7)).find(|&at| self.is_any(at, &["is", "are", "was", "were"]))?;
        }
        if verb >= colon {
            return None;
        }
        // "Hale's answer is simple: ...", "her verdict is harsher still: ..."
        let owner = (first + 1..after)
            .rev()
            .find(|&at| tokens[at].tag == Tag::Possessive || matches!(tokens[at].text, "’" | "'"));
        let pronoun = tokens[first].is_any(&["his", "her", "their", "its"]);
        let head = (first + 1..after).find(|&at| tokens[at].tag == Tag::Preposition).unwrap_or(after) - 1;
        let owned = (owner.is_some() || pronoun) && self.among(head, VIEWS_HELD);
        // "is gloomy about the talks: ..."
        let about = (verb + 2..colon).find(|&at| {
            self.is_any(at, &["about", "on", "of"]) && phrase_right(tokens, at + 1, colon) == Some(colon)
        });
        let rest = verb + 1..about.unwrap_or(colon);
        let copula = self.among(verb, "is are was were seems sounds sounded remains remained");
        let stance = copula
            && rest.clone().all(|at| self.part_of_stance(at))
            && (owned && !rest.is_empty() || rest.clone().any(|at| self.among(at, STANCES)));
        let stands = self.among(verb, STANDS)
            && rest.clone().all(|at| {
                tokens[at].tag == Tag::Adverb
                    || self.among(at, "with him her them on in one this that point thing much little")
            });
        let holds = self.among(
            verb,
            "has had have offers offer offered gives gave takes took draws drew proposes proposed prefers",
        ) && phrase_right(tokens, verb + 1, colon)
            .is_some_and(|end| end == colon && self.among(end - 1, VIEWS_HELD));
        let (speaker, holds) = if owned && stance {
            (if pronoun { first..first + 1 } else { first..owner? }, true)
        } else {
            (first..after, !owned && (stance || stands || holds))
        };
        if !holds
            || !self.is_somebody(speaker.clone())
            || !(finite(tokens, colon + 1, self.end)
                || self.among(colon + 1, "he she it they we there this that nobody"))
        {
            return None;
        }
        let mut made = self.attribution(
            vec![colon + 1..self.content_end(colon + 1)],
            Some(speaker),
            role,
            verb..colon,
            "hold",
            Class::Speech,
            "stance and colon",
        )?;
        made.weak = true;
        Some(made)
    }

    /// Where the clause begins that ends at a colon.
    fn clause_start(&self, colon: usize) -> usize {
        (self.low..colon)
            .rev()
            .take(LONGEST + 2)
            .find(|&at| self.free(at) && (self.tokens[at].text == ";" || self.tokens[at].is_colon()))
            .map_or(self.low, |at| at + 1)
    }

    /// "less", "even", "of another opinion": what may stand beside an adjective that tells a stance.
    fn part_of_stance(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        matches!(token.tag, Tag::Adverb | Tag::Adjective)
            || self.among(at, STANCES)
            || token.among("more less not so as and but even just equally much no the")
    }

    /// Whether words name or describe a person, several, or a body.
    pub(super) fn is_somebody(&self, words: std::ops::Range<usize>) -> bool {
        let Some(head) = words.clone().last().map(|last| &self.tokens[last]) else { return false };
        let limit = words.clone().find(|&at| at > words.start && self.tokens[at].tag == Tag::Preposition);
        let head = limit.map_or(head, |at| &self.tokens[at - 1]);
        head.tag == Tag::Proper
            || head.among("he she they his her their others some many both most")
            || lexicon::is_person_noun(&head.lower)
            || lexicon::names_bodies(&head.lower)
    }
}
