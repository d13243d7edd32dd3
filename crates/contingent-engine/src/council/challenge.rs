//! Bargaining by challenge: each member challenges whom it gains most from, offers form, each member takes the likeliest.
//!
//! Enters: a council and positions. Leaves: turns, as they are shown. Always holds: a turn depends on the positions before it and
//! on nothing else; its arithmetic is that of [`super::sight`], as for councils within a run.
//! The model is the spatial model of politics of the KAPSARC Toolkit (KTAB; Wise, Lester & Efird 2015), which follows Bueno de
//! Mesquita (1994), with that toolkit's defaults: proportional voting, victory in proportion to strength, conditional probabilities,
//! risk attitudes from -1/2 to 1, others' attitudes seen a third of the way, third parties half committed, offers weighted
//! with squared salience and squared probability, made by the challenger, and the likeliest offer taken.

use super::Council;
use super::sight::{Members, NOBODY, Sight};
use super::together;

/// Distance below which two positions are one when chances of winning are told.
const SAME_POSITION: f64 = 1e-3;
/// Turns before bargaining may end.
const FEWEST_TURNS: usize = 2;
/// Movement in a turn, as a share of that of the first turn, below which bargaining ends.
const QUIET_SHARE: f64 = 0.02;
/// Keeps that share finite when nothing moved in the first turn.
const LEAST_MOVEMENT: f64 = 1e-4;

/// An offer that one member makes to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Bargain {
    /// Who challenges.
    pub challenger: usize,
    /// Who is challenged.
    pub target: usize,
    /// How likely the challenger takes itself to be to win.
    pub probability: f64,
    /// What the challenger expects to gain, in utility.
    pub gain: f64,
    /// How likely the target takes the challenger to be to win.
    pub probability_by_target: f64,
    /// What the target takes the challenger to gain.
    pub gain_by_target: f64,
    /// Where the challenger would stand, a dimension each.
    pub challenger_moves_to: Vec<f64>,
    /// Where the target would stand, a dimension each.
    pub target_moves_to: Vec<f64>,
}

/// One turn of bargaining.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Where the members stand when it begins, one row a member and one column a dimension, on 0 to 1.
    pub positions: Vec<f64>,
    /// Probability that each member's position would be chosen if the council voted now. Members with the same position share one
    /// probability, so that these may sum to more than 1.
    pub winning: Vec<f64>,
    /// Probability that each member would win if nobody minded risk; attitudes to risk come from it.
    pub winning_risk_neutral: Vec<f64>,
    /// Attitude to risk, from -1/2 (avoids it) to 1 (seeks it).
    pub risk: Vec<f64>,
    /// The offers, by challenger.
    pub bargains: Vec<Bargain>,
    /// The offer, of [`Self::bargains`], that each member takes; none where it stays as it is.
    pub taken: Vec<Option<usize>>,
}

/// How bargaining went.
#[derive(Debug, Clone, PartialEq)]
pub struct Bargaining {
    /// The turns; the last is the state in which bargaining ended, with the offers that were no longer made.
    pub turns: Vec<Turn>,
    /// Whether it ended because positions had come to rest.
    pub settled: bool,
}

impl Council {
    /// Bargains from `positions` until the positions rest, or for `most_turns`.
    ///
    /// # Panics
    /// If there is not one position a member and dimension.
    pub fn bargain(&self, positions: &[f64], most_turns: usize) -> Bargaining {
        let (first, mut next) = self.look(positions);
        let mut turns = vec![first];
        let mut pace = Pace::default();
        let mut settled = false;
        while !settled && turns.len() <= most_turns {
            settled = pace.is_quiet_after(self.movement(&turns[turns.len() - 1].positions, &next));
            let (turn, after) = self.look(&next);
            turns.push(turn);
            next = after;
        }
        Bargaining { turns, settled }
    }

    /// Where the members stand when they have bargained: the positions of the last of [`Self::bargain`]'s turns, to the bit,
    /// for less work.
    ///
    /// # Panics
    /// If there is not one position a member and dimension.
    pub fn rest(&self, positions: &[f64], most_turns: usize) -> Vec<f64> {
        assert_eq!(positions.len(), self.salience.len(), "one position a member and dimension");
        let mut question = self.question(positions);
        together::rest_one(self.n_members(), self.n_dimensions, most_turns, &mut question);
        question.split_off(question.len() - positions.len())
    }

