//! Sentences and noun phrases, as far as they can be told without a parser.
//!
//! Enters: the tagged tokens and the quotations of a paragraph. Leaves: units of attribution, bounds of noun phrases.
//! Always holds: a quotation is never cut by a unit; every scan is bounded, so that a sentence without an end costs no more than its
//! length.

use std::ops::Range;

use super::lexicon;
use super::quotation::Quotation;
use super::token::{Tag, Token};

/// Scans for the bounds of a phrase look no further than this.
const PHRASE: usize = 40;
/// A unit is cut after so many tokens outside quotations.
const UNIT: usize = 400;

/// Cuts a paragraph into units: a sentence, together with the quotations that it holds whole.
pub(super) fn units(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut units = Vec::new();
    let (mut from, mut free) = (0, 0);
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let leaves_quote =
            token.quote.is_some() && tokens.get(at + 1).is_none_or(|next| next.quote != token.quote);
        free += usize::from(token.free());
        let ends = if token.free() {
            token.ends_sentence()
                || (token.tag != Tag::Mark
                    && token.text.ends_with('.')
                    && token.text.len() > 1
                    && ends_after_abbreviation(tokens, at))
        } else {
            leaves_quote
                && (token.ends_sentence()
                    || (token.tag == Tag::Mark
                        && at > 0
                        && (tokens[at - 1].ends_sentence() || tokens[at - 1].text == ")")))
        };
        // "Aisha Dembo (Ind.-N.K.) told": an abbreviation in brackets ends no sentence.
        let ends = ends && !(token.free() && abbreviated_in_brackets(tokens, at));
        if ends || (free > UNIT && token.free()) {
            let mut next = at + 1;
            while next < tokens.len()
                && tokens[next].free()
                && matches!(tokens[next].text, ")" | "]" | "’" | "'")
            {
                next += 1;
            }
            let whole = free > UNIT || !ends || breaks(tokens, at, next);
            if whole {
                units.push(from..next);
                from = next;
                free = 0;
            }
            at = next;
        } else {
            at += 1;
        }
    }
    if from < tokens.len() {
        units.push(from..tokens.len());
    }
    units
}

