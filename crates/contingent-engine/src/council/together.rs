//! Councils that bargain side by side.
//!
//! Enters: the numbers of councils with as many members and dimensions. Leaves: where their members stand when they have
//! bargained. Always holds: each comes out as [`Council::rest`](super::Council::rest) has it, to the bit, whoever its
//! neighbours are and whatever vectors the machine has; one that has ended gives its seat to the next.

#![expect(
    clippy::inline_always,
    reason = "loops over councils vectorise for the instruction set of the caller only where all is inlined"
)]

use super::challenge::Pace;
use super::each::Each;
use super::sight::{Members, Sight};

/// How many bargain side by side: enough that divisions and roots, which most of the time goes into, follow without a pause.
/// A module for browsers, whose vectors are half as wide, is smaller with fewer.
const SEATS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 8 };

/// Bargains for one council. `question` is a capability a member, then saliences and positions, a row a member and a column a
/// dimension; the positions become those after the last turn.
pub(super) fn rest_one(n_members: usize, n_dimensions: usize, most_turns: usize, question: &mut [f64]) {
    rest::<1>(n_members, n_dimensions, most_turns, question);
}

/// Bargains for all councils of `questions`, which are one after the other as in [`rest_one`].
pub(super) fn rest_all(n_members: usize, n_dimensions: usize, most_turns: usize, questions: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the line above checked that the machine has the instructions")]
        // SAFETY: the only requirement of `rest_avx2` is that the machine has AVX2.
        unsafe {
            rest_avx2(n_members, n_dimensions, most_turns, questions);
        }
        return;
    }
    rest_portable(n_members, n_dimensions, most_turns, questions);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn rest_avx2(n_members: usize, n_dimensions: usize, most_turns: usize, questions: &mut [f64]) {
    rest::<SEATS>(n_members, n_dimensions, most_turns, questions);
}

fn rest_portable(n_members: usize, n_dimensions: usize, most_turns: usize, questions: &mut [f64]) {
    rest::<SEATS>(n_members, n_dimensions, most_turns, questions);
}

/// Who sits in a seat.
#[derive(Clone, Copy)]
struct Seated {
    question: usize,
    pace: Pace,
}

#[inline(always)]
fn rest<const W: usize>(n_members: usize, n_dimensions: usize, most_turns: usize, questions: &mut [f64]) {
    let n_places = n_members * n_dimensions;
    let stride = n_members + 2 * n_places;
    let n_questions = questions.len() / stride;
    if n_questions == 0 || most_turns == 0 {
        return;
    }
    let mut members = Members::<W>::new(n_members, n_dimensions);
    let mut sight = Sight::<W>::new(n_members, n_dimensions);
    let mut seats: [Option<Seated>; W] = [None; W];
    let mut n_seated = 0;
    for (seat, seated) in seats.iter_mut().enumerate() {
        // A seat that stays empty holds a council too, so that its arithmetic is not slowed by what is not a number.
        let question = seat.min(n_questions - 1);
        members.seat(seat, &questions[question * stride..][..stride]);
        if seat < n_questions {
            *seated = Some(Seated { question, pace: Pace::default() });
            n_seated += 1;
        }
    }
    let mut waiting = n_seated;
    while n_seated > 0 {
        sight.turn(&members);
        let movement = movement(&members.position, &sight.next, n_dimensions);
        for (seat, seated) in seats.iter_mut().enumerate() {
            let Some(now) = seated else { continue };
            let is_quiet = now.pace.is_quiet_after(movement.0[seat]);
            // Where nobody moves, nobody will.
            let is_still = || {
                members
                    .position
                    .iter()
                    .zip(&sight.next)
                    .all(|(before, after)| before.0[seat] == after.0[seat])
            };
            if !(is_quiet || now.pace.n_turns() == most_turns || is_still()) {
                continue;
            }
            let positions = &mut questions[now.question * stride..][n_members + n_places..stride];
            for (place, after) in positions.iter_mut().zip(&sight.next) {
                *place = after.0[seat];
            }
            if waiting < n_questions {
                *seated = Some(Seated { question: waiting, pace: Pace::default() });
                waiting += 1;
            } else {
                *seated = None;
                n_seated -= 1;
            }
        }
        members.position.copy_from_slice(&sight.next);
        for (seat, seated) in seats.iter().enumerate() {
            if let Some(Seated { question, pace }) = seated
                && pace.n_turns() == 0
            {
                members.seat(seat, &questions[question * stride..][..stride]);
            }
        }
    }
}

