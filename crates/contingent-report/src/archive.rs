//! Texts packed into one file, so that a page that holds a model stays small.
//!
//! Enters: names and texts. Leaves: bytes of a `.tar.gz` file (POSIX.1-2001, ustar; RFC 1952), which packs texts that share their words a
//! fifth smaller than a ZIP file, where each is packed by itself. Always holds: the same texts give the same bytes; no name leads out of
//! the folder into which the file is unpacked.

use miniz_oxide::deflate::compress_to_vec;

/// The effort of packing: all of it, since a page is read more often than written.
const LEVEL: u8 = 10;

/// Bytes of a block.
const N_BLOCK: usize = 512;

/// Texts as one `.tar.gz` file.
pub fn tar_gz<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut tar: Vec<u8> = Vec::new();
    for (name, text) in files {
        tar.extend(head(&inside(name), text.len()));
        tar.extend(text.as_bytes());
        tar.resize(tar.len().next_multiple_of(N_BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * N_BLOCK, 0);
    // Deflated, no name, no time, packed as small as can be, made on no system in particular.
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    bytes.extend(compress_to_vec(&tar, LEVEL));
    bytes.extend(checksum(&tar).to_le_bytes());
    bytes.extend((tar.len() as u32).to_le_bytes());
    bytes
}

/// What stands before a text: its name and length, readable by all and of no time.
fn head(name: &str, length: usize) -> [u8; N_BLOCK] {
    let mut block = [0; N_BLOCK];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{length:011o}"));
    put(136, "00000000000");
    // The sum counts its own place as blanks.
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// A name that stays within the folder.
fn inside(name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let name: String =
        parts.join("/").chars().filter(|letter| !letter.is_control() && *letter != ':').collect();
    // A head has room for a hundred bytes.
    let mut cut = name.as_str();
    while cut.len() > 100 {
        let mut letters = cut.chars();
        letters.next_back();
        cut = letters.as_str();
    }
    if cut.is_empty() { "file".to_owned() } else { cut.to_owned() }
}

/// The checksum of the format: CRC-32 with the polynomial 0xEDB88320, reflected.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for &byte in bytes {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_format() {
        // The check value of CRC-32 in every catalogue of such sums.
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn names_stay_inside() {
        let names = ["a.ctg", "../../etc/x", "/a/b.csv", "..", "c:\\x\u{0}y"].map(inside);
        assert_eq!(names, ["a.ctg", "etc/x", "a/b.csv", "file", "c/xy"]);
        assert!(inside(&"\u{e9}".repeat(90)).len() <= 100);
    }

    #[test]
    fn what_was_packed_comes_out() {
        let text = "stock a = 1\n".repeat(50);
        let bytes = tar_gz([("a.ctg", text.as_str()), ("b.csv", "x,y\n")]);
        assert_eq!(bytes, tar_gz([("a.ctg", text.as_str()), ("b.csv", "x,y\n")]));
        let tar = miniz_oxide::inflate::decompress_to_vec(&bytes[10..bytes.len() - 8]).expect("it unpacks");
        assert_eq!(bytes[bytes.len() - 8..bytes.len() - 4], checksum(&tar).to_le_bytes());
        assert!(tar.starts_with(b"a.ctg\0") && tar.len().is_multiple_of(N_BLOCK));
        assert_eq!(&tar[N_BLOCK..N_BLOCK + text.len()], text.as_bytes());
        let second = N_BLOCK + text.len().next_multiple_of(N_BLOCK);
        assert!(tar[second..].starts_with(b"b.csv\0"));
        assert_eq!(&tar[second + 124..second + 136], b"00000000004\0");
        assert_eq!(&tar[second + N_BLOCK..second + N_BLOCK + 4], b"x,y\n");
    }
}
