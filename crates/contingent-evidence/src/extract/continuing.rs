//! Whether what somebody is reported to say goes on in the next sentence, which has no cue.
//!
//! "The numbers, he says, mislead. Many captains have sent their men home." Enters: the attributions of a sentence, then the sentences after it.
//! Leaves: those that go on with the statement, each a statement of its own. Always holds: a statement goes on only in sentences right after it in its paragraph, and one that is a
//! clause under its verb only where they argue or the verb does; any one sign of the narrator's own voice ends it; a sentence is read a fixed number of times.
//!
//! Each sign is one that tells the two apart in texts with gold (docs/claims-extraction.md has the counts).

use std::cell::Cell;
use std::ops::{Range, RangeInclusive};

use super::attribution::Attribution;
use super::lexicon::{self, Class};
use super::token::{Tag, Token};

/// The pattern of a draft whose sentence goes on with the statement before it.
pub(super) const PATTERN: &str = "goes on without a cue";

/// A statement goes on for no more sentences than this.
const LONGEST: usize = 3;
/// A sentence of fewer words is a remark on what was said ("Moriyama agrees"); a longer one is a story of its own.
const WORDS: RangeInclusive<usize> = 3..=40;
/// Sentences of more tokens are not read.
const TOKENS: usize = 60;

/// A statement that may go on.
pub(super) struct Open {
    /// The place of its draft among those of the text.
    pub(super) number: usize,
    n_more: usize,
    /// "he said", not "he says".
    told_in_past: bool,
    form: Form,
    /// It ends with words of its own, a quotation or what a colon opens.
    pointed: bool,
    tense: Tense,
    /// The sentence with those that went on with it.
    words: Range<usize>,
    /// Who makes the statement, which the sentence names.
    speaker: Range<usize>,
    /// What the narrator calls the speaker by, where they are several or a body.
    called: &'static str,
}

/// How a statement stands to its attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A main clause beside it: "The pass, she says, ...".
    Main,
    /// A clause under a verb of arguing in the present: "insists that ...".
    Argued,
    /// A clause under another verb: "said that ...".
    Clause,
}

/// What the verbs of a sentence show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tense {
    /// A present form, or "will", "can", "must".
    Present,
    /// "would", "could", "might", "had": so is the present told once it is past.
    Shifted,
    /// Past forms alone.
    Past,
    /// No verb that is known.
    Unknown,
}

