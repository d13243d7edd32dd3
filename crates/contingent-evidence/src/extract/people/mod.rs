//! Who a name, a pronoun or a description stands for.
//!
//! Enters: the paragraphs of a text in order, then the words that point at a speaker. Leaves: one name for each speaker.
//! Always holds: a name is spelled as its fullest form in the text; lookups go by words, never over all names, so that time stays linear.

mod first_names;
mod gender;
mod identity;
mod names;
mod pronouns;
mod reading;
mod resolving;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use self::gender::{Votes, gender_by_name, gender_of, guessed_gender};
use self::names::gaps;
use super::token::{Tag, Token};

pub(super) use self::names::words_of;

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
    /// A place, which neither speaks nor is meant by a pronoun.
    Place,
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
    /// Nothing but the first name tells the gender.
    gender_by_name: bool,
    /// What the ending of the first name suggests where nothing tells.
    guess: Option<Gender>,
    votes: Votes,
    plural: bool,
    pub(super) spellings: Vec<String>,
}

/// Where somebody is mentioned.
#[derive(Debug, Clone, Copy)]
struct Mention {
    at: usize,
    who: usize,
    subject: bool,
    /// Where its paragraph begins.
    paragraph: usize,
}

/// What the words that point at a speaker came to.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) who: usize,
    pub(super) role: Option<String>,
    /// How: "name", "surname", "misspelt", "pronoun", "description", "implicit".
    pub(super) how: &'static str,
}

/// Somebody without a name who turns out to have one.
#[derive(Debug)]
struct Identified {
    at: usize,
    head: String,
    who: usize,
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
    /// Everybody who bears a surname that several bear.
    bearers: HashMap<String, Vec<usize>>,
    /// Surnames with one letter left out, for misspellings.
    by_gap: HashMap<String, usize>,
    by_acronym: HashMap<String, usize>,
    by_initials: HashMap<String, usize>,
    /// Bodies whose name goes on after its head, by the head: "Treasury of the League".
    by_body_head: HashMap<String, usize>,
    /// Whoever bears a title before the name, anywhere in the text; none where several do.
    by_title: HashMap<String, Option<usize>>,
    /// Whoever was mentioned last with a word in the name or the role.
    latest_by_word: HashMap<String, usize>,
    singles: HashMap<String, Single>,
    /// Where the text tells by name who somebody is: "The clerk, Noor Haldane, ...", by the head of the description.
    identified: Vec<Identified>,
    /// The other of two who are named together.
    partners: HashMap<usize, usize>,
    /// Who is what to whoever was introduced as theirs: "her former student Kwabena Oster" makes her the teacher.
    inverse: HashMap<&'static str, usize>,
    /// By where a name stands: the pronoun and the noun of a relation before it.
    owned_by: HashMap<usize, (&'static str, String)>,
    /// Who "the former" and "the latter" were last, and where: both are said of one pair.
    two: Option<(usize, usize, usize)>,
    /// Whom a description stood for when it spoke last.
    stands_for: HashMap<usize, usize>,
    mentions: Vec<Mention>,
    walked: usize,
    last_speaker: Option<(usize, usize)>,
    last_subject: Option<(usize, usize)>,
    /// Whom the answers of a transcript belong to, once it has been asked.
    answers: OnceCell<Option<usize>>,
    /// Whom "he", "she", "they" and "it" may stand for: the subjects and speakers of late.
    meant: [Vec<(usize, usize)>; 4],
    /// A text or a body that was last introduced anywhere in a sentence: "wrote a letter. It warned".
    introduced: Option<(usize, usize)>,
    /// Where somebody was last mentioned.
    seen: HashMap<usize, usize>,
}

impl People {
    pub(super) fn known(&self, who: usize) -> &Known {
        &self.known[who]
    }

