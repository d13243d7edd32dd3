//! XML, as far as models need it, with bounds.
//!
//! Enters: text. Leaves: a tree of [`Element`]s with their lines, or an [`XmlError`]. Always holds: nothing is fetched or
//! expanded (a document type with declarations inside is refused, and only the five entities of XML and numbered
//! characters are known); text, depth and number of elements are bounded, so that reading takes time in proportion to
//! the text. Prefixes need not be declared: files in use leave that out.

use std::fmt;

/// Longest text that is read, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Deepest nesting of elements.
const MAX_DEPTH: usize = 100;
/// Most elements.
const MAX_ELEMENTS: usize = 1_000_000;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Name; with its prefix when that is one of a vendor.
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// All text directly inside, joined.
    pub(crate) text: String,
    /// Line on which it begins, from 1.
    pub(crate) line: usize,
}

impl Element {
    /// The value of an attribute, whatever its prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child, without white space around it; none when it is empty.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Why a text is no XML that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, in words.
    pub reason: String,
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for XmlError {}

/// Reads a document and gives its root element.
pub(crate) fn read(text: &str) -> Result<Element, XmlError> {
    let mut reader = Reader { text, at: 0, line: 1, n_elements: 0 };
    if text.len() > MAX_BYTES {
        return reader.fail(format!("the file is larger than {} MiB", MAX_BYTES / (1024 * 1024)));
    }
    reader.eat("\u{feff}");
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    loop {
        let rest = reader.rest();
        if rest.is_empty() {
            return match (root, open.last()) {
                (Some(root), None) => Ok(root),
                (_, Some(element)) => {
                    let reason = format!("`<{}>` of line {} is not closed", element.name, element.line);
                    reader.fail(reason)
                }
                _ => reader.fail("there is no element: this is not XML".to_owned()),
            };
        }
        if reader.eat("<!--") {
            reader.skip_past("-->", "a comment")?;
        } else if reader.eat("<![CDATA[") {
            let inside = reader.skip_past("]]>", "a CDATA section")?;
            match open.last_mut() {
                Some(element) => element.text.push_str(inside),
                None => return reader.fail("text stands outside of the root element".to_owned()),
            }
        } else if reader.eat("<?") {
            let inside = reader.skip_past("?>", "a processing instruction")?;
            check_encoding(&reader, inside)?;
        } else if reader.eat("<!DOCTYPE") {
            let inside = reader.skip_past(">", "the document type")?;
            if inside.contains('[') {
                return reader.fail("the document type declares entities, which are not read".to_owned());
            }
        } else if reader.eat("</") {
            let name = reader.name()?;
            reader.space();
            reader.expect(">")?;
            match open.pop() {
                Some(element) if element.name == name => match open.last_mut() {
                    Some(outer) => outer.children.push(element),
                    None if root.is_none() => root = Some(element),
                    None => return reader.fail("there are two root elements".to_owned()),
                },
                Some(element) => {
                    let reason = format!("`</{name}>` closes `<{}>` of line {}", element.name, element.line);
                    return reader.fail(reason);
                }
                None => return reader.fail(format!("`</{name}>` closes nothing")),
            }
        } else if reader.eat("<") {
            let (element, is_empty) = reader.tag()?;
            if root.is_some() && open.is_empty() {
                return reader.fail("there are two root elements".to_owned());
            }
            if open.len() >= MAX_DEPTH {
                return reader.fail(format!("elements are nested more than {MAX_DEPTH} deep"));
            }
            match open.last_mut() {
                _ if !is_empty => open.push(element),
                Some(outer) => outer.children.push(element),
                None => root = Some(element),
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let raw = &rest[..end];
            let decoded = reader.decoded(raw)?;
            reader.advance(end);
            match open.last_mut() {
                Some(element) => element.text.push_str(&decoded),
                None if decoded.trim().is_empty() => {}
                None => return reader.fail("text stands outside of the root element".to_owned()),
            }
        }
    }
}

/// The text was decoded before it came here; another encoding was decoded wrongly.
fn check_encoding(reader: &Reader<'_>, declaration: &str) -> Result<(), XmlError> {
    let Some((_, after)) = declaration.strip_prefix("xml ").and_then(|rest| rest.split_once("encoding"))
    else {
        return Ok(());
    };
    let name: String =
        after.chars().skip_while(|c| !c.is_alphanumeric()).take_while(|c| !matches!(c, '"' | '\'')).collect();
    if ["utf-8", "utf8", "us-ascii", "ascii"].contains(&name.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    reader.fail(format!("the file says that it is in {name}; save it in UTF-8"))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    n_elements: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn fail<T>(&self, reason: String) -> Result<T, XmlError> {
        Err(XmlError { line: self.line, reason })
    }

    fn advance(&mut self, n: usize) {
        self.line += self.text[self.at..self.at + n].bytes().filter(|&byte| byte == b'\n').count();
        self.at += n;
    }

    fn eat(&mut self, token: &str) -> bool {
        let is_here = self.rest().starts_with(token);
        if is_here {
            self.advance(token.len());
        }
        is_here
    }

    fn expect(&mut self, token: &str) -> Result<(), XmlError> {
        if self.eat(token) { Ok(()) } else { self.fail(format!("`{token}` is expected here")) }
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.advance(rest.len() - rest.trim_start().len());
    }

    fn skip_past(&mut self, end: &str, what: &str) -> Result<&'t str, XmlError> {
        let rest = self.rest();
        match rest.find(end) {
            Some(position) => {
                self.advance(position + end.len());
                Ok(&rest[..position])
            }
            None => self.fail(format!("{what} is not closed")),
        }
    }

    fn name(&mut self) -> Result<String, XmlError> {
        let rest = self.rest();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        if end == 0 {
            return self.fail("a name is expected here".to_owned());
        }
        self.advance(end);
        let name = &rest[..end];
        Ok(name.strip_prefix("xmile:").unwrap_or(name).to_owned())
    }

    /// What stands after `<`, to its `>`; and whether it ends in `/>`.
    fn tag(&mut self) -> Result<(Element, bool), XmlError> {
        self.n_elements += 1;
        if self.n_elements > MAX_ELEMENTS {
            return self.fail(format!("there are more than {MAX_ELEMENTS} elements"));
        }
        let mut element = Element { line: self.line, name: self.name()?, ..Element::default() };
        loop {
            self.space();
            if self.eat("/>") {
                return Ok((element, true));
            }
            if self.eat(">") {
                return Ok((element, false));
            }
            let key = self.name()?;
            self.space();
            self.expect("=")?;
            self.space();
            let quote = match self.rest().chars().next() {
                Some(quote @ ('"' | '\'')) => quote.to_string(),
                _ => return self.fail(format!("the value of `{key}` needs quotes")),
            };
            self.advance(1);
            let raw = self.skip_past(&quote, "the value of an attribute")?;
            if raw.contains('<') {
                return self.fail(format!("`<` stands in the value of `{key}`"));
            }
            let value = self.decoded(raw)?;
            element.attributes.push((key, value));
        }
    }

    /// Text with its references replaced.
    fn decoded(&self, raw: &str) -> Result<String, XmlError> {
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(start) = rest.find('&') {
            text.push_str(&rest[..start]);
            rest = &rest[start + 1..];
            let Some(end) = rest.find(';').filter(|&end| end <= 12) else {
                return self.fail("`&` is written `&amp;`".to_owned());
            };
            let name = &rest[..end];
            let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => digits.parse().ok(),
            });
            text.push(match (name, number.and_then(char::from_u32)) {
                ("lt", _) => '<',
                ("gt", _) => '>',
                ("amp", _) => '&',
                ("quot", _) => '"',
                ("apos", _) => '\'',
                (_, Some(character)) => character,
                _ => return self.fail(format!("there is no entity `&{name};`")),
            });
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// Text as it stands in an element or between quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML at all.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        read(text).expect_err("this must be refused").reason
    }

    #[test]
    fn elements_attributes_text_and_lines_are_read() {
        let root = read(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- <a> -->\n<x:m a='1' isee:b=\"&lt;&#65;\">\n<e/>t&amp;<![CDATA[<]]></x:m>",
        )
        .expect("it is well formed");
        assert_eq!((root.name.as_str(), root.line), ("x:m", 3));
        assert_eq!(root.attribute("b"), Some("<A"));
        assert_eq!(root.text.trim(), "t&<");
        assert_eq!(root.children[0].line, 4);
    }

    #[test]
    fn hostile_texts_are_refused_in_bounded_time() {
        let bomb = "<!DOCTYPE z [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><z>&b;</z>";
        assert!(reason(bomb).contains("entities"));
        assert!(reason("<z>&b;</z>").contains("no entity"));
        assert!(reason(&"<a>".repeat(100_000)).contains("deep"));
        assert!(reason("<a><b></a>").contains("closes"));
        assert!(reason("<a/><b/>").contains("two root"));
        assert!(reason("<a x=1/>").contains("quotes"));
        assert!(reason("<a").contains("expected"));
        assert!(reason("").contains("not XML"));
        assert!(reason("<?xml version='1.0' encoding='utf-16'?><a/>").contains("UTF-8"));
    }
}
