//! Digests of columns of numbers.
//!
//! Enters: numbers. Leaves: sixteen hexadecimal digits. Always holds: two digests differ when a single bit of a number differs (but
//! for one chance in 2^64), or when numbers change places; all not-a-numbers are one, since their payload means nothing.

use contingent_engine::random::mix;

/// What stands for every not-a-number.
const NOT_A_NUMBER: u64 = 0x7ff8_0000_0000_0000;

/// The digest of columns, one after the other.
pub(crate) fn digest<'a>(columns: impl IntoIterator<Item = &'a [f64]>) -> String {
    let mut state = 0_u64;
    for column in columns {
        state = mix(state ^ column.len() as u64);
        for &value in column {
            let bits = if value.is_nan() { NOT_A_NUMBER } else { value.to_bits() };
            state = mix(state ^ bits);
        }
    }
    format!("{state:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_or_one_place_makes_another_digest() {
        let values = [0.1, 0.2, f64::NAN, f64::INFINITY, -0.0];
        let known = digest([&values[..]]);
        assert_eq!(known.len(), 16);
        assert_eq!(digest([&[0.1, 0.2, -f64::NAN, f64::INFINITY, -0.0][..]]), known);
        let others: [&[f64]; 4] = [
            &[0.2, 0.1, f64::NAN, f64::INFINITY, -0.0],
            &[0.1, 0.2, f64::NAN, f64::INFINITY, 0.0],
            &[0.1_f64.next_up(), 0.2, f64::NAN, f64::INFINITY, -0.0],
            &[0.1, 0.2, f64::NAN, f64::INFINITY],
        ];
        for other in others {
            assert_ne!(digest([other]), known);
        }
        assert_ne!(digest([&values[..2], &values[2..]]), known);
    }
}