    /// Whether a word is part of a name: one that the text uses inside of a sentence, or that somebody bears, and not the first word of a sentence only.
    pub(super) fn names(&self, tokens: &[Token<'_>], at: usize) -> bool {
        let token = &tokens[at];
        if token.tag != Tag::Proper || super::lexicon::is_month_or_day(&token.lower) {
            return false;
        }
        let opens = at.checked_sub(1).is_none_or(|before| {
            tokens[before].ends_sentence() || tokens[before].is_colon() || tokens[before].tag == Tag::Mark
        });
        !opens
            || tokens.get(at + 1).is_some_and(|next| matches!(next.tag, Tag::Proper | Tag::Possessive))
            || self.by_surname.contains_key(token.lower.as_ref())
            || self.by_acronym.contains_key(token.text)
            || self.singles.get(token.text).is_some_and(|single| !single.sentence_only)
    }

    /// The pronoun by which somebody speaks of themselves, where the gender is known.
    pub(super) fn own_pronoun(&self, who: usize) -> Option<&'static str> {
        self.known[who].gender.map(|gender| match gender {
            Gender::Male => "he",
            Gender::Female => "she",
        })
    }

    /// Whether one person, and neither several nor a body, answers to an entry.
    pub(super) fn is_one_person(&self, who: usize) -> bool {
        let known = &self.known[who];
        !known.plural && matches!(known.sort, Sort::Person | Sort::Nameless)
    }

    /// The entry for a description that names nobody.
    fn enter_description(
        &mut self,
        tokens: &[Token<'_>],
        span: Range<usize>,
        sort: Sort,
        fresh: bool,
    ) -> usize {
        // "a report by the ombudsman last year": when it was is no part of what it is.
        let dated = span.len() > 3
            && tokens[span.end - 2].is_any(&["last", "this", "next"])
            && super::lexicon::is_time_noun(&tokens[span.end - 1].lower);
        let span = if dated { span.start..span.end - 2 } else { span };
        let text = words_of(tokens, span.clone());
        let key = text.to_lowercase();
        if !fresh && let Some(&who) = self.by_name.get(&key) {
            return who;
        }
        let head = &tokens[span.end - 1];
        // "representatives of the displaced": what the preposition governs says nothing of the number.
        let preposition = span.clone().skip(1).find(|&at| tokens[at].tag == Tag::Preposition);
        let number = preposition.map_or(head, |at| &tokens[at - 1]);
        let plural = number.lower.ends_with('s') && !number.lower.ends_with("ss")
            || number.among("people many some others most both men women locals several few two three");
        let who = self.known.len();
        // "Kofi Brand's wife": her owner says nothing of her.
        let gender = gender_of([number.lower.as_ref()]);
        self.known.push(Known {
            name: text,
            role: None,
            sort,
            gender,
            gender_by_name: false,
            guess: None,
            votes: Votes::default(),
            plural,
            spellings: Vec::new(),
        });
        self.by_name.insert(key, who);
        who
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
            if matches!(known.sort, Sort::Unknown | Sort::Place) && sort != Sort::Unknown {
                known.sort = sort;
            }
            return who;
        }
        // "Van Hoek" after "Lotte Van Hoek": the end of a name that is known.
        if words.len() >= 2
            && let Some(&who) = words.last().and_then(|surname| self.by_surname.get(surname))
            && self.known[who].name.to_lowercase().ends_with(&format!(" {key}"))
        {
            return who;
        }
        let who = self.known.len();
        let by_role = gender_of(role.as_deref().unwrap_or_default().split(' '));
        let by_name = gender_by_name(words).or_else(|| gender_of(words.iter().map(String::as_str)));
        let (gender, gender_by_name) =
            if by_role.is_some() { (by_role, false) } else { (by_name, by_name.is_some()) };
        self.known.push(Known {
            name: spelled.to_owned(),
            role: role.clone(),
            sort,
            gender,
            gender_by_name,
            guess: guessed_gender(spelled),
            votes: Votes::default(),
            plural: false,
            spellings: Vec::new(),
        });
        let key_of_body = key.clone();
        self.by_name.insert(key, who);
        if let Some((head, _)) = key_of_body.split_once(" of ")
            && super::lexicon::is_body_noun(head)
        {
            self.by_body_head.entry(head.to_owned()).or_insert(who);
        }
        let titles = role.iter().flat_map(|role| role.split(' ')).map(str::to_lowercase);
        for title in titles.filter(|word| super::lexicon::is_title(word)) {
            self.by_title.entry(title).and_modify(|bearer| *bearer = None).or_insert(Some(who));
        }
        let initials: String = words
            .iter()
            .take(4)
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_uppercase)
            .collect();
        self.by_initials.entry(initials).or_insert(who);
        if let Some(surname) = words.last() {
            let place = self.by_surname.entry(surname.clone()).or_insert(who);
            if *place != who && words.len() >= 2 && !matches!(sort, Sort::Body | Sort::Document | Sort::Place)
            {
                let first = *place;
                let bearers = self.bearers.entry(surname.clone()).or_insert_with(|| vec![first]);
                if bearers.len() < BEARERS {
                    bearers.push(who);
                }
            }
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
            if let Some((pronoun, noun)) = self.owned_by.remove(&mention.at) {
                let owner = self.owner_of(pronoun);
                self.note_relation(&noun, owner);
            }
            let who = self.stood_for(mention.who, mention.paragraph);
            self.seen.insert(who, mention.at);
            if !mention.subject && matches!(self.known[who].sort, Sort::Document | Sort::Body) {
                self.introduced = Some((mention.at, who));
            }
            self.note(who);
            if mention.subject {
                let pair = self.known[who].plural && self.known[who].name.contains(" and ");
                if !pair && matches!(self.known[who].sort, Sort::Person | Sort::Unknown | Sort::Nameless) {
                    self.last_subject = Some((mention.at, who));
                }
                self.may_be_meant(who, mention.at);
            }
        }
    }

