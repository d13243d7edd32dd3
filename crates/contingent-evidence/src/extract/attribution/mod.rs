//! Who is said to have said what, one unit at a time.
//!
//! Enters: the tagged tokens of a paragraph and one unit of it. Leaves: attributions as ranges of tokens.
//! Always holds: content, speaker and cue lie in the unit; a cue outside quotations gives at most one attribution.

#![expect(clippy::single_range_in_vec_init, reason = "a content is a list of ranges, most often of one")]

mod attitude;
mod before;
mod clefts;
mod complement;
mod extent;
mod further;
mod inverted;
mod judgement;
mod passive;
mod punctuation;
mod signs;
mod stating;
mod subject;
mod unsaid;
mod verb;
mod views;

use std::cell::Cell;
use std::ops::Range;

use super::grammar::{finite, next_quotation, phrase_left, phrase_right};
use super::lexicon::{self, Class, Cue};
use super::quotation::Quotation;
use super::token::{Tag, Token};

/// An attribution, in positions of tokens.
#[derive(Debug, Clone)]
pub(super) struct Attribution {
    pub(super) content: Vec<Range<usize>>,
    pub(super) speaker: Option<Range<usize>>,
    pub(super) role: Option<Range<usize>>,
    pub(super) cue: Option<Range<usize>>,
    pub(super) lemma: &'static str,
    pub(super) class: Class,
    pub(super) pattern: &'static str,
    /// The cue itself is negated: "did not say that".
    pub(super) denied: bool,
    /// The pattern is often something else.
    pub(super) weak: bool,
    /// Who passed the words on: "quoted by", "citing".
    pub(super) through: Option<Range<usize>>,
}

/// A unit with more claims is no sentence that anybody wrote; its other cues are listed as not captured.
const MOST_CLAIMS: usize = 16;

/// One unit of a paragraph.
#[derive(Clone, Copy)]
pub(super) struct Scene<'t> {
    pub(super) tokens: &'t [Token<'t>],
    pub(super) quotations: &'t [Quotation],
    pub(super) low: usize,
    pub(super) end: usize,
    /// Tokens that rules have looked at so far.
    pub(super) looked_at: &'t Cell<u64>,
}

/// Tokens that rules may look at for each token of a unit; prose takes about a hundred. What is left of a unit that takes more is listed as
/// not captured, so that time is linear whatever the text.
const LOOKS: u64 = 1500;

struct Subject {
    span: Range<usize>,
    role: Option<Range<usize>>,
    /// Where the clause of the subject begins.
    from: usize,
    pattern: Option<&'static str>,
}

/// Words that a noun phrase after them turns into a point of view.
const VIEWS: &str = "recollection memory calculation calculations reckoning count experience understanding view opinion words assessment eyes account judgement judgment telling reading estimation analysis estimate estimates mind experience understanding phrase formulation interpretation";
/// Nouns that take a clause with "that" and belong to whoever is named with them.
const CLAIM_NOUNS: &str = "reply comment advice explanation summary claim claims warning warnings statement assertion assertions argument arguments belief view allegation allegations insistence contention conclusion suggestion fear fears hope hopes concern concerns prediction predictions announcement admission complaint complaints assessment accusation accusations denial promise promises pledge assurance assurances position conviction opinion suspicion doubt doubts confidence regret alarm optimism scepticism skepticism worry worries charge charges remark remarks observation point case lesson thesis message demand demands recommendation estimate report reports readiness willingness frustration anger dismay disappointment satisfaction support commitment determination intention caution unease surprise relief gratitude thesis verdict caveat answer response objection objections guess hunch";
/// States of mind that take a clause.
const MINDS: &str = "convinced confident certain sure adamant sceptical skeptical optimistic pessimistic worried concerned afraid hopeful aware doubtful persuaded satisfied alarmed fearful unconvinced disappointed surprised positive emphatic wary categorical clear unequivocal blunt";

