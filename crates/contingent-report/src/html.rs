//! HTML by construction: the only way in which text comes into a page.
//!
//! Enters: text, names of elements and attributes that are known when this program is compiled. Leaves: [`Html`]. Always holds:
//! an [`Html`] is well formed, since it cannot be made of a string; text and values of attributes are escaped on their way in;
//! an address is one of this page, of the web, or data that was made here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::figure::{Figure, escaped};
use crate::printable::printable;

/// Well-formed HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Html(String);

impl Html {
    /// Nothing.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Text.
    pub fn text(text: &str) -> Self {
        Self(escaped(text))
    }

    /// The drawing of a chart, which escapes its own texts (see [`Figure`]).
    pub fn drawing(figure: &Figure) -> Self {
        Self(figure.svg.clone())
    }

    /// The drawing of a chart that the page holds already, for pages of another width.
    pub fn drawing_again(figure: &Figure, first: &Figure) -> Self {
        Self(figure.named_by(first))
    }

    /// A style sheet of this program with the source that allows it in a content security policy.
    ///
    /// # Panics
    /// When the sheet would end its element.
    pub fn style(sheet: &str) -> (Self, String) {
        assert!(!sheet.contains("</"), "a style sheet holds no end of an element");
        (Self(format!("<style>{sheet}</style>")), source_of(sheet))
    }

    /// A script of this program with the source that allows it in a content security policy. Comments on lines of their own and
    /// indentation stay behind.
    ///
    /// # Panics
    /// When the script would end its element or begin a comment in it.
    pub fn script(script: &str) -> (Self, String) {
        let script = &minified(script);
        assert!(!script.contains("</") && !script.contains("<!--"), "a script holds no end of an element");
        (Self(format!("<script>{script}</script>")), source_of(script))
    }

    /// Bytes for a script to read, as printable letters; nothing in it is run.
    pub fn bytes(id: &str, bytes: &[u8]) -> Self {
        Self(format!(
            "<script type=\"application/octet-stream\" id=\"{}\" data-bytes=\"{}\">{}</script>",
            escaped(id),
            bytes.len(),
            printable(bytes)
        ))
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// More of it.
    pub fn push(&mut self, more: impl Into<Html>) {
        self.0.push_str(&more.into().0);
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<I: IntoIterator<Item = Html>>(parts: I) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }
}

/// A script of this program in fewer letters: without indentation, without lines that are comments, without spaces around some signs. It holds no text
/// of several lines, no quotation mark within a text of its kind, and no comment behind other words.
pub(crate) fn minified(script: &str) -> String {
    assert!(!script.contains('`') && !script.contains("\\'"), "where a text ends would be mistaken");
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    // Behind a brace that closes, the end of a line may be the end of a statement.
    let script = joined(lines, &['{', ';', ',', '(']);
    // Every second part is a text.
    let parts = script
        .split('\'')
        .enumerate()
        .map(|(i, part)| if i % 2 == 0 { tight(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("'")
}

/// Without the spaces that nothing hangs on.
fn tight(code: &str) -> String {
    let signs = [" => ", " = ", " === ", " !== ", " && ", " || ", " ? ", " : ", ", "];
    signs.iter().fold(code.to_owned(), |code, sign| code.replace(sign, sign.trim()))
}

/// Lines, parted only behind those that do not end with one of `ends`.
pub(crate) fn joined<'a>(lines: impl Iterator<Item = &'a str>, ends: &[char]) -> String {
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() && !text.ends_with(ends) {
            text.push('\n');
        }
        text.push_str(line);
    }
    text
}

/// A hash source of a content security policy.
pub(crate) fn source_of(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// Elements without content.
const VOID: [&str; 5] = ["meta", "br", "hr", "input", "link"];

/// An element that is being made.
#[derive(Clone, Debug)]
#[must_use]
pub struct Element {
    name: &'static str,
    attributes: String,
    content: String,
}

/// Begins an element.
pub fn element(name: &'static str) -> Element {
    Element { name, attributes: String::new(), content: String::new() }
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An element of this page, by its id.
    Here(String),
    /// An address that begins with `https://` or `http://`; see [`Target::web`].
    Web(WebAddress),
}

/// An address of the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

impl Target {
    /// A place on the web; none for any other address, such as one that runs a script.
    pub fn web(address: &str) -> Option<Self> {
        let lower = address.trim().to_ascii_lowercase();
        let is_web = ["https://", "http://"].iter().any(|scheme| lower.starts_with(scheme));
        is_web.then(|| Self::Web(WebAddress(address.trim().to_owned())))
    }

    /// The address.
    pub fn address(&self) -> String {
        match self {
            Self::Here(id) => format!("#{id}"),
            Self::Web(WebAddress(address)) => address.clone(),
        }
    }
}

/// Begins a link.
pub fn link(target: &Target) -> Element {
    let link = element("a").attribute("href", &target.address());
    match target {
        Target::Here(_) => link,
        Target::Web(_) => link.attribute("rel", "noopener noreferrer nofollow"),
    }
}

/// Begins a link that saves a text as a file.
pub fn download(file_name: &str, media_type: &'static str, content: &str) -> Element {
    let data = format!("data:{media_type};charset=utf-8;base64,{}", STANDARD.encode(content));
    element("a").attribute("href", &data).attribute("download", file_name)
}

/// Begins a link that saves a ZIP file.
pub fn download_archive(file_name: &str, content: &[u8]) -> Element {
    let data = format!("data:application/gzip;base64,{}", STANDARD.encode(content));
    element("a").attribute("href", &data).attribute("download", file_name)
}

/// An id of letters, digits, `-`, `_` and `.` from parts such as names in a model; different parts give different ids.
pub fn id_of(parts: &[&str]) -> String {
    let mut id = String::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            id.push('-');
        }
        for letter in part.chars() {
            match letter {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => id.push(letter),
                other => id.push_str(&format!(".{:x}.", other as u32)),
            }
        }
    }
    id
}

impl Element {
    /// An attribute; its name is known to this program, so no handler of events can be made of a text.
    pub fn attribute(mut self, name: &'static str, value: &str) -> Self {
        debug_assert!(
            !name.starts_with("on") && name != "style" && name != "srcdoc",
            "not under the policy of a page"
        );
        self.attributes.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        self
    }

