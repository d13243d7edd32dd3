//! Office Open XML documents: the paragraphs of the main part and of the notes (ECMA-376, part 1, clause 17).
//!
//! Enters: the bytes of the file. Leaves: a [`Document`]. Always holds: what a reader of the document does not see (deleted
//! words, codes of fields, the fallback of a drawing) is not in the text.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::zip::Archive;
use super::{Assembly, Document, Format, Metadata, ReadError, collapse, decode};
use crate::text::BlockKind;

pub(super) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let archive = Archive::open(bytes)?;
    let Some(main) = archive.member("word/document.xml")? else {
        return Err(ReadError::Broken {
            format: Format::Docx,
            reason: "it has no `word/document.xml`; it may be another kind of packed file",
        });
    };
    let mut assembly = Assembly::default();
    let mut is_sound = paragraphs(&main, &mut assembly);
    drop(main);
    for name in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(part) = archive.member(name)? {
            is_sound &= paragraphs(&part, &mut assembly);
        }
    }
    let mut notes = Vec::new();
    if !is_sound {
        notes.push("the document is damaged; what stands after the damage is missing".to_owned());
    }
    let title = archive.member("docProps/core.xml")?.and_then(|part| title(&part));
    let text = assembly.finish();
    let n_replaced = text.as_str().matches('\u{fffd}').count();
    Ok(Document {
        text,
        format: Format::Docx,
        encoding: "UTF-8",
        n_replaced,
        metadata: Metadata { title, ..Metadata::default() },
        notes,
    })
}

/// A paragraph as it is read.
#[derive(Default)]
struct Paragraph {
    words: String,
    style: String,
    is_item: bool,
}

/// Adds the paragraphs of a part. False when it is no sound XML to its end.
fn paragraphs(part: &[u8], assembly: &mut Assembly) -> bool {
    let decoded = decode(part, None).text;
    let mut reader = Reader::from_str(&decoded);
    // A paragraph may hold a text box with paragraphs of its own.
    let mut open: Vec<Paragraph> = Vec::new();
    let (mut in_text, mut n_cells, mut in_fallback) = (false, 0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "Fallback" => in_fallback += 1,
                _ if in_fallback > 0 => {}
                "p" if open.len() < 64 => open.push(Paragraph::default()),
                "t" => in_text = true,
                "tc" => n_cells += 1,
                name => property(name, &element, &mut open),
            },
            Ok(Event::Empty(element)) if in_fallback == 0 => {
                match (element.local_name().as_ref(), open.last_mut()) {
                    ("ta", Some(paragraph)) => paragraph.words.push('\t'),
                    ("br" | "cr", Some(paragraph)) => paragraph.words.push('\n'),
                    ("noBreakHyphen", Some(paragraph)) => paragraph.words.push('-'),
                    (name, _) => property(name, &element, &mut open),
                }
            }
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "Fallback" => in_fallback = in_fallback.saturating_sub(1),
                _ if in_fallback > 0 => {}
                "t" => in_text = false,
                "tc" => n_cells = n_cells.saturating_sub(1),
                "p" => {
                    if let Some(paragraph) = open.pop() {
                        assembly.push(paragraph.kind(n_cells > 0), &lines(&paragraph.words));
                    }
                }
                _ => {}
            },
            Ok(Event::Text(text)) if in_text && in_fallback == 0 => {
                if let Some(paragraph) = open.last_mut() {
                    paragraph.words.push_str(&text.xml10_content());
                }
            }
            Ok(Event::GeneralRef(reference)) if in_text && in_fallback == 0 => {
                if let Some(paragraph) = open.last_mut() {
                    paragraph.words.push(character(&reference));
                }
            }
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => {
                for paragraph in open {
                    assembly.push(paragraph.kind(false), &lines(&paragraph.words));
                }
                return false;
            }
        }
    }
}

/// Notes what a property says of the innermost paragraph.
fn property(name: &str, element: &BytesStart<'_>, open: &mut [Paragraph]) {
    let Some(paragraph) = open.last_mut() else { return };
    match name {
        "pStyle" => {
            let value =
                element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "val");
            if let Some(value) = value {
                paragraph.style = value.value.to_lowercase();
            }
        }
        "numPr" => paragraph.is_item = true,
        _ => {}
    }
}

impl Paragraph {
    fn kind(&self, in_cell: bool) -> BlockKind {
        let is_of = |words: &[&str]| words.iter().any(|word| self.style.contains(word));
        if is_of(&["heading", "title"]) {
            BlockKind::Heading
        } else if is_of(&["caption"]) {
            BlockKind::Caption
        } else if is_of(&["quote"]) {
            BlockKind::Quotation
        } else if self.is_item || in_cell || is_of(&["list"]) {
            BlockKind::Item
        } else {
            BlockKind::Paragraph
        }
    }
}

/// The lines of a paragraph, each with single spaces.
fn lines(words: &str) -> String {
    words.lines().map(collapse).collect::<Vec<_>>().join("\n")
}

/// What a reference such as `&amp;` or `&#8217;` stands for.
fn character(reference: &BytesRef<'_>) -> char {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character;
    }
    match reference.as_ref() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => '\u{fffd}',
    }
}

/// The title that the document gives itself.
fn title(part: &[u8]) -> Option<String> {
    let decoded = decode(part, None).text;
    let mut reader = Reader::from_str(&decoded);
    let mut title: Option<String> = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) if element.local_name().as_ref() == "title" => {
                title = Some(String::new());
            }
            Ok(Event::Text(text)) => {
                if let Some(title) = &mut title {
                    title.push_str(&text.xml10_content());
                }
            }
            Ok(Event::GeneralRef(reference)) => {
                if let Some(title) = &mut title {
                    title.push(character(&reference));
                }
            }
            Ok(Event::End(element)) if element.local_name().as_ref() == "title" => {
                return title.map(|title| collapse(&title)).filter(|title| !title.is_empty());
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
