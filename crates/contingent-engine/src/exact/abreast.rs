//! One round of jumps in lanes of whole registers.
//!
//! Enters: runs side by side, with the propensities of all clocks. Leaves: which clock rings next in each, and the runs after it. Always
//! holds: the bits are those of doing it lane by lane, as [`together`](super::together) does where a jump has effects or a propensity is not
//! finite; lanes behind the last run are worked on too, and nobody reads them.
//!
//! Every clock is looked at in every lane, and a number is taken from where the jump is not of this clock: zero. That is
//! dearer for many clocks than to follow the one that rings, and much cheaper for few.

#![expect(
    clippy::inline_always,
    reason = "loops over lanes vectorise for the instruction set of the caller only where all is inlined"
)]

use super::plan::Kinetics;
use super::rows::Row;
use super::together::{Layout, Move, Sides};

/// Lanes that are worked on in registers from clock to clock: stores of some lanes of a register only are slow on many machines.
const ABREAST: usize = 8;

/// The most clocks of a model whose jumps are made abreast.
pub(super) const MOST_CLOCKS: usize = 8;

/// 2^52, below whose bits those of a whole number stand in its sum with it.
const WHOLE: f64 = 4_503_599_627_370_496.0;

const SIGN: u64 = 1 << 63;

/// A whole number below 2^52 as one.
#[inline(always)]
pub(super) fn whole(number: f64) -> u64 {
    (number + WHOLE).to_bits() & 0x000f_ffff_ffff_ffff
}

/// All bits where it is so, none elsewhere. Choices of stored numbers are made with bits, since compilers make branches of others.
#[inline(always)]
fn mask(is_so: bool) -> u64 {
    u64::from(is_so).wrapping_neg()
}

/// The number where the mask has all bits; elsewhere zero, which subtracted leaves any number as it is, the sign of zero included.
#[inline(always)]
fn where_so(mask: u64, number: f64) -> f64 {
    f64::from_bits(mask & number.to_bits())
}

/// The lanes from `start` on of a row.
#[inline(always)]
fn lanes(rows: &[Row], row: usize, start: usize) -> &[f64; ABREAST] {
    rows[row].0[start..].first_chunk().expect("lanes are worked on eight at a time")
}

/// The lanes from `start` on of a row, to be changed.
#[inline(always)]
fn lanes_mut(rows: &mut [Row], row: usize, start: usize) -> &mut [f64; ABREAST] {
    rows[row].0[start..].first_chunk_mut().expect("lanes are worked on eight at a time")
}

/// Which clock rings next in every lane, or that none does before the next time; all clocks go on until then. Says whether every
/// propensity is finite.
#[inline(always)]
pub(super) fn find_next(
    rows: &mut [Row],
    jumps: &[Move],
    layout: Layout,
    none: usize,
    width: usize,
    sides: &mut Sides,
) -> bool {
    let mut doubts = [0.0; ABREAST];
    for start in (0..width).step_by(ABREAST) {
        let mut earliest = *lanes(rows, layout.left, start);
        let (mut winner, mut doubt) = ([none as u64; ABREAST], [0.0; ABREAST]);
        for (i, jump) in jumps[..none].iter().enumerate() {
            let propensity = lanes(rows, jump.propensity as usize, start);
            let remaining = lanes(rows, layout.remaining + i, start);
            for lane in 0..ABREAST {
                let speed = propensity[lane].abs();
                // A clock that stands still never rings: infinite, or not a number.
                let rings = remaining[lane] / speed;
                winner[lane] = if rings < earliest[lane] { i as u64 } else { winner[lane] };
                earliest[lane] = if rings < earliest[lane] { rings } else { earliest[lane] };
                doubt[lane] += speed * 0.0;
            }
        }
        for (i, jump) in jumps[..none].iter().enumerate() {
            let propensity = *lanes(rows, jump.propensity as usize, start);
            let remaining = lanes_mut(rows, layout.remaining + i, start);
            for lane in 0..ABREAST {
                let after = remaining[lane] - propensity[lane].abs() * earliest[lane];
                remaining[lane] = if after > 0.0 { after } else { 0.0 };
            }
        }
        for (left, earliest) in lanes_mut(rows, layout.left, start).iter_mut().zip(earliest) {
            *left -= earliest;
        }
        sides.winner[start..start + ABREAST].copy_from_slice(&winner);
        sides.doubt[start..start + ABREAST].copy_from_slice(&doubt);
        for (all, doubt) in doubts.iter_mut().zip(doubt) {
            *all += doubt;
        }
    }
    doubts.iter().sum::<f64>() == 0.0
}