/// How far the members move in all.
#[inline(always)]
fn movement<const W: usize>(before: &[Each<W>], after: &[Each<W>], n_dimensions: usize) -> Each<W> {
    let mut movement = Each::all(0.0);
    for (before, after) in before.chunks_exact(n_dimensions).zip(after.chunks_exact(n_dimensions)) {
        let mut squares = Each::all(0.0);
        for (&before, &after) in before.iter().zip(after) {
            let apart = before - after;
            squares = squares + apart * apart;
        }
        movement = movement + squares.square_root();
    }
    movement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::Council;
    use crate::random::mix;

    /// Numbers from 0 to 1 that look drawn.
    fn uniforms(seed: u64, n: usize) -> Vec<f64> {
        (0..n as u64).map(|at| (mix(mix(seed) ^ at) >> 11) as f64 / (1_u64 << 53) as f64).collect()
    }

    #[test]
    fn a_council_comes_out_the_same_alone_and_among_others_and_as_it_is_shown() {
        let mut n_compared = 0;
        for (n_members, n_dimensions, n_questions, most_turns) in
            [(4, 1, 131, 10), (2, 1, 8, 3), (3, 2, 20, 100), (7, 3, 9, 0), (9, 1, 5, 1), (30, 2, 3, 4)]
        {
            let n_places = n_members * n_dimensions;
            let stride = n_members + 2 * n_places;
            let mut questions = uniforms(stride as u64, n_questions * stride);
            for (number, question) in questions.chunks_exact_mut(stride).enumerate() {
                for salience in &mut question[n_members..][..n_places] {
                    // Half of the councils care fully, as where nobody says how much.
                    *salience =
                        if number % 2 == 0 { 1.0 } else { 0.01 + 0.98 * *salience } / n_dimensions as f64;
                }
                // Some agree, and some stand at the ends.
                for position in &mut question[n_members + n_places..] {
                    *position = (1.2 * *position - 0.1).clamp(0.0, 1.0);
                }
                if number % 5 == 0 {
                    question[n_members + n_places..].fill(0.25);
                }
            }
            let (mut wide, mut portable) = (questions.clone(), questions.clone());
            rest_all(n_members, n_dimensions, most_turns, &mut wide);
            rest_portable(n_members, n_dimensions, most_turns, &mut portable);
            for (number, question) in questions.chunks_exact(stride).enumerate() {
                let (capability, rest) = question.split_at(n_members);
                let (salience, position) = rest.split_at(n_places);
                let council = Council::new(capability.to_vec(), salience.to_vec()).expect("a council");
                let shown = council.bargain(position, most_turns);
                let shown = &shown.turns[shown.turns.len() - 1].positions;
                let bits = |places: &[f64]| places.iter().map(|place| place.to_bits()).collect::<Vec<_>>();
                let expected = bits(&council.rest(position, most_turns));
                assert_eq!(bits(shown), expected, "council {number} of {n_members}, as shown");
                for all in [&wide, &portable] {
                    let found = &all[number * stride..][..stride];
                    assert_eq!(
                        bits(&found[n_members + n_places..]),
                        expected,
                        "council {number} of {n_members}"
                    );
                    assert_eq!(bits(&found[..n_members + n_places]), bits(&question[..n_members + n_places]));
                    n_compared += 1;
                }
            }
        }
        assert_eq!(n_compared, 2 * (131 + 8 + 20 + 9 + 5 + 3));
    }
}
