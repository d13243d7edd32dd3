//! Who somebody is that the text first only describes.
//!
//! Enters: paragraphs whose names have been read, then descriptions that speak. Leaves: the entry of the name that the text gives elsewhere.
//! Always holds: a description is taken for a name only where the text says so: in an apposition, by "is", by a relation, by a pair.

use std::ops::Range;

use super::{Gender, Identified, Mention, People, Sort};
use crate::extract::grammar::phrase_right;
use crate::extract::lexicon;
use crate::extract::token::{Tag, Token};

/// A name this far after a description, in bytes, still tells who was meant.
const NEAR: usize = 2500;
/// Who is related to somebody just as they are to them.
const MUTUAL: &str = "colleague co-author coauthor partner rival counterpart co-director co-founder classmate friend companion brother sister twin adversary";

/// What somebody is to whoever is something to them.
const INVERSES: &[(&str, &str)] = &[
    ("student", "teacher professor mentor"),
    ("pupil", "teacher mentor"),
    ("apprentice", "master mentor"),
    ("protégé", "mentor patron"),
    ("teacher", "student pupil"),
    ("mentor", "student pupil"),
    ("daughter", "mother father parent"),
    ("son", "mother father parent"),
    ("mother", "son daughter child"),
    ("father", "son daughter child"),
    ("wife", "husband"),
    ("husband", "wife"),
    ("client", "lawyer counsel"),
    ("lawyer", "client"),
    ("counsel", "client"),
    ("deputy", "boss chief superior"),
    ("aide", "boss superior"),
    ("patient", "doctor physician"),
    ("nephew", "uncle aunt"),
    ("niece", "uncle aunt"),
];

