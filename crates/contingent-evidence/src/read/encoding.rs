//! From bytes to characters, whatever the encoding.
//!
//! Enters: bytes, and the encoding that the file declares if it does. Leaves: characters, without the byte-order mark.
//! Always holds: bytes that are no characters in the encoding become U+FFFD and are counted; nothing is refused.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Characters and how they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The characters.
    pub text: String,
    /// How they were written, by the name that the web has for it.
    pub encoding: &'static str,
    /// Characters that could not be read.
    pub n_replaced: usize,
}

/// As many bytes are looked at to tell an encoding that nothing declares.
const LOOKED_AT: usize = 1024 * 1024;

/// Reads bytes. A byte-order mark decides, then sound UTF-8, then what is declared, then the statistics of the language.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = unmarked_utf_16(bytes) {
        return with(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), n_replaced: 0 };
    }
    // A declaration of UTF-8 or UTF-16 is wrong here, or nearly right: a few broken characters are no other encoding.
    if let Some(encoding) = declared.and_then(|label| Encoding::for_label(label.as_bytes())) {
        let is_unicode = [UTF_8, UTF_16BE, UTF_16LE].contains(&encoding);
        if !is_unicode || encoding == UTF_8 && is_nearly_utf_8(bytes) {
            return with(encoding, bytes);
        }
    }
    if is_nearly_utf_8(bytes) {
        return with(UTF_8, bytes);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(LOOKED_AT)], bytes.len() <= LOOKED_AT);
    with(detector.guess(None, chardetng::Utf8Detection::Allow), bytes)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let n_replaced = text.matches('\u{fffd}').count();
    Decoded { text: text.into_owned(), encoding: encoding.name(), n_replaced }
}

/// UTF-16 without a mark: every second byte is zero for as good as all of a text with Latin letters, spaces and digits.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let looked_at = &bytes[..bytes.len().min(4096) & !1];
    if looked_at.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| looked_at.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), looked_at.len() / 2);
    if odd * 10 >= half && even == 0 {
        Some(UTF_16LE)
    } else if even * 10 >= half && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether all but a few of the characters beyond ASCII are sound UTF-8.
fn is_nearly_utf_8(bytes: &[u8]) -> bool {
    let (mut n_sound, mut n_broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        n_sound += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        n_broken += usize::from(!chunk.invalid().is_empty());
    }
    n_sound > 10 * n_broken
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &str = "Представитель движения заявил, что переговоры продолжатся весной, и добавил: «Мы не ждём долгой \
        осады». Торговцы на рынке были уверены в этом меньше.";
    const ARABIC: &str = "قال المتحدث إن المحادثات ستستمر في الربيع، وأضاف أن أحدا لا يتوقع حصارا طويلا. التجار في السوق \
        القديم كانوا أقل يقينا منه في ذلك.";
    const GERMAN: &str =
        "„Wir erwarten keine lange Belagerung“, sagte der Gesandte, der am Vorabend über die Nordstraße kam.";

    fn round(text: &str, label: &str) -> Decoded {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy);
        decode(&bytes, None)
    }

    #[test]
    fn encodings_of_one_byte_are_told_by_the_language() {
        for (text, label, name) in [
            (RUSSIAN, "windows-1251", "windows-1251"),
            (&RUSSIAN.replace(['«', '»'], "\""), "koi8-r", "KOI8-U"),
            (ARABIC, "windows-1256", "windows-1256"),
            (GERMAN, "windows-1252", "windows-1252"),
        ] {
            let decoded = round(text, label);
            assert_eq!(decoded.text, text, "{label}");
            assert_eq!(decoded.encoding, name);
        }
    }

    #[test]
    fn utf_16_is_read_with_and_without_its_mark() {
        let bytes = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for big in [false, true] {
            assert_eq!(decode(&bytes(GERMAN, big), None).text, GERMAN);
            assert_eq!(decode(&bytes(&format!("\u{feff}{ARABIC}"), big), None).text, ARABIC);
            assert_eq!(decode(&bytes(RUSSIAN, big), None).text, RUSSIAN);
        }
    }

    #[test]
    fn a_few_broken_bytes_are_replaced_and_counted() {
        let mut bytes = RUSSIAN.as_bytes().to_vec();
        bytes.insert(0, 0xff);
        let decoded = decode(&bytes, None);
        assert_eq!((decoded.encoding, decoded.n_replaced), ("UTF-8", 1));
        assert_eq!(decoded.text, format!("\u{fffd}{RUSSIAN}"));
    }

    #[test]
    fn what_is_declared_decides_where_utf_8_does_not() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("да");
        assert_eq!(decode(&bytes, Some("windows-1251")).text, "да");
        assert_eq!(decode("да".as_bytes(), Some("windows-1251")).text, "да");
        assert_eq!(decode(b"\xef\xbb\xbfhe said", Some("koi8-r")).text, "he said");
    }
}
