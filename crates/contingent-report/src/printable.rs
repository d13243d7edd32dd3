//! Bytes as printable letters, denser than base64.
//!
//! Enters: bytes. Leaves: letters of ASCII that may stand in a script element. Always holds: no letter is `<`, so nothing ends the
//! element or begins a comment in it; none is blank; the same bytes give the same letters; the script of pages reads them back.
//!
//! Two letters of 93 tell apart 8,649 numbers: 13 bits, and for the lowest numbers, which leave room above 8,191, 14 bits, as in
//! basE91 (Henke 2006) with two letters more. A byte takes 1.225 letters, where base64 takes 1.333.

/// The first letter, `!`; the last is `~`.
const FIRST: u8 = b'!';
/// The letter that is left out.
const OPENING: u8 = b'<';
/// How many letters there are.
const N_LETTERS: u32 = 93;
/// How many numbers of two letters are left beside those of 13 bits.
const N_SPARE: u32 = N_LETTERS * N_LETTERS - (1 << 13);

/// Bytes as letters.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5 / 4 + 2);
    let (mut held, mut n_held) = (0_u32, 0_u32);
    for &byte in bytes {
        held |= u32::from(byte) << n_held;
        n_held += 8;
        if n_held > 13 {
            // A number whose 13 low bits are among the lowest stands for one bit more.
            let low = held & 0x1fff;
            let (number, n_bits) = if low < N_SPARE { (held & 0x3fff, 14) } else { (low, 13) };
            held >>= n_bits;
            n_held -= n_bits;
            push(&mut text, number);
        }
    }
    if n_held > 0 {
        // What is missing of the last number are zeros, which the reader drops with whatever is less than a byte.
        push(&mut text, held);
    }
    text
}

/// Two letters, the lower part first. With 14 bits a number is at most 8,192 + 456.
fn push(text: &mut String, number: u32) {
    for part in [number % N_LETTERS, number / N_LETTERS] {
        let letter = FIRST + part as u8;
        text.push(char::from(if letter >= OPENING { letter + 1 } else { letter }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the script of pages reads it.
    fn read(text: &str) -> Vec<u8> {
        let value = |letter: u8| u32::from(letter - if letter > OPENING { FIRST + 1 } else { FIRST });
        let mut bytes = Vec::new();
        let (mut held, mut n_held) = (0_u32, 0_u32);
        for pair in text.as_bytes().chunks_exact(2) {
            let number = value(pair[0]) + N_LETTERS * value(pair[1]);
            held |= number << n_held;
            n_held += if number & 0x1fff < N_SPARE { 14 } else { 13 };
            while n_held >= 8 {
                bytes.push(held as u8);
                held >>= 8;
                n_held -= 8;
            }
        }
        bytes
    }

    /// Bytes without a pattern.
    fn noise(n: usize) -> Vec<u8> {
        let mut state = 88_172_645_463_325_252_u64;
        (0..n)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8
            })
            .collect()
    }

    #[test]
    fn what_was_written_is_read_back_but_for_zeros_at_the_end() {
        for n in (0..70).chain([5_000]) {
            for bytes in [noise(n), vec![0; n], vec![255; n]] {
                let found = read(&printable(&bytes));
                assert!(found.len() >= n && found.len() <= n + 1, "{n} became {}", found.len());
                assert_eq!(found[..n], bytes[..]);
                assert!(found[n..].iter().all(|&byte| byte == 0));
            }
        }
    }

    #[test]
    fn letters_cannot_end_their_element_and_are_fewer_than_in_base64() {
        let bytes = noise(60_000);
        let text = printable(&bytes);
        assert!(text.bytes().all(|letter| letter.is_ascii_graphic() && letter != b'<'));
        assert!((text.len() as f64) < 1.228 * bytes.len() as f64, "{}", text.len());
    }
}
