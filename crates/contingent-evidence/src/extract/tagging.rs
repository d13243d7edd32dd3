//! Parts of speech.
//!
//! Enters: the tokens of a paragraph. Leaves: tags on them. Always holds: a tag follows from the token, its neighbours and the tags
//! before it, so that tagging is one pass.

use super::lexicon;
use super::token::{Tag, Token};

/// Tags the tokens of a paragraph.
pub(super) fn tag(tokens: &mut [Token<'_>]) {
    for at in 0..tokens.len() {
        let tag = tag_of(tokens, at);
        tokens[at].tag = tag;
    }
}

fn tag_of(tokens: &[Token<'_>], at: usize) -> Tag {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    if token.tag == Tag::Mark || token.tag == Tag::Punctuation {
        return token.tag;
    }
    let word: &str = &token.lower;
    if token.tag == Tag::Possessive {
        let verbal = before.is_some_and(|before| {
            before.tag == Tag::Pronoun
                || before.among("that there what here who let this everyone everything")
        });
        return if verbal || !matches!(word, "'s" | "'") { Tag::Auxiliary } else { Tag::Possessive };
    }
    // A capital inside a sentence is a name, but for words that are never one.
    let begins = before.is_none_or(|before| {
        matches!(before.text, "." | ":" | "!" | "?" | "…" | "...")
            || before.tag == Tag::Mark
            || before.is_dash()
    });
    let capital = token.is_capital();
    // Scripts without capitals: in an English sentence their words are names.
    if token.text.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase())
    {
        return Tag::Proper;
    }
    // "the Brussels-based researcher": where somebody is from is no name.
    if capital
        && ["-based", "-born", "-trained", "-educated", "-backed", "-led", "-speaking"]
            .iter()
            .any(|end| word.ends_with(end))
    {
        return Tag::Adjective;
    }
    let pronoun = matches!(word, "he" | "she" | "they" | "it" | "we" | "you");
    if capital
        && !begins
        && !pronoun
        && word != "i"
        && !(lexicon::is_determiner(word) && token.text.len() <= 3)
    {
        return Tag::Proper;
    }
    // "her brother" owns, "told her" does not.
    if word == "her"
        && let Some(next) = tokens.get(at + 1)
        && next.text.starts_with(char::is_alphanumeric)
        && !closed_class(&next.lower)
        && !lexicon::is_adverb(&next.lower)
    {
        return Tag::Determiner;
    }
    // "from Kessi mine said": after a name or a noun it is the pit.
    let pit = word == "mine"
        && before.is_some_and(|before| {
            matches!(before.tag, Tag::Proper | Tag::Noun | Tag::Adjective | Tag::Determiner | Tag::Possessive)
        });
    if pit {
        return Tag::Noun;
    }
    // "told state radio that"
    if word == "state"
        && tokens.get(at + 1).is_some_and(|next| next.among("radio television tv media news broadcaster"))
    {
        return Tag::Adjective;
    }
    // "the think tank's report"
    if word == "think" && tokens.get(at + 1).is_some_and(|next| next.is_any(&["tank", "tanks"])) {
        return Tag::Adjective;
    }
    if lexicon::is_subject_pronoun(word) || lexicon::is_other_pronoun(word) {
        return Tag::Pronoun;
    }
    if lexicon::is_determiner(word) {
        return Tag::Determiner;
    }
    if lexicon::is_auxiliary(word) && !(capital && matches!(word, "may" | "will")) {
        return Tag::Auxiliary;
    }
    if lexicon::is_preposition(word) {
        return Tag::Preposition;
    }
    if lexicon::is_conjunction(word) {
        return Tag::Conjunction;
    }
    if lexicon::is_subordinator(word) {
        return Tag::Subordinator;
    }
    if lexicon::is_number_word(word) || token.text.starts_with(|c: char| c.is_ascii_digit()) {
        return Tag::Number;
    }
    if lexicon::is_adverb(word) {
        return Tag::Adverb;
    }
    if lexicon::is_adjective_in_ly(word) {
        return Tag::Adjective;
    }
    if word.ends_with("ly")
        && word.len() > 4
        && !matches!(
            word,
            "family"
                | "ally"
                | "july"
                | "italy"
                | "assembly"
                | "supply"
                | "reply"
                | "anomaly"
                | "early"
                | "rally"
                | "bully"
                | "folly"
                | "monopoly"
                | "tally"
                | "belly"
                | "lily"
        )
        && !capital
    {
        return Tag::Adverb;
    }
    // "Presiding judge Ama Serwaa": a participle that opens a sentence before a role is no name.
    let role_follows =
        tokens.get(at + 1).is_some_and(|next| !next.is_capital() && lexicon::is_person_noun(&next.lower));
    if capital && begins && role_follows && (word.ends_with("ing") || word.ends_with("ed")) {
        return Tag::Adjective;
    }
    let next_capital = tokens
        .get(at + 1)
        .is_some_and(|next| next.tag != Tag::Mark && next.is_capital() && !closed_class(&next.lower));
    // "State Railways says": a form that is a noun too begins a name.
    let may_be_named = |cue: lexicon::Cue| cue.noun_like && *cue.lemma == *word;
    if capital && begins && next_capital && lexicon::cue(word).is_none_or(may_be_named) {
        return Tag::Proper;
    }
    if capital
        && begins
        && (lexicon::is_person_noun(word) || lexicon::is_body_noun(word) || lexicon::is_document_noun(word))
    {
        return Tag::Noun;
    }
    // "Bright said": a name that is an adjective too.
    let verb_follows = tokens.get(at + 1).is_some_and(|next| {
        !next.is_capital()
            && (lexicon::is_auxiliary(&next.lower)
                || lexicon::cue(&next.lower)
                    .is_some_and(|cue| cue.class != lexicon::Class::Judgement && !cue.noun_like))
    });
    // "Brand said", "Grant believes": a name that is a cue verb too.
    let cue_too = verb_follows
        && lexicon::cue(word).is_some_and(|cue| *cue.lemma == *word)
        && !lexicon::is_document_noun(word)
        && tokens.get(at + 1).is_some_and(|next| lexicon::cue(&next.lower).is_some());
    if capital && begins && (verb_follows && lexicon::is_adjective(word) || cue_too) {
        return Tag::Proper;
    }
    if lexicon::is_adjective(word) {
        return Tag::Adjective;
    }
    if lexicon::is_noun_in_ing(word)
        && !before.is_some_and(|before| matches!(before.tag, Tag::Auxiliary | Tag::Pronoun))
        && lexicon::cue(word).is_none()
    {
        return Tag::Noun;
    }
    if lexicon::is_document_noun(word)
        && before.is_some_and(|before| before.tag == Tag::Noun)
        && word.ends_with('s')
        && lexicon::cue(word).is_none_or(|cue| cue.noun_like)
    {
        return Tag::Noun;
    }
    if let Some(cue) = lexicon::cue(word) {
        if capital && !begins {
            return Tag::Proper;
        }
        // "Records examined by the Panel show": no sentence of a report opens with a command.
        if capital && cue.noun_like && word.ends_with('s') {
            return Tag::Noun;
        }
        let nominal = before.is_some_and(|before| {
            matches!(before.tag, Tag::Determiner | Tag::Possessive | Tag::Adjective | Tag::Number)
                || (before.tag == Tag::Preposition && !cue.participle && !before.is("to"))
        });
        // "has a brisk answer": one noun takes no plain form after it.
        let one = before.is_some_and(|before| before.tag == Tag::Noun)
            && at >= 2
            && tokens[at - 2].is_any(&["a", "an"])
            && cue.noun_like
            && *cue.lemma == *word;
        if one {
            return Tag::Noun;
        }
        // "in reply to questions": no infinitive ends so. "expressed regret that"
        let expressed = before.is_some_and(|before| before.lower.starts_with("express"));
        if cue.noun_like && (word.ends_with('s') && before.is_some_and(|before| before.is("to")) || expressed)
        {
            return Tag::Noun;
        }
        // "Both say that"
        if word == "say"
            && before.is_some_and(|before| before.among("both all some many most several few others"))
        {
            return Tag::Verb;
        }
        // "her firm forecasts that", "the former suspects that": an adjective that stands for whoever speaks.
        let stands = before.is_some_and(|before| {
            before.tag == Tag::Adjective
                && (lexicon::is_body_noun(&before.lower) || before.is_any(&["former", "latter"]))
        }) && tokens.get(at + 1).is_some_and(|next| next.is("that"));
        if stands {
            return Tag::Verb;
        }
        // "his said opponent" does not occur; "the claims", "in reports", "growing doubts" do.
        if nominal
            && (cue.noun_like
                || (cue.participle
                    && before.is_some_and(|before| {
                        matches!(before.tag, Tag::Determiner | Tag::Possessive)
                            || before.tag == Tag::Adjective && before.lower.ends_with("ed")
                    })))
        {
            return Tag::Noun;
        }
        if nominal
            && word.ends_with("ed")
            && before.is_some_and(|before| {
                matches!(before.tag, Tag::Determiner | Tag::Possessive | Tag::Number | Tag::Adjective)
            })
            && !tokens.get(at + 1).is_some_and(|next| next.is_any(&["that", "out"]) || next.tag == Tag::Mark)
        {
            return Tag::Adjective;
        }
        return Tag::Verb;
    }
    if capital && !(begins && lexicon::is_irregular_verb(word)) {
        return Tag::Proper;
    }
    if lexicon::is_irregular_verb(word) {
        let past = !word.ends_with('s') && lexicon::is_past_form(word);
        let nominal = before.is_some_and(|before| {
            matches!(before.tag, Tag::Determiner | Tag::Possessive | Tag::Preposition)
                || (before.tag == Tag::Adjective && !past)
        });
        let verbal = before
            .is_some_and(|before| matches!(before.tag, Tag::Pronoun | Tag::Auxiliary) || before.is("to"));
        return if verbal || !nominal { Tag::Verb } else { Tag::Noun };
    }
    if lexicon::is_person_noun(word) || lexicon::is_body_noun(word) || lexicon::is_document_noun(word) {
        return Tag::Noun;
    }
    if word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") {
        return if before.is_some_and(|before| matches!(before.tag, Tag::Determiner | Tag::Possessive)) {
            Tag::Adjective
        } else {
            Tag::Verb
        };
    }
    if word.len() > 5
        && word.ends_with("ing")
        && before.is_some_and(|before| before.is_any(&["of", "for", "with", "the", "a", "two", "three"]))
        && tokens.get(at + 1).is_some_and(|next| {
            next.text.starts_with(char::is_lowercase)
                && !closed_class(&next.lower)
                && next.lower.ends_with('s')
        })
    {
        // "of missing persons"
        return Tag::Adjective;
    }
    // "to verify": an infinitive, unless the word is a place to go to.
    if before.is_some_and(|before| before.is("to"))
        && !at
            .checked_sub(2)
            .is_some_and(|owner| tokens[owner].is_any(&["according", "due", "thanks", "close", "next"]))
        && !capital
        && !word.ends_with('s')
        && !matches!(
            word,
            "power"
                | "school"
                | "war"
                | "work"
                | "court"
                | "death"
                | "peace"
                | "prison"
                | "market"
                | "date"
                | "life"
                | "town"
                | "safety"
                | "justice"
                | "radio"
                | "state"
        )
    {
        return Tag::Verb;
    }
    if word.len() > 5 && word.ends_with("ing") {
        return if before
            .is_some_and(|before| matches!(before.tag, Tag::Determiner | Tag::Possessive | Tag::Adjective))
        {
            Tag::Noun
        } else {
            Tag::Verb
        };
    }
    let adjective =
        ["al", "ous", "ive", "ic", "able", "ible", "ful", "less", "ian", "ish", "ary", "ern", "ese"];
    if lexicon::is_noun_despite_ending(word) {
        return Tag::Noun;
    }
    if word.len() > 4 && adjective.iter().any(|end| word.ends_with(end)) {
        return Tag::Adjective;
    }
    Tag::Noun
}

/// Determiners, prepositions and other words that no noun phrase goes on with after a possessive.
fn closed_class(word: &str) -> bool {
    lexicon::is_determiner(word)
        || lexicon::is_preposition(word)
        || lexicon::is_auxiliary(word)
        || lexicon::is_conjunction(word)
        || lexicon::is_subordinator(word)
        || lexicon::is_subject_pronoun(word)
}
