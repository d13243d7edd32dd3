//! How members see where all stand, whom they challenge, what is offered and what they take.
//!
//! Enters: the members of `W` councils with as many members and dimensions. Leaves: where they stand after a turn, and
//! what led there. Always holds: a turn depends on the positions before it and on nothing else; the councils do not touch each
//! other, and one alone (`W` = 1) gives the same bits.
//!
//! The model is that of [`super::challenge`]. Indices of members and offers are kept as whole numbers in `f64`, so that they
//! can be compared side by side.

#![expect(
    clippy::inline_always,
    reason = "loops over councils vectorise for the instruction set of the caller only where all is inlined"
)]

use super::each::Each;

/// Strength that every coalition has, so that no probability is 0/0.
const LEAST_COALITION: f64 = 1e-8;
/// The same in a contest of two with third parties.
const LEAST_SIDE: f64 = 1e-10;
/// Weight that keeps a member at its place where neither of two cares nor can coerce.
const LEAST_OFFER_WEIGHT: f64 = 1e-6;
/// Gain above which a challenge is worth making.
const LEAST_GAIN: f64 = 1e-5;

/// In the place of a member or an offer: there is none.
pub(super) const NOBODY: f64 = -1.0;

/// The members of `W` councils. Members come first, dimensions second.
pub(super) struct Members<const W: usize> {
    n_members: usize,
    n_dimensions: usize,
    capability: Vec<Each<W>>,
    salience: Vec<Each<W>>,
    /// Where they stand.
    pub(super) position: Vec<Each<W>>,
    /// What a member cares in all, over its dimensions.
    total_salience: Vec<Each<W>>,
    /// The sum of the squares of its saliences.
    squared_salience: Vec<Each<W>>,
    /// What it brings to a contest: capability times total salience.
    strength: Vec<Each<W>>,
}

impl<const W: usize> Members<W> {
    pub(super) fn new(n_members: usize, n_dimensions: usize) -> Self {
        let each = |n: usize| vec![Each::all(0.0); n];
        Self {
            n_members,
            n_dimensions,
            capability: each(n_members),
            salience: each(n_members * n_dimensions),
            position: each(n_members * n_dimensions),
            total_salience: each(n_members),
            squared_salience: each(n_members),
            strength: each(n_members),
        }
    }

    /// Puts the members of a council in a seat from 0 to `W - 1`: a capability a member, then saliences and positions, a row a
    /// member and a column a dimension.
    pub(super) fn seat(&mut self, seat: usize, numbers: &[f64]) {
        let (capability, rest) = numbers.split_at(self.n_members);
        let (salience, position) = rest.split_at(self.salience.len());
        for (cell, &value) in self.salience.iter_mut().zip(salience) {
            cell.0[seat] = value;
        }
        for (cell, &value) in self.position.iter_mut().zip(position) {
            cell.0[seat] = value;
        }
        for (member, (&own, cares)) in
            capability.iter().zip(salience.chunks_exact(self.n_dimensions)).enumerate()
        {
            let (mut total, mut squares) = (0.0, 0.0);
            for care in cares {
                total += care;
                squares += care * care;
            }
            self.capability[member].0[seat] = own;
            self.total_salience[member].0[seat] = total;
            self.squared_salience[member].0[seat] = squares;
            self.strength[member].0[seat] = total * own;
        }
    }

    /// How far a position is from a member's own, to one who cares about dimensions unequally.
    #[inline(always)]
    fn distance(&self, member: usize, position: &[Each<W>]) -> Each<W> {
        let mut apart = Each::all(0.0);
        let row = member * self.n_dimensions;
        for (dimension, &there) in position.iter().enumerate() {
            let seen = (self.position[row + dimension] - there) * self.salience[row + dimension];
            apart = apart + seen * seen;
        }
        (apart / self.squared_salience[member]).square_root()
    }

    fn row(&self, member: usize) -> &[Each<W>] {
        &self.position[member * self.n_dimensions..][..self.n_dimensions]
    }
}