impl Open {
    /// The statement of a sentence that may go on. `found` are the attributions of the sentence, the draft of the first of which has the place `first`.
    pub(super) fn after(
        tokens: &[Token<'_>],
        unit: &Range<usize>,
        found: &[Attribution],
        first: usize,
    ) -> Option<Self> {
        let ends = |attribution: &Attribution| attribution.content.last().map_or(0, |range| range.end);
        let (place, last) = found.iter().enumerate().max_by_key(|(_, attribution)| ends(attribution))?;
        // A clause under its verb mostly ends with it ("says that ..."); a main clause beside the attribution is the speaker's until the narrator
        // comes back.
        let main = matches!(
            last.pattern,
            "cue between"
                | "cue after"
                | "inverted cue"
                | "inverted cue between"
                | "point of view"
                | "point of view, between"
                | "according to, between"
                | "for somebody"
        );
        // What somebody told a committee are the words of one occasion.
        let speaks =
            matches!(last.class, Class::Speech | Class::Thought) && last.lemma != "tell" && !last.denied;
        // So it takes a sign of argument for such a clause to go on.
        let under_verb = matches!(last.pattern, "cue before" | "shared subject");
        if !(main || under_verb) || !speaks || last.content.len() > 3 {
            return None;
        }
        let words = last.content[0].start..ends(last);
        let told_at = last.cue.clone().unwrap_or(words.start..words.start);
        let closed = [Some(told_at.end), last.speaker.as_ref().map(|speaker| speaker.end), Some(words.end)]
            .into_iter()
            .flatten()
            .max()?;
        // "..., she says quietly."
        // "..., says a diplomat who has known him for years."
        let described = last.pattern == "inverted cue"
            && tokens
                .get(closed)
                .is_some_and(|token| token.is_comma() || token.among("who whose of at from in with"))
            && !tokens[closed..unit.end]
                .iter()
                .any(|token| token.tag == Tag::Conjunction || token.text == ";");
        let ends_here =
            described || tokens[closed..unit.end].iter().filter(|token| token.is_word()).take(2).count() < 2;
        // A quotation makes the point of its sentence, and so does what stands after a semicolon: "It has its own flag, she says; all that is missing
        // is a reason."
        let pointed = tokens[words.clone()].iter().any(|token| !token.free())
            || (told_at.end..words.end).any(|at| tokens[at].text == ";" || tokens[at].is_colon());
        let asked = matches!(
            last.lemma,
            "ask"
                | "urge"
                | "want"
                | "order"
                | "beg"
                | "appeal"
                | "advise"
                | "call"
                | "demand"
                | "see"
                | "regard"
                | "view"
                | "consider"
        );
        // What people say of themselves goes on with "he" or "she", as what is told of them does.
        let of_self = tokens[words.start].is_any(&["he", "she", "his", "her"]) && !under_verb;
        if !ends_here || of_self || under_verb && asked {
            return None;
        }
        let told_in_past = tokens[told_at].iter().any(is_past);
        // Whoever "argues" or "insists" that something is so mostly goes on to say why.
        let reasoned = !told_in_past
            && matches!(
                last.lemma,
                "argue" | "insist" | "contend" | "maintain" | "counter" | "hold" | "conclude"
            );
        let inside = |at: &usize| last.content.iter().any(|range| range.contains(at));
        Some(Self {
            number: first + place,
            n_more: 0,
            form: match (under_verb, reasoned) {
                (false, _) => Form::Main,
                (true, true) => Form::Argued,
                (true, false) => Form::Clause,
            },
            pointed,
            told_in_past,
            tense: tense_of(tokens, unit.clone().filter(inside)),
            words: unit.clone(),
            called: called(tokens, last.speaker.as_ref()),
            speaker: last.speaker.clone().unwrap_or(unit.end..unit.end),
        })
    }

    /// The words of the sentence `unit`, if they go on with the statement. `is_name` says whether the word at a place belongs to a name.
    pub(super) fn goes_on(
        &mut self,
        tokens: &[Token<'_>],
        unit: &Range<usize>,
        looked_at: &Cell<u64>,
        is_name: impl Fn(usize) -> bool,
    ) -> Option<Range<usize>> {
        if self.n_more == LONGEST || unit.len() > TOKENS || !tokens[unit.end - 1].is(".") {
            return None;
        }
        looked_at.set(looked_at.get() + 10 * unit.len() as u64);
        let range = unit.start..unit.end - 1;
        let sentence = &tokens[range.clone()];
        let words = sentence.iter().filter(|token| token.is_word()).count();
        if !WORDS.contains(&words) || sentence.iter().any(|token| !token.free()) {
            return None;
        }
        let tense = tense_of(tokens, range.clone());
        let links = self.links(sentence);
        let told = tense == Tense::Unknown || tense == Tense::Past && (self.told_in_past || !links);
        // Told in the past with its tenses shifted, it goes on with them shifted.
        let shifts_back = self.told_in_past
            && matches!(self.tense, Tense::Shifted | Tense::Past)
            && tense == Tense::Present;
        let narrator =
            told || match self.form {
                Form::Main => false,
                Form::Argued => !argues(sentence) && self.opens_with_something_else(tokens, sentence),
                Form::Clause => !argues(sentence),
            } || self.pointed && !supposes(sentence)
                || self.takes_up(tokens, sentence)
                || affirms(sentence)
                || shifts_back
                || speaks_of_a_person(sentence)
                || sentence[0].among(self.called)
                || self.opens_with_a_role(tokens, sentence)
                || says_something(sentence)
                || remarks(sentence)
                || turns(sentence)
                || dates(sentence) && !(links && sentence.iter().any(|token| token.is("they")))
                || range.clone().any(|at| is_name(at) && !self.has(tokens, &tokens[at]));
        if narrator {
            return None;
        }
        self.n_more += 1;
        self.words.end = unit.end;
        Some(range)
    }

    /// "The gauge on the mole is broken": the narrator points at a thing of which the statement does not speak.
    fn opens_with_something_else(&self, tokens: &[Token<'_>], sentence: &[Token<'_>]) -> bool {
        let mut nouns = sentence.iter().take(5).filter(|token| token.tag == Tag::Noun);
        sentence[0].is("the") && nouns.next().is_some_and(|noun| !self.has(tokens, noun))
    }

    /// "They left a flask behind", "So an order went out": tied to what one person's statement tells, in the past too.
    fn links(&self, sentence: &[Token<'_>]) -> bool {
        self.called.is_empty()
            && (sentence[0].is_any(&["so", "then", "instead"])
                || sentence.iter().take(12).any(|token| token.is("they")))
    }

    /// "These are due in October", "..., and wrote a receipt. The receipt is in a drawer": the narrator explains what was named last.
    fn takes_up(&self, tokens: &[Token<'_>], sentence: &[Token<'_>]) -> bool {
        let last = tokens[self.words.clone()].iter().rev().take(4).find(|token| token.is_word());
        let head = sentence
            .iter()
            .take(5)
            .take_while(|token| matches!(token.tag, Tag::Determiner | Tag::Adjective | Tag::Noun))
            .last();
        sentence[0].among("these those")
            || sentence[0].is("the")
                && last
                    .zip(head)
                    .is_some_and(|(last, head)| last.tag == Tag::Noun && last.lower == head.lower)
    }

    /// Whether a word stands in the statement, and not in what names the speaker.
    fn has(&self, tokens: &[Token<'_>], word: &Token<'_>) -> bool {
        self.words
            .clone()
            .take(4 * TOKENS)
            .any(|at| !self.speaker.contains(&at) && tokens[at].lower == word.lower)
    }

    /// "The bishop has volunteered", "Historians urge caution": somebody of whom the statement does not speak.
    fn opens_with_a_role(&self, tokens: &[Token<'_>], sentence: &[Token<'_>]) -> bool {
        let phrase = sentence.iter().take(5).take_while(|token| {
            matches!(token.tag, Tag::Determiner | Tag::Adjective | Tag::Noun | Tag::Proper)
        });
        // "Many commanders" and "the generals" are what one speaks of.
        let bare = sentence[0].lower.ends_with('s');
        // "Such a man", "Any commander": nobody in particular.
        if sentence[0].is_any(&["such", "any", "no", "nobody", "a", "an"]) {
            return false;
        }
        phrase
            .take(if bare { 1 } else { 5 })
            .filter(|token| lexicon::is_person_noun(&token.lower) && (bare || !token.lower.ends_with('s')))
            .any(|token| !self.has(tokens, token))
    }
}

/// The pronouns by which the narrator goes on about a speaker who is no single person.
fn called(tokens: &[Token<'_>], speaker: Option<&Range<usize>>) -> &'static str {
    let Some(span) = speaker else { return "" };
    let preposition = span.clone().skip(1).find(|&at| tokens[at].tag == Tag::Preposition);
    let head = &tokens[preposition.unwrap_or(span.end) - 1];
    if head.is_any(&["they", "their", "them"]) || head.tag == Tag::Noun && head.lower.ends_with('s') {
        "they their both all most some"
    } else if head.is_any(&["it", "its"])
        || lexicon::is_body_noun(&head.lower)
        || lexicon::is_document_noun(&head.lower)
    {
        "it its they their"
    } else {
        ""
    }
}

fn is_past(token: &Token<'_>) -> bool {
    token.lower.ends_with("ed")
        || lexicon::is_past_form(&token.lower)
        || token.among("said told wrote thought knew felt found saw")
}

/// The tense that the words at some places show.
fn tense_of(tokens: &[Token<'_>], places: impl Iterator<Item = usize>) -> Tense {
    let (mut present, mut shifted, mut past) = (false, false, false);
    let mut before: Option<&Token<'_>> = None;
    for at in places {
        let token = &tokens[at];
        let governed =
            before.is_some_and(|before| before.tag == Tag::Auxiliary || before.among("to not never been"));
        match token.tag {
            Tag::Auxiliary if token.among("would could might had 'd should") => shifted = true,
            Tag::Auxiliary if token.among("was were did didn't wasn't weren't") => past = true,
            // "would have to"
            Tag::Auxiliary if !governed && !token.among("be been being") => present = true,
            Tag::Verb if !governed && !token.lower.ends_with("ing") => {
                if !is_past(token) {
                    present = true;
                } else if before.is_some_and(|before| before.tag == Tag::Pronoun)
                    || !tokens.get(at + 1).is_some_and(|next| next.among("by in with for"))
                {
                    // "the man named in it": a participle beside its noun tells nothing.
                    past = true;
                }
            }
            _ => {}
        }
        before = Some(token);
    }
    match (present, shifted, past) {
        (true, _, _) => Tense::Present,
        (_, true, _) => Tense::Shifted,
        (_, _, true) => Tense::Past,
        _ => Tense::Unknown,
    }
}

/// The narrator speaks of the speaker, of somebody else, or of himself.
fn speaks_of_a_person(sentence: &[Token<'_>]) -> bool {
    // "When the two meet": those of whom the narrator has told.
    let pair =
        sentence.windows(2).any(|pair| pair[0].is("the") && pair[1].is_any(&["two", "latter", "former"]));
    // "A man who must carry his rifle": nobody in particular, and so no speaker.
    let anybody = sentence[0].is_any(&["whoever", "anyone", "anybody", "nobody"])
        || sentence[0].is_any(&["a", "any", "every", "no"])
            && sentence.iter().take(3).any(|token| lexicon::is_person_noun(&token.lower));
    // "Then the minister fell, and his successor fell": whose successor it is, the sentence says.
    let owner = |at: usize| {
        sentence[0].is_any(&["so", "then", "instead"])
            && sentence[at].is_any(&["his", "her"])
            && sentence[..at].iter().any(|token| lexicon::is_person_noun(&token.lower))
    };
    pair || sentence.iter().enumerate().any(|(at, token)| {
        token.among("she her hers herself i we us me my our") && !owner(at)
            || token.among("he his him himself") && !(anybody || owner(at))
    })
}

/// Somebody says something in it, or leaves it unsaid: "The house denies it."
fn says_something(sentence: &[Token<'_>]) -> bool {
    sentence.iter().enumerate().any(|(at, token)| {
        // "is held", "without telling", "to demand it", "would explain it"
        let passive = at > 0
            && (sentence[at - 1].among("is are was were be been being") && is_past(token)
                || sentence[at - 1].among("to would will could might"));
        // "a recount would do", "could not tell the date"
        let passive =
            passive || at > 0 && (sentence[at - 1].tag == Tag::Determiner || sentence[at - 1].is("not"));
        // "The government rejects that", "Hardly anybody believes it"
        let taken = sentence.len() == at + 2 && sentence[at + 1].among("it that this them so");
        token.tag == Tag::Verb
            && !passive
            && lexicon::cue(&token.lower).is_some_and(|cue| {
                // "the boats go by"
                // "whoever holds the docks", "refuse what others have accepted": nothing is said without "that".
                let holds =
                    matches!(cue.lemma, "hold" | "accept" | "allow" | "grant" | "establish" | "determine")
                        && !sentence.get(at + 1).is_some_and(|next| next.is("that"));
                let tells = cue.class == Class::Speech && cue.takes('t') && !holds;
                (tells || taken && cue.class != Class::Document) && !cue.noun_like && !cue.participle
            })
    })
}

/// It speaks of what was said as of something said: "That view is shared", "The figure is disputed".
fn remarks(sentence: &[Token<'_>]) -> bool {
    let doubts = sentence.iter().enumerate().any(|(at, token)| {
        token.among("unclear verify verification independently comment respond reply doubtful")
            || token.among("contested disputed verified confirmed")
                && at > 0
                && (sentence[at - 1].tag == Tag::Auxiliary || sentence[at - 1].is("been"))
    });
    let points = sentence[0].among("the that this it such");
    doubts
        || points
            && sentence.iter().take(6).any(|token| {
                token.among(
                    "view claim account figure figures number numbers allegation idea phrase formula thought point recording charge argument \
                     remark statement report question matter word words",
                )
            })
}

/// "If it were dropped, the mill would open", "Give them boots, and they will march".
fn supposes(sentence: &[Token<'_>]) -> bool {
    let told_to = sentence[0].tag == Tag::Verb
        && !sentence[0].lower.ends_with("ing")
        && !is_past(&sentence[0])
        && sentence.windows(2).any(|pair| pair[0].is_comma() && pair[1].is("and"))
        && sentence.iter().any(|token| token.among("will would"));
    sentence[0].is_any(&["if", "unless"]) || told_to
}

/// It argues: what would be so, what will be so if something else is, what is so "after all".
fn argues(sentence: &[Token<'_>]) -> bool {
    sentence[0].among("if unless once otherwise nothing")
        || sentence.iter().any(|token| token.among("would will might could must should cannot can 'll"))
        || sentence.windows(2).take(8).any(|pair| pair[0].is("after") && pair[1].is("all"))
}

/// The narrator has looked: "The building does exist", "The lines themselves are cautious".
fn affirms(sentence: &[Token<'_>]) -> bool {
    let at = |at: usize| sentence.get(at);
    (0..sentence.len().min(12)).any(|first| {
        // "will do what their cousins do"
        let emphatic = sentence[first].among("does do did")
            && at(first + 1).is_some_and(|next| {
                matches!(next.tag, Tag::Verb | Tag::Noun) && !next.among("what it that so")
            });
        // "On the day itself they will": a time, and nothing that was looked at.
        let itself = sentence[first].tag == Tag::Noun
            && at(first + 1).is_some_and(|next| next.among("themselves itself"))
            && at(first + 2).is_none_or(|next| next.tag != Tag::Pronoun);
        emphatic || itself
    })
}

/// It opens as one does who turns to something else: "Others", "Donors, however", "There is also".
fn turns(sentence: &[Token<'_>]) -> bool {
    let first = |n: usize, words: &str| sentence.iter().take(n).any(|token| token.among(words));
    sentence[0].among("but yet others whether meanwhile still other for not nor neither both")
        // "So is everybody else."
        || sentence[0].is("so") && sentence.get(1).is_some_and(|next| next.tag == Tag::Auxiliary)
        || first(3, "however")
        || first(4, "there") && first(4, "also and was were")
}

/// It opens with when or where something takes place, and does not say what would be so.
fn dates(sentence: &[Token<'_>]) -> bool {
    let placed = sentence[0].tag == Tag::Preposition && !sentence[0].among("without with once under");
    let timed = sentence.iter().take(4).any(|token| {
        lexicon::is_time_noun(token.lower.trim_end_matches('s')) || lexicon::is_month_or_day(&token.lower)
    });
    // "..., the last of them on Sunday", "is to report next week": the narrator's calendar.
    let calendar =
        sentence.iter().any(|token| token.lower.ends_with("day") && lexicon::is_month_or_day(&token.lower))
            || sentence
                .windows(2)
                .any(|pair| pair[0].is_any(&["last", "next"]) && lexicon::is_time_noun(&pair[1].lower));
    calendar || (placed || timed) && !sentence.iter().any(|token| token.among("will would could might may"))
}
