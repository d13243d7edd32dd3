//! Whom the words beside a cue stand for.
//!
//! Enters: a pronoun, a name or a description, and where it stands. Leaves: the entry it stands for.
//! Always holds: what is new becomes an entry; nothing later in the text is looked at, but for fuller forms of a name.

use std::ops::Range;

use super::gender::{gender_of, gender_of_courtesy};
use super::names::{gaps, split_name, words_of};
use super::{People, Resolved, Sort};
use crate::extract::lexicon;
use crate::extract::token::{Tag, Token};

impl People {
    /// Whoever spoke last.
    pub(in crate::extract) fn implicit(&mut self, at: usize) -> Option<Resolved> {
        self.walk_to(at);
        let (_, who) = self.last_speaker?;
        Some(Resolved { who, role: None, how: "implicit" })
    }

    /// The person who is the subject of the sentence before a quotation without a cue.
    pub(in crate::extract) fn subject_near(&mut self, from: usize, at: usize) -> Option<Resolved> {
        self.walk_to(at);
        let (position, who) = self.last_subject?;
        (position >= from && !self.known[who].plural && self.known[who].sort != Sort::Body)
            .then_some(Resolved { who, role: None, how: "implicit" })
    }

    /// Whoever the tokens of `span` stand for. `said_from` is where the words begin that are said before the speaker is named: whoever is
    /// mentioned in them is not whom a pronoun after them stands for.
    pub(in crate::extract) fn resolve(
        &mut self,
        tokens: &[Token<'_>],
        span: Range<usize>,
        apposition: Option<Range<usize>>,
        said_from: Option<usize>,
    ) -> Option<Resolved> {
        let at = tokens[span.start].start;
        self.walk_to(said_from.map_or(at, |from| from.min(at)));
        let paragraph = tokens[0].start;
        // "A businessman with interests in the port, he claimed": the description of whoever the paragraph is about, or a person by itself.
        let introduces = apposition
            .clone()
            .filter(|range| range.end < span.start && tokens[range.start].is_any(&["a", "an"]));
        let apposed = apposition
            .filter(|range| !range.is_empty())
            .map(|range| words_of(tokens, range))
            .filter(|role| role.len() < 300);
        self.note_inverse(tokens, span.clone());
        let head = &tokens[span.end - 1];
        let resolved = if span.len() == 1
            && (head.tag == Tag::Pronoun || head.is_any(&["his", "her", "their", "its"]))
        {
            match introduces {
                Some(range) if !self.meant_in(head, paragraph) => {
                    let who = self.enter_description(tokens, range, Sort::Nameless, false);
                    Resolved { who, role: None, how: "description" }
                }
                _ => self.pronoun(head, paragraph)?,
            }
        } else {
            let resolved = self.described(tokens, span.clone(), apposed.clone());
            if resolved.how == "description" {
                let key = words_of(tokens, span.clone()).to_lowercase();
                if let Some(&described) =
                    self.by_name.get(&key).filter(|&&described| described != resolved.who)
                {
                    self.stands_for.insert(described, resolved.who);
                }
            }
            resolved
        };
        // "Its commander, Colonel Hale, said": "the Colonel" is he, whatever role is kept.
        for token in tokens[span].iter().filter(|token| lexicon::is_title(&token.lower)) {
            self.latest_by_word.insert(token.lower.to_string(), resolved.who);
        }
        let known = &mut self.known[resolved.who];
        if known.role.is_none() || (apposed.is_some() && resolved.how == "name") {
            known.role = apposed.clone().or(resolved.role.clone()).or(known.role.take());
            if known.gender.is_none() {
                known.gender = gender_of(known.role.as_deref().unwrap_or_default().split(' '));
            }
        }
        if matches!(known.sort, Sort::Unknown | Sort::Place) && !known.plural {
            known.sort = Sort::Person;
        }
        self.note(resolved.who);
        Some(Resolved { role: apposed.or(resolved.role), ..resolved })
    }

    /// Whoever a label of a transcript names: a full name, a surname, initials, or the letter of an answer.
    pub(in crate::extract) fn labelled(&mut self, tokens: &[Token<'_>], span: Range<usize>) -> Resolved {
        let text = words_of(tokens, span.clone());
        let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        let alone = letters.chars().count() == 1;
        self.walk_to(tokens[span.start].start);
        if alone && letters == "Q" {
            return self.nameless("the interviewer");
        }
        if alone && letters == "A" {
            // Answers belong to the person whom the text names first.
            let person = *self.answers.get_or_init(|| {
                let mut mentioned = self.mentions.iter().map(|mention| mention.who);
                let person = mentioned.find(|who| self.known[*who].sort == Sort::Person);
                person.or_else(|| self.mentions.first().map(|mention| mention.who))
            });
            return person.map_or_else(
                || self.nameless("the interviewee"),
                |who| Resolved { who, role: None, how: "description" },
            );
        }
        let title_case = text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        if (2..=3).contains(&letters.chars().count())
            && letters.chars().all(char::is_uppercase)
            && let Some(&who) = self.by_initials.get(&letters)
        {
            return Resolved { who, role: None, how: "surname" };
        }
        if title_case.len() == 1
            && let Some(&who) = self.by_surname.get(&title_case[0])
        {
            return Resolved { who, role: None, how: "surname" };
        }
        let words: Vec<String> = tokens[span]
            .iter()
            .filter(|token| token.is_word())
            .map(|token| token.lower.to_string())
            .collect();
        let who = self.enter_words(&text, &words, None, Sort::Person);
        Resolved { who, role: None, how: "name" }
    }

    fn nameless(&mut self, name: &str) -> Resolved {
        let who = self.enter_words(name, &[name.to_owned()], None, Sort::Nameless);
        Resolved { who, role: None, how: "description" }
    }

    fn described(&mut self, tokens: &[Token<'_>], span: Range<usize>, apposed: Option<String>) -> Resolved {
        let head = &tokens[span.end - 1];
        let parts = split_name(tokens, span.clone());
        // "The Colonel" is a description in spite of its capital.
        let all_small = !tokens[span.clone()].iter().any(|token| {
            token.tag == Tag::Proper
                && !(lexicon::is_title(&token.lower)
                    || lexicon::is_person_noun(&token.lower)
                    || lexicon::is_demonym(&token.lower))
        });
        // "The historian of sieges": what is of it is not the head.
        let head = (span.start + 1..span.end)
            .find(|&at| tokens[at].tag == Tag::Preposition)
            .filter(|&at| all_small && lexicon::is_person_noun(&tokens[at - 1].lower))
            .map_or(head, |at| &tokens[at - 1]);
        let definite = tokens[span.start].is_any(&["the", "this", "that"]);
        if definite
            && span.len() == 2
            && head.is_any(&["former", "latter"])
            && let Some(who) = self.of_two(head.is("latter"), tokens[0].start)
        {
            return Resolved { who, role: None, how: "description" };
        }
        if definite
            && span.len() <= 4
            && tokens[span.start + 1..].first().is_some_and(|token| token.is("same"))
            && head.among("source person official witness man woman officer diplomat")
            && let Some((_, who)) = self.last_speaker
        {
            return Resolved { who, role: None, how: "description" };
        }
        // "The author of two books on wartime trade": long, and of nothing that others are of too.
        let further = || {
            span.len() <= 12
                && !tokens[span.clone()]
                    .iter()
                    .any(|token| token.tag == Tag::Proper || lexicon::is_body_noun(&token.lower))
        };
        // "Hale, who covers the region for the Atlantic Group, ... Her firm": the body that the paragraph named last.
        if span.len() == 2
            && tokens[span.start].is_any(&["his", "her"])
            && head.among("firm company employer organisation organization group institute think-tank agency")
            && let Some(who) = self.body_named_since(tokens[0].start)
        {
            return Resolved { who, role: None, how: "description" };
        }
        // "The ministry's own statistician": whose they are makes a person of their own.
        let owned = tokens[span.clone()].iter().any(|token| token.tag == Tag::Possessive);
        if all_small && definite && !owned && (span.len() <= 5 || further()) {
            let word = head.lower.strip_prefix("ex-").unwrap_or(&head.lower).to_owned();
            let person = lexicon::is_person_noun(&word) || lexicon::is_demonym(&word);
            let body = lexicon::is_body_noun(&word);
            if person || body {
                let matched = self.latest_by_word.get(&word).copied().filter(|&who| {
                    matches!(self.known[who].sort, Sort::Person | Sort::Unknown | Sort::Nameless) == person
                });
                // "The finance ministry" is not the ministry of transport.
                let matched =
                    matched.filter(|&who| person || self.carries_modifiers(tokens, span.clone(), &word, who));
                let description = words_of(tokens, span.clone()).to_lowercase();
                let gender = self.by_name.get(&description).and_then(|&who| self.known[who].gender);
                if person
                    && let Some(who) =
                        self.other_words_for(&description, &head.lower, matched, tokens[0].start, gender)
                {
                    return Resolved { who, role: None, how: "description" };
                }
                let inverse = self.inverse.get(word.as_str()).copied().filter(|_| person);
                if let Some(who) = inverse.filter(|_| matched.is_none()) {
                    return Resolved { who, role: None, how: "description" };
                }
                // "The governor of the province said": the only one whom the text calls Governor, be it further on.
                let titled = || self.by_title.get(&word).copied().flatten().filter(|_| person);
                if let Some(who) = matched.or_else(titled) {
                    return Resolved { who, role: None, how: "description" };
                }
                // Whoever spoke last, or is the subject of a later sentence without words of theirs.
                let last = match (self.last_speaker, self.last_subject) {
                    (Some(spoke), Some(subject))
                        if person
                            && subject.0 > spoke.0
                            && matches!(
                                self.known[subject.1].sort,
                                Sort::Person | Sort::Unknown | Sort::Nameless
                            )
                            && !self.known[subject.1].plural =>
                    {
                        Some(subject)
                    }
                    (spoke, _) => spoke,
                };
                let qualified = tokens[span.clone()].iter().any(|token| {
                    lexicon::is_body_noun(&token.lower)
                        || token.among("other second third first for from at in near with")
                });
                let last = last.map(|(_, who)| who).filter(|&who| {
                    let known = &self.known[who];
                    if person {
                        matches!(known.sort, Sort::Person | Sort::Unknown | Sort::Nameless)
                            && !known.plural
                            && (!qualified || known.role.is_none())
                            && !word.ends_with('s')
                    } else {
                        known.sort == Sort::Body
                            && matches!(
                                word.as_str(),
                                "group"
                                    | "organisation"
                                    | "organization"
                                    | "agency"
                                    | "company"
                                    | "firm"
                                    | "movement"
                                    | "outfit"
                                    | "network"
                                    | "body"
                                    | "charity"
                            )
                    }
                });
                let generic = person
                    && word.trim_end_matches('s') == word
                    && GENERIC.split(' ').any(|generic| generic == word);
                if let Some(who) = last.filter(|_| generic) {
                    let wanted = gender_of([word.as_str()]).or(gender);
                    let fits = |who: usize| {
                        wanted.is_none_or(|gender| self.known[who].gender.is_none_or(|known| known == gender))
                    };
                    // "She disagrees. The historian, for his part, ...": not who spoke last, but whom "he" would mean.
                    let who =
                        if fits(who) { Some(who) } else { gender.and_then(|gender| self.last_of(gender)) };
                    if let Some(who) = who.filter(|&who| fits(who)) {
                        return Resolved { who, role: None, how: "description" };
                    }
                }
                // "The platform was raided by the Northern Army ... The group said": the body that the paragraph named last.
                let named = || {
                    self.body_named_since(tokens[0].start)
                        .filter(|&who| span.len() == 2 && self.may_be_called(&word, who) && matched.is_none())
                };
                if let Some(who) = last.filter(|_| body).or_else(|| if body { named() } else { None }) {
                    return Resolved { who, role: None, how: "description" };
                }
            }
        }
        if parts.name.is_empty()
            && all_small
            && let Some(who) = self
                .related(tokens, span.clone(), head)
                .or_else(|| self.identified_later(tokens, span.clone(), head))
        {
            return Resolved { who, role: None, how: "description" };
        }
        if parts.name.is_empty() {
            // Nobody is named: the description stands for itself.
            let sort = if lexicon::is_document_noun(&head.lower) {
                Sort::Document
            } else if lexicon::is_body_noun(&head.lower) {
                Sort::Body
            } else {
                Sort::Nameless
            };
            let indefinite = tokens[span.start].is_any(&["a", "an", "one", "another"]);
            let near = self.last_subject.filter(|(position, who)| {
                *position == tokens[span.start].start
                    && self.known[*who].name == words_of(tokens, span.clone())
            });
            let who =
                near.map_or_else(|| self.enter_description(tokens, span, sort, indefinite), |(_, who)| who);
            return Resolved { who, role: None, how: "description" };
        }
        let role = parts.role.map(|role| words_of(tokens, role)).filter(|role| !role.is_empty());
        let name = parts.name;
        let words: Vec<String> = tokens[name.clone()].iter().map(|token| token.lower.to_string()).collect();
        let spelled = words_of(tokens, name.clone());
        let body = tokens[name.clone()].iter().any(|token| lexicon::is_body_noun(&token.lower))
            || (name.start > span.start && tokens[name.start - 1].is("the") && role.is_none());
        let courtesy =
            tokens[span.start..name.start].iter().find_map(|token| gender_of_courtesy(&token.lower));
        let (who, how) = if words.len() == 1 {
            let word = &words[0];
            let exact = self
                .by_body_head
                .get(word)
                .or_else(|| self.by_acronym.get(spelled.as_str()))
                .copied()
                .or_else(|| self.bearer(word, courtesy))
                .or_else(|| self.by_name.get(word).copied());
            let titled = role.is_some();
            let exact = exact.or_else(|| {
                let who = *self.latest_by_word.get(word)?;
                let first_name =
                    self.known[who].name.split(' ').next().is_some_and(|first| first.to_lowercase() == *word);
                (first_name && self.known[who].sort == Sort::Person).then_some(who)
            });
            match exact {
                Some(who) => (who, "surname"),
                None => match self.near(word).filter(|_| !body) {
                    Some(who) => (who, "misspelt"),
                    None => (
                        self.enter_words(
                            &spelled,
                            &words,
                            role.clone(),
                            if body {
                                Sort::Body
                            } else if titled {
                                Sort::Person
                            } else {
                                Sort::Unknown
                            },
                        ),
                        "name",
                    ),
                },
            }
        } else {
            let key = words.join(" ");
            let misspelt = (!self.by_name.contains_key(&key))
                .then(|| words.last().and_then(|surname| self.near(surname)))
                .flatten()
                .filter(|&who| {
                    self.known[who].name.to_lowercase().split(' ').next() == words.first().map(String::as_str)
                });
            // "Van Hoek" after "Lotte Van Hoek": the end of a name that is known.
            let ending = (!self.by_name.contains_key(&key))
                .then(|| words.last().and_then(|surname| self.by_surname.get(surname).copied()))
                .flatten()
                .filter(|&who| self.known[who].name.to_lowercase().ends_with(&format!(" {key}")));
            match misspelt.or(ending) {
                Some(who) => (who, if ending.is_some() { "surname" } else { "misspelt" }),
                None => (
                    self.enter_words(
                        &spelled,
                        &words,
                        role.clone().or(apposed),
                        if body { Sort::Body } else { Sort::Unknown },
                    ),
                    "name",
                ),
            }
        };
        if courtesy.is_some() && self.known[who].gender.is_none() {
            self.called(who, courtesy);
        }
        // A name that was entered early from a misspelling still counts as one person when its neighbour came first.
        if !self.known[who].spellings.contains(&spelled)
            && self.known[who].name != spelled
            && self.known[who].spellings.len() < 12
        {
            self.known[who].spellings.push(spelled);
        }
        Resolved { who, role, how }
    }

    /// Whether a body whose name has no such word may be called "the group", "the charity".
    pub(super) fn may_be_called(&self, word: &str, who: usize) -> bool {
        let name = self.known[who].name.to_lowercase();
        let public = "ministry government court parliament council commission committee bank party police";
        match word {
            "group" | "organisation" | "organization" | "movement" | "faction" => {
                !name.split(' ').any(|part| public.split(' ').any(|public| public == part))
            }
            // What has another noun for a body in its name is none.
            "company" | "firm" | "charity" => !name.split(' ').any(lexicon::is_body_noun),
            _ => false,
        }
    }

    /// Whether the name or the role of a body has every noun that stands before the head of a description.
    fn carries_modifiers(&self, tokens: &[Token<'_>], span: Range<usize>, head: &str, who: usize) -> bool {
        let known = &self.known[who];
        let name = known.name.to_lowercase();
        let role = known.role.as_deref().unwrap_or_default().to_lowercase();
        tokens[span]
            .iter()
            .take_while(|token| *token.lower != *head)
            .filter(|token| matches!(token.tag, Tag::Noun | Tag::Proper))
            .all(|token| name.contains(token.lower.as_ref()) || role.contains(token.lower.as_ref()))
    }

    /// Somebody whose surname differs by one letter.
    pub(super) fn near(&self, surname: &str) -> Option<usize> {
        if !(5..=24).contains(&surname.chars().count()) {
            return None;
        }
        gaps(surname).find_map(|gap| self.by_gap.get(&gap).copied()).filter(|&who| {
            self.known[who].sort != Sort::Body
                && self.known[who].name.to_lowercase().split(' ').next_back() != Some(surname)
        })
    }
}

/// Descriptions that fit whoever spoke last; "the mayor" is somebody in particular.
const GENERIC: &str = "defendant accused analyst expert official spokesman spokeswoman spokesperson researcher professor academic author man woman lawyer activist politician diplomat scholar \
    scientist economist historian journalist consultant specialist officer veteran parliamentarian lawmaker legislator writer columnist novelist biographer reporter \
    sociologist anthropologist geographer demographer philosopher strategist campaigner adviser advisor fellow observer critic";
