//! Text to tokens.
//!
//! Enters: text. Leaves: tokens whose lengths add up to the text. Always holds: every byte belongs to
//! exactly one token, and tokens end on character boundaries.

use crate::SyntaxKind;

/// A token and the bytes that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: SyntaxKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Splits a text into tokens, trivia included, without an end token. For whatever looks at words without reading
/// the grammar, such as colouring.
pub fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let (kind, length) = next(&text[start..]);
        tokens.push(Token { kind, start: start as u32, end: (start + length) as u32 });
        start += length;
    }
    tokens
}

fn next(rest: &str) -> (SyntaxKind, usize) {
    use SyntaxKind as K;
    let bytes = rest.as_bytes();
    let second = bytes.get(1).copied().unwrap_or(0);
    let take = |test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
    match bytes[0] {
        b'\n' => (K::Newline, 1),
        b'\r' => (K::Newline, if second == b'\n' { 2 } else { 1 }),
        b' ' | b'\t' => (K::Whitespace, take(|c| matches!(c, ' ' | '\t'))),
        b'#' => {
            let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
            (if second == b'#' { K::DocComment } else { K::Comment }, length)
        }
        b'"' => (K::Text, string_length(rest)),
        b'0'..=b'9' => number(bytes),
        b'{' => (K::OpenBrace, 1),
        b'}' => (K::CloseBrace, 1),
        b'(' => (K::OpenParenthesis, 1),
        b')' => (K::CloseParenthesis, 1),
        b'[' => (K::OpenBracket, 1),
        b']' => (K::CloseBracket, 1),
        b',' => (K::Comma, 1),
        b':' => (K::Colon, 1),
        b'.' => (K::Dot, 1),
        b'=' if second == b'=' => (K::EqualEqual, 2),
        b'=' => (K::Assign, 1),
        b'!' if second == b'=' => (K::NotEqual, 2),
        b'<' if second == b'=' => (K::LessEqual, 2),
        b'<' => (K::Less, 1),
        b'>' if second == b'=' => (K::GreaterEqual, 2),
        b'>' => (K::Greater, 1),
        b'+' if second == b'=' => (K::PlusAssign, 2),
        b'+' => (K::Plus, 1),
        b'-' if second == b'>' => (K::Arrow, 2),
        b'-' if second == b'=' => (K::MinusAssign, 2),
        b'-' => (K::Minus, 1),
        b'*' => (K::Star, 1),
        b'/' => (K::Slash, 1),
        b'^' => (K::Caret, 1),
        b'%' => (K::Percent, 1),
        b'~' => (K::Tilde, 1),
        _ => {
            let first = rest.chars().next().unwrap_or(' ');
            if first == '_' || first.is_alphabetic() {
                (K::Word, take(|c| c == '_' || c.is_alphanumeric()))
            } else if first == '\u{feff}' || first.is_whitespace() {
                (K::Whitespace, first.len_utf8())
            } else {
                (K::Unknown, first.len_utf8())
            }
        }
    }
}

/// Length of the string token at the start of `rest`: up to its closing quote, or to the end of the line.
fn string_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut i = 1;
    while i < bytes.len() {
        match bytes[i] {
            b'"' => return i + 1,
            b'\n' | b'\r' => return i,
            b'\\' if i + 1 < bytes.len() && !matches!(bytes[i + 1], b'\n' | b'\r') => i += 2,
            _ => i += 1,
        }
    }
    bytes.len()
}

fn number(bytes: &[u8]) -> (SyntaxKind, usize) {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let is_date = (0..10).all(|i| if i == 4 || i == 7 { bytes.get(i) == Some(&b'-') } else { digit(i) });
    if is_date && !digit(10) {
        return (SyntaxKind::Date, 10);
    }
    let digits = |mut i: usize| {
        while digit(i) || (bytes.get(i) == Some(&b'_') && digit(i + 1)) {
            i += 1;
        }
        i
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digit(end + 1 + sign) {
            end = digits(end + 1 + sign);
        }
    }
    (SyntaxKind::Number, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(SyntaxKind, &str)> {
        lex(text)
            .iter()
            .filter(|token| !token.kind.is_trivia())
            .map(|token| (token.kind, &text[token.start as usize..token.end as usize]))
            .collect()
    }

    #[test]
    fn numbers_dates_and_words_are_told_apart() {
        use SyntaxKind as K;
        assert_eq!(
            kinds("1_500 0.4 2e-3 5% 2021-08-30 26weeks a.b"),
            vec![
                (K::Number, "1_500"),
                (K::Number, "0.4"),
                (K::Number, "2e-3"),
                (K::Number, "5"),
                (K::Percent, "%"),
                (K::Date, "2021-08-30"),
                (K::Number, "26"),
                (K::Word, "weeks"),
                (K::Word, "a"),
                (K::Dot, "."),
                (K::Word, "b"),
            ]
        );
    }

    #[test]
    fn a_string_without_a_closing_quote_ends_with_its_line() {
        assert_eq!(kinds("\"abc\nx"), vec![(SyntaxKind::Text, "\"abc"), (SyntaxKind::Word, "x")]);
    }
}