impl Scene<'_> {
    fn free(&self, at: usize) -> bool {
        self.spend(1);
        at < self.end && self.tokens[at].free()
    }

    fn spend(&self, tokens: u64) {
        self.looked_at.set(self.looked_at.get() + tokens);
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.free(at) && self.tokens[at].is(word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        self.free(at) && self.tokens[at].is_any(words)
    }

    fn among(&self, at: usize, words: &str) -> bool {
        self.free(at) && self.tokens[at].among(words)
    }

    fn comma(&self, at: usize) -> bool {
        self.free(at) && self.tokens[at].is_comma()
    }

    fn quoted(&self, at: usize) -> bool {
        at < self.end && !self.tokens[at].free()
    }

    /// A sign that divides clauses: a comma, a dash.
    fn divides(&self, at: usize) -> bool {
        self.free(at) && (self.tokens[at].is_comma() || self.tokens[at].is_dash())
    }

    /// The attributions of the unit, in the order of their cues.
    pub(super) fn attributions(mut self) -> Vec<Attribution> {
        while self.end > self.low
            && self.tokens[self.end - 1].free()
            && self.tokens[self.end - 1].ends_sentence()
        {
            self.end -= 1;
        }
        self.low = self.after_dateline();
        let mut found: Vec<Attribution> = Vec::new();
        let most = self.looked_at.get() + LOOKS * (self.end - self.low + 20) as u64;
        for at in self.low..self.end {
            if !self.free(at) {
                continue;
            }
            if found.len() == MOST_CLAIMS || self.looked_at.get() > most {
                break;
            }
            let subject_before = found.last().and_then(|last| last.speaker.clone());
            let attribution = self
                .according(at)
                .or_else(|| self.point_of_view(at))
                .or_else(|| self.claim_noun(at))
                .or_else(|| self.state_of_mind(at))
                .or_else(|| self.hearsay(at))
                .or_else(|| self.made_known(at))
                .or_else(|| self.advice(at))
                .or_else(|| self.attitude(at))
                .or_else(|| self.cleft(at))
                .or_else(|| self.verb(at, subject_before));
            if let Some(attribution) = attribution {
                let taken = found.iter().any(|other| {
                    other.cue.as_ref().is_some_and(|cue| {
                        attribution
                            .cue
                            .as_ref()
                            .is_some_and(|mine| cue.start < mine.end && mine.start < cue.end)
                    })
                });
                // "said she feared that": her fear is what she said, not a second claim.
                let own = attribution.class == Class::Thought
                    && attribution
                        .speaker
                        .as_ref()
                        .is_some_and(|speaker| self.tokens[speaker.end - 1].tag == Tag::Pronoun)
                    && found
                        .iter()
                        .any(|other| other.content.iter().any(|range| range.start <= at && at < range.end));
                // "regards it as “a gift”, as one of them put it": the quotation is taken.
                let echoed = attribution.pattern == "as somebody said"
                    && found.iter().any(|other| {
                        other.content.iter().any(|range| {
                            !self.tokens[range.end - 1].free()
                                && attribution
                                    .content
                                    .iter()
                                    .any(|mine| mine.start < range.end && range.start < mine.end)
                        })
                    });
                // "it proves her case, she says: two enemies can agree": what the colon opens is said already.
                let told = attribution.pattern == "noun and colon"
                    && found.iter().any(|other| other.content.iter().any(|range| range.contains(&at)));
                if !taken && !own && !echoed && !told {
                    found.push(attribution);
                }
            }
        }
        if found.is_empty() {
            found.extend(self.by_punctuation());
        }
        // What somebody is said to intend, or to take for something, is part of what is said.
        let held = |attribution: &Attribution| {
            (matches!(attribution.lemma, "intend" | "plan" | "want") || attribution.pattern == "judgement")
                && attribution.cue.as_ref().is_some_and(|cue| {
                    found.iter().any(|other| {
                        !matches!(other.lemma, "intend" | "plan" | "want")
                            && other.pattern != "judgement"
                            && other.content.iter().any(|range| range.contains(&cue.start))
                    })
                })
        };
        let kept = found.iter().filter(|attribution| !held(attribution)).cloned().collect();
        prune(kept)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of an attribution, each of its own kind")]
    fn attribution(
        &self,
        content: Vec<Range<usize>>,
        speaker: Option<Range<usize>>,
        role: Option<Range<usize>>,
        cue: Range<usize>,
        lemma: &'static str,
        class: Class,
        pattern: &'static str,
    ) -> Option<Attribution> {
        let mut content: Vec<Range<usize>> =
            content.into_iter().filter_map(|range| self.trim(range)).collect();
        // A conjunction or an adverb alone before a medial attribution is no part of what was said.
        if content.len() > 1
            && content[0].len() <= 2
            && self.tokens[content[0].clone()].iter().all(|token| {
                token.free() && matches!(token.tag, Tag::Conjunction | Tag::Adverb | Tag::Preposition)
            })
        {
            content.remove(0);
        }
        if content.is_empty() {
            return None;
        }
        let (speaker, role) = self.by_name(speaker, role);
        Some(Attribution {
            content,
            speaker,
            role,
            cue: Some(cue),
            lemma,
            class,
            pattern,
            denied: false,
            weak: false,
            through: None,
        })
    }

    /// "Her foreman, a man called Ossie", "a spokesman who calls himself Commander Rain": the name stands in what describes the speaker.
    fn by_name(
        &self,
        speaker: Option<Range<usize>>,
        role: Option<Range<usize>>,
    ) -> (Option<Range<usize>>, Option<Range<usize>>) {
        let (Some(span), Some(described)) = (&speaker, &role) else { return (speaker, role) };
        // "according to its director, Hala Mir"
        let names = (1..=5).contains(&described.len())
            && self.tokens[described.clone()].iter().all(|token| token.free() && token.in_name())
            && lexicon::is_person_noun(&self.tokens[span.end - 1].lower)
            && self.tokens[span.end - 1].tag != Tag::Proper;
        if names {
            return (role, speaker);
        }
        // "A resident of Senn, who gave her name as Mila": the name of a place does not name her.
        let head_to = span.clone().find(|&at| at > span.start && self.tokens[at].tag == Tag::Preposition);
        let named = self.tokens[span.start..head_to.unwrap_or(span.end)].iter().any(|token| {
            matches!(token.tag, Tag::Proper | Tag::Pronoun)
                || token.is_any(&["his", "her", "its"]) && span.len() == 1
        });
        if named || described.len() > 30 {
            return (speaker, role);
        }
        let introduces = |at: usize| {
            self.is_any(at, &["called", "named", "nicknamed"])
                || (self.is_any(at, &["himself", "herself", "themselves"])
                    && at > described.start
                    && self.is_any(at - 1, &["calls", "called", "call"]))
                || (self.is(at, "as")
                    && self.tokens[described.start..at].iter().rev().take(4).any(|token| token.is("name")))
        };
        let name = described.clone().filter(|&at| introduces(at)).find_map(|at| {
            let after = phrase_right(self.tokens, at + 1, described.end)?;
            self.tokens[at + 1..after].iter().all(|token| token.tag == Tag::Proper).then_some(at + 1..after)
        });
        match name {
            Some(name) => (Some(name), Some(span.clone())),
            None => (speaker, role),
        }
    }

    /// "MERROW, 12 May (Wire) - " is no part of the first sentence.
    fn after_dateline(&self) -> usize {
        let first = &self.tokens[self.low];
        // "14:05 It is over": the clock of a running report.
        let clock = self.low == 0
            && first.free()
            && first.text.split_once(':').is_some_and(|(hour, minute)| {
                (1..=2).contains(&hour.len())
                    && minute.len() == 2
                    && hour.bytes().chain(minute.bytes()).all(|byte| byte.is_ascii_digit())
            });
        if clock && self.low + 1 < self.end {
            return self.low + 1;
        }
        let capitals = self.low == 0
            && first.free()
            && first.text.chars().count() >= 3
            && first.text.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
            && first.is_capital();
        if !capitals {
            return self.low;
        }
        let limit = self.end.min(self.low + 16);
        (self.low + 1..limit)
            .take_while(|&at| {
                self.free(at) && !matches!(self.tokens[at].tag, Tag::Verb | Tag::Auxiliary | Tag::Pronoun)
            })
            .find(|&at| self.tokens[at].is_dash())
            .map_or(self.low, |dash| if dash + 1 < self.end { dash + 1 } else { self.low })
    }

    fn trim(&self, range: Range<usize>) -> Option<Range<usize>> {
        let (mut from, mut to) = (range.start, range.end.min(self.end));
        let edge = |token: &Token<'_>| {
            token.free()
                && (token.is_comma()
                    || token.is_colon()
                    || token.is_dash()
                    || token.text == ";"
                    || token.text == "."
                    || token.text == "-")
        };
        while from < to && edge(&self.tokens[from]) {
            from += 1;
        }
        // ", however, six guns were still in place"
        if from < range.start + 2
            && from + 2 < to
            && self.among(from, "however though meanwhile moreover therefore")
            && self.comma(from + 1)
        {
            from += 2;
        }
        while to > from && edge(&self.tokens[to - 1]) {
            to -= 1;
        }
        (from < to).then_some(from..to)
    }

    /// Where the last quotation begins that begins before `to` and stands in no other.
    fn last_quotation(&self, to: usize) -> Option<usize> {
        let before = self.quotations.partition_point(|quotation| quotation.first < to);
        let mut near = self.quotations[..before].iter().rev().take(8);
        near.find(|quotation| !quotation.nested).map(|quotation| quotation.first)
    }

    /// Where the quotation begins that ends right before `to`, if a colon divides it from what stands before it; `from` otherwise.
    fn after_colon(&self, from: usize, to: usize) -> usize {
        self.last_quotation(to)
            .filter(|&first| first > from + 1 && first > 0 && self.free_colon(first - 1))
            .unwrap_or(from)
    }

    /// Where what begins at `from` ends: at a semicolon, or with the unit.
    fn clause_to(&self, from: usize) -> usize {
        (from..self.end.min(from + 400))
            .find(|&at| self.free(at) && self.tokens[at].text == ";")
            .unwrap_or(self.end)
    }

    /// Where the clause begins that ends before `to`: after a semicolon or a colon, or at the beginning of the unit.
    fn clause_from(&self, to: usize) -> usize {
        let low = self.low.max(to.saturating_sub(300));
        (low..to)
            .rev()
            .find(|&at| {
                self.free(at)
                    && (self.tokens[at].text == ";"
                        || self.tokens[at].is_colon() && !self.quoted(at + 1) && at + 2 < to)
            })
            .map_or(self.low, |at| at + 1)
    }
}

/// Drops what was found twice.
fn prune(found: Vec<Attribution>) -> Vec<Attribution> {
    let mut kept: Vec<Attribution> = Vec::new();
    for attribution in found {
        let length: usize = attribution.content.iter().map(Range::len).sum();
        let twice = kept.iter().rev().take(8).any(|other| other.content == attribution.content);
        if length >= 2 && !twice {
            kept.push(attribution);
        }
    }
    kept
}
