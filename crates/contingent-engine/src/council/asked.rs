//! Councils within a run: members whose numbers move, asked where they come to stand.
//!
//! Enters: capabilities, saliences and positions of the members, of one run or of a block of lanes. Leaves: where the council
//! stands on each dimension. Always holds: the outcome follows from these numbers alone; what is kept from one question to the
//! next only spares the work of answering the same one again.

use super::{Council, SALIENCE_TOLERANCE, average, together};
use crate::graph::CouncilCall;
use crate::interpreter::LANES;

/// The numbers of those who take part, cut to where they can lie.
#[derive(Debug, Default)]
struct Party {
    capability: Vec<f64>,
    /// A row a member, a column a dimension.
    salience: Vec<f64>,
    position: Vec<f64>,
}

impl Party {
    /// Reads `numbers`: a capability a member, then saliences and then positions, a row a member and a column a dimension. They are
    /// cut to where they can lie, saliences that sum to more than 1 are scaled down, and a member without capability or
    /// salience takes no part. Whether something comes of it: where something is not a number, where somebody can do
    /// anything, or where more take part than bargain, nothing does.
    fn read(&mut self, n_dimensions: usize, numbers: &[f64]) -> bool {
        self.capability.clear();
        self.salience.clear();
        self.position.clear();
        if numbers.iter().any(|number| number.is_nan()) {
            return false;
        }
        let n = numbers.len() / (1 + 2 * n_dimensions);
        let (capabilities, rest) = numbers.split_at(n);
        let (saliences, places) = rest.split_at(n * n_dimensions);
        for ((&own, cares), stands) in capabilities
            .iter()
            .zip(saliences.chunks_exact(n_dimensions))
            .zip(places.chunks_exact(n_dimensions))
        {
            let cares = cares.iter().map(|care| care.clamp(0.0, 1.0));
            let total: f64 = cares.clone().sum();
            if own > 0.0 && total > 0.0 {
                let most = if total > 1.0 + SALIENCE_TOLERANCE { total } else { 1.0 };
                self.capability.push(own);
                self.salience.extend(cares.map(|care| care / most));
                self.position.extend(stands.iter().map(|place| place.clamp(0.0, 1.0)));
            }
        }
        // One alone stands where it stands, however much it can do.
        let n_members = self.capability.len();
        n_members == 1
            || (2..=Council::MOST_MEMBERS).contains(&n_members)
                && self.capability.iter().all(|own| own.is_finite())
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.capability.iter().chain(&self.salience).chain(&self.position).copied()
    }
}

/// Where members stand who bargain: the weighted median of their positions after at most `most_turns`, a dimension each.
///
/// `numbers` are as in [`Party::read`]. Where nobody takes part, or where something is not a number, neither is the outcome.
pub(crate) fn outcome(n_dimensions: usize, most_turns: usize, numbers: &[f64]) -> Vec<f64> {
    let mut party = Party::default();
    if !party.read(n_dimensions, numbers) {
        return vec![f64::NAN; n_dimensions];
    }
    let n_members = party.capability.len();
    if n_members == 1 {
        return party.position;
    }
    let mut question: Vec<f64> = party.numbers().collect();
    together::rest_one(n_members, n_dimensions, most_turns, &mut question);
    let mut standing = Vec::with_capacity(n_members);
    (0..n_dimensions)
        .map(|dimension| median_of(&question, n_members, n_dimensions, dimension, &mut standing))
        .collect()
}

/// The weighted median on a dimension of positions that stand with their members' numbers as in [`together::rest_one`].
fn median_of(
    question: &[f64],
    n_members: usize,
    n_dimensions: usize,
    dimension: usize,
    standing: &mut Vec<(f64, f64)>,
) -> f64 {
    let (capability, rest) = question.split_at(n_members);
    let (salience, position) = rest.split_at(n_members * n_dimensions);
    standing.clear();
    standing.extend((0..n_members).map(|member| {
        let cell = member * n_dimensions + dimension;
        (position[cell], capability[member] * salience[cell])
    }));
    average::median(standing)
}

/// The last answers of the councils of a program, per council and lane.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    of_councils: Vec<Answer>,
    asking: Asking,
}

/// The last questions that a council was asked in each lane, and the answers.
#[derive(Debug, Default)]
struct Answer {
    /// The numbers of the question, a row a number.
    numbers: Vec<[f64; LANES]>,
    /// Where the council stands, a row a dimension.
    outcome: Vec<[f64; LANES]>,
    /// Whether it was asked.
    is_answered: Vec<bool>,
}

/// Room for questions that are new.
#[derive(Debug, Default)]
struct Asking {
    party: Party,
    numbers: Vec<f64>,
    standing: Vec<(f64, f64)>,
    /// Those with as many members, and the lanes that they are of.
    alike: Vec<(usize, Vec<f64>, Vec<usize>)>,
}

