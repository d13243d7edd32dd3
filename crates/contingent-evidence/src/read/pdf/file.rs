//! The objects of a PDF file, and what its streams unpack to (ISO 32000, 7.4 and 7.5).
//!
//! Enters: the bytes of the file. Leaves: objects by number; unpacked streams. Always holds: of two objects with one number the
//! later in the file counts, as in a file that was added to; all streams together unpack to no more than the limit.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::super::{Format, MAX_OBJECTS, MAX_UNPACKED, ReadError};
use super::object::{Dictionary, Lexer, Object};

/// A stream may be packed this many times over.
const MAX_FILTERS: usize = 4;
/// References that lead to references are followed so far.
const MAX_CHAIN: usize = 16;

pub(super) struct File<'a> {
    bytes: &'a [u8],
    objects: HashMap<u32, Rc<Object>>,
    trailers: Vec<Dictionary>,
    unpacked: Cell<usize>,
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut file = Self { bytes, objects: HashMap::new(), trailers: Vec::new(), unpacked: Cell::new(0) };
        file.scan()?;
        if file.trailers.iter().any(|trailer| trailer.contains_key(&b"Encrypt"[..])) {
            return Err(ReadError::Encrypted { format: Format::Pdf });
        }
        Ok(file)
    }

    /// Finds every object and trailer from the first byte to the last.
    fn scan(&mut self) -> Result<(), ReadError> {
        let mut at = 0;
        let mut packed = Vec::new();
        let mut n_objects = 0_usize;
        while let Some((found, word)) = next_of(self.bytes, at) {
            at = found + word.len();
            if word == b"trailer" {
                let mut lexer = Lexer::new(self.bytes, at);
                if let Some(Object::Dictionary(trailer)) = lexer.object(true) {
                    self.trailers.push(trailer);
                    at = lexer.at;
                }
                continue;
            }
            let Some(number) = number_before(self.bytes, found) else { continue };
            n_objects += 1;
            if n_objects > MAX_OBJECTS {
                return Err(ReadError::TooMany { what: "objects", most: MAX_OBJECTS });
            }
            let mut lexer = Lexer::new(self.bytes, at);
            let Some(mut object) = lexer.object(true) else { continue };
            at = lexer.at;
            if let Object::Dictionary(dictionary) = &object
                && let Some(range) = stream_after(self.bytes, at, dictionary)
            {
                at = range.end;
                object = Object::Stream(dictionary.clone(), range);
            }
            if let Some(dictionary) = object.dictionary() {
                match dictionary.get(&b"Type"[..]).and_then(Object::name) {
                    Some(b"ObjStm") => packed.push((number, n_objects)),
                    Some(b"XRef") => self.trailers.push(dictionary.clone()),
                    _ => {}
                }
            }
            self.objects.insert(number, Rc::new(object));
        }
        if !self.trailers.iter().any(|trailer| trailer.contains_key(&b"Encrypt"[..])) {
            for (number, _) in packed {
                self.unpack_objects(number, &mut n_objects)?;
            }
        }
        Ok(())
    }

    /// Takes the objects out of a stream of objects. Those that stand by themselves go before.
    fn unpack_objects(&mut self, number: u32, n_objects: &mut usize) -> Result<(), ReadError> {
        let stream = self.resolve(&Object::Reference(number));
        let Some(dictionary) = stream.dictionary() else { return Ok(()) };
        let count =
            |key: &[u8]| dictionary.get(key).map(|value| self.resolve(value)).and_then(|v| v.number());
        let (Some(n), Some(first)) = (count(b"N"), count(b"First")) else { return Ok(()) };
        let bytes = self.unpack(&stream)?;
        let mut lexer = Lexer::new(&bytes, 0);
        let mut places = Vec::new();
        for _ in 0..(n.max(0.0) as usize).min(bytes.len()) {
            let (Some(Object::Number(number)), Some(Object::Number(offset))) =
                (lexer.object(false), lexer.object(false))
            else {
                break;
            };
            places.push((number as u32, first as usize + offset as usize));
        }
        *n_objects += places.len();
        if *n_objects > MAX_OBJECTS {
            return Err(ReadError::TooMany { what: "objects", most: MAX_OBJECTS });
        }
        for (number, offset) in places {
            let mut lexer = Lexer::new(&bytes, offset.min(bytes.len()));
            if let Some(object) = lexer.object(true) {
                self.objects.entry(number).or_insert_with(|| Rc::new(object));
            }
        }
        Ok(())
    }

    /// What a reference leads to; any other object is itself.
    pub(super) fn resolve(&self, object: &Object) -> Rc<Object> {
        let mut object = Rc::new(object.clone());
        for _ in 0..MAX_CHAIN {
            let Object::Reference(number) = *object else { return object };
            match self.objects.get(&number) {
                Some(found) => object = Rc::clone(found),
                None => break,
            }
        }
        Rc::new(Object::Null)
    }

    /// The value of a key, with references followed.
    pub(super) fn value(&self, dictionary: &Dictionary, key: &[u8]) -> Rc<Object> {
        dictionary.get(key).map_or_else(|| Rc::new(Object::Null), |value| self.resolve(value))
    }

    pub(super) fn catalog(&self) -> Option<Dictionary> {
        let named = self.trailers.iter().rev().find_map(|trailer| {
            self.value(trailer, b"Root").dictionary().filter(|root| root.contains_key(&b"Pages"[..])).cloned()
        });
        named.or_else(|| self.of_type(b"Catalog").first().and_then(|object| object.dictionary().cloned()))
    }

    pub(super) fn information(&self) -> Option<Dictionary> {
        self.trailers.iter().rev().find_map(|trailer| self.value(trailer, b"Info").dictionary().cloned())
    }

    /// The objects of a type, by number.
    pub(super) fn of_type(&self, kind: &[u8]) -> Vec<Rc<Object>> {
        let is_of = |object: &Rc<Object>| {
            object.dictionary().and_then(|d| d.get(&b"Type"[..])).and_then(Object::name) == Some(kind)
        };
        let mut found: Vec<_> = self.objects.iter().filter(|(_, object)| is_of(object)).collect();
        found.sort_by_key(|(number, _)| **number);
        found.into_iter().map(|(_, object)| Rc::clone(object)).collect()
    }

    /// The bytes of a stream, unpacked; none when it is no stream or packed in a way that text is not.
    pub(super) fn unpack(&self, object: &Object) -> Result<Vec<u8>, ReadError> {
        let Object::Stream(dictionary, range) = object else { return Ok(Vec::new()) };
        let mut bytes = self.bytes[range.clone()].to_vec();
        let one_or_many = |long: &[u8], short: &[u8]| {
            let value = self.value(dictionary, if dictionary.contains_key(long) { long } else { short });
            match &*value {
                Object::Array(many) => many.iter().map(|one| self.resolve(one)).collect(),
                Object::Null => Vec::new(),
                _ => vec![value],
            }
        };
        let filters = one_or_many(b"Filter", b"F");
        let parameters = one_or_many(b"DecodeParms", b"DP");
        for (i, filter) in filters.iter().take(MAX_FILTERS).enumerate() {
            let most = MAX_UNPACKED.saturating_sub(self.unpacked.get());
            bytes = match filter.name().unwrap_or_default() {
                b"FlateDecode" | b"Fl" => inflate(&bytes, most)?,
                b"LZWDecode" | b"LZW" => {
                    let early = parameters
                        .get(i)
                        .and_then(|p| p.dictionary())
                        .and_then(|p| p.get(&b"EarlyChange"[..]))
                        .and_then(Object::number);
                    lzw(&bytes, early != Some(0.0), most)?
                }
                b"ASCIIHexDecode" | b"AHx" => ascii_hexadecimal(&bytes),
                b"ASCII85Decode" | b"A85" => ascii_85(&bytes),
                b"RunLengthDecode" | b"RL" => run_length(&bytes, most)?,
                // Pictures, and what is encrypted on its own.
                _ => return Ok(Vec::new()),
            };
            self.unpacked.set(self.unpacked.get() + bytes.len());
            if let Some(parameters) = parameters.get(i).and_then(|parameters| parameters.dictionary()) {
                bytes = self.undo_prediction(bytes, parameters);
            }
        }
        Ok(bytes)
    }

    /// Undoes the prediction of rows that PNG has (ISO 32000, 7.4.4.4).
    fn undo_prediction(&self, bytes: Vec<u8>, parameters: &Dictionary) -> Vec<u8> {
        let number = |key: &[u8], usual: f64| self.value(parameters, key).number().unwrap_or(usual).max(1.0);
        if number(b"Predictor", 1.0) < 10.0 {
            return bytes;
        }
        let bits = number(b"Colors", 1.0) * number(b"BitsPerComponent", 8.0);
        let step = ((bits / 8.0) as usize).max(1);
        let width = ((bits * number(b"Columns", 1.0) / 8.0).ceil() as usize).max(1);
        let mut before = vec![0_u8; width];
        let mut rows = Vec::with_capacity(bytes.len());
        for chunk in bytes.chunks(width + 1) {
            let mut row = chunk[1..].to_vec();
            row.resize(width, 0);
            for i in 0..width {
                let left = if i >= step { row[i - step] } else { 0 };
                let up = before[i];
                let corner = if i >= step { before[i - step] } else { 0 };
                row[i] = row[i].wrapping_add(match chunk[0] {
                    1 => left,
                    2 => up,
                    3 => u16::midpoint(u16::from(left), u16::from(up)) as u8,
                    4 => paeth(left, up, corner),
                    _ => 0,
                });
            }
            rows.extend_from_slice(&row);
            before = row;
        }
        rows
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let away = |byte: u8| (estimate - i16::from(byte)).abs();
    if away(left) <= away(up) && away(left) <= away(corner) {
        left
    } else if away(up) <= away(corner) {
        up
    } else {
        corner
    }
}