    /// Whom a description stands for: "the colonel" is the colonel whom the text has named before.
    fn stood_for(&self, described: usize, paragraph: usize) -> usize {
        if let Some(&who) = self.stands_for.get(&described) {
            return who;
        }
        let known = &self.known[described];
        let name = known.name.to_lowercase();
        // "The group had held them. It demanded ...": the body that the paragraph has named.
        if known.sort == Sort::Body
            && let Some(word) = name.strip_prefix("the ")
            && let Some(who) = self.body_named_since(paragraph).filter(|&who| self.may_be_called(word, who))
        {
            return who;
        }
        let owned = name.starts_with("her ") || name.starts_with("his ");
        if known.sort != Sort::Nameless || known.plural || !(owned || name.starts_with("the ")) {
            return described;
        }
        if owned {
            return self.inverse.get(head_of(&name)).copied().unwrap_or(described);
        }
        if name.contains("'s ") || name.contains("’s ") {
            return described;
        }
        let head = head_of(&name);
        let matched = self
            .latest_by_word
            .get(head)
            .copied()
            .filter(|&who| self.known[who].sort == Sort::Person && !self.known[who].plural);
        let gender = self.known[described].gender;
        let inverse = self.inverse.get(head).copied();
        self.other_words_for(&name, head, matched, paragraph, gender)
            .or(matched)
            .or(inverse)
            .unwrap_or(described)
    }

