//! Web pages: the article on them, without what stands around it.
//!
//! Enters: the bytes of the page. Leaves: a [`Document`]. Always holds: scripts, styles and what the page hides are not in
//! the text; where no article can be told from the rest, all that the page shows is; the tree is bounded in depth and size.
//!
//! The article is the element whose paragraphs are longest and have fewest links, as in Readability (Arc90 2009), whose rules
//! of thumb these are.

use std::collections::BTreeMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Spanned, Token, Tokenizer};

use super::{Assembly, Document, Format, Metadata, ReadError, collapse, decode};
use crate::text::BlockKind;

/// Most elements of a page.
const MAX_ELEMENTS: usize = 2_000_000;
/// Elements that are nested deeper are taken as children of the last that is not.
const MAX_DEPTH: usize = 256;
/// Elements that may be open at a time.
const MAX_OPEN: usize = 512;
/// A paragraph is at least so many characters long to speak for its element.
const TELLING: usize = 40;
/// A page of which less than this part stands in the best element has no one article.
const LEAST_SHARE: f64 = 0.3;

#[derive(Default)]
struct Element {
    name: String,
    /// Class and identity, in small letters.
    marks: String,
    is_hidden: bool,
    is_main: bool,
    parent: usize,
    depth: usize,
    children: Vec<Child>,
}

enum Child {
    Element(usize),
    Words(String),
}

struct Page {
    elements: Vec<Element>,
    metadata: Metadata,
}

pub(super) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let decoded = decode(bytes, declared(bytes).as_deref());
    let page = Page::parse(&decoded.text)?;
    let mut assembly = Assembly::default();
    let article = page.article();
    if let Some(heading) = page.heading_outside(article) {
        assembly.push(BlockKind::Heading, &heading);
    }
    page.blocks(article, &mut assembly);
    Ok(Document {
        text: assembly.finish(),
        format: Format::Html,
        encoding: decoded.encoding,
        n_replaced: decoded.n_replaced,
        metadata: page.metadata,
        notes: Vec::new(),
    })
}

/// The encoding that the first bytes of a page declare.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    for mark in ["charset=", "encoding="] {
        if let Some(at) = start.find(mark) {
            let rest = start[at + mark.len()..].trim_start_matches(['"', '\'', ' ']);
            let label: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
            if !label.is_empty() {
                return Some(label);
            }
        }
    }
    None
}

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements that begin a new block.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements that a reader does not read.
const UNREAD: &[&str] = &[
    "audio", "button", "canvas", "datalist", "dialog", "embed", "footer", "form", "head", "iframe", "input",
    "map", "menu", "nav", "noscript", "object", "option", "script", "select", "style", "svg", "template",
    "textarea", "title", "video",
];
/// Words in classes and identities of what stands around an article.
const AROUND: &[&str] = &[
    "advert",
    "breadcrumb",
    "comment",
    "cookie",
    "disqus",
    "footer",
    "menu",
    "newsletter",
    "pagination",
    "popup",
    "promo",
    "recommend",
    "related",
    "share",
    "sidebar",
    "signup",
    "skip",
    "social",
    "sponsor",
    "subscribe",
    "taglist",
    "toolbar",
    "trending",
    "widget",
];
/// Words in classes and identities of articles, which outweigh those.
const ARTICLE: &[&str] = &["article", "body", "content", "entry", "main", "post", "story", "text"];

