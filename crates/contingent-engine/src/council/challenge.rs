//! Bargaining by challenge: each member challenges whom it gains most from, offers form, each member takes the likeliest.
//!
//! Enters: a council and positions. Leaves: turns. Always holds: a turn depends on the positions before it and on nothing else.
//! The model is the spatial model of politics of the KAPSARC Toolkit (KTAB; Wise, Lester & Efird 2015), which follows Bueno de
//! Mesquita (1994), with that toolkit's defaults: proportional voting, victory in proportion to strength, conditional probabilities,
//! risk attitudes from -1/2 to 1, others' attitudes seen a third of the way, third parties half committed, offers weighted
//! with squared salience and squared probability, made by the challenger, and the likeliest offer taken.

use super::Council;

/// Strength that every coalition has, so that no probability is 0/0.
const LEAST_COALITION: f64 = 1e-8;
/// The same in a contest of two with third parties.
const LEAST_SIDE: f64 = 1e-10;
/// Weight that keeps a member at its place where neither of two cares nor can coerce.
const LEAST_OFFER_WEIGHT: f64 = 1e-6;
/// Gain above which a challenge is worth making.
const LEAST_GAIN: f64 = 1e-5;
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
        let mut turns = vec![self.turn(positions)];
        let mut first_movement = 0.0;
        let mut settled = false;
        while !settled && turns.len() <= most_turns {
            let last = &turns[turns.len() - 1];
            let next = self.after(&last.positions, &last.bargains, &last.taken);
            let movement = self.movement(&last.positions, &next);
            if turns.len() == 1 {
                first_movement = movement + LEAST_MOVEMENT;
            }
            settled = is_quiet(turns.len(), movement, first_movement);
            turns.push(self.turn(&next));
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
        let mut now = positions.to_vec();
        let mut first_movement = 0.0;
        for turn in 1..=most_turns {
            let (bargains, taken) = Sight::new(self, &now).offers();
            let next = self.after(&now, &bargains, &taken);
            let movement = self.movement(&now, &next);
            if turn == 1 {
                first_movement = movement + LEAST_MOVEMENT;
            }
            now = next;
            if is_quiet(turn, movement, first_movement) {
                break;
            }
        }
        now
    }

    /// What the members make of where they stand, and which offers they take.
    ///
    /// # Panics
    /// If there is not one position a member and dimension.
    pub fn turn(&self, positions: &[f64]) -> Turn {
        assert_eq!(positions.len(), self.salience.len(), "one position a member and dimension");
        let sight = Sight::new(self, positions);
        let (bargains, taken) = sight.offers();
        Turn {
            positions: positions.to_vec(),
            winning: sight.winning(),
            winning_risk_neutral: sight.risk_neutral.clone(),
            risk: sight.risk.clone(),
            bargains,
            taken,
        }
    }

    /// Where the members stand after a turn.
    fn after(&self, positions: &[f64], bargains: &[Bargain], taken: &[Option<usize>]) -> Vec<f64> {
        (0..self.n_members())
            .flat_map(|member| match taken[member] {
                None => self.row(positions, member),
                Some(taken) => bargains[taken].moves_to(member),
            })
            .copied()
            .collect()
    }

    fn movement(&self, before: &[f64], after: &[f64]) -> f64 {
        (0..self.n_members()).map(|member| distance(self.row(before, member), self.row(after, member))).sum()
    }
}

impl Bargain {
    fn involves(&self, member: usize) -> bool {
        self.challenger == member || self.target == member
    }

    fn moves_to(&self, member: usize) -> &[f64] {
        if member == self.challenger { &self.challenger_moves_to } else { &self.target_moves_to }
    }
}

/// A square table over the members.
struct Square {
    side: usize,
    cells: Vec<f64>,
}

impl Square {
    fn from(side: usize, mut cell: impl FnMut(usize, usize) -> f64) -> Self {
        let mut cells = Vec::with_capacity(side * side);
        for row in 0..side {
            for column in 0..side {
                cells.push(cell(row, column));
            }
        }
        Self { side, cells }
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.side + column]
    }
}

/// How the members see where all stand.
struct Sight<'a> {
    council: &'a Council,
    positions: &'a [f64],
    /// How far column's position is from row's, as row sees it.
    distance: Square,
    risk_neutral: Vec<f64>,
    risk: Vec<f64>,
    /// What `by` takes the position of `to` to be worth to `of`: by, of, to, the last innermost.
    worth: Vec<f64>,
}