    /// The person of this paragraph for whom a description is only other words: "Hale doubts it. The diplomat, ...". `matched` is whoever
    /// carries its head as a name or a role.
    fn other_words_for(
        &self,
        description: &str,
        head: &str,
        matched: Option<usize>,
        paragraph: usize,
        gender: Option<Gender>,
    ) -> Option<usize> {
        let here = |who: usize| self.seen.get(&who).is_some_and(|&at| at >= paragraph);
        // "Her deputy, Ruben Strauss, ... the deputy mayor": another word of it is what the speaker is.
        let is_role = |who: usize| {
            let role = self.known[who].role.as_deref().unwrap_or_default();
            role.len() < 100
                && role.split(' ').map(str::to_lowercase).any(|part| {
                    part != head
                        && super::lexicon::is_person_noun(&part)
                        && description.split(' ').any(|word| word == part)
                })
        };
        let by_role = self.last_speaker.filter(|&(at, who)| at >= paragraph && is_role(who));
        if let Some((_, who)) = by_role {
            return Some(who);
        }
        if matched.is_some_and(here) {
            return None;
        }
        let word = head.strip_prefix("ex-").unwrap_or(head);
        let person = super::lexicon::is_person_noun(word) || super::lexicon::is_demonym(word);
        if !person || (word.ends_with('s') && word != "swiss") {
            return None;
        }
        let past = head.starts_with("ex-")
            || description.split(' ').any(|word| {
                matches!(word, "former" | "retired" | "veteran" | "old" | "one-time" | "deposed" | "exiled")
            });
        let other = description.split(' ').any(|word| {
            matches!(
                word,
                "other" | "second" | "third" | "first" | "fourth" | "last" | "same" | "latter" | "next"
            )
        });
        let particular = PARTICULAR.split(' ').any(|particular| particular == word);
        // "The lawyer for the families": whom somebody works for makes a person of their own.
        let placed = description
            .split(' ')
            .any(|word| matches!(word, "for" | "from" | "at" | "in" | "near" | "with" | "on"));
        if other || (particular && !past) || (matched.is_some() && particular) {
            return None;
        }
        let wanted = gender_of([word]).or(gender);
        let fits = |who: usize| {
            let known = &self.known[who];
            let person = known.sort == Sort::Person
                || known.sort == Sort::Unknown
                    && (known.gender.is_some()
                        || known.name.rsplit_once(' ').is_some_and(|(_, surname)| {
                            // Called by the surname alone, and never as a place is.
                            self.singles.get(surname).is_some_and(|single| !single.place)
                        }));
            person
                && !known.plural
                && !(placed && !past && known.role.is_some())
                && known.name.chars().next().is_some_and(char::is_uppercase)
                && !known.name.to_lowercase().starts_with("the ")
                && wanted
                    .is_none_or(|wanted| known.gender.or(known.guess).is_none_or(|gender| gender == wanted))
        };
        let latest = [self.last_subject, self.last_speaker]
            .into_iter()
            .flatten()
            .filter(|&(at, who)| at >= paragraph && fits(who))
            .max_by_key(|&(at, _)| at);
        let mentioned = |from: usize| {
            let mut mentions = self.mentions[..self.walked].iter().rev().take(24);
            mentions.find(|mention| mention.at >= from && fits(mention.who)).map(|mention| mention.who)
        };
        // "The former spy" is somebody whom the text has named, though it be paragraphs ago.
        latest.map(|(_, who)| who).or_else(|| mentioned(paragraph)).or_else(|| mentioned(0).filter(|_| past))
    }

    /// Whoever a surname stands for: of several who bear it, whoever fits "Mr" or "Mrs" and was seen last.
    fn bearer(&self, surname: &str, gender: Option<Gender>) -> Option<usize> {
        let first = self.by_surname.get(surname).copied();
        let Some(bearers) = self.bearers.get(surname) else { return first };
        bearers
            .iter()
            .copied()
            .filter(|&who| {
                gender.is_none() || self.known[who].gender.is_none_or(|known| Some(known) == gender)
            })
            .filter(|who| self.seen.contains_key(who) && self.known[*who].name.contains(' '))
            .max_by_key(|who| self.seen[who])
            .or(first)
    }

    /// Somebody is called "Mr" or "Mrs".
    fn called(&mut self, who: usize, courtesy: Option<Gender>) {
        if courtesy.is_some() {
            self.known[who].gender = courtesy;
            self.known[who].gender_by_name = false;
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

    /// Notes that somebody spoke at a position.
    pub(super) fn spoke(&mut self, who: usize, at: usize) {
        self.last_speaker = Some((at, who));
        self.seen.insert(who, at);
        self.may_be_meant(who, at);
    }
}

/// More people of one surname are not told apart.
const BEARERS: usize = 8;

/// The head of a description: its last word before a preposition.
fn head_of(description: &str) -> &str {
    let mut head = "";
    for (number, word) in description.split(' ').enumerate() {
        if number > 0 && super::lexicon::is_preposition(word) {
            break;
        }
        head = word;
    }
    head
}

/// Descriptions of somebody in particular, who need not be named: an office, a relation, a part in an event.
const PARTICULAR: &str = "president king queen prince pope premier minister mayor governor chancellor bishop priest imam sheikh judge general colonel major captain lieutenant \
    sergeant admiral marshal commander leader chief head chairman chairwoman chair deputy successor predecessor mother father brother sister wife husband son daughter \
    nephew niece uncle aunt cousin grandfather grandmother owner boss witness driver survivor neighbour neighbor secretary secretary-general clerk candidate prosecutor \
    source member monitor ambassador envoy person youth rebel corporal private soldier fighter farmer contractor dealer prisoner inmate detainee \
    peasant labourer docker instructor adjutant supervisor manager foreman vendor grocer patron client cadet conscript sniper bodyguard";
