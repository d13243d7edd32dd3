//! Whether words say that something brings something about.
//!
//! Enters: the words of a statement, and the position of one. Leaves: whether a cause is told there. Always holds: a noun that is spelled as a verb
//! of causing is none.

use crate::extract::token::{Tag, Token};

/// ", since whoever controls the fuel controls the trucks": a reason; "since May" is a time.
pub(super) fn reason(words: &[&Token<'_>], at: usize) -> bool {
    if !words[at].is("since") || at < 3 {
        return false;
    }
    let Some(next) = words.get(at + 1) else { return false };
    let clause = || words[at + 1..].iter().take(12).take_while(|token| !token.is_comma());
    let verb = || clause().any(|token| matches!(token.tag, Tag::Auxiliary | Tag::Verb));
    if words[at - 1].is_comma() {
        // A day or an event needs no verb; anything else after a comma has one, even if no list knows it.
        let time = matches!(next.tag, Tag::Number | Tag::Preposition | Tag::Proper | Tag::Adverb | Tag::Verb);
        return !time && (verb() || (next.tag != Tag::Determiner && clause().count() >= 4));
    }
    // "has lost four lists since she met him": a time.
    let perfect = words[at.saturating_sub(60)..at].iter().any(|token| token.among("has have had 've"));
    !perfect && next.among("he she they it we nobody everybody neither both") && verb()
}

/// "We were paid for foundations, so we built foundations": what comes after follows from what comes before.
pub(super) fn follows_from(words: &[&Token<'_>], at: usize) -> bool {
    words[at].is("so")
        && at >= 3
        && (words[at - 1].is_comma()
            && words.get(at + 1).is_some_and(|next| {
                matches!(next.tag, Tag::Pronoun | Tag::Determiner | Tag::Proper | Tag::Noun)
                    && !next.is("that")
            })
            || words.get(at + 1).is_some_and(|next| next.is("that"))
                && words.get(at + 2).is_some_and(|subject| {
                    matches!(subject.tag, Tag::Pronoun | Tag::Determiner | Tag::Proper | Tag::Noun)
                }))
}

/// "has made the guests more valuable", "turned a ferry into a customs post", "is what keeps the front alive": something brings a state about.
pub(super) fn renders(words: &[&Token<'_>], at: usize) -> bool {
    let next = words.get(at + 1);
    let object = |token: &&&Token<'_>| matches!(token.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper);
    let what = words[at].is("what")
        && !words[..at].iter().rev().take(2).any(|token| token.is_any(&["not", "never", "n't"]))
        && at >= 1
        && words[at.saturating_sub(2)..at].iter().any(|token| token.is_any(&["is", "was", "'s"]))
        && next.is_some_and(|next| {
            matches!(next.tag, Tag::Verb | Tag::Noun) && !next.lower.ends_with("ing") && !next.is("matters")
        })
        && words.get(at + 2).as_ref().is_some_and(object);
    // "What binds them is debt"
    let fronted = words[at].is("what")
        && at <= 1
        && next.is_some_and(|next| next.lower.ends_with('s') && matches!(next.tag, Tag::Verb | Tag::Noun))
        && words.get(at + 2).as_ref().is_some_and(object)
        && words[at + 2..].iter().take(6).any(|token| token.is_any(&["is", "was"]));
    let clause =
        || words[at + 1..].iter().take(9).take_while(|token| !token.is_comma() && !token.ends_sentence());
    let made = words[at].among("make makes made making leaves left keeps kept renders rendered")
        && next.is_some_and(|next| {
            matches!(next.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Noun | Tag::Adjective)
        })
        && (clause().any(|token| {
            token.among("more less harder easier stronger weaker worse better safer poorer richer possible impossible likely unable cheaper dearer")
        }) || clause().collect::<Vec<_>>().windows(2).any(|pair| {
            // "has made honest men poor"
            pair[0].tag == Tag::Noun && pair[1].tag == Tag::Adjective
        }));
    let turned = words[at].among("turn turns turned turning transform transforms transformed drive drives drove driven force forced push pushed")
        && clause().skip(1).any(|token| token.is("into"));
    let driven = words[at].is("driven")
        && words[at.saturating_sub(3)..at].iter().any(|token| token.among("has have had"))
        && clause().any(|token| token.among("up down out away off"));
    what || fronted || made || turned || driven
}

/// "that is precisely why it survives", "is how the last war began".
pub(super) fn is_why(words: &[&Token<'_>], at: usize) -> bool {
    words[at].is_any(&["why", "how"])
        && at >= 2
        && words[at.saturating_sub(3)..at].iter().any(|token| token.is_any(&["is", "was", "'s", "are"]))
        && words[at.saturating_sub(3)..at].iter().all(|token| {
            matches!(
                token.tag,
                Tag::Auxiliary | Tag::Adverb | Tag::Noun | Tag::Pronoun | Tag::Determiner | Tag::Subordinator
            )
        })
        && !words[at.saturating_sub(60)..at]
            .iter()
            .any(|token| token.is_any(&["question", "unclear", "mystery", "not"]))
        && words
            .get(at + 1)
            .is_some_and(|next| matches!(next.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Noun))
}

/// Whether a word of a causal phrase is a noun or a place here: "government forces", "no cause for alarm", "behind the counter".
pub(super) fn is_no_cause(words: &[&Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| words[before]);
    let next = words.get(at + 1);
    match words[at].lower.as_ref() {
        "behind" => !before.is_some_and(|before| {
            before.among("is are was were be lies lay stands stood reason cause force")
        }),
        "forces" | "cause" | "causes" | "feeds" | "fuels" | "breeds" | "drives" | "triggers" => {
            !next.is_some_and(|next| {
                matches!(next.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper | Tag::Noun | Tag::Adjective)
            }) || before.is_some_and(|before| {
                matches!(before.tag, Tag::Preposition | Tag::Adjective | Tag::Possessive)
                    || before.among("the a no any this their its his her")
            })
        }
        _ => false,
    }
}