/// The best challenge of each member, whether it is worth making or not. Rows of moves: a member, then a dimension.
pub(super) struct Offers<const W: usize> {
    /// Whom a member challenges; [`NOBODY`] where no challenge is worth making.
    pub(super) target: Vec<Each<W>>,
    /// How likely it takes itself to be to win.
    pub(super) probability: Vec<Each<W>>,
    /// What it expects to gain.
    pub(super) gain: Vec<Each<W>>,
    /// Where it would stand.
    pub(super) challenger_moves_to: Vec<Each<W>>,
    /// Where its target would stand.
    pub(super) target_moves_to: Vec<Each<W>>,
}

/// What the members make of where they stand, and room for the work.
pub(super) struct Sight<const W: usize> {
    /// How far column's position is from row's, as row sees it.
    distance: Vec<Each<W>>,
    pub(super) risk_neutral: Vec<Each<W>>,
    pub(super) risk: Vec<Each<W>>,
    pub(super) offers: Offers<W>,
    /// Where the members stand after the turn.
    pub(super) next: Vec<Each<W>>,
    /// The challenger whose offer a member takes; [`NOBODY`] where it stays as it is.
    pub(super) taken: Vec<Each<W>>,
    /// What one member takes the position of column to be worth to row.
    worth: Vec<Each<W>>,
    vote: Vote<W>,
}

/// Votes of all members between options, and what an option is worth to each.
struct Vote<const W: usize> {
    n_options: usize,
    /// A row a member, a column an option.
    worth: Vec<Each<W>>,
    /// Probability that row beats column.
    beats: Vec<Each<W>>,
    is_reckoned: Vec<bool>,
    chance: Vec<Each<W>>,
}

impl<const W: usize> Sight<W> {
    pub(super) fn new(n_members: usize, n_dimensions: usize) -> Self {
        let each = |n: usize| vec![Each::all(0.0); n];
        let (squares, places) = (n_members * n_members, n_members * n_dimensions);
        Self {
            distance: each(squares),
            risk_neutral: each(n_members),
            risk: each(n_members),
            offers: Offers {
                target: each(n_members),
                probability: each(n_members),
                gain: each(n_members),
                challenger_moves_to: each(places),
                target_moves_to: each(places),
            },
            next: each(places),
            taken: each(n_members),
            worth: each(squares),
            vote: Vote {
                n_options: 0,
                worth: Vec::new(),
                beats: Vec::new(),
                is_reckoned: Vec::new(),
                chance: Vec::new(),
            },
        }
    }

    /// A turn.
    #[inline(always)]
    pub(super) fn turn(&mut self, members: &Members<W>) {
        self.look(members);
        for challenger in 0..members.n_members {
            self.challenge(members, challenger);
        }
        self.choose(members);
    }

    /// Distances, and attitudes to risk from the chances of winning if nobody minded it.
    #[inline(always)]
    fn look(&mut self, members: &Members<W>) {
        let n = members.n_members;
        self.vote.open(n, n);
        for of in 0..n {
            for to in 0..n {
                let distance = members.distance(of, members.row(to));
                self.distance[of * n + to] = distance;
                self.vote.worth[of * n + to] = utility(distance, Each::all(0.0));
            }
        }
        self.vote.chances(&members.capability);
        self.risk_neutral.copy_from_slice(&self.vote.chance);
        risk_attitudes(&self.risk_neutral, &mut self.risk);
    }

    /// What `by` takes the positions of all to be worth to all; a third of the attitude that it ascribes to another is its own
    /// reading of that other, two thirds are its own.
    #[inline(always)]
    fn see(&mut self, n: usize, by: usize) {
        for of in 0..n {
            let seen_risk = (Each::all(2.0) * self.risk[by] + self.risk[of]) / Each::all(3.0);
            for to in 0..n {
                self.worth[of * n + to] = utility(self.distance[of * n + to], seen_risk);
            }
        }
    }

