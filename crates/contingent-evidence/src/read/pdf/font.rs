//! Fonts: from the codes of a string to characters and widths (ISO 32000, 9.6 to 9.10).
//!
//! Enters: a font's dictionary. Leaves: a [`Font`]. Always holds: what the file says of the meaning of codes goes before what
//! the names of glyphs say, and that before what encodings say; a code that nothing explains becomes U+FFFD.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::ReadError;
use super::file::File;
use super::glyph;
use super::object::{Dictionary, Lexer, Object};

/// Most entries of a table of characters.
const MAX_ENTRIES: usize = 200_000;

/// Fonts that were read, by the number of their object.
#[derive(Default)]
pub(super) struct Fonts(HashMap<u32, Rc<Font>>);

impl Fonts {
    pub(super) fn font(&mut self, file: &File<'_>, object: &Object) -> Result<Rc<Font>, ReadError> {
        if let Object::Reference(number) = object
            && let Some(font) = self.0.get(number)
        {
            return Ok(Rc::clone(font));
        }
        let resolved = file.resolve(object);
        let font = Rc::new(Font::read(file, resolved.dictionary().unwrap_or(&Dictionary::new()))?);
        if let Object::Reference(number) = object {
            self.0.insert(*number, Rc::clone(&font));
        }
        Ok(font)
    }
}

#[derive(Default)]
pub(super) struct Font {
    is_composite: bool,
    /// Codes are UTF-16 themselves.
    is_utf_16: bool,
    meaning: Option<Meaning>,
    simple: Vec<Option<String>>,
    widths: HashMap<u32, f64>,
    usual_width: Option<f64>,
    is_fixed: bool,
}

/// A code of a string, read.
pub(super) struct Code {
    pub(super) characters: String,
    /// In thousandths of the size.
    pub(super) width: f64,
    /// Word spacing applies to it.
    pub(super) is_space: bool,
}

impl Font {
    fn read(file: &File<'_>, dictionary: &Dictionary) -> Result<Self, ReadError> {
        let mut font = Self::default();
        let meaning = file.value(dictionary, b"ToUnicode");
        if matches!(*meaning, Object::Stream(..)) {
            font.meaning = Some(Meaning::read(&file.unpack(&meaning)?));
        }
        let encoding = file.value(dictionary, b"Encoding");
        if dictionary.get(&b"Subtype"[..]).and_then(Object::name) == Some(b"Type0") {
            font.is_composite = true;
            if let Some(name) = encoding.name() {
                font.is_utf_16 =
                    [&b"UCS2"[..], b"UTF16"].iter().any(|part| name.windows(part.len()).any(|w| w == *part));
            }
            let descendants = file.value(dictionary, b"DescendantFonts");
            if let Some(descendant) = descendants.array().and_then(<[Object]>::first) {
                let descendant = file.resolve(descendant);
                if let Some(descendant) = descendant.dictionary() {
                    font.usual_width = Some(file.value(descendant, b"DW").number().unwrap_or(1000.0));
                    font.composite_widths(file, descendant);
                }
            }
            return Ok(font);
        }
        font.simple_encoding(file, dictionary, &encoding);
        let first = file.value(dictionary, b"FirstChar").number().unwrap_or(0.0) as u32;
        if let Some(widths) = file.value(dictionary, b"Widths").array() {
            for (code, width) in (first..).zip(widths.iter().take(256)) {
                if let Some(width) = file.resolve(width).number() {
                    font.widths.insert(code, width);
                }
            }
        }
        let base = file.value(dictionary, b"BaseFont");
        font.is_fixed = base.name().is_some_and(|name| name.windows(7).any(|part| part == b"Courier"));
        if dictionary.get(&b"Subtype"[..]).and_then(Object::name) == Some(b"Type3") {
            // Widths are in the font's own units; its matrix says what they are.
            let matrix = file.value(dictionary, b"FontMatrix");
            let scale = matrix.array().and_then(|m| m.first()).and_then(Object::number).unwrap_or(0.001);
            font.widths.values_mut().for_each(|width| *width *= scale * 1000.0);
        }
        Ok(font)
    }

    fn simple_encoding(&mut self, file: &File<'_>, dictionary: &Dictionary, encoding: &Object) {
        let base = match encoding {
            Object::Name(name) => Some(name.clone()),
            Object::Dictionary(own) => file.value(own, b"BaseEncoding").name().map(<[u8]>::to_vec),
            _ => None,
        };
        let is_true_type = dictionary.get(&b"Subtype"[..]).and_then(Object::name) == Some(b"TrueType");
        let base = base.or_else(|| is_true_type.then(|| b"WinAnsiEncoding".to_vec()));
        self.simple = (0..=255).map(|code| glyph::of_code(base.as_deref(), code)).collect();
        let Object::Dictionary(own) = encoding else { return };
        let differences = file.value(own, b"Differences");
        let mut code = 0_usize;
        for entry in differences.array().unwrap_or_default() {
            match &*file.resolve(entry) {
                Object::Number(number) => code = number.max(0.0) as usize,
                Object::Name(name) => {
                    if let Some(slot) = self.simple.get_mut(code) {
                        *slot = glyph::characters(name);
                    }
                    code += 1;
                }
                _ => {}
            }
        }
    }

