//! What kind of statement the words make: kind, hedges, conditions, negation, actors.
//!
//! Enters: the tokens of a claim's content. Leaves: what is said of them in a draft.
//! Always holds: spans lie in the content; no more than a fixed number of tokens is looked at.

use std::collections::HashMap;
use std::ops::Range;

use super::Actor;
use super::lexicon::Class;
use super::token::{Tag, Token, tokenize};
use crate::draft::{Condition, Kind, Polarity};

/// Tokens of a content that are looked at: a claim of a thousand words is no longer one claim.
const LOOKED_AT: usize = 1500;

const HEDGES: &[&str] = &[
    "may",
    "might",
    "could",
    "would",
    "can",
    "possible",
    "possibly",
    "possibility",
    "probably",
    "probable",
    "probability",
    "likely",
    "unlikely",
    "perhaps",
    "maybe",
    "seem",
    "seems",
    "seemed",
    "appear",
    "appears",
    "appeared",
    "apparently",
    "allegedly",
    "reportedly",
    "suspected",
    "believed to",
    "expected to",
    "thought to",
    "hard to say",
    "difficult to predict",
    "hard to predict",
    "impossible to predict",
    "difficult to say",
    "not clear",
    "unclear",
    "uncertain",
    "uncertainty",
    "unknown",
    "doubt",
    "doubtful",
    "suggests",
    "suggest",
    "potentially",
    "potential",
    "in part",
    "partly",
    "partially",
    "sometimes",
    "often",
    "usually",
    "largely",
    "mostly",
    "mainly",
    "generally",
    "i think",
    "i believe",
    "we think",
    "we believe",
    "i guess",
    "i suppose",
    "around",
    "about",
    "roughly",
    "approximately",
    "nearly",
    "almost",
    "some",
    "risk",
    "risks",
    "chance",
    "chances",
    "tend to",
    "tends to",
    "in theory",
    "arguably",
    "presumably",
    "in my view",
    "in my opinion",
    "as far as",
    "to some extent",
    "at least",
    "not necessarily",
    "estimated",
    "so far",
    "for now",
    "more or less",
    "kind of",
    "sort of",
    "relatively",
    "somewhat",
    "it seems",
    "hopefully",
    "conceivably",
    "in principle",
    "rather",
];

const CONDITIONS: &[(&str, Polarity)] = &[
    ("only if", Polarity::Holds),
    ("if and only if", Polarity::Holds),
    ("if", Polarity::Holds),
    ("unless", Polarity::Fails),
    ("unless and until", Polarity::Fails),
    ("otherwise", Polarity::Fails),
    ("or else", Polarity::Fails),
    ("without", Polarity::Fails),
    ("absent", Polarity::Fails),
    ("depends on", Polarity::Holds),
    ("depend on", Polarity::Holds),
    ("depended on", Polarity::Holds),
    ("depends upon", Polarity::Holds),
    ("depend upon", Polarity::Holds),
    ("depends largely on", Polarity::Holds),
    ("depends heavily on", Polarity::Holds),
    ("depending on", Polarity::Holds),
    ("dependent on", Polarity::Holds),
    ("provided that", Polarity::Holds),
    ("provided", Polarity::Holds),
    ("providing that", Polarity::Holds),
    ("as long as", Polarity::Holds),
    ("so long as", Polarity::Holds),
    ("in case", Polarity::Holds),
    ("in the event", Polarity::Holds),
    ("only when", Polarity::Holds),
    ("only once", Polarity::Holds),
    ("until", Polarity::Holds),
    ("assuming", Polarity::Holds),
    ("on condition", Polarity::Holds),
    ("on the condition", Polarity::Holds),
    ("conditional on", Polarity::Holds),
    ("contingent on", Polarity::Holds),
    ("hinges on", Polarity::Holds),
    ("hinge on", Polarity::Holds),
    ("hinged on", Polarity::Holds),
    ("rests on whether", Polarity::Holds),
    ("subject to", Polarity::Holds),
    ("in exchange for", Polarity::Holds),
    ("in return for", Polarity::Holds),
    ("barring", Polarity::Fails),
    ("but for", Polarity::Fails),
    ("failing that", Polarity::Fails),
];

