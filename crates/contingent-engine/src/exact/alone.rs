//! The last of the runs that go side by side, one after the other to the next time.
//!
//! Enters: a lane that is under way. Leaves: it at the next time. Always holds: the bits are those of the rounds that
//! it would have gone through with others.
//!
//! Where runs differ much in how often they jump, one or two are left late in a step, and a round costs as much for
//! them as for eight.

#![expect(
    clippy::inline_always,
    reason = "what is drawn ahead vectorises for the instruction set of the caller only where all is inlined"
)]

use super::abreast::whole;
use super::ahead::Ahead;
use super::plan::Kinetics;
use super::rows::{Row, apply_single};
use super::together::{Layout, Move, have_effects};
use super::{MOST_JUMPS, Trouble};
use crate::lower::Lowered;
use crate::random::RoundKeys;

/// Jumps until the next time, after `n_rounds` jumps in this step; says what stopped the run before it. `place` is that of the run in
/// `ahead`.
#[expect(clippy::too_many_arguments, reason = "the lane is part of the rows")]
#[inline(always)]
pub(super) fn finish(
    rows: &mut [Row],
    lane: usize,
    kinetics: &Kinetics,
    jumps: &[Move],
    layout: Layout,
    lowered: &Lowered,
    streams: &[RoundKeys],
    ahead: &mut Ahead,
    place: usize,
    mut n_rounds: u32,
) -> Option<Trouble> {
    let none = kinetics.jumps.len();
    let tables = lowered.graph.tables();
    let [draw, replication] = [layout.draw, layout.replication].map(|row| rows[row].0[lane].to_bits());
    loop {
        for instruction in &kinetics.program {
            rows[instruction.out as usize].0[lane] =
                apply_single(instruction.operation, tables, |row| rows[row as usize].0[lane]);
        }
        let mut earliest = rows[layout.left].0[lane];
        let mut winner = none;
        let mut doubt = 0.0;
        for (clock, jump) in jumps[..none].iter().enumerate() {
            let speed = rows[jump.propensity as usize].0[lane].abs();
            // A clock that stands still never rings: infinite, or not a number.
            let rings = rows[layout.remaining + clock].0[lane] / speed;
            if rings < earliest {
                (earliest, winner) = (rings, clock);
            }
            doubt += speed * 0.0;
        }
        // Not a number where a propensity was not finite.
        if doubt != 0.0 {
            let culprit =
                jumps[..none].iter().position(|jump| !rows[jump.propensity as usize].0[lane].is_finite());
            return Some(Trouble::NotFinite(culprit.unwrap_or(0)));
        }
        for (clock, jump) in jumps[..none].iter().enumerate() {
            let speed = rows[jump.propensity as usize].0[lane].abs();
            let remaining = &mut rows[layout.remaining + clock].0[lane];
            let after = *remaining - speed * earliest;
            *remaining = if after > 0.0 { after } else { 0.0 };
        }
        rows[layout.left].0[lane] -= earliest;
        if winner == none {
            return None;
        }
        let jump = &jumps[winner];
        let rung = &mut rows[layout.rung + winner].0[lane];
        *rung += 1.0;
        let counter = whole(*rung);
        rows[layout.remaining + winner].0[lane] =
            ahead.waiting_time(place, winner, jump.key, draw, replication, counter);
        let direction = usize::from(rows[jump.propensity as usize].0[lane] < 0.0);
        let (from, to) = (jump.from[direction] as usize, jump.to[direction] as usize);
        let left = rows[from].0[lane];
        if jump.limited[direction] && left < 1.0 {
            rows[kinetics.clipped as usize].0[lane] += 1.0;
        } else {
            if jump.has_effects {
                let identity = [draw as u32, replication as u32];
                have_effects(kinetics, winner, lowered, streams, rows, lane, identity, counter as u32);
            }
            rows[from].0[lane] = left - 1.0;
            rows[to].0[lane] += 1.0;
            rows[jump.total as usize].0[lane] += 1.0;
        }
        n_rounds += 1;
        if n_rounds == MOST_JUMPS {
            return Some(Trouble::TooMany(winner));
        }
    }
}