impl Answers {
    /// Where a council stands on one dimension, in each of the first `n_lanes` in which it is asked; 0 in the others.
    pub(crate) fn bargain<'r>(
        &mut self,
        (council, call): (usize, &CouncilCall),
        dimension: usize,
        operand: impl Fn(usize) -> &'r [f64; LANES],
        n_lanes: usize,
        out: &mut [f64; LANES],
    ) {
        *out = [0.0; LANES];
        let is_asked = operand(0);
        if !is_asked[..n_lanes].iter().any(|&asked| asked != 0.0) {
            return;
        }
        if self.of_councils.len() <= council {
            self.of_councils.resize_with(council + 1, Answer::default);
        }
        let answer = &mut self.of_councils[council];
        answer.numbers.resize(call.operands.len() - 1, [0.0; LANES]);
        answer.outcome.resize(call.n_dimensions, [0.0; LANES]);
        answer.is_answered.resize(LANES, false);
        let mut is_new = [false; LANES];
        for (row, numbers) in answer.numbers.iter().enumerate() {
            let asked = operand(row + 1);
            for lane in 0..LANES {
                is_new[lane] |= numbers[lane].to_bits() != asked[lane].to_bits();
            }
        }
        for lane in 0..LANES {
            let is_due = lane < n_lanes && is_asked[lane] != 0.0;
            is_new[lane] = is_due && (is_new[lane] || !answer.is_answered[lane]);
        }
        if is_new.contains(&true) {
            for (row, numbers) in answer.numbers.iter_mut().enumerate() {
                let asked = operand(row + 1);
                for lane in (0..LANES).filter(|&lane| is_new[lane]) {
                    numbers[lane] = asked[lane];
                    answer.is_answered[lane] = true;
                }
            }
            self.asking.answer(call, &is_new, answer);
        }
        for lane in 0..n_lanes {
            if is_asked[lane] != 0.0 {
                out[lane] = answer.outcome[dimension][lane];
            }
        }
    }
}

impl Asking {
    /// Answers the questions of the lanes that are new.
    fn answer(&mut self, call: &CouncilCall, is_new: &[bool; LANES], answer: &mut Answer) {
        let n_dimensions = call.n_dimensions;
        self.alike.clear();
        for lane in (0..LANES).filter(|&lane| is_new[lane]) {
            self.numbers.clear();
            self.numbers.extend(answer.numbers.iter().map(|row| row[lane]));
            let comes_to_something = self.party.read(n_dimensions, &self.numbers);
            let n_members = self.party.capability.len();
            if !comes_to_something || n_members == 1 {
                for (dimension, row) in answer.outcome.iter_mut().enumerate() {
                    row[lane] = if comes_to_something { self.party.position[dimension] } else { f64::NAN };
                }
                continue;
            }
            let at = self.alike.iter().position(|(n, ..)| *n == n_members).unwrap_or_else(|| {
                self.alike.push((n_members, Vec::new(), Vec::new()));
                self.alike.len() - 1
            });
            let (_, questions, lanes) = &mut self.alike[at];
            questions.extend(self.party.numbers());
            lanes.push(lane);
        }
        for (n_members, questions, lanes) in &mut self.alike {
            together::rest_all(*n_members, n_dimensions, call.most_turns, questions);
            let questions = questions.chunks_exact(*n_members * (1 + 2 * n_dimensions));
            for (question, &lane) in questions.zip(&*lanes) {
                for (dimension, row) in answer.outcome.iter_mut().enumerate() {
                    row[lane] = median_of(question, *n_members, n_dimensions, dimension, &mut self.standing);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::random::mix;

    #[test]
    fn lanes_answer_as_one_run_does_whoever_takes_part_and_also_when_asked_again() {
        let (n_members, n_dimensions, n_lanes) = (4, 2, 100);
        let n_numbers = n_members * (1 + 2 * n_dimensions);
        let mut graph = Graph::new(1);
        let node = graph.constant(0.0);
        let call = CouncilCall { n_dimensions, most_turns: 6, operands: vec![node; 1 + n_numbers] };
        let mut answers = Answers::default();
        let (mut n_numbered, mut n_nowhere) = (0, 0);
        for round in 0..6_u64 {
            // In odd rounds most lanes ask what they asked before.
            let mut operands = vec![[0.0; LANES]; 1 + n_numbers];
            for lane in 0..LANES {
                let asks_again = round % 2 == 1 && lane % 7 != 0;
                let round = if asks_again { round - 1 } else { round };
                let draw = |at: usize| {
                    (mix(mix(round << 32 | (lane as u64) << 16) ^ at as u64) >> 11) as f64
                        / (1_u64 << 53) as f64
                };
                operands[0][lane] = f64::from(lane % 3 != 2);
                for number in 0..n_numbers {
                    // A capability or a salience may be nothing, and a place may lie outside.
                    operands[1 + number][lane] = 1.6 * draw(number) - 0.4;
                }
                match lane % 20 {
                    4 => operands[1 + lane % n_numbers][lane] = f64::NAN,
                    7 => operands[1 + lane % n_members][lane] = f64::INFINITY,
                    10 => (0..n_members).for_each(|member| operands[1 + member][lane] = 0.0),
                    13 => (1..n_members).for_each(|member| operands[1 + member][lane] = 0.0),
                    _ => {}
                }
            }
            for dimension in 0..n_dimensions {
                let mut out = [5.0; LANES];
                answers.bargain((3, &call), dimension, |k| &operands[k], n_lanes, &mut out);
                for (lane, found) in out.iter().enumerate() {
                    if lane >= n_lanes || lane % 3 == 2 {
                        assert_eq!(*found, 0.0, "lane {lane} is not asked");
                        continue;
                    }
                    let numbers: Vec<f64> = operands[1..].iter().map(|row| row[lane]).collect();
                    let expected = outcome(n_dimensions, call.most_turns, &numbers)[dimension];
                    if expected.is_nan() {
                        assert!(found.is_nan(), "round {round} lane {lane}: {found}");
                        n_nowhere += 1;
                    } else {
                        assert_eq!(found.to_bits(), expected.to_bits(), "round {round} lane {lane}");
                        n_numbered += 1;
                    }
                }
            }
        }
        assert!(n_numbered > 500 && n_nowhere > 50, "{n_numbered} {n_nowhere}");
    }
}
