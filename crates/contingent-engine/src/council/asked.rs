//! Councils within a run: members whose numbers move, asked where they come to stand.
//!
//! Enters: capabilities, saliences and positions of the members, of one run or of a block of lanes. Leaves: where the council
//! stands on each dimension. Always holds: the outcome follows from these numbers alone; what is kept from one question to the
//! next only spares the work of answering the same one again.

use super::Council;
use crate::graph::CouncilCall;
use crate::interpreter::LANES;

/// Where members stand who bargain: the weighted median of their positions after at most `most_turns`, a dimension each.
///
/// `numbers` are a capability a member, then saliences and then positions, a row a member and a column a dimension. They are
/// cut to where they can lie, saliences that sum to more than 1 are scaled down, and a member without capability or salience
/// takes no part. Where nobody takes part, or where something is not a number, neither is the outcome.
pub(crate) fn outcome(n_dimensions: usize, most_turns: usize, numbers: &[f64]) -> Vec<f64> {
    let n = numbers.len() / (1 + 2 * n_dimensions);
    if numbers.iter().any(|number| number.is_nan()) {
        return vec![f64::NAN; n_dimensions];
    }
    let (capabilities, rest) = numbers.split_at(n);
    let (saliences, places) = rest.split_at(n * n_dimensions);
    let (mut capability, mut salience, mut position) = (Vec::new(), Vec::new(), Vec::new());
    for ((&own, cares), stands) in
        capabilities.iter().zip(saliences.chunks_exact(n_dimensions)).zip(places.chunks_exact(n_dimensions))
    {
        let cares: Vec<f64> = cares.iter().map(|care| care.clamp(0.0, 1.0)).collect();
        let total: f64 = cares.iter().sum();
        if own > 0.0 && total > 0.0 {
            let most = if total > 1.0 + super::SALIENCE_TOLERANCE { total } else { 1.0 };
            capability.push(own);
            salience.extend(cares.into_iter().map(|care| care / most));
            position.extend(stands.iter().map(|place| place.clamp(0.0, 1.0)));
        }
    }
    match capability.len() {
        0 => vec![f64::NAN; n_dimensions],
        1 => position,
        _ => match Council::new(capability, salience) {
            Ok(council) => council.weighted_median(&council.rest(&position, most_turns)),
            // An infinite capability.
            Err(_) => vec![f64::NAN; n_dimensions],
        },
    }
}

/// The last answers of the councils of a program, per council and lane.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    of_councils: Vec<Vec<Answer>>,
}

#[derive(Clone, Debug, Default)]
struct Answer {
    numbers: Vec<f64>,
    outcome: Vec<f64>,
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
        if self.of_councils.len() <= council {
            self.of_councils.resize_with(council + 1, Vec::new);
        }
        let answers = &mut self.of_councils[council];
        answers.resize_with(LANES, Answer::default);
        let n_numbers = call.operands.len() - 1;
        let is_asked = operand(0);
        for (lane, answer) in answers.iter_mut().enumerate() {
            if lane >= n_lanes || is_asked[lane] == 0.0 {
                out[lane] = 0.0;
                continue;
            }
            let is_known = answer.numbers.len() == n_numbers
                && (0..n_numbers).all(|k| answer.numbers[k].to_bits() == operand(k + 1)[lane].to_bits());
            if !is_known {
                answer.numbers.clear();
                answer.numbers.extend((0..n_numbers).map(|k| operand(k + 1)[lane]));
                answer.outcome = outcome(call.n_dimensions, call.most_turns, &answer.numbers);
            }
            out[lane] = answer.outcome[dimension];
        }
    }
}
