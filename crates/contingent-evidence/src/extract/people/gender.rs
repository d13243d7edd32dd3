//! Whether somebody is a woman or a man.
//!
//! Enters: a name, a role, and the sentences in which somebody is named. Leaves: a gender, or none where nothing tells.
//! Always holds: a title or a role decides before a first name, a first name before what pronouns suggest, unless these all agree against it.

use std::ops::Range;

use super::first_names::gender_of_first_name;
use super::{Gender, Mention, People, Sort};
use crate::extract::lexicon;
use crate::extract::token::{Tag, Token};

pub(super) fn gender_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Gender> {
    // "who has run it since her father died": only the head of a role tells, and nothing in a clause does.
    let words = words.into_iter().take_while(|word| {
        !matches!(
            word.trim_end_matches(','),
            "who" | "whose" | "of" | "for" | "to" | "in" | "with" | "at" | "that"
        )
    });
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

/// What the ending of a first name suggests, which is wrong often enough that it only decides between two.
pub(super) fn guessed_gender(name: &str) -> Option<Gender> {
    let (first, rest) = name.split_once(' ')?;
    let first = first.to_lowercase();
    if first.chars().count() < 3 || rest.is_empty() || !first.chars().all(char::is_alphabetic) {
        return None;
    }
    let male_in_a = "luca mustafa musa isa yahya nikita ilya sasha joshua ezra elisha garba kwabena zakaria mischa misha kaba abba aka ousmana issa moussa";
    if first.ends_with('a') && !male_in_a.split(' ').any(|name| name == first) {
        Some(Gender::Female)
    } else if first.ends_with('o')
        || first.ends_with("us")
        || first.ends_with("slav")
        || first.ends_with("ur")
    {
        Some(Gender::Male)
    } else {
        None
    }
}

/// The gender that a first name tells: of several words, or of one that is nothing else.
pub(super) fn gender_by_name(words: &[String]) -> Option<Gender> {
    words.first().and_then(|first| gender_of_first_name(first))
}

/// The gender of whoever "Mr" or "Mrs" stands before.
pub(super) fn gender_of_courtesy(word: &str) -> Option<Gender> {
    match word.trim_end_matches('.') {
        "mr" | "sir" | "lord" | "monsieur" | "señor" | "herr" => Some(Gender::Male),
        "mrs" | "ms" | "miss" | "lady" | "dame" | "madame" | "madam" | "señora" | "frau" => {
            Some(Gender::Female)
        }
        _ => None,
    }
}

/// What pronouns beside a name have suggested so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Votes {
    male: u32,
    female: u32,
    thing: u32,
}

impl Votes {
    fn add(&mut self, gender: Gender, weight: u32) {
        let side = match gender {
            Gender::Male => &mut self.male,
            Gender::Female => &mut self.female,
        };
        *side = side.saturating_add(weight);
    }

    /// What the votes decide, if all but few of at least `least` agree.
    fn decided(self, least: u32) -> Option<Gender> {
        if self.male >= least && self.male > self.female * 3 {
            Some(Gender::Male)
        } else if self.female >= least && self.female > self.male * 3 {
            Some(Gender::Female)
        } else {
            None
        }
    }
}

