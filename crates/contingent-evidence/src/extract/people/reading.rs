//! Reading a text for everybody whom it names.
//!
//! Enters: the tokens and units of a paragraph. Leaves: entries of people, bodies and documents, with where they are mentioned.
//! Always holds: mentions come in the order of the text.

use std::ops::Range;

use super::gender::{gender_of_courtesy, gender_of_object};
use super::names::{continues_name, names_person, split_name, starts_name, words_of};
use super::{Gender, Mention, People, Sort};
use crate::extract::grammar::{phrase_left, phrase_right};
use crate::extract::lexicon;
use crate::extract::token::{Tag, Token};

impl People {
    /// Counts single names of a paragraph, to tell people from places before anybody is entered.
    pub(in crate::extract) fn survey(&mut self, tokens: &[Token<'_>]) {
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
    pub(in crate::extract) fn read(&mut self, tokens: &[Token<'_>], units: &[Range<usize>]) {
        let before = self.mentions.len();
        for unit in units {
            self.read_description(tokens, unit);
            self.read_introduced(tokens, unit);
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
        self.read_inner_subjects(tokens, units, before);
        self.count_pronouns(tokens, units, before..self.mentions.len());
        self.read_identities(tokens, units, before..self.mentions.len());
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
        let Some(first) = tokens.get(from).filter(|token| from < unit.end && token.free()) else { return };
        // "Residents of the quarter have left. They say": several people need no article.
        let several =
            first.tag == Tag::Noun && first.lower.ends_with('s') && lexicon::is_person_noun(&first.lower);
        // "Quintana's lawyer objected. The diary, he argued, ..."
        let owned = first.tag == Tag::Proper
            && tokens[from + 1..unit.end.min(from + 4)].iter().any(|token| token.tag == Tag::Possessive);
        if !matches!(first.tag, Tag::Determiner | Tag::Number) && !several && !owned {
            return;
        }
        let Some(mut end) = phrase_right(tokens, from, unit.end) else { return };
        let limit = (from + 1..end).find(|&at| tokens[at].tag == Tag::Preposition).unwrap_or(end);
        let known_head = |at: &usize| {
            let word = &tokens[*at].lower;
            lexicon::is_person_noun(word) || lexicon::is_body_noun(word) || lexicon::is_document_noun(word)
        };
        let Some(head) = (from..limit).rev().find(known_head) else {
            // "The fifth is a sergeant in the corps. He thinks": what is said of it describes it.
            if tokens.get(end).is_some_and(|token| token.free() && token.is_any(&["is", "was"]))
                && end - from <= 4
                && tokens.get(end + 1).is_some_and(|token| end + 1 < unit.end && token.is_any(&["a", "an"]))
                && let Some(after) = phrase_right(tokens, end + 1, unit.end)
                && (end + 1..after)
                    .take_while(|&at| tokens[at].tag != Tag::Preposition)
                    .any(|at| lexicon::is_person_noun(&tokens[at].lower))
                && after - end <= 9
            {
                let who = self.enter_description(tokens, end + 1..after, Sort::Nameless, false);
                self.mention(tokens, end + 1, who, true);
            }
            return;
        };
        // "A person ought to know": nobody whom the text could mean afterwards.
        let anybody = first.is_any(&["a", "any", "every", "no"])
            && tokens
                .get(end)
                .is_some_and(|next| end < unit.end && next.among("ought should must can cannot may"));
        if anybody {
            return;
        }
        // "Her former student Kwabena Oster": the name is who is mentioned.
        if head + 2 < limit && tokens[head + 1..limit].iter().all(|token| token.tag == Tag::Proper) {
            return;
        }
        if head + 1 < limit {
            end = head + 1;
        } else if tokens.get(end).is_some_and(|token| {
            end < unit.end
                && token.free()
                && token.among("across near inside outside within behind under from")
        }) && let Some(further) = phrase_right(tokens, end + 1, unit.end)
            && !lexicon::is_time_noun(&tokens[further - 1].lower)
            && !lexicon::is_month_or_day(&tokens[end + 1].lower)
        {
            // "A baker across the street"
            end = further;
        }
        let word = &tokens[head].lower;
        let person = lexicon::is_person_noun(word);
        // "The Panel shares that view. It recommends": a capital makes no name of what a body or a person is.
        let named = tokens[from..limit.min(end)].iter().any(|token| {
            token.tag == Tag::Proper
                && !(lexicon::is_body_noun(&token.lower)
                    || lexicon::is_person_noun(&token.lower)
                    || lexicon::is_document_noun(&token.lower)
                    || lexicon::is_title(&token.lower))
        });
        let named = named && !(owned && person);
        if named || end - from > 9 {
            return;
        }
        let sort = if person {
            Sort::Nameless
        } else if lexicon::is_document_noun(word) {
            Sort::Document
        } else {
            Sort::Body
        };
        // "A fellow of the institute who spent years abroad, he has read": it describes whom the pronoun means.
        let fronted = person
            && first.is_any(&["a", "an"])
            && (end..unit.end.min(end + 20)).any(|at| {
                tokens[at].is_comma() && tokens.get(at + 1).is_some_and(|next| next.is_any(&["he", "she"]))
            });
        if fronted {
            return;
        }
        let who = self.enter_description(tokens, from..end, sort, false);
        if person && self.known[who].gender.is_none() && !self.known[who].plural {
            self.known[who].gender = gender_told_after(tokens, end);
        }
        // "The minister has asked her twice": the object is somebody else, who is rather meant next.
        let object = person && (end..unit.end).any(|at| gender_of_object(tokens, at).is_some());
        if !object {
            self.mention(tokens, from, who, true);
        }
    }

    fn mention(&mut self, tokens: &[Token<'_>], at: usize, who: usize, subject: bool) {
        let (at, paragraph) = (tokens[at].start, tokens[0].start);
        self.mentions.push(Mention { at, who, subject, paragraph });
    }

    /// Where a sentence is about a thing, a person who is the subject of a clause in it is whom a pronoun after it stands for: "The charge is one
    /// that the judge has heard before. She".
    fn read_inner_subjects(&mut self, tokens: &[Token<'_>], units: &[Range<usize>], first: usize) {
        let paragraph = tokens[0].start;
        let mut found = Vec::new();
        let mut from = first;
        for unit in units {
            let Some(last) = unit.end.checked_sub(1) else { continue };
            let mut to = from;
            while to < self.mentions.len() && self.mentions[to].at < tokens[last].end {
                to += 1;
            }
            let about = self.mentions[from..to].iter().any(|mention| {
                mention.subject && !matches!(self.known[mention.who].sort, Sort::Document | Sort::Place)
            });
            from = to;
            let opener = &tokens[unit.start];
            // "When I put this to the general, she laughed"
            let fronted = opener
                .among("when asked after before as if told")
                .then(|| {
                    (unit.start + 1..unit.end.min(unit.start + 16)).find(|&at| {
                        tokens[at].is("the")
                            && tokens.get(at + 1).is_some_and(|noun| lexicon::is_person_noun(&noun.lower))
                            && tokens.get(at + 2).is_some_and(Token::is_comma)
                            && tokens
                                .get(at + 3)
                                .is_some_and(|next| at + 3 < unit.end && next.is_any(&["he", "she"]))
                    })
                })
                .flatten();
            if let Some(at) = fronted {
                found.push(at);
                continue;
            }
            if about
                || opener.free() && opener.tag == Tag::Pronoun
                || tokens[unit.clone()].iter().any(|token| !token.free())
            {
                continue;
            }
            let inner = (unit.start + 2..unit.end.min(unit.start + 30)).find(|&at| {
                tokens[at].is_any(&["the"])
                    && tokens[at - 1].is_any(&["that", "which", "when", "because", "whom", "where", "what"])
                    && tokens.get(at + 1).is_some_and(|noun| {
                        at + 1 < unit.end
                            && lexicon::is_person_noun(&noun.lower)
                            && !noun.lower.ends_with('s')
                    })
                    && tokens.get(at + 2).is_some_and(|verb| {
                        at + 2 < unit.end && matches!(verb.tag, Tag::Auxiliary | Tag::Verb)
                    })
            });
            // "He claimed that the marshal was dead": the sentence is about whoever claims it.
            let told = |at: usize| {
                tokens[unit.start..at].iter().any(|token| {
                    token.is_any(&["he", "she", "they", "who"])
                        || token.tag == Tag::Verb
                            && lexicon::cue(&token.lower)
                                .is_some_and(|cue| cue.class == lexicon::Class::Speech)
                })
            };
            if let Some(at) = inner.filter(|&at| !told(at)) {
                found.push(at);
            }
        }
        for at in found {
            let who = self.enter_description(tokens, at..at + 2, Sort::Nameless, false);
            self.mentions.push(Mention { at: tokens[at].start, who, subject: true, paragraph });
        }
        self.mentions[first..].sort_by_key(|mention| mention.at);
    }

    /// A text or a body that a sentence introduces after its verb: "She wrote a letter. It warned".
    fn read_introduced(&mut self, tokens: &[Token<'_>], unit: &Range<usize>) {
        for at in unit.start + 1..unit.end {
            let opens = tokens[at].is_any(&["a", "an"])
                && tokens[at].free()
                && (tokens[at - 1].tag == Tag::Verb
                    || tokens[at - 1].is_any(&["to", "by", "from"])
                    || (matches!(tokens[at - 1].tag, Tag::Adverb | Tag::Noun) && at == unit.start + 3));
            if !opens {
                continue;
            }
            let Some(end) = phrase_right(tokens, at, unit.end.min(at + 6)) else { continue };
            let limit = (at + 1..end).find(|&at| tokens[at].tag == Tag::Preposition).unwrap_or(end);
            let word = &tokens[limit - 1].lower;
            let sort = if lexicon::is_document_noun(word) || lexicon::is_claim_text(word) {
                Sort::Document
            } else if lexicon::is_body_noun(word) {
                Sort::Body
            } else {
                continue;
            };
            if tokens[at..limit].iter().any(|token| token.tag == Tag::Proper) {
                continue;
            }
            let who = self.enter_description(tokens, at..limit, sort, false);
            self.mention(tokens, at, who, false);
        }
    }

    fn read_name(&mut self, tokens: &[Token<'_>], run: Range<usize>, units: &[Range<usize>]) {
        let parts = split_name(tokens, run.clone());
        if parts.name.is_empty() {
            return;
        }
        let words = parts.name.len();
        let start = parts.name.start;
        let mut role = parts.role.map(|role| words_of(tokens, role)).filter(|role| !role.is_empty());
        // "analyst Leila Karim": the role stands before, in small letters.
        if role.is_none()
            && run.start > 0
            && tokens[run.start - 1].tag == Tag::Noun
            && lexicon::is_person_noun(&tokens[run.start - 1].lower)
        {
            let from =
                phrase_left(tokens, run.start - 1, run.start.saturating_sub(10)).unwrap_or(run.start - 1);
            role = Some(words_of(tokens, from..run.start));
            let pronoun = ["his", "her"].into_iter().find(|pronoun| tokens[from].is(pronoun));
            if let Some(pronoun) = pronoun {
                let noun = tokens[run.start - 1].lower.to_string();
                self.owned_by.insert(tokens[start].start, (pronoun, noun));
            }
        }
        // "the acting governor, Mr. Yonas Teklu": the role stands before, in a phrase of its own.
        if role.is_none()
            && run.start >= 2
            && tokens[run.start - 1].is_comma()
            && tokens.get(run.end).is_none_or(|after| !after.is_word())
            && let Some(from) = phrase_left(tokens, run.start - 2, run.start.saturating_sub(12))
            && tokens[from].tag == Tag::Determiner
            && !tokens[from].is_any(&["a", "an"])
        {
            let before = words_of(tokens, from..run.start - 1);
            role = names_person(&before).then_some(before);
        }
        let titled = role.is_some();
        if role.is_none() && tokens.get(run.end).is_some_and(Token::is_comma) {
            role = apposition_role(tokens, run.end + 1);
        }
        // "Rafe Hale is the deputy minister of finance": what somebody is said to be.
        let predicate = tokens
            .get(run.end)
            .filter(|verb| verb.free() && verb.is_any(&["is", "was", "became", "remains"]));
        if role.is_none() && words >= 2 && predicate.is_some() {
            role = predicated_role(tokens, run.end + 1);
        }
        // "Dirie, 34, was": whoever has an age is a person.
        let aged = tokens.get(run.end).is_some_and(Token::is_comma)
            && tokens
                .get(run.end + 1)
                .is_some_and(|age| age.text.len() == 2 && age.text.bytes().all(|byte| byte.is_ascii_digit()))
            && tokens.get(run.end + 2).is_some_and(|after| after.is_comma() || after.ends_sentence());
        let sort = if tokens[parts.name.clone()]
            .iter()
            .any(|token| lexicon::is_body_noun(&token.lower) || lexicon::is_document_noun(&token.lower))
        {
            Sort::Body
        } else if aged || role.as_deref().is_some_and(|role| role.starts_with("who ") || names_person(role)) {
            Sort::Person
        } else if words >= 2
            && run.start > 0
            && tokens[run.start - 1].is_any(&["the", "at"])
            && tokens.get(run.end).is_none_or(|after| after.tag != Tag::Possessive)
        {
            // "the Leyden Forum", "at Leyden Forum": nobody is called so, but "the Special Representative" is a person.
            if lexicon::is_person_noun(&tokens[parts.name.end - 1].lower) { Sort::Person } else { Sort::Body }
        } else if words >= 2
            && (lexicon::is_place_noun(&tokens[parts.name.end - 1].lower)
                || run.start > 0 && tokens[run.start - 1].is_any(&["in", "near", "throughout", "around"]))
        {
            Sort::Place
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
        // "Not so, says Mirela Costin.": a subject that follows its verb.
        let spoken = run.start > 0 && {
            let verb = &tokens[run.start - 1];
            verb.free()
                && verb.tag == Tag::Verb
                && lexicon::cue(&verb.lower).is_some_and(|cue| {
                    cue.class == lexicon::Class::Speech && !cue.participle && cue.lemma != "tell"
                })
        };
        // "Tessaly's workshops turn out drones": a name that nothing shows to be a person's is not what the sentence is about.
        let owns = words == 1
            && tokens.get(run.end).is_some_and(|token| token.tag == Tag::Possessive)
            && self.by_surname.get(tokens[start].lower.as_ref()).is_none_or(|&who| {
                let known = &self.known[who];
                known.sort == Sort::Unknown && known.gender.is_none() && !known.name.contains(' ')
            });
        let subject = subject && !owns || identified || spoken;
        let sort = if spoken && words >= 2 && sort == Sort::Unknown { Sort::Person } else { sort };
        let courtesy = (run.start..parts.name.start)
            .chain(run.start.checked_sub(1))
            .find_map(|at| gender_of_courtesy(&tokens[at].lower));
        if words >= 2 {
            let who = self.enter(tokens, parts.name.clone(), role, sort);
            self.called(who, courtesy);
            self.mention(tokens, start, who, subject);
            // "International Rescue Board (IRB)"
            if let Some(short) = acronym_after(tokens, run.end) {
                let whole = spelled_out(tokens, run.end, short.text)
                    .filter(|&from| from < run.start)
                    .map(|from| self.enter(tokens, from..run.end, None, Sort::Body));
                let who = whole.unwrap_or(who);
                self.by_acronym.insert(short.text.to_owned(), who);
                self.known[who].spellings.push(short.text.to_owned());
            }
        } else {
            let last = &tokens[parts.name.end - 1];
            let key = last.lower.to_string();
            let bearer = self.bearer(&key, courtesy);
            if let Some(who) = bearer.or_else(|| self.by_acronym.get(last.text).copied()) {
                if titled && self.known[who].role.is_none() {
                    self.known[who].role = role;
                }
                if aged && self.known[who].sort == Sort::Unknown {
                    self.known[who].sort = Sort::Person;
                }
                self.called(who, courtesy.filter(|_| self.known[who].gender.is_none()));
                self.mention(tokens, start, who, subject);
            } else if let Some(from) = introduced(tokens, &run) {
                let who = self.enter(tokens, parts.name, role, Sort::Person);
                let subject = units
                    .get(unit)
                    .is_some_and(|unit| from >= unit.start && opens_unit(tokens, unit.start, from));
                self.mention(tokens, start, who, subject);
            } else if subject
                && !titled
                && !self.singles.get(last.text).is_some_and(|single| single.place)
                && let Some(who) = self.near(&key)
            {
                // A misspelled name that opens a sentence.
                self.mention(tokens, start, who, subject);
            } else if subject
                && self
                    .singles
                    .get(last.text)
                    .is_some_and(|single| single.count >= 2 && !single.place && !single.sentence_only)
            {
                let who = self.enter(tokens, parts.name, role, sort);
                self.mention(tokens, start, who, subject);
            } else if (titled || role.as_deref().is_some_and(names_person)) && sort != Sort::Body {
                let who = self.enter(tokens, parts.name, role, Sort::Person);
                self.mention(tokens, start, who, subject);
            }
        }
    }
}

/// Whether nothing but a fronted phrase stands between the beginning of a unit and a name.
fn opens_unit(tokens: &[Token<'_>], unit: usize, at: usize) -> bool {
    if at - unit > 12 {
        return false;
    }
    let between = &tokens[unit..at];
    let preposed = between.iter().any(|token| token.tag == Tag::Preposition);
    // "Every evening at seven Safiya Dirie reads": a time needs no comma.
    let timed = between.last().is_some_and(|token| {
        (token.tag == Tag::Number
            || lexicon::is_month_or_day(&token.lower)
            || lexicon::is_time_noun(&token.lower))
            && token.free()
    }) && between[0]
        .among("every each one on in at last this next until since by late early that");
    if timed && between.iter().all(|token| token.free() && !matches!(token.tag, Tag::Verb | Tag::Auxiliary)) {
        return true;
    }
    let verbless = between.iter().all(|token| {
        token.free()
            && !matches!(token.tag, Tag::Verb | Tag::Auxiliary)
            && !token.is_colon()
            && !matches!(token.text, "(" | "[")
    });
    // "a specialist at the Leyden Forum": governed through the words of its phrase.
    let governor = between.iter().rev().find(|token| {
        !matches!(token.tag, Tag::Determiner | Tag::Adjective | Tag::Noun | Tag::Proper | Tag::Number)
    });
    let governed = between.last().is_some_and(|token| token.tag == Tag::Possessive)
        || governor.is_some_and(|token| token.tag == Tag::Preposition);
    verbless && !governed && (!preposed || between.iter().any(Token::is_comma))
}

/// The gender of the first pronoun outside quotations after a description, before anybody else is named: "The former spy takes a longer
/// view. “...,” he says".
fn gender_told_after(tokens: &[Token<'_>], from: usize) -> Option<Gender> {
    let near = tokens[from..].iter().filter(|token| token.free()).take(30);
    // "The historian, for his part, calls"
    let part = tokens[from..].windows(3).take(3).find(|three| three[0].is("for") && three[2].is("part"));
    let pronoun = near
        .take_while(|token| token.tag != Tag::Proper && !lexicon::is_person_noun(&token.lower))
        .find(|token| token.is_any(&["he", "she"]));
    let pronoun = part.map(|three| &three[1]).or(pronoun)?;
    Some(if pronoun.is_any(&["he", "his"]) { Gender::Male } else { Gender::Female })
}

/// The acronym in brackets at `open`.
fn acronym_after<'t>(tokens: &'t [Token<'t>], open: usize) -> Option<&'t Token<'t>> {
    let short = tokens.get(open + 1).filter(|_| tokens.get(open).is_some_and(|token| token.text == "("))?;
    let closed = tokens.get(open + 2).is_some_and(|token| token.text == ")");
    (closed && short.text.len() <= 12 && short.text.chars().filter(|c| c.is_uppercase()).count() >= 2)
        .then_some(short)
}

/// Where the words begin whose initials an acronym is that follows them at `end`: "Islamic State in Khorasan Province (ISKP)".
fn spelled_out(tokens: &[Token<'_>], end: usize, acronym: &str) -> Option<usize> {
    let mut letters = acronym.chars().filter(|c| c.is_uppercase()).rev().peekable();
    for at in (end.saturating_sub(16)..end).rev() {
        let token = &tokens[at];
        if token.is_capital() && token.is_word() {
            let initial = token.text.chars().next()?;
            if letters.next() != Some(initial) {
                return None;
            }
            if letters.peek().is_none() {
                return Some(at);
            }
        } else if !token.among("of in for and the on to & de la des du") {
            return None;
        }
    }
    None
}

/// "the deputy minister of finance" after a name and "is".
fn predicated_role(tokens: &[Token<'_>], from: usize) -> Option<String> {
    let after = phrase_right(tokens, from, tokens.len().min(from + 8))?;
    let head = (from..after).find(|&at| tokens[at].tag == Tag::Preposition).unwrap_or(after);
    let last = tokens[from..head].last().filter(|last| last.tag == Tag::Noun)?;
    (lexicon::is_person_noun(&last.lower) && !last.lower.ends_with('s'))
        .then(|| words_of(tokens, from..after))
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

/// Whether a name of one word is introduced where it stands: "her daughter, Ines, ", "gave his name as Tin". Where the phrase begins that
/// introduces it.
fn introduced(tokens: &[Token<'_>], run: &Range<usize>) -> Option<usize> {
    let low = run.start.saturating_sub(7);
    if run.start >= 2
        && tokens[run.start - 1].is_comma()
        && lexicon::is_person_noun(&tokens[run.start - 2].lower)
        && tokens.get(run.end).is_none_or(|after| !after.is_word())
    {
        return phrase_left(tokens, run.start - 2, low);
    }
    let named = run.start > 0
        && tokens[run.start - 1].is("as")
        && tokens[low..run.start]
            .iter()
            .any(|token| token.is_any(&["name", "identified", "himself", "herself"]));
    named.then_some(low)
}
