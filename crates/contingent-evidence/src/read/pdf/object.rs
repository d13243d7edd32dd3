//! The objects of a PDF and how they are written (ISO 32000, 7.2 and 7.3).
//!
//! Enters: bytes and a place in them. Leaves: objects, or the operators of a content stream. Always holds: reading goes forward
//! with every token; nesting is bounded; what is no object becomes null.

use std::collections::BTreeMap;
use std::ops::Range;

/// A dictionary.
pub(super) type Dictionary = BTreeMap<Vec<u8>, Object>;

/// Arrays and dictionaries may be nested this deep.
const MAX_DEPTH: usize = 48;

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Null,
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// A dictionary and where its bytes lie in the file.
    Stream(Dictionary, Range<usize>),
    Reference(u32),
    /// A word that is none of these: an operator of a content stream, `true`, `endobj`.
    Word(Vec<u8>),
}

impl Object {
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) | Self::Stream(dictionary, _) => Some(dictionary),
            _ => None,
        }
    }

    pub(super) fn array(&self) -> Option<&[Object]> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }
}

/// Reads objects one after the other.
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn skip_white(&mut self) {
        while let Some(byte) = self.peek() {
            if is_white(byte) {
                self.at += 1;
            } else if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else {
                break;
            }
        }
    }

    /// The next object; nothing at the end. References are read where `with_references` says that there may be some.
    pub(super) fn object(&mut self, with_references: bool) -> Option<Object> {
        self.object_at(with_references, 0)
    }

    fn object_at(&mut self, with_references: bool, depth: usize) -> Option<Object> {
        self.skip_white();
        let byte = self.peek()?;
        match byte {
            b'/' => {
                self.at += 1;
                Some(Object::Name(self.name()))
            }
            b'(' => Some(Object::Text(self.literal())),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Some(self.dictionary(with_references, depth))
            }
            b'<' => Some(Object::Text(self.hexadecimal())),
            b'[' => {
                self.at += 1;
                let mut array = Vec::new();
                loop {
                    self.skip_white();
                    match self.peek() {
                        None => break,
                        Some(b']') => {
                            self.at += 1;
                            break;
                        }
                        Some(_) if depth >= MAX_DEPTH => {
                            self.at += 1;
                        }
                        Some(_) => match self.object_at(with_references, depth + 1) {
                            // The array was not closed.
                            Some(Object::Word(word)) if word == b"endobj" => break,
                            Some(object) => array.push(object),
                            None => break,
                        },
                    }
                }
                Some(Object::Array(array))
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => Some(self.number_or_reference(with_references)),
            _ if is_delimiter(byte) => {
                self.at += if self.bytes[self.at..].starts_with(b">>") { 2 } else { 1 };
                Some(Object::Null)
            }
            _ => {
                let word = self.word();
                Some(if word == b"null" { Object::Null } else { Object::Word(word.to_vec()) })
            }
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|byte| !is_white(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn dictionary(&mut self, with_references: bool, depth: usize) -> Object {
        let mut dictionary = Dictionary::new();
        loop {
            self.skip_white();
            match self.peek() {
                None => break,
                Some(b'>') => {
                    self.at += if self.bytes[self.at..].starts_with(b">>") { 2 } else { 1 };
                    break;
                }
                Some(b'/') if depth < MAX_DEPTH => {
                    self.at += 1;
                    let key = self.name();
                    self.skip_white();
                    if self.peek() == Some(b'>') && self.bytes.get(self.at + 1) == Some(&b'>') {
                        continue;
                    }
                    match self.object_at(with_references, depth + 1) {
                        Some(value) => dictionary.insert(key, value),
                        None => break,
                    };
                }
                // No key: damaged, or nested too deep.
                Some(_) => {
                    let before = self.at;
                    if self.word() == b"endobj" || self.at == before {
                        self.at = self.at.max(before + 1);
                    }
                }
            }
        }
        Object::Dictionary(dictionary)
    }

    fn name(&mut self) -> Vec<u8> {
        let raw = self.word();
        let mut name = Vec::with_capacity(raw.len());
        let mut i = 0;
        while i < raw.len() {
            let digits = raw.get(i + 1..i + 3).and_then(|digits| std::str::from_utf8(digits).ok());
            match (raw[i], digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
                (b'#', Some(byte)) => {
                    name.push(byte);
                    i += 3;
                }
                (byte, _) => {
                    name.push(byte);
                    i += 1;
                }
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut depth = 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    let Some(escaped) = self.peek() else { break };
                    self.at += 1;
                    match escaped {
                        b'n' => text.push(b'\n'),
                        b'r' => text.push(b'\r'),
                        b't' => text.push(b'\t'),
                        b'b' => text.push(8),
                        b'f' => text.push(12),
                        b'\r' => {
                            if self.peek() == Some(b'\n') {
                                self.at += 1;
                            }
                        }
                        b'\n' => {}
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                                code = code * 8 + u32::from(digit - b'0');
                                self.at += 1;
                            }
                            text.push(code as u8);
                        }
                        other => text.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'>' => break,
                _ => digits.extend(char::from(byte).to_digit(16)),
            }
        }
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
    }

    fn number_or_reference(&mut self, with_references: bool) -> Object {
        let number = self.number();
        if with_references && number >= 0.0 && number.fract() == 0.0 {
            let before = self.at;
            self.skip_white();
            let is_digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
            if is_digit(self.peek()) {
                while is_digit(self.peek()) {
                    self.at += 1;
                }
                self.skip_white();
                if self.peek() == Some(b'R')
                    && self.bytes.get(self.at + 1).is_none_or(|&byte| is_white(byte) || is_delimiter(byte))
                {
                    self.at += 1;
                    return Object::Reference(number as u32);
                }
            }
            self.at = before;
        }
        Object::Number(number)
    }

    fn number(&mut self) -> f64 {
        let start = self.at;
        while self.peek().is_some_and(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        // Some programs write `--3` or `1.2-3`.
        let is_negative = text.starts_with('-');
        let digits = text.trim_start_matches(['+', '-']).split(['+', '-']).next().unwrap_or_default();
        let value: f64 = digits.parse().unwrap_or(0.0);
        if is_negative { -value } else { value }
    }
}