/// Whether a full stop stands in brackets of a few words after which the sentence goes on.
fn abbreviated_in_brackets(tokens: &[Token<'_>], at: usize) -> bool {
    let close = (at + 1..tokens.len().min(at + 5)).find(|&at| matches!(tokens[at].text, ")" | "]"));
    let opens = tokens[at.saturating_sub(7)..at].iter().any(|token| matches!(token.text, "(" | "["));
    opens
        && close
            .and_then(|close| tokens.get(close + 1))
            .is_some_and(|next| next.is_comma() || next.is_word() && !next.is_capital())
}

/// "in the U.S. The army" breaks, "in the U.S. Army" does not.
fn ends_after_abbreviation(tokens: &[Token<'_>], at: usize) -> bool {
    if !tokens[at].text[..tokens[at].text.len() - 1].contains('.') {
        return false;
    }
    tokens.get(at + 1).is_none_or(|next| {
        next.is_capital()
            && (lexicon::is_determiner(&next.lower)
                || lexicon::is_subject_pronoun(&next.lower)
                || lexicon::is_preposition(&next.lower)
                || lexicon::is_conjunction(&next.lower)
                || lexicon::is_subordinator(&next.lower))
    })
}

/// Whether a full stop at `at` divides what is before from what begins at `next`.
fn breaks(tokens: &[Token<'_>], at: usize, next: usize) -> bool {
    let Some(follower) = tokens.get(next) else { return true };
    if follower.free() && follower.text.chars().next().is_some_and(char::is_lowercase) {
        return false;
    }
    // "Ewa Tarn (ret.), who lectures": no sentence begins with a comma.
    if tokens[at].free() && follower.free() && (follower.is_comma() || follower.text == ";") {
        return false;
    }
    if tokens[at].quote.is_some() && follower.is_dash() {
        return false;
    }
    if tokens[at].quote.is_some() && follower.free() {
        // “Is it?” Hale asked. stays together: a short clause with a cue follows the quotation.
        let clause: Vec<&Token<'_>> = tokens[next..]
            .iter()
            .take(12)
            .take_while(|token| {
                token.free() && !token.ends_sentence() && !token.is_comma() && !token.is_colon()
            })
            .collect();
        let told = clause.iter().enumerate().position(|(at, token)| {
            token.tag == Tag::Verb
                && lexicon::cue(&token.lower).is_some_and(|cue| {
                    // “The tiles are back.” Then he went off to bed.
                    let goes = cue.lemma == "go" && !clause.get(at + 1).is_some_and(|next| next.is("on"));
                    cue.takes('q') && !cue.participle && !goes
                })
        });
        if let Some(told) = told {
            let ends =
                tokens.get(next + clause.len()).is_none_or(|token| token.ends_sentence() || token.is_comma());
            let short = told <= 4 && clause.len() <= told + 7;
            let opens = clause[0].among("but and as while it when in on asked");
            // “He has changed his mind.” She orders soup. What is done after a full stop is not how it was said, nor is what is done to her.
            let passive = told > 0 && clause[told - 1].among("been is was were are be being");
            let does = stopped(tokens, at)
                && clause
                    .get(told + 1)
                    .is_some_and(|next| matches!(next.tag, Tag::Noun | Tag::Determiner | Tag::Number))
                && lexicon::cue(&clause[told].lower).is_some_and(|cue| !cue.takes('a'));
            // “... best recruiter.” She also said, without evidence, that “they are ...”: after a full stop, with words of its own.
            let own_words = stopped(tokens, at)
                && tokens.get(next + clause.len()).is_some_and(Token::is_comma)
                && tokens[next + clause.len()..]
                    .iter()
                    .take(25)
                    .take_while(|token| !token.free() || !token.ends_sentence())
                    .any(|token| !token.free() || token.is("that"));
            // After a finished quotation, "Hale said the town was quiet." begins something new.
            let complement = clause[told + 1..]
                .iter()
                .any(|token| token.among("that he she it they would was were is are had"));
            return !short || !ends || opens || complement || passive || does || own_words;
        }
        if clause.first().is_some_and(|token| token.is("according") && !token.is_capital()) {
            return false;
        }
    }
    true
}

/// Whether a quotation that closes at `at` ends with a full stop.
fn stopped(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].text == "." || at > 0 && tokens[at].tag == Tag::Mark && tokens[at - 1].text == "."
}

fn in_phrase(tag: Tag) -> bool {
    matches!(tag, Tag::Noun | Tag::Proper | Tag::Adjective | Tag::Determiner | Tag::Number)
}

fn is_stop(token: &Token<'_>) -> bool {
    // "the Gazette TODAY": a name in capitals.
    let shouted = token.text.len() > 1 && token.text.chars().all(char::is_uppercase);
    token.among("there then today yesterday tomorrow tonight") && !shouted
}

fn is_day(token: &Token<'_>) -> bool {
    token.is_capital() && lexicon::is_month_or_day(&token.lower)
}

/// Where the noun phrase begins whose last token is `last`.
pub(super) fn phrase_left(tokens: &[Token<'_>], last: usize, low: usize) -> Option<usize> {
    if last < low || !tokens[last].free() {
        return None;
    }
    let low = low.max(last.saturating_sub(PHRASE));
    let head = &tokens[last];
    if matches!(head.text, ")" | "]") {
        let open = (low..last).rev().take(14).find(|&at| matches!(tokens[at].text, "(" | "["))?;
        return if open > low && matches!(tokens[open - 1].tag, Tag::Noun | Tag::Proper) {
            phrase_left(tokens, open - 1, low)
        } else {
            None
        };
    }
    if lexicon::is_subject_pronoun(&head.lower) || head.among("everyone someone nobody everybody somebody") {
        return Some(last);
    }
    // "many here", "officials there"
    if head.is_any(&["here", "there"])
        && last > low
        && (tokens[last - 1].tag == Tag::Noun || tokens[last - 1].among("many some most several others few"))
        && tokens[last - 1].free()
    {
        return phrase_left(tokens, last - 1, low);
    }
    // "one of them", "most of us"
    if head.among("them us whom those these")
        && last >= low + 2
        && tokens[last - 1].is("of")
        && tokens[last - 1].free()
    {
        return phrase_left(tokens, last - 2, low);
    }
    let quantifier = head.among("many some others several most both all another few other this these more");
    let nominal = matches!(head.tag, Tag::Noun | Tag::Proper | Tag::Number | Tag::Adjective)
        || (head.tag == Tag::Verb && last > low && tokens[last - 1].tag == Tag::Proper && head.is_capital());
    if !nominal && !quantifier {
        return None;
    }
    // "Robinson Friday" is a name, "March" after "last" is none.
    let surname =
        last > low && tokens[last - 1].tag == Tag::Proper && !is_day(&tokens[last - 1]) && !head.is("may");
    if is_stop(head) || (is_day(head) && !surname) {
        return None;
    }
    let mut at = last;
    while at > low && tokens[at - 1].free() {
        let (this, before) = (&tokens[at], &tokens[at - 1]);
        if this.tag == Tag::Determiner
            && !this.among("other many several few others more such")
            && !(before.tag == Tag::Preposition || before.is_any(&["all", "both"]))
        {
            break;
        }
        if is_day(before) || is_stop(before) {
            break;
        }
        if in_phrase(before.tag) || before.tag == Tag::Possessive {
            at -= 1;
            continue;
        }
        if at - 1 > low && tokens[at - 2].free() {
            let linked = &tokens[at - 2];
            let nominal = matches!(linked.tag, Tag::Noun | Tag::Proper | Tag::Number)
                || linked.among("many some most several others all both few");
            if before.is("and") || before.text == "&" {
                let pair = linked.tag == this.tag
                    || (linked.tag == Tag::Noun && this.tag != Tag::Determiner)
                    || tokens[last].tag == linked.tag;
                if nominal && pair && !is_day(linked) {
                    at -= 1;
                    continue;
                }
                break;
            }
            if before.among(
                "of for at from in with on to across near inside outside within behind under against between",
            ) {
                if nominal && !is_day(linked) {
                    at -= 1;
                    continue;
                }
                // "people familiar with the matter", "officials briefed on the talks"
                let modifier = matches!(linked.tag, Tag::Adjective)
                    || (linked.tag == Tag::Verb
                        && (linked.lower.ends_with("ed") || linked.lower.ends_with("ing")))
                    || linked.is_any(&["close", "familiar", "present"]);
                if modifier
                    && at - 2 > low
                    && matches!(tokens[at - 3].tag, Tag::Noun | Tag::Proper)
                    && tokens[at - 3].free()
                {
                    at -= 2;
                    continue;
                }
            }
            if before.tag == Tag::Adverb && linked.tag == Tag::Determiner {
                at -= 1;
                continue;
            }
            if before.tag == Tag::Verb
                && (before.lower.ends_with("ing") || before.lower.ends_with("ed"))
                && (linked.tag == Tag::Determiner
                    || (before.lower.ends_with("ing")
                        && this.tag == Tag::Noun
                        && matches!(linked.tag, Tag::Noun | Tag::Adjective)))
            {
                // "the failing state", "the sanctions monitoring group"
                at -= 1;
                continue;
            }
            // "a lieutenant named Maro"
            if before.is_any(&["named", "called", "nicknamed"]) && this.tag == Tag::Proper && nominal {
                at -= 1;
                continue;
            }
            // "a pamphlet handed out in the market"
            if this.tag == Tag::Preposition
                && before.among("out up off down over away around")
                && linked.tag == Tag::Verb
                && at > low + 2
                && matches!(tokens[at - 3].tag, Tag::Noun | Tag::Proper)
                && tokens[at - 3].free()
            {
                at -= 3;
                continue;
            }
            // "a survey by the institute"
            if before.is("by")
                && (lexicon::is_document_noun(&linked.lower) || linked.is_any(&["team", "group"]))
            {
                at -= 1;
                continue;
            }
            // "a man living in the town", where the preposition has been passed already.
            if this.tag == Tag::Preposition
                && before.tag == Tag::Verb
                && nominal
                && !before.among("came come comes went go goes are is live lives lived fled")
            {
                at -= 1;
                continue;
            }
            if before.text == "-" && linked.tag == Tag::Proper {
                at -= 1;
                continue;
            }
        }
        break;
    }
    while at < last && matches!(tokens[at].tag, Tag::Conjunction | Tag::Preposition | Tag::Possessive) {
        at += 1;
    }
    Some(at)
}

/// The position after the noun phrase that begins at `first`.
pub(super) fn phrase_right(tokens: &[Token<'_>], first: usize, end: usize) -> Option<usize> {
    let head = tokens.get(first).filter(|token| first < end && token.free())?;
    if head.among("he she they it we i him her them me us everyone someone")
        && !(head.is("her")
            && tokens
                .get(first + 1)
                .is_some_and(|next| in_phrase(next.tag) && !next.among("the a an one no")))
    {
        return Some(first + 1);
    }
    // "one of them", "most of us"
    if (head.tag == Tag::Number || head.among("many some most several others all both few each neither"))
        && first + 2 < end
        && tokens[first + 1].is("of")
        && tokens[first + 2].free()
        && tokens[first + 2].is_any(&["them", "us", "these", "those"])
    {
        return Some(first + 3);
    }
    if !in_phrase(head.tag) {
        return None;
    }
    let end = end.min(first + PHRASE);
    let mut after = first + 1;
    while after < end && tokens[after].free() {
        let this = &tokens[after];
        // "a June report"
        let dated = is_day(this)
            && tokens[after - 1].tag == Tag::Determiner
            && tokens.get(after + 1).is_some_and(|next| next.free() && next.tag == Tag::Noun);
        if (in_phrase(this.tag) && !is_stop(this) && !is_day(this)) || dated || this.tag == Tag::Possessive {
            // A second determiner begins another phrase: "told reporters the town ...".
            if this.tag == Tag::Determiner
                && after > first
                && matches!(tokens[after - 1].tag, Tag::Noun | Tag::Proper | Tag::Number)
            {
                break;
            }
            after += 1;
            continue;
        }
        let next = tokens.get(after + 1).filter(|next| after + 1 < end && next.free());
        if let Some(next) = next {
            // "the mathematician turned politician Osman Warsame"
            if this.is("turned") && tokens[after - 1].tag == Tag::Noun && next.tag == Tag::Noun {
                after += 1;
                continue;
            }
            if (this.among("of for & at from with")
                || (this.is("and")
                    && matches!(next.tag, Tag::Proper | Tag::Noun | Tag::Determiner | Tag::Adjective)))
                && in_phrase(next.tag)
                && !is_day(next)
            {
                after += 1;
                continue;
            }
            // "a study by the Northern Security Forum"
            if this.is("by")
                && lexicon::is_document_noun(&tokens[after - 1].lower)
                && matches!(next.tag, Tag::Determiner | Tag::Proper)
            {
                after += 1;
                continue;
            }
            if this.is_any(&["in", "on"])
                && !is_day(next)
                && matches!(next.tag, Tag::Proper | Tag::Determiner)
                && !next.is_any(&["this", "a", "an", "that"])
                && tokens[after - 1].tag == Tag::Noun
            {
                after += 1;
                continue;
            }
            if this.tag == Tag::Verb
                && tokens[after - 1].tag == Tag::Determiner
                && !this.lower.ends_with("ed")
            {
                after += 1;
                continue;
            }
        }
        break;
    }
    while after > first + 1
        && matches!(
            tokens[after - 1].tag,
            Tag::Preposition | Tag::Conjunction | Tag::Determiner | Tag::Possessive
        )
    {
        after -= 1;
    }
    let named = tokens[first..after].iter().any(|token| {
        matches!(token.tag, Tag::Noun | Tag::Proper | Tag::Number)
            || token.among("many some others several most both all another few")
    });
    // "the corporal", "the elderly": a word with the ending of an adjective stands for the noun.
    let stands = head.tag == Tag::Determiner && after > first + 1 && tokens[after - 1].tag == Tag::Adjective;
    (named || stands).then_some(after)
}

/// Whether a finite verb stands at or after `from`, before a hard stop.
pub(super) fn finite(tokens: &[Token<'_>], from: usize, end: usize) -> bool {
    let end = end.min(from + 45).min(tokens.len());
    for at in from..end {
        let token = &tokens[at];
        if !token.free() {
            return true;
        }
        if token.text == ";" {
            return false;
        }
        if token.tag == Tag::Auxiliary {
            return true;
        }
        // "each hour of waiting costs the region": a word in -s between a noun and a determiner.
        let third = matches!(token.tag, Tag::Noun | Tag::Verb)
            && at > from
            && token.lower.ends_with('s')
            && matches!(tokens[at - 1].tag, Tag::Noun | Tag::Proper | Tag::Verb | Tag::Adverb)
            && tokens
                .get(at + 1)
                .is_some_and(|next| next.free() && matches!(next.tag, Tag::Determiner | Tag::Pronoun));
        if third {
            return true;
        }
        if token.tag == Tag::Verb
            && !token.lower.ends_with("ing")
            && at > from
            && !tokens[at - 1].is("to")
            && tokens[at - 1].tag != Tag::Determiner
        {
            return true;
        }
    }
    false
}

/// The outermost quotation that begins at or after `from` and ends before `end`.
pub(super) fn next_quotation(quotations: &[Quotation], from: usize, end: usize) -> Option<&Quotation> {
    let first = quotations.partition_point(|quotation| quotation.first < from);
    quotations[first..].iter().find(|quotation| !quotation.nested).filter(|quotation| quotation.end() <= end)
}
