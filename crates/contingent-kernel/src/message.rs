//! How a page and the kernel talk: lists of texts.
//!
//! Enters: texts, or bytes. Leaves: bytes, or texts. Always holds: each text is its length in bytes as 32 bits, the low byte first,
//! and then itself in UTF-8; so no text has to be escaped, and reading is the reverse of writing.

/// A list of texts as bytes.
pub fn write<T: AsRef<str>>(texts: &[T]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(texts.iter().map(|text| text.as_ref().len() + 4).sum());
    for text in texts {
        let text = text.as_ref();
        // A page cannot hold a text of 4 GiB.
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}

/// The list of texts that bytes hold; none when they hold something else.
pub fn read(bytes: &[u8]) -> Option<Vec<&str>> {
    pieces(bytes)?.into_iter().map(|text| std::str::from_utf8(text).ok()).collect()
}

/// The pieces, each behind its length, of which bytes consist; none when they do not.
pub(crate) fn pieces(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (piece, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        pieces.push(piece);
        bytes = rest;
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let texts = ["", "a\u{0}b", "двое\n", "</script>"];
        assert_eq!(read(&write(&texts)), Some(texts.to_vec()));
        assert_eq!(read(&[]), Some(Vec::new()));
        for broken in [&[1, 0, 0][..], &[2, 0, 0, 0, b'a'], &[1, 0, 0, 0, 0xff], &[255, 255, 255, 255, 1]] {
            assert_eq!(read(broken), None, "{broken:?}");
        }
    }
}
