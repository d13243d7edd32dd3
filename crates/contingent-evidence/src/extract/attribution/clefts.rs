//! Views told by sentences that turn round whoever holds them: "What worries Hale is that …", "It troubles Hale that …", "As Hale sees it, …".
//!
//! Enters: a unit and the position of a word. Leaves: the attribution that begins there. Always holds: the view is a clause, or what "is" gives.

use super::{Attribution, Class, Scene, Tag, finite, phrase_left, phrase_right};

/// What a thing does to somebody who thinks about it.
const MOVES: &str = "worries worried troubles troubled frightens frightened strikes struck surprises surprised puzzles puzzled alarms alarmed bothers bothered irritates concerns \
    concerned interests intrigues angers angered disturbs disturbed astonishes amazes unsettles depresses encourages reassures";
/// What somebody does with a thing who thinks about it.
const HOLDS: &str = "fears fear feared wants want wanted sees see expects expect expected doubts doubt suspects suspect hopes believes think thinks regrets misses needs dreads \
    proposes recommends suggests demands predicts has means remembers recalls found finds";

impl Scene<'_> {
    /// "What worries Hale most is that ...", "What Hale fears is ...", "It troubles Hale that ...", "As Hale sees it, ...".
    pub(super) fn cleft(&self, at: usize) -> Option<Attribution> {
        self.what_is(at).or_else(|| self.it_moves(at)).or_else(|| self.as_seen(at))
    }

    fn what_is(&self, at: usize) -> Option<Attribution> {
        if !self.is(at, "what") || at > self.low + 1 {
            return None;
        }
        let tokens = self.tokens;
        // "What matters to her is that the two sides gave up as many"
        let matters = self.is_any(at + 1, &["matters", "mattered"]) && self.is(at + 2, "to");
        let (speaker, after) = if self.among(at + 1, MOVES) || matters {
            let first = at + 2 + usize::from(matters);
            let after = phrase_right(tokens, first, self.end)?;
            (first..after, after)
        } else {
            let after = phrase_right(tokens, at + 1, self.end)?;
            // The verb may have been taken for a part of the phrase.
            let verb = (at + 2..=after).find(|&verb| self.among(verb, HOLDS))?;
            (at + 1..verb, verb + 1)
        };
        if !self.is_somebody(speaker.clone()) && !self.among(speaker.start, "him them me us")
            || self.among(speaker.start, "i we you me us it")
        {
            return None;
        }
        let mut be = after;
        while be < after + 4 && self.free(be) && be < self.end && !self.is_any(be, &["is", "was"]) {
            if !(matches!(
                tokens[be].tag,
                Tag::Adverb | Tag::Preposition | Tag::Noun | Tag::Determiner | Tag::Adjective
            ) || self.among(be, "most more all above"))
            {
                return None;
            }
            be += 1;
        }
        if !self.is_any(be, &["is", "was"]) {
            return None;
        }
        let mut from = be + 1;
        let clause = self.is(from, "that") && finite(tokens, from + 1, self.end);
        if clause {
            from += 1;
        }
        let end = self.content_end(from);
        // "What troubles her is the boxes" tells of her; "is a second winter without fuel" of what may come.
        let possible = self.is_any(from, &["a", "an", "another"]) && end > from + 3;
        if !clause && !possible {
            return None;
        }
        self.attribution(vec![from..end], Some(speaker), None, at..be + 1, "hold", Class::Thought, "cleft")
    }

    fn it_moves(&self, at: usize) -> Option<Attribution> {
        if !self.is(at, "it") || !self.among(at + 1, MOVES) {
            return None;
        }
        let after = phrase_right(self.tokens, at + 2, self.end)?;
        let that = (after..self.end.min(after + 4))
            .take_while(|&at| self.free(at))
            .find(|&at| self.is(at, "that"))?;
        if !finite(self.tokens, that + 1, self.end) || self.among(at + 2, "me us you") {
            return None;
        }
        self.attribution(
            vec![that + 1..self.content_end(that + 1)],
            Some(at + 2..after),
            None,
            at..that,
            "hold",
            Class::Thought,
            "cleft",
        )
    }

    /// "As Hale sees it, the harbour is lost", "the harbour, as Hale tells it, is lost".
    fn as_seen(&self, at: usize) -> Option<Attribution> {
        if !self.among(at, "sees saw tells told has had") || !self.is(at + 1, "it") {
            return None;
        }
        let from = phrase_left(self.tokens, at.checked_sub(1)?, self.low)?;
        let opener = from
            .checked_sub(1)
            .filter(|&opener| opener >= self.low && self.is_any(opener, &["as", "way"]))?;
        let opener = if self.is(opener, "way") && opener > self.low { opener - 1 } else { opener };
        let mut content = Vec::new();
        if opener > self.low + 1 && self.divides(opener - 1) {
            content.push(self.clause_from(opener - 1)..opener - 1);
        } else if opener != self.low {
            return None;
        }
        if self.divides(at + 2) {
            content.push(at + 3..self.content_end(at + 3));
        }
        self.attribution(
            content,
            Some(from..at),
            None,
            at..at + 2,
            "see",
            Class::Thought,
            "as somebody sees it",
        )
    }
}
