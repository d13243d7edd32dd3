//! Which kind of statement a content is.
//!
//! Enters: the words of a claim and its conditions. Leaves: a kind.
//! Always holds: the first sentence decides; what should be so comes before what depends on a condition, before what the speaker means to do,
//! before what will be so, before what brings something about.

use super::causes::{follows_from, is_no_cause, is_why, reason, renders};
use super::{Phrasebook, Speaking, conditional};
use crate::draft::{Condition, Kind};
use crate::extract::lexicon::Class;
use crate::extract::token::{Tag, Token};

impl Phrasebook {
    pub(super) fn kind_of(&self, words: &[&Token<'_>], conditions: &[Condition], by: Speaking) -> Kind {
        let Speaking { lemma, class, .. } = by;
        let words = first_sentence(words);
        // What opens with its condition ("If it rains, ...") has its main clause after it; what follows "because" or "who" is not the main clause.
        let in_condition = |token: &Token<'_>| {
            // Conditions come in the order of the text and do not overlap.
            let after = conditions.partition_point(|condition| condition.span.start <= token.start);
            after.checked_sub(1).is_some_and(|last| token.end <= conditions[last].span.end)
        };
        let outside: Vec<&Token<'_>> = words.iter().copied().filter(|token| !in_condition(token)).collect();
        let words = words.as_slice();
        let (mut aside, mut passed_on) = (false, false);
        let mut main: Vec<&Token<'_>> = Vec::with_capacity(outside.len());
        let mut within_aside: Vec<usize> = Vec::new();
        for (at, token) in words.iter().enumerate() {
            // "I don't care who owns it": a question, and no aside.
            let asked = token.is_any(&["who", "which"]) && words[at.saturating_sub(1)].tag == Tag::Verb;
            let opens = at >= 3
                && !asked
                && (token.among("because although though which who whereas while") || reason(words, at));
            // "had told him that the army would not fight": what another said does not make the statement a forecast.
            passed_on = passed_on || passes_on(words, at);
            aside = (aside && !token.is_comma()) || opens;
            if passed_on {
                continue;
            }
            if aside {
                within_aside.push(token.start);
            } else if !in_condition(token) {
                main.push(token);
            }
        }
        // "likely, because promotions depend on it": what the reason depends on is no condition of the claim.
        let conditions: Vec<&Condition> = conditions
            .iter()
            .filter(|condition| within_aside.binary_search(&condition.span.start).is_err())
            .collect();
        // "Give them a road tax and they will sign": what is told to do is the condition.
        if imperative(words)
            && words.windows(3).any(|three| {
                three[0].is_any(&["and", "or"])
                    && matches!(three[1].tag, Tag::Pronoun | Tag::Determiner | Tag::Proper)
                    && three[2..].iter().any(|token| token.among("will 'll won't would"))
            })
        {
            return Kind::Conditional;
        }
        if matches!(
            lemma,
            "urge"
                | "demand"
                | "call"
                | "recommend"
                | "propose"
                | "advise"
                | "implore"
                | "exhort"
                | "instruct"
                | "order"
                | "request"
                | "appeal"
                | "beseech"
                | "plead"
                | "beg"
                | "advocate"
                | "favour"
                | "favor"
        ) && class == Class::Speech
            || lemma == "want"
            || (matches!(lemma, "tell" | "warn" | "remind")
                && words.first().is_some_and(|first| first.is("to")))
            || lemma == "warn" && warns_off(words)
            || must(&main, !conditions.is_empty())
        {
            return Kind::Normative;
        }
        if !conditions.is_empty()
            && conditions.iter().any(|condition| !words.is_empty() && condition.span.len() > 3)
        {
            let strong = words.iter().enumerate().any(|(at, token)| {
                within_aside.binary_search(&token.start).is_err()
                    && !token.among("without until subject in absent")
                    && self.conditions.at(words, at).is_some_and(|(length, _)| conditional(words, at, length))
            });
            let modal = main
                .iter()
                .any(|token| token.among("will would could may might can cannot 'll won't can't shall"));
            let vain = words.iter().any(|token| token.is("without"))
                && main.iter().any(|token| token.is_any(&["nothing", "no"]));
            if (strong || modal || vain)
                && conditions
                    .iter()
                    .any(|condition| words.iter().any(|token| token.start == condition.span.start))
            {
                return Kind::Conditional;
            }
        }
        if hypothetical(&main) {
            return Kind::Conditional;
        }
        if matches!(
            lemma,
            "pledge"
                | "vow"
                | "promise"
                | "threaten"
                | "intend"
                | "plan"
                | "refuse"
                | "swear"
                | "offer"
                | "undertake"
        ) || lemma == "hope" && words.first().is_some_and(|first| first.is("to"))
            || intends(&main, by)
        {
            return Kind::Intent;
        }
        if matches!(lemma, "predict" | "forecast" | "expect" | "anticipate" | "foresee" | "project")
            || foretells(&main)
        {
            return Kind::Forecast;
        }
        if outside.iter().enumerate().any(|(at, _)| {
            self.causal.at(&outside, at).is_some() && !is_no_cause(&outside, at)
                || reason(&outside, at)
                || renders(&outside, at)
                || is_why(&outside, at)
                || follows_from(&outside, at)
        }) || matches!(lemma, "blame" | "attribute" | "credit")
        {
            return Kind::Causal;
        }
        Kind::Fact
    }
}