impl<'a> Sight<'a> {
    fn new(council: &'a Council, positions: &'a [f64]) -> Self {
        let n = council.n_members();
        let distance = Square::from(n, |of, to| {
            seen_distance(council.row(positions, of), council.row(positions, to), council.saliences(of))
        });
        let neutral = Square::from(n, |of, to| utility(distance.at(of, to), 0.0));
        let risk_neutral = council.chances(n, |member, option| neutral.at(member, option));
        let risk = risk_attitudes(&risk_neutral);
        let mut worth = Vec::with_capacity(n * n * n);
        for by in 0..n {
            for of in 0..n {
                let seen_risk = (2.0 * risk[by] + risk[of]) / 3.0;
                worth.extend((0..n).map(|to| utility(distance.at(of, to), seen_risk)));
            }
        }
        Self { council, positions, distance, risk_neutral, risk, worth }
    }

    /// What `by` takes the positions of all to be worth to `of`.
    fn worths(&self, by: usize, of: usize) -> &[f64] {
        let n = self.council.n_members();
        &self.worth[(by * n + of) * n..][..n]
    }

    /// The offers, by challenger, and the one of them that each member takes.
    fn offers(&self) -> (Vec<Bargain>, Vec<Option<usize>>) {
        let n = self.council.n_members();
        let bargains: Vec<Bargain> =
            (0..n).filter_map(|challenger| self.best_challenge(challenger)).collect();
        let taken = (0..n).map(|member| self.choice(member, &bargains)).collect();
        (bargains, taken)
    }

    /// Probability that each member's position would be chosen now; members at one place share it.
    fn winning(&self) -> Vec<f64> {
        let n = self.council.n_members();
        let at = |member: usize| self.council.row(self.positions, member);
        let mut places: Vec<usize> = Vec::new();
        let place_of: Vec<usize> = (0..n)
            .map(|member| {
                let same = places.iter().position(|&place| distance(at(member), at(place)) < SAME_POSITION);
                same.unwrap_or_else(|| {
                    places.push(member);
                    places.len() - 1
                })
            })
            .collect();
        let chances = self.council.chances(places.len(), |member, place| {
            utility(self.distance.at(member, places[place]), self.risk[member])
        });
        place_of.into_iter().map(|place| chances[place]).collect()
    }

    /// The challenge from which a member expects to gain most, if there is one worth making.
    fn best_challenge(&self, challenger: usize) -> Option<Bargain> {
        let mut best: Option<(usize, f64, f64)> = None;
        for target in (0..self.council.n_members()).filter(|&target| target != challenger) {
            let (probability, gain) = self.contest(challenger, challenger, challenger, target);
            if gain > LEAST_GAIN && best.is_none_or(|(_, _, most)| gain > most) {
                best = Some((target, probability, gain));
            }
        }
        let (target, probability, gain) = best?;
        let (probability_by_target, gain_by_target) = self.contest(target, challenger, challenger, target);
        let (challenger_moves_to, target_moves_to) = self.offer(challenger, target, probability);
        Some(Bargain {
            challenger,
            target,
            probability,
            gain,
            probability_by_target,
            gain_by_target,
            challenger_moves_to,
            target_moves_to,
        })
    }

    /// As `by` sees it: the probability that a challenger defeats its target, and what `of` would gain by the challenge.
    fn contest(&self, by: usize, of: usize, challenger: usize, target: usize) -> (f64, f64) {
        let strength = |member: usize| self.council.total_salience[member] * self.council.capability[member];
        let vote = |member: usize| {
            let worths = self.worths(by, member);
            strength(member) * (worths[challenger] - worths[target])
        };
        let (mut with, mut against) = (LEAST_SIDE, LEAST_SIDE);
        for vote in [vote(challenger), vote(target)] {
            with += vote.max(0.0);
            against += (-vote).max(0.0);
        }
        let (with_alone, against_alone) = (with, against);
        for third in (0..self.council.n_members()).filter(|&third| third != challenger && third != target) {
            let own = vote(third);
            let (joined, opposed) = (with_alone + own.max(0.0), against_alone + (-own).max(0.0));
            let wins = joined / (joined + opposed);
            let loses = 1.0 - wins;
            let worths = self.worths(by, third);
            let (to_challenger, to_target, stays) = (worths[challenger], worths[target], worths[third]);
            // Half committed: a third party that wins keeps its own position; one that loses takes the winner's.
            let joining = wins * (2.0 * to_challenger + stays) + loses * (3.0 * to_target);
            let opposing = wins * (3.0 * to_challenger) + loses * (2.0 * to_target + stays);
            let side = strength(third) * (joining - opposing);
            with += side.max(0.0);
            against += (-side).max(0.0);
        }
        let probability = with / (with + against);
        let care = self.council.total_salience[target];
        let worths = self.worths(by, of);
        let (victory, defeat) = (2.0 * worths[challenger], 2.0 * worths[target]);
        let contested = probability * victory + (1.0 - probability) * defeat;
        // A target that does not care gives in.
        let challenged = (1.0 - care) * victory + care * contested;
        (probability, challenged - (worths[challenger] + worths[target]))
    }