impl Page {
    fn parse(text: &str) -> Result<Self, ReadError> {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut page = Self { elements: vec![Element::default()], metadata: Metadata::default() };
        let mut open: Vec<usize> = vec![0];
        let mut title: Option<String> = None;
        for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let value = |key: &[u8]| attribute(&tag.attributes, key);
                    match name.as_str() {
                        "meta" => page.meta(
                            value(b"property").or(value(b"name")).as_deref(),
                            value(b"content").as_deref(),
                        ),
                        "link" if value(b"rel").as_deref() == Some("canonical") => {
                            page.metadata.url = value(b"href");
                        }
                        "time" if page.metadata.date.is_none() => {
                            page.metadata.date = value(b"datetime").and_then(|text| date(&text));
                        }
                        _ => {}
                    }
                    close_implied(&page.elements, &mut open, &name);
                    let is_open = !tag.self_closing && !VOID.contains(&name.as_str());
                    let parent = *open.last().unwrap_or(&0);
                    let parent = if page.elements[parent].depth < MAX_DEPTH {
                        parent
                    } else {
                        page.elements[parent].parent
                    };
                    if page.elements.len() >= MAX_ELEMENTS {
                        return Err(ReadError::TooMany { what: "elements", most: MAX_ELEMENTS });
                    }
                    let index = page.elements.len();
                    let style = value(b"style").unwrap_or_default().to_lowercase().replace(' ', "");
                    let marks = [value(b"class"), value(b"id"), value(b"itemprop")];
                    let marks = marks.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
                    page.elements.push(Element {
                        is_hidden: tag.attributes.contains_key(&b"hidden"[..])
                            || value(b"aria-hidden").as_deref() == Some("true")
                            || style.contains("display:none"),
                        is_main: name == "main"
                            || name == "article"
                            || value(b"role").as_deref() == Some("main")
                            || marks.split(' ').any(|mark| mark == "articlebody"),
                        depth: page.elements[parent].depth + 1,
                        name,
                        marks,
                        parent,
                        children: Vec::new(),
                    });
                    page.elements[parent].children.push(Child::Element(index));
                    if is_open && open.len() < MAX_OPEN {
                        open.push(index);
                    }
                }
                Token::EndTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name);
                    if let Some(place) = open.iter().rposition(|&index| page.elements[index].name == name) {
                        open.truncate(place.max(1));
                    }
                }
                Token::String(words) => {
                    let words = String::from_utf8_lossy(&words).into_owned();
                    let parent = *open.last().unwrap_or(&0);
                    if page.elements[parent].name == "title" && title.is_none() {
                        title = Some(collapse(&words));
                    }
                    page.elements[parent].children.push(Child::Words(words));
                }
                _ => {}
            }
        }
        page.metadata.title = page.metadata.title.take().or(title).filter(|title| !title.is_empty());
        Ok(page)
    }

    fn meta(&mut self, key: Option<&str>, content: Option<&str>) {
        let (Some(key), Some(content)) = (key, content) else { return };
        let content = collapse(content);
        if content.is_empty() {
            return;
        }
        match key.to_ascii_lowercase().as_str() {
            "og:title" => self.metadata.title = Some(content),
            "og:site_name" => self.metadata.publisher = Some(content),
            "og:url" => self.metadata.url = Some(content),
            "article:published_time" | "date" | "dc.date" | "datepublished" | "pubdate" => {
                self.metadata.date = date(&content).or(self.metadata.date.take());
            }
            _ => {}
        }
    }

    fn is_unread(&self, index: usize) -> bool {
        let element = &self.elements[index];
        if element.is_hidden || UNREAD.contains(&element.name.as_str()) {
            return true;
        }
        // References to notes are no words of the sentence.
        if element.name == "sup" && element.marks.contains("reference") {
            return true;
        }
        if matches!(element.name.as_str(), "html" | "body" | "article" | "main") || element.marks.is_empty() {
            return element.name == "aside";
        }
        let has = |words: &[&str]| words.iter().any(|word| element.marks.contains(word));
        element.name == "aside" || (has(AROUND) && !has(ARTICLE))
    }

    /// The element that holds the article.
    fn article(&self) -> usize {
        let n = self.elements.len();
        let mut scores = vec![0.0_f64; n];
        // Characters of telling paragraphs in each element and below.
        let mut masses = vec![0.0_f64; n];
        let mut total = 0.0;
        let mut pending = vec![0];
        while let Some(index) = pending.pop() {
            if index != 0 && self.is_unread(index) {
                continue;
            }
            let element = &self.elements[index];
            let mut own = String::new();
            for child in &element.children {
                match child {
                    Child::Words(words) => own.push_str(words),
                    Child::Element(child) if BLOCK.contains(&self.elements[*child].name.as_str()) => {
                        pending.push(*child);
                    }
                    Child::Element(child) => {
                        let (words, _) = self.words(*child);
                        own.push_str(&words);
                        own.push(' ');
                    }
                }
            }
            let own = collapse(&own);
            let length = own.chars().count();
            if length < TELLING
                || matches!(element.name.as_str(), "h1" | "h2" | "h3" | "li") && length < 3 * TELLING
            {
                continue;
            }
            let (all, linked) = self.words(index);
            let links = linked as f64 / all.chars().count().max(1) as f64;
            let mass = length as f64 * (1.0 - links.min(1.0));
            total += mass;
            let commas = own.matches([',', '،', '，']).count() as f64;
            let score = (1.0 + commas + (length as f64 / 100.0).min(3.0)) * (1.0 - links.min(1.0));
            // A paragraph speaks for what holds it, and less for what holds that.
            let is_container =
                matches!(element.name.as_str(), "div" | "td" | "section" | "article" | "main" | "body");
            let (mut at, mut weight) = (if is_container { index } else { element.parent }, 1.0);
            for _ in 0..4 {
                scores[at] += score * weight;
                weight /= 2.0;
                if at == 0 {
                    break;
                }
                at = self.elements[at].parent;
            }
            let mut at = index;
            loop {
                masses[at] += mass;
                if at == 0 {
                    break;
                }
                at = self.elements[at].parent;
            }
        }
        if total == 0.0 {
            return 0;
        }
        // What the page itself marks as its article is believed when most of the text stands in it.
        let marked = (1..n)
            .filter(|&index| self.elements[index].is_main && masses[index] >= 0.5 * total)
            .max_by_key(|&index| self.elements[index].depth);
        if let Some(marked) = marked {
            return marked;
        }
        let best = (0..n).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
        // Paragraphs of one article may stand in several elements side by side.
        let mut at = best;
        while at != 0 && masses[at] < 0.6 * masses[self.elements[at].parent] {
            at = self.elements[at].parent;
        }
        if masses[at] < LEAST_SHARE * total { 0 } else { at }
    }

    /// The words of an element and below, and how many of their characters stand in links.
    fn words(&self, index: usize) -> (String, usize) {
        let (mut words, mut n_linked) = (String::new(), 0);
        self.add_words(index, false, &mut words, &mut n_linked);
        (words, n_linked)
    }

    fn add_words(&self, index: usize, in_link: bool, words: &mut String, n_linked: &mut usize) {
        if self.is_unread(index) {
            return;
        }
        let in_link = in_link || self.elements[index].name == "a";
        if self.elements[index].name == "br" {
            words.push('\n');
        }
        for child in &self.elements[index].children {
            match child {
                Child::Words(text) => {
                    if in_link {
                        *n_linked += text.chars().count();
                    }
                    words.push_str(text);
                }
                Child::Element(child) => self.add_words(*child, in_link, words, n_linked),
            }
        }
    }

    /// The first heading of the page, when it stands outside the article and belongs to it.
    fn heading_outside(&self, article: usize) -> Option<String> {
        if article == 0 {
            return None;
        }
        let is_inside = |mut at: usize| {
            while at != 0 && at != article {
                at = self.elements[at].parent;
            }
            at == article
        };
        let headings: Vec<usize> =
            (1..self.elements.len()).filter(|&i| self.elements[i].name == "h1").collect();
        if headings.iter().any(|&heading| is_inside(heading)) {
            return None;
        }
        let heading = headings.into_iter().find(|&heading| !self.is_unread(heading))?;
        Some(collapse(&self.words(heading).0))
    }

    /// Adds the blocks of an element and below.
    fn blocks(&self, index: usize, assembly: &mut Assembly) {
        let mut words = String::new();
        self.add_blocks(index, BlockKind::Paragraph, &mut words, assembly);
        flush(&mut words, BlockKind::Paragraph, assembly);
    }

    fn add_blocks(&self, index: usize, kind: BlockKind, words: &mut String, assembly: &mut Assembly) {
        let element = &self.elements[index];
        if element.name == "br" {
            words.push('\n');
        }
        for child in &element.children {
            match child {
                // An end of line in the source is a space; only `br` is one on the page.
                Child::Words(text) if element.name == "pre" => words.push_str(text),
                Child::Words(text) => {
                    words.extend(text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }));
                }
                Child::Element(child) if self.is_unread(*child) || self.is_list_of_links(*child) => {}
                Child::Element(child) => {
                    let name = self.elements[*child].name.as_str();
                    if BLOCK.contains(&name) {
                        flush(words, kind, assembly);
                        let inner = kind_of(name).unwrap_or(kind);
                        self.add_blocks(*child, inner, words, assembly);
                        flush(words, inner, assembly);
                    } else {
                        self.add_blocks(*child, kind, words, assembly);
                    }
                }
            }
        }
    }

    /// Lists and tables that only lead elsewhere.
    fn is_list_of_links(&self, index: usize) -> bool {
        if !matches!(self.elements[index].name.as_str(), "ul" | "ol" | "div" | "section" | "table") {
            return false;
        }
        let (words, n_linked) = self.words(index);
        let length = collapse(&words).chars().count();
        length > 0 && n_linked as f64 > 0.6 * length as f64 && !words.contains(['“', '"'])
    }
}