/// Counts the ring of the clock that has won in every lane, and names its waiting time.
#[inline(always)]
pub(super) fn ring(
    rows: &mut [Row],
    jumps: &[Move],
    layout: Layout,
    none: usize,
    width: usize,
    sides: &mut Sides,
) {
    for start in (0..width).step_by(ABREAST) {
        let winner: [u64; ABREAST] = *sides.winner[start..].first_chunk().expect("as many lanes");
        let (mut key, mut counter) = ([0; ABREAST], [0; ABREAST]);
        for (i, jump) in jumps[..none].iter().enumerate() {
            let rung = lanes_mut(rows, layout.rung + i, start);
            for lane in 0..ABREAST {
                let is = mask(winner[lane] == i as u64);
                rung[lane] -= where_so(is, -1.0);
                counter[lane] |= is & rung[lane].to_bits();
                key[lane] |= is & jump.key;
            }
        }
        sides.key[start..start + ABREAST].copy_from_slice(&key);
        let counter = counter.map(|bits| whole(f64::from_bits(bits)));
        sides.counter[start..start + ABREAST].copy_from_slice(&counter);
    }
}

/// Makes the jump of every lane and winds up the clock that has rung.
#[inline(always)]
pub(super) fn jump(
    rows: &mut [Row],
    jumps: &[Move],
    layout: Layout,
    kinetics: &Kinetics,
    width: usize,
    sides: &Sides,
) {
    let [clipped, spare] = [kinetics.clipped, kinetics.spare].map(|row| row as usize);
    let none = kinetics.jumps.len();
    for start in (0..width).step_by(ABREAST) {
        let winner: &[u64; ABREAST] = sides.winner[start..].first_chunk().expect("as many lanes");
        let fresh: &[f64; ABREAST] = sides.fresh[start..].first_chunk().expect("as many lanes");
        for (i, jump) in jumps[..none].iter().enumerate() {
            let remaining = lanes_mut(rows, layout.remaining + i, start);
            for lane in 0..ABREAST {
                let is = mask(winner[lane] == i as u64);
                let bits = fresh[lane].to_bits() & is | remaining[lane].to_bits() & !is;
                remaining[lane] = f64::from_bits(bits);
            }
            let [from, to] = [jump.from[0], jump.to[0]].map(|row| row as usize);
            let propensity = *lanes(rows, jump.propensity as usize, start);
            let mut empty = [0; ABREAST];
            if jump.limited != [false; 2] {
                let limited = jump.limited.map(mask);
                let (source, sink) = (*lanes(rows, from, start), *lanes(rows, to, start));
                for lane in 0..ABREAST {
                    let backwards = mask(propensity[lane] < 0.0);
                    empty[lane] = !backwards & limited[0] & mask(source[lane] < 1.0)
                        | backwards & limited[1] & mask(sink[lane] < 1.0);
                }
                for (lane, refused) in lanes_mut(rows, clipped, start).iter_mut().enumerate() {
                    *refused -= where_so(mask(winner[lane] == i as u64) & empty[lane], -1.0);
                }
            }
            let mut goes = [0; ABREAST];
            // One leaves the source, or one less than nothing where the jump goes backwards.
            let mut one = [0; ABREAST];
            for lane in 0..ABREAST {
                goes[lane] = mask(winner[lane] == i as u64) & !empty[lane];
                one[lane] = 1.0_f64.to_bits() ^ mask(propensity[lane] < 0.0) & SIGN;
            }
            if from != spare {
                for (lane, left) in lanes_mut(rows, from, start).iter_mut().enumerate() {
                    *left -= f64::from_bits(goes[lane] & one[lane]);
                }
            }
            if to != spare {
                for (lane, there) in lanes_mut(rows, to, start).iter_mut().enumerate() {
                    *there -= f64::from_bits(goes[lane] & (one[lane] ^ SIGN));
                }
            }
            if jump.total as usize != spare {
                for (lane, total) in lanes_mut(rows, jump.total as usize, start).iter_mut().enumerate() {
                    *total -= where_so(goes[lane], -1.0);
                }
            }
        }
    }
}