impl People {
    /// "The clerk, Noor Haldane, ...", "The observer is Lourdes Pellegrin": notes who is meant; and who is named together with whom.
    pub(super) fn read_identities(
        &mut self,
        tokens: &[Token<'_>],
        units: &[Range<usize>],
        mentions: Range<usize>,
    ) {
        let first_mention = mentions.start;
        let mentions: Vec<(usize, usize)> = self.mentions[mentions]
            .iter()
            .map(|mention| (tokens.partition_point(|token| token.start < mention.at), mention.who))
            .collect();
        let mut pairs = Vec::new();
        for pair in mentions.windows(2) {
            let ((first, one), (second, other)) = (pair[0], pair[1]);
            let joined = second > first + 1
                && second - first <= 6
                && tokens[second - 1].is("and")
                && tokens[first..second - 1].iter().all(|token| token.free() && token.in_name());
            if joined && one != other {
                let end = (second..tokens.len()).find(|&at| !tokens[at].in_name()).unwrap_or(tokens.len());
                let person =
                    |who: usize| !matches!(self.known[who].sort, Sort::Body | Sort::Document | Sort::Place);
                if person(one) && person(other) && end <= second + 5 {
                    let both = self.enter_description(tokens, first..end, Sort::Nameless, false);
                    self.known[both].plural = true;
                    pairs.push((first, both));
                }
                self.partners.insert(one, other);
                self.partners.insert(other, one);
            }
        }
        for (at, who) in pairs {
            let (at, paragraph) = (tokens[at].start, tokens[0].start);
            self.mentions.push(Mention { at, who, subject: true, paragraph });
        }
        self.mentions[first_mention..].sort_by_key(|mention| mention.at);
        self.read_fronted(tokens, units, first_mention);
        for unit in units {
            let mut from = unit.start;
            while from < unit.end
                && tokens[from].free()
                && matches!(tokens[from].tag, Tag::Conjunction | Tag::Adverb | Tag::Punctuation)
            {
                from += 1;
            }
            let opens = from < unit.end && tokens[from].free() && {
                let owned = tokens[from].tag == Tag::Proper
                    && tokens[from..unit.end.min(from + 4)].iter().any(|token| token.tag == Tag::Possessive);
                tokens[from].among("the this his her its their our") || owned
            };
            if !opens {
                continue;
            }
            let Some(end) = phrase_right(tokens, from, unit.end) else { continue };
            let limit = (from + 1..end).find(|&at| tokens[at].tag == Tag::Preposition).unwrap_or(end);
            let head = &tokens[limit - 1];
            if !lexicon::is_person_noun(&head.lower) || head.tag == Tag::Proper {
                continue;
            }
            let named = tokens.get(end).is_some_and(|token| {
                end < unit.end && token.free() && (token.is_comma() || token.is_any(&["is", "was"]))
            });
            let Some(&(_, who)) =
                mentions.iter().find(|&&(at, _)| named && at > end && at <= end + 3).filter(|&&(at, _)| {
                    // Between the sign and the name nothing stands but a title.
                    tokens[end + 1..at]
                        .iter()
                        .all(|token| token.tag == Tag::Proper || lexicon::is_title(&token.lower))
                })
            else {
                continue;
            };
            if matches!(self.known[who].sort, Sort::Body | Sort::Document | Sort::Place | Sort::Nameless) {
                continue;
            }
            let described = super::words_of(tokens, from..end).to_lowercase();
            if let Some(&described) = self.by_name.get(&described) {
                self.stands_for.insert(described, who);
            }
            self.identified.push(Identified { at: tokens[from].start, head: head.lower.to_string(), who });
        }
    }

    /// "Osei Boateng has read the treaty. A lawyer at the university, she ...": what opens a sentence before a pronoun is what the one person is whom the
    /// sentence before is about.
    fn read_fronted(&mut self, tokens: &[Token<'_>], units: &[Range<usize>], first_mention: usize) {
        for pair in units.windows(2) {
            let (before, unit) = (&pair[0], &pair[1]);
            if !(tokens[unit.start].free() && tokens[unit.start].is_any(&["a", "an"])) {
                continue;
            }
            let Some(comma) =
                (unit.start + 1..unit.end.min(unit.start + 20)).find(|&at| tokens[at].is_comma())
            else {
                continue;
            };
            let calling = tokens[unit.start..comma]
                .iter()
                .take_while(|token| token.free() && token.tag != Tag::Preposition)
                .any(|token| token.tag != Tag::Proper && lexicon::is_person_noun(&token.lower));
            let pronoun = tokens
                .get(comma + 1)
                .filter(|next| comma + 1 < unit.end && next.free() && next.is_any(&["he", "she"]));
            let Some(pronoun) = pronoun.filter(|_| calling) else { continue };
            let here = tokens[before.start].start..tokens[unit.start].start;
            let from = first_mention
                + self.mentions[first_mention..].partition_point(|mention| mention.at < here.start);
            let Some(who) = self.mentions[from..]
                .iter()
                .take_while(|mention| mention.at < here.end)
                .find(|mention| mention.subject)
                .map(|mention| mention.who)
            else {
                continue;
            };
            let known = &mut self.known[who];
            let gender = if pronoun.is("he") { Gender::Male } else { Gender::Female };
            let person = matches!(known.sort, Sort::Person | Sort::Unknown) && !known.plural;
            if person && known.role.is_none() && known.gender.is_none_or(|known| known == gender) {
                let role = super::words_of(tokens, unit.start..comma);
                known.role = Some(format!("{}{}", role[..1].to_lowercase(), &role[1..]));
                known.gender = Some(gender);
                known.sort = Sort::Person;
            }
        }
    }

    /// "The judge who reads the footnotes": a headline describes whoever the text names first, where nothing else tells what they are.
    /// `headline` are the tokens of the first paragraph.
    pub(in crate::extract) fn read_headline(&mut self, headline: &[Token<'_>]) {
        let closed = headline.last().is_none_or(Token::ends_sentence);
        if closed
            || headline.len() > 20
            || !headline[0].is("the")
            || headline.iter().any(|token| !token.free())
        {
            return;
        }
        let after = headline[0].end;
        let Some(head) = (1..headline.len().min(4)).find(|&at| lexicon::is_person_noun(&headline[at].lower))
        else {
            return;
        };
        let alone = headline.get(head + 1).is_none_or(|next| next.tag != Tag::Proper && next.is_word());
        let plural = headline[head].lower.ends_with('s');
        let first = self.mentions.iter().find(|mention| {
            let known = &self.known[mention.who];
            mention.at > after
                && matches!(known.sort, Sort::Person | Sort::Unknown)
                && !known.plural
                && known.name.contains(' ')
        });
        if let Some(who) = first.map(|mention| mention.who).filter(|_| alone && !plural)
            && self.known[who].role.is_none()
        {
            self.known[who].role = Some(headline[head].lower.to_string());
            self.known[who].sort = Sort::Person;
        }
    }

    /// Whoever an indefinite description turns out to be further on: "a third observer remarks ... The observer is Lourdes Pellegrin".
    pub(super) fn identified_later(
        &self,
        tokens: &[Token<'_>],
        span: Range<usize>,
        head: &Token<'_>,
    ) -> Option<usize> {
        if !tokens[span.start].is_any(&["a", "an", "one", "another"]) {
            return None;
        }
        let at = tokens[span.start].start;
        let from = self.identified.partition_point(|identified| identified.at <= at);
        self.identified[from..]
            .iter()
            .take_while(|identified| identified.at < at + NEAR)
            .find(|identified| *identified.head == *head.lower)
            .map(|identified| identified.who)
    }

    /// Notes who is what to whoever speaks as "her former student Kwabena Oster".
    pub(super) fn note_inverse(&mut self, tokens: &[Token<'_>], span: Range<usize>) {
        if span.len() < 2 || span.len() > 8 || !tokens[span.start].is_any(&["his", "her"]) {
            return;
        }
        let owner = self.owner(&tokens[span.start]);
        let limit = (span.start + 1..span.end).find(|&at| tokens[at].tag == Tag::Proper).unwrap_or(span.end);
        let Some(noun) = tokens[span.start + 1..limit].last() else { return };
        self.note_relation(&noun.lower, owner);
    }

    /// Notes what the owner of a relation is to whoever stands in it.
    pub(super) fn note_relation(&mut self, noun: &str, owner: Option<usize>) {
        let Some(owner) = owner else { return };
        for (relation, inverses) in INVERSES {
            if noun == *relation {
                for inverse in inverses.split(' ') {
                    self.inverse.insert(inverse, owner);
                }
            }
        }
    }

    /// Whoever "her deputy", "Hale's co-author" are: the other of a pair, or whom the text calls so by name.
    pub(super) fn related(
        &self,
        tokens: &[Token<'_>],
        span: Range<usize>,
        head: &Token<'_>,
    ) -> Option<usize> {
        let pronoun = tokens[span.start].is_any(&["his", "her", "their", "its"]);
        if !pronoun
            || span.len() > 5
            || !lexicon::is_person_noun(&head.lower) && !MUTUAL.split(' ').any(|noun| *noun == *head.lower)
        {
            return None;
        }
        let owner = self.owner(&tokens[span.start]);
        if let Some(owner) = owner
            && MUTUAL.split(' ').any(|noun| *noun == *head.lower)
            && let Some(&partner) = self.partners.get(&owner)
            && self.seen.contains_key(&partner)
        {
            return Some(partner);
        }
        // "Her daughter thinks ... Her mother does not": whoever the daughter is one of.
        if let Some(&who) = self.inverse.get(head.lower.as_ref())
            && owner != Some(who)
        {
            return Some(who);
        }
        let &who = self.latest_by_word.get(head.lower.as_ref())?;
        let known = &self.known[who];
        let called = known
            .role
            .as_deref()
            .is_some_and(|role| role.split(' ').any(|word| word.to_lowercase() == *head.lower));
        (called && known.sort == Sort::Person && !known.plural && owner != Some(who)).then_some(who)
    }
}