/// The next `obj` or `trailer`.
fn next_of(bytes: &[u8], from: usize) -> Option<(usize, &'static [u8])> {
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let offset = rest.iter().position(|&byte| byte == b'o' || byte == b't')?;
        at += offset;
        if bytes[at..].starts_with(b"obj") && at > 0 && !bytes[at - 1].is_ascii_alphabetic() {
            return Some((at, b"obj"));
        }
        if bytes[at..].starts_with(b"trailer") {
            return Some((at, b"trailer"));
        }
        at += 1;
    }
}

/// The number of the object whose `obj` stands at a place: `12 0 obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let back_white = |mut at: usize| {
        while at > 0 && bytes[at - 1].is_ascii_whitespace() {
            at -= 1;
        }
        at
    };
    let back_digits = |mut at: usize| {
        // More digits are no number of an object; a file of digits alone is not read again and again.
        let end = at;
        while at > 0 && end - at < 11 && bytes[at - 1].is_ascii_digit() {
            at -= 1;
        }
        at
    };
    let generation_end = back_white(at);
    let generation = back_digits(generation_end);
    let number_end = back_white(generation);
    let number = back_digits(number_end);
    if generation == generation_end || number == number_end || number_end == generation {
        return None;
    }
    std::str::from_utf8(&bytes[number..number_end]).ok()?.parse().ok()
}

