//! Whom a pronoun stands for.
//!
//! Enters: a pronoun and where its paragraph begins. Leaves: the entry it stands for.
//! Always holds: nobody is meant whose gender or number is known to be another; a subject or a speaker comes before whoever is only mentioned.

use super::{Gender, Mention, People, Resolved, Sort};
use crate::extract::token::Token;

/// So many subjects and speakers of late are kept for each pronoun.
const KEPT: usize = 8;

impl People {
    /// A pronoun after `at` may stand for `who`.
    pub(super) fn may_be_meant(&mut self, who: usize, at: usize) {
        for slot in 0..self.meant.len() {
            if self.fits(who, slot) {
                let kept = &mut self.meant[slot];
                kept.retain(|&(_, before)| before != who);
                // A mention inside what somebody said is walked past after the speaker, who stands further on.
                let place = kept.partition_point(|&(before, _)| before <= at);
                kept.insert(place, (at, who));
                if kept.len() > KEPT {
                    kept.remove(0);
                }
            }
        }
    }

    /// Whether a pronoun of a slot can stand for somebody.
    fn fits(&self, who: usize, slot: usize) -> bool {
        let known = &self.known[who];
        let one = !known.plural && matches!(known.sort, Sort::Person | Sort::Unknown | Sort::Nameless);
        match slot {
            0 => one && known.gender != Some(Gender::Female),
            1 => one && known.gender != Some(Gender::Male),
            2 => known.plural || known.sort == Sort::Body,
            _ => matches!(known.sort, Sort::Body | Sort::Document),
        }
    }

    /// Whoever was last a subject or a speaker and fits, as far as is known by now.
    fn last_meant(&self, slot: usize) -> Option<(usize, usize)> {
        self.meant[slot].iter().rev().copied().find(|&(_, who)| self.fits(who, slot))
    }

    /// Whoever was last a subject or a speaker and may be a woman, or a man.
    pub(super) fn last_of(&self, gender: Gender) -> Option<usize> {
        self.last_meant(usize::from(gender == Gender::Female)).map(|(_, who)| who)
    }

    /// Whether the text has somebody after `from` for whom a pronoun can stand.
    pub(super) fn meant_in(&self, pronoun: &Token<'_>, from: usize) -> bool {
        slot_of(pronoun).is_some_and(|slot| self.last_meant(slot).is_some_and(|(at, _)| at >= from))
    }

    /// Whom "his" or "her" stands for, as far as subjects and speakers tell.
    pub(super) fn owner_of(&self, pronoun: &str) -> Option<usize> {
        self.last_meant(usize::from(pronoun == "her")).map(|(_, who)| who)
    }

    /// Whom a possessive pronoun stands for, as far as subjects and speakers tell.
    pub(super) fn owner(&self, pronoun: &Token<'_>) -> Option<usize> {
        slot_of(pronoun).and_then(|slot| self.last_meant(slot)).map(|(_, who)| who)
    }

    pub(super) fn pronoun(&mut self, token: &Token<'_>, paragraph: usize) -> Option<Resolved> {
        let Some(slot) = slot_of(token) else {
            return self.last_speaker.map(|(_, who)| Resolved { who, role: None, how: "pronoun" });
        };
        let meant = self.last_meant(slot);
        let plural_fallback = if slot == 2 { self.last_speaker } else { None };
        // Nobody was a subject or spoke: whoever was mentioned last and fits.
        let mentioned = || self.mentioned(slot, paragraph).map(|mention| (mention.at, mention.who));
        // Whoever this paragraph names comes before a subject of an earlier one: "It is too neat for Osmani, who ... He notes".
        let here = meant
            .is_none_or(|(at, _)| at < paragraph)
            .then(mentioned)
            .flatten()
            .filter(|&(at, _)| at >= paragraph);
        // A first name that suggests the other gender gives way to somebody of the paragraph, or of the one before, whose name does not.
        let rather = self.rather(slot).filter(|&(at, who)| {
            let named_here = self.seen.get(&who).is_some_and(|&seen| seen >= paragraph);
            let wrong = if slot == 0 { Gender::Female } else { Gender::Male };
            let nearer = at >= paragraph || named_here || meant.is_none_or(|(before, _)| before < paragraph);
            at + 1500 >= token.start
                && nearer
                && meant.is_some_and(|(_, who)| self.known[who].guess == Some(wrong))
        });
        // "wrote a letter. It warned"
        let thing = self.introduced.filter(|&(at, _)| {
            slot == 3 && at >= paragraph && meant.is_none_or(|(before, _)| before < paragraph)
        });
        let before_thing = self.introduced.filter(|&(at, _)| slot == 3 && at + 400 >= token.start);
        let (_, who) =
            here.or(rather).or(thing).or(meant).or(plural_fallback).or(before_thing).or_else(mentioned)?;
        let known = &mut self.known[who];
        if known.gender.is_none() && slot < 2 {
            known.gender = Some(if slot == 0 { Gender::Male } else { Gender::Female });
        }
        Some(Resolved { who, role: None, how: "pronoun" })
    }