const CAUSAL: &[&str] = &[
    "because",
    "because of",
    "due to",
    "led to",
    "leads to",
    "lead to",
    "leading to",
    "cause",
    "causes",
    "caused",
    "causing",
    "result in",
    "results in",
    "resulted in",
    "as a result",
    "thanks to",
    "fuels",
    "fuelled",
    "fueled",
    "fuelling",
    "fueling",
    "triggers",
    "triggered",
    "triggering",
    "owing to",
    "gives rise to",
    "gave rise to",
    "forced",
    "forces",
    "forcing",
    "contributed to",
    "contributes to",
    "stems from",
    "stemmed from",
    "undermines",
    "undermined",
    "undermining",
    "drives",
    "drove",
    "driven by",
    "prompted",
    "prompts",
    "sparked",
    "provoked",
    "provokes",
    "therefore",
    "which is why",
    "that is why",
    "the reason",
    "reason why",
    "makes it",
    "made it",
    "brought about",
    "in response to",
    "pushed",
    "pushes",
    "pushing",
    "encourages",
    "encouraged",
    "weakens",
    "weakened",
    "strengthens",
    "strengthened",
    "helped",
    "allows",
    "allowed",
    "enables",
    "enabled",
    "the result of",
    "a result of",
    "consequence of",
    "product of",
    "behind",
    "attributed to",
    "explains",
    "deterred",
    "deters",
    "worsened",
    "worsens",
    "exacerbated",
    "exacerbates",
    "aggravated",
    "generates",
    "breeds",
    "feeds",
    "turns on",
    "linked to",
    "by freezing",
    "hampered by",
    "costs the",
    "cost the",
    "so they",
    "makes them",
    "made them",
    "makes people",
    "deprived",
    "starved",
];

/// What can be said of a content.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) kind: Kind,
    pub(super) hedges: Vec<Range<usize>>,
    pub(super) conditions: Vec<Condition>,
    pub(super) negated: bool,
    pub(super) actors: Vec<String>,
}

/// Phrases by their first word.
struct Phrases<T>(HashMap<String, Vec<(Vec<String>, T)>>);