/// Where the bytes of a stream lie, when one follows its dictionary.
fn stream_after(bytes: &[u8], at: usize, dictionary: &Dictionary) -> Option<std::ops::Range<usize>> {
    let mut lexer = Lexer::new(bytes, at);
    lexer.skip_white();
    let start = lexer.at;
    if !bytes[start..].starts_with(b"stream") {
        return None;
    }
    let mut start = start + b"stream".len();
    if bytes.get(start) == Some(&b'\r') {
        start += 1;
    }
    if bytes.get(start) == Some(&b'\n') {
        start += 1;
    }
    // The length is believed when the end stands behind it.
    if let Some(Object::Number(length)) = dictionary.get(&b"Length"[..]) {
        let end = start.saturating_add(length.max(0.0) as usize);
        let behind = bytes.get(end..bytes.len().min(end.saturating_add(32))).unwrap_or_default();
        if behind.windows(9).any(|window| window == b"endstream") {
            return Some(start..end);
        }
    }
    let length = bytes[start.min(bytes.len())..].windows(9).position(|window| window == b"endstream");
    Some(start.min(bytes.len())..length.map_or(bytes.len(), |length| start + length))
}

fn unpacks() -> ReadError {
    ReadError::Unpacks { what: "streams" }
}

fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, ReadError> {
    use miniz_oxide::inflate::{
        TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit,
    };
    let sort = |result: Result<Vec<u8>, miniz_oxide::inflate::DecompressError>| match result {
        Ok(unpacked) => Ok(unpacked),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Err(unpacks()),
        // What was cut off or damaged is read as far as it goes.
        Err(error) => Ok(error.output),
    };
    let unpacked = sort(decompress_to_vec_zlib_with_limit(bytes, most))?;
    if unpacked.is_empty() && bytes.len() > 2 {
        return sort(decompress_to_vec_with_limit(&bytes[2..], most));
    }
    Ok(unpacked)
}