    /// Whoever was last a subject or a speaker and is of the gender of the pronoun, as far as a first name suggests.
    fn rather(&self, slot: usize) -> Option<(usize, usize)> {
        let gender = [Gender::Male, Gender::Female].get(slot).copied()?;
        self.meant[slot].iter().rev().copied().find(|&(_, who)| {
            let known = &self.known[who];
            known.gender.or(known.guess) == Some(gender)
        })
    }

    /// Whoever fits and was mentioned last, be it as no subject; somebody without a name only in the paragraph itself.
    fn mentioned(&self, slot: usize, paragraph: usize) -> Option<&Mention> {
        let wrong = if slot == 0 { Gender::Female } else { Gender::Male };
        let right = if slot == 0 { Gender::Male } else { Gender::Female };
        self.mentions[..self.walked].iter().rev().take(16).find(|mention| {
            let known = &self.known[mention.who];
            let person = known.sort == Sort::Person
                || known.sort == Sort::Unknown && known.gender.or(known.guess) == Some(right)
                || known.sort == Sort::Nameless && mention.at >= paragraph;
            slot < 2 && person && !known.plural && known.gender != Some(wrong)
        })
    }

    /// The body that was last mentioned by its name after `from`.
    pub(super) fn body_named_since(&self, from: usize) -> Option<usize> {
        let mentions = self.mentions[..self.walked].iter().rev().take(24);
        mentions.take_while(|mention| mention.at >= from).map(|mention| mention.who).find(|&who| {
            let known = &self.known[who];
            known.sort == Sort::Body
                && known.name.rsplit(' ').next().is_some_and(|last| last.starts_with(char::is_uppercase))
        })
    }

    /// Whoever of the two people last mentioned was mentioned last, or first.
    pub(super) fn of_two(&mut self, last: bool, paragraph: usize) -> Option<usize> {
        // "The former suspects that the nephew ...; the latter": whoever was mentioned since belongs to neither.
        if let Some((_, _, latter)) = self.two.take_if(|two| two.0 == paragraph).filter(|_| last) {
            return Some(latter);
        }
        let mut people = self.mentions[..self.walked]
            .iter()
            .rev()
            .take(12)
            .map(|mention| self.stands_for.get(&mention.who).copied().unwrap_or(mention.who))
            .filter(|&who| {
                let known = &self.known[who];
                !known.plural && matches!(known.sort, Sort::Person | Sort::Nameless | Sort::Unknown)
            });
        let latter = people.next()?;
        let former = people.find(|&who| who != latter)?;
        self.two = Some((paragraph, former, latter)).filter(|_| !last);
        Some(if last { latter } else { former })
    }
}

/// Which of those who may be meant a pronoun stands for.
fn slot_of(pronoun: &Token<'_>) -> Option<usize> {
    Some(match pronoun.lower.as_ref() {
        "he" | "his" | "him" => 0,
        "she" | "her" => 1,
        "they" | "their" | "them" => 2,
        "it" | "its" => 3,
        _ => return None,
    })
}