fn attribute(attributes: &BTreeMap<HtmlString, Spanned<HtmlString, ()>>, key: &[u8]) -> Option<String> {
    attributes.get(key).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// Closes what a start tag ends without saying so (HTML Living Standard, 13.1.2.4).
fn close_implied(elements: &[Element], open: &mut Vec<usize>, name: &str) {
    let ended: &[&str] = match name {
        "li" => &["li"],
        "dd" | "dt" => &["dd", "dt"],
        "td" | "th" => &["td", "th"],
        "tr" => &["tr", "td", "th"],
        "option" => &["option"],
        "body" => &["head"],
        _ if BLOCK.contains(&name) => &["p"],
        _ => return,
    };
    // Not beyond the list, table or part that the new element stands in.
    let around = ["ul", "ol", "dl", "table", "div", "section", "article", "blockquote", "body"];
    let mut keep = open.len();
    for (place, &index) in open.iter().enumerate().skip(1).rev() {
        let name = elements[index].name.as_str();
        if ended.contains(&name) {
            keep = place;
        } else if around.contains(&name) {
            break;
        }
    }
    open.truncate(keep);
}

fn kind_of(name: &str) -> Option<BlockKind> {
    Some(match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Heading,
        "figcaption" | "caption" => BlockKind::Caption,
        "blockquote" => BlockKind::Quotation,
        "li" | "td" | "th" | "dd" | "dt" => BlockKind::Item,
        _ => return None,
    })
}

