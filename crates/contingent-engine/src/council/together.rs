//! Councils that bargain side by side.
//!
//! Enters: the numbers of councils with as many members and dimensions. Leaves: where their members stand when they have
//! bargained. Always holds: each comes out as [`Council::rest`](super::Council::rest) has it, to the bit, whoever its
//! neighbours are and whatever vectors the machine has; one that has ended gives its seat to the next.

use super::challenge::Pace;
use super::each::Each;
use super::sight::{Members, Sight};

/// How many bargain side by side: enough that divisions and roots, which most of the time goes into, follow without a pause.
const SEATS: usize = 8;

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
