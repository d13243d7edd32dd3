//! Who a name, a pronoun or a description stands for.
//!
//! Enters: the paragraphs of a text in order, then the words that point at a speaker. Leaves: one name for each speaker.
//! Always holds: a name is spelled as its fullest form in the text; lookups go by words, never over all names, so that time stays linear.

use std::collections::HashMap;
use std::ops::Range;

use super::grammar::phrase_right;
use super::lexicon;
use super::token::{Tag, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
}

/// What a speaker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Person,
    Body,
    Document,
    /// Several, or somebody without a name.
    Nameless,
    Unknown,
}

#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) role: Option<String>,
    pub(super) sort: Sort,
    gender: Option<Gender>,
    plural: bool,
    pub(super) spellings: Vec<String>,
}

/// Where somebody is mentioned.
#[derive(Debug, Clone, Copy)]
struct Mention {
    at: usize,
    who: usize,
    subject: bool,
}

/// What the words that point at a speaker came to.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) who: usize,
    pub(super) role: Option<String>,
    /// How: "name", "surname", "misspelt", "pronoun", "description", "implicit".
    pub(super) how: &'static str,
}

/// How a name of one word is used in the text.
#[derive(Debug)]
struct Single {
    count: usize,
    place: bool,
    /// It occurs only where a sentence begins, so its capital says nothing.
    sentence_only: bool,
}

impl Default for Single {
    fn default() -> Self {
        Self { count: 0, place: false, sentence_only: true }
    }
}

/// Everybody the text names.
#[derive(Debug, Default)]
pub(super) struct People {
    known: Vec<Known>,
    by_name: HashMap<String, usize>,
    /// Names by their last word.
    by_surname: HashMap<String, usize>,
    /// Surnames with one letter left out, for misspellings.
    by_gap: HashMap<String, usize>,
    by_acronym: HashMap<String, usize>,
    by_initials: HashMap<String, usize>,
    /// Whoever was mentioned last with a word in the name or the role.
    latest_by_word: HashMap<String, usize>,
    singles: HashMap<String, Single>,
    mentions: Vec<Mention>,
    walked: usize,
    last_speaker: Option<(usize, usize)>,
    last_subject: Option<(usize, usize)>,
    /// Whom "he", "she", "they" and "it" may stand for: whoever fits and was last a subject or a speaker.
    meant: [Option<(usize, usize)>; 4],
}

impl People {
    pub(super) fn known(&self, who: usize) -> &Known {
        &self.known[who]
    }

    /// Counts single names of a paragraph, to tell people from places before anybody is entered.
    pub(super) fn survey(&mut self, tokens: &[Token<'_>]) {
        for at in 0..tokens.len() {
            let token = &tokens[at];
            let alone = starts_name(tokens, at)
                && !tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Proper)
                && !at.checked_sub(1).is_some_and(|before| tokens[before].tag == Tag::Proper);
            if !alone
                || lexicon::is_body_noun(&token.lower)
                || lexicon::is_document_noun(&token.lower)
                || lexicon::is_person_noun(&token.lower)
            {
                continue;
            }
            let before = at.checked_sub(1).map(|before| &tokens[before]);
            let tally = self.singles.entry(token.text.to_owned()).or_default();
            tally.count += 1;
            tally.sentence_only &= before.is_none_or(|before| !before.is_word());
            // Places follow prepositions and bodies follow articles; people rarely do.
            tally.place |= before.is_some_and(|before| {
                before.among(
                    "in at near across around outside inside the through throughout within from into an a",
                )
            });
        }
    }