    /// What the members make of where they stand, and which offers they take.
    ///
    /// # Panics
    /// If there is not one position a member and dimension.
    pub fn turn(&self, positions: &[f64]) -> Turn {
        self.look(positions).0
    }

    /// The numbers of the members and where they stand, as [`Members::seat`] takes them.
    fn question(&self, positions: &[f64]) -> Vec<f64> {
        [&self.capability[..], &self.salience, positions].concat()
    }

    /// A turn, and where the members stand after it.
    fn look(&self, positions: &[f64]) -> (Turn, Vec<f64>) {
        assert_eq!(positions.len(), self.salience.len(), "one position a member and dimension");
        let n = self.n_members();
        let mut members = Members::<1>::new(n, self.n_dimensions);
        members.seat(0, &self.question(positions));
        let mut sight = Sight::new(n, self.n_dimensions);
        sight.turn(&members);
        let bargains = self.bargains(&members, &mut sight);
        let bargain_of =
            |challenger: f64| bargains.iter().position(|one| one.challenger as f64 == challenger);
        let taken = sight.taken.iter().map(|challenger| bargain_of(challenger.0[0])).collect();
        let next = sight.next.iter().map(|place| place.0[0]).collect();
        let winning = self.winning(positions, &members, &mut sight);
        let turn = Turn {
            positions: positions.to_vec(),
            winning,
            winning_risk_neutral: sight.risk_neutral.iter().map(|chance| chance.0[0]).collect(),
            risk: sight.risk.iter().map(|risk| risk.0[0]).collect(),
            bargains,
            taken,
        };
        (turn, next)
    }

    /// The offers of a turn, by challenger, with what their targets make of them.
    fn bargains(&self, members: &Members<1>, sight: &mut Sight<1>) -> Vec<Bargain> {
        let mut bargains = Vec::new();
        for challenger in 0..self.n_members() {
            let target = sight.offers.target[challenger].0[0];
            if target == NOBODY {
                continue;
            }
            let target = target as usize;
            let (probability_by_target, gain_by_target) =
                sight.contest_seen_by(members, target, challenger, target);
            let row = challenger * self.n_dimensions..(challenger + 1) * self.n_dimensions;
            let offers = &sight.offers;
            bargains.push(Bargain {
                challenger,
                target,
                probability: offers.probability[challenger].0[0],
                gain: offers.gain[challenger].0[0],
                probability_by_target: probability_by_target.0[0],
                gain_by_target: gain_by_target.0[0],
                challenger_moves_to: offers.challenger_moves_to[row.clone()]
                    .iter()
                    .map(|to| to.0[0])
                    .collect(),
                target_moves_to: offers.target_moves_to[row].iter().map(|to| to.0[0]).collect(),
            });
        }
        bargains
    }

    /// Probability that each member's position would be chosen now; members at one place share it.
    fn winning(&self, positions: &[f64], members: &Members<1>, sight: &mut Sight<1>) -> Vec<f64> {
        let at = |member: usize| self.row(positions, member);
        let mut places: Vec<usize> = Vec::new();
        let place_of: Vec<usize> = (0..self.n_members())
            .map(|member| {
                let same = places.iter().position(|&place| distance(at(member), at(place)) < SAME_POSITION);
                same.unwrap_or_else(|| {
                    places.push(member);
                    places.len() - 1
                })
            })
            .collect();
        let chances = sight.winning(members, &places);
        place_of.into_iter().map(|place| chances[place].0[0]).collect()
    }

    fn movement(&self, before: &[f64], after: &[f64]) -> f64 {
        (0..self.n_members()).map(|member| distance(self.row(before, member), self.row(after, member))).sum()
    }
}

/// How far bargaining has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    n_turns: usize,
    first_movement: f64,
}

impl Pace {
    /// Notes the movement of a turn and tells whether bargaining ends after it.
    pub(super) fn is_quiet_after(&mut self, movement: f64) -> bool {
        self.n_turns += 1;
        if self.n_turns == 1 {
            self.first_movement = movement + LEAST_MOVEMENT;
        }
        self.n_turns >= FEWEST_TURNS && movement / self.first_movement < QUIET_SHARE
    }

    /// Turns taken.
    pub(super) fn n_turns(self) -> usize {
        self.n_turns
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}