/// The first sentence of at least a few words: the kind of a claim is that of what it opens with.
fn first_sentence<'t, 's>(words: &[&'s Token<'t>]) -> Vec<&'s Token<'t>> {
    let mut from = 0;
    for at in 0..words.len() {
        // “They quarrel,” she said. “They always have.”: the second piece begins a sentence.
        let piece = at >= 1
            && words[at].tag == Tag::Mark
            && words.get(at + 1).is_some_and(|next| next.tag == Tag::Mark)
            && words[at - 1].is_comma()
            && words.get(at + 2).is_some_and(|next| next.is_capital() && !next.is("i"));
        if (words[at].ends_sentence() || piece)
            && words[from..at].iter().filter(|token| token.is_word()).count() >= 4
        {
            return words[from..at].to_vec();
        }
        if words[at].ends_sentence() {
            from = at + 1;
        }
    }
    words[if from < words.len() { from } else { 0 }..].to_vec()
}

/// "both sides against trying the case in the press", "the elders not to mistake patience for weakness".
fn warns_off(words: &[&Token<'_>]) -> bool {
    // "warns against leaving"
    if words.first().is_some_and(|first| first.lower.len() > 5 && first.lower.ends_with("ing")) {
        return true;
    }
    let from = words.iter().take(7).position(|token| token.is_any(&["against", "to"]));
    from.is_some_and(|at| {
        words[..at].iter().all(|token| !matches!(token.tag, Tag::Verb | Tag::Auxiliary))
            && (words[at].is("against")
                || words.get(at + 1).is_some_and(|verb| {
                    !matches!(verb.tag, Tag::Determiner | Tag::Proper | Tag::Pronoun | Tag::Number)
                }))
    })
}

/// "An expulsion would push them into the arms of the rival", "anyone who speaks will lose his bunk": what would be so in a case.
fn hypothetical(words: &[&Token<'_>]) -> bool {
    let words: Vec<&Token<'_>> = words.iter().copied().filter(|token| token.tag != Tag::Mark).collect();
    let Some(first) = words.first() else { return false };
    let modal = |words: &[&Token<'_>]| {
        words.iter().position(|token| token.among("would 'd will 'll")).filter(|&modal| {
            !words[..modal].iter().any(|token| {
                matches!(token.tag, Tag::Auxiliary | Tag::Subordinator)
                    || token.is_comma()
                    || token.tag == Tag::Verb
            })
        })
    };
    // What is not there yet: an event or an act, and neither somebody nor a text.
    let indefinite = first.is_any(&["a", "an", "any", "another"])
        && words[1..].iter().take(3).find(|token| token.tag == Tag::Noun).is_some_and(|noun| {
            !crate::extract::lexicon::is_person_noun(&noun.lower)
                && !crate::extract::lexicon::is_document_noun(&noun.lower)
                && !crate::extract::lexicon::is_body_noun(&noun.lower)
                && !noun.among("majority minority number few handful lot third half quarter dozen source plan bill law draft decree")
        })
        && modal(&words[1..words.len().min(12)]).is_some_and(|at| {
            words[1 + at].is_any(&["would", "'d"])
                && !words.get(at + 2).is_some_and(|next| next.is_any(&["be", "only", "merely"]))
        });
    let whoever = (first.among("anyone anybody whoever everyone everybody those")
        && (first.is("whoever") || words.get(1).is_some_and(|next| next.is_any(&["who", "that"]))))
        && words.iter().take(14).any(|token| token.among("would will 'll"));
    indefinite || whoever
}

/// Something should be so.
fn must(words: &[&Token<'_>], conditional: bool) -> bool {
    let strong = words.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).map(|before| words[before]);
        let next = words.get(at + 1);
        let next_is = |these: &[&str]| next.is_some_and(|next| next.is_any(these));
        match token.lower.as_ref() {
            "must" | "ought" | "mustn't" | "shouldn't" => !next_is(&["have"]) || token.is("ought"),
            "should" => !before.is_none_or(Token::is_comma),
            // "how long it has to wait", "a court that needs to be loved": asked, or said in passing.
            "have" | "has" | "had" | "need" | "needs" | "needed"
                if before.is_some_and(|before| before.is_any(&["that", "which", "who"]) && at >= 3)
                    || words[at.saturating_sub(5)..at]
                        .iter()
                        .rev()
                        .take_while(|token| !token.is_comma())
                        .any(|token| token.among("how what who where whatever"))
                        && at >= 4 =>
            {
                false
            }
            "have" | "has" | "had" | "having"
                if conditional
                    && before.is_some_and(|before| before.among("will would 'll may might could")) =>
            {
                false
            }
            "have" | "has" | "had" | "having" => {
                next_is(&["to"])
                    && words
                        .get(at + 2)
                        .is_some_and(|verb| !matches!(verb.tag, Tag::Determiner | Tag::Pronoun | Tag::Proper))
            }
            // "He does not need to win": no duty.
            "need" | "needs" | "needed"
                if words[at.saturating_sub(3)..at]
                    .iter()
                    .any(|token| token.is_any(&["not", "never", "only"]) || token.lower.ends_with("n't")) =>
            {
                false
            }
            "need" | "needs" | "needed" => {
                next_is(&["to"]) || (before.is_some_and(|before| before.is("we")) && token.is("need"))
            }
            "imperative" | "essential" | "vital" | "crucial" => {
                before.is_some_and(|before| before.is_any(&["is", "an", "'s", "it's"]))
                    && words.get(at + 1).is_some_and(|next| next.is_any(&["that", "to", "for"]))
            }
            "obliged" | "required" | "supposed" | "duty" | "obligation" => next_is(&["to"]),
            "time" => {
                next_is(&["to", "for"])
                    && at >= 2
                    && words[at - 1].is_any(&["is", "the", "'s", "high"])
                    && words[at.saturating_sub(2)].is_any(&["it", "now", "is", "'s"])
            }
            "let" => {
                at == 0 || before.is_some_and(|before| before.tag == Tag::Mark || before.ends_sentence())
            }
            "needn't" | "deserve" | "deserves" | "unacceptable" | "intolerable" => true,
            "cannot" | "can't" => {
                next_is(&["be"])
                    && words
                        .get(at + 2)
                        .is_some_and(|verb| verb.is_any(&["allowed", "tolerated", "accepted", "ignored"]))
            }
            _ => false,
        }
    });
    strong || imperative(words)
}