    /// Where a challenger would have itself and its target stand.
    fn offer(&self, challenger: usize, target: usize, probability: f64) -> (Vec<f64>, Vec<f64>) {
        let council = self.council;
        (0..council.n_dimensions)
            .map(|dimension| {
                let weight = |member: usize, probability: f64| {
                    let salience = council.saliences(member)[dimension];
                    salience * salience * (probability * probability)
                };
                let (own, theirs) = (weight(challenger, probability), weight(target, 1.0 - probability));
                let from = council.row(self.positions, challenger)[dimension];
                let to = council.row(self.positions, target)[dimension];
                let all = own + LEAST_OFFER_WEIGHT + theirs;
                (
                    rounded(((own + LEAST_OFFER_WEIGHT) * from + theirs * to) / all),
                    rounded((own * from + (LEAST_OFFER_WEIGHT + theirs) * to) / all),
                )
            })
            .unzip()
    }

    /// The offer that a member takes: the likeliest of staying and of all that it is a party to, by a vote of all.
    fn choice(&self, member: usize, bargains: &[Bargain]) -> Option<usize> {
        // Staying first, then its own offer, then those made to it: the first of equals is taken.
        let mut open: Vec<Option<usize>> = vec![None];
        open.extend((0..bargains.len()).filter(|&at| bargains[at].challenger == member).map(Some));
        open.extend((0..bargains.len()).filter(|&at| bargains[at].target == member).map(Some));
        let n = self.council.n_members();
        let worth = |judge: usize, option: usize| {
            let offer = open[option].map(|at| &bargains[at]);
            let sum: f64 = (0..n)
                .map(|mover| match offer.filter(|offer| offer.involves(mover)) {
                    None => self.worths(judge, judge)[mover],
                    Some(offer) => self.worth_of(judge, offer.moves_to(mover)),
                })
                .sum();
            sum / n as f64
        };
        let chances = self.council.chances(open.len(), worth);
        let mut best = 0;
        for (option, &chance) in chances.iter().enumerate() {
            if chance > chances[best] {
                best = option;
            }
        }
        open[best]
    }

    fn worth_of(&self, judge: usize, position: &[f64]) -> f64 {
        let own = self.council.row(self.positions, judge);
        utility(seen_distance(own, position, self.council.saliences(judge)), self.risk[judge])
    }
}

impl Council {
    /// Probability that each of some options beats all others, given that one does, when members vote between each two
    /// with their capability times what one is worth more than the other to them.
    fn chances(&self, n_options: usize, worth: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let mut worths = Vec::with_capacity(self.n_members() * n_options);
        for member in 0..self.n_members() {
            worths.extend((0..n_options).map(|option| worth(member, option)));
        }
        let support = Square::from(n_options, |option, other| {
            self.capability
                .iter()
                .zip(worths.chunks_exact(n_options))
                .fold(LEAST_COALITION, |sum, (capability, worth)| {
                    sum + (capability * (worth[option] - worth[other])).max(0.0)
                })
        });
        let mut chances = Vec::with_capacity(n_options);
        for option in 0..n_options {
            let beats = |other: usize| {
                let (for_it, against) = (support.at(option, other), support.at(other, option));
                if other == option { 0.5 } else { for_it / (for_it + against) }
            };
            chances.push((0..n_options).map(beats).product::<f64>());
        }
        let one_does: f64 = chances.iter().sum();
        for chance in &mut chances {
            *chance /= one_does;
        }
        chances
    }
}

/// Attitudes to risk from chances of winning: those who win seek risk. Where all have the same chance nobody minds.
fn risk_attitudes(chances: &[f64]) -> Vec<f64> {
    let most = chances.iter().copied().fold(0.0, f64::max);
    let least = chances.iter().copied().fold(1.0, f64::min);
    let range = most - least;
    chances
        .iter()
        .map(|chance| if range > 0.0 { (3.0 * chance - (most + 2.0 * least)) / (2.0 * range) } else { 0.0 })
        .collect()
}

/// What a position is worth from a distance away, to somebody with an attitude to risk.
fn utility(distance: f64, risk: f64) -> f64 {
    (1.0 - distance) * (1.0 + distance.min(1.0) * risk)
}

/// How far apart two positions are to somebody who cares about dimensions unequally.
fn seen_distance(a: &[f64], b: &[f64], salience: &[f64]) -> f64 {
    let (mut apart, mut care) = (0.0, 0.0);
    for ((a, b), salience) in a.iter().zip(b).zip(salience) {
        let seen = (a - b) * salience;
        apart += seen * seen;
        care += salience * salience;
    }
    (apart / care).sqrt()
}

/// Whether bargaining ends after a turn.
fn is_quiet(n_turns: usize, movement: f64, first_movement: f64) -> bool {
    n_turns >= FEWEST_TURNS && movement / first_movement < QUIET_SHARE
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// To four decimals: the reference gives offers no more precision.
fn rounded(position: f64) -> f64 {
    (position * 10_000.0 + 0.5).floor() / 10_000.0
}
