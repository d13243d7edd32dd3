//! The design of assumptions: one scrambled van der Corput sequence per name.
//!
//! Enters: a seed, the hash of an assumption's name, the position of a draw. Leaves: [`stratified_uniform`]. Always
//! holds: among the first 2^k draws each of 2^k equal cells of 0..1 holds exactly one; a draw is computed without
//! its predecessors; names do not influence one another.

use super::stream::mix;

/// The point of draw `index` on the axis of one assumption, strictly between 0 and 1, a multiple of 2^-33.
///
/// The radical inverse of the position is scrambled by a nested uniform scrambling (Owen 1995) keyed with seed and
/// name, computed by hashing (Laine and Karras 2011; Burley 2020). Before that, the positions of each octave, from
/// 2^k to 2^(k+1) - 1, are permuted among themselves with a keyed permutation: the first 2^k draws stay the same set
/// of points, which keeps them stratified, while the axes of different names are paired at random, as in a Latin
/// hypercube (`McKay`, Beckman and Conover 1979). A nested scrambling of the positions would be simpler, but keeps
/// neighbours together on every axis at once: the variance of interactions is then 1.6 times that of independent
/// draws, and intervals that assume independence do not cover.
pub fn stratified_uniform(seed: u64, name_hash: u64, index: u32) -> f64 {
    let key = mix(mix(!seed) ^ name_hash);
    let position = permute_octave(index, key);
    let radical_inverse = position.reverse_bits();
    let scrambled = permute_upwards(radical_inverse.reverse_bits(), (key >> 32) as u32).reverse_bits();
    (f64::from(scrambled) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// A keyed permutation of the positions from `2^k` to `2^(k+1) - 1`, for every `k`; 0 stays where it is. Each round is a
/// bijection of k bits: an odd factor and an addend modulo 2^k, and a shift to the right that is folded in.
fn permute_octave(index: u32, key: u64) -> u32 {
    let Some(k) = index.checked_ilog2() else { return 0 };
    let mask = (1_u32 << k) - 1;
    let shift = (k / 2).max(1);
    let mut place = index & mask;
    for round in 0..6_u64 {
        let word = mix(key ^ (u64::from(k) << 8) ^ (round << 4) ^ 0x6f63_7461_7665);
        let (factor, addend) = ((word as u32) | 1, (word >> 32) as u32);
        place = place.wrapping_mul(factor).wrapping_add(addend) & mask;
        place ^= place >> shift;
    }
    (1 << k) | place
}

/// A keyed bijection in which each bit depends only on itself and the lower bits, the form of Laine and Karras 2011
/// with the constants and the order of operations of Vegdahl 2021 ("Building a better LK hash").
fn permute_upwards(value: u32, key: u32) -> u32 {
    let mut x = value;
    x ^= x.wrapping_mul(0x3d20_adea);
    x = x.wrapping_add(key);
    x = x.wrapping_mul((key >> 16) | 1);
    x ^= x.wrapping_mul(0x0552_6c56);
    x ^= x.wrapping_mul(0x53a2_2864);
    x
}
