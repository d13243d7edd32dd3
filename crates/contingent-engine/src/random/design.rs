//! The design of assumptions: one scrambled van der Corput sequence per name.
//!
//! Enters: a seed, the hash of an assumption's name, the position of a draw. Leaves: [`stratified_uniform`]. Always
//! holds: among the first 2^k draws each of 2^k equal cells of 0..1 holds exactly one; a draw is computed without
//! its predecessors; names do not influence one another.

use super::stream::mix;

/// The point of draw `index` on the axis of one assumption, strictly between 0 and 1, a multiple of 2^-33.
///
/// The position is shuffled and the radical inverse scrambled, each by a nested uniform scrambling (Owen 1995) keyed
/// with seed and name, computed by hashing (Laine and Karras 2011; Burley 2020). Shuffling makes the axes of
/// different names independent of one another where a Sobol' sequence would need directions per axis. Any
/// aligned block of 2^k positions, not only the first, is stratified.
pub fn stratified_uniform(seed: u64, name_hash: u64, index: u32) -> f64 {
    let key = mix(mix(!seed) ^ name_hash);
    let (shuffle, scramble) = (key as u32, (key >> 32) as u32);
    // The shuffle acts on the reversed position and its result is reversed twice: once to become a position, once
    // more for the radical inverse. Both cancel.
    let radical_inverse = permute_upwards(index.reverse_bits(), shuffle);
    let scrambled = permute_upwards(radical_inverse.reverse_bits(), scramble).reverse_bits();
    (f64::from(scrambled) + 0.5) * (1.0 / 4_294_967_296.0)
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