/// Adds what was read as a block; two line ends in a row begin a new one.
fn flush(words: &mut String, kind: BlockKind, assembly: &mut Assembly) {
    if words.trim().is_empty() {
        words.clear();
        return;
    }
    let mut lines: Vec<String> = Vec::new();
    for line in words.lines().map(collapse) {
        if line.is_empty() {
            assembly.push(kind, &lines.join("\n"));
            lines.clear();
        } else {
            lines.push(line);
        }
    }
    assembly.push(kind, &lines.join("\n"));
    words.clear();
}

/// The date at the beginning of a text such as `2021-08-31T10:00:00Z`.
fn date(text: &str) -> Option<String> {
    let date = text.trim().get(..10)?;
    let is_date = date.bytes().enumerate().all(|(i, byte)| match i {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then(|| date.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html><head><title>Siege | The Lamp</title><meta charset=utf-8>
        <meta property='og:title' content='The siege &amp; the road'><meta property='og:site_name' content='The Lamp'>
        <meta property='article:published_time' content='2021-03-04T10:00:00Z'>
        <script>var x = '<p>not this</p>'</script></head><body>
        <nav><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav>
        <div class=share-bar><p>Share this story, send it on, and tell everybody whom you know about it today</div>
        <h1>The siege &amp; the road</h1>
        <div id=col><div class='story-body'>
        <p>The council met on Tuesday, and nobody, said the <a href=/e>envoy</a>, expects a <b>long</b> siege.
        <p>&ldquo;We do not want one,&rdquo; he said<sup class=reference>[1]</sup>, before he left the town&nbsp;again.
        <figure><img src=x><figcaption>The old market, in the first snow</figcaption></figure>
        <blockquote>Prices would double before the first snow, unless the road was opened again.</blockquote>
        <p style='display: none'>Hidden words that nobody sees, however long they go on, and on.</p>
        <ul><li>One thing, said at some length<li>Another</ul>
        First line<br>second line<br><br>New paragraph
        </div></div>
        <div class='related-stories'><p>Another story, about something else, that should not be here at all.</p></div>
        <footer><p>Copyright, terms, and a long line about the terms under which this is shown to you.</p></footer>
        </body></html>";

    #[test]
    fn the_article_is_told_from_what_stands_around_it() {
        let document = read(PAGE.as_bytes()).unwrap();
        let text = document.text.as_str();
        let shown: Vec<(BlockKind, &str)> =
            document.text.blocks().iter().map(|block| (block.kind, &text[block.span.clone()])).collect();
        assert_eq!(
            shown,
            [
                (BlockKind::Heading, "The siege & the road"),
                (
                    BlockKind::Paragraph,
                    "The council met on Tuesday, and nobody, said the envoy, expects a long siege."
                ),
                (BlockKind::Paragraph, "“We do not want one,” he said, before he left the town again."),
                (BlockKind::Caption, "The old market, in the first snow"),
                (
                    BlockKind::Quotation,
                    "Prices would double before the first snow, unless the road was opened again."
                ),
                (BlockKind::Item, "One thing, said at some length"),
                (BlockKind::Item, "Another"),
                (BlockKind::Paragraph, "First line\nsecond line"),
                (BlockKind::Paragraph, "New paragraph"),
            ]
        );
        assert_eq!(document.metadata.title.as_deref(), Some("The siege & the road"));
        assert_eq!(document.metadata.publisher.as_deref(), Some("The Lamp"));
        assert_eq!(document.metadata.date.as_deref(), Some("2021-03-04"));
    }

    #[test]
    fn a_page_without_an_article_is_read_whole() {
        let document = read(b"<p>Short.<p>Shorter.").unwrap();
        assert_eq!(document.text.as_str(), "Short.\n\nShorter.\n");
    }

    #[test]
    fn what_is_nested_without_end_is_read_in_the_end() {
        let page = format!("{}words in the middle{}", "<div>".repeat(200_000), "</b>".repeat(200_000));
        assert!(read(page.as_bytes()).unwrap().text.as_str().contains("words in the middle"));
    }
}