/// Undoes the packing of Welch (1984) with codes of 9 to 12 bits.
fn lzw(bytes: &[u8], early: bool, most: usize) -> Result<Vec<u8>, ReadError> {
    let mut out: Vec<u8> = Vec::new();
    // Each entry is a stretch of what was written.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let (mut buffer, mut n_bits, mut width) = (0_u32, 0_u32, 9_u32);
    let mut last: Option<(usize, usize)> = None;
    for &byte in bytes {
        buffer = (buffer << 8) | u32::from(byte);
        n_bits += 8;
        if n_bits < width {
            continue;
        }
        n_bits -= width;
        let code = ((buffer >> n_bits) & ((1 << width) - 1)) as usize;
        buffer &= (1 << n_bits) - 1;
        match code {
            256 => {
                table.clear();
                width = 9;
                last = None;
                continue;
            }
            257 => break,
            _ => {}
        }
        let start = out.len();
        if code < 256 {
            out.push(code as u8);
        } else if let Some(&(from, length)) = table.get(code - 258) {
            out.extend_from_within(from..from + length);
        } else if let Some((from, length)) = last.filter(|_| code - 258 == table.len()) {
            out.extend_from_within(from..from + length);
            let first = out[from];
            out.push(first);
        } else {
            break;
        }
        if out.len() > most {
            return Err(unpacks());
        }
        if let Some((from, length)) = last {
            // What was written last, and the first byte of what was written now, which follows it.
            if table.len() < 4096 - 258 {
                table.push((from, length + 1));
            }
        }
        last = Some((start, out.len() - start));
        // The reader's table is an entry behind the writer's.
        let n = table.len() + 258 + usize::from(early) + 1;
        width = match n {
            0..=512 => 9,
            513..=1024 => 10,
            1025..=2048 => 11,
            _ => 12,
        };
    }
    Ok(out)
}

fn ascii_hexadecimal(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u32> = bytes
        .iter()
        .take_while(|&&byte| byte != b'>')
        .filter_map(|&byte| char::from(byte).to_digit(16))
        .collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair.get(1).copied().unwrap_or(0)) as u8).collect()
}

fn ascii_85(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut group: Vec<u32> = Vec::with_capacity(5);
    let take = |group: &mut Vec<u32>, out: &mut Vec<u8>| {
        let n = group.len();
        if n < 2 {
            return;
        }
        group.resize(5, 84);
        let value = group.iter().fold(0_u32, |sum, digit| sum.wrapping_mul(85).wrapping_add(*digit));
        out.extend_from_slice(&value.to_be_bytes()[..n - 1]);
        group.clear();
    };
    for &byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group.push(u32::from(byte - b'!'));
                if group.len() == 5 {
                    take(&mut group, &mut out);
                }
            }
            _ => {}
        }
    }
    take(&mut group, &mut out);
    out
}

fn run_length(bytes: &[u8], most: usize) -> Result<Vec<u8>, ReadError> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&length) = bytes.get(at) {
        let length = usize::from(length);
        match length {
            0..=127 => {
                let end = (at + 2 + length).min(bytes.len());
                out.extend_from_slice(&bytes[at + 1..end]);
                at = end;
            }
            128 => break,
            _ => {
                let Some(&byte) = bytes.get(at + 1) else { break };
                out.resize(out.len() + 257 - length, byte);
                at += 2;
            }
        }
        if out.len() > most {
            return Err(unpacks());
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packings_of_text_are_undone() {
        assert_eq!(ascii_hexadecimal(b"48 65 6C6c 6F>"), b"Hello");
        assert_eq!(ascii_85(b"87cURD]j7BEbo80~>"), b"Hello world!");
        assert_eq!(run_length(&[4, b'H', b'e', b'l', b'l', b'o', 254, b'!', 128], 100).unwrap(), b"Hello!!!");
        // The example of the standard, ISO 32000-1, 7.4.4.2.
        let packed = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(lzw(&packed, true, 100).unwrap(), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
    }

    #[test]
    fn what_unpacks_without_end_is_refused() {
        let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 1_000_000], 6);
        assert_eq!(inflate(&bomb, 1_000), Err(unpacks()));
        assert_eq!(run_length(&[129; 100], 1_000), Err(unpacks()));
    }
}