    /// The challenge from which a member expects to gain most, and what it would offer.
    #[inline(always)]
    fn challenge(&mut self, members: &Members<W>, challenger: usize) {
        let (n, n_dimensions) = (members.n_members, members.n_dimensions);
        self.see(n, challenger);
        let mut most = Each::all(LEAST_GAIN);
        let (mut best, mut probability) = (Each::all(NOBODY), Each::all(0.0));
        for target in (0..n).filter(|&target| target != challenger) {
            let (wins, gain) = contest(members, &self.worth, challenger, challenger, target);
            best = gain.where_more(most, Each::all(target as f64), best);
            probability = gain.where_more(most, wins, probability);
            most = gain.where_more(most, gain, most);
        }
        let offers = &mut self.offers;
        offers.target[challenger] = best;
        offers.probability[challenger] = probability;
        offers.gain[challenger] = most;
        let (wins, loses) = (probability * probability, {
            let loses = Each::all(1.0) - probability;
            loses * loses
        });
        let least = Each::all(LEAST_OFFER_WEIGHT);
        for dimension in 0..n_dimensions {
            let cell = challenger * n_dimensions + dimension;
            let (mut to, mut theirs) = (Each::all(0.0), Each::all(0.0));
            for target in (0..n).filter(|&target| target != challenger) {
                let (index, at) = (Each::all(target as f64), target * n_dimensions + dimension);
                to = best.where_same(index, members.position[at], to);
                theirs = best.where_same(index, members.salience[at], theirs);
            }
            let from = members.position[cell];
            let own = members.salience[cell] * members.salience[cell] * wins;
            let theirs = theirs * theirs * loses;
            let all = own + least + theirs;
            offers.challenger_moves_to[cell] = rounded(((own + least) * from + theirs * to) / all);
            offers.target_moves_to[cell] = rounded((own * from + (least + theirs) * to) / all);
        }
    }

    /// As `by` sees it: the probability that a challenger defeats its target, and what `by` takes the challenger to gain by it.
    pub(super) fn contest_seen_by(
        &mut self,
        members: &Members<W>,
        by: usize,
        challenger: usize,
        target: usize,
    ) -> (Each<W>, Each<W>) {
        self.see(members.n_members, by);
        contest(members, &self.worth, challenger, challenger, target)
    }

    /// The offer that each member takes: the likeliest of staying and of all that it is a party to, by a vote of all.
    #[inline(always)]
    fn choose(&mut self, members: &Members<W>) {
        let (n, n_dimensions) = (members.n_members, members.n_dimensions);
        self.next.copy_from_slice(&members.position);
        self.taken.fill(Each::all(NOBODY));
        // Option 0 is that all stay, option 1 + c the offer that c makes.
        self.vote.open(n, n + 1);
        self.weigh(members);
        let mut open: Vec<(usize, Each<W>)> = Vec::with_capacity(n + 1);
        for member in 0..n {
            // Staying first, then its own offer, then those made to it: the first of equals is taken.
            open.clear();
            open.push((0, Each::all(1.0)));
            let own_target = self.offers.target[member];
            if !own_target.is_all(NOBODY) {
                let is_made = own_target.where_same(Each::all(NOBODY), Each::all(0.0), Each::all(1.0));
                open.push((1 + member, is_made));
            }
            for challenger in (0..n).filter(|&challenger| challenger != member) {
                let target = self.offers.target[challenger];
                if target.has(member as f64) {
                    let is_party =
                        target.where_same(Each::all(member as f64), Each::all(1.0), Each::all(0.0));
                    open.push((1 + challenger, is_party));
                }
            }
            if open.len() == 1 {
                continue;
            }
            for &(option, _) in &open {
                for &(other, _) in &open {
                    self.vote.reckon(&members.capability, option, other);
                }
            }
            let (one, none) = (Each::all(1.0), Each::all(0.0));
            let mut one_does = none;
            for &(option, is_open) in &open {
                let mut chance = one;
                for &(other, is_other_open) in &open {
                    chance = chance
                        * is_other_open.where_more(none, self.vote.beats[option * (n + 1) + other], one);
                }
                let chance = is_open.where_more(none, chance, none);
                self.vote.chance[option] = chance;
                one_does = one_does + chance;
            }
            let mut likeliest = self.vote.chance[0] / one_does;
            for &(option, _) in &open[1..] {
                let chance = self.vote.chance[option] / one_does;
                let challenger = option - 1;
                self.taken[member] =
                    chance.where_more(likeliest, Each::all(challenger as f64), self.taken[member]);
                let moves = if challenger == member {
                    &self.offers.challenger_moves_to
                } else {
                    &self.offers.target_moves_to
                };
                for dimension in 0..n_dimensions {
                    let cell = member * n_dimensions + dimension;
                    let to = moves[challenger * n_dimensions + dimension];
                    self.next[cell] = chance.where_more(likeliest, to, self.next[cell]);
                }
                likeliest = chance.where_more(likeliest, chance, likeliest);
            }
        }
    }