impl<T: Copy> Phrases<T> {
    fn new(phrases: impl IntoIterator<Item = (Vec<String>, T)>) -> Self {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (words, value) in phrases {
            if let Some(first) = words.first() {
                by_first.entry(first.clone()).or_default().push((words, value));
            }
        }
        for entries in by_first.values_mut() {
            entries.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self(by_first)
    }

    /// The longest phrase that begins at `at`.
    fn at(&self, tokens: &[&Token<'_>], at: usize) -> Option<(usize, T)> {
        self.0.get(tokens[at].lower.as_ref())?.iter().find_map(|(words, value)| {
            let matches = tokens.len() >= at + words.len()
                && words.iter().zip(&tokens[at..]).all(|(word, token)| token.lower == *word);
            matches.then_some((words.len(), *value))
        })
    }
}

fn split(phrase: &str) -> Vec<String> {
    phrase.split(' ').map(str::to_owned).collect()
}

/// The tables of phrases, made once a text.
pub(super) struct Phrasebook {
    hedges: Phrases<()>,
    conditions: Phrases<Polarity>,
    causal: Phrases<()>,
    actors: Phrases<usize>,
    names: Vec<String>,
}

impl Phrasebook {
    pub(super) fn new(actors: &[Actor]) -> Self {
        let words = |name: &str| -> Vec<String> {
            tokenize(name, 0, name.len()).into_iter().map(|token| token.lower.into_owned()).collect()
        };
        let aliases = actors.iter().enumerate().flat_map(|(number, actor)| {
            let spelled = actor.name.replace('_', " ");
            std::iter::once(words(&actor.name))
                .chain(std::iter::once(words(&spelled)))
                .chain(actor.aliases.iter().map(|alias| words(alias)))
                .map(move |words| (words, number))
                .collect::<Vec<_>>()
        });
        Self {
            hedges: Phrases::new(HEDGES.iter().map(|phrase| (split(phrase), ()))),
            conditions: Phrases::new(CONDITIONS.iter().map(|(phrase, polarity)| (split(phrase), *polarity))),
            causal: Phrases::new(CAUSAL.iter().map(|phrase| (split(phrase), ()))),
            actors: Phrases::new(aliases),
            names: actors.iter().map(|actor| actor.name.clone()).collect(),
        }
    }

    /// Describes the content made of `ranges` of `tokens`, said with the verb `lemma`.
    pub(super) fn describe(
        &self,
        tokens: &[Token<'_>],
        ranges: &[Range<usize>],
        lemma: &str,
        class: Class,
    ) -> Statement {
        let words: Vec<&Token<'_>> =
            ranges.iter().flat_map(|range| &tokens[range.clone()]).take(LOOKED_AT).collect();
        let hedges = self.hedges_in(&words);
        let conditions = self.conditions_in(&words);
        let mut actors: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.actors.at(&words, at) {
                Some((length, actor)) => {
                    if !actors.contains(&actor) {
                        actors.push(actor);
                    }
                    at += length.max(1);
                }
                None => at += 1,
            }
        }
        let negated = negated(&words) != (lemma == "deny" || lemma == "doubt");
        let kind = self.kind_of(&words, &conditions, lemma, class);
        Statement {
            kind,
            hedges,
            conditions,
            negated,
            actors: actors.into_iter().map(|actor| self.names[actor].clone()).collect(),
        }
    }

    fn hedges_in(&self, words: &[&Token<'_>]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let number_follows = words.get(at + 1).is_some_and(|next| next.tag == Tag::Number);
            match self.hedges.at(words, at) {
                Some((1, ()))
                    if words[at].among("about around some nearly almost rather") && !number_follows =>
                {
                    at += 1;
                }
                Some((1, ()))
                    if words[at].is("can") || (words[at].is("may") && words[at].is_capital() && at > 0) =>
                {
                    at += 1;
                }
                Some((length, ())) => {
                    found.push(words[at].start..words[at + length - 1].end);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    fn conditions_in(&self, words: &[&Token<'_>]) -> Vec<Condition> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let marker = self.conditions.at(words, at).filter(|(length, _)| conditional(words, at, *length));
            let inverted = marker.is_none()
                && words[at].is("should")
                && at.checked_sub(1).is_none_or(|before| !words[before].is_word())
                && words
                    .get(at + 1)
                    .is_some_and(|next| matches!(next.tag, Tag::Pronoun | Tag::Determiner | Tag::Proper));
            let marker = marker.or(inverted.then_some((1, Polarity::Holds)));
            let Some((length, polarity)) = marker else {
                at += 1;
                continue;
            };
            let mut end = at + length;
            while end < words.len()
                && !(words[end].is_comma()
                    || words[end].ends_sentence()
                    || words[end].is_dash()
                    || words[end].text == ";"
                    || (words[end].tag == Tag::Mark && end > at + length + 1))
            {
                end += 1;
            }
            if let (Some(first), Some(last)) = (words.get(at), words.get(end - 1)) {
                // Content of several pieces: a condition that runs over an attribution ends with its piece.
                if last.end > first.start {
                    found.push(Condition { span: first.start..last.end, polarity });
                }
            }
            at = end.max(at + 1);
        }
        found
    }

    fn kind_of(&self, words: &[&Token<'_>], conditions: &[Condition], lemma: &str, class: Class) -> Kind {
        let words = first_sentence(words);
        // What opens with its condition ("If it rains, ...") has its main clause after it; what follows "because" or "who" is not the main clause.
        let in_condition = |token: &Token<'_>| {
            conditions
                .iter()
                .any(|condition| condition.span.start <= token.start && token.end <= condition.span.end)
        };
        let outside: Vec<&Token<'_>> = words.iter().copied().filter(|token| !in_condition(token)).collect();
        let mut aside = false;
        let mut main: Vec<&Token<'_>> = Vec::with_capacity(outside.len());
        for (at, token) in outside.iter().enumerate() {
            let opens = at >= 3 && token.among("because although though which who whereas while");
            aside = (aside && !token.is_comma()) || opens;
            if !aside {
                main.push(token);
            }
        }
        let words = words.as_slice();
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
        ) && class == Class::Speech
            || (matches!(lemma, "tell" | "warn" | "remind")
                && words.first().is_some_and(|first| first.is("to")))
            || must(&main, !conditions.is_empty())
        {
            return Kind::Normative;
        }
        if !conditions.is_empty()
            && conditions.iter().any(|condition| !words.is_empty() && condition.span.len() > 3)
        {
            let strong = words.iter().enumerate().any(|(at, token)| {
                !token.among("without until subject in absent")
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
        if matches!(
            lemma,
            "pledge" | "vow" | "promise" | "threaten" | "intend" | "plan" | "refuse" | "swear" | "offer"
        ) || intends(&main)
        {
            return Kind::Intent;
        }
        if matches!(lemma, "predict" | "forecast" | "expect" | "anticipate" | "foresee" | "project")
            || foretells(&main)
        {
            return Kind::Forecast;
        }
        if outside.iter().enumerate().any(|(at, _)| self.causal.at(&outside, at).is_some())
            || matches!(lemma, "blame")
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
        if words[at].ends_sentence() && words[from..at].iter().filter(|token| token.is_word()).count() >= 4 {
            return words[from..at].to_vec();
        }
        if words[at].ends_sentence() {
            from = at + 1;
        }
    }
    words[if from < words.len() { from } else { 0 }..].to_vec()
}

/// Whether a marker of a condition is one here: "asked if", "as if", "even if", "if any" are none.
fn conditional(words: &[&Token<'_>], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).map(|before| words[before]);
    match words[at].lower.as_ref() {
        "if" => {
            !before.is_some_and(|before| {
                before.among("as even ask asked asking wonder wondered wondering know knows see doubt what")
            }) && !words.get(at + length).is_some_and(|next| {
                next.among("any anything only ever not necessary possible needed required")
                    && !words.get(at + length + 1).is_some_and(|further| matches!(further.tag, Tag::Noun))
            })
        }
        "without" => !words
            .get(at + 1)
            .is_some_and(|next| next.among("saying naming giving elaborating doubt warning")),
        "until" => {
            words[at..]
                .iter()
                .skip(1)
                .take(12)
                .take_while(|token| !token.is_comma() && !token.ends_sentence())
                .any(|token| matches!(token.tag, Tag::Auxiliary | Tag::Verb))
                && words[..at].iter().rev().take(20).any(|token| is_negation(token))
        }
        "provided" if length == 1 => before.is_none_or(|before| {
            !matches!(before.tag, Tag::Auxiliary | Tag::Noun | Tag::Proper | Tag::Pronoun | Tag::Determiner)
                || before.is_comma()
        }),
        "absent" | "barring" => before.is_none_or(|before| !before.is_word()),
        "otherwise" => !before.is_some_and(|before| before.is_any(&["say", "said", "claim", "suggest"])),
        _ => true,
    }
}

fn is_negation(token: &Token<'_>) -> bool {
    token.among("not never no neither nor cannot nobody nothing none hardly nowhere")
        || token.lower.ends_with("n't")
}

/// Whether the first clause is negated.
fn negated(words: &[&Token<'_>]) -> bool {
    words
        .iter()
        .take(30)
        .take_while(|token| {
            (token.tag != Tag::Subordinator || token.is_any(&["that", "what", "once"]))
                && token.text != ";"
                && !token.is_any(&["who", "which"])
        })
        .enumerate()
        .any(|(at, token)| {
            is_negation(token)
                && !(token.is("no")
                    && words.get(at + 1).is_some_and(|next| {
                        next.is_any(&["doubt", "matter", "longer"]) && !next.is("longer")
                    }))
                && !(token.is("not") && words.get(at + 1).is_some_and(|next| next.is("only")))
        })
}

/// Something should be so.
fn must(words: &[&Token<'_>], conditional: bool) -> bool {
    let strong = words.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).map(|before| words[before]);
        let next = words.get(at + 1);
        let next_is = |these: &[&str]| next.is_some_and(|next| next.is_any(these));
        match token.lower.as_ref() {
            "must" | "ought" | "mustn't" | "shouldn't" => !next_is(&["have"]) || token.is("ought"),
            "should" => !before.is_none_or(super::token::Token::is_comma),
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
            "need" | "needs" | "needed" => {
                next_is(&["to"])
                    || (before.is_some_and(|before| before.is_any(&["we", "they", "you"]))
                        && token.is("need"))
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

/// "Stop the shelling", "Do not leave us".
fn imperative(words: &[&Token<'_>]) -> bool {
    let mut inner = words.iter().skip_while(|token| token.tag == Tag::Mark);
    inner.next().is_some_and(|first| {
        first.is_capital()
            && first.among("stop let do don't give leave send help remember respect release open end bring put come go ask look never")
            && {
                let next = inner.next();
                next.is_some_and(|next| {
                    matches!(next.tag, Tag::Determiner | Tag::Pronoun | Tag::Adverb | Tag::Proper)
                        && !next.among("they we you he she i")
                })
            }
    })
}

/// The speaker's side means to do something.
fn intends(words: &[&Token<'_>]) -> bool {
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
        let pronoun = at <= 1
            && token.is_any(&["it", "he", "she", "they"])
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
        planned || pronoun
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
                token.tag == Tag::Auxiliary
                    && !next_is(&["have", "like"])
                    && !words[at + 1..]
                        .iter()
                        .take(2)
                        .any(|token| token.among("have see hear smell feel afford tell"))
            }
            "going" | "likely" | "unlikely" | "expected" | "set" | "bound" | "poised" | "due"
            | "projected" | "certain" | "about" | "destined" | "doomed" => {
                next_is(&["to"])
                    && words
                        .get(at + 2)
                        .is_some_and(|verb| !matches!(verb.tag, Tag::Determiner | Tag::Proper | Tag::Pronoun))
            }
            "risks" | "risk" => words.get(at + 1).is_some_and(|next| next.lower.ends_with("ing")),
            _ => false,
        }
    })
}
