//! Philox4x32-10, the counter-based generator, and uniforms made from it.
//!
//! Enters: round keys and a counter of four 32-bit words. Leaves: four 32-bit words, or two uniforms. Always holds:
//! the output is that of Salmon, Moraes, Dror and Shaw 2011 ("Parallel random numbers: as easy as 1, 2, 3"), and the
//! code is free of branches and written over [`Word`], so that loops over runs vectorise.

use crate::math::{Lane, Word};

const MULTIPLIERS: [u64; 2] = [0xd251_1f53, 0xcd9e_8d57];
/// The golden ratio and the square root of three less one, as fractions of 2^32.
const INCREMENTS: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];

pub(crate) const N_ROUNDS: usize = 10;

/// The two 32-bit keys of each of the ten rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct RoundKeys([[u64; 2]; N_ROUNDS]);

impl RoundKeys {
    /// Expands a 64-bit key, whose low half is the first key word.
    pub fn new(key: u64) -> Self {
        let (mut first, mut second) = (key as u32, (key >> 32) as u32);
        Self(std::array::from_fn(|_| {
            let pair = [u64::from(first), u64::from(second)];
            first = first.wrapping_add(INCREMENTS[0]);
            second = second.wrapping_add(INCREMENTS[1]);
            pair
        }))
    }

    /// The two key words of each round.
    pub fn words(&self) -> &[[u64; 2]; N_ROUNDS] {
        &self.0
    }
}

/// Ten rounds of Philox over a counter of 32-bit words, each in the low half of a 64-bit word.
///
/// The high halves of the results are not meaningful.
#[inline(always)]
pub fn philox<W: Word>(keys: &RoundKeys, counter: [W; 4]) -> [W; 4] {
    philox_rounds(|round| keys.0[round].map(|key| counter[0].constant(key)), counter)
}

/// [`philox`] with the two keys of each round from a function.
#[inline(always)]
pub(crate) fn philox_rounds<W: Word>(keys: impl Fn(usize) -> [W; 2], counter: [W; 4]) -> [W; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    for round in 0..N_ROUNDS {
        let [first, second] = keys(round);
        // The products' high halves ride along unused: the multiplication reads low halves only.
        let product0 = c0.multiply_low_halves(c0.constant(MULTIPLIERS[0]));
        let product1 = c2.multiply_low_halves(c2.constant(MULTIPLIERS[1]));
        c0 = product1.shift_right(32).xor(c1).xor(first);
        c2 = product0.shift_right(32).xor(c3).xor(second);
        c1 = product1;
        c3 = product0;
    }
    [c0, c1, c2, c3]
}

/// The uniform (2k+1) 2^-53, where k has the low half of `high` and the top 20 bits of the low half of `low`.
///
/// Never 0 or 1; the subtraction is exact.
#[inline(always)]
pub fn uniform_from_words<W: Word>(high: W, low: W) -> W::Real {
    let low_half = high.constant(0xffff_ffff);
    let mantissa = high.and(low_half).shift_left(20).or(low.and(low_half).shift_right(12));
    let above_one = mantissa.or(high.constant(0x3ff0_0000_0000_0000)).real();
    // 1 - 2^-53.
    above_one - above_one.constant(0.999_999_999_999_999_9)
}

/// Two independent uniforms in the open interval 0..1: the first for the step `2 step_pair`, the second for the step
/// after it.
///
/// `draw` is the position of the draw of the assumptions, `slot` tells apart several numbers that one element needs
/// in one step.
#[inline(always)]
pub fn uniform_pair(keys: &RoundKeys, draw: u32, replication: u32, step_pair: u32, slot: u32) -> (f64, f64) {
    let counter = [u64::from(draw), u64::from(replication), u64::from(step_pair), u64::from(slot)];
    let [c0, c1, c2, c3] = philox(keys, counter);
    (uniform_from_words(c0, c1), uniform_from_words(c2, c3))
}

/// The first uniform of [`uniform_pair`] where lanes differ in the key: `key` is that of
/// [`StreamKey::word`](super::StreamKey::word).
#[inline(always)]
pub(crate) fn uniform_of_key(key: u64, draw: u64, replication: u64, counter: u64) -> f64 {
    // Carries into the high halves are not read.
    let of_round = |half: u64, increment: u32, round: usize| {
        half.wrapping_add(u64::from(increment).wrapping_mul(round as u64))
    };
    let keys = |round| [of_round(key, INCREMENTS[0], round), of_round(key >> 32, INCREMENTS[1], round)];
    let [c0, c1, ..] = philox_rounds(keys, [draw, replication, counter, 0]);
    uniform_from_words(c0, c1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_per_lane_gives_the_uniforms_of_its_round_keys() {
        for key in [0, 1, 0xffff_ffff, 0x0123_4567_89ab_cdef, u64::MAX] {
            for counter in [0, 1, 77, u32::MAX] {
                let (expected, _) = uniform_pair(&RoundKeys::new(key), 5, counter ^ 9, counter, 0);
                let found = uniform_of_key(key, 5, u64::from(counter ^ 9), u64::from(counter));
                assert_eq!(found.to_bits(), expected.to_bits(), "{key:x} {counter}");
            }
        }
    }
}