    /// What the states after each offer are worth to each member: the mean over where all would stand.
    #[inline(always)]
    fn weigh(&mut self, members: &Members<W>) {
        let (n, n_dimensions) = (members.n_members, members.n_dimensions);
        let n_options = n + 1;
        let mean = Each::all(n as f64);
        for judge in 0..n {
            let risk = self.risk[judge];
            let seen_risk = (Each::all(2.0) * risk + risk) / Each::all(3.0);
            // What the places of all are worth to the judge, kept in the first row of the table of worths.
            let mut sum = Each::all(0.0);
            for mover in 0..n {
                let worth = utility(self.distance[judge * n + mover], seen_risk);
                self.worth[mover] = worth;
                sum = sum + worth;
            }
            self.vote.worth[judge * n_options] = sum / mean;
            for challenger in 0..n {
                let target = self.offers.target[challenger];
                if target.is_all(NOBODY) {
                    continue;
                }
                let row = challenger * n_dimensions..(challenger + 1) * n_dimensions;
                let own = members.distance(judge, &self.offers.challenger_moves_to[row.clone()]);
                let theirs = members.distance(judge, &self.offers.target_moves_to[row]);
                let (own, theirs) = (utility(own, risk), utility(theirs, risk));
                let mut sum = Each::all(0.0);
                for mover in 0..n {
                    let worth = if mover == challenger {
                        own
                    } else {
                        target.where_same(Each::all(mover as f64), theirs, self.worth[mover])
                    };
                    sum = sum + worth;
                }
                self.vote.worth[judge * n_options + 1 + challenger] = sum / mean;
            }
        }
    }

    /// Probability that each of some places would be chosen if the councils voted now. Every council must have the same places;
    /// they are named by a member that stands there.
    pub(super) fn winning(&mut self, members: &Members<W>, places: &[usize]) -> Vec<Each<W>> {
        let n = members.n_members;
        self.vote.open(n, places.len());
        for judge in 0..n {
            for (option, &place) in places.iter().enumerate() {
                self.vote.worth[judge * places.len() + option] =
                    utility(self.distance[judge * n + place], self.risk[judge]);
            }
        }
        self.vote.chances(&members.capability);
        self.vote.chance.clone()
    }
}

impl<const W: usize> Vote<W> {
    /// Makes room for a vote of some members between some options.
    fn open(&mut self, n_members: usize, n_options: usize) {
        self.n_options = n_options;
        self.worth.resize(n_members * n_options, Each::all(0.0));
        self.beats.resize(n_options * n_options, Each::all(0.0));
        self.chance.resize(n_options, Each::all(0.0));
        self.is_reckoned.clear();
        self.is_reckoned.resize(n_options * n_options, false);
    }

    /// How often one option beats another, and the other way: members vote with their capability times what one is worth more
    /// than the other to them.
    #[inline(always)]
    fn reckon(&mut self, capability: &[Each<W>], option: usize, other: usize) {
        let n = self.n_options;
        if std::mem::replace(&mut self.is_reckoned[option * n + other], true) {
            return;
        }
        if option == other {
            self.beats[option * n + option] = Each::all(0.5);
            return;
        }
        let (mut for_it, mut against) = (Each::all(LEAST_COALITION), Each::all(LEAST_COALITION));
        for (&own, worth) in capability.iter().zip(self.worth.chunks_exact(n)) {
            let more = own * (worth[option] - worth[other]);
            for_it = for_it + more.positive_part();
            against = against + (-more).positive_part();
        }
        let both = for_it + against;
        self.beats[option * n + other] = for_it / both;
        self.beats[other * n + option] = against / both;
        self.is_reckoned[other * n + option] = true;
    }