/// Whether somebody else's words or thoughts begin after `at`: "had told him that", "its members believed".
fn passes_on(words: &[&Token<'_>], at: usize) -> bool {
    let token = words[at];
    if at < 2 || token.tag != Tag::Verb {
        return false;
    }
    let told = crate::extract::lexicon::cue(&token.lower).is_some_and(|cue| {
        matches!(cue.class, Class::Speech | Class::Thought)
            && cue.takes('t')
            && !cue.participle
            && (!cue.noun_like || token.lower.ends_with("ed"))
    });
    if !told {
        return false;
    }
    let subject = words[..at]
        .iter()
        .rev()
        .find(|before| !matches!(before.tag, Tag::Auxiliary | Tag::Adverb) && !before.is("not"));
    let third = subject.is_some_and(|subject| {
        matches!(subject.tag, Tag::Noun | Tag::Proper) && !subject.is_any(&["i", "we"])
    });
    let that = words[at + 1..].iter().take(4).any(|token| token.is("that"));
    let clause =
        words.get(at + 1).is_some_and(|next| matches!(next.tag, Tag::Noun | Tag::Pronoun | Tag::Determiner));
    let modal = words[..at]
        .iter()
        .rev()
        .take(3)
        .any(|token| token.among("will would must should could may might 'll if"));
    third
        && !modal
        && (that
            || (clause
                && matches!(token.lower.as_ref(), "believed" | "thought" | "said" | "feared" | "hoped")))
}

/// "Stop the shelling", "Do not leave us".
fn imperative(words: &[&Token<'_>]) -> bool {
    let mut inner = words.iter().skip_while(|token| token.tag == Tag::Mark);
    inner.next().is_some_and(|first| {
        first.is_capital()
            && first.among("stop let do don't give leave send help remember respect release open end bring put come go ask look never take write wait try keep make hold cut pay close follow read count think imagine consider listen ask")
            && {
                let next = inner.next();
                next.is_some_and(|next| {
                    let object = matches!(next.tag, Tag::Determiner | Tag::Pronoun | Tag::Adverb | Tag::Proper);
                    // "Look at the price", "Write that down"
                    let moves = first.among("look write wait come go stop");
                    let further = matches!(next.tag, Tag::Preposition | Tag::Subordinator);
                    (object || (moves && further)) && !next.among("they we you he she i")
                })
            }
    })
}

/// The speaker's side means to do something.
fn intends(words: &[&Token<'_>], by: Speaking) -> bool {
    words.iter().enumerate().any(|(at, token)| {
        let next = words.get(at + 1);
        let next_is = |these: &[&str]| next.is_some_and(|next| next.is_any(these));
        let own = token.is_any(&["we", "i"]);
        if own {
            // Modal after the pronoun, past adverbs, and a verb that somebody does on purpose.
            let Some(modal) = words[at + 1..].iter().take(3).position(|token| {
                token.among("will 'll won't shall plan intend 're are 'm am refuse want")
            }) else {
                return false;
            };
            let modal_at = at + 1 + modal;
            let modal = words[modal_at];
            let verb = words[modal_at + 1..]
                .iter()
                .find(|token| !matches!(token.tag, Tag::Adverb) && !token.is("not"));
            return match modal.lower.as_ref() {
                "plan" | "intend" | "refuse" => true,
                "want" => verb.is_some_and(|verb| verb.is("to")),
                "'re" | "are" | "'m" | "am"
                    if words[modal_at + 1..].iter().take(2).any(|token| {
                        token.among("leaving staying coming withdrawing returning")
                    }) =>
                {
                    true
                }
                "'re" | "are" | "'m" | "am" => {
                    words[modal_at + 1..].iter().take(3).any(|token| {
                        token.among("going determined ready prepared planning committed")
                    }) && words[modal_at + 1..]
                        .windows(2)
                        .take(5)
                        .any(|pair| pair[0].is("to") && !pair[1].is_any(&["be", "have", "see", "need"]))
                }
                _ => verb.is_some_and(|verb| {
                    !verb.among("be see have know need suffer lose die starve find face all become never") || verb.is("never")
                }),
            };
        }
        let purposed = token.tag == Tag::Verb
            && token.among("intends intend intended plans plan planned vowed");
        let minded = token.among("determined prepared ready committed willing")
            && at
                .checked_sub(1)
                .is_some_and(|before| matches!(words[before].tag, Tag::Auxiliary | Tag::Adverb));
        let planned = ((purposed || minded) && next_is(&["to"]))
            || (token.is("intention") && next_is(&["of", "to"]))
            || (token.is_any(&["no", "plans"]) && next_is(&["intention", "plans"]));
        // "said it would withdraw": a pronoun for the speaker, then a modal.
        let own_pronoun =
            token.is_any(&["he", "she"]) && by.own.is_none_or(|own| token.is(own)) || (!by.person && token.is_any(&["it", "they"]));
        let pronoun = at <= 1
            && own_pronoun
            && token.free()
            && next_is(&["would", "will"])
            && {
                let verb = words[at + 2..]
                    .iter()
                    .find(|token| !matches!(token.tag, Tag::Adverb) && !token.is("not"));
                verb.is_some_and(|verb| {
                    !verb.among("be have take see lead become mean need cost remain fail collapse end suffer cause make not likely")
                })
            };
        // "her Government would implement the agreement": the speaker's own side.
        let own_side = at <= 1
            && token.is_any(&["his", "her", "its", "their"])
            && next.is_some_and(|next| crate::extract::lexicon::is_body_noun(&next.lower))
            && words.get(at + 2).is_some_and(|modal| modal.is_any(&["would", "will"]))
            && words.get(at + 3).is_some_and(|verb| {
                !verb.among("be have take see lead become mean need cost remain fail collapse end suffer cause make not likely rather")
            });
        planned || pronoun || own_side
    })
}

/// Something will be so.
fn foretells(words: &[&Token<'_>]) -> bool {
    words.iter().enumerate().any(|(at, token)| {
        let next = words.get(at + 1);
        let next_is = |these: &[&str]| next.is_some_and(|next| next.is_any(these));
        match token.lower.as_ref() {
            "will" => token.tag == Tag::Auxiliary,
            "'ll" | "won't" | "shall" => true,
            "would" | "wouldn't" | "could" | "may" | "might" | "'d" => {
                let could_be = token.is_any(&["may", "might"])
                    && next_is(&["be"])
                    && words.get(at + 2).is_some_and(|what| what.among("all the a an what that"));
                let sensed = words[at + 1..]
                    .iter()
                    .take(2)
                    .any(|token| token.among("have see hear smell feel afford tell"));
                token.tag == Tag::Auxiliary
                    && !next_is(&["have", "like", "rather", "prefer"])
                    && !could_be
                    && !sensed
            }
            "going" | "expected" | "set" | "bound" | "poised" | "due" | "projected" | "certain" | "about"
            | "destined" | "doomed" => {
                next_is(&["to"])
                    && words
                        .get(at + 2)
                        .is_some_and(|verb| !matches!(verb.tag, Tag::Determiner | Tag::Proper | Tag::Pronoun))
            }
            // "An inquiry is unlikely before the election"
            "likely" | "unlikely" | "inevitable" | "imminent"
                if next_is(&["to"])
                    || at > 0
                        && words[at - 1]
                            .among("is are was were seems looks remains most very highly more less") =>
            {
                true
            }
            "expect" | "predict" if is_own(words, at) => true,
            // "little chance of a settlement", "the odds of a second war"
            "odds" | "chance" | "chances" | "likelihood" | "probability" | "prospect" | "prospects" => {
                next_is(&["of", "that"])
            }
            // "only a matter of time", "the end is near"
            "matter" => {
                next_is(&["of"]) && words.get(at + 2).is_some_and(|what| what.among("time days weeks months"))
            }
            "near" | "looming" | "coming" | "ahead" => {
                at + 1 == words.len() && at > 0 && words[at - 1].among("is are lies lie")
            }
            "risks" | "risk" => words.get(at + 1).is_some_and(|next| next.lower.ends_with("ing")),
            _ => false,
        }
    })
}

/// "We do not expect", "I still don't expect": the speaker is who does it. What the speaker cannot do stays undone.
fn is_own(words: &[&Token<'_>], verb: usize) -> bool {
    words[..verb]
        .iter()
        .rev()
        .find(|token| token.tag != Tag::Adverb && !token.among("do don't not"))
        .is_some_and(|token| token.is_any(&["i", "we"]))
}

#[cfg(test)]
mod tests {
    use crate::draft::Kind;
    use crate::extract::{Options, extract};
    use crate::text::NormalText;

    fn drafted(words: &str) -> (Kind, bool) {
        let text = format!("“{words},” said Leila Karim, a trader.");
        let found = extract(&NormalText::new(text, Vec::new()), &Options::default());
        assert_eq!(found.drafts.len(), 1, "{words}");
        (found.drafts[0].kind, found.drafts[0].negated)
    }

    #[test]
    fn what_the_speaker_does_not_expect_is_a_negated_forecast() {
        for (words, expected) in [
            ("We expect a long siege", (Kind::Forecast, false)),
            ("We do not expect a long siege", (Kind::Forecast, true)),
            ("I don't expect another harvest before May", (Kind::Forecast, true)),
            ("We never really expect a relief column", (Kind::Forecast, true)),
            // Whoever cannot tell foretells nothing, and what others expect is a fact about them.
            ("We can't predict the price of bread", (Kind::Fact, true)),
            ("The drivers do not expect any pay", (Kind::Fact, true)),
        ] {
            assert_eq!(drafted(words), expected, "{words}");
        }
    }
}