    /// An attribute without a value.
    pub fn flag(mut self, name: &'static str) -> Self {
        self.attributes.push_str(&format!(" {name}"));
        self
    }

    /// Its id.
    pub fn id(self, id: &str) -> Self {
        self.attribute("id", id)
    }

    /// Its class.
    pub fn class(self, name: &'static str) -> Self {
        if name.is_empty() { self } else { self.attribute("class", name) }
    }

    /// Lets the first strong letter of the content say which way it is read.
    pub fn either_way(self) -> Self {
        self.attribute("dir", "auto")
    }

    /// Text in it.
    pub fn text(mut self, text: &str) -> Self {
        self.content.push_str(&escaped(text));
        self
    }

    /// Text in it whose lines stay as they are.
    pub fn lines(mut self, text: &str) -> Self {
        for (place, line) in text.lines().enumerate() {
            if place > 0 {
                self.content.push('\n');
            }
            self.content.push_str(&escaped(line));
        }
        self
    }

    /// Something in it.
    pub fn child(mut self, child: impl Into<Html>) -> Self {
        self.content.push_str(&child.into().0);
        self
    }

    /// Several things in it.
    pub fn children<C: Into<Html>>(mut self, children: impl IntoIterator<Item = C>) -> Self {
        for child in children {
            self.content.push_str(&child.into().0);
        }
        self
    }
}

impl From<Element> for Html {
    fn from(Element { name, attributes, content }: Element) -> Self {
        if VOID.contains(&name) {
            return Self(format!("<{name}{attributes}>"));
        }
        Self(format!("<{name}{attributes}>{content}</{name}>"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_values_cannot_leave_their_place() {
        let made: Html =
            element("p").attribute("title", "\"><script>").text("</p><img src=x onerror=alert(1)>").into();
        assert_eq!(
            made.as_str(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt;</p>"
        );
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        for refused in
            ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "//host", "file:///etc", ""]
        {
            assert_eq!(Target::web(refused), None, "{refused}");
        }
        let target = Target::web("https://example.org/?a=\"><b>").expect("an address");
        let made: Html = link(&target).text("x").into();
        assert!(made.as_str().contains("href=\"https://example.org/?a=&quot;&gt;&lt;b&gt;\""));
    }

    #[test]
    fn bytes_cannot_end_their_element() {
        let made = Html::bytes("b", b"</script><!-- \xff");
        let open = "<script type=\"application/octet-stream\" id=\"b\" data-bytes=\"15\">";
        let inner = made.as_str().strip_prefix(open).expect("an element");
        let inner = inner.strip_suffix("</script>").expect("its end");
        assert!(inner.len() >= 18 && !inner.contains('<'));
    }

    #[test]
    fn ids_are_plain_and_stay_apart() {
        assert_eq!(id_of(&["q", "campaign_half_year", "fan"]), "q-campaign_half_year-fan");
        let ids = ["a b", "a-b", "a_b", "a.b", "\u{44f}", "\" onload"].map(|name| id_of(&["q", name]));
        for (place, id) in ids.iter().enumerate() {
            assert!(
                id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter)),
                "{id}"
            );
            assert!(!ids[..place].contains(id), "{id}");
        }
    }

    #[test]
    fn a_file_is_saved_as_it_is() {
        let made: Html = download("a\".ctg", "text/plain", "<b>").text("a").into();
        assert_eq!(
            made.as_str(),
            "<a href=\"data:text/plain;charset=utf-8;base64,PGI+\" download=\"a&quot;.ctg\">a</a>"
        );
    }
}