    /// Probability that each option beats all others, given that one does.
    #[inline(always)]
    fn chances(&mut self, capability: &[Each<W>]) {
        let n = self.n_options;
        let mut one_does = Each::all(0.0);
        for option in 0..n {
            let mut chance = Each::all(1.0);
            for other in 0..n {
                self.reckon(capability, option, other);
                chance = chance * self.beats[option * n + other];
            }
            self.chance[option] = chance;
            one_does = one_does + chance;
        }
        for chance in &mut self.chance {
            *chance = *chance / one_does;
        }
    }
}

/// By the worths that somebody sees: the probability that a challenger defeats its target, and what `of` would gain by it.
#[inline(always)]
fn contest<const W: usize>(
    members: &Members<W>,
    worth: &[Each<W>],
    of: usize,
    challenger: usize,
    target: usize,
) -> (Each<W>, Each<W>) {
    let n = members.n_members;
    let (one, two, three) = (Each::all(1.0), Each::all(2.0), Each::all(3.0));
    let (mut with, mut against) = (Each::all(LEAST_SIDE), Each::all(LEAST_SIDE));
    for member in [challenger, target] {
        let worths = &worth[member * n..][..n];
        let vote = members.strength[member] * (worths[challenger] - worths[target]);
        with = with + vote.positive_part();
        against = against + (-vote).positive_part();
    }
    let (with_alone, against_alone) = (with, against);
    for third in (0..n).filter(|&third| third != challenger && third != target) {
        let worths = &worth[third * n..][..n];
        let own = members.strength[third] * (worths[challenger] - worths[target]);
        let (joined, opposed) = (with_alone + own.positive_part(), against_alone + (-own).positive_part());
        let wins = joined / (joined + opposed);
        let loses = one - wins;
        let (to_challenger, to_target, stays) = (worths[challenger], worths[target], worths[third]);
        // Half committed: a third party that wins keeps its own position; one that loses takes the winner's.
        let joining = wins * (two * to_challenger + stays) + loses * (three * to_target);
        let opposing = wins * (three * to_challenger) + loses * (two * to_target + stays);
        let side = members.strength[third] * (joining - opposing);
        with = with + side.positive_part();
        against = against + (-side).positive_part();
    }
    let probability = with / (with + against);
    let care = members.total_salience[target];
    let worths = &worth[of * n..][..n];
    let (victory, defeat) = (two * worths[challenger], two * worths[target]);
    let contested = probability * victory + (one - probability) * defeat;
    // A target that does not care gives in.
    let challenged = (one - care) * victory + care * contested;
    (probability, challenged - (worths[challenger] + worths[target]))
}

/// Attitudes to risk from chances of winning: those who win seek risk. Where all have the same chance nobody minds.
#[inline(always)]
fn risk_attitudes<const W: usize>(chances: &[Each<W>], risk: &mut [Each<W>]) {
    let (mut most, mut least) = (Each::all(0.0), Each::all(1.0));
    for &chance in chances {
        most = chance.where_more(most, chance, most);
        least = least.where_more(chance, chance, least);
    }
    let (two, three, none) = (Each::all(2.0), Each::all(3.0), Each::all(0.0));
    let range = most - least;
    for (risk, &chance) in risk.iter_mut().zip(chances) {
        let attitude = (three * chance - (most + two * least)) / (two * range);
        *risk = range.where_more(none, attitude, none);
    }
}

/// What a position is worth from a distance away, to somebody with an attitude to risk.
#[inline(always)]
fn utility<const W: usize>(distance: Each<W>, risk: Each<W>) -> Each<W> {
    let one = Each::all(1.0);
    (one - distance) * (one + distance.at_most_one() * risk)
}

/// To four decimals: the reference gives offers no more precision.
#[inline(always)]
fn rounded<const W: usize>(position: Each<W>) -> Each<W> {
    let places = Each::all(10_000.0);
    (position * places + Each::all(0.5)).floor() / places
}
