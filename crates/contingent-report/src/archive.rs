//! Texts packed into one ZIP file (PKWARE, APPNOTE 6.3), so that a page that holds a model stays small.
//!
//! Enters: names and texts. Leaves: bytes. Always holds: the same texts give the same bytes; no name leads out of the folder into
//! which the file is unpacked.

use miniz_oxide::deflate::compress_to_vec;

/// The effort of packing: all of it, since a page is read more often than written.
const LEVEL: u8 = 9;

/// 1 January 1980, the first day that the format knows: a file of results carries no time of its making.
const DATE: u16 = 0x21;

/// Texts as one ZIP file.
pub fn zip<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    let mut n_files: u16 = 0;
    for (name, text) in files {
        let name = inside(name);
        let packed = compress_to_vec(text.as_bytes(), LEVEL);
        let start = bytes.len() as u32;
        let mut common: Vec<u8> = Vec::new();
        // Version 2.0, names in UTF-8, deflated, no time, the date.
        for field in [20_u16, 0x0800, 8, 0, DATE] {
            common.extend(field.to_le_bytes());
        }
        for field in [checksum(text.as_bytes()), packed.len() as u32, text.len() as u32] {
            common.extend(field.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        bytes.extend(0x0403_4b50_u32.to_le_bytes());
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(&packed);
        directory.extend(0x0201_4b50_u32.to_le_bytes());
        directory.extend(20_u16.to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, no attributes.
        directory.extend([0_u8; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
        n_files += 1;
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(0x0605_4b50_u32.to_le_bytes());
    bytes.extend([0_u8; 4]);
    bytes.extend(n_files.to_le_bytes());
    bytes.extend(n_files.to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend(0_u16.to_le_bytes());
    bytes
}

/// A name that stays within the folder.
fn inside(name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let name: String =
        parts.join("/").chars().filter(|letter| !letter.is_control() && *letter != ':').collect();
    let cut: String = name.chars().take(200).collect();
    if cut.is_empty() { "file".to_owned() } else { cut }
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
    }

    #[test]
    fn what_was_packed_comes_out() {
        let text = "stock a = 1\n".repeat(50);
        let bytes = zip([("a.ctg", text.as_str()), ("b.csv", "x,y\n")]);
        let packed = u32::from_le_bytes(bytes[18..22].try_into().expect("four bytes")) as usize;
        let start = 30 + "a.ctg".len();
        let unpacked =
            miniz_oxide::inflate::decompress_to_vec(&bytes[start..start + packed]).expect("it unpacks");
        assert_eq!(String::from_utf8(unpacked).expect("text"), text);
        assert_eq!(&bytes[bytes.len() - 12..bytes.len() - 10], &2_u16.to_le_bytes());
    }
}
