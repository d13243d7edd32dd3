//! Names of random streams and the keys made from them.
//!
//! Enters: a declaration's name, an element, an ordinal; a seed. Leaves: 64-bit hashes and keys. Always holds: the
//! hashes are defined here to the bit and are part of what makes a run reproducible.

use super::philox::RoundKeys;

/// The hash that identifies a stream: the `ordinal`th draw of `element` of `declaration`.
///
/// FNV-1a with 64 bits (Fowler, Noll and Vo 1991) over the names, each closed by the byte 255, which no UTF-8 text
/// contains, and the ordinal's four bytes, lowest first; finished by [`mix`], since FNV alone leaves the high bits of
/// short names alike. Among a million streams two share a hash with probability 3e-8.
pub fn stream_hash(declaration: &str, element: &str, ordinal: u32) -> u64 {
    let closing: &[u8] = &[255];
    let parts = [declaration.as_bytes(), closing, element.as_bytes(), closing, &ordinal.to_le_bytes()];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().copied().flatten() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash)
}

/// A bijection of 64-bit words under which every input bit changes about half the output bits: the finaliser of
/// splitmix64 (Steele, Lea and Flood 2014, with Stafford's thirteenth set of constants), after its increment, so that
/// zero is not a fixed point.
#[inline]
pub fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The key of one stream under one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey(u64);

impl StreamKey {
    /// The key of the stream with this hash (see [`stream_hash`]). For one seed, unlike hashes give unlike keys.
    pub fn new(seed: u64, stream_hash: u64) -> Self {
        Self(mix(mix(seed) ^ stream_hash))
    }

    /// The key as a word.
    pub fn word(self) -> u64 {
        self.0
    }

    /// The keys of Philox's ten rounds, to be computed once per stream.
    pub fn round_keys(self) -> RoundKeys {
        RoundKeys::new(self.0)
    }
}
