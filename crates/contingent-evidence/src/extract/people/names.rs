//! The parts of a name.
//!
//! Enters: tokens. Leaves: which of them are a name and which a role.
//! Always holds: a name and a role are parts of the tokens that were given.

use std::ops::Range;

use crate::extract::lexicon;
use crate::extract::token::{Tag, Token};

/// A word, and the word with each letter left out in turn.
pub(super) fn gaps(word: &str) -> impl Iterator<Item = String> + '_ {
    std::iter::once(word.to_owned()).chain(
        word.char_indices().map(move |(at, c)| format!("{}{}", &word[..at], &word[at + c.len_utf8()..])),
    )
}

/// The words of a range, joined by single spaces where the text has any space.
pub(in crate::extract) fn words_of(tokens: &[Token<'_>], range: Range<usize>) -> String {
    let mut joined = String::new();
    for token in &tokens[range] {
        if token.space_before && !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(token.text);
    }
    joined
}

pub(super) fn names_person(role: &str) -> bool {
    role.split(|c: char| !c.is_alphanumeric() && c != '-').take(14).any(|word| {
        let word = word.to_lowercase();
        lexicon::is_person_noun(&word) || lexicon::is_title(&word)
    })
}

pub(super) fn starts_name(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    token.tag == Tag::Proper
        && !(lexicon::is_month_or_day(&token.lower))
        && token.text.chars().any(char::is_alphabetic)
}

pub(super) fn continues_name(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    (token.tag == Tag::Proper && !lexicon::is_month_or_day(&token.lower))
        || (lexicon::is_name_particle(&token.lower)
            && tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Proper))
}

pub(super) struct NameParts {
    pub(super) name: Range<usize>,
    pub(super) role: Option<Range<usize>>,
}

/// Which words of a noun phrase are the name and which the role.
pub(super) fn split_name(tokens: &[Token<'_>], span: Range<usize>) -> NameParts {
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
    // "Colonel (retired) Milos Kranjec": the rank, what is said of it, the name.
    if first_end > span.start
        && first_end < span.end
        && tokens[first_end].text == "("
        && let Some(close) = (first_end..span.end).find(|&at| tokens[at].text == ")")
        && close + 1 < span.end
        && (close + 1..span.end).all(is_name)
    {
        return NameParts { name: close + 1..span.end, role: Some(span.start..first_end) };
    }
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
    // "The observatory's Amadou Rensburg": whose they are is no part of the name.
    if let Some(owner) = span.clone().rev().find(|&at| tokens[at].tag == Tag::Possessive)
        && owner > span.start
        && owner + 2 < span.end
        && (owner + 1..span.end).all(is_name)
        && !body(owner + 1..span.end)
    {
        return strip_title(tokens, owner + 1..span.end);
    }
    let mut from = span.end;
    while from > span.start && is_name(from - 1) {
        from -= 1;
    }
    if from == span.end {
        return nothing;
    }
    // "a dentist named Pavel Ruz"
    if from > span.start + 1 && tokens[from - 1].is_any(&["named", "called"]) {
        return NameParts { name: from..span.end, role: Some(span.start..from - 1) };
    }
    if from == span.start {
        return strip_title(tokens, span);
    }
    let before = &tokens[from - 1];
    // "A Member State": one of several, and no name.
    if before.is_any(&["a", "an"]) && from - 1 == span.start {
        return nothing;
    }
    // "Researchers of the organization Clear Pan": they speak, and not what they belong to.
    let belongs = (span.start..from - 1).find(|&at| tokens[at].is_any(&["of", "from", "at", "with"]));
    if belongs.is_some_and(|at| at > span.start)
        && (lexicon::is_body_noun(&before.lower) || lexicon::is_document_noun(&before.lower))
    {
        return nothing;
    }
    if before.tag == Tag::Determiner && from - 1 == span.start {
        // "the Interior Ministry"
        return strip_title(tokens, from..span.end);
    }
    if matches!(before.tag, Tag::Noun | Tag::Adjective | Tag::Number) {
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
            let courtesy = run.start == at && super::gender::gender_of_courtesy(&tokens[at].lower).is_some();
            NameParts { name: at + 1..run.end, role: (!courtesy).then_some(run.start..at + 1) }
        }
        None => NameParts { name: run, role: None },
    }
}