    /// Notes every full name of a paragraph, with the role that stands beside it.
    pub(super) fn read(&mut self, tokens: &[Token<'_>], units: &[Range<usize>]) {
        let before = self.mentions.len();
        for unit in units {
            self.read_description(tokens, unit);
        }
        let described = self.mentions.split_off(before);
        let mut at = 0;
        while at < tokens.len() {
            if !starts_name(tokens, at) {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            while end < tokens.len() && end < at + 12 && continues_name(tokens, end) {
                end += 1;
            }
            while end > at + 1
                && lexicon::is_name_particle(&tokens[end - 1].lower)
                && !tokens[end - 1].is_capital()
            {
                end -= 1;
            }
            self.read_name(tokens, at..end, units);
            at = end;
        }
        self.mentions.extend(described);
        self.mentions[before..].sort_by_key(|mention| mention.at);
    }

    /// A description that opens a unit may be what a pronoun after it stands for: "The clerk was called. He said".
    fn read_description(&mut self, tokens: &[Token<'_>], unit: &Range<usize>) {
        let mut from = unit.start;
        while from < unit.end
            && tokens[from].free()
            && (matches!(tokens[from].tag, Tag::Conjunction | Tag::Adverb)
                || tokens[from].is_any(&["when", "while", "after", "before", "once"]))
        {
            from += 1;
        }
        if tokens.get(from).is_none_or(|token| !token.free() || token.tag != Tag::Determiner) {
            return;
        }
        let Some(end) = phrase_right(tokens, from, unit.end) else { return };
        let limit = (from + 1..end).find(|&at| tokens[at].tag == Tag::Preposition).unwrap_or(end);
        let known_head = |at: &usize| {
            lexicon::is_person_noun(&tokens[*at].lower) || lexicon::is_body_noun(&tokens[*at].lower)
        };
        let Some(head) = (from..limit).rev().find(known_head) else { return };
        let end = if head + 1 < limit { head + 1 } else { end };
        let person = lexicon::is_person_noun(&tokens[head].lower);
        if tokens[from..end].iter().any(|token| token.tag == Tag::Proper) || end - from > 7 {
            return;
        }
        let sort = if person { Sort::Nameless } else { Sort::Body };
        let who = self.enter_description(tokens, from..end, sort, false);
        self.mentions.push(Mention { at: tokens[from].start, who, subject: true });
    }

    /// The entry for a description that names nobody.
    fn enter_description(
        &mut self,
        tokens: &[Token<'_>],
        span: Range<usize>,
        sort: Sort,
        fresh: bool,
    ) -> usize {
        let text = words_of(tokens, span.clone());
        let key = text.to_lowercase();
        if !fresh && let Some(&who) = self.by_name.get(&key) {
            return who;
        }
        let head = &tokens[span.end - 1];
        let plural = head.lower.ends_with('s') && !head.lower.ends_with("ss")
            || head.among("people many some others most both men women locals");
        let who = self.known.len();
        let gender = gender_of(tokens[span].iter().map(|token| token.lower.as_ref()));
        self.known.push(Known { name: text, role: None, sort, gender, plural, spellings: Vec::new() });
        self.by_name.insert(key, who);
        who
    }

    fn read_name(&mut self, tokens: &[Token<'_>], run: Range<usize>, units: &[Range<usize>]) {
        let parts = split_name(tokens, run.clone());
        if parts.name.is_empty() {
            return;
        }
        let words = parts.name.len();
        let start = tokens[parts.name.start].start;
        let mut role = parts.role.map(|role| words_of(tokens, role)).filter(|role| !role.is_empty());
        // "analyst Leila Karim": the role stands before, in small letters.
        if role.is_none()
            && run.start > 0
            && tokens[run.start - 1].tag == Tag::Noun
            && lexicon::is_person_noun(&tokens[run.start - 1].lower)
        {
            let from = super::grammar::phrase_left(tokens, run.start - 1, run.start.saturating_sub(10))
                .unwrap_or(run.start - 1);
            role = Some(words_of(tokens, from..run.start));
        }
        let titled = role.is_some();
        if role.is_none() && tokens.get(run.end).is_some_and(Token::is_comma) {
            role = apposition_role(tokens, run.end + 1);
        }
        let sort = if tokens[parts.name.clone()]
            .iter()
            .any(|token| lexicon::is_body_noun(&token.lower) || lexicon::is_document_noun(&token.lower))
        {
            Sort::Body
        } else if role.as_deref().is_some_and(names_person) {
            Sort::Person
        } else {
            Sort::Unknown
        };
        let unit = units.partition_point(|unit| unit.end <= run.start);
        let subject = units.get(unit).is_some_and(|unit| opens_unit(tokens, unit.start, run.start))
            && tokens[run.start].free();
        // "The minister is Josefina Lux. She ...": the name is what a pronoun stands for.
        let identified = run.start > 0
            && tokens[run.start - 1].is_any(&["is", "was", "include", "includes"])
            && units
                .get(unit)
                .is_some_and(|unit| run.start - unit.start <= 8 && tokens[unit.start].tag == Tag::Determiner);
        let subject = subject || identified;
        if words >= 2 {
            let who = self.enter(tokens, parts.name.clone(), role, sort);
            self.mentions.push(Mention { at: start, who, subject });
            // "International Rescue Board (IRB)"
            if tokens.get(run.end).is_some_and(|token| token.text == "(")
                && let Some(short) = tokens.get(run.end + 1)
                && tokens.get(run.end + 2).is_some_and(|token| token.text == ")")
                && short.text.len() <= 12
                && short.text.chars().filter(|c| c.is_uppercase()).count() >= 2
            {
                self.by_acronym.insert(short.text.to_owned(), who);
                self.known[who].spellings.push(short.text.to_owned());
            }
        } else {
            let last = &tokens[parts.name.end - 1];
            let key = last.lower.to_string();
            if let Some(&who) = self.by_surname.get(&key).or_else(|| self.by_acronym.get(last.text)) {
                if titled && self.known[who].role.is_none() {
                    self.known[who].role = role;
                }
                self.mentions.push(Mention { at: start, who, subject });
            } else if let Some(from) = introduced(tokens, &run) {
                let who = self.enter(tokens, parts.name, role, Sort::Person);
                let subject = units
                    .get(unit)
                    .is_some_and(|unit| from >= unit.start && opens_unit(tokens, unit.start, from));
                self.mentions.push(Mention { at: start, who, subject });
            } else if subject
                && self
                    .singles
                    .get(last.text)
                    .is_some_and(|single| single.count >= 2 && !single.place && !single.sentence_only)
            {
                let who = self.enter(tokens, parts.name, role, sort);
                self.mentions.push(Mention { at: start, who, subject });
            } else if (titled || role.as_deref().is_some_and(names_person)) && sort != Sort::Body {
                let who = self.enter(tokens, parts.name, role, Sort::Person);
                self.mentions.push(Mention { at: start, who, subject });
            }
        }
    }

    /// The entry for a name, made where there is none.
    fn enter(&mut self, tokens: &[Token<'_>], name: Range<usize>, role: Option<String>, sort: Sort) -> usize {
        let spelled = words_of(tokens, name.clone());
        let words: Vec<String> = tokens[name.clone()].iter().map(|token| token.lower.to_string()).collect();
        self.enter_words(&spelled, &words, role, sort)
    }

    fn enter_words(&mut self, spelled: &str, words: &[String], role: Option<String>, sort: Sort) -> usize {
        let key = words.join(" ");
        if let Some(&who) = self.by_name.get(&key) {
            let known = &mut self.known[who];
            if known.role.is_none() {
                known.role = role;
            }
            if known.sort == Sort::Unknown {
                known.sort = sort;
            }
            return who;
        }
        let who = self.known.len();
        let gender =
            gender_of(words.iter().map(String::as_str).chain(role.as_deref().unwrap_or_default().split(' ')));
        self.known.push(Known {
            name: spelled.to_owned(),
            role,
            sort,
            gender,
            plural: false,
            spellings: Vec::new(),
        });
        self.by_name.insert(key, who);
        let initials: String = words
            .iter()
            .take(4)
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_uppercase)
            .collect();
        self.by_initials.entry(initials).or_insert(who);
        if let Some(surname) = words.last() {
            let place = self.by_surname.entry(surname.clone()).or_insert(who);
            if self.known[*place].sort != Sort::Person && sort == Sort::Person {
                *place = who;
            }
            if (5..=24).contains(&surname.chars().count()) {
                for gap in gaps(surname) {
                    self.by_gap.entry(gap).or_insert(who);
                }
            }
        }
        who
    }

    /// Moves to a position of the text: whoever was mentioned before it can be meant.
    fn walk_to(&mut self, at: usize) {
        while let Some(mention) = self.mentions.get(self.walked).copied() {
            if mention.at >= at {
                break;
            }
            self.walked += 1;
            self.note(mention.who);
            if mention.subject {
                if matches!(self.known[mention.who].sort, Sort::Person | Sort::Unknown | Sort::Nameless) {
                    self.last_subject = Some((mention.at, mention.who));
                }
                self.may_be_meant(mention.who, mention.at);
            }
        }
    }

    /// A pronoun after `at` may stand for `who`.
    fn may_be_meant(&mut self, who: usize, at: usize) {
        let known = &self.known[who];
        let one = !known.plural && matches!(known.sort, Sort::Person | Sort::Unknown | Sort::Nameless);
        let slots = [
            one && known.gender != Some(Gender::Female),
            one && known.gender != Some(Gender::Male),
            known.plural || known.sort == Sort::Body,
            matches!(known.sort, Sort::Body | Sort::Document),
        ];
        for (slot, fits) in self.meant.iter_mut().zip(slots) {
            if fits {
                *slot = Some((at, who));
            }
        }
    }

    fn note(&mut self, who: usize) {
        let known = &self.known[who];
        let words: Vec<String> = known
            .name
            .split(' ')
            .chain(known.role.as_deref().unwrap_or_default().split(' '))
            .take(30)
            .map(str::to_lowercase)
            .collect();
        for word in words {
            self.latest_by_word.insert(word, who);
        }
    }

    /// Whoever spoke last.
    pub(super) fn implicit(&mut self, at: usize) -> Option<Resolved> {
        self.walk_to(at);
        let (_, who) = self.last_speaker?;
        Some(Resolved { who, role: None, how: "implicit" })
    }

    /// The person who is the subject of the sentence before a quotation without a cue.
    pub(super) fn subject_near(&mut self, from: usize, at: usize) -> Option<Resolved> {
        self.walk_to(at);
        let (position, who) = self.last_subject?;
        (position >= from && !self.known[who].plural && self.known[who].sort != Sort::Body)
            .then_some(Resolved { who, role: None, how: "implicit" })
    }

    /// Whoever the tokens of `span` stand for.
    pub(super) fn resolve(
        &mut self,
        tokens: &[Token<'_>],
        span: Range<usize>,
        apposition: Option<Range<usize>>,
    ) -> Option<Resolved> {
        let at = tokens[span.start].start;
        self.walk_to(at);
        let apposed = apposition
            .filter(|range| !range.is_empty())
            .map(|range| words_of(tokens, range))
            .filter(|role| role.len() < 300);
        let head = &tokens[span.end - 1];
        let resolved = if span.len() == 1
            && (head.tag == Tag::Pronoun || head.is_any(&["his", "her", "their", "its"]))
        {
            self.pronoun(head)?
        } else {
            self.described(tokens, span.clone(), apposed.clone())
        };
        let known = &mut self.known[resolved.who];
        if known.role.is_none() || (apposed.is_some() && resolved.how == "name") {
            known.role = apposed.clone().or(resolved.role.clone()).or(known.role.take());
            if known.gender.is_none() {
                known.gender = gender_of(known.role.as_deref().unwrap_or_default().split(' '));
            }
        }
        if known.sort == Sort::Unknown && !known.plural {
            known.sort = Sort::Person;
        }
        self.note(resolved.who);
        Some(Resolved { role: apposed.or(resolved.role), ..resolved })
    }

    /// Whoever a label of a transcript names: a full name, a surname, initials, or the letter of an answer.
    pub(super) fn labelled(&mut self, tokens: &[Token<'_>], span: Range<usize>) -> Resolved {
        let text = words_of(tokens, span.clone());
        let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        let alone = letters.chars().count() == 1;
        self.walk_to(tokens[span.start].start);
        if alone && letters == "Q" {
            return self.nameless("the interviewer");
        }
        if alone && letters == "A" {
            // Answers belong to the person whom the text names first.
            let person = self
                .mentions
                .iter()
                .map(|mention| mention.who)
                .find(|who| self.known[*who].sort == Sort::Person);
            let person = person.or_else(|| self.mentions.first().map(|mention| mention.who));
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

    /// Notes that somebody spoke at a position.
    pub(super) fn spoke(&mut self, who: usize, at: usize) {
        self.last_speaker = Some((at, who));
        self.may_be_meant(who, at);
    }

    fn pronoun(&mut self, token: &Token<'_>) -> Option<Resolved> {
        let word: &str = &token.lower;
        let slot = match word {
            "he" | "his" | "him" => 0,
            "she" | "her" => 1,
            "they" | "their" | "them" => 2,
            "it" | "its" => 3,
            _ => return self.last_speaker.map(|(_, who)| Resolved { who, role: None, how: "pronoun" }),
        };
        let plural_fallback = if slot == 2 { self.last_speaker } else { None };
        // Nobody was a subject or spoke: whoever was mentioned last and fits.
        let mentioned = || {
            let wrong = if slot == 0 { Gender::Female } else { Gender::Male };
            self.mentions[..self.walked].iter().rev().take(12).find(|mention| {
                let known = &self.known[mention.who];
                slot < 2 && known.sort == Sort::Person && known.gender != Some(wrong)
            })
        };
        let (_, who) = self.meant[slot]
            .or(plural_fallback)
            .or_else(|| mentioned().map(|mention| (mention.at, mention.who)))?;
        let known = &mut self.known[who];
        if known.gender.is_none() && slot < 2 {
            known.gender = Some(if slot == 0 { Gender::Male } else { Gender::Female });
        }
        Some(Resolved { who, role: None, how: "pronoun" })
    }

    fn described(&mut self, tokens: &[Token<'_>], span: Range<usize>, apposed: Option<String>) -> Resolved {
        let head = &tokens[span.end - 1];
        let parts = split_name(tokens, span.clone());
        let all_small = !tokens[span.clone()].iter().any(|token| token.tag == Tag::Proper);
        let definite = tokens[span.start].is_any(&["the", "this", "that"]);
        if all_small && definite && span.len() <= 4 {
            let word = head.lower.to_string();
            let person = lexicon::is_person_noun(&word);
            let body = lexicon::is_body_noun(&word);
            if person || body {
                if let Some(&who) = self.latest_by_word.get(&word)
                    && matches!(self.known[who].sort, Sort::Person | Sort::Unknown) == person
                {
                    return Resolved { who, role: None, how: "description" };
                }
                let last = self.last_speaker.map(|(_, who)| who).filter(|&who| {
                    let known = &self.known[who];
                    if person {
                        matches!(known.sort, Sort::Person | Sort::Unknown)
                            && !known.plural
                            && (known.role.is_none() || span.len() <= 2)
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
                            )
                    }
                });
                if let Some(who) = last
                    && person
                    && word.trim_end_matches('s') == word
                    && GENERIC.split(' ').any(|generic| generic == word)
                    && gender_of([word.as_str()])
                        .is_none_or(|gender| self.known[who].gender.is_none_or(|known| known == gender))
                {
                    return Resolved { who, role: None, how: "description" };
                }
                if let Some(who) = last.filter(|_| body) {
                    return Resolved { who, role: None, how: "description" };
                }
            }
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
            || (tokens[span.start].is("the") && role.is_none());
        let (who, how) = if words.len() == 1 {
            let word = &words[0];
            let exact = self
                .by_acronym
                .get(spelled.as_str())
                .or_else(|| self.by_surname.get(word))
                .or_else(|| self.by_name.get(word))
                .copied();
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
            match misspelt {
                Some(who) => (who, "misspelt"),
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
        // A name that was entered early from a misspelling still counts as one person when its neighbour came first.
        if !self.known[who].spellings.contains(&spelled)
            && self.known[who].name != spelled
            && self.known[who].spellings.len() < 12
        {
            self.known[who].spellings.push(spelled);
        }
        Resolved { who, role, how }
    }

    /// Somebody whose surname differs by one letter.
    fn near(&self, surname: &str) -> Option<usize> {
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
const GENERIC: &str = "analyst expert official spokesman spokeswoman spokesperson researcher professor academic author man woman lawyer activist politician diplomat scholar \
    scientist economist historian journalist consultant specialist";

/// A word, and the word with each letter left out in turn.
fn gaps(word: &str) -> impl Iterator<Item = String> + '_ {
    std::iter::once(word.to_owned()).chain(
        word.char_indices().map(move |(at, c)| format!("{}{}", &word[..at], &word[at + c.len_utf8()..])),
    )
}

/// The words of a range, joined by single spaces where the text has any space.
pub(super) fn words_of(tokens: &[Token<'_>], range: Range<usize>) -> String {
    let mut joined = String::new();
    for token in &tokens[range] {
        if token.space_before && !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(token.text);
    }
    joined
}

fn names_person(role: &str) -> bool {
    role.split(|c: char| !c.is_alphanumeric() && c != '-').take(14).any(|word| {
        let word = word.to_lowercase();
        lexicon::is_person_noun(&word) || lexicon::is_title(&word)
    })
}

fn gender_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Gender> {
    words.into_iter().find_map(|word| {
        let word = word.to_lowercase();
        if lexicon::is_female(&word) {
            Some(Gender::Female)
        } else if lexicon::is_male(&word) {
            Some(Gender::Male)
        } else {
            None
        }
    })
}

fn starts_name(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    token.tag == Tag::Proper
        && !(lexicon::is_month_or_day(&token.lower))
        && token.text.chars().any(char::is_alphabetic)
}

fn continues_name(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    (token.tag == Tag::Proper && !lexicon::is_month_or_day(&token.lower))
        || (lexicon::is_name_particle(&token.lower)
            && tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Proper))
}

/// Whether nothing but a fronted phrase stands between the beginning of a unit and a name.
fn opens_unit(tokens: &[Token<'_>], unit: usize, at: usize) -> bool {
    if at - unit > 12 {
        return false;
    }
    let between = &tokens[unit..at];
    let preposed = between.iter().any(|token| token.tag == Tag::Preposition);
    let verbless = between.iter().all(|token| {
        token.free()
            && !matches!(token.tag, Tag::Verb | Tag::Auxiliary)
            && !token.is_colon()
            && !matches!(token.text, "(" | "[")
    });
    let governed =
        between.last().is_some_and(|token| matches!(token.tag, Tag::Preposition | Tag::Possessive));
    verbless && !governed && (!preposed || between.iter().any(Token::is_comma))
}

/// "a researcher at the institute" after a name and a comma.
fn apposition_role(tokens: &[Token<'_>], from: usize) -> Option<String> {
    let first = tokens.get(from)?;
    if !(first.among("a an the who head director chief professor author former senior his her")
        || lexicon::is_person_noun(&first.lower))
    {
        return None;
    }
    let end = tokens.len().min(from + 24);
    let stop = (from..end).find(|&at| {
        tokens[at].is_comma()
            || tokens[at].ends_sentence()
            || !tokens[at].free()
            || tokens[at].text == ";"
            || tokens[at].is_dash()
    })?;
    let person = tokens[from..stop].iter().take(10).any(|token| lexicon::is_person_noun(&token.lower))
        || first.is("who");
    (person && stop > from).then(|| words_of(tokens, from..stop))
}

struct NameParts {
    name: Range<usize>,
    role: Option<Range<usize>>,
}

/// Which words of a noun phrase are the name and which the role.
fn split_name(tokens: &[Token<'_>], span: Range<usize>) -> NameParts {
    let nothing = NameParts { name: span.start..span.start, role: None };
    let is_name = |at: usize| {
        tokens[at].tag == Tag::Proper
            || (lexicon::is_name_particle(&tokens[at].lower) && at > span.start && at + 1 < span.end)
            || (lexicon::is_title(&tokens[at].lower) && tokens[at].is_capital())
    };
    // "Hale of the Centre", "Hale from the ministry": the name comes first.
    let mut first_end = span.start;
    while first_end < span.end && is_name(first_end) {
        first_end += 1;
    }
    let body = |range: Range<usize>| {
        tokens[range]
            .iter()
            .any(|token| lexicon::is_body_noun(&token.lower) || lexicon::is_document_noun(&token.lower))
    };
    if first_end > span.start
        && first_end < span.end
        && tokens[first_end].among("of from at with for in ( ,")
        && !body(span.start..first_end)
    {
        let trailing = first_end..span.end;
        let inner = strip_title(tokens, span.start..first_end);
        if !inner.name.is_empty()
            && (!tokens[first_end].is_any(&["of", "in", "for"])
                || inner.name.len() >= 2
                || inner.role.is_some())
        {
            return NameParts { name: inner.name, role: inner.role.or(Some(trailing)) };
        }
    }
    if first_end > span.start
        && first_end < span.end
        && tokens[first_end].tag == Tag::Preposition
        && body(span.clone())
    {
        // "Ministry of Defence", "University of the North"
        if tokens[span.end - 1].tag == Tag::Proper {
            return NameParts { name: span, role: None };
        }
    }
    let mut from = span.end;
    while from > span.start && is_name(from - 1) {
        from -= 1;
    }
    if from == span.end {
        return nothing;
    }
    if from == span.start {
        return strip_title(tokens, span);
    }
    let before = &tokens[from - 1];
    if before.tag == Tag::Determiner && from - 1 == span.start {
        // "the Interior Ministry"
        return strip_title(tokens, from..span.end);
    }
    if matches!(before.tag, Tag::Noun | Tag::Adjective) {
        let inner = strip_title(tokens, from..span.end);
        return NameParts { name: inner.name, role: inner.role.or(Some(span.start..from)) };
    }
    if before.tag == Tag::Preposition && body(span.clone()) && tokens[span.start].is("the") {
        return NameParts { name: span.start + 1..span.end, role: None };
    }
    nothing
}

/// Takes titles and capital roles off a name: "Foreign Minister Hale", "Dr. Karim".
fn strip_title(tokens: &[Token<'_>], run: Range<usize>) -> NameParts {
    let last_title = (run.start..run.end.saturating_sub(1))
        .rev()
        .find(|&at| lexicon::is_title(&tokens[at].lower) || lexicon::is_person_noun(&tokens[at].lower));
    match last_title {
        Some(at) => {
            let courtesy = run.start == at
                && matches!(
                    tokens[at].lower.trim_end_matches('.'),
                    "mr" | "mrs" | "ms" | "sir" | "lady" | "lord"
                );
            NameParts { name: at + 1..run.end, role: (!courtesy).then_some(run.start..at + 1) }
        }
        None => NameParts { name: run, role: None },
    }
}

/// Whether a name of one word is introduced where it stands: "her daughter, Ines, ", "gave his name as Tin". Where the phrase begins that
/// introduces it.
fn introduced(tokens: &[Token<'_>], run: &Range<usize>) -> Option<usize> {
    let low = run.start.saturating_sub(7);
    if run.start >= 2
        && tokens[run.start - 1].is_comma()
        && lexicon::is_person_noun(&tokens[run.start - 2].lower)
        && tokens.get(run.end).is_none_or(|after| !after.is_word())
    {
        return super::grammar::phrase_left(tokens, run.start - 2, low);
    }
    let named = run.start > 0
        && tokens[run.start - 1].is("as")
        && tokens[low..run.start]
            .iter()
            .any(|token| token.is_any(&["name", "identified", "himself", "herself"]));
    named.then_some(low)
}
