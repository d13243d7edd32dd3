//! Places as an editor counts them, and the names of files as an editor writes them.
//!
//! Enters: byte offsets and paths, or positions and addresses. Leaves: the other. Always holds: an offset on a
//! character boundary comes back unchanged; a position beyond a line or the text means its end.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use contingent_syntax::Span;
use gen_lsp_types::{Position, Range, Uri};

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units, as every editor understands.
    #[default]
    Utf16,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The lines of a text; they end with `\n`, `\r\n` or `\r`, as the protocol has it.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                starts.push(i as u32 + 1);
            }
        }
        Self { starts }
    }

    /// The text of a line without its end.
    fn line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let start = self.starts[line] as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |&next| next as usize);
        text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The position of a byte.
    pub fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let offset = (offset as usize).min(text.len());
        let line = self.starts.partition_point(|&start| start as usize <= offset) - 1;
        let mut before = &text.as_bytes()[self.starts[line] as usize..offset];
        while std::str::from_utf8(before).is_err() && !before.is_empty() {
            before = &before[..before.len() - 1];
        }
        let before = std::str::from_utf8(before).unwrap_or_default();
        let character = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        Position { line: line as u32, character: character as u32 }
    }

    /// The byte of a position.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let line = position.line as usize;
        if line >= self.starts.len() {
            return text.len() as u32;
        }
        let content = self.line(text, line);
        let mut left = position.character as usize;
        let mut within = content.len();
        for (i, character) in content.char_indices() {
            let width = match encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
            };
            if left < width {
                within = i;
                break;
            }
            left -= width;
        }
        self.starts[line] + within as u32
    }

    /// The range of a span.
    pub fn range(&self, text: &str, span: Span, encoding: Encoding) -> Range {
        Range {
            start: self.position(text, span.start, encoding),
            end: self.position(text, span.end, encoding),
        }
    }
}

/// The path of a file address; an address that is none of a file stands for itself.
pub(super) fn path_of(uri: &Uri) -> PathBuf {
    let Some(rest) = uri.0.strip_prefix("file://") else { return PathBuf::from(&uri.0) };
    // An address names a host before the path; ours are local.
    let path = rest.find('/').map_or(rest, |slash| &rest[slash..]);
    let decoded = percent_decoded(path);
    let bytes = decoded.as_bytes();
    let has_drive = matches!(bytes, [b'/', drive, b':', ..] if drive.is_ascii_alphabetic());
    normal(Path::new(if has_drive { &decoded[1..] } else { &decoded }))
}

/// The address of a path.
pub(super) fn uri_of(path: &Path) -> Uri {
    let text = path.to_string_lossy().replace('\\', "/");
    if !path.is_absolute() {
        return Uri(text);
    }
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Uri(uri)
}

/// A path without `.` and `..`, by its words alone.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if parts.file_name().is_some() => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let digits = text.get(i + 1..i + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match digits {
            Some(byte) if bytes[i] == b'%' => {
                decoded.push(byte);
                i += 3;
            }
            _ => {
                decoded.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_boundary_comes_back_from_its_position_in_both_encodings() {
        let text = "à\u{1F30D}b\r\nc\rd\n\nlast é";
        let lines = LineIndex::new(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                // The inside of a line end has no position of its own.
                if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') {
                    continue;
                }
                let position = lines.position(text, offset as u32, encoding);
                assert_eq!(lines.offset(text, position, encoding), offset as u32, "{offset} {position:?}");
            }
        }
    }

    #[test]
    fn columns_count_units_of_the_encoding() {
        let text = "x\n\u{1F30D}é fighters";
        let lines = LineIndex::new(text);
        let offset = text.find("fighters").expect("it is there") as u32;
        let at = |encoding| lines.position(text, offset, encoding);
        assert_eq!(at(Encoding::Utf16), Position { line: 1, character: 4 });
        assert_eq!(at(Encoding::Utf8), Position { line: 1, character: 7 });
    }

    #[test]
    fn positions_outside_the_text_mean_the_nearest_end() {
        let text = "ab\ncd";
        let lines = LineIndex::new(text);
        assert_eq!(lines.offset(text, Position { line: 0, character: 99 }, Encoding::Utf16), 2);
        assert_eq!(lines.offset(text, Position { line: 9, character: 0 }, Encoding::Utf16), 5);
        // In the middle of a character of two units.
        let text = "\u{1F30D}";
        let lines = LineIndex::new(text);
        assert_eq!(lines.offset(text, Position { line: 0, character: 1 }, Encoding::Utf16), 0);
    }

    #[test]
    fn addresses_and_paths_are_each_others_inverse() {
        for path in ["/a/b c/à#?.ctg", "/x/y.ctg"] {
            assert_eq!(path_of(&uri_of(Path::new(path))), Path::new(path));
        }
        assert_eq!(path_of(&Uri("file:///c%3A/models/a.ctg".to_owned())), Path::new("c:/models/a.ctg"));
        assert_eq!(path_of(&Uri("file:///a/./b/../c.ctg".to_owned())), Path::new("/a/c.ctg"));
        assert_eq!(path_of(&Uri("untitled:Untitled-1".to_owned())), Path::new("untitled:Untitled-1"));
    }
}