    fn composite_widths(&mut self, file: &File<'_>, descendant: &Dictionary) {
        let widths = file.value(descendant, b"W");
        let entries: Vec<Rc<Object>> = widths
            .array()
            .unwrap_or_default()
            .iter()
            .take(MAX_ENTRIES)
            .map(|entry| file.resolve(entry))
            .collect();
        let mut at = 0;
        while at + 1 < entries.len() {
            let Some(first) = entries[at].number() else { break };
            let first = first.max(0.0) as u32;
            if let Some(list) = entries[at + 1].array() {
                for (code, width) in (first..).zip(list) {
                    if let Some(width) = file.resolve(width).number() {
                        self.widths.insert(code, width);
                    }
                }
                at += 2;
            } else {
                let last = entries[at + 1].number().unwrap_or(0.0).clamp(0.0, 65_535.0) as u32;
                if let Some(width) = entries.get(at + 2).and_then(|entry| entry.number()) {
                    for code in first..=last {
                        self.widths.insert(code, width);
                    }
                }
                at += 3;
            }
            if self.widths.len() > MAX_ENTRIES {
                break;
            }
        }
    }

    /// The codes of a string.
    pub(super) fn codes<'f>(&'f self, bytes: &'f [u8]) -> impl Iterator<Item = Code> + 'f {
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let length = self.length(rest);
            let code = rest[..length].iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
            at += length;
            Some(self.code(code, length))
        })
    }

    fn length(&self, rest: &[u8]) -> usize {
        if !self.is_composite {
            return 1;
        }
        let said = self.meaning.as_ref().and_then(|meaning| meaning.length(rest));
        said.unwrap_or(2).min(rest.len())
    }

    fn code(&self, code: u32, length: usize) -> Code {
        let said = self.meaning.as_ref().and_then(|meaning| meaning.characters(code));
        let characters = said
            .or_else(
                || if self.is_composite { None } else { self.simple.get(code as usize).cloned().flatten() },
            )
            .or_else(|| self.is_utf_16.then(|| char::from_u32(code).map(String::from)).flatten())
            .unwrap_or_else(|| "\u{fffd}".to_owned());
        let width =
            self.widths.get(&code).copied().or(self.usual_width).unwrap_or_else(|| {
                if self.is_fixed { 600.0 } else { characters.chars().map(usual_width).sum() }
            });
        Code { is_space: length == 1 && code == 32, characters, width }
    }
}

/// The width of a character where the file does not say it, as in the fonts that readers bring with them.
fn usual_width(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' | '’' | '‘' => 225.0,
        ' ' | '.' | ',' | ':' | ';' | 'f' | 't' | 'I' | '/' | '!' => 278.0,
        '(' | ')' | '-' | 'r' | '[' | ']' | '"' | '“' | '”' => 333.0,
        'm' | 'M' | 'W' | '—' | '…' | '%' => 850.0,
        'w' => 722.0,
        'A'..='Z' => 690.0,
        _ => 540.0,
    }
}

/// What codes mean, as the file says (ISO 32000, 9.10.3).
#[derive(Default)]
struct Meaning {
    /// Lengths of codes in bytes, with their first and last.
    spaces: Vec<(usize, u32, u32)>,
    single: HashMap<u32, String>,
    /// First, last, characters of the first.
    ranges: Vec<(u32, u32, Vec<u16>)>,
}

impl Meaning {
    fn read(bytes: &[u8]) -> Self {
        let mut meaning = Self::default();
        let mut lexer = Lexer::new(bytes, 0);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = lexer.object(false) {
            let Object::Word(word) = &object else {
                if operands.len() < MAX_ENTRIES {
                    operands.push(object);
                }
                continue;
            };
            match word.as_slice() {
                b"endcodespacerange" => {
                    for pair in operands.chunks(2) {
                        if let [Object::Text(first), Object::Text(last)] = pair {
                            meaning.spaces.push((first.len().clamp(1, 4), number(first), number(last)));
                        }
                    }
                }
                b"endbfchar" => {
                    for pair in operands.chunks(2) {
                        if let [Object::Text(code), Object::Text(characters)] = pair
                            && let Ok(characters) = String::from_utf16(&units(characters))
                        {
                            meaning.single.insert(number(code), characters);
                        }
                    }
                }
                b"endbfrange" => {
                    for triple in operands.chunks(3) {
                        match triple {
                            [Object::Text(first), Object::Text(last), Object::Text(characters)] => {
                                meaning.ranges.push((number(first), number(last), units(characters)));
                            }
                            [Object::Text(first), Object::Text(_), Object::Array(each)] => {
                                for (code, characters) in (number(first)..).zip(each) {
                                    let Object::Text(characters) = characters else { continue };
                                    if let Ok(characters) = String::from_utf16(&units(characters)) {
                                        meaning.single.insert(code, characters);
                                    }
                                }
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
            operands.clear();
            if meaning.single.len() + meaning.ranges.len() > MAX_ENTRIES {
                break;
            }
        }
        meaning.ranges.sort_by_key(|(first, _, _)| *first);
        meaning.spaces.truncate(64);
        meaning
    }

    fn length(&self, rest: &[u8]) -> Option<usize> {
        self.spaces
            .iter()
            .filter(|&&(length, first, last)| {
                rest.get(..length).is_some_and(|code| (first..=last).contains(&number(code)))
            })
            .map(|&(length, ..)| length)
            .min()
    }

    fn characters(&self, code: u32) -> Option<String> {
        if let Some(characters) = self.single.get(&code) {
            return Some(characters.clone());
        }
        let after = self.ranges.partition_point(|(first, ..)| *first <= code);
        let (first, last, units) = self.ranges.get(after.checked_sub(1)?)?;
        if code > *last {
            return None;
        }
        let mut units = units.clone();
        let final_unit = units.last_mut()?;
        *final_unit = final_unit.wrapping_add((code - first) as u16);
        String::from_utf16(&units).ok()
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    if bytes.len() == 1 {
        return vec![u16::from(bytes[0])];
    }
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}
