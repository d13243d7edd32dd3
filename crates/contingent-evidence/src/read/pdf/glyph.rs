//! What glyphs are called in fonts, and what they stand for (Adobe Glyph List; ISO 32000, annex D).
//!
//! Enters: names of glyphs, codes of simple fonts. Leaves: characters. Always holds: a name that is not known stands for nothing.

/// Names of the glyphs that are not letters of the English alphabet with their own name.
const NAMES: &[(&str, &str)] = &[
    ("space", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("exclamdown", "¡"),
    ("cent", "¢"),
    ("sterling", "£"),
    ("currency", "¤"),
    ("yen", "¥"),
    ("brokenbar", "¦"),
    ("section", "§"),
    ("dieresis", "¨"),
    ("copyright", "©"),
    ("ordfeminine", "ª"),
    ("guillemotleft", "«"),
    ("logicalnot", "¬"),
    ("softhyphen", "\u{ad}"),
    ("sfthyphen", "\u{ad}"),
    ("registered", "®"),
    ("macron", "¯"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("acute", "´"),
    ("mu", "µ"),
    ("paragraph", "¶"),
    ("periodcentered", "·"),
    ("middot", "·"),
    ("cedilla", "¸"),
    ("ordmasculine", "º"),
    ("guillemotright", "»"),
    ("onequarter", "¼"),
    ("onehalf", "½"),
    ("threequarters", "¾"),
    ("questiondown", "¿"),
    ("multiply", "×"),
    ("divide", "÷"),
    ("AE", "Æ"),
    ("ae", "æ"),
    ("OE", "Œ"),
    ("oe", "œ"),
    ("Oslash", "Ø"),
    ("oslash", "ø"),
    ("germandbls", "ß"),
    ("Eth", "Ð"),
    ("eth", "ð"),
    ("Thorn", "Þ"),
    ("thorn", "þ"),
    ("Lslash", "Ł"),
    ("lslash", "ł"),
    ("dotlessi", "ı"),
    ("Dcroat", "Đ"),
    ("dcroat", "đ"),
    ("Dslash", "Đ"),
    ("dmacron", "đ"),
    ("Hbar", "Ħ"),
    ("hbar", "ħ"),
    ("Idotaccent", "İ"),
    ("florin", "ƒ"),
    ("circumflex", "ˆ"),
    ("caron", "ˇ"),
    ("breve", "˘"),
    ("dotaccent", "˙"),
    ("ring", "˚"),
    ("ogonek", "˛"),
    ("tilde", "˜"),
    ("hungarumlaut", "˝"),
    ("endash", "–"),
    ("emdash", "—"),
    ("quoteleft", "‘"),
    ("quoteright", "’"),
    ("quotesinglbase", "‚"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("perthousand", "‰"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("fraction", "⁄"),
    ("Euro", "€"),
    ("trademark", "™"),
    ("minus", "−"),
    ("nbspace", " "),
    ("nonbreakingspace", " "),
    ("figuredash", "‒"),
    ("horizontalbar", "―"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("IJ", "Ĳ"),
    ("ij", "ĳ"),
    ("Alpha", "Α"),
    ("Beta", "Β"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("lambda", "λ"),
    ("pi", "π"),
    ("sigma", "σ"),
    ("omega", "ω"),
    ("notequal", "≠"),
    ("lessequal", "≤"),
    ("greaterequal", "≥"),
    ("infinity", "∞"),
    ("approxequal", "≈"),
    ("partialdiff", "∂"),
    ("summation", "∑"),
    ("product", "∏"),
    ("radical", "√"),
    ("integral", "∫"),
    ("lozenge", "◊"),
];

/// Marks that follow a letter in the names of glyphs, as combining characters.
const MARKS: &[(&str, char)] = &[
    ("grave", '\u{300}'),
    ("acute", '\u{301}'),
    ("circumflex", '\u{302}'),
    ("tilde", '\u{303}'),
    ("macron", '\u{304}'),
    ("breve", '\u{306}'),
    ("dotaccent", '\u{307}'),
    ("dieresis", '\u{308}'),
    ("ring", '\u{30a}'),
    ("hungarumlaut", '\u{30b}'),
    ("caron", '\u{30c}'),
    ("commaaccent", '\u{327}'),
    ("cedilla", '\u{327}'),
    ("ogonek", '\u{328}'),
];

/// What the standard encoding has beyond the characters of ASCII.
const STANDARD: &[(u8, &str)] = &[
    (0x27, "’"),
    (0x60, "‘"),
    (0xa1, "¡"),
    (0xa2, "¢"),
    (0xa3, "£"),
    (0xa4, "⁄"),
    (0xa5, "¥"),
    (0xa6, "ƒ"),
    (0xa7, "§"),
    (0xa8, "¤"),
    (0xa9, "'"),
    (0xaa, "“"),
    (0xab, "«"),
    (0xac, "‹"),
    (0xad, "›"),
    (0xae, "fi"),
    (0xaf, "fl"),
    (0xb1, "–"),
    (0xb2, "†"),
    (0xb3, "‡"),
    (0xb4, "·"),
    (0xb6, "¶"),
    (0xb7, "•"),
    (0xb8, "‚"),
    (0xb9, "„"),
    (0xba, "”"),
    (0xbb, "»"),
    (0xbc, "…"),
    (0xbd, "‰"),
    (0xbf, "¿"),
    (0xc1, "`"),
    (0xc2, "´"),
    (0xc3, "ˆ"),
    (0xc4, "˜"),
    (0xc5, "¯"),
    (0xc6, "˘"),
    (0xc7, "˙"),
    (0xc8, "¨"),
    (0xca, "˚"),
    (0xcb, "¸"),
    (0xcd, "˝"),
    (0xce, "˛"),
    (0xcf, "ˇ"),
    (0xd0, "—"),
    (0xe1, "Æ"),
    (0xe3, "ª"),
    (0xe8, "Ł"),
    (0xe9, "Ø"),
    (0xea, "Œ"),
    (0xeb, "º"),
    (0xf1, "æ"),
    (0xf5, "ı"),
    (0xf8, "ł"),
    (0xf9, "ø"),
    (0xfa, "œ"),
    (0xfb, "ß"),
];

/// The characters of a glyph's name.
pub(super) fn characters(name: &[u8]) -> Option<String> {
    use unicode_normalization::UnicodeNormalization as _;
    let name = std::str::from_utf8(name).ok()?;
    // What follows a point is a variant of the same character.
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return letter.is_ascii_alphabetic().then(|| letter.to_string());
    }
    if let Some((_, characters)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some((*characters).to_owned());
    }
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.len() % 4 == 0)
    {
        let units: Option<Vec<u16>> = digits
            .as_bytes()
            .chunks(4)
            .map(|chunk| u16::from_str_radix(std::str::from_utf8(chunk).ok()?, 16).ok())
            .collect();
        return String::from_utf16(&units?).ok();
    }
    if let Some(digits) = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))
        && let Some(character) = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    {
        return Some(character.to_string());
    }
    if let Some(number) = name.strip_prefix("afii").and_then(|digits| digits.parse().ok()) {
        return cyrillic(number).map(String::from);
    }
    if name.contains('_') {
        return name.split('_').map(|part| characters(part.as_bytes())).collect();
    }
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let (_, mark) = MARKS.iter().find(|(mark, _)| *mark == &name[1..])?;
    Some([letter, *mark].iter().collect::<String>().nfc().collect())
}

/// Cyrillic letters by the numbers of the Association for Font Information Interchange.
fn cyrillic(number: u32) -> Option<char> {
    let from = |first: u32, offset: u32| char::from_u32(first + offset);
    match number {
        10_017..=10_022 => from(0x410, number - 10_017),
        10_023 => Some('Ё'),
        10_024..=10_049 => from(0x416, number - 10_024),
        10_065..=10_070 => from(0x430, number - 10_065),
        10_071 => Some('ё'),
        10_072..=10_097 => from(0x436, number - 10_072),
        61_352 => Some('№'),
        _ => None,
    }
}

/// The characters of a code in one of the encodings that have a name, or in the one that fonts have of themselves.
pub(super) fn of_code(encoding: Option<&[u8]>, code: u8) -> Option<String> {
    let by = |encoding: &'static encoding_rs::Encoding| {
        let (text, is_broken) = encoding.decode_without_bom_handling(std::slice::from_ref(&code));
        (!is_broken && !text.chars().any(char::is_control)).then(|| text.into_owned())
    };
    match encoding {
        Some(b"WinAnsiEncoding" | b"PDFDocEncoding") => by(encoding_rs::WINDOWS_1252),
        Some(b"MacRomanEncoding") => by(encoding_rs::MACINTOSH),
        _ => match STANDARD.iter().find(|(known, _)| *known == code) {
            Some((_, characters)) => Some((*characters).to_owned()),
            None => (0x20..0x7f).contains(&code).then(|| char::from(code).to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_glyphs_are_read_by_their_parts() {
        for (name, characters) in [
            ("A", "A"),
            ("eacute", "é"),
            ("Scaron", "Š"),
            ("f_f_i", "ffi"),
            ("fi", "fi"),
            ("quoteright", "’"),
            ("uni0627", "ا"),
            ("u1F600", "😀"),
            ("a.sc", "a"),
            ("afii10017", "А"),
            ("afii10097", "я"),
            ("afii10049", "Я"),
        ] {
            assert_eq!(super::characters(name.as_bytes()).as_deref(), Some(characters), "{name}");
        }
        assert_eq!(super::characters(b"g123"), None);
        assert_eq!(super::characters(b".notdef"), None);
    }
}