impl People {
    /// Counts the pronouns of sentences whose subject is the only person in them, and of the sentences right after those.
    /// `mentions` are those of the paragraph.
    pub(super) fn count_pronouns(
        &mut self,
        tokens: &[Token<'_>],
        units: &[Range<usize>],
        mentions: Range<usize>,
    ) {
        let mut from = mentions.start;
        let mut before: Option<usize> = None;
        for unit in units {
            let Some(last) = unit.end.checked_sub(1) else { continue };
            let end = tokens[last].end;
            let mut to = from;
            while to < mentions.end && self.mentions[to].at < end {
                to += 1;
            }
            let alone = self.only_person(from..to, tokens, unit);
            let opener = tokens[unit.start..unit.end].iter().find(|token| token.is_word());
            let opens = opener.filter(|token| token.free()).and_then(|token| subject_gender(&token.lower));
            // "Northern Watch has a list. It says ...": no person.
            let thing = opener.is_some_and(|token| token.free() && token.is("its"))
                || opener.is_some_and(|token| token.free() && token.is("it"))
                    && tokens[unit.start..unit.end]
                        .iter()
                        .filter(|token| token.is_word())
                        .nth(1)
                        .is_some_and(|verb| {
                            lexicon::cue(&verb.lower).is_some_and(|cue| cue.class == lexicon::Class::Speech)
                        });
            if let Some(who) = before.filter(|_| thing && from == to) {
                self.known[who].votes.thing += 1;
            }
            let another = |gender: Gender| {
                tokens[unit.clone()].iter().any(|token| {
                    token.free() && gender_of_pronoun(&token.lower).is_some_and(|other| other != gender)
                })
            };
            if let (Some(who), Some(gender)) = (before, opens)
                && from == to
                && !another(gender)
            {
                self.known[who].votes.add(gender, 2);
            }
            before = alone.map(|mention| mention.who);
            if let Some(mention) = alone {
                let mut pronouns = unit.clone().filter_map(|at| {
                    let token = &tokens[at];
                    gender_of_pronoun(&token.lower).filter(|_| token.free()).map(|gender| (at, gender))
                });
                if let Some((at, gender)) = pronouns.next() {
                    // "Hale offered her a job": the object of a clause is not its subject, but somebody else who may be meant next.
                    if owns(tokens, at) && tokens[at].start > mention.at {
                        self.known[mention.who].votes.add(gender, 1);
                    } else {
                        before = None;
                    }
                }
            }
            from = to;
        }
    }

    /// The person who is the subject of a unit in which nobody else is mentioned.
    fn only_person(
        &self,
        mentions: Range<usize>,
        tokens: &[Token<'_>],
        unit: &Range<usize>,
    ) -> Option<Mention> {
        let mut only: Option<Mention> = None;
        for mention in &self.mentions[mentions] {
            if matches!(self.known[mention.who].sort, Sort::Body | Sort::Document) {
                continue;
            }
            if only.is_some_and(|only| only.who != mention.who) {
                return None;
            }
            only = only.or(Some(*mention));
        }
        let only = only.filter(|only| only.subject && !self.known[only.who].plural)?;
        // "Hale met the minister": somebody without a name is a second person, and what an apposition or "is" says of the first is none.
        let other = unit.clone().any(|at| {
            let token = &tokens[at];
            let opens = token.free()
                && token.start > only.at
                && token.tag == Tag::Determiner
                && !(tokens[at.saturating_sub(1)].is_comma()
                    || tokens[at.saturating_sub(1)]
                        .is_any(&["is", "was", "as", "of", "became", "being", "been"]));
            opens
                && tokens[at + 1..unit.end.min(at + 5)]
                    .iter()
                    .take_while(|token| matches!(token.tag, Tag::Noun | Tag::Adjective))
                    .any(|token| lexicon::is_person_noun(&token.lower) && !token.lower.ends_with('s'))
        });
        (!other).then_some(only)
    }

    /// Settles who is a woman and who a man, once the whole text has been read.
    pub(in crate::extract) fn settle_genders(&mut self) {
        for known in &mut self.known {
            if known.plural || matches!(known.sort, Sort::Body | Sort::Document) {
                continue;
            }
            let decided = match known.gender {
                None => known.votes.decided(2),
                Some(_) if known.gender_by_name => known.votes.decided(4),
                Some(_) => None,
            };
            if let Some(gender) = decided {
                known.gender = Some(gender);
            }
            if known.sort == Sort::Unknown && known.gender.is_none() && known.votes.thing > 0 {
                known.sort = Sort::Body;
            }
        }
    }
}

fn subject_gender(pronoun: &str) -> Option<Gender> {
    match pronoun {
        "he" | "his" => Some(Gender::Male),
        "she" | "her" => Some(Gender::Female),
        _ => None,
    }
}

/// The gender of a pronoun that is the object of a clause, and so stands for nobody who is its subject.
pub(super) fn gender_of_object(tokens: &[Token<'_>], at: usize) -> Option<Gender> {
    let object = tokens[at].free() && matches!(tokens[at].lower.as_ref(), "him" | "her") && !owns(tokens, at);
    object.then(|| gender_of_pronoun(&tokens[at].lower)).flatten()
}

/// Whether a pronoun can stand for the subject of its own clause: "his brigade", "herself", and "she" in a clause of its own.
fn owns(tokens: &[Token<'_>], at: usize) -> bool {
    let possesses = || {
        tokens
            .get(at + 1)
            .is_some_and(|next| next.free() && matches!(next.tag, Tag::Noun | Tag::Adjective | Tag::Number))
    };
    match tokens[at].lower.as_ref() {
        "him" | "hers" => false,
        "his" | "her" => possesses(),
        _ => true,
    }
}

fn gender_of_pronoun(pronoun: &str) -> Option<Gender> {
    match pronoun {
        "he" | "him" | "his" | "himself" => Some(Gender::Male),
        "she" | "her" | "hers" | "herself" => Some(Gender::Female),
        _ => None,
    }
}
